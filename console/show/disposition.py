"""Printing of the four steps: the ledger, what is proposed, what was just recorded, notices of closing."""

from collections.abc import Iterator
from datetime import tzinfo

from console.show.disposition_records import gravest_first
from console.show.ink import BOLD, YELLOW, inked
from console.show.times import minute
from console.widths import shortened, table
from monitor.closing import closing_sentence
from monitor.disposal import Step
from monitor.ledger import Entry, Proposed
from monitor.masking import mask
from monitor.wording import full_day, listed, named
from reports.account_words import RECTIFIED, entry_note, rectified_words, step_words
from schedules.closings import Closings
from schedules.disposing import Ledger, Recorded
from schedules.known_accounts import Known
from schedules.proposing import Proposals

HEADER = ("编号", "日期", "步骤", "账号编号", "账号名称", "文号", "签发人", "依据月份", "整改", "说明")
PROPOSED_HEADER = ("账号编号", "账号名称", "平台", "主办单位", "建议", "依据", "已记录")
NAME_COLUMNS = 24


def ledger_lines(found: Ledger, zone: tzinfo, limit: int | None) -> Iterator[str]:
    """Yield the entries as a table, and how many there are."""
    if not found.entries:
        yield "处置台账中没有符合条件的记录。"
        return
    yield from table(HEADER, [_cells(whose, entry, zone) for whose, entry in found.entries], limit=limit)
    standing = [entry.disposition for _, entry in found.entries if entry.stands]
    counts = [f"{step}{count}次" for step in Step if (count := sum(each.step is step for each in standing))]
    withdrawn = len(found.entries) - len(standing)
    told = "，".join((*counts, *([f"已撤销{withdrawn}条"] if withdrawn else [])))
    yield f"共{len(found.entries)}条记录：{told}。"


def closing_lines(found: Closings) -> Iterator[str]:
    """Yield how far the closing of each account has come."""
    if found.accounts:
        yield inked("停更公告：", BOLD)
        for account, closing in found.accounts:
            line = f"  {account.account_id} {named(account)}：{closing_sentence(closing)}"
            yield inked(line, YELLOW) if closing.too_early else line


def proposal_lines(found: Proposals, zone: tzinfo, limit: int | None) -> Iterator[str]:
    """Yield what is proposed, on what it rests, and what was recorded since."""
    inspection = found.inspection
    of = f"{inspection.month} 检查（{minute(inspection.made_at, zone)} 作出，{inspection.stage}）"
    if not found.found:
        yield f"{of}没有不合格账号，没有处置建议。"
        return
    yield inked(f"{of}的处置建议，是否采取由人决定：", BOLD)
    ordered = sorted(found.found, key=gravest_first)
    yield from table(PROPOSED_HEADER, [_proposed_cells(each) for each in ordered], limit=limit)
    counts = {step: sum(each.proposal.text == step for each in ordered) for step in Step}
    told = "，".join(f"{step}{count}个" for step, count in counts.items() if count)
    waiting = sum(each.proposal.step is not None and not each.is_recorded for each in ordered)
    yield f"共{len(ordered)}个账号：{told}；尚未记录的{waiting}个。"


def recorded_lines(done: Recorded, zone: tzinfo) -> Iterator[str]:
    """Yield what was just recorded, what looks wrong with it, and what comes next."""
    yield f"已记录（编号 {done.entry.disposition.number}）：{_sentence(done, zone)}"
    yield from _advice(done)


def rectified_lines(done: Recorded) -> Iterator[str]:
    """Yield what was just said of an interview."""
    interview = done.entry.disposition
    said = (
        f"{full_day(interview.on)}的约谈（编号 {interview.number}）{done.account}整改{RECTIFIED[interview.rectified]}"
    )
    yield mask(f"已记录：{said}，由 {done.entry.rectified_by} 核实。")
    yield from _advice(done)


def withdrawn_lines(done: Recorded, zone: tzinfo) -> Iterator[str]:
    """Yield what was just taken back."""
    yield f"已撤销（编号 {done.entry.disposition.number}）：{_sentence(done, zone)}"
    yield mask(f"撤销理由：{done.entry.withdrawn_why}（{done.entry.withdrawn_by}）。原记录保留备查，不再计入。")


def _cells(whose: Known, entry: Entry, zone: tzinfo) -> tuple[str, ...]:
    disposition = entry.disposition
    return (
        str(disposition.number),
        disposition.on.isoformat(),
        disposition.step.value,
        whose.account_id,
        shortened(whose.name, NAME_COLUMNS),
        shortened(disposition.document, NAME_COLUMNS),
        shortened(disposition.signer, NAME_COLUMNS),
        listed(disposition.months, 1, "个月"),
        rectified_words(entry),
        mask(" ".join(entry_note(entry, zone).split())),
    )


def _proposed_cells(proposed: Proposed) -> tuple[str, ...]:
    closed = proposed.proposal.step is None
    return (
        proposed.account_id,
        shortened(proposed.account_name, NAME_COLUMNS),
        proposed.platform,
        shortened(proposed.organizer, NAME_COLUMNS),
        proposed.proposal.text,
        proposed.proposal.why,
        "、".join(map(step_words, proposed.since)) or ("" if closed else "尚未记录"),
    )


def _sentence(done: Recorded, zone: tzinfo) -> str:
    disposition = done.entry.disposition
    number = f"，文号 {disposition.document}" if disposition.document else ""
    signer = f"，{disposition.signer}签发" if disposition.signer else ""
    months = f"，依据{'、'.join(disposition.months)}检查" if disposition.months else ""
    files = f"，附件{len(disposition.attachments)}个" if disposition.attachments else ""
    said = f"{full_day(disposition.on)}对{done.account}{disposition.step}{number}{signer}{months}{files}"
    return mask(f"{said}；{disposition.by} {minute(disposition.at, zone)} 记录。")


def _advice(done: Recorded) -> Iterator[str]:
    yield from (inked(f"注意：{each}", YELLOW) for each in done.advice.warnings)
    yield from (f"下一步：{each}" for each in done.advice.next)
