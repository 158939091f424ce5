"""The on-demand spot check (抽查) of one account: collect now, judge every rule up to now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.case import Case
from monitor.deadlines import deadlines_of
from monitor.findings import Deadline
from monitor.frame import Frame, month_of
from monitor.visits import Visit
from schedules.collect import collect
from schedules.counting import months_before
from schedules.observe import Examined, judge_accounts, observe
from schedules.office import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheck:
    """One spot check: the running month judged up to the time point, the next deadlines, the visits just made."""

    frame: Frame
    judged: Examined
    deadlines: tuple[Deadline, ...]
    visits: tuple[Visit, ...]
    as_of: datetime | None = None
    interrupted: bool = False


def spot_check(
    office: Office,
    account_id: str,
    *,
    now: datetime,
    as_of: datetime | None,
    collect_first: bool,
    clock: Callable[[], datetime],
) -> SpotCheck:
    """Check one account. ``as_of`` judges as if it were that moment; what is collected now is then not used.

    Raises RequestError for an unknown account or an ``as_of`` in the future.
    """
    account = office.account(account_id)
    office.refuse_future(as_of, now)
    visits: tuple[Visit, ...] = ()
    interrupted = False
    if collect_first:
        report = collect(office, [account_id], clock=clock, on_visit=lambda _visit, _done, _total: None)
        visits, interrupted, now = report.visits, report.interrupted, clock()
    point = as_of or now
    day = (point - timedelta(microseconds=1)).astimezone(office.zone).date()
    frame = office.frame(month_of(day), point)
    with office.database.read() as session:
        months = months_before(frame.period.first, office.policy.counter_months)
        (judged,) = judge_accounts(session, [account], frame, as_of, months)
        case = Case(account, observe(session, [account_id], frame, as_of)[account_id], frame)
    return SpotCheck(
        frame=frame, judged=judged, deadlines=deadlines_of(case), visits=visits, as_of=as_of, interrupted=interrupted
    )
