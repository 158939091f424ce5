"""Printing of an annual assessment: the organizers by rank, what to know, and where the files are."""

from collections.abc import Iterator
from shutil import get_terminal_size

from console.show.ink import YELLOW, inked, on_terminal
from console.widths import shortened, table
from monitor.assessment import OrganizerScore, Standing
from reports.assessment_words import cautions, headline
from reports.cells import rate
from schedules.assessing import Assessment

HEADER = ("名次", "得分", "趋势", "账号", "不合格账号", "合格月数", "判定月数", "发布", "原创率", "主办单位")
ROWS_SHOWN = 50
NAME_COLUMNS = 40


def assessment_lines(done: Assessment) -> Iterator[str]:
    """Yield the table of organizers, the counts of accounts, what to know, and where the files are."""
    report = done.report
    scheme = report.scheme
    yield f"{headline(report)}考核，方案：{scheme.title}（{scheme.name} {scheme.version}）"
    limit = get_terminal_size().columns if on_terminal() else None
    shown = report.organizers[:ROWS_SHOWN]
    yield from table(HEADER, [_cells(each) for each in shown], limit=limit)
    if len(shown) < len(report.organizers):
        yield f"以上为前{len(shown)}个主办单位，全部{len(report.organizers)}个见 organizers.csv。"
    standings = [each.standing for each in report.accounts]
    counts = "，".join(f"{each}{standings.count(each)}个" for each in Standing)
    yield f"共{len(standings)}个账号：{counts}。"
    yield from (inked(f"注意：{each}", YELLOW) for each in cautions(report))
    yield f"结果已写入 {done.folder}："
    yield from (f"  {file}" for file in done.files)


def _cells(found: OrganizerScore) -> tuple[str, ...]:
    totals = found.totals
    return (
        "" if found.rank is None else str(found.rank),
        "" if found.score is None else str(found.score),
        found.trend.value if found.trend else "",
        str(found.accounts),
        str(found.failed),
        str(totals.passed),
        str(totals.judged),
        str(totals.published),
        rate(totals.share),
        shortened(found.organizer, NAME_COLUMNS),
    )
