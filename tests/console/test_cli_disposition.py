"""disposition and accounts show: what a person reads and types, what a program reads."""

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

import console.commands.accounts as accounts_command
import console.commands.disposition as disposition_command
from console.config import load
from console.offices import opened_office
from storage.database import open_database
from tests.console.conftest import Xunjian
from tests.monitor.builders import moment
from tests.schedules.histories import silent_county
from tests.schedules.offices import an_office

NOW = "11-12 10:00"
ADD = ("disposition", "add", "a1", "--by", "李四")
INTERVIEW = (*ADD, "--step", "约谈", "--on", "2026-11-10", "--signer", "王县长", "--document", "高府办函[2026]12号")


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two accounts that failed in September and October, to be copied."""
    folder = tmp_path_factory.mktemp("inspected")
    database = open_database(f"sqlite:///{folder / 'xunjian.db'}")
    silent_county(an_office(database), folder / "inspections", ("2026-09", "2026-10"))
    database.close()
    return folder / "xunjian.db"


@pytest.fixture
def county(inspected: Path, office: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The office of that database, looked at on 12 November."""
    shutil.copy(inspected, office / "xunjian.db")
    (office / "笔录.pdf").write_bytes(b"%PDF-1.4")
    for command in (accounts_command, disposition_command):
        monkeypatch.setattr(command, "clock", lambda: moment(NOW))
    return office


def test_a_step_from_proposal_to_withdrawal(county: Path, xunjian: Xunjian) -> None:
    ran = xunjian("disposition", "proposals")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("2026-10 检查（2026-11-02 10:00 作出，草稿）的处置建议，是否采取由人决定：\n")
    assert ran.out.endswith("共2个账号：通报2个；尚未记录的2个。\n")

    ran = xunjian(*INTERVIEW, "--attach", "笔录.pdf")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        (
            "已记录（编号 1）：2026年11月10日对“账号a1”（微信公众号）约谈，文号 高府办函〔2026〕12号，王县长签发，"
            "依据2026-10检查，附件1个；李四 2026-11-12 10:00 记录。"
        ),
        "注意：此前没有该账号的通报记录，四步退出流程为提醒、通报、约谈、关停，请确认不是跳步；已照录。",
        "下一步：整改时限为2026年11月24日，届时核实整改情况，用 xunjian disposition rectified 记录到位或不到位。",
    ]
    assert "2026-11-10 约谈（高府办函〔2026〕12号）\n" in xunjian("disposition", "proposals", "2026-10").out

    ran = xunjian("disposition", "rectified", "1", "--result", "到位", "--by", "赵六", "--note", "已恢复更新")
    assert ran.out == "已记录：2026年11月10日的约谈（编号 1）“账号a1”（微信公众号）整改到位，由 赵六 核实。\n"
    listed = xunjian("disposition", "list", "--account", "a1", "--step", "约谈").out
    assert "高府办函〔2026〕12号  王县长  2026-10   到位" in listed
    assert "附件：笔录.pdf；李四 2026-11-12 10:00 记录；赵六核实整改到位：已恢复更新" in listed
    assert listed.endswith("共1条记录：约谈1次。\n")

    ran = xunjian("disposition", "withdraw", "1", "--by", "李四", "--why", "录错账号")
    assert ran.out.splitlines()[1] == "撤销理由：录错账号（李四）。原记录保留备查，不再计入。"
    assert xunjian("disposition", "list").out.splitlines()[-1] == "共1条记录：已撤销1条。"


def test_what_programs_read(county: Path, xunjian: Xunjian) -> None:
    xunjian(*INTERVIEW, "--note", "联系13912345678")
    record = json.loads(xunjian("disposition", "list", "--json").out)
    (entry,) = record["entries"]
    assert (entry["step"], entry["on"], entry["document"]) == ("约谈", "2026-11-10", "高府办函〔2026〕12号")
    assert (entry["note"], entry["rectified"], entry["account_name"]) == ("联系139****5678", None, "账号a1")
    found = json.loads(xunjian("disposition", "proposals", "--json").out)
    assert (found["month"], found["stage"]) == ("2026-10", "草稿")
    first = found["proposals"][0]
    assert (first["account_id"], first["step"], first["months"]) == ("a1", "通报", ["2026-10"])
    assert (first["is_recorded"], [each["number"] for each in first["recorded"]]) == (True, [1])


