"""List pages in the manner of the systems that offices run, each saved whole, beside what must be read from it."""

import pytest

from tests.crawler.sources.listed import HOST, OTHERS, POSTS, THIS_YEAR, URL, read, rows, shown, whole

TRS_BLUE = f"""<!DOCTYPE html><html><head><meta name="SiteName" content="高县人民政府"><meta name="ColumnName" content="工作动态"><meta name="ColumnType" content="工作动态">
<title>工作动态_高县人民政府</title></head><body><div class="top"><span>今天是2026年11月22日 星期日</span><a href="/login">登录</a></div>
<div class="header"><div class="weather">宜宾 11-22 多云 9~14℃</div></div><div class="nav"><a href="/">首页</a><a href="/zfxxgk/">政府信息公开</a><a href="/zwfw/">政务服务</a></div>
<div class="wz">您当前的位置：<a href="../../">首页</a> &gt; <a href="../">新闻中心</a> &gt; <a href="./" class="CurrChnlCls">工作动态</a></div>
<div class="left"><h3>新闻中心</h3><ul><li><a href="../gaoxyw/">高县要闻</a></li><li><a href="./">工作动态</a></li><li><a href="../gggs/">公告公示</a></li></ul></div>
<div class="right"><div class="tit"><h2>工作动态</h2></div><ul class="list">{rows('<li><a href="./2026$m/t$y$m${d}_$n.html" target="_blank" title="$t">$cut</a><span>$date</span></li>')}</ul>
<div class="page"><script>createPageHTML(20, 0, "index", "html");</script></div></div>
<div class="foot"><p>主办：高县人民政府办公室 网站标识码：5115250001 最后更新：2026-11-22</p><a href="http://beian.miit.gov.cn">蜀ICP备05003366号-1</a></div></body></html>"""

TRS_SPLIT = f"""<html><head><title>要闻动态</title></head><body><div class="crumb"><a href="/">首页</a>&gt;<a href="../">要闻</a></div>
<div class="gl_list">{rows('''<div class="gl_list_item"><div class="gl_date"><p class="day">$d</p><p class="ym">$y.$m</p></div><div class="gl_con"><a href="./$n.html" target="_blank">$t</a><p class="gl_zy">近日，全县有关部门认真贯彻落实工作要求，扎实推进各项任务落地见效，2026年11月1日……</p></div></div>''')}</div>
<div class="fenye"><ul><li>共 236 条</li><li class="active"><a>1</a></li><li><a href="index_1.html">2</a></li><li><a href="index_2.html">3</a></li><li><a href="index_1.html">下一页</a></li><li><a href="index_19.html">末页</a></li></ul></div></body></html>"""

HANWEB_RECORDS = f"""<!DOCTYPE html><html><head><title>高县人民政府 工作动态</title></head><body><div class="nav"><a href="/col/col1/index.html">首页</a><a href="/col/col2/index.html">新闻</a></div>
<div id="1234567" style="word-break:break-all"><script type="text/xml"><datastore>
<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=1&path=/&columnid=1234&unitid=5678&webname=x&permissiontype=0"></a>]]></nextgroup>
<totalrecord>236</totalrecord><totalpage>20</totalpage><recordset>
{rows('''<record><![CDATA[<li><span class="date">$date</span><a href="/art/$y/$m1/$d1/art_1234_$n.html" target="_blank" title="$t">$cut</a></li>]]></record>''')}
</recordset></datastore></script></div><script type="text/javascript" src="/script/jpage.js"></script>
<div class="right"><h3>热门文章</h3><ul>{rows('<li><a href="/art/h$n.html">$t</a><span>$date</span></li>', OTHERS)}</ul></div></body></html>"""

HANWEB_TABLE_RECORDS = f"""<html><head><title>通知公告</title></head><body><table><tr><td>当前位置：<a href="/">首页</a> &gt; 通知公告</td></tr></table>
<div class="default_pgContainer" id="888"></div><script type="text/xml"><datastore><nextgroup><![CDATA[]]></nextgroup><recordset>
{rows('''<record><![CDATA[<table width="100%"><tr><td width="10"><img src="/images/dot.gif"></td><td><a class="bt_link" href="/art/$y/$m1/$d1/art_9_$n.html" title='$t'>$t</a></td><td class="bt_time" align="right">[$date]</td></tr></table>]]></record>''')}
</recordset></datastore></script></body></html>"""

