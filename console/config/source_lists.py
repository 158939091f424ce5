"""The 稿源名单 that the configuration names: whom a repost may come from."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from console.errors import FileError
from console.files import read_whole
from monitor.sources_list import read_source_list

MAX_BYTES = 5 * 2**20
_ENCODINGS = ("utf-8-sig", "gb18030")


def approved_sources(names: Sequence[str], folder: Path, where: str, problems: list[str]) -> frozenset[str] | None:
    """Return the names on all lists, None where none is named; what is wrong with a list is added to ``problems``."""
    if not names:
        return None
    found: set[str] = set()
    for name in names:
        at = f"{where}：originality.source_lists 的“{name}”"
        try:
            rows = _rows(read_whole(folder / name, "稿源名单", limit=MAX_BYTES))
        except (FileError, ValueError, csv.Error) as error:
            cause = str(error).rstrip("。") if isinstance(error, FileError) else "不是 UTF-8 或 GBK 编码的 CSV 文件"
            problems.append(f"{at}不能用：{cause}。")
            continue
        listed = read_source_list(rows)
        problems += [f"{at}：{each.rstrip('。')}。" for each in listed.problems]
        found |= listed.names
    return frozenset(found)


def _rows(body: bytes) -> list[list[str]]:
    for encoding in _ENCODINGS:
        try:
            return list(csv.reader(io.StringIO(body.decode(encoding), newline=""), strict=True))
        except UnicodeDecodeError:
            continue
    raise ValueError
