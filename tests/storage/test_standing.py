"""What the status reads: the same on both databases."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert

from monitor.values import Account, AccountState, Platform, SourceAddress
from monitor.visits import Outcome, Visit
from storage.accounts import save_accounts
from storage.database import Database
from storage.running_models import reminders
from storage.sources import sources_of
from storage.standing import (
    SourcePlace,
    WatchedAccount,
    reminder_counts,
    server_bytes,
    source_places,
    troubles,
    watched_accounts,
)
from storage.visits import save_visit

NOW = datetime(2026, 10, 11, tzinfo=UTC)
TODAY = date(2026, 10, 11)
DAY = timedelta(days=1)


def register(database: Database, *accounts: Account) -> None:
    with database.begin() as session:
        save_accounts(session, accounts, NOW)


def account(
    account_id: str, *urls: str, state: AccountState = AccountState.ACTIVE, closed: date | None = None
) -> Account:
    return Account(
        account_id=account_id,
        name=f"账号{account_id}",
        platform=Platform.WECHAT,
        organizer="县政府办",
        addresses=tuple(SourceAddress(url=url, kind="feed") for url in urls),
        state=state,
        closed=closed,
    )


def visited(database: Database, account_id: str, *outcomes: Outcome) -> None:
    """One visit a day, the last of them a day ago."""
    with database.begin() as session:
        (source,) = sources_of(session, [account_id])
        for number, outcome in enumerate(outcomes):
            at = NOW - DAY * (len(outcomes) - number)
            visit = Visit(
                source_id=source.source_id,
                account_id=account_id,
                url=source.url,
                lane="x",
                started_at=at,
                ended_at=at,
                outcome=outcome,
                reason="" if outcome.proves else f"第{number}次未成功。",
            )
            save_visit(session, visit, UTC)


def test_troubles_begin_with_the_oldest(database: Database) -> None:
    register(
        database, *(account(each, f"https://{each}.example/") for each in ("new", "old", "never", "mended", "ours"))
    )
    visited(database, "new", Outcome.NEW, Outcome.SAME, Outcome.BLOCKED)
    visited(database, "old", Outcome.NEW, Outcome.DNS, Outcome.LOCAL_OUTAGE, Outcome.TIMEOUT)
    visited(database, "mended", Outcome.DNS, Outcome.NOT_MODIFIED)
    visited(database, "ours", Outcome.NEW, Outcome.LOCAL_OUTAGE)
    with database.read() as session:
        count, found = troubles(session, TODAY, 10)
        assert troubles(session, TODAY, 1) == (2, found[:1])
    assert count == 2
    assert [(each.account_id, each.outcome, each.reason, each.since, each.failures) for each in found] == [
        ("old", Outcome.TIMEOUT, "第3次未成功。", NOW - DAY * 3, 2),
        ("new", Outcome.BLOCKED, "第2次未成功。", NOW - DAY, 1),
    ]


def test_a_source_that_never_answered_is_in_trouble_since_its_first_visit(database: Database) -> None:
    register(database, account("a1", "https://a1.example/"))
    visited(database, "a1", Outcome.GONE, Outcome.GONE)
    with database.read() as session:
        _, (found,) = troubles(session, TODAY, 10)
    assert (found.since, found.failures, found.next_at) == (NOW - DAY * 2, 2, None)


def test_only_what_still_lives_is_looked_at(database: Database) -> None:
    register(
        database,
        account("open", "https://open.example/1", "https://open.example/2"),
        account("bare"),
        account("closed", "https://closed.example/", state=AccountState.CLOSED),
        account("ended", "https://ended.example/", closed=TODAY - DAY),
        account("ends", "https://ends.example/", closed=TODAY),
    )
    with database.read() as session:
        assert watched_accounts(session, TODAY) == [
            WatchedAccount(account_id="open", name="账号open", has_source=True),
            WatchedAccount(account_id="bare", name="账号bare", has_source=False),
            WatchedAccount(account_id="ends", name="账号ends", has_source=True),
        ]
        assert sorted(source_places(session, TODAY), key=lambda each: each.url) == [
            SourcePlace(url=f"https://{each}", kind="feed")
            for each in ("ends.example/", "open.example/1", "open.example/2")
        ]


def test_reminders_of_a_month(database: Database) -> None:
    register(database, account("a1"))
    made = ((NOW - DAY, None), (NOW, None), (NOW + DAY, NOW + DAY))
    rows = [
        {
            "account_id": "a1",
            "organizer": "县政府办",
            "account_name": "账号a1",
            "platform": "微信公众号",
            "rule": "GX-01",
            "first_day": TODAY + DAY * number,
            "last_day": TODAY + DAY * number,
            "ends_at": NOW,
            "last_post_at": None,
            "text": "",
            "made_at": made_at,
            "sent_at": sent_at,
        }
        for number, (made_at, sent_at) in enumerate(made)
    ]
    with database.begin() as session:
        session.execute(insert(reminders), rows)
    with database.read() as session:
        assert reminder_counts(session, NOW) == (2, 1)
        assert reminder_counts(session, NOW + DAY * 2) == (0, 0)


def test_the_size_of_a_server(database: Database) -> None:
    if database.file is None:
        with database.read() as session:
            assert server_bytes(session) > 1_000_000
    else:
        assert database.file.path.stat().st_size > 1000
