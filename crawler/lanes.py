"""Lanes (采集通道): which one an address belongs to, and the turns that its requests take."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import lru_cache
from typing import Final

from yarl import URL

from crawler.settings import LaneConfig

Sleep = Callable[[float], Awaitable[None]]

INVALID: Final = "无效地址"
"""The lane of what is no address."""

LONGEST_DELAY: Final = timedelta(seconds=60)
"""A lane is slowed down no further than this, by its servers' refusals or by their robots.txt."""

_SLOWED: Final = timedelta(seconds=1)  # at least, where a lane has no delay of its own


def lane_of(url: str, lanes: Sequence[LaneConfig]) -> str:
    """Return the name of the lane that an address belongs to; a host that no lane names is its own lane.

    A lane that names host:port comes before one that names the bare host; else the first one counts.
    """
    try:
        address = URL(url)
    except ValueError:
        return INVALID
    if not address.raw_host:
        return INVALID
    host = _plain(address.raw_host)
    for named in (f"{host}:{address.port}", host):
        for lane in lanes:
            if any(_named(each) == named for each in lane.hosts):
                return lane.name
    return host


class Pace:
    """The rhythm of one lane: one request at a time, ``delay`` from the end of one to the next one's start.

    ``under_way`` is shared by all lanes: it holds as many requests as may be under way together.
    """

    def __init__(self, delay: timedelta, under_way: asyncio.Semaphore, sleep: Sleep) -> None:
        self.delay = delay
        self._floor = delay
        self._under_way = under_way
        self._sleep = sleep
        self._ended: float | None = None

    def retune(self, delay: timedelta, under_way: asyncio.Semaphore) -> None:
        """Go on with what another batch is told; when the last request ended, and how slow it got, stays known."""
        self._floor, self._under_way = delay, under_way
        self.delay = max(self.delay, delay)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the lane's next turn, and take it."""
        loop = asyncio.get_running_loop()
        if self._ended is not None:
            wait = self._ended + self.delay.total_seconds() - loop.time()
            if wait > 0:
                await self._sleep(wait)
        async with self._under_way:
            try:
                yield
            finally:
                self._ended = loop.time()

    async def rest(self, wait: timedelta) -> None:
        """Let the whole lane wait, as a server asked."""
        await self._sleep(wait.total_seconds())

    def slow_down(self) -> None:
        """Double the delay, up to LONGEST_DELAY: a server refuses us without saying for how long."""
        self.delay = max(self.delay, min(max(self.delay * 2, _SLOWED), LONGEST_DELAY))

    def ease(self) -> None:
        """Halve what ``slow_down`` has doubled: a server answers again."""
        self.delay = max(self.delay / 2, self._floor)

    def at_least(self, delay: timedelta) -> None:
        """Keep a delay for the rest of the batch, where it is longer than the lane's own."""
        self._floor = max(self._floor, delay)
        self.delay = max(self.delay, self._floor)


@lru_cache(maxsize=4096)
def _named(host: str) -> str:
    """Return a host or host:port of the configuration as ``lane_of`` compares it."""
    try:
        address = URL(f"//{host.strip()}")
        port = address.explicit_port
    except ValueError:
        return ""
    plain = _plain(address.raw_host or "")
    return plain if port is None else f"{plain}:{port}"


def _plain(host: str) -> str:
    return host.lower().rstrip(".")
