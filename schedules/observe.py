"""Read what is known of some accounts and judge them: the step that inspections and spot checks share."""

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from monitor.case import Observations
from monitor.evidence import Evidence, evidence_of
from monitor.findings import Judgement, Verdict
from monitor.frame import ONE_DAY, Frame
from monitor.judge import judge
from monitor.rechecking import Duty, Recheck, recheck
from monitor.rules import RULES
from monitor.spans import holding
from monitor.values import Account
from storage.accounts import account_ids, accounts_of
from storage.contradictions import contradictions_of
from storage.coverage import coverage_of
from storage.database import Database
from storage.decisions import standing_decisions
from storage.dispositions import dispositions_of
from storage.entered import entered_of
from storage.inspections import failed_months
from storage.likenesses import near_of
from storage.posts import latest_before, posts_between
from storage.rechecks import duties_of
from storage.visits import visits_between

LOOK_BACK = timedelta(days=400)
"""No window, and no count of months running, looks further back than this before the period."""

SLICE = 500
"""So many accounts are judged at a time, so that memory does not grow with their number."""

RECHECKED = 3
"""What was found so many months back is looked at again, unless an inspection since then has settled it."""

CLOSER = 200
"""Of so many accounts with findings the visits are read at a time: a year of visits is much."""

_SILENCE = frozenset(rule.heading.code for rule in RULES if rule.names_last)
"""Findings of these rules tell for how long there has been no post, however long ago that began."""

NO_DUTIES: Mapping[str, Sequence[Duty]] = {}

