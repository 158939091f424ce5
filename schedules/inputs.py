"""What a month's inspection rests on that people may change later, as fingerprints: to be compared with what it was."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Final

from monitor.frame import ONE_DAY, month_of
from monitor.proof import day_start
from schedules.counting import read_month
from schedules.office import Office
from storage.corrections import decisions_between
from storage.reviewed import Reviewed, decided_on, entered_in

LOOK_BACK: Final = timedelta(days=100)
"""So far before a month its windows reach (GX-05 counts 90 days)."""

SETTLED: Final = timedelta(minutes=30)
"""A decision is followed by others, until none was made for so long."""

_REASONS: Final = {
    "workdays": "放假安排有变",
    "decisions": "人工判定有变",
    "findings": "问题复核有变",
    "entered": "人工录入的问题有变",
}
"""In the order in which the fingerprints are kept; what is added comes last."""


def inputs_of(office: Office, month: str) -> str:
    """Return the fingerprints as ``storage.jobs`` keeps them, a line each."""
    return "\n".join(_prints(office, month).values())


def changed(office: Office, month: str, inputs: str) -> str:
    """Return what is not as it was when ``inputs`` were kept, as reasons; "" where all is.

    Fingerprints that were kept before a kind of input was known lack its line: there was nothing of it.
    """
    kept = inputs.split("\n") if inputs else []
    before = {name: kept[at] if at < len(kept) else NOTHING for at, name in enumerate(_REASONS)}
    return "、".join(_REASONS[name] for name, value in _prints(office, month).items() if before[name] != value)


def deciding(office: Office, month: str, now: datetime) -> bool:
    """Say whether somebody is just deciding on something of the month: one version is made of all of that."""
    start, end = _reach(office, month)
    period = read_month(month)
    with office.database.read() as session:
        moments = [at for _, _, at in decisions_between(session, start, end)]
        for each in (decided_on(session, period), entered_in(session, period)):
            moments += [each.changed_at] if each.changed_at is not None else []
    return any(timedelta(0) <= now - at < SETTLED for at in moments)


def _prints(office: Office, month: str) -> dict[str, str]:
    """Return the fingerprint of each kind of input, in the order in which they are kept."""
    period = read_month(month)
    first, last = period.first - LOOK_BACK, month_of(period.last + ONE_DAY).last
    start, end = _reach(office, month)
    days = office.workdays.between(first, last)
    with office.database.read() as session:
        decisions = decisions_between(session, start, end)
        ruled, entered = decided_on(session, period), entered_in(session, period)
    return {
        "workdays": _print([str(day) for day in days], [str(year) for year in office.workdays.missing(first, last)]),
        "decisions": _print(*decisions),
        "findings": _standing(ruled),
        "entered": _standing(entered),
    }


def _reach(office: Office, month: str) -> tuple[datetime, datetime]:
    """Return the moments between which the posts lie that the month's windows may hold."""
    period = read_month(month)
    return day_start(period.first - LOOK_BACK, office.zone), day_start(period.last + ONE_DAY, office.zone)


def _standing(reviewed: Reviewed) -> str:
    return _print(*reviewed.standing)


def _print(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, default=str).encode()).hexdigest()


NOTHING: Final = _print()
"""The fingerprint where there is nothing."""
