"""What the inspection of a month proposes (建议处置), on what it rests, and what people have recorded since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from monitor.disposal import Disposition, Proposal, Step, proposed
from monitor.ledger import Proposed
from schedules.counting import months_before, read_month
from schedules.office import Office, RequestError
from storage.account_results import StoredResult, failed_results, results_of_account
from storage.dispositions import dispositions_of
from storage.inspected import newest_month
from storage.inspections import counting_inspections, failed_months
from storage.versions import Version, version_of

_AT_ONCE: Final = 500
_STEPS: Final = {step.value: step for step in Step}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """The steps that the inspection of a month that counts proposes, by account id."""

    inspection: Version
    found: tuple[Proposed, ...]


def proposals(office: Office, month: str | None) -> Proposals:
    """Return what is proposed by the inspection of ``month`` (``2026-10``), None: of the newest month inspected.

    Raises RequestError where it was not inspected.
    """
    with office.database.read() as session:
        name = _month(session, month)
        numbers = counting_inspections(session, [name])
        if not numbers:
            raise RequestError(f"{name} 还没有检查，没有处置建议；请先运行 xunjian inspect {name}。")
        inspection = version_of(session, numbers[0])
        failed = list(failed_results(session, inspection.number))
        found: list[Proposed] = []
        for at in range(0, len(failed), _AT_ONCE):
            found += _proposed(office, session, failed[at : at + _AT_ONCE])
    return Proposals(inspection=inspection, found=tuple(found))


def proposal_of(office: Office, session: Session, account_id: str) -> Proposed | None:
    """Return what the inspection of the newest month proposes for an account, None where it is not in it."""
    month = newest_month(session)
    if month is None:
        return None
    return next(iter(_proposed(office, session, results_of_account(session, account_id, [month]))), None)


def proposal_by(office: Office, session: Session, account_id: str, day: date) -> Proposed | None:
    """Return what the newest inspection proposed for an account whose time point was not after ``day``."""
    by_then = (
        each
        for each in results_of_account(session, account_id)
        if office.frame(read_month(each.month), each.time_point).today <= day
    )
    return next((one for said in by_then for one in _proposed(office, session, [said])), None)


def _month(session: Session, month: str | None) -> str:
    if month is not None:
        return f"{read_month(month).first:%Y-%m}"
    if (newest := newest_month(session)) is None:
        raise RequestError("还没有检查过任何月份，没有处置建议；请先运行 xunjian inspect 年-月。")
    return newest


def _proposed(office: Office, session: Session, results: Sequence[StoredResult]) -> Iterable[Proposed]:
    """Return what one inspection proposes for accounts, in the order given."""
    if not results:
        return []
    ids = [each.account_id for each in results]
    first, known_at = read_month(results[0].month).first, results[0].known_at
    earlier = failed_months(session, ids, months_before(first, office.policy.counter_months), known_at)
    then, now = dispositions_of(session, ids, known_at), dispositions_of(session, ids)
    return [
        _one(office, each, earlier, then.get(each.account_id, ()), now.get(each.account_id, ())) for each in results
    ]


def _one(
    office: Office,
    said: StoredResult,
    earlier: Mapping[str, tuple[str, ...]],
    then: Sequence[Disposition],
    now: Sequence[Disposition],
) -> Proposed:
    frame = office.frame(read_month(said.month), said.time_point)
    again = proposed(said.result, earlier.get(said.account_id, ()), then, frame)
    return Proposed(
        account_id=said.account_id,
        account_name=said.account_name,
        platform=said.platform,
        organizer=said.organizer,
        month=said.month,
        result=said.result,
        proposal=_as_said(said, again),
        since=tuple(each for each in now if each.on > frame.today or each.at > said.known_at),
    )


def _as_said(said: StoredResult, again: Proposal) -> Proposal:
    """Return a proposal as the inspection printed it; why is worked out anew, and left short where that differs."""
    if (again.text, again.months) == (said.disposal, said.basis):
        return again
    why = f"{'、'.join(said.basis)}检查不合格" if said.basis else ""
    step = _STEPS.get(said.disposal) if said.basis else None
    return Proposal(text=said.disposal, step=step, months=said.basis, why=why)
