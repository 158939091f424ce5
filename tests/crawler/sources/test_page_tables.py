"""Tables: catalogues of open government, pages of the years of ASP, several days in a row."""

import pytest

from tests.crawler.sources.listed import HOST, POSTS, THIS_YEAR, read, rows, short, shown, whole

CATALOGUE = f"""<html><head><title>政府信息公开目录</title></head><body><table width="100%" class="zfxxgk"><thead><tr><th width="180">索引号</th><th>标题</th><th>发文字号</th><th>成文日期</th><th>发布日期</th></tr></thead><tbody>
{rows('<tr><td>008662434/2026-00$i</td><td><a href="$n.html" target="_blank" title="$t">$t</a></td><td>高府办〔2026〕$n号</td><td>2026-01-0$d1</td><td>$date</td></tr>', [each for each in POSTS if each.fields["d"].startswith("0")])}</tbody></table></body></html>"""

CATALOGUE_WITHOUT_HEAD = f"""<html><head><title>政府信息公开目录</title></head><body><div class="head"><span>序号</span><span>名称</span><span>生成日期</span><span>公开日期</span></div><ul class="ml">
{rows('<li><span class="xh">$n</span><a href="$n.html">$t</a><span class="scrq">2026-01-15</span><span class="gkrq">$date</span></li>')}</ul></body></html>"""

CATALOGUE_POPUP = f"""<html><head><title>信息公开目录</title></head><body><div class="zfxxgk_zdgkc"><ul>{rows('''<li><a href="../../2026$m/t$y$m${d}_$n.html">$t</a><b>$date</b><div class="box" style="display:none"><table><tr><td>索引号：</td><td>008662434/2026-00$i</td><td>文号：</td><td>高府〔2026〕$n号</td></tr><tr><td>发布机构：</td><td>县政府办</td><td>成文日期：</td><td>2026-01-05</td></tr><tr><td>标题：</td><td>$t</td><td>发布日期：</td><td>$date</td></tr></table></div></li>''')}</ul></div></body></html>"""

