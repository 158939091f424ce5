import asyncio
import contextlib
import gzip
import resource
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from crawler.fetch import Fetched, Web, fetch, open_session
from monitor.visits import Memory, Outcome
from tests.crawler.badserver import (
    LOOPBACK,
    BadServer,
    Request,
    Route,
    bad_server,
    bomb,
    conditional,
    raw,
    redirect,
    reply,
    settings,
    taken_in,
    turns,
)

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
BODY = b"<rss/>" * 20
OK = b"HTTP/1.1 200 OK\r\n"


@contextlib.asynccontextmanager
async def turn() -> AsyncIterator[None]:
    yield


async def get(url: str, memory: Memory | None = None, **changes: object) -> Fetched:
    told = settings(**changes)
    async with open_session(told) as session:
        return await fetch(Web(session=session, settings=told, clock=lambda: NOW), url, turn, memory=memory or Memory())


def served(routes: Mapping[str, Route], memory: Memory | None = None, path: str = "/", **changes: object) -> Fetched:
    return serve(lambda server: dict(routes), memory, path, **changes)[0]


def serve(
    routes: Callable[[BadServer], dict[str, Route]], memory: Memory | None = None, path: str = "/", **changes: object
) -> tuple[Fetched, BadServer]:
    async def main() -> tuple[Fetched, BadServer]:
        async with bad_server() as server:
            server.routes |= routes(server)
            return await get(server.url(path), memory, **changes), server

    return asyncio.run(main())


def test_good_answer() -> None:
    fetched = served({"/": reply(200, BODY, ETag='"a"', Last_Modified="Sun, 22 Nov 2026 07:00:00 GMT")})
    assert fetched.reply.outcome is None
    assert fetched.reply.body == BODY
    assert not fetched.reply.damaged
    assert (fetched.reply.etag, fetched.reply.last_modified) == ('"a"', "Sun, 22 Nov 2026 07:00:00 GMT")
    assert fetched.reply.content_type == "application/rss+xml"
    assert fetched.started_at == NOW
    assert fetched.at_home
    assert fetched.warnings == ()


def test_request_says_who_we_are_and_asks_for_what_we_can_undo() -> None:
    _, server = serve(lambda _: {"/": reply(200, BODY)})
    headers = server.requests[0].headers
    assert "xunjian" in headers["user-agent"]
    assert headers["accept-encoding"] == "gzip, deflate"
    assert "cookie" not in headers
    assert headers["cache-control"] == headers["pragma"] == "no-cache"


@pytest.mark.parametrize(
    ("age", "seconds"),
    [
        pytest.param("80000", 80_000, id="a copy of yesterday"),
        pytest.param(" 60 ", 60, id="space"),
        pytest.param("-5", 0, id="negative"),
        pytest.param("1.5", 0, id="no whole number"),
        pytest.param("soon", 0, id="no number"),
        pytest.param("٣", 0, id="another script's number"),
        pytest.param("", 0, id="nothing"),
        pytest.param("9" * 5000, 2**31, id="endless"),
    ],
)
def test_age_of_a_cached_answer(age: str, seconds: int) -> None:
    age = age.encode().decode("latin-1")
    full, unchanged = reply(200, BODY, Age=age), reply(304, Age=age)
    assert served({"/": full}).reply.age == timedelta(seconds=seconds)
    fetched = served({"/": unchanged}, remembered(etag='"a"'))
    assert (fetched.reply.outcome, fetched.reply.age) == (Outcome.NOT_MODIFIED, timedelta(seconds=seconds))


def test_age_is_nothing_where_no_cache_says_so() -> None:
    old = reply(200, BODY, Date="Sun, 01 Nov 2026 07:00:00 GMT")
    assert served({"/": old}).reply.age == timedelta(0)


