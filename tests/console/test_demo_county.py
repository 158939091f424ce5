"""The sample county stands on every day of every year, and our readers read each of its formats back."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.demo_county import County, DemoAccount, DemoPost, build_county, source_list
from console.demo_courses import DAY, Term, Voice, term_of
from console.demo_feeds import page, render
from console.demo_links import KINDS, link_of, path_of
from console.demo_lists import LISTS, listed
from console.demo_pages import own_page
from console.demo_server import SERVERS
from console.reference import shipped_notices
from crawler.sources import ARTICLE, Answer, read
from monitor.originality import classify, comparable, own_names
from monitor.own_page import page_credits
from monitor.sighting import first_seen
from monitor.sources_list import read_source_list
from monitor.values import Article, Item, Originality, Post
from monitor.visits import Outcome
from monitor.workdays import Workdays

BEIJING = ZoneInfo("Asia/Shanghai")
WORKDAYS = Workdays(shipped_notices())
FIRST, LAST = datetime(2010, 1, 1), datetime(2035, 12, 31)  # noqa: DTZ001 - Hypothesis wants naive bounds
HOSTS = dict.fromkeys(SERVERS, "127.0.0.1")
NOVEMBER = datetime(2026, 11, 22, 9, 30, tzinfo=BEIJING)
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(BEIJING))


def county_at(now: datetime) -> tuple[Term, County]:
    term = term_of(now.date(), WORKDAYS)
    return term, build_county(now, term)


def account(county: County, account_id: str) -> DemoAccount:
    return next(each for each in county.accounts if each.account.account_id == account_id)


def days_of(each: DemoAccount) -> set[date]:
    return {post.at.date() for post in each.posts}


@given(MOMENTS)
def test_no_post_lies_ahead_and_lists_run_from_the_newest(now: datetime) -> None:
    _, county = county_at(now)
    for each in county.accounts:
        times = [post.at for post in each.posts]
        assert times == sorted(times, reverse=True)
        assert not times or times[0] <= now


@given(MOMENTS)
def test_three_working_days_inside_the_month_are_missed_and_no_other(now: datetime) -> None:
    term, county = county_at(now)
    posted = days_of(account(county, "YX-002"))
    month = WORKDAYS.between(term.first, term.last)
    assert [day for day in month if day not in posted] == list(term.missed)
    assert len(term.missed) == 3


@given(MOMENTS)
def test_the_silent_fortnight_is_one_and_the_weeks_before_are_not(now: datetime) -> None:
    term, county = county_at(now)
    posted = days_of(account(county, "YX-007"))
    assert not any(day > term.last - 14 * DAY for day in posted)
    assert any(term.first <= day for day in posted)


@given(MOMENTS)
def test_two_whole_weeks_are_missed_and_none_at_the_end(now: datetime) -> None:
    term, county = county_at(now)
    posted = days_of(account(county, "YX-008"))
    sundays = [term.first + n * DAY for n in range(31) if (term.first + n * DAY).weekday() == 6]
    ends = [day for day in sundays if day <= term.last]
    silent = [day for day in ends if not any(day - 6 * DAY <= each <= day for each in posted)]
    assert silent == [ends[1], ends[3]]
    assert any(term.last - 13 * DAY <= each <= term.last for each in posted)


@given(MOMENTS)
def test_the_sleeper_last_posted_more_than_ninety_days_ago(now: datetime) -> None:
    term, county = county_at(now)
    posted = days_of(account(county, "YX-009"))
    assert max(posted) < term.last - 90 * DAY
    assert min(posted) < term.last - 120 * DAY


@given(MOMENTS)
def test_a_bridge_that_works_has_shown_the_whole_month(now: datetime) -> None:
    term, county = county_at(now)
    month_end = datetime.combine(term.last + DAY, time(), BEIJING)
    assert month_end <= county.controls["bridge"][0].at <= now
    assert county.controls["stale"][0].at < month_end - timedelta(days=15)


EACH_FORMAT = ["rss", "rss-gbk", "page", "weibo", "wechat", "atom", "rdf", "json"]


@pytest.mark.parametrize("wanted", EACH_FORMAT)
def test_each_format_is_read_back_whole(wanted: str) -> None:
    now = NOVEMBER
    _, county = county_at(now)
    offered = [each for each in county.accounts if each.format == wanted]
    assert offered
    for each in offered:
        kind, body = render(each, HOSTS)
        reading = read(
            Answer(body=body, content_type=kind, url="http://127.0.0.1/feed", status=200), "", now, "Asia/Shanghai"
        )
        assert reading.outcome is Outcome.NEW
        assert [(item.title, item.stated.at) for item in reading.listing.items] == [
            (post.title, post.at.astimezone(UTC)) for post in each.listed
        ]
        assert len({item.key for item in reading.listing.items}) == len(each.listed)


def whole_list(each: DemoAccount) -> tuple[list[Item], int]:
    """What our reader makes of all pages of a list, each one led to by the one before, and how many there were."""
    bodies, address, items, count = listed(each, HOSTS), f"http://127.0.0.1{path_of(each)}", dict[str, Item](), 0
    while address:
        kind, body = bodies[address.removeprefix("http://127.0.0.1")]
        answer = Answer(body=body, content_type=kind, url=address, status=200)
        reading = read(answer, KINDS[each.format], NOVEMBER, "Asia/Shanghai")
        assert reading.outcome is Outcome.NEW, reading.reason
        for item in reading.listing.items:
            items.setdefault(item.key, item)
        address, count = reading.listing.next_page, count + 1
    return list(items.values()), count


@pytest.mark.parametrize("wanted", [*LISTS])
def test_each_list_is_read_back_whole(wanted: str) -> None:
    offered = [each for each in county_at(NOVEMBER)[1].accounts if each.format == wanted]
    assert offered
    for each in offered:
        items, pages = whole_list(each)
        stated = [(item.stated.at, item.stated.day_end) for item in items if not item.pinned]
        posts = [post for post in each.listed if post != pinned(each)]
        for (at, day_end), post in zip(stated, posts, strict=True):
            moment = post.claimed_at or post.at
            assert at is not None
            assert (at <= moment < day_end) if day_end else abs(at - moment) < timedelta(minutes=1)
        assert pages == {"album": 1, "report": 1}.get(wanted, -(-len(each.listed) // 12))


def pinned(each: DemoAccount) -> DemoPost | None:
    own = [post for post in each.listed if post.voice is Voice.OWN]
    return own[-1] if each.format == "container" else None


def test_a_cut_title_is_read_whole() -> None:
    items, _ = whole_list(account(county_at(NOVEMBER)[1], "YX-018"))
    assert {len(item.title) > 20 for item in items} == {True, False}
    assert not any("…" in item.title for item in items)


MEANT = {
    Voice.OWN: Originality.ORIGINAL,
    Voice.RELAYED: Originality.REPOST,
    Voice.UNSIGNED: Originality.UNDETERMINED,
    Voice.SHARED: Originality.REPOST,
}


def test_every_page_of_a_post_says_what_its_author_meant() -> None:
    wrong = []
    for each in county_at(NOVEMBER)[1].accounts:
        own = own_names(each.account)
        for post in each.posts:
            shown = own_page(each, post)
            if post.gone:
                assert shown is None or "已被发布者删除" in shown[1].decode()
                continue
            assert shown is not None
            answer = Answer(body=shown[1], content_type=shown[0], url=link_of(each, post, HOSTS), status=200)
            article = read(answer, ARTICLE, NOVEMBER, "Asia/Shanghai").article
            assert article is not None, post.title
            assert article.title == post.title
            assert article.stated.at is not None
            assert abs(article.stated.at - post.at) < timedelta(minutes=1)
            said = classify(read_post(post, article), own)
            if said.originality is not MEANT[post.voice]:
                wrong.append((each.account.account_id, post.words.splitlines()[-1], said.reason))
    assert wrong == []


def read_post(post: DemoPost, article: Article) -> Post:
    """A post of which its list says nothing and its page everything."""
    credits_, mark = page_credits(article), article.mark
    return Post(
        account_id="A",
        key="k",
        title=post.title,
        url="",
        published_at=post.at,
        seen_at=post.at,
        page_credits=credits_,
        page_mark=mark,
    )


def test_every_origin_is_on_the_list_of_sources_but_one() -> None:
    approved = read_source_list(csv.reader(io.StringIO(source_list().decode("utf-8-sig")))).names
    strange = {
        (each.account.account_id, name)
        for each in county_at(NOVEMBER)[1].accounts
        for post in each.posts
        if post.voice is Voice.RELAYED
        for name in [post.origin or post.credit.partition("：")[2]]
        if comparable(name) not in approved
    }
    assert strange == {("YX-006", "云上生活圈")}


def test_the_page_names_its_feed() -> None:
    now = NOVEMBER
    _, county = county_at(now)
    kind, body = page(account(county, "YX-006"), "feed.xml", HOSTS)
    reading = read(
        Answer(body=body, content_type=kind, url="http://127.0.0.1/x/", status=200), "", now, "Asia/Shanghai"
    )
    assert reading.feed_urls == ("http://127.0.0.1/x/feed.xml",)


@pytest.mark.parametrize(
    ("account_id", "expected"),
    [
        pytest.param("YX-001", {Originality.ORIGINAL, Originality.REPOST}, id="some of its own, some relayed"),
        pytest.param("YX-007", {Originality.ORIGINAL}, id="its own only"),
        pytest.param("YX-011", {Originality.ORIGINAL, Originality.REPOST}, id="its own long ago, then relayed"),
        pytest.param("YX-012", {Originality.ORIGINAL, Originality.UNDETERMINED}, id="signed long ago, then unsigned"),
    ],
)
def test_posts_are_signed_as_their_course_has_it(account_id: str, expected: set[Originality]) -> None:
    now = NOVEMBER
    term, county = county_at(now)
    each = account(county, account_id)
    kind, body = render(each, HOSTS)
    reading = read(
        Answer(body=body, content_type=kind, url="http://127.0.0.1/feed", status=200), "", now, "Asia/Shanghai"
    )
    own = own_names(each.account)
    found = Counter(
        (item.stated.at is not None and item.stated.at >= datetime.combine(term.first, time(), BEIJING), said)
        for item in reading.listing.items
        for said in [classify(first_seen(item, account_id, now, ()), own).originality]
    )
    assert {said for _, said in found} == expected
    if account_id in {"YX-011", "YX-012"}:
        assert not found[True, Originality.ORIGINAL]


def test_every_text_is_read_as_its_author_meant_it() -> None:
    now = NOVEMBER
    _, county = county_at(now)
    wrong = []
    for each in county.accounts:
        if not each.posts or each.format in LISTS or each.bare:
            continue
        kind, body = render(each, HOSTS)
        reading = read(
            Answer(body=body, content_type=kind, url="http://127.0.0.1/f", status=200), "", now, "Asia/Shanghai"
        )
        own = own_names(each.account)
        for item, post in zip(reading.listing.items, each.listed, strict=True):
            said = classify(first_seen(item, each.account.account_id, now, ()), own)
            if said.originality is not MEANT[post.voice]:
                wrong.append((each.account.account_id, post.words.splitlines()[-1], said.reason))
    assert wrong == []
