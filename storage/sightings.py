"""Make posts of the items that a visit saw: new ones are added, known ones recognised and revised."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from monitor.proof import believable
from monitor.sighting import CLAIMS, UNSEEN, beside, first_seen, has_come, seen_again
from monitor.spans import Coverage
from monitor.values import Flag, Item, Post
from monitor.visits import Visit
from storage.columns import to_moment
from storage.coverage import proven_before, spans_of
from storage.matching import (
    Stored,
    completing,
    match,
    once,
    other_day,
    outranks,
    renamed,
    states_the_same,
    with_day_key,
)
from storage.models import post_keys, post_revisions, post_texts, posts, sources, visits
from storage.post_rows import POST_COLUMNS, VERSION, WIDTH, raw, read, version_values
from storage.revisions import Superseded, keep_versions
from storage.texts import digest, storable_item
from storage.wanted import miss, want

PLACES = 20
"""Bits of a post_id that number the posts of one visit; the bits above are the visit_id."""

_CHUNK = 500  # keys asked for in one statement; SQLite takes 32,766 parameters

# Made once: building a statement costs more than running it.
_ADD_POSTS, _ADD_KEYS, _ADD_TEXTS = insert(posts), insert(post_keys), insert(post_texts)
_KNOWN = (
    select(*POST_COLUMNS, posts.c.source_id, raw(posts.c.known_from), posts.c.text_hash, post_keys.c.key)
    .join_from(post_keys, posts, post_keys.c.post_id == posts.c.post_id)
    .where(post_keys.c.account_id == bindparam("account"), post_keys.c.key.in_(bindparam("keys", expanding=True)))
)
_NEWEST_VISIT = select(func.max(visits.c.started_at)).where(
    visits.c.account_id == bindparam("account"), visits.c.visit_id != bindparam("visit")
)
_RENEW = (
    update(posts)
    .where(posts.c.post_id == bindparam("of_post"))
    .values({name: bindparam(name) for name in ("text_hash", "source_id", "known_from", *VERSION)})
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a sighting changes in a stored post; ``kept`` where the version before it is to be kept as a revision."""

    stored: Stored
    post: Post
    text: str | None  # the new text, None where it stays
    kept: bool
    source_id: int
    known_from: datetime


