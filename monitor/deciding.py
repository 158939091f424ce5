"""A rule's windows as it judges them and as people have decided on them (复核)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from monitor.case import Case
from monitor.decisions import Decision, applies, cleared, ruled
from monitor.findings import Judged, Verdict
from monitor.rules import RULES, cj01
from monitor.rules.rule import Rule
from monitor.wording import short_window

_OF_POSTS = frozenset(rule.heading.code for rule in RULES if rule.of_posts)


def judged_by(rule: Rule, case: Case) -> tuple[Judged, ...]:
    """Return a rule's windows, in its order, with what people decided on them and on what could not be verified."""
    codes = (rule.heading.code, cj01.HEADING.code)
    if not any(each.subject.code in codes for each in case.seen.decisions):
        return rule.judge(case)
    alone = (rule.alone or rule.judge)(case)
    return rule.together(case, [one for each in alone for one in reviewed(case, rule, each)])


def reviewed(case: Case, rule: Rule, judged: Judged) -> Iterator[Judged]:
    """Give a window of a rule as people decided on it; more than one where they decided on single posts of it."""
    own = [each for each in case.seen.decisions if each.subject.code == rule.heading.code]
    found = ruled([judged], own, of_posts=rule.of_posts) if judged.verdict is not Verdict.UNVERIFIABLE else (judged,)
    unseen = [each for each in case.seen.decisions if each.subject.code == cj01.HEADING.code]
    for each in (_partly_cleared(case, rule, _backed(case, rule, one)) for one in found):
        if each.verdict is Verdict.UNVERIFIABLE:
            yield from ruled([each], unseen, of_posts=False)
        else:
            yield each


def orphans(case: Case, windows: Iterable[tuple[str, Sequence[Judged]]]) -> Iterator[Decision]:
    """Give the decisions on windows and posts of the period that hold for nothing that is found by now.

    One that holds is none of them where a newer one, which holds as well, is used in its place; nor is one that leaves
    a window to a person, because it cleared a part of it.
    """
    known = [(code, each) for code, judged in windows for each in judged]
    decided = [each for _, each in known if each.decision is not None]
    used = {id(each.decision) for each in decided}
    left = [(code, each.window) for code, each in known if each.machine and each.decision is None]
    used |= {id(one) for code, window in left for one, _ in cleared(case.seen.decisions, code, window)}
    for decision in case.seen.decisions:
        unused = decision.subject.window.last in case.frame.period and id(decision) not in used
        if unused and not any(_overridden(decision, each) for each in decided):
            yield decision


def _overridden(decision: Decision, judged: Judged) -> bool:
    """Say whether a decision holds for a window that another one of its code has decided."""
    code = decision.subject.code
    same = judged.decision is not None and judged.decision.subject.code == code
    was = replace(judged, verdict=judged.machine or judged.verdict)
    return same and applies(decision, was, of_posts=code in _OF_POSTS)


def _partly_cleared(case: Case, rule: Rule, judged: Judged) -> Judged:
    """Leave a window to a person that was cleared, or a part of it: what was cleared must not accuse again.

    It may have grown beyond what was dismissed or made a mere hint, or has been seen since a person cleared its gap.
    """
    if rule.of_posts or not judged.accuses:
        return judged
    windows = {one for _, one in cleared(case.seen.decisions, rule.heading.code, judged.window)}
    if not windows:
        return judged
    days = "、".join(short_window(each, judged.window.last.year) for each in sorted(windows))
    why = f"{days}此前经人工复核排除或者改为提示"
    return replace(judged, verdict=Verdict.REVIEW, why=why, decision=None, machine=judged.machine or judged.verdict)


def _backed(case: Case, rule: Rule, judged: Judged) -> Judged:
    """Let a confirmation prove nothing where other posts may have been missed."""
    confirmed = judged.verdict is Verdict.VERIFIED and judged.machine is Verdict.REVIEW
    if not confirmed or rule.of_posts or case.covered(judged.window):
        return judged
    return replace(judged, verdict=rule.unproven)
