"""Our own clock against the servers': while it is wrong nothing is proven, and one odd server is not believed."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from crawler.clocks import ClockCheck
from crawler.contact import ahead_of
from crawler.crawl import Crawl
from crawler.run import collect
from monitor.spans import Span
from monitor.visits import Lane, Memory, Outcome, Source, Visit
from tests.crawler.badserver import Request, Route, bad_server, redirect, reply, rss, settings, turns
from tests.crawler.test_run import DAY, FEED, HOUR, NOW, OLDEST, STEP, Office, source

MINUTE = timedelta(minutes=1)
ZERO = timedelta(0)


def dated(off: timedelta) -> Route:
    """Answer with the feed and the true time (NOW), which the server's clock may be off by ``off``."""
    return reply(200, FEED, Date=format_datetime(NOW + off, usegmt=True))


def visits_by(
    ours: timedelta, *servers: timedelta | None, clocks: Mapping[str, timedelta] | None = None
) -> tuple[list[Visit], Crawl]:
    """Visit servers, each a lane, whose clocks are off by these (None: no Date), while ours is off by ``ours``."""

    async def main() -> tuple[list[Visit], Crawl]:
        office = Office(now=NOW + ours)
        crawl = Crawl(settings(obey_robots=False), clock=office.clock, sleep=office.sleep, clocks=clocks or {})
        async with bad_server() as server, crawl:
            for number, off in enumerate(servers):
                server.routes[f"/{number}"] = reply(200, FEED) if off is None else dated(off)
                lane = Lane(name=f"lane{number}", delay=ZERO)
                made = [source(server, number, f"/{number}")]
                await crawl.visit(lane, made, on_visit=office.on_visit, on_pause=office.on_pause)
            return office.visits, crawl

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("ours", "says"),
    [
        pytest.param(DAY, "快约1天，", id="a day ahead"),
        pytest.param(-HOUR - 5 * MINUTE, "慢约1小时5分钟，", id="an hour behind"),
        pytest.param(6 * MINUTE, "快约6分钟，", id="six minutes ahead"),
    ],
)
def test_wrong_clock_of_ours_proves_nothing(ours: timedelta, says: str) -> None:
    visits, crawl = visits_by(ours, ZERO, 2 * timedelta(seconds=1), -timedelta(seconds=1), ZERO)
    for visit in visits:
        assert (visit.outcome, visit.proof) == (Outcome.NEW, None)
        assert len(visit.items) == 3
        assert visit.memory == Memory()
    assert visits[0].reach == OLDEST + STEP
    assert visits[-1].warnings == (f"本机时间比网站服务器的时间{says}本次不能证明没有更新，请校准本机时间。",)
    offset = crawl.clock_check.offset
    assert offset is not None
    assert abs(offset + ours) < timedelta(seconds=3)
    assert crawl.clock_check.is_wrong
    assert crawl.clock_check.offset_of("lane0") is None  # told by nobody whom one could hold it against


@pytest.mark.parametrize("ours", [4 * MINUTE, -4 * MINUTE, ZERO], ids=["ahead", "behind", "right"])
def test_clock_that_is_off_by_less_than_five_minutes_will_do(ours: timedelta) -> None:
    visits, crawl = visits_by(ours, ZERO, ZERO, ZERO)
    assert [visit.proof for visit in visits] == [Span(OLDEST + STEP, NOW + ours)] * 3
    assert [visit.warnings for visit in visits] == [()] * 3
    assert not crawl.clock_check.is_wrong
    offset = crawl.clock_check.offset_of("lane0")
    assert offset is not None
    assert abs(offset + ours) < timedelta(seconds=3)


def test_one_odd_server_among_several_does_not_count() -> None:
    visits, crawl = visits_by(ZERO, ZERO, ZERO, 8 * HOUR)
    assert [visit.proof is not None for visit in visits] == [True] * 3
    assert not crawl.clock_check.is_wrong
    odd = crawl.clock_check.offset_of("lane2")
    assert odd is not None
    assert abs(odd - 8 * HOUR) < timedelta(seconds=3)


def test_of_two_servers_one_that_agrees_with_us_is_enough() -> None:
    visits, _ = visits_by(ZERO, ZERO, 8 * HOUR)
    assert [visit.proof is not None for visit in visits] == [True, True]
    both, _ = visits_by(ZERO, HOUR, 8 * HOUR)
    assert [visit.proof is not None for visit in both] == [False, False]


