"""Our own clock against the servers': while it is wrong nothing is proven, and one odd server is not believed."""

import asyncio
import gzip
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
ELSEWHERE = "127.0.0.2"
"""Another machine: the client's own address is 127.0.0.1 here."""


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
        async with bad_server(ELSEWHERE) as server, crawl:
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
    assert abs(offset + ours) < timedelta(seconds=30)
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
    assert abs(offset + ours) < timedelta(seconds=30)


def test_one_odd_server_among_several_does_not_count() -> None:
    visits, crawl = visits_by(ZERO, ZERO, ZERO, 8 * HOUR)
    assert [visit.proof is not None for visit in visits] == [True] * 3
    assert not crawl.clock_check.is_wrong
    odd = crawl.clock_check.offset_of("lane2")
    assert odd is not None
    assert abs(odd - 8 * HOUR) < timedelta(seconds=30)


def test_of_two_servers_the_one_that_agrees_with_us_proves() -> None:
    visits, crawl = visits_by(ZERO, ZERO, 8 * HOUR)
    assert [visit.proof is not None for visit in visits] == [True, False]
    assert "慢约8小时，不能确定何者有误" in visits[1].warnings[0]
    assert not crawl.clock_check.is_wrong
    assert crawl.clock_check.offset_of("lane1") is None
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
    assert not crawl.clock_check.is_wrong
    assert crawl.clock_check.offset_of("lane0") is None  # nobody else tells whether it is still so
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
        async with bad_server(ELSEWHERE) as server:
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
        async with bad_server(ELSEWHERE) as server:
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
        async with bad_server(ELSEWHERE) as server:

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
        async with bad_server(ELSEWHERE) as server:
            server.routes |= {"/a": redirect("/b"), "/b": dated(8 * HOUR)}
            await office.collect([source(server, 1, "/a")], obey_robots=False)
        return office.of(1)

    assert asyncio.run(main()).proof is None


def test_server_on_our_own_machine_vouches_for_nobody() -> None:
    async def main() -> Office:
        office = Office(now=NOW + DAY)
        async with bad_server() as bridge, bad_server(ELSEWHERE) as site:
            full, same = reply(200, FEED, ETag='"v"', Date=ours), reply(304, ETag='"v"', Date=ours)
            bridge.routes |= {"/1": turns(full, same), "/2": redirect(site.url("/4"))}
            site.routes |= {"/3": dated(ZERO), "/4": dated(ZERO), "/5": redirect(bridge.url("/1"))}
            made = [source(bridge, 1, "/1"), source(bridge, 2, "/2"), source(site, 3, "/3"), source(site, 5, "/5")]
            lane_of = {1: "a", 2: "b", 3: "c", 5: "d"}
            async with Crawl(settings(obey_robots=False), clock=office.clock, sleep=office.sleep) as crawl:
                for one in made:
                    lane = Lane(name=lane_of[one.source_id], delay=ZERO)
                    await crawl.visit(lane, [one], on_visit=office.on_visit, on_pause=office.on_pause)
                    heard.append(crawl.clock_check.offset)
        return office

    ours = format_datetime(NOW + DAY, usegmt=True)
    heard: list[timedelta | None] = []
    office = asyncio.run(main())
    assert office.of(1).proof is not None  # nobody could tell
    assert [office.of(number).proof for number in (2, 3, 5)] == [None] * 3
    assert [each is None for each in heard] == [True, False, False, False]


def test_run_is_given_what_was_remembered() -> None:
    async def main() -> Visit:
        office = Office()
        async with bad_server(ELSEWHERE) as server:
            server.routes["/1"] = dated(8 * HOUR)
            made, told = [source(server, 1, "/1")], settings(obey_robots=False)
            clocks = {ELSEWHERE: 8 * HOUR}
            await collect(made, {}, {}, told, office.on_visit, office.on_pause, clock=office.clock, clocks=clocks)
        return office.of(1)

    assert asyncio.run(main()).proof is not None


UNSURE = "<item><title>{0}</title><link>http://a.example/{0}</link><guid>{0}</guid><pubDate>{1}</pubDate></item>"


