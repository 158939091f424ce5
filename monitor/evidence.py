"""What a finding rests on: the visits and the covered stretches that prove it, or the visits that failed."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.findings import Finding, Verdict
from monitor.frame import Frame
from monitor.rules import zh05
from monitor.rules.cj01 import looked_in_vain, together
from monitor.spans import Coverage, Span, clip, contains, union
from monitor.visits import Visit

OF_REGISTRY = frozenset({zh05.HEADING.code})
"""Findings of these rest on the registry alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The evidence (佐证) of one finding.

    ``spans`` (UTC) are the covered parts of its windows, ``visits`` those that the proof rests on, or, of what could
    not be verified, those that failed in the gaps; of a finding that rests on posts, those that first saw them, and no
    spans. ``found_at`` (UTC) is when it was first known, or None.
    """

    spans: Coverage
    visits: tuple[Visit, ...]
    found_at: datetime | None


def evidence_of(finding: Finding, frame: Frame, coverage: Coverage, visits: Sequence[Visit]) -> Evidence:
    """Return what a finding rests on, of all visits from its first window on."""
    if finding.entered is not None:
        return Evidence(spans=(), visits=(), found_at=finding.entered.at)
    if finding.code in OF_REGISTRY:
        return Evidence(spans=(), visits=(), found_at=None)
    wholes = [frame.span(window) for window in together(finding.windows)]
    if finding.seen_at:
        sighted = tuple(each for each in visits if each.started_at in finding.seen_at)
        return Evidence(spans=(), visits=sighted, found_at=finding.seen_at[-1])
    spans = tuple(part for whole in wholes for part in clip(coverage, whole))
    if finding.verdict is Verdict.UNVERIFIABLE:
        looked = {id(each): each for gap in finding.gaps for each in looked_in_vain(visits, gap)}
        shown = tuple(sorted(looked.values(), key=lambda each: each.started_at))
        return Evidence(spans=spans, visits=shown, found_at=shown[-1].ended_at if shown else None)
    proving = proof_of(visits, wholes)
    return Evidence(spans=spans, visits=proving, found_at=max((each.ended_at for each in proving), default=None))


def proof_of(visits: Iterable[Visit], wholes: Sequence[Span]) -> tuple[Visit, ...]:
    """Return the visits that first proved all of ``wholes``, as few of them as are needed, in order of time.

    Where they do not prove all, those that prove most.
    """
    ordered = sorted((each for each in visits if each.proof is not None), key=lambda each: each.started_at)

    def proven(count: int) -> bool:
        found = union(each.proof for each in ordered[:count] if each.proof is not None)
        return all(contains(found, whole) for whole in wholes)

    enough = bisect_left(range(len(ordered) + 1), 1, key=lambda count: int(proven(count)))
    first = ordered[:enough]
    chosen = {id(each): each for whole in wholes for each in covering(first, whole)}
    return tuple(sorted(chosen.values(), key=lambda each: each.started_at))


def covering(visits: Sequence[Visit], whole: Span) -> tuple[Visit, ...]:
    """Return the fewest visits whose proofs cover ``whole`` from its start on, as far as they reach without a gap."""
    proofs = sorted(((visit.proof, visit) for visit in visits if visit.proof is not None), key=lambda each: each[0])
    chosen: list[Visit] = []
    at, index = whole.start, 0
    while at < whole.end:
        best: tuple[datetime, Visit] | None = None
        while index < len(proofs) and proofs[index][0].start <= at:
            proof, visit = proofs[index]
            if proof.end > at and (best is None or proof.end > best[0]):
                best = (proof.end, visit)
            index += 1
        if best is None:
            break
        at = best[0]
        chosen.append(best[1])
    return tuple(chosen)
