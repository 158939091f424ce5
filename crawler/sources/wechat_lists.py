"""Reads lists of WeChat articles: the pushes of an account (profile_ext, getmsg) and public albums (appmsgalbum)."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Final

from crawler.sources.fields import asked, asking, object_of, text_of
from crawler.sources.plain import plain, plain_line
from crawler.sources.values import Reading
from crawler.sources.wechat_refusals import ALBUMS, PUSHES, refused
from crawler.sources.wire import Entry, Wire
from monitor.values import Mark, PostKind

_MOST: Final = 10_000
ALBUM: Final = "专辑只收录公众号的一部分文章，不能证明没有更新"
"""Why an album proves no silence."""

# What the codes of lists mean; 12 and 14 are seen as well, and nobody says what they are: no mark.
_MARKS: Final[Mapping[str, Mark]] = {"11": Mark.ORIGINAL, "101": Mark.REPOST}
_LISTED: Final = re.compile(r"\bmsgList\s*=\s*(?P<quote>['\"]?)")
_NAMED: Final = re.compile(
    r"\bvar\s+(?:nickname\s*=\s*|name\s*=\s*(?:\"[^\"\n]{0,80}\"\s*\|\|\s*))[\"'](?P<name>[^\"'\n]{1,80})[\"']"
)
_QUOTED: Final = {quote: re.compile(rf"((?:[^{quote}\\]|\\.)*){quote}", re.DOTALL) for quote in "'\""}
_ESCAPED: Final = re.compile(r"\\([\\'\"/])")
_DECODER: Final = json.JSONDecoder()
_KINDS: Final[Mapping[str, PostKind]] = {"34": PostKind.AUDIO, "43": PostKind.VIDEO, "62": PostKind.VIDEO}
_SHOWN_KINDS: Final[Mapping[str, PostKind]] = {"5": PostKind.VIDEO, "7": PostKind.AUDIO}

_SHOWN: Final = ("video_msg_ext_info", "voice_msg_ext_info", "image_msg_ext_info")
_UPWARDS: Final = "专辑由旧到新排列，最新的文章在后面的页上，未必采集到，请把采集地址中的is_reverse改为{other}"

_Fields = Mapping[str, object]


def read_pushes(said: object, url: str = "") -> Wire | Reading | None:
    """Read an answer of getmsg, or its general_msg_list by itself (an object, a list of pushes, one push).

    None where ``said`` is something else. A push of up to eight articles has one time; a push that cannot be looked
    into damages the list.
    """
    pushes = _pushes(said)
    if pushes:
        return _pushed(said, pushes, url)
    return refused(said, url, PUSHES) if isinstance(said, Mapping) else None


def read_push_lines(text: str) -> Wire | None:
    """Read pushes that were kept as one JSON object a line, None where the lines are something else."""
    lines = [line for line in text.splitlines() if line.strip()]
    first = _parsed(lines[0]) if lines else None
    if not isinstance(first, Mapping) or "comm_msg_info" not in first:
        return None
    said = [first, *map(_parsed, lines[1:])]
    return _pushed(said, said, "")


def read_history(text: str) -> Wire | None:
    """Read the list of pushes that an account's history page holds in its script, None where it holds none."""
    found = _LISTED.search(text)
    if found is None:
        return None
    pushes = _pushes(_scripted(text, found.end(), found["quote"]))
    if pushes is None:
        return None
    name = _NAMED.search(text)
    wire = _pushed({}, pushes, "")
    return Wire(
        entries=wire.entries,
        damaged=wire.damaged,
        warnings=wire.warnings,
        account=plain_line(name["name"], is_markup=False) if name else "",
    )


def read_album(said: object, url: str = "") -> Wire | Reading | None:
    """Read an answer of appmsgalbum that was asked at ``url``; one with a single article holds an object, no array.

    None where ``said`` is something else. An album holds only some of an account's articles: it proves no silence.
    """
    if not isinstance(said, Mapping):
        return None
    album = object_of(said, "getalbum_resp")
    held = album.get("article_list")
    articles = held if isinstance(held, list) else [held] if held else []
    if not articles:
        return refused(said, url, ALBUMS)
    entries = [_in_album(each) for each in articles[:_MOST]]
    read = tuple(each for each in entries if each is not None)
    holes = len(articles) - len(read)
    warnings = [f"专辑中有{holes}篇文章无法读出"] if holes else []
    following = _older_in_album(album, articles[-1], url)
    if following and _runs_upwards(articles):
        warnings.append(_UPWARDS.format(other=0 if asked(url, "is_reverse") == "1" else 1))
    info = object_of(album, "base_info")
    names = (text_of(info, name) for name in ("nickname", "nick_name", "biz_nickname"))
    return Wire(
        title=plain_line(text_of(info, "title"), is_markup=False),
        entries=read,
        damaged=holes > 0,
        warnings=tuple(warnings),
        account=plain_line(next(filter(None, names), ""), is_markup=False),
        next_page=following,
        unproving=ALBUM,
    )


def _older_in_album(album: _Fields, last: object, url: str) -> str:
    message = text_of(last, "msgid")
    if text_of(album, "continue_flag") != "1" or message in {"", asked(url, "begin_msgid")}:
        return ""
    return asking(url, begin_msgid=message, begin_itemidx=text_of(last, "itemidx") or "1")


