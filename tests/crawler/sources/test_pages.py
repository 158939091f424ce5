import pytest

from monitor.visits import Outcome
from tests.crawler.sources.bodies import reading, rss

CAPTCHA = "<html><head><title></title></head><body><h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><a>去验证</a></body></html>"
LONG = "<p>县政府办公室召开会议，研究部署近期重点工作，就抓好落实提出要求。</p>" * 40
GATE = "<html><script>var arg1='A';document.cookie='acw_sc__v2='+arg1;document.location.reload();</script></html>"


def page(body: str, title: str = "", head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(CAPTCHA, id="WeChat's captcha"),
        pytest.param(CAPTCHA.encode("gbk"), id="in GBK"),
        pytest.param(page("", "Sina Visitor System"), id="Weibo's visitor page"),
        pytest.param(page("<p>新浪访客系统</p>"), id="in Chinese"),
        pytest.param(page("<p>请输入验证码</p>"), id="a captcha"),
        pytest.param(page("<p>您的访问请求被拦截</p>"), id="a firewall"),
        pytest.param(page(LONG, "访问验证"), id="long, and its title says so"),
        pytest.param(page("<h1>Access Denied</h1>"), id="in English"),
        pytest.param(page("", "Just a moment..."), id="Cloudflare"),
        pytest.param(page("<p>请先登录后查看</p>"), id="a login wall"),
        pytest.param(GATE, id="a gate's script"),
        pytest.param('{"ok":-100,"url":"https://passport.weibo.com/sso/signin"}', id="Weibo's JSON"),
        pytest.param('{"base_resp":{"ret":200003,"err_msg":"invalid session"}}', id="a platform's session"),
        pytest.param('{"ret":-6,"errmsg":"unknown error, need verify: 环境异常"}', id="a message"),
        pytest.param("环境异常，请完成验证", id="plain text"),
    ],
)
def test_block_pages(body: str | bytes) -> None:
    answer = reading(body, content_type="text/html")
    assert answer.outcome is Outcome.BLOCKED
    assert answer.reason.endswith("未能取得信息列表。")
    assert answer.listing.items == ()


@pytest.mark.parametrize(
    "text", ["此帐号已自主注销，内容无法查看", "该公众号已迁移", "此账号已被封禁", "该账号已注销", "账号已被屏蔽"]
)
def test_farewells(text: str) -> None:
    answer = reading(page(f"<div>{text}</div>"))
    assert answer.outcome is Outcome.GONE
    assert answer.reason.startswith("来源提示“")


def test_a_farewell_in_json() -> None:
    assert reading('{"ok": 0, "msg": "该用户不存在"}').outcome is Outcome.GONE


def test_a_block_word_inside_a_feed_is_news() -> None:
    answer = reading(
        rss("<item><title>环境异常 请输入验证码 该账号已注销</title><description>去验证</description></item>")
    )
    assert answer.outcome is Outcome.NEW


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            page(f"{LONG}<input placeholder='验证码'><p>请输入验证码</p>", "高县人民政府"),
            id="a login box on a long page",
        ),
        pytest.param(page(f"{LONG}<p>该账号已注销</p>", "高县人民政府"), id="news of an account"),
    ],
)
def test_a_word_on_a_long_page_says_nothing(body: str) -> None:
    answer = reading(body)
    assert (answer.outcome, answer.reason) == (Outcome.NOT_A_FEED, "返回的是网页“高县人民政府”，不是信息列表。")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(page("<p>你好</p>", "高县"), "返回的是网页“高县”，不是信息列表。", id="a page"),
        pytest.param(page("<p>你好</p>"), "返回的是网页或其他文档，不是信息列表。", id="a page without a title"),
        pytest.param(
            page("<script>location.href='/x'</script>"),
            "返回的网页没有正文（可能由脚本生成），不是信息列表。",
            id="a script",
        ),
        pytest.param("你好", "返回内容是纯文本，不是信息列表。", id="plain text"),
        pytest.param(
            page(f"<p>如下</p><pre>{rss()}</pre>", "源码"),
            "返回的是网页“源码”，不是信息列表。",
            id="a page that shows a feed",
        ),
        pytest.param(
            "<opml><body><outline/></body></opml>",
            "返回的网页没有正文（可能由脚本生成），不是信息列表。",
            id="another XML",
        ),
        pytest.param(b"\x1f\x8b\x08\x00abc", "返回内容是压缩文件，不是信息列表。", id="gzip"),
        pytest.param(b"%PDF-1.7\n%", "返回内容是PDF文件，不是信息列表。", id="PDF"),
        pytest.param(bytes(range(256)) * 8, "返回内容是二进制数据，不是信息列表。", id="bytes"),
        pytest.param('{"a": 1', "返回的JSON数据残缺或有误，没有一条信息可以读出。", id="broken JSON"),
        pytest.param(
            '{"code": 0, "data": [{"id": 1}]}', "返回的是JSON数据，但不是信息列表。", id="JSON of another kind"
        ),
        pytest.param('{"code": 500, "data": []}', "返回的是JSON数据，但不是信息列表。", id="a failure without a word"),
        pytest.param('{"ok": 1}', "返回的是JSON数据，但不是信息列表。", id="a success that lists nothing at all"),
        pytest.param('{"ret": 0, "total": 3}', "返回的是JSON数据，但不是信息列表。", id="a count that is not nothing"),
        pytest.param('{"version": "1"}', "返回的是JSON数据，但不是信息列表。", id="JSON without items"),
    ],
)
def test_other_bodies(body: str | bytes, reason: str) -> None:
    answer = reading(body)
    assert (answer.outcome, answer.reason, answer.feed_urls) == (Outcome.NOT_A_FEED, reason, ())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "返回内容为空。", id="no byte"),
        pytest.param(b" \r\n", "返回内容为空。", id="space"),
        pytest.param(rss(), "信息列表中没有任何信息。", id="a feed without items"),
        pytest.param(
            '<feed xmlns="http://www.w3.org/2005/Atom"/>', "信息列表中没有任何信息。", id="an empty Atom feed"
        ),
        pytest.param(
            '{"version": "https://jsonfeed.org/version/1.1", "items": []}',
            "信息列表中没有任何信息。",
            id="an empty JSON Feed",
        ),
        pytest.param(
            '{"ret":0,"errmsg":"ok","msg_count":0}',
            "接口返回成功，但没有任何信息。",
            id="WeChat's success with nothing",
        ),
        pytest.param(
            '{"ok":1,"data":{"cards":[]}}', "接口返回成功，但没有任何信息。", id="Weibo's success with nothing"
        ),
        pytest.param("[]", "接口返回成功，但没有任何信息。", id="an empty list"),
    ],
)
def test_nothing_is_empty_and_proves_nothing(body: str | bytes, reason: str) -> None:
    answer = reading(body)
    assert (answer.outcome, answer.reason, answer.listing.items) == (Outcome.EMPTY, reason, ())
    assert not answer.outcome.proves


