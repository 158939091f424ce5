"""What units report of their own posts (自查上报): reported, confirmed or contradicted by the page, or seen after all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.values import Account, Article, Flag, Item, Platform, Post, Precision, SourceAddress
from monitor.visits import Outcome
from storage.database import Database, open_database
from storage.pages import PageSaved, best_texts, page_of, save_page
from storage.posts import latest_before, posts_between
from storage.sources import sources_of
from storage.visits import Saved, save_visit
from storage.wanted import pages_due
from tests.examples import examples
from tests.storage.values import ZONE, a_day, a_page, a_visit, an_account, an_article, an_item, hour, register

REPORTED, CONFIRMED, CONTRADICTED = Flag.REPORTED, Flag.CONFIRMED, Flag.CONTRADICTED
LIST, REPORT = 0, 1


@pytest.fixture
def ready(database: Database) -> Database:
    with database.begin() as session:
        register(session, an_account("a1", "https://x.example/list", "report", aliases=("高县发布",)))
    return database


def reported(key: str = "k", at: float | None = 1, **more: Any) -> Item:
    given: dict[str, Any] = {"reported": True}
    given |= more
    return shown(key, at, **given)


def shown(key: str = "k", at: float | None = 1, **more: Any) -> Item:
    given: dict[str, Any] = {"url": f"https://mp.example/{key}"}
    given |= more
    return an_item(key, None if at is None else hour(at), **given)


def ours(at: float | None = 1, **more: Any) -> Article:
    """The page of the post k, as the account's own."""
    given: dict[str, Any] = {"account": "高县发布"}
    given |= more
    return an_article("k", None if at is None else hour(at), **given)


def see(database: Database, at: float, *items: Item, source: int = LIST, **more: Any) -> Saved:
    with database.begin() as session:
        return save_visit(session, a_visit(sources_of(session)[source], hour(at), *items, **more), ZONE)


def report(database: Database, at: float, *items: Item) -> Saved:
    return see(database, at, *items, source=REPORT)


def ask(database: Database, at: float, article: Article | None = None, **more: Any) -> PageSaved:
    with database.begin() as session:
        return save_page(session, a_page("k", hour(at), article, **more), ZONE)


def the_post(database: Database, as_of: float | None = None) -> Post:
    with database.read() as session:
        (post,) = posts_between(session, ["a1"], hour(-9000), hour(9000), None if as_of is None else hour(as_of))["a1"]
    return post


def claims(post: Post) -> frozenset[Flag]:
    return post.flags & {REPORTED, CONFIRMED, CONTRADICTED}


def is_due(database: Database, at: float) -> bool:
    with database.read() as session:
        return bool(pages_due(session, ["a1"], hour(at), since=hour(-99)))


