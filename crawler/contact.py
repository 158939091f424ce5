"""What a request tells besides its answer: whether anybody was reached at all, and what time it is there."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp.connector import Connection

from monitor.visits import Outcome


class Contact(StrEnum):
    """How far a request came: a server was reached, its name was not found out, no connection came about."""

    REACHED = "reached"
    NO_NAME = "no_name"
    NO_ROAD = "no_road"


@dataclass(slots=True)
class Touch:
    """What the session notes while a request is under way: whether a name was resolved, a connection made."""

    resolved: bool = False
    connected: bool = False


def tracing() -> aiohttp.TraceConfig:
    """Return what makes a session note on each request's ``Touch`` how far it came.

    A connection that is used again tells nothing: it may lead nowhere by now.
    """
    trace = aiohttp.TraceConfig()

    async def resolved(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        touch = context.trace_request_ctx
        if isinstance(touch, Touch):
            touch.resolved = True

    async def connected(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        touch = context.trace_request_ctx
        if isinstance(touch, Touch):
            touch.connected = True

    trace.on_dns_resolvehost_end.append(resolved)
    trace.on_connection_create_end.append(connected)
    return trace


class Answer(aiohttp.ClientResponse):
    """An answer that knows whether it came from our own machine.

    A connection is given back as soon as the answer has been read, which may be before anybody can ask.
    """

    is_our_own = False

    async def start(self, connection: Connection) -> "Answer":
        """Begin to read the answer."""
        self.is_our_own = _leads_home(connection.transport)
        await super().start(connection)
        return self


def _leads_home(transport: asyncio.BaseTransport | None) -> bool:
    """Say whether both ends of a connection have one address: then they are on one machine, and have one clock."""
    if transport is None:
        return False
    peer: Any = transport.get_extra_info("peername")
    own: Any = transport.get_extra_info("sockname")
    return isinstance(peer, tuple) and isinstance(own, tuple) and peer[0] == own[0]


def contact_of(error: Exception, outcome: Outcome, touch: Touch) -> Contact | None:
    """Return how far a failed request came; None where that says nothing of the network."""
    if touch.connected or isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientPayloadError):
        return Contact.REACHED
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Contact.NO_NAME
    lost = isinstance(error, aiohttp.ClientConnectorError | TimeoutError) and outcome is not Outcome.TLS
    return Contact.NO_ROAD if lost or outcome is Outcome.LOCAL_OUTAGE else None


def told_ahead(response: aiohttp.ClientResponse, at: datetime, age: timedelta) -> timedelta | None:
    """Return the same as ``ahead_of`` of an answer; one from our own machine knows no other clock than ours."""
    if isinstance(response, Answer) and response.is_our_own:
        return None
    return ahead_of(response.headers, at, age)


def ahead_of(headers: Mapping[str, str], at: datetime, age: timedelta) -> timedelta | None:
    """Return how far a server's clock is ahead of ours, which said ``at`` when the answer came; None: not told.

    ``age`` is how long ago the answer was given, where a cache says so. Exact to about two seconds.
    """
    try:
        date = parsedate_to_datetime(headers.get("Date", ""))
        return (date if date.tzinfo else date.replace(tzinfo=UTC)) + age - at
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
