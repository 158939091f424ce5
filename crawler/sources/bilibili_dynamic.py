"""One Bilibili dynamic: whose it is, when it was published, what it says and shows."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from crawler.sources.fields import object_of, text_of
from crawler.sources.plain import plain, plain_line
from crawler.sources.wire import longer

_VIDEOS: Final = ("archive", "ugc_season", "pgc", "live_rcmd", "live", "courses")
_TITLED: Final = (*_VIDEOS, "opus", "article", "common", "music", "medialist")
_STAMP: Final = re.compile(r"\d{9,11}")

_Fields = Mapping[str, object]


def modules_of(item: object) -> _Fields:
    """Return the parts of a dynamic by name; newer interfaces list them one by one."""
    held = item.get("modules") if isinstance(item, Mapping) else None
    if isinstance(held, list):
        return {name: part for each in held if isinstance(each, Mapping) for name, part in each.items()}
    return object_of(item, "modules")


def author_of(item: object) -> str:
    """Return the number of the account that shows it, "" where it does not say."""
    author = object_of(modules_of(item), "module_author")
    return text_of(author, "mid") or text_of(object_of(author, "user"), "mid")


def name_of(item: object) -> str:
    """Return the name of the account that shows it, "" where it does not say."""
    author = object_of(modules_of(item), "module_author")
    return text_of(author, "name") or text_of(object_of(author, "user"), "name")


def moment_of(item: object) -> int:
    """Return when it was published, in seconds since 1970; 0 where it does not say."""
    stamp = text_of(object_of(modules_of(item), "module_author"), "pub_ts")
    return int(stamp) if _STAMP.fullmatch(stamp) else 0


def is_pinned(item: object) -> bool:
    """Say whether the account has pinned it (置顶)."""
    return "置顶" in text_of(object_of(modules_of(item), "module_tag"), "text")


def dates_of(item: object) -> Iterator[str]:
    """Give the moment; what is written for people (昨天 16:00) only where there is none."""
    author = object_of(modules_of(item), "module_author")
    stamp = text_of(author, "pub_ts")
    if stamp not in {"", "0"}:
        yield stamp
    elif written := text_of(author, "pub_time"):
        yield written


def words_of(item: object) -> tuple[str, str]:
    """Return title and text; a dynamic that is only words has no title."""
    dynamic = object_of(modules_of(item), "module_dynamic")
    major = object_of(dynamic, "major")
    shown = next((shown for name in _TITLED if (shown := object_of(major, name))), {})
    title = text_of(shown, "title") or text_of(_live(major), "title")
    texts = (
        text_of(object_of(dynamic, "desc"), "text"),
        text_of(object_of(modules_of(item), "module_desc"), "text"),
        text_of(object_of(shown, "summary"), "text"),
        text_of(shown, "desc"),
    )
    return plain_line(title, is_markup=False), longer(plain(text) for text in texts)


def _live(major: _Fields) -> _Fields:
    """Return what a notice of a live broadcast says: JSON within a string."""
    content = text_of(object_of(major, "live_rcmd"), "content")
    try:
        return object_of(json.loads(content), "live_play_info") if content else {}
    except (ValueError, RecursionError):
        return {}


def shows_video(item: object) -> bool:
    """Say whether a video or a broadcast is what it shows."""
    major = object_of(modules_of(item), "module_dynamic", "major")
    return any(name in major for name in _VIDEOS)
