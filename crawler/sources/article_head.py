"""Reads the header of an article: the lines around its title that say when it was published, whence, and by whom."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from itertools import chain
from typing import Final

from crawler.dates import read_dates
from crawler.sources.article_credits import LONGEST_NAME, STOP, author_of, read_header_credits
from crawler.sources.article_labels import DATE, LOOSE, Said, Says, bare_dates, dates_in, read_labels
from crawler.sources.article_meta import Meta
from crawler.sources.article_page import CELL, Line
from crawler.sources.article_text import is_site_foot
from crawler.sources.article_title import is_header
from monitor.credit_forms import ORGAN
from monitor.values import UNSTATED, Credit, CreditKind, Precision, Stated

_ABOVE: Final = 6  # lines before the title that may belong to it
_BELOW: Final = 12  # other lines between it and the header under it
_MOST: Final = 60  # lines of one header, tables of documents included
_AFTER: Final = 4  # other lines between the lines of one header
_TELLING: Final = frozenset({Says.PUBLISHED, Says.SOURCE})
_FAR: Final = 400  # lines in which a date may follow
_PROSE: Final = 40  # letters of a line that is text and no header
_SENTENCE: Final = 8  # of one under a date
_SHORT_LINK: Final = 8  # letters of a link that may be a source
# Dates in addresses: 202006/t20200623_1.html, /2020-06-23/, /2020/06/23/, /2020/0623/, /20200623/.
_ADDRESS: Final = re.compile(
    r"[/_t](?P<year>20\d{2}|199\d)(?P<gap>[-/_]?)(?P<month>0[1-9]|1[0-2])(?:[-/_]?)(?P<day>0[1-9]|[12]\d|3[01])(?=[/_.\-]|\Z)"
)
_AHEAD: Final = timedelta(days=1)
_WEEKDAY: Final = re.compile("(?:星期|周)[一二三四五六日天]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What an article's header says; ``last`` is the number of its last line, -1 where it has none.

    ``labelled`` says that a date stands in the header itself, and not only in meta elements or in the address.
    """

    stated: Stated = UNSTATED
    source: str = ""
    author: str = ""
    credits: tuple[Credit, ...] = ()
    last: int = -1
    labelled: bool = False


def read_head(lines: Sequence[Line], title: int, meta: Meta, url: str, at: datetime, zone: tzinfo) -> Head:
    """Read the header around the line ``title`` (-1: the header stands at the beginning); meta elements come second."""
    zone_lines = tuple(_zone(lines, title))
    said = [(number, each) for number in zone_lines for each in _says(lines, number)]
    visible = _visible(lines, zone_lines, said, title, at, zone) or _under(lines, title, at, zone)
    stated = _stated(visible, meta, url, at, zone)
    credits_ = tuple(read_header_credits(said, lines, zone_lines, meta))
    source = next((each.value for each in credits_ if each.kind is CreditKind.SOURCE), "")
    author = next((each.value for each in credits_ if each.kind is CreditKind.AUTHOR), "")
    used = [number for number in zone_lines if is_header(lines[number])]
    return Head(
        stated=stated,
        source=source,
        author=author or author_of(said),
        credits=credits_,
        last=max((title, *used), default=-1),
        labelled=bool(visible),
    )


def _zone(lines: Sequence[Line], title: int) -> Iterator[int]:
    """Yield the numbers of the lines that may be the header: around the title, up to the first line of prose."""
    if title >= 0:
        for number in range(max(title - _ABOVE, 0), title):
            if is_header(lines[number]) and (not lines[number].framed or _is_told(lines, number)):
                yield number
    start = title + 1 if title >= 0 else _first_header(lines)
    left, enough = _BELOW, _PROSE
    for number in range(start, min(start + _MOST, len(lines))):
        line = lines[number]
        if is_site_foot(line) or (_is_data(line) and any(map(_is_data, lines[number + 1 : number + 2]))):
            return
        if is_header(line):
            left = min(left, _AFTER)
            enough = _SENTENCE if DATE.search(line.raw) else enough
        else:
            left -= 1
            if left < 0 or (len(line.text) - line.linked >= enough and _is_sentence(line.text)):
                return
        yield number


def _is_sentence(text: str) -> bool:
    return STOP.search(text) is not None or (len(text) >= _PROSE and text.isascii() and text.endswith((".", ",", ":")))


def _is_told(lines: Sequence[Line], number: int) -> bool:
    """Say whether a line of the page's frame names a source, or stands beside one that does."""
    beside = (line for line in lines[max(number - 1, 0) : number + 2] if line.framed)
    return any(each.says is Says.SOURCE and each.raw for line in beside for each in read_labels(line.raw))


def _is_data(line: Line) -> bool:
    """Say whether a line is a row of a table of figures: a date and other cells, none of them a label."""
    return CELL in line.raw and DATE.search(line.raw) is not None and not read_labels(line.raw)


def _first_header(lines: Sequence[Line]) -> int:
    """Return where the header begins on a page that shows no title: its first line with a label of publication."""
    for number, line in enumerate(lines):
        if not line.framed and is_header(line) and any(each.says in _TELLING for each in read_labels(line.raw)):
            return number
    return 0


def _says(lines: Sequence[Line], number: int) -> Iterator[Said]:
    """Yield what a line's labels say; a label that stands alone is answered by the next line."""
    line = lines[number]
    if len(line.text) > 300:
        return
    for each in read_labels(line.raw):
        if each.raw or not each.alone or number + 1 >= len(lines):
            yield each
            continue
        below = lines[number + 1]
        lone = below.block.getparent() is line.block.getparent() or below.block.getparent() is line.block
        if each.says is Says.SOURCE and not (ORGAN.search(below.text) or _is_apart(line, below)):
            continue
        short = len(below.text) <= LONGEST_NAME and not STOP.search(below.text) and not read_labels(below.raw)
        yield replace(each, raw=below.raw) if lone and short else each


