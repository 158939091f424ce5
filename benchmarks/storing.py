"""Measure storing and reading posts against plain sqlite3 that does the same with the same rows, in one run.

Usage: python benchmarks/storing.py [visits=1000] [items=20]
"""

import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from monitor.spans import Span
from monitor.values import Account, Credit, CreditKind, Item, Platform, Precision, Rung, SourceAddress, Stated
from monitor.visits import Outcome, Source, Visit
from storage.accounts import save_accounts
from storage.database import Database, open_database
from storage.models import posts
from storage.posts import posts_between
from storage.sources import sources_of
from storage.visits import save_visit

ZONE = ZoneInfo("Asia/Shanghai")
MONTH = datetime(2026, 9, 30, 16, tzinfo=UTC)
CREDIT = (Credit(kind=CreditKind.SOURCE, label="来源", value="新华社"),)
TEXT = "为深入贯彻落实党的二十大精神，扎实推进政务公开工作，现将有关事项公告如下。" * 12
SLICE = 500

Rows = tuple[list[Any], ...]
"""The rows of one visit, by table."""


def visits_of(sources: Sequence[Source], items: int, day: int) -> Iterator[Visit]:
    """One visit per source, each with items of its own, a third of them with a credit."""
    for source in sources:
        at = MONTH + timedelta(days=day)
        seen = tuple(
            Item(
                key=f"https://example.gov.cn/{source.source_id}/{day}/{number}.html",
                rung=Rung.GUID,
                title=f"高县召开第{day}次常务会议研究部署第{number}项重点工作",
                url=f"https://example.gov.cn/{source.source_id}/{day}/{number}.html",
                stated=Stated(
                    at=at - timedelta(hours=number + 1), precision=Precision.SECOND, raw=f"{number}", form="rfc822"
                ),
                text=TEXT,
                credits=CREDIT if number % 3 == 0 else (),
            )
            for number in range(items)
        )
        yield Visit(
            source_id=source.source_id,
            account_id=source.account_id,
            url=source.url,
            lane="example",
            started_at=at,
            ended_at=at + timedelta(seconds=2),
            outcome=Outcome.NEW,
            items=seen,
            item_count=items,
            proof=Span(at - timedelta(hours=items), at),
        )


@contextmanager
def timed(times: list[float]) -> Iterator[None]:
    """Add the seconds of the block to ``times``."""
    begun = perf_counter()
    yield
    times.append(perf_counter() - begun)


def register(database: Database, count: int) -> list[Source]:
    """Make accounts with one source each."""
    accounts = [
        Account(
            account_id=f"GX-{number:05}",
            name=f"高县账号{number}",
            platform=Platform.WECHAT,
            organizer="高县人民政府办公室",
            addresses=(SourceAddress(url=f"https://example.gov.cn/{number}.xml"),),
        )
        for number in range(count)
    ]
    with database.begin() as session:
        save_accounts(session, accounts, MONTH)
        return sources_of(session)


