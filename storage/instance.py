"""Let one daemon work on a database at a time, and keep what the others want to know of it."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from monitor.errors import cause_of
from storage.database import Database
from storage.errors import StorageError
from storage.file_lock import Owner, forget, is_held, keep_from_children, lock_file, owner_of, take
from storage.running_models import daemons
from storage.texts import storable

_KEY = {"lock": 20_261_001}  # any number that is always the same; PostgreSQL's lock of the daemon
_SERVER_LOCK = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = :lock AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_SECOND = timedelta(seconds=1)
_CURE = "同一数据库只能由一个守护程序使用；如需重新启动，请先停止它。"


class AlreadyRunningError(StorageError):
    """Another daemon works on the database."""


class Instance(Protocol):
    """The claim of this daemon on its database."""

    def held(self) -> bool:
        """Whether no other daemon can have begun: to be asked from time to time."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonState:
    """The daemon that runs, or ran last (times in UTC); ``alive`` says whether it has its lock.

    ``clock_offset`` is how far the servers are ahead of us, None where nobody told; ``notes`` are sentences.
    """

    host: str
    pid: int
    version: str
    started_at: datetime
    beat_at: datetime
    stopped_at: datetime | None
    offline_since: datetime | None
    clock_offset: timedelta | None
    notes: tuple[str, ...]
    alive: bool


@contextmanager
def only_instance(database: Database, host: str, pid: int, version: str, at: datetime) -> Generator[Instance]:
    """Be the only daemon of a database within the block; killed at any moment, a program frees its place.

    Where one runs already this is an AlreadyRunningError, whose sentence tells times in the zone of ``at``.
    """
    owner = Owner(host=host, pid=pid, since=at)
    claim = claim_server(database, at) if database.file is None else claim_file(database.file.path, owner)
    with claim as instance:
        with database.begin() as session:
            session.execute(delete(daemons))
            row = {"number": 1, "host": host, "pid": pid, "version": version, "started_at": at, "beat_at": at}
            session.execute(insert(daemons), {**row, "notes": ""})
        yield instance


def beat(
    session: Session,
    at: datetime,
    *,
    offline_since: datetime | None,
    clock_offset: timedelta | None,
    notes: Sequence[str],
) -> None:
    """Note that the daemon is alive at ``at``, and what it knows of itself; each of ``notes`` is a sentence."""
    session.execute(
        update(daemons).values(
            beat_at=at,
            offline_since=offline_since,
            clock_offset=None if clock_offset is None else round(clock_offset / _SECOND),
            notes="\n".join(storable(" ".join(each.split())) for each in notes),
        )
    )


def stopped(session: Session, at: datetime) -> None:
    """Note that the daemon ends of its own accord."""
    session.execute(update(daemons).values(beat_at=at, stopped_at=at))


def running(database: Database) -> DaemonState | None:
    """Return the daemon that works on a database or did so last, None where there never was one."""
    with database.read() as session:
        row = session.execute(select(daemons)).mappings().first()
        alive = _server_held(session) if database.file is None else is_held(lock_file(database.file.path))
    if row is None:
        return None
    values = {name: value for name, value in row.items() if name != "number"}
    offset = values.pop("clock_offset")
    notes = values.pop("notes").splitlines()
    return DaemonState(
        **values, clock_offset=None if offset is None else _SECOND * offset, notes=tuple(notes), alive=alive
    )


@contextmanager
def claim_file(file: Path, owner: Owner, cure: str = _CURE) -> Generator[Instance]:
    """Be the only one at a SQLite file within the block; ``cure`` says what to do where a daemon is there already."""
    lock = lock_file(file)
    try:
        claimed = take(lock, owner)
    except OSError as error:
        raise StorageError(
            f"数据库：{lock}：无法建立或写入（{cause_of(error)}）；请检查所在文件夹的权限和磁盘空间。"
        ) from error
    if claimed is None:
        raise _already(str(file), owner_of(lock), owner.since, cure)
    try:
        yield claimed
    finally:
        claimed.release()


@dataclass(frozen=True, slots=True)
class _ServerLock:
    connection: Connection

    def held(self) -> bool:
        with suppress(DBAPIError):
            return bool(self.connection.execute(text(f"{_SERVER_LOCK} AND pid = pg_backend_pid()"), _KEY).scalar())
        return False


@contextmanager
def claim_server(database: Database, at: datetime, cure: str = _CURE) -> Generator[Instance]:
    """Be the only one at a PostgreSQL database within the block, with a lock of a connection of its own."""
    with database.worded():
        connection = database.writer.connect().execution_options(isolation_level="AUTOCOMMIT")
    driven: Any = connection.connection.dbapi_connection
    descriptor = int(driven.fileno())
    try:
        with database.worded():
            connection.detach()  # no pool keeps it, and with it the lock, once it is closed
            claimed = bool(connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), _KEY).scalar())
        if not claimed:
            found = running(database)
            owner = None if found is None else Owner(host=found.host, pid=found.pid, since=found.started_at)
            raise _already(database.where, owner, at, cure)
        keep_from_children(descriptor)
        yield _ServerLock(connection)
    finally:
        forget(descriptor)
        with suppress(DBAPIError):
            connection.close()


def _server_held(session: Session) -> bool:
    return bool(session.execute(text(_SERVER_LOCK), _KEY).scalar())


def _already(where: str, owner: Owner | None, at: datetime, cure: str = _CURE) -> AlreadyRunningError:
    who = ""
    if owner is not None:
        since = owner.since.astimezone(at.tzinfo)
        who = f"（主机 {owner.host}，进程号 {owner.pid}，自 {since:%Y-%m-%d %H:%M} 起）"
    return AlreadyRunningError(f"数据库：{where}：守护程序已在运行{who}；{cure}")
