"""A lane in trouble: in doubt after one refusal, paused as a whole after the second, tried with one probe after that."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from crawler.crawl import Crawl
from monitor.visits import Lane, Memory, Outcome, Source
from tests.crawler.badserver import BadServer, Route, bad_server, raw, redirect, reply, rss, settings, turns
from tests.crawler.test_run import FEED, HOUR, NOW, Office, source

MINUTE = timedelta(minutes=1)
GOOD = reply(200, FEED)
CAPTCHA = reply(200, "<html><title>环境异常</title><body>完成验证后即可继续访问 去验证</body></html>".encode())
LANE = Lane(name="bridge", delay=timedelta(0))


@dataclass
class Scene(Office):
    """One crawl over several batches of one lane, whose pauses are remembered as storage does."""

    lane: Lane = LANE
    crawl: Crawl | None = None
    server: BadServer = field(default_factory=BadServer)

    async def on_pause(self, lane: Lane) -> None:
        await super().on_pause(lane)
        self.lane = lane

    async def batch(self, *numbers: int, good_at: Sequence[int] = (), spare: int | None = None) -> list[str]:
        """Visit these sources, of which some have answered well before; return what was asked of the server."""
        assert self.crawl is not None
        asked = len(self.server.requests)
        made = [self.source(number, good=number in good_at) for number in numbers]
        further = None if spare is None else self.source(spare, good=True)
        await self.crawl.visit(self.lane, made, on_visit=self.on_visit, on_pause=self.on_pause, spare=further)
        return [each.path for each in self.server.requests[asked:]]

    def source(self, number: int, *, good: bool = False) -> Source:
        memory = Memory(full_at=NOW - HOUR, body_hash="before") if good else Memory()
        return source(self.server, number, f"/{number}", memory=memory)

    def outcomes(self) -> dict[int, Outcome]:
        return {visit.source_id: visit.outcome for visit in self.visits}


Act = Callable[[Scene], Awaitable[None]]


def play(act: Act, *routes: Route, lane: Lane = LANE, **changes: object) -> Scene:
    """Run an act over a server with the pages /0, /1, …"""

    async def main() -> Scene:
        scene = Scene(lane=lane)
        async with bad_server() as server:
            scene.server = server
            server.routes |= {f"/{number}": route for number, route in enumerate(routes)}
            told = settings(**({"obey_robots": False} | changes))
            async with Crawl(told, clock=scene.clock, sleep=scene.sleep) as crawl:
                scene.crawl = crawl
                await act(scene)
        return scene

    return asyncio.run(main())


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(reply(403), id="403"),
        pytest.param(reply(412), id="412"),
        pytest.param(reply(418), id="418"),
        pytest.param(reply(432), id="432"),
        pytest.param(CAPTCHA, id="captcha"),
    ],
)
def test_second_refusal_pauses_the_lane_as_a_whole(refusal: Route) -> None:
    async def act(scene: Scene) -> None:
        assert await scene.batch(0, 1, 2, 3) == ["/0", "/1"]

    scene = play(act, refusal, refusal, GOOD, GOOD)
    assert scene.outcomes() == dict.fromkeys(range(4), Outcome.BLOCKED)
    (pause,) = scene.pauses
    assert (pause.name, pause.paused_for, pause.level) == ("bridge", Outcome.BLOCKED, 1)
    assert pause.paused_until == scene.now + 10 * MINUTE
    assert scene.of(3).reason.startswith("采集通道“bridge”被服务器拒绝访问，2026-11-22 16:1")
    assert scene.of(3).reason.endswith("之前不再访问，本次未采集。")
    assert (scene.of(3).status, scene.of(3).memory) == (None, Memory())


def test_one_source_that_is_refused_is_its_own_trouble_and_the_best_other_is_the_probe() -> None:
    async def act(scene: Scene) -> None:
        assert await scene.batch(0, 1, 2, 3, good_at=[2]) == ["/0", "/2", "/1", "/3"]

    scene = play(act, reply(403), GOOD, GOOD, GOOD)
    assert [scene.of(number).outcome for number in range(4)] == [Outcome.BLOCKED] + [Outcome.NEW] * 3
    assert scene.pauses == []


@pytest.mark.parametrize("own", [pytest.param(reply(401), id="401"), pytest.param(reply(451), id="451")])
def test_refusal_of_one_address_alone_puts_nothing_in_doubt(own: Route) -> None:
    async def act(scene: Scene) -> None:
        await scene.batch(0, 1, 2)

    scene = play(act, own, own, own)
    assert scene.pauses == []
    assert len(scene.server.requests) == 3


def test_probe_that_does_not_answer_tells_nothing_and_the_next_one_is_asked() -> None:
    async def act(scene: Scene) -> None:
        assert await scene.batch(0, 1, 2, 3) == ["/0", "/1", "/2"]

    scene = play(act, reply(403), reply(500), reply(403), GOOD)
    assert [each.level for each in scene.pauses] == [1]


def test_lane_with_no_other_source_to_try_pauses() -> None:
    async def act(scene: Scene) -> None:
        await scene.batch(0)

    scene = play(act, reply(403))
    assert [(each.paused_for, each.level) for each in scene.pauses] == [(Outcome.BLOCKED, 1)]


def test_last_source_of_a_batch_in_which_others_answered_leaves_the_lane_in_doubt() -> None:
    async def act(scene: Scene) -> None:
        await scene.batch(0, 1)
        assert scene.pauses == []
        assert await scene.batch(1, 2, 0) == ["/2", "/1", "/0"]  # another one first: it tells more

    scene = play(act, GOOD, reply(403), GOOD)
    assert scene.pauses == []


def test_spare_source_is_the_probe_where_the_batch_has_no_other() -> None:
    async def act(scene: Scene) -> None:
        assert await scene.batch(0, spare=1) == ["/0", "/1"]
        assert scene.pauses == []
        assert await scene.batch(0, spare=2) == ["/0", "/2"]

    scene = play(act, reply(403), GOOD, reply(403))
    assert [each.level for each in scene.pauses] == [1]


def test_after_a_pause_one_probe_is_asked_and_pauses_double_until_it_answers() -> None:
    refusals = [reply(403)] * 7

    async def act(scene: Scene) -> None:
        await scene.batch(0, 1)
        for level, minutes in enumerate([20, 40, 80, 160, 320, 360, 360], start=2):
            until = scene.pauses[-1].paused_until
            assert until is not None
            scene.now = until - 2 * MINUTE
            assert await scene.batch(0, 1, 2) == []  # not yet
            scene.now = until
            assert await scene.batch(0, 1, 2, good_at=[1]) == ["/1"]
            assert scene.pauses[-1].level == level
            assert scene.pauses[-1].paused_until == scene.now + minutes * MINUTE
        assert scene.lane.paused_until is not None
        scene.now = scene.lane.paused_until + MINUTE
        assert await scene.batch(0, 1, 2, good_at=[1]) == ["/1", "/0", "/2"]

    scene = play(act, turns(reply(403), GOOD), turns(reply(403), *refusals, GOOD), GOOD)
    answering = scene.pauses[-1]
    assert (answering.paused_until, answering.paused_for, answering.level) == (None, None, 0)


def test_pause_of_an_earlier_program_is_taken_over_with_its_level() -> None:
    async def act(scene: Scene) -> None:
        assert await scene.batch(0, 1) == ["/0"]

    over = replace(LANE, paused_until=NOW - MINUTE, paused_for=Outcome.BLOCKED, level=3)
    scene = play(act, reply(403), GOOD, lane=over)
    (pause,) = scene.pauses
    assert (pause.level, pause.paused_until) == (4, scene.now + 80 * MINUTE)
    assert scene.outcomes() == dict.fromkeys(range(2), Outcome.BLOCKED)


def test_after_a_pause_probes_that_tell_nothing_are_three_at_most() -> None:
    async def act(scene: Scene) -> None:
        assert await scene.batch(0, 1, 2, 3) == ["/0", "/1", "/2"]

    over = replace(LANE, paused_until=NOW - MINUTE, paused_for=Outcome.BLOCKED, level=1)
    scene = play(act, reply(500), reply(502), reply(503), GOOD, lane=over)
    assert [each.level for each in scene.pauses] == [2]


def test_probe_that_never_reached_a_server_does_not_count() -> None:
    async def act(scene: Scene) -> None:
        assert scene.crawl is not None
        nowhere = [Source(source_id=90 + n, url=f"http://site{n}.invalid/", account_id="A") for n in range(4)]
        made = [*nowhere, scene.source(0), scene.source(1)]
        await scene.crawl.visit(scene.lane, made, on_visit=scene.on_visit, on_pause=scene.on_pause)

    over = replace(LANE, paused_until=NOW - MINUTE, paused_for=Outcome.BLOCKED, level=1)
    scene = play(act, reply(403), GOOD, lane=over)
    assert [each.level for each in scene.pauses] == [2]
    assert [each.path for each in scene.server.requests] == ["/0"]


def test_source_that_is_gone_answers_all_the_same() -> None:
    async def act(scene: Scene) -> None:
        assert await scene.batch(0, 1) == ["/0", "/1"]

    over = replace(LANE, paused_until=NOW - MINUTE, paused_for=Outcome.BLOCKED, level=1)
    scene = play(act, reply(404), GOOD, lane=over)
    assert [each.paused_until for each in scene.pauses] == [None]


def test_pause_beyond_all_measure_comes_of_a_wrong_clock_and_is_over() -> None:
    async def act(scene: Scene) -> None:
        await scene.batch(0, 1)

    far = replace(LANE, paused_until=NOW + 9 * HOUR, paused_for=Outcome.BLOCKED, level=1)
    scene = play(act, GOOD, GOOD, lane=far)
    assert scene.outcomes() == dict.fromkeys(range(2), Outcome.NEW)
    assert [each.paused_until for each in scene.pauses] == [None]


def test_too_many_requests_pause_at_once_and_for_longer_each_time_in_a_row() -> None:
    async def act(scene: Scene) -> None:
        for minutes in (30, 2, 4):
            scene.now = max(scene.now, scene.lane.paused_until or scene.now)
            assert await scene.batch(0, 1) == ["/0"]
            assert scene.lane.paused_until == scene.now + minutes * MINUTE
        scene.now += 5 * MINUTE
        assert await scene.batch(0, 1) == ["/0", "/1"]

    limited = turns(reply(429, Retry_After="1800"), reply(429, Retry_After="1"), reply(429), GOOD)
    scene = play(act, limited, GOOD)
    assert [each.level for each in scene.pauses] == [1, 2, 3, 0]
    assert scene.visits[1].outcome is Outcome.RATE_LIMITED
    assert "被要求放慢访问" in scene.visits[1].reason


def test_control_source_is_the_probe_where_it_is_due() -> None:
    async def act(scene: Scene) -> None:
        assert await scene.batch(0, 1) == ["/2"]
        scene.now += HOUR
        assert await scene.batch(0, 1) == ["/2", "/0", "/1"]

    async def start(scene: Scene) -> None:
        scene.lane = replace(scene.lane, control=Source(source_id=900, url=scene.server.url("/2")))
        await act(scene)

    over = replace(LANE, paused_until=NOW - MINUTE, paused_for=Outcome.BLOCKED, level=1)
    scene = play(start, GOOD, GOOD, turns(reply(403), reply(200, rss(HOUR, at=NOW))), lane=over)
    assert [each.level for each in scene.pauses] == [2, 0]


def test_lanes_are_in_trouble_each_by_itself() -> None:
    async def main() -> tuple[Scene, list[int]]:
        scene = Scene()
        async with bad_server("127.0.0.1") as one, bad_server("127.0.0.2") as two:
            one.routes |= {f"/{n}": reply(403) for n in range(9)}
            two.routes |= {f"/{n}": GOOD for n in range(9)}
            async with Crawl(settings(obey_robots=False), clock=scene.clock, sleep=scene.sleep) as crawl:
                for server in (one, two):
                    made = [source(server, n, f"/{n}") for n in range(4)]
                    lane = Lane(name=server.host, delay=timedelta(0))
                    await crawl.visit(lane, made, on_visit=scene.on_visit, on_pause=scene.on_pause)
            return scene, [len(one.requests), len(two.requests)]

    scene, asked = asyncio.run(main())
    assert asked == [2, 4]
    assert [each.name for each in scene.pauses] == ["127.0.0.1"]


def test_rules_that_are_rate_limited_are_asked_again_by_the_probe() -> None:
    async def act(scene: Scene) -> None:
        scene.server.routes["/robots.txt"] = turns(reply(429), reply(429), reply(429), reply(404))
        assert await scene.batch(0, 1) == ["/robots.txt"] * 2  # the first pause is waited out
        scene.now += 9 * MINUTE
        assert await scene.batch(0, 1) == ["/robots.txt"]
        scene.now += 9 * MINUTE
        assert await scene.batch(0, 1) == ["/robots.txt", "/0", "/1"]

    scene = play(act, GOOD, GOOD, obey_robots=True)
    assert scene.outcomes() == dict.fromkeys(range(2), Outcome.NEW)


def test_redirect_to_a_refusal_is_a_refusal() -> None:
    async def act(scene: Scene) -> None:
        await scene.batch(0, 1, 2)

    scene = play(act, redirect("/2"), redirect("/2"), reply(403))
    assert [each.paused_for for each in scene.pauses] == [Outcome.BLOCKED]


def test_failures_that_are_not_about_us_pause_nothing() -> None:
    async def act(scene: Scene) -> None:
        await scene.batch(0, 1, 2, 3)

    scene = play(act, reply(500), reply(404), raw(b""), reply(200, b""))
    assert scene.pauses == []
    assert len(scene.visits) == 4
