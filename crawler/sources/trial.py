"""Reads whatever a person pastes: a source, or the page of one article."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from crawler.sources import ARTICLE, Answer, Reading, read
from monitor.visits import NO_SELECTORS, Outcome, Selectors

_PAGES: Final = frozenset({"", "page"})


def read_anything(answer: Answer, kind: str, at: datetime, zone: str, selectors: Selectors = NO_SELECTORS) -> Reading:
    """Read an answer as a source of ``kind``, and where a page is no list, as the page of one article.

    The reading then has the ``article`` beside the outcome of the list; it is GONE where the page says so of itself.
    """
    reading = read(answer, kind, at, zone, selectors)
    if reading.outcome is not Outcome.NOT_A_FEED or reading.article is not None or kind not in _PAGES:
        return reading
    single = read(answer, ARTICLE, at, zone, selectors)
    if single.outcome is Outcome.GONE:
        return single
    if single.article is None:
        return reading
    return replace(reading, article=single.article, refresh_url="")  # an article is what was wanted: go nowhere else
