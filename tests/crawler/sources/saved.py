"""What tests over answers of platforms share: labels of real ones, and ways to break a good one."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from crawler.sources.listing import make_listing
from crawler.sources.values import Reading
from crawler.sources.wire import Wire
from monitor.values import Item, Listing

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
LABELS = Path(__file__).resolve().parents[2] / "real" / "platform_pages.json"

Json = Any

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.sampled_from(["", "0", "1", "107603", "\ud800", "<b", "https://[", "昨天", "9" * 30])
    | st.text(max_size=10)
)
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


@st.composite
def broken(draw: st.DrawFn, said: Json) -> Json:
    """A good answer with up to three of its parts replaced by something else, or taken out."""
    whole = json.loads(json.dumps(said))
    for _ in range(draw(st.integers(1, 3))):
        whole = _replaced(draw, whole)
    return whole


def _replaced(draw: st.DrawFn, node: Json) -> Json:
    if isinstance(node, dict) and node and draw(st.integers(0, 5)):
        name = draw(st.sampled_from(sorted(node)))
        return {**node, name: _replaced(draw, node[name])}
    if isinstance(node, list) and node and draw(st.integers(0, 5)):
        place = draw(st.integers(0, len(node) - 1))
        return [*node[:place], _replaced(draw, node[place]), *node[place + 1 :]]
    return draw(documents)


def listing(wire: Wire | Reading | None, url: str = "https://www.example.gov.cn/") -> Listing:
    assert isinstance(wire, Wire)
    return make_listing(wire, url, AT, SHANGHAI)


def labels(folder: str) -> Mapping[str, Mapping[str, Json]]:
    """The labels of the saved files below ``folder``, by their path."""
    whole: dict[str, dict[str, Json]] = json.loads(LABELS.read_text())
    return {name: label for name, label in whole.items() if name.startswith(folder)}


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def differences(item: Item, label: list[str]) -> list[str]:
    """What of an item is not as it was labelled: start of its text, time, mark."""
    _, words, time, mark = label[:4]
    stated = item.stated.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if item.stated.at else ""
    shown = {"原创": "original", "转载": "repost"}.get(item.mark, "")
    says = squeezed(f"{item.title} {item.text}")
    found = [] if squeezed(words)[:25] in says else [f"{item.title!r} is not {words!r}"]
    found += [] if stated == time else [f"{item.title!r}: {stated} is not {time}"]
    return found + ([] if shown == mark else [f"{item.title!r}: {shown!r} is not {mark!r}"])
