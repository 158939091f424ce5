from datetime import UTC, datetime

import pytest

from crawler.sources import Answer, read
from monitor.values import Item, Precision, Rung
from monitor.visits import Outcome
from tests.crawler.sources.bodies import AT, SHANGHAI, atom, entry, reading, rss

RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://a.cn/"><title>高县发布</title>'
    '<items><rdf:Seq><rdf:li rdf:resource="http://a.cn/1"/></rdf:Seq></items></channel>'
    '<item rdf:about="http://a.cn/1"><title>标题</title><link>http://a.cn/1</link><dc:date>2026-11-02T08:30:00+08:00</dc:date>'
    "<dc:creator>张三</dc:creator></item></rdf:RDF>"
)
ATOM_10 = atom(
    '<entry><title>标题</title><link rel="self" href="/api/1"/><link href="http://a.cn/1"/><id>tag:a.cn,2026:1</id>'
    "<updated>2026-11-09T00:00:01Z</updated><published>2026-11-02T00:30:00Z</published><author><name>张三</name></author></entry>"
)
ATOM_03 = (
    '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>高县发布</title><entry><title>标题</title>'
    '<link rel="alternate" type="text/html" href="http://a.cn/1"/><id>tag:a.cn,2026:1</id>'
    "<modified>2026-11-09T00:00:01Z</modified><issued>2026-11-02T08:30:00+08:00</issued><author><name>张三</name></author>"
    "</entry></feed>"
)
RSS_091 = (
    '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss-0.91.dtd">'
    '<rss version="0.91"><channel><title>高县发布</title><item><title>标题</title><link>http://a.cn/1</link>'
    "<pubDate>Mon, 02 Nov 2026 08:30:00 +0800</pubDate><author>zhang@a.cn (张三)</author></item></channel></rss>"
)
CDF = (
    '<CHANNEL HREF="http://a.cn/"><TITLE>高县发布</TITLE><ITEM HREF="http://a.cn/1" LASTMOD="2026-11-02T08:30+0800">'
    "<TITLE>标题</TITLE><ABSTRACT>摘要</ABSTRACT></ITEM></CHANNEL>"
)
PREFIXED = ATOM_10.replace("<", "<a:").replace("<a:/", "</a:").replace("xmlns=", "xmlns:a=")
JSON_11 = (
    '{"version": "https://jsonfeed.org/version/1.1", "title": "高县发布", "items": [{"id": 1, "url": "http://a.cn/1",'
    '"title": "标题", "content_html": "<p>正文</p>", "date_published": "2026-11-02T08:30:00+08:00", "authors": [{"name": "张三"}]}]}'
)
JSON_10 = JSON_11.replace("1.1", "1").replace('"authors": [{"name": "张三"}]', '"author": {"name": "张三"}')
JSON_EPOCH = JSON_11.replace('"2026-11-02T08:30:00+08:00"', "1793579400")


def only(body: str | bytes) -> Item:
    answer = reading(body)
    assert answer.outcome is Outcome.NEW, answer.reason
    (item,) = answer.listing.items
    return item


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(RDF, id="RSS 1.0, items beside the channel"),
        pytest.param(ATOM_10, id="Atom 1.0"),
        pytest.param(ATOM_03, id="Atom 0.3"),
        pytest.param(RSS_091, id="RSS 0.91 with its DOCTYPE"),
        pytest.param(RSS_091.replace("0.91", "0.92"), id="RSS 0.92"),
        pytest.param(PREFIXED, id="a root with a prefix"),
        pytest.param(CDF, id="CDF"),
        pytest.param(JSON_11, id="JSON Feed 1.1"),
        pytest.param(JSON_10, id="JSON Feed 1.0"),
        pytest.param(JSON_EPOCH, id="JSON Feed with a number for a date"),
        pytest.param("\ufeff\n " + ATOM_10, id="a mark and space in front"),
        pytest.param(ATOM_10.encode("utf-16"), id="UTF-16"),
        pytest.param(("<?xml version='1.0' encoding='gbk'?>" + ATOM_10).encode("gbk"), id="GBK, which expat refuses"),
    ],
)
def test_every_kind_of_feed(body: str | bytes) -> None:
    item = only(body)
    assert (item.title, item.url) == ("标题", "http://a.cn/1")
    assert item.stated.at == datetime(2026, 11, 2, 8, 30, tzinfo=SHANGHAI)
    assert item.author in {"张三", ""}
    assert reading(body).listing.title == "高县发布"


