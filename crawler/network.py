"""Our own network: whether it is we who are offline, before anybody else is said to be."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from crawler.contact import Contact
from crawler.fetch import Clock, Fetched
from crawler.probes import Probes

QUIET: Final = 120.0
"""Nobody may have been reached for so many seconds before lanes that fail together count as our own outage."""

LATELY: Final = 15.0
"""While somebody was reached within so many seconds, probes that do not answer are not believed."""

_LATELY: Final = timedelta(seconds=LATELY)

PATIENCE: Final = 5.0
"""So many seconds are waited for anybody's answer before failures are put down to ourselves."""

_ENOUGH: Final = 3  # lanes that fail together; where fewer are in use all of them, and two at least
_FEWEST: Final = 2
_IN_USE: Final = 86400.0
_NAMES_WANTED: Final = 600.0  # nobody asked for a name for so long: whether our resolver is dead is not known any more
_MOST_SUSPECTS: Final = 10_000
_NEVER: Final = float("-inf")

_log = logging.getLogger(__name__)


class Suspect(NamedTuple):
    """A visit that was handed over as its source's failure, and was our own outage (``since``)."""

    source_id: int
    started_at: datetime
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lost:
    """Since when, in a row, a lane reaches nobody; ``after`` is by the loop's clock."""

    after: float
    since: datetime


class _Layer:
    """Connections, or names: when anybody was found last, which lanes find nobody, and since when we are cut off."""

    def __init__(self) -> None:
        self.found_at = _NEVER
        self.since: datetime | None = None
        self.lost: dict[str, _Lost] = {}
        self.handed: deque[Suspect] = deque(maxlen=_MOST_SUSPECTS)

    def fresh(self) -> list[_Lost]:
        """Return what was lost since anybody was found: a server that was dead before tells nothing."""
        return [each for each in self.lost.values() if each.after > self.found_at]

    def found(self, now: float, lane: str | None) -> None:
        """Note that somebody was found; who was lost while we were cut off is not remembered as dead."""
        if self.since is not None:
            self.lost = {each: lost for each, lost in self.lost.items() if lost.after <= self.found_at}
        if lane is not None:
            self.lost.pop(lane, None)
        self.found_at, self.since = now, None
        self.handed.clear()


