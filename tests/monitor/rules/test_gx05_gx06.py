"""GX-05 疑似僵尸账号 and GX-06 本月零发布: long silence, and a month of it."""

import pytest

from monitor.decisions import Decision, Ruling
from monitor.findings import Severity, Verdict
from monitor.spans import NOTHING, Coverage
from monitor.values import Account, Flag, Post
from tests.monitor.builders import (
    ALWAYS,
    account,
    backdated,
    codes,
    covered,
    decision,
    finding,
    frame,
    judged,
    only_verdict,
    policy,
    post,
    posts,
    undated,
    verdicts,
)

MET, REVIEW, VERIFIED = Verdict.MET, Verdict.REVIEW, Verdict.VERIFIED
UNVERIFIABLE, PENDING, NOT_APPLICABLE = Verdict.UNVERIFIABLE, Verdict.PENDING, Verdict.NOT_APPLICABLE
OCTOBER = covered("10-01..10-31")


@pytest.mark.parametrize(
    ("known", "coverage", "verdict"),
    [
        pytest.param(posts("08-03"), NOTHING, MET, id="a post on the first of the days"),
        pytest.param(posts("08-02"), ALWAYS, VERIFIED, id="a post on the day before"),
        pytest.param([], covered("08-03..10-31"), VERIFIED, id="all of it seen"),
        pytest.param([], covered("08-04..10-31"), UNVERIFIABLE, id="all but the first day"),
        pytest.param([backdated("09-01 09:00")], ALWAYS, REVIEW, id="a back-dated post"),
        pytest.param([undated("09-01 09:00")], ALWAYS, REVIEW, id="an undated post"),
    ],
)
def test_ninety_days(known: list[Post], coverage: Coverage, verdict: Verdict) -> None:
    assert verdicts(judged(known, coverage), "GX-05") == {"2026-08-03/2026-10-31": verdict}


def test_ninety_days_within_a_day() -> None:
    within = frame(at="10-16 10:00")
    assert verdicts(judged([], ALWAYS, within=within), "GX-05") == {"2026-07-18/2026-10-15": VERIFIED}
    assert only_verdict(judged(posts("10-16"), ALWAYS, within=within), "GX-05") is MET


def test_ninety_days_is_a_parameter() -> None:
    judgement = judged(posts("10-01"), ALWAYS, within=frame(by=policy({"GX-05": {"days": 30}})))
    assert verdicts(judgement, "GX-05") == {"2026-10-02/2026-10-31": VERIFIED}


def test_what_is_said_of_a_dormant_account() -> None:
    judgement = judged([post("07-01 09:00", title="题")], ALWAYS)
    found = finding(judgement, "GX-05")
    assert found.description == (
        "截至2026年10月31日，90天内无信息发布，疑似僵尸账号。最近一次更新为2026年7月1日《题》，已连续122天未更新。"
    )
    assert (found.category, found.severity) == ("疑似僵尸账号", Severity.BULLETIN)
    assert found.post is not None
    review = finding(judged([undated("09-01 09:00")], ALWAYS), "GX-05", REVIEW)
    assert review.description == (
        "截至2026年10月31日，90天内未见可确认的更新，但有1条信息发布时间无法读取，需人工复核。"
    )


@pytest.mark.parametrize(
    ("known", "coverage", "verdict"),
    [
        pytest.param(posts("10-01"), NOTHING, MET, id="a post on the first day"),
        pytest.param(posts("10-31"), NOTHING, MET, id="a post on the last"),
        pytest.param(posts("09-30 11-01"), OCTOBER, VERIFIED, id="posts around it"),
        pytest.param([], covered("10-01..10-30"), UNVERIFIABLE, id="the last day was not seen"),
        pytest.param([undated("10-20 09:00")], OCTOBER, REVIEW, id="an undated post"),
        pytest.param([backdated("10-20 09:00")], OCTOBER, REVIEW, id="a back-dated post"),
    ],
)
def test_the_month(known: list[Post], coverage: Coverage, verdict: Verdict) -> None:
    assert verdicts(judged(known, coverage), "GX-06") == {"2026-10-01/2026-10-31": verdict}