_END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One account's judgement with the evidence of its findings, in their order.

    ``contradictions`` say, by key, how posts of the period contradict what was reported of them; ``rechecks`` what
    became of the account's findings of earlier months.
    """

    judgement: Judgement
    evidence: tuple[Evidence, ...] = ()
    rechecks: tuple[Recheck, ...] = ()
    contradictions: Mapping[str, str] = field(default_factory=dict[str, str])


def judge_in_slices(
    database: Database, frame: Frame, as_of: datetime | None, months: Sequence[str]
) -> Iterator[list[Examined]]:
    """Judge every account of the registry, in its order, a slice at a time, and what became of earlier findings."""
    with database.read() as session:
        ids = account_ids(session)
    for at in range(0, len(ids), SLICE):
        with _uncollected(), database.read() as session:
            slice_ = ids[at : at + SLICE]
            duties = duties_of(session, slice_, months[:RECHECKED], frame.zone, as_of)
            some = judge_accounts(session, accounts_of(session, slice_), frame, as_of, months, duties)
        yield some
        del some  # or two slices would be held while the next one is judged


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of cyclic garbage from looking through all values again and again: a fifth of the time.

    What is judged holds no cycles; the little that the reading leaves is collected before the next slice.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def judge_accounts(
    session: Session,
    accounts: Sequence[Account],
    frame: Frame,
    as_of: datetime | None,
    months: Sequence[str],
    duties: Mapping[str, Sequence[Duty]] = NO_DUTIES,
) -> list[Examined]:
    """Judge some accounts for a frame, in the order given.

    With ``as_of`` nothing first seen after it is used. ``months`` are the earlier months of the counter window, the
    newest first; ``duties`` the findings of earlier months, by account, that are to be looked at again.
    Everything is read once for all; only accounts with findings are then looked at more closely, for their evidence.
    """
    ids = [each.account_id for each in accounts]
    seen = with_people(session, ids, observe(session, ids, frame, as_of), as_of)
    failed = failed_months(session, ids, months, as_of) if months else {}
    for account_id, some in failed.items():
        seen[account_id] = replace(seen[account_id], failed_months=some)
    further = _further(session, duties, seen, frame, as_of)
    judged = {
        each.account_id: Examined(
            judgement=judge(each, seen[each.account_id], frame),
            rechecks=tuple(
                recheck(each, further.get(each.account_id, seen[each.account_id]), frame, duty)
                for duty in duties.get(each.account_id, ())
            ),
        )
        for each in accounts
    }
    found = [one.judgement for one in judged.values() if one.judgement.findings or _has_gaps(one.judgement)]
    for at in range(0, len(found), CLOSER):
        for one in _closer(session, found[at : at + CLOSER], seen, frame, as_of):
            account_id = one.judgement.account.account_id
            judged[account_id] = replace(one, rechecks=judged[account_id].rechecks)
    return _explained(session, list(judged.values()), as_of)


def _explained(session: Session, examined: list[Examined], as_of: datetime | None) -> list[Examined]:
    """Return accounts with how their posts contradict what was reported of them: one query, and few need it."""
    shown = (post for one in examined for post, _ in one.judgement.posts if post.flags)
    found: dict[str, dict[str, str]] = {}
    for (account_id, key), why in contradictions_of(session, shown, as_of).items():
        found.setdefault(account_id, {})[key] = why
    return [
        replace(one, contradictions=found[one.judgement.account.account_id])
        if one.judgement.account.account_id in found
        else one
        for one in examined
    ]


def observe(
    session: Session, account_ids: Sequence[str], frame: Frame, as_of: datetime | None, horizon: date | None = None
) -> dict[str, Observations]:
    """Return what is known of accounts, without their visits; posts one by one from ``horizon`` on."""
    first = _horizon(frame) if horizon is None else horizon
    start, end = frame.start(first), frame.start(frame.today + ONE_DAY)
    posts = posts_between(session, account_ids, start, end, as_of)
    earlier = latest_before(session, account_ids, start, as_of)
    coverage = coverage_of(session, account_ids, frame.start(_horizon(frame)) - LOOK_BACK, end, as_of)
    near = near_of(session, account_ids, start, end, as_of, frame.zone)
    return {
        each: Observations(
            horizon=first,
            posts=tuple(posts[each]),
            earlier=tuple(earlier[each]),
            coverage=coverage[each],
            near=near.get(each, {}),
        )
        for each in account_ids
    }


def with_people(
    session: Session, account_ids: Collection[str], seen: dict[str, Observations], as_of: datetime | None
) -> dict[str, Observations]:
    """Return observations with what people decided, entered and recorded of the accounts."""
    decided = standing_decisions(session, account_ids, as_of)
    entered = entered_of(session, account_ids, as_of)
    ledgers = dispositions_of(session, account_ids, as_of)
    for each in {*decided, *entered, *ledgers}:
        seen[each] = replace(
            seen[each],
            decisions=decided.get(each, ()),
            entered=entered.get(each, ()),
            dispositions=ledgers.get(each, ()),
        )
    return seen


def _as_decided(known: Observations, before: Observations) -> Observations:
    """Return observations with what people decided, entered and recorded as it stands in others of the account."""
    return replace(
        known,
        decisions=before.decisions,
        entered=before.entered,
        dispositions=before.dispositions,
        failed_months=before.failed_months,
    )


def _horizon(frame: Frame) -> date:
    """Return the first local day whose posts any rule counts one by one; before it only the newest post matters."""
    longest = max(rule.counts_back(frame) for rule in RULES)
    return min(frame.period.first, frame.last_day) - ONE_DAY * longest


def _closer(
    session: Session,
    judgements: Sequence[Judgement],
    seen: Mapping[str, Observations],
    frame: Frame,
    as_of: datetime | None,
) -> Iterator[Examined]:
    """Give each judgement again with its evidence, made anew where older posts or the causes of gaps belong to it."""
    older = _older(session, judgements, seen, frame, as_of)
    ids = [each.account.account_id for each in judgements]
    known_of = {each: older.get(each, seen[each]) for each in ids}
    starts = {
        each.account.account_id: frame.start(
            min(
                [
                    known_of[each.account.account_id].horizon,
                    *(one.first for some in (*each.findings, *each.dismissed) for one in some.windows),
                ]
            )
        )
        for each in judgements
    }
    visits = visits_between(session, ids, min(starts.values()), _END_OF_TIME, as_of)
    for judgement in judgements:
        account = judgement.account
        start = starts[account.account_id]  # its own: what is said of it does not depend on the others
        looked = tuple(each for each in visits[account.account_id] if each.started_at >= start)
        known = replace(known_of[account.account_id], visits=looked)
        if (known.visits and _has_gaps(judgement)) or account.account_id in older:
            judgement = judge(account, known, frame)  # noqa: PLW2901 - the same judgement, closer
        evidence = tuple(evidence_of(one, frame, known.coverage, known.visits) for one in judgement.findings)
        yield Examined(judgement=judgement, evidence=evidence)


def _has_gaps(judgement: Judgement) -> bool:
    """Say whether something could not be verified, also what a person has dismissed since: it is told why."""
    return any(each.gaps for each in (*judgement.findings, *judgement.dismissed))


def _older(
    session: Session,
    judgements: Sequence[Judgement],
    seen: Mapping[str, Observations],
    frame: Frame,
    as_of: datetime | None,
) -> dict[str, Observations]:
    """Return observations with older posts of the accounts whose findings look further back than reading began.

    Their posts are then read from where the covered stretch begins, or from the earliest window.
    """
    begins = {
        judgement.account.account_id: begin
        for judgement in judgements
        for known in [seen[judgement.account.account_id]]
        if (begin := _begin(judgement, known, frame)) < known.horizon
    }
    if not begins:
        return {}
    older = observe(session, list(begins), frame, as_of, min(begins.values()))
    return {each: _as_decided(known, seen[each]) for each, known in older.items()}


def _further(
    session: Session,
    duties: Mapping[str, Sequence[Duty]],
    seen: Mapping[str, Observations],
    frame: Frame,
    as_of: datetime | None,
) -> dict[str, Observations]:
    """Return observations with the posts since an inspection whose findings nobody could settle for months."""
    begins = {account_id: min(each.since for each in some) for account_id, some in duties.items() if some}
    far = {each: begin for each, begin in begins.items() if begin < seen[each].horizon}
    if not far:
        return {}
    found = observe(session, list(far), frame, as_of, min(far.values()))
    return {each: _as_decided(known, seen[each]) for each, known in found.items()}


def _begin(judgement: Judgement, known: Observations, frame: Frame) -> date:
    """Return the first day whose posts the findings of an account may rest on or name."""
    proven = [one for one in judgement.findings if one.verdict is not Verdict.UNVERIFIABLE]
    first = min((window.first for one in proven for window in one.windows), default=known.horizon)
    if first <= known.horizon or any(one.code in _SILENCE for one in proven):
        stretch = holding(known.coverage, frame.start(known.horizon))
        return first if stretch is None else min(first, frame.day_of(stretch.start))
    return first
