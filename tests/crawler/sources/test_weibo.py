import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.keys import platform_key
from crawler.sources.values import Reading
from crawler.sources.weibo import read_status, read_weibo
from crawler.sources.wire import Wire
from monitor.values import CreditKind, Mark, PostKind, Rung
from monitor.visits import Outcome
from tests.crawler.sources.saved import AT, SHANGHAI, broken, differences, documents, labels, listing

UID = 5000000001
ASKED = f"https://m.weibo.cn/api/container/getIndex?type=uid&value={UID}&containerid=107603{UID}"


def status(number: int, text: str = "高县今日天气晴。", **more: Any) -> dict[str, Any]:
    return {
        "id": str(5230000000000000 + number),
        "mid": str(5230000000000000 + number),
        "created_at": f"Sat Nov {number:02} 08:30:00 +0800 2026",
        "text": text,
        "isLongText": False,
        "visible": {"type": 0, "list_id": 0},
        "user": {"id": UID, "screen_name": "高县发布"},
        **more,
    }


def card(number: int, text: str = "高县今日天气晴。", **more: Any) -> dict[str, Any]:
    return {"card_type": 9, "mblog": status(number, text, **more)}


def container(*cards: Any, **info: Any) -> dict[str, Any]:
    return {"ok": 1, "data": {"cardlistInfo": {"containerid": f"107603{UID}", **info}, "cards": list(cards)}}


def wire(*cards: Any, **info: Any) -> Wire:
    read = read_weibo(container(*cards, **info), ASKED)
    assert isinstance(read, Wire)
    return read


def test_a_container() -> None:
    read = wire(card(21), card(20, "<a href='/n/x'>#早安#</a><br/>全县动员大会召开。"), since_id=4646131823281332)
    found = listing(read, ASKED)
    assert (found.account, found.damaged, found.warnings) == ("高县发布", False, ())
    assert [item.key for item in found.items] == ["weibo:5230000000000021", "weibo:5230000000000020"]
    assert {item.rung for item in found.items} == {Rung.PLATFORM}
    assert found.items[1].text == "#早安#\n全县动员大会召开。"
    assert found.items[0].url == "https://m.weibo.cn/detail/5230000000000021"
    assert found.next_page == f"{ASKED}&since_id=4646131823281332"


def test_the_key_is_that_of_the_links_to_the_status() -> None:
    own = wire(card(1, bid="PBxQv3k9a")).entries[0]
    assert own.key == platform_key(own.link) == platform_key("https://weibo.com/5000000001/5230000000000001")


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param({"mid": "4645748019299849"}, id="mid"),
        pytest.param({"id": 4645748019299849}, id="a number"),
        pytest.param({"idstr": "4645748019299849", "id": None}, id="idstr"),
        pytest.param({"bid": "Kjc77D1jz"}, id="only the short id"),
        pytest.param({"mblogid": "Kjc77D1jz"}, id="as weibo.com calls it"),
    ],
)
def test_a_status_is_known_by_its_number(numbers: dict[str, Any]) -> None:
    one = {name: value for name, value in status(1).items() if name not in {"id", "mid"}} | numbers
    assert wire({"card_type": 9, "mblog": one}).entries[0].key == "weibo:4645748019299849"


@pytest.mark.parametrize(
    ("written", "local"),
    [
        pytest.param("Sat Oct 17 08:30:05 +0800 2026", "2026-10-17 08:30", id="whole"),
        pytest.param("刚刚", "2026-11-23 09:00", id="just now"),
        pytest.param("5分钟前", "2026-11-23 08:55", id="minutes ago"),
        pytest.param("3小时前", "2026-11-23 06:00", id="hours ago"),
        pytest.param("昨天 18:05", "2026-11-22 18:05", id="yesterday"),
        pytest.param("10-05", "2026-10-05 00:00", id="this year"),
        pytest.param("12-31", "2025-12-31 00:00", id="over New Year's"),
        pytest.param("2025-3-7", "2025-03-07 00:00", id="an earlier year"),
    ],
)
def test_times(written: str, local: str) -> None:
    stated = listing(wire(card(1, created_at=written))).items[0].stated
    assert stated.at is not None
    assert stated.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") == local


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param({"isTop": 1}, id="isTop"),
        pytest.param({"title": {"text": "置顶"}}, id="the heading"),
        pytest.param({"mblogtype": 2}, id="mblogtype"),
    ],
)
def test_pinned(sign: dict[str, Any]) -> None:
    first, second = listing(wire(card(1, **sign), card(22))).items
    assert (first.pinned, second.pinned) == (True, False)


