"""公开版-YYYY-MM.html as a document: what it says, that it is whole, and that nothing in a name breaks it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from monitor.findings import Result, Verdict
from monitor.spans import Span
from monitor.stages import Stage
from monitor.statistics import Statistics
from monitor.values import Platform
from reports import cells
from reports.folder import Folder
from reports.parts import AccountRows
from reports.public import PUBLIC, plain
from reports.public_page import PublicPage
from tests.monitor.builders import frame
from tests.reports.public_county import (
    HEAD,
    NOW,
    PAGE,
    UNUSUAL,
    a_county,
    a_finding,
    an_account,
    called,
    failed,
    written,
)

_VOID = {"meta", "rect"}


class Page(HTMLParser):
    """A page as a browser takes it in: its tables by caption, its lists of terms, every element in order."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.terms: dict[str, str] = {}
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self._rows: list[list[str]] = []
        self._cell = self._term = ""
        self.feed(content.decode())
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "table":
            self._rows = []
        if tag == "tr":
            self._rows.append([])
        if tag in ("th", "td", "caption", "dt", "dd"):
            self._cell = ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        assert self._open.pop() == tag
        if tag == "caption":
            self.tables[self._cell] = self._rows
        elif tag in ("th", "td"):
            self._rows[-1].append(self._cell)
        elif tag == "dt":
            self._term = self._cell
        elif tag == "dd":
            self.terms.setdefault(self._term, self._cell)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self._cell += data
        self.text += data if self._open[-1:] != ["style"] else ""

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for each, attributes in self.elements if each == tag]


def page(folder: Path, accounts: Sequence[AccountRows], **head: object) -> Page:
    return Page(written(folder / "2026-10", accounts, **head)[PAGE])


def test_it_is_whole_in_itself_and_runs_nothing(tmp_path: Path) -> None:
    found = page(tmp_path, a_county())
    assert found.of("html") == [{"lang": "zh-CN"}]
    assert {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"} in (
        found.of("meta")
    )
    tags = {tag for tag, _ in found.elements}
    assert not tags & {"script", "img", "link", "iframe", "object", "form", "base"}
    assert all(value and value.startswith("#") for each in found.of("a") for value in (each["href"],))
    anchors = {attributes["id"] for _, attributes in found.elements if "id" in attributes}
    assert {f"#{each}" for each in anchors} == {each["href"] for each in found.of("a")}
    style = (tmp_path / "2026-10" / PAGE).read_text(encoding="utf-8").split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_it_says_what_was_inspected(tmp_path: Path) -> None:
    found = page(tmp_path, a_county())
    assert "2026年10月政务新媒体检查情况" in found.text
    assert "2026年10月政务新媒体检查情况 - 高县人民政府办公室" in found.text
    assert found.terms["检查时段"] == "2026年10月1日至2026年10月31日"
    assert found.terms["监测时间点"] == "2026年10月31日23时59分"
    assert found.terms["检查依据"] == "检验用"
    assert "版本" not in found.terms
    assert "合格率 =（检查数 − 不合格数）÷ 检查数" in found.text
    assert "既不判为合格，也不判为不合格，不表示该账号存在问题。" in found.text


def test_its_figures_are_those_of_the_statistics(tmp_path: Path) -> None:
    county = a_county()
    statistics = Statistics()
    statistics.add(each.judgement for each in county)
    total, found = statistics.total, page(tmp_path, county)
    named = ("账号数", "检查数", "检查比例", "合格率", "不适用")
    assert [found.terms[each] for each in named] == [
        str(total.accounts),
        str(total.judged),
        cells.share(total.ratio),
        cells.rate(total.pass_rate),
        str(total.not_applicable),
    ]
    assert found.tables["各平台检查情况"][1:] == [
        [platform.value, *map(str, (one.accounts, one.judged, one.passed, one.failed)), cells.rate(one.pass_rate)]
        for platform, one in statistics.platforms
    ]
    widths = [float(each["width"] or "") for each in found.of("rect")]
    assert widths == pytest.approx([(one.pass_rate or 0) * 100 for _, one in statistics.platforms], abs=0.05)
    assert "另有1个账号本期不适用，未列入。" in found.text


def test_its_table_has_a_caption_and_scopes(tmp_path: Path) -> None:
    found = page(tmp_path, [failed(of=called("高县教育", platform=Platform.DOUYIN))])
    assert found.tables["各账号检查结果"] == [
        list(PUBLIC),
        ["1", "高县教育局", "高县教育（抖音）", "7", "不合格", "未达到周更新要求"],
    ]
    assert [each["scope"] for each in found.of("th")].count("row") == 2
    assert all(each.get("scope") in ("row", "col") for each in found.of("th"))


