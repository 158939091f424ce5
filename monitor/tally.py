"""Posts sorted by the local day on which they count, and counted over windows."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from monitor.findings import Window
from monitor.originality import Classified
from monitor.values import Flag, Post


class Dated(NamedTuple):
    """A post on the local day on which it counts: that of its time, or that in which it was first seen.

    A plain tuple, because there are as many as posts and they are made anew for every judgement.
    """

    day: date
    post: Post
    classified: Classified


class Unsure(NamedTuple):
    """A post that might count on ``day``, and ``why`` a person must look at it.

    ``home`` is the day on which it counts all the same, where it counts on another; ``first`` is set where it might
    count on any day from then on up to ``day``.
    """

    day: date
    post: Post
    why: str
    home: date | None = None
    first: date | None = None


class Tally:
    """Posts of one kind in order of time: ``solid`` ones count, ``shaky`` are back-dated, ``unsure`` might count."""

    def __init__(self, solid: Iterable[Dated], shaky: Iterable[Dated], unsure: Iterable[Unsure]) -> None:
        """Keep each sort; the first two are given in order of time."""
        self.solid = list(solid)
        self.days = [each.day for each in self.solid]
        self.shaky = list(shaky)
        self._shaky_days = [each.day for each in self.shaky]
        self.unsure = sorted(unsure, key=_order)
        self._plain_days = [each.day for each in self.unsure if each.home is None and each.first is None]
        self._wide = [each for each in self.unsure if each.home is not None or each.first is not None]

    def count(self, window: Window) -> int:
        """Return how many posts count in ``window``."""
        return bisect_right(self.days, window.last) - bisect_left(self.days, window.first)

    def count_back_dated(self, window: Window) -> int:
        """Return how many posts count there only by a suspicious date."""
        return _count(self._shaky_days, window)

    def count_doubtful(self, window: Window) -> int:
        """Return how many posts might count there, those left out that count there anyway."""
        wide = {each.post.key for each in self._wide if _away(each, window)} if self._wide else ()
        return _count(self._plain_days, window) + len(wide)

    def last_doubt(self, until: date) -> date | None:
        """Return the last day on or before ``until`` on which a post counts by a suspicious date, or might count."""
        days = [day for day in self._shaky_days if day <= until]
        days += [min(each.day, until) for each in self.unsure if (each.first or each.day) <= until]
        return max(days, default=None)

    def first(self, window: Window, n: int) -> tuple[str, ...]:
        """Return the keys of the first ``n`` posts that count in ``window``."""
        at = bisect_left(self.days, window.first)
        return tuple(each.post.key for each in self.solid[at : at + n])

    def last_before(self, day: date) -> Dated | None:
        """Return the last post that counts before ``day``."""
        at = bisect_left(self.days, day)
        return self.solid[at - 1] if at else None

    def to_look_at(self, window: Window) -> list[Unsure]:
        """Return what a person must look at in ``window``: back-dated posts, then those that might count."""
        back_dated = [Unsure(each.day, each.post, Flag.BACKDATED.value) for each in self.shaky if each.day in window]
        return back_dated + [each for each in self.unsure if _away(each, window)]


def _count(days: list[date], window: Window) -> int:
    return bisect_right(days, window.last) - bisect_left(days, window.first) if days else 0


def _away(each: Unsure, window: Window) -> bool:
    """Say whether a post might count in ``window`` and does not count there anyway."""
    reaches = (each.first or each.day) <= window.last and window.first <= each.day
    return reaches and (each.home is None or each.home not in window)


def _order(each: Unsure) -> tuple[date, str, str]:
    return each.day, each.post.key, each.why