def test_long_texts() -> None:
    cut = '开头很长。 ...<a href="/status/1">全文</a>'
    long = {"longText": {"longTextContent": "开头很长。<br />来源：新华社"}, "isLongText": True}
    read = wire(card(3, cut, isLongText=True), card(2, cut, **long), card(1, "开头很长。<br />结尾。", isLongText=True))
    assert [entry.text for entry in read.entries] == [
        "开头很长。 ...全文",
        "开头很长。\n来源：新华社",
        "开头很长。\n结尾。",
    ]
    assert [credit.value for credit in listing(read).items[1].credits] == ["新华社"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        pytest.param("很好<span class=url-icon><img alt=[赞] src='//h5/x.png' /></span>", "很好[赞]", id="an emoticon"),
        pytest.param("看<img alt='[心]' src=x>这里<br>第二行", "看[心]这里\n第二行", id="quoted"),
        pytest.param("收入 <b>5</b>\u200b\u200b", "收入 5", id="nothing to be seen"),
    ],
)
def test_text(text: str, plain: str) -> None:
    assert wire(card(1, text)).entries[0].text == plain


def test_a_post_without_a_title_is_called_by_its_text() -> None:
    assert listing(wire(card(1, "第一行<br/>第二行"))).items[0].title == "第一行"


@pytest.mark.parametrize(
    ("source", "publisher"),
    [
        pytest.param({"id": "1", "user": {"screen_name": "新华社"}, "text": "要闻"}, "新华社", id="another's"),
        pytest.param({"id": "1", "user": {"screen_name": "高县发布"}, "text": "要闻"}, "高县发布", id="its own"),
        pytest.param({"user": None, "deleted": "1", "text": "抱歉，此微博已被作者删除。"}, "", id="deleted"),
        pytest.param({}, "", id="nothing left of it"),
        pytest.param({"visible": {"type": 10}, "user": {"screen_name": "某人"}}, "某人", id="not for all"),
    ],
)
def test_a_retweet_is_a_repost(source: dict[str, Any], publisher: str) -> None:
    read = wire(card(1, "转发微博", retweeted_status=source))
    assert (read.entries[0].mark, read.entries[0].publisher, read.damaged) == (Mark.REPOST, publisher, False)
    assert read.entries[0].text == "转发微博"


def test_no_mark_means_nothing() -> None:
    assert wire(card(1, "【原创】高县美景")).entries[0].mark is Mark.NONE


def test_a_credit_in_brackets() -> None:
    item = listing(wire(card(1, "【要闻】今天召开会议。（转自：人民日报）"))).items[0]
    assert [(credit.kind, credit.value) for credit in item.credits] == [(CreditKind.SOURCE, "人民日报")]


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        pytest.param({"page_info": {"type": "video"}}, PostKind.VIDEO, id="a video"),
        pytest.param({"mix_media_info": {"items": [{"type": "pic"}, {"type": "video"}]}}, PostKind.VIDEO, id="mixed"),
        pytest.param({"page_info": {"type": "search_topic"}}, PostKind.ARTICLE, id="a topic"),
        pytest.param({"page_info": None}, PostKind.ARTICLE, id="none"),
    ],
)
def test_kinds(page: dict[str, Any], kind: PostKind) -> None:
    assert wire(card(1, **page)).entries[0].kind is kind


def test_cards_in_groups() -> None:
    group = {"card_type": 11, "card_group": [card(3), {"card_type": 11, "card_group": [card(2)]}, {"card_type": 42}]}
    read = wire(group, card(1))
    assert [entry.key[-1] for entry in read.entries] == ["3", "2", "1"]
    assert not read.damaged


@pytest.mark.parametrize(
    ("hole", "kept"),
    [
        pytest.param("card", 1, id="no card at all"),
        pytest.param({"card_type": 9}, 1, id="a card without its status"),
        pytest.param({"card_type": 9, "mblog": {"text": "没有编号"}}, 1, id="a status without a number"),
        pytest.param(card(2, "抱歉，此微博已被作者删除。查看帮助"), 1, id="deleted"),
        pytest.param(card(2, "该微博仅对粉丝可见"), 1, id="for followers"),
        pytest.param(card(2, deleted="1"), 1, id="flagged as deleted"),
        pytest.param(card(2, visible={"type": 10, "list_id": 0}), 2, id="for some only, though shown"),
    ],
)
def test_a_list_with_a_hole_is_damaged(hole: Any, kept: int) -> None:
    read = wire(card(3), hole)
    assert read.damaged
    assert len(read.entries) == kept
    assert "不能证明没有更新" in read.warnings[0]


