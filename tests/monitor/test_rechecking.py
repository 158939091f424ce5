"""The re-check (回头看): what became of a finding after its time for rectification, and what is never said of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.case import Observations
from monitor.decisions import Decision, Ruling
from monitor.findings import Severity
from monitor.frame import Frame
from monitor.rechecking import Duty, Outcome, Recheck, Said, recheck
from monitor.spans import NOTHING, Coverage
from monitor.values import Account, Post
from tests.monitor.builders import (
    ALWAYS,
    DECIDED_AT,
    REPOST,
    account,
    backdated,
    covered,
    day,
    decision,
    frame,
    observed,
    policy,
    post,
    posts,
    undated,
    window,
)
from tests.monitor.strategies import accounts, frames, observations

RECTIFIED, NOT_RECTIFIED = Outcome.RECTIFIED, Outcome.NOT_RECTIFIED
UNVERIFIABLE, NOT_APPLICABLE, PENDING = Outcome.UNVERIFIABLE, Outcome.NOT_APPLICABLE, Outcome.PENDING
NOVEMBER = frame("2026-11")


def duty(code: str = "GX-03", month: str = "2026-10", since: str = "10-31", due: str = "11-13") -> Duty:
    return Duty(
        account_id="gx-01",
        month=month,
        code=code,
        category="类别",
        windows=(window("10-05", "10-11"),),
        since=day(since),
        due=day(due),
    )


OF_SEPTEMBER = duty(month="2026-09", since="09-30", due="10-20")


def again(
    code: str | Duty,
    known: list[Post],
    coverage: Coverage = ALWAYS,
    *,
    of: Account | None = None,
    within: Frame = NOVEMBER,
    decisions: tuple[Decision, ...] = (),
) -> Recheck:
    asked = duty(code) if isinstance(code, str) else code
    seen = replace(observed(known, coverage), decisions=decisions)
    return recheck(of or account(main=asked.code == "GX-02"), seen, within, asked)


@pytest.mark.parametrize(
    ("code", "known", "outcome", "on"),
    [
        pytest.param("GX-01", posts("11-20"), RECTIFIED, "11-20", id="GX-01: it posts again"),
        pytest.param("GX-01", posts("11-05"), NOT_RECTIFIED, None, id="GX-01: silent once more"),
        pytest.param("GX-02", posts("11-01..11-30"), RECTIFIED, "11-01", id="GX-02: every working day since"),
        pytest.param("GX-02", posts("11-01..11-27"), NOT_RECTIFIED, None, id="GX-02: a Monday is missing"),
        pytest.param("GX-02", posts("11-14..11-30"), RECTIFIED, "11-14", id="GX-02: days before the due date do not count"),
        pytest.param("GX-03", posts("11-17 11-24"), RECTIFIED, "11-17", id="GX-03: both weeks since"),
        pytest.param("GX-03", posts("11-01..11-20"), NOT_RECTIFIED, None, id="GX-03: a week is missing"),
        pytest.param("GX-03", posts("11-16 11-24"), RECTIFIED, "11-16", id="GX-03: a week that began earlier says nothing"),
        pytest.param("GX-05", posts("11-05"), RECTIFIED, "11-05", id="GX-05: it posted once"),
        pytest.param("GX-05", posts("09-05"), NOT_RECTIFIED, None, id="GX-05: silent since the inspection"),
        pytest.param("GX-06", posts("11-05"), RECTIFIED, "11-05", id="GX-06: silent behind the due date is no silent month"),
        pytest.param("GX-06", [], NOT_RECTIFIED, None, id="GX-06: the next month as well"),
        pytest.param("YC-01", posts("11-20"), RECTIFIED, "11-20", id="YC-01: an original"),
        pytest.param("YC-01", posts("11-01..11-30", of=REPOST), NOT_RECTIFIED, None, id="YC-01: reposts only"),
        pytest.param("YC-01", posts("11-05"), NOT_RECTIFIED, None, id="YC-01: one original, then two weeks without"),
        pytest.param("YC-01", posts("11-17"), RECTIFIED, "11-17", id="YC-01: windows that began earlier say nothing"),
    ],
)  # fmt: skip
def test_each_rule_is_judged_again(code: str, known: list[Post], outcome: Outcome, on: str | None) -> None:
    found = again(code, known)
    assert (found.outcome, found.day) == (outcome, day(on) if on else None)
    assert found.window == window("11-14", "11-30")
    assert found.why


@pytest.mark.parametrize(
    ("code", "known", "outcome"),
    [
        pytest.param("GX-03", posts("10-02..10-08"), UNVERIFIABLE, id="GX-03: no whole week has passed"),
        pytest.param("GX-03", posts("09-02"), NOT_RECTIFIED, id="GX-03: nothing at all since the inspection"),
        pytest.param("GX-01", posts("10-02"), RECTIFIED, id="GX-01: it came again"),
        pytest.param("YC-01", posts("10-08"), RECTIFIED, id="YC-01: an original came"),
        pytest.param("YC-01", posts("10-08", of=REPOST), NOT_RECTIFIED, id="YC-01: none came"),
    ],
)
def test_where_no_whole_window_has_passed(code: str, known: list[Post], outcome: Outcome) -> None:
    """Of September it is due on 20 October, and the one week behind that ends in November."""
    assert again(replace(OF_SEPTEMBER, code=code), known, within=frame("2026-10")).outcome is outcome


@pytest.mark.parametrize(
    ("decided", "outcome"),
    [
        pytest.param(decision("GX-03", "10-05..10-11"), NOT_APPLICABLE, id="dismissed"),
        pytest.param(
            decision("GX-03", "10-05..10-11", Ruling.CONFIRMED, severity=Severity.HINT),
            NOT_APPLICABLE,
            id="a mere hint",
        ),
        pytest.param(decision("GX-03", "10-05..10-11", Ruling.CONFIRMED), NOT_RECTIFIED, id="confirmed"),
        pytest.param(decision("GX-01", "10-05..10-11"), NOT_RECTIFIED, id="another rule"),
        pytest.param(decision("GX-03", "10-05..10-10"), NOT_RECTIFIED, id="a part of it"),
    ],
)
def test_what_was_taken_back_after_its_inspection_was_final_is_not_asked_for(
    decided: Decision, outcome: Outcome
) -> None:
    assert again("GX-03", [], decisions=(decided,)).outcome is outcome
    said = Said(outcome=NOT_RECTIFIED, day=day("11-20"), by="李某", at=DECIDED_AT)
    assert again(replace(duty(), said=said), [], decisions=(decided,)).outcome is outcome


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        pytest.param([], RECTIFIED, id="nobody decided"),
        pytest.param([decision("ZZ-01", "10-05", key="p1")], RECTIFIED, id="one of two"),
        pytest.param(
            [
                decision("ZZ-01", "10-05", key="p1"),
                decision("ZZ-01", "10-06", Ruling.CONFIRMED, key="p2", severity=Severity.HINT, hour=1),
            ],
            NOT_APPLICABLE,
            id="both",
        ),
        pytest.param(
            [
                decision("ZZ-01", "10-05", key="p1"),
                decision("ZZ-01", "10-06", key="p2", hour=1),
                decision("ZZ-01", "10-06", Ruling.CONFIRMED, key="p2", hour=2),
            ],
            RECTIFIED,
            id="both, and one of them confirmed later",
        ),
        pytest.param(
            [decision("ZZ-02", "10-05", key="p1"), decision("ZZ-02", "10-06", key="p2", hour=1)],
            RECTIFIED,
            id="of another rule",
        ),
    ],
)
def test_posts_that_were_cleared_since_are_not_asked_for(decisions: list[Decision], outcome: Outcome) -> None:
    asked = replace(duty("ZZ-01"), posts=("p1", "p2"))
    assert again(asked, [], decisions=tuple(decisions)).outcome is outcome


def test_a_day_that_is_let_pass_shows_no_amends() -> None:
    """Of November one working day is left behind the due date, and it is silent."""
    within = frame("2026-11", by=policy({"GX-02": {"tolerance": 1}}))
    found = again(duty("GX-02", due="11-27"), posts("10-01..10-20"), within=within)
    assert (found.outcome, found.window) == (NOT_RECTIFIED, window("11-28", "11-30"))


def test_a_hint_on_what_was_not_all_seen_shows_no_amends() -> None:
    doubt = backdated("11-25 09:00")
    seen = covered("10-01..11-23")
    hint = decision("GX-03", "11-23..11-29", Ruling.CONFIRMED, severity=Severity.HINT, posts=[doubt.key])
    for decided in ((), (hint,), (replace(hint, severity=None),)):
        assert again("GX-03", [*posts("11-17"), doubt], seen, decisions=decided).outcome is UNVERIFIABLE


OF_ORIGINALS = replace(duty("YC-01"), windows=(window("09-17", "10-31"),))
EARLIER, LATTER = decision("YC-01", "09-17..10-14"), decision("YC-01", "10-16..10-31", hour=1)


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        pytest.param((EARLIER, LATTER), NOT_APPLICABLE, id="every piece of what a late original has split"),
        pytest.param((EARLIER,), NOT_RECTIFIED, id="one of two pieces"),
        pytest.param(
            (EARLIER, LATTER, decision("YC-01", "10-16..10-31", Ruling.CONFIRMED, hour=2)),
            NOT_RECTIFIED,
            id="a piece was confirmed since",
        ),
        pytest.param(
            (
                decision("YC-01", "09-17..10-31", Ruling.CONFIRMED),
                *(replace(one, number=9) for one in (EARLIER, LATTER)),
            ),
            NOT_APPLICABLE,
            id="the whole was confirmed before",
        ),
        pytest.param(
            (decision("YC-01", "09-17..10-13"), LATTER), NOT_APPLICABLE, id="what is left is shorter than a window"
        ),
        pytest.param(
            (decision("YC-01", "09-17..10-03"), decision("YC-01", "10-18..10-31", hour=1)),
            NOT_RECTIFIED,
            id="what is left is a window",
        ),
    ],
)
def test_a_window_is_taken_back_in_pieces(decisions: tuple[Decision, ...], outcome: Outcome) -> None:
    assert again(OF_ORIGINALS, posts("11-01..11-30", of=REPOST), decisions=decisions).outcome is outcome


def test_what_was_cleared_of_another_month_takes_nothing_back() -> None:
    """November's gap was looked into, and November's ninety days made a hint: October's finding stands."""
    asked = replace(duty("GX-05"), windows=(window("08-03", "10-31"),))
    looked = decision("CJ-01", "09-02..11-30", unseen="11-09")
    hint = decision("GX-05", "09-02..11-30", Ruling.CONFIRMED, severity=Severity.HINT, hour=1)
    for decided in ((looked,), (hint,), (looked, hint)):
        assert again(asked, [], decisions=decided).outcome is UNVERIFIABLE
    assert again(asked, [], decisions=()).outcome is NOT_RECTIFIED
    assert again(asked, [], decisions=(decision("CJ-01", "08-03..10-31", unseen="09-10"),)).outcome is NOT_APPLICABLE


