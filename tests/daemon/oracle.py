"""An independent judge of October 2026, after COVERAGE.md and RULES.md alone: it imports nothing of the program.

It knows the true history, and every answer that the servers gave. A finding is false where the true history has the post
that it denies; a broken window is provable where the answers that were given show every moment of it.
"""

import csv
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from tests.daemon.bent import BEIJING
from tests.daemon.history import BRIDGE, ONE_DAY, TrueAccount, TruePost, is_workday
from tests.daemon.serving import CONTROL, Served

Window = tuple[date, date]
Stretch = tuple[datetime, datetime]

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
DAYS = tuple(FIRST + ONE_DAY * n for n in range(31))
SUNDAYS = tuple(day for day in DAYS if day.isoweekday() == 7)
CONTROL_FOR = timedelta(minutes=30)
BRIDGE_LAG = timedelta(minutes=30)
CODES = frozenset({"GX-01", "GX-02", "GX-03", "GX-05", "GX-06", "YC-01"})
_SLACK = timedelta(seconds=10)  # a visit begins a little before its answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A row of findings.csv."""

    account_id: str
    code: str
    verdict: str
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Oracle:
    """The true history and what was served of it; ``void`` are spans whose answers are not counted as proof.

    Void is what was answered while the daemon was being killed, or while its own clock was wrong.
    """

    accounts: Sequence[TrueAccount]
    answers: Sequence[Served]
    judged_at: datetime
    void: Sequence[Stretch] = field(default=())

    def false_findings(self, findings: Iterable[Finding]) -> list[str]:
        """Return what 已核实 findings deny although it happened."""
        by_id = {each.account_id: each for each in self.accounts}
        return [
            f"{each.account_id} {each.code} {first}/{last}"
            for each in findings
            if each.verdict == "已核实" and each.code in CODES
            for first, last in each.windows
            if not _is_broken(by_id[each.account_id], each.code, (first, last))
        ]

    def missed(self, findings: Iterable[Finding]) -> tuple[list[str], int]:
        """Return the broken windows that the answers prove and no finding has, and how many are proven in all."""
        found: dict[tuple[str, str], list[Window]] = {}
        for each in findings:
            if each.verdict == "已核实":
                found.setdefault((each.account_id, each.code), []).extend(each.windows)
        missed, proven = [], 0
        coverage = self.coverage()
        for account in self.accounts:
            for code, window in _windows(account):
                if not _lacks(account, code, window) or not _covers(coverage[account.account_id], window):
                    continue
                proven += 1
                told = found.get((account.account_id, code), [])
                wanted = (window[1], window[1]) if code == "YC-01" else window
                if not any(first <= wanted[0] and wanted[1] <= last for first, last in told):
                    missed.append(f"{account.account_id} {code} {window[0]}/{window[1]}")
        return missed, proven

    def broken(self) -> int:
        """Return how many windows were really broken."""
        return sum(_lacks(account, code, window) for account in self.accounts for code, window in _windows(account))

    def wrongly_passed(self, results: Mapping[str, str]) -> list[str]:
        """Return the accounts that were called 合格 and were not."""
        return [
            account.account_id
            for account in self.accounts
            if results[account.account_id] == "合格"
            and any(_lacks(account, code, window) for code, window in _windows(account) if code != "GX-05")
        ]

    def coverage(self) -> dict[str, list[Stretch]]:
        """Return, by account, the merged stretches that the answers prove (COVERAGE: What a visit proves)."""
        controls = [each for each in self.answers if each.path == CONTROL and each.newest is not None]
        times = [each.at for each in controls]
        proven: dict[str, list[Stretch]] = {each.account_id: [] for each in self.accounts}
        for answer in self.answers:
            if not answer.shown or answer.at > self.judged_at or self._is_void(answer.at):
                continue
            end: datetime | None = answer.at - _SLACK
            if answer.host == BRIDGE:
                at = bisect_right(times, answer.at) - 1
                end = _bridge_end(answer.at, controls[at] if at >= 0 else None)
            if end is not None and answer.shown[0].at < end:
                proven[answer.path.strip("/").removesuffix(".xml")].append((answer.shown[0].at, end))
        return {each: _merged(stretches) for each, stretches in proven.items()}

    def shown(self) -> dict[str, set[str]]:
        """Return, by account, the keys of the posts of the month that answers have shown."""
        found: dict[str, set[str]] = {each.account_id: set() for each in self.accounts}
        for answer in self.answers:
            if answer.at <= self.judged_at and not self._is_void(answer.at):
                of_month = {post.key for post in answer.shown if FIRST <= post.day <= LAST}
                if of_month:
                    found[answer.path.strip("/").removesuffix(".xml")] |= of_month
        return found

    def _is_void(self, at: datetime) -> bool:
        return any(first <= at <= last for first, last in self.void)


