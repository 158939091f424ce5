"""A real sequence of polls replayed: which posts are kept, which came late or went, and where two lists left a hole.

Usage: python benchmarks/replay_history.py [--keep FOLDER]

Reads the successive versions of twelve WeChat feeds under ``../shared/data/dev/feeds_wechat_rss_history`` beside this
checkout (the script says so and ends where they are absent). The name of a version is the time of its poll, in
Asia/Shanghai; the bridge read the platform some minutes before, for the first versions up to 20 hours. Each version is
served from loopback and collected at that time, in order, into a fresh database; an account is visited only when there
is a version of it.

Prints per account: versions, items that they list, distinct posts by the links in the raw XML (read with a regular
expression of its own, not by the product's readers), posts stored, how many of a list's items the one before it had not
shown, the neighbours that do not overlap, the coverage and the holes in it. Then every post that came late (stated
before a poll whose list did not have it yet) or was cut off (younger than the oldest item of a list that had it no
more), and how many posts each ``lag_minutes`` would leave inside what had been proven.
"""

import argparse
import re
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from console.config import load
from console.offices import opened_office
from monitor.spans import Coverage, Span, gaps
from monitor.values import Account, Platform, Post, SourceAddress
from schedules.collect import collect
from schedules.office import Office
from storage.accounts import save_accounts
from storage.coverage import coverage_of
from storage.posts import posts_between

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
HISTORY = Path("dev", "feeds_wechat_rss_history", "hellodword+wechat-feeds")
ZONE = ZoneInfo("Asia/Shanghai")
EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One saved answer: when it was polled and what it lists, link by link, with the time that each states."""

    at: datetime
    body: bytes
    listed: Mapping[str, datetime]
    items: int

    @property
    def newest(self) -> datetime:
        """The newest time that it states."""
        return max(self.listed.values())

    @property
    def oldest(self) -> datetime:
        """The oldest time that it states."""
        return min(self.listed.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One account's versions in order, and what the product made of them."""

    account_id: str
    name: str
    versions: tuple[Version, ...]
    posts: tuple[Post, ...] = ()
    coverage: Coverage = ()

    @property
    def listed(self) -> dict[str, datetime]:
        """Every link that some version lists, with the time that the last one states."""
        return {link: at for version in self.versions for link, at in version.listed.items()}

    @property
    def holes(self) -> Coverage:
        """What is not covered between the oldest stated time of all (a list is open at it) and the last poll."""
        return gaps(self.coverage, Span(min(self.listed.values()) + timedelta(microseconds=1), self.versions[-1].at))

    @property
    def apart(self) -> tuple[tuple[Version, Version], ...]:
        """The neighbours of which the later one does not reach back to the poll of the earlier one."""
        return tuple(pair for pair in pairwise(self.versions) if pair[1].oldest >= pair[0].at)

    @property
    def late(self) -> Mapping[str, timedelta]:
        """The links that a list should have had and only the next one shows: how long before its poll they state."""
        return {
            link: before.at - at
            for before, after in pairwise(self.versions)
            for link, at in after.listed.items()
            if link not in before.listed and before.oldest < at < before.at
        }

    @property
    def cut(self) -> tuple[tuple[Version, str], ...]:
        """The lists, each with a link that an earlier one had and that it cut off although it is not the oldest."""
        return tuple(
            (after, link)
            for before, after in pairwise(self.versions)
            for link, at in before.listed.items()
            if link not in after.listed and at > after.oldest
        )


def read_history(data: Path = DATA) -> list[History]:
    """Read the saved versions of every account."""
    folders = sorted(each for each in (data / HISTORY).iterdir() if each.is_dir())
    return [
        History(account_id=f"H-{number:02}", name=folder.name, versions=tuple(map(_version, sorted(folder.iterdir()))))
        for number, folder in enumerate(folders, 1)
    ]


def _version(file: Path) -> Version:
    body = file.read_bytes()
    items = re.findall(r"<item>.*?<link>(.*?)</link>.*?<pubDate>(.*?)</pubDate></item>", body.decode())
    return Version(
        at=datetime.strptime(file.stem, "%Y-%m-%dT%H%M%S").replace(tzinfo=ZONE).astimezone(UTC),
        body=body,
        listed={link: parsedate_to_datetime(stated).astimezone(UTC) for link, stated in items},
        items=len(items),
    )


