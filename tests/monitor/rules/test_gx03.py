"""GX-03 未达到周更新要求: every other account posts at least once in every natural week."""

import pytest

from monitor.findings import Severity, Verdict
from monitor.spans import NOTHING, Coverage
from monitor.values import Account, Post
from tests.monitor.builders import (
    ALWAYS,
    account,
    codes,
    covered,
    days_with,
    figures,
    finding,
    frame,
    judged,
    policy,
    posts,
    undated,
    verdicts,
    windows,
)

MET, REVIEW, VERIFIED = Verdict.MET, Verdict.REVIEW, Verdict.VERIFIED
UNVERIFIABLE, PENDING, NOT_APPLICABLE = Verdict.UNVERIFIABLE, Verdict.PENDING, Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("month", "weeks"),
    [
        pytest.param("2026-10", "09-28..10-04 10-05..10-11 10-12..10-18 10-19..10-25", id="a week straddles the start"),
        pytest.param(
            "2026-11",
            "10-26..11-01 11-02..11-08 11-09..11-15 11-16..11-22 11-23..11-29",
            id="the week that ends on the 1st belongs to it; the one that ends in December does not",
        ),
        pytest.param("2026-02", "01-26..02-01 02-02..02-08 02-09..02-15 02-16..02-22", id="February"),
    ],
)
def test_a_week_belongs_to_the_month_in_which_it_ends(month: str, weeks: str) -> None:
    judgement = judged([], ALWAYS, within=frame(month))
    assert days_with(judgement, "GX-03", VERIFIED) == weeks
    assert figures(judgement).weeks_due == len(weeks.split())


@pytest.mark.parametrize(
    ("known", "coverage", "missed"),
    [
        pytest.param(posts("10-04 10-05 10-18 10-19"), NOTHING, "", id="one in each: met, nothing need be covered"),
        pytest.param(posts("09-28 10-11 10-12 10-25"), ALWAYS, "", id="a post of the month before counts for its week"),
        pytest.param(posts("10-05 10-12 10-19"), ALWAYS, "09-28..10-04", id="none in the week that straddles"),
        pytest.param(posts("10-05 10-12 10-19"), covered("10-01..10-31"), "", id="whose first days nobody saw"),
        pytest.param(posts("10-01 10-06..10-08 10-19"), ALWAYS, "10-12..10-18", id="many in one do not help the next"),
    ],
)
def test_what_is_missed(known: list[Post], coverage: Coverage, missed: str) -> None:
    judgement = judged(known, coverage)
    assert days_with(judgement, "GX-03", VERIFIED) == missed
    assert figures(judgement).weeks_missed == windows(missed)


@pytest.mark.parametrize(
    ("of", "due"),
    [
        pytest.param(account(opened="10-05"), "10-05..10-11 10-12..10-18 10-19..10-25", id="opened on a Monday"),
        pytest.param(account(opened="10-06"), "10-12..10-18 10-19..10-25", id="opened within a week"),
        pytest.param(account(closing_notice="10-18"), "09-28..10-04 10-05..10-11", id="closing announced on a Sunday"),
        pytest.param(account(closed="10-19"), "09-28..10-04 10-05..10-11 10-12..10-18", id="closed on a Monday"),
    ],
)
def test_the_life_of_an_account(of: Account, due: str) -> None:
    judgement = judged([], ALWAYS, of=of)
    assert days_with(judgement, "GX-03", VERIFIED) == due
    assert figures(judgement).weeks_due == len(due.split())


def test_while_the_month_runs() -> None:
    judgement = judged(posts("10-20"), ALWAYS, within=frame(at="10-21 09:00"))
    assert days_with(judgement, "GX-03", VERIFIED) == "09-28..10-04 10-05..10-11 10-12..10-18"
    assert days_with(judgement, "GX-03", MET) == "10-19..10-25"
    still = judged([], ALWAYS, within=frame(at="10-25 23:59"))
    assert days_with(still, "GX-03", PENDING) == "10-19..10-25"


@pytest.mark.parametrize(
    ("start", "weeks"),
    [
        pytest.param(7, "09-27..10-03 10-04..10-10 10-11..10-17 10-18..10-24 10-25..10-31", id="Sunday"),
        pytest.param(6, "09-26..10-02 10-03..10-09 10-10..10-16 10-17..10-23 10-24..10-30", id="Saturday"),
        pytest.param(2, "09-29..10-05 10-06..10-12 10-13..10-19 10-20..10-26", id="Tuesday"),
    ],
)
def test_the_first_day_of_the_week(start: int, weeks: str) -> None:
    within = frame(by=policy({"GX-03": {"week_start": start}}))
    assert days_with(judged([], ALWAYS, within=within), "GX-03", VERIFIED) == weeks


