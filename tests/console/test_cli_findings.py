"""The findings commands: what a person reads and types, what a program reads, and what is said of wrong usage."""

import json
from pathlib import Path

import pytest

from console.config import load
from console.offices import opened_office
from console.widths import width
from tests.console.conftest import Xunjian
from tests.schedules.reviews import WEEKS, county


@pytest.fixture
def ready(office: Path) -> Path:
    """The small office of the review's tests, inspected."""
    with opened_office(load(office / "xunjian.toml")) as opened:
        county(opened, office / "inspections")
    return office


def test_the_findings_of_a_month(ready: Path, xunjian: Xunjian) -> None:
    ran = xunjian("findings", "list")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "2026-10 的问题（最近一次检查于 2026-11-02 10:00，第1版草稿）"
    (row,) = (each for each in lines if each.startswith("a1:GX-03 "))
    assert "2026-10-05/2026-10-11等2处" in row
    assert "共3个问题：待复核1个，已核实1个，未能核验1个。" in lines
    assert "尚未写入文件" not in ran.out
    assert len({width(each[: each.index("微信公众号")]) for each in lines[2:5]}) == 1


def test_a_finding_is_dismissed_shown_and_taken_back(ready: Path, xunjian: Xunjian) -> None:
    note = "当日已发布，经办人13812345678"
    ran = xunjian("findings", "dismiss", WEEKS[0], "--by", "张三", "--reason", "实际已发布", "--note", note)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[0].startswith("已排除（实际已发布）1处（张三，")
    assert ran.out.splitlines()[-1] == "运行 xunjian inspect 2026-10 即写入检查结果。"
    listed = xunjian("findings", "list", "2026-10", "--state", "已排除")
    assert "张三" in listed.out
    assert "注意：这次检查之后有新的复核意见" in listed.out
    shown = xunjian("findings", "show", "a1:GX-03")
    assert "138****5678" in shown.out
    assert "13812345678" not in shown.out
    assert "已排除（程序判定为已核实）" in shown.out
    assert xunjian("findings", "withdraw", WEEKS[0], "--by", "李四", "--why", "查无此事").status == 0
    shown = xunjian("findings", "show", "a1:GX-03")
    assert "撤回：查无此事" in shown.out


def test_of_two_people_one_is_told(ready: Path, xunjian: Xunjian) -> None:
    assert xunjian("findings", "confirm", "a1:YC-01", "--by", "张三").status == 0
    ran = xunjian("findings", "confirm", "a1:YC-01", "--by", "李四")
    assert ran.status == 2
    assert "已由张三于" in ran.err
    assert "--replace" in ran.err
    ran = xunjian(
        *("findings", "regrade", "a1:YC-01", "--by", "李四", "--severity", "提示", "--note", "首次", "--replace")
    )
    assert (ran.status, ran.err) == (0, "")
    assert "取代原判定" in ran.out
    shown = xunjian("findings", "show", "a1:YC-01").out
    assert "确认，性质定为提示：首次" in shown
    assert "已不生效，李四" in shown


def test_a_finding_is_entered_with_its_file(ready: Path, xunjian: Xunjian) -> None:
    (ready / "截图.png").write_bytes(b"picture")
    given = ("findings", "add", "a3", "HD-01", "--window", "2026-10-12", "--by", "张丨三", "--title", "=1+1丨“标题”🎉")
    ran = xunjian(*given, "--text", "无法留言，电话13812345678", "--evidence", "截图.png")
    assert (ran.status, ran.err) == (0, "")
    assert "138****5678" in ran.out
    assert "截图.png（1 KB，SHA-256 " in ran.out
    assert [each.read_bytes() for each in (ready / "evidence" / "attachments").rglob("*.png")] == [b"picture"]
    shown = xunjian("findings", "show", "a3:HD-01:人工1")
    assert "《=1+1丨“标题”🎉》" in shown.out
    assert "名丨称“引号”🎉" in shown.out
    listed = xunjian("findings", "list", "--account", "a3").out.splitlines()
    assert "a3:HD-01:人工1" in listed[2]
    assert width(listed[2]) < 160
    inspected = xunjian("inspect", "2026-10")
    assert (inspected.status, inspected.err) == (0, "")
    assert "尚未写入文件" not in xunjian("findings", "list").out


