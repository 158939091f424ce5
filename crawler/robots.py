"""What a site's robots.txt says of us (RFC 9309), asked once per site and run."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from protego import Protego
from yarl import URL

from crawler.failures import Failure, shown
from crawler.fetch import Fetched, Turn
from crawler.settings import ROBOT
from monitor.visits import Outcome

Ask = Callable[[str, Turn], Awaitable[Fetched]]
"""How a robots.txt is asked for: an address, and the lane's turn to take."""

LONGEST_DELAY: Final = timedelta(seconds=60)
"""A Crawl-delay is honoured up to this."""

_ENOUGH: Final = 512 * 1024  # RFC 9309 wants at least 500 KiB to be read
_TRIES: Final = 2  # a site that did not answer twice is not asked a third time in one run


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is known of one site; ``refusal`` stands for the whole site."""

    rules: Protego | None = None
    refusal: Failure | None = None


@dataclass(slots=True)
class _Site:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    known: _Rules | None = None
    failures: int = 0


class Robots:
    """The rules of all sites that a run comes to."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._sites: dict[str, _Site] = {}

    async def refusal(self, url: str, turn: Turn) -> Failure | None:
        """Return why an address must not be asked for, None where it may be.

        A site without a robots.txt (4xx) allows all, one whose robots.txt fails (5xx) forbids all; one that does not
        answer at all is reported as such: the address itself would show the same.
        """
        rules = await self._rules(url, turn)
        if rules.refusal is not None:
            return rules.refusal
        if rules.rules is not None and not rules.rules.can_fetch(url, ROBOT):
            reason = f"网站的 robots.txt 禁止采集 {shown(url)}"
            return Failure(outcome=Outcome.ROBOTS, reason=reason)
        return None

    def delay(self, url: str) -> timedelta | None:
        """Return the Crawl-delay of a site that was asked before, at most LONGEST_DELAY, or None."""
        site = self._sites.get(_origin(url))
        rules = site.known.rules if site is not None and site.known is not None else None
        seconds = rules.crawl_delay(ROBOT) if rules is not None else None
        return None if seconds is None else timedelta(seconds=min(seconds, LONGEST_DELAY.total_seconds()))

    async def _rules(self, url: str, turn: Turn) -> _Rules:
        origin = _origin(url)
        site = self._sites.setdefault(origin, _Site())
        async with site.lock:
            if site.known is not None:
                return site.known
            rules, final = _read(await self._ask(f"{origin}/robots.txt", turn))
            site.failures += not final
            if final or site.failures >= _TRIES:
                site.known = (
                    rules if rules.refusal is None else _Rules(refusal=replace(rules.refusal, retry_after=None))
                )
            return rules


def _origin(url: str) -> str:
    return str(URL(url).origin())


def _read(fetched: Fetched) -> tuple[_Rules, bool]:
    """Return what an answer says, and whether that holds for the rest of the run."""
    reply = fetched.reply
    if reply.outcome is None:
        return _Rules(Protego.parse(reply.body[:_ENOUGH].decode("utf-8-sig", "replace"))), True
    failure = Failure(outcome=reply.outcome, reason=reply.reason, status=reply.status, retry_after=reply.retry_after)
    if reply.outcome is Outcome.RATE_LIMITED:
        return _Rules(refusal=failure), False
    if reply.outcome is Outcome.FORBIDDEN_ADDRESS:
        # A site that is itself forbidden is refused by its own address; one whose robots.txt leads elsewhere has none.
        return _Rules(), True
    if reply.status is None:
        return _Rules(refusal=failure), False
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        reason = f"{reply.reason}，按规定视为禁止采集"
        return _Rules(refusal=replace(failure, outcome=Outcome.ROBOTS, reason=reason)), True
    return _Rules(), True
