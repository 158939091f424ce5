"""Pure readers: the bytes that a source answered with, into items. One file per wire shape."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.encoding import Decoded, decode
from crawler.sources.feed import read_xml
from crawler.sources.jsonfeed import parse_json, read_json, salvage_json
from crawler.sources.listing import make_listing
from crawler.sources.mend import feed_document
from crawler.sources.pages import read_answer, read_binary, read_page
from crawler.sources.values import Answer, Reading
from crawler.sources.wire import Wire
from monitor.visits import NO_SELECTORS, Outcome, Selectors

__all__ = ["KINDS", "Answer", "Reading", "read"]

KINDS: Final[tuple[str, ...]] = ("feed",)


def read(answer: Answer, kind: str, at: datetime, zone: str, selectors: Selectors = NO_SELECTORS) -> Reading:  # noqa: ARG001
    """Read what a source answered at ``at`` (aware); ``kind`` is one of ``KINDS`` or "", ``zone`` an IANA name.

    Never raises on bad data and fetches nothing: what cannot be read is the outcome, with its reason in Chinese.
    """
    if kind and kind not in KINDS:
        reason = f"暂不支持采集类型“{kind}”，可用的类型为{'、'.join(KINDS)}。"
        return Reading(outcome=Outcome.NOT_A_FEED, reason=reason)
    if not answer.body.strip():
        return Reading(outcome=Outcome.EMPTY, reason="返回内容为空。")
    if binary := read_binary(answer.body):
        return binary
    decoded = decode(answer.body, answer.content_type)
    wire = _wire(decoded.text)
    if isinstance(wire, Reading):
        return wire
    if wire is None:
        return read_page(answer, decoded.text)
    wire = replace(wire, warnings=(*_encoding_warnings(decoded), *wire.warnings))
    return _reading(wire, answer.url, at, _zone(zone))


def _wire(text: str) -> Wire | Reading | None:
    """Return what a text says, a reading where it is JSON of another kind, None where it is neither feed nor JSON."""
    if text.lstrip()[:1] in {"{", "["}:
        said = parse_json(text)
        if said is None:
            torn = Reading(outcome=Outcome.NOT_A_FEED, reason="返回的JSON数据残缺或有误，没有一条信息可以读出。")
            return salvage_json(text) or torn
        return read_json(said) or read_answer(said)
    document = feed_document(text)
    return read_xml(document) if document is not None else None


def _reading(wire: Wire, url: str, at: datetime, zone: tzinfo) -> Reading:
    listing = make_listing(wire, url, at, zone)
    if not listing.damaged:
        outcome = Outcome.NEW if listing.items else Outcome.EMPTY
        return Reading(outcome=outcome, listing=listing, reason="" if listing.items else "信息列表中没有任何信息。")
    if not listing.items:
        cause = f"（{listing.warnings[0]}）" if listing.warnings else ""
        return Reading(
            outcome=Outcome.NOT_A_FEED, listing=listing, reason=f"信息列表残缺，没有一条信息可以读出{cause}。"
        )
    return Reading(outcome=Outcome.PARTIAL, listing=listing, reason=f"信息列表残缺，只读出{len(listing.items)}条信息。")


def _encoding_warnings(decoded: Decoded) -> Iterator[str]:
    if decoded.misdeclared:
        yield f"编码声明为{decoded.declared}，实际为{decoded.encoding.upper()}"
    if decoded.broken:
        yield f"有{decoded.broken}处字符无法解码"
    if decoded.controls:
        yield f"去除了{decoded.controls}个控制字符"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
