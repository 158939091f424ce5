"""YC-03 疑似照搬照抄: near-identical to an earlier post of another organizer, without a source."""

from collections.abc import Sequence

from monitor.case import Case
from monitor.findings import Judged, Severity, Verdict
from monitor.likeness import Near
from monitor.originality import copied_from
from monitor.rules.rule import MOST_NAMED, Heading, Rule, by_day, everyone, posts_named
from monitor.tally import Dated
from monitor.wording import short_day, titled

HEADING = Heading(
    code="YC-03",
    category="疑似照搬照抄",
    severity=Severity.HINT,
    advice="转载他人信息应当注明来源；确属本单位采写的，请提供采写、审发材料。",
)


def judge(case: Case) -> tuple[Judged, ...]:
    """Judge every post that is near-identical to an earlier one of another organizer and names no source anywhere.

    Near-identical is what ``similarity`` calls so, here and where originals are told from reposts: the part of both
    texts, in percent, that the other one has too. A person decides.
    Clause: 照搬照抄 (published bulletins).
    """
    posts = case.in_window(case.frame.period)
    return by_day(case, Verdict.REVIEW, (each for each in posts if copied_from(each.classified, case.own)))


def describe(case: Case, verdict: Verdict, judged: Sequence[Judged]) -> str:
    """Write the 问题描述."""
    posts = case.posts_of(key for each in judged for key in each.posts)
    found = [(each, near) for each in posts if (near := copied_from(each.classified, case.own))]
    year = case.frame.period.first.year
    named = posts_named([_compared(each, near, year) for each, near in found[:MOST_NAMED]], len(found), "；")
    ending = "疑似照搬照抄，需人工复核" if verdict is Verdict.REVIEW else "经人工复核确认为照搬照抄"
    return f"{named}，未注明来源，{ending}。"


def _compared(each: Dated, near: Near, year: int) -> str:
    other = f"“{near.account_name}”（{near.platform}）{short_day(near.day, year)}"
    return f"{short_day(each.day, year)}{titled(each.post)}与{other}发布的信息相似度{near.percent}%"


RULE = Rule(heading=HEADING, binds=everyone, judge=judge, describe=describe, names_last=False, of_posts=True)
