"""Open the database that ``[storage] url`` names, and give sessions to write and to read with."""

import os
import sqlite3
import time
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from storage.database_file import DatabaseFile, known_file
from storage.errors import StorageError, sqlite_code, storage_error
from storage.schema import bring_up_to_date

BUSY_TIMEOUT = 60.0
"""Seconds that a program waits for another one's write."""

_BUSY = 5  # SQLite's result code
_CACHE = 512  # KiB of pages that a connection of SQLite keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """An open database; ``where`` names it in sentences, ``backup`` is the copy made before an upgrade, if any.

    ``file`` is that of SQLite. Every transaction begins by looking whether it still is the one that was opened: else
    there is a ReplacedError, and nothing is written.
    """

    where: str
    timeout: float
    writer: Engine
    reader: Engine
    backup: Path | None = None
    file: DatabaseFile | None = None

    @contextmanager
    def begin(self) -> Generator[Session]:
        """Give a session of one write transaction: all of it is stored at the end, or nothing where an error leaves it.

        On SQLite it holds the write lock from its first statement on, so that no other program writes in between.
        """
        with self.worded(), Session(self.writer, autoflush=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Generator[Session]:
        """Give a session that reads one snapshot of the database and cannot write."""
        with self.worded(), Session(self.reader, autoflush=False) as session:
            yield session

    def on_disk(self) -> bool:
        """Put everything that was committed on disk, and say whether it is there; another program may be in the way.

        SQLite in WAL mode leaves that for later: a power cut may undo the last commits.
        """
        if self.file is None:
            return True
        self.file.check()
        try:
            with closing(self.writer.raw_connection()) as connection:
                found = connection.cursor().execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        except sqlite3.Error as error:
            raise storage_error(error, self.where, self.timeout) from error
        return not found[0]

    def close(self) -> None:
        """Close all connections."""
        self.writer.dispose()
        self.reader.dispose()
        if self.file is not None:
            self.file.close()

    @contextmanager
    def worded(self) -> Generator[None]:
        """Turn the database's own errors into a StorageError with a sentence."""
        try:
            yield
        except DBAPIError as error:
            if self.file is not None:
                self.file.check()  # what fails may fail because its folder is gone
            raise storage_error(error, self.where, self.timeout) from error


def is_made(url: str) -> bool:
    """Say whether there is a database at ``url`` to be opened; of a server that is taken for granted.

    Raises StorageError where ``url`` is no address of a database.
    """
    address = address_of(url)
    # os.path: Path.exists raises where a folder above cannot be entered; opening it will say so in a sentence.
    return address.get_backend_name() != "sqlite" or os.path.lexists(address.database or "")


def open_database(url: str, *, timeout: float = BUSY_TIMEOUT) -> Database:
    """Open a database, making or upgrading its tables where needed.

    ``url`` is SQLAlchemy's (``sqlite:////folder/xunjian.db``, ``postgresql://…``); ``timeout`` in seconds is how long
    SQLite waits for another program's write. Everything that can be wrong is a StorageError.
    """
    address = address_of(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address, timeout)
    return _open_postgres(address, timeout)


