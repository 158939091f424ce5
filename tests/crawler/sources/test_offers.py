"""What a home page offers: feeds, pages that may be lists, accounts on platforms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.offers import MOST_LISTS, Offers, offers_of
from crawler.sources.values import Answer

PAGE = "https://www.county.example/index.html"


def offered(body: str, url: str = PAGE) -> Offers:
    return offers_of(Answer(body=body.encode(), content_type="text/html; charset=utf-8", url=url))


def lists(*links: str) -> list[str]:
    return [each.url for each in offered(f"<html><body>{''.join(links)}</body></html>").lists]


def test_feeds_are_those_that_the_page_names_then_those_that_it_links_to() -> None:
    found = offered(
        """<html><head><title>县</title>
        <link rel="alternate" type="application/rss+xml" href="/feed.xml" title="要闻">
        <link rel="alternate" type="application/rss+xml" href="/comments/feed/" title="评论">
        </head><body><a href="/rss/tzgg.xml">通知公告订阅</a><a href="/feed.xml">RSS</a><a href="/sitemap.xml">地图</a>
        <a href="https://elsewhere.example/rss.xml">别处</a><a href="/xw/">新闻</a></body></html>"""
    )
    assert [(each.kind, each.url, each.label) for each in found.feeds] == [
        ("feed", "https://www.county.example/feed.xml", "RSS"),
        ("feed", "https://www.county.example/rss/tzgg.xml", "通知公告订阅"),
    ]
    assert [each.url for each in found.lists] == ["https://www.county.example/xw/"]


@pytest.mark.parametrize(
    ("link", "is_list"),
    [
        pytest.param('<a href="xw/tzgg/">通知公告</a>', True, id="a column by its name"),
        pytest.param('<nav><a href="/gk/">政府信息</a></nav>', True, id="a column in the menu"),
        pytest.param('<a href="/zwgk/list.shtml">年度计划</a>', True, id="a list by its address"),
        pytest.param('<h3>工作动态<a href="/gzdt.html">更多&gt;&gt;</a></h3>', True, id="more of a column"),
        pytest.param('<a href="http://gk.county.example/xw/">新闻</a>', True, id="a site below"),
        pytest.param('<a href="/col/col1229/index.html" title="要闻"><img src="a.png"></a>', True, id="a picture"),
        pytest.param(
            '<a href="/xw/202610/t20261005_123456.html">县政府召开会议通报</a>', False, id="an article by address"
        ),
        pytest.param('<a href="/content_1234567.html">公告</a>', False, id="an article's number"),
        pytest.param('<a href="/art/2026/10/5/art_1.html">公告</a>', False, id="an article's folder"),
        pytest.param('<a href="/a/b/">全县组织开展安全生产大检查工作的动态情况</a>', False, id="a headline"),
        pytest.param('<a href="/login.jsp">登录</a>', False, id="a login"),
        pytest.param('<a href="/search/">信息检索</a>', False, id="a search"),
        pytest.param('<a href="/plan.pdf">规划公告</a>', False, id="a file"),
        pytest.param('<a href="https://www.gov.example/xw/">新闻</a>', False, id="another site"),
        pytest.param('<a href="javascript:go()">新闻</a>', False, id="a script"),
        pytest.param('<a href="mailto:a@county.example">公告信箱</a>', False, id="a letter"),
        pytest.param('<a href="#top">新闻</a>', False, id="the page itself"),
        pytest.param('<a href="/">新闻</a>', False, id="the root"),
        pytest.param('<a href="/x/"></a>', False, id="nothing to click on"),
    ],
)
def test_which_links_may_lead_to_lists(link: str, is_list: bool) -> None:
    assert bool(lists(link)) == is_list


def test_the_likeliest_lists_come_first_each_once_and_not_too_many() -> None:
    others = [f'<a href="/c{number}/">栏目{number}</a>' for number in range(40)]
    links = [*others, '<a href="/xw/">新闻中心</a>', '<nav><a href="/xw/#all">新闻中心</a></nav>']
    found = lists(*links)
    assert found[0] == "https://www.county.example/xw/"
    assert len(found) == len(set(found)) == MOST_LISTS


@pytest.mark.parametrize(
    ("link", "label"),
    [
        pytest.param('<div><span>通知公告</span><a href="/tz/">更多</a></div>', "通知公告", id="beside it"),
        pytest.param('<div><h2>要闻</h2><p><a href="/tz/">more&gt;&gt;</a></p></div>', "要闻", id="above it"),
        pytest.param('<div><a href="/tz/" title="政务动态">更多</a></div>', "政务动态", id="its title"),
        pytest.param('<a href="/tz/">+</a>', "", id="nothing"),
    ],
)
def test_a_link_to_more_is_named_after_what_it_belongs_to(link: str, label: str) -> None:
    (found,) = offered(f"<html><body>{link}</body></html>").lists
    assert found.label == label


@pytest.mark.parametrize(
    ("url", "kind", "platform"),
    [
        pytest.param("https://weibo.com/u/1234567890", "weibo", "新浪微博", id="weibo"),
        pytest.param("https://weibo.com/gaoxianfabu", "weibo", "新浪微博", id="weibo by name"),
        pytest.param("https://space.bilibili.com/123456", "bilibili", "哔哩哔哩", id="bilibili"),
        pytest.param("https://www.toutiao.com/c/user/token/abc/", "toutiao", "今日头条", id="toutiao"),
        pytest.param("https://www.douyin.com/user/MS4wLj", "douyin", "抖音", id="douyin"),
        pytest.param(
            "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA&action=getalbum&album_id=1",
            "wechat_album",
            "微信公众号",
            id="a WeChat album",
        ),
        pytest.param("https://mp.weixin.qq.com/s/abcdefghij", "wechat_article", "微信公众号", id="a WeChat article"),
    ],
)
def test_accounts_on_platforms_are_named_with_their_kind(url: str, kind: str, platform: str) -> None:
    (found,) = offered(f'<html><body><a href="{url}">高县发布</a></body></html>').accounts
    assert (found.kind, found.platform, found.url, found.label) == (kind, platform, url, "高县发布")


@pytest.mark.parametrize(
    "url",
    [
        "https://service.weibo.com/share/share.php?url=x",
        "https://weibo.com/",
        "https://weibo.com/login.php",
        "https://weibo.com.county.example/u/1",
    ],
)
def test_buttons_for_sharing_and_lookalikes_are_no_accounts(url: str) -> None:
    assert offered(f'<html><body><a href="{url}">分享到微博</a></body></html>').accounts == ()


def test_single_posts_tell_of_an_account_but_only_a_few_of_them() -> None:
    links = "".join(f'<a href="https://mp.weixin.qq.com/s/abcdefgh{number}">第{number}篇</a>' for number in range(9))
    assert len(offered(f"<html><body>{links}</body></html>").accounts) == 2


def test_links_are_resolved_against_the_page_or_its_base() -> None:
    assert lists('<a href="../xw/">新闻</a>') == ["https://www.county.example/xw/"]
    based = offered(
        '<html><head><base href="https://www.county.example/a/b/"></head><body><a href="xw/">新闻</a></body></html>'
    )
    assert [each.url for each in based.lists] == ["https://www.county.example/a/b/xw/"]


@pytest.mark.parametrize("body", ["", "   ", "{}", "<?xml version='1.0'?><rss/>", "\x00\x01", "<html>"])
def test_what_is_no_page_offers_nothing(body: str) -> None:
    assert offered(body) == Offers()


def test_a_page_in_gbk_is_read() -> None:
    body = '<html><head><meta charset="gbk"></head><body><a href="/xw/">新闻中心</a></body></html>'.encode("gbk")
    (found,) = offers_of(Answer(body=body, content_type="text/html", url=PAGE)).lists
    assert found.label == "新闻中心"


@given(
    st.lists(
        st.sampled_from(
            ["<a href='", "http://[", "/x", "'>", "新闻", "</a>", "<nav>", "<base href=':'>", "%", "//", "\ud800"]
        )
    )
)
def test_no_page_raises(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = offers_of(Answer(body=text.encode("utf-8", "replace"), content_type="text/html", url=PAGE))
    assert all(each.url.startswith(("http://", "https://")) for each in (*found.feeds, *found.lists, *found.accounts))
