"""One visit: asks, reads, and puts together what came of it, what that proves and what to remember."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from yarl import URL

from crawler.failures import shown
from crawler.fetch import Fetched
from crawler.pool import ParseError, ParsePool, ParseTimeoutError
from crawler.sources import Answer, Reading
from monitor.proof import ControlSeen, believable, newest_of, oldest_of, placed, prove, reach_of
from monitor.values import Item, Listing
from monitor.visits import Memory, Outcome, Source, Visit

Ask = Callable[[str, Memory], Awaitable[Fetched]]
"""How an address is asked for: with the validators that the memory allows."""
LaneAt = Callable[[str], str | None]
"""The name of the lane that an address belongs to where that lane has a control source, else None."""

NOTHING: Final = Memory()

# Answers about the list itself that are no good: what was remembered of it before is not to be relied on any more. The
# other failures say nothing about the list, so a later 304 still equals the last full answer.
_FORGETTING: Final = frozenset(
    {Outcome.EMPTY, Outcome.PARTIAL, Outcome.NOT_A_FEED, Outcome.BLOCKED, Outcome.GONE, Outcome.TOO_LARGE}
)


def no_lane(_: str) -> None:
    """Say of every address that it lies in no lane with a control source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a visit must know of its lane: the control visit that its proof leans on, None where the lane names none.

    ``lane_at`` tells where an answer came from, which may be another lane than that of the address that was asked.
    """

    name: str
    control: ControlSeen | None = None
    max_age: timedelta = timedelta(hours=24)
    lane_at: LaneAt = no_lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A visit, and for how long its server wants the lane to wait (None: it did not say)."""

    visit: Visit
    retry_after: timedelta | None = None


async def look(source: Source, channel: Channel, ask: Ask, pool: ParsePool) -> Look:
    """Visit a source once. Bad answers are visits too; nothing is raised for them."""
    fetched = await ask(source.url, source.memory)
    if fetched.reply.outcome is not None:
        return _unread(source, channel, fetched)
    if _same(source.memory, fetched):
        return _unchanged(source, channel, fetched)
    reading = await _read(source, fetched, pool)
    if reading.outcome is Outcome.NOT_A_FEED and reading.feed_urls and source.kind in {"", "feed"}:
        return await _look_behind(source, channel, ask, pool, fetched, reading)
    return _read_through(source, channel, fetched, reading)


def unasked(source: Source, channel: Channel, at: datetime, outcome: Outcome, reason: str) -> Visit:
    """Return the visit of a source that was not asked at ``at``, and why."""
    return Visit(
        source_id=source.source_id,
        account_id=source.account_id,
        url=source.url,
        lane=channel.name,
        started_at=at,
        ended_at=at,
        outcome=outcome,
        reason=_sentence(reason),
        memory=source.memory,
    )


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


async def _look_behind(
    source: Source, channel: Channel, ask: Ask, pool: ParsePool, page: Fetched, reading: Reading
) -> Look:
    """Visit the feed that a page names instead of the page, if it lies on the same site.

    Of a page that names several, the first on the site shows posts, and silence of none: it may be one column's.
    """
    feed = next((url for url in reading.feed_urls if _same_site(url, page.final_url)), None)
    if feed is None:
        named = shown(reading.feed_urls[0])
        reason = f"返回的是网页，其声明的订阅地址 {named} 不在同一网站，请核对备案台账中的采集地址"
        return _read_through(source, channel, page, replace(reading, reason=reason))
    fetched = await ask(feed, NOTHING)
    warning = f"采集地址 {shown(source.url)} 是网页，已改读其声明的订阅地址 {shown(feed)}，请核对备案台账"
    fetched = replace(
        fetched,
        url=page.url,
        moved_to=page.moved_to,
        at_home=False,  # its validators belong to the feed's address and must not be sent to the page's
        warnings=(*page.warnings, warning, *fetched.warnings),
    )
    if fetched.reply.outcome is not None:
        return _unread(source, channel, fetched)
    count = len(reading.feed_urls)
    if count == 1 and _same(source.memory, fetched):
        return _unchanged(source, channel, fetched)
    behind = await _read(source, fetched, pool)
    if count > 1 and behind.outcome is Outcome.NEW:
        reason = f"网页列有{count}个订阅地址，不能确定哪一个是全部信息，请在备案台账中登记其一"
        behind = replace(behind, outcome=Outcome.PARTIAL, reason=reason)
    return _read_through(source, channel, fetched, behind)


