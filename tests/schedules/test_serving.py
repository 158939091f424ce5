"""What watches the daemon: /healthz and /metrics over a real port."""

import asyncio
import json
import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from schedules.metrics import Facts, Usage, exposition, usage
from schedules.serving import serving

NOW = datetime(2026, 10, 31, 1, tzinfo=UTC)
USED = Usage(threads=7, open_files=21, resident_bytes=90_000_000)

SAMPLE = re.compile(r'xunjian_([a-z_]+)(?:\{([a-z]+)="((?:[^"\\\n]|\\.)*)"\})? (\S+)')


def facts(**changes: Any) -> Facts:
    given: dict[str, Any] = {
        "at": NOW,
        "started_at": NOW - timedelta(days=3),
        "version": "0.1.0",
        "beat_at": NOW - timedelta(seconds=12),
        "ticked_at": NOW - timedelta(seconds=4),
        "lanes": 9,
        "lanes_paused": 1,
        "sources": {"well": 190, "failing": 10},
        "due": 3,
        "visits": {"NEW": 5, "TIMEOUT": 2},
        "visit_seconds": 12.5,
        "messages_waiting": {"office": 2},
        "messages_failed": {"office": 1},
        "job_success": {"inspect": NOW - timedelta(hours=1)},
        "jobs_running": {"collect": 1},
        "database_bytes": 4096,
        "disk_free": 10**10,
    }
    return Facts(**given | changes)


def samples(text: str) -> dict[tuple[str, str], float]:
    """The figures by name and label's value; every line must be one, or say HELP or TYPE of one."""
    found = {}
    for line in text.removesuffix("\n").split("\n"):
        if not line.startswith("# "):
            match = SAMPLE.fullmatch(line)
            assert match, line
            found[match[1], match[3] or ""] = float(match[4])
    return found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


