"""Bent time: the true virtual time that servers show, and the clock of the machine that the daemon believes.

libfaketime gives a program the clock that a file names; the file is written anew for every step, so that a program that
runs lives through a month in minutes. Monotonic time stays real: timeouts and pauses last as long as they say.
"""

import contextlib
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
PRELOAD = Path(__file__).parent / "preload"
REPOSITORY = Path(__file__).resolve().parents[2]
WHY_NOT = "libfaketime is not on this machine (Debian: apt-get install faketime)"


def library() -> Path | None:
    """Return where libfaketime lies, None where it is not installed."""
    places = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")
    found = [file for place in places for file in Path("/").glob(place.removeprefix("/"))]
    return found[0] if found and sys.platform == "linux" else None


def local(text: str) -> datetime:
    """Return a moment of 2026 written in local time, ``10-05 09:30``."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING).astimezone(UTC)


class BentClock:
    """The true virtual time, and by how much the machine of the daemon is wrong."""

    def __init__(self, folder: Path, start: datetime) -> None:
        self._file = folder / "offset"
        self._offset = 0
        self.wrong = timedelta(0)
        self._set(start)

    def now(self) -> datetime:
        """Return the true virtual moment."""
        return datetime.fromtimestamp(time.time() + self._offset, UTC)

    def machine(self) -> datetime:
        """Return the moment that the daemon's machine believes in."""
        return self.now() + self.wrong

    def go_to(self, moment: datetime) -> None:
        """Let time jump forwards to ``moment``, as after a sleep; where that has passed, nothing happens."""
        if moment > self.now():
            self._set(moment)

    def bend(self, wrong: timedelta) -> None:
        """Set the machine's clock wrong by ``wrong``; the servers' time stays right."""
        self.wrong = wrong
        self._write()

    def _set(self, moment: datetime) -> None:
        self._offset = int(moment.timestamp() - time.time()) + 1
        self._write()

    def _write(self) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(f"{self._offset + int(self.wrong.total_seconds()):+d}\n", encoding="ascii")
        new.replace(self._file)

    def environment(self) -> dict[str, str]:
        """Return the environment in which a program has this clock."""
        lib = library()
        assert lib is not None  # the fixture skips without it
        return {
            **os.environ,
            "LD_PRELOAD": str(lib),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # else every wait with a limit ends at once, and threads spin
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": f"{PRELOAD}{os.pathsep}{REPOSITORY}",
        }


def forget() -> None:
    """Remove what libfaketime shares between a program and its children, where the program was killed."""
    for file in Path("/dev/shm").glob("*faketime_s*_*"):
        if not Path(f"/proc/{file.name.rpartition('_')[2]}").exists():
            with contextlib.suppress(OSError):
                file.unlink()
