import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.accounts import account_ids
from storage.database import Database, open_database
from storage.database_file import mark_of
from storage.errors import ReplacedError
from tests.storage.values import an_account, register


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another database of ours, whole in one file."""
    file = tmp_path / "other.db"
    made = open_database(f"sqlite:///{file}")
    with made.begin() as session:
        register(session, an_account("of-another"))
    made.close()
    return file


def ids_in(file: Path) -> list[str]:
    database = open_database(f"sqlite:///{file}")
    try:
        with database.read() as session:
            return account_ids(session)
    finally:
        database.close()


def left_in(file: Path) -> list[str]:
    """What another program would find: this one still holds on to the log of the former content."""
    copy = file.with_name(f"copy-of-{file.name}")
    for ending in ("", "-wal"):
        if (part := Path(f"{file}{ending}")).exists():
            shutil.copyfile(part, f"{copy}{ending}")
    return ids_in(copy)


def write(database: Database, account_id: str) -> None:
    with database.begin() as session:
        register(session, an_account(account_id))


def _rename(other: Path, file: Path) -> None:
    other.rename(file)


def _copy(other: Path, file: Path) -> None:
    shutil.copy(other, file)


def _link(other: Path, file: Path) -> None:
    file.unlink()
    file.symlink_to(other)


def _empty(_other: Path, file: Path) -> None:
    os.truncate(file, 0)


@pytest.mark.parametrize(
    ("replace", "sentence"),
    [
        pytest.param(_rename, "已被换成另一个文件", id="renamed-over"),
        pytest.param(_copy, "的内容已被改写成另一个数据库", id="copied-over"),
        pytest.param(_link, "已被换成另一个文件", id="linked-elsewhere"),
        pytest.param(_empty, "的内容已被改写成另一个数据库", id="emptied"),
    ],
)
def test_nothing_is_written_into_what_took_the_place(
    sqlite: Database, tmp_path: Path, other: Path, replace: Callable[[Path, Path], None], sentence: str
) -> None:
    file = tmp_path / "xunjian.db"
    write(sqlite, "before")
    expected = b"" if replace is _empty else other.read_bytes()
    replace(other, file)
    for _ in range(2):
        with pytest.raises(ReplacedError, match=f"{file}：该文件在程序运行期间{sentence}，程序已停止写入"):
            write(sqlite, "after")
        with pytest.raises(ReplacedError), sqlite.read() as session:
            account_ids(session)
        with pytest.raises(ReplacedError):
            sqlite.on_disk()
    sqlite.close()
    assert file.read_bytes() == expected
    if replace is not _empty:
        assert left_in(file) == ["of-another"]


def test_what_takes_the_place_unnoticed_is_not_written_to_at_the_end(
    sqlite: Database, tmp_path: Path, other: Path
) -> None:
    write(sqlite, "before")
    expected = other.read_bytes()
    shutil.copy(other, tmp_path / "xunjian.db")
    sqlite.close()
    assert (tmp_path / "xunjian.db").read_bytes() == expected
    assert left_in(tmp_path / "xunjian.db") == ["of-another"]


def test_a_program_that_ends_in_between_does_not_write_its_log_into_what_was_copied_over(
    tmp_path: Path, other: Path
) -> None:
    work = """
import shutil, sys
from storage.database import open_database
from tests.storage.values import an_account, register
database = open_database(f"sqlite:///{sys.argv[1]}")
with database.begin() as session:
    register(session, an_account("before"))
shutil.copy(sys.argv[2], sys.argv[1])
try:
    with database.begin() as session:
        register(session, an_account("after"))
finally:
    database.close()
