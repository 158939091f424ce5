import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from crawler.pool import ParseError, ParsePool, ParseTimeoutError, Reader
from crawler.sources import Answer, Reading
from crawler.sources import read as read_source
from monitor.visits import Outcome
from tests.crawler.badserver import rss
from tests.crawler.slowreaders import by_body, pid

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
T = TypeVar("T")
REPOSITORY = Path(__file__).resolve().parents[2]


def alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def dies(number: int, within: float = 30) -> bool:
    end = time.monotonic() + within
    while alive(number) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(number)


async def ask(pool: ParsePool, body: str) -> Reading:
    return await pool.read(Answer(body=body.encode()), "feed", NOW, "Asia/Shanghai")


def in_pool(what: Callable[[ParsePool], Awaitable[T]], reader: Reader, *, limit: float = 60, workers: int = 1) -> T:
    async def main() -> T:
        async with ParsePool(workers, timedelta(seconds=limit), reader) as pool:
            return await what(pool)

    return asyncio.run(main())


def test_bodies_are_read_in_another_process_with_the_arguments_as_they_are() -> None:
    reading = in_pool(lambda pool: ask(pool, "x"), pid)
    assert int(reading.listing.title) != os.getpid()
    assert reading.reason == f"feed {NOW} Asia/Shanghai"


def test_the_product_reader_works_in_a_child() -> None:
    body = rss(timedelta(hours=1), timedelta(days=3), at=NOW)
    reading = in_pool(lambda pool: pool.read(Answer(body=body), "feed", NOW, "Asia/Shanghai"), read_source)
    assert reading.outcome is Outcome.NEW
    assert len(reading.listing.items) == 2


def test_one_child_serves_many_calls_and_more_are_started_only_when_needed() -> None:
    async def main(pool: ParsePool) -> tuple[set[str], set[str]]:
        one_by_one = {(await ask(pool, "x")).listing.title for _ in range(3)}
        together = {each.listing.title for each in await asyncio.gather(*(ask(pool, "x") for _ in range(20)))}
        return one_by_one, together

    one_by_one, together = in_pool(main, pid, workers=2)
    assert len(one_by_one) == 1
    assert len(together) == 2


def test_large_results_and_prints_do_not_disturb_the_talk() -> None:
    async def main(pool: ParsePool) -> tuple[int, str]:
        big = await ask(pool, "big")
        return len(big.listing.title), (await ask(pool, "print")).reason

    assert in_pool(main, by_body) == (5_000_000, f"feed {NOW} Asia/Shanghai")


def test_body_that_takes_too_long_is_given_up_and_its_child_ended() -> None:
    async def main(pool: ParsePool) -> None:
        patience, child = pool._limit, (await ask(pool, "x")).listing.title
        pool._limit = timedelta(seconds=1)  # a child needs none of it to be started
        with pytest.raises(ParseTimeoutError, match="解析超时：1 秒"):
            await ask(pool, "hang")
        assert not alive(int(child))
        pool._limit = patience
        assert (await ask(pool, "x")).listing.title != child

    in_pool(main, by_body)


def test_child_that_dies_is_replaced_and_the_body_tried_once_more(tmp_path: Path) -> None:
    reading = in_pool(lambda pool: ask(pool, f"die-once {tmp_path / 'died'}"), by_body)
    assert reading.outcome is Outcome.NEW


def test_body_that_kills_every_child_is_an_error_and_the_pool_lives_on() -> None:
    async def main(pool: ParsePool) -> Reading:
        with pytest.raises(ParseError, match="异常退出"):
            await ask(pool, "die")
        with pytest.raises(ParseError, match="RuntimeError: broken"):
            await ask(pool, "raise")
        return await ask(pool, "x")

    assert in_pool(main, by_body).outcome is Outcome.NEW


def test_cancelled_call_ends_its_child_and_no_child_outlives_the_pool(tmp_path: Path) -> None:
    async def main(pool: ParsePool) -> int:
        idle = int((await ask(pool, "x")).listing.title)
        calls = [asyncio.create_task(ask(pool, f"hang {tmp_path / 'pid'}")) for _ in range(2)]
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():  # noqa: ASYNC110  a child's doing
            await asyncio.sleep(0.01)
        calls[0].cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await calls[0]
        calls[1].cancel()
        return idle

    assert dies(in_pool(main, by_body))
    assert dies(int((tmp_path / "pid").read_text()))


LIMIT, GRACE = 3, 3  # seconds: what the child is told, and what it adds itself
PARENT = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from crawler.pool import ParsePool
from crawler.sources import Answer
from tests.crawler.slowreaders import by_body

async def main():
    async with ParsePool(1, timedelta(seconds=LIMIT), by_body) as pool:
        pool._idle.append(await pool._start())
        pool._limit = timedelta(seconds=60)  # for this side alone: the child has been told already
        print((await pool.read(Answer(body=b"x"), "", datetime.now(UTC), "UTC")).listing.title, flush=True)
        if sys.argv[1:]:
            await pool.read(Answer(body=("hang " + sys.argv[1]).encode()), "", datetime.now(UTC), "UTC")
        await asyncio.sleep(60)

asyncio.run(main())
""".replace("LIMIT", str(LIMIT))


def start_parent(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PARENT, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        start_new_session=True,
    )


def first_line(parent: subprocess.Popen[str]) -> int:
    assert parent.stdout is not None
    return int(parent.stdout.readline())


@pytest.mark.chaos
@pytest.mark.slow
def test_child_that_hangs_ends_by_itself_when_its_parent_is_killed(tmp_path: Path) -> None:
    began = time.monotonic()
    with start_parent(str(tmp_path / "pid")) as parent:
        child = first_line(parent)
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.02)
        parent.kill()
    # The call's time and three seconds of grace: then the kernel ends it.
    assert alive(child) or time.monotonic() - began > LIMIT + GRACE
    assert dies(child, within=LIMIT + GRACE + 30)


@pytest.mark.chaos
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_idle_child_ends_with_its_parent_at_once(how: signal.Signals) -> None:
    with start_parent() as parent:
        child = first_line(parent)
        assert os.getpgid(child) != parent.pid  # Ctrl-C goes to the parent's group
        os.killpg(parent.pid, how)
        _, errors = parent.communicate(timeout=60)
    assert dies(child)
    assert "worker.py" not in errors
