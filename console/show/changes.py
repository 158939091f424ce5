"""Printing of how a post changed: a readable difference between each version and the one before."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from difflib import SequenceMatcher, unified_diff
from itertools import pairwise

from console.show.articles import credit_words
from console.show.ink import BOLD, GREEN, RED, inked
from console.show.rows import indented
from console.show.times import minute, moment_record
from console.widths import shortened
from monitor.masking import mask
from monitor.values import Post
from reports.cells import published
from storage.posts import Revision

MOST_LINES = 12
LONGEST_LINE = 160


def change_lines(revisions: Sequence[Revision], seen_at: datetime, zone: tzinfo, limit: int | None) -> Iterator[str]:
    """Yield each version of a post, the oldest first, by what it changed; times in ``zone``."""
    yield inked(f"版本（共{len(revisions)}个）：" if len(revisions) > 1 else "版本：", BOLD)
    yield f"  {minute(seen_at, zone)} 首次看到" + ("，此后没有改动" if len(revisions) == 1 else "")
    for before, after in pairwise(revisions):
        yield f"  {minute(after.known_from, zone)} 看到改动："
        told = list(_changes(before, after, zone))
        if before.post.deleted_at is not None and after.post.deleted_at is None:
            told.append(("页面", "“已删除”", "“已恢复”"))
        for label, old, new in told:
            yield from indented(f"{label} 由 {old or '（空）'} 改为 {new or '（空）'}", limit, first="    ")
        for label, old, new in _texts(before, after):
            yield f"    {label}："
            yield from _difference(old, new, limit)


def _changes(before: Revision, after: Revision, zone: tzinfo) -> Iterator[tuple[str, str, str]]:
    """Give what differs between two versions: its name, and both values in words."""
    for label, of in (
        ("标题", lambda post: mask(post.title)),
        ("发布时间", lambda post: _time(post, zone)),
        ("作者", lambda post: mask(post.author)),
        ("发布者", lambda post: mask(post.publisher)),
        ("署名", lambda post: mask("；".join(map(credit_words, (*post.credits, *post.page_credits))))),
        ("平台标注", lambda post: post.mark.value or post.page_mark.value),
        ("状态", lambda post: "、".join(sorted(flag.value for flag in post.flags))),
        ("类型", lambda post: post.kind.value),
    ):
        old, new = of(before.post), of(after.post)
        if old != new:
            yield label, f"“{old}”" if old else "", f"“{new}”" if new else ""


def _time(post: Post, zone: tzinfo) -> str:
    when = published(post, zone) or "没有时间"
    return f"{when}（原文 {post.stated}）" if post.stated else when


def _texts(before: Revision, after: Revision) -> Iterator[tuple[str, str, str]]:
    if before.text != after.text:
        yield "列表中的正文", before.text, after.text
    if before.page_text != after.page_text and before.page_text:
        yield "信息页面的正文", before.page_text, after.page_text


def _difference(old: str, new: str, limit: int | None) -> Iterator[str]:
    shown = [line for line in _lines_of_difference(mask(old), mask(new)) if line[1:].strip()]
    for line in shown[:MOST_LINES]:
        colour, sign = (RED, "- ") if line.startswith("-") else (GREEN, "+ ")
        text = shortened(line[1:], LONGEST_LINE)
        yield from (inked(each, colour) for each in indented(text, limit, first=f"      {sign}"))
    if len(shown) > MOST_LINES:
        yield f"      ……另有{len(shown) - MOST_LINES}处改动"


def _lines_of_difference(old: str, new: str) -> list[str]:
    """Return the lines that differ, - and + in front; of one long line, the pieces that differ."""
    one, other = old.splitlines(), new.splitlines()
    if len(one) <= 1 and len(other) <= 1:
        return list(_pieces(old, new))
    return [line for line in unified_diff(one, other, n=0, lineterm="") if not line.startswith(("---", "+++", "@@"))]


def _pieces(old: str, new: str) -> Iterator[str]:
    around = 12
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        left, right = old[max(a - around, 0) : a], old[b : b + around]
        if b > a:
            yield f"-…{left}【{old[a:b]}】{right}…"
        if d > c:
            yield f"+…{left}【{new[c:d]}】{right}…"


def change_records(revisions: Sequence[Revision]) -> list[dict[str, object]]:
    """Return the versions of a post as plain values, the oldest first."""
    return [
        {
            "known_from": moment_record(each.known_from),
            "title": each.post.title,
            "url": each.post.url or None,
            "published_at": moment_record(each.post.published_at),
            "precision": each.post.precision.value,
            "stated": each.post.stated or None,
            "flags": sorted(flag.value for flag in each.post.flags),
            "text": each.text or None,
            "page_text": each.page_text or None,
        }
        for each in revisions
    ]
