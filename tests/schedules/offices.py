"""An office for tests: a real database, a small loopback server, local October times, and what was seen, written short."""

import csv
import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from console.reference import shipped_notices, shipped_policy
from crawler.settings import CrawlSettings
from monitor.policy import Policy
from monitor.spans import Span
from monitor.values import Account, Item, Platform, Rung, SourceAddress, Stated
from monitor.visits import Outcome, Source, Visit
from monitor.workdays import Workdays
from schedules.inspect import InspectionReport, inspect_month
from schedules.office import Office
from storage.accounts import save_accounts
from storage.database import Database
from storage.sources import sources_of
from storage.visits import save_visit
from tests.monitor.builders import ZONE, moment

IMPORTED = datetime(2026, 1, 1, tzinfo=UTC)
WORKDAYS = Workdays(shipped_notices())
LOOPBACK = CrawlSettings(
    allow_private=(ip_network("127.0.0.0/8"),),
    delay=timedelta(0),
    timeout=timedelta(seconds=60),
    parse_workers=1,
    details_per_lane=0,  # the links of most tests lead to no server
)


def gaoxian(**overrides: object) -> Policy:
    """The shipped policy, with what an office lays over it; a rule's code is written with ``_`` for ``-``."""
    return shipped_policy(
        "gaoxian", {key.replace("_", "-") if key[:2].isupper() else key: value for key, value in overrides.items()}
    )


def an_office(database: Database, **changes: Any) -> Office:
    given: dict[str, Any] = {
        "name": "高县人民政府办公室",
        "zone": ZONE,
        "database": database,
        "policy": gaoxian(),
        "workdays": WORKDAYS,
        "crawl": LOOPBACK,
    }
    return Office(**given | changes)


def an_account(account_id: str = "a1", *urls: str, **changes: Any) -> Account:
    """An account with these addresses; without any it gets one that nothing answers at."""
    given: dict[str, Any] = {
        "account_id": account_id,
        "name": f"账号{account_id}",
        "platform": Platform.WECHAT,
        "organizer": "县政府办",
        "supervisor": "县政府",
        "addresses": tuple(SourceAddress(url=url) for url in urls or (f"http://127.0.0.1:9/{account_id}",)),
    }
    return Account(**given | changes)


def register(office: Office, *accounts: Account) -> None:
    with office.database.begin() as session:
        save_accounts(session, accounts, IMPORTED)


def sources(office: Office) -> dict[str, Source]:
    """The first source of every account."""
    with office.database.read() as session:
        found = sources_of(session)
    return {each.account_id: each for each in reversed(found) if each.account_id is not None}


# ------------------------------------------------------------------------------------------------- what was seen


def an_item(key: str, at: str | datetime | None, title: str = "", **more: Any) -> Item:
    """An item that states a local time, ``10-05 09:30``, or none."""
    stated = Stated(raw="不详") if at is None else Stated(at=moment(at), raw=str(at), form="iso")
    given: dict[str, Any] = {
        "key": key,
        "rung": Rung.GUID,
        "title": title or f"关于{key}的通知",
        "url": f"https://county.example/{key}",
        "stated": stated,
    }
    return Item(**given | more)


def a_visit(
    source: Source,
    at: str | datetime,
    *items: Item,
    proves: str | datetime | None = None,
    until: str | datetime | None = None,
    outcome: Outcome = Outcome.NEW,
    **more: Any,
) -> Visit:
    """A visit at a local time that proves everything from ``proves`` on; without it, nothing."""
    started = moment(at)
    proof = None if proves is None else Span(moment(proves), moment(until) if until else started)
    given: dict[str, Any] = {
        "source_id": source.source_id,
        "account_id": source.account_id,
        "url": source.url,
        "lane": "county.example",
        "started_at": started,
        "ended_at": started + timedelta(seconds=3),
        "outcome": outcome,
        "status": 200,
        "items": items,
        "item_count": len(items),
        "proof": proof,
    }
    return Visit(**given | more)


def store(office: Office, *visits: Visit) -> None:
    for visit in visits:
        with office.database.begin() as session:
            save_visit(session, visit, office.zone)


