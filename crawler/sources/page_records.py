"""Lays open the records that a page keeps in a script of XML for its own pager to draw."""

import re
from typing import Final

_STORE: Final = re.compile(
    r"<script\b[^>]{0,200}>\s*(?P<inner>(?:<\?xml[^>]{0,200}\?>)?\s*<datastore\b.*?)</script\s*>",
    re.IGNORECASE | re.DOTALL,
)
_BARE: Final = re.compile(r"\s*(?:<\?xml[^>]{0,200}\?>)?\s*<datastore\b", re.IGNORECASE)
_RECORD: Final = re.compile(
    r"<record\b[^>]{0,200}>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record\s*>", re.IGNORECASE | re.DOTALL
)
_NEXT: Final = re.compile(r"<nextgroup>\s*(?:<!\[CDATA\[)?\s*<a\s[^>]*?href=[\"']([^\"'<>]{1,500})[\"']", re.IGNORECASE)


def laid_open(text: str) -> str:
    """Return a page with the records of its stores (``<datastore><record>``) where the stores stand."""
    if "<datastore" not in text[:2_000_000].lower():
        return text
    if _BARE.match(text):
        return f"<html><body>{_records(text)}</body></html>"
    return _STORE.sub(lambda found: _records(found["inner"]), text)


def _records(store: str) -> str:
    following = _NEXT.search(store)
    link = f'<a rel="next" href="{following[1]}"></a>' if following else ""
    return f"<div>{''.join(_RECORD.findall(store))}</div>{link}"
