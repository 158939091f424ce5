"""The real program ``xunjian daemon``, started, watched, killed: a process of its own over a folder of its own."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.daemon.bent import REPOSITORY, BentClock, forget
from tests.daemon.history import BRIDGE, TrueAccount
from tests.daemon.serving import CONTROL, HOOK_HOST, PROBE_HOST, Servers

COMMAND = (sys.executable, "-m", "console")
FULL = bool(os.environ.get("XUNJIAN_FULL"))

Config = dict[str, dict[str, Any]]


class NotInTimeError(AssertionError):
    """Something that was waited for did not come about."""


def wait_until(done: Callable[[], object], seconds: float, what: str) -> None:
    """Wait until ``done`` says so, at most ``seconds`` of real time."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise NotInTimeError(f"not in {seconds} s: {what}")
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port: int = chosen.getsockname()[1]
        return port


def standard(servers: Servers, **changes: Mapping[str, Any]) -> Config:
    """Return a configuration for the county's servers; ``changes`` are laid over its tables."""
    given: Config = {
        "office": {"name": "高县人民政府办公室"},
        "crawl": {
            "allow_private_addresses": ["127.0.0.0/8"],
            "obey_robots": False,
            "delay_seconds": 0.0,
            "timeout_seconds": 20.0,
            "concurrency": 32,
        },
        "lanes.bridge": {
            "hosts": [BRIDGE],
            "delay_seconds": 0.0,
            "control": f"http://{BRIDGE}:{servers.port}{CONTROL}",
            "lag_minutes": 30,
        },
        "daemon": {
            "tick_seconds": 0.2,
            "listen": f"127.0.0.1:{free_port()}",
            "probe": [f"http://{PROBE_HOST}:{servers.port}/"],
            "log_file": "",
        },
        "notify": {"office": ["hook"], "quiet_hours": ""},
        "notify.channels.hook": {"kind": "webhook", "url": f"http://{HOOK_HOST}:{servers.port}/"},
    }
    for key, table in changes.items():
        name = key.replace("__", ".")
        given[name] = {**given.get(name, {}), **table}
    return given


def as_toml(config: Config) -> str:
    """Return a configuration as its file; values are written as JSON, which TOML reads alike."""
    tables = (
        f"[{name}]\n" + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())
        for name, table in config.items()
    )
    text = "\n".join(tables)
    tomllib.loads(text)
    return text


def registry(accounts: Sequence[TrueAccount], servers: Servers) -> str:
    """Return the registry of a county as CSV."""
    rows = ["账号编号,账号名称,平台,主办单位,主账号,采集地址"]
    for each in accounts:
        main = "是" if each.main else "否"
        name = f"{each.organizer}{each.account_id}"
        rows.append(f"{each.account_id},{name},政府网站,{each.organizer},{main},feed:{servers.url(each)}")
    return "\r\n".join(rows) + "\r\n"