def feed_in_doubt() -> bytes:
    """A feed with a date that is to come by a slow clock, one without a year, none at all, and two in full."""
    made = [
        ("future", f"{NOW - HOUR:%a, %d %b %Y %H:%M:%S} GMT"),
        ("relative", "3小时前"),
        ("yearless", "11-18 10:00"),
        ("undated", ""),
        ("soon", f"{NOW - DAY + 9 * MINUTE:%a, %d %b %Y %H:%M:%S} GMT"),
        ("past", f"{NOW - 9 * DAY:%a, %d %b %Y %H:%M:%S} GMT"),
    ]
    items = "".join(UNSURE.format(*each) for each in made)
    return f'<rss version="2.0"><channel><title>账号</title>{items}</channel></rss>'.encode()


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut"])
def test_visit_in_doubt_shows_only_what_no_clock_of_ours_dates(*, cut: bool) -> None:
    body = feed_in_doubt()
    date = format_datetime(NOW, usegmt=True)
    full, same = reply(200, body, ETag='"v"', Date=date), reply(304, ETag='"v"', Date=date)
    if cut:
        full = reply(200, gzip.compress(body)[:-9], ETag='"v"', Date=date, Content_Encoding="gzip")

    async def honest(request: Request, writer: asyncio.StreamWriter) -> None:
        await (same if "if-none-match" in request.headers else full)(request, writer)

    async def main() -> list[Visit]:
        office = Office()
        async with bad_server(ELSEWHERE) as server:
            server.routes["/feed"] = honest
            one = source(server, 1, "/feed")
            async with Crawl(settings(obey_robots=False), clock=office.clock, sleep=office.sleep) as crawl:
                for ours in (ZERO, -DAY, -DAY, ZERO):
                    office.now = NOW + ours
                    lane = Lane(name="site", delay=ZERO)
                    await crawl.visit(lane, [one], on_visit=office.on_visit, on_pause=office.on_pause)
                    one = replace(one, memory=office.visits[-1].memory)
        return office.visits

    first, *doubted, last = asyncio.run(main())
    assert first.outcome is (Outcome.PARTIAL if cut else Outcome.NEW)
    every = ["future", "relative", "yearless", "undated", "soon", "past"]
    assert [item.title for item in first.items] == every
    for visit in doubted:
        assert visit.outcome is first.outcome
        assert [item.title for item in visit.items] == ["soon", "past"]
        assert visit.item_count == 6
        assert visit.warnings[-1].endswith("请核对本机时间，4条时间不能确定的信息本次未计入。")
        assert (visit.proof, visit.memory) == (None, Memory())
    # They come with the next good visit, though the server would have said that nothing has changed.
    assert [item.title for item in last.items] == every
    assert "未计入" not in "".join(last.warnings)


def test_unchanged_body_is_read_whole_after_a_doubt_about_our_clock() -> None:
    async def main() -> list[Visit]:
        office = Office()
        async with bad_server(ELSEWHERE) as server:
            server.routes["/feed"] = dated(ZERO)
            one = source(server, 1, "/feed")
            async with Crawl(settings(obey_robots=False), clock=office.clock, sleep=office.sleep) as crawl:
                for ours in (ZERO, ZERO, -DAY, ZERO):
                    office.now = NOW + ours
                    lane = Lane(name="site", delay=ZERO)
                    await crawl.visit(lane, [one], on_visit=office.on_visit, on_pause=office.on_pause)
                    one = replace(one, memory=office.visits[-1].memory)
        return office.visits

    visits = asyncio.run(main())
    assert [visit.outcome for visit in visits] == [Outcome.NEW, Outcome.SAME, Outcome.SAME, Outcome.NEW]
    assert [len(visit.items) for visit in visits] == [3, 0, 0, 3]
    assert "未计入" not in "".join(visits[2].warnings)  # it read nothing, and left out nothing


class Bench:
    """A clock and a stopwatch, moved by hand."""

    def __init__(self, remembered: Mapping[str, timedelta] | None = None) -> None:
        self.now, self.run = NOW, 0.0
        self.check = ClockCheck(lambda: self.now, remembered or {}, stopwatch=lambda: self.run)

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
    ("offsets", "doubted"),
    [
        pytest.param([-DAY], [True], id="alone"),
        pytest.param([ZERO, HOUR], [False, True], id="one against one"),
        pytest.param([ZERO, ZERO, HOUR], [False, False, False], id="odd among three"),
        pytest.param([ZERO, ZERO, ZERO, HOUR, -DAY], [False] * 5, id="two odd among five"),
        pytest.param([ZERO, ZERO, 4 * MINUTE, HOUR, HOUR], [False] * 5, id="two odd among five that agree"),
        pytest.param([4 * MINUTE, -DAY, DAY], [False, True, True], id="too few agree"),
        pytest.param([ZERO, ZERO, -DAY, DAY, DAY], [False, False, True, True, True], id="no majority agrees"),
        pytest.param([ZERO, HOUR, HOUR], [True] * 3, id="most disagree"),
    ],
)
def test_whose_visits_prove(offsets: list[timedelta], doubted: list[bool]) -> None:
    bench = Bench()
    bench.hear(*offsets)
    lanes = [f"lane{number}" for number in range(len(offsets))]
    assert [bool(bench.check.doubt(*each)) for each in zip(lanes, offsets, strict=True)] == doubted
    assert [bool(bench.check.doubt_of_next(lane)) for lane in lanes] == doubted


