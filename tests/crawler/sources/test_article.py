"""Pages of single articles, each with one trap, and the goals on real ones."""

import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler.sources.article import read_article
from crawler.sources.values import Reading
from monitor.values import Article, Credit, CreditKind, CreditPlace, Mark, Precision
from monitor.visits import Outcome
from tests.real.article_scores import Scores, score, share

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
URL = "https://www.gaoxian.example.gov.cn/xw/zwyw/202610/t20261008_1234567.html"
PROSE = (
    "<p>10月8日，县委书记李某到沙河镇调研秋季粮油生产，先后察看了万亩油菜种植基地、粮食烘干中心，详细了解播种进度和农资储备。</p>"
    "<p>李某强调，要抢抓农时，落实好各项惠农政策，确保应种尽种；要加强技术指导，提高单产水平，让农民的钱袋子鼓起来。</p>"
)
NAV = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>'
FOOTER = '<div class="footer"><p>版权所有：高县人民政府办公室</p><p>蜀ICP备05000000号 网站标识码：5115250001</p></div>'
TITLE = "李某到沙河镇调研秋季粮油生产"


def page(
    header: str = "", body: str = PROSE, *, title: str = f"{TITLE}_高县人民政府网", head: str = "", tail: str = ""
) -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{NAV}"
        f"<div class='place'>您当前的位置：<a href='/'>首页</a> &gt; <a href='/xw/'>政务要闻</a></div>"
        f"<div class='article'><h1>{TITLE}</h1><div class='info'>{header}</div><div class='TRS_Editor'>{body}</div>{tail}</div>"
        f"{FOOTER}</body></html>"
    )


def read(text: str, url: str = URL) -> Reading:
    return read_article(text, url, AT, SHANGHAI)


def article_of(text: str, url: str = URL) -> Article:
    reading = read(text, url)
    assert reading.article is not None, reading
    assert reading.outcome is Outcome.NEW
    return reading.article


def said_time(article: Article) -> str:
    assert article.stated.at is not None
    local = article.stated.at.astimezone(SHANGHAI)
    shapes = {Precision.DAY: "%Y-%m-%d", Precision.MINUTE: "%Y-%m-%d %H:%M", Precision.SECOND: "%Y-%m-%d %H:%M:%S"}
    return local.strftime(shapes[article.stated.precision])


