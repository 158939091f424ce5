"""What a finding rests on: the visits that prove it, as few as are needed, or those that failed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.decisions import Entered
from monitor.evidence import covering, evidence_of, proof_of
from monitor.findings import Severity, Verdict
from monitor.rules.cj01 import looked_in_vain
from monitor.spans import Span, contains, union
from monitor.visits import Outcome, Visit
from tests.monitor.builders import account, covered, finding, frame, judged, moment, policy, posts, span, visit, window

WEEK = span("10-12", "10-19")
ONLY_WEEKS = frame(by=policy(off=["GX-01", "GX-05", "GX-06", "YC-01"]))


def good(at: str, since: str, number: int = 0) -> Visit:
    return visit(at, proof=span(since, at), visit_id=number)


def numbers(visits: tuple[Visit, ...]) -> list[int | None]:
    return [each.visit_id for each in visits]


@pytest.mark.parametrize(
    ("visits", "chosen"),
    [
        pytest.param([good("10-20", "10-10", 1)], [1], id="one that holds it all"),
        pytest.param([good("10-15", "10-10", 1), good("10-20", "10-14", 2)], [1, 2], id="two that overlap"),
        pytest.param([good("10-20", "10-14", 2), good("10-15", "10-10", 1)], [1, 2], id="in any order"),
        pytest.param(
            [
                good("10-13", "10-10", 1),
                good("10-14", "10-10", 2),
                good("10-16", "10-11", 3),
                good("10-20", "10-15", 4),
            ],
            [3, 4],
            id="the fewest",
        ),
        pytest.param([good("10-14", "10-10", 1), good("10-20", "10-15", 2)], [1], id="as far as there is no gap"),
        pytest.param([good("10-20", "10-13", 1)], [], id="none holds its start"),
        pytest.param([visit("10-20")], [], id="none proves anything"),
        pytest.param([], [], id="no visits"),
    ],
)
def test_covering(visits: list[Visit], chosen: list[int]) -> None:
    assert numbers(covering(visits, WEEK)) == chosen


def test_the_first_visits_that_proved_it_are_its_proof() -> None:
    visits = [good("10-15", "10-10", 1), good("10-20", "10-14", 2), good("10-25", "10-01", 3)]
    assert numbers(proof_of(visits, [WEEK])) == [1, 2]
    assert numbers(proof_of(visits[::-1], [WEEK])) == [1, 2]
    assert numbers(proof_of(visits, [WEEK, span("10-02", "10-03")])) == [3]
    assert numbers(proof_of(visits, [span("09-01", "09-02")])) == []


def test_the_evidence_of_a_proven_finding() -> None:
    visits = [good("10-15", "09-01", 1), good("10-20 08:00", "10-14", 2), good("10-25", "10-19", 3)]
    seen = union(each.proof for each in visits if each.proof is not None)
    judgement = judged(posts("09-28..10-11 10-19..10-31"), seen, within=ONLY_WEEKS)
    evidence = evidence_of(finding(judgement, "GX-03"), ONLY_WEEKS, seen, visits)
    assert evidence.spans == (WEEK,)
    assert numbers(evidence.visits) == [1, 2]
    assert evidence.found_at == visits[1].ended_at


def test_the_evidence_of_what_was_not_seen() -> None:
    seen = covered("09-28..10-14", "10-16..10-31")
    blocked = [visit(f"10-15 {hour}:00", Outcome.BLOCKED, visit_id=hour) for hour in (12, 10)]
    elsewhere = [visit("10-12 12:00", Outcome.DNS, visit_id=1), visit("10-20 12:00", visit_id=2)]
    judgement = judged([], seen, visits=[*blocked, *elsewhere], within=ONLY_WEEKS)
    evidence = evidence_of(finding(judgement, "CJ-01", Verdict.UNVERIFIABLE), ONLY_WEEKS, seen, [*blocked, *elsewhere])
    assert numbers(evidence.visits) == [10, 12]
    assert evidence.found_at == blocked[0].ended_at
    assert evidence.spans == (span("10-12", "10-15"), span("10-16", "10-19"))


def test_the_evidence_where_nobody_looked() -> None:
    judgement = judged([], within=ONLY_WEEKS)
    evidence = evidence_of(finding(judgement, "CJ-01", Verdict.UNVERIFIABLE), ONLY_WEEKS, (), [])
    assert (evidence.spans, evidence.visits, evidence.found_at) == ((), (), None)


def test_the_evidence_of_what_a_person_must_look_at_may_be_without_visits() -> None:
    seen = covered("10-12..10-18")
    judgement = judged([], seen, within=ONLY_WEEKS)
    evidence = evidence_of(finding(judgement, "GX-03"), ONLY_WEEKS, seen, [])
    assert (evidence.spans, evidence.visits, evidence.found_at) == ((WEEK,), (), None)


@pytest.mark.parametrize(
    ("visits", "shown"),
    [
        pytest.param([visit("10-15 12:00", Outcome.DNS, visit_id=1)], [1], id="one that failed in it"),
        pytest.param([visit("10-14 12:00", Outcome.DNS, visit_id=1)], [], id="one that failed before it"),
        pytest.param([visit("10-18", visit_id=2), visit("10-17", visit_id=1)], [1], id="the first good one behind it"),
        pytest.param([visit("10-14 12:00", visit_id=1)], [], id="a good one before it"),
    ],
)
def test_looked_in_vain(visits: list[Visit], shown: list[int]) -> None:
    assert numbers(looked_in_vain(visits, span("10-15", "10-16"))) == shown


HOURS = st.integers(0, 24 * 9)


@given(st.lists(st.tuples(HOURS, HOURS), max_size=12))
def test_the_proof_covers_what_coverage_covers(pairs: list[tuple[int, int]]) -> None:
    start = moment("10-10")
    visits = [
        visit(
            start + timedelta(hours=max(pair)),
            proof=Span(start + timedelta(hours=min(pair)), start + timedelta(hours=max(pair))),
        )
        for pair in pairs
        if pair[0] != pair[1]
    ]
    seen = union(each.proof for each in visits if each.proof is not None)
    chosen = union(each.proof for each in proof_of(visits, [WEEK]) if each.proof is not None)
    assert contains(chosen, WEEK) is contains(seen, WEEK)
    some = covering(visits, WEEK)
    assert len(set(map(id, some))) == len(some)


def test_what_the_registry_says_rests_on_no_visit() -> None:
    closed = account(closing_notice="2026-10-09", closed="2026-10-15")
    found = finding(judged([], [], of=closed), "ZH-05")
    proof = evidence_of(found, frame(), covered("10-01..10-31"), [good("10-20", "10-10", 1)])
    assert (proof.spans, proof.visits, proof.found_at) == ((), (), None)


def test_what_a_person_entered_rests_on_no_visit() -> None:
    said = Entered(
        number=1,
        account_id="gx-01",
        code="HD-01",
        severity=Severity.VETO,
        window=window("10-12"),
        description="留言功能不能使用。",
        by="王某",
        at=moment("11-02 09:00"),
    )
    found = finding(judged(posts("10-01..10-31"), covered("09-01..10-31"), entered=[said]), "HD-01")
    proof = evidence_of(found, frame(), covered("10-01..10-31"), [good("10-20", "10-10", 1)])
    assert (proof.spans, proof.visits, proof.found_at) == ((), (), said.at)
