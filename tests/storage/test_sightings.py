"""What becomes of the items of one visit after another."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from monitor.values import (
    Account,
    Credit,
    CreditKind,
    CreditPlace,
    Flag,
    Item,
    Mark,
    Post,
    PostKind,
    Precision,
    Rung,
    Stated,
)
from storage.accounts import save_accounts
from storage.database import Database
from storage.models import post_keys, post_revisions, posts
from storage.posts import posts_between, revisions_of, text_of
from storage.sources import sources_of
from storage.visits import Saved, save_visit
from tests.storage.values import ZONE, a_day, a_visit, an_account, an_item, hour, register


def _seen(database: Database, at: float, *items: Item, source: int = 0, **more: Any) -> Saved:
    with database.begin() as session:
        found = sources_of(session)
        return save_visit(session, a_visit(found[source], hour(at), *items, **more), ZONE)


def _posts(database: Database, as_of: datetime | None = None) -> list[Post]:
    with database.read() as session:
        return posts_between(session, ["a1"], hour(-9000), hour(9000), as_of)["a1"]


def _titles(database: Database, as_of: datetime | None = None) -> dict[str, str]:
    return {post.key: post.title for post in _posts(database, as_of)}


@pytest.fixture
def ready(database: Database) -> Database:
    with database.begin() as session:
        register(session, an_account("a1", "u", "v"))
    return database


def test_every_field_of_a_post_comes_back(ready: Database) -> None:
    item = Item(
        key="k",
        rung=Rung.LINK_TIME,
        title="标题",
        url="https://x.example/1",
        stated=Stated(
            at=hour(1), precision=Precision.DAY, raw="2026-10-01", form="ymd", day_end=hour(16), clock_bound=False
        ),
        author="张三",
        publisher="新华社",
        text="正文",
        credits=(
            Credit(kind=CreditKind.SOURCE, label="来源", value="新华社", place=CreditPlace.HEADER),
            Credit(kind=CreditKind.AUTHOR, label="图文", value="李四"),
        ),
        mark=Mark.REPOST,
        kind=PostKind.VIDEO,
    )
    _seen(ready, 5, item)
    (post,) = _posts(ready)
    assert post == Post(
        account_id="a1",
        key="k",
        title="标题",
        url="https://x.example/1",
        published_at=hour(1),
        seen_at=hour(5),
        precision=Precision.DAY,
        stated="2026-10-01",
        form="ymd",
        rung=Rung.LINK_TIME,
        kind=PostKind.VIDEO,
        author="张三",
        publisher="新华社",
        credits=item.credits,
        mark=Mark.REPOST,
    )
    assert hash(post)  # every slot is filled
    with ready.read() as session:
        assert text_of(session, "a1", "k") == "正文"
        assert text_of(session, "a1", "none") == ""


def test_the_same_list_again_changes_nothing(ready: Database) -> None:
    items = (an_item("k", hour(1), text="x"), an_item("m", hour(2)), an_item("n"))
    first = _seen(ready, 5, *items)
    before = _posts(ready)
    again = _seen(ready, 6, *reversed(items))
    assert (first.new_posts, again.new_posts, again.revised_posts) == (3, 0, 0)
    assert _posts(ready) == before


def test_an_item_that_stands_twice_in_a_list_is_one_post(ready: Database) -> None:
    assert _seen(ready, 5, an_item("k", hour(1)), an_item("k", hour(1)), an_item("m")).new_posts == 2


def test_a_post_of_two_sources_is_one_post(ready: Database) -> None:
    _seen(ready, 5, an_item("k", hour(1)), source=0)
    assert _seen(ready, 6, an_item("k", hour(1)), an_item("m", hour(1)), source=1).new_posts == 1


def test_a_key_of_one_account_is_not_anothers(ready: Database) -> None:
    with ready.begin() as session:
        register(session, an_account("a2"))
    _seen(ready, 5, an_item("k", hour(1)), source=0)
    assert _seen(ready, 5, an_item("k", hour(1)), source=2).new_posts == 1


@pytest.mark.parametrize(
    ("lists", "posts_known"),
    [
        pytest.param([[("guid", "link")], [("link", "")]], 1, id="weaker-rung-later"),
        pytest.param([[("link", "")], [("guid", "link")], [("guid", "")]], 1, id="stronger-rung-later-then-alone"),
        pytest.param([[("a", "x")], [("b", "x")], [("c", "b")]], 1, id="by-a-chain-of-keys"),
        pytest.param([[("a", "x"), ("b", "x")]], 2, id="two-entries-share-a-key"),
        pytest.param([[("a", "x")], [("a", "x"), ("b", "x")]], 2, id="a-shared-key-is-nobodys"),
        pytest.param([[("a", "b"), ("b", "")]], 2, id="another-entrys-key"),
        pytest.param([[("a", "b")], [("a", ""), ("b", "")]], 2, id="another-key-gets-its-own-entry"),
        pytest.param([[("a", "b")], [("a", ""), ("b", "")], [("b", "")], [("a", "")]], 2, id="and-keeps-it"),
        pytest.param([[("a", "x")], [("b", "x")], [("a", ""), ("b", "")]], 2, id="two-names-of-one-post-part"),
        pytest.param([[("a", "")], [("b", "")]], 2, id="two-posts"),
    ],
)
def test_posts_are_recognised_by_any_key(
    ready: Database, lists: Sequence[Sequence[tuple[str, str]]], posts_known: int
) -> None:
    for at, entries in enumerate(lists):
        _seen(ready, at, *(an_item(key, hour(0), other_keys=(other,) if other else ()) for key, other in entries))
    for at, entries in enumerate(lists):  # however often they are seen again
        _seen(ready, 50 + at, *(an_item(key, hour(0), other_keys=(other,) if other else ()) for key, other in entries))
    assert len(_posts(ready)) == posts_known
    with ready.read() as session:
        own = session.scalar(
            select(func.count())
            .select_from(posts)
            .join(post_keys, (post_keys.c.post_id == posts.c.post_id) & (post_keys.c.key == posts.c.key))
        )
        assert own == posts_known  # each post can be found by its own key


def _listed(guid: object, title: str, at: float, link: str | None = None, **more: Any) -> Item:
    """An item as a reader of feeds makes it; its link is of its title, where none is given."""
    place = f"county.example/{title}" if link is None else link
    moment = f"{hour(at):%Y%m%dT%H%M%SZ}"
    by_link = (f"link:{place}@{moment}", f"link:{place}@{moment}#{title}") if place else ()
    keys = (*by_link, f"title:{title}@{moment}")
    url = f"https://{place}" if place else ""
    return an_item(f"guid:{guid}", hour(at), title, **{"url": url, "other_keys": keys} | more)


def _numbered(*told: tuple[str, float]) -> tuple[Item, ...]:
    """A list whose guids are the places in it."""
    return tuple(_listed(place, title, at) for place, (title, at) in enumerate(told, 1))


def _published(database: Database) -> dict[str, datetime | None]:
    found = _posts(database)
    told = {post.title: post.published_at for post in found}
    assert len(told) == len(found), f"one post twice: {[post.key for post in found]}"
    return told


def test_guids_that_number_the_places_of_a_list_are_not_taken_for_names(ready: Database) -> None:
    lists = [
        _numbered(("丙", -10), ("乙", -20), ("甲", -30)),
        _numbered(("丁", 70), ("丙", -10), ("乙", -20)),
        _numbered(("己", 150), ("戊", 130), ("丁", 70)),
    ]
    assert [_seen(ready, at, *items).new_posts for at, items in zip((0, 100, 200), lists, strict=True)] == [3, 1, 2]
    expected = {"甲": -30, "乙": -20, "丙": -10, "丁": 70, "戊": 130, "己": 150}
    assert _published(ready) == {title: hour(at) for title, at in expected.items()}
    assert {post.flags for post in _posts(ready)} == {frozenset()}
    for at, items in enumerate((*lists, *reversed(lists)), 300):
        assert _seen(ready, at, *items) == Saved(visit_id=at - 296)
    assert _published(ready) == {title: hour(at) for title, at in expected.items()}


def test_the_order_of_lists_with_numbered_places_does_not_matter(ready: Database) -> None:
    _seen(ready, 200, *_numbered(("己", 150), ("戊", 130), ("丁", 70)))
    _seen(ready, 100, *_numbered(("丁", 70), ("丙", -10)))
    _seen(ready, 0, *_numbered(("丙", -10), ("乙", -20)))
    expected = {"乙": -20, "丙": -10, "丁": 70, "戊": 130, "己": 150}
    assert _published(ready) == {title: hour(at) for title, at in expected.items()}


def test_a_feed_of_one_item_with_one_guid_for_all(ready: Database) -> None:
    told = [("甲", -10), ("乙", 90), ("乙", 90), ("丙", 190), ("丙", 190), ("甲", -10)]
    seen = [_seen(ready, 100 * at, _listed("home", *each)) for at, each in enumerate(told)]
    assert [each.new_posts for each in seen] == [1, 1, 0, 1, 0, 0]
    assert sum(each.revised_posts for each in seen) == 0
    assert _published(ready) == {"甲": hour(-10), "乙": hour(90), "丙": hour(190)}


def test_a_feed_of_one_item_that_is_dated_anew_at_every_poll(ready: Database) -> None:
    _seen(ready, 0, _listed("home", "甲", 0))
    new = [_seen(ready, at, _listed("home", "乙", at)).new_posts for at in range(100, 110)]
    assert new == [1] + [0] * 9
    assert _published(ready) == {"甲": hour(0), "乙": hour(100)}


@pytest.mark.parametrize("rung", [pytest.param("guid", id="by-guid"), pytest.param("platform", id="by-platform")])
def test_two_sources_that_number_alike_have_each_their_posts(ready: Database, rung: str) -> None:
    theirs = _listed(57, "乙", 30)
    if rung == "platform":
        keys = (theirs.key, *theirs.other_keys)
        theirs = replace(theirs, key="wechat:s:abcdef", rung=Rung.PLATFORM, other_keys=keys)
    assert _seen(ready, 50, _listed(57, "甲", 10), source=0).new_posts == 1
    assert _seen(ready, 51, theirs, source=1).new_posts == 1
    for at in range(52, 58):
        saved = _seen(ready, at, theirs if at % 2 else _listed(57, "甲", 10), source=at % 2)
        assert (saved.new_posts, saved.revised_posts) == (0, 0)
    assert _published(ready) == {"甲": hour(10), "乙": hour(30)}


@pytest.mark.parametrize(
    ("item", "key", "rung"),
    [
        pytest.param(_listed(1, "乙", 30), "link:county.example/乙@20261002T060000Z", Rung.LINK_TIME, id="link"),
        pytest.param(
            _listed(1, "乙", 30, other_keys=("link:county.example/乙@20261002T060000Z#乙",)),
            "link:county.example/乙@20261002T060000Z#乙",
            Rung.LINK_TIME_TITLE,
            id="link-and-title",
        ),
        pytest.param(_listed(1, "乙", 30, ""), "title:乙@20261002T060000Z", Rung.TITLE_TIME, id="no-link"),
        pytest.param(_listed(1, "乙", 30, "", other_keys=()), "guid:1>乙", Rung.GUID, id="nothing-else"),
    ],
)
def test_another_post_goes_by_the_next_of_its_keys(ready: Database, item: Item, key: str, rung: Rung) -> None:
    _seen(ready, 20, _listed(1, "甲", 10))
    assert _seen(ready, 40, item).new_posts == 1
    assert _seen(ready, 41, item) == Saved(visit_id=3)
    found = {post.title: post for post in _posts(ready)}
    assert (found["乙"].key, found["乙"].rung) == (key, rung)
    assert found["甲"].key == "guid:1"
    with ready.read() as session:  # the guid stays the first one's
        (owner,) = session.scalars(
            select(posts.c.title)
            .join(post_keys, post_keys.c.post_id == posts.c.post_id)
            .where(post_keys.c.key == "guid:1")
        )
    assert owner == "甲"


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(_listed(1, "更正", 10), id="title-and-link"),
        pytest.param(_listed(1, "更正", 30, "county.example/甲"), id="title-and-time"),
        pytest.param(_listed(1, "甲", 30, "county.example/moved"), id="link-and-time"),
        pytest.param(
            replace(_listed(1, "更正", 30), url="http://county.example/甲?utm_source=x&spm=1#rd"),
            id="the-link-decorated",
        ),
        pytest.param(replace(_listed(1, "更正", 10), stated=Stated()), id="no-time"),
        pytest.param(replace(_listed(1, "更正", 30), title=""), id="no-title"),
    ],
)
def test_what_agrees_in_one_thing_beside_its_guid_is_the_same_post(ready: Database, now: Item) -> None:
    _seen(ready, 40, _listed(1, "甲", 10))
    assert _seen(ready, 50, now).new_posts == 0
    assert _seen(ready, 51, now) == Saved(visit_id=3)
    assert len(_posts(ready)) == 1


@pytest.mark.parametrize("at", [pytest.param(10, id="the-time-that-counts"), pytest.param(60, id="a-later-one")])
def test_a_time_that_a_post_has_is_its_time_however_it_is_written(ready: Database, at: float) -> None:
    _seen(ready, 40, _listed(1, "甲", 10))
    _seen(ready, 70, _listed(1, "甲", 60, "county.example/甲"))
    now = _listed(1, "更正", at)
    now = replace(now, stated=replace(now.stated, raw="written otherwise"))
    assert _seen(ready, 80, now).new_posts == 0
    (post,) = _posts(ready)
    assert (post.title, post.published_at, post.other_times) == ("更正", hour(10), (hour(60),))


def test_a_post_without_a_date_is_not_told_from_another_by_its_guid(ready: Database) -> None:
    _seen(ready, 40, replace(_listed(1, "甲", 10), stated=Stated()))
    assert _seen(ready, 50, _listed(1, "乙", 30)).new_posts == 0


def test_a_key_that_changed_finds_text_and_versions_all_the_same(ready: Database) -> None:
    _seen(ready, 5, an_item("old", hour(1), text="正文"))
    _seen(ready, 6, an_item("new", hour(1), title="标题old", text="正文", other_keys=("old",)))
    with ready.read() as session:
        assert text_of(session, "a1", "new") == "正文"
        assert len(revisions_of(session, "a1", "new")) == 1
    assert [post.key for post in _posts(ready)] == ["old"]


def test_every_change_is_kept_with_the_time_from_which_it_was_known(ready: Database) -> None:
    _seen(ready, 5, an_item("k", hour(1), "一", text="甲"))
    assert _seen(ready, 6, an_item("k", hour(1), "二", text="甲")).revised_posts == 1
    assert _seen(ready, 7, an_item("k", hour(1), "二", text="乙")).revised_posts == 1
    assert _seen(ready, 8, an_item("k", hour(2), "二", text="乙")).revised_posts == 1
    with ready.read() as session:
        versions = revisions_of(session, "a1", "k")
        assert revisions_of(session, "a1", "none") == []
    told = [(each.known_from, each.post.title, each.text, each.post.published_at) for each in versions]
    assert told == [
        (hour(5), "一", "甲", hour(1)),
        (hour(6), "二", "甲", hour(1)),
        (hour(7), "二", "乙", hour(1)),
        (hour(8), "二", "乙", hour(2)),
    ]
    assert [_titles(ready, hour(at)).get("k") for at in (4, 5, 5.5, 6, 9)] == [None, "一", "一", "二", "二"]
    assert [post.published_at for post in _posts(ready, hour(7))] == [hour(1)]


@pytest.mark.parametrize(
    ("now", "revised"),
    [
        pytest.param({"url": "https://x.example/?scene=2"}, 0, id="address-only"),
        pytest.param({"title": ""}, 0, id="empty-title"),
        pytest.param({"text": ""}, 0, id="empty-text"),
        pytest.param({"text": "别的"}, 1, id="text"),
        pytest.param({"title": "更正", "url": "https://x.example/?scene=2"}, 1, id="title-and-address"),
        pytest.param({"publisher": "新华社"}, 1, id="publisher"),
        pytest.param({"mark": Mark.ORIGINAL}, 1, id="mark"),
        pytest.param({"credits": (Credit(kind=CreditKind.SOURCE, label="来源", value="新华社"),)}, 1, id="credit"),
        pytest.param({"stated": Stated(at=hour(1), raw="5小时前", clock_bound=True)}, 0, id="relative-time"),
        pytest.param({"pinned": True}, 0, id="pinned"),
    ],
)
def test_what_counts_as_a_change(ready: Database, now: dict[str, Any], revised: int) -> None:
    item = replace(an_item("k", hour(1), text="正文"), url="https://x.example/?scene=1")
    _seen(ready, 5, item)
    assert _seen(ready, 6, replace(item, **now)).revised_posts == revised
    assert _seen(ready, 7, replace(item, **now)).revised_posts == 0
    (post,) = _posts(ready)
    assert post.url == now.get("url", item.url)
    assert post.title == (now.get("title") or item.title)
    with ready.read() as session:
        assert text_of(session, "a1", "k") == (now.get("text") or "正文")
        assert session.scalar(select(func.count()).select_from(post_revisions)) == revised


def test_a_text_that_comes_later_is_added_and_is_no_revision(ready: Database) -> None:
    _seen(ready, 5, an_item("k", hour(1)))
    assert _seen(ready, 6, an_item("k", hour(1), text="正文")).revised_posts == 0
    with ready.read() as session:
        assert text_of(session, "a1", "k") == "正文"


def test_two_sources_that_differ_make_no_revisions(ready: Database) -> None:
    ours = an_item("k", hour(1), "标题全文")
    theirs = replace(an_item("k", hour(2), "标题…"), author="张三", text="正文")
    _seen(ready, 5, ours, source=0)
    assert [_seen(ready, 6 + at, theirs if at % 2 else ours, source=at % 2).revised_posts for at in range(6)] == [
        0,
        1,
    ] + [0] * 4
    (post,) = _posts(ready)
    assert (post.title, post.author, post.published_at, post.flags) == ("标题全文", "张三", hour(1), frozenset())
    with ready.read() as session:
        assert text_of(session, "a1", "k") == "正文"  # what was missing is taken from the other
    longer = replace(ours, text="正文全文")
    assert _seen(ready, 20, longer, source=0).revised_posts == 1
    assert _seen(ready, 21, theirs, source=1).revised_posts == 0
    with ready.read() as session:
        assert text_of(session, "a1", "k") == "正文全文"


# The day in Shanghai begins at 16:00 UTC: hour 1 is on the 1st, 25 on the 2nd, 49 on the 3rd.


def _at_day(number: float, raw: str = "", **more: Any) -> Stated:
    stated = a_day(number)
    return replace(stated, raw=raw or stated.raw, **more)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("first", "second", "counts", "doubt"),
    [
        pytest.param(an_item("k", hour(1)), an_item("k", hour(25)), 1, 25, id="two-days"),
        pytest.param(an_item("k", hour(25)), an_item("k", hour(1)), 25, 1, id="two-days-the-other-way"),
        pytest.param(
            an_item("k", stated=_at_day(1), url="https://x.example/2026-10-01/1"),
            an_item("k", hour(25)),
            25,
            -8,
            id="one-from-its-address",
        ),
    ],
)
def test_two_sources_that_state_two_days_leave_the_other_one_in_doubt(
    ready: Database, order: tuple[int, int], first: Item, second: Item, counts: float, doubt: float
) -> None:
    told = (first, second)
    for each in (*order, *order, 0, 1, 1, 0):
        _seen(ready, 60, told[each], source=each)
    (post,) = _posts(ready)
    assert (post.published_at, post.other_times) == (hour(counts), (hour(doubt),))
    assert post.flags == {Flag.RESTATED}
    with ready.read() as session:
        assert (session.scalar(select(func.count()).select_from(post_revisions)) or 0) <= 2


@pytest.mark.parametrize(
    ("stated", "doubts"),
    [
        pytest.param(_at_day(25, "10-02", clock_bound=True), (hour(16),), id="without-a-year"),
        pytest.param(_at_day(25, "昨天", clock_bound=True), (), id="relative"),
        pytest.param(_at_day(900), (), id="in-the-future"),
        pytest.param(_at_day(1), (), id="the-same-day"),
        pytest.param(Stated(), (), id="none"),
    ],
)
def test_what_another_source_says_of_the_day(ready: Database, stated: Stated, doubts: tuple[datetime, ...]) -> None:
    _seen(ready, 60, an_item("k", hour(1)), source=0)
    _seen(ready, 61, an_item("k", stated=stated), source=1)
    (post,) = _posts(ready)
    assert (post.published_at, post.other_times) == (hour(1), doubts)
    assert _posts(ready, hour(60))[0].other_times == ()


@pytest.mark.parametrize("source", [pytest.param(0, id="same-source"), pytest.param(1, id="other-source")])
def test_another_day_that_is_stored_late_is_a_doubt_all_the_same(ready: Database, source: int) -> None:
    _seen(ready, 60, an_item("k", hour(25)))
    assert _seen(ready, 50, an_item("k", hour(1)), source=source).revised_posts == 0
    (post,) = _posts(ready)
    assert (post.published_at, post.other_times, post.seen_at) == (hour(25), (hour(1),), hour(50))


WEATHER = "天气预报"


def _at_address(stated: Stated, title: str = WEATHER, address: str = "gx.example/tq.html") -> Item:
    """An item of a list page as its reader names it, with the address alone as its weakest key."""
    moment = "" if stated.at is None or stated.clock_bound else f"{stated.at:%Y%m%dT%H%M%SZ}"
    given: dict[str, Any] = {"url": f"https://{address}", "stated": stated, "other_keys": (f"link:{address}",)}
    return an_item(f"link:{address}@{moment}", title=title, rung=Rung.LINK_TIME, **given)


@pytest.mark.parametrize(
    ("stored", "now", "count"),
    [
        pytest.param(_at_address(_at_day(1, "10-01", clock_bound=True)), _at_address(_at_day(1)), 1, id="the-year"),
        pytest.param(_at_address(_at_day(1 - 24 * 365, "10-01", clock_bound=True)), _at_address(_at_day(1)), 1, id="year-misread"),
        pytest.param(_at_address(_at_day(1, "10-01", clock_bound=True)), _at_address(_at_day(25)), 2, id="the-year-of-the-next-day"),
        pytest.param(_at_address(_at_day(1)), _at_address(Stated(at=hour(2), raw="2026-10-01 10:00")), 1, id="the-minute"),
        pytest.param(_at_address(_at_day(1)), _at_address(_at_day(25)), 2, id="every-day-a-forecast"),
        pytest.param(_at_address(Stated()), _at_address(_at_day(25)), 1, id="undated"),
        pytest.param(_at_address(_at_day(1)), _at_address(Stated()), 2, id="dates-are-gone"),
        pytest.param(_at_address(_at_day(1, "昨天", clock_bound=True)), _at_address(_at_day(25)), 1, id="told-from-the-clock"),
        pytest.param(_at_address(_at_day(1, "昨天", clock_bound=True)), _at_address(_at_day(49)), 2, id="two-days-apart"),
        pytest.param(_at_address(_at_day(1)), _at_address(_at_day(1), "另一件事"), 1, id="its-own-key-needs-no-title"),
        pytest.param(_at_address(Stated()), _at_address(_at_day(1), "另一件事"), 2, id="another-title"),
    ],
)  # fmt: skip
def test_a_post_is_recognised_by_its_address_title_and_day(
    ready: Database, stored: Item, now: Item, count: int
) -> None:
    _seen(ready, 60, stored)
    _seen(ready, 61, now)
    _seen(ready, 62, now)
    assert len(_posts(ready)) == count
    assert not any(post.other_times for post in _posts(ready) if stored.stated.raw[:2] == "20")


def test_an_address_never_merges_two_posts_of_one_list(ready: Database) -> None:
    undated = _at_address(Stated())
    _seen(ready, 60, undated)
    dated = replace(_at_address(_at_day(1)), other_keys=(undated.key, "link:gx.example/tq.html"))
    weak = replace(_at_address(_at_day(25)), other_keys=("link:gx.example/tq.html?",))
    assert _seen(ready, 61, weak, dated).new_posts == 1
    assert _seen(ready, 62, dated, weak) == Saved(visit_id=3)


def test_a_list_that_begins_to_write_the_minute_shows_the_same_posts(ready: Database) -> None:
    day, minute = _at_address(_at_day(1)), _at_address(Stated(at=hour(2), raw="2026-10-01 10:00"))
    _seen(ready, 60, replace(day, other_keys=()))
    assert _seen(ready, 61, replace(minute, other_keys=())).new_posts == 0
    (post,) = _posts(ready)
    assert (post.published_at, post.other_times, post.flags) == (hour(2), (), frozenset())


def test_an_undated_post_takes_the_date_of_another_source(ready: Database) -> None:
    _seen(ready, 5, an_item("k"), source=0)
    _seen(ready, 6, an_item("k", hour(1)), source=1)
    (post,) = _posts(ready)
    assert (post.published_at, post.flags) == (hour(1), frozenset())
    assert [each.published_at for each in _posts(ready, hour(5))] == [None]


def test_when_the_source_of_a_version_is_gone_another_one_takes_over(ready: Database) -> None:
    _seen(ready, 5, an_item("k", hour(1), "旧"), source=0)
    with ready.begin() as session:
        save_accounts(session, [an_account("a1", "v")], hour(6))
    assert _seen(ready, 7, an_item("k", hour(1), "新"), source=0).revised_posts == 1
    assert _titles(ready) == {"k": "新"}


def test_a_restated_day_is_kept_and_a_restated_hour_is_not(ready: Database) -> None:
    # The day in Shanghai begins at 16:00 UTC.
    _seen(ready, 50, an_item("k", hour(15)), an_item("m", hour(20)))
    _seen(ready, 51, an_item("k", hour(17)), an_item("m", hour(26)))
    found = {post.key: post for post in _posts(ready)}
    assert found["k"].other_times == (hour(15),)
    assert Flag.RESTATED in found["k"].flags
    assert found["m"].published_at == hour(26)
    assert found["m"].other_times == ()


@pytest.mark.parametrize("source", [pytest.param(0, id="its-source"), pytest.param(1, id="another-source")])
def test_a_date_after_the_first_sighting_is_kept_beside_the_earlier_one(ready: Database, source: int) -> None:
    _seen(ready, 10, an_item("k", hour(5)))
    later = an_item("k", hour(60))
    assert _seen(ready, 70, later, source=source).revised_posts == 1
    for at in range(71, 75):  # said again and again, and by turns
        said = later if at % 2 else an_item("k", hour(5))
        assert _seen(ready, at, said, source=source if at % 2 else 0).revised_posts == 0
    (post,) = _posts(ready)
    assert (post.published_at, post.stated) == (hour(5), hour(5).isoformat())
    assert (post.other_times, post.flags) == ((hour(60),), frozenset({Flag.RESTATED}))
    assert [each.other_times for each in _posts(ready, hour(69))] == [()]


def test_a_feed_that_states_the_time_of_the_visit_leaves_one_time_for_each_day(ready: Database) -> None:
    # The day in Shanghai begins at 16:00 UTC.
    at = [*range(1, 12), *range(17, 35), *range(41, 60)]
    revised = [_seen(ready, each, an_item("k", hour(each))).revised_posts for each in at]
    (post,) = _posts(ready)
    assert post.published_at == hour(1)
    assert post.other_times == (hour(17), hour(41))
    assert sum(revised) == 2


@pytest.mark.parametrize(
    "said", [pytest.param(80, id="after-this-visit-too"), pytest.param(15.5, id="later-on-the-same-day")]
)
def test_a_later_date_that_tells_nothing_is_no_revision(ready: Database, said: float) -> None:
    _seen(ready, 10, an_item("k", hour(5)))
    assert _seen(ready, 70, an_item("k", hour(said))) == Saved(visit_id=2)
    (post,) = _posts(ready)
    assert (post.published_at, post.other_times, post.flags) == (hour(5), (), frozenset())


@pytest.mark.parametrize(
    ("covered", "published", "flagged"),
    [
        pytest.param((0, 40), 10, True, id="inside-what-was-covered"),
        pytest.param((0, 40), -1, False, id="before-what-was-covered"),
        pytest.param((0, 40), 39, False, id="within-24-hours"),
        pytest.param(None, 10, False, id="nothing-covered"),
    ],
)
def test_a_post_that_should_have_been_seen_before(
    ready: Database, covered: tuple[float, float] | None, published: float, *, flagged: bool
) -> None:
    _seen(ready, 40, proof=covered)
    # The visit's own proof says nothing about what was known before it.
    _seen(ready, 48, an_item("k", hour(published)), proof=(-5, 48))
    (post,) = _posts(ready)
    assert post.flags == ({Flag.BACKDATED} if flagged else frozenset())
    assert post.published_at == hour(published)


def test_what_later_visits_prove_does_not_make_an_earlier_post_backdated(ready: Database) -> None:
    _seen(ready, 48, an_item("k", hour(10)), proof=(0, 48))
    _seen(ready, 60, an_item("k", hour(9)), proof=(0, 60))
    (post,) = _posts(ready)
    assert post.published_at == hour(9)
    assert Flag.BACKDATED not in post.flags


def test_a_visit_stored_late_does_not_see_what_was_proven_after_it(ready: Database) -> None:
    _seen(ready, 50, proof=(0, 50), source=0)
    _seen(ready, 49, an_item("k", hour(10)), source=1)
    (post,) = _posts(ready)
    assert post.flags == frozenset()


def test_a_visit_stored_late_moves_the_first_sighting_back_and_revises_nothing(ready: Database) -> None:
    _seen(ready, 10, an_item("k", hour(1), "新"), an_item("future", hour(99)), source=0)
    assert _seen(ready, 9, an_item("k", hour(1), "旧"), an_item("future", hour(99)), source=1) == Saved(visit_id=2)
    found = {post.key: post for post in _posts(ready)}
    assert (found["k"].title, found["k"].seen_at) == ("新", hour(9))
    assert (found["future"].published_at, found["future"].seen_at) == (hour(9), hour(9))
    assert set(_titles(ready, hour(9))) == {"k", "future"}
    assert _titles(ready, hour(8)) == {}


@pytest.mark.parametrize("source", [pytest.param(0, id="same-source"), pytest.param(1, id="other-source")])
def test_an_older_version_stored_late_does_not_undo_a_newer_one(ready: Database, source: int) -> None:
    _seen(ready, 5, an_item("k", hour(1), "一", text="甲"))
    _seen(ready, 10, an_item("k", hour(1), "三", text="丙"))
    assert _seen(ready, 7, an_item("k", hour(1), "二", text="乙"), source=source).revised_posts == 0
    assert _titles(ready) == {"k": "三"}
    assert _titles(ready, hour(8)) == {"k": "一"}
    with ready.read() as session:
        assert text_of(session, "a1", "k") == "丙"


def test_a_time_ahead_of_the_visit_is_replaced_and_flagged(ready: Database) -> None:
    _seen(ready, 10, an_item("k", hour(99)))
    (post,) = _posts(ready)
    assert (post.published_at, post.flags) == (hour(10), frozenset({Flag.FUTURE}))


def test_texts_that_a_database_refuses_are_made_fit(ready: Database) -> None:
    odd = replace(
        an_item("k\0\ud83d", hour(1), "标题\ud83d"),
        text="a\0b",
        author="\udfff",
        other_keys=("x\ud83d",),
        credits=(Credit(kind=CreditKind.SOURCE, label="来源", value="\ud83d"),),
    )
    assert _seen(ready, 5, odd).new_posts == 1
    assert _seen(ready, 6, odd) == Saved(visit_id=2)
    (post,) = _posts(ready)
    assert (post.key, post.title, post.author, post.credits[0].value) == ("k??", "标题?", "?", "?")
    with ready.read() as session:
        assert text_of(session, "a1", "k??") == "a?b"


def test_very_long_keys_stay_apart(ready: Database) -> None:
    keys = ["https://x.example/" + "长" * 4000 + end for end in "ab"]
    assert _seen(ready, 5, *(an_item(key, hour(1), title="x", other_keys=(key + "?",)) for key in keys)).new_posts == 2
    assert _seen(ready, 6, *(an_item(key, hour(1), title="x", other_keys=(key + "?",)) for key in keys)) == Saved(
        visit_id=2
    )


def test_a_list_of_thousands(ready: Database) -> None:
    items = [an_item(f"k{number}", hour(1), other_keys=(f"x{number}", f"y{number}")) for number in range(3000)]
    assert _seen(ready, 5, *items).new_posts == 3000
    assert _seen(ready, 6, *items) == Saved(visit_id=2)


VISITS = st.lists(
    st.tuples(st.integers(1, 30), st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 2)), max_size=5)),
    min_size=1,
    max_size=6,
)


@given(told=VISITS, order=st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_order_and_repetition_of_visits_do_not_matter_to_what_is_known(
    one_ready: Database, told: list[tuple[int, list[tuple[str, int]]]], order: Any
) -> None:
    """Which posts are known, when they were first seen and when published; titles may differ."""

    def known(sequence: Sequence[tuple[int, list[tuple[str, int]]]]) -> dict[str, tuple[datetime, datetime | None]]:
        with one_ready.begin() as session:
            (source,) = sources_of(session)
            for at, keys in sequence:
                items = [an_item(key, hour(-ord(key)), f"{key}{title}") for key, title in keys]
                save_visit(session, a_visit(source, hour(at), *items), ZONE)
            found = posts_between(session, ["a1"], hour(-9000), hour(9000))["a1"]
            session.rollback()
        return {post.key: (post.seen_at, post.published_at) for post in found}

    shuffled = [*told, *told[:2]]
    order.shuffle(shuffled)
    expected = {
        key: (min(hour(at) for at, keys in told if key in dict(keys)), hour(-ord(key)))
        for _, seen in told
        for key, _ in seen
    }
    assert known(sorted(told)) == expected
    assert known(shuffled) == expected


@pytest.fixture(scope="module")
def one_ready(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from storage.database import open_database

    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('laws') / 'x.db'}")
    with opened.begin() as session:
        register(session, an_account("a1"))
    yield opened
    opened.close()


def test_accounts_must_be_known(ready: Database) -> None:
    from storage.errors import StorageError

    stranger: Account = an_account("zz")
    with pytest.raises(StorageError, match="操作失败"), ready.begin() as session:
        save_visit(session, replace(a_visit(sources_of(session)[0], hour(1)), account_id=stranger.account_id), ZONE)
