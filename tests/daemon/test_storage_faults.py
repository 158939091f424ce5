"""The disk full, the database locked by another, the database replaced: said, waited for or stopped; nothing lost."""

import contextlib
import hashlib
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.daemon.history import TrueAccount, county
from tests.daemon.running import FULL, Daemon, Home, home_in, standard, wait_until
from tests.daemon.serving import Servers, serving
from tests.daemon.wholeness import assert_archive_clean, assert_nothing_lost, assert_whole

LOCKED = 60.0 if FULL else 8.0
FULL_DISK = 600.0 if FULL else 6.0
SMALL = 24 * 2**20
QUOTA = 2**16
"""Bytes to a file: less than the database has, so that the next visit or its checkpoint meets it."""

pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.timeout(900 if FULL else 600)]


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def home_at(folder: Path, accounts: tuple[TrueAccount, ...]) -> Iterator[tuple[Home, Servers]]:
    """Give a home in real time, whose sources are due every few seconds."""
    with (
        serving(accounts, now) as servers,
        home_in(folder, standard(servers, daemon={"shortest_minutes": 0.02, "longest_hours": 0.001})) as home,
    ):
        home.enrol(accounts, servers)
        yield home, servers


def visits(home: Home) -> int:
    return home.number("SELECT count(*) FROM visits")


def seen_every(home: Home, daemon: Daemon, more: int = 20, seconds: float = 120) -> None:
    """Wait until so many more visits are stored."""
    before = visits(home)

    def stored() -> bool:
        assert daemon.child.poll() is None, daemon.said[-3000:]
        return visits(home) >= before + more

    daemon.until(stored, seconds, "more visits")


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold the database's write lock in another program."""
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None); c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield
    finally:
        holder.kill()
        holder.communicate()


def test_a_database_that_another_program_holds_is_waited_for(quick: Path) -> None:
    with home_at(quick, county(12, 3)) as (home, servers):
        daemon = home.daemon().ready()
        seen_every(home, daemon)
        with locked(home.database):
            begun, asked = time.monotonic(), servers.asked
            while time.monotonic() - begun < LOCKED:
                assert daemon.child.poll() is None, daemon.said[-3000:]
                time.sleep(0.2)
            held = visits(home)
        seen_every(home, daemon)
        assert daemon.stop()[0] == 0
        sys.stdout.write(
            f"\nlocked for {LOCKED:.0f} s: asked meanwhile {servers.asked - asked}, stored before {held}, after {visits(home)}\n"
        )
        assert_whole(home)
        assert_nothing_lost(home, servers)
        assert_archive_clean(home)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a small disk in memory; skip where that is not allowed."""
    where = folder / "small"
    where.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(where)], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", str(where)], check=False, capture_output=True)


def test_a_full_disk_is_waited_for_and_loses_no_visit(quick: Path) -> None:
    with small_disk(quick) as disk, home_at(disk, county(12, 3)) as (home, servers):
        home.configure({**home.config, "daemon": {**home.config["daemon"], "backups": ""}})
        daemon = home.daemon().ready()
        seen_every(home, daemon)
        stuffing = disk / "stuffing"
        _stuff(stuffing)
        begun = time.monotonic()
        while time.monotonic() - begun < FULL_DISK:
            assert daemon.child.poll() is None, daemon.said[-3000:]
            with contextlib.suppress(OSError), stuffing.open("ab") as more:
                more.write(b"0" * 4096)
            time.sleep(0.1)
        full_at = visits(home)
        wait_until(lambda: daemon.ask("/healthz")[0] == 503, 90, "trouble to be shown")
        stuffing.unlink()
        seen_every(home, daemon, seconds=120)
        wait_until(lambda: daemon.ask("/healthz")[0] == 200, 120, "the trouble's end to be shown")
        assert daemon.stop()[0] == 0
        sys.stdout.write(f"\nfull for {FULL_DISK:.0f} s: stored before {full_at}, after {visits(home)}\n")
        assert_whole(home)
        assert_nothing_lost(home, servers)
        assert_archive_clean(home)
        assert "磁盘空间已满" in daemon.said


def _stuff(file: Path) -> None:
    with file.open("wb", buffering=0) as stream:
        for size in (2**20, 2**12):
            with contextlib.suppress(OSError):
                while stream.write(b"0" * size) == size:
                    pass


@pytest.mark.parametrize(
    "how",
    [
        pytest.param("renamed", id="another file renamed over it"),
        pytest.param("foreign", id="another office's content written into it"),
        pytest.param("own", id="its own backup written into it"),
        pytest.param("gone", id="removed"),
    ],
)
def test_a_database_that_is_replaced_is_left_alone(how: str, quick: Path) -> None:
    with home_at(quick, county(12, 3)) as (home, _):
        daemon = home.daemon().ready()
        seen_every(home, daemon)
        other = quick / "other.db"
        _make_other(home, other, foreign=how == "foreign")
        wanted = hashlib.sha256(other.read_bytes()).hexdigest()
        seen_every(home, daemon)
        if how == "gone":
            home.database.unlink()
        elif how == "renamed":
            shutil.copy(other, quick / "new.db")
            (quick / "new.db").replace(home.database)
        else:
            with locked(home.database):  # a transaction under way would still be brought to its end
                shutil.copyfile(other, home.database)
        daemon.until(lambda: daemon.child.poll() is not None, 90, "the daemon to end")
        assert daemon.child.returncode == 2
        assert "Traceback" not in daemon.said
        assert "数据库：" in daemon.said
        if how == "gone":
            assert not home.database.exists()
            return
        assert hashlib.sha256(home.database.read_bytes()).hexdigest() == wanted
        with closing(sqlite3.connect(f"file:{home.database}?mode=ro", uri=True)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("SELECT DISTINCT note FROM accounts").fetchall() == [("另一份",)]


def _make_other(home: Home, other: Path, *, foreign: bool) -> None:
    """Make a database that is not the one in use: of another office, or an older backup of the same."""
    if foreign:
        away = home.folder / "away"
        away.mkdir()
        elsewhere = Home(away, home.config)
        elsewhere.configure()
        shutil.copy(home.folder / "accounts.csv", away)
        assert elsewhere.run("accounts", "import", "accounts.csv").returncode == 0
        shutil.copy(away / "xunjian.db", other)
    else:
        made = home.run("backup", str(other))
        assert made.returncode == 0, made.stderr
    with closing(sqlite3.connect(other)) as target:
        target.execute("UPDATE accounts SET note = '另一份'")
        target.commit()
        target.execute("PRAGMA journal_mode=WAL")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_a_file_that_may_not_grow_is_trouble_and_no_loss(quick: Path) -> None:
    """What a quota does: writing beyond a size fails with EFBIG in this program alone."""
    with home_at(quick, county(12, 3)) as (home, servers):
        daemon = home.daemon().ready()
        seen_every(home, daemon)
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (QUOTA, resource.RLIM_INFINITY))
        daemon.until(lambda: "磁盘读写失败，本次写入未保存" in daemon.said, 120, "the limit to be met")
        assert daemon.child.poll() is None
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        seen_every(home, daemon, seconds=120)
        assert daemon.stop()[0] == 0
        assert_whole(home)
        assert_nothing_lost(home, servers)