@pytest.mark.parametrize(
    ("route", "outcome"),
    [
        pytest.param(reply(404), Outcome.GONE, id="404"),
        pytest.param(reply(403), Outcome.BLOCKED, id="403"),
        pytest.param(reply(429), Outcome.RATE_LIMITED, id="429"),
        pytest.param(reply(500), Outcome.SERVER_ERROR, id="500"),
        pytest.param(reply(204), Outcome.EMPTY, id="204"),
        pytest.param(reply(304), Outcome.SERVER_ERROR, id="304-to-an-unconditional-request"),
        pytest.param(raw(b""), Outcome.REFUSED, id="closes-at-once"),
        pytest.param(raw(b"\x00\x01garbage\r\n\r\n"), Outcome.SERVER_ERROR, id="garbage"),
        pytest.param(raw(b"<html>HTTP/0.9</html>\r\n"), Outcome.SERVER_ERROR, id="http-0.9"),
        pytest.param(raw(OK + b"X: " + b"y" * 100_000 + b"\r\n\r\n"), Outcome.SERVER_ERROR, id="endless-header"),
        pytest.param(
            raw(OK + b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + b"\r\n"),
            Outcome.SERVER_ERROR,
            id="header-flood",
        ),
        pytest.param(reply(302), Outcome.SERVER_ERROR, id="redirect-to-nowhere"),
        pytest.param(redirect("http://[bad/"), Outcome.SERVER_ERROR, id="redirect-to-nonsense"),
        pytest.param(redirect("/"), Outcome.SERVER_ERROR, id="redirect-to-itself"),
        pytest.param(redirect("file:///etc/passwd"), Outcome.FORBIDDEN_ADDRESS, id="redirect-to-file"),
        pytest.param(redirect("ftp://a.example/"), Outcome.FORBIDDEN_ADDRESS, id="redirect-to-ftp"),
        pytest.param(redirect("javascript:alert(1)"), Outcome.FORBIDDEN_ADDRESS, id="redirect-to-script"),
        pytest.param(redirect("http://169.254.169.254/latest/"), Outcome.FORBIDDEN_ADDRESS, id="redirect-to-metadata"),
        pytest.param(redirect("http://[::1]/"), Outcome.FORBIDDEN_ADDRESS, id="redirect-to-loopback-6"),
        pytest.param(redirect("http://10.1/"), Outcome.FORBIDDEN_ADDRESS, id="redirect-to-odd-form"),
        pytest.param(redirect("http://\xe4\xb8\xad..cn/"), Outcome.DNS, id="redirect-to-impossible-name"),
        pytest.param(reply(200, b"\x8b\x01\x80abc\x03", Content_Encoding="br"), Outcome.SERVER_ERROR, id="brotli"),
    ],
)
def test_bad_answer_is_an_outcome_with_a_sentence(route: Route, outcome: Outcome) -> None:
    fetched = served({"/": route})
    assert fetched.reply.outcome is outcome
    assert fetched.reply.reason.startswith("采集地址 http://127.0.0.1:")
    assert fetched.moved_to is None


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        pytest.param("http://127.0.0.1:1/", Outcome.REFUSED, id="nobody-listens"),
        pytest.param("http://a..b.example/", Outcome.DNS, id="impossible-name"),
        pytest.param("http://name.invalid/", Outcome.DNS, id="unknown-name"),
        pytest.param("http://h:99999/", Outcome.DNS, id="impossible-port"),
        pytest.param("http:///x", Outcome.DNS, id="no-host"),
        pytest.param("ftp://a.example/", Outcome.FORBIDDEN_ADDRESS, id="ftp"),
        pytest.param("file:///etc/passwd", Outcome.FORBIDDEN_ADDRESS, id="file"),
        pytest.param("没有协议", Outcome.FORBIDDEN_ADDRESS, id="no-scheme"),
    ],
)
def test_address_that_cannot_be_asked(url: str, outcome: Outcome) -> None:
    fetched = asyncio.run(get(url))
    assert fetched.reply.outcome is outcome
    assert fetched.reply.reason.startswith("采集地址 ")
    assert fetched.reply.status is None


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "127.1", "0x7f.1", "localhost", "[::ffff:127.0.0.1]"])
def test_loopback_is_refused_unless_allowed(host: str) -> None:
    async def main() -> tuple[Fetched, int]:
        async with bad_server() as server:
            server.routes["/"] = reply(200, BODY)
            fetched = await get(f"http://{host}:{server.port}/", allow_private=())
            return fetched, len(server.requests)

    fetched, requests = asyncio.run(main())
    assert fetched.reply.outcome is Outcome.FORBIDDEN_ADDRESS
    assert "allow_private_addresses" in fetched.reply.reason
    assert requests == 0


