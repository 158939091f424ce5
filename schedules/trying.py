"""Try an address before it is registered: one visit, of which nothing is kept."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from crawler import run
from crawler.settings import LaneConfig
from crawler.sources.kinds import asked_url
from crawler.sources.trial import read_anything
from crawler.visiting import Channel, Look, unasked
from monitor.originality import Classified, classify, own_names
from monitor.values import Account, Platform, Post, SourceAddress
from monitor.visits import Lane, Outcome, Source
from schedules.office import Office
from schedules.targets import controlled_lane, remembered_clocks
from storage.accounts import all_accounts
from storage.lanes import pauses

NO_SOURCE: Final = 0
"""The number of a source that is stored nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What an address showed: ``source`` as it was asked for, ``account`` whose settings held (None: nobody's).

    ``asked`` is the address that was really asked. ``owners`` are the accounts that the registry names it for.
    ``classified`` says, where the page of an article was read, what that page alone would make of it.
    """

    source: Source
    account: Account | None
    owners: tuple[str, ...]
    asked: str
    lane: str
    look: Look
    classified: Classified | None = None

    @property
    def found(self) -> bool:
        """Whether anything was read: posts of a list, or an article."""
        reading = self.look.reading
        return bool(self.look.visit.items) or (reading is not None and reading.article is not None)


def try_address(
    office: Office, address: SourceAddress, account_id: str | None, *, clock: Callable[[], datetime]
) -> Trial:
    """Visit an address once, as a collection would, and keep nothing: no visit, no memory, no pause.

    Settings and names are those of the account that is named, else of the first that has the address in the registry.
    Raises RequestError for an unknown account.
    """
    with office.database.read() as session:
        owners = [each for each in all_accounts(session) if any(one.url == address.url for one in each.addresses)]
    account = office.account(account_id) if account_id is not None else next(iter(owners), None)
    kind = address.kind or _registered_kind(account, address.url)
    source = office.configured(
        Source(
            source_id=NO_SOURCE,
            url=address.url,
            kind=kind,
            account_id=None if account is None else account.account_id,
            names=() if account is None else (account.account_id, account.name),
        )
    )
    lane = lane_to_try(office, office.lane_of(source))
    look = _look(office, source, lane, clock)
    return Trial(
        source=source,
        account=account,
        owners=tuple(each.account_id for each in owners),
        asked=asked_url(source.url, source.kind),
        lane=lane.name,
        look=look,
        classified=_classified(look, account),
    )


def lane_to_try(office: Office, name: str) -> Lane:
    """Return a lane as a collection would keep to it; its control source is remembered nowhere."""
    config = next((each for each in office.lanes if each.name == name), LaneConfig(name=name, hosts=()))
    with office.database.read() as session:
        pause = pauses(session).get(name)
    control = None
    if config.control is not None:
        control = office.configured(Source(source_id=NO_SOURCE, url=config.control.url, kind=config.control.kind))
    return Lane(
        name=name,
        delay=office.crawl.delay if config.delay is None else config.delay,
        control=control,
        control_max_age=config.control_max_age,
        paused_until=None if pause is None else pause.until,
        paused_for=None if pause is None else pause.outcome,
    )


def _look(office: Office, source: Source, lane: Lane, clock: Callable[[], datetime]) -> Look:
    now = clock()
    if lane.paused_until is not None and lane.paused_until - now > timedelta(0):
        until = lane.paused_until.astimezone(ZoneInfo(source.timezone))
        reason = f"采集通道“{lane.name}”被要求放慢访问，{until:%Y-%m-%d %H:%M} 之前不再访问，请届时再试"
        return Look(visit=unasked(source, Channel(name=lane.name), now, Outcome.RATE_LIMITED, reason))
    return asyncio.run(
        run.try_source(
            source,
            lane,
            office.crawl,
            lane_at=partial(controlled_lane, office),
            clock=clock,
            reader=read_anything,
            clocks=remembered_clocks(office, now),
        )
    )


def _classified(look: Look, account: Account | None) -> Classified | None:
    """Classify an article by its own page; of nobody's account, by the name that the page gives its own."""
    article = look.reading.article if look.reading is not None else None
    if article is None:
        return None
    name = article.account
    whose = account or Account(account_id="", name=name, platform=Platform.OTHER, organizer=name)
    post = Post(
        account_id=whose.account_id,
        key=article.key,
        title=article.title,
        url=look.visit.final_url,
        published_at=article.stated.at,
        seen_at=look.visit.started_at,
        page_at=look.visit.started_at,
        page_credits=article.credits,
        page_mark=article.mark,
    )
    return classify(post, own_names(whose))


def _registered_kind(account: Account | None, url: str) -> str:
    found = () if account is None else account.addresses
    return next((each.kind for each in found if each.url == url), "")
