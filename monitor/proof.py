"""What one visit proves: COVERAGE.md, "What a visit proves", rules 1 to 6."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from monitor.spans import Span, span
from monitor.values import Item, Precision, Stated
from monitor.visits import Outcome

TOLERATED_AHEAD = timedelta(minutes=10)
"""A stated time further ahead of the visit than this is not believed."""

CONTROL_REACH = timedelta(minutes=60)
"""A control visit further from a visit than this says nothing about it."""

_STEP = timedelta(microseconds=1)
_STRAY = timedelta(days=365)
_MOST_STRAY = 3  # items that stay at the end of a page; more of them are a list that was quiet for long
_STILL = timedelta(0)

_RISES = 3
"""A list that rises less often than this may be pinned items before the articles of a single push."""


_MOST_DISORDER = 4
"""A list whose disorder is more than this part of its length is not in order of time at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSeen:
    """One look at a lane's control source: ``newest`` is its newest stated time; ``ok`` where it could be read."""

    at: datetime
    newest: datetime | None
    ok: bool
    reason: str = ""


def day_start(day: date, zone: tzinfo) -> datetime:
    """Return the first moment of a local day, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def day_end(day: date, zone: tzinfo) -> datetime:
    """Return the end (exclusive) of a local day, in UTC."""
    return day_start(day + timedelta(days=1), zone)


def believable(stated: Stated, at: datetime) -> bool:
    """Say whether an item's stated time can be used at a visit at ``at``: there is one, and it is not ahead of it."""
    return stated.at is not None and stated.at <= at + TOLERATED_AHEAD


def newest_of(items: Iterable[Item], at: datetime) -> datetime | None:
    """Return the newest stated time (UTC; of a day its start) that can be believed at ``at``, or None."""
    return max(_times(items, at), default=None)


def oldest_of(items: Iterable[Item], at: datetime) -> datetime | None:
    """Return the oldest stated time (UTC; of a day its start) that can be believed at ``at``, or None."""
    return min(_times(items, at), default=None)


def without_stray_end(items: Sequence[Item], at: datetime) -> tuple[Item, ...]:
    """Return a page's items without the last few dated ones where those are far older than all the others.

    A page may end with an unmarked item that stays there for years; a list that were so long would show what lies
    between. The gap is one of over a year, and ten times what all items above it span.
    """
    dated = [(place, _at(item.stated)) for place, item in enumerate(items) if believable(item.stated, at)]
    if runs_upwards(items, at):
        return tuple(items)
    for (_, above), (place, below) in list(pairwise(dated))[: -_MOST_STRAY - 1 : -1]:
        rest = [moment for other, moment in dated if other < place]
        if above - below > max(_STRAY, 10 * (max(rest) - min(rest))):
            return tuple(items[:place])
    return tuple(items)


def runs_upwards(items: Sequence[Item], at: datetime) -> bool:
    """Say whether a list read at ``at`` runs from the oldest item to the newest."""
    return _runs_upwards([item.stated for item in items if not item.pinned and believable(item.stated, at)])


def reach_of(items: Sequence[Item], at: datetime) -> datetime | None:
    """Return where the proof of a full list read at ``at`` starts (UTC, inclusive), or None where it proves nothing.

    Items are in list order. Those before the newest (pinned, or out of order), those marked as pinned, those older
    than the last one and those without a believable time are left out; a list that runs from the oldest to the newest
    is read backwards (COVERAGE rule 2). The start lies just after the oldest stated time, after its minute or after its
    local day where no more is stated (rule 3), because a full list may cut off others with the same time; in a list
    somewhat out of order it lies later by as much, and one in no order of time proves nothing.
    """
    dated = [item.stated for item in items if not item.pinned and believable(item.stated, at)]
    if not dated:
        return None
    if _runs_upwards(dated):
        dated.reverse()
    times = [_at(stated) for stated in dated]
    newest, oldest = max(times), times[-1]
    disorder = _disorder([each for each in times[times.index(newest) :] if each >= oldest])
    if disorder * _MOST_DISORDER > newest - oldest:
        return None
    return max(_start_after(stated) for stated in dated if _holds(stated, oldest)) + disorder


