"""What people decide on findings (复核), what they enter by hand, and where a decision applies."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from monitor.findings import Judged, Severity, Verdict, Window
from monitor.frame import month_of


class Ruling(StrEnum):
    """What was decided on a finding; a finding is regraded by confirming it at another severity."""

    CONFIRMED = "确认"
    DISMISSED = "排除"


class Reason(StrEnum):
    """Why a finding was dismissed."""

    POSTED = "实际已发布"
    EXEMPT = "经批准免于要求"
    OUTAGE = "平台或系统故障"
    MISREAD = "采集或判定有误"
    CHECKED = "人工核验无问题"
    OTHER = "其他"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a decision is on: one window, or one post, of one rule and account.

    ``key`` is the post's, "" where the window itself is meant; of a post ``window`` is the day on which it counted.
    """

    account_id: str
    code: str
    window: Window
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's decision; it outlives every re-run.

    ``posts`` are the keys of the posts that the person was shown as what decides; ``severity`` is the one at which a
    finding was confirmed, None for its rule's own; ``reason`` is set where it was dismissed; ``number`` is 0 until it
    is kept. ``unseen`` are, where it is on what could not be verified (CJ-01), the days of it that were not all seen.
    """

    subject: Subject
    ruling: Ruling
    by: str
    at: datetime
    note: str = ""
    severity: Severity | None = None
    reason: Reason | None = None
    posts: tuple[str, ...] = ()
    number: int = 0
    unseen: tuple[Window, ...] = ()

    @property
    def clears(self) -> bool:
        """Whether what it is on makes no account 不合格: it was dismissed, or made a mere hint."""
        return self.ruling is Ruling.DISMISSED or self.severity is Severity.HINT


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A finding that a person entered, with the names of the files that prove it.

    ``url`` and ``title`` are those of a post that it is about, or "".
    """

    number: int
    account_id: str
    code: str
    severity: Severity
    window: Window
    description: str
    by: str
    at: datetime
    url: str = ""
    title: str = ""
    attachments: tuple[str, ...] = ()


def ruled(judged: Sequence[Judged], decisions: Iterable[Decision], *, of_posts: bool) -> tuple[Judged, ...]:
    """Return windows as people decided on them; ``of_posts`` as the rule has it.

    Where a rule judges posts, each post that was decided on gets a window of its own.
    """
    known = list(decisions)
    if not known:
        return tuple(judged)
    apart = [one for each in judged for one in (_posts_apart(each, known) if of_posts else (each,))]
    return tuple(_ruled(each, [one for one in known if applies(one, each, of_posts=of_posts)]) for each in apart)


def applies(decision: Decision, judged: Judged, *, of_posts: bool = False) -> bool:
    """Say whether a decision holds for a window as it is judged by now; ``of_posts`` as the rule has it.

    A window that shrank stays decided on, one that grew does not: nobody has looked at the rest. Nor does it hold for
    windows that end in another month, which somebody else answers for and which may be final. A confirmation turns
    nothing that is met or unseen into a finding, and holds only while everything that decides was seen by the person;
    so does any decision on a window of posts, of which each is a problem of its own.
    """
    if not _is_of(decision.subject, judged):
        return False
    was_seen = bool(decision.subject.key) or set(judged.posts) <= set(decision.posts)
    if of_posts and not was_seen:
        return False
    if decision.ruling is Ruling.DISMISSED:
        return judged.verdict in (Verdict.VERIFIED, Verdict.REVIEW, Verdict.UNVERIFIABLE)
    if judged.verdict is Verdict.REVIEW:
        return was_seen
    return judged.verdict is Verdict.VERIFIED


def cleared(
    decisions: Iterable[Decision], code: str, window: Window, *, also: Iterable[str] = ()
) -> Iterator[tuple[Decision, Window]]:
    """Give what people cleared of days in ``window`` as a rule of ``code`` judges them: the decisions, with those days.

    Cleared is what was found there by this rule, or by those of ``also``, and what had not been seen when a person
    looked into it. It counts no more where a person has confirmed since, in this month or before, what the rule found.
    """
    known = [each for each in decisions if not each.subject.key]
    confirmed = [
        each
        for each in known
        if each.subject.code == code and not each.clears and each.subject.window.last <= month_of(window.last).last
    ]
    codes = {code, *also}
    for each in known:
        for one in ((each.subject.window,) if each.subject.code in codes else each.unseen) if each.clears else ():
            if not one.overlaps(window):
                continue
            part = Window(max(one.first, window.first), min(one.last, window.last))
            if not any(by.number > each.number and _holds(by.subject.window, part) for by in confirmed):
                yield each, part


def _holds(wide: Window, narrow: Window) -> bool:
    return wide.first <= narrow.first and narrow.last <= wide.last


def _is_of(subject: Subject, judged: Judged) -> bool:
    if subject.key:
        return judged.posts == (subject.key,)
    return _holds(subject.window, judged.window) and subject.window.last in month_of(judged.window.last)


def _ruled(judged: Judged, decisions: Sequence[Decision]) -> Judged:
    if not decisions:
        return judged
    decision = max(decisions, key=lambda each: (each.number, each.at))  # clocks go wrong, numbers never
    verdict = Verdict.DISMISSED if decision.ruling is Ruling.DISMISSED else Verdict.VERIFIED
    return replace(judged, verdict=verdict, decision=decision, machine=judged.verdict)


def _posts_apart(judged: Judged, decisions: Iterable[Decision]) -> Iterable[Judged]:
    decided = {key for each in decisions for key in (each.subject.key, *each.posts)}
    alone = [key for key in judged.posts if key in decided]
    if not alone or len(judged.posts) == 1:
        yield judged
        return
    for key in alone:
        yield replace(judged, posts=(key,), known=1)
    if rest := tuple(key for key in judged.posts if key not in decided):
        yield replace(judged, posts=rest, known=len(rest))
