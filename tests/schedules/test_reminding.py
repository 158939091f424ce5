"""Reminders end to end: once per window, over the right channels, and never of what passed or of what was not seen."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from monitor.reminding import HEADING
from monitor.values import AccountState, Mark
from monitor.visits import Outcome
from notices.channels import Channel, ChannelKind
from notices.routing import Routing
from schedules.office import Office
from schedules.reminding import remind
from storage.messages import Message, mark_expired, mark_sent, recent_messages
from storage.reminders import StoredReminder, reminders_between
from tests.monitor.builders import ZONE, moment
from tests.schedules.offices import (
    a_visit,
    an_account,
    an_item,
    daily,
    gaoxian,
    inspect,
    read_back,
    register,
    seen,
    sources,
    store,
)

TEN_MINUTES = timedelta(minutes=10)
GROUP = Channel(name="群", kind=ChannelKind.WECOM, url="https://example.invalid/a")
MAIL = Channel(name="邮件", kind=ChannelKind.EMAIL, host="mail.invalid", recipients=("office@county.example",))
SCHOOLS = Channel(name="教育局群", kind=ChannelKind.DINGTALK, url="https://example.invalid/b")
CHANNELS = {each.name: each for each in (GROUP, MAIL, SCHOOLS)}


def routed(office: Office, *names: str, **more: Any) -> Office:
    return replace(office, routing=Routing(channels=CHANNELS, office=names, **more))


def made(office: Office) -> list[StoredReminder]:
    with office.database.read() as session:
        return reminders_between(session, moment("2026-01-01"), moment("2027-01-01"))


def windows(office: Office) -> list[str]:
    return [f"{each.account_id} {each.rule} {each.window}".replace("2026-", "") for each in made(office)]


def letters(office: Office) -> list[Message]:
    with office.database.read() as session:
        return recent_messages(session, 100)[::-1]


def silent_since(office: Office, account_id: str, last: str, *, until: str) -> None:
    """An account that posted last on a day, was seen since long before it, and until a moment."""
    seen(office, account_id, until, an_item(f"{account_id}-last", f"{last} 09:30", mark=Mark.ORIGINAL), proves="08-01")


# ----------------------------------------------------------------------------------------------- whom it is told, how


def test_two_accounts_of_one_organizer_are_one_message(office: Office) -> None:
    office = routed(office, "群")
    contact = {"contact": "张三", "phone": "138 0000 0000"}
    register(office, an_account("a1", **contact), an_account("a2", **contact, main=True), an_account("a3", **contact))
    for account_id in ("a1", "a2"):
        silent_since(office, account_id, "10-10", until="10-16 15:00")
    seen(office, "a3", "10-16 15:00", an_item("new", "10-16 09:00", mark=Mark.ORIGINAL), proves="08-01")
    assert remind(office, moment("10-16 15:00")) == 2
    (letter,) = letters(office)
    assert (letter.channel, letter.kind, letter.recipient) == ("群", "reminder", "13800000000")
    assert letter.account_ids == ("a1", "a2")
    assert letter.made_at == letter.next_at == moment("10-16 15:00")
    assert letter.expires_at == moment("10-16 21:00")  # by then it is judged anew
    assert letter.subject == "更新提醒：“账号a2”（微信公众号）、“账号a1”（微信公众号）期限临近"
    assert letter.body == (
        "按10月16日15时计，以下账号的更新期限临近，请在期限前更新。\n\n"
        "【县政府办】联系人：张三，联系电话：138 0000 0000\n"
        "“账号a2”（微信公众号）：工作日未更新（GX-02），期限为10月16日24时，还剩9小时。今日10月16日（周五），"
        "截至10月16日15时未更新。最近一次更新为2026年10月10日9时30分《关于a2-last的通知》。\n"
        "“账号a1”（微信公众号）：未达到周更新要求（GX-03），期限为10月18日24时，还剩2天9小时。"
        "本周（10月12日至10月18日），截至10月16日15时未更新。"
        "最近一次更新为2026年10月10日9时30分《关于a1-last的通知》。\n\n"
        "已更新而仍收到提醒的，请核对采集地址。"
    )
    assert [each.text for each in made(office)] == [
        line for line in reversed(letter.body.split("\n")) if line.startswith("“")
    ]


def test_two_duties_of_one_account_stand_together(office: Office) -> None:
    office = routed(office, "群")
    register(office, an_account())
    silent_since(office, "a1", "10-04", until="10-16 08:55")
    assert remind(office, moment("10-16 09:00")) == 3
    assert windows(office) == ["a1 GX-01 10-05/10-18", "a1 GX-03 10-12/10-18", "a1 YC-01 10-05/10-18"]
    (letter,) = letters(office)
    assert letter.account_ids == ("a1",)
    lines = letter.body.split("\n")
    assert [line[:5] for line in lines if line[1:2] == "．"] == ["1．内容不", "2．未达到", "3．未按要"]


def test_an_organizer_with_channels_of_its_own_is_told_over_them(office: Office) -> None:
    office = routed(office, "群", organizers={"县教育局": ("教育局群", "邮件")})
    register(
        office,
        an_account("a1", organizer="县教育局", contact="李四", phone="+86 139-0000-0001"),
        an_account("a2", organizer="县水务局", contact="王五", phone="0831-5412345"),
    )
    for account_id in ("a1", "a2"):
        silent_since(office, account_id, "10-10", until="10-16 08:55")
    remind(office, moment("10-16 09:00"))
    told = {each.channel: each for each in letters(office)}
    assert set(told) == {"教育局群", "邮件", "群"}
    assert told["教育局群"].recipient == "13900000001"
    assert told["教育局群"].body == told["邮件"].body
    assert told["邮件"].recipient == ""  # the registry holds no address: the channel's own recipients
    assert "【县教育局】\n“账号a1”" in told["教育局群"].body
    assert "县水务局" not in told["教育局群"].body
    assert "【县水务局】联系人：王五，联系电话：0831-5412345\n“账号a2”" in told["群"].body
    assert told["群"].recipient == ""  # a landline cannot be named
    assert told["教育局群"].body.endswith("已更新而仍收到提醒的，请与高县人民政府办公室联系，核对采集地址。")
    assert told["群"].body.endswith("已更新而仍收到提醒的，请核对采集地址。")  # the office is not sent to itself


def test_an_e_mail_goes_to_the_address_in_the_registry(office: Office) -> None:
    office = routed(office, "邮件", "群")
    register(
        office,
        an_account("a1", organizer="县教育局", contact="li.si@edu.county.example", phone="13900000001"),
        an_account("a2", organizer="县水务局", contact="王五"),
        an_account("a3", organizer="县林草局"),
    )
    for account_id in ("a1", "a2", "a3"):
        silent_since(office, account_id, "10-10", until="10-16 08:55")
    remind(office, moment("10-16 09:00"))
    assert [(each.channel, each.recipient, each.account_ids) for each in letters(office)] == [
        ("邮件", "li.si@edu.county.example", ("a1",)),
        ("群", "13900000001", ("a1", "a2", "a3")),
        ("邮件", "", ("a2", "a3")),
    ]
    assert ["请与高县人民政府办公室联系" in each.body for each in letters(office)] == [True, False, False]


def test_without_channels_reminders_are_recorded(office: Office) -> None:
    register(office, an_account())
    silent_since(office, "a1", "10-10", until="10-16 08:55")
    assert remind(office, moment("10-16 09:00")) == 1
    assert [each.sent_at for each in made(office)] == [None]
    assert letters(office) == []
    # Channels that are set later do not bring up what was recorded before.
    assert remind(routed(office, "群"), moment("10-16 10:00")) == 0
    assert letters(office) == []


# ------------------------------------------------------------------------------------------------- once, and in time


def test_a_reminder_is_made_once(office: Office) -> None:
    office = routed(office, "群")
    register(office, an_account())
    silent_since(office, "a1", "10-10", until="10-16 08:55")
    assert [remind(office, moment("10-16 09:00") + TEN_MINUTES * n) for n in range(5)] == [1, 0, 0, 0, 0]
    assert len(letters(office)) == 1


def test_two_writers_make_it_once(office: Office) -> None:
    office = routed(office, "群")
    register(office, *(an_account(f"a{n}") for n in range(20)))
    for n in range(20):
        silent_since(office, f"a{n}", "10-10", until="10-16 08:55")
    begun, counts = Barrier(2), list[int]()

    def run() -> None:
        begun.wait(timeout=60)
        counts.append(remind(office, moment("10-16 09:00")))

    writers = [Thread(target=run) for _ in range(2)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(timeout=60)
    assert sorted(counts) == [0, 20]
    assert len(made(office)) == 20
    assert [len(each.account_ids) for each in letters(office)] == [20]


def test_nothing_is_made_in_the_quiet_hours(office: Office) -> None:
    quiet = Routing(
        channels=CHANNELS,
        office=("群",),
        quiet_from=moment("10-16 22:00").astimezone(ZONE).time(),
        quiet_until=moment("10-16 07:30").astimezone(ZONE).time(),
    )
    office = replace(office, routing=quiet)
    register(office, an_account("a1"), an_account("a2"))
    for account_id in ("a1", "a2"):
        silent_since(office, account_id, "10-10", until="10-15 23:55")
    assert remind(office, moment("10-16 00:00")) == 0
    assert remind(office, moment("10-16 07:29")) == 0
    # One of them posts before anybody is told: it is never told.
    seen(office, "a1", "10-16 07:25", an_item("late", "10-16 07:10", mark=Mark.ORIGINAL), proves="10-15")
    seen(office, "a2", "10-16 07:25", proves="10-15")
    assert remind(office, moment("10-16 07:30")) == 1
    assert windows(office) == ["a2 GX-03 10-12/10-18"]
    assert "还剩2天16小时" in letters(office)[0].body


def test_what_passed_in_the_quiet_hours_is_told_nobody(office: Office) -> None:
    quiet = Routing(
        channels=CHANNELS,
        office=("群",),
        quiet_from=moment("10-16 12:00").astimezone(ZONE).time(),
        quiet_until=moment("10-16 07:30").astimezone(ZONE).time(),
    )
    office = replace(office, routing=quiet)
    register(office, an_account(main=True))
    silent_since(office, "a1", "10-15", until="10-16 15:00")
    assert remind(office, moment("10-16 15:00")) == 0
    assert remind(office, moment("10-17 07:30")) == 0
    assert made(office) == []


def test_what_passed_while_nothing_ran_is_told_nobody(office: Office) -> None:
    """Down from Thursday evening over the week's end to Monday afternoon."""
    office = routed(office, "群")
    register(office, an_account("a1"), an_account("a2", main=True))
    for account_id in ("a1", "a2"):
        silent_since(office, account_id, "10-08", until="10-15 18:00")
    assert remind(office, moment("10-19 15:30")) == 0  # nobody has looked yet: it is not known what happened since
    for account_id in ("a1", "a2"):
        seen(office, account_id, "10-19 15:40", proves="10-15 17:00")
    assert remind(office, moment("10-19 15:50")) == 1
    assert windows(office) == ["a2 GX-02 10-19"]
    # What is due this week comes up in time.
    for account_id in ("a1", "a2"):
        seen(office, account_id, "10-20 08:40", proves="10-19 15:00")
    assert remind(office, moment("10-20 09:00")) == 4
    assert windows(office)[1:] == [
        f"{account_id} {rule} 10-09/10-22" for account_id in ("a1", "a2") for rule in ("GX-01", "YC-01")
    ]


