"""The own page of one post: asked for, read, and put together as one attempt."""

from dataclasses import dataclass, replace
from datetime import timedelta

from crawler.doubts import sentence
from crawler.fetch import Fetched
from crawler.look import Ask, read_body
from crawler.pool import ParsePool
from crawler.sources import ARTICLE
from crawler.sources.kinds import asked_post
from crawler.visiting import NOTHING, digest_of
from monitor.visits import Outcome, PageVisit, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTarget:
    """A post whose own page is wanted; ``timezone`` (IANA) is that of dates without a zone."""

    account_id: str
    key: str
    url: str
    timezone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLook:
    """An attempt to read a page, and for how long its server wants the lane to wait (None: it did not say).

    ``ahead`` is how far the clock of the server that answered is ahead of ours (None: not told).
    """

    page: PageVisit
    retry_after: timedelta | None = None
    ahead: timedelta | None = None


async def look_at_page(target: PageTarget, lane: str, ask: Ask, pool: ParsePool) -> PageLook:
    """Read a post's own page once."""
    fetched = await ask(asked_post(target.url), NOTHING)
    if fetched.reply.outcome is not None:
        page = _visit(target, lane, fetched, fetched.reply.outcome, fetched.reply.reason)
        return PageLook(page=page, retry_after=fetched.reply.retry_after, ahead=fetched.ahead)
    source = Source(source_id=0, url=target.url, account_id=target.account_id, timezone=target.timezone)
    reading = await read_body(fetched, source, ARTICLE, pool)
    outcome, reason = reading.outcome, reading.reason
    if reading.article is None and outcome is Outcome.NEW:
        outcome, reason = Outcome.NOT_A_FEED, "不是文章页面"
    if outcome is Outcome.NEW and fetched.reply.damaged:
        outcome, reason = Outcome.PARTIAL, "返回的内容不完整，传输提前中断或压缩数据损坏"
    page = _visit(target, lane, fetched, outcome, reason)
    article = reading.article if outcome is Outcome.NEW else None
    page = replace(page, article=article, body_hash=digest_of(fetched.reply.body))
    return PageLook(page=page, ahead=fetched.ahead)


def _visit(target: PageTarget, lane: str, fetched: Fetched, outcome: Outcome, reason: str) -> PageVisit:
    return PageVisit(
        account_id=target.account_id,
        key=target.key,
        url=target.url,
        lane=lane,
        started_at=fetched.started_at,
        ended_at=fetched.ended_at,
        outcome=outcome,
        reason=sentence(reason),
        status=fetched.reply.status,
        final_url=fetched.final_url,
        exchanges=fetched.exchanges,
    )
