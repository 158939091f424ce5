"""What a reader is given and what it gives back."""

from dataclasses import dataclass

from monitor.values import Article, Listing
from monitor.visits import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A good (200) answer of a server, its body already un-gzipped; ``url`` is the final address after redirects."""

    body: bytes
    content_type: str = ""
    url: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One list that a page shows: ``number`` (from 1) is what ``Selectors.choice`` takes, ``titles`` its first few."""

    number: int
    item: str  # a CSS selector for its rows
    heading: str = ""
    rows: int = 0
    dated: int = 0
    titles: tuple[str, ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a body says.

    ``outcome`` is NEW where items were read (the caller turns it into SAME by the body's hash), else EMPTY, PARTIAL,
    NOT_A_FEED, BLOCKED or GONE. ``reason`` is one Chinese sentence, "" for NEW. ``feed_urls`` are the absolute
    addresses of the feeds that an HTML page names, one for each list. ``refresh_url`` is where a page sends its visitor
    by itself (meta refresh, ``location.href=``), absolute. ``choices`` are the lists that a page shows, the one that
    was read first among them marked. ``article`` is set by the readers of articles. ``kind`` is the one of ``KINDS``
    by which the body was read.
    """

    outcome: Outcome
    listing: Listing = Listing()
    reason: str = ""
    feed_urls: tuple[str, ...] = ()
    refresh_url: str = ""
    choices: tuple[Choice, ...] = ()
    article: Article | None = None
    kind: str = ""
