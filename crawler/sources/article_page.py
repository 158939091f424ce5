"""Turns an article's page into the lines that its reader sees, each with what tells a heading, a link or prose."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from lxml import etree, html

from crawler.encoding import clean
from crawler.sources.article_written import put_times, put_written

# Between two inline elements of one line, and between two cells of one row: labels and values stand in them.
PIECE: Final = "\x02"
CELL: Final = "\t"

_LONGEST: Final = 4_000_000
_MOST_LINES: Final = 10_000  # no article has as many
_BLOCKS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset"}
    | {"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"}
    | {"nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)
_CELLS: Final = frozenset({"td", "th"})
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_UNSEEN: Final = frozenset(
    {"head", "iframe", "noscript", "object", "script", "style", "svg", "template", "title"}
    | {"select", "option", "textarea", "button", "nav"}
)
# A header that is pasted in whole ends the page in its middle; what follows would be lost.
_ENDS: Final = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff]")
_SPACES: Final = re.compile(r"[^\S\n\t]+")
# Full-width figures and the signs between them: ２０２６－１１－０５　０９：３１.
_WIDE: Final = re.compile("[０-９][０-９－／．：　]*[０-９]")
_MARKS: Final = re.compile(rf"\s*[{PIECE}{CELL}][\s{PIECE}{CELL}]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it is seen: ``raw`` keeps the marks between inline elements and cells, ``text`` has none.

    ``linked`` counts the letters that stand in links, ``heading`` is the level of the heading around it (0: none),
    ``block`` is the innermost block around it, ``framed`` whether it is part of the page's frame (navigation, footer,
    search, comments), by the names of the elements around it.
    """

    text: str
    raw: str
    linked: int
    heading: int
    block: etree._Element
    framed: bool = False

    @property
    def is_link(self) -> bool:
        """Whether more of the line leads elsewhere than is said in it."""
        return self.linked * 2 > len(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article's page: its tree, the tree of its body, and the lines that are seen, in order."""

    tree: etree._Element
    lines: tuple[Line, ...]
    title: str = ""


def read_tree(text: str) -> etree._Element | None:
    """Parse a page without its comments, None where there is nothing to parse."""
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return html.document_fromstring(_ENDS.sub("", clean(text[:_LONGEST])), parser=parser) if text.strip() else None
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def inner_text(element: etree._Element) -> str:
    """Return all text of an element as one line."""
    return " ".join("".join(str(each) for each in element.itertext()).split())


def read_lines(tree: etree._Element) -> Page:
    """Return the page that a reader of ``tree`` sees; what its scripts write as plain text is put in their place."""
    title = " ".join((tree.findtext(".//title") or "").split())
    put_written(tree)
    put_times(tree)
    return Page(
        tree=tree, lines=tuple(_framed(tuple(islice(_lines(tree), _MOST_LINES)))), title=_INVISIBLE.sub("", title)
    )


@dataclass(slots=True, kw_only=True)
class _Open:
    """A line that is being read."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    heading: int = 0
    block: etree._Element | None = None

    def add(self, text: str | None, block: etree._Element, heading: int, *, linked: bool) -> None:
        seen = (text or "").replace("\n", " ").replace("\t", " ")
        if not seen:
            return
        self.pieces.append(seen)
        letters = len("".join(seen.split()))
        if letters:
            self.linked += letters if linked else 0
            self.heading = self.heading or heading
            self.block = self.block if self.block is not None else block


def _lines(tree: etree._Element) -> Iterator[Line]:
    body = tree.find(".//body")
    line = _Open()
    blocks: list[etree._Element] = [tree]
    hidden = links = heading = 0
    for event, element in etree.iterwalk(body if body is not None else tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        is_block = tag in _BLOCKS
        unseen = tag in _UNSEEN or _is_hidden(element)
        if event == "start":
            hidden += unseen
            if not hidden and is_block:
                yield from _closed(line)
                line = _Open()
            blocks += [element] if is_block or tag in _CELLS else []
            links += tag == "a"
            heading = _HEADINGS.get(tag, heading)
            if not hidden:
                line.pieces.append("" if is_block else CELL if tag in _CELLS else PIECE)
                line.add(element.text, blocks[-1], heading, linked=links > 0)
            continue
        hidden -= unseen
        links -= tag == "a"
        heading = 0 if tag in _HEADINGS else heading
        if is_block or tag in _CELLS:
            blocks.pop()
        if not hidden:
            if is_block:
                yield from _closed(line)
                line = _Open()
            else:
                line.pieces.append(CELL if tag in _CELLS else PIECE)
            line.add(element.tail, blocks[-1], heading, linked=links > 0)
    yield from _closed(line)


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    return bool(style and "none" in style and _HIDDEN.search(style))


def _closed(line: _Open) -> Iterator[Line]:
    if line.block is None:
        return
    raw = _SPACES.sub(" ", _INVISIBLE.sub("", "".join(line.pieces)))
    raw = _MARKS.sub(lambda found: _mark(found[0]), raw).strip(f" {PIECE}{CELL}")
    # A word may be cut by elements (fonts); cells are words.
    text = " ".join(raw.replace(f" {PIECE}", " ").replace(PIECE, "").replace(CELL, " ").split())
    if text:
        yield Line(
            text=text,
            raw=_WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), raw),
            linked=min(line.linked, len(text)),
            heading=line.heading,
            block=line.block,
        )


def _mark(marks: str) -> str:
    space = " " if any(each.isspace() and each != CELL for each in marks) else ""
    return space + (CELL if CELL in marks else PIECE)


_FRAME: Final = re.compile(
    r"(?:\A|\s)(?:(?:[\w-]*[-_])?(?:nav|navbar|menu|foot|footer|sidebar|aside|crumbs?|breadcrumbs?|copyright|related|recommend|comments?|share)"
    r"|(?:nav|menu|foot|side|crumb|breadcrumb|search|share|comment|related|recommend|rank|tie-)[\w-]*"
    r"|header|head|top|topbar|dqwz|place|position|location|logo|banner|xgxx|hot|friendlinks?|links?|dede_comment\w*)(?=\s|\Z)"
)
_WHOLE: Final = 0.4  # of a page's letters: an element that holds more is the page, whatever its name


def _framed(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines, those marked that stand in an element of the page's frame."""
    named: dict[etree._Element, bool] = {}
    letters: dict[etree._Element, int] = {}
    around: list[list[etree._Element]] = []
    for line in lines:
        frames = []
        for element in (line.block, *line.block.iterancestors()):
            if element not in named:
                names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
                named[element] = element.tag in {"footer", "aside"} or _FRAME.search(names) is not None
            if named[element]:
                letters[element] = letters.get(element, 0) + len(line.text) - line.linked
                frames.append(element)
        around.append(frames)
    whole = _WHOLE * sum(len(line.text) - line.linked for line in lines)
    for line, frames in zip(lines, around, strict=True):
        yield replace(line, framed=True) if any(letters[each] <= whole for each in frames) else line
