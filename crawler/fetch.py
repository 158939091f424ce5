"""One request after another until a server has answered: redirects seen one by one, every limit kept."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import quote_from_bytes

import aiohttp
from yarl import URL

from crawler.addresses import CheckedResolver, ForbiddenAddressError, check_host
from crawler.contact import Answer, Contact, Touch, contact_of, told_ahead, tracing
from crawler.failures import Failure, failure_of, failure_of_status, retry_after, shown
from crawler.reply import Reply, age_of, headers_of, read_body, read_refusal, reply_of
from crawler.settings import CrawlSettings
from monitor.visits import Exchange, Memory, Outcome

Clock = Callable[[], datetime]
Turn = Callable[[], AbstractAsyncContextManager[None]]
"""A turn in a lane: entering waits for it, leaving ends it. Each request takes one."""
Permit = Callable[[str], Awaitable[Failure | None]]
"""Asked before every request, redirects included; what it returns is why the request is not made."""

MAX_REDIRECTS: Final = 5
TRUSTED_FOR: Final = timedelta(hours=24)
"""Validators of a full answer are sent for so long (COVERAGE rule 4)."""

_PERMANENT: Final = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
_REDIRECTS: Final = _PERMANENT | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}
_NO_MEMORY: Final = Memory()


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """What all requests of a run share."""

    session: aiohttp.ClientSession
    settings: CrawlSettings
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of asking for one address.

    ``started_at`` is the moment before the last request was sent. ``moved_to`` is where the address permanently leads,
    ``at_home`` says that the answer came from there, or from the address itself where it has not moved: only then do
    its validators belong to the source. ``before`` are answers that led to this one, ``after`` those
    that it led to. ``contact`` tells whether anybody was reached on the way (None: nobody was asked), ``resolved``
    whether a name was, ``ahead`` how far the clock of the last server that answered is ahead of ours (None: not told,
    or it is our own).
    """

    url: str
    final_url: str
    started_at: datetime
    ended_at: datetime
    reply: Reply
    moved_to: str | None = None
    at_home: bool = True
    warnings: tuple[str, ...] = ()
    before: tuple[Exchange, ...] = ()
    after: tuple[Exchange, ...] = ()
    contact: Contact | None = None
    resolved: bool = False
    ahead: timedelta | None = None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The answers as they are kept for evidence, in order; a request that no server answered gives none."""
        status = self.reply.status
        own = () if status is None else (self._exchange(status),)
        return (*self.before, *own, *self.after)

    def _exchange(self, status: int) -> Exchange:
        reply = self.reply
        return Exchange(url=self.final_url, at=self.started_at, status=status, headers=reply.headers, body=reply.body)


def open_session(settings: CrawlSettings) -> aiohttp.ClientSession:
    """Return a session that keeps no cookies, asks no proxy and connects to addresses that were checked."""
    connector = aiohttp.TCPConnector(resolver=CheckedResolver(settings.allow_private), limit=0, ttl_dns_cache=60)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),  # fetch keeps the time over all hops
        auto_decompress=False,  # crawler.inflate does it under a guard
        trust_env=False,
        response_class=Answer,
        trace_configs=[tracing()],
        max_field_size=32 * 1024,  # some sites send one endless security header
        headers={
            "User-Agent": settings.user_agent,
            "Accept": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
            "text/html;q=0.8, */*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "zh-CN, zh;q=0.9",
            "Cache-Control": "no-cache",  # a cache on the way is to ask the site itself
            "Pragma": "no-cache",
        },
    )


async def fetch(
    web: Web,
    url: str,
    turn: Turn,
    *,
    memory: Memory = _NO_MEMORY,
    permit: Permit | None = None,
    label: str = "采集地址",
) -> Fetched:
    """Ask for an address, follow at most five redirects, and return what came of it; bad answers are values.

    ``memory`` is what is remembered of the source: its validators are sent while they may be trusted, and only to the
    address that they came from. ``label`` is what sentences call the address.
    """
    try:
        asked = URL(url).with_fragment(None)
    except ValueError:
        now = web.clock()
        reply = Reply(outcome=Outcome.DNS, reason=f"{label} {shown(url)} 不是有效的网址，请核对备案台账")
        return Fetched(url=url, final_url=url, started_at=now, ended_at=now, reply=reply, moved_to=memory.moved_to)
    return await _Asking(web, asked, turn, memory, permit, label).ask()


class _Asking:
    """One fetch under way: the addresses that it went through, and the time that is left."""

    def __init__(self, web: Web, asked: URL, turn: Turn, memory: Memory, permit: Permit | None, label: str) -> None:
        self.web, self.asked, self.turn, self.memory, self.permit, self.label = web, asked, turn, memory, permit, label
        self.hops: list[str] = []
        self.moved_to = memory.moved_to
        self.permanent = True
        self.left = web.settings.timeout.total_seconds()
        self.contact: Contact | None = None
        self.resolved = False
        self.ahead: timedelta | None = None

    async def ask(self) -> Fetched:
        address = self.asked
        while True:
            where = self.where(address)
            refusal = await self.refusal(address, where)
            if refusal is not None:
                now = self.web.clock()
                return self.ended(address, now, now, reply_of(refusal))
            self.hops.append(str(address))
            async with self.turn():
                started_at = self.web.clock()
                conditions = self.conditions(address, started_at)
                reply = await self.exchange(address, where, conditions, started_at)
                ended_at = self.web.clock()
            if reply.location is None:
                return self.ended(address, started_at, ended_at, reply)
            address, failure = self.follow(address, where, reply)
            if failure is not None:
                return self.ended(address, started_at, ended_at, replace(reply_of(failure), status=reply.status))

    def where(self, address: URL) -> str:
        if address == self.asked:
            return f"{self.label} {shown(self.asked)}"
        return f"{self.label} {shown(self.asked)} 转向的 {shown(address)}"

    async def refusal(self, address: URL, where: str) -> Failure | None:
        """Return why an address is not asked at all."""
        if address.scheme not in {"http", "https"}:
            return Failure(
                outcome=Outcome.FORBIDDEN_ADDRESS, reason=f"{where} 不予访问：只采集 http 和 https 开头的网址"
            )
        if not address.raw_host:
            return Failure(outcome=Outcome.DNS, reason=f"{where} 不是有效的网址")
        try:
            check_host(address.raw_host, self.web.settings.allow_private)
        except ForbiddenAddressError as error:
            return failure_of(error, where, self.web.settings.timeout)
        return await self.permit(str(address)) if self.permit is not None else None

    def conditions(self, address: URL, at: datetime) -> dict[str, str]:
        """Return the conditional headers that may be sent to an address at a moment."""
        memory = self.memory
        if str(address) != (memory.moved_to or str(self.asked)) or memory.clock_bound or memory.full_at is None:
            return {}
        if not timedelta(0) <= at - memory.full_at <= TRUSTED_FOR:
            return {}
        headers = {"If-None-Match": memory.etag, "If-Modified-Since": memory.last_modified}
        return {name: value for name, value in headers.items() if value}

    async def exchange(self, address: URL, where: str, conditions: dict[str, str], started_at: datetime) -> Reply:
        """Send one request and read its answer; network failures are replies too."""
        loop = asyncio.get_running_loop()
        begun, touch = loop.time(), Touch()
        try:
            async with (
                asyncio.timeout(self.left),
                self.web.session.get(
                    address, headers=conditions, allow_redirects=False, trace_request_ctx=touch
                ) as response,
            ):
                self.contact = Contact.REACHED
                # Not what our clock says now: it may have been set meanwhile, and the visit is dated by its start.
                at = started_at + timedelta(seconds=loop.time() - begun)
                self.ahead = told_ahead(response, at, age_of(response.headers))
                return await self.read(response, where, conditional=bool(conditions))
        except (aiohttp.ClientError, OSError, UnicodeError, ForbiddenAddressError) as error:
            failure = failure_of(error, where, self.web.settings.timeout)
            if self.contact is not Contact.REACHED:
                self.contact = contact_of(error, failure.outcome, touch)
            return reply_of(failure)
        finally:
            self.resolved = self.resolved or touch.resolved
            self.left = max(0.0, self.left - (loop.time() - begun))

    async def read(self, response: aiohttp.ClientResponse, where: str, *, conditional: bool) -> Reply:
        status = response.status
        if status in _REDIRECTS:
            location = response.headers.get("Location", "").strip()
            if location:
                return Reply(status=status, location=location)
            reason = f"{where} 返回状态码 {status}，却没有说明转向何处"
            return Reply(outcome=Outcome.SERVER_ERROR, reason=reason, status=status)
        if status == HTTPStatus.NOT_MODIFIED:
            if conditional:
                age, headers = age_of(response.headers), headers_of(response)
                return Reply(outcome=Outcome.NOT_MODIFIED, status=status, age=age, headers=headers)
            reason = f"{where} 未被询问是否更新却答复“未更新”（304），不足为凭"
            return Reply(outcome=Outcome.SERVER_ERROR, reason=reason, status=status)
        if status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
            wait = retry_after(response.headers.get("Retry-After"), self.web.clock())
            body = await read_refusal(response, where)
            reply = reply_of(failure_of_status(status, where))
            return replace(reply, retry_after=wait, body=body, headers=headers_of(response))
        return await read_body(response, where, self.web.settings.max_bytes)

    def follow(self, address: URL, where: str, reply: Reply) -> tuple[URL, Failure | None]:
        """Return the address that a redirect leads to, and why it is not followed."""
        try:
            target = address.join(URL(_quoted(reply.location or ""))).with_fragment(None)
        except ValueError:
            return address, _odd(f"{where} 转向了无效的网址")
        if address == self.asked:
            self.moved_to = None
        self.permanent = self.permanent and reply.status in _PERMANENT
        if self.permanent and target.scheme in {"http", "https"}:
            self.moved_to = str(target)
        if str(target) in self.hops:
            return address, _odd(f"{where} 转向循环，始终没有内容")
        if len(self.hops) > MAX_REDIRECTS:
            return address, _odd(f"{where} 转向超过 {MAX_REDIRECTS} 次，始终没有内容")
        return target, None

    def ended(self, address: URL, started_at: datetime, ended_at: datetime, reply: Reply) -> Fetched:
        answered = reply.outcome in {None, Outcome.NOT_MODIFIED}
        if answered and len(self.hops) == 1:
            self.moved_to = None
        if reply.outcome is Outcome.FORBIDDEN_ADDRESS:
            self.moved_to = self.memory.moved_to
        return Fetched(
            url=str(self.asked),
            final_url=str(address),
            started_at=started_at,
            ended_at=ended_at,
            reply=reply,
            moved_to=self.moved_to,
            at_home=str(address) == (self.moved_to or str(self.asked)),
            warnings=()
            if self.moved_to is None
            else (f"{self.label}已永久转向 {shown(self.moved_to)}，请核对备案台账",),
            contact=self.contact,
            resolved=self.resolved,
            ahead=self.ahead,
        )


def _odd(reason: str) -> Failure:
    return Failure(outcome=Outcome.SERVER_ERROR, reason=reason)


def _quoted(location: str) -> str:
    """Percent-encode the raw bytes of a Location header that are not ASCII, in whatever encoding they stand."""
    raw = location.encode("utf-8", "surrogateescape")
    return quote_from_bytes(raw, safe="".join(chr(code) for code in range(0x21, 0x7F)))
