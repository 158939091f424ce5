"""Originality: whether a post is the account's own (原创) or a repost (转载), and by which mark."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.likeness import Near, earliest
from monitor.values import Account, Correction, Credit, CreditKind, CreditPlace, Mark, Originality, Post

WE = (
    *(
        "本网",
        "本网站",
        "本网讯",
        "本站编辑",
        "网站编辑",
        "本网编辑",
        "本站",
        "本站讯",
        "本报",
        "本报讯",
        "本刊",
        "本台",
    ),
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
_LISTED = r"[、,，;；/／|｜丨&＆+＋\s]+"
_HYPHEN = r"(?<=\w)[-—–－]+(?=\w)"
_NAMES = re.compile(_LISTED)
_PARTS = re.compile(f"{_LISTED}|{_HYPHEN}")
_BEFORE_LAST = re.compile(rf".*{_HYPHEN}", re.DOTALL)
_NOBODY = re.compile(
    r"未知|不详|不明|暂无|无|佚名|其他|来源|转载|小编|编辑|(?:系统|网站)?管理员|admin(?:istrator)?|\d+次?"
    r"|[\s._…-]*|[a-z]+://.*|[a-z0-9.-]+\.[a-z]{2,}",
    re.IGNORECASE,
)

_LIKENESS = 5  # the step of RULES that looks at near-identical posts
_ABOVE = re.compile(r".{1,8}[省市州盟县区]")  # the place that a unit's place lies in
_PLACED = re.compile(r".{1,6}[县市区旗镇乡]")  # a name that begins with the unit's place
_DESK = re.compile(r"(?:.{1,6}[股科处室组队])?")  # a part of a unit
_SHORTEST_AKIN = 4  # letters of a name, and of its shorter form, that may be taken for one another
_SHORTEST = 2  # letters that a name keeps when its platform is cut off
_LONGEST = 30  # letters of a value or a remark inside a reason
_CACHED = 4096  # different values that are remembered: the same few sources stand under most posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """What a post is taken for, the ``step`` of the rules that says so, a Chinese ``reason``, the ``source`` or "".

    ``near`` is the near-identical post that step 5 rests on, None for every other step.
    """

    originality: Originality
    step: int
    reason: str
    source: str = ""
    near: Near | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNames:
    """The names by which an account's own unit goes in source lines, in comparable form."""

    names: frozenset[str]

    def owns(self, value: str) -> bool:
        """Say whether a source line's value names the own unit and nobody else."""
        return _plain(value) in self.names or all(self._is_source(*names) for names in _sources(value))

    def leads(self, value: str) -> bool:
        """Say whether a value begins with an own name: its own desk or branch (总台央广, 高县发布采编中心)."""
        return _plain(value).startswith(tuple(self.names))

    def is_akin(self, value: str) -> bool:
        """Say whether a value may mean the own unit: an own name with something around it, or a shorter form of it.

        高县人民政府办公室信息股, 宜宾市高县人民政府办公室, 县政府办: a person must look whose they are.
        """
        parts = [part for part in _parts(value) if not self._is_own(part)]
        return bool(parts) and all(any(_akin(part, name) for name in self.names) for part in parts)

    def joins(self, value: str) -> bool:
        """Say whether an author line's value names the own unit, be it among others (高县发布、张三)."""
        return _plain(value) in self.names or any(self._is_own(part) for part in _parts(value))

    def _is_source(self, whole: str, last: str) -> bool:
        """Say whether a name is an own one; of names with a hyphen (学习强国-高县发布) the last says who wrote it."""
        return self._is_own(whole) or self._is_own(last)

    def _is_own(self, part: str) -> bool:
        """Say whether a name is an own one, or own ones written as one (总台央视)."""
        return part in self.names or _is_made_of(part, self.names)


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


