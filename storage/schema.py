"""Bring a database's tables to the version of this program: made new, upgraded after a backup copy, or refused."""

import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, Text, column, inspect, select, table, text

from storage.copying import copy_sqlite
from storage.errors import StorageError
from storage.models import Base

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0005"
"""The version of the tables that this program works with: the last step in migrations/versions."""

VERSION_TABLE = "xunjian_schema"
"""Alembic's table of the version, under a name of our own because a PostgreSQL database may be shared."""

_LOCK = 20_191_227  # any number that is always the same; PostgreSQL's lock for those who change the tables


def version_of(connection: Connection) -> str | None:
    """Return the version of the tables, None where there are none of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version = connection.execute(select(column("version_num", Text)).select_from(table(VERSION_TABLE))).scalar()
    return None if version is None else str(version)


def bring_up_to_date(writer: Engine, reader: Engine, where: str, file: Path | None) -> Path | None:
    """Make or upgrade the tables in one transaction; return the backup copy that was made before, if any.

    ``file`` is the SQLite file; of PostgreSQL (None) no copy is made, because its own backups are the office's.
    Several programs may do this at once: the first does the work while the others wait, then find nothing to do.
    A database that is newer than this program, or not one of ours, is a StorageError and stays as it is.
    """
    with reader.connect() as connection:  # does not wait for another program's write
        if version_of(connection) == NEWEST:
            return None
    with writer.begin() as connection:  # on SQLite this begins with the write lock
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        version = version_of(connection)
        if version == NEWEST:
            return None
        copy = None
        if version is None:
            _refuse_foreign(connection, where)
        else:
            _refuse_newer(version, where)
            copy = None if file is None else copy_before(file, version)
        upgrade(connection)
    return copy


def upgrade(connection: Connection, version: str = NEWEST) -> None:
    """Run the steps up to ``version`` within the connection's transaction."""
    from alembic import command  # 0.2 s that an up-to-date database need not wait for

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def copy_before(file: Path, version: str) -> Path:
    """Copy a SQLite database next to itself, whole or not at all; return the copy's path.

    Nothing that is judged depends on the clock here: it only names the copy.
    """
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    copy = file.with_name(f"{file.name}.backup-{version}-{stamp}")
    try:
        copy_sqlite(file, copy)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(
            f"数据库：{file}：升级前的备份 {copy.name} 未能写成（{error}），数据库未作改动；"
            "请确认所在文件夹可写且磁盘空间充足后重试。"
        ) from error
    return copy


def _refuse_foreign(connection: Connection, where: str) -> None:
    present = set(inspect(connection).get_table_names())
    # A PostgreSQL database may be shared with other programs; a SQLite file is ours alone.
    foreign = present if connection.dialect.name == "sqlite" else present & set(Base.metadata.tables)
    if foreign:
        raise StorageError(
            f"数据库：{where}：其中已有其他程序的数据表（{'、'.join(sorted(foreign)[:3])}），未作改动；"
            "请在 xunjian.toml 的 [storage] url 中指定一个新的数据库。"
        )


def is_known(version: str) -> bool:
    """Say whether this program can work with tables of a version, or can upgrade them."""
    from alembic.script import ScriptDirectory

    return version in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _refuse_newer(version: str, where: str) -> None:
    if not is_known(version):
        raise StorageError(
            f"数据库：{where}：由更新版本的巡检建立（结构版本 {version}，本程序为 {NEWEST}），未作改动；"
            "请升级巡检程序后再打开。"
        )


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    # The option is a configuration value in which % is special.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
