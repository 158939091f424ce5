"""What a visit proves: COVERAGE, rules 1 to 6, sentence by sentence."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.proof import (
    ControlSeen,
    day_end,
    day_start,
    newest_of,
    oldest_of,
    placed,
    prove,
    reach_of,
    runs_upwards,
    without_stray_end,
)
from monitor.spans import Span
from monitor.values import Item, Precision
from monitor.visits import CAUSES, PROVING, Outcome
from tests.monitor.builders import LAST_MOMENT, ZONE, day, item, moment, span

AT = moment("10-10 12:00")
JUST_AFTER = LAST_MOMENT
DAY, MINUTE = Precision.DAY, Precision.MINUTE
HOUR = timedelta(hours=1)


def after(text: str) -> object:
    return moment(text) + JUST_AFTER


# ------------------------------------------------------------------------------------------ rules 2 and 3: the reach


@pytest.mark.parametrize(
    ("items", "reach"),
    [
        pytest.param([], None, id="no items: nothing"),
        pytest.param([item("10-09 08:00")], after("10-09 08:00"), id="one item: open at its second"),
        pytest.param(
            [item("10-09 08:00"), item("10-08 08:00"), item("10-05 09:30")],
            after("10-05 09:30"),
            id="newest first: the oldest stated time",
        ),
        pytest.param(
            [item("10-09 08:00"), item("10-05 09:30"), item("10-05 09:30")],
            after("10-05 09:30"),
            id="others with the same second may be cut off: open at it",
        ),
        pytest.param(
            [item("2020-01-01 08:00"), item("10-09 08:00"), item("10-08 08:00")],
            after("10-08 08:00"),
            id="what stands before the newest is pinned",
        ),
        pytest.param(
            [item("2019-01-01 08:00"), item("2020-01-01 08:00"), item("10-09 08:00"), item("10-08 08:00")],
            after("10-08 08:00"),
            id="two pinned ones",
        ),
        pytest.param(
            [item("10-07 08:00"), item("10-09 08:00"), item("10-08 08:00"), item("10-05 08:00")],
            after("10-05 08:00"),
            id="a pinned one that is not older than the list",
        ),
        pytest.param(
            [item("10-09 08:00"), item("10-09 05:00"), item("10-09 07:00"), item("10-08 08:00")],
            after("10-08 10:00"),
            id="out of order by two hours: what is cut off may be, too",
        ),
        pytest.param(
            [item("10-09 08:00"), item("10-06 08:00"), item("10-08 08:00"), item("10-01 08:00")],
            after("10-03 08:00"),
            id="by two days of eight: a list all the same",
        ),
        pytest.param(
            [item("10-09 08:00"), item("10-05 08:00"), item("10-08 08:00"), item("10-01 08:00")],
            None,
            id="by three of eight: in no order of time, which proves nothing",
        ),
        pytest.param(
            [item("10-09 08:00"), item("10-07 08:00"), item("10-08 08:00")],
            after("10-08 08:00"),
            id="what is older than the last and stands before it is left out",
        ),
        pytest.param(
            [item("10-09 08:00"), item("2020-01-01 08:00", pinned=True), item("10-08 08:00")],
            after("10-08 08:00"),
            id="an item marked as pinned is left out wherever it stands",
        ),
        pytest.param([item("10-09 08:00", pinned=True)], None, id="only items marked as pinned: nothing"),
        pytest.param(
            [item(f"10-0{n} 08:00") for n in range(2, 10)],
            after("10-02 08:00"),
            id="a list from the oldest to the newest is read backwards",
        ),
        pytest.param(
            [item("10-02 08:00"), item("10-02 08:00"), *(item(f"10-0{n} 08:00") for n in range(3, 10))],
            after("10-02 08:00"),
            id="also with ties",
        ),
        pytest.param(
            [item("10-09 08:00"), item("10-08 08:00"), item(None), item(None, raw="前天的前天")],
            after("10-08 08:00"),
            id="items without a date, or with one that cannot be read, do not move it",
        ),
        pytest.param([item(None), item(None)], None, id="no dates at all: nothing"),
        pytest.param(
            [item("10-10 12:10:01"), item("10-09 08:00")],
            after("10-09 08:00"),
            id="more than 10 minutes ahead does not move it",
        ),
        pytest.param(
            [item("10-10 12:10:01"), item("2020-01-01 08:00"), item("10-09 08:00")],
            after("10-09 08:00"),
            id="more than 10 minutes ahead is not the newest either",
        ),
        pytest.param([item("10-10 12:10:01")], None, id="only items far ahead: nothing"),
        pytest.param([item("10-10 12:10:00")], after("10-10 12:10"), id="just 10 minutes ahead is believed"),
        pytest.param(
            [item("10-09", DAY), item("10-08", DAY)],
            moment("10-09"),
            id="a day without a time: from the end of that day",
        ),
        pytest.param(
            [item("10-09 08:00"), item("10-08", DAY)], moment("10-09"), id="a day at the end of a list of moments"
        ),
        pytest.param(
            [item("10-09 08:00"), item("10-08 09:00"), item("10-08", DAY)],
            moment("10-09"),
            id="the day is the oldest, though a moment of it stands before it",
        ),
        pytest.param(
            [item("10-09 08:00"), item("10-08", DAY), item("10-08 00:00")],
            moment("10-09"),
            id="the day and its first moment",
        ),
        pytest.param(
            [item("10-09 08:00"), item("10-08 00:00"), item("10-08", DAY)],
            moment("10-09"),
            id="its first moment and the day",
        ),
        pytest.param(
            [item("10-09 08:00", MINUTE), item("10-08 09:00", MINUTE)],
            moment("10-08 09:01"),
            id="a minute without seconds: from the end of that minute",
        ),
    ],
)
def test_the_proof_of_a_list_starts_at(items: list[Item], reach: object) -> None:
    assert reach_of(items, AT) == reach


@pytest.mark.parametrize(
    ("items", "not_before"),
    [
        pytest.param(
            [item("10-09 08:00"), item("2020-01-01 08:00"), item("10-09 08:00"), item("10-08 08:00")],
            "10-08 08:00",
            id="the newest is pinned itself, with an old one behind it",
        ),
        pytest.param(
            [item("10-09", DAY), item("2020-01-01", DAY), item("10-09", DAY), item("10-08", DAY)],
            "10-09",
            id="so it is with days, where the first of many is the newest",
        ),
        pytest.param(
            [item("2020-01-01 08:00"), item("10-09 08:00")],
            "10-09 08:00",
            id="one pinned before the only other item is no list that runs upwards",
        ),
        pytest.param(
            [item("2018-01-01 08:00"), item("2020-01-01 08:00"), item("10-09 08:00")],
            "10-09 08:00",
            id="nor are two",
        ),
        pytest.param(
            [item("2018-01-01 08:00"), item("2020-01-01 08:00"), *[item("10-09 08:00")] * 8],
            "10-09 08:00",
            id="nor are two before the articles of one push",
        ),
        pytest.param(
            [item("2018-01-01 08:00"), item("2021-01-01 08:00"), item("2020-01-01 08:00"), item("10-09 08:00")],
            "10-09 08:00",
            id="nor is a list that falls on its way up",
        ),
    ],
)
def test_an_old_pinned_item_never_moves_the_proof_back(items: list[Item], not_before: str) -> None:
    reach = reach_of(items, AT)
    assert reach is not None
    assert reach >= moment(not_before)


def test_what_a_list_out_of_order_cut_off_may_be_newer_than_its_last_item() -> None:
    """A weekly's feed of 17 June 2021, 10:06: two articles of the 14th, 18:35, had just been cut off."""
    stated = "16 18:12:12, 16 15:22:47, 16 18:11:32, 15 18:19:23, 15 20:40:29, 15 11:43:47, 14 16:19:07, 14 16:04:37"
    reach = reach_of([item(f"2021-06-{each}") for each in stated.split(", ")], moment("2021-06-17 10:06:34"))
    assert reach is not None
    assert moment("2021-06-14 18:35:09") < reach < moment("2021-06-14 19:00")