def seen(office: Office, account_id: str, at: str, *items: Item, **more: Any) -> None:
    """Store one visit of an account."""
    store(office, a_visit(sources(office)[account_id], at, *items, **more))


def daily(first: str, last: str, prefix: str = "p", **more: Any) -> list[Item]:
    """An item at 09:30 on each day from ``first`` to ``last``, ``10-01`` to ``10-31``."""
    at, end = moment(f"{first} 09:30"), moment(f"{last} 09:30")
    found: list[Item] = []
    while at <= end:
        found.append(an_item(f"{prefix}{at.astimezone(ZONE):%m%d}", at, **more))
        at += timedelta(days=1)
    return found


# --------------------------------------------------------------------------------------------------- what comes out


def inspect(
    office: Office, month: str, out: Path, *, now: str = "11-02 10:00", as_of: str | None = None
) -> InspectionReport:
    """Inspect a month at a local time."""
    point = moment(as_of) if as_of else None
    return inspect_month(office, month, out, now=moment(now), as_of=point, on_progress=lambda _done, _total: None)


@dataclass(frozen=True)
class Written:
    """The four files of an inspection, read back; the rows of the tables by column."""

    summary: list[dict[str, str]]
    findings: list[dict[str, str]]
    posts: list[dict[str, str]]
    record: dict[str, Any]

    def of(self, account_id: str) -> dict[str, str]:
        (row,) = (each for each in self.summary if each["账号编号"] == account_id)
        return row

    def codes(self, account_id: str) -> list[tuple[str, str]]:
        return [(row["问题编号"], row["核实状态"]) for row in self.findings if row["账号编号"] == account_id]

    def finding(self, account_id: str, code: str, status: str = "已核实") -> dict[str, str]:
        (row,) = (
            each
            for each in self.findings
            if (each["账号编号"], each["问题编号"], each["核实状态"]) == (account_id, code, status)
        )
        return row

    def account(self, account_id: str) -> dict[str, Any]:
        (one,) = (each for each in self.record["accounts"] if each["account"]["account_id"] == account_id)
        found: dict[str, Any] = one
        return found


def read_table(file: Path) -> list[dict[str, str]]:
    text = file.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_back(folder: Path) -> Written:
    return Written(
        summary=read_table(folder / "summary.csv"),
        findings=read_table(folder / "findings.csv"),
        posts=read_table(folder / "posts.csv"),
        record=json.loads((folder / "inspection.json").read_text(encoding="utf-8")),
    )


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


# ------------------------------------------------------------------------------------------------- a loopback server

Body = bytes | Callable[[], tuple[int, Mapping[str, str], bytes]]


@dataclass
class Site:
    """A server on loopback; ``bodies`` by path: bytes are a feed, a function gives status, headers and body."""

    server: ThreadingHTTPServer
    bodies: dict[str, Body] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"


@contextmanager
def serving() -> Iterator[Site]:
    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(self.path)
            body = site.bodies.get(self.path, lambda: (404, {}, b""))
            status, headers, data = body() if callable(body) else (200, {"Content-Type": "application/rss+xml"}, body)
            self.send_response_only(status)  # no Date: the clocks of tests stand still
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    site = Site(server)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def rss(*items: tuple[str, str] | tuple[str, str, str]) -> bytes:
    """A feed of (guid, local time) or (guid, local time, text), in the order given."""
    parts = []
    for guid, at, *text in items:
        stated = f"{moment(at):%a, %d %b %Y %H:%M:%S} GMT"
        parts.append(
            f"<item><title>关于{guid}的通知</title><link>https://county.example/{guid}</link><guid>{guid}</guid>"
            f"<pubDate>{stated}</pubDate><description>{text[0] if text else ''}</description></item>"
        )
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>县政府办</title>{"".join(parts)}</channel></rss>'.encode()


_AS_NOBODY = """
import os, sys
from tests.schedules.child import main
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(main(*sys.argv[1:]))
"""


def as_nobody(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a use case in a program without root's rights: root may write everywhere."""
    command = [sys.executable, "-c", _AS_NOBODY, *arguments]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=100)


def stopped(at: str) -> Callable[[], datetime]:
    """A clock that stands still."""
    point = moment(at)
    return lambda: point
