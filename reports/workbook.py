"""政务新媒体检查情况-YYYY-MM.xlsx: the tables of an inspection as the sheets of one workbook."""

from datetime import UTC

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from monitor.stages import Stage
from monitor.statistics import Statistics
from reports.folder import Folder
from reports.parts import RECHECKS, AccountRows, Head, RecheckRow
from reports.platforms import NOTES, PLATFORMS, PlatformRow, platform_rows, total_row
from reports.public import PUBLIC, PublicRow, is_listed, public_row
from reports.rows import FINDINGS, POSTS, SUMMARY, FindingRow, PostRow, SummaryRow, time_point
from reports.sheet_links import add_relations
from reports.sheet_styles import FONT
from reports.sheets import Book, Paper, Sheet

_NAME = "账号名称"
_OFFICE_LONGEST = 60  # a print header holds 255 characters


class Workbook:
    """The workbook; 回头看 is a sheet of it where something was looked at again."""

    def __init__(self, folder: Folder, head: Head) -> None:
        """Begin the sheets that are always there, in their order."""
        self._head = head
        self._path = folder.place(f"政务新媒体检查情况-{head.month}.xlsx")
        self._file = xlsxwriter.Workbook(
            str(self._path),
            {
                "constant_memory": True,
                "tmpdir": str(self._path.parent),
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "use_zip64": True,
                "default_format_properties": dict(FONT),
            },
        )
        self._book = Book(self._file, folder)
        self._file.set_properties(_properties(head))
        wide = self._paper(pages=3, frozen=_NAME, repeated=("平台", _NAME))
        self._summary = Sheet[SummaryRow](self._book, "检查情况汇总表", SUMMARY, wide)
        self._findings = Sheet[FindingRow](self._book, "问题清单", FINDINGS, wide)
        titles = self._paper(pages=2, frozen=_NAME, repeated=("标题", "标题"))
        self._posts = Sheet[PostRow](self._book, "信息明细", POSTS, titles)
        self._platforms = Sheet[PlatformRow](self._book, "平台统计表", PLATFORMS, self._paper(frozen="平台"))
        self._public = Sheet[PublicRow](self._book, "公开版", PUBLIC, self._paper())
        self._listed = 0
        self._rechecks: Sheet[RecheckRow] | None = None

    def write(self, rows: AccountRows) -> None:
        """Add the account to every sheet."""
        self._summary.write([rows.summary])
        self._findings.write(rows.findings)
        self._posts.write(rows.posts)
        if is_listed(rows):
            self._listed += 1
            self._public.write([public_row(self._listed, rows)])
        if rows.rechecks:
            if self._rechecks is None:
                self._rechecks = Sheet[RecheckRow](self._book, "回头看", RECHECKS, self._paper(frozen=_NAME))
            self._rechecks.write(rows.rechecks)

    def close(self, statistics: Statistics) -> None:
        """Write 平台统计表 and put the file together. Raises OSError where it cannot be written."""
        self._platforms.write(platform_rows(statistics))
        self._platforms.write_total(total_row(statistics), NOTES)
        for sheet in (self._summary, self._findings, self._posts, self._platforms, self._public, self._rechecks):
            if sheet is not None:
                sheet.close()
        try:
            self._file.close()
        except FileCreateError as error:  # it wraps what the system said
            raise OSError(*error.args[0].args) from error
        add_relations(self._path, self._book.links)

    def _paper(self, *, pages: int = 1, frozen: str = "", repeated: tuple[str, str] | None = None) -> Paper:
        """Return how a sheet is printed, with the office, the month and the stage above and the page below."""
        title = _title(self._head, _OFFICE_LONGEST).replace("&", "&&")
        before = " " if title[0].isdigit() else ""  # or it would be read as a part of the size of the letters
        return Paper(
            header=f'&L&9&A&C&"宋体,Bold"&12{before}{title}',
            footer=f"&L&9监测时间点：{time_point(self._head.frame)}&C&9第 &P 页 共 &N 页",
            frozen=frozen,
            repeated=repeated,
            pages=pages,
        )


def _title(head: Head, longest: int) -> str:
    """Return ``某办公室政务新媒体检查情况（2026年10月）``, with the stage while it is not final."""
    office = head.office if len(head.office) <= longest else f"{head.office[:longest]}…"
    year, month = head.month.split("-")
    stage = "" if head.stage.is_final else f"【{head.stage}】"
    version = f"（第{head.version}版）" if head.version > 1 else ""
    return f"{office}政务新媒体检查情况（{year}年{int(month)}月）{version}{stage}"


def _properties(head: Head) -> dict[str, object]:
    """Return the properties of the document, with the date of its data: the same data give the same bytes."""
    return {
        "title": _title(head, len(head.office)),
        "subject": f"监测时间点：{time_point(head.frame)}",
        "author": head.office,
        "company": head.office,
        "status": Stage(head.stage).value,
        "created": head.frame.time_point.astimezone(UTC).replace(tzinfo=None),
    }