def _runs_upwards(articles: Sequence[object]) -> bool:
    """Say whether an album runs from its oldest article to its newest."""
    stamps = [text_of(each, "create_time") for each in articles]
    times = [int(stamp) for stamp in stamps if re.fullmatch(r"\d{9,11}", stamp)]
    return len(times) > 1 and times[0] < times[-1]


def _in_album(article: object) -> Entry | None:
    link, title = _address(article, "url"), _title(article)
    if not isinstance(article, Mapping) or not (link or title):
        return None
    return Entry(link=link, title=title, dates=_stamp(article, "create_time"), mark=_mark(article))


def _pushes(said: object) -> Sequence[object] | None:
    """Return the pushes of an answer in whatever they are wrapped, None where it has none of the kind."""
    if isinstance(said, Mapping):
        inner = said.get("general_msg_list", said)
        inner = _parsed(inner) if isinstance(inner, str) else inner
        if isinstance(inner, Mapping) and "comm_msg_info" in inner:
            return [inner]
        said = inner.get("list") if isinstance(inner, Mapping) else inner
    if not isinstance(said, list) or not any(isinstance(each, Mapping) and "comm_msg_info" in each for each in said):
        return None
    return said


def _pushed(said: object, pushes: Sequence[object], url: str) -> Wire:
    entries: list[Entry] = []
    count = text_of(said, "msg_count")
    stated = int(count) if re.fullmatch(r"\d{1,6}", count) else 0
    holes = max(len(pushes) - _MOST, 0) + max(stated - len(pushes), 0)
    for push in pushes[:_MOST]:
        members = list(_members(push))
        entries.extend(each for each in members if each is not None)
        holes += sum(each is None for each in members)
    bare = Counter(each.link for each in entries)[""]
    return Wire(
        entries=tuple(entries),
        damaged=holes > 0,
        warnings=tuple(_warnings(holes, bare)),
        next_page=_older(said, url),
    )


def _warnings(holes: int, bare: int) -> Iterator[str]:
    if holes:
        yield f"列表中有{holes}处推送无法读出，其中可能有信息，本次采集不能证明没有更新"
    if bare:
        yield f"列表中有{bare}条推送没有链接（文字、图片等消息，或者文章已删除）"


def _older(said: object, url: str) -> str:
    offset = text_of(said, "next_offset")
    further = text_of(said, "can_msg_continue") == "1" and offset not in {"", "0", asked(url, "offset")}
    return asking(url, offset=offset) if further else ""


def _members(push: object) -> Iterator[Entry | None]:
    """Give the articles of one push, or the one message that it is; None for what cannot be looked into."""
    info = object_of(push, "comm_msg_info")
    kind, dates = text_of(info, "type"), _stamp(info, "datetime")
    whose = f"wechat-push:{text_of(info, 'fakeid')}:{text_of(info, 'id')}"
    articles = object_of(push, "app_msg_ext_info")
    if not isinstance(push, Mapping) or not dates or not text_of(info, "id"):
        yield None
    elif articles:
        yield _article(articles, f"{whose}:1", dates)
        further = articles.get("multi_app_msg_item_list") or []
        for place, each in enumerate(further if isinstance(further, list) else [further], 2):
            yield _article(each, f"{whose}:{place}", dates)
    elif kind == "49":
        yield None
    else:
        shown = next((each for name in _SHOWN if (each := object_of(push, name))), {})
        text = plain(unescape(text_of(info, "content")))
        kind_of_post = _KINDS.get(kind, PostKind.ARTICLE)
        yield Entry(guid=f"{whose}:1", title=_title(shown), text=text, dates=dates, kind=kind_of_post)


def _article(article: object, guid: str, dates: tuple[str, ...]) -> Entry | None:
    """Return an article of a push; a deleted one has lost its link, and was published all the same."""
    if not isinstance(article, Mapping) or not {"title", "content_url"} & article.keys():
        return None
    return Entry(
        guid=guid,
        link=_address(article, "content_url"),
        title=_title(article),
        text=plain(_unslashed(text_of(article, "digest"))),
        dates=dates,
        author=plain_line(_unslashed(text_of(article, "author")), is_markup=False),
        kind=_SHOWN_KINDS.get(text_of(article, "item_show_type"), PostKind.ARTICLE),
        mark=_mark(article),
    )


def _mark(article: object) -> Mark:
    return _MARKS.get(text_of(article, "copyright_stat"), Mark.NONE)


def _title(article: object) -> str:
    return plain_line(_unslashed(text_of(article, "title")), is_markup=False)


def _address(article: object, name: str) -> str:
    """Return the article's address: absolute, not escaped."""
    address = unescape(_unslashed(text_of(article, name)))
    return f"https://mp.weixin.qq.com{address}" if address.startswith("/s") else address


def _unslashed(text: str) -> str:
    """Undo the slashes of JSON that was kept as a string within JSON."""
    return text.replace("\\/", "/")


def _stamp(fields: object, name: str) -> tuple[str, ...]:
    stamp = text_of(fields, name)
    return (stamp,) if stamp not in {"", "0"} else ()


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _scripted(text: str, at: int, quote: str) -> object:
    """Return the object, or the quoted and escaped text of one, that a script holds from ``at`` on."""
    try:
        if not quote:
            return _DECODER.raw_decode(text, at)[0]
    except (ValueError, RecursionError):
        return None
    quoted = _QUOTED[quote].match(text, at)
    if quoted is None:
        return None
    once = unescape(_unslashed(quoted[1]))
    return _parsed(once) or _parsed(unescape(_ESCAPED.sub(r"\1", quoted[1])))
