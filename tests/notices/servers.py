"""Robots and mail servers on loopback that look at what they are sent as the real ones do."""

import asyncio
import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiohttp import web

from notices.channels import Channel, ChannelKind, Notice

NOW = datetime(2026, 10, 12, 7, 0, tzinfo=UTC)
KEY = "693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa"
SECRET = "SECf00dfeedf00dfeedf00dfeed"

NEW_DAY = Notice(subject="更新提醒", body="账号甲今日尚未更新。", at=NOW)


def clock() -> datetime:
    return NOW


def a_channel(kind: ChannelKind, url: str = "", **more: Any) -> Channel:
    given: dict[str, Any] = {"name": "工作群", "kind": kind, "url": url, "timeout": timedelta(seconds=60)}
    return Channel(**given | more)


@dataclass
class Robots:
    """All robots at one address; ``answers`` are given before any message is looked at."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: deque[web.Response] = field(default_factory=deque)
    asked: int = 0
    more: asyncio.Event = field(default_factory=asyncio.Event)

    async def took(self, count: int) -> None:
        """Wait until so many messages were taken."""
        while len(self.taken) < count:
            self.more.clear()
            await self.more.wait()

    def take(self, sent: dict[str, Any]) -> None:
        self.taken.append(sent)
        self.more.set()

    def wecom(self, key: str = KEY) -> Channel:
        return a_channel(ChannelKind.WECOM, f"{self.url}/cgi-bin/webhook/send?key={key}")

    def dingtalk(self, secret: str = SECRET) -> Channel:
        return a_channel(ChannelKind.DINGTALK, f"{self.url}/robot/send?access_token={KEY}", secret=secret)

    def feishu(self, secret: str = SECRET) -> Channel:
        return a_channel(ChannelKind.FEISHU, f"{self.url}/open-apis/bot/v2/hook/{KEY}", secret=secret)

    def webhook(self, secret: str = SECRET) -> Channel:
        return a_channel(ChannelKind.WEBHOOK, f"{self.url}/webhook/{KEY}", secret=secret)

    def answer(self, fields: dict[str, Any] | str, status: int = 200, **headers: str) -> None:
        """Give this answer to the next message."""
        text = fields if isinstance(fields, str) else json.dumps(fields, ensure_ascii=False)
        given = {key.replace("_", "-"): value for key, value in headers.items()}
        self.answers.append(web.Response(text=text, status=status, content_type="application/json", headers=given))

    async def read(self, request: web.Request) -> tuple[bytes, dict[str, Any]]:
        body = await request.read()
        self.asked += 1
        return body, json.loads(body)

    async def on_wecom(self, request: web.Request) -> web.Response:
        _, sent = await self.read(request)
        if self.answers:
            return self.answers.popleft()
        if request.query.get("key") != KEY:
            return web.json_response({"errcode": 93000, "errmsg": f"invalid webhook url, key={request.query['key']}"})
        assert request.content_type == "application/json"
        content = sent["text"]["content"]
        if not 0 < len(content.encode()) <= 2048:
            return web.json_response({"errcode": 40058, "errmsg": "text.content exceed max length 2048"})
        self.take(sent)
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def on_dingtalk(self, request: web.Request) -> web.Response:
        body, sent = await self.read(request)
        if self.answers:
            return self.answers.popleft()
        if request.query.get("access_token") != KEY:
            return web.json_response({"errcode": 300005, "errmsg": "token is not exist"})
        stamp, sign = request.query.get("timestamp", ""), request.query.get("sign", "")
        mac = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
        fresh = stamp.isdecimal() and abs(int(stamp) / 1000 - NOW.timestamp()) < 3600
        if not fresh or sign != base64.b64encode(mac).decode():
            return web.json_response({"errcode": 310000, "errmsg": "sign not match"})
        if len(body) > 20_000:
            return web.json_response({"errcode": 40035, "errmsg": "message too long, exceed 20000 bytes"})
        self.take(sent)
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def on_feishu(self, request: web.Request) -> web.Response:
        body, sent = await self.read(request)
        if self.answers:
            return self.answers.popleft()
        key = f"{sent.get('timestamp')}\n{SECRET}".encode()
        if sent.get("sign") != base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode():
            said = "sign match fail or timestamp is not within one hour from current time"
            return web.json_response({"code": 19021, "msg": said})
        if len(body) > 20_480:
            return web.json_response({"code": 9499, "msg": "Bad Request", "data": {}}, status=400)
        self.take(sent)
        return web.json_response({"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"})

    async def on_webhook(self, request: web.Request) -> web.Response:
        body, sent = await self.read(request)
        if self.answers:
            return self.answers.popleft()
        signed = request.headers.get("X-Xunjian-Signature", "")
        if signed != f"sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}":
            return web.Response(status=401, text="bad signature")
        self.headers.append(dict(request.headers))
        self.take(sent)
        return web.Response(status=204)


@asynccontextmanager
async def robots() -> AsyncIterator[Robots]:
    running = Robots()
    app = web.Application()
    app.router.add_post("/cgi-bin/webhook/send", running.on_wecom)
    app.router.add_post("/robot/send", running.on_dingtalk)
    app.router.add_post("/open-apis/bot/v2/hook/{key}", running.on_feishu)
    app.router.add_post("/webhook/{key}", running.on_webhook)
    runner = web.AppRunner(app, shutdown_timeout=0, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    running.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield running
    finally:
        await runner.cleanup()


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def refusing() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@dataclass
class Mailbox:
    """A mail server; ``replies`` by command are given in place of its own, ``letters`` are what it took."""

    port: int = 0
    replies: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[list[str]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    def channel(self, **more: Any) -> Channel:
        given: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.port,
            "sender": "巡检 <xunjian@gaoxian.example>",
            "recipients": ("office@gaoxian.example",),
            "security": "none",
        }
        return a_channel(ChannelKind.EMAIL, **given | more)


class _Mailing:
    """One connection to a mail server."""

    def __init__(self, box: Mailbox, connection: socket.socket, tls: ssl.SSLContext | None, first: bool) -> None:
        self.box, self.tls, self.encrypted = box, tls, first
        self.connection = tls.wrap_socket(connection, server_side=True) if tls and first else connection
        self.lines = self.connection.makefile("rb")

    def say(self, line: str) -> None:
        self.connection.sendall(line.encode() + b"\r\n")

    def talk(self) -> None:
        self.say(self.box.replies.get("", "220 mail.example ESMTP"))
        recipients: list[str] = []
        while line := self.lines.readline().decode().strip():
            word = line.split(maxsplit=1)[0].upper()
            if word == "QUIT" and self.box.replies.get("QUIT") == "(none)":
                return
            if said := self.box.replies.get(line) or self.box.replies.get(word):
                self.say(said)
            elif word == "EHLO":
                offers = ["AUTH PLAIN LOGIN", *(["STARTTLS"] if self.tls and not self.encrypted else [])]
                self.say("\r\n".join(["250-mail.example", *(f"250-{each}" for each in offers), "250 8BITMIME"]))
            elif word == "STARTTLS":
                self.say("220 go ahead")
                assert self.tls is not None
                self.connection = self.tls.wrap_socket(self.connection, server_side=True)
                self.lines, self.encrypted = self.connection.makefile("rb"), True
            elif word == "AUTH":
                self.box.logins.append(base64.b64decode(line.split()[2]).decode())
                self.say("235 welcome")
            elif word == "RCPT":
                recipients.append(line.partition("<")[2].partition(">")[0])
                self.say("250 ok")
            elif word == "DATA":
                self.say("354 go on")
                self.take(recipients)
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self, recipients: list[str]) -> None:
        text = b""
        while (line := self.lines.readline()) != b".\r\n":
            text += line[1:] if line.startswith(b"..") else line
        made = message_from_bytes(text, policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.box.letters.append(made)
        self.box.envelopes.append(recipients)
        self.box.encrypted.append(self.encrypted)
        self.say("250 queued")


@contextmanager
def mailbox(certificate: Path | None = None, *, first: bool = True) -> Iterator[Mailbox]:
    """Run a mail server; with a certificate (and its key, in one file) it encrypts, from the ``first`` byte on or later."""
    box, tls = Mailbox(), None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    listening = socket.create_server(("127.0.0.1", 0))
    box.port = listening.getsockname()[1]
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with connection:
            try:
                mailing = _Mailing(box, connection, tls, first and tls is not None)
                try:
                    mailing.talk()
                finally:
                    mailing.lines.close()
                    mailing.connection.close()
            except OSError:
                return

    def listen() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            connection.settimeout(60)
            threads.append(threading.Thread(target=serve, args=(connection,)))
            threads[-1].start()

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        yield box
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for thread in [listener, *threads]:
            thread.join(10)
