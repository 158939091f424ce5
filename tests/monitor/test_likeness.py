"""Likeness: what is compared of a text, how sketches and similarity behave, and between which moments a post came out."""

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.likeness import (
    KEPT,
    KEPT_OF_SHORT,
    SHARED,
    SHORT,
    SHORTEST,
    WIDTH,
    earliest,
    is_near,
    latest,
    normal_text,
    runs_of,
    similarity,
    sketch_of,
)
from monitor.values import Flag, Post, Precision
from tests.monitor.builders import alike, moment, post, undated

BODY = (
    "10月12日，全县秋收秋种现场会在文江镇召开。会议要求，各乡镇要抢抓晴好天气，组织农机手跨区作业，确保颗粒归仓。"
    "截至目前，全县已收割水稻32.6万亩，占应收面积的九成以上；油菜育苗1.8万亩，较去年同期增加两千亩。"
    "会议强调，要严格落实秸秆禁烧责任，加强粮食烘干调度，做好种子、化肥等农资保障。"
)


def like(a: str, b: str) -> float:
    return similarity(runs_of(normal_text(a)), runs_of(normal_text(b)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "全县 已收割，水稻！32.6 万亩。", "全县已收割水稻326万亩", id="no spaces, no punctuation, digits kept"
        ),
        pytest.param("１２月Ａ类\u3000ＧＸ", "12月a类gx", id="full-width forms, capitals"),
        pytest.param("来源：新华社\n正文第一段\n编辑：张三 审核：李四", "正文第一段", id="credit lines"),
        pytest.param("（转自：四川发布）\n正文", "正文", id="a credit in brackets"),
        pytest.param("正文\n图源：网络\n供稿：县农业农村局", "正文", id="picture and author lines"),
        pytest.param(
            "时间：10月5日\n联系电话：0831-5412345", "时间10月5日联系电话08315412345", id="what a text says stays"
        ),
        pytest.param(f"来源：{'长' * 70}", f"来源{'长' * 70}", id="a long line is text"),
        pytest.param("正文\n往期精彩\n国庆假期安排", "正文", id="nothing behind a footer"),
        pytest.param("往期精彩\n正文", "往期精彩正文", id="a first line is no footer"),
        pytest.param("详见https://a.example/x?y=1 和www.b.example/2。", "详见和", id="addresses"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_is_compared(text: str, expected: str) -> None:
    assert normal_text(text) == expected


def test_a_very_long_text_is_cut() -> None:
    assert len(normal_text("字" * 50_000)) == 20_000


def test_a_sketch_is_the_same_on_every_machine_and_in_every_run() -> None:
    sketch = sketch_of(normal_text(BODY))
    assert len(sketch) == WIDTH
    assert list(sketch) == sorted(set(sketch))
    assert all(0 <= value < 2**32 for value in sketch)
    assert sketch[:3] == (17655731, 43923687, 52264995)  # as stored: another value would make all sketches worthless


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(BODY[: SHORTEST - 1], id="too short"),
        pytest.param("字" * 500, id="one run over and over"),
    ],
)
def test_texts_that_are_not_compared(text: str) -> None:
    assert sketch_of(normal_text(text)) == ()


def test_a_lone_surrogate_is_compared_like_any_letter() -> None:
    assert len(sketch_of("\ud800" + normal_text(BODY))) == WIDTH


@pytest.mark.parametrize(
    ("other", "at_least", "at_most"),
    [
        pytest.param(BODY, 1, 1, id="the same"),
        pytest.param(f"本网讯 {BODY}\n来源：高县发布\n编辑：张三", 0.97, 1, id="with credits"),
        pytest.param(BODY.replace("，", ",").replace("。", "\n"), 1, 1, id="other punctuation and lines"),
        pytest.param(BODY.replace("32.6", "41.2"), 0.9, 0.99, id="one number"),
        pytest.param(BODY[:50], 0.4, 0.6, id="a digest in the whole text is no likeness"),
        pytest.param(f"{BODY[70:]}{BODY[:70]}", 0.95, 1, id="paragraphs in another order"),
        pytest.param("".join(reversed(BODY)), 0, 0.01, id="another text of the same letters"),
        pytest.param("", 0, 0, id="nothing"),
    ],
)
def test_similarity(other: str, at_least: float, at_most: float) -> None:
    assert at_least <= like(BODY, other) <= at_most
    assert like(BODY, other) == like(other, BODY)


def test_nothing_is_like_nothing() -> None:
    assert similarity(runs_of(""), runs_of("")) == 0


