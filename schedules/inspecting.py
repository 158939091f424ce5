"""The monthly inspection by itself: each month once, and anew where a late file or a person's decision changes it."""

import filecmp
import hashlib
import json
import logging
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from monitor.frame import ONE_DAY, month_of
from schedules.counting import read_month
from schedules.inspect import frame_of, inspect_month
from schedules.office import Office
from schedules.timetable import JobName, due_months
from storage.corrections import decisions_between
from storage.inspections import versions_of
from storage.jobs import JobState, begin_job, end_job, first_visit, job_runs
from storage.plans import unvisited_since

PATIENCE: Final = timedelta(hours=12)
"""For so long a month that has ended waits for the visits that prove its last days."""

LOOK_BACK: Final = timedelta(days=100)
"""So far before a month its windows reach (GX-05 counts 90 days)."""

SETTLED: Final = timedelta(minutes=30)
"""A decision is followed by others, until none was made for so long."""

AGAIN: Final = 12
"""So many months back are inspected where they were missed, or what they rest on changes."""

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
        if _waits(office, month, now, started_at):
            done.append(f"{month} 等待月末后的采集。")
            break
        done.append(_inspect(office, month, now, None, on_step))
    for month in sorted(runs)[-AGAIN:]:
        on_step()
        if why := _changed(office, month, now, runs[month].inputs):
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
    inputs = "\n".join(_inputs(office, month, now).values())
    folder = office.daemon.inspections
    with office.database.begin() as session:
        begin_job(session, _JOB, month, now)
        kept = versions_of(session, month)
    aside = _set_aside(folder, month, kept)
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
    if aside is not None and (not report.is_new or _same_files(aside, report.folder)):
        shutil.rmtree(aside, ignore_errors=True)
    again = f"（{why}，结果{'有变化，原版本已另存' if report.is_new else '没有变化'}）" if why else ""
    _log.info("inspection month=%s new=%s folder=%s why=%s", month, report.is_new, report.folder, why or "-")
    return f"{month} 已检查{again}。"


def _completed(session: Session, *, month: str, now: datetime, inputs: str) -> None:
    end_job(session, _JOB, month, now, JobState.DONE, inputs=inputs)


def _set_aside(folder: Path, month: str, number: int) -> Path | None:
    """Copy the files of a month's newest version to ``versions/MONTH-N``, whole or not at all; None: there are none.

    Files of which the database knows nothing, of a person's own inspection, are set aside as version 0.

    A copy that is there was made by a run that did not come to its end. It is whole, and stays: that run may have put
    its files in place already, which the database does not know.
    """
    files = folder / month
    target = folder / "versions" / f"{month}-{number}"
    if target.is_dir():
        return target
    if not files.is_dir() or not any(files.iterdir()):  # empty, where a first run was killed
        return None
    partial_copy = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial_copy, ignore_errors=True)
    shutil.copytree(files, partial_copy)
    partial_copy.rename(target)
    return target


def _same_files(one: Path, other: Path) -> bool:
    names = [sorted(file.name for file in folder.iterdir()) for folder in (one, other)]
    return names[0] == names[1] and not filecmp.cmpfiles(one, other, names[0], shallow=False)[1]


def _changed(office: Office, month: str, now: datetime, inputs: str) -> str:
    """Return why a month is to be inspected anew, "" where it rests on what it did."""
    before = dict(zip(_REASONS, inputs.split("\n"), strict=False))
    if _deciding(office, month, now):
        return ""
    return "、".join(_REASONS[name] for name, value in _inputs(office, month, now).items() if before.get(name) != value)


def _deciding(office: Office, month: str, now: datetime) -> bool:
    """Say whether somebody is just deciding on posts of the month: one version is made of all of that."""
    frame = frame_of(office, month, now=now, as_of=None)
    with office.database.read() as session:
        decisions = decisions_between(session, frame.start(frame.period.first - LOOK_BACK), frame.time_point)
    return any(timedelta(0) <= now - at < SETTLED for _, _, at in decisions)


_REASONS: Final = {"workdays": "放假安排有变", "decisions": "人工判定有变"}


def _inputs(office: Office, month: str, now: datetime) -> dict[str, str]:
    """Return fingerprints of what a month's inspection rests on and people may change later."""
    frame = frame_of(office, month, now=now, as_of=None)
    first, last = frame.period.first - LOOK_BACK, month_of(read_month(month).last + ONE_DAY).last
    days = office.workdays.between(first, last)
    with office.database.read() as session:
        decisions = decisions_between(session, frame.start(first), frame.time_point)
    return {
        "workdays": _print([str(day) for day in days], [str(year) for year in office.workdays.missing(first, last)]),
        "decisions": _print(*decisions),
    }


def _print(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, default=str).encode()).hexdigest()