def test_a_stray_old_item_in_the_list_neither_moves_the_proof_back_nor_forward() -> None:
    items = [item("10-10 08:00"), item("08-01 08:00"), item("10-09 08:00"), item("10-02 08:00")]
    assert reach_of(items, AT) == reach_of([items[0], *items[2:]], AT)


def test_a_day_that_holds_the_oldest_moment_ends_before_the_proof_starts() -> None:
    items = [item("10-09 08:00"), item("10-05", DAY), item("10-05 09:00")]
    assert reach_of(items, AT) == moment("10-06")


def bounds(items: list[Item]) -> list[tuple[datetime | None, datetime | None]]:
    return [(each.not_before, each.not_after) for each in placed(items, AT)]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param([item(None), item("10-05")], [("10-05", None), (None, None)], id="on top"),
        pytest.param([item("10-09"), item(None)], [(None, None), (None, None)], id="at the end"),
        pytest.param(
            [item("10-09"), item(None), item("10-05")], [(None, None), ("10-05", "10-09"), (None, None)], id="between"
        ),
        pytest.param(
            [*(item(f"10-0{n}") for n in range(1, 6)), item(None)],
            [*[(None, None)] * 5, ("10-05", None)],
            id="a list that runs upwards",
        ),
        pytest.param(
            [item("10-05"), item(None), item("10-09")], [(None, None), (None, None), (None, None)], id="out of order"
        ),
        pytest.param([item(None, pinned=True), item("10-05")], [(None, None), (None, None)], id="pinned"),
        pytest.param([item(None), item(None)], [(None, None), (None, None)], id="nothing is dated"),
    ],
)
def test_the_place_of_an_undated_item_bounds_its_time(
    items: list[Item], expected: list[tuple[str | None, str | None]]
) -> None:
    given = [tuple(None if each is None else moment(each) for each in pair) for pair in expected]
    assert bounds(items) == given


