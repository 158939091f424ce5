"""The judgement of one account: where the answer goes, 检查结果, 建议处置, 整改时限 and 备注."""

from dataclasses import replace
from datetime import date

import pytest

from monitor.findings import Result, Severity, Verdict
from monitor.frame import Frame
from monitor.judge import _result
from monitor.proof import placed, prove, reach_of
from monitor.rules import HEADINGS, RULES
from monitor.rules.entered import HEADINGS as ENTERED
from monitor.sighting import first_seen
from monitor.spans import NOTHING, Coverage
from monitor.values import Account, AccountState, Post
from monitor.visits import Outcome
from tests.monitor.builders import (
    ALWAYS,
    REPOST,
    UNKNOWN,
    account,
    codes,
    covered,
    finding,
    frame,
    item,
    judged,
    moment,
    policy,
    post,
    posts,
    undated,
    windows,
)

REVIEW, VERIFIED, UNVERIFIABLE = Verdict.REVIEW, Verdict.VERIFIED, Verdict.UNVERIFIABLE
BUSY = posts("2026-08-01..2026-10-31")
SEEN_ENOUGH = "未取得覆盖证明，按已采集到的信息判定达标"
WEEKS_ONLY = policy(off=["GX-01", "GX-05", "GX-06", "YC-01"])


@pytest.mark.parametrize(
    ("known", "coverage", "of", "within", "result"),
    [
        pytest.param(BUSY, NOTHING, account(), frame(), Result.PASSED, id="everything met"),
        pytest.param([], ALWAYS, account(), frame(), Result.FAILED, id="a veto is proven"),
        pytest.param(
            posts("09-28..10-11 10-19..10-31"),
            ALWAYS,
            account(),
            frame(),
            Result.FAILED,
            id="a bulletin finding is proven",
        ),
        pytest.param(
            [*posts("08-01..10-05 10-19..10-31"), undated("10-13 09:00")],
            ALWAYS,
            account(),
            frame(),
            Result.REVIEW,
            id="one waits for a person",
        ),
        pytest.param(
            [*posts("09-28..10-04 10-19..10-31"), undated("10-13 09:00")],
            ALWAYS,
            account(),
            frame(),
            Result.FAILED,
            id="one is proven, another waits for a person",
        ),
        pytest.param([], NOTHING, account(), frame(), Result.UNVERIFIABLE, id="nothing was seen"),
        pytest.param(
            [*posts("09-28..10-04 10-19..10-31"), undated("10-06 09:00")],
            covered("10-01..10-11"),
            account(),
            frame(),
            Result.REVIEW,
            id="one waits for a person, another was not seen",
        ),
        pytest.param(
            posts("10-19..10-31"),
            covered("10-05..10-11"),
            account(),
            frame(),
            Result.FAILED,
            id="one is proven, others were not seen",
        ),
        pytest.param([], ALWAYS, account(opened="10-30"), frame(), Result.NOT_APPLICABLE, id="no window applies"),
        pytest.param(
            [],
            ALWAYS,
            account(state=AccountState.CLOSED),
            frame(),
            Result.NOT_APPLICABLE,
            id="closed, nobody knows since when",
        ),
        pytest.param(
            posts("08-01..10-31", of=UNKNOWN),
            ALWAYS,
            account(),
            frame(),
            Result.REVIEW,
            id="originals are all in doubt",
        ),
        pytest.param(
            [],
            ALWAYS,
            account(opened="10-01"),
            frame(at="10-02 09:00"),
            Result.NOT_APPLICABLE,
            id="no window has ended",
        ),
    ],
)
def test_the_result(known: list[Post], coverage: Coverage, of: Account, within: Frame, result: Result) -> None:
    assert judged(known, coverage, of=of, within=within).result is result


def test_a_verdict_for_a_person_comes_before_what_was_not_seen() -> None:
    known = [*posts("09-28..10-04 10-19..10-31"), undated("10-06 09:00")]
    judgement = judged(known, covered("10-01..10-11"), within=frame(by=WEEKS_ONLY))
    assert codes(judgement) == "GX-03 待复核, CJ-01 未能核验"
    assert judgement.result is Result.REVIEW


