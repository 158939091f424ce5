"""What judging gives: windows with their verdicts, findings, the figures of an account, its result."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.originality import Classified
from monitor.spans import Coverage
from monitor.values import Account, Post

if TYPE_CHECKING:  # they are made of the values below
    from monitor.decisions import Decision, Entered


class Severity(StrEnum):
    """性质 of a rule."""

    VETO = "否决"
    BULLETIN = "通报"
    HINT = "提示"
    REMINDER = "提醒"
    UNVERIFIED = "未核验"


GRAVE = (Severity.VETO, Severity.BULLETIN)
"""Findings of these make an account 不合格, and are to be rectified; 提示 and 提醒 never change its result."""


class Verdict(StrEnum):
    """What is known of a window; the first three are the 核实状态 of a finding."""

    VERIFIED = "已核实"
    REVIEW = "待复核"
    UNVERIFIABLE = "未能核验"
    DISMISSED = "已排除"
    MET = "达标"
    PENDING = "未到期"
    NOT_APPLICABLE = "不适用"


NOT_DUE = (Verdict.PENDING, Verdict.NOT_APPLICABLE, Verdict.DISMISSED)
"""In windows of these nothing was due, as far as is known."""


class Result(StrEnum):
    """检查结果 of an account."""

    PASSED = "合格"
    FAILED = "不合格"
    REVIEW = "待复核"
    UNVERIFIABLE = "未能核验"
    NOT_APPLICABLE = "不适用"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A span of local days, both ends included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}/{self.last}"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    def overlaps(self, other: "Window") -> bool:
        """Say whether the two share a day."""
        return self.first <= other.last and other.first <= self.last

    def touches(self, other: "Window") -> bool:
        """Say whether the two share a day or follow one another."""
        day = timedelta(days=1)
        return self.first <= other.last + day and other.first <= self.last + day


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One window of one rule with its verdict.

    ``known`` counts the matching posts in it, ``posts`` are the keys of those that decide (at most as many as were due,
    or, for 待复核, those that a person must look at). ``why`` is one Chinese sentence for 待复核, "" otherwise.
    ``decision`` is a person's, which gave the verdict in place of ``machine``; both None where nobody decided. Without
    a decision, ``machine`` is what it would be had a person not cleared a part of it.
    """

    window: Window
    verdict: Verdict
    known: int = 0
    posts: tuple[str, ...] = ()
    why: str = ""
    decision: "Decision | None" = None
    machine: Verdict | None = None

    @property
    def accuses(self) -> bool:
        """Whether it makes a finding that is more than what a person made a mere hint."""
        return self.verdict is Verdict.VERIFIED and not (self.decision is not None and self.decision.clears)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem (问题) of one account: one rule, one 核实状态, all its windows.

    ``post`` is the one that the row names (the last before the silence, or None); ``posts`` are keys; ``gaps`` (UTC)
    and ``causes`` belong to CJ-01. ``due`` is the rectification date, None where none is set. ``seen_at`` (UTC) are the
    moments at which the posts were first seen that a finding rests on, () where it rests on silence. ``decisions`` are
    the people's that it rests on, ``entered`` is what a person entered in place of a rule.
    """

    account_id: str
    code: str
    category: str
    severity: Severity
    verdict: Verdict
    windows: tuple[Window, ...]
    description: str
    clause: str
    advice: str = ""
    due: date | None = None
    disposal: str = ""
    post: Post | None = None
    posts: tuple[str, ...] = ()
    gaps: Coverage = ()
    causes: tuple[str, ...] = ()
    seen_at: tuple[datetime, ...] = ()
    decisions: "tuple[Decision, ...]" = ()
    entered: "Entered | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one account for one period, each computed here and nowhere else; None where it cannot be told.

    ``share`` of originals and ``coverage_share`` are fractions of 1. Day counts are whole local days.
    """

    published: int
    original: int
    reposted: int
    undetermined: int
    last_post: Post | None
    days_since_last: int | None
    longest_silence: int | None
    workdays_due: int | None
    workdays_met: int | None
    workdays_missed: tuple[date, ...]
    weeks_due: int | None
    weeks_met: int | None
    weeks_missed: tuple[Window, ...]
    recent_originals: int
    coverage_share: float

    @property
    def share(self) -> float | None:
        """The share of originals among the posts of the period, None without posts."""
        return original_share(self.original, self.published)


def original_share(original: int, published: int) -> float | None:
    """Return the share of originals among posts, a fraction of 1, None without posts."""
    return original / published if published else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Everything that is said of one account for one period.

    ``windows`` holds, per rule code in report order, every window with its verdict; ``posts`` the posts of the period
    with their classes, in order of time; ``failures`` is 累计突出问题次数, this inspection included; ``disposal`` is
    建议处置, ``basis`` the months (``2026-10``) that it rests on; ``notes`` are Chinese sentences for 备注.
    ``dismissed`` are the findings that people have dismissed, ``orphans`` (孤立) decisions on a window or post of the
    period of which nothing is found by now.
    """

    account: Account
    windows: tuple[tuple[str, tuple[Judged, ...]], ...]
    findings: tuple[Finding, ...]
    figures: Figures
    result: Result
    failures: int
    disposal: str
    coverage: Coverage
    posts: tuple[tuple[Post, Classified], ...] = ()
    notes: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    dismissed: tuple[Finding, ...] = ()
    orphans: "tuple[Decision, ...]" = ()

    @property
    def failed(self) -> bool:
        """Whether the account is 不合格."""
        return self.result is Result.FAILED

    @property
    def problems(self) -> int:
        """问题数: findings that are proven or wait for a person; what was not observed is not a problem."""
        return sum(each.verdict is not Verdict.UNVERIFIABLE for each in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The next moment by which an account must have posted: ``ends_at`` (UTC, exclusive), for one rule."""

    code: str
    category: str
    window: Window
    ends_at: datetime
    needs_original: bool = False