def test_what_expired_on_the_way_is_told_again_without_what_has_passed(office: Office) -> None:
    """A main account owes a post today, and one within two weeks; the channel is down until tomorrow."""
    office = routed(office, "群")
    register(office, an_account(main=True))
    silent_since(office, "a1", "10-04", until="10-16 15:00")
    assert remind(office, moment("10-16 15:00")) == 3
    (first,) = letters(office)
    assert first.expires_at == moment("10-16 21:00")
    with office.database.begin() as session:
        assert mark_expired(session, moment("10-17 08:00"), timedelta(days=1)) == 1
    seen(office, "a1", "10-17 08:30", proves="10-16")
    assert remind(office, moment("10-17 09:00")) == 0  # none of them is new
    _, second = letters(office)
    assert "GX-02" not in second.body
    assert "内容不更新（GX-01），期限为10月18日24时，还剩1天15小时。" in second.body
    assert second.expires_at == moment("10-17 15:00")
    remind(office, moment("10-17 09:10"))
    with office.database.begin() as session:
        mark_sent(session, second.message_id, moment("10-17 09:11"), 1)
    remind(office, moment("10-17 09:20"))
    assert len(letters(office)) == 2
    assert {each.rule: each.sent_at for each in made(office)} == {
        "GX-01": moment("10-17 09:11"),
        "GX-02": None,
        "YC-01": moment("10-17 09:11"),
    }


