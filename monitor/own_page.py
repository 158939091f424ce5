"""What a post's own page makes of it: a source that completes what a list states, and checks what a unit reports."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from monitor.proof import believable
from monitor.sighting import CLAIMS, UNSEEN, beside, dated
from monitor.spans import Span
from monitor.titles import alike, is_cut, plain, same_title
from monitor.values import Article, Credit, CreditKind, CreditPlace, Flag, Post, Precision, Stated

TOLERATED_APART = timedelta(minutes=5)
"""Two statements of one moment may differ by this much."""

_YEARLESS = re.compile(r"(?<![\d年./-])\d{1,2}\s*[-/.月]\s*\d{1,2}(?![\d./-]|\s*[-/.年])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What tells whether a page is the account's own.

    ``names`` are the account's own name and aliases; ``states`` says whether pages of its platform name their account,
    so that another name there is another's; ``is_own_site`` whether the link leads to a site that is this account's
    and no other's; ``shown_by`` is another account, in words, whose source shows a post at this very address.
    """

    names: tuple[str, ...]
    states: bool
    is_own_site: bool = False
    shown_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What comes of holding a report against the page: one of the flags of CLAIMS, and why, in Chinese.

    ``at`` is the page's own time where that alone contradicts the report.
    """

    flag: Flag
    reason: str = ""
    at: datetime | None = None


def belongs(post: Post, article: Article) -> bool:
    """Say whether a page can be that of the post; where their titles have nothing in common it tells nothing of it."""
    return alike(post.title, article.title)


def page_credits(article: Article) -> tuple[Credit, ...]:
    """Return the credits of a page, its own source element (ContentSource) among them as a line of its header."""
    if not article.publisher or any(
        each.kind is CreditKind.SOURCE and each.value == article.publisher for each in article.credits
    ):
        return article.credits
    own = Credit(kind=CreditKind.SOURCE, label="来源", value=article.publisher, place=CreditPlace.HEADER)
    return (own, *article.credits)


def completed(post: Post, article: Article, coverage: Sequence[Span], at: datetime, zone: tzinfo) -> Post:
    """Return a post with what its own page, read at ``at``, says beyond its list.

    ``coverage`` is what was known before ``post.seen_at``; ``zone`` is the office's. Credits and mark stand beside
    those of the list. A cut or missing title becomes the whole one. A time completes and does not contradict:

    - an undated post takes the page's time, as if its source had stated it now;
    - a day takes the page's time on that day;
    - another day than the list's stands in ``other_times``, flagged, and the list's goes on counting;
    - but the page's wins over a date from the post's address, one without a year, and one that lay in the future
      (SOURCES: the address is a fallback), and the list's stands in ``other_times``.

    So a day that either states is never one of which silence is proven. ``stated`` stays the list's text where it had
    one, so that the list's next visit says nothing new. What is only reported takes no time from a page.
    """
    said = replace(
        post,
        title=article.title if not post.title or is_cut(post.title, article.title) else post.title,
        page_at=at,
        page_credits=page_credits(article),
        page_mark=article.mark,
    )
    if article.stated.at is None or not believable(article.stated, at) or post.flags & UNSEEN:
        return said
    return _completed_time(said, article.stated, coverage, zone)


def _completed_time(post: Post, stated: Stated, coverage: Sequence[Span], zone: tzinfo) -> Post:
    assert stated.at is not None
    known = post.published_at
    if not believable(stated, post.seen_at):  # that of an edit: the earlier time goes on counting
        undated = known is None
        earlier = replace(post, published_at=post.seen_at, flags=post.flags | {Flag.FUTURE}) if undated else post
        return beside(earlier, stated.at, zone)
    published, suspicions = dated(stated, post.seen_at, coverage)
    flags = (post.flags - {Flag.FUTURE, Flag.BACKDATED}) | suspicions
    moved = replace(post, published_at=published, precision=stated.precision, flags=flags)
    if known is None:
        return replace(moved, stated=stated.raw, form=stated.form)
    if _day(known, zone) == _day(stated.at, zone):
        more = post.precision is Precision.DAY and stated.precision is not Precision.DAY
        return moved if more or Flag.FUTURE in post.flags else post
    return beside(moved, known, zone) if _tells_little(post) else beside(post, stated.at, zone)


def is_yearless(raw: str) -> bool:
    """Say whether a date, as it stood, has a month and a day and no year."""
    return _YEARLESS.search(raw) is not None


def is_weak(raw: str, url: str) -> bool:
    """Say whether a date, as it stood, is one without a year, or only stands in the post's address."""
    return (raw != "" and raw in url) or is_yearless(raw)


def _tells_little(post: Post) -> bool:
    """Say whether a post's time is no statement that a page could contradict."""
    return Flag.FUTURE in post.flags or is_weak(post.stated, post.url)


