import multiprocessing
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from storage import server_programs
from storage.accounts import account_ids
from storage.backup import back_up, backup_name, check_backup, prune_backups
from storage.copying import sum_file
from storage.database import Database, open_database
from storage.errors import ReplacedError, StorageError
from storage.instance import AlreadyRunningError, only_instance
from storage.models import Base, visits
from storage.restoring import restore
from storage.schema import NEWEST
from storage.sources import sources_of
from storage.visits import save_visit
from tests.storage.test_database import _open_up, unprivileged  # noqa: F401 - a fixture
from tests.storage.test_schema import no_file_longer_than
from tests.storage.values import ZONE, a_visit, an_account, an_item, hour, register

FORK = multiprocessing.get_context("fork")


def fill(database: Database, count: int = 3) -> None:
    with database.begin() as session:
        (source,) = register(session)
        for number in range(count):
            save_visit(session, a_visit(source, hour(number), an_item(f"k{number}", hour(number - 1))), ZONE)


def content(url: str) -> dict[str, list[str]]:
    """Every row of every table."""
    database = open_database(url)
    with database.read() as session:
        found = {
            name: sorted(map(repr, session.execute(select(table)))) for name, table in Base.metadata.tables.items()
        }
    database.close()
    return found


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    return tmp_path / "copies"


@pytest.fixture
def copy(sqlite: Database, copies: Path) -> Path:
    """A backup of a SQLite database."""
    fill(sqlite)
    return back_up(sqlite, copies / "xunjian-20261001T000000Z.db").file


def test_a_backup_can_be_put_back_and_is_the_same(url: str, copies: Path, tmp_path: Path) -> None:
    database = open_database(url)
    fill(database)
    server = database.file is None
    made = back_up(database, copies / backup_name(hour(1), server=server))
    assert made.file.name == f"xunjian-20261001T010000Z.{'dump' if server else 'db'}"
    assert (made.bytes, made.file.stat().st_mode & 0o777) == (made.file.stat().st_size, 0o600)
    assert sorted(each.name for each in copies.iterdir()) == [made.file.name, f"{made.file.name}.sha256"]
    database.close()
    before = content(url)
    database = open_database(url)
    with database.begin() as session:
        register(session, an_account("later"))
    database.close()
    assert check_backup(made.file) == NEWEST
    done = restore(url, made.file, now=hour(9))
    assert done.version == NEWEST
    assert content(url) == before
    assert done.kept is not None
    assert "before-restore-20261001T090000Z" in done.kept.name
    restore(url, done.kept, now=hour(10))
    database = open_database(url)
    with database.begin() as session:
        assert account_ids(session) == ["a1", "later"]
        register(session, an_account("last"))  # the numbers of rows go on where they were
        save_visit(session, a_visit(sources_of(session)[-1], hour(1)), ZONE)
    database.close()


def test_a_backup_is_one_moment_while_others_write(sqlite_url: str, copies: Path) -> None:
    go, stop = FORK.Event(), FORK.Event()

    def work() -> None:
        mine = open_database(sqlite_url)
        number = 100
        while not stop.is_set():
            with mine.begin() as session:  # both or none
                for account_id in (f"b{number}", f"c{number}"):
                    register(session, an_account(account_id, note="x" * 5000))
            go.set()
            number += 1
        mine.close()

    writing = FORK.Process(target=work)
    writing.start()
    try:
        assert go.wait(60)
        seen: list[tuple[int, int]] = []

        def step(done: int, total: int) -> None:
            seen.append((done, total))
            time.sleep(0.05)

        # Slowly, so that there are writes between two steps.
        made = back_up(sqlite_url, copies / "a.db", on_progress=step)
        assert writing.is_alive()
        assert seen[-1][0] == seen[-1][1] > 0
    finally:
        stop.set()
        writing.join(60)
    assert writing.exitcode == 0
    check_backup(made.file)
    with closing(sqlite3.connect(made.file)) as whole:
        ids = {row[0] for row in whole.execute("SELECT account_id FROM accounts")}
    assert {f"c{each[1:]}" for each in ids if each[0] == "b"} == {each for each in ids if each[0] == "c"}


def test_a_writer_does_not_wait_for_a_backup(sqlite: Database, copies: Path) -> None:
    fill(sqlite)
    halfway, written = threading.Event(), threading.Event()

    def write() -> None:
        halfway.wait(60)
        with sqlite.begin() as session:
            register(session, an_account("meanwhile"))
        written.set()

    writer = threading.Thread(target=write)
    writer.start()

    def step(*_: int) -> None:
        halfway.set()
        assert written.wait(60)

    made = back_up(sqlite, copies / "a.db", on_progress=step)
    writer.join()
    with closing(sqlite3.connect(made.file)) as whole:
        assert whole.execute("SELECT account_id FROM accounts").fetchall() == [("a1",)]


