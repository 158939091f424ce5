"""What an import would change, and what in it looks like a slip."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.values import Account


class Changes(NamedTuple):
    """How many accounts an import adds, updates and leaves as they are."""

    added: int
    updated: int
    unchanged: int


def changes(known: Sequence[Account], found: Sequence[Account]) -> Changes:
    """Count what importing ``found`` into a registry of ``known`` accounts does."""
    before = {each.account_id: each for each in known}
    unchanged = sum(before.get(each.account_id) == each for each in found)
    updated = sum(each.account_id in before for each in found) - unchanged
    return Changes(added=len(found) - updated - unchanged, updated=updated, unchanged=unchanged)


class Renaming(NamedTuple):
    """A name that accounts had until now and that no longer means their own unit: ``old`` became ``new``."""

    column: str
    old: str
    new: str
    ids: tuple[str, ...]


def renamings(known: Sequence[Account], found: Sequence[Account]) -> Iterator[Renaming]:
    """Yield every name that an import takes from accounts and that is not among their aliases.

    Posts of before say the old name in their source lines, and would be taken for reposts of another unit.
    """
    before = {each.account_id: each for each in known}
    told: dict[tuple[str, str, str], list[str]] = {}
    for account in found:
        if (was := before.get(account.account_id)) is None:
            continue
        own = (account.organizer, account.name, *account.aliases)
        for column, old, new in (
            ("主办单位", was.organizer, account.organizer),
            ("账号名称", was.name, account.name),
        ):
            if old not in own:
                told.setdefault((column, old, new), []).append(account.account_id)
    return (Renaming(*names, tuple(ids)) for names, ids in told.items())


def shared_addresses(accounts: Sequence[Account]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every URL that several accounts name, with their ids: posts of one would count for the other."""
    users: dict[str, list[str]] = {}
    for account in accounts:
        for url in dict.fromkeys(each.url for each in account.addresses):
            users.setdefault(url, []).append(account.account_id)
    return ((url, tuple(ids)) for url, ids in users.items() if len(ids) > 1)