def test_a_pinned_item_in_front_is_no_disorder() -> None:
    items = [item("09-01 08:00"), item("10-10 08:00"), item("10-09 08:00"), item("08-02 08:00")]
    assert reach_of(items, AT) == reach_of(items[1:], AT)


@pytest.mark.parametrize(
    "stated",
    [
        pytest.param(
            "2026-03-01, 2025-07-01, 2026-10-03, 2024-05-01, 2026-01-01, 2025-11-01, 2023-02-01", id="by popularity"
        ),
        pytest.param("2026-10-10, 2026-09-05, 2026-10-01, 2026-09-01", id="four, half of them swapped"),
    ],
)
def test_a_list_in_no_order_of_time_proves_nothing(stated: str) -> None:
    assert reach_of([item(each) for each in stated.split(", ")], AT) is None


def test_newest_and_oldest_are_those_that_can_be_believed() -> None:
    items = [item("2099-01-01"), item("10-09 08:00"), item(None), item("2020-01-01"), item("10-08", DAY)]
    assert newest_of(items, AT) == moment("10-09 08:00")
    assert oldest_of(items, AT) == moment("2020-01-01")
    assert newest_of([item("2099-01-01")], AT) is None
    assert oldest_of([item(None)], AT) is None


def test_the_ends_of_a_local_day() -> None:
    assert day_start(day("10-09"), ZONE) == moment("10-09")
    assert day_end(day("10-09"), ZONE) == moment("10-10")


# --------------------------------------------------------------------------------------------- rules 1, 4, 5 and 6


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_new_same_and_not_modified_prove(outcome: Outcome) -> None:
    reach = moment("10-08 08:00")
    kept, proof = prove(outcome, reach, AT)
    assert kept is outcome
    proving = outcome in {Outcome.NEW, Outcome.SAME, Outcome.NOT_MODIFIED}
    assert proof == (Span(reach, AT) if proving else None)
    assert outcome.proves is proving is (outcome in PROVING)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_a_cause_in_an_officials_words(outcome: Outcome) -> None:
    assert outcome.cause == CAUSES[outcome]
    assert outcome.cause


@pytest.mark.parametrize(
    ("reach", "proof"),
    [
        pytest.param("10-08 08:00", span("10-08 08:00", "10-10 12:00"), id="from the reach to the visit"),
        pytest.param(None, None, id="no reach: nothing"),
        pytest.param("10-10 12:00", None, id="nothing lies between"),
        pytest.param("10-11", None, id="a list of today's days only: the day has not ended"),
    ],
)
def test_a_visit_proves_from_its_reach_up_to_itself(reach: str | None, proof: Span | None) -> None:
    assert prove(Outcome.NEW, moment(reach) if reach else None, AT) == (Outcome.NEW, proof)


