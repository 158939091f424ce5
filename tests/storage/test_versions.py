"""Versions of a month and their stages: counted, carried on, and each stage reached once."""

import pytest

from monitor.findings import Result, Verdict
from monitor.stages import Stage, StageEntry
from storage.database import Database
from storage.inspections import (
    begin_inspection,
    counting_inspections,
    differing_accounts,
    drop_inspection,
    finish_inspection,
    save_judgements,
)
from storage.stages import StagedError, carry_stages, files_of, save_stage, stage_of, stages_of
from storage.versions import latest_alike, lock_month, newest_version, tallies_of, version_of, versions
from tests.storage.test_inspections import FAILED, PASSED, a_finding, a_judgement, an_inspection, run
from tests.storage.values import hour

MONTH = "2026-09"


def entry(stage: Stage = Stage.FINAL, at: float = 10, by: str = "张三") -> StageEntry:
    return StageEntry(stage=stage, by=by, at=hour(at), note="说明")


def test_versions_of_a_month_are_counted_by_its_latest_time_point(database: Database) -> None:
    run(database, an_inspection(at=-5, made=-5), a_judgement())
    run(database, an_inspection(at=0, made=1, as_of=hour(0.5)), a_judgement())
    first = run(database, an_inspection(at=0, made=1), a_judgement("a1", FAILED, a_finding()))
    assert run(database, an_inspection(at=0, made=2), a_judgement("a1", FAILED, a_finding())) == first
    second = run(database, an_inspection(at=0, made=3), a_judgement("a1", PASSED), a_judgement("a2", PASSED))
    run(database, an_inspection(at=0, made=4), a_judgement(), complete=False)
    run(database, an_inspection("2026-08", at=-99, made=-99), a_judgement())
    with database.read() as session:
        assert [(each.number, each.version) for each in versions(session, MONTH)] == [(first, 1), (second, 2)]
        assert [each.month for each in versions(session)] == ["2026-08", MONTH, MONTH]
        assert newest_version(session, MONTH) == version_of(session, second)
        assert latest_alike(session, MONTH, hour(0), None) == newest_version(session, MONTH)
        assert latest_alike(session, MONTH, hour(1), None) is None
        assert newest_version(session, "2026-07") is None
        tallies = tallies_of(session, [first, second])
        assert tallies[first].results == {Result.FAILED: 1}
        assert tallies[first].findings == {Verdict.VERIFIED: 1}
        assert (tallies[second].accounts, tallies[second].findings) == (2, {})
        assert differing_accounts(session, first, second) == 2
        assert differing_accounts(session, first, first) == 0


def test_a_run_that_says_what_an_earlier_version_said_is_a_version_of_its_own(database: Database) -> None:
    one = run(database, an_inspection(made=1), a_judgement("a1", PASSED))
    other = run(database, an_inspection(made=2), a_judgement("a1", FAILED))
    assert len({one, other, run(database, an_inspection(made=3), a_judgement("a1", PASSED))}) == 3


def test_a_correction_stays_apart_from_what_says_the_same(database: Database) -> None:
    one = run(database, an_inspection(made=1), a_judgement())
    with database.begin() as session:
        number = begin_inspection(session, an_inspection(made=2))
        save_judgements(session, number, [a_judgement()], 1)
        assert finish_inspection(session, number, apart=True) == number != one


def test_the_newest_final_version_counts_also_by_a_clock_that_was_ahead(database: Database) -> None:
    one = run(database, an_inspection(made=50), a_judgement("a1", FAILED))
    other = run(database, an_inspection(made=2), a_judgement("a1", PASSED))
    for number, at in ((one, 60), (other, 70)):
        with database.begin() as session:
            lock_month(session, MONTH)
            save_stage(session, number, entry(at=at))
    run(database, an_inspection(made=99), a_judgement("a1", FAILED), a_judgement("a2", FAILED))
    with database.read() as session:
        assert counting_inspections(session, [MONTH]) == [other]
        assert counting_inspections(session, [MONTH], hour(65)) == [one]


def test_a_stage_is_reached_once(database: Database) -> None:
    number = run(database, an_inspection(), a_judgement())
    with database.begin() as session:
        save_stage(session, number, entry())
    with pytest.raises(StagedError, match="已定稿"), database.begin() as session:
        save_stage(session, number, entry(by="李四"))
    with database.read() as session:
        assert stages_of(session, number) == (entry(),)


def test_a_stage_without_files_leaves_those_of_the_stage_before(database: Database) -> None:
    number = run(database, an_inspection(), a_judgement())
    with database.begin() as session:
        save_stage(session, number, entry(Stage.REVIEWING))
        assert files_of(session, number) == (Stage.DRAFT, {})
        save_stage(session, number, entry(Stage.FINAL), {"summary.csv": "12"})
        save_stage(session, number, entry(Stage.PUBLIC))
        assert stage_of(session, number) is Stage.PUBLIC
        assert files_of(session, number) == (Stage.FINAL, {"summary.csv": "12"})


def test_stages_go_on_with_another_version_and_go_with_what_is_dropped(database: Database) -> None:
    one = run(database, an_inspection(made=1), a_judgement("a1", PASSED))
    other = run(database, an_inspection(made=2), a_judgement("a1", FAILED))
    with database.begin() as session:
        save_stage(session, one, entry(Stage.REVIEWING))
        carry_stages(session, one, other)
        assert stages_of(session, other) == (entry(Stage.REVIEWING),)
        drop_inspection(session, other)
        assert stages_of(session, other) == ()
        assert [each.number for each in versions(session, MONTH)] == [one]
