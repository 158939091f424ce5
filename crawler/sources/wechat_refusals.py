"""What WeChat's list interfaces answer where they show nothing: no session, too often, an empty success."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from crawler.sources.fields import object_of, text_of
from crawler.sources.values import Reading
from monitor.visits import Outcome

PUSHES: Final = ("/mp/profile_ext", frozenset({"msg_count", "general_msg_list", "can_msg_continue"}))
"""The path of the interface of pushes, and the fields that no other answer has."""

ALBUMS: Final = ("/mp/appmsgalbum", frozenset({"getalbum_resp"}))
"""The same of the interface of albums."""

_BLOCKED: Final[Mapping[str, str]] = {
    "-3": "登录状态失效",
    "-6": "访问过于频繁",
    "-1": "系统繁忙",
    "200003": "登录状态失效",
    "200013": "访问过于频繁",
    "200040": "登录凭证无效",
}
_REFUSED: Final = re.compile(r"session|freq|login|auth|verify|token|limit|频繁|登录|验证|环境异常", re.IGNORECASE)
_GONE: Final = re.compile(
    r"(?:账号|帐号|公众号)(?:已|已被|已自主)?(?:注销|封停?|冻结|迁移|不存在)|(?:专辑|合集)(?:已被?删除|不存在)"
)


def refused(said: Mapping[str, object], url: str, interface: tuple[str, frozenset[str]]) -> Reading | None:
    """Return what an answer without articles says, None where it is none of ``interface`` (PUSHES or ALBUMS)."""
    if not _is_of(said, url, *interface):
        return None
    inner = object_of(said, "base_resp")
    code = text_of(said, "ret") or text_of(inner, "ret")
    names = ("errmsg", "err_msg", "wording")
    message = "；".join(filter(None, (text_of(each, name) for each in (said, inner) for name in names)))
    quoted = f"（“{message[:40]}”）" if message else ""
    if _GONE.search(message):
        return Reading(outcome=Outcome.GONE, reason=f"微信提示账号或专辑已不可访问{quoted}。")
    if code in _BLOCKED or (code not in {"", "0"} and _REFUSED.search(message)):
        cause = f"：{_BLOCKED[code]}" if code in _BLOCKED else ""
        reason = f"微信接口拒绝访问{cause}（代码 {code}）{quoted}，未能取得信息列表。"
        return Reading(outcome=Outcome.BLOCKED, reason=reason)
    if code in {"", "0"}:
        reason = "微信接口返回成功，但没有任何信息，不能证明没有更新。"
        return Reading(outcome=Outcome.EMPTY, reason=reason)
    return Reading(outcome=Outcome.NOT_A_FEED, reason=f"微信接口没有返回信息列表，代码 {code}{quoted}。")


def _is_of(said: Mapping[str, object], url: str, path: str, own: frozenset[str]) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    asked = parts.hostname == "mp.weixin.qq.com" and parts.path == path
    return bool(own & said.keys()) or (asked and bool({"ret", "base_resp"} & said.keys()))