def test_what_was_confirmed_since_a_gap_was_looked_into_is_no_doubt() -> None:
    looked = decision("CJ-01", "11-01..11-30", unseen="11-10")
    assert again("GX-06", [], decisions=(looked,)).outcome is UNVERIFIABLE
    confirmed = decision("GX-06", "11-01..11-30", Ruling.CONFIRMED, hour=1)
    assert again("GX-06", [], decisions=(looked, confirmed)).outcome is NOT_RECTIFIED
    assert again("GX-06", [], decisions=(decision("CJ-01", "09-02..11-30", unseen="09-10"),)).outcome is NOT_RECTIFIED


def test_what_a_person_entered_ends_when_that_is_taken_back_alone() -> None:
    """A post that the machine found and one that a person entered: clearing the first leaves the other."""
    both = replace(duty("ZZ-01"), windows=(window("10-05"), window("10-20")), posts=("p1",), entered=True)
    cleared = (decision("ZZ-01", "10-05", key="p1"),)
    assert again(replace(both, entered=False), [], decisions=cleared).outcome is NOT_APPLICABLE
    assert again(both, [], decisions=cleared).outcome is RECTIFIED
    assert again(both, [], covered("10-01..11-10"), decisions=cleared).outcome is UNVERIFIABLE


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        pytest.param("11-01..11-15 11-17..11-30 12-02..12-31", RECTIFIED, id="a day in each"),
        pytest.param("11-01..11-15 11-18..12-31", NOT_RECTIFIED, id="two in November"),
        pytest.param("11-01..11-30 12-03..12-31", NOT_RECTIFIED, id="two in December"),
    ],
)
def test_what_is_let_pass_is_let_pass_in_each_month(known: str, outcome: Outcome) -> None:
    within = frame("2026-12", by=policy({"GX-02": {"tolerance": 1}}))
    assert again("GX-02", posts(known), within=within).outcome is outcome