def _is_apart(line: Line, below: Line) -> bool:
    """Say whether a label and the line below it are elements of two kinds, as a label and its value are."""
    own, other = line.block, below.block
    return own.tag != other.tag or own.get("class") != other.get("class")


_RANKS: Final = {Says.PUBLISHED: 0, Says.DATED: 1, Says.UPDATED: 2}


def _visible(
    lines: Sequence[Line],
    numbers: Sequence[int],
    said: Sequence[tuple[int, Said]],
    title: int,
    at: datetime,
    zone: tzinfo,
) -> list[Stated]:
    """Return the times that the header shows, best first."""
    ranked: list[tuple[int, int, Stated]] = []
    for number, each in said:
        if each.says in _RANKS:
            ranked += [(_RANKS[each.says], number, stated) for stated in _labelled(each.raw, at, zone)]
    behind = {(number, stated.raw) for _, number, stated in ranked}
    for number in numbers:
        if not is_header(lines[number]) or _is_row(lines, number, title) or _is_other(lines, number):
            continue
        for text in bare_dates(lines[number].raw):
            ranked += [
                (1, number, stated)
                for stated in _read(text, at, zone)
                if (number, stated.raw) not in behind
                and not (number < title and _is_today(lines[number].raw, stated, at, zone))
            ]
    return [stated for _, _, stated in sorted(ranked, key=lambda each: (each[0], each[1] < title, each[1]))]


def _is_today(raw: str, stated: Stated, at: datetime, zone: tzinfo) -> bool:
    """Say whether a line is the calendar in a page's head: the day on which the page is seen, and its weekday."""
    return _WEEKDAY.search(raw) is not None and _day(stated, zone) == at.astimezone(zone).date()


def _is_other(lines: Sequence[Line], number: int) -> bool:
    """Say whether a line is the value of a label that stands alone above it, and announces another date."""
    above = read_labels(lines[number - 1].raw) if number else ()
    return len(above) == 1 and above[0].alone and above[0].says is Says.OTHER


def _is_row(lines: Sequence[Line], number: int, title: int) -> bool:
    """Say whether a date stands beside a link to another page, or under one."""
    line, above = lines[number], lines[number - 1] if number else None
    rest = DATE.sub("", line.text).strip(" []()【】（）")
    beside = line.linked > _SHORT_LINK and len(rest) <= line.linked + 2 and not read_labels(line.raw)
    if beside or above is None or number - 1 == title or rest:
        return beside
    return above.is_link and not above.framed and not is_header(above)


def _labelled(raw: str, at: datetime, zone: tzinfo) -> Iterator[Stated]:
    found = next(dates_in(raw), None)
    loose = LOOSE.search(raw[:60])
    text = found[1] if found else loose[0].replace(",", ", ") if loose else ""
    yield from _read(text, at, zone)


def _under(lines: Sequence[Line], title: int, at: datetime, zone: tzinfo) -> list[Stated]:
    """Return the one time of publication that stands, labelled, somewhere under the text."""
    found = [
        stated
        for line in lines[title + 1 : title + 1 + _FAR]
        if not line.framed and is_header(line)
        for each in read_labels(line.raw)
        if each.says is Says.PUBLISHED
        for stated in _labelled(each.raw, at, zone)
    ]
    return found[:1] if len({each.at for each in found}) == 1 else []


def _read(text: str, at: datetime, zone: tzinfo) -> Iterator[Stated]:
    if text:
        stated = read_dates([text], at, zone)[0]
        if stated.at is not None and stated.at <= at + _AHEAD:
            yield stated


def _stated(visible: Sequence[Stated], meta: Meta, url: str, at: datetime, zone: tzinfo) -> Stated:
    """Return the time of publication: what the page shows, else what it says to machines, else what its address says.

    A day that is shown is made precise by whatever states a time of that day, a minute by a second of that minute.
    """
    stated = [each for raw in meta.dates for each in _read(raw, at, zone)]
    written = [each for raw in meta.written for each in _read(raw, at, zone)]
    own = written if len(written) == 1 else []  # several: other posts' are among them
    for first in chain(visible[:1], stated[:1], own, _of_address(url, at, zone)):
        return _finest(first, (*visible, *stated, *own), zone)
    return UNSTATED


_FINENESS: Final = {Precision.DAY: 0, Precision.MINUTE: 1, Precision.SECOND: 2}


def _finest(first: Stated, others: Sequence[Stated], zone: tzinfo) -> Stated:
    best = first
    for each in others:
        if _FINENESS[each.precision] > _FINENESS[best.precision] and _agrees(best, each, zone):
            best = each
    return best


def _agrees(coarse: Stated, fine: Stated, zone: tzinfo) -> bool:
    if coarse.precision is Precision.DAY:
        return _day(coarse, zone) == _day(fine, zone)
    return coarse.at is not None and fine.at is not None and coarse.at == fine.at.replace(second=0, microsecond=0)


def _day(stated: Stated, zone: tzinfo) -> object:
    return stated.at.astimezone(zone).date() if stated.at is not None else None


def _of_address(url: str, at: datetime, zone: tzinfo) -> Iterator[Stated]:
    found = list(_ADDRESS.finditer(url))
    for match in reversed(found):
        for stated in _read(f"{match['year']}-{match['month']}-{match['day']}", at, zone):
            yield replace(stated, form="address")
