"""Mends what is ill-formed in a feed's XML where that cannot hide an item."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html.entities import html5
from typing import Final

# Namespaces that feeds use without declaring them.
KNOWN_PREFIXES: Final[dict[str, str]] = {
    "admin": "http://webns.net/mvcb/",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/commentAPI/",
    "xlink": "http://www.w3.org/1999/xlink",
}
_ROOT: Final = re.compile(r"<(?:[A-Za-z_][\w.-]{0,30}:)?(?:rss|rdf|feed|channel)(?=[\s>/])", re.IGNORECASE)
_PAGE: Final = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_ENTITY: Final = re.compile(r"<!ENTITY\s+(%\s+)?([\w.:-]{1,80})\s+(?:\"([^\"]*)\"|'([^']*)'|[^>]*)")
_DOCTYPE: Final = "<!DOCTYPE"
_PREFIX: Final = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,30}):[A-Za-z_]")
# What is skipped whole, then what may need mending. Each alternative ends or reaches the end of the text: linear time.
_TOKENS: Final = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)|<\?(?:.*?\?>|.*)"
    r"|&(?:(?P<code>#\d{1,9}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][\w.-]{0,40});)?|<(?![A-Za-z_:/!\u0080-\U0010ffff])|\]\]>",
    re.DOTALL,
)
_OUTSIDE: Final = re.compile(r"<!\[CDATA\[(?:.*?\]\]>|.*)|>[^<]*", re.DOTALL)
_CODE: Final = re.compile(r"&(#\d{1,9}|#[xX][0-9a-fA-F]{1,8});")
_PREDEFINED: Final[frozenset[str]] = frozenset({"lt", "gt", "amp", "quot", "apos"})
# How much longer a document may grow by its own entities, and how long one of them may be.
_GROWTH: Final = 2**20
_ENTITY_LENGTH: Final = 1000
_HEAD: Final = 2**16
# More than this is made to stall a reader.
_MOST_PREFIXES: Final = 100
_MOST_REPAIRS: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A feed's XML from its root element on, without XML declaration and DOCTYPE; ``entities`` are its own simple ones.

    ``unsafe`` are declared entities that are never expanded: nested, external or huge ones. ``root`` is the root
    element's name as it is written.
    """

    text: str
    root: str
    entities: dict[str, str]
    unsafe: frozenset[str]
    junk: bool = False


def feed_document(text: str) -> Document | None:
    """Return the feed that ``text`` holds, None where its root element is not a feed's."""
    start, entities, unsafe = _prolog(text)
    root = _ROOT.match(text, start)
    junk = False
    if root is None:
        # A server's warnings may stand before the feed; a page that only shows a feed's source is not one.
        root = _ROOT.search(text, start, start + _HEAD)
        junk = True
        if root is None or _PAGE.search(text, 0, root.start()):
            return None
    return Document(text=text[root.start() :], root=root[0][1:], entities=entities, unsafe=unsafe, junk=junk)


def _prolog(text: str) -> tuple[int, dict[str, str], frozenset[str]]:
    """Return where the root element should start, and the entities that a DOCTYPE declares, safe and unsafe ones."""
    entities: dict[str, str] = {}
    unsafe: set[str] = set()
    at = 0
    while True:
        while at < len(text) and (text[at].isspace() or text[at] == "\ufeff"):
            at += 1
        if text.startswith("<?", at):
            end, length = text.find("?>", at), 2
        elif text.startswith("<!--", at):
            end, length = text.find("-->", at), 3
        elif text[at : at + len(_DOCTYPE)].upper() == _DOCTYPE:
            end, length = _doctype_end(text, at), 1
            _declare(text[at:end], entities, unsafe)
        else:
            return at, entities, frozenset(unsafe)
        if end < 0:
            return len(text), entities, frozenset(unsafe)
        at = end + length


def _doctype_end(text: str, at: int) -> int:
    """Return the index of the ``>`` that ends a DOCTYPE, with or without an internal subset."""
    bracket, plain_end = text.find("[", at), text.find(">", at)
    if bracket < 0 or (0 <= plain_end < bracket):
        return plain_end
    close = re.compile(r"\]\s*>").search(text, bracket)
    return close.end() - 1 if close else -1


def _declare(doctype: str, entities: dict[str, str], unsafe: set[str]) -> None:
    for found in _ENTITY.finditer(doctype):
        value = found[3] if found[3] is not None else found[4]
        if found[1]:
            continue
        if value is None or len(value) > _ENTITY_LENGTH or "<" in value or re.search(r"[&%](?!#)", value):
            unsafe.add(found[2])
        else:
            entities.setdefault(found[2], value)


