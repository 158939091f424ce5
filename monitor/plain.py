"""Reading the plain tables of a data file: what a key must be, and the sentence where it is not."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from monitor.errors import XunjianError

SHOWN = 40
"""Letters of a wrong value that a sentence repeats."""


def only_known(table: Mapping[str, object], keys: Iterable[str], at: str, error: type[XunjianError]) -> None:
    """Refuse a key that is not one of ``keys``, naming the nearest; ``at`` says where the table is."""
    known = tuple(keys)
    for key in table:
        if key not in known:
            near = get_close_matches(key.upper() if "-" in key else key, known, 1, 0)[0]
            raise error(f"{at} 没有 {key} 这一项，最接近的是 {near}")


def text_of(table: Mapping[str, object], key: str, at: str, error: type[XunjianError]) -> str:
    """Return a text that must be there."""
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise error(f"{at} {key} 应为文字且不能为空，现为 {shown(value)}")
    return value.strip()


def shown(value: object) -> str:
    """Return a wrong value as a sentence repeats it."""
    text = "空" if value is None else str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
