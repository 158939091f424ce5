"""GX-01 内容不更新: no post in the days that end at the monitoring time point."""

from collections.abc import Sequence

from monitor.case import Case
from monitor.findings import Judged, Severity, Verdict
from monitor.frame import Frame
from monitor.rules.rule import Heading, Rule, everyone, is_confirmed, last_update
from monitor.wording import full_day, length

HEADING = Heading(
    code="GX-01",
    category="内容不更新",
    severity=Severity.VETO,
    advice="立即恢复信息发布；确无运维能力的，按程序申请停更、注销。",
)


def judge(case: Case) -> tuple[Judged, ...]:
    """Judge the ``days`` whole local days that end at the time point; a post of the running day lets it be met as well.

    Clause: 监测时间点前2周内无更新 (N).
    """
    frame = case.frame
    window = frame.ending(frame.rule(HEADING.code).number("days"))
    return (case.decide(window, case.any_post, 1, also=frame.until_now(window)),)


def describe(case: Case, verdict: Verdict, judged: Sequence[Judged]) -> str:
    """Write the 问题描述."""
    (only,) = judged
    point = f"监测时间点（{full_day(case.frame.today)}）前{length(only.window.days)}内"
    if verdict is Verdict.REVIEW:
        return f"{point}未见可确认的更新，但有{only.why}，需人工复核。"
    reviewed = "经人工复核确认" if is_confirmed(only) else ""
    return f"{point}{reviewed}无更新。{last_update(case, only)}"


def counts_back(frame: Frame) -> int:
    """Count from the first day of the window."""
    return frame.rule(HEADING.code).number("days")


RULE = Rule(heading=HEADING, binds=everyone, judge=judge, describe=describe, counts_back=counts_back)
