"""The known word that a mistyped one most probably stands for."""

from collections.abc import Iterable
from difflib import SequenceMatcher

LIKENESS = 0.5  # below it a suggestion is a guess: it sends people the wrong way


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like ``word`` without regard to case, or None where none is like it."""
    best = closest(word, known)
    return best if best is not None and _likeness(word, best) > LIKENESS else None


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like ``word``, however little that is; None only where none is known."""
    return max(known, key=lambda each: _likeness(word, each), default=None)


def hint(word: str, known: Iterable[str]) -> str:
    """Return the half-sentence that names the nearest known word, or "" where none is like it."""
    found = nearest(word, known)
    return f"，是否为“{found}”" if found is not None else ""


def _likeness(word: str, known: str) -> float:
    word, known = word.strip().casefold(), known.casefold()
    if len(word) > 1 and (word in known or known in word):
        return 0.75 + min(len(word), len(known)) / max(len(word), len(known)) / 4
    return SequenceMatcher(None, word, known).ratio()
