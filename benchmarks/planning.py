"""What it takes to plan and find due sources at the size of a province, against reading the same rows plainly.

Usage: python benchmarks/planning.py [SOURCES=10000]

Half of the sources lie in one lane, the others in 500 lanes; each has a year's quarter of visits and 30 posts. Prints
CPU seconds of planning all, of planning what 500 visits made void, of finding what is due and of ``xunjian status``;
beside each the plain cursor that reads the rows that it rests on; the peak memory; and how the first hundred batches of
a tick are shared among the lanes.
"""

import resource
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Engine, event

from console.config import load_with_secrets
from console.offices import opened_office
from crawler.lanes import lane_of
from monitor.values import Account, Platform, SourceAddress
from schedules.office import Office
from schedules.planning import Loads, plan_all, plan_missing
from schedules.status import status_of
from schedules.sweeping import MOST
from storage.accounts import save_accounts
from storage.database import open_database
from storage.plans import due_sources

LANES = 500
VISITS = 12
POSTS = 30
NOW = datetime(2026, 11, 12, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
CONFIG = '[daemon]\nlisten = ""\nbackups = ""\n'

Sent = list[tuple[str, object, bool]]
"""Statements as they were sent, with their parameters, and whether these are many."""


def address(number: int, count: int) -> str:
    """Return a source's address: the first half of all lies at one host."""
    host = "bridge" if number < count // 2 else f"site{number % LANES}"
    return f"https://{host}.example.gov.cn/{number}.xml"


def fill(file: Path, count: int) -> None:
    """Make a database of ``count`` accounts with a source, visits and posts each; every hundredth was never visited."""
    made = [
        Account(
            account_id=f"a{n}",
            name=f"第{n}局发布",
            platform=Platform.WEBSITE,
            organizer=f"第{n}局",
            main=n % 20 == 0,
            addresses=(SourceAddress(url=address(n, count), kind="feed"),),
        )
        for n in range(count)
    ]
    with closing(open_database(f"sqlite:///{file}")) as database, database.begin() as session:
        save_accounts(session, made, NOW - 90 * 24 * HOUR)
    with closing(sqlite3.connect(file)) as raw, raw:
        ids = raw.execute("SELECT source_id, account_id FROM sources ORDER BY source_id").fetchall()
        visited = [each for n, each in enumerate(ids) if n % 100]
        _insert(raw, "visits", (row for n, each in enumerate(visited) for row in _visits(n, *each)))
        _insert(raw, "posts", (row for n, each in enumerate(visited) for row in _posts(n, *each)))
        raw.executemany(
            "INSERT INTO coverage (account_id, starts_at, ends_at) VALUES (?, ?, ?)",
            ((account_id, _us(NOW - 60 * 24 * HOUR), _us(_newest(n))) for n, (_, account_id) in enumerate(visited)),
        )
        raw.executemany(
            "UPDATE sources SET visited_at = ?, item_count = 20 WHERE source_id = ?",
            ((_us(_newest(n)), source_id) for n, (source_id, _) in enumerate(visited)),
        )


def _newest(number: int) -> datetime:
    return NOW - HOUR * (number % 7) - timedelta(minutes=number % 53)


def _visits(number: int, source_id: int, account_id: str) -> Iterator[dict[str, object]]:
    for k in range(VISITS):
        at = _newest(number) - HOUR * 6 * k
        yield {
            "visit_id": number * VISITS + k + 1,
            "source_id": source_id,
            "account_id": account_id,
            "started_at": _us(at),
            "ended_at": _us(at + timedelta(seconds=1)),
            "outcome": "NEW",
            "status": 200,
            "item_count": 20,
            "proof_start": _us(at - 24 * HOUR),
            "proof_end": _us(at),
            "lane": "x",
        }


def _posts(number: int, source_id: int, account_id: str) -> Iterator[dict[str, object]]:
    for k in range(POSTS):
        at = NOW - HOUR * (number % 11) - 37 * HOUR * k
        yield {
            "post_id": ((number * VISITS + 1) << 20) + k,
            "account_id": account_id,
            "key": f"guid:{number}-{k}",
            "seen_at": _us(at + HOUR),
            "source_id": source_id,
            "known_from": _us(at + HOUR),
            "title": f"第{k}号",
            "url": f"https://x.example.gov.cn/{number}/{k}",
            "published_at": _us(at),
            "precision": "second",
            "stated": at.isoformat(),
            "form": "iso",
            "rung": "guid",
            "kind": "图文",
        }


def _insert(raw: sqlite3.Connection, table: str, rows: Iterator[dict[str, object]]) -> None:
    """Insert rows; a column that they leave out is NULL, or empty where it may not be."""
    columns = raw.execute(f"PRAGMA table_info({table})").fetchall()
    empty = {
        name: ("" if kind.startswith(("VARCHAR", "TEXT")) else 0) if wanted else None
        for _, name, kind, wanted, *_ in columns
    }
    names = ",".join(f'"{name}"' for name in empty)
    raw.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({','.join('?' * len(empty))})",
        (tuple({**empty, **row}[name] for name in empty) for row in rows),
    )


