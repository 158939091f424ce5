from datetime import date
from pathlib import Path

import pytest

from console.errors import FileError, RegistryError
from console.registry import read_registry
from console.registry.columns import COLUMNS
from monitor.values import Account, AccountState, Platform, SourceAddress
from tests.console.registries import HEADER, TODAY, with_column, written

GOOD = "GX-001,高县发布,微信公众号,高县人民政府办公室"
FULL = (
    "GX-001,高县发布,微信公众号,高县人民政府办公室,宜宾市人民政府办公室,是,"
    "feed:https://a.cn/1 https://a.cn/2,停更公告中,2020-08-29,2020-09-01,2026-10-01,2026-11-01,县政府办、高县,张三,0831-5400000,备注"
)


def read(path: Path) -> list[Account]:
    return read_registry(path, TODAY)


def problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(RegistryError) as caught:
        read(path)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_every_column(tmp_path: Path) -> None:
    (account,) = read(written(tmp_path, ",".join(COLUMNS), FULL))
    assert account == Account(
        account_id="GX-001",
        name="高县发布",
        platform=Platform.WECHAT,
        organizer="高县人民政府办公室",
        supervisor="宜宾市人民政府办公室",
        main=True,
        addresses=(SourceAddress(url="https://a.cn/1", kind="feed"), SourceAddress(url="https://a.cn/2")),
        state=AccountState.CLOSING,
        opened=date(2020, 8, 29),
        filed=date(2020, 9, 1),
        closing_notice=date(2026, 10, 1),
        closed=date(2026, 11, 1),
        aliases=("县政府办", "高县"),
        contact="张三",
        phone="0831-5400000",
        note="备注",
    )


def test_required_columns_alone_are_enough_in_any_order(tmp_path: Path) -> None:
    (account,) = read(written(tmp_path, "主办单位,平台,账号编号,账号名称", "办公室,抖音,1,甲"))
    assert account == Account(account_id="1", name="甲", platform=Platform.DOUYIN, organizer="办公室")


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"],
)
@pytest.mark.parametrize(("delimiter", "end"), [(",", "\r\n"), ("\t", "\n"), (";", "\r\n"), ("，", "\n")])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    lines = [line.replace(",", delimiter) for line in (HEADER, GOOD)]
    (account,) = read(written(tmp_path, *lines, encoding=encoding, end=end))
    assert (account.name, account.organizer) == ("高县发布", "高县人民政府办公室")


def test_a_semicolon_between_aliases_is_no_delimiter(tmp_path: Path) -> None:
    (account,) = read(written(tmp_path, f"{HEADER},别名", 'A,甲,抖音,乙,"甲;乙；丙、 丁 ;甲"'))
    assert account.aliases == ("甲", "乙", "丙", "丁")


def test_header_below_a_title_and_blank_lines(tmp_path: Path) -> None:
    path = written(tmp_path, "高县政务新媒体备案台账,,,", "", "填表单位：办公室,,,", HEADER, GOOD, ",,,", "")
    assert [account.account_id for account in read(path)] == ["GX-001"]


def test_header_beyond_the_tenth_row_is_not_found(tmp_path: Path) -> None:
    path = written(tmp_path, *["说明,说明"] * 10, HEADER, GOOD)
    (problem,) = problems(path)
    assert "没有找到表头，第一行应为：账号编号、" in problem


def test_header_names_may_hold_spaces_and_breaks(tmp_path: Path) -> None:
    assert read(written(tmp_path, '账号编号 ,"账号\n名称",\u200b平台,主办　单位', GOOD))


