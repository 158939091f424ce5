"""How things stand: read from database, lock and disk, beside whatever runs."""

import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, update

from crawler.settings import LaneConfig
from monitor.cadence import Plan, Why
from monitor.values import AccountState
from monitor.visits import Outcome
from schedules.alarms import alarms_of
from schedules.office import Office
from schedules.settings import DaemonSettings
from schedules.status import Status, status_of
from storage import models
from storage.clocks import save_clock
from storage.instance import beat, only_instance, stopped
from storage.jobs import JobState, begin_job, end_job, say_next
from storage.lanes import save_pause
from storage.messages import mark_failed, mark_retry, mark_sent, queue_message
from storage.plans import save_plans
from tests.monitor.builders import ZONE, moment
from tests.schedules.offices import a_visit, an_account, an_office, register, sources, store

NOW = moment("10-11 00:00")  # ten whole days of October have passed


def alarms(status: Status, **settings: Any) -> tuple[str, ...]:
    return alarms_of(status, DaemonSettings(**settings), ZONE)


def other_than_daemon(status: Status) -> list[str]:
    """The alarms, without the one that no daemon runs: these tests start none."""
    return [each for each in alarms(status) if "没有在运行" not in each]


def plan(at: str, failures: int = 0) -> Plan:
    return Plan(due_at=moment(at), latest=moment(at) + timedelta(hours=6), why=Why.ROUTINE, failures=failures)


def test_an_office_that_has_done_nothing_yet(office: Office) -> None:
    found = status_of(office, NOW)
    assert found.daemon is None
    assert (found.jobs, found.lanes, found.trouble_count, found.troubles) == ((), (), 0, ())
    assert (found.coverage.accounts, found.coverage.share, found.coverage.worst) == (0, 0.0, ())
    assert (found.reminders_made, dict(found.channels), found.disk.backup) == (0, {}, None)
    assert alarms(found) == (
        "守护程序没有在运行，不会自动采集和提醒；请运行 xunjian daemon 或 systemctl start xunjian。",
    )


# ---------------------------------------------------------------------------------------------------- the daemon


def beats(office: Office, at: str, **changes: Any) -> None:
    given: dict[str, Any] = {"offline_since": None, "clock_offset": timedelta(seconds=2), "notes": ()}
    with office.database.begin() as session:
        beat(session, moment(at), **given | changes)


@pytest.fixture
def daemon(office: Office) -> Any:
    """The claim of a daemon on the office's database, as another connection of this very program holds it."""
    return only_instance(office.database, "server1", 4711, "0.1.0", moment("10-05 08:00"))


def test_a_daemon_that_runs_well_is_no_alarm_but_what_it_notes_is(office: Office, daemon: Any) -> None:
    with daemon:
        beats(office, "10-10 23:58", notes=["端口被占用。"])
        found = status_of(office, NOW)
        assert found.daemon is not None
        assert (found.daemon.alive, found.daemon.host, found.daemon.pid) == (True, "server1", 4711)
        assert found.daemon.beat_at == moment("10-10 23:58")
        assert found.daemon.notes == ("端口被占用。",)
        assert alarms(found) == ("端口被占用。",)
        beats(office, "10-10 23:59", notes=[])
        assert alarms(status_of(office, NOW)) == ()


@pytest.mark.parametrize(
    ("at", "changes", "sentence"),
    [
        pytest.param(
            "10-10 23:54", {}, "守护程序自 2026-10-10 23:54 起没有登记运行状态，可能卡住", id="a beat too old"
        ),
        pytest.param(
            "10-10 23:59", {"offline_since": moment("10-10 21:00")}, "本机自 2026-10-10 21:00 起断网", id="offline"
        ),
        pytest.param(
            "10-10 23:59",
            {"clock_offset": timedelta(minutes=7)},
            "本机时间比各网站慢约7分钟，采集暂不作证",
            id="slow clock",
        ),
        pytest.param(
            "10-10 23:59", {"clock_offset": timedelta(hours=-1)}, "本机时间比各网站快约60分钟", id="fast clock"
        ),
    ],
)
def test_a_daemon_in_trouble(office: Office, daemon: Any, at: str, changes: dict[str, Any], sentence: str) -> None:
    with daemon:
        beats(office, at, **changes)
        (alarm,) = alarms(status_of(office, NOW))
    assert alarm.startswith(sentence)
    assert alarm.endswith("。")


