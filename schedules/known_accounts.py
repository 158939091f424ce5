"""Accounts by id, also those that only earlier inspections or the ledger know."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from monitor.values import Account
from schedules.office import Office
from storage.account_results import results_of_account
from storage.accounts import account
from storage.dispositions import ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An account as it is called by now, or was when it was last inspected; ``account`` None: no longer registered."""

    account_id: str
    name: str = ""
    platform: str = ""
    organizer: str = ""
    account: Account | None = None

    def __str__(self) -> str:
        return f"“{self.name}”（{self.platform}）" if self.name else f"账号 {self.account_id}"


def known_account(office: Office, session: Session, account_id: str) -> Known:
    """Return who an account is; RequestError, which names the nearest, for one of which nothing is known."""
    wanted = account_id.strip()
    if found := account(session, wanted):
        return known(found)
    if results := results_of_account(session, wanted):
        newest = results[0]
        return Known(account_id=wanted, name=newest.account_name, platform=newest.platform, organizer=newest.organizer)
    return Known(account_id=wanted) if ledger(session, [wanted]) else known(office.account(wanted))


def known(account: Account) -> Known:
    """Return who a registered account is."""
    return Known(
        account_id=account.account_id,
        name=account.name,
        platform=account.platform.value,
        organizer=account.organizer,
        account=account,
    )
