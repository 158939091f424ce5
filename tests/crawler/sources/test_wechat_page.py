"""WeChat's article pages of every type, what it shows in their place, and the goal on real ones."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler.encoding import decode
from crawler.sources.article import read_article
from crawler.sources.keys import platform_key
from crawler.sources.values import Reading
from crawler.sources.wechat_page import read_wechat_page
from crawler.sources.wechat_script import read_literal
from monitor.values import Article, Credit, CreditKind, CreditPlace, Mark, PostKind, Precision
from monitor.visits import Outcome

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SHORT = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
LONG = "http://mp.weixin.qq.com/s?__biz=MzA4MDEyMzQ1Ng==&mid=2650000001&idx=2&sn=0a1b2c&scene=0#wechat_redirect"
# 1760000000 is 2025-10-09 16:53:20 in Shanghai.
NAMES = """
var biz = "" || "MzA4MDEyMzQ1Ng==";
var mid = "" || "" || "2650000001";
var idx = "2" || "" || "";
var sn = "" || "" || "0a1b2c";
var nickname = htmlDecode("高县发布");
var user_name = "gh_0123456789ab";
"""
CONTENT = "<p>金秋十月，稻谷飘香。</p><p>来源：县融媒体中心</p>"


def page(script: str, content: str = CONTENT, *, names: str = NAMES, above: str = "", head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><script src='//res.wx.qq.com/mmbizwap/a.js'></script>{head}</head><body>"
        f"<div id='img-content'>{above}<em id='publish_time'>昨天</em><div id='js_content' style='visibility: hidden'>{content}</div></div>"
        f"<script>{names}{script}</script></body></html>"
    )


def data(fields: str) -> str:
    return f"window.cgiDataNew = {{\n base_resp: {{ ret: '0' * 1 }},\n{fields}\n}};"


def read(text: str, url: str = SHORT) -> Reading:
    reading = read_wechat_page(text, url, AT, SHANGHAI)
    assert reading is not None
    return reading


def article_of(text: str, url: str = SHORT) -> Article:
    article = read(text, url).article
    assert article is not None
    return article


CT = 'var ct = "1760000000";'
TITLE = "var msg_title = '秋收进行时'.html(false);"


def test_an_ordinary_article() -> None:
    article = article_of(page(f'{CT}{TITLE}var copyright_stat = "0";var author = "王某";var item_show_type = "0";'))
    assert (article.title, article.account, article.author) == ("秋收进行时", "高县发布", "王某")
    assert (article.text, article.kind, article.mark) == (
        "金秋十月，稻谷飘香。\n来源：县融媒体中心",
        PostKind.ARTICLE,
        Mark.NONE,
    )
    assert [each.value for each in article.credits] == ["县融媒体中心"]
    assert article.publisher == ""


TIMES = [
    pytest.param(CT, Precision.SECOND, id="var ct"),
    pytest.param("window.ct = '1760000000' || '';", Precision.SECOND, id="window.ct"),
    pytest.param(
        data(" ori_create_time: '1760000000' * 1,\n create_time: JsDecode('2025-10-09 16:53'),"),
        Precision.SECOND,
        id="types 8 and 10",
    ),
    pytest.param(data(" create_time: JsDecode('2025-10-09 16:53'),"), Precision.MINUTE, id="JsDecode alone"),
    pytest.param(data(" create_time: '2025-10-09 16:53',"), Precision.MINUTE, id="without JsDecode"),
    pytest.param(
        "d.ct = xml ? getXmlValue('ori_create_time.DATA') : '1760000000';", Precision.SECOND, id="behind an XML value"
    ),
    pytest.param('var ct = "";var create_time = "1760000000" * 1;', Precision.SECOND, id="an empty ct first"),
]


@pytest.mark.parametrize(("script", "precision"), TIMES)
def test_time(script: str, precision: Precision) -> None:
    stated = article_of(page(script + TITLE)).stated
    assert stated.at is not None
    assert stated.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") == "2025-10-09 16:53"
    assert stated.precision is precision


def test_a_publish_time_without_a_clock_bound_reading() -> None:
    assert not article_of(page(CT + TITLE)).stated.clock_bound


TITLES = [
    pytest.param(r"var msg_title = '价格战\x26quot;寒气\x26quot;侵蚀'.html(false);", '价格战"寒气"侵蚀', id="escaped"),
    pytest.param(r"var msg_title = '知识 \x26amp;lt;广度\x26amp;gt;'.html(false);", "知识 <广度>", id="escaped twice"),
    pytest.param(r"""var msg_title = 'it\'s "ok"';""", """it's "ok\"""", id="quotes"),
    pytest.param("window.msg_title = window.title = '秋收' || '';", "秋收", id="set twice"),
    pytest.param(
        r"window.msg_title = '第一句话。\x0a\x0a第二段很长' || '';", "第一句话。", id="a text without a title"
    ),
    pytest.param(
        f"window.msg_title = '{'今天我们去看稻子' * 4}。{'后来又看了很多' * 20}' || '';",
        f"{'今天我们去看稻子' * 4}。",
        id="one long line",
    ),
    pytest.param(
        f"window.msg_title = '{'没有标点的长文字' * 30}' || '';",
        f"{'没有标点的长文字' * 30}"[:60] + "…",
        id="no stop at all",
    ),
    pytest.param("", "金秋十月，稻谷飘香。", id="nothing but the text"),
]


