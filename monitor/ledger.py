"""The ledger of the four steps (处置台账) as it is kept: entries with what was said of them later, document numbers."""

import re
from dataclasses import dataclass
from datetime import datetime

from monitor.disposal import Disposition, Proposal, Step
from monitor.findings import Result

ORDER = tuple(Step)

SIGNED = (Step.INTERVIEW, Step.CLOSURE)
"""Steps that somebody must sign."""

NUMBERED = (Step.BULLETIN, Step.INTERVIEW, Step.CLOSURE)
"""Steps that are taken in writing and should have a document number."""

_YEAR = re.compile(r"[\[［(（【〔〖{｛「『<《〈]((?:19|20)\d\d)[\]］)）】〕〗}｝」』>》〉]")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_USUAL = re.compile(r"[^〔〕\d]+〔\d{4}〕第?\d+号")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the ledger; who said later that it was rectified, and who took it back; times are UTC."""

    disposition: Disposition
    rectified_by: str = ""
    rectified_at: datetime | None = None
    rectified_note: str = ""
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""

    @property
    def stands(self) -> bool:
        """Whether nobody has taken it back."""
        return self.withdrawn_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What the inspection of ``month`` proposed for an account, called as it was then, and what was recorded since."""

    account_id: str
    account_name: str
    platform: str
    organizer: str
    month: str
    result: Result
    proposal: Proposal
    since: tuple[Disposition, ...] = ()

    @property
    def is_recorded(self) -> bool:
        """Whether the proposed step, or a graver one, was recorded since."""
        step = self.proposal.step
        return step is not None and any(ORDER.index(each.step) >= ORDER.index(step) for each in self.since)


def step_before(step: Step) -> Step | None:
    """Return the step that comes before one, None before the first."""
    at = ORDER.index(step)
    return ORDER[at - 1] if at else None


def document_number(text: str) -> str:
    """Return a document number as officials print it, ``高府办函〔2026〕12号``: 〔〕 round the year, no spaces."""
    return _YEAR.sub(r"〔\1〕", "".join(text.split()).translate(_WIDE))


def is_usual(number: str) -> bool:
    """Say whether a document number has the usual shape."""
    return _USUAL.fullmatch(number) is not None
