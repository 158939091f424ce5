"""The tables of an account's history: what stands in each column; the long text of every table is in the seventh."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any, Final, Generic, TypeVar

from monitor.closing import closing_sentence
from monitor.ledger import Entry
from monitor.rules import HEADINGS
from reports import cells
from reports.account_history import (
    AccountHistory,
    DecisionMade,
    FindingOfMonth,
    MonthOfAccount,
    RecheckedFinding,
    ReminderMade,
)
from reports.account_words import (
    decision_note,
    entry_note,
    next_words,
    proposal_words,
    rectified_words,
    ruling_words,
)

T = TypeVar("T")
Value = str | int | float | date | None
Columns = Mapping[str, Callable[[Any], Value]]

NOT_INSPECTED: Final = "未检查"

_CATEGORIES: Final = {heading.code: heading.category for heading in HEADINGS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table; ``none`` is what stands in place of one without rows."""

    title: str
    columns: Columns
    rows: tuple[object, ...]
    none: str = "无"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing about the account; ``is_kept`` as the registry has it, not masked."""

    label: str
    value: Value
    is_kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding with its month."""

    month: str
    finding: FindingOfMonth


@dataclass(frozen=True, slots=True, kw_only=True)
class Local(Generic[T]):
    """Something with moments, and the zone in which they are shown."""

    of: T
    zone: tzinfo


def facts(found: AccountHistory) -> Iterator[Fact]:
    """Give what is known of the account itself; labels without a value too."""
    account = found.account
    yield Fact(label="账号编号", value=found.account_id, is_kept=True)
    yield Fact(label="平台", value=found.platform, is_kept=True)
    yield Fact(label="主办单位", value=found.organizer, is_kept=True)
    if account is None:
        yield Fact(label="台账", value="该账号已不在备案台账中，以下为历次检查和处置的记录。")
    else:
        main = "主账号" if account.main else "非主账号"
        yield Fact(label="主管单位", value=account.supervisor, is_kept=True)
        yield Fact(label="账号状态", value=f"{account.state}，{main}")
        yield Fact(label="开设日期", value=account.opened)
        yield Fact(label="备案日期", value=account.filed)
        yield Fact(label="停更公告日期", value=account.closing_notice)
        yield Fact(label="注销日期", value=account.closed)
        yield Fact(label="联系人", value="，".join(filter(None, (account.contact, account.phone))), is_kept=True)
        yield Fact(label="别名", value="、".join(account.aliases), is_kept=True)
        yield Fact(label="采集地址", value="\n".join(map(str, account.addresses)), is_kept=True)
        yield Fact(label="备注", value=account.note, is_kept=True)
    former = (
        f"“{each.name}”（{each.platform}），{each.organizer}，{each.first} 至 {each.last} 检查时"
        for each in found.former_names
    )
    yield Fact(label="曾用名称", value="\n".join(former), is_kept=True)
    yield Fact(label="停更注销", value="" if found.closing is None else closing_sentence(found.closing))
    yield Fact(label="当前建议", value=proposal_words(found))
    yield Fact(label="下一步", value="\n".join(next_words(found)))


def sections(found: AccountHistory) -> Iterator[Section]:
    """Give the tables, in order."""

    def local(some: tuple[T, ...]) -> tuple[Local[T], ...]:
        return tuple(Local(of=each, zone=found.zone) for each in some)

    findings = tuple(Found(month=month.month, finding=each) for month in found.months for each in month.findings)
    yield Section(title="各月检查", columns=MONTHS, rows=found.months, none="还没有检查过该账号")
    yield Section(title="问题", columns=FINDINGS, rows=findings)
    yield Section(title="回头看", columns=RECHECKS, rows=found.rechecks)
    yield Section(title="处置台账（四步退出流程）", columns=LEDGER, rows=local(found.ledger))
    yield Section(title="人工复核", columns=DECISIONS, rows=local(found.decisions))
    yield Section(title="提醒", columns=REMINDERS, rows=local(found.reminders))


