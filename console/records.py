"""Accounts as plain data for ``accounts list --json``: every field of the registry, keys in English."""

from typing import Any

from monitor.values import Account
from reports.record import account_fields


def account_record(account: Account) -> dict[str, Any]:
    """Return an account as inspection.json has it, with what concerns the office alone: contact, phone and note."""
    return account_fields(account) | {"contact": account.contact, "phone": account.phone, "note": account.note}