def test_a_word_before_the_time_is_over_decides_nothing() -> None:
    early = Said(outcome=NOT_RECTIFIED, day=day("11-13"), by="李某", at=DECIDED_AT)
    assert early.is_early(duty().due)
    assert not replace(early, outcome=RECTIFIED).is_early(duty().due)
    assert not replace(early, day=day("11-14")).is_early(duty().due)
    late = again(replace(duty(), said=replace(early, day=day("11-14"))), posts("11-17 11-24"))
    assert (late.outcome, late.day) == (NOT_RECTIFIED, None)


HINT = Severity.HINT


@pytest.mark.parametrize(
    ("code", "known", "decided", "outcome"),
    [
        pytest.param("GX-03", posts("11-17"), decision("GX-03", "11-23..11-29", Ruling.CONFIRMED, severity=HINT), RECTIFIED, id="the missing week is a hint"),
        pytest.param("GX-03", [], decision("GX-03", "11-01..11-30", Ruling.CONFIRMED, severity=HINT), UNVERIFIABLE, id="both weeks are hints"),
        pytest.param("GX-06", [], decision("GX-06", "11-01..11-30", Ruling.CONFIRMED, severity=HINT), UNVERIFIABLE, id="the silence is a hint"),
        pytest.param("GX-06", [], decision("GX-03", "11-02..11-08", Ruling.CONFIRMED, severity=HINT), UNVERIFIABLE, id="a week of it is a hint"),
        pytest.param("GX-06", [], decision("CJ-01", "11-02..11-08", unseen="11-05"), UNVERIFIABLE, id="a gap in it was looked into"),
        pytest.param("GX-03", posts("11-17"), decision("CJ-01", "11-23..11-29", unseen="11-24"), UNVERIFIABLE, id="seen since its gap was looked into"),
        pytest.param("YC-01", [], decision("CJ-01", "11-03..11-30", unseen="11-16 11-29"), UNVERIFIABLE, id="windows of a longer gap"),
        pytest.param("GX-03", posts("11-17"), decision("CJ-01", "11-01..11-30", unseen="11-10"), NOT_RECTIFIED, id="a gap in other days"),
    ],
)  # fmt: skip
def test_what_was_cleared_accuses_nobody_of_no_amends(
    code: str, known: list[Post], decided: Decision, outcome: Outcome
) -> None:
    assert again(code, known, decisions=(decided,)).outcome is outcome


