"""How the program ends when somebody ends it: as a program of its own, from outside."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.console.conftest import HEADER, Xunjian
from tests.console.registries import written

COMMAND = (sys.executable, "-m", "console")
CONFIG = '[crawl]\nallow_private_addresses = ["127.0.0.0/8"]\nobey_robots = false\n'


@pytest.fixture
def environment(repository: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(repository), "PYTHONWARNINGS": "error"}


def run(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], cwd=folder, env=environment, capture_output=True, timeout=100)


def test_ctrl_c_ends_a_collection_with_a_line_and_130(
    xunjian: Xunjian, office: Path, environment: dict[str, str]
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        (office / "xunjian.toml").write_text(CONFIG)
        written(office, f"{HEADER},采集地址", f"A,甲,抖音,单位,http://127.0.0.1:{port}/")
        assert xunjian("accounts", "import", "accounts.csv").status == 0
        program = subprocess.Popen(
            [*COMMAND, "collect"], cwd=office, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        connection, _ = silent.accept()
        with connection:
            connection.recv(1)
            program.send_signal(signal.SIGINT)
            out, err = program.communicate(timeout=60)
    assert program.returncode == 130
    assert "已中断：以上0次采集都已保存" in out.decode()
    assert b"Traceback" not in err
    with closing(sqlite3.connect(office / "xunjian.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_reader_that_leaves_is_no_error(xunjian: Xunjian, office: Path, environment: dict[str, str]) -> None:
    written(office, HEADER, *(f"A{number},{'名' * 20},抖音,单位" for number in range(1500)))
    assert xunjian("accounts", "import", "accounts.csv").status == 0
    program = subprocess.Popen(
        [*COMMAND, "accounts", "list"], cwd=office, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdout is not None
    program.stdout.read(10)
    program.stdout.close()
    _, err = program.communicate(timeout=60)
    assert err == b""
    assert program.returncode == 141


def test_output_that_cannot_be_encoded_is_replaced(xunjian: Xunjian, office: Path, environment: dict[str, str]) -> None:
    written(office, HEADER, "A,甲😀,抖音,单位")
    assert xunjian("accounts", "import", "accounts.csv").status == 0
    listed = run(office, environment | {"PYTHONIOENCODING": "gbk"}, "accounts", "list")
    assert (listed.returncode, listed.stderr) == (0, b"")
    assert "甲?" in listed.stdout.decode("gbk")


def test_help_waits_for_no_heavy_library(repository: Path, environment: dict[str, str]) -> None:
    code = (
        "import sys; from console.cli import main; main(['--help']); "
        "sys.exit(str({'sqlalchemy', 'aiohttp', 'openpyxl', 'lxml', 'feedparser'} & set(sys.modules) or ''))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=repository, capture_output=True, timeout=100
    )
    assert done.stderr.strip() == b""


def test_without_standard_output(office: Path, environment: dict[str, str]) -> None:
    code = (
        "import os, sys; os.close(1); os.execv(sys.executable, [sys.executable, '-m', 'console', 'accounts', 'list'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=office, env=environment, stderr=subprocess.PIPE, timeout=100
    )
    assert (done.returncode, done.stderr) == (0, b"")
