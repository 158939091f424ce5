"""One visit: asks, follows where the answer leads, reads older pages where they are needed."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from yarl import URL

from crawler.failures import shown
from crawler.fetch import Fetched
from crawler.pool import ParseError, ParsePool, ParseTimeoutError
from crawler.remembering import with_memory_in_use
from crawler.sources import Answer, Reading
from crawler.sources.kinds import asked_url, kind_of
from crawler.visiting import NOTHING, Channel, Look, is_same, read_through, unchanged, unread
from monitor.proof import ControlSeen, newest_of, reach_of
from monitor.values import Item
from monitor.visits import Memory, Outcome, Source, Visit

Ask = Callable[[str, Memory], Awaitable[Fetched]]
"""How an address is asked for: with the validators that the memory allows."""

_MOST_REFRESHES: Final = 2

_OVERLAP: Final = timedelta(days=1)
"""An older page goes on where the one before it ended; somewhat out of order a list may be."""


async def look(source: Source, channel: Channel, ask: Ask, pool: ParsePool, most_pages: int = 1) -> Look:
    """Visit a source once. Bad answers are visits too; nothing is raised for them.

    ``most_pages`` is how many pages of its list may be asked for, the first one included, where ``source.needed_from``
    wants older items.
    """
    source = with_memory_in_use(replace(source, kind=source.kind or kind_of(source.url)))
    fetched = await ask(asked_url(source.url, source.kind), source.memory)
    if fetched.reply.outcome is not None:
        return unread(source, channel, fetched)
    if is_same(source.memory, fetched):
        return unchanged(source, channel, fetched)
    reading = await read_body(fetched, source, source.kind, pool)
    fetched, reading = await _refreshed(source, ask, pool, fetched, reading)
    if fetched.reply.outcome is not None:
        return unread(source, channel, fetched)
    if reading.feed_urls and source.kind in {"", "feed"} and _is_behind(reading):
        return await _look_behind(source, channel, ask, pool, fetched, reading)
    if reading.outcome is not Outcome.NEW:
        return read_through(source, channel, fetched, reading)
    found = await _Pages(source, ask, pool, most_pages).follow(fetched, reading)
    return read_through(source, channel, found.fetched, found.reading, found.proving)


def _is_behind(reading: Reading) -> bool:
    """Say whether the feed that a page names is to be read instead: its only one, or where the page lists nothing."""
    lists = reading.outcome is Outcome.NEW and not reading.listing.unproving
    return reading.outcome in {Outcome.NEW, Outcome.NOT_A_FEED} and (len(reading.feed_urls) == 1 or not lists)


def control_seen(visit: Visit) -> ControlSeen:
    """Return what a visit, in full, to a lane's control source says of the lane.

    A date that reads anew at every visit (3分钟前) is young for ever, also on a page that froze: it says nothing.
    """
    lasting = [item for item in visit.items if not item.stated.clock_bound]
    return ControlSeen(
        at=visit.started_at,
        newest=newest_of(lasting, visit.started_at),
        ok=visit.outcome.proves,
        reason=visit.reason.removesuffix("。"),
    )


async def read_body(fetched: Fetched, source: Source, kind: str, pool: ParsePool) -> Reading:
    """Read an answer's body as one of ``kind``; a reader's fault is a reading too."""
    reply = fetched.reply
    answer = Answer(body=reply.body, content_type=reply.content_type, url=fetched.final_url, status=reply.status or 0)
    try:
        return await pool.read(answer, kind, fetched.started_at, source.timezone, source.selectors)
    except ParseTimeoutError as error:
        return Reading(outcome=Outcome.TIMEOUT, reason=str(error))
    except ParseError as error:
        return Reading(outcome=Outcome.NOT_A_FEED, reason=str(error))


async def _refreshed(
    source: Source, ask: Ask, pool: ParsePool, fetched: Fetched, reading: Reading
) -> tuple[Fetched, Reading]:
    """Go where a page sends its visitor by itself: the root of a column may be 300 bytes of script."""
    seen = {fetched.final_url}
    for _ in range(_MOST_REFRESHES):
        target = reading.refresh_url
        if reading.outcome is not Outcome.NOT_A_FEED or not target or target in seen:
            break
        seen.add(target)
        if not same_site(target, fetched.final_url):
            reason = f"网页自动转向另一网站 {shown(target)}，请核对备案台账中的采集地址"
            return fetched, replace(reading, reason=reason)
        fetched = _instead(fetched, await ask(target, NOTHING))
        if fetched.reply.outcome is not None:
            break
        reading = await read_body(fetched, source, source.kind, pool)
    return fetched, reading


def _instead(page: Fetched, fetched: Fetched, *warnings: str) -> Fetched:
    """Return an answer that is read instead of the page that led to it."""
    return replace(
        fetched,
        url=page.url,
        moved_to=page.moved_to,
        at_home=False,  # its validators belong to its own address and must not be sent to the page's
        warnings=(*page.warnings, *warnings, *fetched.warnings),
        before=(*page.exchanges, *fetched.before),
    )


async def _look_behind(
    source: Source, channel: Channel, ask: Ask, pool: ParsePool, page: Fetched, reading: Reading
) -> Look:
    """Visit the feed that a page names instead of the page, if it lies on the same site.

    Of a page that names several, the first on the site shows posts, and silence of none: it may be one column's.
    """
    feed = next((url for url in reading.feed_urls if same_site(url, page.final_url)), None)
    if feed is None:
        if reading.outcome is Outcome.NEW:
            return read_through(source, channel, page, reading)
        named = shown(reading.feed_urls[0])
        reason = f"返回的是网页，其声明的订阅地址 {named} 不在同一网站，请核对备案台账中的采集地址"
        return read_through(source, channel, page, replace(reading, reason=reason))
    warning = f"采集地址 {shown(source.url)} 是网页，已改读其声明的订阅地址 {shown(feed)}，请核对备案台账"
    fetched = _instead(page, await ask(feed, NOTHING), warning)
    if fetched.reply.outcome is not None:
        return unread(source, channel, fetched)
    count = len(reading.feed_urls)
    if count == 1 and is_same(source.memory, fetched):
        stale = _outdated(reading, source.memory.newest, page.started_at)
        return unchanged(source, channel, fetched) if stale is None else read_through(source, channel, page, stale)
    behind = await read_body(fetched, source, source.kind, pool)
    stale = _outdated(reading, newest_of(behind.listing.items, fetched.started_at), page.started_at)
    if stale is not None:
        return read_through(source, channel, page, stale)
    if count > 1 and behind.outcome is Outcome.NEW:
        reason = f"网页列有{count}个订阅地址，不能确定哪一个是全部信息，请在备案台账中登记其一"
        behind = replace(behind, outcome=Outcome.PARTIAL, reason=reason)
    return read_through(source, channel, fetched, behind)


def _outdated(page: Reading, newest: datetime | None, at: datetime) -> Reading | None:
    """Return a page's own reading where it shows what its feed, whose newest post is given, does not; else None.

    A feed that died would prove silence for the page that lives on.
    """
    shown_on_page = newest_of(page.listing.items, at)
    if shown_on_page is None or (newest is not None and shown_on_page <= newest + _OVERLAP):
        return None
    why = page.listing.unproving or "网页上有其订阅源没有的较新信息"
    return replace(page, listing=replace(page.listing, unproving=why))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the pages of a list gave together; ``proving`` are the items on which proof may rest."""

    fetched: Fetched
    reading: Reading
    proving: tuple[Item, ...]


