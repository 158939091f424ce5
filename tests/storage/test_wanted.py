"""Which posts' own pages are asked for, and when."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from monitor.values import Credit, CreditKind, Item, Mark, Precision, Stated
from monitor.visits import Outcome
from storage.database import Database
from storage.models import pages, posts
from storage.pages import save_page
from storage.posts import posts_between
from storage.sources import sources_of
from storage.visits import save_visit
from storage.wanted import _come_due, _lacking, _lacking_and_undated, pages_due, want
from tests.storage.values import ZONE, a_day, a_page, a_visit, an_account, an_article, an_item, hour, register

CREDIT = (Credit(kind=CreditKind.SOURCE, label="来源", value="新华社"),)


@pytest.fixture
def ready(database: Database) -> Database:
    with database.begin() as session:
        register(session, an_account("a1", "u", "v"), an_account("a2"))
    return database


def whole(key: str, at: float = 1, **more: Any) -> Item:
    """An item that lacks nothing."""
    given: dict[str, Any] = {"url": f"https://x.example/{key}", "text": "正文", "credits": CREDIT}
    return an_item(key, hour(at), **given | more)


def see(database: Database, at: float, *items: Item, source: int = 0, **more: Any) -> None:
    with database.begin() as session:
        save_visit(session, a_visit(sources_of(session)[source], hour(at), *items, **more), ZONE)


def ask(database: Database, key: str, at: float, **more: Any) -> None:
    with database.begin() as session:
        save_page(session, a_page(key, hour(at), **more), ZONE)


def due(database: Database, at: float = 100, since: float = -9000, **more: Any) -> list[str]:
    with database.read() as session:
        found = pages_due(session, ["a1", "a2", "a9"], hour(at), since=hour(since), **more)
    return [each.key for each in found]


@pytest.mark.parametrize(
    ("item", "is_due"),
    [
        pytest.param(whole("k"), False, id="lacks-nothing"),
        pytest.param(whole("k", credits=(), mark=Mark.ORIGINAL), False, id="a-mark-says-it-too"),
        pytest.param(whole("k", text=""), True, id="no-text"),
        pytest.param(whole("k", credits=()), True, id="no-source-line"),
        pytest.param(whole("k", stated=a_day(1)), True, id="a-day"),
        pytest.param(whole("k", stated=Stated()), True, id="undated"),
        pytest.param(
            whole("k", stated=replace(a_day(1), precision=Precision.MINUTE, day_end=None)), False, id="a-minute"
        ),
        pytest.param(whole("k", text="", url=""), False, id="no-link"),
        pytest.param(whole("k", text="", url="javascript:void(0)"), False, id="no-link-of-the-web"),
        pytest.param(whole("k", reported=True), True, id="reported"),
    ],
)
def test_what_lacks_something_is_due_once(ready: Database, item: Item, *, is_due: bool) -> None:
    see(ready, 5, item)
    assert due(ready) == (["k"] if is_due else [])
    if is_due:
        ask(ready, "k", 6, article=an_article("k"))
        assert due(ready) == []
        see(ready, 7, item)
        assert due(ready, 5000) == []


def test_reported_ones_come_first_then_the_newest(ready: Database) -> None:
    see(ready, 50, whole("b", 20, text=""), whole("d", 40, text=""), whole("c", stated=Stated(), text=""))
    see(ready, 35, whole("a", 10, text=""), source=2)
    see(ready, 51, whole("r", -5, reported=True), source=1)
    assert due(ready) == ["r", "c", "d", "b", "a"]
    assert due(ready, since=20) == ["r", "c", "d", "b"]
    assert due(ready, since=45) == ["r", "c"]
    assert due(ready, per_account=2) == ["r", "c", "a"]
    assert due(ready, limit=3) == ["r", "c", "d"]
    with ready.read() as session:
        (first, *_) = pages_due(session, ["a1"], hour(100), since=hour(0))
        assert (first.account_id, first.url, first.is_reported) == ("a1", "https://x.example/r", True)
        assert (first.published_at, first.seen_at) == (hour(-5), hour(51))
        assert pages_due(session, [], hour(100), since=hour(0)) == []


def test_one_account_of_many_does_not_crowd_out_the_others(ready: Database) -> None:
    see(ready, 50, *(whole(f"k{number:04}", text="") for number in range(900)))
    see(ready, 50, whole("z", -100, text=""), source=2)
    assert len(due(ready)) == 201
    assert due(ready)[-1] == "z"


def test_after_a_failure_it_is_due_when_its_time_has_come(ready: Database) -> None:
    see(ready, 5, whole("k", text=""))
    ask(ready, "k", 6, outcome=Outcome.BLOCKED)
    assert [due(ready, at) for at in (6, 6.9, 7)] == [[], [], ["k"]]
    ask(ready, "k", 7)
    assert [due(ready, at) for at in (12.9, 13)] == [[], ["k"]]


def test_a_post_whose_deletion_was_proven_once_comes_again_on_another_day(ready: Database) -> None:
    see(ready, 1, whole("k", -5))
    ask(ready, "k", 6, outcome=Outcome.GONE)
    assert [due(ready, at) for at in (15.9, 16)] == [[], ["k"]]
    ask(ready, "k", 16, outcome=Outcome.GONE)
    assert [due(ready, at) for at in (87.9, 88)] == [[], ["k"]], "it may have come back, though no list shows it"


def test_a_post_that_its_list_lacks_is_asked_for_once_until_it_is_back(ready: Database) -> None:
    kept = [whole(key, at) for key, at in (("c", 30), ("b", 20), ("a", 10))]
    see(ready, 40, *kept, reach=hour(9))
    assert due(ready) == []
    without = [kept[0], kept[2]]
    see(ready, 41, *without, reach=hour(9))
    assert due(ready) == ["b"]
    ask(ready, "b", 42, article=an_article("b"))
    see(ready, 43, *without, reach=hour(9))
    assert due(ready) == [], "it is there, and was asked for"
    see(ready, 44, *kept, reach=hour(9))
    see(ready, 45, *without, reach=hour(9))
    assert due(ready) == ["b"]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"reach": hour(25)}, id="it-lies-before-the-reach"),
        pytest.param({"reach": hour(20)}, id="cut-off-with-the-same-second"),
        pytest.param(
            {"reach": None, "items": (whole("c", 30), whole("x", 21))}, id="in-the-older-half-of-a-list-without-proof"
        ),
        pytest.param({"reach": None, "items": ()}, id="an-empty-list"),
        pytest.param({"reach": hour(9), "outcome": Outcome.PARTIAL}, id="a-damaged-list"),
        pytest.param({"reach": hour(9), "outcome": Outcome.STALE_LANE}, id="a-lane-that-froze"),
        pytest.param({"reach": hour(9), "source": 1}, id="another-source"),
        pytest.param({"reach": hour(9), "at": 19}, id="a-visit-from-before"),
    ],
)
def test_what_a_list_need_not_show_is_not_missed(ready: Database, more: dict[str, Any]) -> None:
    see(ready, 40, whole("c", 30), whole("b", 20), whole("a", 10), reach=hour(9))
    given: dict[str, Any] = {"at": 41, "items": (whole("c", 30), whole("a", 10))} | more
    see(ready, given.pop("at"), *given.pop("items"), **given)
    assert due(ready) == []


def test_what_is_newer_than_half_of_a_list_without_proof_is_missed(ready: Database) -> None:
    """A row that was dated anew puts a list out of order; what was deleted from it is to be found all the same."""
    rows = [
        whole("p", -900, pinned=True),
        *(whole(key, at) for key, at in (("d", 38), ("c", 30), ("b", 20), ("a", 10))),
    ]
    see(ready, 40, *rows, reach=hour(9))
    see(ready, 41, rows[0], rows[3], whole("a", 1), rows[2], whole("f", stated=Stated(), url=""), reach=None)
    assert due(ready) == ["d"]
    see(ready, 42, *rows, reach=None)
    see(ready, 43, rows[0], *rows[2:], reach=None)
    assert due(ready) == ["d"]


def test_a_report_misses_nothing(ready: Database) -> None:
    see(ready, 40, whole("b", 20, reported=True), source=1)
    ask(ready, "b", 41, article=an_article("b"))
    see(ready, 42, whole("a", 10, reported=True), reach=hour(9), source=1)
    assert due(ready) == ["a"]


def test_a_deleted_post_that_is_listed_again_is_asked_for_again(ready: Database) -> None:
    see(ready, 5, whole("k"))
    for at in (6, 30):
        ask(ready, "k", at, outcome=Outcome.GONE)
    assert due(ready) == []
    see(ready, 29, whole("k"))
    assert due(ready) == [], "that was before"
    see(ready, 40, whole("k"))
    assert due(ready) == ["k"]
    ask(ready, "k", 41, article=an_article("k"))
    with ready.read() as session:
        assert session.scalars(select(posts.c.deleted_at)).all() == [None]
        assert posts_between(session, ["a1"], hour(0), hour(9))["a1"][0].page_at == hour(41)


def test_wanted_twice_is_due_at_the_earlier_time(ready: Database) -> None:
    see(ready, 5, whole("k"), whole("m"))
    with ready.begin() as session:
        ids = session.scalars(select(posts.c.post_id)).all()
        for at in (9, 7, 8):
            want(session, [*ids, *ids], hour(at))
        assert session.scalars(select(pages.c.due_at)).all() == [hour(7)] * 2
        session.execute(update(pages).values(due_at=None))
        want(session, ids, hour(9))
        assert session.scalars(select(pages.c.due_at)).all() == [hour(9)] * 2
        want(session, [], hour(9))


def test_the_pages_due_are_found_by_their_indexes(sqlite: Database) -> None:
    """Or a million posts would be read at every run."""
    since = hour(5) - timedelta(days=45)
    with sqlite.read() as session:
        for statement, index in (
            (_lacking(["a1"], since), "ix_posts_unread"),
            (_lacking_and_undated(["a1"], since), "ix_posts_un"),
            (_come_due(["a1"], hour(5)), "ix_pages_due"),
        ):
            compiled = statement.compile(sqlite.reader, compile_kwargs={"literal_binds": True})
            plan = "\n".join(str(row) for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")))
            assert index in plan
            assert "SCAN" not in plan