@dataclass(slots=True)
class _Shown:
    bodies: dict[str, bytes] = field(default_factory=dict[str, bytes])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    shown = _Shown()


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 2**20  # head and body in one piece: in two they cost 40 ms of waiting for an acknowledgement
    server: _Server

    def do_GET(self) -> None:
        body = self.server.shown.bodies.get(self.path)
        self.send_response_only(404 if body is None else 200)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""


@contextmanager
def _serving() -> Iterator[_Server]:
    server = _Server(("127.0.0.1", 0), _Answer)
    server.shown = _Shown()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def replay(histories: Sequence[History], folder: Path) -> list[History]:
    """Collect every version at the time of its poll into a database in ``folder``; return what is known in the end."""
    (folder / "xunjian.toml").write_text(
        '[office]\nname = "样本县"\n[crawl]\nallow_private_addresses = ["127.0.0.0/8"]\ndelay_seconds = 0\n', "utf-8"
    )
    polls = sorted({version.at for each in histories for version in each.versions})
    with _serving() as server, opened_office(load(folder / "xunjian.toml")) as office:
        _register(office, histories, server.server_port, polls[0])
        for at in polls:
            due = {each.account_id: one for each in histories for one in each.versions if one.at == at}
            server.shown.bodies = {f"/{account_id}": version.body for account_id, version in due.items()}
            collect(office, list(due), clock=_standing_at(at), on_visit=lambda _visit, _done, _total: None)
        return _known(office, histories)


def _standing_at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def _register(office: Office, histories: Sequence[History], port: int, at: datetime) -> None:
    accounts = [
        Account(
            account_id=each.account_id,
            name=each.name,
            platform=Platform.WECHAT,
            organizer=f"{each.name}编辑部",
            addresses=(SourceAddress(url=f"http://127.0.0.1:{port}/{quote(each.account_id)}"),),
        )
        for each in histories
    ]
    with office.database.begin() as session:
        save_accounts(session, accounts, at)


def _known(office: Office, histories: Sequence[History]) -> list[History]:
    ids = [each.account_id for each in histories]
    with office.database.read() as session:
        posts = posts_between(session, ids, *EVER)
        coverage = coverage_of(session, ids, *EVER)
    return [
        History(
            account_id=each.account_id,
            name=each.name,
            versions=each.versions,
            posts=tuple(posts[each.account_id]),
            coverage=coverage[each.account_id],
        )
        for each in histories
    ]


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%m-%d %H:%M:%S}"


def _spans(spans: Coverage) -> str:
    return "; ".join(f"{_local(each.start)} to {_local(each.end)}" for each in spans) or "none"


def _fresh(history: History) -> str:
    counts = (
        f"{len(after.listed.keys() - before.listed)}/{after.items}" for before, after in pairwise(history.versions)
    )
    return " ".join(counts) or "-"


def main(folder: Path) -> None:
    """Replay everything and print what came of it."""
    histories = replay(read_history(), folder)
    print("| account | versions | items | distinct | stored | new in each list | not overlapping | coverage | holes |")
    print("|---|---|---|---|---|---|---|---|---|")
    for each in histories:
        items = sum(version.items for version in each.versions)
        print(
            f"| {each.name} | {len(each.versions)} | {items} | {len(each.listed)} | {len(each.posts)} | {_fresh(each)} "
            f"| {len(each.apart)} | {_spans(each.coverage)} | {_spans(each.holes)} |"
        )
    for each in histories:
        titles = {post.url: (post.title, post.seen_at) for post in each.posts}
        for link, ahead in each.late.items():
            title, seen_at = titles[link]
            stated = _local(each.listed[link])
            print(
                f"late: {each.name}: stated {stated}, {ahead} before a poll without it, seen {_local(seen_at)}: {title}"
            )
        for version, link in each.cut:
            stated, at, oldest = map(_local, (each.listed[link], version.at, version.oldest))
            print(f"cut off: {each.name}: stated {stated}, list of {at} goes back to {oldest}: {titles[link][0]}")
    all_late = [ahead for each in histories for ahead in each.late.values()]
    for minutes in (0, 5, 30, 60, 180, 360):
        refuted = sum(ahead > timedelta(minutes=minutes) for ahead in all_late)
        print(f"lag_minutes = {minutes}: {refuted} posts stated within what an earlier poll had proven")
    kept, there = sum(len(each.posts) for each in histories), sum(len(each.listed) for each in histories)
    print(f"distinct links {there}, posts stored {kept}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    if not (DATA / HISTORY).is_dir():
        sys.exit(f"no saved history: {DATA / HISTORY} is not there")
    with tempfile.TemporaryDirectory() as temporary:
        place = options.keep or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        main(place)