def test_empty_and_closing(office: Path, xunjian: Xunjian, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disposition_command, "clock", lambda: moment(NOW))
    lines = "账号编号,账号名称,平台,主办单位,状态,停更公告日期\nA,甲,抖音,单位,停更公告中,2026-11-02\nB,乙,抖音,单位,正常,\n"
    (office / "accounts.csv").write_text(lines, encoding="utf-8")
    assert xunjian("accounts", "import", "accounts.csv").status == 0
    assert xunjian("disposition", "list").out.splitlines() == [
        "处置台账中没有符合条件的记录。",
        "停更公告：",
        (
            "  A “甲”（抖音）：停更公告于2026年11月2日，已公示7个工作日，满15个工作日的日期为2026年11月23日，"
            "可于2026年11月24日起注销；提前注销即为 ZH-05 停更公告期不足。"
        ),
    ]
    (closing,) = json.loads(xunjian("disposition", "list", "--json").out)["closings"]
    assert (closing["account_id"], closing["workdays"], closing["may_close_on"]) == ("A", 7, "2026-11-24")
    ran = xunjian("disposition", "proposals")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "还没有检查过任何月份，没有处置建议；请先运行 xunjian inspect 年-月。\n"
    shown = xunjian("accounts", "show", "B").out
    assert "各月检查：还没有检查过该账号。" in shown
    assert "当前建议：没有可供参考的检查结果。" in shown


def test_a_month_in_which_nobody_failed(county: Path, xunjian: Xunjian) -> None:
    with opened_office(load(county / "xunjian.toml")) as opened, opened.database.begin() as session:
        session.connection().exec_driver_sql("UPDATE inspection_results SET result = '合格'")
    assert xunjian("disposition", "proposals").out.endswith("没有不合格账号，没有处置建议。\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (ADD, "没有写明是哪一步；请用 --step 写明"),
        ((*ADD, "--step", "警告", "--on", "2026-11-10"), "--step “警告”不是四步之一；应为 提醒、通报、约谈、关停。"),
        ((*ADD, "--step", "关停", "--on", "2026-11-10"), "关停须有签发人；请用 --signer 写明签发人的姓名。"),
        ((*ADD, "--step", "提醒", "--on", "2026-11-13"), "--on 2026-11-13 晚于今天（2026-11-12）"),
        (("disposition", "add", "A1", "--step", "提醒", "--on", "2026-11-10", "--by", "李"), "是否为“a1”"),
        (("disposition", "withdraw", "9", "--by", "李", "--why", "错"), "处置台账中没有编号 9；编号见"),
        (("disposition", "rectified", "x"), "编号"),
        (("disposition", "list", "--account", "zz"), "账号编号“zz”不在备案台账中"),
        (("accounts", "show", "A1"), "账号编号“A1”不在备案台账中，是否为“a1”"),
        (("accounts", "show", "a1", "--xlsx", "a1.csv"), "--xlsx 的文件 a1.csv 的扩展名不能用，应为 .xlsx。"),
        (("accounts", "show", "a1", "--xlsx", "none/a1.xlsx"), "无法写入账号档案 none/a1.xlsx"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    county: Path, xunjian: Xunjian, arguments: tuple[str, ...], sentence: str
) -> None:
    ran = xunjian(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1


def test_the_history_of_an_account(county: Path, xunjian: Xunjian) -> None:
    xunjian(*INTERVIEW)
    ran = xunjian("accounts", "show", "a1")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[:4] == [
        "“账号a1”（微信公众号） a1",
        "主办单位  县政府办",
        "主管单位  县政府",
        "账号状态  正常，非主账号",
    ]
    assert "各月检查（2026-09 至 2026-10）：" in lines
    assert any(re.fullmatch(r"  2026-10  不合格 +0 +0 +— +100\.0% +草稿  通报", line) for line in lines)
    assert "    GX-06 本月零发布（通报，已核实，整改时限 2026-11-13）" in lines
    assert any(
        line.startswith("  2026-10 检查  未整改：2026-09 的 GX-01 内容不更新，整改时限 2026-10-") for line in lines
    )
    assert any(
        line.startswith("  2026-11-10 约谈（编号 1）  高府办函〔2026〕12号；王县长签发；依据2026-10检查；")
        for line in lines
    )
    assert "当前建议：通报（2026-10检查不合格，累计2次），依据 2026-10 检查；此后已有记录，见处置台账。" in lines
    at = lines.index("下一步：")
    assert any("的约谈整改时限为2026年11月24日，还有8个工作日" in line for line in lines[at:])
    assert any(line.endswith("前须发布信息（GX-03 未达到周更新要求）。") for line in lines[at:])


def test_the_history_for_a_program_and_as_a_sheet(county: Path, xunjian: Xunjian) -> None:
    record = json.loads(xunjian("accounts", "show", "a1", "--json", "--xlsx", "a1.xlsx").out)
    assert (record["account_id"], record["account"]["organizer"], record["ledger"]) == ("a1", "县政府办", [])
    assert [(each["month"], each["result"]) for each in record["months"]] == [
        ("2026-10", "不合格"),
        ("2026-09", "不合格"),
    ]
    assert record["proposal"]["why"] == "2026-10检查不合格，累计2次"
    first = (county / "a1.xlsx").read_bytes()
    assert openpyxl.load_workbook(county / "a1.xlsx")["账号档案"]["A1"].value == "账号档案：账号a1"
    assert xunjian("accounts", "show", "a1", "--xlsx", "a1.xlsx").out.endswith("已写入 a1.xlsx\n")
    assert (county / "a1.xlsx").read_bytes() == first
    assert not [each.name for each in county.iterdir() if each.name.endswith(".part")]
