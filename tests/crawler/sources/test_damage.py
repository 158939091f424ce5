import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources import feed
from monitor.visits import Outcome
from tests.crawler.sources.bodies import atom, entry, reading, rss, titles

THREE = "".join(entry(number) for number in (1, 2, 3))
TITLES = ["标题1", "标题2", "标题3"]
CDATA_TAIL = "<item><title>标题4</title><description><![CDATA[正文"


def laughs(levels: int) -> str:
    nested = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE rss [<!ENTITY l0 "哈">{nested}]>'


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        pytest.param(rss(THREE.replace("标题2", "标\x00\x08题2")), "去除了2个控制字符", id="control characters"),
        pytest.param(rss(THREE.replace("标题2", "标题2&#x1;&#0;")), "", id="references to control characters"),
        pytest.param(
            rss(THREE.replace("标题2", "标题2&zwnj;")),
            "XML格式有误，已修正多余的符号（&）",
            id="a named character of HTML",
        ),
        pytest.param(
            rss(THREE, "<item><title>a & b</title></item>"), "XML格式有误，已修正多余的符号（&）", id="a stray &"
        ),
        pytest.param(
            rss(THREE, "<item><title>a < b</title></item>"), "XML格式有误，已修正多余的符号（<）", id="a stray <"
        ),
        pytest.param(
            rss(THREE, "<item><title>a ]]> b</title></item>"), "XML格式有误，已修正多余的符号（]]>）", id="a stray ]]>"
        ),
        pytest.param(rss(THREE, "<foo:bar/>"), "XML命名空间未声明，已补上（foo）", id="a prefix that is bound nowhere"),
        pytest.param(rss("<!-- a -- b -->", THREE), "", id="two dashes in a comment"),
        pytest.param(rss(THREE) + "<script>x()</script>", "XML末尾有误，已修正", id="something behind the end"),
        pytest.param(rss(THREE)[:-1], "XML末尾有误，已修正", id="the last sign is missing"),
        pytest.param(
            "<br /><b>Warning</b>: in <b>x.php</b>" + rss(THREE),
            "列表前有多余内容，已略去",
            id="a server's warning in front",
        ),
        pytest.param(rss(THREE, before='<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">'), "", id="an external DTD"),
        pytest.param(rss(THREE, before=laughs(9)), "", id="a bomb that is not set off"),
        pytest.param(rss(THREE).replace("utf-8", "utf-16"), "编码声明为utf-16，实际为UTF-8", id="a wrong declaration"),
        pytest.param(rss(THREE).encode().replace("题2".encode(), b"\xe9\xa22"), "有1处字符无法解码", id="one bad byte"),
    ],
)
def test_what_can_be_mended_proves_like_any_feed(body: str | bytes, warning: str) -> None:
    answer = reading(body)
    assert (answer.outcome, answer.reason) == (Outcome.NEW, "")
    assert [item.title[:2] for item in answer.listing.items][:3] == [
        "标题",
        "标题" if warning[:1] != "有" else "标\ufffd",
        "标题",
    ]
    assert warning in answer.listing.warnings if warning else True


def test_an_unbound_prefix_is_bound_to_what_it_means() -> None:
    body = rss("<item><title>标题</title><content:encoded>正文</content:encoded></item>")
    assert reading(body).listing.items[0].text == "正文"


