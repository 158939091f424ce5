import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from notices import dingtalk, feishu
from notices.channels import Channel, ChannelKind, Notice, NoticeError
from notices.heartbeat import heartbeat
from notices.sending import parts_of, send
from tests.notices.servers import KEY, NEW_DAY, SECRET, Robots, a_channel, clock, refusing, robots, silent

KINDS = pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu", "webhook"])
LONG = replace(NEW_DAY, body="县政府办“高县发布”本周尚未更新。\n" * 1500, recipient="13800001111")


T = TypeVar("T")


def with_robots(check: Callable[[Robots], Awaitable[T]]) -> T:
    async def run() -> T:
        async with robots() as running:
            return await check(running)

    return asyncio.run(run())


def refusal(channel_of: Callable[[Robots], Channel], notice: Notice = NEW_DAY, *answers: dict[str, Any]) -> NoticeError:
    """Send over a robot that gives these answers first; return why it did not go."""

    async def check(running: Robots) -> NoticeError:
        for each in answers:
            running.answer(**each)
        with pytest.raises(NoticeError) as caught:
            await send(channel_of(running), notice, clock=clock)
        return caught.value

    error = with_robots(check)
    assert not any(secret in str(error) for secret in (KEY, SECRET, "127.0.0.1"))
    return error


def text_of(sent: dict[str, Any]) -> str:
    return str(
        (sent.get("text") or sent.get("content") or {}).get("content") or sent.get("content", {}).get("text", "")
    )


def test_a_robot_of_wecom_takes_a_message_and_names_who_is_to_read_it() -> None:
    async def check(running: Robots) -> None:
        notice = replace(NEW_DAY, recipient="13800001111，张三、+86-13900002222,13800001111")
        assert await send(running.wecom(), notice, clock=clock) == 1
        text = {
            "content": "更新提醒\n账号甲今日尚未更新。",
            "mentioned_mobile_list": ["13800001111", "+86-13900002222"],
        }
        assert running.taken == [{"msgtype": "text", "text": text}]

    with_robots(check)


def test_a_robot_of_dingtalk_takes_a_signed_message_with_the_numbers_in_its_text() -> None:
    async def check(running: Robots) -> None:
        await send(running.dingtalk(), replace(NEW_DAY, recipient="13800001111"), clock=clock)
        (sent,) = running.taken
        assert sent["text"]["content"] == "更新提醒\n账号甲今日尚未更新。\n@13800001111"
        assert sent["at"] == {"atMobiles": ["13800001111"], "isAtAll": False}
        await send(running.dingtalk(), replace(NEW_DAY, recipient="@all"), clock=clock)
        assert running.taken[1]["at"] == {"atMobiles": [], "isAtAll": True}

    with_robots(check)


def test_a_robot_of_feishu_takes_a_signed_message() -> None:
    async def check(running: Robots) -> None:
        await send(running.feishu(), replace(NEW_DAY, recipient="13800001111"), clock=clock)
        await send(running.feishu(), replace(NEW_DAY, recipient="@all"), clock=clock)
        first, second = running.taken
        assert (first["msg_type"], first["content"]) == ("text", {"text": "更新提醒\n账号甲今日尚未更新。"})
        assert second["content"]["text"].endswith('\n<at user_id="all">所有人</at>')

    with_robots(check)


def test_signatures_are_those_of_the_platforms() -> None:
    at = clock().replace(year=2020, month=9, day=6, hour=0, minute=0, second=0)
    assert feishu.signature("demo", at)["timestamp"] == str(int(at.timestamp()))
    assert dingtalk.signature("demo", at)["timestamp"] == f"{int(at.timestamp())}000"
    known = feishu.signature("orbit-test-secret", at.fromtimestamp(1756800000, at.tzinfo))
    assert known["sign"] == "sN+9ZKa5w6BQmKyxCaxNA1DWEgtEnZaOcfEOCqZ26fg="


def test_a_webhook_gets_everything_and_can_check_who_sent_it() -> None:
    async def check(running: Robots) -> None:
        notice = replace(NEW_DAY, recipient="13800001111", account_ids=("a1", "a2"), kind="digest")
        for _ in range(2):
            await send(running.webhook(), notice, clock=clock)
        assert running.taken[0] == {
            "kind": "digest",
            "subject": "更新提醒",
            "body": "账号甲今日尚未更新。",
            "at": "2026-10-12T07:00:00+00:00",
            "accounts": ["a1", "a2"],
            "part": 1,
            "parts": 1,
            "recipient": "13800001111",
        }
        first, second = (headers["X-Xunjian-Id"] for headers in running.headers)
        assert first == second

    with_robots(check)


