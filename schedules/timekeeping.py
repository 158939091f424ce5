"""The daemon's sense of time: whether the clock was set, and whether servers agree with it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from crawler.clocks import ClockCheck

JUMP: Final = timedelta(seconds=30)
"""A clock that went so much further or less far than time did was set, or the machine slept."""

UNSURE_FOR: Final = timedelta(minutes=10)
"""For so long after a jump what must not be done at a wrong time waits for a server to tell what time it is."""


class Timekeeper:
    """Compares the clock with one that nobody sets (``steady``, seconds), and with those of servers."""

    def __init__(self, clock: Callable[[], datetime], check: ClockCheck, steady: float) -> None:
        self._clock, self._check = clock, check
        self._wall, self._steady, self._jumped_at = clock(), steady, steady

    def look(self, steady: float) -> timedelta:
        """Return by how much the clock was set, or the machine slept, since the last look; zero where it was not."""
        wall = self._clock()
        jumped = (wall - self._wall) - timedelta(seconds=steady - self._steady)
        self._wall, self._steady = wall, steady
        if abs(jumped) < JUMP:
            return timedelta(0)
        self._jumped_at = steady
        return jumped

    def since_jump(self, steady: float) -> timedelta:
        """Return how long ago the clock was set last, or the daemon was started."""
        return timedelta(seconds=steady - self._jumped_at)

    def is_sure(self, steady: float) -> bool:
        """Say whether servers have told the time since the clock was set last, or none has for long enough.

        Where the first ones say that the clock is wrong, and are too few to go by, the others are waited for.
        """
        check = self._check
        is_told = check.offset is not None and (check.is_surely_wrong or not check.is_wrong)
        return is_told or self.since_jump(steady) >= UNSURE_FOR

    def now(self) -> datetime:
        """Return what time it is: by our clock, or by the servers' where enough of them say that ours is wrong."""
        now, offset = self._clock(), self._check.offset
        return now if offset is None or not self._check.is_surely_wrong else now + offset

    def surely_past(self) -> datetime:
        """Return a moment that has come whoever is right: the earlier of our clock and the servers'.

        What cannot be undone goes by this: a month's inspection, what is removed for its age.
        """
        now, offset = self._clock(), self._check.offset
        return now if offset is None or not self._check.is_wrong else min(now, now + offset)
