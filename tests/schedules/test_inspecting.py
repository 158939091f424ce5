"""The monthly inspection by itself: once a month, and anew where people change what it rests on."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from console.reference import shipped_notices
from monitor.values import Correction, Originality
from monitor.visits import Outcome
from monitor.workdays import Workdays
from schedules.inspecting import inspect_due
from schedules.office import Office, StoppedError
from schedules.settings import DaemonSettings
from storage.corrections import save_correction
from storage.errors import StorageError
from storage.inspections import COMPLETE, versions_of
from storage.jobs import JobState, begin_job, end_job, job_runs
from storage.models import inspections, visits
from tests.monitor.builders import moment
from tests.schedules.offices import an_account, an_item, bytes_of, daily, register, seen

LONG_AGO = moment("09-01 00:00")


@pytest.fixture
def october(office: Office, tmp_path: Path) -> Office:
    made = replace(office, daemon=DaemonSettings(inspections=tmp_path / "inspections"))
    register(made, an_account("a1", main=True), an_account("a2"))
    for account in ("a1", "a2"):
        seen(made, account, "10-01 08:00", *daily("09-01", "09-30"), proves="09-01 00:00")
        seen(made, account, "11-01 08:00", *daily("10-01", "10-19"), *daily("10-21", "10-31"), proves="10-01 00:00")
    return made


def due(office: Office, at: str, *, started_at: datetime = LONG_AGO) -> str:
    return inspect_due(office, moment(at), started_at, lambda *_: None)


def complete(office: Office) -> list[str]:
    with office.database.read() as session:
        rows = session.execute(
            select(inspections.c.month, inspections.c.why)
            .where(inspections.c.state == COMPLETE)
            .order_by(inspections.c.id)
        )
        return [f"{month} {why}" if why else month for month, why in rows]


def test_a_month_is_inspected_once(october: Office) -> None:
    # The first visit was made on 1 October: September was over and nobody had looked.
    assert due(october, "11-01 08:59") == "没有到期的检查。"
    assert due(october, "11-01 09:00") == "2026-10 已检查。"
    assert due(october, "11-01 10:00") == "没有到期的检查。"
    assert complete(october) == ["2026-10"]
    folder = october.daemon.inspections / "2026-10"
    assert {"findings.csv", "inspection.json", "posts.csv", "summary.csv"} <= bytes_of(folder).keys()


def test_the_job_itself_is_no_month(october: Office) -> None:
    with october.database.begin() as session:
        begin_job(session, "inspect", "", moment("11-01 08:00"))
        end_job(session, "inspect", "", moment("11-01 08:00"), JobState.DONE)
    assert due(october, "11-01 09:00") == "2026-10 已检查。"


def test_after_a_long_time_off_every_month_that_was_missed_is_inspected_once(october: Office) -> None:
    for account in ("a1", "a2"):
        seen(october, account, "2027-01-05 08:00", proves="12-01 00:00")
    said = due(october, "2027-01-05 12:00")
    assert said == "2026-10 已检查。2026-11 已检查。2026-12 已检查。"
    assert due(october, "2027-01-05 13:00") == "没有到期的检查。"
    assert complete(october) == ["2026-10", "2026-11", "2026-12"]


def test_a_month_waits_for_the_visits_that_prove_its_last_days(october: Office) -> None:
    register(october, an_account("a3"))
    seen(october, "a3", "10-31 23:00", *daily("10-01", "10-31"), proves="10-01 00:00")
    assert due(october, "11-01 09:00") == "2026-10 等待月末后的采集。"
    assert complete(october) == []
    seen(october, "a3", "11-01 09:30", proves="10-20 00:00")
    assert due(october, "11-01 10:00") == "2026-10 已检查。"


@pytest.mark.parametrize(
    ("at", "started", "waits"),
    [
        pytest.param("11-01 20:59", "09-01 00:00", True, id="half a day has not passed"),
        pytest.param("11-01 21:00", "09-01 00:00", False, id="half a day after its hour"),
        pytest.param("11-02 23:00", "11-02 12:00", True, id="it was down: half a day from its start"),
        pytest.param("11-03 00:00", "11-02 12:00", False, id="half a day after its start"),
    ],
)
def test_a_source_that_nobody_can_visit_keeps_a_month_waiting_for_half_a_day(
    october: Office, at: str, started: str, waits: bool
) -> None:
    register(october, an_account("never"))
    assert due(october, at, started_at=moment(started)).endswith("等待月末后的采集。") is waits


def test_a_month_that_ends_while_we_are_offline_waits_until_we_are_back(october: Office) -> None:
    register(october, an_account("a3"))
    seen(october, "a3", "10-31 20:00", *daily("10-01", "10-31"), proves="10-01 00:00")
    seen(october, "a3", "11-01 02:00", outcome=Outcome.LOCAL_OUTAGE)
    assert due(october, "11-01 09:00") == "2026-10 等待月末后的采集。"
    seen(october, "a3", "11-01 09:30", proves="10-20 00:00")
    assert due(october, "11-01 10:00") == "2026-10 已检查。"


def test_what_a_clock_that_was_ahead_has_inspected_is_inspected_again(october: Office) -> None:
    early = moment("10-31 10:00")
    with october.database.begin() as session:  # the clock said 1 November, 10:00
        begin_job(session, "inspect", "2026-10", early + timedelta(days=1))
        end_job(session, "inspect", "2026-10", early + timedelta(days=1), JobState.DONE)
    assert due(october, "10-31 12:00") == "没有到期的检查。"
    assert due(october, "11-01 09:00") == "2026-10 已检查。"


def test_one_visit_of_a_clock_that_had_lost_the_date_makes_no_months(october: Office) -> None:
    with october.database.begin() as session:
        session.execute(visits.delete())
    for at, proves in (("2009-01-01 08:00", None), ("10-31 08:00", "10-01 00:00"), ("11-01 08:00", "10-20 00:00")):
        for account in ("a1", "a2"):
            seen(october, account, at, proves=proves)
    assert due(october, "11-01 09:00") == "2026-10 已检查。"


def test_no_more_than_a_year_is_inspected_at_once(october: Office) -> None:
    with october.database.begin() as session:
        session.execute(visits.delete())
    for account in ("a1", "a2"):
        seen(october, account, "2024-01-05 08:00", proves="2024-01-01 00:00")
        seen(october, account, "11-01 08:00", proves="10-20 00:00")
    assert due(october, "11-01 09:00").count("已检查") == 12


def test_a_late_workday_file_gives_a_new_version_and_keeps_the_old(october: Office) -> None:
    due(october, "11-01 09:00")
    old = bytes_of(october.daemon.inspections / "2026-10")
    without = [each for each in shipped_notices() if each.year != 2026]  # 20 October is a Tuesday, and provisional then
    changed = replace(october, workdays=Workdays(without))
    assert due(changed, "11-05 09:00") == "2026-10 已检查（放假安排有变，结果有变化，原版本已另存）。"
    assert bytes_of(october.daemon.inspections / "versions" / "2026-10-1") == old
    assert bytes_of(october.daemon.inspections / "2026-10") != old
    assert complete(october) == ["2026-10", "2026-10 放假安排有变"]
    assert due(changed, "11-05 10:00") == "没有到期的检查。"


def test_a_version_that_the_database_does_not_know_of_takes_no_earlier_one_away(october: Office) -> None:
    due(october, "11-01 09:00")
    first = bytes_of(october.daemon.inspections / "2026-10")
    decide(october, "a1", "p1015", "11-03 10:00")
    with october.database.begin() as session:  # as a full disk would: the files are in place, and the row is refused
        refusing = "CREATE TRIGGER full BEFORE UPDATE OF completed_at ON jobs BEGIN SELECT RAISE(ABORT, 'full'); END"
        session.connection().exec_driver_sql(refusing)
    with pytest.raises(StorageError):
        due(october, "11-03 11:00")
    with october.database.begin() as session:
        session.connection().exec_driver_sql("DROP TRIGGER full")
    assert due(october, "11-03 12:00") == "2026-10 已检查（人工判定有变，结果有变化，原版本已另存）。"
    assert bytes_of(october.daemon.inspections / "versions" / "2026-10-1") == first


def test_a_decision_on_a_post_of_the_month_gives_a_new_version(october: Office) -> None:
    due(october, "11-01 09:00")
    decide(october, "a1", "p1015", "11-03 10:00")
    assert due(october, "11-03 11:00") == "2026-10 已检查（人工判定有变，结果有变化，原版本已另存）。"
    assert due(october, "11-03 12:00") == "没有到期的检查。"
    with october.database.read() as session:
        assert versions_of(session, "2026-10") == 2


def test_what_changes_nothing_makes_no_version(october: Office) -> None:
    due(october, "11-01 09:00")
    seen(october, "a1", "11-02 08:00", an_item("late", "11-02 07:00"), proves="10-30 00:00")
    decide(october, "a1", "late", "11-03 10:00")  # a post of November
    assert due(october, "11-03 11:00") == "没有到期的检查。"
    decide(october, "a1", "p0915", "11-03 10:00")  # September's posts reach into October's windows; this one does not
    assert due(october, "11-03 12:00") == "2026-10 已检查（人工判定有变，结果没有变化）。"
    assert not (october.daemon.inspections / "versions" / "2026-10-1").exists()
    assert complete(october) == ["2026-10"]


def test_a_month_that_is_stopped_on_the_way_is_inspected_anew(october: Office) -> None:
    def stop(*_: object) -> None:
        raise StoppedError("停止")

    with pytest.raises(StoppedError):
        inspect_due(october, moment("11-01 09:00"), LONG_AGO, stop)
    assert complete(october) == []
    assert not (october.daemon.inspections / "2026-10").exists()
    assert due(october, "11-01 09:30") == "2026-10 已检查。"


def test_a_first_run_that_was_killed_leaves_no_version_behind(october: Office) -> None:
    (october.daemon.inspections / "2026-10").mkdir(parents=True)
    assert due(october, "11-01 09:00") == "2026-10 已检查。"
    assert not (october.daemon.inspections / "versions").exists()


def test_what_a_person_has_inspected_by_hand_is_set_aside(october: Office) -> None:
    folder = october.daemon.inspections / "2026-10"
    folder.mkdir(parents=True)
    (folder / "summary.csv").write_text("by hand")
    due(october, "11-01 09:00")
    assert bytes_of(october.daemon.inspections / "versions" / "2026-10-0") == {"summary.csv": b"by hand"}


def test_a_month_that_fails_is_tried_again(october: Office) -> None:
    october.daemon.inspections.write_text("在路上的文件")
    with pytest.raises(Exception, match="检查结果"):
        due(october, "11-01 09:00")
    with october.database.read() as session:
        assert job_runs(session)["inspect", "2026-10"].state is JobState.RUNNING
    october.daemon.inspections.unlink()
    assert due(october, "11-01 10:00") == "2026-10 已检查。"
    with october.database.read() as session:
        assert job_runs(session)["inspect", "2026-10"].completed_at == moment("11-01 10:00")


def decide(office: Office, account_id: str, key: str, at: str) -> None:
    correction = Correction(originality=Originality.REPOST, by="张三", why="核对原文", at=moment(at) + timedelta(0))
    with office.database.begin() as session:
        save_correction(session, account_id, key, correction)
