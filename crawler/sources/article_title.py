"""Finds the title of an article among its page's lines, meta elements and ``<title>``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crawler.sources.article_labels import DATE, ENGLISH, Says, bare_dates, read_labels
from crawler.sources.article_meta import Meta
from crawler.sources.article_page import PIECE, Line, Page

_LONGEST: Final = 300
_LONGEST_HEADING: Final = 120
_LONGEST_HEADER: Final = 260
_MOST_LINES: Final = 3000
_ENOUGH: Final = 4.0  # what a line scores that is the title
_MARKED: Final = 1.5  # of it, what a heading, a class or <title> gives
_SPLIT: Final = re.compile(r"\s*(?:_+|\||｜|—{1,2}|–|--+|::|»|>>|\s[-·]\s)\s*")
_SITE: Final = re.compile(
    r"(?:网站?|政府|门户|官网|频道|在线|委员会|[局厅委办社报台院会校处站部]|客户端|公众号|平台|中心|新闻|资讯|\.(?:com|cn|net))\Z",
    re.IGNORECASE,
)
_TITLED: Final = re.compile(
    r"(?:\A|[\s_-])(?:\w*title\w*|\w*headline\w*|\w*biaoti\w*|bt|tit|art[-_]?tit|heading)(?=[\s_-]|\Z)"
)
_WHERE: Final = re.compile(r"(?:您?现?在|当前)(?:所在)?的?(?:位置|栏目)|首页\s*[>»›]|^\s*正文\s*$")
_MOST_BROKEN: Final = 3  # lines of one heading
_SHORTEST_REST: Final = 2
_LEAST_SHOWN: Final = 6
_SUMMARY: Final = re.compile(r"。.|\[\s?(?:详情|详细|更多|全文|查看)[^\]]{0,4}\]?\s*$|(?:\.{3}|…)\s*$")
_SENTENCE: Final = re.compile(r"[。；;]")


def squeezed(text: str) -> str:
    """Return a text for comparing: without spaces and quotes of any kind."""
    return re.sub(r"[\s\"'“”‘’「」]+", "", text)


def is_header(line: Line) -> bool:
    """Say whether a line is one of an article's header: a date, or labels, and no prose."""
    if len(line.text) > _LONGEST_HEADER or _WHERE.search(line.text):
        return False
    rest = DATE.sub("", line.raw)
    if rest == line.raw and not line.is_link:
        rest = ENGLISH.sub("", rest)
    if len(rest) < len(line.raw) and next(bare_dates(line.raw), ""):
        return not line.is_link and len(rest) <= _LONGEST_HEADING and not _SENTENCE.search(rest)
    said = [each for each in read_labels(line.raw) if each.says is not Says.OTHER]
    return bool(said) and not _SENTENCE.search(line.text) and len(line.text) <= _LONGEST_HEADING


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title; ``line`` is the number of the line that shows it (-1: none), ``sure`` whether it is marked up as one."""

    text: str
    line: int = -1
    sure: bool = False


def find_title(page: Page, meta: Meta) -> Title:
    """Return the title: of the line that looks most like it, else of meta elements, else of ``<title>``."""
    lines = page.lines[:_MOST_LINES]
    headers = [is_header(line) and not _is_named(page, line) for line in lines]
    own = [-10.0 if headers[at] else _score(page, meta, at) for at in range(len(lines))]
    scores = [score + _beside(headers, at) for at, score in enumerate(own)]
    best = max(range(len(scores)), key=lambda number: (scores[number], -number), default=-1)
    if best >= 0 and scores[best] >= _ENOUGH:
        text, last = _whole(page, best)
        return Title(text=text[:_LONGEST], line=last, sure=own[best] >= _MARKED)
    stated = next(iter(meta.titles), "")
    said = stated if stated and squeezed(stated) != squeezed(meta.site) else _first_part(page.title, meta.site)
    return Title(text=said[:_LONGEST])


def _is_named(page: Page, line: Line) -> bool:
    """Say whether a line with a date in it is what ``<title>`` begins with (高县新闻 2026年11月4日)."""
    rest = squeezed(DATE.sub("", line.text))
    return len(rest) >= 4 and not read_labels(line.raw) and squeezed(page.title).startswith(squeezed(line.text))


def _whole(page: Page, number: int) -> tuple[str, int]:
    """Return a title and the number of its last line, where it is broken into two headings of one level or by <br>."""
    lines, (first, last) = page.lines, _run(page, number)
    if last > first:
        return "".join(each.text for each in lines[first : last + 1]), last
    line, above = lines[number], lines[number - 1] if number else None
    broken = (
        above is not None
        and line.heading == above.heading > 0
        and above.block.getparent() is line.block.getparent()
        and not above.framed
        and not above.is_link
    )
    return (above.text + line.text if above is not None and broken else _shown(page, line)), number


def _run(page: Page, number: int) -> tuple[int, int]:
    """Return the first and the last line of a heading that breaks in its middle, if both are what is stated."""
    lines, block = page.lines, page.lines[number].block
    if not lines[number].heading and not _TITLED.search(_own_names(lines[number])):
        return number, number
    first = last = number
    while first and number - first < _MOST_BROKEN and lines[first - 1].block is block:
        first -= 1
    while last + 1 < len(lines) and last - number < _MOST_BROKEN and lines[last + 1].block is block:
        last += 1
    whole = squeezed("".join(each.text for each in lines[first : last + 1]))
    return (first, last) if squeezed(page.title).startswith(whole) else (number, number)


def _shown(page: Page, line: Line) -> str:
    """Return a line's text, without what stands in front of the title that ``<title>`` begins with ([本地资讯])."""
    stated = squeezed(page.title)
    pieces = line.raw.split(PIECE)
    if len(pieces) > 1 and not stated.startswith(squeezed(line.text)):
        for at in range(1, len(pieces)):
            rest = " ".join("".join(pieces[at:]).split())
            if len(rest) >= _LEAST_SHOWN and stated.startswith(squeezed(rest)):
                return rest
    return line.text


