"""Originality: every step of the order, what beats what where marks disagree, and own names in all their dress."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.credits import read_credits
from monitor.originality import UNDETERMINED, Classified, classify, own_names
from monitor.values import Account, Correction, Credit, CreditKind, CreditPlace, Mark, Originality, Platform, Post

SEEN = datetime(2026, 10, 5, 2, tzinfo=UTC)
ACCOUNT = Account(
    account_id="gx-01",
    name="高县发布",
    platform=Platform.WECHAT,
    organizer="高县人民政府办公室",
    aliases=("高县政府网", "高县-政务"),
)
OWN = own_names(ACCOUNT)
BODY = "各乡镇要抓好秋收秋种工作，确保颗粒归仓。全县已收割水稻三十二万亩，占应收面积的九成以上，天气总体有利。"

ORIGINAL, REPOST, UNKNOWN = Originality.ORIGINAL, Originality.REPOST, Originality.UNDETERMINED


def post(
    text: str = "",
    *,
    publisher: str = "",
    author: str = "",
    mark: Mark = Mark.NONE,
    correction: Correction | None = None,
) -> Post:
    return Post(
        account_id="gx-01",
        key="1",
        title="题",
        url="",
        published_at=SEEN,
        seen_at=SEEN,
        publisher=publisher,
        author=author,
        mark=mark,
        correction=correction,
        credits=read_credits(text),
    )


def correction(originality: Originality, why: str = "本单位采写") -> Correction:
    return Correction(originality=originality, by="张三", why=why, at=SEEN)


@pytest.mark.parametrize(
    ("given_post", "expected"),
    [
        pytest.param(
            post("来源：新华社", mark=Mark.REPOST, correction=correction(ORIGINAL)),
            Classified(originality=ORIGINAL, step=1, reason="人工修正：本单位采写（张三）"),
            id="1 a person's correction before all marks",
        ),
        pytest.param(
            post("来源：本网", correction=correction(UNKNOWN, why="")),
            Classified(originality=UNKNOWN, step=1, reason="人工修正（张三）"),
            id="1 without a remark",
        ),
        pytest.param(
            post(correction=correction(REPOST, why="长" * 40)),
            Classified(originality=REPOST, step=1, reason=f"人工修正：{'长' * 29}…（张三）"),
            id="1 a long remark",
        ),
        pytest.param(
            post("来源：本网", mark=Mark.REPOST),
            Classified(originality=REPOST, step=2, reason="平台标注为转载"),
            id="2 the platform says repost, also of one's own post",
        ),
        pytest.param(
            post("来源：高县发布", publisher="新华社"),
            Classified(originality=REPOST, step=2, reason="条目来源“新华社”，非本单位", source="新华社"),
            id="2 the item's source element names another",
        ),
        pytest.param(
            post("来源：新华社", mark=Mark.ORIGINAL),
            Classified(originality=ORIGINAL, step=3, reason="平台标注为原创"),
            id="3 the platform says original",
        ),
        pytest.param(
            post(publisher="高县发布"),
            Classified(originality=ORIGINAL, step=4, reason="条目来源“高县发布”，为本单位", source="高县发布"),
            id="4 the item's source element names the own unit",
        ),
        pytest.param(
            post(f"来源：高县人民政府办公室\n{BODY}"),
            Classified(
                originality=ORIGINAL,
                step=4,
                reason="文首来源“高县人民政府办公室”，为本单位",
                source="高县人民政府办公室",
            ),
            id="4 an own source line",
        ),
        pytest.param(
            post(f"{BODY}\n来源：新华社"),
            Classified(originality=REPOST, step=4, reason="文中来源“新华社”，非本单位", source="新华社"),
            id="4 an outside source line",
        ),
        pytest.param(
            post(f"{BODY}\n转自：四川发布"),
            Classified(originality=REPOST, step=4, reason="文中转自“四川发布”，非本单位", source="四川发布"),
            id="4 转自",
        ),
        pytest.param(
            post("素材来源：网络"),
            Classified(originality=REPOST, step=4, reason="文首素材来源“网络”，非本单位", source="网络"),
            id="4 素材来源 is a source line",
        ),
        pytest.param(
            post(f"{BODY}（财联社）"),
            Classified(originality=REPOST, step=4, reason="文中括注“财联社”，非本单位", source="财联社"),
            id="4 a bare name in brackets",
        ),
        pytest.param(
            post("新华社北京10月3日电 近日"),
            Classified(originality=REPOST, step=4, reason="文首电头“新华社”，非本单位", source="新华社"),
            id="4 a wire's dateline",
        ),
        pytest.param(
            post(f"{BODY}（总台记者张三）"),
            Classified(originality=REPOST, step=4, reason="文中记者单位“总台”，非本单位", source="总台"),
            id="4 a station's reporter",
        ),
        pytest.param(
            post(f"{BODY}\n来源：高县发布微信公众号\n监制/李四 主编/王五\n总台记者/张三 李四\n编辑/赵六"),
            Classified(
                originality=ORIGINAL,
                step=4,
                reason="文中来源“高县发布微信公众号”，为本单位",
                source="高县发布微信公众号",
            ),
            id="4 an own source line stands against whose reporter wrote it",
        ),
        pytest.param(
            post("据新华社消息，近日"),
            Classified(originality=REPOST, step=4, reason="文首据“新华社”消息，非本单位", source="新华社"),
            id="4 据新华社消息",
        ),
        pytest.param(
            post("据高县人民政府办公室消息，近日"),
            Classified(
                originality=ORIGINAL,
                step=4,
                reason="文首据“高县人民政府办公室”消息，为本单位",
                source="高县人民政府办公室",
            ),
            id="4 据 own 消息",
        ),
        pytest.param(
            post("供稿：高县发布 编辑：张三"),
            Classified(originality=ORIGINAL, step=6, reason="文首供稿“高县发布”，为本单位", source="高县发布"),
            id="6 an own author line",
        ),
        pytest.param(
            post("图文：高县发布、张三"),
            Classified(
                originality=ORIGINAL, step=6, reason="文首图文“高县发布、张三”，为本单位", source="高县发布、张三"
            ),
            id="6 the own unit and a person",
        ),
        pytest.param(
            post("（高县发布记者 张三）"),
            Classified(originality=ORIGINAL, step=6, reason="文首记者“高县发布”，为本单位", source="高县发布"),
            id="6 an own reporter",
        ),
        pytest.param(post("供稿：县公安局"), UNDETERMINED, id="7 an outside author line says nothing"),
        pytest.param(post("撰稿：张三"), UNDETERMINED, id="7 a person says nothing"),
        pytest.param(post("编辑：高县发布 审核：李四"), UNDETERMINED, id="7 staff says nothing"),
        pytest.param(post(BODY), UNDETERMINED, id="7 no mark"),
        pytest.param(post(BODY, author="高县发布"), UNDETERMINED, id="7 the item's author element never counts"),
        pytest.param(post("来源：未知"), UNDETERMINED, id="7 未知 is no source"),
        pytest.param(post(publisher="未知"), UNDETERMINED, id="7 an unknown publisher"),
        pytest.param(post(publisher=" … "), UNDETERMINED, id="7 dots as publisher"),
        pytest.param(post(publisher="https://rss.example.cn/a"), UNDETERMINED, id="7 an address as publisher"),
        pytest.param(post(publisher="rss.example.cn"), UNDETERMINED, id="7 a host as publisher"),
    ],
)
def test_step(given_post: Post, expected: Classified) -> None:
    assert classify(given_post, OWN) == expected


@pytest.mark.parametrize(
    ("text", "publisher", "originality", "source"),
    [
        pytest.param(
            f"来源：本网\n{BODY}\n来源：吉林省林业厅", "", REPOST, "吉林省林业厅", id="under the text beats the header"
        ),
        pytest.param(
            f"来源：新华社\n{BODY}\n来源：高县发布", "", REPOST, "新华社", id="whoever is not the own unit decides"
        ),
        pytest.param(
            f"来源：人民网\n{BODY}\n来源：新华社",
            "",
            REPOST,
            "新华社",
            id="the text names the reason before the header",
        ),
        pytest.param(
            f"来源：人民网\n新华社北京10月3日电 {BODY}",
            "",
            REPOST,
            "人民网",
            id="a source line names the reason before a dateline",
        ),
        pytest.param(
            f"新华社北京10月3日电 {BODY}\n来源：人民网",
            "",
            REPOST,
            "人民网",
            id="a source line below a dateline names the reason",
        ),
        pytest.param(
            f"来源：高县发布\n新华社北京10月3日电 {BODY}", "", REPOST, "新华社", id="own line over a dateline"
        ),
        pytest.param(f"来源：高县发布\n据新华社消息，{BODY}", "", REPOST, "新华社", id="own line over 据新华社消息"),
        pytest.param(
            f"来源：高县发布\n{BODY}\n文章说：“新华社北京10月3日电”",
            "",
            ORIGINAL,
            "高县发布",
            id="a dateline in a quotation",
        ),
        pytest.param(f"来源：高县发布\n{BODY}\n图源：新华社", "", ORIGINAL, "高县发布", id="a picture credit"),
        pytest.param(f"来源：高县发布\n{BODY}\n据日本媒体报道，近日", "", ORIGINAL, "高县发布", id="a quoted report"),
        pytest.param(f"来源：高县发布\n{BODY}\n素材来源：网络", "", REPOST, "网络", id="own line over 素材来源"),
        pytest.param("来源：高县发布、新华社", "", REPOST, "高县发布、新华社", id="the own unit and another"),
        pytest.param("来源：新华社、高县发布", "", REPOST, "新华社、高县发布", id="another and the own unit"),
        pytest.param("来源：高县发布、高县政府网", "", ORIGINAL, "高县发布、高县政府网", id="two own names"),
        pytest.param("来源：高县发布等", "", REPOST, "高县发布等", id="等 means others too"),
        pytest.param(
            f"供稿：高县发布\n{BODY}\n来源：新华社", "", REPOST, "新华社", id="a source line before an author line"
        ),
        pytest.param(
            f"供稿：县公安局\n{BODY}\n来源：高县发布", "", ORIGINAL, "高县发布", id="own source, outside author"
        ),
        pytest.param(f"{BODY}\n来源：新华社", "高县发布", REPOST, "新华社", id="own publisher, outside text"),
        pytest.param(f"{BODY}\n来源：高县发布", "高县政府网", ORIGINAL, "高县政府网", id="own publisher, own text"),
    ],
)
def test_where_marks_disagree(text: str, publisher: str, originality: Originality, source: str) -> None:
    found = classify(post(text, publisher=publisher), OWN)
    assert (found.originality, found.source) == (originality, source)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "高县发布",
            "高县人民政府办公室",
            "高县政府网",
            "高县-政务",
            "本网",
            "本站",
            "本报",
            "本公众号",
            "本单位",
            "本号",
            "原创",
        ),
        *(
            "高县发布微信公众号",
            "“高县发布”微信公众号",
            "微信公众号“高县发布”",
            "微信公众号：高县发布",
            "高县发布微博",
            "@高县发布",
        ),
        *(
            "高县发布官方微信",
            "高县发布客户端",
            "高县发布 APP",
            "高县发布抖音号",
            "高县发布政务新媒体",
            "【高县发布】",
            "《高县发布》",
        ),
        *(
            "高 县 发 布",
            "高县发布原创",
            "本网综合",
            "本网讯",
            "高县发布编辑部",
            "ＡＢＣ县",
            "abc县",
            "高县发布-高县政府网",
            "高县发布 / 本网",
        ),
    ],
)
def test_own(value: str) -> None:
    assert own_names(ACCOUNT).owns(value) or own_names(_named("ABC县")).owns(value)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "高县融媒体中心",
            "高县",
            "高县人民政府",
            "高县人民政府办公室信息科",
            "新华社",
            "网络",
            "微信公众号",
            "公众号",
            "发布",
            "综合整理",
        ),
        *("高县发布、新华社", "高县发布/张三", "政务", "", "、", "本县融媒"),
    ],
)
def test_not_own(value: str) -> None:
    assert not OWN.owns(value)


def test_another_organizer_of_the_place_is_own_once_it_is_an_alias() -> None:
    assert own_names(_named("高县发布", aliases=("高县融媒体中心",))).owns("高县融媒体中心")


def test_a_name_that_is_only_a_platform_stays_a_name() -> None:
    assert own_names(_named("官网")).owns("官网")
    assert not own_names(_named("官网")).owns("新华社官网")


def test_names_that_are_empty_own_nothing() -> None:
    assert not own_names(_named("", organizer="")).owns("")


CREDITS = st.builds(
    Credit,
    kind=st.sampled_from(CreditKind),
    label=st.just("来源"),
    value=st.sampled_from(["高县发布", "新华社", "张三", "本网", "网络"]),
    place=st.sampled_from(CreditPlace),
)


@given(st.lists(CREDITS), CREDITS)
def test_one_more_outside_line_never_makes_a_post_original(found: list[Credit], more: Credit) -> None:
    before = classify(_with(tuple(found)), OWN).originality
    after = classify(_with((*found, more)), OWN).originality
    if before is REPOST:
        assert after is REPOST
    if more.value in ("新华社", "网络") and more.kind is not CreditKind.AUTHOR:
        assert after is REPOST


@given(st.lists(CREDITS, max_size=6))
def test_the_order_of_credits_does_not_matter_to_the_class(found: list[Credit]) -> None:
    assert classify(_with(tuple(found)), OWN).originality is classify(_with(tuple(reversed(found))), OWN).originality


def test_a_post_without_marks_costs_almost_nothing() -> None:
    bare = post()
    best = min(_seconds(bare) for _ in range(5))
    assert best < 5e-6


def _seconds(each: Post, times: int = 20_000) -> float:
    start = time.perf_counter()
    for _ in range(times):
        classify(each, OWN)
    return (time.perf_counter() - start) / times


def _with(found: tuple[Credit, ...]) -> Post:
    return Post(account_id="gx-01", key="1", title="题", url="", published_at=SEEN, seen_at=SEEN, credits=found)


def _named(name: str, *, organizer: str = "某某县某某局", aliases: tuple[str, ...] = ()) -> Account:
    return Account(account_id="a", name=name, platform=Platform.WECHAT, organizer=organizer, aliases=aliases)
