"""posts list, show and mark: what a person reads and what a program reads."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.config import load
from console.offices import opened_office
from console.show.changes import change_lines
from monitor.values import Article, Credit, CreditKind, Precision, Stated
from monitor.visits import Outcome, PageVisit
from storage.pages import save_page
from storage.posts import Revision
from tests.console.conftest import HEADER, Xunjian
from tests.console.registries import written
from tests.monitor.builders import ZONE, moment, post
from tests.schedules.offices import an_item, seen

LINK = "https://county.example/k.html"
TEXT = "县政府召开会议。\n研究部署防火工作，联系电话13800138000。\n会议由县长主持。"


@pytest.fixture
def county(office: Path, xunjian: Xunjian) -> Path:
    """Two accounts; A's post was edited once and its page read, both list one more."""
    lines = (
        f"{HEADER},采集地址",
        "A,高县发布,微信公众号,县政府办,http://127.0.0.1:9/a",
        "B,乙,抖音,单位,http://127.0.0.1:9/b",
    )
    written(office, *lines)
    assert xunjian("accounts", "import", "accounts.csv").status == 0
    with opened_office(load(office / "xunjian.toml")) as opened:
        both = an_item("both", "10-06 09:30", "两家都发")
        reported = an_item("told", "10-07 09:30", "上报的一条", reported=True)
        credits_ = (Credit(kind=CreditKind.SOURCE, label="来源", value="新华社"),)
        first = an_item("k", "10-05 09:30", "关于13800138000的通知", text=TEXT, url=LINK)
        later = an_item(
            "k", "10-04 09:30", "关于防火的通知", text=TEXT.replace("县长", "副县长"), credits=credits_, url=LINK
        )
        seen(opened, "A", "10-08 10:00", first, both, reported)
        seen(opened, "B", "10-08 10:00", both)
        seen(opened, "A", "10-09 10:00", later)
        stated = Stated(at=moment("10-04 09:30"), precision=Precision.MINUTE, raw="2026-10-04 09:30", form="y-m-d")
        page = PageVisit(
            account_id="A",
            key="k",
            url="https://county.example/k.html",
            lane="county.example",
            started_at=moment("10-10 10:00"),
            ended_at=moment("10-10 10:00") + timedelta(seconds=1),
            outcome=Outcome.NEW,
            status=200,
            article=Article(title="关于防火的通知", stated=stated, text="页面正文", account="高县发布"),
        )
        gone = PageVisit(
            account_id="A",
            key="both",
            url="https://county.example/both",
            lane="county.example",
            started_at=moment("10-11 10:00"),
            ended_at=moment("10-11 10:00"),
            outcome=Outcome.GONE,
            reason="该内容已被发布者删除。",
            status=200,
        )
        for each in (page, gone):
            with opened.database.begin() as session:
                save_page(session, each, opened.zone)
    return office


def test_a_month_is_listed_with_class_reason_state_and_key(county: Path, xunjian: Xunjian) -> None:
    ran = xunjian("posts", "list", "A", "--month", "2026-10")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "“高县发布”（微信公众号） A，2026-10-01 至 2026-10-31，共3条信息"
    assert lines[1] == "  1 2026-10-04 09:30  转载    关于防火的通知"
    assert lines[2] == "      文中来源“新华社”，非本单位；发布时间被改动"
    assert lines[3] == "      键 k"
    assert any(line.endswith("仅见于自查上报") for line in lines)
    assert lines[-1] == "原创0条，转载1条，未判定2条。"


def test_a_month_for_a_program(county: Path, xunjian: Xunjian) -> None:
    record = json.loads(xunjian("posts", "list", "A", "--month", "2026-10", "--json").out)
    assert (record["account_id"], record["period"]) == ("A", ["2026-10-01", "2026-10-31"])
    assert [(each["key"], each["originality"]) for each in record["posts"]] == [
        ("k", "转载"),
        ("both", "未判定"),
        ("told", "未判定"),
    ]
    assert record["posts"][2]["flags"] == ["仅见于自查上报"]


def test_a_post_that_came_back_was_deleted_before() -> None:
    gone = replace(post("10-05 09:30"), deleted_at=moment("10-09"))
    versions = [
        Revision(known_from=moment("10-05 10:00"), post=gone, text=""),
        Revision(known_from=moment("10-12 10:00"), post=replace(gone, deleted_at=None), text=""),
    ]
    lines = list(change_lines(versions, moment("10-05 10:00"), ZONE, None))
    assert lines[-2:] == ["  2026-10-12 10:00 看到改动：", "    页面 由 “已删除” 改为 “已恢复”"]


def test_a_month_without_posts(county: Path, xunjian: Xunjian) -> None:
    ran = xunjian("posts", "list", "B", "--month", "2026-01")
    assert ran.status == 0
    assert "这个月没有采集到信息" in ran.out