def test_what_is_no_status_is_no_hole() -> None:
    text = "抱歉，因线路检修，本周三全县停水，此前已通知的社区请查看微信公众号，请各单位提前做好储水准备，给您带来不便敬请谅解，检修完成以后第一时间恢复供水，届时另行通知。"
    read = wire(card(2, text), {"card_type": 58, "desc": "没有更多内容了"}, {"card_type": 4})
    assert (len(read.entries), read.damaged) == (1, False)


FOLLOWING = "sinaweibo://detail?mblogid=5230000000000009"


@pytest.mark.parametrize(
    "hiding",
    [
        pytest.param({"card_type": "81", "mblog_id": "5230000000000009", "title": "1条微博"}, id="an id"),
        pytest.param({"card_type": 58, "title": "查看更多微博", "desc": "已折叠3条"}, id="folded"),
        pytest.param({"card_type": 11, "card_group": [{"card_type": 4, "desc": "展开其余2条微博"}]}, id="in a group"),
        pytest.param({"card_type": 89, "scheme": FOLLOWING}, id="the address of a status"),
        pytest.param({"card_type": 25, "items": [{"link": "https://m.weibo.cn/status/PBxQv3k9a"}]}, id="deeper"),
        pytest.param({"card_type": 47, "pics": [{"pic_id": "1", "mblog": {"id": "5230000000000009"}}]}, id="pictures"),
        pytest.param({"card_type": 11, "card_group": {"0": card(2)}}, id="a group that is no list"),
        pytest.param({**card(2), "card_group": [{"card_type": 9}]}, id="a group beside a status"),
    ],
)
def test_a_card_that_hides_a_status_is_a_hole(hiding: dict[str, Any]) -> None:
    read = wire(card(3), hiding, card(1))
    assert read.damaged
    assert "不能证明没有更新" in read.warnings[0]


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param({"card_type": 58, "desc": "没有更多内容了"}, id="the end"),
        pytest.param({"card_type": 58, "desc": "博主已设置仅展示半年内的微博"}, id="only half a year"),
        pytest.param(
            {"card_type": 31, "desc": "搜索他的微博", "scheme": "https://m.weibo.cn/p/searchall"}, id="search"
        ),
        pytest.param(
            {"card_type": 11, "card_group": [{"card_type": 10, "user": {"id": 7}, "desc1": "展开每一条微博"}]},
            id="people",
        ),
        pytest.param(
            {"card_type": 22, "promotion": {"type": "ad"}, "scheme": FOLLOWING, "title": "展开3条"}, id="an advert"
        ),
        pytest.param({"card_type": 4, "scheme": "sinaweibo://pageinfo?containerid=100808f1"}, id="a topic"),
    ],
)
def test_a_card_that_hides_none_is_no_hole(plain: dict[str, Any]) -> None:
    assert not wire(card(3), plain, card(1)).damaged


@pytest.mark.parametrize(
    ("more", "damaged"),
    [
        pytest.param({}, True, id="nothing says why"),
        pytest.param({"title": {"text": "高县发布 与 高县推荐 共同发布"}}, True, id="together"),
        pytest.param({"screen_name_suffix_new": [{"content": "高县推荐"}, {"content": " 共创"}]}, True, id="beside"),
        pytest.param({"title": {"text": "高县发布 赞过的微博"}}, False, id="liked"),
        pytest.param({"title": "为你推荐"}, False, id="recommended"),
        pytest.param({"mblogtype": 1}, False, id="an advert"),
        pytest.param({"promotion": {"recommend": "广告"}}, False, id="promoted"),
    ],
)
def test_a_newer_status_of_another(more: dict[str, Any], damaged: bool) -> None:
    read = wire(card(22, user={"id": 777, "screen_name": "高县推荐"}, **more), card(3), card(1))
    assert ([entry.key[-1] for entry in read.entries], read.damaged) == (["3", "1"], damaged)


def test_the_list_of_another_account_is_no_list() -> None:
    other = {"id": 777777, "screen_name": "别的账号"}
    read = wire(card(2, user=other), card(1, user=other), containerid="107603777777")
    assert (read.entries, read.damaged) == ((), True)


