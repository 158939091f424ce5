"""GX-01 内容不更新: no post in the 14 local days that end at the monitoring time point."""

import pytest

from monitor.findings import Result, Severity, Verdict
from monitor.spans import NOTHING, Coverage
from monitor.values import Account, Flag, Post
from tests.monitor.builders import (
    ALWAYS,
    REPOST,
    UNKNOWN,
    account,
    backdated,
    covered,
    finding,
    frame,
    judged,
    only_verdict,
    policy,
    post,
    posts,
    undated,
    verdicts,
    windows,
)

MET, REVIEW, VERIFIED = Verdict.MET, Verdict.REVIEW, Verdict.VERIFIED
UNVERIFIABLE, PENDING, NOT_APPLICABLE = Verdict.UNVERIFIABLE, Verdict.PENDING, Verdict.NOT_APPLICABLE
FORTNIGHT = covered("10-18..10-31")


@pytest.mark.parametrize(
    ("known", "coverage", "verdict"),
    [
        pytest.param(posts("10-18"), NOTHING, MET, id="a post on the first of the days"),
        pytest.param(posts("10-31"), NOTHING, MET, id="a post on the last"),
        pytest.param(posts("10-17"), FORTNIGHT, VERIFIED, id="a post on the day before"),
        pytest.param([*posts("10-17"), *posts("11-01")], FORTNIGHT, VERIFIED, id="a post after the time point"),
        pytest.param([], covered("10-19..10-31"), UNVERIFIABLE, id="the first day was not seen"),
        pytest.param([], covered("10-18..10-30"), UNVERIFIABLE, id="the last day was not seen"),
        pytest.param(posts("10-20", of=REPOST), FORTNIGHT, MET, id="a repost is a post"),
        pytest.param(posts("10-20", of=UNKNOWN), FORTNIGHT, MET, id="and so is one of unknown class"),
        pytest.param([undated("10-20 09:00")], FORTNIGHT, REVIEW, id="an undated post"),
        pytest.param([backdated("10-20 09:00")], FORTNIGHT, REVIEW, id="a back-dated post"),
    ],
)
def test_the_last_two_weeks(known: list[Post], coverage: Coverage, verdict: Verdict) -> None:
    judgement = judged(known, coverage)
    assert verdicts(judgement, "GX-01") == {"2026-10-18/2026-10-31": verdict}


@pytest.mark.parametrize(
    ("at", "known", "first_last", "verdict"),
    [
        pytest.param("10-16 10:00", [], "10-02..10-15", VERIFIED, id="within a day: the days that have ended"),
        pytest.param("10-16 10:00", posts("10-16"), "10-02..10-15", MET, id="a post of the running day meets it"),
        pytest.param("10-16 10:00", posts("10-01"), "10-02..10-15", VERIFIED, id="a post just before"),
        pytest.param("10-16 00:00", [], "10-02..10-15", VERIFIED, id="at midnight"),
        pytest.param(
            "10-16 00:00", posts("10-16"), "10-02..10-15", VERIFIED, id="at midnight the new day has not begun"
        ),
    ],
)
def test_a_time_point_within_the_month(at: str, known: list[Post], first_last: str, verdict: Verdict) -> None:
    (window,) = windows(first_last)
    assert verdicts(judged(known, covered("10-02..10-15"), within=frame(at=at)), "GX-01") == {str(window): verdict}


@pytest.mark.parametrize(
    ("of", "verdict"),
    [
        pytest.param(account(opened="10-18"), VERIFIED, id="opened on the first of the days"),
        pytest.param(account(opened="10-19"), NOT_APPLICABLE, id="opened later"),
        pytest.param(account(closing_notice="10-31"), NOT_APPLICABLE, id="closing announced on the last"),
        pytest.param(account(closing_notice="11-01"), VERIFIED, id="closing announced after it"),
        pytest.param(account(main=True), VERIFIED, id="the main account too"),
    ],
)
def test_whom_it_binds(of: Account, verdict: Verdict) -> None:
    assert only_verdict(judged([], ALWAYS, of=of), "GX-01") is verdict


