import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.bilibili import read_bilibili
from crawler.sources.values import Reading
from crawler.sources.wire import Wire
from monitor.values import Mark, PostKind, Rung
from monitor.visits import Outcome
from tests.crawler.sources.saved import broken, differences, documents, labels, listing

ASKED = "https://api.bilibili.com/x/polymer/web-dynamic/v1/feed/space?host_mid=5001"


def dynamic(number: int, major: dict[str, Any] | None = None, text: str | None = None, **more: Any) -> dict[str, Any]:
    author = {"mid": 5001, "name": "高县发布", "pub_ts": 1795390200 - 3600 * (100 - number), "pub_time": "昨天"}
    return {
        "id_str": str(916751749918752000 + number),
        "type": "DYNAMIC_TYPE_DRAW",
        "visible": True,
        "modules": {
            "module_author": author,
            "module_dynamic": {"desc": {"text": text} if text else None, "major": major},
            "module_tag": None,
        },
        **more,
    }


def answer(*items: Any, **data: Any) -> dict[str, Any]:
    return {
        "code": 0,
        "message": "0",
        "ttl": 1,
        "data": {"has_more": False, "offset": "", "items": list(items), **data},
    }


def wire(*items: Any, **data: Any) -> Wire:
    read = read_bilibili(answer(*items, **data), ASKED)
    assert isinstance(read, Wire)
    return read


def test_a_space() -> None:
    found = listing(wire(dynamic(2, text="第一行\n第二行"), dynamic(1, text="要闻"), has_more=True, offset="91"), ASKED)
    first = found.items[0]
    assert (found.account, found.damaged, found.next_page) == ("高县发布", False, f"{ASKED}&offset=91")
    assert (first.key, first.rung, first.url) == (
        "bilibili:916751749918752002",
        Rung.PLATFORM,
        "https://t.bilibili.com/916751749918752002",
    )
    assert (first.title, first.text, first.mark) == ("第一行", "第一行\n第二行", Mark.NONE)
    assert first.stated.at is not None
    assert first.stated.at.timestamp() == 1795390200 - 3600 * 98


@pytest.mark.parametrize(
    ("major", "title", "text", "kind"),
    [
        pytest.param({"archive": {"title": "宣传片", "desc": "介绍"}}, "宣传片", "介绍", PostKind.VIDEO, id="video"),
        pytest.param(
            {"opus": {"title": None, "summary": {"text": "图文内容"}}},
            "图文内容",
            "图文内容",
            PostKind.ARTICLE,
            id="opus",
        ),
        pytest.param({"article": {"title": "专栏", "desc": "摘要"}}, "专栏", "摘要", PostKind.ARTICLE, id="article"),
        pytest.param(
            {"live_rcmd": {"content": '{"live_play_info": {"title": "直播"}}'}}, "直播", "", PostKind.VIDEO, id="live"
        ),
        pytest.param({"live_rcmd": {"content": "{"}}, "", "", PostKind.VIDEO, id="live, torn"),
        pytest.param({"draw": {"items": []}}, "", "", PostKind.ARTICLE, id="only pictures"),
    ],
)
def test_what_it_shows(major: dict[str, Any], title: str, text: str, kind: PostKind) -> None:
    item = listing(wire(dynamic(1, major))).items[0]
    assert (item.title, item.text, item.kind) == (title, text, kind)


@pytest.mark.parametrize(
    ("orig", "publisher"),
    [
        pytest.param({"modules": {"module_author": {"name": "新华社"}}}, "新华社", id="another's"),
        pytest.param({"type": "DYNAMIC_TYPE_NONE", "modules": {}}, "", id="deleted"),
        pytest.param(None, "", id="nothing left of it"),
    ],
)
def test_a_forward_is_a_repost(orig: Any, publisher: str) -> None:
    entry = wire(dynamic(1, text="转发动态", orig=orig, type="DYNAMIC_TYPE_FORWARD")).entries[0]
    assert (entry.mark, entry.publisher) == (Mark.REPOST, publisher)


def test_pinned() -> None:
    pinned = dynamic(1)
    pinned["modules"]["module_tag"] = {"text": " 置顶"}
    assert [entry.pinned for entry in wire(pinned, dynamic(2)).entries] == [True, False]


