"""GX-06 本月零发布: no post in the whole month, and for how many months running."""

from collections.abc import Sequence

from monitor.case import Case
from monitor.decisions import cleared
from monitor.findings import Judged, Severity, Verdict, Window
from monitor.frame import ONE_DAY, month_of
from monitor.rules.rule import SILENCE, Heading, Rule, everyone, is_confirmed

HEADING = Heading(
    code="GX-06",
    category="本月零发布",
    severity=Severity.BULLETIN,
    advice="尽快恢复信息发布，并说明当月未发布信息的原因。",
)


def judge(case: Case) -> tuple[Judged, ...]:
    """Judge the whole period.

    Clause: 月度信息发布量为零 (published bulletins).
    """
    return (case.decide(case.frame.period, case.any_post, 1),)


def describe(case: Case, verdict: Verdict, judged: Sequence[Judged]) -> str:
    """Write the 问题描述."""
    (only,) = judged
    if verdict is Verdict.REVIEW:
        return f"本月未见可确认的信息发布，但有{only.why}，需人工复核。"
    months = silent_months(case)
    running = f"，已连续{months}个月无信息发布" if months > 1 else ""
    if is_confirmed(only):
        return f"经人工复核确认，本月没有可以计入的信息发布{running}。"
    return f"本月信息发布量为零{running}。"


def silent_months(case: Case) -> int:
    """Return how many months running, the period included, are proven to be without a post.

    A month in which a person has cleared any silence ends them.
    """
    count, month = 1, month_of(case.frame.period.first - ONE_DAY)
    while _is_silent(case, month):
        count += 1
        month = month_of(month.first - ONE_DAY)
    return count


def _is_silent(case: Case, month: Window) -> bool:
    silent = case.verdict(month, case.any_post, 1) is Verdict.VERIFIED
    return silent and not any(cleared(case.seen.decisions, HEADING.code, month, also=SILENCE))


RULE = Rule(heading=HEADING, binds=everyone, judge=judge, describe=describe)
