"""inspections: the versions of a month and their stages, from the command line."""

import json
from pathlib import Path

import pytest

from tests.console.conftest import HEADER, Ran, Xunjian
from tests.console.registries import written

MONTH = "2025-10"
WRITTEN = Path("inspections") / MONTH / "inspection.json"


@pytest.fixture
def county(office: Path, xunjian: Xunjian) -> Path:
    """Two accounts of which nothing was seen."""
    written(office, HEADER, "A,高县发布,微信公众号,县政府办", "B,乙,抖音,单位")
    assert xunjian("accounts", "import", "accounts.csv").status == 0
    return office


@pytest.fixture
def inspected(county: Path, xunjian: Xunjian) -> Path:
    assert xunjian("inspect", MONTH).status == 0
    return county


def stage(folder: Path) -> str:
    found: str = json.loads((folder / WRITTEN).read_text(encoding="utf-8"))["stage"]
    return found


def told(ran: Ran) -> str:
    """The one sentence of a command that refused."""
    assert (ran.status, ran.out) == (2, "")
    (line,) = ran.err.splitlines()
    assert line.endswith("。")
    return line


def test_a_month_is_brought_from_draft_to_public(inspected: Path, xunjian: Xunjian) -> None:
    ran = xunjian("inspections", "review", MONTH, "--by", "张三")
    assert (ran.status, ran.out) == (0, "2025-10 的检查（第1版）现为“复核中”。\n")
    ran = xunjian("inspections", "finalize", MONTH, "--by", "张三", "--note", "会议审定")
    assert (ran.status, ran.err) == (0, "")
    assert "本次为第1版，状态为“已定稿”。" in ran.out
    assert stage(inspected) == "已定稿"
    ran = xunjian("inspections", "publish", MONTH, "--by", "李四")
    assert (ran.status, ran.out) == (0, "2025-10 的检查（第1版）现为“已公开”。\n")
    assert stage(inspected) == "已公开"
    ran = xunjian("inspect", MONTH)
    assert ran.status == 0
    assert "重新判定与定稿完全相同" in ran.out
    assert stage(inspected) == "已公开"


def test_a_correction_is_shown_beside_what_it_corrects(inspected: Path, xunjian: Xunjian) -> None:
    xunjian("inspections", "finalize", MONTH, "--by", "张三")
    ran = xunjian("inspections", "correct", MONTH, "--by", "王五", "--why", "更正单位 13812341234")
    assert "本次为第2版，状态为“草稿”。" in ran.out
    assert (inspected / "inspections" / "versions" / f"{MONTH}-1" / "summary.csv").exists()
    shown = xunjian("inspections", "show", MONTH).out
    assert "2025-10 第1版：已定稿，计入累计和通报的是这一版" in shown
    assert "2025-10 第2版：草稿" in shown
    assert "更正单位 138****1234" in shown
    first, second = json.loads(xunjian("inspections", "show", MONTH, "--json").out)
    assert (first["version"], first["stage"], first["accounts"], first["results"]["未能核验"]) == (1, "已定稿", 2, 2)
    assert [each["by"] for each in first["stages"]] == ["张三"]
    assert (second["version"], second["why"]) == (2, "更正单位 138****1234")
    xunjian("inspections", "finalize", MONTH, "--by", "张三")
    shown = xunjian("inspections", "show", MONTH).out
    assert "2025-10 第1版：已定稿（已由第2版取代）\n" in shown
    assert "2025-10 第2版：已定稿，计入累计和通报的是这一版\n" in shown
    first, second = xunjian("inspections", "list").out.splitlines()[1:3]
    assert (first.split()[2], second.split()[2]) == ("已定稿（已由第2版取代）", "已定稿")


def test_all_months_are_listed_with_what_they_count(inspected: Path, xunjian: Xunjian) -> None:
    assert xunjian("inspect", "2025-11").status == 0
    xunjian("inspections", "finalize", MONTH, "--by", "张三")
    ran = xunjian("inspections", "list")
    assert ran.status == 0
    header, first, second, last = ran.out.splitlines()
    assert header.split()[:6] == ["月份", "版次", "状态", "时间", "经办人", "账号"]
    assert first.split()[:3] == ["2025-10", "1", "已定稿"]
    assert "张三" in first
    assert second.split()[:3] == ["2025-11", "1", "草稿"]
    assert last == "共 2 个月，2 个版本。"
    listed = json.loads(xunjian("inspections", "list", "--json").out)
    assert [(each["month"], each["stage"]) for each in listed] == [("2025-10", "已定稿"), ("2025-11", "草稿")]


def test_without_any_inspection_nothing_is_listed(county: Path, xunjian: Xunjian) -> None:
    assert county.exists()
    assert xunjian("inspections", "list").out == "还没有检查记录；请运行 xunjian inspect 年-月。\n"
    assert xunjian("inspections", "list", "--json").out == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(("show", "2025-13"), "写法不正确", id="no month"),
        pytest.param(("show", "2025-09"), "没有检查记录", id="nothing to show"),
        pytest.param(("review", "2025-09", "--by", "张三"), "没有检查记录", id="nothing to review"),
        pytest.param(("finalize", "2025-09", "--by", "张三"), "没有检查记录", id="nothing to finalize"),
        pytest.param(("finalize", "2099-01", "--by", "张三"), "尚未开始", id="a month to come"),
        pytest.param(("finalize", MONTH), "--by 不能为空", id="nobody finalizes"),
        pytest.param(("review", MONTH, "--by", " "), "--by 不能为空", id="nobody reviews"),
        pytest.param(("publish", MONTH, "--by", "张三"), "定稿后才能公开", id="publishes a draft"),
        pytest.param(("correct", MONTH, "--by", "张三", "--why", "错"), "不用更正", id="corrects a draft"),
        pytest.param(("correct", MONTH, "--by", "张三"), "--why 不能为空", id="corrects for no reason"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    inspected: Path, xunjian: Xunjian, arguments: tuple[str, ...], sentence: str
) -> None:
    assert sentence in told(xunjian("inspections", *arguments))
    assert stage(inspected) == "草稿"


def test_looking_back_does_not_overwrite_final_files(inspected: Path, xunjian: Xunjian) -> None:
    xunjian("inspections", "finalize", MONTH, "--by", "张三")
    assert "--out" in told(xunjian("inspect", MONTH, "--as-of", "2025-11-05T10:00"))
    assert stage(inspected) == "已定稿"
    assert xunjian("inspect", MONTH, "--as-of", "2025-11-05T10:00", "--out", "回看").status == 0
