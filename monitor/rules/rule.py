"""What a rule is: how its findings are headed, whom it binds, how it judges and what it says."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from monitor.case import Case
from monitor.findings import Judged, Severity, Verdict, Window
from monitor.frame import Frame
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    ``binds`` says whether an account has the duty at all; ``judge`` gives every window of the case in order of time;
    ``describe`` writes the 问题描述 of the windows of one verdict (已核实 or 待复核). ``names_last`` tells whether the
    row names the last post before the silence. ``counts_back`` is how many local days before the period, or before the
    last day that has ended, the rule counts posts one by one; further back only the newest post matters to it.
    ``of_posts`` says that a finding rests on the posts that it names and on no silence: it needs no coverage.
    """

    heading: Heading
    binds: Callable[[Account], bool]
    judge: Callable[[Case], tuple[Judged, ...]]
    describe: Callable[[Case, Verdict, Sequence[Judged]], str]
    names_last: bool = True
    counts_back: Callable[[Frame], int] = _none_back
    of_posts: bool = False


def everyone(account: Account) -> bool:
    """Bind every account."""
    return bool(account.account_id)


def last_update(case: Case, judged: Judged) -> str:
    """Return the sentence that names the last known post before the end of a window, and how long silence is proven."""
    last = case.last_post(judged.window.last)
    if last is None:
        return "未采集到此前的更新信息。"
    end = judged.window.last
    seen_from, doubt = case.covered_since(end) or end, case.any_post.last_doubt(end) or last.day
    silent = (end - last.day).days
    proven = min((end - seen_from).days + 1, (end - doubt).days)
    how_long = f"已连续{silent}天未更新" if proven >= silent else f"可核实连续{proven}天未更新"
    return f"最近一次更新为{full_day(last.day)}{titled(last.post)}，{how_long}。"


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
