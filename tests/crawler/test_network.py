"""Our own outage: what fails of it is said to be ours, and nobody else is blamed, paused or called stale for it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from crawler.contact import Contact
from crawler.crawl import Crawl
from crawler.details import PageTarget
from crawler.fetch import Web, fetch, open_session
from crawler.network import Network
from crawler.probes import Probes
from monitor.visits import Lane, Outcome, PageVisit, Source, Visit
from tests.crawler.badserver import BadServer, bad_server, raw, reply, rss, settings
from tests.crawler.test_run import FEED, HOUR, NOW, Office

GOOD = reply(200, FEED)
DEAD = "http://127.0.0.1:1/"
"""Nobody listens there."""


class Town:
    """Sites that can be cut off all together: each is a lane of its own."""

    def __init__(self) -> None:
        self.office = Office()
        self.servers: dict[str, BadServer] = {}
        self.up = contextlib.AsyncExitStack()
        self.crawl: Crawl

    async def start(self, *names: str) -> None:
        for number, name in enumerate(names, start=2):
            old = self.servers.get(name)
            server = await self.up.enter_async_context(bad_server(f"127.0.0.{number}"))
            server.routes |= {"/": GOOD} if old is None else old.routes
            self.servers[name] = server

    async def cut(self) -> None:
        """Cut the line: nobody listens any more."""
        await self.up.aclose()
        self.up = contextlib.AsyncExitStack()

    async def visit(
        self, name: str, *, control: str | None = None, budget: timedelta | None = None, count: int = 1
    ) -> Visit:
        url = self.servers[name].url("/") if name in self.servers else name
        made = [Source(source_id=len(self.office.visits) + n, url=url, account_id="A") for n in range(count)]
        seen = None if control is None else Source(source_id=900, url=self.servers[control].url("/"))
        await self.crawl.visit(
            Lane(name=name, delay=timedelta(0), control=seen),
            made,
            on_visit=self.office.on_visit,
            on_pause=self.office.on_pause,
            budget=budget,
        )
        return self.office.visits[-1]

    async def outcomes(self, *names: str) -> list[Outcome]:
        return [(await self.visit(name)).outcome for name in names]


@contextlib.asynccontextmanager
async def town(
    *names: str, probe: str = "", quiet: float = 0, patience: float = 0, **changes: object
) -> AsyncIterator[Town]:
    here = Town()
    told = settings(**({"obey_robots": False} | changes))
    await here.start(*names)
    urls = [here.servers[probe].url("/") if probe in here.servers else probe] if probe else []
    network = Network(here.office.clock, Probes(urls, told, every=0), patience=patience, quiet=quiet)
    try:
        async with Crawl(told, clock=here.office.clock, sleep=here.office.sleep, network=network) as crawl:
            here.crawl = crawl
            yield here
    finally:
        await here.up.aclose()


def test_with_a_probe_the_first_failure_is_known_to_be_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.network.LATELY", 0.0)  # the visit that was answered is an hour old

    async def main() -> Town:
        async with town("a", "probe", probe="probe") as here:
            assert (await here.visit("a")).outcome is Outcome.NEW
            await here.cut()
            here.office.now += HOUR
            visit = await here.visit("a")
            assert visit.outcome is Outcome.LOCAL_OUTAGE
            assert visit.reason.startswith("本机网络中断（自11月22日17:00起）：采集地址 http://127.0.0.2")
            assert visit.reason.endswith("服务器没有接受连接。")
            assert here.crawl.network.offline_since == here.office.now
            assert here.crawl.network.suspects() == []
            assert not await here.crawl.network.look()
            return here

    here = asyncio.run(main())
    assert here.office.pauses == []
    assert here.office.slept == []


def test_a_probe_that_is_dead_by_itself_is_not_believed_while_others_answer() -> None:
    async def main() -> Outcome:
        async with town("a", "probe", probe="probe") as here:
            assert (await here.visit("a")).outcome is Outcome.NEW
            await here.cut()
            return (await here.visit("a")).outcome

    assert asyncio.run(main()) is Outcome.REFUSED


def test_where_the_probe_answers_it_is_the_source_that_fails() -> None:
    async def main() -> tuple[list[Outcome], bool]:
        async with town("probe", probe="probe") as here:
            return await here.outcomes(
                DEAD, "http://127.0.0.9:1/", "http://127.0.0.8:1/"
            ), await here.crawl.network.look()

    outcomes, online = asyncio.run(main())
    assert outcomes == [Outcome.REFUSED] * 3
    assert online


def test_outage_ends_when_the_probe_answers_again() -> None:
    async def main() -> list[bool]:
        async with town("probe", probe="probe") as here:
            network = here.crawl.network
            await here.cut()
            await here.visit(DEAD)
            seen = [network.offline_since is None, await network.look()]
            await here.start("probe")
            network.probes = Probes([here.servers["probe"].url("/")], settings(), every=0)
            return [*seen, await network.look(), network.offline_since is None]

    assert asyncio.run(main()) == [False, False, True, True]


def test_outage_ends_when_any_server_answers(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> list[Outcome]:
        async with town("a", probe=DEAD) as here:
            return await here.outcomes("http://127.0.0.9:1/", "a")

    assert asyncio.run(main()) == [Outcome.LOCAL_OUTAGE, Outcome.NEW]
    said = [each.getMessage() for each in caplog.records if each.name == "crawler.network"]
    assert [each.partition(" since")[0] for each in said] == ["own network down", "own network up again, was down"]


def test_probes_are_asked_at_most_every_ten_seconds() -> None:
    async def main() -> tuple[int, list[Outcome]]:
        async with town("probe", probe="probe", quiet=60) as here:
            here.crawl.network.probes = Probes([here.servers["probe"].url("/")], settings())
            outcomes = await here.outcomes(*[f"http://127.0.0.{n}:1/" for n in range(10, 15)])
            return len(here.servers["probe"].requests), outcomes

    asked, outcomes = asyncio.run(main())
    assert asked == 1
    assert outcomes == [Outcome.REFUSED] * 5


def test_probes_are_asked_anew_after_a_sleep_of_the_machine() -> None:
    async def main() -> list[int]:
        async with bad_server() as server:
            server.routes["/"] = GOOD
            probes, asked = Probes([server.url("/")], settings()), []
            for now in (NOW, NOW, NOW + HOUR, NOW + HOUR, NOW):  # the loop's own time stands still meanwhile
                await probes.ask(lambda at=now: at)  # type: ignore[misc]
                asked.append(len(server.requests))
            return asked

    assert asyncio.run(main()) == [1, 1, 2, 2, 3]


def test_probe_within_our_own_walls_is_asked_only_where_that_is_allowed() -> None:
    async def main() -> int:
        async with bad_server() as server:
            probes = Probes([server.url("/"), "no address"], settings(allow_private=()))
            said = await probes.ask(lambda: NOW)
            assert said is not None
            assert not said.reached
            return len(server.requests)

    assert asyncio.run(main()) == 0


def test_without_probes_three_lanes_that_fail_together_are_our_outage() -> None:
    async def main() -> tuple[list[Outcome], Town, list[int]]:
        async with town("a", "b", "c", "d", quiet=120) as here:
            assert await here.outcomes("a", "b", "c", "d") == [Outcome.NEW] * 4
            await here.cut()
            assert await here.outcomes("a", "b", "c") == [Outcome.REFUSED] * 3  # somebody answered just now
            here.crawl.network._quiet = 0  # nobody has for two minutes
            outcomes = await here.outcomes("d", "a")
            return outcomes, here, [each.source_id for each in here.crawl.network.suspects()]

    outcomes, here, suspects = asyncio.run(main())
    assert outcomes == [Outcome.LOCAL_OUTAGE] * 2
    assert suspects == [4, 5, 6]
    assert here.crawl.network.suspects() == []
    assert here.office.pauses == []
    assert here.crawl.network.offline_since == NOW


def test_two_lanes_in_use_must_fail_both_and_a_single_one_cannot_tell() -> None:
    async def main() -> tuple[list[Outcome], list[Outcome]]:
        async with town("a", "b") as here:
            await here.outcomes("a", "b")
            await here.cut()
            both = await here.outcomes("a", "b")
        async with town("a") as here:
            await here.outcomes("a")
            await here.cut()
            return both, await here.outcomes("a", "a", "a")

    both, single = asyncio.run(main())
    assert both == [Outcome.REFUSED, Outcome.LOCAL_OUTAGE]
    assert single == [Outcome.REFUSED] * 3


def test_lanes_that_were_dead_before_tell_nothing() -> None:
    async def main() -> list[Outcome]:
        dead = [f"http://127.0.0.{n}:1/" for n in range(10, 14)]
        async with town("a", quiet=60) as here:
            await here.outcomes("a", *dead, "a")
            here.crawl.network._quiet = 0
            return await here.outcomes(*dead)

    assert asyncio.run(main()) == [Outcome.REFUSED] * 4


def test_answer_that_comes_meanwhile_clears_us() -> None:
    async def main() -> list[Visit]:
        async with town("slow", patience=60) as here:
            here.servers["slow"].routes["/"] = reply(200, FEED, after=0.3)
            dead = [f"http://127.0.0.{n}:1/" for n in range(10, 14)]
            await asyncio.gather(*(here.visit(name) for name in ["slow", *dead]))
            return here.office.visits

    visits = asyncio.run(main())
    assert sorted(each.outcome for each in visits) == [Outcome.NEW] + [Outcome.REFUSED] * 4


def test_all_failures_of_the_first_moment_are_ours_where_nobody_answers() -> None:
    async def main() -> tuple[list[Outcome], int]:
        async with town(patience=0.1) as here:
            await asyncio.gather(*(here.visit(f"http://127.0.0.{n}:1/") for n in range(10, 16)))
            return [each.outcome for each in here.office.visits], len(here.crawl.network.suspects())

    outcomes, suspects = asyncio.run(main())
    assert outcomes.count(Outcome.LOCAL_OUTAGE) + suspects == 6
    assert suspects <= 2


def test_dead_resolver_is_our_outage_though_addresses_answer() -> None:
    async def main() -> list[Outcome]:
        async with town("a") as here:
            names = [f"http://site{n}.invalid/" for n in range(4)]
            return await here.outcomes("a", *names[:2], "a", *names[2:], "a", DEAD)

    assert asyncio.run(main()) == [
        Outcome.NEW,
        Outcome.DNS,
        Outcome.DNS,
        Outcome.NEW,
        Outcome.LOCAL_OUTAGE,
        Outcome.LOCAL_OUTAGE,
        Outcome.NEW,
        Outcome.REFUSED,
    ]


def test_slow_server_is_not_our_outage() -> None:
    async def main() -> list[Outcome]:
        async with town("a", "b", "c", "d", timeout=timedelta(seconds=1)) as here:
            for server in here.servers.values():
                server.routes["/"] = raw(b"", close=False)
            await asyncio.gather(*map(here.visit, here.servers))
            return [each.outcome for each in here.office.visits]

    assert asyncio.run(main()) == [Outcome.TIMEOUT] * 4


def contact(url: str, patience: float = 60) -> tuple[Contact | None, Outcome | None]:
    async def main() -> tuple[Contact | None, Outcome | None]:
        @contextlib.asynccontextmanager
        async def turn() -> AsyncIterator[None]:
            yield

        told = settings(timeout=timedelta(seconds=patience))
        async with open_session(told) as session:
            fetched = await fetch(Web(session=session, settings=told, clock=lambda: NOW), url, turn)
        return fetched.contact, fetched.reply.outcome

    return asyncio.run(main())


def test_connection_that_never_comes_about_is_told_from_a_slow_answer() -> None:
    with socket.socket() as full, contextlib.ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(8):  # nobody takes them, and the system takes no more
            each = waiting.enter_context(socket.socket())
            each.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                each.connect(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}/"
        assert contact(url, patience=0.3) == (Contact.NO_ROAD, Outcome.TIMEOUT)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        pytest.param(DEAD, (Contact.NO_ROAD, Outcome.REFUSED), id="refused"),
        pytest.param("http://name.invalid/", (Contact.NO_NAME, Outcome.DNS), id="no name"),
        pytest.param("http://h:99999/", (None, Outcome.DNS), id="no address"),
        pytest.param("http://10.0.0.1/", (None, Outcome.FORBIDDEN_ADDRESS), id="forbidden"),
    ],
)
def test_how_far_a_request_came(url: str, found: tuple[Contact | None, Outcome]) -> None:
    assert contact(url) == found


def test_control_that_fails_of_our_outage_makes_no_lane_stale() -> None:
    async def main() -> Town:
        async with town("a", "control", probe=DEAD) as here:
            here.servers["control"].routes["/"] = reply(200, rss(HOUR, at=NOW))
            port = here.servers["control"].port
            here.servers["control"].port = 1
            visit = await here.visit("a", control="control")
            assert visit.outcome is Outcome.LOCAL_OUTAGE
            assert visit.reason.endswith("，本次未采集。")
            assert here.servers["a"].requests == []
            here.servers["control"].port = port
            assert (await here.visit("a", control="control")).outcome is Outcome.NEW
            return here

    asyncio.run(main())


def test_control_that_failed_before_the_outage_was_known_is_asked_again_when_it_is_over() -> None:
    async def main() -> list[Outcome]:
        async with town("a", "control") as here:
            here.servers["control"].routes["/"] = reply(200, rss(HOUR, at=NOW))
            port = here.servers["control"].port
            here.servers["control"].port = 1
            outcomes = [(await here.visit("a", control="control")).outcome]
            await here.outcomes(DEAD, "http://127.0.0.9:1/", "http://127.0.0.8:1/")
            here.servers["control"].port = port
            return [*outcomes, (await here.visit("a", control="control")).outcome]

    assert asyncio.run(main()) == [Outcome.STALE_LANE, Outcome.NEW]


def test_rules_that_failed_of_our_outage_are_asked_for_again() -> None:
    async def main() -> list[Outcome]:
        async with town("a", "b", probe=DEAD, obey_robots=True) as here:
            port = here.servers["a"].port
            await here.cut()
            first = [(await here.visit("a")).outcome for _ in range(3)]
            async with bad_server("127.0.0.2", port) as server, bad_server("127.0.0.7") as other:
                server.routes["/"] = GOOD
                await here.visit(other.url("/"))
                return [*first, (await here.visit("a")).outcome]

    assert asyncio.run(main()) == [Outcome.LOCAL_OUTAGE] * 3 + [Outcome.NEW]


def test_batch_of_a_daemon_ends_where_we_are_offline_and_a_run_goes_on() -> None:
    async def main() -> list[int]:
        async with town("a", probe=DEAD) as here:
            await here.visit("http://127.0.0.9:1/", count=4, budget=timedelta(minutes=1))
            counts = [len(here.office.visits)]
            await here.visit("http://127.0.0.9:1/", count=4)
            return [*counts, len(here.office.visits)]

    assert asyncio.run(main()) == [1, 5]


def test_page_that_fails_of_our_outage_says_so_and_the_rest_is_left() -> None:
    async def main() -> list[PageVisit]:
        found: list[PageVisit] = []

        async def keep(page: PageVisit) -> None:
            found.append(page)

        async with town(probe=DEAD) as here:
            targets = [PageTarget(account_id="A", key=f"{n}", url=f"http://127.0.0.9:1/{n}") for n in range(3)]
            lane = Lane(name="site", delay=timedelta(0))
            await here.crawl.read_pages(lane, targets, on_page=keep, on_pause=here.office.on_pause)
        return found

    (page,) = asyncio.run(main())
    assert page.outcome is Outcome.LOCAL_OUTAGE
    assert page.reason.startswith("本机网络中断（自11月22日16:00起）：")
