"""One run of a month's inspection: judge every account, store it, write its files aside, and complete it at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from monitor.findings import Judgement, Result
from monitor.frame import Frame
from monitor.stages import Stage
from monitor.values import Account
from reports.docx_template import read_template
from reports.folder import Folder
from reports.parts import Head, Part
from schedules.counting import months_before, read_month
from schedules.inspection_rows import RowWriter, save_slice
from schedules.observe import judge_in_slices
from schedules.office import Office, RequestError
from storage.accounts import account_ids
from storage.inspections import Inspection, begin_inspection, drop_inspection
from storage.stages import StagedError
from storage.versions import lock_month, versions

ROWS_SHOWN = 200
"""A report carries no more rows for the terminal than this; summary.csv has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One account as it is shown on a terminal."""

    account: Account
    result: Result
    published: int
    original: int
    coverage_share: float
    problems: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionReport:
    """What an inspection gave: where its files are, how many accounts had which result, and what to know about it.

    ``is_new`` says that no earlier run of the month gave the very same; ``version`` and ``stage`` are those of the
    inspection that is kept.
    """

    folder: Path
    files: tuple[Path, ...]
    counts: Mapping[Result, int]
    rows: tuple[ResultRow, ...]
    notes: tuple[str, ...]
    frame: Frame
    is_new: bool = True
    version: int = 1
    stage: Stage = Stage.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run is given; ``parts`` are the files of an inspection, given the folder and what they are headed by."""

    office: Office
    frame: Frame
    out: Path
    now: datetime
    as_of: datetime | None
    on_progress: Callable[[int, int], None]
    parts: Callable[[Folder, Head], tuple[Part, ...]]

    @property
    def month(self) -> str:
        """The month, as ``2026-10``."""
        return f"{self.frame.period.first:%Y-%m}"

    @property
    def folder(self) -> Path:
        """Where the month's files are."""
        return self.out / self.month

    def head(self, version: int, stage: Stage, why: str) -> Head:
        """Return what the files are headed by."""
        return Head(
            frame=self.frame,
            office=self.office.name,
            month=self.month,
            stage=stage,
            version=version,
            why=why,
            as_of=self.as_of,
            bulletin=self.office.bulletin,
        )


class UndoneError(Exception):
    """Nothing that a person is told as it is: the run is undone, and goes on in another way."""


class HeadError(UndoneError):
    """The files were written for another version or stage than the inspection proved to be; ``head`` is the right one.

    Which version a run is can be told only when everything is judged, and the files say it at their beginning.
    """

    def __init__(self, head: Head) -> None:
        """Keep the head for which they are to be written."""
        self.head = head
        super().__init__(f"version={head.version} stage={head.stage}")


Settle = Callable[[Session, int, Folder], int]
"""What completes a run of this number in one transaction, and puts its files in place last.

It returns the number of the inspection that is kept. What it raises undoes the run: nothing of it stays.
"""


def perform(run: Run, head: Head, settle: Settle) -> InspectionReport:
    """Judge every account for the files headed by ``head``, and complete it by ``settle``.

    Raises what ``settle`` raises, ReportError or StorageError; nothing is then stored and no file is changed.
    """
    read_template(run.office.bulletin.template)  # what is wrong with it is told before anything is written
    inspection = Inspection(
        month=run.month,
        time_point=run.frame.time_point,
        as_of=run.as_of,
        made_at=run.now,
        policy=policy_name(run.frame),
        why=head.why or None,
    )
    with run.office.database.begin() as session:
        number = begin_inspection(session, inspection)
    try:
        return _performed(run, head, number, settle)
    except (RequestError, StagedError, UndoneError):
        with run.office.database.begin() as session:
            drop_inspection(session, number)
        raise


def _performed(run: Run, head: Head, number: int, settle: Settle) -> InspectionReport:
    office, frame = run.office, run.frame
    months = months_before(frame.period.first, office.policy.counter_months)
    with office.database.read() as session:
        total = len(account_ids(session))
        earlier = [each for each in versions(session, run.month) if each.version < head.version]
    head = replace(head, corrects=run.as_of is None and any(each.stage.is_final for each in earlier))
    counts: Counter[Result] = Counter()
    shown: list[ResultRow] = []
    with Folder(run.folder, run.now) as folder:
        writer = RowWriter(run.parts(folder, head), frame)
        for examined in judge_in_slices(office.database, frame, run.as_of, months):
            save_slice(office, number, examined, writer.findings, writer.rechecks)
            writer.write(examined)
            counts.update(each.judgement.result for each in examined)
            shown.extend(_shown(each.judgement) for each in examined[: ROWS_SHOWN - len(shown)])
            run.on_progress(writer.accounts, total)
            del examined  # or two slices would be held while the next one is judged
        writer.close()
        with office.database.begin() as session:  # it counts once its files are in place, and not before
            lock_month(session, run.month)
            kept = settle(session, number, folder)
    return InspectionReport(
        folder=folder.path,
        files=tuple(folder.files),
        counts=counts,
        rows=tuple(shown),
        notes=tuple(_notes(office, frame, total)),
        frame=frame,
        is_new=kept == number,
        version=head.version,
        stage=head.stage,
    )


def frame_of(office: Office, month: str, *, now: datetime, as_of: datetime | None) -> Frame:
    """Return the frame in which ``month`` is judged; RequestError where it has not begun by then."""
    period = read_month(month)
    bounds = office.frame(period, now)
    whole = bounds.span(period)
    office.refuse_future(as_of, now)
    point = min(whole.end, now, as_of or now)
    if point <= whole.start:
        until = "--as-of 所指时间" if as_of is not None else "当前时间"
        raise RequestError(f"检查月份 {month} 在{until}尚未开始，不能检查；请指定已经开始的月份。")
    return office.frame(period, point)


def policy_name(frame: Frame) -> str:
    """Return the policy as an inspection names it."""
    return f"{frame.policy.name} {frame.policy.version}"


def _shown(judgement: Judgement) -> ResultRow:
    return ResultRow(
        account=judgement.account,
        result=judgement.result,
        published=judgement.figures.published,
        original=judgement.figures.original,
        coverage_share=judgement.figures.coverage_share,
        problems=tuple(f"{each.code} {each.category}（{each.verdict}）" for each in judgement.findings),
        notes=judgement.notes,
    )


def _notes(office: Office, frame: Frame, accounts: int) -> Iterator[str]:
    if not accounts:
        yield "备案台账中没有账号；请用 xunjian accounts import 导入。"
    if frame.running:
        yield f"本月尚未结束，判定截至{frame.time_point.astimezone(frame.zone):%Y-%m-%d %H:%M}。"
    for year in frame.workdays.missing(frame.period.first, frame.period.last):
        yield f"{year}年放假安排未录入，涉及工作日的判定为暂定；请在 [workdays] files 中补充该年文件。"
    effective = office.policy.effective_from
    if effective is not None and frame.period.first < effective:
        yield f"检查月份早于所用办法的施行日期（{effective}），请确认是否适用。"
