"""Comparing the stored posts: which pairs are kept, when they are made anew, and what is read of them."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from monitor.credits import read_credits
from monitor.likeness import Near
from monitor.values import Account, Correction, Flag, Item, Mark, Originality
from schedules.compare import compare_new_posts
from storage.accounts import save_accounts
from storage.corrections import save_correction
from storage.database import Database, open_database
from storage.likenesses import near_of
from storage.models import compared, likenesses, pages, posts, sketches
from storage.pages import save_page
from storage.sketches import EDGE, PAIRS, compare, compare_due
from storage.sources import sources_of
from storage.visits import save_visit
from tests.storage.values import START, ZONE, a_day, a_page, a_visit, an_account, an_article, an_item, hour

LETTERS = [chr(0x4E00 + number) for number in range(2_000)]
FAR = hour(10_000)


def a_text(number: int = 0, length: int = 300) -> str:
    return "".join(Random(number).choices(LETTERS, k=length))


def edited(text: str, part: float, number: int = 0) -> str:
    """A text with a part of its letters replaced."""
    chance, letters = Random(number), list(text)
    for _ in range(round(len(letters) * part)):
        letters[chance.randrange(len(letters))] = chance.choice(LETTERS)
    return "".join(letters)


def account(account_id: str, organizer: str | None = None) -> Account:
    return replace(an_account(account_id), organizer=organizer or f"{account_id}局")


def see(database: Database, at: float, account_id: str, *items: Item) -> None:
    with database.begin() as session:
        (source,) = (each for each in sources_of(session) if each.account_id == account_id)
        save_visit(session, a_visit(source, hour(at), *items), ZONE)


def register(database: Database, *accounts: Account) -> None:
    with database.begin() as session:
        save_accounts(session, accounts, START)


def pairs(database: Database) -> dict[tuple[str, str], int]:
    """Every pair that is kept, by keys."""
    with database.read() as session:
        keys = {row.post_id: row.key for row in session.execute(select(posts.c.post_id, posts.c.key))}
        rows = session.execute(select(likenesses.c.post_id, likenesses.c.other_id, likenesses.c.similarity))
        return {(keys[one], keys[other]): similarity for one, other, similarity in rows}


def near(
    database: Database, account_id: str, *, start: datetime = START, end: datetime = FAR, as_of: datetime | None = None
) -> dict[str, tuple[Near, ...]]:
    with database.read() as session:
        return near_of(session, [account_id], start, end, as_of, ZONE).get(account_id, {})


def keys(found: Iterable[Near]) -> list[str]:
    return [each.key for each in found]


def count(database: Database, table: Any) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def both(a: str, b: str) -> set[tuple[str, str]]:
    return {(a, b), (b, a)}


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        pytest.param(a_text(), True, id="the same"),
        pytest.param(f"来源：新华社\n{a_text()}\n编辑：张三", True, id="with credits"),
        pytest.param(edited(a_text(), 0.02), True, id="light edits"),
        pytest.param(f"{a_text()}{a_text(1, 40)}", True, id="an own paragraph"),
        pytest.param(edited(a_text(), 0.3), False, id="rewritten"),
        pytest.param(a_text()[:100], False, id="a digest of it"),
        pytest.param(a_text(2), False, id="another text"),
        pytest.param("", False, id="no text"),
    ],
)
def test_which_pairs_are_kept(database: Database, other: str, kept: bool) -> None:
    register(database, account("a"), account("b"))
    see(database, 1, "a", an_item("one", hour(0), text=a_text()))
    see(database, 2, "b", an_item("two", hour(1), text=other))
    assert compare_new_posts(database) == (2 if other else 1)
    assert set(pairs(database)) == (both("one", "two") if kept else set())
    assert all(800 <= similarity <= 1000 for similarity in pairs(database).values())


def test_posts_of_one_account_and_short_ones_make_no_pair(sqlite: Database) -> None:
    register(sqlite, account("a"), account("b"))
    see(sqlite, 1, "a", *(an_item(f"a{n}", hour(0), text=a_text()) for n in range(3)), an_item("s", text=a_text(1, 50)))
    see(sqlite, 1, "b", an_item("t", hour(0), text=a_text(1, 50)))
    assert compare_new_posts(sqlite) == 5
    assert pairs(sqlite) == {}


def test_a_second_run_finds_nothing_to_do(database: Database) -> None:
    register(database, account("a"), account("b"))
    see(database, 1, "a", an_item("one", hour(0), text=a_text()))
    see(database, 2, "b", an_item("two", hour(1), text=a_text()))
    assert compare_new_posts(database) == 2
    before = pairs(database), count(database, sketches), count(database, compared)
    assert compare_new_posts(database) == 0
    assert (pairs(database), count(database, sketches), count(database, compared)) == before
    assert before[1:] == (32, 2)


def test_in_whichever_order_posts_are_compared(tmp_path: Path, new_file: Path) -> None:
    """One by one, in chunks or all at once, the earlier or the later text first: the same pairs."""
    items = [
        ("a", "one", a_text()),
        ("b", "two", edited(a_text(), 0.01)),
        ("c", "three", a_text()),
        ("d", "x", a_text(5)),
    ]
    found = []
    for order, between in (((0, 1, 2, 3), True), ((3, 2, 1, 0), True), ((1, 3, 0, 2), False)):
        file = tmp_path / f"{order}.db"
        shutil.copy(new_file, file)
        opened = open_database(f"sqlite:///{file}")
        register(opened, *(account(each) for each in "abcd"))
        for place in order:
            account_id, key, text = items[place]
            see(opened, 1 + place, account_id, an_item(key, hour(place), text=text))
            if between:
                compare_new_posts(opened)
        compare_new_posts(opened)
        found.append(pairs(opened))
        opened.close()
    assert found[0] == found[1] == found[2]
    assert set(found[0]) == both("one", "two") | both("two", "three") | both("one", "three")


def test_a_changed_text_is_compared_again(database: Database) -> None:
    register(database, account("a"), account("b"), account("c"))
    see(database, 1, "a", an_item("one", hour(0), text=a_text()))
    see(database, 2, "b", an_item("two", hour(1), text=a_text()))
    see(database, 2, "c", an_item("three", hour(1), text=a_text(7)))
    compare_new_posts(database)
    see(database, 3, "b", an_item("two", hour(1), text=a_text(7)))
    assert compare_new_posts(database) == 1
    assert set(pairs(database)) == both("two", "three")
    assert count(database, sketches) == 48
    see(database, 4, "b", an_item("two", hour(1), text=edited(a_text(7), 0.01)))
    assert compare_new_posts(database) == 1
    assert set(pairs(database)) == both("two", "three")


def test_a_changed_title_is_no_reason(sqlite: Database) -> None:
    register(sqlite, account("a"))
    see(sqlite, 1, "a", an_item("one", hour(0), text=a_text()))
    compare_new_posts(sqlite)
    see(sqlite, 2, "a", an_item("one", hour(0), title="改过的标题", text=a_text()))
    assert compare_new_posts(sqlite) == 0


def read_page(database: Database, key: str, at: float, text: str) -> None:
    """A post's own page, as it is stored once it was read."""
    given: dict[str, Any] = {column.name: None if column.nullable else "" for column in pages.c}
    with database.begin() as session:
        number = session.scalar(select(posts.c.post_id).where(posts.c.key == key))
        given |= {"post_id": number, "tries": 0, "read_at": hour(at), "text": text}
        session.execute(insert(pages), given)


