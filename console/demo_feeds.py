"""The sample county's posts in the formats in which feeds and bridges really offer them."""

import base64
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from console.demo_county import DemoAccount, DemoPost

BEIJING = ZoneInfo("Asia/Shanghai")
SITE = "https://www.yunxi.example"

CAPTCHA = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>环境异常</title></head>
<body><h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><a href="javascript:;">去验证</a></body></html>
"""

Body = tuple[str, bytes]
"""A content type and a body."""


def captcha() -> Body:
    """Return the page that a platform shows with status 200 instead of what was asked for."""
    return "text/html; charset=utf-8", CAPTCHA.encode()


def page(account: DemoAccount, feed: str) -> Body:
    """Return a site's page that names its feed, the address ``feed``, in its head."""
    rows = "".join(
        f"<li><a>{escape(post.title)}</a><span>{_local(post):%m-%d}</span></li>" for post in account.posts[:8]
    )
    head = f'<link rel="alternate" type="application/rss+xml" title="订阅" href="{feed}">'
    body = f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{account.account.name}</title>{head}</head>'
    return "text/html; charset=utf-8", f"{body}<body><ul>{rows}</ul></body></html>\n".encode()


def render(account: DemoAccount) -> Body:
    """Return the account's feed in its format."""
    return FORMATS[account.format](account)


def control(posts: Iterable[DemoPost]) -> Body:
    """Return a control source: plain RSS 2.0."""
    items = "".join(
        f"<item><title>{escape(post.title)}</title><guid isPermaLink='false'>control-{post.number}</guid>"
        f"<pubDate>{format_datetime(post.at)}</pubDate><description>{escape(post.text)}</description></item>"
        for post in posts
    )
    return _xml(f'<rss version="2.0"><channel><title>要闻快讯</title>{items}</channel></rss>')


def _rss(account: DemoAccount) -> Body:
    """RSS 2.0 with guids."""
    return _xml(_channel(account, lambda post: f"<guid>{_link(account, post)}</guid>{_rfc822(post)}"))


def _gbk(account: DemoAccount) -> Body:
    """RSS 2.0 as an older site writes it: declared gb2312, no guid, a local time without a zone."""
    dated = _channel(account, lambda post: f"<pubDate>{_local(post):%Y-%m-%d %H:%M:%S}</pubDate>")
    text = f'<?xml version="1.0" encoding="gb2312"?>\n{dated}\n'
    return "text/xml", text.encode("gbk")


def _weibo(account: DemoAccount) -> Body:
    """RSS 2.0 as a bridge renders a Weibo account: a guid that is no address, times in GMT."""

    def extra(post: DemoPost) -> str:
        at = format_datetime(post.at.astimezone(UTC), usegmt=True)
        return f'<guid isPermaLink="false">{account.account.account_id}/{post.number}</guid><pubDate>{at}</pubDate>'

    return _xml(_channel(account, extra))


def _wechat(account: DemoAccount) -> Body:
    """RSS 2.0 as bridges render WeChat: no guid, an empty description, the digest in content:encoded."""
    items = "".join(
        f"<item><title><![CDATA[{post.title}]]></title><link>{escape(_wechat_link(account, post))}</link>"
        f"<description></description>{_rfc822(post)}"
        f"<content:encoded><![CDATA[<p>{_html(post)}</p>]]></content:encoded></item>"
        for post in account.posts
    )
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    name = escape(account.account.name)
    return _xml(f'<rss version="2.0" {space}><channel><title>{name}</title><description/>{items}</channel></rss>')


def _atom(account: DemoAccount) -> Body:
    """Atom 1.0."""
    entries = "".join(
        f"<entry><id>urn:yunxi:{account.account.account_id}:{post.number}</id><title>{escape(post.title)}</title>"
        f'<link href="{_link(account, post)}"/><published>{_iso(post)}</published><updated>{_iso(post)}</updated>'
        f'<summary type="html">{escape(_html(post))}</summary></entry>'
        for post in account.posts
    )
    name, updated = escape(account.account.name), _iso(account.posts[0])
    feed = f"<id>urn:yunxi:{account.account.account_id}</id><title>{name}</title><updated>{updated}</updated>{entries}"
    return _xml(f'<feed xmlns="http://www.w3.org/2005/Atom">{feed}</feed>')


def _rdf(account: DemoAccount) -> Body:
    """RSS 1.0, the RDF one."""
    links = [_link(account, post) for post in account.posts]
    listed = "".join(f'<rdf:li rdf:resource="{link}"/>' for link in links)
    items = "".join(
        f'<item rdf:about="{link}"><title>{escape(post.title)}</title><link>{link}</link>'
        f"<description>{escape(_html(post))}</description><dc:date>{_iso(post)}</dc:date></item>"
        for link, post in zip(links, account.posts, strict=True)
    )
    spaces = (
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    name = escape(account.account.name)
    head = f"<title>{name}</title><link>{SITE}</link><description>{name}</description>"
    channel = f'<channel rdf:about="{SITE}/">{head}<items><rdf:Seq>{listed}</rdf:Seq></items></channel>'
    return _xml(f"<rdf:RDF {spaces}>{channel}{items}</rdf:RDF>")


def _json(account: DemoAccount) -> Body:
    """JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": account.account.name,
        "items": [
            {
                "id": f"{account.account.account_id}-{post.number}",
                "url": _link(account, post),
                "title": post.title,
                "content_text": post.text,
                "date_published": _iso(post),
            }
            for post in account.posts
        ],
    }
    return "application/feed+json", json.dumps(feed, ensure_ascii=False, indent=1).encode()


FORMATS: dict[str, Callable[[DemoAccount], Body]] = {
    "rss": _rss,
    "rss-gbk": _gbk,
    "page": _rss,
    "weibo": _weibo,
    "wechat": _wechat,
    "atom": _atom,
    "rdf": _rdf,
    "json": _json,
}


def _channel(account: DemoAccount, extra: Callable[[DemoPost], str]) -> str:
    items = "".join(
        f"<item><title>{escape(post.title)}</title><link>{_link(account, post)}</link>"
        f"<description>{escape(_html(post))}</description>{extra(post)}</item>"
        for post in account.posts
    )
    name = escape(account.account.name)
    return f'<rss version="2.0"><channel><title>{name}</title><link>{SITE}</link>{items}</channel></rss>'


def _xml(text: str) -> Body:
    return "application/xml; charset=utf-8", f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _html(post: DemoPost) -> str:
    return escape(post.text).replace("\n", "<br/>")


def _link(account: DemoAccount, post: DemoPost) -> str:
    at = _local(post)
    return f"{SITE}/{account.account.account_id.lower()}/{at:%Y%m}/t{at:%Y%m%d}_{post.number:05d}.html"


def _wechat_link(account: DemoAccount, post: DemoPost) -> str:
    biz = base64.b64encode(account.account.account_id.encode()).decode()
    push = f"{_local(post):%Y%m%d}"
    return f"https://mp.weixin.qq.com/s?__biz={biz}&mid={push}&idx={post.index}&sn={post.number:032x}&chksm=0#rd"


def _rfc822(post: DemoPost) -> str:
    return f"<pubDate>{format_datetime(_local(post))}</pubDate>"


def _iso(post: DemoPost) -> str:
    return _local(post).isoformat()


def _local(post: DemoPost) -> datetime:
    return post.at.astimezone(BEIJING)
