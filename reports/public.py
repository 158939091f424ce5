"""The rows for the public (公开版), and 公开版-YYYY-MM.csv: confirmed problems by category, and nothing of a person."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from monitor.findings import GRAVE, Finding, Judgement, Result, Verdict
from monitor.masking import mask
from monitor.statistics import Statistics
from monitor.values import Platform
from reports.cells import Cell
from reports.folder import Folder
from reports.parts import AccountRows, Head
from reports.tables import Table

_BREAKING = ("Cc", "Zl", "Zp")
_NO_LETTER = 0xFFFE
_JOINER = "\u200d"
"""Of what is invisible this alone stays: emoji are made with it. Others turn what stands behind, or hide a number."""

_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_NUMBER = re.compile(r"(?<!\d)(1[3-9]\d)[ .\-]?\d{4}[ .\-]?(\d{4})(?!\d)")
"""A mobile number, whatever stands before it: in a name none is a part of anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRow:
    """What the public is told of one account; names are masked and on one line.

    ``categories`` are those of confirmed problems that make an account 不合格, () for every other result; posts may be
    missing from those ``published`` where it ``is_partial``.
    """

    number: int
    organizer: str
    name: str
    platform: Platform
    published: int
    result: Result
    categories: tuple[str, ...] = ()
    is_partial: bool = False


PUBLIC: dict[str, Callable[[PublicRow], Cell]] = {
    "序号": lambda row: row.number,
    "主办单位": lambda row: row.organizer,
    "账号名称(平台)": lambda row: f"{row.name}（{row.platform}）",
    "发布条数": lambda row: row.published,
    "检查结果": lambda row: row.result.value,
    "问题类别": lambda row: "、".join(row.categories),
}
"""The columns for the public: no number of the registry, no contact, no post, no counter, nothing that is proposed."""


def is_listed(rows: AccountRows) -> bool:
    """Say whether the public is told of an account: 不适用 is left out of every public file, and only counted.

    It was closed, not yet open or without a duty in the period: its name beside a 0 would read as a reproach, and a
    registry keeps what was closed for ever.
    """
    return rows.judgement.result is not Result.NOT_APPLICABLE


def public_row(number: int, rows: AccountRows) -> PublicRow:
    """Return the row of an account that ``is_listed``; ``number`` counts the listed ones from 1, without gaps."""
    account = rows.judgement.account
    return PublicRow(
        number=number,
        organizer=plain(account.organizer),
        name=plain(account.name),
        platform=account.platform,
        published=rows.judgement.figures.published,
        result=rows.judgement.result,
        categories=_categories(rows.judgement),
        is_partial=_is_partial(rows.judgement),
    )


def _categories(judgement: Judgement) -> tuple[str, ...]:
    """Return each category once, in report order.

    A category stands as in every other file, with its 疑似 where it has one, also where a person entered or confirmed
    it: leaving the word out here would accuse of more than the bulletin does.
    """
    if not judgement.failed:
        return ()
    return tuple(dict.fromkeys(each.category for each in judgement.findings if _is_confirmed(each)))


def _is_partial(judgement: Judgement) -> bool:
    unseen = any(each.verdict is Verdict.UNVERIFIABLE for each in judgement.findings)
    looked_into = any(each.gaps for each in judgement.dismissed)  # a person saw that all is well, and counted nothing
    return unseen or looked_into or judgement.result is Result.UNVERIFIABLE


def _is_confirmed(finding: Finding) -> bool:
    return finding.verdict is Verdict.VERIFIED and finding.severity in GRAVE


def plain(name: str) -> str:
    """Return a name as the public sees it: masked, on one line, with nothing invisible that turns what follows."""
    kept = "".join(" " if unicodedata.category(each) in _BREAKING else each for each in name if _is_shown(each))
    flat = " ".join(kept.split())
    return _NUMBER.sub(r"\1****\2", _MAIL.sub("***", mask(flat)))


def _is_shown(letter: str) -> bool:
    """Say whether a letter is one that may stand in a file; halves of pairs and the two last of each plane may not."""
    is_writable = unicodedata.category(letter) != "Cs" and ord(letter) & _NO_LETTER != _NO_LETTER
    return is_writable and (letter == _JOINER or unicodedata.category(letter) != "Cf")


class PublicCsv:
    """公开版-YYYY-MM.csv."""

    def __init__(self, folder: Folder, head: Head) -> None:
        """Write the header."""
        self._table = Table(folder.open(f"公开版-{head.month}.csv", bom=True), PUBLIC)
        self._number = 1

    def write(self, rows: AccountRows) -> None:
        """Add the account's row."""
        if is_listed(rows):
            self._table.write([public_row(self._number, rows)])
            self._number += 1

    def close(self, statistics: Statistics) -> None:
        """Write nothing more."""
