"""GX-05 疑似僵尸账号: no post for a long time."""

from collections.abc import Sequence

from monitor.case import Case
from monitor.findings import Judged, Severity, Verdict
from monitor.rules.rule import Heading, Rule, everyone, is_confirmed, last_update
from monitor.wording import full_day, length

HEADING = Heading(
    code="GX-05",
    category="疑似僵尸账号",
    severity=Severity.BULLETIN,
    advice="核实账号运维状况，恢复更新；不再使用的，按程序公告停更并注销。",
)


def judge(case: Case) -> tuple[Judged, ...]:
    """Judge the ``days`` whole local days that end at the time point.

    Clause: 长期不更新的僵尸账号 (published bulletins).
    """
    frame = case.frame
    window = frame.ending(frame.rule(HEADING.code).number("days"))
    return (case.decide(window, case.any_post, 1, also=frame.until_now(window)),)


def describe(case: Case, verdict: Verdict, judged: Sequence[Judged]) -> str:
    """Write the 问题描述."""
    (only,) = judged
    point = f"截至{full_day(only.window.last)}，{length(only.window.days)}内"
    if verdict is Verdict.REVIEW:
        return f"{point}未见可确认的更新，但有{only.why}，需人工复核。"
    reviewed = "经人工复核确认" if is_confirmed(only) else ""
    return f"{point}{reviewed}无信息发布，疑似僵尸账号。{last_update(case, only)}"


RULE = Rule(heading=HEADING, binds=everyone, judge=judge, describe=describe)
