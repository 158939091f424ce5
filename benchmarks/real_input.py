"""The main job on saved real feeds: an account for each, collected, inspected for the months that they cover.

Usage: python benchmarks/real_input.py [--keep FOLDER] [--months 2021-06,2026-08] [--frozen]

Reads the saved answers under ``../shared/data/dev/feeds_*`` beside this checkout (the script says so and ends where
they are absent), serves them from loopback (a server and a lane for each folder), writes a registry with one account
per feed and a configuration into FOLDER (else a temporary one), and runs the real commands: ``accounts import``,
``collect`` four times, ``inspect`` for every month. Prints: feeds by outcome, items with and without dates, the forms
in which dates are written, what the keys rest on, what the readers warned of, per month the results and the findings by
rule and 核实状态, and the time of each run.

``collect`` is answered twice without validators (the second time the bodies are unchanged), then twice with ETags (the
second time with 304). Two more passes visit all sources with a reader that cannot read: the feeds counted as "parsed"
are those that were handed to it although nothing had changed.

With ``--frozen`` the lane of the 2021 bridge names one of its own feeds as its control: the bridge stood still years
ago, so nothing may be proven for any of its accounts.
"""

import argparse
import asyncio
import csv
import gzip
import hashlib
import importlib
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import quote, unquote

from crawler import run
from crawler.settings import CrawlSettings
from crawler.sources import Answer, Reading
from monitor.visits import Lane, Source, Visit
from storage.accounts import all_accounts
from storage.database import open_database
from storage.sources import sources_of

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "dev"
MONTHS = "2016-07,2018-03,2021-05,2021-06,2021-07,2026-01,2026-02,2026-04,2026-08,2026-09,2026-10"
MAIN = re.compile(r"政府网|发布$|政务")
"""Accounts with such names are main accounts here, so that working days are judged, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One saved feed and the account that it becomes."""

    file: Path
    lane: str
    account_id: str
    name: str
    platform: str
    main: bool

    @property
    def path(self) -> str:
        """The path under which it is served."""
        return "/" + quote(str(self.file.relative_to(DATA)))


def find_feeds() -> list[Feed]:
    """Return every saved feed, in order of its place."""
    found: list[Feed] = []
    for folder in sorted(DATA.glob("feeds_*")):
        lane = folder.name.removeprefix("feeds_").replace("_", "-")
        files = sorted(each for each in folder.rglob("*") if each.is_file())
        found += [_feed(each, lane, number) for number, each in enumerate(files, 1)]
    return found


def _feed(file: Path, lane: str, number: int) -> Feed:
    wechat = lane.startswith("wechat")
    name = _name(file, lane)
    return Feed(
        file=file,
        lane=lane,
        account_id=f"{lane}-{number:03}",
        name=name,
        platform="微信公众号" if wechat else "政府网站",
        main=wechat and MAIN.search(name) is not None,
    )


def _name(file: Path, lane: str) -> str:
    if lane == "wechat-rss":
        return file.stem.partition("__")[0]
    if lane == "wechat-rss-history":
        return f"{file.parent.name}（{file.stem}）"
    title = re.search(r"(?:<title[^>]*>|\"title\":\s*\")\s*(?:<!\[CDATA\[)?([^<\"\]]+)", _text(file))
    name = " ".join(unescape(title[1]).split())[:40] if title else ""
    return name or f"{file.parent.name}/{file.stem}"


def _text(file: Path) -> str:
    body = file.read_bytes()
    body = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    return body[:20_000].decode("utf-8", "replace")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *, validators: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.validators = validators


class _Answer(BaseHTTPRequestHandler):
    """Answers GET with the saved file, 304 where the server gives validators and they still hold."""

    protocol_version = "HTTP/1.1"
    wbufsize = 2**20  # head and body in one piece: in two they cost 40 ms of waiting for an acknowledgement
    server: _Server

    def do_GET(self) -> None:
        file = DATA / unquote(self.path[1:])
        if not file.is_file():
            self._send(404, {}, b"")
            return
        body = file.read_bytes()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = {"ETag": tag} if self.server.validators else {}
        if self.server.validators and self.headers.get("If-None-Match") == tag:
            self._send(304, headers, b"")
            return
        kinds = {".json": "application/json", ".html": "text/html"}
        headers |= {"Content-Type": kinds.get(file.suffix, "application/xml")}
        headers |= {"Content-Encoding": "gzip"} if body.startswith(b"\x1f\x8b") else {}
        self._send(200, headers, body)

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""


