"""Says why the list that was read need not be all that the page has to say, each as a Chinese clause."""

import re
from collections.abc import Sequence
from typing import Final

from crawler.sources.page_choice import Named, rivals
from crawler.sources.page_entries import Told
from crawler.sources.page_near import adjoining, lead_of
from crawler.sources.page_newer import kept_newer, newer_lists, newer_texts, newest_in
from crawler.sources.page_signs import closed, drawn_elsewhere, hole
from crawler.sources.page_tokens import Token
from crawler.sources.page_tree import Tree

_NO_COLUMN: Final = re.compile(
    r"登录|登陆|login|404|页面不存在|找不到页面|出错|error|验证|维护中|系统维护|升级改造", re.IGNORECASE
)


def doubt(
    tree: Tree, tokens: Sequence[Token], lists: Sequence[Named], main: int, *, chosen: bool, title: str
) -> str:
    """Return why the list at ``main`` proves nothing, "" where it may.

    ``chosen`` says that the office has chosen it, ``title`` is the page's own.
    """
    told = lists[main].told
    if said := of_rows(told):
        return said
    if not chosen and (others := rivals(lists, main)):
        which = f"“{lists[main].heading}”" if lists[main].heading else "其中第一个"
        return f"页面有{len(lists)}个列表，未指定读取哪一个，现按{which}读取"
    if beside := adjoining(lists, main, tree):
        return f"列表紧邻处另有{beside}条带日期的信息未能归入列表，列表可能不全"
    if found := _NO_COLUMN.search(title):
        return f"页面标题为“{title[:40]}”（{found[0]}），其中的列表未必是栏目的信息列表"
    rows = {piece for each in lists for row in each.told.rows.rows for piece in range(*row.pieces)}
    if words := closed(tree, rows):
        return f"页面上写有“{words}”，其中的列表未必是栏目的信息列表"
    if chosen:
        return _moved(tree, lists[main])
    return _unchosen(tree, tokens, lists, main, rows, title)


def _moved(tree: Tree, named: Named) -> str:
    """Return why a list that was chosen by its place may be another one now: a list before it is empty."""
    containers = named.told.rows.containers
    if empty := hole(tree, containers, before=containers[0]):
        return f"所选列表之前有空的列表（{empty}），choice所指的可能已是另一个列表，请改用item指定"
    return ""


def of_rows(told: Told) -> str:
    """Return why the rows of a list themselves prove nothing."""
    if told.lost:
        return f"列表中有{told.lost}行像是信息，但未能读出标题，列表可能不全"
    if told.rows.left:
        return f"列表中另有{told.rows.left}行没有日期，未能归入列表，列表可能不全"
    if told.addressed:
        return f"有{told.addressed}条信息的日期只见于链接地址，页面上没有写明发布日期"
    return ""


def _unchosen(
    tree: Tree, tokens: Sequence[Token], lists: Sequence[Named], main: int, rows: set[int], title: str
) -> str:
    named = lists[main]
    if named.beside and not (named.heading and title.find(named.heading.rpartition(">")[2].strip()) >= 0):
        which = f"“{named.heading}”" if named.heading else "附栏"
        return f"页面上只读到{which}这样的附带列表，栏目自己的信息列表可能没有读到"
    if said := drawn_elsewhere(tree, rows, named.told.rows.containers):
        return said
    lead = lead_of(lists, main, tree)
    own = bool(named.heading) and title.find(named.heading) >= 0
    newer = [each for each in newer_lists(lists, main) if each is not lead and not (each.beside and own)]
    if newer:
        which = f"“{newer[0].heading}”" if newer[0].heading else "另一个列表"
        return f"页面上{which}的信息比所读列表的更新，所读的未必是栏目自己的列表"
    if not own and (larger := [each for each in lists if _is_larger(each, named)]):
        return f"页面上“{larger[0].heading}”的信息不少于所读列表，所读的未必是栏目自己的列表"
    newest = newest_in(named.told.rows)
    if count := newer_texts(tree, tokens, [each.told.rows for each in lists], newest):
        return f"列表之外另有{count}条日期更新的信息未能归入列表，列表可能不全"
    if kept_newer(tree, newest):
        return "网页中另存有日期更新的信息，由脚本显示，未能归入列表，列表可能不全"
    return ""


def _is_larger(other: Named, named: Named) -> bool:
    """Say whether a list that its name sets beside the others has as many rows as the one that was read."""
    return other is not named and other.beside and not other.apart and other.told.dated >= named.told.dated
