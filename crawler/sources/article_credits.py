"""Reads the credits of an article's header: its source line and whoever wrote it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from crawler.sources.article_labels import DATE, Said, Says, first_value
from crawler.sources.article_meta import Meta
from crawler.sources.article_page import Line, inner_text
from crawler.sources.article_title import is_header
from monitor.credit_forms import ORGAN
from monitor.credits import read_credits
from monitor.values import Credit, CreditPlace

LONGEST_NAME: Final = 40
STOP: Final = re.compile("[。！？!?；;]")
# A label that nothing but a space parts from its value: only a name that ends as an office or a paper does is one.
_SPACED: Final = re.compile(r"(?:\A|\s)(?:信息|文章|稿件|新闻|消息|内容)?来\s?源\s+(?P<value>\S{2,24})(?=\s|\Z)")
_SOURCE_NAMES: Final = re.compile(r"(?:\A|[\s_-])(?:source|laiyuan|ly|art[-_]?source|news[-_]?source)(?=[\s_-]|\Z)")


def read_header_credits(
    said: Sequence[tuple[int, Said]], lines: Sequence[Line], numbers: Sequence[int], meta: Meta
) -> Iterator[Credit]:
    """Yield the credits of the header lines; a source that only stands in meta elements is one, too."""
    sources = [credit for _, each in said if each.says is Says.SOURCE for credit in _credit("来源", each.raw)]
    if not sources:
        named = (lines[number] for number in numbers if is_header(lines[number]))
        sources = [credit for line in named for value in _source_elements(line) for credit in _credit("来源", value)]
    if not sources:
        dated = (
            lines[number].text for number in numbers if DATE.search(lines[number].raw) and is_header(lines[number])
        )
        spaced = (found["value"] for text in dated if (found := _SPACED.search(text)))
        sources = [credit for value in spaced if ORGAN.search(value) for credit in _credit("来源", value)]
    if not sources:
        sources = [credit for value in meta.sources[:1] for credit in _credit("来源", value)]
    yield from dict.fromkeys(sources)
    for _, each in said:
        if each.says is Says.AUTHOR:
            yield from _credit(each.label, each.raw)


def _credit(label: str, raw: str) -> Iterator[Credit]:
    """Yield the credit that a label and its value are, by the one judge of what is a name."""
    value = first_value(raw)
    if value and len(value) <= LONGEST_NAME and not STOP.search(value):
        for credit in read_credits(f"{label}：{value}")[:1]:
            yield replace(credit, place=CreditPlace.HEADER)


def _source_elements(line: Line) -> Iterator[str]:
    """Yield the texts of the elements of a header line that are called source."""
    for each in line.block.iter():
        if _SOURCE_NAMES.search(f"{each.get('class') or ''} {each.get('id') or ''}".lower()):
            yield inner_text(each)


def author_of(said: Sequence[tuple[int, Said]]) -> str:
    """Return the author that a header names, of any kind; "" for none."""
    values = (first_value(each.raw) for _, each in said if each.says is Says.AUTHOR)
    return next((value for value in values if value and len(value) <= LONGEST_NAME), "")
