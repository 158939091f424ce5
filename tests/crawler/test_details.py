"""The own pages of posts: what each attempt says, each lane's budget, and servers that want us to slow down."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime

import pytest

from crawler.crawl import Crawl
from crawler.details import PageTarget
from crawler.run import read_pages
from monitor.visits import Lane, Outcome, PageVisit
from tests.crawler.badserver import Route, bad_server, raw, redirect, reply, settings
from tests.crawler.slowreaders import article
from tests.crawler.test_run import NOW, Office


@dataclass
class Pages(Office):
    """What receives the attempts."""

    pages: list[PageVisit] = field(default_factory=list)

    async def on_page(self, page: PageVisit) -> None:
        self.pages.append(page)


def read(
    *routes: Route, lane: Lane | None = None, fail: bool = False, **changes: object
) -> tuple[list[PageVisit], list[str], Pages]:
    """Read the pages /0, /1, … of one lane."""

    async def main() -> tuple[list[PageVisit], list[str], Pages]:
        office = Pages()
        async with bad_server() as server:
            server.routes |= {f"/{number}": route for number, route in enumerate(routes)}
            server.routes["/elsewhere"] = reply(200, b"moved")
            targets = [
                PageTarget(account_id="A1", key=f"k{number}", url=server.url(f"/{number}"))
                for number in range(len(routes))
            ]
            if fail:
                targets[0] = PageTarget(account_id="A1", key="k0", url="http://[")
            lanes = {} if lane is None else {"site": lane}
            await read_pages(
                {"site": targets},
                lanes,
                settings(**({"obey_robots": False} | changes)),
                office.on_page,
                office.on_pause,
                clock=office.clock,
                sleep=office.sleep,
                reader=article,
            )
            return office.pages, [each.path for each in server.requests], office

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("route", "outcome", "why"),
    [
        pytest.param(reply(200, b"title"), Outcome.NEW, "", id="read"),
        pytest.param(redirect("/elsewhere"), Outcome.NEW, "", id="read where it has moved to"),
        pytest.param(reply(404), Outcome.GONE, "404", id="not found"),
        pytest.param(reply(200, b"GONE"), Outcome.GONE, "如正文所说", id="a page that says it is gone"),
        pytest.param(reply(403), Outcome.BLOCKED, "403", id="refused"),
        pytest.param(reply(200, b"BLOCKED"), Outcome.BLOCKED, "如正文所说", id="captcha"),
        pytest.param(reply(200, b"NOT_A_FEED"), Outcome.NOT_A_FEED, "如正文所说", id="no article"),
        pytest.param(reply(200, b"raise"), Outcome.NOT_A_FEED, "解析程序出错", id="reader's fault"),
        pytest.param(
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ntitle"), Outcome.PARTIAL, "不完整", id="cut off"
        ),
        pytest.param(raw(b""), Outcome.REFUSED, "连接中断", id="no answer"),
    ],
)
def test_each_attempt_says_what_came_of_it(route: Route, outcome: Outcome, why: str) -> None:
    (page,), _, _ = read(route)
    assert (page.account_id, page.key, page.lane, page.started_at) == ("A1", "k0", "site", NOW)
    assert page.outcome is outcome
    assert why in page.reason
    assert (page.article is not None) == (outcome is Outcome.NEW)
    if page.article is not None:
        assert page.article.title in {"title Asia/Shanghai", "moved Asia/Shanghai"}
        assert page.body_hash


def test_answers_are_kept_as_evidence() -> None:
    (page,), _, _ = read(reply(200, b"title"))
    (exchange,) = page.exchanges
    assert (exchange.status, exchange.body) == (200, b"title")
    (gone,), _, _ = read(reply(404, b"no such page"))
    assert [(each.status, each.body) for each in gone.exchanges] == [(404, b"no such page")]


def test_lane_asks_for_no_more_than_its_budget_and_keeps_its_delay() -> None:
    pages, asked, office = read(*[reply(200, b"title")] * 5, details_per_lane=3, delay=timedelta(seconds=50))
    assert (len(pages), asked) == (3, ["/0", "/1", "/2"])
    assert all(0 < slept <= 50 for slept in office.slept)  # less what a page's reading took
    assert len(office.slept) == 2


def test_lane_that_is_told_to_wait_leaves_the_rest_and_says_so() -> None:
    pages, asked, office = read(reply(429, Retry_After="7200"), reply(200, b"title"))
    assert ([each.outcome for each in pages], asked) == ([Outcome.RATE_LIMITED], ["/0"])
    assert [each.paused_until for each in office.pauses] == [NOW + timedelta(hours=2)]


def test_lane_that_is_paused_is_left_alone() -> None:
    lane = Lane(name="site", delay=timedelta(0), paused_until=NOW + timedelta(hours=1))
    pages, asked, _ = read(reply(200, b"title"), lane=lane)
    assert (pages, asked) == ([], [])


def test_address_that_is_none_is_an_attempt_and_ends_nothing() -> None:
    pages, _, _ = read(reply(200, b"title"), reply(200, b"title"), fail=True)
    assert [each.outcome for each in pages] == [Outcome.DNS, Outcome.NEW]


def test_page_that_was_read_by_a_clock_in_doubt_is_left_for_another_time() -> None:
    day = timedelta(days=1)

    async def main() -> tuple[list[str], Pages]:
        office = Pages(now=NOW - day)
        date = format_datetime(NOW, usegmt=True)
        async with bad_server("127.0.0.2") as server:
            server.routes |= {"/0": reply(200, b"title", Date=date), "/1": reply(404, Date=date)}
            targets = [PageTarget(account_id="A1", key=f"k{n}", url=server.url(f"/{n}")) for n in (0, 1, 0)]
            told = settings(obey_robots=False)
            async with Crawl(told, clock=office.clock, sleep=office.sleep, reader=article) as crawl:
                for ours in (-day, -day, timedelta(0)):
                    office.now = NOW + ours
                    lane = Lane(name="site", delay=timedelta(0))
                    count = await crawl.read_pages(lane, targets, on_page=office.on_page, on_pause=office.on_pause)
                    office.slept.append(count)
            return [each.path for each in server.requests], office

    asked, office = asyncio.run(main())
    assert office.slept == [1, 0, 3]  # the lane is not asked in vain again and again
    assert asked == ["/0", "/0", "/1", "/0"]
    assert [(each.started_at, each.outcome) for each in office.pages] == [
        (NOW, Outcome.NEW),
        (NOW, Outcome.GONE),
        (NOW, Outcome.NEW),
    ]


def test_page_of_a_silent_server_is_not_asked_for_while_other_servers_say_that_our_clock_is_wrong() -> None:
    async def main() -> tuple[list[str], int]:
        office = Pages()
        async with bad_server() as server:
            server.routes["/0"] = reply(200, b"title")
            target = PageTarget(account_id="A1", key="k0", url=server.url("/0"))
            async with Crawl(settings(), clock=office.clock, sleep=office.sleep, reader=article) as crawl:
                crawl.clock_check.heard("other", timedelta(days=2))
                lane = Lane(name="site", delay=timedelta(0))
                count = await crawl.read_pages(lane, [target], on_page=office.on_page, on_pause=office.on_pause)
            return [each.path for each in server.requests], count

    assert asyncio.run(main()) == ([], 0)
