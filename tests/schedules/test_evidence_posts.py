"""Evidence of findings that rest on posts: what was seen, whom it names, the earlier post of another beside it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.likeness import normal_text, runs_of, similarity
from monitor.values import Article, Credit, CreditKind, CreditPlace, Mark, Stated
from monitor.visits import Exchange, Outcome, PageVisit
from schedules.compare import compare_new_posts
from schedules.evidence import archive_of, export, find_findings, prune
from schedules.office import Office
from storage.pages import save_page
from storage.records import keep_page, keep_visit
from storage.visits import save_visit
from tests.monitor.builders import moment
from tests.schedules.offices import a_visit, an_account, an_item, an_office, gaoxian, inspect, register, sources
from tests.schedules.test_evidence import checked, rows

TEXT = (
    "10月12日，全县秋收秋种现场会在文江镇召开。会议要求，各乡镇要抢抓晴好天气，组织农机手跨区作业，确保颗粒归仓。"
    "截至目前，全县已收割水稻32.6万亩，占应收面积的九成以上；油菜育苗1.8万亩，较去年同期增加两千亩。"
    "会议强调，要落实秸秆禁烧责任，推广机械化还田，把补贴资金及时兑付到农户手中；要统筹烘干设备和仓容，做到应收尽收、应储尽储，"
    "同时备足种子和肥料，为小春生产打下基础。"
)
OURS = f"{TEXT}咨询电话13812341234，请各村转告。"
THEIRS = f"{TEXT}（记者李四）联系人13987654321。"
RULES = gaoxian(
    YC_03={"similarity": 80},
    ZZ_01={"enabled": True, "clause": "依据"},
    ZZ_02={"enabled": True, "clause": "依据"},
)


@pytest.fixture
def county(office: Office, tmp_path: Path) -> Office:
    """An account that copied another's post, and one whose repost names nobody; their answers are kept."""
    found = an_office(office.database, evidence=tmp_path / "evidence", policy=RULES)
    register(
        found,
        an_account("a1", name="县融媒", organizer="县融媒体中心"),
        an_account("a2", name="乙镇发布", organizer="乙镇人民政府"),
    )
    looked(found, "a1", "10-12 12:00", an_item("p1", "10-12 09:00", "全县秋收秋种现场会召开", text=THEIRS))
    looked(found, "a2", "10-13 12:00", an_item("p2", "10-13 09:00", text=OURS), an_item("p3", "10-13 10:00"))
    read_page(found, "a2", "p2", "10-13 12:05", OURS)
    read_page(found, "a2", "p3", "10-13 12:06", "转载的正文", mark=Mark.REPOST)
    compare_new_posts(found.database)
    inspect(found, "2026-10", tmp_path / "out")
    return found


def looked(office: Office, account_id: str, at: str, *items: Any) -> None:
    source = sources(office)[account_id]
    body = f"<p>列表 {account_id} {at}".encode()
    exchange = Exchange(url=source.url, at=moment(at), status=200, headers=(("Content-Type", "text/html"),), body=body)
    visit = a_visit(source, at, *items, exchanges=(exchange,))
    with office.database.begin() as session:
        saved = save_visit(session, visit, office.zone)
        keep_visit(session, archive_of(office), visit, saved.visit_id)


def read_page(office: Office, account_id: str, key: str, at: str, text: str, **more: Any) -> None:
    url = f"https://county.example/{key}"
    title = more.pop("title", f"关于{key}的通知")
    page = PageVisit(
        account_id=account_id,
        key=key,
        url=url,
        lane="county.example",
        started_at=moment(at),
        ended_at=moment(at),
        outcome=Outcome.NEW,
        status=200,
        article=Article(title=title, text=text, stated=Stated(), **more),
        exchanges=(Exchange(url=url, at=moment(at), status=200, body=f"<html><p>{text}{at}</p></html>".encode()),),
    )
    with office.database.begin() as session:
        saved = save_page(session, page, office.zone)
        keep_page(session, archive_of(office), page, saved.post_id)


@pytest.fixture
def exported(county: Office, tmp_path: Path) -> Callable[..., tuple[Path, dict[str, Any]]]:
    """Export the finding of a rule of an account to a folder."""

    def write(code: str, folder: str = "佐证") -> tuple[Path, dict[str, Any]]:
        out = tmp_path / folder
        export(county, f"2026-10/a2/{code}", out)
        told: dict[str, Any] = json.loads((out / "问题.json").read_text(encoding="utf-8"))
        return out, told

    return write


