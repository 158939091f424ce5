"""Days in every dress: split, under headings of months, in attributes, spoken; cards and pages for telephones."""

import pytest

from tests.crawler.sources.listed import POSTS, THIS_YEAR, Post, read, rows, short, shown, whole


def listed(template: str, chosen: object = POSTS, around: str = "ul", head: str = "") -> str:
    made = rows(template, chosen)  # type: ignore[arg-type]
    return f'<html><head><title>要闻</title></head><body><div class="hd">高县气象台 11月22日 多云</div><{around} class="list">{head}{made}</{around}><div class="ft">更新时间：2026-11-22 地址：高县文江镇</div></body></html>'


BOLD = listed(
    '<li><div class="time"><b>$d</b><span>$y-$m</span></div><div class="r"><a href="$n.html">$t</a><p>摘要：据介绍，2026年1月5日以来……</p></div></li>'
)
EM_MONTH = listed('<li><a href="$n.html"><em>$d</em>/$m<h4>$t</h4></a></li>', THIS_YEAR)
EM_MONTH_YEAR = listed('<li><div class="date"><em>$d</em>/<i>$m</i>/<i>$y</i></div><a href="$n.html">$t</a></li>')
CHINESE_MONTH = listed(
    '<li><div class="date"><p>$d</p><p>$m1月</p></div><h3><a href="$n.html">$t</a></h3></li>', THIS_YEAR
)
YEAR_BELOW = listed(
    '<div class="item"><div class="date"><strong>$m-$d</strong><br>$y</div><div class="txt"><a href="$n.html" class="tit">$t</a></div></div>',
    around="div",
)
ENGLISH = listed(
    '<li><div class="date"><span>$d</span><span>$y.$m</span></div><a href="$n.html" title="$t"><div class="tit">$cut</div><div class="more">MORE</div></a></li>'
)
ATTRIBUTE = listed('<li data-time="$date 10:20:00"><a href="$n.html">$t</a></li>')
DATETIME = listed('<li><a href="$n.html">$t</a><time datetime="$y-$m-${d}T10:20:00+08:00"></time></li>')
TITLE_DATE = listed('<li><a href="$n.html">$t</a><span title="$date 10:20">$m-$d</span></li>')
TIGHT = listed('<li><a href="$n.html">$t</a>$date</li>')
IN_TEXT = listed('<li><a href="$n.html">$t $date</a></li>')
PREFIXED = listed('<li><a href="$n.html">[$date] $t</a></li>')
CHINESE = listed('<li><a href="$n.html">$t</a><span>$y年$m月${d}日</span></li>')
TWO_FIGURES = listed('<li><a href="$n.html">$t</a><span>26-$m-$d</span></li>', THIS_YEAR)
WITH_SOURCE = listed(
    '<li><a href="$n.html">$t</a><p><span>来源：四川日报</span><span>2$n浏览</span><span>$date 08:00</span></p></li>'
)
ONE_LINE = listed('<li><a href="$n.html">$t</a><p>来源：县融媒体中心 | 发布时间：$date | 浏览：23次</p></li>')
CARDS = listed(
    '<div class="col-md-4 card"><a href="$n.html"><img src="$n.jpg" alt=""></a><div class="card-body"><h5 class="card-title"><a href="$n.html">$t</a></h5><p class="card-text">活动于10月1日至10月7日举行，欢迎参加。</p><div class="card-foot"><i class="fa fa-clock-o"></i> $date <i class="fa fa-eye"></i> 12$n</div></div></div>',
    around="div",
)
CARDS_DIV_TITLE = listed(
    '<a class="card" href="$n.html"><div class="pic"><img src="$n.jpg"></div><div class="t1">$t</div><div class="t2">$date</div></a>',
    around="div",
)
SPANS = listed(
    '<li class="news-item"><span class="num">$n</span><span class="t"><a href="$n.html">$t</a></span><span class="label">原创</span><span class="d">$date</span></li>'
)
RANGE = listed('<li><a href="$n.html">$t</a><span>公示期：$date至2026-12-31</span></li>')
NEW = listed(
    '<li><a href="$n.html">$t</a><img src="new.gif" alt="NEW"><span class="new">NEW</span><span>$m-$d</span></li>',
    THIS_YEAR,
)
COLON = listed('<p><span>$date：</span><a href="$n.html">$t</a></p>', around="div")
BARE_ROWS = listed('<p><a href="$n.html">$t</a>（$y.$m1.$d1）</p>', around="div")
DEFINED = listed(
    '<div class="row"><div class="c1"><a href="$n.html">$t</a></div><div class="c2">县教育局</div><div class="c3">$y/$m/$d</div></div>',
    around="div",
)
HIDDEN_FULL = listed('<li><a href="$n.html">$t</a><span style="display:none">$date</span><span>$m-$d</span></li>')