@pytest.mark.parametrize(
    ("column", "value", "attribute", "expected"),
    [
        pytest.param("主账号", "是", "main", True, id="main"),
        pytest.param("主账号", " 否 ", "main", False, id="not main, with spaces"),
        pytest.param("主账号", "", "main", False, id="main left empty"),
        pytest.param("状态", "", "state", AccountState.ACTIVE, id="state left empty"),
        pytest.param("状态", "已注销", "state", AccountState.CLOSED, id="closed"),
        pytest.param("开设日期", "2020-08-29", "opened", date(2020, 8, 29), id="ISO"),
        pytest.param("开设日期", "2020-8-9", "opened", date(2020, 8, 9), id="ISO, short"),
        pytest.param("开设日期", "2020/8/29", "opened", date(2020, 8, 29), id="slashes"),
        pytest.param("开设日期", "2020.8.29", "opened", date(2020, 8, 29), id="points"),
        pytest.param("开设日期", "2020年8月29日", "opened", date(2020, 8, 29), id="Chinese"),
        pytest.param("开设日期", "2020 年 8 月 29 日", "opened", date(2020, 8, 29), id="Chinese with spaces"),
        pytest.param("开设日期", "２０２０－０８－２９", "opened", date(2020, 8, 29), id="full-width"),
        pytest.param("开设日期", "20200829", "opened", date(2020, 8, 29), id="eight digits"),
        pytest.param("开设日期", "2020-08-29 00:00:00", "opened", date(2020, 8, 29), id="midnight"),
        pytest.param("开设日期", "2026-11-22", "opened", TODAY, id="opened today"),
        pytest.param("注销日期", "2027-01-01", "closed", date(2027, 1, 1), id="to be closed"),
        pytest.param("采集地址", "", "addresses", (), id="no address"),
        pytest.param(
            "采集地址",
            '"feed：https：//a.cn/1\nhttps://a.cn/2；https://a.cn/3, https://a.cn/4;feed:https://a.cn/5　https://a.cn/1"',
            "addresses",
            (
                SourceAddress(url="https://a.cn/1", kind="feed"),
                *(SourceAddress(url=f"https://a.cn/{number}") for number in (2, 3, 4)),
                SourceAddress(url="https://a.cn/5", kind="feed"),
            ),
            id="addresses between every kind of separator, one twice",
        ),
        pytest.param(
            "采集地址",
            '"https://a.cn/a,b;c?d=1,2"',
            "addresses",
            (SourceAddress(url="https://a.cn/a,b;c?d=1,2"),),
            id="a comma inside a URL",
        ),
        pytest.param("联系电话", "013800138000", "phone", "013800138000", id="digits stay"),
        pytest.param("备注", '"一\r\n二\r三"', "note", "一\n二\n三", id="line breaks in a note"),
        pytest.param("备注", "\"=cmd|' /C calc'!A0\"", "note", "=cmd|' /C calc'!A0", id="a formula is text"),
        pytest.param("备注", "'=1+1", "note", "=1+1", id="a neutralised formula"),
        pytest.param("备注", "''=1+1", "note", "'=1+1", id="a genuine apostrophe before a formula"),
        pytest.param("备注", "'引文'", "note", "'引文'", id="apostrophes elsewhere"),
        pytest.param("备注", "\ufeff 一\u200b二 \x07", "note", "一二", id="invisible characters"),
        pytest.param("联系人", '"张\n三"', "contact", "张三", id="a break inside a Chinese name"),
        pytest.param("联系人", '"John\nDoe"', "contact", "John Doe", id="a break between Western words"),
    ],
)
def test_good_cells(tmp_path: Path, column: str, value: str, attribute: str, expected: object) -> None:
    (account,) = read(written(tmp_path, *with_column(column, value)))
    assert getattr(account, attribute) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("ＧＸ－００１", "GX-001"), (" a_b ", "a_b"), ("1001.0", "1001"), ("007", "007"), ("'-7", "-7")],
)
def test_good_ids(tmp_path: Path, raw: str, expected: str) -> None:
    (account,) = read(written(tmp_path, HEADER, f"{raw},甲,抖音,乙"))
    assert account.account_id == expected


