"""What a person decides on findings: confirmed, regraded or dismissed; all of it or nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.decisions import Decision, Reason, Ruling
from monitor.findings import Severity, Verdict
from monitor.frame import month_of
from monitor.rules.cj01 import HEADING as GAPS
from monitor.rules.cj01 import together
from schedules.choosing import chosen
from schedules.finding_names import CODES, FindingName, read_name, subject_name
from schedules.office import Office, RequestError
from schedules.reviewing import Piece, Reviewed, examined_account, reviewed_month
from schedules.staging import begin_review, tidy
from storage.decisions import DecidedError, save_decision, standing_decisions, withdraw_decision
from storage.inspected import posts_kept, reviewed_version

GRADES = (Severity.VETO, Severity.BULLETIN, Severity.HINT)
"""At these a person may confirm or enter a finding."""

REPLACED = "改判"
"""Why a decision counts no more in whose place another was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Decisions that were kept, each with the name of what it is on, and those that they replace.

    ``unproven`` are the names of what was confirmed but cannot be proven, because it was not all seen. ``unshown`` says
    by name how many posts a confirmation rests on that the inspection's files do not show: they came since, and may
    have been overlooked. ``final`` are the months of them that are final: their files say something else until they
    are corrected.
    """

    month: str
    decisions: tuple[Decision, ...]
    replaced: tuple[Decision, ...] = ()
    unproven: tuple[str, ...] = ()
    unshown: tuple[tuple[str, int], ...] = ()
    final: tuple[str, ...] = ()


def confirm(
    office: Office,
    names: Sequence[str],
    *,
    month: str | None,
    by: str,
    severity: Severity | None = None,
    note: str = "",
    replace_others: bool = False,
    now: datetime,
) -> Decided:
    """Keep that ``by`` confirmed findings, at ``severity`` (None: their rules' own).

    A whole rule means what waits for a person, else what is proven. Raises RequestError for what cannot be confirmed
    and, unless ``replace_others``, where another person's decision stands.
    """
    need(by, "--by", "作出判定的人的姓名")
    reviewed = reviewed_month(office, month)
    for name in map(read_name, names):
        if name.code == GAPS.code:
            raise RequestError(_unseen(name))
    picked = chosen(office, reviewed, names, (Verdict.REVIEW,), (Verdict.VERIFIED,), (Verdict.DISMISSED,))
    if severity is not None and any(severity is not CODES[piece.subject.code].severity for piece in picked):
        need(note, "--note", "调整问题性质的理由")
    decisions = [
        Decision(
            subject=piece.subject,
            ruling=Ruling.CONFIRMED,
            by=tidy(by),
            at=now,
            note=tidy(note),
            severity=None if severity is CODES[piece.subject.code].severity else severity,
            posts=piece.posts,
        )
        for piece in picked
    ]
    return _kept(office, reviewed, picked, decisions, replace_others=replace_others)


def regrade(
    office: Office,
    names: Sequence[str],
    *,
    month: str | None,
    by: str,
    severity: Severity,
    note: str,
    replace_others: bool = False,
    now: datetime,
) -> Decided:
    """Confirm findings at another severity, and keep why; raises what ``confirm`` raises, and without a note."""
    need(note, "--note", "调整问题性质的理由")
    return confirm(
        office, names, month=month, by=by, severity=severity, note=note, replace_others=replace_others, now=now
    )


def dismiss(
    office: Office,
    names: Sequence[str],
    *,
    month: str | None,
    by: str,
    reason: Reason,
    note: str,
    replace_others: bool = False,
    now: datetime,
) -> Decided:
    """Keep that ``by`` dismissed findings, and why; also windows that could not be verified.

    Raises RequestError without a note and, unless ``replace_others``, where another person's decision stands.
    """
    need(by, "--by", "作出判定的人的姓名")
    need(note, "--note", "排除的具体情况")
    reviewed = reviewed_month(office, month)
    open_ = (Verdict.REVIEW, Verdict.VERIFIED, Verdict.UNVERIFIABLE)
    picked = chosen(office, reviewed, names, open_, (Verdict.DISMISSED,))
    decisions = [
        Decision(
            subject=piece.subject,
            ruling=Ruling.DISMISSED,
            by=tidy(by),
            at=now,
            note=tidy(note),
            reason=reason,
            posts=piece.posts,
            unseen=piece.unseen,
        )
        for piece in picked
    ]
    return _kept(office, reviewed, picked, decisions, replace_others=replace_others)


def begin(office: Office, months: Iterable[str], by: str, now: datetime) -> tuple[str, ...]:
    """Bring inspected months under review that a decision belongs to; return those that are final already."""
    with office.database.read() as session:
        inspected = [one for each in months if (one := reviewed_version(session, each)) is not None]
    for each in inspected:
        if not each.stage.is_final:
            begin_review(office, each.month, by, now)
    return tuple(each.month for each in inspected if each.stage.is_final)


def need(given: str, option: str, what: str) -> None:
    """Raise a RequestError where an option that must be given is empty."""
    if not tidy(given):
        raise RequestError(f"{option} 不能为空；请写明{what}。")


def _kept(
    office: Office, reviewed: Reviewed, pieces: Sequence[Piece], decisions: Sequence[Decision], *, replace_others: bool
) -> Decided:
    """Keep decisions, all or none; a person's own are replaced, another's only where that is asked for."""
    replaced: list[Decision] = []
    with office.database.begin() as session:
        standing = standing_decisions(session, {each.subject.account_id for each in decisions})
        kept: list[Decision] = []
        for piece, decision in zip(pieces, decisions, strict=True):
            known = standing.get(decision.subject.account_id, ())
            before = list(_before(known, piece))
            holding = (each for each in known if piece.decision and each.number == piece.decision.number)
            for each in (*before, *holding):
                if each.by != decision.by and not replace_others:
                    raise RequestError(_decided(office, each))
            for each in before:
                withdraw_decision(session, each.number, decision.by, decision.at, REPLACED)
            replaced += before
            looked_into = together((*decision.unseen, *(day for each in before for day in each.unseen)))
            kept_as = replace(decision, unseen=looked_into)  # what was seen since is cleared by nobody else any more
            try:
                kept.append(replace(kept_as, number=save_decision(session, kept_as)))
            except DecidedError as error:
                name = subject_name(decision.subject)
                raise RequestError(f"{name} 刚刚已由他人作出判定；请用 xunjian findings show {name} 查看。") from error
    by, at = decisions[0].by, decisions[0].at
    return Decided(
        month=reviewed.month,
        decisions=tuple(kept),
        replaced=tuple({each.number: each for each in replaced}.values()),
        unproven=tuple(_unproven(office, reviewed, kept)),
        unshown=tuple(_unshown(office, reviewed, pieces, kept)),
        final=begin(office, (reviewed.month,), by, at),
    )


def _before(standing: Iterable[Decision], piece: Piece) -> Iterator[Decision]:
    """Give the decisions that a new one takes the place of: on the same post, on the same window or within it.

    Those on windows that end in another month stay: that month is another's to decide. A wider one that holds for the
    window by now stays too, for the rest of what it is on; here the new one is the newer.
    """
    wide = piece.subject
    for each in standing:
        one = each.subject
        same = (one.code, one.key) == (wide.code, wide.key)
        within = wide.window.first <= one.window.first and one.window.last <= wide.window.last
        within = within and one.window.last in month_of(wide.window.last)
        if same and (one.key or within):
            yield each


def _unproven(office: Office, reviewed: Reviewed, kept: Iterable[Decision]) -> Iterator[str]:
    """Give the names of what was confirmed and is proven all the same not, because not all of it was seen."""
    confirmed = {each.number: each for each in kept if each.ruling is Ruling.CONFIRMED}
    for account_id in dict.fromkeys(each.subject.account_id for each in confirmed.values()):
        for _, judged in examined_account(office, reviewed, account_id).judgement.windows:
            for each in judged:
                if each.verdict is not Verdict.VERIFIED and each.decision and each.decision.number in confirmed:
                    yield subject_name(each.decision.subject)


def _unshown(
    office: Office, reviewed: Reviewed, pieces: Sequence[Piece], kept: Iterable[Decision]
) -> Iterator[tuple[str, int]]:
    """Give by name how many posts in doubt were confirmed that the newest inspection's findings do not have."""
    doubted = [
        one
        for piece, one in zip(pieces, kept, strict=True)
        if one.ruling is Ruling.CONFIRMED and piece.machine is Verdict.REVIEW and one.posts
    ]
    if not doubted:
        return
    with office.database.read() as session:
        shown = posts_kept(session, reviewed.inspection.number, {one.subject.account_id for one in doubted})
    for one in doubted:
        if new := set(one.posts) - shown.get((one.subject.account_id, one.subject.code), frozenset()):
            yield subject_name(one.subject), len(new)


def _unseen(name: FindingName) -> str:
    return (
        f"{name} 是没有采集到的时段，没有看到就不能确认为问题；人工查看确有问题的，"
        "请用 xunjian findings add 录入并附佐证；人工查看没有问题的，请用 xunjian findings dismiss 排除。"
    )


def _decided(office: Office, standing: Decision) -> str:
    when = f"{standing.at.astimezone(office.zone):%Y-%m-%d %H:%M}"
    reason = f"（{standing.reason}）" if standing.reason else ""
    name = subject_name(standing.subject)
    return f"{name} 已由{standing.by}于{when}{standing.ruling}{reason}，本次没有保存任何判定；如需改判请加 --replace。"
