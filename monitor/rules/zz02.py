"""ZZ-02 稿源需核实: a repost names a source that is not on the office's list."""

from collections.abc import Sequence

from monitor.case import Case
from monitor.findings import Judged, Severity, Verdict
from monitor.originality import named_sources, unlisted
from monitor.rules.rule import MOST_NAMED, Heading, Rule, by_day, everyone, posts_named
from monitor.tally import Dated
from monitor.values import Originality
from monitor.wording import listed, short_day, titled

HEADING = Heading(
    code="ZZ-02",
    category="稿源需核实",
    severity=Severity.HINT,
    advice="核实稿源是否权威、可靠；属于规范稿源的，请补充到稿源名单。",
)


def judge(case: Case) -> tuple[Judged, ...]:
    """Judge every repost by the sources that it names; without a list of sources nothing is judged.

    A name is on the list where it, or its platform's dress (“高县发布”微信公众号), is; of several names each must be.
    Clause: 转载稿源 (X 17).
    """
    if case.frame.approved_sources is None:
        return ()
    posts = case.in_window(case.frame.period)
    return by_day(case, Verdict.REVIEW, (each for each in posts if unlisted_sources(case, each)))


def describe(case: Case, verdict: Verdict, judged: Sequence[Judged]) -> str:
    """Write the 问题描述."""
    year = case.frame.period.first.year
    found = case.posts_of(key for each in judged for key in each.posts)
    shown = [
        f"{short_day(each.day, year)}{titled(each.post)}的来源“{listed(names, MOST_NAMED, '个')}”"
        for each in found[:MOST_NAMED]
        for names in [unlisted_sources(case, each)]
    ]
    ending = "需人工核实" if verdict is Verdict.REVIEW else "经人工复核确认"
    return f"{posts_named(shown, len(found))}不在稿源名单中，{ending}。"


def unlisted_sources(case: Case, each: Dated) -> tuple[str, ...]:
    """Return the sources that a repost names and that are not on the list, each once."""
    approved = case.frame.approved_sources
    if approved is None or each.classified.originality is not Originality.REPOST:
        return ()
    return tuple(
        dict.fromkeys(
            name for value in named_sources(each.post, case.own) for name in unlisted(value, case.own, approved)
        )
    )


RULE = Rule(heading=HEADING, binds=everyone, judge=judge, describe=describe, names_last=False, of_posts=True)
