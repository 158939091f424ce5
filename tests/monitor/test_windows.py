"""Judging a window: COVERAGE, sentence by sentence, on one window of a week."""

from dataclasses import replace

import pytest

from monitor.case import Case
from monitor.findings import Judged, Verdict
from monitor.spans import NOTHING, Coverage
from monitor.values import Account, AccountState, Flag, Post
from tests.monitor.builders import (
    ALWAYS,
    REPOST,
    UNKNOWN,
    account,
    backdated,
    case,
    covered,
    frame,
    moment,
    post,
    posts,
    undated,
    window,
)

WEEK = window("10-12", "10-18")
MET, REVIEW, VERIFIED = Verdict.MET, Verdict.REVIEW, Verdict.VERIFIED
UNVERIFIABLE, PENDING, NOT_APPLICABLE = Verdict.UNVERIFIABLE, Verdict.PENDING, Verdict.NOT_APPLICABLE

WHOLE = covered("10-12..10-18")
HOLED = covered("10-12 00:00>10-15 09:00", "10-15 09:01>10-19 00:00")


def decide(one: Case, minimum: int = 1) -> Judged:
    return one.decide(WEEK, one.any_post, minimum)


def originals(one: Case) -> Judged:
    return one.decide(WEEK, one.originals, 1)


