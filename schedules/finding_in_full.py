"""Everything that is known of one finding under review: what is said, why, by whom, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from monitor.case import Case
from monitor.evidence import Evidence
from monitor.findings import Finding, Judgement, Verdict, Window
from monitor.frame import ONE_DAY, month_of
from monitor.originality import Classified
from monitor.rechecking import Recheck, Said
from monitor.rules import Heading
from monitor.values import Account, Post
from schedules.finding_names import CODES, FindingName, read_name
from schedules.observe import observe
from schedules.office import Office, RequestError
from schedules.reviewing import Piece, Reviewed, examined_account, pieces_of, reviewed_month
from storage.accounts import account as account_of
from storage.decisions import Made, decisions_made
from storage.entered import Noted, entered_made
from storage.rechecks import rechecks_between, rectifications_of

LATER = 12
"""So many months after its own a finding may have been looked at again."""

BEFORE = timedelta(days=31)
"""A post that might count in a window may have stated an earlier day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingInFull:
    """One finding with all that is known of it; ``account`` is None where it is no longer in the registry.

    ``findings`` are its rows, each with its evidence (None for what was dismissed); ``pieces`` its windows and posts
    one by one; ``others`` counts the windows of the rule of which nothing is to be said; ``posts`` are those that
    decide, by key; ``made`` and ``entered`` are what people decided and entered, also what was taken back;
    ``rechecks`` stand with the month whose inspection found them.
    """

    name: FindingName
    heading: Heading
    reviewed: Reviewed
    account: Account | None
    findings: tuple[tuple[Finding, Evidence | None], ...] = ()
    pieces: tuple[Piece, ...] = ()
    others: Mapping[Verdict, int] = field(default_factory=dict[Verdict, int])
    posts: Mapping[str, tuple[Post, Classified]] = field(default_factory=dict[str, tuple[Post, Classified]])
    made: tuple[Made, ...] = ()
    entered: tuple[Noted, ...] = ()
    rechecks: tuple[tuple[str, Recheck], ...] = ()
    said: tuple[Said, ...] = ()


def finding_in_full(office: Office, text: str, month: str | None) -> FindingInFull:
    """Return everything of the finding that is named so, in a month (None: the newest that was inspected).

    Raises RequestError where nothing is known by that name.
    """
    name, reviewed = read_name(text), reviewed_month(office, month)
    with office.database.read() as session:
        account = account_of(session, name.account_id)
        found = FindingInFull(
            name=name,
            heading=CODES[name.code],
            reviewed=reviewed,
            account=account,
            made=tuple(each for each in decisions_made(session, name.account_id) if _concerns(name, reviewed, each)),
            entered=tuple(each for each in entered_made(session, name.account_id) if _is_named(name, reviewed, each)),
            rechecks=_rechecks(session, name, reviewed),
            said=tuple(rectifications_of(session, name.account_id, reviewed.month, name.code)),
        )
    if account is not None:
        found = _judged(office, found)
    if not (found.findings or found.pieces or found.made or found.entered):
        if account is None:
            office.account(name.account_id)  # says what is wrong with it
        listing = f"xunjian findings list {reviewed.month} --account {name.account_id}"
        raise RequestError(f"{reviewed.month} 没有 {name} 这个问题；可用 {listing} 查看，别的月份请加 --month 年-月。")
    return found


def _judged(office: Office, found: FindingInFull) -> FindingInFull:
    """Return what is known together with what is judged by now."""
    name, reviewed = found.name, found.reviewed
    examined = examined_account(office, reviewed, name.account_id)
    judgement = examined.judgement
    evidence: list[Evidence | None] = [*examined.evidence, *(None for _ in judgement.dismissed)]
    rows = zip((*judgement.findings, *judgement.dismissed), evidence, strict=True)
    pieces = tuple(each for each in pieces_of(judgement, office.zone) if name.means(each.subject))
    return replace(
        found,
        findings=tuple((one, proof) for one, proof in rows if _is_row(name, one, pieces)),
        pieces=pieces,
        others=_others(judgement, name.code) if name.is_whole else {},
        posts=_posts(office, reviewed, pieces, name.account_id),
    )


def _is_row(name: FindingName, finding: Finding, pieces: Iterable[Piece]) -> bool:
    """Say whether a finding is what is named, or holds it."""
    if finding.code != name.code:
        return False
    if name.is_whole:
        return True
    if finding.entered is not None:
        return finding.entered.number == name.entered
    return any(
        each.verdict is finding.verdict
        and each.subject.window in finding.windows
        and (not each.subject.key or each.subject.key in finding.posts)
        for each in pieces
    )


def _others(judgement: Judgement, code: str) -> Mapping[Verdict, int]:
    judged = next((some for each, some in judgement.windows if each == code), ())
    unsaid = (Verdict.MET, Verdict.PENDING, Verdict.NOT_APPLICABLE, Verdict.UNVERIFIABLE)
    return Counter(each.verdict for each in judged if each.verdict in unsaid)


def _posts(
    office: Office, reviewed: Reviewed, pieces: Sequence[Piece], account_id: str
) -> Mapping[str, tuple[Post, Classified]]:
    """Return the posts that decide on windows, which may reach back before the month."""
    wanted = {key for each in pieces for key in each.posts}
    if not wanted:
        return {}
    frame, account = reviewed.frame, office.account(account_id)
    first = min(frame.period.first, *(each.subject.window.first for each in pieces)) - BEFORE
    with office.database.read() as session:
        seen = observe(session, [account_id], frame, None, first)[account_id]
    shown = Case(account, seen, frame).shown_in(Window(first, frame.today))
    return {each.post.key: (each.post, each.classified) for each in shown if each.post.key in wanted}


def _concerns(name: FindingName, reviewed: Reviewed, made: Made) -> bool:
    """Say whether a decision is on what is named, or on more than that."""
    subject = made.decision.subject
    if name.is_whole:
        return subject.code == name.code and subject.window.last in reviewed.frame.period
    if name.window is None or subject.key or subject.code != name.code:
        return name.means(subject)
    return subject.window.first <= name.window.first and name.window.last <= subject.window.last


def _is_named(name: FindingName, reviewed: Reviewed, noted: Noted) -> bool:
    entered = noted.entered
    if entered.code != name.code:
        return False
    return entered.number == name.entered or (name.is_whole and entered.window.last in reviewed.frame.period)


def _rechecks(session: Session, name: FindingName, reviewed: Reviewed) -> tuple[tuple[str, Recheck], ...]:
    months: list[str] = []
    last = reviewed.frame.period.last
    for _ in range(LATER):
        last = month_of(last + ONE_DAY).last
        months.append(f"{last:%Y-%m}")
    found = rechecks_between(session, [name.account_id], months)
    return tuple(
        (month, each) for month, each in found if (each.duty.month, each.duty.code) == (reviewed.month, name.code)
    )
