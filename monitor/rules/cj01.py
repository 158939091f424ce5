"""CJ-01 未能核验: one row per account with every window that could not be judged, and why."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from monitor.case import Case
from monitor.findings import Severity, Window
from monitor.rules.rule import Heading
from monitor.spans import Coverage, Span, gaps, union
from monitor.visits import Visit
from monitor.wording import listed, short_moment, short_window

HEADING = Heading(
    code="CJ-01",
    category="未能核验",
    severity=Severity.UNVERIFIED,
    advice="排除采集障碍后重新采集，或由人工登录平台核查；核查前不作未更新认定。",
)

NO_VISIT = "无采集记录"
NO_SOURCE = "未登记采集地址"

_MOST = 3
"""So many gaps and windows are spelled out in a sentence; the rest is counted (all of them stand in the cells)."""


def open_gaps(case: Case, windows: Iterable[Window]) -> Coverage:
    """Return the uncovered moments within ``windows``, up to the time point."""
    spans = union(case.frame.span(window) for window in windows)
    ended = (span for span in spans if span.start < case.frame.time_point)
    until = case.frame.time_point
    return union(gap for each in ended for gap in gaps(case.seen.coverage, Span(each.start, min(each.end, until))))


def cause_of(case: Case, gap: Span) -> str:
    """Return why nothing is proven in ``gap``: the outcomes of the visits in it, the most frequent first, or none."""
    if not case.account.addresses and not case.seen.visits:
        return NO_SOURCE
    causes = Counter(visit.cause for visit in looked_in_vain(case.seen.visits, gap))
    return "、".join(cause for cause, _ in causes.most_common(2)) or NO_VISIT


def looked_in_vain(visits: Sequence[Visit], gap: Span) -> tuple[Visit, ...]:
    """Return the visits that tell why ``gap`` is one, in order of time.

    Those that failed in it; else the first good one, in it or behind it, whose list did not reach back; else those
    behind it that failed, and so could not reach back either.
    """
    ordered = sorted((each for each in visits if each.started_at >= gap.start), key=lambda each: each.started_at)
    if failed := [each for each in ordered if not each.outcome.proves and each.started_at <= gap.end]:
        return tuple(failed)
    short = [each for each in ordered if each.outcome.proves and (each.proof is None or each.started_at >= gap.end)]
    return tuple(short[:1] or (each for each in ordered if not each.outcome.proves))


def describe(case: Case, windows: Sequence[Window], found: Coverage) -> str:
    """Write the 问题描述: the gaps with their causes, then what is not judged."""
    year = case.frame.period.first.year
    by_cause: dict[str, list[str]] = {}
    for gap in found:
        first, last = (_local(case, moment) for moment in (gap.start, gap.end))
        shown = f"{short_moment(_hour_down(first), year)}至{short_moment(_hour_up(last), year)}"
        by_cause.setdefault(cause_of(case, gap), []).append(shown)
    whys = "；".join(f"{listed(shown, _MOST, '段')}因{cause}未能完整采集" for cause, shown in by_cause.items())
    merged = [short_window(window, year) for window in together(windows)]
    return f"{whys}，{listed(merged, _MOST, '段')}本期不作判定。"


def together(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Merge windows that overlap or follow one another."""
    merged: list[Window] = []
    for window in sorted(windows):
        if merged and merged[-1].touches(window):
            merged[-1] = Window(merged[-1].first, max(merged[-1].last, window.last))
        else:
            merged.append(window)
    return tuple(merged)


def _local(case: Case, moment: datetime) -> datetime:
    return moment.astimezone(case.frame.zone)


def _hour_down(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _hour_up(moment: datetime) -> datetime:
    down = _hour_down(moment)
    return down if down == moment else down + timedelta(hours=1)
