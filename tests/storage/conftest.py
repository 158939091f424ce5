"""Databases for the tests of storage: the same tests run over SQLite and, where its programs are, PostgreSQL."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from storage.database import Database, open_database
from storage.models import Base

_NUMBERS = count(1)


def _programs() -> Path | None:
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


def _run(*command: object) -> None:
    # A PostgreSQL server refuses to run as root; Debian makes the user postgres for it.
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *map(str, command)], check=True, capture_output=True, cwd="/")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server's own database: the one that is named, or one that lives as long as the tests."""
    if named := os.environ.get("XUNJIAN_TEST_POSTGRES"):
        yield named
        return
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL server programs on this machine")
    folder = Path(subprocess.run(["mktemp", "-d"], check=True, capture_output=True, text=True).stdout.strip())
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    try:
        _run(programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        # The longest path of a socket is 107 characters: hence a folder of its own, short. No network.
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=60"
        _run(programs / "pg_ctl", "-D", data, "-w", "-t", 100, "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@contextmanager
def _postgres_database(server: str) -> Iterator[str]:
    name = f"xunjian_{os.getpid()}_{next(_NUMBERS)}"
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'xunjian.db'}"
        return
    with _postgres_database(request.getfixturevalue("postgres")) as made:
        yield made


@pytest.fixture(scope="session")
def new_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with empty tables, to be copied: making the tables takes longer than most tests."""
    file = tmp_path_factory.mktemp("template") / "xunjian.db"
    open_database(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="session")
def used_postgres(postgres: str) -> Iterator[Database]:
    """A PostgreSQL database that many tests use one after another, because making one takes longer than most tests."""
    with _postgres_database(postgres) as made:
        opened = open_database(made)
        yield opened
        opened.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'xunjian.db'}"


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An open database with empty tables, of each kind in turn."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("new_file"), tmp_path / "xunjian.db")
        opened = open_database(f"sqlite:///{tmp_path / 'xunjian.db'}")
        yield opened
        opened.close()
        return
    opened = request.getfixturevalue("used_postgres")
    with opened.begin() as session:
        session.execute(text(f"TRUNCATE {', '.join(Base.metadata.tables)} RESTART IDENTITY CASCADE"))
    yield opened


@pytest.fixture
def sqlite(sqlite_url: str, new_file: Path) -> Iterator[Database]:
    shutil.copy(new_file, sqlite_url.removeprefix("sqlite:///"))
    opened = open_database(sqlite_url)
    yield opened
    opened.close()
