"""GX-03 未达到周更新要求: every other account posts in every natural week."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.case import Case
from monitor.findings import NOT_DUE, Judged, Severity, Verdict, Window
from monitor.frame import Frame
from monitor.rules.rule import Heading, Rule, confirmed_ones
from monitor.values import Account
from monitor.wording import short_window

HEADING = Heading(
    code="GX-03",
    category="未达到周更新要求",
    severity=Severity.BULLETIN,
    advice="按照每周更新要求制定信息发布计划，保持稳定更新。",
)


def binds(account: Account) -> bool:
    """Bind every account that is not a main account."""
    return not account.main


def judge(case: Case) -> tuple[Judged, ...]:
    """Judge every natural week whose last day falls in the period.

    Where weeks with few working days are exempt, a week of a year without a notice is 待复核 instead of proven.
    Clause: 其他账号每周至少更新1次 (G 二(五), X 15).
    """
    rule = case.frame.rule(HEADING.code)
    minimum = rule.number("minimum")
    weeks = [case.decide(week, case.any_post, minimum) for week in case.frame.weeks]
    if rule.number("exempt_when_workdays_below") == 0:
        return tuple(weeks)
    return tuple(_provisional(case, week) for week in weeks)


def describe(case: Case, verdict: Verdict, judged: Sequence[Judged]) -> str:
    """Write the 问题描述."""
    minimum = case.frame.rule(HEADING.code).number("minimum")
    year = case.frame.period.first.year
    every = case.judged.get(HEADING.code) or judge(case)
    weeks, _, _ = weeks_due(every)
    unseen = sum(each.verdict is Verdict.UNVERIFIABLE for each in every)
    period = f"本期{weeks}周，其中{unseen}周未能核验" if unseen else f"本期{weeks}周"
    silent = [short_window(each.window, year) for each in judged if not each.known]
    few = [f"{short_window(each.window, year)}仅更新{each.known}次" for each in judged if each.known]
    parts = "，".join((["、".join(silent) + "无更新"] if silent else []) + few)
    required = f"“每周更新不少于{minimum}次”要求（{period}，未达标{len(judged)}周）"
    if verdict is Verdict.REVIEW:
        whys = "；".join(dict.fromkeys(each.why for each in judged))
        shown = "、".join(short_window(each.window, year) for each in judged)
        return f"{shown}未见可确认达到“每周更新不少于{minimum}次”要求的更新（{whys}），需人工复核。"
    return f"{parts}，未达到{required}{confirmed_ones(judged, lambda window: short_window(window, year))}。"


def _provisional(case: Case, judged: Judged) -> Judged:
    unknown = case.frame.workdays.missing(judged.window.first, judged.window.last)
    if judged.verdict is Verdict.VERIFIED and unknown:
        return replace(judged, verdict=Verdict.REVIEW, why=f"{unknown[0]}年放假安排未录入，该周是否免于要求不能确定")
    return judged


def weeks_due(judged: Sequence[Judged]) -> tuple[int, int, tuple[Window, ...]]:
    """Return 应达标周数 (dismissed ones left out), 达标周数 and the weeks proven to have been missed."""
    due = sum(each.verdict not in NOT_DUE for each in judged)
    met = sum(each.verdict is Verdict.MET for each in judged)
    return due, met, tuple(each.window for each in judged if each.verdict is Verdict.VERIFIED)


def counts_back(_frame: Frame) -> int:
    """Count from the first day of a week that began before the period."""
    return 7


RULE = Rule(heading=HEADING, binds=binds, judge=judge, describe=describe, names_last=False, counts_back=counts_back)