def test_an_older_status_of_another_may_belong_to_the_page_after() -> None:
    cards = (card(3), card(1, user={"id": 777, "screen_name": "别的账号"}))
    assert (wire(*cards).damaged, wire(*cards, since_id=5).damaged) == (False, True)


def test_a_pinned_status_says_nothing_of_how_old_the_list_is() -> None:
    other = card(2, user={"id": 777, "screen_name": "别的账号"})
    assert not wire(card(1, isTop=1), card(4), card(3), other).damaged


@pytest.mark.parametrize(
    ("container_id", "url", "some"),
    [
        pytest.param(f"107603{UID}", ASKED, False, id="all"),
        pytest.param(f"230413{UID}_-_WEIBO_SECOND_PROFILE_WEIBO", ASKED, False, id="all, as the app calls it"),
        pytest.param(f"230413{UID}_-_WEIBO_SECOND_PROFILE_WEIBO_ORI", ASKED, True, id="originals"),
        pytest.param(f"231567{UID}", ASKED, True, id="videos"),
        pytest.param("100103type=401&q=要闻", ASKED, True, id="a search"),
        pytest.param("", "https://weibo.com/ajax/statuses/mymblog?uid=1&feature=0", False, id="weibo.com"),
        pytest.param("", "https://weibo.com/ajax/statuses/mymblog?uid=1&feature=2", True, id="pictures"),
        pytest.param("", "https://weibo.com/ajax/statuses/searchProfile?uid=1&q=要闻", True, id="searched"),
    ],
)
def test_a_list_of_some_statuses_proves_nothing(container_id: str, url: str, some: bool) -> None:
    read = read_weibo({"ok": 1, "data": {"cards": [card(1)], "cardlistInfo": {"containerid": container_id}}}, url)
    assert isinstance(read, Wire)
    assert bool(read.unproving) is some


def test_statuses_of_others_are_left_out() -> None:
    other = {"id": 777, "screen_name": "别的账号"}
    read = wire(card(3), card(2, user=other, title={"text": "赞过的微博"}), card(1, user=other))
    assert (len(read.entries), read.damaged, read.account) == (1, False, "高县发布")
    assert "2条其他账号" in read.warnings[0]


def test_what_was_passed_on_at_a_click_has_no_time() -> None:
    read = wire(card(3), card(2, user={"id": 777, "screen_name": "新华社"}, title={"text": "高县发布 快转了"}))
    assert (read.entries[1].dates, read.entries[1].mark, read.entries[1].publisher) == ((), Mark.REPOST, "新华社")


@pytest.mark.parametrize(
    ("info", "url", "following"),
    [
        pytest.param({"since_id": 46461}, ASKED, f"{ASKED}&since_id=46461", id="since"),
        pytest.param({"since_id": 46461}, f"{ASKED}&since_id=46461", "", id="the same again"),
        pytest.param({"page": 2}, ASKED, f"{ASKED}&page=2", id="pages"),
        pytest.param({"page": 2}, f"{ASKED}&page=2", "", id="the same page again"),
        pytest.param({"page": 3}, f"{ASKED}&page=2", f"{ASKED}&page=3", id="the page after"),
        pytest.param({"page": None}, ASKED, "", id="no more"),
        pytest.param({"since_id": 46461}, "", "", id="nobody knows what was asked"),
    ],
)
def test_older_statuses(info: dict[str, Any], url: str, following: str) -> None:
    read = read_weibo(container(card(1), **info), url)
    assert isinstance(read, Wire)
    assert read.next_page == following


def test_an_answer_of_weibo_com() -> None:
    one = {
        "mblogid": "Kjc77D1jz",
        "idstr": "4645748019299849",
        "text": "要闻",
        "user": {"idstr": "1", "screen_name": "高县发布"},
    }
    read = read_weibo(
        {"ok": 1, "data": {"since_id": "46kp2", "list": [one]}}, "https://weibo.com/ajax/statuses/mymblog?uid=1"
    )
    assert isinstance(read, Wire)
    assert (read.entries[0].key, read.next_page[-14:]) == ("weibo:4645748019299849", "since_id=46kp2")


