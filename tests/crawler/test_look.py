"""How a visit goes on from its first answer: older pages, what a list cannot prove, ways of reading that change."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crawler.run import try_source
from monitor.spans import Span
from monitor.visits import Lane, Memory, Outcome, Selectors, Source, Visit
from tests.crawler.badserver import Request, Route, bad_server, redirect, reply, settings
from tests.crawler.test_run import DAY, HOUR, NOW, STEP, Office, source


def listed(*ages: timedelta, next_url: str = "", first: int = 0) -> bytes:
    """A JSON Feed whose items are so old at NOW, and the address of the older ones."""
    items = [
        {
            "id": f"post-{(NOW - age).isoformat()}-{first + number}",
            "title": f"信息{first + number}",
            "content_text": "正文",
            "date_published": (NOW - age).isoformat(),
        }
        for number, age in enumerate(ages)
    ]
    said = {"version": "https://jsonfeed.org/version/1.1", "title": "列表", "items": items}
    return json.dumps(said | ({"next_url": next_url} if next_url else {})).encode()


def feed(*ages: timedelta, next_url: str = "") -> Route:
    return reply(200, listed(*ages, next_url=next_url), kind="application/feed+json")


def visited(
    routes: dict[str, Route], change: Callable[[Source], Source] = lambda each: each, **changes: Any
) -> tuple[Visit, list[str]]:
    """Visit /list once and return the visit and the paths that were asked for."""

    async def main() -> tuple[Visit, list[str]]:
        office = Office()
        async with bad_server() as server:
            server.routes |= routes
            await office.collect([change(source(server, 1, "/list"))], obey_robots=False, **changes)
            return office.of(1), [each.path for each in server.requests]

    return asyncio.run(main())


def wants(age: timedelta) -> Callable[[Source], Source]:
    return lambda each: replace(each, needed_from=NOW - age)


PAGES: dict[str, Route] = {
    "/list": feed(HOUR, 2 * HOUR, next_url="/2"),
    "/2": feed(DAY, 2 * DAY, next_url="/3"),
    "/3": feed(3 * DAY, 4 * DAY),
}


@pytest.mark.parametrize(
    ("needed", "paths", "reach"),
    [
        pytest.param(HOUR, ["/list"], 2 * HOUR, id="windows overlap on the first page"),
        pytest.param(36 * HOUR, ["/list", "/2", "/list"], 2 * DAY, id="the second page reaches back far enough"),
        pytest.param(30 * DAY, ["/list", "/2", "/3", "/list"], 4 * DAY, id="to the end of the list"),
    ],
)
def test_older_pages_are_asked_for_as_far_as_they_are_needed(
    needed: timedelta, paths: list[str], reach: timedelta
) -> None:
    visit, asked = visited(PAGES, wants(needed))
    assert asked == paths
    assert visit.outcome is Outcome.NEW
    assert visit.proof == Span(NOW - reach + STEP, NOW)
    assert visit.memory.reach == NOW - reach + STEP
    assert visit.item_count == 2 * (len(paths) - 1 or 1)


def test_without_a_need_only_the_first_page_is_asked_for() -> None:
    visit, asked = visited(PAGES)
    assert (asked, visit.item_count) == (["/list"], 2)


def test_budget_of_pages_holds() -> None:
    visit, asked = visited(PAGES, wants(30 * DAY), pages_per_visit=2)
    assert asked == ["/list", "/2", "/list"]
    assert visit.proof == Span(NOW - 2 * DAY + STEP, NOW)


def test_answers_of_all_pages_are_kept_as_evidence_in_order() -> None:
    visit, _ = visited(PAGES, wants(30 * DAY))
    assert [each.url.rpartition("/")[2] for each in visit.exchanges] == ["list", "2", "3"]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        pytest.param(reply(500), "状态码 500", id="server error"),
        pytest.param(reply(200, b"<html><title>x</title></html>"), "不是信息列表", id="no list"),
        pytest.param(reply(200, listed(DAY)[:-9], kind="application/feed+json"), "残缺", id="torn"),
    ],
)
def test_older_page_that_fails_leaves_what_the_first_proves(second: Route, why: str) -> None:
    visit, _ = visited(PAGES | {"/2": second}, wants(30 * DAY))
    assert visit.outcome is Outcome.NEW
    assert visit.proof == Span(NOW - 2 * HOUR + STEP, NOW)
    assert any("第2页" in each and why in each for each in visit.warnings)


def test_list_that_changes_while_it_is_paged_proves_only_its_first_page() -> None:
    answers = [listed(HOUR, 2 * HOUR, next_url="/2"), listed(timedelta(0), HOUR, next_url="/2")]

    async def shifting(request: Request, writer: asyncio.StreamWriter) -> None:
        await reply(200, answers.pop(0), kind="application/feed+json")(request, writer)

    visit, _ = visited(PAGES | {"/list": shifting}, wants(30 * DAY))
    assert visit.item_count == 6  # what was shown is known all the same
    assert visit.proof == Span(NOW - 2 * HOUR + STEP, NOW)
    assert any("翻页期间列表的第1页有变化" in each for each in visit.warnings)


@pytest.mark.parametrize(
    "chain",
    [
        pytest.param({"/2": feed(DAY, 2 * DAY, next_url="/list")}, id="leads back to the first"),
        pytest.param({"/2": feed(HOUR, 2 * HOUR, next_url="/3")}, id="shows the same items again"),
        pytest.param({"/list": feed(HOUR, 2 * HOUR, next_url="http://other.example/2")}, id="leads elsewhere"),
    ],
)
def test_paging_ends_where_it_leads_nowhere(chain: dict[str, Route]) -> None:
    visit, asked = visited(PAGES | chain, wants(30 * DAY))
    assert visit.outcome is Outcome.NEW
    assert len(asked) <= 3


def test_source_declared_incomplete_shows_posts_and_proves_nothing() -> None:
    visit, _ = visited(PAGES, lambda each: replace(each, complete=False))
    assert (visit.outcome, visit.item_count, visit.proof, visit.reach) == (Outcome.NEW, 2, None, None)
    assert any("声明该来源不完整" in each for each in visit.warnings)


def test_kinds_that_a_source_sees_go_with_its_proof() -> None:
    visit, _ = visited(PAGES, lambda each: replace(each, sees=("群发",)))
    assert visit.sees == ("群发",)
    assert visit.proof is not None


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"selectors": Selectors(choice=2)}, id="other list"),
        pytest.param({"timezone": "Europe/London"}, id="other zone"),
        pytest.param({"complete": False}, id="declared incomplete"),
        pytest.param({"kind": "feed"}, id="other kind"),
    ],
)
def test_unchanged_answer_is_read_again_where_it_is_to_be_read_otherwise(change: dict[str, object]) -> None:
    def outcomes(change: dict[str, object]) -> Sequence[Outcome]:
        async def main() -> Sequence[Outcome]:
            office = Office()
            async with bad_server() as server:
                server.routes["/list"] = PAGES["/list"]
                one = source(server, 1, "/list")
                await office.collect([one], obey_robots=False)
                one = replace(one, memory=office.visits[-1].memory, **change)  # type: ignore[arg-type]
                await office.collect([one], obey_robots=False)
                return [each.outcome for each in office.visits]

        return asyncio.run(main())

    assert outcomes({}) == [Outcome.NEW, Outcome.SAME]
    assert outcomes(change) == [Outcome.NEW, Outcome.NEW]


def test_trial_gives_the_visit_and_the_reading_and_hands_over_to_nobody() -> None:
    async def main() -> tuple[Visit, str, bool]:
        async with bad_server() as server:
            server.routes["/list"] = PAGES["/list"]
            one = Source(source_id=0, url=server.url("/list"), memory=Memory())
            lane = Lane(name="trial", delay=timedelta(0))
            seen = await try_source(one, lane, settings(obey_robots=False), clock=lambda: NOW)
            return seen.visit, seen.reading.kind if seen.reading else "", seen.reading is not None

    visit, kind, read = asyncio.run(main())
    assert (visit.outcome, visit.item_count, kind, read) == (Outcome.NEW, 2, "feed", True)


# ----------------------------------------------------------------------------------------------- list pages and reports


def column(*days: int, heading: str = "工作动态", title: str = "高县召开第{}次会议", more: str = "") -> Route:
    rows = "".join(f"<li><a href='/a/{n}.html'>{title.format(n)}</a><span>2026-11-{n:02d}</span></li>" for n in days)
    return reply(
        200,
        f"<!doctype html><html><head><title>{heading}</title></head><body><h2>{heading}</h2><ul class='list'>{rows}</ul>"
        f"{more}</body></html>".encode(),
        kind="text/html; charset=utf-8",
    )


MORE = "<a href='/2'>下一页</a>"


@pytest.mark.parametrize(
    ("second", "why"),
    [
        pytest.param(column(9, 8, 7, heading="通知公告", title="第{}号公告"), "不是同一个", id="another column"),
        pytest.param(column(20, 19, 18, 17), "不相衔接", id="newer than where the first page ends"),
    ],
)
def test_older_page_that_is_no_continuation_is_left_out_and_said(second: Route, why: str) -> None:
    routes = {"/list": column(21, 16, 15, 14, more=MORE), "/2": second}
    visit, _ = visited(routes, lambda each: replace(each, kind="page", needed_from=NOW - 30 * DAY))
    assert visit.item_count == 4
    assert visit.proof is not None
    assert visit.proof.start > NOW - 9 * DAY
    assert any("第2页" in each and why in each for each in visit.warnings)


def test_list_that_runs_upwards_over_several_pages_proves_nothing() -> None:
    routes = {"/list": column(2, 3, 4, 5, 6, 7, more=MORE), "/2": column(8, 9, 10)}
    for complete in (None, True):
        change = {"kind": "page", "complete": complete, "needed_from": NOW - 30 * DAY}
        visit, _ = visited(routes, lambda each: replace(each, **change))  # type: ignore[arg-type]  # noqa: B023
        assert (visit.outcome, visit.proof) == (Outcome.NEW, None)
        assert any("由旧到新排列" in each for each in visit.warnings)


def test_page_that_sends_its_visitor_on_is_followed_within_its_site() -> None:
    refresh = reply(200, b"<html><meta http-equiv='refresh' content='0;url=/new/'></html>", kind="text/html")
    visit, asked = visited({"/list": refresh, "/new/": column(21, 20, 19)}, lambda each: replace(each, kind="page"))
    assert (asked, visit.item_count) == (["/list", "/new/"], 3)
    assert [each.url.rpartition(":")[2].partition("/")[2] for each in visit.exchanges] == ["list", "new/"]


def test_page_that_sends_its_visitor_to_another_site_is_named_and_not_followed() -> None:
    refresh = b"<html><meta http-equiv='refresh' content='0;url=http://other.example/'></html>"
    visit, asked = visited({"/list": reply(200, refresh, kind="text/html")}, lambda each: replace(each, kind="page"))
    assert (visit.outcome, asked) == (Outcome.NOT_A_FEED, ["/list"])
    assert "http://other.example/" in visit.reason


def report(*rows: str) -> Route:
    return reply(200, "\n".join(["账号名称,发布时间,标题,链接", *rows]).encode(), kind="text/csv")


def row(day: int, name: str = "高县发布") -> str:
    return f"{name},2026-11-{day:02d} 09:00,第{day}号信息,http://127.0.0.1/a/{day}"


def test_report_proves_nothing_by_itself_and_no_more_than_it_lists_where_it_is_declared_complete() -> None:
    routes = {"/list": report(*(row(day) for day in (18, 16, 14, 12)))}
    alone, _ = visited(routes, lambda each: replace(each, kind="report", names=("高县发布",)))
    assert (alone.outcome, alone.item_count, alone.proof) == (Outcome.NEW, 4, None)
    declared, _ = visited(routes, lambda each: replace(each, kind="report", names=("高县发布",), complete=True))
    assert declared.proof is not None
    assert declared.proof.end == declared.newest
    assert all(item.reported and item.author == "" for item in declared.items)


def test_rows_of_a_report_under_another_name_are_left_out_and_leave_nothing_proven() -> None:
    routes = {"/list": report(row(18), row(16, "高县发布厅"), row(14))}
    visit, _ = visited(routes, lambda each: replace(each, kind="report", names=("高县发布",), complete=True))
    assert (visit.item_count, visit.proof) == (2, None)
    assert any("1条属于其他账号" in each for each in visit.warnings)


def test_page_that_shows_newer_posts_than_its_feed_is_read_itself_and_proves_nothing() -> None:
    rows = "".join(f"<li><a href='/a/{n}.html'>第{n}号信息</a><span>2026-11-{n:02d}</span></li>" for n in (20, 19, 18))
    page = f"<html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head><body><ul>{rows}</ul></body></html>"
    routes = {"/list": reply(200, page.encode(), kind="text/html"), "/feed": feed(60 * DAY, 61 * DAY, 62 * DAY)}
    visit, asked = visited(routes)
    assert asked == ["/list", "/feed"]
    assert (visit.outcome, visit.item_count, visit.proof) == (Outcome.NEW, 3, None)
    assert any("订阅源没有的较新信息" in each for each in visit.warnings)
    alive, _ = visited(routes | {"/feed": feed(DAY, 2 * DAY)})
    assert alive.proof is not None
    assert alive.item_count == 2


def test_column_that_leads_to_another_page_proves_nothing() -> None:
    routes = {"/zwgk/gzdt/": redirect("/"), "/": column(20, 19, 18, heading="首页")}
    visit, _ = visited_at("/zwgk/gzdt/", routes)
    assert (visit.outcome, visit.item_count, visit.proof) == (Outcome.NEW, 3, None)
    assert any("转向了另一页面" in each for each in visit.warnings)
    for target in ("/new/gzdt/index.html", "/gzdt.html"):
        moved, _ = visited_at("/zwgk/gzdt/", {"/zwgk/gzdt/": redirect(target), target: column(20, 19, 18)})
        assert moved.proof is not None


def visited_at(path: str, routes: dict[str, Route]) -> tuple[Visit, list[str]]:
    async def main() -> tuple[Visit, list[str]]:
        office = Office()
        async with bad_server() as server:
            server.routes |= routes
            await office.collect([source(server, 1, path, kind="page")], obey_robots=False)
            return office.of(1), [each.path for each in server.requests]

    return asyncio.run(main())


def lists(*named: tuple[str, tuple[int, ...]]) -> Route:
    made = "".join(
        f"<h2>{heading}</h2><ul>"
        + "".join(
            f"<li><a href='/{heading}/{n}.html'>{heading}第{n}号信息</a><span>2026-11-{n:02d}</span></li>" for n in days
        )
        + "</ul>"
        for heading, days in named
    )
    return reply(200, f"<html><head><title>首页</title></head><body>{made}</body></html>".encode(), kind="text/html")


def test_list_that_took_the_place_of_the_chosen_one_proves_nothing() -> None:
    before = lists(("动态", (20, 19, 18)), ("公告", (17, 16, 15)))
    broken = reply(200, b"<html><title>x</title></html>")
    after = lists(("专题", (21, 20, 19)), ("动态", (20, 19, 18)), ("公告", (17, 16, 15)))

    async def main() -> list[Visit]:
        office = Office()
        async with bad_server() as server:
            one = source(server, 1, "/list", kind="page", selectors=Selectors(choice=1))
            for route in (before, after, after, broken, after, before):
                server.routes["/list"] = route
                await office.collect([one], obey_robots=False)
                one = replace(one, memory=office.visits[-1].memory)
            return office.visits

    first, moved, still, lost, again, back = asyncio.run(main())
    assert first.proof is not None
    assert lost.outcome is Outcome.NOT_A_FEED
    for visit in (moved, again):
        assert visit.proof is None
        assert any("第1个列表原为“动态”，现为“专题”" in each for each in visit.warnings)
    assert still.proof is None
    assert back.proof is not None
