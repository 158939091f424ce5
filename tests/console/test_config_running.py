"""[daemon] and [notify]: every value reaches its place, everything wrong is one sentence."""

import re
from datetime import time, timedelta
from pathlib import Path

import pytest

from console.config import load_with_secrets
from console.errors import ConfigError
from console.logs import LogSettings
from notices.channels import Channel, ChannelKind, Security
from notices.routing import Routing
from schedules.settings import DaemonSettings
from tests.console.test_config import problems, read

ROBOT = "https://robot.example/send?key=hidden"
MAIL = """
[notify.channels.mail]
kind = "email"
host = "smtp.example.gov.cn"
from = "xunjian@example.gov.cn"
to = ["a@example.gov.cn", "b@example.gov.cn", "a@example.gov.cn"]
"""


def test_nothing_written_means_the_defaults(tmp_path: Path) -> None:
    config = read(tmp_path, "")
    assert config.daemon == DaemonSettings(inspections=tmp_path / "inspections", backups=tmp_path / "backups")
    assert config.routing == Routing(quiet_from=time(22), quiet_until=time(7, 30))
    assert config.logs == LogSettings(
        file=tmp_path / "logs" / "xunjian.log", json=False, largest=20 * 2**20, files=10, zone=config.zone
    )


def test_every_value_of_the_daemon(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        """
        [daemon]
        inspections = "检查"
        inspect_at = "8:05"
        digest_at = "18：00"
        weekly_day = "星期日"
        weekly_at = "23:59"
        tick_seconds = 0.05
        shortest_minutes = 0.01
        longest_hours = 0.01
        batch_minutes = 0.5
        probe = ["http://127.0.0.1:8000/up", "https://a.gov.cn/"]
        heartbeat_url = "https://ping.example/1"
        heartbeat_minutes = 0.02
        listen = "[::1]:9000"
        backups = "/srv/kept"
        backup_at = "00:00"
        keep_daily = 1
        keep_weekly = 0
        keep_monthly = 24
        registry = "accounts.csv"
        log_file = ""
        log_format = "json"
        log_megabytes = 0.5
        log_files = 1
        """,
    )
    assert config.daemon == DaemonSettings(
        inspections=tmp_path / "检查",
        inspect_at=time(8, 5),
        digest_at=time(18),
        weekly_day=7,
        weekly_at=time(23, 59),
        tick=timedelta(seconds=0.05),
        shortest=timedelta(minutes=0.01),
        longest=timedelta(hours=0.01),
        batch_budget=timedelta(seconds=30),
        probe=("http://127.0.0.1:8000/up", "https://a.gov.cn/"),
        heartbeat_url="https://ping.example/1",
        heartbeat_every=timedelta(minutes=0.02),
        listen="[::1]:9000",
        backups=Path("/srv/kept"),
        backup_at=time(0),
        keep_daily=1,
        keep_weekly=0,
        keep_monthly=24,
        registry=tmp_path / "accounts.csv",
    )
    assert config.logs == LogSettings(file=None, json=True, largest=2**19, files=1, zone=config.zone)


def test_no_backups_no_port_no_registry(tmp_path: Path) -> None:
    daemon = read(tmp_path, "daemon = {backups = '', listen = '', registry = ''}").daemon
    assert (daemon.backups, daemon.listen, daemon.registry) == (None, "", None)


@pytest.mark.parametrize("listen", ["127.0.0.1:1", "localhost:9469", "0.0.0.0:9469", "10.1.2.3:65535", "[::]:9469"])
def test_addresses_to_listen_on(tmp_path: Path, listen: str) -> None:
    assert read(tmp_path, f"daemon.listen = '{listen}'").daemon.listen == listen


