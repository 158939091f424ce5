"""The stage in an inspection.json that is in its place: one line of its head, rewritten without judging anew."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from monitor.errors import cause_of
from monitor.stages import Stage
from reports.folder import ReportError

NAME = "inspection.json"
_ACCOUNTS = b' "accounts": ['
_BLOCK = 1 << 20


def restage(file: Path, before: Stage, after: Stage) -> str | None:
    """Rewrite the stage in an inspection.json, whole or not at all, and return the file's new SHA-256.

    None where its head does not say ``before``; the file is then as it was. Raises ReportError.
    """
    old, new = (f' "stage": "{stage.value}",\n'.encode() for stage in (before, after))
    aside = file.with_name(f".{file.name}.xunjian-partial")
    digest = hashlib.sha256()
    try:
        with file.open("rb") as source, aside.open("wb") as target:
            head = _head(source)
            if old not in head:
                aside.unlink()
                return None
            block = b"".join(new if line == old else line for line in head)
            while block:
                target.write(block)
                digest.update(block)
                block = source.read(_BLOCK)
            target.flush()
            os.fsync(target.fileno())
        aside.replace(file)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise ReportError(
            f"检查结果：{file}：未能写成（{cause_of(error)}），原有文件未作改动；请确认该文件夹可写后重试。"
        ) from error
    return digest.hexdigest()


def _head(source: BinaryIO) -> list[bytes]:
    """Read the lines before the accounts, and the one that begins them."""
    lines: list[bytes] = []
    while (line := source.readline()) and not (lines and lines[-1].startswith(_ACCOUNTS)):
        lines.append(line)
    return [*lines, line]
