"""What the office is told each day and each week: good days in a line, what went wrong in full, once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.decisions import Decision, Ruling, Subject
from monitor.findings import Window
from monitor.values import Mark
from monitor.visits import Outcome
from notices.channels import Channel, ChannelKind
from notices.routing import Routing
from schedules.digests import queue_digest, queue_weekly
from schedules.office import Office
from schedules.reminding import remind
from storage.decisions import save_decision
from storage.instance import beat, only_instance
from storage.jobs import JobState, begin_job, end_job
from storage.lanes import save_pause
from storage.messages import Message, mark_failed, mark_sent, queue_message, recent_messages
from tests.monitor.builders import ZONE, day, moment
from tests.schedules.offices import a_visit, an_account, an_item, daily, register, seen, sources, store

CHANNELS = {
    name: Channel(name=name, kind=ChannelKind.WECOM, url="https://example.invalid/a") for name in ("群", "备用群")
}
EVENING = "10-16 17:30"


@pytest.fixture
def office(office: Office) -> Office:
    return replace(office, routing=Routing(channels=CHANNELS, office=("群",)))


@contextmanager
def running(office: Office, at: str, *notes: str, **more: Any) -> Iterator[None]:
    """A daemon that runs and has just given a sign of life."""
    with only_instance(office.database, "host", 1, "0.1", moment("10-01")):
        with office.database.begin() as session:
            given: dict[str, Any] = {"offline_since": None, "clock_offset": None, "notes": notes}
            beat(session, moment(at), **given | more)
        yield


def messages(office: Office) -> list[Message]:
    with office.database.read() as session:
        return recent_messages(session, 100)[::-1]


def digest(office: Office, at: str = EVENING, *notes: str, **more: Any) -> Message:
    with running(office, at, *notes, **more):
        assert queue_digest(office, moment(at)) == 1
    return messages(office)[-1]


def looked(office: Office, account_id: str, at: str, outcome: Outcome = Outcome.SAME, **more: Any) -> None:
    store(office, a_visit(sources(office)[account_id], at, outcome=outcome, **more))


# -------------------------------------------------------------------------------------------------------- each day


def test_a_good_day_is_a_line(office: Office) -> None:
    register(office, an_account("a1"), an_account("a2"))
    for at in ("10-15 18:00", "10-16 09:00"):
        for account_id in ("a1", "a2"):
            looked(office, account_id, at)
    told = digest(office)
    assert (told.channel, told.kind, told.recipient, told.expires_at) == ("群", "digest", "", None)
    assert told.subject == "采集简报（10月16日）：采集正常"
    assert told.body == "今日采集正常：截至10月16日17时30分，近24小时对2个采集地址采集4次，全部成功。"


def test_a_visit_that_failed_and_then_succeeded_is_no_trouble(office: Office) -> None:
    register(office, an_account("a1"))
    looked(office, "a1", "10-16 08:00", Outcome.TIMEOUT)
    looked(office, "a1", "10-16 09:00")
    assert digest(office).body == "今日采集正常：截至10月16日17时30分，近24小时对1个采集地址采集2次，成功1次。"


def test_it_is_told_once_a_day(office: Office) -> None:
    register(office, an_account("a1"))
    digest(office)
    with running(office, "10-16 18:30"):
        assert queue_digest(office, moment("10-16 18:30")) == 0
        both = replace(office, routing=Routing(channels=CHANNELS, office=("群", "备用群")))
        assert queue_digest(both, moment("10-16 18:40")) == 1  # a channel that was added has not had it
        assert queue_digest(both, moment("10-17 17:30")) == 2
    assert [each.channel for each in messages(office)] == ["群", "备用群", "群", "备用群"]


def test_without_channels_nobody_is_told(office: Office) -> None:
    nobody = replace(office, routing=Routing())
    assert queue_digest(nobody, moment(EVENING)) == 0
    assert queue_weekly(nobody, moment(EVENING)) == 0
    assert messages(office) == []


def test_what_went_wrong(office: Office) -> None:
    """One source fails since yesterday, many of a bridge since noon, the lane pauses; one account has no address."""
    bridge = [an_account(f"b{n}", f"http://127.0.0.1:8/{n}") for n in range(4)]
    register(office, an_account("a1"), *bridge, an_account("good"), replace(an_account("none"), addresses=()))
    looked(office, "a1", "10-15 10:00")
    looked(office, "a1", "10-15 17:00", Outcome.TIMEOUT, reason="连接超时。")
    looked(office, "a1", "10-16 06:00", Outcome.LOCAL_OUTAGE)
    looked(office, "a1", "10-16 08:00", Outcome.TIMEOUT, reason="连接超时。")
    for each in bridge:
        looked(office, each.account_id, "10-16 09:00")
        looked(office, each.account_id, "10-16 12:00", Outcome.BLOCKED)
    looked(office, "good", "10-16 09:00")
    with office.database.begin() as session:
        save_pause(session, "127.0.0.1", moment("10-16 18:00"), Outcome.BLOCKED)
        save_pause(session, "elsewhere", moment("10-16 17:00"), Outcome.BLOCKED)  # it is over
    told = digest(office)
    shown = "、".join(f"“账号b{n}”（微信公众号）" for n in range(4))
    assert told.body == (
        "截至10月16日17时30分，近24小时对6个采集地址采集11次，成功5次。以下情况须留意，其间不作未更新认定。\n\n"
        "一、采集失败的地址5个\n"
        "“账号a1”（微信公众号） http://127.0.0.1:9/a1 访问超时，自10月15日17时起连续2次：连接超时。\n"
        f"采集通道127.0.0.1：4个地址访问受限，最早自10月16日12时起，涉及{shown}。\n\n"
        "二、暂停的采集通道1个\n"
        "127.0.0.1：因访问受限暂停至10月16日18时。\n\n"
        "三、24小时未采集成功的账号1个\n"
        "“账号a1”（微信公众号）。\n\n"
        "四、本机须处理的事项\n"
        "10月16日6时本机网络中断，1次采集未能进行。\n\n"
        "未登记采集地址、不能采集和提醒的账号：“账号none”（微信公众号）。"
    )
    assert told.subject == (
        "采集简报（10月16日）：采集失败的地址5个、暂停的采集通道1个、24小时未采集成功的账号1个、本机须处理的事项"
    )


def test_closed_accounts_are_not_missed(office: Office) -> None:
    register(office, an_account("a1"), an_account("closed", closed=moment("10-10").astimezone(ZONE).date()))
    looked(office, "a1", "10-16 09:00")
    assert "采集正常" in digest(office).subject


def test_the_reminders_are_listed_wherever_they_went(office: Office) -> None:
    """One went over the channel of its unit alone, the others did not go; one of last week is not listed."""
    office = replace(office, routing=replace(office.routing, organizers={"县教育局": ("备用群",)}))
    register(
        office, an_account("a1", organizer="县教育局", main=True), an_account("a2"), an_account("a3"), an_account("old")
    )
    original: dict[str, Any] = {"mark": Mark.ORIGINAL}
    seen(office, "old", "10-09 08:50", an_item("o", "10-02 09:30", **original), proves="08-01")
    assert remind(office, moment("10-09 09:00")) == 1  # a week ago
    for name, last in (("a1", "10-15 09:30"), ("a2", "10-10 09:30"), ("a3", "10-04 10:00"), ("old", "10-13 09:30")):
        seen(office, name, "10-15 17:00", an_item(name, last, **original), proves="08-01")
    digest(office, "10-15 17:30")
    before = len(messages(office))
    assert remind(office, moment("10-15 18:00")) == 0
    for name in ("a1", "a2", "a3", "old"):
        seen(office, name, "10-16 15:00", proves="10-15")
    assert remind(office, moment("10-16 15:00")) == 5
    sent = next(each for each in messages(office)[before:] if each.channel == "备用群")
    with office.database.begin() as session:
        mark_sent(session, sent.message_id, moment("10-16 15:01"), 1)
    told = digest(office)
    assert told.body.partition("\n\n")[2] == (
        "今日提醒5条（自10月15日17时30分计），涉及3个账号，其中4条未发出：\n"
        "县教育局“账号a1”（微信公众号）：工作日未更新（GX-02），期限为10月16日24时。\n"
        "县政府办“账号a2”（微信公众号）：未达到周更新要求（GX-03），期限为10月18日24时，未发出。\n"
        "县政府办“账号a3”（微信公众号）：内容不更新（GX-01），期限为10月18日24时，未发出；"
        "未达到周更新要求（GX-03），期限为10月18日24时，未发出；"
        "未按要求发布原创信息（YC-01），期限为10月18日24时，未发出。"
    )
    assert told.subject == "采集简报（10月16日）：采集正常"


def test_many_reminders_are_counted(office: Office) -> None:
    names = [f"a{number:02}" for number in range(52)]
    register(office, *(an_account(each) for each in names))
    for each in names:
        seen(office, each, "10-16 08:55", an_item(each, "10-10 09:30", mark=Mark.ORIGINAL), proves="08-01")
    assert remind(office, moment("10-16 09:00")) == 52
    with office.database.begin() as session:
        mark_sent(session, recent_messages(session, 1)[0].message_id, moment("10-16 09:01"), 1)
    listing = digest(office).body.partition("今日提醒")[2].split("\n")
    assert listing[0] == "52条（自10月16日0时计），涉及52个账号，均已发出："
    assert (len(listing), listing[-1]) == (52, "其余2个账号从略。")


def test_the_own_machine(office: Office) -> None:
    register(office, an_account("a1"))
    looked(office, "a1", "10-16 09:00")
    with office.database.begin() as session:
        begin_job(session, "backup", "", moment("10-16 03:30"))
        end_job(session, "backup", "", moment("10-16 03:31"), JobState.FAILED, "磁盘已满。")
        number = queue_message(
            session,
            channel="群",
            recipient="",
            kind="reminder",
            subject="",
            body="",
            made_at=moment("10-16 09:00"),
            next_at=moment("10-16 09:00"),
        )
        mark_failed(session, number, "地址不存在。", moment("10-16 09:01"))
    body = digest(
        office,
        EVENING,
        "数据库曾停止写入10分钟。",
        clock_offset=timedelta(minutes=7),
        offline_since=moment("10-16 17:00"),
    ).body
    for sentence in (
        "数据库曾停止写入10分钟。",
        "备份数据库没有完成",
        "“群”发送失败：地址不存在",
        "慢约7分钟",
        "起断网",
    ):
        assert sentence in body
    assert "一、本机须处理的事项" in body


# -------------------------------------------------------------------------------------------------------- each week


def test_the_week(office: Office) -> None:
    """12 to 18 October, told on Monday 19: a main account that missed two days, a silent one, one that was not seen."""
    names = ("main", "good", "silent", "unseen", "doubted")
    register(
        office, *(an_account(each, main=each == "main") for each in names), replace(an_account("none"), addresses=())
    )
    original: dict[str, Any] = {"mark": Mark.ORIGINAL}
    for name in names:
        seen(office, name, "10-12 08:00", *daily("10-01", "10-11", name, **original), proves="08-01")
    days = [an_item(f"main{day}", f"10-{day} 09:30", **original) for day in (12, 14, 16)]
    seen(office, "main", "10-19 08:00", *days, proves="10-12")
    seen(office, "good", "10-19 08:00", an_item("g", "10-13 09:30", **original), proves="10-12")
    seen(office, "silent", "10-16 08:50", proves="10-12")
    remind(office, moment("10-16 09:00"))
    with office.database.begin() as session:
        mark_sent(session, recent_messages(session, 1)[0].message_id, moment("10-16 09:01"), 1)
    seen(office, "silent", "10-19 08:00", proves="10-12")
    looked(office, "unseen", "10-18 08:00", Outcome.TIMEOUT)
    seen(office, "doubted", "10-19 08:00", an_item("u", None), proves="10-12")
    at = moment("10-19 08:30")
    assert queue_weekly(office, at) == 1
    assert queue_weekly(office, at + timedelta(hours=1)) == 0
    told = messages(office)[-1]
    assert (told.kind, told.subject) == ("weekly", "每周简报（10月18日止）：6个账号，5个须关注")
    assert told.body == (
        "10月12日至10月18日一周情况，供日常监管参考，以月度检查结果为准。\n\n"
        "一、更新情况\n"
        "应更新的账号6个，已核实未达到要求2个，待复核1个，未能核验2个。\n"
        "已核实未达到要求的账号：\n"
        "“账号main”（微信公众号）：工作日未更新（GX-02，10月13日（周二）、10月15日（周四））。\n"
        "“账号silent”（微信公众号）：未达到周更新要求（GX-03，10月12日至10月18日）。\n"
        "待复核的账号：\n"
        "“账号doubted”（微信公众号）：未达到周更新要求（GX-03，10月12日至10月18日）。\n"
        "未能核验的账号（不作未更新认定）：“账号unseen”（微信公众号）、“账号none”（微信公众号）。\n\n"
        "二、提醒情况\n"
        "临期提醒1条，涉及1个账号，已发出1条。\n\n"
        "三、采集情况\n"
        "采集覆盖率67.4%（各账号一周中已覆盖时长所占比例的平均值）。\n"
        "未登记采集地址、不能采集的账号：“账号none”（微信公众号）。\n\n"
        "四、近7天内的期限\n"
        "须在10月25日（周日）24时前完成当周更新的账号5个。\n"
        "须在10月25日（周日）24时前更新（GX-01 内容不更新）：“账号silent”（微信公众号）、"
        "“账号unseen”（微信公众号）、“账号doubted”（微信公众号）。\n"
        "须在10月25日（周日）24时前发布原创信息（YC-01 未按要求发布原创信息）：“账号silent”（微信公众号）、"
        "“账号unseen”（微信公众号）、“账号doubted”（微信公众号）。"
    )


def test_a_week_that_a_person_dismissed_is_not_told(office: Office) -> None:
    names = ("silent", "excused", "doubted")
    register(office, *map(an_account, names))
    for name in names:
        before = daily("10-01", "10-11", name, mark=Mark.ORIGINAL)
        since = [an_item("u", None)] if name == "doubted" else []
        seen(office, name, "10-19 08:00", *before, *since, proves="08-01")
    week, at = Window(day("10-12"), day("10-18")), moment("10-19 08:10")
    with office.database.begin() as session:
        for name, ruling in (("excused", Ruling.DISMISSED), ("doubted", Ruling.CONFIRMED)):
            subject = Subject(account_id=name, code="GX-03", window=week)
            save_decision(session, Decision(subject=subject, ruling=ruling, by="张三", at=at, posts=("u",)))
    queue_weekly(office, moment("10-19 08:30"))
    body = messages(office)[-1].body
    assert "应更新的账号3个，已核实未达到要求2个，待复核0个，未能核验0个。" in body
    assert "“账号excused”（微信公众号）：" not in body
    assert "“账号doubted”（微信公众号）：未达到周更新要求（GX-03，10月12日至10月18日）。" in body


def test_a_week_of_an_empty_registry(office: Office) -> None:
    assert queue_weekly(office, moment("10-19 08:30")) == 1
    body = messages(office)[-1].body
    for sentence in ("应更新的账号0个", "没有临期提醒。", "没有应更新的账号。", "没有近7天内到期的账号。"):
        assert sentence in body


def test_reminders_that_did_not_go_are_said(office: Office) -> None:
    register(office, an_account("a1"))
    seen(office, "a1", "10-16 08:55", an_item("x", "10-10 09:30", mark=Mark.ORIGINAL), proves="08-01")
    remind(office, moment("10-16 09:00"))
    queue_weekly(office, moment("10-20 08:30"))
    assert "临期提醒1条，涉及1个账号，已发出0条，其余1条没有发出。" in messages(office)[-1].body
