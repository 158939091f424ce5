"""Our own clock, held against what servers say the time is: a visit at a wrong time proves nothing."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from statistics import median
from typing import Final

from crawler.fetch import Clock

TOLERATED: Final = timedelta(minutes=5)
"""Our clock may be off by so much."""

_JUMP: Final = timedelta(minutes=1)  # a clock that is set by more than this makes void what was measured before
_KNOWN_FOR: Final = timedelta(days=1)
_QUORUM: Final = 3  # from so many lanes on the odd one out is outvoted
_MOST: Final = 99  # the lanes that told last decide; more of them would say nothing else
_SECOND: Final = timedelta(seconds=1)
_NONE: Final = timedelta(0)
_UNKNOWN: Final[Mapping[str, timedelta]] = {}

Mark = timedelta
"""How our clock stood to a stopwatch that nobody can set, at some moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    ahead: timedelta
    at: datetime
    mark: Mark


class ClockCheck:
    """How far the servers' clocks are ahead of ours, by lane, and whether ours is wrong.

    Ours is wrong where the median over the lanes is more than TOLERATED away: one odd server among several does not
    count. Two lanes must both be away, because one that agrees with us to a few minutes does not do so by chance. With
    a single lane nobody can tell whose clock is wrong, and as long as they disagree nothing is proven: a gap that a
    person can mend is better than proof for a time that has not come yet. So that an office with one lane whose server
    is always off is not blind, and a program that asks a single lane neither, ``remembered`` gives by lane what was
    measured before *while our clock was known to be right* (``offset_of`` gives nothing else): by so much that
    server is off itself. What was measured before our clock was set, or the machine slept, is void.
    """

    def __init__(
        self,
        clock: Clock,
        remembered: Mapping[str, timedelta] = _UNKNOWN,
        *,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._stopwatch = stopwatch
        self._odd = dict(remembered)
        self._measured: dict[str, _Measured] = {}

    def heard(self, lane: str, ahead: timedelta | None) -> None:
        """Note how far the server of a lane said that it is ahead of us."""
        if ahead is not None:
            self._measured.pop(lane, None)  # the newest comes last
            self._measured[lane] = _Measured(ahead=ahead, at=self._clock(), mark=self._mark())

    def _mark(self) -> Mark:
        now = self._clock()
        return now - datetime.fromtimestamp(0, now.tzinfo) - timedelta(seconds=self._stopwatch())

    @property
    def offset(self) -> timedelta | None:
        """How far the servers are ahead of our clock (the median over the lanes), None where nobody told."""
        found = self._estimates()
        return _median(found) if found else None

    @property
    def is_wrong(self) -> bool:
        """Whether our clock is off by more than it may be, or the only server that told disagrees with it."""
        return _is_wrong(self._estimates())

    def offset_of(self, lane: str) -> timedelta | None:
        """Return how far the server of a lane was ahead at its newest answer, while our clock is known to be right."""
        measured = self._measured.get(lane)
        known = measured is not None and self._holds(measured, self._clock(), self._mark()) and not self.is_wrong
        return measured.ahead if measured is not None and known else None

    def doubt(self, lane: str, ahead: timedelta | None) -> str:
        """Return why a visit in a lane proves nothing by our clock, as a clause; "" where it may.

        ``ahead`` is what the answer itself said that the visit is dated by: our clock may have been set since.
        """
        found = self._estimates() if ahead is None else [ahead - self._odd.get(lane, _NONE), *self._estimates(lane)]
        if not _is_wrong(found):
            return ""
        if len(found) < _QUORUM:
            most = max(found, key=abs)
            return f"{_away(most)}，不能确定何者有误，本次不能证明没有更新，请核对本机时间"
        return f"{_away(_median(found))}，本次不能证明没有更新，请校准本机时间"

    def prune(self) -> None:
        """Forget what is void, or older than a day."""
        now, mark = self._clock(), self._mark()
        self._measured = {lane: each for lane, each in self._measured.items() if self._holds(each, now, mark)}

    @staticmethod
    def _holds(measured: _Measured, now: datetime, mark: Mark) -> bool:
        return abs(measured.mark - mark) <= _JUMP and now - measured.at < _KNOWN_FOR

    def _estimates(self, but: str | None = None) -> list[timedelta]:
        """Return how far each of the lanes that told last is ahead of us, less what its server is off by itself."""
        now, mark = self._clock(), self._mark()
        last = islice(reversed(self._measured.items()), _MOST)
        return [
            each.ahead - self._odd.get(lane, _NONE)
            for lane, each in last
            if lane != but and self._holds(each, now, mark)
        ]


def _is_wrong(found: list[timedelta]) -> bool:
    if len(found) < _QUORUM:
        return bool(found) and all(abs(each) > TOLERATED for each in found)
    return abs(_median(found)) > TOLERATED


def _median(found: list[timedelta]) -> timedelta:
    return _SECOND * median(each / _SECOND for each in found)


def _away(offset: timedelta) -> str:
    fast = "快" if offset < _NONE else "慢"
    return f"本机时间比网站服务器的时间{fast}约{_length(abs(offset))}"


def _length(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = ((days, "天"), (hours, "小时"), (rest, "分钟"))
    return "".join(f"{count}{unit}" for count, unit in parts if count)
