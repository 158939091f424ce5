import json
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.keys import platform_key
from crawler.sources.values import Reading
from crawler.sources.wechat_album_page import read_album_page
from crawler.sources.wechat_lists import read_album, read_history, read_push_lines, read_pushes
from crawler.sources.wire import Wire
from monitor.values import Mark, PostKind, Rung
from monitor.visits import Outcome
from tests.crawler.sources.saved import broken, differences, documents, labels, listing

BIZ = "MzAwMDAwMDAwMA=="
ASKED = f"https://mp.weixin.qq.com/mp/profile_ext?action=getmsg&__biz={BIZ}&f=json&offset=0&count=10"
ALBUM = f"https://mp.weixin.qq.com/mp/appmsgalbum?__biz={BIZ}&action=getalbum&album_id=77&f=json"


def article(mid: int, place: int = 1, **more: Any) -> dict[str, Any]:
    address = (
        f"http://mp.weixin.qq.com/s?__biz={BIZ}&amp;mid={mid}&amp;idx={place}&amp;sn=ab&amp;scene=27#wechat_redirect"
    )
    return {
        "title": f"要闻{mid}-{place}",
        "digest": "摘要",
        "content_url": address,
        "author": "小编",
        "copyright_stat": 100,
        "del_flag": 1,
        "item_show_type": 0,
        **more,
    }


def push(number: int, *members: dict[str, Any], **more: Any) -> dict[str, Any]:
    first, *others = members or (article(2000 + number),)
    info = {"id": 1000000000 + number, "type": 49, "datetime": 1795300000 + 3600 * number, "fakeid": "300", "status": 2}
    return {
        "comm_msg_info": info | more,
        "app_msg_ext_info": {**first, "is_multi": int(bool(others)), "multi_app_msg_item_list": others},
    }


def answer(*pushes: Any, **more: Any) -> dict[str, Any]:
    inner = json.dumps({"list": list(pushes)})
    return {"ret": 0, "errmsg": "ok", "msg_count": len(pushes), "general_msg_list": inner, **more}


def wire(*pushes: Any, **more: Any) -> Wire:
    read = read_pushes(answer(*pushes, **more), ASKED)
    assert isinstance(read, Wire)
    return read


def test_pushes() -> None:
    found = listing(wire(push(2, article(2002), article(2002, 2), article(2002, 3)), push(1)))
    assert [item.key for item in found.items] == [
        f"wechat:{BIZ}:{mid}" for mid in ("2002:1", "2002:2", "2002:3", "2001:1")
    ]
    assert {item.rung for item in found.items} == {Rung.PLATFORM}
    assert len({item.stated.at for item in found.items[:3]}) == 1
    assert found.items[0].stated.at is not None
    assert found.items[0].stated.at.timestamp() == 1795307200
    first = found.items[0]
    assert (first.title, first.author, first.text, found.damaged) == ("要闻2002-1", "小编", "摘要", False)
    assert first.key == platform_key(first.url)
    assert "&amp;" not in first.url
    assert found.unproving == ""


@pytest.mark.parametrize(
    ("code", "mark"),
    [
        pytest.param(11, Mark.ORIGINAL, id="original"),
        pytest.param("11", Mark.ORIGINAL, id="original, as text"),
        pytest.param(101, Mark.REPOST, id="reprint"),
        pytest.param(100, Mark.NONE, id="none"),
        pytest.param(12, Mark.NONE, id="nobody knows 12"),
        pytest.param(14, Mark.NONE, id="nobody knows 14"),
        pytest.param(None, Mark.NONE, id="missing"),
    ],
)
def test_marks(code: Any, mark: Mark) -> None:
    assert wire(push(1, article(1, copyright_stat=code))).entries[0].mark is mark


@pytest.mark.parametrize(
    ("written", "title"),
    [
        pytest.param("索尼\\/B&amp;O对比", "索尼/B&O对比", id="escaped twice"),
        pytest.param("  全县 大会\u200b ", "全县 大会", id="spaces and nothing"),
        pytest.param("<宪法>宣传", "<宪法>宣传", id="angle brackets"),
    ],
)
def test_titles(written: str, title: str) -> None:
    assert wire(push(1, article(1, title=written))).entries[0].title == title


@pytest.mark.parametrize(
    ("shown", "kind"), [(0, PostKind.ARTICLE), (5, PostKind.VIDEO), (7, PostKind.AUDIO), (None, PostKind.ARTICLE)]
)
def test_kinds(shown: int | None, kind: PostKind) -> None:
    assert wire(push(1, article(1, item_show_type=shown))).entries[0].kind is kind


