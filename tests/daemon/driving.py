"""A daemon led through virtual time, step by step: what is due at each step is done before the next one."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.daemon.bent import BentClock, local
from tests.daemon.history import ONE_DAY
from tests.daemon.oracle import Stretch
from tests.daemon.running import Daemon, Home, NotInTimeError, Troubles, as_number, wait_until
from tests.daemon.serving import HANGING, REFUSED, Fault, Servers

KILL, START, STOP = "kill", "start", "stop"
WAITING = """
    SELECT count(*) FROM messages WHERE state = 'waiting' AND next_at <= ? AND NOT EXISTS (
        SELECT 1 FROM messages WHERE state = 'waiting' AND tries > 0 AND next_at > ?)
"""
"""Messages that are due, unless their channel rests after a failure."""


SLOW = frozenset({HANGING, "403", "429"})
"""Faults by which a server holds up a lane for minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What happens: the moments at which time stands, faults of servers, and what is done to the daemon.

    ``events`` are by moment: KILL, START, STOP, or by how much the machine's clock is wrong from then on.
    """

    first: datetime
    last: datetime
    stops: Sequence[datetime]
    faults: Sequence[Fault]
    events: Mapping[datetime, str | timedelta]

    def moments(self) -> Iterator[datetime]:
        """Give every moment at which time stands, in order."""
        given = {*self.stops, *self.events, *(each for fault in self.faults for each in (fault.first, fault.last))}
        yield from sorted(each for each in given if self.first < each <= self.last)


def daily(first: str, last: str, *times: str) -> list[datetime]:
    """Return these local times on each day from ``first`` to ``last``, ``10-01`` to ``11-02``."""
    day, end = date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}")
    found: list[datetime] = []
    while day <= end:
        found += [local(f"{day:%m-%d} {each}") for each in times]
        day += ONE_DAY
    return found


@dataclass
class Drive:
    """A daemon under way through a scene. ``void`` are the spans whose answers prove nothing, ``down`` those without it."""

    home: Home
    servers: Servers
    clock: BentClock
    scene: Scene
    daemon: Daemon | None = None
    void: list[Stretch] = field(default_factory=list)
    down: list[Stretch] = field(default_factory=list)
    steps: int = 0
    slowest: float = 0.0
    _left: datetime | None = None
    _bent: datetime | None = None

    def run(self, seconds: float) -> None:
        """Start the daemon and go through the whole scene; each step may take so many seconds."""
        self.servers.sync()
        since = self.clock.machine()
        self._start()
        self._settle(seconds, since)
        for moment in self.scene.moments():
            begun, event = time.monotonic(), self.scene.events.get(moment)
            self.servers.sync(moment)  # nobody is answered any more when a fault begins, however slow this program is
            self.clock.go_to(moment)
            since = self.clock.machine()  # what is due is done from now on, while this step is still made
            self.servers.sync()
            self._do(event)
            self._settle(seconds, self.clock.machine() if isinstance(event, timedelta) else since)
            if isinstance(event, timedelta):
                time.sleep(3)  # jobs have ended that wait for a server to tell the time; now they are done again
                if self.daemon is not None and not self.clock.wrong:
                    self._sent(self.daemon, seconds)
            self.steps += 1
            self.slowest = max(self.slowest, time.monotonic() - begun)

    def _settle(self, seconds: float, since: datetime) -> None:
        if self.daemon is not None:
            now = [each for each in self.scene.faults if each.first <= self.clock.now() < each.last]
            slow = {host for each in now if each.what in SLOW for host in each.hosts}
            troubles = Troubles(
                cut_off=any(each.what == REFUSED and not each.hosts for each in now),
                wrong_clock=bool(self.clock.wrong),
                lanes=len(slow),
                sources=sum(each.host in slow for each in self.servers.accounts),
            )
            self.daemon.settled(since - timedelta(seconds=1), seconds, troubles)
            if not (troubles.cut_off or troubles.wrong_clock):
                self._sent(self.daemon, seconds)

    def _sent(self, daemon: Daemon, seconds: float) -> None:
        due = as_number(self.clock.now())
        try:
            wait_until(lambda: self.home.number(WAITING, due, due) == 0, seconds, "what is to be sent to be sent")
        except NotInTimeError as error:
            rows = self.home.rows("SELECT * FROM messages WHERE state = 'waiting'")
            figures = {name: value for name, value in daemon.figures().items() if "job" in name or "clock" in name}
            raise NotInTimeError(f"{error} at {self.clock.now()} {due}\n{rows}\n{figures}") from error

    def _do(self, event: str | timedelta | None) -> None:
        if isinstance(event, timedelta):
            self._bend(event)
        elif event == START:
            self._start()
        elif event in {KILL, STOP} and self.daemon is not None:
            if event == KILL:
                time.sleep(1.5)  # it has just noticed how late it is, and works
                self.daemon.kill()
            else:
                assert self.daemon.stop()[0] == 0
            self.daemon = None
            self._left = self.clock.now()
            self.void.append((self._left - timedelta(seconds=20), self._left + timedelta(seconds=5)))

    def _start(self) -> None:
        self.daemon = self.home.daemon().ready()
        if self._left is not None:
            self.down.append((self._left, self.clock.now()))

    def _bend(self, wrong: timedelta) -> None:
        if self._bent is not None:
            self.void.append((self._bent - timedelta(seconds=5), self.clock.now() + timedelta(seconds=5)))
        self._bent = self.clock.now() if wrong else None
        self.clock.bend(wrong)


def faults_of(*told: tuple[str, str, str, Iterable[str]]) -> list[Fault]:
    """Return faults written short: what, from when to when, at which hosts (none named: at all)."""
    return [
        Fault(what=what, first=local(first), last=local(last), hosts=frozenset(hosts))
        for what, first, last, hosts in told
    ]
