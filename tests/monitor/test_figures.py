"""The figures of one account: each from what is known, None where it cannot be told."""

import pytest

from monitor.findings import Figures
from monitor.frame import Frame
from monitor.spans import NOTHING, Coverage
from monitor.values import Flag, Post
from tests.monitor.builders import (
    ALWAYS,
    REPOST,
    UNKNOWN,
    account,
    backdated,
    covered,
    frame,
    judged,
    post,
    posts,
    undated,
    window,
    windows,
)


def of(known: list[Post], coverage: Coverage = ALWAYS, within: Frame | None = None, *, main: bool = False) -> Figures:
    return judged(known, coverage, of=account(main=main), within=within).figures


def test_posts_are_counted_by_class() -> None:
    known = [
        *posts("10-01 10-31"),
        *posts("10-05..10-07", of=REPOST),
        *posts("10-08", of=UNKNOWN),
        *posts("09-30"),
        *posts("11-01"),
    ]
    found = of(known)
    assert (found.published, found.original, found.reposted, found.undetermined) == (6, 2, 3, 1)
    assert found.share == pytest.approx(2 / 6)


def test_a_share_of_nothing_cannot_be_told() -> None:
    assert of([]).share is None


def test_an_undated_post_counts_in_the_month_in_which_it_was_first_seen() -> None:
    assert of([undated("10-31 23:59"), undated("11-01 00:00"), undated("09-30 23:59")]).published == 1


def test_a_back_dated_post_counts_on_its_stated_date() -> None:
    assert of([backdated("10-31 09:00"), backdated("09-30 09:00")]).published == 1


@pytest.mark.parametrize(
    ("known", "coverage", "within", "days"),
    [
        pytest.param(posts("10-09"), ALWAYS, frame(), 22, id="22 days of which all were seen"),
        pytest.param(posts("10-09"), covered("10-10..10-31"), frame(), 22, id="seen from the day after"),
        pytest.param(posts("10-09"), covered("10-11..10-31"), frame(), None, id="a day was not seen"),
        pytest.param(posts("10-09"), covered("10-10..10-30"), frame(), None, id="the last day was not seen"),
        pytest.param(posts("10-09"), NOTHING, frame(), None, id="nothing was seen"),
        pytest.param(posts("10-31"), NOTHING, frame(), 0, id="on the last day: nothing need be seen"),
        pytest.param([], ALWAYS, frame(), None, id="no post is known"),
        pytest.param(posts("10-09"), ALWAYS, frame(at="10-16 10:00"), 7, id="within a day"),
        pytest.param(
            posts("10-09"), covered("10-10..10-15"), frame(at="10-16 10:00"), 7, id="the running day need not be seen"
        ),
        pytest.param(posts("10-16"), NOTHING, frame(at="10-16 10:00"), 0, id="today"),
        pytest.param(posts("10-15"), NOTHING, frame(at="10-16 10:00"), 1, id="yesterday"),
    ],
)
def test_days_since_the_last_post(known: list[Post], coverage: Coverage, within: Frame, days: int | None) -> None:
    found = of(known, coverage, within)
    assert found.days_since_last == days
    assert (found.last_post is None) is (not known)


@pytest.mark.parametrize(
    "doubted",
    [
        pytest.param(undated("10-20 09:00"), id="an undated post"),
        pytest.param(backdated("10-20 09:00"), id="a back-dated post"),
        pytest.param(
            post("10-08 09:00", formerly=["10-20 09:00"], flags={Flag.RESTATED}), id="a post that left that day"
        ),
    ],
)
def test_days_that_a_doubted_post_may_cut_short_are_not_told(doubted: Post) -> None:
    assert of([*posts("10-09"), doubted]).days_since_last is None


def test_the_last_post_is_the_newest_known_by_the_time_point() -> None:
    known = [post("10-09 18:00", "late"), post("10-09 08:00", "early"), post("11-01 00:00", "after")]
    last = of(known).last_post
    assert last is not None
    assert last.key == "late"


def test_the_last_post_may_lie_before_the_period() -> None:
    last = judged([], ALWAYS, earlier=posts("06-01")).figures.last_post
    assert last is not None
    assert last.published_at == posts("06-01")[0].published_at


