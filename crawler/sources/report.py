"""Reads self-reports (自查上报): the posts that a unit says it has published, one a row."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from crawler.dates import read_date
from crawler.sources.keys import is_web
from crawler.sources.report_rows import HEADER_ROWS, MOST_ROWS, Row, Table, tables
from crawler.sources.values import Reading
from crawler.sources.wire import Entry, Wire
from monitor.visits import Outcome

_UNPROVING: Final = "自查上报只能说明发布过什么，不能证明没有更新"
_EXPECTED: Final = "账号编号（或账号名称）、发布时间、标题、链接，原创一列可以没有"
_MOST_NAMED: Final = 50  # rows that are named one by one; the others are counted
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("账号编号", "账号id", "帐号编号", "account_id"),
    "name": (
        *("账号名称", "帐号名称", "新媒体名称", "政务新媒体名称", "公众号名称", "媒体名称"),
        *("账号", "帐号", "公众号", "新媒体", "account", "name"),
    ),
    "time": (
        *("发布时间", "发表时间", "推送时间", "发文时间", "群发时间", "发布日期时间", "时间", "published"),
        *("发布日期", "发表日期", "发文日期", "日期"),
    ),
    "title": (
        *("标题", "信息标题", "文章标题", "内容标题", "稿件标题", "作品标题", "题目", "信息名称", "title"),
        *("名称", "信息内容", "内容"),
    ),
    "link": (
        *("链接", "网址", "url", "信息链接", "文章链接", "内容链接", "稿件链接", "作品链接", "内容url", "文章url"),
        *("链接地址", "信息网址", "地址", "link"),
    ),
}
_DAYS: Final = ("发布日期", "发表日期", "发文日期", "日期")
_BRACKETED: Final = re.compile(r"\([^()]*\)|[\s*:_·]+")
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_SERIAL: Final = re.compile(r"[2-6]\d{4}(?:\.\d+)?")
_READ_AT: Final = datetime(2200, 1, 1, tzinfo=UTC)  # only whether a time can be read is asked here, not what it says


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Where the columns stand (from 0), -1 for none; ``clock`` is a time of day beside a column of days."""

    account: int
    name: int
    time: int
    clock: int
    title: int
    link: int


def read_report(body: bytes, content_type: str = "") -> Wire | Reading:
    """Read a report as CSV (UTF-8, GBK) or XLSX; a row that cannot be used is named in the warnings, with its cure.

    ``Entry.author`` is the row's account (its id, else its name). A row without a time that can be read is undated, as
    its page may tell; one without an address of the web, or of no account where others name one, is left out.
    """
    if not body.strip():
        return Reading(outcome=Outcome.EMPTY, reason="自查上报表为空。")
    found = tables(body, content_type, lambda cells: sum(name != "" for name in map(_column, cells)))
    if isinstance(found, str):
        return Reading(outcome=Outcome.NOT_A_FEED, reason=f"自查上报表{found}。")
    for table in found:
        for place, row in enumerate(table[:HEADER_ROWS]):
            columns = _columns(row.cells)
            if columns.time >= 0 and columns.title >= 0 and columns.link >= 0:
                return _wire(table[place + 1 :], columns)
    return _wrong_columns(found)


def _wrong_columns(found: Sequence[Table]) -> Reading:
    rows = [row for table in found for row in table[:HEADER_ROWS] if row.cells]
    if not rows:
        return Reading(outcome=Outcome.EMPTY, reason="自查上报表中没有内容。")
    header = max(rows, key=lambda row: (sum(_column(cell) != "" for cell in row.cells), sum(map(bool, row.cells))))
    columns = _columns(header.cells)
    wanted = {"发布时间": columns.time, "标题": columns.title, "链接": columns.link}
    missing = "、".join(name for name, at in wanted.items() if at < 0)
    cells = "、".join(cell[:20] for cell in header.cells[:20] if cell)
    reason = f"自查上报表缺少“{missing}”列：{header.place}为{cells}；应有的列为{_EXPECTED}。"
    return Reading(outcome=Outcome.NOT_A_FEED, reason=reason)


def _plain_name(cell: str) -> str:
    return _BRACKETED.sub("", unicodedata.normalize("NFKC", cell)).lower()


def _column(cell: str) -> str:
    """Return which column a header's cell names, "" for none."""
    name = _plain_name(cell)
    return next((column for column, names in _NAMES.items() if name in names), "")