HANWEB_CONTAINER = f"""<html><head><title>工作动态</title></head><body><div id="barrierfree_container"><div class="bt-mod-list"><div class="default_pgContainer">
{rows('''<li class="clearfix"><a href="http://www.gaoxian.gov.cn/art/$y/$m1/$d1/art_77_$n.html" class="bt-left" target="_blank">$t</a><b class="bt-right">$y-$m-$d</b></li>''')}
</div><div class="default_pgPanel"><div><table><tr><td><span class="default_pgTotalPage">20</span></td><td><a class="default_pgBtn default_pgNext" title="下页" href="javascript:void(0);"></a></td><td>到第<input value="1">页</td></tr></table></div></div></div></div></body></html>"""

BODA = f"""<HTML><HEAD><TITLE>通知公告-高县第一中学</TITLE><META Name="keywords" Content="高县第一中学,通知公告"></HEAD><BODY>
<div class="menu"><ul><li><a href="../index.htm">首页</a></li><li><a href="../xxgk.htm">学校概况</a></li></ul></div>
<table class="winstyle1033" width="100%" cellspacing="0" cellpadding="0">{rows('''<tr id="lineu5_$n" height="20"><td width="2%" align="center" style="font-size:9pt"><span class="leaderfont1033">·</span></td><td align="left" style="font-size:9pt"><a class="c1033" href="../info/1021/$i.htm" target="_blank" title="$t">$cut</a></td><td width="1%" nowrap class="timestyle1033">$y/$m/$d&nbsp;</td></tr><tr><td colspan="3" class="columnStyle1033"></td></tr>''')}
<tr><td colspan="4" align="center"><div class="pb_sys_common"><span class="p_t">共236条</span> <span class="p_pages"><span class="p_no_d">1</span><span class="p_no"><a href="tzgg/19.htm">2</a></span><span class="p_no"><a href="tzgg/18.htm">3</a></span><span class="p_dot">...</span><span class="p_no"><a href="tzgg/1.htm">20</a></span><span class="p_next p_fun"><a href="tzgg/19.htm">下页</a></span><span class="p_last p_fun"><a href="tzgg/1.htm">尾页</a></span></span></div></td></tr></table></BODY></HTML>"""

BODA_LI = f"""<html><head><title>新闻动态</title></head><body><div class="list"><ul>{rows('''<li id="line_u10_$n"><a href="info/1003/$i.htm" title=""><div class="time"><h3>$d</h3><span>$y-$m</span></div><div class="txt"><h4>$t</h4><p>2026年11月1日，学校组织全体师生开展主题教育活动，取得良好成效。</p></div></a></li>''')}</ul>
<link rel="stylesheet" href="/_css/_system/system.css"><div class="pb_sys_common pb_sys_normal pb_sys_style1"><span class="p_pages"><span class="p_first_d p_fun_d">首页</span><span class="p_prev_d p_fun_d">上页</span><span class="p_no_d">1</span><span class="p_no"><a href="xwdt/9.htm">2</a></span><span class="p_next p_fun"><a href="xwdt/9.htm">下页</a></span></span></div></div></body></html>"""

UCAP = f"""<html><head><meta name="ColumnName" content="公告公示"><title>公告公示_高县人民政府</title></head><body><div class="subnav"><div class="subnav-tit">政务公开</div><ul><li class="on"><a href="/gongkai/gg/">公告公示</a></li><li><a href="/gongkai/zc/">政策文件</a></li></ul></div>
<div class="listnews" id="ui-list"><ul class="doc_list list-1">{rows('''<li><a title="$t" target="_blank" class="left" href="/gongkai/gg/$i.html">$cut</a><span class="right date">$date</span></li>''')}<li class="lm_line"></li></ul>
<div class="ls-pagination" id="page_6868"></div><script>$(function(){{Ls.pagination("#page_6868",function(pageIndex,$this,init){{var url='?pageIndex='+pageIndex;}},{{currentPage:1,pageCount:20}})}})</script></div></body></html>"""

ILIST = f"""<html><head><title>信息列表</title></head><body><table border="0" width="980"><tr><td valign="top" width="200"><table><tr><td><a href="iList.jsp?cat_id=10001">领导信息</a></td></tr><tr><td><a href="iList.jsp?cat_id=10002">机构职能</a></td></tr><tr><td><a href="iList.jsp?cat_id=10003">政策法规</a></td></tr></table></td>
<td><table class="list" width="100%"><tr class="th"><td>序号</td><td>名称</td><td>发布日期</td><td>文号</td></tr>{rows('''<tr><td>$n</td><td class="info"><a href="../info/iIndex.jsp?cat_id=10003&info_id=$i" title="$t">$t</a></td><td>$date</td><td>高府发〔2026〕$n号</td></tr>''')}</table>
<div>共 236 条记录 <a href="iList.jsp?cat_id=10003&cur_page=1">首页</a> <a href="iList.jsp?cat_id=10003&cur_page=2">下一页</a> <a href="iList.jsp?cat_id=10003&cur_page=20">尾页</a></div></td></tr></table></body></html>"""