async def asked(port: int, path: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, answer.headers["Content-Type"], await answer.text()


def served(given: Callable[[], Facts], *paths: str) -> list[tuple[int, str, str]]:
    async def run() -> list[tuple[int, str, str]]:
        port = free_port()
        async with serving(f"127.0.0.1:{port}", given) as trouble:
            assert trouble == ""
            return [await asked(port, path) for path in paths]

    return asyncio.run(run())


def test_figures_as_prometheus_reads_them() -> None:
    text = exposition(facts(clock_offset=timedelta(seconds=-2.5)), USED)
    found = samples(text)
    assert found["visits_total", "TIMEOUT"] == 2
    assert found["visit_seconds_sum", ""] == 12.5
    assert found["visit_seconds_count", ""] == 7
    assert found["sources", "failing"] == 10
    assert found["messages_waiting", "office"] == 2
    assert found["messages_failed", "office"] == 1
    assert found["job_last_success_seconds", "inspect"] == (NOW - timedelta(hours=1)).timestamp()
    assert found["jobs_running", "collect"] == 1
    assert found["beat_age_seconds", ""] == 12
    assert found["clock_offset_seconds", ""] == -2.5
    assert (found["offline", ""], found["ticking", ""], found["storage_trouble", ""]) == (0, 1, 0)
    assert (found["threads", ""], found["open_files", ""], found["resident_memory_bytes", ""]) == (7, 21, 90_000_000)
    assert "# TYPE xunjian_visits_total counter" in text
    assert "# TYPE xunjian_sources gauge" in text


def test_every_figure_is_explained_once_before_it_is_given() -> None:
    lines = exposition(facts(), USED).splitlines()
    explained: list[str] = []
    for line in lines:
        match line.split(" "):
            case ["#", "HELP", name, *words]:
                assert name not in explained
                assert words
                explained.append(name)
            case ["#", "TYPE", name, kind]:
                assert explained[-1] == name
                assert kind in {"gauge", "counter", "summary"}
            case [sample, _number]:
                name = sample.partition("{")[0]
                assert name == explained[-1] or name.removesuffix("_sum").removesuffix("_count") == explained[-1]


def test_labels_are_escaped() -> None:
    text = exposition(facts(messages_waiting={'办公室 "a\\b"\nx': 3}), USED)
    assert 'xunjian_messages_waiting{channel="办公室 \\"a\\\\b\\"\\nx"} 3' in text.splitlines()


def test_what_is_not_known_is_left_out() -> None:
    found = samples(
        exposition(
            facts(beat_at=None, ticked_at=None, database_bytes=None, disk_free=None),
            Usage(threads=1, open_files=None, resident_bytes=None),
        )
    )
    assert not {"beat_age_seconds", "last_tick_seconds", "clock_offset_seconds", "database_bytes"} & {
        name for name, _ in found
    }


def test_usage_tells_of_this_very_program() -> None:
    used = usage()
    with socket.socket():
        more = usage()
    assert used.threads >= 1
    assert used.open_files is not None
    assert more.open_files == used.open_files + 1
    assert used.resident_bytes is not None
    assert used.resident_bytes > 10_000_000


def test_health_and_metrics_are_served() -> None:
    (status, kind, body), (metrics_status, metrics_kind, metrics), (missing, _, _) = served(
        facts, "/healthz", "/metrics", "/"
    )
    assert (status, kind) == (200, "application/json; charset=utf-8")
    assert json.loads(body) == {
        "ok": True,
        "beat_age_seconds": 12.0,
        "last_tick": "2026-10-31T00:59:56+00:00",
        "ticking": True,
        "offline_since": None,
        "storage_error": None,
    }
    assert (metrics_status, metrics_kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert samples(metrics)["lanes_paused", ""] == 1
    assert missing == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"beat_at": NOW - timedelta(minutes=5, seconds=1)}, 503, id="no beat for five minutes"),
        pytest.param({"beat_at": None}, 503, id="no beat at all"),
        pytest.param({"ticking": False}, 503, id="does not look for due sources"),
        pytest.param({"storage_error": "数据库：磁盘空间已满。"}, 503, id="cannot store"),
        pytest.param({"offline_since": NOW - timedelta(hours=1)}, 200, id="offline: a restart would not help"),
    ],
)
def test_health_in_trouble(changes: dict[str, Any], status: int) -> None:
    ((told, _, body),) = served(lambda: facts(**changes), "/healthz")
    assert told == status
    assert json.loads(body)["ok"] is (status == 200)


def test_a_port_in_use_is_said_and_ends_nothing() -> None:
    async def run(port: int) -> tuple[str, bool]:
        async with serving(f"127.0.0.1:{port}", facts) as trouble:
            return trouble, True

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        trouble, ran = asyncio.run(run(port))
    assert ran
    assert trouble == (
        f"运行情况的端口 127.0.0.1:{port} 已被其他程序占用，/healthz 和 /metrics 没有提供，其余照常；请修改 [daemon] listen。"
    )


def test_an_address_of_another_machine_is_said() -> None:
    async def run() -> str:
        async with serving("192.0.2.1:9469", facts) as trouble:
            return trouble

    assert "192.0.2.1:9469 不能使用（" in asyncio.run(run())


def test_nothing_is_served_where_nothing_is_to_be() -> None:
    async def run() -> str:
        async with serving("", facts) as trouble:
            return trouble

    assert asyncio.run(run()) == ""


def test_the_port_is_free_again_at_the_end() -> None:
    port = free_port()

    async def run() -> None:
        async with serving(f"127.0.0.1:{port}", facts):
            assert (await asked(port, "/healthz"))[0] == 200

    asyncio.run(run())
    asyncio.run(run())
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=1):
        pass


def test_facts_that_cannot_be_told_are_no_health(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Facts:
        raise RuntimeError("no facts")

    assert [status for status, _, _ in served(broken, "/healthz", "/metrics")] == [500, 500]
    assert "no facts" in caplog.text
