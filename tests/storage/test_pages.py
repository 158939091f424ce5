"""What becomes of posts when their own pages are read."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from monitor.values import Article, Credit, CreditKind, CreditPlace, Flag, Item, Mark, Post, Precision
from monitor.visits import Outcome, PageVisit
from storage.database import Database, open_database
from storage.errors import StorageError
from storage.models import post_revisions
from storage.page_state import WAITS, PageKnown
from storage.pages import PageSaved, best_texts, page_of, save_page
from storage.posts import latest_before, posts_between, revisions_of
from storage.sources import sources_of
from storage.visits import Saved, save_visit
from tests.examples import examples
from tests.storage.values import ZONE, a_day, a_page, a_visit, an_account, an_article, an_item, hour, register


@pytest.fixture
def ready(database: Database) -> Database:
    with database.begin() as session:
        register(session, an_account("a1", "u", "v"))
    return database


def listed(key: str, at: float | None = None, **more: Any) -> Item:
    """An item of a list page: a title, a link and at most a day."""
    stated = {} if at is None else {"stated": a_day(at)}
    return an_item(key, **{"url": f"https://www.gx.example/{key}.html"} | stated | more)


def see(database: Database, at: float, *items: Item, source: int = 0, **more: Any) -> Saved:
    with database.begin() as session:
        return save_visit(session, a_visit(sources_of(session)[source], hour(at), *items, **more), ZONE)


def ask(database: Database, key: str, at: float, article: Article | None = None, **more: Any) -> PageSaved:
    with database.begin() as session:
        return save_page(session, a_page(key, hour(at), article, **more), ZONE)


def post_of(database: Database, key: str, as_of: float | None = None) -> Post:
    with database.read() as session:
        found = posts_between(session, ["a1"], hour(-9000), hour(9000), None if as_of is None else hour(as_of))["a1"]
    (post,) = (each for each in found if each.key == key)
    return post


def known(database: Database, key: str) -> PageKnown:
    with database.read() as session:
        found = page_of(session, "a1", key)
    assert found is not None
    return found


# ------------------------------------------------------------------------------------------------ what a page says


def test_everything_that_a_page_says_is_kept(ready: Database) -> None:
    see(ready, 5, listed("k", 1, title="关于做好国庆节期间…"))
    source = Credit(kind=CreditKind.SOURCE, label="信息来源", value="县融媒体中心", place=CreditPlace.HEADER)
    article = Article(
        title="关于做好国庆节期间值班工作的通知",
        stated=an_article("", hour(2)).stated,
        account="高县人民政府网",
        author="李四",
        publisher="高县人民政府办公室",
        text="正文全文",
        credits=(source,),
        mark=Mark.ORIGINAL,
    )
    saved = ask(ready, "k", 6, article, status=200, final_url="https://www.gx.example/k.html", body_hash="h")
    post = post_of(ready, "k")
    assert saved == PageSaved(post_id=saved.post_id, read=True)
    assert post.page_at == hour(6)
    assert post.title == "关于做好国庆节期间值班工作的通知"
    assert (post.published_at, post.precision, post.stated) == (hour(2), Precision.MINUTE, "2026-10-01")
    header = Credit(kind=CreditKind.SOURCE, label="来源", value="高县人民政府办公室", place=CreditPlace.HEADER)
    assert (post.page_credits, post.page_mark) == ((header, source), Mark.ORIGINAL)
    assert (post.credits, post.mark) == ((), Mark.NONE)
    assert known(ready, "k") == PageKnown(
        tried_at=hour(6),
        tries=0,
        due_at=None,
        outcome=Outcome.NEW,
        reason="",
        status=200,
        final_url="https://www.gx.example/k.html",
        read_at=hour(6),
        title="关于做好国庆节期间值班工作的通知",
        stated="2026-10-01 02:00",
        published_at=hour(2),
        precision=Precision.MINUTE,
        account_name="高县人民政府网",
        author="李四",
        publisher="高县人民政府办公室",
        text="正文全文",
        body_hash="h",
        gone_at=None,
        missed_at=None,
    )
    with ready.read() as session:
        assert session.scalar(select(func.count()).select_from(post_revisions)) == 0
        assert page_of(session, "a1", "none") is None


def test_the_next_list_visit_turns_nothing_back(ready: Database) -> None:
    items = (listed("k", 1, title="关于做好国庆节期间…"), listed("m", 1), listed("n"))
    see(ready, 5, *items)
    ask(ready, "k", 6, an_article("k", hour(2), title="关于做好国庆节期间值班工作的通知"))
    ask(ready, "m", 6, an_article("m", hour(3)))
    ask(ready, "n", 6, an_article("n", hour(4)))
    before = [post_of(ready, key) for key in "kmn"]
    assert [post.published_at for post in before] == [hour(2), hour(3), hour(4)]
    for at in (7, 8):
        assert see(ready, at, *items).revised_posts == 0
    assert [post_of(ready, key) for key in "kmn"] == before


def test_the_same_page_visit_again_changes_nothing(ready: Database) -> None:
    see(ready, 5, listed("k", 1))
    page = a_page("k", hour(6), an_article("k", hour(2)))
    failed = a_page("k", hour(7))
    for visit in (page, failed, failed, page, failed):
        with ready.begin() as session:
            save_page(session, visit, ZONE)
    assert (known(ready, "k").tries, known(ready, "k").read_at, known(ready, "k").text) == (1, hour(6), "正文k")


def test_what_a_page_says_is_known_from_its_reading_on(ready: Database) -> None:
    see(ready, 5, listed("k"))
    credit = Credit(kind=CreditKind.SOURCE, label="来源", value="新华社")
    assert ask(ready, "k", 20, an_article("k", hour(2), credits=(credit,), mark=Mark.REPOST)).revised
    for as_of, told in (
        (19, (None, None, (), Mark.NONE)),
        (20, (hour(2), hour(20), (credit,), Mark.REPOST)),
        (None, (hour(2), hour(20), (credit,), Mark.REPOST)),
    ):
        post = post_of(ready, "k", as_of)
        assert (post.published_at, post.page_at, post.page_credits, post.page_mark) == told
    see(ready, 30, listed("k", title="改了题目"))
    assert post_of(ready, "k", 25).page_credits == (credit,), "a version of the list in between keeps it"
    assert post_of(ready, "k", 19).page_at is None
    assert (post_of(ready, "k").title, post_of(ready, "k").page_mark) == ("改了题目", Mark.REPOST)


def test_what_a_page_completes_is_not_known_before_it_was_read(ready: Database) -> None:
    see(ready, 5, listed("k", 1, title="关于做好国庆节期间…"), listed("m", 1, title="另一件事项…"))
    assert not ask(ready, "k", 20, an_article("k", hour(2), title="关于做好国庆节期间值班工作的通知")).revised
    ask(ready, "m", 20, an_article("m", None, title="另一件事项的公告"))
    see(ready, 30, listed("k", 1, title="改了题目"), listed("m", 1, title="另一件事项…"))
    ask(ready, "k", 40, an_article("k", hour(2), title="改了题目", text="改了的正文"))
    whole = ("关于做好国庆节期间值班工作的通知", hour(2), Precision.MINUTE)
    told = {5: ("关于做好国庆节期间…", hour(-8), Precision.DAY), 20: whole, 30: ("改了题目", *whole[1:])}
    told |= {19: told[5], 29: whole, 39: told[30], 40: told[30]}
    for as_of, expected in told.items():
        post = post_of(ready, "k", as_of)
        assert (post.title, post.published_at, post.precision) == expected, as_of
    then = post_of(ready, "m", 19)
    assert (then.title, then.published_at, then.precision) == ("另一件事项…", hour(-8), Precision.DAY)
    assert post_of(ready, "m").title == "另一件事项的公告"


def test_the_newest_post_is_the_one_that_was_the_newest_then(ready: Database) -> None:
    see(ready, 5, listed("k", 1), an_item("m", hour(1)))
    ask(ready, "k", 20, an_article("k", hour(3)))
    with ready.read() as session:
        for as_of, newest in ((19, "m"), (20, "k"), (None, "k")):
            moment = None if as_of is None else hour(as_of)
            (post,) = latest_before(session, ["a1"], hour(15), moment)["a1"]
            assert post.key == newest, as_of


def test_a_page_that_changed_is_a_new_version_and_the_old_one_stays(ready: Database) -> None:
    see(ready, 5, listed("k", 1))
    ask(ready, "k", 6, an_article("k", hour(2), text="初稿", mark=Mark.ORIGINAL))
    assert not ask(ready, "k", 10, an_article("k", hour(2), text="初稿", mark=Mark.ORIGINAL)).revised
    assert post_of(ready, "k").page_at == hour(6), "it says since then what it says"
    assert ask(ready, "k", 20, an_article("k", hour(2), text="定稿", mark=Mark.REPOST)).revised
    assert not ask(ready, "k", 15, an_article("k", hour(2), text="晚到", mark=Mark.NONE)).revised
    with ready.read() as session:
        told = [(each.known_from, each.page_text, each.post.page_mark) for each in revisions_of(session, "a1", "k")]
        (post_id,) = best_texts(session, [ask_id(ready, "k")])
        assert best_texts(session, [post_id]) == {post_id: "定稿"}
    assert told == [(hour(5), "初稿", Mark.ORIGINAL), (hour(20), "定稿", Mark.REPOST)]
    assert (post_of(ready, "k", 15).page_at, post_of(ready, "k", 15).page_mark) == (hour(6), Mark.ORIGINAL)
    assert (post_of(ready, "k").page_at, post_of(ready, "k", 4 + 1).page_at) == (hour(20), None)


def ask_id(database: Database, key: str) -> int:
    with database.begin() as session:
        found = save_page(session, a_page(key, hour(-9000)), ZONE)
        session.rollback()
    return found.post_id


def test_the_best_text_is_the_pages(ready: Database) -> None:
    see(ready, 5, listed("k", 1, text="摘要"), listed("m", 1, text="摘要"), listed("n", 1))
    ask(ready, "k", 6, an_article("k", text="全文"))
    ask(ready, "m", 6)
    with ready.read() as session:
        ids = [ask_id(ready, key) for key in "kmn"]
        assert list(best_texts(session, ids).values()) == ["全文", "摘要", ""]
        assert best_texts(session, []) == {}


def test_a_page_of_something_else_tells_nothing(ready: Database) -> None:
    see(ready, 5, listed("k"))
    saved = ask(ready, "k", 6, an_article("k", hour(-500), title="网站地图", mark=Mark.REPOST))
    assert not saved.read
    assert saved.reason == "页面的标题为“网站地图”，与信息的标题“标题k”不符，未采用页面内容。"
    post = post_of(ready, "k")
    assert (post.published_at, post.page_at, post.page_mark) == (None, None, Mark.NONE)
    assert (known(ready, "k").reason, known(ready, "k").text, known(ready, "k").read_at) == (saved.reason, "", None)


def test_a_later_version_stored_first_is_not_undone(ready: Database) -> None:
    see(ready, 5, listed("k"))
    see(ready, 30, listed("k", title="改了标题k"))
    assert not ask(ready, "k", 20, an_article("k", hour(2))).revised, "no version lies between the two"
    assert (post_of(ready, "k").title, post_of(ready, "k").published_at) == ("改了标题k", hour(2))
    assert post_of(ready, "k", 25).published_at is None


def test_a_post_is_recognised_by_the_key_that_its_page_states(ready: Database) -> None:
    see(ready, 5, listed("k", 1), listed("m", 1))
    ask(ready, "k", 6, an_article("k", hour(2), key="wechat:1"))
    ask(ready, "m", 6, an_article("m", hour(2), key="wechat:1"))
    assert see(ready, 7, an_item("wechat:1", hour(2), title="标题k")).new_posts == 0
    ask(ready, "m", 8, an_article("m", hour(2), title="标题甲乙", key="wechat:2"))
    assert see(ready, 9, an_item("wechat:2", hour(2), title="标题丙")).new_posts == 1, "a page with another title"


def test_a_post_that_is_not_known(ready: Database) -> None:
    with pytest.raises(StorageError, match="账号 a1 没有键为 x 的信息；请先采集该账号"):
        ask(ready, "x", 1)


def test_texts_that_a_database_refuses_are_made_fit(ready: Database) -> None:
    see(ready, 5, listed("k", 1))
    odd = Credit(kind=CreditKind.SOURCE, label="来源", value="\ud83d")
    article = an_article("k", hour(2), text="a\0b", account="\udfff", author="\0", credits=(odd,), key="\0")
    ask(ready, "k", 6, article, reason="\0", final_url="\ud800")
    page = known(ready, "k")
    assert (page.text, page.account_name, page.author, page.final_url) == ("a?b", "?", "?", "?")
    assert post_of(ready, "k").page_credits[0].value == "?"


# ------------------------------------------------------------------------------------------------------ the time


@pytest.mark.parametrize(
    ("item", "said", "published", "others", "flags"),
    [
        pytest.param(listed("k", 1), hour(2), hour(2), (), set(), id="a-day-takes-its-minute"),
        pytest.param(listed("k", 1), None, hour(-8), (), set(), id="no-time-on-the-page"),
        pytest.param(listed("k", 1), hour(-24), hour(-8), (hour(-24),), {"RESTATED"}, id="another-day-is-a-doubt"),
        pytest.param(listed("k", 1), hour(60), hour(-8), (hour(60),), {"RESTATED"}, id="a-day-after-it-was-seen"),
        pytest.param(listed("k", 1), hour(101), hour(-8), (), set(), id="after-the-page-was-read"),
        pytest.param(listed("k", 1), hour(14), hour(-8), (), set(), id="the-same-day-after-it-was-seen"),
        pytest.param(listed("k"), hour(2), hour(2), (), set(), id="undated"),
        pytest.param(
            listed("k"), hour(60), hour(10), (hour(60),), {"FUTURE", "RESTATED"}, id="undated-later-than-seen"
        ),
        pytest.param(
            listed("k", stated=replace(a_day(1), raw="10-01")),
            hour(-99),
            hour(-99),
            (hour(-8),),
            {"RESTATED"},
            id="no-year",
        ),
        pytest.param(
            listed("k", stated=replace(a_day(1), raw="/k")),
            hour(-99),
            hour(-99),
            (hour(-8),),
            {"RESTATED"},
            id="from-the-address",
        ),
        pytest.param(an_item("k", hour(5)), hour(2), hour(5), (), set(), id="another-minute-of-the-day"),
        pytest.param(an_item("k", hour(500)), hour(2), hour(2), (), set(), id="the-list-said-in-the-future"),
    ],
)
def test_the_time_of_a_page(
    ready: Database, item: Item, said: datetime | None, published: datetime, others: tuple[datetime], flags: set[str]
) -> None:
    see(ready, 10, item)
    was = post_of(ready, "k")
    ask(ready, "k", 100, an_article("k", said))
    post = post_of(ready, "k")
    assert (post.published_at, post.other_times) == (published, others)
    assert {flag.name for flag in post.flags} == flags
    for at in (101, 102):
        assert see(ready, at, item).revised_posts == 0
    assert post_of(ready, "k") == post
    then = post_of(ready, "k", 99)
    assert (then.other_times, then.flags) == (was.other_times, was.flags)
    assert (then.published_at is None) is (was.published_at is None)


def test_a_minute_within_known_coverage_is_back_dated(ready: Database) -> None:
    see(ready, 9, proof=(0, 9))
    see(ready, 36, listed("k", 1))
    assert post_of(ready, "k").flags == frozenset(), "its day ended when nothing was covered"
    ask(ready, "k", 40, an_article("k", hour(2)))
    assert post_of(ready, "k").flags == {Flag.BACKDATED}
    assert post_of(ready, "k", 39).flags == frozenset()


# --------------------------------------------------------------------------------------------------- is it deleted


def gone(at: float) -> PageVisit:
    return a_page("k", hour(at), outcome=Outcome.GONE, reason="该内容已被发布者删除。", status=200)


def good(at: float) -> PageVisit:
    return a_page("k", hour(at), an_article("k", hour(2)))


def failed(at: float) -> PageVisit:
    return a_page("k", hour(at), outcome=Outcome.BLOCKED)


def lost(at: float) -> PageVisit:
    return a_page("k", hour(at), outcome=Outcome.NOT_A_FEED)


def cut_off(at: float) -> PageVisit:
    return a_page("k", hour(at), outcome=Outcome.LOCAL_OUTAGE)


@pytest.mark.parametrize(
    ("visits", "deleted", "first", "due"),
    [
        # The day in Shanghai begins at 16:00 UTC.
        pytest.param([gone(6)], None, 6, 16, id="one-proof"),
        pytest.param([gone(6), gone(15)], None, 6, 21, id="two-on-one-day"),
        pytest.param([gone(6), gone(16)], 16, 6, 16 + 72, id="two-on-two-days"),
        pytest.param([gone(6), gone(16), gone(40)], 16, 6, 40 + 168, id="and-once-more"),
        pytest.param([gone(6), failed(16), failed(40)], None, 6, 46, id="nothing-else-is-a-proof"),
        pytest.param([gone(6), good(8), gone(16)], None, 16, 40, id="it-was-there-in-between"),
        pytest.param([gone(6), failed(7), failed(17), gone(18)], 18, 6, 18 + 72, id="captchas-in-between"),
        pytest.param([failed(6), failed(7), gone(18), failed(19), gone(40)], 40, 18, 40 + 72, id="captchas-before"),
        pytest.param([gone(6), *map(failed, range(16, 96, 10))], None, 6, 86 + 168, id="no-captcha-makes-it-given-up"),
        pytest.param([gone(6), lost(16), lost(17)], None, 6, None, id="nor-is-it-asked-for-ever"),
        pytest.param([gone(6), gone(16), good(40)], None, None, None, id="it-is-back"),
        pytest.param([good(6), gone(16), gone(40)], 40, 16, 40 + 72, id="after-it-was-read"),
        pytest.param([gone(6), gone(16), failed(40)], 16, 6, 40 + 168, id="deleted-and-a-captcha"),
        pytest.param([gone(6), gone(16), cut_off(40)], 16, 6, 41, id="deleted-and-our-own-network"),
        pytest.param([gone(6), gone(16), *map(gone, (17, 18, 19, 20))], 16, 6, None, id="looked-back-often-enough"),
        pytest.param([failed(6)], None, None, 7, id="a-failure"),
    ],
)
def test_deleted_is_what_two_proofs_on_two_days_say(
    ready: Database, visits: list[PageVisit], deleted: float | None, first: float | None, due: float | None
) -> None:
    see(ready, 5, listed("k", 1))
    with ready.begin() as session:
        saved = [save_page(session, visit, ZONE) for visit in visits][-1]
    post, page = post_of(ready, "k"), known(ready, "k")
    assert post.deleted_at == (None if deleted is None else hour(deleted))
    assert saved.deleted is (deleted is not None)
    assert page.gone_at == (None if first is None else hour(first))
    assert page.due_at == (None if due is None else hour(due))
    assert post.published_at is not None
    if deleted is not None:
        assert post_of(ready, "k", deleted - 1).deleted_at is None


@pytest.mark.parametrize(
    "before", [pytest.param([], id="never-read-before"), pytest.param([good(6)], id="read-before")]
)
def test_a_deleted_post_that_came_back_was_deleted_until_then(ready: Database, before: list[PageVisit]) -> None:
    see(ready, 5, listed("k", 1))
    with ready.begin() as session:
        for visit in (*before, gone(16), gone(40), good(120), good(130)):
            save_page(session, visit, ZONE)
    deleted = {at: post_of(ready, "k", at).deleted_at for at in (39, 41, 119, 120, 131)}
    assert deleted == {39: None, 41: hour(40), 119: hour(40), 120: None, 131: None}
    assert post_of(ready, "k").deleted_at is None
    with ready.read() as session:
        versions = revisions_of(session, "a1", "k")
    assert [(each.known_from, each.post.deleted_at) for each in versions] == [(hour(5), hour(40)), (hour(120), None)]
    see(ready, 140, listed("k", 1, title="改了的标题"))
    with ready.begin() as session:
        for visit in (gone(170), gone(200)):
            save_page(session, visit, ZONE)
    deleted = {at: post_of(ready, "k", at).deleted_at for at in (100, 150, 201)}
    assert deleted == {100: hour(40), 150: None, 201: hour(200)}


VISITS = st.lists(
    st.tuples(st.sampled_from([gone, good, failed]), st.integers(6, 120)), max_size=6, unique_by=lambda each: each[1]
)


@pytest.fixture(scope="module")
def one_ready(tmp_path_factory: pytest.TempPathFactory) -> Any:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('laws') / 'x.db'}")
    with opened.begin() as session:
        (source,) = register(session, an_account("a1"))
        save_visit(session, a_visit(source, hour(5), listed("k", 1)), ZONE)
    yield opened
    opened.close()


@given(told=VISITS, order=st.randoms(use_true_random=False))
@examples(150)
def test_a_deletion_is_never_said_without_its_proofs_in_whichever_order_they_come(
    one_ready: Database, told: Sequence[tuple[Callable[[float], PageVisit], int]], order: Any
) -> None:
    def kept(visits: Sequence[PageVisit]) -> tuple[Post, datetime | None]:
        with one_ready.begin() as session:
            for visit in visits:
                save_page(session, visit, ZONE)
            (post,) = posts_between(session, ["a1"], hour(-99), hour(99))["a1"]
            page = page_of(session, "a1", "k")
            session.rollback()
        return post, None if page is None else page.gone_at

    visits = sorted((make(at) for make, at in told), key=lambda each: each.started_at)
    read = [each.started_at for each in visits if each.outcome is Outcome.NEW]
    proofs = [
        each.started_at
        for each in visits
        if each.outcome is Outcome.GONE and each.started_at > max(read, default=hour(0))
    ]
    second = [each for each in proofs if each.astimezone(ZONE).date() > proofs[0].astimezone(ZONE).date()]
    post, gone_at = kept(visits)
    assert gone_at == min(proofs, default=None)
    assert post.deleted_at == min(second, default=None)
    assert post.published_at == (hour(2) if read else hour(-8))
    shuffled = [*visits, *visits[:2]]
    order.shuffle(shuffled)
    again, _ = kept(shuffled)
    assert again.published_at == post.published_at
    if again.deleted_at is not None:  # proofs that a late reading made void may have hidden others: never the reverse
        assert post.deleted_at is not None
    if not read:
        assert again == post


@pytest.mark.parametrize(
    ("outcome", "waits"),
    [
        pytest.param(Outcome.BLOCKED, WAITS, id="blocked"),
        pytest.param(Outcome.TIMEOUT, WAITS, id="timeout"),
        pytest.param(Outcome.ROBOTS, WAITS[-1:], id="robots"),
        pytest.param(Outcome.NOT_A_FEED, WAITS[-1:], id="no-article"),
        pytest.param(Outcome.LOCAL_OUTAGE, WAITS[:1] * 9, id="our-own-network"),
    ],
)
def test_failures_are_tried_again_later_and_later_and_at_last_no_more(
    ready: Database, outcome: Outcome, waits: Sequence[timedelta]
) -> None:
    see(ready, 5, listed("k", 1))
    at = 6.0
    for wait in waits:
        ask(ready, "k", at, outcome=outcome, reason="未能读取。")
        assert known(ready, "k").due_at == hour(at) + wait
        at += wait / timedelta(hours=1)
    if outcome is not Outcome.LOCAL_OUTAGE:
        ask(ready, "k", at, outcome=outcome)
        assert (known(ready, "k").due_at, known(ready, "k").tries) == (None, len(waits) + 1)
    assert known(ready, "k").outcome is outcome
    ask(ready, "k", at + 1, an_article("k"))
    assert (known(ready, "k").tries, known(ready, "k").due_at) == (0, None)


# ------------------------------------------------------------------------------------------------------------ laws

TOLD = st.lists(
    st.tuples(st.integers(0, 1), st.integers(60, 63), st.sampled_from([-30, 1, 2, 25, 49, None])),
    min_size=1,
    max_size=5,
)


@given(told=TOLD, order=st.randoms(use_true_random=False), days=st.booleans())
@examples(40)
def test_whichever_visit_is_stored_first_no_day_that_a_source_states_is_forgotten(
    two_sources: Database, told: list[tuple[int, int, int | None]], order: Any, *, days: bool
) -> None:
    """Every day that any visit states is that of the post, or one of its doubts; storing all again changes nothing."""

    def stated(at: int | None) -> Any:
        return {} if at is None else {"stated": a_day(at) if days else an_item("k", hour(at)).stated}

    visits = [(source, hour(at), an_item("k", **stated(said))) for source, at, said in told]
    order.shuffle(visits)
    with two_sources.begin() as session:
        both = sources_of(session)

        def store() -> list[Post]:
            for source, at, item in visits:
                save_visit(session, a_visit(both[source], at, item), ZONE)
            return posts_between(session, ["a1"], hour(-9000), hour(9000))["a1"]

        store()
        (post,) = store()
        store()
        again = store()
        session.rollback()
    said = {item.stated.at.astimezone(ZONE).date() for _, _, item in visits if item.stated.at is not None}
    times = [each for each in (post.published_at, *post.other_times) if each is not None]
    assert {each.astimezone(ZONE).date() for each in times} == said
    assert len(times) == len(said), "each day once"
    moments = {item.stated.at for _, _, item in visits if item.stated.at is not None}
    assert Flag.RESTATED in post.flags or len(said) <= 1
    assert Flag.RESTATED not in post.flags or len(moments) > 1, "another minute of its day is another time too"
    assert {each.astimezone(ZONE).date() for each in (again[0].published_at, *again[0].other_times) if each} == said


LISTED = st.sampled_from([None, 1, 25, 26, 49])


@given(first=LISTED, said=LISTED, later=st.sampled_from(["标题k", "改了的标题k", "关于标题k的…"]), cut=st.booleans())
@examples(40)
def test_as_of_a_moment_before_a_page_was_read_is_what_was_known_then(
    two_sources: Database, first: int | None, said: int | None, later: str, *, cut: bool
) -> None:
    item = listed("k", first, title="关于标题k的…" if cut else "关于标题k的通知")
    article = an_article("k", None if said is None else hour(said), title="关于标题k的通知")
    with two_sources.begin() as session:
        both = sources_of(session)

        def known(as_of: float) -> list[Post]:
            return posts_between(session, ["a1"], hour(-9000), hour(9000), hour(as_of))["a1"]

        save_visit(session, a_visit(both[0], hour(60), item), ZONE)
        before = known(65)
        save_page(session, a_page("k", hour(70), article), ZONE)
        assert known(65) == before
        after = known(75)
        save_visit(session, a_visit(both[0], hour(80), replace(item, title=later)), ZONE)
        save_page(session, a_page("k", hour(90), replace(article, text="另文")), ZONE)
        assert (known(65), known(75)) == (before, after)
        session.rollback()


@pytest.fixture(scope="module")
def two_sources(tmp_path_factory: pytest.TempPathFactory) -> Any:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('pages') / 'x.db'}")
    with opened.begin() as session:
        register(session, an_account("a1", "u", "v"))
    yield opened
    opened.close()
