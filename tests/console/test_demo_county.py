"""The sample county stands on every day of every year, and our readers read each of its formats back."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.demo_county import County, DemoAccount, build_county
from console.demo_courses import DAY, Term, term_of
from console.demo_feeds import page, render
from console.reference import shipped_notices
from crawler.sources import Answer, read
from monitor.originality import classify, own_names
from monitor.sighting import first_seen
from monitor.values import Originality
from monitor.visits import Outcome
from monitor.workdays import Workdays

BEIJING = ZoneInfo("Asia/Shanghai")
WORKDAYS = Workdays(shipped_notices())
FIRST, LAST = datetime(2010, 1, 1), datetime(2035, 12, 31)  # noqa: DTZ001 - Hypothesis wants naive bounds
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
    now = datetime(2026, 11, 22, 9, 30, tzinfo=BEIJING)
    _, county = county_at(now)
    offered = [each for each in county.accounts if each.format == wanted]
    assert offered
    for each in offered:
        kind, body = render(each)
        reading = read(
            Answer(body=body, content_type=kind, url="http://127.0.0.1/feed", status=200), "", now, "Asia/Shanghai"
        )
        assert reading.outcome is Outcome.NEW
        assert [(item.title, item.stated.at) for item in reading.listing.items] == [
            (post.title, post.at.astimezone(UTC)) for post in each.posts
        ]
        assert len({item.key for item in reading.listing.items}) == len(each.posts)


def test_the_page_names_its_feed() -> None:
    now = datetime(2026, 11, 22, 9, 30, tzinfo=BEIJING)
    _, county = county_at(now)
    kind, body = page(account(county, "YX-006"), "feed.xml")
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
    now = datetime(2026, 11, 22, 9, 30, tzinfo=BEIJING)
    term, county = county_at(now)
    each = account(county, account_id)
    kind, body = render(each)
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
    now = datetime(2026, 11, 22, 9, 30, tzinfo=BEIJING)
    _, county = county_at(now)
    wrong = []
    for each in county.accounts:
        if not each.posts:
            continue
        kind, body = render(each)
        reading = read(
            Answer(body=body, content_type=kind, url="http://127.0.0.1/f", status=200), "", now, "Asia/Shanghai"
        )
        own = own_names(each.account)
        for item, post in zip(reading.listing.items, each.posts, strict=True):
            said = classify(first_seen(item, each.account.account_id, now, ()), own)
            if (
                said.originality.name
                != {"OWN": "ORIGINAL", "RELAYED": "REPOST", "UNSIGNED": "UNDETERMINED"}[post.voice.name]
            ):
                wrong.append((each.account.account_id, post.text.splitlines()[-1], said.reason))
    assert wrong == []