def _columns(cells: Sequence[str]) -> _Columns:
    """Return where the columns stand; of two with one meaning, the one that is first in ``_NAMES``."""
    best: dict[str, tuple[int, int]] = {}
    for at, cell in enumerate(cells):
        if column := _column(cell):
            rank = (_NAMES[column].index(_plain_name(cell)), at)
            best[column] = min(best.get(column, rank), rank)
    places = {column: at for column, (_, at) in best.items()}
    days = next((at for at, cell in enumerate(cells) if _plain_name(cell) in _DAYS), -1)
    time = places.get("time", -1)
    return _Columns(
        account=places.get("id", -1),
        name=places.get("name", -1),
        time=days if days >= 0 else time,
        clock=time if -1 < days != time else -1,
        title=places.get("title", -1),
        link=places.get("link", -1),
    )


def _wire(rows: Sequence[Row], columns: _Columns) -> Wire:
    notes: list[str] = []
    entries: list[Entry] = []
    named = any(_account(row, columns) for row in rows)
    lost = 0
    for row in rows[:MOST_ROWS]:
        entry, causes = _entry(row, columns, named=named)
        notes.extend(f"{row.place}{cause}" for cause in causes)
        lost += entry is None
        entries.extend([entry] if entry else [])
    if len(rows) > MOST_ROWS:
        notes.insert(0, f"表格超过{MOST_ROWS}行，其余未读，请分成几个文件上报")
    return Wire(
        entries=tuple(entries),
        damaged=lost > 0 or len(rows) > MOST_ROWS,
        warnings=tuple(_few(notes)),
        unproving=_UNPROVING,
    )


def _few(notes: Sequence[str]) -> Iterator[str]:
    yield from notes[:_MOST_NAMED]
    if len(notes) > _MOST_NAMED:
        yield f"另有{len(notes) - _MOST_NAMED}处问题，请先改正以上各行"


def _cell(row: Row, at: int) -> str:
    return row.cells[at] if 0 <= at < len(row.cells) else ""


def _entry(row: Row, columns: _Columns, *, named: bool) -> tuple[Entry | None, list[str]]:
    """Return the post of a row (None where it cannot be used) and what is wrong with the row, each with its cure."""
    if not row.cells:
        return None, ["起有双引号没有成对，以下未读，请在Excel中另存为XLSX"]
    account, link, title = _account(row, columns), _cell(row, columns.link), _cell(row, columns.title)
    if named and not account:
        cure = "请逐行填写（合并的单元格要先取消合并）"
        return None, [f"没有填写账号，该行未采用，{cure}"]
    if not link:
        return None, ["“链接”为空，无法核实，该行未采用，请填写该条信息的完整网址"]
    if not is_web(link):
        return None, [f"“链接”不是网址（“{link[:40]}”），该行未采用，请填写以http://或https://开头的完整网址"]
    written = _written(_cell(row, columns.time), _cell(row, columns.clock))
    unread = _unread(written)
    causes = [f"{unread}，按无发布时间处理，请按“2026-10-05 09:30”的格式填写"] if unread else []
    if not title:
        causes.append("“标题”为空，无法与原文核对，请填写")
    entry = Entry(
        link=link,
        title=title,
        dates=() if unread else (written,),
        author=account,
        reported=True,
    )
    return entry, causes


def _account(row: Row, columns: _Columns) -> str:
    return _cell(row, columns.account) or _cell(row, columns.name)


def _written(day: str, clock: str) -> str:
    """Return the time of a row: its day with the time of day beside it, or what states both."""
    if _CLOCK.fullmatch(unicodedata.normalize("NFKC", clock)):
        return f"{day} {clock}" if day else ""
    return clock or day


def _unread(written: str) -> str:
    """Return in Chinese why a time cannot be used, "" where it can."""
    if not written:
        return "“发布时间”为空"
    if _SERIAL.fullmatch(written):
        return f"“发布时间”（“{written}”）像是Excel的日期序号，请把该列设为日期格式"
    stated = read_date(written, _READ_AT, UTC)
    if stated.at is None:
        return f"“发布时间”无法识别（“{written[:30]}”）"
    return f"“发布时间”不完整（“{written[:30]}”），缺少年份或日期" if stated.clock_bound else ""