def test_one_window_that_is_left_is_enough() -> None:
    both = replace(duty(), windows=(window("10-05", "10-11"), window("10-12", "10-18")))
    assert again(both, [], decisions=(decision("GX-03", "10-05..10-11"),)).outcome is NOT_RECTIFIED


def test_fixed_windows_of_originals_are_judged_whole() -> None:
    fixed = frame("2026-11", by=policy({"YC-01": {"mode": "fixed"}}))
    assert again("YC-01", posts("11-05"), within=fixed).outcome is RECTIFIED
    assert again("YC-01", [], within=fixed).outcome is NOT_RECTIFIED


@pytest.mark.parametrize(
    ("known", "coverage", "outcome"),
    [
        pytest.param([], ALWAYS, RECTIFIED, id="no such post since"),
        pytest.param([], covered("11-14..11-20"), UNVERIFIABLE, id="not all was seen"),
        pytest.param(
            [post("11-20 09:00", "r", of=REPOST, page_at=DECIDED_AT)], ALWAYS, NOT_RECTIFIED, id="such a post again"
        ),
    ],
)
def test_a_rule_of_posts_is_judged_by_the_posts_since(known: list[Post], coverage: Coverage, outcome: Outcome) -> None:
    found = again("ZZ-01", known, coverage)
    assert (found.outcome, found.day) == (outcome, None)