SITESERVER = f"""<html><head><title>工作动态</title></head><body><div class="location">当前位置：<a href="/">首页</a> > <a href="/channels/21.html">工作动态</a></div><ul class="list2">{rows('''<li><span class="fr">$y-$m1-$d1</span><a href="/contents/21/$i.html">$t</a></li>''')}</ul>
<div class="pageNav"><span>首页</span> <span>上一页</span> <span class="cur">1</span> <a href="/channels/21_2.html">2</a> <a href="/channels/21_3.html">3</a> <a href="/channels/21_2.html">下一页</a> <a href="/channels/21_20.html">末页</a></div></body></html>"""

PHPCMS = f"""<html><head><title>县局动态 - 高县教育局</title></head><body><div class="main"><div class="col-left"><div class="crumbs"><a href="/">首页</a><span> &gt; </span><a href="/jyxw/">教育新闻</a> &gt; 列表</div><ul class="list lh24 f14">
{rows('<li><span class="rt">$date 09:15:2$n</span>·<a href="/index.php?m=content&c=index&a=show&catid=9&id=$i" target="_blank">$t</a></li>', POSTS[:5])}<li class="bk20 hr"></li>
{rows('<li><span class="rt">$date 16:42:08</span>·<a href="/index.php?m=content&c=index&a=show&catid=9&id=$i" target="_blank">$t</a></li>', POSTS[5:10])}<li class="bk20 hr"></li>{rows('<li><span class="rt">$date 16:42:08</span>·<a href="/index.php?m=content&c=index&a=show&catid=9&id=$i" target="_blank">$t</a></li>', POSTS[10:])}</ul>
<div id="pages" class="text-c"><a class="a1">236条</a> <a href="/index.php?m=content&c=index&a=lists&catid=9&page=0" class="a1">上一页</a> <span>1</span> <a href="/index.php?m=content&c=index&a=lists&catid=9&page=2">2</a> <a href="/index.php?m=content&c=index&a=lists&catid=9&page=2" class="a1">下一页</a></div></div>
<div class="col-auto"><div class="box"><h5 class="title-2">频道总排行</h5><ul class="content digg">{rows('<li><a href="/p$n.html" target="_blank">$t</a></li>', OTHERS)}</ul></div></div></div></body></html>"""

DEDE = f"""<html><head><title>新闻动态_高县人民医院</title></head><body><div class="place"><strong>当前位置:</strong> <a href='/'>主页</a> > <a href='/a/xw/'>新闻动态</a> > </div><div class="listbox"><ul class="e2">
{rows('''<li><a href='/a/xw/$n.html' class='preview'><img src='/uploads/$n.jpg'/></a> [<b><a href='/a/xw/'>新闻动态</a></b>] <a href="/a/xw/$n.html" class="title">$t</a><span class="info"><small>日期：</small>$date 10:12:33 <small>点击：</small>13$n <small>好评：</small>0</span><p class="intro">近日，医院组织专家团队深入基层，开展巡回义诊，惠及群众…</p></li>''')}</ul></div>
<div class="dede_pages"><ul class="pagelist"><li>首页</li><li class="thisclass">1</li><li><a href='list_5_2.html'>2</a></li><li><a href='list_5_2.html'>下一页</a></li><li><a href='list_5_8.html'>末页</a></li><li><span class="pageinfo">共 <strong>8</strong>页<strong>236</strong>条</span></li></ul></div>
<div class="pright"><dl class="tbox"><dt><strong>推荐内容</strong></dt><dd><ul class="d4">{rows("<li><a href='/a/r$n.html'>$t</a><p>近日……</p></li>", OTHERS)}</ul></dd></dl></div></body></html>"""

EMPIRE = f"""<html><head><title>高县要闻</title></head><body><table width="100%" border="0" cellspacing="1" cellpadding="0" class="box"><tr><td><ul class="list">{rows('<li>·[<a href="/yw/" class="classlinkclass">要闻</a>] <a href="/yw/$y-$m-$d/$i.html" title="$t" target="_blank">$cut</a> <span>($y-$m-$d)</span></li>')}</ul>
<table class="list_page"><tr><td><a title="总数">&nbsp;<b>236</b> </a>&nbsp;&nbsp;<b>1</b>&nbsp;<a href="/yw/index_2.html">2</a>&nbsp;<a href="/yw/index_2.html">下一页</a>&nbsp;<a href="/yw/index_20.html">尾页</a></td></tr></table></td></tr></table></body></html>"""

