"""The findings of a month under review (复核): as they are judged by now, with what people decided on them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum

from sqlalchemy.orm import Session

from monitor.decisions import Decision, Subject
from monitor.findings import Finding, Judged, Judgement, Verdict, Window
from monitor.frame import Frame
from monitor.rules import RULES
from monitor.rules.cj01 import HEADING as GAPS
from monitor.rules.cj01 import together
from monitor.values import Account
from monitor.wording import joined
from schedules.counting import months_before, read_month
from schedules.finding_names import CODES, FindingName, entered_name, subject_name
from schedules.observe import Examined, judge_accounts, judge_in_slices
from schedules.office import Office, RequestError
from storage.accounts import account_ids, accounts_of
from storage.decisions import standing_decisions
from storage.inspected import Kept, findings_kept, newest_month, reviewed_version
from storage.versions import Version

_OF_POSTS = frozenset(rule.heading.code for rule in RULES if rule.of_posts)
_STANDING = (Verdict.VERIFIED, Verdict.REVIEW)


class State(StrEnum):
    """What is known of a finding, or that a decision holds for nothing any more."""

    REVIEW = "待复核"
    VERIFIED = "已核实"
    UNVERIFIABLE = "未能核验"
    DISMISSED = "已排除"
    ORPHANED = "孤立"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A month that was inspected: its newest version, and the frame in which that was judged."""

    inspection: Version
    frame: Frame

    @property
    def month(self) -> str:
        """The month, ``2026-10``."""
        return self.inspection.month


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One window or post that a decision can be on, as it is judged by now.

    ``machine`` is the verdict that nobody's ``decision`` has changed; ``codes`` are the rules that it belongs to: of a
    window that could not be verified there may be several, and ``unseen`` are the days of it that were not all seen.
    """

    subject: Subject
    verdict: Verdict
    machine: Verdict
    posts: tuple[str, ...]
    why: str
    decision: Decision | None
    codes: tuple[str, ...]
    unseen: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One finding as it is listed, or one decision that holds for nothing; ``account`` is None where it has gone."""

    name: str
    account_id: str
    account: Account | None
    code: str
    state: State
    decisions: tuple[Decision, ...]
    finding: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfFindings:
    """The findings of a month; ``is_written`` says that the files of its inspection say the same."""

    reviewed: Reviewed
    findings: tuple[Listed, ...]
    is_written: bool


def reviewed_month(office: Office, month: str | None) -> Reviewed:
    """Return the month (``2026-10``; None: the newest that was inspected); RequestError where it was not inspected."""
    name = None if month is None else f"{read_month(month).first:%Y-%m}"
    with office.database.read() as session:
        name = name or newest_month(session)
        if name is None:
            raise RequestError("还没有检查过任何月份；请先运行 xunjian inspect 年-月。")
        found = reviewed_version(session, name)
    if found is None:
        raise RequestError(f"{name} 还没有检查过；请先运行 xunjian inspect {name}。")
    return Reviewed(inspection=found, frame=office.frame(read_month(name), found.time_point))


def list_findings(
    office: Office, month: str | None, *, account_id: str | None = None, code: str | None = None, state: State | None
) -> MonthOfFindings:
    """Return the findings of a month as they are judged by now, in the order of the registry; what matches nothing too.

    Raises RequestError where the month was not inspected or nothing is known of the account.
    """
    reviewed = reviewed_month(office, month)
    known: set[str] = set()
    found: list[Listed] = []
    rows: set[Kept] = set()
    for some in _examined(office, reviewed, account_id):
        for each in some:
            known.add(each.judgement.account.account_id)
            rows.update(map(_row, each.judgement.findings))
            found.extend(_listed(each.judgement))
    with office.database.read() as session:
        found += _ownerless(session, reviewed.frame, known, account_id)
        kept = findings_kept(session, reviewed.inspection.number, account_id)
    if account_id is not None and not known and not found:
        office.account(account_id)  # says what is wrong with it
    return MonthOfFindings(
        reviewed=reviewed,
        findings=tuple(each for each in found if code in (None, each.code) and state in (None, each.state)),
        is_written=kept == rows,
    )


def examined_account(office: Office, reviewed: Reviewed, account_id: str) -> Examined:
    """Return an account judged anew for a month, with what people decided by now; RequestError for an unknown one."""
    office.account(account_id)
    return next(_examined(office, reviewed, account_id))[0]