class Sighting:
    """One visit's view of an account's posts, with what is looked up at most once for it."""

    def __init__(self, session: Session, visit_id: int, visit: Visit, account_id: str, zone: tzinfo) -> None:
        """Look at the items of ``visit``, already stored as ``visit_id``; ``zone`` tells which day a moment is on."""
        self.session = session
        self.visit_id = visit_id
        self.visit = visit
        self.account_id = account_id
        self.source_id = visit.source_id
        self.at = visit.started_at
        self.zone = zone

    def save(self, items: Iterable[Item]) -> tuple[int, int]:
        """Store what the items state; return how many posts are new and how many were revised."""
        seen = once(with_day_key(storable_item(item), self.zone) for item in items)
        known = self._known(_keys(seen.values()))
        if (own := renamed(seen, known)) != seen:
            seen = own
            known |= self._known(_keys(seen.values()) - known.keys())
        matches = match(seen, known, self.zone)
        self._add([(item, keys) for item, keys, stored in matches if stored is None], known)
        aliases = [
            {"account_id": self.account_id, "key": key, "post_id": stored.post_id}
            for _, keys, stored in matches
            if stored is not None
            for key in keys
            if key not in known
        ]
        if aliases:
            self.session.execute(insert(post_keys), aliases)
        again = [(item, stored) for item, _, stored in matches if stored is not None]
        # That its unit reported it earlier is no earlier sighting.
        self._see_earlier([stored for item, stored in again if not item.reported or stored.post.flags & CLAIMS])
        changes = [change for item, stored in again if (change := self._change(item, stored)) is not None]
        self._revise(changes)
        claimed = (each for each in changes if each.stored.post.flags & UNSEEN)
        to_check = [each.stored.post_id for each in claimed if each.post.flags & UNSEEN or each.post.page_at is None]
        undeleted = [stored.post_id for _, stored in again if (stored.post.deleted_at or self.at) < self.at]
        want(self.session, (*to_check, *undeleted), self.at)
        miss(self.session, self.visit, [stored.post_id for _, stored in again])
        return len(matches) - len(again), sum(change.kept for change in changes)

    @cached_property
    def _coverage(self) -> Coverage:
        """What was known of the account before this visit."""
        newest = self.session.scalar(_NEWEST_VISIT, {"account": self.account_id, "visit": self.visit_id})
        if newest is None or newest < self.at:
            return spans_of(self.session, self.account_id)
        return proven_before(self.session, self.account_id, self.at)

    @cached_property
    def _active(self) -> frozenset[int]:
        """The sources of the account that the registry still names."""
        return frozenset(
            self.session.scalars(
                select(sources.c.source_id).where(sources.c.account_id == self.account_id, sources.c.active)
            )
        )

    def _known(self, keys: set[str]) -> dict[str, Stored]:
        wanted = sorted(keys)
        found: dict[str, Stored] = {}
        for at in range(0, len(wanted), _CHUNK):
            chunk = wanted[at : at + _CHUNK]
            rows = self.session.execute(_KNOWN, {"account": self.account_id, "keys": chunk}).all()
            for row, post in zip(rows, read((row[:WIDTH] for row in rows), {}), strict=True):
                source_id, known_from, text_hash, key = row[WIDTH:]
                found[key] = Stored(
                    post_id=row[0],
                    post=post,
                    source_id=source_id,
                    known_from=to_moment(known_from),
                    text_hash=text_hash,
                )
        return found

    def _add(self, found: Sequence[tuple[Item, list[str]]], known: Mapping[str, Stored]) -> None:
        if not found:
            return
        rows: list[dict[str, Any]] = []
        keys: list[dict[str, Any]] = []
        texts: list[dict[str, Any]] = []
        for place, (item, names) in enumerate(found):
            post = first_seen(item, self.account_id, self.at, self._coverage)
            post_id = (self.visit_id << PLACES) + place
            own = {"post_id": post_id, "account_id": self.account_id, "key": post.key, "seen_at": post.seen_at}
            own |= {"not_before": post.not_before, "not_after": post.not_after}
            rest = {"text_hash": digest(item.text), "source_id": self.source_id, "known_from": self.at}
            rows.append(own | rest | version_values(post))
            fresh = [post.key, *(name for name in names if name not in known and name != post.key)]
            keys.extend({"account_id": self.account_id, "key": name, "post_id": post_id} for name in fresh)
            if item.text:
                texts.append({"post_id": post_id, "text": item.text})
        taken = [row["key"] for row in rows if row["key"] in known]
        if taken:  # a key that another post was known by as well now has a post of its own
            self.session.execute(
                delete(post_keys).where(post_keys.c.account_id == self.account_id, post_keys.c.key.in_(taken))
            )
        self.session.execute(_ADD_POSTS, rows)
        self.session.execute(_ADD_KEYS, keys)
        if texts:
            self.session.execute(_ADD_TEXTS, texts)
        reported = (row["post_id"] for row, (item, _) in zip(rows, found, strict=True) if item.reported)
        want(self.session, reported, self.at)

    def _change(self, item: Item, stored: Stored) -> Change | None:
        """Return what an item seen again changes, or None.

        A version belongs to the source that stated it. While that source is in the registry another one can complete
        the post but not contradict it: what two sources say differently is no change, except that another day is a
        doubt that is kept, or takes the post over (``outranks``). Nor does a sighting from before the newest version
        change anything but that. But whatever a source of the platform shows goes before a report.
        """
        post = stored.post
        is_shown = bool(post.flags & CLAIMS) and not item.reported
        is_late = self.at < stored.known_from and not is_shown
        if item.reported and not post.flags & UNSEEN:
            return None
        is_own = is_shown or stored.source_id == self.source_id or stored.source_id not in self._active
        by_owner = not is_late and (is_own or outranks(item, self.source_id, stored, self.zone))
        heard = item if by_owner else completing(item, post)
        said = post
        if not is_late and (is_shown or not states_the_same(heard, post)):
            said = self._said(heard, post)
        if not by_owner and (other := other_day(item, said, self.at, self.zone)) is not None:
            said = beside(said, other, self.zone)
        if (come := has_come(item.stated, said, self.at)) is not None:
            said = beside(said, come, self.zone)
        new_text = item.text if not is_late and item.text and digest(item.text) != stored.text_hash else None
        if new_text is not None and stored.text_hash and not by_owner:
            new_text = None
        if said == post and new_text is None:
            return None
        # An address alone differs at every poll on some platforms: the newest one is kept, and no history of them.
        is_new = replace(said, url=post.url) != post or (new_text is not None and stored.text_hash != "")
        is_newest = self.at >= stored.known_from
        return Change(
            stored=stored,
            post=said,
            text=new_text,
            kept=is_new and is_newest,
            source_id=self.source_id if is_new and by_owner else stored.source_id,
            known_from=self.at if is_new and (is_newest or is_shown) else stored.known_from,
        )

    def _said(self, item: Item, post: Post) -> Post:
        """Return the post as the item states it; of the times that it had elsewhere, one for each local day."""
        restated = item.stated.raw != post.stated and not item.stated.clock_bound
        needed = restated and believable(item.stated, post.seen_at)  # a later time is no question of what was covered
        before: Coverage = ()
        if post.flags & UNSEEN and not item.reported:
            before = self._coverage  # it is seen for the first time
        elif needed:
            before = proven_before(self.session, self.account_id, post.seen_at)
        said = seen_again(post, item, before, self.at)
        if said is None or not said.other_times:
            return said or post
        by_day: dict[date, datetime] = {}
        for each in said.other_times:
            by_day.setdefault(each.astimezone(self.zone).date(), each)
        if said.published_at is not None:
            by_day.pop(said.published_at.astimezone(self.zone).date(), None)
        elsewhere = tuple(by_day.values())
        stays = said.published_at == post.published_at and elsewhere == post.other_times
        is_nothing_new = stays and Flag.RESTATED not in post.flags
        flags = said.flags - {Flag.RESTATED} if is_nothing_new else said.flags
        return replace(said, other_times=elsewhere, flags=flags)

    def _revise(self, changes: Sequence[Change]) -> None:
        if not changes:
            return
        kept = [self._superseded(change) for change in changes if change.kept]
        keep_versions(self.session, kept, self.visit_id)
        self.session.execute(_RENEW, [self._renewed(change) for change in changes])
        texts = [{"post_id": each.stored.post_id, "text": each.text} for each in changes if each.text is not None]
        if texts:
            self.session.execute(
                delete(post_texts).where(post_texts.c.post_id.in_([text["post_id"] for text in texts]))
            )
            self.session.execute(insert(post_texts), texts)

    def _superseded(self, change: Change) -> Superseded:
        stored = change.stored
        old = None
        if change.text is not None:
            old = self.session.scalar(select(post_texts.c.text).where(post_texts.c.post_id == stored.post_id))
        return Superseded(
            post_id=stored.post_id,
            post=stored.post,
            source_id=stored.source_id,
            known_from=stored.known_from,
            text=old,
        )

    def _renewed(self, change: Change) -> dict[str, Any]:
        stored = change.stored
        return {
            "of_post": stored.post_id,
            "text_hash": stored.text_hash if change.text is None else digest(change.text),
            "source_id": change.source_id,
            "known_from": change.known_from,
        } | version_values(change.post)

    def _see_earlier(self, known: Iterable[Stored]) -> None:
        """Move the first sighting back where a visit is stored after one that started later."""
        for stored in known:
            if self.at >= stored.post.seen_at:
                continue
            ours = posts.c.post_id == stored.post_id
            seen_at = stored.post.seen_at
            self.session.execute(update(posts).where(ours).values(seen_at=self.at))
            self.session.execute(update(posts).where(ours, posts.c.known_from == seen_at).values(known_from=self.at))
            self.session.execute(
                update(post_revisions)
                .where(post_revisions.c.post_id == stored.post_id, post_revisions.c.known_from == seen_at)
                .values(known_from=self.at)
            )
            if Flag.FUTURE in stored.post.flags and stored.post.published_at == seen_at:
                self.session.execute(update(posts).where(ours).values(published_at=self.at))


def _keys(items: Iterable[Item]) -> set[str]:
    return {key for item in items for key in (item.key, *item.other_keys)}
