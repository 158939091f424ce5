"""The columns of the annual assessment, the same in the CSV files and in the workbook."""

from collections.abc import Callable, Mapping

from monitor.account_year import Totals, Untold
from monitor.quarters import months_of
from monitor.schemes import MONTHS
from reports.assessment_values import AccountRow, MonthRow, OrganizerRow, QuarterRow, Share, Value, month_list


def _share(value: float | None) -> Value:
    return None if value is None else Share(value)


def _drafts(row: AccountRow) -> str:
    told = {each.month for each in row.scored.year.months if each.is_judged}
    return month_list([each for each in row.report.drafts if each in told])


def _where_told(title: str, column: Callable[[MonthRow], Value]) -> Callable[[MonthRow], Value]:
    """Leave figures empty that no inspection tells; reminders are known without one."""
    return column if title == "提醒次数" else lambda row: None if isinstance(row.month.state, Untold) else column(row)


def _stage(row: MonthRow) -> str:
    if row.month.month not in {each.month for each in row.report.months}:
        return ""
    return "未定稿" if row.month.month in row.report.drafts else "已定稿"


def _quarter_note(row: QuarterRow) -> str:
    months = months_of(row.found.quarter)
    inspected = [each for each in row.report.months if each.month in months]
    told = {each.month for each in inspected}
    parts = [f"已检查{month_list(sorted(told))}"] if told else []
    missing = [each for each in months if each <= row.report.due and each not in told]
    if missing:
        parts.append(f"{month_list(missing)}未检查")
    ahead = [each for each in months if each > row.report.due]
    if ahead:
        parts.append(f"{month_list(ahead)}未到期")
    drafts = [each.month for each in inspected if not each.stage.is_final]
    if drafts:
        parts.append(f"{month_list(drafts)}未定稿")
    return "；".join(parts)


def _sums(totals: Callable[[object], Totals]) -> dict[str, Callable[[object], Value]]:
    """Return the columns that accounts, organizers and months have alike."""
    return {
        "发布条数": lambda row: totals(row).published,
        "原创条数": lambda row: totals(row).original,
        "原创率": lambda row: _share(totals(row).share),
        "提醒次数": lambda row: totals(row).reminders,
        "否决问题数": lambda row: totals(row).vetoes,
        "通报问题数": lambda row: totals(row).bulletins,
        "已整改数": lambda row: totals(row).rectified,
        "未整改数": lambda row: totals(row).unrectified,
        "平均整改天数": lambda row: totals(row).average_days,
        "最长整改天数": lambda row: totals(row).longest,
    }


MONTH_NAMES = tuple(f"{number}月" for number in range(1, MONTHS + 1))


def _month_state(at: int) -> Callable[[AccountRow], Value]:
    return lambda row: row.scored.year.months[at].state.value


def _month_rate(at: int) -> Callable[[OrganizerRow], Value]:
    return lambda row: _share(row.scored.months[at].pass_rate)


def _of_account(row: object) -> Totals:
    assert isinstance(row, AccountRow)
    return row.scored.totals


def _of_organizer(row: object) -> Totals:
    assert isinstance(row, OrganizerRow)
    return row.scored.totals


def _of_month(row: object) -> Totals:
    assert isinstance(row, MonthRow)
    return row.totals


ACCOUNTS: Mapping[str, Callable[[AccountRow], Value]] = {
    "序号": lambda row: row.number,
    "账号编号": lambda row: row.scored.year.account.account_id,
    "主办单位": lambda row: row.scored.year.account.organizer,
    "主管单位": lambda row: row.scored.year.account.supervisor,
    "平台": lambda row: row.scored.year.account.platform.value,
    "账号名称": lambda row: row.scored.year.account.name,
    "主账号": lambda row: "是" if row.scored.year.account.main else "否",
    "账号状态": lambda row: row.scored.year.account.state.value,
    **{name: _month_state(at) for at, name in enumerate(MONTH_NAMES)},
    "判定月数": lambda row: row.scored.totals.judged,
    "合格月数": lambda row: row.scored.totals.passed,
    "不合格月数": lambda row: row.scored.totals.failed,
    "待复核月数": lambda row: row.scored.totals.review,
    "未能核验月数": lambda row: row.scored.totals.unverifiable,
    "未检查月数": lambda row: row.scored.totals.not_inspected,
    **_sums(_of_account),
    "年度结论": lambda row: row.scored.standing.value,
    "得分": lambda row: row.scored.score,
    "名次": lambda row: row.scored.rank,
    "趋势": lambda row: row.scored.trend.value if row.scored.trend else None,
    "未定稿月份": _drafts,
    "备注": lambda row: "；".join(row.scored.year.notes),
}
"""assessment.csv."""

ORGANIZERS: Mapping[str, Callable[[OrganizerRow], Value]] = {
    "序号": lambda row: row.number,
    "主办单位": lambda row: row.scored.organizer,
    "账号数": lambda row: row.scored.accounts,
    "评分账号数": lambda row: row.scored.scored,
    "不合格账号数": lambda row: row.scored.failed,
    "判定月数": lambda row: row.scored.totals.judged,
    "合格月数": lambda row: row.scored.totals.passed,
    "不合格月数": lambda row: row.scored.totals.failed,
    **{f"{name}合格率": _month_rate(at) for at, name in enumerate(MONTH_NAMES)},
    **_sums(_of_organizer),
    "得分": lambda row: row.scored.score,
    "名次": lambda row: row.scored.rank,
    "趋势": lambda row: row.scored.trend.value if row.scored.trend else None,
}
"""organizers.csv."""

ACCOUNT_MONTHS: Mapping[str, Callable[[MonthRow], Value]] = {
    "账号编号": lambda row: row.scored.year.account.account_id,
    "主办单位": lambda row: row.scored.year.account.organizer,
    "平台": lambda row: row.scored.year.account.platform.value,
    "账号名称": lambda row: row.scored.year.account.name,
    "月份": lambda row: f"{row.report.year}-{row.month.month:02}",
    "检查结果": lambda row: row.month.state.value,
    **{title: _where_told(title, column) for title, column in _sums(_of_month).items()},
    "是否定稿": _stage,
}
"""months.csv: one row for each account and month of which an inspection is due."""


QUARTERS: Mapping[str, Callable[[QuarterRow], Value]] = {
    "季度": lambda row: f"{row.report.year}年第{'一二三四'[row.found.quarter - 1]}季度",
    "平台": lambda row: row.found.platform.value if row.found.platform else "合计",
    "账号数": lambda row: row.found.count.accounts,
    "不适用": lambda row: row.found.count.not_applicable,
    "应检查数": lambda row: row.found.count.due,
    "检查数": lambda row: row.found.count.judged,
    "检查比例": lambda row: None if row.found.count.ratio is None else Share(row.found.count.ratio, of_all=True),
    "合格": lambda row: row.found.count.passed,
    "不合格": lambda row: row.found.count.failed,
    "合格率": lambda row: _share(row.found.count.pass_rate),
    "待复核": lambda row: row.found.count.review,
    "未能核验": lambda row: row.found.count.unverifiable,
    "未检查": lambda row: row.found.not_inspected,
    "发布条数": lambda row: row.found.count.published,
    "原创条数": lambda row: row.found.count.original,
    "备注": _quarter_note,
}
"""quarters.csv."""
