"""List pages as sites write them: saved pages beside what must be read from them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.page import ListPage, check_selector, read_list
from monitor.visits import NO_SELECTORS, Selectors
from tests.real.list_scores import score

URL = "http://www.gao.gov.cn/zwgk/tzgg/index.html"
HERE = "http://www.gao.gov.cn/zwgk/tzgg/"


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>通知公告_高县人民政府</title>{head}</head><body>{MENU}{body}{FOOT}</body></html>"


MENU = """<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/hdjl/">互动交流</a></li></ul></div>
<div class="pos">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/tzgg/">通知公告</a></div>"""
FOOT = """<div class="links"><a href="http://www.sc.gov.cn/">四川省人民政府</a><a href="http://www.yb.gov.cn/">宜宾市人民政府</a></div>
<div class="footer"><p>主办单位：高县人民政府办公室 更新日期：2026-10-09</p><a href="https://beian.miit.gov.cn/">蜀ICP备05003366号</a></div>"""


def read(body: str, selectors: Selectors = NO_SELECTORS, *, head: str = "", url: str = URL) -> ListPage:
    return read_list(page(body, head), url, selectors)


def shown(read_page: ListPage) -> list[tuple[str, str]]:
    assert read_page.wire is not None, read_page.reason
    return [(each.title, each.dates[0] if each.dates else "") for each in read_page.wire.entries]


TWO = [("关于开展秋季森林防火工作的通知", "2026-10-05"), ("高县2026年第三季度财政收支情况", "2026-09-30")]

