import asyncio
import gzip
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from crawler.pool import ParsePool
from crawler.run import collect
from crawler.sources import Answer, read
from crawler.visiting import LaneAt, no_lane
from monitor.spans import Span
from monitor.visits import Lane, Memory, Outcome, Source, Visit
from tests.crawler.badserver import (
    BadServer,
    Request,
    Route,
    bad_server,
    bomb,
    conditional,
    raw,
    redirect,
    reply,
    rss,
    settings,
    turns,
)
from tests.crawler.slowreaders import by_body

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = rss(HOUR, 2 * DAY, 9 * DAY, at=NOW)
OLDEST = NOW - 9 * DAY
STEP = timedelta(microseconds=1)


@dataclass
class Office:
    """What receives the visits; its clock moves only when somebody sleeps."""

    now: datetime = NOW
    visits: list[Visit] = field(default_factory=list)
    pauses: list[Lane] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    async def on_visit(self, visit: Visit) -> None:
        self.visits.append(visit)

    async def on_pause(self, lane: Lane) -> None:
        self.pauses.append(lane)

    def of(self, source_id: int) -> Visit:
        (visit,) = (each for each in self.visits if each.source_id == source_id)
        return visit

    async def collect(
        self,
        sources: Sequence[Source],
        lanes: Mapping[str, Lane] | None = None,
        lane_of: Mapping[int, str] | None = None,
        reader: object = read,
        lane_at: LaneAt = no_lane,
        **changes: object,
    ) -> None:
        named = (
            {source.source_id: next(iter(lanes)) for source in sources} if lanes and lane_of is None else lane_of or {}
        )
        await collect(
            sources,
            lanes or {},
            named,
            settings(**changes),
            self.on_visit,
            self.on_pause,
            lane_at=lane_at,
            clock=self.clock,
            sleep=self.sleep,
            reader=reader,  # type: ignore[arg-type]
        )


def waited(office: Office, delays: list[float]) -> bool:
    """Whether the lane waited for these delays, less what it did meanwhile."""
    return all(delay - 14 < slept <= delay for slept, delay in zip(office.slept, delays, strict=True))


def source(server: BadServer, number: int, path: str, **changes: object) -> Source:
    values: dict[str, object] = {"source_id": number, "url": server.url(path), "account_id": f"A{number}", **changes}
    return Source(**values)  # type: ignore[arg-type]


def lane(server: BadServer, **changes: object) -> dict[str, Lane]:
    control = Source(source_id=900, url=server.url("/control"))
    values: dict[str, object] = {"name": "bridge", "delay": timedelta(0), "control": control, **changes}
    return {"bridge": Lane(**values)}  # type: ignore[arg-type]


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
ENTITY_BOMB = FEED.replace(b"<rss", f'<!DOCTYPE rss [<!ENTITY e0 "bomb">{ENTITIES}]><rss'.encode(), 1).replace(
    "信息0".encode(), b"&e9;"
)

BAD: dict[str, tuple[Route, Outcome]] = {
    "good": (reply(200, FEED), Outcome.NEW),
    "good-gzip": (reply(200, gzip.compress(FEED), Content_Encoding="gzip"), Outcome.NEW),
    "empty": (reply(200, b""), Outcome.EMPTY),
    "no-content": (reply(204), Outcome.EMPTY),
    "no-items": (reply(200, rss(at=NOW)), Outcome.EMPTY),
    "success-without-items": (
        reply(200, b'{"ret":0,"errmsg":"ok","msg_count":0}', kind="application/json"),
        Outcome.EMPTY,
    ),
    "cut": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + FEED, after=0.05), Outcome.PARTIAL),
    "gzip-cut": (reply(200, gzip.compress(FEED)[:-9], Content_Encoding="gzip"), Outcome.PARTIAL),
    "partial-content": (reply(206, FEED), Outcome.PARTIAL),
    "entity-bomb": (reply(200, ENTITY_BOMB), Outcome.PARTIAL),
    "xml-cut": (reply(200, FEED[:-80]), Outcome.PARTIAL),
    "page": (reply(200, b"<!doctype html><html><title>Welcome</title><body>hello</body></html>"), Outcome.NOT_A_FEED),
    "captcha": (
        reply(200, "<html><title>环境异常</title><body>完成验证后即可继续访问 去验证</body></html>".encode()),
        Outcome.BLOCKED,
    ),
    "binary": (reply(200, bytes(range(256)) * 40), Outcome.NOT_A_FEED),
    "50-mb": (raw(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(50 * 2**20)), Outcome.TOO_LARGE),
    "bomb": (reply(200, bomb(1024), Content_Encoding="gzip"), Outcome.TOO_LARGE),
    "gone": (reply(404), Outcome.GONE),
    "blocked": (reply(401), Outcome.BLOCKED),
    "error": (reply(500), Outcome.SERVER_ERROR),
    "teapot": (reply(400), Outcome.SERVER_ERROR),
    "lying-304": (reply(304), Outcome.SERVER_ERROR),
    "stalls": (raw(b"", close=False), Outcome.TIMEOUT),
    "stalls-midway": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss>", close=False), Outcome.TIMEOUT),
    "closes": (raw(b""), Outcome.REFUSED),
    "garbage": (raw(b"\x00\x01\x02\r\n\r\n"), Outcome.SERVER_ERROR),
    "circle": (redirect("/circle"), Outcome.SERVER_ERROR),
    "metadata": (redirect("http://169.254.169.254/latest"), Outcome.FORBIDDEN_ADDRESS),
    "file": (redirect("file:///etc/passwd"), Outcome.FORBIDDEN_ADDRESS),
}


