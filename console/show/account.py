"""Printing of one account's history: the registry, the months, what people decided and recorded, what comes next."""

from collections.abc import Iterator
from datetime import date

from console.show.ink import BOLD, FAINT, YELLOW, inked, result_inked, verdict_inked
from console.show.rows import indented, labelled
from console.show.times import minute
from console.widths import padded, table, width
from monitor.closing import closing_sentence
from monitor.disposal import Step
from monitor.findings import Result, Verdict
from monitor.masking import mask
from monitor.values import Account
from reports.account_history import AccountHistory, FindingOfMonth, MonthOfAccount, RecheckedFinding
from reports.account_words import (
    decision_note,
    entry_note,
    next_words,
    proposal_words,
    ruling_words,
)
from reports.cells import rate, share

MONTH_HEADER = ("月份", "检查结果", "发布", "原创", "原创率", "采集完整率", "阶段", "建议处置")
RESULT_COLUMN = MONTH_HEADER.index("检查结果")
NOT_INSPECTED = "未检查"
MARGIN = "  "
INNER = "    "


def account_lines(found: AccountHistory, limit: int | None) -> Iterator[str]:
    """Yield what a person reads of an account's history; personal numbers masked, but for the unit's own contact."""
    named = f"“{found.name}”（{found.platform}）" if found.name else "账号"
    yield f"{inked(named, BOLD)} {found.account_id}"
    if found.account is None:
        yield inked("该账号已不在备案台账中，以下为历次检查和处置的记录。", YELLOW)
        yield from labelled("主办单位", found.organizer, limit)
    else:
        yield from _registered(found.account, limit)
    for each in found.former_names:
        months = each.first if each.first == each.last else f"{each.first} 至 {each.last}"
        yield from labelled("曾用名称", f"“{each.name}”（{each.platform}），{each.organizer}，{months} 检查时", limit)
    if found.closing is not None:
        line = closing_sentence(found.closing)
        yield from labelled("停更注销", inked(line, YELLOW) if found.closing.too_early else line, limit)
    yield from map(mask, _sections(found, limit))


def _registered(account: Account, limit: int | None) -> Iterator[str]:
    rows = (
        ("主办单位", account.organizer),
        ("主管单位", account.supervisor),
        ("账号状态", f"{account.state}，{'主账号' if account.main else '非主账号'}"),
        ("开设日期", _day(account.opened)),
        ("备案日期", _day(account.filed)),
        ("停更公告", _day(account.closing_notice)),
        ("注销日期", _day(account.closed)),
        ("采集地址", "，".join(map(str, account.addresses)) or "（无）"),
        ("别名", "、".join(account.aliases)),
        ("联系人", "，".join(filter(None, (account.contact, account.phone)))),
        ("备注", account.note),
    )
    for label, text in rows:
        yield from labelled(label, " ".join(text.split()), limit)


def _sections(found: AccountHistory, limit: int | None) -> Iterator[str]:
    yield from _months(found, limit)
    yield from _section("回头看", [_recheck(each) for each in found.rechecks], limit)
    yield from _section("处置台账", list(_ledger(found)), limit)
    yield from _section("人工复核", list(_decisions(found)), limit)
    yield from _section("提醒", list(_reminders(found)), limit)
    yield ""
    yield f"{inked('当前建议：', BOLD)}{proposal_words(found)}"
    yield inked("下一步：", BOLD)
    for step in next_words(found):
        yield from indented(step, limit, first=MARGIN)


def _months(found: AccountHistory, limit: int | None) -> Iterator[str]:
    yield ""
    if not found.months:
        yield f"{inked('各月检查：', BOLD)}还没有检查过该账号。"
        return
    yield inked(f"各月检查（{found.months[-1].month} 至 {found.months[0].month}）：", BOLD)
    header, *rows = table(MONTH_HEADER, [_month_cells(each) for each in found.months], paint=_painted)
    yield f"{MARGIN}{header}"
    for month, row in zip(found.months, rows, strict=True):
        yield f"{MARGIN}{row}"
        for note in month.notes:
            yield from indented(note, limit, first=INNER)
        for each in month.findings:
            yield from _finding(each, limit)


def _month_cells(month: MonthOfAccount) -> tuple[str, ...]:
    if month.result is None:
        return (month.month, NOT_INSPECTED, *([""] * (len(MONTH_HEADER) - 2)))
    return (
        month.month,
        month.result.value,
        str(month.published),
        str(month.original),
        rate(month.share) or "—",
        share(month.coverage_share),
        month.stage.value if month.stage else "",
        month.disposal,
    )


def _painted(column: int, cell: str) -> str:
    if column != RESULT_COLUMN:
        return cell
    word = cell.strip()
    return inked(cell, FAINT) if word == NOT_INSPECTED else result_inked(Result(word), cell)


def _finding(finding: FindingOfMonth, limit: int | None) -> Iterator[str]:
    due = f"，整改时限 {finding.due}" if finding.due else ""
    head = f"{finding.code} {finding.category}（{finding.severity}，{finding.verdict}{due}）"
    yield f"{INNER}{verdict_inked(Verdict(finding.verdict), head)}"
    yield from indented(finding.description, limit, first=f"{INNER}{MARGIN}")
    for decided in finding.decisions:
        yield from indented(f"复核：{decided}", limit, first=f"{INNER}{MARGIN}")


def _section(title: str, rows: list[tuple[str, str]], limit: int | None) -> Iterator[str]:
    """Yield a section of lines that begin alike and go on with a text; nothing where there are none."""
    if not rows:
        return
    yield ""
    yield inked(f"{title}：", BOLD)
    columns = max(width(first) for first, _ in rows)
    for first, text in rows:
        yield from indented(" ".join(text.split()), limit, first=f"{MARGIN}{padded(first, columns)}{MARGIN}")


def _recheck(each: RecheckedFinding) -> tuple[str, str]:
    duty, found = each.recheck.duty, each.recheck
    day = f"，恢复日期 {found.day}" if found.day else ""
    head = f"{each.found_in} 检查"
    return head, f"{found.outcome}：{duty.month} 的 {duty.code} {duty.category}，整改时限 {duty.due}{day}；{found.why}"


def _ledger(found: AccountHistory) -> Iterator[tuple[str, str]]:
    for entry in found.ledger:
        each = entry.disposition
        unknown = entry.stands and each.step is Step.INTERVIEW and each.rectified is None
        parts = (
            each.document,
            f"{each.signer}签发" if each.signer else "",
            f"依据{'、'.join(each.months)}检查" if each.months else "",
            "" if entry.stands else "已撤销",
            "整改情况未核实" if unknown else "",
            entry_note(entry, found.zone),
        )
        yield f"{each.on} {each.step}（编号 {each.number}）", "；".join(filter(None, parts))


def _decisions(found: AccountHistory) -> Iterator[tuple[str, str]]:
    for made in found.decisions:
        subject = made.decision.subject
        window = str(subject.window).replace("/", " 至 ")
        what = f"{subject.code} {window}{'的一条信息' if subject.key else ''} {ruling_words(made)}"
        yield minute(made.decision.at, found.zone), f"{what}；{decision_note(made, found.zone)}"


def _reminders(found: AccountHistory) -> Iterator[tuple[str, str]]:
    for each in found.reminders:
        sent = f"{minute(each.sent_at, found.zone)} 送达" if each.sent_at else "没有送达"
        yield minute(each.made_at, found.zone), f"{each.text}（{sent}）"


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