DAYS = [
    pytest.param(BOLD, whole(), id="day in bold, year and month below, excerpts with days"),
    pytest.param(EM_MONTH, short(), id="day, a slash, the month, no year"),
    pytest.param(EM_MONTH_YEAR, whole(), id="day/month/year in three elements"),
    pytest.param(CHINESE_MONTH, short(), id="day, and the month as 11月"),
    pytest.param(YEAR_BELOW, whole(), id="month and day above the year, a break between"),
    pytest.param(ENGLISH, whole(), id="cut titles in blocks, MORE in the link"),
    pytest.param(ATTRIBUTE, whole(), id="data-time"),
    pytest.param(DATETIME, whole(), id="an empty time element"),
    pytest.param(TITLE_DATE, whole(), id="the whole date in an attribute"),
    pytest.param(TIGHT, whole(), id="the date behind the link, nothing between"),
    pytest.param(IN_TEXT, whole(), id="the date at the end of the link"),
    pytest.param(PREFIXED, whole(), id="the date at the start of the link"),
    pytest.param(CHINESE, whole(), id="年月日"),
    pytest.param(WITH_SOURCE, whole(), id="source, count and minute"),
    pytest.param(ONE_LINE, whole(), id="source, day and count in one text"),
    pytest.param(CARDS, whole(), id="cards with days in their excerpts"),
    pytest.param(CARDS_DIV_TITLE, whole(), id="cards that are links, titles in blocks"),
    pytest.param(SPANS, whole(), id="numbers and labels"),
    pytest.param(RANGE, whole(), id="a period: its first day"),
    pytest.param(NEW, short(), id="NEW"),
    pytest.param(COLON, whole(), id="the date and a colon before the link"),
    pytest.param(BARE_ROWS, whole(), id="paragraphs with the date in brackets"),
    pytest.param(DEFINED, whole(), id="columns of blocks"),
    pytest.param(HIDDEN_FULL, whole(), id="the whole date hidden beside the short one"),
]


@pytest.mark.parametrize(("text", "expected"), DAYS)
def test_days(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = read(text)
    assert shown(found) == expected
    assert found.wire is not None
    assert not found.wire.unproving


def test_years_of_two_figures_are_read_as_they_stand() -> None:
    found = read(TWO_FIGURES)
    assert found.wire is not None
    assert [each.title for each in found.wire.entries] == [each.title for each in THIS_YEAR]
    assert found.wire.entries[0].dates[0] in {"26-11-19", "2026-11-19"}


def test_spoken_days() -> None:
    said = ("刚刚", "12分钟前", "3小时前", "今天 09:30", "昨天 18:05", "前天", "3天前", "11-16 08:00", "2025-12-31")
    made = "".join(
        f'<div class="item"><a href="{each.number}.html"><p class="title">{each.title}</p><p class="info"><span>掌上高县</span><span>{day}</span></p></a></div>'
        for each, day in zip(POSTS, said, strict=False)
    )
    found = read(f'<html><body><div class="list">{made}</div></body></html>')
    assert found.wire is not None
    assert [(each.title, each.dates[0]) for each in found.wire.entries] == [
        (each.title, day) for each, day in zip(POSTS, said, strict=False)
    ]


PARTS = (POSTS[:7], POSTS[7:9], POSTS[9:11])


def grouped(heads: tuple[str, ...], around: str, row: str, parts: tuple[tuple[Post, ...], ...] = PARTS) -> str:
    return "".join(
        around.replace("HEAD", head).replace("ROWS", rows(row, part)) for head, part in zip(heads, parts, strict=True)
    )


MONTHS = [
    pytest.param(
        grouped(
            ("2026年11月", "2026年10月", "2025年12月"),
            "<h3>HEAD</h3><ul>ROWS</ul>",
            '<li><span>$d</span><a href="$n.html">$t</a></li>',
        ),
        id="headings of months, days in the rows",
    ),
    pytest.param(
        grouped(
            ("2026-11", "2026-10", "2025-12"),
            "<dl><dt>HEAD</dt>ROWS</dl>",
            '<dd><i>${d}日</i><a href="$n.html">$t</a></dd>',
        ),
        id="terms of months",
    ),
    pytest.param(
        grouped(
            ("2026", "2025"),
            '<div class="year">HEAD年</div><ul>ROWS</ul>',
            '<li><a href="$n.html">$t</a><span>$m-$d</span></li>',
            (POSTS[:9], POSTS[9:11]),
        ),
        id="headings of years, months and days in the rows",
    ),
]


@pytest.mark.parametrize("body", MONTHS)
def test_headings_that_hold_the_rest_of_the_day(body: str) -> None:
    """Where the heading is not understood the rows may prove nothing; a wrong year is never read."""
    found = read(f'<html><head><title>大事记</title></head><body><div class="main">{body}</div></body></html>')
    assert shown(found) == whole(POSTS[:11])


def test_days_of_one_day_under_its_heading() -> None:
    days = tuple(dict.fromkeys(each.day for each in POSTS))
    parts = tuple(tuple(each for each in POSTS if each.day == day) for day in days)
    body = grouped(days, "<h4>HEAD</h4><ul>ROWS</ul>", '<li><a href="$n.html">$t</a></li>', parts)
    found = read(f'<html><body><div class="main">{body}</div></body></html>')
    assert shown(found) == whole()


MOBILE = """<!DOCTYPE html><html><head><meta name="viewport" content="width=device-width"><title>高县发布</title></head><body><header class="bar"><a href="javascript:history.back()">返回</a><h1>工作动态</h1></header>
<section class="scroller">{}</section><div class="load-more" id="loadMore">上拉加载更多</div><footer><a href="/pc">电脑版</a></footer></body></html>"""
MOBILES = [
    pytest.param(
        rows(
            '<a class="cell" href="$n.html"><div class="cell-bd"><p class="cell-title">$t</p><p class="cell-desc"><span>县融媒体中心</span> <span>$date</span></p></div><div class="cell-ft"><img src="$n.jpg"></div></a>'
        ),
        id="cells that are links",
    ),
    pytest.param(
        rows(
            """<div class="mui-table-view-cell" onclick="location.href='$n.html'"><div class="tt">$t</div><div class="dd">$date</div></div>"""
        ),
        id="cells without links, opened by script",
    ),
    pytest.param(
        "<ul>" + rows('<li data-href="$n.html"><h3>$t</h3><span>$date</span></li>') + "</ul>", id="cells with data-href"
    ),
]


@pytest.mark.parametrize("body", MOBILES)
def test_pages_for_telephones(body: str) -> None:
    found = read(MOBILE.format(body))
    assert shown(found) == whole()
