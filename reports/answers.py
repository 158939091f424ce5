"""Kept answers as files that open offline: without scripts, personal numbers masked, headed by when and from where."""

import html
import json
import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from monitor.masking import mask
from reports.masked import masked_record

_DROPPED = ("script", "noscript", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "link", "meta")
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "poster", "background", "cite", "data-src"})
_RUNS = re.compile(r"(?:javascript:|vbscript:|data:(?!image/))", re.IGNORECASE)
_SKIPPED = re.compile(r"[\s\x00-\x20]+")  # browsers read over these in an address
_XML_SCRIPT = re.compile(r"<(/?)((?:[\w.-]+:)?script)\b", re.IGNORECASE)
_XML_HEAD = re.compile(
    r"^\s*<\?xml.*?\?>|<\?xml-stylesheet.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE
)
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One kept answer: ``place`` numbers it in the folder, ``text`` is its body decoded, None where it is no text.

    ``of`` says in words whose answer it is (第35次采集, 信息《…》的页面), ``post_id`` whose own page it is.
    """

    place: int
    record_id: str
    url: str
    at: datetime
    status: int
    digest: str
    of: str
    text: str | None
    visit_id: int | None = None
    post_id: int | None = None

    @property
    def suffix(self) -> str:
        """How its file ends, by what the body looks like."""
        if self.text is None:
            return "txt"
        head = self.text.lstrip("\ufeff \t\r\n")[:2000].lower()
        if head.startswith(("{", "[")) and _is_json(self.text):
            return "json"
        if head.startswith("<?xml") or re.match(r"<(?:rss|feed|rdf:rdf)\b", head):
            return "html" if "<html" in head else "xml"
        return "html" if re.search(r"<(?:!doctype html|html|head|body|div|table|ul|p|a|script|meta)\b", head) else "txt"


def page_name(answer: Answer) -> str:
    """Return the name of an answer's file in 页面."""
    return f"{answer.place:03}.{answer.suffix}"


def page_file(answer: Answer, zone: tzinfo) -> bytes:
    """Return an answer as a file, UTF-8."""
    line = (
        f"{answer.of}：{answer.at.astimezone(zone):%Y-%m-%d %H:%M:%S} 取自 {answer.url}，状态码 {answer.status}；"
        "脚本已停用，身份证号、手机号、银行卡号已遮盖。"
    )
    if answer.text is None:
        made = f"{line}\r\n（返回内容不是文字，原样见 记录.warc.gz 中的 {answer.record_id}）\r\n"
    elif not answer.text.strip():
        made = f"{line}\r\n（返回内容为空）\r\n"
    else:
        made = {"html": _html, "xml": _xml, "json": _json, "txt": _plain}[answer.suffix](answer.text, line)
    return made.encode(errors="replace")


def _html(text: str, line: str) -> str:
    try:
        root = lxml_html.document_fromstring(
            text.encode(errors="replace"), parser=lxml_html.HTMLParser(encoding="utf-8")
        )
    except (etree.LxmlError, ValueError):
        return _page(f"<pre>{html.escape(mask(text))}</pre>", line)
    etree.strip_elements(root, *_DROPPED, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if (
                str(name).lower().startswith("on")
                or _RUNS.match(_SKIPPED.sub("", str(value)))
                or str(name).lower() == "srcdoc"
            ):
                del element.attrib[name]
            elif str(name).lower() not in _ADDRESSES or str(value).lower().startswith(("tel:", "sms:", "mailto:")):
                element.attrib[name] = mask(str(value))
        element.text = element.text and mask(element.text)
        element.tail = element.tail and mask(element.tail)
    body = root.find("body")
    content = root if body is None else body
    inner = html.escape(content.text or "") + "".join(_outer(child) for child in content)
    return _page(inner, line)


def _outer(element: Any) -> str:
    return str(lxml_html.tostring(element, encoding="unicode", method="html"))


def _page(inner: str, line: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><title>采集原件</title>'
        "<style>#js_content,.rich_media_content{visibility:visible!important;opacity:1!important}</style></head>\n"
        '<body><p style="all:initial;display:block;font:14px sans-serif;background:#ffd;color:#000;'
        f'border:1px solid #cc0;padding:6px;margin:0 0 12px">{html.escape(line)}</p>\n{inner}</body></html>\n'
    )


def _xml(text: str, line: str) -> str:
    body = _XML_SCRIPT.sub(r"<\1stopped-script", _XML_HEAD.sub("", text.lstrip("\ufeff")))
    told = line.replace("--", "- -")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {told} -->\n{mask(body.lstrip())}\n'


def _json(text: str, line: str) -> str:
    said = masked_record(json.loads(text.lstrip("\ufeff")))
    return json.dumps({"采集说明": line, "内容": said}, ensure_ascii=False, indent=1) + "\n"


def _plain(text: str, line: str) -> str:
    return f"{line}\r\n\r\n{mask(text)}"


def _is_json(text: str) -> bool:
    try:
        json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return False
    return True