def test_a_daemon_that_was_killed_or_stopped(office: Office, daemon: Any) -> None:
    with daemon:
        beats(office, "10-10 23:50")
        with office.database.begin() as session:
            stopped(session, moment("10-10 23:55"))
    found = status_of(office, NOW)
    assert found.daemon is not None
    assert (found.daemon.alive, found.daemon.stopped_at) == (False, moment("10-10 23:55"))
    assert alarms(found)[0].startswith("守护程序没有在运行（最后一次登记 2026-10-10 23:55）")


# ---------------------------------------------------------------------------------------------------- jobs


def test_jobs_with_their_last_and_next_runs(office: Office) -> None:
    with office.database.begin() as session:
        begin_job(session, "plan", "", moment("10-10 22:00"))
        end_job(session, "plan", "", moment("10-10 22:01"), JobState.DONE)
        say_next(session, {("plan", ""): moment("10-11 00:10")})
        begin_job(session, "inspect", "2026-09", moment("10-01 09:00"))
        end_job(session, "inspect", "2026-09", moment("10-01 09:05"), JobState.FAILED, "磁盘空间已满。")
    found = status_of(office, NOW)
    assert [(each.job, each.key, each.state, each.completed_at, each.next_at) for each in found.jobs] == [
        ("inspect", "2026-09", JobState.FAILED, None, None),
        ("plan", "", JobState.DONE, moment("10-10 22:01"), moment("10-11 00:10")),
    ]
    assert other_than_daemon(found) == ["月度检查 2026-09没有完成（2026-10-01 09:00）：磁盘空间已满。"]


# ---------------------------------------------------------------------------------------------------- lanes, sources


def test_lanes_with_their_sources_pauses_and_clocks(office: Office) -> None:
    office = an_office(office.database, lanes=(LaneConfig(name="桥", hosts=("bridge.example",)),))
    register(
        office,
        an_account("a1", "https://bridge.example/1"),
        an_account("a2", "https://bridge.example/2", "https://one.example/"),
        an_account("a3", "https://two.example/1", "https://two.example/2", "https://two.example/3"),
        an_account("gone", "https://gone.example/", state=AccountState.CLOSED),
    )
    with office.database.begin() as session:
        save_pause(session, "桥", NOW + timedelta(hours=2), Outcome.RATE_LIMITED, 2)
        save_pause(session, "one.example", NOW - timedelta(hours=2), Outcome.BLOCKED, 1)
        save_clock(session, "two.example", timedelta(seconds=-3), NOW - timedelta(hours=1))
        save_clock(session, "one.example", timedelta(seconds=9), NOW - timedelta(days=2))
    found = {each.name: each for each in status_of(office, NOW).lanes}
    assert list(found) == ["桥", "two.example", "one.example"]
    assert [each.sources for each in found.values()] == [2, 3, 1]
    assert (found["桥"].paused_until, found["桥"].paused_for) == (NOW + timedelta(hours=2), Outcome.RATE_LIMITED)
    assert found["one.example"].paused_until is None, "a pause that is over"
    assert (found["two.example"].offset, found["one.example"].offset) == (timedelta(seconds=-3), None)


