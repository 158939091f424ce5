import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.errors import FileError, RegistryError
from console.registry import read_registry, write_registry
from console.registry.columns import COLUMNS
from console.registry.texts import armed, clean_line, clean_text, neutralised
from monitor.values import Account, Platform
from tests.console.registries import REGISTRIES, TODAY

PLAIN = Account(account_id="1", name="甲", platform=Platform.DOUYIN, organizer="乙")
ARMED = ("=1+1", "+1", "-1", "@a", "'=1+1", "''=1", "'甲'", "'", "-")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("export")


@given(REGISTRIES, st.sampled_from(["csv", "xlsx"]))
@settings(max_examples=40)
@example([replace(PLAIN, account_id=str(at), name=text, note=text) for at, text in enumerate(ARMED)], "csv")
@example([replace(PLAIN, account_id=str(at), name=text, note=text) for at, text in enumerate(ARMED)], "xlsx")
def test_export_then_import_is_the_identity(place: Path, accounts: list[Account], ending: str) -> None:
    path = place / f"a.{ending}"
    write_registry(path, accounts)
    assert read_registry(path, TODAY) == accounts


@given(REGISTRIES)
@settings(max_examples=25)
def test_no_exported_cell_can_run(place: Path, accounts: list[Account]) -> None:
    path = place / "b.csv"
    write_registry(path, accounts)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(st.text())
def test_arming_undoes_neutralising(text: str) -> None:
    assert armed(neutralised(text)) == text


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)
    assert "\n" not in clean_line(text)


def test_the_bytes_of_a_csv(tmp_path: Path) -> None:
    write_registry(tmp_path / "a.CSV", [replace(PLAIN, note="一\n二", main=True)])
    body = (tmp_path / "a.CSV").read_bytes()
    assert body.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n")
    assert body.decode("utf-8-sig").split("\r\n")[1] == '1,甲,抖音,乙,,是,,正常,,,,,,,,"一\n二"'


@pytest.mark.parametrize("name", ["a.xls", "a", "a.txt", "a.csv.gz"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RegistryError, match=r"扩展名不能用，应为 \.csv 或 \.xlsx"):
        write_registry(tmp_path / name, [PLAIN])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_text_that_no_cell_holds_is_refused_and_the_old_file_stays(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    write_registry(path, [PLAIN])
    before = path.read_bytes()
    with pytest.raises(RegistryError, match="账号 1 的“备注”有 10001 个字"):
        write_registry(path, [replace(PLAIN, note="字" * 10_001)])
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"无法写入台账 .*a\.csv：不存在"):
        write_registry(tmp_path / "absent" / "a.csv", [PLAIN])