def test_one_row_per_rule_and_state_with_all_its_windows() -> None:
    known = [*posts("10-19..10-31"), undated("10-06 09:00")]
    judgement = judged(known, ALWAYS, within=frame(by=WEEKS_ONLY))
    assert codes(judgement) == "GX-03 已核实, GX-03 待复核"
    assert finding(judgement, "GX-03").windows == windows("09-28..10-04 10-12..10-18")
    assert finding(judgement, "GX-03", REVIEW).windows == windows("10-05..10-11")
    assert judgement.problems == 2


def test_what_was_not_seen_is_no_problem() -> None:
    judgement = judged([], NOTHING)
    assert len(judgement.findings) == 1
    assert judgement.problems == 0


def test_findings_stand_in_report_order() -> None:
    every = [each.code for each in HEADINGS]
    assert every == [
        *("GX-01", "GX-02", "GX-03", "GX-05", "GX-06"),
        *("YC-01", "YC-02", "YC-03", "ZZ-01", "ZZ-02", "ZH-05"),
        *(each.code for each in ENTERED),
        "CJ-01",
    ]
    assert [each.code for each in judged([], covered("10-01..10-31")).findings] == [
        "GX-01",
        "GX-03",
        "GX-06",
        "YC-01",
        "CJ-01",
    ]
    assert [each.heading for each in RULES] == list(HEADINGS[: len(RULES)])
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("mode", ["rolling", "fixed"])
@pytest.mark.parametrize("at", ["11-01", "10-20 09:00", "10-01 09:00"])
@pytest.mark.parametrize("main", [True, False])
def test_no_rule_counts_further_back_than_it_says(mode: str, at: str, main: bool) -> None:
    """Except the one of ninety days, for which the last post is enough until it has a finding."""
    within = frame(at=at, by=policy({"YC-01": {"mode": mode, "days": 20}, "GX-01": {"days": 30}}))
    windows_of = dict(judged([], ALWAYS, of=account(main=main), within=within).windows)
    before = min(within.period.first, within.last_day)
    for rule in RULES:
        code = rule.heading.code
        firsts = [each.window.first for each in windows_of.get(code, ())]
        if (code, mode) == ("YC-01", "rolling"):
            firsts = [each.first for each in within.rolling(20)]  # as they are before merging
        if code != "GX-05":
            assert all((before - first).days <= rule.counts_back(within) for first in firsts)


@pytest.mark.parametrize("code", ["GX-01", "GX-03", "GX-05", "GX-06", "YC-01"])
def test_a_rule_that_is_off_says_nothing(code: str) -> None:
    judgement = judged([], ALWAYS, within=frame(by=policy(off=[code])))
    assert code not in dict(judgement.windows)
    assert code not in codes(judgement)
    assert len(judgement.findings) == 4


@pytest.mark.parametrize(("code", "severity"), [(each.code, each.severity) for each in HEADINGS])
def test_the_severity_of_each_rule(code: str, severity: Severity) -> None:
    entered = ("YZ-01", "YZ-02", "NR-01", "NR-02", "NR-04", "NR-05", "ZH-02", "ZH-03", "ZH-04")
    hints = dict.fromkeys(("YC-02", "YC-03", "ZZ-02", "ZH-05", *entered), Severity.HINT)
    expected = {"GX-01": Severity.VETO, "HD-01": Severity.VETO, "CJ-01": Severity.UNVERIFIED} | hints
    assert severity is expected.get(code, Severity.BULLETIN)


@pytest.mark.parametrize("severity", [Severity.HINT, Severity.REMINDER])
@pytest.mark.parametrize("verdict", [VERIFIED, REVIEW])
def test_hints_and_reminders_never_change_the_result(severity: Severity, verdict: Verdict) -> None:
    passed = judged(BUSY, NOTHING)
    (hint,) = (replace(each, severity=severity, verdict=verdict) for each in judged([], ALWAYS).findings[:1])
    assert _result([hint], passed.windows) is Result.PASSED
    assert _result([replace(hint, severity=Severity.BULLETIN)], passed.windows) is not Result.PASSED