def test_a_deleted_article_was_published_and_keeps_its_identity() -> None:
    before = listing(wire(push(1, article(1), article(1, 2)))).items[1]
    after = listing(wire(push(1, article(1), article(1, 2, title="", content_url="", del_flag=4)))).items[1]
    assert after.key in before.other_keys
    assert after.stated == before.stated
    assert after.url == ""


def test_messages_that_are_no_articles() -> None:
    text = {"comm_msg_info": {"id": 5, "type": 1, "datetime": 1795300000, "fakeid": "300", "content": "停水&nbsp;通知"}}
    sound = {"comm_msg_info": {"id": 6, "type": 34, "datetime": 1795300000, "fakeid": "300"}}
    found = listing(wire(text, sound))
    assert [(item.title, item.kind) for item in found.items] == [("停水 通知", PostKind.ARTICLE), ("", PostKind.AUDIO)]
    assert (found.damaged, "2条推送没有链接" in found.warnings[0]) == (False, True)


def test_a_video_bears_its_title() -> None:
    info = {"id": 6, "type": 62, "datetime": 1795300000, "fakeid": "300"}
    found = listing(wire({"comm_msg_info": info, "video_msg_ext_info": {"title": "高县宣传片"}}))
    assert [(item.title, item.kind) for item in found.items] == [("高县宣传片", PostKind.VIDEO)]


def test_fewer_pushes_than_the_answer_counts() -> None:
    assert (wire(push(2), push(1), msg_count=2).damaged, wire(push(2), push(1), msg_count=3).damaged) == (False, True)


@pytest.mark.parametrize(
    "hole",
    [
        pytest.param("推送", id="no push at all"),
        pytest.param({"comm_msg_info": {"type": 49, "id": 3, "datetime": 1795300000}}, id="without its articles"),
        pytest.param(push(3, datetime=0), id="without a time"),
        pytest.param(push(3, id=""), id="without a number"),
    ],
)
def test_a_hole_damages_the_list(hole: Any) -> None:
    read = wire(push(4), hole)
    assert (len(read.entries), read.damaged) == (1, True)


def test_a_member_that_cannot_be_read_damages_the_list() -> None:
    read = wire(push(4, article(1), "二", {"author": "小编"}))  # type: ignore[arg-type]
    assert (len(read.entries), read.damaged) == (1, True)


@pytest.mark.parametrize(
    ("more", "url", "following"),
    [
        pytest.param({"can_msg_continue": 1, "next_offset": 11}, ASKED, "offset=11", id="more"),
        pytest.param({"can_msg_continue": 0, "next_offset": 11}, ASKED, "", id="no more"),
        pytest.param({"can_msg_continue": 1, "next_offset": 11}, f"{ASKED}&offset=11", "", id="the same again"),
    ],
)
def test_older_pushes(more: dict[str, Any], url: str, following: str) -> None:
    read = read_pushes(answer(push(1), **more), url)
    assert isinstance(read, Wire)
    assert read.next_page.endswith(following)
    assert bool(read.next_page) is bool(following)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"list": [push(2), push(1)]}, id="the list by itself"),
        pytest.param([push(2), push(1)], id="an array"),
        pytest.param({"general_msg_list": {"list": [push(2), push(1)]}}, id="not escaped"),
    ],
)
def test_the_same_in_other_wrappings(said: Any) -> None:
    read = read_pushes(said, "")
    assert isinstance(read, Wire)
    assert read.entries == wire(push(2), push(1)).entries


def test_one_push_a_line() -> None:
    lines = "\n".join(json.dumps(push(number)) for number in (3, 2, 1))
    read = read_push_lines(f"{lines}\n\n")
    assert read is not None
    assert read.entries == wire(push(3), push(2), push(1)).entries
    torn = read_push_lines(lines[:-20])
    assert torn is not None
    assert (len(torn.entries), torn.damaged) == (2, True)


@pytest.mark.parametrize("text", ["", "要闻", "{}", '{"a": 1}\n{"a": 2}', "[1]\n[2]"])
def test_lines_of_others(text: str) -> None:
    assert read_push_lines(text) is None


@pytest.mark.parametrize(
    "script",
    [
        pytest.param('var name="gx"||"高县发布";\nvar msgList = %s;', id="an object"),
        pytest.param("var nickname = \"高县发布\";\nvar msgList = '%s';", id="escaped in quotes"),
    ],
)
def test_a_page_of_history(script: str) -> None:
    said = json.dumps({"list": [push(2), push(1)]}, ensure_ascii=False)
    read = read_history(f"<script>{script % (escape(said) if chr(39) in script else said)}</script>")
    assert read is not None
    assert (read.account, read.entries) == ("高县发布", wire(push(2), push(1)).entries)


