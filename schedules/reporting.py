"""Take in a self-report (自查上报): a file in which units list what they have published."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from crawler.sources.listing import make_listing
from crawler.sources.report import read_report
from crawler.sources.report_columns import column_of, weight
from crawler.sources.report_rows import HEADER_ROWS, Row, Table, tables
from crawler.sources.values import Reading
from crawler.sources.wire import Entry, Wire
from crawler.visiting import digest_of
from monitor.values import Account, Listing
from monitor.visits import Exchange, Memory, Outcome, Source, Visit
from monitor.wording import named
from schedules.office import Office, RequestError
from storage.accounts import all_accounts
from storage.archive import Archive
from storage.records import keep_visit
from storage.sources import report_source
from storage.visits import save_visit

LANE: Final = "自查上报"
"""The lane of what nobody was asked for."""

_WORKBOOK: Final = b"PK\x03\x04"
_WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LIKE: Final = 0.5
_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The posts of one account that a report listed: how many, and how many of them nobody had seen before."""

    account: Account
    items: int
    new_posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What taking in a report came to: ``left_out`` says of each row that was not taken why not, ``notes`` the rest."""

    taken: tuple[Taken, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]


def import_report(
    office: Office, name: str, body: bytes, *, account_id: str | None, by: str, now: datetime
) -> Imported:
    """Keep what a report file says of each account as one visit of it, which proves nothing; good rows are taken.

    ``name`` is the file's, which is kept as evidence; with ``account_id`` all rows are that account's. Raises
    RequestError for a file that is no report, for an unknown account, and where nothing says whose the rows are.
    """
    account = None if account_id is None else office.account(account_id)
    wire = read_report(body)
    if isinstance(wire, Reading):
        raise RequestError(f"{name}：{wire.reason}")
    sheets = _sheets(body)
    with office.database.read() as session:
        sorting = _Sorting(all_accounts(session), account, _rows(sheets))
    if account is None and wire.entries and not any(each.author for each in wire.entries):
        raise RequestError(
            f"{name}：表中没有账号一列，不知道是哪个账号的；请加 --account 账号编号，或补上“账号编号”列。"
        )
    for entry in wire.entries:
        sorting.add(entry)
    lost = [each for each in wire.warnings if "未采用" in each or "未读" in each]
    if not wire.entries and not lost:
        lost.append("表中除表头外没有任何信息，没有可以导入的行，请核对文件是否选错、内容是否已保存")
    notes = [*_doubled(sheets), *(each for each in wire.warnings if each not in lost)]
    taken: list[Taken] = []
    with office.database.begin() as session:
        for each, entries in sorting.found.values():
            source = office.configured(report_source(session, each.account_id, name))
            listing = _listing(wire, entries, source, now)
            visit = _visit(source, listing, body, by, now)
            saved = save_visit(session, visit, office.zone)
            if office.evidence is not None:
                keep_visit(session, Archive(office.evidence, office.zone), visit, saved.visit_id)
            taken.append(Taken(account=each, items=len(listing.items), new_posts=saved.new_posts))
            # A row without a time was named above; a merged or coarse one was not.
            notes += [f"{named(each)}：{warning}" for warning in listing.warnings if "没有发布时间" not in warning]
    return Imported(
        taken=tuple(taken),
        left_out=tuple(map(_sentence, (*lost, *sorting.problems))),
        notes=tuple(map(_sentence, notes)),
    )


class _Sorting:
    """The rows of a report by the account that each is about."""

    def __init__(self, accounts: Sequence[Account], only: Account | None, rows: Mapping[tuple[str, str], Row]) -> None:
        self.only, self.rows = only, rows
        self.by_id = {each.account_id: each for each in accounts}
        self.by_name: dict[str, list[Account]] = {}
        for each in accounts:
            self.by_name.setdefault(_plain(each.name), []).append(each)
        self.found: dict[str, tuple[Account, list[Entry]]] = {}
        self.problems: list[str] = []

    def add(self, entry: Entry) -> None:
        """Put a row with the others of its account, or say why it cannot be."""
        whose = self._whose(entry)
        if isinstance(whose, Account):
            self.found.setdefault(whose.account_id, (whose, []))[1].append(entry)
        else:
            row = self.rows.get((entry.author, entry.link))
            place = row.place if row is not None else f"链接为 {entry.link} 的一行"
            self.problems.append(f"{place}：{whose}")

    def _whose(self, entry: Entry) -> Account | str:
        if not entry.author and self.only is not None:
            return self.only
        found = self._fitting(entry)
        if len(found) > 1:
            ids = "、".join(each.account_id for each in found[:_MOST_NAMED])
            return f"台账中有{len(found)}个账号叫“{entry.author}”（{ids}），该行未采用；请改填账号编号，或补上“平台”列"
        if not found:
            unknown = f"账号“{entry.author}”不在备案台账中{self._hint(entry.author)}"
            return f"{unknown}，该行未采用；请核对账号编号或名称，或先导入台账"
        if self.only is not None and found[0] != self.only:
            ours = f"{named(self.only)}（{self.only.account_id}）"
            return f"账号“{entry.author}”不是 --account 指明的{ours}，该行未采用；请去掉 --account，或改正该行的账号"
        return found[0]

    def _fitting(self, entry: Entry) -> list[Account]:
        if (account := self.by_id.get(entry.author)) is not None:
            return [account]
        found = self.by_name.get(_plain(entry.author), [])
        row = self.rows.get((entry.author, entry.link))
        if len(found) > 1 and row is not None:
            return [each for each in found if each.platform.value in row.cells] or found
        return found

    def _hint(self, author: str) -> str:
        known = [*self.by_id, *(each.name for some in self.by_name.values() for each in some)]
        near = get_close_matches(author, known, n=1, cutoff=_LIKE)
        return f"，是否为“{near[0]}”" if near else ""


def _sheets(body: bytes) -> list[Table]:
    found = tables(body, "", weight)
    return [] if isinstance(found, str) else found


def _doubled(sheets: Sequence[Table]) -> Iterator[str]:
    """Name each column of a header that stands there twice: only the first of them is read."""
    for sheet in sheets:
        header = max(sheet[:HEADER_ROWS], key=lambda row: weight(row.cells), default=None)
        counted = Counter(cell for cell in header.cells if column_of(cell)) if header is not None else Counter()
        for cell, times in counted.items():
            if header is not None and times > 1:
                yield f"{header.place}有{times}个“{cell}”列，只采用了第一个，请核对，并删去多余的列后再导入一次"


def _rows(sheets: Sequence[Table]) -> dict[tuple[str, str], Row]:
    """Return the first row in which each pair of cells stands that may be an account and a link."""
    rows: dict[tuple[str, str], Row] = {}
    for row in chain.from_iterable(sheets):
        links = [cell for cell in row.cells if "://" in cell]
        for link in links:
            for cell in ("", *row.cells):
                rows.setdefault((cell, link), row)
    return rows


def _listing(wire: Wire, entries: Sequence[Entry], source: Source, now: datetime) -> Listing:
    """Return an account's part of a report; whose it is stood in the author's place."""
    own = replace(wire, entries=tuple(replace(each, author="") for each in entries), warnings=(), damaged=False)
    return make_listing(own, source.url, now, ZoneInfo(source.timezone))


def _visit(source: Source, listing: Listing, body: bytes, by: str, now: datetime) -> Visit:
    """Return a report as a visit that nobody made; the file stands for the answer, as evidence of what was reported."""
    kind = _WORKBOOK_TYPE if body.startswith(_WORKBOOK) else "text/csv"
    file = Exchange(url=source.url, at=now, status=200, headers=(("Content-Type", kind),), body=body)
    return Visit(
        source_id=source.source_id,
        account_id=source.account_id,
        url=source.url,
        lane=LANE,
        started_at=now,
        ended_at=now,
        outcome=Outcome.NEW,
        body_hash=digest_of(body),
        item_count=len(listing.items),
        undated_count=sum(item.stated.at is None for item in listing.items),
        items=listing.items,
        warnings=(f"自查上报，由{by.strip()}导入。",) if by.strip() else (),
        memory=Memory(),
        exchanges=(file,),
    )


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _sentence(text: str) -> str:
    return text if text.endswith("。") else f"{text}。"
