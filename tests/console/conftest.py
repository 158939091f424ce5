"""What the tests of the console share: an office in a folder, and the command line run inside the test."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from console.cli import main

HEADER = "账号编号,账号名称,平台,主办单位"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command gave."""

    status: int
    out: str
    err: str


Xunjian = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XUNJIAN_CONFIG", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
def xunjian(folder: Path, capsys: pytest.CaptureFixture[str]) -> Xunjian:
    """The command line, run in the working folder."""

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        status = main(arguments)
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return run


@pytest.fixture
def office(folder: Path) -> Path:
    """A working folder with a configuration of defaults."""
    (folder / "xunjian.toml").write_text("", encoding="utf-8")
    return folder
