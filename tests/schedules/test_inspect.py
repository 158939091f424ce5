"""A county from its feeds on loopback to the four files of a month's inspection."""

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from console.reference import shipped_policy
from crawler.settings import LaneConfig
from monitor.findings import Result
from monitor.spans import Span, clip, duration
from monitor.values import AccountState, Mark, Platform, SourceAddress
from monitor.visits import Outcome
from schedules.check import spot_check
from schedules.collect import CollectReport, collect
from schedules.inspect import ROWS_SHOWN, InspectionReport, inspect_month
from schedules.observe import SLICE
from schedules.office import Office, RequestError
from storage.coverage import coverage_of
from storage.database import open_database
from storage.models import inspection_findings, inspection_results, inspections
from tests.monitor.builders import moment
from tests.schedules.offices import (
    Written,
    an_account,
    an_item,
    an_office,
    bytes_of,
    daily,
    gaoxian,
    inspect,
    read_back,
    register,
    rss,
    seen,
    serving,
    stopped,
)

SUMMARY = (
    "序号, 账号编号, 主办单位, 主管单位, 平台, 账号名称, 主账号, 账号状态, 检查时段, 监测时间点, 发布条数, 原创条数, 转载条数, "
    "未判定条数, 原创率, 最近更新时间, 最近更新标题, 距监测时间点天数, 最长未更新间隔天数, 应更新工作日数, 实际更新工作日数, "
    "未更新工作日, 应达标周数, 达标周数, 未达标周, 近2周原创条数, 问题数, 采集完整率, 检查结果, 累计突出问题次数, 建议处置, 备注"
)
FINDINGS = (
    "序号, 检查月份, 账号编号, 主办单位, 主管单位, 平台, 账号名称, 问题编号, 问题类别, 问题性质, 核实状态, 问题描述, 次数, "
    "问题时段, 判定依据, 信息标题, 信息链接, 发布时间, 发现时间, 佐证, 整改建议, 整改时限, 处置建议"
)
POSTS = "账号编号, 平台, 账号名称, 主办单位, 发布时间, 首次发现时间, 标题, 链接, 类型, 原创判定, 判定依据, 来源, 人工修正, 状态"
FILES = {
    name: columns.split(", ")
    for name, columns in (("summary.csv", SUMMARY), ("findings.csv", FINDINGS), ("posts.csv", POSTS))
}

DAY, MINUTE = r"\d{4}-\d\d-\d\d", r"\d{4}-\d\d-\d\d \d\d:\d\d"
OWN, WIRE = "来源：县政府办", "来源：新华社"
CAPTCHA = "<html><title>环境异常</title><body>完成验证后即可继续访问 去验证</body></html>".encode()
ORDER = ["main", "quiet", "dead", "blocked", "reposts", "formula", "closed", "nowhere"]


@dataclass(frozen=True)
class County:
    """A county that was collected on 2 November and inspected for October."""

    office: Office
    file: Path
    out: Path
    collected: CollectReport
    report: InspectionReport
    written: Written
    asked: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return self.out / "2026-10"


@pytest.fixture
def own(county: County, tmp_path: Path) -> Iterator[Office]:
    """The county's office over a copy of its database, to be inspected again."""
    with closing(sqlite3.connect(county.file)) as source, closing(sqlite3.connect(tmp_path / "own.db")) as copy:
        source.backup(copy)
    database = open_database(f"sqlite:///{tmp_path / 'own.db'}")
    yield an_office(database)
    database.close()


def days(first: str, last: str, text: str) -> list[tuple[str, str, str]]:
    start, end = moment(first), moment(last)
    count = (end - start).days + 1
    return [(f"d{n}", f"{moment(first) + timedelta(days=n + 8 / 24):%Y-%m-%d} 09:30", text) for n in range(count)][::-1]


