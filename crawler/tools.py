"""What all lanes share: the session, the children that read bodies, the rules of sites, what we know of ourselves."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from crawler.clocks import ClockCheck
from crawler.contact import Contact
from crawler.failures import Failure
from crawler.fetch import Fetched, Web, fetch
from crawler.lanes import Pace
from crawler.network import Network
from crawler.pool import ParsePool
from crawler.robots import Robots
from crawler.visiting import LaneAt
from monitor.visits import Memory, Outcome

NOT_REACHED = frozenset({Outcome.DNS, Outcome.REFUSED, Outcome.TIMEOUT, Outcome.LOCAL_OUTAGE})
"""What a visit that reached nobody may be called."""


@dataclass(slots=True, kw_only=True)
class Tools:
    """What batches are made with; ``users`` are the batches under way."""

    web: Web
    pool: ParsePool
    own_pool: bool
    under_way: asyncio.Semaphore
    lane_at: LaneAt
    network: Network
    clock_check: ClockCheck
    robots: Robots = field(init=False)
    users: int = 0

    def __post_init__(self) -> None:
        self.robots = Robots(self.web.clock)

    async def close(self) -> None:
        """Close what is held open."""
        await self.web.session.close()
        if self.own_pool:
            await self.pool.close()


class Asker:
    """Asks for addresses in the turns of one lane, and notes what the requests of one visit tell besides."""

    def __init__(self, lane: str, pace: Pace, tools: Tools) -> None:
        self._lane, self._pace, self._tools = lane, pace, tools
        self.contact: Contact | None = None
        """How far the best request since ``begin`` came; None where nobody was asked."""

    def begin(self) -> None:
        """Begin a visit."""
        self.contact = None

    async def ask(self, url: str, memory: Memory) -> Fetched:
        """Ask for an address, if its site allows."""
        obey = self._tools.web.settings.obey_robots
        permit = self._permit if obey else None
        return self._heard(await fetch(self._tools.web, url, self._pace.turn, memory=memory, permit=permit))

    async def _permit(self, url: str) -> Failure | None:
        robots = self._tools.robots
        refusal = await robots.refusal(url, self._ask_robots)
        self._pace.at_least(robots.delay(url) or timedelta(0))
        if refusal is not None and refusal.status is None and refusal.outcome in NOT_REACHED:
            lost = Contact.NO_NAME if refusal.outcome is Outcome.DNS else Contact.NO_ROAD
            self.contact = self.contact or lost  # also where the site is known to be out of reach, and was not asked
        return refusal

    async def _ask_robots(self, url: str) -> Fetched:
        return self._heard(await fetch(self._tools.web, url, self._pace.turn, label="网站规则文件"))

    def _heard(self, fetched: Fetched) -> Fetched:
        if self.contact is not Contact.REACHED:
            self.contact = fetched.contact or self.contact
        self._tools.network.heard(self._lane, fetched)
        self._tools.clock_check.heard(self._lane, fetched.ahead)
        return fetched
