"""What is known of an account's posts: those of a month, and the whole history of one."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from monitor.case import Case
from monitor.frame import Frame
from monitor.likeness import Near
from monitor.originality import Classified, classify, own_names
from monitor.values import Account, Correction, Post
from schedules.inspect import frame_of
from schedules.marking import find_post
from schedules.observe import observe
from schedules.office import Office
from storage.corrections import decisions_of
from storage.pages import PageKnown, page_of
from storage.posts import Revision, revisions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One post and what it is taken for."""

    post: Post
    classified: Classified


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfPosts:
    """The posts of one account in one month, as posts.csv would have them."""

    account: Account
    frame: Frame
    posts: tuple[Listed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One post with all that is known of it.

    ``revisions`` are its versions, the oldest first; ``decisions`` a person's, the oldest first; ``near`` the
    near-identical posts of other accounts; ``page`` is None where its own page was never asked for.
    """

    account: Account
    post: Post
    classified: Classified
    revisions: tuple[Revision, ...]
    decisions: tuple[Correction, ...] = ()
    near: tuple[Near, ...] = ()
    page: PageKnown | None = None


def posts_of_month(office: Office, account_id: str, month: str | None, *, now: datetime) -> MonthOfPosts:
    """Return the posts of an account in ``month`` (``2026-10``), None: the running one, classified as of now.

    Raises RequestError for an unknown account and for a month that has not begun.
    """
    account = office.account(account_id)
    frame = frame_of(office, month or _month(office, now), now=now, as_of=None)
    with office.database.read() as session:
        case, _ = _case(session, account, frame)
    shown = case.shown_in(frame.period)
    return MonthOfPosts(
        account=account,
        frame=frame,
        posts=tuple(Listed(post=each.post, classified=each.classified) for each in shown),
    )


def history_of(office: Office, name: str, account_id: str | None, *, now: datetime) -> History:
    """Return everything that is known of the post called ``name``, its key or its link.

    Raises RequestError where none or several are called so.
    """
    found = find_post(office, name, account_id)
    account = office.account(found.account_id)
    with office.database.read() as session:
        revisions = revisions_of(session, found.account_id, found.key)
        decisions = decisions_of(session, found.account_id, found.key)
        page = page_of(session, found.account_id, found.key)
        newest = revisions[-1].post
        at = newest.published_at or newest.seen_at
        case, near = _case(session, account, frame_of(office, _month(office, at), now=now, as_of=None))
    post = replace(newest, correction=decisions[-1] if decisions else None)
    shown = {each.post.key: each for each in case.shown_in(case.frame.period)}
    judged = shown.get(found.key)
    return History(
        account=account,
        post=post if judged is None else judged.post,
        classified=classify(post, own_names(account)) if judged is None else judged.classified,
        revisions=tuple(revisions),
        decisions=tuple(decisions),
        near=near.get(found.key, ()),
        page=page,
    )


def _case(session: Session, account: Account, frame: Frame) -> tuple[Case, dict[str, tuple[Near, ...]]]:
    seen = observe(session, [account.account_id], frame, None)[account.account_id]
    return Case(account, seen, frame), dict(seen.near)


def _month(office: Office, at: datetime) -> str:
    return f"{at.astimezone(office.zone):%Y-%m}"
