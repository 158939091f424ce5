import asyncio
import contextlib
import logging
import smtplib
import subprocess
import threading
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from notices.channels import Channel, Notice, NoticeError, Security
from notices.posting import reason
from notices.sending import send
from tests.notices.servers import NEW_DAY, NOW, Mailbox, clock, mailbox, refusing, silent

PASSWORD = "p4ss-of-the-office"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    made = ["-keyout", str(folder / "key"), "-out", str(folder / "cert"), "-days", "2", "-subj", "/CN=127.0.0.1"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", "req", "-x509", *curve, *made, *names], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes((folder / "key").read_bytes() + (folder / "cert").read_bytes())
    return both


def deliver(channel: Channel, notice: Notice = NEW_DAY) -> int:
    return asyncio.run(send(channel, notice, clock=clock))


def refusal(channel: Channel, notice: Notice = NEW_DAY) -> NoticeError:
    with pytest.raises(NoticeError) as caught:
        deliver(channel, notice)
    assert PASSWORD not in str(caught.value)
    assert "通知渠道“工作群”" in str(caught.value)
    assert str(caught.value).endswith("。")
    return caught.value


def text_of(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r\n", "\n")  # lines end so in letters


def test_a_letter_says_who_when_what_and_is_known_again() -> None:
    with mailbox() as box:
        notice = replace(NEW_DAY, subject="更新提醒：\n高县发布", body="账号甲今日尚未更新。\n.\n第三行" + "长" * 900)
        assert deliver(box.channel(), notice) == 1
        deliver(box.channel(), notice)
        deliver(box.channel(), replace(notice, body="另一条"))
    first, second, third = box.letters
    assert first["Subject"] == "更新提醒： 高县发布"
    assert first["From"] == "巡检 <xunjian@gaoxian.example>"
    assert first["To"] == "office@gaoxian.example"
    assert first["Date"].datetime == NOW
    assert first["Message-ID"].endswith("@gaoxian.example>")
    assert first["Message-ID"] == second["Message-ID"] != third["Message-ID"]
    assert text_of(first) == notice.body + "\n"
    assert box.encrypted == [False, False, False]


def test_a_letter_goes_to_those_it_names_before_those_of_the_channel() -> None:
    with mailbox() as box:
        deliver(
            box.channel(),
            replace(NEW_DAY, recipient="甲 a@gaoxian.example；b@gaoxian.example,a@gaoxian.example 13800001111"),
        )
        deliver(
            box.channel(recipients=("c@gaoxian.example", "d@gaoxian.example")),
            replace(NEW_DAY, recipient="13800001111"),
        )
    named = ["a@gaoxian.example", "b@gaoxian.example"]
    assert box.envelopes == [named, ["c@gaoxian.example", "d@gaoxian.example"]]


def test_a_letter_that_is_too_long_is_several() -> None:
    with mailbox() as box:
        body = "县政府办“高县发布”本周尚未更新。\n" * 30_000
        assert deliver(box.channel(), replace(NEW_DAY, body=body)) == 2
    assert [letter["Subject"] for letter in box.letters] == ["更新提醒（1/2）", "更新提醒（2/2）"]
    assert "".join(text_of(letter) for letter in box.letters) == body
    assert box.letters[0]["Message-ID"] != box.letters[1]["Message-ID"]


@pytest.mark.parametrize(("security", "first"), [(Security.TLS, True), (Security.STARTTLS, False)])
def test_a_letter_goes_encrypted_to_a_server_whose_certificate_is_good(
    security: Security, first: bool, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mailbox(certificate, first=first) as box:
        channel = box.channel(security=security, user="xunjian", password=PASSWORD)
        assert "服务器证书无效，未发送" in str(refusal(channel))
        assert (box.letters, box.logins) == ([], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        deliver(channel)
    assert box.encrypted == [True]
    assert box.logins == [f"\0xunjian\0{PASSWORD}"]


def test_a_server_without_starttls_gets_neither_password_nor_letter() -> None:
    with mailbox() as box:
        error = refusal(box.channel(security=Security.STARTTLS, user="xunjian", password=PASSWORD))
    assert "不支持" in str(error)
    assert not error.retryable
    assert (box.letters, box.logins) == ([], [])


@pytest.mark.parametrize(
    ("command", "reply", "sentence", "retryable", "minutes"),
    [
        pytest.param(
            "RCPT",
            "550 no such user",
            "收件人被邮件服务器拒收，返回 550（no such user）",
            False,
            None,
            id="no-such-recipient",
        ),
        pytest.param("RCPT", "451 greylisted", "对方返回 451（greylisted）", True, 10, id="recipient-later"),
        pytest.param("MAIL", "553 not your address", "对方拒收，返回 553", False, None, id="sender-refused"),
        pytest.param("DATA", "452 disk full", "对方返回 452（disk full）", True, None, id="letter-later"),
        pytest.param("DATA", "554 DT:SPM", "对方拒收，返回 554（DT:SPM）", False, None, id="letter-refused"),
        pytest.param(
            "AUTH", "535 authentication failed", "登录邮件服务器失败，返回 535", False, None, id="wrong-password"
        ),
        pytest.param("AUTH", "454 try later", "对方返回 454", True, None, id="login-later"),
        pytest.param(
            "AUTH",
            f"535 wrong {PASSWORD}",
            "登录邮件服务器失败，返回 535（wrong ***）",
            False,
            None,
            id="password-repeated",
        ),
        pytest.param("", "554 too many connections", "对方返回 554", True, None, id="refused-at-the-door"),
        pytest.param("EHLO", "bla", "", True, None, id="no-smtp"),
    ],
)
def test_a_code_says_whether_a_later_try_may_succeed(
    command: str, reply: str, sentence: str, retryable: bool, minutes: int | None
) -> None:
    with mailbox() as box:
        box.replies[command] = reply
        error = refusal(box.channel(user="xunjian", password=PASSWORD))
    assert sentence in str(error)
    assert (error.retryable, error.retry_after) == (retryable, None if minutes is None else timedelta(minutes=minutes))
    assert box.letters == []


@pytest.mark.parametrize(
    ("command", "reply", "unfit"),
    [
        pytest.param("RCPT", "550 no such user", True, id="no-such-recipient"),
        pytest.param("DATA", "554 DT:SPM", True, id="letter-refused"),
        pytest.param("DATA", "452 disk full", False, id="letter-later"),
        pytest.param("MAIL", "553 not your address", False, id="sender-refused"),
        pytest.param("AUTH", "535 authentication failed", False, id="wrong-password"),
    ],
)
def test_what_is_wrong_with_a_letter_is_not_what_is_wrong_with_its_channel(
    command: str, reply: str, unfit: bool
) -> None:
    with mailbox() as box:
        box.replies[command] = reply
        assert refusal(box.channel(user="xunjian", password=PASSWORD)).unfit is unfit


def test_a_letter_that_one_of_its_recipients_refuses_is_sent_and_said(caplog: pytest.LogCaptureFixture) -> None:
    with mailbox() as box, caplog.at_level(logging.WARNING):
        box.replies["rcpt TO:<gone@gaoxian.example>"] = "550 no such user"
        deliver(box.channel(recipients=("gone@gaoxian.example", "b@gaoxian.example")))
    assert box.envelopes == [["b@gaoxian.example"]]
    assert "channel=工作群 refused=1" in caplog.text


@pytest.mark.parametrize("reply", ["(none)", "500 what?"])
def test_a_goodbye_that_fails_does_not_send_a_letter_again(reply: str) -> None:
    with mailbox() as box:
        box.replies["QUIT"] = reply
        assert deliver(box.channel()) == 1
    assert len(box.letters) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"recipients": ()}, "没有收件人（recipients）", id="no-recipient"),
        pytest.param({"sender": "", "user": ""}, "不是有效的邮箱地址", id="no-sender"),
        pytest.param({"sender": "office"}, "不是有效的邮箱地址", id="no-address"),
        pytest.param({"recipients": ("a@b@c\nBcc: x@y.example",)}, "不是有效的邮箱地址", id="a-header-of-its-own"),
        pytest.param(
            {"recipients": ("县办@gaoxian.example",)}, "收件地址", id="an-address-that-the-server-cannot-take"
        ),
    ],
)
def test_a_channel_that_cannot_work_is_to_be_mended(changes: dict[str, object], sentence: str) -> None:
    with mailbox() as box:
        error = refusal(box.channel(**changes))
    assert sentence in str(error)
    assert not error.retryable
    assert box.letters == []


