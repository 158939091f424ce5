"""Copy a SQLite database while others may write to it: one moment of it, whole and checked, or nothing at all."""

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from storage.database_file import new_mark

OnProgress = Callable[[int, int], object]
"""Told how much is done and how much there is; what it raises stops the work, and nothing is left of it."""

PRIVATE = 0o600
_STEP = 1000  # pages that are copied between two looks at whether to go on
_SUM = ".sha256"


def copy_sqlite(file: Path, target: Path, on_progress: OnProgress | None = None) -> None:
    """Copy a database to ``target`` in place of what is there; only its owner may read the copy.

    The copy is one file, in the rollback journal's mode, with an application_id of its own. Raises OSError and
    sqlite3.Error, and whatever ``on_progress`` raises.
    """
    partial = target.with_name(f"{target.name}.partial")
    try:
        _remove(partial)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        with closing(reading(file)) as source, closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            source.execute("BEGIN")  # else the copy would begin anew whenever another program has written
            source.execute("PRAGMA schema_version").fetchone()
            source.backup(copy, pages=_STEP, progress=lambda _, left, total: _tell(on_progress, total - left, total))
            source.execute("COMMIT")
            copy.execute("PRAGMA journal_mode=DELETE")
            copy.execute(f"PRAGMA application_id={new_mark()}")
            if damage := damage_of(copy, "quick_check"):
                raise sqlite3.DatabaseError(damage)
        put_in_place(partial, target)
    finally:
        _remove(partial)


def reading(file: Path) -> sqlite3.Connection:
    """Open a database to be read and not written to, also where its folder is read-only."""
    log = Path(f"{os.path.realpath(file)}-wal")
    immutable = "" if log.exists() else "&immutable=1"
    return sqlite3.connect(
        f"{Path(os.path.realpath(file)).as_uri()}?mode=ro{immutable}", uri=True, isolation_level=None
    )


def damage_of(connection: sqlite3.Connection, check: str) -> str:
    """Return the first thing that SQLite's ``quick_check`` or ``integrity_check`` finds wrong, "" where it is whole."""
    found = str(connection.execute(f"PRAGMA {check}(1)").fetchone()[0])
    return "" if found == "ok" else found


def put_in_place(partial: Path, target: Path) -> None:
    """Give a written file its name; after this it is on disk under that name."""
    with partial.open("rb") as written:
        os.fsync(written.fileno())
    partial.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on disk, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sum_file(file: Path) -> Path:
    """Return the file beside a backup that holds its checksum, as ``sha256sum -c`` reads it."""
    return file.with_name(f"{file.name}{_SUM}")


def write_sum(file: Path) -> None:
    """Write a backup's checksum beside it."""
    partial = sum_file(file).with_name(f"{sum_file(file).name}.partial")
    try:
        partial.write_text(f"{_sum_of(file)}  {file.name}\n", encoding="utf-8")
        put_in_place(partial, sum_file(file))
    finally:
        _remove(partial)


def has_changed(file: Path) -> bool:
    """Say whether a backup is no longer what its checksum says; a backup without one is taken as it is."""
    try:
        stated = sum_file(file).read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError):
        return False
    return bool(stated) and stated[0] != _sum_of(file)


def _sum_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _tell(on_progress: OnProgress | None, done: int, total: int) -> None:
    if on_progress is not None:
        on_progress(done, total)


def _remove(partial: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            Path(f"{partial}{ending}").unlink(missing_ok=True)
