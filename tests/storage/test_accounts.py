from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from monitor.values import Account, AccountState, Platform, SourceAddress
from storage.accounts import Imported, account, all_accounts, save_accounts
from storage.database import Database
from storage.models import accounts
from storage.sources import sources_of
from tests.storage.values import an_account, hour

FULL = Account(
    account_id="GX-1",
    name="高县发布",
    platform=Platform.WECHAT_CHANNELS,
    organizer="高县人民政府办公室",
    supervisor="宜宾市人民政府办公室",
    main=True,
    addresses=(
        SourceAddress(url="https://b.example/feed", kind="feed"),
        SourceAddress(url="https://a.example/"),
    ),
    state=AccountState.CLOSING,
    opened=date(2015, 3, 1),
    filed=date(2015, 3, 2),
    closing_notice=date(2026, 10, 1),
    closed=date(2026, 11, 1),
    aliases=("高县政府网", "本县"),
    contact="张三",
    phone="0831-5400000",
    note="=1+1",
)


def test_every_field_comes_back(database: Database) -> None:
    # A field that is added to Account must be stored as well: here each differs from its default.
    plain = an_account()
    same = [each.name for each in fields(Account) if getattr(FULL, each.name) == getattr(plain, each.name)]
    assert same == []
    with database.begin() as session:
        assert save_accounts(session, [FULL, plain], hour(0)) == Imported(added=2)
    with database.read() as session:
        assert all_accounts(session) == [FULL, plain]
        assert account(session, "GX-1") == FULL
        assert account(session, "GX-2") is None


def test_accounts_stay_in_the_order_of_their_first_import(database: Database) -> None:
    with database.begin() as session:
        save_accounts(session, [an_account("c"), an_account("a")], hour(0))
    with database.begin() as session:
        found = save_accounts(session, [an_account("b"), an_account("a", note="neu"), an_account("c")], hour(1))
    assert found == Imported(added=1, updated=1, unchanged=1)
    with database.read() as session:
        assert [each.account_id for each in all_accounts(session)] == ["c", "a", "b"]
        assert [each.account_id for each in sources_of(session)] == ["c", "a", "b"]
        times = session.execute(
            select(accounts.c.account_id, accounts.c.imported_at, accounts.c.updated_at).order_by(accounts.c.account_id)
        ).all()
    assert times == [("a", hour(0), hour(1)), ("b", hour(1), hour(1)), ("c", hour(0), hour(0))]


def test_import_deletes_nothing(database: Database) -> None:
    with database.begin() as session:
        save_accounts(session, [an_account("a"), an_account("b")], hour(0))
        save_accounts(session, [an_account("b")], hour(1))
    with database.read() as session:
        assert len(all_accounts(session)) == 2


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(["u", "v"], ["v", "u"], ["v", "u"], id="other-order"),
        pytest.param(["u", "v"], ["v"], ["v"], id="one-gone"),
        pytest.param(["u"], ["v", "u", "w"], ["v", "u", "w"], id="two-more"),
        pytest.param(["u", "u"], ["u"], ["u"], id="named-twice"),
    ],
)
def test_addresses_follow_the_registry(
    database: Database, first: list[str], second: list[str], expected: list[str]
) -> None:
    with database.begin() as session:
        save_accounts(session, [an_account("a", *first)], hour(0))
        before = {each.url: each.source_id for each in sources_of(session)}
        save_accounts(session, [an_account("a", *second)], hour(1))
    with database.read() as session:
        after = sources_of(session)
        (stored,) = all_accounts(session)
    assert [each.url for each in after] == expected
    assert [each.url for each in stored.addresses] == expected
    assert all(before.get(each.url, each.source_id) == each.source_id for each in after)


def test_an_address_that_comes_back_is_the_same_source(database: Database) -> None:
    with database.begin() as session:
        save_accounts(session, [an_account("a", "u")], hour(0))
        (before,) = sources_of(session)
        save_accounts(session, [replace(an_account("a"), addresses=())], hour(1))
        assert sources_of(session) == []
        save_accounts(session, [an_account("a", "u")], hour(2))
        assert sources_of(session) == [before]


def test_ten_thousand_accounts(sqlite: Database) -> None:
    given = [an_account(f"x{number:05}") for number in range(10_000)]
    with sqlite.begin() as session:
        save_accounts(session, given, datetime(2026, 10, 1, tzinfo=UTC))
    with sqlite.begin() as session:
        changed = [replace(each, note="x", addresses=(SourceAddress(url="https://y.example"),)) for each in given]
        assert save_accounts(session, changed, hour(1)).updated == 10_000
    with sqlite.read() as session:
        assert all_accounts(session) == changed
