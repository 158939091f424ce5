"""E-mail over SMTP."""

import logging
import re
import smtplib
import socket
import ssl
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, parseaddr

import aiohttp

from notices.channels import Channel, Notice, NoticeError, Security
from notices.posting import misset, refused, unreachable
from notices.secrets import identity, said_safely
from notices.splitting import Part, byte_size, parts_of_text
from notices.threads import in_thread

LIMIT = 1_000_000
"""Bytes that a text has at most."""

_LOG = logging.getLogger(__name__)
_SEPARATORS = re.compile(r"[,;，；、\s]+")
_ADDRESS = re.compile(r"[^@\s<>()\",;:]+@[^@\s<>()\",;:]+")
_LASTING = 500  # from here on SMTP's codes say that no later try will succeed
_REFUSED_FOR_NOW = timedelta(minutes=10)


def split(notice: Notice) -> tuple[Part, ...]:
    """Split a message that no mail server would take as one."""
    return parts_of_text(notice.subject, notice.body, LIMIT, byte_size)


def letter(channel: Channel, notice: Notice, part: Part) -> EmailMessage:
    """Return a part as an e-mail; sent again it has the same Message-ID, so that the repeat is recognised."""
    recipients = addresses(notice.recipient) or list(channel.recipients)
    if not recipients:
        raise misset(channel, "没有收件人（recipients）")
    name, address = parseaddr(channel.sender or channel.user)
    if not all(_ADDRESS.fullmatch(each) for each in (address, *recipients)):
        raise misset(channel, "发件人（sender）或收件人不是有效的邮箱地址")
    made = EmailMessage(policy=SMTP)
    made["From"] = formataddr((name, address))
    made["To"] = ", ".join(recipients)
    made["Subject"] = " ".join(part.subject.split())
    made["Date"] = notice.at
    made["Message-ID"] = f"<{identity(channel, notice, part.number)}@{address.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(part.piece, charset="utf-8", cte="base64")
    return made


def addresses(recipient: str) -> list[str]:
    """Return the e-mail addresses among what a recipient names, in order, each once."""
    return list(dict.fromkeys(each for each in _SEPARATORS.split(recipient) if "@" in each.strip("@")))


class _Plain(smtplib.SMTP):
    """A connection that hands itself over once it is open, so that another thread can end it."""

    def __init__(self, channel: Channel, held: list[smtplib.SMTP]) -> None:
        self._held = held
        # Our name is given: looked up without a network it could take minutes.
        super().__init__(channel.host, channel.port, _own_name(), channel.timeout.total_seconds())

    def getreply(self) -> tuple[int, bytes]:
        self._held[:] = [self]
        return super().getreply()


class _Secure(smtplib.SMTP_SSL):
    """The same, kept secret from the first byte on; the server's certificate is checked."""

    def __init__(self, channel: Channel, held: list[smtplib.SMTP]) -> None:
        self._held = held
        timeout, context = channel.timeout.total_seconds(), ssl.create_default_context()
        super().__init__(channel.host, channel.port, _own_name(), timeout=timeout, context=context)

    def getreply(self) -> tuple[int, bytes]:
        self._held[:] = [self]
        return super().getreply()


def _own_name() -> str:
    name = socket.gethostname()
    return name if name and name.isascii() else "localhost"


async def send(_session: aiohttp.ClientSession, channel: Channel, notice: Notice, part: Part, _now: datetime) -> None:
    """Send one part to all its recipients; it counts as sent when the server took it for one of them."""
    made = letter(channel, notice, part)
    held: list[smtplib.SMTP] = []
    try:
        await in_thread(lambda: _deliver(channel, made, held), channel.timeout, lambda: _cut(held))
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise _worded(channel, error) from None


def _deliver(channel: Channel, made: EmailMessage, held: list[smtplib.SMTP]) -> None:
    server = _Secure(channel, held) if channel.security is Security.TLS else _Plain(channel, held)
    try:
        if channel.security is Security.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if channel.user:
            server.login(channel.user, channel.password)
        if refused_ones := server.send_message(made):
            _LOG.warning("mail refused for some channel=%s refused=%d", channel.name, len(refused_ones))
        _leave(server)
    finally:
        server.close()


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; the message was taken, so whatever goes wrong here must not send it again."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        return


def _cut(held: list[smtplib.SMTP]) -> None:
    """End a connection on which another thread waits; closing it would not wake that thread."""
    for server in held:
        if (connection := server.sock) is None:
            continue
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue  # it has ended by itself


def _worded(channel: Channel, error: Exception) -> NoticeError:
    """Return the sentence for what the mail server, or the way to it, said."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
        code, said = answers[0]
        if all(each >= _LASTING for each, _ in answers):
            return misset(channel, f"收件人被邮件服务器拒收，返回 {code}{_quoted(channel, said)}", unfit=True)
        return refused(channel, code, _decoded(said), wait=_REFUSED_FOR_NOW)
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= _LASTING:
        return misset(channel, f"登录邮件服务器失败，返回 {error.smtp_code}{_quoted(channel, error.smtp_error)}")
    if isinstance(error, smtplib.SMTPResponseException):
        # A server that refuses at the door may be busy: that is no word about the message.
        final = error.smtp_code >= _LASTING and not isinstance(error, smtplib.SMTPConnectError)
        unfit = final and isinstance(error, smtplib.SMTPDataError)  # it was let in, and its letter was not
        return refused(channel, error.smtp_code, _decoded(error.smtp_error), retryable=not final, unfit=unfit)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return misset(channel, "邮件服务器不支持所要求的加密、登录方式或收件地址")
    return unreachable(channel, error)


def _decoded(said: bytes | str) -> str:
    return said if isinstance(said, str) else said.decode("utf-8", "replace")


def _quoted(channel: Channel, said: bytes | str) -> str:
    return f"（{words}）" if (words := said_safely(channel, _decoded(said))) else ""