def test_name_is_resolved_and_fetched_where_its_address_is_allowed() -> None:
    async def main() -> Fetched:
        async with bad_server() as server:
            server.routes["/"] = reply(200, BODY)
            return await get(f"http://localhost:{server.port}/", allow_private=(*LOOPBACK, ip_network("::1")))

    assert asyncio.run(main()).reply.body == BODY


def test_redirect_from_an_allowed_address_to_one_that_is_not() -> None:
    async def main() -> tuple[Fetched, int]:
        async with bad_server("127.0.0.2") as outer, bad_server("127.0.0.1") as inner:
            inner.routes["/secret"] = reply(200, BODY)
            outer.routes["/"] = redirect(inner.url("/secret"), 301)
            fetched = await get(outer.url(), allow_private=(ip_network("127.0.0.2/32"),))
            return fetched, len(inner.requests)

    fetched, requests = asyncio.run(main())
    assert fetched.reply.outcome is Outcome.FORBIDDEN_ADDRESS
    assert "转向的 http://127.0.0.1:" in fetched.reply.reason
    assert requests == 0
    assert fetched.moved_to is None


def test_redirect_circle_ends() -> None:
    fetched, server = serve(lambda _: {"/": redirect("/a"), "/a": redirect("/b"), "/b": redirect("/a")})
    assert fetched.reply.outcome is Outcome.SERVER_ERROR
    assert "转向循环" in fetched.reply.reason
    assert len(server.requests) == 3


def test_five_redirects_are_followed_and_no_more() -> None:
    routes = {f"/{n}": redirect(f"/{n + 1}") for n in range(20)}
    assert served({**routes, "/5": reply(200, BODY)}, path="/0").reply.body == BODY
    fetched, server = serve(lambda _: routes, path="/0")
    assert fetched.reply.outcome is Outcome.SERVER_ERROR
    assert len(server.requests) == 6


def test_location_in_raw_gbk_bytes_is_followed() -> None:
    async def main() -> list[str]:
        async with bad_server() as server:
            server.routes["/"] = raw(
                b"HTTP/1.1 302 Found\r\nLocation: /\xd0\xc2?a=1&b=%20\r\nContent-Length: 0\r\n\r\n"
            )
            await get(server.url())
            return [each.path for each in server.requests]

    assert asyncio.run(main()) == ["/", "/%D0%C2?a=1&b=%20"]


def test_permanent_redirects_are_remembered_and_reported() -> None:
    routes = {"/": redirect("/new", 301), "/new": redirect("/newer", 308), "/newer": reply(200, BODY)}
    fetched, server = serve(lambda _: routes)
    assert fetched.reply.body == BODY
    assert fetched.moved_to == fetched.final_url == server.url("/newer")
    assert fetched.warnings == (f"采集地址已永久转向 {server.url('/newer')}，请核对备案台账",)
    assert fetched.at_home


def test_only_the_permanent_start_of_a_chain_is_remembered() -> None:
    routes = {
        "/": redirect("/new", 301),
        "/new": redirect("/today", 302),
        "/today": redirect("/b", 301),
        "/b": reply(200, BODY),
    }
    fetched, server = serve(lambda _: routes)
    assert fetched.moved_to == server.url("/new")
    assert not fetched.at_home


def test_move_is_forgotten_once_the_address_answers_itself_and_kept_when_it_does_not_answer() -> None:
    memory = Memory(moved_to="http://127.0.0.1:9/new")
    assert served({"/": reply(200, BODY)}, memory).moved_to is None
    assert served({"/": reply(500)}, memory).moved_to == memory.moved_to
    assert served({"/": raw(b"")}, memory).moved_to == memory.moved_to


def remembered(**changes: object) -> Memory:
    values: dict[str, object] = {"etag": '"v1"', "full_at": NOW - timedelta(hours=1), "body_hash": "x", **changes}
    return Memory(**values)  # type: ignore[arg-type]


