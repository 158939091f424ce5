"""The daemon's log: readable or JSON, on standard output and in a file that outlives a full disk."""

import json
import logging
import re
import resource
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from console import rotating
from console.log_lines import JsonLines, TextLines, fields_of
from console.logs import LogSettings, set_up_daemon_logs, set_up_logs

ZONE = ZoneInfo("Asia/Shanghai")
LOG = logging.getLogger("schedules.daemon")


def settings(file: Path | None, **changes: Any) -> LogSettings:
    given: dict[str, Any] = {"file": file, "json": False, "largest": 2**20, "files": 3, "zone": ZONE}
    return LogSettings(**given | changes)


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    set_up_logs(verbose=False)


def record(message: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    about = None if error is None else (type(error), error, error.__traceback__)
    made = logging.LogRecord("crawler.run", logging.WARNING, __file__, 1, message, arguments, about)
    made.created = 1793322000.25  # 2026-10-30 03:40 in UTC
    return made


def fail() -> None:
    raise ValueError("bad\033[2J")


def raised() -> ValueError | None:
    try:
        fail()
    except ValueError as error:
        return error
    return None


def test_text_lines() -> None:
    line = TextLines(ZONE).format(record("lane paused lane=%s", "桥"))
    assert re.fullmatch(
        r"time=2026-10-\d\dT\d\d:\d\d:\d\d\.250\+08:00 level=WARNING logger=crawler\.run lane paused lane=桥", line
    )


def test_what_a_server_said_begins_no_line_of_its_own() -> None:
    line = TextLines(ZONE).format(record("visit reason=%s", "x\ntime=forged level=INFO\033[31m"))
    assert "\n" not in line
    assert "\033" not in line
    assert "x\\ntime=forged" in line


def test_an_exception_is_set_in_below_its_line() -> None:
    first, *below = TextLines(ZONE).format(record("job failed name=%s", "plan", error=raised())).split("\n")
    assert first.endswith("job failed name=plan")
    assert all(line.startswith("    ") for line in below)
    assert below[-1] == "    ValueError: bad\\x1b[2J"


def test_json_lines() -> None:
    line = json.loads(JsonLines(ZONE).format(record("lane paused lane=%s until=%s", "桥", "2026-10-31T08:00")))
    assert line.pop("time").endswith("+08:00")
    assert line == {
        "level": "WARNING",
        "logger": "crawler.run",
        "message": "lane paused lane=桥 until=2026-10-31T08:00",
        "lane": "桥",
        "until": "2026-10-31T08:00",
    }


def test_json_has_an_exception_as_one_field() -> None:
    line = JsonLines(ZONE).format(record("job failed", error=raised()))
    assert "\n" not in line
    assert json.loads(line)["exception"].endswith("ValueError: bad\033[2J")


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        pytest.param("nothing here", {}, id="none"),
        pytest.param('a=1 cause="two words" b=', {"a": "1", "cause": "two words", "b": ""}, id="quoted and empty"),
        pytest.param(r'cause="say \"x\""', {"cause": 'say "x"'}, id="quotes within"),
        pytest.param("level=9 time=3 message=m", {"level_": "9", "time_": "3", "message_": "m"}, id="the line's own"),
        pytest.param("url=https://a.cn/?b=c&d=e", {"url": "https://a.cn/?b=c&d=e"}, id="a query"),
        pytest.param("a=1 a=2", {"a": "1"}, id="the first of two"),
    ],
)
def test_fields(message: str, fields: dict[str, str]) -> None:
    assert fields_of(message) == fields


def test_standard_output_and_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "logs" / "xunjian.log"
    set_up_daemon_logs(settings(file))
    LOG.info("tick due=%d", 3)
    logging.getLogger("apscheduler").info("not ours")
    logging.getLogger("apscheduler").warning("theirs")
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out == file.read_text(encoding="utf-8")
    assert [line.split(" ", 3)[3] for line in shown.out.splitlines()] == ["tick due=3", "theirs"]