async def _read(source: Source, fetched: Fetched, pool: ParsePool) -> Reading:
    reply = fetched.reply
    answer = Answer(body=reply.body, content_type=reply.content_type, url=fetched.final_url, status=reply.status or 0)
    try:
        return await pool.read(answer, source.kind, fetched.started_at, source.timezone)
    except ParseTimeoutError as error:
        return Reading(outcome=Outcome.TIMEOUT, reason=str(error))
    except ParseError as error:
        return Reading(outcome=Outcome.NOT_A_FEED, reason=str(error))


def _same(memory: Memory, fetched: Fetched) -> bool:
    """Say whether a whole answer is the last full one again, so that it need not be read."""
    if fetched.reply.damaged or memory.full_at is None or memory.clock_bound:
        return False
    return memory.body_hash == _digest(fetched.reply.body)


def _unread(source: Source, channel: Channel, fetched: Fetched) -> Look:
    """Put together a visit without a body: a 304, or a failure."""
    memory, outcome = source.memory, fetched.reply.outcome
    assert outcome is not None  # else there is a body
    visit = _visit(source, channel, fetched, outcome, fetched.reply.reason)
    if outcome is not Outcome.NOT_MODIFIED:
        kept = NOTHING if outcome in _FORGETTING else memory
        visit = replace(visit, memory=replace(kept, moved_to=fetched.moved_to))
        return Look(visit=visit, retry_after=fetched.reply.retry_after)
    visit = replace(_remembered(visit, memory), memory=replace(memory, moved_to=fetched.moved_to))
    return Look(visit=_proven(source, channel, visit, fetched.reply.age))


def _unchanged(source: Source, channel: Channel, fetched: Fetched) -> Look:
    """Put together the visit of a body that is the last full one again: a full answer, not read once more."""
    memory = replace(
        source.memory,
        etag=fetched.reply.etag if fetched.at_home else None,
        last_modified=fetched.reply.last_modified if fetched.at_home else None,
        full_at=fetched.started_at,
        moved_to=fetched.moved_to,
    )
    visit = _remembered(_visit(source, channel, fetched, Outcome.SAME, ""), memory)
    visit = replace(visit, body_hash=memory.body_hash, memory=memory)
    return Look(visit=_proven(source, channel, visit, fetched.reply.age))


def _read_through(source: Source, channel: Channel, fetched: Fetched, reading: Reading) -> Look:
    """Put together the visit of a body that was read."""
    outcome, reason = reading.outcome, reading.reason
    if fetched.reply.damaged and outcome in {Outcome.NEW, Outcome.EMPTY}:
        outcome, reason = Outcome.PARTIAL, "返回的内容不完整，传输提前中断或压缩数据损坏"
    at = fetched.started_at
    items = placed(reading.listing.items, at)
    digest = _digest(fetched.reply.body)
    visit = replace(
        _visit(source, channel, fetched, outcome, reason and f"采集地址 {shown(source.url)}：{reason}"),
        body_hash=digest,
        item_count=len(items),
        undated_count=sum(item.stated.at is None for item in items),
        oldest=oldest_of(items, at),
        newest=newest_of(items, at),
        reach=reach_of(items, at) if outcome is Outcome.NEW else None,
        warnings=_warnings(fetched, reading.listing),
        items=items,
        memory=Memory(moved_to=fetched.moved_to),
    )
    if outcome is not Outcome.NEW:
        return Look(visit=visit)
    memory = Memory(
        etag=fetched.reply.etag if fetched.at_home else None,
        last_modified=fetched.reply.last_modified if fetched.at_home else None,
        full_at=at,
        body_hash=digest,
        reach=visit.reach,
        oldest=visit.oldest,
        newest=visit.newest,
        item_count=len(items),
        clock_bound=any(_clock_bound(item, at) for item in items),
        moved_to=fetched.moved_to,
    )
    return Look(visit=_proven(source, channel, replace(visit, memory=memory), fetched.reply.age))


