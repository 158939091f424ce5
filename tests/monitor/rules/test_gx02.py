"""GX-02 工作日未更新: the main account posts on every working day of the period."""

import pytest

from monitor.decisions import Ruling
from monitor.findings import Severity, Verdict
from monitor.frame import Frame
from monitor.policy import Policy
from monitor.spans import NOTHING, Coverage, union
from monitor.values import Post
from tests.monitor.builders import (
    ALWAYS,
    REPOST,
    account,
    backdated,
    codes,
    covered,
    days_with,
    decision,
    figures,
    finding,
    frame,
    judged,
    policy,
    post,
    posts,
    undated,
    verdicts,
    windows,
)

MET, REVIEW, VERIFIED = Verdict.MET, Verdict.REVIEW, Verdict.VERIFIED
UNVERIFIABLE, PENDING, NOT_APPLICABLE = Verdict.UNVERIFIABLE, Verdict.PENDING, Verdict.NOT_APPLICABLE

MAIN = account(main=True)
DUE = "10-08 10-09 10-10 10-12..10-16 10-19..10-23 10-26..10-30"
"""The working days of October 2026: eight of them a holiday, the 10th made up for."""


def test_every_working_day_is_a_window() -> None:
    judgement = judged([], ALWAYS, of=MAIN)
    days = days_with(judgement, "GX-02", VERIFIED).split()
    assert days[:4] == ["10-08", "10-09", "10-10", "10-12"]
    assert len(days) == 18
    assert not {"10-01", "10-07", "10-11", "10-17", "10-31"} & set(days)


@pytest.mark.parametrize(
    ("known", "coverage", "missed"),
    [
        pytest.param(posts(DUE), NOTHING, "", id="a post on each: met, nothing need be covered"),
        pytest.param(posts("10-08..10-09 10-12..10-30"), ALWAYS, "10-10", id="make-up working days count"),
        pytest.param(posts("10-08..10-30"), ALWAYS, "", id="holidays and weekends do not"),
        pytest.param(posts("10-08..10-11 10-13..10-30"), ALWAYS, "10-12", id="a Monday without"),
        pytest.param(posts("10-08..10-11 10-13..10-30"), NOTHING, "", id="a Monday without, which nobody saw"),
        pytest.param(posts(DUE, of=REPOST), ALWAYS, "", id="reposts are posts"),
        pytest.param(
            [*posts("10-09 10-10 10-12..10-30"), post("10-07 23:59:59")], ALWAYS, "10-08", id="too early by a second"
        ),
        pytest.param([*posts("10-09 10-10 10-12..10-30"), post("10-08 23:59:59")], ALWAYS, "", id="in the last second"),
    ],
)
def test_what_is_missed(known: list[Post], coverage: Coverage, missed: str) -> None:
    judgement = judged(known, coverage, of=MAIN)
    assert days_with(judgement, "GX-02", VERIFIED) == missed
    assert ("GX-02 已核实" in codes(judgement)) is bool(missed)


def test_it_binds_the_main_account_alone() -> None:
    assert "GX-02" not in dict(judged([], ALWAYS).windows)
    assert "GX-03" not in dict(judged([], ALWAYS, of=MAIN).windows)


def test_days_for_a_person_and_days_that_nobody_saw() -> None:
    known = [*posts("10-08..10-10 10-12..10-16 10-19..10-23"), undated("10-26 09:00"), backdated("10-27 09:00")]
    judgement = judged(known, covered("10-01..10-28"), of=MAIN)
    assert days_with(judgement, "GX-02", REVIEW) == "10-26 10-27"
    assert days_with(judgement, "GX-02", VERIFIED) == "10-28"
    assert days_with(judgement, "GX-02", UNVERIFIABLE) == "10-29 10-30"
    assert codes(judgement).count("GX-02") == 2


def test_while_the_month_runs() -> None:
    judgement = judged(posts("10-08 10-14"), ALWAYS, of=MAIN, within=frame(at="10-14 15:00"))
    assert days_with(judgement, "GX-02", VERIFIED) == "10-09 10-10 10-12 10-13"
    assert days_with(judgement, "GX-02", MET) == "10-08 10-14"
    assert days_with(judgement, "GX-02", PENDING).startswith("10-15 10-16 10-19")
    assert (figures(judgement).workdays_due, figures(judgement).workdays_met) == (6, 2)