class _Pages:
    """The way through the older pages of a list."""

    def __init__(self, source: Source, ask: Ask, pool: ParsePool, most: int) -> None:
        self.source, self.ask, self.pool, self.most = source, ask, pool, most

    async def follow(self, first: Fetched, reading: Reading) -> _Found:
        """Read older pages until the list reaches back as far as is needed, and put the items of all in one list."""
        items, older, warnings = list(reading.listing.items), list(first.after), list[str]()
        asked, address, count = {first.final_url}, reading.listing.next_page, 1
        while count < self.most and address and address not in asked and self._wants(items, first.started_at):
            asked.add(address)
            count += 1
            if not same_site(address, first.final_url):
                break
            fetched = await self.ask(address, NOTHING)
            older += fetched.exchanges
            said = await self._read(fetched)
            if isinstance(said, str):
                warnings.append(f"列表的第{count}页 {shown(address)} 未能读取：{said}")
                break
            known = {item.key for item in items}
            fresh = [item for item in said.listing.items if item.key not in known]
            if not fresh:
                break
            why = _other_list(reading, said) or self._broken_off(items, said, fresh, first, fetched)
            if why:
                warnings.append(f"列表的第{count}页 {shown(address)} 未采用：{why}")
                break
            items += fresh
            address = said.listing.next_page
        if count == 1:
            return _Found(fetched=first, reading=reading, proving=reading.listing.items)
        changed = await self._changed(first, reading)
        if changed:
            warnings.append("翻页期间列表的第1页有变化，只以第1页为据")
        listing = replace(
            reading.listing, items=tuple(items), warnings=(*reading.listing.warnings, *warnings), next_page=address
        )
        return _Found(
            fetched=replace(first, after=tuple(older)),
            reading=replace(reading, listing=listing),
            proving=reading.listing.items if changed else tuple(items),
        )

    def _wants(self, items: Sequence[Item], at: datetime) -> bool:
        needed, reach = self.source.needed_from, reach_of(items, at)
        return needed is not None and reach is not None and reach > needed

    def _broken_off(
        self, items: Sequence[Item], said: Reading, fresh: Sequence[Item], first: Fetched, older: Fetched
    ) -> str:
        """Return why an older page is no continuation of the list that was read so far, "" where it is."""
        if said.listing.unproving and self.source.complete is not True:
            return said.listing.unproving
        if older.reply.age > first.reply.age:
            return "该页是较早的缓存"
        reach, newest = reach_of(items, first.started_at), newest_of(_unpinned(fresh), first.started_at)
        if reach is not None and newest is not None and newest > reach + _OVERLAP:
            return "该页的信息与前一页不相衔接，可能是另一个列表"
        return ""

    async def _read(self, fetched: Fetched) -> Reading | str:
        """Return what an older page says, or why it says nothing."""
        if fetched.reply.outcome is not None:
            return fetched.reply.reason
        if fetched.reply.damaged:
            return "返回的内容不完整"
        reading = await read_body(fetched, self.source, self.source.kind, self.pool)
        return reading if reading.outcome is Outcome.NEW else reading.reason

    async def _changed(self, first: Fetched, reading: Reading) -> bool:
        """Say whether the first page shows other items by now: while it shifts, a post can slip between two pages."""
        fetched = await self.ask(first.final_url, NOTHING)
        again = await self._read(fetched)
        if isinstance(again, str):
            return True
        return [item.key for item in again.listing.items] != [item.key for item in reading.listing.items]


def _other_list(first: Reading, older: Reading) -> str:
    """Say whether an older page shows another list than the first one: rows of another make, or another heading."""
    one, other = (next((each for each in page.choices if each.chosen), None) for page in (first, older))
    if one is None or other is None or (one.item == other.item and one.heading == other.heading):
        return ""
    return "该页的列表与第1页的列表不是同一个"


def _unpinned(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if not item.pinned]


def same_site(url: str, page: str) -> bool:
    """Say whether two addresses are of one site: of one host, or one host below the other."""
    one, other = ((URL(each).raw_host or "").rstrip(".").removeprefix("www.") for each in (url, page))
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))
