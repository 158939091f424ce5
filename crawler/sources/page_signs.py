"""Signs that a page is not the column that it should be, or that its list is drawn elsewhere: words, frames, holes."""

import re
from collections.abc import Container, Iterator, Sequence
from typing import Final

from lxml import etree

from crawler.sources.page_choice import is_apart
from crawler.sources.page_links import name_of
from crawler.sources.page_tree import HEADINGS, Node, Tree, tidy

_LONGEST: Final = 60
_SHORT: Final = 24
_CLOSED: Final = re.compile(
    r"(?:页面?|网页|栏目|频道|网址|文件)\S{0,3}(?:不存在|找不到|未找到|(?:已经?|被)\S{0,3}(?:删除|迁移|关闭|停用|下线|撤销|合并|停止更新|取消|调整))"
    r"|(?:找不到|未找到|无法(?:访问|显示|打开))\S{0,8}(?:页面?|网页|栏目|频道|内容)|(?:系统|网站|页面|栏目)\S{0,6}(?:维护|升级|改版|改造|建设|调整)中"
    r"|(?:系统|网站|页面|栏目|频道)\S{0,3}正在\S{0,4}(?:维护|升级|改版|改造|建设|调整|更新)|请先登[录陆]|page not found"
    r"|under (?:construction|maintenance)",
    re.IGNORECASE,
)
# The same said by a link (本网站已迁移至……); the titles of other posts speak of other sites.
_OWN: Final = re.compile(
    r"(?:本|该|此)(?:网站|站|栏目|页面|频道)\S{0,2}(?:已|正在)\S{0,3}(?:迁移|关闭|停用|下线|撤销|合并|停止)"
)
_DRAWN: Final = re.compile(r"\{\{.{1,60}?\}\}")
_NOTHING: Final = re.compile(
    r"\W*(?:(?:对不起|抱歉|很遗憾)\W*)?(?:(?:该|本|此|当前)?(?:栏目|页面|频道|分类)(?:下|内|中)?)?(?:暂时?|还|目前)?(?:没有|无)(?:找到|查到|任何|相关|符合条件的|更新)*"
    r"(?:数据|内容|信息|记录|文章|资料|新闻|结果)\S{0,6}|共\s*0\s*条\S{0,6}|no (?:data|records?|results?)\W*|404\W*",
    re.IGNORECASE,
)
_LOADING: Final = re.compile(
    r"\W*(?:数据|内容|列表|信息|页面)?(?:正在)?(?:加载|载入|读取)中?\W*(?:请稍[候后等]\W*)?|\W*loading\W*",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(
    r"(?<![a-z])(?:(?:\w*[-_])?(?:list|lists|lst|liebiao|news|newslist|article|articles|data|datas|items|rows|results?|xxlist|xxgk)"
    r"|(?:news|list|info|data|article|doc|content|wz|xx)[-_]?(?:list|box|con|content|container|body|wrap|ul|lists))(?![a-z])|list\Z",
    re.IGNORECASE,
)
_ROOTS: Final[frozenset[str]] = frozenset({"app", "root", "__nuxt", "__next"})
_HOLDERS: Final[frozenset[str]] = frozenset({"div", "section", "article"})
_LISTS: Final[frozenset[str]] = frozenset({"ul", "ol", "tbody", "table"})
_FETCHES: Final = re.compile(
    r"\$\.(?:get|post|ajax|getJSON)\b|\bfetch\(|axios|XMLHttpRequest|\.load\(|\.getJSON\(|load\w*\(", re.IGNORECASE
)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WIDGET: Final = re.compile(
    r"share|weather|tianqi|map|video|player|search|login|count|tongji|stat|baidu|weibo|about:blank|javascript:|ads?\b|banner|head|top|foot|bottom|copyright|nav|menu|left",
    re.IGNORECASE,
)
# Pictures that run along show no list of posts.
_ROLLS: Final = re.compile(r"scr(?:oll|cont)|marquee|isl_|(?<![a-z])pic|slide|swiper|banner|gundong", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d+\Z")


def closed(tree: Tree, rows: Container[int]) -> str:
    """Return what the page says of itself that no column says (页面不存在, 维护中), "" where it says nothing such."""
    for index, text in _said(tree, rows):
        if (found := _CLOSED.search(text)) and not is_apart(tree, tree.pieces[index].node):
            return found[0]
    for link in tree.links:
        name = name_of(tree, link) if tree.nodes[link.node].pieces[0] not in rows else ""
        if name and len(name) <= _LONGEST and (found := _OWN.search(name)):
            return found[0]
    return ""


def drawn_elsewhere(tree: Tree, rows: Container[int], containers: Sequence[int]) -> str:
    """Return why the page's own list may stand elsewhere than in the one found, as a Chinese clause, "" for no sign.

    ``rows`` are the pieces of the rows of all lists, ``containers`` the elements that hold the one found.
    """
    for index, text in _said(tree, rows):
        whole = len(text) <= _SHORT and (_NOTHING.fullmatch(text) or _LOADING.fullmatch(text))
        if whole and not is_apart(tree, tree.pieces[index].node):
            return f"页面的正文部分显示“{text}”，所读到的列表未必是栏目的信息列表"
    if any(
        _DRAWN.search(piece.text) for index, piece in enumerate(tree.pieces) if "{{" in piece.text and index not in rows
    ):
        return "页面上有待脚本填写的模板，所读到的列表未必是栏目的信息列表"
    if any(_is_hidden(node.element) for node in tree.above(containers[0])):
        return "所读到的列表在页面上是隐藏的，页面实际显示的可能不同"
    if is_scripted(tree) and (empty := hole(tree, containers)):
        return f"页面上有空的列表（{empty}），其内容可能由脚本另行读取，所读到的列表未必是栏目的信息列表"
    if frame := _frame(tree.root):
        return f"页面中嵌有另一页面（{frame[:60]}），信息列表可能在其中"
    return ""


def _said(tree: Tree, rows: Container[int]) -> Iterator[tuple[int, str]]:
    """Yield the short texts outside of links and of rows."""
    for index, piece in enumerate(tree.pieces):
        if piece.link < 0 and len(piece.text) <= 2 * _LONGEST and index not in rows:
            text = tidy(piece.text)
            if 3 <= len(text) <= _LONGEST:
                yield index, text


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style))


