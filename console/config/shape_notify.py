"""The shape of [notify]: channels, who is told over which, and when nobody is to be disturbed."""

import re
from collections.abc import Iterable
from datetime import time
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from console.addresses import cause_of_url, is_host
from console.config.fields import MAX_PORT, Secret, Table, is_unset, keys_of, read_time, wrong
from console.nearest import closest, hint
from notices.channels import ChannelKind, Security

_MAIL = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")

_WEB = frozenset({"url", "secret"})
KEYS = {
    ChannelKind.WECOM: frozenset({"url"}),
    ChannelKind.DINGTALK: _WEB,
    ChannelKind.FEISHU: _WEB,
    ChannelKind.WEBHOOK: _WEB,
    ChannelKind.APPRISE: frozenset({"url"}),
    ChannelKind.EMAIL: frozenset({"host", "port", "user", "password", "from", "to", "security"}),
}
"""What may be said of a channel of each kind."""

NEEDED = {ChannelKind.EMAIL: ("host", "from", "to")}
"""What must be said of it, an address where nothing else stands here."""

PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


def _channel_kind(text: str) -> str:
    return _one_of(text, tuple(ChannelKind), "渠道的类别")


def _security(text: str) -> str:
    return _one_of(text, tuple(Security), "连接的加密方式")


def _one_of(text: str, known: tuple[str, ...], what: str) -> str:
    if text not in known:
        raise wrong(f"“{text}”不是{what}{hint(text, known)}，可用：{'、'.join(known)}")
    return text


def _mail(text: str) -> str:
    if not _MAIL.fullmatch(text.strip()):
        raise wrong(f"“{text}”不是邮箱地址，应为 name@example.gov.cn")
    return text.strip()


def _mail_host(text: str) -> str:
    if not is_host(text.strip("[]")):
        raise wrong(f"“{text}”不是主机名，只写邮件服务器的主机名，端口写在 port")
    return text.strip("[]")


def _quiet(text: str) -> str:
    if text and quiet_hours(text) is None:
        raise wrong(f'“{text}”不是免打扰时段，应为 22:00-07:00 这样的 时:分-时:分，两端不能相同；没有则写 ""')
    return text


def quiet_hours(text: str) -> tuple[time, time] | None:
    """Return both ends of quiet hours, None where ``text`` states none."""
    ends = [read_time(each) for each in re.split(r"[-–—~～至]", text)]
    match ends:
        case [time() as first, time() as last] if first != last:
            return first, last
    return None


class ChannelTable(Table):
    """[notify.channels.NAME]; a secret may be ``env:NAME``."""

    kind: Annotated[str, AfterValidator(_channel_kind)]
    url: Secret = ""
    secret: Secret = ""
    host: Annotated[str, AfterValidator(_mail_host)] | None = None
    port: Annotated[int, Field(ge=1, le=MAX_PORT)] | None = None
    user: Secret = ""
    password: Secret = ""
    sender: Annotated[str, AfterValidator(_mail)] | None = Field(default=None, alias="from")
    to: list[Annotated[str, AfterValidator(_mail)]] = Field(default=[])
    security: Annotated[str, AfterValidator(_security)] = Security.TLS.value

    @model_validator(mode="after")
    def _what_its_kind_needs(self) -> Self:
        kind = ChannelKind(self.kind)
        said = {type(self).model_fields[name].alias or name for name in self.model_fields_set} - {"kind"}
        if strange := sorted(said - KEYS[kind]):
            usable = "、".join(each for each in keys_of(ChannelTable) if each in KEYS[kind])
            raise wrong(f"的类别 {kind} 没有 {strange[0]} 这一项，可用的有：{usable}")
        values = {"url": self.url, "host": self.host, "from": self.sender, "to": self.to}
        if lacking := [each for each in NEEDED.get(kind, ("url",)) if not values[each]]:
            raise wrong(f"缺少 {'、'.join(lacking)}，类别 {kind} 的渠道必须写明")
        if kind is not ChannelKind.EMAIL and not is_unset(self.url) and (cause := _cause_of_address(kind, self.url)):
            raise wrong(f"的 url {cause}")
        if bool(self.user) != bool(self.password):
            raise wrong(f"只写了 {'user' if self.user else 'password'}，登录邮件服务器要 user 和 password 都写明")
        return self


def _cause_of_address(kind: ChannelKind, url: str) -> str:
    """Return what is wrong with a channel's address, never the address itself: it is as good as a password."""
    if kind is ChannelKind.APPRISE:
        return "" if re.fullmatch(r"[A-Za-z][\w+.-]*://\S+", url) else "不是 apprise 的地址，应为 名称://…"
    return cause_of_url(url)


class NotifyTable(Table):
    """[notify]."""

    office: list[str] = Field(default=[])
    quiet_hours: Annotated[str, AfterValidator(_quiet)] = "22:00-07:30"
    channels: dict[str, ChannelTable] = Field(default={})
    organizers: dict[str, list[str]] = Field(default={})

    @model_validator(mode="after")
    def _channels_are_known(self) -> Self:
        told = {"office": self.office, **{f'organizers."{unit}"': names for unit, names in self.organizers.items()}}
        for key, name in ((key, name) for key, names in told.items() for name in names):
            if name not in self.channels:
                raise wrong(f"的 {key} 写了渠道“{name}”，{_known(name, self.channels)}")
        if empty := next((unit for unit, names in self.organizers.items() if not names), None):
            raise wrong(f'的 organizers."{empty}" 没有写渠道；由本单位代为转告的不必列出，请删去这一行')
        return self


def _known(name: str, channels: Iterable[str]) -> str:
    names = list(channels)
    if not names:
        return f"而没有任何 [notify.channels.…]，请先写明 [notify.channels.{name}]"
    return f"没有这个渠道，最接近的是 {closest(name, names)}；可用的有：{'、'.join(names)}"
