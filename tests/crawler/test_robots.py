import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from crawler.failures import Failure
from crawler.fetch import Fetched, Web, fetch, open_session
from crawler.robots import Robots
from monitor.visits import Outcome
from tests.crawler.badserver import BadServer, Route, bad_server, raw, redirect, reply, settings, turns

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@contextlib.asynccontextmanager
async def turn() -> AsyncIterator[None]:
    yield


def ask(
    route: Route | None, *paths: str, hanging: int = 0
) -> tuple[list[Failure | None], list[timedelta | None], BadServer]:
    """Ask for what the rules say of these paths; the first ``hanging`` requests are not waited for for long."""

    async def main() -> tuple[list[Failure | None], list[timedelta | None], BadServer]:
        async with bad_server() as server, open_session(settings()) as session:
            if route is not None:
                server.routes["/robots.txt"] = route

            async def get(url: str) -> Fetched:
                told = settings(timeout=timedelta(seconds=0.3)) if len(server.requests) < hanging else settings()
                return await fetch(Web(session=session, settings=told, clock=lambda: NOW), url, turn)

            robots = Robots(lambda: NOW)
            urls = [server.url(path) for path in paths]
            return [await robots.refusal(url, get) for url in urls], [robots.delay(url) for url in urls], server

    return asyncio.run(main())


def text(body: str) -> Route:
    return reply(200, body.encode(), kind="text/plain")


def test_site_without_rules_allows_all_and_is_asked_once() -> None:
    said, delays, server = ask(None, "/a", "/b")
    assert said == [None, None]
    assert delays == [None, None]
    assert len(server.asked("/robots.txt")) == 1


def test_our_own_rules_come_before_those_for_all() -> None:
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: Xunjian\nDisallow: /secret\nCrawl-delay: 7\n"
    said, delays, _ = ask(text(rules), "/feed.xml", "/secret/feed.xml")
    assert said[0] is None
    assert said[1] is not None
    assert said[1].outcome is Outcome.ROBOTS
    assert "/secret/feed.xml" in said[1].reason
    assert delays[0] == timedelta(seconds=7)


def test_crawl_delay_has_a_limit() -> None:
    _, delays, _ = ask(text("User-agent: *\nCrawl-delay: 86400\n"), "/")
    assert delays == [timedelta(seconds=60)]


@pytest.mark.parametrize(
    "route",
    [
        pytest.param(reply(404), id="404"),
        pytest.param(reply(403), id="403"),
        pytest.param(reply(200, b"<html>not found</html>"), id="page-with-200"),
        pytest.param(reply(200, bytes(range(256)) * 10), id="binary"),
        pytest.param(reply(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /private\n"), id="bom"),
        pytest.param(redirect("/robots.txt"), id="circle"),
        pytest.param(redirect("http://10.0.0.1/robots.txt"), id="leads-into-a-private-network"),
        pytest.param(reply(200, bytes(16 * 2**20)), id="too-large"),
    ],
)
def test_no_usable_rules_allow(route: Route) -> None:
    assert ask(route, "/feed.xml")[0] == [None]


def test_rules_behind_a_bom_are_read() -> None:
    (refusal,), _, _ = ask(reply(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /feed\n"), "/feed.xml")
    assert refusal is not None


def test_failing_rules_forbid_all_for_the_run() -> None:
    (first, second), _, server = ask(reply(503, Retry_After="9"), "/a", "/b")
    assert first is not None
    assert second is not None
    assert first.outcome is second.outcome is Outcome.ROBOTS
    assert "503" in first.reason
    assert (first.retry_after, second.retry_after) == (timedelta(seconds=9), None)
    assert len(server.requests) == 1


def test_site_that_does_not_answer_is_reported_as_such_and_asked_twice_at_most() -> None:
    said, _, server = ask(raw(b"", close=False), "/a", "/b", "/c", hanging=3)
    assert [each.outcome for each in said if each] == [Outcome.TIMEOUT] * 3
    assert len(server.requests) == 2


def test_site_that_answers_the_second_time_is_read() -> None:
    said, _, _ = ask(turns(raw(b"", close=False), reply(404)), "/a", "/b", "/c", hanging=1)
    assert [each and each.outcome for each in said] == [Outcome.TIMEOUT, None, None]


def test_rate_limit_on_the_rules_is_a_rate_limit() -> None:
    (refusal,), _, _ = ask(reply(429, Retry_After="9"), "/a")
    assert refusal is not None
    assert (refusal.outcome, refusal.status, refusal.retry_after) == (Outcome.RATE_LIMITED, 429, timedelta(seconds=9))