PUBDATE = "<meta name='PubDate' content='2026-10-09 08:30:15'>"
TIMES = [
    pytest.param("发布时间：2026-10-09 08:30", "", "2026-10-09 08:30", id="labelled"),
    pytest.param("发布日期： 2026年10月9日 8时30分", "", "2026-10-09 08:30", id="in Chinese"),
    pytest.param(
        "<span>2026-10-09 08:30:11.0</span>", "", "2026-10-09 08:30:11", id="without a label, as Java prints it"
    ),
    pytest.param("<small>时间:</small>2026-10-09 08:30<small>来源:</small>未知", "", "2026-10-09 08:30", id="DedeCMS"),
    pytest.param("【时间：2026年10月09日 08:30】 【作者：办公室】", "", "2026-10-09 08:30", id="in brackets"),
    pytest.param("<span>2026</span><span>10/09</span><span>08:30:15</span>", "", "2026-10-09 08:30:15", id="in pieces"),
    pytest.param(
        "发布时间：<script>var pubdata='2026年10月09日';if(pubdata!=''){document.write(pubdata);}</script>",
        "",
        "2026-10-09",
        id="written by script",
    ),
    pytest.param(
        "<table><tr><td>成文日期</td><td>2026-09-01</td><td>发布日期</td><td>2026-10-09</td></tr></table>",
        "",
        "2026-10-09",
        id="table without colons: not the date of making",
    ),
    pytest.param("成文日期：2026-09-01 发布日期：2026-10-09", "", "2026-10-09", id="not the date of making"),
    pytest.param("更新时间：2026-10-20 10:00 发布时间：2026-10-09 08:30", "", "2026-10-09 08:30", id="not the update"),
    pytest.param("发布时间：2026-10-09", PUBDATE, "2026-10-09 08:30:15", id="meta of the same day is more precise"),
    pytest.param("发布时间：2026-10-09 08:30", PUBDATE, "2026-10-09 08:30:15", id="meta of the same minute"),
    pytest.param("发布时间：2026-10-09 08:20", PUBDATE, "2026-10-09 08:20", id="a shown minute stands"),
    pytest.param("发布时间：2026-10-07", PUBDATE, "2026-10-07", id="meta of another day: the shown one"),
    pytest.param("", PUBDATE, "2026-10-09 08:30:15", id="meta alone"),
    pytest.param(
        "", "<meta name='publishdate' content='2026-10-09-08:30'>", "2026-10-09 08:30", id="meta with a hyphen"
    ),
    pytest.param(
        "",
        '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","datePublished":"2026-10-09T08:30:15+08:00"}]}</script>',
        "2026-10-09 08:30:15",
        id="JSON-LD",
    ),
    pytest.param(
        "", '<script type="application/ld+json">{"datePublished": }</script>', "2026-10-08", id="JSON-LD that is torn"
    ),
    pytest.param(
        "", "<script>var info={publishTime:'2026-10-09 08:30'};</script>", "2026-10-09 08:30", id="a script's variable"
    ),
    pytest.param(
        "",
        "<script>var list=[{publishTime:'2026-10-09 08:30'},{publishTime:'2026-11-01 09:00'}];</script>",
        "2026-10-08",
        id="a script's list is of other posts",
    ),
    pytest.param(
        "<time datetime='2026-10-09T08:30:00+08:00' class='published'></time>",
        "",
        "2026-10-09 08:30:00",
        id="time element",
    ),
    pytest.param("", "", "2026-10-08", id="the address, as a last resort"),
    pytest.param("发布时间：2026-10-09 00:00:00", "", "2026-10-09", id="midnight is a day"),
    pytest.param("发布时间：2027-10-09 08:00", "", "2026-10-08", id="the future is no time of publication"),
    pytest.param("浏览次数：20261009 次", "", "2026-10-08", id="a counter is no date"),
    pytest.param("活动时间：2026-10-15 09:00", "", "2026-10-08", id="when something takes place"),
    pytest.param("发布时间：昨天 18:05", "", "2026-11-21 18:05", id="yesterday"),
]


@pytest.mark.parametrize(("header", "head", "expected"), TIMES)
def test_time(header: str, head: str, expected: str) -> None:
    assert said_time(article_of(page(header, head=head))) == expected


def test_time_of_an_event_in_the_text_is_not_the_time_of_publication() -> None:
    body = f"<p>时间：2026年10月18日 9:00</p><p>地点：县会议中心</p>{PROSE}"
    assert said_time(article_of(page("2026-10-09 08:30", body))) == "2026-10-09 08:30"


def test_a_date_under_the_text() -> None:
    tail = "<div>发布日期：2026-10-09 责任编辑：王某</div>"
    assert said_time(article_of(page("来源：县府办", tail=tail), "https://a.example/1.html")) == "2026-10-09"


def test_dates_of_related_posts_are_not_its_own() -> None:
    tail = "<div class='xg'><h3>相关新闻</h3><ul><li>发布日期：2026-01-02</li><li>发布日期：2026-01-03</li></ul></div>"
    article = article_of(page(tail=tail, head=PUBDATE))
    assert said_time(article) == "2026-10-09 08:30:15"


def test_unread_dates_leave_the_article_undated() -> None:
    article = article_of(page("发布时间：待定", PROSE * 4), "https://a.example/1.html")
    assert article.stated.at is None


