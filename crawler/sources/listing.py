"""Makes a listing of what a document says: dates read, keys given, credits found."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Final

from crawler.dates import read_date, read_dates
from crawler.sources.keys import Identity, Marks, absolute, identities
from crawler.sources.wire import Entry, Wire
from monitor.credits import read_credits
from monitor.values import UNSTATED, Item, Listing, Precision, Rung, Stated

_PINNED: Final = re.compile(r"[\[【(（]?(?:置顶|固顶)[\]】)）:：|｜丨]")
# What a bridge lists in place of posts when it has failed; it is dated "now" and would count as an update.
_BRIDGE_ERROR: Final = re.compile(r"Bridge returned error \d+")
_LONGEST_TITLE: Final = 300
_TITLE_FROM_TEXT: Final = 60


def make_listing(wire: Wire, url: str, at: datetime, zone: tzinfo) -> Listing:
    """Make the listing of a document found at ``url`` and seen at ``at``; dates without a zone are in ``zone``."""
    entries = tuple(each for each in wire.entries if not _BRIDGE_ERROR.match(each.title))
    failed = len(wire.entries) - len(entries)
    singly = [_first_read(each, at, zone) for each in entries]
    stated = read_dates([each.raw for each in singly], at, zone)
    home = absolute(wire.home, url)
    marks = [
        Marks(
            guid=entry.guid,
            url=absolute(entry.link, url),
            title=_title(entry),
            text=entry.text,
            stated=single,
            key=entry.key,
        )
        for entry, single in zip(entries, singly, strict=True)
    ]
    found = identities(marks, home)
    listed: dict[str, Item] = {}
    for entry, mark, identity, each in zip(entries, marks, found, stated, strict=True):
        if identity.key not in listed:
            listed[identity.key] = _item(entry, mark, identity, each)
    items = tuple(listed.values())
    return Listing(
        items=items,
        title=wire.title[:_LONGEST_TITLE],
        damaged=wire.damaged or failed > 0,
        warnings=(*wire.warnings, *_warnings(entries, items, found, failed), *_date_warnings(items)),
        account=wire.account,
        next_page=absolute(wire.next_page, url),
        unproving=wire.unproving,
    )


def _first_read(entry: Entry, at: datetime, zone: tzinfo) -> Stated:
    """Return the best of an entry's dates that can be read, else the best one as it stands."""
    read = [read_date(raw, at, zone) for raw in entry.dates]
    return next((each for each in read if each.at is not None), read[0] if read else UNSTATED)


def _title(entry: Entry) -> str:
    """Return the title; a post without one (a microblog) is called by the start of its text."""
    if entry.title:
        return entry.title[:_LONGEST_TITLE]
    first = entry.text.split("\n", 1)[0]
    return first if len(first) <= _TITLE_FROM_TEXT else f"{first[:_TITLE_FROM_TEXT]}…"


def _item(entry: Entry, marks: Marks, identity: Identity, stated: Stated) -> Item:
    return Item(
        key=identity.key,
        rung=identity.rung,
        title=marks.title,
        url=marks.url,
        stated=stated,
        author=entry.author,
        publisher=entry.publisher,
        text=entry.text,
        credits=(*entry.credits, *read_credits(entry.text)),
        mark=entry.mark,
        pinned=entry.pinned or _PINNED.match(marks.title) is not None,
        kind=entry.kind,
        other_keys=identity.other_keys,
        reported=entry.reported,
    )


def _warnings(entries: Sequence[Entry], items: Sequence[Item], found: Sequence[Identity], failed: int) -> Iterator[str]:
    if failed:
        yield f"列表中有{failed}条是采集桥自身的错误提示，不是信息"
    guids = Counter(entry.guid for entry in entries if entry.guid)
    fallen = {
        entry.guid
        for entry, identity in zip(entries, found, strict=True)
        if guids[entry.guid] > 1 and identity.rung not in {Rung.PLATFORM, Rung.GUID}
    }
    if fallen:
        yield f"有{len(fallen)}个guid被多条信息共用，改用链接或标题识别"
    if len(items) < len(entries):
        yield f"有{len(entries) - len(items)}条信息重复列出，已合并"


def _date_warnings(items: Sequence[Item]) -> Iterator[str]:
    undated = [item for item in items if item.stated.at is None and not item.stated.raw]
    unread = [item for item in items if item.stated.at is None and item.stated.raw]
    if undated:
        yield f"{len(undated)}条信息没有发布时间"
    if unread:
        yield f"{len(unread)}条信息的发布时间无法识别（如“{unread[0].stated.raw[:30]}”）"
    midnights = sum(item.stated.form.endswith("midnight") for item in items)
    if midnights and all(item.stated.precision is Precision.DAY for item in items if item.stated.at is not None):
        yield "各条信息的发布时间均为零点，按日期处理"
    elif midnights:
        yield f"有{midnights}条信息的发布时间为零点，按日期处理"
