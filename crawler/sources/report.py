"""Reads self-reports (自查上报): the posts that a unit says it has published, one a row."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crawler.sources.keys import is_web
from crawler.sources.report_columns import Columns, column_of, columns_of, weight
from crawler.sources.report_rows import HEADER_ROWS, MOST_ROWS, Row, Table, tables
from crawler.sources.report_times import Period, period_of, unread, written_time
from crawler.sources.values import Reading
from crawler.sources.wire import Entry, Wire
from monitor.visits import Outcome

_UNPROVING: Final = "自查上报只能说明发布过什么，不能证明没有更新"
_EXPECTED: Final = "账号编号（或账号名称）、发布时间、标题、链接，原创一列可以没有"
_MOST_NAMED: Final = 50  # rows that are named one by one; the others are counted
_MOST_LINKS: Final = 20  # of one row
_SEPARATE: Final = r"\s，。；、（）【】《》“”‘’<>\"'|"
_ADDRESS: Final = re.compile(rf"https?\s?[:：]\s?[/／]{{2}}(?:(?![,;]\s*https?[:：])[^{_SEPARATE}])+", re.IGNORECASE)
_CUT: Final = ("...", "…")
_NOTE: Final = re.compile(r"注[:：]|备注|说明[:：]|填报|审核|审批|联系|制表|负责人|[合小总共]\s*计|统计")
_NOTHING: Final = re.compile(
    r"[\s/\\—–－-]*(?:无|本月[^，。]{0,6}(?:无|未)[^，。]{0,8}|未(?:发布|更新)|没有发布)?[\s。/\\—–－-]*"
)
_EXAMPLE: Final = re.compile(r"必填|选填|填写|示例|样例|例如|格式")
_EXPLAINS: Final = re.compile(r"说明|示例|样例|模板|须知")
_PLAIN_SHEET: Final = re.compile(
    r"(?:sheet|工作表)?\s*\d*|\d{1,2}月份?|.*(?:年|汇总|上报|自查|全部|明细|统计|清单|台账|报表|表).*"
    r"|(?:政务)?(?:微信|微博|抖音|快手|头条|今日头条|视频号|公众号|微信公众号|小红书|哔哩哔哩|网站)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """The rows of one sheet below its header; ``account`` is whose they are where no row says so."""

    rows: Sequence[Row]
    columns: Columns
    period: Period
    account: str = ""


def read_report(body: bytes, content_type: str = "") -> Wire | Reading:
    """Read a report as CSV (UTF-8, GBK) or XLSX; a row that cannot be used is named in the warnings, with its cure.

    ``Entry.author`` is the row's account (its id, else its name). A row without a time that can be read is undated, as
    its page may tell; one without an address of the web, or of no account where others name one, is left out. Notes,
    sums, examples and rows that say that there was nothing are no posts.
    """
    if not body.strip():
        return Reading(outcome=Outcome.EMPTY, reason="自查上报表为空。")
    found = tables(body, content_type, weight)
    if isinstance(found, str):
        return Reading(outcome=Outcome.NOT_A_FEED, reason=f"自查上报表{found}。")
    parts = [_part(table) for table in found]
    read = [part for part in parts if part is not None]
    if not read:
        return _wrong_columns(found)
    missed = [table for table, part in zip(found, parts, strict=True) if part is None and _has_links(table)]
    return _wire(read, missed)


def _part(table: Table) -> _Part | None:
    """Return the rows below a sheet's header, None where it has none."""
    has_links = any(row.links for row in table)
    for place, row in enumerate(table[:HEADER_ROWS]):
        above = table[place - 1].cells if place else ()
        columns = columns_of(row.cells, above)
        if columns_of(row.cells).title >= 0 and columns.time >= 0 and (columns.link >= 0 or has_links):
            said = [cell for each in table[:place] for cell in each.cells]
            sheet = "" if _PLAIN_SHEET.fullmatch(row.sheet) else row.sheet
            return _Part(rows=table[place + 1 :], columns=columns, period=period_of([*said, row.sheet]), account=sheet)
    return None


def _has_links(table: Table) -> bool:
    """Say whether a sheet without a header holds posts all the same; one that explains may name addresses."""
    linked = sum(bool(row.links) or any(map(is_web, row.cells)) for row in table)
    return linked > 1 and not _EXPLAINS.search(table[0].sheet)


def _wrong_columns(found: Sequence[Table]) -> Reading:
    rows = [row for table in found for row in table[:HEADER_ROWS] if row.cells]
    if not rows:
        return Reading(outcome=Outcome.EMPTY, reason="自查上报表中没有内容。")
    header = max(rows, key=lambda row: (weight(row.cells), sum(map(bool, row.cells))))
    columns = columns_of(header.cells)
    wanted = {"发布时间": columns.time, "标题": columns.title, "链接": columns.link}
    missing = "、".join(name for name, at in wanted.items() if at < 0)
    cells = "、".join(cell[:20] for cell in header.cells[:20] if cell)
    reason = f"自查上报表缺少“{missing}”列：{header.place}为{cells}；应有的列为{_EXPECTED}。"
    return Reading(outcome=Outcome.NOT_A_FEED, reason=reason)