@pytest.mark.parametrize(("script", "expected"), TITLES)
def test_title(script: str, expected: str) -> None:
    assert article_of(page(CT + script)).title == expected


def test_title_of_meta_only_where_it_is_one() -> None:
    head = "<meta property='og:title' content='现在复习累了吗？\\n这是全文的第二段。'>"
    assert article_of(page(CT, head=head)).title == "现在复习累了吗？"


@pytest.mark.parametrize("url", [SHORT, LONG, "https://mirror.example/a.html"])
def test_key_is_the_one_of_lists(url: str) -> None:
    assert article_of(page(CT + TITLE), url).key == platform_key(LONG) == "wechat:MzA4MDEyMzQ1Ng==:2650000001:2"


def test_key_of_the_short_address_where_the_page_has_no_numbers() -> None:
    article = article_of(page(CT + TITLE, names='var nickname = "高县发布";'), SHORT)
    assert article.key == platform_key(SHORT)


def test_key_with_signs_that_addresses_escape() -> None:
    names = NAMES.replace("MzA4MDEyMzQ1Ng==", "Mz+4/DEyMzQ1Ng==")
    assert article_of(page(CT + TITLE, names=names)).key == "wechat:Mz+4/DEyMzQ1Ng==:2650000001:2"


def test_original_mark() -> None:
    assert article_of(page(f'{CT}{TITLE}var _copyright_stat = "1";')).mark is Mark.ORIGINAL
    assert (
        article_of(page(CT + TITLE + data(" copyright_info: {\n  copyright_stat: '1' * 1,\n },"))).mark is Mark.ORIGINAL
    )


SHARED = [
    pytest.param("<strong class='original_primary_nickname'>新周刊</strong>", id="card"),
    pytest.param("<div class='original_account_nickname' id='js_share_author'>新周刊</div>", id="shared post"),
    pytest.param(
        "<p class='original_primary_card_tips'><span>以下文章来源于新周刊</span><span>，作者何某</span></p>", id="tips"
    ),
]


@pytest.mark.parametrize("above", SHARED)
def test_shared_from_another_account(above: str) -> None:
    article = article_of(
        page(f'{CT}{TITLE}var copyright_stat = "2";var source_username = "gh_1";', "<p>正文。</p>", above=above)
    )
    assert (article.mark, article.publisher, article.account) == (Mark.REPOST, "新周刊", "高县发布")
    assert article.credits == (
        Credit(kind=CreditKind.SOURCE, label="文章来源于", value="新周刊", place=CreditPlace.HEADER),
    )


KINDS = [
    pytest.param('var item_show_type = "5";', "", PostKind.VIDEO, id="video"),
    pytest.param('var item_show_type = "7";', "", PostKind.AUDIO, id="audio"),
    pytest.param(
        "",
        "<iframe class='video_iframe' data-src='x'></iframe>".replace("'", '"'),
        PostKind.VIDEO,
        id="nothing but a video",
    ),
    pytest.param("", "<mpvoice name='a'></mpvoice>", PostKind.AUDIO, id="nothing but a voice"),
    pytest.param("", f"<p>{'正文' * 30}</p><mpvoice name='a'></mpvoice>", PostKind.ARTICLE, id="a text with a voice"),
    pytest.param("window.item_show_type = '8' || '';", "", PostKind.ARTICLE, id="pictures"),
]


@pytest.mark.parametrize(("script", "content", "kind"), KINDS)
def test_kind(script: str, content: str, kind: PostKind) -> None:
    assert article_of(page(CT + TITLE + script, content)).kind is kind


def test_a_short_post_says_its_text_in_its_script() -> None:
    script = (
        CT
        + "window.item_show_type = '10' || '';"
        + data(r" content_noencode: JsDecode('今天放假。\x0a\x0a来源：县府办'),")
    )
    article = article_of(page(script, "<div>高县发布</div>"))
    assert (article.title, article.text) == ("今天放假。", "今天放假。\n来源：县府办")
    assert [each.value for each in article.credits] == ["县府办"]


def test_names_of_other_objects_are_not_the_page_s() -> None:
    script = "var ad = { nick_name: '微信广告', user_name: 'gh_9', title: '别的标题' };"
    article = article_of(page(script + CT + TITLE, names=NAMES))
    assert (article.account, article.title) == ("高县发布", "秋收进行时")


