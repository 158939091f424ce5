"""The daemon's figures as Prometheus reads them, and what it uses of the machine."""

import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

KINDS = {"_total": "counter", "_seconds_sum": "summary", "_seconds_count": "summary"}
_PROC = Path("/proc/self")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the daemon knows of itself at ``at`` (UTC).

    ``beat_at`` is when it last told the database that it lives, ``ticked_at`` when it last looked for due sources,
    ``ticking`` whether it still does. ``sources`` are numbers by state (``well``, ``failing`` …), ``visits`` of this
    process by outcome, messages by channel; ``job_success`` is when each job last came to its end, ``jobs_running`` how
    many runs of each are under way. ``storage_error`` is a sentence, "" where the database takes what is written.
    """

    at: datetime
    started_at: datetime
    version: str = ""
    beat_at: datetime | None = None
    ticked_at: datetime | None = None
    ticking: bool = True
    offline_since: datetime | None = None
    clock_offset: timedelta | None = None
    storage_error: str = ""
    lanes: int = 0
    lanes_paused: int = 0
    sources: Mapping[str, int] = field(default_factory=dict[str, int])
    due: int = 0
    visits: Mapping[str, int] = field(default_factory=dict[str, int])
    visit_seconds: float = 0.0
    messages_waiting: Mapping[str, int] = field(default_factory=dict[str, int])
    messages_failed: Mapping[str, int] = field(default_factory=dict[str, int])
    job_success: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    jobs_running: Mapping[str, int] = field(default_factory=dict[str, int])
    database_bytes: int | None = None
    disk_free: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What this process holds of the machine; None where the system does not tell."""

    threads: int
    open_files: int | None
    resident_bytes: int | None


def usage() -> Usage:
    """Return what this process uses now."""
    try:
        pages = int((_PROC / "statm").read_text(encoding="ascii").split()[1])
        files: int | None = len(os.listdir(_PROC / "fd")) - 1  # noqa: PTH208 - of 100,000 files no Path is wanted; one is the folder
        resident: int | None = pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        files, resident = None, None
    return Usage(threads=threading.active_count(), open_files=files, resident_bytes=resident)


Sample = tuple[str, str, str, str, float]
"""A figure: name without ``xunjian_``, help, label, the label's value, number."""


def exposition(facts: Facts, used: Usage) -> str:
    """Return the figures in Prometheus' text format 0.0.4."""
    lines: list[str] = []
    told: set[str] = set()
    for name, words, label, value, number in (*_of_running(facts), *_of_work(facts), *_of_machine(facts, used)):
        kind = next((kind for end, kind in KINDS.items() if name.endswith(end)), "gauge")
        family = name.rpartition("_")[0] if kind == "summary" else name
        if family not in told:
            told.add(family)
            lines += [f"# HELP xunjian_{family} {words}", f"# TYPE xunjian_{family} {kind}"]
        labels = f'{{{label}="{_escaped(value)}"}}' if label else ""
        lines.append(f"xunjian_{name}{labels} {number:.17g}")
    return "\n".join(lines) + "\n"


def _of_running(facts: Facts) -> Iterator[Sample]:
    yield "build_info", "Always 1; the version is the label.", "version", facts.version, 1
    yield "start_time_seconds", "When the daemon started, Unix time.", "", "", facts.started_at.timestamp()
    if facts.beat_at is not None:
        yield "beat_age_seconds", "Since the daemon last told the database that it lives.", "", "", _age(facts)
    if facts.ticked_at is not None:
        yield (
            "last_tick_seconds",
            "When due sources were last looked for, Unix time.",
            "",
            "",
            facts.ticked_at.timestamp(),
        )
    yield "ticking", "1 while due sources are looked for.", "", "", facts.ticking
    yield "offline", "1 while this machine has no network.", "", "", facts.offline_since is not None
    if facts.clock_offset is not None:
        seconds = facts.clock_offset.total_seconds()
        yield "clock_offset_seconds", "How far servers are ahead of this clock.", "", "", seconds
    yield "storage_trouble", "1 while the database does not take what is written.", "", "", bool(facts.storage_error)


def _of_work(facts: Facts) -> Iterator[Sample]:
    yield "lanes", "Lanes that are known.", "", "", facts.lanes
    yield "lanes_paused", "Lanes that pause.", "", "", facts.lanes_paused
    yield from _by("sources", "Sources by state.", "state", facts.sources)
    yield "sources_due", "Sources that are due and not visited yet.", "", "", facts.due
    yield from _by("visits_total", "Visits since the start by outcome.", "outcome", facts.visits)
    yield "visit_seconds_sum", "What visits took since the start, in seconds.", "", "", facts.visit_seconds
    yield "visit_seconds_count", "Visits since the start.", "", "", sum(facts.visits.values())
    yield from _by("messages_waiting", "Messages to be sent by channel.", "channel", facts.messages_waiting)
    yield from _by("messages_failed", "Messages that were given up by channel.", "channel", facts.messages_failed)
    success = {job: at.timestamp() for job, at in facts.job_success.items()}
    yield from _by("job_last_success_seconds", "When a job last came to its end, Unix time.", "job", success)
    yield from _by("jobs_running", "Runs of a job that are under way.", "job", facts.jobs_running)


def _of_machine(facts: Facts, used: Usage) -> Iterator[Sample]:
    known = (
        ("database_bytes", "Size of the database.", facts.database_bytes),
        ("disk_free_bytes", "Free space where the database lies.", facts.disk_free),
        ("threads", "Threads of the daemon.", used.threads),
        ("open_files", "Open files of the daemon.", used.open_files),
        ("resident_memory_bytes", "Memory of the daemon.", used.resident_bytes),
    )
    yield from ((name, words, "", "", number) for name, words, number in known if number is not None)


def _by(name: str, words: str, label: str, numbers: Mapping[str, float]) -> Iterator[Sample]:
    yield from ((name, words, label, value, number) for value, number in sorted(numbers.items()))


def _age(facts: Facts) -> float:
    return max((facts.at - facts.beat_at).total_seconds(), 0.0) if facts.beat_at is not None else 0.0


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
