"""How long judging a month takes, against reading the same rows with plain SQL in the same run.

Usage: python benchmarks/judging.py [ACCOUNTS …]     (default 1000 10000; 30 posts an account)

Two mixes: "usual", where a third of the posts are original, and "worst", where nobody's originals can be told, so that
every account has a finding. In both one account in ten is silent and one in ten was not observed.

Prints, per size and mix: CPU seconds of a loop over a plain cursor that runs the very statements that judging runs, CPU
seconds of judging (reading included), their ratio, and the peak memory of the process so far. CPU seconds, because
other work on the machine moves wall time more than anything here does.
"""

import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import event

from console.reference import shipped_notices, shipped_policy
from monitor.findings import Window
from monitor.frame import Frame
from monitor.spans import Span
from monitor.values import Account, Platform
from monitor.workdays import Workdays
from schedules.observe import judge_in_slices
from storage.accounts import save_accounts
from storage.database import Database, open_database

ZONE = ZoneInfo("Asia/Shanghai")
MONTH = Window(date(2026, 10, 1), date(2026, 10, 31))
POSTS = 30


def fill(file: Path, accounts: int, *, originals: bool) -> None:
    """Make a database of ``accounts`` accounts with posts: one in ten is silent, one in ten uncovered."""
    database = open_database(f"sqlite:///{file}")
    made = [
        Account(account_id=f"a{n}", name=f"账号{n}", platform=Platform.WECHAT, organizer=f"单位{n}", main=n % 20 == 0)
        for n in range(accounts)
    ]
    with database.begin() as session:
        save_accounts(session, made, datetime(2026, 9, 1, tzinfo=UTC))
    database.close()
    with sqlite3.connect(file) as raw:
        posts = [name for _, name, *_ in raw.execute("PRAGMA table_info(posts)")]
        marks = ",".join("?" * len(posts))
        raw.executemany(
            f"INSERT INTO posts ({','.join(posts)}) VALUES ({marks})", _posts(posts, accounts, originals=originals)
        )
        covered = Span(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC))
        raw.executemany(
            "INSERT INTO coverage (account_id, starts_at, ends_at) VALUES (?, ?, ?)",
            ((f"a{n}", _us(covered.start), _us(covered.end)) for n in range(accounts) if n % 10 != 1),
        )
    raw.close()


def _posts(columns: Sequence[str], accounts: int, *, originals: bool) -> Iterator[tuple[object, ...]]:
    start = datetime(2026, 9, 20, 1, tzinfo=UTC)
    outside, own = '[["source","来源","新华社","text"]]', '[["source","来源","本站","text"]]'
    for n in range(accounts):
        if n % 10 == 0 and n % 20:
            continue
        for k in range(POSTS):
            at = start + timedelta(hours=33 * k)
            row: dict[str, object] = {
                "post_id": (n << 20) + k,
                "account_id": f"a{n}",
                "key": f"guid:{n}-{k}",
                "seen_at": _us(at + timedelta(hours=1)),
                "source_id": 1,
                "known_from": _us(at + timedelta(hours=1)),
                "title": f"关于第{k}号工作的通知",
                "url": f"http://127.0.0.1/{n}/{k}",
                "published_at": _us(at),
                "precision": "second",
                "stated": at.isoformat(),
                "form": "iso",
                "rung": "guid",
                "kind": "图文",
                "credits": (outside, own if originals and n % 20 != 3 else outside, None)[k % 3],
            }
            yield tuple(row.get(name, None if name in _NULLABLE else "") for name in columns)


_NULLABLE = {
    *("credits", "flags", "other_times", "deleted_at", "published_at", "not_before", "not_after"),
    *("page_at", "page_credits", "page_mark"),
}


def _us(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000


def judge_all(database: Database, frame: Frame) -> int:
    """Judge all accounts in slices as an inspection does; return the number of findings."""
    slices = judge_in_slices(database, frame, None, ["2026-09"])
    return sum(len(each.judgement.findings) for some in slices for each in some)


def statements_of(database: Database, frame: Frame) -> list[tuple[str, tuple[object, ...]]]:
    """Return every statement that judging sends, with its parameters."""
    sent: list[tuple[str, tuple[object, ...]]] = []

    def note(_c: object, _k: object, statement: str, parameters: tuple[object, ...], _x: object, _m: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append((statement, parameters))

    event.listen(database.reader, "before_cursor_execute", note)
    judge_all(database, frame)
    event.remove(database.reader, "before_cursor_execute", note)
    return sent


def plain(file: Path, statements: Sequence[tuple[str, tuple[object, ...]]]) -> tuple[float, int]:
    """Run statements on a plain cursor; return seconds and rows."""
    raw = sqlite3.connect(file)
    begun, rows = time.process_time(), 0
    for statement, parameters in statements:
        for _row in raw.execute(statement, parameters):
            rows += 1
    seconds = time.process_time() - begun
    raw.close()
    return seconds, rows


def main(sizes: Sequence[int]) -> None:
    """Print one line per size and mix."""
    frame = Frame(
        period=MONTH,
        time_point=datetime(2026, 10, 31, 16, tzinfo=UTC),
        zone=ZONE,
        workdays=Workdays(shipped_notices()),
        policy=shipped_policy("gaoxian", {}),
    )
    for size in sizes:
        for originals in (True, False):
            print(measure(size, frame, originals=originals), flush=True)


def measure(size: int, frame: Frame, *, originals: bool) -> str:
    """Return the figures of one size and mix as a line."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "judging.db"
        fill(file, size, originals=originals)
        database = open_database(f"sqlite:///{file}")
        sent = statements_of(database, frame)
        floor, rows = min(plain(file, sent) for _ in range(3))
        seconds, findings = min(_timed(database, frame) for _ in range(3))
        database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"accounts={size} mix={'usual' if originals else 'worst'} rows={rows} findings={findings} "
        f"plain={floor:.2f}s judged={seconds:.2f}s ratio={seconds / floor:.1f} "
        f"per_account={seconds / size * 1e6:.0f}us peak={peak:.0f}MB"
    )


def _timed(database: Database, frame: Frame) -> tuple[float, int]:
    begun = time.process_time()
    findings = judge_all(database, frame)
    return time.process_time() - begun, findings


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [1_000, 10_000])