# --------------------------------------------------------------------------------------------------------- what is due


def test_holidays_and_make_up_days(office: Office) -> None:
    register(office, an_account(main=True))
    seen(office, "a1", "10-10 15:00", *daily("09-01", "09-30", mark=Mark.ORIGINAL), proves="08-01")
    assert [remind(office, moment(f"10-{day:02} 15:00")) for day in range(1, 12)] == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0]
    assert windows(office) == ["a1 GX-02 10-08", "a1 GX-02 10-09", "a1 GX-02 10-10"]


def test_who_has_no_duties_is_not_reminded(office: Office) -> None:
    register(
        office,
        an_account("closed", state=AccountState.CLOSED),
        an_account("closing", closing_notice=moment("10-18").astimezone(ZONE).date()),
        an_account("opened", opened=moment("10-14").astimezone(ZONE).date()),
        replace(an_account("nowhere"), addresses=()),
        an_account("bound"),
    )
    for account_id in ("closed", "closing", "opened", "bound"):
        silent_since(office, account_id, "10-10", until="10-16 08:55")
    assert remind(office, moment("10-16 09:00")) == 1
    assert windows(office) == ["bound GX-03 10-12/10-18"]


def test_switched_off_nothing_is_made(office: Office) -> None:
    register(office, an_account())
    silent_since(office, "a1", "10-10", until="10-16 08:55")
    assert remind(replace(office, policy=gaoxian(GX_04={"enabled": False})), moment("10-16 09:00")) == 0
    assert HEADING.code in office.policy.rules
    assert remind(office, moment("10-16 09:00")) == 1


