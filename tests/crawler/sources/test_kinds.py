import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.kinds import KINDS, PLANNED, SEES, asked_post, asked_url, cause, kind_of, unsupported

CONTAINER = "https://m.weibo.cn/api/container/getIndex?type=uid&value={0}&containerid=107603{0}"
SPACE = "https://api.bilibili.com/x/polymer/web-dynamic/v1/feed/space?host_mid=5001"
BIZ = "MzAwMDAwMDAwMA%3D%3D"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        pytest.param("https://m.weibo.cn/u/5000000001", "weibo", id="weibo, mobile"),
        pytest.param("https://m.weibo.cn/profile/5000000001", "weibo", id="weibo, profile"),
        pytest.param("https://weibo.com/u/5000000001", "weibo", id="weibo"),
        pytest.param("https://www.weibo.com/5000000001?is_all=1", "weibo", id="weibo, bare number"),
        pytest.param("https://weibo.com/p/1002065000000001/home", "weibo", id="weibo, enterprise page"),
        pytest.param(CONTAINER.format(5000000001), "weibo", id="weibo, interface"),
        pytest.param("https://weibo.com/gaoxianfabu", "", id="weibo, custom name"),
        pytest.param("https://weibo.com/5000000001/Kjc77D1jz", "", id="one status"),
        pytest.param("https://mp.weixin.qq.com/s/abcdef", "wechat_article", id="article, short"),
        pytest.param("https://mp.weixin.qq.com/s?__biz=Mz&mid=1&idx=1", "wechat_article", id="article"),
        pytest.param("https://mp.weixin.qq.com/mp/appmsgalbum?__biz=Mz&album_id=7", "wechat_album", id="album"),
        pytest.param("https://mp.weixin.qq.com/mp/profile_ext?action=getmsg&__biz=Mz", "wechat_list", id="pushes"),
        pytest.param("https://mp.weixin.qq.com/cgi-bin/home", "", id="another page of WeChat"),
        pytest.param("https://space.bilibili.com/5001", "bilibili", id="bilibili"),
        pytest.param("https://space.bilibili.com/5001/dynamic?spm=1", "bilibili", id="bilibili, dynamics"),
        pytest.param("https://m.bilibili.com/space/5001", "bilibili", id="bilibili, mobile"),
        pytest.param(SPACE, "bilibili", id="bilibili, interface"),
        pytest.param("https://www.bilibili.com/video/BV1", "", id="a video"),
        pytest.param("https://rss.example.gov.cn/weibo/user/1", "", id="a bridge"),
        pytest.param("https://www.example.gov.cn/report.xlsx", "", id="a spreadsheet may be anything"),
        pytest.param("https://notweibo.com/u/5000000001", "", id="another host"),
        pytest.param("ftp://weibo.com/u/5000000001", "", id="no address of the web"),
        pytest.param("https://[", "", id="half an address"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_an_address_tells(url: str, kind: str) -> None:
    assert kind_of(url) == kind
    assert kind in {"", *KINDS}


@pytest.mark.parametrize(
    ("url", "kind", "asked"),
    [
        pytest.param("https://m.weibo.cn/u/5000000001", "weibo", CONTAINER.format(5000000001), id="weibo, mobile"),
        pytest.param("https://weibo.com/u/1", "weibo", CONTAINER.format(1), id="weibo"),
        pytest.param("http://weibo.com/5000000001", "", CONTAINER.format(5000000001), id="kind not named"),
        pytest.param(
            "https://weibo.com/p/1002065000000001/home", "weibo", CONTAINER.format(5000000001), id="enterprise"
        ),
        pytest.param(
            "https://m.weibo.cn/p/index?containerid=1076035000000001",
            "weibo",
            CONTAINER.format(5000000001),
            id="container",
        ),
        pytest.param(CONTAINER.format(5), "weibo", CONTAINER.format(5), id="weibo, interface"),
        pytest.param("https://weibo.com/gaoxian", "weibo", "https://weibo.com/gaoxian", id="weibo, custom name"),
        pytest.param(
            "https://weibo.com/5000000001/Kjc77D1jz",
            "weibo",
            "https://m.weibo.cn/statuses/show?id=Kjc77D1jz",
            id="status",
        ),
        pytest.param(
            "http://127.0.0.1:8000/u/5000000001", "weibo", "http://127.0.0.1:8000/u/5000000001", id="elsewhere"
        ),
        pytest.param("https://space.bilibili.com/5001/video", "bilibili", SPACE, id="bilibili"),
        pytest.param(
            "https://space.bilibili.com/5001", "feed", "https://space.bilibili.com/5001", id="named otherwise"
        ),
        pytest.param(
            "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzAwMDAwMDAwMA==&album_id=7#wechat_redirect",
            "wechat_album",
            f"https://mp.weixin.qq.com/mp/appmsgalbum?__biz={BIZ}&album_id=7&action=getalbum&f=json&count=20",
            id="album",
        ),
        pytest.param(
            "https://mp.weixin.qq.com/mp/profile_ext?action=getmsg&__biz=MzAwMDAwMDAwMA==",
            "wechat_list",
            f"https://mp.weixin.qq.com/mp/profile_ext?action=getmsg&__biz={BIZ}&f=json",
            id="pushes",
        ),
        pytest.param("https://www.example.gov.cn/", "page", "https://www.example.gov.cn/", id="a page"),
    ],
)
def test_what_is_asked(url: str, kind: str, asked: str) -> None:
    assert asked_url(url, kind) == asked


PUSHES = "https://mp.weixin.qq.com/mp/profile_ext?action=getmsg&__biz=Mz"
ALBUM = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=Mz&album_id=7"
MINE = "https://weibo.com/ajax/statuses/mymblog?uid=5000000001&feature=0"


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        pytest.param(f"{CONTAINER.format(5000000001)}&since_id=46&page=3", CONTAINER.format(5000000001), id="weibo"),
        pytest.param(f"{MINE}&page=4&since_id=46kp2", f"{MINE}&page=1", id="weibo.com"),
        pytest.param(f"{MINE}&since_id=46kp2", MINE, id="weibo.com without a page"),
        pytest.param(f"{SPACE}&offset=91675", SPACE, id="bilibili"),
        pytest.param(f"{PUSHES}&offset=20", f"{PUSHES}&f=json&offset=0", id="pushes"),
        pytest.param(
            f"{ALBUM}&begin_msgid=26&begin_itemidx=1", f"{ALBUM}&action=getalbum&f=json&count=20", id="an album"
        ),
    ],
)
def test_an_address_of_a_later_page_is_asked_from_the_newest_on(url: str, asked: str) -> None:
    assert asked_url(url, kind_of(url)) == asked_url(url, "") == asked