# ------------------------------------------------------------------------------------------- 建议处置 and 整改时限


@pytest.mark.parametrize(
    ("known", "coverage", "before", "failures", "disposal"),
    [
        pytest.param(BUSY, NOTHING, 0, 0, "", id="合格: nothing"),
        pytest.param(BUSY, NOTHING, 5, 5, "", id="合格 after many failures: nothing"),
        pytest.param([], ALWAYS, 0, 1, "通报", id="the first failure"),
        pytest.param([], ALWAYS, 1, 2, "通报", id="the second"),
        pytest.param([], ALWAYS, 2, 3, "约谈", id="the third"),
        pytest.param([], ALWAYS, 3, 4, "约谈", id="the fourth: only a person decides on more"),
        pytest.param([], NOTHING, 2, 2, "补充采集或人工核查", id="not seen: no failure"),
        pytest.param(posts("08-01..10-31", of=UNKNOWN), ALWAYS, 2, 2, "人工复核", id="for a person: no failure yet"),
    ],
)
def test_what_is_proposed(known: list[Post], coverage: Coverage, before: int, failures: int, disposal: str) -> None:
    judgement = judged(known, coverage, failures=before)
    assert (judgement.failures, judgement.disposal) == (failures, disposal)


def test_the_limit_is_a_parameter() -> None:
    assert judged([], ALWAYS, within=frame(by=policy(counter_limit=1))).disposal == "约谈"
    assert judged([], ALWAYS, failures=2, within=frame(by=policy(counter_limit=4))).disposal == "通报"


def test_nothing_is_proposed_where_no_window_applies() -> None:
    judgement = judged([], ALWAYS, of=account(opened="10-30"), failures=3)
    assert (judgement.disposal, judgement.failures) == ("", 3)


@pytest.mark.parametrize(
    ("within", "due"),
    [
        pytest.param(frame(), date(2026, 11, 13), id="ten working days after 31 October"),
        pytest.param(frame("2026-09"), date(2026, 10, 20), id="over the holiday, the make-up day counted"),
        pytest.param(frame(at="10-16 10:00"), date(2026, 10, 30), id="after the day of the time point"),
        pytest.param(frame(at="10-17 00:00"), date(2026, 10, 30), id="midnight is the end of the day before"),
        pytest.param(frame(by=policy(rectification_workdays=1)), date(2026, 11, 2), id="one, as the policy has it"),
    ],
)
def test_the_rectification_date(within: Frame, due: date) -> None:
    judgement = judged([], ALWAYS, within=within)
    assert {each.due for each in judgement.findings} == {due}
    assert {each.disposal for each in judgement.findings} == {"通报"}


def test_only_what_is_proven_has_a_rectification_date() -> None:
    judgement = judged([undated("10-20 09:00")], covered("10-01..10-31"))
    for each in judgement.findings:
        assert (each.due is not None) is (each.verdict is VERIFIED)
        assert each.disposal == {VERIFIED: "通报", REVIEW: "人工复核", UNVERIFIABLE: "补充采集或人工核查"}[each.verdict]


def test_a_rectification_date_in_a_year_without_a_notice_says_so() -> None:
    """Never a silent guess: ten working days after 31 December 2026 may fall on a day off of 2027."""
    judgement = judged([], ALWAYS, within=frame("2026-12"))
    assert any("2027年放假安排未录入" in note for note in judgement.notes)


def test_a_year_without_a_notice_is_remarked_on_once() -> None:
    judgement = judged([], ALWAYS, of=account(main=True), within=frame("2026-12"))
    assert sum("2027年" in note for note in judgement.notes) == 1


# ---------------------------------------------------------------------------------------------------- the rest of it