@pytest.mark.parametrize("body", [ATOM_10, ATOM_03, RSS_091, RDF, JSON_11, JSON_10])
def test_the_author(body: str) -> None:
    assert only(body).author == "张三"


def dated(*fields: str) -> Item:
    return only(
        rss(f"<item><title>标题</title>{''.join(fields)}</item>").replace(
            "<rss ", '<rss xmlns:dc="http://purl.org/dc/elements/1.1/" '
        )
    )


def test_published_goes_before_updated() -> None:
    item = dated("<dc:date>2026-11-05 10:00</dc:date>", "<pubDate>2026-11-02 10:00</pubDate>")
    assert item.stated.raw == "2026-11-02 10:00"


def test_an_unreadable_date_gives_way_to_a_readable_one() -> None:
    assert dated("<pubDate>昨晚</pubDate>", "<dc:date>2026-11-05 10:00</dc:date>").stated.raw == "2026-11-05 10:00"


def test_an_unreadable_date_is_kept_as_it_stands() -> None:
    item = dated("<pubDate>昨晚</pubDate>")
    assert (item.stated.at, item.stated.raw) == (None, "昨晚")


def test_the_channels_date_is_nobodys() -> None:
    body = rss(
        "<pubDate>2026-11-20 10:00</pubDate><lastBuildDate>2026-11-20 10:00</lastBuildDate><item><title>标题</title></item>"
    )
    item = only(body)
    assert (item.stated.at, item.stated.raw) == (None, "")
    assert reading(body).listing.warnings == ("1条信息没有发布时间",)


def test_a_midnight_among_moments_is_a_day_and_said() -> None:
    old = "<item><title>旧</title><pubDate>2026-11-01 00:00:00</pubDate></item>"
    listing = reading(rss(entry(2), old)).listing
    assert [item.stated.precision for item in listing.items] == [Precision.SECOND, Precision.DAY]
    assert listing.warnings == ("有1条信息的发布时间为零点，按日期处理",)


def test_a_document_of_midnights_states_days() -> None:
    body = rss(*(entry(number).replace("08:30:00", "00:00:00") for number in (1, 2)))
    answer = reading(body)
    assert [item.stated.precision for item in answer.listing.items] == [Precision.DAY, Precision.DAY]
    assert answer.listing.warnings == ("各条信息的发布时间均为零点，按日期处理",)


CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'


def described(*fields: str) -> Item:
    return only(rss(f"<item><title>标题</title>{''.join(fields)}</item>").replace("<rss ", f"<rss {CONTENT} "))


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(
            ("<description></description>", "<content:encoded><![CDATA[<p>长的<br>正文</p>]]></content:encoded>"),
            id="content",
        ),
        pytest.param(
            ("<description>&lt;p&gt;长的&lt;br/&gt;正文&lt;/p&gt;</description>", "<content:encoded/>"),
            id="description",
        ),
        pytest.param(
            ("<description>短</description>", "<content:encoded><![CDATA[长的<br>正文]]></content:encoded>"), id="both"
        ),
        pytest.param(
            ("<content:encoded><![CDATA[长的<br>正文]]></content:encoded>", "<description>短</description>"),
            id="other order",
        ),
        pytest.param(
            (
                "<description><![CDATA[长的<div>正文</div>]]></description>",
                f"<content:encoded><![CDATA[<a href='{'x' * 90}'>短</a>]]></content:encoded>",
            ),
            id="the longer text, not the longer markup",
        ),
    ],
)
def test_the_longer_text_is_taken(fields: tuple[str, str]) -> None:
    assert described(*fields).text == "长的\n正文"


def test_credits_are_read_from_the_text() -> None:
    item = described("<description><![CDATA[<p>正文。</p><p>来源：新华社</p>]]></description>")
    assert [credit.value for credit in item.credits] == ["新华社"]


