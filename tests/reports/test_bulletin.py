"""通报: its shape, its sentences, and every number as the statistics of the same rows have it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.findings import Result, Severity, Verdict
from monitor.policy import Policy
from monitor.stages import Stage
from monitor.statistics import count_of
from monitor.values import Platform
from reports import cells
from reports.bulletin_problems import NAMED, SPELLED_OUT, ordinal
from reports.bulletin_settings import BulletinSettings
from reports.platforms import PLATFORMS, platform_rows, total_row
from tests.monitor.builders import frame, policy, posts
from tests.reports.bulletins import (
    LONG,
    OCTOBER,
    Written,
    an_account,
    county,
    entered,
    rows,
    rows_of,
    written,
)

FINAL = {"stage": Stage.FINAL}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return written(tmp_path_factory.mktemp("county"), county())


def test_the_shape_is_that_of_a_bulletin(shown: Written) -> None:
    lines = [each for each in shown.lines if each]
    headings = ["一、总体情况", "二、存在问题", "三、下一步工作要求", "附件：1．检查情况汇总表", "2．问题清单"]
    assert lines[:3] == [
        "关于2026年10月政务新媒体检查情况的通报",
        "×府办函〔2026〕　号",
        "各乡镇人民政府，县级各部门：",
    ]
    assert [each for each in lines if each in headings] == headings
    end = lines.index("2．问题清单")
    assert lines[end + 1 : end + 4] == [
        "高县人民政府办公室",
        "2026年　　月　　日",
        "（联系人：　　　　　；联系电话：　　　　　　　）",
    ]
    assert lines[end + 4 :] == ["附件1", "检查情况汇总表", "附件2", "问题清单"]
    assert "{{" not in shown.text


def test_it_rests_on_the_documents_that_the_clauses_name(shown: Written) -> None:
    assert shown.lines[4] == (
        "根据《国务院办公厅秘书局关于印发政府网站与政务新媒体检查指标、监管工作年度考核指标的通知》（国办秘函〔2019〕19号）、"
        "《高县人民政府办公室关于加强政府系统政务新媒体建设管理工作的通知》要求，"
        "高县人民政府办公室对2026年10月政务新媒体运行情况进行了检查，现将有关情况通报如下。"
    )


def test_the_counts_are_those_of_the_statistics(shown: Written) -> None:
    total = shown.statistics.total
    assert (total.accounts, total.not_applicable, total.review, total.unverifiable) == (10, 1, 1, 2)
    first, review, unseen, published, note = shown.under("一、总体情况")[:5]
    assert first.startswith("检查时段为2026年10月1日至2026年10月31日，监测时间点为2026年10月31日。")
    assert (
        f"备案台账共有政务新媒体账号{total.accounts}个，应检查{total.due}个（另有1个本期已停更、注销或者没有应判定的时段），"
        f"检查{total.judged}个，检查比例{cells.share(total.ratio)}。其中，合格{total.passed}个，不合格{total.failed}个，"
        f"合格率{cells.rate(total.pass_rate)}。"
    ) in first
    assert review == f"另有{total.review}个账号待人工复核，复核前不作合格与否的结论。"
    assert unseen == (
        "另有2个账号未能核验：因未能完整采集检查时段内的信息（无采集记录2个），不能证明其是否按要求更新，"
        "本期不作判定，也不作为问题通报。"
    )
    assert f"共发布信息{total.published}条，其中原创信息{total.original}条" in published
    assert "合格率＝（检查数－不合格数）÷检查数" in note
    assert shown.text.count("合格率＝") == 1


def test_each_platform_stands_in_the_table_as_everywhere_else(shown: Written) -> None:
    header, *found = shown.table("平台 账号数")
    counted = [*platform_rows(shown.statistics), total_row(shown.statistics)]
    assert found == [[str(PLATFORMS[column](each) or "0") for column in header] for each in counted]
    assert [row[0] for row in found] == ["微信公众号", "新浪微博", "今日头条", "抖音", "合计"]
    for column in (1, 2, 4, 5, 7, 8):
        assert sum(int(row[column]) for row in found[:-1]) == int(found[-1][column])


def test_what_was_looked_at_again_is_named(shown: Written) -> None:
    found = shown.under("一、总体情况")[5:]
    assert found == [
        "对以前月份检查发现、整改期已满的4个问题开展“回头看”，已整改1个，未整改2个，未能核验1个。另有1个问题整改期未满。",
        "未整改：县教育局“高县教育”（微信公众号）2026年9月检查发现的“内容不更新”问题，检查后至2026年10月31日未发布信息。",
        (
            "未整改：沙河镇人民政府“沙河丨镇”（微信公众号）2026年9月检查发现的“未达到周更新要求”问题，"
            "2026年11月1日人工复查：电话138****5678仍未更新。"
        ),
        "未能核验：沙河镇人民政府“沙河丨镇”（微信公众号）2026年9月检查发现的“内容不更新”问题，整改期满后10月22日至10月31日未能完整采集。",
    ]
    assert "李某" not in shown.text


def test_problems_stand_by_kind_with_unit_account_and_fact(shown: Written) -> None:
    found = shown.under("二、存在问题")
    kinds = [each for each in found if each.startswith("（")]
    assert kinds == [
        "（一）内容不更新（2个账号）",
        "（二）未达到周更新要求（2个账号）",
        "（三）疑似僵尸账号（1个账号）",
        "（四）本月零发布（1个账号）",
        "（五）未按要求发布原创信息（3个账号）",
    ]
    assert {re.sub(r"（.）", "", each) for each in kinds} == {
        f"{category}（{count}个账号）" for _, category, count in shown.statistics.problems
    }
    assert found[1].startswith("1．县教育局。“高县教育”（微信公众号）：监测时间点（2026年10月31日）前2周内无更新。")
    assert "“书香“高县”😀”（抖音）：" in found[1]
    assert found[-1].startswith(f"2．县文化广播电视和旅游局。“{LONG}”（今日头条）：")
    assert "健康高县" not in "".join(found)
    assert "沙河" not in "".join(found)


def test_demands_have_a_date_and_say_what_repetition_leads_to(shown: Written) -> None:
    found = "".join(shown.under("三、下一步工作要求"))
    assert "于2026年11月13日前整改到位" in found
    assert "放假安排" not in found
    assert "近12个月内同一账号检查不合格2次及以上的，主办单位（县教育局）要书面说明原因" in found
    assert "按照提醒、通报、约谈、关停四步退出流程，近12个月内检查不合格累计3次的，依规研究约谈" in found
    assert "“回头看”未整改的问题" in found
    assert "待复核、未能核验的账号将补充采集" in found
    assert "建议" not in shown.text  # what is proposed for an account is the office's own affair


def test_the_annexes_hold_every_account_and_every_problem(shown: Written) -> None:
    some = county()
    header, *accounts = shown.table("序号 主办单位 账号名称（平台） 发布条数")
    assert [int(row[0]) for row in accounts] == list(range(1, len(some) + 1))
    assert sorted((row[2], row[3], row[4], row[5]) for row in accounts) == sorted(
        (
            f"{each.account.name}（{each.account.platform}）",
            str(each.figures.published),
            str(each.figures.original),
            each.result.value,
        )
        for each in (one.judgement for one in some)
    )
    results = [row[header.index("检查结果")] for row in accounts]
    total = shown.statistics.total
    assert [results.count(each.value) for each in Result] == [
        total.passed,
        total.failed,
        total.review,
        total.unverifiable,
        total.not_applicable,
    ]
    _, *problems = shown.table("序号 主办单位 账号名称（平台） 问题类别")
    proven = [
        (each.category, each.description, "2026-11-13")
        for one in some
        for each in one.judgement.findings
        if each.verdict is Verdict.VERIFIED and each.severity in (Severity.VETO, Severity.BULLETIN)
    ]
    assert sorted((row[3], row[4], row[5]) for row in problems) == sorted(proven)
    by_account = {row[2]: row[6] for row in accounts}
    for category in ("内容不更新", "未按要求发布原创信息"):
        assert sum(category in each for each in by_account.values()) == next(
            count for _, name, count in shown.statistics.problems if name == category
        )


def test_units_stand_together(shown: Written) -> None:
    units = [row[1] for row in shown.table("序号 主办单位 账号名称（平台） 发布条数")[1:]]
    assert [unit for at, unit in enumerate(units) if unit not in units[:at]] == list(dict.fromkeys(units))
    assert units[2:4] == ["县教育局", "县教育局"]


def test_a_draft_says_so_on_every_page(shown: Written) -> None:
    assert shown.headers == ["草稿，未定稿", "草稿，未定稿"]


@pytest.mark.parametrize(
    ("head", "mark", "line"),
    [
        pytest.param(FINAL, "", "", id="final"),
        pytest.param({"stage": Stage.PUBLIC, "version": 2, "why": "补采"}, "", "", id="never-final-before"),
        pytest.param({"stage": Stage.REVIEWING, "version": 2, "why": "补采"}, "草稿，未定稿", "", id="reviewing"),
        pytest.param(
            FINAL | {"version": 2, "corrects": True, "why": "县教育局申诉属实。"},
            "更正版（第2版）",
            "更正版（第2版），更正原因：县教育局申诉属实",
            id="correction",
        ),
        pytest.param(
            {"version": 3, "corrects": True, "why": ""},
            "草稿，未定稿；更正版（第3版）",
            "更正版（第3版）",
            id="correction-in-draft",
        ),
    ],
)
def test_a_correction_says_so_with_its_reason(tmp_path: Path, head: dict[str, object], mark: str, line: str) -> None:
    found = written(tmp_path, [rows(an_account())], head=head)
    assert found.headers == [mark, mark]
    assert [each for each in found.lines if "更正版" in each] == ([line] if line else [])


def test_nothing_found_is_said_without_a_table_of_problems(tmp_path: Path) -> None:
    found = written(tmp_path, [rows(an_account())], head=FINAL)
    assert found.under("二、存在问题") == ["本次检查没有需要通报的问题。"]
    assert "2026年11月" not in found.text
    assert "回头看" in "".join(found.under("一、总体情况"))
    assert found.lines[-1] == "本次检查没有需要通报的问题。"
    assert len(found.tables) == 2


def test_nothing_seen_accuses_nobody_and_clears_nobody(tmp_path: Path) -> None:
    found = written(tmp_path, [rows(an_account(), [], ())])
    assert "没有账号完成判定，不计算合格率" in found.text
    assert found.under("二、存在问题") == ["本次没有账号完成判定，不对存在问题作出结论。"]
    assert found.table("平台 账号数")[-1] == ["合计", "1", "0", "0.0%", "0", "0", "—", "0", "0"]


def test_what_waits_is_not_among_the_clean(tmp_path: Path) -> None:
    found = written(tmp_path, [rows(an_account()), rows(an_account("b"), [], ())])
    assert found.under("二、存在问题") == ["本次检查没有需要通报的问题。待复核、未能核验的账号不在此列。"]


def test_an_empty_registry(tmp_path: Path) -> None:
    found = written(tmp_path, [])
    assert found.under("一、总体情况")[0].endswith("备案台账中没有账号，本次没有检查对象。")
    assert found.tables == []


def test_a_running_month_says_up_to_when(tmp_path: Path) -> None:
    within = frame(at="10-15 10:30", by=OCTOBER.policy)
    found = written(tmp_path, [rows(an_account(), posts("10-01..10-15"), within=within)], within=within)
    assert "监测时间点为2026年10月15日10时30分，检查时段尚未结束，以下为截至该时的情况。" in found.text


def test_a_year_without_days_off_makes_the_date_provisional(tmp_path: Path) -> None:
    within = frame("2026-12", by=OCTOBER.policy)
    found = written(tmp_path, [rows(an_account(), [], within=within)], within=within)
    assert "×府办函〔2027〕　号" in found.lines
    assert "（2027年放假安排未录入，该日期为暂定）整改到位" in found.text


@pytest.mark.parametrize(
    ("by", "text"),
    [
        pytest.param(policy(), "按照政务新媒体检查的有关要求，", id="no-document"),
        pytest.param(OCTOBER.policy, "根据《本县的通知》（×办〔2024〕5号）要求，", id="the-office-s-own"),
    ],
)
def test_the_basis_may_be_the_office_s_own(tmp_path: Path, by: Policy, text: str) -> None:
    basis = "《本县的通知》（×办〔2024〕5号）" if by is OCTOBER.policy else ""
    found = written(tmp_path, [], settings=BulletinSettings(basis=basis), within=frame(by=by))
    assert any(each.startswith(text) for each in found.lines)


def test_what_the_office_fills_in_stands_in_its_place(tmp_path: Path) -> None:
    settings = BulletinSettings(
        document="宜府办函",
        addressees="各县（区）人民政府：",
        signature="宜宾市人民政府办公室",
        contact="张某",
        telephone="0831-1234567",
    )
    lines = written(tmp_path, [], settings=settings).lines
    for line in (
        "宜府办函〔2026〕　号",
        "各县（区）人民政府：",
        "宜宾市人民政府办公室",
        "（联系人：张某；联系电话：0831-1234567）",
    ):
        assert line in lines


def test_without_addressees_their_line_is_left_out(tmp_path: Path) -> None:
    lines = written(tmp_path, [], settings=BulletinSettings(addressees="")).lines
    assert lines[3].startswith("根据《")


def test_wrong_wording_is_not_quoted_and_numbers_are_masked(tmp_path: Path) -> None:
    wrong = entered("NR-01", "《某标题》中写作“错误表述”")
    leaked = entered("NR-03", "信息中有手机号13812345678", severity=Severity.BULLETIN, number=2)
    found = written(tmp_path, [rows(an_account(), entered=(wrong, leaked))])
    everything = found.text + str(found.tables)
    assert "错误表述”" not in everything
    assert "13812345678" not in everything
    assert "138****5678" in everything
    assert found.table("序号 主办单位 账号名称（平台） 问题类别")[1][3:5] == [
        "疑似严重表述错误",
        "发现严重表述错误，须立即更正，具体内容另行告知。",
    ]


def test_of_an_account_with_wrong_wording_no_title_is_quoted(tmp_path: Path) -> None:
    """The post with the wording may be the last one before a silence."""
    known = posts("09-01..10-08")
    quoted = f"最近一次更新为2026年10月8日《{known[-1].title}》"
    alone = written(tmp_path / "alone", [rows(an_account(), known)])
    assert quoted in alone.text + str(alone.tables)
    found = written(tmp_path, [rows(an_account(), known, entered=(entered("NR-01", "坏标题"),))])
    everything = found.text + str(found.tables)
    assert known[-1].title not in everything
    assert "最近一次更新为2026年10月8日（标题略）" in everything


def test_hints_reminders_and_what_nobody_confirmed_stay_out(tmp_path: Path) -> None:
    hint = entered("NR-02", "一处错别字", severity=Severity.HINT)
    found = written(tmp_path, [rows(an_account(), entered=(hint,))])
    assert "错别字" not in found.text + str(found.tables)
    assert found.statistics.problems == []


def many(count: int, organizer: str = "县教育局") -> list[object]:
    base = rows(an_account(), []).judgement
    return [
        rows_of(
            replace(
                base,
                account=an_account(
                    f"a{n}", f"第{n}小学", organizer, platform=Platform.WEIBO if n % 2 else Platform.WECHAT
                ),
            )
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [SPELLED_OUT, SPELLED_OUT + 1, NAMED, NAMED + 1])
def test_many_accounts_of_a_kind_are_named_or_counted_and_all_stand_in_the_annex(tmp_path: Path, count: int) -> None:
    found = written(tmp_path, many(count))  # type: ignore[arg-type]
    said = found.under("二、存在问题")
    named = "第7小学" in "".join(said)
    assert ("监测时间点" in "".join(said)) == (count <= SPELLED_OUT)
    assert named == (count <= NAMED)
    if count > NAMED:
        assert said[1] == f"涉及1个主办单位：县教育局{count}个。具体账号和问题描述见附件2。"
    elif count > SPELLED_OUT:
        assert said[1] == "涉及以下账号，具体情况见附件2。"
        assert said[2].startswith("1．县教育局。微信公众号“第0小学”“第2小学”")
        assert "；新浪微博“第1小学”“第3小学”" in said[2]
    problems = found.table("序号 主办单位 账号名称（平台） 问题类别")[1:]
    kinds = found.statistics.problems
    assert len(problems) == sum(each for _, _, each in kinds) == count * len(kinds)


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五")]
)
def test_headings_are_numbered_as_officials_do(number: int, text: str) -> None:
    assert ordinal(number) == text


def test_the_figures_of_one_account_are_counted_once() -> None:
    some = county()
    assert sum(count_of(each.judgement).accounts for each in some) == len(some)