def test_the_number_of_days_is_a_parameter() -> None:
    within = frame(by=policy({"GX-01": {"days": 7}}))
    judgement = judged(posts("10-24"), ALWAYS, within=within)
    assert verdicts(judgement, "GX-01") == {"2026-10-25/2026-10-31": VERIFIED}
    assert finding(judgement, "GX-01").description.startswith("监测时间点（2026年10月31日）前1周内无更新。")
    ten = judged([], ALWAYS, within=frame(by=policy({"GX-01": {"days": 10}})))
    assert "前10天内无更新" in finding(ten, "GX-01").description


def test_it_vetoes() -> None:
    judgement = judged(posts("10-09"), ALWAYS)
    found = finding(judgement, "GX-01")
    assert (found.category, found.severity, found.clause) == ("内容不更新", Severity.VETO, "GX-01的依据")
    assert judgement.result is Result.FAILED


@pytest.mark.parametrize(
    ("known", "coverage", "sentence"),
    [
        pytest.param(
            [post("10-09 09:00", title="…")],
            ALWAYS,
            "监测时间点（2026年10月31日）前2周内无更新。最近一次更新为2026年10月9日《…》，已连续22天未更新。",
            id="as officials write it",
        ),
        pytest.param(
            [post("10-09 09:00", "a", title="早"), post("10-09 18:00", "b", title="转发《通知》")],
            ALWAYS,
            "监测时间点（2026年10月31日）前2周内无更新。最近一次更新为2026年10月9日《转发〈通知〉》，已连续22天未更新。",
            id="the last of that day, a title within a title",
        ),
        pytest.param(
            [post("10-09 18:00", title="")],
            ALWAYS,
            "监测时间点（2026年10月31日）前2周内无更新。最近一次更新为2026年10月9日（无标题），已连续22天未更新。",
            id="no title",
        ),
        pytest.param(
            [post("10-09 18:00", title="题")],
            covered("10-09 19:00>11-01 00:00"),
            "监测时间点（2026年10月31日）前2周内无更新。最近一次更新为2026年10月9日《题》，已连续22天未更新。",
            id="silence is seen from the hour after it",
        ),
        pytest.param(
            [post("10-09 18:00", title="题")],
            covered("10-15..10-31"),
            "监测时间点（2026年10月31日）前2周内无更新。最近一次更新为2026年10月9日《题》，可核实连续17天未更新。",
            id="no more is claimed than was seen",
        ),
        pytest.param(
            [],
            FORTNIGHT,
            "监测时间点（2026年10月31日）前2周内无更新。未采集到此前的更新信息。",
            id="nothing is known from before",
        ),
    ],
)
def test_the_sentence(known: list[Post], coverage: Coverage, sentence: str) -> None:
    found = finding(judged(known, coverage), "GX-01")
    assert found.description == sentence
    assert (found.post.title if found.post else None) == (known[-1].title if known else None)


def test_the_sentence_claims_no_silence_over_a_post_whose_date_is_doubted() -> None:
    """A back-dated post counts on its stated date: nobody says 22 days where one of 12 October is known."""
    known = [post("10-09 09:00", title="题"), backdated("10-12 09:00")]
    assert "连续22天" not in finding(judged(known, ALWAYS), "GX-01").description
    known = [post("10-09 09:00", title="题"), undated("10-12 09:00")]
    assert "连续22天" not in finding(judged(known, ALWAYS), "GX-01").description


def test_the_sentence_names_the_monitoring_time_point_while_the_month_runs() -> None:
    judgement = judged(posts("09-09"), ALWAYS, within=frame(at="10-15 10:00"))
    assert finding(judgement, "GX-01").description.startswith("监测时间点（2026年10月15日）前2周内无更新。")


def test_the_sentence_for_a_person() -> None:
    moved = post("10-05 09:00", formerly=["10-20 09:00"], flags={Flag.RESTATED})
    found = finding(judged([undated("10-20 09:00"), moved], FORTNIGHT), "GX-01", REVIEW)
    assert found.description == (
        "监测时间点（2026年10月31日）前2周内未见可确认的更新，"
        "但有1条信息发布时间被改动、1条信息发布时间无法读取，需人工复核。"
    )
    assert set(found.posts) >= {moved.key}
