"""Compare the texts of posts: sketches of all, and pairs of those of different accounts that are near-identical."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    type_coerce,
)
from sqlalchemy import text as sql
from sqlalchemy import union as union_of
from sqlalchemy.orm import Session, aliased

from monitor.likeness import SHARED, WIDTH, is_near, normal_text, runs_of, similarity, sketch_of
from storage.columns import Name, to_moment
from storage.models import (
    AccountRow,
    accounts,
    compared,
    likenesses,
    pages,
    post_texts,
    posts,
    sketches,
)
from storage.post_rows import raw

EDGE = 64
"""Of the posts that share a value, so many of the first and of the last are looked at: thousands share boilerplate."""

OTHERS, OWN = 32, 8
"""So many candidates of other organizers, the earliest, and of the same one, the nearest in time, are compared."""

PAIRS = 12
"""So many posts, the earliest, are kept as near-identical to one that is compared."""

_page_text = and_(pages.c.read_at.is_not(None), pages.c.text != "")
_token = posts.c.text_hash + "|" + func.coalesce(cast(type_coerce(pages.c.read_at, BigInteger), String), "")
_TEXTS = (
    select(
        posts.c.post_id,
        case((_page_text, pages.c.text), else_=func.coalesce(post_texts.c.text, "")).label("text"),
        case((_page_text, raw(pages.c.read_at)), else_=raw(posts.c.known_from)).label("known_from"),
    )
    .outerjoin(pages, pages.c.post_id == posts.c.post_id)
    .outerjoin(post_texts, post_texts.c.post_id == posts.c.post_id)
)
_DUE = (
    select(posts.c.post_id, posts.c.account_id, raw(func.coalesce(posts.c.published_at, posts.c.seen_at)), _token)
    .outerjoin(pages, pages.c.post_id == posts.c.post_id)
    .outerjoin(compared, compared.c.post_id == posts.c.post_id)
    .where(
        posts.c.post_id > bindparam("after"),
        or_(posts.c.text_hash != "", pages.c.read_at.is_not(None)),
        or_(compared.c.text_hash.is_(None), compared.c.text_hash != _token),
    )
    .order_by(posts.c.post_id)
    .limit(bindparam("most"))
)


def _sharing() -> Select[*tuple[Any, ...]]:
    """Select the posts of other accounts that share SHARED values of a sketch: number, time, whether one organizer."""
    own, account = aliased(AccountRow), bindparam("account", type_=Name)
    edges: list[Select[*tuple[Any, ...]]] = []
    for place in range(WIDTH):
        of_value = select(sketches.c.value, sketches.c.post_id).where(sketches.c.value == bindparam(f"v{place}"))
        for order in (sketches.c.post_id.asc(), sketches.c.post_id.desc()):
            some = of_value.order_by(order).limit(EDGE).subquery()
            edges.append(select(some.c.value, some.c.post_id))
    shared = union_of(*edges).subquery()
    many = select(shared.c.post_id).group_by(shared.c.post_id).having(func.count() >= SHARED).subquery()
    time = raw(func.coalesce(posts.c.published_at, posts.c.seen_at))
    return (
        select(posts.c.post_id, time, accounts.c.organizer == own.organizer)
        .join(many, many.c.post_id == posts.c.post_id)
        .join(accounts, accounts.c.account_id == posts.c.account_id)
        .join(own, own.account_id == account)
        .where(posts.c.account_id != account)
    )


_SHARING = _sharing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A post whose text is new or has changed since it was compared; ``at`` is its time as a stored number."""

    post_id: int
    account_id: str
    at: int
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A post's text in comparable form, and since when (a stored number) it is known."""

    normal: str
    known_from: int


def compare_due(session: Session, after: int, most: int) -> list[Due]:
    """Return the first posts behind number ``after`` whose text is new or has changed since they were compared."""
    return [
        Due(post_id=post_id, account_id=account_id, at=at, text_hash=text_hash)
        for post_id, account_id, at, text_hash in session.execute(_DUE, {"after": after, "most": most})
    ]


