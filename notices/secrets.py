"""Keep what opens a channel out of sentences and logs, and recognise a message that is sent again."""

import hashlib
from urllib.parse import parse_qsl, urlsplit

from notices.channels import Channel, Notice

_SHORTEST = 6  # shorter values are words that may stand in any text
_LONGEST_ANSWER = 200


def said_safely(channel: Channel, text: str) -> str:
    """Return what a server said, on one line, shortened, and without anything that opens the channel."""
    for secret in sorted(_secrets(channel), key=len, reverse=True):
        text = text.replace(secret, "***")
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_ANSWER else text[:_LONGEST_ANSWER] + "…"


def _secrets(channel: Channel) -> set[str]:
    found = {channel.url, channel.secret, channel.password}
    try:
        address = urlsplit(channel.url)
    except ValueError:
        address = urlsplit("")
    found |= {address.query, address.path.rpartition("/")[2], address.password or ""}
    found |= {value for _, value in parse_qsl(address.query)}
    return {each for each in found if len(each) >= _SHORTEST or (each and each == channel.password)}


def identity(channel: Channel, notice: Notice, number: int) -> str:
    """Return a name of part ``number`` of a message that stays the same when it is sent again."""
    told = (channel.name, notice.kind, notice.recipient, notice.subject, notice.body, notice.at.isoformat(), number)
    return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()[:32]
