"""Remember how far each lane's servers are ahead of our own clock, so that a restart need not ask them anew."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from storage.running_models import lane_clocks

_SECOND = timedelta(seconds=1)


def save_clock(session: Session, lane: str, offset: timedelta, at: datetime) -> None:
    """Keep, in place of an earlier one, how far a lane's server was ahead of us at ``at`` (UTC); kept to the second."""
    session.execute(delete(lane_clocks).where(lane_clocks.c.lane == lane))
    session.execute(insert(lane_clocks), {"lane": lane, "offset": round(offset / _SECOND), "at": at})


def clocks(session: Session, since: datetime) -> dict[str, timedelta]:
    """Return by lane how far its server was ahead of us, as far as it was asked at ``since`` or later."""
    rows = session.execute(select(lane_clocks.c.lane, lane_clocks.c.offset).where(lane_clocks.c.at >= since))
    return {lane: _SECOND * offset for lane, offset in rows}