def classify(post: Post, own: OwnNames, near: Sequence[Near] = ()) -> Classified:
    """Classify a post by the first of the seven steps of RULES that speaks; ``near`` are its near-identical posts.

    What the post's own page says counts together with what the list says: a mark of either, the credits of both.
    Where source lines disagree, whoever is not the own unit decides: a line that names the own unit and others
    (高县发布、新华社) names somebody else, hence 转载; an outside credit in or under the text beats the page's own
    header, and an own line over a wire's dateline or 据新华社消息 is 转载. The item's own source element counts like a
    header line where it names the own unit. The item's author element never counts: bridges write the account's own
    name into it on every item, reposts included. 编辑 and 审核 say nothing, nor does an outside author line.
    """
    if post.correction is not None:
        return _corrected(post.correction)
    if post.mark is not Mark.NONE or post.page_mark is not Mark.NONE:
        return _marked_repost(post) if Mark.REPOST in (post.mark, post.page_mark) else PLATFORM_ORIGINAL
    if not post.publisher and not post.credits and not post.page_credits:
        return (_by_likeness(post, own, near) if near else None) or UNDETERMINED
    publisher = "" if _NOBODY.fullmatch(post.publisher) else post.publisher
    if publisher and not own.owns(publisher):
        return _repost(2, f"条目来源“{_short(publisher)}”，非本单位", publisher)
    found = _by_credits(_credits_of(post), own, publisher)
    if near and found.step > _LIKENESS:
        return _by_likeness(post, own, near) or found
    return found


def named_sources(post: Post, own: OwnNames) -> tuple[str, ...]:
    """Return whom a post names as its source, the own unit left out: the item's source element, then credits."""
    lines = [each.value for each in _credits_of(post) if each.kind is not CreditKind.AUTHOR]
    named = [post.publisher, *lines] if post.publisher and not _NOBODY.fullmatch(post.publisher) else lines
    return tuple(dict.fromkeys(value for value in named if not own.owns(value)))


def names_nobody(post: Post) -> bool:
    """Say whether neither list nor page nor text names anyone from whom a post may come, be it the own unit."""
    return not _credits_of(post) and bool(_NOBODY.fullmatch(post.publisher))


def copied_from(found: Classified, own: OwnNames) -> Near | None:
    """Return the earlier post of another organizer that makes a post a repost, None where nothing or else does."""
    return None if found.near is None or _same_organizer(found.near, own) else found.near


def comparable(name: str) -> str:
    """Return a name as names are compared: without spaces, quotes and the platform that it is on."""
    return _plain(name)


def unlisted(value: str, own: OwnNames, listed: frozenset[str]) -> tuple[str, ...]:
    """Return those of a source line's names that are neither the own unit's nor ``listed`` (in comparable form)."""
    if _plain(value) in listed:
        return ()
    return tuple(
        part for part in _PARTS.split(value) if (name := _plain(part)) not in listed and not own.owns(part) and name
    )


def _credits_of(post: Post) -> tuple[Credit, ...]:
    if not post.page_credits:
        return post.credits
    return tuple(dict.fromkeys((*post.credits, *post.page_credits))) if post.credits else post.page_credits


def _by_likeness(post: Post, own: OwnNames, near: Sequence[Near]) -> Classified | None:
    """Classify by near-identical posts (step 5), None where they do not tell.

    A post of the same organizer that says of itself what it is speaks for this one too, and before any other: the text
    is the same. Else the earliest post of another organizer makes this one a repost, where it was certainly published
    before this one and before every other post of the same text by the own organizer.
    """
    ordered = sorted(near, key=lambda each: (each.published_at, each.account_id, each.key))
    ours = [each for each in ordered if _same_organizer(each, own)]
    told = [each for each in ours if each.originality is not Originality.UNDETERMINED and each.step < _LIKENESS]
    if told:
        return _as_twin(min(told, key=lambda each: each.step))
    begins = [earliest(post), *(each.not_before for each in ours)]
    for each in ordered:
        until = each.not_after
        if until and not _same_organizer(each, own) and all(begin and until <= begin for begin in begins):
            reason = f"与{_described(each)}相似度{each.percent}%，发布晚于该条，未注明来源"
            return Classified(
                originality=Originality.REPOST, step=_LIKENESS, reason=reason, source=each.account_name, near=each
            )
    authored = [each for each in ours if each.originality is not Originality.UNDETERMINED]
    return _as_twin(authored[0]) if authored else None


