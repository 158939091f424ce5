"""Planning and sweeping on loopback: what is due is visited, a lane at a time, and planned anew."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crawler.details import PageTarget
from monitor.cadence import Plan, Why
from monitor.visits import Outcome
from schedules.batch import Room, collect_batch, read_batch
from schedules.collect import collect
from schedules.office import Office, SourceSetting
from schedules.planning import Load, plan_all, plan_missing
from schedules.settings import DaemonSettings
from schedules.sweeping import Sweep
from storage.errors import ReplacedError
from storage.lanes import pauses, save_pause
from storage.models import posts, visits
from storage.plans import Due, due_sources, save_plans
from storage.running_models import plans
from tests.schedules.offices import Body, Site, an_account, an_item, register, rss, seen, sources

TEN = datetime(2026, 11, 18, 2, tzinfo=UTC)  # of a Wednesday in Beijing: no deadline is near
BEGUN = time.monotonic()


def now() -> datetime:
    """A clock that goes as fast as any other, and is the same whenever the tests are run."""
    return TEN + timedelta(seconds=time.monotonic() - BEGUN)


def feed(site: Site, path: str, count: int = 5) -> str:
    """A feed whose newest post is an hour old, one a day before that."""
    local = now() + timedelta(hours=8)
    site.bodies[path] = rss(
        *((f"{path}{n}", f"{local - timedelta(hours=1, days=n):%Y-%m-%d %H:%M}") for n in range(count))
    )
    return site.url(path)


def due(office: Office, at: datetime | None = None) -> list[Due]:
    with office.database.read() as session:
        return due_sources(session, at or now())


def swept(office: Office, work: Callable[[Sweep], Awaitable[None]]) -> Sweep:
    """Run a sweep, in a room of its own."""
    errors: list[BaseException] = []

    async def run() -> Sweep:
        async with Room(office, now, patient=True) as room:
            sweep = Sweep(room=room, fail=errors.append, again=lambda: None)
            room.on_visit = sweep.note
            await work(sweep)
            while sweep.under_way:  # noqa: ASYNC110 - what is waited for is the sweep's own state
                await asyncio.sleep(0.01)
            return sweep

    found = asyncio.run(run())
    if errors:
        raise errors[0]
    return found


async def one_tick(sweep: Sweep) -> None:
    await sweep.tick()


async def until(done: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not done():  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)


def held_back(site: Site, gate: threading.Semaphore, *paths: str) -> None:
    """Let each answer to these paths wait until the gate lets one more through."""

    def answer(body: Body) -> Body:
        def waits() -> tuple[int, Mapping[str, str], bytes]:
            assert gate.acquire(timeout=50)
            return (200, {"Content-Type": "application/rss+xml"}, body) if isinstance(body, bytes) else body()

        return waits

    site.bodies |= {path: answer(site.bodies[path]) for path in paths}


def test_new_sources_are_due_at_once_and_after_their_visit_later(office: Office, site: Site) -> None:
    register(office, an_account("a1", feed(site, "/a1")), an_account("a2", feed(site, "/a2")))
    sweep = swept(office, one_tick)
    assert sweep.visits == {"NEW": 2}
    assert plan_missing(office, now(), {}) == 0, "they were planned anew after their batch"
    assert due(office) == []
    later = due(office, now() + timedelta(hours=13))
    assert {each.account_id for each in later} == {"a1", "a2"}
    assert all(each.due_at > now() for each in later)


def test_what_a_batch_under_way_has_visited_is_planned_once_at_its_end(
    office: Office, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(office, *(an_account(f"a{n}", feed(site, f"/a{n}")) for n in range(9)))
    gate = threading.Semaphore(0)
    held_back(site, gate, *(f"/a{n}" for n in range(9)))
    planned: list[int] = []

    def noted(session: Session, made: dict[int, Plan], at: datetime) -> None:
        planned.extend(made)
        save_plans(session, made, at)

    monkeypatch.setattr("schedules.planning.save_plans", noted)
    shown: list[int] = []

    async def ticks(sweep: Sweep) -> None:
        await sweep.tick()
        for visited in range(9):
            await sweep.tick()  # no visit comes between its two looks
            shown.append(sweep.due + sweep.visits.total())
            gate.release()
            await until(lambda visited=visited: sweep.visits.total() > visited)  # type: ignore[misc]

    swept(office, ticks)
    every = [each.source_id for each in sources(office).values()]
    assert sorted(planned) == sorted(every * 2), "once as new and once as visited"
    assert shown == [9] * 9


def test_a_visit_by_another_program_counts(office: Office, site: Site) -> None:
    register(office, an_account("a1", feed(site, "/a1")))
    plan_missing(office, now(), {})
    assert [each.why for each in due(office)] == [Why.FIRST]
    collect(office, ["a1"], clock=now, on_visit=lambda *_: None)
    sweep = swept(office, one_tick)
    assert (sweep.due, sweep.visits) == (0, {})


def test_the_source_with_the_least_time_left_is_first(office: Office, site: Site) -> None:
    accounts = [an_account(f"a{n}", feed(site, f"/a{n}")) for n in range(4)]
    register(office, *accounts)
    plan_missing(office, now(), {})
    order = ["a2", "a0", "a3", "a1"]
    with office.database.begin() as session:
        for place, account_id in enumerate(order):
            source_id = sources(office)[account_id].source_id
            session.execute(
                update(plans).where(plans.c.source_id == source_id).values(latest=now() + timedelta(hours=place))
            )
    swept(office, one_tick)
    assert [path for path in site.asked if path != "/robots.txt"] == [f"/{each}" for each in order]


def test_a_source_that_fails_is_tried_again_soon_and_ever_later(office: Office) -> None:
    opened = now().astimezone(office.zone).date()  # no week and no fortnight binds it yet, whatever day this is
    register(office, an_account("a1", opened=opened))  # nobody answers at its address
    waits: list[timedelta] = []
    for failures in range(1, 5):
        swept(office, one_tick)
        plan_missing(office, now(), {})
        (plan,) = due(office, now() + timedelta(days=1))
        assert plan.failures == failures
        waits.append(plan.due_at - now())
        with office.database.begin() as session:
            session.execute(update(plans).values(due_at=now()))
    limits = [timedelta(minutes=10 * 2**n) for n in range(4)]  # sooner where a day ends, and its proof is wanted
    assert all(timedelta(0) < wait <= limit for wait, limit in zip(waits, limits, strict=True))


def test_a_batch_ends_with_its_budget_and_asks_one_source_at_least(office: Office, site: Site) -> None:
    register(office, *(an_account(f"a{n}", feed(site, f"/a{n}")) for n in range(5)))
    ids = [each.source_id for each in sources(office).values()]

    async def run() -> int:
        async with Room(replace(office, crawl=replace(office.crawl, delay=timedelta(seconds=0.2))), now) as room:
            none = await collect_batch(room, "127.0.0.1", ids, timedelta(0))
            rest = await collect_batch(room, "127.0.0.1", ids[1:], timedelta(seconds=0.25))
            return len(none.visits) * 100 + len(rest.visits)

    done = asyncio.run(run())
    assert done // 100 == 1
    assert 1 <= done % 100 < 4


def test_a_batch_that_waits_for_its_lane_loses_none_of_its_time(
    office: Office, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(office, *(an_account(f"a{n}", feed(site, f"/a{n}")) for n in range(5)))
    ids = [each.source_id for each in sources(office).values()]
    patient = replace(office, crawl=replace(office.crawl, timeout=timedelta(hours=1), details_per_lane=10))
    gate = threading.Semaphore(0)
    site.bodies["/page0"] = lambda: (404, {}, b"")
    held_back(site, gate, "/page0")
    seen(office, "a0", "10-31 08:00", *(an_item(f"k{n}", "10-30 08:00") for n in range(5)))
    pages = [PageTarget(account_id="a0", key=f"k{n}", url=site.url(f"/page{n}")) for n in range(5)]

    async def run() -> int:
        loop, leapt, waiting = asyncio.get_running_loop(), 0.0, asyncio.Event()
        real = loop.time
        monkeypatch.setattr(loop, "time", lambda: real() + leapt)
        async with Room(patient, now) as room:
            visit = room.crawl.visit

            async def waits(*given: Any, **more: Any) -> int:
                waiting.set()
                return await visit(*given, **more)

            monkeypatch.setattr(room.crawl, "visit", waits)
            reading = asyncio.create_task(read_batch(room, "127.0.0.1", pages))
            await until(lambda: "/page0" in site.asked)  # it has the lane now
            batch = asyncio.create_task(collect_batch(room, "127.0.0.1", ids, timedelta(seconds=60)))
            await waiting.wait()
            leapt = 100.0
            gate.release()
            await reading
            return len((await batch).visits)

    assert asyncio.run(run()) == 5  # one, where its time ran while it waited


def test_many_sources_of_one_lane_keep_no_other_lane_waiting(office: Office, site: Site) -> None:
    slow = [an_account(f"slow{n}", feed(site, f"/slow{n}")) for n in range(30)]
    fast = an_account("fast", feed(site, "/fast").replace("127.0.0.1", "127.0.0.2"))
    register(office, *slow)
    gate = threading.Semaphore(0)

    async def run(sweep: Sweep) -> None:
        await sweep.tick()
        await asyncio.to_thread(register, sweep.room.office, fast)  # it comes while the other lane is busy
        await sweep.tick()
        await until(sweep.visits.total)
        assert sweep.visits == {"REFUSED": 1}, "nobody listens at its address, and no other is answered yet"
        gate.release(30)

    held_back(site, gate, *(f"/slow{n}" for n in range(30)))
    sweep = swept(office, run)
    assert sweep.visits.total() == 31


def test_a_visit_that_cannot_be_stored_does_not_hold_its_lane(
    office: Office, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    register(office, an_account("a1", feed(site, "/a1")), an_account("a2", feed(site, "/a2")))
    with office.database.begin() as session:  # a database that refuses the posts of one account
        session.connection().exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON posts WHEN NEW.account_id = 'a1' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    sweep = swept(office, one_tick)
    assert sweep.visits == {"NEW": 1, "SERVER_ERROR": 1}
    with office.database.read() as session:
        assert set(session.scalars(select(posts.c.account_id))) == {"a2"}
        reason = session.scalar(select(visits.c.reason).where(visits.c.account_id == "a1"))
    assert reason == "采集程序内部错误，本次采集到的内容未能保存。"
    assert "visit not stored" in caplog.text


def test_a_paused_lane_is_left_alone_and_its_sources_say_so(office: Office, site: Site) -> None:
    register(office, an_account("a1", feed(site, "/a1")))
    until = now() + timedelta(minutes=30)
    with office.database.begin() as session:
        save_pause(session, "127.0.0.1", until, Outcome.BLOCKED, 2)
    swept(office, one_tick)
    assert site.asked == []
    with office.database.read() as session:
        (visit,) = session.execute(select(visits.c.outcome, visits.c.reason)).all()
    assert visit.outcome == "BLOCKED"
    assert "之前不再访问" in visit.reason
    plan_missing(office, now(), {})
    (plan,) = due(office, now() + timedelta(days=1))
    assert until <= plan.due_at <= until + timedelta(minutes=2)


def test_a_pause_that_a_wrong_clock_made_holds_nobody_up(office: Office, site: Site) -> None:
    register(office, an_account("a1", feed(site, "/a1")))
    with office.database.begin() as session:
        save_pause(session, "127.0.0.1", now() + timedelta(days=1), Outcome.BLOCKED, 2)
    sweep = swept(office, one_tick)
    assert sweep.visits == {"NEW": 1}


def test_after_the_clock_was_set_back_a_source_is_not_visited_again_and_again(office: Office, site: Site) -> None:
    register(office, an_account("a1", feed(site, "/a1")))
    swept(office, one_tick)
    with office.database.begin() as session:  # as a clock that was a day ahead has left it
        ahead = timedelta(days=1) / timedelta(microseconds=1)
        for column in ("visits.started_at", "visits.ended_at", "sources.visited_at", "plans.planned_at"):
            table, name = column.split(".")
            session.connection().exec_driver_sql(f"UPDATE {table} SET {name} = {name} + {ahead:.0f}")
    assert swept(office, one_tick).visits.total() <= 1  # planned anew, and perhaps visited once
    with office.database.begin() as session:
        session.execute(update(plans).values(due_at=now(), planned_at=now()))
    assert swept(office, one_tick).visits.total() == 1, "its visit of tomorrow must not keep it from being visited"
    for _ in range(5):
        with office.database.begin() as session:
            session.execute(update(plans).values(due_at=now()))
        swept(office, one_tick)
        assert swept(office, one_tick).visits == {}


def test_a_source_that_contradicts_its_platform_does_not_hold_its_lane(
    office: Office, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    register(office, an_account("a1", feed(site, "/a1")), an_account("a2", feed(site, "/a2")))
    odd = replace(office, source_settings={"a1": SourceSetting(sees=("视频",))})
    sweep = swept(odd, one_tick)
    assert sweep.visits == {"NEW": 2}
    with office.database.read() as session:
        rows = session.execute(select(visits.c.account_id, visits.c.proof_start).order_by(visits.c.account_id)).all()
    assert [(each.account_id, each.proof_start is None) for each in rows] == [("a1", True), ("a2", False)]
    assert "source proves nothing" in caplog.text


def test_a_source_that_is_refused_alone_does_not_pause_its_lane(office: Office, site: Site) -> None:
    register(office, an_account("a1", feed(site, "/a1")), an_account("a2", site.url("/a2")))
    site.bodies["/a2"] = lambda: (403, {}, b"no")
    found = sources(office)

    async def run() -> None:
        async with Room(office, now) as room:
            await collect_batch(room, "127.0.0.1", [found["a1"].source_id])
            await collect_batch(room, "127.0.0.1", [found["a2"].source_id], spare=found["a1"].source_id)

    asyncio.run(run())
    assert [path for path in site.asked if path != "/robots.txt"] == ["/a1", "/a2", "/a1"]
    with office.database.read() as session:
        assert pauses(session) == {}


def test_the_plan_of_all_tells_how_a_lane_is_loaded(office: Office, site: Site) -> None:
    register(office, *(an_account(f"a{n}", feed(site, f"/a{n}")) for n in range(3)))
    swept(office, one_tick)
    loads: dict[str, Load] = {"gone": Load(stretch=9.0)}
    assert plan_all(office, now(), loads) == 3
    assert loads.keys() == {"127.0.0.1"}
    assert loads["127.0.0.1"].stretch == 1.0
    assert loads["127.0.0.1"].spare in {each.source_id for each in sources(office).values()}
    slow = replace(office, crawl=replace(office.crawl, delay=timedelta(hours=9)))
    plan_all(slow, now(), loads)
    assert loads["127.0.0.1"].stretch > 2


def test_a_database_that_was_replaced_ends_the_sweep(office: Office, site: Site, file: Path) -> None:
    register(office, an_account("a1", feed(site, "/a1")))

    async def run(sweep: Sweep) -> None:
        await sweep.tick()
        await asyncio.to_thread(file.rename, file.with_name("elsewhere.db"))
        gate.release()

    gate = threading.Semaphore(0)
    held_back(site, gate, "/a1")
    settings = DaemonSettings(tick=timedelta(seconds=1))
    with pytest.raises(ReplacedError):
        swept(replace(office, daemon=settings), run)


def test_while_we_are_offline_a_few_are_tried_and_the_others_are_said_to_be_cut_off(office: Office, site: Site) -> None:
    """Every lane is a host of its own on loopback; the probe and all of them are dead until the site is."""
    feed(site, "/f")
    lost = replace(office, daemon=DaemonSettings(probe=("http://127.0.0.1:9/",)))
    register(office, *(an_account(f"a{n}", f"http://127.0.0.{n + 2}:9/f") for n in range(4)))
    later = [an_account(f"b{n}") for n in range(6)]

    def outcomes() -> dict[str, list[str]]:
        with office.database.read() as session:
            rows = session.execute(select(visits.c.account_id, visits.c.outcome).order_by(visits.c.visit_id))
            found: dict[str, list[str]] = {}
            for account_id, outcome in rows:
                found.setdefault(account_id, []).append(outcome)
            return found

    async def run(sweep: Sweep) -> None:
        async def quiet() -> None:
            while sweep.under_way:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)

        await sweep.tick()
        await quiet()
        assert set(map(tuple, outcomes().values())) == {("LOCAL_OUTAGE",)}
        await asyncio.to_thread(register, office, *later)
        with office.database.begin() as session:
            session.execute(update(plans).values(due_at=now() + timedelta(hours=1)))
        await sweep.tick()
        await quiet()
        assert {each: outcomes()[each] for each in ("b0", "b5")} == {"b0": ["LOCAL_OUTAGE"], "b5": ["LOCAL_OUTAGE"]}
        before = sum(map(len, outcomes().values()))
        await sweep.tick()
        await quiet()
        assert sum(map(len, outcomes().values())) <= before + 1  # none is told twice of one outage
        sweep.room.crawl.reload(office.crawl, (site.url("/f"),))
        await asyncio.to_thread(register, office, an_account("c0", site.url("/f")))
        await sweep.tick()
        await quiet()
        assert sweep.room.crawl.network.offline_since is None
        assert outcomes()["c0"] == ["NEW"]
        assert outcomes()["b5"] == ["LOCAL_OUTAGE", "REFUSED"]  # at once, not when it was to be tried again

    swept(lost, run)
