"""Finds the dates that stand in the texts of a page, each as it is written."""

import re
from dataclasses import dataclass
from typing import Final

from crawler.sources.page_tree import tidy

# What stands before a date and says what it is of; a page's own clock (今天是) is none of a post.
_LABEL: Final = (
    r"(?P<label>(?:[\w\u4e00-\u9fff]{0,6}(?:时间|日期)|发布于|发表于|更新于|发布|更新|公开|Date|Time)\s*[:：]?\s*)?"
)
_CLOCK: Final = r"(?:\s*(?P<clock>\d{1,2}[::]\d{2}(?:[::]\d{2})?(?:\.\d+)?))?"
_SEP: Final = r"\s?[-/.－—–]\s?"
_FULL: Final = (
    rf"(?P<y>(?:19|20)\d\d)(?:{_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})(?!\d)"
    r"|\s?年\s?(?P<m2>\d{1,2})\s?月\s?(?P<d2>\d{1,2})\s?[日号]|(?P<m3>[01]\d)(?P<d3>[0-3]\d)(?!\d))"
)
_SHORT: Final = (
    r"(?P<m>\d{1,2})[-－](?P<d>\d{2})(?!\d)|(?P<m2>\d{2})[/.](?P<d2>\d{2})(?!\d)|(?P<m3>\d{1,2})月(?P<d3>\d{1,2})[日号]"
)
_SPOKEN: Final = r"(?P<spoken>刚刚|(?:今天|今日|昨天|昨日|前天)|半小时前|\d{1,3}\s?(?:秒钟?|分钟|小时|天|日)前)"
_OPEN, _CLOSE = r"[\[【(（〔<《「{|｜/·•\s—–-]*", r"[\]】)）〕>》」}|｜/·•\s,，;；]*"
_AFTER: Final = (
    r"(?:(?:星期|周)[一二三四五六日天][\]】)）\s]*)?"
    r"(?:(?:来源|点击|浏览|阅读|作者|人气|次数|访问|发布|编辑|责编|信息来源|评论|查看|热度|好评|栏目|部门|单位|标签|分类)"
    r"[\s\S]{0,120})?"
)
_HINT: Final = re.compile(r"\d\s?[-/.－—–年月]\s?\d|\d{8}|前|刚刚|[今昨]|[a-z]{3}[\s.,-]*\d", re.IGNORECASE)
_WHOLE: Final = tuple(
    re.compile(rf"{_OPEN}{_LABEL}{_OPEN}(?:{form}){_CLOCK}{_CLOSE}{_AFTER}", re.IGNORECASE)
    for form in (_FULL, _SHORT, _SPOKEN)
)
_ENGLISH: Final = re.compile(
    rf"{_OPEN}(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-])?"
    r"(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?[\s-](?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s)?"
    rf"(?P<y>(?:19|20)\d\d){_CLOCK}{_CLOSE}",
    re.IGNORECASE,
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED: Final = re.compile(rf"[\u4e00-\u9fff]{{0,4}}(?:时间|日期|于)\s*[:：]\s*[\[(（]?\s*(?:{_FULL}){_CLOCK}")
_TIGHT: Final = rf"(?P<y>(?:19|20)\d\d)([-/.])(?P<m>\d{{1,2}})\2(?P<d>\d{{1,2}})(?!\d){_CLOCK}"
_SHORT_YEAR: Final = re.compile(rf"{_OPEN}(?P<y>[012]\d)([-/.])(?P<m>[01]?\d)\2(?P<d>[0-3]?\d){_CLOSE}")
_YEAR: Final = re.compile(r"(?:19|20)\d\d[-/.]")
_EDGE_FIRST: Final = re.compile(rf"\s*(?:[\[【(（]\s*)?{_TIGHT}\s*[\]】)）|·:：-]?\s*(?=\S)")
_EDGE_LAST: Final = re.compile(rf"[\[【(（\s|·-]*{_TIGHT}\s*[\]】)）]?\s*\Z")
# A period (公示期：… 至 …) is published on its first day, not on its last.
_PERIOD: Final = re.compile(
    r"(?P<first>(?P<y>(?:19|20)\d\d)[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?)\s?(?:至|到|—+|~|～|--|-)\s?"
    r"(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?\s?[\]】)）]?\s*\Z"
)
_ADDRESS: Final = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:[-_/](?P<m>\d{1,2})[-_/](?P<d>\d{1,2})|[-_/]?(?P<m2>[01]\d)[-_/]?(?P<d2>[0-3]\d))(?=[\D]|\d{4,})"
)
_ADDRESS_MONTH: Final = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-_/]?(?P<m>[01]\d)(?=/)")
_POOR: Final = re.compile(r"成文|生成|实施|生效|施行|截止|开始|结束|有效|报名|活动|会议|印发|废止")
# What stands before the day of something else than the publication of a post, within its title.
_OTHER: Final = re.compile(
    r"(?:截[止至]|施行|实施|生效|有效期?|执行|废止|成文|开始|结束|[至到起自])(?:日期|时间|期限|于|至|到|日)*\s*[:：]?\s*\Z"
)
_RICH: Final = re.compile(r"发布|发表|公开|公布|发文")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day as far as it is written; ``year`` 0 where none is."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A date in a text: ``raw`` without what stands around it, ``day`` None for 昨天 and the like.

    ``rank`` is higher for a date of publication than for another; ``span`` is where it stands in the text.
    """

    raw: str
    day: Day | None
    rank: int
    span: tuple[int, int]
    clock: str = ""


def read_whole(text: str) -> Found | None:
    """Return the date that a text is, with nothing but a label, brackets or a remark (来源：…) beside it."""
    own = text.strip()
    if len(own) > 200 or _HINT.search(own) is None:
        return None
    for pattern in _WHOLE:
        if found := pattern.fullmatch(own):
            groups = found.groupdict()
            label = groups.get("label") or ""
            raw = _raw(found)
            day = _day(groups)
            if day is None and not groups.get("spoken"):
                continue
            return Found(raw=raw, day=day, rank=_rank(label), span=(0, len(text)), clock=groups.get("clock") or "")
    if found := _ENGLISH.fullmatch(own):
        month = _MONTHS.index(found["mon"].lower()) + 1
        day = valid_day(int(found["y"]), month, int(found["d"] or found["d2"] or 0))
        if day is not None:
            return Found(raw=own.strip("[]()（）【】 "), day=day, rank=1, span=(0, len(text)))
    if (found := _SHORT_YEAR.fullmatch(own)) and (
        day := valid_day(2000 + int(found["y"]), int(found["m"]), int(found["d"]))
    ):
        raw = f"{day.year}-{day.month:02}-{day.day:02}"
        return Found(raw=raw, day=day, rank=1, span=(0, len(text)))
    return read_named(own)


def read_named(text: str) -> Found | None:
    """Return the date that a label names somewhere in a text (发布时间：2026-10-05 来源：…)."""
    found = _NAMED.search(text) if len(text) <= 300 else None
    if found is None:
        return None
    day = _day(found.groupdict())
    if day is None:
        return None
    return Found(raw=_raw(found), day=day, rank=_rank(found[0]), span=found.span(), clock=found["clock"] or "")


def is_other(label: str) -> bool:
    """Say whether a label is of a day of something else than publication (成文日期, 施行时间)."""
    return _POOR.search(label) is not None and _RICH.search(label) is None


def named_day(text: str) -> Day | None:
    """Return the day that a label names in an attribute (标题：… 发布时间：2026/11/19 9:05:00), None for none."""
    found = read_named(text) if "：" in text or ":" in text else None
    return found.day if found is not None else None


def read_edge(text: str) -> Found | None:
    """Return the date that a longer text begins or ends with, written in figures."""
    if _YEAR.search(text) is None:
        return None
    if (
        "公示" in text
        and (period := _PERIOD.search(text[-60:])) is not None
        and (day := _day(period.groupdict())) is not None
    ):
        shift = max(len(text) - 60, 0)
        span = (period.start() + shift, period.end() + shift)
        return Found(raw=period["first"], day=day, rank=0, span=span)
    for pattern, search in ((_EDGE_LAST, True), (_EDGE_FIRST, False)):
        found = pattern.search(text[-60:]) if search else pattern.match(text)
        if found is None:
            continue
        day = _day(found.groupdict())
        if search and _OTHER.search(found.string[: found.start("y")]):
            continue
        if day is not None:
            shift = max(len(text) - 60, 0) if search else 0
            span = (found.start() + shift, found.end() + shift)
            return Found(raw=_raw(found), day=day, rank=0, span=span, clock=found["clock"] or "")
    return None


def address_day(url: str) -> Day | None:
    """Return the day that stands in a link's address (``t20200623_61199953.html``, ``2017/1122/52.html``)."""
    path = url.partition("//")[2].partition("/")[2]
    for found in _ADDRESS.finditer(path):
        if day := _day(found.groupdict()):
            return day
    return None


