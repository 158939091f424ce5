"""YC-01 未按要求发布原创信息: in every two weeks at least one original post, rolling or fixed."""

from datetime import date

import pytest

from monitor.findings import Severity, Verdict
from monitor.spans import Coverage
from monitor.values import Account, Flag, Post
from tests.monitor.builders import (
    ALWAYS,
    REPOST,
    UNKNOWN,
    account,
    backdated,
    codes,
    covered,
    days_with,
    finding,
    frame,
    judged,
    policy,
    post,
    posts,
    undated,
    windows,
)

MET, REVIEW, VERIFIED = Verdict.MET, Verdict.REVIEW, Verdict.VERIFIED
UNVERIFIABLE, PENDING, NOT_APPLICABLE = Verdict.UNVERIFIABLE, Verdict.PENDING, Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("known", "coverage", "violated"),
    [
        pytest.param(posts("09-30 10-14 10-28"), ALWAYS, "", id="one in every fourteen days"),
        pytest.param(posts("09-30 10-15 10-28"), ALWAYS, "10-01..10-14", id="a day late: fourteen days without"),
        pytest.param(
            posts("09-25 10-03 10-25"), ALWAYS, "10-04..10-24", id="from the day after the last to the last day without"
        ),
        pytest.param(posts("09-25 10-03"), ALWAYS, "10-04..10-31", id="to the end of the period"),
        pytest.param(posts("09-17"), ALWAYS, "09-18..10-31", id="it began in the month before"),
        pytest.param(posts("09-10 10-05"), ALWAYS, "09-11..10-04 10-06..10-31", id="two windows"),
        pytest.param(posts("09-16 10-01"), ALWAYS, "10-02..10-31", id="days of the month before are not judged again"),
        pytest.param(
            posts("09-25 10-03 10-25"), covered("10-04..10-31"), "10-04..10-24", id="seen just from the day after"
        ),
        pytest.param(
            posts("09-01 10-25"), covered("10-03..10-31"), "10-03..10-24", id="not before the stretch that proves it"
        ),
        pytest.param(
            posts("09-01 10-25"),
            covered("10-02 12:00>11-01 00:00"),
            "10-03..10-24",
            id="nor before its first whole day",
        ),
        pytest.param(posts("09-01 10-25"), covered("10-12..10-31"), "", id="nobody saw fourteen days of it"),
        pytest.param(posts("09-01 10-25"), covered("10-11..10-24"), "10-11..10-24", id="just fourteen days were seen"),
        pytest.param(
            [*posts("09-25 10-03 10-25"), *posts("10-05..10-20", of=REPOST)],
            ALWAYS,
            "10-04..10-24",
            id="reposts do not help",
        ),
        pytest.param(
            [*posts("09-25 10-03 10-25"), *posts("10-05", of=REPOST), undated("10-10 09:00", of=REPOST)],
            ALWAYS,
            "10-04..10-24",
            id="nor does an undated one",
        ),
        pytest.param(
            posts("09-01"),
            covered("09-01..10-10", "10-12..10-31"),
            "09-02..10-10 10-12..10-31",
            id="a day that nobody saw parts them",
        ),
    ],
)
def test_rolling(known: list[Post], coverage: Coverage, violated: str) -> None:
    judgement = judged(known, coverage)
    assert days_with(judgement, "YC-01", VERIFIED) == violated
    if violated:
        assert finding(judgement, "YC-01").windows == windows(violated)
    else:
        assert "YC-01 已核实" not in codes(judgement)


def test_the_number_of_days_is_a_parameter() -> None:
    within = frame(by=policy({"YC-01": {"days": 7}}))
    judgement = judged(posts("09-30 10-08 10-15 10-22 10-29"), ALWAYS, within=within)
    assert days_with(judgement, "YC-01", VERIFIED) == "10-01..10-07"


