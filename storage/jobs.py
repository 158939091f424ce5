"""Remember what each job last did and when it is next due, so that a restart neither forgets nor repeats one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from storage.models import visits
from storage.running_models import jobs
from storage.texts import storable

_FIRST = 100  # visits
_YEAR = timedelta(days=366)


class JobState(StrEnum):
    """How the newest run of a job stands; WAITING where it never ran but is known to be due."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """The newest run of a job; ``key`` is the month of an inspection, "" for a job that only recurs. Times are UTC.

    ``completed_at`` and ``inputs`` are those of the newest run that was DONE; ``note`` says in a sentence what came of
    the newest one. A run that is RUNNING while no daemon runs was cut off.
    """

    job: str
    key: str
    started_at: datetime | None
    completed_at: datetime | None
    state: JobState
    note: str
    inputs: str
    next_at: datetime | None


def job_runs(session: Session) -> dict[tuple[str, str], JobRun]:
    """Return the newest run of each job by its name and key, in that order."""
    found: dict[tuple[str, str], JobRun] = {}
    for row in session.execute(select(jobs).order_by(jobs.c.job, jobs.c.key)).mappings():
        values: dict[str, Any] = dict(row)
        state = JobState(values.pop("state"))
        found[values["job"], values["key"]] = JobRun(**values, state=state)
    return found


def begin_job(session: Session, job: str, key: str, at: datetime) -> None:
    """Note that a run of a job begins; what the last completed one left stays known."""
    _note(session, job, key, {"started_at": at, "state": JobState.RUNNING.value, "note": ""})


def end_job(
    session: Session, job: str, key: str, at: datetime, state: JobState, note: str = "", inputs: str = ""
) -> None:
    """Note how a run of a job ended; only DONE makes it a completed one, with the fingerprint of its ``inputs``."""
    values: dict[str, Any] = {"state": state.value, "note": storable(note)}
    if state is JobState.DONE:
        values |= {"completed_at": at, "inputs": inputs}
    _note(session, job, key, values)


def say_next(session: Session, given: Mapping[tuple[str, str], datetime | None]) -> None:
    """Note when jobs, by name and key, are next due (None: not by themselves)."""
    for (job, key), at in sorted(given.items()):
        _note(session, job, key, {"next_at": at})


def first_visit(session: Session) -> datetime | None:
    """Return when the first visit of an account started, None where there was none: since when there is anything.

    Visits are stored nearly in the order in which they start, so the first ones that were stored tell. What lies more
    than a year before the first that proves something was dated by a clock that had lost the date.
    """
    stored = select(visits.c.started_at).where(visits.c.account_id.is_not(None)).order_by(visits.c.visit_id)
    first: list[datetime] = list(session.scalars(stored.limit(_FIRST)))
    proving: list[datetime] = list(session.scalars(stored.where(visits.c.proof_start.is_not(None)).limit(1)))
    return min((each for each in (*first, *proving) if not proving or each > proving[0] - _YEAR), default=None)


def _note(session: Session, job: str, key: str, values: Mapping[str, Any]) -> None:
    ours = (jobs.c.job == job) & (jobs.c.key == key)
    if session.execute(select(jobs.c.job).where(ours)).first() is not None:
        session.execute(update(jobs).where(ours).values(values))
        return
    new = {"started_at": None, "completed_at": None, "state": JobState.WAITING.value, "note": "", "inputs": ""}
    session.execute(insert(jobs), {**new, "next_at": None, "job": job, "key": key, **values})
