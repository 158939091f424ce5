"""Finds the text of an article among the lines of its page."""

import re
from collections.abc import Sequence
from typing import Final

from lxml import etree

from crawler.sources.article_page import Line
from monitor.credit_forms import LABEL

_PROSE: Final = 16  # letters of a line that counts as prose, with a stop or comma in it
_SHARE: Final = 0.6  # of all prose: what the element of the article holds at least
_UNDER: Final = 6  # lines under the text that may still be its credits
_LONGEST_CREDIT: Final = 60
# The source line of a text in English.
FOREIGN: Final = re.compile(r"\W{0,4}Source\s?[:：]\s?(?P<value>[A-Za-z][^:：。;；]{1,40}?)\W{0,2}", re.IGNORECASE)
_FILE: Final = re.compile(
    r"\A附件|\.(?:docx?|xlsx?|pptx?|pdf|wps|et|zip|rar|7z|ofd|txt)\W*\Z", re.IGNORECASE
)  # what a text of attachments is
_FIGURES: Final = re.compile(r"\d{4}|备案|ICP")
_COMMAS: Final = re.compile("[，。；：、！？,;]")
# What stands under an article and is none of it, wherever it begins: its neighbours, the site's footer.
_END: Final = re.compile(
    r"\W{0,6}(?:(?:上|下|前|后)一?[篇条页则个](?:文章|新闻|信息)?\W{0,4}(?:$|[:：\s>»没无])|(?:上|下)一[篇条]|"
    r"相关(?:阅读|推荐|文章|新闻|链接|信息|资讯|报道|文档|稿件|内容)\W*(?:$|[:：])|往期(?:精彩|回顾|推荐)|猜你喜欢|大家都在看|"
    r"网友评论|发表评论|我要评论|最新评论|用户评论|全部评论|免责声明\s*[:：]|顶一下|踩一下|已有\d+人)",
    re.IGNORECASE,
)
_SITE_FOOT: Final = re.compile(
    r"\W{0,6}(?:版权所有|copyright\b|网站地图|网站标识码|[\u4e00-\u9fff]?ICP备|.公网安备|(?:网站)?(?:主办单位|主办)\s*[:：].{0,60}(?:备案|承办|维护|ICP))",
    re.IGNORECASE,
)
# What may stand above the text as well.
_ASIDE: Final = re.compile(
    r"\W{0,6}(?:(?:相关|推荐|延伸|拓展|扩展|热门|热点|精彩|更多|最新|往期|今日|本周|编辑|频道)(?:阅读|推荐|文章|新闻|链接|内容|信息|资讯|报道|文档|稿件|"
    r"精彩|回顾|热文|精选|关注|头条|排行|视频|图片|文件|解读)\W{0,6}$|更多\W{0,6}$|热门搜索|扫一扫|扫描二维码|分享到|分享至|用微信扫|"
    r"(?:打印|关闭|收藏|返回)(?:本[页文]|窗口|顶部|列表)?\W*(?:打印|关闭|收藏|返回|$)|版权声明|特别声明|免责声明|责任编辑推荐|举报投诉|我要推荐|网站纠错|"
    r"您还可以|你可能)",
    re.IGNORECASE,
)


def is_prose(line: Line) -> bool:
    """Say whether a line is a sentence and no link."""
    return len(line.text) - line.linked >= _PROSE and not line.is_link and _COMMAS.search(line.text) is not None


def is_foot(line: Line) -> bool:
    """Say whether a line begins what stands under an article: neighbours, related posts, the site's footer."""
    return len(line.text) <= 200 and (_END.match(line.text) is not None or is_site_foot(line))


def is_site_foot(line: Line) -> bool:
    """Say whether a line begins the site's footer: who runs it, its licence, its copyright."""
    return len(line.text) <= 200 and _SITE_FOOT.match(line.text) is not None


def _is_credit(lines: Sequence[Line], number: int) -> bool:
    """Say whether a line of the page's frame is a credit that stands right under a text, alone or below another."""
    for line in reversed(lines[max(number - _UNDER, 0) : number + 1]):
        if not line.framed:
            return is_prose(line)
        if len(line.text) > _LONGEST_CREDIT or not LABEL.match(line.text) or _FIGURES.search(line.text):
            return False
    return False


def _is_aside(line: Line) -> bool:
    return len(line.text) <= 60 and _ASIDE.match(line.text) is not None


def find_text(lines: Sequence[Line], first: int) -> tuple[Line, ...]:
    """Return the article's lines, from the line ``first`` on: those of the element that holds most of its prose."""
    candidates = [line for at, line in enumerate(lines[first:], first) if not line.framed or _is_credit(lines, at)]
    end = next((at for at, line in enumerate(candidates) if is_foot(line)), len(candidates))
    prose = next((at for at, line in enumerate(candidates[:end]) if is_prose(line)), end)
    end = next((at for at in range(prose + 1, end) if _is_aside(candidates[at])), end)
    kept = [line for line in candidates[:end] if not _is_aside(line)]
    element = _element(kept)
    if element is None:
        return ()
    inside = [at for at, line in enumerate(kept) if _holds(element, line.block)]
    stop = inside[-1] + 1
    body = [kept[at] for at in inside]
    body += [
        line
        for line in kept[stop : stop + _UNDER]
        if len(line.text) <= _LONGEST_CREDIT and (LABEL.search(line.text) or FOREIGN.fullmatch(line.text))
    ]
    while body and body[-1].is_link and not LABEL.search(body[-1].text) and _is_list(body):
        body.pop()
    return tuple(body)


def _is_list(body: Sequence[Line]) -> bool:
    return len(body) > 3 and all(line.is_link for line in body[-3:])


def _element(lines: Sequence[Line]) -> etree._Element | None:
    """Return the deepest element that holds most of the prose; of all words where there is no prose."""
    said = [line for line in lines if is_prose(line)] or [line for line in lines if not line.is_link]
    said = said or [line for line in lines if _FILE.search(line.text)]
    weights: dict[etree._Element, int] = {}
    total = 0
    for line in said:
        weight = len(line.text) - line.linked
        total += weight
        for element in (line.block, *line.block.iterancestors()):
            weights[element] = weights.get(element, 0) + weight
    enough = [element for element, weight in weights.items() if weight >= _SHARE * total]
    if not enough:
        return None
    return _widened(max(enough, key=lambda element: sum(1 for _ in element.iterancestors())))


def _widened(element: etree._Element) -> etree._Element:
    while element.tag in {
        "p",
        "span",
        "blockquote",
        "li",
        "ul",
        "ol",
        "tr",
        "tbody",
        "pre",
        "font",
        "strong",
        "section",
        "dd",
    }:
        above = element.getparent()
        if above is None or above.tag in {"body", "html"}:
            break
        element = above
    return element


def _holds(element: etree._Element, block: etree._Element) -> bool:
    return block is element or any(each is element for each in block.iterancestors())