def test_every_bad_source_has_exactly_one_visit_and_a_sentence() -> None:
    async def main() -> tuple[Office, list[str]]:
        office = Office()
        async with bad_server() as server:
            server.routes |= {f"/{name}": route for name, (route, _) in BAD.items()}
            sources = [source(server, number, f"/{name}") for number, name in enumerate(BAD)]
            odd = ["http://h:99999/", "没有协议", "http://a..b/", "http://10.0.0.1/", "http://127.0.0.1:1/"]
            sources += [Source(source_id=100 + number, url=url, account_id="B") for number, url in enumerate(odd)]
            hanging = [each for each in sources if "stalls" in each.url]
            await office.collect([each for each in sources if each not in hanging], obey_robots=False)
            await office.collect(hanging, timeout=timedelta(seconds=1), obey_robots=False)
        return office, odd

    office, odd = asyncio.run(main())
    assert len(office.visits) == len(BAD) + len(odd)
    found = {name: office.of(number).outcome for number, name in enumerate(BAD)}
    assert found == {name: outcome for name, (_, outcome) in BAD.items()}
    assert [office.of(100 + number).outcome for number in range(len(odd))] == [
        Outcome.DNS,
        Outcome.FORBIDDEN_ADDRESS,
        Outcome.DNS,
        Outcome.FORBIDDEN_ADDRESS,
        Outcome.REFUSED,
    ]
    for visit in office.visits:
        good = visit.outcome is Outcome.NEW
        assert visit.reason == "" if good else visit.reason.endswith("。")
        assert good or "采集地址" in visit.reason
        assert good == (visit.proof is not None)
        assert good == (visit.memory.full_at is not None)


def test_good_visit_in_full() -> None:
    async def main() -> tuple[Visit, str]:
        office = Office()
        async with bad_server() as server:
            server.routes["/feed"] = reply(200, FEED, ETag='"v1"')
            await office.collect([source(server, 1, "/feed")])
            return office.of(1), server.url("/feed")

    visit, url = asyncio.run(main())
    assert (visit.account_id, visit.lane, visit.url, visit.final_url) == ("A1", "127.0.0.1", url, url)
    assert (visit.outcome, visit.status, visit.etag, visit.item_count) == (Outcome.NEW, 200, '"v1"', 3)
    assert (visit.newest, visit.oldest, visit.reach) == (NOW - HOUR, OLDEST, OLDEST + STEP)
    assert visit.proof == Span(OLDEST + STEP, NOW)
    assert [item.title for item in visit.items] == ["信息0", "信息1", "信息2"]
    assert visit.memory == Memory(
        etag='"v1"',
        full_at=NOW,
        body_hash=visit.body_hash,
        reach=visit.reach,
        oldest=OLDEST,
        newest=visit.newest,
        item_count=3,
        read_as=visit.memory.read_as,
    )
    (exchange,) = visit.exchanges
    assert (exchange.url, exchange.at, exchange.status, exchange.body) == (url, NOW, 200, FEED)
    assert ("Etag", '"v1"') in exchange.headers


def sequence(route: Route, *steps: timedelta, first: Memory | None = None) -> tuple[list[Visit], list[bool], Office]:
    """Visit one source at several times after NOW, remembering as storage does; say which requests were conditional."""

    async def main() -> tuple[list[Visit], list[bool], Office]:
        office = Office()
        async with bad_server() as server:
            server.routes["/feed"] = route
            one = source(server, 1, "/feed", memory=first or Memory())
            for step in steps:
                office.now = NOW + step
                await office.collect([one], obey_robots=False)
                one = replace(one, memory=office.visits[-1].memory)
            return office.visits, ["if-none-match" in each.headers for each in server.asked("/feed")], office

    return asyncio.run(main())


def test_not_modified_proves_what_the_last_full_answer_proved_up_to_now() -> None:
    (full, later), conditional_sent, _ = sequence(conditional(FEED), timedelta(0), 6 * HOUR)
    assert conditional_sent == [False, True]
    assert later.outcome is Outcome.NOT_MODIFIED
    assert later.proof == Span(OLDEST + STEP, NOW + 6 * HOUR)
    assert (later.item_count, later.newest, later.items) == (3, full.newest, ())
    assert later.memory == full.memory  # the day runs from the full answer


