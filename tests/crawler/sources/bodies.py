"""Feeds to read, written for the tests of the readers."""

from datetime import datetime
from zoneinfo import ZoneInfo

from crawler.sources import Answer, Reading, read

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
URL = "https://rss.example.gov.cn/feeds/one.xml"


def entry(number: int, *more: str) -> str:
    return (
        f"<item><title>标题{number}</title><link>https://www.example.gov.cn/a/{number}.html</link>"
        f"<pubDate>2026-11-{number:02} 08:30:00</pubDate>{''.join(more)}</item>"
    )


def rss(*items: str, before: str = "", after: str = "</channel></rss>") -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>{before}<rss version="2.0"><channel><title>高县发布</title>{"".join(items)}{after}'


def atom(*entries: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>高县发布</title>{"".join(entries)}</feed>'


def reading(body: str | bytes, *, content_type: str = "text/xml", kind: str = "feed") -> Reading:
    whole = body if isinstance(body, bytes) else body.encode()
    return read(Answer(body=whole, content_type=content_type, url=URL), kind, AT, "Asia/Shanghai")


def titles(body: str | bytes) -> list[str]:
    return [item.title for item in reading(body).listing.items]
