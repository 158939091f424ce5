"""Puts visits together: what came of asking a source, what that proves, what to remember of it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from crawler.doubts import PAGE, blind_spot, clock_bound, elsewhere, in_doubt, own_part, sentence
from crawler.failures import shown
from crawler.fetch import Fetched
from crawler.remembering import after_failure, forgotten, remembered_choice, unremembered
from crawler.sources import REPORT, Reading
from monitor.proof import ControlSeen, newest_of, oldest_of, placed, prove, reach_of, without_stray_end
from monitor.spans import span
from monitor.values import Item, Listing
from monitor.visits import Memory, Outcome, Source, Visit, view_of

LaneAt = Callable[[str], str | None]
"""The name of the lane that an address belongs to where that lane has a control source, else None."""

NOTHING: Final = Memory()


def no_lane(_: str) -> None:
    """Say of every address that it lies in no lane with a control source."""


def trusted(_: timedelta | None) -> str:
    """Say of our clock that there is nothing against it."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a visit must know of its lane: the control visit that its proof leans on, None where the lane names none.

    ``lane_at`` tells where an answer came from, which may be another lane than that of the address that was asked.
    ``clock_doubt`` tells, given how far ahead of us the server of the answer said that it is, why by our own clock the
    visit proves nothing, as a clause; "" where it may.
    """

    name: str
    control: ControlSeen | None = None
    max_age: timedelta = timedelta(hours=24)
    lane_at: LaneAt = no_lane
    clock_doubt: Callable[[timedelta | None], str] = trusted


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A visit, and for how long its server wants the lane to wait (None: it did not say).

    ``reading`` is what was read of the body, None where there was none or it was not read anew. ``asked`` says whether
    any request was wanted: a source that was put off tells nothing of its lane.
    """

    visit: Visit
    retry_after: timedelta | None = None
    reading: Reading | None = None
    asked: bool = True


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
        visit = replace(visit, memory=after_failure(source, outcome, fetched.moved_to))
        return Look(visit=visit, retry_after=fetched.reply.retry_after)
    visit = replace(_remembered(visit, memory), memory=replace(memory, moved_to=fetched.moved_to))
    return Look(visit=_proven(source, channel, visit, fetched))


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
    return Look(visit=_proven(source, channel, visit, fetched))


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
    if reading.kind == PAGE:
        resting = without_stray_end(resting, at)
    left_out = len(reading.listing.items) - len(listing.items)
    how, changed = remembered_choice(source, reading)
    blind = changed or blind_spot(source, listing, left_out, at) or elsewhere(source, fetched, reading)
    digest = digest_of(fetched.reply.body)
    visit = replace(
        _visit(source, channel, fetched, outcome, reason and f"采集地址 {shown(source.url)}：{reason}"),
        body_hash=digest,
        item_count=len(items),
        undated_count=sum(item.stated.at is None for item in items),
        oldest=oldest_of(items, at),
        newest=newest_of(items, at),
        reach=reach_of(resting, at) if outcome is Outcome.NEW and not blind else None,
        warnings=_warnings(fetched, listing, blind),
        items=items,
        account_name=listing.account,
        memory=forgotten(source, fetched.moved_to),
    )
    if outcome is not Outcome.NEW:
        doubt = channel.clock_doubt(fetched.ahead) if items else ""
        return Look(visit=in_doubt(visit, doubt) if doubt else visit, reading=reading)
    memory = Memory(
        etag=fetched.reply.etag if fetched.at_home else None,
        last_modified=fetched.reply.last_modified if fetched.at_home else None,
        full_at=at,
        body_hash=digest,
        reach=visit.reach,
        oldest=visit.oldest,
        newest=visit.newest,
        item_count=len(items),
        clock_bound=any(clock_bound(item, at) for item in items),
        moved_to=fetched.moved_to,
        read_as=how,
    )
    proven = _proven(source, channel, replace(visit, memory=memory), fetched)
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
        view=view_of(source.selectors),
        exchanges=fetched.exchanges,
    )


def _remembered(visit: Visit, memory: Memory) -> Visit:
    """Fill in what the last full answer showed, for a visit that saw the same list."""
    return replace(visit, item_count=memory.item_count, oldest=memory.oldest, newest=memory.newest, reach=memory.reach)


def _proven(source: Source, channel: Channel, visit: Visit, fetched: Fetched) -> Visit:
    """Add what a good visit proves, less by the age of its answer.

    Where its lane was not alive, its answer came from another lane whose control was not asked, or our own clock is
    wrong, it proves nothing and nothing is remembered.
    """
    doubt = channel.clock_doubt(fetched.ahead)
    if doubt:
        visit = in_doubt(visit, doubt)
    elsewhere = channel.lane_at(visit.final_url)
    if elsewhere not in {None, channel.name}:
        reason = f"采集地址 {shown(source.url)} 的内容实际由采集通道“{elsewhere}”的 {shown(visit.final_url)} 提供，"
        return _lane_stale(visit, f"{reason}未经该通道的对照源核对，不能证明没有更新，请在备案台账中直接登记该地址")
    if doubt:
        return visit
    outcome, proof = prove(
        visit.outcome,
        visit.reach,
        visit.started_at,
        lag=source.lag + fetched.reply.age,
        control=channel.control,
        max_age=channel.max_age,
    )
    if outcome is Outcome.STALE_LANE:
        return _lane_stale(visit, _stale(source, channel))
    if source.kind == REPORT and proof is not None:  # a report says nothing of what came after it was made
        proof = None if visit.newest is None else span(proof.start, min(proof.end, visit.newest))
    return replace(visit, outcome=outcome, proof=proof)


def _lane_stale(visit: Visit, reason: str) -> Visit:
    return replace(visit, outcome=Outcome.STALE_LANE, reason=sentence(reason), memory=unremembered(visit))


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


def _warnings(fetched: Fetched, listing: Listing, blind: str) -> tuple[str, ...]:
    doubts = (f"不能证明没有更新：{blind}",) if blind else ()
    return tuple(map(sentence, (*fetched.warnings, *listing.warnings, *doubts)))


def digest_of(body: bytes) -> str:
    """Return the hash by which an unchanged body is recognised."""
    return hashlib.sha256(body).hexdigest()