def test_mending_restores_the_characters() -> None:
    body = rss(
        "<item><title>&ldquo;高县&rdquo; AT&T &co;</title><link>http://a.cn/?a=1&b=2</link></item>",
        before='<!DOCTYPE rss [<!ENTITY co "x">]>',
    )
    (item,) = reading(body).listing.items
    assert (item.title, item.url) == ("“高县” AT&T x", "http://a.cn/?a=1&b=2")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(rss(THREE, after=""), TITLES, id="cut off behind an item"),
        pytest.param(rss(THREE, CDATA_TAIL, after=""), TITLES, id="cut off within an item, which is left out"),
        pytest.param(rss(THREE)[: rss(THREE).index("标题3") + 2], TITLES[:2], id="cut off within a title"),
        pytest.param(rss("<item><title>坏<br></title></item>", THREE), ["坏", *TITLES], id="unescaped markup in front"),
        pytest.param(
            rss(entry(1), "<item><description>x<br>y</description><title>坏</title></item>", entry(3)),
            ["标题1", "坏", "标题3"],
            id="and between",
        ),
        pytest.param(rss("<item><title>无尾</title>", THREE), ["无尾", *TITLES], id="an item without its end"),
        pytest.param(rss(THREE) + rss(entry(4)), [*TITLES, "标题4"], id="two feeds in one"),
        pytest.param(
            atom("<entry><title>一</title></entry><entry><title>二<br></title></entry>"), ["一", "二"], id="Atom"
        ),
        pytest.param(
            rss(THREE, "<item><title>&l8;</title></item>", before=laughs(9)), [*TITLES, ""], id="a bomb that is set off"
        ),
        pytest.param(
            rss(
                THREE,
                "<item><title>&f;</title></item>",
                before='<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/hostname">]>',
            ),
            [*TITLES, ""],
            id="a file",
        ),
        pytest.param(rss(THREE, "<item>" + "<a>" * 90_000), TITLES, id="depth"),
        pytest.param(rss(THREE, "<item " + " ".join(f'a{n}="1"' for n in range(300)) + "/>"), TITLES, id="attributes"),
    ],
)
def test_what_cannot_be_mended_is_partial(body: str, expected: list[str]) -> None:
    answer = reading(body)
    assert [item.title for item in answer.listing.items] == expected
    assert answer.outcome is Outcome.PARTIAL
    assert answer.listing.damaged
    assert answer.reason == f"信息列表残缺，只读出{len(expected)}条信息。"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rss(after=""), id="cut off before the first item"),
        pytest.param(rss("<item><title>标", after=""), id="cut off within the only item"),
        pytest.param(
            '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "ti',
            id="JSON cut off within the only item",
        ),
    ],
)
def test_damage_without_an_item_is_no_feed(body: str) -> None:
    answer = reading(body)
    assert answer.outcome is Outcome.NOT_A_FEED
    assert answer.reason == "信息列表残缺，没有一条信息可以读出。"


def test_json_cut_off_keeps_its_whole_items() -> None:
    body = '{"version": "https://jsonfeed.org/version/1.1", "title": "高县", "items": [{"id": "1", "title": "一"}, {"id": "2", "title": "二"}, {"id": "3'
    answer = reading(body)
    assert (answer.outcome, [item.title for item in answer.listing.items], answer.listing.title) == (
        Outcome.PARTIAL,
        ["一", "二"],
        "高县",
    )


def test_json_cut_off_within_odd_things_keeps_what_is_whole() -> None:
    body = '{"version": "https://jsonfeed.org/version/1.1", "x": "\\", "items": [3, {"id": "1", "title": "一"}, {"id'
    assert titles(body) == ["一"]


@pytest.mark.parametrize("length", [1000, 120_000], ids=["short", "long"])
def test_a_torn_item_keeps_what_it_says(length: int) -> None:
    torn = f"<item><title>坏<br></title><link>http://a.cn/9</link><description>{'文' * length}</description></item>"
    answer = reading(rss(entry(1), torn, "<item/>", entry(2)))
    assert [item.title for item in answer.listing.items] == ["标题1", "坏", "标题2"]
    assert answer.outcome is Outcome.PARTIAL


def test_more_damage_than_any_feed_has_is_not_looked_through() -> None:
    torn = [
        f"<item><title>坏{number}<br></title><description>{'文' * 240_000}</description></item>" for number in range(6)
    ]
    assert titles(rss(entry(1), *torn, entry(2))) == ["标题1", "坏0", "坏1", "坏2", "坏3", "标题2"]


def test_one_item_that_is_damaged_and_huge_is_left_out() -> None:
    torn = f"<item><title>坏<br></title><description>{'文' * 310_000}</description></item>"
    assert titles(rss(entry(1), torn, entry(2))) == ["标题1", "标题2"]


def test_a_torn_document_of_too_many_elements_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "_MOST_ELEMENTS", 2000)
    busy = f"<item><title>忙</title>{'<a/>' * 1500}</item>"
    assert titles(rss("<item><title>坏<br></title></item>", busy, busy.replace("忙", "再忙"), entry(1))) == [
        "坏",
        "忙",
        "再忙",
    ]


