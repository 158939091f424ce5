"""A lock on a file of its own beside a SQLite database, which says whose it is and is free once its owner is dead."""

import fcntl
import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_TURNS, _TURN = 10, 0.05
"""How often, and after how many seconds each, a lock is tried again: whoever looks at it has it for a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who has a lock: a program of a host, and since when."""

    host: str
    pid: int
    since: datetime


class FileLock:
    """A lock that this program has."""

    def __init__(self, file: Path, descriptor: int) -> None:
        self._file = file
        self._descriptor = descriptor
        keep_from_children(descriptor)

    def held(self) -> bool:
        """Whether the lock's file is still there: in the place of one that was removed, another can be locked."""
        with suppress(OSError):
            return os.path.samestat(self._file.stat(), os.fstat(self._descriptor))
        return False

    def release(self) -> None:
        """Give the lock up; its file stays, empty, for removing it would let two programs have it."""
        if self._descriptor not in _held:
            return  # it was the parent's
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
        forget(self._descriptor)
        os.close(self._descriptor)


def lock_file(database: Path) -> Path:
    """Return the file that is locked for a database; two names of one database have the same."""
    real = Path(os.path.realpath(database))
    return real.with_name(f"{real.name}.daemon")


def take(file: Path, owner: Owner) -> FileLock | None:
    """Lock a file and write into it who has the lock; None where another program has it. May raise OSError."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not _lock(descriptor):
            os.close(descriptor)
            return None
        said = {"host": owner.host, "pid": owner.pid, "since": owner.since.isoformat()}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(said, ensure_ascii=False).encode(), 0)
    except OSError:
        os.close(descriptor)
        raise
    return FileLock(file, descriptor)


def is_held(file: Path) -> bool:
    """Say whether a program has the lock."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False  # a file system without locks
    finally:
        os.close(descriptor)
    return False


def owner_of(file: Path) -> Owner | None:
    """Return who says to have the lock, None where nobody says so (yet)."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(file.read_text(encoding="utf-8"))
        return Owner(host=str(said["host"]), pid=int(said["pid"]), since=datetime.fromisoformat(said["since"]))
    return None


def _lock(descriptor: int) -> bool:
    for turn in range(_TURNS):
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if turn < _TURNS - 1:
            time.sleep(_TURN)
    return False


_held: set[int] = set()


def keep_from_children(descriptor: int) -> None:
    """Have a descriptor closed in this program's offspring: a child that outlives its killed parent would keep it."""
    _held.add(descriptor)


def forget(descriptor: int) -> None:
    """Undo ``keep_from_children``: the descriptor is about to be closed."""
    _held.discard(descriptor)


def _let_go() -> None:
    for descriptor in _held:
        with suppress(OSError):
            os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go)