@pytest.mark.parametrize(
    ("asked", "of", "within", "outcome", "why"),
    [
        pytest.param(duty("HD-01"), account(), NOVEMBER, UNVERIFIABLE, "该问题由人工录入，需人工复查", id="entered"),
        pytest.param(duty("ZH-05"), account(), NOVEMBER, UNVERIFIABLE, "该项问题不能自动复查，需人工复查", id="of the registry"),
        pytest.param(duty("YC-02"), account(), NOVEMBER, UNVERIFIABLE, "该项问题不能自动复查，需人工复查", id="a share"),
        pytest.param(duty("GX-02"), account(), NOVEMBER, NOT_APPLICABLE, "该账号已不适用该项要求", id="not bound"),
        pytest.param(duty(), account(closing_notice="11-10"), NOVEMBER, NOT_APPLICABLE, "该账号已停更或注销", id="ended"),
        pytest.param(duty("GX-05"), account(closing_notice="11-20"), NOVEMBER, NOT_APPLICABLE, "该账号已停更或注销", id="ended since"),
        pytest.param(duty(), account(), frame("2026-11", by=policy(off=["GX-03"])), UNVERIFIABLE, "该规则已停用，需人工复查", id="off"),
        pytest.param(duty(), account(), frame("2026-11", "11-14"), PENDING, "整改时限为2026年11月13日", id="not due yet"),
        pytest.param(duty("GX-06"), account(), frame("2026-11", "11-15"), NOT_RECTIFIED, "检查后至2026年11月14日未发布信息", id="a day later"),
    ],
)  # fmt: skip
def test_what_is_not_judged_by_its_windows(asked: Duty, of: Account, within: Frame, outcome: Outcome, why: str) -> None:
    found = again(asked, [], of=of, within=within)
    assert (found.outcome, found.why, found.outcome.is_settled) == (
        outcome,
        why,
        outcome in (NOT_RECTIFIED, NOT_APPLICABLE),
    )


def test_a_persons_word_counts_most() -> None:
    said = Said(outcome=RECTIFIED, day=day("11-05"), by="李某", at=DECIDED_AT, note="已现场查看")
    found = again(replace(duty(), said=said), [])
    assert (found.outcome, found.day, found.why) == (RECTIFIED, day("11-05"), "李某于2026年11月5日人工复查：已现场查看")
    assert again(replace(duty("HD-01"), said=replace(said, note="")), []).why.endswith("人工复查：已整改")


@pytest.mark.parametrize(
    ("code", "known", "coverage"),
    [
        pytest.param("GX-03", posts("11-17"), covered("11-01..11-25"), id="a week was not seen"),
        pytest.param("GX-03", [*posts("11-17"), undated("11-25 09:00")], ALWAYS, id="a week is in doubt"),
        pytest.param("GX-05", [], covered("11-14..11-30"), id="the days before the due date were not seen"),
        pytest.param("GX-05", [undated("11-05 09:00")], ALWAYS, id="what came is in doubt"),
    ],
)
def test_what_is_not_known_is_no_accusation(code: str, known: list[Post], coverage: Coverage) -> None:
    assert again(code, known, coverage).outcome is UNVERIFIABLE