@contextmanager
def serving(lanes: Iterable[str]) -> Iterator[dict[str, _Server]]:
    """Serve on a port of its own for each lane."""
    servers = {lane: _Server(validators=False) for lane in lanes}
    for server in servers.values():
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield servers
    finally:
        for server in servers.values():
            server.shutdown()
            server.server_close()


def write_office(folder: Path, feeds: Sequence[Feed], servers: Mapping[str, _Server], *, frozen: bool) -> None:
    """Write the registry and the configuration."""
    hosts = {lane: f"127.0.0.1:{server.server_port}" for lane, server in servers.items()}
    columns = ["账号编号", "账号名称", "平台", "主办单位", "主账号", "采集地址", "备注"]
    with (folder / "accounts.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for each in feeds:
            url, origin = f"http://{hosts[each.lane]}{each.path}", str(each.file.relative_to(DATA))
            main = "是" if each.main else "否"
            writer.writerow([each.account_id, each.name, each.platform, f"{each.name}编辑部", main, url, origin])
    lines = ["[office]", 'name = "样本县人民政府办公室"', "[crawl]"]
    lines += ['allow_private_addresses = ["127.0.0.0/8"]', "delay_seconds = 0"]
    for lane, host in hosts.items():
        lines += [f"[lanes.{lane}]", f'hosts = ["{host}"]']
        if frozen and lane == "wechat-rss":
            control = next(each for each in feeds if each.lane == lane)
            lines += [f'control = "http://{host}{control.path}"']
    (folder / "xunjian.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def command(folder: Path, *arguments: str) -> tuple[int, float, str]:
    """Run ``xunjian`` in ``folder``; return its exit status, the seconds that it took, and what it said."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "console", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, time.perf_counter() - begun, done.stdout + done.stderr


def cannot_read(_answer: Answer, _kind: str, _at: datetime, _zone: str) -> Reading:
    """Refuse whatever is to be read."""
    raise ValueError("handed to the reader")


def handed_to_reader(folder: Path) -> Counter[str]:
    """Visit all sources with a reader that cannot read; return the outcomes, "parsed" where the reader was asked."""
    outcomes: Counter[str] = Counter()

    async def note(visit: Visit) -> None:
        outcomes["parsed" if "handed to the reader" in visit.reason else visit.outcome.value] += 1

    async def ignore(_lane: Lane) -> None:
        """No server here asks for a pause."""

    settings = CrawlSettings(allow_private=(ip_network("127.0.0.0/8"),), delay=timedelta(0))
    # Children of this process import the reader by its module's name, and this module's name is __main__.
    reader = importlib.import_module("real_input").cannot_read
    sources = _sources(folder)
    asyncio.run(run.collect(sources, {}, {}, settings, note, ignore, reader=reader))
    return outcomes


def _sources(folder: Path) -> list[Source]:
    database = open_database(f"sqlite:///{folder / 'xunjian.db'}")
    with database.read() as session:
        found = sources_of(session, [each.account_id for each in all_accounts(session)])
    database.close()
    return found


def show(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print one table."""
    print(f"\n### {title}\n\n| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(str(cell) for cell in row)} |")


def show_collected(file: Path) -> None:
    """Print what the first run of ``collect`` found."""
    raw = sqlite3.connect(file)
    first = "visit_id IN (SELECT MIN(visit_id) FROM visits WHERE account_id IS NOT NULL GROUP BY source_id)"
    rows = raw.execute(
        "SELECT lane, outcome, COUNT(*), SUM(item_count), SUM(undated_count), SUM(proof_start IS NOT NULL) FROM visits "
        f"WHERE {first} GROUP BY 1, 2 ORDER BY 1, 3 DESC"
    ).fetchall()
    show("Feeds by outcome", ["lane", "outcome", "feeds", "items", "undated", "prove a span"], rows)
    totals = [sum(row[column] or 0 for row in rows) for column in range(2, 6)]
    print(f"| all | | {' | '.join(map(str, totals))} |")
    for title, column in (("Dates of posts by form", "form"), ("Keys of posts rest on", "rung")):
        counts = raw.execute(f"SELECT {column}, precision, COUNT(*) FROM posts GROUP BY 1, 2 ORDER BY 3 DESC")
        show(title, [column, "precision", "posts"], counts)
    flags = raw.execute("SELECT flags, COUNT(*) FROM posts WHERE flags IS NOT NULL GROUP BY 1").fetchall()
    show("Suspicious dates", ["flags", "posts"], flags)
    warned: Counter[str] = Counter()
    for (text,) in raw.execute(f"SELECT warnings FROM visits WHERE warnings IS NOT NULL AND {first}"):
        warned.update({re.sub(r"\d+|“[^”]*”", "…", each) for each in json.loads(text)})
    show("Warnings (feeds that have one)", ["warning", "feeds"], warned.most_common(20))
    failed = raw.execute(
        f"SELECT account_id, outcome, item_count, reason FROM visits WHERE {first} AND outcome != 'NEW' ORDER BY 2, 1"
    )
    show("Feeds that were not read in full", ["account", "outcome", "items", "reason"], failed)
    raw.close()


def show_months(folder: Path, months: Sequence[str]) -> None:
    """Inspect every month and print its results."""
    results: list[list[object]] = []
    findings: dict[str, Counter[str]] = {}
    for month in months:
        status, seconds, said = command(folder, "inspect", month)
        if status:
            print(f"inspect {month}: exit {status}: {said.strip()}")
            continue
        with (folder / "inspections" / month / "summary.csv").open(encoding="utf-8-sig", newline="") as file:
            summary = list(csv.DictReader(file))
        with (folder / "inspections" / month / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
            findings[month] = Counter(f"{row['问题编号']} {row['核实状态']}" for row in csv.DictReader(file))
        counts = Counter(row["检查结果"] for row in summary)
        posts = sum(int(row["发布条数"] or 0) for row in summary)
        verdicts = [counts[each] for each in ("合格", "不合格", "待复核", "未能核验", "不适用")]
        results.append([month, posts, *verdicts, f"{seconds:.1f}"])
    header = ["month", "posts", "合格", "不合格", "待复核", "未能核验", "不适用", "seconds"]
    show("Results by month (accounts)", header, results)
    kinds = sorted({kind for each in findings.values() for kind in each})
    rows = [[kind, *(findings[month][kind] or "" for month in findings)] for kind in kinds]
    show("Findings by rule and 核实状态 (accounts)", ["finding", *findings], rows)


def show_unchanged(folder: Path, servers: Mapping[str, _Server]) -> None:
    """Collect again and again from servers where nothing has changed, and print the outcomes and the time taken."""
    rows: list[list[object]] = []
    for name, validators in (("again, without validators", False), ("with ETags, the first", True), ("304", True)):
        for server in servers.values():
            server.validators = validators
        raw = sqlite3.connect(folder / "xunjian.db")
        (before,) = raw.execute("SELECT MAX(visit_id) FROM visits").fetchone()
        status, seconds, said = command(folder, "collect")
        if status not in {0, 3}:
            print(f"collect: exit {status}: {said.strip()}")
        outcomes = Counter(
            dict(raw.execute("SELECT outcome, COUNT(*) FROM visits WHERE visit_id > ? GROUP BY 1", [before]).fetchall())
        )
        raw.close()
        rows.append([name, _counted(outcomes), f"{seconds:.1f}", status])
    for validators in (False, True):
        for server in servers.values():
            server.validators = validators
        begun = time.perf_counter()
        outcomes = handed_to_reader(folder)
        name = f"a reader that cannot read, {'304' if validators else '200 and the same body'}"
        rows.append([name, _counted(outcomes), f"{time.perf_counter() - begun:.1f}", ""])
    show("Nothing has changed", ["run", "outcomes", "seconds", "exit"], rows)


def _counted(outcomes: Counter[str]) -> str:
    return ", ".join(f"{outcome} {count}" for outcome, count in outcomes.most_common())


def main(folder: Path, months: Sequence[str], *, frozen: bool) -> None:
    """Run the whole job in ``folder`` and print what came of it."""
    feeds = find_feeds()
    with serving(dict.fromkeys(each.lane for each in feeds)) as servers:
        write_office(folder, feeds, servers, frozen=frozen)
        status, seconds, said = command(folder, "accounts", "import", "accounts.csv")
        print(f"{len(feeds)} feeds; accounts import: exit {status}, {seconds:.1f} s: {said.strip().splitlines()[-1]}")
        status, seconds, said = command(folder, "collect")
        print(f"collect: exit {status}, {seconds:.1f} s")
        (folder / "collect.txt").write_text(said, encoding="utf-8")
        show_collected(folder / "xunjian.db")
        show_months(folder, months)
        if not frozen:
            show_unchanged(folder, servers)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--months", default=MONTHS)
    parser.add_argument("--frozen", action="store_true")
    options = parser.parse_args()
    if not DATA.is_dir():
        sys.exit(f"no saved feeds: {DATA} is not there")
    with tempfile.TemporaryDirectory() as temporary:
        place = options.keep or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        main(place, options.months.split(","), frozen=options.frozen)