@pytest.mark.parametrize(
    ("known", "coverage", "minimum", "verdict"),
    [
        pytest.param(posts("10-12"), NOTHING, 1, MET, id="met: presence needs no coverage"),
        pytest.param(posts("10-12 10-18"), NOTHING, 2, MET, id="met: two of two"),
        pytest.param(posts("10-12"), WHOLE, 2, VERIFIED, id="not met: one of two"),
        pytest.param(posts("10-12"), NOTHING, 2, UNVERIFIABLE, id="not verified: one of two, nothing covered"),
        pytest.param([post("10-12 00:00")], WHOLE, 1, MET, id="a post at the first moment"),
        pytest.param([post("10-18 23:59:59")], WHOLE, 1, MET, id="a post at the last second"),
        pytest.param([post("10-11 23:59:59"), post("10-19 00:00")], WHOLE, 1, VERIFIED, id="posts just outside"),
        pytest.param([], WHOLE, 1, VERIFIED, id="not met: all covered, nothing known"),
        pytest.param([], ALWAYS, 1, VERIFIED, id="not met: more than all covered"),
        pytest.param([], NOTHING, 1, UNVERIFIABLE, id="not verified: nothing covered"),
        pytest.param([], HOLED, 1, UNVERIFIABLE, id="not verified: a minute is missing"),
        pytest.param([], covered("10-12 00:00:01>10-19 00:00"), 1, UNVERIFIABLE, id="not verified: its first second"),
        pytest.param([], covered("10-12 00:00>10-18 23:59:59"), 1, UNVERIFIABLE, id="not verified: its last second"),
        pytest.param([undated("10-13 09:00")], WHOLE, 1, REVIEW, id="an undated post first seen in it"),
        pytest.param([undated("10-25 09:00")], WHOLE, 1, VERIFIED, id="an undated post that was not there before"),
        pytest.param([undated("10-25 09:00", since="10-17")], WHOLE, 1, REVIEW, id="an undated one after a long pause"),
        pytest.param([undated("10-25 09:00", since=None)], WHOLE, 1, REVIEW, id="an undated one at the first look"),
        pytest.param(
            [replace(undated("10-25 09:00", since=None), not_after=moment("10-11"))],
            WHOLE,
            1,
            VERIFIED,
            id="an undated one that stands below others",
        ),
        pytest.param(
            [replace(undated("10-14 09:00", since=None), not_after=moment("10-11"))],
            WHOLE,
            1,
            REVIEW,
            id="an undated one first seen in it, wherever it stands",
        ),
        pytest.param(
            [replace(undated("10-14 09:00", since=None), not_after=moment("10-13"))],
            WHOLE,
            2,
            VERIFIED,
            id="an undated one counts once, not twice",
        ),
        pytest.param([undated("10-13 09:00")], HOLED, 1, UNVERIFIABLE, id="an undated post rescues no window"),
        pytest.param([undated("10-13 09:00")], WHOLE, 2, VERIFIED, id="an undated post that could not change it"),
        pytest.param(
            [undated("10-13 09:00"), *posts("10-14")], WHOLE, 2, REVIEW, id="an undated post that could make the second"
        ),
        pytest.param([backdated("10-13 09:00")], WHOLE, 1, REVIEW, id="a back-dated post alone"),
        pytest.param([backdated("10-13 09:00")], NOTHING, 1, REVIEW, id="a back-dated post alone, nothing covered"),
        pytest.param(
            [backdated("10-13 09:00"), *posts("10-14")], WHOLE, 1, MET, id="a back-dated post that is not needed"
        ),
        pytest.param(
            [backdated("10-13 09:00"), *posts("10-14")], WHOLE, 2, REVIEW, id="a back-dated post as the second"
        ),
        pytest.param([backdated("10-13 09:00")], WHOLE, 2, VERIFIED, id="a back-dated post that is not enough"),
        pytest.param([backdated("10-13 09:00")], HOLED, 2, UNVERIFIABLE, id="the same, a minute missing"),
        pytest.param(
            [backdated("10-13 09:00"), undated("10-14 09:00")], WHOLE, 2, REVIEW, id="a back-dated and an undated one"
        ),
        pytest.param(
            [post("10-13 09:00", flags={Flag.FUTURE})], WHOLE, 1, MET, id="a date in the future makes nothing 待复核"
        ),
        pytest.param(
            [post("10-21 09:00", formerly=["10-13 09:00"], flags={Flag.RESTATED})],
            WHOLE,
            1,
            REVIEW,
            id="a post that left it",
        ),
        pytest.param(
            [post("10-21 09:00", formerly=["10-13 09:00"], flags={Flag.RESTATED})],
            NOTHING,
            1,
            UNVERIFIABLE,
            id="a post that left it, nothing covered",
        ),
        pytest.param(
            [post("10-14 09:00", formerly=["10-13 09:00"], flags={Flag.RESTATED})],
            WHOLE,
            1,
            MET,
            id="a post moved within it",
        ),
        pytest.param(
            [post("10-14 09:00", formerly=["10-11 09:00"], flags={Flag.RESTATED})],
            WHOLE,
            1,
            MET,
            id="a post moved into it",
        ),
        pytest.param(
            [post("10-14 09:00", formerly=["10-13 09:00"], flags={Flag.RESTATED})],
            WHOLE,
            2,
            VERIFIED,
            id="a post moved within it counts once, not twice",
        ),
        pytest.param(
            [post("11-05 09:00", seen="11-05 10:00", formerly=["10-13 09:00"], flags={Flag.RESTATED})],
            WHOLE,
            1,
            REVIEW,
            id="a post that left it for a day after the time point",
        ),
        pytest.param(
            [post("10-14 09:00"), post("10-14 09:00")], WHOLE, 2, VERIFIED, id="the same post given twice counts once"
        ),
    ],
)
def test_a_window(known: list[Post], coverage: Coverage, minimum: int, verdict: Verdict) -> None:
    assert decide(case(known, coverage), minimum).verdict is verdict


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        pytest.param(posts("10-13"), MET, id="an original"),
        pytest.param(posts("10-13", of=REPOST), VERIFIED, id="a repost is none"),
        pytest.param(posts("10-13", of=UNKNOWN), REVIEW, id="a class that is unknown could change that"),
        pytest.param([*posts("10-13", of=UNKNOWN), *posts("10-14")], MET, id="beside an original it need not"),
        pytest.param([undated("10-13 09:00")], REVIEW, id="an undated original"),
        pytest.param([undated("10-13 09:00", of=UNKNOWN)], REVIEW, id="an undated one of unknown class"),
        pytest.param([undated("10-13 09:00", of=REPOST)], VERIFIED, id="an undated repost could change nothing"),
        pytest.param([backdated("10-13 09:00")], REVIEW, id="a back-dated original"),
        pytest.param([backdated("10-13 09:00", of=UNKNOWN)], REVIEW, id="a back-dated one of unknown class"),
        pytest.param([backdated("10-13 09:00", of=REPOST)], VERIFIED, id="a back-dated repost"),
        pytest.param([post("10-21 09:00", of=REPOST, formerly=["10-13 09:00"])], VERIFIED, id="a repost that left it"),
        pytest.param(
            [post("10-21 09:00", of=UNKNOWN, formerly=["10-13 09:00"])], REVIEW, id="an unknown one that left it"
        ),
    ],
)
def test_a_window_of_originals(known: list[Post], verdict: Verdict) -> None:
    assert originals(case(known, WHOLE)).verdict is verdict


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        pytest.param("10-18 23:59:59", PENDING, id="a second before its end"),
        pytest.param("10-19 00:00", VERIFIED, id="at its end"),
        pytest.param("10-12 00:00", PENDING, id="at its start"),
        pytest.param("10-08 12:00", PENDING, id="long before"),
    ],
)
def test_a_window_is_judged_when_it_has_ended(at: str, verdict: Verdict) -> None:
    assert decide(case([], ALWAYS, within=frame(at=at))).verdict is verdict
    assert decide(case(posts("10-12"), within=frame(at="10-14 12:00"))).verdict is MET


def test_a_pending_window_is_never_for_a_person_or_unverified() -> None:
    known = [backdated("10-13 09:00"), undated("10-13 09:00"), *posts("10-13", of=UNKNOWN)]
    one = case(known, NOTHING, within=frame(at="10-14 12:00"))
    assert decide(one, 2).verdict is PENDING
    assert originals(one).verdict is PENDING


