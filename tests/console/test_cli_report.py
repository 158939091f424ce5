"""report: a unit's own list of posts, taken in from a file."""

from pathlib import Path

import pytest

from tests.console.conftest import HEADER, Xunjian
from tests.console.registries import written

COLUMNS = "账号编号,发布时间,标题,链接,原创"
GOOD = "A,2026-10-05 09:30,国庆假期出行提示,https://mp.weixin.qq.com/s/abcdefgh1,是"


@pytest.fixture
def county(office: Path, xunjian: Xunjian) -> Path:
    written(office, HEADER, "A,高县发布,微信公众号,县政府办", "B,乙,抖音,单位")
    assert xunjian("accounts", "import", "accounts.csv").status == 0
    return office


def test_a_report_is_taken_in(county: Path, xunjian: Xunjian) -> None:
    written(county, COLUMNS, GOOD, name="上报.csv", encoding="gbk")
    ran = xunjian("report", "上报.csv", "--by", "张三")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "A “高县发布”（微信公众号）：上报1条，其中新信息1条。",
        "已导入1条；下次采集（xunjian collect）时会逐条打开链接核实，核实之前不计入发布条数。",
    ]
    listed = xunjian("posts", "list", "A", "--month", "2026-10").out
    assert "国庆假期出行提示" in listed
    assert "仅见于自查上报" in listed


def test_bad_rows_are_named_and_the_others_taken(county: Path, xunjian: Xunjian) -> None:
    bad = "C,2026-10-05,联系13800138000,https://mp.weixin.qq.com/s/abcdefgh2,"
    written(county, COLUMNS, GOOD, bad, "A,2026-10-05,甲,见公众号,", name="r.csv")
    ran = xunjian("report", "r.csv")
    assert (ran.status, ran.err) == (3, "")
    lines = ran.out.splitlines()
    assert lines[0] == "A “高县发布”（微信公众号）：上报1条，其中新信息1条。"
    assert "第3行：账号“C”不在备案台账中" in ran.out
    assert "第4行“链接”不是网址（“见公众号”），该行未采用" in ran.out
    assert lines[-1] == "以上2处没有导入；改正后再导入一次即可，已导入的不会重复。"


def test_a_report_of_which_nothing_can_be_used(county: Path, xunjian: Xunjian) -> None:
    written(county, COLUMNS, "C,2026-10-05,甲,https://mp.weixin.qq.com/s/abcdefgh2,", name="r.csv")
    ran = xunjian("report", "r.csv")
    assert ran.status == 3
    assert "已导入" not in ran.out.splitlines()[0]


def test_a_report_with_a_header_alone_says_so(county: Path, xunjian: Xunjian) -> None:
    written(county, COLUMNS, name="r.csv")
    ran = xunjian("report", "r.csv")
    assert (ran.status, ran.err) == (3, "")
    assert ran.out.splitlines() == [
        "表中除表头外没有任何信息，没有可以导入的行，请核对文件是否选错、内容是否已保存。",
        "以上1处没有导入；改正后再导入一次即可，已导入的不会重复。",
    ]


def test_a_report_without_accounts_takes_the_named_one(county: Path, xunjian: Xunjian) -> None:
    written(county, "发布时间,标题,链接", "2026-10-05 09:30,甲,https://mp.weixin.qq.com/s/abcdefgh1", name="r.csv")
    ran = xunjian("report", "r.csv")
    assert (ran.status, ran.out) == (2, "")
    assert "r.csv：表中没有账号一列，不知道是哪个账号的；请加 --account 账号编号，或补上“账号编号”列。" in ran.err
    assert xunjian("report", "r.csv", "--account", "B").out.startswith("B “乙”（抖音）：上报1条")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["none.csv"], "无法读取自查上报表 none.csv：", id="no file"),
        pytest.param(["wrong.csv"], "wrong.csv：自查上报表缺少“发布时间、链接”列", id="wrong columns"),
        pytest.param(["accounts.csv", "--account", "Z"], "账号编号“Z”不在备案台账中", id="no account"),
        pytest.param([], "缺少参数 文件", id="nothing"),
        pytest.param(["."], "无法读取自查上报表 .：", id="a folder"),
    ],
)
def test_usage_errors(county: Path, xunjian: Xunjian, arguments: list[str], sentence: str) -> None:
    written(county, "账号编号,标题", "A,甲", name="wrong.csv")
    ran = xunjian("report", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