def test_sources_in_trouble_since_their_last_good_visit(office: Office) -> None:
    register(office, *(an_account(each) for each in ("well", "long", "short", "never", "ours", "closed")))
    at = sources(office)
    store(
        office,
        a_visit(at["long"], "10-02 08:00"),
        *(a_visit(at["long"], f"10-0{day} 08:00", outcome=Outcome.TIMEOUT) for day in (3, 4, 5)),
        a_visit(at["short"], "10-06 08:00", outcome=Outcome.DNS),
        a_visit(at["short"], "10-07 08:00"),
        a_visit(at["short"], "10-08 08:00", outcome=Outcome.BLOCKED, reason="网站要求验证。"),
        a_visit(at["well"], "10-06 08:00", outcome=Outcome.DNS),
        a_visit(at["well"], "10-07 08:00"),
        a_visit(at["ours"], "10-07 08:00", outcome=Outcome.LOCAL_OUTAGE),
        a_visit(at["closed"], "10-07 08:00", outcome=Outcome.GONE),
    )
    register(office, an_account("closed", state=AccountState.CLOSED))
    with office.database.begin() as session:
        save_plans(session, {at["long"].source_id: plan("10-11 02:00", 3)}, NOW)
    found = status_of(office, NOW)
    assert found.trouble_count == 2
    assert [(each.account_id, each.outcome, each.since, each.failures, each.next_at) for each in found.troubles] == [
        ("long", Outcome.TIMEOUT, moment("10-03 08:00"), 3, moment("10-11 02:00")),
        ("short", Outcome.BLOCKED, moment("10-08 08:00"), 1, None),
    ]
    assert found.troubles[1].reason == "网站要求验证。"
    (alarm,) = other_than_daemon(found)
    assert alarm == (
        "2个来源超过一天或连续5次以上未能采集，最久的是 long 账号long（自 2026-10-03 08:00 起）；"
        "其间不能判定未更新，请按下表的原因核对采集地址。"
    )
    soon = status_of(office, moment("10-03 20:00"))
    assert other_than_daemon(soon) == [], "what has failed for half a day is tried again, and needs nobody yet"


def test_backlog(office: Office) -> None:
    register(office, an_account("a1"), an_account("a2"), an_account("a3"))
    at = sources(office)
    with office.database.begin() as session:
        plans = {"a1": plan("10-10 11:30"), "a2": plan("10-11 03:00")}
        save_plans(session, {at[name].source_id: each for name, each in plans.items()}, moment("10-10 00:00"))
    found = status_of(office, NOW)
    assert (found.backlog.due, found.backlog.oldest) == (1, moment("10-10 11:30"))
    assert (found.backlog.planned, found.backlog.unplanned) == (2, 1)
    assert other_than_daemon(found) == [
        "采集积压：1个来源到期未采集，最早的 2026-10-10 11:30 已到期；请查看采集通道是否暂停或过慢。"
    ]
    patient = alarms(found, longest=timedelta(hours=20))
    assert [each for each in patient if "积压" in each] == []


# ---------------------------------------------------------------------------------------------------- coverage


def test_coverage_of_the_running_month(office: Office) -> None:
    register(office, an_account("all"), an_account("half"), an_account("none"), an_account("bare", addresses=()))
    at = sources(office)
    store(
        office,
        a_visit(at["all"], NOW, proves="09-20 00:00"),
        a_visit(at["half"], "10-06 00:00", proves="10-01 00:00"),
    )
    coverage = status_of(office, NOW).coverage
    assert str(coverage.month) == "2026-10-01/2026-10-31"
    assert coverage.accounts == 4
    assert coverage.share == pytest.approx(0.375)
    assert [(each.account_id, part, each.has_source) for each, part in coverage.worst] == [
        ("none", 0.0, True),
        ("bare", 0.0, False),
        ("half", pytest.approx(0.5), True),
    ]


def test_on_the_first_moment_of_a_month_nothing_is_due_to_be_covered(office: Office) -> None:
    register(office, an_account("a1"))
    coverage = status_of(office, moment("10-01 00:00")).coverage
    assert (coverage.accounts, coverage.share) == (1, 0.0)


# ---------------------------------------------------------------------------------------------------- messages, disk


def queued(office: Office, channel: str, at: str) -> int:
    with office.database.begin() as session:
        return queue_message(
            session,
            channel=channel,
            recipient="",
            kind="digest",
            subject="简报",
            body="正文",
            made_at=moment(at),
            next_at=moment(at),
        )


def test_messages_by_channel(office: Office) -> None:
    first, second = queued(office, "office", "10-09 17:30"), queued(office, "mail", "10-10 17:30")
    third = queued(office, "robot", "10-10 17:30")
    with office.database.begin() as session:
        mark_sent(session, first, moment("10-09 17:31"), 1)
        mark_failed(session, second, "收件人不存在。", moment("10-10 17:40"))
        mark_retry(session, third, "群机器人没有应答。", moment("10-11 00:20"))
    found = status_of(office, NOW)
    shown = {name: (each.waiting, each.failed, each.last_sent) for name, each in found.channels.items()}
    assert shown == {"office": (0, 0, moment("10-09 17:31")), "mail": (0, 1, None), "robot": (1, 0, None)}
    assert other_than_daemon(found) == [
        "消息渠道“mail”发送失败：收件人不存在；可用 xunjian notify test mail 检查。",
        "消息渠道“robot”发送失败：群机器人没有应答，2026-10-11 00:20 再试；可用 xunjian notify test robot 检查。",
    ]


