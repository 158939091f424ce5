"""The columns of a self-report: what its header calls them, and where they stand."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("账号编号", "账号id", "帐号编号", "account_id"),
    "name": (
        *("账号名称", "帐号名称", "新媒体名称", "政务新媒体名称", "公众号名称", "媒体名称"),
        *("账号", "帐号", "公众号", "新媒体", "政务新媒体", "平台账号", "发布账号", "账号名", "account", "name"),
    ),
    "time": (
        *("发布时间", "发表时间", "推送时间", "发文时间", "群发时间", "发布日期时间", "刊发时间", "发稿时间"),
        *("上线时间", "发布日期及时间", "时间", "published"),
        *("发布日期", "发表日期", "发文日期", "推送日期", "刊发日期", "发稿日期", "日期"),
    ),
    "title": (
        *("标题", "信息标题", "文章标题", "内容标题", "稿件标题", "作品标题", "题目", "信息名称", "title"),
        *("推文标题", "推送标题", "发布标题", "文章题目", "文章名称", "推文名称", "作品名称", "新闻标题"),
        *("名称", "信息内容", "发布内容", "推送内容", "内容"),
    ),
    "link": (
        *("链接", "网址", "url", "信息链接", "文章链接", "内容链接", "稿件链接", "作品链接", "内容url", "文章url"),
        *("链接地址", "信息网址", "推文链接", "原文链接", "网页链接", "发布链接", "微信链接", "访问链接", "超链接"),
        *("文章网址", "文章地址", "原文地址", "网址链接", "链接网址", "网络链接", "推送链接", "新闻链接"),
        *("地址", "link"),
    ),
}
_DAYS: Final = ("发布日期", "发表日期", "发文日期", "推送日期", "刊发日期", "发稿日期", "日期")
_BRACKETED: Final = re.compile(r"\([^()]*\)|[\s*:_·]+")
_OR: Final = re.compile(r"[/、|或]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where the columns stand (from 0), -1 for none; ``clock`` is a time of day beside a column of days."""

    account: int
    name: int
    time: int
    clock: int
    title: int
    link: int


def column_of(cell: str) -> str:
    """Return which column a header's cell names, "" for none; several words (链接/网址) must name one and the same."""
    found = {_named(name) for name in _OR.split(_plain(cell)) if name}
    return found.pop() if len(found) == 1 else ""


def weight(cells: Sequence[str]) -> int:
    """Return how much a row is like a header: how many of its cells name a column."""
    return sum(column_of(cell) != "" for cell in cells)


def columns_of(cells: Sequence[str], above: Sequence[str] = ()) -> Columns:
    """Return where the columns stand; of two with one meaning, the one that is first in ``_NAMES``.

    A header may take two rows: what its lower one leaves empty is named in the row ``above``.
    """
    whole = [
        cell or ("".join(above[at : at + 1])) for at, cell in enumerate([*cells, *[""] * len(above[len(cells) :])])
    ]
    best: dict[str, tuple[int, int]] = {}
    for at, cell in enumerate(whole):
        if column := column_of(cell):
            rank = (_rank(column, cell), at)
            best[column] = min(best.get(column, rank), rank)
    places = {column: at for column, (_, at) in best.items()}
    days = next((at for at, cell in enumerate(whole) if _plain(cell) in _DAYS), -1)
    time = places.get("time", -1)
    return Columns(
        account=places.get("id", -1),
        name=places.get("name", -1),
        time=days if days >= 0 else time,
        clock=time if -1 < days != time else -1,
        title=places.get("title", -1),
        link=places.get("link", -1),
    )


def _plain(cell: str) -> str:
    return _BRACKETED.sub("", unicodedata.normalize("NFKC", cell)).lower()


def _named(name: str) -> str:
    return next((column for column, names in _NAMES.items() if name in names), "")


def _rank(column: str, cell: str) -> int:
    return min(_NAMES[column].index(name) for name in _OR.split(_plain(cell)) if name)
