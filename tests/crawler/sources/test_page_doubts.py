"""Pages on which something newer or other may stand than the list that was read: their posts are known, silence is not."""

import pytest

from crawler.sources.page import read_list
from monitor.visits import NO_SELECTORS, Selectors
from tests.crawler.sources.listed import OTHERS, POSTS, URL, posts, read, rows, shown, whole

ROW = '<li><a href="$n.html">$t</a><span>$date</span></li>'
MAIN = f'<ul class="xw">{rows(ROW)}</ul>'
OLDER = posts(
    ("全县春耕备耕物资储备充足", "2026-04-20"),
    ("县医院开展春季义诊活动", "2026-04-17"),
    ("文江镇：春茶开采", "2026-04-12"),
)
ASIDE = '<li><a href="/o/$n.html">$t</a><span>$date</span></li>'
SCRIPT = "<script>$.getJSON('/api/list', function (data) { draw(data); });</script>"
NEW = "县委召开全会部署明年工作"


def site(body: str, title: str = "高县人民政府") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body><div class='wrap'>{body}</div></body></html>"


def doubt(body: str, title: str = "高县人民政府", selectors: Selectors = NO_SELECTORS) -> str:
    found = read_list(site(body, title), URL, selectors)
    assert found.wire is not None
    return found.wire.unproving


def without_days(count: int) -> str:
    return "".join(f'<li><a href="u{n}.html">没有写明日期的第{n}条工作动态</a></li>' for n in range(count))


NO_COLUMN = [
    pytest.param(
        '<p><a href="http://new.gov.cn/">本网站已迁移至新网站</a></p>', "本网站已迁移", id="a link to the new site"
    ),
    pytest.param("<h1>404</h1><p>抱歉，您访问的页面不存在</p>", "页面不存在", id="not found"),
    pytest.param("<p>本栏目已迁移，请访问新栏目</p>", "栏目已迁移", id="a column that moved"),
    pytest.param("<h2>系统维护中</h2><p>请稍后访问。</p>", "系统维护中", id="maintenance"),
    pytest.param("<h2>请先登录</h2>", "请先登录", id="a login"),
    pytest.param("<div class='main'><h2>工作动态</h2><p>暂无数据</p></div>", "暂无数据", id="nothing there"),
    pytest.param("<div class='main'><p>抱歉，没有找到相关内容！</p></div>", "没有找到相关内容", id="nothing found"),
    pytest.param("<h2>工作动态</h2><div>正在加载，请稍候…</div>", "正在加载", id="still loading"),
]


@pytest.mark.parametrize(("before", "word"), NO_COLUMN)
def test_a_list_beside_a_notice_proves_nothing(before: str, word: str) -> None:
    assert word in doubt(f'{before}<div class="r"><h3>通知</h3>{MAIN}</div>')


def test_a_page_whose_title_speaks_of_maintenance_proves_nothing() -> None:
    assert "系统维护" in doubt(MAIN, title="系统维护公告")


DRAWN = [
    pytest.param(
        '<div id="listBox"><img src="/img/loading.gif"></div><script src="/a.js"></script>',
        "div#listBox",
        id="a picture of loading",
    ),
    pytest.param('<news-list></news-list><script src="/a.js"></script>', "news-list", id="an element of a script"),
    pytest.param('<ul class="n"><li><a>{{item.title}}</a></li></ul>', "模板", id="a template that a script fills"),
    pytest.param('<iframe src="/zwdt/list.html"></iframe>', "/zwdt/list.html", id="a frame with a list"),
    pytest.param(f'<h2>工作动态</h2><ul id="newsList"></ul>{SCRIPT}', "ul#newsList", id="an empty list"),
    pytest.param(f'<h2>工作动态</h2><ul id="u1"></ul>{SCRIPT}', "ul#u1", id="an empty list with any name"),
    pytest.param(f'<table><tbody class="data"></tbody></table>{SCRIPT}', ".data", id="an empty table"),
    pytest.param('<div id="app"></div><script src="/app.js"></script>', "div#app", id="an application"),
    pytest.param(
        '<div id="app"><div id="list"></div></div><script src="/app.js"></script>',
        "div#app",
        id="an application's list",
    ),
    pytest.param('<h2>工作动态</h2><div><iframe src="/inner.html"></iframe></div>', "/inner.html", id="a frame"),
]


@pytest.mark.parametrize(("before", "named"), DRAWN)
def test_a_list_beside_one_that_a_script_or_frame_draws_proves_nothing(before: str, named: str) -> None:
    assert named in doubt(f'{before}<div class="r"><h3>通知</h3>{MAIN}</div>')


