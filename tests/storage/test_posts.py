from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from monitor.values import Flag, Post
from storage.database import Database, open_database
from storage.models import posts
from storage.posts import latest_before, posts_between
from storage.sources import sources_of
from storage.visits import save_visit
from tests.examples import examples
from tests.storage.values import ZONE, a_visit, an_account, an_item, hour, register


def _see(database: Database, at: float, *items: Any, account: int = 0, **more: Any) -> None:
    with database.begin() as session:
        save_visit(session, a_visit(sources_of(session)[account], hour(at), *items, **more), ZONE)


@pytest.fixture
def ready(database: Database) -> Database:
    with database.begin() as session:
        register(session, an_account("a1"), an_account("a2"))
    return database


def _between(database: Database, start: float, end: float, as_of: float | None = None) -> list[str]:
    with database.read() as session:
        found = posts_between(session, ["a1"], hour(start), hour(end), None if as_of is None else hour(as_of))
    return [post.key for post in found["a1"]]


def _latest(database: Database, moment: float, as_of: float | None = None) -> list[tuple[str, datetime | None]]:
    with database.read() as session:
        found = latest_before(session, ["a1", "a9"], hour(moment), None if as_of is None else hour(as_of))
    assert found["a9"] == []
    return [(post.key, post.published_at) for post in found["a1"]]


def test_the_start_is_in_and_the_end_is_out(ready: Database) -> None:
    _see(ready, 50, an_item("c", hour(30)), an_item("a", hour(10)), an_item("b", hour(20)))
    assert _between(ready, 10, 30) == ["a", "b"]


def test_posts_come_in_order_of_time_then_key(ready: Database) -> None:
    _see(ready, 50, *(an_item(key, hour(10)) for key in ("é", "b", "a", "B", "中")), an_item("z", hour(9)))
    assert _between(ready, 0, 30) == ["z", "B", "a", "b", "é", "中"]


def test_an_undated_post_lies_where_it_was_first_seen_among_the_others(ready: Database) -> None:
    _see(ready, 20, an_item("undated"), an_item("old", hour(10)))
    _see(ready, 40, an_item("new", hour(30)), an_item("undated"))
    assert _between(ready, 0, 50) == ["old", "undated", "new"]
    assert _between(ready, 20, 21) == ["undated"]
    assert _between(ready, 40, 50) == []


def test_accounts_are_kept_apart(ready: Database) -> None:
    _see(ready, 20, an_item("k", hour(1)), an_item("u"), account=0)
    _see(ready, 20, an_item("m", hour(1)), account=1)
    with ready.read() as session:
        found = posts_between(session, ["a2", "a1", "a9"], hour(0), hour(30))
        latest = latest_before(session, ["a2", "a1"], hour(30))
    assert {key: [post.key for post in value] for key, value in found.items()} == {
        "a1": ["k", "u"],
        "a2": ["m"],
        "a9": [],
    }
    assert {key: [post.key for post in value] for key, value in latest.items()} == {"a1": ["k"], "a2": ["m"]}


def test_nothing_first_seen_later_is_used(ready: Database) -> None:
    _see(ready, 20, an_item("k", hour(1)), an_item("u"))
    _see(ready, 30, an_item("late", hour(2)), an_item("v"))
    assert _between(ready, 0, 50, as_of=20) == ["k", "u"]
    assert _between(ready, 0, 50, as_of=29.9) == ["k", "u"]
    assert _between(ready, 0, 50, as_of=30) == ["k", "late", "u", "v"]
    assert _between(ready, 0, 50, as_of=19.9) == []


def test_a_post_lies_where_it_was_said_to_lie_then(ready: Database) -> None:
    _see(ready, 50, an_item("k", hour(40)))
    _see(ready, 60, an_item("k", hour(5)))
    assert _between(ready, 30, 50) == ["k"], "it may have stood there"
    assert _between(ready, 0, 10) == ["k"]
    assert _between(ready, 60, 70) == ["k"], "what once stated another day comes along everywhere"
    assert _between(ready, 30, 50, as_of=55) == ["k"]
    assert _between(ready, 60, 70, as_of=55) == []
    assert _between(ready, 0, 10, as_of=55) == []
    assert _between(ready, 0, 10, as_of=60) == ["k"]


def test_the_last_of_several_versions_known_then(ready: Database) -> None:
    for at, title in enumerate("一二三四"):
        _see(ready, 10 * at, an_item("k", hour(-1), title))
    with ready.read() as session:
        told = [
            posts_between(session, ["a1"], hour(-9), hour(9), hour(at))["a1"][0].title for at in (0, 9, 10, 25, 30, 99)
        ]
    assert told == ["一", "一", "二", "三", "四", "四"]


def test_a_deletion_that_was_not_known_then(ready: Database) -> None:
    _see(ready, 20, an_item("k", hour(1)))
    with ready.begin() as session:
        session.execute(update(posts).values(deleted_at=hour(30)))
    with ready.read() as session:
        for as_of, deleted in ((None, hour(30)), (hour(30), hour(30)), (hour(29), None)):
            (post,) = posts_between(session, ["a1"], hour(0), hour(9), as_of)["a1"]
            assert post.deleted_at == deleted
            (post,) = latest_before(session, ["a1"], hour(9), as_of)["a1"]
            assert post.deleted_at == deleted


