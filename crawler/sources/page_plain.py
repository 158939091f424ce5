"""Titles of rows that have no link that can be a post's own."""

from collections.abc import Sequence
from typing import Final

from crawler.sources.page_dates import read_whole
from crawler.sources.page_links import is_details, is_navigation, is_turning, name_of
from crawler.sources.page_titles import Titled, bare, kept_of
from crawler.sources.page_tree import Tree, tidy

_LEAST_UNLINKED: Final = 4
_LONG: Final = 90


def lone_of(tree: Tree, links: Sequence[int]) -> Titled | None:
    """Return the only link of a dated row, called like those beside posts (分享喜悦, 打印), None for others."""
    there = [each for each in links if tree.links[each].href]
    if len(there) != 1:
        return None
    name = name_of(tree, tree.links[there[0]])
    if is_turning(name) or is_details(name) or read_whole(name) is not None or not any(each.isalpha() for each in name):
        return None
    return Titled(title=bare(name), href=tree.links[there[0]].href, pinned=False, link=there[0])


def unlinked(tree: Tree, pieces: tuple[int, int]) -> Titled | None:
    """Return the title of a row that has no link of its own, None where nothing in it can be one."""
    texts = [tidy(tree.pieces[each].text) for each in kept_of(tree, *pieces)]
    own = [each for each in texts if not is_navigation(each) and not is_details(each)]
    title = bare(max(own, key=len, default=""))
    if len(title) < _LEAST_UNLINKED or len(title) > _LONG or not any(each.isalpha() for each in title):
        return None
    return Titled(title=title, href="", pinned=False)
