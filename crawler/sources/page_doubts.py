"""Says why the list that was read need not be all that the page has to say, each as a Chinese clause."""

import re
from collections.abc import Container, Sequence
from typing import Final

from crawler.sources.page_choice import Named, rivals
from crawler.sources.page_entries import Told
from crawler.sources.page_near import adjoining, lead_of
from crawler.sources.page_newer import holds, kept_newer, newer_lists, newer_texts, newest_in, undated_leads
from crawler.sources.page_signs import closed, drawn_elsewhere, hole
from crawler.sources.page_tokens import Token
from crawler.sources.page_tree import Tree

_NO_COLUMN: Final = re.compile(
    r"登录|登陆|login|404|页面不存在|找不到页面|出错|error|验证|维护中|系统维护|升级改造", re.IGNORECASE
)


def doubt(
    tree: Tree, tokens: Sequence[Token], lists: Sequence[Named], main: int, *, chosen: bool, title: str, turned: bool
) -> str:
    """Return why the list at ``main`` proves nothing, "" where it may.

    ``chosen`` says that the office has chosen it, ``title`` is the page's own, ``turned`` that it leads to a next page.
    """
    told = lists[main].told
    if said := of_rows(told):
        return said
    if not chosen and rivals(lists, main):
        which = f"“{lists[main].heading}”" if lists[main].heading else "其中第一个"
        return f"页面有{len(lists)}个列表，未指定读取哪一个，现按{which}读取"
    if beside := adjoining(lists, main, tree):
        return f"列表紧邻处另有{beside}条带日期的信息未能归入列表，列表可能不全"
    rows = {piece for each in lists for row in each.told.rows.rows for piece in range(*row.pieces)}
    if said := of_page(tree, rows, title):
        return said
    if chosen:
        return _moved(tree, lists, main, title)
    return _unchosen(tree, lists, main, rows, title) or _newer(
        tree, tokens, lists, main, own=turned or _is_named(lists[main], title)
    )


def of_page(tree: Tree, rows: Container[int], title: str) -> str:
    """Return why the page itself is no column: its title says so, or a text outside of ``rows`` (pieces)."""
    if found := _NO_COLUMN.search(title):
        return f"页面标题为“{title[:40]}”（{found[0]}），其中的列表未必是栏目的信息列表"
    if words := closed(tree, rows):
        return f"页面上写有“{words}”，其中的列表未必是栏目的信息列表"
    return ""


def _moved(tree: Tree, lists: Sequence[Named], main: int, title: str) -> str:
    """Return why a list that was chosen by its place may be another one now."""
    named = lists[main]
    containers = named.told.rows.containers
    if empty := hole(tree, containers, before=containers[0]):
        return f"所选列表之前有空的列表（{empty}），choice所指的可能已是另一个列表，请改用item指定"
    other = next((each for each in lists if each is not named and not each.beside and _is_named(each, title)), None)
    if other is not None and named.heading and not _is_named(named, title):
        return f"choice所指的列表是“{named.heading}”，而页面标题所写的是“{other.heading}”，请改用item指定"
    return ""


def of_rows(told: Told) -> str:
    """Return why the rows of a list themselves prove nothing."""
    if told.lost:
        return f"列表中有{told.lost}行像是信息，但未能读出标题，列表可能不全"
    if told.rows.left:
        return f"列表中另有{told.rows.left}行没有日期，未能归入列表，列表可能不全"
    if told.other:
        return f"有{told.other}条信息只写明成文、施行等日期，没有写明发布日期"
    if told.addressed:
        return f"有{told.addressed}条信息的日期只见于链接地址，页面上没有写明发布日期"
    return ""


def _unchosen(tree: Tree, lists: Sequence[Named], main: int, rows: set[int], title: str) -> str:
    named = lists[main]
    if named.beside and not _is_named(named, title):
        which = f"“{named.heading}”" if named.heading else "附栏"
        return f"页面上只读到{which}这样的附带列表，栏目自己的信息列表可能没有读到"
    return drawn_elsewhere(tree, rows, named.told.rows.containers)


def _is_named(named: Named, title: str) -> bool:
    """Say whether the page's title names the list: it is the column's own."""
    heading = named.heading.rpartition(">")[2].strip()
    return bool(heading) and heading in title


def _newer(tree: Tree, tokens: Sequence[Token], lists: Sequence[Named], main: int, *, own: bool) -> str:
    """Say what is newer than the list; beside a column's ``own`` list 热门 and the like may be."""
    named, lead = lists[main], lead_of(lists, main, tree)
    newer = [each for each in newer_lists(lists, main) if each is not lead and not (each.beside and own)]
    if newer:
        which = f"“{newer[0].heading}”" if newer[0].heading else "另一个列表"
        return f"页面上{which}的信息比所读列表的更新，所读的未必是栏目自己的列表"
    if not own and (larger := [each for each in lists if _is_larger(each, named)]):
        return f"页面上“{larger[0].heading}”的信息不少于所读列表，所读的未必是栏目自己的列表"
    newest = newest_in(named.told.rows)
    apart = [each.told.rows for each in lists if each is named or not holds(each, named)]
    if count := newer_texts(tree, tokens, apart, newest):
        return f"列表之外另有{count}条日期更新的信息未能归入列表，列表可能不全"
    if count := undated_leads(tree, lists, main):
        return f"列表之外另有{count}条本栏目的信息（如头条、轮播图）没有写明日期，列表可能不全"
    if kept_newer(tree, newest):
        return "网页中另存有日期更新的信息，由脚本显示，未能归入列表，列表可能不全"
    return ""


def _is_larger(other: Named, named: Named) -> bool:
    """Say whether a list that its name sets beside the others has as many rows as the one that was read."""
    return other is not named and other.beside and not other.apart and other.told.dated >= named.told.dated