def test_links_that_expire_are_no_identity() -> None:
    once, again = (
        listing(wire(push(1, article(1, content_url=f"/s?timestamp={stamp}&amp;signature=x")))).items[0]
        for stamp in (1500903767, 1500999999)
    )
    assert once.key == again.key
    assert once.url == "https://mp.weixin.qq.com/s?timestamp=1500903767&signature=x"


@pytest.mark.parametrize(
    "text", ["", "<p>msgList</p>", "var msgList = {", "var msgList = '", 'var msgList = {"a": 1};']
)
def test_pages_of_others(text: str) -> None:
    assert read_history(text) is None


@pytest.mark.parametrize(
    ("said", "outcome", "words"),
    [
        pytest.param({"ret": 0, "errmsg": "ok", "msg_count": 0}, Outcome.EMPTY, "不能证明", id="a success of nothing"),
        pytest.param(answer(), Outcome.EMPTY, "不能证明", id="an empty list"),
        pytest.param({"ret": -3, "errmsg": "no session"}, Outcome.BLOCKED, "登录", id="-3"),
        pytest.param({"ret": -6, "errmsg": "unknown error"}, Outcome.BLOCKED, "频繁", id="-6"),
        pytest.param({"base_resp": {"ret": 200013, "err_msg": "freq control"}}, Outcome.BLOCKED, "频繁", id="freq"),
        pytest.param({"base_resp": {"ret": 5, "err_msg": "need verify"}}, Outcome.BLOCKED, "verify", id="to verify"),
        pytest.param({"ret": 9, "errmsg": "该公众号已注销"}, Outcome.GONE, "注销", id="closed"),
        pytest.param({"ret": 9, "errmsg": "system"}, Outcome.NOT_A_FEED, "代码 9", id="something else"),
    ],
)
def test_answers_without_articles(said: dict[str, Any], outcome: Outcome, words: str) -> None:
    own = {"msg_count", "general_msg_list"} & said.keys()
    for read in (read_pushes(said, ASKED), read_pushes(said, ASKED) if own else read_album(said, ALBUM)):
        assert isinstance(read, Reading)
        assert (read.outcome, words in read.reason, read.reason[-1]) == (outcome, True, "。")


@pytest.mark.parametrize("said", [[], {}, {"ok": 1}, {"ret": 0, "list": []}, "ok", {"items": [{"title": "要闻"}]}])
def test_answers_of_others(said: Any) -> None:
    assert read_pushes(said, "https://www.example.gov.cn/") is None
    assert read_album(said, "https://www.example.gov.cn/") is None


def in_album(mid: int, **more: Any) -> dict[str, Any]:
    return {
        "title": f"专题{mid}",
        "create_time": str(1795300000 + mid),
        "msgid": str(mid),
        "itemidx": "1",
        "url": f"http://mp.weixin.qq.com/s?__biz={BIZ}&mid={mid}&idx=1&sn=ab#rd",
        **more,
    }


def album(articles: Any, **more: Any) -> dict[str, Any]:
    info = {"title": "乡村振兴", "nickname": "高县发布"}
    return {"base_resp": {"ret": 0}, "getalbum_resp": {"article_list": articles, "base_info": info, **more}}


def test_an_album() -> None:
    found = listing(read_album(album([in_album(3), in_album(2)], continue_flag="1"), ALBUM))
    assert [item.key for item in found.items] == [f"wechat:{BIZ}:3:1", f"wechat:{BIZ}:2:1"]
    assert (found.title, found.account) == ("乡村振兴", "高县发布")
    assert found.next_page.endswith("&begin_msgid=2&begin_itemidx=1")
    assert "不能证明没有更新" in found.unproving


def test_neither_interface_takes_the_other_s_answer() -> None:
    assert read_pushes(album([in_album(1)]), ALBUM) is None
    assert read_pushes(album([]), ALBUM) is None
    assert read_album(answer(push(1)), ASKED) is None
    empty = read_album(album([]), "")
    assert isinstance(empty, Reading)
    assert empty.outcome is Outcome.EMPTY


def test_an_album_of_one_article_holds_an_object() -> None:
    found = listing(read_album(album(in_album(3), continue_flag="0"), ALBUM))
    assert ([item.title for item in found.items], found.next_page) == (["专题3"], "")