BAD_CELLS = [
    pytest.param("平台", "微信号", "“微信号”不认识，是否为“微信公众号”，可填：微信公众号、", id="platform, nearest"),
    pytest.param("平台", "推特", "“推特”不认识，可填：微信公众号、", id="platform, nothing like it"),
    pytest.param("平台", "", "必填，现在是空的", id="no platform"),
    pytest.param("账号名称", "  ", "必填，现在是空的", id="no name"),
    pytest.param("主办单位", "\u200b", "必填，现在是空的", id="an organizer that is invisible"),
    pytest.param("账号编号", "", "必填，现在是空的", id="no id"),
    pytest.param("账号编号", "高县1", "“高县1”只能由字母、数字、- 和 _ 组成", id="Chinese in an id"),
    pytest.param("账号编号", "a b", "只能由字母、数字", id="space in an id"),
    pytest.param("账号编号", "1.5", "只能由字母、数字", id="a fraction for an id"),
    pytest.param("账号编号", "1.23E+11", "是被 Excel 改成的科学计数", id="an id in scientific notation"),
    pytest.param("账号编号", "x" * 65, "最多 64 个", id="a long id"),
    pytest.param("主账号", "对", "“对”不认识，可填：是、否", id="main"),
    pytest.param("状态", "注销", "“注销”不认识，是否为“已注销”，可填：正常、停更公告中、已注销", id="state"),
    pytest.param("开设日期", "2026-11-23", "2026-11-23 在今天（2026-11-22）之后", id="opened tomorrow"),
    pytest.param("开设日期", "2026-02-30", "没有“2026-02-30”这一天，应为 2020-08-29 这样的", id="30 February"),
    pytest.param("开设日期", "2026-13-01", "没有“2026-13-01”这一天", id="month 13"),
    pytest.param("开设日期", "20261301", "没有“20261301”这一天", id="month 13, eight digits"),
    pytest.param("开设日期", "2020年8月", "“2020年8月”缺少月或日", id="no day"),
    pytest.param("开设日期", "2020", "“2020”缺少月或日", id="a year"),
    pytest.param("开设日期", "20-08-29", "“20-08-29”不是日期", id="two digits of a year"),
    pytest.param("开设日期", "29/8/2020", "“29/8/2020”不是日期", id="day first"),
    pytest.param("开设日期", "44072", "像是 Excel 的日期序号", id="serial number"),
    pytest.param("备案日期", "长期", "“长期”不是日期", id="a word"),
    pytest.param("注销日期", "0202-08-29", "年份 202 不合常理", id="a slip in the year"),
    pytest.param("停更公告日期", "2999-01-01", "年份 2999 不合常理", id="far future"),
    pytest.param("采集地址", "www.a.cn/rss", "“www.a.cn/rss”不是网址", id="no scheme"),
    pytest.param(
        "采集地址", "douyin:https://www.douyin.com/user/1", "douyin 不能采集", id="a kind that cannot be read"
    ),
    pytest.param("采集地址", "rss:https://a.cn/", "来源类别 rss 不认识", id="an unknown kind"),
    pytest.param("联系电话", "1.38E+10", "原号码已丢失", id="a phone in scientific notation"),
    pytest.param("备注", "字" * 10_001, "有 10001 个字，超过 10000 个字", id="a long note"),
]


@pytest.mark.parametrize(("column", "value", "cause"), BAD_CELLS)
def test_bad_cells(tmp_path: Path, column: str, value: str, cause: str) -> None:
    cells = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | {column: value}
    (problem,) = problems(
        written(tmp_path, ",".join(cells), GOOD.replace("GX-001", "GX-000") + ",", ",".join(cells.values()))
    )
    assert problem.startswith(f"accounts.csv：第3行“{column}”：")
    assert cause in problem
    assert problem.endswith("。")
    assert "\n" not in problem


def test_days_that_contradict_one_another(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER},开设日期,停更公告日期,注销日期", f"{GOOD},2022-01-02,2022-01-01,2021-01-01")
    first, second = problems(path)
    assert "“停更公告日期”：2022-01-01 早于开设日期 2022-01-02" in first
    assert "“注销日期”：2021-01-01 早于开设日期" in second


def test_every_bad_row_is_named(tmp_path: Path) -> None:
    lines = [f"A{number},甲,{'抖音' if number % 2 else '音抖'},乙" for number in range(50)]
    found = problems(written(tmp_path, HEADER, *lines))
    assert [problem.split("“")[0] for problem in found] == [f"accounts.csv：第{number}行" for number in range(2, 52, 2)]


def test_every_bad_cell_of_a_row_is_named(tmp_path: Path) -> None:
    found = problems(written(tmp_path, f"{HEADER},主账号,采集地址", ",,,,x,a b"))
    assert len(found) == 7
    assert {problem.split("“")[1].split("”")[0] for problem in found} == {*HEADER.split(","), "主账号", "采集地址"}


def test_a_repeated_id_names_both_rows(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, HEADER, GOOD, GOOD.replace("GX-001", "B"), GOOD))
    assert problem.startswith("accounts.csv：第4行“账号编号”：“GX-001”与第2行重复")


def test_an_id_is_repeated_also_where_its_rows_are_bad(tmp_path: Path) -> None:
    found = problems(written(tmp_path, HEADER, "A,甲,x,乙", "Ａ,甲,抖音,乙"))
    assert len(found) == 2
    assert "“A”与第2行重复" in found[1]


