"""One crawl over many batches: what is kept between them, what is forgotten, when a batch ends."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.crawl import Crawl
from crawler.details import PageTarget
from monitor.visits import Lane, Outcome, PageVisit, Source
from tests.crawler.badserver import BadServer, Request, Route, bad_server, raw, reply, rss, settings, turns
from tests.crawler.slowreaders import article
from tests.crawler.test_run import DAY, FEED, HOUR, NOW, Office, source

MINUTE = timedelta(minutes=1)
GOOD = reply(200, FEED)


class Scene:
    """A crawl, a server and an office."""

    def __init__(self, crawl: Crawl, server: BadServer, office: Office) -> None:
        self.crawl, self.server, self.office = crawl, server, office
        self.lane = Lane(name="site", delay=timedelta(0))

    async def visit(self, *numbers: int, budget: timedelta | None = None, lane: Lane | None = None) -> int:
        return await self.crawl.visit(
            lane or self.lane,
            [source(self.server, number, f"/{number}") for number in numbers],
            on_visit=self.office.on_visit,
            on_pause=self.office.on_pause,
            budget=budget,
        )

    async def read_pages(self, *numbers: int, budget: timedelta | None = None) -> list[PageVisit]:
        found: list[PageVisit] = []

        async def keep(page: PageVisit) -> None:
            found.append(page)

        targets = [PageTarget(account_id="A", key=f"{n}", url=self.server.url(f"/{n}")) for n in numbers]
        await self.crawl.read_pages(self.lane, targets, on_page=keep, on_pause=self.office.on_pause, budget=budget)
        return found

    def paths(self) -> list[str]:
        return [each.path for each in self.server.requests]


@contextlib.asynccontextmanager
async def scene(*routes: Route, **changes: object) -> AsyncIterator[Scene]:
    office = Office()
    async with bad_server() as server:
        server.routes |= {f"/{number}": route for number, route in enumerate(routes)}
        told = settings(**({"obey_robots": False} | changes))
        async with Crawl(told, clock=office.clock, sleep=office.sleep) as crawl:
            yield Scene(crawl, server, office)


def gaps(server: BadServer) -> Sequence[float]:
    return [later.began - ended for ended, later in zip(server.ended, server.requests[1:], strict=False)]


def test_delay_holds_between_batches_and_between_visits_and_pages() -> None:
    async def main() -> BadServer:
        office = Office()
        async with bad_server() as server:
            server.routes |= {f"/{n}": reply(200, b"title") for n in range(4)}
            async with Crawl(settings(obey_robots=False), clock=office.clock, reader=article) as crawl:
                here = Scene(crawl, server, office)
                here.lane = replace(here.lane, delay=timedelta(seconds=0.15))
                await here.visit(0)
                await here.visit(1)
                await here.read_pages(2)
                await here.visit(3)
            return server

    server = asyncio.run(main())
    assert len(server.requests) == 4
    assert min(gaps(server)) >= 0.14


def test_batch_ends_in_time_but_asks_one_source_at_least() -> None:
    async def main() -> tuple[list[int], list[str]]:
        async with scene(GOOD, GOOD, GOOD) as here:
            counts = [
                await here.visit(0, 1, 2, budget=timedelta(0)),
                await here.visit(budget=timedelta(0)),
                await here.visit(1, 2, budget=timedelta(seconds=60)),
                len(await here.read_pages(0, 1, budget=timedelta(0))),
            ]
            return counts, here.paths()

    counts, paths = asyncio.run(main())
    assert counts == [1, 0, 2, 1]
    assert paths == ["/0", "/1", "/2", "/0"]


def test_control_visit_serves_the_batches_after_it() -> None:
    async def main() -> tuple[list[str], Office]:
        async with scene(GOOD, GOOD, reply(200, rss(HOUR, at=NOW))) as here:
            lane = replace(here.lane, control=Source(source_id=900, url=here.server.url("/2")))
            for after in (0, 20, 9, 2):
                here.office.now += after * MINUTE
                await here.visit(0, lane=lane)
            here.office.now -= HOUR  # our clock is set back
            await here.visit(0, lane=lane)
            other = replace(lane, control=Source(source_id=901, url=here.server.url("/1")))
            await here.visit(0, lane=other)
            await here.visit(0)
            return here.paths(), here.office

    paths, office = asyncio.run(main())
    assert paths == ["/2", "/0", "/0", "/0", "/2", "/0", "/2", "/0", "/1", "/0", "/0"]
    assert all(visit.proof is not None for visit in office.visits)


def test_control_that_failed_is_asked_again_soon() -> None:
    async def main() -> list[str]:
        async with scene(GOOD, turns(reply(500), reply(500), reply(200, rss(HOUR, at=NOW)))) as here:
            lane = replace(here.lane, control=Source(source_id=900, url=here.server.url("/1")))
            for after in (0, 4, 2):
                here.office.now += after * MINUTE
                await here.visit(0, lane=lane)
            return [visit.outcome for visit in here.office.visits if visit.source_id == 0]

    assert asyncio.run(main()) == [Outcome.STALE_LANE, Outcome.STALE_LANE, Outcome.NEW]


def test_rules_of_a_site_are_asked_for_once_a_day() -> None:
    async def main() -> tuple[int, list[Outcome]]:
        async with scene(GOOD, obey_robots=True) as here:
            here.server.routes["/robots.txt"] = turns(reply(404), reply(200, b"User-agent: *\nDisallow: /\n"))
            for after in (0, 10, 13, 2):
                here.office.now += after * HOUR
                await here.visit(0)
            return len(here.server.asked("/robots.txt")), [visit.outcome for visit in here.office.visits]

    asked, outcomes = asyncio.run(main())
    assert asked == 2
    assert outcomes == [Outcome.NEW, Outcome.NEW, Outcome.NEW, Outcome.ROBOTS]


def test_rules_that_failed_are_asked_for_again_soon() -> None:
    async def main() -> tuple[int, list[Outcome]]:
        async with scene(GOOD, obey_robots=True) as here:
            here.server.routes["/robots.txt"] = turns(reply(500), reply(404))
            for after in (0, 8, 3):
                here.office.now += after * MINUTE
                await here.visit(0)
            return len(here.server.asked("/robots.txt")), [visit.outcome for visit in here.office.visits]

    asked, outcomes = asyncio.run(main())
    assert asked == 2
    assert outcomes == [Outcome.ROBOTS, Outcome.ROBOTS, Outcome.NEW]


def test_lane_that_was_slowed_down_stays_slow_in_the_next_batch() -> None:
    async def main() -> list[float]:
        async with scene(reply(403), GOOD, GOOD, GOOD) as here:
            here.lane = replace(here.lane, delay=timedelta(seconds=30))
            await here.visit(1, 0)
            await here.visit(2)
            await here.visit(3)
            return here.office.slept

    slept = asyncio.run(main())
    # Less what was done since the last request: a body was read, for which a child was started.
    assert all(delay - 29 < each <= delay for each, delay in zip(slept, [30, 60, 30], strict=True))


def test_one_batch_of_a_lane_at_a_time() -> None:
    async def main() -> BadServer:
        slow = reply(404, after=0.05)
        async with scene(slow, slow, slow, slow) as here:
            await asyncio.gather(here.visit(0, 1), here.read_pages(2), here.visit(3))
            return here.server

    server = asyncio.run(main())
    assert [each.path for each in server.requests] == ["/0", "/1", "/2", "/3"]
    assert server.most == 1


def test_concurrency_holds_over_batches_of_all_lanes() -> None:
    async def main() -> BadServer:
        slow = reply(404, after=0.05)
        async with scene(*[slow] * 6, concurrency=2) as here:
            lanes = [Lane(name=f"lane{n}", delay=timedelta(0)) for n in range(6)]
            await asyncio.gather(*(here.visit(n, lane=lane) for n, lane in enumerate(lanes)))
            return here.server

    assert asyncio.run(main()).most == 2


def test_other_settings_hold_from_the_next_batch_on_and_the_old_session_is_closed() -> None:
    async def main() -> tuple[list[str], list[bool]]:
        async with scene(GOOD, GOOD) as here:
            sent, go_on = asyncio.Event(), asyncio.Event()

            async def held(request: Request, writer: asyncio.StreamWriter) -> None:
                sent.set()
                await go_on.wait()
                await GOOD(request, writer)

            here.server.routes["/0"] = held
            batch = asyncio.create_task(here.visit(0, 1))
            await sent.wait()
            assert here.crawl._tools is not None
            old = here.crawl._tools.web.session
            here.crawl.reload(settings(obey_robots=False, user_agent="xunjian/next"), ["http://127.0.0.1:1/"])
            assert here.crawl.network.probes.urls == ("http://127.0.0.1:1/",)
            open_yet = old.closed
            go_on.set()
            await batch
            await here.visit(1)
            agents = [each.headers["user-agent"] for each in here.server.requests]
            return agents, [open_yet, old.closed]

    agents, closed = asyncio.run(main())
    assert [agent == "xunjian/next" for agent in agents] == [False, False, True]
    assert closed == [False, True]


def test_reload_of_the_same_settings_changes_nothing() -> None:
    async def main() -> bool:
        async with scene(GOOD) as here:
            before = here.crawl._tools
            here.crawl.reload(settings(obey_robots=False))
            return here.crawl._tools is before

    assert asyncio.run(main())


def test_cancelled_batch_leaves_its_lane_to_the_next() -> None:
    async def main() -> tuple[Office, int]:
        async with scene(raw(b"", close=False), GOOD) as here:
            batch = asyncio.create_task(here.visit(0, 1))
            while not here.server.asked("/0"):  # noqa: ASYNC110  the server is another machine, so to speak
                await asyncio.sleep(0.01)
            batch.cancel()
            with pytest.raises(asyncio.CancelledError):
                await batch
            return here.office, await here.visit(1)

    office, count = asyncio.run(main())
    assert count == 1
    assert [visit.source_id for visit in office.visits] == [1]


def test_what_a_batch_raises_leaves_the_others_alone() -> None:
    async def main() -> int:
        async with scene(GOOD, GOOD) as here:

            async def full(_: object) -> None:
                raise OSError("disk full")

            made = [source(here.server, 0, "/0")]
            with pytest.raises(OSError, match="disk full"):
                await here.crawl.visit(here.lane, made, on_visit=full, on_pause=here.office.on_pause)
            return await here.visit(1)

    assert asyncio.run(main()) == 1


def test_nothing_is_kept_of_what_nobody_used_for_a_day() -> None:
    async def main() -> tuple[list[int], list[str]]:
        async with scene(*[GOOD] * 4, obey_robots=True) as here:
            sizes = []
            for number in range(4):
                lane = Lane(name=f"lane{number}", delay=timedelta(0))
                await here.visit(number, lane=lane)
                sizes.append(len(here.crawl._lanes))
                here.office.now += DAY / 3
            here.office.now += 2 * DAY
            await here.visit(0, lane=Lane(name="last", delay=timedelta(0)))
            assert here.crawl._tools is not None
            assert len(here.crawl._tools.robots._sites) == 1
            here.office.now -= 5 * DAY  # our clock is set back
            await here.visit(0, lane=Lane(name="past", delay=timedelta(0)))
            return sizes, list(here.crawl._lanes)

    sizes, left = asyncio.run(main())
    assert sizes == [1, 2, 3, 3]
    assert left == ["past"]