def test_the_text_of_the_page_comes_before_that_of_the_list(database: Database) -> None:
    register(database, account("a"), account("b"), account("c"))
    see(database, 1, "a", an_item("digest", hour(0), text=a_text()[:80]))
    see(database, 2, "b", an_item("whole", hour(1), text=a_text()))
    see(database, 2, "c", an_item("no text", hour(1)))
    assert compare_new_posts(database) == 2
    assert pairs(database) == {}
    read_page(database, "digest", 5, a_text())
    read_page(database, "no text", 6, "")
    assert compare_new_posts(database) == 2
    assert set(pairs(database)) == both("digest", "whole")
    assert keys(near(database, "b")["whole"]) == ["digest"]
    assert near(database, "b", as_of=hour(4)) == {}
    assert keys(near(database, "b", as_of=hour(5))["whole"]) == ["digest"]


def test_a_run_that_is_broken_off_goes_on_where_it_stopped(sqlite: Database) -> None:
    register(sqlite, account("a"))
    see(sqlite, 1, "a", *(an_item(f"a{n}", hour(0), text=a_text(n)) for n in range(250)))
    with sqlite.read() as session:
        first = compare_due(session, 0, 100)
        assert len(first) == 100
        assert compare_due(session, first[-1].post_id, 1000)[0].post_id > first[-1].post_id
    with sqlite.begin() as session:
        compare(session, first)
    assert compare_new_posts(sqlite) == 150
    assert count(sqlite, compared) == 250