ROWS = [
    pytest.param(
        """<ul><li><a href="a.html">关于开展秋季森林防火工作的通知</a><span>2026-10-05</span></li>
        <li><a href="b.html">高县2026年第三季度财政收支情况</a><span>2026-09-30</span></li></ul>""",
        TWO,
        id="list items",
    ),
    pytest.param(
        """<ul><li><span>[2026-10-05]</span><a href="a.html">关于开展秋季森林防火工作的通知</a></li>
        <li><span>[2026-09-30]</span><a href="b.html">高县2026年第三季度财政收支情况</a></li></ul>""",
        TWO,
        id="the date first, in brackets",
    ),
    pytest.param(
        """<table><tr><th>标题</th><th>成文日期</th><th>发布日期</th></tr>
        <tr><td><a href="a.html">关于开展秋季森林防火工作的通知</a></td><td>2026-09-01</td><td>2026-10-05</td></tr>
        <tr><td><a href="b.html">高县2026年第三季度财政收支情况</a></td><td>2026-09-02</td><td>2026-09-30</td></tr></table>""",
        TWO,
        id="a table that names its columns: the day of publication",
    ),
    pytest.param(
        """<div><table><tr><td>·<a href="a.html">关于开展秋季森林防火工作的通知</a></td><td>2026-10-05</td></tr></table>
        <table><tr><td>·<a href="b.html">高县2026年第三季度财政收支情况</a></td><td>2026-09-30</td></tr></table></div>""",
        TWO,
        id="a table for every row",
    ),
    pytest.param(
        """<div><a href="a.html">关于开展秋季森林防火工作的通知</a> 2026-10-05<br>
        <a href="b.html">高县2026年第三季度财政收支情况</a> 2026-09-30<br></div>""",
        TWO,
        id="no element around a row",
    ),
    pytest.param(
        """<dl><dt><a href="a.html">关于开展秋季森林防火工作的通知</a></dt><dd>2026-10-05</dd>
        <dt><a href="b.html">高县2026年第三季度财政收支情况</a></dt><dd>2026-09-30</dd></dl>""",
        TWO,
        id="terms and descriptions",
    ),
    pytest.param(
        """<div class="r"><a href="a.html">关于开展秋季森林防火工作的通知（2026-10-05）</a></div>
        <div class="r"><a href="b.html">高县2026年第三季度财政收支情况（2026-09-30）</a></div>""",
        TWO,
        id="the date in the link",
    ),
    pytest.param(
        """<ul><a href="a.html"><li><h3>关于开展秋季森林防火工作的通知</h3><p>为切实做好今年秋季森林防火工作，2026年10月1日起……</p><em>2026-10-05</em></li></a>
        <a href="b.html"><li><h3>高县2026年第三季度财政收支情况</h3><p>今年以来，我县财政收支……</p><em>2026-09-30</em></li></a></ul>""",
        TWO,
        id="all of a row is a link, with an excerpt",
    ),
    pytest.param(
        """<ul><li><div class="d"><em>05</em><i>2026-10</i></div><a href="a.html">关于开展秋季森林防火工作的通知</a></li>
        <li><div class="d"><em>30</em><i>2026-09</i></div><a href="b.html">高县2026年第三季度财政收支情况</a></li></ul>""",
        TWO,
        id="day above year and month",
    ),
    pytest.param(
        """<ul><li><a href="a.html"><div class="d"><span>05</span>2026-10</div><div>关于开展秋季森林防火工作的通知</div></a></li>
        <li><a href="b.html"><div class="d"><span>30</span>2026-09</div><div>高县2026年第三季度财政收支情况</div></a></li></ul>""",
        TWO,
        id="day above year and month, in the link",
    ),
    pytest.param(
        """<ul><li><a href="a.html">关于开展秋季森林防火工作的通知</a><p><b>10-05</b><span>2026</span></p></li>
        <li><a href="b.html">高县2026年第三季度财政收支情况</a><p><b>09-30</b><span>2026</span></p></li></ul>""",
        TWO,
        id="month and day above the year",
    ),
    pytest.param(
        """<ul><li><a href="202610/t20261005_1.html">关于开展秋季森林防火工作的通知</a><span>10-05</span></li>
        <li><a href="202609/t20260930_2.html">高县2026年第三季度财政收支情况</a><span>09-30</span></li></ul>""",
        TWO,
        id="no year in the row: the address of the same day has it",
    ),
    pytest.param(
        """<ul><li><a href="a.html" title="关于开展秋季森林防火工作的通知(2026-10-05)">关于开展秋季森林...</a><span>10-05</span></li>
        <li><a href="b.html" title="高县2026年第三季度财政收支情况(2026-09-30)">高县2026年第三...</a><span>09-30</span></li></ul>""",
        TWO,
        id="cut titles; title attributes that end with the whole date",
    ),
    pytest.param(
        """<ul><li><a href="a.html">关于开展秋季森林防火工…</a><a href="a.html" title="关于开展秋季森林防火工作的通知"><img src="x.gif"></a><span>2026-10-05</span></li>
        <li><a href="b.html">高县2026年第三季度财政收支情况</a><a href="b.html" title="点击查看"><img src="x.gif"></a><span>2026-09-30</span></li></ul>""",
        TWO,
        id="the whole title stands at another link to the same address",
    ),
    pytest.param(
        """<ul><li><a href="/zwgk/">[通知公告]</a><a href="a.html">关于开展秋季森林防火工作的通知</a><span>2026-10-05</span></li>
        <li><a href="/zwgk/">[财政信息]</a><a href="b.html">高县2026年第三季度财政收支情况</a><span>2026-09-30</span></li></ul>""",
        TWO,
        id="a column's link before the title",
    ),
    pytest.param(
        """<ul><li><a href="a.html"><script>document.write('关于开展');</script></a><a href="a.html" title="关于开展秋季森林防火工作的通知"></a><span>2026-10-05</span></li>
        <li><a href="b.html" title="高县2026年第三季度财政收支情况"><script>var t='x'; document.write(t);</script></a><span>2026-09-30</span></li></ul>""",
        TWO,
        id="titles written by script",
    ),
    pytest.param(
        """<div class="item"><h4><a href="a.html">关于开展秋季森林防火工作的通知</a></h4><p>活动时间：2023年1月2日至3日，地点：文江镇……<a href="a.html">[详情]</a></p>
        <p class="info">发布时间：2026-10-05 来源：县林业局 点击：23</p></div>
        <div class="item"><h4><a href="b.html">高县2026年第三季度财政收支情况</a></h4><p>今年以来……<a href="b.html">[详情]</a></p>
        <p class="info">发布时间：2026-09-30 来源：县财政局 点击：5</p></div>""",
        TWO,
        id="excerpts with other dates, 详情 links, a labelled date",
    ),
    pytest.param(
        """<ul><li><a href="a.html" title="标题：关于开展秋季森林防火工作的通知&#10;作者：办公室&#10;发表时间：2026-10-5">关于开展秋季...</a>(2026-10-05)</li>
        <li><a href="b.html" title="标题：高县2026年第三季度财政收支情况&#10;作者：办公室">高县2026年...</a>(2026-09-30)</li></ul>""",
        TWO,
        id="title attributes with labels",
    ),
    pytest.param(
        """<ul><li><a href="a.html">关于开展秋季森林防火工作的通知</a><span title="2026-10-05">10-05</span></li>
        <li><a href="b.html">高县2026年第三季度财政收支情况</a><time datetime="2026-09-30">09月30日</time></li></ul>""",
        TWO,
        id="attributes that state the whole date",
    ),
    pytest.param(
        """<ul><li><a href="a.html">1. 关于开展秋季森林防火工作的通知</a><span>2026-10-05</span></li>
        <li><a href="b.html">2. 高县2026年第三季度财政收支情况</a><span>2026-09-30</span></li>
        <li><a href="c.html">3. 2026年国庆假期值班安排</a><span>2026-09-29</span></li></ul>""",
        [*TWO, ("2026年国庆假期值班安排", "2026-09-29")],
        id="a numbered list; a title that begins with a year keeps it",
    ),
    pytest.param(
        """<div class="box"><ul><li><a href="a.html">关于开展秋季森林防火工作的通知</a><span>2026-10-05</span></li></ul>
        <ul><li><a href="b.html">高县2026年第三季度财政收支情况</a><span>2026-09-30</span></li></ul></div>""",
        TWO,
        id="one list in two elements",
    ),
    pytest.param(
        """<table><tr><td><a href="a.html">关于开展秋季森林防火工作的通知</a><i>2026-10-05</i></td><td><a href="b.html">高县2026年第三季度财政收支情况</a><i>2026-09-30</i></td></tr>
        <tr><td><a href="c.html">关于国庆假期安全出行的提示</a><i>2026-09-29</i></td><td><a href="d.html">县政府召开第十二次常务会议</a><i>2026-09-28</i></td></tr></table>""",
        [*TWO, ("关于国庆假期安全出行的提示", "2026-09-29"), ("县政府召开第十二次常务会议", "2026-09-28")],
        id="two rows side by side",
    ),
    pytest.param(
        """<ul><li><a href="a.html">关于开展秋季森林防火工作的通知</a><span>3小时前</span></li>
        <li><a href="b.html">高县2026年第三季度财政收支情况</a><span>昨天 18:05</span></li></ul>""",
        [("关于开展秋季森林防火工作的通知", "3小时前"), ("高县2026年第三季度财政收支情况", "昨天 18:05")],
        id="spoken dates",
    ),
    pytest.param(
        """<ul><li><a href="a.html">关于开展秋季森林防火工作的通知</a><span>2026年10月5日 09:30</span></li>
        <li><a href="b.html">高县2026年第三季度财政收支情况</a><span>2026/9/30 8:05:01</span></li></ul>""",
        [
            ("关于开展秋季森林防火工作的通知", "2026年10月5日 09:30"),
            ("高县2026年第三季度财政收支情况", "2026/9/30 8:05:01"),
        ],
        id="dates with times, as they stand",
    ),
]


