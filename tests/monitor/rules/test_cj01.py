"""CJ-01 未能核验: one row per account with every window that could not be judged, and why."""

from dataclasses import replace

import pytest

from monitor.findings import Severity, Verdict
from monitor.spans import NOTHING, Coverage
from monitor.visits import Outcome, Visit
from tests.monitor.builders import (
    ALWAYS,
    account,
    backdated,
    codes,
    covered,
    finding,
    frame,
    judged,
    moment,
    policy,
    posts,
    span,
    undated,
    visit,
    windows,
)

UNVERIFIABLE = Verdict.UNVERIFIABLE
ONLY_WEEKS = frame(by=policy(off=["GX-01", "GX-05", "GX-06", "YC-01"]))
HOLED = covered("09-28..10-14", "10-15 00:00>10-15 09:00", "10-17 08:00>11-01 00:00")
FAILED = [visit(f"10-{n} 12:00", Outcome.BLOCKED) for n in (15, 16)]


def test_windows_that_nobody_saw_stand_in_one_row_only() -> None:
    judgement = judged([], NOTHING)
    assert codes(judgement) == "CJ-01 未能核验"
    found = finding(judgement, "CJ-01", UNVERIFIABLE)
    assert found.windows == tuple(sorted(set(found.windows)))
    assert set(found.windows) >= {
        *windows("10-18..10-31"),  # GX-01
        *windows("09-28..10-04 10-05..10-11 10-12..10-18 10-19..10-25"),  # GX-03
        *windows("08-03..10-31"),  # GX-05
        *windows("10-01..10-31"),  # GX-06
    }
    assert (found.category, found.severity, found.clause) == ("未能核验", Severity.UNVERIFIED, "CJ-01的依据")
    assert found.due is None


def test_a_window_that_two_rules_could_not_judge_stands_there_once() -> None:
    within = frame(by=policy({"GX-05": {"days": 14}}))
    found = finding(judged([], NOTHING, within=within), "CJ-01", UNVERIFIABLE)
    assert found.windows.count(windows("10-18..10-31")[0]) == 1


def test_there_is_no_row_where_everything_was_judged() -> None:
    assert "CJ-01" not in codes(judged([], ALWAYS))
    assert "CJ-01" not in codes(judged(posts("2026-08-01..2026-10-31"), NOTHING))
    assert "CJ-01" not in codes(judged([], NOTHING, of=account(opened="11-20")))


def test_proven_windows_and_those_for_a_person_stand_in_rows_of_their_own() -> None:
    known = [*posts("10-19"), undated("09-29 09:00"), backdated("10-06 09:00")]
    judgement = judged(known, covered("09-28..10-04", "10-12..10-18"), within=ONLY_WEEKS)
    assert codes(judgement) == "GX-03 已核实, GX-03 待复核"
    judgement = judged(known[:2], covered("09-28..10-04", "10-12..10-18"), within=ONLY_WEEKS)
    assert codes(judgement) == "GX-03 已核实, GX-03 待复核, CJ-01 未能核验"
    assert finding(judgement, "CJ-01", UNVERIFIABLE).windows == windows("10-05..10-11")