def _month_note(month: MonthOfAccount) -> str:
    return "；".join((f"采集完整率{cells.share(month.coverage_share)}", *month.notes))


def _of_inspected(column: Callable[[MonthOfAccount], Value]) -> Callable[[MonthOfAccount], Value]:
    return lambda month: None if month.result is None else column(month)


MONTHS: Final[dict[str, Callable[[MonthOfAccount], Value]]] = {
    "检查月份": lambda month: month.month,
    "检查结果": lambda month: NOT_INSPECTED if month.result is None else month.result.value,
    "建议处置": lambda month: month.disposal,
    "发布条数": _of_inspected(lambda month: month.published),
    "原创条数": _of_inspected(lambda month: month.original),
    "原创率": _of_inspected(lambda month: month.share),
    "备注": _of_inspected(_month_note),
    "检查状态": lambda month: None if month.stage is None else month.stage.value,
}

FINDINGS: Final[dict[str, Callable[[Found], Value]]] = {
    "检查月份": lambda row: row.month,
    "问题编号": lambda row: row.finding.code,
    "问题类别": lambda row: row.finding.category,
    "核实状态": lambda row: row.finding.verdict,
    "问题性质": lambda row: row.finding.severity,
    "整改时限": lambda row: row.finding.due,
    "问题描述": lambda row: row.finding.description,
    "人工复核": lambda row: "；".join(row.finding.decisions),
}

RECHECKS: Final[dict[str, Callable[[RecheckedFinding], Value]]] = {
    "复查月份": lambda row: row.found_in,
    "问题编号": lambda row: row.recheck.duty.code,
    "问题类别": lambda row: row.recheck.duty.category,
    "整改情况": lambda row: row.recheck.outcome.value,
    "问题月份": lambda row: row.recheck.duty.month,
    "整改时限": lambda row: row.recheck.duty.due,
    "说明": lambda row: row.recheck.why,
    "恢复日期": lambda row: row.recheck.day,
}


LEDGER: Final[dict[str, Callable[[Local[Entry]], Value]]] = {
    "日期": lambda row: row.of.disposition.on,
    "步骤": lambda row: row.of.disposition.step.value,
    "文号": lambda row: row.of.disposition.document,
    "签发人": lambda row: row.of.disposition.signer,
    "编号": lambda row: row.of.disposition.number,
    "整改": lambda row: rectified_words(row.of),
    "说明": lambda row: entry_note(row.of, row.zone),
    "依据月份": lambda row: "、".join(row.of.disposition.months),
}


DECISIONS: Final[dict[str, Callable[[Local[DecisionMade]], Value]]] = {
    "日期": lambda row: row.of.decision.at.astimezone(row.zone).date(),
    "问题编号": lambda row: row.of.decision.subject.code,
    "问题类别": lambda row: _CATEGORIES.get(row.of.decision.subject.code, ""),
    "起始日期": lambda row: row.of.decision.subject.window.first,
    "截止日期": lambda row: row.of.decision.subject.window.last,
    "判定": lambda row: f"{row.of.decision.ruling}{'（已撤回）' if row.of.withdrawn_at else ''}",
    "说明": lambda row: decision_note(row.of, row.zone),
    "理由和范围": lambda row: f"{ruling_words(row.of)}{'，一条信息' if row.of.decision.subject.key else ''}",
}

REMINDERS: Final[dict[str, Callable[[Local[ReminderMade]], Value]]] = {
    "日期": lambda row: row.of.made_at.astimezone(row.zone).date(),
    "问题编号": lambda row: row.of.rule,
    "问题类别": lambda row: _CATEGORIES.get(row.of.rule, ""),
    "起始日期": lambda row: row.of.window.first,
    "截止日期": lambda row: row.of.window.last,
    "是否送达": lambda row: "已送达" if row.of.sent_at else "没有送达",
    "提醒内容": lambda row: row.of.text,
    "送达时间": lambda row: cells.moment(row.of.sent_at, row.zone),
}