def test_every_kind_of_channel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOT_URL", f" {ROBOT}\n")
    monkeypatch.setenv("MAIL_PASSWORD", "hidden")
    routing = read(
        tmp_path,
        f"""
        [notify]
        office = ["wecom", "mail", "wecom"]
        quiet_hours = "22:00-07:00"
        [notify.channels.wecom]
        kind = "wecom"
        url = "env:ROBOT_URL"
        [notify.channels."钉钉 一"]
        kind = "dingtalk"
        url = "{ROBOT}"
        secret = "SEC1"
        [notify.channels.feishu]
        kind = "feishu"
        url = "http://127.0.0.1:8080/hook"
        [notify.channels.hook]
        kind = "webhook"
        url = "{ROBOT}"
        [notify.channels.other]
        kind = "apprise"
        url = "ntfy://topic"
        {MAIL}
        port = 2525
        user = "u"
        password = "env:MAIL_PASSWORD"
        security = "starttls"
        [notify.organizers]
        "县教育局" = ["钉钉 一", "mail"]
        """,
    ).routing
    assert routing.office == ("wecom", "mail")
    assert routing.organizers == {"县教育局": ("钉钉 一", "mail")}
    assert (routing.quiet_from, routing.quiet_until) == (time(22), time(7))
    assert routing.channels["wecom"] == Channel(name="wecom", kind=ChannelKind.WECOM, url=ROBOT)
    assert routing.channels["钉钉 一"].secret == "SEC1"
    assert routing.channels["other"].url == "ntfy://topic"
    assert routing.channels["mail"] == Channel(
        name="mail",
        kind=ChannelKind.EMAIL,
        host="smtp.example.gov.cn",
        port=2525,
        user="u",
        password="hidden",
        sender="xunjian@example.gov.cn",
        recipients=("a@example.gov.cn", "b@example.gov.cn"),
        security=Security.STARTTLS,
    )


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("starttls", 587), ("none", 25)])
def test_the_port_follows_the_security(tmp_path: Path, security: str, port: int) -> None:
    assert read(tmp_path, f"{MAIL}security = '{security}'").routing.channels["mail"].port == port


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("22:00-07:00", time(22), time(7), id="over midnight"),
        pytest.param("12:30 ~ 14:00", time(12, 30), time(14), id="with spaces"),
        pytest.param("22:00至7:00", time(22), time(7), id="Chinese"),
        pytest.param("", None, None, id="none"),
    ],
)
def test_quiet_hours(tmp_path: Path, text: str, first: time | None, last: time | None) -> None:
    routing = read(tmp_path, f"notify.quiet_hours = '{text}'").routing
    assert (routing.quiet_from, routing.quiet_until) == (first, last)


