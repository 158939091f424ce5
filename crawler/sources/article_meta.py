"""Reads what an article's page says to machines: meta elements, JSON-LD, the variables of its scripts."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from crawler.sources.article_page import inner_text
from crawler.sources.plain import plain_line

_LONGEST: Final = 500
_MOST_SCRIPT: Final = 400_000
_TITLES: Final = ("articletitle", "og:title", "twitter:title", "dc.title")
_SOURCES: Final = ("contentsource", "source", "og:source", "article:source", "mediaid", "dc.source")
_AUTHORS: Final = ("author", "article:author", "contributor", "dc.creator")
# Best first: the government site standard, then what the press and platforms use.
_DATES: Final = (
    *("pubdate", "publishdate", "publish_date", "publish-date", "publishtime", "publish_time", "pubtime"),
    *(
        "firstpublishedtime",
        "firstpublishtime",
        "article:published_time",
        "og:published_time",
        "bytedance:published_time",
    ),
    *("og:release_date", "datepublished", "publicationdate", "weibo:article:create_at", "release_date", "releasedate"),
    *("dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "citation_publication_date", "og:time"),
)
_WRITTEN: Final = re.compile(
    r"[\"']?(?<![\w.])(?:__\$)?(?:pub_?dat[ea]|pub_?time|publish_?time|publish_?date|release_?time|publishedAt"
    r"|datePublished|ptime|fbsj|page_?pub_?time)[\"']?\s*[:=]\s*[\"']?"
    r"(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?(?:Z|[+-]\d{2}:?\d{2})?"
    r"|\d{13}|\d{10})(?!\d)",
    re.IGNORECASE,
)
_SOURCE: Final = re.compile(
    r"\bvar\s+(?:wzly|xxly|laiyuan|ly|__\$source)\s*=\s*(?:\"([^\"\n]{1,60})\"|'([^'\n]{1,60})')", re.IGNORECASE
)
_HYPHENED: Final = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})-(?=\d{1,2}:)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What a page says to machines, raw and best first; ``site`` is the site's own name."""

    titles: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    written: tuple[str, ...] = ()  # dates that scripts hold: they may be another post's
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    site: str = ""
    type: str = ""


def read_meta(tree: etree._Element) -> Meta:
    """Read the meta elements, the JSON-LD and the scripts of a page."""
    metas = _metas(tree)
    linked = tuple(_linked(tree))
    scripts = "\n".join((each.text or "") for each in tree.iter("script"))[:_MOST_SCRIPT]
    dates = [metas[name] for name in _DATES if metas.get(name)]
    dates += [said for each in linked if isinstance(said := each.get("datePublished"), str)]
    dates += list(_marked(tree))
    sources = [metas[name] for name in _SOURCES if metas.get(name)]
    return Meta(
        titles=tuple(plain_line(metas[name], is_markup=False) for name in _TITLES if metas.get(name)),
        dates=tuple(_spaced(each) for each in dates),
        written=tuple(dict.fromkeys(_spaced(each) for each in _WRITTEN.findall(scripts))),
        sources=(*sources, *(one or other for one, other in _SOURCE.findall(scripts))),
        authors=tuple(metas[name] for name in _AUTHORS if metas.get(name)),
        site=metas.get("sitename") or metas.get("og:site_name") or "",
        type=metas.get("og:type", ""),
    )


def _spaced(date: str) -> str:
    """Return a date whose clock follows a hyphen (2007-08-20-23:59:59) with a space there."""
    return _HYPHENED.sub(r"\1 ", date.strip())


def _metas(tree: etree._Element) -> dict[str, str]:
    metas: dict[str, str] = {}
    for each in tree.iter("meta"):
        name = (each.get("name") or each.get("property") or each.get("itemprop") or "").strip().lower()
        content = (each.get("content") or "").strip()
        if name and content:
            metas.setdefault(name, content[:_LONGEST])
    return metas


def _linked(tree: etree._Element) -> Iterator[Mapping[str, object]]:
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            said = json.loads((script.text or "")[:_MOST_SCRIPT], strict=False)
        except (ValueError, RecursionError):
            continue
        graph = said.get("@graph") if isinstance(said, dict) else None
        for each in graph if isinstance(graph, list) else said if isinstance(said, list) else [said]:
            if isinstance(each, dict):
                yield each


def _marked(tree: etree._Element) -> Iterator[str]:
    """Yield the dates of elements that are marked up as the time of publication (microdata, hAtom, data attributes)."""
    root = tree.get("data-publishtime")
    if root:
        yield root
    for each in tree.iter("time", "abbr", "span", "div"):
        is_published = (each.get("itemprop") or "").lower() == "datepublished" or (
            each.tag in {"time", "abbr"} and "published" in (each.get("class") or "").lower().split()
        )
        if is_published:
            yield each.get("datetime") or each.get("content") or each.get("title") or inner_text(each)
