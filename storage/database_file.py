"""Know a SQLite database's file again, so that nothing is written into another one that was put in its place."""

import ctypes
import os
import secrets
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from threading import Lock

from storage.errors import ReplacedError

_MARK_AT, _MARK_LENGTH = 68, 4
"""Where the header holds the application_id (https://www.sqlite.org/fileformat2.html#application_id)."""

_LOG_HEADER, _FRAME_HEADER = 32, 24

_ASIDE = ".replaced"
"""What is added to the names of the log and its index when they are of a content that is no longer there."""


_PATIENCE = 300
"""Milliseconds that the end waits for other connections."""


class Trouble(Enum):
    """What can have become of a file, in an official's words."""

    GONE = "已被删除或移走"
    OTHER = "已被换成另一个文件"
    CONTENT = "的内容已被改写成另一个数据库"


def new_mark() -> int:
    """Return a random application_id: never 0, which is that of a file without one."""
    return secrets.randbelow(2**31 - 1) + 1


def mark(connection: sqlite3.Connection) -> int:
    """Give a database an application_id of its own where it has none, in a transaction of its own; return it."""
    connection.execute("BEGIN IMMEDIATE")
    number = mark_of(connection)
    if number == 0:
        number = new_mark()
        connection.execute(f"PRAGMA application_id={number}")
    connection.execute("COMMIT")
    return number


def mark_of(connection: sqlite3.Connection) -> int:
    """Return a database's application_id as SQLite reads it, be it in the file or still in the log."""
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def marks_in_log(log: Path) -> set[bytes]:
    """Return every application_id, as it stands in a header, that a log holds (fileformat2.html#the_write_ahead_log).

    Frames of former rounds, which SQLite would not read any more, count too.
    """
    found: set[bytes] = set()
    with log.open("rb") as frames:
        size = int.from_bytes(frames.read(_LOG_HEADER)[8:12], "big")
        while len(header := frames.read(_FRAME_HEADER)) == _FRAME_HEADER:
            if header[:4] == b"\0\0\0\1":  # the first page: it begins with the database's header
                found.add(frames.read(_MARK_AT + _MARK_LENGTH)[_MARK_AT:])
                frames.seek(-_MARK_AT - _MARK_LENGTH, os.SEEK_CUR)
            frames.seek(size, os.SEEK_CUR)
    return found


@dataclass(slots=True, kw_only=True)
class DatabaseFile:
    """The file of an open database: where it is, which one it is (device and inode), and its application_id.

    ``seen`` says whether the application_id has been seen in the file itself: another program's reading may keep it in
    the log for a while. ``anchor`` is a connection that is the last one to be closed.
    """

    path: Path
    device: int
    inode: int
    number: int
    descriptor: int
    anchor: sqlite3.Connection
    seen: bool = False
    parted: bool = False
    closed: bool = False

    def trouble(self) -> Trouble | None:
        """Return what is wrong with the file at the path, None where it is ours."""
        try:
            found = os.stat(self.path)  # noqa: PTH116 - made for every transaction: Path.stat takes twice as long
        except OSError:
            return Trouble.GONE
        if (found.st_dev, found.st_ino) != (self.device, self.inode):
            return Trouble.OTHER
        if self.closed:
            return None
        number = int.from_bytes(os.pread(self.descriptor, _MARK_LENGTH, _MARK_AT), "big")
        if number == self.number:
            self.seen = True
            return None
        return Trouble.CONTENT if self.seen or number != 0 else None

    def check(self) -> None:
        """Raise ReplacedError where the path is no longer that file; nothing is written into what is there instead."""
        trouble = self.trouble()
        if trouble is None:
            return
        self.part(trouble)
        raise ReplacedError(
            f"数据库：{self.path}：该文件在程序运行期间{trouble.value}，程序已停止写入，没有改动现在的文件；"
            "请先停止所有巡检程序，确认应使用哪一份数据库（要换成备份请用 xunjian restore），再重新启动。"
        )

    def part(self, trouble: Trouble) -> None:
        """Leave the former database whole where it still is, and what took its place untouched.

        A file that was moved away takes along what its log holds, and the log, now empty, does its successor no harm.
        The log of a content that was overwritten is put aside, lest the next program takes it for the new content's.
        """
        with _lock, suppress(sqlite3.Error, OSError):
            if self.parted:
                return
            if trouble is not Trouble.CONTENT:
                self.parted = self.anchor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
                return
            self.parted = True
            real = os.path.realpath(self.path)
            present = os.pread(self.descriptor, _MARK_LENGTH, _MARK_AT)
            if present in marks_in_log(Path(f"{real}-wal")):
                return  # SQLite itself put the new content there: the log is part of it
            for ending in ("-wal", "-shm"):
                Path(f"{real}{ending}").rename(f"{real}{ending}{_ASIDE}")

    def close(self) -> None:
        """Close the last connection, unless SQLite would then write the log into a content that it does not belong to.

        To be called when all other connections of the database are closed.
        """
        if self.closed:
            return
        trouble = self.trouble()
        self.closed = True
        if trouble is not None:
            self.part(trouble)
        if trouble is Trouble.CONTENT:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self.anchor))  # not even at the interpreter's end
        else:
            with suppress(sqlite3.Error):  # what is committed is in the log, and the next to open it will find it there
                self.anchor.close()
        _give_back(self.device, self.inode)


def known_file(path: Path, timeout: float) -> DatabaseFile:
    """Return the file of a database that is in use by this program already, giving it an application_id if need be."""
    descriptor, device, inode = _borrow(path)
    anchor = sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False)
    try:
        found = DatabaseFile(
            path=path,
            device=device,
            inode=inode,
            number=mark_of(anchor) or mark(anchor),
            descriptor=descriptor,
            anchor=anchor,
        )
        if found.trouble() is None and not found.seen:
            anchor.execute("PRAGMA wal_checkpoint(FULL)")
            found.trouble()
        anchor.execute(f"PRAGMA busy_timeout={_PATIENCE}")
    except BaseException:
        anchor.close()
        _give_back(device, inode)
        raise
    return found


_lock = Lock()
_open: dict[tuple[int, int], tuple[int, int]] = {}
"""By device and inode the descriptor of a file, and how many databases use it.

One for all: closing any descriptor of a file takes away every lock that the program holds on it, SQLite's too
(https://www.sqlite.org/howtocorrupt.html, 2.2).
"""


def _borrow(path: Path) -> tuple[int, int, int]:
    with _lock:
        found = path.stat()
        key = (found.st_dev, found.st_ino)
        if key in _open:
            descriptor, users = _open[key]
        else:
            descriptor, users = os.open(path, os.O_RDONLY | os.O_CLOEXEC), 0
            found = os.fstat(descriptor)
            key = (found.st_dev, found.st_ino)
        _open[key] = (descriptor, users + 1)
    return descriptor, *key


def _give_back(device: int, inode: int) -> None:
    with _lock:
        descriptor, users = _open.pop((device, inode))
        if users > 1:
            _open[device, inode] = (descriptor, users - 1)
        else:
            os.close(descriptor)
