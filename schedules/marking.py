"""A person's decision on a post's originality, and finding the post that a person names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final

from crawler.sources.keys import is_web, normal_link, platform_key
from monitor.masking import mask
from monitor.values import Account, Correction, Originality
from schedules.office import Office, RequestError
from storage.corrections import decisions_of, save_correction
from storage.post_names import PostName, newest_names, posts_named

_LIKE: Final = 0.5  # below it the nearest post is a guess that sends people the wrong way
_MOST_NAMED: Final = 5
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A decision that was kept, the post that it is on, and the earlier decisions that it replaces."""

    account: Account
    post: PostName
    correction: Correction
    before: tuple[Correction, ...]


def mark_post(
    office: Office, name: str, originality: Originality, *, by: str, why: str, account_id: str | None, now: datetime
) -> Marked:
    """Keep that ``by`` decided on the post called ``name`` (its key or link), and why; the newest decision counts.

    Raises RequestError for an unknown or ambiguous post or account, and for an empty name or reason.
    """
    for given, option, cure in ((by, "--by", "作出判定的人的姓名"), (why, "--why", "判定的理由")):
        if not given.strip():
            raise RequestError(f"{option} 不能为空；请写明{cure}。")
    found = find_post(office, name, account_id)
    correction = Correction(originality=originality, by=by.strip(), why=why.strip(), at=now)
    with office.database.begin() as session:
        before = decisions_of(session, found.account_id, found.key)
        save_correction(session, found.account_id, found.key, correction)
    return Marked(account=office.account(found.account_id), post=found, correction=correction, before=tuple(before))


def find_post(office: Office, name: str, account_id: str | None) -> PostName:
    """Return the one post that ``name`` is a key or the link of, of ``account_id`` where that is given.

    Raises RequestError where there is none, which names the nearest, or where there are several, which names them.
    """
    wanted = name.strip()
    if not wanted:
        raise RequestError("没有写明是哪条信息；请写信息的键（见 inspection.json 或 xunjian posts list）或它的链接。")
    if account_id is not None:
        office.account(account_id)
    with office.database.read() as session:
        found = posts_named(session, _candidates(wanted), account_id)
        known = [] if found else newest_names(session, account_id)
    found = found or [each for each in known if mask(each.key) == wanted or _same_link(each.url, wanted)]
    if len(found) == 1:
        return found[0]
    raise RequestError(_several(wanted, found) if found else _none(wanted, account_id, known))


def _candidates(wanted: str) -> tuple[str, ...]:
    key = platform_key(wanted) if is_web(wanted) else ""
    return (wanted, key) if key else (wanted,)


def _same_link(url: str, wanted: str) -> bool:
    return is_web(wanted) and bool(url) and normal_link(url) == normal_link(wanted)


def _several(wanted: str, found: Sequence[PostName]) -> str:
    accounts = list(dict.fromkeys(each.account_id for each in found))
    if len(accounts) > 1:
        named = "、".join(accounts[:_MOST_NAMED]) + (f"等{len(accounts)}个" if len(accounts) > _MOST_NAMED else "")
        return f"有{len(accounts)}个账号发布过“{_short(wanted)}”：{named}；请加 --account 账号编号 指明是哪一个。"
    keys = "、".join(mask(each.key) for each in found[:_MOST_NAMED])
    return f"账号 {accounts[0]} 有{len(found)}条信息的链接都是“{_short(wanted)}”；请改写信息的键，可用的有：{keys}。"


def _none(wanted: str, account_id: str | None, known: Sequence[PostName]) -> str:
    whose = f"账号 {account_id} " if account_id is not None else ""
    near = _nearest(wanted, known)
    hint = f"最接近的是账号 {near.account_id} 的《{_short(mask(near.title))}》（{mask(near.key)}）；" if near else ""
    cure = "请用 xunjian posts list 账号编号 查看信息的键，或先采集该账号"
    return f"{whose}没有键或链接为“{_short(wanted)}”的信息；{hint}{cure}。"


def _nearest(wanted: str, known: Sequence[PostName]) -> PostName | None:
    best, found = _LIKE, None
    matcher = SequenceMatcher(b=wanted.casefold(), autojunk=False)
    for each in known:
        for name in (each.key, each.url, each.title):
            matcher.set_seq1(name.casefold())
            if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
                best, found = ratio, each
    return found


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
