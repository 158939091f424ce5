"""The office's own form of the bulletin: a Word document with places, read and checked before anything is written."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

import docx
from docx.document import Document
from lxml import etree

from monitor.errors import cause_of
from reports.docx_base import default_template
from reports.folder import ReportError

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_BYTES = 20 * 2**20
MAX_UNPACKED = 200 * 2**20
MAX_PARTS = 5000

WORDS = ("标题", "文号", "主送", "发文机关", "成文日期", "联系人", "更正说明", "状态")
"""Places that are filled where they stand, also within a paragraph, a table or a header."""
BLOCKS = ("依据", "总体情况", "回头看", "存在问题", "工作要求", "附件一", "附件二")
"""Places that become paragraphs or tables: each is a paragraph of its own in the text."""
NEEDED = ("标题", *BLOCKS)

PLACE = re.compile(r"[{｛]{2}\s*([^{}｛｝]{1,40}?)\s*[}｝]{2}")

_OLD = b"\xd0\xcf\x11\xe0"
_HEADERS = ("/header", "/footer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A paragraph with places: their names, whether it holds nothing else, and whether it stands in the text itself."""

    paragraph: etree._Element
    names: tuple[str, ...]
    alone: bool
    in_text: bool


def read_template(path: Path | None) -> bytes:
    """Return a template whose places can be filled, the shipped one where ``path`` is None; ReportError else."""
    if path is None:
        return default_template()
    body = _read(path)
    try:
        document = opened(body)
        problems = list(_problems(document))
        _try(document)
    except Exception:  # noqa: BLE001 - what is broken makes the library raise whatever it meets
        problems = ["不是 Word 的 .docx 文件，请用 Word 或 WPS 另存为“Word 文档（*.docx）”"]
    if problems:
        raise _error(path, "；".join(problems))
    return body


def opened(body: bytes) -> Document:
    """Return a template as a document that can be changed."""
    return docx.Document(io.BytesIO(body))


def has_place(body: bytes, name: str) -> bool:
    """Say whether the text of a template has a place of this name."""
    return any(name in each.names for each in places(opened(body)))


def places(document: Document) -> Iterator[Found]:
    """Give every paragraph with places, of the text first, then of headers and footers."""
    body = document.element.body
    yield from _places(body, body)
    for part in document.part.package.iter_parts():
        if any(kind in str(part.partname) for kind in _HEADERS) and hasattr(part, "element"):
            yield from _places(part.element, None)


def texts(paragraph: etree._Element) -> list[etree._Element]:
    """Return the pieces of text of a paragraph itself, not of a text box in it: Word splits words as it likes."""
    found = paragraph.iter(f"{WORD}t")
    return [each for each in found if next(each.iterancestors(f"{WORD}p")) is paragraph]


def text_of(paragraph: etree._Element) -> str:
    """Return the text of a paragraph itself."""
    return "".join(each.text or "" for each in texts(paragraph))


def _places(root: etree._Element, body: etree._Element | None) -> Iterator[Found]:
    for paragraph in list(root.iter(f"{WORD}p")):
        text = text_of(paragraph)
        if names := tuple(PLACE.findall(text)):
            in_text = body is not None and paragraph.getparent() is body
            yield Found(
                paragraph=paragraph, names=names, alone=PLACE.fullmatch(text.strip()) is not None, in_text=in_text
            )


def _try(document: Document) -> None:
    """Touch all that filling the document will touch, so that what is broken is told before anything is written."""
    _ = document.styles.element, document.settings.odd_and_even_pages_header_footer
    known = document.core_properties
    known.created, known.title = datetime(2026, 1, 1), known.title  # noqa: DTZ001 - as the library has it
    for section in document.sections:
        _ = section.different_first_page_header_footer, section.page_width
        for header in (section.header, section.first_page_header, section.even_page_header):
            _ = header.is_linked_to_previous or header.paragraphs
    names = [str(part.partname) for part in document.part.package.iter_parts()]
    if len(names) != len(set(names)):
        raise ValueError("two parts of one name")
    document.save(io.BytesIO())


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _error(
            path, f"无法读取（{cause_of(error)}），请检查 xunjian.toml 中 [bulletin] template 所写的路径"
        ) from error
    except ValueError as error:  # a NUL in the path
        raise _error(path, "路径含有不能使用的字符") from error
    if len(body) > MAX_BYTES:
        raise _error(path, f"文件超过 {MAX_BYTES // 2**20} MB，请确认选对了文件")
    if body.startswith(_OLD):
        raise _error(path, "是旧版的 .doc 文件或加了密码，请去掉密码，另存为“Word 文档（*.docx）”")
    _refuse_macros(path, body)
    return body


def _refuse_macros(path: Path, body: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS or sum(each.file_size for each in parts) > MAX_UNPACKED:
                raise _error(path, "展开后过大，请确认选对了文件")
            kinds = package.read("[Content_Types].xml") if "[Content_Types].xml" in package.namelist() else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error):
        return  # reading it as a document tells
    if b"macroEnabled" in kinds or any(each.filename.lower().endswith("vbaproject.bin") for each in parts):
        raise _error(path, "含有宏，请另存为不含宏的“Word 文档（*.docx）”")


def _problems(document: Document) -> Iterator[str]:
    found = list(places(document))
    known = {name for each in found for name in each.names}
    if missing := [name for name in NEEDED if name not in known]:
        yield f"缺少{_shown(missing)}"
    for name in sorted(known - {*WORDS, *BLOCKS}):
        near = get_close_matches(name, (*WORDS, *BLOCKS), n=1, cutoff=0.4)
        yield f"{_shown([name])}不是可用的位置" + (f"，是否为{_shown(near)}" if near else "")
    misplaced = [name for each in found for name in each.names if name in BLOCKS and not (each.alone and each.in_text)]
    if misplaced:
        shown = _shown(list(dict.fromkeys(misplaced)))
        yield f"{shown}须在正文中单独成段，不能放在表格、文本框、页眉页脚中，或与其他文字同段"


def _shown(names: list[str]) -> str:
    return "、".join(f"{{{{{name}}}}}" for name in names)


def _error(path: Path, cause: str) -> ReportError:
    return ReportError(f"通报模板 {path} 不能使用：{cause}；请改好后重试，可用的位置见运行手册“通报的格式和模板”。")