@pytest.mark.parametrize(("body", "expected"), ROWS)
def test_rows(body: str, expected: list[tuple[str, str]]) -> None:
    found = read(f'<div class="main">{body}</div>')
    assert shown(found) == expected
    assert found.wire is not None
    assert found.wire.unproving == ""
    assert [each.chosen for each in found.choices] == [True]


@pytest.mark.parametrize(("body", "expected"), ROWS)
def test_the_selector_that_is_shown_chooses_the_same_rows(body: str, expected: list[tuple[str, str]]) -> None:
    own = read(f'<div class="main">{body}</div>').choices[0].item
    if own:
        assert shown(read(f'<div class="main">{body}</div>', Selectors(item=own))) == expected


def test_links_are_resolved_and_those_that_lead_nowhere_are_empty() -> None:
    found = read(
        """<ul><li><a href="../a.html">关于开展秋季森林防火工作的通知</a><span>2026-10-05</span></li>
        <li><a href="https://mp.weixin.qq.com/s/x">转载：省政府常务会议要点</a><span>2026-10-04</span></li>
        <li><a href="javascript:;">链接由脚本打开的一条通知</a><span>2026-10-03</span></li>
        <li><a href="javascript:;" onclick="window.open('/a/4.html')">在新窗口打开的一条通知</a><span>2026-10-03</span></li>
        <li><a href="#top">指向本页锚点的一条通知</a><span>2026-10-02</span></li></ul>""",
        head='<base href="http://www.gao.gov.cn/news/">',
    )
    assert found.wire is not None
    assert [each.link for each in found.wire.entries] == [
        "http://www.gao.gov.cn/a.html",
        "https://mp.weixin.qq.com/s/x",
        "",
        "http://www.gao.gov.cn/a/4.html",
        "",
    ]


