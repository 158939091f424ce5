"""``xunjian notify test``: a message over each channel, and for each whether it was taken."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.console.conftest import Xunjian


class Robots:
    """A server on loopback: /good takes messages as WeCom does, /bad refuses them."""

    def __init__(self) -> None:
        taken: list[dict[str, Any]] = []
        self.taken = taken

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                good = self.path.startswith("/good")
                if good:
                    taken.append(json.loads(body))
                code, message = (0, "ok") if good else (93000, "invalid webhook url")
                answer = json.dumps({"errcode": code, "errmsg": message}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}?key=hidden"


@pytest.fixture
def robots() -> Iterator[Robots]:
    running = Robots()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def configured(office: Path, robots: Robots) -> Robots:
    text = "".join(
        f'[notify.channels.{name}]\nkind = "wecom"\nurl = "{robots.url(path)}"\n'
        for name, path in (("office", "/good/1"), ("second", "/good/2"), ("broken", "/bad"))
    )
    (office / "xunjian.toml").write_text(f'office.name = "高县人民政府办公室"\n{text}', encoding="utf-8")
    return robots


def test_every_channel_is_told_apart(xunjian: Xunjian, configured: Robots, folder: Path) -> None:
    ran = xunjian("notify", "test")
    assert (ran.status, ran.err) == (3, "")
    first, second, third = ran.out.splitlines()
    assert (first, second) == ("渠道 office（wecom） 成功", "渠道 second（wecom） 成功")
    assert third.startswith("渠道 broken（wecom） 失败：")
    assert "hidden" not in ran.out
    assert len(configured.taken) == 2
    assert "测试" in json.dumps(configured.taken[0], ensure_ascii=False)
    assert not (folder / "xunjian.db").exists(), "a test makes no database"


def test_one_channel(xunjian: Xunjian, configured: Robots) -> None:
    ran = xunjian("notify", "test", "second", "second")
    assert (ran.status, ran.out, ran.err) == (0, "渠道 second（wecom） 成功\n", "")
    assert len(configured.taken) == 1


def test_an_unknown_channel_sends_nothing(xunjian: Xunjian, configured: Robots) -> None:
    ran = xunjian("notify", "test", "office", "secnd")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "没有“secnd”这个渠道，是否为“second”；xunjian.toml 中有：office、second、broken。\n"
    assert configured.taken == []


def test_no_channel_at_all(xunjian: Xunjian, office: Path) -> None:
    ran = xunjian("notify", "test")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "xunjian.toml 没有写明任何消息渠道；请先填写 [notify.channels.名称]，写法见配置文件。\n"
