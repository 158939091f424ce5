"""ZZ-01 转载未注明来源: a repost names no source."""

from collections.abc import Sequence

from monitor.case import Case
from monitor.findings import Judged, Severity, Verdict
from monitor.originality import names_nobody
from monitor.rules.rule import MOST_NAMED, Heading, Rule, by_day, everyone, posts_named
from monitor.tally import Dated
from monitor.values import Mark, Originality, Platform, Post
from monitor.wording import short_day, titled

HEADING = Heading(
    code="ZZ-01",
    category="转载未注明来源",
    severity=Severity.BULLETIN,
    advice="转载信息应当在文首或文末注明来源，请补充标注并完善转载审核。",
)

_TOLD = 2
"""The last of the steps by which a person or the platform says that a post is a repost."""

_PASSING_ON = frozenset({Platform.WEIBO, Platform.BILIBILI})
_PASSED_ON = ("weibo:", "bilibili:")  # what the keys of posts on these platforms begin with


def judge(case: Case) -> tuple[Judged, ...]:
    """Judge every post that a person or the platform calls a repost and that names nobody: no publisher, no credit.

    Only posts whose own page was read: of a list's text nobody knows whether it is whole. What is taken for a repost by
    its likeness to another post is no business of this rule; nor is what an account passes on inside its platform (转发
    of a status): the platform itself shows from whom, or that it was deleted.
    Clause: 转载信息注明来源 (X 17).
    """
    passes_on = case.account.platform in _PASSING_ON
    found = (each for each in case.in_window(case.frame.period) if _unnamed(each))
    return by_day(case, Verdict.VERIFIED, (each for each in found if not _is_passed_on(each.post, passes_on=passes_on)))


def describe(case: Case, _verdict: Verdict, judged: Sequence[Judged]) -> str:
    """Write the 问题描述."""
    year = case.frame.period.first.year
    found = case.posts_of(key for each in judged for key in each.posts)
    shown = [f"{short_day(each.day, year)}{titled(each.post)}" for each in found[:MOST_NAMED]]
    every = "均" if len(found) > 1 else ""
    return f"{posts_named(shown, len(found))}为转载信息，{every}未注明来源。"


def _unnamed(each: Dated) -> bool:
    told = each.classified.originality is Originality.REPOST and each.classified.step <= _TOLD
    return told and each.post.page_at is not None and names_nobody(each.post)


def _is_passed_on(post: Post, *, passes_on: bool) -> bool:
    """Say whether a platform calls a post a repost because it was passed on there, which is all that Weibo marks."""
    is_marked = Mark.REPOST in (post.mark, post.page_mark)
    return is_marked and (passes_on or post.key.startswith(_PASSED_ON))


RULE = Rule(heading=HEADING, binds=everyone, judge=judge, describe=describe, names_last=False, of_posts=True)
