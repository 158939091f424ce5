"""Which findings are to be looked at again, what became of them, and how far people have come with an inspection."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from monitor.decisions import Entered
from monitor.findings import Finding, Result, Severity, Verdict, Window
from monitor.rechecking import Duty, Outcome, Recheck, Said
from monitor.stages import Stage, StageEntry
from storage.database import Database
from storage.entered import save_entered, withdraw_entered
from storage.inspections import counting_inspections, failed_months
from storage.rechecks import duties_of, rechecks_between, rechecks_of, save_rechecks, save_rectification
from storage.stages import save_stage, stage_of, stages_of
from tests.storage import test_inspections
from tests.storage.test_inspections import a_judgement, an_inspection, run
from tests.storage.values import ZONE, hour

a_finding = partial(test_inspections.a_finding, posts=())
SEPTEMBER, OCTOBER, NOVEMBER = "2026-09", "2026-10", "2026-11"
DUE, LAST = date(2026, 11, 13), date(2026, 10, 1)
WINDOWS = a_finding().windows


def duty(month: str = SEPTEMBER, code: str = "GX-03", account_id: str = "a1") -> Duty:
    return Duty(
        account_id=account_id, month=month, code=code, category="未达到周更新要求", windows=WINDOWS, since=LAST, due=DUE
    )


def found(outcome: Outcome, of: Duty | None = None) -> Recheck:
    window = Window(date(2026, 11, 14), date(2026, 11, 30))
    return Recheck(duty=of or duty(), outcome=outcome, why="说明", window=window, day=date(2026, 11, 20))


def inspected(database: Database, month: str, *findings: Finding, at: float = 0, made: float = 0) -> int:
    return run(database, an_inspection(month, at=at, made=made), a_judgement("a1", Result.FAILED, *findings))


def duties(database: Database, *months: str, as_of: float | None = None) -> list[Duty]:
    with database.read() as session:
        some = duties_of(session, ["a1", "a2"], months, ZONE, None if as_of is None else hour(as_of))
        return list(some.get("a1", ()))


def recheck(database: Database, number: int, *some: Recheck) -> None:
    with database.begin() as session:
        save_rechecks(session, number, some, 1)


@pytest.mark.parametrize(
    ("finding", "is_due"),
    [
        pytest.param(a_finding(), True, id="proven"),
        pytest.param(a_finding(verdict=Verdict.REVIEW, due=None), False, id="for a person"),
        pytest.param(a_finding(code="CJ-01", verdict=Verdict.UNVERIFIABLE, due=None), False, id="not observed"),
        pytest.param(a_finding(severity=Severity.HINT, due=None), False, id="a hint"),
        pytest.param(a_finding(severity=Severity.VETO), True, id="a veto"),
    ],
)
def test_what_is_to_be_rectified(database: Database, finding: Finding, *, is_due: bool) -> None:
    inspected(database, SEPTEMBER, finding)
    assert duties(database, SEPTEMBER) == ([duty()] if is_due else [])
    assert duties(database, OCTOBER) == []
    assert duties(database) == []
    assert duties(database, SEPTEMBER, as_of=-1) == []


def test_one_duty_a_rule_and_month_in_order(database: Database) -> None:
    inspected(database, OCTOBER, a_finding(code="GX-01", windows=WINDOWS[:1]), a_finding(severity=Severity.VETO))
    inspected(
        database, SEPTEMBER, a_finding(windows=WINDOWS[:1], severity=Severity.VETO), a_finding(windows=WINDOWS[1:])
    )
    some = duties(database, OCTOBER, SEPTEMBER)
    assert [(each.month, each.code, each.windows) for each in some] == [
        (SEPTEMBER, "GX-03", WINDOWS),
        (OCTOBER, "GX-01", WINDOWS[:1]),
        (OCTOBER, "GX-03", WINDOWS),
    ]


def test_the_posts_that_findings_name_come_along(database: Database) -> None:
    named = [a_finding(windows=WINDOWS[:1], posts=("k1",)), a_finding(windows=WINDOWS[1:], posts=("k2", "k3"))]
    inspected(database, SEPTEMBER, *named)
    assert duties(database, SEPTEMBER) == [replace(duty(), posts=("k1", "k2", "k3"))]


def test_what_a_person_entered_and_took_back_is_not_asked_for(database: Database) -> None:
    window = WINDOWS[0]
    entered = Entered(
        number=0, account_id="a1", code="GX-03", severity=Severity.BULLETIN, window=window,
        description="未更新", by="张某", at=hour(1),
    )  # fmt: skip
    with database.begin() as session:
        number = save_entered(session, entered)
    inspected(
        database,
        SEPTEMBER,
        a_finding(windows=WINDOWS[1:]),
        a_finding(windows=(window,), entered=replace(entered, number=number)),
    )
    assert duties(database, SEPTEMBER)[0].windows == (*WINDOWS[1:], window)
    with database.begin() as session:
        assert withdraw_entered(session, number, "张某", hour(5), "录错账号")
    assert duties(database, SEPTEMBER)[0].windows == WINDOWS[1:]
    assert duties(database, SEPTEMBER, as_of=4)[0].windows == (*WINDOWS[1:], window)


def test_what_a_person_entered_is_said_of_the_duty(database: Database) -> None:
    entered = Entered(
        number=0, account_id="a1", code="GX-03", severity=Severity.BULLETIN, window=WINDOWS[0],
        description="未更新", by="张某", at=hour(1),
    )  # fmt: skip
    with database.begin() as session:
        number = save_entered(session, entered)
    by_hand = a_finding(windows=WINDOWS[:1], entered=replace(entered, number=number))
    inspected(database, SEPTEMBER, by_hand, a_finding(windows=WINDOWS[1:], posts=("k1",)))
    assert duties(database, SEPTEMBER) == [replace(duty(), posts=("k1",), entered=True)]


def test_a_word_that_came_too_early_decides_nothing(database: Database) -> None:
    """Neither does it open again what an inspection settled, nor hide what was said in time."""
    inspected(database, SEPTEMBER, a_finding())
    early = Said(outcome=Outcome.NOT_RECTIFIED, day=DUE, by="李某", at=hour(4), note="未见更新")
    good = Said(outcome=Outcome.RECTIFIED, day=date(2026, 11, 10), by="张某", at=hour(9), note="已更新")
    with database.begin() as session:
        save_rectification(session, "a1", SEPTEMBER, "GX-03", early)
    assert duties(database, SEPTEMBER) == [duty()]
    number = inspected(database, OCTOBER)
    recheck(database, number, found(Outcome.RECTIFIED))
    assert duties(database, OCTOBER, SEPTEMBER) == []
    with database.begin() as session:
        save_rectification(session, "a1", SEPTEMBER, "GX-03", good)
        save_rectification(session, "a1", SEPTEMBER, "GX-03", replace(early, at=hour(5)))
    assert duties(database, SEPTEMBER) == [replace(duty(), said=good)]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_an_inspection_has_settled_does_not_come_up_again(database: Database, outcome: Outcome) -> None:
    inspected(database, SEPTEMBER, a_finding())
    recheck(database, inspected(database, OCTOBER), found(outcome))
    assert duties(database, OCTOBER, SEPTEMBER) == ([] if outcome.is_settled else [duty()])
    assert duties(database, SEPTEMBER) == [duty()], "October is made again: what it said itself does not count"


def test_an_inspection_that_does_not_count_settles_nothing(database: Database) -> None:
    inspected(database, SEPTEMBER, a_finding())
    recheck(database, inspected(database, OCTOBER), found(Outcome.RECTIFIED))
    inspected(database, OCTOBER, a_finding(code="GX-01"), made=1)
    assert [(each.month, each.code) for each in duties(database, OCTOBER, SEPTEMBER)] == [
        (SEPTEMBER, "GX-03"),
        (OCTOBER, "GX-01"),
    ]


def test_a_persons_word_comes_along_and_may_come_later(database: Database) -> None:
    inspected(database, SEPTEMBER, a_finding())
    first = Said(outcome=Outcome.NOT_RECTIFIED, day=date(2026, 11, 16), by="李某", at=hour(4), note="未见更新")
    last = replace(first, outcome=Outcome.RECTIFIED, at=hour(6))
    for said in (first, last):
        with database.begin() as session:
            save_rectification(session, "a1", SEPTEMBER, "GX-03", said)
    words = {at: duties(database, SEPTEMBER, as_of=at)[0].said for at in (3, 4, 6)}
    assert words == {3: None, 4: first, 6: last}
    recheck(database, inspected(database, OCTOBER), found(Outcome.NOT_RECTIFIED))
    assert duties(database, OCTOBER, SEPTEMBER) == [replace(duty(), said=last)], "a person has said otherwise since"
    recheck(database, inspected(database, NOVEMBER), found(Outcome.RECTIFIED))
    assert duties(database, NOVEMBER, OCTOBER, SEPTEMBER) == []


def test_what_became_of_findings_comes_back_as_it_was_said(database: Database) -> None:
    some = [found(Outcome.RECTIFIED), replace(found(Outcome.PENDING, duty(code="GX-01")), window=None, day=None)]
    number = inspected(database, OCTOBER)
    recheck(database, number, *some)
    recheck(database, number)
    with database.read() as session:
        assert rechecks_of(session, number) == some
        assert rechecks_of(session, number + 1) == []
        assert rechecks_between(session, ["a1"], [OCTOBER]) == [(OCTOBER, each) for each in some]
        assert rechecks_between(session, ["a2"], [OCTOBER]) == []
        assert rechecks_between(session, ["a1"], [SEPTEMBER]) == []


# --------------------------------------------------------------------------------------------------------- stages


def entry(stage: Stage, at: float = 0) -> StageEntry:
    return StageEntry(stage=stage, by="李某", at=hour(at), note="同意")


def test_the_stages_of_an_inspection(database: Database) -> None:
    number = inspected(database, OCTOBER)
    with database.read() as session:
        assert (stage_of(session, number), stages_of(session, number)) == (Stage.DRAFT, ())
    way = [entry(Stage.REVIEWING, 1), entry(Stage.FINAL, 2), entry(Stage.PUBLIC, 3)]
    for each in (way[1], way[0], way[2]):
        with database.begin() as session:
            save_stage(session, number, each)
    with database.read() as session:
        assert (stage_of(session, number), stages_of(session, number)) == (Stage.PUBLIC, tuple(way))


@pytest.mark.parametrize("stage", [each for each in Stage if each is not Stage.DRAFT])
def test_a_final_inspection_counts_before_later_ones(database: Database, stage: Stage) -> None:
    first = inspected(database, OCTOBER)
    later = run(database, an_inspection(OCTOBER, made=8), a_judgement("a1", Result.PASSED))
    with database.begin() as session:
        save_stage(session, first, entry(stage, 5))
    with database.read() as session:
        assert counting_inspections(session, [OCTOBER]) == [first if stage.is_final else later]
        assert failed_months(session, ["a1"], [OCTOBER]) == ({"a1": (OCTOBER,)} if stage.is_final else {})
        assert counting_inspections(session, [OCTOBER], hour(9)) == [first if stage.is_final else later]
        assert counting_inspections(session, [OCTOBER], hour(4)) == [first]


def test_as_of_then_it_was_not_final_yet(database: Database) -> None:
    first = inspected(database, OCTOBER)
    later = run(database, an_inspection(OCTOBER, made=3), a_judgement("a1", Result.PASSED))
    with database.begin() as session:
        save_stage(session, first, entry(Stage.FINAL, 5))
    with database.read() as session:
        assert counting_inspections(session, [OCTOBER], hour(4)) == [later]
        assert counting_inspections(session, [OCTOBER], hour(5)) == [first]