def placed(items: Sequence[Item], at: datetime) -> tuple[Item, ...]:
    """Return the items, undated ones with the times between which their place in the list puts them.

    Those are the times of the nearest dated items below and above; pinned items have no place, nor have those with no
    dated item below.
    """
    dated = [item.stated for item in items if not item.pinned and believable(item.stated, at)]
    order = list(items)[::-1] if _runs_upwards(dated) else list(items)
    found = _bounded(order, at)
    return tuple(found[::-1] if _runs_upwards(dated) else found)


def _bounded(items: Sequence[Item], at: datetime) -> list[Item]:
    """Return items that run downwards, the undated ones bounded."""
    times = [_at(item.stated) if not item.pinned and believable(item.stated, at) else None for item in items]
    found: list[Item] = []
    for place, item in enumerate(items):
        if item.stated.at is not None or item.pinned:
            found.append(item)
            continue
        below = next((time for time in times[place + 1 :] if time is not None), None)
        above = next((time for time in reversed(times[:place]) if time is not None), None)
        if below is None or (above is not None and below > above):
            # Nothing dated behind it, or out of order: what stands above may be pinned, and its place tells nothing.
            below, above = None, None
        found.append(replace(item, not_before=below, not_after=above))
    return found


def prove(
    outcome: Outcome,
    reach: datetime | None,
    at: datetime,
    *,
    lag: timedelta = timedelta(0),
    control: ControlSeen | None = None,
    max_age: timedelta = timedelta(hours=24),
) -> tuple[Outcome, Span | None]:
    """Return the outcome as the lane allows it, and the span that a visit at ``at`` proves (None: nothing).

    ``control`` is the visit to the lane's control source nearest to ``at``, None where the lane names none. A control
    that could not be read, is too far from the visit, or shows nothing younger than ``max_age`` makes a proving outcome
    STALE_LANE (rule 5); else nothing is proven past its newest post.
    """
    if not outcome.proves:
        return outcome, None
    end = at
    if control is not None:
        if (
            not control.ok
            or control.newest is None
            or abs(control.at - at) > CONTROL_REACH
            or control.at - control.newest >= max_age
        ):
            return Outcome.STALE_LANE, None
        end = min(end, control.newest)
    return outcome, None if reach is None else span(reach, end - lag)  # what froze was late already


def _times(items: Iterable[Item], at: datetime) -> Iterable[datetime]:
    return (_at(item.stated) for item in items if believable(item.stated, at))


def _at(stated: Stated) -> datetime:
    assert stated.at is not None  # only believable times come here
    return stated.at


def _holds(stated: Stated, moment: datetime) -> bool:
    """Say whether a time is ``moment``, or a day that holds it."""
    return _at(stated) == moment or (stated.day_end is not None and _at(stated) <= moment < stated.day_end)


def _start_after(stated: Stated) -> datetime:
    if stated.day_end is not None:
        return stated.day_end
    return _at(stated) + (timedelta(minutes=1) if stated.precision is Precision.MINUTE else _STEP)


def _disorder(times: Sequence[datetime]) -> timedelta:
    """Return by how much an item is newer, at most, than one that stands before it."""
    most, newest_below = _STILL, times[-1]
    for at in reversed(times):
        most = max(most, newest_below - at)
        newest_below = max(newest_below, at)
    return most


def _runs_upwards(dated: Sequence[Stated]) -> bool:
    """Say whether a list runs from the oldest to the newest: it ends with its newest, and hardly ever falls."""
    steps = [_at(later) - _at(earlier) for earlier, later in pairwise(dated)]
    rises, falls = sum(step > _STILL for step in steps), sum(step < _STILL for step in steps)
    return bool(dated) and rises >= max(_RISES, 4 * falls) and _at(dated[-1]) == max(_at(each) for each in dated)