CHANNEL = "[notify.channels.a]\nkind = "
BAD = [
    pytest.param("[deamon]\n", "没有 deamon 这一项，最接近的是 daemon；", id="mistyped section"),
    pytest.param("daemon.inspect = '9'", "[daemon] 没有 inspect 这一项，最接近的是 inspect_at；", id="unknown key"),
    pytest.param("daemon.inspect_at = '25:00'", "daemon.inspect_at “25:00”不是一天中的时间", id="no time"),
    pytest.param("daemon.backup_at = '3点'", "应为 09:00 这样的时:分", id="a time in words"),
    pytest.param("daemon.inspect_at = 09:00:00", "应为用引号括起来的文字，现为 09:00:00", id="a time without quotes"),
    pytest.param("daemon.weekly_day = 'Mondey'", "不是星期几，是否为“monday”", id="a mistyped weekday"),
    pytest.param("daemon.weekly_day = 1", "daemon.weekly_day 应为用引号括起来的文字", id="a numbered weekday"),
    pytest.param("daemon.tick_seconds = 0.01", "daemon.tick_seconds 应不小于 0.05", id="too quick"),
    pytest.param("daemon.longest_hours = 24", "daemon.longest_hours 应不大于 23", id="less than once a day"),
    pytest.param("daemon.longest_hours = 0", "daemon.longest_hours 应大于 0", id="no interval"),
    pytest.param(
        "[daemon]\nshortest_minutes = 90\nlongest_hours = 1", "的 shortest_minutes（最短间隔）比", id="crossed"
    ),
    pytest.param("daemon.probe = 'https://a.cn'", "daemon.probe 应为列表", id="one probe as text"),
    pytest.param("daemon.probe = ['a.cn']", "daemon.probe 的第1项 不是网址，应以 http://", id="a probe without scheme"),
    pytest.param("daemon.heartbeat_url = 'ftp://x'", "daemon.heartbeat_url 不是网址", id="a ping of another kind"),
    pytest.param("daemon.listen = ':9469'", "daemon.listen “:9469”不能用，应为 127.0.0.1:9469", id="no address"),
    pytest.param("daemon.listen = '127.0.0.1'", "“127.0.0.1”不能用", id="no port"),
    pytest.param("daemon.listen = '127.0.0.1:0'", "“127.0.0.1:0”不能用", id="any port"),
    pytest.param("daemon.listen = '127.0.0.1:70000'", "不能用", id="no such port"),
    pytest.param("daemon.listen = 'server:9469'", "“server:9469”不能用", id="a name"),
    pytest.param("daemon.listen = 'u@127.0.0.1:9469/x'", "不能用", id="more than an address"),
    pytest.param("daemon.listen = '8.8.8.8:80'", "是公网地址，运行情况不向公网提供", id="a public address"),
    pytest.param("daemon.keep_daily = 0", "daemon.keep_daily 应不小于 1", id="no backup kept"),
    pytest.param("daemon.keep_weekly = -1", "daemon.keep_weekly 应不小于 0", id="fewer than none"),
    pytest.param("daemon.log_format = 'jsn'", "不是日志的格式，是否为“json”，可用：text、json", id="log format"),
    pytest.param("daemon.log_files = 0", "daemon.log_files 应不小于 1", id="no log file"),
    pytest.param("notify.ofice = []", "[notify] 没有 ofice 这一项，最接近的是 office；", id="unknown key of notify"),
    pytest.param("notify.office = 'a'", "notify.office 应为列表", id="one channel as text"),
    pytest.param(
        "notify.office = ['a']", "notify的 office 写了渠道“a”，而没有任何 [notify.channels.…]", id="no channel at all"
    ),
    pytest.param(
        f"notify.office = ['mial']\n{MAIL}",
        "notify的 office 写了渠道“mial”，没有这个渠道，最接近的是 mail；可用的有：mail",
        id="a mistyped channel",
    ),
    pytest.param(
        f"{MAIL}[notify.organizers]\n'县教育局' = ['b']",
        '的 organizers."县教育局" 写了渠道“b”，没有这个渠道',
        id="an organizer's unknown channel",
    ),
    pytest.param(
        "[notify.organizers]\n'县教育局' = []", '的 organizers."县教育局" 没有写渠道', id="an organizer without channel"
    ),
    pytest.param("notify.quiet_hours = '22:00'", "“22:00”不是免打扰时段，应为 22:00-07:00", id="half of quiet hours"),
    pytest.param("notify.quiet_hours = '22:00-25:00'", "不是免打扰时段", id="no such hour"),
    pytest.param("notify.quiet_hours = '08:00-08:00'", "两端不能相同", id="quiet all day"),
    pytest.param(
        "[notify.channels]\nkind = 'wecom'",
        '写成 [notify.channels."名称"] 后另起一行写各项',
        id="a channel without name",
    ),
    pytest.param("[notify.channels.a]\n", "[notify.channels.a] 缺少 kind 这一项", id="no kind"),
    pytest.param(f"{CHANNEL}'wechat'", "“wechat”不是渠道的类别，是否为“wecom”，可用：wecom、", id="unknown kind"),
    pytest.param(
        f"{CHANNEL}'wecom'", "notify.channels.a 缺少 url，类别 wecom 的渠道必须写明", id="a robot without address"
    ),
    pytest.param(f"{CHANNEL}'email'", "notify.channels.a 缺少 host、from、to，类别 email", id="an e-mail to nobody"),
    pytest.param(
        f"{CHANNEL}'wecom'\nurl = '{ROBOT}'\nhost = 'a.cn'",
        "notify.channels.a的类别 wecom 没有 host 这一项，可用的有：url",
        id="a key of another kind",
    ),
    pytest.param(
        f"{CHANNEL}'feishu'\nurl = '{ROBOT}'\nsecert = 'hidden'",
        "[notify.channels.a] 没有 secert 这一项，最接近的是 secret；可用的有：kind、url、secret、host、port、user、password、from、",
        id="an unknown key of a channel",
    ),
    pytest.param(f"{CHANNEL}'wecom'\nurl = 'hidden'", "notify.channels.a的 url 不是网址", id="an address that is none"),
    pytest.param(f"{CHANNEL}'apprise'\nurl = 'hidden'", "的 url 不是 apprise 的地址", id="no apprise address"),
    pytest.param(f"{CHANNEL}'wecom'\nurl = 'env: '", "notify.channels.a.url的 env: 后面没有写", id="a nameless secret"),
    pytest.param(
        f"{CHANNEL}'feishu'\nurl = '{ROBOT}'\nsecret = 123456", "a.secret 应为用引号括起来的文字。", id="number"
    ),
    pytest.param(f"{MAIL}port = 0", "notify.channels.mail.port 应不小于 1", id="no port of mail"),
    pytest.param(f"{MAIL}port = 70000", "notify.channels.mail.port 应不大于 65535", id="no such port of mail"),
    pytest.param(
        f"{MAIL}security = 'ssl'", "“ssl”不是连接的加密方式，可用：tls、starttls、none", id="unknown security"
    ),
    pytest.param(f"{MAIL}user = 'hidden'", "只写了 user，登录邮件服务器要 user 和 password 都写明", id="no password"),
    pytest.param(
        MAIL.replace("a@example.gov.cn", "a b@x", 1).replace(', "a@example.gov.cn"]', "]"),
        "notify.channels.mail.to 的第1项 “a b@x”不是邮箱地址",
        id="no mailbox",
    ),
    pytest.param(
        MAIL.replace("smtp.", "https://smtp."),
        "mail.host “https://smtp.example.gov.cn”不是主机名",
        id="host with scheme",
    ),
]


