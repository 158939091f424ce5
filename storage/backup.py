"""Make backups of a database while it is in use, and say of a backup whether it can be put back."""

import os
import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from monitor.errors import cause_of
from storage import server_programs
from storage.backup_names import backup_name, prune_backups
from storage.copying import (
    PRIVATE,
    OnProgress,
    copy_sqlite,
    damage_of,
    has_changed,
    put_in_place,
    reading,
    sum_file,
    write_sum,
)
from storage.database import Database, address_of
from storage.errors import StorageError, sqlite_code
from storage.schema import NEWEST, VERSION_TABLE, is_known

__all__ = ["BackupReport", "back_up", "backup_name", "check_backup", "prune_backups"]

_SQLITE_MAGIC, _DUMP_MAGIC = b"SQLite format 3\0", b"PGDMP"
_FULL = 13  # SQLite's result code


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """A backup that was made: its file, its size in bytes, and how long it took."""

    file: Path
    bytes: int
    seconds: float


def back_up(database: Database | str, target: Path, *, on_progress: OnProgress | None = None) -> BackupReport:
    """Write a backup of a database, open or named by its URL, to the new file ``target``, whole or not at all.

    Others may go on writing: the backup is of the moment at which it began. ``on_progress`` is told how much is done of
    how much; what it raises stops the backup. Everything that can be wrong is a StorageError.
    """
    began = time.monotonic()
    address = address_of(database) if isinstance(database, str) else database.writer.url
    with _worded(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(target):
            raise StorageError(f"备份：{target} 已存在，未作改动；请换一个文件名。")
        if address.get_backend_name() == "sqlite":
            file = Path(address.database or "").absolute()
            if not isinstance(database, str) and database.file is not None:
                database.file.check()
            if not file.is_file():
                raise StorageError(f"数据库：{file}：没有这个文件，无从备份；请检查 xunjian.toml 的 [storage] url。")
            copy_sqlite(file, target, on_progress)
        else:
            _dump(address, target, on_progress)
        write_sum(target)
        return BackupReport(file=target, bytes=target.stat().st_size, seconds=time.monotonic() - began)


def check_backup(file: Path) -> str:
    """Return the version of the tables in a backup; one that cannot be put back is a StorageError that says why."""
    try:
        if file.is_dir():
            raise StorageError(f"备份：{file} 是文件夹而不是文件；请指明备份文件。")
        with file.open("rb") as content:
            magic = content.read(len(_SQLITE_MAGIC))
        if not magic:
            raise StorageError(f"备份：{file}：文件是空的，不能恢复；请换一份备份。")
        if has_changed(file):
            raise StorageError(
                f"备份：{file}：内容与备份时的校验值（{sum_file(file).name}）不符，已损坏；请换一份备份。"
            )
    except FileNotFoundError as error:
        raise StorageError(f"备份：没有 {file} 这个文件；请检查文件名。") from error
    except OSError as error:
        raise StorageError(f"备份：{file}：无法读取（{cause_of(error)}）；请检查文件权限。") from error
    if magic.startswith(_DUMP_MAGIC):
        version = server_programs.version_in(file)
    elif magic == _SQLITE_MAGIC:
        version = _sqlite_version(file)
    else:
        raise StorageError(f"备份：{file}：不是巡检的备份文件；请指明由 xunjian backup 或守护程序写出的文件。")
    if version is None:
        raise StorageError(f"备份：{file}：其中没有巡检的数据表，不能恢复；请指明由 xunjian backup 写出的文件。")
    if not is_known(version):
        raise StorageError(
            f"备份：{file}：由更新版本的巡检写出（结构版本 {version}，本程序为 {NEWEST}）；请升级巡检程序后再恢复。"
        )
    return version


def is_dump(file: Path) -> bool:
    """Say whether a backup is of PostgreSQL."""
    with file.open("rb") as content:
        return content.read(len(_DUMP_MAGIC)) == _DUMP_MAGIC


def _sqlite_version(file: Path) -> str | None:
    try:
        with closing(reading(file)) as connection:
            if damage := damage_of(connection, "integrity_check"):
                raise StorageError(f"备份：{file}：文件已损坏（{damage.splitlines()[-1]}），不能恢复；请换一份备份。")
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if VERSION_TABLE not in tables:
                return None
            row = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608 - our own name
            return None if row is None else str(row[0])
    except sqlite3.Error as error:
        raise StorageError(f"备份：{file}：文件已损坏（{error}），不能恢复；请换一份备份。") from error


def _dump(address: URL, target: Path, on_progress: OnProgress | None) -> None:
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        server_programs.dump(address, partial, on_progress)
        put_in_place(partial, target)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


@contextmanager
def _worded(target: Path) -> Generator[None]:
    """Turn what goes wrong with a backup into a sentence."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        cause = cause_of(error) if isinstance(error, OSError) else str(error)
        if sqlite_code(error) == _FULL:
            cause = "磁盘空间已满"
        raise StorageError(
            f"备份：{target}：未能写成（{cause}），没有留下半份；请确认该文件夹可写且磁盘空间充足后重试。"
        ) from error
