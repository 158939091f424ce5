"""What a person sees on a terminal: a bar and colours there, plain lines anywhere else."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from console.show.ink import RED, inked
from tests.console.conftest import HEADER, Xunjian
from tests.console.registries import written

CONFIG = '[crawl]\nallow_private_addresses = ["127.0.0.0/8"]\nobey_robots = false\n'
OnTerminal = Callable[..., str]


@pytest.fixture
def on_terminal(xunjian: Xunjian, office: Path, repository: Path) -> OnTerminal:
    """Run a command with its output on a terminal, in an office of one account that nobody answers for."""
    (office / "xunjian.toml").write_text(CONFIG)
    written(office, f"{HEADER},采集地址", "A,甲,抖音,单位,http://127.0.0.1:9/")
    assert xunjian("accounts", "import", "accounts.csv").status == 0

    def run(*arguments: str, **environment: str) -> str:
        controller, terminal = pty.openpty()
        settings = {"PYTHONPATH": str(repository), "TERM": "xterm", "COLUMNS": "100"} | environment
        program = subprocess.Popen(
            [sys.executable, "-m", "console", *arguments],
            cwd=office,
            env={**os.environ, **settings},
            stdout=terminal,
            stderr=terminal,
        )
        os.close(terminal)
        seen = b""
        try:
            while chunk := os.read(controller, 65536):
                seen += chunk
        except OSError:  # the other end has closed
            pass
        program.wait(timeout=60)
        os.close(controller)
        return seen.decode()

    return run


def test_a_collection_shows_a_bar_and_no_line_per_visit(on_terminal: OnTerminal) -> None:
    seen = on_terminal("collect")
    assert "1/1" in seen
    assert "━" in seen
    assert "[1/1]" not in seen
    assert "\033[31m  A “甲”（抖音） http://127.0.0.1:9/\033[0m REFUSED" in seen


def test_results_are_coloured(on_terminal: OnTerminal) -> None:
    assert "检查结果：\033[33m未能核验\033[0m" in on_terminal("check", "A", "--no-collect")
    seen = on_terminal("inspect", "2026-01")
    assert "\033[33m未能核验\033[0m  0 " in seen
    assert "\033[33m未能核验\033[0m1个" in seen


def test_no_color_is_respected(on_terminal: OnTerminal) -> None:
    assert "检查结果：未能核验 " in on_terminal("check", "A", "--no-collect", NO_COLOR="1")


def test_nothing_is_coloured_in_a_pipe() -> None:
    assert inked("x", RED) == "x"
