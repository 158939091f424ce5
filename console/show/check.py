"""Printing of a spot check: the result first, then each rule's windows and evidence, then the next deadline."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from console.show.ink import BOLD, FAINT, inked, result_inked, verdict_inked
from console.show.visits import outcome_words
from console.widths import padded, width
from monitor.evidence import OF_REGISTRY, Evidence
from monitor.findings import Deadline, Figures, Finding, Judged, Verdict
from monitor.masking import mask
from monitor.rules import HEADINGS
from monitor.visits import Visit
from monitor.wording import listed, named, short_window
from reports.cells import share
from reports.masked import masked_record
from reports.record import account_record, head_record, visit_record
from reports.rows import decided_text, entered_text
from schedules.check import SpotCheck

MOST = 6  # windows, visits or spans of one kind that a line names
CATEGORIES = {heading.code: heading.category for heading in HEADINGS}
LABEL_COLUMNS = 10
UNNAMED = frozenset({Verdict.MET, Verdict.NOT_APPLICABLE, Verdict.PENDING})  # of these the number is enough


def check_lines(found: SpotCheck, zone: tzinfo) -> Iterator[str]:
    """Yield what a person reads of a spot check, personal numbers masked; times in ``zone``."""
    return map(mask, _lines(found, zone))


def _lines(found: SpotCheck, zone: tzinfo) -> Iterator[str]:
    judgement = found.judged.judgement
    account, frame = judgement.account, found.frame
    yield f"检查结果：{result_inked(judgement.result)}  {inked(named(account), BOLD)} {account.account_id}"
    period = f"{frame.period.first} 至 {frame.period.last}"
    yield f"主办单位 {account.organizer}，{'主账号' if account.main else '非主账号'}，状态{account.state}"
    yield f"检查时段 {period}，判定到 {_minute(frame.time_point, zone)}，依据{frame.policy.title}"
    yield _figures(judgement.figures)
    for visit in found.visits:
        outcome = f"{visit.outcome} {visit.reason or outcome_words(visit)}"
        yield f"本次采集 {_minute(visit.ended_at, zone)} {outcome} {visit.url}"
    yield from (f"说明：{note}" for note in judgement.notes)
    yield ""
    yield from _rules(judgement.windows, frame.period.first.year)
    for finding, evidence in zip(judgement.findings, found.judged.evidence, strict=True):
        yield ""
        yield from _finding(finding, evidence, zone)
    for finding in judgement.dismissed:
        yield ""
        yield from _finding(finding, None, zone)
    yield ""
    yield from _deadlines(found.deadlines, zone)


def _figures(figures: Figures) -> str:
    last = figures.last_post
    newest = f"，最近一条《{last.title}》" if last is not None else ""
    return (
        f"本期发布{figures.published}条：原创{figures.original}，转载{figures.reposted}，未判定{figures.undetermined}"
        f"；采集完整率{share(figures.coverage_share)}{newest}"
    )


def _rules(windows: tuple[tuple[str, tuple[Judged, ...]], ...], year: int) -> Iterator[str]:
    yield "各项判定："
    for code, judged in windows:
        verdicts = [each for each in Verdict if any(one.verdict is each for one in judged)]
        parts = [_some(verdict, [one for one in judged if one.verdict is verdict], year) for verdict in verdicts]
        name = padded(f"{code} {CATEGORIES.get(code, '')}", max(map(_heading_width, CATEGORIES)))
        yield f"  {name}  {'；'.join(parts) or inked('没有到期的时段', FAINT)}"


def _some(verdict: Verdict, judged: list[Judged], year: int) -> str:
    label = verdict_inked(verdict, f"{verdict}{len(judged)}个时段" if len(judged) > 1 else verdict.value)
    if verdict in UNNAMED and len(judged) > 1:
        return label
    return f"{label}（{listed([short_window(each.window, year) for each in judged], MOST, '个时段')}）"


def _finding(finding: Finding, evidence: Evidence | None, zone: tzinfo) -> Iterator[str]:
    """Yield one finding; of what was dismissed there is no evidence but the people who did, and no advice."""
    head = f"{finding.code} {finding.category}（{finding.severity}，{finding.verdict}）"
    yield verdict_inked(finding.verdict, head)
    rows = [
        ("问题描述", finding.description),
        ("判定依据", finding.clause),
        ("佐证", _evidence(finding, evidence, zone)),
        ("整改建议", finding.advice if evidence is not None else ""),
        ("整改时限", finding.due.isoformat() if finding.due is not None else ""),
        ("处置建议", finding.disposal),
    ]
    for label, text in rows:
        if text:
            yield f"  {padded(label, LABEL_COLUMNS)}{text}"


def _evidence(finding: Finding, evidence: Evidence | None, zone: tzinfo) -> str:
    parts = [] if evidence is None else [*_observed(finding, evidence, zone)]
    return "；".join((*parts, *(decided_text(each, zone) for each in finding.decisions)))


def _observed(finding: Finding, evidence: Evidence, zone: tzinfo) -> Iterator[str]:
    """Yield what a finding rests on besides people's decisions."""
    if finding.entered is not None:
        yield entered_text(finding.entered, zone)
    elif finding.code in OF_REGISTRY:
        yield "备案台账"
    spans = [f"{_minute(each.start, zone)} 至 {_minute(each.end, zone)}" for each in evidence.spans]
    if spans:
        yield f"已覆盖 {listed(spans, MOST, '段')}"
    visits = [_visit(each, zone) for each in evidence.visits]
    if visits:
        label = "相关采集" if finding.verdict is Verdict.UNVERIFIABLE else "采集记录"
        yield f"{label} {listed(visits, MOST, '次')}"


def _visit(visit: Visit, zone: tzinfo) -> str:
    number = f"第{visit.visit_id}号" if visit.visit_id is not None else ""
    return f"{number}{_minute(visit.started_at, zone)} {visit.outcome}"


def _deadlines(deadlines: tuple[Deadline, ...], zone: tzinfo) -> Iterator[str]:
    if not deadlines:
        yield "没有后续期限。"
        return
    yield "下一个期限："
    for each in deadlines:
        what = "原创信息" if each.needs_original else "信息"
        yield f"  {_ending(each.ends_at, zone)} 前须发布{what}（{each.code} {each.category}，时段 {each.window}）"


def _heading_width(code: str) -> int:
    return width(f"{code} {CATEGORIES[code]}")


def _ending(at: datetime, zone: tzinfo) -> str:
    """Write a midnight as the end of the day before it: a deadline is read as a day, and it is that day."""
    local = at.astimezone(zone)
    return f"{local - timedelta(days=1):%Y-%m-%d} 24:00" if local.time() == time() else _minute(at, zone)


def _minute(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def check_record(found: SpotCheck, office: str) -> dict[str, Any]:
    """Return a spot check as ``--json`` prints it: as inspection.json has an account, with deadlines and visits."""
    judged = found.judged
    record: dict[str, Any] = masked_record(
        {
            **account_record(judged.judgement, list(judged.evidence), found.frame, judged.contradictions),
            "deadlines": [_deadline_record(each) for each in found.deadlines],
            "collected": [visit_record(visit) for visit in found.visits],
        }
    )
    return {**head_record(found.frame, office, found.as_of), **record}


def _deadline_record(deadline: Deadline) -> dict[str, Any]:
    return {
        "code": deadline.code,
        "category": deadline.category,
        "window": [deadline.window.first.isoformat(), deadline.window.last.isoformat()],
        "ends_at": deadline.ends_at.isoformat(),
        "needs_original": deadline.needs_original,
    }