@pytest.mark.parametrize(("text", "cause"), BAD)
def test_bad_values(tmp_path: Path, text: str, cause: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.startswith("xunjian.toml：")
    assert cause in problem
    assert "\n" not in problem
    assert "hidden" not in problem
    assert "123456" not in problem


def test_secrets_that_the_environment_does_not_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"""
    daemon.heartbeat_url = "env:NO_PING"
    [notify.channels."甲 乙"]
    kind = "dingtalk"
    url = "env:NO_URL"
    secret = "env:NO_SECRET"
    {MAIL}user = "u"
    password = "env:NO_PASSWORD"
    """
    config = read(tmp_path, text)
    assert [re.findall(r"：(\S+) 写明取自环境变量 (\w+)，而该变量没有设置；", each) for each in config.unset] == [
        [("daemon.heartbeat_url", "NO_PING")],
        [],
        [],
        [("notify.channels.mail.password", "NO_PASSWORD")],
    ]
    assert 'notify.channels."甲 乙".url 写明取自环境变量 NO_URL' in config.unset[1]
    with pytest.raises(ConfigError, match="NO_PASSWORD"):
        load_with_secrets(tmp_path / "xunjian.toml")
    for name in ("NO_PING", "NO_URL"):
        monkeypatch.setenv(name, ROBOT)
    for name in ("NO_SECRET", "NO_PASSWORD"):
        monkeypatch.setenv(name, "hidden")
    config = load_with_secrets(tmp_path / "xunjian.toml")
    assert config.unset == ()
    assert config.routing.channels["甲 乙"].secret == "hidden"


def test_the_template_with_all_of_its_examples_is_good(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("WECOM_URL", "DINGTALK_URL")
    for name in names:
        monkeypatch.setenv(f"XUNJIAN_{name}", ROBOT)
    monkeypatch.setenv("XUNJIAN_DINGTALK_SECRET", "s")
    monkeypatch.setenv("XUNJIAN_MAIL_PASSWORD", "s")
    text = (repository / "console" / "data" / "template.toml").read_text(encoding="utf-8")
    plain = read(tmp_path, text)
    before, _, running = text.partition("[daemon]\n")
    running, _, after = running.partition("# 个别来源的说明")
    examples = "\n".join(
        line.removeprefix("# ") if line.startswith("# ") and (" = " in line or line.startswith("# [")) else line
        for line in running.splitlines()
    )
    full = read(tmp_path, f"{before}[daemon]\n{examples}\n# {after}")
    assert full.daemon == plain.daemon == read(tmp_path, "").daemon
    assert full.logs == plain.logs
    assert set(full.routing.channels) == {"office", "dingding", "mail"}
    assert full.routing.organizers == {"县教育局": ("dingding",)}