def test_what_was_not_observed_is_not_told_as_silence(tmp_path: Path) -> None:
    found = page(tmp_path, [an_account(Result.UNVERIFIABLE, published=0)])
    assert found.tables["各账号检查结果"][1][3:] == ["0 采集不完整", "未能核验", ""]
    partly = page(
        tmp_path / "partly",
        [an_account(Result.FAILED, a_finding("未更新"), a_finding("未能核验", verdict=Verdict.UNVERIFIABLE))],
    )
    assert partly.tables["各账号检查结果"][1][3:5] == ["7 采集不完整", "不合格"]
    passed = an_account(Result.PASSED)
    gap = replace(a_finding("未能核验", verdict=Verdict.DISMISSED), gaps=(Span(NOW - timedelta(days=9), NOW),))
    looked_into = replace(passed, judgement=replace(passed.judgement, dismissed=(gap,)))
    shown = [page(tmp_path / name, [one]) for name, one in (("whole", passed), ("looked-into", looked_into))]
    assert [each.tables["各账号检查结果"][1][3] for each in shown] == ["7", "7 采集不完整"]


@pytest.mark.parametrize("name", UNUSUAL)
def test_a_name_is_shown_and_never_obeyed(tmp_path: Path, name: str) -> None:
    found = page(tmp_path, [failed(of=called(name, organizer=name))], office=name)
    (row,) = found.tables["各账号检查结果"][1:]
    assert row[1:3] == [plain(name), f"{plain(name)}（微信公众号）"]
    assert found.of("script") == []


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.REVIEWING])
def test_a_draft_cannot_be_taken_for_the_published_one(tmp_path: Path, stage: Stage) -> None:
    found = page(tmp_path, [failed()], stage=stage, version=3)
    assert found.text.lstrip().startswith(f"【{stage}，未定稿】2026年10月")
    assert f"各账号检查结果（{stage}，未定稿）" in found.tables
    assert found.text.count(f"{stage}，未定稿") == 4
    assert {"name": "robots", "content": "noindex"} in found.of("meta")
    assert found.terms["版本"] == "第3版"


@pytest.mark.parametrize("stage", [Stage.FINAL, Stage.PUBLIC])
def test_a_final_one_says_nothing_of_drafts(tmp_path: Path, stage: Stage) -> None:
    content = written(tmp_path / "2026-10", [failed()], stage=stage)[PAGE].decode()
    assert "未定稿" not in content
    assert "noindex" not in content


def test_final_and_public_are_the_same_page(tmp_path: Path) -> None:
    final, public = (written(tmp_path / stage, a_county(), stage=stage) for stage in (Stage.FINAL, Stage.PUBLIC))
    assert final == public


def test_a_running_month_says_so(tmp_path: Path) -> None:
    found = page(tmp_path, [failed()], frame=frame(at="10-15 10:30"))
    assert "检查时段尚未结束" in found.text
    assert found.terms["监测时间点"] == "2026年10月15日10时30分"


def test_no_account_at_all_is_a_page_too(tmp_path: Path) -> None:
    found = page(tmp_path, [])
    assert found.tables == {}
    assert (found.terms["账号数"], found.terms["检查比例"], found.terms["合格率"]) == ("0", "—", "—")
    assert "本期没有账号。" in found.text
    assert "本期没有列入公布的账号。" in found.text


def test_nothing_listed_says_how_many_were_left_out(tmp_path: Path) -> None:
    found = page(tmp_path, [an_account(Result.NOT_APPLICABLE)] * 2)
    assert "本期没有列入公布的账号。另有2个账号本期不适用，未列入。" in found.text


def test_nothing_judged_has_no_pass_rate_and_no_bar(tmp_path: Path) -> None:
    found = page(tmp_path, [an_account(Result.REVIEW)])
    assert (found.terms["检查比例"], found.terms["合格率"]) == ("0.0%", "—")
    assert found.tables["各平台检查情况"][1] == ["微信公众号", "1", "0", "0", "0", "—"]
    assert found.of("svg") == []


def test_a_page_given_up_leaves_nothing(tmp_path: Path) -> None:
    with Folder(tmp_path / "2026-10", NOW) as folder:
        PublicPage(folder, HEAD).write(failed())
    assert list(tmp_path.rglob("*")) == [tmp_path / "2026-10"]