@pytest.fixture(scope="module")
def county(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    folder = tmp_path_factory.mktemp("county")
    file = Path(shutil.copy(empty_file, folder / "xunjian.db"))
    database = open_database(f"sqlite:///{file}")
    with serving() as site:
        site.bodies = {
            "/main": rss(*days("09-20", "11-01", OWN)),
            "/quiet": rss(("q2", "10-09 09:00", OWN), ("q1", "08-20 09:00", OWN)),
            "/dead": rss(("x2", "07-01 09:00", OWN), ("x1", "03-01 09:00", OWN)),
            "/blocked": lambda: (200, {"Content-Type": "text/html"}, CAPTCHA),
            "/reposts": rss(*days("09-10", "11-01", WIRE)),
            "/formula": formulas(),
            "/closed": rss(("c1", "10-09 09:00")),
            "/control": rss(("now", "11-02 09:59")),
        }
        lane = LaneConfig(name="bridge", hosts=(site.host,), control=SourceAddress(url=site.url("/control")))
        office = an_office(database, lanes=(lane,))
        urls = {name: site.url(f"/{name}") for name in ORDER}
        register(
            office,
            an_account("main", urls["main"], main=True),
            an_account("quiet", urls["quiet"], platform=Platform.WEIBO),
            an_account("dead", urls["dead"]),
            an_account("blocked", urls["blocked"], main=True),
            an_account("reposts", urls["reposts"]),
            an_account(
                "formula",
                urls["formula"],
                name="=cmd|'/C calc'!A0",
                organizer="@SUM(1)",
                supervisor="-1",
                aliases=("县政府办",),
            ),
            an_account("closed", urls["closed"], state=AccountState.CLOSED, closed=date(2026, 5, 1)),
            an_account("nowhere", addresses=()),
        )
        collected = collect(office, [], clock=stopped("11-02 10:00"), on_visit=lambda *_: None)
        asked = tuple(site.asked)
    report = inspect(office, "2026-10", folder / "out")
    yield County(
        office=office,
        file=file,
        out=folder / "out",
        collected=collected,
        report=report,
        written=read_back(folder / "out" / "2026-10"),
        asked=asked,
    )
    database.close()


def formulas() -> bytes:
    titles = ["=1+1", "+1", "-1", "@x", "\t=1", "普通", "“引号”,逗号"]
    items = "".join(
        f"<item><title><![CDATA[{title}]]></title><guid>f{n}</guid><link>https://county.example/f{n}</link>"
        f"<pubDate>{moment('10-03 09:00') + timedelta(days=3 * n):%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f"<description>{OWN}</description></item>"
        for n, title in reversed(list(enumerate(titles)))
    )
    old = "".join(
        f"<item><title>旧</title><guid>old{day}</guid><pubDate>{day} Sep 2026 01:00:00 GMT</pubDate>"
        f"<description>{OWN}</description></item>"
        for day in ("25", "01")
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}{old}</channel></rss>'.encode()


# ------------------------------------------------------------------------------------------------- the whole way


def test_collection_reports_every_account_that_is_watched(county: County) -> None:
    outcomes = {visit.account_id: visit.outcome for visit in county.collected.visits}
    assert outcomes == {
        "main": Outcome.NEW,
        "quiet": Outcome.NEW,
        "dead": Outcome.NEW,
        "blocked": Outcome.BLOCKED,
        "reposts": Outcome.NEW,
        "formula": Outcome.NEW,
    }
    assert county.collected.without_source == ("nowhere",)
    assert "/closed" not in county.asked
    assert next(path for path in county.asked if path != "/robots.txt") == "/control"


def test_every_account_has_its_row_in_the_order_of_the_registry(county: County) -> None:
    assert [row["账号编号"] for row in county.written.summary] == ORDER
    assert [row["序号"] for row in county.written.summary] == [str(n) for n in range(1, len(ORDER) + 1)]
    assert {row["账号编号"]: row["检查结果"] for row in county.written.summary} == {
        "main": "合格",
        "quiet": "不合格",
        "dead": "不合格",
        "blocked": "未能核验",
        "reposts": "不合格",
        "formula": "合格",
        "closed": "不适用",
        "nowhere": "未能核验",
    }


def test_each_broken_rule_has_its_row(county: County) -> None:
    proven = "已核实"
    assert county.written.codes("quiet") == [("GX-01", proven), ("GX-03", proven), ("YC-01", proven)]
    assert county.written.codes("dead") == [(code, proven) for code in ("GX-01", "GX-03", "GX-05", "GX-06", "YC-01")]
    assert county.written.codes("reposts") == [("YC-01", proven)]
    assert county.written.codes("blocked") == county.written.codes("nowhere") == [("CJ-01", "未能核验")]
    assert county.written.codes("main") == county.written.codes("formula") == county.written.codes("closed") == []


def test_findings_speak_as_officials_do(county: County) -> None:
    quiet, dead, reposts = (county.written.finding(*each) for each in [
        ("quiet", "GX-01"), ("dead", "GX-06"), ("reposts", "YC-01")])  # fmt: skip
    assert quiet["问题描述"] == (
        "监测时间点（2026年10月31日）前2周内无更新。最近一次更新为2026年10月9日《关于q2的通知》，已连续22天未更新。"
    )
    assert quiet["信息标题"] == "关于q2的通知"
    assert quiet["信息链接"] == "https://county.example/q2"
    assert quiet["发布时间"] == "2026-10-09 09:00"
    assert quiet["发现时间"] == "2026-11-02 10:00"
    assert quiet["整改时限"] == "2026-11-13"
    assert "国办秘函〔2019〕19号" in quiet["判定依据"]
    week = county.written.finding("quiet", "GX-03")
    assert week["问题描述"] == (
        "9月28日至10月4日、10月12日至10月18日、10月19日至10月25日无更新，"
        "未达到“每周更新不少于1次”要求（本期4周，未达标3周）。"
    )
    assert week["问题时段"] == "2026-09-28/2026-10-04;2026-10-12/2026-10-18;2026-10-19/2026-10-25"
    assert week["次数"] == "3"
    assert dead["问题描述"] == "本月信息发布量为零，已连续3个月无信息发布。"
    assert reposts["问题描述"] == "9月11日至10月31日发布信息51条，均为转载，未发布原创信息。"
    assert reposts["问题时段"] == "2026-09-11/2026-10-31"


def test_what_could_not_be_judged_stands_in_one_row_with_its_cause(county: County) -> None:
    blocked, nowhere = (county.written.finding(each, "CJ-01", "未能核验") for each in ("blocked", "nowhere"))
    assert "访问受限" in blocked["问题描述"]
    assert "未登记采集地址" in nowhere["问题描述"]
    assert blocked["问题性质"] == "未核验"
    assert blocked["整改时限"] == ""
    row = county.written.of("blocked")
    assert (row["采集完整率"], row["发布条数"], row["问题数"]) == ("0.0%", "0", "0")
    assert (row["距监测时间点天数"], row["最长未更新间隔天数"]) == ("", "")


def test_main_accounts_are_counted_by_working_days_and_others_by_weeks(county: County) -> None:
    main, quiet = county.written.of("main"), county.written.of("quiet")
    assert (main["应更新工作日数"], main["实际更新工作日数"], main["应达标周数"]) == ("18", "18", "")
    assert (quiet["应达标周数"], quiet["达标周数"], quiet["应更新工作日数"]) == ("4", "1", "")
    assert quiet["距监测时间点天数"] == "22"
    assert main["监测时间点"] == "2026-10-31 23:59"
    assert main["检查时段"] == "2026-10-01/2026-10-31"
    assert main["采集完整率"] == "100.0%"


# --------------------------------------------------------------------------------------------- the form of the files


def test_columns_are_those_of_the_interface_in_order(county: County) -> None:
    for name, columns in FILES.items():
        header = (county.folder / name).read_bytes().decode("utf-8-sig").split("\r\n")[0]
        assert header == ",".join(columns)


def test_tables_are_utf_8_with_one_bom_and_crlf(county: County) -> None:
    for name in FILES:
        body = (county.folder / name).read_bytes()
        assert body.startswith(b"\xef\xbb\xbf")
        assert body.count(b"\xef\xbb\xbf") == 1
        assert body.endswith(b"\r\n")
        assert body.count(b"\n") == body.count(b"\r") == body.count(b"\r\n")
    assert not (county.folder / "inspection.json").read_bytes().startswith(b"\xef\xbb\xbf")
    assert sorted(bytes_of(county.folder)) == sorted(path.name for path in county.report.files)
    assert [path.name for path in county.report.files][:5] == [*FILES, "rechecks.csv", "inspection.json"]
    assert all(path.exists() for path in county.report.files)


def test_dates_times_and_shares_have_one_form(county: County) -> None:
    window = f"{DAY}(/{DAY})?"
    forms = {
        "检查时段": f"{DAY}/{DAY}",
        "监测时间点": MINUTE,
        "最近更新时间": f"({MINUTE})?",
        "未更新工作日": f"({DAY}(;{DAY})*)?",
        "未达标周": f"({DAY}/{DAY}(;{DAY}/{DAY})*)?",
        "原创率": r"(\d+\.\d%)?",
        "采集完整率": r"\d+\.\d%",
        "检查月份": r"2026-10",
        "问题时段": f"{window}(;{window})*",
        "发布时间": f"({MINUTE})?",
        "首次发现时间": MINUTE,
        "发现时间": f"({MINUTE})?",
        "整改时限": f"({DAY})?",
    }
    for row in (*county.written.summary, *county.written.findings, *county.written.posts):
        for column, value in row.items():
            if column in forms:
                assert re.fullmatch(forms[column], value), (column, value)


def test_no_cell_is_run_by_a_spreadsheet(county: County) -> None:
    row = county.written.of("formula")
    assert row["账号名称"] == "'=cmd|'/C calc'!A0"
    assert row["主办单位"] == "'@SUM(1)"
    assert row["主管单位"] == "'-1"
    titles = [row["标题"] for row in county.written.posts if row["账号编号"] == "formula"]
    assert titles == ["'=1+1", "'+1", "'-1", "'@x", "'=1", "普通", "“引号”,逗号"] or titles[4] == "'\t=1"
    for row in (*county.written.summary, *county.written.findings, *county.written.posts):
        assert not [value for value in row.values() if value.startswith(("=", "+", "-", "@", "\t", "\r"))]


# ------------------------------------------------------------------------------------------- the four files agree


def test_the_numbers_of_the_summary_are_those_of_the_posts(county: County) -> None:
    for row in county.written.summary:
        classes = [post["原创判定"] for post in county.written.posts if post["账号编号"] == row["账号编号"]]
        assert int(row["发布条数"]) == len(classes)
        assert int(row["原创条数"]) == classes.count("原创")
        assert int(row["转载条数"]) == classes.count("转载")
        assert int(row["未判定条数"]) == classes.count("未判定")
        assert (row["原创率"] == "") == (not classes)
        if classes:
            assert float(row["原创率"].rstrip("%")) == pytest.approx(
                100 * classes.count("原创") / len(classes), abs=0.1
            )


def test_the_numbers_of_the_summary_are_those_of_the_findings(county: County) -> None:
    assert [row["序号"] for row in county.written.findings] == [
        str(n) for n in range(1, len(county.written.findings) + 1)
    ]
    keys = [(row["账号编号"], row["问题编号"], row["核实状态"]) for row in county.written.findings]
    assert len(keys) == len(set(keys))
    for row in county.written.summary:
        own = [each for each in county.written.findings if each["账号编号"] == row["账号编号"]]
        assert int(row["问题数"]) == sum(each["问题编号"] != "CJ-01" for each in own)
        assert sum(each["问题编号"] == "CJ-01" for each in own) <= 1
        grave = {each["核实状态"] for each in own if each["问题性质"] in ("否决", "通报", "未核验")}
        expected = {"已核实": "不合格", "待复核": "待复核", "未能核验": "未能核验"}
        worst = next((expected[each] for each in expected if each in grave), None)
        assert row["检查结果"] == (worst or row["检查结果"])
        assert worst or row["检查结果"] in ("合格", "不适用")
        weeks = [each["问题时段"] for each in own if each["问题编号"] == "GX-03" and each["核实状态"] == "已核实"]
        assert row["未达标周"] == "".join(weeks)
    for each in county.written.findings:
        assert int(each["次数"]) == len(each["问题时段"].split(";"))
        assert each["问题性质"] == "未核验" or each["判定依据"]


def test_inspection_json_says_what_the_tables_say(county: County) -> None:
    written, record = county.written, county.written.record
    assert [each["account"]["account_id"] for each in record["accounts"]] == ORDER
    assert record["totals"]["accounts"] == len(ORDER)
    assert record["totals"]["results"] == {"合格": 2, "不合格": 3, "未能核验": 2, "不适用": 1}
    assert {each.value: count for each, count in county.report.counts.items()} == record["totals"]["results"]
    numbers = {
        "发布条数": "published",
        "原创条数": "original",
        "转载条数": "reposted",
        "未判定条数": "undetermined",
        "距监测时间点天数": "days_since_last",
        "最长未更新间隔天数": "longest_silence",
        "应更新工作日数": "workdays_due",
        "实际更新工作日数": "workdays_met",
        "应达标周数": "weeks_due",
        "达标周数": "weeks_met",
        "近2周原创条数": "recent_originals",
        "问题数": "problems",
    }
    for row in written.summary:
        one = written.account(row["账号编号"])
        for column, name in numbers.items():
            value = one["figures"][name]
            assert row[column] == ("" if value is None else str(value))
        assert row["未更新工作日"] == ";".join(one["figures"]["workdays_missed"])
        assert (row["检查结果"], row["建议处置"]) == (one["result"], one["disposal"])
        assert row["累计突出问题次数"] == str(one["failures"])
        assert row["备注"] == "；".join(one["notes"])
        findings = [each for each in written.findings if each["账号编号"] == row["账号编号"]]
        assert [(each["问题编号"], each["核实状态"], each["问题描述"]) for each in findings] == [
            (each["code"], each["verdict"], each["description"]) for each in one["findings"]
        ]
        for cells, finding in zip(findings, one["findings"], strict=True):
            shown = [first if first == last else f"{first}/{last}" for first, last in finding["windows"]]
            assert cells["问题时段"] == ";".join(shown)
        posts = [each for each in written.posts if each["账号编号"] == row["账号编号"]]
        assert [(each["链接"], each["原创判定"], each["来源"]) for each in posts] == [
            (each["url"], each["originality"], each["source"]) for each in one["posts"]
        ]


def test_the_record_is_self_contained(county: County) -> None:
    """INTERFACE: inspection.json is the same content with every verdict's evidence; nothing it names is missing."""
    for one in county.written.record["accounts"]:
        visits = {visit["visit_id"] for visit in one["visits"]}
        codes = {each["code"] for each in one["findings"]}
        for finding in one["findings"]:
            assert set(finding["evidence"]["visits"]) <= visits
            assert finding["evidence"]["gaps"] == [] or finding["code"] == "CJ-01"
            assert finding["verdict"] != "已核实" or finding["evidence"]["coverage"]
            assert finding["verdict"] != "已核实" or finding["evidence"]["visits"]
        broken = {each["code"] for each in one["windows"] if each["verdict"] in ("已核实", "待复核")}
        assert broken == codes - {"CJ-01"}
        assert ("CJ-01" in codes) == any(each["verdict"] == "未能核验" for each in one["windows"])


def test_the_record_holds_what_the_tables_show_of_the_last_post(county: County) -> None:
    """The last post before a silence lies before the month: its title, link and time stand in the tables and the record."""
    text = (county.folder / "inspection.json").read_text(encoding="utf-8")
    dead = county.written.of("dead")
    assert dead["最近更新标题"] == "关于x2的通知"
    assert dead["最近更新时间"] == "2026-07-01 09:00"
    row = county.written.finding("dead", "GX-01")
    for value in (row["信息标题"], row["信息链接"]):
        assert f'"{value}"' in text


def test_coverage_share_is_that_of_the_covered_part_of_the_month(county: County) -> None:
    whole = Span(moment("10-01"), moment("11-01"))
    with county.office.database.read() as session:
        found = coverage_of(session, ORDER, moment("2026-01-01"), moment("2027-01-01"))
    for row in county.written.summary:
        covered = clip(found[row["账号编号"]], whole)
        share = duration(covered) / (whole.end - whole.start)
        assert county.written.account(row["账号编号"])["figures"]["coverage_share"] == pytest.approx(share)
        assert row["采集完整率"] == f"{int(share * 1000) / 10:.1f}%"


def test_what_is_kept_of_the_inspection_is_what_the_files_say(county: County) -> None:
    with county.office.database.read() as session:
        results = {row.account_id: row.result for row in session.execute(inspection_results.select())}
        findings = session.execute(inspection_findings.select().order_by(inspection_findings.c.position)).all()
    assert results == {row["账号编号"]: row["检查结果"] for row in county.written.summary}
    assert [(str(row.position), row.account_id, row.code, row.verdict, row.windows) for row in findings] == [
        (row["序号"], row["账号编号"], row["问题编号"], row["核实状态"], row["问题时段"])
        for row in county.written.findings
    ]


def test_the_terminal_is_told_what_the_files_say(county: County) -> None:
    assert [row.account.account_id for row in county.report.rows] == ORDER
    for shown, row in zip(county.report.rows, county.written.summary, strict=True):
        assert (shown.result.value, str(shown.published)) == (row["检查结果"], row["发布条数"])
        assert len(shown.problems) == len(county.written.codes(row["账号编号"]))


# --------------------------------------------------------------------------------------------------- once more


def test_running_twice_gives_the_same_bytes(county: County, own: Office, tmp_path: Path) -> None:
    inspect(own, "2026-10", tmp_path, now="11-20 17:00")
    assert bytes_of(tmp_path / "2026-10") == bytes_of(county.folder)


def test_another_program_gives_the_same_bytes(county: County, own: Office, tmp_path: Path, repository: Path) -> None:
    """Whatever order its sets and dictionaries happen to have."""
    arguments = [sys.executable, "-m", "tests.schedules.child", "inspect"]
    subprocess.run(
        [*arguments, own.database.where, "2026-10", str(tmp_path), "11-02 10:00"],
        check=True,
        cwd=repository,
        env={"PYTHONHASHSEED": "4711", "PATH": ""},
        timeout=100,
    )
    assert bytes_of(tmp_path / "2026-10") == bytes_of(county.folder)


@pytest.mark.parametrize("account_id", ORDER)
def test_a_spot_check_is_the_inspection_of_the_running_month(own: Office, account_id: str, tmp_path: Path) -> None:
    """At the same moment, over the same data."""
    now = "11-02 18:30"
    inspect(own, "2026-11", tmp_path, now=now)
    one = read_back(tmp_path / "2026-11").account(account_id)
    point = moment(now)
    found = spot_check(own, account_id, now=point, as_of=None, collect_first=False, clock=stopped(now))
    judgement = found.judged.judgement
    assert judgement.result.value == one["result"]
    assert [(each.code, each.verdict.value, each.description) for each in judgement.findings] == [
        (each["code"], each["verdict"], each["description"]) for each in one["findings"]
    ]
    assert judgement.figures.published == one["figures"]["published"]
    assert list(judgement.notes) == one["notes"]
    assert judgement.failures == one["failures"]


# --------------------------------------------------------------------------------------------------- other months


def test_a_running_month_is_judged_up_to_now_and_marked(own: Office, tmp_path: Path) -> None:
    report = inspect(own, "2026-11", tmp_path, now="11-02 10:00")
    written = read_back(tmp_path / "2026-11")
    assert {row["监测时间点"] for row in written.summary} == {"2026-11-02 10:00"}
    for row in written.summary:
        assert "检查时段尚未结束" in row["备注"]
        assert "2026-11-02 10:00" in row["备注"]
    assert any("本月尚未结束" in note for note in report.notes)
    assert written.record["running"] is True
    assert written.of("main")["检查结果"] == "合格"
    assert not [row for row in written.findings if "2026-11-02" in row["问题时段"] and row["核实状态"] == "已核实"]


def test_a_month_before_the_first_visit_is_judged_where_the_feed_reaches_back(own: Office, tmp_path: Path) -> None:
    """The county was first looked at in November; the feed of the dead account reaches back to March."""
    inspect(own, "2026-05", tmp_path)
    written = read_back(tmp_path / "2026-05")
    assert written.codes("dead") == [(code, "已核实") for code in ("GX-01", "GX-03", "GX-05", "GX-06", "YC-01")]
    for account_id in ("main", "quiet", "blocked", "reposts", "formula", "nowhere"):
        assert written.codes(account_id) == [("CJ-01", "未能核验")]
        assert written.of(account_id)["检查结果"] == "未能核验"
        assert written.of(account_id)["采集完整率"] == "0.0%"
    inspect(own, "2019-05", tmp_path)
    long_ago = read_back(tmp_path / "2019-05")
    assert {row["检查结果"] for row in long_ago.summary} == {"未能核验"}
    assert {row["问题编号"] for row in long_ago.findings} == {"CJ-01"}
    assert len(long_ago.findings) == len(ORDER)


@pytest.mark.parametrize(
    ("month", "now", "as_of"),
    [
        pytest.param("2026-12", "11-02 10:00", None, id="future"),
        pytest.param("2026-11", "2026-11-01 00:00", None, id="begins-now"),
        pytest.param("2026-10", "11-02 10:00", "09-30 23:59", id="not-begun-as-of"),
        pytest.param("2026-10", "11-02 10:00", "11-02 10:01", id="as-of-in-the-future"),
        pytest.param("2026-13", "11-02 10:00", None, id="no-month"),
        pytest.param("2026-1", "11-02 10:00", None, id="one-digit"),
        pytest.param("10-2026", "11-02 10:00", None, id="turned"),
        pytest.param("九月", "11-02 10:00", None, id="word"),
        pytest.param("../2026-10", "11-02 10:00", None, id="path"),
    ],
)
def test_what_cannot_be_inspected_is_said_and_nothing_is_written(
    office: Office, tmp_path: Path, month: str, now: str, as_of: str | None
) -> None:
    out = tmp_path / "out"
    with pytest.raises(RequestError) as refused:
        inspect(office, month, out, now=now, as_of=as_of)
    assert str(refused.value).endswith("。")
    assert not out.exists()
    with office.database.read() as session:
        assert session.execute(inspections.select()).all() == []


def test_a_month_with_blanks_around_it_is_that_month(office: Office, tmp_path: Path) -> None:
    dead_for_years(office)
    inspect(office, " 2026-09\n", tmp_path)
    assert [each.name for each in tmp_path.iterdir() if each.is_dir()] == ["2026-09"]
    assert counted(office, "2026-10", tmp_path) == ("2", "通报")


def test_an_empty_registry_gives_empty_tables(office: Office, tmp_path: Path) -> None:
    report = inspect(office, "2026-10", tmp_path)
    written = read_back(tmp_path / "2026-10")
    assert (written.summary, written.findings, written.posts) == ([], [], [])
    assert written.record["accounts"] == []
    totals = written.record["totals"]
    assert (totals["accounts"], totals["results"], totals["platforms"]) == (0, {}, {})
    assert any("没有账号" in note for note in report.notes)
    for name, columns in FILES.items():
        assert (tmp_path / "2026-10" / name).read_bytes() == b"\xef\xbb\xbf" + ",".join(columns).encode() + b"\r\n"


def test_more_accounts_than_a_slice_keep_their_order_and_numbers(office: Office, tmp_path: Path) -> None:
    count = 2 * SLICE + 3
    register(office, *(an_account(f"n{count - n}") for n in range(count)))
    told: list[tuple[int, int]] = []
    report = inspect_month(
        office,
        "2026-10",
        tmp_path,
        now=moment("11-02 10:00"),
        as_of=None,
        on_progress=lambda done, total: told.append((done, total)),
    )
    written = read_back(tmp_path / "2026-10")
    assert [row["账号编号"] for row in written.summary] == [f"n{count - n}" for n in range(count)]
    assert [row["序号"] for row in written.summary] == [str(n + 1) for n in range(count)]
    assert [row["序号"] for row in written.findings] == [str(n + 1) for n in range(count)]
    assert len(report.rows) == ROWS_SHOWN
    assert report.counts == {Result.UNVERIFIABLE: count}
    assert written.record["totals"]["accounts"] == count
    assert told == [(SLICE, count), (2 * SLICE, count), (count, count)]


def test_a_year_without_a_notice_is_provisional_and_says_so(office: Office, tmp_path: Path) -> None:
    """Nobody has announced the holidays of 2027: a silent weekday may be one, and a person decides."""
    register(office, an_account(main=True), an_account("a2"))
    for account_id in ("a1", "a2"):
        seen(office, account_id, "2027-02-02 08:00", an_item("old", "2026-11-01 09:00"), proves="2026-11-02")
    report = inspect(office, "2027-01", tmp_path, now="2027-02-02 10:00")
    written = read_back(tmp_path / "2027-01")
    assert ("GX-02", "待复核") in written.codes("a1")
    assert ("GX-02", "已核实") not in written.codes("a1")
    assert ("GX-03", "已核实") in written.codes("a2")
    assert "2027年放假安排未录入" in written.of("a1")["备注"]
    assert any("2027年放假安排未录入" in note for note in report.notes)
    assert written.record["years_without_notice"] == [2027]


def test_a_month_before_the_policy_took_effect_is_pointed_out(office: Office, tmp_path: Path) -> None:
    register(office, an_account())
    dated = replace(office, policy=shipped_policy("xinbarag-right-banner", {}))
    assert dated.policy.effective_from == date(2020, 8, 29)
    assert any("2020-08-29" in note for note in inspect(dated, "2020-08", tmp_path).notes)
    assert not any("施行" in note for note in inspect(dated, "2020-09", tmp_path).notes)


# ------------------------------------------------------------------------------------------------------ as of


def test_as_of_uses_nothing_that_was_first_seen_later(office: Office, tmp_path: Path) -> None:
    register(office, an_account())
    seen(office, "a1", "10-20 08:00", *daily("10-01", "10-19"), proves="09-01")
    seen(office, "a1", "11-02 08:00", an_item("late", "10-20 07:00"), *daily("10-21", "11-01"), proves="10-19 10:00")
    inspect(office, "2026-10", tmp_path / "then", as_of="10-20 12:00")
    inspect(office, "2026-10", tmp_path / "now")
    then, now = read_back(tmp_path / "then" / "2026-10"), read_back(tmp_path / "now" / "2026-10")
    assert then.of("a1")["监测时间点"] == "2026-10-20 12:00"
    assert {row["首次发现时间"] for row in then.posts} == {"2026-10-20 08:00"}
    assert (then.of("a1")["发布条数"], now.of("a1")["发布条数"]) == ("19", "31")
    assert then.record["as_of"] is not None
    assert now.record["as_of"] is None


def test_as_of_after_the_month_judges_the_whole_month_as_it_was_known_then(office: Office, tmp_path: Path) -> None:
    """The time point is the earlier of T and the month's end; coverage learned after T is not used."""
    register(office, an_account())
    seen(office, "a1", "10-25 08:00", *daily("10-01", "10-24"), proves="09-01")
    seen(office, "a1", "11-09 08:00", an_item("n", "11-08 09:00"), proves="10-24 10:00")
    inspect(office, "2026-10", tmp_path / "then", now="11-10 10:00", as_of="11-05 12:00")
    inspect(office, "2026-10", tmp_path / "now", now="11-10 10:00")
    then, now = read_back(tmp_path / "then" / "2026-10"), read_back(tmp_path / "now" / "2026-10")
    assert then.of("a1")["监测时间点"] == now.of("a1")["监测时间点"] == "2026-10-31 23:59"
    assert then.of("a1")["采集完整率"] == "78.4%"
    assert now.of("a1")["采集完整率"] == "100.0%"
    assert ("YC-01", "已核实") not in then.codes("a1")


def test_a_title_that_was_changed_later_is_shown_as_it_was(office: Office, tmp_path: Path) -> None:
    register(office, an_account())
    seen(office, "a1", "10-10 08:00", an_item("x", "10-09 09:00", "旧标题"), proves="10-01")
    seen(office, "a1", "10-20 08:00", an_item("x", "10-09 09:00", "新标题"), proves="10-01")
    inspect(office, "2026-10", tmp_path, as_of="10-15 00:00")
    assert read_back(tmp_path / "2026-10").posts[0]["标题"] == "旧标题"
    inspect(office, "2026-10", tmp_path)
    assert read_back(tmp_path / "2026-10").posts[0]["标题"] == "新标题"


# ------------------------------------------------------------------------------------------------ month after month


def dead_for_years(office: Office) -> None:
    register(office, an_account())
    seen(office, "a1", "11-02 08:00", an_item("old", "2025-10-01 09:00", mark=Mark.ORIGINAL), proves="2025-10-02")


def counted(office: Office, month: str, out: Path, **more: str) -> tuple[str, str]:
    inspect(office, month, out, **more)
    row = read_back(out / month).of("a1")
    return row["累计突出问题次数"], row["建议处置"]


def test_the_third_failure_proposes_a_talk(office: Office, tmp_path: Path) -> None:
    dead_for_years(office)
    assert counted(office, "2026-08", tmp_path) == ("1", "通报")
    assert counted(office, "2026-09", tmp_path) == ("2", "通报")
    assert counted(office, "2026-10", tmp_path) == ("3", "约谈")
    assert read_back(tmp_path / "2026-10").finding("a1", "GX-01")["处置建议"] == "通报"


def test_a_second_run_of_a_month_does_not_count_twice(office: Office, tmp_path: Path) -> None:
    dead_for_years(office)
    for _ in range(3):
        assert counted(office, "2026-09", tmp_path) == ("1", "通报")
    assert counted(office, "2026-10", tmp_path) == ("2", "通报")
    assert counted(office, "2026-09", tmp_path) == ("1", "通报")


def test_a_second_run_that_says_otherwise_replaces_the_first(office: Office, tmp_path: Path) -> None:
    """What was 不合格 is not once a post of that month was found after all."""
    register(office, an_account())
    seen(office, "a1", "10-02 08:00", an_item("old", "08-20 09:00"), proves="08-19")
    inspect(office, "2026-09", tmp_path, now="10-02 10:00")
    assert read_back(tmp_path / "2026-09").of("a1")["检查结果"] == "不合格"
    posts = daily("08-25", "09-30", mark=Mark.ORIGINAL)
    seen(office, "a1", "10-03 08:00", *posts)
    inspect(office, "2026-09", tmp_path, now="10-03 10:00")
    assert read_back(tmp_path / "2026-09").of("a1")["检查结果"] == "待复核"
    seen(office, "a1", "11-02 08:00", outcome=Outcome.SAME, proves="09-30 10:00")
    assert counted(office, "2026-10", tmp_path) == ("1", "通报")


def test_months_outside_of_the_counter_window_do_not_count(office: Office, tmp_path: Path) -> None:
    dead_for_years(office)
    counted(office, "2026-07", tmp_path)
    counted(office, "2026-08", tmp_path)
    shorter = an_office(office.database, policy=gaoxian(counter_months=3))
    assert counted(shorter, "2026-10", tmp_path) == ("2", "通报")
    assert counted(an_office(office.database, policy=gaoxian(counter_months=1)), "2026-10", tmp_path) == ("1", "通报")


def test_an_inspection_of_part_of_a_month_gives_way_to_that_of_all_of_it(office: Office, tmp_path: Path) -> None:
    """Silent when it was inspected on the 20th, and sound at the end of the month."""
    register(office, an_account())
    seen(office, "a1", "09-20 08:00", an_item("old", "08-01 09:00", mark=Mark.ORIGINAL), proves="08-02")
    inspect(office, "2026-09", tmp_path, now="09-20 10:00")
    assert read_back(tmp_path / "2026-09").of("a1")["检查结果"] == "不合格"
    seen(office, "a1", "11-02 08:00", *daily("09-20", "11-01", mark=Mark.ORIGINAL), proves="09-19")
    later = counted(office, "2026-10", tmp_path)
    assert later[0] == "1"
    inspect(office, "2026-09", tmp_path / "again", now="10-02 10:00", as_of="09-20 10:00")
    assert counted(office, "2026-10", tmp_path)[0] == "1"


def test_an_inspection_that_was_broken_off_never_counts(office: Office, tmp_path: Path) -> None:
    dead_for_years(office)
    (tmp_path / "2026-09").write_text("a file where the folder should be")
    with pytest.raises(Exception, match="检查结果"):
        inspect(office, "2026-09", tmp_path)
    assert counted(office, "2026-10", tmp_path) == ("1", "通报")


def test_an_inspection_whose_files_could_not_be_put_in_place_never_counts(office: Office, tmp_path: Path) -> None:
    dead_for_years(office)
    (tmp_path / "2026-09" / "summary.csv").mkdir(parents=True)
    with pytest.raises(Exception, match="检查结果"):
        inspect(office, "2026-09", tmp_path)
    assert counted(office, "2026-10", tmp_path) == ("1", "通报")
