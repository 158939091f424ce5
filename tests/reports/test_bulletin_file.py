"""The bulletin as a file: official typography, whole tables, any name, the same bytes, and room for very many rows."""

import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import etree

from monitor.stages import Stage
from reports.docx_blocks import clean
from reports.docx_template import WORD
from tests.reports.bulletins import an_account, county, rows, rows_of, write, written

DAY = "2026-10-31"


def part(path: Path, name: str) -> Any:
    with zipfile.ZipFile(path) as package:
        return etree.fromstring(package.read(name))


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    one = written(tmp_path / "a", county()).path
    other = written(tmp_path / "b", county()).path
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as package:
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.testzip() is None
    known = docx.Document(str(one)).core_properties
    assert (f"{known.created:%F}", f"{known.modified:%F}", known.revision) == (DAY, DAY, 1)


def test_the_typography_is_that_of_official_documents(tmp_path: Path) -> None:
    path = written(tmp_path, county()).path
    found = docx.Document(str(path))
    upright, across = found.sections
    margins = [round(each.cm, 1) for each in (upright.top_margin, upright.bottom_margin, upright.left_margin, upright.right_margin) if each]  # fmt: skip
    assert margins == [3.7, 3.5, 2.8, 2.6]
    sizes = [(round(each.page_width.cm, 1), round(each.page_height.cm, 1)) for each in (upright, across) if each.page_width and each.page_height]  # fmt: skip
    assert sizes == [(21.0, 29.7), (29.7, 21.0)]
    styles = part(path, "word/styles.xml")
    faces = {
        each.get(f"{WORD}styleId"): (
            each.find(f"{WORD}rPr/{WORD}rFonts").get(f"{WORD}eastAsia"),
            each.find(f"{WORD}rPr/{WORD}sz").get(f"{WORD}val"),
        )
        for each in styles.iter(f"{WORD}style")
        if each.find(f"{WORD}rPr/{WORD}rFonts") is not None
    }
    assert faces["BulletinTitle"] == ("方正小标宋简体", "44")
    assert faces["First"] == ("黑体", "32")
    assert styles.find(f"{WORD}docDefaults//{WORD}rFonts").get(f"{WORD}eastAsia") == "仿宋_GB2312"
    assert styles.find(f"{WORD}docDefaults//{WORD}sz").get(f"{WORD}val") == "32"
    normal = next(each for each in styles.iter(f"{WORD}style") if each.get(f"{WORD}styleId") == "Normal")
    spacing, indent = normal.find(f"{WORD}pPr/{WORD}spacing"), normal.find(f"{WORD}pPr/{WORD}ind")
    assert (spacing.get(f"{WORD}line"), spacing.get(f"{WORD}lineRule")) == ("560", "exact")
    assert indent.get(f"{WORD}firstLineChars") == "200"
    others = {each.get(f"{WORD}name"): each[0].get(f"{WORD}val") for each in part(path, "word/fontTable.xml")}
    assert others["仿宋_GB2312"].startswith("仿宋,FangSong")
    assert {"方正小标宋简体", "楷体_GB2312", "黑体"} <= set(others)
    heading = next(each for each in found.paragraphs if each.text.startswith("（一）内容不更新"))
    fonts = heading.runs[0]._element.find(f"{WORD}rPr/{WORD}rFonts")
    assert fonts is not None
    assert fonts.get(f"{WORD}eastAsia") == "楷体_GB2312"


def test_pages_are_numbered_and_headers_of_tables_repeat(tmp_path: Path) -> None:
    path = written(tmp_path, county()).path
    footer = part(path, "word/footer1.xml")
    assert "".join(footer.itertext()) == "—  PAGE 1 —"
    for table in docx.Document(str(path)).tables:
        first, *others = table._element.findall(f"{WORD}tr")
        assert first.find(f"{WORD}trPr/{WORD}tblHeader") is not None
        assert all(each.find(f"{WORD}trPr/{WORD}tblHeader") is None for each in others)
        assert all(each.find(f"{WORD}trPr/{WORD}cantSplit") is not None for each in (first, *others))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("高县丨发布", "高县丨发布", id="bar"),
        pytest.param("“引号”'单'\"双\"", "“引号”'单'\"双\"", id="quotes"),
        pytest.param("<w:p>&amp;]]>", "<w:p>&amp;]]>", id="markup"),
        pytest.param("👨‍👩‍👧高县🇨🇳", "👨‍👩‍👧高县🇨🇳", id="emoji"),
        pytest.param("一" * 60, "一" * 60, id="sixty"),
        pytest.param("A" * 60, "A" * 60, id="sixty-latin"),
        pytest.param("甲\x0b乙\x00丙\ufffe", "甲乙丙", id="control"),
        pytest.param("甲\ud83d乙", "甲乙", id="lone-surrogate"),
        pytest.param("甲\n乙\t丙", "甲 乙 丙", id="lines"),
        pytest.param("甲\u202e乙", "甲乙", id="turned-round"),
        pytest.param("{{附件一}}", "{{附件一}}", id="a-place"),
        pytest.param("<!--xunjian-grid-2-->", "<!--xunjian-grid-2-->", id="a-marker"),
        pytest.param("=1+1", "=1+1", id="formula"),
    ],
)
def test_any_name_stands_as_it_is(tmp_path: Path, name: str, shown: str) -> None:
    found = written(tmp_path, [rows(an_account(name=name, organizer=name), [])], head={"stage": Stage.FINAL})
    for table in found.tables[1:]:
        assert table[1][1:3] == [shown, f"{shown}（微信公众号）"]
    assert f"1．{shown}。“{shown}”（微信公众号）：" in found.text
    assert clean(name) == shown


@pytest.mark.slow
def test_ten_thousand_findings_are_all_there_in_bounded_memory(tmp_path: Path) -> None:
    base = rows(an_account(), []).judgement
    base = replace(base, findings=base.findings[:1])
    some = (
        rows_of(replace(base, account=an_account(f"a{n}", f"第{n}账号", f"第{n // 80}单位"))) for n in range(10_000)
    )
    tracemalloc.start()
    try:
        found, _ = write(tmp_path, some)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 100 * 2**20
    with zipfile.ZipFile(found) as package:
        text = package.read("word/document.xml").decode()
    assert text.count("<w:tr>") == 2 * 10_001 + 3
    assert "第9999账号（微信公众号）" in text
