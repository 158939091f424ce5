"""What polling costs when nothing has changed: an unchanged feed costs no parse.

Usage: python benchmarks/polling.py [FEEDS]     (default 300 feeds of 20 items, about 55 KB each, over 30 lanes)

A server on loopback gives made-up feeds. Prints CPU seconds of this process and its parsing children for a first poll,
for a poll answered with 304, and for one answered with the same bytes again, and the ratio of each to the first. The
polls in which nothing changed are given a reader that cannot read, and end with an error where one was needed.
"""

import asyncio
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from operator import getitem as cannot_read
from typing import cast

from crawler.pool import Reader
from crawler.run import collect
from crawler.settings import CrawlSettings
from crawler.sources import read
from monitor.visits import Lane, Outcome, Source, Visit

LANES = 30
ITEMS = 20


def feed(number: int) -> bytes:
    """Return a feed of 20 articles of about 2.7 KB each."""
    start = datetime(2026, 10, 31, 1, tzinfo=UTC)
    words = f"<p>第{number}号单位关于做好有关工作的通知，请各单位认真贯彻落实。</p>" * 28
    items = "".join(
        f"<item><title>第{n}条信息</title><link>http://127.0.0.1/{number}/{n}</link><guid>{number}-{n}</guid>"
        f"<pubDate>{start - timedelta(hours=9 * n):%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
        f"<description><![CDATA[{words}]]></description></item>"
        for n in range(ITEMS)
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


async def serve(feeds: Sequence[bytes], *, validators: bool) -> tuple[asyncio.Server, int]:
    """Serve feeds by number; with validators an unchanged one is answered with 304."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = feeds[int(head.split(b" ", 2)[1].lstrip(b"/"))]
                if validators and b'If-None-Match: "1"' in head:
                    writer.write(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n')
                else:
                    tag = b'ETag: "1"\r\n' if validators else b""
                    writer.write(b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (tag, len(body), body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


def cpu() -> float:
    """Return the CPU seconds of this process and of its ended children."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


async def poll(sources: Sequence[Source], reader: Reader) -> list[Visit]:
    """Visit every source once."""
    visits: list[Visit] = []

    async def keep(visit: Visit) -> None:
        visits.append(visit)

    async def ignore(_lane: Lane) -> None:
        return None

    settings = CrawlSettings(
        allow_private=(ip_network("127.0.0.0/8"),), obey_robots=False, delay=timedelta(0), concurrency=16
    )
    names = {source.source_id: f"lane{source.source_id % LANES}" for source in sources}
    lanes = {name: Lane(name=name, delay=timedelta(0)) for name in set(names.values())}
    await collect(sources, lanes, names, settings, keep, ignore, reader=reader)
    return visits


async def main(count: int) -> None:
    """Poll twice with each kind of server and print a line for each poll."""
    bodies = [feed(number) for number in range(count)]
    first: float | None = None
    for validators in (True, False):
        server, port = await serve(bodies, validators=validators)
        sources = [Source(source_id=n, url=f"http://127.0.0.1:{port}/{n}", account_id=f"a{n}") for n in range(count)]
        unchanged = Outcome.NOT_MODIFIED if validators else Outcome.SAME
        for expected, reader in ((Outcome.NEW, read), (unchanged, cast("Reader", cannot_read))):
            begun, wall = cpu(), time.perf_counter()
            visits = {visit.source_id: visit for visit in await poll(sources, reader)}
            spent, wall = cpu() - begun, time.perf_counter() - wall
            first = spent if first is None else first
            print(
                f"{expected}: feeds={count} cpu={spent:.2f}s of_first={spent / first:.3f} "
                f"feeds_per_s={count / wall:.0f}",
                flush=True,
            )
            if {visit.outcome for visit in visits.values()} != {expected}:
                sys.exit(f"not every visit was {expected}: a body was parsed, or the server failed")
            sources = [replace(source, memory=visits[source.source_id].memory) for source in sources]
        server.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300))