def completed(day: Day, url: str) -> Day | None:
    """Return ``day`` with the year that the address gives, None where the address is of another day, or says none."""
    there = address_day(url)
    if there is not None and (there.month, there.day) == (day.month, day.day):
        return there
    if there is None and (month := _ADDRESS_MONTH.search(url)) and int(month["m"]) == day.month:
        return valid_day(int(month["y"]), day.month, day.day)
    return None


def _raw(found: re.Match[str]) -> str:
    """Return the date itself, from its first figure to the last of its clock."""
    names = ("y", "m", "m2", "m3", "spoken")
    start = min(found.start(each) for each in names if found.groupdict().get(each))
    ends = ("clock", "d", "d2", "d3", "spoken")
    end = max(found.end(each) for each in ends if found.groupdict().get(each))
    tail = found.string[end : end + 1]
    return tidy(found.string[start : end + 1] if tail in {"日", "号"} else found.string[start:end])


def _day(groups: dict[str, str | None]) -> Day | None:
    month = groups.get("m") or groups.get("m2") or groups.get("m3")
    day = groups.get("d") or groups.get("d2") or groups.get("d3")
    return valid_day(int(groups.get("y") or 0), int(month), int(day)) if month and day else None


def valid_day(year: int, month: int, day: int) -> Day | None:
    """Return the day, None where no month has it; ``year`` 0 where none is said."""
    return Day(year=year, month=month, day=day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _rank(label: str) -> int:
    if _RICH.search(label):
        return 3
    if _POOR.search(label):
        return 0
    return 1 if "更新" in label else 2