def link(kind: str, href: str, rel: str = "alternate", title: str = "") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


def lists(*feeds: str | tuple[str, str]) -> tuple[str, ...]:
    """Return the lists that a page names whose links have these addresses, or addresses and titles."""
    pairs = [(each, "") if isinstance(each, str) else each for each in feeds]
    head = "".join(link("application/rss+xml", href, title=title) for href, title in pairs)
    return tuple(url.removeprefix("https://rss.example.gov.cn") for url in reading(page(LONG, "高县", head)).feed_urls)


@pytest.mark.parametrize(
    "comments",
    [
        pytest.param(("/comments/feed/", ""), id="WordPress"),
        pytest.param(("/?feed=comments-rss2", ""), id="WordPress without paths"),
        pytest.param(("/feed/atom/comments/", ""), id="Typecho"),
        pytest.param(("/feeds/9/comments/default", ""), id="Blogger"),
        pytest.param(("/2026/10/1/feed/", "高县发布 » 通知 评论 Feed"), id="of one post"),
        pytest.param(("/c.xml", "Gaoxian Comments Feed"), id="in English"),
    ],
)
def test_a_feed_of_comments_is_no_list(comments: tuple[str, str]) -> None:
    assert lists(comments, "/feed/") == ("/feed/",)
    assert lists(comments) == ()


@pytest.mark.parametrize(
    ("one", "twin"),
    [
        ("/feed/", "/feed/atom/"),
        ("/feed/", "/feed/rss"),
        ("/rss.xml", "/atom.xml"),
        ("/rss2.xml", "/atom.xml"),
        ("/feed.xml", "/feed.json"),
        ("/?feed=rss2", "/?feed=atom"),
        ("/rss/news.xml", "/atom/news.xml"),
        ("/feed/", "http://rss.example.gov.cn/feed/"),
    ],
)
def test_feeds_of_one_list_in_two_formats_are_one(one: str, twin: str) -> None:
    assert lists(one, twin) == (one,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(("/feed/", "高县发布"), ("/tzgg/feed/", "通知公告"), id="a column"),
        pytest.param(("/yw/feed/", "要闻"), ("/pl/feed/", "时事评论"), id="a column of comment"),
        pytest.param(("/rss/1.xml", ""), ("/rss/2.xml", ""), id="numbers"),
        pytest.param(("/rss?id=1", ""), ("/rss?id=2", ""), id="parameters"),
        pytest.param(("/feed/", ""), ("https://b.cn/feed/", ""), id="two sites"),
        pytest.param(("/rsshub/feed", ""), ("/atomhub/feed", ""), id="words that only begin alike"),
    ],
)
def test_feeds_of_two_lists_are_two(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert lists(one, other) == (one[0], other[0])


def test_a_page_names_its_feeds() -> None:
    head = (
        link("application/rss+xml", "/rss.xml")
        + link("application/atom+xml; charset=utf-8", "atom.xml")
        + link("APPLICATION/FEED+JSON", "https://b.cn/feed.json", "Alternate nofollow")
        + link("application/rss+xml", "/rss.xml")
        + link("text/css", "/x.css", "stylesheet")
        + link("application/json+oembed", "/oembed")
        + link("application/rss+xml", "/next", "next")
        + link("application/rss+xml", "javascript:alert(1)")
        + link("application/rss+xml", "http://[bad")
    )
    answer = reading(page(LONG, "高县", head))
    assert answer.feed_urls == (
        "https://rss.example.gov.cn/rss.xml",
        "https://rss.example.gov.cn/feeds/atom.xml",
        "https://b.cn/feed.json",
    )
    assert answer.reason == "返回的是网页，不是信息列表；网页中列有3个订阅地址。"


def test_feeds_are_resolved_against_the_pages_base() -> None:
    head = '<base href="https://www.example.gov.cn/x/">' + link("application/rss+xml", "rss.xml")
    assert reading(page("你好", head=head)).feed_urls == ("https://www.example.gov.cn/x/rss.xml",)


def test_a_kind_that_is_not_there_is_said() -> None:
    answer = reading(rss(), kind="douyin")
    assert answer.outcome is Outcome.NOT_A_FEED
    assert answer.reason.startswith("暂不支持采集类型“douyin”，可用的类型为feed、page、")


def test_a_source_without_a_kind_is_recognised() -> None:
    assert reading(rss("<item><title>标题</title></item>"), kind="").outcome is Outcome.NEW
