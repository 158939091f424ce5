"""The monthly full-coverage inspection (月度全覆盖检查): judge every account and write the files."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from reports.bulletin import Bulletin
from reports.csv_parts import Findings, JsonRecord, Posts, Rechecks, Summary
from reports.folder import Folder
from reports.parts import Head, Part
from reports.public import PublicCsv
from reports.public_page import PublicPage
from reports.workbook import Workbook
from schedules.drafting import Draft, write_draft
from schedules.finals import confirm_final
from schedules.inspection_run import ROWS_SHOWN, InspectionReport, ResultRow, Run, frame_of
from schedules.office import Office
from storage.versions import newest_version

__all__ = [
    "ROWS_SHOWN",
    "InspectionReport",
    "ResultRow",
    "frame_of",
    "inspect_month",
    "nothing_else",
    "parts_of",
    "run_of",
]


def nothing_else(_: Session) -> None:
    """Do nothing besides."""


def inspect_month(
    office: Office,
    month: str,
    out: Path,
    *,
    now: datetime,
    as_of: datetime | None,
    on_progress: Callable[[int, int], None],
    why: str | None = None,
    also: Callable[[Session], None] = nothing_else,
) -> InspectionReport:
    """Inspect every account of the registry for ``month`` (``2026-10``) and write ``out/month/``.

    The time point is the end of the month, or ``as_of`` or now where that is earlier; the same data give the same
    bytes. ``why`` says why a month is inspected again; ``also`` is done in the transaction that completes it.
    Raises RequestError for a month that has not begun, and for one that is final and would say something else now;
    ReportError or StorageError where nothing could be written. The files of an earlier run then stay as they were.
    """
    run = run_of(office, month, out, now=now, as_of=as_of, on_progress=on_progress)
    with office.database.read() as session:
        newest = newest_version(session, run.month)
    if as_of is None and newest is not None and newest.stage.is_final:
        return confirm_final(run, newest, also)
    return write_draft(run, Draft(also=also, why=why))


def run_of(
    office: Office,
    month: str,
    out: Path,
    *,
    now: datetime,
    as_of: datetime | None,
    on_progress: Callable[[int, int], None],
) -> Run:
    """Return a run for ``month``; RequestError where it has not begun."""
    frame = frame_of(office, month, now=now, as_of=as_of)
    return Run(office=office, frame=frame, out=out, now=now, as_of=as_of, on_progress=on_progress, parts=parts_of)


def parts_of(folder: Folder, head: Head) -> tuple[Part, ...]:
    """Return the files of an inspection, in the order in which they are named."""
    return (
        Summary(folder),
        Findings(folder),
        Posts(folder),
        Rechecks(folder),
        JsonRecord(folder, head),
        PublicCsv(folder, head),
        PublicPage(folder, head),
        Workbook(folder, head),
        Bulletin(folder, head),
    )