def test_a_page_of_weibo_com_is_counted() -> None:
    url = "https://weibo.com/ajax/statuses/mymblog?uid=5000000001&page=1&feature=0"
    own = status(3, mblogid="Kjc77D1jz")
    liked = status(2, mblogid="Kjc77D1jy", user={"id": 777, "screen_name": "新华社"})
    liked["screen_name_suffix_new"] = [{"content": "新华社"}, {"content": " 快转了"}]
    read = read_weibo({"ok": 1, "data": {"since_id": "46kp2", "list": [own, liked]}}, url)
    assert isinstance(read, Wire)
    assert [(entry.publisher, entry.dates != ()) for entry in read.entries] == [("", True), ("新华社", False)]
    assert read.next_page == ("https://weibo.com/ajax/statuses/mymblog?uid=5000000001&feature=0&since_id=46kp2&page=2")


@pytest.mark.parametrize(
    ("said", "outcome", "words"),
    [
        pytest.param({"ok": -100, "url": "https://passport.weibo.com/sso/signin"}, Outcome.BLOCKED, "访客", id="wall"),
        pytest.param({"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}}, Outcome.EMPTY, "还没有", id="nothing"),
        pytest.param({"ok": 1, "data": {"cards": [], "cardlistInfo": {}}}, Outcome.EMPTY, "不能证明", id="success"),
        pytest.param(
            {"ok": 0, "errno": "100005", "msg": "请求过于频繁，歇歇吧"}, Outcome.BLOCKED, "频繁", id="too often"
        ),
        pytest.param(
            {"ok": 0, "errno": "20003", "msg": "用户不存在"}, Outcome.GONE, "用户不存在", id="no such account"
        ),
        pytest.param(
            {"ok": 1, "data": {"userInfo": {"id": 1}, "tabsInfo": {}}}, Outcome.NOT_A_FEED, "资料", id="profile"
        ),
        pytest.param({"ok": 0, "msg": "系统升级"}, Outcome.NOT_A_FEED, "系统升级", id="something else"),
        pytest.param({"ok": 1, "data": {"longTextContent": "全文"}}, Outcome.NOT_A_FEED, "其他数据", id="a long text"),
    ],
)
def test_answers_without_statuses(said: dict[str, Any], outcome: Outcome, words: str) -> None:
    read = read_weibo(said, ASKED)
    assert isinstance(read, Reading)
    assert read.outcome is outcome
    assert words in read.reason
    assert read.reason.endswith("。")


def test_only_holes() -> None:
    read = wire({"card_type": 9})
    assert (read.entries, read.damaged) == ((), True)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([], id="a list"),
        pytest.param("ok", id="a text"),
        pytest.param({"code": 0, "data": {"items": []}}, id="another platform's"),
        pytest.param({"code": 0, "data": {"cards": [{"title": "要闻"}]}}, id="somebody's cards"),
        pytest.param({"version": "https://jsonfeed.org/version/1", "items": []}, id="a feed"),
    ],
)
def test_answers_of_others(said: Any) -> None:
    assert read_weibo(said, "https://www.example.gov.cn/") is None
    assert read_status(said, "https://www.example.gov.cn/", AT, SHANGHAI) is None


def page(said: Any) -> str:
    return f"<html><script>var $render_data = [{json.dumps(said)}][0] || {{}};</script></html>"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"ok": 1, "data": status(5, "要闻<br/>来源：新华社", isLongText=True)}, id="statuses/show"),
        pytest.param(page({"status": status(5, "要闻<br/>来源：新华社")}), id="its page"),
    ],
)
def test_one_status(said: Any) -> None:
    reading = read_status(said, "https://m.weibo.cn/statuses/show?id=1", AT, SHANGHAI)
    assert reading is not None
    assert reading.outcome is Outcome.NEW
    article = reading.article
    assert article is not None
    assert (article.title, article.text, article.account) == ("", "要闻\n来源：新华社", "高县发布")
    assert article.stated.at is not None
    assert article.stated.at.isoformat() == "2026-11-05T00:30:00+00:00"
    assert (article.key, [credit.value for credit in article.credits]) == ("weibo:5230000000000005", ["新华社"])


def test_the_long_text_by_itself() -> None:
    said = {"ok": 1, "data": {"ok": 1, "longTextContent": "很长<br />结尾"}}
    reading = read_status(said, "https://m.weibo.cn/statuses/extend?id=4645748019299849", AT, SHANGHAI)
    assert reading is not None
    assert reading.article is not None
    assert (reading.article.text, reading.article.key) == ("很长\n结尾", "weibo:4645748019299849")
    assert reading.article.stated.at is None


