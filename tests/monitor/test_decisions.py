"""What people decide on findings: where a decision holds, what it makes of the result, and what it never does."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.case import Observations
from monitor.decisions import Decision, Entered, Ruling, Subject, applies, ruled
from monitor.findings import Judged, Result, Severity, Verdict
from monitor.frame import Frame
from monitor.judge import judge
from monitor.spans import contains
from monitor.values import Account, Post
from tests.monitor.builders import (
    ALWAYS,
    DECIDED_AT,
    REPOST,
    UNKNOWN,
    account,
    alike,
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
    window,
    windows,
)
from tests.monitor.strategies import accounts, frames, observations

CONFIRMED, DISMISSED = Ruling.CONFIRMED, Ruling.DISMISSED
WEEKS = frame(by=policy(off=["GX-01", "GX-05", "GX-06", "YC-01"]))
ORIGINALS = frame(by=policy(off=["GX-01", "GX-03", "GX-05", "GX-06"]))


def one(of: str = "10-05..10-11", verdict: Verdict = Verdict.REVIEW, *keys: str) -> Judged:
    (found,) = windows(of)
    return Judged(window=found, verdict=verdict, posts=keys)


@pytest.mark.parametrize(
    ("decided", "now", "holds"),
    [
        pytest.param(decision("X", "10-05..10-11"), one(), True, id="the same window"),
        pytest.param(decision("X", "10-04..10-12"), one(), True, id="it shrank"),
        pytest.param(decision("X", "10-06..10-11"), one(), False, id="it grew at its start"),
        pytest.param(decision("X", "10-05..10-10"), one(), False, id="it grew at its end"),
        pytest.param(decision("X", "10-05..10-11"), one(verdict=Verdict.VERIFIED), True, id="dismissed, now proven"),
        pytest.param(decision("X", "10-05..10-11"), one(verdict=Verdict.UNVERIFIABLE), True, id="dismissed, unseen"),
        pytest.param(decision("X", "10-05..10-11"), one(verdict=Verdict.MET), False, id="dismissed, now met"),
        pytest.param(decision("X", "10-05..10-11"), one("10-05..10-11", Verdict.REVIEW, "new"), True, id="more doubt"),
        pytest.param(
            decision("X", "10-05..10-11", CONFIRMED, posts=["a", "b"]),
            one("10-05..10-11", Verdict.REVIEW, "a"),
            True,
            id="confirmed, all of it was seen",
        ),
        pytest.param(
            decision("X", "10-05..10-11", CONFIRMED, posts=["a"]),
            one("10-05..10-11", Verdict.REVIEW, "a", "b"),
            False,
            id="confirmed, and now there is another doubtful post",
        ),
        pytest.param(decision("X", "10-05..10-11", CONFIRMED), one(verdict=Verdict.VERIFIED), True, id="proven since"),
        pytest.param(decision("X", "10-05..10-11", CONFIRMED), one(verdict=Verdict.MET), False, id="met since"),
        pytest.param(
            decision("X", "10-05..10-11", CONFIRMED), one(verdict=Verdict.UNVERIFIABLE), False, id="unseen by now"
        ),
        pytest.param(decision("X", "10-05", key="a"), one("10-09", Verdict.REVIEW, "a"), True, id="a post that moved"),
        pytest.param(decision("X", "10-05", key="a"), one("10-05", Verdict.REVIEW, "b"), False, id="another post"),
        pytest.param(
            decision("X", "10-05", CONFIRMED, key="a"),
            one("10-05", Verdict.REVIEW, "a"),
            True,
            id="that post confirmed",
        ),
    ],
)
def test_where_a_decision_holds(decided: Decision, now: Judged, *, holds: bool) -> None:
    assert applies(decided, now) is holds


@pytest.mark.parametrize("ruling", [CONFIRMED, DISMISSED])
def test_what_was_decided_on_a_day_says_nothing_of_a_post_that_came_later(ruling: Ruling) -> None:
    decided = decision("X", "10-05", ruling, posts=["a", "b"])
    found = ruled([one("10-05", Verdict.REVIEW, "a", "new")], [decided], of_posts=True)
    assert [(each.posts, each.decision is not None) for each in found] == [(("a",), True), (("new",), False)]


def test_of_several_decisions_the_last_counts_in_whatever_order_they_come() -> None:
    first, last = decision("X", "10-05..10-11", hour=0), decision("X", "10-04..10-12", CONFIRMED, hour=1)
    for some in ([first, last], [last, first]):
        (found,) = ruled([one()], some, of_posts=False)
        assert (found.verdict, found.machine, found.decision) == (Verdict.VERIFIED, Verdict.REVIEW, last)
    twin = replace(first, number=9, ruling=CONFIRMED)
    for some in ([first, twin], [twin, first]):
        assert ruled([one()], some, of_posts=False)[0].decision == twin


# ------------------------------------------------------------------------------------------------ in a judgement


IN_DOUBT = [*posts("08-01..10-04 10-12..10-31"), undated("10-06 09:00", "doubt")]


@pytest.mark.parametrize(
    ("decided", "result", "found"),
    [
        pytest.param([], Result.REVIEW, "GX-03 待复核", id="nobody decided"),
        pytest.param(
            [decision("GX-03", "10-05..10-11", CONFIRMED, posts=["doubt"])],
            Result.FAILED,
            "GX-03 已核实",
            id="confirmed",
        ),
        pytest.param([decision("GX-03", "10-05..10-11")], Result.PASSED, "", id="dismissed"),
        pytest.param(
            [decision("GX-03", "10-05..10-11", CONFIRMED, posts=["doubt"], severity=Severity.HINT)],
            Result.PASSED,
            "GX-03 已核实",
            id="regraded",
        ),
        pytest.param(
            [decision("GX-03", "10-05..10-11", CONFIRMED)],
            Result.REVIEW,
            "GX-03 待复核",
            id="confirmed before the post",
        ),
        pytest.param([decision("GX-01", "10-05..10-11")], Result.REVIEW, "GX-03 待复核", id="on another rule"),
    ],
)
def test_what_a_decision_makes_of_the_result(decided: list[Decision], result: Result, found: str) -> None:
    judgement = judged(IN_DOUBT, ALWAYS, within=WEEKS, decisions=decided)
    assert (judgement.result, codes(judgement)) == (result, found)


def test_what_was_dismissed_stays_on_the_record() -> None:
    decided = decision("GX-03", "10-05..10-11")
    judgement = judged(IN_DOUBT, ALWAYS, within=WEEKS, decisions=[decided])
    (found,) = judgement.dismissed
    assert (found.verdict, found.disposal, found.due, found.decisions) == (Verdict.DISMISSED, "", None, (decided,))
    assert "需人工复核" in found.description
    assert "1处经人工复核排除" in judgement.notes
    assert (judgement.figures.weeks_due, judgement.figures.weeks_met) == (3, 3)
    assert judgement.orphans == ()


def test_proven_windows_of_two_severities_are_two_findings() -> None:
    decided = decision("GX-03", "10-05..10-11", CONFIRMED, severity=Severity.HINT)
    judgement = judged(posts("09-28..10-04 10-19..10-31"), ALWAYS, within=WEEKS, decisions=[decided])
    assert [(each.severity, each.windows, each.due is None) for each in judgement.findings] == [
        (Severity.BULLETIN, windows("10-12..10-18"), False),
        (Severity.HINT, windows("10-05..10-11"), True),
    ]


def test_what_could_not_be_verified_and_was_dismissed_lets_the_account_pass() -> None:
    known, seen = posts("09-28..10-11 10-19..10-31"), covered("09-28..10-14")
    assert judged(known, seen, within=WEEKS).result is Result.UNVERIFIABLE
    decided = decision("CJ-01", "10-12..10-18", unseen="10-15..10-18")
    judgement = judged(known, seen, within=WEEKS, decisions=[decided])
    assert (judgement.result, judgement.findings) == (Result.PASSED, ())
    (found,) = judgement.dismissed
    assert (found.code, found.windows, found.decisions) == ("CJ-01", windows("10-12..10-18"), (decided,))
    since = judged(known, ALWAYS, within=WEEKS, decisions=[decided])
    assert (since.result, codes(since)) == (Result.REVIEW, "GX-03 待复核"), "it was seen since: a person decides again"


@pytest.mark.parametrize(("of", "passes"), [("08-03..10-31", True), ("08-03..11-15", False), ("08-03..09-30", False)])
def test_a_gap_that_was_looked_into_says_nothing_of_other_months(of: str, *, passes: bool) -> None:
    known, seen = posts("09-28..10-11 10-19..10-31"), covered("09-28..10-14")
    assert (judged(known, seen, within=WEEKS, decisions=[decision("CJ-01", of)]).result is Result.PASSED) is passes


def test_a_gap_that_was_looked_into_accuses_nobody_once_it_was_seen() -> None:
    """Whichever windows the rules make of it by then; what had been seen all along accuses as before."""
    known, seen = posts("08-01..10-04"), covered("08-01..10-11", "10-30..10-31")
    gap = decision("CJ-01", "10-01..10-31", unseen="10-12..10-29")
    within = frame(by=policy(off=["GX-02", "GX-05", "GX-06"]))
    unseen = judged(known, seen, within=within, decisions=[gap])
    assert codes(unseen) == "GX-03 已核实"
    since = judged(known, ALWAYS, within=within, decisions=[gap])
    assert codes(since) == "GX-01 待复核, GX-03 已核实, GX-03 待复核, YC-01 待复核"
    assert finding(since, "GX-03").windows == windows("10-05..10-11")
    assert finding(since, "YC-01", Verdict.REVIEW).windows == windows("10-05..10-31")
    assert since.orphans == (), "it still keeps windows for a person"
    assert "10月19日至10月25日此前经人工复核排除" in finding(since, "GX-03", Verdict.REVIEW).description


def test_a_gap_leaves_alone_what_does_not_hold_its_days() -> None:
    """What was proven beside it accuses as before, whatever the window that was looked into."""
    known = posts("08-01..10-31", of=REPOST)
    gap = decision("CJ-01", "08-03..10-31", unseen="10-21")
    within = frame(by=policy(off=["GX-01", "GX-02", "GX-03", "GX-05", "GX-06"]))
    seen = covered("07-01..10-20", "10-22..10-31")
    judgement = judged(known, seen, within=within, decisions=[gap])
    assert finding(judgement, "YC-01").windows[0].last == window("10-20").last
    assert codes(judged(known, ALWAYS, within=within, decisions=[gap])) == "YC-01 待复核"


def test_an_older_confirmation_does_not_outweigh_what_a_person_cleared_since() -> None:
    """One confirmed the week, not all of it seen; another looked into the gap, and then it was seen."""
    known = [*posts("09-28..10-04 10-12..10-31"), backdated("10-06 09:00")]
    confirmed = decision("GX-03", "10-05..10-11", CONFIRMED, posts=[known[-1].key])
    looked = decision("CJ-01", "10-05..10-11", unseen="10-05..10-09", hour=1)
    unseen = judged(known, covered("09-28..10-04", "10-10..10-31"), within=WEEKS, decisions=[confirmed, looked])
    assert unseen.result is Result.PASSED
    since = judged(known, ALWAYS, within=WEEKS, decisions=[confirmed, looked])
    assert (since.result, since.orphans) == (Result.REVIEW, (confirmed,))
    again = replace(confirmed, number=9)
    assert judged(known, ALWAYS, within=WEEKS, decisions=[confirmed, looked, again]).result is Result.FAILED


def test_what_was_confirmed_since_is_no_doubt_any_more_in_later_months() -> None:
    known = posts("09-01..09-20") + posts("09-21..12-31", of=REPOST)
    off = policy(off=["GX-01", "GX-02", "GX-03", "GX-05", "GX-06"])
    looked = decision("CJ-01", "09-21..10-31", unseen="10-21")
    november = decision("YC-01", "09-21..11-30", CONFIRMED, hour=1)
    some = {month: frame(month, by=off) for month in ("2026-10", "2026-11", "2026-12")}
    before = {each: codes(judged(known, ALWAYS, within=of, decisions=[looked])) for each, of in some.items()}
    assert set(before.values()) == {"YC-01 待复核"}
    after = {each: codes(judged(known, ALWAYS, within=of, decisions=[looked, november])) for each, of in some.items()}
    assert after == {"2026-10": "YC-01 待复核", "2026-11": "YC-01 已核实", "2026-12": "YC-01 已核实"}


def test_a_decision_on_a_window_of_the_next_month_decides_nothing_of_this_one() -> None:
    known = posts("09-01..09-20") + posts("09-21..12-31", of=REPOST)
    within = frame(by=policy(off=["GX-01", "GX-02", "GX-03", "GX-05", "GX-06"]))
    exempt, next_month = decision("YC-01", "09-21..10-31"), decision("YC-01", "09-21..11-30", CONFIRMED, hour=1)
    assert judged(known, ALWAYS, within=within, decisions=[exempt, next_month]).result is Result.PASSED
    dismissed = replace(next_month, ruling=Ruling.DISMISSED)
    assert judged(known, ALWAYS, within=within, decisions=[dismissed]).result is Result.REVIEW


def test_of_two_decisions_the_one_that_was_kept_later_counts() -> None:
    """The clock was ahead when the first was made."""
    first = decision("GX-03", "10-05..10-18", CONFIRMED, hour=24)
    second = replace(decision("GX-03", "10-05..10-11"), number=first.number + 1)
    silent = posts("08-01..10-04 10-12..10-31")
    assert judged(silent, ALWAYS, within=WEEKS, decisions=[first, second]).result is Result.PASSED
    back = [replace(first, number=2), replace(second, number=1)]
    assert judged(silent, ALWAYS, within=WEEKS, decisions=back).result is Result.FAILED


def test_a_hint_that_grew_is_left_to_a_person() -> None:
    decided = decision("GX-01", "10-01..10-25", CONFIRMED, severity=Severity.HINT)
    silent = frame(by=policy(off=["GX-02", "GX-03", "GX-05", "GX-06", "YC-01"]))
    judgement = judged([], ALWAYS, within=silent, decisions=[decided])
    assert judgement.result is Result.REVIEW
    confirmed = replace(decided, severity=None)
    assert judged([], ALWAYS, within=silent, decisions=[confirmed]).result is Result.FAILED


def test_a_confirmation_of_what_was_not_seen_is_an_orphan() -> None:
    decided = decision("CJ-01", "10-12..10-18", CONFIRMED)
    judgement = judged(posts("09-28..10-11 10-19..10-31"), (), within=WEEKS, decisions=[decided])
    assert (judgement.result, judgement.orphans) == (Result.UNVERIFIABLE, (decided,))


def test_a_confirmed_doubt_proves_nothing_where_nobody_looked() -> None:
    """The back-dated post does not count, says the person; whether there was another nobody knows."""
    known = [*posts("09-28..10-04 10-12..10-31"), backdated("10-06 09:00")]
    decided = decision("GX-03", "10-05..10-11", CONFIRMED, posts=[known[-1].key])
    assert codes(judged(known, (), within=WEEKS)) == "GX-03 待复核"
    judgement = judged(known, (), within=WEEKS, decisions=[decided])
    assert codes(judgement) == "CJ-01 未能核验"
    assert judgement.orphans == ()
    assert codes(judged(known, ALWAYS, within=WEEKS, decisions=[decided])) == "GX-03 已核实"
    dismissed = decision("CJ-01", "10-05..10-11", hour=1)
    assert judged(known, (), within=WEEKS, decisions=[decided, dismissed]).result is Result.PASSED


def test_decisions_on_what_is_found_no_more_are_orphans() -> None:
    late, of_september = decision("GX-03", "10-05..10-11"), decision("GX-03", "09-14..09-20")
    off = decision("GX-06", "10-01..10-31")
    judgement = judged(posts("08-01..10-31"), ALWAYS, within=WEEKS, decisions=[late, of_september, off])
    assert judgement.orphans == (late, off)


def test_a_decision_that_a_newer_one_overrides_is_no_orphan() -> None:
    """Two people decided, one of them on a wider window: both hold, and the newer one counts."""
    wide = decision("GX-03", "10-04..10-12", CONFIRMED, posts=["doubt"])
    elsewhere = decision("GX-03", "10-12..10-18", hour=1)
    newer, unseen = decision("GX-03", "10-05..10-11", hour=2), decision("CJ-01", "10-05..10-11", hour=3)
    judgement = judged(IN_DOUBT, ALWAYS, within=WEEKS, decisions=[wide, elsewhere, newer, unseen])
    assert (judgement.result, judgement.orphans) == (Result.PASSED, (elsewhere, unseen))
    assert [each.decisions for each in judgement.dismissed] == [(newer,)]


@pytest.mark.parametrize(
    ("decided", "silence"),
    [
        pytest.param([], "已连续72天未更新", id="nobody decided"),
        pytest.param([decision("GX-06", "09-01..09-30")], "可核实连续31天未更新", id="the month before was dismissed"),
        pytest.param(
            [decision("GX-03", "10-05..10-11"), decision("GX-06", "09-01..09-30", hour=1)],
            "可核实连续20天未更新",
            id="and a week since",
        ),
        pytest.param([decision("GX-03", "10-19..10-25")], "已连续72天未更新", id="within the window itself"),
        pytest.param([decision("GX-06", "07-01..07-31")], "已连续72天未更新", id="before the last post"),
        pytest.param([decision("GX-06", "09-01..09-30", CONFIRMED)], "已连续72天未更新", id="confirmed"),
        pytest.param([decision("YC-01", "09-01..09-30")], "已连续72天未更新", id="of originals"),
        pytest.param(
            [decision("CJ-01", "09-01..09-30", unseen="09-03..09-30")],
            "可核实连续31天未更新",
            id="a gap in the month before was looked into",
        ),
        pytest.param(
            [decision("GX-03", "10-12..10-18")], "可核实连续14天未更新", id="a week that reaches into the window"
        ),
    ],
)
def test_silence_is_not_counted_through_what_was_dismissed(decided: list[Decision], silence: str) -> None:
    found = finding(judged(posts("08-20"), ALWAYS, decisions=decided), "GX-01")
    assert found.description.endswith(f"，{silence}。")


def test_single_posts_of_a_day_are_decided_on_by_themselves() -> None:
    known = [post(f"10-06 0{n}:00", f"p{n}", of=UNKNOWN, title=f"第{n}条") for n in (1, 2, 3)]
    near = {each.key: (alike("10-01 09:00"),) for each in known}
    decided = [
        decision("YC-03", "10-06", key="p1"),
        decision("YC-03", "10-06", CONFIRMED, key="p2", severity=Severity.BULLETIN),
    ]
    judgement = judged(known, ALWAYS, near=near, decisions=decided)
    sure, open_ = finding(judgement, "YC-03"), finding(judgement, "YC-03", Verdict.REVIEW)
    assert (sure.posts, sure.windows, sure.severity) == (("p2",), windows("10-06"), Severity.BULLETIN)
    assert sure.description.endswith("未注明来源，经人工复核确认为照搬照抄。")
    assert open_.posts == ("p3",)
    assert [each.posts for each in judgement.dismissed] == [("p1",)]
    every = [
        replace(
            decided[1],
            subject=Subject(account_id="gx-01", code="YC-03", window=window("10-06"), key=each.key),
            severity=None,
        )
        for each in known
    ]
    assert finding(judged(known, ALWAYS, near=near, decisions=every), "YC-03").windows == windows("10-06")


TOLERANT = frame(by=policy({"GX-02": {"tolerance": 1}}, off=["GX-01", "GX-05", "GX-06", "YC-01"]))


@pytest.mark.parametrize(
    ("decided", "first", "second", "result"),
    [
        pytest.param([], Verdict.REVIEW, Verdict.REVIEW, Result.REVIEW, id="the other day decides"),
        pytest.param(
            [decision("GX-02", "10-13", CONFIRMED)],
            Verdict.REVIEW,
            Verdict.REVIEW,
            Result.REVIEW,
            id="one is confirmed",
        ),
        pytest.param(
            [decision("GX-02", "10-14")],
            Verdict.MET,
            Verdict.DISMISSED,
            Result.PASSED,
            id="the doubtful one is dismissed",
        ),
        pytest.param(
            [decision("GX-02", "10-14", CONFIRMED, posts=["doubt"])],
            Verdict.VERIFIED,
            Verdict.VERIFIED,
            Result.FAILED,
            id="the doubtful one is confirmed",
        ),
        pytest.param(
            [decision("GX-02", "10-13")],
            Verdict.DISMISSED,
            Verdict.MET,
            Result.PASSED,
            id="the proven one is dismissed",
        ),
    ],
)
def test_tolerance_comes_after_people(decided: list[Decision], first: Verdict, second: Verdict, result: Result) -> None:
    known = [*posts("08-01..10-12 10-15..10-31"), replace(undated("10-14 09:00", "doubt"))]
    judgement = judged(known, ALWAYS, of=account(main=True), within=TOLERANT, decisions=decided)
    found = verdicts(judgement, "GX-02")
    assert (found["2026-10-13"], found["2026-10-14"], judgement.result) == (first, second, result)


@pytest.mark.parametrize(
    ("code", "of", "known", "main", "said"),
    [
        pytest.param(
            "GX-01",
            "10-18..10-31",
            [*posts("10-09"), undated("10-20 09:00", "doubt")],
            False,
            "经人工复核确认无更新。最近一次更新为2026年10月9日《县政府召开常务会议》，已连续22天未更新。",
            id="GX-01",
        ),
        pytest.param(
            "GX-02",
            "10-12",
            [*posts("10-08..10-31", but="10-12 10-13"), undated("10-12 09:00", "doubt")],
            True,
            "10月12日（周一）、10月13日（周二）共2个工作日未更新，其中10月12日（周一）经人工复核确认。",
            id="GX-02",
        ),
        pytest.param(
            "GX-03",
            "10-05..10-11",
            [*posts("09-28 10-12..10-31"), undated("10-06 09:00", "doubt")],
            False,
            "（本期4周，未达标1周），经人工复核确认。",
            id="GX-03",
        ),
        pytest.param(
            "GX-05",
            "08-03..10-31",
            [*posts("07-09"), undated("10-20 09:00", "doubt")],
            False,
            "90天内经人工复核确认无信息发布，疑似僵尸账号。",
            id="GX-05",
        ),
        pytest.param(
            "GX-06",
            "10-01..10-31",
            [*posts("08-09"), undated("10-20 09:00", "doubt")],
            False,
            "经人工复核确认，本月没有可以计入的信息发布，已连续2个月无信息发布。",
            id="GX-06",
        ),
        pytest.param(
            "YC-01",
            "09-01..10-31",
            [*posts("08-01..09-30"), *posts("10-01..10-31", of=REPOST), undated("10-16 09:00", "doubt")],
            False,
            "条，经人工复核确认，未发布原创信息；",
            id="YC-01",
        ),
    ],
)
def test_what_a_person_confirmed_reads_as_such(code: str, of: str, known: list[Post], main: bool, said: str) -> None:
    within = frame(by=policy({"YC-01": {"days": 14}}))
    decided = decision(code, of, CONFIRMED, posts=["doubt"])
    seen = covered("2026-08-10..2026-12-31") if code != "GX-05" else ALWAYS
    judgement = judged(known, seen, of=account(main=main), within=within, decisions=[decided])
    assert said in finding(judgement, code).description


def test_a_share_of_originals_is_confirmed_only_where_the_whole_month_was_seen() -> None:
    within = frame(by=policy({"YC-02": {"floor": 50}}))
    known = [*posts("10-05"), *posts("10-06 10-07", of=REPOST), *posts("10-08", of=UNKNOWN)]
    decided = decision("YC-02", "10-01..10-31", CONFIRMED, posts=[known[-1].key])
    assert only_verdict(judged(known, (), within=within, decisions=[decided]), "YC-02") is Verdict.REVIEW
    sure = finding(judged(known, ALWAYS, within=within, decisions=[decided]), "YC-02")
    assert sure.description.endswith("低于50%，经人工复核确认。")
    more = [*known, *posts("10-09", of=UNKNOWN)]
    assert only_verdict(judged(more, ALWAYS, within=within, decisions=[decided]), "YC-02") is Verdict.REVIEW


# ------------------------------------------------------------------------------------------------------ entered


def entered(of: str = "10-20", code: str = "HD-01", severity: Severity = Severity.VETO, **more: Any) -> Entered:
    (one_,) = windows(of)
    return Entered(
        number=12, account_id="gx-01", code=code, severity=severity, window=one_, description="没有留言入口。",
        by="李某", at=DECIDED_AT, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one_", "within", "result"),
    [
        pytest.param(entered(), frame(), Result.FAILED, id="a veto"),
        pytest.param(entered(severity=Severity.HINT), frame(), Result.PASSED, id="a hint"),
        pytest.param(entered("09-20"), frame(), Result.PASSED, id="of another month"),
        pytest.param(entered("10-20"), frame(at="10-16 10:00"), Result.PASSED, id="later than the time point"),
        pytest.param(entered(), frame(by=policy(off=["HD-01"])), Result.PASSED, id="of a rule that is off"),
    ],
)
def test_what_a_person_enters(one_: Entered, within: Frame, result: Result) -> None:
    assert judged(posts("08-01..10-31"), ALWAYS, within=within, entered=[one_]).result is result


def test_an_entered_finding_carries_its_post_and_its_date() -> None:
    with_post = entered(code="NR-03", severity=Severity.BULLETIN, url="https://a.example/1", title="名单")
    first, second = judged(posts("08-01..10-31"), ALWAYS, entered=[with_post, entered(severity=Severity.HINT)]).findings
    assert (first.category, first.clause, first.disposal) == ("疑似泄露个人信息", "NR-03的依据", "通报")
    assert first.post is not None
    assert (first.post.url, first.post.title) == ("https://a.example/1", "名单")
    assert first.due is not None
    assert (second.post, second.due, second.disposal, second.entered) == (
        None,
        None,
        "人工复核",
        entered(severity=Severity.HINT),
    )


# --------------------------------------------------------------------------------------------------------- laws


@st.composite
def decided_on(draw: st.DrawFn, account_: Account, seen: Observations, frame_: Frame) -> tuple[Decision, ...]:
    """Decisions of all kinds on windows that were judged, and around them."""
    found: list[Decision] = []
    pieces = [(code, each) for code, some in judge(account_, seen, frame_).windows for each in some]
    for n, (code, each) in enumerate(pieces):
        if draw(st.booleans()):
            given_code = draw(st.sampled_from([code, code, "CJ-01"]))
            ruling = draw(st.sampled_from([CONFIRMED, DISMISSED]))
            shown = each.posts if draw(st.booleans()) else ()
            subject = Subject(account_id="gx-01", code=given_code, window=each.window)
            found.append(Decision(subject=subject, ruling=ruling, by="李某", at=DECIDED_AT, posts=shown, number=n))
    return tuple(found)


RANK = {Result.FAILED: 0, Result.REVIEW: 1, Result.UNVERIFIABLE: 2, Result.PASSED: 3, Result.NOT_APPLICABLE: 3}


@given(st.data(), accounts(), observations(), frames())
def test_dismissing_never_makes_it_worse(data: st.DataObject, of: Account, seen: Observations, within: Frame) -> None:
    some = tuple(each for each in data.draw(decided_on(of, seen, within)) if each.ruling is DISMISSED)
    before, after = judge(of, seen, within), judge(of, replace(seen, decisions=some), within)
    assert RANK[after.result] >= RANK[before.result]
    assert [code for code, _ in after.windows] == [code for code, _ in before.windows]
    for (_, was), (_, now) in zip(before.windows, after.windows, strict=True):
        assert [each.window for each in was] == [each.window for each in now], "in the order that the rule gave"


@given(st.data(), accounts(), observations(), frames())
def test_only_a_confirmed_doubt_that_is_covered_becomes_a_finding(
    data: st.DataObject, of: Account, seen: Observations, within: Frame
) -> None:
    some = data.draw(decided_on(of, seen, within))
    before, after = judge(of, seen, within), judge(of, replace(seen, decisions=some), within)
    was = {(code, each.window): each.verdict for code, windows_ in before.windows for each in windows_}
    for code, windows_ in after.windows:
        for each in windows_:
            if each.verdict is Verdict.VERIFIED and code != "ZH-05":
                assert was[code, each.window] in {Verdict.VERIFIED, Verdict.REVIEW}
                assert contains(seen.coverage, within.span(each.window))
    if after.result is Result.FAILED and before.result is not Result.FAILED:
        assert any(each.ruling is CONFIRMED for each in some)
        assert before.result is Result.REVIEW


@given(st.data(), accounts(), observations(), frames())
def test_decisions_hold_in_whatever_order_they_come(
    data: st.DataObject, of: Account, seen: Observations, within: Frame
) -> None:
    some = data.draw(decided_on(of, seen, within))
    after = judge(of, replace(seen, decisions=some), within)
    turned = judge(of, replace(seen, decisions=some[::-1]), within)
    assert turned == replace(after, orphans=tuple(reversed(after.orphans)))


def test_a_window_that_reaches_beyond_a_dismissed_one_is_for_a_person() -> None:
    """October's was cleared by a person; what of it reaches into November must not accuse by the same days."""
    november = frame("2026-11")
    bare = judged([], ALWAYS, within=november)
    (window_,) = verdicts(bare, "YC-01")
    cleared = decision("YC-01", "10-01..11-20")
    found = judged([], ALWAYS, within=november, decisions=[cleared])
    assert verdicts(bare, "YC-01") == {window_: Verdict.VERIFIED}
    assert verdicts(found, "YC-01") == {window_: Verdict.REVIEW}
    assert "此前经人工复核排除" in finding(found, "YC-01", Verdict.REVIEW).description
    other = decision("GX-03", "10-01..11-20")
    assert verdicts(judged([], ALWAYS, within=november, decisions=[other]), "YC-01") == {window_: Verdict.VERIFIED}


@pytest.mark.parametrize(
    ("decided", "apart"),
    [
        pytest.param(["a"], [("a",), ("b", "c")], id="one of three"),
        pytest.param(["a", "c"], [("a",), ("c",), ("b",)], id="two of three"),
        pytest.param(["a", "b", "c"], [("a",), ("b",), ("c",)], id="each of them"),
        pytest.param(["x"], [("a", "b", "c")], id="none of them"),
    ],
)
def test_each_post_that_was_decided_on_has_a_window_of_its_own(
    decided: list[str], apart: list[tuple[str, ...]]
) -> None:
    day = one("10-05", Verdict.VERIFIED, "a", "b", "c")
    found = ruled([day], [decision("X", "10-05", key=key) for key in decided], of_posts=True)
    assert [each.posts for each in found] == apart
    assert [each.posts for each in found if each.verdict is Verdict.DISMISSED] == [
        (key,) for key in decided if key != "x"
    ]
    assert [each.known for each in found][:1] == ([0] if decided == ["x"] else [1])
