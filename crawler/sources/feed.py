"""Reads RSS, RDF, Atom and CDF: the only place that knows feedparser."""

import io
import xml.sax
import xml.sax.handler
import xml.sax.xmlreader
from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.sax.xmlreader import AttributesNSImpl

import feedparser.api
import feedparser.mixin

from crawler.encoding import clean
from crawler.sources.mend import Document, mend
from crawler.sources.plain import plain, plain_line
from crawler.sources.rescue import Torn, tear
from crawler.sources.wire import Entry, Wire, kind_of, longer, named_author, named_source
from monitor.values import PostKind

# What goes beyond is made to stall a reader; no feed has as much.
_DEEPEST: Final = 400
_MOST_ELEMENTS: Final = 200_000
_MOST_ATTRIBUTES: Final = 100
_MOST_ENTRIES: Final = 10_000
_LONGEST_SOUP: Final = 300_000
_MOST_SOUP: Final = 1_000_000
_MARKUP_TYPES: Final[frozenset[str]] = frozenset({"text/html", "application/xhtml+xml"})
# The fields that may hold the time of publication, best first. A later time proves less: a change before the making.
_DATES: Final[tuple[str, ...]] = (
    "published",
    "updated",
    "created",
    "pubtime",
    "publishtime",
    "publish_time",
    "pub_date",
    "time",
)
# What feedparser raises on markup that it was not made for: its handlers share state and trust their input.
_FAILURES: Final = (
    xml.sax.SAXException,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    OverflowError,
    RecursionError,
)


_Fields = dict[str, Any]


class _TooLargeError(Exception):
    """A document that is deeper, or has more elements, than any feed."""


class _Limits(feedparser.mixin._FeedParserMixin):  # type: ignore[misc]  # noqa: SLF001 - the reader has no public part
    """What is changed in feedparser: dates (naive) and authors (quadratic) are left unread, work is bounded."""

    sanitize_html = False
    resolve_relative_uris = False

    def handle_data(self, text: str, escape: int = 1) -> None:
        # Space in front is stripped in the end anyway, there one piece at a time.
        if not (text.isspace() and self.elementstack and not self.elementstack[-1][2]):
            super().handle_data(text, escape)

    def _start_item(self, attrs_d: dict[str, str]) -> None:
        if len(self.entries) >= _MOST_ENTRIES:
            raise _TooLargeError
        super()._start_item(attrs_d)

    def _sync_author_detail(self, key: str = "author") -> None:
        """Leave authors as they stand: their addresses are taken off later."""

    def _end_published(self) -> None:
        self.pop("published")

    def _end_updated(self) -> None:
        self.pop("updated")

    def _end_created(self) -> None:
        self.pop("created")

    _start_entry = _start_item
    _end_issued = _end_pubdate = _end_dcterms_issued = _end_published
    _end_modified = _end_lastbuilddate = _end_dc_date = _end_dcterms_modified = _end_updated
    _end_dcterms_created = _end_created


class _Strict(_Limits, feedparser.api.StrictFeedParser):  # type: ignore[misc]
    """Reads well-formed XML."""

    def __init__(self) -> None:
        super().__init__("", None, "utf-8")
        self.seen = 0
        self.cut = False

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl) -> None:  # noqa: N802
        self.seen += 1 + len(attrs)
        if (
            self.depth > _DEEPEST
            or self.seen > _MOST_ELEMENTS
            or len(attrs) > _MOST_ATTRIBUTES
            or len(self.namespaces_in_use) > _MOST_ATTRIBUTES
        ):
            raise _TooLargeError
        super().startElementNS(name, qname, attrs)


class _Loose(_Limits, feedparser.api.LooseFeedParser):  # type: ignore[misc]
    """Reads tag soup, in time that grows with the square of its length."""

    def __init__(self) -> None:
        super().__init__("", None, "utf-8", {})


def read_xml(document: Document) -> Wire:
    """Read a feed's XML: as it stands, else mended, else entry by entry whatever is left of it (``damaged``)."""
    junk = ("列表前有多余内容，已略去",) if document.junk else ()
    if not (document.entities or document.unsafe):
        read = _read(document.text)
        if read is not None:
            return _wire(read.feeddata, read.entries, damaged=read.cut, warnings=junk)
    mended = mend(document)
    warnings = (*junk, *mended.warnings)
    read = _read(mended.text)
    if read is not None:
        return _wire(read.feeddata, read.entries, damaged=mended.lost > 0 or read.cut, warnings=warnings)
    feed, entries = _rescue(tear(mended.text))
    return _wire(feed, entries, damaged=True, warnings=warnings)


