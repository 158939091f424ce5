"""Printing of posts: those of a month, and the whole history of one."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from console.show.articles import credit_record, credit_words
from console.show.changes import change_lines, change_records
from console.show.ink import BOLD, FAINT, YELLOW, inked
from console.show.rows import indented, labelled
from console.show.times import PRECISIONS, minute, moment_record
from console.widths import padded
from monitor.likeness import Near
from monitor.masking import mask
from monitor.originality import Classified
from monitor.values import Correction, Flag, Originality, Post
from monitor.visits import Outcome
from monitor.wording import named
from reports.cells import published
from reports.masked import masked_record
from reports.rows import state_text
from schedules.marking import Marked
from schedules.posts import History, Listed, MonthOfPosts
from storage.pages import PageKnown

WHEN_COLUMNS = 16
CLASS_COLUMNS = 6
INKS = {Originality.UNDETERMINED: YELLOW}
REPORT_WORDS = {
    Flag.REPORTED: "单位自查上报，页面尚未核实，暂不计入发布条数",
    Flag.CONFIRMED: "单位自查上报，页面已核实，计入发布条数",
    Flag.CONTRADICTED: "单位自查上报，与页面不符，不计入发布条数",
}

_CAME = {Outcome.NEW: "已读到", Outcome.GONE: "页面已不存在"}


def month_lines(found: MonthOfPosts, zone: tzinfo, limit: int | None) -> Iterator[str]:
    """Yield the posts of a month, each with its class, the reason and its key; times in ``zone``."""
    account, period = found.account, found.frame.period
    head = f"{named(account)} {account.account_id}，{period.first} 至 {period.last}，共{len(found.posts)}条信息"
    yield inked(head, BOLD)
    for number, each in enumerate(found.posts, start=1):
        yield from _listed(number, each, zone, limit)
    if not found.posts:
        yield "这个月没有采集到信息；可用 --month 指定别的月份，或先运行 xunjian collect。"
        return
    counts = {which: sum(each.classified.originality is which for each in found.posts) for which in Originality}
    yield "，".join(f"{which}{count}条" for which, count in counts.items()) + "。"


def _listed(number: int, each: Listed, zone: tzinfo, limit: int | None) -> Iterator[str]:
    post, verdict = each.post, each.classified.originality
    when = published(post, zone) or "没有时间"
    title = mask(post.title) or "（没有标题）"
    which = inked(padded(verdict.value, CLASS_COLUMNS), INKS.get(verdict, ""))
    yield from indented(
        title,
        limit,
        first=f"{number:>3} {padded(when, WHEN_COLUMNS)}  {which}  ",
    )
    state = state_text(post)
    told = (each.classified.reason, "" if state == "正常" else state)
    yield from indented(mask("；".join(filter(None, told))), limit, first="      ")
    for text in (f"键 {shown_key(post.key)}", post.url):
        yield from (inked(line, FAINT) for line in indented(text, limit, first="      ") if text)


def history_lines(found: History, zone: tzinfo, limit: int | None) -> Iterator[str]:
    """Yield all that is known of one post; times in ``zone``, lines up to ``limit`` wide."""
    post = found.post
    for label, text in _head(found, zone):
        yield from labelled(label, mask(text) if label != "链接" else text, limit)
    yield from _page(found.page, zone, limit)
    if found.decisions:
        yield ""
        yield inked("人工判定（最后一次有效）：", BOLD)
        for each in found.decisions:
            yield from indented(decision_words(each, zone), limit, first="  ")
    if found.near:
        yield ""
        yield inked("内容相近的信息：", BOLD)
        for near in found.near:
            yield from _near(near, zone, limit)
    yield ""
    yield from change_lines(found.revisions, post.seen_at, zone, limit)


def _head(found: History, zone: tzinfo) -> Iterator[tuple[str, str]]:
    post, account = found.post, found.account
    yield "标题", post.title or "（没有标题）"
    yield "所属账号", f"{account.account_id} {named(account)}，{account.organizer}"
    yield "发布时间", _published(post, zone)
    yield "首次看到", minute(post.seen_at, zone)
    yield "原创判定", class_words(found.classified)
    yield "状态", state_text(post)
    yield "自查上报", next((words for flag, words in REPORT_WORDS.items() if flag in post.flags), "")
    yield "平台标注", post.mark.value or post.page_mark.value
    yield "署名", "；".join(map(credit_words, dict.fromkeys((*post.credits, *post.page_credits))))
    yield "作者", post.author
    yield "发布者", post.publisher
    yield "类型", post.kind.value
    yield "键", shown_key(post.key)
    yield "链接", post.url


def _published(post: Post, zone: tzinfo) -> str:
    stated = f"原文“{post.stated}”（{post.form}）" if post.stated else ""
    if post.published_at is None:
        return f"没有可以识别的时间 {stated}".rstrip()
    return f"{published(post, zone)}（{PRECISIONS[post.precision]}）{stated}"


def class_words(classified: Classified) -> str:
    """Return what a post is taken for, and why."""
    return f"{classified.originality}（{classified.reason}）"


def _page(page: PageKnown | None, zone: tzinfo, limit: int | None) -> Iterator[str]:
    for label, text in _page_rows(page, zone):
        yield from labelled(label, mask(text), limit)


def _page_rows(page: PageKnown | None, zone: tzinfo) -> Iterator[tuple[str, str]]:
    if page is None or page.tried_at is None:
        yield "信息页面", "还没有打开过"
        return
    if page.read_at is not None:
        said = (f"标题《{page.title}》", f"时间“{page.stated}”" if page.stated else "", page.account_name)
        yield "信息页面", f"{minute(page.read_at, zone)} 读到：{'，'.join(filter(None, said))}，正文{len(page.text)}字"
    if page.outcome is not Outcome.NEW or page.reason:
        came = "" if page.outcome is None else _CAME.get(page.outcome, page.outcome.cause)
        yield "最近打开", f"{minute(page.tried_at, zone)} {came} {page.reason}".rstrip()
    if page.gone_at is not None:
        yield "删除证据", f"{minute(page.gone_at, zone)} 页面第一次表明已被删除；另一日再次表明，才认定为删除"


def decision_words(correction: Correction, zone: tzinfo) -> str:
    """Return a person's decision: when, who, what, why."""
    return mask(f"{minute(correction.at, zone)} {correction.by} 判定为{correction.originality}：{correction.why}")


