"""Lists that are read by the office's selectors: what these leave out is said, and proves no silence."""

import pytest

from crawler.sources.page import ListPage, read_list
from monitor.visits import Selectors
from tests.crawler.sources.listed import POSTS, URL, rows

ROW = '<li class="b"><a class="t" href="$n.html">$t</a><span>$date</span></li>'
NEW = '<li class="{row}"><a class="{link}" href="new.html">县委召开全会部署明年工作</a><span>{day}</span></li>'
FIRST = NEW.format(row="b", link="t", day="2026-11-21")


def read(text: str, selectors: Selectors) -> ListPage:
    return read_list(text, URL, selectors)


def listed(first: str, selectors: Selectors, before: str = "") -> ListPage:
    found = read(f"<html><body>{before}<ul>{first}{rows(ROW)}</ul></body></html>", selectors)
    assert found.wire is not None
    return found


MISSES = [
    pytest.param(
        NEW.format(row="b", link="hot", day="2026-11-21"),
        Selectors(item="ul > li", title="a.t"),
        "title",
        id="a title of another class",
    ),
    pytest.param(
        FIRST.replace("span>", "em>"), Selectors(item="ul > li", date="span"), "date", id="a day in another element"
    ),
    pytest.param(
        NEW.format(row="b", link="hot", day="2026-11-21"),
        Selectors(item="ul > li", link="a.t"),
        "link",
        id="a link of another class",
    ),
]


@pytest.mark.parametrize(("first", "selectors", "key"), MISSES)
def test_a_row_that_a_selector_misses_is_kept_and_proves_nothing(first: str, selectors: Selectors, key: str) -> None:
    wire = listed(first, selectors).wire
    assert wire is not None
    assert wire.entries[0].title == "县委召开全会部署明年工作"
    assert wire.entries[0].link.endswith("/new.html")
    assert len(wire.entries) == len(POSTS) + 1
    assert wire.unproving == f"有1行像是信息，但{key}的选择器在其中没有找到内容，列表可能不全"


def test_selectors_that_find_every_row_prove_and_heads_of_tables_do_not_matter() -> None:
    wire = listed(FIRST, Selectors(item="ul > li", title="a.t", link="a.t", date="span")).wire
    assert wire is not None
    assert (wire.unproving, wire.warnings) == ("", ())
    table = rows("<tr><td><a href=$n.html>$t</a></td><td>$date</td></tr>")
    text = f"<table><tr><th>标题</th><th>日期</th></tr>{table}</table>"
    wire = read(text, Selectors(item="tr", title="a", date="td:last-child")).wire
    assert wire is not None
    assert (len(wire.entries), wire.unproving) == (len(POSTS), "")


def test_a_row_without_a_title_is_counted() -> None:
    wire = listed('<li><img src="1.jpg"><span>2026-11-21</span></li>', Selectors(item="ul > li")).wire
    assert wire is not None
    assert wire.unproving.startswith("有1行像是信息，但item的选择器")


def test_days_that_stand_in_addresses_alone_prove_nothing() -> None:
    found = read(f"<ul>{rows('<li><a href=/art/$y/$m/$d/art_$n.html>$t</a></li>')}</ul>", Selectors(item="ul > li"))
    assert found.wire is not None
    assert "只见于链接地址" in found.wire.unproving


def test_an_item_that_finds_one_row_or_leaves_out_others_is_said() -> None:
    one = listed("", Selectors(item="ul > li:first-child")).wire
    assert one is not None
    assert [each.partition("行")[0] for each in one.warnings] == ["item的选择器只找到1", "item的选择器之外另有11"]
    older = listed(NEW.format(row="c", link="t", day="2020-01-01"), Selectors(item="li.b")).wire
    assert older is not None
    assert (older.unproving, older.warnings) == ("", ("item的选择器之外另有1行同样的信息没有读取，请核对item。",))


def test_a_newer_row_that_item_leaves_out_proves_nothing() -> None:
    wire = listed(NEW.format(row="c", link="t", day="2026-11-21"), Selectors(item="li.b")).wire
    assert wire is not None
    assert wire.unproving == "item的选择器之外另有1行同样的信息，其中有更新的，列表可能不全"


def test_an_item_on_a_page_that_is_no_column_proves_nothing() -> None:
    wire = listed(FIRST, Selectors(item="ul > li"), before="<h1>您访问的页面不存在</h1>").wire
    assert wire is not None
    assert "页面不存在" in wire.unproving


def test_selectors_for_the_rows_that_the_reader_found_are_held_to_the_same() -> None:
    first = NEW.format(row="b", link="hot", day="2026-11-21")
    wire = listed(first, Selectors(title="a.t")).wire
    assert wire is not None
    assert wire.unproving == "有1行像是信息，但title的选择器在其中没有找到内容，列表可能不全"
