"""Finds the lists of a page: repeated blocks that hold a link and a date each."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from crawler.sources.page_dates import Found, address_day
from crawler.sources.page_flat import flat_rows, is_flat, usable_in
from crawler.sources.page_joins import Row, Rows, merged
from crawler.sources.page_links import is_official, is_usable
from crawler.sources.page_tokens import Token
from crawler.sources.page_tree import HEADINGS, Node, Tree

_ROWS: Final[frozenset[str]] = frozenset({"li", "tr", "dl", "article"})
_STEPS: Final = 8
_MOST_LINKS: Final = 8
_MOST_PIECES: Final = 16
_NEAR: Final = 3
_SHORTEST_TITLE: Final = 8
_ATTACHED: Final = re.compile(
    r"\A\s*附件|下载\S{0,3}\Z|\.(?:pdf|docx?|xlsx?|wps|zip|rar)\s*\Z|\A\d[.、]", re.IGNORECASE
)
_FILE: Final = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|zip|rar|7z|pptx?|jpe?g|png|gif|mp4)(?:\?|\Z)", re.IGNORECASE)


def dated_lists(tree: Tree, tokens: list[Token]) -> list[Rows]:
    """Return the lists whose rows show dates (``tokens``: those of the page), in the order of the page."""
    return _lists(tree, tokens)


def addressed_lists(tree: Tree) -> list[Rows]:
    """Return the lists whose rows show no date and have one in their links' addresses."""
    tokens = []
    for link in tree.links:
        day = address_day(link.href) if link.href else None
        if day is not None:
            node = tree.nodes[link.node]
            raw = f"{day.year}-{day.month:02}-{day.day:02}"
            found = Found(raw=raw, day=day, rank=-1, span=(0, 0))
            tokens.append(Token(node=node.index, pieces=node.pieces, found=found, strong=False))
    return _lists(tree, tokens)


def _lists(tree: Tree, tokens: list[Token]) -> list[Rows]:
    sums = [0]
    for link in tree.links:
        sums.append(sums[-1] + is_usable(tree, link))
    held: dict[int, list[Token]] = defaultdict(list)
    for token in tokens:
        for node in tree.above(token.node):
            if sums[node.links[1]] > sums[node.links[0]]:
                held[node.index].append(token)
                break
    flat = {index for index, own in held.items() if is_flat(tree, index, own, sums)}
    whole = {index: own for index, own in held.items() if index not in flat}
    lists = _grouped(tree, whole, sums)
    lists += [flat_rows(tree, index, held[index], sums) for index in flat]
    lists = [_with_strays(tree, each, tokens) for each in lists if each.rows]
    return merged(tree, sorted(lists, key=lambda each: each.rows[0].pieces[0]))


def _grouped(tree: Tree, held: dict[int, list[Token]], sums: Sequence[int]) -> list[Rows]:
    """Return lists of the blocks that hold a link and a date: each climbs until it has brothers."""
    brothers: dict[tuple[int, tuple[str, ...]], set[int]] = defaultdict(set)
    climbs: dict[int, list[tuple[int, tuple[int, tuple[str, ...]]]]] = {}
    for index in held:
        steps: list[tuple[int, tuple[int, tuple[str, ...]]]] = []
        path: tuple[str, ...] = ()
        for node in tree.above(index):
            if len(steps) >= _STEPS or node.parent < 0:
                break
            own = (node.tag,) if node.tag in _ROWS or len(steps) == 0 else (node.tag, *path)
            path = (node.tag, *path)
            if steps and (node.tag in {"ul", "ol", "table", "tbody"} or usable_in(sums, node.links) > _MOST_LINKS):
                break
            key = (node.parent, own)
            brothers[key].add(node.index)
            steps.append((node.index, key))
            if node.tag in _ROWS:
                break
        climbs[index] = steps
    groups: dict[tuple[int, str], dict[int, list[Token]]] = defaultdict(dict)
    for index, steps in climbs.items():
        row = next((each for each, key in steps if len(brothers[key]) > 1), -1)
        if row < 0:
            row = next((each for each, _ in steps if tree.nodes[each].tag in _ROWS), index)
        node = tree.nodes[row]
        groups[node.parent, node.tag].setdefault(row, []).extend(held[index])
    return [
        _rows(tree, parent, tag, rows, sums)
        for (parent, tag), rows in groups.items()
        if len(rows) > 1 or all(_stands_alone(tree, row, own, sums) for row, own in rows.items())
    ]