def test_one_post_with_all_its_versions(county: Path, xunjian: Xunjian) -> None:
    ran = xunjian("posts", "show", "k")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "标题      关于防火的通知"
    assert "所属账号  A “高县发布”（微信公众号），县政府办" in lines
    assert "信息页面  2026-10-10 10:00 读到：标题《关于防火的通知》，时间“2026-10-04 09:30”，高县发布，正文4字" in lines
    at = next(number for number, line in enumerate(lines) if line.startswith("版本（共"))
    changes = "\n".join(lines[at:])
    assert "  2026-10-08 10:00 首次看到\n  2026-10-09 10:00 看到改动：\n" in changes
    assert "    标题 由 “关于138****8000的通知” 改为 “关于防火的通知”" in changes
    assert (
        "    发布时间 由 “2026-10-05 09:30（原文 10-05 09:30）” 改为 “2026-10-04 09:30（原文 10-04 09:30）”" in changes
    )
    assert "    署名 由 （空） 改为 “来源：新华社（正文）”" in changes
    assert "      - 会议由县长主持。\n      + 会议由副县长主持。" in changes
    assert "13800138000" not in ran.out


def test_one_post_for_a_program(county: Path, xunjian: Xunjian) -> None:
    record = json.loads(xunjian("posts", "show", "https://county.example/k.html", "--json").out)
    assert record["key"] == "k"
    assert [each["title"] for each in record["revisions"]][:2] == ["关于138****8000的通知", "关于防火的通知"]
    assert record["revisions"][0]["known_from"] == "2026-10-08T02:00:00+00:00"
    assert record["page"]["account_name"] == "高县发布"
    assert (record["near"], record["decisions"]) == ([], [])


def test_a_proof_of_deletion_and_a_report_are_told(county: Path, xunjian: Xunjian) -> None:
    gone = xunjian("posts", "show", "both", "--account", "A").out
    assert "最近打开  2026-10-11 10:00 页面已不存在 该内容已被发布者删除。" in gone
    assert "删除证据  2026-10-11 10:00 页面第一次表明已被删除；另一日再次表明，才认定为删除" in gone
    told = xunjian("posts", "show", "told").out
    assert "自查上报  单位自查上报，页面尚未核实，暂不计入发布条数" in told
    assert "信息页面  还没有打开过" in told
    assert "首次看到，此后没有改动" in told


def test_a_decision_is_kept_shown_and_used(county: Path, xunjian: Xunjian) -> None:
    ran = xunjian("posts", "mark", "k", "--original", "--by", "张三", "--why", "本单位供稿")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "已记录：账号 A 的《关于防火的通知》由 张三 判定为原创，理由：本单位供稿。此后的检查都按此判定。\n"
    )
    again = xunjian("posts", "mark", "https://county.example/k.html", "--repost", "--by", "李四", "--why", "核实为转载")
    assert again.status == 0
    assert "此前的判定保留在记录中，不再使用：" in again.out
    shown = xunjian("posts", "show", "k").out
    assert "原创判定  转载（人工修正：核实为转载（李四））" in shown
    assert shown.index("张三 判定为原创：本单位供稿") < shown.index("李四 判定为转载：核实为转载")
    assert "转载1条" in xunjian("posts", "list", "A", "--month", "2026-10").out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(
            "mark k --by 张三 --why 是",
            "请在 --original（原创）和 --repost（转载）中写明一个，且只写一个。",
            id="no verdict",
        ),
        pytest.param("mark k --original --repost --by 张三 --why 是", "且只写一个。", id="two verdicts"),
        pytest.param("mark k --original --why 是", "--by 不能为空；请写明作出判定的人的姓名。", id="nobody"),
        pytest.param("mark k --original --by 张三", "--why 不能为空；请写明判定的理由。", id="no reason"),
        pytest.param(
            "mark both --original --by 张三 --why 是", "有2个账号发布过“both”：A、B；请加 --account", id="several"
        ),
        pytest.param(
            "mark toldd --original --by 张三 --why 是", "最接近的是账号 A 的《上报的一条》（told）", id="mistyped"
        ),
        pytest.param("mark k --original --by 张三 --why 是 --account Z", "账号编号“Z”不在备案台账中", id="no account"),
        pytest.param("mark", "缺少参数 信息", id="nothing"),
        pytest.param("show zzzzzzzz", "没有键或链接为“zzzzzzzz”的信息", id="no post"),
        pytest.param("list Z", "账号编号“Z”不在备案台账中", id="no account to list"),
        pytest.param("list A --month 2026-13", "检查月份“2026-13”写法不正确", id="no month"),
    ],
)
def test_usage_errors(county: Path, xunjian: Xunjian, arguments: str, sentence: str) -> None:
    ran = xunjian("posts", *arguments.split())
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
