"""The files of one inspection: written aside, and put in their place whole or not at all."""

import errno
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from monitor.errors import XunjianError, cause_of

_LEFT_OVER_SECONDS = 24 * 3600


class ReportError(XunjianError):
    """A report cannot be written."""


class Folder:
    """A folder of reports, used as a context: ``commit`` puts every file in place, anything else leaves the old.

    What is raised behind ``commit`` within the context puts the old files back.
    """

    def __init__(self, folder: Path, now: datetime) -> None:
        """Write to ``folder``; what was left beside it a day before ``now`` is removed."""
        self.path = folder
        self._now = now
        self._stack = ExitStack()
        self._files: dict[str, TextIO | None] = {}
        self._aside: Path | None = None
        self._put: list[str] = []

    def __enter__(self) -> Self:
        """Make the folder and a hidden one beside it, in which the files are written first."""
        self._aside = name_beside(self.path)  # known before it is made: Ctrl-C may come at any moment
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._sweep()
            self._aside.mkdir(mode=0o700)
        except BaseException as error:
            self._drop()
            if isinstance(error, OSError):
                raise self._failed(error) from error
            raise
        return self

    def open(self, name: str, *, bom: bool = False) -> TextIO:
        """Open a new file of the folder for writing text; ``bom`` marks it as UTF-8 for spreadsheets."""
        assert self._aside is not None
        encoding = "utf-8-sig" if bom else "utf-8"
        file = self._stack.enter_context((self._aside / name).open("w", encoding=encoding, newline=""))
        self._files[name] = file
        return file

    def place(self, name: str) -> Path:
        """Return where a new file of the folder is to be written by somebody else, whole before ``commit``."""
        assert self._aside is not None
        self._files[name] = None
        return self._aside / name

    def scratch(self) -> TextIO:
        """Open a file without a name for what is written first and belongs further back; it goes with the context."""
        return self._stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="", dir=self._aside))

    def at_end(self, close: Callable[[], None]) -> None:
        """Have ``close`` called once the files are whole, or are given up."""
        self._stack.callback(close)

    @property
    def files(self) -> Sequence[Path]:
        """Where the files stand once they are in place."""
        return tuple(self.path / name for name in self._files)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop what was not put in place, and what was where an error has come since."""
        if error is not None:
            self._put_back()
        self._drop()
        if isinstance(error, OSError):
            raise self._failed(error) from error

    def digests(self) -> Mapping[str, str]:
        """Return the SHA-256 of each file by its name, once all are written whole. Raises ReportError."""
        assert self._aside is not None
        try:
            for file in self._files.values():
                if file is not None:
                    file.flush()
            return {name: digest_of(self._aside / name) for name in self._files}
        except OSError as error:
            raise self._failed(error) from error

    def commit(self, only: Collection[str] | None = None) -> None:
        """Put every file in place, or those that ``only`` names. Raises ReportError where the system refuses."""
        assert self._aside is not None
        names = [name for name in self._files if only is None or name in only]
        try:
            for file in self._files.values():
                if file is not None:
                    file.flush()
                    os.fsync(file.fileno())
            self._stack.close()
            for name in (name for name, file in self._files.items() if file is None):
                with (self._aside / name).open("rb") as written:
                    os.fsync(written.fileno())
            for name in names:
                if (target := self.path / name).is_dir():  # found out before the first file is replaced
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
            old = self._old
            old.mkdir()
            for name in names:
                _keep(self.path / name, old / name)
                self._put.append(name)
                (self._aside / name).replace(self.path / name)
        except OSError as error:
            self._put_back()
            raise self._failed(error) from error

    @property
    def _old(self) -> Path:
        """Where the files are kept in whose place others were put."""
        assert self._aside is not None
        return self._aside / ".old"

    def _put_back(self) -> None:
        """Put the old files back in their place, the last one first; what refuses to go back is kept, and named."""
        while self._put:
            name = self._put[-1]
            kept, target = self._old / name, self.path / name
            try:
                if self._old.with_name(name).exists():
                    pass  # it was not put in place
                elif kept.exists():
                    kept.replace(target)
                else:
                    target.unlink(missing_ok=True)
            except OSError as error:
                left, self._aside = self._old, None  # or the only copies would go
                names, self._put = "、".join(sorted(self._put)), []
                raise ReportError(
                    f"检查结果：{self.path}：文件未能写成，已写入的{names}也未能恢复（{cause_of(error)}）；"
                    f"原来的文件在 {left}，请移回后重试。"
                ) from error
            self._put.pop()

    def _drop(self) -> None:
        with suppress(OSError):  # a full disk refuses the last flush too; these files go anyway
            self._stack.close()
        if self._aside is not None:
            shutil.rmtree(self._aside, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove what runs that were killed have left beside the folder."""
        for left in self.path.parent.glob(f"{_prefix(self.path)}*"):
            if left.is_dir() and self._now.timestamp() - left.stat().st_mtime > _LEFT_OVER_SECONDS:
                shutil.rmtree(left, ignore_errors=True)

    def _failed(self, error: OSError) -> ReportError:
        return ReportError(
            f"检查结果：{self.path}：文件未能写成（{cause_of(error)}），原有文件未作改动；"
            "请确认该文件夹可写、文件未被其他程序占用且磁盘空间充足后重试。"
        )


def _keep(file: Path, copy: Path) -> None:
    """Let a file, where it is one, stay under another name too when something else takes its place."""
    try:
        copy.hardlink_to(file)
    except FileNotFoundError:
        return
    except OSError:  # not every file system has links
        shutil.copy2(file, copy)


def name_beside(folder: Path) -> Path:
    """Return where a hidden folder beside ``folder`` is to be made, as nobody names a folder of one's own."""
    return folder.with_name(f"{_prefix(folder)}{secrets.token_hex(4)}")


def _prefix(folder: Path) -> str:
    return f".{folder.name}.xunjian-"


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def changed_files(folder: Path, digests: Mapping[str, str]) -> frozenset[str]:
    """Return the names of the files that are not in ``folder`` as their ``digests`` say. Raises ReportError."""
    found = {name: folder / name for name in digests}
    try:
        return frozenset(name for name, file in found.items() if not file.is_file() or digest_of(file) != digests[name])
    except OSError as error:
        raise ReportError(f"检查结果：{folder}：文件不能读取（{cause_of(error)}）；请检查权限后重试。") from error
