"""Says what a page is that holds no list: an article, a script, a page of links."""

import re
from collections.abc import Sequence
from typing import Final

from crawler.sources.page_choice import Named
from crawler.sources.page_tree import Tree, tidy

_ARTICLE_META: Final[frozenset[str]] = frozenset(
    {"articletitle", "pubdate", "contentsource", "publishdate", "article:published_time"}
)
_PROSE: Final = 28
_FOOT: Final = re.compile(r"版权所有|ICP备|技术支持|copyright|地址：|主办单位|浏览器", re.IGNORECASE)
# Prose that outweighs a list makes an article: so many letters for each row beside it.
_LETTERS_A_ROW: Final = 45
_LEAST_PROSE: Final = 160
_LONGEST_ROW: Final = 400
_SCRIPTED: Final = re.compile(
    r"loading|加载中|请启用|enable javascript|需要.{0,6}javascript|暂无|没有找到", re.IGNORECASE
)
_EMPTY: Final = re.compile(r"共\s*0\s*条|暂无(?:数据|内容|信息|记录)|没有(?:相关)?(?:数据|内容|信息|记录)|Total\s*0\b")


def is_article(tree: Tree, named: Sequence[Named]) -> bool:
    """Say whether a page is one article: it says so itself, or its prose outweighs every list on it."""
    rows = max((each.told.dated or len(each.told.entries) for each in named if not each.beside), default=0)
    prose = _prose(tree, named)
    if _states_article(tree):
        return rows < 15 or prose > rows * _LETTERS_A_ROW
    return prose >= _LEAST_PROSE and prose > rows * _LETTERS_A_ROW


def _states_article(tree: Tree) -> bool:
    """Say whether the page's own marks say that it is one article (the government sites' standard, Open Graph)."""
    for meta in tree.root.iter("meta"):
        named = (meta.get("name") or meta.get("property") or "").strip().lower()
        content = (meta.get("content") or "").strip()
        if content and (named in _ARTICLE_META or (named == "og:type" and content.lower() in {"article", "news"})):
            return True
    return False


def _prose(tree: Tree, named: Sequence[Named]) -> int:
    """Return how much running text stands outside of the rows of lists and outside of links."""
    rows: set[int] = set()
    for each in named:
        pieces = {piece for row in each.told.rows.rows for piece in range(*row.pieces)}
        # What a lone row holds may be a whole article whose date and link look like a row's; an excerpt is short.
        if len(each.told.entries) > 1 or sum(len(tree.pieces[piece].text.strip()) for piece in pieces) <= _LONGEST_ROW:
            rows |= pieces
    total = 0
    for index, piece in enumerate(tree.pieces):
        if index not in rows and piece.link < 0:
            text = tidy(piece.text)
            total += len(text) if len(text) >= _PROSE and not _FOOT.search(text) else 0
    return total


def what(tree: Tree, *, article: bool) -> str:
    """Return why a page holds no list, as a Chinese clause."""
    if article:
        return "页面是一篇文章，不是信息列表"
    shown = sum(len(tidy(piece.text)) for piece in tree.pieces)
    text = " ".join(tidy(piece.text) for piece in tree.pieces[:2000])
    scripts = sum(len(each.text or "") + 400 * (each.get("src") is not None) for each in tree.root.iter("script"))
    if found := _EMPTY.search(text):
        return f"页面上没有信息（页面显示“{found[0]}”）"
    if shown < 60 and scripts:
        return "页面内容由脚本生成，没有可以直接读取的信息列表"
    if not tree.links:
        return "页面上没有链接，也就没有信息列表"
    if _SCRIPTED.search(text) or any(
        each.get("id") in {"app", "root", "__nuxt", "__next"} for each in tree.root.iter("div")
    ):
        return "页面的信息列表由脚本生成，网页中没有可以直接读取的条目"
    return "页面上只有不带日期的链接，没有找到带有发布日期的信息列表"
