"""Write the parts of a Word document: the same content gives the same bytes, tables are written row by row."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from reports.docx_blocks import Grid, grid_xml

_EARLIEST = (1980, 1, 1, 0, 0, 0)


def marker(number: int) -> str:
    """Return the comment that stands in a document where a table belongs."""
    return f"xunjian-grid-{number}"


def write_package(made: IO[bytes], main: str, grids: Sequence[tuple[Grid, int]], path: Path) -> None:
    """Write the parts of a package anew, each of the same date, with the tables in their places."""
    with zipfile.ZipFile(made) as package, zipfile.ZipFile(path, "w") as written:
        for name in package.namelist():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            with written.open(entry, "w") as part:
                part.writelines(_pieces(package.read(name), grids) if name == main else (package.read(name),))


def _pieces(xml: bytes, grids: Iterable[tuple[Grid, int]]) -> Iterator[bytes]:
    for number, (grid, width) in enumerate(grids):
        before, _, xml = xml.partition(f"<!--{marker(number)}-->".encode())
        yield before
        for piece in grid_xml(grid, width):
            yield piece.encode()
    yield xml
