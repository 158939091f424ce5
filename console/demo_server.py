"""The sample county's servers on loopback: a site, a platform, a bridge that works, a bridge that froze."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

from console.demo_county import County
from console.demo_feeds import Body, captcha, control, page, render
from console.demo_links import Hosts, link_of, path_of
from console.demo_lists import LISTS, listed
from console.demo_pages import own_page

LOOPBACK = "127.0.0.1"
SERVERS = ("site", "platform", "bridge", "stale")
CONTROL = "/control.xml"

_UNTOLD = frozenset({"action", "f", "count", "chksm"})
"""Parameters of platforms that say how to answer, and not of what."""


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
        for name, bodies in _bodies(county, self.hosts).items():
            self.servers[name].bodies = bodies


@contextmanager
def serve(county: County) -> Iterator[Served]:
    """Serve the county while the context lasts."""
    running = Served({name: _Server() for name in SERVERS})
    running.show(county)
    try:
        for server in running.servers.values():
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield running
    finally:
        for server in running.servers.values():
            server.shutdown()
            server.server_close()


def _bodies(county: County, hosts: Hosts) -> dict[str, dict[str, Body]]:
    """Return what each server answers, by path."""
    found: dict[str, dict[str, Body]] = {name: {} for name in SERVERS}
    for name, posts in county.controls.items():
        found[name][CONTROL] = control(posts)
    for account in county.accounts:
        bodies, path = found[account.server], path_of(account)
        if account.format == "captcha":
            bodies[path] = captcha()
        elif account.format in LISTS:
            bodies |= {_plain(each): body for each, body in listed(account, hosts).items()}
        elif account.format == "page":
            bodies[path] = page(account, "feed.xml", hosts)
            bodies[f"{path}feed.xml"] = render(account, hosts)
        else:
            bodies[path] = render(account, hosts)
        for post in account.posts:
            if shown := own_page(account, post):
                found[account.home][_plain(link_of(account, post, hosts))] = shown
    return found


def _plain(address: str) -> str:
    """Return path and query of an address, its parameters in one order and without those that tell nothing."""
    parts = urlsplit(address)
    query = sorted(each for each in parse_qsl(parts.query) if each[0] not in _UNTOLD)
    return f"{parts.path}?{urlencode(query)}" if query else parts.path


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), _Answer)
        self.bodies: Mapping[str, Body] = {}

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
        kind, body = self.server.bodies.get(_plain(self.path), ("", b""))
        if not kind:
            self._send(HTTPStatus.NOT_FOUND, {}, b"")
            return
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._send(HTTPStatus.NOT_MODIFIED, {"ETag": etag}, b"")
        else:
            self._send(HTTPStatus.OK, {"ETag": etag, "Content-Type": kind}, body)

    def _send(self, status: HTTPStatus, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response_only(status)  # no Date: some of the sample is shown at an earlier day
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing: the visits are what counts."""