def test_a_day_after_the_last_full_answer_the_request_is_unconditional_again() -> None:
    visits, conditional_sent, _ = sequence(conditional(FEED), timedelta(0), 23 * HOUR, 25 * HOUR, 48 * HOUR)
    assert conditional_sent == [False, True, False, True]
    assert [each.outcome for each in visits] == [
        Outcome.NEW,
        Outcome.NOT_MODIFIED,
        Outcome.SAME,
        Outcome.NOT_MODIFIED,
    ]
    assert visits[2].memory.full_at == NOW + 25 * HOUR


def test_unchanged_body_is_a_full_answer_and_is_not_parsed() -> None:
    async def main() -> Office:
        office = Office()
        async with bad_server() as server:
            server.routes["/feed"] = reply(200, b"raise")
            digest = hashlib.sha256(b"raise").hexdigest()
            memory = Memory(full_at=NOW - 2 * DAY, body_hash=digest, reach=OLDEST, newest=OLDEST + DAY, item_count=7)
            same = source(server, 1, "/feed", memory=memory)
            clock_bound = source(server, 2, "/feed", memory=replace(memory, clock_bound=True))
            await office.collect([same, clock_bound], reader=by_body)
        return office

    office = asyncio.run(main())
    visit = office.of(1)
    assert visit.outcome is Outcome.SAME
    assert visit.proof == Span(OLDEST, NOW)
    assert (visit.item_count, visit.newest) == (7, OLDEST + DAY)
    assert visit.memory.full_at == NOW
    assert office.of(2).outcome is Outcome.NOT_A_FEED  # its dates must be read anew: the reader was asked, and raised


def test_changed_body_under_an_unchanged_etag_is_new() -> None:
    newer = rss(timedelta(minutes=5), HOUR, at=NOW)
    visits, _, _ = sequence(turns(reply(200, FEED, ETag='"v"'), reply(200, newer, ETag='"v"')), timedelta(0), HOUR)
    assert [each.outcome for each in visits] == [Outcome.NEW, Outcome.NEW]
    assert visits[1].item_count == 2


@pytest.mark.parametrize(
    ("bad", "outcome"),
    [
        pytest.param(reply(200, b"", ETag='"v1"'), Outcome.EMPTY, id="empty"),
        pytest.param(reply(200, FEED[:-80], ETag='"v2"'), Outcome.PARTIAL, id="partial"),
        pytest.param(reply(200, b"<html></html>", ETag='"v3"'), Outcome.NOT_A_FEED, id="page"),
        pytest.param(reply(404), Outcome.GONE, id="gone"),
        pytest.param(reply(403), Outcome.BLOCKED, id="blocked"),
    ],
)
def test_after_an_answer_that_is_no_good_nothing_is_remembered(bad: Route, outcome: Outcome) -> None:
    full = reply(200, FEED, ETag='"v1"')
    visits, conditional_sent, _ = sequence(turns(full, bad, full), timedelta(0), HOUR, 2 * HOUR)
    assert [each.outcome for each in visits] == [Outcome.NEW, outcome, Outcome.NEW]
    assert visits[1].memory == Memory()
    assert conditional_sent == [False, True, False]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param((raw(b""), raw(b"")), id="closed"),  # twice: the client sends a request that was dropped once more
        pytest.param((reply(500),), id="500"),
        pytest.param((reply(429, Retry_After="1"),), id="429"),
    ],
)
def test_failure_that_says_nothing_of_the_list_keeps_the_memory(bad: tuple[Route, ...]) -> None:
    route = turns(reply(200, FEED, ETag='"v1"'), *bad, reply(304))
    visits, conditional_sent, _ = sequence(route, timedelta(0), HOUR, 2 * HOUR)
    assert visits[1].proof is None
    assert visits[1].memory == visits[0].memory
    assert visits[2].outcome is Outcome.NOT_MODIFIED
    assert conditional_sent == [False, *(True for _ in bad), True]


def test_dates_that_depend_on_the_moment_are_read_anew() -> None:
    future = rss(-HOUR, HOUR, 2 * DAY, at=NOW)
    visits, conditional_sent, _ = sequence(conditional(future), timedelta(0), 2 * HOUR, 3 * HOUR)
    assert [each.newest for each in visits] == [NOW - HOUR, NOW + HOUR, NOW + HOUR]
    assert [each.outcome for each in visits] == [Outcome.NEW, Outcome.NEW, Outcome.NOT_MODIFIED]
    assert conditional_sent == [False, False, True]


def test_permanent_redirect_is_remembered_warned_of_and_its_validators_reused() -> None:
    async def main() -> tuple[list[Visit], str]:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/feed": redirect("/new", 301), "/new": conditional(FEED)}
            one = source(server, 1, "/feed")
            for _ in range(2):
                await office.collect([one])
                one = replace(one, memory=office.visits[-1].memory)
            return office.visits, server.url("/new")

    visits, new = asyncio.run(main())
    assert [each.outcome for each in visits] == [Outcome.NEW, Outcome.NOT_MODIFIED]
    for visit in visits:
        assert visit.memory.moved_to == new
        assert visit.warnings == (f"采集地址已永久转向 {new}，请核对备案台账。",)


