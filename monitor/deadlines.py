"""The next deadlines of an account: by when it must have posted so that no rule is broken."""

from collections.abc import Iterator
from datetime import date

from monitor.case import Case
from monitor.findings import Deadline, Window
from monitor.frame import ONE_DAY, Frame, natural_weeks
from monitor.life import in_force
from monitor.rules import RULES, gx01, gx02, gx03, yc01
from monitor.rules.rule import Heading
from monitor.tally import Tally

_WEEKS_AHEAD = 8
"""So far the next week is looked for that is not exempt; no holidays are longer."""


def deadlines_of(case: Case) -> tuple[Deadline, ...]:
    """Return the next deadline of each rule that binds the account, the nearest first.

    A duty that is already broken is due by the end of the running day.
    """
    bound = {
        rule.heading.code for rule in RULES if case.frame.rule(rule.heading.code).enabled and rule.binds(case.account)
    }
    found = [each for each in _all(case) if each.code in bound and in_force(case.term, each.window)]
    return tuple(sorted(found, key=lambda each: (each.ends_at, each.code)))


def _all(case: Case) -> Iterator[Deadline]:
    frame, account = case.frame, case.account
    yield _deadline(frame, gx01.HEADING, _rolling(case, case.any_post, frame.rule("GX-01").number("days")))
    if account.main:
        yield _deadline(frame, gx02.HEADING, _next_workday(case))
    elif week := _next_week(case):
        yield _deadline(frame, gx03.HEADING, week)
    rule = frame.rule("YC-01")
    rolling = rule.text("mode") == "rolling"
    window = _rolling(case, case.originals, rule.number("days")) if rolling else _next_fortnight(case)
    yield _deadline(frame, yc01.HEADING, window, needs_original=True)


def _deadline(frame: Frame, heading: Heading, window: Window, *, needs_original: bool = False) -> Deadline:
    return Deadline(
        code=heading.code,
        category=heading.category,
        window=window,
        ends_at=frame.start(window.last + ONE_DAY),
        needs_original=needs_original,
    )


def _now(case: Case) -> date:
    """Return the local day that runs at the time point."""
    return case.frame.day_of(case.frame.time_point)


def _rolling(case: Case, tally: Tally, days: int) -> Window:
    """Return the window whose last day is the last on which a post keeps every window of ``days`` days met."""
    now = _now(case)
    last = tally.last_before(now + ONE_DAY)
    first = last.day + ONE_DAY if last else case.account.opened or now - ONE_DAY * (days - 1)
    end = max(first + ONE_DAY * (days - 1), now)
    return Window(end - ONE_DAY * (days - 1), end)


def _next_workday(case: Case) -> Window:
    """Return today where it is a working day still without its posts, else the next working day."""
    now, minimum = _now(case), case.frame.rule("GX-02").number("minimum")
    today = Window(now, now)
    if case.frame.workdays.is_workday(now) and case.any_post.count(today) < minimum:
        return today
    day = case.frame.workdays.add(now, 1)
    return Window(day, day)


def _next_week(case: Case) -> Window | None:
    """Return the running natural week where it still lacks posts, else the next one; None where all are exempt."""
    rule, now = case.frame.rule("GX-03"), _now(case)
    running, *later = natural_weeks(Window(now, now + ONE_DAY * _WEEKS_AHEAD * 7 - ONE_DAY), rule.number("week_start"))
    if case.any_post.count(running) < rule.number("minimum"):
        later.insert(0, running)
    return next((week for week in later if not case.frame.exempts(week)), None)


def _next_fortnight(case: Case) -> Window:
    """Return the running fixed window of two weeks where it still lacks an original, else the next one."""
    now, week_start = _now(case), case.frame.rule("GX-03").number("week_start")
    running, following = yc01.fortnights(Window(now, now + ONE_DAY * 27), week_start)
    return following if case.originals.count(running) else running
