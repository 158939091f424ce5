"""Titles whole and links right: cut titles, two links to a row, links that scripts open, marks beside titles."""

import pytest

from tests.crawler.sources.listed import POSTS, read, rows, shown, whole


def listed(template: str, chosen: object = POSTS) -> str:
    made = rows(template, chosen)  # type: ignore[arg-type]
    return f'<html><head><title>要闻</title></head><body><div class="nav"><a href="/">首页</a><a href="/gk/">信息公开</a></div><ul class="list">{made}</ul></body></html>'


TITLES = [
    pytest.param('<li><a href="$n.html" title="$t">$cut</a><span>$date</span></li>', "$n.html", id="title attribute"),
    pytest.param('<li title="$t"><a href="$n.html">$cut</a><span>$date</span></li>', "$n.html", id="title of the row"),
    pytest.param('<li><a href="$n.html" alt="$t">$cut</a><span>$date</span></li>', "$n.html", id="alt of the link"),
    pytest.param('<li><a href="$n.html" data-title="$t">$cut</a><span>$date</span></li>', "$n.html", id="data-title"),
    pytest.param('<li><a href="$n.html" aria-label="$t">$cut</a><span>$date</span></li>', "$n.html", id="aria-label"),
    pytest.param(
        '<li><a href="$n.html" onmouseover="showtip(\'$t\')" onmouseout="hidetip()">$cut</a><span>$date</span></li>',
        "$n.html",
        id="onmouseover",
    ),
    pytest.param(
        '<li><a href="$n.html"><span title="$t">$cut</span></a><span>$date</span></li>',
        "$n.html",
        id="title of an element in the link",
    ),
    pytest.param(
        '<li><a href="$n.html"><img src="$n.jpg" alt="$t"></a><a href="$n.html">$cut</a><span>$date</span></li>',
        "$n.html",
        id="alt of the picture",
    ),
    pytest.param(
        '<li><a class="lm" href="/gk/">【通知公告】</a><a href="$n.html" title="$t">$cut</a><span>$date</span></li>',
        "$n.html",
        id="a column in brackets first",
    ),
    pytest.param(
        '<li><a class="lm" href="/gk/">通知公告</a>|<a href="$n.html">$t</a><span>$date</span></li>',
        "$n.html",
        id="a column first",
    ),
    pytest.param(
        '<li><a href="$n.html">$t</a><a class="org" href="/org/1/">县住房和城乡建设局办公室</a><span>$date</span></li>',
        "$n.html",
        id="an office behind",
    ),
    pytest.param(
        '<li><a href="javascript:void(0)" onclick="window.open(\'$n.html\')">$t</a><span>$date</span></li>',
        "$n.html",
        id="opened by script",
    ),
    pytest.param(
        "<li><a href=\"javascript:;\" onclick=\"window.open('$n.html','_blank','width=800')\" title=\"$t\">$cut</a><span>$date</span></li>",
        "$n.html",
        id="opened by script with options",
    ),
    pytest.param(
        '<li><a href="#" onclick="open(\'$n.html\');return false;">$t</a><span>$date</span></li>',
        "$n.html",
        id="an anchor with a script",
    ),
    pytest.param(
        '<li><a href="$n.html">$t</a><font color="red">[图]</font><span>$date</span></li>',
        "$n.html",
        id="a mark behind",
    ),
    pytest.param(
        '<li><a href="$n.html"><em class="tag">视频</em>$t</a><span>$date</span></li>',
        "$n.html",
        id="a tag in the link",
    ),
    pytest.param('<li><i class="zd">置顶</i><a href="$n.html">$t</a><span>$date</span></li>', "$n.html", id="pinned"),
    pytest.param(
        '<li><a href="$n.html"><font color="#ff0000"><b>$t</b></font></a><span>$date</span></li>',
        "$n.html",
        id="coloured",
    ),
    pytest.param(
        '<li><a href="$n.html">$t</a><p><a href="$n.html">　　近日，县委、县政府组织有关部门深入各乡镇开展工作，进一步推动重点任务落实，取得明显成效，受到群众一致好评……</a></p><span>$date</span><a href="$n.html" class="more">查看详细&gt;&gt;</a></li>',
        "$n.html",
        id="the excerpt is a link too",
    ),
    pytest.param(
        '<li><h3>$t</h3><p>近日，县委、县政府组织有关部门深入各乡镇开展工作。</p><span>$date</span><a href="$n.html">查看详情</a></li>',
        "$n.html",
        id="only 查看详情 is a link",
    ),
    pytest.param(
        '<li><a href="$n.html">$t</a><span>$date</span><a href="$n.pdf">下载</a><a href="/ask?id=$n">我要咨询</a></li>',
        "$n.html",
        id="download and question links",
    ),
    pytest.param(
        '<li><a href="$n.html">$t</a><span>$date</span><div class="zcjd">相关解读：<a href="jd$n.html">一图读懂</a> <a href="sp$n.html">视频解读</a></div></li>',
        "$n.html",
        id="links to explanations",
    ),
    pytest.param(
        '<li><a href="https://mp.weixin.qq.com/s/abc$n" target="_blank">$t</a><span>$date</span></li>',
        "https://mp.weixin.qq.com/s/abc$n",
        id="links to WeChat",
    ),
    pytest.param(
        '<li><span class="fl">[ 县教育局 ]</span><a href="$n.html">$t</a><span>$date</span></li>',
        "$n.html",
        id="an office in brackets before the link",
    ),
    pytest.param(
        '<li><a href=" $n.html ">\n\t\t\t$t\n\t\t</a>\n\t<span>\n\t$date\n</span></li>',
        "$n.html",
        id="blanks and line ends",
    ),
    pytest.param(
        '<li><a href="$n.html" title="点击查看详细信息">$t</a><span>$date</span></li>',
        "$n.html",
        id="title attribute that is none",
    ),
    pytest.param(
        '<li><a href="$n.html" title="">$t</a><a href="javascript:share($n)"><img src="s.png" alt="分享到微信朋友圈"></a><span>$date</span></li>',
        "$n.html",
        id="a share picture",
    ),
]


@pytest.mark.parametrize(("template", "link"), TITLES)
def test_titles(template: str, link: str) -> None:
    found = read(listed(template))
    expected = whole(link=link)
    assert [(title, day, there) for title, day, there in shown(found)] == expected
    assert found.wire is not None
    assert not found.wire.unproving
