"""YC-01 未按要求发布原创信息: at least one original post in every two weeks."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from monitor.case import Case
from monitor.findings import Judged, Severity, Verdict, Window
from monitor.frame import ONE_DAY, Frame, natural_weeks
from monitor.rules.rule import Heading, Rule, everyone, is_confirmed
from monitor.values import Originality
from monitor.wording import short_window

HEADING = Heading(
    code="YC-01",
    category="未按要求发布原创信息",
    severity=Severity.BULLETIN,
    advice="围绕本单位职能加强原创信息采写，每2周至少发布1条原创信息。",
)

_ANCHOR = date(1970, 1, 5)
"""A Monday from which fixed windows of two weeks are counted, so that every period cuts them alike."""


def judge(case: Case) -> tuple[Judged, ...]:
    """Judge every day of the period by the ``days`` local days that end with it, or fixed windows of two natural weeks.

    Days of one verdict that follow one another are one window. A window without an original begins on the day after the
    last known one, but not before the covered stretch that proves it, nor (a proven one) before a post that may be one.
    Fixed windows begin on the ``week_start`` of GX-03.
    Clause: 每2周至少发布1条原创信息 (G 二(五)).
    """
    rule = case.frame.rule(HEADING.code)
    if rule.text("mode") == "fixed":
        week_start = case.frame.rule("GX-03").number("week_start")
        fixed = fortnights(case.frame.period, week_start)
        return tuple(case.decide(window, case.originals, 1) for window in fixed)
    days = rule.number("days")
    originals, verdict = case.originals, case.verdict
    grouped = groupby(case.frame.rolling(days), key=lambda window: verdict(window, originals, 1))
    return tuple(_run(case, verdict, list(group)) for verdict, group in grouped)


def describe(case: Case, verdict: Verdict, judged: Sequence[Judged]) -> str:
    """Write the 问题描述."""
    return "；".join(_sentence(case, verdict, each) for each in judged) + "。"


def fortnights(period: Window, week_start: int) -> Iterator[Window]:
    """Give the fixed windows of two natural weeks whose last day falls in ``period``."""
    shift = timedelta(days=week_start - 1)
    for week in natural_weeks(period, week_start):
        if (week.first - shift - _ANCHOR).days // 7 % 2:
            yield Window(week.first - ONE_DAY * 7, week.last)


def _run(case: Case, verdict: Verdict, run: Sequence[Window]) -> Judged:
    """Return the days on which windows of one verdict end, one day after the other, as one window."""
    first, last = run[0].last, run[-1].last
    if verdict in (Verdict.MET, Verdict.NOT_APPLICABLE, Verdict.PENDING):
        window = Window(first, last)
        known = case.originals.count(window)
        posts = case.originals.first(run[0], known + 1) if verdict is Verdict.MET else ()
        return Judged(window=window, verdict=verdict, known=known, posts=posts)
    start = run[0].first
    proven = case.covered_since(start) if verdict is Verdict.VERIFIED else None
    previous = case.originals.last_before(first + ONE_DAY)
    begins = [proven or start, case.seen.horizon]
    begins += [previous.day + ONE_DAY] if previous else []
    begins += [case.account.opened] if case.account.opened else []
    if verdict is Verdict.VERIFIED and (doubt := case.originals.last_doubt(first)):
        begins.append(doubt + ONE_DAY)  # what may be an original ends what is proven
    window = Window(min(max(begins), first), last)
    if verdict is Verdict.REVIEW:
        return case.review(window, case.originals, window)
    return Judged(window=window, verdict=verdict)


def _sentence(case: Case, verdict: Verdict, judged: Judged) -> str:
    window = short_window(judged.window, case.frame.period.first.year)
    classes = [each.classified.originality for each in case.in_window(judged.window)]
    unknown, reposts = classes.count(Originality.UNDETERMINED), classes.count(Originality.REPOST)
    if verdict is Verdict.REVIEW:
        return (
            f"{window}发布信息{len(classes)}条，其中转载{reposts}条、未判定{unknown}条，"
            f"未见可确认的原创信息（{judged.why}），需人工复核"
        )
    if is_confirmed(judged):
        return f"{window}发布信息{len(classes)}条，经人工复核确认，未发布原创信息"
    if not classes:
        return f"{window}未发布信息，无原创信息"
    if unknown:
        return f"{window}发布信息{len(classes)}条，其中未判定{unknown}条按规定视同转载，未发布原创信息"
    return f"{window}发布信息{len(classes)}条，均为转载，未发布原创信息"


def counts_back(frame: Frame) -> int:
    """Count from the first day of the first window, be it rolling or of two natural weeks."""
    return max(frame.rule(HEADING.code).number("days"), 14)


RULE = Rule(heading=HEADING, binds=everyone, judge=judge, describe=describe, names_last=False, counts_back=counts_back)
