"""A page of HTML in the order that it is read in: elements, pieces of text and links, each knowing where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree, html

from crawler.sources.keys import absolute
from crawler.sources.page_records import laid_open

_UNSEEN: Final[frozenset[str]] = frozenset(
    {"script", "style", "noscript", "template", "select", "option", "textarea", "object", "iframe", "svg", "head"}
)
BLOCKS: Final[frozenset[str]] = frozenset(
    {"p", "div", "li", "dl", "dt", "dd", "tr", "td", "th", "br", "section", "article", "ul", "ol", "table", "time"}
)
HEADINGS: Final[frozenset[str]] = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>", re.IGNORECASE)
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\ue000-\uf8ff]")
# A link that a script follows says where in plain words: location.href='…', window.open('…').
_OPENS: Final = re.compile(
    r"""(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|open\()\s*(?:encodeURI\()?\s*['"]([^'"\s]{1,300})['"](?!\s*\+)"""
)
_LONGEST_SCRIPT: Final = 2_000
# Attributes in which a link or a row keeps the address that a script of the page opens.
_KEPT: Final = ("data-href", "data-url", "data-link", "tagname")
_PATH: Final = re.compile(r"(?:https?://|\.{0,2}/|[\w./-]+\.\w{3,5}(?:\?|\Z)|\?)\S*\Z")
_MOST_NODES: Final = 400_000


@dataclass(slots=True, kw_only=True)
class Node:
    """An element; ``end`` is the index of its last descendant, pieces and links are half-open ranges."""

    index: int
    element: etree._Element
    tag: str
    parent: int
    end: int = 0
    pieces: tuple[int, int] = (0, 0)
    links: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text that stands in ``node`` itself; ``link`` is the index of the link around it, -1 without."""

    node: int
    text: str
    link: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link; ``href`` is resolved, "" where it leads nowhere (``javascript:``, an anchor)."""

    index: int
    node: int
    href: str
    script: str = ""


@dataclass(slots=True, kw_only=True)
class Tree:
    """A page; ``nodes[0]`` is its root. ``root`` is lxml's."""

    root: etree._Element
    nodes: list[Node] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)  # what links are called, by their index, once asked for
    usable: dict[int, bool] = field(default_factory=dict)
    places: dict[etree._Element, int] = field(default_factory=dict)
    heads: list[int] = field(default_factory=list)  # the pieces that are headings of dates, in order
    slashed: str = ""  # which of two numbers that a slash parts is the day: "d m", "m d", "" where the page has none

    def above(self, index: int) -> Iterator[Node]:
        """Yield an element and the ones around it, the nearest first."""
        while index >= 0:
            node = self.nodes[index]
            yield node
            index = node.parent

    def holds(self, outer: int, inner: int) -> bool:
        """Say whether ``inner`` stands in ``outer``, or is it."""
        return outer <= inner <= self.nodes[outer].end

    def text(self, node: Node) -> str:
        """Return all that can be read in an element; blocks are parted by a space."""
        return self.joined(range(*node.pieces))

    def text_of(self, link: int) -> str:
        """Return what a link shows."""
        return self.text(self.nodes[self.links[link].node])

    def joined(self, pieces: range | list[int]) -> str:
        """Return pieces as one text: those that stand in different blocks are parted by a space."""
        parts: list[str] = []
        before = -1
        for index in pieces:
            piece = self.pieces[index]
            if before >= 0 and piece.node != before and self._parted(before, piece.node):
                parts.append(" ")
            parts.append(piece.text)
            before = piece.node
        return tidy("".join(parts))

    def _parted(self, one: int, other: int) -> bool:
        low, high = min(one, other), max(one, other)
        for node in self.above(high):
            if node.index <= low <= node.end:
                break
            if node.tag in BLOCKS or node.tag in HEADINGS:
                return True
        return any(
            node.tag in BLOCKS or node.tag in HEADINGS for node in self.above(low) if not node.index <= high <= node.end
        )


def tidy(text: str) -> str:
    """Return ``text`` with single spaces and without letters that nobody sees."""
    return " ".join(_INVISIBLE.sub("", text).split())


def parse(text: str) -> etree._Element | None:
    """Parse a decoded page, None where there is nothing of HTML in it."""
    own = _DECLARATION.sub("", laid_open(text))
    if not own.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return html.document_fromstring(own.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def scan(root: etree._Element, resolve: "Resolver") -> Tree:
    """Lay a page out in the order that it is read in; what a visitor does not see (scripts, choices) is left out."""
    tree = Tree(root=root)
    body = root.find("body")
    opened: list[int] = []
    linked: list[int] = []
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(body if body is not None else root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if skipped is not None:
                continue
            if tag in _UNSEEN or not tag or len(tree.nodes) >= _MOST_NODES:
                skipped = element
                continue
            _open(tree, element, tag.lower(), opened, linked, resolve)
        elif skipped is None or element is skipped:
            if skipped is None:
                node = tree.nodes[opened.pop()]
                node.end = len(tree.nodes) - 1
                node.pieces = (node.pieces[0], len(tree.pieces))
                node.links = (node.links[0], len(tree.links))
                if linked and tree.links[linked[-1]].node == node.index:
                    linked.pop()
            skipped = None
            if opened and element.tail:
                _keep(tree, opened[-1], element.tail, linked)
    return tree


def _open(
    tree: Tree, element: etree._Element, tag: str, opened: list[int], linked: list[int], resolve: "Resolver"
) -> None:
    index = len(tree.nodes)
    tree.places[element] = index
    tree.nodes.append(
        Node(
            index=index,
            element=element,
            tag=tag,
            parent=opened[-1] if opened else -1,
            pieces=(len(tree.pieces), 0),
            links=(len(tree.links), 0),
        )
    )
    opened.append(index)
    if tag == "a":
        href = (element.get("href") or "").strip()
        script = (element.get("onclick") or (href if href.lower().startswith("javascript:") else ""))[:_LONGEST_SCRIPT]
        opens = _OPENS.search(script) if script else None
        there = resolve(href) or (resolve(opens[1]) if opens else "") or resolve(_kept_address(element))
        linked.append(len(tree.links))
        tree.links.append(Link(index=len(tree.links), node=index, href=there, script=script))
    elif there := _clicked(element, resolve):
        linked.append(len(tree.links))
        tree.links.append(Link(index=len(tree.links), node=index, href=there))
    if element.text:
        _keep(tree, index, element.text, linked)


def _kept_address(element: etree._Element) -> str:
    return next((own for name in _KEPT if _PATH.match(own := (element.get(name) or "").strip())), "")


def _clicked(element: etree._Element, resolve: "Resolver") -> str:
    """Return where a click on an element that is no link leads, "" where it leads nowhere or holds links itself."""
    script = element.get("onclick") or ""
    opens = _OPENS.search(script[:_LONGEST_SCRIPT]) if script else None
    address = opens[1] if opens else _kept_address(element)
    if not address or element.tag in {"body", "html", "form"} or element.find(".//a") is not None:
        return ""
    return resolve(address)


def _keep(tree: Tree, node: int, text: str, linked: list[int]) -> None:
    if not text.isspace():
        tree.pieces.append(Piece(node=node, text=text, link=linked[-1] if linked else -1))
    elif tree.pieces and tree.pieces[-1].text[-1:].strip() and "\n" not in text:
        last = tree.pieces[-1]
        tree.pieces[-1] = Piece(node=last.node, text=f"{last.text} ", link=last.link)


class Resolver:
    """Makes links absolute: against the page's base, and none of those that lead nowhere."""

    def __init__(self, root: etree._Element, url: str) -> None:
        own = root.find(".//base[@href]")
        self.base = absolute(own.get("href") or "", url) if own is not None else url
        self._here = url.partition("#")[0]

    def __call__(self, href: str) -> str:
        """Return the absolute address, "" for a script, an anchor of this page, mail and the like."""
        own = href.strip()
        lower = own.lower()
        if not own or own.startswith("#") or lower.startswith(("javascript:", "mailto:", "tel:", "about:", "data:")):
            return ""
        there = absolute(own, self.base)
        if not there.lower().startswith(("http://", "https://")) and self.base:
            return ""
        return "" if "#" in there and there.partition("#")[0] == self._here and self._here else there
