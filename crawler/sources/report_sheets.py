"""What a workbook's sheets hold beside the values of their cells: where cells lead, and which are merged."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from lxml import etree

_LONGEST_ADDRESS: Final = 2000
_LARGEST: Final = 30 * 2**20  # bytes of one sheet, unpacked
_TALLEST: Final = 2000  # rows of one merged range
_MOST_MERGED: Final = 2000
_MOST_LINKS: Final = 50_000
_CELL: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_FORMULA: Final = re.compile(r'\bHYPERLINK\(\s*"((?:[^"]|"")+)"', re.IGNORECASE)
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

Place = tuple[int, int]
"""A row as the spreadsheet numbers it (from 1) and a column (from 0)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Of one sheet: addresses by cell, and the merged ranges as first row, column, last row."""

    links: dict[Place, str] = field(default_factory=dict)
    merged: tuple[tuple[int, int, int], ...] = ()


def beside(body: bytes) -> dict[str, Beside]:
    """Return what stands beside the cells of a workbook's sheets, by their titles; raises where the file is damaged."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return {}
        targets = _targets(archive, "xl/workbook.xml")
        sheets = (each for each in _elements(archive.read("xl/workbook.xml"), "sheet"))
        named = {sheet.get("name") or "": targets.get(_relation(sheet), "") for sheet in sheets}
        small = {part.filename for part in archive.infolist() if part.file_size <= _LARGEST}
        return {name: _beside(archive, path) for name, path in named.items() if path in small}


def _beside(archive: zipfile.ZipFile, path: str) -> Beside:
    body = archive.read(path)
    links = dict(islice(_formulas(body), _MOST_LINKS)) if b"HYPERLINK(" in body.upper() else {}
    targets = _targets(archive, path) if b"hyperlink" in body else {}
    for element in islice(_elements(body, "hyperlink"), _MOST_LINKS):
        target = targets.get(_relation(element), "")
        top, column, bottom = _range(element.get("ref") or "")
        for row in range(top, bottom + 1):
            links[row, column] = target[:_LONGEST_ADDRESS]
    ranges = (_range(each.get("ref") or "") for each in islice(_elements(body, "mergeCell"), _MOST_MERGED))
    return Beside(links=links, merged=tuple(each for each in ranges if each[2] > each[0]))


def _formulas(body: bytes) -> Iterator[tuple[Place, str]]:
    """Give the addresses that cells state as =HYPERLINK("…")."""
    for cell in _elements(body, "c"):
        formula = next((child.text or "" for child in cell if etree.QName(child).localname == "f"), "")
        found = _FORMULA.search(formula)
        if found:
            top, column, _ = _range(cell.get("r") or "")
            yield (top, column), found[1].replace('""', '"')[:_LONGEST_ADDRESS]


def _targets(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    """Return where the relations of a part lead: paths within the file, or addresses."""
    folder, name = posixpath.split(path)
    try:
        body = archive.read(f"{folder}/_rels/{name}.rels")
    except KeyError:
        return {}
    found: dict[str, str] = {}
    for each in _elements(body, "Relationship"):
        target = each.get("Target") or ""
        inside = each.get("TargetMode") != "External"
        found[each.get("Id") or ""] = posixpath.normpath(posixpath.join("/", folder, target))[1:] if inside else target
    return found


def _relation(element: etree._Element) -> str:
    return element.get(_RELATION) or element.get(_STRICT_RELATION) or ""


def _elements(body: bytes, name: str) -> Iterator[etree._Element]:
    parsed = etree.iterparse(io.BytesIO(body), tag=f"{{*}}{name}", resolve_entities=False, no_network=True)
    for _, element in parsed:
        yield element
        element.clear()


def _range(reference: str) -> tuple[int, int, int]:
    """Return first row, first column (from 0) and last row of ``B3:B7``, no row at all of what is none."""
    ends = [found for found in map(_CELL.fullmatch, reference.upper().split(":")) if found]
    if not ends:
        return 0, 0, -1
    column = 0
    for letter in ends[0][1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    top = int(ends[0][2])
    return top, column - 1, min(int(ends[-1][2]), top + _TALLEST)