def seen(at: str = "10-10 12:00", newest: str | None = "10-10 11:30", *, ok: bool = True) -> ControlSeen:
    return ControlSeen(at=moment(at), newest=moment(newest) if newest else None, ok=ok)


@pytest.mark.parametrize(
    ("control", "end"),
    [
        pytest.param(seen(), "10-10 11:30", id="nothing past the control's newest post"),
        pytest.param(seen(newest="10-10 12:05"), "10-10 12:00", id="nor past the visit itself"),
        pytest.param(seen(newest="10-09 12:00:01"), "10-09 12:00:01", id="just under its greatest age"),
        pytest.param(seen(at="10-10 11:00", newest="10-10 10:50"), "10-10 10:50", id="60 minutes before the visit"),
        pytest.param(seen(at="10-10 13:00", newest="10-10 11:50"), "10-10 11:50", id="60 minutes after the visit"),
    ],
)
def test_a_living_lane_proves_up_to_its_control(control: ControlSeen, end: str) -> None:
    outcome, proof = prove(Outcome.SAME, moment("10-08"), AT, control=control)
    assert (outcome, proof) == (Outcome.SAME, span("10-08", end))


@pytest.mark.parametrize(
    "control",
    [
        pytest.param(seen(newest="10-09 11:59:59"), id="its newest post is too old"),
        pytest.param(seen(newest=None), id="it shows no date"),
        pytest.param(seen(ok=False), id="it could not be read"),
        pytest.param(seen(at="10-10 10:59:59"), id="it was looked at more than 60 minutes before"),
        pytest.param(seen(at="10-10 13:00:01"), id="it was looked at more than 60 minutes after"),
    ],
)
def test_a_stale_lane_proves_nothing(control: ControlSeen) -> None:
    assert prove(Outcome.NEW, moment("10-08"), AT, control=control) == (Outcome.STALE_LANE, None)


def test_the_control_ages_as_the_lane_says() -> None:
    control = seen(newest="10-10 09:59")
    assert prove(Outcome.NEW, moment("10-08"), AT, control=control, max_age=HOUR * 2)[0] is Outcome.STALE_LANE
    assert prove(Outcome.NEW, moment("10-08"), AT, control=control, max_age=HOUR * 3)[0] is Outcome.NEW


@pytest.mark.parametrize("outcome", [each for each in Outcome if each not in PROVING])
def test_a_failure_stays_what_it_is_on_a_stale_lane(outcome: Outcome) -> None:
    assert prove(outcome, moment("10-08"), AT, control=seen(ok=False)) == (outcome, None)


@pytest.mark.parametrize(
    ("lag", "control", "end"),
    [
        pytest.param(30, None, "10-10 11:30", id="a lag shortens the proof"),
        pytest.param(30, seen(newest="10-10 12:05"), "10-10 11:30", id="on a lane that is alive"),
        pytest.param(
            30, seen(newest="10-10 11:00"), "10-10 10:30", id="what stood in a lane that froze was late already"
        ),
    ],
)
def test_a_source_with_a_lag(lag: int, control: ControlSeen | None, end: str) -> None:
    _, proof = prove(Outcome.NEW, moment("10-08"), AT, lag=timedelta(minutes=lag), control=control)
    assert proof == span("10-08", end)


# ----------------------------------------------------------------------------------------------------------- laws

hours = st.integers(-400, 2).map(lambda n: AT + HOUR * n)
precisions = st.sampled_from(list(Precision))


@st.composite
def an_item(draw: st.DrawFn) -> Item:
    precision, at = draw(precisions), draw(hours)
    if draw(st.integers(0, 9)) == 0:
        return item(None, pinned=draw(st.booleans()))
    if precision is Precision.DAY:
        at = day_start(at.astimezone(ZONE).date(), ZONE)
    return item(at, precision, pinned=draw(st.integers(0, 9)) == 0)


lists = st.lists(an_item(), max_size=8)
controls = st.none() | st.builds(
    lambda at, newest, ok: ControlSeen(at=AT + at * HOUR / 4, newest=newest, ok=ok),
    st.integers(-6, 6),
    st.none() | hours,
    st.booleans(),
)


