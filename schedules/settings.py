"""What the daemon is told: when its jobs run, how often sources are visited, what it watches of itself."""

from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonSettings:
    """Section [daemon]; the times of day are the office's.

    ``inspections`` is the folder of the monthly inspections, ``inspect_at`` when on the 1st the month before is
    inspected; ``digest_at`` when the day's troubles are told, ``weekly_day`` (1 is Monday) and ``weekly_at`` when the
    week's are. ``tick`` is how often due sources are looked for, ``shortest`` and ``longest`` bound how often one is
    visited, ``batch_budget`` is how long one batch of a lane may take. ``probe`` are addresses that tell whether we are
    online; ``heartbeat_url`` is asked every ``heartbeat_every`` as a sign of life, "" for none; ``listen`` is where
    /healthz and /metrics are served, "" for nowhere. ``backups`` is where the daily copies are kept (None: none are
    made), by day, week and month. ``registry`` is a file that is imported at the start and on SIGHUP.
    """

    inspections: Path = Path("inspections")
    inspect_at: time = time(9)
    digest_at: time = time(17, 30)
    weekly_day: int = 1
    weekly_at: time = time(8, 30)
    tick: timedelta = timedelta(seconds=30)
    shortest: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)
    batch_budget: timedelta = timedelta(minutes=5)
    probe: tuple[str, ...] = ()
    heartbeat_url: str = ""
    heartbeat_every: timedelta = timedelta(minutes=5)
    listen: str = "127.0.0.1:9469"
    backups: Path | None = None
    backup_at: time = time(3, 30)
    keep_daily: int = 7
    keep_weekly: int = 5
    keep_monthly: int = 12
    registry: Path | None = None
