"""Keep the registry (备案台账): accounts in the order of their first import, and their addresses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from monitor.values import Account, AccountState, Platform, SourceAddress
from storage.coverage import rebuild
from storage.living import living
from storage.models import accounts, sources
from storage.sources import distinct, save_addresses

_PLAIN = (
    *("account_id", "name", "organizer", "supervisor", "main"),
    *("opened", "filed", "closing_notice", "closed", "contact", "phone", "note"),
)
_COLUMNS = [*(accounts.c[name] for name in _PLAIN), accounts.c.platform, accounts.c.state, accounts.c.aliases]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many accounts an import added, changed, and left as they were."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0


def save_accounts(session: Session, found: Sequence[Account], at: datetime) -> Imported:
    """Add and update accounts by account_id, and delete none; of a repeated account_id the last one counts.

    An address that an account no longer has rests: its visits and posts stay, and its memory too, until it is back.
    What it proved counts only while it is there, for it may have been another's.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE"))
    known = {each.account_id: each for each in all_accounts(session)}
    # Named twice, an address is one source.
    given = {each.account_id: replace(each, addresses=distinct(each.addresses)) for each in found}
    added = [each for key, each in given.items() if key not in known]
    changed = [each for key, each in given.items() if key in known and known[key] != each]
    last = session.scalar(select(func.max(accounts.c.position))) or 0
    if added:
        rows = [
            _values(each) | {"position": position, "imported_at": at, "updated_at": at}
            for position, each in enumerate(added, last + 1)
        ]
        session.execute(insert(accounts), rows)
    if changed:
        names = [name for name in _values(changed[0]) if name != "account_id"]
        session.execute(
            update(accounts)
            .where(accounts.c.account_id == bindparam("of_account"))
            .values({name: bindparam(name) for name in (*names, "updated_at")}),
            [_values(each) | {"of_account": each.account_id, "updated_at": at} for each in changed],
        )
    moved = [each for each in changed if known[each.account_id].addresses != each.addresses]
    save_addresses(session, {each.account_id: each.addresses for each in (*added, *moved)})
    rebuild(session, [each.account_id for each in moved])
    return Imported(added=len(added), updated=len(changed), unchanged=len(given) - len(added) - len(changed))


def all_accounts(session: Session) -> list[Account]:
    """Return every account, in the order of first import."""
    return _accounts(session, None)


def living_accounts(session: Session, today: date) -> list[Account]:
    """Return the accounts that are still watched on ``today``, in the order of first import."""
    ids = set(session.scalars(select(accounts.c.account_id).where(living(today))))
    return [each for each in _accounts(session, None) if each.account_id in ids]


def account_ids(session: Session) -> list[str]:
    """Return the id of every account, in the order of first import."""
    return list(session.scalars(select(accounts.c.account_id).order_by(accounts.c.position)))


def accounts_of(session: Session, wanted: Collection[str]) -> list[Account]:
    """Return the accounts of these ids, in the order of first import; ids of none are left out."""
    return _accounts(session, wanted)


def account(session: Session, account_id: str) -> Account | None:
    """Return one account, None where there is none of this id."""
    return next(iter(_accounts(session, [account_id])), None)


def _accounts(session: Session, account_ids: Collection[str] | None) -> list[Account]:
    wanted = select(*_COLUMNS).order_by(accounts.c.position)
    places = (
        select(sources.c.account_id, sources.c.url, sources.c.kind)
        .where(sources.c.account_id.is_not(None), sources.c.active)
        .order_by(sources.c.position, sources.c.source_id)
    )
    if account_ids is not None:
        wanted = wanted.where(accounts.c.account_id.in_(account_ids))
        places = places.where(sources.c.account_id.in_(account_ids))
    addresses: dict[str, list[SourceAddress]] = {}
    for account_id, url, kind in session.execute(places):
        addresses.setdefault(account_id, []).append(SourceAddress(url=url, kind=kind))
    return [_account(row, tuple(addresses.get(row[0], ()))) for row in session.execute(wanted)]


def _values(found: Account) -> dict[str, Any]:
    return {name: getattr(found, name) for name in _PLAIN} | {
        "platform": found.platform.value,
        "state": found.state.value,
        "aliases": list(found.aliases) or None,
    }


def _account(row: Row[*tuple[Any, ...]], addresses: tuple[SourceAddress, ...]) -> Account:
    *plain, platform, state, aliases = tuple(row)
    return Account(
        **dict(zip(_PLAIN, plain, strict=True)),
        platform=Platform(platform),
        state=AccountState(state),
        aliases=tuple(aliases or ()),
        addresses=addresses,
    )
