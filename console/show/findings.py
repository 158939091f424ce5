"""Printing of findings under review: those of a month, and what a person has just decided or entered."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from console.show.ink import BOLD, FAINT, YELLOW, inked, verdict_inked
from console.show.times import minute
from console.widths import shortened, table
from monitor.decisions import Decision
from monitor.findings import Verdict
from monitor.masking import mask
from monitor.wording import full_day, listed, named
from schedules.deciding import Decided
from schedules.entering import Added, Rectified
from schedules.finding_names import CODES, entered_name, subject_name
from schedules.reviewing import Listed, MonthOfFindings, Reviewed, State
from schedules.withdrawing import Withdrawn

HEADER = ("问题", "账号名称", "平台", "问题类别", "性质", "核实状态", "问题时段", "复核")
STATE_COLUMN = HEADER.index("核实状态")
NAME_COLUMNS = 24
MOST = 3  # decisions that a cell names
MOST_SHOWN = 20  # names that are printed one by one after a decision


def month_lines(found: MonthOfFindings, zone: tzinfo, limit: int | None) -> Iterator[str]:
    """Yield the findings of a month as a table, how many there are of each state, and what is to be done next."""
    yield inked(f"{heading_words(found.reviewed, zone)}", BOLD)
    if not found.findings:
        yield "没有符合条件的问题。"
    else:
        yield from table(HEADER, [_cells(each, zone) for each in found.findings], paint=_painted, limit=limit)
        counts = {state: sum(each.state is state for each in found.findings) for state in State}
        told = "，".join(f"{state}{count}个" for state, count in counts.items() if count)
        yield f"共{len(found.findings)}个问题：{told}。"
        if counts[State.REVIEW]:
            yield "待复核的请用 xunjian findings show 问题 查看，再用 confirm 确认或 dismiss 排除。"
        if counts[State.ORPHANED]:
            yield "孤立：原复核意见已没有对应的问题，保留备查，不影响检查结果；可用 xunjian findings withdraw 撤回。"
    if not found.is_written:
        yield inked(f"注意：{unwritten_words(found.reviewed)}", YELLOW)


def heading_words(reviewed: Reviewed, zone: tzinfo) -> str:
    """Return of which month and inspection findings are."""
    inspection = reviewed.inspection
    running = f"，判定截至 {minute(inspection.time_point, zone)}" if reviewed.frame.running else ""
    version = f"第{inspection.version}版{inspection.stage}"
    return f"{reviewed.month} 的问题（最近一次检查于 {minute(inspection.made_at, zone)}{running}，{version}）"


def unwritten_words(reviewed: Reviewed) -> str:
    """Return what to do where the files of an inspection say something else by now."""
    if reviewed.inspection.stage.is_final:
        return (
            f"{reviewed.month} 的检查{reviewed.inspection.stage}，以上与其文件不一致；"
            f"需要更正的请用 xunjian inspections correct {reviewed.month}。"
        )
    return f"这次检查之后有新的复核意见、录入或采集，以上尚未写入文件；运行 xunjian inspect {reviewed.month} 即写入。"


def decision_words(decision: Decision, zone: tzinfo) -> str:
    """Return who decided what and when, and why."""
    what = f"{decision.ruling}（{decision.reason}）" if decision.reason else decision.ruling.value
    grade = f"，性质定为{decision.severity}" if decision.severity else ""
    note = f"：{decision.note}" if decision.note else ""
    return mask(f"{decision.by} {minute(decision.at, zone)} {what}{grade}{note}")


def decided_lines(done: Decided, zone: tzinfo) -> Iterator[str]:
    """Yield what was decided, what that replaces, and what to do next."""
    first = done.decisions[0]
    reason = f"（{first.reason}）" if first.reason else ""
    grade = f"，性质定为{first.severity}" if first.severity else ""
    yield f"已{first.ruling}{reason}{len(done.decisions)}处{grade}（{mask(first.by)}，{minute(first.at, zone)}）："
    yield from _some([subject_name(each.subject) for each in done.decisions])
    for each in done.replaced[:MOST_SHOWN]:
        yield f"取代原判定 {subject_name(each.subject)}：{decision_words(each, zone)}"
    for name in done.unproven:
        yield inked(
            f"注意：{name} 的确认已记录，但该时段没有完整采集，仍按未能核验处理；有证据的请用 findings add 录入。",
            YELLOW,
        )
    for name, count in done.unshown[:MOST_SHOWN]:
        yield inked(
            f"注意：{name} 的确认涉及{count}条没有列在最近一次检查该项问题中的信息；"
            f"请用 findings show {name} 核对，不应确认的请用 findings withdraw 撤回。",
            YELLOW,
        )
    yield from _next((done.month,), done.final)


def withdrawn_lines(done: Withdrawn) -> Iterator[str]:
    """Yield what was taken back, and what to do next."""
    yield f"已撤回{len(done.names)}处，原记录保留备查："
    yield from _some(done.names)
    yield from _next(done.months, done.final)


def added_lines(done: Added, zone: tzinfo) -> Iterator[str]:
    """Yield the finding that was entered, with its files."""
    entered = done.entered
    yield f"已录入 {entered_name(entered)}：{done.heading.category}（{entered.severity}），{mask(named(done.account))}"
    yield f"  时段 {entered.window}，{mask(entered.description)}"
    for each in done.files:
        yield f"  佐证 {mask(each.name)}（{size_words(each.size)}，SHA-256 {each.digest}）"
    yield f"  录入人 {mask(entered.by)}，{minute(entered.at, zone)}"
    month = f"{entered.window.last:%Y-%m}"
    yield from _next((month,), (month,) if done.is_final else ())


def rectified_lines(done: Rectified) -> Iterator[str]:
    """Yield what was found when looking again at a finding."""
    said, account = done.said, done.account
    yield (
        f"已登记：{mask(named(account))} {done.month} 的 {done.heading.code} {done.heading.category}，"
        f"{mask(said.by)}于{full_day(said.day)}复查，{said.outcome}：{mask(said.note)}"
    )
    if said.is_early(done.due):
        yield f"整改时限为{full_day(done.due)}，期满前未整改不作为回头看结果；期满后请再次复查登记。"
    else:
        yield "以后月份的检查按此写入回头看结果。"


def size_words(size: int) -> str:
    """Return how large a file is."""
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, round(size / 1024))} KB"


def _cells(each: Listed, zone: tzinfo) -> tuple[str, ...]:
    account, finding = each.account, each.finding
    windows = finding.windows if finding else tuple(one.subject.window for one in each.decisions)
    return (
        each.name,
        shortened(mask(account.name), NAME_COLUMNS) if account else "（已不在台账）",
        account.platform.value if account else "",
        CODES[each.code].category,
        finding.severity.value if finding else "",
        each.state.value,
        listed([str(one) for one in windows], 1, "处"),
        _who(each, zone),
    )


def _who(each: Listed, zone: tzinfo) -> str:
    """Return who decided on a finding, or entered it; several people one after another."""
    if each.finding is not None and each.finding.entered is not None:
        entered = each.finding.entered
        return mask(f"{entered.by} {_day(entered.at, zone)} 录入")
    told = dict.fromkeys(
        f"{one.by} {_day(one.at, zone)} {one.ruling}{f'（{one.reason}）' if one.reason else ''}"
        for one in each.decisions
    )
    return mask(listed(list(told), MOST, "次"))


def _day(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}"


def _painted(column: int, cell: str) -> str:
    if column != STATE_COLUMN:
        return cell
    state = cell.strip()
    return inked(cell, FAINT) if state == State.ORPHANED else verdict_inked(Verdict(state), cell)


def _some(names: Sequence[str]) -> Iterator[str]:
    yield from (f"  {each}" for each in names[:MOST_SHOWN])
    if len(names) > MOST_SHOWN:
        yield f"  ……共{len(names)}处"


def _next(months: Sequence[str], final: Sequence[str]) -> Iterator[str]:
    for month in months:
        if month in final:
            said = f"注意：{month} 的检查已定稿，本次判定已保存但不改变已定稿的结果"
            yield inked(f"{said}；需要更正的请用 xunjian inspections correct {month}。", YELLOW)
        else:
            yield f"运行 xunjian inspect {month} 即写入检查结果。"
