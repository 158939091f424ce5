"""What one judging run shares over all accounts: the period, the time point, working days, policy and zone."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property

from monitor.findings import Window
from monitor.policy import Policy, RuleParameters
from monitor.proof import day_start
from monitor.spans import Span
from monitor.workdays import Workdays

ONE_DAY = timedelta(days=1)


def month_of(day: date) -> Window:
    """Return the calendar month that holds ``day``."""
    first = day.replace(day=1)
    return Window(first, (first + timedelta(days=32)).replace(day=1) - ONE_DAY)


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One judging run. ``time_point`` (UTC) is the monitoring time point: the end of the period, or earlier.

    ``approved_sources`` are the names of the list of sources (稿源名单) in comparable form, None where none is loaded.
    Not slotted: what every account needs of it is worked out once and kept.
    """

    period: Window
    time_point: datetime
    zone: tzinfo
    workdays: Workdays
    policy: Policy
    approved_sources: frozenset[str] | None = None
    _starts: dict[date, datetime] = field(default_factory=dict[date, datetime], repr=False, compare=False)
    _rolling: dict[int, tuple[Window, ...]] = field(
        default_factory=dict[int, tuple[Window, ...]], repr=False, compare=False
    )

    def start(self, day: date) -> datetime:
        """Return the first moment of a local day, in UTC."""
        if (found := self._starts.get(day)) is None:
            found = self._starts[day] = day_start(day, self.zone)
        return found

    def span(self, window: Window) -> Span:
        """Return the moments of a window of local days."""
        return Span(self.start(window.first), self.start(window.last + ONE_DAY))

    def day_of(self, moment: datetime) -> date:
        """Return the local date of a moment."""
        return moment.astimezone(self.zone).date()

    def ended(self, window: Window) -> bool:
        """Say whether a window has ended by the time point."""
        return window.last <= self.last_day

    def rule(self, code: str) -> RuleParameters:
        """Return a rule's parameters."""
        return self.policy.rules[code]

    @cached_property
    def today(self) -> date:
        """The local day in which the last moment before the time point lies."""
        return self.day_of(self.time_point - timedelta(microseconds=1))

    @cached_property
    def last_day(self) -> date:
        """The last local day that has ended by the time point."""
        return self.day_of(self.time_point) - ONE_DAY

    @cached_property
    def elapsed(self) -> Span | None:
        """The part of the period before the time point, None where it has not begun."""
        whole = self.span(self.period)
        end = min(whole.end, self.time_point)
        return Span(whole.start, end) if whole.start < end else None

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days of the period that have begun by the time point."""
        last = min(self.period.last, self.today)
        return tuple(self.period.first + ONE_DAY * n for n in range((last - self.period.first).days + 1))

    @cached_property
    def running(self) -> bool:
        """Whether the period has not ended by the time point."""
        return self.last_day < self.period.last

    @cached_property
    def working_days(self) -> tuple[date, ...]:
        """The working days of the whole period."""
        return self.workdays.between(self.period.first, self.period.last)

    @cached_property
    def rectification_due(self) -> date:
        """整改时限: so many working days after the day of the time point."""
        return self.workdays.add(self.today, self.policy.rectification_workdays)

    @cached_property
    def weeks(self) -> tuple[Window, ...]:
        """The natural weeks whose last day falls in the period, less those that the policy exempts."""
        week_start = self.rule("GX-03").number("week_start")
        return tuple(week for week in natural_weeks(self.period, week_start) if not self.exempts(week))

    def exempts(self, week: Window) -> bool:
        """Say whether a week has so few working days that GX-03 asks for nothing."""
        fewest = self.rule("GX-03").number("exempt_when_workdays_below")
        return fewest > 0 and len(self.workdays.between(week.first, week.last)) < fewest

    def ending(self, days: int) -> Window:
        """Return the window of ``days`` local days that end at the time point: the last of them has ended."""
        return Window(self.last_day - ONE_DAY * (days - 1), self.last_day)

    def rolling(self, days: int) -> tuple[Window, ...]:
        """Return, for each day of the period that has begun, the window of ``days`` local days that end with it."""
        if (found := self._rolling.get(days)) is None:
            found = tuple(Window(day - ONE_DAY * (days - 1), day) for day in self.days)
            self._rolling[days] = found
        return found

    def until_now(self, window: Window) -> Window:
        """Return ``window`` together with the running day, in which a post lets it be met as well."""
        return Window(window.first, max(window.last, self.today))


def natural_weeks(period: Window, week_start: int) -> tuple[Window, ...]:
    """Return the weeks whose last day falls in ``period``; ``week_start`` is 1 (Monday) to 7 (Sunday)."""
    last_weekday = (week_start + 5) % 7 + 1
    last = period.first + ONE_DAY * ((last_weekday - period.first.isoweekday()) % 7)
    weeks: list[Window] = []
    while last <= period.last:
        weeks.append(Window(last - ONE_DAY * 6, last))
        last += ONE_DAY * 7
    return tuple(weeks)