def test_pinned_rows_lose_their_mark_and_keep_their_place() -> None:
    found = read(
        """<ul><li><a href="a.html">[置顶]高县12345热线使用指南</a><span>2021-10-05</span></li>
        <li><i>置顶</i><a href="b.html">【图】县领导调研秋收工作</a><span>2022-10-04</span></li>
        <li><a href="c.html">·县政府召开第十二次常务会议</a><span>2026-10-03</span></li></ul>"""
    )
    assert found.wire is not None
    assert [(each.title, each.pinned) for each in found.wire.entries] == [
        ("高县12345热线使用指南", True),
        ("县领导调研秋收工作", True),
        ("县政府召开第十二次常务会议", False),
    ]


def test_a_row_without_a_date_among_dated_ones_is_kept_undated() -> None:
    found = read(
        """<ul><li><a href="a.html">关于开展秋季森林防火工作的通知</a><span>2026-10-05</span></li>
        <li><a href="b.html">高县人民政府办公室招聘启事</a></li>
        <li><a href="c.html">高县2026年第三季度财政收支情况</a><span>2026-09-30</span></li>
        <li><a href="/zwgk/more.html">更多&gt;&gt;</a></li></ul>"""
    )
    assert shown(found) == [TWO[0], ("高县人民政府办公室招聘启事", ""), TWO[1]]


def test_the_date_of_a_row_wins_over_that_of_its_address() -> None:
    found = read(
        """<ul><li><a href="201705/t20170520_1.html">关于开展秋季森林防火工作的通知</a><span>2015-09-17</span></li>
        <li><a href="201705/t20170520_2.html">高县2014年第三季度财政收支情况</a><span>2014-09-17</span></li></ul>"""
    )
    assert found.wire is not None
    assert [each.dates for each in found.wire.entries] == [("2015-09-17", "2017-05-20"), ("2014-09-17", "2017-05-20")]
    assert found.wire.unproving == ""


def test_dates_in_addresses_are_a_last_resort_and_prove_nothing() -> None:
    rows = "".join(
        f'<li><a href="202610/t2026100{n}_{n}.html">县政府召开第{n}次常务会议</a></li>' for n in range(5, 0, -1)
    )
    found = read(f'<ul class="list">{rows}</ul>')
    assert shown(found)[0] == ("县政府召开第5次常务会议", "2026-10-05")
    assert found.wire is not None
    assert "链接地址" in found.wire.unproving


def lists(*sizes: int, tag: str = "div", names: tuple[str, ...] = ()) -> str:
    made = ""
    for number, size in enumerate(sizes):
        rows = "".join(
            f'<li><a href="/c{number}/{n}.html">第{number}栏目的第{n}条工作信息</a><span>2026-10-{20 - n:02}</span></li>'
            for n in range(size)
        )
        heading = names[number] if names else f"栏目{number}"
        made += f'<{tag} class="box"><h2>{heading}</h2><a href="/c{number}/">更多</a><ul>{rows}</ul></{tag}>'
    return made