def test_a_text_that_hundreds_share_is_paired_with_the_earliest_few(sqlite: Database) -> None:
    """Also where more share it than are looked at, and where the copies come in one by one."""
    many = 3 * EDGE
    register(sqlite, *(account(f"a{n}") for n in range(many)))
    for number in range(many):
        see(sqlite, number, f"a{number}", an_item(f"k{number:03}", hour(number), text=a_text()))
    assert compare_new_posts(sqlite) == many
    found = pairs(sqlite)
    for number in range(1, many):
        earlier = [other for one, other in found if one == f"k{number:03}" and other < one]
        assert "k000" in earlier
        assert len(earlier) <= PAIRS
    assert len(found) <= 2 * PAIRS * many


def test_boilerplate_does_not_hide_a_pair(sqlite: Database) -> None:
    """Texts that begin and end alike, in more accounts than are looked at; two of them are the same in between."""
    frame = a_text(99, 60)
    register(sqlite, *(account(f"a{n}") for n in range(3 * EDGE)))
    for number in range(3 * EDGE):
        text = frame + a_text(1000 if number in (EDGE + 3, EDGE + 40) else number, 500)
        see(sqlite, 1, f"a{number}", an_item(f"k{number}", hour(number), text=text))
    compare_new_posts(sqlite)
    assert set(pairs(sqlite)) == both(f"k{EDGE + 3}", f"k{EDGE + 40}")


# ------------------------------------------------------------------------------------------------------------- reading


def test_what_is_read_of_a_near_identical_post(database: Database) -> None:
    register(database, account("a", "甲局"), account("b", "乙局"))
    text = f"来源：新华社\n{a_text()}"
    see(
        database,
        1,
        "a",
        an_item("one", hour(0), "标题", text=text, credits=read_credits(text), url="https://a.example/1"),
    )
    see(database, 2, "b", an_item("two", hour(1), text=a_text()))
    compare_new_posts(database)
    (found,) = near(database, "b")["two"]
    assert (found.account_id, found.account_name, found.organizer, found.key) == ("a", "账号a", "甲局", "one")
    assert (found.title, found.url, found.published_at) == ("标题", "https://a.example/1", hour(0))
    assert str(found.day) == "2026-10-01"
    assert (found.originality, found.step, found.source) == (Originality.REPOST, 4, "新华社")
    assert (found.similarity, found.percent) == (1.0, 100)
    assert found.not_before == hour(0)
    assert found.not_after is not None
    assert hour(0) < found.not_after < hour(0.001)


def test_later_posts_are_read_only_of_the_same_organizer(database: Database) -> None:
    register(database, account("a", "甲局"), account("b", "乙局"), account("c", "甲局"))
    for at, account_id in enumerate("abc"):
        see(database, at + 1, account_id, an_item(f"of {account_id}", hour(at), text=a_text()))
    compare_new_posts(database)
    assert keys(near(database, "a")["of a"]) == ["of c"]
    assert keys(near(database, "b")["of b"]) == ["of a"]
    assert keys(near(database, "c")["of c"]) == ["of a", "of b"]


def test_posts_outside_the_time_asked_for(sqlite: Database) -> None:
    register(sqlite, account("a"), account("b"))
    see(sqlite, 1, "a", an_item("one", hour(0), text=a_text()))
    see(sqlite, 30, "b", an_item("two", hour(20), text=a_text()), an_item("undated", text=a_text()))
    compare_new_posts(sqlite)
    assert set(near(sqlite, "b")) == {"two", "undated"}
    assert set(near(sqlite, "b", start=hour(21))) == {"undated"}
    assert set(near(sqlite, "b", start=hour(31))) == set()
    assert set(near(sqlite, "b", end=hour(20))) == {"undated"}