def test_reposts_do_not_help_where_an_original_is_due(office: Office) -> None:
    """The newest posts alone do not tell: the last original lies further back."""
    register(office, an_account("reposts"), an_account("unknown"), an_account("originals"))
    first = an_item("o", "10-03 09:30", mark=Mark.ORIGINAL)
    for account_id, mark in (("reposts", Mark.REPOST), ("unknown", Mark.NONE), ("originals", Mark.ORIGINAL)):
        seen(office, account_id, "10-15 08:55", first, *daily("10-04", "10-14", mark=mark), proves="08-01")
    assert remind(office, moment("10-15 09:00")) == 2
    assert windows(office) == ["reposts YC-01 10-04/10-17", "unknown YC-01 10-04/10-17"]
    reposts, unknown = (each.text for each in made(office))
    assert "截至10月15日8时55分未发布原创信息。最近一次发布原创信息为2026年10月3日9时30分" in reposts
    assert "截至10月15日8时55分未见可确认的原创信息（11条信息原创与否未判定，能否计入须人工复核）。" in unknown


def test_a_back_dated_post_is_said(office: Office) -> None:
    register(office, an_account())
    silent_since(office, "a1", "10-10", until="10-15 08:00")
    seen(office, "a1", "10-16 08:55", an_item("back", "10-13 09:00", mark=Mark.ORIGINAL), proves="10-12")
    assert remind(office, moment("10-16 09:00")) == 1
    (only,) = made(office)
    assert "截至10月16日8时55分未见可确认的更新（1条信息疑似倒填，能否计入须人工复核）。" in only.text
    assert only.last_post_at == moment("10-10 09:30")


