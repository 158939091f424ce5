"""What an answer shows that lets it prove no silence, and what a clock in doubt would make of it."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from yarl import URL

from crawler.failures import shown
from crawler.fetch import Fetched
from crawler.remembering import unremembered
from crawler.sources import Reading
from monitor.proof import believable, runs_upwards
from monitor.values import Item, Listing
from monitor.visits import NO_SELECTORS, Source, Visit

PAGE: Final = "page"
"""The kind of an answer that is a page and no feed."""

_INDEX: Final = re.compile(r"index|default|list|home|main", re.IGNORECASE)


def clock_bound(item: Item, at: datetime) -> bool:
    """Say whether a later reading of the same body may date an item otherwise, or believe a date that this does not."""
    stated = item.stated
    return stated.clock_bound or (stated.at is not None and not believable(stated, at))


def surely_dated(item: Item, at: datetime) -> bool:
    """Say whether an item's stated time is right even where our clock, which said ``at``, is not.

    Any other would be kept under a wrong time for ever: as it states the same again later, nothing would mend it.
    """
    return item.stated.at is not None and not clock_bound(item, at)


def in_doubt(visit: Visit, doubt: str) -> Visit:
    """Return a visit, made while our clock is in ``doubt`` (a clause), without the items that it would date wrongly.

    As nothing is remembered, the next answer is read whole, and shows them again.
    """
    items = tuple(item for item in visit.items if surely_dated(item, visit.started_at))
    left_out = len(visit.items) - len(items)
    if left_out:
        doubt = f"{doubt}，{left_out}条时间不能确定的信息本次未计入"
    return replace(visit, items=items, warnings=(*visit.warnings, sentence(doubt)), memory=unremembered(visit))


def blind_spot(source: Source, listing: Listing, left_out: int, at: datetime) -> str:
    """Return why a list that was read whole proves no silence, as a clause; "" where it does.

    Of what the reader says the office may know better (``complete``), of what the list itself shows it may not.
    """
    if listing.next_page and runs_upwards(listing.items, at):
        return "列表由旧到新排列，最新的信息在后面的页上"
    if left_out:
        return "有信息的账号名称不是本账号，未计入"
    if source.complete is None:
        return listing.unproving
    return "" if source.complete else "本单位声明该来源不完整"


def elsewhere(source: Source, fetched: Fetched, reading: Reading) -> str:
    """Return why a page to which a column's address led is not that column, "" where it may be.

    A column that was given up often leads to the home page, whose lists are others.
    """
    if reading.kind != PAGE or source.complete is True or source.selectors != NO_SELECTORS:
        return ""
    asked, found = (_folders(each) for each in (fetched.url, fetched.final_url))
    if not asked or asked[-1] in found:
        return ""
    return f"采集地址转向了另一页面 {shown(fetched.final_url)}，请核对备案台账"


def own_part(source: Source, listing: Listing) -> Listing:
    """Return the part of a self-report that is about the source's account, which its rows name as their author."""
    if not any(each.reported for each in listing.items):
        return listing
    kept = [each for each in listing.items if not (each.reported and each.author and each.author not in source.names)]
    others = len(listing.items) - len(kept)
    warnings = (f"上报表中有{others}条属于其他账号，未计入",) if others and source.names else ()
    items = kept if source.names else listing.items
    return replace(
        listing,
        items=tuple(replace(each, author="") if each.reported else each for each in items),
        warnings=(*listing.warnings, *warnings),
    )


def sentence(text: str) -> str:
    """Return a reason with a full stop."""
    return text if not text or text.endswith(("。", "！", "？")) else f"{text}。"


def _folders(url: str) -> list[str]:
    """Return the folders of an address, and its last part where that is no index page, without their endings."""
    parts = [each.rpartition(".")[0] or each for each in URL(url).path.split("/") if each]
    return parts[:-1] if parts and _INDEX.fullmatch(parts[-1]) else parts