@pytest.mark.parametrize(
    ("flag", "read"),
    [(Flag.REPORTED, False), (Flag.CONTRADICTED, False), (Flag.CONFIRMED, True), (Flag.BACKDATED, True)],
)
def test_what_is_only_reported_proves_nothing_of_others(sqlite: Database, flag: Flag, read: bool) -> None:
    register(sqlite, account("a"), account("b"))
    see(sqlite, 1, "a", an_item("one", hour(0), text=a_text()))
    see(sqlite, 2, "b", an_item("two", hour(1), text=a_text()))
    compare_new_posts(sqlite)
    with sqlite.begin() as session:
        session.execute(update(posts).where(posts.c.key == "one").values(flags=f'["{flag.name}"]'))
    assert bool(near(sqlite, "b")) is read


def test_an_undated_post_says_nothing_of_others(sqlite: Database) -> None:
    register(sqlite, account("a", "甲局"), account("b", "甲局"))
    see(sqlite, 1, "a", an_item("one", text=a_text()))
    see(sqlite, 2, "b", an_item("two", hour(1), text=a_text()))
    compare_new_posts(sqlite)
    assert near(sqlite, "b") == {}


def test_as_of_uses_nothing_that_was_known_only_later(database: Database) -> None:
    register(database, account("a"), account("b"))
    see(database, 5, "a", an_item("one", hour(0), text=a_text(), mark=Mark.NONE))
    see(database, 2, "b", an_item("two", hour(1), text=a_text()))
    compare_new_posts(database)
    see(database, 7, "a", an_item("one", hour(0), "新标题", text=a_text(), mark=Mark.REPOST))
    with database.begin() as session:
        decided = Correction(originality=Originality.ORIGINAL, by="张三", why="本单位采写", at=hour(9))
        save_correction(session, "a", "one", decided)

    def said(at: float | None) -> tuple[str, int] | None:
        found = near(database, "b", as_of=None if at is None else hour(at)).get("two")
        return (found[0].title, found[0].step) if found else None

    assert said(4) is None
    assert said(5) == ("标题one", 7)
    assert said(7) == ("新标题", 2)
    assert said(9) == said(None) == ("新标题", 1)
    assert near(database, "a", as_of=hour(4)) == {}


def test_a_page_that_was_read_later_says_nothing_before(sqlite: Database) -> None:
    register(sqlite, account("a"), account("b"))
    see(sqlite, 1, "a", an_item("one", hour(0), text=a_text()))
    see(sqlite, 2, "b", an_item("two", hour(1), text=a_text()))
    compare_new_posts(sqlite)
    with sqlite.begin() as session:
        session.execute(update(posts).where(posts.c.key == "one").values(page_at=hour(5), page_mark=Mark.REPOST.value))
    assert near(sqlite, "b", as_of=hour(4))["two"][0].step == 7
    assert near(sqlite, "b", as_of=hour(5))["two"][0].step == 2


def test_a_pair_stays_known_since_it_was_although_a_text_was_corrected(sqlite: Database) -> None:
    register(sqlite, account("a"), account("b"))
    see(sqlite, 1, "a", an_item("one", hour(0), text=a_text()))
    see(sqlite, 2, "b", an_item("two", hour(1), text=a_text()))
    compare_new_posts(sqlite)
    see(sqlite, 9, "b", an_item("two", hour(1), text=edited(a_text(), 0.01)))
    compare_new_posts(sqlite)
    assert keys(near(sqlite, "b", as_of=hour(3))["two"]) == ["one"]


def test_what_the_page_of_another_post_completes_is_not_known_before_it_was_read(database: Database) -> None:
    register(database, account("a"), account("b"))
    see(database, 5, "b", an_item("theirs", title="关于国庆节期间…", stated=a_day(1), text=a_text()))
    see(database, 40, "a", an_item("ours", hour(30), text=a_text()))
    compare_new_posts(database)
    before = near(database, "a", as_of=hour(50))
    article = an_article("", hour(2), title="关于国庆节期间值班的通知", text=a_text())
    with database.begin() as session:
        save_page(session, replace(a_page("theirs", hour(60), article), account_id="b"), ZONE)
    compare_new_posts(database)
    (then,), (now,) = near(database, "a", as_of=hour(50))["ours"], near(database, "a")["ours"]
    assert (then,) == before["ours"]
    assert (then.title, then.published_at, then.not_before) == ("关于国庆节期间…", hour(-8), hour(-8))
    assert (now.title, now.published_at) == ("关于国庆节期间值班的通知", hour(2))
