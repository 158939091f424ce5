"""What a document says, before anything is made of it: the shape that every wire format is read into."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.values import Credit, Mark, PostKind

_ADDRESS: Final = re.compile(r"(?:mailto:)?[\w.+-]{1,64}@[\w.-]{1,255}")
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as it stands: text and title plain, dates raw and best first, the link not yet resolved.

    ``key`` is the platform's own key, with its prefix (``weibo:123``). ``credits`` are those that stand beside the text
    (a header line); those in the text are found in it. ``mark`` and ``pinned`` are what the platform says.
    """

    guid: str = ""
    link: str = ""
    title: str = ""
    text: str = ""
    dates: tuple[str, ...] = ()
    author: str = ""
    publisher: str = ""
    kind: PostKind = PostKind.ARTICLE
    key: str = ""
    credits: tuple[Credit, ...] = ()
    mark: Mark = Mark.NONE
    pinned: bool = False
    reported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A whole document; ``damaged`` where some of it may be lost, ``mended`` where it was ill-formed and nothing is."""

    title: str = ""
    home: str = ""
    entries: tuple[Entry, ...] = ()
    damaged: bool = False
    warnings: tuple[str, ...] = ()
    account: str = ""
    next_page: str = ""
    unproving: str = ""


_SOURCE_LABEL: Final = re.compile(
    r"\A[^:：]{2,6}[:：]\s*\Z|\A(?:来\s*源|信息来源|文章来源|稿件来源|发布机构|发布单位|出处)\s*[:：]\s*"
)


def named_source(source: str) -> str:
    """Return a publisher's name without a label before it; a label alone names nobody."""
    return "" if source.startswith(("http:", "https:")) else _SOURCE_LABEL.sub("", source)[:_LONGEST_NAME].strip()


def kind_of(types: Sequence[str]) -> PostKind:
    """Return the kind of a post by the media types of what is enclosed."""
    for start, kind in (("video", PostKind.VIDEO), ("audio", PostKind.AUDIO)):
        if any(each.startswith(start) for each in types):
            return kind
    return PostKind.ARTICLE


def longer(texts: Iterable[str]) -> str:
    """Return the longest of an entry's texts: a digest may stand in any of its fields, the others empty or cut."""
    return max(texts, key=len, default="")


def named_author(author: str) -> str:
    """Return an author's name without the e-mail address that RSS puts before or after it."""
    name = _ADDRESS.sub("", author[:_LONGEST_NAME])
    return " ".join(name.replace("()", "").replace("<>", "").strip("() \t\n").split())
