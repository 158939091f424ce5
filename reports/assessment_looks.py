"""How the workbook of the annual assessment looks: widths for Chinese text, heights, and colours that print in grey."""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from reports.assessment_rows import MONTH_NAMES
from reports.assessment_values import Value

_FONT = "宋体"
_WIDTHS = {
    **dict.fromkeys(("名次", "趋势"), 5),
    **dict.fromkeys(("账号名称", "主办单位"), 22),
    **dict.fromkeys((*MONTH_NAMES, "检查结果", "是否定稿", "年度结论"), 8.7),
    **dict.fromkeys(("账号编号", "平台", "未定稿月份", "月份"), 11.5),
    "季度": 16,
    "备注": 24,
}
_WIDTH = 7
_LINE = 13.5  # points
_PADDING = 0.5  # letters
CENTRED = frozenset({"名次", "趋势", "年度结论", "检查结果", "是否定稿", "月份", "季度", "未定稿月份", *MONTH_NAMES})
_FAINT = "#595959"
_LOOKS: Mapping[str, Mapping[str, object]] = {
    # Each differs in more than its colour, so that a black and white print shows it too.
    "不合格": {"bold": True, "bg_color": "#F4B9B4"},
    "待复核": {"italic": True, "bg_color": "#FFF2CC"},
    "未能核验": {"italic": True, "bg_color": "#EDEDED"},
    "未检查": {"italic": True, "bg_color": "#EDEDED"},
    "未评定": {"italic": True, "bg_color": "#EDEDED"},
    "合计": {"bold": True, "bg_color": "#E2E2E2"},
    "不适用": {"font_color": _FAINT},
    "未到期": {"font_color": _FAINT},
}


class Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}
        base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter"}
        self._cell = {**base, "border": 1, "border_color": "#A6A6A6"}
        self.title = book.add_format({**base, "font_size": 16, "bold": True})
        self.caution = book.add_format({**base, "italic": True})
        self.header = book.add_format(
            {**self._cell, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#D9E2F3"}
        )
        self.text = book.add_format({**self._cell, "text_wrap": True, "valign": "top"})

    def of(self, value: Value, *, centred: bool = False) -> Any:
        """Return the format of a value."""
        kind = type(value).__name__ if not isinstance(value, str) else value if value in _LOOKS else "text"
        if centred and kind not in _LOOKS:
            kind = "centred"
        made = self._made.get(kind)
        if made is None:
            made = self._made[kind] = self._book.add_format({**self._cell, **self._shape(kind)})
        return made

    def _shape(self, kind: str) -> Mapping[str, object]:
        if kind in _LOOKS:
            return {**_LOOKS[kind], "align": "center"}
        shapes: dict[str, dict[str, object]] = {
            "text": {"text_wrap": True},
            "centred": {"align": "center"},
            "Share": {"num_format": "0.0%"},
            "Decimal": {"num_format": "0.0"},
        }
        return shapes.get(kind, {})


def width_of(name: str) -> float:
    """Return the width of a column in letters; a Chinese character takes two."""
    return _WIDTHS.get(name, _WIDTH)


def height_of(values: Iterable[Value], widths: Iterable[float]) -> float:
    """Return the height that the longest text of a row needs; programs do not work it out by themselves."""
    texts = ((each, width) for each, width in zip(values, widths, strict=True) if isinstance(each, str))
    lines = max((ceil(_columns(text) / (width - _PADDING)) for text, width in texts), default=1)
    return _LINE * max(lines, 1) + 3


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(each) in "WFA" else 1 for each in text)
