"""Turns the bytes of an answer into text, whatever encoding it claims."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

BOMS: Final[tuple[tuple[bytes, str], ...]] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before utf-16-le, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WIDE: Final[tuple[tuple[bytes, str], ...]] = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
# What a declaration says, and the superset that its files are really written in (as browsers take it).
REALLY: Final[dict[str, str]] = {
    "gb_2312-80": "gb18030",
    "gb2312-80": "gb18030",
    "x-gbk": "gb18030",
    "x-sjis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
EAST_ASIAN: Final[frozenset[str]] = frozenset(
    {"gb18030", "big5hkscs", "cp950", "cp932", "euc_jp", "cp949", "johab", "hz", "iso2022_jp", "iso2022_kr"}
)
# Codecs that Python knows and no document is written in; some of them take time that grows with the square.
NOT_FOR_DOCUMENTS: Final[frozenset[str]] = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"}
)
_XML_DECLARATION: Final = re.compile(rb"\A\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})", re.IGNORECASE)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_META: Final = re.compile(rb"<meta\s[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A document is UTF-8 with flaws, and not something else, where at most one in so many of its longer letters is broken.
_FLAW_SHARE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text that holds only characters which XML allows.

    ``declared`` is what the document or its header claims ("" where neither does), ``broken`` counts places that could
    not be decoded, ``controls`` the control characters that were taken out.
    """

    text: str
    encoding: str
    declared: str = ""
    broken: int = 0
    controls: int = 0

    @property
    def misdeclared(self) -> bool:
        """Whether the claim names another encoding than the one that the text is written in."""
        claim = _real(self.declared)[:6] if self.declared else ""
        if not claim or claim == self.encoding[:6]:
            return False
        return claim in {"utf-16", "utf-32"} or not self.text.isascii()


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode ``body``: by its mark, as UTF-8 where it is, by its own declaration, the header's, as GB 18030.

    A claim is believed only where the bytes bear it out; nothing is raised: what cannot be decoded becomes U+FFFD.
    """
    declared = _declared(body, content_type)
    encoding, marked = _encoding(body, declared)
    text = body[marked:].decode(encoding, "replace")
    broken = text.count("\ufffd") - (body.count(b"\xef\xbf\xbd") if encoding == "utf-8" else 0)
    allowed = clean(text)
    return Decoded(
        text=allowed.removeprefix("\ufeff"),
        encoding=encoding,
        declared=declared[0] if declared else "",
        broken=max(broken, 0),
        controls=len(text) - len(allowed),
    )


def clean(text: str) -> str:
    """Return ``text`` without the characters that XML forbids: controls and halves of surrogate pairs."""
    return _CONTROL.sub("", text)


def is_wide(body: bytes) -> bool:
    """Say whether ``body`` starts like a text of two or four bytes a letter, marked or not."""
    return body.startswith(tuple(start for start, name in (*BOMS, *WIDE) if name != "utf-8"))


def _encoding(body: bytes, declared: tuple[str, ...]) -> tuple[str, int]:
    """Return the encoding to read with, and the length of the mark in front."""
    for mark, name in BOMS:
        if body.startswith(mark):
            return name, len(mark)
    for start, name in WIDE:
        if body.startswith(start):
            return name, 0
    claims = tuple(name for name in map(_real, declared) if name and not name.startswith(("utf-16", "utf-32")))
    if _is_utf8(body, claims):
        return "utf-8", 0
    for name in (*claims, "gb18030"):
        if _decodes(body, name):
            return name, 0
    return min((*claims, "gb18030"), key=lambda name: body.decode(name, "replace").count("\ufffd")), 0


def _is_utf8(body: bytes, claims: tuple[str, ...]) -> bool:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        flawed = body.decode("utf-8", "replace")
        longer = (len(body) - len(flawed)) // 2  # a letter of three bytes is two longer than its one character
        return flawed.count("\ufffd") * _FLAW_SHARE <= longer
    if text.isascii() or not any(name in EAST_ASIAN for name in claims):
        return True
    # Two bytes of GBK can pass for one letter of UTF-8, but only for one below U+0800 (全员 is an example).
    return max(text) >= "\u0800" or not _decodes(body, claims[0])


def _declared(body: bytes, content_type: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_claims(body[:2048], content_type)))


def _claims(head: bytes, content_type: str) -> Iterator[str]:
    if own := _XML_DECLARATION.search(head):
        yield own[1].decode("ascii", "replace").lower()
    if header := _CHARSET.search(content_type):
        yield header[1].lower()
    if meta := _META.search(head):
        yield meta[1].decode("ascii", "replace").lower()


def _real(claim: str) -> str:
    """Return the codec for a declared name, "" where there is none that documents are written in."""
    if claim in REALLY:
        return REALLY[claim]
    try:
        name = codecs.lookup(claim).name
        _decodes(b"<", name)  # refuses codecs that do not give text
    except (LookupError, ValueError):
        return ""
    return "" if name in NOT_FOR_DOCUMENTS else REALLY.get(name, name)


def _decodes(body: bytes, name: str) -> bool:
    try:
        body.decode(name)
    except ValueError:
        return False
    return True
