"""Reads a header line of an article: which of its words are labels, and what stands behind each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from crawler.sources.article_page import CELL, PIECE

_GAP: Final = rf"[\s{PIECE}]{{0,4}}"
_MARK: Final = rf"{_GAP}[:：︰丨]"


class Says(Enum):
    """What a label announces."""

    PUBLISHED = 1  # 发布时间
    DATED = 2  # 时间, 日期, or no label at all
    UPDATED = 3  # 更新时间
    SOURCE = 4
    AUTHOR = 5
    OTHER = 6  # what ends a value and says nothing here


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One label and what stands behind it, up to the next label; ``raw`` keeps the marks between elements."""

    says: Says
    label: str
    raw: str
    alone: bool  # the label is all that its line says


_TIME: Final = rf"(?:时{_GAP}间|日{_GAP}期)"
# Documents carry the dates of their making, and of what they announce: none of them says when they were published.
_OTHER_TIME: Final = (
    r"(?:成文|印发|发文|生效|施行|实施|失效|废止|有效|截止|起始|结束|开始|公示|征集|报名|活动|会议|考试|面试|办公|工作|服务|开放"
    rf"|接待|生成|制作|拍摄|签发|来信|回复|办结|受理|阅读|播放|打印|登记|当前|系统|现在){_TIME}"
)
_PUBLISHED: Final = (
    r"(?:(?:信息|文章|稿件|新闻|首次|网上|公开)?"
    r"(?:发布|发表|发稿|上传|上线|录入|添加|刊发|刊登|登载|推送|公开|公布|提交|入库|创建)"
    rf"{_TIME}|(?<![A-Za-z])(?:Published(?:{_GAP}(?:on|at))?|(?:Publish|Release){_GAP}(?:Date|Time)|Post(?:ed)?(?:{_GAP}(?:on|at|date))?))"
)
_UPDATED: Final = (
    rf"(?:最[后新近])?(?:更新|修改|编辑|修订|变更){_TIME}|最[后新近](?:更新|修改)"
    rf"|(?<![A-Za-z])(?:Last{_GAP})?Updated?(?:{_GAP}on)?"
)
_SOURCE: Final = (
    rf"(?:本文|文章|稿件|新闻|信息|消息|内容|资讯|原文|稿)?(?<![片料据频图材水金费索入货粮款污毒品种苗电气热])来{_GAP}源(?:于|自|单位|网站|媒体)?|稿{_GAP}源"
    rf"|文章出处|出{_GAP}处|(?:文章)?转载?自|(?<![A-Za-z])(?:(?:News{_GAP})?Source|(?<!of )Origin)"
)
_AUTHOR: Final = (
    rf"作{_GAP}者|撰{_GAP}稿(?:人|单位)?|供{_GAP}稿(?:人|单位)?|来稿(?:单位)?|投稿(?:人|单位)?|报送单位|撰文|采写|通讯员|记者"
    rf"|图{_GAP}文|文{_GAP}图|摄{_GAP}影|文字|(?<![A-Za-z])Author"
)
_STAFF: Final = (
    rf"(?:责任|本期|值班|执行|网络|网站)?编{_GAP}辑|责{_GAP}编|编{_GAP}审|审{_GAP}[核校签稿]|校{_GAP}对|初审|复审|终审|签发"
    r"|(?:总)?(?:浏览|点击|阅读|访问|查看|观看|下载)(?:次数|人次|人数|数量|量|率|数|次)?|人气|热度|评论数?|已有"
    r"|字[体号](?:大小|颜色)?|文字大小|发布(?:机构|单位|部门|人|者)?|录入(?:人|者|员)?|上传(?:人|者)?|栏目|所属栏目"
    r"|信息?类[别型]|分类|关键[词字]|标签|主题词|索引号|文号|发文字号|信息名称|标题|名称|有效性|副标题|摘要|导读|专题"
    r"|责任人|联系人|电话|翻译|监制|统筹"
    r"|(?<![A-Za-z])(?:Read(?:s|ings?)?|Views?|Visits?|Hits?|Clicks?|Editors?"
    r"|Font(?: ?size)?|Keywords?|Category|Tags?|Share)"
)
_TOOL: Final = (
    r"(?<![\u4e00-\u9fff])[【\[（(]?(?:打印(?:本[页文])?|关闭(?:窗口|本[页文])?|收藏(?:本[页文])?|分享(?:到|至)?|转发|返回"
    r"|字[体号]|视力保护色?|纠错|举报|我要纠错|繁体|微信|微博|扫一扫|朗读|语音播报|评论|有\d+人)"
)
_NUMBER: Final = rf"(?:{_MARK}|(?=[\s{PIECE}{CELL}]*\d{{4}}))"
_PATTERNS: Final[tuple[tuple[Says, str, str], ...]] = (
    (Says.OTHER, _OTHER_TIME, _NUMBER),
    # What a page says of the day on which it is looked at.
    (Says.OTHER, "今天是?|今日是?|现在是?", rf"(?:{_MARK})?(?=[\s{PIECE}{CELL}]*\d{{4}})"),
    (Says.PUBLISHED, _PUBLISHED, _NUMBER),
    (Says.PUBLISHED, "(?:发布|发表|刊发|首发|上传|转发)于", rf"(?:{_MARK})?(?=[\s{PIECE}{CELL}]*[\d昨前今])"),
    (Says.UPDATED, "更新于", rf"(?:{_MARK})?(?=[\s{PIECE}{CELL}]*[\d昨前今])"),
    (Says.UPDATED, _UPDATED, _NUMBER),
    (Says.DATED, rf"(?<![\u4e00-\u9fff]){_TIME}|(?<![A-Za-z])(?:Date|Time)", _MARK),
    (Says.SOURCE, _SOURCE, rf"(?:{_MARK}|{_GAP}[|｜])"),
    (Says.AUTHOR, _AUTHOR, _MARK),
    (Says.OTHER, _STAFF, _MARK),
    (Says.OTHER, _TOOL, rf"(?=[\s{PIECE}{CELL}:：】\]）)|｜]|\Z|[大中小])"),
)
_LABELS: Final = re.compile(
    "|".join(f"(?P<l{number}>{label}){end}" for number, (_, label, end) in enumerate(_PATTERNS)), re.IGNORECASE
)
# Without a colon a label must be an element or a cell of its own: 来源<span>新华网</span>.
_BARE: Final = re.compile(
    rf"(?:\A|(?<=[{PIECE}{CELL}|｜\s]))(?:(?P<source>(?:信息|文章|稿件)?来源)|(?P<author>作者)|(?P<date>发布(?:时间|日期)|日期|时间))"
    rf"\s?[{PIECE}{CELL}]\s?(?=[^\s{PIECE}{CELL}])"
)
_BARE_SAYS: Final = {"source": Says.SOURCE, "author": Says.AUTHOR, "date": Says.PUBLISHED}
# A label that is a line of its own, as in lists of documents' properties; its value is the next line.
_WHOLE: Final = re.compile(
    rf"(?P<other>{_OTHER_TIME})|(?P<date>{_PUBLISHED})|(?P<source>(?:信息|文章|稿件)?来{_GAP}源)"
)
_WHOLE_SAYS: Final = {"other": Says.OTHER, "date": Says.PUBLISHED, "source": Says.SOURCE}
_TRIM: Final = f" {PIECE}{CELL}　\u3000:：|｜丨【】[]()（）·•-—/"