def _visit(source: Source, channel: Channel, fetched: Fetched, outcome: Outcome, reason: str) -> Visit:
    return Visit(
        source_id=source.source_id,
        account_id=source.account_id,
        url=source.url,
        lane=channel.name,
        started_at=fetched.started_at,
        ended_at=fetched.ended_at,
        outcome=outcome,
        reason=_sentence(reason),
        status=fetched.reply.status,
        final_url=fetched.final_url,
        etag=fetched.reply.etag,
        last_modified=fetched.reply.last_modified,
        warnings=tuple(map(_sentence, fetched.warnings)),
    )


def _remembered(visit: Visit, memory: Memory) -> Visit:
    """Fill in what the last full answer showed, for a visit that saw the same list."""
    return replace(visit, item_count=memory.item_count, oldest=memory.oldest, newest=memory.newest, reach=memory.reach)


def _proven(source: Source, channel: Channel, visit: Visit, age: timedelta) -> Visit:
    """Add what a good visit proves, less by the ``age`` of its answer.

    Where its lane was not alive, or its answer came from another lane whose control was not asked, it proves nothing
    and nothing is remembered.
    """
    elsewhere = channel.lane_at(visit.final_url)
    if elsewhere not in {None, channel.name}:
        reason = f"采集地址 {shown(source.url)} 的内容实际由采集通道“{elsewhere}”的 {shown(visit.final_url)} 提供，"
        return _lane_stale(visit, f"{reason}未经该通道的对照源核对，不能证明没有更新，请在备案台账中直接登记该地址")
    outcome, proof = prove(
        visit.outcome,
        visit.reach,
        visit.started_at,
        lag=source.lag + age,
        control=channel.control,
        max_age=channel.max_age,
    )
    if outcome is Outcome.STALE_LANE:
        return _lane_stale(visit, _stale(source, channel))
    return replace(visit, outcome=outcome, proof=proof)


def _lane_stale(visit: Visit, reason: str) -> Visit:
    memory = Memory(moved_to=visit.memory.moved_to)
    return replace(visit, outcome=Outcome.STALE_LANE, reason=_sentence(reason), memory=memory)


def _stale(source: Source, channel: Channel) -> str:
    start = f"采集通道“{channel.name}”停滞，不能证明没有更新："
    seen = channel.control
    assert seen is not None  # only a lane with a control source can be stale
    if not seen.ok:
        return f"{start}对照源未能读取（{seen.reason}）"
    if seen.newest is None:
        return f"{start}对照源没有可用的发布时间"
    local = seen.newest.astimezone(ZoneInfo(source.timezone))
    hours = channel.max_age.total_seconds() / 3600
    when = f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"
    return f"{start}对照源最近一次更新为{when}，要求不早于采集前 {hours:g} 小时"


def _clock_bound(item: Item, at: datetime) -> bool:
    """Say whether a later reading of the same body may date an item otherwise, or believe a date that this does not."""
    stated = item.stated
    return stated.clock_bound or (stated.at is not None and not believable(stated, at))


def _same_site(url: str, page: str) -> bool:
    one, other = ((URL(each).raw_host or "").rstrip(".").removeprefix("www.") for each in (url, page))
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))


def _warnings(fetched: Fetched, listing: Listing) -> tuple[str, ...]:
    return tuple(map(_sentence, (*fetched.warnings, *listing.warnings)))


def _sentence(text: str) -> str:
    return text if not text or text.endswith(("。", "！", "？")) else f"{text}。"


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