def test_disk(office: Office, tmp_path: Path) -> None:
    evidence, backups = tmp_path / "evidence", tmp_path / "backups"
    evidence.mkdir()
    backups.mkdir()
    (evidence / "2026-10-01.warc.gz").write_bytes(b"x" * 1000)
    (evidence / "2026-10-02.warc.gz").write_bytes(b"x" * 500)
    for name, size, age in (
        ("old.db", 10, 200),
        ("new.db", 20, 100),
        ("new.db.sha256", 1, 0),
        ("begun.db.partial", 1, 0),
    ):
        (backups / name).write_bytes(b"x" * size)
        os.utime(backups / name, (NOW.timestamp() - age, NOW.timestamp() - age))
    office = an_office(office.database, evidence=evidence, daemon=DaemonSettings(backups=backups))
    disk = status_of(office, NOW).disk
    assert disk.folder == tmp_path
    assert 0 < disk.free <= disk.total
    assert disk.database >= (tmp_path / "xunjian.db").stat().st_size
    assert disk.evidence == 1500
    assert (disk.backup, disk.backup_bytes) == (backups / "new.db", 20)
    assert disk.backup_at == NOW - timedelta(seconds=100)


@pytest.mark.parametrize(
    ("free", "total", "alarmed"),
    [
        pytest.param(999_999_999, 4 * 10**9, True, id="less than 1 GB"),
        pytest.param(40 * 10**9, 10**12, True, id="less than 5 %"),
        pytest.param(60 * 10**9, 10**12, False, id="enough"),
    ],
)
def test_a_disk_that_fills_up(office: Office, free: int, total: int, alarmed: bool) -> None:
    found = status_of(office, NOW)
    full = replace(found, disk=replace(found.disk, free=free, total=total))
    assert any(each.startswith("磁盘空间不足") for each in alarms(full)) is alarmed


# ---------------------------------------------------------------------------------------------------- many accounts


@pytest.mark.slow
def test_ten_thousand_accounts_in_two_seconds(office: Office) -> None:
    register(office, *(an_account(f"a{n:05}", f"https://host{n % 700}.example/{n}") for n in range(10_000)))
    made: list[dict[str, Any]] = []
    covered: list[dict[str, Any]] = []
    visited: list[dict[str, Any]] = []
    plans: dict[int, Plan] = {}
    for number, source in enumerate(sources(office).values()):
        bad = number % 10 == 0
        plans[source.source_id] = plan("10-11 02:00", 3 if bad else 0)
        for day in (3, 5, 9):
            at = moment(f"10-0{day} 08:00") + timedelta(seconds=number)
            outcome = Outcome.TIMEOUT if bad else Outcome.NEW
            visit: dict[str, Any] = {
                "source_id": source.source_id,
                "account_id": source.account_id,
                "url": source.url,
                "lane": "x",
            }
            visit |= {"started_at": at, "ended_at": at, "outcome": outcome.value, "reason": "", "final_url": ""}
            made.append(visit | {"item_count": 0, "undated_count": 0})
            if not bad:
                covered.append({"account_id": source.account_id, "starts_at": at - timedelta(days=1), "ends_at": at})
        visited.append({"of": source.source_id, "at": made[-1]["started_at"]})
    with office.database.begin() as session:
        session.execute(insert(models.visits), made)
        session.execute(insert(models.coverage), covered)
        by_id = update(models.sources).where(models.sources.c.source_id == bindparam("of"))
        session.execute(by_id.values(visited_at=bindparam("at")), visited)
        save_plans(session, plans, NOW)
    begun = time.process_time()
    found = status_of(office, NOW)
    taken = time.process_time() - begun
    assert (found.coverage.accounts, found.trouble_count, len(found.troubles)) == (10_000, 1000, 20)
    assert len(found.lanes) == 700
    assert found.coverage.share == pytest.approx(0.27)
    assert taken < 2, f"{taken:.1f} s of work: others may keep the machine busy"