def test_of_several_equal_lists_the_first_is_read_and_proves_nothing() -> None:
    found = read(lists(6, 6, 5, names=("政务要闻", "通知公告", "图片新闻")))
    assert found.wire is not None
    assert [each.heading for each in found.choices] == ["政务要闻", "通知公告", "图片新闻"]
    assert [each.chosen for each in found.choices] == [True, False, False]
    assert found.wire.unproving == "页面有3个列表，未指定读取哪一个，现按“政务要闻”读取"
    assert [each.rows for each in found.choices] == [6, 6, 5]


def test_a_list_that_is_chosen_by_its_number_proves() -> None:
    found = read(lists(6, 6, 5), Selectors(choice=2))
    assert shown(found)[0][0] == "第1栏目的第0条工作信息"
    assert found.wire is not None
    assert found.wire.unproving == ""


def test_a_number_that_no_list_has_is_named() -> None:
    found = read(lists(6, 6), Selectors(choice=3))
    assert found.wire is None
    assert found.reason == "choice为3，但页面只有2个列表"
    assert len(found.choices) == 2


def test_a_list_at_the_side_does_not_hinder_the_main_one() -> None:
    found = read(lists(8, 12, 3, names=("通知公告", "热门文章", "相关推荐")))
    assert shown(found)[0][0] == "第0栏目的第0条工作信息"
    assert found.wire is not None
    assert found.wire.unproving == ""


def test_tabs_are_lists_of_their_own_with_their_own_names() -> None:
    rows = [
        "".join(f'<li><a href="/{c}/{n}.html">{c}栏目的第{n}条工作信息</a><i>10-{20 - n:02}</i></li>' for n in range(5))
        for c in ("yw", "gg")
    ]
    found = read(
        f'<div class="tab"><h3><a href="/yw/">要闻</a><a href="/gg/">公告</a></h3><ul>{rows[0]}</ul><ul>{rows[1]}</ul></div>'
    )
    assert [(each.heading, each.rows) for each in found.choices] == [("要闻", 5), ("公告", 5)]


def test_a_single_row_is_a_list() -> None:
    found = read(
        '<div class="list"><ul><li><a href="a.html">高县2026年预算公开</a><span>2026-02-01</span></li></ul></div>'
    )
    assert shown(found) == [("高县2026年预算公开", "2026-02-01")]


ARTICLE = (
    "<h1>高县召开秋季森林防火工作会议</h1><div class='info'>发布时间：2026-10-05 09:30 来源：县林业局 <a href='#'>打印</a></div>"
    + "<p>10月5日，高县召开秋季森林防火工作会议，县委常委、副县长出席会议并讲话，各镇和县级有关部门主要负责人参加会议。</p>"
    * 6
    + "<p>附件：<a href='f.doc'>会议材料汇编</a></p><p>上一篇：<a href='z.html'>县政府召开第十二次常务会议</a> 2026-10-04</p>"
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(ARTICLE, "页面是一篇文章，不是信息列表", id="an article"),
        pytest.param(
            f"{ARTICLE}<div class='related'><h3>相关阅读</h3>{lists(5)}</div>",
            "页面是一篇文章，不是信息列表",
            id="an article with related ones",
        ),
        pytest.param(
            '<div class="menu"><ul><li><a href="/2026/">工作专栏</a><i>2026-10-01</i></li></ul></div>',
            "页面上只有不带日期的链接，没有找到带有发布日期的信息列表",
            id="a menu with a date",
        ),
        pytest.param("<ul></ul>", "页面上只有不带日期的链接，没有找到带有发布日期的信息列表", id="an empty column"),
        pytest.param("<p>共0条记录</p>", "页面上没有信息（页面显示“共0条”）", id="a column that says that it is empty"),
        pytest.param(
            '<div id="app"></div><script src="app.js"></script>',
            "页面的信息列表由脚本生成，网页中没有可以直接读取的条目",
            id="a list that a script fetches",
        ),
    ],
)
def test_pages_without_a_list_say_why(body: str, reason: str) -> None:
    found = read(body)
    assert found.wire is None
    assert found.reason == reason


def test_a_page_of_nothing_but_script_says_so() -> None:
    found = read_list(
        "<html><head><script src='/a.js'></script></head><body><div></div></body></html>", URL, NO_SELECTORS
    )
    assert found.wire is None
    assert found.reason == "页面内容由脚本生成，没有可以直接读取的信息列表"


