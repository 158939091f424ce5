"""Reminders (GX-04 临期未更新): which duties of an account are about to be missed while they can still be met."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.case import Case
from monitor.deadlines import deadlines_of
from monitor.findings import Deadline, Severity, Window
from monitor.frame import ONE_DAY
from monitor.rules.rule import Heading
from monitor.spans import Coverage, gaps, span
from monitor.tally import Tally
from monitor.values import Account, Post

HEADING = Heading(
    code="GX-04",
    category="临期未更新",
    severity=Severity.REMINDER,
    advice="请在期限前更新；已更新而未采集到的，请核对采集地址。",
)

FRESH = timedelta(hours=6)
"""What was last seen longer ago than this says nothing about now."""

BLIND = timedelta(days=3)
"""Who was last seen longer ago than this is not reminded, for nothing is known: the day's digest tells the office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One duty of one account that is near its end at ``at`` (UTC): ``minimum`` posts are due, ``known`` are known.

    ``doubts`` says, as a Chinese clause, what else might count (3条信息原创与否未判定), "" where nothing.
    ``seen_until`` is up to when we know what was published, ``unseen`` the parts of the window before it of which we do
    not; ``stale`` says that it is too long ago to speak of now. ``last_post`` is the newest that counts,
    ``last_original`` the newest original one, None too where none is needed. ``no_notice`` are the years whose notice
    is missing to know whether this is a working day.
    """

    account: Account
    code: str
    category: str
    window: Window
    ends_at: datetime
    needs_original: bool
    rolling: bool
    at: datetime
    minimum: int
    known: int
    doubts: str
    seen_until: datetime
    unseen: Coverage
    stale: bool
    last_post: Post | None
    last_original: Post | None = None
    no_notice: tuple[int, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether we saw everything from the window's beginning until just now."""
        return not self.unseen and not self.stale


def draws_near(case: Case) -> bool:
    """Say whether a deadline is near by the posts that are given; more posts can only put it off.

    So accounts can be sorted out by their newest posts alone.
    """
    return case.frame.rule(HEADING.code).enabled and any(_near(case, each) for each in deadlines_of(case))


def due_reminders(case: Case) -> tuple[Reminder, ...]:
    """Remind of the deadlines of GX-01, GX-02, GX-03 and YC-01 that are near, and of no others.

    A main account is reminded on a working day from ``warn_hour`` on, of windows of days in their last ``warn_days``
    days. What is broken already is the business of inspections; so is what nobody looked at.
    Clause: 临期提醒 (county practice).
    """
    if not case.frame.rule(HEADING.code).enabled or not case.account.addresses:
        return ()
    found = (_reminder(case, each) for each in deadlines_of(case) if _near(case, each) and not is_broken(case, each))
    return tuple(each for each in found if each is not None)


def _near(case: Case, deadline: Deadline) -> bool:
    frame, window, now = case.frame, deadline.window, case.frame.time_point
    today = frame.day_of(now)
    if today not in window:
        return False
    if deadline.code == "GX-02":
        return now.astimezone(frame.zone).hour >= frame.rule(HEADING.code).number("warn_hour")
    if (window.last - today).days >= frame.rule(HEADING.code).number("warn_days"):
        return False
    return deadline.code != "GX-03" or not frame.exempts(window)


def is_broken(case: Case, deadline: Deadline) -> bool:
    """Say whether a rolling window is over already, or nobody knows when it began; others are not over on their day."""
    if not _is_rolling(case, deadline):
        return False
    last = _tally(case, deadline).last_before(case.frame.day_of(case.frame.time_point) + ONE_DAY)
    return deadline.window.first != (last.day + ONE_DAY if last else case.account.opened)


def _is_rolling(case: Case, deadline: Deadline) -> bool:
    return deadline.code == "GX-01" or (
        deadline.code == "YC-01" and case.frame.rule(deadline.code).text("mode") == "rolling"
    )


def _tally(case: Case, deadline: Deadline) -> Tally:
    return case.originals if deadline.needs_original else case.any_post


def _reminder(case: Case, deadline: Deadline) -> Reminder | None:
    frame, window = case.frame, deadline.window
    now, start = frame.time_point, frame.start(window.first)
    seen_until = max((min(each.end, now) for each in case.seen.coverage if each.start < now), default=None)
    if seen_until is None or seen_until < now - BLIND:
        return None
    looked, tally, today = span(start, seen_until), _tally(case, deadline), frame.day_of(now)
    last, original = case.last_post(today), case.originals.last_before(today + ONE_DAY)
    values = frame.rule(deadline.code).values
    return Reminder(
        account=case.account,
        code=deadline.code,
        category=deadline.category,
        window=window,
        ends_at=deadline.ends_at,
        needs_original=deadline.needs_original,
        rolling=_is_rolling(case, deadline),
        at=now,
        minimum=int(values.get("minimum", 1)),
        known=tally.count(window),
        doubts=case.review(window, tally, window).why,
        seen_until=seen_until,
        unseen=gaps(case.seen.coverage, looked) if looked else (),
        stale=looked is None or now - seen_until > FRESH,
        last_post=last.post if last else None,
        last_original=original.post if original and deadline.needs_original else None,
        no_notice=frame.workdays.missing(window.first, window.last) if deadline.code == "GX-02" else (),
    )