def test_atom_xhtml_keeps_its_lines() -> None:
    item = only(
        atom(
            '<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">关于<b>防汛</b>的通知</div></title>'
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>一</p><p>二&amp;三</p></div></content></entry>'
        )
    )
    assert (item.title, item.text) == ("关于防汛的通知", "一\n二&三")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        pytest.param("<![CDATA[<b>重要</b>通知]]>", "重要通知", id="markup"),
        pytest.param("&lt;b&gt;重要&lt;/b&gt;通知", "重要通知", id="escaped markup"),
        pytest.param("关于&lt;办法&gt;的通知", "关于<办法>的通知", id="a name in angle brackets"),
        pytest.param("收入 &lt; 支出", "收入 < 支出", id="less than"),
        pytest.param("AT&amp;amp;T", "AT&T", id="escaped twice"),
        pytest.param("\n 一\n  二 ", "一 二", id="one line"),
        pytest.param("零\u200b宽", "零宽", id="invisible"),
    ],
)
def test_titles_are_one_line_of_plain_text(written: str, title: str) -> None:
    assert only(rss(f"<item><title>{written}</title></item>")).title == title


def test_a_post_without_a_title_is_called_by_its_text() -> None:
    item = only(rss(f"<item><description>{'一' * 70}</description></item>"))
    assert item.title == "一" * 60 + "…"


@pytest.mark.parametrize(
    ("source", "publisher"),
    [
        pytest.param('<source url="http://b.cn/rss">四川发布</source>', "四川发布", id="RSS source"),
        pytest.param("<source>来源：新华社</source>", "新华社", id="with a label"),
        pytest.param("<source>发布机构：</source>", "", id="a label alone"),
        pytest.param("<source>https://b.cn/</source>", "", id="an address names nobody"),
        pytest.param(
            '<dc:source xmlns:dc="http://purl.org/dc/elements/1.1/">四川发布</dc:source>', "四川发布", id="dc:source"
        ),
        pytest.param(
            '<dc:publisher xmlns:dc="http://purl.org/dc/elements/1.1/">四川发布</dc:publisher>',
            "",
            id="dc:publisher is the site",
        ),
        pytest.param("", "", id="none"),
    ],
)
def test_the_publisher_is_the_items_own_source(source: str, publisher: str) -> None:
    assert only(rss(f"<item><title>标题</title>{source}</item>")).publisher == publisher


def test_an_atom_source_names_the_publisher_and_does_not_date_the_entry() -> None:
    item = only(
        atom(
            "<entry><title>标题</title><source><title>四川发布</title><updated>2020-01-01T00:00:00Z</updated></source>"
            "<updated>2026-11-02T00:30:00Z</updated></entry>"
        )
    )
    assert (item.publisher, item.title, item.stated.raw) == ("四川发布", "标题", "2026-11-02T00:30:00Z")


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("zhang@a.cn (张三)", "张三"),
        ("张三 &lt;zhang@a.cn&gt;", "张三"),
        ("zhang@a.cn", ""),
        ("admin", "admin"),
        ("a" * 5000, "a" * 200),
    ],
)
def test_authors_lose_their_addresses(written: str, author: str) -> None:
    assert only(rss(f"<item><title>标题</title><author>{written}</author></item>")).author == author


@pytest.mark.parametrize(
    ("enclosed", "kind"),
    [
        pytest.param('<enclosure url="a.mp4" type="video/mp4" length="1"/>', "视频", id="video"),
        pytest.param('<enclosure url="a.mp3" type="audio/mpeg" length="1"/>', "音频", id="audio"),
        pytest.param('<enclosure url="a.jpg" type="image/jpeg" length="1"/>', "图文", id="picture"),
        pytest.param("", "图文", id="nothing"),
    ],
)
def test_the_kind_is_that_of_the_enclosure(enclosed: str, kind: str) -> None:
    assert only(rss(f"<item><title>标题</title>{enclosed}</item>")).kind == kind


@pytest.mark.parametrize(
    ("title", "pinned"), [("【置顶】公告", True), ("[置顶] 公告", True), ("关于置顶的公告", False)]
)
def test_an_item_that_says_so_is_pinned(title: str, pinned: bool) -> None:
    assert only(rss(f"<item><title>{title}</title></item>")).pinned is pinned