WORDPRESS = f"""<html class="no-js"><head><title>高县融媒 – 掌上高县</title><link rel="next" href="http://www.gaoxian.gov.cn/xwzx/gzdt/page/2/"></head><body class="archive category"><header id="masthead"><nav><a href="/">首页</a></nav></header><main>
{rows('''<article id="post-$n" class="post"><header class="entry-header"><h2 class="entry-title"><a href="/archives/$i" rel="bookmark">$t</a></h2><div class="entry-meta"><span class="posted-on">发布于 <a href="/archives/$i" rel="bookmark"><time class="entry-date published" datetime="$y-$m-${d}T09:30:00+08:00">$y年$m1月$d1日</time><time class="updated" datetime="2026-11-21T10:00:00+08:00">2026年11月21日</time></a></span> <span class="byline">由 <a href="/author/admin">小编</a></span></div></header><div class="entry-summary"><p>近日，我县有关单位……<a href="/archives/$i" class="more-link">继续阅读</a></p></div><footer class="entry-footer"><a href="/category/yw">要闻</a> <a href="/archives/$i#respond">发表评论</a></footer></article>''')}
<nav class="navigation pagination"><span class="page-numbers current">1</span><a class="page-numbers" href="/xwzx/gzdt/page/2/">2</a><a class="next page-numbers" href="/xwzx/gzdt/page/2/">下一页</a></nav></main>
<aside id="secondary"><section class="widget"><h2>近期文章</h2><ul>{rows('<li><a href="/archives/x$n">$t</a><span class="post-date">$y年$m1月$d1日</span></li>', OTHERS)}</ul></section></aside></body></html>"""

DISCUZ = f"""<html><head><title>本地资讯 - 高县论坛</title></head><body><div id="pt" class="bm cl"><div class="z"><a href="./" class="nvhm">首页</a> <em>›</em> <a href="portal.php?mod=list&catid=2">本地资讯</a></div></div><div class="bm"><div class="bm_c xld">
{rows('''<dl class="bbda cl"><dt class="xs2"><a href="portal.php?mod=view&aid=$n" target="_blank" class="xi2" style="">$t</a> </dt><dd class="xs2 cl"><div class="atc"><a href="portal.php?mod=view&aid=$n" target="_blank"><img src="data/$n.jpg" alt="$t" class="tn" /></a></div>近日，全县上下认真落实…… </dd><dd> 分类: <label><a href="portal.php?mod=list&catid=2" class="xi2">本地资讯</a></label>&nbsp;&nbsp; <span class="xg1"> $y-$m1-$d1 09:3$n</span> </dd></dl>''', POSTS[:9])}
</div></div><div class="pgs cl"><div class="pg"><strong>1</strong><a href="portal.php?mod=list&catid=2&page=2">2</a><a href="portal.php?mod=list&catid=2&page=2" class="nxt">下一页</a></div></div></body></html>"""

TYPECHO = f"""<html><head><title>日常 - 文江镇中心学校</title></head><body><div id="main">{rows('''<div class="post"><h2 class="post-title"><a href="/archives/$n/">$t</a></h2><ul class="post-meta"><li>作者: <a href="/author/1/">admin</a></li><li>时间: <time datetime="$y-$m-${d}T08:00:00+08:00">$y-$m-$d</time></li><li>分类: <a href="/category/default/">默认分类</a></li><li class="comments"><a href="/archives/$n/#comments">评论</a></li></ul><div class="post-content"><p>学校于近日组织……</p><p class="more"><a href="/archives/$n/" title="$t">- 阅读剩余部分 -</a></p></div></div>''')}
<ol class="page-navigator"><li class="current"><a href="/page/1/">1</a></li><li><a href="/page/2/">2</a></li><li class="next"><a href="/page/2/">后一页 &raquo;</a></li></ol></div></body></html>"""

JPAAS_DIV = f"""<html><head><title>通知</title></head><body><div class="page-content"><ul class="zfxxgk_list">{rows('''<li class="row"><a href="/art/$y/$m1/$d1/art_1_$n.html" istitle="true"><span class="xh">$n</span><span class="bt" title="$t">$cut</span><span class="sj">$date</span></a></li>''')}</ul></div></body></html>"""

