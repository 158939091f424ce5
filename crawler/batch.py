"""What a batch of one lane must keep to, whatever it asks for: one request at a time, pauses, time, our own outages."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from crawler.contact import Contact
from crawler.lanes import Pace
from crawler.network import outage_reason
from crawler.standing import Said, Standing
from crawler.tools import NOT_REACHED, Asker, Tools
from monitor.proof import ControlSeen
from monitor.visits import Lane, Outcome, Source

OnPause = Callable[[Lane], Awaitable[None]]

LONGEST_REST: Final = timedelta(seconds=60)
"""A lane waits for so long within a batch; told to wait for longer, it asks nothing more in it."""

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class LaneState:
    """What is kept of a lane between its batches: its rhythm, its trouble, its control visit and whose that was."""

    pace: Pace
    used_at: datetime
    standing: Standing = field(default_factory=Standing)
    control: ControlSeen | None = None
    controlled_by: Source | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a batch is given: its lane, what is kept of that, what is shared, whom to tell, and until when (loop)."""

    lane: Lane
    state: LaneState
    tools: Tools
    on_pause: OnPause
    until: float | None = None


class Batch:
    """One batch of a lane; with no time given (``until``) it asks for everything."""

    def __init__(self, order: Order) -> None:
        self.order, self.lane, self.tools = order, order.lane, order.tools
        self.state, self.pace, self.standing = order.state, order.state.pace, order.state.standing
        self.clock = order.tools.web.clock
        self.asker = Asker(order.lane.name, order.state.pace, order.tools)
        self.count = 0
        self.answered = False

    def is_over(self) -> bool:
        """Say whether nothing further is to be begun: the time is spent, or we are offline.

        What a pause puts off is put off all the same: that asks nobody.
        """
        if self.order.until is None or self.count == 0 or self._is_away():
            return False
        late = asyncio.get_running_loop().time() >= self.order.until
        return late or self.tools.network.offline_since is not None

    async def is_paused(self) -> bool:
        """Wait out a pause that is nearly over; say whether the lane must be left alone for longer."""
        if self._is_away():
            return True
        left = self.standing.left(self.clock())
        if left is not None:
            await self.pace.rest(left)
            self.standing.end_pause()
        return False

    def _is_away(self) -> bool:
        left = self.standing.left(self.clock())
        return left is not None and left > LONGEST_REST

    async def heed(self, said: Said) -> None:
        """Heed what a server said about us."""
        self.answered = self.answered or said.outcome.proves
        changed = self.standing.hear(said, self.clock())
        if said.refuses_us:
            self.pace.slow_down()
        elif said.outcome.proves:
            self.pace.ease()
        if changed:
            await self.tell()

    async def tell(self) -> None:
        """Tell that a pause of the lane begins, or that the lane answers again after one."""
        lane = self.standing.of(self.lane)
        if lane.paused_until is None:
            _log.warning("lane answers again lane=%s", lane.name)
        else:
            until = lane.paused_until.isoformat()
            _log.warning("lane paused lane=%s until=%s for=%s level=%d", lane.name, until, lane.paused_for, lane.level)
        await self.order.on_pause(lane)

    async def own_outage(self, outcome: Outcome, status: int | None, started_at: datetime, zone: str) -> str:
        """Return that an attempt which reached nobody failed of our own outage, as a clause; "" where it did not."""
        lost = self.lost(outcome, status)
        if lost is None or not await self.tools.network.is_outage(lost, started_at):
            return ""
        return outage_reason(self.tools.network.offline_since or started_at, zone)

    def lost(self, outcome: Outcome, status: int | None) -> Contact | None:
        """Return how far the last attempt came, None where it reached somebody or failed otherwise."""
        contact = self.asker.contact
        failed = status is None and outcome in NOT_REACHED
        return contact if failed and contact is not Contact.REACHED else None