def test_without_a_moment_what_is_written_is_read() -> None:
    one = dynamic(1)
    one["modules"]["module_author"] |= {"pub_ts": 0, "pub_time": "2026年10月05日"}
    assert wire(one).entries[0].dates == ("2026年10月05日",)


@pytest.mark.parametrize(
    "hole",
    [
        pytest.param("动态", id="no dynamic at all"),
        pytest.param({"id_str": "", "modules": {}}, id="without a number"),
        pytest.param(dynamic(2, visible=False), id="hidden"),
        pytest.param({"id_str": "916751749918752002", "modules": {"module_dynamic": {}}}, id="without an author"),
        pytest.param(dynamic(2, type="DYNAMIC_TYPE_NONE"), id="gone"),
    ],
)
def test_a_hole_damages_the_list(hole: Any) -> None:
    read = wire(dynamic(3), hole)
    assert (len(read.entries), read.damaged) == (1, True)
    assert "不能证明没有更新" in read.warnings[0]


def others(number: int, **more: Any) -> dict[str, Any]:
    one = dynamic(number, **more)
    one["modules"]["module_author"] |= {"mid": 9, "name": "别的账号"}
    return one


@pytest.mark.parametrize(
    ("other", "data", "damaged"),
    [
        pytest.param(others(4, type="DYNAMIC_TYPE_AV"), {}, True, id="a newer video"),
        pytest.param(others(2, type="DYNAMIC_TYPE_DRAW"), {}, True, id="within the list"),
        pytest.param(others(1, type="DYNAMIC_TYPE_AV"), {}, False, id="an older one"),
        pytest.param(others(0, type="DYNAMIC_TYPE_AV"), {"has_more": True, "offset": "9"}, True, id="the page after"),
        pytest.param(others(4, type="DYNAMIC_TYPE_FORWARD"), {}, False, id="a forward is nobody's joint work"),
    ],
)
def test_dynamics_of_others_are_left_out(other: dict[str, Any], data: dict[str, Any], damaged: bool) -> None:
    pinned = dynamic(0)
    pinned["modules"]["module_tag"] = {"text": "置顶"}
    read = wire(pinned, dynamic(3), other, dynamic(2), **data)
    assert (len(read.entries), read.damaged) == (3, damaged)
    assert "1条其他账号" in read.warnings[0]


@pytest.mark.parametrize(
    ("fold", "damaged"),
    [
        pytest.param(
            {"ids": ["916751749918752009", "916751749918752008"], "statement": "展开2条相关动态"}, True, id="2"
        ),
        pytest.param({"ids": [916751749918752001], "statement": "展开1条相关动态"}, False, id="listed all the same"),
        pytest.param({"ids": ["916751749918752001", "916751749918752008"]}, True, id="one of them is not listed"),
        pytest.param({"ids": None, "statement": "展开2条相关动态"}, True, id="which, it does not say"),
        pytest.param({"ids": [], "statement": ""}, False, id="nothing folded"),
        pytest.param(None, False, id="no fold"),
    ],
)
def test_what_is_folded_away_damages_the_list(fold: Any, damaged: bool) -> None:
    one = dynamic(3)
    one["modules"]["module_fold"] = fold
    read = wire(one, dynamic(1))
    assert (len(read.entries), read.damaged) == (2, damaged)
    assert any("折叠" in each for each in read.warnings) is damaged


def test_parts_one_by_one() -> None:
    one = dynamic(3, text="要闻")
    one["modules"] = [{"module_type": "MODULE_TYPE_X", name: part} for name, part in one["modules"].items()]
    one["modules"].append({"module_desc": {"text": "全县动员大会召开"}})
    assert wire(one).entries[0].text == "全县动员大会召开"
    assert wire(one).entries[0].dates == wire(dynamic(3)).entries[0].dates


@pytest.mark.parametrize(
    ("url", "some"),
    [
        pytest.param(ASKED, False, id="all"),
        pytest.param(f"{ASKED}&offset=5&features=itemOpusStyle", False, id="an older page"),
        pytest.param("https://bridge.example.gov.cn/bilibili/5001", False, id="a bridge"),
        pytest.param(ASKED.replace("space?", "space/search?keyword=1&"), True, id="a search"),
        pytest.param(ASKED.replace("feed/space", "opus/feed/space"), True, id="pictures"),
        pytest.param(f"{ASKED}&type=video", True, id="videos"),
    ],
)
def test_a_list_of_some_dynamics_proves_nothing(url: str, some: bool) -> None:
    read = read_bilibili(answer(dynamic(1)), url)
    assert isinstance(read, Wire)
    assert bool(read.unproving) is some