@pytest.mark.parametrize(
    ("item", "article", "flag", "reason"),
    [
        pytest.param(reported(), ours(), CONFIRMED, "", id="all-the-same"),
        pytest.param(reported(), ours(1 + 4 / 60), CONFIRMED, "", id="four-minutes-apart"),
        pytest.param(reported(stated=a_day(1)), ours(3), CONFIRMED, "", id="the-same-day"),
        pytest.param(
            reported(title="关于做好值班工作…"), ours(title="关于做好值班工作的通知"), CONFIRMED, "", id="cut"
        ),
        pytest.param(reported(), ours(account="账号 a1"), CONFIRMED, "", id="by-its-own-name"),
        pytest.param(
            reported(),
            ours(account="邻县发布"),
            CONTRADICTED,
            "页面的发布账号为“邻县发布”，与台账登记的“账号a1”不符。",
            id="another-account",
        ),
        pytest.param(
            reported(),
            ours(title="别的事情"),
            CONTRADICTED,
            "页面的标题为“别的事情”，与上报的“标题k”不符。",
            id="another-title",
        ),
        pytest.param(
            reported(),
            ours(26),
            CONTRADICTED,
            "页面的发布时间为2026年10月2日10:00，与上报的2026年10月1日09:00不符。",
            id="another-day",
        ),
        pytest.param(
            reported(),
            ours(1.1),
            CONFIRMED,
            "页面的发布时间为2026年10月1日09:06，上报的为2026年10月1日09:00，同为当日，以页面为准。",
            id="six-minutes-apart",
        ),
        pytest.param(
            reported(),
            ours(26, account="邻县发布"),
            CONTRADICTED,
            "页面的发布账号为“邻县发布”，与台账登记的“账号a1”不符；"
            "页面的发布时间为2026年10月2日10:00，与上报的2026年10月1日09:00不符。",
            id="two-things",
        ),
        pytest.param(
            reported(at=500),
            ours(3),
            CONTRADICTED,
            "页面的发布时间为2026年10月1日11:00，上报的“2026-10-21T20:00:00+00:00”晚于上报之时。",
            id="reported-in-advance",
        ),
        pytest.param(reported(), ours(account=""), REPORTED, "页面未写明发布账号，尚不能核实。", id="no-account"),
        pytest.param(reported(), ours(None), REPORTED, "页面未写明发布时间，尚不能核实。", id="no-time"),
        pytest.param(reported(), ours(9999), REPORTED, "页面未写明发布时间，尚不能核实。", id="an-impossible-time"),
        pytest.param(
            reported(at=None),
            ours(),
            REPORTED,
            "上报中没有可读取的发布时间，尚不能核实。",
            id="reported-without-a-time",
        ),
        pytest.param(
            reported(),
            ours(None, account=""),
            REPORTED,
            "页面未写明发布账号；页面未写明发布时间，尚不能核实。",
            id="two-open-questions",
        ),
    ],
)
def test_a_report_is_held_against_the_page(
    ready: Database, item: Item, article: Article, flag: Flag, reason: str
) -> None:
    report(ready, 30, item)
    assert claims(the_post(ready)) == {REPORTED}
    assert is_due(ready, 30)
    saved = ask(ready, 40, article)
    assert (saved.report, saved.reason) == (flag, reason)
    assert claims(the_post(ready)) == {flag}
    assert claims(the_post(ready, 39)) == {REPORTED}, "nobody knew yet"
    assert not is_due(ready, 9999)
    with ready.read() as session:
        page = page_of(session, "a1", "k")
    assert page is not None
    assert page.reason == reason
    before = the_post(ready)
    assert report(ready, 50, item) == Saved(visit_id=2), "the same report again"
    assert the_post(ready) == before


def share_a_site(database: Database) -> None:
    own, other = an_account("a1", "https://mp.example/a"), an_account("b1", "https://mp.example/b")
    with database.begin() as session:
        register(session, *(replace(each, platform=Platform.WEBSITE) for each in (own, other)))


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        pytest.param({}, "，该链接见于账号“账号b1”（b1）的列表", id="another-shows-it"),
        pytest.param({"url": "http://mp.example/k"}, "，该链接见于账号“账号b1”（b1）的列表", id="by-another-scheme"),
        pytest.param({"url": "https://mp.example/k2"}, "", id="another-address"),
        pytest.param({"at": -99}, "", id="long-before"),
        pytest.param({"reported": True}, "", id="another-only-reports-it-too"),
    ],
)
def test_the_column_of_another_on_a_shared_site_is_told_and_contradicts_nothing(
    database: Database, theirs: dict[str, Any], told: str
) -> None:
    """Two columns of a county's site may show one page: who published it is a person's question."""
    share_a_site(database)
    see(database, 20, shown(**theirs), source=1)
    see(database, 30, reported())
    saved = ask(database, 31, ours(account="", publisher="账号b1"))
    assert saved.report is REPORTED
    assert saved.reason == f"页面未写明发布账号，只写明来源“账号b1”{told}，尚不能核实。"
    assert claims(the_post(database)) == {REPORTED}
    with database.read() as session:
        page = page_of(session, "a1", "k")
    assert page is not None
    assert page.reason == saved.reason


def test_an_undated_report_is_looked_for_in_no_other_list(database: Database) -> None:
    share_a_site(database)
    see(database, 20, shown(), source=1)
    see(database, 30, reported(at=None))
    assert ask(database, 31, ours(account="")).reason == "页面未写明发布账号；上报中没有可读取的发布时间，尚不能核实。"


