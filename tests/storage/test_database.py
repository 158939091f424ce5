import multiprocessing
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from storage.accounts import all_accounts, save_accounts
from storage.database import Database, is_made, open_database
from storage.errors import StorageError, storage_error
from storage.models import accounts, posts, visits
from storage.sources import sources_of
from storage.visits import save_visit
from tests.storage.values import ZONE, a_visit, an_account, an_item, hour, register

FORK = multiprocessing.get_context("fork")


def _in_processes(work: Callable[[int], None], count: int) -> list[int | None]:
    """Run ``work`` in so many processes at once; return their exit codes."""
    running = [FORK.Process(target=work, args=(number,)) for number in range(count)]
    for each in running:
        each.start()
    for each in running:
        each.join(100)
    return [each.exitcode for each in running]


def test_a_database_is_there_once_it_was_opened(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'xunjian.db'}"
    assert not is_made(url)
    open_database(url).close()
    assert is_made(url)
    assert is_made("postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(StorageError, match="不是数据库地址"):
        is_made("nonsense")


def test_an_error_undoes_the_whole_transaction(database: Database) -> None:
    with pytest.raises(RuntimeError), database.begin() as session:  # noqa: PT012 - leaving the block is the point
        (source,) = register(session)
        save_visit(session, a_visit(source, hour(5), an_item("k", hour(4)), proof=(1, 5)), ZONE)
        raise RuntimeError
    with database.read() as session:
        assert all_accounts(session) == []
        assert session.scalar(select(func.count()).select_from(visits)) == 0


def test_a_reader_sees_one_moment(database: Database) -> None:
    with database.read() as reading:
        assert all_accounts(reading) == []
        with database.begin() as session:
            register(session)
        assert all_accounts(reading) == []
    with database.read() as reading:
        assert len(all_accounts(reading)) == 1


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError, match="只读"), database.read() as session:
        register(session)
    with database.begin() as session:
        register(session)  # the connection that was refused harms no other


def test_a_broken_rule_of_the_tables_is_an_error(database: Database) -> None:
    with pytest.raises(StorageError, match="操作失败.*本次写入未保存") as raised, database.begin() as session:  # noqa: PT012 - as above
        (source,) = register(session)
        save_visit(session, a_visit(source, hour(1), source_id=999), ZONE)
    assert isinstance(raised.value.__cause__, IntegrityError)


def test_processes_that_open_a_new_database_at_once_all_succeed(url: str) -> None:
    def work(number: int) -> None:
        opened = open_database(url)
        with opened.begin() as session:
            register(session, an_account(f"a{number}"))
        opened.close()

    assert _in_processes(work, 4) == [0, 0, 0, 0]
    database = open_database(url)
    with database.read() as session:
        assert {each.account_id for each in all_accounts(session)} == {"a0", "a1", "a2", "a3"}
    database.close()


def test_processes_that_write_at_once_lose_nothing(url: str) -> None:
    database = open_database(url)
    with database.begin() as session:
        register(session)
    database.close()

    def work(number: int) -> None:
        mine = open_database(url)
        for turn in range(25):
            with mine.begin() as session:
                (source,) = sources_of(session)
                # The same post is new in both: only one of them may add it.
                seen = (an_item(f"shared-{turn}", hour(turn)), an_item(f"own-{number}-{turn}", hour(turn)))
                save_visit(session, a_visit(source, hour(turn), *seen, proof=(turn, turn + 1)), ZONE)
        mine.close()

    assert _in_processes(work, 3) == [0, 0, 0]
    database = open_database(url)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(visits)) == 75
        assert session.scalar(select(func.count()).select_from(posts)) == 25 + 75
    database.close()


def test_a_write_waits_for_another_one(sqlite_url: str) -> None:
    opened, held = FORK.Event(), FORK.Event()

    def work() -> None:
        held.wait(60)
        mine = open_database(sqlite_url, timeout=60)  # needs no wait
        opened.set()
        with mine.begin() as session:
            save_accounts(session, [an_account("late")], hour(1))
        mine.close()

    # Forked before anything is open: SQLite's connections must not be carried into another process.
    waiting = FORK.Process(target=work)
    waiting.start()
    database = open_database(sqlite_url)
    with database.begin() as session:
        register(session, an_account("early"))
        held.set()
        assert opened.wait(60)
        time.sleep(0.3)
        assert waiting.is_alive()
    waiting.join(60)
    assert waiting.exitcode == 0
    with database.read() as session:
        assert [each.account_id for each in all_accounts(session)] == ["early", "late"]
    database.close()


