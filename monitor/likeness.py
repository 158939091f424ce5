"""Likeness: how much two texts have in common, and the near-identical posts of other accounts."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import nsmallest
from zlib import crc32

from monitor import credit_forms as forms
from monitor.values import Flag, Originality, Platform, Post, Precision

SHORTEST = 60
"""Letters and digits below which a text is not compared: short notices are alike by nature."""

KEPT = 0.8
"""Pairs that are less alike are not kept; no policy may call them near-identical."""

SHORT = 160
KEPT_OF_SHORT = 0.95
"""Texts under so many letters must be so much alike: a formula with another name in it is another text."""

WIDTH = 16
"""Values of a sketch."""

SHARED = 5
"""Texts that are at least KEPT alike share so many values of their sketches, but for one pair in a hundred."""

_GRAM = 4
_LONGEST = 20_000  # letters that are compared
_CREDIT_LINE = 60  # letters of a line that is nothing but credits
_STAFF = "编审校源"  # 编辑, 审核, 校对, 图源; a 时间: or 联系电话: belongs to what a text says
_URL = re.compile(r"(?:https?://|www\.)[\w./?=&%#:~+-]+", re.IGNORECASE)
_BYTES = 4  # of a letter in UTF-32
_SPREAD = 0x9E3779B1  # odd: multiplying by it loses nothing, and sorts a checksum's neighbours far apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A near-identical post of another account; ``day`` is the local day of its ``published_at``.

    ``originality``, ``step`` and ``reason`` are what the steps of RULES before and after the fifth say of it: its own
    marks and lines. It was published in [``not_before``, ``not_after``) (None: nobody knows).
    """

    account_id: str
    account_name: str
    organizer: str
    platform: Platform
    key: str
    title: str
    url: str
    published_at: datetime
    day: date
    similarity: float
    originality: Originality = Originality.UNDETERMINED
    step: int = 7
    reason: str = ""
    source: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None

    @property
    def percent(self) -> int:
        """The similarity in whole percent, rounded down."""
        return int(self.similarity * 100 + 1e-6)


def normal_text(text: str) -> str:
    """Return the letters and digits of a text, without lines of credits, footers (往期精彩 …) and addresses.

    Compatibility forms are made alike (full-width digits), capitals small; spaces and punctuation go.
    """
    kept: list[str] = []
    for number, line in enumerate(text.splitlines()):
        bare = line.strip()
        if kept and number and forms.FOOTER.match(bare):
            break
        if bare and not _is_credit(bare):
            kept.append(bare)
    plain = unicodedata.normalize("NFKC", _URL.sub(" ", "\n".join(kept))).casefold()
    return "".join(filter(str.isalnum, plain))[:_LONGEST]


def _is_credit(line: str) -> bool:
    found = forms.LABEL.match(line.lstrip(forms.OPENERS)) if len(line) <= _CREDIT_LINE else None
    return found is not None and (not found["other"] or any(letter in found.group() for letter in _STAFF))


def sketch_of(normal: str) -> tuple[int, ...]:
    """Return the sketch of a normal text: its WIDTH smallest hashes (32 bits) of runs of four letters, in order.

    () for a text that is too short to be compared. Of texts of equal length that share a part ``p`` of their runs, two
    sketches share about ``p`` of their values.
    """
    if len(normal) < SHORTEST:
        return ()
    letters = normal.encode("utf-32-le", "surrogatepass")
    size = _BYTES * _GRAM
    checksums = {crc32(letters[at : at + size]) for at in range(0, len(letters) - size + _BYTES, _BYTES)}
    found = nsmallest(WIDTH, {checksum * _SPREAD & 0xFFFFFFFF for checksum in checksums})
    return tuple(found) if len(found) == WIDTH else ()


def runs_of(normal: str) -> frozenset[str]:
    """Return the runs of four letters of a normal text."""
    return frozenset(normal[at : at + _GRAM] for at in range(len(normal) - _GRAM + 1))


def similarity(a: frozenset[str], b: frozenset[str]) -> float:
    """Return what part of the runs of both texts the other one has too, 0 to 1.

    Measured against both texts on purpose: a digest that stands whole in another's whole text is like a small part of
    it, not like it; an own paragraph added to a copied text counts by its length; the order of paragraphs does not.
    """
    both = len(a) + len(b)
    return 2 * len(a & b) / both if both else 0.0


def is_near(alike: float, letters: int) -> bool:
    """Say whether two texts are so much alike that they are kept as a pair; the shorter one has so many ``letters``."""
    return alike >= (KEPT_OF_SHORT if letters < SHORT else KEPT)


_LASTS: dict[Precision, timedelta] = {
    Precision.SECOND: timedelta(seconds=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.DAY: timedelta(days=1),
}
_INSTANT = timedelta(seconds=1)
_UNBELIEVED = frozenset({Flag.BACKDATED, Flag.RESTATED})


def earliest(post: Post) -> datetime | None:
    """Return the moment before which a post was certainly not published, None where nobody knows."""
    first = post.published_at or post.not_before
    if first is None or Flag.FUTURE in post.flags:
        return None
    return min((first, *post.other_times))


def latest(post: Post) -> datetime:
    """Return the moment by which a post was certainly published (exclusive).

    A day without a time lasts until its end; a suspicious time says nothing: by the time it was seen, it was there.
    """
    seen = post.seen_at + _INSTANT
    if post.published_at is None or post.flags & _UNBELIEVED:
        return seen
    return max(post.published_at, min(post.published_at + _LASTS[post.precision], seen))
