"""Puts into a page what its reader sees and its markup does not say: what short scripts write, moments in words."""

import re
from typing import Final

from lxml import etree

from crawler.sources.plain import plain_line

_VARIABLE: Final = re.compile(r"\b(?:var|let|const)\s+([\w$]{1,60})\s*=\s*(?:\"([^\"\n]{0,500})\"|'([^'\n]{0,500})')")
_WRITE: Final = re.compile(r"document\.write(?:ln)?\(([^()]{1,500})\)")
_TERM: Final = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z_$][\w$]*))\s*(\+|\Z)")
_MOST_SCRIPT: Final = 20_000


def put_written(tree: etree._Element) -> None:
    """Put what short scripts write (``document.write('来源：'+wzly)``) where they write it, as plain text."""
    known: dict[str, str] = {}
    for script in list(tree.iter("script")):
        code = (script.text or "")[:_MOST_SCRIPT]
        known.update((name, one or other) for name, one, other in _VARIABLE.findall(code))
        said = " ".join(filter(None, (_said(each, known) for each in _WRITE.findall(code))))
        if said:
            script.tail = f" {said} {script.tail or ''}"


_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_DAY: Final = re.compile(r"\d{4}\D{1,3}\d{1,2}\D{1,3}\d{1,2}")


def put_times(tree: etree._Element) -> None:
    """Show the moment that a ``<time>`` states to machines where it shows no whole date (11月5日, 3天前)."""
    for element in tree.iter("time"):
        moment = (element.get("datetime") or "").strip()
        if _MOMENT.match(moment) and not _DAY.search("".join(str(each) for each in element.itertext())):
            for child in list(element):
                element.remove(child)
            element.text = moment


def _said(expression: str, known: dict[str, str]) -> str:
    """Return what an expression of texts and known variables says, "" where it has others or an empty one."""
    said, end = "", 0
    while term := _TERM.match(expression, end):
        one, other, name, more = term.groups()
        if name is not None and not known.get(name, "").strip():
            return ""
        said += known[name] if name is not None else one or other or ""
        end = term.end()
        if not more:
            break
    return plain_line(said, is_markup=True) if end == len(expression) else ""
