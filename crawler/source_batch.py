"""One lane's way through some of its sources: exactly one visit each, a lane's control source before them."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from crawler.batch import Batch, Order
from crawler.failures import shown
from crawler.look import control_seen, look
from crawler.network import outage_reason
from crawler.standing import Said, best_probe, who
from crawler.visiting import Channel, Look, unasked
from monitor.proof import ControlSeen
from monitor.visits import Memory, Outcome, Source, Visit

OnVisit = Callable[[Visit], Awaitable[None]]

CONTROL_FOR: Final = timedelta(minutes=30)
"""A control visit serves the visits after it for so long; well under the 60 minutes of COVERAGE rule 5."""

FAILED_CONTROL_FOR: Final = timedelta(minutes=5)
"""A control source that could not be read is asked again after this."""

_CONTROL_TRIES: Final = 2

_log = logging.getLogger(__name__)


class SourceBatch(Batch):
    """One batch; ``spare`` is another source of the lane, asked where its trouble wants a probe and it is the best."""

    def __init__(self, order: Order, on_visit: OnVisit, spare: Source | None = None) -> None:
        super().__init__(order)
        self.on_visit = on_visit
        self.spare = spare
        control = None if self.lane.control is None else replace(self.lane.control, memory=Memory())
        if control != self.state.controlled_by:
            self.state.controlled_by, self.state.control = control, None

    @property
    def channel(self) -> Channel:
        """The lane as a visit must know it."""
        control = None
        if self.lane.control is not None:
            # A lane that names a control source proves nothing before that was seen, however a batch goes.
            unseen = ControlSeen(at=self.clock(), newest=None, ok=False, reason="本次尚未采集")
            control = self.state.control or unseen
        max_age = self.lane.control_max_age
        doubt = partial(self.tools.clock_check.doubt, self.lane.name)
        return Channel(
            name=self.lane.name, control=control, max_age=max_age, lane_at=self.tools.lane_at, clock_doubt=doubt
        )

    async def run(self, sources: Sequence[Source]) -> int:
        """Visit the sources in order while there is time; return how many were, or were put off.

        One that the lane must not ask now is put off, with a visit that says so.
        """
        queue = list(sources)
        while queue and not self.is_over():
            online = await self.see_control()
            if await self.is_paused():
                await self.hand_over(Look(visit=self.put_off(queue.pop(0)), asked=False))
            elif not online:
                await self.hand_over(Look(visit=self.cut_off(queue.pop(0)), asked=False))
            else:
                source = self.next_of(queue)
                await self.hand_over(await self.visit(source, self.channel))
            self.count += 1
        if not queue:
            await self.settle()
        return self.count

    def next_of(self, queue: list[Source]) -> Source:
        """Take the next source from the queue; where the lane's trouble wants a probe, the one that tells most."""
        if self.standing.wants_probe:
            spare = [] if self.spare is None or self.spare in queue else [self.spare]
            best = best_probe([*queue, *spare], self.standing.doubted)
            if best is not None and best in queue:
                queue.remove(best)
                return best
            if best is not None:
                self.spare = None
                return best
        return queue.pop(0)

    async def settle(self) -> None:
        """Decide about a lane that is left in doubt when there is no other source: it pauses, unless one answered."""
        if not self._left_in_doubt():
            return
        if self.spare is not None and who(self.spare) != self.standing.doubted:
            spare, self.spare = self.spare, None
            await self.hand_over(await self.visit(spare, self.channel))
            self.count += 1
        if self._left_in_doubt():
            self.standing.pause(self.clock(), Outcome.BLOCKED)
            await self.tell()

    def _left_in_doubt(self) -> bool:
        return self.standing.in_doubt and not self.answered

    async def see_control(self) -> bool:
        """Visit the lane's control source in full, where the last visit to it is too old; say whether we are online."""
        source = self.lane.control
        if source is None or self._control_holds():
            return True
        source = replace(source, memory=Memory(moved_to=source.memory.moved_to))
        for _ in range(_CONTROL_TRIES):
            if await self.is_paused():
                return True
            seen = await self.visit(source, Channel(name=self.lane.name))
            if seen.visit.outcome is Outcome.LOCAL_OUTAGE:
                self.state.control = None
                await self.hand_over(seen)
                return False
            control = self.state.control = control_seen(seen.visit)
            await self.hand_over(seen)
            if control.ok or seen.visit.outcome is Outcome.BLOCKED:
                break
        return True

    def _control_holds(self) -> bool:
        seen = self.state.control
        if seen is None:
            return False
        return timedelta(0) <= self.clock() - seen.at <= (CONTROL_FOR if seen.ok else FAILED_CONTROL_FOR)

    async def visit(self, source: Source, channel: Channel) -> Look:
        """Visit a source; a fault of our own is a visit too, and ends nothing."""
        self.asker.begin()
        try:
            seen = await look(source, channel, self.asker.ask, self.tools.pool, self.tools.web.settings.pages_per_visit)
            visit = seen.visit
            outage = await self.own_outage(visit.outcome, visit.status, visit.started_at, source.timezone)
        except Exception as error:  # noqa: BLE001  whatever it is, one source must not end the sweep
            _log.exception("visit failed source=%s lane=%s url=%s", source.source_id, channel.name, shown(source.url))
            reason = f"采集地址 {shown(source.url)}：采集程序内部错误（{type(error).__name__}）"
            return Look(visit=unasked(source, channel, self.clock(), Outcome.SERVER_ERROR, reason))
        if outage:
            visit = replace(visit, outcome=Outcome.LOCAL_OUTAGE, reason=f"{outage}：{visit.reason}")
            return replace(seen, visit=visit)
        return seen

    async def hand_over(self, seen: Look) -> None:
        """Hand a visit over, then heed what its server said about us, if it was asked."""
        visit = seen.visit
        lost = self.lost(visit.outcome, visit.status) if seen.asked else None
        _log_visit(visit)
        await self.on_visit(visit)
        if lost is not None and visit.outcome is not Outcome.LOCAL_OUTAGE:
            self.tools.network.handed_over(visit.source_id, visit.started_at, lost)
        if seen.asked:
            said = Said(who=visit.url, outcome=visit.outcome, status=visit.status, retry_after=seen.retry_after)
            await self.heed(said)

    def put_off(self, source: Source) -> Visit:
        """Return the visit of a source that is not asked because the lane is paused."""
        until = self.standing.paused_until
        assert until is not None  # asked before
        local = f"{until.astimezone(ZoneInfo(source.timezone)):%Y-%m-%d %H:%M}"
        outcome = Outcome.BLOCKED if self.standing.paused_for is Outcome.BLOCKED else Outcome.RATE_LIMITED
        why = "被服务器拒绝访问" if outcome is Outcome.BLOCKED else "被要求放慢访问"
        reason = f"采集通道“{self.lane.name}”{why}，{local} 之前不再访问，本次未采集"
        return unasked(source, Channel(name=self.lane.name), self.clock(), outcome, reason)

    def cut_off(self, source: Source) -> Visit:
        """Return the visit of a source that is not asked because we are offline, and its control could not be."""
        since = self.tools.network.offline_since or self.clock()
        reason = f"{outage_reason(since, source.timezone)}，本次未采集"
        return unasked(source, Channel(name=self.lane.name), self.clock(), Outcome.LOCAL_OUTAGE, reason)


def _log_visit(visit: Visit) -> None:
    _log.info(
        "visit source=%s account=%s lane=%s outcome=%s status=%s items=%s proof=%s ms=%d url=%s reason=%s",
        visit.source_id,
        visit.account_id or "-",
        visit.lane,
        visit.outcome,
        visit.status or "-",
        visit.item_count,
        f"{visit.proof.start.isoformat()}/{visit.proof.end.isoformat()}" if visit.proof else "-",
        (visit.ended_at - visit.started_at) / timedelta(milliseconds=1),
        shown(visit.url),
        visit.reason or "-",
    )
