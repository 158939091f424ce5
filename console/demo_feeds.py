"""The sample county's posts in the formats in which feeds and bridges really offer them."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC
from email.utils import format_datetime
from html import escape

from console.demo_county import DemoAccount, DemoPost
from console.demo_links import Hosts, link_of, local

CAPTCHA = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>环境异常</title></head>
<body><h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><a href="javascript:;">去验证</a></body></html>
"""

Body = tuple[str, bytes]
"""A content type and a body."""


def captcha() -> Body:
    """Return the page that a platform shows with status 200 instead of what was asked for."""
    return "text/html; charset=utf-8", CAPTCHA.encode()


def page(account: DemoAccount, feed: str, hosts: Hosts) -> Body:
    """Return a site's page that names its feed, the address ``feed``, in its head; its titles bear no dates."""
    rows = "".join(
        f'<li><a href="{link_of(account, post, hosts)}">{escape(post.title)}</a></li>' for post in account.listed[:8]
    )
    head = f'<link rel="alternate" type="application/rss+xml" title="订阅" href="{feed}">'
    body = f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{account.account.name}</title>{head}</head>'
    return "text/html; charset=utf-8", f"{body}<body><ul>{rows}</ul></body></html>\n".encode()


def render(account: DemoAccount, hosts: Hosts) -> Body:
    """Return the account's feed in its format."""
    return FORMATS[account.format](account, hosts)


def control(posts: Iterable[DemoPost]) -> Body:
    """Return a control source: plain RSS 2.0."""
    items = "".join(
        f"<item><title>{escape(post.title)}</title><guid isPermaLink='false'>control-{post.number}</guid>"
        f"<pubDate>{format_datetime(post.at)}</pubDate><description>{escape(post.words)}</description></item>"
        for post in posts
    )
    return _xml(f'<rss version="2.0"><channel><title>要闻快讯</title>{items}</channel></rss>')


def _rss(account: DemoAccount, hosts: Hosts) -> Body:
    """RSS 2.0 with guids."""
    return _xml(_channel(account, hosts, lambda post: f"<guid>{link_of(account, post, hosts)}</guid>{_rfc822(post)}"))


def _gbk(account: DemoAccount, hosts: Hosts) -> Body:
    """RSS 2.0 as an older site writes it: declared gb2312, no guid, a local time without a zone."""
    dated = _channel(account, hosts, lambda post: f"<pubDate>{local(post):%Y-%m-%d %H:%M:%S}</pubDate>")
    text = f'<?xml version="1.0" encoding="gb2312"?>\n{dated}\n'
    return "text/xml", text.encode("gbk")


def _weibo(account: DemoAccount, hosts: Hosts) -> Body:
    """RSS 2.0 as a bridge renders a Weibo account: a guid that is no address, times in GMT."""

    def extra(post: DemoPost) -> str:
        at = format_datetime(post.at.astimezone(UTC), usegmt=True)
        return f'<guid isPermaLink="false">{account.account.account_id}/{post.number}</guid><pubDate>{at}</pubDate>'

    return _xml(_channel(account, hosts, extra))


def _wechat(account: DemoAccount, hosts: Hosts) -> Body:
    """RSS 2.0 as bridges render WeChat: no guid, an empty description, the digest in content:encoded."""
    items = "".join(
        f"<item><title><![CDATA[{post.title}]]></title><link>{escape(link_of(account, post, hosts))}</link>"
        f"<description></description>{_rfc822(post)}"
        f"<content:encoded><![CDATA[{_html(account, post)}]]></content:encoded></item>"
        for post in account.listed
    )
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    name = escape(account.account.name)
    return _xml(f'<rss version="2.0" {space}><channel><title>{name}</title><description/>{items}</channel></rss>')


def _atom(account: DemoAccount, hosts: Hosts) -> Body:
    """Atom 1.0."""
    entries = "".join(
        f"<entry><id>urn:yunxi:{account.account.account_id}:{post.number}</id><title>{escape(post.title)}</title>"
        f'<link href="{escape(link_of(account, post, hosts))}"/>'
        f"<published>{_iso(post)}</published><updated>{_iso(post)}</updated>"
        f'<summary type="html">{escape(_html(account, post))}</summary></entry>'
        for post in account.listed
    )
    name, updated = escape(account.account.name), _iso(account.listed[0])
    feed = f"<id>urn:yunxi:{account.account.account_id}</id><title>{name}</title><updated>{updated}</updated>{entries}"
    return _xml(f'<feed xmlns="http://www.w3.org/2005/Atom">{feed}</feed>')


def _rdf(account: DemoAccount, hosts: Hosts) -> Body:
    """RSS 1.0, the RDF one."""
    links = [link_of(account, post, hosts) for post in account.listed]
    listed = "".join(f'<rdf:li rdf:resource="{link}"/>' for link in links)
    items = "".join(
        f'<item rdf:about="{link}"><title>{escape(post.title)}</title><link>{link}</link>'
        f"<description>{escape(_html(account, post))}</description><dc:date>{_iso(post)}</dc:date></item>"
        for link, post in zip(links, account.listed, strict=True)
    )
    spaces = (
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    name, home = escape(account.account.name), f"http://{hosts['site']}/"
    head = f"<title>{name}</title><link>{home}</link><description>{name}</description>"
    channel = f'<channel rdf:about="{home}">{head}<items><rdf:Seq>{listed}</rdf:Seq></items></channel>'
    return _xml(f"<rdf:RDF {spaces}>{channel}{items}</rdf:RDF>")


def _json(account: DemoAccount, hosts: Hosts) -> Body:
    """JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": account.account.name,
        "items": [
            {
                "id": f"{account.account.account_id}-{post.number}",
                "url": link_of(account, post, hosts),
                "title": post.title,
                "content_text": post.words,
                "date_published": _iso(post),
            }
            for post in account.listed
        ],
    }
    return "application/feed+json", json.dumps(feed, ensure_ascii=False, indent=1).encode()


FORMATS: dict[str, Callable[[DemoAccount, Hosts], Body]] = {
    "rss": _rss,
    "rss-gbk": _gbk,
    "page": _rss,
    "weibo": _weibo,
    "wechat": _wechat,
    "atom": _atom,
    "rdf": _rdf,
    "json": _json,
}


def _channel(account: DemoAccount, hosts: Hosts, extra: Callable[[DemoPost], str]) -> str:
    items = "".join(
        f"<item><title>{escape(post.title)}</title><link>{link_of(account, post, hosts)}</link>"
        f"<description>{escape(_html(account, post))}</description>{extra(post)}</item>"
        for post in account.listed
    )
    name = escape(account.account.name)
    return (
        f'<rss version="2.0"><channel><title>{name}</title><link>http://{hosts["site"]}/</link>{items}</channel></rss>'
    )


def _xml(text: str) -> Body:
    return "application/xml; charset=utf-8", f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _html(account: DemoAccount, post: DemoPost) -> str:
    """Return what a list shows of a post's text: nothing where it shows titles alone."""
    return "" if account.bare else escape(post.words).replace("\n", "<br/>")


def _rfc822(post: DemoPost) -> str:
    return f"<pubDate>{format_datetime(local(post))}</pubDate>"


def _iso(post: DemoPost) -> str:
    return local(post).isoformat()
