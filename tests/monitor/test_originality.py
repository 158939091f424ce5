"""Originality: every step of the order, what beats what where marks disagree, and own names in all their dress."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.credits import read_credits
from monitor.likeness import Near
from monitor.originality import (
    UNDETERMINED,
    Classified,
    classify,
    comparable,
    copied_from,
    named_sources,
    names_nobody,
    own_names,
    unlisted,
)
from monitor.values import (
    Account,
    Correction,
    Credit,
    CreditKind,
    CreditPlace,
    Flag,
    Mark,
    Originality,
    Platform,
    Post,
    Precision,
)
from tests.monitor.builders import alike

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
    page: str = "",
    page_mark: Mark = Mark.NONE,
    at: datetime | None = SEEN,
    seen: datetime = SEEN,
    **more: Any,
) -> Post:
    return Post(
        account_id="gx-01",
        key="1",
        title="题",
        url="",
        published_at=at,
        seen_at=seen,
        publisher=publisher,
        author=author,
        mark=mark,
        correction=correction,
        credits=read_credits(text),
        page_at=SEEN if page else None,
        page_credits=read_credits(page),
        page_mark=page_mark,
        **more,
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
        pytest.param(
            "来源：高县新闻网-高县发布", "", ORIGINAL, "高县新闻网-高县发布", id="an own name behind a hyphen"
        ),
        pytest.param("来源：高县发布-新华社", "", REPOST, "高县发布-新华社", id="another behind a hyphen"),
        pytest.param(
            f"{BODY}\n高县政府网电视台记者：张三",
            "",
            ORIGINAL,
            "高县政府网电视台",
            id="a reporter of the own unit's station",
        ),
        pytest.param(
            f"{BODY}\n（高县发布采编中心记者 张三）",
            "",
            ORIGINAL,
            "高县发布采编中心",
            id="a reporter of the own unit's desk",
        ),
        pytest.param(
            f"{BODY}\n来源：高县发布电视台",
            "",
            REPOST,
            "高县发布电视台",
            id="a source line that only begins with an own name",
        ),
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
            "学习强国-高县发布",
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
    assert best < 5e-5  # reading a text takes milliseconds


def _seconds(each: Post, times: int = 20_000) -> float:
    start = time.thread_time()  # what else the machine does is not counted
    for _ in range(times):
        classify(each, OWN)
    return (time.thread_time() - start) / times


def _with(found: tuple[Credit, ...]) -> Post:
    return Post(account_id="gx-01", key="1", title="题", url="", published_at=SEEN, seen_at=SEEN, credits=found)


def _named(name: str, *, organizer: str = "某某县某某局", aliases: tuple[str, ...] = ()) -> Account:
    return Account(account_id="a", name=name, platform=Platform.WECHAT, organizer=organizer, aliases=aliases)


# ---------------------------------------------------------------------------------------------------- the post's own page


@pytest.mark.parametrize(
    ("given_post", "originality", "step"),
    [
        pytest.param(post(page=f"来源：新华社\n{BODY}"), REPOST, 4, id="a source line that only the page has"),
        pytest.param(
            post("来源：高县发布", page=f"{BODY}\n来源：新华社"), REPOST, 4, id="an outside line on the page decides"
        ),
        pytest.param(post("来源：高县发布", page="来源：高县发布"), ORIGINAL, 4, id="both say the same"),
        pytest.param(
            post("供稿：高县发布", page="来源：高县发布"), ORIGINAL, 4, id="a source line before an author line"
        ),
        pytest.param(post(page_mark=Mark.ORIGINAL), ORIGINAL, 3, id="the page's mark"),
        pytest.param(post(page_mark=Mark.REPOST, page="来源：高县发布"), REPOST, 2, id="the page's mark before lines"),
        pytest.param(post(mark=Mark.ORIGINAL, page_mark=Mark.REPOST), REPOST, 2, id="marks disagree: 转载 comes first"),
        pytest.param(post(mark=Mark.REPOST, page_mark=Mark.ORIGINAL), REPOST, 2, id="marks disagree, the other way"),
    ],
)
def test_list_and_page_speak_together(given_post: Post, originality: Originality, step: int) -> None:
    found = classify(given_post, OWN)
    assert (found.originality, found.step) == (originality, step)


def test_a_retweet_names_its_user() -> None:
    found = classify(post(mark=Mark.REPOST, publisher="央视新闻"), OWN)
    assert (found.step, found.source) == (2, "央视新闻")
    assert classify(post(mark=Mark.REPOST, publisher="未知"), OWN).source == ""


# ----------------------------------------------------------------------------------------------------- 5: near-identical

DAY = timedelta(days=1)


def ours(at: str = "10-04 18:00", similarity: float = 0.95, **more: Any) -> Near:
    """A post of the same organizer on its website."""
    return alike(at, similarity, organizer="高县人民政府办公室", name="高县政府网", **more)


@pytest.mark.parametrize(
    ("given_post", "near", "originality", "step", "reason"),
    [
        pytest.param(
            post(),
            [alike("10-04 18:00", 0.957, title="全县秋收过半")],
            REPOST,
            5,
            "与“高县融媒”（新浪微博）2026年10月4日发布的《全县秋收过半》相似度95%，发布晚于该条，未注明来源",
            id="an earlier post of another organizer",
        ),
        pytest.param(post(), [alike("10-05 10:00:01")], UNKNOWN, 7, UNDETERMINED.reason, id="a later one says nothing"),
        pytest.param(
            post(), [alike("10-05 10:00")], UNKNOWN, 7, UNDETERMINED.reason, id="the same second says nothing"
        ),
        pytest.param(
            post(),
            [alike("10-05", precision=Precision.DAY, seen="10-07")],
            UNKNOWN,
            7,
            UNDETERMINED.reason,
            id="the same day without a time may be later",
        ),
        pytest.param(
            post(at=SEEN - timedelta(hours=10), precision=Precision.DAY, seen=SEEN + DAY),
            [alike("10-04", precision=Precision.DAY, title="")],
            REPOST,
            5,
            "与“高县融媒”（新浪微博）2026年10月4日发布的《无标题》相似度95%，发布晚于该条，未注明来源",
            id="days without a time, one after the other",
        ),
        pytest.param(
            post(),
            [alike("10-03", flags={Flag.BACKDATED}, seen="10-07")],
            UNKNOWN,
            7,
            UNDETERMINED.reason,
            id="a back-dated one proves nothing",
        ),
        pytest.param(
            post(at=None), [alike("10-03")], UNKNOWN, 7, UNDETERMINED.reason, id="an undated post may be earlier"
        ),
        pytest.param(
            post("撰稿：高县发布"),
            [alike("10-03")],
            REPOST,
            5,
            "与“高县融媒”（新浪微博）2026年10月3日发布的《县政府召开常务会议》相似度95%，发布晚于该条，未注明来源",
            id="before an author line (6)",
        ),
        pytest.param(
            post("来源：高县发布"),
            [alike("10-03")],
            ORIGINAL,
            4,
            "文首来源“高县发布”，为本单位",
            id="after a source line (4)",
        ),
        pytest.param(
            post("供稿：高县发布"),
            [alike("10-06")],
            ORIGINAL,
            6,
            "文首供稿“高县发布”，为本单位",
            id="a later one leaves the author line",
        ),
        pytest.param(
            post(),
            [ours(of=ORIGINAL, step=4, reason="文首来源“本网”，为本单位")],
            ORIGINAL,
            5,
            "与本单位“高县政府网”（新浪微博）2026年10月4日发布的《县政府召开常务会议》相似度95%，从该条判定（文首来源“本网”，为本单位）",
            id="the same organizer's post that is determined",
        ),
        pytest.param(
            post(),
            [ours("10-06", of=REPOST, step=4, reason="文首来源“新华社”，非本单位"), alike("10-03")],
            REPOST,
            5,
            "与本单位“高县政府网”（新浪微博）2026年10月6日发布的《县政府召开常务会议》相似度95%，从该条判定（文首来源“新华社”，非本单位）",
            id="what it says of itself comes first, also later",
        ),
        pytest.param(
            post(),
            [ours(of=ORIGINAL, step=6, reason="乙"), ours("10-03", of=REPOST, step=2, reason="甲")],
            REPOST,
            5,
            "与本单位“高县政府网”（新浪微博）2026年10月3日发布的《县政府召开常务会议》相似度95%，从该条判定（甲）",
            id="of two, the one by the earlier step",
        ),
        pytest.param(
            post(),
            [ours("10-02"), alike("10-03")],
            UNKNOWN,
            7,
            UNDETERMINED.reason,
            id="the own unit published it before",
        ),
        pytest.param(
            post(),
            [ours("10-02"), alike("10-01")],
            REPOST,
            5,
            "与“高县融媒”（新浪微博）2026年10月1日发布的《县政府召开常务会议》相似度95%，发布晚于该条，未注明来源",
            id="before both posts of the own unit",
        ),
        pytest.param(
            post(),
            [alike("10-03", name="乙县发布"), alike("10-02", name="甲县发布")],
            REPOST,
            5,
            "与“甲县发布”（新浪微博）2026年10月2日发布的《县政府召开常务会议》相似度95%，发布晚于该条，未注明来源",
            id="the earliest is named",
        ),
        pytest.param(
            post(),
            [ours(of=ORIGINAL, step=6, reason="文中供稿“高县发布”，为本单位")],
            ORIGINAL,
            5,
            "与本单位“高县政府网”（新浪微博）2026年10月4日发布的《县政府召开常务会议》相似度95%，从该条判定（文中供稿“高县发布”，为本单位）",
            id="an author line of the same organizer's post",
        ),
        pytest.param(post(), [ours()], UNKNOWN, 7, UNDETERMINED.reason, id="an undetermined post of the own unit"),
        pytest.param(post(mark=Mark.ORIGINAL), [alike("10-03")], ORIGINAL, 3, "平台标注为原创", id="after a mark"),
    ],
)
def test_near_identical_posts(
    given_post: Post, near: list[Near], originality: Originality, step: int, reason: str
) -> None:
    found = classify(given_post, OWN, near)
    assert (found.originality, found.step, found.reason) == (originality, step, reason)
    assert classify(given_post, OWN, near[::-1]) == found
    assert (found.near is not None) is (step == 5)
    outside = found.near is not None and found.near.organizer == "高县融媒体中心"
    assert copied_from(found, OWN) == (found.near if outside else None)


# --------------------------------------------------------------------------------------------- whom a repost names


@pytest.mark.parametrize(
    ("given_post", "named", "nobody"),
    [
        pytest.param(post(), (), True, id="nothing"),
        pytest.param(post(BODY, page=BODY), (), True, id="texts without a line"),
        pytest.param(post("来源：新华社", page="转自：四川发布"), ("新华社", "四川发布"), False, id="list and page"),
        pytest.param(post("来源：新华社", publisher="央视新闻"), ("央视新闻", "新华社"), False, id="publisher first"),
        pytest.param(post("来源：高县发布"), (), False, id="the own unit is somebody, but no source"),
        pytest.param(post(publisher="高县发布"), (), False, id="the own unit as publisher"),
        pytest.param(post(publisher="未知"), (), True, id="未知 is nobody"),
        pytest.param(post("作者：李四"), (), False, id="an author is somebody, but no source"),
    ],
)
def test_named_sources(given_post: Post, named: tuple[str, ...], nobody: bool) -> None:
    assert named_sources(given_post, OWN) == named
    assert names_nobody(given_post) is nobody


@pytest.mark.parametrize(
    ("value", "names"),
    [
        pytest.param("新华社", (), id="listed"),
        pytest.param("“新华社”微信公众号", (), id="in its platform's dress"),
        pytest.param("新华社、四川发布", ("四川发布",), id="one of two"),
        pytest.param("高县发布、新华社", (), id="the own unit is no source"),
        pytest.param("网络", ("网络",), id="网络"),
        pytest.param("、", (), id="no name at all"),
    ],
)
def test_unlisted(value: str, names: tuple[str, ...]) -> None:
    assert unlisted(value, OWN, frozenset({comparable("新华社"), comparable("人民日报")})) == names


@pytest.mark.parametrize(
    ("value", "own"),
    [
        pytest.param("总台央视", True, id="two own names as one"),
        pytest.param("总台央视新闻", True, id="the longer of two that begin alike"),
        pytest.param("总台国家应急广播", False, id="an own name and another"),
        pytest.param("总", False, id="half a name"),
    ],
)
def test_own_names_written_as_one(value: str, own: bool) -> None:
    station = Account(
        account_id="s", name="央视新闻", platform=Platform.WEIBO, organizer="中央广播电视总台", aliases=("总台", "央视")
    )
    assert own_names(station).owns(value) is own


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("高县人民政府办公室信息股", id="its own desk"),
        pytest.param("宜宾市高县人民政府办公室", id="with the city before it"),
        pytest.param("高县政府办公室", id="without 人民"),
        pytest.param("高县政府办", id="both shortened"),
        pytest.param("县政府办", id="as it is called in its county"),
        pytest.param("小编", id="nobody"),
        pytest.param("admin", id="the account of the site's system"),
        pytest.param("管理员", id="its administrator"),
        pytest.param("http://www.gx.gov.cn", id="an address"),
        pytest.param("来源", id="a bare label"),
    ],
)
def test_a_source_that_may_be_the_own_unit_or_is_nobody_accuses_nobody(value: str) -> None:
    line = Credit(kind=CreditKind.SOURCE, label="来源", value=value, place=CreditPlace.HEADER)
    assert classify(replace(post(), credits=(line,)), OWN).originality is Originality.UNDETERMINED


@pytest.mark.parametrize(
    "value", ["高县人民政府办公室信息股、新华社", "高县融媒体中心", "县人社局", "新华社", "叙州区政府办"]
)
def test_a_source_that_is_somebody_else_is_a_repost(value: str) -> None:
    line = Credit(kind=CreditKind.SOURCE, label="来源", value=value, place=CreditPlace.HEADER)
    assert classify(replace(post(), credits=(line,)), OWN).originality is Originality.REPOST


def test_the_same_office_of_another_place_is_somebody_else() -> None:
    own = own_names(replace(ACCOUNT, organizer="农药检定所", name="农药信息网", aliases=()))
    line = Credit(kind=CreditKind.SOURCE, label="来源", value="四川省农药检定所", place=CreditPlace.HEADER)
    assert classify(replace(post(), credits=(line,)), own).originality is Originality.REPOST