def is_scripted(tree: Tree) -> bool:
    """Say whether a script of the page may fill what is empty in it."""
    return any(script.get("src") or _FETCHES.search(script.text or "") for script in tree.root.iter("script"))


def hole(tree: Tree, containers: Sequence[int], before: int | None = None) -> str:
    """Return the name of the first element (``before`` one) that should hold a list and holds nothing, "" for none."""
    around = {each.index: each for each in tree.above(containers[0])}
    for node in tree.nodes[:before]:
        if node.pieces[0] != node.pieces[1] or node.links[0] != node.links[1] or not _may_hold(node.tag):
            continue
        own = node.element
        marks = [own.get("id") or "", *(own.get("class") or "").split()]
        if any(_ROLLS.search(f"{each.element.get('class')} {each.element.get('id')}") for each in _near(tree, node)):
            continue
        named = "-" in node.tag or any(each.lower() in _ROOTS or _LISTED.search(each) for each in marks)
        named = named or (node.tag in _LISTS and (bool(marks[0]) or before is not None))
        empty = (named or _is_empty_tab(node, around)) and _is_bare(own) and not _is_hidden(own)
        if empty and not is_apart(tree, node.index):
            return node.tag + (f"#{marks[0]}" if marks[0] else "".join(f".{each}" for each in marks[1:2]))
    return ""


def _near(tree: Tree, node: Node) -> list[Node]:
    return [each for _, each in zip(range(3), tree.above(node.index), strict=False)]


def _may_hold(tag: str) -> bool:
    """Say whether an element may hold a list; names with a hyphen are those of a page's own script."""
    return tag in _HOLDERS or tag in _LISTS or "-" in tag


def _is_bare(element: etree._Element) -> bool:
    return all(
        _may_hold(str(each.tag)) or (each.tag == "img" and "loading" in (each.get("src") or ""))
        for each in element.iter()
        if each is not element
    )


def _is_empty_tab(node: Node, around: dict[int, Node]) -> bool:
    """Say whether an empty element is made like one beside it that holds the list: another tab of it."""
    own = node.element.get("class") or ""
    brother = next((each for each in around.values() if each.parent == node.parent and each.tag == node.tag), None)
    if brother is None or not own or brother.parent < 0:
        return False
    return _DIGITS.sub("", own) == _DIGITS.sub("", brother.element.get("class") or "")


def _frame(root: etree._Element) -> str:
    """Return the address of a frame that stands below a heading and may hold a list, "" for none."""
    for frame in root.iter("iframe"):
        source = (frame.get("src") or "").strip()
        sizes = ((frame.get("width") or "").strip(), (frame.get("height") or "").strip())
        tiny = any(each.rstrip("px") in {"0", "1"} for each in sizes)
        named = f"{source} {frame.get('id') or ''} {frame.get('name') or ''}"
        if source and not tiny and not _WIDGET.search(named) and not any(map(_is_hidden, _self_and_above(frame))):
            if _LISTED.search(source):
                return source
            before = frame.getprevious()
            if before is None and (parent := frame.getparent()) is not None:
                before = parent.getprevious()
            if before is not None and before.tag in HEADINGS | {"div", "p", "span"}:
                return source
    return ""


def _self_and_above(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    yield from element.iterancestors()
