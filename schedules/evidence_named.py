"""What a finding rests on that rests on posts: how they were seen, whom they name, and the earlier post of another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from monitor.values import CreditKind, CreditPlace, Precision
from reports import cells
from reports.dossier import Likened, Named
from storage.posts import Revision, revisions_of
from storage.records import first_visit, post_numbers
from storage.said import Said

_KINDS = {CreditKind.DATELINE: "电头", CreditKind.QUOTED_WIRE: "据…消息", CreditKind.AUTHOR: "作者"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What was known of a post by then; times as cells. ``text`` is that of its page, else of its list."""

    published: str
    seen: str
    page_read: str
    text: str


def named_of(session: Session, said: Said, zone: tzinfo) -> tuple[Named, ...]:
    """Return the posts that a finding rests on as its inspection knew them; () where it rests on silence."""
    kept: Sequence[dict[str, Any]] = said.payload.get("named", ())
    numbers = post_numbers(session, said.account_id, [each["key"] for each in kept])
    return tuple(_named(session, said, each, numbers.get(each["key"]), zone) for each in kept)


def _named(session: Session, said: Said, post: Mapping[str, Any], number: int | None, zone: tzinfo) -> Named:
    known = _known(revisions_of(session, said.account_id, post["key"]), said.known_at, zone)
    return Named(
        key=post["key"],
        title=post["title"],
        url=post["url"],
        published=published(post, zone),
        seen=cells.moment(datetime.fromisoformat(post["seen_at"]), zone),
        page_read=_local(post["page_at"], zone),
        listed=tuple(_sources(post["publisher"], post["mark"], post["credits"])),
        paged=tuple(_sources("", post["page_mark"], post["page_credits"])),
        text=known.text,
        post_id=number,
        visit_id=None if number is None else first_visit(number),
        likened=None if post["near"] is None else _likened(session, said, post["near"], zone),
    )


def _likened(session: Session, said: Said, near: Mapping[str, Any], zone: tzinfo) -> Likened:
    known = _known(revisions_of(session, near["account_id"], near["key"]), said.known_at, zone)
    number = post_numbers(session, near["account_id"], [near["key"]]).get(near["key"])
    return Likened(
        account_id=near["account_id"],
        account_name=near["account_name"],
        platform=near["platform"],
        organizer=near["organizer"],
        key=near["key"],
        title=near["title"],
        url=near["url"],
        published=known.published or _local(near["published_at"], zone),
        seen=known.seen,
        page_read=known.page_read,
        percent=near["percent"],
        text=known.text,
        post_id=number,
        visit_id=None if number is None else first_visit(number),
    )


def _known(revisions: Sequence[Revision], known_at: datetime, zone: tzinfo) -> _Known:
    """Return what the last version says that was known at ``known_at``; what a page said later is not used."""
    by_then = [each for each in revisions if each.known_from <= known_at]
    if not by_then:
        return _Known(published="", seen="", page_read="", text="")
    last = by_then[-1]
    is_read = last.post.page_at is not None and last.post.page_at <= known_at
    return _Known(
        published=cells.published(last.post, zone),
        seen=cells.moment(last.post.seen_at, zone),
        page_read=cells.moment(last.post.page_at, zone) if is_read else "",
        text=(last.page_text if is_read else "") or last.text,
    )


def _sources(publisher: str, mark: str, found: Sequence[Mapping[str, str]]) -> list[str]:
    """Return in words whom a list or a page names, and what the platform marks."""
    marks = [f"平台标注“{mark}”"] if mark else []
    items = [f"条目来源“{publisher}”"] if publisher else []
    return [*marks, *items, *map(_credit, found)]


def _credit(credit: Mapping[str, str]) -> str:
    where = "文首" if credit["place"] == CreditPlace.HEADER.value else "文中"
    label = credit["label"] or _KINDS.get(CreditKind(credit["kind"]), "来源")
    return f"{where}{label}“{credit['value']}”"


def published(post: Mapping[str, Any], zone: tzinfo) -> str:
    """Return when a post was published by an inspection's own record, as cells hold it."""
    if post["published_at"] is None:
        return ""
    at = datetime.fromisoformat(post["published_at"])
    if post["precision"] == Precision.DAY.value:
        return cells.day(at.astimezone(zone).date())
    return cells.moment(at, zone)


def _local(said: str | None, zone: tzinfo) -> str:
    return "" if said is None else cells.moment(datetime.fromisoformat(said), zone)
