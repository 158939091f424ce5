"""What a rule is: how its findings are headed, whom it binds, how it judges and what it says."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from monitor.case import Case
from monitor.decisions import Ruling
from monitor.findings import Judged, Severity, Verdict, Window
from monitor.frame import ONE_DAY, Frame
from monitor.life import in_force
from monitor.tally import Dated
from monitor.values import Account
from monitor.wording import full_day, titled

MOST_NAMED = 3
"""So many posts are named in a sentence; the rest is counted (all of them stand in posts.csv)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """How a rule's findings are headed: 问题编号, 问题类别, 问题性质, and the 整改建议 that goes along."""

    code: str
    category: str
    severity: Severity
    advice: str


def _none_back(_frame: Frame) -> int:
    return 0


def _as_they_are(_case: Case, judged: Sequence[Judged]) -> tuple[Judged, ...]:
    return tuple(judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    ``binds`` says whether an account has the duty at all; ``judge`` gives every window of the case in order of time;
    ``describe`` writes the 问题描述 of the windows of one verdict (已核实 or 待复核). ``names_last`` tells whether the
    row names the last post before the silence. ``counts_back`` is how many local days before the period, or before the
    last day that has ended, the rule counts posts one by one; further back only the newest post matters to it.
    ``of_posts`` says that a finding rests on the posts that it names and on no silence: it needs no coverage.
    Where the verdict of one window depends on others, ``alone`` judges each by itself, so that people's decisions come
    first, and ``together`` does the rest. ``unproven`` is what a window in doubt becomes that a person confirmed but
    coverage does not hold: a person can say that a doubtful post does not count, not that there was no other.
    """

    heading: Heading
    binds: Callable[[Account], bool]
    judge: Callable[[Case], tuple[Judged, ...]]
    describe: Callable[[Case, Verdict, Sequence[Judged]], str]
    names_last: bool = True
    counts_back: Callable[[Frame], int] = _none_back
    of_posts: bool = False
    alone: Callable[[Case], tuple[Judged, ...]] | None = None
    together: Callable[[Case, Sequence[Judged]], tuple[Judged, ...]] = _as_they_are
    unproven: Verdict = Verdict.UNVERIFIABLE


def everyone(account: Account) -> bool:
    """Bind every account."""
    return bool(account.account_id)


def is_confirmed(judged: Judged) -> bool:
    """Say whether a window is proven only because a person decided what had been in doubt."""
    return judged.verdict is Verdict.VERIFIED and judged.machine is Verdict.REVIEW


def confirmed_ones(judged: Sequence[Judged], shown: Callable[[Window], str]) -> str:
    """Return the words that say which of some proven windows a person has confirmed, "" where none."""
    confirmed = [shown(each.window) for each in judged if is_confirmed(each)]
    if not confirmed:
        return ""
    return f"，其中{'、'.join(confirmed)}经人工复核确认" if len(confirmed) < len(judged) else "，经人工复核确认"


def last_update(case: Case, judged: Judged) -> str:
    """Return the sentence that names the last known post before the end of a window, and how long silence is proven.

    What might count in a window that a person has confirmed does not count. Silence is not proven through an earlier
    stretch of which a person has dismissed it.
    """
    last = case.last_post(judged.window.last)
    if last is None:
        return "未采集到此前的更新信息。"
    end = judged.window.last
    doubted_until = judged.window.first - ONE_DAY if is_confirmed(judged) else end
    seen_from, doubt = case.covered_since(end) or end, case.any_post.last_doubt(doubted_until) or last.day
    excused = max(_dismissed_until(case, judged.window), default=doubt)
    silent = (end - last.day).days
    proven = min((end - seen_from).days + 1, (end - max(doubt, excused)).days)
    how_long = f"已连续{silent}天未更新" if proven >= silent else f"可核实连续{proven}天未更新"
    return f"最近一次更新为{full_day(last.day)}{titled(last.post)}，{how_long}。"


def _dismissed_until(case: Case, window: Window) -> Iterator[date]:
    """Give the last days before ``window`` of stretches of which a person has dismissed that nothing was posted.

    What had not been seen, and a person saw to be in order, is such a stretch too.
    """
    for each in case.seen.decisions:
        if each.ruling is Ruling.DISMISSED:
            for one in (each.subject.window,) if each.subject.code in SILENCE else each.unseen:
                if one.first < window.first:
                    yield min(one.last, window.first - ONE_DAY)


SILENCE = frozenset({"GX-01", "GX-02", "GX-03", "GX-05", "GX-06"})
"""Findings of these say that nothing was posted."""


def by_day(case: Case, verdict: Verdict, posts: Iterable[Dated]) -> tuple[Judged, ...]:
    """Return posts in order of time as one window a day, those on which the account had no duties left out."""
    days = ((Window(day, day), [each.post.key for each in some]) for day, some in groupby(posts, lambda each: each.day))
    return tuple(
        Judged(window=window, verdict=verdict, known=len(keys), posts=tuple(keys))
        for window, keys in days
        if in_force(case.term, window)
    )


def posts_named(shown: Sequence[str], count: int, mark: str = "、") -> str:
    """Join what is said of the first posts, and count all of them where they are more."""
    return mark.join(shown) + (f"等{count}条信息" if count > len(shown) else "")
