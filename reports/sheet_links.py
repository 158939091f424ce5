"""What XlsxWriter would hold in memory of each row, a kilobyte and more: links, kept on disk, and heights."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter.worksheet import Worksheet

from reports.folder import Folder

MOST = 65_530
"""Excel opens no sheet with more links."""

_LONGEST = 2_079
_WEB = re.compile(r"https?://[A-Za-z0-9.\-]+(?::\d{1,5})?(?:[/?#][^\s\x00-\x1f\x7f\"<>\\^`{|}]*)?", re.IGNORECASE)
_SAFE = ":/?#@!$&'()*+,;=%~"
_OFFICE = "http://schemas.openxmlformats.org"
_KIND = f"{_OFFICE}/officeDocument/2006/relationships/hyperlink"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STAMP = (1980, 1, 31, 0, 0, 0)  # as XlsxWriter stamps the other parts
_MODE = 0o600 << 16


def target(url: str) -> str | None:
    """Return a web address as a spreadsheet leads to it, in ASCII; None where it is none or too long for Excel."""
    if not _WEB.fullmatch(url):
        return None
    found = quote(url, safe=_SAFE)
    return found if len(found) <= _LONGEST else None


class StreamedSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter ships no types
    """A sheet whose links wait in a file until it is assembled; ``height`` is that of the row under way, in points."""

    links: "Links | None" = None
    height: float | None = None

    def _write_hyperlinks(self) -> None:
        """Write the links where XlsxWriter would write its own."""
        if self.links is not None:
            self.links.write_elements(self.fh)

    def _write_row(self, row: int, *others: Any, **options: Any) -> None:
        """Write the begin of a row, with a height that spreadsheets may still adjust.

        Readers that take the file for one of Excel's (LibreOffice) do not adjust rows that have none.
        """
        if self.height is None:
            super()._write_row(row, *others, **options)
        else:
            self._xml_start_tag_unencoded("row", [("r", row + 1), ("ht", f"{self.height:g}")])


class Links:
    """The links of one sheet: the elements of the sheet, and the relations that they name."""

    def __init__(self, sheet: Any, folder: Folder) -> None:
        """Begin without links."""
        self.count = 0
        self._name = f"xl/worksheets/_rels/sheet{sheet.index + 1}.xml.rels"
        self._elements = folder.scratch()
        self._relations = folder.scratch()

    def add(self, cell: str, address: str) -> None:
        """Let ``cell`` (``A2``) lead to an address that ``target`` gave."""
        self.count += 1
        page, _, place = address.partition("#")
        location = f" location={quoteattr(place)}" if place else ""
        self._elements.write(f'<hyperlink ref="{cell}" r:id="rId{self.count}"{location}/>')
        self._relations.write(
            f'<Relationship Id="rId{self.count}" Type="{_KIND}" Target={quoteattr(page)} TargetMode="External"/>'
        )

    def write_elements(self, file: IO[str]) -> None:
        """Write the elements into a sheet."""
        if self.count:
            self._elements.seek(0)
            file.write("<hyperlinks>")
            shutil.copyfileobj(self._elements, file)
            file.write("</hyperlinks>")

    def write_relations(self, archive: ZipFile) -> None:
        """Add the relations to the workbook's file."""
        if not self.count:
            return
        self._relations.seek(0)
        entry = ZipInfo(self._name, _STAMP)
        entry.compress_type, entry.external_attr = ZIP_DEFLATED, _MODE
        with archive.open(entry, "w") as file:
            file.write(f'{_HEAD}<Relationships xmlns="{_OFFICE}/package/2006/relationships">'.encode())
            for part in iter(lambda: self._relations.read(65_536), ""):
                file.write(part.encode())
            file.write(b"</Relationships>")


def add_relations(path: Path, links: Iterable[Links]) -> None:
    """Add what the links of all sheets name to a workbook that is written."""
    with ZipFile(path, "a") as archive:
        for each in links:
            each.write_relations(archive)
