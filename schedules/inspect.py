"""The monthly full-coverage inspection (月度全覆盖检查): judge every account and write the files."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from monitor.findings import Judgement, Result
from monitor.frame import Frame
from monitor.values import Account
from reports.folder import Folder
from reports.record import Record
from reports.rows import FINDINGS, POSTS, SUMMARY, FindingRow, PostRow, SummaryRow
from reports.tables import Table
from schedules.counting import months_before, read_month
from schedules.observe import Examined, judge_in_slices
from schedules.office import Office, RequestError
from storage.accounts import account_ids
from storage.inspections import Inspection, begin_inspection, finish_inspection, save_judgements

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

    ``is_new`` says that no earlier run of the month gave the very same.
    """

    folder: Path
    files: tuple[Path, ...]
    counts: Mapping[Result, int]
    rows: tuple[ResultRow, ...]
    notes: tuple[str, ...]
    frame: Frame
    is_new: bool = True


def _nothing_else(_: Session) -> None:
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
    also: Callable[[Session], None] = _nothing_else,
) -> InspectionReport:
    """Inspect every account of the registry for ``month`` (``2026-10``) and write ``out/month/``.

    The time point is the end of the month, or ``as_of`` or now where that is earlier; the same data give the same
    bytes. ``why`` says why a month is inspected again; ``also`` is done in the transaction that completes it.
    Raises RequestError for a month that has not begun, ReportError or StorageError where nothing could be written; the
    files of an earlier run then stay as they were.
    """
    frame = frame_of(office, month, now=now, as_of=as_of)
    month = f"{frame.period.first:%Y-%m}"
    months = months_before(frame.period.first, office.policy.counter_months)
    with office.database.read() as session:
        total = len(account_ids(session))
    inspection = Inspection(
        month=month, time_point=frame.time_point, as_of=as_of, made_at=now, policy=_policy_name(frame), why=why
    )
    with office.database.begin() as session:
        number = begin_inspection(session, inspection)
    counts: Counter[Result] = Counter()
    shown: list[ResultRow] = []
    with Folder(out / month, now) as folder:
        writer = _Writer(folder, frame, office.name, as_of)
        for examined in judge_in_slices(office.database, frame, as_of, months):
            _save(office, number, examined, writer.findings)
            writer.write(examined)
            counts.update(each.judgement.result for each in examined)
            shown.extend(_shown(each.judgement) for each in examined[: ROWS_SHOWN - len(shown)])
            on_progress(writer.accounts, total)
            del examined  # or two slices would be held while the next one is judged
        writer.close()
        with office.database.begin() as session:  # it counts once its files are in place, and not before
            kept = finish_inspection(session, number)
            also(session)
            folder.commit()
    return InspectionReport(
        folder=folder.path,
        files=tuple(folder.files),
        counts=counts,
        rows=tuple(shown),
        notes=tuple(_notes(office, frame, total)),
        frame=frame,
        is_new=kept == number,
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


class _Writer:
    """Writes the four files slice by slice, and numbers their rows."""

    def __init__(self, folder: Folder, frame: Frame, office: str, as_of: datetime | None) -> None:
        self._frame = frame
        self._summary = Table(folder.open("summary.csv", bom=True), SUMMARY)
        self._findings = Table(folder.open("findings.csv", bom=True), FINDINGS)
        self._posts = Table(folder.open("posts.csv", bom=True), POSTS)
        self._record = Record(folder.open("inspection.json"), frame, office, as_of)
        self.accounts = 0
        self.findings = 1

    def write(self, judged: Sequence[Examined]) -> None:
        for one in judged:
            self.accounts += 1
            judgement = one.judgement
            self._summary.write([SummaryRow(number=self.accounts, judgement=judgement, frame=self._frame)])
            self._findings.write(self._finding_rows(one))
            self._posts.write(self._post_rows(one))
            self._record.write(judgement, one.evidence, one.contradictions)

    def close(self) -> None:
        self._record.close()

    def _finding_rows(self, one: Examined) -> Iterator[FindingRow]:
        for finding, evidence in zip(one.judgement.findings, one.evidence, strict=True):
            yield FindingRow(
                number=self.findings,
                account=one.judgement.account,
                finding=finding,
                evidence=evidence,
                frame=self._frame,
            )
            self.findings += 1

    def _post_rows(self, one: Examined) -> Iterator[PostRow]:
        for post, classified in one.judgement.posts:
            yield PostRow(
                account=one.judgement.account,
                post=post,
                classified=classified,
                frame=self._frame,
                contradiction=one.contradictions.get(post.key, ""),
            )


def _save(office: Office, number: int, examined: Sequence[Examined], position: int) -> None:
    """Add a slice to the stored inspection; in a function of its own, so that nothing here holds the slice longer."""
    with office.database.begin() as session:
        save_judgements(
            session,
            number,
            [each.judgement for each in examined],
            position,
            [each.evidence for each in examined],
            _contradictions(examined),
        )


def _contradictions(examined: Sequence[Examined]) -> dict[tuple[str, str], str]:
    return {(one.judgement.account.account_id, key): why for one in examined for key, why in one.contradictions.items()}


def _policy_name(frame: Frame) -> str:
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