def checked(post: Post, article: Article, names: Names, at: datetime, zone: tzinfo) -> Checked:
    """Hold what a unit reports against the post's own page, read at ``at``: account, title and day must be the same.

    What the page contradicts is CONTRADICTED, with every contradiction; what it leaves open stays REPORTED. Another
    minute of the same day is only noted.
    """
    when = _time(post, article.stated, at, zone)
    found = (_account(article, names), _title(post, article), when)
    against = [reason for is_open, reason in found if reason and not is_open]
    left_open = [reason for is_open, reason in found if reason and is_open]
    if against:
        is_theirs = len(against) == 1 and not when[0]
        reason = "；".join(against) + "。"
        return Checked(flag=Flag.CONTRADICTED, reason=reason, at=article.stated.at if is_theirs else None)
    if left_open:
        return Checked(flag=Flag.REPORTED, reason="；".join(left_open) + "，尚不能核实。")
    return Checked(flag=Flag.CONFIRMED, reason=_other_minute(post, article.stated, zone))


def decided(post: Post, article: Article, check: Checked, zone: tzinfo) -> Post:
    """Return a reported post as its page leaves it.

    What is confirmed takes the page's time on its day. Of what is contradicted in its time alone the page's own time is
    kept beside, even on the day that was put for a time to come: on that day silence is not proven.
    """
    flags = (post.flags - CLAIMS) | {check.flag}
    if check.flag is Flag.CONTRADICTED:
        known = {_day(each, zone) for each in post.other_times}
        if check.at is None or _day(check.at, zone) in known:
            return replace(post, flags=flags)
        return replace(post, flags=flags | {Flag.RESTATED}, other_times=(*post.other_times, check.at))
    stated = article.stated
    if check.flag is Flag.CONFIRMED and stated.at is not None and _has_minute(stated.at, stated.precision, zone):
        return replace(post, flags=flags, published_at=stated.at, precision=stated.precision)
    return replace(post, flags=flags)


def _account(article: Article, names: Names) -> tuple[bool, str]:
    """Return what is wrong with the account, and whether that only leaves the question open.

    On a site that several share neither a source line nor the list of another contradicts: one page can stand in the
    columns of two, and a source is whom it was taken from. A person is told of both.
    """
    own = {plain(name) for name in names.names}
    if plain(article.account) in own - {""} or (names.is_own_site and not names.states):
        return True, ""
    if article.account:
        unlike = f"页面的发布账号为“{article.account}”，与台账登记的“{names.names[0]}”不符"
        return not names.states, unlike + _shown_by(names)
    if names.is_own_site:
        return True, ""
    source = next((each.value for each in page_credits(article) if each.kind is CreditKind.SOURCE), "")
    told = f"页面未写明发布账号，只写明来源“{source}”" if source else "页面未写明发布账号"
    return True, told + _shown_by(names)


def _shown_by(names: Names) -> str:
    return f"，该链接见于{names.shown_by}的列表" if names.shown_by else ""


def _title(post: Post, article: Article) -> tuple[bool, str]:
    if same_title(post.title, article.title):
        return True, ""
    if not plain(article.title):
        return True, "页面未写明标题"
    if not plain(post.title):
        return True, "上报中没有标题"
    return False, f"页面的标题为“{article.title}”，与上报的“{post.title}”不符"


def _time(post: Post, stated: Stated, at: datetime, zone: tzinfo) -> tuple[bool, str]:
    claimed, found = post.published_at, stated.at
    if found is None or not believable(stated, at):
        return True, "页面未写明发布时间"
    if claimed is None:
        return True, "上报中没有可读取的发布时间"
    shown = f"页面的发布时间为{_written(found, stated.precision, zone)}"
    if Flag.FUTURE in post.flags:
        return False, f"{shown}，上报的“{post.stated}”晚于上报之时"
    if _day(claimed, zone) == _day(found, zone):
        return True, ""
    return False, f"{shown}，与上报的{_written(claimed, post.precision, zone)}不符"


def _other_minute(post: Post, stated: Stated, zone: tzinfo) -> str:
    """Return a sentence where a report and its page state two times of one day, "" where they agree."""
    claimed, found = post.published_at, stated.at
    if claimed is None or found is None or abs(claimed - found) <= TOLERATED_APART:
        return ""
    if not (_has_minute(claimed, post.precision, zone) and _has_minute(found, stated.precision, zone)):
        return ""
    shown, reported = _written(found, stated.precision, zone), _written(claimed, post.precision, zone)
    return f"页面的发布时间为{shown}，上报的为{reported}，同为当日，以页面为准。"


def _has_minute(at: datetime, precision: Precision, zone: tzinfo) -> bool:
    """Say whether a time is one; midnight sharp is how tables write a day."""
    return precision is not Precision.DAY and at.astimezone(zone).time() != time()


def _written(at: datetime, precision: Precision, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    day = f"{local.year}年{local.month}月{local.day}日"
    return f"{day}{local:%H:%M}" if _has_minute(at, precision, zone) else day


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()