def test_what_a_kind_of_source_sees() -> None:
    assert SEES.keys() <= set(KINDS)
    assert SEES["wechat_list"] == ("群发",)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        pytest.param(
            "https://m.weibo.cn/detail/4645748019299849",
            "https://m.weibo.cn/statuses/show?id=4645748019299849",
            id="weibo",
        ),
        pytest.param("https://weibo.com/1/x", "https://weibo.com/1/x", id="no status"),
        pytest.param("https://mp.weixin.qq.com/s/abc", "https://mp.weixin.qq.com/s/abc", id="an article"),
        pytest.param("https://[", "https://[", id="half an address"),
    ],
)
def test_what_is_asked_for_one_post(url: str, asked: str) -> None:
    assert asked_post(url) == asked


@pytest.mark.parametrize(
    ("url", "kind", "words"),
    [
        pytest.param("https://weibo.com/gaoxianfabu", "weibo", ("gaoxianfabu", "weibo.com/u/"), id="custom name"),
        pytest.param("https://weibo.com/n/%E9%AB%98%E5%8E%BF", "", ("高县", "weibo.com/u/"), id="a name"),
        pytest.param("https://weibo.com/", "", ("首页",), id="the front page"),
        pytest.param("https://weibo.com/5000000001/Kjc77D1jz", "weibo", ("一条微博",), id="one status"),
        pytest.param("https://www.toutiao.com/c/user/token/MS4/", "", ("今日头条", "RSS"), id="toutiao"),
        pytest.param("https://www.douyin.com/user/MS4", "", ("抖音",), id="douyin"),
        pytest.param("https://live.kuaishou.com/profile/x", "page", ("快手",), id="kuaishou"),
        pytest.param("https://www.xiaohongshu.com/user/profile/5", "", ("小红书",), id="xiaohongshu"),
        pytest.param("https://author.baidu.com/home/1", "", ("百家号",), id="baijiahao"),
        pytest.param("https://mp.weixin.qq.com/cgi-bin/home", "", ("永久链接",), id="another page of WeChat"),
        pytest.param("https://www.bilibili.com/video/BV1", "bilibili", ("space.bilibili.com",), id="a video"),
        pytest.param("https://a.cn/", "douyin", ("抖音",), id="a kind that cannot be read"),
    ],
)
def test_why_an_address_cannot_be_read(url: str, kind: str, words: tuple[str, ...]) -> None:
    said = cause(url, kind)
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        pytest.param("https://weibo.com/u/5000000001", "", id="weibo"),
        pytest.param(CONTAINER.format(5), "weibo", id="weibo, interface"),
        pytest.param("https://space.bilibili.com/5001", "", id="bilibili"),
        pytest.param("https://mp.weixin.qq.com/s/abc", "", id="article"),
        pytest.param("https://www.example.gov.cn/a.csv", "report", id="report"),
        pytest.param("https://www.toutiao.com/rss.xml", "feed", id="a feed, wherever it lies"),
        pytest.param("https://[", "", id="half an address"),
    ],
)
def test_addresses_that_can_be_read(url: str, kind: str) -> None:
    assert cause(url, kind) == ""


def test_every_kind_that_cannot_be_read_says_why() -> None:
    assert not set(KINDS) & set(PLANNED)
    assert {"channels", "toutiao", "douyin", "kuaishou", "xiaohongshu", "baijiahao"} <= set(PLANNED)
    assert all("请" in unsupported(kind) for kind in PLANNED)
    assert [unsupported(kind) for kind in (*KINDS, "", "nonsense")] == [""] * (len(KINDS) + 2)


@given(
    st.sampled_from(
        ["", "https://weibo.com/", "https://m.weibo.cn/p/index?containerid=", "https://space.bilibili.com/"]
    ),
    st.text(max_size=20),
    st.sampled_from(["", *KINDS, "douyin"]),
)
def test_never_raises(start: str, rest: str, kind: str) -> None:
    url = start + rest
    assert kind_of(url) in {"", *KINDS}
    asked = asked_url(url, kind)
    assert asked_url(asked, kind) == asked
    assert isinstance(cause(url, kind), str)
    asked_post(url)
