"""YC-02 转载多、原创少: the share of originals lies below a floor."""

from collections.abc import Sequence

from monitor.case import UNCONFIRMED, Case
from monitor.findings import Judged, Severity, Verdict
from monitor.life import in_force
from monitor.rules.rule import Heading, Rule, everyone, is_confirmed
from monitor.values import Originality

HEADING = Heading(
    code="YC-02",
    category="转载多、原创少",
    severity=Severity.HINT,
    advice="结合本单位职能增加原创信息，逐步提高原创比例。",
)


def judge(case: Case) -> tuple[Judged, ...]:
    """Judge the share of originals among the posts of the whole period; a ``floor`` of 0 judges nothing.

    It is proven where the whole period was observed and what is undetermined could not lift the share to the floor.
    A period without posts is the business of other rules.
    Clause: 逐步提高原创比例 (G 二(五)).
    """
    period, floor = case.frame.period, case.frame.rule(HEADING.code).number("floor")
    posts = case.in_window(period)
    if not floor or not posts:
        return ()
    if not in_force(case.term, period):
        return (Judged(window=period, verdict=Verdict.NOT_APPLICABLE),)
    if not case.frame.ended(period):
        return (Judged(window=period, verdict=Verdict.PENDING),)
    classes = [each.classified.originality for each in posts]
    original, unknown = classes.count(Originality.ORIGINAL), classes.count(Originality.UNDETERMINED)
    if original * 100 >= floor * len(posts):
        return (Judged(window=period, verdict=Verdict.MET, known=original),)
    maybe = case.any_post.count_doubtful(period)
    why = _why(case, unknown, maybe)
    lifted = (original + unknown + maybe) * 100 >= floor * (len(posts) + maybe)
    if lifted or not case.covered(period):
        unclear = [each.post.key for each in posts if each.classified.originality is Originality.UNDETERMINED]
        unclear += [each.post.key for each in case.any_post.to_look_at(period)]
        keys = tuple(dict.fromkeys(unclear))
        return (Judged(window=period, verdict=Verdict.REVIEW, known=original, posts=keys, why=why),)
    return (Judged(window=period, verdict=Verdict.VERIFIED, known=original),)


def describe(case: Case, verdict: Verdict, judged: Sequence[Judged]) -> str:
    """Write the 问题描述."""
    (only,) = judged
    posts, floor = case.in_window(only.window), case.frame.rule(HEADING.code).number("floor")
    reposts = sum(each.classified.originality is Originality.REPOST for each in posts)
    counted = f"本期发布信息{len(posts)}条，其中原创{only.known}条、转载{reposts}条"
    unknown = len(posts) - only.known - reposts
    counted += f"、未判定{unknown}条" if unknown else ""
    share = f"原创比例{only.known / len(posts):.1%}，低于{floor}%"
    if verdict is Verdict.REVIEW:
        return f"{counted}，{share}（{only.why}），需人工复核。"
    return f"{counted}，{share}{'，经人工复核确认' if is_confirmed(only) else ''}。"


def _why(case: Case, unknown: int, maybe: int) -> str:
    parts = [f"{unknown}条信息原创与否未判定"] if unknown else []
    parts += [f"{maybe}条信息发布时间存疑或{UNCONFIRMED}"] if maybe else []
    parts += [] if case.covered(case.frame.period) else ["本期未能完整采集"]
    return "、".join(parts)


RULE = Rule(
    heading=HEADING,
    binds=everyone,
    judge=judge,
    describe=describe,
    names_last=False,
    unproven=Verdict.REVIEW,
)