def test_the_same_page_is_not_asked_again() -> None:
    read = read_bilibili(answer(dynamic(1), has_more=True, offset="91"), f"{ASKED}&offset=91")
    assert isinstance(read, Wire)
    assert read.next_page == ""


@pytest.mark.parametrize(
    ("said", "outcome", "words"),
    [
        pytest.param({"code": -352, "message": "-352", "ttl": 1}, Outcome.BLOCKED, "风控", id="-352"),
        pytest.param({"code": -412, "message": "request was banned", "ttl": 1}, Outcome.BLOCKED, "拦截", id="-412"),
        pytest.param({"code": 0, "data": {"v_voucher": "voucher_1"}}, Outcome.BLOCKED, "验证", id="a voucher"),
        pytest.param(answer(has_more=True, offset="5"), Outcome.EMPTY, "不能证明", id="nothing, and more of it"),
        pytest.param({"code": -101, "message": "账号未登录"}, Outcome.BLOCKED, "登录", id="-101"),
        pytest.param({"code": -404, "message": "啥都木有"}, Outcome.GONE, "啥都木有", id="-404"),
        pytest.param({"code": 40061, "message": "用户不存在"}, Outcome.GONE, "用户不存在", id="no such account"),
        pytest.param({"code": -400, "message": "请求错误"}, Outcome.NOT_A_FEED, "请求错误", id="-400"),
        pytest.param(answer(), Outcome.EMPTY, "不能证明", id="nothing"),
    ],
)
def test_answers_without_dynamics(said: dict[str, Any], outcome: Outcome, words: str) -> None:
    read = read_bilibili(said, ASKED)
    assert isinstance(read, Reading)
    assert (read.outcome, words in read.reason, read.reason[-1]) == (outcome, True, "。")


def test_the_wall_is_known_wherever_it_stands() -> None:
    read = read_bilibili({"code": -412, "message": "request was banned", "ttl": 1}, "https://bridge.example.gov.cn/")
    assert isinstance(read, Reading)
    assert read.outcome is Outcome.BLOCKED


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([], id="a list"),
        pytest.param({"ok": 1, "data": {"cards": []}}, id="another platform's"),
        pytest.param({"code": 0, "result": {"media": {}}}, id="a programme"),
        pytest.param({"code": 0, "data": {"items": [{"title": "要闻"}]}}, id="somebody's items"),
        pytest.param({"code": -101, "message": "need login"}, id="somebody's refusal"),
    ],
)
def test_answers_of_others(said: Any) -> None:
    assert read_bilibili(said, "https://www.example.gov.cn/api") is None


@given(broken(answer(dynamic(3, {"opus": {"summary": {"text": "一"}}}), dynamic(2, orig=dynamic(1)), has_more=True)))
def test_never_raises(said: Any) -> None:
    read = read_bilibili(said, ASKED)
    if isinstance(read, Wire):
        listing(read, ASKED)


@given(documents, st.text(max_size=30))
def test_never_raises_for_anything(said: Any, url: str) -> None:
    read_bilibili(said, url)


# Spliced into a saved answer by whoever saved it: a dynamic of somebody else.
STRANGER = "965806534205374473"


@pytest.mark.parametrize(
    "name", [name for name, label in labels("bilibili_json/").items() if label["what"] == "bilibili dynamics"]
)
def test_real_answers(shared_data: Path, name: str) -> None:
    label = labels("bilibili_json/")[name]
    found = listing(read_bilibili(json.loads((shared_data / "dev" / name).read_text()), ""))
    items = {item.key.removeprefix("bilibili:"): item for item in found.items}
    wanted = [each for each in label["items"] if each[0] != STRANGER]
    assert (found.account, found.damaged) == (label["account"], False)
    assert list(items) == [each[0] for each in wanted]
    assert [number for number, item in items.items() if item.pinned] == label["pinned"]
    assert [text for each in wanted for text in differences(items[each[0]], each)] == []


@pytest.mark.parametrize(
    "name", [name for name, label in labels("bilibili_json/").items() if label["what"] != "bilibili dynamics"]
)
def test_other_real_answers(shared_data: Path, name: str) -> None:
    assert read_bilibili(json.loads((shared_data / "dev" / name).read_text()), "") is None