class Network:
    """Whether we are online, by what the requests of all lanes came to, and by asking probe addresses where there are.

    With probes, a request that reaches nobody has them asked, at most every ten seconds, and they decide at once.
    Without, three lanes must fail together while nobody is reached for two minutes; of fewer lanes in use all must, and
    a single one cannot tell. Any answer ends an outage. Names are looked at by themselves: where none is found any more
    while known addresses answer, our resolver is dead, and that is our own outage too. ``on_return`` is called when
    somebody is reached again.
    """

    on_return: Callable[[], None]

    def __init__(self, clock: Clock, probes: Probes, *, patience: float = PATIENCE, quiet: float = QUIET) -> None:
        self.probes = probes
        self.on_return = _nothing
        self._clock = clock
        self._patience, self._quiet = patience, quiet
        self._roads, self._names = _Layer(), _Layer()
        self._names_failed = _NEVER
        self._used: dict[str, float] = {}
        self._answered = asyncio.Event()
        self._told: deque[Suspect] = deque(maxlen=_MOST_SUSPECTS)
        self._said: datetime | None = None
        self._reached_at = clock()  # by the clock, which goes on while the machine sleeps

    @property
    def offline_since(self) -> datetime | None:
        """The moment (UTC) since which nobody, or no name, is found; None while we are online."""
        return min((each.since for each in (self._roads, self._names) if each.since is not None), default=None)

    def heard(self, lane: str, fetched: Fetched) -> None:
        """Note what a request of a lane came to."""
        now = asyncio.get_running_loop().time()
        if fetched.contact is not None:
            self._used[lane] = now
        if fetched.resolved:
            self._names.found(now, lane)
        if fetched.contact is Contact.REACHED:
            self._reached(now, lane)
        elif fetched.contact is not None:
            lost = _Lost(after=now, since=fetched.started_at)
            self._roads.lost.setdefault(lane, lost)
            if fetched.contact is Contact.NO_NAME:
                self._names.lost.setdefault(lane, lost)
                self._names_failed = now
        self._say()

    async def is_outage(self, contact: Contact, at: datetime) -> bool:
        """Say whether a request sent ``at``, which just came to no ``contact``, failed because we are offline."""
        if not self._is_down(contact) or self.probes.urls:
            before = self._roads.found_at
            reached = await self._ask_probes()
            lately = asyncio.get_running_loop().time() - before < LATELY and self._clock() - self._reached_at < _LATELY
            if reached is False and self._roads.found_at == before and not lately:  # a probe may be dead by itself
                self._declare(self._roads, at)
        if not self._is_down(contact):
            await self._decide(contact)
        self._say()
        return self._is_down(contact)

    async def look(self) -> bool:
        """Say whether we are online; while we are not, the probes are asked, where there are any and it is time to."""
        if self.offline_since is not None:
            await self._ask_probes()
            self._say()
        return self.offline_since is None

    def handed_over(self, source_id: int, started_at: datetime, contact: Contact) -> None:
        """Note that a visit that reached nobody was handed over as its source's failure."""
        layer = self._names if contact is Contact.NO_NAME else self._roads
        layer.handed.append(Suspect(source_id, started_at, started_at))

    def suspects(self) -> list[Suspect]:
        """Return, each once, the visits that were handed over as failures before the outage was known."""
        told = list(self._told)
        self._told.clear()
        return told

    def prune(self) -> None:
        """Forget the lanes that were not used for a day."""
        now = asyncio.get_running_loop().time()
        self._used = {lane: at for lane, at in self._used.items() if now - at < _IN_USE}
        for layer in (self._roads, self._names):
            layer.lost = {lane: each for lane, each in layer.lost.items() if lane in self._used}

    async def _ask_probes(self) -> bool | None:
        """Have the probes asked, if it is time to, and say whether any was reached; None where nothing is new."""
        asked = await self.probes.ask(self._clock)
        if asked is None:
            return None
        now = asyncio.get_running_loop().time()
        if asked.resolved:
            self._names.found(now, None)
        if asked.reached:
            self._reached(now, None)
        return asked.reached

    def _reached(self, now: float, lane: str | None) -> None:
        self._roads.found(now, lane)
        self._reached_at = self._clock()
        if lane is not None:
            self._names.lost.pop(lane, None)
        if now - self._names_failed > _NAMES_WANTED:
            self._names.since = None
        self._answered.set()

    def _is_down(self, contact: Contact) -> bool:
        return self._roads.since is not None or (contact is Contact.NO_NAME and self._names.since is not None)

    async def _decide(self, contact: Contact) -> None:
        """Find out from what the lanes came to, with a little patience: others may be about to be answered."""
        layers = [self._roads, self._names] if contact is Contact.NO_NAME else [self._roads]
        if not any(map(self._looks_down, layers)):
            return
        self._answered.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                await self._answered.wait()
        for layer in layers:
            if self._looks_down(layer):
                self._declare(layer, self._clock())

    def _looks_down(self, layer: _Layer) -> bool:
        now = asyncio.get_running_loop().time()
        used = sum(now - at < _IN_USE for at in self._used.values())
        return now - layer.found_at >= self._quiet and len(layer.fresh()) >= max(_FEWEST, min(_ENOUGH, used))

    def _declare(self, layer: _Layer, at: datetime) -> None:
        """Take it that we are offline, since the first loss, or ``at`` where there was none before."""
        if layer.since is not None:
            return
        layer.since = since = min((each.since for each in layer.fresh()), default=at)
        for each in (self._roads, self._names) if layer is self._roads else (layer,):
            self._told.extend(suspect._replace(since=since) for suspect in each.handed)
            each.handed.clear()

    def _say(self) -> None:
        """Log what changed."""
        was, now = self._said, self.offline_since
        self._said = now
        if was is None and now is not None:
            _log.error("own network down since=%s lanes=%d", now.isoformat(), len(self._roads.lost))
        if was is not None and now is None:
            _log.warning("own network up again, was down since=%s", was.isoformat())
            self.on_return()


def outage_reason(since: datetime, zone: str) -> str:
    """Return, as the beginning of a sentence, that we were offline ourselves; ``zone`` is an IANA name."""
    local = since.astimezone(ZoneInfo(zone))
    return f"本机网络中断（自{local.month}月{local.day}日{local:%H:%M}起）"


def _nothing() -> None:
    """Do nothing."""
