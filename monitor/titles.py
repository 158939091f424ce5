"""When two titles are those of one post: written otherwise, cut by a list, or with a site's name behind them."""

import unicodedata
from functools import lru_cache

_CUT = ("...", "…", "。。。", "..", "··")
_SHORTEST_STEM = 4
"""Letters that must stand before the dots for a cut title to tell anything."""

_ALIKE = 0.5
"""Part of the shorter title's pairs of letters that must stand in the longer one."""

_SEPARATORS = "-–—_|｜丨"


@lru_cache(4096)
def plain(title: str) -> str:
    """Return a title as it is compared: its letters and digits alone, half-width, in lower case."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", title).casefold() if letter.isalnum())


def is_cut(title: str, whole: str) -> bool:
    """Say whether ``title`` is the beginning of the longer ``whole``, cut by a list and marked so with dots."""
    stem = title.rstrip()
    if not stem.endswith(_CUT):
        return False
    begins, all_of_it = plain(stem), plain(whole)
    return _SHORTEST_STEM <= len(begins) < len(all_of_it) and all_of_it.startswith(begins)


def same_title(one: str, other: str) -> bool:
    """Say whether two titles are one: alike but for signs and spaces, one cut, or one with a site's name behind it."""
    if not plain(one) or not plain(other):
        return False
    return (
        plain(one) == plain(other)
        or is_cut(one, other)
        or is_cut(other, one)
        or plain(one) in _without_sites(other)
        or plain(other) in _without_sites(one)
    )


def alike(one: str, other: str) -> bool:
    """Say whether two titles can be those of one post: half of the shorter one stands in the other; "" can be any."""
    shorter, longer = sorted((plain(one), plain(other)), key=len)
    if not shorter or shorter in longer:
        return True
    pairs = {shorter[at : at + 2] for at in range(len(shorter) - 1)}
    return bool(pairs) and sum(pair in longer for pair in pairs) >= _ALIKE * len(pairs)


def _without_sites(title: str) -> set[str]:
    """Return what stands before each dash or bar, from which a site's name may follow."""
    ends = [at for at, letter in enumerate(title) if letter in _SEPARATORS]
    return {before for at in ends if len(before := plain(title[:at])) >= _SHORTEST_STEM}