def test_a_bridges_own_error_is_no_post() -> None:
    error = "<item><title>Bridge returned error 403! (19000)</title><pubDate>2026-11-22 10:00</pubDate></item>"
    answer = reading(rss(error, entry(1)))
    assert (answer.outcome, [item.title for item in answer.listing.items]) == (Outcome.PARTIAL, ["标题1"])
    alone = reading(rss(error))
    assert alone.outcome is Outcome.NOT_A_FEED
    assert alone.reason == "信息列表残缺，没有一条信息可以读出（列表中有1条是采集桥自身的错误提示，不是信息）。"


def test_ten_thousand_items_are_enough() -> None:
    answer = reading(rss(*(f"<item><guid>{number}</guid></item>" for number in range(10_050))))
    assert (answer.outcome, len(answer.listing.items)) == (Outcome.PARTIAL, 10_000)


MANY = 300_000


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            rss(
                THREE, f"<item><title>{'&a;' * MANY}</title></item>", before=f'<!DOCTYPE x [<!ENTITY a "{"A" * 900}">]>'
            ),
            id="an entity again and again",
        ),
        pytest.param(rss(THREE, "<item>" + "<a>" * MANY), id="depth"),
        pytest.param(rss(THREE, f'<item a="{"x" * 5 * MANY}"/>'), id="an attribute"),
        pytest.param(rss(THREE, "".join(f"<p{n}:x/>" for n in range(20_000))), id="prefixes"),
        pytest.param(rss(THREE, "<item><title>x</title>" + "<![CDATA[" * MANY), id="CDATA that never ends"),
        pytest.param(rss(THREE, "<item><title>x</title>" + "<!--" * MANY), id="comments that never end"),
        pytest.param(rss(THREE, f"<item><author>{'a' * 3 * MANY}</author></item>"), id="an author"),
        pytest.param(rss(THREE, f"<item><title>x<br></title>{'<a <b' * MANY}</item>"), id="tag soup"),
        pytest.param("<!DOCTYPE rss [" + '<!ENTITY a "b" ' * (MANY // 4), id="a DOCTYPE that never ends"),
        pytest.param('{"a":' * (MANY // 4), id="JSON depth"),
        pytest.param("{" + '"items": [' * (MANY // 4), id="JSON lists"),
    ],
)
def test_bodies_that_are_made_to_stall_take_bounded_time(body: str) -> None:
    started = time.process_time()
    reading(body)
    assert time.process_time() - started < 10  # quadratic work would take minutes


SOUP = st.sampled_from(
    [
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "&",
        "&#",
        "&#x110000;",
        "&amp;",
        "&nbsp;",
        "<",
        ">",
        '"',
        "<rss>",
        "</rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<entry>",
        "</entry>",
        "<content type='xhtml'>",
        "<a:b>",
        "xmlns:a='",
        "<?",
        "?>",
        "<!DOCTYPE x [",
        "<!ENTITY a 'b'>",
        "]>",
        "&a;",
        "\x00",
        "高县",
        "<link href='//[",
        "'/>",
        "<source>",
        "<image>",
        "<textinput>",
        "<author>",
        "<svg>",
        "{",
        "}",
        '"items":',
        "[",
        "]",
        ",",
        '"version":"https://jsonfeed.org/version/1"',
        '"id":1e999',
        "<html>",
        "<link rel=alternate type=application/rss+xml href='http://[x'>",
    ]
)


@given(
    st.sampled_from(["", "<rss><channel>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<rdf:RDF>", "{", "<html>"]),
    st.lists(SOUP, max_size=25),
)
def test_never_raises_on_soup(start: str, pieces: list[str]) -> None:
    answer = reading(start + "".join(pieces))
    assert (answer.outcome in {Outcome.NEW, Outcome.PARTIAL}) == bool(answer.listing.items)
    assert (answer.reason == "") == (answer.outcome is Outcome.NEW)


@given(st.binary(max_size=400))
def test_never_raises_on_bytes(body: bytes) -> None:
    assert reading(body).outcome is not Outcome.NEW


WHOLE = rss(THREE)


@given(st.integers(0, len(WHOLE.rstrip()) - 2))
def test_a_feed_cut_off_anywhere_never_proves_anything(end: int) -> None:
    answer = reading(WHOLE[:end])
    assert answer.outcome in {Outcome.PARTIAL, Outcome.NOT_A_FEED, Outcome.EMPTY}
    assert titles(WHOLE[:end]) == TITLES[: len(answer.listing.items)]
