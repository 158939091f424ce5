import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.widths import padded, shortened, table, width, wrapped

TEXT = st.text(st.sampled_from("中文，。：abc XY-1 é「（)"), max_size=60)


def test_chinese_takes_two_columns() -> None:
    assert width("中a，é") == 6
    assert width("e\u0301\u200b") == 1
    assert padded("中", 4) == "中  "


@given(TEXT, st.integers(min_value=4, max_value=40))
def test_shortened_fits(text: str, columns: int) -> None:
    short = shortened(text, columns)
    assert width(short) <= columns
    assert short == " ".join(text.split()) or short.endswith("…")


@given(TEXT, st.integers(min_value=12, max_value=40))
def test_wrapped_keeps_every_character(text: str, columns: int) -> None:
    lines = list(wrapped(text, columns))
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrapped_breaks_chinese_anywhere_and_words_at_spaces() -> None:
    assert list(wrapped("采集 collect 并检查每一个账号", 14)) == ["采集 collect", "并检查每一个账", "号"]


def test_wrapped_does_not_begin_a_line_with_a_full_stop() -> None:
    assert list(wrapped("一二三。四", 6)) == ["一二", "三。四"]


def test_table_lines_columns_up() -> None:
    lines = list(table(("编号", "名称"), [("1", "甲"), ("22222", "乙丙")]))
    assert lines == ["编号   名称", "1      甲", "22222  乙丙"]


def test_table_folds_the_last_cell() -> None:
    lines = list(table(("编号", "问题"), [("1", "甲" * 20)], limit=30))
    assert lines == ["编号  问题", f"1     {'甲' * 12}", f"      {'甲' * 8}"]


def test_table_paints_what_is_padded_already() -> None:
    lines = list(table(("a", "b"), [("x", "y")], paint=lambda column, cell: f"<{cell}>" if column == 0 else cell))
    assert lines == ["a  b", "<x>  y"]


@pytest.mark.parametrize("rows", [[], [("", "")]])
def test_table_of_nothing(rows: list[tuple[str, str]]) -> None:
    assert next(table(("编号", "名称"), rows)) == "编号  名称"
