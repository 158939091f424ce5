"""One lane's way through the own pages of posts, as far as its budget goes."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from crawler.batch import Batch, Order
from crawler.details import PageLook, PageTarget, look_at_page
from crawler.failures import shown
from crawler.standing import Said
from monitor.visits import Outcome, PageVisit

OnPage = Callable[[PageVisit], Awaitable[None]]

_log = logging.getLogger(__name__)


class PageBatch(Batch):
    """One batch of pages."""

    def __init__(self, order: Order, on_page: OnPage) -> None:
        super().__init__(order)
        self.on_page = on_page

    async def run(self, targets: Sequence[PageTarget]) -> int:
        """Read the pages in the order given; return how many were asked for.

        Where the lane is paused, we are offline or our clock is in doubt, the others are left for another batch. So is
        a page that was read by a clock in doubt: it would date the post, or its deletion, wrongly for ever. That lane's
        pages are not asked for again before a server has said otherwise, or what was said is void.
        """
        for target in targets[: self.tools.web.settings.details_per_lane]:
            if self.is_over() or self.is_in_doubt() or await self.is_paused():
                break
            self.count += 1
            found = await self.look(target)
            if found is None:
                continue
            page, doubt = found.page, self.tools.clock_check.doubt(self.lane.name, found.ahead)
            _log_page(page, doubt)
            if not doubt:
                await self.on_page(page)
            said = Said(who=page.url, outcome=page.outcome, status=page.status, retry_after=found.retry_after)
            await self.heed(said)
            if doubt or page.outcome is Outcome.LOCAL_OUTAGE:
                break
        return self.count

    def is_in_doubt(self) -> bool:
        """Say whether a page that is read now would be by a clock in doubt, as far as is known."""
        doubt = self.tools.clock_check.doubt_of_next(self.lane.name)
        if doubt:
            _log.warning("pages left lane=%s doubt=%s", self.lane.name, doubt)
        return bool(doubt)

    async def look(self, target: PageTarget) -> PageLook | None:
        """Read a page; None where our own program failed."""
        self.asker.begin()
        try:
            seen = await look_at_page(target, self.lane.name, self.asker.ask, self.tools.pool)
            page = seen.page
            outage = await self.own_outage(page.outcome, page.status, page.started_at, target.timezone)
        except Exception:  # noqa: BLE001  whatever it is, one page must not end the run
            url = shown(target.url)
            _log.exception("page failed account=%s lane=%s url=%s", target.account_id, self.lane.name, url)
            return None
        if outage:
            page = replace(page, outcome=Outcome.LOCAL_OUTAGE, reason=f"{outage}：{page.reason}")
        return replace(seen, page=page)


def _log_page(page: PageVisit, doubt: str) -> None:
    _log.info(
        "page account=%s lane=%s outcome=%s status=%s url=%s reason=%s doubt=%s",
        page.account_id,
        page.lane,
        page.outcome,
        page.status or "-",
        shown(page.url),
        page.reason or "-",
        doubt or "-",
    )