ASP = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>高县统计信息网</title></head><body bgcolor="#FFFFFF"><table width="778" border="0" align="center"><tr><td><font color="#FFFFFF">今天是：2026年11月22日 星期日</font></td></tr></table>
<table width="778" border="0" align="center"><tr><td width="180" valign="top"><table><tr><td><a href="news.asp?bid=1">统计新闻</a></td></tr><tr><td><a href="news.asp?bid=2">统计分析</a></td></tr></table></td><td valign="top"><table width="100%" border="0" cellspacing="0" cellpadding="4">
{rows('<tr><td height="22" style="border-bottom:1px dashed #ccc">&nbsp;<img src="images/arrow.gif" width="9" height="9">&nbsp;<a href="shownews.asp?id=$i" target="_blank">$t</a>&nbsp;<font color="#999999">[$y-$m1-$d1]</font>&nbsp;<img src="images/new.gif"></td></tr>')}
<tr><td align="center">共236条 每页12条 页次：1/20 首页 上一页 <a href="news.asp?bid=1&page=2">下一页</a> <a href="news.asp?bid=1&page=20">尾页</a></td></tr></table></td></tr></table></body></html>"""

ASP_FLAT = f"""<html><head><title>工作动态</title></head><body><table><tr><td class="a14">{rows('''&nbsp;·&nbsp;<a href="view.asp?id=$i" onmouseover="window.status='';return true">$t</a>&nbsp;&nbsp;<font class="date">($m-$d)</font><br>''', THIS_YEAR)}</td></tr></table></body></html>"""

ASP_SLASHES = f"""<html><head><title>工作动态</title></head><body><table>{rows('<tr><td>◇</td><td><a href="view.asp?id=$i" title="$t&#13;发布时间：$y/$m1/$d1 9:05:00&#13;点击数：56">$cut</a></td><td>$m/$d</td></tr>', THIS_YEAR)}</table></body></html>"""

COUNTS = f"""<html><head><title>新闻</title></head><body><table class="listTable"><tr><td>标题</td><td>来源</td><td>浏览</td><td>日期</td></tr>{rows('<tr><td><a href="$n.html">$t</a></td><td>县融媒体中心</td><td>12$n</td><td>$y.$m.$d</td></tr>')}</table></body></html>"""

CLERKS = f"""<html><head><title>信息公开</title></head><body><table>{rows('''<tr class="tr$n"><td>$n</td><td align="left"><a href="javascript:void(0)" onclick="openDetail('$i')">$t</a></td><td><a href="/org/12.html">县住房和城乡建设局</a></td><td>$date</td></tr>''')}</table></body></html>"""

PERIODS = f"""<html><head><title>公示公告</title></head><body><table><tr><th>序号</th><th>公示名称</th><th>公示起始日期</th><th>公示截止日期</th></tr>{rows('<tr><td>$n</td><td><a href="$n.html">$t</a></td><td>$date</td><td>2026-12-31</td></tr>')}</table></body></html>"""

LETTERS = f"""<html><head><title>县长信箱</title></head><body><table class="xj"><tr><th>编号</th><th>信件标题</th><th>来信时间</th><th>回复时间</th><th>状态</th></tr>{rows('<tr><td>XZ2026$i</td><td><a href="view?id=$i">$t</a></td><td>2026-01-02</td><td>$date</td><td>已回复</td></tr>')}</table></body></html>"""

NESTED = f"""<html><head><title>要闻</title></head><body><table><tr><td><table><tr><td>{rows('<table width="98%"><tr><td width="4%"><img src="d.gif"></td><td width="80%"><a href="$n.shtml">$t</a></td><td width="16%">$date</td></tr></table><table width="98%"><tr><td height="1" bgcolor="#ccc"></td></tr></table>')}</td></tr></table></td></tr></table></body></html>"""

TWO_COLUMNS = f"""<html><head><title>要闻</title></head><body><table>{rows('<tr><td><a href="$n.html">$t</a></td><td>$date</td><td width="10"></td><td><a href="b$n.html">全县各乡镇扎实推进第$n批次重点工作</a></td><td>$date</td></tr>', POSTS[:6])}</table></body></html>"""


def two_columns() -> list[tuple[str, str, str]]:
    found = []
    for each in POSTS[:6]:
        found += [
            (each.title, each.day, f"{each.number}.html"),
            (f"全县各乡镇扎实推进第{each.number}批次重点工作", each.day, f"b{each.number}.html"),
        ]
    return found


ZEROES = [each for each in POSTS if each.day.split("-")[2].startswith("0")]
TABLES = [
    pytest.param(CATALOGUE, whole(ZEROES), id="a catalogue: the day of publication, not of signing"),
    pytest.param(CATALOGUE_WITHOUT_HEAD, whole(), id="a catalogue of list items whose classes say which day is which"),
    pytest.param(
        CATALOGUE_POPUP, whole(link=f"{HOST}/2026$m/t$y$m${{d}}_$n.html"), id="a catalogue with hidden tables"
    ),
    pytest.param(ASP, whole(link="shownews.asp?id=$i"), id="ASP with blanks, arrows and NEW"),
    pytest.param(ASP_FLAT, short(link="view.asp?id=$i"), id="ASP with no element around rows"),
    pytest.param(
        ASP_SLASHES, whole(THIS_YEAR, link="view.asp?id=$i"), id="ASP with a title attribute of several lines"
    ),
    pytest.param(COUNTS, whole(), id="sources and counts"),
    pytest.param(CLERKS, whole(link=""), id="titles that a script opens, and a link to the office"),
    pytest.param(PERIODS, whole(), id="a period of publication: its first day"),
    pytest.param(LETTERS, whole(link="view?id=$i"), id="letters: the day of the answer, when it was published"),
    pytest.param(NESTED, whole(link="$n.shtml"), id="a table for each row, and one for each line between"),
    pytest.param(TWO_COLUMNS, two_columns(), id="two posts in a row"),
]


@pytest.mark.parametrize(("text", "expected"), TABLES)
def test_tables(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = read(text)
    assert shown(found) == expected
    assert found.wire is not None
    assert not found.wire.unproving
