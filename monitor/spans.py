"""Half-open spans of time and the algebra of their unions: what coverage is made of."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The moments from ``start`` up to, not including, ``end``; both aware, ``start`` before ``end``."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise ValueError(f"span: {self.start} is not before {self.end}")


Coverage = tuple[Span, ...]
"""Spans in order that neither overlap nor touch, as ``union`` gives them."""

NOTHING: Coverage = ()


def span(start: datetime, end: datetime) -> Span | None:
    """Return the span from ``start`` to ``end``, or None where nothing lies between them."""
    return Span(start, end) if start < end else None


def union(spans: Iterable[Span]) -> Coverage:
    """Merge spans in any order, with any repetition, into coverage; touching spans become one."""
    merged: list[Span] = []
    for each in sorted(spans):
        if merged and each.start <= merged[-1].end:
            if each.end > merged[-1].end:
                merged[-1] = Span(merged[-1].start, each.end)
        else:
            merged.append(each)
    return tuple(merged)


def holding(coverage: Sequence[Span], moment: datetime) -> Span | None:
    """Return the covered stretch that holds ``moment``, or None."""
    at = bisect_right(coverage, moment, key=_start) - 1
    if at >= 0 and moment < coverage[at].end:
        return coverage[at]
    return None


def contains(coverage: Sequence[Span], whole: Span) -> bool:
    """Say whether all of ``whole`` is covered."""
    stretch = holding(coverage, whole.start)
    return stretch is not None and whole.end <= stretch.end


def clip(coverage: Sequence[Span], whole: Span) -> Coverage:
    """Return the covered part of ``whole``."""
    return tuple(
        Span(max(each.start, whole.start), min(each.end, whole.end))
        for each in coverage
        if each.start < whole.end and whole.start < each.end
    )


def intersection(one: Coverage, other: Coverage) -> Coverage:
    """Return what both cover."""
    return union(part for each in one for part in clip(other, each))


def gaps(coverage: Sequence[Span], whole: Span) -> Coverage:
    """Return the part of ``whole`` that is not covered."""
    found: list[Span] = []
    at = whole.start
    for each in clip(coverage, whole):
        if at < each.start:
            found.append(Span(at, each.start))
        at = each.end
    if at < whole.end:
        found.append(Span(at, whole.end))
    return tuple(found)


def duration(coverage: Iterable[Span]) -> timedelta:
    """Return the summed length of spans that do not overlap."""
    return sum((each.end - each.start for each in coverage), timedelta())


def _start(each: Span) -> datetime:
    return each.start