def _rescue(torn: Torn) -> tuple[_Fields, list[_Fields]]:
    """Read a torn document piece by piece: strictly, else as tag soup, as long as the work stays bounded."""
    feed: _Fields = {}
    entries: list[_Fields] = []
    elements, soup = _MOST_ELEMENTS, _MOST_SOUP
    for at, piece in enumerate((torn.header, *torn.entries)):
        read: _Strict | _Loose | None = _read(piece)
        if isinstance(read, _Strict):
            elements -= read.seen
        elif len(piece) <= min(_LONGEST_SOUP, soup):
            soup -= len(piece)
            read = _soup(piece)
        if read is not None:
            feed = read.feeddata if at == 0 else feed
            entries.extend(read.entries)
        if elements < 0:
            break
    return feed, entries


def _soup(text: str) -> _Loose | None:
    reader = _Loose()
    try:
        reader.feed(text)
    except (_TooLargeError, *_FAILURES):
        return None
    return reader


def _read(text: str) -> _Strict | None:
    """Read well-formed XML, None where it is not; no entity is expanded and nothing is fetched."""
    reader = _Strict()
    parser = xml.sax.make_parser()  # noqa: S317 - mend takes DOCTYPE and entities out, nothing external is fetched
    parser.setFeature(xml.sax.handler.feature_namespaces, state=True)
    parser.setFeature(xml.sax.handler.feature_external_ges, state=False)
    parser.setFeature(xml.sax.handler.feature_external_pes, state=False)
    parser.setContentHandler(reader)
    parser.setErrorHandler(reader)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(text.encode("utf-8", "replace")))
    source.setEncoding("utf-8")
    try:
        parser.parse(source)
    except _TooLargeError:
        reader.cut = True
        if reader.inentry:
            reader.entries.pop()
    except _FAILURES:
        return None
    return reader


def _wire(feed: _Fields, entries: Sequence[_Fields], *, damaged: bool, warnings: tuple[str, ...]) -> Wire:
    return Wire(
        title=plain_line(_str(feed, "title"), is_markup=_is_markup(feed, "title")),
        home=_str(feed, "link"),
        entries=tuple(_entry(each) for each in entries if dict.__len__(each)),
        damaged=damaged,
        warnings=warnings,
    )


def _entry(entry: _Fields) -> Entry:
    guid, link = _str(entry, "id"), _str(entry, "link")
    return Entry(
        guid=guid,
        link="" if link == guid and not link.startswith(("http:", "https:", "/")) else link,
        title=plain_line(_str(entry, "title"), is_markup=_is_markup(entry, "title")),
        text=longer(plain(each) for each in _texts(entry)),
        dates=tuple(filter(None, (_str(entry, name) for name in _DATES))),
        author=named_author(_str(_get(entry, "author_detail"), "name") or _str(entry, "author")),
        publisher=_publisher(entry),
        kind=_kind(entry),
    )


def _get(fields: object, name: str) -> object:
    # dict.get: feedparser's own mapping answers for names that are not there.
    return dict.get(fields, name) if isinstance(fields, dict) else None


def _str(fields: object, name: str) -> str:
    value = _get(fields, name)
    return clean(value).strip() if isinstance(value, str) else ""


def _list(fields: object, name: str) -> list[object]:
    value = _get(fields, name)
    return value if isinstance(value, list) else []


def _is_markup(fields: object, name: str) -> bool:
    return _str(_get(fields, f"{name}_detail"), "type") in _MARKUP_TYPES


def _texts(entry: _Fields) -> Iterator[str]:
    yield _str(entry, "summary")
    for each in _list(entry, "content"):
        yield _str(each, "value")


def _publisher(entry: _Fields) -> str:
    named = _str(_get(entry, "source"), "title") or _str(entry, "dc_source")
    return named_source(plain_line(named, is_markup=False))


def _kind(entry: _Fields) -> PostKind:
    types = [_str(each, "type") for each in _list(entry, "links") if _str(each, "rel") == "enclosure"]
    types += [_str(each, "type") or _str(each, "medium") for each in _list(entry, "media_content")]
    return kind_of(types)
