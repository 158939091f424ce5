"""``xunjian status``: what a person reads first, what a program reads, and the exit status of both."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.config import load
from console.show.status import size_words
from monitor.values import Account, Platform, SourceAddress
from monitor.visits import Outcome, Visit
from storage.accounts import save_accounts
from storage.database import Database, open_database
from storage.instance import beat, only_instance
from storage.jobs import JobState, begin_job, end_job
from storage.lanes import save_pause
from storage.messages import mark_retry, queue_message
from storage.sources import sources_of
from storage.visits import save_visit
from tests.console.conftest import Xunjian

NOW = datetime.now(UTC)


@pytest.fixture
def database(office: Path) -> Iterator[Database]:
    """The database of an office with two accounts, of which one was just read and the other cannot be."""
    (office / "xunjian.toml").write_text('[office]\nname = "高县人民政府办公室"\n', encoding="utf-8")
    database = open_database(load(office / "xunjian.toml").database_url)
    accounts = [
        Account(
            account_id=account_id,
            name=name,
            platform=Platform.WECHAT,
            organizer="县政府办",
            addresses=(SourceAddress(url=f"https://{account_id}.example/feed"),),
        )
        for account_id, name in (("a1", "高县发布"), ("a2", "13812345678的账号"))
    ]
    with database.begin() as session:
        save_accounts(session, accounts, NOW)
        for source in sources_of(session):
            bad = source.account_id == "a2"
            save_visit(
                session,
                Visit(
                    source_id=source.source_id,
                    account_id=source.account_id,
                    url=source.url,
                    lane="x",
                    started_at=NOW,
                    ended_at=NOW,
                    outcome=Outcome.TIMEOUT if bad else Outcome.NEW,
                ),
                load(office / "xunjian.toml").zone,
            )
    yield database
    database.close()


def test_before_anything_was_imported(xunjian: Xunjian, office: Path) -> None:
    ran = xunjian("status")
    assert (ran.status, ran.err) == (3, "")
    assert ran.out == "还没有数据库；请先运行 xunjian accounts import accounts.csv 导入台账，再运行 xunjian daemon。\n"
    assert not (office / "xunjian.db").exists()


def test_while_a_daemon_runs_and_all_is_well(xunjian: Xunjian, database: Database) -> None:
    with only_instance(database, "server1", 4711, "0.1.0", NOW):
        with database.begin() as session:
            beat(session, datetime.now(UTC), offline_since=None, clock_offset=timedelta(seconds=-2), notes=[])
            begin_job(session, "plan", "", NOW)
            end_job(session, "plan", "", NOW, JobState.DONE, "安排2个来源。")
        ran = xunjian("status")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith("高县人民政府办公室运行情况 20")
    assert lines[1] == "没有需要立即处理的情况；1个来源暂时未能采集，程序会再试，见下。"
    assert re.search(r"在运行，主机 server1，进程 4711，版本 0\.1\.0，.* 启动，.* 登记", ran.out)
    assert "本机时间：与各网站一致" in ran.out
    assert re.search(r"安排采集 +已完成 +20\S+ \S+ +— +安排2个来源。", ran.out)
    assert re.search(r"a2 +\*+\S*的账号|a2 +138\*+", ran.out), "a number in a name is masked"
    assert re.search(r"访问超时 +20\S+ \S+ +1 +— +https://a2\.example/feed", ran.out)
    assert "全部2个账号平均 0.0%" in ran.out
    assert "没有备份" in ran.out
    assert "13812345678" not in ran.out


def test_what_needs_a_person_stands_first(xunjian: Xunjian, database: Database) -> None:
    with database.begin() as session:
        save_pause(session, "a2.example", NOW + timedelta(hours=1), Outcome.RATE_LIMITED, 1)
        number = queue_message(
            session,
            channel="office",
            recipient="",
            kind="digest",
            subject="s",
            body="b",
            made_at=NOW,
            next_at=NOW,
        )
        mark_retry(session, number, "没有应答。", NOW + timedelta(minutes=1))
    ran = xunjian("status")
    assert ran.status == 3
    _, head, first, second, *rest = ran.out.splitlines()
    assert head == "需要处理的情况2处："
    assert first.startswith("  守护程序没有在运行")
    assert second.startswith("  消息渠道“office”发送失败：没有应答，")
    assert any(re.match(r"  a2\.example +1 +暂停到 20\S+ \S+（访问频率受限）", line) for line in rest)
    assert any(re.match(r"  office +1 +0 +0 +— +没有应答。", line) for line in rest)


def test_as_json(xunjian: Xunjian, database: Database) -> None:
    begun = datetime.now(UTC)
    with only_instance(database, "server1", 4711, "0.1.0", begun):
        ran = xunjian("status", "--json")
    record = json.loads(ran.out)
    assert (ran.status, record["ok"], record["alarms"]) == (0, True, [])
    assert (record["daemon"]["pid"], record["daemon"]["alive"]) == (4711, True)
    assert record["daemon"]["beat_at"] == begun.isoformat()
    assert record["trouble_count"] == 1
    assert (record["troubles"][0]["outcome"], record["troubles"][0]["failures"]) == ("TIMEOUT", 1)
    assert record["coverage"]["accounts"] == 2
    assert [each["account_id"] for each in record["coverage"]["worst"]] == ["a1", "a2"]
    assert record["coverage"]["worst"][0]["share"] == 0.0
    assert len(record["coverage"]["month"]) == 2
    assert record["backlog"] == {"due": 0, "oldest": None, "planned": 0, "unplanned": 2}
    assert record["disk"]["free"] > 0
    assert [each["name"] for each in record["lanes"]] == ["a1.example", "a2.example"]


def test_as_json_without_a_daemon(xunjian: Xunjian, database: Database) -> None:
    ran = xunjian("status", "--json")
    record = json.loads(ran.out)
    assert (ran.status, record["ok"], record["daemon"]) == (3, False, None)
    assert len(record["alarms"]) == 1


def test_a_damaged_database_is_one_sentence(xunjian: Xunjian, office: Path) -> None:
    (office / "xunjian.db").write_bytes(b"no database at all" * 100)
    ran = xunjian("status")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 KB"), (20 * 10**6, "20.0 MB"), (3 * 10**12, "3000.0 GB")],
)
def test_sizes(size: int, words: str) -> None:
    assert size_words(size) == words