SOURCES = [
    pytest.param("来源：新华社 发布时间：2026-10-09", "", "新华社", id="plain"),
    pytest.param("发布时间：2026-10-09 来源：<span></span> 作者：王某", "", "", id="empty, the next label follows"),
    pytest.param("时间：2026-10-09 18:05:09&nbsp;&nbsp;来源：", "", "", id="empty at the end of the line"),
    pytest.param("2026-10-09 <small>来源:</small>未知 <small>作者:</small>商会", "", "", id="unknown is nobody"),
    pytest.param(
        "发布时间：2026-10-09 来　源：县 融 媒 体 中 心 浏览次数：5", "", "县融媒体中心", id="padded with spaces"
    ),
    pytest.param(
        "<p>来源：</p><p>县融媒体中心</p><p>2026-10-09</p>", "", "县融媒体中心", id="label and value on two lines"
    ),
    pytest.param(
        "2026-10-09 <dl><dt>稿件来源：</dt><dd>四川日报</dd></dl>", "", "四川日报", id="label and value in two elements"
    ),
    pytest.param(
        "2026-10-09 信息来源：<a href='/x'>省发改委</a> <a href='/j'>举报</a>",
        "",
        "省发改委",
        id="a link, with a tool beside it",
    ),
    pytest.param("2026-10-09 | 来源<span>人民网</span> | 5次阅读", "", "人民网", id="label without a colon"),
    pytest.param("2026-10-09 来源于：东区办事处", "", "东区办事处", id="来源于"),
    pytest.param("2026-10-09 来源：本网 字号：[大 中 小] 打印", "", "本网", id="its own site"),
    pytest.param(
        "发布时间：2026-10-09 <script>var wzly='县府办';if(wzly!=''){document.write('文章来源：'+wzly+'&emsp;');}</script>",
        "",
        "县府办",
        id="written by script",
    ),
    pytest.param(
        "发布时间：2026-10-09 <script>var wzly='';if(wzly!=''){document.write('文章来源：'+wzly);}</script>",
        "",
        "",
        id="script that writes nothing",
    ),
    pytest.param("2026-10-09 <span class='source'>参考消息</span>", "", "参考消息", id="an element called source"),
    pytest.param("2026-10-09", "<meta name='ContentSource' content='县融媒体中心'>", "县融媒体中心", id="meta alone"),
    pytest.param(
        "2026-10-09 来源：新华网",
        "<meta name='ContentSource' content='新华社'>",
        "新华网",
        id="what is shown beats meta",
    ),
    pytest.param("2026-10-09 图片来源：新华社", "", "", id="of pictures"),
    pytest.param("2026-10-09 蒲城县北关小学", "", "", id="a name without a label"),
    pytest.param("2026-10-09 来源：高县发布微信", "", "高县发布微信", id="a platform in the name"),
    pytest.param("2026-10-09 发布机构：县府办", "", "", id="who publishes is no source"),
]


@pytest.mark.parametrize(("header", "head", "expected"), SOURCES)
def test_source(header: str, head: str, expected: str) -> None:
    article = article_of(page(header, head=head))
    assert article.publisher == expected
    headers = [each for each in article.credits if each.kind is CreditKind.SOURCE and each.place is CreditPlace.HEADER]
    assert [each.value for each in headers] == ([expected] if expected else [])


def test_a_source_in_the_text_is_no_header_line() -> None:
    article = article_of(page("2026-10-09 来源：", f"{PROSE}<p>来源：吉林省林业厅</p>"))
    assert article.publisher == ""
    assert article.credits == (
        Credit(kind=CreditKind.SOURCE, label="来源", value="吉林省林业厅", place=CreditPlace.TEXT),
    )


def test_credit_lines_under_the_text_belong_to_it() -> None:
    tail = "<div class='ly'>供稿：县农业农村局 编辑：王某</div><div>上一篇：<a href='1.html'>前一条</a></div>"
    article = article_of(page("2026-10-09", tail=tail))
    assert [(each.kind, each.value) for each in article.credits] == [(CreditKind.AUTHOR, "县农业农村局")]
    assert "前一条" not in article.text