@given(
    st.text("高县政府发布秋收秋种现场会议要求", max_size=200), st.text("高县政府发布秋收秋种现场会议要求", max_size=200)
)
def test_similarity_is_a_part_of_both_texts(a: str, b: str) -> None:
    found = similarity(runs_of(a), runs_of(b))
    assert 0 <= found <= 1
    assert found == similarity(runs_of(b), runs_of(a))
    shorter, longer = sorted((len(runs_of(a)), len(runs_of(b))))
    assert found <= (2 * shorter / (shorter + longer) if longer else 0)


def test_near_identical_texts_share_values_of_their_sketches() -> None:
    """Edits of every size on texts of random letters: of those that are KEPT alike hardly one is missed."""
    chance = Random(20261101)
    letters = [chr(0x4E00 + number) for number in range(2_000)]
    alike_enough = missed = 0
    for _ in range(600):
        text = chance.choices(letters, k=chance.choice([80, 200, 800]))
        edited = list(text)
        for _ in range(chance.randrange(1 + len(text) // 25)):
            edited[chance.randrange(len(edited))] = chance.choice(letters)
        if chance.random() < 0.5:
            edited += chance.choices(letters, k=chance.randrange(len(text) // 6))
        a, b = "".join(text), "".join(edited)
        if similarity(runs_of(a), runs_of(b)) >= KEPT:
            alike_enough += 1
            missed += len({*sketch_of(a)} & {*sketch_of(b)}) < SHARED
    assert alike_enough > 300
    assert missed <= alike_enough * 0.01


def test_unlike_texts_share_no_values() -> None:
    chance = Random(20261102)
    letters = [chr(0x4E00 + number) for number in range(2_000)]
    sketches = [{*sketch_of("".join(chance.choices(letters, k=600)))} for _ in range(60)]
    assert max(len(a & b) for at, a in enumerate(sketches) for b in sketches[:at]) < SHARED


@pytest.mark.parametrize(
    ("alike", "letters", "expected"),
    [
        pytest.param(KEPT, SHORT, True, id="as much as is kept"),
        pytest.param(KEPT - 0.01, SHORT, False, id="a little less"),
        pytest.param(KEPT, SHORT - 1, False, id="a short text must be more alike"),
        pytest.param(KEPT_OF_SHORT, SHORT - 1, True, id="a short text that is"),
    ],
)
def test_how_much_alike_two_texts_of_a_pair_are(alike: float, letters: int, *, expected: bool) -> None:
    assert is_near(alike, letters) is expected


def test_percent_is_rounded_down() -> None:
    assert [alike("10-05", each).percent for each in (0.899, 0.9, 0.999, 1.0)] == [89, 90, 99, 100]


# ---------------------------------------------------------------------------------- between which moments it came out

AT = moment("10-05 09:00")


def at(clock: str) -> datetime:
    return moment(f"10-05 {clock}")


@pytest.mark.parametrize(
    ("one", "first", "last"),
    [
        pytest.param(post("10-05 09:00"), AT, at("09:00:01"), id="a second"),
        pytest.param(post("10-05 09:00", precision=Precision.MINUTE), AT, at("09:01"), id="a minute"),
        pytest.param(
            post("10-05", precision=Precision.DAY, seen="10-08"),
            at("00:00"),
            moment("10-06"),
            id="a day lasts to its end",
        ),
        pytest.param(
            post("10-05", precision=Precision.DAY, seen="10-05 14:00"),
            at("00:00"),
            at("14:00:01"),
            id="a day, seen on it",
        ),
        pytest.param(post("10-05 09:00", seen="10-05 08:55"), AT, AT, id="a clock ahead of ours"),
        pytest.param(
            post("10-05 09:00", flags={Flag.FUTURE}, seen="10-05 09:00"),
            None,
            at("09:00:01"),
            id="in the future: unknown",
        ),
        pytest.param(
            post("10-05 09:00", flags={Flag.BACKDATED}, seen="10-09 09:00"),
            AT,
            moment("10-09 09:00:01"),
            id="back-dated: by the time it was seen",
        ),
        pytest.param(
            post("10-05 09:00", flags={Flag.RESTATED}, formerly=["10-03"], seen="10-05 10:00"),
            moment("10-03"),
            at("10:00:01"),
            id="restated: from its earliest time on",
        ),
        pytest.param(undated("10-05 09:00"), at("08:00"), at("09:00:01"), id="undated: since the last look"),
        pytest.param(undated("10-05 09:00", since=None), None, at("09:00:01"), id="undated, never looked before"),
    ],
)
def test_between_which_moments(one: Post, first: datetime | None, last: datetime) -> None:
    assert (earliest(one), latest(one)) == (first, last)
    assert first is None or last - first >= timedelta(0)
