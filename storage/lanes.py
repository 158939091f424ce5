"""Remember how long each lane was told to pause, so that a restart does not forget it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from monitor.visits import LONGEST_PAUSE, Outcome
from storage.models import lanes


@dataclass(frozen=True, slots=True, kw_only=True)
class LanePause:
    """Until when (UTC) a lane pauses (or paused), what for, and how many pauses in a row it is (0: not counted)."""

    until: datetime
    outcome: Outcome
    level: int = 0

    def holds(self, now: datetime) -> bool:
        """Say whether the lane is to be left alone at ``now``; a pause beyond all measure was made by a wrong clock."""
        return now < self.until <= now + LONGEST_PAUSE


def pauses(session: Session) -> dict[str, LanePause]:
    """Return by lane the pause that it was last told to make; a lane that has answered well since has none."""
    rows = session.execute(select(lanes.c.lane, lanes.c.paused_until, lanes.c.paused_for, lanes.c.level))
    return {lane: LanePause(until=until, outcome=Outcome(outcome), level=level) for lane, until, outcome, level in rows}


def save_pause(session: Session, lane: str, until: datetime, outcome: Outcome, level: int = 0) -> None:
    """Keep a lane's pause in place of an earlier one."""
    clear_pause(session, lane)
    values = {"lane": lane, "paused_until": until, "paused_for": outcome.value, "level": level}
    session.execute(insert(lanes), values)


def clear_pause(session: Session, lane: str) -> None:
    """Forget a lane's pause: it answers again."""
    session.execute(delete(lanes).where(lanes.c.lane == lane))
