"""Reads bodies in child processes: off the event loop, under a time limit, and without harm from a crash."""

import asyncio
import contextlib
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Self

from crawler.sources import Answer, Reading, read
from crawler.worker import LENGTH
from monitor.errors import XunjianError
from monitor.visits import NO_SELECTORS, Selectors

Reader = Callable[[Answer, str, datetime, str, Selectors], Reading]

# Not multiprocessing: its children run the parent's main module again, and its pools cannot end one child alone.
_CODE: Final = "import sys; sys.path[:] = {path}; from crawler.worker import serve; serve()"
_TRIES: Final = 2


class ParseError(XunjianError):
    """A body could not be read for a reason that lies in the reading."""


class ParseTimeoutError(ParseError):
    """Reading a body took longer than it may."""


class ParsePool:
    """Up to ``workers`` children, started when they are needed; use it as an asynchronous context manager.

    A child lives in a session of its own, so that Ctrl-C reaches the parent alone, and ends when its pipe does.
    """

    def __init__(self, workers: int, limit: timedelta, reader: Reader = read) -> None:
        self._seats = asyncio.Semaphore(workers)
        self._limit = limit
        self._reader = reader
        self._idle: list[Process] = []
        self._all: set[Process] = set()
        self._starting: set[asyncio.Task[Process]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def read(
        self, answer: Answer, kind: str, at: datetime, zone: str, selectors: Selectors = NO_SELECTORS
    ) -> Reading:
        """Read a body in a child. Raises ParseTimeoutError, and ParseError where the reader failed or died twice."""
        for _ in range(_TRIES):
            try:
                async with self._seats:
                    worked, result = await self._ask((answer, kind, at, zone, selectors))
            except TimeoutError as error:
                raise ParseTimeoutError(f"解析超时：{self._limit.total_seconds():g} 秒内没有完成") from error
            except (asyncio.IncompleteReadError, ConnectionError):
                continue  # the child died, perhaps not of this body
            if not worked:
                raise ParseError(f"解析程序出错（{result}）")
            assert isinstance(result, Reading)
            return result
        raise ParseError("解析程序异常退出")

    async def close(self) -> None:
        """End all children."""
        await asyncio.gather(*self._starting, return_exceptions=True)
        self._idle.clear()
        for child in tuple(self._all):
            await self._end(child)

    async def _ask(self, arguments: tuple[object, ...]) -> tuple[bool, object]:
        """Have one child do one call; a child that did not answer is ended, whatever the reason."""
        child = self._idle.pop() if self._idle else await self._start()
        try:
            async with asyncio.timeout(self._limit.total_seconds()):
                answer = await _call(child, arguments)
        except BaseException:
            await self._end(child)
            raise
        self._idle.append(child)
        return answer

    async def _start(self) -> Process:
        """Start a child; a call that is cancelled meanwhile leaves it to ``close``, not half started behind."""
        starting = asyncio.create_task(self._spawn())
        self._starting.add(starting)
        starting.add_done_callback(self._starting.discard)
        return await asyncio.shield(starting)

    async def _spawn(self) -> Process:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _CODE.format(path=sys.path), stdin=PIPE, stdout=PIPE, start_new_session=True
        )
        self._all.add(child)
        with contextlib.suppress(ConnectionError):  # a child that died at once is found out by the first call
            await _send(child, (self._reader, self._limit.total_seconds()))
        return child

    async def _end(self, child: Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
        self._all.discard(child)


async def _call(child: Process, arguments: tuple[object, ...]) -> tuple[bool, object]:
    await _send(child, arguments)
    assert child.stdout is not None  # asked for above
    (length,) = LENGTH.unpack(await child.stdout.readexactly(LENGTH.size))
    worked, result = pickle.loads(await child.stdout.readexactly(length))  # noqa: S301  from our own child
    return bool(worked), result


async def _send(child: Process, value: object) -> None:
    assert child.stdin is not None  # asked for above
    body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    child.stdin.write(LENGTH.pack(len(body)) + body)
    await child.stdin.drain()
