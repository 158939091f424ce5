"""Fill the places of a template, and write the document: the same content gives the same bytes."""

import copy
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from docx.document import Document
from lxml import etree

from reports.docx_blocks import CELL, HEAD, HEI, KAI, Block, Grid, Line, clean, fonts_xml, style_xml
from reports.docx_package import marker, write_package
from reports.docx_template import PLACE, WORD, Found, opened, places, text_of, texts

STATE = "状态"
_W = WORD.strip("{}")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PAGE = (11906, 1588, 1474)
"""Width, left and right margin of a page where a template does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What goes into a document: ``words`` and ``blocks`` by place; ``mark`` stands on every page, "" for none."""

    words: Mapping[str, str]
    blocks: Mapping[str, Sequence[Block]]
    mark: str
    title: str
    author: str
    at: datetime


def write_document(template: bytes, content: Content, path: Path) -> None:
    """Write ``template`` with its places filled to ``path``; tables are written row by row."""
    document = opened(template)
    if content.mark:
        _mark_pages(document)
    words = {**content.words, STATE: content.mark}
    grids: list[tuple[Grid, int]] = []
    for found in list(places(document)):
        name = found.names[0]
        if name in content.blocks:
            _fill_block(found.paragraph, content.blocks[name], grids)
        else:
            _fill_words(found, words)
    if grids:
        _add_styles(document)
    _describe(document, content)
    made = io.BytesIO()
    document.save(made)
    write_package(made, str(document.part.partname).lstrip("/"), grids, path)


def _add_styles(document: Document) -> None:
    """Give the document the styles of tables, unless it was made of one that has them."""
    styles = document.styles.element
    known = {each.get(f"{WORD}styleId") for each in styles.iter(f"{WORD}style")}
    for identity in (CELL, HEAD):
        if identity not in known:
            styles.append(etree.fromstring(style_xml(identity, _W)))


def _fill_words(found: Found, words: Mapping[str, str]) -> None:
    """Put the words where their places stand, however Word has split these over runs."""
    paragraph, pieces = found.paragraph, texts(found.paragraph)
    whole = text_of(paragraph)
    if found.alone and found.in_text and not words[found.names[0]] and not paragraph.findall(f".//{WORD}sectPr"):
        _remove(paragraph)
        return
    for place in reversed(list(PLACE.finditer(whole))):
        _splice(pieces, place.start(), place.end(), clean(words[place[1]]))


def _splice(pieces: Sequence[etree._Element], start: int, end: int, value: str) -> None:
    """Replace ``start:end`` of the text that the pieces make up together."""
    at = 0
    for piece in pieces:
        text = piece.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            piece.text = text[:first] + value + text[last:]
            piece.set(_SPACE, "preserve")
            value = ""
        at += len(text)


def _fill_block(paragraph: etree._Element, blocks: Sequence[Block], grids: list[tuple[Grid, int]]) -> None:
    """Put paragraphs like the place's own, and tables, where the place stands."""
    breaks = _breaks_page(paragraph)
    width = _text_width(paragraph)
    for number, block in enumerate(blocks):
        if isinstance(block, Line):
            made = _line(paragraph, block)
            if breaks and not number:
                _set_first(made, "pageBreakBefore")
            paragraph.addprevious(made)
            continue
        if breaks and not number:
            paragraph.addprevious(_tiny(breaks=True))
        paragraph.addprevious(etree.Comment(marker(len(grids))))
        grids.append((block, width))
    section = paragraph.find(f"{WORD}pPr/{WORD}sectPr")
    after = paragraph.getnext()
    if section is not None:
        kept = _tiny()
        kept[0].append(section)
        paragraph.addprevious(kept)
    elif isinstance(blocks[-1], Grid) and (
        after is None or after.tag != f"{WORD}p" or PLACE.search(text_of(after)) is not None
    ):
        paragraph.addprevious(_tiny())  # Word wants a paragraph behind a table, and makes one of two that touch
    _remove(paragraph)