def test_single_server_that_disagrees_leaves_us_without_proof_and_says_why() -> None:
    (visit,), crawl = visits_by(ZERO, 8 * HOUR)
    assert visit.proof is None
    assert visit.warnings == (
        "本机时间比网站服务器的时间慢约8小时，不能确定何者有误，本次不能证明没有更新，请核对本机时间。",
    )
    assert crawl.clock_check.offset_of("lane0") is None
    (agreeing,), _ = visits_by(ZERO, ZERO)
    assert agreeing.proof is not None


def test_server_that_is_known_to_be_off_by_itself_is_allowed_for() -> None:
    (visit,), crawl = visits_by(ZERO, 8 * HOUR, clocks={"lane0": 8 * HOUR, "other": ZERO})
    assert visit.proof is not None
    assert crawl.clock_check.offset_of("lane0") is not None
    (wrong,), _ = visits_by(8 * HOUR, 8 * HOUR, clocks={"lane0": 8 * HOUR})
    assert wrong.proof is None  # it agrees with us now, and never did before
    (changed,), _ = visits_by(DAY, ZERO, clocks={"lane0": ZERO, "a": ZERO, "b": ZERO, "c": ZERO})
    assert changed.proof is None  # what others said before our clock was set says nothing of it now


def test_servers_that_do_not_tell_the_time_are_judged_by_the_others() -> None:
    visits, crawl = visits_by(ZERO, None, None)
    assert [visit.proof is not None for visit in visits] == [True, True]
    assert crawl.clock_check.offset is None
    assert crawl.clock_check.offset_of("lane0") is None
    after, _ = visits_by(DAY, ZERO, ZERO, ZERO, None)
    assert after[3].proof is None


def test_clock_that_was_wrong_is_found_out_and_what_it_remembered_is_read_anew() -> None:
    async def main() -> tuple[list[Visit], list[bool]]:
        office = Office(now=NOW + DAY)
        async with bad_server() as server:
            date = format_datetime(NOW, usegmt=True)
            full, same = reply(200, FEED, ETag='"v1"', Date=date), reply(304, ETag='"v1"', Date=date)
            server.routes["/feed"] = turns(full, full, same)
            one = source(server, 1, "/feed")
            async with Crawl(settings(obey_robots=False), clock=office.clock, sleep=office.sleep) as crawl:
                for ours in (DAY, ZERO, ZERO):
                    office.now = NOW + ours
                    lane = Lane(name="site", delay=ZERO)
                    await crawl.visit(lane, [one], on_visit=office.on_visit, on_pause=office.on_pause)
                    one = replace(one, memory=office.visits[-1].memory)
            return office.visits, ["if-none-match" in each.headers for each in server.asked("/feed")]

    visits, sent = asyncio.run(main())
    assert [visit.outcome for visit in visits] == [Outcome.NEW, Outcome.NEW, Outcome.NOT_MODIFIED]
    assert [visit.proof is None for visit in visits] == [True, False, False]
    assert sent == [False, False, True]


def test_wrong_clock_is_not_put_down_to_the_lane() -> None:
    async def main() -> Visit:
        office = Office(now=NOW + 3 * DAY)
        async with bad_server() as server:
            server.routes |= {"/control": reply(200, rss(HOUR, at=NOW)), "/a": dated(ZERO)}
            lane = Lane(name="bridge", delay=ZERO, control=Source(source_id=900, url=server.url("/control")))
            async with Crawl(settings(obey_robots=False), clock=office.clock, sleep=office.sleep) as crawl:
                await crawl.visit(lane, [source(server, 1, "/a")], on_visit=office.on_visit, on_pause=office.on_pause)
        return office.of(1)

    visit = asyncio.run(main())
    assert (visit.outcome, visit.proof) == (Outcome.NEW, None)
    assert "快约3天" in visit.warnings[0]


def test_clock_is_judged_as_it_was_when_the_visit_began() -> None:
    async def main() -> list[Visit]:
        office = Office(now=NOW + DAY)
        async with bad_server() as server:

            async def mended(request: Request, writer: asyncio.StreamWriter) -> None:
                office.now = NOW  # somebody sets our clock while we wait for the answer
                await dated(ZERO)(request, writer)

            server.routes |= {"/0": mended, "/1": dated(ZERO)}
            await office.collect([source(server, n, f"/{n}") for n in range(2)], obey_robots=False)
        return office.visits

    first, second = asyncio.run(main())
    assert (first.started_at, first.proof) == (NOW + DAY, None)
    assert second.proof is not None


def test_redirect_is_held_against_the_server_that_answered() -> None:
    async def main() -> Visit:
        office = Office()
        async with bad_server() as server:
            server.routes |= {"/a": redirect("/b"), "/b": dated(8 * HOUR)}
            await office.collect([source(server, 1, "/a")], obey_robots=False)
        return office.of(1)

    assert asyncio.run(main()).proof is None