def test_a_page_that_cannot_be_read_leaves_it_reported(ready: Database) -> None:
    report(ready, 30, reported())
    for at, outcome in ((31, Outcome.BLOCKED), (40, Outcome.GONE), (65, Outcome.GONE)):
        assert ask(ready, at, outcome=outcome).report is None
        assert claims(the_post(ready)) == {REPORTED}
    assert the_post(ready).deleted_at == hour(65)


def test_what_is_confirmed_takes_the_minute_of_the_page(ready: Database) -> None:
    report(ready, 30, reported(stated=a_day(1)))
    ask(ready, 40, ours(3))
    post = the_post(ready)
    assert (post.published_at, post.precision, post.other_times) == (hour(3), Precision.MINUTE, ())
    assert post.page_at == hour(40)


def test_on_the_day_that_its_own_page_states_silence_is_not_proven_either(ready: Database) -> None:
    report(ready, 60, reported())
    ask(ready, 61, ours(26))
    assert the_post(ready).other_times == (hour(26),)


def test_what_another_accounts_page_states_is_nothing(ready: Database) -> None:
    report(ready, 60, reported())
    ask(ready, 61, ours(26, account="邻县发布"))
    assert the_post(ready).other_times == ()


@pytest.mark.parametrize(
    ("platform", "urls", "article", "flag"),
    [
        pytest.param(Platform.WEBSITE, ("https://www.gx.example/list",), "", CONFIRMED, id="its-own-site"),
        pytest.param(Platform.WEBSITE, ("https://www.gx.example/list",), "某某网", CONFIRMED, id="that-says-its-name"),
        pytest.param(Platform.WEBSITE, ("https://other.example/list",), "", REPORTED, id="another-site"),
        pytest.param(Platform.WEBSITE, ("https://other.example/list",), "某某网", REPORTED, id="a-sites-name"),
        pytest.param(Platform.WECHAT, ("https://www.gx.example/list",), "", REPORTED, id="a-platform-of-many"),
        pytest.param(Platform.WECHAT, ("https://www.gx.example/list",), "某某", CONTRADICTED, id="names-another"),
    ],
)
def test_whose_page_it_is(
    database: Database, platform: Platform, urls: Sequence[str], article: str, flag: Flag
) -> None:
    with database.begin() as session:
        register(session, replace(an_account("a1", *urls, "report"), platform=platform))
    report(database, 30, reported(url="https://www.gx.example/k.html"))
    assert ask(database, 31, ours(account=article)).report is flag


def test_a_site_that_several_accounts_have_is_nobodys(database: Database) -> None:
    accounts: list[Account] = [
        replace(an_account(each, f"https://www.gx.example/{each}", "report"), platform=Platform.WEBSITE)
        for each in ("a1", "a2")
    ]
    accounts.append(replace(an_account("a3"), addresses=(SourceAddress(url="https://[www.gx.example"),)))
    with database.begin() as session:
        register(session, *accounts)
    report(database, 30, reported(url="https://www.gx.example/k.html"))
    assert ask(database, 31, ours(account="")).report is REPORTED


@pytest.mark.parametrize(
    "article",
    [
        pytest.param(None, id="reported"),
        pytest.param(ours(), id="confirmed"),
        pytest.param(ours(26), id="contradicted"),
    ],
)
def test_what_a_source_shows_is_no_report(ready: Database, article: Article | None) -> None:
    report(ready, 30, reported(text="自查上报：原创"))
    if article is not None:
        ask(ready, 40, article)
    before = claims(the_post(ready))
    see(ready, 50, shown(text="全文"))
    post = the_post(ready)
    assert (claims(post), post.published_at) == (frozenset(), hour(1))
    assert claims(the_post(ready, 49)) == before
    ask(ready, 60, ours(26))
    report(ready, 70, reported(title="改口", at=20))
    assert (claims(the_post(ready)), the_post(ready).title) == (frozenset(), "标题k")


def test_what_a_source_showed_is_no_report(ready: Database) -> None:
    see(ready, 20, shown(at=None))
    assert report(ready, 30, reported(at=2, title="别的")) == Saved(visit_id=2)
    post = the_post(ready)
    assert (claims(post), post.published_at, post.title, post.seen_at) == (frozenset(), None, "标题k", hour(20))
    report(ready, 10, reported(at=2))
    assert (the_post(ready).seen_at, claims(the_post(ready))) == (hour(20), frozenset())


