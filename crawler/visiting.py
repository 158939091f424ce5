"""Puts visits together: what came of asking a source, what that proves, what to remember of it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from crawler.failures import shown
from crawler.fetch import Fetched
from crawler.sources import Reading
from monitor.proof import ControlSeen, believable, newest_of, oldest_of, placed, prove, reach_of
from monitor.values import Item, Listing
from monitor.visits import Memory, Outcome, Source, Visit

LaneAt = Callable[[str], str | None]
"""The name of the lane that an address belongs to where that lane has a control source, else None."""

NOTHING: Final = Memory()

READERS: Final = "2"
"""Counted up when a reader begins to read the same bytes otherwise, so that unchanged pages are read again."""

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
    """A visit, and for how long its server wants the lane to wait (None: it did not say).

    ``reading`` is what was read of the body, None where there was none or it was not read anew.
    """

    visit: Visit
    retry_after: timedelta | None = None
    reading: Reading | None = None


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
        reason=sentence(reason),
        memory=source.memory,
    )


def read_as(source: Source) -> str:
    """Return how a source's answers are read: what an earlier answer said holds only where it was read the same way."""
    chosen = source.selectors
    how = (source.kind, source.timezone, chosen.item, chosen.title, chosen.link, chosen.date, str(chosen.choice))
    return "\n".join((READERS, *how, str(source.complete), *source.sees))


def with_memory_in_use(source: Source) -> Source:
    """Return a source that remembers nothing of answers that were read in another way than it is read now."""
    memory = source.memory
    if memory.read_as in {None, read_as(source)}:
        return source
    return replace(source, memory=Memory(moved_to=memory.moved_to))


def is_same(memory: Memory, fetched: Fetched) -> bool:
    """Say whether a whole answer is the last full one again, so that it need not be read."""
    if fetched.reply.damaged or memory.full_at is None or memory.clock_bound:
        return False
    return memory.body_hash == digest_of(fetched.reply.body)


def unread(source: Source, channel: Channel, fetched: Fetched) -> Look:
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


def unchanged(source: Source, channel: Channel, fetched: Fetched) -> Look:
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


def read_through(
    source: Source, channel: Channel, fetched: Fetched, reading: Reading, proving: Sequence[Item] | None = None
) -> Look:
    """Put together the visit of a body that was read; proof rests on ``proving``, None: on all of its items."""
    outcome, reason = reading.outcome, reading.reason
    if fetched.reply.damaged and outcome in {Outcome.NEW, Outcome.EMPTY}:
        outcome, reason = Outcome.PARTIAL, "返回的内容不完整，传输提前中断或压缩数据损坏"
    at = fetched.started_at
    listing = own_part(source, reading.listing)
    items = placed(listing.items, at)
    resting = items if proving is None else placed(own_part(source, replace(listing, items=tuple(proving))).items, at)
    complete = source.complete is True or (source.complete is None and not listing.unproving)
    digest = digest_of(fetched.reply.body)
    visit = replace(
        _visit(source, channel, fetched, outcome, reason and f"采集地址 {shown(source.url)}：{reason}"),
        body_hash=digest,
        item_count=len(items),
        undated_count=sum(item.stated.at is None for item in items),
        oldest=oldest_of(items, at),
        newest=newest_of(items, at),
        reach=reach_of(resting, at) if outcome is Outcome.NEW and complete else None,
        warnings=_warnings(source, fetched, listing),
        items=items,
        account_name=listing.account,
        memory=Memory(moved_to=fetched.moved_to),
    )
    if outcome is not Outcome.NEW:
        return Look(visit=visit, reading=reading)
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
        read_as=read_as(source),
    )
    proven = _proven(source, channel, replace(visit, memory=memory), fetched.reply.age)
    return Look(visit=proven, reading=reading)


def _visit(source: Source, channel: Channel, fetched: Fetched, outcome: Outcome, reason: str) -> Visit:
    return Visit(
        source_id=source.source_id,
        account_id=source.account_id,
        url=source.url,
        lane=channel.name,
        started_at=fetched.started_at,
        ended_at=fetched.ended_at,
        outcome=outcome,
        reason=sentence(reason),
        status=fetched.reply.status,
        final_url=fetched.final_url,
        etag=fetched.reply.etag,
        last_modified=fetched.reply.last_modified,
        warnings=tuple(map(sentence, fetched.warnings)),
        sees=source.sees,
        exchanges=fetched.exchanges,
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
    return replace(visit, outcome=Outcome.STALE_LANE, reason=sentence(reason), memory=memory)


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


def _warnings(source: Source, fetched: Fetched, listing: Listing) -> tuple[str, ...]:
    said = [*fetched.warnings, *listing.warnings]
    if source.complete is False:
        said.append("本单位声明该来源不完整：只用来证明发布过什么，不能证明没有更新")
    elif listing.unproving and source.complete is None:
        said.append(f"不能证明没有更新：{listing.unproving}")
    return tuple(map(sentence, said))


def sentence(text: str) -> str:
    """Return a reason with a full stop."""
    return text if not text or text.endswith(("。", "！", "？")) else f"{text}。"


def digest_of(body: bytes) -> str:
    """Return the hash by which an unchanged body is recognised."""
    return hashlib.sha256(body).hexdigest()
