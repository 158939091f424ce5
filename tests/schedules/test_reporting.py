"""Self-reports taken in from a file: good rows are kept as reported, bad ones named, nothing is proven."""

import io

import pytest
from openpyxl import Workbook

from monitor.values import Flag, Platform
from schedules.collect import collect
from schedules.office import Office, RequestError
from schedules.posts import posts_of_month
from schedules.reporting import Imported, import_report
from storage.coverage import coverage_of
from storage.sources import sources_of
from storage.visits import visits_between
from tests.monitor.builders import moment
from tests.schedules.offices import an_account, an_item, register, seen, stopped

HEADER = "账号编号,平台,发布时间,标题,链接,原创"
GOOD = "a1,,2026-10-05 09:30,国庆假期出行提示,https://mp.weixin.qq.com/s/abcdefgh1,是"


@pytest.fixture
def ready(office: Office) -> Office:
    register(
        office,
        an_account("a1", name="高县发布"),
        an_account("a2", name="高县融媒"),
        an_account("w1", name="平安高县"),
        an_account("w2", name="平安高县", platform=Platform.WEIBO),
    )
    return office


def taken(office: Office, *rows: str, header: str = HEADER, account_id: str | None = None, by: str = "") -> Imported:
    body = "\r\n".join((header, *rows)).encode("gbk")
    return import_report(office, "上报.csv", body, account_id=account_id, by=by, now=moment("10-20 12:00"))


def posts(office: Office, account_id: str) -> list[tuple[str, frozenset[Flag]]]:
    found = posts_of_month(office, account_id, "2026-10", now=moment("10-25"))
    return [(each.post.title, each.post.flags) for each in found.posts]


def test_good_rows_are_kept_as_reported_and_prove_nothing(ready: Office) -> None:
    found = taken(ready, GOOD, GOOD.replace("a1,", "高县融媒,").replace("abcdefgh1", "abcdefgh2"), by="张三")
    assert [(each.account.account_id, each.items, each.new_posts) for each in found.taken] == [
        ("a1", 1, 1),
        ("a2", 1, 1),
    ]
    assert (found.left_out, found.notes) == ((), ())
    assert posts(ready, "a1") == posts(ready, "a2") == [("国庆假期出行提示", frozenset({Flag.REPORTED}))]
    with ready.database.read() as session:
        (visit,) = visits_between(session, ["a1"], moment("10-01"), moment("11-01"))["a1"]
        assert coverage_of(session, ["a1"], moment("10-01"), moment("11-01"))["a1"] == ()
        assert [each.url for each in sources_of(session, ["a1"])] == ["http://127.0.0.1:9/a1"]
    assert (visit.url, visit.proof, visit.item_count) == ("report:上报.csv", None, 1)
    assert visit.warnings == ("自查上报，由张三导入。",)
    assert posts_of_month(ready, "a1", "2026-10", now=moment("10-25")).posts[0].post.author == ""


def test_the_same_report_twice_gives_no_post_twice(ready: Office) -> None:
    taken(ready, GOOD)
    again = taken(ready, GOOD)
    assert [(each.items, each.new_posts) for each in again.taken] == [(1, 0)]
    assert len(posts(ready, "a1")) == 1


