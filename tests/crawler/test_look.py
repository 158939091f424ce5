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
from tests.crawler.badserver import Request, Route, bad_server, reply, settings
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
