"""Pieces of HTML that every section of a page is made of; personal numbers are masked here."""

import html
from collections.abc import Iterable, Sequence

from monitor.masking import mask


def text(value: str) -> str:
    """Return text as it stands in a page, masked."""
    return html.escape(mask(value))


def link(title: str, url: str) -> str:
    """Return a title that leads to an address of the web; the address itself is not masked."""
    shown = text(title or "（无标题）")
    if not url.lower().startswith(("http://", "https://")):
        return shown
    return f'<a href="{html.escape(url)}" rel="noreferrer noopener">{shown}</a>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return a table of labels and values."""
    return "<table>" + "".join(f"<tr><th>{label}</th><td>{text(value)}</td></tr>" for label, value in rows) + "</table>"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], raw: tuple[int, ...] = (), style: str = "") -> str:
    """Return a table of plain text; the columns ``raw`` hold addresses and are not masked."""
    cells = [[html.escape(cell) if at in raw else text(cell) for at, cell in enumerate(row)] for row in rows]
    return marked_table(header, cells, style)


def marked_table(header: Sequence[str], rows: Iterable[Sequence[str]], style: str = "") -> str:
    """Return a table whose cells are HTML already."""
    head = "".join(f"<th>{each}</th>" for each in header)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    opened = f'<table class="{style}">' if style else "<table>"
    return f"{opened}<thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"
