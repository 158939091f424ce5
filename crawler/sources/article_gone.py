"""Says what a page is that shows no article: not there any more, a wall, a script, a list of others."""

import re
from collections.abc import Sequence
from typing import Final

from crawler.sources.article_page import Line, Page
from crawler.sources.article_text import is_prose
from crawler.sources.pages import read_page
from crawler.sources.values import Answer, Reading
from monitor.visits import Outcome

_SHORT: Final = 400  # letters outside links of a page that says one thing
_FEW: Final = 30  # letters of a page that shows nothing
_LISTED: Final = 5

_THIS: Final = (
    r"(?:该|此|本|这篇|当前|对不起[,，!！]?|抱歉[,，!！]?|原"
    r"|[您你](?:所|要|想|想要)?(?:访问|查看|浏览|请求|查找|找)的?)"
)
_PAGE: Final = r"(?:网页|页面|文章|信息|内容|稿件|新闻|文件|资源|链接|地址|资讯|文档|作品|帖子|网址|微博|动态|视频)"
_GONE: Final = re.compile(
    rf"{_PAGE}(?:或{_PAGE})?(?:可能|已经|已|不幸)?(?:被)?(?:不存在|不见了|找不到|未找到|没有找到|丢失|走丢)"
    rf"|{_THIS}{_PAGE}[^。！？\n]{{0,12}}?(?:已经?|被|已被)(?:\S{{0,6}})(?:删除|删掉|下线|下架|撤回|撤下|撤销|撤稿|移除|取消发布)"
    rf"|{_PAGE}(?:已经?|已被)(?:\S{{0,4}})?(?:删除|下线|下架|撤回|撤稿|移除)"
    rf"|(?:找不到|未找到|没有找到|无法找到|未能找到)(?:\S{{0,8}})?{_PAGE}"
    r"|\b404\s*[-–—:：]?\s*(?:not found|error|错误|页面|找不到|未找到)"
    r"|(?:error|错误|http)\s*(?:代码)?\s*[-:：]?\s*404\b|\A\s*404\s*\Z"
    r"|(?:page|file|object|url|resource|document)\b[^.\n]{0,40}\b"
    r"(?:not found|not exist|cannot be found|was not found|no longer (?:exists|available))",
    re.IGNORECASE,
)
_MAY_BE: Final = re.compile(r"如果|若|是否|怎么|如何|为什么")
_TOO_SHORT_LINE: Final = 80


def read_notice(page: Page, text: str, url: str, *, dated: bool) -> Reading | None:
    """Read a page that is a notice in place of an article, None where it is none.

    Only a short page counts, and none whose header states a date: in an article the same words are its subject.
    """
    own = [line for line in page.lines if not line.is_link]
    if dated or sum(len(line.text) - line.linked for line in own) > _SHORT:
        return None
    said = [page.title, *(line.text for line in own if len(line.text) <= _TOO_SHORT_LINE)]
    for each in said:
        found = _GONE.search(each)
        if found and not _MAY_BE.search(each[: found.start()]):
            return Reading(outcome=Outcome.GONE, reason=f"网页提示“{each[:40]}”，该信息已不存在。")
    seen = read_page(Answer(body=b"", url=url), text)
    if seen.outcome is Outcome.BLOCKED:
        return Reading(outcome=Outcome.BLOCKED, reason=seen.reason.replace("未能取得信息列表", "未能读出文章"))
    if seen.outcome is Outcome.GONE:
        # The account's end: whether this post was deleted before it, the page does not say.
        return Reading(outcome=Outcome.NOT_A_FEED, reason=seen.reason.replace("账号已不可访问", "未能读出文章"))
    return None


def what_else(page: Page, body: Sequence[Line]) -> Reading:
    """Say what a page is that is neither an article nor a notice."""
    name = f"“{page.title[:40]}”" if page.title else ""
    links = sum(line.is_link for line in page.lines)
    own = sum(len(line.text) - line.linked for line in page.lines)
    if own + sum(line.linked for line in page.lines) < _FEW:
        reason = f"网页{name}没有可读的文字（可能由脚本生成），不是文章页面。"
    elif links >= _LISTED and not any(map(is_prose, body)):
        reason = f"网页{name}列出的是其他信息的链接，没有正文，不是文章页面。"
    elif not body:
        reason = f"网页{name}没有可读的正文（可能由脚本生成），不是文章页面。"
    else:
        reason = f"网页{name}没有发布时间，正文过短，不是文章页面。"
    return Reading(outcome=Outcome.NOT_A_FEED, reason=reason)
