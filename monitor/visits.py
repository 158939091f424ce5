"""Values of looking: sources and what is remembered of them, lanes, and visits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from monitor.spans import Span
from monitor.values import Article, Item

LONGEST_PAUSE: Final = timedelta(hours=6)
"""No server keeps us away for longer, whatever it says: what is never looked at proves nothing."""


class Outcome(StrEnum):
    """What came of one attempt to read one source (COVERAGE: Values)."""

    NEW = "NEW"
    SAME = "SAME"
    NOT_MODIFIED = "NOT_MODIFIED"
    EMPTY = "EMPTY"
    PARTIAL = "PARTIAL"
    NOT_A_FEED = "NOT_A_FEED"
    BLOCKED = "BLOCKED"
    RATE_LIMITED = "RATE_LIMITED"
    GONE = "GONE"
    STALE_LANE = "STALE_LANE"
    TOO_LARGE = "TOO_LARGE"
    TIMEOUT = "TIMEOUT"
    DNS = "DNS"
    TLS = "TLS"
    REFUSED = "REFUSED"
    SERVER_ERROR = "SERVER_ERROR"
    LOCAL_OUTAGE = "LOCAL_OUTAGE"
    FORBIDDEN_ADDRESS = "FORBIDDEN_ADDRESS"
    ROBOTS = "ROBOTS"

    @property
    def proves(self) -> bool:
        """Whether a visit with this outcome can prove silence at all."""
        return self in PROVING

    @property
    def cause(self) -> str:
        """The cause of a gap in an official's words, as in 因访问受限未能完整采集."""
        return CAUSES[self]


PROVING = frozenset({Outcome.NEW, Outcome.SAME, Outcome.NOT_MODIFIED})

CAUSES: dict[Outcome, str] = {
    Outcome.NEW: "列表未能回溯",
    Outcome.SAME: "列表未能回溯",
    Outcome.NOT_MODIFIED: "列表未能回溯",
    Outcome.EMPTY: "采集结果为空",
    Outcome.PARTIAL: "内容残缺",
    Outcome.NOT_A_FEED: "返回内容不是信息列表",
    Outcome.BLOCKED: "访问受限",
    Outcome.RATE_LIMITED: "访问频率受限",
    Outcome.GONE: "采集地址失效",
    Outcome.STALE_LANE: "采集通道停滞",
    Outcome.TOO_LARGE: "返回内容过大",
    Outcome.TIMEOUT: "访问超时",
    Outcome.DNS: "域名解析失败",
    Outcome.TLS: "安全连接失败",
    Outcome.REFUSED: "连接失败",
    Outcome.SERVER_ERROR: "服务器错误",
    Outcome.LOCAL_OUTAGE: "本机网络中断",
    Outcome.FORBIDDEN_ADDRESS: "采集地址指向内部网络",
    Outcome.ROBOTS: "网站禁止采集",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered of a source's last full answer (a good 200), and of its redirects.

    ``reach`` (UTC) is where the proof of that answer starts; ``clock_bound`` says that its dates must be read anew even
    from an unchanged body. All None before the first full answer and after a failed one. ``read_as`` tells how that
    answer was read (reader, kind, selectors): read in another way, it would say something else.
    """

    etag: str | None = None
    last_modified: str | None = None
    full_at: datetime | None = None
    body_hash: str | None = None
    reach: datetime | None = None
    oldest: datetime | None = None
    newest: datetime | None = None
    item_count: int = 0
    clock_bound: bool = False
    moved_to: str | None = None
    read_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """How the office says a list page is to be read: CSS, or XPath where it begins with ``/`` or ``(`` or ``./``.

    ``item`` finds the rows; the others are looked for within a row, "" as the reader itself would. ``choice`` (1, 2 …)
    picks one of the lists that the reader finds by itself, 0 lets it choose.
    """

    item: str = ""
    title: str = ""
    link: str = ""
    date: str = ""
    choice: int = 0


NO_SELECTORS = Selectors()


def view_of(selectors: Selectors) -> str:
    """Return which list of a page is looked at, as text: what another list proved does not count for this one."""
    parts = (selectors.item, selectors.title, selectors.link, selectors.date, str(selectors.choice))
    return "" if selectors == NO_SELECTORS else "\n".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One answer as it came, kept as evidence: ``at`` is the moment before the request, ``body`` is un-gzipped."""

    url: str
    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed or page of an account; a lane's control source has no account. ``timezone`` is an IANA name.

    ``complete`` says whether the office declares that it shows everything (True) or not (False); None: as its kind has
    it. ``sees`` are the kinds of post that it shows, () for all. ``needed_from`` (UTC) is the moment down to which
    older pages of its list are wanted, None: only the first page. ``names`` are those by which a report that lists
    several accounts calls this one.
    """

    source_id: int
    url: str
    kind: str = ""
    account_id: str | None = None
    timezone: str = "Asia/Shanghai"
    lag: timedelta = timedelta(0)
    memory: Memory = Memory()
    selectors: Selectors = NO_SELECTORS
    complete: bool | None = None
    sees: tuple[str, ...] = ()
    needed_from: datetime | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A lane (采集通道): what shares one rate limit and one way of failing. ``delay`` between two of its requests.

    ``level`` counts the pauses in a row after which it did not answer well, 0 where it answers.
    """

    name: str
    delay: timedelta
    control: Source | None = None
    control_max_age: timedelta = timedelta(hours=24)
    paused_until: datetime | None = None
    paused_for: Outcome | None = None
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One attempt to read one source, always recorded, whatever came of it.

    ``started_at`` is the moment before the request was sent: the ``t`` of COVERAGE. ``reach`` is where the list's proof
    would start, ``proof`` the span that the visit does prove. ``reason`` is one Chinese sentence, "" for a good visit.
    ``newest`` and ``oldest`` are stated times among the items that were read (of the last full answer where the body
    was the same). ``items`` are those of this answer, empty where the body was not parsed; ``memory`` is what to
    remember. ``account_name`` is the account's name as the source states it, "" where it does not. ``sees`` are the
    kinds of post that the proof is for, () for all; ``view`` is which list of its page was looked at. ``exchanges`` are
    the answers that it rests on, in order.
    """

    source_id: int
    account_id: str | None
    url: str
    lane: str
    started_at: datetime
    ended_at: datetime
    outcome: Outcome
    reason: str = ""
    status: int | None = None
    final_url: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    item_count: int = 0
    undated_count: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    reach: datetime | None = None
    proof: Span | None = None
    warnings: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    memory: Memory = Memory()
    visit_id: int | None = None
    account_name: str = ""
    sees: tuple[str, ...] = ()
    view: str = ""
    exchanges: tuple[Exchange, ...] = ()

    @property
    def cause(self) -> str:
        """Why the visit leaves a gap, in an official's words: a list that says nothing of silence has no reach."""
        shows_nothing = self.outcome.proves and self.reach is None and self.proof is None
        return "来源不能证明未更新" if shows_nothing else self.outcome.cause


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVisit:
    """One attempt to read the own page of one post (``account_id``, ``key``), whatever came of it.

    ``outcome`` is NEW where ``article`` was read, GONE only on positive proof that the post is deleted (its own address
    says so), else what stood in the way. ``started_at`` is the moment before the request.
    """

    account_id: str
    key: str
    url: str
    lane: str
    started_at: datetime
    ended_at: datetime
    outcome: Outcome
    reason: str = ""
    status: int | None = None
    final_url: str = ""
    body_hash: str | None = None
    article: Article | None = None
    exchanges: tuple[Exchange, ...] = ()