@pytest.mark.parametrize(
    ("articles", "more", "url", "advice"),
    [
        pytest.param([in_album(2), in_album(3)], "1", ALBUM, "is_reverse改为1", id="oldest first"),
        pytest.param([in_album(2), in_album(3)], "1", f"{ALBUM}&is_reverse=1", "is_reverse改为0", id="turned already"),
        pytest.param([in_album(2), in_album(3)], "0", ALBUM, "", id="oldest first, and whole"),
        pytest.param([in_album(3), in_album(2)], "1", ALBUM, "", id="newest first"),
    ],
)
def test_an_album_that_begins_with_its_oldest(articles: Any, more: str, url: str, advice: str) -> None:
    read = read_album(album(articles, continue_flag=more), url)
    assert isinstance(read, Wire)
    assert (advice in "".join(read.warnings), bool(read.warnings)) == (True, bool(advice))


def test_an_album_with_a_hole() -> None:
    found = listing(read_album(album([in_album(3), None, {"msgid": "1"}]), ALBUM))
    assert (len(found.items), found.damaged) == (1, True)


def row(mid: int, time: str) -> str:
    link = f"http://mp.weixin.qq.com/s?__biz={BIZ}&amp;mid={mid}&amp;idx=1&amp;sn=ab#rd"
    return (
        f'<li class="album__list-item js_album_item wx_tap_cell" data-msgid="{mid}" data-itemidx="1" data-link="{link}"'
        f' data-title="专题{mid}"><span class="js_article_create_time album__item-info-item">{time}</span></li>'
    )


def test_the_page_of_an_album() -> None:
    rows = row(3, "1795300003") + row(2, "2026-10-05") + '<li class="album__list-item js_album_item"></li>'
    page = f'<div id="js_tag_name">#乡村振兴</div><div class="album__author-name">高县发布</div><ul>{rows}</ul>'
    found = listing(read_album_page(page))
    assert [(item.key, item.title) for item in found.items] == [
        (f"wechat:{BIZ}:3:1", "专题3"),
        (f"wechat:{BIZ}:2:1", "专题2"),
    ]
    assert [item.stated.at is not None for item in found.items] == [True, True]
    assert (found.title, found.account, found.damaged) == ("#乡村振兴", "高县发布", True)
    assert "不能证明没有更新" in found.unproving


@pytest.mark.parametrize("text", ["", "<p>js_album_item</p>", "<ul><li data-link='/s/1' data-title='一'></li></ul>"])
def test_pages_that_are_no_album(text: str) -> None:
    assert read_album_page(text) is None


def test_the_same_part_of_an_album_is_not_asked_again() -> None:
    read = read_album(album([in_album(3), in_album(2)], continue_flag="1"), f"{ALBUM}&begin_msgid=2")
    assert isinstance(read, Wire)
    assert read.next_page == ""


@given(broken(answer(push(2, article(2), article(2, 2)), push(1)) | {"general_msg_list": {"list": [push(1), push(2)]}}))
def test_never_raises(said: Any) -> None:
    read = read_pushes(said, ASKED)
    if isinstance(read, Wire):
        listing(read, ASKED)
    read_push_lines(json.dumps(said))


@given(broken(album([in_album(3), in_album(2)], continue_flag="1")))
def test_never_raises_for_albums(said: Any) -> None:
    read = read_album(said, ALBUM)
    if isinstance(read, Wire):
        listing(read, ALBUM)


@given(documents, st.text(max_size=30))
def test_never_raises_for_anything(said: Any, text: str) -> None:
    read_pushes(said, text)
    read_album(said, text)
    read_push_lines(text)
    read_history(f"var msgList = {text}")
    read_history(f"var msgList = '{text}")
    read_album_page(f"<li class=js_album_item data-title={text}")


@pytest.mark.parametrize("name", list(labels("wechat_msglist_json/")))
def test_real_pushes(shared_data: Path, name: str) -> None:
    label = labels("wechat_msglist_json/")[name]
    found = listing(read_push_lines((shared_data / "dev" / name).read_text()))
    items = {item.key: item for item in found.items}
    assert (len(items), found.damaged) == (label["n_items"], False)
    assert [text for each in label["items"] for text in differences(items[platform_key(each[0])], each)] == []


def test_a_real_page_of_history(shared_data: Path) -> None:
    name, label = next((name, label) for name, label in labels("wechat_html/").items() if "bitsea" in name)
    found = listing(read_history((shared_data / "dev" / name).read_text()))
    assert (found.account, found.damaged, len(found.items)) == (label["account"], False, len(label["items"]))
    for item, each in zip(found.items, label["items"], strict=True):
        number, address = each[0].split("|")
        assert f":{number}:" in item.key
        assert item.url.partition("//")[2] == address.partition("//")[2]
        assert differences(item, each) == []