DL_DT = f"""<html><head><title>政务动态</title></head><body><div class="zwdt">{rows('''<dl><dt>$y.$m.$d</dt><dd><a href="$n.html">$t</a></dd></dl>''')}</div><div id="pagination"><a class="prev disabled">&lt;</a><a class="on">1</a><a href="list.aspx?PageNo=2">2</a><a href="list.aspx?PageNo=3">3</a><a href="list.aspx?PageNo=2">&gt;</a></div></body></html>"""

GROUPS_OF_FIVE = f"""<html><head><title>部门动态</title></head><body><div class="con">{'<p class="line"></p>'.join("<ul>" + rows('<li>• <a href="$n.html" title="标题：$t 发布时间：$date">$cut</a> <i>[$m-$d]</i></li>', part) + "</ul>" for part in (THIS_YEAR[:5], THIS_YEAR[5:]))}</div></body></html>"""

ART = f"{HOST}/art/$y/$m1/$d1/art_"
PAGES = [
    pytest.param(TRS_BLUE, whole(link="2026$m/t$y$m${d}_$n.html"), "index_1.html", id="TRS, cut titles"),
    pytest.param(TRS_SPLIT, whole(), "index_1.html", id="TRS, split dates and excerpts"),
    pytest.param(HANWEB_RECORDS, whole(link=f"{ART}1234_$n.html"), None, id="JCMS records in a script"),
    pytest.param(HANWEB_TABLE_RECORDS, whole(link=f"{ART}9_$n.html"), "", id="JCMS records that are tables"),
    pytest.param(HANWEB_CONTAINER, whole(link=f"{ART}77_$n.html"), "", id="JCMS, drawn"),
    pytest.param(BODA, whole(link=f"{HOST}/xwzx/info/1021/$i.htm"), "tzgg/19.htm", id="VSB table with lines between"),
    pytest.param(BODA_LI, whole(link="info/1003/$i.htm"), "xwdt/9.htm", id="VSB list, day above year and month"),
    pytest.param(UCAP, whole(link=f"{HOST}/gongkai/gg/$i.html"), "", id="UCAP with a script's pager"),
    pytest.param(
        ILIST,
        whole(link=f"{HOST}/xwzx/info/iIndex.jsp?cat_id=10003&info_id=$i"),
        "iList.jsp?cat_id=10003&cur_page=2",
        id="iList with numbers and document numbers",
    ),
    pytest.param(SITESERVER, whole(link=f"{HOST}/contents/21/$i.html"), f"{HOST}/channels/21_2.html", id="SiteServer"),
    pytest.param(
        PHPCMS,
        whole(link=f"{HOST}/index.php?m=content&c=index&a=show&catid=9&id=$i"),
        f"{HOST}/index.php?m=content&c=index&a=lists&catid=9&page=2",
        id="PHPCMS with lines between",
    ),
    pytest.param(DEDE, whole(link=f"{HOST}/a/xw/$n.html"), "list_5_2.html", id="DedeCMS"),
    pytest.param(EMPIRE, whole(link=f"{HOST}/yw/$y-$m-$d/$i.html"), f"{HOST}/yw/index_2.html", id="Empire"),
    pytest.param(WORDPRESS, whole(link=f"{HOST}/archives/$i"), "page/2/", id="WordPress"),
    pytest.param(
        DISCUZ,
        whole(THIS_YEAR, link="portal.php?mod=view&aid=$n"),
        "portal.php?mod=list&catid=2&page=2",
        id="Discuz portal",
    ),
    pytest.param(TYPECHO, whole(link=f"{HOST}/archives/$n/"), f"{HOST}/page/2/", id="Typecho"),
    pytest.param(JPAAS_DIV, whole(link=f"{ART}1_$n.html"), "", id="all of a row is a link: number, cut title, day"),
    pytest.param(DL_DT, whole(), "list.aspx?PageNo=2", id="day and title as term and description"),
    pytest.param(GROUPS_OF_FIVE, whole(THIS_YEAR), "", id="groups of five, days in title attributes"),
]


@pytest.mark.parametrize(("text", "expected", "leads"), PAGES)
def test_pages_of_systems(text: str, expected: list[tuple[str, str, str]], leads: str | None) -> None:
    found = read(text)
    assert shown(found) == expected
    assert found.wire is not None
    if leads is not None:
        assert found.wire.next_page.removeprefix(URL.removesuffix("index.html")) == leads
    assert not found.wire.unproving
    assert not found.wire.damaged