def _bridge_end(at: datetime, control: Served | None) -> datetime | None:
    if control is None or control.newest is None or at - control.at > CONTROL_FOR:
        return None
    if control.at - control.newest >= timedelta(hours=24) - _SLACK:
        return None
    return min(at - _SLACK, control.newest) - BRIDGE_LAG


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for first, last in sorted(stretches):
        if merged and first < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _covers(coverage: Sequence[Stretch], window: Window) -> bool:
    start, end = midnight(window[0]), midnight(window[1] + ONE_DAY)
    return any(first < start and end <= last for first, last in coverage)


def midnight(day: date) -> datetime:
    """Return the first moment of a local day."""
    return datetime.combine(day, time(), BEIJING)


def _windows(account: TrueAccount) -> Iterator[tuple[str, Window]]:
    """Give every window of the month that binds an account, with its rule."""
    yield "GX-01", (LAST - ONE_DAY * 13, LAST)
    yield "GX-05", (LAST - ONE_DAY * 89, LAST)
    yield "GX-06", (FIRST, LAST)
    if account.main:
        yield from (("GX-02", (day, day)) for day in DAYS if is_workday(day))
    else:
        yield from (("GX-03", (day - ONE_DAY * 6, day)) for day in SUNDAYS)
    yield from (("YC-01", (day - ONE_DAY * 13, day)) for day in DAYS)


def _lacks(account: TrueAccount, code: str, window: Window) -> bool:
    """Say whether no post that the rule asks for was published in a window."""
    return not any(window[0] <= post.day <= window[1] and (post.original or code != "YC-01") for post in account.posts)


def _is_broken(account: TrueAccount, code: str, window: Window) -> bool:
    """Say whether a finding's window is one that the true history broke; that of YC-01 ends with a violating day."""
    if code == "YC-01":
        return _lacks(account, code, window) and _lacks(account, code, (window[1] - ONE_DAY * 13, window[1]))
    return _lacks(account, code, window)


def read_findings(folder: Path) -> list[Finding]:
    """Read the findings of an inspection."""
    return [
        Finding(
            account_id=row["账号编号"],
            code=row["问题编号"],
            verdict=row["核实状态"],
            windows=tuple(_window(each) for each in row["问题时段"].split(";") if each),
        )
        for row in read_rows(folder / "findings.csv")
    ]


def read_rows(file: Path) -> list[dict[str, str]]:
    """Read a table of an inspection."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _window(text: str) -> Window:
    first, _, last = text.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def known_posts(folder: Path) -> dict[str, list[str]]:
    """Return, by account, the keys of the posts that an inspection lists, as their links have them."""
    found: dict[str, list[str]] = {}
    for row in read_rows(folder / "posts.csv"):
        found.setdefault(row["账号编号"], []).append(row["链接"].rpartition("/")[2])
    return found


def keys_of(posts: Iterable[TruePost]) -> set[str]:
    """Return the keys of posts of the month."""
    return {post.key for post in posts if FIRST <= post.day <= LAST}