def _score(page: Page, meta: Meta, number: int) -> float:
    line = page.lines[number]
    first, last = _run(page, number)
    text = squeezed("".join(each.text for each in page.lines[first : last + 1]) if last > first else _shown(page, line))
    if not 2 <= len(text) <= _LONGEST_HEADING or _WHERE.search(line.text):
        return -10.0
    score = sum(_said(text, each) for each in _stated(page, meta))
    score += (0.0, 3.0, 2.5, 2.0, 1.5, 1.5, 1.5)[line.heading]
    score += 1.5 if _TITLED.search(_own_names(line)) else 0.0
    score -= 4.0 if line.is_link else 0.0
    score -= 4.0 if line.framed else 0.0
    score -= 3.0 if len(text) < 4 else 0.0
    score -= 2.0 if line.text.endswith(("。", "；", "，")) else 0.0
    score -= 6.0 if _is_signature(page.lines, number) else 0.0
    score -= 3.0 if _SUMMARY.search(line.text) else 0.0
    return score


def _is_signature(lines: Sequence[Line], number: int) -> bool:
    """Say whether a line is who signs a text: under a sentence, above a date that stands alone."""
    below = lines[number + 1].text if number + 1 < len(lines) else ""
    dated = DATE.search(below) is not None and len(DATE.sub("", below)) <= _SHORTEST_REST
    return dated and any(line.text.endswith(("。", "；", "！")) for line in lines[max(number - 3, 0) : number])


def _stated(page: Page, meta: Meta) -> Iterator[str]:
    """Yield where a title is stated beside the lines: the first that says it counts most."""
    yield page.title
    yield from meta.titles[:1]


def _said(text: str, stated: str) -> float:
    whole = squeezed(stated)
    if not whole or len(text) < 4:
        return 0.0
    if whole.startswith(text):
        if _SITE.search(text) and len(text) < len(whole):
            return 1.0  # the site's name may stand first
        return 6.0 if len(text) >= 6 else 4.0
    parts = [squeezed(each) for each in _SPLIT.split(stated)]
    return 2.0 if text in parts[1:] and len(text) >= 8 else 0.0


def _own_names(line: Line) -> str:
    own = [line.block, line.block.getparent()]
    return " ".join(f"{each.get('class') or ''} {each.get('id') or ''}" for each in own if each is not None).lower()


def _beside(headers: Sequence[bool], number: int) -> float:
    """Score a line by how near it stands above the header line (or, less often, below one)."""
    for distance, below in enumerate(headers[number + 1 : number + 4]):
        if below:
            return 4.0 - distance
    return 1.5 if any(headers[max(number - 2, 0) : number]) else 0.0


def _first_part(title: str, site: str) -> str:
    """Return ``<title>`` without the names of column and site behind it."""
    first, *others = _SPLIT.split(title)
    if others and first and squeezed(first) != squeezed(site):
        return first
    head, dash, tail = title.rpartition("-")
    return head if dash and len(tail) <= 20 and _SITE.search(tail) and len(head) >= 4 else title
