"""What the public is told of an account, and what it is not."""

import csv
import io
from pathlib import Path

import pytest

from monitor.findings import Result, Severity, Verdict
from monitor.masking import mask
from monitor.stages import Stage
from monitor.values import Platform
from reports.public import PUBLIC, is_listed, plain, public_row
from tests.reports.public_county import (
    CSV,
    UNUSUAL,
    a_county,
    a_finding,
    an_account,
    called,
    failed,
    written,
)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_header_is_the_one_agreed() -> None:
    assert list(PUBLIC) == ["序号", "主办单位", "账号名称(平台)", "发布条数", "检查结果", "问题类别"]


def test_a_row_tells_the_confirmed_categories(tmp_path: Path) -> None:
    of = called("高县发布", platform=Platform.WEIBO)
    rows = [an_account(Result.PASSED, published=31), failed("内容不更新", "未达到周更新要求", of=of)]
    content = written(tmp_path / "2026-10", rows)[CSV]
    assert content.startswith("\ufeff序号,主办单位,账号名称(平台),发布条数,检查结果,问题类别\r\n".encode())
    assert read(content)[1:] == [
        ["1", "高县人民政府办公室", "高县发布（微信公众号）", "31", "合格", ""],
        ["2", "高县教育局", "高县发布（新浪微博）", "7", "不合格", "内容不更新、未达到周更新要求"],
    ]


@pytest.mark.parametrize(
    ("severity", "verdict", "is_told"),
    [
        pytest.param(Severity.VETO, Verdict.VERIFIED, True, id="veto"),
        pytest.param(Severity.BULLETIN, Verdict.VERIFIED, True, id="bulletin"),
        pytest.param(Severity.HINT, Verdict.VERIFIED, False, id="hint"),
        pytest.param(Severity.REMINDER, Verdict.VERIFIED, False, id="reminder"),
        pytest.param(Severity.UNVERIFIED, Verdict.UNVERIFIABLE, False, id="not-observed"),
        pytest.param(Severity.BULLETIN, Verdict.REVIEW, False, id="waits-for-a-person"),
        pytest.param(Severity.VETO, Verdict.DISMISSED, False, id="dismissed"),
    ],
)
def test_only_what_is_confirmed_and_grave_is_told(severity: Severity, verdict: Verdict, is_told: bool) -> None:
    rows = an_account(Result.FAILED, a_finding("内容不更新"), a_finding("另一类", severity, verdict))
    assert public_row(1, rows).categories == (("内容不更新", "另一类") if is_told else ("内容不更新",))


def test_a_category_is_told_once_and_in_report_order() -> None:
    assert public_row(1, failed("丙类", "甲类", "丙类")).categories == ("丙类", "甲类")


@pytest.mark.parametrize("result", [Result.PASSED, Result.REVIEW, Result.UNVERIFIABLE])
def test_no_other_result_comes_with_a_category(result: Result) -> None:
    row = public_row(1, an_account(result, a_finding("内容不更新", verdict=Verdict.REVIEW)))
    assert (PUBLIC["检查结果"](row), PUBLIC["问题类别"](row)) == (result.value, "")


def test_accounts_without_a_duty_are_left_out_and_leave_no_gap(tmp_path: Path) -> None:
    rows = [an_account(Result.NOT_APPLICABLE), failed(), an_account(Result.NOT_APPLICABLE), an_account(Result.REVIEW)]
    assert [is_listed(each) for each in rows] == [False, True, False, True]
    shown = read(written(tmp_path / "2026-10", rows)[CSV])[1:]
    assert [(row[0], row[4]) for row in shown] == [("1", "不合格"), ("2", "待复核")]


def test_no_account_gives_a_header(tmp_path: Path) -> None:
    assert read(written(tmp_path / "2026-10", [])[CSV]) == [list(PUBLIC)]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("高县丨发布", "高县丨发布", id="vertical-line"),
        pytest.param("高县👨‍👩‍👧", "高县👨‍👩‍👧", id="emoji-of-several"),
        pytest.param("高县\u202e布发\u202c\u2067\u200f", "高县布发", id="marks-that-turn"),
        pytest.param("高\x00县\x07发\u2028布\r\n", "高 县 发 布", id="control-characters"),
        pytest.param("高县\ufffe\ufffe发布\U0001ffff", "高县发布", id="no-characters"),
        pytest.param("高县\ud800发布", "高县发布", id="half-a-pair"),
        pytest.param("قاۋشيەن", "قاۋشيەن", id="letters-from-the-right"),
        pytest.param("𰻞𰻞面", "𰻞𰻞面", id="rare-character"),
        pytest.param("张三13812345678", "张三138****5678", id="a-mobile"),
        pytest.param("gx13812345678", "gx138****5678", id="a-mobile-behind-letters"),
        pytest.param("高县发布_13812345678", "高县发布_138****5678", id="a-mobile-behind-a-line"),
        pytest.param("138.1234.5678", "138****5678", id="a-mobile-with-dots"),
        pytest.param("高县\u200b138\u200b12345678", "高县138****5678", id="a-mobile-with-what-nobody-sees"),
        pytest.param("高县（zhang.san@163.com）", "高县（***）", id="an-address"),
        pytest.param("第2013812345678901号", "第2013812345678901号", id="a-longer-number"),
        pytest.param("高县12345热线", "高县12345热线", id="a-short-number"),
        pytest.param("  ", "", id="blank"),
    ],
)
def test_names_stand_on_one_line_and_masked(name: str, shown: str) -> None:
    assert plain(name) == shown


def test_unusual_names_stay_in_their_cells(tmp_path: Path) -> None:
    shown = read(written(tmp_path / "2026-10", [failed(of=called(name)) for name in UNUSUAL])[CSV])[1:]
    assert [len(row) for row in shown] == [len(PUBLIC)] * len(UNUSUAL)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in shown for cell in row)
    assert shown[0][2] == "'=SUM(A1)发布（微信公众号）"


@pytest.mark.parametrize("stage", list(Stage))
def test_the_public_reads_nothing_of_the_inside(tmp_path: Path, stage: Stage) -> None:
    files = written(tmp_path / "2026-10", a_county(), stage=stage, why="内部说明的更正原因")
    for name, content in files.items():
        text = content.decode()
        inside = ("李四", "0831", "gx-01", "GX-03", "约谈", "内部", "第十五条", "10月5日", "http:", "https:")
        assert [word for word in inside if word in text] == [], name
        assert mask(text) == text


def test_the_same_accounts_give_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "a", a_county()) == written(tmp_path / "b", a_county())
