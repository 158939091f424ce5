"""Our own clock, held against what servers say the time is: a visit at a wrong time proves nothing."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
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
_VOUCHERS: Final = 2  # so many lanes that agree with us let one that does not be the odd one
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

    From three lanes on ours is wrong where the median of what they said is more than TOLERATED away: one odd server
    among several does not count. Of fewer lanes all must be away, because one that agrees with us to a few minutes does
    not do so by chance. What was said is taken as it is: were each server's small error allowed for, a clock of ours
    that drifts would never be found wrong.

    A visit is dated by our clock, and held against the clock of its own server first: where they disagree it proves
    nothing, unless at least two other lanes agree with us and are most of the others. With a single lane nobody can
    tell whose clock is wrong, and as long as they disagree nothing is proven: a gap that a person can mend is better
    than proof for a time that has not come yet. While so few lanes have told, ``remembered`` (what ``offset_of`` gave
    before, by lane) tells by how much a server is off itself, where that is more than TOLERATED. What was measured
    before our clock was set, or the machine slept, is void.
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
        self._odd = {lane: offset for lane, offset in remembered.items() if not _agrees(offset)}
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
        told = self._told()
        return _median(told.values()) if told else None

    @property
    def is_wrong(self) -> bool:
        """Whether our clock is off by more than it may be, or the few servers that told all disagree with it."""
        return self._is_wrong(self._told())

    @property
    def is_surely_wrong(self) -> bool:
        """Whether our clock is wrong and enough lanes told to know what time it is instead."""
        told = self._told()
        return len(told) >= _QUORUM and self._is_wrong(told)

    def offset_of(self, lane: str) -> timedelta | None:
        """Return how far the server of a lane was ahead at its newest answer, where our clock is known to be right.

        Of one that is far off that takes two other lanes that agree with us; it is then held against those.
        """
        told = self._told()
        ahead = told.get(lane)
        if ahead is None or self._is_wrong(told):
            return None
        agreeing = _vouching(_others(told, lane))
        if _agrees(ahead):
            return ahead
        return ahead - _median(agreeing) if agreeing else None

    def doubt(self, lane: str, ahead: timedelta | None) -> str:
        """Return why a visit in a lane proves nothing by our clock, as a clause; "" where it may.

        ``ahead`` is what the answer itself said that the visit is dated by (None: nothing): our clock may have been set
        since.
        """
        told = self._told() if ahead is None else {**self._told(), lane: ahead}
        if len(told) >= _QUORUM and self._is_wrong(told):
            return f"{_away(_median(told.values()))}，本次不能证明没有更新，请校准本机时间"
        if ahead is None:
            is_doubtful = self._is_wrong(told)
        else:
            is_doubtful = not _agrees(self._own(told, lane)) and not _vouching(_others(told, lane))
        if not is_doubtful:
            return ""
        most = max(told.values(), key=abs) if ahead is None else ahead
        return f"{_away(most)}，不能确定何者有误，本次不能证明没有更新，请核对本机时间"

    def doubt_of_next(self, lane: str) -> str:
        """Return the same of a visit that is still to be made, as far as what the lane's server said last tells."""
        return self.doubt(lane, self._told().get(lane))

    def prune(self) -> None:
        """Forget what is void, or older than a day."""
        now, mark = self._clock(), self._mark()
        self._measured = {lane: each for lane, each in self._measured.items() if self._holds(each, now, mark)}

    @staticmethod
    def _holds(measured: _Measured, now: datetime, mark: Mark) -> bool:
        return abs(measured.mark - mark) <= _JUMP and now - measured.at < _KNOWN_FOR

    def _told(self) -> dict[str, timedelta]:
        """Return how far each of the lanes that told last is ahead of us."""
        now, mark = self._clock(), self._mark()
        last = islice(reversed(self._measured.items()), _MOST)
        return {lane: each.ahead for lane, each in last if self._holds(each, now, mark)}

    def _own(self, told: Mapping[str, timedelta], lane: str) -> timedelta:
        """Return how far a lane is ahead of us; while few lanes told, less what its server is off by itself."""
        return told[lane] - (self._odd.get(lane, _NONE) if len(told) < _QUORUM else _NONE)

    def _is_wrong(self, told: Mapping[str, timedelta]) -> bool:
        if len(told) < _QUORUM:
            return bool(told) and not any(_agrees(self._own(told, lane)) for lane in told)
        return not _agrees(_median(told.values()))


def _agrees(ahead: timedelta) -> bool:
    return abs(ahead) <= TOLERATED


def _others(told: Mapping[str, timedelta], but: str) -> list[timedelta]:
    return [ahead for lane, ahead in told.items() if lane != but]


def _vouching(others: Sequence[timedelta]) -> list[timedelta]:
    """Return what those lanes say that agree with our clock, where they are enough to go by."""
    agreeing = [each for each in others if _agrees(each)]
    return agreeing if len(agreeing) >= _VOUCHERS and 2 * len(agreeing) > len(others) else []


def _median(found: Iterable[timedelta]) -> timedelta:
    return _SECOND * median(each / _SECOND for each in found)


def _away(offset: timedelta) -> str:
    fast = "快" if offset < _NONE else "慢"
    return f"本机时间比网站服务器的时间{fast}约{_length(abs(offset))}"


def _length(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = ((days, "天"), (hours, "小时"), (rest, "分钟"))
    return "".join(f"{count}{unit}" for count, unit in parts if count)
