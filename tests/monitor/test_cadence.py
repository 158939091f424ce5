"""When a source is visited next: scenarios, laws, and weeks played through."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from sys import gettrace
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cadence import (
    Known,
    Plan,
    Rhythm,
    Why,
    failures_in,
    fill_time,
    interval_of,
    next_visit,
    open_duties,
    stretch_of,
    wanted_ends,
)
from monitor.deadlines import deadlines_of
from monitor.findings import Deadline, Window
from monitor.frame import Frame
from monitor.policy import Policy
from monitor.values import Account, Post
from monitor.visits import Outcome
from tests.monitor.builders import (
    ALWAYS,
    ONE_DAY,
    REPOST,
    ZONE,
    account,
    case,
    day,
    frame,
    moment,
    policy,
    posts,
)

SAME, OUTAGE, TIMEOUT, BLOCKED = Outcome.SAME, Outcome.LOCAL_OUTAGE, Outcome.TIMEOUT, Outcome.BLOCKED
RHYTHM = Rhythm()
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOON = moment("10-14 12:00")  # a Wednesday


def deadline(ends: str | datetime, days: int = 7, *, code: str = "GX-03") -> Deadline:
    end = moment(ends)
    last = end.astimezone(ZONE).date() - ONE_DAY
    return Deadline(code=code, category="", window=Window(last - ONE_DAY * (days - 1), last), ends_at=end)


def every(step: timedelta, count: int, until: datetime = NOON) -> tuple[datetime, ...]:
    """So many posts, ``step`` apart, up to a moment."""
    return tuple(until - step * n for n in reversed(range(count)))


def known(at: str | datetime | None = "10-14 12:00", *outcomes: Outcome, **more: object) -> Known:
    return replace(Known(visited_at=None if at is None else moment(at), outcomes=outcomes or (SAME,)), **more)  # type: ignore[arg-type]


def plan(one: Known, now: str | datetime = NOON, chance: float = 0.0, rhythm: Rhythm = RHYTHM) -> Plan:
    return next_visit(one, moment(now), rhythm, chance)


def local(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%m-%d %H:%M}"


# -------------------------------------------------------------------------------------------------------- scenarios


@pytest.mark.parametrize(
    ("one", "now", "due", "why"),
    [
        pytest.param(known(), NOON, "10-15 00:00", Why.ROUTINE, id="nothing known but that it answered"),
        pytest.param(known("10-13 12:00"), NOON, "10-14 12:00", Why.ROUTINE, id="overdue: now"),
        pytest.param(known(window=20), NOON, "10-15 00:00", Why.ROUTINE, id="no posts"),
        pytest.param(known(published=every(HOUR, 40)), NOON, "10-15 00:00", Why.ROUTINE, id="no list seen yet"),
        pytest.param(
            known(window=20, published=every(ONE_DAY, 40)),
            NOON,
            "10-15 00:00",
            Why.ROUTINE,
            id="a post a day, 20 shown",
        ),
        pytest.param(
            known(window=9, published=every(HOUR, 40)),
            NOON,
            "10-14 16:00",
            Why.RATE,
            id="half of what fills in 8 hours",
        ),
        pytest.param(
            known(window=5, published=every(10 * MINUTE, 40)),
            NOON,
            "10-14 12:20",
            Why.WINDOW,
            id="it fills in 40 minutes",
        ),
        pytest.param(
            known(window=5, published=every(MINUTE, 40)),
            NOON,
            "10-14 12:05",
            Why.WINDOW,
            id="never more than every 5 minutes",
        ),
        pytest.param(
            known(window=9, published=(*every(ONE_DAY, 20, moment("10-01")), *every(HOUR, 9, moment("10-08")))),
            NOON,
            "10-14 16:00",
            Why.RATE,
            id="the busiest day counts, not the quiet week since",
        ),
        pytest.param(
            known(window=9, published=every(HOUR, 40), stretch=2.0),
            NOON,
            "10-14 20:00",
            Why.RATE,
            id="a lane half as fast",
        ),
        pytest.param(known(stretch=50.0), NOON, "10-15 11:00", Why.ROUTINE, id="however slow the lane, within a day"),
        pytest.param(known(stretch=0.1), NOON, "10-15 00:00", Why.ROUTINE, id="a lane with time to spare"),
        pytest.param(
            known(deadlines=(deadline("10-15 12:00"),)),
            NOON,
            "10-14 18:00",
            Why.DEADLINE,
            id="a quarter of the day left",
        ),
        pytest.param(
            known(deadlines=(deadline("10-15 12:00"),), stretch=1.5),
            NOON,
            "10-14 21:00",
            Why.DEADLINE,
            id="a quarter of the day left, in a slow lane",
        ),
        pytest.param(
            known(deadlines=(deadline("10-14 13:10"),)), NOON, "10-14 12:30", Why.DEADLINE, id="not under the shortest"
        ),
        pytest.param(
            known(deadlines=(deadline("10-14 12:38"),)),
            NOON,
            "10-14 12:28",
            Why.DEADLINE,
            id="once more before it ends",
        ),
        pytest.param(
            known(deadlines=(deadline("10-14 12:20"),), ends=(moment("10-14 12:20"),)),
            NOON,
            "10-14 12:30",
            Why.DEADLINE,
            id="just looked at before it ends",
        ),
        pytest.param(
            known(deadlines=(deadline("10-16 00:00", 1, code="GX-02"),)),
            NOON,
            "10-15 00:00",
            Why.ROUTINE,
            id="tomorrow's deadline has not begun",
        ),
        pytest.param(
            known("10-14 19:00", deadlines=(deadline("10-16 00:00", 1, code="GX-02"),)),
            "10-14 19:00",
            "10-15 06:00",
            Why.DEADLINE,
            id="tomorrow's deadline, from its beginning on",
        ),
        pytest.param(
            known("10-14 11:00", deadlines=(deadline("10-14 11:30"),)),
            NOON,
            "10-14 23:00",
            Why.ROUTINE,
            id="a deadline that has passed",
        ),
        pytest.param(
            known(before=(moment("10-14 15:00"),)), NOON, "10-14 14:50", Why.DEADLINE, id="before the day's reminder"
        ),
        pytest.param(
            known("10-14 14:40", before=(moment("10-14 15:00"),)),
            "10-14 14:40",
            "10-15 02:40",
            Why.ROUTINE,
            id="looked at before the day's reminder",
        ),
        pytest.param(
            known("10-31 20:00", ends=(moment("11-01"),)),
            "10-31 20:00",
            "11-01 00:30",
            Why.PROOF,
            id="after the month's end",
        ),
        pytest.param(
            known("10-31 20:00", ends=(moment("11-01"),), stretch=3.0),
            "10-31 20:00",
            "11-01 01:26",
            Why.PROOF,
            id="after the month's end in a slow lane",
        ),
        pytest.param(
            known("10-31 20:00", ends=(moment("10-01"), moment("11-01"))),
            "11-02 08:00",
            "11-02 08:00",
            Why.PROOF,
            id="the month's end slept through: now",
        ),
        pytest.param(
            known("11-01 00:10", ends=(moment("11-01"),)),
            "11-01 00:10",
            "11-01 12:10",
            Why.ROUTINE,
            id="proven already",
        ),
        pytest.param(
            known("11-01 00:00", ends=(moment("11-01"),)),
            "11-01",
            "11-01 12:00",
            Why.ROUTINE,
            id="begun as the month ended",
        ),
        pytest.param(
            known("11-01 00:10", ends=(moment("11-01"),), proven_until=moment("10-31 23:50")),
            "11-01 00:10",
            "11-01 00:40",
            Why.PROOF,
            id="a lag keeps back the proof: once more",
        ),
        pytest.param(
            known("11-01 04:00", ends=(moment("11-01"),), proven_until=moment("10-31 23:50")),
            "11-01 04:00",
            "11-01 08:00",
            Why.PROOF,
            id="and ever later",
        ),
        pytest.param(
            known("11-01 00:40", ends=(moment("11-01"),), proven_until=moment("11-01 00:20")),
            "11-01 00:40",
            "11-01 12:40",
            Why.ROUTINE,
            id="and no more once it is there",
        ),
        pytest.param(
            known("11-01 00:10", *[TIMEOUT] * 9, ends=(moment("11-01"),), proven_until=moment("10-31 23:50")),
            "11-01 00:10",
            "11-01 06:10",
            Why.FAILED,
            id="a failure after the month's end",
        ),
        pytest.param(known(NOON, TIMEOUT, SAME), NOON, "10-14 12:10", Why.FAILED, id="one failure"),
        pytest.param(known(NOON, TIMEOUT, BLOCKED, SAME, TIMEOUT), NOON, "10-14 12:20", Why.FAILED, id="two in a row"),
        pytest.param(known(NOON, *[TIMEOUT] * 5), NOON, "10-14 14:40", Why.FAILED, id="five in a row"),
        pytest.param(known(NOON, *[TIMEOUT] * 12), NOON, "10-14 18:00", Why.FAILED, id="never more than six hours"),
        pytest.param(
            known(NOON, TIMEOUT, window=5, published=every(MINUTE, 9)),
            NOON,
            "10-14 12:05",
            Why.FAILED,
            id="a failure of a list that fills at once",
        ),
        pytest.param(
            known(NOON, *[TIMEOUT] * 9, deadlines=(deadline("10-14 16:00"),)),
            NOON,
            "10-14 15:50",
            Why.DEADLINE,
            id="a failing source before its deadline",
        ),
        pytest.param(
            known("10-31 23:00", *[TIMEOUT] * 9, ends=(moment("11-01"),)),
            "10-31 23:00",
            "11-01 00:30",
            Why.PROOF,
            id="a failing source after the month's end",
        ),
        pytest.param(known(NOON, OUTAGE, SAME), NOON, "10-14 12:10", Why.FAILED, id="our own outage: soon"),
        pytest.param(
            known(NOON, OUTAGE, *[TIMEOUT] * 9),
            NOON,
            "10-14 12:10",
            Why.FAILED,
            id="our own outage amid failures: soon",
        ),
        pytest.param(known("10-14 13:00"), NOON, "10-14 12:30", Why.ROUTINE, id="the clock was set back an hour"),
        pytest.param(
            known("10-15 13:00", *[TIMEOUT] * 12), NOON, "10-14 12:30", Why.FAILED, id="the clock was set back a day"
        ),
        pytest.param(known("10-14 12:01"), NOON, "10-15 00:00", Why.ROUTINE, id="a minute ahead is no clock set back"),
        pytest.param(
            known("10-13 12:00"), "10-15 13:00", "10-15 13:00", Why.ROUTINE, id="the clock jumped a day forward"
        ),
    ],
)
def test_the_next_visit(one: Known, now: str | datetime, due: str, why: Why) -> None:
    found = plan(one, now)
    assert (local(found.due_at), found.why) == (due, why)


def test_a_reminder_that_has_passed_asks_for_nothing() -> None:
    late = plan(known("10-14 11:00", before=(moment("10-14 11:40"),)))
    assert (local(late.due_at), late.why) == ("10-14 23:00", Why.ROUTINE)


def test_the_look_before_a_deadline_does_not_follow_on_the_heels_of_a_visit() -> None:
    near = known(deadlines=(deadline("10-14 12:31"),))
    assert [local(plan(near, chance=chance).due_at) for chance in (0.0, 0.5, 0.99)] == [
        "10-14 12:21",
        "10-14 12:15",
        "10-14 12:15",
    ]


def test_what_was_never_visited_comes_first() -> None:
    never = plan(known(None, TIMEOUT, deadlines=(deadline("10-15"),)))
    assert never == Plan(due_at=NOON, latest=datetime(2000, 1, 1, tzinfo=UTC), why=Why.FIRST, failures=0)
    assert never.latest < plan(known("10-01")).latest


@pytest.mark.parametrize(
    ("one", "latest"),
    [
        pytest.param(known(), "10-15 12:00", id="a day unseen"),
        pytest.param(known(window=9, published=every(HOUR, 40)), "10-14 20:00", id="the list is full"),
        pytest.param(known(window=5, published=every(MINUTE, 40)), "10-14 12:04", id="it is full before we are there"),
        pytest.param(known(deadlines=(deadline("10-15"), deadline("10-19"))), "10-15 00:00", id="the nearest deadline"),
        pytest.param(known(before=(moment("10-14 15:00"),)), "10-14 15:00", id="a reminder"),
        pytest.param(known(deadlines=(deadline("10-14 12:20"),)), "10-15 12:00", id="a deadline just looked at"),
        pytest.param(known(ends=(moment("10-12"), moment("10-15"))), "10-15 04:00", id="the proof after an end"),
        pytest.param(known("10-10 12:00"), "10-11 12:00", id="long overdue"),
    ],
)
def test_by_when_at_the_latest(one: Known, latest: str) -> None:
    assert local(plan(one).latest) == latest


@pytest.mark.parametrize(
    ("published", "window", "time"),
    [
        pytest.param((), 3, None, id="no posts"),
        pytest.param(every(HOUR, 9), 0, None, id="no list"),
        pytest.param(every(HOUR, 9), 1, None, id="a single item is replaced by each post"),
        pytest.param(every(HOUR, 2), 3, None, id="so many never appeared"),
        pytest.param(every(HOUR, 3), 3, 2 * HOUR, id="exactly so many"),
        pytest.param((*every(HOUR, 3, moment("10-01")), *every(MINUTE, 3)), 3, 2 * MINUTE, id="the busiest stretch"),
        pytest.param((NOON,) * 5, 3, None, id="all at one moment"),
        pytest.param((*(moment("10-13"),) * 5, *(moment("10-14"),) * 4), 4, ONE_DAY, id="days without times"),
    ],
)
def test_how_soon_a_list_fills(published: tuple[datetime, ...], window: int, time: timedelta | None) -> None:
    assert fill_time(published, window) == time


@pytest.mark.parametrize(
    ("outcomes", "count"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([SAME, TIMEOUT], 0, id="the newest is good"),
        pytest.param([TIMEOUT, Outcome.EMPTY, Outcome.NOT_MODIFIED, TIMEOUT], 2, id="up to the last good one"),
        pytest.param(
            [OUTAGE, TIMEOUT, OUTAGE, OUTAGE, BLOCKED, SAME], 2, id="own outages neither count nor end the row"
        ),
        pytest.param([OUTAGE], 0, id="only our own outage"),
    ],
)
def test_failures_in_a_row(outcomes: list[Outcome], count: int) -> None:
    assert failures_in(outcomes) == count
    assert plan(known(NOON, *outcomes)).failures == count


@pytest.mark.parametrize(
    ("intervals", "cost", "stretch"),
    [
        pytest.param([], MINUTE, 1.0, id="no sources"),
        pytest.param([12 * HOUR] * 20, timedelta(seconds=5), 1.0, id="twenty quiet sites"),
        pytest.param(
            [12 * HOUR] * 2400, timedelta(seconds=29), 2400 * 29 / 43200 / 0.8, id="2,400 slow ones on one bridge"
        ),
        pytest.param([timedelta(0)], MINUTE, 1.0, id="no interval"),
    ],
)
def test_how_much_a_lane_must_stretch(intervals: list[timedelta], cost: timedelta, stretch: float) -> None:
    assert stretch_of(intervals, cost) == pytest.approx(stretch)


def test_the_intervals_that_a_lane_stretches() -> None:
    busy = known(window=9, published=every(HOUR, 40), stretch=9.0)
    assert interval_of(busy, NOON, RHYTHM) == 4 * HOUR
    assert interval_of(known(None), NOON, RHYTHM) == 12 * HOUR
    assert interval_of(known("10-14 06:00", deadlines=(deadline("10-15"),)), NOON, RHYTHM) == 4.5 * HOUR


# ------------------------------------------------------------------------------------------------- duties and ends


@pytest.mark.parametrize(
    ("posted", "of", "by", "codes"),
    [
        pytest.param(posts("10-12"), None, None, "GX-01 GX-03 YC-01", id="all can be met"),
        pytest.param(posts("09-30"), None, None, "GX-01 GX-03 YC-01", id="today is the last day"),
        pytest.param(posts("09-29"), None, None, "GX-03", id="broken yesterday"),
        pytest.param([], None, None, "GX-03", id="never a post"),
        pytest.param([], account(opened="10-08"), None, "GX-01 GX-03 YC-01", id="never a post, opened six days ago"),
        pytest.param([], account(opened="09-08"), None, "GX-03", id="never a post, opened long ago"),
        pytest.param(posts("10-12", of=REPOST), None, None, "GX-01 GX-03", id="never an original"),
        pytest.param(
            posts("10-12", of=REPOST),
            None,
            policy({"YC-01": {"mode": "fixed"}}),
            "GX-01 GX-03 YC-01",
            id="fixed windows",
        ),
        pytest.param([], account(main=True), None, "GX-02", id="a silent main account owes today's post"),
    ],
)
def test_duties_that_can_still_be_met(posted: list[Post], of: Account | None, by: Policy | None, codes: str) -> None:
    one = case(posted, ALWAYS, of=of, within=frame(at=NOON, by=by))
    assert sorted(each.code for each in open_duties(one, deadlines_of(one))) == codes.split()


@pytest.mark.parametrize(
    ("main", "now", "ends"),
    [
        pytest.param(False, "10-14 12:00", "10-01 10-12 10-19 11-01", id="Wednesday: month and week"),
        pytest.param(False, "10-18 23:59", "10-01 10-12 10-19 11-01", id="the last minute of the week"),
        pytest.param(False, "10-19 00:00", "10-01 10-19 10-26 11-01", id="the first of the next"),
        pytest.param(True, "10-14 12:00", "10-01 10-14 10-15 11-01", id="main: month and working day"),
        pytest.param(True, "10-17 12:00", "10-01 10-17 10-20 11-01", id="main: Saturday"),
        pytest.param(
            True, "10-06 12:00", "10-01 10-09 11-01", id="main: the National Day, which followed a working day"
        ),
        pytest.param(False, "11-01 00:00", "10-26 11-01 11-02 12-01", id="the month has just ended"),
        pytest.param(False, "10-31 23:59", "10-01 10-26 11-01 11-02", id="the month is about to end"),
    ],
)
def test_after_which_moments_a_visit_is_wanted(main: bool, now: str, ends: str) -> None:
    within = frame(at=now)
    found = wanted_ends(within, account(main=main), ())
    assert found == tuple(moment(each) for each in ends.split())


def test_the_ends_of_deadlines_and_of_rules_that_are_not_judged() -> None:
    within = frame(at=NOON, by=policy(off=["GX-02", "GX-03"]))
    month = (moment("10-01"), moment("11-01"))
    for main in (True, False):
        assert wanted_ends(within, account(main=main), ()) == month
    found = wanted_ends(within, account(), [deadline("10-20"), deadline("11-01"), deadline("10-20", code="GX-01")])
    assert found == (moment("10-01"), moment("10-20"), moment("11-01"))


def test_a_week_that_begins_on_sunday() -> None:
    within = frame(at=NOON, by=policy({"GX-03": {"week_start": 7}}, off=["GX-01"]))
    assert wanted_ends(within, account(), ()) == tuple(moment(each) for each in ("10-01", "10-11", "10-18", "11-01"))


# ------------------------------------------------------------------------------------------------------------- laws

minutes = st.integers(0, 60 * 24 * 3).map(lambda n: MINUTE * n)
chances = st.floats(0, 1, exclude_max=True)
outcomes = st.lists(st.sampled_from([SAME, OUTAGE, TIMEOUT, BLOCKED, Outcome.NEW, Outcome.EMPTY]), max_size=12)
moments_ahead = st.lists(minutes.map(lambda by: NOON - ONE_DAY + by), max_size=3).map(lambda some: tuple(sorted(some)))


@st.composite
def anything(draw: st.DrawFn, *, healthy: bool = False, unhurried: bool = False) -> Known:
    """Sources of every kind, visited up to three days before NOON or (rarely) after it."""
    posted = sorted(NOON - each for each in draw(st.lists(minutes, max_size=9)))
    ends_at = draw(moments_ahead)
    return Known(
        visited_at=NOON - draw(minutes) + draw(st.sampled_from([timedelta(0)] * 4 + [10 * HOUR])),
        outcomes=(SAME,) if healthy else tuple(draw(outcomes)),
        window=draw(st.integers(0, 6)),
        published=tuple(posted),
        deadlines=tuple(deadline(each, draw(st.sampled_from([1, 7, 14]))) for each in ends_at),
        ends=draw(moments_ahead),
        stretch=1.0 if unhurried else draw(st.floats(0.5, 2000)),
        before=draw(moments_ahead),
        proven_until=draw(st.none() | minutes.map(lambda by: NOON - by)),
    )


def visited(one: Known) -> datetime:
    assert one.visited_at is not None
    return min(one.visited_at, NOON)


def due(one: Known, chance: float = 0.0) -> datetime:
    return plan(one, chance=chance).due_at


@given(anything(), chances)
def test_never_in_the_past_and_within_a_day(one: Known, chance: float) -> None:
    assert NOON <= due(one, chance) < NOON + ONE_DAY
    if one.stretch <= 1:
        assert due(one, chance) <= NOON + RHYTHM.longest


@given(anything(), st.lists(st.sampled_from([TIMEOUT, BLOCKED, OUTAGE]), min_size=1), chances)
def test_a_failing_source_is_tried_again_within_six_hours(one: Known, failed: list[Outcome], chance: float) -> None:
    failing = replace(one, outcomes=(*failed, *one.outcomes))
    bound = RHYTHM.first_retry if failed[0] is OUTAGE else RHYTHM.longest_retry
    assert due(failing, chance) <= max(NOON, visited(one) + bound)


@given(anything(healthy=True, unhurried=True), chances)
def test_two_visits_within_the_time_in_which_the_list_fills(one: Known, chance: float) -> None:
    fills = fill_time(one.published, one.window)
    bound = RHYTHM.longest if fills is None else max(fills / 2, RHYTHM.fastest)
    assert due(one, chance) <= max(NOON, visited(one) + bound)


@given(anything(healthy=True, unhurried=True), chances)
def test_nothing_is_lost_by_a_visit_on_time(one: Known, chance: float) -> None:
    found = plan(one, chance=chance)
    fills = fill_time(one.published, one.window)
    assert found.due_at <= max(NOON, found.latest) or (fills is not None and fills < RHYTHM.fastest)


@given(anything(), chances)
def test_no_deadline_and_no_proof_is_late_by_plan(one: Known, chance: float) -> None:
    found = plan(replace(one, window=0), chance=chance)
    assert found.due_at <= max(NOON, found.latest)


@given(anything(), minutes, chances)
def test_one_post_more_never_makes_it_later(one: Known, ago: timedelta, chance: float) -> None:
    more = replace(one, published=tuple(sorted([*one.published, NOON - ago])))
    assert due(more, chance) <= due(one, chance)


@given(anything(), minutes, minutes, st.sampled_from([1, 7, 14]), chances)
def test_a_nearer_deadline_never_makes_it_later(
    one: Known, left: timedelta, more: timedelta, days: int, chance: float
) -> None:
    """Up to the look that is taken shortly before it: after that, nothing more can be told before it ends."""
    near, far = (replace(one, deadlines=(deadline(NOON + 31 * MINUTE + each, days),)) for each in (left, left + more))
    assert due(near, chance) <= due(far, chance)
    assert due(far, chance) <= due(replace(one, deadlines=()), chance)


@given(anything(), st.floats(0.5, 5000), chances)
def test_a_slower_lane_never_makes_it_earlier(one: Known, stretch: float, chance: float) -> None:
    slow, fast = max(one.stretch, stretch), min(one.stretch, stretch)
    assert due(replace(one, stretch=fast), chance) <= due(replace(one, stretch=slow), chance)


@given(anything(), chances, chances)
def test_chance_moves_a_visit_only_within_its_margins(one: Known, some: float, other: float) -> None:
    low, high = sorted([some, other])
    assert due(one, high) <= due(one, low)
    if one.stretch <= 1:
        assert due(one, low) - due(one, high) <= max(RHYTHM.jitter * RHYTHM.longest, 30 * MINUTE)


@given(anything(), st.integers(0, 12), chances)
def test_our_own_outage_breaks_no_row_of_failures(one: Known, place: int, chance: float) -> None:
    with_outage = (*one.outcomes[:place], OUTAGE, *one.outcomes[place:])
    both = plan(one, chance=chance), plan(replace(one, outcomes=with_outage), chance=chance)
    assert both[0].failures == both[1].failures
    assert both[1].due_at <= max(both[0].due_at, NOON + RHYTHM.first_retry)


@given(anything(), st.integers(6, 60 * 24 * 400), chances)
def test_a_clock_set_back_puts_nothing_off(one: Known, ahead: int, chance: float) -> None:
    assert due(replace(one, visited_at=NOON + MINUTE * ahead), chance) <= NOON + RHYTHM.shortest


@given(
    st.lists(st.integers(10 * 60, 24 * 3600).map(lambda seconds: timedelta(seconds=seconds)), max_size=50),
    st.integers(1, 60).map(lambda seconds: timedelta(seconds=seconds)),
)
def test_a_stretched_lane_keeps_up(intervals: list[timedelta], cost: timedelta) -> None:
    stretch = stretch_of(intervals, cost, 0.8)
    assert stretch >= 1
    assert sum(cost / (each * stretch) for each in intervals) <= 0.8 * (1 + 1e-9)


# ---------------------------------------------------------------------------------------------- weeks played through


def played(start: str, until: str, known_at: Iterable[datetime] = (), within: Frame | None = None) -> list[datetime]:
    """The visits of an account that posts at some moments and has a list of five, each made when it is due."""
    at, ended, last = moment(start), moment(until), None
    given, visits = sorted(known_at), list[datetime]()
    while at < ended:
        shown = tuple(each for each in given if each <= (last or at))
        one = Known(visited_at=last, outcomes=(SAME,), window=5, published=shown)
        if within is not None and last is not None:
            now = replace(within, time_point=last, period=Window(day("10-01"), day("10-31")))
            judged = case(posts(" ".join(f"{each.astimezone(ZONE):%m-%d}" for each in shown)), ALWAYS, within=now)
            due_by = open_duties(judged, deadlines_of(judged))
            one = replace(one, deadlines=due_by, ends=wanted_ends(now, judged.account, due_by))
        at = max(plan(one, at, 0.5).due_at, at)
        visits.append(at)
        last = at
    return visits


def test_a_list_is_never_overrun_once_its_busiest_time_is_known() -> None:
    busy = every(7 * MINUTE, 12, moment("10-02 10:00"))
    again = [each + ONE_DAY * n for n in (0, 3, 4, 9) for each in busy]
    visits = played("10-02 12:00", "10-14", again)
    for earlier, later in pairwise(visits):
        assert sum(earlier < each <= later for each in again) < 5
    assert max(later - earlier for earlier, later in pairwise(visits)) <= 14 * MINUTE


def test_a_quiet_week_up_to_its_end_and_after_it() -> None:
    visits = played("10-12 00:05", "10-20", [moment("10-09 09:00")], frame())
    end = moment("10-19")
    assert any(end - 30 * MINUTE <= each < end for each in visits)
    assert any(end < each <= end + 30 * MINUTE for each in visits)
    by_day = Counter(each.astimezone(ZONE).date() for each in visits)
    assert [by_day[day(f"10-{n}")] for n in range(12, 20)] == [3, 2, 2, 2, 2, 3, 13, 3]


def test_ten_thousand_proofs_do_not_fall_on_one_minute() -> None:
    end = moment("11-01")
    one = known("10-31 20:00", ends=(end,))
    found = [next_visit(one, moment("10-31 20:00"), RHYTHM, n / 10_000).due_at for n in range(10_000)]
    assert end < min(found)
    assert max(found) <= end + 30 * MINUTE
    assert max(Counter(int((each - end) / MINUTE) for each in found).values()) < 500


def test_ten_thousand_sources_are_planned_within_about_a_second() -> None:
    one = known(
        window=20,
        published=every(12 * HOUR, 120),
        deadlines=(deadline("10-19"), deadline("10-28", 14)),
        ends=(NOON + HOUR,),
    )
    begin = process_time()
    found = [next_visit(one, NOON, RHYTHM, n / 10_000).why for n in range(10_000)]
    assert process_time() - begin < (2 if gettrace() is None else 8)  # measuring branches takes most of it
    assert set(found) == {Why.PROOF}
