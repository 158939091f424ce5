"""Pages around the list: other lists beside it, pagers, pages that hold none, and rows that are not understood."""

import pytest

from tests.crawler.sources.listed import HERE, OTHERS, POSTS, read, rows, shown, whole

ROW = '<li><a href="$n.html">$t</a><span>$date</span></li>'
MAIN = f"<ul>{rows(ROW)}</ul>"
ASIDE = rows('<li><a href="/o/$n.html">$t</a><span>$date</span></li>', OTHERS)
NOTICES = rows('<li><a href="/o/$n.html">$t</a><span>$date</span></li>', OTHERS[1:3])
UNDATED = rows('<li><a href="/o/$n.html">$t</a></li>', OTHERS)


def site(body: str, title: str = "工作动态_高县人民政府", head: str = "") -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body><div class="top"><span id="date">2026年11月22日 星期日</span> <a href="/wap">手机版</a></div>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/xwzx/">新闻中心</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>{body}
<div class="footer"><ul><li><a href="/about/">关于我们</a></li><li><a href="/map/">网站地图</a></li></ul><p>版权所有：高县人民政府 最后更新时间：2026-11-22 蜀ICP备05003366号</p></div></body></html>"""


BESIDE = [
    pytest.param(
        f'<div class="l"><h3>热点排行</h3><ul>{ASIDE}</ul></div><div class="r"><h2>工作动态</h2>{MAIN}</div>',
        id="a hot list before",
    ),
    pytest.param(
        f'<div class="r">{MAIN}</div><div class="l"><h3>点击排行</h3><ol>{UNDATED}</ol></div>',
        id="a list of clicks without days",
    ),
    pytest.param(
        f'<div class="r">{MAIN}</div><div class="box"><div class="bt">通知公告</div><ul>{NOTICES}</ul></div>',
        id="a few older notices beside",
    ),
    pytest.param(
        f'<div class="r"><div class="focus"><a href="/o/1.html"><img src="1.jpg" alt="全县秋粮收购工作平稳有序推进"></a></div>{MAIN}</div>',
        id="a picture above",
    ),
    pytest.param(
        f'<div class="zd"><h4><a href="/o/1.html">全县秋粮收购工作平稳有序推进</a></h4><p>11月以来，全县各收购点……</p></div>{MAIN}',
        id="a lead without a day above",
    ),
    pytest.param(
        f'<form><select><option>2026-11</option></select><input value="2026-11-01"></form><div class="r">{MAIN}</div>',
        id="a search form with days",
    ),
    pytest.param(
        f'<div class="marquee"><a href="/x.html">温馨提示：11月25日系统升级</a></div><div class="r">{MAIN}</div>',
        id="a notice with a day",
    ),
    pytest.param(
        f'<div class="weather">今天 11/22 多云 明天 11/23 小雨 <a href="/tq">更多天气预报信息</a></div><div class="r">{MAIN}</div>',
        id="the weather",
    ),
    pytest.param(
        f'<div class="side"><ul><li><a href="?y=2026">2026年</a></li><li><a href="?y=2025">2025年</a></li></ul><ul><li><a href="?m=2026-11">2026年11月</a> (12)</li><li><a href="?m=2026-10">2026年10月</a> (9)</li></ul></div><div class="r">{MAIN}</div>',
        id="an archive by month",
    ),
    pytest.param(
        f'<div class="r">{MAIN}<div class="update">本栏目共236条信息，最后更新时间：2026-11-19</div></div>',
        id="the column's own update",
    ),
]


@pytest.mark.parametrize("body", BESIDE)
def test_what_stands_beside_a_list_is_no_part_of_it(body: str) -> None:
    found = read(site(body))
    assert shown(found) == whole()
    assert found.wire is not None
    assert not found.wire.unproving


def test_columns_side_by_side_prove_nothing_until_one_is_chosen() -> None:
    body = "".join(
        f'<div class="box"><div class="bt"><a href="/c{n}/">{name}</a><a href="/c{n}/">更多</a></div><ul>{rows(ROW.replace("$n.html", f"/c{n}/$n.html"), POSTS[n : n + 6])}</ul></div>'
        for n, name in enumerate(("高县要闻", "部门动态", "乡镇动态", "通知公告"))
    )
    found = read(site(body, title="高县人民政府"))
    assert found.wire is not None
    assert found.wire.unproving
    assert [each.heading for each in found.choices] == ["高县要闻", "部门动态", "乡镇动态", "通知公告"]


PAGERS = [
    pytest.param(
        '<div class="page">第1页/共20页 <a href="index_2.html">下一页</a></div>', "index_2.html", id="第1页/共20页"
    ),
    pytest.param(
        '<div class="page"><a href="?PageNo=1">首页</a><a href="?PageNo=2">下一页</a></div>',
        "index.html?PageNo=2",
        id="PageNo",
    ),
    pytest.param('<div class="page"><a href="/xwzx/gzdt/p/2.html">Next</a></div>', "p/2.html", id="Next"),
    pytest.param(
        '<div class="page"><a href="/xwzx/gzdt/p/2.html" class="next">&gt;</a></div>', "p/2.html", id="an arrow"
    ),
    pytest.param(
        '<div class="page"><a href="p2.html" class="next"><i class="icon-right"></i></a></div>',
        "p2.html",
        id="a picture font",
    ),
    pytest.param('<div class="page"><a href="p2.html" title="下一页"></a></div>', "p2.html", id="a title attribute"),
    pytest.param(
        '<div class="page"><a tagname="/xwzx/gzdt/index_2.html" href="javascript:void(0)" class="next">下一页</a></div>',
        "index_2.html",
        id="tagname",
    ),
    pytest.param(
        '<div class="page"><a href="javascript:void(0);" data-url="index_2.html">下一页</a></div>',
        "index_2.html",
        id="data-url",
    ),
    pytest.param(
        '<div class="page"><strong>1</strong> <a href="index_2.html">2</a> <a href="index_3.html">3</a></div>',
        "index_2.html",
        id="numbers, the current one in bold",
    ),
    pytest.param(
        '<div class="page"><a class="cur">1</a><a href="index_2.html">2</a><a href="index_3.html">3</a></div>',
        "index_2.html",
        id="numbers, the current one a link that leads nowhere",
    ),
    pytest.param(
        "<div class='page'><script>createPageHTML(20,0,'index','htm')</script></div>",
        "index_1.htm",
        id="TRS in single quotes",
    ),
    pytest.param(
        '<div class="page"><script>var currentPage = 0;var prevPage = currentPage-1;var nextPage = currentPage+1;var countPage = 20;document.write("<a href=\\"index_"+nextPage+".html\\">下一页</a>");</script></div>',
        "index_1.html",
        id="TRS spelled out",
    ),
    pytest.param(
        '<div class="page"><script>createPageHTML({current: 1, total: 20});</script></div>',
        "",
        id="an object: cannot be told",
    ),
    pytest.param(
        '<div class="page"><span>上一页</span><span class="disabled">下一页</span></div>', "", id="the only page"
    ),
    pytest.param(
        '<div class="page"><a href="index.html">&lt;</a><a href="19.html">下页</a></div>',
        "19.html",
        id="numbers that count down",
    ),
    pytest.param(
        '<div class="prev">上一篇：<a href="a.html">某某</a></div><div class="page"><button onclick="location.href=\'index_2.html\'">下一页</button></div>',
        "index_2.html",
        id="a button",
    ),
    pytest.param(
        '<div class="page"><a href="list.htm?page=2"><img src="n.gif" alt="下一页"></a></div>',
        "list.htm?page=2",
        id="a picture",
    ),
    pytest.param(
        '<div class="page"><a href="index_2.html">下一页(2/20)</a></div>', "index_2.html", id="下一页 with numbers"
    ),
    pytest.param('<div class="page"><a href="index_2.html">更多历史信息</a></div>', "", id="another link"),
    pytest.param('<div class="page"><a href="index_2.html" rel="next">后页</a></div>', "index_2.html", id="rel"),
    pytest.param('<div class="page"><a href="index_2.html">查看更多</a></div>', "", id="查看更多 is told by no number"),
]


@pytest.mark.parametrize(("pager", "expected"), PAGERS)
def test_pagers(pager: str, expected: str) -> None:
    found = read(site(f'<div class="r">{MAIN}{pager}</div>'))
    assert shown(found) == whole()
    assert found.wire is not None
    assert found.wire.next_page.removeprefix(HERE) == expected


NO_LISTS = [
    pytest.param(
        site(
            f'<div class="err"><h1>404</h1><p>抱歉，您访问的页面不存在或已被删除。</p><h3>推荐阅读</h3><ul>{ASIDE}</ul></div>',
            title="404 页面不存在",
        ),
        id="404 with recommended posts",
    ),
    pytest.param(
        site(
            f'<div class="login"><form>用户名<input name="u">密码<input type="password" name="p"><button>登录</button></form><div class="notice"><h3>系统公告</h3><ul>{ASIDE}</ul></div></div>',
            title="用户登录",
        ),
        id="a login page with notices",
    ),
    pytest.param(
        site('<h2>通知公告</h2><ul class="list"></ul><div class="empty">暂无信息</div>'), id="an empty column"
    ),
    pytest.param(
        site(
            f'<h2>通知公告</h2><div class="r"><ul class="list"></ul><div>暂无数据</div></div><div class="l"><h3>热门推荐</h3><ul>{ASIDE}</ul></div>'
        ),
        id="an empty column beside a hot list",
    ),
    pytest.param(
        site('<div class="r"><ul id="list"><li>加载中...</li></ul></div><script src="list.js"></script>'),
        id="a list that a script loads",
    ),
    pytest.param(
        site(
            f'<div class="r"><ul id="list"></ul><script>$.ajax({{url:"/api/list",success:function(d){{}}}})</script></div><div class="side"><h3>最新发布</h3><ul>{ASIDE}</ul></div>'
        ),
        id="a list that a script loads beside another",
    ),
    pytest.param(
        site(
            f'<div class="r"><ul><li v-for="item in list"><a :href="item.url">{{{{item.title}}}}</a><span>{{{{item.date}}}}</span></li></ul></div><div class="side"><h3>相关链接</h3><ul>{ASIDE}</ul></div>'
        ),
        id="a template that nobody filled in",
    ),
    pytest.param(
        site(
            "<div class='article'><h1>关于2025年度县级部门决算公开的通知</h1><p>发布时间：2026-11-19 来源：县财政局</p>"
            + "<p>根据预算法和有关规定，现将2025年度县级部门决算公开工作的有关事项通知如下，请各部门认真组织实施，确保按时完成。</p>"
            * 8
            + f"<div class='xg'><h3>相关新闻</h3><ul>{ASIDE}</ul></div></div>",
            title="关于2025年度县级部门决算公开的通知",
        ),
        id="an article with related posts",
    ),
]


@pytest.mark.parametrize("text", NO_LISTS)
def test_pages_without_a_list_prove_nothing(text: str) -> None:
    found = read(text)
    assert found.wire is None or found.wire.unproving or found.wire.damaged
    assert found.wire is not None or found.reason


GAPS = [
    pytest.param(
        "<li><a href='x.html'>关于举办消夏晚会的公告</a><span>二〇二六年十一月</span></li>",
        id="a day in Chinese figures",
    ),
    pytest.param("<li><a href='x.html'>关于举办消夏晚会的公告</a><span>待定</span></li>", id="no day"),
    pytest.param("<li><a href='x.html'>公告</a></li>", id="a short title without a day"),
    pytest.param("<li>关于举办消夏晚会的公告<span>2026-11-21</span></li>", id="no link"),
    pytest.param("<li><a href='x.html'></a><span>2026-11-21</span></li>", id="a link without a name"),
    pytest.param(
        "<li><a href='x.html'><img src='x.jpg'></a><span>2026-11-21</span></li>", id="a picture without a name"
    ),
    pytest.param("<li><a href='x.html'>更多</a><span>2026-11-21</span></li>", id="a title that reads as navigation"),
    pytest.param("<li><a href='x.html'>2026-11-20</a><span>2026-11-21</span></li>", id="a title that is a day"),
    pytest.param("<li><a href='x.html'>3</a><span>2026-11-21</span></li>", id="a title that is a number"),
    pytest.param("<li><a href='x.html'>{{title}}</a><span>{{date}}</span></li>", id="a template"),
]


@pytest.mark.parametrize("row", GAPS)
def test_a_row_that_is_not_understood_is_kept_or_the_list_proves_nothing(row: str) -> None:
    found = read(site(f"<ul>{row}{rows(ROW)}</ul>"))
    assert found.wire is not None
    wanted = [(each.title, each.day) for each in POSTS]
    got = [(title, day) for title, day, _ in shown(found)]
    assert [each for each in got if each in wanted] == wanted
    assert len(got) == len(wanted) + 1 or found.wire.damaged or found.wire.unproving


KINDS_OF_ROW = [
    pytest.param(
        "<div class='top'><a href='x.html'>关于举办消夏晚会的公告</a><em>2026-11-21</em></div>",
        "<div class='item'><a href='$n.html'>$t</a><em>$date</em></div>",
        id="a lead of another class",
    ),
    pytest.param(
        "<div class='item'><h3><a href='x.html'>关于举办消夏晚会的公告</a></h3><p>据悉，这是今年……</p><em>2026-11-21</em></div>",
        "<div class='item'><a href='$n.html'>$t</a><em>$date</em></div>",
        id="a lead with an excerpt",
    ),
    pytest.param(
        "<p class='lead'><a href='x.html'>关于举办消夏晚会的公告</a> 2026-11-21</p>",
        "<div class='item'><a href='$n.html'>$t</a><em>$date</em></div>",
        id="a lead in another element",
    ),
    pytest.param(
        "<div class='big'><div class='txt'><a href='x.html'>关于举办消夏晚会的公告</a><span>2026-11-21</span></div></div>",
        "<li><a href='$n.html'>$t</a><span>$date</span></li>",
        id="a lead above list items",
    ),
]


@pytest.mark.parametrize(("lead", "row"), KINDS_OF_ROW)
def test_a_lead_of_another_make_is_kept_or_the_list_proves_nothing(lead: str, row: str) -> None:
    found = read(site(f"<div class='con'>{lead}{rows(row)}</div>"))
    assert found.wire is not None
    titles = [title for title, _, _ in shown(found)]
    assert titles[-len(POSTS) :] == [each.title for each in POSTS]
    assert titles[0] == "关于举办消夏晚会的公告" or found.wire.unproving or found.wire.damaged


def test_rows_right_behind_a_list_that_were_not_joined_prove_nothing() -> None:
    """Newer posts of another column right behind the list: whose they are cannot be told, and they are not lost unsaid."""
    other = rows('<li><a href="/other/$n.html">$t</a><span>$date</span></li>', OTHERS[:3])
    found = read(site(f'<div class="con"><ul class="a">{rows(ROW)}</ul><ul class="b">{other}</ul></div>'))
    assert found.wire is not None
    assert found.wire.unproving == "列表紧邻处另有3条带日期的信息未能归入列表，列表可能不全"


def test_rows_that_could_not_be_read_are_counted() -> None:
    found = read(site(f"<ul>{rows(ROW)}<li><a href='x.html'></a><span>2025-10-01</span></li></ul>"))
    assert shown(found) == whole()
    assert found.wire is not None
    assert found.wire.unproving == "列表中有1行像是信息，但未能读出标题，列表可能不全"


def test_an_answer_of_records_is_a_list() -> None:
    store = f"<?xml version='1.0' encoding='utf-8'?><datastore><nextgroup><![CDATA[<a href='dataproxy.jsp?page=3'></a>]]></nextgroup><recordset>{rows('<record><![CDATA[' + ROW + ']]></record>')}</recordset></datastore>"
    found = read(store, f"{HERE}dataproxy.jsp?page=2")
    assert shown(found) == whole()
    assert found.wire is not None
    assert found.wire.next_page == f"{HERE}dataproxy.jsp?page=3"


def test_a_calendar_under_a_month_is_no_list() -> None:
    cells = "".join(f"<span>{day}</span>" for day in range(1, 31))
    found = read(site(f'<div class="cal"><h3>2026年11月</h3><div>{cells}</div></div><div class="r">{MAIN}</div>'))
    assert shown(found) == whole()
