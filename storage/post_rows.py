"""Turn posts into column values and rows back into posts, as fast as Python allows."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, type_coerce

from monitor.values import (
    NO_FLAGS,
    Correction,
    Credit,
    CreditKind,
    CreditPlace,
    Flag,
    Mark,
    Post,
    PostKind,
    Precision,
    Rung,
)
from storage.columns import EPOCH, MICROSECOND, Moment, to_moment, to_number
from storage.models import post_revisions, posts

_PRECISION = {each.value: each for each in Precision}
_RUNG = {each.value: each for each in Rung}
_KIND = {each.value: each for each in PostKind}
_MARK = {each.value: each for each in Mark}

VERSION = (
    *("title", "url", "published_at", "precision", "stated", "form", "rung", "kind"),
    *("author", "publisher", "credits", "mark", "flags", "other_times"),
)


def raw(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column as the number that is stored, without the cost of a type's own reading per row."""
    return type_coerce(column, BigInteger) if isinstance(column.type, Moment) else column


def columns(version: Table = posts) -> list[ColumnElement[Any]]:
    """Return the columns that ``read`` expects, in its order, the version's from ``posts`` or ``post_revisions``."""
    own = [posts.c.post_id, posts.c.account_id, posts.c.key, posts.c.seen_at, version.c.deleted_at]
    placed = [posts.c.not_before, posts.c.not_after, version.c.page_at, version.c.page_credits, version.c.page_mark]
    return [raw(column) for column in (*own, *(version.c[name] for name in VERSION), *placed)]


REVISION_COLUMNS = columns(post_revisions)
POST_COLUMNS = columns()
WIDTH = len(POST_COLUMNS)

_new = object.__new__
_PUTS: tuple[Callable[[Post, Any], None], ...] = tuple(vars(Post)[name].__set__ for name in Post.__slots__)


def read(rows: Iterable[Sequence[Any]], corrections: Mapping[int, Correction]) -> list[Post]:
    """Return the posts of rows of POST_COLUMNS, with a person's corrections by post_id.

    This loop is most of what an inspection costs. The slots of the frozen value are put one by one because its
    constructor takes twice as long, and looked up once, in the order of Post (benchmarks/storing.py measures it).
    """
    found: list[Post] = []
    epoch, tick, correction_of = EPOCH, MICROSECOND, corrections.get
    # fmt: off
    (put_account, put_key, put_title, put_url, put_published, put_seen, put_precision, put_stated, put_form, put_rung,
     put_kind, put_author, put_publisher, put_credits, put_mark, put_flags, put_others, put_correction,
     put_deleted, put_not_before, put_not_after, put_page_at, put_page_credits, put_page_mark) = _PUTS
    for (number, account, key, seen, deleted, title, url, published, precision, stated, form, rung, kind, author,
         publisher, credit, mark, flags, others, not_before, not_after, page_at, page_credit, page_mark) in rows:
        # fmt: on
        post = _new(Post)
        put_account(post, account)
        put_key(post, key)
        put_title(post, title)
        put_url(post, url)
        put_published(post, None if published is None else epoch + tick * published)
        put_seen(post, epoch + tick * seen)
        put_precision(post, _PRECISION[precision])
        put_stated(post, stated)
        put_form(post, form)
        put_rung(post, _RUNG[rung])
        put_kind(post, _KIND[kind])
        put_author(post, author)
        put_publisher(post, publisher)
        put_credits(post, () if credit is None else read_credits(credit))
        put_mark(post, _MARK[mark])
        put_flags(post, NO_FLAGS if flags is None else read_flags(flags))
        put_others(post, () if others is None else _read_times(others))
        put_correction(post, correction_of(number))
        put_deleted(post, None if deleted is None else epoch + tick * deleted)
        put_not_before(post, None if not_before is None else epoch + tick * not_before)
        put_not_after(post, None if not_after is None else epoch + tick * not_after)
        put_page_at(post, None if page_at is None else epoch + tick * page_at)
        put_page_credits(post, () if page_credit is None else read_credits(page_credit))
        put_page_mark(post, Mark.NONE if page_mark is None else _MARK[page_mark])
        found.append(post)
    return found


def version_values(post: Post) -> dict[str, Any]:
    """Return the values of the columns that belong to a post's version."""
    return {
        "title": post.title,
        "url": post.url,
        "published_at": post.published_at,
        "precision": post.precision.value,
        "stated": post.stated,
        "form": post.form,
        "rung": post.rung.value,
        "kind": post.kind.value,
        "author": post.author,
        "publisher": post.publisher,
        "credits": write_credits(post.credits),
        "mark": post.mark.value,
        "flags": _dump(sorted(flag.name for flag in post.flags)) if post.flags else None,
        "other_times": _dump([to_number(each) for each in post.other_times]) if post.other_times else None,
    }


def page_values(post: Post) -> dict[str, Any]:
    """Return the values of the columns of what a post's own page says."""
    return {
        "page_at": post.page_at,
        "page_credits": write_credits(post.page_credits),
        "page_mark": None if post.page_at is None else post.page_mark.value,
    }


@lru_cache(4096)
def read_credits(stored: str) -> tuple[Credit, ...]:
    """Return the credits of a stored list of [kind, label, value, place]; few differ, so they are remembered."""
    return tuple(
        Credit(kind=CreditKind(kind), label=label, value=value, place=CreditPlace(place))
        for kind, label, value, place in json.loads(stored)
    )


@lru_cache(64)
def read_flags(stored: str) -> frozenset[Flag]:
    """Return the flags of a stored list of names."""
    return frozenset(Flag[name] for name in json.loads(stored))


def _read_times(stored: str) -> tuple[Any, ...]:
    return tuple(to_moment(number) for number in json.loads(stored))


def write_credits(found: tuple[Credit, ...]) -> str | None:
    """Return credits as they are stored, None for none."""
    if not found:
        return None
    return _dump([[each.kind.value, each.label, each.value, each.place.value] for each in found])


def _dump(value: list[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
