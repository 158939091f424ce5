"""How posts contradict what was reported of them."""

from collections.abc import Callable

import pytest
from sqlalchemy import event

from monitor.values import Flag
from storage.contradictions import contradictions_of
from storage.database import Database
from storage.pages import save_page
from storage.posts import posts_between
from storage.visits import save_visit
from tests.storage.values import ZONE, a_page, a_visit, an_account, an_article, an_item, hour, register

Reasons = dict[tuple[str, str], str]
WHY = {("a1", "k"): "页面的发布时间为2026年10月2日10:00，与上报的2026年10月1日09:00不符"}


@pytest.fixture
def ready(database: Database) -> Database:
    """A post that was reported for the 1st and whose page says the 2nd, beside one that only was reported."""
    with database.begin() as session:
        source = register(session, an_account("a1", aliases=("高县发布",)))[0]
        items = [an_item(key, hour(1), reported=True, url=f"https://mp.example/{key}") for key in ("k", "other")]
        save_visit(session, a_visit(source, hour(30), *items), ZONE)
        save_page(session, a_page("k", hour(40), an_article("k", hour(26), account="高县发布")), ZONE)
    return database


@pytest.fixture
def reasons(ready: Database) -> Callable[..., Reasons]:
    def read(as_of: float | None = None) -> Reasons:
        at = None if as_of is None else hour(as_of)
        with ready.read() as session:
            found = posts_between(session, ["a1"], hour(0), hour(99), at)["a1"]
            return contradictions_of(session, found, at)

    return read


def test_the_reason_is_read(reasons: Callable[..., Reasons]) -> None:
    assert reasons() == reasons(40) == WHY


def test_nothing_is_told_that_was_not_known_by_then(reasons: Callable[..., Reasons]) -> None:
    assert reasons(39) == {}


def test_a_later_attempt_that_failed_tells_nothing_of_the_contradiction(
    ready: Database, reasons: Callable[..., Reasons]
) -> None:
    with ready.begin() as session:
        save_page(session, a_page("k", hour(50), reason="访问超时。"), ZONE)
    assert reasons() == {}


def test_without_flagged_posts_nothing_is_asked(ready: Database) -> None:
    asked: list[str] = []
    with ready.read() as session:
        posts = posts_between(session, ["a1"], hour(0), hour(99))["a1"]
        event.listen(ready.reader, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert contradictions_of(session, [each for each in posts if Flag.CONTRADICTED not in each.flags]) == {}
        assert asked == []
        contradictions_of(session, posts * 700)
        assert len(asked) == 1
