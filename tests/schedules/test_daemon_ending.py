"""A daemon that is told to stop is gone in time, also while it waits for something that hangs."""

import os
import signal
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from schedules.daemon import run_daemon
from schedules.office import Office
from schedules.threads import in_thread


def test_a_stop_while_the_daemon_starts_waits_for_nothing_that_hangs(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go, left = threading.Event(), list[int]()

    async def load(_: object) -> None:
        for _ in range(2):  # an impatient person asks twice
            os.kill(os.getpid(), signal.SIGTERM)
        await in_thread(let_go.wait, 50)

    def leave(status: int) -> None:  # the program itself would end here
        left.append(status)
        let_go.set()

    monkeypatch.setattr("schedules.daemon.Books.load", load)
    monkeypatch.setattr("schedules.daemon.GRACE", timedelta(seconds=0.3))
    quiet = replace(office, daemon=replace(office.daemon, listen=""))
    clock = partial(datetime.now, UTC)
    assert run_daemon(quiet, reload=lambda: quiet, clock=clock, leave=leave) == 0  # type: ignore[arg-type]
    assert left == [0]
