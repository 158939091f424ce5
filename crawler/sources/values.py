"""What a reader is given and what it gives back."""

from dataclasses import dataclass

from monitor.values import Listing
from monitor.visits import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A good (200) answer of a server, its body already un-gzipped; ``url`` is the final address after redirects."""

    body: bytes
    content_type: str = ""
    url: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a body says.

    ``outcome`` is NEW where items were read (the caller turns it into SAME by the body's hash), else EMPTY, PARTIAL,
    NOT_A_FEED, BLOCKED or GONE. ``reason`` is one Chinese sentence, "" for NEW. ``feed_urls`` are the absolute
    addresses of the feeds that an HTML page names, one for each list.
    """

    outcome: Outcome
    listing: Listing = Listing()
    reason: str = ""
    feed_urls: tuple[str, ...] = ()
