"""Originality: whether a post is the account's own (原创) or a repost (转载), and by which mark."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from monitor.values import Account, Correction, Credit, CreditKind, CreditPlace, Mark, Originality, Post

WE = (
    *("本网", "本网站", "本网讯", "本站", "本站讯", "本报", "本报讯", "本刊", "本台"),
    *("本公众号", "本微信公众号", "本微博", "本单位", "本号", "本账号", "本平台", "原创"),
)
"""Words by which a page credits itself."""

_AROUND = re.compile(r"""[\s"'“”‘’「」『』《》〈〉【】\[\]()@#*·]+""")
_PLATFORM = (
    r"(?:政务新媒体|政务微信|政务微博|官方微信公众号|官方公众号|官方微信|官方微博|官方网站|官方账号|微信公众号|微信公众平台|微信订阅号|"
    r"微信视频号|公众号|订阅号|视频号|微信|微博|抖音号|抖音|快手号|快手|头条号|今日头条|百家号|小红书|门户网站|官网|官微|网站|移动客户端|客户端|app)"
)
_PLATFORM_FIRST = re.compile(rf"{_PLATFORM}:?")
_PLATFORM_LAST = re.compile(rf"(?:{_PLATFORM}|原创|综合|整理|编辑部)$")
_PARTS = re.compile(r"[、,，;；/／|｜丨&＆+＋\s]+|(?<=\w)[-—–－]+(?=\w)")
_NOBODY = re.compile(r"未知|不详|不明|暂无|无|佚名|其他|[\s._…-]*|[a-z]+://.*|[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)

_SHORTEST = 2  # letters that a name keeps when its platform is cut off
_LONGEST = 30  # letters of a value or a remark inside a reason
_CACHED = 4096  # different values that are remembered: the same few sources stand under most posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """What a post is taken for, the ``step`` of the rules that says so, a Chinese ``reason``, the ``source`` or ""."""

    originality: Originality
    step: int
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNames:
    """The names by which an account's own unit goes in source lines, in comparable form."""

    names: frozenset[str]

    def owns(self, value: str) -> bool:
        """Say whether a source line's value names the own unit and nobody else."""
        return _plain(value) in self.names or all(part in self.names for part in _parts(value))

    def joins(self, value: str) -> bool:
        """Say whether an author line's value names the own unit, be it among others (高县发布、张三)."""
        return _plain(value) in self.names or any(part in self.names for part in _parts(value))


UNDETERMINED = Classified(originality=Originality.UNDETERMINED, step=7, reason="无来源、作者等标注，未能判定")
PLATFORM_REPOST = Classified(originality=Originality.REPOST, step=2, reason="平台标注为转载")
PLATFORM_ORIGINAL = Classified(originality=Originality.ORIGINAL, step=3, reason="平台标注为原创")

_REPORTERS = ("记者", "通讯员")
_LINES = frozenset({CreditKind.SOURCE, CreditKind.MATERIAL, CreditKind.QUOTED_WIRE})


def own_names(account: Account) -> OwnNames:
    """Return the names that mean the account's own unit: its organizer, its own name, its aliases, and 本网, 本站 ….

    Another unit of the same place is somebody else (高县融媒体中心 beside 高县人民政府办公室) unless it is an alias.
    """
    given = (account.organizer, account.name, *account.aliases, *WE)
    return OwnNames(names=frozenset(filter(None, map(_plain, given))))


def classify(post: Post, own: OwnNames) -> Classified:
    """Classify a post by the first step of RULES that speaks: 1, 2, 3, 4, 6, else 7.

    Where source lines disagree, whoever is not the own unit decides: a line that names the own unit and others
    (高县发布、新华社) names somebody else, hence 转载; an outside credit in or under the text beats the page's own
    header, and an own line over a wire's dateline or 据新华社消息 is 转载. The item's own source element counts like a
    header line where it names the own unit. The item's author element never counts: bridges write the account's own
    name into it on every item, reposts included. 编辑 and 审核 say nothing, nor does an outside author line.
    """
    if post.correction is not None:
        return _corrected(post.correction)
    if post.mark is not Mark.NONE:
        return PLATFORM_REPOST if post.mark is Mark.REPOST else PLATFORM_ORIGINAL
    if not post.publisher and not post.credits:
        return UNDETERMINED
    publisher = "" if _NOBODY.fullmatch(post.publisher) else post.publisher
    if publisher and not own.owns(publisher):
        return _repost(2, f"条目来源“{_short(publisher)}”，非本单位", publisher)
    return _by_credits(post.credits, own, publisher)


@lru_cache(_CACHED)
def _by_credits(found: tuple[Credit, ...], own: OwnNames, publisher: str) -> Classified:
    ours: list[Credit] = []
    authors: list[Credit] = []
    others: list[Credit] = []
    for credit in found:
        if credit.kind is CreditKind.AUTHOR:
            authors += [credit] if own.joins(credit.value) else []
        elif own.owns(credit.value):
            (ours if credit.kind in _LINES else authors).append(credit)
        else:
            others.append(credit)
    if ours or publisher:  # whose reporter wrote it is no source line
        others = [credit for credit in others if not credit.label.endswith(_REPORTERS)]
    if others:
        first = min(others, key=_rank)
        return _repost(4, f"{_shown(first)}，非本单位", first.value)
    if publisher:
        return _original(4, f"条目来源“{_short(publisher)}”，为本单位", publisher)
    for step, lines in ((4, ours), (6, authors)):
        if lines:
            return _original(step, f"{_shown(lines[0])}，为本单位", lines[0].value)
    return UNDETERMINED


def _corrected(correction: Correction) -> Classified:
    why = f"：{_short(correction.why)}" if correction.why else ""
    return Classified(originality=correction.originality, step=1, reason=f"人工修正{why}（{correction.by}）")


def _repost(step: int, reason: str, source: str) -> Classified:
    return Classified(originality=Originality.REPOST, step=step, reason=reason, source=source)


def _original(step: int, reason: str, source: str) -> Classified:
    return Classified(originality=Originality.ORIGINAL, step=step, reason=reason, source=source)


def _rank(credit: Credit) -> int:
    """Order what may be named as the reason: a source line in the text, one in the header, then datelines and wires."""
    if credit.kind in (CreditKind.DATELINE, CreditKind.QUOTED_WIRE):
        return 2
    return int(credit.place is CreditPlace.HEADER)


def _shown(credit: Credit) -> str:
    where = "文首" if credit.place is CreditPlace.HEADER else "文中"
    name = f"“{_short(credit.value)}”"
    if credit.kind is CreditKind.QUOTED_WIRE:
        return f"{where}据{name}消息"
    if credit.kind is CreditKind.DATELINE:
        return f"{where}{'记者单位' if credit.label.endswith(_REPORTERS) else '电头'}{name}"
    return f"{where}{credit.label or '括注'}{name}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


@lru_cache(maxsize=_CACHED)
def _plain(value: str) -> str:
    """Return a name without spaces, quotes and the platform that it is on: “高县发布”微信公众号 → 高县发布."""
    name = _AROUND.sub("", unicodedata.normalize("NFKC", value)).casefold()
    name = _without(_PLATFORM_FIRST.match(name), name)
    while (shorter := _without(_PLATFORM_LAST.search(name), name)) != name:
        name = shorter
    return name


def _without(found: re.Match[str] | None, name: str) -> str:
    rest = name[: found.start()] + name[found.end() :] if found else name
    return rest if len(rest) >= _SHORTEST else name


@lru_cache(maxsize=_CACHED)
def _parts(value: str) -> tuple[str, ...]:
    return tuple(filter(None, map(_plain, _PARTS.split(value)))) or ("",)