def test_only_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_daemon_logs(settings(None, json=True))
    LOG.info("tick due=%d", 3)
    assert json.loads(capsys.readouterr().out)["due"] == "3"


def test_a_command_after_the_daemon_writes_to_standard_error_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "xunjian.log"
    set_up_daemon_logs(settings(file))
    set_up_logs(verbose=True)
    LOG.info("tick")
    shown = capsys.readouterr()
    assert "tick" in shown.err
    assert shown.out == ""
    assert not file.exists()


def test_the_file_is_begun_anew(tmp_path: Path) -> None:
    file = tmp_path / "xunjian.log"
    set_up_daemon_logs(settings(file, largest=1000, files=3))
    for number in range(100):
        LOG.info("tick number=%d", number)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["xunjian.log", "xunjian.log.1", "xunjian.log.2"]
    assert all(each.stat().st_size <= 1000 for each in tmp_path.iterdir())
    assert "number=99" in file.read_text(encoding="utf-8")


def test_a_file_that_was_moved_away_is_opened_anew_on_reload(tmp_path: Path) -> None:
    file = tmp_path / "xunjian.log"
    set_up_daemon_logs(settings(file))
    LOG.info("before")
    file.rename(tmp_path / "moved")
    LOG.info("still there")
    set_up_daemon_logs(settings(file))
    LOG.info("after")
    assert (tmp_path / "moved").read_text(encoding="utf-8").count("\n") == 2
    assert "after" in file.read_text(encoding="utf-8")


def test_a_line_cut_off_by_a_kill_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "xunjian.log"
    file.write_text("time=2026 half a li", encoding="utf-8")
    set_up_daemon_logs(settings(file))
    LOG.info("next")
    first, second = file.read_text(encoding="utf-8").splitlines()
    assert first == "time=2026 half a li"
    assert second.endswith("next")


@pytest.fixture
def disk_limit() -> Iterator[Callable[[int], None]]:
    """Give what limits the size of every file that this program writes, as a full disk would, and lifts the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, handled)


def test_a_full_disk_ends_nothing_and_is_told_afterwards(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    disk_limit: Callable[[int], None],
) -> None:
    monkeypatch.setattr(rotating, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr("sys.stdout", None)
    file = tmp_path / "xunjian.log"
    set_up_daemon_logs(settings(file))
    LOG.info("before")
    full = file.stat().st_size + 20
    disk_limit(full)
    for number in range(1000):
        LOG.info("lost number=%d", number)
    assert file.stat().st_size == full
    disk_limit(resource.RLIM_INFINITY)
    LOG.info("after")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    assert lines[0].endswith("before")
    assert len(lines[1]) == 20
    assert lines[2].endswith("log file written again lost_lines=1000")
    assert lines[3].endswith("after")
    assert capfd.readouterr().err == ""


def test_after_a_failure_no_line_is_tried_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    moment = [100.0]
    monkeypatch.setattr(rotating, "monotonic", lambda: moment[0])
    folder = tmp_path / "logs"
    folder.write_text("a file where the folder should be", encoding="utf-8")
    set_up_daemon_logs(settings(folder / "xunjian.log"))
    LOG.info("lost")
    folder.unlink()
    LOG.info("lost too: it is too early to try again")
    assert not folder.exists()
    moment[0] += rotating.RETRY_SECONDS
    LOG.info("after")
    lines = (folder / "xunjian.log").read_text(encoding="utf-8").splitlines()
    assert lines[0].endswith("lost_lines=2")
    assert lines[1].endswith("after")
    assert capfd.readouterr().err == ""


def test_a_reader_that_has_gone_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Gone:
        def write(self, _text: str) -> int:
            raise BrokenPipeError

        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Gone())
    set_up_daemon_logs(settings(None))
    LOG.info("nobody reads this")
    assert capfd.readouterr().err == ""
