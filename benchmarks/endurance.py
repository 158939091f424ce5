"""Whether the daemon stays as large as it is: memory, open files and threads over thousands of sweeps.

Usage: python benchmarks/endurance.py [SWEEPS=5000] [SOURCES=100] [MINUTES=60] [FOLDER]

Starts the real ``xunjian daemon`` over an empty folder, with sources over 2 hosts of loopback that are due again half
a second after each visit, and serves their feeds: a window full of posts from the beginning, an unchanged feed answered
with 304, and one post more at every 400th answer, so that an account has in the end what it has in a busy month. Prints
a line every 50th part of the way, and at the end how the second half differs from flat. Ends after MINUTES, however far
it came. FOLDER is where the database is made; without it a temporary one, removed at the end.
"""

import asyncio
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from statistics import linear_regression, mean

HOSTS = 2
WINDOW = 20
_LETTERS = "".join(map(chr, range(0x4E00, 0x4E00 + 800)))
_PAGE = "<!doctype html><title>{title}</title><h1>{title}</h1><p>来源：本局</p><p>{text}</p>"
CHANGE_EVERY = 400
LINES = 50
REPOSITORY = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "console")

CONFIG = """
[office]
name = "高县人民政府办公室"
[crawl]
allow_private_addresses = ["127.0.0.0/8"]
obey_robots = false
delay_seconds = 0.0
timeout_seconds = 10.0
concurrency = 32
[daemon]
tick_seconds = 0.5
shortest_minutes = 0.01
longest_hours = 0.00017
listen = "127.0.0.1:{port}"
backups = ""
log_megabytes = 5
log_files = 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The daemon after so many sweeps and seconds; sizes in MB, ``children`` the memory of its children together."""

    sweeps: float
    seconds: float
    memory: float
    children: float
    files: int
    threads: int
    database: float


@dataclass(slots=True)
class Feeds:
    """The feeds, each with the moments of its posts, newest first, and how often it was asked for."""

    asked: list[int]
    posts: list[list[datetime]]
    bodies: list[bytes] = field(default_factory=list[bytes])
    port: int = 0

    def answer(self, head: bytes) -> bytes:
        """Return what a feed answers, or the page of a post; now and then a feed has one post more."""
        number, *post = (int(each) for each in head.split(b" ", 2)[1].strip(b"/").split(b"/"))
        if post:
            page = _PAGE.format(title=_title(number, post[0]), text=_text(number, post[0])).encode()
            return b"HTTP/1.1 200 OK\r\nDate: %b\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%b" % (
                _date(),
                len(page),
                page,
            )
        self.asked[number] += 1
        if (self.asked[number] + number) % CHANGE_EVERY == 0:
            self.posts[number].insert(0, datetime.now(UTC))
            self.bodies[number] = _feed(number, self.posts[number], self.port)
        tag = b'"%d"' % len(self.posts[number])
        if b"If-None-Match: " + tag in head:
            return b"HTTP/1.1 304 Not Modified\r\nDate: %b\r\nETag: %b\r\n\r\n" % (_date(), tag)
        body = self.bodies[number]
        fields = b"Date: %b\r\nETag: %b\r\nContent-Type: application/rss+xml" % (_date(), tag)
        return b"HTTP/1.1 200 OK\r\n%b\r\nContent-Length: %d\r\n\r\n%b" % (fields, len(body), body)


def feeds(count: int, port: int) -> Feeds:
    """Make feeds of a full window, a post on each of the days before now, served at ``port``."""
    days = [datetime.now(UTC) - timedelta(days=day, minutes=1) for day in range(WINDOW)]
    made = Feeds([0] * count, [list(days) for _ in range(count)], port=port)
    made.bodies = [_feed(number, posts, port) for number, posts in enumerate(made.posts)]
    return made


def _date() -> bytes:
    return format_datetime(datetime.now(UTC), usegmt=True).encode()


