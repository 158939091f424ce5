"""A draft of a month's inspection: the same data give the same version, other data the next one."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from monitor.stages import Stage, StageEntry
from reports.folder import Folder
from reports.parts import Head
from schedules.finals import keep_final_files, said_by
from schedules.inspection_run import HeadError, InspectionReport, Run, perform
from schedules.office import RequestError
from storage.inspections import finish_inspection
from storage.stages import carry_stages, save_stage
from storage.versions import Version, latest_alike, newest_version, version_of, versions

ATTEMPTS = 4
"""A draft is written anew where it proves to be another version than its files say: once, unless others write too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is wanted of a draft: why it is made (None: it needs no reason), what is done with it in one transaction.

    ``is_news`` says that it will differ from the draft before. ``opened`` says who corrects a final version: the draft
    is then one of its own, whatever it says.
    """

    also: Callable[[Session], None]
    why: str | None = None
    is_news: bool = False
    opened: StageEntry | None = None


def write_draft(run: Run, wanted: Draft) -> InspectionReport:
    """Judge the month as a draft, store it where it says something new, and write its files.

    The files of a final version that it would replace are set aside first. Raises RequestError where the month has
    become final in the meantime.
    """
    keep_final_files(run)
    with run.office.database.read() as session:
        before = latest_alike(session, run.month, run.frame.time_point, run.as_of)
        following = _following(session, run, wanted, before)
    # Told apart only when all is judged; what somebody gives a reason for is expected to be new.
    news = wanted.is_news or wanted.opened is not None or wanted.why is not None
    head = following if news or before is None else run.head(before.version, before.stage, before.why)
    for _ in range(ATTEMPTS):
        try:
            return perform(run, head, _settling(run, wanted, head))
        except HeadError as error:
            head = error.head
    raise RequestError(f"{run.month} 的检查正被他人同时写入，本次没有改动任何内容；请稍后重试。")


def _settling(run: Run, wanted: Draft, head: Head) -> Callable[[Session, int, Folder], int]:
    """Return what completes a draft whose files are headed by ``head``."""

    def settle(session: Session, number: int, folder: Folder) -> int:
        _refuse_final(session, run, wanted)
        before = latest_alike(session, run.month, run.frame.time_point, run.as_of)
        right = _following(session, run, wanted, before)
        kept = finish_inspection(session, number, apart=wanted.opened is not None)
        if kept != number:
            found = version_of(session, kept)
            right = run.head(found.version, found.stage, found.why)
        elif wanted.opened is not None:
            save_stage(session, number, wanted.opened)
        elif before is not None and _goes_on(run, before):
            carry_stages(session, before.number, number)
        if (right.version, right.stage, right.why) != (head.version, head.stage, head.why):
            raise HeadError(right)
        wanted.also(session)
        folder.commit()
        return kept

    return settle


def _following(session: Session, run: Run, wanted: Draft, before: Version | None) -> Head:
    """Return the head of the version that would follow ``before``.

    A review that has begun goes on with it, and so does a correction with its reason.
    """
    version = 1 if before is None else before.version + 1
    if wanted.opened is not None or before is None or not _goes_on(run, before):
        return run.head(version, Stage.DRAFT, wanted.why or "")
    corrects = any(each.stage.is_final for each in versions(session, run.month))
    return run.head(version, before.stage, before.why if corrects else wanted.why or "")


def _goes_on(run: Run, before: Version) -> bool:
    return run.as_of is None and not before.stage.is_final


def _refuse_final(session: Session, run: Run, wanted: Draft) -> None:
    """Raise RequestError where somebody has made the month final meanwhile, or begun to correct it."""
    newest = newest_version(session, run.month)
    if run.as_of is not None or newest is None:
        return
    if newest.stage.is_final and wanted.opened is None:
        raise RequestError(f"{run.month} 的检查刚刚{said_by(run.office, newest)}，本次没有改动任何内容。")
    if wanted.opened is not None and not newest.stage.is_final:
        raise RequestError(
            f"{run.month} 的更正刚刚已由他人开始，本次没有改动任何内容；请运行 xunjian inspections show。"
        )