def pieces_of(judgement: Judgement, zone: tzinfo) -> list[Piece]:
    """Return everything of an account that a decision can be on, in the order of the report and of time."""
    found: dict[Subject, Piece] = {}
    unseen = _unseen_days(judgement, zone)
    for code, judged in judgement.windows:
        for each in judged:
            for piece in _pieces(judgement.account.account_id, code, each):
                before = found.get(piece.subject)
                codes = (*before.codes, *piece.codes) if before is not None else piece.codes
                days = tuple(_within(unseen, piece.subject.window)) if piece.subject.code == GAPS.code else ()
                found[piece.subject] = replace(piece, codes=tuple(dict.fromkeys(codes)), unseen=days)
    order = {code: at for at, code in enumerate(CODES)}
    return sorted(found.values(), key=lambda each: (order[each.subject.code], each.subject.window))


def _unseen_days(judgement: Judgement, zone: tzinfo) -> tuple[Window, ...]:
    """Return the local days that were not all seen, of all windows that could not be verified."""
    gaps = [gap for each in (*judgement.findings, *judgement.dismissed) for gap in each.gaps]
    ends = ((gap.start.astimezone(zone), (gap.end - datetime.resolution).astimezone(zone)) for gap in gaps)
    return together(Window(first.date(), last.date()) for first, last in ends)


def _within(days: Iterable[Window], window: Window) -> Iterator[Window]:
    for each in days:
        if each.overlaps(window):
            yield Window(max(each.first, window.first), min(each.last, window.last))


def _examined(office: Office, reviewed: Reviewed, account_id: str | None) -> Iterator[list[Examined]]:
    frame = reviewed.frame
    months = months_before(frame.period.first, office.policy.counter_months)
    if account_id is None:
        yield from judge_in_slices(office.database, frame, None, months)
        return
    with office.database.read() as session:
        yield judge_accounts(session, accounts_of(session, [account_id]), frame, None, months)


def _pieces(account_id: str, code: str, judged: Judged) -> Iterator[Piece]:
    machine = judged.machine or judged.verdict
    if Verdict.UNVERIFIABLE in (machine, judged.verdict):  # also what was confirmed although it was not all seen
        yield _piece(account_id, GAPS.code, code, judged, "")
    elif machine in _STANDING:
        for key in (judged.posts if code in _OF_POSTS else ()) or ("",):
            yield _piece(account_id, code, code, judged, key)


def _piece(account_id: str, code: str, rule: str, judged: Judged, key: str) -> Piece:
    return Piece(
        subject=Subject(account_id=account_id, code=code, window=judged.window, key=key),
        verdict=judged.verdict,
        machine=judged.machine or judged.verdict,
        posts=(key,) if key else judged.posts,
        why=judged.why,
        decision=judged.decision if judged.decision and judged.decision.subject.code == code else None,
        codes=(rule,),
    )


def _listed(judgement: Judgement) -> Iterator[Listed]:
    account = judgement.account
    for finding in (*judgement.findings, *judgement.dismissed):
        whole = FindingName(account_id=account.account_id, code=finding.code)
        yield Listed(
            name=entered_name(finding.entered) if finding.entered else str(whole),
            account_id=account.account_id,
            account=account,
            code=finding.code,
            state=State(finding.verdict.value),
            decisions=finding.decisions,
            finding=finding,
        )
    yield from (_orphan(each, account) for each in judgement.orphans)


def _ownerless(session: Session, frame: Frame, known: Iterable[str], account_id: str | None) -> Iterator[Listed]:
    """Give the decisions on windows of the month of accounts that are no longer in the registry."""
    registered = {*known, *account_ids(session)}
    wanted = None if account_id is None else [account_id]
    for owner, some in sorted(standing_decisions(session, wanted).items()):
        if owner not in registered:
            yield from (_orphan(each, None) for each in some if each.subject.window.last in frame.period)


def _orphan(decision: Decision, account: Account | None) -> Listed:
    subject = decision.subject
    return Listed(
        name=subject_name(subject),
        account_id=subject.account_id,
        account=account,
        code=subject.code,
        state=State.ORPHANED,
        decisions=(decision,),
    )


def _row(finding: Finding) -> Kept:
    return Kept(
        account_id=finding.account_id,
        code=finding.code,
        severity=finding.severity.value,
        verdict=finding.verdict.value,
        windows=joined(finding.windows),
        description=finding.description,
        decisions=tuple(sorted(each.number for each in finding.decisions)),
        entered=finding.entered.number if finding.entered else None,
    )