def _us(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000


@contextmanager
def noted(*engines: Engine) -> Iterator[Sent]:
    """Note every statement that is sent within the block."""
    sent: Sent = []

    def note(_c: object, _k: object, statement: str, parameters: object, _x: object, many: bool) -> None:  # noqa: FBT001 - SQLAlchemy's
        sent.append((statement, parameters, many))

    for each in engines:
        event.listen(each, "before_cursor_execute", note)
    yield sent
    for each in engines:
        event.remove(each, "before_cursor_execute", note)


def plainly(file: Path, sent: Sent) -> float:
    """Run the SELECT statements on a plain cursor; return CPU seconds."""
    with closing(sqlite3.connect(file)) as raw:
        begun = time.process_time()
        for statement, parameters, _ in sent:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                for _row in raw.execute(statement, parameters):  # type: ignore[arg-type]
                    pass
        return time.process_time() - begun


def measure(name: str, office: Office, work: Callable[[], object]) -> object:
    """Do something, and print its CPU and wall seconds beside those of a plain cursor."""
    database = office.database
    with noted(database.reader, database.writer) as sent:
        wall, begun = time.perf_counter(), time.process_time()
        found = work()
        seconds, wall = time.process_time() - begun, time.perf_counter() - wall
    plain = plainly(Path(database.where), sent)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:34} {seconds:7.2f} s CPU {wall:7.2f} s  plain cursor {plain:6.2f} s  ratio {seconds / plain:6.1f}  "
        f"peak {peak:4.0f} MB  {found if isinstance(found, int) else ''}",
        flush=True,
    )
    return found


def visited_again(file: Path, source_ids: Sequence[int], at: datetime) -> None:
    """Make the plans of sources void, as a visit does."""
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.executemany(
            "UPDATE sources SET visited_at = ? WHERE source_id = ?", ((_us(at), each) for each in source_ids)
        )


def shares(office: Office, now: datetime) -> None:
    """Print what a tick at ``now`` starts: a batch in every lane, the least time left first."""
    with office.database.read() as session:
        found = due_sources(session, now, today=now.date())
    by_lane: dict[str, int] = Counter(lane_of(each.url, office.lanes) for each in found)
    given = {lane: min(count, MOST) for lane, count in by_lane.items()}
    first = Counter("bridge" if "bridge" in each.url else "sites" for each in found[:100])
    ordered = all(one.latest <= other.latest for one, other in pairwise(found))
    print(f"\na tick with {len(found)} due starts {len(given)} lanes at once, in order of latest: {ordered}")
    print(f"the lane of {max(by_lane.values())} is given {max(given.values())}, another {min(given.values())} at least")
    print(f"first 100 by time left: {dict(first)}; requests in their first round: 1 a lane, {len(given)} lanes")


def main(count: int) -> None:
    """Fill, plan, look, and print."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "xunjian.db"
        (Path(folder) / "xunjian.toml").write_text(CONFIG, encoding="utf-8")
        fill(file, count)
        settings = replace(load_with_secrets(Path(folder) / "xunjian.toml"), database_url=f"sqlite:///{file}")
        loads: Loads = {}
        later = NOW + HOUR
        with opened_office(settings) as office:
            measure("first plan of all", office, lambda: plan_missing(office, NOW, loads))
            measure("plan of all, as each hour", office, lambda: plan_all(office, NOW, loads))
            some = list(range(1, count + 1, max(1, count // 500)))[:500]
            visited_again(file, some, later)
            measure(f"plan after {len(some)} visits", office, lambda: plan_missing(office, later + HOUR / 60, loads))
            measure("plan with nothing to be planned", office, lambda: plan_missing(office, later + HOUR / 60, loads))
            for name, at in (("due sources, few", NOW), ("due sources, all", NOW + 30 * HOUR)):
                measure(name, office, lambda at=at: _due(office, at))  # type: ignore[misc]
            measure("status", office, lambda: bool(status_of(office, later)))
            shares(office, NOW + 30 * HOUR)


def _due(office: Office, now: datetime) -> int:
    with office.database.read() as session:
        return len(due_sources(session, now, today=now.date()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