def test_nothing_after_the_time_point_is_used() -> None:
    one = case(posts("10-25"), ALWAYS, within=frame(at="10-20 00:00"))
    assert one.decide(window("10-12", "10-18"), one.any_post, 1, also=window("10-12", "10-31")).verdict is VERIFIED


@pytest.mark.parametrize(
    ("of", "verdict"),
    [
        pytest.param(account(opened="10-12"), VERIFIED, id="opened on its first day"),
        pytest.param(account(opened="10-13"), NOT_APPLICABLE, id="opened in it: nothing is clipped"),
        pytest.param(account(opened="10-25"), NOT_APPLICABLE, id="opened after it"),
        pytest.param(account(closing_notice="10-19"), VERIFIED, id="closing announced on the day after it"),
        pytest.param(account(closing_notice="10-18"), NOT_APPLICABLE, id="closing announced on its last day"),
        pytest.param(account(closing_notice="10-01"), NOT_APPLICABLE, id="closing announced before it"),
        pytest.param(account(closed="10-19"), VERIFIED, id="closed on the day after it"),
        pytest.param(account(closed="10-18"), NOT_APPLICABLE, id="closed on its last day"),
        pytest.param(
            account(closing_notice="10-18", closed="11-10"), NOT_APPLICABLE, id="announced in it, closed later"
        ),
        pytest.param(
            account(closing_notice="11-10", closed="10-18"), NOT_APPLICABLE, id="closed before the notice says"
        ),
        pytest.param(account(state=AccountState.CLOSED), NOT_APPLICABLE, id="closed, nobody wrote down when"),
        pytest.param(account(state=AccountState.CLOSING), NOT_APPLICABLE, id="closing, nobody wrote down since when"),
        pytest.param(account(state=AccountState.CLOSED, closed="10-25"), VERIFIED, id="closed after it"),
    ],
)
def test_the_life_of_an_account(of: Account, verdict: Verdict) -> None:
    assert decide(case([], ALWAYS, of=of)).verdict is verdict


def test_a_window_that_does_not_apply_is_not_even_met() -> None:
    assert decide(case(posts("10-14"), ALWAYS, of=account(opened="10-13"))).verdict is NOT_APPLICABLE


# ----------------------------------------------------------------------------------------- what is said beside it


def test_what_decides_a_met_window_is_named_in_order_of_time() -> None:
    known = [post("10-14 15:00", "late"), post("10-14 08:00", "early"), post("10-13 09:00", "first")]
    for given in (known, known[::-1]):
        judged = decide(case(given), 2)
        assert (judged.known, judged.posts, judged.why) == (3, ("first", "early"), "")


def test_what_a_person_must_look_at_is_named() -> None:
    known = [undated("10-14 09:00", "u"), post("10-21 09:00", "m", formerly=["10-13 09:00"]), *posts("10-12")]
    judged = decide(case(known, WHOLE), 2)
    assert judged.verdict is REVIEW
    assert judged.known == 1
    assert set(judged.posts) == {"u", "m"}
    assert "1条信息发布时间无法读取" in judged.why
    assert "1条信息发布时间被改动" in judged.why


def test_back_dated_posts_are_named() -> None:
    judged = decide(case([backdated("10-14 09:00"), backdated("10-13 09:00")], WHOLE))
    assert judged.posts == ("10-13 09:00 backdated", "10-14 09:00 backdated")
    assert judged.why == "2条信息疑似倒填"


def test_unknown_classes_are_named() -> None:
    assert originals(case(posts("10-13 10-14", of=UNKNOWN), WHOLE)).why == "2条信息原创与否未判定"


def test_what_was_known_before_the_horizon_counts_once() -> None:
    one = post("10-13 09:00")
    assert decide(case([one], earlier=[one])).known == 1


def test_a_post_counts_on_its_local_day() -> None:
    late_in_utc = post(moment("10-12 00:30"))
    assert late_in_utc.published_at is not None
    assert late_in_utc.published_at.day == 11
    assert decide(case([late_in_utc])).verdict is MET


# -------------------------------------------------------------------------------------------- the covered stretch


@pytest.mark.parametrize(
    ("coverage", "day", "since"),
    [
        pytest.param(covered("10-05..10-18"), "10-12", "10-05", id="from midnight: that day is whole"),
        pytest.param(covered("10-05 00:01>10-19 00:00"), "10-12", "10-06", id="a minute later: the next day"),
        pytest.param(covered("10-05..10-11"), "10-12", None, id="another stretch"),
        pytest.param(covered("10-12 00:00>10-12 23:00"), "10-12", None, id="only a part of that day"),
        pytest.param(NOTHING, "10-12", None, id="nothing"),
    ],
)
def test_covered_since(coverage: Coverage, day: str, since: str | None) -> None:
    found = case([], coverage).covered_since(window(day).first)
    assert found == (window(since).first if since else None)