def notice(words: str) -> str:
    return (
        "<html><head><script src='//res.wx.qq.com/mmbizwap/a.js'></script></head><body>"
        f"<div class='weui-msg'><h2 class='weui-msg__title'>{words}</h2></div></body></html>"
    )


NOTICES = [
    pytest.param("该内容已被发布者删除", Outcome.GONE, "已被发布者删除", id="deleted"),
    pytest.param("此内容因违规无法查看", Outcome.GONE, "因违规无法查看", id="against the rules"),
    pytest.param("此内容被投诉且经审核涉嫌侵权，无法查看。", Outcome.GONE, "不是由发布者删除", id="infringing"),
    pytest.param("该内容暂时无法查看", Outcome.BLOCKED, "暂时无法查看", id="for now"),
    pytest.param("链接已过期", Outcome.BLOCKED, "链接已过期", id="expired link"),
    pytest.param("环境异常 当前环境异常，完成验证后即可继续访问。 去验证", Outcome.BLOCKED, "环境异常", id="captcha"),
    pytest.param("请在微信客户端打开链接", Outcome.BLOCKED, "客户端", id="only inside WeChat"),
    pytest.param("该公众号已迁移至新的账号，原账号已回收。", Outcome.NOT_A_FEED, "已迁移", id="moved"),
    pytest.param("该账号已自主注销", Outcome.NOT_A_FEED, "已注销", id="closed"),
    pytest.param("此帐号已被屏蔽, 内容无法查看", Outcome.NOT_A_FEED, "封禁", id="account barred"),
    pytest.param("参数错误", Outcome.NOT_A_FEED, "参数错误", id="broken link"),
    pytest.param("系统出错", Outcome.BLOCKED, "暂时无法查看", id="out of order"),
    pytest.param("欢迎关注", Outcome.NOT_A_FEED, "不是文章页面", id="anything else"),
]


@pytest.mark.parametrize(("words", "outcome", "reason"), NOTICES)
def test_notice(words: str, outcome: Outcome, reason: str) -> None:
    reading = read(notice(words))
    assert (reading.outcome, reading.article) == (outcome, None)
    assert reason in reading.reason
    assert reading.reason.endswith("。")


def test_an_article_about_deleted_posts_is_an_article() -> None:
    assert read(page(CT + TITLE, "<p>该内容已被发布者删除，链接已过期。</p>")).outcome is Outcome.NEW


def test_other_pages_are_not_wechat_s() -> None:
    assert (
        read_wechat_page("<html><body><h1>新闻</h1></body></html>", "https://www.gov.example/a.html", AT, SHANGHAI)
        is None
    )
    assert read_wechat_page("", "https://[broken", AT, SHANGHAI) is None


def test_articles_are_read_through_the_one_door() -> None:
    reading = read_article(page(CT + TITLE), "https://mirror.example/saved.html", AT, SHANGHAI)
    assert reading.article is not None
    assert reading.article.account == "高县发布"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(r"a\x26b", "a&b", id="hex"),
        pytest.param(r"\u9ad8县", "高县", id="unicode"),
        pytest.param(r"a\nb\\c\/d", "a\nb\\c/d", id="controls"),
        pytest.param("&amp;amp;", "&", id="entities"),
    ],
)
def test_literal(text: str, expected: str) -> None:
    assert read_literal(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("var ct = '" + "\\x26" * 200_000, id="a literal without end"),
        pytest.param("var ct = ''" + " || ''" * 50_000 + ";", id="a chain"),
        pytest.param("window.cgiDataNew = {" + "title: " * 100_000, id="names without values"),
    ],
)
def test_hostile_scripts_end(text: str) -> None:
    assert read(f"<script>{text}</script>").outcome is Outcome.NOT_A_FEED


LABELS = Path(__file__).resolve().parents[2] / "real" / "platform_pages.json"
MARKS = {"": Mark.NONE, "original": Mark.ORIGINAL, "repost": Mark.REPOST}


def test_real_pages(shared_data: Path) -> None:
    labels = {
        name: label
        for name, label in json.loads(LABELS.read_text("utf-8")).items()
        if name.startswith("wechat_html/") and label["what"] in {"wechat article", "expired"}
    }
    assert len(labels) >= 20
    wrong = []
    for name, label in labels.items():
        body = (shared_data / "dev" / name).read_bytes()
        reading = read(decode(gzip.decompress(body) if name.endswith(".gz") else body).text)
        article = reading.article or Article()
        stated = article.stated.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if article.stated.at else ""
        said = (reading.outcome, article.title, article.account, stated, article.mark)
        outcome = Outcome.NEW if label["state"] == "ok" else Outcome.BLOCKED
        if said != (outcome, label["title"], label["account"], label["time"], MARKS[label["mark"]]):
            wrong.append((name, said))
        if reading.article:
            assert article.key.startswith("wechat:M") or article.key.startswith("wechat:O")
            assert article.text
    assert wrong == []