"""
    expected = other.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", work, tmp_path / "xunjian.db", other],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert "ReplacedError" in done.stderr
    assert (tmp_path / "xunjian.db").read_bytes() == expected
    assert ids_in(tmp_path / "xunjian.db") == ["of-another"]


def test_a_file_that_was_moved_away_takes_along_all_that_was_committed(
    sqlite: Database, tmp_path: Path, other: Path
) -> None:
    file, moved = tmp_path / "xunjian.db", tmp_path / "moved.db"
    write(sqlite, "before")
    file.rename(moved)
    shutil.copy(other, file)
    with pytest.raises(ReplacedError, match="已被换成另一个文件"):
        write(sqlite, "after")
    sqlite.close()
    assert ids_in(moved) == ["before"]
    assert ids_in(file) == ["of-another"]


def test_a_file_that_is_gone_is_not_made_again(sqlite: Database, tmp_path: Path) -> None:
    write(sqlite, "before")
    (tmp_path / "xunjian.db").unlink()
    with pytest.raises(ReplacedError, match="已被删除或移走"):
        write(sqlite, "after")
    sqlite.writer.dispose()  # the next connection is a new one
    with pytest.raises(ReplacedError, match="已被删除或移走"):
        write(sqlite, "after")
    sqlite.close()
    assert not (tmp_path / "xunjian.db").exists()


def test_a_new_connection_is_not_to_another_file(sqlite: Database, tmp_path: Path, other: Path) -> None:
    expected = other.read_bytes()
    other.replace(tmp_path / "xunjian.db")
    with pytest.raises(ReplacedError), sqlite.writer.connect():
        pass
    assert (tmp_path / "xunjian.db").read_bytes() == expected


def test_a_folder_that_went_away_is_told(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    database = open_database(f"sqlite:///{tmp_path / 'data' / 'xunjian.db'}")
    (tmp_path / "data").rename(tmp_path / "moved")
    with pytest.raises(ReplacedError, match="已被删除或移走"):
        write(database, "after")
    database.close()


def test_what_sqlite_itself_puts_in_place_keeps_its_log(sqlite: Database, tmp_path: Path, other: Path) -> None:
    file = tmp_path / "xunjian.db"
    write(sqlite, "before")
    with closing(sqlite3.connect(other)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)
        target.execute("PRAGMA wal_checkpoint(FULL)")
    with pytest.raises(ReplacedError, match="的内容已被改写成另一个数据库"):
        write(sqlite, "after")
    sqlite.close()
    assert ids_in(file) == ["of-another"]


def test_every_database_has_a_mark_of_its_own_and_keeps_it(sqlite: Database, tmp_path: Path, other: Path) -> None:
    file = tmp_path / "xunjian.db"
    with closing(sqlite3.connect(file)) as ours, closing(sqlite3.connect(other)) as theirs:
        marks = mark_of(ours), mark_of(theirs)
    assert 0 not in marks
    assert marks[0] != marks[1]
    assert int.from_bytes(file.read_bytes()[68:72], "big") == marks[0]
    write(sqlite, "a")
    sqlite.close()
    again = open_database(f"sqlite:///{file}")
    assert again.file is not None
    assert again.file.number == marks[0]
    again.close()


def test_an_earlier_database_gets_its_mark_also_while_another_program_reads_it(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "xunjian.db"
    open_database(sqlite_url).close()
    with closing(sqlite3.connect(file)) as earlier:
        earlier.execute("PRAGMA application_id=0")
        earlier.commit()
    with closing(sqlite3.connect(file, isolation_level=None)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM accounts").fetchone()
        database = open_database(sqlite_url, timeout=0.1)
        assert file.read_bytes()[68:72] == bytes(4)
        write(database, "a")
        reading.execute("COMMIT")
    assert database.on_disk()
    write(database, "b")
    assert file.read_bytes()[68:72] != bytes(4)
    os.truncate(file, 0)
    with pytest.raises(ReplacedError):
        write(database, "c")
    database.close()


def test_databases_of_one_program_share_what_they_hold_of_a_file(sqlite: Database, sqlite_url: str) -> None:
    descriptors = Path("/proc/self/fd")
    if not descriptors.exists():
        pytest.skip("no /proc to count open files in")
    write(sqlite, "a")
    counts: list[int] = []
    for _ in range(20):
        another = open_database(sqlite_url)
        write(another, "b")
        another.close()
        another.close()  # does no harm
        counts.append(len(list(descriptors.iterdir())))
    assert len(set(counts[5:])) == 1  # SQLite keeps some to be used again
    write(sqlite, "c")
    assert sqlite.file is not None
    assert sqlite.file.trouble() is None