def _as_twin(twin: Near) -> Classified:
    reason = f"与本单位{_described(twin)}相似度{twin.percent}%，从该条判定（{twin.reason}）"
    return Classified(originality=twin.originality, step=_LIKENESS, reason=reason, source=twin.source, near=twin)


def _same_organizer(each: Near, own: OwnNames) -> bool:
    return _plain(each.organizer) in own.names


def _described(each: Near) -> str:
    day = f"{each.day.year}年{each.day.month}月{each.day.day}日"
    return f"“{each.account_name}”（{each.platform}）{day}发布的《{_short(each.title) or '无标题'}》"


@lru_cache(_CACHED)
def _by_credits(found: tuple[Credit, ...], own: OwnNames, publisher: str) -> Classified:
    ours: list[Credit] = []
    authors: list[Credit] = []
    others: list[Credit] = []
    for credit in (each for each in found if not _NOBODY.fullmatch(each.value)):
        if credit.kind is CreditKind.AUTHOR:
            authors += [credit] if own.joins(credit.value) or _is_own_reporter(credit, own) else []
        elif own.owns(credit.value) or _is_own_reporter(credit, own):
            (ours if credit.kind in _LINES else authors).append(credit)
        elif not own.is_akin(credit.value):
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


def _akin(part: str, name: str) -> bool:
    short, own = _shortened(part), _shortened(name)
    if len(own) < _SHORTEST_AKIN or len(short) < _SHORTEST_AKIN:
        return False
    if own.endswith(short):
        return True
    before, found, behind = short.partition(own)
    # 四川省农药检定所 is none of 农药检定所, which says not where it lies.
    is_placed = not before or bool(_ABOVE.fullmatch(before) and _PLACED.match(own))
    return bool(found) and is_placed and bool(_DESK.fullmatch(behind))


def _shortened(name: str) -> str:
    for long, short in (("人民政府", "政府"), ("办公室", "办"), ("委员会", "委")):
        name = name.replace(long, short)
    return name


def _is_own_reporter(credit: Credit, own: OwnNames) -> bool:
    return credit.label.endswith(_REPORTERS) and own.leads(credit.value)


def _corrected(correction: Correction) -> Classified:
    why = f"：{_short(correction.why)}" if correction.why else ""
    return Classified(originality=correction.originality, step=1, reason=f"人工修正{why}（{correction.by}）")


def _marked_repost(post: Post) -> Classified:
    if not post.publisher or _NOBODY.fullmatch(post.publisher):
        return PLATFORM_REPOST
    return replace(PLATFORM_REPOST, source=post.publisher)


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
def _is_made_of(name: str, names: frozenset[str]) -> bool:
    """Say whether ``name`` is nothing but some of ``names``, one behind the other."""
    reached = {0}
    for at in range(len(name)):
        if at in reached:
            reached |= {at + len(each) for each in names if name.startswith(each, at)}
    return len(name) in reached and bool(name)


@lru_cache(maxsize=_CACHED)
def _sources(value: str) -> tuple[tuple[str, str], ...]:
    """Return each name of a value as it is compared, and what stands behind its last hyphen."""
    found = [(_plain(name), _plain(_BEFORE_LAST.sub("", name))) for name in _NAMES.split(value)]
    return tuple(each for each in found if any(each)) or (("", ""),)


@lru_cache(maxsize=_CACHED)
def _parts(value: str) -> tuple[str, ...]:
    return tuple(filter(None, map(_plain, _PARTS.split(value)))) or ("",)
