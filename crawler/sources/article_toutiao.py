"""Reads the page of one 今日头条 article or gallery: the data that its script carries."""

import json
import re
from datetime import datetime, tzinfo
from typing import Final

from crawler.dates import read_date
from crawler.sources.plain import plain, plain_line
from crawler.sources.wechat_script import read_literal
from monitor.credits import read_credits
from monitor.values import Article, Mark, PostKind

_DATA: Final = re.compile(r"\bBASE_DATA(?:\.galleryInfo)?\s*=\s*\{")
_TEXT: Final = r"('(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
_ARTICLE: Final = re.compile(
    rf"articleInfo\s*:\s*\{{\s*title\s*:\s*{_TEXT}(?:\.slice\([^)\n]*\))?\s*,\s*content\s*:\s*{_TEXT}"
)
_SUB: Final = re.compile(
    rf"subInfo\s*:\s*\{{\s*isOriginal\s*:\s*(true|false)\s*,\s*source\s*:\s*{_TEXT}\s*,\s*time\s*:\s*{_TEXT}"
)
_GALLERY: Final = re.compile(
    rf"galleryInfo\s*=\s*\{{\s*title\s*:\s*{_TEXT}\s*,\s*isOriginal\s*:\s*(true|false).{{0,200}}?gallery\s*:\s*JSON\.parse\({_TEXT}\)",
    re.DOTALL,
)
_MEDIA: Final = re.compile(rf"mediaInfo\s*:\s*\{{[^{{}}]{{0,200}}?\bname\s*:\s*{_TEXT}")
_TIME: Final = re.compile(rf"publish_time\s*:\s*{_TEXT}")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)


def read_toutiao_page(text: str, at: datetime, zone: tzinfo) -> Article | None:
    """Return the article that a page's ``BASE_DATA`` holds, None where it holds none.

    The account's name beside the date is no source line: it is ``account``.
    """
    if not _DATA.search(text):
        return None
    if article := _ARTICLE.search(text):
        sub = _SUB.search(text)
        said = plain(_unquoted(article[2]))
        original, account, time = (sub[1], _line(sub[2]), _line(sub[3])) if sub else ("", _first(_MEDIA, text), "")
        title = _line(article[1])
    elif gallery := _GALLERY.search(text):
        title, original, said = _line(gallery[1]), gallery[2], _abstracts(gallery[3])
        account, time = _first(_MEDIA, text), _first(_TIME, text)
    else:
        return None
    stated = read_date(time, at, zone)
    if not title or stated.at is None:
        return None
    return Article(
        title=title,
        stated=stated,
        account=account,
        text=said,
        credits=read_credits(said),
        mark=Mark.ORIGINAL if original == "true" else Mark.NONE,
        kind=PostKind.ARTICLE,
    )


def _unquoted(literal: str) -> str:
    r"""Return what a literal says; the page quotes it once more (``'&quot;…&quot;'.slice(6, -6)``)."""
    said = read_literal(literal[1:-1])
    return said[1:-1] if len(said) > 1 and said[0] == said[-1] == '"' else said


def _line(literal: str) -> str:
    return plain_line(_unquoted(literal), is_markup=False)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return _line(found[1]) if found else ""


def _abstracts(literal: str) -> str:
    """Return the texts beside a gallery's pictures."""
    try:
        said = json.loads(_ESCAPE.sub(_character, literal[1:-1]))
    except (ValueError, RecursionError):
        return ""
    texts = said.get("sub_abstracts") if isinstance(said, dict) else None
    return (
        "\n".join(plain_line(each, is_markup=False) for each in texts if isinstance(each, str))
        if isinstance(texts, list)
        else ""
    )


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]