@pytest.mark.parametrize(
    ("of", "verdict"),
    [
        pytest.param(account(opened="10-01"), VERIFIED, id="in force all month"),
        pytest.param(account(opened="10-02"), NOT_APPLICABLE, id="opened on the 2nd"),
        pytest.param(account(closing_notice="10-31"), NOT_APPLICABLE, id="closing announced on the last day"),
    ],
)
def test_the_month_applies_when_the_account_was_in_force_all_of_it(of: Account, verdict: Verdict) -> None:
    assert only_verdict(judged([], ALWAYS, of=of), "GX-06") is verdict


def test_the_month_while_it_runs() -> None:
    assert only_verdict(judged([], ALWAYS, within=frame(at="10-31 23:59")), "GX-06") is PENDING
    assert only_verdict(judged(posts("10-05"), within=frame(at="10-16 10:00")), "GX-06") is MET


@pytest.mark.parametrize(
    ("known", "coverage", "of", "sentence"),
    [
        pytest.param(
            posts("08-31"), ALWAYS, account(), "本月信息发布量为零，已连续2个月无信息发布。", id="as officials write it"
        ),
        pytest.param(posts("09-30"), ALWAYS, account(), "本月信息发布量为零。", id="one month"),
        pytest.param(
            posts("2025-10-31"),
            ALWAYS,
            account(),
            "本月信息发布量为零，已连续12个月无信息发布。",
            id="over a year's end",
        ),
        pytest.param([], OCTOBER, account(), "本月信息发布量为零。", id="the month before was not seen"),
        pytest.param([], covered("09-02..10-31"), account(), "本月信息发布量为零。", id="nor all of it"),
        pytest.param(
            [], covered("09-01..10-31"), account(), "本月信息发布量为零，已连续2个月无信息发布。", id="just two seen"
        ),
        pytest.param([], ALWAYS, account(opened="09-02"), "本月信息发布量为零。", id="opened within the month before"),
        pytest.param(
            [undated("09-15 09:00")],
            ALWAYS,
            account(),
            "本月信息发布量为零。",
            id="an undated post in the month before",
        ),
        pytest.param([backdated("09-15 09:00")], ALWAYS, account(), "本月信息发布量为零。", id="a back-dated one"),
        pytest.param(
            [post("08-15 09:00", formerly=["09-15 09:00"], flags={Flag.RESTATED}, seen="09-15 10:00")],
            ALWAYS,
            account(),
            "本月信息发布量为零。",
            id="one that left the month before",
        ),
    ],
)
def test_consecutive_months_are_counted(known: list[Post], coverage: Coverage, of: Account, sentence: str) -> None:
    found = finding(judged(known, coverage, of=of), "GX-06")
    assert found.description == sentence
    assert (found.category, found.severity) == ("本月零发布", Severity.BULLETIN)


@pytest.mark.parametrize(
    ("decided", "months"),
    [
        pytest.param(decision("GX-06", "09-01..09-30"), 1, id="the month before was dismissed"),
        pytest.param(decision("GX-06", "08-01..08-31"), 2, id="the one before that"),
        pytest.param(decision("GX-06", "09-01..09-30", Ruling.CONFIRMED), 4, id="confirmed"),
        pytest.param(decision("GX-03", "09-07..09-13"), 1, id="a week of it"),
        pytest.param(decision("YC-01", "09-01..09-30"), 4, id="of originals"),
        pytest.param(decision("CJ-01", "08-03..08-09", unseen="08-05"), 2, id="a gap in it"),
    ],
)
def test_a_month_that_a_person_dismissed_was_not_silent(decided: Decision, months: int) -> None:
    found = finding(judged(posts("06-30"), ALWAYS, decisions=[decided]), "GX-06")
    running = f"，已连续{months}个月无信息发布" if months > 1 else ""
    assert found.description == f"本月信息发布量为零{running}。"


def test_what_a_person_is_asked_about_the_month() -> None:
    found = finding(judged([undated("10-20 09:00")], OCTOBER), "GX-06", REVIEW)
    assert found.description == "本月未见可确认的信息发布，但有1条信息发布时间无法读取，需人工复核。"


def test_rules_do_not_swallow_one_another() -> None:
    silent = judged(posts("2026-09-30"), ALWAYS)
    assert codes(silent) == "GX-01 已核实, GX-03 已核实, GX-06 已核实, YC-01 已核实"
    main = judged(posts("2026-09-30"), ALWAYS, of=account(main=True))
    assert codes(main) == "GX-01 已核实, GX-02 已核实, GX-06 已核实, YC-01 已核实"
    assert [each.clause for each in silent.findings] == ["GX-01的依据", "GX-03的依据", "GX-06的依据", "YC-01的依据"]
