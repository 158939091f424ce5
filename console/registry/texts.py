"""How the text of a cell is cleaned on the way in, and kept from running as a formula on the way out."""

import re
import unicodedata

MAX_CELL = 10_000  # characters; a spreadsheet itself ends at 32,767

_INVISIBLE = re.compile(r"[\u200b\u2060\ufeff]|[\ufff9-\uffff]")
_BREAKS = re.compile(r"\r\n?|\v|\f|\x85|\u2028|\u2029")
_BREAK_IN_WORD = re.compile(r"[ \t]*\n\s*")
_ARMED = re.compile(r"'*[=+\-@\t\r]")
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")


def clean_text(raw: str) -> str:
    """Return text with plain line breaks and without surrounding spaces, control and invisible characters."""
    text = _INVISIBLE.sub("", _BREAKS.sub("\n", raw))
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}).strip()


def clean_line(raw: str) -> str:
    """Return text as one line: a break inside a cell is a matter of width, not a part of a name."""
    return _BREAK_IN_WORD.sub(_joint, clean_text(raw)).replace("\t", " ")


def _joint(found: re.Match[str]) -> str:
    """Join Chinese text without a space and Western words with one."""
    before, after = found.string[found.start() - 1], found.string[found.end()]
    return " " if before.isascii() and after.isascii() else ""


def neutralised(text: str) -> str:
    """Return text that a spreadsheet takes for text: one apostrophe more in front of what could be a formula.

    Text that already has apostrophes there gets one too, so that ``armed`` gives back exactly what was.
    """
    return f"'{text}" if _ARMED.match(text) else text


def armed(text: str) -> str:
    """Take back what ``neutralised`` did."""
    return text[1:] if _NEUTRALISED.match(text) else text