def test_a_wait_that_is_too_long_is_a_sentence_and_can_be_tried_again(sqlite: Database, sqlite_url: str) -> None:
    impatient = open_database(sqlite_url, timeout=0.2)
    with sqlite.begin() as holding:
        register(holding)
        with pytest.raises(StorageError, match="等待 0.2 秒后仍被其他程序占用"), impatient.begin() as session:
            register(session, an_account("b"))
        with impatient.read() as session:
            assert all_accounts(session) == []
    with impatient.begin() as session:
        register(session, an_account("b"))
        assert len(all_accounts(session)) == 2
    impatient.close()


@pytest.mark.chaos
def test_a_full_disk_loses_nothing_that_was_stored(sqlite: Database) -> None:
    with sqlite.begin() as session:
        (source,) = register(session)
        save_visit(session, a_visit(source, hour(1), an_item("k", hour(0), text="x" * 9000), proof=(0, 1)), ZONE)
    sentence = "磁盘空间已满，本次写入未保存，此前的数据完好；请腾出空间"
    with pytest.raises(StorageError, match=sentence), sqlite.begin() as session:  # noqa: PT012 - as above
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count={pages + 2}"))
        save_visit(session, a_visit(source, hour(2), an_item("m", hour(1), text="y" * 99_000), proof=(1, 2)), ZONE)
    with sqlite.read() as session:
        assert session.scalar(select(func.count()).select_from(visits)) == 1
        assert session.scalars(select(posts.c.key)).all() == ["k"]
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    with sqlite.begin() as session:
        session.execute(text("PRAGMA max_page_count=100000"))
        again = a_visit(source, hour(2), an_item("m", hour(1), text="y" * 99_000))
        assert save_visit(session, again, ZONE).new_posts == 1


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """Be someone for whom file permissions count."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def _open_up(folder: Path) -> None:
    for each in (folder, *folder.parents):
        if each.name.startswith(("pytest", "popen")):
            each.chmod(0o755)


@pytest.mark.parametrize("mode", [pytest.param(0o555, id="read-only"), pytest.param(0o644, id="no-entry")])
def test_a_folder_that_cannot_be_written(tmp_path: Path, mode: int, request: pytest.FixtureRequest) -> None:
    _open_up(tmp_path.parent)
    tmp_path.chmod(mode)
    request.getfixturevalue("unprivileged")
    with pytest.raises(StorageError, match=r"xunjian.db：文件或所在文件夹为只读，无法写入；请检查文件权限"):
        open_database(f"sqlite:///{tmp_path / 'xunjian.db'}")


def test_a_file_that_cannot_be_written(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    file = tmp_path / "xunjian.db"
    open_database(f"sqlite:///{file}").close()
    file.chmod(0o444)
    tmp_path.chmod(0o777)
    _open_up(tmp_path.parent)
    before = file.read_bytes()
    request.getfixturevalue("unprivileged")
    with pytest.raises(StorageError, match="为只读，无法写入"):
        open_database(f"sqlite:///{file}")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"PK\x03\x04" + b"no database" * 500, "不是 SQLite 数据库文件；请检查", id="another-format"),
        pytest.param(b"account_id,name\r\n" * 400, "不是 SQLite 数据库文件；请检查", id="csv"),
    ],
)
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "xunjian.db"
    file.write_bytes(content)
    with pytest.raises(StorageError, match=sentence):
        open_database(f"sqlite:///{file}")
    assert file.read_bytes() == content


@pytest.mark.chaos
def test_a_damaged_database(tmp_path: Path, sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with database.begin() as session:
        register(session, *(an_account(f"a{number}", note="x" * 2000) for number in range(200)))
    database.close()
    file = tmp_path / "xunjian.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StorageError, match="文件已损坏；请停止使用该文件，并从备份恢复"):
        open_database(sqlite_url)


def test_an_empty_file_becomes_a_database(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "xunjian.db").touch()
    open_database(sqlite_url).close()


def test_a_file_in_the_old_journal_mode_is_put_into_wal(tmp_path: Path, sqlite_url: str) -> None:
    open_database(sqlite_url).close()
    with closing(sqlite3.connect(tmp_path / "xunjian.db")) as other:
        other.execute("PRAGMA journal_mode=DELETE")
    database = open_database(sqlite_url)
    with database.begin() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA synchronous")) == 1
    database.close()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        pytest.param("xunjian.db", "'xunjian.db' 不是数据库地址；", id="a-path"),
        pytest.param("", "'' 不是数据库地址；", id="empty"),
        pytest.param("mysql://localhost/x", "不支持 mysql；", id="another-kind"),
        pytest.param("sqlite://", "没有写明文件；", id="in-memory"),
        pytest.param("sqlite:///:memory:", "没有写明文件；", id="in-memory-by-name"),
        pytest.param(
            "sqlite:////no/such/folder/x.db", "/no/such/folder/x.db：所在文件夹不存在或无权进入；", id="no-folder"
        ),
        pytest.param("sqlite:////usr", "/usr：是文件夹而不是文件；", id="a-folder"),
        pytest.param("postgresql:///x?host=/no/such/folder", "无法连接；请检查数据库服务", id="no-server"),
    ],
)
def test_an_address_that_cannot_be_opened(address: str, sentence: str) -> None:
    with pytest.raises(StorageError, match=sentence):
        open_database(address)


def test_a_password_is_in_no_sentence() -> None:
    with pytest.raises(StorageError) as raised:
        open_database("postgresql://office:geheim@/x?host=/no/such/folder")
    assert "geheim" not in str(raised.value)
    assert "office" in str(raised.value)


def test_postgresql_without_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.split(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StorageError, match=r"缺少 PostgreSQL 驱动；请执行 pip install 'xunjian\[postgres\]'"):
        open_database("postgresql:///x")


@pytest.mark.postgres
def test_a_postgresql_database_that_is_not_there(postgres: str) -> None:
    with pytest.raises(StorageError, match="无法连接|数据库不存在"):
        open_database(postgres.replace("/postgres?", "/nothing_here?"))


@pytest.mark.postgres
def test_a_lost_connection_is_a_sentence_and_the_next_one_works(url: str, postgres: str) -> None:
    database = open_database(url)
    if url.startswith("sqlite"):
        database.close()
        return
    with pytest.raises(StorageError, match="连接中断"), database.begin() as session:  # noqa: PT012 - as above
        register(session)
        with closing(open_database(url)) as other, other.begin() as killer:
            killer.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        session.execute(text("SELECT 1"))
    with database.begin() as session:
        assert all_accounts(session) == []
    database.close()


def test_what_is_not_in_the_table_of_sentences_is_told_as_it_is() -> None:
    assert str(storage_error(OSError("odd\n thing"), "x.db", 60)) == (
        "数据库：x.db：操作失败（odd thing），本次写入未保存；请检查数据库后重试。"
    )


def test_a_copied_file_is_a_whole_database(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.begin() as session:
        register(session)
    sqlite.close()  # the last one to close brings everything into the one file
    assert not (tmp_path / "xunjian.db-wal").exists()
    shutil.copy(tmp_path / "xunjian.db", tmp_path / "copy.db")
    copy = open_database(f"sqlite:///{tmp_path / 'copy.db'}")
    with copy.read() as session:
        assert session.scalar(select(func.count()).select_from(accounts)) == 1
    copy.close()


def test_what_was_committed_can_be_put_on_disk(database: Database) -> None:
    with database.begin() as session:
        register(session)
    assert database.on_disk()


def test_a_reader_of_an_earlier_moment_is_in_the_way(sqlite_url: str) -> None:
    database = open_database(sqlite_url, timeout=0.1)
    with database.read() as session:
        session.execute(select(accounts.c.account_id)).all()
        with database.begin() as writing:
            register(writing)
        assert not database.on_disk()
    assert database.on_disk()
    database.close()


def test_a_database_that_is_gone_says_so(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(sqlite.writer, "raw_connection", refuse)
    with pytest.raises(StorageError):
        sqlite.on_disk()
