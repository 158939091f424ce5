"""The shipped form of the bulletin: a Word document with the typography of official documents, and places to fill."""

import io
import zipfile

from reports.docx_blocks import HEI, KAI, fonts_xml

SONG = "方正小标宋简体"
FANG = "仿宋_GB2312"

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_FALLBACKS = {
    SONG: "方正小标宋_GBK,华文中宋,STZhongsong,宋体",
    FANG: "仿宋,FangSong,方正仿宋_GBK,华文仿宋,STFangsong",
    KAI: "楷体,KaiTi,方正楷体_GBK,华文楷体,STKaiti",
    HEI: "SimHei,方正黑体_GBK,华文黑体,STHeiti",
    "宋体": "SimSun,华文宋体",
}
"""Fonts of official documents, and those to take instead where one is not installed."""


def default_template() -> bytes:
    """Return the shipped form as a template: a .docx with every place that a bulletin has."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations([("officeDocument", "word/document.xml")]),
        "word/document.xml": f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{_body()}</w:body></w:document>',
        "word/_rels/document.xml.rels": _relations(
            [(name, f"{name}{number}.xml") for name, number in _SECONDARY.items()]
        ),
        "word/styles.xml": _styles(),
        "word/fontTable.xml": _fonts(),
        "word/settings.xml": (
            f'<w:settings xmlns:w="{_W}"><w:characterSpacingControl w:val="compressPunctuation"/><w:compat>'
            '<w:useFELayout/><w:compatSetting w:name="compatibilityMode" '
            'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
        ),
        "word/header1.xml": (f'<w:hdr xmlns:w="{_W}">{_paragraph("Mark", "{{状态}}")}</w:hdr>'),
        "word/footer1.xml": f'<w:ftr xmlns:w="{_W}">{_page_number()}</w:ftr>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name), _XML + text)
    return made.getvalue()


_SECONDARY = {"styles": "", "fontTable": "", "settings": "", "header": "1", "footer": "1"}


def _content_types() -> str:
    kinds = {
        "document": "document.main",
        **{f"{name}{number}": name for name, number in _SECONDARY.items()},
    }
    overrides = "".join(
        f'<Override PartName="/word/{file}.xml" ContentType="{_WORD}.{kind}+xml"/>' for file, kind in kinds.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: list[tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _body() -> str:
    lines = [
        ("BulletinTitle", "{{标题}}"),
        ("Centred", "{{文号}}"),
        ("Centred", "{{更正说明}}"),
        ("Flat", ""),
        ("Flat", "{{主送}}"),
        ("Normal", "{{依据}}"),
        ("First", "一、总体情况"),
        ("Normal", "{{总体情况}}"),
        ("Normal", "{{回头看}}"),
        ("First", "二、存在问题"),
        ("Normal", "{{存在问题}}"),
        ("First", "三、下一步工作要求"),
        ("Normal", "{{工作要求}}"),
        ("Note", ""),
        ("Note", "附件：1．检查情况汇总表"),
        ("Second", "2．问题清单"),
        ("Signed", ""),
        ("Signed", "{{发文机关}}"),
        ("Signed", "{{成文日期}}"),
        ("Normal", "{{联系人}}"),
    ]
    annexes = [
        ("Annex", "附件1"),
        ("AnnexTitle", "检查情况汇总表"),
        ("Flat", "{{附件一}}"),
        ("AnnexBreak", "附件2"),
        ("AnnexTitle", "问题清单"),
        ("Flat", "{{附件二}}"),
    ]
    shown = [_paragraph(style, text) for style, text in lines]
    upright = _section('w:w="11906" w:h="16838"', (2098, 1474, 1984, 1588))
    shown[-1] = shown[-1].replace("</w:pPr>", f"{upright}</w:pPr>")
    across = _section('w:w="16838" w:h="11906" w:orient="landscape"', (1588, 2098, 1474, 1984))
    return "".join(shown) + "".join(_paragraph(style, text) for style, text in annexes) + across


def _section(size: str, margins: tuple[int, int, int, int]) -> str:
    """Return a section on A4; the margins are top, right, bottom and left, those of the official page or turned."""
    top, right, bottom, left = margins
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
        f'<w:type w:val="nextPage"/><w:pgSz {size}/><w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" '
        f'w:left="{left}" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr>'
    )


def _paragraph(style: str, text: str) -> str:
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>'


def _page_number() -> str:
    def field(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    inner = '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    number = f"{field('begin')}{inner}{field('separate')}<w:r><w:t>1</w:t></w:r>{field('end')}"
    dash = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    before, after = dash.format("— "), dash.format(" —")
    return f'<w:p><w:pPr><w:pStyle w:val="PageNumber"/></w:pPr>{before}{number}{after}</w:p>'


def _styles() -> str:
    body = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts_xml(FANG)}<w:sz w:val="32"/><w:szCs w:val="32"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:pPr><w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
        '<w:spacing w:line="560" w:lineRule="exact"/>'
        '<w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/></w:pPr></w:style>'
    )
    return f'<w:styles xmlns:w="{_W}">{body}{"".join(_style(*each) for each in _STYLES)}</w:styles>'


_FLAT = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_CENTRED = f'{_FLAT}<w:jc w:val="center"/>'
_WIDE = '<w:ind w:left="-400" w:right="-400" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/>'
"""The title of a month with two digits just fills a line; in a font that stands in for its own it needs a bit more."""
_SIGNED = (
    '<w:keepNext/><w:ind w:rightChars="200" w:right="640" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="right"/>'
)
_STYLES = (
    ("BulletinTitle", "通报标题", f'<w:spacing w:line="700" w:lineRule="exact"/>{_WIDE}', SONG, 44),
    ("Centred", "通报居中", _CENTRED, KAI, 32),
    ("Flat", "通报顶格", _FLAT, FANG, 32),
    ("First", "通报一级标题", "<w:keepNext/>", HEI, 32),
    ("Note", "通报附件说明", "<w:keepNext/>", FANG, 32),
    ("Second", "通报附件续行", '<w:keepNext/><w:ind w:firstLineChars="500" w:firstLine="1600"/>', FANG, 32),
    ("Signed", "通报落款", _SIGNED, FANG, 32),
    ("Annex", "通报附件", f"<w:keepNext/>{_FLAT}", HEI, 32),
    ("AnnexBreak", "通报附件另页", f"<w:keepNext/><w:pageBreakBefore/>{_FLAT}", HEI, 32),
    (
        "AnnexTitle",
        "通报附件标题",
        f'<w:keepNext/><w:spacing w:after="120" w:line="700" w:lineRule="exact"/>{_CENTRED}',
        SONG,
        44,
    ),
    ("Mark", "通报状态", f'<w:spacing w:line="320" w:lineRule="atLeast"/>{_CENTRED}', HEI, 28),
    ("PageNumber", "通报页码", f'<w:spacing w:line="320" w:lineRule="atLeast"/>{_CENTRED}', "宋体", 28),
)
"""Style id, name, paragraph properties, font, size in half points."""


def _style(identity: str, name: str, paragraph: str, font: str, size: int) -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{identity}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>'
        f'<w:rPr>{fonts_xml(font)}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
        "</w:style>"
    )


def _fonts() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, others in _FALLBACKS.items()
    )
    return f'<w:fonts xmlns:w="{_W}">{fonts}</w:fonts>'