def _rows(tree: Tree, parent: int, tag: str, dated: dict[int, list[Token]], sums: Sequence[int]) -> Rows:
    """Return one list: its dated rows, and those among them that show no date."""
    rows = dict.fromkeys(dated)
    undated = [each for each in _children(tree, parent) if tree.nodes[each].tag == tag and each not in rows]
    if tag == "div":
        classes = {tree.nodes[each].element.get("class") for each in dated} | {None}
        undated = [each for each in undated if tree.nodes[each].element.get("class") in classes]
    likely = [each for each in undated if usable_in(sums, tree.nodes[each].links) in {1, 2, 3}]
    if len(dated) >= 2 and len(likely) <= len(dated) and parent >= 0:
        rows.update(dict.fromkeys(likely))
    left = [each for each in undated if each not in rows and _may_be_row(tree, tree.nodes[each], sums)]
    made = []
    for each in sorted(rows):
        node = tree.nodes[each]
        tokens = tuple(dated.get(each, ()))
        made.append(Row(node=each, pieces=node.pieces, links=node.links, tokens=tokens))
    return Rows(containers=(parent,), tag=tag, rows=tuple(made), left=len(left))


def _may_be_row(tree: Tree, node: Node, sums: Sequence[int]) -> bool:
    """Say whether a block without a date among dated rows may be a post: one of its few links has a title's length."""
    if node.tag not in {"li", "tr", "dl", "p"} or not 1 <= usable_in(sums, node.links) <= _MOST_LINKS:
        return False
    return any(len(tree.text_of(each)) >= _SHORTEST_TITLE for each in range(*node.links))


def _with_strays(tree: Tree, rows: Rows, tokens: Sequence[Token]) -> Rows:
    """Return a list with those of its rows that show a date and no link."""
    if rows.tag == "" or len(rows.rows) < 2:
        return rows
    parent = rows.containers[0]
    known = {each.node for each in rows.rows}
    first, end = tree.nodes[parent].pieces if parent >= 0 else (0, 0)
    found: dict[int, list[Token]] = defaultdict(list)
    for token in tokens[bisect_left(tokens, first, key=_start) : bisect_left(tokens, end, key=_start)]:
        row = next((node for node in tree.above(token.node) if node.parent == parent), None)
        if row is not None and row.tag == rows.tag and row.index not in known and token.strong and token.found.rank > 1:
            found[row.index].append(token)
    if not found or len(found) > len(rows.rows):
        return rows
    nodes = {each: tree.nodes[each] for each in found}
    strays = [
        Row(node=each, pieces=node.pieces, links=node.links, tokens=tuple(found[each])) for each, node in nodes.items()
    ]
    return replace(rows, rows=tuple(sorted((*rows.rows, *strays), key=lambda each: each.node)))


def _start(token: Token) -> int:
    return token.pieces[0]


def _children(tree: Tree, parent: int) -> list[int]:
    if parent < 0:
        return []
    found = []
    index = parent + 1
    while index <= tree.nodes[parent].end:
        found.append(index)
        index = tree.nodes[index].end + 1
    return found


def _stands_alone(tree: Tree, row: int, own: Sequence[Token], sums: Sequence[int]) -> bool:
    """Say whether a block without brothers may be the only row of a list, and is not an article with its date."""
    node = tree.nodes[row]
    if is_official(tree.text(node)) and node.tag not in {"li", "tr"}:
        return False
    if not any(token.strong for token in own) or usable_in(sums, node.links) > 3 or node.tag in {"body", "html"}:
        return False
    inner = tree.nodes[row : node.end + 1]
    unlinked = any(
        each.tag in HEADINGS and each.links[0] == each.links[1] and not _in_link(tree, each) for each in inner
    )
    if node.pieces[1] - node.pieces[0] > _MOST_PIECES or unlinked or any(each.tag == "h1" for each in inner):
        return False
    if node.tag not in _ROWS and not any(token.found.day and token.found.day.year for token in own):
        return False
    usable = [tree.links[each] for each in range(*node.links) if is_usable(tree, tree.links[each])]
    first = tree.nodes[usable[0].node].pieces[0]
    # An article states its date first and names its attachments last.
    near = any(first < token.pieces[0] or first - token.pieces[1] < _NEAR for token in own if token.strong)
    return near and not any(
        _FILE.search(each.href) or _ATTACHED.search(tree.text(tree.nodes[each.node])) for each in usable
    )


def _in_link(tree: Tree, node: Node) -> bool:
    return node.pieces[0] < node.pieces[1] and tree.pieces[node.pieces[0]].link >= 0
