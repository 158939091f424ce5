"""When to visit a source next: before its list can fill, as deadlines come near, after a window has ended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from operator import itemgetter, sub

from monitor.case import Case
from monitor.findings import Deadline, Window
from monitor.frame import ONE_DAY, Frame, month_of, natural_weeks
from monitor.values import Account
from monitor.visits import Outcome

_FIRST_OF_ALL = datetime(2000, 1, 1, tzinfo=UTC)
"""The ``latest`` of what was never visited: before that of any other source."""

_MOMENT = timedelta(0)
_SET_BACK = timedelta(minutes=5)  # a visit further ahead than this was made before the clock was set back
_LONGEST = timedelta(hours=23)  # below the 24 hours after which a list is read whole, however slow the lane
_MOST_STRETCH = 1000.0
_MOST_DOUBLINGS = 10

_LOOK = timedelta(minutes=30)
"""So long before a deadline or a reminder the account is looked at once more."""

_SETTLE = timedelta(minutes=2)  # a server's cache may hold the last minute of a window back
_SPREAD, _LONGEST_SPREAD = timedelta(minutes=28), timedelta(hours=3)
_PROOF_WITHIN = timedelta(hours=4)

_HOLIDAYS = timedelta(days=14)  # no days off in a row are as many


class Why(StrEnum):
    """What a visit is planned for, in an official's words."""

    FIRST = "首次采集"
    RATE = "按发布频率"
    WINDOW = "列表将满"
    DEADLINE = "临近期限"
    PROOF = "期限已过"
    FAILED = "采集失败后再试"
    ROUTINE = "定期"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often to visit. ``longest`` is between two visits of a quiet source, ``shortest`` as a deadline comes near.

    A list that fills quickly is visited more often than that, but no interval is under ``fastest``, however quickly it
    fills. A source that fails is tried again after ``first_retry``, then ever later, up to ``longest_retry``.
    ``jitter`` is the share of an interval by which a visit may come earlier, never later.
    """

    shortest: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)
    first_retry: timedelta = timedelta(minutes=10)
    longest_retry: timedelta = timedelta(hours=6)
    jitter: float = 0.1
    fastest: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one source; times are UTC.

    ``visited_at`` is the start of its last visit; ``outcomes`` are newest first; ``window`` is how many items its
    newest list had, 0 where that is not known; ``published`` are the times that its account's posts of the last weeks
    state, ascending. ``deadlines`` are those of ``open_duties``, ``ends`` those of ``wanted_ends``, ``before`` moments
    shortly before which a visit is wanted as well (of reminders). ``stretch`` is what its lane needs, ``duration`` how
    long its visits take. ``proven_until`` is up to where its last visit proves silence, which a lag or a control source
    lets end before the visit; None where it is the start of the visit, or nothing.
    """

    visited_at: datetime | None
    outcomes: tuple[Outcome, ...] = ()
    window: int = 0
    published: tuple[datetime, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    ends: tuple[datetime, ...] = ()
    stretch: float = 1.0
    duration: timedelta = timedelta(0)
    before: tuple[datetime, ...] = ()
    proven_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The next visit of a source: due at ``due_at`` (UTC), for ``why``.

    ``latest`` (UTC) is by when it must be made so that nothing is lost and no proof comes late: the least is served
    first; before ``due_at`` where that cannot be held any more. ``failures`` counts its known failed visits in a row.
    """

    due_at: datetime
    latest: datetime
    why: Why
    failures: int


def next_visit(known: Known, now: datetime, rhythm: Rhythm, chance: float) -> Plan:
    """Return when to visit a source next. ``chance``, from 0 up to 1, moves the visit earlier, within its margins.

    A visit that lies ahead of ``now`` (the clock was set back) puts off nothing: the next is due within ``shortest``.
    """
    if known.visited_at is None:
        return Plan(due_at=now, latest=_FIRST_OF_ALL, why=Why.FIRST, failures=0)
    base, failures = min(known.visited_at, now), failures_in(known.outcomes)
    fills = fill_time(known.published, known.window)
    interval, why = _wait(known, now, rhythm, failures, fills)
    if known.visited_at - now > _SET_BACK:
        interval = min(interval, rhythm.shortest)
    bounds = [(base + interval * (1 - rhythm.jitter * chance), why)]
    bounds += [(look, Why.DEADLINE) for look in _looks(known, base, now, chance)]
    bounds += [(proof, Why.PROOF) for proof in _proofs(known, base, rhythm, chance)]
    due_at, why = min(bounds, key=itemgetter(0))
    return Plan(due_at=max(due_at, now), latest=_latest(known, base, now, fills), why=why, failures=failures)


def interval_of(known: Known, now: datetime, rhythm: Rhythm) -> timedelta:
    """Return how long a source that answers may wait for its next visit, as far as its lane keeps up."""
    return _pace(known, now, rhythm, fill_time(known.published, known.window))[0]


def fill_time(published: Sequence[datetime], window: int) -> timedelta | None:
    """Return the shortest time in which ``window`` posts appeared, None where so many never did; ``published`` ascends.

    Posts of one and the same moment (a batch, or days without times) do not count as filling the list: no number of
    visits comes between them. Nor does a list of a single item, which each post replaces.
    """
    if window < 2:  # noqa: PLR2004 - one item has no time between
        return None
    stretches = set(map(sub, published[window - 1 :], published))
    return min(stretches - {_MOMENT}, default=None)


def stretch_of(intervals: Iterable[timedelta], cost: timedelta, share: float = 0.8) -> float:
    """Return the factor, at least 1, by which a lane's ``intervals`` must grow so that its visits fit.

    ``cost`` is the time that one visit takes of the lane, its delay included; ``share`` of all time may be used.
    """
    load = sum(cost / each for each in intervals if each)
    return max(1.0, load / share)


def failures_in(outcomes: Iterable[Outcome]) -> int:
    """Return how many visits in a row failed up to the newest; our own outages neither count nor end the row."""
    judged = (each for each in outcomes if each is not Outcome.LOCAL_OUTAGE)
    return sum(1 for _ in takewhile(lambda each: not each.proves, judged))


def open_duties(case: Case, deadlines: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """Return those of ``deadlines_of(case)`` that can still be met: a broken one is due anew every day, for ever."""
    return tuple(each for each in deadlines if not _broken(case, each))


def wanted_ends(frame: Frame, account: Account, deadlines: Iterable[Deadline]) -> tuple[datetime, ...]:
    """Return the moments after which a visit is wanted: a window has ended there, and only a later visit proves it.

    Those are the newest and the next end of a month; of a working day for main accounts, where its rule is judged; of a
    natural week for all others; and the ends of ``deadlines``. UTC, ascending.
    """
    today = frame.day_of(frame.time_point)
    ended = [month_of(today).first - ONE_DAY, month_of(today).last]
    if account.main and frame.rule("GX-02").enabled:
        ended += [*frame.workdays.between(today - _HOLIDAYS, today - ONE_DAY)[-1:]]
        ended.append(frame.workdays.add(today - ONE_DAY, 1))
    if not account.main and frame.rule("GX-03").enabled:
        around = Window(today - ONE_DAY * 7, today + ONE_DAY * 6)
        ended += [week.last for week in natural_weeks(around, frame.rule("GX-03").number("week_start"))]
    return tuple(sorted({*(frame.start(day + ONE_DAY) for day in ended), *(each.ends_at for each in deadlines)}))


def _broken(case: Case, deadline: Deadline) -> bool:
    """Say whether the days without a post are already more than a rolling window has."""
    fixed = deadline.code == "YC-01" and case.frame.rule("YC-01").text("mode") == "fixed"
    if fixed or deadline.code not in {"GX-01", "YC-01"}:
        return False
    tally = case.originals if deadline.needs_original else case.any_post
    last = tally.last_before(deadline.window.last + ONE_DAY)
    begins = last.day + ONE_DAY if last else case.account.opened
    return begins is None or begins < deadline.window.first


def _wait(known: Known, now: datetime, rhythm: Rhythm, failures: int, fills: timedelta | None) -> tuple[timedelta, Why]:
    """Return how long to wait after the last visit, and what for: longer in a lane that cannot keep up."""
    interval, why = _pace(known, now, rhythm, fills)
    if known.outcomes and known.outcomes[0] is Outcome.LOCAL_OUTAGE:
        return min(rhythm.first_retry, interval), Why.FAILED
    if failures:
        retry = min(rhythm.first_retry, interval) * 2 ** min(failures - 1, _MOST_DOUBLINGS)
        return min(retry * _stretch(known), rhythm.longest_retry), Why.FAILED
    return min(interval * _stretch(known), _LONGEST), why


def _pace(known: Known, now: datetime, rhythm: Rhythm, fills: timedelta | None) -> tuple[timedelta, Why]:
    """Return the longest interval that suits the list and the deadlines of a source, and which of them asks for it."""
    base = min(known.visited_at or now, now)
    found = [(rhythm.longest, Why.ROUTINE)]
    if fills is not None:
        half = max(fills / 2, rhythm.fastest)
        found.append((half, Why.WINDOW if half < rhythm.shortest else Why.RATE))
    for each in known.deadlines:
        if each.ends_at > now:
            start = max(base, each.ends_at - ONE_DAY * each.window.days)  # before it begins, nothing is owed
            found.append((start + max((each.ends_at - start) / 4, rhythm.shortest) - base, Why.DEADLINE))
    return min(found, key=itemgetter(0))


def _looks(known: Known, base: datetime, now: datetime, chance: float) -> Iterator[datetime]:
    """Return by when to look once more before each deadline, so that what is said of it then is up to date."""
    for each in _ahead(known, base, now):
        yield max(each - _LOOK * (1 + 2 * chance) / 3, base + _LOOK / 2)


def _ahead(known: Known, base: datetime, now: datetime) -> Iterator[datetime]:
    """Return deadlines and reminders before which the source has not been looked at."""
    moments = (*(each.ends_at for each in known.deadlines), *known.before)
    return (each for each in moments if now < each and base < each - _LOOK)


def _proofs(known: Known, base: datetime, rhythm: Rhythm, chance: float) -> Iterator[datetime]:
    """Return by when to visit after each end; spread, because many sources share the same one.

    Where a visit after the end did not prove up to it (a lag, a control source), the next one is ever later.
    """
    spread = min(_SPREAD * _stretch(known), _LONGEST_SPREAD)
    good = bool(known.outcomes) and known.outcomes[0].proves
    for end in known.ends:
        if base < end:
            yield end + _SETTLE + spread * (1 - chance)
        elif good and known.proven_until is not None and known.proven_until < end:
            yield base + max(rhythm.shortest, base - end) * _stretch(known)


def _latest(known: Known, base: datetime, now: datetime, fills: timedelta | None) -> datetime:
    """Return by when the list may be full, a deadline has passed, a proof is late or the source unseen for a day."""
    moments = [base + ONE_DAY, *_ahead(known, base, now)]
    if fills is not None:
        moments.append(base + fills)
    moments += [end + _PROOF_WITHIN for end in known.ends if base < end]
    return min(moments)


def _stretch(known: Known) -> float:
    return min(max(1.0, known.stretch), _MOST_STRETCH)
