"""What every file of an inspection is made of: the rows of one account after the other, from the same place for all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from monitor.findings import Judgement
from monitor.frame import Frame
from monitor.rechecking import Recheck
from monitor.stages import Stage
from monitor.statistics import Statistics
from monitor.values import Account
from reports import cells
from reports.bulletin_settings import BulletinSettings
from reports.cells import Cell
from reports.rows import FindingRow, PostRow, SummaryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What holds for the whole of an inspection.

    ``month`` is ``2026-10``; ``version`` counts the differing inspections of the month, ``why`` says why this one was
    made after another, "" for the first; ``corrects`` says that a final version of the month came before this one.
    ``as_of`` is None unless the inspection looks back. ``bulletin`` is what the office says of its bulletin.
    """

    frame: Frame
    office: str
    month: str
    stage: Stage = Stage.DRAFT
    version: int = 1
    why: str = ""
    corrects: bool = False
    as_of: datetime | None = None
    bulletin: BulletinSettings = BulletinSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckRow:
    """What one row of 回头看 is made of."""

    account: Account
    recheck: Recheck


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRows:
    """All rows of one account, as every file shows them."""

    judgement: Judgement
    summary: SummaryRow
    findings: Sequence[FindingRow]
    posts: Sequence[PostRow]
    rechecks: Sequence[RecheckRow]


def file_names(month: str) -> tuple[str, ...]:
    """Return how the files of an inspection of ``month`` are called, in the order in which they are named."""
    plain = ("summary.csv", "findings.csv", "posts.csv", "rechecks.csv", "inspection.json")
    public = (f"公开版-{month}.csv", f"公开版-{month}.html")
    return (*plain, *public, f"政务新媒体检查情况-{month}.xlsx", f"通报-{month}.docx")


class Part(Protocol):
    """One file of an inspection (or two that belong together), written account by account."""

    def write(self, rows: AccountRows) -> None:
        """Add one account; files are given all accounts in the same order."""

    def close(self, statistics: Statistics) -> None:
        """Write what stands at the end, and close what this part opened itself."""


Opener = Callable[[str], Path]
"""Gives the path at which a part writes a binary file of this name, before it is put in its place."""


RECHECKS: dict[str, Callable[[RecheckRow], Cell]] = {
    "检查月份": lambda row: row.recheck.duty.month,
    "账号编号": lambda row: row.account.account_id,
    "主办单位": lambda row: row.account.organizer,
    "平台": lambda row: row.account.platform.value,
    "账号名称": lambda row: row.account.name,
    "问题编号": lambda row: row.recheck.duty.code,
    "问题类别": lambda row: row.recheck.duty.category,
    "问题时段": lambda row: ";".join(str(each) for each in row.recheck.duty.windows),
    "整改时限": lambda row: cells.day(row.recheck.duty.due),
    "整改情况": lambda row: row.recheck.outcome.value,
    "复查时段": lambda row: str(row.recheck.window or ""),
    "恢复日期": lambda row: cells.day(row.recheck.day),
    "说明": lambda row: row.recheck.why,
}
"""The columns of the re-check (回头看)."""
