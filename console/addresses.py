"""Addresses of sources as people write them: a URL, perhaps with its kind in front."""

import re
from urllib.parse import urlsplit

from console.nearest import hint
from crawler.sources.kinds import KINDS, PLANNED, cause, unsupported
from monitor.values import SourceAddress

MAX_HOST = 253
_WITH_KIND = re.compile(r"([A-Za-z][\w-]*):(https?://.*)", re.IGNORECASE | re.DOTALL)
_WIDE = str.maketrans({"：": ":", "／": "/", "．": ".", "？": "?", "＝": "=", "＆": "&", "＃": "#", "％": "%"})
_PORTS = range(1, 65536)


def read_address(text: str) -> SourceAddress | str:
    """Return the address that ``text`` states, or in Chinese what is wrong with it."""
    plain = text.translate(_WIDE)
    with_kind = _WITH_KIND.fullmatch(plain)
    kind, url = (with_kind[1].lower(), with_kind[2]) if with_kind else ("", plain)
    wrong = cause_of_url(url) or (_cause_of_kind(kind) if kind else "") or cause(url, kind)
    return f"“{text}”{wrong}" if wrong else SourceAddress(url=url, kind=kind)


def _cause_of_kind(kind: str) -> str:
    if kind in KINDS:
        return ""
    if kind in PLANNED:
        return f"的来源类别 {kind} 不能采集：{unsupported(kind)}"
    return f"的来源类别 {kind} 不认识{hint(kind, KINDS)}，可用：{'、'.join(KINDS)}，也可以只写网址"


def cause_of_url(url: str) -> str:
    """Return in Chinese what is wrong with a URL, "" for nothing; the words do not repeat it."""
    if re.search(r"[\s\\<>\"{}|^`]", url) or not url.isprintable():
        return "含有网址中不能出现的字符，请从浏览器地址栏重新复制"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "不是能用的网址，请检查主机名和端口"
    if parts.scheme.lower() not in {"http", "https"}:
        return "不是网址，应以 http:// 或 https:// 开头"
    if not parts.hostname:
        return "缺少主机名，应为 https://域名/路径"
    if port is not None and port not in _PORTS:
        return "的端口不能用，应为 1 到 65535"
    return "" if is_host(parts.hostname) else f"的主机名“{parts.hostname}”不能用，请检查是否有多余的点或符号"


def is_host(name: str) -> bool:
    """Say whether ``name`` can be a host name (also a Chinese one) or an IP address without brackets."""
    if ":" in name:
        return bool(re.fullmatch(r"[0-9A-Fa-f:.]+(%[\w.]+)?", name))
    labels = name.removesuffix(".").split(".")
    return len(name) <= MAX_HOST and all(re.fullmatch(r"(?!-)[\w-]{1,63}(?<!-)", label) for label in labels)