def test_validators_from_behind_a_temporary_redirect_are_not_kept() -> None:
    async def main() -> Visit:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/feed": redirect("/today"), "/today": conditional(FEED)}
            await office.collect([source(server, 1, "/feed")])
        return office.of(1)

    visit = asyncio.run(main())
    assert visit.etag == '"v1"'
    assert visit.memory.etag is None
    assert visit.memory.body_hash is not None


def page(*feeds: str) -> Route:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{each}">' for each in feeds)
    return reply(200, f"<!doctype html><html><head><title>专栏</title>{links}</head></html>".encode(), kind="text/html")


def test_feed_behind_a_page_is_read_instead() -> None:
    async def main() -> tuple[list[Visit], list[str], Office]:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/": page("/comments/feed", "/feed", "/feed/atom"), "/feed": conditional(FEED)}
            one = source(server, 1, "/")
            for _ in range(2):
                await office.collect([one], delay=timedelta(seconds=15))
                one = replace(one, memory=office.visits[-1].memory)
            return office.visits, [each.path for each in server.requests], office

    visits, paths, office = asyncio.run(main())
    assert [each.outcome for each in visits] == [Outcome.NEW, Outcome.SAME]
    assert paths == ["/robots.txt", "/", "/feed"] * 2
    assert waited(office, [15] * 4)
    assert visits[0].proof is not None
    assert visits[0].final_url.endswith("/feed")
    assert visits[0].memory.etag is None
    assert visits[0].memory.moved_to is None
    assert "已改读其声明的订阅地址" in visits[0].warnings[0]


@pytest.mark.parametrize(
    "feeds",
    [
        pytest.param(("/feed", "/notices/feed"), id="of two columns"),
        pytest.param(("http://b.example/x", "/feed"), id="the first on another site"),
    ],
)
def test_one_of_several_feeds_behind_a_page_shows_posts_and_proves_no_silence(feeds: tuple[str, ...]) -> None:
    async def main() -> list[Visit]:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/": turns(page("/feed"), page(*feeds)), "/feed": reply(200, FEED)}
            one = source(server, 1, "/")
            for _ in range(2):
                await office.collect([one], obey_robots=False)
                one = replace(one, memory=office.visits[-1].memory)
        return office.visits

    alone, among = asyncio.run(main())
    assert alone.outcome is Outcome.NEW
    assert (among.outcome, among.proof, among.memory) == (Outcome.PARTIAL, None, Memory())
    assert "网页列有2个订阅地址，不能确定哪一个是全部信息，请在备案台账中登记其一。" in among.reason
    assert [item.title for item in among.items] == ["信息0", "信息1", "信息2"]


def test_bad_answer_of_one_of_several_feeds_stays_what_it_is() -> None:
    async def main() -> Visit:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/": page("/feed", "/notices/feed"), "/feed": reply(200, rss(at=NOW))}
            await office.collect([source(server, 1, "/")], obey_robots=False)
        return office.of(1)

    assert asyncio.run(main()).outcome is Outcome.EMPTY


def test_feed_on_another_site_is_named_and_not_followed() -> None:
    async def main() -> tuple[Visit, int]:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/": page("http://b.example/x")}
            await office.collect([source(server, 1, "/")], obey_robots=False)
            return office.of(1), len(server.requests)

    visit, requests = asyncio.run(main())
    assert visit.outcome is Outcome.NOT_A_FEED
    assert "http://b.example/x" in visit.reason
    assert requests == 1


def test_page_whose_feed_is_a_page_is_not_followed_for_ever() -> None:
    async def main() -> tuple[Visit, int]:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/": page("/more"), "/more": page("/again")}
            await office.collect([source(server, 1, "/")], obey_robots=False)
            return office.of(1), len(server.requests)

    visit, requests = asyncio.run(main())
    assert visit.outcome is Outcome.NOT_A_FEED
    assert requests == 2


def bridged(control: Route, feed: Route | None = None) -> tuple[Office, BadServer]:
    async def main() -> tuple[Office, BadServer]:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/control": control, "/a": feed or reply(200, FEED), "/b": reply(200, FEED)}
            await office.collect([source(server, 1, "/a"), source(server, 2, "/b")], lane(server), obey_robots=False)
            return office, server

    return asyncio.run(main())


def test_proof_runs_no_further_than_the_control_has_shown() -> None:
    office, server = bridged(reply(200, rss(20 * timedelta(minutes=1), DAY, at=NOW), ETag='"c"'))
    assert [(each.source_id, each.account_id) for each in office.visits] == [(900, None), (1, "A1"), (2, "A2")]
    assert office.of(900).outcome is Outcome.NEW
    assert office.of(1).proof == Span(OLDEST + STEP, NOW - timedelta(minutes=20))
    assert len(server.asked("/control")) == 1