def test_of_what_could_not_be_seen_nothing_is_claimed(office: Office) -> None:
    """A source that fails for a day; and our own outage, which says nothing at all."""
    register(office, an_account("a1"), an_account("a2"))
    for account_id, outcome in (("a1", Outcome.BLOCKED), ("a2", Outcome.LOCAL_OUTAGE)):
        silent_since(office, account_id, "10-10", until="10-15 08:00")
        store(office, a_visit(sources(office)[account_id], "10-16 08:30", outcome=outcome))
    assert remind(office, moment("10-16 09:00")) == 1
    (only,) = made(office)
    assert only.account_id == "a1"
    assert "截至10月16日9时未采集到更新（采集到10月15日8时为止）。" in only.text
    assert "未更新" not in only.text


def test_an_inspection_finds_no_reminders(office: Office, tmp_path: Any) -> None:
    register(office, an_account())
    silent_since(office, "a1", "10-04", until="10-16 08:55")
    remind(office, moment("10-16 09:00"))
    seen(office, "a1", "11-01 09:00", proves="10-15")
    inspect(office, "2026-10", tmp_path)
    codes = {code for code, _ in read_back(tmp_path / "2026-10").codes("a1")}
    assert "GX-03" in codes
    assert "GX-04" not in codes


# ------------------------------------------------------------------------------------------------ two weeks of a county


@pytest.mark.slow
def test_two_weeks(office: Office) -> None:
    """Each window is told once; who has long been silent is not told every day; what was met in time never.

    Asked every ten minutes in the hours in which something comes up, else every hour.
    """
    office = routed(office, "群")
    names = ("main", "weekly", "never", "silent", "daily", "failing")
    register(office, *(an_account(each, main=each in ("main", "daily")) for each in names))
    posts = {
        "main": ["10-11 09:30", "10-12 14:30", "10-13 16:30", "10-15 09:00", "10-16 09:00", "10-19 09:00"],
        "weekly": ["10-07 09:00", "10-13 09:00", "10-24 12:00"],
        "never": [],
        "silent": ["08-20 09:00"],
        "daily": [f"10-{day:02} 10:00" for day in range(11, 26)],
        "failing": ["10-11 10:00"],
    }
    now, end, last = moment("10-12"), moment("10-26"), moment("08-01")
    while now < end:
        if now.hour % 4 == 0 and now.minute == 0:
            for name in names:
                if name == "failing" and now >= moment("10-14"):
                    store(office, a_visit(sources(office)[name], now, outcome=Outcome.TIMEOUT))
                    continue
                new = [each for each in posts[name] if last <= moment(each) < now]
                items = [an_item(f"{name}{each}", each, mark=Mark.ORIGINAL) for each in new]
                store(office, a_visit(sources(office)[name], now, *items, proves=last))
            last = now
        remind(office, now)
        now += TEN_MINUTES if now.astimezone(ZONE).hour in (0, 15) else timedelta(hours=1)
    found = windows(office)
    assert len(found) == len(set(found))
    by_name = {name: [each.split(" ", 1)[1] for each in found if each.startswith(name)] for name in names}
    assert by_name["daily"] == []
    # On the 12th nothing was said before the look at 16:00, which saw the post of 14:30; on the 13th it was late.
    assert by_name["main"] == [f"GX-02 10-{day}" for day in (13, 14, 20, 21, 22, 23)]
    assert "截至10月13日16时未更新" in next(each.text for each in made(office) if each.account_id == "main")
    assert by_name["weekly"] == ["GX-03 10-19/10-25"]
    assert by_name["never"] == by_name["silent"] == ["GX-03 10-12/10-18", "GX-03 10-19/10-25"]
    # Last seen on Tuesday evening: two days later something is known of it, a week later nothing.
    assert by_name["failing"] == ["GX-03 10-12/10-18"]
    carried = [each for letter in letters(office) for each in letter.account_ids]
    assert len(carried) == len(found)
