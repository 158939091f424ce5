"""Short ways to write the values that the tests of storage store."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from monitor.proof import day_end, day_start
from monitor.spans import Span
from monitor.values import Account, Article, Item, Platform, Precision, Rung, SourceAddress, Stated
from monitor.visits import Outcome, PageVisit, Source, Visit
from storage.accounts import save_accounts
from storage.sources import sources_of

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 10, 1, tzinfo=UTC)


def hour(number: float) -> datetime:
    """A moment so many hours after 1 October 2026, UTC."""
    return START + timedelta(hours=number)


def an_account(account_id: str = "a1", *urls: str, **more: Any) -> Account:
    return Account(
        account_id=account_id,
        name=f"账号{account_id}",
        platform=Platform.WECHAT,
        organizer="县政府办",
        addresses=tuple(SourceAddress(url=url) for url in urls or (f"https://{account_id}.example/feed",)),
        **more,
    )


def register(session: Session, *accounts: Account) -> list[Source]:
    """Save accounts (default: one) and return their sources."""
    save_accounts(session, accounts or [an_account()], START)
    return sources_of(session, None)


def an_item(key: str, published: datetime | None = None, title: str = "", **more: Any) -> Item:
    stated = Stated() if published is None else Stated(at=published, raw=published.isoformat(), form="iso")
    given: dict[str, Any] = {"key": key, "rung": Rung.GUID, "title": title or f"标题{key}", "stated": stated}
    return Item(**given | more)


def a_visit(source: Source, at: datetime, *items: Item, proof: tuple[float, float] | None = None, **more: Any) -> Visit:
    """A visit at ``at`` that saw ``items``; ``proof`` in hours."""
    return Visit(
        **{
            "source_id": source.source_id,
            "account_id": source.account_id,
            "url": source.url,
            "lane": "lane",
            "started_at": at,
            "ended_at": at + timedelta(seconds=2),
            "outcome": Outcome.NEW,
            "items": items,
            "item_count": len(items),
            "proof": None if proof is None else Span(hour(proof[0]), hour(proof[1])),
        }
        | more
    )


def a_page(key: str, at: datetime, article: Article | None = None, **more: Any) -> PageVisit:
    """A visit at ``at`` to the own page of a post of the account a1; without an article one that failed."""
    given: dict[str, Any] = {
        "account_id": "a1",
        "key": key,
        "url": f"https://www.gx.example/{key}.html",
        "lane": "www.gx.example",
        "started_at": at,
        "ended_at": at + timedelta(seconds=2),
        "outcome": Outcome.TIMEOUT if article is None else Outcome.NEW,
        "article": article,
    }
    return PageVisit(**given | more)


def an_article(name: str, published: datetime | None = None, /, **more: Any) -> Article:
    """What the page of the post of this name says; its time to the minute."""
    stated = Stated()
    if published is not None:
        stated = Stated(at=published, raw=f"{published:%Y-%m-%d %H:%M}", form="ymd hm", precision=Precision.MINUTE)
    given: dict[str, Any] = {"title": f"标题{name}", "stated": stated, "text": f"正文{name}"}
    return Article(**given | more)


def a_day(number: float, **more: Any) -> Stated:
    """The local day that holds the moment of so many hours, stated without a time."""
    local = hour(number).astimezone(ZONE)
    given: dict[str, Any] = {
        "at": day_start(local.date(), ZONE),
        "precision": Precision.DAY,
        "raw": local.date().isoformat(),
        "form": "ymd",
        "day_end": day_end(local.date(), ZONE),
    }
    return Stated(**given | more)