@KINDS
def test_a_long_message_arrives_whole_and_names_people_once(kind: str) -> None:
    async def check(running: Robots) -> None:
        channel = getattr(running, kind)()
        parts = parts_of(channel, LONG)
        assert await send(channel, LONG, clock=clock) == len(parts)
        texts = [text_of(sent) or f"{sent['subject']}\n{sent['body']}" for sent in running.taken]
        assert [text.removesuffix("\n@13800001111") for text in texts] == [part.text for part in parts]
        assert sum("13800001111" in str(sent) for sent in running.taken if kind != "webhook") == (
            kind in {"wecom", "dingtalk"}
        )

    with_robots(check)


def test_a_message_that_broke_off_goes_on_with_the_part_that_was_not_sent() -> None:
    async def check(running: Robots) -> None:
        told: list[int] = []

        async def on_part(number: int) -> None:
            told.append(number)

        total = len(parts_of(running.wecom(), LONG))
        for _ in range(2):
            running.answer({"errcode": 0, "errmsg": "ok"})
        running.answer({"errcode": 45009, "errmsg": "api freq out of limit"})
        with pytest.raises(NoticeError):
            await send(running.wecom(), LONG, clock=clock, on_part=on_part)
        assert told == [1, 2]
        assert await send(running.wecom(), LONG, clock=clock, from_part=2, on_part=on_part) == total
        assert told == list(range(1, total))
        assert text_of(running.taken[0]).startswith(f"更新提醒（3/{total}）\n")

    with_robots(check)


def test_what_ends_a_message_between_its_parts_is_raised_as_it_is() -> None:
    async def check(running: Robots) -> None:
        async def on_part(number: int) -> None:
            raise LookupError(number)

        with pytest.raises(LookupError):
            await send(running.wecom(), LONG, clock=clock, on_part=on_part)
        assert len(running.taken) == 1

    with_robots(check)


