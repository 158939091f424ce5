"""What a bulletin is made of, gathered account by account: only what was proven, nothing personal."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from monitor.findings import Finding, Judgement, Result, Severity, Verdict, Window
from monitor.masking import mask
from monitor.rechecking import Outcome, Recheck
from monitor.rules import HEADINGS
from monitor.wording import full_day, named, short_window
from reports.parts import AccountRows

GRAVE = (Severity.VETO, Severity.BULLETIN)
UNQUOTED = "NR-01"
"""Wrong political wording is corrected, never spread."""
SAID_OF_IT = "发现严重表述错误，须立即更正，具体内容另行告知。"
REPEATED = 2
"""So many inspections with problems are repeated ones."""

_TITLE = re.compile("《[^《》]*》")
_WINDOW = re.compile(r"\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?")
_ORDER = {heading.code: at for at, heading in enumerate(HEADINGS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One account of 检查情况汇总表; ``name`` with its platform."""

    organizer: str
    name: str
    published: int
    original: int
    result: Result
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding that is proven and grave: ``account`` as it stands in a sentence, ``name`` as in a cell.

    ``bare`` is the account's name without its ``platform``.
    """

    organizer: str
    account: str
    name: str
    bare: str
    platform: str
    code: str
    category: str
    text: str
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One finding of an earlier month that was looked at again; ``text`` names account, problem and why."""

    organizer: str
    outcome: Outcome
    text: str


class Facts:
    """What was found, as the accounts come by; figures are those of the statistics and are not counted here."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.accounts: list[AccountLine] = []
        self.problems: list[Problem] = []
        self.looked: list[Looked] = []
        self.causes: Counter[str] = Counter()
        self.repeated: dict[str, None] = {}

    def add(self, rows: AccountRows) -> None:
        """Take in one account."""
        judgement = rows.judgement
        account = judgement.account
        proven = [each for each in judgement.findings if each.verdict is Verdict.VERIFIED and each.severity in GRAVE]
        name = f"{account.name}（{account.platform}）"
        self.accounts.append(
            AccountLine(
                organizer=account.organizer,
                name=name,
                published=judgement.figures.published,
                original=judgement.figures.original,
                result=judgement.result,
                categories=tuple(dict.fromkeys(each.category for each in proven)),
            )
        )
        self.problems += [_problem(judgement, each, name) for each in proven]
        self.looked += [_looked(judgement, each.recheck) for each in rows.rechecks]
        if judgement.result is Result.UNVERIFIABLE:
            self.causes.update(_causes(judgement.findings))
        if judgement.failed and judgement.failures >= REPEATED:
            self.repeated[account.organizer] = None

    def arrange(self) -> None:
        """Put accounts and problems of one unit together, the units in the order in which they came."""
        units = {organizer: at for at, organizer in enumerate(dict.fromkeys(each.organizer for each in self.accounts))}
        self.accounts.sort(key=lambda each: units[each.organizer])
        self.problems.sort(key=lambda each: units[each.organizer])

    def of_kind(self, code: str, category: str) -> list[Problem]:
        """Return the problems of one kind."""
        return [each for each in self.problems if (each.code, each.category) == (code, category)]


def in_report_order(kinds: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Return code, category and count of kinds of problems in the order of every report."""
    return sorted(kinds, key=lambda each: (_ORDER.get(each[0], len(_ORDER)), each[1]))


def _problem(judgement: Judgement, finding: Finding, name: str) -> Problem:
    return Problem(
        organizer=judgement.account.organizer,
        account=named(judgement.account),
        name=name,
        bare=judgement.account.name,
        platform=judgement.account.platform.value,
        code=finding.code,
        category=finding.category,
        text=SAID_OF_IT if finding.code == UNQUOTED else _text(judgement, finding),
        due=finding.due,
    )


def _text(judgement: Judgement, finding: Finding) -> str:
    """Return what is said of a problem; of an account with wording that must not be spread, no title is quoted."""
    if any(each.code == UNQUOTED for each in judgement.findings):
        return mask(_TITLE.sub("（标题略）", finding.description))
    return mask(finding.description)


def _looked(judgement: Judgement, recheck: Recheck) -> Looked:
    duty = recheck.duty
    year, _, month = duty.month.partition("-")
    if duty.said is None:
        why = _in_words(recheck.why, int(year))
    else:  # who looked is the office's own affair
        shown = duty.said.note if duty.code != UNQUOTED else ""  # it may quote what must not be spread
        why = f"{full_day(duty.said.day)}人工复查" + (f"：{shown}" if shown else "")
    said = f"{named(judgement.account)}{year}年{int(month)}月检查发现的“{duty.category}”问题"
    return Looked(
        organizer=judgement.account.organizer,
        outcome=recheck.outcome,
        text=f"{said}，{mask(why).rstrip('。')}" if why else said,
    )


def _in_words(why: str, year: int) -> str:
    """Return a sentence with the windows in it, ``2026-10-22/2026-10-31``, as people write them."""

    def words(found: re.Match[str]) -> str:
        days = [date.fromisoformat(each) for each in found[0].split("/")]
        return short_window(Window(days[0], days[-1]), year)

    return _WINDOW.sub(words, why).replace(";", "、")


def _causes(findings: Iterable[Finding]) -> Iterator[str]:
    """Give every cause of an account once, each by itself."""
    joined = (cause for each in findings if each.verdict is Verdict.UNVERIFIABLE for cause in each.causes)
    yield from dict.fromkeys(one for cause in joined for one in cause.split("、"))
