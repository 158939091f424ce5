"""What was changed between two texts: both can be read from it, and what stayed is short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.changes import AROUND, Change, Kind, changes

STAYED, GONE, CAME = Kind.STAYED, Kind.GONE, Kind.CAME
LONG = "".join(f"第{number}句没有改动。" for number in range(40))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param("同一段话。", "同一段话。", [(STAYED, "同一段话。")], id="nothing"),
        pytest.param(
            "10月12日召开会议。",
            "10月13日召开会议。",
            [(STAYED, "10月1"), (GONE, "2"), (CAME, "3"), (STAYED, "日召开会议。")],
            id="one digit",
        ),
        pytest.param(
            "甲句。乙句。",
            "甲句。新句。乙句。",
            [(STAYED, "甲句。"), (CAME, "新句。"), (STAYED, "乙句。")],
            id="a sentence came",
        ),
        pytest.param("甲句。乙句。", "甲句。", [(STAYED, "甲句。"), (GONE, "乙句。")], id="a sentence went"),
        pytest.param("完全不同的话", "另外写过了", [(GONE, "完全不同的话"), (CAME, "另外写过了")], id="all of it"),
        pytest.param("", "新增正文", [(CAME, "新增正文")], id="from nothing"),
        pytest.param("甲" * 1001, "乙" * 1001, [(GONE, "甲" * 1001), (CAME, "乙" * 1001)], id="long"),
    ],
)
def test_changes(old: str, new: str, found: list[Change]) -> None:
    assert changes(old, new) == found


def test_what_stayed_is_cut_to_what_stands_around() -> None:
    (first, came, last) = changes(LONG + LONG, LONG + "新增一句。" + LONG)
    assert came == (CAME, "新增一句。")
    assert first == (STAYED, "……" + LONG[-AROUND:])
    assert last == (STAYED, LONG[:AROUND] + "……")


@given(st.text(alphabet="甲乙。\n", max_size=40), st.text(alphabet="甲乙。\n", max_size=40))
def test_both_texts_can_be_read_from_the_changes(old: str, new: str) -> None:
    found = changes(old, new)
    assert "".join(part for kind, part in found if kind is not CAME) == old
    assert "".join(part for kind, part in found if kind is not GONE) == new
