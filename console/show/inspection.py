"""Printing of an inspection: how far it is, then the summary as a table and where the files are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import get_terminal_size

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from console.show.ink import YELLOW, inked, on_terminal, result_inked
from console.widths import shortened, table
from monitor.findings import Result, Verdict
from monitor.stages import Stage
from reports.cells import share
from schedules.inspect import InspectionReport, ResultRow

OnProgress = Callable[[int, int], None]

HEADER = ("账号编号", "账号名称", "平台", "检查结果", "发布", "原创", "采集完整率", "问题")
RESULT_COLUMN = HEADER.index("检查结果")
NAME_COLUMNS = 24


@contextmanager
def progress_display() -> Iterator[OnProgress]:
    """Give what to call with how many accounts are judged and how many there are; a bar on a terminal, else nothing."""
    if not on_terminal():
        yield lambda _done, _total: None
        return
    columns = (TextColumn("判定"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def inspection_lines(report: InspectionReport) -> Iterator[str]:
    """Yield the summary table, the counts, what to know about the inspection, and where its files are."""
    rows = report.rows
    limit = get_terminal_size().columns if on_terminal() else None
    yield from table(HEADER, [_cells(row) for row in rows], paint=_painted, limit=limit)
    total = sum(report.counts.values())
    if len(rows) < total:
        yield f"以上为前{len(rows)}个账号，全部{total}个见 summary.csv。"
    counts = "，".join(f"{result_inked(each)}{report.counts.get(each, 0)}个" for each in Result)
    yield f"共{total}个账号：{counts}。"
    if report.version > 1 or report.stage is not Stage.DRAFT:
        yield f"本次为第{report.version}版，状态为“{report.stage}”。"
    yield from (inked(f"注意：{note}", YELLOW) for note in report.notes)
    yield f"结果已写入 {report.folder}："
    yield from (f"  {file}" for file in report.files)


def _cells(row: ResultRow) -> tuple[str, ...]:
    account = row.account
    return (
        account.account_id,
        shortened(account.name, NAME_COLUMNS),
        account.platform.value,
        row.result.value,
        str(row.published),
        str(row.original),
        share(row.coverage_share),
        "、".join(
            each.removesuffix(f"（{Verdict.VERIFIED}）").removesuffix(f"（{Verdict.UNVERIFIABLE}）")
            for each in row.problems
        ),
    )


def _painted(column: int, cell: str) -> str:
    return result_inked(Result(cell.strip()), cell) if column == RESULT_COLUMN else cell
