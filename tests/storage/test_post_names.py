"""Posts found by what a person calls them."""

from storage.database import Database
from storage.post_names import newest_names, posts_named
from storage.sources import sources_of
from storage.visits import save_visit
from tests.storage.values import ZONE, a_visit, an_account, an_item, hour, register


def _two_accounts(database: Database) -> None:
    with database.begin() as session:
        register(session, an_account("a1"), an_account("a2"))
        first, second = sources_of(session)
        both = an_item("both", hour(2), url="https://x.example/both")
        one = an_item("k", hour(1), other_keys=("alias",), url="https://x.example/k")
        save_visit(session, a_visit(first, hour(5), one, both), ZONE)
        save_visit(session, a_visit(second, hour(6), both), ZONE)


def test_a_post_is_found_by_any_key_or_its_link(database: Database) -> None:
    _two_accounts(database)
    with database.read() as session:
        for name in ("k", "alias", "https://x.example/k"):
            assert [(each.account_id, each.key) for each in posts_named(session, [name])] == [("a1", "k")]
        assert [each.account_id for each in posts_named(session, ["none", "both"])] == ["a1", "a2"]
        assert [each.account_id for each in posts_named(session, ["both"], "a2")] == ["a2"]
        assert posts_named(session, ["k"], "a2") == []
        assert posts_named(session, ["\0", "\ud800"]) == []


def test_the_newest_names_come_first(database: Database) -> None:
    _two_accounts(database)
    with database.read() as session:
        assert [(each.account_id, each.key) for each in newest_names(session)] == [
            ("a2", "both"),
            ("a1", "k"),
            ("a1", "both"),
        ]
        assert [each.title for each in newest_names(session, "a2")] == ["标题both"]