def test_a_backup_that_is_stopped_leaves_nothing(database: Database, copies: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(*_: int) -> None:
        raise StoppedError

    fill(database)
    if database.file is None:
        with database.begin() as session:
            session.execute(text("LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE"))  # pg_dump waits
            with pytest.raises(StoppedError):
                back_up(database, copies / "a.dump", on_progress=stop)
    else:
        with pytest.raises(StoppedError):
            back_up(database, copies / "a.db", on_progress=stop)
    assert list(copies.iterdir()) == []


@pytest.mark.chaos
def test_a_backup_for_which_there_is_no_space_leaves_nothing(sqlite: Database, copies: Path) -> None:
    fill(sqlite)
    with pytest.raises(StorageError, match="a.db：未能写成.*没有留下半份；请确认"), no_file_longer_than(32_768):
        back_up(sqlite, copies / "a.db")
    assert list(copies.iterdir()) == []


def test_a_backup_overwrites_nothing(copy: Path, sqlite: Database) -> None:
    before = copy.read_bytes()
    with pytest.raises(StorageError, match="已存在，未作改动；请换一个文件名"):
        back_up(sqlite, copy)
    assert copy.read_bytes() == before


def test_what_is_not_there_is_not_backed_up(sqlite_url: str, copies: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="xunjian.db：没有这个文件，无从备份"):
        back_up(sqlite_url, copies / "a.db")
    assert not (tmp_path / "xunjian.db").exists()


def test_a_database_that_was_replaced_is_not_backed_up(sqlite: Database, tmp_path: Path, copies: Path) -> None:
    shutil.copy(tmp_path / "xunjian.db", tmp_path / "other.db")
    (tmp_path / "other.db").replace(tmp_path / "xunjian.db")
    with pytest.raises(ReplacedError):
        back_up(sqlite, copies / "a.db")


def test_a_folder_that_cannot_be_written_to(sqlite_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    open_database(sqlite_url).close()
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o555)
    tmp_path.chmod(0o777)
    (tmp_path / "xunjian.db").chmod(0o666)
    _open_up(tmp_path.parent)
    request.getfixturevalue("unprivileged")
    with pytest.raises(StorageError, match="未能写成"):
        back_up(sqlite_url, shut / "a.db")


def _flip(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    file.write_bytes(whole)


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 4096)


def _cut_hard(file: Path) -> None:
    os.truncate(file, 50)


def _overwrite(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE xunjian_schema SET version_num = '9999'")


def _foreign(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE bookmarks (id INTEGER)")


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


BAD = [
    pytest.param(_cut, True, "与备份时的校验值（.*sha256）不符，已损坏", id="cut-off"),
    pytest.param(_flip, True, "与备份时的校验值（.*sha256）不符，已损坏", id="one-byte"),
    pytest.param(_cut, False, "文件已损坏.*请换一份备份", id="cut-off-no-sum"),
    pytest.param(_cut_hard, False, "文件已损坏.*请换一份备份", id="only-a-header"),
    pytest.param(_overwrite, False, "文件已损坏.*请换一份备份", id="overwritten"),
    pytest.param(_newer, False, "由更新版本的巡检写出（结构版本 9999，本程序为 .*请升级巡检程序后再恢复", id="newer"),
    pytest.param(_foreign, False, "没有巡检的数据表", id="of-another-program"),
    pytest.param(lambda file: os.truncate(file, 0), False, "文件是空的", id="empty"),
    pytest.param(lambda file: file.write_text("账号编号,账号名称\n"), False, "不是巡检的备份文件", id="csv"),
    pytest.param(_folder, False, "是文件夹而不是文件", id="folder"),
    pytest.param(lambda file: file.unlink(), False, "没有 .* 这个文件", id="missing"),
]


@pytest.mark.parametrize(("spoil", "with_sum", "sentence"), BAD)
def test_a_backup_that_cannot_be_used_is_refused_and_nothing_changes(
    copy: Path,
    sqlite: Database,
    sqlite_url: str,
    tmp_path: Path,
    spoil: Callable[[Path], object],
    with_sum: bool,
    sentence: str,
) -> None:
    sqlite.close()
    if not with_sum:
        sum_file(copy).unlink()
    spoil(copy)
    before = (tmp_path / "xunjian.db").read_bytes()
    with pytest.raises(StorageError, match=sentence):
        check_backup(copy)
    with pytest.raises(StorageError, match=sentence):
        restore(sqlite_url, copy, now=hour(1))
    assert (tmp_path / "xunjian.db").read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["copies", "xunjian.db"]


def test_a_backup_that_cannot_be_read(copy: Path, request: pytest.FixtureRequest) -> None:
    copy.chmod(0)
    copy.parent.parent.chmod(0o755)
    _open_up(copy.parent.parent)
    request.getfixturevalue("unprivileged")
    with pytest.raises(StorageError, match="无法读取（.*）；请检查文件权限"):
        check_backup(copy)


def test_a_backup_on_a_read_only_disk_can_be_used(copy: Path, sqlite: Database, request: pytest.FixtureRequest) -> None:
    copy.chmod(0o444)
    copy.parent.chmod(0o555)
    copy.parent.parent.chmod(0o755)
    _open_up(copy.parent.parent)
    request.getfixturevalue("unprivileged")
    assert check_backup(copy) == NEWEST


def test_nothing_is_put_back_under_a_running_daemon(url: str, copies: Path) -> None:
    database = open_database(url)
    fill(database)
    made = back_up(database, copies / "xunjian-20261001T000000Z.db")
    with only_instance(database, "县城一号机", 77, "1", hour(0)):
        database.reader.dispose()
        with pytest.raises(
            AlreadyRunningError, match="守护程序已在运行（主机 县城一号机，进程号 77，.*请先停止它，再恢复"
        ):
            restore(url, made.file, now=hour(1))
    database.close()
    before = content(url)
    restore(url, made.file, now=hour(1))
    assert content(url)["visits"] == before["visits"]


def test_nothing_is_put_back_under_another_program(
    copy: Path, sqlite: Database, sqlite_url: str, tmp_path: Path
) -> None:
    with pytest.raises(StorageError, match="正被其他程序使用，未作改动；请关闭所有"):
        restore(sqlite_url, copy, now=hour(1))
    fill(sqlite, 1)
    assert not list(tmp_path.glob("*before-restore*"))
    assert not list(tmp_path.glob("*.restoring"))


def test_a_damaged_database_is_kept_as_it_lies_there(
    copy: Path, sqlite: Database, sqlite_url: str, tmp_path: Path
) -> None:
    sqlite.close()
    file = tmp_path / "xunjian.db"
    file.chmod(0o640)
    damaged = b"\xff" * 9000
    file.write_bytes(damaged)
    (tmp_path / "xunjian.db-wal").write_bytes(b"old log")
    done = restore(sqlite_url, copy, now=hour(1))
    assert done.kept is not None
    assert done.kept.read_bytes() == damaged
    assert Path(f"{done.kept}-wal").read_bytes() == b"old log"
    assert not Path(f"{file}-wal").exists()
    assert file.stat().st_mode & 0o777 == 0o640
    database = open_database(sqlite_url)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(visits)) == 3
    database.close()


def test_a_backup_is_put_where_there_is_no_database(copy: Path, sqlite: Database, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    assert restore(f"sqlite:///{new}", copy, now=hour(1)).kept is None
    assert new.stat().st_mode & 0o777 == 0o600
    assert content(f"sqlite:///{new}")["accounts"] != []
    with pytest.raises(StorageError, match="所在文件夹不存在"):
        restore(f"sqlite:///{tmp_path}/none/new.db", copy, now=hour(1))


def test_the_database_itself_is_no_backup(sqlite: Database, sqlite_url: str, tmp_path: Path) -> None:
    sqlite.close()
    with pytest.raises(StorageError, match="就是正在使用的数据库"):
        restore(sqlite_url, tmp_path / "xunjian.db", now=hour(1))


def test_a_restore_without_space_leaves_the_database_as_it_is(copy: Path, sqlite: Database, sqlite_url: str) -> None:
    sqlite.close()
    before = content(sqlite_url)
    with pytest.raises(StorageError, match="恢复未能完成.*原数据库未作改动"), no_file_longer_than(32_768):
        restore(sqlite_url, copy, now=hour(1))
    assert content(sqlite_url) == before


def test_an_earlier_backup_is_upgraded_when_it_is_opened(sqlite_url: str, copies: Path) -> None:
    from tests.storage.test_schema import _put_back

    _put_back(sqlite_url, "0001")
    made = back_up(sqlite_url, copies / "a.db")
    open_database(sqlite_url).close()
    assert restore(sqlite_url, made.file, now=hour(1)).version == "0001"
    with closing(open_database(sqlite_url)) as database, database.read() as session:
        assert account_ids(session) == ["a1"]


def test_a_backup_of_the_other_kind_is_refused(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="是 SQLite 的备份，而 .* 指向 PostgreSQL"):
        restore("postgresql://nobody@127.0.0.1:9/none", copy, now=hour(1))


@pytest.mark.postgres
def test_a_damaged_dump_changes_nothing(url: str, copies: Path) -> None:
    database = open_database(url)
    fill(database)
    database.close()
    made = back_up(url, copies / "a.dump")
    if url.startswith("sqlite"):
        return
    sum_file(made.file).unlink()
    _cut(made.file)
    before = content(url)
    with pytest.raises(StorageError, match="文件已损坏"):
        restore(url, made.file, now=hour(1))
    assert content(url) == before


def test_without_the_programs_of_the_server_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(server_programs, "_PLACES", tmp_path)
    with pytest.raises(StorageError, match="没有 PostgreSQL 的 pg_dump 程序；请安装 postgresql-client"):
        back_up("postgresql://nobody:geheim@127.0.0.1:9/none", tmp_path / "a.dump")


@pytest.mark.postgres
def test_a_server_that_does_not_answer_is_a_sentence_without_the_password(postgres: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="pg_dump 未能完成") as raised:
        back_up("postgresql://nobody:geheim@127.0.0.1:9/none", tmp_path / "a.dump")
    assert "geheim" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_backups_are_kept_by_day_week_and_month(tmp_path: Path) -> None:
    now = datetime(2026, 10, 22, 3, tzinfo=UTC)  # a Thursday
    moments = [now - timedelta(days=number) for number in range(400)]
    for moment in moments:
        file = tmp_path / backup_name(moment, server=False)
        file.touch()
        sum_file(file).touch()
    foreign = ["xunjian-20200101T000000Z.db.partial", "other.db", "xunjian-2020.db", "xunjian-20209901T000000Z.db"]
    for name in foreign:
        (tmp_path / name).touch()
    (tmp_path / "xunjian-20200101T000000Z.db").mkdir()
    future = tmp_path / backup_name(now + timedelta(days=3), server=True)
    future.touch()
    gone: list[Path] = []
    while some := prune_backups(tmp_path, now, ZONE, daily=7, weekly=5, monthly=12):
        assert len(some) <= 3, "a clock that is far ahead must not clear the folder at once"
        gone += some
    assert gone == sorted(gone)
    left = sorted(each.name for each in tmp_path.glob("xunjian-202[56]*T*Z.db"))
    days = [f"xunjian-202610{day}T030000Z.db" for day in range(16, 23)]
    weeks = [f"xunjian-2026{day}T030000Z.db" for day in ("0927", "1004", "1011", "1018")]
    months = [
        f"xunjian-{month}T030000Z.db"
        for month in (
            *("20251130", "20251231", "20260131", "20260228", "20260331", "20260430"),
            *("20260531", "20260630", "20260731", "20260831", "20260930"),
        )
    ]
    assert left == sorted({*days, *weeks, *months})
    assert len(gone) == 400 - len(left)
    assert {each.name for each in tmp_path.iterdir()} == {
        *left,
        *(f"{name}.sha256" for name in left),
        *foreign,
        "xunjian-20200101T000000Z.db",
        future.name,
    }
    assert prune_backups(tmp_path, now, ZONE, daily=7, weekly=5, monthly=12) == []


def test_a_day_is_one_of_the_office(tmp_path: Path) -> None:
    names = [backup_name(hour(number), server=False) for number in (14, 15, 16, 17)]  # until 1:00 of the next day
    for name in names:
        (tmp_path / name).touch()
    gone = prune_backups(tmp_path, hour(18), ZONE, daily=2, weekly=0, monthly=0)
    assert [each.name for each in gone] == [names[0], names[2]]


def test_the_newest_backup_is_always_kept(tmp_path: Path) -> None:
    for moment in (hour(0), hour(1)):
        (tmp_path / backup_name(moment, server=False)).touch()
    gone = prune_backups(tmp_path, hour(24 * 900), ZONE, daily=1, weekly=0, monthly=0)
    assert [each.name for each in gone] == ["xunjian-20261001T000000Z.db"]


def test_a_folder_of_backups_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="旧备份未能清理"):
        prune_backups(tmp_path / "none", hour(0), ZONE, daily=1, weekly=1, monthly=1)
