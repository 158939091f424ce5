"""The monthly inspection by itself: each month once, and anew where a late file or a person's decision changes it."""

import logging
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from monitor.frame import ONE_DAY
from schedules.aside import same_files, set_aside
from schedules.inputs import changed, deciding, inputs_of
from schedules.inspect import frame_of, inspect_month
from schedules.office import Office
from schedules.stale import AGAIN, StaleFinal, is_final
from schedules.timetable import JobName, due_months
from storage.inspections import versions_of
from storage.jobs import JobState, begin_job, end_job, first_visit, job_runs
from storage.plans import unvisited_since

PATIENCE: Final = timedelta(hours=12)
"""For so long a month that has ended waits for the visits that prove its last days."""

OnStep = Callable[..., None]

_JOB: Final = JobName.INSPECT.value

_log = logging.getLogger(__name__)


def inspect_due(office: Office, now: datetime, started_at: datetime, on_step: OnStep) -> str:
    """Inspect the months that are due, then those that rest on something else by now; return what was done.

    ``started_at`` is since when collection runs: a month waits until every source was visited after its end, or
    PATIENCE has passed. ``on_step`` is called between two steps and may raise to stop; a month that was not finished
    is begun anew next time. A month counts as inspected in the very transaction that completes it.
    """
    done: list[str] = []
    with office.database.read() as session:
        # What was done in the future was done by a clock that was ahead, and perhaps before the month's end.
        runs = {
            key: run
            for (job, key), run in job_runs(session).items()
            if job == _JOB and key and run.completed_at is not None and run.completed_at <= now
        }
        due = due_months(first_visit(session), runs.keys(), now, office.daemon.inspect_at, office.zone)
    for month in due[-AGAIN:]:
        on_step()
        if is_final(office, month):  # a clock that was ahead has dated it in the future
            continue
        if _waits(office, month, now, started_at):
            done.append(f"{month} 等待月末后的采集。")
            break
        done.append(_inspect(office, month, now, None, on_step))
    for month in sorted(runs)[-AGAIN:]:
        on_step()
        if not (why := changed(office, month, runs[month].inputs)):
            continue
        if is_final(office, month):
            done.append(str(StaleFinal(month=month, why=why)))
        elif not deciding(office, month, now):
            done.append(_inspect(office, month, now, why, on_step))
    return "".join(done) or "没有到期的检查。"


def _waits(office: Office, month: str, now: datetime, started_at: datetime) -> bool:
    """Say whether sources are still to be visited after the month's end, and there is time for it."""
    frame = frame_of(office, month, now=now, as_of=None)
    day = frame.period.last + ONE_DAY
    due_at = datetime.combine(day, office.daemon.inspect_at, office.zone)
    if now - max(started_at, due_at) >= PATIENCE:
        return False
    with office.database.read() as session:
        left = unvisited_since(session, frame.time_point, today=now.astimezone(office.zone).date())
    if left:
        _log.info("inspection waits month=%s sources=%s", month, left)
    return left > 0


def _inspect(office: Office, month: str, now: datetime, why: str | None, on_step: OnStep) -> str:
    """Inspect a month; the files of an earlier version are kept beside it."""
    inputs = inputs_of(office, month)
    folder = office.daemon.inspections
    with office.database.begin() as session:
        begin_job(session, _JOB, month, now)
        kept = versions_of(session, month)
    aside = set_aside(folder, month, kept)
    report = inspect_month(
        office,
        month,
        folder,
        now=now,
        as_of=None,
        on_progress=on_step,
        why=why,
        also=partial(_completed, month=month, now=now, inputs=inputs),
    )
    if aside is not None and (not report.is_new or same_files(aside, report.folder)):
        shutil.rmtree(aside, ignore_errors=True)
    again = f"（{why}，结果{'有变化，原版本已另存' if report.is_new else '没有变化'}）" if why else ""
    _log.info("inspection month=%s new=%s folder=%s why=%s", month, report.is_new, report.folder, why or "-")
    return f"{month} 已检查{again}。"


def _completed(session: Session, *, month: str, now: datetime, inputs: str) -> None:
    end_job(session, _JOB, month, now, JobState.DONE, inputs=inputs)
