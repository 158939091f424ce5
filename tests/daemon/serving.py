"""The servers of a virtual county: each feed as it stands in true virtual time, with faults by a timetable."""

import asyncio
import hashlib
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

from tests.daemon.history import BRIDGE, TrueAccount, TruePost

CONTROL = "/control.xml"
PROBE_HOST = "127.0.3.1"
HOOK_HOST = "127.0.3.2"
CONTROL_EVERY = timedelta(minutes=15)

REFUSED, HANGING, FROZEN = "refused", "hanging", "frozen"
_HEAD_MOST = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with hosts from ``first`` to ``last`` (UTC): a status, or REFUSED, HANGING, FROZEN."""

    what: str
    first: datetime
    last: datetime
    hosts: frozenset[str] = frozenset()  # none named: all

    def holds(self, host: str, at: datetime) -> bool:
        """Say whether a host suffers from it at a moment."""
        return self.first <= at < self.last and (not self.hosts or host in self.hosts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One answer: at which true virtual moment, what of it, and the stated times that its list showed."""

    at: datetime
    host: str
    path: str
    status: int
    shown: tuple[TruePost, ...] = ()
    newest: datetime | None = None  # of the control source


@dataclass
class Servers:
    """The running servers. ``answers`` is what they answered, ``hooked`` what was posted to the webhook, when."""

    accounts: Sequence[TrueAccount]
    now: Callable[[], datetime]
    faults: list[Fault] = field(default_factory=list)
    answers: list[Served] = field(default_factory=list)
    hooked: list[tuple[datetime, bytes]] = field(default_factory=list)
    delays: dict[str, float] = field(default_factory=dict)  # seconds before an answer, by path or host
    port: int = 0
    asked: int = 0

    def __post_init__(self) -> None:
        self._by_place = {(each.host, each.path): each for each in self.accounts}
        self._hosts = sorted({each.host for each in self.accounts} | {BRIDGE, PROBE_HOST, HOOK_HOST})
        self._listening: dict[str, asyncio.Server] = {}
        self._open: dict[str, set[asyncio.StreamWriter]] = {host: set() for host in self._hosts}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def url(self, account: TrueAccount) -> str:
        """Return the address of an account's feed."""
        return f"http://{account.host}:{self.port}{account.path}"

    def start(self) -> None:
        """Choose a port that is free everywhere, and listen."""
        with socket.socket() as chosen:
            chosen.bind(("0.0.0.0", 0))
            self.port = chosen.getsockname()[1]
        self._thread.start()
        self.sync()

    def stop(self) -> None:
        """Close everything."""
        self._call(self._close(self._hosts))
        self._call(self._settle())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def sync(self, moment: datetime | None = None) -> None:
        """Open and close the hosts' ports as the faults of this moment have it, or of one that is about to come."""
        at = moment or self.now()
        refusing = [host for host in self._hosts if self._fault(host, at) == REFUSED]
        self._call(self._close(refusing))
        self._call(self._listen([host for host in self._hosts if host not in refusing]))

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)

    async def _listen(self, hosts: Sequence[str]) -> None:
        for host in hosts:
            if host not in self._listening:

                async def connected(
                    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str = host
                ) -> None:
                    await self._serve(host, reader, writer)

                self._listening[host] = await asyncio.start_server(connected, host, self.port, backlog=512)

    async def _close(self, hosts: Sequence[str]) -> None:
        for host in hosts:
            if (server := self._listening.pop(host, None)) is not None:
                server.close()
            for writer in list(self._open[host]):
                writer.transport.abort()

    async def _settle(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _fault(self, host: str, at: datetime) -> str:
        return next((each.what for each in self.faults if each.holds(host, at)), "")

    async def _serve(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open[host].add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                fields = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
                body = await reader.readexactly(int(fields.get("content-length", "0")))
                path = head[0].split()[1]
                self.asked += 1
                asked = self._loop.time()
                while (left := asked + self.delays.get(path, self.delays.get(host, 0)) - self._loop.time()) > 0:  # noqa: ASYNC110 - the test may shorten it meanwhile
                    await asyncio.sleep(min(left, 0.05))
                at = self.now()
                fault = self._fault(host, at)
                if fault == REFUSED:
                    writer.transport.abort()
                    return
                if fault == HANGING:
                    await asyncio.sleep(3600)
                if host == HOOK_HOST:
                    self.hooked.append((at, body))
                writer.write(self._answer(host, path, fields.get("if-none-match", ""), at, fault))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open[host].discard(writer)
            writer.close()

    def _answer(self, host: str, path: str, known: str, at: datetime, fault: str) -> bytes:
        if fault.isdigit():
            self.answers.append(Served(at=at, host=host, path=path, status=int(fault)))
            return _reply(int(fault), at, b"no", **({"Retry_After": "1800"} if fault == "429" else {}))
        account = self._by_place.get((host, path))
        if account is None and (host, path) != (BRIDGE, CONTROL):
            return _reply(200 if host in {PROBE_HOST, HOOK_HOST} else 404, at, b"ok")
        as_of = at
        if fault == FROZEN:
            as_of = next(each.first for each in self.faults if each.what == FROZEN and each.holds(host, at))
        shown: tuple[TruePost, ...] = ()
        newest = None
        if account is not None:
            shown = tuple(account.listed(as_of))
            body = feed(account, shown)
        else:
            newest, body = control(as_of)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        status = 304 if known == etag.lower() else 200
        self.answers.append(Served(at=at, host=host, path=path, status=status, shown=shown, newest=newest))
        return _reply(status, at, b"" if status == 304 else body, ETag=etag, Content_Type="application/rss+xml")


def _reply(status: int, at: datetime, body: bytes, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", f"Date: {format_datetime(at, usegmt=True)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if status != 304:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def feed(account: TrueAccount, shown: Sequence[TruePost]) -> bytes:
    """Return the feed of some posts, the newest first."""
    items = "".join(
        f"<item><title>{escape(post.title)}</title><link>http://{account.host}/{post.key}</link>"
        f"<guid isPermaLink='false'>{post.key}</guid><pubDate>{format_datetime(post.at, usegmt=True)}</pubDate>"
        f"<description>{escape(post.words)}</description></item>"
        for post in reversed(shown)
    )
    return _rss(account.organizer, items)


def control(at: datetime) -> tuple[datetime, bytes]:
    """Return the newest stated time of the control source at a moment, and its feed."""
    every = CONTROL_EVERY.total_seconds()
    newest = datetime.fromtimestamp(at.timestamp() // every * every, at.tzinfo)
    items = "".join(
        f"<item><title>快讯</title><guid isPermaLink='false'>c{(newest - CONTROL_EVERY * n).timestamp():.0f}</guid>"
        f"<pubDate>{format_datetime(newest - CONTROL_EVERY * n, usegmt=True)}</pubDate></item>"
        for n in range(10)
    )
    return newest, _rss("要闻快讯", items)


def _rss(title: str, items: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0">'
    return f"{head}<channel><title>{title}</title>{items}</channel></rss>".encode()


@contextmanager
def serving(accounts: Sequence[TrueAccount], now: Callable[[], datetime], *faults: Fault) -> Iterator[Servers]:
    """Serve a county while the context lasts."""
    servers = Servers(accounts, now, list(faults))
    servers.start()
    try:
        yield servers
    finally:
        with suppress(TimeoutError):
            servers.stop()