def test_author_line_is_a_credit_and_an_editor_is_none() -> None:
    article = article_of(page("2026-10-09 作者：县农业农村局 责任编辑：王某"))
    assert article.author == "县农业农村局"
    assert [(each.kind, each.label, each.value) for each in article.credits] == [
        (CreditKind.AUTHOR, "作者", "县农业农村局")
    ]
    assert article_of(page("2026-10-09 责任编辑：王某")).credits == ()


TITLES = [
    pytest.param(page("2026-10-09", title="高县人民政府网-政务要闻"), TITLE, id="title element names site and column"),
    pytest.param(page("2026-10-09", title=""), TITLE, id="no title element"),
    pytest.param(
        page("2026-10-09").replace(
            "<div class='article'><h1>", "<div class='article'><h1>数据中心</h1><h1>通知</h1></div><div><h1>"
        ),
        TITLE,
        id="headings of side boxes",
    ),
    pytest.param(
        page("2026-10-09", title="福建信息网").replace(f"<h1>{TITLE}</h1>", f"<p align='center'>{TITLE}</p>"),
        TITLE,
        id="a paragraph above the date",
    ),
    pytest.param(
        page("2026-10-09").replace(f"<h1>{TITLE}</h1>", "<h1>关于转发《行动方案</h1><h1>（2026年修订）》的通知</h1>"),
        "关于转发《行动方案（2026年修订）》的通知",
        id="broken into two headings",
    ),
    pytest.param(
        page("", title=f"{TITLE}_政务要闻_高县人民政府网", head=PUBDATE).replace(f"<h1>{TITLE}</h1>", ""),
        TITLE,
        id="title element alone, with column and site",
    ),
    pytest.param(
        page("", title="高县人民政府网", head=f"<meta name='ArticleTitle' content='{TITLE}'>{PUBDATE}").replace(
            f"<h1>{TITLE}</h1>", ""
        ),
        TITLE,
        id="ArticleTitle",
    ),
    pytest.param(
        page("2026-10-09", head="<meta property='og:title' content='李某到沙河镇' 调研秋季粮油生产'=''>"),
        TITLE,
        id="og:title torn by quotes",
    ),
    pytest.param(
        page("2026-10-09").replace(f"<h1>{TITLE}</h1>", "<h1>捐赠情况（2026年4月17日更新）</h1>"),
        "捐赠情况（2026年4月17日更新）",
        id="a date within the title",
    ),
]


@pytest.mark.parametrize(("text", "expected"), TITLES)
def test_title(text: str, expected: str) -> None:
    assert article_of(text).title == expected


def test_text_is_the_article_alone() -> None:
    tail = (
        "<div class='bdshare'>分享到：<a href='#'>微信</a></div><p>上一篇：<a href='1.html'>前一条</a></p>"
        "<div><h3>相关阅读</h3><p>另一篇文章的摘要，说的是别的事情，来源：人民日报，与本文没有关系。</p></div>"
    )
    article = article_of(page("2026-10-09", tail=tail))
    assert article.text.startswith("10月8日，县委书记李某")
    assert article.text.endswith("钱袋子鼓起来。")
    assert article.credits == ()


def test_words_cut_by_elements_are_whole_and_cells_are_words() -> None:
    body = f"{PROSE}<p>20<span>26</span>年<b>10</b>月，完成</p><table><tr><td>油菜</td><td>3万亩</td></tr></table>"
    assert "2026年10月，完成\n油菜 3万亩" in article_of(page("2026-10-09", body)).text


def test_hidden_and_framed_parts_are_not_read() -> None:
    body = f"<div style='display: none'>隐藏的文字，不应出现在正文之中，也不应被读到。</div>{PROSE}"
    tail = "<div class='comment'><p>网友甲：说得好，支持一下，希望继续更新，谢谢。</p></div>"
    text = article_of(page("2026-10-09", body, tail=tail)).text
    assert "隐藏" not in text
    assert "网友" not in text


