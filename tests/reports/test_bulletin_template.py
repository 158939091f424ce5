"""The office's own form of the bulletin: filled where its places stand, refused with one sentence where it cannot be."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Cm
from lxml import etree

from monitor.stages import Stage
from reports.bulletin_settings import BulletinSettings
from reports.docx_base import default_template
from reports.docx_template import BLOCKS, NEEDED, WORD, WORDS, read_template
from reports.folder import ReportError
from tests.reports.bulletins import Written, an_account, county, rows, written

FINAL = {"stage": Stage.FINAL}


def a_template(folder: Path, change: Callable[[Document], None] = lambda _: None, *, without: str = "") -> Path:
    """A template as an office makes one in Word: every place a paragraph, ``change`` for the rest."""
    document = docx.Document()
    for name in NEEDED:
        if name != without:
            document.add_paragraph(f"{{{{{name}}}}}")
    change(document)
    path = folder / "模板.docx"
    document.save(str(path))
    return path


def filled(folder: Path, template: Path, head: Mapping[str, object] | None = None, *, empty: bool = False) -> Written:
    some = [] if empty else county()
    return written(
        folder / "out", some, settings=BulletinSettings(template=template), head=FINAL if head is None else head
    )


def refused(path: Path) -> str:
    with pytest.raises(ReportError) as caught:
        read_template(path)
    said = str(caught.value)
    assert said.startswith(f"通报模板 {path} 不能使用：")
    assert said.endswith("；请改好后重试，可用的位置见运行手册“通报的格式和模板”。")
    assert said.count("。") == 1
    return said.removeprefix(f"通报模板 {path} 不能使用：").partition("；请改好后重试")[0]


# ---------------------------------------------------------------------------------------------------- what is filled


def test_the_shipped_form_has_every_place(tmp_path: Path) -> None:
    path = tmp_path / "自带.docx"
    path.write_bytes(default_template())
    text = "".join(map(str, etree.fromstring(zipfile.ZipFile(path).read("word/document.xml")).itertext()))
    assert [name for name in (*WORDS, *BLOCKS) if f"{{{{{name}}}}}" not in text] == [
        "状态"
    ]  # which stands in the header
    assert read_template(path) == default_template()
    ours = written(tmp_path / "a", county()).path.read_bytes()
    assert filled(tmp_path, path, {}).path.read_bytes() == ours


def test_an_office_s_own_form_says_what_the_shipped_one_says(tmp_path: Path) -> None:
    own, shipped = filled(tmp_path, a_template(tmp_path)), written(tmp_path / "a", county(), head=FINAL)
    assert own.tables == shipped.tables
    ours = [each for each in own.lines if each]
    assert [each for each in shipped.lines if each in ours] == ours
    assert "{{" not in own.text


def test_places_in_a_line_a_table_and_a_header_split_over_runs(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        split = document.add_paragraph("编号：")
        for part, bold in (
            ("｛", True),
            ("{ 文", False),
            ("号 ", True),
            ("}}（机密）", False),
            ("{{成文日期}}", False),
        ):
            split.add_run(part).bold = bold
        document.add_table(1, 2).cell(0, 1).text = "签发：{{发文机关}}"
        document.sections[0].header.paragraphs[0].text = "{{联系人}}{{文号}}"
        document.sections[0].footer.paragraphs[0].text = "{{标题}}"

    own = filled(tmp_path, a_template(tmp_path, change), empty=True)
    assert "编号：×府办函〔2026〕　号（机密）2026年　　月　　日" in own.lines
    assert own.tables[0] == [["", "签发：高县人民政府办公室"]]
    assert own.headers == ["（联系人：　　　　　；联系电话：　　　　　　　）×府办函〔2026〕　号"]
    assert own.document.sections[0].footer.paragraphs[0].text == "关于2026年10月政务新媒体检查情况的通报"


def test_paragraphs_look_as_their_place_looks(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        place = next(each for each in document.paragraphs if each.text == "{{存在问题}}")
        place.style = document.styles["List Bullet"]
        place.runs[0].bold = True
        place.paragraph_format.page_break_before = True

    own = filled(tmp_path, a_template(tmp_path, change))
    lines = own.document.paragraphs
    at = next(n for n, each in enumerate(lines) if each.text.startswith("（一）内容不更新"))
    first, second = lines[at], lines[at + 1]
    assert (first.style.name, second.style.name) == ("List Bullet", "List Bullet")  # type: ignore[union-attr]
    assert first.runs[0].bold
    assert second.runs[0].bold
    assert (first.paragraph_format.page_break_before, second.paragraph_format.page_break_before) == (True, None)
    assert first.paragraph_format.keep_with_next
    assert second.paragraph_format.keep_with_next is None


def test_tables_fit_the_section_that_they_stand_in(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        across = document.add_section(WD_SECTION.NEW_PAGE)
        across.orientation = WD_ORIENT.LANDSCAPE
        across.page_width, across.page_height = Cm(29.7), Cm(21)
        across.left_margin = across.right_margin = Cm(2)
        place = next(each for each in document.paragraphs if each.text == "{{附件二}}")
        document.element.body.insert(len(document.element.body) - 1, place._element)

    own = filled(tmp_path, a_template(tmp_path, change))
    (widths,) = {sum(c.width.cm for c in t.columns) for t in own.document.tables[-1:]}
    assert widths == pytest.approx(25.7, abs=0.01)
    page = own.document.sections[0]
    narrow = (page.page_width - page.left_margin - page.right_margin) / 360_000  # type: ignore[operator]
    assert sum(c.width.cm for c in own.document.tables[1].columns) == pytest.approx(narrow, abs=0.01)


@pytest.mark.parametrize("name", ["附件二", "工作要求"])
def test_a_place_that_ends_a_section_leaves_the_section(tmp_path: Path, name: str) -> None:
    def change(document: Document) -> None:
        document.add_section(WD_SECTION.NEW_PAGE)
        place = next(each for each in document.paragraphs if each.text == f"{{{{{name}}}}}")
        ends = next(each for each in document.element.body.iter(f"{WORD}sectPr"))
        holder = ends.getparent().getparent()
        place._element.get_or_add_pPr().append(ends)
        holder.getparent().remove(holder)

    own = filled(tmp_path, a_template(tmp_path, change))
    assert len(own.document.sections) == 2
    assert len(own.tables) == 3


def test_a_page_break_beside_a_place_stays(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        place = next(each for each in document.paragraphs if each.text == "{{附件一}}")
        run = place.insert_paragraph_before("").add_run()
        run.add_break(docx.enum.text.WD_BREAK.PAGE)  # type: ignore[attr-defined]
        place.runs[0]._element.addprevious(run._element)

    own = filled(tmp_path, a_template(tmp_path, change))
    table = own.document.tables[1]._element
    before = table.getprevious()
    assert before is not None
    assert before.find(f"{WORD}pPr/{WORD}pageBreakBefore") is not None


def test_a_table_never_touches_the_next_one_nor_the_end(tmp_path: Path) -> None:
    own = filled(tmp_path, a_template(tmp_path))
    for table in own.document.tables:
        after = table._element.getnext()
        assert after is not None
        assert after.tag == f"{WORD}p"


def test_a_draft_is_marked_on_every_page_of_an_office_s_form(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        document.settings.odd_and_even_pages_header_footer = True
        first = document.sections[0]
        first.different_first_page_header_footer = True
        first.header.paragraphs[0].text = "某县人民政府办公室文件"
        document.add_section(WD_SECTION.NEW_PAGE)

    own = filled(tmp_path, a_template(tmp_path, change), {"stage": Stage.DRAFT})
    for section in own.document.sections:
        for header in (section.header, section.first_page_header, section.even_page_header):
            assert header.paragraphs[0].text == "草稿，未定稿"
    assert own.document.sections[0].header.paragraphs[1].text == "某县人民政府办公室文件"


def test_a_place_for_the_mark_is_used_once(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "内部材料 {{状态}}"

    path = a_template(tmp_path, change)
    assert filled(tmp_path, path, {}).headers == ["内部材料 草稿，未定稿"]
    assert filled(tmp_path, path, FINAL).headers == ["内部材料 "]


def test_a_form_without_a_place_for_the_reason_has_it_on_every_page(tmp_path: Path) -> None:
    head = {"stage": Stage.FINAL, "version": 2, "corrects": True, "why": "县教育局申诉属实"}
    assert filled(tmp_path, a_template(tmp_path), head).headers == ["更正版（第2版），更正原因：县教育局申诉属实"]


def test_what_a_template_says_of_its_author_is_not_kept(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        document.core_properties.author = "张三"
        document.core_properties.comments = "李四改"

    known = filled(tmp_path, a_template(tmp_path, change)).document.core_properties
    assert (known.author, known.last_modified_by, known.comments) == ("高县人民政府办公室", "高县人民政府办公室", "")
    assert known.title == "关于2026年10月政务新媒体检查情况的通报"


# --------------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_place_is_named(tmp_path: Path, name: str) -> None:
    assert refused(a_template(tmp_path, without=name)) == f"缺少{{{{{name}}}}}"


def test_all_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        document.add_paragraph("{{总体情況}}与{{成文日子}}和{{电话}}")
        document.add_paragraph("见{{附件一}}")
        document.add_table(1, 1).cell(0, 0).text = "{{存在问题}}"
        document.sections[0].footer.paragraphs[0].text = "{{依据}}"

    assert refused(a_template(tmp_path, change, without="附件一")) == (
        "{{总体情況}}不是可用的位置，是否为{{总体情况}}；{{成文日子}}不是可用的位置，是否为{{成文日期}}；{{电话}}不是可用的位置；"
        "{{附件一}}、{{存在问题}}、{{依据}}须在正文中单独成段，不能放在表格、文本框、页眉页脚中，或与其他文字同段"
    )


def test_a_half_written_place_is_a_missing_one(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        document.add_paragraph("{{附件二}")

    assert refused(a_template(tmp_path, change, without="附件二")) == "缺少{{附件二}}"


def zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, body in parts.items():
            package.writestr(name, body)
    return made.getvalue()


def changed(part: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(default_template())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old in parts[part]
    return zipped(parts | {part: parts[part].replace(old, new)})


NOT_WORD = "不是 Word 的 .docx 文件，请用 Word 或 WPS 另存为“Word 文档（*.docx）”"
MACROS = "含有宏，请另存为不含宏的“Word 文档（*.docx）”"
TYPES = "[Content_Types].xml"
MAIN = b"wordprocessingml.document.main+xml"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        pytest.param(b"", NOT_WORD, id="empty"),
        pytest.param("标题".encode(), NOT_WORD, id="text"),
        pytest.param(default_template()[:900], NOT_WORD, id="cut-off"),
        pytest.param(zipped({"a.txt": b"1"}), NOT_WORD, id="another-archive"),
        pytest.param(default_template()[:60] + b"\xff" * 30 + default_template()[90:], NOT_WORD, id="damaged"),
        pytest.param(changed("word/_rels/document.xml.rels", b"rId4", b"rId9"), NOT_WORD, id="header-lost"),
        pytest.param(changed("word/_rels/document.xml.rels", b'/styles"', b'/header"'), NOT_WORD, id="styles-lost"),
        pytest.param(changed("word/document.xml", b"</w:body>", b""), NOT_WORD, id="broken-xml"),
        pytest.param(changed(TYPES, MAIN, b"wordprocessingml.template.main+xml"), NOT_WORD, id="dotx"),
        pytest.param(
            changed(TYPES, b"application/vnd.openxmlformats-officedocument." + MAIN, b"application/vnd.ms-word.document.macroEnabled.main+xml"),
            MACROS,
            id="docm",
        ),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "是旧版的 .doc 文件或加了密码，请去掉密码，另存为“Word 文档（*.docx）”", id="doc"),
        pytest.param(bytes(21 * 2**20), "文件超过 20 MB，请确认选对了文件", id="too-large"),
        pytest.param(zipped({TYPES: b"", "word/vbaProject.bin": b"1"}), MACROS, id="macros-in-disguise"),
    ],
)  # fmt: skip
def test_what_is_no_template_is_refused(tmp_path: Path, body: bytes, cause: str) -> None:
    path = tmp_path / "模板.docx"
    path.write_bytes(body)
    assert refused(path) == cause


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "模板.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package, package.open("word/a.xml", "w") as part:
        for _ in range(201):
            part.write(bytes(2**20))
    assert refused(path) == "展开后过大，请确认选对了文件"


def test_a_template_that_is_not_there(tmp_path: Path) -> None:
    cure = "请检查 xunjian.toml 中 [bulletin] template 所写的路径"
    assert refused(tmp_path / "没有.docx") == f"无法读取（不存在），{cure}"
    assert refused(tmp_path) == f"无法读取（是一个文件夹，不是文件），{cure}"
    assert refused(tmp_path / "a\0b") == "路径含有不能使用的字符"


def test_a_wrong_template_leaves_the_files_of_an_earlier_run(tmp_path: Path) -> None:
    earlier = written(tmp_path / "out", [rows(an_account())]).path
    before = earlier.read_bytes()
    with pytest.raises(ReportError, match="缺少"):
        filled(tmp_path, a_template(tmp_path, without="附件一"))
    assert earlier.read_bytes() == before
    assert [each.name for each in earlier.parent.iterdir()] == [earlier.name]
