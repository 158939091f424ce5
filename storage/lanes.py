"""Remember how long each lane was told to pause, so that a restart does not forget it."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from monitor.visits import Outcome
from storage.models import lanes


def pauses(session: Session) -> dict[str, tuple[datetime, Outcome]]:
    """Return by lane until when it pauses (or paused) and what for."""
    rows = session.execute(select(lanes.c.lane, lanes.c.paused_until, lanes.c.paused_for))
    return {lane: (until, Outcome(outcome)) for lane, until, outcome in rows}


def save_pause(session: Session, lane: str, until: datetime, outcome: Outcome) -> None:
    """Keep a lane's pause in place of an earlier one."""
    session.execute(delete(lanes).where(lanes.c.lane == lane))
    session.execute(insert(lanes), {"lane": lane, "paused_until": until, "paused_for": outcome.value})
