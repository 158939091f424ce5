"""Puts visits together: what came of asking a source, what that proves, what to remember of it."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from yarl import URL

from crawler.failures import shown
from crawler.fetch import Fetched
from crawler.sources import REPORT, Reading
from monitor.proof import (
    ControlSeen,
    believable,
    newest_of,
    oldest_of,
    placed,
    prove,
    reach_of,
    runs_upwards,
    without_stray_end,
)
from monitor.spans import span
from monitor.values import Item, Listing
from monitor.visits import NO_SELECTORS, Memory, Outcome, Source, Visit, view_of

LaneAt = Callable[[str], str | None]
"""The name of the lane that an address belongs to where that lane has a control source, else None."""

NOTHING: Final = Memory()

_PAGE: Final = "page"
_CHOSEN: Final = "\n@"  # between how an answer is read and which list was chosen
_INDEX: Final = re.compile(r"index|default|list|home|main", re.IGNORECASE)

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
    names = source.names if source.kind == REPORT else ()
    return "\n".join((READERS, *how, str(source.complete), *source.sees, *names))


def with_memory_in_use(source: Source) -> Source:
    """Return a source that remembers nothing of answers that were read in another way than it is read now."""
    memory = source.memory
    is_plain = source.complete is None and not source.sees and source.selectors == NO_SELECTORS
    how = None if memory.read_as is None else memory.read_as.partition(_CHOSEN)[0]
    if how == read_as(source) or (how is None and is_plain):
        return source
    return replace(source, memory=Memory(moved_to=memory.moved_to))


def _forgotten(source: Source, moved_to: str | None) -> Memory:
    """Return what stays remembered after an answer that is no good: which list was chosen, if one was."""
    return Memory(moved_to=moved_to, read_as=source.memory.read_as if source.selectors.choice else None)


def _chosen(reading: Reading) -> str:
    """Return by what the chosen list of a page is known again: its heading, else the make of its rows."""
    chosen = next((each for each in reading.choices if each.chosen), None)
    return "" if chosen is None else chosen.heading or chosen.item


def _remembered_choice(source: Source, reading: Reading) -> tuple[str, str]:
    """Return how an answer was read, to be remembered, and why another list may be in the chosen one's place.

    A list is chosen by its place on the page: one that is put before it moves it on. The first one that was read is
    remembered until the office chooses anew.
    """
    how, now = read_as(source), _chosen(reading)
    if not source.selectors.choice or not now:
        return how, ""
    before = (source.memory.read_as or "").partition(_CHOSEN)[2] or now
    changed = f"第{source.selectors.choice}个列表原为“{before}”，现为“{now}”，请核对 choice" if before != now else ""
    return f"{how}{_CHOSEN}{before}", changed


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
        moved_to = fetched.moved_to
        kept = _forgotten(source, moved_to) if outcome in _FORGETTING else replace(memory, moved_to=moved_to)
        visit = replace(visit, memory=kept)
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
    if reading.kind == _PAGE:
        resting = without_stray_end(resting, at)
    left_out = len(reading.listing.items) - len(listing.items)
    how, changed = _remembered_choice(source, reading)
    blind_spot = changed or _blind_spot(source, listing, left_out, at) or _elsewhere(source, fetched, reading)
    digest = digest_of(fetched.reply.body)
    visit = replace(
        _visit(source, channel, fetched, outcome, reason and f"采集地址 {shown(source.url)}：{reason}"),
        body_hash=digest,
        item_count=len(items),
        undated_count=sum(item.stated.at is None for item in items),
        oldest=oldest_of(items, at),
        newest=newest_of(items, at),
        reach=reach_of(resting, at) if outcome is Outcome.NEW and not blind_spot else None,
        warnings=_warnings(fetched, listing, blind_spot),
        items=items,
        account_name=listing.account,
        memory=_forgotten(source, fetched.moved_to),
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
        read_as=how,
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
        view=view_of(source.selectors),
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
    if source.kind == REPORT and proof is not None:  # a report says nothing of what came after it was made
        proof = None if visit.newest is None else span(proof.start, min(proof.end, visit.newest))
    return replace(visit, outcome=outcome, proof=proof)


def _lane_stale(visit: Visit, reason: str) -> Visit:
    how = visit.memory.read_as
    memory = Memory(moved_to=visit.memory.moved_to, read_as=how if how and _CHOSEN in how else None)
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


def _blind_spot(source: Source, listing: Listing, left_out: int, at: datetime) -> str:
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


def _elsewhere(source: Source, fetched: Fetched, reading: Reading) -> str:
    """Return why a page to which a column's address led is not that column, "" where it may be.

    A column that was given up often leads to the home page, whose lists are others.
    """
    if reading.kind != _PAGE or source.complete is True or source.selectors != NO_SELECTORS:
        return ""
    asked, found = (_folders(each) for each in (fetched.url, fetched.final_url))
    if not asked or asked[-1] in found:
        return ""
    return f"采集地址转向了另一页面 {shown(fetched.final_url)}，请核对备案台账"


def _folders(url: str) -> list[str]:
    """Return the folders of an address, and its last part where that is no index page, without their endings."""
    parts = [each.rpartition(".")[0] or each for each in URL(url).path.split("/") if each]
    return parts[:-1] if parts and _INDEX.fullmatch(parts[-1]) else parts


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


def _warnings(fetched: Fetched, listing: Listing, blind_spot: str) -> tuple[str, ...]:
    doubts = (f"不能证明没有更新：{blind_spot}",) if blind_spot else ()
    return tuple(map(sentence, (*fetched.warnings, *listing.warnings, *doubts)))


def sentence(text: str) -> str:
    """Return a reason with a full stop."""
    return text if not text or text.endswith(("。", "！", "？")) else f"{text}。"


def digest_of(body: bytes) -> str:
    """Return the hash by which an unchanged body is recognised."""
    return hashlib.sha256(body).hexdigest()