def test_a_copy_stands_beside_what_it_is_like(exported: Callable[..., Any], county: Office) -> None:
    out, told = exported("YC-03")
    (named,) = told["named"]
    other = named["likened"]
    assert (other["account_id"], other["account_name"], other["platform"]) == ("a1", "县融媒", "微信公众号")
    assert (other["title"], other["published"], other["seen"]) == (
        "全县秋收秋种现场会召开",
        "2026-10-12 09:00",
        "2026-10-12 12:00",
    )
    assert other["url"] == "https://county.example/p1"
    exact = similarity(*(runs_of(normal_text(each)) for each in (OURS, THEIRS)))
    assert other["percent"] == int(exact * 100)
    assert f"相似度{other['percent']}%" in told["finding"]["问题描述"]
    page = (out / "问题.html").read_text(encoding="utf-8")
    assert page.count(f"<mark>{TEXT[:-1]}") == 2
    assert "咨询电话138****1234，请各村转告。</td>" in page
    assert "联系人139****4321。</td>" in page
    assert "13812341234" not in page
    assert "13987654321" not in (out / "问题.json").read_text(encoding="utf-8")
    checked(out / "记录.warc.gz", *archive_of(county).files())


def test_the_answers_of_both_sides_are_there(exported: Callable[..., Any], county: Office) -> None:
    out, told = exported("YC-03")
    assert [each["url"] for each in told["answers"]] == [
        "http://127.0.0.1:9/a1",
        "http://127.0.0.1:9/a2",
        "https://county.example/p2",
    ]
    page = (out / "问题.html").read_text(encoding="utf-8")
    assert "首次发现在先信息《全县秋收秋种现场会召开》（县融媒）的第1次采集" in page
    assert '未读取，以列表所载为准<br><a href="页面/001.html">' in page
    read_page(county, "a1", "p1", "10-14 09:00", THEIRS, title="全县秋收秋种现场会召开")
    inspect(county, "2026-10", out.parent / "again", now="11-03 10:00")
    out, told = exported("YC-03", "又一次")
    assert told["named"][0]["likened"]["page_read"] == "2026-10-14 09:00"
    assert "https://county.example/p1" in [each["url"] for each in told["answers"]]
    assert "在先信息《全县秋收秋种现场会召开》（县融媒）的页面" in (out / "问题.html").read_text(encoding="utf-8")


def test_a_finding_of_posts_speaks_of_what_was_seen_and_not_of_coverage(exported: Callable[..., Any]) -> None:
    out, told = exported("YC-03")
    page = (out / "问题.html").read_text(encoding="utf-8")
    assert "《关于p2的通知》首次发现于2026-10-13 12:00，其页面读取于2026-10-13 12:05。" in page
    assert "覆盖" not in page
    assert "证明" not in page
    assert [each["role"] for each in told["visits"]] == ["首次发现"]
    assert [each["key"] for each in told["posts"]] == ["p2"]
    assert "证明" not in rows(out / "采集记录.csv")[0]
    assert "覆盖" not in (out / "说明.txt").read_text(encoding="utf-8")


def test_a_repost_without_a_source_shows_what_list_and_page_name(exported: Callable[..., Any]) -> None:
    out, told = exported("ZZ-01")
    (named,) = told["named"]
    assert (named["key"], named["list_names"], named["page_names"]) == ("p3", [], ["平台标注“转载”"])
    assert (named["seen"], named["page_read"], named["likened"]) == ("2026-10-13 12:00", "2026-10-13 12:06", None)
    page = (out / "问题.html").read_text(encoding="utf-8")
    assert '2026-10-13 12:06<br><a href="页面/002.html">页面/002.html</a>' in page
    assert "文字对照" not in page
    assert "转载的正文" in (out / "页面" / "002.html").read_text(encoding="utf-8")


