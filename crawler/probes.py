"""Addresses that tell whether we are online: any sign of life from any of them will do."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import aiohttp
from yarl import URL

from crawler.addresses import ForbiddenAddressError, check_host
from crawler.contact import Touch
from crawler.fetch import Clock, open_session
from crawler.settings import CrawlSettings

EVERY: Final = 10.0
"""They are asked at most once in so many seconds."""

LIMIT: Final = 5.0
"""So many seconds they have to answer."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What asking the probes came to: whether any was reached, and whether a name was resolved for it."""

    reached: bool
    resolved: bool


class Probes:
    """The addresses, and when they were asked last. They are subject to the same rules as any other address."""

    def __init__(self, urls: Sequence[str], settings: CrawlSettings, *, every: float = EVERY) -> None:
        self.urls = tuple(urls)
        self.settings = settings
        self._every = every
        self._lock = asyncio.Lock()
        self._asked_at = float("-inf")
        self._asked_by_clock = datetime.min.replace(tzinfo=UTC)

    async def ask(self, clock: Clock) -> Asked | None:
        """Ask all of them together, and return what it came to; None where that was just done, or there are none.

        Just done is what was done so by the loop's time, which stands still while the machine sleeps, and by the clock.
        """
        if not self.urls:
            return None
        async with self._lock:
            loop = asyncio.get_running_loop()
            lately = abs((clock() - self._asked_by_clock).total_seconds()) < self._every
            if lately and loop.time() - self._asked_at < self._every:
                return None
            said = await self._ask_all()
            self._asked_at, self._asked_by_clock = loop.time(), clock()
            _log.info("probes reached=%s resolved=%s", said.reached, said.resolved)
            return said

    async def _ask_all(self) -> Asked:
        async with open_session(replace(self.settings, timeout=timedelta(seconds=LIMIT))) as session:
            touches = await asyncio.gather(*(self._ask_one(session, url) for url in self.urls))
        return Asked(reached=any(each.connected for each in touches), resolved=any(each.resolved for each in touches))

    async def _ask_one(self, session: aiohttp.ClientSession, url: str) -> Touch:
        touch = Touch()
        try:
            check_host(URL(url).raw_host or "", self.settings.allow_private)
            async with (
                asyncio.timeout(LIMIT),
                session.get(url, allow_redirects=False, trace_request_ctx=touch),
            ):
                touch.connected = True
        except (aiohttp.ClientError, OSError, ValueError, ForbiddenAddressError):
            pass
        return touch