def test_a_tab_that_a_script_fills_and_a_list_that_is_hidden_prove_nothing() -> None:
    assert "空的列表" in doubt(f'<div class="c1"></div><div class="c2">{MAIN}</div><script>loadTab(1)</script>')
    assert "隐藏" in doubt(f'<div style="display: none">{MAIN}</div>')


PLAIN = [
    pytest.param('<script src="/jquery.js"></script><div class="clear"></div>', id="a script and a spacer"),
    pytest.param(f'<div class="scroll"><div id="List1"></div></div>{SCRIPT}', id="pictures that run along"),
    pytest.param(f'<div class="footer"><ul id="links"></ul></div>{SCRIPT}', id="an empty list in the footer"),
    pytest.param('<ul id="newsList"></ul>', id="an empty list that nothing fills"),
    pytest.param('<p>x</p><iframe src="/count.html" width="0" height="0"></iframe>', id="a counter"),
    pytest.param('<p>x</p><iframe src="/share.html"></iframe>', id="a frame to share with"),
    pytest.param('<div class="side"><h3>评论</h3><p>暂无数据</p></div>', id="no comments at the side"),
    pytest.param('<div>今天是2026年11月22日 <a href="/x">欢迎访问高县人民政府网站</a></div>', id="a clock"),
    pytest.param(f'<div class="r"><h3>通知公告</h3><ul>{rows(ASIDE, OLDER)}</ul></div>', id="an older list"),
    pytest.param("<template><p>2026-11-21</p></template>", id="a template without links"),
]


@pytest.mark.parametrize("beside", PLAIN)
def test_what_says_nothing_of_the_list_leaves_its_proof(beside: str) -> None:
    found = read(site(f"{MAIN}{beside}"))
    assert shown(found) == whole()
    assert found.wire is not None
    assert not found.wire.unproving


DATA = '{"list":[' + ",".join(f'{{"title":"脚本里的信息{n}","date":"2026-11-2{n}"}}' for n in range(3)) + "]}"
NEWER = [
    pytest.param(
        f'<div class="top"><h1><a href="/a/new.html">{NEW}</a></h1><p>上午，县委召开会议……<span>2026-11-20</span></p></div>',
        "1条日期更新的信息",
        id="a headline",
    ),
    pytest.param(
        f'<div class="d"><h4>2026-11-21</h4><p><a href="/a/n.html">{NEW}</a></p></div><p>简介</p>',
        "1条日期更新的信息",
        id="a heading of a day",
    ),
    pytest.param(
        f'<div><h2>部门动态</h2><ul class="bm">{rows(ASIDE, OTHERS[:2])}</ul></div>', "“部门动态”", id="a short list"
    ),
    pytest.param(
        f'<div><h2>推荐阅读</h2><ul class="tj">{rows(ASIDE, OTHERS)}</ul></div>', "“推荐阅读”", id="recommendations"
    ),
    pytest.param(
        f'<div class="slide"><a href="99.html"><img src="1.jpg"><p>{NEW}</p></a></div><p>x</p>',
        "头条、轮播图",
        id="a slide",
    ),
    pytest.param(f"<template>{rows(ASIDE, OTHERS)}</template>", "由脚本显示", id="a template"),
    pytest.param(f"<script>var d = {DATA}</script>", "由脚本显示", id="data of a script"),
]


@pytest.mark.parametrize(("beside", "word"), NEWER)
def test_a_list_beside_something_newer_proves_nothing(beside: str, word: str) -> None:
    body = f'{beside}<div class="r"><h2>工作动态</h2>{MAIN}</div>'
    assert word in doubt(body)


def test_days_without_a_year_are_compared_too() -> None:
    main = f"<ul>{rows(ROW.replace('$date', '$m-$d'), POSTS[:9])}</ul>"
    box = f'<div class="b"><p><a href="/z.html">{NEW}</a> <span>11-21</span></p></div><p>x</p>'
    assert "1条日期更新的信息" in doubt(f"{box}<div>{main}</div>")
    assert not doubt(f"{box.replace('11-21', '10-01')}<div>{main}</div>")


def test_a_later_day_in_the_address_of_a_post_beside_the_list_is_a_sign() -> None:
    main = f"<ul>{rows(ROW.replace('$n.html', 't$y$m$d.html'))}</ul>"
    for day, doubted in (("20261121", True), ("20261001", False)):
        lead = f'<div class="one"><a href="t{day}.html">{NEW}</a></div><p>x</p>'
        assert bool(doubt(f"{lead}<div>{main}</div>")) == doubted


def test_recommendations_beside_the_list_that_the_title_names_do_not_matter() -> None:
    hot = f'<div><h2>热门文章</h2><ul class="tj">{rows(ASIDE, OTHERS)}</ul></div>'
    body = f'{hot}<div class="r"><h2>工作动态</h2>{MAIN}</div>'
    assert not doubt(body, title="工作动态_高县人民政府")
    assert "热门文章" in doubt(body)