def test_a_page_that_was_not_its_own_is_asked_for_anew_when_a_source_shows_the_post(ready: Database) -> None:
    report(ready, 30, reported(title="别的事情"))
    ask(ready, 40, ours())
    assert not is_due(ready, 49)
    see(ready, 50, shown())
    assert is_due(ready, 50)
    with ready.read() as session:
        assert set(best_texts(session, [1 << 20]).values()) == {""}


def test_what_the_source_shows_counts_and_not_what_was_claimed(ready: Database) -> None:
    report(ready, 30, reported(at=2))
    see(ready, 50, shown(at=-60))
    post = the_post(ready)
    assert (post.published_at, post.other_times, post.flags) == (hour(-60), (), frozenset())
    see(ready, 55, shown(at=-30))
    assert (the_post(ready).published_at, the_post(ready).other_times) == (hour(-30), (hour(-60),)), "its own again"


def test_a_post_that_appears_where_it_should_have_been_seen_before_is_back_dated(ready: Database) -> None:
    report(ready, 10, reported(at=5))
    see(ready, 40, proof=(0, 40))
    see(ready, 50, shown(at=5))
    assert the_post(ready).flags == {Flag.BACKDATED}


def test_a_source_that_showed_it_earlier_is_heard_late(ready: Database) -> None:
    report(ready, 30, reported())
    ask(ready, 40, ours())
    see(ready, 20, shown())
    post = the_post(ready)
    assert (claims(post), post.seen_at) == (frozenset(), hour(20))
    assert claims(the_post(ready, 25)) == frozenset()


def test_a_report_that_is_mended_is_checked_anew(ready: Database) -> None:
    report(ready, 30, reported(at=26))
    ask(ready, 40, ours(1))
    assert claims(the_post(ready)) == {CONTRADICTED}
    report(ready, 50, reported(at=1))
    assert (set(claims(the_post(ready))), the_post(ready).published_at) == ({REPORTED}, hour(1))
    assert is_due(ready, 50)
    ask(ready, 51, ours(1))
    assert claims(the_post(ready)) == {CONFIRMED}
    report(ready, 60, reported(at=26))
    assert (set(claims(the_post(ready))), the_post(ready).published_at) == ({CONFIRMED}, hour(1)), "the page counts"


def test_a_report_of_a_post_that_is_known_by_another_key(ready: Database) -> None:
    see(ready, 20, an_item("wechat:1", hour(1), title="标题k"))
    report(ready, 30, reported())
    saved = ask(ready, 40, ours(key="wechat:1"))
    assert saved.report is REPORTED
    assert saved.reason == "与该账号已采集的信息“标题k”是同一条，不再重复计入。"


def test_a_source_finds_what_was_confirmed_by_its_key(ready: Database) -> None:
    report(ready, 30, reported())
    ask(ready, 40, ours(key="wechat:1"))
    assert see(ready, 50, an_item("wechat:1", hour(1), title="标题k")).new_posts == 0
    assert claims(the_post(ready)) == frozenset()


def test_what_is_merely_reported_is_no_newest_post(ready: Database) -> None:
    see(ready, 5, shown("a", 1))
    report(ready, 30, reported("k", 20))

    def newest(as_of: float | None = None) -> list[str]:
        with ready.read() as session:
            found = latest_before(session, ["a1"], hour(99), None if as_of is None else hour(as_of))["a1"]
        return [post.key for post in found]

    assert newest() == ["a"]
    ask(ready, 40, ours(20))
    assert (newest(), newest(39)) == (["k"], ["a"])
    see(ready, 50, proof=(0, 50))
    see(ready, 90, shown("late", 30))
    assert newest() == ["late", "k"], "one that is confirmed is believed"


# ------------------------------------------------------------------------------------------ in whichever order

EVENTS = st.lists(
    st.tuples(st.sampled_from(["list", "report", "page", "gone", "blocked"]), st.integers(30, 90)),
    min_size=1,
    max_size=7,
    unique_by=lambda each: each[1],
)


@pytest.fixture(scope="module")
def one_ready(tmp_path_factory: pytest.TempPathFactory) -> Any:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('laws') / 'x.db'}")
    with opened.begin() as session:
        register(session, an_account("a1", "https://x.example/list", "report", aliases=("高县发布",)))
    yield opened
    opened.close()


