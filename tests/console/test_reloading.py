"""SIGHUP: configuration and registry are taken whole, or nothing changes."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.config import load
from console.errors import ConfigError, RegistryError
from console.logs import set_up_logs
from console.offices import opened_office
from console.reloading import Reloading, first_import
from monitor.errors import XunjianError
from schedules.office import Office
from storage.accounts import all_accounts
from storage.errors import StorageError
from tests.console.conftest import HEADER

NOW = datetime(2026, 10, 11, tzinfo=UTC)
GOOD = f"{HEADER}\na1,高县发布,微信公众号,县政府办\n"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    set_up_logs(verbose=False)


def write(folder: Path, text: str, registry: str = GOOD) -> None:
    (folder / "xunjian.toml").write_text(text, encoding="utf-8")
    (folder / "accounts.csv").write_text(registry, encoding="utf-8")


@pytest.fixture
def office(folder: Path) -> Iterator[Office]:
    write(folder, 'daemon.registry = "accounts.csv"')
    with opened_office(load(folder / "xunjian.toml")) as made:
        yield made


@pytest.fixture
def reload(office: Office, folder: Path) -> Reloading:
    return Reloading(load(folder / "xunjian.toml"), office, lambda: NOW)


def known(office: Office) -> list[str]:
    with office.database.read() as session:
        return [each.account_id for each in all_accounts(session)]


def test_configuration_and_registry_are_taken(office: Office, reload: Reloading, folder: Path) -> None:
    text = 'daemon.registry = "accounts.csv"\ndaemon.tick_seconds = 7\ncrawl.delay_seconds = 9\ndaemon.log_file = "new.log"'
    write(folder, text, f"{GOOD}a2,高县教育,微信公众号,县教育局\n")
    taken = reload()
    assert taken.database is office.database
    assert (taken.daemon.tick, taken.crawl.delay) == (timedelta(seconds=7), timedelta(seconds=9))
    assert known(office) == ["a1", "a2"]
    logging.getLogger("schedules.daemon").info("after")
    lines = (folder / "new.log").read_text(encoding="utf-8").splitlines()
    assert lines[0].endswith("configuration read file=xunjian.toml added=2 updated=0 unchanged=0")
    assert lines[1].endswith("after")


def test_without_a_registry_only_the_configuration_is_taken(office: Office, reload: Reloading, folder: Path) -> None:
    write(folder, "daemon.tick_seconds = 7")
    assert reload().daemon.tick == timedelta(seconds=7)
    assert known(office) == []


@pytest.mark.parametrize(
    ("text", "registry", "error", "sentence"),
    [
        pytest.param("daemon.tick = 7", GOOD, ConfigError, "没有 tick 这一项", id="an unknown key"),
        pytest.param("[daemon", GOOD, ConfigError, "第1行", id="no TOML"),
        pytest.param(
            'storage.url = "sqlite:///other.db"',
            GOOD,
            ConfigError,
            "storage.url 与正在使用的数据库不同，没有重新加载；更换数据库须先停止守护程序，再重新启动。",
            id="another database",
        ),
        pytest.param(
            'daemon.registry = "accounts.csv"\ncrawl.delay_seconds = 9',
            f"{GOOD}a2,高县教育,微信,县教育局\n",
            RegistryError,
            "第3行",
            id="a bad row",
        ),
        pytest.param('daemon.registry = "none.csv"', GOOD, XunjianError, "无法读取台账", id="no registry file"),
    ],
)
def test_what_is_wrong_changes_nothing(
    office: Office,
    reload: Reloading,
    folder: Path,
    text: str,
    registry: str,
    error: type[XunjianError],
    sentence: str,
) -> None:
    write(folder, text, registry)
    with pytest.raises(error, match=sentence):
        reload()
    assert known(office) == []
    assert not (folder / "other.db").exists()
    write(folder, 'daemon.registry = "accounts.csv"')
    assert reload().crawl.delay == timedelta(seconds=2)
    assert known(office) == ["a1"]


def test_at_the_start_the_registry_is_imported(office: Office) -> None:
    first_import(office, NOW)
    assert known(office) == ["a1"]


def test_a_bad_registry_at_the_start_stops_only_an_office_without_accounts(
    office: Office, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder, "", "x")
    with pytest.raises(RegistryError):
        first_import(office, NOW)
    write(folder, "", GOOD)
    first_import(office, NOW)
    write(folder, "", "x")
    first_import(office, NOW)
    assert "registry refused: " in caplog.text
    assert known(office) == ["a1"]


def test_a_database_that_refuses_is_told(reload: Reloading, office: Office) -> None:
    office.database.close()
    assert office.database.file is not None
    office.database.file.path.unlink()
    with pytest.raises(StorageError):
        reload()