def _wire(parts: Sequence[_Part], missed: Sequence[Table]) -> Wire:
    notes = [f"{table[0].place}起没有“发布时间、标题、链接”的表头，该表未采用，请补上表头" for table in missed]
    entries: list[Entry] = []
    lost = len(missed)
    for part in parts:
        named = any(_account(row, part.columns) for row in part.rows if not _is_no_post(row, part.columns))
        for row in part.rows[:MOST_ROWS]:
            if _is_no_post(row, part.columns):
                continue
            found, causes = _posts(row, part, named=named)
            notes.extend(f"{row.place}{cause}" for cause in causes)
            lost += not found
            entries.extend(found)
        if len(part.rows) > MOST_ROWS:
            notes.insert(0, f"表格超过{MOST_ROWS}行，其余未读，请分成几个文件上报")
            lost += 1
    return Wire(entries=tuple(entries), damaged=lost > 0, warnings=tuple(_few(notes)), unproving=_UNPROVING)


def _few(notes: Sequence[str]) -> Iterator[str]:
    yield from notes[:_MOST_NAMED]
    if len(notes) > _MOST_NAMED:
        yield f"另有{len(notes) - _MOST_NAMED}处问题，请先改正以上各行"


def _cell(row: Row, at: int) -> str:
    return row.cells[at] if 0 <= at < len(row.cells) else ""


def _is_no_post(row: Row, columns: Columns) -> bool:
    """Say whether a row is a note, a sum, the header once more, an example, or says that there was nothing."""
    if not row.cells:
        return False  # what could not be read
    title, link, time = (_cell(row, at) for at in (columns.title, columns.link, columns.time))
    if column_of(title) == "title" and (column_of(link) == "link" or column_of(time) == "time"):
        return True
    if any(re.fullmatch(r"[（(]?(?:示例|样例|例)[）)：:]?\d*", cell) for cell in row.cells):
        return True
    if _addresses(row, columns):
        return False
    if _NOTHING.fullmatch(link) and (_NOTHING.fullmatch(title) or not title) and _NOTHING.fullmatch(time):
        return True
    first = next(cell for cell in row.cells if cell) if any(row.cells) else ""
    is_note = _NOTE.match(first) is not None or (not title and not link and _NOTE.match(time) is not None)
    return is_note or (_EXAMPLE.search(link) is not None and _EXAMPLE.search(f"{title}{time}") is not None)


def _posts(row: Row, part: _Part, *, named: bool) -> tuple[list[Entry], list[str]]:
    """Return the posts of a row (none where it cannot be used) and what is wrong with the row, each with its cure."""
    if not row.cells:
        return [], ["起有双引号没有成对，以下未读，请在Excel中另存为XLSX"]
    columns = part.columns
    account, link, title = _account(row, columns), _cell(row, columns.link), _cell(row, columns.title)
    if named and not account:
        cure = "请逐行填写（合并的单元格要先取消合并）"
        return [], [f"没有填写账号，该行未采用，{cure}"]
    addresses = _addresses(row, columns)
    if not addresses and not link:
        return [], ["“链接”为空，无法核实，该行未采用，请填写该条信息的完整网址"]
    if not addresses:
        return [], [f"“链接”不是网址（“{link[:40]}”），该行未采用，请填写以http://或https://开头的完整网址"]
    written = written_time(_cell(row, columns.time), _cell(row, columns.clock), part.period)
    cause = unread(written)
    causes = [f"{cause}，按无发布时间处理，请按“2026-10-05 09:30”的格式填写"] if cause else []
    if not title:
        causes.append("“标题”为空，无法与原文核对，请填写")
    if len(addresses) > 1:
        causes.append(f"“链接”中有{len(addresses)}个网址，按{len(addresses)}条信息处理，请每行填写一条")
    dates = () if cause else (written,)
    author = account or part.account
    return [Entry(link=each, title=title, dates=dates, author=author, reported=True) for each in addresses], causes


def _addresses(row: Row, columns: Columns) -> list[str]:
    """Return the addresses of a row: those that its cell states, else where that cell or its title leads."""
    link = _cell(row, columns.link)
    stated = [_tidy(each) for each in _ADDRESS.findall(link)]
    behind = [row.link(at) for at in (columns.link, columns.title) if at >= 0]
    if stated and link.endswith(_CUT):
        stated = [each for each in behind if is_web(each)][:1] or stated
    found = [each for each in stated if is_web(each)] or [each for each in behind if is_web(each)][:1]
    return list(dict.fromkeys(found))[:_MOST_LINKS]


def _tidy(address: str) -> str:
    """Return an address with half-width signs, without what a sentence puts behind it."""
    plain = unicodedata.normalize("NFKC", address).rstrip(",;:!)]") if not address.isascii() else address.rstrip(",;")
    return re.sub(r"\Ahttps?\s?:\s?//", lambda found: found[0].replace(" ", ""), plain)


def _account(row: Row, columns: Columns) -> str:
    return _cell(row, columns.account) or _cell(row, columns.name)
