"""How a lane stands with its servers: whether it may be asked, must be left alone, or is tried with one probe."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from monitor.visits import LONGEST_PAUSE, Lane, Outcome, Source

FIRST_PAUSE: Final = timedelta(minutes=10)
"""A lane that blocks us is left alone for this, then twice as long, and so on, up to LONGEST_PAUSE."""

FIRST_REST: Final = timedelta(minutes=1)
"""A lane that finds us too fast without saying for how long is left alone for this, then twice as long, and so on."""

NOT_ABOUT_US: Final = frozenset({401, 407, 451})
"""Refusals of one address, not of us."""

_PROBES: Final = 3  # so many sources are asked after a pause where the first ones tell nothing of the lane
_UNTOLD: Final = frozenset({Outcome.TIMEOUT, Outcome.TLS, Outcome.REFUSED, Outcome.SERVER_ERROR})
_UNASKED: Final = frozenset({Outcome.LOCAL_OUTAGE, Outcome.DNS, Outcome.FORBIDDEN_ADDRESS, Outcome.ROBOTS})
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What came of one request, as far as it is about us; ``who`` was asked."""

    who: str
    outcome: Outcome
    status: int | None = None
    retry_after: timedelta | None = None

    @property
    def refuses_us(self) -> bool:
        """Whether the server blocks us, and not just this address."""
        return self.outcome is Outcome.BLOCKED and self.status not in NOT_ABOUT_US

    @property
    def limits_us(self) -> bool:
        """Whether the server finds us too fast, or says when to come again."""
        return bool(self.retry_after) or (self.outcome is Outcome.RATE_LIMITED and self.status is not None)


class Standing:
    """What is known of one lane's trouble, kept between its batches.

    Too many requests (429, a Retry-After) pause the lane at once. A refusal (403, captcha …) puts it in doubt: the next
    source is the probe, and a refusal of that too pauses the lane. After a pause one source is the probe: if it is
    answered the lane goes on, if not the next pause is twice as long.
    """

    def __init__(self) -> None:
        self.paused_until: datetime | None = None
        self.paused_for: Outcome | None = None
        self.level = 0
        self.on_trial = False
        """The lane's pause is over, and it has not answered since."""
        self.doubted: str | None = None
        """Whose refusal put the lane in doubt."""
        self.untold = 0

    def take_over(self, lane: Lane) -> None:
        """Take over a pause that is remembered, unless a later one is known."""
        if lane.paused_until is None or (self.paused_until is not None and lane.paused_until <= self.paused_until):
            return
        self.paused_until, self.paused_for, self.level = lane.paused_until, lane.paused_for, lane.level

    def left(self, now: datetime) -> timedelta | None:
        """Return for how long the lane is to be left alone yet, None where it may be asked.

        One that would last for longer than any pause does was made by a clock that was wrong, and is over.
        """
        if self.paused_until is None or self.on_trial:
            return None
        left = self.paused_until - now
        if timedelta(0) < left <= LONGEST_PAUSE:
            return left
        self.end_pause()
        return None

    def end_pause(self) -> None:
        """Let the lane be tried with one source."""
        self.on_trial, self.untold = True, 0

    @property
    def in_doubt(self) -> bool:
        """Whether one source was refused, and no other has told since whether that is the lane's trouble."""
        return self.doubted is not None

    @property
    def wants_probe(self) -> bool:
        """Whether the next source that is asked is to be the one that tells most."""
        return self.on_trial or self.in_doubt

    def hear(self, said: Said, now: datetime) -> bool:
        """Take in what came of a request; say whether a pause begins or the lane is out of its trouble."""
        if said.limits_us:
            self.pause(now, said.outcome, said.retry_after)
            return True
        if said.refuses_us:
            if self.on_trial or self.doubted not in {None, said.who}:
                self.pause(now, said.outcome)
                return True
            self.doubted = said.who
            return False
        if said.outcome in _UNASKED:
            return False
        if said.outcome in _UNTOLD or said.outcome is Outcome.BLOCKED:
            self.untold += 1
            if self.on_trial and self.untold >= _PROBES:
                self.pause(now, self.paused_for or Outcome.BLOCKED)
                return True
            return False
        self.doubted, self.untold = None, 0
        return self._answers()

    def pause(self, now: datetime, outcome: Outcome, retry_after: timedelta | None = None) -> None:
        """Begin a pause, longer than the one before it in a row."""
        first = FIRST_PAUSE if outcome is Outcome.BLOCKED else FIRST_REST
        grown = min(first * (1 << min(self.level, 16)), LONGEST_PAUSE)
        if retry_after:
            grown = max(retry_after, grown) if self.level else retry_after
        self.paused_until, self.paused_for = now + min(grown, LONGEST_PAUSE), outcome
        self.level += 1
        self.on_trial, self.doubted = False, None

    def of(self, lane: Lane) -> Lane:
        """Return the lane as it stands now."""
        return replace(lane, paused_until=self.paused_until, paused_for=self.paused_for, level=self.level)

    def _answers(self) -> bool:
        if not self.on_trial:
            return False
        self.paused_until, self.paused_for, self.level, self.on_trial = None, None, 0, False
        return True


def best_probe(sources: Sequence[Source], doubted: str | None) -> Source | None:
    """Return the source that answered well last, the doubted one excepted; None where there is no other."""
    others = [each for each in sources if who(each) != doubted]
    answered = [each for each in others if each.memory.full_at is not None]
    if answered:
        return max(answered, key=lambda each: each.memory.full_at or _LONG_AGO)
    return others[0] if others else None


def who(source: Source) -> str:
    """Return what stands for a source when its lane is in doubt."""
    return source.url