def _near(near: Near, zone: tzinfo, limit: int | None) -> Iterator[str]:
    head = f"{near.account_id} “{near.account_name}”（{near.platform}） 相似度{near.percent}%"
    yield from indented(head, limit, first="  ")
    verdict = f"{near.originality}{f'（{near.reason}）' if near.reason else ''}"
    yield from indented(mask(f"{minute(near.published_at, zone)} 《{near.title}》 {verdict}"), limit, first="    ")
    if near.url:
        yield from indented(near.url, limit, first="    ")


def marked_lines(marked: Marked, zone: tzinfo) -> Iterator[str]:
    """Yield what a decision came to."""
    post, now = marked.post, marked.correction
    yield (
        f"已记录：账号 {post.account_id} 的《{mask(post.title)}》由 {mask(now.by)} 判定为{now.originality}，"
        f"理由：{mask(now.why)}。此后的检查都按此判定。"
    )
    if marked.before:
        last = marked.before[-1]
        yield f"此前的判定保留在记录中，不再使用：{decision_words(last, zone)}"


def shown_key(key: str) -> str:
    """Return a key as reports name it: one that holds a title has its personal numbers masked."""
    return str(masked_record(key, "key"))


def month_record(found: MonthOfPosts) -> dict[str, object]:
    """Return the posts of a month as ``--json`` prints them."""
    return {
        "account_id": found.account.account_id,
        "period": [found.frame.period.first.isoformat(), found.frame.period.last.isoformat()],
        "posts": [post_record(each.post, each.classified) for each in found.posts],
    }


def post_record(post: Post, classified: Classified) -> dict[str, object]:
    """Return a post and its class as plain values."""
    return {
        "account_id": post.account_id,
        "key": post.key,
        "title": post.title,
        "url": post.url or None,
        "published_at": moment_record(post.published_at),
        "precision": post.precision.value,
        "stated": post.stated or None,
        "form": post.form or None,
        "seen_at": moment_record(post.seen_at),
        "kind": post.kind.value,
        "originality": classified.originality.value,
        "step": classified.step,
        "reason": classified.reason,
        "source": classified.source or None,
        "mark": post.mark.value or post.page_mark.value or None,
        "author": post.author or None,
        "publisher": post.publisher or None,
        "credits": [credit_record(each) for each in dict.fromkeys((*post.credits, *post.page_credits))],
        "flags": sorted(flag.value for flag in post.flags),
        "deleted_at": moment_record(post.deleted_at),
        "correction": None if post.correction is None else _decision_record(post.correction),
    }


def history_record(found: History) -> dict[str, object]:
    """Return all that is known of one post as ``--json`` prints it."""
    return {
        **post_record(found.post, found.classified),
        "decisions": [_decision_record(each) for each in found.decisions],
        "page": None if found.page is None else _page_record(found.page),
        "near": [_near_record(each) for each in found.near],
        "revisions": change_records(found.revisions),
    }


def _decision_record(correction: Correction) -> dict[str, object]:
    return {
        "originality": correction.originality.value,
        "by": mask(correction.by),
        "why": mask(correction.why),
        "at": moment_record(correction.at),
    }


def _page_record(page: PageKnown) -> dict[str, object]:
    times: dict[str, datetime | None] = {
        "tried_at": page.tried_at,
        "read_at": page.read_at,
        "due_at": page.due_at,
        "first_proof_of_deletion": page.gone_at,
        "published_at": page.published_at,
    }
    return {
        **{name: moment_record(at) for name, at in times.items()},
        "outcome": None if page.outcome is None else page.outcome.value,
        "reason": page.reason or None,
        "status": page.status,
        "final_url": page.final_url or None,
        "title": page.title or None,
        "stated": page.stated or None,
        "account_name": page.account_name or None,
        "author": page.author or None,
        "publisher": page.publisher or None,
        "text": page.text or None,
    }


def _near_record(near: Near) -> dict[str, object]:
    return {
        "account_id": near.account_id,
        "key": near.key,
        "title": near.title,
        "url": near.url or None,
        "published_at": moment_record(near.published_at),
        "similarity": near.similarity,
        "originality": near.originality.value,
        "reason": near.reason or None,
    }