def test_credits_are_named_as_they_stand(office: Office, tmp_path: Path) -> None:
    listed = frozenset({"新华社"})
    found = an_office(office.database, evidence=tmp_path / "evidence", approved_sources=listed, policy=RULES)
    register(found, an_account("a2", name="乙镇发布", organizer="乙镇人民政府"))
    wire = Credit(kind=CreditKind.DATELINE, label="", value="新华社")
    header = Credit(kind=CreditKind.SOURCE, label="来源", value="某生活圈13812341234", place=CreditPlace.HEADER)
    looked(found, "a2", "10-13 12:00", an_item("p3", "10-13 10:00", credits=(wire,), publisher="某门户"))
    read_page(found, "a2", "p3", "10-13 12:06", "正文", credits=(header,))
    inspect(found, "2026-10", tmp_path / "out")
    export(found, "2026-10/a2/ZZ-02", tmp_path / "佐证")
    (named,) = json.loads((tmp_path / "佐证" / "问题.json").read_text(encoding="utf-8"))["named"]
    assert named["list_names"] == ["条目来源“某门户”", "文中电头“新华社”"]
    assert named["page_names"] == ["文首来源“某生活圈138****1234”"]


def test_later_changes_do_not_alter_what_was_said(exported: Callable[..., Any], county: Office) -> None:
    _, before = exported("YC-03")
    changed = TEXT.replace("文江镇", "庆符镇")
    looked(county, "a1", "11-05 09:00", an_item("p1", "10-20 09:00", "改过的标题", text=changed))
    looked(county, "a2", "11-05 09:30", an_item("p2", "10-13 09:00", "也改了", text="全部重写，只有一句。"))
    read_page(county, "a2", "p2", "11-06 09:00", "全部重写，只有一句。", title="也改了")
    read_page(county, "a1", "p1", "11-06 10:00", changed, title="改过的标题")
    compare_new_posts(county.database)
    out, after = exported("YC-03", "后来")
    assert after["named"] == before["named"]
    assert after["finding"] == before["finding"]
    page = (out / "问题.html").read_text(encoding="utf-8")
    assert "（检查作出之后）" in page


def test_edits_are_shown_as_what_went_and_what_came(exported: Callable[..., Any], county: Office) -> None:
    edited = OURS.replace("九成以上", "八成以上").replace("13812341234", "13812345678")
    read_page(county, "a2", "p2", "10-20 09:00", edited)
    looked(county, "a2", "10-21 09:00", an_item("p2", "10-13 08:00", "改过的标题", text=OURS))
    out, told = exported("YC-03")
    page = (out / "问题.html").read_text(encoding="utf-8")
    assert "<del>九</del><ins>八</ins>成以上" in page
    assert "<del>关于p2的通知</del><ins>改过的标题</ins>" in page
    assert "<del>2026-10-13 09:00</del><ins>2026-10-13 08:00</ins>" in page
    assert "13812345678" not in page
    (post,) = told["posts"]
    assert [each["known_from"] for each in post["versions"]] == sorted(each["known_from"] for each in post["versions"])
    assert ["删去", "九"] in post["versions"][1]["text"]
    assert post["title"] == "关于p2的通知"


def test_a_time_after_the_first_sighting_stands_beside_the_one_that_counts(
    exported: Callable[..., Any], county: Office
) -> None:
    looked(county, "a2", "10-21 09:00", an_item("p2", "10-14 09:00", text=OURS))
    out, _ = exported("YC-03")
    page = (out / "问题.html").read_text(encoding="utf-8")
    assert "<del>2026-10-13 09:00</del><ins>2026-10-13 09:00（另载2026-10-14 09:00）</ins>" in page


def test_an_edit_that_only_masking_hides_is_told(exported: Callable[..., Any], county: Office) -> None:
    read_page(county, "a2", "p2", "10-20 09:00", OURS.replace("13812341234", "13899991234"))
    out, _ = exported("YC-03")
    assert "（改动只在已遮盖的号码中）" in (out / "问题.html").read_text(encoding="utf-8")


def test_pruning_keeps_the_answers_of_both_sides(exported: Callable[..., Any], county: Office) -> None:
    _, before = exported("YC-03")
    prune(county, now=moment("11-22 10:00").replace(year=2028))
    _, after = exported("YC-03", "清理后")
    assert [each["record_id"] for each in after["answers"]] == [each["record_id"] for each in before["answers"]]
    assert after["missing"] == []


def test_the_finding_itself_holds_what_it_says(county: Office) -> None:
    (said,) = find_findings(county, "2026-10/a2/YC-03")
    (named,) = said.payload["named"]
    assert named["near"]["percent"] == int(named["near"]["similarity"] * 100)
    assert (named["page_at"], named["credits"], named["page_credits"]) == (moment("10-13 12:05").isoformat(), [], [])
    (silent,) = find_findings(county, "2026-10/a2/CJ-01")
    assert silent.payload["named"] == []
