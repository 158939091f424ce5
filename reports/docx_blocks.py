"""Paragraphs and tables as they stand in a Word document (WordprocessingML)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

KAI = "楷体_GB2312"
HEI = "黑体"

CELL, HEAD = "XunjianCell", "XunjianHead"
_STYLES = {CELL: "通报表格", HEAD: "通报表头"}
_CENTRED = '<w:jc w:val="center"/>'

_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold; lone surrogates too."""
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the text behind them round: a name must not rewrite the line that it stands in."""
_BREAKS = re.compile("[\t\n\r\u2028\u2029]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One paragraph; ``heading`` marks a heading of the second level (（一）…), ``kept`` one that no page ends with."""

    text: str
    heading: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table: relative ``widths``, one a column; the columns ``centred`` are short values."""

    header: tuple[str, ...]
    widths: tuple[int, ...]
    rows: Sequence[tuple[str, ...]]
    centred: frozenset[int] = frozenset()


Block = Line | Grid


def clean(text: str) -> str:
    """Return text as a document can hold it, on one line."""
    return _BREAKS.sub(" ", _DIRECTIONS.sub("", _UNWRITABLE.sub("", text)))


def fonts_xml(name: str) -> str:
    """Return the run property that sets a font for Chinese and for everything else.

    One for both: curly quotes count as Western in Word, and would come out narrow in a Western font.
    """
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def style_xml(identity: str, namespace: str) -> str:
    """Return the style of the cells of a table, or of its header; a template has neither."""
    face = fonts_xml(HEI) if identity == HEAD else ""
    return (
        f'<w:style xmlns:w="{namespace}" w:type="paragraph" w:customStyle="1" w:styleId="{identity}">'
        f'<w:name w:val="{_STYLES[identity]}"/><w:pPr><w:spacing w:before="20" w:after="20" w:line="240" '
        'w:lineRule="auto"/><w:ind w:left="0" w:right="0" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="left"/>'
        f'</w:pPr><w:rPr>{face}<w:sz w:val="21"/><w:szCs w:val="21"/></w:rPr></w:style>'
    )


def grid_xml(grid: Grid, width: int) -> Iterator[str]:
    """Give a table of ``width`` twentieths of a point, piece by piece: it may have very many rows."""
    columns = _columns(grid.widths, width)
    yield (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:jc w:val="center"/>{_BORDERS}'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr><w:tblGrid>"
    )
    yield "".join(f'<w:gridCol w:w="{column}"/>' for column in columns) + "</w:tblGrid>"
    everything = frozenset(range(len(columns)))
    yield _row(_cells(columns, everything, HEAD), grid.header, "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>")
    cells = _cells(columns, grid.centred, CELL)
    for row in grid.rows:
        yield _row(cells, row, "<w:trPr><w:cantSplit/></w:trPr>")
    yield "</w:tbl>"


_BORDERS = (
    "<w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders>"
)


def _columns(widths: Sequence[int], width: int) -> tuple[int, ...]:
    """Share the width out; what rounding leaves goes to the widest column."""
    shares = [width * each // sum(widths) for each in widths]
    shares[widths.index(max(widths))] += width - sum(shares)
    return tuple(shares)


def _cells(columns: Sequence[int], centred: frozenset[int], style: str) -> tuple[str, ...]:
    """Return what stands before the text of each cell; the same for every row."""
    return tuple(
        f'<w:tc><w:tcPr><w:tcW w:w="{column}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
        f'<w:pStyle w:val="{style}"/>{_CENTRED if at in centred else ""}</w:pPr><w:r><w:t xml:space="preserve">'
        for at, column in enumerate(columns)
    )


def _row(cells: Sequence[str], values: Iterable[str], properties: str) -> str:
    body = "".join(
        f"{before}{escape(clean(value))}</w:t></w:r></w:p></w:tc>" for before, value in zip(cells, values, strict=True)
    )
    return f"<w:tr>{properties}{body}</w:tr>"