@pytest.mark.parametrize("security", Security)
def test_a_server_that_never_answers_is_left(security: Security) -> None:
    before = threading.enumerate()
    with silent() as port:
        channel = replace(Mailbox(port=port).channel(security=security), timeout=timedelta(seconds=0.3))
        assert "服务器在 0.3 秒内没有应答" in str(refusal(channel))
    for thread in threading.enumerate():
        if thread.name == "notice":
            thread.join(60)
    assert not {*threading.enumerate()} - {*before}


def test_a_reply_that_smtplib_waited_for_in_vain_is_no_broken_connection() -> None:
    with silent() as port, pytest.raises(smtplib.SMTPServerDisconnected) as raised:
        smtplib.SMTP("127.0.0.1", port, timeout=0.1)
    assert reason(raised.value, timedelta(seconds=0.1)) == "服务器在 0.1 秒内没有应答"


def test_a_server_that_drips_is_left_in_time() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():  # each byte comes in time, the line never ends
            writer.write(b"2")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.read(), 0.05)
        writer.close()
        ended.set()

    ended = asyncio.Event()

    async def run() -> float:
        begun = asyncio.get_running_loop().time()
        async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
            channel = Mailbox(port=server.sockets[0].getsockname()[1]).channel()
            with pytest.raises(NoticeError, match="0.5 秒内没有应答"):
                await send(replace(channel, timeout=timedelta(seconds=0.5)), NEW_DAY, clock=clock)
            await ended.wait()
        return asyncio.get_running_loop().time() - begun

    assert asyncio.run(run()) < 30  # as long as it drips it would be minutes
    for thread in threading.enumerate():
        if thread.name == "notice":
            thread.join(60)
            assert not thread.is_alive()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"port": None}, "无法连接服务器", id="nobody-listens"),
        pytest.param({"host": "no-such-host.invalid"}, "无法解析服务器域名", id="no-such-host"),
    ],
)
def test_why_a_mail_server_cannot_be_reached_is_said(changes: dict[str, object], sentence: str) -> None:
    given = {"port": refusing()} | {key: value for key, value in changes.items() if value is not None}
    error = refusal(Mailbox().channel(**given))
    assert sentence in str(error)
    assert error.retryable