@pytest.mark.parametrize(
    ("known", "review"),
    [
        pytest.param(
            [*posts("09-25 10-03 10-25"), *posts("10-12", of=UNKNOWN)], "10-04..10-24", id="a post of unknown class"
        ),
        pytest.param([*posts("09-25 10-03 10-25"), undated("10-12 09:00")], "10-04..10-24", id="an undated post"),
        pytest.param(
            [*posts("09-25 10-03 10-25"), backdated("10-12 09:00")], "10-04..10-24", id="a back-dated original"
        ),
        pytest.param(
            [*posts("09-30 10-25"), post("10-01 09:00", formerly=["10-12 09:00"], flags={Flag.RESTATED})],
            "10-02..10-24",
            id="an original that left it",
        ),
        pytest.param(
            [*posts("09-30"), *posts("10-05 10-12 10-13 10-20 10-29", of=UNKNOWN)],
            "10-01..10-31",
            id="many of them, days that follow one another: one window",
        ),
    ],
)
def test_what_could_change_it_is_for_a_person(known: list[Post], review: str) -> None:
    judgement = judged(known, ALWAYS)
    assert days_with(judgement, "YC-01", VERIFIED) == ""
    assert days_with(judgement, "YC-01", REVIEW) == review
    found = finding(judgement, "YC-01", REVIEW)
    assert found.windows == windows(review)
    assert set(found.posts) >= {each.key for each in known if each.correction is None}


def test_days_that_nothing_could_change_are_proven_beside_those_that_something_could() -> None:
    known = [*posts("09-10"), *posts("10-20", of=UNKNOWN)]
    judgement = judged(known, ALWAYS)
    assert days_with(judgement, "YC-01", VERIFIED) == "09-11..10-19"
    assert days_with(judgement, "YC-01", REVIEW).endswith("10-31")


def test_a_proven_window_does_not_reach_back_over_posts_that_may_be_originals() -> None:
    known = [*posts("09-10"), *posts("09-20 10-02", of=UNKNOWN)]
    judgement = judged(known, ALWAYS)
    assert days_with(judgement, "YC-01", VERIFIED) == "10-03..10-31"
    assert "未发布信息" in finding(judgement, "YC-01", VERIFIED).description


@pytest.mark.parametrize(
    ("unknown", "verdict"),
    [
        pytest.param("待复核", REVIEW, id="for a person, as is the default"),
        pytest.param("原创", MET, id="taken for an original"),
        pytest.param("转载", VERIFIED, id="taken for a repost"),
    ],
)
def test_what_an_unknown_class_counts_as(unknown: str, verdict: Verdict) -> None:
    within = frame(by=policy({"YC-01": {"unknown": unknown}}))
    known = [*posts("09-25 10-03 10-25"), *posts("10-06..10-23", of=UNKNOWN)]
    found = {each.verdict for each in dict(judged(known, ALWAYS, within=within).windows)["YC-01"]}
    assert found - {MET} == {verdict} - {MET}
    dubious = judged([*posts("09-25 10-03 10-25"), backdated("10-12 09:00", of=UNKNOWN)], ALWAYS, within=within)
    assert ("YC-01 待复核" in codes(dubious)) is (verdict is not VERIFIED)
    assert ("YC-01 已核实" in codes(dubious)) is (verdict is VERIFIED)


@pytest.mark.parametrize(
    ("of", "violated", "not_applicable"),
    [
        pytest.param(
            account(opened="10-10"), "10-10..10-31", "10-01..10-22", id="opened in the month: fourteen days later"
        ),
        pytest.param(account(opened="10-19"), "", "10-01..10-31", id="opened too late for fourteen days"),
        pytest.param(account(closing_notice="10-20"), "2020-01-01..10-19", "10-20..10-31", id="closing announced"),
        pytest.param(account(main=True), "2020-01-01..10-31", "", id="the main account too"),
    ],
)
def test_the_life_of_an_account(of: Account, violated: str, not_applicable: str) -> None:
    judgement = judged([], ALWAYS, of=of)
    found = dict(judgement.windows)["YC-01"]
    assert tuple(each.window for each in found if each.verdict is VERIFIED) == windows(violated)
    assert days_with(judgement, "YC-01", NOT_APPLICABLE) == not_applicable


def test_while_the_month_runs() -> None:
    judgement = judged(posts("09-20"), ALWAYS, within=frame(at="10-16 10:00"))
    assert days_with(judgement, "YC-01", VERIFIED) == "09-21..10-15"
    assert days_with(judgement, "YC-01", PENDING) == "10-16"
    met = judged(posts("09-20 10-16"), ALWAYS, within=frame(at="10-16 10:00"))
    assert days_with(met, "YC-01", PENDING) == ""


