"""GX-02 工作日未更新: the main account posts on every working day."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.case import Case
from monitor.findings import NOT_DUE, Judged, Severity, Verdict, Window
from monitor.rules.rule import Heading, Rule, confirmed_ones
from monitor.values import Account
from monitor.wording import listed, weekday_day

HEADING = Heading(
    code="GX-02",
    category="工作日未更新",
    severity=Severity.BULLETIN,
    advice="主账号应在每个工作日更新信息，请完善值班和审发安排，杜绝工作日断更。",
)


def binds(account: Account) -> bool:
    """Bind the main account."""
    return account.main


def judge(case: Case) -> tuple[Judged, ...]:
    """Judge every working day of the period, make-up working days included; ``tolerance`` missed ones are let pass.

    Where no notice says which days are working days, a missing post is 待复核: it may have been a holiday.
    Clause: 主账号每个工作日至少更新1次 (G 二(五)).
    """
    return tolerated(case, each_day(case))


def each_day(case: Case) -> tuple[Judged, ...]:
    """Judge every working day by itself."""
    minimum = case.frame.rule(HEADING.code).number("minimum")
    days = (case.decide(Window(day, day), case.any_post, minimum) for day in case.frame.working_days)
    return tuple(_provisional(case, each) for each in days)


def tolerated(case: Case, judged: Sequence[Judged]) -> tuple[Judged, ...]:
    """Let as many missed days pass as may be missed."""
    return tuple(_tolerate(judged, case.frame.rule(HEADING.code).number("tolerance")))


def describe(case: Case, verdict: Verdict, judged: Sequence[Judged]) -> str:
    """Write the 问题描述."""
    every = case.judged.get(HEADING.code) or judge(case)
    due, met = workdays_due_and_met(every)
    year = case.frame.period.first.year
    days = listed([weekday_day(each.window.first, year) for each in judged], 31, "天")
    unseen = sum(each.verdict is Verdict.UNVERIFIABLE for each in every)
    known = f"其中{unseen}个未能核验，已知更新{met}个" if unseen else f"实际更新{met}个"
    counted = f"{case.frame.period.first.month}月应更新工作日{due}个，{known}，"
    if verdict is Verdict.REVIEW:
        whys = "；".join(dict.fromkeys(each.why for each in judged))
        return f"{counted}{days}共{len(judged)}个工作日需人工复核（{whys}）。"
    reviewed = confirmed_ones(judged, lambda window: weekday_day(window.first, year))
    return f"{counted}{days}共{len(judged)}个工作日未更新{reviewed}。"


def workdays_due_and_met(judged: Sequence[Judged]) -> tuple[int, int]:
    """Return 应更新工作日数 (those that have ended, bind the account and are not dismissed) and 实际更新工作日数."""
    due = sum(each.verdict not in NOT_DUE for each in judged)
    return due, sum(each.verdict is Verdict.MET and not each.why for each in judged)


def _provisional(case: Case, judged: Judged) -> Judged:
    unknown = case.frame.workdays.missing(judged.window.first, judged.window.last)
    if judged.verdict is Verdict.VERIFIED and unknown:
        why = f"{unknown[0]}年放假安排未录入，工作日暂按周一至周五推定"
        return replace(judged, verdict=Verdict.REVIEW, why=why)
    return judged


def _tolerate(judged: Sequence[Judged], tolerance: int) -> list[Judged]:
    """Let days without a post pass where all that may be missed stay within ``tolerance``.

    Where only the proven ones do, the open days decide: the proven ones are then for a person. What a person made a
    mere hint uses up nothing of it.
    """
    missed = sum(each.accuses for each in judged)
    possible = missed + sum(each.verdict in _OPEN for each in judged)
    if missed > tolerance or not possible:
        return list(judged)
    if possible <= tolerance:
        return [
            replace(each, verdict=Verdict.MET, why=_TOLERATED, machine=each.machine if each.decision else None)
            if each.accuses or each.verdict in _OPEN
            else each
            for each in judged
        ]
    why = f"是否超出容许的{tolerance}天，取决于其余待定的工作日"
    return [replace(each, verdict=Verdict.REVIEW, why=why) if each.accuses else each for each in judged]


_OPEN = (Verdict.REVIEW, Verdict.UNVERIFIABLE)
_TOLERATED = "在容许范围内"

RULE = Rule(
    heading=HEADING,
    binds=binds,
    judge=judge,
    describe=describe,
    names_last=False,
    alone=each_day,
    together=tolerated,
)