@pytest.mark.parametrize(
    ("coverage", "visits", "sentence"),
    [
        pytest.param(
            HOLED,
            FAILED,
            "10月15日9时至10月17日8时因访问受限未能完整采集，10月12日至10月18日本期不作判定。",
            id="as officials write it",
        ),
        pytest.param(
            HOLED,
            [],
            "10月15日9时至10月17日8时因无采集记录未能完整采集，10月12日至10月18日本期不作判定。",
            id="nobody looked",
        ),
        pytest.param(
            HOLED,
            [*FAILED, visit("10-16 18:00", Outcome.TIMEOUT), visit("10-20 12:00")],
            "10月15日9时至10月17日8时因访问受限、访问超时未能完整采集，10月12日至10月18日本期不作判定。",
            id="two causes, the most frequent first",
        ),
        pytest.param(
            HOLED,
            [visit("10-14 12:00", Outcome.DNS), replace(visit("10-18 12:00"), reach=moment("10-17 12:00"))],
            "10月15日9时至10月17日8时因列表未能回溯未能完整采集，10月12日至10月18日本期不作判定。",
            id="a later list did not reach back",
        ),
        pytest.param(
            HOLED,
            [replace(visit("10-16 12:00"), reach=moment("10-16 11:00"))],
            "10月15日9时至10月17日8时因列表未能回溯未能完整采集，10月12日至10月18日本期不作判定。",
            id="a good visit within it that proved nothing",
        ),
        pytest.param(
            HOLED,
            [visit("10-16 12:00")],
            "10月15日9时至10月17日8时因来源不能证明未更新未能完整采集，10月12日至10月18日本期不作判定。",
            id="a list that can prove nothing",
        ),
        pytest.param(
            covered("09-28..10-14", "10-15 00:00>10-15 09:00"),
            [
                visit("10-14 09:00", proof=span("09-01", "10-14 09:00")),
                visit("10-15 09:00", proof=span("10-10", "10-15 09:00")),
            ],
            "10月15日9时至10月26日0时因无采集记录未能完整采集，10月12日至10月25日本期不作判定。",
            id="nobody looked again after the last good visit",
        ),
        pytest.param(
            HOLED,
            [visit("10-18 12:00", Outcome.TIMEOUT), visit("10-15 09:00", proof=span("09-01", "10-15 09:00"))],
            "10月15日9时至10月17日8时因访问超时未能完整采集，10月12日至10月18日本期不作判定。",
            id="those behind it failed, and could not reach back",
        ),
        pytest.param(
            covered("09-28..10-14", "10-15 09:30>10-31 00:00"),
            [],
            "10月15日0时至10月15日10时因无采集记录未能完整采集，10月12日至10月18日本期不作判定。",
            id="hours are rounded outwards",
        ),
        pytest.param(
            covered("09-28..10-05", "10-07..10-15", "10-17..10-31"),
            [visit("10-06 12:00", Outcome.TIMEOUT), visit("10-16 12:00", Outcome.BLOCKED)],
            "10月6日0时至10月7日0时因访问超时未能完整采集；10月16日0时至10月17日0时因访问受限未能完整采集，"
            "10月5日至10月18日本期不作判定。",
            id="two gaps with a cause each; windows that follow one another are one",
        ),
        pytest.param(
            covered("09-28..10-01", "10-03..10-31"),
            [visit("10-02 12:00", Outcome.STALE_LANE)],
            "10月2日0时至10月3日0时因采集通道停滞未能完整采集，9月28日至10月4日本期不作判定。",
            id="a stale lane",
        ),
    ],
)
def test_the_sentence(coverage: Coverage, visits: list[Visit], sentence: str) -> None:
    found = finding(judged([], coverage, visits=visits, within=ONLY_WEEKS), "CJ-01", UNVERIFIABLE)
    assert found.description == sentence
    assert len(found.causes) == len(found.gaps)


def test_many_gaps_are_counted() -> None:
    seen = covered("09-28", "09-30..10-06", "10-08..10-13", "10-15..10-20", "10-22..10-31")
    found = finding(judged([], seen, within=ONLY_WEEKS), "CJ-01", UNVERIFIABLE)
    assert found.description == (
        "9月29日0时至9月30日0时、10月7日0时至10月8日0时、10月14日0时至10月15日0时等4段因无采集记录未能完整采集，"
        "9月28日至10月25日本期不作判定。"
    )
    assert len(found.gaps) == 4


def test_an_account_without_an_address() -> None:
    found = finding(judged([], NOTHING, of=account(addresses=())), "CJ-01", UNVERIFIABLE)
    assert "因未登记采集地址未能完整采集" in found.description
    visited = judged([], NOTHING, of=account(addresses=()), visits=[visit("10-20 12:00", Outcome.GONE)])
    assert "采集地址失效" in finding(visited, "CJ-01", UNVERIFIABLE).description


def test_the_gaps_are_those_of_the_windows_alone() -> None:
    found = finding(judged([], HOLED, within=ONLY_WEEKS), "CJ-01", UNVERIFIABLE)
    assert found.gaps == (span("10-15 09:00", "10-17 08:00"),)
    assert found.causes == ("无采集记录",)


def test_gaps_end_with_the_time_point() -> None:
    within = frame(at="10-21 09:00", by=ONLY_WEEKS.policy)
    found = finding(judged([], covered("09-28..10-16"), within=within), "CJ-01", UNVERIFIABLE)
    assert found.gaps == (span("10-17", "10-19"),)


def test_a_gap_in_another_year() -> None:
    within = frame("2026-01", by=ONLY_WEEKS.policy)
    found = finding(judged([], covered("2026-01-01..2026-01-31"), within=within), "CJ-01", UNVERIFIABLE)
    assert found.description == (
        "2025年12月29日0时至1月1日0时因无采集记录未能完整采集，2025年12月29日至1月4日本期不作判定。"
    )