def test_a_page_that_is_closed_in_its_middle_is_read_to_its_end() -> None:
    text = page("2026-10-09").replace("<div class='article'>", "</body></html><div class='article'>")
    assert article_of(text).text.endswith("钱袋子鼓起来。")


def test_an_article_of_one_picture_has_time_and_title_and_no_footer() -> None:
    article = article_of(page("发布时间：2026-10-09 08:30", "<p><img src='1.jpg'></p>"))
    assert (article.title, said_time(article), article.text) == (TITLE, "2026-10-09 08:30", "")


NOTICES = [
    pytest.param("<p>您访问的页面不存在或已删除！</p><a href='/'>返回首页</a>", id="page"),
    pytest.param("<h1>404</h1><p>抱歉，您要访问的页面找不到了</p>", id="404 in a short page"),
    pytest.param("<div>该信息已被删除</div>", id="information"),
    pytest.param("<div>对不起，您所访问的文章已经被管理员删除。</div>", id="by whom"),
    pytest.param("<h2>404 Not Found</h2>", id="English"),
    pytest.param("<p>The requested URL was not found on this server.</p>", id="Apache"),
]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_short_page_that_says_so_is_gone(notice: str) -> None:
    reading = read(f"<html><head><title>提示信息</title></head><body>{NAV}{notice}{FOOTER}</body></html>")
    assert (reading.outcome, reading.article) == (Outcome.GONE, None)
    assert reading.reason.endswith("该信息已不存在。")


LIVING = [
    pytest.param(
        page("2026-10-09", "<p>经查，该视频已被删除，涉事账号已封禁。</p>"), id="a dated article about a deletion"
    ),
    pytest.param(
        page("", PROSE * 2 + "<p>该文章已被删除。</p>", head=PUBDATE), id="an article with the words in its text"
    ),
]


@pytest.mark.parametrize("text", LIVING)
def test_an_article_that_speaks_of_deletion_is_not_gone(text: str) -> None:
    assert read(text).outcome is Outcome.NEW


def test_a_conditional_notice_proves_nothing() -> None:
    reading = read("<html><body><p>如果页面不存在，请联系管理员。</p></body></html>")
    assert reading.outcome is Outcome.NOT_A_FEED


OTHERS = [
    pytest.param(
        "<html><body><p>请完成安全验证后继续访问，拖动滑块。</p></body></html>",
        Outcome.BLOCKED,
        "未能读出文章",
        id="captcha",
    ),
    pytest.param("<html><body>请先登录</body></html>", Outcome.BLOCKED, "未能读出文章", id="login"),
    pytest.param(
        "<html><body><p>该账号已注销</p></body></html>",
        Outcome.NOT_A_FEED,
        "未能读出文章",
        id="account closed: proves no deletion",
    ),
    pytest.param(
        "<html><head><title>高县发布</title></head><body><div id='app'></div><script src='a.js'></script></body></html>",
        Outcome.NOT_A_FEED,
        "脚本",
        id="script only",
    ),
    pytest.param("", Outcome.NOT_A_FEED, "不是文章页面", id="nothing"),
    pytest.param(
        "<html><head><title>通知公告_高县</title></head><body><h2>通知公告</h2><ul>"
        + "".join(
            f"<li><a href='{n}.html'>关于开展第{n}次安全生产检查的通知</a><span>2026-10-{n:02}</span></li>"
            for n in range(1, 21)
        )
        + "</ul></body></html>",
        Outcome.NOT_A_FEED,
        "链接",
        id="list",
    ),
    pytest.param(
        "<html><head><title>高县人民政府</title></head><body>"
        + "".join(
            f"<div><a href='{n}.html'>第{n}条要闻的标题写在这里</a></div><div>2026-10-{n:02}</div>"
            for n in range(1, 21)
        )
        + "</body></html>",
        Outcome.NOT_A_FEED,
        "不是文章页面",
        id="list with dates on lines of their own",
    ),
]


