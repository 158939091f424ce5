"""What the laws are tested on: accounts, posts, coverage, time points and policies of every kind."""

from datetime import datetime, timedelta

from hypothesis import strategies as st

from monitor.case import Observations
from monitor.frame import Frame
from monitor.policy import Policy
from monitor.spans import Coverage, Span, union
from monitor.values import Account, AccountState, Flag, Post
from tests.monitor.builders import (
    LONG_AGO,
    ORIGINAL,
    REPOST,
    UNKNOWN,
    account,
    day,
    frame,
    moment,
    observed,
    policy,
    post,
)

START = moment("2026-07-20")
HOURS = 24 * 110
"""From 20 July to 6 November: 90 days before October's end, and a few after it."""

HOUR = timedelta(hours=1)
_REPORTS = {"reported": {Flag.REPORTED}, "contradicted": {Flag.CONTRADICTED}, "confirmed": {Flag.CONFIRMED}}
classes = st.sampled_from([ORIGINAL, REPOST, UNKNOWN])


def moments(first: int = 0, last: int = HOURS) -> st.SearchStrategy[datetime]:
    return st.integers(first, last).map(lambda hour: START + HOUR * hour)


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    days = st.none() | st.integers(0, 109).map(lambda n: (day("07-20") + timedelta(days=n)).isoformat())
    rare = st.integers(0, 3).flatmap(lambda n: days if n == 0 else st.none())
    return account(
        main=draw(st.booleans()),
        state=draw(st.sampled_from([AccountState.ACTIVE] * 8 + [AccountState.CLOSING, AccountState.CLOSED])),
        opened=draw(rare),
        closing_notice=draw(rare),
        closed=draw(rare),
    )


@st.composite
def a_post(draw: st.DrawFn, key: str = "new") -> Post:
    """Dated, undated, back-dated, restated, in the future, only reported, contradicted, confirmed; of every class."""
    at = draw(moments())
    sort = draw(st.sampled_from(["dated"] * 5 + ["undated", "back-dated", "restated", "future", *_REPORTS]))
    of = draw(classes)
    if sort == "undated":
        return post(None, key, of=of, seen=at, flags=draw(st.sampled_from([set(), set(), {Flag.REPORTED}])))
    moved = sort == "restated" or (sort in {"reported", "contradicted"} and draw(st.booleans()))
    formerly = tuple(draw(st.lists(moments(), min_size=1, max_size=2))) if moved else ()
    dated = {"back-dated": {Flag.BACKDATED}, "restated": {Flag.RESTATED}, "future": {Flag.FUTURE}}
    flags = (dated | _REPORTS).get(sort, set()) | ({Flag.RESTATED} if moved else set())
    return post(at, key, of=of, seen=at + HOUR * draw(st.integers(0, 72)), flags=flags, formerly=formerly)


@st.composite
def many_posts(draw: st.DrawFn) -> tuple[Post, ...]:
    count = draw(st.integers(0, 14))
    return tuple(draw(a_post(f"p{n}")) for n in range(count))


@st.composite
def coverages(draw: st.DrawFn) -> Coverage:
    """Nothing, pieces, or (often, because only then anything is proven) long stretches."""
    spans: list[Span] = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, HOURS - 1))
        length = draw(st.integers(1, 24 * 12) | st.integers(24 * 14, HOURS))
        spans.append(Span(START + HOUR * start, START + HOUR * min(start + length, HOURS)))
    return union(spans)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    minimum = st.sampled_from([1, 1, 2])
    return policy(
        {
            "GX-01": {"days": draw(st.sampled_from([14, 7, 3]))},
            "GX-02": {"minimum": draw(minimum), "tolerance": draw(st.sampled_from([0, 0, 1, 3, 17]))},
            "GX-03": {
                "minimum": draw(minimum),
                "week_start": draw(st.sampled_from([1, 7])),
                "exempt_when_workdays_below": draw(st.sampled_from([0, 0, 3])),
            },
            "YC-01": {
                "days": draw(st.sampled_from([14, 5])),
                "mode": draw(st.sampled_from(["rolling", "rolling", "fixed"])),
                "unknown": draw(st.sampled_from(["待复核", "原创", "转载"])),
            },
        }
    )


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    end = moment("11-01")
    at = draw(st.just(end) | st.integers(0, 31 * 24 * 60).map(lambda minutes: end - timedelta(minutes=minutes)))
    return frame(at=at, by=draw(policies()))


@st.composite
def observations(draw: st.DrawFn) -> Observations:
    return observed(draw(many_posts()), draw(coverages()), horizon=LONG_AGO)