def test_the_newest_before_a_moment(ready: Database) -> None:
    _see(ready, 50, an_item("a", hour(10)), an_item("b", hour(20)), an_item("c", hour(20)), an_item("undated"))
    assert _latest(ready, 21) == [("c", hour(20))]
    assert _latest(ready, 20) == [("a", hour(10))]
    assert _latest(ready, 10) == []
    assert _latest(ready, 21, as_of=49) == []


def test_the_newest_that_is_not_suspicious_comes_along(ready: Database) -> None:
    _see(ready, 40, an_item("sound", hour(5)), proof=(0, 40))
    _see(ready, 60, an_item("backdated", hour(20)), an_item("future", hour(99)))
    assert _latest(ready, 50) == [("backdated", hour(20)), ("sound", hour(5))]
    assert _latest(ready, 70) == [("future", hour(60))]  # a clock that runs ahead makes nothing suspicious
    assert _latest(ready, 50, as_of=59) == [("sound", hour(5))]
    assert _latest(ready, 21, as_of=60) == [("backdated", hour(20)), ("sound", hour(5))]
    assert _latest(ready, 5) == []


def test_a_post_of_a_clock_that_runs_ahead_is_sound(ready: Database) -> None:
    _see(ready, 30, an_item("future", hour(99)))
    _see(ready, 40, proof=(0, 40))
    _see(ready, 60, an_item("backdated", hour(35)))
    assert _latest(ready, 50) == [("backdated", hour(35)), ("future", hour(30))]


def test_only_a_suspicious_post_is_known(ready: Database) -> None:
    _see(ready, 40, proof=(0, 40))
    _see(ready, 60, an_item("backdated", hour(10)))
    assert _latest(ready, 50) == [("backdated", hour(10))]


def test_the_newest_by_what_was_stated_then(ready: Database) -> None:
    _see(ready, 50, an_item("a", hour(40)), an_item("b", hour(30)))
    _see(ready, 60, an_item("a", hour(2)), an_item("b", hour(30)))
    assert _latest(ready, 50) == [("b", hour(30))]
    assert _latest(ready, 50, as_of=55) == [("a", hour(40))]
    assert _latest(ready, 35, as_of=55) == [("b", hour(30))]
    # now restated, and thus suspicious
    assert _latest(ready, 20) == [("a", hour(2))]
    assert _latest(ready, 20, as_of=55) == []


@pytest.fixture(scope="module")
def one_database(tmp_path_factory: pytest.TempPathFactory) -> Any:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('laws') / 'x.db'}")
    with opened.begin() as session:
        register(session, an_account("a1"))
    yield opened
    opened.close()


VISITS = st.lists(
    st.lists(st.tuples(st.sampled_from("abcd"), st.none() | st.integers(0, 60), st.integers(0, 1)), max_size=4),
    min_size=1,
    max_size=5,
)


@given(told=VISITS, moment=st.integers(0, 60), as_of=st.integers(0, 4))
@examples(60)
def test_as_of_is_what_would_be_there_if_nothing_had_come_after(
    one_database: Database, told: list[list[tuple[str, int | None, int]]], moment: int, as_of: int
) -> None:
    def view(count: int, known_at: datetime | None) -> tuple[list[Post], list[Post]]:
        with one_database.begin() as session:
            (source,) = sources_of(session)
            for number, keys in enumerate(told[:count]):
                items = [an_item(key, None if at is None else hour(at), f"{key}{title}") for key, at, title in keys]
                proof = (5 * number, 50 + number)
                save_visit(session, a_visit(source, hour(50 + 10 * number), *items, proof=proof), ZONE)
            found = posts_between(session, ["a1"], hour(moment), hour(moment + 30), known_at)["a1"]
            latest = latest_before(session, ["a1"], hour(moment), known_at)["a1"]
            session.rollback()
        return found, latest

    then = hour(50 + 10 * as_of)
    assert view(len(told), then) == view(as_of + 1, None)


def test_flags_and_times_come_back(ready: Database) -> None:
    _see(ready, 50, an_item("k", hour(40)), proof=(0, 50))
    _see(ready, 60, an_item("k", hour(3)))
    _see(ready, 61, an_item("k", hour(-30)))
    with ready.read() as session:
        (post,) = posts_between(session, ["a1"], hour(-40), hour(9))["a1"]
    assert post.other_times == (hour(40), hour(3))
    assert Flag.RESTATED in post.flags
    assert replace(post) == post


def test_an_undated_post_comes_along_wherever_it_can_have_been_published(ready: Database) -> None:
    _see(ready, 20, an_item("k", hour(1)))
    _see(ready, 50, replace(an_item("u"), not_before=hour(30), not_after=hour(45)))
    with ready.read() as session:
        (kept,) = (each for each in posts_between(session, ["a1"], hour(0), hour(60))["a1"] if each.key == "u")
    assert (kept.not_before, kept.not_after) == (hour(30), hour(45))
    assert _between(ready, 25, 35) == ["u"], "first seen after it, but it may stand in it"
    assert _between(ready, 5, 25) == [], "it is younger"
    assert _between(ready, 51, 60) == [], "it was seen before"
    assert _between(ready, 25, 35, as_of=49) == []
