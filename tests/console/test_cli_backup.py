"""The backup and restore commands over an office in a folder."""

import os
import pty
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import open_database
from storage.instance import only_instance
from tests.console.conftest import HEADER, Xunjian
from tests.console.registries import written

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def filled(office: Path, xunjian: Xunjian) -> Path:
    """An office with one account."""
    written(office, f"{HEADER},采集地址", "A,甲,政府网站,单位,https://county.example/feed")
    assert xunjian("accounts", "import", "accounts.csv").status == 0
    return office


def ids_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return [row[0] for row in database.execute("SELECT account_id FROM accounts")]


def test_a_backup_goes_to_its_folder_and_can_be_put_back(filled: Path, xunjian: Xunjian) -> None:
    ran = xunjian("backup")
    assert (ran.status, ran.err) == (0, "")
    (file,) = (filled / "backups").glob("xunjian-2*Z.db")
    assert ran.out.startswith(f"已备份到 {file}，0.")
    assert ran.out.endswith(" 秒。\n")
    written(filled, f"{HEADER},采集地址", "B,乙,政府网站,单位,https://county.example/b")
    assert xunjian("accounts", "import", "accounts.csv").status == 0
    assert ids_in(filled / "xunjian.db") == ["A", "B"]
    back = xunjian("restore", str(file), "--yes")
    assert (back.status, back.err) == (0, "")
    said, kept = back.out.splitlines()
    assert said == f"已用 {file} 恢复数据库（结构版本 0005）。"
    assert ids_in(filled / "xunjian.db") == ["A"]
    assert kept.startswith(f"原来的数据库保存在 {filled / 'xunjian.db'}.before-restore-")
    assert ids_in(Path(kept.removeprefix("原来的数据库保存在 ").removesuffix("。"))) == ["A", "B"]
    assert xunjian("accounts", "list").out.count("county.example") == 1


def test_a_backup_goes_where_it_is_told(filled: Path, xunjian: Xunjian) -> None:
    nowhere = xunjian("backup", "out/today.db")
    assert (nowhere.status, nowhere.err) == (
        2,
        "备份：out/today.db：所在文件夹不存在；请先建立该文件夹，或核对移动硬盘是否已接好。\n",
    )
    (filled / "out").mkdir()
    ran = xunjian("backup", "out/today.db")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("已备份到 out/today.db，")
    assert ids_in(filled / "out" / "today.db") == ["A"]
    again = xunjian("backup", "out/today.db")
    assert (again.status, again.err) == (2, "备份：out/today.db 已存在，未作改动；请换一个文件名。\n")


def test_without_a_database_there_is_nothing_to_back_up(office: Path, xunjian: Xunjian) -> None:
    ran = xunjian("backup")
    assert ran.status == 2
    assert "没有这个文件，无从备份" in ran.err
    assert not (office / "xunjian.db").exists()


def test_what_cannot_be_used_is_refused_before_anybody_is_asked(filled: Path, xunjian: Xunjian) -> None:
    (filled / "wrong.db").write_text("账号编号", encoding="utf-8")
    for more in ((), ("--yes",)):
        ran = xunjian("restore", "wrong.db", *more)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.startswith("备份：wrong.db：不是巡检的备份文件")
    assert ids_in(filled / "xunjian.db") == ["A"]


def test_where_nobody_can_be_asked_consent_is_an_option(filled: Path, xunjian: Xunjian) -> None:
    assert xunjian("backup", "a.db").status == 0
    ran = xunjian("restore", "a.db")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "恢复会换下现在的数据库，而这里不能询问；确定要恢复，请加 --yes。\n"
    assert not list(filled.glob("*before-restore*"))


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "kept"), [("y", 1), ("", 0), ("n", 0)])
def test_on_a_terminal_somebody_is_asked(filled: Path, xunjian: Xunjian, answer: str, kept: int) -> None:
    assert xunjian("backup", "a.db").status == 0
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "console", "restore", "a.db"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "XUNJIAN_CONFIG": str(filled / "xunjian.toml")}
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, cwd=filled, env=environment) as process:
        os.write(ours, f"{answer}\n".encode())
        said = process.communicate(timeout=100)[0].decode()
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0
    assert "确定吗？输入 y 继续：" in said
    assert ("没有恢复，数据库未作改动。" in said) is not bool(kept)
    assert len(list(filled.glob("*before-restore*"))) == kept


def test_while_the_daemon_runs_there_are_backups_but_no_restore(filled: Path, xunjian: Xunjian) -> None:
    database = open_database(f"sqlite:///{filled / 'xunjian.db'}")
    with only_instance(database, socket.gethostname(), 77, "1", datetime(2026, 10, 1, tzinfo=UTC)):
        assert xunjian("backup", "a.db").status == 0
        ran = xunjian("restore", "a.db", "--yes")
    database.close()
    assert ran.status == 2
    assert f"守护程序已在运行（主机 {socket.gethostname()}，进程号 77，" in ran.err
    assert "请先停止它，再恢复。" in ran.err
    shutil.rmtree(filled / "backups", ignore_errors=True)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_both_have_a_page_of_help(xunjian: Xunjian, command: str) -> None:
    ran = xunjian(command, "--help")
    assert ran.status == 0
    assert f"用法：xunjian {command}" in ran.out
