"""The re-check (回头看): after a finding's time for rectification its rule is judged again over the time since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from monitor.case import Case, Observations
from monitor.deciding import judged_by, reviewed
from monitor.decisions import cleared
from monitor.findings import Judged, Verdict, Window
from monitor.frame import ONE_DAY, Frame, month_of
from monitor.life import in_force
from monitor.rules import RULES
from monitor.rules.cj01 import together
from monitor.rules.rule import Rule
from monitor.spans import Span, clip
from monitor.tally import Tally
from monitor.values import Account
from monitor.wording import full_day, short_window

ORIGINALS = "YC-01"


class Outcome(StrEnum):
    """整改情况."""

    RECTIFIED = "已整改"
    NOT_RECTIFIED = "未整改"
    UNVERIFIABLE = "未能核验"
    PENDING = "整改期未满"
    NOT_APPLICABLE = "不再适用"

    @property
    def is_settled(self) -> bool:
        """Whether later inspections need not look again."""
        return self in (Outcome.RECTIFIED, Outcome.NOT_RECTIFIED, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person found when looking whether a finding was rectified; ``day`` is the day of it."""

    outcome: Outcome
    day: date
    by: str
    at: datetime
    note: str = ""

    def is_early(self, due: date) -> bool:
        """Say whether nothing was seen mended before the time for it was over, which decides nothing."""
        return self.outcome is Outcome.NOT_RECTIFIED and self.day <= due


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A finding of an earlier month that was to be rectified by ``due``; ``since`` is the day of its time point.

    ``posts`` are the keys of the posts that it named; ``entered`` says that a person entered it, or a part of it: only
    who takes that back ends it. ``said`` is the newest that a person found and that is not early.
    """

    account_id: str
    month: str
    code: str
    category: str
    windows: tuple[Window, ...]
    since: date
    due: date
    posts: tuple[str, ...] = ()
    entered: bool = False
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """What became of a duty: ``window`` are the days judged again, None where none were.

    ``day`` is, of what was rectified, the first day after the inspection on which there was what had been missing, or
    the one that a person named; None where nobody knows. ``why`` is one Chinese sentence.
    """

    duty: Duty
    outcome: Outcome
    why: str
    window: Window | None = None
    day: date | None = None


def recheck(account: Account, seen: Observations, frame: Frame, duty: Duty) -> Recheck:
    """Judge the rule of a duty again, over the days between its due date and the frame's time point.

    Windows of the rule that began earlier say nothing of the unit's amends. Where no whole window has passed yet,
    what was missing must have come again since the inspection. Without coverage nothing is 未整改, nor is anything by
    posts that were not read: ``seen`` should reach back to the inspection. People's decisions hold here as well, also
    those that took back the finding itself after its inspection was final.
    """
    if not duty.entered and _taken_back(duty, seen, frame):
        return Recheck(duty=duty, outcome=Outcome.NOT_APPLICABLE, why=_TAKEN_BACK)
    said = duty.said
    if said is not None:
        why = f"{said.by}于{full_day(said.day)}人工复查：{said.note or said.outcome}"
        day = said.day if said.outcome is Outcome.RECTIFIED else None
        return Recheck(duty=duty, outcome=said.outcome, why=why, day=day)
    if frame.last_day <= duty.due:
        return Recheck(duty=duty, outcome=Outcome.PENDING, why=f"整改时限为{full_day(duty.due)}")
    rule = next((each for each in RULES if each.heading.code == duty.code), None)
    if rule is None:
        return Recheck(duty=duty, outcome=Outcome.UNVERIFIABLE, why="该问题由人工录入，需人工复查")
    if not frame.rule(duty.code).enabled:
        return Recheck(duty=duty, outcome=Outcome.UNVERIFIABLE, why="该规则已停用，需人工复查")
    if duty.code not in _SILENCE and not rule.of_posts:
        return Recheck(duty=duty, outcome=Outcome.UNVERIFIABLE, why="该项问题不能自动复查，需人工复查")
    if not rule.binds(account):
        return Recheck(duty=duty, outcome=Outcome.NOT_APPLICABLE, why="该账号已不适用该项要求")
    return _again(account, seen, frame, duty, rule)


_ONCE = ("GX-01", "GX-05", "GX-06", ORIGINALS)
"""Findings of these are mended by one post (or original) that comes again."""

_OF_POSTS = frozenset(rule.heading.code for rule in RULES if rule.of_posts)

_ROLLING = ("GX-01", "GX-05", ORIGINALS)
"""Rules with windows of so many days on end, wherever they begin."""

_SILENCE = ("GX-02", "GX-03", *_ONCE)
"""Rules whose findings rest on silence, that of originals last."""


def _stands(duty: Duty, window: Window, seen: Observations, frame: Frame) -> bool:
    """Say whether people have left a window of a finding as it was found: not dismissed since, nor made a mere hint.

    A window that fell apart, for a late post was seen in it, is taken back with its pieces: what is left of it must be
    so long that the rule would still find it.
    """
    month = month_of(window.last)
    found = cleared(seen.decisions, duty.code, window)
    parts = [part for by, part in found if by.subject.code != duty.code or by.subject.window.last in month]
    least = frame.rule(duty.code).number("days") if duty.code in _ROLLING else 1
    days = (window.first + ONE_DAY * each for each in range(window.days if parts else 0))
    left = together(Window(day, day) for day in days if not any(day in each for each in parts))
    return not parts or any(each.days >= least for each in left)


def _taken_back(duty: Duty, seen: Observations, frame: Frame) -> bool:
    """Say whether people have cleared all of a finding since its inspection."""
    return not any(_stands(duty, each, seen, frame) for each in duty.windows) or _posts_cleared(duty, seen)


def _posts_cleared(duty: Duty, seen: Observations) -> bool:
    """Say whether people have cleared, one by one, all posts that a finding of posts rests on."""
    if not duty.posts or duty.code not in _OF_POSTS:
        return False
    own = sorted((each for each in seen.decisions if each.subject.code == duty.code), key=lambda one: one.number)
    newest = {each.subject.key: each for each in own}
    return all(key in newest and newest[key].clears for key in duty.posts)


def _counting(judged: Judged) -> Judged:
    """Take what a person made a mere hint for what it is: it accuses nobody."""
    is_hint = judged.verdict is Verdict.VERIFIED and not judged.accuses
    return replace(judged, verdict=Verdict.DISMISSED) if is_hint else judged


def _again(account: Account, seen: Observations, frame: Frame, duty: Duty, rule: Rule) -> Recheck:
    window = Window(duty.due + ONE_DAY, frame.last_day)
    case = Case(account, _as_read(seen, frame), _frame_of(frame, window))
    if not in_force(case.term, Window(window.first, window.first)):
        return Recheck(duty=duty, outcome=Outcome.NOT_APPLICABLE, why=_ENDED)
    since = Window(duty.since + ONE_DAY, window.last)
    outcome, why = _of_posts(case, rule, window) if rule.of_posts else _outcome(case, rule, window, since)
    is_mended = outcome is Outcome.RECTIFIED and not rule.of_posts
    day = _first_day(_tally(case, rule), since) if is_mended else None
    return Recheck(duty=duty, outcome=outcome, why=why, window=window, day=day)


def _frame_of(frame: Frame, window: Window) -> Frame:
    """Return a frame of its own, for a frame keeps what it has worked out of its period."""
    return Frame(
        period=window,
        time_point=frame.start(window.last + ONE_DAY),
        zone=frame.zone,
        workdays=frame.workdays,
        policy=frame.policy,
        approved_sources=frame.approved_sources,
    )


def _as_read(seen: Observations, frame: Frame) -> Observations:
    """Return observations that prove nothing of the days whose posts were not read one by one."""
    read = Span(frame.start(seen.horizon), max(frame.time_point, frame.start(seen.horizon + ONE_DAY)))
    return replace(seen, coverage=clip(seen.coverage, read))


def _of_posts(case: Case, rule: Rule, window: Window) -> tuple[Outcome, str]:
    found = _broken([_counting(each) for each in judged_by(rule, case)])
    if found is None and not case.covered(window):
        return Outcome.UNVERIFIABLE, f"整改期满后{short_window(window, window.last.year)}未能完整采集"
    return found or (Outcome.RECTIFIED, "整改期满后未再发现同类问题")


def _outcome(case: Case, rule: Rule, window: Window, since: Window) -> tuple[Outcome, str]:
    judged = _whole(case, rule, window)
    if found := _broken(judged):
        return found
    if any(each.verdict is Verdict.MET and not each.why for each in judged):  # a day that is let pass shows nothing
        return Outcome.RECTIFIED, "整改期满后符合要求"
    if any(each.verdict is Verdict.DISMISSED for each in judged):
        return Outcome.UNVERIFIABLE, _DISMISSED
    return _come_again(case, rule, since)


def _whole(case: Case, rule: Rule, window: Window) -> list[Judged]:
    """Return the rule's windows that lie in ``window``, as people decided on them.

    The rolling windows of YC-01 each by itself: merged, they would begin before it. GX-06 asks for whole months. What
    GX-02 lets pass it lets pass in each month.
    """
    code, parameters = rule.heading.code, case.frame.rule(rule.heading.code)
    if code == "GX-06":
        return []
    if code == ORIGINALS and parameters.text("mode") == "rolling":
        rolling = [each for each in case.frame.rolling(parameters.number("days")) if each.first >= window.first]
        return [_decided(case, rule, case.decide(each, case.originals, 1)) for each in rolling]
    cases = [case]
    if code == "GX-02":
        cases = [Case(case.account, case.seen, _frame_of(case.frame, each)) for each in _months_of(window)]
    judged = (each for one in cases for each in judged_by(rule, one))
    return [_counting(each) for each in judged if each.window.first >= window.first]


def _months_of(window: Window) -> Iterator[Window]:
    """Give the parts of a window that lie in one month each."""
    first = window.first
    while first <= window.last:
        last = min(month_of(first).last, window.last)
        yield Window(first, last)
        first = last + ONE_DAY


def _broken(judged: Sequence[Judged]) -> tuple[Outcome, str] | None:
    """Return the outcome where a window is broken, in doubt or was not seen, else None."""
    for verdict, outcome, ending in (
        (Verdict.VERIFIED, Outcome.NOT_RECTIFIED, "仍存在同类问题"),
        (Verdict.REVIEW, Outcome.UNVERIFIABLE, "待人工复核"),
        (Verdict.UNVERIFIABLE, Outcome.UNVERIFIABLE, "未能完整采集"),
    ):
        if found := together(each.window for each in judged if each.verdict is verdict):
            return outcome, f"整改期满后{'、'.join(short_window(one, found[-1].last.year) for one in found)}{ending}"
    return None


def _come_again(case: Case, rule: Rule, since: Window) -> tuple[Outcome, str]:
    """Say whether what was missing has come again since the inspection, where no whole window has passed."""
    thing = "原创信息" if rule.heading.code == ORIGINALS else "信息"
    found = _decided(case, rule, case.decide(since, _tally(case, rule), 1))
    if found.verdict is Verdict.MET and rule.heading.code not in _ONCE:
        return Outcome.UNVERIFIABLE, "整改期满后尚无完整的应更新时段"
    if found.verdict is Verdict.VERIFIED and _is_partly_dismissed(case, rule, since):
        return Outcome.UNVERIFIABLE, _DISMISSED
    return {
        Verdict.MET: (Outcome.RECTIFIED, f"检查后已发布{thing}"),
        Verdict.VERIFIED: (Outcome.NOT_RECTIFIED, f"检查后至{full_day(since.last)}未发布{thing}"),
        Verdict.NOT_APPLICABLE: (Outcome.NOT_APPLICABLE, _ENDED),
        Verdict.REVIEW: (Outcome.UNVERIFIABLE, f"检查后是否发布{thing}待人工复核"),
        Verdict.DISMISSED: (Outcome.UNVERIFIABLE, _DISMISSED),
    }.get(found.verdict, (Outcome.UNVERIFIABLE, "检查后的时段未能完整采集"))


def _is_partly_dismissed(case: Case, rule: Rule, since: Window) -> bool:
    """Say whether a person has cleared, of days in ``since``, that what is missing was missing."""
    also = () if rule.heading.code == ORIGINALS else _SILENCE[:-1]
    return any(cleared(case.seen.decisions, rule.heading.code, since, also=also))


_TAKEN_BACK = "该问题已经人工复核排除或者改为提示，不再要求整改"
_ENDED = "该账号已停更或注销"
_DISMISSED = "检查后的时段有经人工复核排除或者改为提示的，需人工复查"


def _decided(case: Case, rule: Rule, judged: Judged) -> Judged:
    (found,) = reviewed(case, rule, judged)
    return _counting(found)


def _tally(case: Case, rule: Rule) -> Tally:
    return case.originals if rule.heading.code == ORIGINALS else case.any_post


def _first_day(tally: Tally, window: Window) -> date | None:
    return next((day for day in tally.days if day in window), None)
