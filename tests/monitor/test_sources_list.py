"""The list of sources: what is read, and the sentence for each thing that is wrong."""

import pytest

from monitor.sources_list import SourceList, read_source_list

HEADER = ["稿源名称", "别名", "备注"]


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        pytest.param(
            [HEADER, ["新华社", "新华网、新华 每日电讯", ""]], {"新华社", "新华网", "新华每日电讯"}, id="aliases"
        ),
        pytest.param([["稿源名称"], ["人民日报"], ["“四川发布”微信公众号"]], {"人民日报", "四川发布"}, id="one column"),
        pytest.param([["备注", "稿源名称"], ["央媒", " 求是 "], ["", ""]], {"求是"}, id="any order, empty rows"),
        pytest.param(
            [HEADER, ["新华社", "新华社;XINHUA"]],
            {"新华社", "xinhua"},
            id="an alias that repeats the name; a short row",
        ),
        pytest.param([[], HEADER, ["新华社", "", "", "", ""]], {"新华社"}, id="empty cells behind the columns"),
    ],
)
def test_what_is_read(rows: list[list[str]], names: set[str]) -> None:
    assert read_source_list(rows) == SourceList(names=frozenset(names))


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        pytest.param([], ["稿源名单是空的；第1行应为列名 稿源名称、别名、备注。"], id="nothing"),
        pytest.param(
            [["名称", ""], ["新华社"]],
            ["稿源名单第1行应为列名，缺少“稿源名称”一列；现为：名称、（空）。"],
            id="no such column",
        ),
        pytest.param(
            [["稿源名称", "级别"], ["新华社", "央级"]],
            ["稿源名单第1行：没有“级别”这一列；可用的列是 稿源名称、别名、备注。"],
            id="an unknown column",
        ),
        pytest.param(
            [["稿源名称", "稿源名称"], ["新华社", ""]],
            ["稿源名单第1行：有重复的列名；现为：稿源名称、稿源名称。"],
            id="a column twice",
        ),
        pytest.param([HEADER], ["稿源名单只有列名，没有稿源；请在第2行起逐行填写稿源名称。"], id="no sources"),
        pytest.param(
            [HEADER, ["", "新华网", ""], ["“”", "", ""]],
            [
                "稿源名单第2行：稿源名称为空；请填写名称，或删去该行。",
                "稿源名单第3行：稿源名称为空；请填写名称，或删去该行。",
            ],
            id="no name",
        ),
        pytest.param(
            [HEADER, ["新华社", "", ""], ["人民日报", "", ""], ["新华 社", "", ""]],
            ["稿源名单第4行：稿源名称“新华 社”与第2行重复；请删去其中一行。"],
            id="a name twice",
        ),
        pytest.param(
            [HEADER, ["新华社", "新华网", "央媒", "省级"]],
            ["稿源名单第2行：多于3列；名称中有逗号的，请用引号括起。"],
            id="a cell too many",
        ),
    ],
)
def test_what_is_wrong(rows: list[list[str]], problems: list[str]) -> None:
    assert read_source_list(rows) == SourceList(problems=tuple(problems))