def test_a_post_that_was_seen_already_stays_a_seen_one(ready: Office) -> None:
    seen(ready, "a1", "10-06 10:00", an_item("wechat:s:abcdefgh1", "10-05 09:30", "国庆假期出行提示"))
    found = taken(ready, GOOD)
    assert [(each.items, each.new_posts) for each in found.taken] == [(1, 0)]
    assert posts(ready, "a1") == [("国庆假期出行提示", frozenset())]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        pytest.param(
            "a9,,2026-10-05,甲,https://x.example/1,",
            "第3行：账号“a9”不在备案台账中，是否为“a",
            id="an unknown account",
        ),
        pytest.param(
            "平安高县,,2026-10-05,甲,https://x.example/1,",
            "第3行：台账中有2个账号叫“平安高县”（w1、w2），该行未采用；请改填账号编号，或补上“平台”列。",
            id="several accounts",
        ),
        pytest.param("a1,,2026-10-05,甲,,", "第3行“链接”为空，无法核实，该行未采用", id="no link"),
        pytest.param("a1,,2026-10-05,甲,见公众号,", "第3行“链接”不是网址（“见公众号”），该行未采用", id="no address"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_the_others_are_kept(ready: Office, row: str, sentence: str) -> None:
    found = taken(ready, GOOD, row)
    (said,) = found.left_out
    assert said.startswith(sentence)
    assert said.endswith("。")
    assert [each.account.account_id for each in found.taken] == ["a1"]


def test_the_platform_tells_accounts_of_one_name_apart(ready: Office) -> None:
    found = taken(ready, "平安高县,新浪微博,2026-10-05 09:30,甲,https://weibo.com/1234567890/Nabcdefgh,")
    assert [each.account.account_id for each in found.taken] == ["w2"]


def test_one_link_under_two_accounts_is_a_post_of_each(ready: Office) -> None:
    found = taken(ready, GOOD, GOOD.replace("a1,", "a2,"))
    assert [(each.account.account_id, each.items) for each in found.taken] == [("a1", 1), ("a2", 1)]


def test_a_report_without_accounts_needs_the_option(ready: Office) -> None:
    header, row = "发布时间,标题,链接", "2026-10-05 09:30,甲,https://mp.weixin.qq.com/s/abcdefgh1"
    with pytest.raises(RequestError, match="上报.csv：表中没有账号一列，不知道是哪个账号的；请加 --account"):
        taken(ready, row, header=header)
    assert [each.account.account_id for each in taken(ready, row, header=header, account_id="a2").taken] == ["a2"]


def test_rows_of_another_account_than_the_named_one_are_left_out(ready: Office) -> None:
    found = taken(ready, GOOD, GOOD.replace("a1,", "高县融媒,").replace("abcdefgh1", "abcdefgh2"), account_id="a1")
    assert [each.account.account_id for each in found.taken] == ["a1"]
    assert found.left_out[0].startswith("第3行：账号“高县融媒”不是 --account 指明的")


def test_a_row_without_a_time_is_kept_and_named(ready: Office) -> None:
    found = taken(ready, "a1,,不清楚,甲,https://mp.weixin.qq.com/s/abcdefgh1,")
    assert [each.items for each in found.taken] == [1]
    assert found.left_out == ()
    assert found.notes == ("第2行“发布时间”无法识别（“不清楚”），按无发布时间处理，请按“2026-10-05 09:30”的格式填写。",)


def test_wrong_columns_and_no_table_are_errors_that_name_what_is_expected(ready: Office) -> None:
    with pytest.raises(RequestError, match="上报.csv：自查上报表缺少“链接”列"):
        taken(ready, "a1,2026-10-05,甲", header="账号编号,发布时间,标题")
    with pytest.raises(RequestError, match=r"上报.csv：自查上报表为空。"):
        import_report(ready, "上报.csv", b" ", account_id=None, by="", now=moment("10-20"))
    with pytest.raises(RequestError, match="“b1”不在备案台账中"):
        taken(ready, GOOD, account_id="b1")


@pytest.mark.parametrize("rows", [pytest.param((), id="nothing"), pytest.param((",,,,,", " , "), id="empty-rows")])
def test_a_header_alone_is_said_to_be_one(ready: Office, rows: tuple[str, ...]) -> None:
    found = taken(ready, *rows)
    assert (found.taken, found.notes) == ((), ())
    assert found.left_out == ("表中除表头外没有任何信息，没有可以导入的行，请核对文件是否选错、内容是否已保存。",)


def test_a_column_that_stands_there_twice_is_named(ready: Office) -> None:
    row = "a1,a2,2026-10-05 09:30,甲,https://mp.weixin.qq.com/s/abcdefgh1,,"
    found = taken(ready, row, header="账号编号,账号编号,发布时间,标题,链接,备注,备注")
    assert [each.account.account_id for each in found.taken] == ["a1"]
    assert found.notes == ("第1行有2个“账号编号”列，只采用了第一个，请核对，并删去多余的列后再导入一次。",)


def test_a_workbook_is_read_too(ready: Office) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    sheet.append(GOOD.split(","))
    sheet.append(["a9", "", "2026-10-05", "乙", "https://x.example/1", ""])
    stream = io.BytesIO()
    book.save(stream)
    found = import_report(ready, "上报.xlsx", stream.getvalue(), account_id=None, by="", now=moment("10-20"))
    assert [each.items for each in found.taken] == [1]
    assert found.left_out[0].startswith("第3行：账号“a9”")


def test_no_collection_asks_for_a_report_file(ready: Office) -> None:
    taken(ready, GOOD)
    report = collect(ready, ["a1"], clock=stopped("10-21 10:00"), on_visit=lambda _visit, _done, _total: None)
    assert [visit.url for visit in report.visits] == ["http://127.0.0.1:9/a1"]