def _line(place: etree._Element, line: Line) -> etree._Element:
    made = etree.Element(f"{WORD}p", nsmap={"w": _W})
    like = place.find(f"{WORD}pPr")
    properties = copy.deepcopy(like) if like is not None else etree.Element(f"{WORD}pPr")
    for unwanted in ("sectPr", "pageBreakBefore"):
        for each in properties.findall(f"{WORD}{unwanted}"):
            properties.remove(each)
    made.append(properties)
    if line.heading or line.kept:
        _set_first(made, "keepNext")
    run = etree.SubElement(made, f"{WORD}r")
    run_like = place.find(f".//{WORD}r/{WORD}rPr")
    face = copy.deepcopy(run_like) if run_like is not None else etree.Element(f"{WORD}rPr")
    if line.heading:
        for each in face.findall(f"{WORD}rFonts"):
            face.remove(each)
        face.insert(int(len(face) > 0 and face[0].tag == f"{WORD}rStyle"), _element(fonts_xml(KAI)))
    run.append(face)
    text = etree.SubElement(run, f"{WORD}t")
    text.set(_SPACE, "preserve")
    text.text = clean(line.text)
    return made


def _set_first(paragraph: etree._Element, name: str) -> None:
    """Set a property of a paragraph that stands right behind its style; keepNext stands before pageBreakBefore."""
    properties = paragraph[0]
    if properties.find(f"{WORD}{name}") is None:
        styled = len(properties) > 0 and properties[0].tag == f"{WORD}pStyle"
        kept = name == "pageBreakBefore" and properties.find(f"{WORD}keepNext") is not None
        properties.insert(int(styled) + int(kept), etree.Element(f"{WORD}{name}"))


def _tiny(*, breaks: bool = False) -> etree._Element:
    """Return an empty paragraph that takes no room: it must never fill a page of its own."""
    broken = "<w:pageBreakBefore/>" if breaks else ""
    return _element(
        f'<w:p><w:pPr>{broken}<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="20" '
        'w:lineRule="exact"/>'
        '<w:ind w:firstLineChars="0" w:firstLine="0"/><w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr></w:pPr></w:p>'
    )


def _element(xml: str) -> etree._Element:
    head, _, rest = xml.partition(">")
    closed = head.endswith("/")
    head = head.removesuffix("/")
    return etree.fromstring(f'{head} xmlns:w="{_W}"{"/" if closed else ""}>{rest}')


def _breaks_page(paragraph: etree._Element) -> bool:
    on = paragraph.find(f"{WORD}pPr/{WORD}pageBreakBefore")
    broken = [each for each in paragraph.iter(f"{WORD}br") if each.get(f"{WORD}type") == "page"]
    return bool(broken) or (on is not None and on.get(f"{WORD}val") not in ("0", "false", "off"))


def _text_width(paragraph: etree._Element) -> int:
    """Return how wide the text of the section is in which a paragraph of the text stands, in twentieths of a point."""
    section = next(
        (
            found
            for each in (paragraph, *paragraph.itersiblings())
            if (found := each if each.tag == f"{WORD}sectPr" else each.find(f"{WORD}pPr/{WORD}sectPr")) is not None
        ),
        None,
    )
    if section is None:
        return _PAGE[0] - _PAGE[1] - _PAGE[2]
    size, margins = section.find(f"{WORD}pgSz"), section.find(f"{WORD}pgMar")
    width = _number(size, "w", _PAGE[0])
    return max(width - _number(margins, "left", _PAGE[1]) - _number(margins, "right", _PAGE[2]), width // 2)


def _number(element: etree._Element | None, name: str, default: int) -> int:
    try:
        return int(float(element.get(f"{WORD}{name}", default))) if element is not None else default
    except ValueError:
        return default


def _mark_pages(document: Document) -> None:
    """Give every header that has none a place for the mark, so that it stands on each page."""
    for number, section in enumerate(document.sections):
        headers = [section.header]
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        if document.settings.odd_and_even_pages_header_footer:
            headers.append(section.even_page_header)
        for header in headers:
            if number and header.is_linked_to_previous:
                continue
            header.is_linked_to_previous = False
            root = header._element  # noqa: SLF001 - the library has no other way to the beginning of a header
            if not any(STATE in PLACE.findall(text_of(each)) for each in root.iter(f"{WORD}p")):
                root.insert(0, _mark())


def _mark() -> etree._Element:
    return _element(
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
        '<w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr><w:r><w:rPr>'
        f'{fonts_xml(HEI)}<w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr><w:t>{{{{{STATE}}}}}</w:t></w:r></w:p>'
    )


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def _describe(document: Document, content: Content) -> None:
    """Set the document's own properties: what a template says of its author and dates is not the bulletin's."""
    known = document.core_properties
    at = content.at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    known.title, known.author, known.last_modified_by = content.title[:255], content.author[:255], content.author[:255]
    known.created = known.modified = known.last_printed = at
    known.revision, known.comments, known.keywords, known.subject = 1, "", "", ""
