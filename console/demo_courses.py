"""On which days the accounts of the sample county post: last month shows every verdict, whatever today is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from monitor.workdays import Workdays

DAY = timedelta(days=1)
LEAD = timedelta(days=40)
"""How far before the month the lists reach back: more than a fortnight, so that its first days can be judged."""

TUESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 1, 3, 4, 5, 6


class Voice(Enum):
    """How a post is signed."""

    OWN = auto()  # by the account's own unit
    RELAYED = auto()  # by somebody else
    UNSIGNED = auto()  # by nobody
    SHARED = auto()  # by nobody, and the platform says that it is somebody else's


Course = Iterable[tuple[date, Voice]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The month to inspect, ``first`` to ``last``, seen from ``today``; ``missed`` are its missed working days."""

    first: date
    last: date
    today: date
    missed: tuple[date, ...]

    @property
    def opened(self) -> date:
        """The day on which one account is opened."""
        return self.first + 9 * DAY

    @property
    def notice(self) -> date:
        """The day on which one account says that it will be closed."""
        return self.first + 17 * DAY

    @property
    def closed(self) -> date:
        """The day on which one account was closed, long ago."""
        return self.first - 60 * DAY

    @property
    def earlier(self) -> date:
        """The day within the month on which the sources are visited for the first time."""
        return self.first + 19 * DAY

    @property
    def frozen(self) -> date:
        """The day on which one bridge stops to see anything new."""
        return self.first + 11 * DAY


def term_of(today: date, workdays: Workdays) -> Term:
    """Return last month as seen from ``today`` (local)."""
    last = today.replace(day=1) - DAY
    first = last.replace(day=1)
    return Term(first=first, last=last, today=today, missed=missed_workdays(first, last, workdays))


def missed_workdays(first: date, last: date, workdays: Workdays) -> tuple[date, ...]:
    """Return three working days of the month to miss: make-up days first, then those nearest to a holiday.

    In a month without a holiday they are a Monday, a Tuesday and the Tuesday after. The first and the last day are left
    alone, so that the days before and after the month stay out of it.
    """
    inner = workdays.between(first + DAY, last - DAY)
    special = [day for day in _days(first, last) if workdays.name_of(day)]
    made_up = [day for day in special if day in inner]
    off = [day for day in special if not workdays.is_workday(day)]
    if not off:
        monday = next(day for day in inner if day.weekday() == 0 and day + DAY in inner and day + 8 * DAY in inner)
        return (monday, monday + DAY, monday + 8 * DAY)
    near = sorted(inner, key=lambda day: (min(abs(day - each) for each in off), day))
    return tuple(sorted(list(dict.fromkeys([*made_up[:1], *near]))[:3]))


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def _on(weekdays: tuple[int, ...], first: date, last: date) -> Iterator[date]:
    return (day for day in _days(first, last) if day.weekday() in weekdays)


def _every_day(term: Term) -> Course:
    """A main account that does its duty."""
    return ((day, Voice.OWN if day.toordinal() % 4 else Voice.RELAYED) for day in _days(term.first - LEAD, term.today))


def _missed_workdays(term: Term) -> Course:
    """GX-02."""
    return (each for each in _every_day(term) if each[0] not in term.missed)


def _twice_a_week(term: Term) -> Course:
    """An account that does its duty: something of its own on Tuesday, something relayed on Friday."""
    days = _on((TUESDAY, FRIDAY), term.first - LEAD, term.today)
    return ((day, Voice.OWN if day.weekday() == TUESDAY else Voice.RELAYED) for day in days)


def _opened(term: Term) -> Course:
    """An account that began within the month."""
    return (each for each in _twice_a_week(term) if each[0] >= term.opened)


def _closing(term: Term) -> Course:
    """An account that ended within the month."""
    return (each for each in _twice_a_week(term) if each[0] < term.notice)


def _silent_fortnight(term: Term) -> Course:
    """GX-01: nothing in the last fortnight, and nothing since."""
    return ((day, Voice.OWN) for day in _on((TUESDAY, FRIDAY), term.first - LEAD, term.last - 15 * DAY))


def _missed_weeks(term: Term) -> Course:
    """GX-03: two weeks without a post, one full week between them."""
    sundays = list(_on((SUNDAY,), term.first, term.last))
    silent = {day for end in (sundays[1], sundays[3]) for day in _days(end - 6 * DAY, end)}
    days = _on((TUESDAY, FRIDAY), term.first - LEAD, term.today)
    return ((day, Voice.OWN) for day in days if day not in silent)


def _asleep(term: Term) -> Course:
    """GX-05: nothing for more than 90 days."""
    return ((day, Voice.OWN) for day in _on((FRIDAY,), term.last - 220 * DAY, term.last - 130 * DAY))


def _silent_month(term: Term) -> Course:
    """GX-06: nothing in the month, something shortly before."""
    return ((day, Voice.OWN) for day in _on((TUESDAY, FRIDAY), term.first - 2 * LEAD, term.first - 4 * DAY))


def _reposts_only(term: Term) -> Course:
    """YC-01: often, and always what others wrote."""
    yield from ((day, Voice.OWN) for day in _on((TUESDAY,), term.first - LEAD, term.first - 20 * DAY))
    yield from ((day, Voice.RELAYED) for day in _on((TUESDAY, THURSDAY, SATURDAY), term.first - 19 * DAY, term.today))


def _unsigned(term: Term) -> Course:
    """待复核: nobody can tell from the text whether it is the account's own."""
    turn = term.first - 7 * DAY
    for day in _on((TUESDAY, FRIDAY), term.first - LEAD, term.today):
        yield day, Voice.OWN if day < turn else Voice.UNSIGNED


def _singles_only(_term: Term) -> Course:
    """Nothing but the account's single posts."""
    return ()


def _closed(term: Term) -> Course:
    """不适用: closed long ago."""
    return ((day, Voice.OWN) for day in _on((FRIDAY,), term.closed - LEAD, term.closed - DAY))


COURSES: dict[str, Callable[[Term], Course]] = {
    "every-day": _every_day,
    "twice-a-week": _twice_a_week,
    "opened-in-the-month": _opened,
    "closing-in-the-month": _closing,
    "missed-workdays": _missed_workdays,
    "silent-fortnight": _silent_fortnight,
    "missed-weeks": _missed_weeks,
    "asleep": _asleep,
    "silent-month": _silent_month,
    "reposts-only": _reposts_only,
    "unsigned": _unsigned,
    "closed": _closed,
    "singles-only": _singles_only,
}
