"""The history of one account over the last twelve months, as the terminal and its sheet show it."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from monitor.closing import Closing
from monitor.decisions import Decision
from monitor.findings import Deadline, Result, Window, original_share
from monitor.ledger import Entry, Proposed
from monitor.rechecking import Recheck
from monitor.stages import Stage
from monitor.values import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerName:
    """What the account was called in the inspections from ``first`` to ``last`` (months)."""

    name: str
    platform: str
    organizer: str
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingOfMonth:
    """One finding as its inspection has it; ``decisions`` say in Chinese what people decided on it."""

    code: str
    category: str
    severity: str
    verdict: str
    windows: str
    description: str
    due: date | None
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfAccount:
    """What the inspection of a month that counts says of the account; ``result`` None: it is in none."""

    month: str
    result: Result | None = None
    stage: Stage | None = None
    published: int = 0
    original: int = 0
    coverage_share: float | None = None
    disposal: str = ""
    notes: tuple[str, ...] = ()
    findings: tuple[FindingOfMonth, ...] = ()

    @property
    def share(self) -> float | None:
        """The share of originals among the posts, None without posts."""
        return original_share(self.original, self.published)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckedFinding:
    """What the inspection of the month ``found_in`` found of an earlier finding (回头看)."""

    found_in: str
    recheck: Recheck


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade:
    """A person's decision on a finding, with when, by whom and why it was taken back."""

    decision: Decision
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderMade:
    """A reminder; ``sent_at`` None: no channel took it."""

    made_at: datetime
    sent_at: datetime | None
    rule: str
    window: Window
    ends_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHistory:
    """Everything of one account; ``account`` None: it is not in the registry any more.

    ``months`` are the newest first, as are reminders, re-checks and decisions; the ledger is in order of day.
    ``deadlines`` are the account's own next ones; ``next`` says in Chinese what is to be done.
    """

    office: str
    zone: tzinfo
    as_of: datetime
    account_id: str
    name: str
    platform: str
    organizer: str
    account: Account | None = None
    former_names: tuple[FormerName, ...] = ()
    months: tuple[MonthOfAccount, ...] = ()
    rechecks: tuple[RecheckedFinding, ...] = ()
    decisions: tuple[DecisionMade, ...] = ()
    ledger: tuple[Entry, ...] = ()
    reminders: tuple[ReminderMade, ...] = ()
    proposed: Proposed | None = None
    closing: Closing | None = None
    deadlines: tuple[Deadline, ...] = ()
    next: tuple[str, ...] = ()
