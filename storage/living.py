"""Which accounts are still watched."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_

from monitor.values import AccountState
from storage.models import accounts

_DAY = timedelta(days=1)


def living(today: date) -> ColumnElement[bool]:
    """Accounts that are not closed on ``today``, the office's day, and those that closed today.

    A visit after the end of its last day proves that day.
    """
    dated = and_(accounts.c.closed.is_not(None), accounts.c.closed > today - _DAY)
    undated = and_(accounts.c.closed.is_(None), accounts.c.state != AccountState.CLOSED.value)
    return or_(dated, undated)
