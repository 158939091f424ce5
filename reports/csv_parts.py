"""The plain files of an inspection: summary.csv, findings.csv, posts.csv, rechecks.csv and inspection.json."""

from monitor.statistics import Statistics
from reports.folder import Folder
from reports.parts import RECHECKS, AccountRows, Head
from reports.record import Record
from reports.rows import FINDINGS, POSTS, SUMMARY
from reports.tables import Table


class _Plain:
    """A table that needs no figures of the whole."""

    def close(self, statistics: Statistics) -> None:
        """Write nothing more."""


class Summary(_Plain):
    """检查情况汇总表."""

    def __init__(self, folder: Folder) -> None:
        """Write the header."""
        self._table = Table(folder.open("summary.csv", bom=True), SUMMARY)

    def write(self, rows: AccountRows) -> None:
        """Add the account's row."""
        self._table.write([rows.summary])


class Findings(_Plain):
    """问题清单."""

    def __init__(self, folder: Folder) -> None:
        """Write the header."""
        self._table = Table(folder.open("findings.csv", bom=True), FINDINGS)

    def write(self, rows: AccountRows) -> None:
        """Add a row for each finding."""
        self._table.write(rows.findings)


class Posts(_Plain):
    """信息明细."""

    def __init__(self, folder: Folder) -> None:
        """Write the header."""
        self._table = Table(folder.open("posts.csv", bom=True), POSTS)

    def write(self, rows: AccountRows) -> None:
        """Add a row for each post."""
        self._table.write(rows.posts)


class Rechecks(_Plain):
    """回头看."""

    def __init__(self, folder: Folder) -> None:
        """Write the header."""
        self._table = Table(folder.open("rechecks.csv", bom=True), RECHECKS)

    def write(self, rows: AccountRows) -> None:
        """Add a row for each finding that was looked at again."""
        self._table.write(rows.rechecks)


class JsonRecord:
    """inspection.json."""

    def __init__(self, folder: Folder, head: Head) -> None:
        """Write what holds for the whole inspection."""
        self._record = Record(folder.open("inspection.json"), head)

    def write(self, rows: AccountRows) -> None:
        """Add the account."""
        self._record.write(rows)

    def close(self, statistics: Statistics) -> None:
        """Write the totals."""
        self._record.close(statistics)
