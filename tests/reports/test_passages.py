"""Which passages of two texts are common: all of the text comes back, and only what the other has too is marked."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.passages import SHORTEST, Passage, common_passages

TEXT = "会议要求，各乡镇要抢抓晴好天气，组织农机手跨区作业。"


@pytest.mark.parametrize(
    ("text", "other", "parts"),
    [
        pytest.param(TEXT, TEXT, [(True, TEXT[:-1]), (False, "。")], id="the same"),
        pytest.param(
            "开头。" + TEXT,
            TEXT + "结尾。",
            [(False, "开头。"), (True, TEXT[:-1]), (False, "。")],
            id="a sentence more",
        ),
        pytest.param(
            "各乡镇要抢抓晴好天气",
            "各 乡镇，要抢抓\n晴好天气！",
            [(True, "各乡镇要抢抓晴好天气")],
            id="spaces and punctuation",
        ),
        pytest.param(
            "电话ＡＢＣ１２３４５号", "电话abc12345号", [(True, "电话ＡＢＣ１２３４５号")], id="full-width forms"
        ),
        pytest.param(
            "甲乙丙丁戊己庚辛，子丑寅卯辰巳午未",
            "子丑寅卯辰巳午未甲乙丙丁戊己庚辛",
            [(True, "甲乙丙丁戊己庚辛"), (False, "，"), (True, "子丑寅卯辰巳午未")],
            id="another order",
        ),
        pytest.param("县政府办公室", "县政府办公室通知", [(False, "县政府办公室")], id="too short to be shown"),
        pytest.param("", TEXT, [], id="nothing here"),
        pytest.param(TEXT, "", [(False, TEXT)], id="nothing there"),
    ],
)
def test_common_passages(text: str, other: str, parts: list[Passage]) -> None:
    assert common_passages(text, other) == parts


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_of_a_text_is_lost(text: str, other: str) -> None:
    parts = common_passages(text, other)
    assert "".join(part for _, part in parts) == text
    assert all(one != two for (one, _), (two, _) in pairwise(parts))


@given(st.text(alphabet="甲乙丙丁戊己庚辛", min_size=SHORTEST, max_size=60), st.text(alphabet="子丑寅卯", max_size=60))
def test_only_what_both_have_is_marked(text: str, other: str) -> None:
    assert common_passages(text, other) == [(False, text)]
    assert common_passages(text, other + text) == [(True, text)]