def test_validators_are_sent_and_304_is_believed() -> None:
    memory = remembered(last_modified="Sun, 22 Nov 2026 07:00:00 GMT")
    fetched, server = serve(lambda _: {"/": conditional(BODY)}, memory)
    assert fetched.reply.outcome is Outcome.NOT_MODIFIED
    assert server.requests[0].headers["if-none-match"] == '"v1"'
    assert server.requests[0].headers["if-modified-since"] == "Sun, 22 Nov 2026 07:00:00 GMT"


@pytest.mark.parametrize(
    "memory",
    [
        pytest.param(remembered(full_at=NOW - timedelta(hours=24, seconds=1)), id="more-than-a-day-ago"),
        pytest.param(remembered(full_at=None), id="never"),
        pytest.param(remembered(full_at=NOW + timedelta(hours=1)), id="clock-went-back"),
        pytest.param(remembered(clock_bound=True), id="dates-depend-on-the-moment"),
        pytest.param(remembered(moved_to="http://127.0.0.1:9/"), id="validators-of-another-address"),
    ],
)
def test_request_is_unconditional(memory: Memory) -> None:
    fetched, server = serve(lambda _: {"/": conditional(BODY)}, memory)
    assert fetched.reply.body == BODY
    assert "if-none-match" not in server.requests[0].headers


def test_validators_are_sent_until_a_day_has_passed() -> None:
    fetched, _ = serve(lambda _: {"/": conditional(BODY)}, remembered(full_at=NOW - timedelta(hours=24)))
    assert fetched.reply.outcome is Outcome.NOT_MODIFIED


def test_validators_follow_a_permanent_redirect_and_no_other() -> None:
    async def main(status: int) -> tuple[Fetched, list[bool]]:
        async with bad_server() as server:
            server.routes |= {"/": redirect("/new", status), "/new": conditional(BODY)}
            moved_to = server.url("/new") if status == 301 else None
            fetched = await get(server.url(), remembered(moved_to=moved_to))
            return fetched, ["if-none-match" in each.headers for each in server.requests]

    fetched, sent = asyncio.run(main(301))
    assert fetched.reply.outcome is Outcome.NOT_MODIFIED
    assert sent == [False, True]
    fetched, sent = asyncio.run(main(302))
    assert fetched.reply.body == BODY
    assert sent == [True, False]


@pytest.mark.parametrize(
    "route",
    [
        pytest.param(raw(OK + b"Content-Length: 500\r\n\r\n" + BODY, after=0.05), id="shorter-than-it-says"),
        pytest.param(
            raw(OK + b"Transfer-Encoding: chunked\r\n\r\n78\r\n" + BODY + b"\r\n", after=0.05), id="chunks-without-end"
        ),
        pytest.param(reply(200, gzip.compress(BODY)[:-4], Content_Encoding="gzip"), id="gzip-cut"),
        pytest.param(reply(206, BODY), id="partial-content"),
    ],
)
def test_damaged_body_is_kept_and_marked(route: Route) -> None:
    answer = served({"/": route}).reply
    assert answer.outcome is None
    assert answer.damaged
    assert answer.body.startswith(b"<rss/>")


def test_chunk_that_breaks_midway_is_never_a_whole_answer() -> None:
    async def broken(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"Transfer-Encoding: chunked\r\n\r\n78\r\n" + BODY + b"\r\n")
        await asyncio.sleep(0.05)
        await taken_in()
        writer.write(b"zz\r\n")

    answer = served({"/": broken}).reply
    assert answer.outcome is None
    assert answer.damaged
    assert answer.body == BODY


def test_broken_chunk_that_comes_with_the_headers_is_no_answer() -> None:
    answer = served({"/": raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + BODY)}).reply
    assert answer.outcome is Outcome.SERVER_ERROR
    assert "不符合 HTTP 协议" in answer.reason


def test_gzip_is_undone_whether_said_or_not() -> None:
    packed = gzip.compress(BODY)
    for route in (
        reply(200, packed, Content_Encoding="gzip"),
        reply(200, packed),
        reply(200, BODY, Content_Encoding="gzip"),
    ):
        answer = served({"/": route}).reply
        assert (answer.body, answer.damaged) == (BODY, False)