@given(lists)
def test_the_proof_never_starts_before_the_oldest_stated_time(items: list[Item]) -> None:
    reach, oldest = reach_of(items, AT), oldest_of([each for each in items if not each.pinned], AT)
    assert reach is None if oldest is None else reach is None or reach > oldest


@given(lists)
def test_nothing_that_stands_before_the_newest_item_moves_the_proof_back(items: list[Item]) -> None:
    """Unless the list runs upwards, which one that falls as often as it rises does not."""
    times = [each.stated.at for each in items if each.stated.at and not each.pinned and each.stated.at <= AT + HOUR / 6]
    reach = reach_of(items, AT)
    rises, falls = (sum(one < other for one, other in pairwise(some)) for some in (times, times[::-1]))
    if reach is not None and falls >= rises:
        behind = times[len(times) - 1 - times[::-1].index(max(times)) :]
        assert reach > min(behind)


@given(lists, st.integers(0, 8))
def test_items_without_a_believable_time_change_nothing(items: list[Item], where: int) -> None:
    strange = [item(None), item(None, raw="???"), item(AT + HOUR), item("2020-01-01", pinned=True)]
    assert reach_of([*items[:where], *strange, *items[where:]], AT) == reach_of(items, AT)


@given(lists, st.sampled_from(list(Outcome)), controls, st.integers(0, 100), st.integers(0, 100))
def test_more_lag_never_proves_more_and_nothing_past_the_visit(
    items: list[Item], outcome: Outcome, control: ControlSeen | None, lag: int, more: int
) -> None:
    reach = reach_of(items, AT)
    kept, proof = prove(outcome, reach, AT, lag=HOUR * lag, control=control)
    later, less = prove(outcome, reach, AT, lag=HOUR * (lag + more), control=control)
    assert kept is later
    if proof is None:
        assert less is None
    else:
        assert kept.proves
        assert proof.start == reach
        assert proof.end <= AT - HOUR * lag
        assert control is None or control.newest is None or proof.end <= control.newest
        assert less is None or (less.start == proof.start and less.end <= proof.end)


@given(lists, st.sampled_from([each for each in Outcome if each not in PROVING]), controls)
def test_what_does_not_prove_never_proves(items: list[Item], outcome: Outcome, control: ControlSeen | None) -> None:
    assert prove(outcome, reach_of(items, AT), AT, control=control) == (outcome, None)


@given(st.sampled_from(sorted(PROVING)), hours, controls)
def test_a_control_only_ever_takes_away(outcome: Outcome, reach: object, control: ControlSeen | None) -> None:
    assert isinstance(reach, type(AT))
    _, alone = prove(outcome, reach, AT)
    _, watched = prove(outcome, reach, AT, control=control)
    assert watched is None or (alone is not None and alone.start == watched.start and watched.end <= alone.end)


STRAY = [
    pytest.param("11-20 11-19 11-18", "2015-01-01", 3, id="an old item at the end"),
    pytest.param("11-20 11-19 11-18", "2015-02-01 2015-01-01", 3, id="two of them"),
    pytest.param("11-20", "2015-01-01", 1, id="under a single one"),
    pytest.param("11-20 11-19", "2015-04-01 2015-03-01 2015-02-01 2015-01-01", 6, id="a list that was quiet for long"),
    pytest.param(
        "11-20", "2024-11-20 2022-11-20 2020-11-20", 1, id="a slow list cannot be told from it: less is proven"
    ),
    pytest.param("11-20 11-01", "10-01", 3, id="a month"),
    pytest.param("", "", 0, id="nothing"),
]


@pytest.mark.parametrize(("above", "below", "kept"), STRAY)
def test_old_items_at_the_end_of_a_page_are_no_part_of_its_list(above: str, below: str, kept: int) -> None:
    listed = [item(f"{each} 08:00") for each in f"{above} {below}".split()]
    assert len(without_stray_end(listed, moment("11-21 12:00"))) == kept


def test_a_page_that_runs_upwards_keeps_its_items() -> None:
    listed = [item(f"{each} 08:00") for each in ("2015-01-01", "11-01", "11-02", "11-03", "11-04")]
    assert len(without_stray_end(listed, moment("11-21 12:00"))) == 5
    assert runs_upwards(listed, moment("11-21 12:00"))
