"""Reads rows that a selector found as the reader itself would, and says what the selectors leave out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from crawler.sources.page_entries import entry_of, order_of
from crawler.sources.page_joins import Row, Rows
from crawler.sources.page_links import is_usable
from crawler.sources.page_newer import is_newer, newest_of
from crawler.sources.page_selectors import Own
from crawler.sources.page_tokens import DatesOf, Token
from crawler.sources.page_tree import Tree
from crawler.sources.wire import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Dated rows beside those that ``item`` found, made like them; ``newer`` where one is newer than all of these."""

    count: int = 0
    newer: bool = False


def own_of(tree: Tree, elements: Sequence[etree._Element], dates: DatesOf) -> dict[etree._Element, Own]:
    """Read rows that a selector found as the reader itself would."""
    rows: dict[etree._Element, Row] = {}
    for element in elements:
        index = tree.places.get(element, -1)
        if index >= 0:
            node = tree.nodes[index]
            rows[element] = Row(node=index, pieces=node.pieces, links=node.links, tokens=tuple(dates.within(element)))
    if not rows:
        return {}
    first = tree.nodes[next(iter(rows.values())).node]
    order = order_of(tree, Rows(containers=(first.parent,), tag=first.tag, rows=tuple(rows.values())))
    return {element: own_row(tree, row, entry_of(tree, row, order)) for element, row in rows.items()}


def own_row(tree: Tree, row: Row, entry: Entry | None) -> Own:
    """Return a row as the reader itself reads it, and what it shows of a post."""
    return Own(
        entry=entry or Entry(),
        dated=any(each.found.rank >= 0 for each in row.tokens),
        linked=any(is_usable(tree, tree.links[each]) for each in range(*row.links)),
    )


def left_out(tree: Tree, elements: Sequence[etree._Element], dates: DatesOf) -> LeftOut:
    """Return the dated rows beside those that ``item`` found: of the same tag in the same element, with a link."""
    known = set(elements)
    parents = {parent: each.tag for each in elements if (parent := each.getparent()) is not None}
    brothers = [each for parent, tag in parents.items() for each in parent if each.tag == tag and each not in known]
    others = {each: dates.within(each) for each in brothers if _is_row(tree, each, dates)}
    newest = _newest(dates.within(each) for each in elements)
    newer = any(is_newer(newest_of(tokens)[0], newest) for tokens in others.values())
    return LeftOut(count=len(others), newer=newer)


def _newest(rows: Iterable[Sequence[Token]]) -> tuple[int, int, int] | None:
    return newest_of([token for row in rows for token in row])[0]


def _is_row(tree: Tree, element: etree._Element, dates: DatesOf) -> bool:
    index = tree.places.get(element, -1)
    if index < 0 or not any(each.strong for each in dates.within(element)):
        return False
    return 1 <= sum(is_usable(tree, tree.links[each]) for each in range(*tree.nodes[index].links)) <= 8


def doubt_of(missed: Mapping[str, int], addressed: int, left: LeftOut) -> str:
    """Return why rows read by selectors prove nothing, as a Chinese clause; ``missed`` by the selector's key."""
    for key, count in missed.items():
        if count:
            return f"有{count}行像是信息，但{key}的选择器在其中没有找到内容，列表可能不全"
    if left.newer:
        return f"item的选择器之外另有{left.count}行同样的信息，其中有更新的，列表可能不全"
    if addressed:
        return f"有{addressed}条信息的日期只见于链接地址，页面上没有写明发布日期"
    return ""


def warnings_of(rows: int, left: LeftOut) -> tuple[str, ...]:
    """Return what an office should look at in its ``item``, in Chinese sentences."""
    said = []
    if rows == 1:
        said.append("item的选择器只找到1行，请核对它是否指向了列表中的每一行。")
    if left.count:
        said.append(f"item的选择器之外另有{left.count}行同样的信息没有读取，请核对item。")
    return tuple(said)