async def endless(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"\r\n")
    while True:
        writer.write(bytes(2**16))
        await writer.drain()


@pytest.mark.parametrize(
    "route",
    [
        pytest.param(raw(OK + b"Content-Length: 52428800\r\n\r\n", close=False), id="says-50-mb"),
        pytest.param(raw(OK + b"\r\n" + bytes(50 * 2**20)), id="sends-50-mb"),
        pytest.param(endless, id="never-ends"),
        pytest.param(reply(200, bomb(1024), Content_Encoding="gzip"), id="1-gb-bomb"),
        pytest.param(reply(200, gzip.compress(bomb(1024)), Content_Encoding="gzip"), id="bomb-in-a-bomb"),
    ],
)
def test_too_large_is_not_taken_in(route: Route) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fetched = served({"/": route})
    assert fetched.reply.outcome is Outcome.TOO_LARGE
    assert "超过 15 MB" in fetched.reply.reason
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 128 * 1024  # KiB


@pytest.mark.parametrize(
    "route",
    [
        pytest.param(raw(b"", close=False), id="before-headers"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nContent-", close=False), id="within-headers"),
        pytest.param(raw(OK + b"Content-Length: 500\r\n\r\n" + BODY, close=False), id="within-body"),
    ],
)
def test_stalling_server_is_given_up(route: Route) -> None:
    fetched = served({"/": route}, timeout=timedelta(seconds=0.3))
    assert fetched.reply.outcome is Outcome.TIMEOUT
    assert "在 0.3 秒内没有完成应答" in fetched.reply.reason


def test_dripping_server_and_its_redirects_share_one_time_limit() -> None:
    routes = {f"/{n}": reply(302, Location=f"/{n + 1}", after=0.2) for n in range(5)}
    fetched, server = serve(lambda _: routes, path="/0", timeout=timedelta(seconds=0.5))
    assert fetched.reply.outcome is Outcome.TIMEOUT  # none of the five takes so long by itself
    assert len(server.requests) <= 3


def test_retry_after_is_read_from_every_refusal() -> None:
    for status in (403, 429, 503):
        assert served({"/": reply(status, Retry_After="7")}).reply.retry_after == timedelta(seconds=7)


def test_cookies_are_not_sent_back() -> None:
    routes = {"/": turns(reply(302, Location="/a", Set_Cookie="a=1; Path=/")), "/a": reply(200, BODY)}
    _, server = serve(lambda _: routes)
    assert "cookie" not in server.requests[1].headers


@pytest.mark.parametrize("value", ["x" * 5000, '"\xe4"'])
def test_validator_that_cannot_be_sent_back_is_not_kept(value: str) -> None:
    assert served({"/": reply(200, BODY, ETag=value)}).reply.etag is None


def test_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    assert served({"/": reply(200, BODY)}).reply.body == BODY


def test_server_without_tls_and_one_with_its_own_certificate(tmp_path: Path) -> None:
    names = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert"), "-subj", "/CN=127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *names]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def ask(context: ssl.SSLContext | None) -> Fetched:
        async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as listening:
            return await get(f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}/")

    async def main() -> tuple[Fetched, Fetched]:
        return await ask(context), await ask(None)

    own, none = asyncio.run(main())
    assert own.reply.outcome is none.reply.outcome is Outcome.TLS
    assert "证书为自签名" in own.reply.reason
    assert "不是 HTTPS 服务" in none.reply.reason


def test_request_on_a_connection_that_was_dropped_is_sent_once_more() -> None:
    async def main() -> tuple[list[Fetched], int]:
        told = settings()
        async with bad_server() as server, open_session(told) as session:
            server.routes["/"] = turns(reply(200, BODY), raw(b""), reply(200, BODY))
            web = Web(session=session, settings=told, clock=lambda: NOW)
            return [await fetch(web, server.url(), turn) for _ in range(2)], len(server.requests)

    fetched, requests = asyncio.run(main())
    assert [each.reply.body for each in fetched] == [BODY, BODY]
    assert requests == 3