def read_labels(raw: str) -> tuple[Said, ...]:
    """Return the labels of a line (``Line.raw``) with what stands behind each; a value may be empty."""
    if whole := _WHOLE.fullmatch(raw):
        says = _WHOLE_SAYS[whole.lastgroup or ""]
        return (Said(says=says, label="".join(raw.replace(PIECE, "").split()), raw="", alone=True),)
    found = sorted(_found(raw), key=lambda each: each[0])
    kept: list[tuple[int, int, Says, str]] = []
    for each in found:
        if not kept or each[0] >= kept[-1][1]:
            kept.append(each)
    ends = [*(start for start, *_ in kept[1:]), len(raw)] if kept else []
    return tuple(
        Said(
            says=says,
            label="".join(label.replace(PIECE, "").split()),
            raw=raw[end:stop].strip(_TRIM),
            alone=not raw[:start].strip(_TRIM) and not raw[end:].strip(_TRIM),
        )
        for (start, end, says, label), stop in zip(kept, ends, strict=True)
    )


def _found(raw: str) -> Iterator[tuple[int, int, Says, str]]:
    for match in _LABELS.finditer(raw):
        name = match.lastgroup or ""
        says = _PATTERNS[int(name[1:])][0]
        yield match.start(), match.end(), says, match[name].lstrip("【[（(")
    for match in _BARE.finditer(raw):
        name = match.lastgroup or ""
        yield match.start(), match.end(), _BARE_SAYS[name], match[name]


