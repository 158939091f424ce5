"""The kinds of post of each platform, and the coverage that sources of some kinds alone add up to."""

from collections.abc import Mapping

from monitor.spans import Coverage, intersection, union
from monitor.values import Platform, PostKind

_MASS_SENT, _PUBLISHED = "群发", "发布"

_WECHAT = (_MASS_SENT, _PUBLISHED)
"""A bridge sees the mass-sent pushes, the official interface what was published without sending: neither sees both."""

_OTHERS = tuple(kind.value for kind in PostKind)


def kinds_of(platform: Platform) -> tuple[str, ...]:
    """Return the kinds of post of a platform: a source declares by these names which of them it sees."""
    return _WECHAT if platform is Platform.WECHAT else _OTHERS


def of_every_kind(whole: Coverage, by_kind: Mapping[str, Coverage], platform: Platform) -> Coverage:
    """Return the spans in which a post of every kind would have been seen.

    ``whole`` is covered for all kinds; ``by_kind`` for one each, a kind that the platform does not have counting for
    nothing. Silence is proven only where each kind is covered, by whichever source.
    """
    if not by_kind:
        return whole
    shared, *others = (by_kind.get(kind, ()) for kind in kinds_of(platform))
    for each in others:
        shared = intersection(shared, each)
    return union([*whole, *shared])
