"""The sheet of one account: dates as dates, text as text, A4 landscape, the same bytes for the same history."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from monitor.closing import closing_of
from monitor.decisions import Decision, Reason, Ruling, Subject
from monitor.disposal import Disposition, Proposal, Step
from monitor.findings import Deadline, Result, Window
from monitor.ledger import Entry, Proposed
from monitor.rechecking import Duty, Outcome, Recheck
from monitor.stages import Stage
from monitor.values import AccountState
from reports.account_history import (
    AccountHistory,
    DecisionMade,
    FindingOfMonth,
    FormerName,
    MonthOfAccount,
    RecheckedFinding,
    ReminderMade,
)
from reports.account_sheet import WIDTHS, account_sheet
from tests.monitor.builders import ZONE, account, frame, moment, window

NAME = "=SUM(A1:A9)“融媒”丨发布🎉" + "长" * 40
OCTOBER = window("10-01", "10-31")
FINDING = FindingOfMonth(
    code="GX-01",
    category="内容不更新",
    severity="否决",
    verdict="已核实",
    windows="2026-10-18/2026-10-31",
    description='=HYPERLINK("http://x") 最近一次更新为《联系13912345678》',
    due=date(2026, 11, 13),
    decisions=("张三确认：电话核实",),
)


def a_history(**changes: Any) -> AccountHistory:
    registered = replace(
        account(state=AccountState.CLOSING, closing_notice="11-02", opened="2020-01-02"),
        name=NAME,
        contact="张三",
        phone="13800138000",
        note="+备注",
    )
    disposition = Disposition(
        account_id="gx-01",
        step=Step.INTERVIEW,
        on=date(2026, 11, 10),
        by="李四",
        at=moment("11-10 10:00"),
        document="高府办函〔2026〕12号",
        signer="王县长",
        note="-1 联系13912345678",
        months=("2026-09", "2026-10"),
        attachments=("笔录.pdf",),
        rectified=False,
        number=7,
    )
    entry = Entry(disposition=disposition, rectified_by="赵六", rectified_at=moment("11-11"), rectified_note="仍无原创")
    duty = Duty(
        account_id="gx-01",
        month="2026-09",
        code="GX-03",
        category="未达到周更新要求",
        windows=(window("09-07", "09-13"),),
        since=date(2026, 9, 30),
        due=date(2026, 10, 20),
    )
    recheck = Recheck(duty=duty, outcome=Outcome.RECTIFIED, why="检查后已发布信息", day=date(2026, 10, 9))
    decision = Decision(
        subject=Subject(account_id="gx-01", code="GX-06", window=OCTOBER, key="k"),
        ruling=Ruling.DISMISSED,
        by="张三",
        at=moment("11-03 09:00"),
        reason=Reason.OUTAGE,
        note="平台故障",
    )
    proposed = Proposed(
        account_id="gx-01",
        account_name=NAME,
        platform="微信公众号",
        organizer="高县人民政府办公室",
        month="2026-10",
        result=Result.FAILED,
        proposal=Proposal(text="约谈", step=Step.INTERVIEW, months=("2026-10",), why="近12个月检查不合格3次"),
        since=(disposition,),
    )
    given: dict[str, Any] = {
        "office": "高县人民政府办公室",
        "zone": ZONE,
        "as_of": moment("11-12 10:00"),
        "account_id": "gx-01",
        "name": NAME,
        "platform": "微信公众号",
        "organizer": "高县人民政府办公室",
        "account": registered,
        "former_names": (
            FormerName(name="旧名", platform="微信公众号", organizer="旧单位", first="2026-01", last="2026-06"),
        ),
        "months": (
            MonthOfAccount(
                month="2026-10",
                result=Result.FAILED,
                stage=Stage.FINAL,
                published=3,
                original=1,
                coverage_share=0.973,
                disposal="约谈",
                notes=("1处经人工复核排除",),
                findings=(FINDING,),
            ),
            MonthOfAccount(month="2026-09"),
        ),
        "rechecks": (RecheckedFinding(found_in="2026-10", recheck=recheck),),
        "ledger": (entry, Entry(disposition=disposition, withdrawn_by="李四", withdrawn_at=moment("11-11"))),
        "decisions": (DecisionMade(decision=decision, withdrawn_at=moment("11-04"), withdrawn_by="李四"),),
        "reminders": (
            ReminderMade(
                made_at=moment("10-09 15:00"),
                sent_at=None,
                rule="GX-03",
                window=window("10-05", "10-11"),
                ends_at=moment("10-12"),
                text="请在10月11日前更新",
            ),
        ),
        "proposed": proposed,
        "closing": closing_of(registered, frame("2026-11", "11-12 10:00")),
        "deadlines": (
            Deadline(
                code="GX-01",
                category="内容不更新",
                window=Window(date(2026, 11, 1), date(2026, 11, 14)),
                ends_at=moment("11-15"),
                needs_original=False,
            ),
        ),
        "next": ("2026年11月24日起方可注销，在此之前请勿注销。",),
    }
    return AccountHistory(**given | changes)


def sheet_of(found: AccountHistory) -> Any:
    return openpyxl.load_workbook(io.BytesIO(account_sheet(found))).active


def rows_of(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def table(sheet: Any, title: str) -> list[dict[str, Any]]:
    """The rows of the table under a title, by column."""
    rows = rows_of(sheet)
    at = next(number for number, row in enumerate(rows) if row[0] == title)
    found: list[dict[str, Any]] = []
    for row in rows[at + 2 :]:
        if row[1] is None:
            break
        found.append(dict(zip(rows[at + 1], row, strict=True)))
    return found


def test_the_tables_hold_what_is_known() -> None:
    sheet = sheet_of(a_history())
    first, second = table(sheet, "各月检查")
    assert (first["检查结果"], first["发布条数"], first["原创率"], first["检查状态"]) == ("不合格", 3, 1 / 3, "已定稿")
    assert first["备注"] == "采集完整率97.3%；1处经人工复核排除"
    assert (second["检查结果"], second["发布条数"]) == ("未检查", None)
    (finding,) = table(sheet, "问题")
    assert finding["问题描述"] == '=HYPERLINK("http://x") 最近一次更新为《联系139****5678》'
    assert finding["整改时限"] == datetime.fromisoformat("2026-11-13")
    assert finding["人工复核"] == "张三确认：电话核实"
    (recheck,) = table(sheet, "回头看")
    assert (recheck["整改情况"], recheck["恢复日期"]) == ("已整改", datetime.fromisoformat("2026-10-09"))
    interview, withdrawn = table(sheet, "处置台账（四步退出流程）")
    assert (interview["日期"], interview["步骤"], interview["整改"]) == (
        datetime.fromisoformat("2026-11-10"),
        "约谈",
        "不到位",
    )
    assert interview["说明"] == (
        "-1 联系139****5678；附件：笔录.pdf；李四 2026-11-10 10:00 记录；赵六核实整改不到位：仍无原创"
    )
    assert (interview["依据月份"], withdrawn["整改"]) == ("2026-09、2026-10", "已撤销")
    (decision,) = table(sheet, "人工复核")
    assert (decision["判定"], decision["理由和范围"]) == ("排除（已撤回）", "排除（平台或系统故障），一条信息")
    (reminder,) = table(sheet, "提醒")
    assert (reminder["截止日期"], reminder["是否送达"]) == (datetime.fromisoformat("2026-10-11"), "没有送达")


def test_what_is_known_of_the_account_itself() -> None:
    rows = {row[0]: row[1] for row in rows_of(sheet_of(a_history()))}
    assert rows["联系人"] == "张三，13800138000"
    assert (rows["开设日期"], rows["备注"]) == (datetime.fromisoformat("2020-01-02"), "+备注")
    assert rows["曾用名称"] == "“旧名”（微信公众号），旧单位，2026-01 至 2026-06 检查时"
    assert rows["当前建议"] == "约谈（近12个月检查不合格3次），依据 2026-10 检查；此后已有记录，见处置台账。"
    assert rows["下一步"] == (
        "2026年11月24日起方可注销，在此之前请勿注销。\n2026-11-14 24:00 前须发布信息（GX-01 内容不更新）。"
    )


def test_no_cell_is_a_formula_or_a_link() -> None:
    sheet = sheet_of(a_history())
    assert sheet["A1"].value == f"账号档案：{NAME}"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


def test_it_is_printed_on_a4_landscape_with_its_head_on_every_page() -> None:
    sheet = sheet_of(a_history())
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToHeight, sheet.freeze_panes) == (0, "A3")
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.dimensions.startswith("A1:H")
    assert len(WIDTHS) == 8


def test_long_text_gets_the_room_that_it_needs() -> None:
    long = replace(FINDING, description="很长的描述" * 60)
    month = MonthOfAccount(month="2026-10", result=Result.FAILED, findings=(FINDING, long))
    sheet = sheet_of(a_history(months=(month,)))
    at = next(row[0].row for row in sheet.iter_rows() if row[6].value == long.description)
    assert sheet.row_dimensions[at].height > 10 * 13


def test_an_account_without_anything() -> None:
    bare = a_history(
        account=None, former_names=(), months=(), rechecks=(), ledger=(), decisions=(), reminders=(), proposed=None,
        closing=None, deadlines=(), next=(),
    )  # fmt: skip
    rows = rows_of(sheet_of(bare))
    firsts = [row[0] for row in rows]
    assert "还没有检查过该账号" in firsts
    assert firsts.count("无") == 5
    assert ["台账", "该账号已不在备案台账中，以下为历次检查和处置的记录。"] in [row[:2] for row in rows]
    assert ["下一步", "没有待办事项。"] in [row[:2] for row in rows]


@pytest.mark.parametrize("name", ["<r>红</r>", "\x00\ud800坏字", "'单引号", ""])
def test_names_that_xml_or_a_spreadsheet_would_misread(name: str) -> None:
    assert str(sheet_of(a_history(name=name))["A1"].value).startswith("账号档案：")


def test_the_same_history_gives_the_same_bytes() -> None:
    first = account_sheet(a_history())
    assert first == account_sheet(a_history())
    with zipfile.ZipFile(io.BytesIO(first)) as whole:
        assert {each.date_time for each in whole.infolist()} == {(1980, 1, 1, 0, 0, 0)}