def test_data_that_a_script_draws_is_read_and_proves_nothing() -> None:
    data = [
        {"title": f"县政府召开第{n}次常务会议", "url": f"/a/{n}.html", "pubDate": f"2026-10-0{n}"} for n in (5, 4, 3)
    ]
    found = read(f'<ul id="list"></ul><script>var rows = {{"list": {json.dumps(data, ensure_ascii=False)}}};</script>')
    assert shown(found)[0] == ("县政府召开第5次常务会议", "2026-10-05")
    assert found.wire is not None
    assert found.wire.entries[0].link == "http://www.gao.gov.cn/a/5.html"
    assert "脚本" in found.wire.unproving


NEXT = [
    pytest.param('<a href="index_2.html">下一页</a>', f"{HERE}index_2.html", id="a link"),
    pytest.param('<a href="?page=2">下页 &gt;</a>', f"{HERE}index.html?page=2", id="a query"),
    pytest.param('<script>createPageHTML(4, 0, "index", "html");</script>', f"{HERE}index_1.html", id="TRS"),
    pytest.param(
        "<script>createPageHTML('page', 9, 0, 'index', 'html', 180);</script>",
        f"{HERE}index_1.html",
        id="TRS with a place",
    ),
    pytest.param('<script>createPageHTML(1, 0, "index", "html");</script>', "", id="TRS, the only page"),
    pytest.param(
        '<script>//createPageHTML(4, 0, "index", "html");\n</script>', "", id="a script that is commented out"
    ),
    pytest.param(
        """<a href="#" onclick="location.href=encodeURI('index_2.jhtml');">下一页</a>""",
        f"{HERE}index_2.jhtml",
        id="onclick",
    ),
    pytest.param(
        """<a href="javascript:goPage('/zwgk/tzgg/list_2.html')">下一页</a>""",
        f"{HERE}list_2.html",
        id="a script with an address",
    ),
    pytest.param("""<a href="javascript:goPage(2)">下一页</a>""", "", id="a script with a number: cannot be told"),
    pytest.param('<a href="index.html">下一页</a>', "", id="the same page"),
    pytest.param('<a href="/zwgk/tzgg/">下一页</a>', "", id="the same page by its folder"),
    pytest.param('<a href="http://other.cn/2.html">下一页</a>', "", id="another host"),
    pytest.param(
        '<span class="current">1</span><a href="p2.html">2</a><a href="p3.html">3</a>', f"{HERE}p2.html", id="numbers"
    ),
    pytest.param(
        '<a class="on" href="index.html">1</a><a href="p2.html">2</a>',
        f"{HERE}p2.html",
        id="numbers, all of them links",
    ),
    pytest.param("<a disabled>上一页</a><a>下一页</a>", "", id="the last page"),
]


@pytest.mark.parametrize(("pager", "expected"), NEXT)
def test_next_page(pager: str, expected: str) -> None:
    found = read(f'{lists(5)}<div class="page">{pager}</div>')
    assert found.wire is not None
    assert found.wire.next_page == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            '<meta http-equiv="refresh" content="0;url=./tzgg/">', "http://www.gao.gov.cn/zwgk/tzgg/tzgg/", id="meta"
        ),
        pytest.param(
            '<meta http-equiv="Refresh" content="0; URL=\'/gk/\'">', "http://www.gao.gov.cn/gk/", id="meta, quoted"
        ),
        pytest.param('<meta http-equiv="refresh" content="600">', "", id="a page that renews itself"),
        pytest.param(
            "<script>window.location.href='/gk/index.html';</script>",
            "http://www.gao.gov.cn/gk/index.html",
            id="script",
        ),
        pytest.param('<script>location.replace("/gk/")</script>', "http://www.gao.gov.cn/gk/", id="replace"),
        pytest.param(
            "<script>if(/Android/.test(navigator.userAgent)){window.location.href='/m/';}</script>",
            "",
            id="for telephones only",
        ),
        pytest.param("<script>function s(){ location.href='/search?q='+k; }</script>", "", id="a function"),
    ],
)
def test_refreshing_roots(text: str, expected: str) -> None:
    found = read_list(f"<html><head>{text}</head><body></body></html>", URL, NO_SELECTORS)
    assert found.refresh_url == expected
    assert found.wire is None


