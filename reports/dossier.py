"""What the folder of one finding tells: the finding, its visits, its posts, the answers that are kept."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitor.spans import Coverage
from monitor.visits import Visit
from reports import cells
from reports.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a post that was changed: from when on it was known, and what it said."""

    known_from: datetime
    title: str
    published: str
    text_changed: bool


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
class ShownVisit:
    """A visit that the finding rests on; ``role`` says whether it proved, failed, or controlled the lane."""

    visit: Visit
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything that the folder tells. ``heading`` are label and value of the finding as it was published.

    ``gaps`` come with their causes; ``missing`` are Chinese sentences on what should be here and is not; ``warc`` is
    the content of 记录.warc.gz, empty where nothing is kept.
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

    def moment(self, at: datetime | None) -> str:
        """Return a moment as cells hold it, in the office's zone."""
        return cells.moment(at, self.zone)


def proof_text(visit: Visit, zone: tzinfo) -> str:
    """Return in words what a visit proves."""
    if visit.proof is None:
        return "未能证明任何时段"
    span = f"{cells.moment(visit.proof.start, zone)} 至 {cells.moment(visit.proof.end, zone)}"
    kinds = f"（仅{'、'.join(visit.sees)}）" if visit.sees else ""
    return f"{span} 发布的信息均应可见{kinds}"


def outcome_text(visit: Visit) -> str:
    """Return in words what came of a visit."""
    words = "采集成功" if visit.outcome.proves else visit.outcome.cause
    return f"{words}（{visit.outcome}）" + (f"：{visit.reason}" if visit.reason else "")
