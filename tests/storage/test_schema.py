import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from monitor.findings import Result
from monitor.stages import Stage, StageEntry
from storage import schema
from storage.accounts import all_accounts
from storage.database import Database, open_database
from storage.errors import StorageError
from storage.inspections import failed_months
from storage.models import Base
from storage.stages import save_stage, stages_of
from storage.visits import save_visit, visits_between
from tests.storage.test_inspections import a_finding, a_judgement, an_inspection, run
from tests.storage.values import ZONE, a_visit, an_account, hour, register


def test_the_steps_lead_to_the_models(database: Database) -> None:
    with database.writer.connect() as connection:
        options = {"version_table": schema.VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_indexes_that_hold_part_of_a_table_are_made(sqlite: Database) -> None:
    with sqlite.read() as session:
        made = session.scalars(text("SELECT name FROM sqlite_master WHERE sql LIKE '% WHERE %'")).all()
    assert set(made) == {f"ix_posts_{name}" for name in ("undated", "revised", "moved", "unread")} | {
        "ix_pages_due",
        "ix_messages_waiting",
        "ix_visits_cut_off",
        "ux_decisions_standing",
    }


def test_the_newest_step_is_the_one_that_the_program_works_with() -> None:
    assert ScriptDirectory.from_config(schema._config()).get_heads() == [schema.NEWEST]


def test_every_step_can_be_taken_back(database: Database) -> None:
    from alembic import command

    with database.writer.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert schema.version_of(connection) is None
        schema.upgrade(connection)
        assert schema.version_of(connection) == schema.NEWEST


def _put_back(url: str, version: str) -> None:
    """Make a database as an earlier version of the program left it, with an account and a visit in it."""
    from alembic import command

    database = open_database(url)
    with database.begin() as session:
        (source,) = register(session)
        save_visit(session, a_visit(source, hour(5), proof=(1, 5)), ZONE)
    with database.writer.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, version)
    database.close()


def test_an_old_database_is_upgraded_after_a_copy(sqlite_url: str, tmp_path: Path) -> None:
    _put_back(sqlite_url, "0001")
    database = open_database(sqlite_url)
    try:
        copy = database.backup
        assert copy is not None
        assert copy.name.startswith("xunjian.db.backup-0001-2")
        assert copy.parent == tmp_path
        assert not list(tmp_path.glob("*.partial"))
        with database.read() as session:
            assert [each.account_id for each in all_accounts(session)] == ["a1"]
            assert len(visits_between(session, ["a1"], hour(0), hour(9))["a1"]) == 1
            assert session.scalar(text("SELECT count(*) FROM inspections")) == 0
    finally:
        database.close()
    with closing(sqlite3.connect(copy)) as old:
        assert old.execute("SELECT version_num FROM xunjian_schema").fetchall() == [("0001",)]
        assert old.execute("SELECT account_id FROM accounts").fetchall() == [("a1",)]
        assert old.execute("SELECT count(*) FROM visits").fetchall() == [(1,)]
        assert old.execute("SELECT count(*) FROM sqlite_master WHERE name = 'inspections'").fetchall() == [(0,)]


def test_a_database_of_the_version_before_keeps_its_inspections(url: str) -> None:
    """And back again: what people decided goes, what was inspected stays."""
    from alembic import command

    database = open_database(url)
    number = run(database, an_inspection(), a_judgement("a1", Result.FAILED, a_finding()))
    for _ in range(2):
        with database.begin() as session:
            save_stage(session, number, StageEntry(stage=Stage.FINAL, by="李某", at=hour(1)))
        with database.writer.begin() as connection:
            config = schema._config()
            config.attributes["connection"] = connection
            command.downgrade(config, "0004")
            assert schema.version_of(connection) == "0004"
        database.close()
        database = open_database(url)
        with database.read() as session:
            assert stages_of(session, number) == ()
            assert failed_months(session, ["a1"], ["2026-09"]) == {"a1": ("2026-09",)}
            assert session.scalar(text("SELECT count(*) FROM inspection_findings")) == 1
    database.close()


def test_an_up_to_date_database_is_not_copied(sqlite_url: str, tmp_path: Path) -> None:
    open_database(sqlite_url).close()
    again = open_database(sqlite_url)
    again.close()
    assert again.backup is None
    assert not list(tmp_path.glob("*.backup-*"))


@pytest.mark.postgres
def test_an_old_postgresql_database_is_upgraded_in_place(url: str) -> None:
    _put_back(url, "0001")
    database = open_database(url)
    with database.read() as session:
        assert [each.account_id for each in all_accounts(session)] == ["a1"]
        assert session.scalar(text("SELECT count(*) FROM inspections")) == 0
    database.close()


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let the system refuse to write files beyond ``size`` bytes, as on a disk that is almost full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.chaos
def test_an_upgrade_whose_copy_fails_changes_nothing(sqlite_url: str, tmp_path: Path) -> None:
    _put_back(sqlite_url, "0001")
    with (
        pytest.raises(StorageError, match="升级前的备份 .* 未能写成.*数据库未作改动；请确认"),
        no_file_longer_than(32_768),
    ):
        open_database(sqlite_url)
    assert not list(tmp_path.glob("*backup*"))
    with closing(sqlite3.connect(tmp_path / "xunjian.db")) as old:
        assert old.execute("SELECT version_num FROM xunjian_schema").fetchall() == [("0001",)]


def test_a_newer_database_is_refused_and_stays_as_it_is(url: str) -> None:
    database = open_database(url)
    with database.begin() as session:
        register(session)
        session.execute(text("UPDATE xunjian_schema SET version_num = '9999'"))
    database.close()
    with pytest.raises(StorageError, match="由更新版本的巡检建立（结构版本 9999，本程序为 .*请升级巡检程序"):
        open_database(url)
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            assert file.execute("SELECT count(*) FROM accounts").fetchall() == [(1,)]
            assert not list(Path(url.removeprefix("sqlite:///")).parent.glob("*.backup-*"))


def test_a_file_of_another_program_is_refused_and_stays_as_it_is(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "xunjian.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE bookmarks (id INTEGER)")
        other.commit()
    before = file.read_bytes()
    with pytest.raises(StorageError, match="已有其他程序的数据表（bookmarks），未作改动"):
        open_database(sqlite_url)
    assert file.read_bytes() == before


def test_accounts_survive_every_upgrade_in_order(url: str) -> None:
    database = open_database(url)
    with database.begin() as session:
        register(session, an_account("b"), an_account("a"))
    database.close()
    again = open_database(url)
    with again.read() as session:
        assert [each.account_id for each in all_accounts(session)] == ["b", "a"]
    again.close()
