"""Whole pages in the styles of the systems that offices and media publish with, self-written, beside what each says."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crawler.encoding import decode
from crawler.sources.article import read_article
from crawler.sources.values import Reading
from monitor.values import Article, CreditKind, CreditPlace, Mark, PostKind, Precision
from monitor.visits import Outcome

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PAGES = Path(__file__).parent / "articles"
EXPECTED: dict[str, dict[str, Any]] = json.loads((PAGES / "expected.json").read_text("utf-8"))
OUTCOMES = {"gone": Outcome.GONE, "blocked": Outcome.BLOCKED, "not": Outcome.NOT_A_FEED}
FRAME = ("今天是", "相关阅读", "最后更新", "版权所有", "ICP备")  # what stands around an article, and never in it


def read(name: str) -> Reading:
    text = decode((PAGES / f"{name}.html").read_bytes()).text
    return read_article(text, EXPECTED[name]["url"], AT, SHANGHAI)


def moment(article: Article) -> str:
    return article.stated.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if article.stated.at else ""


ARTICLES = [name for name, said in EXPECTED.items() if "outcome" not in said]
NOTICES = [name for name, said in EXPECTED.items() if "outcome" in said]


def test_every_page_has_its_expectation() -> None:
    assert {page.stem for page in PAGES.glob("*.html")} == set(EXPECTED)
    assert len(ARTICLES) >= 100
    assert len(NOTICES) >= 20


@pytest.mark.parametrize("name", ARTICLES)
def test_article(name: str) -> None:
    expected, reading = EXPECTED[name], read(name)
    assert reading.article is not None, reading.reason
    article = reading.article
    assert (article.title, moment(article)) == (expected["title"], expected["time"])
    assert (article.stated.precision is Precision.DAY) == expected.get("day", False)
    assert article.publisher == expected["source"]
    assert article.account == expected.get("account", "")
    assert article.author == expected.get("author", article.author)
    assert article.mark is Mark[expected.get("mark", article.mark.name)]
    assert article.kind is PostKind[expected.get("kind", article.kind.name)]


@pytest.mark.parametrize("name", ARTICLES)
def test_text_and_its_own_source_line(name: str) -> None:
    article = read(name).article
    assert article is not None
    own = [each.value for each in article.credits if (each.kind, each.place) == (CreditKind.SOURCE, CreditPlace.TEXT)]
    assert own == [said for said in [EXPECTED[name].get("text_source", "")] if said]
    assert bool(article.text) != EXPECTED[name].get("notext", False)
    assert [words for words in FRAME if words in article.text] == []


@pytest.mark.parametrize("name", NOTICES)
def test_notice(name: str) -> None:
    expected, reading = EXPECTED[name], read(name)
    assert (reading.outcome, reading.article) == (OUTCOMES[expected["outcome"]], None)
    assert expected.get("reason", "") in reading.reason
