"""Run PostgreSQL's own programs, which make backups of its databases and read them back."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import URL

from storage.copying import OnProgress
from storage.errors import StorageError
from storage.models import Base
from storage.schema import VERSION_TABLE

_LOOK = 0.2  # seconds between two looks at whether to go on
_BLOCK = 2**20

_PLACES = Path("/usr/lib/postgresql")


def dump(address: URL, partial: Path, on_progress: OnProgress | None) -> None:
    """Write our tables of a database into a file of pg_dump's own form; raises StorageError."""
    tables = [part for name in sorted({*Base.metadata.tables, VERSION_TABLE}) for part in ("--table", name)]
    command = [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={partial}", *tables]
    running = _start(command, address)
    try:
        while True:
            with suppress(subprocess.TimeoutExpired):
                _, said = running.communicate(timeout=_LOOK)
                break
            if on_progress is not None:
                on_progress(0, 1)
    finally:
        _end(running)
    if running.returncode != 0:
        raise StorageError(
            f"备份：{where(address)}：pg_dump 未能完成（{_line(said)}）；请检查数据库服务和磁盘空间后重试。"
        )


def version_in(file: Path) -> str | None:
    """Return the version of the tables in a file of pg_dump; None where there are none of ours. All of it is read."""
    refused = f"备份：{file}：文件已损坏，不能恢复；请换一份备份。"
    whole = _run([program("pg_restore"), "--file=/dev/null", str(file)])
    if whole.returncode != 0:
        raise StorageError(refused)
    only = ["--data-only", f"--table={VERSION_TABLE}", "--file=-"]
    lines = _run([program("pg_restore"), *only, str(file)]).stdout.decode(errors="replace").splitlines()
    at = next((number for number, line in enumerate(lines) if line.startswith("COPY ")), None)
    return None if at is None else lines[at + 1].strip()


def load(address: URL, file: Path) -> None:
    """Put the tables of a file of pg_dump in place of ours, all in one transaction; raises StorageError."""
    names = ", ".join(f'"{name}"' for name in sorted({*Base.metadata.tables, VERSION_TABLE}))
    drop = f"SET lock_timeout = '10s'; DROP TABLE IF EXISTS {names} CASCADE"
    writing = [program("psql"), "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-c", drop, "-f", "-"]
    reader = subprocess.Popen(  # noqa: S603 - the program's own arguments
        [program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)], stdout=subprocess.PIPE
    )
    writer = _start(writing, address)
    try:
        assert reader.stdout is not None
        assert writer.stdin is not None
        with suppress(BrokenPipeError):
            shutil.copyfileobj(reader.stdout, writer.stdin, _BLOCK)
        if reader.wait() != 0 and writer.poll() is None:
            # Its input must not come to an end: it would take what it has for all there is.
            raise StorageError(f"备份：{file}：未能读完，数据库未作改动；请换一份备份。")
        _, said = writer.communicate()
    finally:
        _end(reader)
        _end(writer)
    if writer.returncode != 0:
        raise StorageError(
            f"备份：{where(address)}：恢复未能完成（{_line(said)}），数据库未作改动；请停止所有使用该数据库的程序后重试。"
        )


def program(name: str) -> str:
    """Return where one of PostgreSQL's programs is; a StorageError says what to install."""
    if found := shutil.which(name):
        return found
    newest = sorted(_PLACES.glob(f"*/bin/{name}"), key=lambda file: (len(file.parts[-3]), file.parts[-3]))
    if newest:
        return str(newest[-1])
    raise StorageError(
        f"备份：本机没有 PostgreSQL 的 {name} 程序；请安装 postgresql-client（版本不低于数据库服务）后重试。"
    )


def where(address: URL) -> str:
    """Name a database in sentences, without its password."""
    return address.render_as_string(hide_password=True)


def _start(command: Sequence[str], address: URL) -> "subprocess.Popen[bytes]":
    pipe = subprocess.PIPE
    # Arguments are for everybody on the machine to see: the password is not among them.
    return subprocess.Popen(command, env=_environment(address), stdin=pipe, stdout=subprocess.DEVNULL, stderr=pipe)  # noqa: S603 - as above


def _run(command: Sequence[str]) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603 - as above


def _environment(address: URL) -> dict[str, str]:
    query = {name: value if isinstance(value, str) else ",".join(value) for name, value in address.query.items()}
    given = {
        "PGHOST": address.host or query.get("host"),
        "PGPORT": str(address.port) if address.port else query.get("port"),
        "PGUSER": address.username or query.get("user"),
        "PGPASSWORD": address.password or query.get("password"),
        "PGDATABASE": address.database or query.get("dbname"),
        "PGSSLMODE": query.get("sslmode"),
        "PGSSLROOTCERT": query.get("sslrootcert"),
        "PGOPTIONS": "-c client_min_messages=warning",
        "LC_ALL": "C.UTF-8",
    }
    return {**os.environ, **{name: value for name, value in given.items() if value}}


def _end(running: "subprocess.Popen[bytes]") -> None:
    if running.poll() is None:
        running.kill()
        running.wait()
    pipes: tuple[IO[bytes] | None, ...] = (running.stdin, running.stdout, running.stderr)
    for pipe in pipes:
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _line(said: bytes) -> str:
    lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    return " ".join(lines[-1].split()) if lines else "没有说明原因"
