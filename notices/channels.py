"""The values of notices: channels, and what is sent over them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.errors import XunjianError


class ChannelKind(StrEnum):
    """How a channel takes messages."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    EMAIL = "email"
    WEBHOOK = "webhook"
    APPRISE = "apprise"


class Security(StrEnum):
    """How the connection to a mail server is kept secret."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A section [notify.channels.NAME].

    ``url`` is the robot's address (WeCom, DingTalk, Feishu), the webhook's, or apprise's; ``secret`` signs for
    DingTalk, Feishu and the webhook, "" where nothing is signed. The others are of e-mail; ``recipients`` get what
    names nobody. ``url``, ``secret`` and ``password`` never stand in a sentence or a log.
    """

    name: str
    kind: ChannelKind
    url: str = ""
    secret: str = ""
    host: str = ""
    port: int = 465
    user: str = ""
    password: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()
    security: Security = Security.TLS
    timeout: timedelta = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message; ``recipient`` is e-mail addresses or mobile numbers, comma-separated, "" for all of the channel.

    ``at`` is when it was made: a repeat of a message has the same, so that it is known again.
    """

    subject: str
    body: str
    at: datetime
    kind: str = "reminder"
    recipient: str = ""
    account_ids: tuple[str, ...] = ()


class NoticeError(XunjianError):
    """A message was not taken; ``retryable`` says whether a later try may succeed by itself, ``retry_after`` when.

    Of those that are not, ``unfit`` are refused for what the message is or to whom it goes: nothing that is mended at
    the channel, at its robot or at our clock would let it through.
    """

    def __init__(
        self, sentence: str, *, retryable: bool = True, retry_after: timedelta | None = None, unfit: bool = False
    ) -> None:
        super().__init__(sentence)
        self.retryable = retryable and not unfit
        self.retry_after = retry_after
        self.unfit = unfit
