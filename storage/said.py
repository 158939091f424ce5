"""Read back what an inspection said: one finding with its account, as it was then, and the visits that it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from monitor.visits import Visit
from storage.inspections import counting_inspections
from storage.models import finding_visits, inspection_findings, inspection_results, inspections, visits
from storage.visits import visits_between

CONTROLS = timedelta(minutes=60)
"""A control visit belongs to the proofs of its lane that were made within this time of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One row of findings.csv, by ``position`` its 序号, with what was said of its account.

    ``payload`` and ``account_payload`` are plain values; their fields depend on the version that wrote them.
    """

    inspection_id: int
    position: int
    month: str
    time_point: datetime
    as_of: datetime | None
    made_at: datetime
    policy: str
    account_id: str
    account_name: str
    organizer: str
    platform: str
    result: str
    code: str
    category: str
    severity: str
    verdict: str
    windows: str
    description: str
    due: date | None
    payload: dict[str, Any]
    account_payload: dict[str, Any]

    @property
    def known_at(self) -> datetime:
        """Up to when the inspection knew what it says."""
        return self.as_of or self.made_at


_OF_INSPECTION = ("month", "time_point", "as_of", "made_at", "policy")
_OF_FINDING = (
    *("inspection_id", "position", "account_id", "code", "category", "severity"),
    *("verdict", "windows", "description", "due", "payload"),
)
_OF_RESULT = ("account_name", "organizer", "platform", "result")


def findings_said(
    session: Session, month: str, *, account_id: str = "", code: str = "", position: int = 0
) -> list[Said]:
    """Return findings of the inspection of a month that counts, in its order; none where there is no inspection."""
    finding, result, inspection = inspection_findings.c, inspection_results.c, inspections.c
    statement = (
        select(
            *(inspection[name] for name in _OF_INSPECTION),
            *(finding[name] for name in _OF_FINDING),
            *(result[name] for name in _OF_RESULT),
            result.payload.label("account_payload"),
        )
        .join_from(inspection_findings, inspections, inspection.id == finding.inspection_id)
        .join(
            inspection_results,
            and_(result.inspection_id == finding.inspection_id, result.account_id == finding.account_id),
        )
        .where(finding.inspection_id.in_(counting_inspections(session, [month])))
        .order_by(finding.position)
    )
    if account_id:
        statement = statement.where(finding.account_id == account_id)
    if code:
        statement = statement.where(finding.code == code)
    if position:
        statement = statement.where(finding.position == position)
    return [Said(**row) for row in session.execute(statement).mappings()]


def visits_said(session: Session, said: Said) -> list[Visit]:
    """Return the visits that a finding rests on, in order of time."""
    resting = select(finding_visits.c.visit_id).where(
        finding_visits.c.inspection_id == said.inspection_id, finding_visits.c.position == said.position
    )
    ids = set(session.scalars(resting))
    bounds = select(func.min(visits.c.started_at), func.max(visits.c.ended_at)).where(visits.c.visit_id.in_(resting))
    first, last = session.execute(bounds).one()
    if first is None:
        return []
    found = visits_between(session, [said.account_id], first, last + timedelta(seconds=1))[said.account_id]
    return [each for each in found if each.visit_id in ids]


def controls_beside(session: Session, proving: Sequence[Visit]) -> list[int]:
    """Return, for each visit, the nearest visit to a control source of its lane that was made beside it; none twice."""
    if not proving:
        return []
    first = min(each.started_at for each in proving) - CONTROLS
    last = max(each.started_at for each in proving) + CONTROLS
    rows = session.execute(
        select(visits.c.visit_id, visits.c.lane, visits.c.started_at)
        .where(visits.c.account_id.is_(None), visits.c.started_at >= first, visits.c.started_at <= last)
        .order_by(visits.c.started_at, visits.c.visit_id)
    ).all()
    found: dict[int, None] = {}
    for each in proving:
        beside = [
            (abs(at - each.started_at), int(number))
            for number, lane, at in rows
            if lane == each.lane and abs(at - each.started_at) <= CONTROLS
        ]
        if beside:
            found[min(beside)[1]] = None
    return list(found)
