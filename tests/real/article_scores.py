"""How well the reader of articles does on the pages that were labelled by hand."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.encoding import decode
from crawler.sources.article import read_article
from crawler.sources.values import Reading
from monitor.values import Article, CreditPlace
from monitor.visits import Outcome

LABELS = Path(__file__).with_name("article_pages.json")
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")

Label = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Which of the labelled pages were read right, one True or False for each that states the thing.

    ``not_articles`` are lists and home pages: True where they were not taken for one.
    """

    days: tuple[bool, ...]
    minutes: tuple[bool, ...]
    titles: tuple[bool, ...]
    sources: tuple[bool, ...]
    not_articles: tuple[bool, ...]


def share(right: tuple[bool, ...]) -> float:
    """Return the share of what is right."""
    return sum(right) / len(right)


def score(folder: Path) -> Scores:
    """Read every labelled page under ``folder`` and compare."""
    pages = list(_read(folder))
    articles = [(name, label, reading) for name, label, reading in pages if label["kind"] == "article"]
    dated = [(label, reading.article) for _, label, reading in articles if label["time"]]
    # 00:00 is what a site prints that knows the day alone.
    timed = [each for each in dated if len(each[0]["time"]) > 10 and " 00:00" not in each[0]["time"]]
    return Scores(
        days=tuple(_stated(article)[:10] == label["time"][:10] for label, article in dated),
        minutes=tuple(_stated(article) == label["time"][:16] for label, article in timed),
        titles=tuple(_has_title(label, reading.article) for _, label, reading in articles),
        sources=tuple(
            _has_source(*each) for each in articles if each[1]["source"] or not each[0].startswith("toutiao_html")
        ),
        not_articles=tuple(
            reading.outcome is Outcome.NOT_A_FEED for _, label, reading in pages if label["kind"] in {"list", "home"}
        ),
    )


def _read(folder: Path) -> Iterator[tuple[str, Label, Reading]]:
    for name, label in json.loads(LABELS.read_text(encoding="utf-8")).items():
        text = decode((folder / name).read_bytes()).text
        yield name, label, read_article(text, f"https://site.example/{name.split('/', 2)[2]}", AT, SHANGHAI)


def _stated(article: Article | None) -> str:
    """Return the time as read, in the zone in which the page writes it; "" where none was."""
    if article is None or article.stated.at is None:
        return ""
    zone = UTC if article.stated.raw.endswith("GMT") else SHANGHAI
    return article.stated.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _has_title(label: Label, article: Article | None) -> bool:
    return article is not None and _squeezed(article.title) == _squeezed(label["title"])


def _has_source(name: str, label: Label, reading: Reading) -> bool:
    wanted = "" if label["source"] in {"未知", "..."} else label["source"]
    said = _source_of(name, label, reading.article) if reading.article else "no article"
    return _squeezed(said) == _squeezed(wanted)


def _source_of(name: str, label: Label, article: Article) -> str:
    if label.get("source_place") == "text":
        return next((each.value for each in article.credits if each.place is CreditPlace.TEXT), "")
    return article.account if name.startswith("toutiao_html") else article.publisher


def _squeezed(text: str) -> str:
    return re.sub(r"[\s“”\"'‘’]", "", text)
