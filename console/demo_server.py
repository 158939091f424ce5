"""The sample county's servers on loopback: a site and its own platforms, a bridge that works, a bridge that froze."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

from console.demo_county import County, DemoAccount
from console.demo_feeds import Body, captcha, control, page, render

LOOPBACK = "127.0.0.1"
SERVERS = ("site", "bridge", "stale")
CONTROL = "/control.xml"


def path_of(account: DemoAccount) -> str:
    """Return the path under which an account is offered."""
    return f"/{account.account.account_id.lower()}/{'' if account.format == 'page' else 'feed'}"


@dataclass(frozen=True, slots=True)
class Served:
    """The running servers by name."""

    servers: Mapping[str, "_Server"]

    @property
    def hosts(self) -> dict[str, str]:
        """The ``host:port`` of each server by its name."""
        return {name: f"{LOOPBACK}:{server.server_port}" for name, server in self.servers.items()}

    def show(self, county: County) -> None:
        """Answer from now on as the county stands in ``county``."""
        for name, server in self.servers.items():
            server.bodies = _bodies(county, name)


@contextmanager
def serve(county: County) -> Iterator[Served]:
    """Serve the county while the context lasts."""
    running = Served({name: _Server(_bodies(county, name)) for name in SERVERS})
    try:
        for server in running.servers.values():
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield running
    finally:
        for server in running.servers.values():
            server.shutdown()
            server.server_close()


def _bodies(county: County, name: str) -> dict[str, Body]:
    found: dict[str, Body] = {}
    if name in county.controls:
        found[CONTROL] = control(county.controls[name])
    for account in county.accounts:
        if account.server != name:
            continue
        path = path_of(account)
        if account.format == "captcha":
            found[path] = captcha()
        elif account.format == "page":
            found[path] = page(account, "feed.xml")
            found[f"{path}feed.xml"] = render(account)
        else:
            found[path] = render(account)
    return found


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, bodies: Mapping[str, Body]) -> None:
        super().__init__((LOOPBACK, 0), _Answer)
        self.bodies = bodies

    def server_bind(self) -> None:
        """Bind without asking the resolver for this machine's name: that may take long where there is no network."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.socket.getsockname()[1]


class _Answer(BaseHTTPRequestHandler):
    """Answers GET from the bodies, 304 where the validator still holds."""

    protocol_version = "HTTP/1.1"
    wbufsize = 2**16  # head and body in one piece: in two they cost 40 ms of waiting for an acknowledgement
    server: _Server

    def do_GET(self) -> None:
        kind, body = self.server.bodies.get(self.path, ("", b""))
        if not kind:
            self._send(HTTPStatus.NOT_FOUND, {}, b"")
            return
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._send(HTTPStatus.NOT_MODIFIED, {"ETag": etag}, b"")
        else:
            self._send(HTTPStatus.OK, {"ETag": etag, "Content-Type": kind}, body)

    def _send(self, status: HTTPStatus, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing: the visits are what counts."""
