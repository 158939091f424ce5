"""Accounts that are being closed: those of the registry with a notice of closing, and how far each has come."""

from dataclasses import dataclass
from datetime import datetime

from monitor.closing import Closing, closing_of
from monitor.values import Account
from schedules.disposing_advice import frame_now
from schedules.office import Office
from storage.accounts import all_accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Closings:
    """Accounts in the registry's order, each with how far its closing has come."""

    accounts: tuple[tuple[Account, Closing], ...]


def closings(office: Office, account_id: str | None, *, now: datetime) -> Closings:
    """Return the accounts that are being closed, or the one account that is named, also where it is closed already."""
    frame = frame_now(office, now)
    with office.database.read() as session:
        registered = all_accounts(session)
    wanted = None if account_id is None else account_id.strip()
    found = [
        (each, closing)
        for each in registered
        if wanted in (None, each.account_id) and (closing := closing_of(each, frame)) is not None
    ]
    return Closings(accounts=tuple(each for each in found if wanted is not None or each[1].is_open))
