"""Finds where a page leads by itself: to its next page, and elsewhere."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from crawler.sources.page_tree import Link, Resolver, Tree, tidy

_NEXT: Final = re.compile(
    r"[\[【(（\s]*(?:下\s?一\s?[页頁]|下[页頁]|后一?[页頁]|next(?:\s?page)?|older(?:\sposts)?)(?:\s*[(（]?\d{1,4}\s?/\s?\d{1,4}[)）]?)?[\s>»›→\]】)）]*",
    re.IGNORECASE,
)
_ARROW: Final = re.compile(r"[>›→]")
_CALLED_NEXT: Final = re.compile(r"(?<![a-z])next(?:[-_]?page)?(?![a-z])", re.IGNORECASE)
_CURRENT: Final = re.compile(
    r"(?<![a-z])(?:current|active|cur|on|now|thispage|this|selected|dq)(?![a-z])", re.IGNORECASE
)
_QUOTED: Final = re.compile(
    r"""(?:href|location|open|assign|replace|encodeURI)\s*(?:=|\()\s*(?:encodeURI\()?\s*['"]([^'"\s]{1,300})['"]"""
)
_CALLED: Final = re.compile(
    r"""\w{0,40}\(\s*['"](?P<address>[^'"\s()]{1,300}\.(?:\w{0,2}html?|jsp|aspx?|php|do)(?:\?[^'"\s]*)?)['"]"""
)
_TRS: Final = re.compile(
    r"""create\w{0,20}Page\w{0,20}\s*\((?:\s*['"]?[\w#.-]{0,40}['"]?\s*,)??\s*(?P<count>\d{1,5})\s*,\s*(?P<index>\d{1,5})\s*,"""
    r"""\s*['"](?P<name>[\w./-]{1,80})['"]\s*,\s*['"](?P<kind>\w{1,8})['"]""",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(r"\b(?:countPage|pageCount|totalPage)\s*=\s*['\"]?(\d{1,5})")
_CURRENT_INDEX: Final = re.compile(r"\b(?:currentPage|pageIndex|curPage)\s*=\s*['\"]?(\d{1,5})")
_WRITTEN: Final = re.compile(
    r"""href=\\?["'](?P<name>[\w-]{1,40})["']?\s*\+?\s*["']?_["']?\s*\+\s*\w*next\w*\s*\+\s*["']\.["']?\s*\+?\s*["']?(?P<kind>\w{2,6})""",
    re.IGNORECASE,
)
_LINE_COMMENT: Final = re.compile(r"^\s*//.*$", re.MULTILINE)
_META: Final = re.compile(
    r"(?P<delay>\d{1,5})(?:\.\d*)?\s*[;,]?\s*(?:url\s*=)?\s*['\"]?\s*(?P<url>[^'\"]*?)\s*['\"]?\s*\Z", re.IGNORECASE
)
_LEAVES: Final = re.compile(
    r"""(?:(?:window|self|top|parent|document)\s*\.\s*)*location(?:\s*\.\s*(?:href|pathname))?\s*(?:=|\.\s*(?:replace|assign)\s*\()\s*['"](?P<url>[^'"\s]{1,500})['"](?!\s*\+)"""
)
_CONDITION: Final = re.compile(r"(?:\bif\s*\(.*\)|\belse|[?:]|&&|\|\|)\s*\Z")
_SHORT_PAGE: Final = 200
_LONGEST_WAIT: Final = 30


def next_page(tree: Tree, resolver: Resolver, url: str) -> tuple[str, int]:
    """Return the address of the next page ("" where none can be told) and the element that leads there (-1)."""
    for address, node in _candidates(tree, resolver):
        if address and _same_host(address, url) and _plain(address) != _plain(url):
            return address, node
    return "", pager(tree)


def pager(tree: Tree) -> int:
    """Return the element in which a page is turned, -1 where there is none."""
    for piece in reversed(tree.pieces):
        if _NEXT.fullmatch(tidy(piece.text)):
            return piece.node
    for script in _scripts(tree):
        if _TRS.search(script.text or ""):
            return _node_of(tree, script)
    return -1


def _candidates(tree: Tree, resolver: Resolver) -> Iterator[tuple[str, int]]:
    for link in tree.links:
        if _NEXT.fullmatch(_name(tree, link)):
            yield _address(link, resolver), link.node
    for element in tree.root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            yield resolver(element.get("href") or ""), -1
    for script in _scripts(tree):
        yield _scripted(_LINE_COMMENT.sub("", script.text or ""), resolver), _node_of(tree, script)
    yield from _numbered(tree, resolver)
    for link in tree.links:
        own = _name(tree, link)
        if _ARROW.fullmatch(own) or (not own and _CALLED_NEXT.search(tree.nodes[link.node].element.get("class") or "")):
            yield _address(link, resolver), link.node


def _name(tree: Tree, link: Link) -> str:
    node = tree.nodes[link.node]
    return (
        tree.text(node)
        or tidy(node.element.get("title") or "")
        or next((tidy(each.get("alt") or "") for each in node.element.iter("img")), "")
    )


def _address(link: Link, resolver: Resolver) -> str:
    if link.href:
        return link.href
    found = _QUOTED.search(link.script) or _CALLED.search(link.script)
    return resolver(found[1]) if found else ""


def _scripts(tree: Tree) -> Iterator[etree._Element]:
    return (each for each in tree.root.iter("script") if each.text)


def _node_of(tree: Tree, script: etree._Element) -> int:
    """Return the element around a script."""
    around = script.getparent()
    return tree.places.get(around, -1) if around is not None else -1


def _scripted(script: str, resolver: Resolver) -> str:
    """Return the next page of a TRS pager: ``createPageHTML(count, index, name, kind)``, or its parts spelled out."""
    if found := _TRS.search(script):
        count, index = int(found["count"]), int(found["index"])
        return resolver(f"{found['name']}_{index + 1}.{found['kind']}") if index + 1 < count else ""
    count_of, index_of, written = _COUNT.search(script), _CURRENT_INDEX.search(script), _WRITTEN.search(script)
    if count_of and index_of and written and int(index_of[1]) + 1 < int(count_of[1]):
        return resolver(f"{written['name']}_{int(index_of[1]) + 1}.{written['kind']}")
    return ""


def _numbered(tree: Tree, resolver: Resolver) -> Iterator[tuple[str, int]]:
    """Yield where the number after the current one leads."""
    for place, link in enumerate(tree.links):
        number = tree.text(tree.nodes[link.node])
        if not (number.isascii() and number.isdigit() and len(number) <= 4 and int(number) > 1):
            continue
        before = str(int(number) - 1)
        first = tree.nodes[link.node].pieces[0] - 1
        while first >= 0 and not tidy(tree.pieces[first].text).strip("|, "):
            first -= 1
        if first < 0 or tidy(tree.pieces[first].text).strip("[]【】") != before:
            continue
        piece = tree.pieces[first]
        marked = any(
            _CURRENT.search(node.element.get("class") or "")
            for _, node in zip(range(3), tree.above(piece.node), strict=False)
        )
        if (
            piece.link < 0
            or marked
            or (place and not tree.links[piece.link].href and not tree.links[piece.link].script)
        ):
            yield _address(link, resolver), link.node


def _same_host(address: str, url: str) -> bool:
    try:
        return not url or urlsplit(address).hostname == urlsplit(url).hostname
    except ValueError:
        return False


def _plain(address: str) -> str:
    """Return an address for comparing: the front page of a folder is the folder."""
    own = address.partition("#")[0].partition("://")[2]
    return re.sub(r"/(?:index|default)\.\w{2,5}\Z", "/", own)


def _is_bare(before: str) -> bool:
    """Say whether a statement stands for itself: neither in a function nor after a condition."""
    return before.count("{") <= before.count("}") and _CONDITION.search(before[-200:]) is None


def refreshes_to(root: etree._Element, resolver: Resolver, url: str, seen: int) -> str:
    """Return where a page sends its visitor by itself, "" where it does not; ``seen`` is how much text it shows."""
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh":
            found = _META.match((meta.get("content") or "").strip())
            if found and found["url"] and int(found["delay"]) <= _LONGEST_WAIT:
                there = resolver(found["url"])
                if there and there.partition("#")[0] != url.partition("#")[0]:
                    return there
    if seen > _SHORT_PAGE:
        return ""
    for script in root.iter("script"):
        text = _LINE_COMMENT.sub("", script.text or "")
        found = _LEAVES.search(text)
        there = resolver(found["url"]) if found and _is_bare(text[: found.start()]) else ""
        if there and there.partition("#")[0] != url.partition("#")[0]:
            return there
    body = root.find("body")
    found = _LEAVES.search((body.get("onload") or "") if body is not None else "")
    return resolver(found["url"]) if found else ""
