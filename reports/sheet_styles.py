"""How the cells of a workbook look: by column, by verdict (in black and white too), as wide as Chinese text needs."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from monitor.findings import Result, Verdict
from monitor.rechecking import Outcome

TIMES = frozenset({"监测时间点", "最近更新时间", "发布时间", "首次发现时间", "发现时间", "整改时限", "恢复日期"})
"""Columns of dates and of moments; the cells of one column may be of both."""

SHARES = frozenset({"原创率", "采集完整率", "检查比例", "合格率"})
LINKS = frozenset({"链接", "信息链接", "采集地址"})
MARKED = frozenset({"检查结果", "核实状态", "整改情况"})
"""Columns whose values have a look of their own."""

_CENTRED = MARKED | {
    "序号", "平台", "主账号", "账号状态", "检查时段", "检查月份", "问题编号", "问题性质", "类型", "原创判定",
}  # fmt: skip
_CAPS = {
    "账号编号": 10, "主办单位": 22, "主管单位": 14, "账号名称": 24, "账号名称(平台)": 44, "问题类别": 44,
    "未更新工作日": 34, "未达标周": 45, "问题时段": 45,
    "问题描述": 46, "判定依据": 34, "佐证": 36, "整改建议": 28, "备注": 36, "说明": 36, "建议处置": 22, "处置建议": 22,
    "标题": 44, "信息标题": 30, "最近更新标题": 30, "链接": 50, "信息链接": 34, "人工修正": 24, "来源": 16,
}  # fmt: skip
"""How wide a column may grow, in digits; what is longer is wrapped."""
_CAP = 23

Look = dict[str, Any]

_GRAVE: Look = {"num_format": ';;;"● "@', "bold": True, "font_color": "#9C0006", "bg_color": "#FFC7CE"}
_OPEN: Look = {"num_format": ';;;"▲ "@', "font_color": "#7F4F00", "bg_color": "#FFEB9C"}
_UNSEEN: Look = {"num_format": ';;;"○ "@', "italic": True, "bg_color": "#E4E4E4"}
_MOOT: Look = {"num_format": ';;;"－ "@', "font_color": "#595959"}

_LOOKS: Mapping[str, Look] = {
    Result.FAILED.value: _GRAVE,
    Verdict.VERIFIED.value: _GRAVE,
    Outcome.NOT_RECTIFIED.value: _GRAVE,
    Verdict.REVIEW.value: _OPEN,
    Outcome.PENDING.value: _OPEN,
    Verdict.UNVERIFIABLE.value: _UNSEEN,
    Verdict.NOT_APPLICABLE.value: _MOOT,
    Outcome.NOT_APPLICABLE.value: _MOOT,
}
"""The sign is part of the number format: the value stays the word alone, for filters and for whoever reads the file."""

FONT: Look = {"font_name": "宋体", "font_size": 10, "font_scheme": "none"}
_LINE = 13.5
_HIGHEST = 409.0  # of a row in Excel
_CELL: Look = {"border": 1, "border_color": "#A6A6A6", "valign": "vcenter"}
_KINDS: Mapping[str, Look] = {
    "text": {"text_wrap": True},
    "number": {"align": "center", "num_format": "0"},
    "day": {"align": "center", "num_format": "yyyy-mm-dd"},
    "moment": {"align": "center", "num_format": "yyyy-mm-dd hh:mm"},
    "share": {"align": "center", "num_format": "0.0%"},
    "link": {"text_wrap": True, "font_color": "#0563C1", "underline": 1},
    "header": {"text_wrap": True, "align": "center", "bold": True, "bg_color": "#D9E1F2"},
}
_RUN = ("=", "+", "-", "@")


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        """Make none yet; ``book`` is XlsxWriter's."""
        self._book = book
        self._made: dict[tuple[object, ...], Any] = {}
        self.note = book.add_format({})

    def of(self, kind: str, column: str, value: str = "", *, bold: bool = False) -> Any:
        """Return the format of a cell: ``kind`` is what it holds, ``column`` and ``value`` say how it looks.

        Text that begins as a formula is marked as text, so that editing the cell does not run it either.
        """
        look = value if kind == "text" and column in MARKED and value in _LOOKS else ""
        centred = kind == "text" and column in _CENTRED
        quoted = kind in ("text", "link") and value.startswith(_RUN)
        wanted = (kind, look, centred, quoted, bold)
        if wanted not in self._made:
            more: dict[str, Any] = {"align": "center"} if centred else {}
            more |= {"bold": True} if bold else {}
            more |= {"quote_prefix": True} if quoted else {}
            self._made[wanted] = self._book.add_format(_CELL | _KINDS[kind] | more | _LOOKS.get(look, {}))
        return self._made[wanted]


def wide(text: str) -> int:
    """Return how wide text is, in digits: a Chinese character is as wide as two."""
    return len(text.encode("gb18030", "replace"))


@cache
def cap(column: str) -> int:
    """Return how wide a column may grow."""
    return max(_CAPS.get(column, _CAP), header_width(column))


def lines(column: str, width: int) -> int:
    """Return on how many lines text of a width stands in its column; an address needs not be seen to its end.

    Lines break before words, so that more of them are needed than their width alone says.
    """
    if width <= (most := cap(column)):
        return 1
    found = -(-width * 8 // (most * 7))
    return min(found, 3) if column in LINKS else found


def height(most_lines: int) -> float:
    """Return the height of a row, in points."""
    return min(_LINE * most_lines + 1.5, _HIGHEST)


def header_width(column: str) -> int:
    """Return how wide a column is at least: four characters of its name, or all of it on two lines."""
    name = wide(column)
    return max(min(name, 8), -(-name // 4) * 2) + 2
