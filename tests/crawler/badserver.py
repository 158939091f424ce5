"""A loopback server that does whatever a test wants, byte by byte."""

import asyncio
import contextlib
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

from crawler.settings import CrawlSettings

LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]  # names in lower case
    began: float


Route = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class BadServer:
    """Answers by path; what no route names is a 404. ``most`` is how many requests were once under way together."""

    host: str = "127.0.0.1"
    port: int = 0
    routes: dict[str, Route] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    under_way: int = 0
    most: int = 0

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        return [each for each in self.requests if each.path == path]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {
                    name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)
                }
                loop = asyncio.get_running_loop()
                request = Request(head[0].split()[1], headers, loop.time())
                self.requests.append(request)
                self.under_way += 1
                self.most = max(self.most, self.under_way)
                try:
                    await self.routes.get(request.path, reply(404))(request, writer)
                    await writer.drain()
                finally:
                    self.under_way -= 1
                    self.ended.append(loop.time())
                if writer.is_closing():
                    return


@contextlib.asynccontextmanager
async def bad_server(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[BadServer]:
    server = BadServer(host=host)
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await server.answer(reader, writer)
        except asyncio.CancelledError:
            pass  # the end of the test
        finally:
            writer.close()

    listening = await asyncio.start_server(connected, host, port)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def reply(
    status: int = 200, body: bytes = b"", *, kind: str = "application/rss+xml", after: float = 0, **headers: str
) -> Route:
    """A whole answer; a header's name is written with ``_`` for ``-``."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"

    async def route(_: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(after)
        writer.write(head + (b"" if status in {204, 304} else body))

    return route


def redirect(location: str, status: int = 302) -> Route:
    return reply(status, Location=location)


def raw(data: bytes, *, close: bool = True, after: float = 0) -> Route:
    """Bytes as they stand, then the end of the connection, or silence."""

    async def route(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(after)
        if after:
            await taken_in()
        if close:
            writer.close()
        else:
            await asyncio.sleep(3600)

    return route


async def taken_in() -> None:
    """Let the client read what was written: it lives in the same loop, and the machine may have stood still meanwhile."""
    for _ in range(100):
        await asyncio.sleep(0)


def turns(*routes: Route) -> Route:
    """One route after another, the last one for ever."""
    left = list(routes)

    async def route(request: Request, writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(request, writer)

    return route


def conditional(body: bytes, etag: str = '"v1"') -> Route:
    """A server that honours If-None-Match."""
    full, unchanged = reply(200, body, ETag=etag), reply(304, ETag=etag)

    async def route(request: Request, writer: asyncio.StreamWriter) -> None:
        await (unchanged if request.headers.get("if-none-match") == etag else full)(request, writer)

    return route


def rss(*ages: timedelta, at: datetime, title: str = "信息") -> bytes:
    """A feed whose items are so old at a moment, newest first."""
    items = "".join(
        f"<item><title>{title}{number}</title><link>http://a.example/{number}.html</link><guid>g{number}</guid>"
        f"<pubDate>{(at - age).astimezone(UTC):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for number, age in enumerate(ages)
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>账号</title>{items}</channel></rss>'
    )
    return text.encode()


def bomb(mebibytes: int) -> bytes:
    """A gzip body that inflates to so many MiB of zeros, about a thousandth of it in size."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = stream.compress(bytes(2**20)) + stream.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + block * mebibytes + b"\x03\x00" + bytes(8)


def settings(**changes: object) -> CrawlSettings:
    """Settings for loopback: no delay, one child; the time limit is for what hangs, not for a machine that is slow."""
    values: dict[str, object] = {
        "allow_private": LOOPBACK,
        "delay": timedelta(0),
        "timeout": timedelta(seconds=60),
        "parse_workers": 1,
        **changes,
    }
    return CrawlSettings(**values)  # type: ignore[arg-type]
