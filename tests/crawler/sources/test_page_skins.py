"""Further skins: Bootstrap, Layui, Element, school and hospital sites, county media, each with its own oddities."""

import pytest

from tests.crawler.sources.listed import HOST, OTHERS, POSTS, THIS_YEAR, read, rows, short, shown, whole


def site(body: str) -> str:
    return f"""<!DOCTYPE html><html><head><title>校园新闻-高县第一中学</title></head><body><header><a class="logo" href="/"><img src="logo.png" alt="高县第一中学"></a><nav><ul><li><a href="/">网站首页</a></li><li><a href="/xygk/">校园概况</a></li></ul></nav></header>
{body}<footer><div>地址：高县文江镇 电话：0831-5412345 邮编：645150</div><div>Copyright © 2020-2026 高县第一中学 版权所有</div></footer></body></html>"""


SKINS = [
    pytest.param(
        '<div class="media"><div class="media-left"><a href="$n.html"><img src="$n.jpg"></a></div><div class="media-body"><h4 class="media-heading"><a href="$n.html">$t</a></h4><p>　　10月20日，学校……</p><ul class="list-inline"><li><span class="glyphicon glyphicon-time"></span> $date</li><li>阅读(12$n)</li></ul></div></div>',
        whole(),
        id="Bootstrap media with a list of facts in each row",
    ),
    pytest.param(
        '<div class="layui-row item"><div class="layui-col-xs9"><a href="$n.html" class="layui-elip">$t</a></div><div class="layui-col-xs3 layui-word-aux">$date</div></div>',
        whole(),
        id="Layui",
    ),
    pytest.param(
        '<div class="el-row"><div class="el-col"><a href="$n.html"><span class="dot"></span>$t</a></div><div class="el-col"><span>阅读量：1$n</span></div><div class="el-col"><span>$date</span></div></div>',
        whole(),
        id="Element",
    ),
    pytest.param(
        '<li class="n$n"><a href="$n.html" title="$t"><span class="news_title">$cut</span><span class="news_meta">$date</span></a></li>',
        whole(),
        id="webplus: title and meta in the link",
    ),
    pytest.param(
        '<li class="news n$n clearfix"><span class="news_title"><a href="/$y/$m$d/c1234a$i/page.htm" target="_blank" title="$t">$cut</a></span><span class="news_meta">$date</span></li>',
        whole(link=f"{HOST}/$y/$m$d/c1234a$i/page.htm"),
        id="webplus list",
    ),
    pytest.param(
        '<div class="news_box"><div class="news_days">$d</div><div class="news_year">$y.$m</div><div class="news_title"><a href="$n.html">$t</a></div><div class="news_text"><a href="$n.html">11月5日，学校组织……</a></div></div>',
        whole(),
        id="day, year and month, title and linked text as blocks",
    ),
    pytest.param(
        '<li><a href="$n.html"><div class="pic"><img src="$n.jpg" alt="$t"></div><div class="con"><p class="p1">$t</p><p class="p2">据悉，2026年1月1日以来，我县各级各部门……</p><p class="p3"><span>发布日期：$date</span><span>来源：县教育局</span></p></div></a></li>',
        whole(),
        id="picture, title, text and day in the link",
    ),
    pytest.param(
        '<tr class="odd"><td class="num">$n.</td><td><a href="view.php?id=$n">$t</a> <img src="/images/hot.gif"></td><td>管理员</td><td>$y-$m1-$d1 8:05</td></tr>',
        whole(link="view.php?id=$n"),
        id="numbers, author, hour of one figure",
    ),
    pytest.param(
        '<li><span class="time">[$m/$d]</span><a href="$n.html">$t</a></li>', None, id="month/day in brackets"
    ),
    pytest.param('<li><i>$m月${d}日</i><a href="$n.html">$t</a></li>', None, id="month and day in Chinese"),
    pytest.param(
        '<li><a href="$n.html">$t</a><span class="date"><b>$y</b>-<b>$m</b>-<b>$d</b></span></li>',
        whole(),
        id="three elements and dashes",
    ),
    pytest.param('<li><a href="$n.html"><b>$t</b><u>$date $n:30:00</u></a></li>', whole(), id="hours of one figure"),
    pytest.param(
        '<li><span>$date</span>&nbsp;|&nbsp;<span>【县教育局】</span>&nbsp;<a href="$n.html">$t</a></li>',
        whole(),
        id="date, office, title",
    ),
    pytest.param(
        '<li><a href="$n.html">$t</a><span>$date&nbsp;&nbsp;&nbsp;</span><span>点击：<script src="count.php?id=$n"></script>次</span></li>',
        whole(),
        id="a counter written by script",
    ),
    pytest.param(
        '<li><a href="$n.html">$t<span style="float:right">$date</span></a></li>',
        whole(),
        id="the date in the link, floating",
    ),
    pytest.param(
        '<li><a href="$n.html">$t<br><small>$date | 县教育局 | 阅读 12</small></a></li>',
        whole(),
        id="a line of facts in the link",
    ),
    pytest.param(
        '<li><a href="$n.html">$t</a>&nbsp;<em>发布时间： $date</em>&nbsp;<em>有效期至：2027-01-01</em></li>',
        whole(),
        id="published and valid until",
    ),
    pytest.param(
        '<li><a href="$n.html">$t</a><span>2026年度</span><span>$date</span></li>', whole(), id="a year beside the day"
    ),
    pytest.param(
        '<li><a href="$n.html">$t</a><span class="wh">高教发〔2026〕12号</span><span>$date</span></li>',
        whole(),
        id="a document number",
    ),
    pytest.param(
        '<div class="li"><a class="a1" href="$n.html">$t</a><div class="fr"><a class="b1" href="/u/1">宣传部</a> 发布于 $date</div></div>',
        whole(),
        id="发布于",
    ),
    pytest.param(
        '<section><time>$y/$m/$d</time><h3><a href="$n.html">$t</a></h3><p>11月1日起……</p></section>',
        whole(),
        id="sections",
    ),
    pytest.param(
        '<div><p><a href="$n.html">$t</a></p><p align="right">$date</p></div>', whole(), id="paragraphs in pairs"
    ),
    pytest.param('<p><a href="$n.html">$t</a></p><p align="right">$date</p>', whole(), id="paragraphs in turns"),
    pytest.param(
        '<div class="a"><a href="$n.html">$t</a></div><div class="b">$date</div><div class="clear"></div>',
        whole(),
        id="blocks in turns",
    ),
    pytest.param(
        '<li><a href="$n.html">$t</a><span class="num">2026</span><span>$m-$d</span></li>',
        None,
        id="a year of its own before month and day",
    ),
]


@pytest.mark.parametrize(("template", "expected"), SKINS)
def test_skins(template: str, expected: list[tuple[str, str, str]] | None) -> None:
    chosen = POSTS if expected is not None else THIS_YEAR
    made = rows(template, chosen)
    tag = "table" if template.startswith("<tr") else "div" if not template.startswith("<li") else "ul"
    side = f'<div class="side"><h4>通知公告</h4><ul>{rows("<li><a href=/o/$n.html>$t</a></li>", OTHERS)}</ul></div>'
    found = read(site(f'{side}<div class="main"><h2>校园新闻</h2><{tag} class="list">{made}</{tag}></div>'))
    got = shown(found)
    assert [(title, day[-5:] if expected is None else day, link) for title, day, link in got] == (expected or short())
    assert found.wire is not None
    assert not found.wire.unproving