def test_what_became_of_a_finding_is_entered(ready: Path, xunjian: Xunjian) -> None:
    given = ("findings", "rectified", "a1:GX-03", "--month", "2026-10", "--by", "张三", "--note", "已恢复更新")
    ran = xunjian(*given, "--result", "已整改", "--on", "2026-11-03")
    assert (ran.status, ran.err) == (0, "")
    assert "张三于2026年11月3日复查，已整改：已恢复更新" in ran.out
    assert ran.out.endswith("以后月份的检查按此写入回头看结果。\n")
    assert "回头看：" in xunjian("findings", "show", "a1:GX-03").out
    early = xunjian(*given, "--result", "未整改", "--on", "2026-11-03")
    assert "整改时限为2026年11月13日，期满前未整改不作为回头看结果" in early.out
    for result, on in (("未能核验", "2026-11-03"), ("已整改", "昨天")):
        assert xunjian(*given, "--result", result, "--on", on).status == 2


def test_for_a_program(ready: Path, xunjian: Xunjian) -> None:
    xunjian("findings", "dismiss", WEEKS[0], "--by", "张三", "--reason", "其他", "--note", "x")
    xunjian("findings", "add", "a3", "NR-02", "--window", "2026-10-12", "--text", "错别字", "--by", "张三")
    record = json.loads(xunjian("findings", "list", "--json").out)
    assert (record["month"], record["is_written"], record["inspection"]["stage"]) == ("2026-10", False, "复核中")
    states = {(each["name"], each["state"]) for each in record["findings"]}
    assert states >= {("a1:GX-03", "已核实"), ("a1:GX-03", "已排除"), ("a3:NR-02:人工1", "已核实")}
    one = json.loads(xunjian("findings", "show", "a1:GX-03", "--json").out)
    assert [(each["name"], each["verdict"], each["judged"]) for each in one["windows"]] == [
        (WEEKS[0], "已排除", "已核实"),
        (WEEKS[1], "已核实", "已核实"),
    ]
    assert one["decisions"][0]["reason"] == "其他"
    posts = json.loads(xunjian("findings", "show", "a1:YC-01", "--json").out)["windows"][0]["posts"]
    assert posts[0]["title"].startswith("关于p")
    entered = json.loads(xunjian("findings", "show", "a3:NR-02", "--json").out)["entered"]
    assert (entered[0]["name"], entered[0]["files"]) == ("a3:NR-02:人工1", [])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(("list", "--state", "待核"), "--state 的“待核”不能用，是否为“待复核”；应为", id="a state"),
        pytest.param(("list", "--code", "GX3"), "没有“GX3”这个问题编号", id="a code"),
        pytest.param(("list", "2026-13"), "检查月份“2026-13”写法不正确", id="a month"),
        pytest.param(("dismiss", "a1:GX-03", "--by", "张三"), "--reason 不能为空；应为实际已发布、", id="no reason"),
        pytest.param(("confirm", "a1:GX-03"), "--by 不能为空", id="nobody"),
        pytest.param(("confirm", "a1:GX-03", "--severity", "提醒"), "应为否决、通报、提示之一", id="a severity"),
        pytest.param(("confirm",), "缺少参数 问题", id="nothing"),
        pytest.param(("rectified", "a1:GX-03", "--result", "已整改"), "--on 的“”不是日期", id="no day"),
    ],
)
def test_wrong_usage(ready: Path, xunjian: Xunjian, arguments: tuple[str, ...], sentence: str) -> None:
    ran = xunjian("findings", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