@pytest.mark.parametrize(("text", "outcome", "words"), OTHERS)
def test_what_is_no_article(text: str, outcome: Outcome, words: str) -> None:
    reading = read(text, "https://a.example/")
    assert (reading.outcome, reading.article) == (outcome, None)
    assert words in reading.reason


def test_toutiao_names_the_account_and_not_a_source() -> None:
    text = (
        "<html><head><title>秋收进行时</title></head><body><script>var BASE_DATA = { articleInfo: {\n"
        "title: '&quot;秋收进行时&quot;'.slice(6, -6),\n"
        "content: '&quot;\\u003Cp\\u003E金秋十月，稻谷飘香。\\u003C\\u002Fp\\u003E\\u003Cp\\u003E来源：四川日报\\u003C\\u002Fp\\u003E&quot;'.slice(6, -6),\n"
        "subInfo: { isOriginal: true, source: '高县发布', time: '2026-10-09 08:30:15' } } }</script></body></html>"
    )
    article = article_of(text, "https://www.toutiao.com/article/1/")
    assert (article.title, article.account, article.publisher, article.mark) == (
        "秋收进行时",
        "高县发布",
        "",
        Mark.ORIGINAL,
    )
    assert said_time(article) == "2026-10-09 08:30:15"
    assert article.text == "金秋十月，稻谷飘香。\n来源：四川日报"
    assert [each.value for each in article.credits] == ["四川日报"]


def test_toutiao_gallery_says_its_texts_in_its_script() -> None:
    text = (
        "<script>var BASE_DATA = { mediaInfo: { name: '高县发布', user_id: '1' } }\nBASE_DATA.galleryInfo = { title: '蜀南竹海',\n isOriginal: false,"
        ' mediaInfo: BASE_DATA.mediaInfo, gallery: JSON.parse("{\\"sub_abstracts\\":[\\"\\\\u7af9\\\\u6d77\\",\\"第二张\\"]}"),'
        " publish_time: '2026-10-09 11:42:03' }</script>"
    )
    article = article_of(text, "https://www.toutiao.com/a1/")
    assert (article.title, article.account, article.text, article.mark) == (
        "蜀南竹海",
        "高县发布",
        "竹海\n第二张",
        Mark.NONE,
    )
    assert said_time(article) == "2026-10-09 11:42:03"


HOSTILE = [
    pytest.param("<div>" * 50_000 + "x", id="deep"),
    pytest.param("<p>来源：" * 30_000, id="labels without end"),
    pytest.param("<p>2026-10-09 " * 30_000, id="dates without end"),
    pytest.param("<script>var a='" + "b" * 200_000, id="a script that never ends"),
    pytest.param("<title>" + "_" * 100_000, id="separators"),
    pytest.param("发布时间" + " " * 200_000 + "2026", id="spaces"),
    pytest.param("<a href='#'>" + "字" * 300_000, id="one long link"),
    pytest.param("<div class='foot'>" + "<p>来源：某报" * 30_000, id="credits without end in the page's frame"),
    pytest.param("<h1>" + "秋收<br>" * 30_000, id="a heading of very many lines"),
    pytest.param("来源 " * 100_000, id="bare labels without end"),
    pytest.param("Nov 5, " * 60_000, id="months without years"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_pages_end_soon_and_raise_nothing(text: str) -> None:
    started = time.process_time()
    assert read(text).outcome in {Outcome.NEW, Outcome.NOT_A_FEED}
    assert time.process_time() - started < 20


# ------------------------------------------------------------------------------------------------------- real pages


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Scores:
    return score(shared_data / "dev")


def test_real_times(real: Scores) -> None:
    assert len(real.days) >= 90
    assert share(real.days) >= 0.98
    assert share(real.minutes) >= 0.98


def test_real_titles(real: Scores) -> None:
    assert share(real.titles) >= 0.97


def test_real_sources(real: Scores) -> None:
    assert share(real.sources) >= 0.95


def test_real_lists_are_no_articles(real: Scores) -> None:
    assert real.not_articles
    assert all(real.not_articles)
