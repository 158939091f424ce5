"""What is to be visited: sources as the office sets them, the lanes that they lie in."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from crawler.lanes import lane_of
from crawler.settings import LaneConfig
from monitor.kinds import kinds_of
from monitor.values import Account, Platform
from monitor.visits import Lane, Source, view_of
from schedules.office import Office, RequestError
from storage.accounts import accounts_of, living_accounts
from storage.clocks import clocks
from storage.coverage import coverage_of, rebuild
from storage.lanes import pauses
from storage.sources import control_source, known_control, other_views, sources_by_id, sources_of, take_views

LOOK_BACK: Final = timedelta(days=45)
"""A month, and the two weeks before it that its windows begin with: older posts are not looked for."""

CLOCKS_FOR: Final = timedelta(days=1)
"""What was learnt of servers' clocks is remembered for so long."""

_log = logging.getLogger(__name__)


def active_accounts(office: Office, now: datetime) -> list[Account]:
    """Return the accounts that still have a life to watch."""
    with office.database.read() as session:
        return living_accounts(session, now.astimezone(office.zone).date())


def sources_of_accounts(office: Office, accounts: Sequence[Account]) -> list[Source]:
    """Return the sources of accounts as the office sets them, in the order of the registry.

    Raises RequestError where the configuration says of one what its platform does not have.
    """
    platforms = {each.account_id: each.platform for each in accounts}
    with office.database.read() as session:
        found = [office.configured(source) for source in sources_of(session, list(platforms))]
    for source in found:
        if why := contradiction(source, platforms[source.account_id or ""]):
            raise RequestError(why)
    return found


def sources_to_visit(
    office: Office, source_ids: Sequence[int], now: datetime, unless_since: datetime | None = None
) -> list[Source]:
    """Return active sources of these ids, in their order, with how far back older pages of a list are wanted.

    That is to where the account is covered already, so that windows overlap, and no further than LOOK_BACK. A source
    of which another list is chosen by now loses what it has proven by the other one. One of which the configuration
    says what its platform does not have shows posts and proves nothing; it must not keep its lane from being visited.
    Those that were visited after ``unless_since`` are left out; a visit of the future was made by a wrong clock.
    """
    since = now - LOOK_BACK
    between = None if unless_since is None else (unless_since, now)
    with office.database.read() as session:
        found = [office.configured(source) for source in sources_by_id(session, source_ids, between)]
        accounts = {each.account_id: each for each in accounts_of(session, {each.account_id or "" for each in found})}
    found = [_harmless(each, accounts[each.account_id or ""].platform) for each in found]
    _take_views(office, found)
    with office.database.read() as session:
        covered = coverage_of(session, list(accounts), since, now)
    place = {source_id: at for at, source_id in enumerate(source_ids)}
    return [
        replace(
            source,
            names=_names(accounts[source.account_id or ""]),
            needed_from=max((span.end for span in covered[source.account_id or ""]), default=since),
        )
        for source in sorted(found, key=lambda each: place[each.source_id])
    ]


def _names(account: Account) -> tuple[str, ...]:
    return (account.account_id, account.name, *account.aliases)


def _take_views(office: Office, found: Sequence[Source]) -> None:
    """Take back what a source has proven by another list of its page than the one that the office chooses now."""
    chosen = {source.source_id: view_of(source.selectors) for source in found}
    with office.database.read() as session:
        if not other_views(session, chosen):
            return
    with office.database.begin() as session:
        rebuild(session, take_views(session, chosen))


def contradiction(source: Source, platform: Platform) -> str:
    """Return why a source cannot see what it is said to, as a sentence: its platform has no such kind of post."""
    unknown = set(source.sees) - set(kinds_of(platform))
    if not unknown:
        return ""
    kinds = "、".join(kinds_of(platform))
    return (
        f"xunjian.toml：[sources] 中 {source.account_id}（{source.url}）的 sees 写了{'、'.join(sorted(unknown))}，"
        f"{platform}的信息只分{kinds}；请改正后再采集。"
    )


def _harmless(source: Source, platform: Platform) -> Source:
    if not (why := contradiction(source, platform)):
        return source
    _log.error("source proves nothing source=%s cause=%s", source.source_id, why)
    return replace(source, sees=(), complete=False)


def lanes_of(office: Office, names: Iterable[str]) -> dict[str, Lane]:
    """Return the lanes that are needed, with their control sources and the pauses that they were told to make."""
    configured = {lane.name: lane for lane in office.lanes}
    with office.database.read() as session:
        paused = pauses(session)
    made: dict[str, Lane] = {}
    for name in dict.fromkeys(names):
        config = configured.get(name) or LaneConfig(name=name, hosts=())
        pause = paused.get(name)
        made[name] = Lane(
            name=name,
            delay=office.crawl.delay if config.delay is None else config.delay,
            control=_control(office, config),
            control_max_age=config.control_max_age,
            paused_until=None if pause is None else pause.until,
            paused_for=None if pause is None else pause.outcome,
            level=0 if pause is None else pause.level,
        )
    return made


def remembered_clocks(office: Office, now: datetime) -> dict[str, timedelta]:
    """Return by lane how far its server's clock was ahead of ours lately, while ours was known to be right."""
    with office.database.read() as session:
        return clocks(session, now - CLOCKS_FOR)


def controlled_lane(office: Office, url: str) -> str | None:
    """Return the name of the lane that an address belongs to, None where that lane names no control source."""
    name = lane_of(url, office.lanes)
    return next((lane.name for lane in office.lanes if lane.name == name and lane.control is not None), None)


def _control(office: Office, config: LaneConfig) -> Source | None:
    if config.control is None:
        return None
    with office.database.read() as session:
        known = known_control(session, config.name, config.control)
    if known is None:
        with office.database.begin() as session:
            known = control_source(session, config.name, config.control)
    return office.configured(known)