@pytest.mark.parametrize(
    ("control", "why", "controls"),
    [
        pytest.param(reply(200, rss(25 * HOUR, at=NOW)), "对照源最近一次更新为2026年11月21日15:00", 1, id="stale"),
        pytest.param(reply(200, rss(at=NOW)), "对照源未能读取", 2, id="empty"),
        pytest.param(reply(500), "返回状态码 500", 2, id="failing"),
        pytest.param(raw(b""), "对照源未能读取", 2, id="closing"),
    ],
)
def test_lane_that_is_not_alive_proves_nothing_but_its_items_are_seen(control: Route, why: str, controls: int) -> None:
    office, _ = bridged(control)
    assert sum(each.source_id == 900 for each in office.visits) == controls
    for visit in (office.of(1), office.of(2)):
        assert visit.outcome is Outcome.STALE_LANE
        assert visit.proof is None
        assert why in visit.reason
        assert len(visit.items) == 3
        assert visit.memory == Memory()


def test_dates_that_read_anew_say_nothing_of_a_controls_life() -> None:
    frozen = "".join(f"<item><title>{n}</title><pubDate>{n}分钟前</pubDate></item>" for n in (3, 9))
    body = f"<rss version='2.0'><channel><title>对照</title>{frozen}</channel></rss>".encode()
    office, _ = bridged(reply(200, body))
    assert office.of(900).item_count == 2
    assert (office.of(1).outcome, office.of(1).proof) == (Outcome.STALE_LANE, None)
    assert "对照源没有可用的发布时间" in office.of(1).reason


def test_lane_with_a_control_proves_nothing_before_that_was_seen() -> None:
    class Ticking(Office):
        def clock(self) -> datetime:
            self.now += timedelta(seconds=5)
            return self.now

    async def main(left: int) -> tuple[list[Visit], Office]:
        office = Ticking()
        async with bad_server() as server:
            server.routes |= {"/control": reply(200, rss(HOUR, at=NOW)), "/a": reply(200, FEED)}
            lanes = lane(server, paused_until=NOW + timedelta(seconds=left))
            await office.collect([source(server, 1, "/a")], lanes, obey_robots=False)
        return office.visits, office

    # Wherever the pause falls under what a run waits for: also between the control's turn and the source's.
    unseen = 0
    for left in range(60, 90, 4):
        visits, office = asyncio.run(main(left))
        visit = office.of(1)
        if visit.outcome is not Outcome.RATE_LIMITED and visits[0] is visit:
            unseen += 1
            assert (visit.outcome, visit.proof) == (Outcome.STALE_LANE, None)
            assert "对照源未能读取（本次尚未采集）" in visit.reason
    assert unseen


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(redirect, id="redirect"),
        pytest.param(lambda url: redirect(url, 301), id="permanent redirect"),
        pytest.param(page, id="feed of a page"),
    ],
)
@pytest.mark.parametrize("controlled", [True, False])
def test_what_comes_from_another_lane_with_a_control_proves_nothing(
    way: Callable[[str], Route], *, controlled: bool
) -> None:
    async def main() -> tuple[list[Visit], list[bool]]:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/a": way(server.url("/bridge/a")), "/bridge/a": conditional(FEED)}
            one = source(server, 1, "/a")
            for _ in range(2):
                await office.collect(
                    [one],
                    lane_at=lambda url: "bridge" if controlled and "/bridge/" in url else None,
                    obey_robots=False,
                )
                one = replace(one, memory=office.visits[-1].memory)
            return office.visits, ["if-none-match" in each.headers for each in server.asked("/bridge/a")]

    visits, conditional_sent = asyncio.run(main())
    assert conditional_sent[0] is False
    for visit in visits:
        assert (visit.proof is None) == controlled
        assert visit.outcome is Outcome.STALE_LANE if controlled else visit.outcome.proves
        assert (visit.memory.full_at is None) == controlled
        assert not controlled or visit.reason.endswith("请在备案台账中直接登记该地址。")
        assert not controlled or "采集通道“bridge”" in visit.reason
        assert not controlled or len(visit.items) == 3
    assert conditional_sent[1] is (visits[1].outcome is Outcome.NOT_MODIFIED)


def test_source_in_its_own_controlled_lane_leans_on_its_control() -> None:
    async def main() -> Visit:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/control": reply(200, rss(HOUR, at=NOW)), "/a": reply(200, FEED)}
            await office.collect([source(server, 1, "/a")], lane(server), lane_at=lambda _: "bridge", obey_robots=False)
        return office.of(1)

    visit = asyncio.run(main())
    assert (visit.outcome, visit.proof) == (Outcome.NEW, Span(OLDEST + STEP, NOW - HOUR))


def test_failure_in_a_dead_lane_stays_what_it_is() -> None:
    office, _ = bridged(reply(500), feed=reply(404))
    assert office.of(1).outcome is Outcome.GONE


def test_control_that_fails_once_is_tried_again() -> None:
    office, _ = bridged(turns(reply(500), reply(200, rss(HOUR, at=NOW))))
    assert [each.outcome for each in office.visits] == [Outcome.SERVER_ERROR, Outcome.NEW, Outcome.NEW, Outcome.NEW]