def address_of(url: str) -> URL:
    """Return the parts of a database's address; one that cannot be used is a StorageError."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StorageError(
            f"数据库：{url!r} 不是数据库地址；[storage] url 应形如 sqlite:///xunjian.db 或 postgresql://用户@主机/库名。"
        ) from error
    backend = address.get_backend_name()
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StorageError(f"数据库：不支持 {backend}；[storage] url 应以 sqlite:/// 或 postgresql:// 开头。")
    if address.database in (None, "", ":memory:"):
        raise StorageError("数据库：[storage] url 没有写明文件；应形如 sqlite:///xunjian.db。")
    return address


def _open_sqlite(address: URL, timeout: float) -> Database:
    file = Path(address.database or "").absolute()
    where = str(file)
    _check_folder(file)
    known: list[DatabaseFile] = []
    database = _up_to_date(
        Database(
            where=where,
            timeout=timeout,
            writer=_sqlite_engine(address, timeout, "BEGIN IMMEDIATE", (), known),
            reader=_sqlite_engine(address, timeout, "BEGIN", ("query_only=ON",), known),
        ),
        file,
    )
    try:
        _use_wal(file, timeout)  # only now, so that a file that was refused stays as it is
        known.append(known_file(file, timeout))
    except (OSError, sqlite3.Error) as error:
        database.close()
        raise storage_error(error, where, timeout) from error
    return replace(database, file=known[0])


def _check_folder(file: Path) -> None:
    """Tell apart what SQLite gives one name: no folder, one that cannot be written, a file that cannot be read."""
    effective = os.access in os.supports_effective_ids
    if not os.path.isdir(file.parent):  # noqa: PTH112 - Path.is_dir raises where a folder above cannot be entered
        raise StorageError(
            f"数据库：{file}：所在文件夹不存在或无权进入；请先建立该文件夹，或修改 xunjian.toml 的 [storage] url。"
        )
    if os.path.isdir(file):  # noqa: PTH112 - as above
        raise StorageError(f"数据库：{file}：是文件夹而不是文件；请修改 xunjian.toml 的 [storage] url。")
    writable = os.access(file.parent, os.R_OK | os.W_OK | os.X_OK, effective_ids=effective)
    if not writable or (file.exists() and not os.access(file, os.R_OK | os.W_OK, effective_ids=effective)):
        raise StorageError(
            f"数据库：{file}：文件或所在文件夹为只读，无法写入；请检查文件权限，"
            "或在 xunjian.toml 的 [storage] url 中改用可写的位置。"
        )


def _sqlite_engine(
    address: URL, timeout: float, begin: str, pragmas: tuple[str, ...], known: Sequence[DatabaseFile]
) -> Engine:
    """Make an engine whose transactions begin with ``begin`` and with a look at the file, once that is ``known``.

    The driver would begin one by itself only before the first write; its own handling is switched off and BEGIN sent
    from here, as SQLAlchemy's documentation of SQLite's transactions has it.
    """
    engine = create_engine(address, connect_args={"timeout": timeout})

    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        # NORMAL: in WAL mode a commit survives the program's death at any moment; a power cut may undo the last ones.
        # The daemon holds a dozen connections, and every write of another empties a connection's page cache.
        for pragma in ("foreign_keys=ON", "synchronous=NORMAL", f"cache_size=-{_CACHE}", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
        if known and known[0].trouble() is not None:
            connection.exec_driver_sql("ROLLBACK")
            known[0].check()

    def look(_dialect: object, _record: object, arguments: list[Any], more: dict[str, Any]) -> None:
        if known:  # from now on nothing may make a file that is not there
            known[0].check()
            arguments[0], more["uri"] = f"{known[0].path.as_uri()}?mode=rw", True

    event.listen(engine, "do_connect", look)
    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", start)
    return engine


def _use_wal(file: Path, timeout: float) -> None:
    """Put the file into WAL mode; it stays so.

    Two programs that do this at once to a new file are told that it is locked without any wait, so wait here.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            with closing(sqlite3.connect(file, timeout=timeout)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if sqlite_code(error) != _BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _open_postgres(address: URL, timeout: float) -> Database:
    where = address.render_as_string(hide_password=True)
    try:
        writer = create_engine(address, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StorageError(
            f"数据库：{where}：缺少 PostgreSQL 驱动；请执行 pip install 'xunjian[postgres]'。"
        ) from error
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return _up_to_date(Database(where=where, timeout=timeout, writer=writer, reader=reader), None)


def _up_to_date(database: Database, file: Path | None) -> Database:
    try:
        with database.worded():
            return replace(database, backup=bring_up_to_date(database.writer, database.reader, database.where, file))
    except BaseException:
        database.close()
        raise
