"""The values that every package shares: accounts, items as a source lists them, posts as they are kept."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Platform(StrEnum):
    """平台, as the registry spells it."""

    WECHAT = "微信公众号"
    WECHAT_CHANNELS = "微信视频号"
    WEIBO = "新浪微博"
    TOUTIAO = "今日头条"
    DOUYIN = "抖音"
    KUAISHOU = "快手"
    XIAOHONGSHU = "小红书"
    BILIBILI = "哔哩哔哩"
    BAIJIAHAO = "百家号"
    WEBSITE = "政府网站"
    APP = "移动客户端"
    MINI_PROGRAM = "小程序"
    OTHER = "其他"


class AccountState(StrEnum):
    """状态 of an account in the registry."""

    ACTIVE = "正常"
    CLOSING = "停更公告中"
    CLOSED = "已注销"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAddress:
    """One address of 采集地址; ``kind`` is "" where it is to be recognised from the first answer."""

    url: str
    kind: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.url}" if self.kind else self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One row of the registry (备案台账); ``aliases`` are the organizer's own names in source lines."""

    account_id: str
    name: str
    platform: Platform
    organizer: str
    supervisor: str = ""
    main: bool = False
    addresses: tuple[SourceAddress, ...] = ()
    state: AccountState = AccountState.ACTIVE
    opened: date | None = None
    filed: date | None = None
    closing_notice: date | None = None
    closed: date | None = None
    aliases: tuple[str, ...] = ()
    contact: str = ""
    phone: str = ""
    note: str = ""


class Precision(StrEnum):
    """How much of a time its source states."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A time as a source states it.

    ``at`` is UTC: the moment, the start of the minute, or the start of the local day, by ``precision``; None where
    nothing was stated or it could not be read. ``raw`` is the text as it stood, ``form`` names how it was read.
    ``clock_bound`` is True where the reading depends on the moment of reading (昨天, 3小时前, a date without a year).
    ``day_end`` (UTC, exclusive) is set where ``precision`` is DAY.
    """

    at: datetime | None = None
    precision: Precision = Precision.SECOND
    raw: str = ""
    form: str = ""
    clock_bound: bool = False
    day_end: datetime | None = None


UNSTATED = Stated()


class Rung(StrEnum):
    """Which part of an item its key rests on, strongest first."""

    PLATFORM = "platform"  # the platform's own key: __biz + mid + idx, /s/<id>
    GUID = "guid"
    LINK_TIME = "link+published"
    LINK_TIME_TITLE = "link+published+title"
    TITLE_TIME = "title+published"


class CreditKind(StrEnum):
    """What a credit line of a text says."""

    SOURCE = "source"  # 来源:…, 转自:…, 综合自…
    DATELINE = "dateline"  # 新华社北京10月3日电
    QUOTED_WIRE = "wire"  # 据新华社消息
    AUTHOR = "author"  # 供稿:, 撰稿:, 图文:, 记者 …
    MATERIAL = "material"  # 素材来源:…


class CreditPlace(StrEnum):
    """Where in the text a credit stands: the page's own header line, or in or under the text."""

    HEADER = "header"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One credit found in a text: ``label`` as printed (来源, 转自 …), ``value`` the name, trimmed."""

    kind: CreditKind
    label: str
    value: str
    place: CreditPlace = CreditPlace.TEXT


class Mark(StrEnum):
    """What the platform itself says of a post. No mark means nothing."""

    NONE = ""
    ORIGINAL = "原创"
    REPOST = "转载"


class PostKind(StrEnum):
    """类型 of a post."""

    ARTICLE = "图文"
    VIDEO = "视频"
    AUDIO = "音频"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a list as a source shows it; ``publisher`` is the item's own source element (RSS ``source``)."""

    key: str
    rung: Rung
    title: str
    url: str = ""
    stated: Stated = UNSTATED
    author: str = ""
    publisher: str = ""
    text: str = ""
    credits: tuple[Credit, ...] = ()
    mark: Mark = Mark.NONE
    pinned: bool = False
    kind: PostKind = PostKind.ARTICLE
    other_keys: tuple[str, ...] = ()  # the keys that weaker or other rungs give the same item
    not_before: datetime | None = None  # of an undated item: the times between which its place in the list puts it
    not_after: datetime | None = None
    reported: bool = False  # stated by the unit itself (自查上报), not seen on the platform


class Originality(StrEnum):
    """原创判定."""

    ORIGINAL = "原创"
    REPOST = "转载"
    UNDETERMINED = "未判定"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A person's decision on a post's originality; it outlives every re-run."""

    originality: Originality
    by: str
    why: str
    at: datetime


class Flag(StrEnum):
    """What is suspicious about a post's stated time."""

    FUTURE = "发布时间晚于采集时间"  # replaced by the seen time; alone it makes nothing 待复核
    BACKDATED = "疑似倒填"
    RESTATED = "发布时间被改动"
    REPORTED = "仅见于自查上报"  # counts for nothing, and leaves in doubt what it would decide
    CONTRADICTED = "与自查上报不符"  # its own page says otherwise: counts for nothing
    CONFIRMED = "自查上报已核实"  # its own page says the same: a post like any other


NO_FLAGS: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post (信息) as it is kept, in its newest revision (or that of ``--as-of``).

    ``published_at`` (UTC) is the stated time, or the seen time where the stated one lies in the future; None where no
    date could be read. ``other_times`` are times that earlier revisions stated for another day. An undated post was
    published between ``not_before`` (None: nobody knows) and ``not_after`` (None: ``seen_at``).
    ``page_at`` is when its own page was read, None before; ``page_credits`` and ``page_mark`` are what that page says.
    """

    account_id: str
    key: str
    title: str
    url: str
    published_at: datetime | None
    seen_at: datetime
    precision: Precision = Precision.SECOND
    stated: str = ""
    form: str = ""
    rung: Rung = Rung.GUID
    kind: PostKind = PostKind.ARTICLE
    author: str = ""
    publisher: str = ""
    credits: tuple[Credit, ...] = ()
    mark: Mark = Mark.NONE
    flags: frozenset[Flag] = NO_FLAGS
    other_times: tuple[datetime, ...] = ()
    correction: Correction | None = None
    deleted_at: datetime | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    page_at: datetime | None = None
    page_credits: tuple[Credit, ...] = ()
    page_mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a reader found in one body, items in list order; ``damaged`` where some of it could not be read.

    ``account`` is the account's name as the source itself states it, "" where it does not. ``next_page`` is the
    absolute address of the older items, "" where none is offered. ``unproving`` says, as a Chinese clause, why the list
    can prove no silence although it was read whole (it is one article; one of several lists), "" where it can.
    """

    items: tuple[Item, ...] = ()
    title: str = ""
    damaged: bool = False
    warnings: tuple[str, ...] = field(default=())
    account: str = ""
    next_page: str = ""
    unproving: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What the page of one post says of it; every text "" where the page does not say.

    ``account`` is the publishing account's name as the page states it, ``publisher`` the value of the page's own source
    line or of its metadata (ContentSource), ``text`` the plain text without navigation and footers, ``credits`` those
    of header line and text together.
    """

    title: str = ""
    stated: Stated = UNSTATED
    account: str = ""
    author: str = ""
    publisher: str = ""
    text: str = ""
    credits: tuple[Credit, ...] = ()
    mark: Mark = Mark.NONE
    kind: PostKind = PostKind.ARTICLE
    key: str = ""  # the platform's own key, where the page states it
