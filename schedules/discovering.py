"""Find what of a site can be collected: its home page is read, what it offers is tried, nothing is kept."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crawler import run
from crawler.sources.offers import MOST_LISTS, Offer, Offers, offers_of
from crawler.sources.values import Answer
from monitor.values import SourceAddress
from monitor.visits import Exchange, Lane, Source, Visit
from schedules.office import Office
from schedules.trying import Trial, lane_to_try, try_address

MOST_TRIED: Final = MOST_LISTS
"""So many addresses of a site are asked for at most, besides its home page."""

FEWEST: Final = 3
"""A page with fewer posts that state a date is no list, or a list that nobody writes."""

OnTried = Callable[[int, int, str], None]
"""Told how many addresses were tried, how many there are, and the one just tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One address that the home page offers, and what a visit showed there."""

    offer: Offer
    visit: Visit

    @property
    def readable(self) -> bool:
        """Whether it can be collected: a feed that shows posts, or a page that is a list with dates."""
        dated = self.visit.item_count - self.visit.undated_count
        if not self.visit.outcome.proves or self.visit.newest is None:
            return False
        return self.offer.kind == "feed" or (dated >= FEWEST and dated * 2 >= self.visit.item_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What a home page offers: ``readable`` addresses, ``others`` that were tried in vain, accounts on platforms."""

    home: Trial
    readable: tuple[Tried, ...] = ()
    others: tuple[Tried, ...] = ()
    accounts: tuple[Offer, ...] = ()
    left_out: int = 0


def discover(office: Office, url: str, *, clock: Callable[[], datetime], on_tried: OnTried) -> Discovery:
    """Read a home page, then each feed and likely list that it links to, within the delays of their lanes.

    At most MOST_TRIED addresses are asked for, feeds first.
    """
    home = try_address(office, SourceAddress(url=url, kind="page"), None, clock=clock)
    offers = _offers(home.look.visit.exchanges)
    candidates = [*offers.feeds, *offers.lists]
    chosen = candidates[:MOST_TRIED]
    tried = _try_all(office, chosen, clock, on_tried)
    return Discovery(
        home=home,
        readable=tuple(each for each in tried if each.readable),
        others=tuple(each for each in tried if not each.readable),
        accounts=offers.accounts,
        left_out=len(candidates) - len(chosen),
    )


def _offers(exchanges: Sequence[Exchange]) -> Offers:
    """Return what the last answer offers: the page on which all redirects ended."""
    if not exchanges:
        return Offers()
    page = exchanges[-1]
    kind = next((value for name, value in page.headers if name.lower() == "content-type"), "")
    return offers_of(Answer(body=page.body, content_type=kind, url=page.url, status=page.status))


def _try_all(office: Office, offers: Sequence[Offer], clock: Callable[[], datetime], on_tried: OnTried) -> list[Tried]:
    sources = [
        office.configured(Source(source_id=number, url=offer.url, kind=offer.kind))
        for number, offer in enumerate(offers, start=1)
    ]
    names = {source.source_id: office.lane_of(source) for source in sources}
    # Without their control sources: what is offered is asked here, not what it would prove.
    lanes = {name: _uncontrolled(lane_to_try(office, name)) for name in set(names.values())}
    visits: dict[int, Visit] = {}

    async def keep(visit: Visit) -> None:
        visits[visit.source_id] = visit
        on_tried(len(visits), len(sources), visit.url)

    async def forget(_: Lane) -> None:
        pass

    async def ask() -> None:
        if sources:
            delay = max(lane.delay for lane in lanes.values())
            await asyncio.sleep(delay.total_seconds())  # the home page was asked for just now
            await run.collect(sources, lanes, names, office.crawl, on_visit=keep, on_pause=forget, clock=clock)

    asyncio.run(ask())
    return [Tried(offer=offer, visit=visits[number]) for number, offer in enumerate(offers, start=1)]


def _uncontrolled(lane: Lane) -> Lane:
    return Lane(name=lane.name, delay=lane.delay, paused_until=lane.paused_until, paused_for=lane.paused_for)