@given(told=EVENTS, order=st.randoms(use_true_random=False))
@examples(150)
def test_what_is_known_of_a_post_does_not_depend_on_the_order(
    one_ready: Database, told: list[tuple[str, int]], order: Any
) -> None:
    """As long as a page is read after the post became known, as it is."""

    def kept(events: Sequence[tuple[str, int]]) -> tuple[frozenset[Flag], Any]:
        with one_ready.begin() as session:
            listing, reporting = sources_of(session)
            for what, at in events:
                if what in {"list", "report"}:
                    source, item = (listing, shown()) if what == "list" else (reporting, reported())
                    save_visit(session, a_visit(source, hour(at), item), ZONE)
                    continue
                article = ours() if what == "page" else None
                more = {} if article else {"outcome": Outcome.GONE if what == "gone" else Outcome.BLOCKED}
                save_page(session, a_page("k", hour(at), article, **more), ZONE)
            (post,) = posts_between(session, ["a1"], hour(-99), hour(99))["a1"]
            session.rollback()
        return claims(post), (post.published_at, post.title)

    known = [("report", 29), *told]
    names = {what for what, _ in told}
    expected = frozenset() if "list" in names else {CONFIRMED} if "page" in names else {REPORTED}
    assert kept([known[0], *sorted(told, key=lambda each: each[1])]) == (expected, (hour(1), "标题k"))
    shuffled = [*told, *told[:2]]
    order.shuffle(shuffled)
    assert kept([known[0], *shuffled]) == (expected, (hour(1), "标题k"))


# ------------------------------------------------------------------------------------- counted already, by its address


def at_the_address(key: str, at: float | None, **more: Any) -> Item:
    given: dict[str, Any] = {"url": "https://www.gx.example/n14.html", "title": "标题k"}
    return shown(key, at, **given | more)


@pytest.mark.parametrize(
    ("listed", "flag"),
    [
        pytest.param(at_the_address("l", 1, stated=a_day(1)), REPORTED, id="the-day-in-a-list"),
        pytest.param(at_the_address("l", None), REPORTED, id="undated-in-a-list"),
        pytest.param(at_the_address("l", 1, url="http://www.gx.example/n14.html?spm=1#top"), REPORTED, id="decorated"),
        pytest.param(at_the_address("l", 25, stated=a_day(25)), CONFIRMED, id="the-next-day-as-every-day"),
        pytest.param(at_the_address("l", 1, title="另一件事"), CONFIRMED, id="another-title"),
        pytest.param(at_the_address("l", 1, url="https://www.gx.example/n15.html"), CONFIRMED, id="another-address"),
        pytest.param(at_the_address("l", 1, reported=True), CONFIRMED, id="only-reported-itself"),
    ],
)
def test_a_report_of_what_a_list_shows_is_not_counted_beside_it(ready: Database, listed: Item, flag: Flag) -> None:
    see(ready, 30, listed)
    report(ready, 31, at_the_address("k", 1, reported=True))
    saved = ask(ready, 40, ours())
    assert saved.report is flag
    assert (saved.reason != "") is (flag is REPORTED)


@pytest.mark.parametrize("is_reported_first", [False, True])
def test_a_report_leads_to_the_post_of_a_list_by_address_and_day(ready: Database, *, is_reported_first: bool) -> None:
    key = "link:www.gx.example/n14.html"
    listed = at_the_address(f"{key}@20260930T160000Z", 1, stated=a_day(1), other_keys=(f"{key}@~1001",))
    claim = at_the_address(f"{key}@20261001T010000Z", 1, reported=True)
    for at in (30, 31):
        if (at == 30) is is_reported_first:
            report(ready, at, claim)
        else:
            see(ready, at, listed)
    post = the_post(ready)
    assert (post.flags, post.precision) == (frozenset(), Precision.DAY)


def test_the_page_of_a_contradicted_report_leaves_its_day_in_doubt(ready: Database) -> None:
    report(ready, 90, reported(at=60))
    assert ask(ready, 91, ours(1)).report is CONTRADICTED
    assert the_post(ready).other_times == (hour(1),)
    assert the_post(ready, 90).other_times == ()
