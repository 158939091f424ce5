"""What Weibo answers where it shows nothing: a wall, an account or a status that is gone, an empty success."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from crawler.sources.fields import text_of
from crawler.sources.values import Reading
from monitor.visits import Outcome

NO_STATUS: Final = re.compile(r"微博(?:已被(?:原?作者)?删除|已删除|不存在)(?!或)|微博已经?被删除")
"""That one status was deleted or does not exist, and nothing else."""

_HOSTS: Final[frozenset[str]] = frozenset({"m.weibo.cn", "weibo.cn", "weibo.com", "www.weibo.com"})
_NOTHING: Final = re.compile(r"这里还没有内容|还没有发过?微博|暂无(?:内容|微博|数据)")
_REFUSED: Final = re.compile(r"登录|频繁|验证|稍后|限制|权限|异常|forbidden|login|limit", re.IGNORECASE)
_NO_ACCOUNT: Final = re.compile(r"用户不存在|(?:账号|帐号)(?:已|已被)?(?:注销|封停?|冻结|不存在)")
_PERHAPS: Final = re.compile(r"微博不存在或暂?无查看权限")


def is_weibo(said: Mapping[str, object], data: Mapping[str, object], url: str) -> bool:
    """Say whether an answer that shows no status is one of Weibo's all the same."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    if "ok" not in said:
        return "cardlistInfo" in data
    known = {"cards", "cardlistInfo", "userInfo", "tabsInfo", "longTextContent"} & data.keys()
    return bool(known) or text_of(said, "ok") == "-100" or host in _HOSTS


def message_of(said: Mapping[str, object], data: Mapping[str, object]) -> str:
    """Return what the answer says of itself."""
    return "；".join(filter(None, (text_of(said, "msg"), text_of(said, "message"), text_of(data, "msg"))))


def refused(said: Mapping[str, object], data: Mapping[str, object]) -> Reading | None:
    """Return what an answer that shows nothing says of itself, None where it is a success that shows nothing."""
    message = message_of(said, data)
    if text_of(said, "ok") == "-100":
        return Reading(outcome=Outcome.BLOCKED, reason="微博要求登录或验证（访客墙），未能取得信息。")
    if perhaps := perhaps_gone(message):
        return perhaps
    if _NO_ACCOUNT.search(message):
        return Reading(outcome=Outcome.GONE, reason=f"微博提示“{message[:40]}”，账号不存在或已停用。")
    if _NOTHING.search(message):
        reason = f"微博返回“{message[:40]}”：账号没有公开的微博，或者编号有误、对访客隐藏，不能证明没有更新。"
        return Reading(outcome=Outcome.EMPTY, reason=reason)
    if _REFUSED.search(message):
        return Reading(outcome=Outcome.BLOCKED, reason=f"微博拒绝访问（“{message[:40]}”），未能取得信息。")
    if text_of(said, "ok") in {"", "1"}:
        return None
    quoted = f"（“{message[:40]}”）" if message else ""
    return Reading(outcome=Outcome.NOT_A_FEED, reason=f"微博没有返回信息{quoted}。")


def perhaps_gone(text: str) -> Reading | None:
    """Return the answer that names two causes and so proves neither, None where ``text`` is not that."""
    found = _PERHAPS.search(text)
    if found is None:
        return None
    reason = f"微博提示“{found[0]}”：可能已删除，也可能只是对访客不可见，不能作为删除的依据。"
    return Reading(outcome=Outcome.BLOCKED, reason=reason)


def empty(data: Mapping[str, object]) -> Reading:
    """Return what a success says that shows no status."""
    if "userInfo" in data and "cards" not in data:
        cure = "采集地址请登记为 https://m.weibo.cn/u/ 加账号的数字编号"
        return Reading(outcome=Outcome.NOT_A_FEED, reason=f"返回的是微博账号资料，不是信息列表，{cure}。")
    if "cards" in data or "cardlistInfo" in data:
        reason = "微博返回成功，但列表中没有任何微博，不能证明没有更新。"
        return Reading(outcome=Outcome.EMPTY, reason=reason)
    return Reading(outcome=Outcome.NOT_A_FEED, reason="返回的是微博的其他数据，不是信息列表。")
