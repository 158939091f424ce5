"""What a spot check shows of people's part in it: decisions, findings that they entered, what they dismissed."""

from dataclasses import replace

from console.show.check import check_lines
from monitor.decisions import Entered, Ruling
from monitor.evidence import evidence_of
from monitor.findings import Judgement, Severity
from schedules.check import SpotCheck
from schedules.observe import Examined
from tests.monitor.builders import (
    ALWAYS,
    DECIDED_AT,
    ZONE,
    decision,
    frame,
    judged,
    policy,
    posts,
    undated,
    window,
)

WITHIN = frame(by=policy(off=["GX-01", "GX-05", "GX-06", "YC-01"]))
KNOWN = [*posts("08-01..10-04 10-19..10-31"), undated("10-06 09:00", "doubt")]
ENTERED = Entered(
    number=12,
    account_id="gx-01",
    code="HD-01",
    severity=Severity.VETO,
    window=window("10-20"),
    description="没有留言入口。",
    by="李某",
    at=DECIDED_AT,
    attachments=("截图.png",),
)


def shown(judgement: Judgement) -> list[str]:
    evidence = tuple(evidence_of(each, WITHIN, ALWAYS, ()) for each in judgement.findings)
    examined = Examined(judgement=judgement, evidence=evidence)
    return list(check_lines(SpotCheck(frame=WITHIN, judged=examined, deadlines=(), visits=()), ZONE))


def block(lines: list[str], head: str) -> dict[str, str]:
    """The labelled lines under a head."""
    at = lines.index(head) + 1
    return dict(each.split(maxsplit=1) for each in lines[at : lines.index("", at)])


def test_a_finding_that_rests_on_a_decision_says_so_and_a_dismissed_one_is_listed() -> None:
    confirmed = decision("GX-03", "10-05..10-11", Ruling.CONFIRMED, posts=["doubt"])
    dismissed = replace(decision("GX-03", "10-12..10-18", hour=1), note="当日已发布")
    lines = shown(judged(KNOWN, ALWAYS, within=WITHIN, decisions=[confirmed, dismissed]))
    found = block(lines, "GX-03 未达到周更新要求（通报，已核实）")["佐证"]
    assert found.startswith("已覆盖 2026-10-05 00:00 至 2026-10-12 00:00；")
    assert found.endswith("；人工复核确认（李某，2026-11-02 09:00）")
    listed = block(lines, "GX-03 未达到周更新要求（通报，已排除）")
    assert listed["佐证"] == "人工复核排除（李某，2026-11-02 10:00：人工核验无问题：当日已发布）"
    assert "10月12日至10月18日" in listed["问题描述"]
    assert not {"整改建议", "整改时限", "处置建议"} & set(listed)


def test_a_finding_that_was_entered_says_by_whom() -> None:
    lines = shown(judged(posts("08-01..10-31"), ALWAYS, within=WITHIN, entered=[ENTERED]))
    found = block(lines, "HD-01 未提供有效互动功能（否决，已核实）")
    assert found["佐证"] == "人工录入：李某，2026-11-02 09:00；附件：截图.png"
