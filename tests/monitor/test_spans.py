"""The algebra of spans: scenarios, and laws against a plain set of hours."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.spans import NOTHING, Coverage, Span, clip, contains, duration, gaps, holding, span, union
from tests.monitor.builders import moment

START = moment("10-01")
HOUR = timedelta(hours=1)
HOURS = 48


def at(hour: float) -> Span:
    return Span(START + HOUR * hour, START + HOUR * (hour + 1))


def of(first: int, last: int) -> Span:
    return Span(START + HOUR * first, START + HOUR * last)


@pytest.mark.parametrize(("first", "last"), [pytest.param(3, 3, id="empty"), pytest.param(4, 3, id="backwards")])
def test_a_span_ends_after_it_starts(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="is not before"):
        of(first, last)
    assert span(START + HOUR * first, START + HOUR * last) is None


def test_a_span_between_two_moments() -> None:
    assert span(START, START + HOUR) == Span(START, START + HOUR)


@pytest.mark.parametrize(
    ("given_spans", "merged"),
    [
        pytest.param([], NOTHING, id="nothing"),
        pytest.param([of(1, 2)], (of(1, 2),), id="one"),
        pytest.param([of(3, 4), of(1, 2)], (of(1, 2), of(3, 4)), id="in order"),
        pytest.param([of(1, 2), of(2, 3)], (of(1, 3),), id="touching become one"),
        pytest.param([of(1, 3), of(2, 4)], (of(1, 4),), id="overlapping"),
        pytest.param([of(1, 9), of(2, 4)], (of(1, 9),), id="one inside another"),
        pytest.param([of(1, 2), of(1, 2)], (of(1, 2),), id="repeated"),
    ],
)
def test_union(given_spans: list[Span], merged: Coverage) -> None:
    assert union(given_spans) == merged


@pytest.mark.parametrize(
    ("hour", "found"),
    [
        pytest.param(0, None, id="before all"),
        pytest.param(1, of(1, 3), id="at the start, which belongs to it"),
        pytest.param(2, of(1, 3), id="inside"),
        pytest.param(3, None, id="at the end, which does not"),
        pytest.param(4, None, id="between"),
        pytest.param(5, of(5, 6), id="in the second"),
        pytest.param(7, None, id="after all"),
    ],
)
def test_holding(hour: int, found: Span | None) -> None:
    assert holding((of(1, 3), of(5, 6)), START + HOUR * hour) == found


@pytest.mark.parametrize(
    ("whole", "is_whole"),
    [
        pytest.param(of(1, 3), True, id="exactly"),
        pytest.param(of(2, 3), True, id="a part"),
        pytest.param(of(0, 3), False, id="starts before"),
        pytest.param(of(1, 4), False, id="ends after"),
        pytest.param(of(2, 6), False, id="a hole inside"),
        pytest.param(of(3, 5), False, id="the hole"),
    ],
)
def test_contains(whole: Span, is_whole: bool) -> None:
    assert contains((of(1, 3), of(5, 6)), whole) is is_whole


spans = st.lists(
    st.tuples(st.integers(0, HOURS - 2), st.integers(1, 12)).map(lambda each: of(each[0], min(sum(each), HOURS))),
    max_size=8,
)
wholes = st.tuples(st.integers(0, HOURS - 2), st.integers(1, 24)).map(lambda each: of(each[0], min(sum(each), HOURS)))


def hours_of(some: Coverage | list[Span]) -> set[int]:
    return {hour for hour in range(HOURS) if any(each.start <= START + HOUR * hour < each.end for each in some)}


@given(spans)
def test_union_is_the_set_of_moments_in_any_order_and_repetition(some: list[Span]) -> None:
    coverage = union(some)
    assert hours_of(coverage) == hours_of(some)
    assert all(one.end < other.start for one, other in pairwise(coverage))
    assert union([*reversed(some), *some]) == coverage
    assert union(coverage) == coverage


@given(spans, wholes)
def test_what_is_covered_and_what_is_not_make_the_whole(some: list[Span], whole: Span) -> None:
    coverage = union(some)
    inside, outside = clip(coverage, whole), gaps(coverage, whole)
    assert hours_of(inside) == hours_of(coverage) & hours_of([whole])
    assert hours_of(outside) == hours_of([whole]) - hours_of(coverage)
    assert union((*inside, *outside)) == (whole,)
    assert contains(coverage, whole) is (not outside)
    assert duration(inside) + duration(outside) == whole.end - whole.start


@given(spans, st.integers(0, HOURS))
def test_what_holds_a_moment_is_the_stretch_around_it(some: list[Span], hour: int) -> None:
    found = holding(union(some), START + HOUR * hour)
    assert (found is not None) is (hour in hours_of(some))
    assert found is None or found.start <= START + HOUR * hour < found.end


def test_the_length_of_nothing() -> None:
    assert duration(NOTHING) == timedelta(0)
    assert duration([of(1, 3), at(5)]) == HOUR * 3