@pytest.mark.parametrize(
    ("kind", "answer", "retryable", "minutes"),
    [
        pytest.param("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, True, 1, id="wecom-too-often"),
        pytest.param("wecom", {"errcode": -1, "errmsg": "system busy"}, True, None, id="wecom-busy"),
        pytest.param("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, False, None, id="wecom-no-robot"),
        pytest.param("wecom", {"errcode": 99, "errmsg": "接口频率超限"}, True, 1, id="wecom-too-often-in-words"),
        pytest.param("wecom", {"errcode": "45009", "errmsg": ""}, True, 1, id="wecom-code-as-text"),
        pytest.param("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, True, 10, id="dingtalk-too-often"),
        pytest.param(
            "dingtalk", {"errcode": 410100, "errmsg": "发送速度太快而限流"}, True, 10, id="dingtalk-too-often-now"
        ),
        pytest.param(
            "dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, False, None, id="dingtalk-keyword"
        ),
        pytest.param("dingtalk", {"errcode": 400102, "errmsg": "bot is stopped"}, False, None, id="dingtalk-stopped"),
        pytest.param("dingtalk", {"errcode": -1, "errmsg": "系统繁忙"}, True, None, id="dingtalk-busy"),
        pytest.param("feishu", {"code": 11232, "msg": "frequency limited psm[lark]"}, True, 1, id="feishu-too-often"),
        pytest.param("feishu", {"code": 9499, "msg": "too many request"}, True, 1, id="feishu-too-many"),
        pytest.param("feishu", {"code": 9499, "msg": "Bad Request"}, False, None, id="feishu-bad-request"),
        pytest.param("feishu", {"code": 19024, "msg": "Key Words Not Found"}, False, None, id="feishu-keyword"),
        pytest.param("feishu", {"StatusCode": 5, "StatusMessage": "internal"}, True, None, id="feishu-old-robot"),
    ],
)
def test_a_code_says_whether_a_later_try_may_succeed(
    kind: str, answer: dict[str, Any], retryable: bool, minutes: int | None
) -> None:
    error = refusal(lambda running: getattr(running, kind)(), NEW_DAY, {"fields": answer})
    assert (error.retryable, error.retry_after) == (retryable, None if minutes is None else timedelta(minutes=minutes))
    assert "通知渠道“工作群”" in str(error)
    assert ("请核对 xunjian.toml 的 [notify.channels.工作群]" in str(error)) is not retryable
    assert str(error).endswith("。")


@pytest.mark.parametrize(
    ("kind", "answer", "unfit"),
    [
        pytest.param(
            "wecom", {"fields": {"errcode": 40058, "errmsg": "invalid parameter"}}, True, id="wecom-parameter"
        ),
        pytest.param("wecom", {"fields": {"errcode": 93000, "errmsg": "invalid url"}}, False, id="wecom-no-robot"),
        pytest.param("dingtalk", {"fields": {"errcode": 430104, "errmsg": "不合适"}}, True, id="dingtalk-words"),
        pytest.param("dingtalk", {"fields": {"errcode": 310000, "errmsg": "timestamp"}}, False, id="dingtalk-moment"),
        pytest.param("feishu", {"fields": {"code": 9499, "msg": "Bad Request"}}, True, id="feishu-bad-request"),
        pytest.param("feishu", {"fields": {"code": 19021, "msg": "sign match fail"}}, False, id="feishu-moment"),
        pytest.param("feishu", {"fields": {"code": 19022, "msg": "Ip Not Allowed"}}, False, id="feishu-address"),
        pytest.param("webhook", {"fields": "no", "status": 413}, True, id="webhook-too-large"),
        pytest.param("webhook", {"fields": "no", "status": 401}, False, id="webhook-key"),
        pytest.param("webhook", {"fields": "no", "status": 503}, False, id="webhook-later"),
    ],
)
def test_what_is_wrong_with_a_message_is_not_what_is_wrong_with_its_channel(
    kind: str, answer: dict[str, Any], unfit: bool
) -> None:
    assert refusal(lambda running: getattr(running, kind)(), NEW_DAY, answer).unfit is unfit


def test_wrong_keys_and_secrets_are_said_without_being_shown() -> None:
    assert not refusal(lambda running: running.wecom(key="wrong-key-0123456789")).retryable
    assert "wrong-key" not in str(refusal(lambda running: running.wecom(key="wrong-key-0123456789")))
    assert "sign not match" in str(refusal(lambda running: running.dingtalk(secret="SECwrong")))
    assert "sign match fail" in str(refusal(lambda running: running.feishu(secret="wrong-secret")))
    assert "HTTP 401（bad signature）" in str(refusal(lambda running: running.webhook(secret="wrong-secret")))


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
@pytest.mark.parametrize(
    ("answer", "status"),
    [
        pytest.param("<html>请登录校园网</html>", 200, id="a-login-page"),
        pytest.param("[0]", 200, id="a-list"),
        pytest.param('{"message": "ok"}', 200, id="no-code"),
        pytest.param('{"errcode": true, "code": true}', 200, id="no-number"),
        pytest.param('{"errcode": "x", "code": "x"}', 200, id="no-number-as-text"),
        pytest.param("", 502, id="bad-gateway"),
        pytest.param("", 302, id="a-redirect"),
        pytest.param("0" * 100_000, 200, id="endless"),
    ],
)
def test_an_answer_that_is_no_robots_is_no_success(kind: str, answer: str, status: int) -> None:
    error = refusal(lambda running: getattr(running, kind)(), NEW_DAY, {"fields": answer, "status": status})
    assert error.retryable
    assert "应答不是机器人接口的格式" in str(error)


@pytest.mark.parametrize(
    ("status", "asked", "retryable", "wait"),
    [
        pytest.param(429, "120", True, timedelta(minutes=2), id="seconds"),
        pytest.param(503, "Mon, 12 Oct 2026 07:05:00 GMT", True, timedelta(minutes=5), id="a-moment"),
        pytest.param(503, "Mon, 12 Oct 2026 06:05:00 GMT", True, timedelta(0), id="a-moment-past"),
        pytest.param(503, "99999999999999", True, timedelta(days=1), id="for-ever"),
        pytest.param(503, "soon", True, None, id="words"),
        pytest.param(500, "", True, None, id="its-fault"),
        pytest.param(302, "", True, None, id="elsewhere"),
        pytest.param(404, "", False, None, id="not-there"),
        pytest.param(413, "", False, None, id="too-large"),
    ],
)
def test_a_webhook_says_by_its_status_when_to_try_again(
    status: int, asked: str, retryable: bool, wait: timedelta | None
) -> None:
    answer = {"fields": "no", "status": status, "Location": "/elsewhere"} | ({"Retry_After": asked} if asked else {})
    error = refusal(lambda running: running.webhook(), NEW_DAY, answer)
    assert (error.retryable, error.retry_after) == (retryable, wait)
    assert f"HTTP {status}（no）" in str(error)


def test_an_answer_that_repeats_the_address_is_shown_without_it() -> None:
    async def check(running: Robots) -> str:
        channel = running.webhook()
        running.answer(f"no such hook {channel.url}?{SECRET} {'x' * 500}", status=404)
        with pytest.raises(NoticeError) as caught:
            await send(channel, NEW_DAY, clock=clock)
        return str(caught.value)

    said = with_robots(check)
    assert KEY not in said
    assert SECRET not in said
    assert "no such hook ***" in said
    assert len(said) < 320


@pytest.mark.parametrize(
    ("url", "sentence", "retryable"),
    [
        pytest.param("http://127.0.0.1:{refusing}/hook/{key}", "无法连接服务器", True, id="nobody-listens"),
        pytest.param("http://127.0.0.1:{silent}/hook/{key}", "在 0.3 秒内没有应答", True, id="no-answer"),
        pytest.param("https://127.0.0.1:{silent}/hook/{key}", "在 0.3 秒内没有应答", True, id="no-handshake"),
        pytest.param("http://no-such-host.invalid/hook/{key}", "无法", True, id="no-such-host"),
        pytest.param("ftp://127.0.0.1/hook/{key}", "url 不是有效的 http(s) 地址", False, id="no-http"),
        pytest.param("{key}", "url 不是有效的 http(s) 地址", False, id="no-address"),
        pytest.param("http://127.0.0.1:99999999/{key}", "url 不是有效的 http(s) 地址", False, id="no-port"),
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # a look-up that the closed network of tests cuts off
def test_why_a_server_cannot_be_reached_is_said_without_its_address(url: str, sentence: str, retryable: bool) -> None:
    with silent() as port:
        channel = a_channel(ChannelKind.WEBHOOK, url.format(refusing=refusing(), silent=port, key=KEY))
        patience = timedelta(seconds=0.3) if "0.3" in sentence else channel.timeout
        with pytest.raises(NoticeError) as caught:
            asyncio.run(send(replace(channel, timeout=patience), NEW_DAY, clock=clock))
    assert sentence in str(caught.value)
    assert caught.value.retryable is retryable
    assert KEY not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_surprise_is_a_failure_of_its_channel_and_names_no_address(caplog: pytest.LogCaptureFixture) -> None:
    channel = a_channel(ChannelKind.WEBHOOK, "http://127.0.0.1:1/")
    wrong: Any = "yesterday"
    broken = replace(NEW_DAY, at=wrong)
    with caplog.at_level(logging.ERROR), pytest.raises(NoticeError) as caught:
        asyncio.run(send(channel, broken, clock=clock))
    assert "发送时程序出错（AttributeError）" in str(caught.value)
    assert "error=AttributeError" in caplog.text


def test_half_a_character_of_a_source_does_not_stop_a_message() -> None:
    async def check(running: Robots) -> None:
        await send(running.wecom(), replace(NEW_DAY, body="标题\ud83d"), clock=clock)
        assert text_of(running.taken[0]) == "更新提醒\n标题?"

    with_robots(check)


def test_a_sign_of_life_is_given_or_it_is_said_why_not() -> None:
    async def check(running: Robots) -> None:
        short, long = timedelta(seconds=0.3), timedelta(seconds=60)
        assert await heartbeat(f"{running.url}/robot/send?{KEY}", long) == "心跳未送达：对方返回 HTTP 405。"
        assert await heartbeat(f"http://127.0.0.1:{refusing()}/{KEY}", long) == "心跳未送达：无法连接服务器。"
        assert "不是有效的 http(s) 地址" in await heartbeat(KEY, long)
        with silent() as port:
            assert await heartbeat(f"http://127.0.0.1:{port}/{KEY}", short) == "心跳未送达：服务器在 0.3 秒内没有应答。"

    with_robots(check)


def test_a_sign_of_life_that_arrives_says_nothing() -> None:
    async def check() -> str:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            return await heartbeat(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", timedelta(seconds=60))

    assert asyncio.run(check()) == ""