def _feed(number: int, posts: Sequence[datetime], port: int) -> bytes:
    shown = list(enumerate(reversed(posts)))[-WINDOW:]
    items = "".join(
        f"<item><title>{_title(number, n)}</title><link>http://{_host(number)}:{port}/{number}/{n}</link>"
        f"<guid>{number}-{n}</guid><pubDate>{format_datetime(at, usegmt=True)}</pubDate>"
        f"<description>{_text(number, n)}</description></item>"
        for n, at in reversed(shown)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def _title(number: int, n: int) -> str:
    return f"第{number}局第{n}条信息"


def _text(number: int, n: int) -> str:
    """Return the text of a post: no other has one like it."""
    return "".join(random.Random(f"{number} {n}").choices(_LETTERS, k=240))


@contextlib.asynccontextmanager
async def serving(count: int) -> AsyncGenerator[int]:
    """Serve feeds on every host, at one port that it gives; their number is their path."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(served.answer(head))
                await writer.drain()
        writer.close()

    with socket.socket() as chosen:
        chosen.bind(("0.0.0.0", 0))
        port: int = chosen.getsockname()[1]
    served = feeds(count, port)
    servers = [await asyncio.start_server(connected, _host(number), port) for number in range(HOSTS)]
    try:
        yield port
    finally:
        for each in servers:
            each.close()


def _host(number: int) -> str:
    return f"127.0.4.{number % HOSTS + 1}"


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        found: int = chosen.getsockname()[1]
        return found


def prepare(folder: Path, count: int, port: int, own: int) -> None:
    """Write a configuration, and import accounts with a feed each."""
    (folder / "xunjian.toml").write_text(CONFIG.format(port=own), encoding="utf-8")
    rows = ["账号编号,账号名称,平台,主办单位,主账号,采集地址"]
    rows += [
        f"E{n:03},第{n}局发布,政府网站,第{n}局,{'是' if n % 7 == 0 else '否'},feed:http://{_host(n)}:{port}/{n}"
        for n in range(count)
    ]
    (folder / "accounts.csv").write_text("\r\n".join(rows) + "\r\n", encoding="utf-8")
    done = subprocess.run([*COMMAND, "accounts", "import", "accounts.csv"], cwd=folder, env=_environment(), check=False)
    if done.returncode:
        sys.exit("the registry was not imported")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(REPOSITORY)}


async def visits(port: int) -> float:
    """Return how many visits the daemon has made, 0 where it does not answer (yet)."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        text = (await reader.read()).decode()
        writer.close()
        found = [line for line in text.splitlines() if line.startswith("xunjian_visit_seconds_count ")]
        return float(found[0].split()[1]) if found else 0
    return 0


def measure(pid: int, sweeps: float, seconds: float, database: Path) -> Sample:
    """Look at the daemon and its children."""
    status = _status(pid)
    size = sum(file.stat().st_size for file in database.parent.glob(f"{database.name}*") if file.is_file())
    return Sample(
        sweeps=sweeps,
        seconds=seconds,
        memory=_kilobytes(status) / 1024,
        children=sum(_kilobytes(_status(child)) for child in _children(pid)) / 1024,
        files=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        threads=int(status.get("Threads", "0")),
        database=size / 2**20,
    )


def _status(pid: int) -> dict[str, str]:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        return dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    return {}


def _kilobytes(status: dict[str, str]) -> int:
    return int(status.get("VmRSS", "0 kB").split()[0])


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            yield int(child)
            yield from _children(int(child))


@contextlib.contextmanager
def daemon(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the daemon while the block lasts; stop it as a service would."""
    with (
        (folder / "said.txt").open("wb") as said,
        subprocess.Popen(
            [*COMMAND, "daemon"], cwd=folder, env=_environment(), stdout=subprocess.DEVNULL, stderr=said
        ) as child,
    ):
        try:
            yield child
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                child.kill()


async def endure(
    folder: Path, sweeps: int, count: int, *, step: float, seconds: float, tell: Callable[[Sample], None]
) -> list[Sample]:
    """Run the daemon for so many sweeps, or ``seconds``; look at it every ``step`` sweeps."""
    samples: list[Sample] = []
    own = _free_port()
    async with serving(count) as port:
        await asyncio.to_thread(prepare, folder, count, port, own)
        with daemon(folder) as child:
            begun = time.monotonic()
            while child.poll() is None and (taken := time.monotonic() - begun) < seconds:
                done = await visits(own) / count
                if done >= step * (len(samples) + 1):
                    samples.append(measure(child.pid, done, taken, folder / "xunjian.db"))
                    tell(samples[-1])
                if done >= sweeps:
                    break
                await asyncio.sleep(0.2)
            ended = child.poll()
    if ended is not None:
        sys.exit(f"the daemon ended: {ended}")
    return samples


def growth(samples: Sequence[Sample], of: Callable[[Sample], float]) -> float:
    """Return by which part of its mean a figure grows over the second half of the samples, by a straight line."""
    half = samples[len(samples) // 2 :]
    if len({each.sweeps for each in half}) < 2:
        return 0.0
    slope = linear_regression([each.sweeps for each in half], [of(each) for each in half]).slope
    return slope * (half[-1].sweeps - half[0].sweeps) / (mean(of(each) for each in half) or 1.0)


def show(samples: Sequence[Sample], count: int) -> None:
    """Print how the second half differs from flat."""
    half = samples[len(samples) // 2 :]
    print(f"\nsweeps {half[0].sweeps:,.0f} to {half[-1].sweeps:,.0f}, growth by a straight line:")
    print(f"memory   {growth(samples, lambda each: each.memory):+.2%}  of {mean(each.memory for each in half):.0f} MB")
    print(
        f"children {growth(samples, lambda each: each.children):+.2%}  of {mean(each.children for each in half):.0f} MB"
    )
    print(f"files    {min(each.files for each in half)} to {max(each.files for each in half)}")
    print(f"threads  {min(each.threads for each in half)} to {max(each.threads for each in half)}")
    first, last = samples[len(samples) // 4], samples[-1]
    early = first.sweeps * count / first.seconds
    late = (last.sweeps - half[0].sweeps) * count / ((last.seconds - half[0].seconds) or 1.0)
    print(f"visits/s {late:.0f} in the second half, {late / early:.2f} of the first quarter's")


def main(sweeps: int, count: int, minutes: float, folder: Path | None) -> None:
    """Run, and print a line now and then."""
    before: list[Sample] = []

    def tell(each: Sample) -> None:
        last = before[-1] if before else None
        made = (each.sweeps - (last.sweeps if last else 0)) * count
        rate = made / ((each.seconds - (last.seconds if last else 0)) or 1)
        before.append(each)
        print(
            f"{each.sweeps:7,.0f} sweeps {each.seconds:6.0f} s  {rate:5.0f} visits/s  memory {each.memory:6.1f} MB  "
            f"children {each.children:6.1f} MB  files {each.files:3}  threads {each.threads:3}  "
            f"database {each.database:6.1f} MB",
            flush=True,
        )

    made = folder or Path(tempfile.mkdtemp(prefix="xunjian-"))
    made.mkdir(parents=True, exist_ok=True)
    try:
        samples = asyncio.run(endure(made, sweeps, count, step=sweeps / LINES, seconds=minutes * 60, tell=tell))
    finally:
        if folder is None:
            shutil.rmtree(made, ignore_errors=True)
    if samples:
        show(samples, count)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        int(given[0]) if given else 5000,
        int(given[1]) if len(given) > 1 else 100,
        float(given[2]) if len(given) > 2 else 60,
        Path(given[3]) if len(given) > 3 else None,
    )
