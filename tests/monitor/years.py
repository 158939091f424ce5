"""Years of accounts, written short: a letter for each month."""

from typing import Any

from monitor.account_year import AccountMonth, AccountYear, Fault, State, Untold
from monitor.findings import Result, Severity
from monitor.values import Account, Platform

LETTERS: dict[str, State] = {
    "P": Result.PASSED,
    "F": Result.FAILED,
    "R": Result.REVIEW,
    "U": Result.UNVERIFIABLE,
    "N": Result.NOT_APPLICABLE,
    "-": Untold.NOT_INSPECTED,
    ".": Untold.NOT_DUE,
}
VETO = Fault(code="GX-01", severity=Severity.VETO)
BULLETIN = Fault(code="GX-03", severity=Severity.BULLETIN)
HINT = Fault(code="YC-03", severity=Severity.HINT)
EMPTY = Fault(code="GX-06", severity=Severity.BULLETIN)


def an_account(account_id: str = "a1", organizer: str = "县教育局", **more: Any) -> Account:
    given: dict[str, Any] = {"name": f"账号{account_id}", "platform": Platform.WECHAT}
    return Account(**{"account_id": account_id, "organizer": organizer, **given, **more})


def a_year(
    states: str = "PPPPPPPPPPPP",
    account_id: str = "a1",
    organizer: str = "县教育局",
    *,
    months: dict[int, dict[str, Any]] | None = None,
    notes: tuple[str, ...] = (),
    **more: Any,
) -> AccountYear:
    """A year by a letter a month; ``months`` says more of some of them. A failed one has a BULLETIN unless it says."""
    said = months or {}
    faults = {number: {"faults": (BULLETIN,)} for number, letter in enumerate(states, 1) if letter == "F"}
    return AccountYear(
        account=an_account(account_id, organizer, **more),
        months=tuple(
            AccountMonth(month=number, state=LETTERS[letter], **{**faults.get(number, {}), **said.get(number, {})})
            for number, letter in enumerate(states, 1)
        ),
        notes=notes,
    )