@pytest.mark.parametrize(
    ("code", "known", "decided", "outcome"),
    [
        pytest.param("GX-03", posts("11-17"), decision("GX-03", "11-23..11-29"), RECTIFIED, id="the missing week was dismissed"),
        pytest.param("GX-03", [], decision("GX-03", "11-01..11-30"), UNVERIFIABLE, id="both weeks were dismissed"),
        pytest.param("GX-05", [], decision("GX-05", "10-12..11-30"), UNVERIFIABLE, id="the finding of the month was dismissed"),
        pytest.param("GX-06", [], decision("GX-06", "11-01..11-20"), UNVERIFIABLE, id="a part of the silence was dismissed"),
        pytest.param("GX-06", [], decision("GX-03", "10-26..11-01"), UNVERIFIABLE, id="a week of it was dismissed"),
        pytest.param("GX-06", [], decision("GX-03", "10-19..10-25"), NOT_RECTIFIED, id="a week before it was dismissed"),
        pytest.param("GX-06", [], decision("GX-03", "12-01..12-06"), NOT_RECTIFIED, id="a week behind it was dismissed"),
        pytest.param("GX-06", [], decision("YC-01", "11-01..11-20"), NOT_RECTIFIED, id="originals were dismissed"),
        pytest.param("GX-06", [], decision("GX-03", "11-02..11-08", Ruling.CONFIRMED), NOT_RECTIFIED, id="a week was confirmed"),
        pytest.param("YC-01", posts("11-05"), decision("YC-01", "11-06..11-30"), UNVERIFIABLE, id="merged windows were dismissed"),
        pytest.param(
            "GX-03",
            [*posts("11-17"), undated("11-25 09:00", "doubt")],
            decision("GX-03", "11-23..11-29", Ruling.CONFIRMED, posts=["doubt"]),
            NOT_RECTIFIED,
            id="a doubtful week was confirmed",
        ),
    ],
)  # fmt: skip
def test_decisions_hold_here_as_well(code: str, known: list[Post], decided: Decision, outcome: Outcome) -> None:
    assert again(code, known, decisions=(decided,)).outcome is outcome


def test_what_was_not_read_proves_nothing() -> None:
    """An old duty, and only the posts from 17 November on were read one by one."""
    december = frame("2026-12")
    seen = replace(observed(posts("11-20..12-31", of=REPOST), ALWAYS), horizon=day("11-17"))
    old = replace(OF_SEPTEMBER, code="GX-03")
    assert recheck(account(), seen, december, old).outcome is UNVERIFIABLE
    assert recheck(account(), replace(seen, horizon=day("09-01")), december, old).outcome is NOT_RECTIFIED
    assert recheck(account(), seen, december, replace(old, code="YC-01", due=day("11-30"))).outcome is NOT_RECTIFIED
    short = frame("2026-12", "12-10")
    assert recheck(account(), seen, short, replace(old, code="YC-01", due=day("11-30"))).outcome is UNVERIFIABLE


CODES = st.sampled_from(["GX-01", "GX-02", "GX-03", "GX-05", "GX-06", "YC-01", "YC-02", "YC-03", "ZH-05", "HD-01"])


@given(accounts(), observations(), frames(), CODES, st.integers(1, 40), st.booleans())
def test_nothing_without_coverage_is_ever_not_rectified(
    of: Account, seen: Observations, within: Frame, code: str, back: int, blind: bool
) -> None:
    since = within.last_day - timedelta(days=back)
    asked = replace(duty(code), since=since, due=min(since + timedelta(days=13), within.last_day))
    found = recheck(of, replace(seen, coverage=NOTHING) if blind else seen, within, asked)
    assert found.why
    if blind:
        assert found.outcome is not NOT_RECTIFIED
    if found.day is not None:
        assert found.outcome is RECTIFIED
        assert since < found.day <= within.last_day