@dataclass
class Home:
    """A folder with configuration, registry and database, and the programs that are run over it."""

    folder: Path
    config: Config
    clock: BentClock | None = None
    running: list["Daemon"] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.folder / "xunjian.db"

    @property
    def inspection(self) -> Path:
        return self.folder / "inspections" / "2026-10"

    def configure(self, config: Config | None = None) -> None:
        """Write the configuration, whole or not at all."""
        self.config = config or self.config
        new = self.folder / "xunjian.toml.new"
        new.write_text(as_toml(self.config), encoding="utf-8")
        new.replace(self.folder / "xunjian.toml")

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(REPOSITORY)} if self.clock is None else self.clock.environment()

    def run(self, *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """Run another command of the program over the same folder."""
        child = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        try:
            said, errors = child.communicate(timeout=seconds)
        finally:
            child.kill()
            child.wait()
            forget()
        return subprocess.CompletedProcess(arguments, child.returncode, said, errors)

    def enrol(self, accounts: Sequence[TrueAccount], servers: Servers) -> None:
        """Write the registry and import it."""
        self.configure()
        (self.folder / "accounts.csv").write_text(registry(accounts, servers), encoding="utf-8")
        done = self.run("accounts", "import", "accounts.csv")
        assert done.returncode == 0, done.stderr + done.stdout

    def daemon(self, **extra: Any) -> "Daemon":
        """Start the daemon."""
        started = Daemon(self, **extra)
        self.running.append(started)
        return started

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read from the database beside whatever runs."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as database:
            return database.execute(query, values).fetchall()

    def number(self, query: str, *values: object) -> int:
        """Read one number from the database."""
        return int(self.rows(query, *values)[0][0] or 0)

    def close(self) -> None:
        """Kill what still runs."""
        for each in self.running:
            each.kill()


class Daemon:
    """A daemon under way; what it says goes into a file."""

    def __init__(self, home: Home, **environment: str) -> None:
        self.home = home
        self.log = home.folder / f"daemon-{len(home.running)}.log"
        with self.log.open("wb") as out:
            self.child = subprocess.Popen(
                [*COMMAND, "daemon"],
                cwd=home.folder,
                env={**home.environment(), **environment},
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.host, _, port = str(home.config["daemon"]["listen"]).rpartition(":")
        self.port = int(port)

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def troubled(self) -> str:
        """The last lines that say that something is wrong, or what the jobs that run once an hour came to."""
        marks = ("level=ERROR", "level=WARNING", "job name=plan", "Traceback", "Error")
        return "\n".join([line for line in self.said.splitlines() if any(map(line.__contains__, marks))][-40:])

    def ask(self, path: str) -> tuple[int, str]:
        """Ask the daemon's local port; status 0 where nothing answers."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def figures(self) -> dict[str, float]:
        """Return the figures of /metrics by name with labels, empty where nothing answers."""
        _, text = self.ask("/metrics")
        lines = (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))
        return {name.removeprefix("xunjian_"): float(value) for name, _, value in lines}

    def until(self, done: Callable[[], object], seconds: float, what: str) -> None:
        """Wait until ``done`` says so; where it does not in time, say what the daemon said until then."""
        try:
            wait_until(done, seconds, what)
        except NotInTimeError as error:
            raise NotInTimeError(f"{error}\n{self.said[-3000:]}") from error

    def ready(self, seconds: float = 120) -> "Daemon":
        """Wait until it looks for due sources."""

        def ticks() -> bool:
            assert self.child.poll() is None, f"the daemon ended: {self.child.returncode}\n{self.said[-3000:]}"
            return "last_tick_seconds" in self.figures()

        self.until(ticks, seconds, "the daemon's first tick")
        return self

    def settled(self, since: datetime, seconds: float = 120, troubles: "Troubles | None" = None) -> None:
        """Wait until it has done everything that was due at ``since``, a moment of its own clock."""
        expected = troubles or Troubles()
        last: dict[str, float] = {}
        clock = self.home.clock
        real = None if clock is None else datetime.now(UTC) - (clock.machine() - since)

        def is_settled() -> bool:
            nonlocal last
            assert self.child.poll() is None, f"the daemon ended: {self.child.returncode}\n{self.said[-3000:]}"
            last = self.figures()
            return bool(last) and is_quiet(last, since, expected, real)

        try:
            wait_until(is_settled, seconds, "the daemon to settle")
        except NotInTimeError as error:
            self.child.send_signal(signal.SIGUSR1)
            time.sleep(1)
            shown = {name: value - since.timestamp() if value > 1e9 else value for name, value in last.items()}
            raise NotInTimeError(f"{error} since={since} {shown}\n{self.troubled}\n{self.said[-6000:]}") from error

    def kill(self) -> None:
        """Kill it where it stands; nothing is left to it to do."""
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait(timeout=60)
        forget()

    def stop(self, seconds: float = 60) -> tuple[int, float]:
        """Ask it to stop; return its exit status and after how many seconds it ended."""
        begun = time.monotonic()
        self.child.send_signal(signal.SIGTERM)
        status = self.child.wait(timeout=seconds)
        forget()
        return status, time.monotonic() - begun


WATCHED = ("collect", "plan", "remind", "deliver", "inspect")
"""Jobs that must have come to their end after a step, each at least hourly."""

ALONE = ("collect", "plan")
"""Those of them that wait for nobody while this machine has no network, or its clock is wrong."""


@dataclass(frozen=True, kw_only=True)
class Troubles:
    """What keeps a daemon from doing all that is due: no network, a wrong clock, servers that hold up their lanes."""

    cut_off: bool = False
    wrong_clock: bool = False
    lanes: int = 0
    sources: int = 0  # of those lanes


def is_quiet(figures: Mapping[str, float], since: datetime, expected: Troubles, real: datetime | None = None) -> bool:
    """Say whether a daemon's figures show that nothing due at ``since`` is left, but for what was to be expected.

    ``real`` is what the real clock showed at ``since``: while one thread has libfaketime read the offset anew, it gives
    another the real time, and a job that was done may say that it was done then.
    """
    starts = [each.timestamp() for each in (since, real) if each is not None]

    def done(figure: str) -> bool:
        at = figures.get(figure, 0)
        return any(start <= at < start + 3600 for start in starts)  # in a future that was wrong is not now

    jobs = ALONE if expected.cut_off or expected.wrong_clock else WATCHED
    running = [(name, value) for name, value in figures.items() if name.startswith("jobs_running")]
    return (
        done("last_tick_seconds")
        and (figures.get("sources_due", 1e9) <= expected.sources or (expected.cut_off and figures.get("offline") == 1))
        and not any(value > (expected.lanes if "batches" in name else 0) for name, value in running)
        and all(done(f'job_last_success_seconds{{job="{job}"}}') for job in jobs)
    )


@contextmanager
def home_in(folder: Path, config: Config, clock: BentClock | None = None) -> Iterator[Home]:
    """Give a home, and leave nothing running."""
    home = Home(folder, config, clock)
    try:
        yield home
    finally:
        home.close()


def whole(home: Home) -> None:
    """Assert that the database is whole: nothing damaged, doubled or half stored."""
    assert home.rows("PRAGMA integrity_check") == [("ok",)]
    assert home.rows("PRAGMA foreign_key_check") == []
    assert home.rows("SELECT account_id, key FROM posts GROUP BY 1, 2 HAVING count(*) > 1") == []


def in_utc(number: int) -> datetime:
    """Return a moment as the database has it: microseconds since 1970."""
    return datetime.fromtimestamp(number / 1_000_000, UTC)


def as_number(moment: datetime) -> int:
    """Return a moment as the database has it."""
    return int(moment.timestamp() * 1_000_000)
