"""The life of an account: in which windows its duties apply."""

from datetime import date, timedelta

from monitor.findings import Window
from monitor.values import Account, AccountState


def ends_on(account: Account) -> date | None:
    """Return the first day on which the account has no duties any more: its closing notice or its closing."""
    days = [day for day in (account.closing_notice, account.closed) if day is not None]
    return min(days, default=None)


def ended_undated(account: Account) -> bool:
    """Say whether the registry calls the account ended and does not say since when."""
    return account.state is not AccountState.ACTIVE and ends_on(account) is None


def term(account: Account) -> Window | None:
    """Return the first and the last day on which the account has its duties, None where it never has any.

    An account that ended on a day that nobody wrote down has none at all: it is not accused on a guess.
    """
    if ended_undated(account):
        return None
    end = ends_on(account)
    first, last = account.opened or date.min, date.max if end is None else end - timedelta(days=1)
    return Window(first, last) if first <= last else None


def in_force(within: Window | None, window: Window) -> bool:
    """Say whether an account whose term is ``within`` had its duties on every day of ``window``; nothing is clipped."""
    return within is not None and within.first <= window.first and window.last <= within.last
