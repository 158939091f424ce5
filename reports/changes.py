"""What was changed from one version of a text to the next: what went, what came, a little of what stayed."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

AROUND = 40
"""Letters of what stayed that are shown before and after a change."""

_PIECE = re.compile(r"[^。！？；\n]*[。！？；\n]+|[^。！？；\n]+")
_FINE = 1000  # letters up to which a changed passage is looked at letter by letter
_ALIKE = 0.5  # passages less alike than this are shown as one gone and one come
_CUT = "……"


class Kind(StrEnum):
    """What became of a part of a text."""

    STAYED = "未改"
    GONE = "删去"
    CAME = "增加"


Change = tuple[Kind, str]


def changes(old: str, new: str) -> list[Change]:
    """Return the parts of both texts in order; a long part that stayed is cut to what stands around the changes."""
    parts = list(_joined(_by_piece(_PIECE.findall(old), _PIECE.findall(new))))
    return [
        (kind, _around(text, is_first=at == 0, is_last=at == len(parts) - 1) if kind is Kind.STAYED else text)
        for at, (kind, text) in enumerate(parts)
    ]


def _by_piece(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[i:j]), "".join(new[k:m])
        if tag == "equal":
            yield Kind.STAYED, gone
        elif max(len(gone), len(came)) <= _FINE and gone and came:
            yield from _by_letter(gone, came)
        else:
            yield Kind.GONE, gone
            yield Kind.CAME, came


def _by_letter(gone: str, came: str) -> Iterator[Change]:
    matcher = SequenceMatcher(None, gone, came, autojunk=False)
    if matcher.ratio() < _ALIKE:
        yield Kind.GONE, gone
        yield Kind.CAME, came
        return
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield Kind.STAYED, gone[i:j]
        else:
            yield Kind.GONE, gone[i:j]
            yield Kind.CAME, came[k:m]


def _joined(parts: Iterator[Change]) -> Iterator[Change]:
    """Give parts with neighbours of one kind joined, and empty ones left out."""
    kind, text = Kind.STAYED, ""
    for each, more in parts:
        if not more:
            continue
        if each is kind:
            text += more
            continue
        if text:
            yield kind, text
        kind, text = each, more
    if text:
        yield kind, text


def _around(text: str, *, is_first: bool, is_last: bool) -> str:
    """Return what stayed, cut to what stands next to a change."""
    if is_first and is_last:
        return text
    before, after = (0 if is_first else AROUND), (0 if is_last else AROUND)
    if len(text) <= before + after + len(_CUT):
        return text
    return text[:before] + _CUT + (text[-after:] if after else "")