_CLOCK: Final = (
    r"(?:上午|下午|早上|晚上|中午|凌晨)?\s?\d{1,2}\s?[:：时点]\s?\d{1,2}"
    r"(?:\s?[:：分]\s?\d{1,2}(?:\.\d{1,3})?(?:\s?秒)?|\s?分)?(?:\s?[AaPp][Mm])?"
)
_SEP: Final = rf"[\s{PIECE}{CELL}]{{0,3}}"
DATE: Final = re.compile(
    rf"(?<![\d.\-/])(?P<year>(?:19|20)\d{{2}}){_SEP}(?:[-/.年]|(?<=\s|{PIECE}))?{_SEP}"
    rf"(?P<month>\d{{1,2}}){_SEP}[-/.月]{_SEP}(?P<day>\d{{1,2}})(?:{_SEP}[日号]|(?!\d|[-/.]\d)|(?<=\d\d)(?=\d\d:\d\d))"
    rf"(?:[\s{PIECE}{CELL},，T]{{0,4}}(?:\(?(?:星期|周)[一二三四五六日天]\)?)?[\s{PIECE}{CELL}]{{0,3}}-?"
    rf"(?P<zone>格林尼治标准时间|北京时间)?\s?(?P<clock>{_CLOCK})(?P<offset>\s?(?:Z|[+-]\d{{2}}:?\d{{2}}))?)?"
)
_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
ENGLISH: Final = re.compile(
    rf"(?<![A-Za-z])(?:{_MONTH}\s?\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}),?\s{{0,2}}(?:19|20)\d{{2}}"
    rf"(?:,?\s{{1,2}}{_CLOCK})?"
)
# What else says a day, where a label announces that it does.
LOOSE: Final = re.compile(
    rf"(?:昨天|前天|今天|刚刚|\d{{1,2}}\s?(?:分钟|小时|天)前|\d{{1,2}}[-/月]\d{{1,2}}日?)(?:\s{{0,2}}{_CLOCK})?|(?<!\d)\d{{8}}(?!\d)|{ENGLISH.pattern}"
)
_GREENWICH: Final = "格林尼治标准时间"


def dates_in(raw: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield every date of a line with the text to read it from, in one common form."""
    for match in DATE.finditer(raw):
        day = f"{match['year']}-{match['month']}-{match['day']}"
        clock = " ".join((match["clock"] or "").replace(PIECE, "").split())
        offset = "GMT" if match["zone"] == _GREENWICH else (match["offset"] or "").strip()
        yield match, f"{day} {clock} {offset}".strip()


_BEFORE: Final = re.compile(rf"(?:\A|[\s{PIECE}{CELL}|｜\[【(（:：,，])\Z")
_AFTER: Final = re.compile(rf"\Z|[\s{PIECE}{CELL}|｜\]】)）]")


def bare_dates(raw: str) -> Iterator[str]:
    """Yield the dates of a line that stand by themselves: in no word, no sentence, and behind no other label."""
    others = [label.raw for label in read_labels(raw) if label.says is Says.OTHER]
    english = ((match, match[0].replace(",", ", ")) for match in ENGLISH.finditer(raw))
    for match, text in (*dates_in(raw), *english):
        before, after = raw[max(match.start() - 1, 0) : match.start()], raw[match.end() : match.end() + 1]
        alone = _BEFORE.search(before) and _AFTER.match(after)
        if alone and not any(match[0] in label for label in others):
            yield text


def first_value(raw: str) -> str:
    """Return the first of the values that stand in elements of their own behind a label, trimmed."""
    pieces = (each.strip(_TRIM) for each in re.split(rf"[{PIECE}{CELL}]|\s{{2,}}|[|｜]", raw))
    return next((each for each in pieces if each), "")
