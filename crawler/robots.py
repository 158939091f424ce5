"""What a site's robots.txt says of us (RFC 9309), asked once a day."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from protego import Protego
from yarl import URL

from crawler.failures import Failure, shown
from crawler.fetch import Clock, Fetched
from crawler.settings import ROBOT
from monitor.visits import Outcome

Ask = Callable[[str], Awaitable[Fetched]]
"""How a robots.txt is asked for, in the turns of a lane."""

LONGEST_DELAY: Final = timedelta(seconds=60)
"""A Crawl-delay is honoured up to this."""

KNOWN_FOR: Final = timedelta(hours=24)
"""Rules are asked for anew after this (RFC 9309 wants no longer), and forgotten where nobody asked for so long."""

FAILED_FOR: Final = timedelta(minutes=10)
"""A site that failed to give its rules is asked again after this."""

_ENOUGH: Final = 512 * 1024  # RFC 9309 wants at least 500 KiB to be read
_ZERO: Final = timedelta(0)
_TRIES: Final = 2  # a site that did not answer twice is left alone for FAILED_FOR


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is known of one site; ``refusal`` stands for the whole site."""

    rules: Protego | None = None
    refusal: Failure | None = None


@dataclass(slots=True)
class _Site:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    known: _Rules | None = None
    known_at: datetime | None = None
    used_at: datetime | None = None
    failures: int = 0

    def renew(self, now: datetime) -> None:
        """Forget what is too old by now, or from a time to come: our clock was set back."""
        failed = self.known is None or self.known.refusal is not None
        if self.known_at is not None and not _ZERO <= now - self.known_at < (FAILED_FOR if failed else KNOWN_FOR):
            self.known, self.known_at, self.failures = None, None, 0


class Robots:
    """The rules of all sites that we come to, each known for a day."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sites: dict[str, _Site] = {}

    async def refusal(self, url: str, ask: Ask) -> Failure | None:
        """Return why an address must not be asked for, None where it may be.

        A site without a robots.txt (4xx) allows all, one whose robots.txt fails (5xx) forbids all; one that does not
        answer at all is reported as such: the address itself would show the same.
        """
        rules = await self._rules(url, ask)
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

    def forget_failures(self) -> None:
        """Ask those sites anew that failed to give their rules: it was our own network that failed."""
        for site in self._sites.values():
            if site.known is None or site.known.refusal is not None:
                site.known, site.known_at, site.failures = None, None, 0

    def prune(self) -> None:
        """Forget the sites that nobody came to for a day."""
        now = self._clock()
        for origin, site in list(self._sites.items()):
            used = site.used_at
            if not site.lock.locked() and (used is None or not _ZERO <= now - used < KNOWN_FOR):
                del self._sites[origin]

    async def _rules(self, url: str, ask: Ask) -> _Rules:
        origin = _origin(url)
        site = self._sites.setdefault(origin, _Site())
        async with site.lock:
            now = site.used_at = self._clock()
            site.renew(now)
            if site.known is not None:
                return site.known
            rules, final = _read(await ask(f"{origin}/robots.txt"))
            if rules.refusal is not None and rules.refusal.outcome is Outcome.RATE_LIMITED:
                return rules  # its lane pauses now, and asks again after that
            site.failures += not final
            site.known_at = now
            if final or site.failures >= _TRIES:
                site.known = (
                    rules if rules.refusal is None else _Rules(refusal=replace(rules.refusal, retry_after=None))
                )
            return rules


def _origin(url: str) -> str:
    return str(URL(url).origin())


def _read(fetched: Fetched) -> tuple[_Rules, bool]:
    """Return what an answer says, and whether that holds until it is too old."""
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