SELECTED = """<div class="a"><p class="row"><b class="t">标题甲之一</b><a href="a1.html">查看</a><u>05/10 2026</u></p>
<p class="row"><b class="t">标题甲之二</b><a href="a2.html">查看</a><u>04/10 2026</u></p></div>"""


@pytest.mark.parametrize(
    "selectors",
    [
        pytest.param(Selectors(item="p.row", title="b.t", link="a", date="u"), id="CSS"),
        pytest.param(Selectors(item="//p[@class='row']", title="./b", link="./a/@href", date="./u/text()"), id="XPath"),
        pytest.param(
            Selectors(item="div.a > p", title="//b", link="//a", date="//u"),
            id="XPath from the root means from the row",
        ),
    ],
)
def test_selectors_do_as_told(selectors: Selectors) -> None:
    found = read(SELECTED, selectors)
    assert found.wire is not None
    assert [(each.title, each.link, each.dates) for each in found.wire.entries] == [
        ("标题甲之一", f"{HERE}a1.html", ("05/10 2026",)),
        ("标题甲之二", f"{HERE}a2.html", ("04/10 2026",)),
    ]
    assert found.wire.unproving == ""


@pytest.mark.parametrize(
    ("selectors", "reason"),
    [
        pytest.param(Selectors(item="ul.none > li"), "item的选择器“ul.none > li”在页面中没有找到任何一行", id="no row"),
        pytest.param(
            Selectors(item="p.row", date="em"), "date的选择器“em”在item找到的2行中都没有找到内容", id="no date"
        ),
        pytest.param(
            Selectors(item="p.row", title="h9"), "title的选择器“h9”在item找到的2行中都没有找到内容", id="no title"
        ),
        pytest.param(Selectors(item="p..row"), "item的选择器“p..row”不是有效的CSS或XPath选择器", id="no CSS"),
        pytest.param(
            Selectors(item="p.row", link="//a["), "link的选择器“//a[”不是有效的CSS或XPath选择器", id="no XPath"
        ),
    ],
)
def test_selectors_that_find_nothing_are_named(selectors: Selectors, reason: str) -> None:
    found = read(SELECTED, selectors)
    assert found.wire is None
    assert found.reason.startswith(reason)


def test_selectors_for_parts_apply_to_the_list_that_is_found() -> None:
    body = "".join(
        f'<li><a href="{n}.html">第{n}条工作信息的标题</a><span>2026-01-0{n}</span><em>2026-10-0{n}</em></li>'
        for n in (3, 2, 1)
    )
    assert shown(read(f"<ul>{body}</ul>", Selectors(date="em")))[0] == ("第3条工作信息的标题", "2026-10-03")


def test_check_selector() -> None:
    assert check_selector("ul.list > li:nth-child(2)") == ""
    assert check_selector("//ul[@id='x']/li") == ""
    assert "不是有效的CSS或XPath选择器" in check_selector("ul[")


@given(st.text(alphabet="<>/=\"' aulidvt20-1:下页更多\n", max_size=300))
def test_never_raises(text: str) -> None:
    found = read_list(text, URL, NO_SELECTORS)
    assert (found.wire is None) == bool(found.reason)


def test_a_very_long_list_is_read_whole() -> None:
    rows = "".join(
        f'<tr><td><a href="{n}.html">第{n}条工作信息的标题</a></td><td>2026-10-05</td></tr>' for n in range(10_000)
    )
    found = read(f"<table>{rows}</table>")
    assert found.wire is not None
    assert len(found.wire.entries) == 10_000


def test_real_pages(shared_data: Path) -> None:
    """Precision and recall of (title, date) over pages that were read by hand."""
    scored = score(shared_data / "dev")
    assert scored.pages >= 120
    assert scored.precision >= 0.97, scored.wrong[:10]
    assert scored.recall >= 0.97, scored.missed[:10]
    assert scored.next_pages >= 0.97
