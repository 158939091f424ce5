"""Split texts that are too long for a channel: nothing is cut off, and each part can be read by itself."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

Size = Callable[[str], int]
"""How much room a text takes in a channel's own unit; of two texts together, the sum."""

_ENDS = (
    re.compile(r"\n[ \t\u3000\r]*\n+"),
    re.compile(r"\n"),
    re.compile(r"[。！？；…][”’』」）》\s]*|[.!?;][\"')\]]*\s+"),
    re.compile(r"[，、：][”’』」）》\s]*|[ \t\u3000]+"),
)
"""Where a text is split, best first: ends of paragraphs, lines, sentences, clauses."""

_URL = re.compile(r"https?://[^\s\u3000-\u303f\uff00-\uffef<>\"“”‘’]+")
_LONGEST_SUBJECT = 5  # the subject takes at most this part of the room


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a message: ``piece`` of its body under its ``subject``, which says the part's number (1/3)."""

    subject: str
    piece: str
    number: int
    total: int

    @property
    def text(self) -> str:
        """The part as one text."""
        return f"{self.subject}\n{self.piece}" if self.subject else self.piece


def byte_size(text: str) -> int:
    """Return how many bytes a text takes in UTF-8."""
    return len(text.encode())


def parts_of_text(subject: str, body: str, limit: int, size: Size) -> tuple[Part, ...]:
    """Split a message so that each part, subject and number included, takes at most ``limit``.

    The pieces joined are the body. A subject that leaves little room is shortened in the headings and stands in full at
    the beginning of the body.
    """
    if size(subject) > limit // _LONGEST_SUBJECT:
        subject, body = (
            subject[: _fitting(subject, limit // _LONGEST_SUBJECT - size("…"), size)] + "…",
            f"{subject}\n{body}",
        )
    heading = size(f"{subject}\n")
    if heading + size(body) <= limit:
        return (Part(subject=subject, piece=body, number=1, total=1),)
    digits = 1
    while True:
        marks = size(f"（{'9' * digits}/{'9' * digits}）")
        pieces = pieces_of(body, limit - heading - marks, size)
        if len(str(len(pieces))) <= digits:
            break
        digits += 1
    total = len(pieces)
    return tuple(
        Part(subject=f"{subject}（{number}/{total}）", piece=piece, number=number, total=total)
        for number, piece in enumerate(pieces, start=1)
    )


def pieces_of(text: str, room: int, size: Size) -> list[str]:
    """Split a text into pieces of at most ``room``; joined they are the text."""
    pieces: list[str] = []
    left = size(text)
    while left > room:
        end = _end_before(text, max(1, _fitting(text, room, size)))
        pieces.append(text[:end])
        left -= size(text[:end])
        text = text[end:]
    return [*pieces, text] if text or not pieces else pieces


def _fitting(text: str, room: int, size: Size) -> int:
    """Return how many of the first characters fit into ``room``; each takes 1 at least."""
    return bisect_right(range(1, min(len(text), room) + 1), room, key=lambda length: size(text[:length]))


def _end_before(text: str, fits: int) -> int:
    """Return the best place to split at, at most ``fits``: one that fills half the room, else any, else a letter's."""
    for least in (fits // 2, 0):
        for kind in _ENDS:
            if ends := [found.end() for found in kind.finditer(text, 0, fits) if least < found.end() <= fits]:
                return ends[-1]
    for address in _URL.finditer(text, 0, fits + 1):
        if address.start() > 0 and address.end() > fits:
            return address.start()
    return _whole_character(text, fits)


def _whole_character(text: str, end: int) -> int:
    """Step back from inside a character that is made of several, such as a letter with an accent of its own."""
    for place in range(end, max(0, end - 16), -1):
        joined = unicodedata.category(text[place]).startswith("M") or "\u200d" in text[place - 1 : place + 1]
        if not joined:
            return place
    return end
