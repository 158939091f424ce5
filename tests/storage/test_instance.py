import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database, open_database
from storage.errors import StorageError
from storage.file_lock import is_held, lock_file, owner_of
from storage.instance import AlreadyRunningError, DaemonState, beat, only_instance, running, stopped
from tests.storage.values import ZONE, hour

DAEMON = """
import os, sys, time
from datetime import UTC, datetime
from storage.database import open_database
from storage.instance import only_instance
database = open_database(sys.argv[1])
with only_instance(database, "县城一号机", os.getpid(), "1.0", datetime(2026, 10, 1, 1, 30, tzinfo=UTC)):
    child = os.fork() if sys.argv[2] == "with a child" else None
    if child == 0:
        time.sleep(600)
        os._exit(0)
    print(child or "", flush=True)
    sys.stdin.read()
"""


@contextmanager
def a_daemon(url: str, how: str = "alone") -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A process that works on the database until its input ends, and the number of its child."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", DAEMON, url, how], stdin=pipe, stdout=pipe, text=True, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        child = process.stdout.readline().strip()
        try:
            yield process, child
        finally:
            process.kill()
            if child:
                os.kill(int(child), signal.SIGKILL)


def test_what_is_known_of_the_daemon(database: Database) -> None:
    assert running(database) is None
    with only_instance(database, "host", 42, "1.2", hour(1)) as instance:
        assert instance.held()
        fresh = DaemonState(
            host="host",
            pid=42,
            version="1.2",
            started_at=hour(1),
            beat_at=hour(1),
            stopped_at=None,
            offline_since=None,
            clock_offset=None,
            notes=(),
            alive=True,
        )
        assert running(database) == fresh
        with database.begin() as session:
            beat(
                session,
                hour(3),
                offline_since=hour(2),
                clock_offset=timedelta(minutes=-6, milliseconds=400),
                notes=["磁盘\n将满。", "第二句。"],
            )
        found = running(database)
        assert found is not None
        assert (found.beat_at, found.offline_since, found.started_at) == (hour(3), hour(2), hour(1))
        assert (found.clock_offset, found.notes) == (timedelta(seconds=-360), ("磁盘 将满。", "第二句。"))
        with database.begin() as session:
            stopped(session, hour(4))
    after = running(database)
    assert after is not None
    assert (after.alive, after.stopped_at, after.beat_at) == (False, hour(4), hour(4))
    with only_instance(database, "other", 43, "1.3", hour(5)):
        again = running(database)
    assert again is not None
    assert (again.host, again.pid, again.stopped_at, again.offline_since, again.notes) == ("other", 43, None, None, ())


def test_a_second_daemon_says_which_one_runs(url: str) -> None:
    database = open_database(url)
    with a_daemon(url) as (process, _):
        sentence = (
            f"守护程序已在运行（主机 县城一号机，进程号 {process.pid}，自 2026-10-01 09:30 起）；"
            "同一数据库只能由一个守护程序使用；如需重新启动，请先停止它。"
        )
        with (
            pytest.raises(AlreadyRunningError) as raised,
            only_instance(database, "b", 1, "1", hour(9).astimezone(ZONE)),
        ):
            pass
        assert str(raised.value).endswith(sentence)
        found = running(database)
        assert found is not None
        assert (found.host, found.pid, found.alive) == ("县城一号机", process.pid, True)
        process.communicate()
    with only_instance(database, "b", 1, "1", hour(9)):
        assert running(database) is not None
    database.close()


@pytest.mark.chaos
@pytest.mark.parametrize("how", ["alone", "with a child"])
def test_a_daemon_that_was_killed_frees_its_place(url: str, how: str) -> None:
    database = open_database(url)
    with a_daemon(url, how) as (process, child):
        process.kill()
        process.wait()
        if child:
            os.kill(int(child), 0)  # it still lives
        found, end = running(database), time.monotonic() + 60
        # In a moment a server notices the end of the connection, and a child that has just begun gives up its copy.
        while (found is None or found.alive) and time.monotonic() < end:
            time.sleep(0.01)
            found = running(database)
        assert found is not None
        assert (found.alive, found.stopped_at) == (False, None)
        with only_instance(database, "b", 1, "1", hour(9)) as instance:
            assert instance.held()
    database.close()


def test_two_names_of_one_file_are_one_database(sqlite: Database, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "other.db"
    link.symlink_to(tmp_path / "xunjian.db")
    other = open_database(f"sqlite:///{link}")
    with only_instance(sqlite, "a", 1, "1", hour(1)), pytest.raises(AlreadyRunningError, match="主机 a，进程号 1"):  # noqa: SIM117 - the second is the point
        with only_instance(other, "b", 2, "1", hour(2)):
            pass
    other.close()


def test_whoever_has_not_yet_said_its_name_is_respected(sqlite: Database, tmp_path: Path) -> None:
    with only_instance(sqlite, "a", 1, "1", hour(1)):
        file = lock_file(tmp_path / "xunjian.db")
        assert json.loads(file.read_text()) == {"host": "a", "pid": 1, "since": hour(1).isoformat()}
        file.write_text("{")
        assert owner_of(file) is None
        with (
            pytest.raises(AlreadyRunningError, match="守护程序已在运行；同一"),
            only_instance(sqlite, "b", 2, "1", hour(2)),
        ):
            pass


def test_a_claim_is_lost_with_its_file(sqlite: Database, tmp_path: Path) -> None:
    with only_instance(sqlite, "a", 1, "1", hour(1)) as instance:
        lock_file(tmp_path / "xunjian.db").unlink()
        assert not instance.held()
    assert not is_held(lock_file(tmp_path / "xunjian.db"))


def test_a_claim_that_cannot_be_made_is_a_sentence(sqlite: Database, tmp_path: Path) -> None:
    lock_file(tmp_path / "xunjian.db").mkdir()
    with (
        pytest.raises(StorageError, match=r"xunjian.db.daemon：无法建立或写入"),
        only_instance(sqlite, "a", 1, "1", hour(1)),
    ):
        pass


@pytest.mark.postgres
def test_a_claim_is_lost_with_its_connection(url: str) -> None:
    database = open_database(url)
    if database.file is not None:
        database.close()
        return
    with only_instance(database, "a", 1, "1", hour(1)) as instance:
        with database.begin() as session:
            session.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 20261001")
            )
        assert not instance.held()
    database.close()
