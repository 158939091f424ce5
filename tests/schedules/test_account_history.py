"""The history of one account: what was said, decided, recorded and sent over a year, and what comes next."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from monitor.decisions import Decision, Reason, Ruling, Subject
from monitor.findings import Deadline, Result, Severity, Window
from monitor.rechecking import Outcome, Said
from monitor.reminding import Reminder
from monitor.stages import Stage, StageEntry
from monitor.values import Account, AccountState
from reports.account_history import AccountHistory
from schedules.account_history import account_history
from schedules.disposing import entries, rectify, withdraw
from schedules.office import Office, RequestError
from storage.accounts import account, save_accounts
from storage.database import open_database
from storage.decisions import save_decision, withdraw_decision
from storage.inspections import counting_inspections
from storage.models import accounts, inspections
from storage.rechecks import save_rectification
from storage.reminders import save_reminders
from storage.stages import save_stage
from tests.monitor.builders import moment
from tests.schedules.histories import MONTHS, step
from tests.schedules.offices import an_account, an_office, inspect, register

NOW = moment("11-12 10:00")
LONG = "高县“融媒”丨发布🎉" + "长" * 48


@pytest.fixture
def county(county_file: Path, file: Path) -> Iterator[Office]:
    shutil.copy(county_file, file)
    database = open_database(f"sqlite:///{file}")
    yield an_office(database)
    database.close()


def history(office: Office, account_id: str = "a1", now: str = "11-12 10:00") -> AccountHistory:
    return account_history(office, account_id, now=moment(now))


def change(office: Office, account_id: str, **changes: object) -> Account:
    with office.database.begin() as session:
        known = account(session, account_id)
        assert known is not None
        save_accounts(session, [replace(known, **changes)], NOW)  # type: ignore[arg-type]
    return known


def told(found: AccountHistory) -> str:
    return "\n".join(found.next)


def test_the_months_are_as_their_inspections_have_them(county: Office) -> None:
    found = history(county)
    assert [each.month for each in found.months] == list(reversed(MONTHS))
    newest = found.months[0]
    assert (newest.result, newest.published, newest.share, newest.stage) == (Result.FAILED, 0, None, Stage.DRAFT)
    assert [each.code for each in newest.findings] == ["GX-01", "GX-03", "GX-05", "GX-06", "YC-01"]
    assert newest.findings[0].due == date(2026, 11, 13)
    good = history(county, "a3")
    assert next((each.result, each.published, each.original, each.share) for each in good.months) == (
        Result.PASSED,
        31,
        31,
        1.0,
    )


def test_what_comes_next_for_a_silent_account(county: Office) -> None:
    lines = history(county).next
    assert lines[0].startswith("2026-10检查发现的GX-01 内容不更新、GX-03 未达到周更新要求、")
    assert lines[0].endswith("整改时限为2026年11月13日，还有1个工作日；期满后由月度检查回头看。")
    assert lines[1].startswith("2026-10检查后建议约谈（近12个月检查不合格4次：")
    assert lines[1].endswith("办理后用 xunjian disposition add a1 --step 约谈 --on 日期 --by 姓名 记录。")
    assert len(lines) == 2
    assert "今天到期" in history(county, now="11-13 10:00").next[0]
    assert "已过，待下一次月度检查回头看。" in history(county, now="11-14 10:00").next[0]


def test_an_account_in_order_has_only_its_own_deadlines(county: Office) -> None:
    found = history(county, "a3", now="11-01 12:00")
    assert found.next == ()
    assert found.proposed is not None
    assert found.proposed.proposal.text == ""
    assert all(isinstance(each, Deadline) for each in found.deadlines)
    assert found.deadlines


def test_what_people_decided_recorded_and_sent(county: Office) -> None:
    subject = Subject(account_id="a1", code="GX-06", window=Window(date(2026, 10, 1), date(2026, 10, 31)))
    with county.database.begin() as session:
        dismissed = Decision(
            subject=subject, ruling=Ruling.DISMISSED, by="张三", at=NOW, reason=Reason.OUTAGE, note="平台故障"
        )
        save_decision(session, dismissed)
        withdraw_decision(session, 1, "李四", moment("11-12 11:00"))
        confirmed = replace(
            dismissed, ruling=Ruling.CONFIRMED, reason=None, severity=Severity.HINT, at=moment("11-12 12:00")
        )
        save_decision(session, confirmed)
        known = account(session, "a1")
        assert known is not None
        reminder = Reminder(
            account=known,
            code="GX-03",
            category="未达到周更新要求",
            window=Window(date(2026, 10, 5), date(2026, 10, 11)),
            ends_at=moment("10-12"),
            needs_original=False,
            rolling=False,
            at=moment("10-09 15:00"),
            minimum=1,
            known=0,
            doubts="",
            seen_until=moment("10-09 15:00"),
            unseen=(),
            stale=False,
            last_post=None,
        )
        save_reminders(session, [(reminder, "请在10月11日前更新")], moment("10-09 15:00"))
        (number,) = counting_inspections(session, ["2026-10"])
        save_stage(session, number, StageEntry(stage=Stage.FINAL, by="张三", at=NOW))
    step(county, "a1", "提醒", "11-10")
    found = history(county, now="11-12 13:00")
    assert [(each.decision.ruling, each.withdrawn_by) for each in found.decisions] == [("确认", ""), ("排除", "李四")]
    assert [(each.text, each.sent_at) for each in found.reminders] == [("请在10月11日前更新", None)]
    assert found.months[0].stage is Stage.FINAL
    assert [each.disposition.step for each in found.ledger] == ["提醒"]


def test_a_confirmed_finding_says_who_confirmed_it(county: Office, tmp_path: Path) -> None:
    with county.database.begin() as session:
        window = Window(date(2026, 10, 18), date(2026, 10, 31))
        subject = Subject(account_id="a1", code="GX-01", window=window)
        save_decision(session, Decision(subject=subject, ruling=Ruling.CONFIRMED, by="张三", at=NOW, note="电话核实"))
    inspect(county, "2026-10", tmp_path, now="11-13 10:00")
    (found,) = (each for each in history(county).months[0].findings if each.code == "GX-01")
    assert found.decisions == ("张三确认：电话核实",)


def test_re_checks_are_the_newest_first(county: Office) -> None:
    found = history(county).rechecks
    assert [each.found_in for each in found] == sorted((each.found_in for each in found), reverse=True)
    assert [each.recheck.duty.code for each in found if each.found_in == "2026-10"] == [
        "GX-01", "GX-03", "GX-05", "GX-06", "YC-01",
    ]  # fmt: skip
    assert {each.recheck.outcome for each in found} == {Outcome.NOT_RECTIFIED}


def test_what_a_person_found_when_looking_again_is_told(county: Office) -> None:
    said = Said(outcome=Outcome.RECTIFIED, day=date(2026, 11, 11), by="张三", at=NOW)
    with county.database.begin() as session:
        save_rectification(session, "a1", "2026-10", "GX-06", said)
    assert "2026-10检查发现的GX-06 本月零发布，张三人工复查为已整改，将写入下一次月度检查。" in history(county).next


def test_an_interview_waits_for_its_rectification(county: Office) -> None:
    number = step(county, "a1", "约谈", "11-10").entry.disposition.number
    assert "建议约谈" not in told(history(county))
    assert (
        f"2026年11月10日的约谈整改时限为2026年11月24日，还有8个工作日；核实后用 xunjian disposition rectified {number} "
        in told(history(county))
    )
    assert "约谈整改时限为2026年11月24日，已过；" in told(history(county, now="11-25 10:00"))
    rectify(county, number, "不到位", by="赵六", note="", now=NOW)
    weighs = "2026年11月10日约谈后整改不到位：此后再有一次检查不合格，即建议关停。"
    assert weighs in history(county).next
    assert weighs in history(county, now="2027-11-05 10:00").next, "November of 2026 is still to be inspected"
    with county.database.begin() as session:
        session.execute(update(inspections).values(month="2027-10"))
    assert "约谈" not in told(history(county, now="2027-11-05 10:00")), "it lies before the counter window by then"
    rectify(county, number, "到位", by="赵六", note="", now=NOW)
    assert "约谈" not in told(history(county))


def test_a_closure_waits_for_its_notice(county: Office) -> None:
    number = step(county, "a1", "关停", "11-10").entry.disposition.number
    assert "2026年11月10日已作出关停决定，台账状态仍为“正常”：请督促发布停更公告" in told(history(county))
    change(county, "a1", state=AccountState.CLOSING, closing_notice=date(2026, 11, 11))
    found = history(county)
    assert "2026年12月3日起方可注销，在此之前请勿注销。" in found.next
    assert "台账状态仍为" not in told(found)
    assert "停更公告期已满，可以办理注销" in told(history(county, now="12-03 10:00"))
    withdraw(county, number, by="李四", why="录错", now=NOW)
    assert found.closing is not None


def test_an_account_that_was_renamed_and_moved(county: Office, tmp_path: Path) -> None:
    before = change(county, "a1", name=LONG, organizer="县融媒体中心")
    found = history(county)
    assert (found.name, found.organizer) == (LONG, "县融媒体中心")
    (former,) = found.former_names
    assert (former.name, former.organizer, former.first, former.last) == (
        before.name, "县政府办", "2026-07", "2026-10",
    )  # fmt: skip
    inspect(county, "2026-10", tmp_path, now="11-13 10:00")
    (former,) = history(county).former_names
    assert (former.first, former.last) == ("2026-07", "2026-09")


def test_an_account_that_is_no_longer_in_the_registry(county: Office, tmp_path: Path) -> None:
    register(county, an_account("gone", addresses=()))
    inspect(county, "2026-10", tmp_path, now="11-11 10:00")
    step(county, "gone", "提醒", "11-10")
    with county.database.begin() as session:
        session.execute(delete(accounts).where(accounts.c.account_id == "gone"))
    found = history(county, "gone")
    assert (found.account, found.name, found.platform) == (None, "账号gone", "微信公众号")
    assert (len(found.months), len(found.ledger), found.deadlines) == (1, 1, ())
    assert step(county, "gone", "通报", "11-11").account.name == "账号gone"
    assert [(whose.name, whose.account) for whose, _ in entries(county, None, None).entries] == [("账号gone", None)] * 2


def test_an_account_that_only_the_ledger_knows(office: Office) -> None:
    register(office, an_account("gone", addresses=()))
    step(office, "gone", "提醒", "11-10")
    with office.database.begin() as session:
        session.execute(delete(accounts).where(accounts.c.account_id == "gone"))
    found = history(office, "gone")
    assert (found.name, len(found.ledger), found.proposed) == ("", 1, None)


def test_an_account_without_any_inspection(office: Office) -> None:
    register(office, an_account("new"))
    found = history(office, " new ")
    assert (found.months, found.rechecks, found.proposed, found.next) == ((), (), None, ())
    assert found.name == "账号new"


def test_an_account_that_came_after_the_first_inspections(county: Office, tmp_path: Path) -> None:
    register(county, an_account("late"))
    assert history(county, "late").months == ()
    inspect(county, "2026-09", tmp_path, now="11-13 10:00")
    assert [(each.month, each.result) for each in history(county, "late").months] == [
        ("2026-10", None),
        ("2026-09", Result.UNVERIFIABLE),
    ]


def test_a_wrong_id_names_the_nearest(county: Office) -> None:
    with pytest.raises(
        RequestError, match="账号编号“A1”不在备案台账中，是否为“a1”；可用 xunjian accounts list 查看全部账号。"
    ):
        history(county, "A1")
