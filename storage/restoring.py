"""Put a backup in the place of the present database, which is kept."""

import os
import shutil
import socket
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, create_engine

from monitor.errors import cause_of
from storage import server_programs
from storage.backup import back_up, check_backup, is_dump
from storage.backup_names import stamp_of
from storage.copying import PRIVATE, copy_sqlite, sync_folder
from storage.database import Database, address_of
from storage.errors import StorageError, sqlite_code
from storage.file_lock import Owner
from storage.instance import claim_file, claim_server

_BUSY, _LOCKED = 5, 6  # SQLite's result codes
_PATIENCE = 2.0  # seconds to wait for another program's write
_CURE = "请先停止它，再恢复。"
_LOGS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreReport:
    """What was put back: the backup's version of the tables, and where the former database is kept, None if none."""

    kept: Path | None
    version: str


def restore(url: str, file: Path, *, now: datetime) -> RestoreReport:
    """Put the backup ``file`` in the place of the database at ``url``, whole or not at all.

    The former one is kept beside it as ``<name>.before-restore-<stamp>`` (of PostgreSQL as a dump beside the backup).
    The next program to open the database upgrades it where the backup is of an earlier version. Refused, with a
    StorageError and nothing changed, while a daemon or another program uses the database, and where the backup cannot
    be used.
    """
    address = address_of(url)
    version = check_backup(file)
    server = address.get_backend_name() != "sqlite"
    if server is not is_dump(file):
        ours, its = ("PostgreSQL", "SQLite") if server else ("SQLite", "PostgreSQL")
        raise StorageError(f"备份：{file} 是 {its} 的备份，而 [storage] url 指向 {ours}；请换一份备份，或修改配置。")
    if server:
        return RestoreReport(kept=_restore_server(url, address, file, now), version=version)
    target = Path(os.path.realpath(address.database or ""))
    try:
        kept = _restore_file(target, file, now)
    except (OSError, sqlite3.Error) as error:
        cause = cause_of(error) if isinstance(error, OSError) else str(error)
        raise StorageError(
            f"备份：{target}：恢复未能完成（{cause}），原数据库未作改动；请确认该文件夹可写且磁盘空间充足后重试。"
        ) from error
    return RestoreReport(kept=kept, version=version)


def _restore_file(target: Path, file: Path, now: datetime) -> Path | None:
    if not target.parent.is_dir():
        raise StorageError(
            f"数据库：{target}：所在文件夹不存在；请先建立该文件夹，或修改 xunjian.toml 的 [storage] url。"
        )
    if target.exists() and target.samefile(file):
        raise StorageError(f"备份：{file} 就是正在使用的数据库；请指明一份备份。")
    fresh = target.with_name(f"{target.name}.restoring")
    with claim_file(target, Owner(host=socket.gethostname(), pid=os.getpid(), since=now), _CURE):
        try:
            copy_sqlite(file, fresh)
            _take_owner(fresh, target if target.exists() else target.parent)
            with _alone(target):
                kept = _set_aside(target, stamp_of(now))
                fresh.replace(target)
                sync_folder(target.parent)
        finally:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
    return kept


@contextmanager
def _alone(target: Path) -> Generator[None]:
    """See to it that no other program uses the database, and bring all of it into its one file.

    One that is damaged cannot be asked; it is taken as it lies there, with its log.
    """
    if not target.exists():
        yield
        return
    with closing(sqlite3.connect(target, timeout=_PATIENCE, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")  # refused while any other connection is open
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if sqlite_code(error) in (_BUSY, _LOCKED):
                raise StorageError(
                    f"数据库：{target}：正被其他程序使用，未作改动；请关闭所有巡检程序和打开该文件的程序后再恢复。"
                ) from error
        yield


def _set_aside(target: Path, stamp: str) -> Path | None:
    """Give the present database a second name, so that there is one at its own at every moment."""
    if not target.exists():
        return None
    kept = target.with_name(f"{target.name}.before-restore-{stamp}")
    if os.path.lexists(kept):
        raise StorageError(f"备份：{kept} 已存在，未作改动；请移走它后重试。")
    try:
        kept.hardlink_to(target)
    except OSError:  # a file system that has one name for one file
        shutil.copy2(target, kept)
    for ending in _LOGS:
        log = Path(f"{target}{ending}")
        if log.exists():
            log.rename(f"{kept}{ending}")
    return kept


def _take_owner(fresh: Path, like: Path) -> None:
    """Let those read the new file who could read the former one: the daemon may be run by another user."""
    found = like.stat()
    with suppress(PermissionError):
        os.chown(fresh, found.st_uid, found.st_gid)
    fresh.chmod(PRIVATE if like.is_dir() else found.st_mode & 0o777)


def _restore_server(url: str, address: URL, file: Path, now: datetime) -> Path:
    engine = create_engine(address)  # opened so, a database that is newer than this program can be replaced as well
    database = Database(where=server_programs.where(address), timeout=_PATIENCE, writer=engine, reader=engine)
    try:
        with claim_server(database, now, _CURE):
            kept = file.with_name(f"before-restore-{stamp_of(now)}.dump")
            back_up(url, kept)
            server_programs.load(address, file)
    finally:
        database.close()
    return kept