def test_a_month_that_has_not_begun() -> None:
    assert dict(judged([], ALWAYS, within=frame(at="09-16 10:00")).windows)["YC-01"] == ()


def test_it_claims_nothing_before_the_posts_that_are_known() -> None:
    judgement = judged([], ALWAYS, horizon=date(2026, 9, 15))
    assert days_with(judgement, "YC-01", VERIFIED) == "09-15..10-31"


@pytest.mark.parametrize(
    ("month", "start", "cut"),
    [
        pytest.param("2026-10", 1, "09-28..10-11 10-12..10-25", id="October"),
        pytest.param("2026-11", 1, "10-26..11-08 11-09..11-22", id="November goes on where October ends"),
        pytest.param("2026-12", 1, "11-23..12-06 12-07..12-20", id="and so does December"),
        pytest.param("2026-10", 7, "09-20..10-03 10-04..10-17 10-18..10-31", id="weeks from Sunday"),
    ],
)
def test_fixed_windows_of_two_natural_weeks(month: str, start: int, cut: str) -> None:
    within = frame(month, by=policy({"YC-01": {"mode": "fixed"}, "GX-03": {"week_start": start}}))
    assert days_with(judged([], ALWAYS, within=within), "YC-01", VERIFIED) == cut


@pytest.mark.parametrize(
    ("known", "coverage", "violated", "sentence"),
    [
        pytest.param(
            [*posts("09-28"), *posts("10-12 10-25", of=REPOST)],
            ALWAYS,
            "10-12..10-25",
            "10月12日至10月25日发布信息2条，均为转载，未发布原创信息。",
            id="one",
        ),
        pytest.param(
            posts("09-27 10-26"),
            ALWAYS,
            "09-28..10-11 10-12..10-25",
            "9月28日至10月11日未发布信息，无原创信息；10月12日至10月25日未发布信息，无原创信息。",
            id="two",
        ),
    ],
)
def test_fixed(known: list[Post], coverage: Coverage, violated: str, sentence: str) -> None:
    within = frame(by=policy({"YC-01": {"mode": "fixed"}}))
    found = finding(judged(known, coverage, within=within), "YC-01")
    assert found.windows == windows(violated)
    assert found.description == sentence


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        pytest.param(
            [*posts("09-25 10-03 10-25"), *posts("10-05..10-10", of=REPOST)],
            "10月4日至10月24日发布信息6条，均为转载，未发布原创信息。",
            id="as officials write it",
        ),
        pytest.param(posts("09-25 10-03 10-25"), "10月4日至10月24日未发布信息，无原创信息。", id="nothing at all"),
        pytest.param(
            [*posts("2025-12-28"), *posts("2025-12-30 01-02", of=REPOST), *posts("01-12..01-31")],
            "2025年12月29日至1月11日发布信息2条，均为转载，未发布原创信息。",
            id="over the turn of the year",
        ),
    ],
)
def test_the_sentence(known: list[Post], sentence: str) -> None:
    within = frame("2026-01") if "2025" in sentence else frame()
    found = finding(judged(known, ALWAYS, within=within), "YC-01")
    assert found.description == sentence
    assert (found.category, found.severity, found.post) == ("未按要求发布原创信息", Severity.BULLETIN, None)


def test_the_sentence_for_a_person() -> None:
    known = [*posts("09-25 10-03 10-25"), *posts("10-05 10-06", of=REPOST), *posts("10-12", of=UNKNOWN)]
    assert finding(judged(known, ALWAYS), "YC-01", REVIEW).description == (
        "10月4日至10月24日发布信息3条，其中转载2条、未判定1条，未见可确认的原创信息（1条信息原创与否未判定），需人工复核。"
    )


def test_the_sentence_where_unknown_counts_as_repost() -> None:
    within = frame(by=policy({"YC-01": {"unknown": "转载"}}))
    known = [*posts("09-25 10-03 10-25"), *posts("10-05 10-06", of=REPOST), *posts("10-12", of=UNKNOWN)]
    assert finding(judged(known, ALWAYS, within=within), "YC-01").description == (
        "10月4日至10月24日发布信息3条，其中未判定1条按规定视同转载，未发布原创信息。"
    )