def test_a_finding_names_the_posts_of_its_windows() -> None:
    known = [
        *posts("09-25 10-03 10-25"),
        post("10-06 09:00", "first", of=REPOST),
        post("10-05 09:00", "second", of=REPOST),
    ]
    found = finding(judged(known, ALWAYS), "YC-01")
    assert found.posts == ("second", "first")


def test_a_finding_belongs_to_its_account_and_carries_its_clause_and_advice() -> None:
    for each in judged([], covered("10-01..10-31"), of=account(main=True)).findings:
        assert each.account_id == "gx-01"
        assert each.clause == f"{each.code}的依据"
        assert each.advice


def test_the_posts_of_the_period_are_listed_with_their_classes_in_order_of_time() -> None:
    known = [
        post("10-06 09:00", "b", of=REPOST),
        undated("10-20 09:00", "c"),
        post("10-05 09:00", "a"),
        post("09-30 23:59:59", "before"),
        post("11-01 00:00", "after"),
    ]
    judgement = judged(known, ALWAYS)
    assert [(each.key, each_class.originality) for each, each_class in judgement.posts] == [
        ("a", "原创"),
        ("b", "转载"),
        ("c", "原创"),
    ]
    assert judgement.coverage == ALWAYS


@pytest.mark.parametrize(
    ("known", "of", "within", "notes"),
    [
        pytest.param(BUSY, account(), frame(), (SEEN_ENOUGH,), id="met by what was seen"),
        pytest.param(
            BUSY,
            account(),
            frame(at="10-16 10:00"),
            ("检查时段尚未结束，判定截至2026-10-16 10:00", SEEN_ENOUGH),
            id="the month runs",
        ),
        pytest.param(
            BUSY,
            account(state=AccountState.CLOSING),
            frame(),
            ("台账状态为“停更公告中”但未填写日期，本期不作判定",),
            id="ended, nobody knows since when",
        ),
        pytest.param(BUSY, account(opened="10-30"), frame(), ("本期不在应判定的运行期内",), id="opened too late"),
        pytest.param(
            [*BUSY, undated("10-20 09:00"), undated("10-21 09:00")],
            account(),
            frame(),
            (SEEN_ENOUGH, "2条信息没有可读的发布时间，按首次发现时间计入本期"),
            id="undated posts",
        ),
        pytest.param(
            [],
            account(opened="10-01"),
            frame(at="10-02 09:00"),
            ("检查时段尚未结束，判定截至2026-10-02 09:00", "尚无已结束的判定时段"),
            id="no window has ended",
        ),
    ],
)
def test_notes(known: list[Post], of: Account, within: Frame, notes: tuple[str, ...]) -> None:
    assert judged(known, NOTHING, of=of, within=within).notes == notes


@pytest.mark.parametrize(
    ("known", "coverage", "noted"),
    [
        pytest.param(BUSY, NOTHING, True, id="met, nothing proven"),
        pytest.param(BUSY, covered("10-03..10-03"), False, id="met, a day proven"),
        pytest.param(BUSY, ALWAYS, False, id="met, everything proven"),
        pytest.param([], NOTHING, False, id="not observed"),
        pytest.param([], ALWAYS, False, id="silent"),
    ],
)
def test_what_is_met_without_any_coverage_says_so(known: list[Post], coverage: Coverage, *, noted: bool) -> None:
    assert (SEEN_ENOUGH in judged(known, coverage).notes) is noted


def test_a_list_of_which_only_an_old_pinned_item_can_be_read_accuses_nobody() -> None:
    """The platform has changed its form of date; one item of 2020, pinned and not marked as such, still has the old one."""
    seen_at = moment("11-01 09:00")
    items = placed([item("2020-03-01"), item(None, key="a"), item(None, key="b")], seen_at)
    _, proof = prove(Outcome.NEW, reach_of(items, seen_at), seen_at)
    assert proof is not None
    judgement = judged([first_seen(each, "gx-01", seen_at, NOTHING) for each in items], (proof,))
    assert {each.verdict for each in judgement.findings} == {Verdict.REVIEW}