def plain_copy(source: Path, target: Path, day: int) -> list[Rows]:
    """Make empty tables like those of ``source`` in ``target``; return the rows of each visit of a day, by table."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        new.execute("PRAGMA journal_mode=WAL")
        for (statement,) in old.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
            new.execute(statement)
        for table in ("accounts", "sources"):
            rows = old.execute(f"SELECT * FROM {table}").fetchall()
            new.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
        new.commit()
        since = int((MONTH + timedelta(days=day)).timestamp() * 1_000_000)
        found: list[Rows] = []
        proofs = {
            number: proof
            for number, *proof in old.execute("SELECT visit_id, account_id, proof_start, proof_end FROM visits")
        }
        for visit in old.execute("SELECT * FROM visits WHERE started_at = ?", (since,)).fetchall():
            first, last = visit[0] << 20, (visit[0] + 1) << 20
            between = (first, last)
            found.append(
                (
                    [visit],
                    old.execute("SELECT * FROM posts WHERE post_id >= ? AND post_id < ?", between).fetchall(),
                    old.execute("SELECT * FROM post_keys WHERE post_id >= ? AND post_id < ?", between).fetchall(),
                    old.execute("SELECT * FROM post_texts WHERE post_id >= ? AND post_id < ?", between).fetchall(),
                    [tuple(proofs[visit[0]])],
                )
            )
        return found


def store_plainly(target: Path, found: Sequence[Rows]) -> None:
    """Insert the rows of each visit with executemany, one transaction per visit, with the same settings."""
    tables = ("visits", "posts", "post_keys", "post_texts", "coverage")
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")
        for visit in found:
            connection.execute("BEGIN IMMEDIATE")
            for table, rows in zip(tables, visit, strict=True):
                connection.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
            connection.execute("COMMIT")


def storing(folder: Path, count: int, items: int) -> Path:
    """Print the figures of storing; return the file of the database."""
    file = folder / "xunjian.db"
    database = open_database(f"sqlite:///{file}")
    sources = register(database, count)
    ours: list[float] = []
    plain: list[float] = []
    again: list[float] = []
    for day in (1, 2, 3):
        visits = list(visits_of(sources, items, day))
        with timed(ours):
            for visit in visits:
                with database.begin() as session:
                    save_visit(session, visit, ZONE)
        target = folder / f"plain{day}.db"
        rows = plain_copy(file, target, day)
        with timed(plain):
            store_plainly(target, rows)
        target.unlink()
        with timed(again):
            for visit in visits[: count // 4]:
                with database.begin() as session:
                    save_visit(session, visit, ZONE)
    database.close()
    posts_stored = count * items
    print(f"storing, one transaction per visit of {items} new posts, {count} visits, median of 3:")
    print(f"  xunjian {posts_stored / median(ours):9,.0f} posts/s   {median(ours) / count * 1000:.2f} ms per visit")
    print(f"  sqlite3 {posts_stored / median(plain):9,.0f} posts/s   (same rows, ready made)")
    print(f"  ratio   {median(ours) / median(plain):9.1f}")
    print(f"  a visit that sees them again: {median(again) / (count // 4) * 1000:.2f} ms")
    return file


def reading(file: Path, count: int) -> None:
    """Print the figures of reading a month's posts in slices of accounts."""
    database = open_database(f"sqlite:///{file}")
    ids = [f"GX-{number:05}" for number in range(count)]
    slices = [ids[at : at + SLICE] for at in range(0, count, SLICE)]
    start, end = MONTH, MONTH + timedelta(days=31)
    columns = ", ".join(f'"{column.name}"' for column in posts.c if column.name not in {"text_hash", "source_id"})
    query = (
        f"SELECT {columns} FROM posts WHERE account_id IN ({','.join('?' * SLICE)})"
        " AND published_at >= ? AND published_at < ? ORDER BY account_id, published_at, key"
    )
    bounds = [int(each.timestamp() * 1_000_000) for each in (start, end)]
    ours: list[float] = []
    plain: list[float] = []
    total = 0
    for _ in range(9):
        with timed(ours), database.read() as session:
            total = sum(len(found) for each in slices for found in posts_between(session, each, start, end).values())
        with timed(plain), closing(sqlite3.connect(file)) as connection:
            for each in slices:
                for _row in connection.execute(query, [*each, *[""] * (SLICE - len(each)), *bounds]):
                    pass
    database.close()
    print(f"reading {total:,} posts of a month as values, {SLICE} accounts at a time, median of 9:")
    print(f"  xunjian {median(ours) / total * 1e6:6.2f} µs per post")
    print(f"  sqlite3 {median(plain) / total * 1e6:6.2f} µs per post (a loop over the cursor of the same query)")
    ratio = median(mine / theirs for mine, theirs in zip(ours, plain, strict=True))
    print(f"  ratio   {ratio:6.1f}")


def main() -> None:
    """Measure both in a temporary folder."""
    given = [int(each) for each in sys.argv[1:]]
    count, items = (*given, *(1000, 20)[len(given) :])
    with tempfile.TemporaryDirectory() as folder:
        file = storing(Path(folder), count, items)
        reading(file, count)


if __name__ == "__main__":
    main()