def test_run_is_given_what_was_remembered() -> None:
    async def main() -> Visit:
        office = Office()
        async with bad_server() as server:
            server.routes["/1"] = dated(8 * HOUR)
            made, told = [source(server, 1, "/1")], settings(obey_robots=False)
            clocks = {"127.0.0.1": 8 * HOUR}
            await collect(made, {}, {}, told, office.on_visit, office.on_pause, clock=office.clock, clocks=clocks)
        return office.of(1)

    assert asyncio.run(main()).proof is not None


class Bench:
    """A clock and a stopwatch, moved by hand."""

    def __init__(self) -> None:
        self.now, self.run = NOW, 0.0
        self.check = ClockCheck(lambda: self.now, stopwatch=lambda: self.run)

    def pass_time(self, span: timedelta) -> None:
        self.now += span
        self.run += span.total_seconds()

    def hear(self, *offsets: timedelta) -> None:
        for number, offset in enumerate(offsets):
            self.check.heard(f"lane{number}", offset)


def test_what_was_measured_before_our_clock_was_set_is_void() -> None:
    bench = Bench()
    bench.hear(ZERO, ZERO, ZERO)
    bench.pass_time(20 * HOUR)
    assert bench.check.offset == ZERO
    bench.now += 2 * MINUTE
    assert bench.check.offset_of("lane0") is None
    bench.hear(-DAY)
    assert bench.check.is_wrong  # by the only one that told since
    bench.now -= 2 * MINUTE  # set back again: the others count as before
    assert bench.check.doubt("lane1", None) == ""


def test_what_was_measured_is_good_for_a_day_and_then_forgotten() -> None:
    bench = Bench()
    bench.hear(DAY)
    bench.pass_time(23 * HOUR)
    assert bench.check.is_wrong
    bench.pass_time(2 * HOUR)
    assert bench.check.doubt("lane0", None) == ""
    bench.check.prune()
    assert bench.check._measured == {}


def test_newest_answers_of_many_lanes_decide() -> None:
    bench = Bench()
    for number in range(300):
        bench.check.heard(f"old{number}", DAY)
    bench.hear(*[ZERO] * 60)
    assert bench.check.offset == ZERO


@pytest.mark.parametrize(
    ("offsets", "wrong"),
    [
        pytest.param([], False, id="nobody"),
        pytest.param([5 * MINUTE], False, id="at the limit"),
        pytest.param([-6 * MINUTE], True, id="beyond"),
        pytest.param([HOUR, -HOUR], True, id="two that contradict us and each other"),
        pytest.param([ZERO, HOUR, HOUR], True, id="two of three"),
        pytest.param([ZERO, ZERO, HOUR, HOUR], True, id="two of four: nobody can tell"),
        pytest.param([ZERO, ZERO, ZERO, HOUR, HOUR], False, id="two of five"),
    ],
)
def test_when_our_clock_is_wrong(offsets: list[timedelta], *, wrong: bool) -> None:
    bench = Bench()
    bench.hear(*offsets)
    assert bench.check.is_wrong is wrong
    assert bool(bench.check.doubt("another", None)) is wrong


@pytest.mark.parametrize(
    ("headers", "ahead"),
    [
        pytest.param({"Date": "Sun, 22 Nov 2026 08:00:30 GMT"}, timedelta(seconds=30), id="GMT"),
        pytest.param({"Date": "Sun, 22 Nov 2026 08:00:30 -0000"}, timedelta(seconds=30), id="no zone"),
        pytest.param({"Date": "Sun, 22 Nov 2026 16:00:30 +0800"}, timedelta(seconds=30), id="another zone"),
        pytest.param({"Date": "yesterday"}, None, id="nonsense"),
        pytest.param({"Date": "Sun, 32 Nov 2026 08:00:30 GMT"}, None, id="no day"),
        pytest.param({"Date": "\xcd\xed"}, None, id="bytes"),
        pytest.param({"Date": ""}, None, id="empty"),
        pytest.param({}, None, id="none"),
    ],
)
def test_date_header(headers: dict[str, str], ahead: timedelta | None) -> None:
    assert ahead_of(headers, NOW, ZERO) == ahead


def test_answer_out_of_a_cache_is_as_old_as_that_says() -> None:
    assert ahead_of({"Date": "Sun, 22 Nov 2026 07:00:00 GMT"}, NOW, HOUR) == ZERO
    assert ahead_of({"Date": "Fri, 31 Dec 9999 23:59:59 GMT"}, NOW, HOUR) is None