class _Mender:
    """Replaces what is ill-formed, token by token, and remembers what it did."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.room = _GROWTH
        self.lost = 0
        self.count = 0
        self.tail = False
        self.done: set[str] = set()

    def replace(self, found: re.Match[str]) -> str:
        mark = found[0]
        self.count += 1
        if self.count > _MOST_REPAIRS and not mark.startswith("<!"):
            return mark
        if mark == "]]>":
            self.done.add("]]>")
            return "]]&gt;"
        if mark.startswith("<!--"):
            if not mark.endswith("-->"):
                return mark
            return " "  # "--" inside a comment is ill-formed, and no comment is read
        if mark == "<":
            self.done.add("<")
            return "&lt;"
        if not mark.startswith("&"):
            return mark
        return self._reference(mark, found["code"])

    def _reference(self, mark: str, code: str | None) -> str:
        if code is None:
            self.done.add("&")
            return "&amp;"
        if code in _PREDEFINED:
            return mark
        if code.startswith("#"):
            return f"&{code.lower()};" if _allowed(code) else ""
        if code in self.document.entities:
            return self._expand(self.document.entities[code])
        if code in self.document.unsafe:
            self.lost += 1
            return ""
        if f"{code};" in html5:
            self.done.add("&")
            return html5[f"{code};"].replace("&", "&amp;").replace("<", "&lt;")
        self.done.add("&")
        return f"&amp;{code};"

    def _expand(self, value: str) -> str:
        self.room -= len(value)
        if self.room < 0:
            self.lost += 1
            return ""
        return _CODE.sub(
            lambda code: code[0] if _allowed(code[1]) else "", value.replace('"', "&#34;").replace("'", "&#39;")
        )


def _allowed(code: str) -> bool:
    """Say whether a character reference (``#10``, ``#xA``) names a character that XML allows."""
    number = int(f"0{code[1:]}", 0) if code[1] in "xX" else int(code[1:])
    ranges = ((0x20, 0xD800), (0xE000, 0xFFFE), (0x10000, 0x110000))
    return number in {9, 10, 13} or any(first <= number < end for first, end in ranges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A document after mending; ``lost`` counts references to entities that are not expanded."""

    text: str
    lost: int = 0
    warnings: tuple[str, ...] = ()


def mend(document: Document) -> Mended:
    """Mend stray ``&`` and ``<``, HTML's named characters, forbidden characters, unbound prefixes, a broken end."""
    mender = _Mender(document)
    text = _ending(_TOKENS.sub(mender.replace, document.text), document.root, mender)
    missing = _unbound(text)
    start = f"<{document.root}"
    if missing:
        text = f"{start}{_declarations(missing)}{text[len(start) :]}"
    return Mended(text=text, lost=mender.lost, warnings=tuple(_mended_what(mender, missing)))


def _ending(text: str, root: str, mender: _Mender) -> str:
    """Complete the root's end tag where its last sign is missing, and cut what follows it if that is no item."""
    end_tag = f"</{root}"
    at = text.rfind(end_tag)
    tail = text[at + len(end_tag) :].lstrip() if at >= 0 else ""
    if at < 0 or tail == ">" or re.search(r"<(?:\w+:)?(?:item|entry)[\s>/]", tail, re.IGNORECASE):
        return text
    mender.tail = True
    return f"{text[:at]}{end_tag}>"


def _mended_what(mender: _Mender, missing: Sequence[str]) -> Iterator[str]:
    if mender.done:
        yield f"XML格式有误，已修正多余的符号（{'、'.join(sorted(mender.done))}）"
    if mender.tail:
        yield "XML末尾有误，已修正"
    if missing:
        yield f"XML命名空间未声明，已补上（{'、'.join(missing)[:60]}）"
    if mender.lost:
        yield "含有不安全的XML实体，未予展开"


def _unbound(text: str) -> list[str]:
    """Return the prefixes that a document uses and declares nowhere."""
    used = {found[1] for found in _PREFIX.finditer(_OUTSIDE.sub("", text))} - {"xml", "xmlns"}
    if len(used) > _MOST_PREFIXES:
        return []
    return sorted(prefix for prefix in used if f"xmlns:{prefix}" not in text)


def _declarations(prefixes: Iterable[str]) -> str:
    return "".join(f' xmlns:{prefix}="{KNOWN_PREFIXES.get(prefix, f"urn:undeclared:{prefix}")}"' for prefix in prefixes)
