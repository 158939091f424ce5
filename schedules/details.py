"""Which own pages of posts are to be read now: by lane, newest first, no more than a lane's budget."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crawler.details import PageTarget
from crawler.lanes import lane_of
from schedules.office import Office
from storage.pages import pages_due

SINCE = timedelta(days=45)
"""Posts older than this no window of the running month, or of the one before, looks at."""


def due_pages(office: Office, account_ids: Sequence[str], now: datetime) -> dict[str, list[PageTarget]]:
    """Return the pages that are due, by lane, newest posts first, up to each lane's budget."""
    budget = office.crawl.details_per_lane
    with office.database.read() as session:
        due = pages_due(session, account_ids, now, since=now - SINCE)
    by_lane: dict[str, list[PageTarget]] = {}
    for each in due:
        some = by_lane.setdefault(lane_of(each.url, office.lanes), [])
        if len(some) < budget:
            target = PageTarget(account_id=each.account_id, key=each.key, url=each.url, timezone=office.zone.key)
            some.append(target)
    return by_lane
