"""What a finding's folder shows of its account: the heading as published, its visits, the posts in its windows."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from monitor.findings import Verdict, Window
from monitor.originality import classify, own_names
from monitor.proof import day_start
from monitor.values import Post
from monitor.visits import Visit
from reports import cells
from reports.dossier import ShownPost, ShownVisit, Version
from reports.rows import state_text
from schedules.evidence_named import published
from schedules.office import Office
from storage.accounts import account
from storage.contradictions import contradictions_of
from storage.posts import Revision, posts_between, revisions_of
from storage.said import Said


def heading_of(said: Said, office: Office) -> tuple[tuple[str, str], ...]:
    """Return label and value of a finding as it was published."""
    point = said.time_point.astimezone(office.zone)
    if (point.hour, point.minute, point.second, point.microsecond) == (0, 0, 0, 0):
        point -= timedelta(minutes=1)  # the last minute of the day that ended
    rows = (
        ("检查月份", said.month),
        ("序号", str(said.position)),
        ("账号编号", said.account_id),
        ("账号名称", said.account_name),
        ("平台", said.platform),
        ("主办单位", said.organizer),
        ("主管单位", said.account_payload.get("supervisor", "")),
        ("问题编号", said.code),
        ("问题类别", said.category),
        ("问题性质", said.severity),
        ("核实状态", said.verdict),
        ("问题描述", said.description),
        ("判定依据", said.payload.get("clause", "")),
        ("问题时段", said.windows),
        ("监测时间点", f"{point:%Y-%m-%d %H:%M}"),
        ("发现时间", _local(said.payload.get("found_at"), office.zone)),
        ("检查结果", said.result),
        ("整改建议", said.payload.get("advice", "")),
        ("整改时限", cells.day(said.due)),
        ("处置建议", said.payload.get("disposal", "")),
        ("所用办法", said.policy),
        ("检查作出时间", cells.moment(said.made_at, office.zone)),
    )
    return tuple((label, value) for label, value in rows if value)


def visits_of(visits: Sequence[Visit], said: Said) -> tuple[ShownVisit, ...]:
    """Return the visits with what each of them is for."""
    unverified = said.verdict == Verdict.UNVERIFIABLE.value

    def role(visit: Visit) -> str:
        if rests_on_posts(said):
            return "首次发现"
        return "未能采集" if unverified or visit.proof is None else "证明覆盖"

    return tuple(ShownVisit(visit=each, role=role(each)) for each in visits)


def rests_on_posts(said: Said) -> bool:
    """Say whether a finding rests on posts that were seen, and on no silence."""
    return bool(said.payload.get("seen_at"))


def posts_of(session: Session, said: Said, windows: Sequence[Window], zone: tzinfo) -> tuple[ShownPost, ...]:
    """Return the posts in the windows, and those that the finding names, as the inspection knew them.

    Of a finding that rests on posts only these. What the inspection said of each is in its own record; posts before its
    month, and those of inspections by earlier versions, are read as they were known then.
    """
    if not windows:
        return ()
    shown = _known(session, said, windows, zone)
    for each in (*said.account_payload.get("posts", ()), *filter(None, [said.payload.get("post")])):
        shown[each["key"]] = shown.get(each["key"], {}) | _said(each, zone)
    decides = {*said.payload.get("posts", ()), (said.payload.get("post") or {}).get("key")}
    of_posts = rests_on_posts(said)
    chosen = [
        (key, fields)
        for key, fields in shown.items()
        if key in decides or (not of_posts and _lies_in(fields["at"] or fields["seen_at"], windows, zone))
    ]
    chosen.sort(key=lambda each: (each[1]["at"] or each[1]["seen_at"], each[0]))
    return tuple(_shown(session, said.account_id, key, fields, zone, decides=key in decides) for key, fields in chosen)


def _known(session: Session, said: Said, windows: Sequence[Window], zone: tzinfo) -> dict[str, dict[str, Any]]:
    """Return, by key, what the store knew of the posts in the windows when the inspection was made."""
    start = day_start(min(each.first for each in windows), zone)
    end = day_start(max(each.last for each in windows) + timedelta(days=1), zone)
    known = posts_between(session, [said.account_id], start, end, said.known_at)[said.account_id]
    owner = account(session, said.account_id)
    names = None if owner is None else own_names(owner)
    reasons = contradictions_of(session, known, said.known_at)
    reasons |= {
        (said.account_id, each["key"]): each["contradiction"]
        for each in said.account_payload.get("posts", ())
        if "contradiction" in each
    }
    shown: dict[str, dict[str, Any]] = {}
    for post in known:
        classified = None if names is None else classify(post, names)
        shown[post.key] = {
            "at": post.published_at,
            "published": cells.published(post, zone),
            "seen_at": post.seen_at,
            "title": post.title,
            "url": post.url,
            "originality": "" if classified is None else classified.originality.value,
            "reason": "" if classified is None else classified.reason,
            "source": "" if classified is None else classified.source,
            "state": state_text(post, reasons.get((post.account_id, post.key), "")),
        }
    return shown


def _said(post: dict[str, Any], zone: tzinfo) -> dict[str, Any]:
    """Return what an inspection's own record says of a post."""
    at = None if post["published_at"] is None else datetime.fromisoformat(post["published_at"])
    told: dict[str, Any] = {
        name: post[name] for name in ("title", "url", "originality", "reason", "source") if name in post
    }
    seen_at = datetime.fromisoformat(post["seen_at"])
    return {**told, "at": at, "published": published(post, zone), "seen_at": seen_at}


def _shown(
    session: Session, account_id: str, key: str, fields: dict[str, Any], zone: tzinfo, *, decides: bool
) -> ShownPost:
    return ShownPost(
        key=key,
        title=fields["title"],
        url=fields["url"],
        published=fields["published"],
        seen=cells.moment(fields["seen_at"], zone),
        originality=fields.get("originality", ""),
        reason=fields.get("reason", ""),
        source=fields.get("source", ""),
        state=fields.get("state", ""),
        decides=decides,
        versions=_versions(revisions_of(session, account_id, key), zone),
    )


def _versions(revisions: Sequence[Revision], zone: tzinfo) -> tuple[Version, ...]:
    return tuple(
        Version(
            known_from=each.known_from,
            title=each.post.title,
            published=_times(each.post, [one.post.published_at for one in revisions[:at]], zone),
            text=each.text,
            page_text=each.page_text,
        )
        for at, each in enumerate(revisions)
    )


def _times(post: Post, earlier: Sequence[datetime | None], zone: tzinfo) -> str:
    """Return the time that counts, with what else was stated for it, times of earlier versions left out."""
    others = [cells.moment(each, zone) for each in post.other_times if each not in earlier]
    return cells.published(post, zone) + (f"（另载{'、'.join(others)}）" if others else "")


def _lies_in(at: datetime, windows: Sequence[Window], zone: tzinfo) -> bool:
    day = at.astimezone(zone).date()
    return any(day in each for each in windows)


def _local(said: str | None, zone: tzinfo) -> str:
    return "" if said is None else cells.moment(datetime.fromisoformat(said), zone)
