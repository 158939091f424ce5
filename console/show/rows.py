"""Rows of a label and its text, as wide as the terminal and no wider."""

from collections.abc import Iterator
from shutil import get_terminal_size

from console.show.ink import on_terminal
from console.widths import NARROWEST, padded, width, wrapped

LABEL_COLUMNS = 10


def room() -> int | None:
    """Return how many columns a line may take, None where nobody looks at it on a terminal."""
    return get_terminal_size().columns if on_terminal() else None


def labelled(
    label: str, text: str, limit: int | None, *, margin: str = "", columns: int = LABEL_COLUMNS
) -> Iterator[str]:
    """Yield a label and its text, which goes on below itself; nothing where there is no text."""
    if text:
        yield from indented(text, limit, first=padded(f"{margin}{label}", len(margin) + columns))


def indented(text: str, limit: int | None, *, first: str) -> Iterator[str]:
    """Yield a text behind ``first``, its later lines under the first one's text."""
    taken = width(first)
    lines = [text] if limit is None else list(wrapped(text, max(limit - taken, NARROWEST)))
    yield f"{first}{lines[0]}".rstrip()
    yield from (f"{' ' * taken}{line}" for line in lines[1:])
