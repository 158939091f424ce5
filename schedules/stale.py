"""Final inspections that rest on something that people changed since: told, and never made again by themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from schedules.inputs import changed
from schedules.office import Office
from schedules.timetable import JobName
from storage.jobs import JobState, begin_job, end_job, job_runs
from storage.versions import newest_version

AGAIN: Final = 12
"""So many months back are inspected where they were missed, or what they rest on changes."""

_JOB: Final = JobName.INSPECT.value


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleFinal:
    """A month whose final inspection rests on something else by now, and why, in Chinese."""

    month: str
    why: str

    def __str__(self) -> str:
        """Return the sentence that the office is told."""
        return (
            f"{self.month} 的检查定稿后{self.why}，没有自动重新检查；"
            f"运行 xunjian inspect {self.month} 可知结果是否不同，"
            f"确需更正，请运行 xunjian inspections correct {self.month}。"
        )


def stale_finals(office: Office) -> tuple[StaleFinal, ...]:
    """Return the final inspections of the last months whose inputs have changed, in order."""
    with office.database.read() as session:
        runs = {key: run for (job, key), run in job_runs(session).items() if job == _JOB and key and run.completed_at}
    return tuple(
        StaleFinal(month=month, why=why)
        for month in sorted(runs)[-AGAIN:]
        if is_final(office, month) and (why := changed(office, month, runs[month].inputs))
    )


def is_final(office: Office, month: str) -> bool:
    """Say whether the newest version of a month's inspection is final."""
    with office.database.read() as session:
        newest = newest_version(session, month)
    return newest is not None and newest.stage.is_final


def keep_inputs(session: Session, month: str, now: datetime, inputs: str) -> None:
    """Note on what a month rests that a person has just brought to its end or judged anew: it is not due any more."""
    begin_job(session, _JOB, month, now)
    end_job(session, _JOB, month, now, JobState.DONE, inputs=inputs)
