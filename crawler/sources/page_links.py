"""What the links of a page are called, and which of them can be a post's own."""

import re
from collections.abc import Iterator
from typing import Final

from crawler.sources.page_dates import read_whole
from crawler.sources.page_tree import Link, Node, Tree, tidy

# What links beside the posts are called. The first kind leads to the row's own post, the second nowhere near one.
_DETAILS: Final = re.compile(
    r"[\[【(（<《]*\s*(?:查看|阅读|点击)?(?:详情|详细|全文|原文|更多详情|详细内容|查看|阅读|了解更多|read\s?more|details?)"
    r"\s*[>»›]*\s*[\]】)）>》.…]*",
    re.IGNORECASE,
)
_NAVIGATION: Final = re.compile(
    r"[\[【(（<《+]*\s*(?:更\s*多\S{0,4}|查看更多|more\S{0,2}|首页|主页|上一?页|下一?页|尾页|末页|末?[一-十]?页|打印|打印本页|关闭|关闭窗口|返回\S{0,4}"
    r"|分享\S{0,4}|收藏\S{0,4}|登录|注册|[大中小]|字号|点击访问|点击下载|下载|附件\d*|进入|转到|搜索|检索|设为首页|加入收藏|订阅|rss\S{0,2}|复制链接|english"
    r"|手机版|无障碍\S{0,4}|next|previous|home\s?page|last|\d{1,4}|[<>«»‹›+]+)\s*[>»›+]*\s*[\]】)）>》.…]*",
    re.IGNORECASE,
)
_TURNING: Final = re.compile(
    r"\W*(?:更\s*多\S{0,1}|查看更多|more\S{0,2}|上一?页|下一?页|尾页|末页|首页|主页|第?[\d一-十]+页|next|previous|last|home\s?page)\W*|[\W\d_]*",
    re.IGNORECASE,
)
_LONGEST: Final = 1_000
_OFFICIAL: Final = re.compile(r"ICP\s?[备证]|公网安备|网安备|网站标识码|版权所有|技术支持|copyright", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S*|[\w.+-]+@[\w.-]+", re.IGNORECASE)
_PLACE: Final = re.compile(r"(?:位置|所在地|导航)\s*(?:是)?\s*[:：]|(?:当前|所在|您的?)位置|您(?:现在)?在")
INLINE: Final[frozenset[str]] = frozenset({"span", "em", "i", "b", "font", "strong", "a", "small"})
TITLED: Final = re.compile(r"(?<![a-z])(?:title|tit|bt|biaoti|name|news[-_]?t|h[1-6])(?![a-z])", re.IGNORECASE)
_ARROW_ONLY: Final = re.compile(r"\s*-*[>»›→＞]+(?:\s*(?:正文|详情|内容))?\s*")
_NEIGHBOUR: Final = re.compile(r"[上下前后]一?[篇条则个页]\S{0,2}\s*[:：]?\s*\Z")
_LABELLED: Final = re.compile(
    r"(?:文章|信息|新闻)?标\s?题\s*[:：]\s*(?P<title>\S[\s\S]*?)\s*(?:\n|(?:作者|发[布表]|更新|点击|来源|日期|时间|浏览)\S{0,4}\s*[:：]|\Z)"
)

_LABEL: Final = re.compile(r"\A[\W\d_]*\Z|[:：]|\A\S{0,2}[年月日]")
_FURTHER: Final = re.compile(r"\s(?:作者|发[布表]|更新|点击|来源|日期|时间|浏览|阅读)\S{0,4}\s*[:：]")
_QUOTED: Final = re.compile(r"['\"]([^'\"]{4,300})['\"]")


def is_usable(tree: Tree, link: Link) -> bool:
    """Say whether a link can be a row's own: it has a name, and it is not one of those that pages are moved with."""
    known = tree.usable.get(link.index)
    if known is None:
        known = tree.usable[link.index] = _is_usable(tree, link)
    return known


def _is_usable(tree: Tree, link: Link) -> bool:
    name = name_of(tree, link)
    if len(name) < 2 or any(each.fullmatch(name) for each in (_NAVIGATION, _ADDRESS)):
        return False
    if _OFFICIAL.search(name) or (read_whole(name) is not None and not _says_more(tree, link)):
        return False
    return not _is_crumb(tree, link)


def _says_more(tree: Tree, link: Link) -> bool:
    """Say whether a link that reads as a date with a label holds a title of its own beside it."""
    first, end = tree.nodes[link.node].pieces
    texts = [tidy(tree.pieces[each].text) for each in range(first, end)] if end - first > 1 else []
    return any(
        len(each) >= 2 and each.isprintable() and read_whole(each) is None and not _LABEL.search(each) for each in texts
    )


def _is_crumb(tree: Tree, link: Link) -> bool:
    """Say whether a link is part of the way from the front page (首页 > 新闻 > 要闻), or leads to 上一篇, 下一篇."""
    first, end = tree.nodes[link.node].pieces
    for index in (first - 1, end):
        if not 0 <= index < len(tree.pieces) or tree.pieces[index].link >= 0:
            continue
        text = tree.pieces[index].text.strip()
        placed = index < first and _PLACE.search(text) and len(text) <= 20
        turned = index < first and _NEIGHBOUR.search(text) and len(text) <= 8
        arrowed = _ARROW_ONLY.fullmatch(text) and end - first <= 2 and len(tree.text(tree.nodes[link.node])) <= 16
        if (placed or turned or arrowed) and _shares(tree, tree.pieces[index].node, link.node):
            return True
    return False


def _shares(tree: Tree, beside: int, link: int) -> bool:
    """Say whether a text beside a link stands in one block with it."""
    node = tree.nodes[beside]
    while node.tag in INLINE and node.parent >= 0:
        node = tree.nodes[node.parent]
    return tree.holds(node.index, link)


def is_turning(name: str) -> bool:
    """Say whether a text is what no post is called: 更多, 下一页, a number, an arrow."""
    return _TURNING.fullmatch(name) is not None


def is_details(name: str) -> bool:
    """Say whether a link is called 详情 or the like."""
    return _DETAILS.fullmatch(name) is not None


def is_navigation(name: str) -> bool:
    """Say whether a text is what pages are moved with: 更多, 下一页, a number."""
    return _NAVIGATION.fullmatch(name) is not None


def is_official(text: str) -> bool:
    """Say whether a text is the foot of a page: its owner, its licence."""
    return _OFFICIAL.search(text) is not None


def is_place(text: str) -> bool:
    """Say whether a text stands before the way from the front page (当前位置)."""
    return _PLACE.search(text) is not None or text.endswith("位置")


def name_of(tree: Tree, link: Link) -> str:
    """Return what a link is called: by its text, else its ``title``, else its picture."""
    known = tree.names.get(link.index)
    if known is None:
        node = tree.nodes[link.node]
        known = tree.names[link.index] = tree.text(node)[:_LONGEST] or attribute_of(node) or picture_of(node)
    return known


def attribute_of(node: Node) -> str:
    """Return the title that an element's ``title`` holds, without labels (标题：… 作者：…)."""
    said = (node.element.get("title") or "")[:_LONGEST]
    labelled = _LABELLED.search(said)
    if labelled:
        return tidy(labelled["title"])
    further = _FURTHER.search(said)
    return tidy(said[: further.start()] if further else said)


def attributes_of(node: Node) -> Iterator[str]:
    """Yield all that an element's attributes may hold of a title that is cut where it is shown."""
    yield attribute_of(node)
    for name in ("alt", "data-title", "aria-label"):
        if said := node.element.get(name):
            yield tidy(said[:_LONGEST])
    if script := node.element.get("onmouseover"):
        yield from (tidy(each) for each in _QUOTED.findall(script[:_LONGEST]))


def picture_of(node: Node) -> str:
    """Return what the first picture in an element is called."""
    return next((tidy(each.get("alt") or each.get("title") or "") for each in node.element.iter("img")), "")