@pytest.mark.parametrize(
    ("known", "coverage", "within", "longest"),
    [
        pytest.param(posts("10-04 10-20"), ALWAYS, frame(), 15, id="between two posts"),
        pytest.param(posts("10-20"), ALWAYS, frame(), 19, id="from the start of the period"),
        pytest.param(posts("10-04"), ALWAYS, frame(), 27, id="to its end"),
        pytest.param([], ALWAYS, frame(), 31, id="all of it"),
        pytest.param(posts("10-01..10-31"), ALWAYS, frame(), 0, id="none"),
        pytest.param(posts("10-01..10-31"), NOTHING, frame(), 0, id="none, though nothing was covered"),
        pytest.param([], NOTHING, frame(), None, id="nothing was seen"),
        pytest.param(posts("10-04"), NOTHING, frame(), None, id="one post and nothing proven"),
        pytest.param(
            posts("10-04 10-20"), covered("10-08..10-10", "10-12..10-13"), frame(), 3, id="as far as it was seen"
        ),
        pytest.param(
            [*posts("10-04 10-20"), undated("10-10 09:00")], ALWAYS, frame(), 11, id="an undated post breaks it"
        ),
        pytest.param([*posts("10-04 10-20"), backdated("10-10 09:00")], ALWAYS, frame(), 11, id="a back-dated one too"),
        pytest.param(posts("10-04"), ALWAYS, frame(at="10-16 10:00"), 11, id="days that have ended"),
        pytest.param([], ALWAYS, frame(at="09-16 10:00"), None, id="before the period"),
    ],
)
def test_the_longest_silence(known: list[Post], coverage: Coverage, within: Frame, longest: int | None) -> None:
    assert of(known, coverage, within).longest_silence == longest


@pytest.mark.parametrize(
    ("coverage", "within", "share"),
    [
        pytest.param(ALWAYS, frame(), 1.0, id="all of it"),
        pytest.param(NOTHING, frame(), 0.0, id="nothing"),
        pytest.param(covered("10-01..10-15"), frame(), 15 / 31, id="fifteen days"),
        pytest.param(covered("10-01 00:00>10-16 12:00"), frame(), 15.5 / 31, id="and a half"),
        pytest.param(covered("09-01..10-05", "10-31..11-30"), frame(), 6 / 31, id="what lies in the period"),
        pytest.param(covered("10-01..10-31"), frame(at="10-11 00:00"), 1.0, id="up to the time point"),
        pytest.param(covered("10-01..10-05"), frame(at="10-11 00:00"), 0.5, id="of the days up to the time point"),
        pytest.param(ALWAYS, frame(at="09-16 10:00"), 0.0, id="before the period"),
    ],
)
def test_the_share_that_was_covered(coverage: Coverage, within: Frame, share: float) -> None:
    assert of([], coverage, within).coverage_share == pytest.approx(share)


def test_the_main_account_has_working_days_and_no_weeks() -> None:
    found = of(posts("10-08 10-09 10-10"), covered("10-01..10-13"), main=True)
    assert (found.workdays_due, found.workdays_met) == (18, 3)
    assert found.workdays_missed == tuple(each.first for each in windows("10-12 10-13"))
    assert (found.weeks_due, found.weeks_met, found.weeks_missed) == (None, None, ())


def test_every_other_account_has_weeks_and_no_working_days() -> None:
    found = of([*posts("10-01"), undated("10-20 09:00")], covered("10-01..10-31"))
    assert (found.weeks_due, found.weeks_met) == (4, 1)
    assert found.weeks_missed == windows("10-05..10-11 10-12..10-18")
    assert (found.workdays_due, found.workdays_met, found.workdays_missed) == (None, None, ())


@pytest.mark.parametrize(
    ("known", "within", "recent"),
    [
        pytest.param(posts("10-17 10-18 10-31"), frame(), 2, id="fourteen days that end with the last"),
        pytest.param(posts("10-20 10-21", of=REPOST), frame(), 0, id="reposts are none"),
        pytest.param(posts("10-20", of=UNKNOWN), frame(), 0, id="unknown ones neither"),
        pytest.param([undated("10-20 09:00")], frame(), 0, id="nor undated ones"),
        pytest.param(posts("10-02 10-03 10-16"), frame(at="10-16 10:00"), 2, id="with the running day"),
    ],
)
def test_recent_originals(known: list[Post], within: Frame, recent: int) -> None:
    assert of(known, ALWAYS, within).recent_originals == recent


def test_a_window_counts_its_days() -> None:
    assert window("10-05", "10-11").days == 7
    assert str(window("10-12")) == "2026-10-12"
    assert str(window("10-05", "10-11")) == "2026-10-05/2026-10-11"
