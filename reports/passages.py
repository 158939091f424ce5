"""Two texts side by side: which passages of one stand in the other too."""

import unicodedata
from collections.abc import Iterator
from itertools import groupby

from monitor.likeness import runs_of

SHORTEST = 8
"""Letters and digits in a row that must be common to be shown: shorter ones are in every text."""

Passage = tuple[bool, str]
"""A part of a text, and whether the other text has it too."""


def common_passages(text: str, other: str) -> list[Passage]:
    """Return all of ``text`` in parts, each with whether it stands in ``other`` too, whatever its place there.

    Compared are runs of four letters and digits, as where texts are called near-identical; spaces, punctuation, case
    and full-width forms do not matter, and stand with the passage that surrounds them.
    """
    letters, _ = _letters(other)
    runs = runs_of(letters)
    shared = [False] * len(text)
    ours, places = _letters(text)
    for begin, end in _stretches(ours, runs):
        if end - begin >= SHORTEST:
            for at in range(places[begin], places[end - 1] + 1):
                shared[at] = True
    return [
        (is_shared, "".join(letter for _, letter in some))
        for is_shared, some in groupby(zip(shared, text, strict=True), key=lambda each: each[0])
    ]


def _stretches(letters: str, runs: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Give where stretches of letters begin and end of which every run of four is among ``runs``."""
    begin, end = 0, 0
    for at in range(len(letters)):
        if letters[at : at + 4] not in runs:
            continue
        if at >= end:
            yield begin, end
            begin = at
        end = at + 4
    yield begin, end


def _letters(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a text in comparable form, and the place of each in the text."""
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        plain = [each for each in unicodedata.normalize("NFKC", letter).casefold() if each.isalnum()]
        letters += plain
        places += [at] * len(plain)
    return "".join(letters), places