def test_control_is_asked_in_full_and_again_after_half_an_hour() -> None:
    async def main() -> tuple[Office, list[str], BadServer]:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/control": conditional(rss(HOUR, at=NOW), '"c"')}
            server.routes |= {f"/{n}": reply(200, FEED) for n in range(4)}
            sources = [source(server, n, f"/{n}") for n in range(4)]
            remembered = Memory(etag='"c"', full_at=NOW - HOUR, body_hash="x")
            control = Source(source_id=900, url=server.url("/control"), memory=remembered)
            lanes = lane(server, control=control, delay=timedelta(minutes=11))
            await office.collect(sources, lanes, obey_robots=False)
            return office, [each.path for each in server.requests], server

    office, paths, server = asyncio.run(main())
    assert paths == ["/control", "/0", "/1", "/2", "/control", "/3"]
    assert all("if-none-match" not in each.headers for each in server.asked("/control"))
    assert [each.outcome for each in office.visits] == [Outcome.NEW] * 6


def test_lag_shortens_the_proof() -> None:
    async def main() -> Visit:
        office = Office()
        async with bad_server() as server:
            server.routes["/a"] = reply(200, FEED)
            await office.collect([source(server, 1, "/a", lag=timedelta(minutes=90))])
        return office.of(1)

    assert asyncio.run(main()).proof == Span(OLDEST + STEP, NOW - timedelta(minutes=90))


def test_age_of_the_answer_shortens_every_proof() -> None:
    route = turns(
        reply(200, FEED, ETag='"v"', Age="3600"),
        reply(304, Age="7200"),
        reply(200, FEED, ETag='"v"', Age="60"),
        reply(304),
    )
    visits, _, _ = sequence(route, *(step * HOUR for step in (0, 3, 6, 9)))
    assert [each.outcome for each in visits] == [
        Outcome.NEW,
        Outcome.NOT_MODIFIED,
        Outcome.SAME,
        Outcome.NOT_MODIFIED,
    ]
    proven = [each.proof.end - NOW for each in visits if each.proof]
    assert proven == [-HOUR, HOUR, 6 * HOUR - timedelta(minutes=1), 9 * HOUR]


def test_age_and_lag_add_up_and_a_copy_older_than_its_list_proves_nothing() -> None:
    async def main() -> Office:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/1": reply(200, FEED, Age="3600"), "/2": reply(200, FEED, Age="9999999999")}
            await office.collect([source(server, n, f"/{n}", lag=HOUR) for n in (1, 2)], obey_robots=False)
        return office

    office = asyncio.run(main())
    assert office.of(1).proof == Span(OLDEST + STEP, NOW - 2 * HOUR)
    assert (office.of(2).outcome, office.of(2).proof) == (Outcome.NEW, None)


def three(first: Route, paused_until: datetime | None = None, **changes: object) -> tuple[Office, BadServer]:
    async def main() -> tuple[Office, BadServer]:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/0": first, "/1": reply(200, FEED), "/2": reply(200, FEED)}
            lanes = lane(server, control=None, paused_until=paused_until, **changes)
            await office.collect([source(server, n, f"/{n}") for n in range(3)], lanes, obey_robots=False)
            return office, server

    return asyncio.run(main())


def test_short_retry_after_is_waited_for_and_the_next_source_is_visited() -> None:
    office, server = three(reply(429, Retry_After="30"))
    assert [each.outcome for each in office.visits] == [Outcome.RATE_LIMITED, Outcome.NEW, Outcome.NEW]
    assert office.slept == [30]
    assert len(server.requests) == 3
    assert office.pauses[0].paused_until == NOW + timedelta(seconds=30)


def test_long_retry_after_puts_off_the_rest_of_the_lane() -> None:
    office, server = three(reply(429, Retry_After="3600"))
    assert [each.outcome for each in office.visits] == [Outcome.RATE_LIMITED] * 3
    assert len(server.requests) == 1
    assert office.slept == []
    (pause,) = office.pauses
    assert (pause.name, pause.paused_until, pause.paused_for) == ("bridge", NOW + HOUR, Outcome.RATE_LIMITED)
    assert "2026-11-22 17:00 之前不再访问" in office.of(1).reason
    assert office.of(1).status is None


def test_retry_after_on_503_holds_the_lane_too() -> None:
    office, server = three(reply(503, Retry_After="3600"))
    assert [each.outcome for each in office.visits] == [
        Outcome.SERVER_ERROR,
        Outcome.RATE_LIMITED,
        Outcome.RATE_LIMITED,
    ]
    assert len(server.requests) == 1


def test_rate_limit_without_a_time_waits_a_minute_then_gives_up() -> None:
    async def main() -> tuple[Office, int]:
        office = Office()
        async with bad_server() as server:
            server.routes |= {f"/{n}": reply(429) for n in range(4)}
            await office.collect(
                [source(server, n, f"/{n}") for n in range(4)], lane(server, control=None), obey_robots=False
            )
            return office, len(server.requests)

    office, requests = asyncio.run(main())
    assert requests == 2
    assert office.slept == [60]
    assert [each.paused_until for each in office.pauses] == [
        NOW + timedelta(seconds=60),
        NOW + timedelta(seconds=180),
    ]
    assert [each.outcome for each in office.visits] == [Outcome.RATE_LIMITED] * 4


