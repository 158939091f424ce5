"""One lane's way through the own pages of posts, as far as its budget goes."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from crawler.batch import Batch, Order
from crawler.details import PageTarget, look_at_page
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

        Where the lane is paused, or we are offline, the others are left for another batch.
        """
        for target in targets[: self.tools.web.settings.details_per_lane]:
            if self.is_over() or await self.is_paused():
                break
            self.count += 1
            found = await self.look(target)
            if found is None:
                continue
            page, retry_after = found
            _log_page(page)
            await self.on_page(page)
            said = Said(who=page.url, outcome=page.outcome, status=page.status, retry_after=retry_after)
            await self.heed(said)
            if page.outcome is Outcome.LOCAL_OUTAGE:
                break
        return self.count

    async def look(self, target: PageTarget) -> tuple[PageVisit, timedelta | None] | None:
        """Read a page; None where our own program failed."""
        self.asker.begin()
        try:
            page, retry_after = await look_at_page(target, self.lane.name, self.asker.ask, self.tools.pool)
            outage = await self.own_outage(page.outcome, page.status, page.started_at, target.timezone)
        except Exception:  # noqa: BLE001  whatever it is, one page must not end the run
            _log.exception("page failed account=%s lane=%s url=%s", target.account_id, self.lane.name, target.url)
            return None
        if outage:
            page = replace(page, outcome=Outcome.LOCAL_OUTAGE, reason=f"{outage}：{page.reason}")
        return page, retry_after


def _log_page(page: PageVisit) -> None:
    _log.info(
        "page account=%s lane=%s outcome=%s status=%s url=%s reason=%s",
        page.account_id,
        page.lane,
        page.outcome,
        page.status or "-",
        shown(page.url),
        page.reason or "-",
    )
