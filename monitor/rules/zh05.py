"""ZH-05 停更公告期不足: from the notice of closing to the closing there are too few working days."""

from collections.abc import Sequence
from datetime import date

from monitor.case import Case
from monitor.findings import Judged, Severity, Verdict, Window
from monitor.frame import ONE_DAY, Frame
from monitor.rules.rule import Heading, Rule, everyone, is_confirmed
from monitor.values import Account
from monitor.wording import full_day

HEADING = Heading(
    code="ZH-05",
    category="停更公告期不足",
    severity=Severity.HINT,
    advice="注销前应当公告满规定的工作日，补充公告后再办理注销。",
)


def judge(case: Case) -> tuple[Judged, ...]:
    """Judge the registry: an account closed in the period must have had its notice up for so many working days.

    The day of the notice does not count, that of the closing does not either. Where a year has no notice of its days
    off, too few working days are 待复核. Nothing is judged of an account whose registry states no day of closing.
    Clause: 停更公告不少于15个工作日 (X 13).
    """
    account, frame = case.account, case.frame
    closed = account.closed
    if closed is None or not frame.period.first <= closed <= min(frame.period.last, frame.today):
        return ()
    window = Window(closed, closed)
    if account.closing_notice is None:
        return (Judged(window=window, verdict=Verdict.REVIEW, why="台账未填写停更公告日期"),)
    days = noticed(account.closing_notice, closed, frame)
    if days >= frame.rule(HEADING.code).number("workdays"):
        return (Judged(window=window, verdict=Verdict.MET, known=days),)
    unknown = frame.workdays.missing(min(account.closing_notice, closed), closed)
    if unknown:
        return (Judged(window=window, verdict=Verdict.REVIEW, why=f"{unknown[0]}年放假安排未录入"),)
    return (Judged(window=window, verdict=Verdict.VERIFIED),)


def describe(case: Case, verdict: Verdict, judged: Sequence[Judged]) -> str:
    """Write the 问题描述."""
    account, frame = case.account, case.frame
    closed, least = judged[-1].window.last, frame.rule(HEADING.code).number("workdays")
    ended = f"{full_day(closed)}注销"
    if account.closing_notice is None:
        if verdict is Verdict.REVIEW:
            return f"{ended}，未见停更公告日期，是否公告满{least}个工作日需人工复核。"
        return f"{ended}，未见停更公告日期，经人工复核确认停更公告不足{least}个工作日。"
    days = noticed(account.closing_notice, closed, frame)
    said = f"{full_day(account.closing_notice)}发布停更公告，{ended}，公告期{days}个工作日，不足{least}个工作日"
    if verdict is Verdict.REVIEW:
        return f"{said}（{judged[-1].why}），需人工复核。"
    return f"{said}{'，经人工复核确认' if is_confirmed(judged[-1]) else ''}。"


def noticed(notice: date, until: date, frame: Frame) -> int:
    """Return for how many whole working days a notice has been up before ``until``, its own day left out."""
    return len(frame.workdays.between(notice + ONE_DAY, until - ONE_DAY)) if notice < until else 0


def noticed_until(account: Account, frame: Frame) -> date | None:
    """Return the first day on which an account with a notice of closing may be closed, None without a notice."""
    if account.closing_notice is None:
        return None
    return frame.workdays.add(account.closing_notice, frame.rule(HEADING.code).number("workdays")) + ONE_DAY


RULE = Rule(
    heading=HEADING,
    binds=everyone,
    judge=judge,
    describe=describe,
    names_last=False,
    unproven=Verdict.VERIFIED,  # the registry needs no coverage
)