def test_the_life_of_the_account() -> None:
    judgement = judged([], ALWAYS, of=account(main=True, opened="10-10", closing_notice="10-14"))
    assert days_with(judgement, "GX-02", VERIFIED) == "10-10 10-12 10-13"
    assert figures(judgement).workdays_due == 3


def tolerant(days: int, minimum: int = 1) -> Policy:
    return policy({"GX-02": {"tolerance": days, "minimum": minimum}})


@pytest.mark.parametrize(
    ("missing", "tolerance", "verified"),
    [
        pytest.param("10-12", 0, "10-12", id="none is tolerated by default"),
        pytest.param("10-12", 1, "", id="one of one"),
        pytest.param("10-12 10-13", 1, "10-12 10-13", id="one of two: both are named"),
        pytest.param("10-12 10-13", 2, "", id="two of two"),
    ],
)
def test_tolerance(missing: str, tolerance: int, verified: str) -> None:
    known = posts(DUE, but=missing)
    judgement = judged(known, ALWAYS, of=MAIN, within=frame(by=tolerant(tolerance)))
    assert days_with(judgement, "GX-02", VERIFIED) == verified
    assert figures(judgement).workdays_met == 18 - len(missing.split())  # tolerated is not posted


@pytest.mark.parametrize(
    ("known", "missing", "tolerance", "found"),
    [
        pytest.param(
            [], "10-12 10-13", 1, {"10-12": REVIEW, "10-13": UNVERIFIABLE}, id="one is proven, another was not seen"
        ),
        pytest.param([], "10-12 10-13", 2, {"10-12": MET, "10-13": MET}, id="both at the most, which is tolerated"),
        pytest.param(
            [],
            "10-12 10-13 10-14",
            1,
            {"10-12": VERIFIED, "10-14": VERIFIED, "10-13": UNVERIFIABLE},
            id="two are proven",
        ),
        pytest.param(
            [undated("10-12 09:00")], "10-12 10-13", 1, {"10-12": REVIEW, "10-13": UNVERIFIABLE}, id="one is in doubt"
        ),
        pytest.param(
            [undated("10-12 09:00")],
            "10-12 10-14",
            1,
            {"10-12": REVIEW, "10-14": REVIEW},
            id="one is proven, one in doubt",
        ),
        pytest.param([undated("10-12 09:00")], "10-12", 1, {"10-12": MET}, id="one in doubt, which is tolerated"),
    ],
)
def test_a_day_is_tolerated_only_where_all_that_may_be_missed_are(
    known: list[Post], missing: str, tolerance: int, found: dict[str, Verdict]
) -> None:
    seen = covered("10-01..10-12", "10-14..10-31")
    within = frame(by=tolerant(tolerance))
    judgement = judged([*posts(DUE, but=missing), *known], seen, of=MAIN, within=within)
    days = verdicts(judgement, "GX-02")
    assert {day: days[f"2026-{day}"] for day in found} == found


def test_a_mere_hint_uses_up_nothing_of_the_tolerance() -> None:
    within, known = frame(by=tolerant(1)), posts(DUE, but="10-12 10-13")
    hint = decision("GX-02", "10-12", Ruling.CONFIRMED, severity=Severity.HINT)
    judgement = judged(known, ALWAYS, of=MAIN, within=within, decisions=[hint])
    assert verdicts(judgement, "GX-02")["2026-10-13"] is MET
    found = finding(judgement, "GX-02")
    assert (found.severity, found.windows) == (Severity.HINT, windows("10-12"))
    doubt = judged(
        [*posts(DUE, but="10-12 10-13 10-14"), undated("10-14 09:00")], ALWAYS, of=MAIN, within=within, decisions=[hint]
    )
    days = verdicts(doubt, "GX-02")
    assert [days[f"2026-10-{day}"] for day in (12, 13, 14)] == [VERIFIED, REVIEW, REVIEW]


def test_one_more_post_takes_no_tolerance_away() -> None:
    within, seen = frame(by=tolerant(1)), covered("10-01..10-12", "10-14..10-31")
    known = [*posts(DUE, but="10-12 10-13"), backdated("10-12 09:00")]
    before = verdicts(judged(known, seen, of=MAIN, within=within), "GX-02")
    after = verdicts(judged([*known, backdated("10-13 09:00")], seen, of=MAIN, within=within), "GX-02")
    assert all(after[each] is MET for each, verdict in before.items() if verdict is MET)