@pytest.mark.parametrize(
    ("link", "url"),
    [
        pytest.param("<link>/a/1.html</link>", "https://rss.example.gov.cn/a/1.html", id="from the root"),
        pytest.param("<link>1.html</link>", "https://rss.example.gov.cn/feeds/1.html", id="from the feed"),
        pytest.param("<link>www.a.cn/1.html</link>", "https://www.a.cn/1.html", id="a host without its scheme"),
        pytest.param(
            "<link>a.cn.html</link>", "https://rss.example.gov.cn/feeds/a.cn.html", id="a file that looks like a host"
        ),
        pytest.param("<link> http://a.cn/1 </link>", "http://a.cn/1", id="space around"),
        pytest.param("<link>http://a.cn/?a=1&amp;amp;b=2</link>", "http://a.cn/?a=1&b=2", id="escaped twice"),
        pytest.param("<guid>http://a.cn/1</guid>", "http://a.cn/1", id="a guid that is a permalink"),
        pytest.param('<guid isPermaLink="false">http://a.cn/1</guid>', "", id="a guid that is none"),
        pytest.param("<guid>abc-1</guid>", "", id="a guid that is no address"),
    ],
)
def test_links_are_resolved(link: str, url: str) -> None:
    assert only(rss(f"<item><title>标题</title>{link}</item>")).url == url


def test_xml_base_is_honoured() -> None:
    body = atom('<entry xml:base="http://b.cn/x/"><title>标题</title><link href="1.html"/></entry>')
    assert only(body).url == "http://b.cn/x/1.html"


def test_a_guid_stays_as_it_is_wherever_the_feed_lies() -> None:
    item = only(rss("<item><title>标题</title><guid>abc-1</guid></item>"))
    assert (item.key, item.rung) == ("guid:abc-1", Rung.GUID)


def test_a_zone_that_is_none_is_taken_as_utc() -> None:
    answer = Answer(body=rss(entry(2)).encode(), url="https://a.cn/")
    (item,) = read(answer, "feed", AT, "Mars/Olympus").listing.items
    assert item.stated.at == datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "url", "text", "kind"),
    [
        pytest.param(
            '"id": true, "external_url": "http://a.cn/1"', "http://a.cn/1", "", "图文", id="an address elsewhere"
        ),
        pytest.param('"content_text": "一\\n二", "summary": "一"', "", "一\n二", "图文", id="plain text"),
        pytest.param('"attachments": [{"mime_type": "video/mp4"}, 3]', "", "", "视频", id="a video"),
        pytest.param('"attachments": {}, "authors": [3], "id": 1.5', "", "", "图文", id="odd types"),
    ],
)
def test_json_items(fields: str, url: str, text: str, kind: str) -> None:
    item = only('{"version": "https://jsonfeed.org/version/1.1", "items": [{"title": "标题", ' + fields + "}]}")
    assert (item.url, item.text, item.kind, item.author) == (url, text, kind, "")


def test_json_with_what_is_no_item_among_its_items_is_partial() -> None:
    answer = reading('{"version": "https://jsonfeed.org/version/1.1", "items": [null, {"id": "1"}]}')
    assert (answer.outcome, len(answer.listing.items)) == (Outcome.PARTIAL, 1)


def test_json_without_its_version_is_known_by_its_items() -> None:
    assert only('{"items": [{"title": "标题", "date_published": "2026-11-02"}]}').title == "标题"
    assert reading('{"items": [{"title": "标题"}]}').outcome is Outcome.NOT_A_FEED


def test_json_that_spells_what_is_no_character() -> None:
    item = only(
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "\\ud800g", "title": "标\\u0000题\\ud800", "content_html": "<p>\\udfff文"}]}'
    )
    assert (item.key, item.title, item.text) == ("guid:g", "标题", "文")


def test_list_order_is_kept() -> None:
    body = rss(entry(3), entry(9), entry(1))
    assert [item.title for item in reading(body).listing.items] == ["标题3", "标题9", "标题1"]