def test_line_breaks_in_cells_are_counted_in_rows_and_in_lines(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER},备注", f'{GOOD},"一\n二\n三"', "A,甲,x,乙,")
    (problem,) = problems(path)
    assert problem.startswith("accounts.csv：第3行（文本第5行）“平台”：")


@pytest.mark.parametrize(
    ("lines", "causes"),
    [
        pytest.param(["编号,名称", "1,2"], ["没有找到表头", "现在是：编号、名称"], id="no column is known"),
        pytest.param(["1,甲,抖音,乙"], ["没有找到表头"], id="no header"),
        pytest.param([""], ["文件是空的，没有表头"], id="empty"),
        pytest.param(["账号编号,账号名称,平台"], ["第1行缺少必填的列“主办单位”"], id="a column is missing"),
        pytest.param(
            ["帐号编号,账号名称,平台,主办单位"],
            ["第1行的列“帐号编号”不认识，是否为“账号编号”", "缺少必填的列“账号编号”"],
            id="a mistyped column",
        ),
        pytest.param([f"{HEADER},粉丝数"], ["第1行的列“粉丝数”不认识，不需要的列请删去"], id="an unknown column"),
        pytest.param([f"{HEADER},平台"], ["第1行的列“平台”出现了两次（第3列和第5列）"], id="a column twice"),
        pytest.param([HEADER, f"{GOOD},多出来的"], ["第2行第5列有内容，但表头该列没有列名"], id="a cell too many"),
        pytest.param([f"{HEADER},", f"{GOOD},x"], ["第2行第5列有内容"], id="a column without a name"),
        pytest.param([HEADER, 'A,"甲,抖音,乙'], ["第2行起有双引号没有成对"], id="an open quotation mark"),
        pytest.param([HEADER, 'A,"甲"乙,抖音,乙'], ["第2行的双引号用法不对"], id="a quotation mark inside"),
        pytest.param([HEADER, f'A,"{"甲" * 140_000}",抖音,乙'], ["第2行有一个单元格过长"], id="an endless cell"),
    ],
)
def test_bad_tables(tmp_path: Path, lines: list[str], causes: list[str]) -> None:
    found = problems(written(tmp_path, *lines))
    assert len(found) == (len(causes) if "没有找到" not in causes[0] else 1)
    for cause in causes:
        assert any(cause in problem for problem in found)
    assert all(problem.startswith("accounts.csv：") and problem.endswith("。") for problem in found)


def test_an_empty_named_column_is_left_out(tmp_path: Path) -> None:
    assert read(written(tmp_path, f"{HEADER},,", f"{GOOD},, "))


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        pytest.param(b"\xff\xfe\x00\xd8x", "不是 UTF-8 或 GBK", id="broken UTF-16"),
        pytest.param(b"\x00\x01\x02\x03" * 9, "不是 UTF-8 或 GBK", id="binary"),
        pytest.param("账号编号".encode() + b"\xff\xff", "不是 UTF-8 或 GBK", id="broken UTF-8"),
        pytest.param("账号编号".encode("utf-16-le"), "没有找到表头", id="UTF-16 without a mark"),
        pytest.param(b"", "文件是空的", id="nothing"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "旧的 XLS 格式", id="old Excel"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "有打开密码",
            id="with a password",
        ),
        pytest.param(b"PK\x03\x04" + bytes(100), "工作簿不完整", id="half a workbook"),
    ],
)
def test_files_that_are_no_table(tmp_path: Path, body: bytes, cause: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(body)
    (problem,) = problems(path)
    assert problem.startswith("a.csv：")
    assert cause in problem


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="无法读取台账"):
        read(tmp_path / "absent.csv")


def test_a_header_alone_is_an_empty_registry(tmp_path: Path) -> None:
    assert read(written(tmp_path, ",".join(COLUMNS), encoding="utf-8-sig")) == []


def test_ten_thousand_rows(tmp_path: Path) -> None:
    lines = [f"A{number},名称{number},微信公众号,单位{number}" for number in range(10_000)]
    accounts = read(written(tmp_path, HEADER, *lines, encoding="gbk"))
    assert len(accounts) == 10_000
    assert accounts[-1].account_id == "A9999"


def test_too_many_rows(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, HEADER, *["A,甲,抖音,乙"] * 100_001))
    assert "台账超过 100000 行" in problem
