"""The four steps: proposed by inspections, taken and recorded by people, never by themselves."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from monitor.disposal import Step
from monitor.values import AccountState
from schedules.closings import closings
from schedules.disposing import Recorded, entries, rectify, withdraw
from schedules.office import Office, RequestError
from schedules.proposing import proposals
from storage.accounts import account, save_accounts
from storage.database import open_database
from storage.inspections import counting_inspections
from tests.monitor.builders import moment
from tests.schedules.histories import MONTHS, step
from tests.schedules.offices import an_account, an_office, inspect, register

NOVEMBER = moment("11-12 10:00")


@pytest.fixture
def county(county_file: Path, file: Path, tmp_path: Path) -> Iterator[Office]:
    """Two accounts that failed in July to October, one that did not."""
    shutil.copy(county_file, file)
    database = open_database(f"sqlite:///{file}")
    yield an_office(database, evidence=tmp_path / "evidence")
    database.close()


def said(office: Office, month: str | None = None) -> dict[str, tuple[str, tuple[str, ...], bool]]:
    """What is proposed for each account, on which months it rests, and whether it was recorded."""
    return {
        each.account_id: (each.proposal.text, each.proposal.months, each.is_recorded)
        for each in proposals(office, month).found
    }


def warned(done: Recorded) -> str:
    return "\n".join(done.advice.warnings)


# ---------------------------------------------------------------------------------------------------- what is proposed


def test_what_an_inspection_proposes_with_its_months_and_why(county: Office) -> None:
    assert said(county) == {"a1": ("约谈", MONTHS, False), "a2": ("约谈", MONTHS, False)}
    assert said(county, "2026-07")["a1"] == ("通报", ("2026-07",), False)
    found = proposals(county, "2026-10")
    assert found.found[0].proposal.why == "近12个月检查不合格4次：2026-07、2026-08、2026-09、2026-10"
    assert (found.inspection.month, found.found[0].month) == ("2026-10", "2026-10")


def test_what_was_recorded_since_is_told_and_nothing_is_taken_by_itself(county: Office) -> None:
    assert entries(county, None, None).entries == ()
    step(county, "a1", "约谈", "11-10")
    step(county, "a2", "通报", "11-10")
    step(county, "a2", "提醒", "10-10", now="10-10 10:00")
    assert said(county) == {"a1": ("约谈", MONTHS, True), "a2": ("约谈", MONTHS, False)}
    assert [each.step for each in proposals(county, None).found[1].since] == [Step.BULLETIN]


def test_a_step_that_was_recorded_late_counts_as_recorded_since(county: Office) -> None:
    step(county, "a1", "约谈", "10-20")
    assert said(county)["a1"] == ("约谈", MONTHS, True)


def test_after_a_failed_rectification_another_failure_proposes_closure(county: Office, tmp_path: Path) -> None:
    number = step(county, "a1", "约谈", "10-20").entry.disposition.number
    rectify(county, number, "不到位", by="赵六", note="", now=NOVEMBER)
    inspect(county, "2026-10", tmp_path / "again", now="11-13 10:00")
    found = {each.account_id: each for each in proposals(county, None).found}["a1"].proposal
    assert (found.text, found.step, found.months) == ("关停", Step.CLOSURE, ("2026-10",))
    assert found.why == "2026-10-20约谈后整改不到位，2026-10检查不合格"


def test_a_decided_closure_is_told_and_asks_for_no_further_step(county: Office, tmp_path: Path) -> None:
    step(county, "a1", "关停", "10-20")
    inspect(county, "2026-10", tmp_path / "again", now="11-13 10:00")
    found = {each.account_id: each for each in proposals(county, None).found}["a1"].proposal
    assert (found.text, found.step, found.why) == ("关停", None, "已作出关停决定，请办理注销并更新台账")


def test_a_policy_that_changed_since_changes_nothing_that_was_said(county: Office) -> None:
    milder = an_office(county.database, policy=replace(county.policy, counter_limit=9))
    found = proposals(milder, None).found[0].proposal
    assert (found.text, found.step, found.months) == ("约谈", Step.INTERVIEW, MONTHS)
    assert found.why == "2026-07、2026-08、2026-09、2026-10检查不合格"


def test_a_month_that_was_not_inspected(county: Office, file: Path) -> None:
    with pytest.raises(RequestError, match="2026-01 还没有检查，没有处置建议；请先运行 xunjian inspect 2026-01。"):
        proposals(county, "2026-01")
    with pytest.raises(RequestError, match="检查月份“十月”写法不正确"):
        proposals(county, "十月")


def test_before_the_first_inspection(office: Office) -> None:
    with pytest.raises(RequestError, match="还没有检查过任何月份"):
        proposals(office, None)


# ----------------------------------------------------------------------------------------------------- what is recorded


def test_an_interview_is_kept_with_all_that_belongs_to_it(county: Office, tmp_path: Path) -> None:
    file = tmp_path / "约谈笔录.pdf"
    file.write_bytes(b"%PDF-1.4")
    done = step(county, "a1", "约谈", "11-10", document="高府办函[2026] 12号", note=" 当面约谈 ", files=[file])
    kept = done.entry.disposition
    assert (kept.step, kept.on, kept.by, kept.signer) == (Step.INTERVIEW, date(2026, 11, 10), "李四", "王县长")
    assert (kept.document, kept.note, kept.months) == ("高府办函〔2026〕12号", "当面约谈", MONTHS)
    assert kept.attachments == ("约谈笔录.pdf",)
    assert [entry for _, entry in entries(county, "a1", None).entries] == [done.entry]
    assert list((tmp_path / "evidence" / "attachments").glob("*/*.pdf"))
    assert done.advice.next == (
        "整改时限为2026年11月24日，届时核实整改情况，用 xunjian disposition rectified 记录到位或不到位。",
    )


@pytest.mark.parametrize(
    ("on", "months"),
    [("11-10", MONTHS), ("10-31", MONTHS), ("10-30", MONTHS[:3]), ("08-05", ("2026-07",)), ("06-01", ())],
)
def test_the_months_are_those_of_what_was_proposed_by_the_day_of_the_step(
    county: Office, on: str, months: tuple[str, ...]
) -> None:
    assert step(county, "a1", "通报", on).entry.disposition.months == months


def test_months_that_are_named_count_as_they_are(county: Office) -> None:
    done = step(county, "a1", "通报", "11-10", months=["2026-09", "2026-08", "2026-09"])
    assert done.entry.disposition.months == ("2026-08", "2026-09")


def test_months_that_a_step_cannot_rest_on_are_warned_about_and_kept(county: Office) -> None:
    done = step(county, "a1", "通报", "11-10", months=["2026-05", "2026-07"])
    assert done.entry.disposition.months == ("2026-05", "2026-07")
    assert "该账号没有2026-05的检查结果，请核对依据的检查月份；写错的，请撤销后重新记录。" in warned(done)
    assert "2026-07" not in warned(done)
    done = step(county, "a3", "通报", "11-10", months=["2026-07"])
    assert "该账号2026-07的检查结果为“合格”，请核对依据的检查月份；写错的，请撤销后重新记录。" in warned(done)
    assert "2026-05" not in warned(step(county, "a1", "提醒", "11-11", months=["2026-05"]))


def test_a_skipped_step_is_warned_about_and_kept(county: Office) -> None:
    done = step(county, "a1", "关停", "11-10")
    assert warned(done) == "此前没有该账号的约谈记录，四步退出流程为提醒、通报、约谈、关停，请确认不是跳步；已照录。"
    assert done.advice.next == ("请督促发布停更公告，并在台账填写停更公告日期和状态；公告满15个工作日后方可注销。",)
    assert len(entries(county, None, "关停").entries) == 1


def test_steps_in_their_order_are_not_warned_about(county: Office) -> None:
    for name, on in (("提醒", "09-01"), ("通报", "09-10"), ("约谈", "10-10"), ("关停", "11-10")):
        assert warned(step(county, "a1", name, on)) == "", name


def test_a_step_that_was_withdrawn_or_came_later_does_not_stand_before_another(county: Office) -> None:
    number = step(county, "a1", "约谈", "10-10").entry.disposition.number
    withdraw(county, number, by="李四", why="录错", now=NOVEMBER)
    step(county, "a1", "约谈", "11-11")
    assert "此前没有该账号的约谈记录" in warned(step(county, "a1", "关停", "11-10"))
    assert "该账号已于2026年11月10日作出关停决定，请确认仍须通报" in warned(step(county, "a1", "通报", "11-12"))


def test_what_looks_unusual_is_told_and_kept(county: Office) -> None:
    done = step(county, "a3", "约谈", "11-10", document="口头")
    assert "文号“口头”与通常写法" in warned(done)
    assert "没有写明依据的检查月份" in warned(done)
    assert "没有填写文号；通报如有正式文件" in warned(step(county, "a1", "通报", "11-10", document=""))
    assert "处置日期2016年11月10日距今已超过一年，请核对年份" in warned(
        step(county, "a2", "提醒", "11-10", on="2016年11月10日", document="")
    )


def test_a_closure_with_its_notice_says_from_when_the_account_may_be_closed(county: Office) -> None:
    with county.database.begin() as session:
        known = account(session, "a1")
        assert known is not None
        closing = replace(known, state=AccountState.CLOSING, closing_notice=date(2026, 11, 2))
        save_accounts(session, [closing], NOVEMBER)
    (told,) = step(county, "a1", "关停", "11-10").advice.next
    assert told.startswith(
        "停更公告于2026年11月2日，已公示7个工作日，满15个工作日的日期为2026年11月23日，可于2026年11月24日起注销"
    )
    ((whose, found),) = closings(county, None, now=NOVEMBER).accounts
    assert (whose.account_id, found.days) == ("a1", 7)
    assert closings(county, "a2", now=NOVEMBER).accounts == ()


def test_a_closed_account_is_listed_only_where_it_is_named(office: Office) -> None:
    register(
        office, an_account("a1", state=AccountState.CLOSED, closing_notice=date(2026, 11, 2), closed=date(2026, 11, 9))
    )
    assert closings(office, None, now=NOVEMBER).accounts == ()
    ((_, found),) = closings(office, "a1", now=NOVEMBER).accounts
    assert found.too_early


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"step": ""}, "没有写明是哪一步；请用 --step 写明 提醒、通报、约谈、关停 之一。"),
        ({"step": "警告"}, "--step “警告”不是四步之一；应为 提醒、通报、约谈、关停。"),
        ({"by": " "}, "--by 不能为空；请写明记录人的姓名。"),
        ({"signer": ""}, "约谈须有签发人；请用 --signer 写明签发人的姓名。"),
        ({"on": ""}, "没有写明作出的日期；请用 --on 写明，如 2026-11-12。"),
        ({"on": "昨天"}, "--on “昨天”不是日期；应写作 2026-11-12。"),
        ({"on": "2026-02-30"}, "--on “2026-02-30”不是日期；应写作 2026-11-12。"),
        ({"on": "2026-11-13"}, "--on 2026-11-13 晚于今天（2026-11-12）；请在处置作出之后再记录。"),
        ({"on": "1926-11-10"}, "--on 1926-11-10 早于三十年前；请核对年份。"),
        ({"months": ["2026-13"]}, "检查月份“2026-13”写法不正确"),
        ({"months": ["2026-12"]}, "--month 2026-12 晚于处置日期 2026-11-10；请写处置所依据的月份。"),
        ({"files": [Path("没有.pdf")]}, "没有附件 没有.pdf 这个文件"),
    ],
)
def test_what_cannot_be_recorded(county: Office, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RequestError) as caught:
        step(county, "a1", "约谈", "11-10", **changes)
    assert sentence in str(caught.value)
    assert entries(county, None, None).entries == ()


def test_an_unknown_account_names_the_nearest(county: Office) -> None:
    with pytest.raises(RequestError, match="账号编号“a9”不在备案台账中，是否为“a"):
        step(county, "a9", "提醒", "11-10")


def test_the_same_step_is_not_recorded_twice(county: Office) -> None:
    number = step(county, "a1", "约谈", "11-10").entry.disposition.number
    with pytest.raises(RequestError) as caught:
        step(county, "a1", "约谈", "11-10", document="高府办函(2026)12号", by="王五")
    assert str(caught.value) == (
        f"该账号2026年11月10日的约谈已由李四记录（编号 {number}）；如须更正，请先运行 xunjian disposition withdraw {number}。"
    )
    withdraw(county, number, by="李四", why="录错", now=NOVEMBER)
    assert step(county, "a1", "约谈", "11-10").entry.disposition.number == number + 1
    assert step(county, "a1", "约谈", "11-10", document="另一份").entry.disposition.number == number + 2


# -------------------------------------------------------------------------------------------- what becomes of an entry


def test_whether_an_interview_led_to_anything(county: Office) -> None:
    number = step(county, "a1", "约谈", "10-20").entry.disposition.number
    done = rectify(county, number, " 不到位 ", by="赵六", note="仍无原创", now=NOVEMBER)
    assert (done.entry.disposition.rectified, done.entry.rectified_by, done.entry.rectified_note) == (
        False,
        "赵六",
        "仍无原创",
    )
    assert warned(done) == ""
    again = rectify(county, number, "到位", by="钱七", note="", now=NOVEMBER)
    assert (again.entry.disposition.rectified, warned(again)) == (True, "此前由赵六记录为不到位，现以本次记录为准。")


def test_too_soon_to_say_that_nothing_was_done(county: Office) -> None:
    number = step(county, "a1", "约谈", "11-10").entry.disposition.number
    done = rectify(county, number, "不到位", by="赵六", note="", now=NOVEMBER)
    assert warned(done) == "整改时限为2026年11月24日，尚未届满；请确认现在就认定整改不到位。"
    assert warned(rectify(county, number, "不到位", by="赵六", note="", now=moment("11-25 10:00"))) == ""


def test_an_entry_that_was_taken_back_stays_and_changes_no_more(county: Office) -> None:
    number = step(county, "a1", "约谈", "11-10").entry.disposition.number
    done = withdraw(county, number, by="李四", why="录错账号", now=NOVEMBER)
    assert (done.entry.stands, done.entry.withdrawn_why) == (False, "录错账号")
    assert said(county)["a1"] == ("约谈", MONTHS, False)
    ((_, kept),) = entries(county, "a1", "约谈").entries
    assert kept == done.entry
    sentence = f"处置台账编号 {number} 已由李四撤销，不再更改"
    with pytest.raises(RequestError, match=sentence):
        withdraw(county, number, by="李四", why="再次", now=NOVEMBER)
    with pytest.raises(RequestError, match=sentence):
        rectify(county, number, "到位", by="李四", note="", now=NOVEMBER)


def test_what_cannot_be_changed(county: Office) -> None:
    number = step(county, "a1", "通报", "11-10").entry.disposition.number
    with pytest.raises(RequestError, match=f"编号 {number} 是通报，只有约谈才记录整改是否到位"):
        rectify(county, number, "到位", by="赵六", note="", now=NOVEMBER)
    with pytest.raises(RequestError, match="--result “好”写法不正确；应为 到位 或 不到位。"):
        rectify(county, number, "好", by="赵六", note="", now=NOVEMBER)
    with pytest.raises(RequestError, match="处置台账中没有编号 99；编号见 xunjian disposition list。"):
        withdraw(county, 99, by="赵六", why="录错", now=NOVEMBER)
    with pytest.raises(RequestError, match="--why 不能为空；请写明撤销的理由。"):
        withdraw(county, number, by="赵六", why="", now=NOVEMBER)


def test_two_programs_on_one_database_see_one_ledger(county: Office, file: Path) -> None:
    other = open_database(f"sqlite:///{file}")
    try:
        step(county, "a1", "提醒", "11-10")
        with pytest.raises(RequestError, match="该账号2026年11月10日的提醒已由李四记录"):
            step(an_office(other), "a1", "提醒", "11-10")
    finally:
        other.close()
    with county.database.read() as session:
        assert len(counting_inspections(session, MONTHS)) == len(MONTHS)
