from monitor.values import SourceAddress
from storage.database import Database
from storage.jobs import JobRun, JobState, begin_job, end_job, first_visit, job_runs, say_next
from storage.sources import control_source
from storage.visits import save_visit
from tests.storage.values import ZONE, a_visit, hour, register

INSPECT = ("inspect", "2026-10")


def test_a_run_is_known_from_its_begin_to_its_end(database: Database) -> None:
    with database.begin() as session:
        assert job_runs(session) == {}
        begin_job(session, *INSPECT, hour(1))
    with database.read() as session:
        assert job_runs(session) == {
            INSPECT: JobRun(
                job="inspect",
                key="2026-10",
                started_at=hour(1),
                completed_at=None,
                state=JobState.RUNNING,
                note="",
                inputs="",
                next_at=None,
            )
        }
    with database.begin() as session:
        end_job(session, *INSPECT, hour(2), JobState.DONE, "共 3 个账号。", "abc")
        begin_job(session, "backup", "", hour(3))
    with database.read() as session:
        found = job_runs(session)
    assert list(found) == [("backup", ""), INSPECT]
    done = found[INSPECT]
    assert (done.state, done.started_at, done.completed_at) == (JobState.DONE, hour(1), hour(2))
    assert (done.note, done.inputs) == ("共 3 个账号。", "abc")


def test_only_a_run_that_was_done_is_a_completed_one(database: Database) -> None:
    with database.begin() as session:
        begin_job(session, *INSPECT, hour(1))
        end_job(session, *INSPECT, hour(2), JobState.DONE, inputs="first")
        begin_job(session, *INSPECT, hour(3))
        again = job_runs(session)[INSPECT]
        assert (again.state, again.completed_at, again.inputs) == (JobState.RUNNING, hour(2), "first")
        end_job(session, *INSPECT, hour(4), JobState.FAILED, "磁盘\0已满。", "second")
        failed = job_runs(session)[INSPECT]
    assert (failed.state, failed.completed_at, failed.inputs) == (JobState.FAILED, hour(2), "first")
    assert failed.note == "磁盘?已满。"


def test_the_next_run_is_known_of_jobs_that_never_ran_too(database: Database) -> None:
    with database.begin() as session:
        begin_job(session, *INSPECT, hour(1))
        say_next(session, {INSPECT: hour(9), ("weekly", ""): hour(5)})
        found = job_runs(session)
        assert (found[INSPECT].next_at, found[INSPECT].state) == (hour(9), JobState.RUNNING)
        weekly = found["weekly", ""]
        assert (weekly.next_at, weekly.state, weekly.started_at) == (hour(5), JobState.WAITING, None)
        say_next(session, {INSPECT: None})
        assert job_runs(session)[INSPECT].next_at is None


def test_the_first_visit_is_that_of_an_account(database: Database) -> None:
    with database.begin() as session:
        (source,) = register(session)
        control = control_source(session, "bridge", SourceAddress(url="u"))
        assert first_visit(session) is None
        save_visit(session, a_visit(control, hour(1)), ZONE)
        assert first_visit(session) is None
        save_visit(session, a_visit(source, hour(3)), ZONE)
        save_visit(session, a_visit(source, hour(2)), ZONE)
        assert first_visit(session) == hour(2)
