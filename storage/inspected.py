"""Read which inspection of a month people review, and what it says in short."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.inspections import COMPLETE, counting_inspections
from storage.models import inspection_findings, inspections
from storage.versions import Version, newest_version, version_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What tells one row of findings.csv from another: what it says, and the numbers of what people decided."""

    account_id: str
    code: str
    severity: str
    verdict: str
    windows: str
    description: str
    decisions: tuple[int, ...] = ()
    entered: int | None = None


def newest_month(session: Session) -> str | None:
    """Return the newest month (``2026-10``) that was inspected, None where none was."""
    statement = select(inspections.c.month).where(inspections.c.state == COMPLETE)
    return session.scalar(statement.order_by(inspections.c.month.desc()).limit(1))


def reviewed_version(session: Session, month: str) -> Version | None:
    """Return the inspection of ``month`` that people review: the newest version of it, final or not.

    Where every one of them looks back with an ``as_of``, that which counts; None where there is none.
    """
    if (found := newest_version(session, month)) is not None:
        return found
    numbers = counting_inspections(session, [month])
    return version_of(session, numbers[0]) if numbers else None


def findings_kept(session: Session, number: int, account_id: str | None = None) -> set[Kept]:
    """Return the findings of an inspection, of one account where it is given."""
    found = inspection_findings.c
    names = ("account_id", "code", "severity", "verdict", "windows", "description", "payload")
    statement = select(*(found[name] for name in names)).where(found.inspection_id == number)
    if account_id is not None:
        statement = statement.where(found.account_id == account_id)
    return {
        Kept(
            account_id=row.account_id,
            code=row.code,
            severity=row.severity,
            verdict=row.verdict,
            windows=row.windows,
            description=row.description,
            decisions=tuple(sorted(row.payload.get("decisions", ()))),
            entered=row.payload.get("entered"),
        )
        for row in session.execute(statement)
    }


def posts_kept(session: Session, number: int, account_ids: Collection[str]) -> dict[tuple[str, str], frozenset[str]]:
    """Return, by account and code, the keys of the posts that an inspection's findings name or lie on."""
    found = inspection_findings.c
    statement = select(found.account_id, found.code, found.payload).where(
        found.inspection_id == number, found.account_id.in_(account_ids)
    )
    posts: dict[tuple[str, str], frozenset[str]] = {}
    for account_id, code, payload in session.execute(statement):
        posts[account_id, code] = posts.get((account_id, code), frozenset()).union(payload.get("posts", ()))
    return posts