def test_a_list_as_large_as_the_one_read_is_its_rival_whatever_it_is_called() -> None:
    small = f'<div class="zt"><h2>专题专栏</h2><ul class="zt">{rows(ROW, POSTS[:4])}</ul></div>'
    large = f'<div><h2>最新发布</h2><ul class="a">{rows(ASIDE, OLDER * 3)}</ul></div>'
    assert "“最新发布”" in doubt(large + small)


def test_the_day_of_the_page_is_no_post_above_the_list() -> None:
    found = read(
        site(f'<div class="top"><span>2026年11月22日</span><a href="/x">欢迎访问高县人民政府网站</a></div>{MAIN}')
    )
    assert shown(found) == whole()


ROWS = [
    pytest.param(f"<ul>{without_days(8)}{rows(ROW, POSTS[:3])}</ul>", "另有8行没有日期", id="more rows without days"),
    pytest.param(
        f'<ul><li><a href="/a.html">县领导调研多个部门工作情况综述</a> {"".join(f"<a href=/b{n}.html>县直部门情况{n}</a>" for n in range(3))}</li>{rows(ROW)}</ul>',
        "另有1行没有日期",
        id="a row of many links",
    ),
    pytest.param(
        f"<ul>{rows(ROW.replace('$date', '施行日期：$date'))}</ul>", "没有写明发布日期", id="days of coming into force"
    ),
    pytest.param(
        f"<table><tr><th>标题</th><th>成文日期</th></tr>{rows('<tr><td><a href=$n.html>$t</a></td><td>$date</td></tr>')}</table>",
        "没有写明发布日期",
        id="days of writing in a table",
    ),
]


@pytest.mark.parametrize(("body", "word"), ROWS)
def test_rows_without_a_day_of_publication_prove_nothing(body: str, word: str) -> None:
    assert word in doubt(body)


@pytest.mark.parametrize(
    "last",
    [
        pytest.param('<li><a href="z.html">高县烟花爆竹燃放管理办法（2019-05-01）</a></li>', id="a day in the title"),
        pytest.param(
            '<li><a href="z.html">高县烟花爆竹燃放管理办法</a><em>施行日期：2019-05-01</em></li>', id="a labelled day"
        ),
    ],
)
def test_the_day_of_something_else_is_no_day_of_publication(last: str) -> None:
    found = read(site(f"<ul>{rows(ROW)}{last}</ul>"))
    assert found.wire is not None
    assert len(found.wire.entries) == len(POSTS) + 1
    assert found.wire.entries[-1].title.startswith("高县烟花爆竹燃放管理办法")
    assert not found.wire.entries[-1].dates


def test_a_time_limit_at_the_end_of_a_title_is_no_day() -> None:
    body = "".join(f'<li><a href="{n}.html">第{n}号公告关于有关事项（截止2026-09-1{n}）</a></li>' for n in range(8))
    assert read(site(f"<ul>{body}</ul>")).wire is None


@pytest.mark.parametrize("title", ["分享丰收喜悦", "返回乡村创业", "收藏高县美景", "打印", "搜索", "火"])
def test_titles_that_are_called_like_links_beside_posts_are_read(title: str) -> None:
    found = read(site(f'<ul><li><a href="n.html">{title}</a><span>2026-11-21</span></li>{rows(ROW)}</ul>'))
    assert found.wire is not None
    assert (found.wire.entries[0].title, found.wire.entries[0].dates[0]) == (title, "2026-11-21")
    assert not found.wire.unproving


@pytest.mark.parametrize("title", ["更多", "下一页", "查看"])
def test_rows_that_may_be_no_posts_are_not_dropped_silently(title: str) -> None:
    body = f'<ul><li><a href="n.html">{title}</a><span>2026-11-21</span></li>{rows(ROW)}</ul>'
    assert "有1行像是信息" in doubt(body)


def test_a_choice_by_place_proves_nothing_once_the_lists_may_have_moved() -> None:
    first, second = (
        f'<div><h2>{name}</h2><ul class="{name}">{rows(ASIDE, some)}</ul></div>'
        for name, some in (("图片新闻", OTHERS), ("工作动态", POSTS))
    )
    chosen = Selectors(choice=2)
    assert not doubt(first + second, "高县人民政府 工作动态", chosen)
    empty = '<div><h2>图片新闻</h2><ul class="p"></ul></div>'
    third = f'<div><h2>公告</h2><ul class="g">{rows(ASIDE, OLDER)}</ul></div>'
    assert "choice" in doubt(empty + second + third, "高县人民政府", chosen)
    assert "“工作动态”" in doubt(third + first + second, "高县人民政府 工作动态", chosen)
