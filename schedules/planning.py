"""Plan the next visit of each source, from what was seen of it, the deadlines of its account and its lane's budget."""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from monitor.cadence import Known, Plan, Rhythm, interval_of, next_visit, open_duties, stretch_of, wanted_ends
from monitor.case import Case
from monitor.deadlines import deadlines_of
from monitor.findings import Deadline
from monitor.frame import Frame, month_of
from monitor.visits import Outcome, Source
from schedules.observe import observe
from schedules.office import Office
from storage.accounts import accounts_of
from storage.lanes import LanePause, pauses
from storage.plans import SourceHistory, knowledge_of, save_plans, unplanned, watched_sources

SINCE: Final = timedelta(days=60)
"""The rate at which an account posts is that of so long."""

SLICE: Final = 200
"""So many sources are planned in one step: other programs that write wait no longer than a moment."""

_SPREAD: Final = timedelta(minutes=2)  # what waits for the end of a pause comes back over so long


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is known of a lane as a whole.

    ``stretch`` is how much longer its sources must wait so that its visits fit into its budget; ``spare`` is the source
    that answered well last, to be asked when it must be known whether the lane or one source is in trouble.
    """

    stretch: float = 1.0
    spare: int | None = None


Loads = dict[str, Load]
"""By lane."""

_UNKNOWN: Final = Load()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """What an account owes: its open deadlines, and the moments after which it is to be looked at.

    Those are the ends that are to be proven, and the hours at which units are reminded: a reminder rests on a look
    that was taken then.
    """

    deadlines: tuple[Deadline, ...] = ()
    ends: tuple[datetime, ...] = ()


_NO_DUTIES: Final = Duties()


def _go_on() -> None:
    """Stop for nothing."""


def plan_all(office: Office, now: datetime, loads: Loads, on_step: Callable[[], None] = _go_on) -> int:
    """Plan every source anew, as deadlines come nearer whether it is visited or not; return how many there are.

    ``loads`` is filled anew. ``on_step`` is called between two steps and may raise to stop; what was planned stays.
    """
    with office.database.read() as session:
        ids = watched_sources(session, today=now.astimezone(office.zone).date())
    wanted: dict[str, _Wanted] = {}
    for at in range(0, len(ids), SLICE):
        on_step()
        _plan(office, ids[at : at + SLICE], now, loads, wanted)
    loads.clear()
    loads |= {lane: each.load(office, lane) for lane, each in wanted.items()}
    return len(ids)


def plan_missing(office: Office, now: datetime, loads: Loads, leave: Collection[int] = ()) -> int:
    """Plan the sources that have no plan, or were visited since it was made by whatever program; return how many.

    Those of ``leave`` are planned by somebody else.
    """
    with office.database.read() as session:
        ids = unplanned(session, now, today=now.astimezone(office.zone).date())
    ids = [each for each in ids if each not in leave]
    for at in range(0, len(ids), SLICE):
        _plan(office, ids[at : at + SLICE], now, loads, {})
    return len(ids)


def plan_these(office: Office, source_ids: Sequence[int], now: datetime, loads: Loads) -> None:
    """Plan sources anew that were just visited: by a clock that was set back their visits may seem to be none."""
    for at in range(0, len(source_ids), SLICE):
        _plan(office, source_ids[at : at + SLICE], now, loads, {})


@dataclass(slots=True)
class _Wanted:
    """What the sources of a lane would like: their intervals, and what their visits take; who answered well last."""

    intervals: list[timedelta] = field(default_factory=list[timedelta])
    taken: timedelta = timedelta(0)
    spare: tuple[datetime, int] | None = None

    def add(self, history: SourceHistory, interval: timedelta) -> None:
        self.intervals.append(interval)
        self.taken += history.duration
        if history.visited_at is not None and history.outcomes and history.outcomes[0].proves:
            answered = (history.visited_at, history.source_id)
            self.spare = answered if self.spare is None else max(self.spare, answered)

    def load(self, office: Office, lane: str) -> Load:
        delay = next((each.delay for each in office.lanes if each.name == lane), None)
        cost = self.taken / len(self.intervals) + (office.crawl.delay if delay is None else delay)
        return Load(stretch=stretch_of(self.intervals, cost), spare=None if self.spare is None else self.spare[1])


def _plan(office: Office, source_ids: Sequence[int], now: datetime, loads: Loads, wanted: dict[str, _Wanted]) -> None:
    """Plan some sources, and add to ``wanted`` by lane what they would like."""
    with office.database.read() as session:
        histories = knowledge_of(session, source_ids, now - SINCE, now)
        paused = pauses(session)
    owed = duties_of(office, sorted({each.account_id for each in histories.values()}), now)
    rhythm = Rhythm(shortest=office.daemon.shortest, longest=office.daemon.longest)
    made: dict[int, Plan] = {}
    for source_id, history in histories.items():
        lane = _lane(office, history)
        known = _known(history, owed.get(history.account_id, _NO_DUTIES), loads.get(lane, _UNKNOWN).stretch)
        wanted.setdefault(lane, _Wanted()).add(history, interval_of(known, now, rhythm))
        chance = random.Random(f"{source_id} {history.visited_at}").random()  # noqa: S311 - spreads visits, no secret
        plan = next_visit(known, now, rhythm, chance)
        made[source_id] = _after_pause(plan, paused.get(lane), history, now, chance)
    with office.database.begin() as session:
        save_plans(session, made, now)


def duties_of(office: Office, account_ids: Sequence[str], now: datetime) -> Mapping[str, Duties]:
    """Return what accounts owe at ``now``."""
    frame = running_frame(office, now)
    with office.database.read() as session:
        seen = observe(session, account_ids, frame, None)
        accounts = accounts_of(session, account_ids)
    found: dict[str, Duties] = {}
    for account in accounts:
        case = Case(account, seen[account.account_id], frame)
        deadlines = open_duties(case, deadlines_of(case))
        found[account.account_id] = Duties(
            deadlines=deadlines,
            ends=tuple(sorted({*wanted_ends(frame, account, deadlines), *warnings_of(frame, deadlines)})),
        )
    return found


def warnings_of(frame: Frame, deadlines: Sequence[Deadline]) -> tuple[datetime, ...]:
    """Return the moments at which a unit would be reminded of a working day's duty (GX-04)."""
    hour = timedelta(hours=frame.rule("GX-04").number("warn_hour"))
    return tuple(frame.start(each.window.first) + hour for each in deadlines if each.code == "GX-02")


def running_frame(office: Office, now: datetime) -> Frame:
    """Return the frame in which the running month is judged up to now."""
    day = (now - timedelta(microseconds=1)).astimezone(office.zone).date()
    return office.frame(month_of(day), now)


def _known(history: SourceHistory, duties: Duties, stretch: float) -> Known:
    return Known(
        visited_at=history.visited_at,
        outcomes=history.outcomes,
        window=history.window,
        published=history.published,
        deadlines=duties.deadlines,
        ends=duties.ends,
        stretch=stretch,
        duration=history.duration,
        proven_until=history.proven_until,
    )


def _lane(office: Office, history: SourceHistory) -> str:
    return office.lane_of(Source(source_id=history.source_id, url=history.lane_url, kind=history.kind))


def _after_pause(plan: Plan, pause: LanePause | None, history: SourceHistory, now: datetime, chance: float) -> Plan:
    """Put a visit off to the end of its lane's pause where the last one has said already that the lane pauses."""
    if pause is None or not pause.holds(now) or pause.until <= plan.due_at:
        return plan
    if not history.outcomes or history.outcomes[0] not in {Outcome.BLOCKED, Outcome.RATE_LIMITED}:
        return plan
    return replace(plan, due_at=pause.until + _SPREAD * chance)