@pytest.mark.parametrize(
    ("fewest", "weeks"),
    [
        pytest.param(0, "09-28..10-04 10-05..10-11 10-12..10-18 10-19..10-25", id="off by default"),
        pytest.param(3, "09-28..10-04 10-05..10-11 10-12..10-18 10-19..10-25", id="3 working days each are enough"),
        pytest.param(4, "10-12..10-18 10-19..10-25", id="3 working days are fewer than 4"),
        pytest.param(6, "", id="all have fewer"),
    ],
)
def test_weeks_with_few_working_days_are_exempt(fewest: int, weeks: str) -> None:
    within = frame(by=policy({"GX-03": {"exempt_when_workdays_below": fewest}}))
    judgement = judged([], ALWAYS, within=within)
    assert days_with(judgement, "GX-03", VERIFIED) == weeks
    assert figures(judgement).weeks_due == len(weeks.split())


def test_where_weeks_are_exempt_a_year_without_a_notice_is_for_a_person() -> None:
    within = frame("2027-03", by=policy({"GX-03": {"exempt_when_workdays_below": 3}}))
    judgement = judged([], ALWAYS, within=within)
    assert days_with(judgement, "GX-03", VERIFIED) == ""
    assert len(days_with(judgement, "GX-03", REVIEW).split()) == 4
    assert "2027年放假安排未录入" in finding(judgement, "GX-03", REVIEW).description
    met = judged(posts("2027-03-01..2027-03-31"), ALWAYS, within=within)
    assert days_with(met, "GX-03", REVIEW) == ""
    seen = judged([], ALWAYS, within=frame("2026-10", by=within.policy))
    assert days_with(seen, "GX-03", VERIFIED)


def test_without_exemption_no_notice_is_needed() -> None:
    judgement = judged([], ALWAYS, within=frame("2027-03"))
    assert len(days_with(judgement, "GX-03", VERIFIED).split()) == 4


def test_a_minimum_of_two() -> None:
    within = frame(by=policy({"GX-03": {"minimum": 2}}))
    judgement = judged(posts("09-28 10-01 10-05 10-12 10-18 10-25"), ALWAYS, within=within)
    assert days_with(judgement, "GX-03", MET) == "09-28..10-04 10-12..10-18"
    assert finding(judgement, "GX-03").description == (
        "10月5日至10月11日仅更新1次，10月19日至10月25日仅更新1次，未达到“每周更新不少于2次”要求（本期4周，未达标2周）。"
    )
    silent = judged(posts("09-28 10-01 10-05 10-19 10-20"), ALWAYS, within=within)
    assert finding(silent, "GX-03").description == (
        "10月12日至10月18日无更新，10月5日至10月11日仅更新1次，未达到“每周更新不少于2次”要求（本期4周，未达标2周）。"
    )


@pytest.mark.parametrize(
    ("known", "month", "sentence"),
    [
        pytest.param(
            posts("10-01 10-19"),
            "2026-10",
            "10月5日至10月11日、10月12日至10月18日无更新，未达到“每周更新不少于1次”要求（本期4周，未达标2周）。",
            id="as officials write it",
        ),
        pytest.param(
            posts("01-05..01-31"),
            "2026-01",
            "2025年12月29日至1月4日无更新，未达到“每周更新不少于1次”要求（本期4周，未达标1周）。",
            id="a week that straddles the year",
        ),
    ],
)
def test_the_sentence(known: list[Post], month: str, sentence: str) -> None:
    found = finding(judged(known, ALWAYS, within=frame(month)), "GX-03")
    assert found.description == sentence
    assert (found.category, found.severity) == ("未达到周更新要求", Severity.BULLETIN)


def test_the_sentence_for_a_person() -> None:
    known = [*posts("10-01 10-12 10-19"), undated("10-06 09:00")]
    judgement = judged(known, ALWAYS)
    found = finding(judgement, "GX-03", REVIEW)
    assert found.description == (
        "10月5日至10月11日未见可确认达到“每周更新不少于1次”要求的更新（1条信息发布时间无法读取），需人工复核。"
    )
    assert found.windows == windows("10-05..10-11")
    assert "GX-03 已核实" not in codes(judgement)


def test_weeks_that_nobody_saw_are_named_beside_the_figures() -> None:
    judgement = judged(posts("10-19"), covered("10-01..10-31"))
    assert verdicts(judgement, "GX-03")["2026-09-28/2026-10-04"] is UNVERIFIABLE
    assert "1周未能核验" in judgement.notes