def test_small_offset_that_was_remembered_is_never_allowed_for() -> None:
    bench = Bench({"lane0": -4 * MINUTE})
    bench.hear(-8 * MINUTE)
    assert bench.check.is_wrong
    assert bench.check.doubt("lane0", -8 * MINUTE)
    assert bench.check.offset == -8 * MINUTE


def test_great_offset_that_was_remembered_counts_only_while_few_lanes_told() -> None:
    remembered = {"lane0": -DAY, "lane1": -DAY}
    few, enough = Bench(remembered), Bench(remembered)
    few.hear(-DAY, -DAY)
    assert few.check.doubt("lane0", -DAY) == ""
    enough.hear(-DAY, -DAY, -DAY)
    assert enough.check.doubt("lane0", -DAY)


def test_odd_server_is_remembered_as_it_stands_to_those_that_agree_with_us() -> None:
    bench = Bench()
    bench.hear(-4 * MINUTE, -4 * MINUTE, HOUR)
    assert bench.check.offset_of("lane0") == -4 * MINUTE
    assert bench.check.offset_of("lane2") == HOUR + 4 * MINUTE


def test_clock_that_drifts_between_restarts_is_found_wrong() -> None:
    ours, clocks = ZERO, dict[str, timedelta]()
    proven: list[timedelta] = []
    for _ in range(30):
        ours += 4 * MINUTE
        bench = Bench(clocks)
        for number in range(20):
            lane = f"lane{number}"
            bench.check.heard(lane, -ours)
            if not bench.check.doubt(lane, -ours):
                proven.append(ours)
        told = {f"lane{number}": bench.check.offset_of(f"lane{number}") for number in range(20)}
        clocks |= {lane: offset for lane, offset in told.items() if offset is not None}
        assert bench.check.offset == -ours
        assert bench.check.is_wrong == (ours > 5 * MINUTE)
    assert set(proven) == {4 * MINUTE}


SECONDS_OFF = st.integers(-2, 2).map(lambda seconds: timedelta(seconds=seconds))
FAR = st.timedeltas(min_value=5 * MINUTE + timedelta(seconds=3), max_value=400 * DAY)
WRONG = st.builds(lambda span, sign: span * sign, FAR, st.sampled_from([1, -1]))
ANY = st.timedeltas(min_value=-400 * DAY, max_value=400 * DAY) | SECONDS_OFF


@given(ours=WRONG, honest=st.lists(SECONDS_OFF, min_size=3, max_size=8), data=st.data())
def test_nothing_is_proven_by_a_wrong_clock_whatever_few_odd_servers_say(
    ours: timedelta, honest: list[timedelta], data: st.DataObject
) -> None:
    # An odd server may by chance, or as it has its time from us, agree with our wrong clock.
    odd = data.draw(st.lists(ANY | SECONDS_OFF.map(lambda off: ours + off), max_size=len(honest) - 1))
    told = data.draw(st.permutations([*((each, True) for each in honest), *((each, False) for each in odd)]))
    remembered = data.draw(st.dictionaries(st.sampled_from([f"lane{n}" for n in range(15)]), ANY))
    bench = Bench(remembered)
    strange = 0
    for number, (off, is_honest) in enumerate(told):
        bench.check.heard(f"lane{number}", off - ours)
        strange += not is_honest
        if is_honest and strange < 2 and f"lane{number}" not in remembered:
            assert bench.check.doubt(f"lane{number}", off - ours)  # at once, before the others have told
    assert bench.check.is_wrong
    for number, (off, _) in enumerate(told):
        assert bench.check.doubt(f"lane{number}", off - ours)
        assert bench.check.offset_of(f"lane{number}") is None
    assert bench.check.doubt("silent", None)


@given(honest=st.lists(SECONDS_OFF, min_size=3, max_size=8), data=st.data())
def test_right_clock_proves_whatever_few_odd_servers_say(honest: list[timedelta], data: st.DataObject) -> None:
    odd = data.draw(st.lists(ANY, max_size=len(honest) - 1))
    told = data.draw(st.permutations([*honest, *odd]))
    bench = Bench()
    bench.hear(*told)
    assert not bench.check.is_wrong
    for number, off in enumerate(told):
        doubt = bench.check.doubt(f"lane{number}", off)
        assert not doubt
    assert bench.check.doubt("silent", None) == ""


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
