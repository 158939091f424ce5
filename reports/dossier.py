"""What the folder of one finding tells: the finding, its visits, its posts, the answers that are kept."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitor.spans import Coverage
from monitor.visits import Outcome, Visit
from reports import cells
from reports.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a post that was changed: from when on it was known, and what it said.

    ``text`` is that of its list, ``page_text`` that of its own page, "" before it was read.
    """

    known_from: datetime
    title: str
    published: str
    text: str = ""
    page_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPost:
    """A post in the windows of the finding, as the inspection knew it; times as cells hold them."""

    key: str
    title: str
    url: str
    published: str
    seen: str
    originality: str
    reason: str
    source: str
    state: str
    decides: bool
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Likened:
    """The earlier post of another organizer that a post is like, ``percent`` percent; texts as they were known then."""

    account_id: str
    account_name: str
    platform: str
    organizer: str
    key: str
    title: str
    url: str
    published: str
    seen: str
    page_read: str
    percent: int
    text: str
    post_id: int | None = None
    visit_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A post that a finding rests on: when it was first seen and read, and whom list and page name as its source.

    ``page_read`` is "" where its own page was not read by then; ``text`` is that of its page, else of its list.
    ``post_id`` and ``visit_id`` (the visit that first saw it) tell which of the answers are its own.
    """

    key: str
    title: str
    url: str
    published: str
    seen: str
    page_read: str
    listed: tuple[str, ...]
    paged: tuple[str, ...]
    text: str
    post_id: int | None = None
    visit_id: int | None = None
    likened: Likened | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVisit:
    """A visit that the finding rests on; ``role`` says whether it proved, failed, or first saw the posts."""

    visit: Visit
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything that the folder tells. ``heading`` are label and value of the finding as it was published.

    ``gaps`` come with their causes; ``named`` are the posts of a finding that rests on posts and on no silence, () of
    any other; ``known_at`` is up to when the inspection knew what it says. ``missing`` are Chinese sentences on what
    should be here and is not; ``warc`` is the content of 记录.warc.gz, empty where nothing is kept.
    """

    number: str
    office: str
    zone: tzinfo
    heading: tuple[tuple[str, str], ...]
    windows: tuple[str, ...]
    coverage: Coverage
    gaps: tuple[tuple[str, str], ...]
    visits: tuple[ShownVisit, ...]
    posts: tuple[ShownPost, ...]
    answers: tuple[Answer, ...]
    missing: tuple[str, ...]
    warc: bytes
    known_at: datetime
    named: tuple[Named, ...] = ()

    def moment(self, at: datetime | None) -> str:
        """Return a moment as cells hold it, in the office's zone."""
        return cells.moment(at, self.zone)


_GOOD = {
    Outcome.NEW: "采集成功",
    Outcome.SAME: "采集成功，内容与上次相同",
    Outcome.NOT_MODIFIED: "采集成功，网站答复内容未变",
}


def proof_text(visit: Visit, zone: tzinfo) -> str:
    """Return in words what a visit proves."""
    if visit.proof is None:
        return "未能证明任何时段"
    span = f"{cells.moment(visit.proof.start, zone)} 至 {cells.moment(visit.proof.end, zone)}"
    kinds = f"（仅{'、'.join(visit.sees)}）" if visit.sees else ""
    return f"{span} 发布的信息均应可见{kinds}"


def outcome_text(visit: Visit) -> str:
    """Return in words what came of a visit."""
    words = _GOOD.get(visit.outcome, visit.outcome.cause)
    return f"{words}：{visit.reason}" if visit.reason else words