def test_lane_that_is_paused_at_the_start_is_left_alone() -> None:
    office, server = three(reply(200, FEED), paused_until=NOW + HOUR)
    assert [each.outcome for each in office.visits] == [Outcome.RATE_LIMITED] * 3
    assert server.requests == []


def test_pause_that_is_over_or_nearly_so_does_not_stop_the_lane() -> None:
    for left in (-HOUR, timedelta(seconds=20)):
        office, _ = three(reply(200, FEED), paused_until=NOW + left)
        assert [each.outcome for each in office.visits] == [Outcome.NEW] * 3
        assert office.slept == ([20] if left > timedelta(0) else [])


def test_paused_lane_does_not_ask_its_control_either() -> None:
    async def main() -> tuple[Office, BadServer]:
        office = Office()
        async with bad_server() as server:
            await office.collect([source(server, 1, "/a")], lane(server, paused_until=NOW + HOUR))
            return office, server

    office, server = asyncio.run(main())
    assert [each.source_id for each in office.visits] == [1]
    assert server.requests == []


def test_control_that_is_rate_limited_puts_off_its_lane() -> None:
    office, server = bridged(reply(429, Retry_After="3600"))
    assert [(each.source_id, each.outcome) for each in office.visits] == [
        (900, Outcome.RATE_LIMITED),
        (1, Outcome.RATE_LIMITED),
        (2, Outcome.RATE_LIMITED),
    ]
    assert len(server.requests) == 1


def test_refusals_slow_the_lane_down_and_good_answers_ease_it() -> None:
    async def main() -> Office:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/0": reply(403), "/2": reply(412), "/3": reply(401)}
            server.routes |= {f"/{n}": reply(200, FEED) for n in (1, 4)}
            lanes = lane(server, control=None, delay=timedelta(seconds=15))
            await office.collect([source(server, n, f"/{n}") for n in range(5)], lanes, obey_robots=False)
        return office

    office = asyncio.run(main())
    assert len(office.visits) == 5
    assert office.pauses == []
    assert waited(office, [30, 15, 30, 30])


def test_one_request_at_a_time_in_a_lane_and_lanes_side_by_side() -> None:
    async def main() -> list[BadServer]:
        office, begun = Office(), asyncio.Barrier(3)

        async def together(request: Request, writer: asyncio.StreamWriter) -> None:
            async with asyncio.timeout(30):  # less than the client waits: one after another would never get on
                await begun.wait()
            await reply(404)(request, writer)

        async with bad_server("127.0.0.1") as one, bad_server("127.0.0.2") as two, bad_server("127.0.0.3") as three:
            servers = [one, two, three]
            sources = []
            for number, server in enumerate(servers):
                server.routes |= {"/0": together} | {f"/{n}": reply(404, after=0.1) for n in range(1, 4)}
                sources += [source(server, number * 10 + n, f"/{n}") for n in range(4)]
            await office.collect(sources, obey_robots=False)
            assert [visit.outcome for visit in office.visits] == [Outcome.GONE] * 12
            return servers

    servers = asyncio.run(main())
    assert [server.most for server in servers] == [1, 1, 1]


