"""Numbers agree everywhere: all the files of one inspection are read back and compared, figure by figure."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from monitor.findings import Result
from monitor.values import Platform
from reports.cells import rate, share
from reports.parts import file_names
from storage.database import open_database
from tests.schedules.offices import an_office
from tests.schedules.reading import Row, Table
from tests.schedules.shapes import (
    CONTACT,
    FORMULA,
    MONTH,
    PHONE,
    SECRET,
    SHAPES,
    TITLES,
    Shape,
    built,
)

RESULTS = tuple(each.value for each in Result)
BULLETIN_COLUMNS = ("平台", "账号数", "检查数", "检查比例", "合格", "不合格", "合格率", "发布条数", "原创条数")


@pytest.fixture(scope="module")
def build(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Shape]:
    """Build each shape once, when it is first asked for."""
    known: dict[str, Shape] = {}

    def shape_of(name: str) -> Shape:
        if name not in known:
            folder = tmp_path_factory.mktemp(name)
            database = open_database(f"sqlite:///{shutil.copy(empty_file, folder / 'xunjian.db')}")
            known[name] = built(name, an_office(database, evidence=folder / "evidence"), folder)
            database.close()
        return known[name]

    return shape_of


@pytest.fixture(params=SHAPES)
def shape(request: pytest.FixtureRequest, build: Callable[[str], Shape]) -> Shape:
    return build(request.param)


@pytest.fixture
def mixed(build: Callable[[str], Shape]) -> Shape:
    return build("mixed")


def platform_row(name: str, accounts: Table) -> Row:
    """The row of 平台统计表 for accounts of summary.csv, counted here and nowhere else."""
    counts = Counter(each["检查结果"] for each in accounts)
    judged, due = counts["合格"] + counts["不合格"], len(accounts) - counts["不适用"]
    figures = {
        "账号数": len(accounts),
        "检查数": judged,
        "检查比例": share(judged / due if due else None),
        "合格率": rate((judged - counts["不合格"]) / judged if judged else None),
        "发布条数": sum(int(each["发布条数"]) for each in accounts),
        "原创条数": sum(int(each["原创条数"]) for each in accounts),
        **{each: counts[each] for each in RESULTS},
    }
    return {"平台": name, **{column: str(figure) for column, figure in figures.items()}}


def platform_rows(shape: Shape) -> Table:
    """A row for each platform, and 合计."""
    each = {one.value: [row for row in shape.summary if row["平台"] == one.value] for one in Platform}
    return [*(platform_row(name, some) for name, some in each.items() if some), platform_row("合计", shape.summary)]


def of_columns(rows: Iterable[Row], columns: Iterable[str], missing: str = "") -> Table:
    wanted = tuple(columns)
    return [{name: row[name] or missing for name in wanted} for row in rows]


def categories(shape: Shape, account_id: str) -> str:
    found = [each["问题类别"] for each in shape.grave() if each["账号编号"] == account_id]
    return "、".join(dict.fromkeys(found))


def named(row: Row) -> str:
    return f"{row['账号名称']}（{row['平台']}）"


def in_any_order(rows: Iterable[Any]) -> list[tuple[Any, ...]]:
    return sorted(tuple(row.values()) if isinstance(row, dict) else tuple(row) for row in rows)


# ------------------------------------------------------------------------------------------------- the shapes themselves


def test_the_mixed_county_has_everything_that_is_compared(mixed: Shape) -> None:
    assert {each["检查结果"] for each in mixed.summary} == set(RESULTS)
    assert {each["整改情况"] for each in mixed.rechecks} >= {"已整改", "未整改", "未能核验"}
    assert {each["核实状态"] for each in mixed.findings} == {"已核实", "待复核", "未能核验"}
    assert mixed.of("a6")["检查结果"] == "不合格"  # with something beside it that is not confirmed
    assert "待复核" in {each["核实状态"] for each in mixed.findings if each["账号编号"] == "a6"}
    assert {each["原创判定"] for each in mixed.posts} == {"原创", "转载", "未判定"}
    assert "人工复核确认" in "".join(each["佐证"] for each in mixed.findings)
    assert {"HD-01", "NR-01", "GX-02", "GX-03", "YC-01"} <= {each["问题编号"] for each in mixed.grave()}
    (total,) = (row for row in platform_rows(mixed) if row["平台"] == "合计")
    judged, due = int(total["检查数"]), int(total["账号数"]) - int(total["不适用"])
    assert share(judged / due) != rate(judged / due)  # or nobody would notice that they are mixed up


def test_the_other_counties_are_what_they_are_called(build: Callable[[str], Shape]) -> None:
    spotless, unseen = build("spotless"), build("unseen")
    assert [each["检查结果"] for each in spotless.summary] == ["合格", "合格"]
    assert spotless.findings == spotless.rechecks == []
    assert [each["检查结果"] for each in unseen.summary] == ["未能核验", "未能核验"]
    assert unseen.posts == unseen.grave() == []


def test_every_file_is_named_and_no_other_is_written(shape: Shape) -> None:
    assert tuple(each.name for each in shape.files) == file_names(MONTH)
    assert {each.name for each in shape.folder.iterdir() if each.is_file()} == set(file_names(MONTH))


def test_every_file_says_which_version_and_stage_it_is(mixed: Shape, shape: Shape) -> None:
    stage, version = shape.record["stage"], shape.record["version"]
    assert (stage, version) == (("复核中", 2) if shape is mixed else ("草稿", 1))
    assert f"{stage}，未定稿" in shape.page.text
    assert ("第2版" in shape.page.text) == (version == 2)
    assert (f"本次为第2版，状态为“{stage}”。" in shape.terminal) == (version == 2)
    assert {each["months"][0]["stage"] for each in shape.histories.values()} == {stage}
    assert {row["是否定稿"] for row in shape.year["months.csv"] if row["月份"] == MONTH} == {"未定稿"}
    assert {row["监测时间点"] for row in shape.summary} == {shape.record["time_point_shown"]}


# ------------------------------------------------------------------------------------------------- the same rows


@pytest.mark.parametrize(
    ("sheet", "table"),
    [("检查情况汇总表", "summary"), ("问题清单", "findings"), ("信息明细", "posts"), ("公开版", "public")],
)
def test_the_workbook_has_the_rows_of_the_tables(shape: Shape, sheet: str, table: str) -> None:
    assert shape.book.sheets[sheet] == getattr(shape, table)


def test_the_workbook_has_the_rechecks_where_there_are_any(shape: Shape) -> None:
    assert shape.book.sheets.get("回头看", []) == shape.rechecks


def test_links_lead_where_the_tables_say(mixed: Shape) -> None:
    assert mixed.book.links["信息明细"] == [[each["链接"]] for each in mixed.posts]
    expected = [[quote(each["信息链接"], safe=":/?=&")] if each["信息链接"] else [] for each in mixed.findings]
    assert mixed.book.links["问题清单"] == expected
    assert FORMULA in {each["信息标题"] for each in mixed.findings}


def test_the_record_says_what_the_summary_says(shape: Shape) -> None:
    assert list(shape.accounts) == [each["账号编号"] for each in shape.summary]
    for row in shape.summary:
        account = shape.accounts[row["账号编号"]]
        figures = account["figures"]
        assert (account["result"], account["failures"]) == (row["检查结果"], int(row["累计突出问题次数"]))
        assert (account["disposal"], "；".join(account["notes"])) == (row["建议处置"], row["备注"])
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
        for column, name in numbers.items():
            assert row[column] == ("" if figures[name] is None else str(figures[name])), column
        assert row["原创率"] == rate(figures["original_share"])
        assert row["采集完整率"] == share(figures["coverage_share"])
        assert row["未更新工作日"].split(";") == (figures["workdays_missed"] or [""])
        assert row["未达标周"].split(";") == (figures["weeks_missed"] or [""])
        last = figures["last_post"]
        assert row["最近更新标题"] == (last["title"] if last else "")


def test_the_record_says_what_the_findings_say(shape: Shape) -> None:
    told = [
        {
            "账号编号": account_id,
            "问题编号": each["code"],
            "问题类别": each["category"],
            "问题性质": each["severity"],
            "核实状态": each["verdict"],
            "问题描述": each["description"],
            "次数": str(len(each["windows"])),
            "问题时段": windows(each["windows"]),
            "整改时限": each["due"] or "",
            "信息标题": each["post"]["title"] if each["post"] else "",
            "信息链接": each["post"]["url"] if each["post"] else "",
        }
        for account_id, account in shape.accounts.items()
        for each in account["findings"]
    ]
    assert told == of_columns(shape.findings, told[0] if told else ())


def windows(found: Iterable[tuple[str, str]]) -> str:
    return ";".join(first if first == last else f"{first}/{last}" for first, last in found)


def test_the_record_says_what_the_posts_and_rechecks_say(shape: Shape) -> None:
    posts = [
        (account_id, each["title"], each["url"], each["originality"])
        for account_id, account in shape.accounts.items()
        for each in account["posts"]
    ]
    assert posts == [(each["账号编号"], each["标题"], each["链接"], each["原创判定"]) for each in shape.posts]
    rechecks = [
        (account_id, each["month"], each["code"], windows(each["windows"]), each["due"], each["outcome"], each["day"])
        for account_id, account in shape.accounts.items()
        for each in account["rechecks"]
    ]
    columns = ("账号编号", "检查月份", "问题编号", "问题时段", "整改时限", "整改情况", "恢复日期")
    assert rechecks == [tuple(each[name] or None for name in columns) for each in shape.rechecks]


def test_posts_and_problems_are_counted_as_they_are_listed(shape: Shape) -> None:
    for row in shape.summary:
        posts = [each["原创判定"] for each in shape.posts if each["账号编号"] == row["账号编号"]]
        counts = [len(posts), *(posts.count(each) for each in ("原创", "转载", "未判定"))]
        assert counts == [int(row[name]) for name in ("发布条数", "原创条数", "转载条数", "未判定条数")]
        found = [each for each in shape.findings if each["账号编号"] == row["账号编号"]]
        assert int(row["问题数"]) == sum(each["核实状态"] != "未能核验" for each in found)
        assert (row["检查结果"] == "不合格") == bool(categories(shape, row["账号编号"]))
        assert {each["整改时限"] for each in found} - {""} <= due_dates(shape)


def due_dates(shape: Shape) -> set[str]:
    return {each["整改时限"] for each in shape.grave()}


# ------------------------------------------------------------------------------------------------- figures of the whole


def test_every_file_counts_accounts_alike(shape: Shape) -> None:
    expected = platform_rows(shape)
    total = expected[-1]
    assert shape.book.sheets["平台统计表"] == of_columns(expected, shape.book.sheets["平台统计表"][0])
    assert shape.bulletin.table("检查比例") == of_columns(expected, BULLETIN_COLUMNS, missing="—")
    rows = shape.page.tables["platforms"]
    assert rows == of_columns(expected[:-1], rows[0], missing="—")
    assert shape.page.totals == {name: total[name] or "—" for name in shape.page.totals}
    assert set(shape.page.totals) == {"账号数", "检查数", "检查比例", "合格率", *RESULTS}
    widths = [f"{float(row['合格率'].rstrip('%')):.1f}" for row in expected[:-1] if row["合格率"]]
    assert shape.page.bars == widths


def test_the_record_counts_accounts_as_the_table_does(shape: Shape) -> None:
    *platforms, total = platform_rows(shape)
    told = shape.record["totals"]
    assert counted(told) == counted_of(total)
    assert str(told["accounts"]) == total["账号数"]
    assert told["results"] == {each: int(total[each]) for each in sorted(RESULTS) if total[each] != "0"}
    assert {name: counted(each) for name, each in told["platforms"].items()} == {
        row["平台"]: counted_of(row) for row in platforms
    }


def counted(told: dict[str, Any]) -> list[str]:
    numbers = [str(told[name]) for name in ("judged", "passed", "failed", "published", "original")]
    return [*numbers, share(told["ratio"]), rate(told["pass_rate"])]


def counted_of(row: Row) -> list[str]:
    return [row[name] for name in ("检查数", "合格", "不合格", "发布条数", "原创条数", "检查比例", "合格率")]


def test_the_terminal_counts_as_the_summary_does(shape: Shape) -> None:
    total = platform_rows(shape)[-1]
    counts = "，".join(f"{each}{total[each]}个" for each in RESULTS)
    assert any(line.endswith(f"{total['账号数']}个账号：{counts}。") for line in shape.terminal)
    rows = {line.split()[0]: line for line in shape.terminal[1 : len(shape.summary) + 1]}
    for row in shape.summary:
        line = rows[row["账号编号"]]
        shown = (row["平台"], row["检查结果"], row["发布条数"], row["原创条数"], row["采集完整率"])
        assert re.search(r"\s+".join(map(re.escape, shown)), line), line
        codes = [each["问题编号"] for each in shape.findings if each["账号编号"] == row["账号编号"]]
        assert re.findall(r"[A-Z]{2}-\d\d", line.split(row["采集完整率"], 1)[1]) == codes
    assert {line.strip() for line in shape.terminal[-len(shape.files) :]} == set(map(str, shape.files))


# ------------------------------------------------------------------------------------------------- the bulletin


def test_the_bulletin_says_the_figures_of_the_table(shape: Shape) -> None:
    total = platform_rows(shape)[-1]
    text = shape.bulletin.text
    due = int(total["账号数"]) - int(total["不适用"])
    assert f"账号{total['账号数']}个，应检查{due}个" in text
    assert f"，检查{total['检查数']}个" in text
    assert f"共发布信息{total['发布条数']}条，其中原创信息{total['原创条数']}条" in text
    if total["检查数"] != "0":
        said = f"检查比例{total['检查比例']}。其中，合格{total['合格']}个，不合格{total['不合格']}个，合格率{total['合格率']}。"
        assert said in text
    for result, words in (("待复核", "待人工复核"), ("未能核验", "未能核验")):
        waiting = re.findall(rf"另有(\d+)个账号{words}", text)
        assert waiting == ([total[result]] if total[result] != "0" else [])


def test_the_bulletin_lists_the_accounts_of_the_summary(shape: Shape) -> None:
    listed = shape.bulletin.table("检查结果", "原创条数")
    expected = [
        (
            row["主办单位"],
            named(row),
            row["发布条数"],
            row["原创条数"],
            row["检查结果"],
            categories(shape, row["账号编号"]),
        )
        for row in shape.summary
    ]
    assert in_any_order(list(row.values())[1:] for row in listed) == in_any_order(expected)
    assert [row["序号"] for row in listed] == [str(number) for number in range(1, len(expected) + 1)]


def test_the_bulletin_lists_the_problems_of_the_findings(shape: Shape) -> None:
    listed = shape.bulletin.table("问题描述")
    secret = "发现严重表述错误，须立即更正，具体内容另行告知。"
    expected = [
        (
            row["主办单位"],
            named(row),
            row["问题类别"],
            secret if row["问题编号"] == "NR-01" else row["问题描述"],
            row["整改时限"],
        )
        for row in shape.grave()
    ]
    assert in_any_order(list(row.values())[1:] for row in listed) == in_any_order(expected)


def test_the_bulletin_counts_problems_by_kind(shape: Shape) -> None:
    kinds = {each["问题类别"]: each["问题编号"] for each in shape.grave()}
    expected = {
        category: len({each["账号编号"] for each in shape.grave() if each["问题类别"] == category})
        for category in kinds
    }
    told = re.findall(r"^（[一二三四五六七八九十]+）(.+)（(\d+)个账号）$", shape.bulletin.text, re.MULTILINE)
    assert {category: int(count) for category, count in told} == expected
    for due in due_dates(shape):
        year, month, day = map(int, due.split("-"))
        assert f"于{year}年{month}月{day}日前整改到位" in shape.bulletin.text
    assert len(due_dates(shape)) <= 1


def test_the_bulletin_counts_what_was_looked_at_again(shape: Shape) -> None:
    counts = Counter(each["整改情况"] for each in shape.rechecks)
    settled = ("已整改", "未整改", "未能核验")
    checked = sum(counts[each] for each in settled)
    if not checked:
        assert "没有整改期满、需要“回头看”的问题" in shape.bulletin.text
        return
    said = "，".join(f"{each}{counts[each]}个" for each in settled)
    assert f"整改期已满的{checked}个问题开展“回头看”，{said}。" in shape.bulletin.text
    for outcome in settled[1:]:
        lines = [line for line in shape.bulletin.lines if line.startswith(f"{outcome}：")]
        assert sum(line.count("问题，") for line in lines) == counts[outcome]


# ------------------------------------------------------------------------------------------------- the public


def test_the_public_is_told_what_the_summary_says(shape: Shape) -> None:
    listed = [row for row in shape.summary if row["检查结果"] != "不适用"]
    assert shape.public == [
        {
            "序号": str(number),
            "主办单位": row["主办单位"],
            "账号名称(平台)": named(row),
            "发布条数": row["发布条数"],
            "检查结果": row["检查结果"],
            "问题类别": categories(shape, row["账号编号"]),
        }
        for number, row in enumerate(listed, 1)
    ]


def test_the_page_has_the_rows_of_the_public_table(shape: Shape) -> None:
    rows = [{**row, "发布条数": row["发布条数"].removesuffix(" 采集不完整")} for row in shape.page.tables["results"]]
    assert rows == shape.public
    assert f"共列入{len(shape.public)}个账号。" in shape.page.text


def test_public_files_tell_nothing_of_persons_posts_or_wrong_wording(mixed: Shape) -> None:
    named_posts = {each["标题"] for each in mixed.posts} | set(TITLES)
    for name in (f"公开版-{MONTH}.csv", f"公开版-{MONTH}.html"):
        text = (mixed.folder / name).read_text(encoding="utf-8")
        secrets = (CONTACT, PHONE, SECRET, FORMULA, "张三", "截图", "county.example", "建议约谈", *named_posts)
        assert [each for each in secrets if each in text] == []
    assert SECRET not in mixed.bulletin.text


def test_what_was_dismissed_stands_in_no_file_for_others_and_fails_nobody(mixed: Shape) -> None:
    row = mixed.of("a5")
    assert (row["检查结果"], row["问题数"], row["累计突出问题次数"]) == ("合格", "0", "0")
    assert [each for each in mixed.findings if each["账号编号"] == "a5"] == []
    assert [each["code"] for each in mixed.accounts["a5"]["dismissed"]] == ["GX-03"]
    (public,) = (each for each in mixed.public if each["账号名称(平台)"] == named(row))
    assert (public["检查结果"], public["问题类别"]) == ("合格", "")
    assert [each for each in mixed.bulletin.table("问题描述") if named(row) in each.values()] == []
    assert "当日已发布" not in mixed.page.text + mixed.bulletin.text


# ------------------------------------------------------------------------------------------------- the year, the account


def test_the_year_says_of_the_month_what_the_inspection_said(shape: Shape) -> None:
    months = {row["账号编号"]: row for row in shape.year["months.csv"] if row["月份"] == MONTH}
    states = {row["账号编号"]: row["10月"] for row in shape.year["assessment.csv"]}
    assert states == {row["账号编号"]: row["检查结果"] for row in shape.summary}
    assert set(months) == set(states)
    for row in shape.summary:
        told, found = months[row["账号编号"]], [each for each in shape.grave() if each["账号编号"] == row["账号编号"]]
        same = ("主办单位", "平台", "账号名称", "检查结果", "发布条数", "原创条数", "原创率")
        assert of_columns([told], same) == of_columns([row], same)
        assert int(told["否决问题数"]) == sum(each["问题性质"] == "否决" for each in found)
        assert int(told["通报问题数"]) == sum(each["问题性质"] == "通报" for each in found)


def test_the_year_says_of_the_month_before_what_was_found_again(shape: Shape) -> None:
    before = {row["账号编号"]: row for row in shape.year["months.csv"] if row["月份"] == "2026-09"}
    for row in before.values():
        mine = [each["整改情况"] for each in shape.rechecks if each["账号编号"] == row["账号编号"]]
        told = [row["已整改数"], row["未整改数"]]
        assert [each or "0" for each in told] == [str(mine.count(each)) for each in ("已整改", "未整改")]


def test_the_last_quarter_is_the_month_by_itself(shape: Shape) -> None:
    rows = [row for row in shape.year["quarters.csv"] if row["季度"] == "2026年第四季度"]
    expected = platform_rows(shape)
    assert of_columns(rows, expected[0]) == expected
    assert all(row["未检查"] == "0" for row in rows)


def test_the_quarters_count_the_posts_of_their_months(shape: Shape) -> None:
    for quarter, first in (("第三季度", 7), ("第四季度", 10)):
        rows = [row for row in shape.year["quarters.csv"] if row["季度"] == f"2026年{quarter}"]
        names = {f"2026-{number:02}" for number in range(first, first + 3)}
        months = [row for row in shape.year["months.csv"] if row["月份"] in names]
        for row in rows:
            mine = [each for each in months if row["平台"] in ("合计", each["平台"])]
            for column in ("发布条数", "原创条数"):
                assert int(row[column]) == sum(int(each[column] or 0) for each in mine)


def test_the_workbook_of_the_year_has_the_rows_of_its_tables(shape: Shape) -> None:
    assert shape.year_book.sheets["逐月明细"] == shape.year["months.csv"]
    assert shape.year_book.sheets["季度上报"] == shape.year["quarters.csv"]
    columns = shape.year_book.sheets["年度汇总-账号"][0]
    assert shape.year_book.sheets["年度汇总-账号"] == of_columns(shape.year["assessment.csv"], columns)


def test_the_history_of_an_account_says_what_the_inspection_said(shape: Shape) -> None:
    for row in shape.summary:
        history = shape.histories[row["账号编号"]]
        month = history["months"][0]
        assert (month["month"], month["result"]) == (MONTH, row["检查结果"])
        assert (month["published"], month["original"]) == (int(row["发布条数"]), int(row["原创条数"]))
        assert (rate(month["share"]), share(month["coverage_share"])) == (row["原创率"], row["采集完整率"])
        assert (month["disposal"], "；".join(month["notes"])) == (row["建议处置"], row["备注"])
        found = [
            {
                "问题编号": each["code"],
                "问题类别": each["category"],
                "问题性质": each["severity"],
                "核实状态": each["verdict"],
                "问题描述": each["description"],
                "问题时段": ";".join(each["windows"]),
                "整改时限": each["due"] or "",
            }
            for each in month["findings"]
        ]
        mine = [each for each in shape.findings if each["账号编号"] == row["账号编号"]]
        assert found == of_columns(mine, found[0] if found else ())
        again = [each for each in shape.rechecks if each["账号编号"] == row["账号编号"]]
        assert [(each["code"], each["outcome"], each["day"] or "") for each in history["rechecks"]] == [
            (each["问题编号"], each["整改情况"], each["恢复日期"]) for each in again
        ]