def test_unseen_days_within_the_tolerance_are_no_matter() -> None:
    known = posts(DUE, but="10-28")
    within = frame(by=tolerant(1))
    judgement = judged(known, NOTHING, of=MAIN, within=within)
    assert days_with(judgement, "GX-02", UNVERIFIABLE) == ""


def test_a_minimum_of_two() -> None:
    known = [*posts(DUE), *(post(f"10-{n:02} 15:00") for n in range(8, 31) if n != 12)]
    judgement = judged(known, ALWAYS, of=MAIN, within=frame(by=tolerant(0, 2)))
    assert days_with(judgement, "GX-02", VERIFIED) == "10-12"


@pytest.mark.parametrize(
    ("month", "verified", "review"),
    [
        pytest.param("2027-03", 0, 23, id="a year without a notice: for a person, never proven"),
        pytest.param("2026-12", 20, 3, id="29 to 31 December, which next year's notice may still change"),
        pytest.param("2026-11", 21, 0, id="a year with its notice"),
    ],
)
def test_provisional_days(month: str, verified: int, review: int) -> None:
    judgement = judged([], ALWAYS, of=MAIN, within=frame(month))
    found = list(verdicts(judgement, "GX-02").values())
    assert (found.count(VERIFIED), found.count(REVIEW)) == (verified, review)


def test_provisional_days_say_so() -> None:
    judgement = judged([], ALWAYS, of=MAIN, within=frame("2027-03"))
    assert "2027年放假安排未录入" in finding(judgement, "GX-02", REVIEW).description
    assert any("2027年放假安排未录入" in note for note in judgement.notes)


def test_the_last_days_of_december_wait_for_the_next_years_notice() -> None:
    judgement = judged([], ALWAYS, of=MAIN, within=frame("2026-12"))
    assert "2027年放假安排未录入" in finding(judgement, "GX-02", REVIEW).description


def test_provisional_verdicts_say_so_even_where_all_is_met() -> None:
    judgement = judged(posts("2027-03-01..2027-03-31"), ALWAYS, of=MAIN, within=frame("2027-03"))
    assert codes(judgement) == ""
    assert any("2027年放假安排未录入" in note for note in judgement.notes)


@pytest.mark.parametrize(
    ("known", "within", "sentence"),
    [
        pytest.param(
            posts(DUE, but="10-12 10-13 10-20"),
            frame(),
            "10月应更新工作日18个，实际更新15个，10月12日（周一）、10月13日（周二）、10月20日（周二）共3个工作日未更新。",
            id="as officials write it",
        ),
        pytest.param(
            posts(DUE, but="10-10"),
            frame(),
            "10月应更新工作日18个，实际更新17个，10月10日（周六）共1个工作日未更新。",
            id="a make-up working day",
        ),
    ],
)
def test_the_sentence(known: list[Post], within: Frame, sentence: str) -> None:
    found = finding(judged(known, ALWAYS, of=MAIN, within=within), "GX-02")
    assert found.description == sentence
    assert (found.category, found.severity) == ("工作日未更新", Severity.BULLETIN)
    assert found.post is None


def test_the_sentence_for_a_person() -> None:
    known = [*posts(DUE, but="10-12"), undated("10-12 09:00")]
    found = finding(judged(known, ALWAYS, of=MAIN), "GX-02", REVIEW)
    assert found.description == (
        "10月应更新工作日18个，实际更新17个，10月12日（周一）共1个工作日需人工复核（1条信息发布时间无法读取）。"
    )


def test_a_day_that_was_not_seen_is_not_counted_as_missed() -> None:
    known = posts(DUE, but="10-12 10-13")
    seen = union([*covered("10-01..10-12"), *covered("10-14..10-31")])
    judgement = judged(known, seen, of=MAIN)
    assert "10月12日（周一）共1个工作日未更新" in finding(judgement, "GX-02").description
    assert "1个工作日未能核验" in judgement.notes
    assert figures(judgement).workdays_missed == (finding(judgement, "GX-02").windows[0].first,)