def test_one_status_that_is_a_retweet() -> None:
    said = {"ok": 1, "data": status(5, "转发微博", retweeted_status={"user": {"screen_name": "新华社"}})}
    reading = read_status(said, ASKED, AT, SHANGHAI)
    assert reading is not None
    assert reading.article is not None
    assert (reading.article.mark, reading.article.publisher) == (Mark.REPOST, "新华社")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        pytest.param({"ok": 0, "msg": "该微博不存在"}, Outcome.GONE, id="does not exist"),
        pytest.param({"ok": 0, "msg": "此微博已被作者删除"}, Outcome.GONE, id="deleted by its author"),
        pytest.param({"ok": 0, "msg": "微博不存在或暂无查看权限"}, Outcome.BLOCKED, id="either"),
        pytest.param("<p>微博不存在或暂无查看权限!</p>", Outcome.BLOCKED, id="either, as a page"),
        pytest.param({"ok": -100}, Outcome.BLOCKED, id="wall"),
        pytest.param(
            {"ok": 1, "data": status(1, "抱歉，此微博已被作者删除。")}, Outcome.GONE, id="a notice in its place"
        ),
        pytest.param({"ok": 1, "data": status(1, "该微博仅对粉丝可见")}, Outcome.BLOCKED, id="for followers"),
        pytest.param(container(card(1)), Outcome.NOT_A_FEED, id="a list"),
    ],
)
def test_a_status_that_cannot_be_seen(said: Any, outcome: Outcome) -> None:
    reading = read_status(said, "https://m.weibo.cn/statuses/show?id=1", AT, SHANGHAI)
    assert reading is not None
    assert (reading.outcome, reading.article) == (outcome, None)


def test_a_page_that_quotes_the_notice() -> None:
    page_text = f"<p>{'网友反映，页面显示“微博不存在或暂无查看权限”。' * 40}</p>"
    assert read_status(page_text, "https://www.example.gov.cn/1.html", AT, SHANGHAI) is None


@pytest.mark.parametrize("text", ["", "<html></html>", "var $render_data = [", "var $render_data = [] || {};"])
def test_pages_of_others(text: str) -> None:
    assert read_status(text, "https://m.weibo.cn/detail/1", AT, SHANGHAI) is None


GOOD = container(
    card(1, isTop=1), card(3, retweeted_status=status(2)), {"card_type": 11, "card_group": [card(4)]}, since_id=5
)


@given(broken(GOOD))
def test_never_raises(said: Any) -> None:
    read = read_weibo(said, ASKED)
    if isinstance(read, Wire):
        listing(read, ASKED)
    read_status(said, ASKED, AT, SHANGHAI)


@given(broken({"ok": 1, "data": status(5, longText={"longTextContent": "很长"}, page_info={"type": "video"})}))
def test_never_raises_for_one(said: Any) -> None:
    read_status(said, ASKED, AT, SHANGHAI)


@given(documents, st.text(max_size=30))
def test_never_raises_for_anything(said: Any, url: str) -> None:
    read_weibo(said, url)
    read_status(said, url, AT, SHANGHAI)


@pytest.mark.parametrize("name", [name for name, label in labels("weibo_json/").items() if label.get("items")])
def test_real_containers(shared_data: Path, name: str) -> None:
    label = labels("weibo_json/")[name]
    found = listing(read_weibo(json.loads((shared_data / "dev" / name).read_text()), ASKED.replace(str(UID), "1")))
    items = {item.key.removeprefix("weibo:"): item for item in found.items}
    assert (found.account, found.damaged) == (label["account"], False)
    assert list(items) == [each[0] for each in label["items"]]
    assert [number for number, item in items.items() if item.pinned] == label["pinned"]
    assert [text for each in label["items"] for text in differences(items[each[0]], each)] == []


@pytest.mark.parametrize("name", [name for name, label in labels("weibo_json/").items() if "text_start" in label])
def test_real_long_texts(shared_data: Path, name: str) -> None:
    number = name.rsplit("_", 1)[1]
    said = json.loads((shared_data / "dev" / name).read_text())
    reading = read_status(said, f"https://m.weibo.cn/statuses/extend?id={number}", AT, SHANGHAI)
    assert reading is not None
    assert reading.article is not None
    assert reading.article.key == f"weibo:{number}"
    start = labels("weibo_json/")[name]["text_start"]
    assert " ".join(reading.article.text.split()).startswith(" ".join(start.split()))
