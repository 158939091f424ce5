"""How things stand: the daemon, its jobs, lanes, sources, coverage, messages and disk, read beside whatever runs."""

import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from crawler.lanes import lane_of
from crawler.sources.kinds import asked_url
from monitor.findings import Window
from monitor.frame import Frame, month_of
from monitor.spans import duration
from monitor.visits import Outcome
from schedules.office import Office
from schedules.stale import StaleFinal, stale_finals
from storage.clocks import clocks
from storage.coverage import coverage_of
from storage.instance import DaemonState, running
from storage.jobs import JobRun, job_runs
from storage.lanes import pauses
from storage.messages import ChannelState, channel_states
from storage.plans import Backlog, backlog
from storage.standing import (
    Trouble,
    WatchedAccount,
    reminder_counts,
    server_bytes,
    source_places,
    troubles,
    watched_accounts,
)

MOST_TROUBLES = 20
WORST_ACCOUNTS = 10
SLICE = 500
BACKUPS = (".db", ".dump")
CLOCKS_FROM = timedelta(days=1)
MESSAGES_FROM = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneStatus:
    """A lane: its sources, until when and what for it pauses (None: it does not), how far its servers are ahead."""

    name: str
    sources: int
    paused_until: datetime | None = None
    paused_for: Outcome | None = None
    offset: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageStatus:
    """How much of the running month is proven: the mean share over all accounts, and the accounts with the least."""

    month: Window
    share: float
    accounts: int
    worst: tuple[tuple[WatchedAccount, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskStatus:
    """Bytes: free and in all where the database lies, what database and evidence take; the newest backup's file."""

    folder: Path
    free: int
    total: int
    database: int
    evidence: int
    backup: Path | None
    backup_at: datetime | None
    backup_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How things stand at ``at`` (UTC). ``daemon`` is the one that runs or ran last, None: never.

    ``stale`` are final inspections that rest on something that was changed since.
    """

    at: datetime
    daemon: DaemonState | None
    jobs: tuple[JobRun, ...]
    lanes: tuple[LaneStatus, ...]
    trouble_count: int
    troubles: tuple[Trouble, ...]
    coverage: CoverageStatus
    backlog: Backlog
    reminders_made: int
    reminders_sent: int
    channels: Mapping[str, ChannelState]
    disk: DiskStatus
    stale: tuple[StaleFinal, ...] = ()


def status_of(office: Office, now: datetime) -> Status:
    """Read how things stand; nothing is written, and nobody is kept waiting."""
    today = now.astimezone(office.zone).date()
    frame = office.frame(month_of(today), now)
    daemon = running(office.database)
    stale = stale_finals(office)
    with office.database.read() as session:
        count, worst = troubles(session, today, MOST_TROUBLES)
        made, sent = reminder_counts(session, frame.start(frame.period.first))
        return Status(
            at=now,
            daemon=daemon,
            jobs=tuple(job_runs(session).values()),
            lanes=_lanes(session, office, today, now),
            trouble_count=count,
            troubles=tuple(worst),
            coverage=_coverage(session, frame, watched_accounts(session, today)),
            backlog=backlog(session, now, today=today),
            reminders_made=made,
            reminders_sent=sent,
            channels=channel_states(session, now - MESSAGES_FROM),
            disk=disk_status(office, session),
            stale=stale,
        )


def _lanes(session: Session, office: Office, today: date, now: datetime) -> tuple[LaneStatus, ...]:
    """Return the lanes: those that the office named first, then by the number of their sources."""
    counts = Counter(lane_of(asked_url(each.url, each.kind), office.lanes) for each in source_places(session, today))
    paused = {name: pause for name, pause in pauses(session).items() if pause.holds(now)}
    offsets = clocks(session, now - CLOCKS_FROM)
    named = [each.name for each in office.lanes]
    others = sorted({*counts, *paused} - {*named}, key=lambda name: (-counts[name], name))
    return tuple(
        LaneStatus(
            name=name,
            sources=counts[name],
            paused_until=paused[name].until if name in paused else None,
            paused_for=paused[name].outcome if name in paused else None,
            offset=offsets.get(name),
        )
        for name in (*named, *others)
    )


def _coverage(session: Session, frame: Frame, watched: Sequence[WatchedAccount]) -> CoverageStatus:
    """Return the shares as the month's inspection would state them (采集完整率)."""
    whole = frame.elapsed
    shares: list[tuple[WatchedAccount, float]] = []
    for at in range(0, len(watched), SLICE):
        some = watched[at : at + SLICE]
        if whole is None:
            shares += [(each, 0.0) for each in some]
            continue
        covered = coverage_of(session, [each.account_id for each in some], whole.start, whole.end)
        shares += [(each, duration(covered[each.account_id]) / (whole.end - whole.start)) for each in some]
    return CoverageStatus(
        month=frame.period,
        share=sum(share for _, share in shares) / len(shares) if shares else 0.0,
        accounts=len(shares),
        worst=tuple(sorted((each for each in shares if each[1] < 1), key=lambda each: each[1])[:WORST_ACCOUNTS]),
    )


def disk_status(office: Office, session: Session) -> DiskStatus:
    """Return what lies on the disk; of PostgreSQL the free space is that of the disk of the evidence."""
    file = None if office.database.file is None else office.database.file.path
    folder = _existing(file.parent if file is not None else (office.evidence or Path.cwd()))
    used = shutil.disk_usage(folder)
    backup = _newest_backup(office.daemon.backups)
    return DiskStatus(
        folder=folder,
        free=used.free,
        total=used.total,
        database=server_bytes(session) if file is None else sum(map(_size, (file, Path(f"{file}-wal")))),
        evidence=sum(each.st_size for _, each in _files(office.evidence)),
        backup=backup[0] if backup else None,
        backup_at=datetime.fromtimestamp(backup[1].st_mtime, UTC) if backup else None,
        backup_bytes=backup[1].st_size if backup else 0,
    )


def _existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.absolute().parents) if each.is_dir())


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _newest_backup(folder: Path | None) -> tuple[Path, os.stat_result] | None:
    whole = [each for each in _files(folder) if each[0].suffix in BACKUPS]  # beside them lie sums, and what is begun
    return max(whole, key=lambda each: each[1].st_mtime, default=None)


def _files(folder: Path | None) -> list[tuple[Path, os.stat_result]]:
    """Return a folder's files, none where it cannot be looked into."""
    if folder is None:
        return []
    try:
        with os.scandir(folder) as entries:
            return [(Path(each.path), each.stat()) for each in entries if each.is_file()]
    except OSError:
        return []
