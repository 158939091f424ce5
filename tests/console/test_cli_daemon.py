"""``xunjian daemon`` as the office starts it: a program of its own, told what to do by signals."""

import json
import queue
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.conftest import HEADER, Xunjian

PROGRAM = [sys.executable, "-c", "import sys; from console.cli import main; sys.exit(main())"]
CONFIG = """
[daemon]
tick_seconds = 0.2
registry = "accounts.csv"
log_format = "json"
listen = "127.0.0.1:{port}"
"""
PATIENCE = 60.0


class Running:
    """A daemon whose log is read line by line as it comes."""

    def __init__(self, folder: Path) -> None:
        self.program = subprocess.Popen(
            [*PROGRAM, "daemon"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.lines: queue.Queue[dict[str, str]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.program.stdout is not None
        for line in self.program.stdout:
            self.lines.put(json.loads(line))

    def until(self, words: str) -> dict[str, str]:
        """Wait for a line of the log that holds these words."""
        while True:
            line = self.lines.get(timeout=PATIENCE)
            if words in line["message"]:
                return line


@pytest.fixture
def port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number: int = one.getsockname()[1]
    return number


@pytest.fixture
def daemon(folder: Path, port: int) -> Iterator[Running]:
    (folder / "xunjian.toml").write_text(CONFIG.format(port=port), encoding="utf-8")
    (folder / "accounts.csv").write_text(f"{HEADER}\na1,高县发布,微信公众号,县政府办\n", encoding="utf-8")
    running = Running(folder)
    yield running
    running.program.kill()
    running.program.communicate()


@pytest.mark.slow
def test_a_day_in_the_life_of_a_daemon(daemon: Running, folder: Path, port: int, xunjian: Xunjian) -> None:
    daemon.until("daemon started")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
        assert b"xunjian_ticking 1" in answer.read()

    shown = json.loads(xunjian("status", "--json").out)
    assert (shown["daemon"]["alive"], shown["daemon"]["pid"]) == (True, daemon.program.pid)
    assert shown["coverage"]["accounts"] == 1, "the registry was imported"

    second = xunjian("daemon")
    assert second.status == 2
    assert f"进程号 {daemon.program.pid}" in second.err
    assert second.err.count("\n") == 1

    (folder / "accounts.csv").write_text(f"{HEADER}\na1,高县发布,无,县政府办\n", encoding="utf-8")
    daemon.program.send_signal(signal.SIGHUP)
    refused = daemon.until("reload refused")
    assert "第2行" in refused["message"]
    (folder / "accounts.csv").write_text(f"{HEADER}\na2,高县教育,微信公众号,县教育局\n", encoding="utf-8")
    daemon.program.send_signal(signal.SIGHUP)
    assert daemon.until("configuration read")["added"] == "1"
    daemon.until("reloaded")

    daemon.program.send_signal(signal.SIGTERM)
    assert daemon.program.wait(timeout=PATIENCE) == 0
    assert daemon.program.stderr is not None
    assert daemon.program.stderr.read() == ""
    kept = (folder / "logs" / "xunjian.log").read_text(encoding="utf-8").splitlines()
    assert "daemon stopped" in json.loads(kept[-1])["message"]
    assert not json.loads(xunjian("status", "--json").out)["daemon"]["alive"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("daemon.tick = 3", "[daemon] 没有 tick 这一项", id="an unknown key"),
        pytest.param("daemon.registry = 'none.csv'", "无法读取台账", id="no registry, and no account in the database"),
    ],
)
def test_what_cannot_be_started_is_one_sentence(xunjian: Xunjian, office: Path, text: str, sentence: str) -> None:
    (office / "xunjian.toml").write_text(text, encoding="utf-8")
    ran = xunjian("daemon")
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