def test_concurrency_holds_over_all_lanes() -> None:
    under_way, most = 0, 0

    async def counted(_: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.05)
        under_way -= 1
        writer.write(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")

    async def main() -> None:
        office = Office()
        async with bad_server() as server:
            server.routes |= {f"/{n}": counted for n in range(8)}
            sources = [source(server, n, f"/{n}") for n in range(8)]
            await office.collect(sources, lane_of={n: f"lane{n}" for n in range(8)}, obey_robots=False, concurrency=3)

    asyncio.run(main())
    assert most == 3


def test_delay_is_kept_between_all_requests_of_a_lane() -> None:
    async def main() -> BadServer:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/robots.txt": reply(404), "/0": redirect("/1"), "/1": reply(200, FEED, after=0.1)}
            lanes = lane(server, control=None, delay=timedelta(seconds=0.15))
            sources = [source(server, n, "/0") for n in range(2)]
            told = settings()
            await collect(sources, lanes, {0: "bridge", 1: "bridge"}, told, office.on_visit, office.on_pause)
            return server

    server = asyncio.run(main())
    assert [each.path for each in server.requests] == ["/robots.txt", "/0", "/1", "/0", "/1"]
    gaps = [later.began - ended for ended, later in zip(server.ended, server.requests[1:], strict=False)]
    assert min(gaps) >= 0.14


def test_crawl_delay_of_the_site_slows_its_lane() -> None:
    async def main() -> Office:
        office = Office()
        async with bad_server() as server:
            server.routes |= {f"/{n}": reply(200, FEED) for n in range(3)}
            server.routes["/robots.txt"] = reply(200, b"User-agent: *\nCrawl-delay: 15\nDisallow: /1\n")
            await office.collect([source(server, n, f"/{n}") for n in range(3)])
        return office

    office = asyncio.run(main())
    assert [each.outcome for each in office.visits] == [Outcome.NEW, Outcome.ROBOTS, Outcome.NEW]
    assert waited(office, [15, 15])
    assert office.of(1).proof is None


def test_redirect_into_what_robots_forbid_is_not_followed() -> None:
    async def main() -> tuple[Office, BadServer]:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/robots.txt": reply(200, b"User-agent: *\nDisallow: /no\n"), "/a": redirect("/no")}
            await office.collect([source(server, 1, "/a")])
            return office, server

    office, server = asyncio.run(main())
    assert office.of(1).outcome is Outcome.ROBOTS
    assert server.asked("/no") == []


def test_robots_are_not_asked_where_the_office_says_so() -> None:
    office, server = three(reply(200, FEED))
    assert server.asked("/robots.txt") == []
    assert len(office.visits) == 3


def test_fault_of_our_own_is_a_visit_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> Office:
        office = Office()
        async with bad_server() as server:
            server.routes |= {f"/{n}": reply(200, FEED) for n in range(2)}
            # A zone that does not exist is the configuration's fault; it surfaces where a stale lane is explained.
            broken = source(server, 0, "/0", timezone="No/Where")
            server.routes["/control"] = reply(200, rss(9 * DAY, at=NOW))
            await office.collect([broken, source(server, 1, "/1")], lane(server))
        return office

    with caplog.at_level(logging.INFO):
        office = asyncio.run(main())
    assert office.of(0).outcome is Outcome.SERVER_ERROR
    assert "采集程序内部错误（ZoneInfoNotFoundError）" in office.of(0).reason
    assert office.of(1).outcome is Outcome.STALE_LANE
    (failed,) = (each for each in caplog.records if each.exc_info)
    assert "visit failed source=0" in failed.getMessage()
    assert sum(each.getMessage().startswith("visit source=") for each in caplog.records) == 3


class HastyPool(ParsePool):
    """Has no patience with a body that hangs, and all the time for those that are read by a child yet to be started."""

    async def _ask(self, arguments: tuple[object, ...]) -> tuple[bool, object]:
        answer = arguments[0]
        assert isinstance(answer, Answer)
        self._limit = timedelta(seconds=1 if answer.body == b"hang" else 60)
        return await super()._ask(arguments)


@pytest.mark.parametrize(("body", "outcome"), [(b"hang", Outcome.TIMEOUT), (b"die", Outcome.NOT_A_FEED)])
def test_body_that_cannot_be_parsed_is_a_visit(body: bytes, outcome: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.crawl.ParsePool", HastyPool)

    async def main() -> Office:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/0": reply(200, body), "/1": reply(200, b"x")}
            sources = [source(server, n, f"/{n}") for n in range(2)]
            await office.collect(sources, reader=by_body)
        return office

    office = asyncio.run(main())
    assert office.of(0).outcome is outcome
    assert "解析" in office.of(0).reason
    assert office.of(0).memory == Memory()
    assert office.of(1).outcome is Outcome.NEW


def test_what_storage_raises_ends_the_run() -> None:
    async def full(_: Visit) -> None:
        raise OSError("disk full")

    async def main() -> None:
        office = Office()
        async with bad_server("127.0.0.1") as one, bad_server("127.0.0.2") as two:
            one.routes["/"] = reply(404)
            two.routes["/"] = raw(b"", close=False)
            told = settings(obey_robots=False)
            await collect([source(one, 1, "/"), source(two, 2, "/")], {}, {}, told, full, office.on_pause)

    with pytest.raises(OSError, match="disk full"):
        asyncio.run(asyncio.wait_for(main(), 30))  # half of what is waited for an answer


def test_cancelled_run_drops_the_visits_under_way_and_keeps_those_made() -> None:
    async def main() -> Office:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/0": reply(200, FEED), "/1": raw(b"", close=False)}
            sources = [source(server, n, f"/{n}") for n in range(2)]
            run = asyncio.create_task(office.collect(sources))
            while not server.asked("/1"):  # noqa: ASYNC110  the server is another machine, so to speak
                await asyncio.sleep(0.01)
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
        return office

    office = asyncio.run(main())
    assert [each.source_id for each in office.visits] == [0]


def test_address_that_is_not_allowed_is_not_asked() -> None:
    async def main() -> tuple[Office, int]:
        office = Office()
        async with bad_server("127.0.0.2") as outer, bad_server("127.0.0.1") as inner:
            outer.routes["/a"] = redirect(inner.url("/x"), 301)
            await office.collect(
                [source(outer, 1, "/a"), source(inner, 2, "/x")], allow_private=(ip_network("127.0.0.2/32"),)
            )
            return office, len(inner.requests)

    office, requests = asyncio.run(main())
    assert [each.outcome for each in office.visits] == [Outcome.FORBIDDEN_ADDRESS] * 2
    assert requests == 0


def test_nothing_to_visit() -> None:
    office = Office()
    asyncio.run(office.collect([]))
    assert office.visits == []
