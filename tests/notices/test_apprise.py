import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from notices.channels import ChannelKind, NoticeError
from notices.sending import send
from tests.notices.servers import KEY, NEW_DAY, a_channel, clock, refusing, silent

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # apprise's own


def test_without_apprise_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)  # as where it is not installed
    with pytest.raises(NoticeError) as caught:
        asyncio.run(send(a_channel(ChannelKind.APPRISE, "json://127.0.0.1/"), NEW_DAY, clock=clock))
    assert str(caught.value) == "通知渠道“工作群”：缺少 apprise；请执行 pip install 'xunjian[apprise]'。"
    assert not caught.value.retryable


def over_apprise(check: Callable[[int, list[dict[str, Any]]], Awaitable[None]]) -> None:
    """Run a check with the port of a server that takes apprise's own JSON, and with what it took."""
    pytest.importorskip("apprise", reason="the extra apprise is not installed")

    async def run() -> None:
        taken: list[dict[str, Any]] = []

        async def take(request: web.Request) -> web.Response:
            taken.append(await request.json())
            return web.Response()

        app = web.Application()
        app.router.add_post("/take", take)
        runner = web.AppRunner(app, shutdown_timeout=0, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            await check(runner.addresses[0][1], taken)
        finally:
            await runner.cleanup()

    asyncio.run(run())


def test_a_message_goes_over_apprise_in_parts() -> None:
    async def check(port: int, taken: list[dict[str, Any]]) -> None:
        channel = a_channel(ChannelKind.APPRISE, f"json://127.0.0.1:{port}/take")
        notice = replace(NEW_DAY, body="账号甲今日尚未更新。" * 100)
        assert await send(channel, notice, clock=clock) == 2
        assert [each["title"] for each in taken] == ["更新提醒（1/2）", "更新提醒（2/2）"]
        assert "".join(each["message"] for each in taken) == notice.body

    over_apprise(check)


def test_what_apprise_could_not_send_is_tried_again_and_names_no_address(caplog: pytest.LogCaptureFixture) -> None:
    async def check(port: int, taken: list[dict[str, Any]]) -> None:
        for address in (f"json://127.0.0.1:{port}/{KEY}", f"json://127.0.0.1:{refusing()}/{KEY}"):
            with pytest.raises(NoticeError, match="apprise 未能送出") as caught:
                await send(a_channel(ChannelKind.APPRISE, address), NEW_DAY, clock=clock)
            assert caught.value.retryable
            assert KEY not in str(caught.value)
        assert taken == []

    with caplog.at_level(logging.INFO):
        over_apprise(check)
    assert KEY not in caplog.text


def test_an_address_that_apprise_does_not_know_is_to_be_mended() -> None:
    async def check(_port: int, _taken: list[dict[str, Any]]) -> None:
        with pytest.raises(NoticeError, match="url 不是 apprise 能识别的地址") as caught:
            await send(a_channel(ChannelKind.APPRISE, "carrier-pigeon://x"), NEW_DAY, clock=clock)
        assert not caught.value.retryable

    over_apprise(check)


def test_apprise_that_takes_too_long_is_left() -> None:
    async def check(_port: int, _taken: list[dict[str, Any]]) -> None:
        with silent() as port:
            channel = a_channel(ChannelKind.APPRISE, f"json://127.0.0.1:{port}/take", timeout=timedelta(seconds=0.3))
            with pytest.raises(NoticeError, match=r"0\.3 秒内没有应答"):
                await send(channel, NEW_DAY, clock=clock)

    over_apprise(check)