def compare(session: Session, due: Sequence[Due]) -> None:
    """Renew the sketches of some posts, and the pairs that they make with all posts compared so far.

    One program at a time does this, or two could each miss the other's posts.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sql("LOCK TABLE compared IN SHARE ROW EXCLUSIVE MODE"))
    texts = _texts(session, [each.post_id for each in due])
    made = {each.post_id: sketch_of(texts[each.post_id].normal) for each in due}
    partners = _forget(session, list(made))
    values = [{"value": value, "post_id": post_id} for post_id, sketch in made.items() for value in sketch]
    if values:
        session.execute(insert(sketches), values)
    session.execute(insert(compared), [{"post_id": each.post_id, "text_hash": each.text_hash} for each in due])
    for each in due:
        if sketch := made[each.post_id]:
            _pair(session, each, texts[each.post_id], sketch, partners.get(each.post_id, {}))


def _texts(session: Session, post_ids: Collection[int]) -> dict[int, _Text]:
    rows = session.execute(_TEXTS.where(posts.c.post_id.in_(post_ids)))
    return {post_id: _Text(normal=normal_text(text), known_from=known_from or 0) for post_id, text, known_from in rows}


def _forget(session: Session, post_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """Remove what was kept of some posts; return by post its partners and since when each pair was known."""
    partners: dict[int, dict[int, int]] = {}
    columns = (likenesses.c.post_id, likenesses.c.other_id, raw(likenesses.c.known_from))
    for post_id, other, known_from in session.execute(select(*columns).where(likenesses.c.post_id.in_(post_ids))):
        partners.setdefault(post_id, {})[other] = known_from
    back = [{"from": other, "to": post_id} for post_id, some in partners.items() for other in some]
    if back:
        ours = and_(likenesses.c.post_id == bindparam("from"), likenesses.c.other_id == bindparam("to"))
        session.connection().execute(delete(likenesses).where(ours), back)
    for table in (likenesses, sketches, compared):
        session.execute(delete(table).where(table.c.post_id.in_(post_ids)))
    return partners


def _pair(session: Session, due: Due, text: _Text, sketch: Sequence[int], partners: Mapping[int, int]) -> None:
    """Find and keep the posts that are near-identical to one; those that were stay wherever they still are."""
    already = set(session.scalars(select(likenesses.c.other_id).where(likenesses.c.post_id == due.post_id)))
    wanted = dict.fromkeys((*_candidates(session, due, sketch), *partners))
    texts = _texts(session, [number for number in wanted if number not in already])
    runs = runs_of(text.normal)
    alike = {number: similarity(runs, runs_of(other.normal)) for number, other in texts.items()}
    letters = len(text.normal)
    close = [
        number
        for number in wanted
        if number in already or is_near(alike[number], min(letters, len(texts[number].normal)))
    ]
    rows: list[dict[str, Any]] = []
    chosen = close[:PAIRS] + [number for number in close[PAIRS:] if number in partners]
    for number in (each for each in chosen if each not in already):
        known_from = max(text.known_from, texts[number].known_from)
        known_from = min(known_from, partners.get(number, known_from))
        pair = {"similarity": int(alike[number] * 1000), "known_from": to_moment(known_from)}
        rows.append({"post_id": due.post_id, "other_id": number} | pair)
        rows.append({"post_id": number, "other_id": due.post_id} | pair)
    if rows:
        session.execute(insert(likenesses), rows)


def _candidates(session: Session, due: Due, sketch: Sequence[int]) -> list[int]:
    """Return posts of other accounts that share much of a sketch: of the own organizer first, then the earliest."""
    given: dict[str, Any] = {f"v{place}": value for place, value in enumerate(sketch)}
    rows = session.execute(_SHARING, given | {"account": due.account_id}).all()
    own = sorted((abs(at - due.at), number) for number, at, same in rows if same)
    others = sorted((at, number) for number, at, same in rows if not same)
    return [number for _, number in (*own[:OWN], *others[:OTHERS])]
