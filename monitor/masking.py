"""Masking (脱敏): personal numbers in what is shown or handed on, with nothing else changed.

How much stays readable, as officials write it: a mobile its first 3 and last 4 digits (138****1234), an ID number its
first 6 and last 4 (of an old one with 15 digits the last 3), a bank card its first 4 and last 4.

A web address stays as it is, on purpose, even where a personal number stands in its path (``/a/13812345678.html``): a
link must lead where it led, or nobody can check the evidence. In a row of a table it ends before a separator that a
number alone follows (``https://…/1.html,13812345678``).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

_WIDE = str.maketrans("０１２３４５６７８９Ｘｘ＋－", "0123456789Xx+-")
_GAP = r"[ \u00a0\u3000\-‐-—]"
_BEFORE, _AFTER = r"(?<![0-9A-Za-z_*])", r"(?![0-9A-Za-z_*])"

_SUSPECT = re.compile(rf"[0-9０-９](?:{_GAP}?[0-9０-９－]){{10}}")
"""Nothing shorter is any of the numbers: most texts end here."""

_CELL = rf"""["']?(?:\+?86{_GAP}?)?\d{{3,6}}(?:{_GAP}?\d){{8,15}}[Xx]?(?![A-Za-z0-9\-_~/?#@&=%]|[.:]\S)"""
"""What may be a personal number, and is followed by nothing that would make it a part of an address."""

_ADDRESS = re.compile(
    r"""(?:\b[a-z][a-z0-9+.-]{1,14}://|//(?=[a-z0-9-]{1,63}\.)|\bwww\.|(?<![a-z0-9-])(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?::\d+)?/)"""
    rf"""(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+=%]|[,;|](?!{_CELL}))*"""
    r"""|\b(?:href|src|action)\s*=\s*(?P<quote>["'])(?!(?:tel|sms|mailto):)[^"']*(?P=quote)""",
    re.IGNORECASE,
)

_IDENTITY = re.compile(rf"(?<![0-9_*])(?P<region>\d{{6}}){_GAP}?(?P<born>(?:19|20)\d{{6}}){_GAP}?\d{{3}}[\dXx]{_AFTER}")
_OLD_IDENTITY = re.compile(rf"(?<![0-9_*])(?P<region>\d{{6}})(?P<born>\d{{6}})\d{{3}}{_AFTER}")
_MOBILE = re.compile(
    rf"(?:{_BEFORE}|(?<=[VvMmTt])(?<![A-Za-z].)|(?<=[Tt][Ee][Ll]))(?:(?:\+|00)86{_GAP}?|86{_GAP}|[(（]\+?86[)）]{_GAP}?)?"
    rf"(?P<number>1[3-9]\d{_GAP}?\d{{4}}{_GAP}?\d{{4}}){_AFTER}"
    r"(?!\.\d|\.(?:s?html?|jpe?g|png|gif|pdf|docx?|xlsx?|mp4|js|css|php|aspx?|jsp)\b)"
    r"(?!\s?[万亿]?(?:元|美元|吨|人次|次|千瓦|立方|平方|公里|米|斤|字节|％|%))"
)
_CARD = re.compile(
    rf"{_BEFORE}(?<![0-9*]{_GAP})(?:[34569]\d|2[2-7])(?:\d{{14,17}}|\d\d(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?"
    rf"|\d{{4}}{_GAP}\d{{13}}){_AFTER}(?!{_GAP}[0-9*])"
)

_NUMBERED = re.compile(
    r"""(?:(?:编号|代码|单号|文号|案号|批号|备案号|流水号|注册号|序列号|条码|许可证号|字第|〔\d{4}〕第?)[是为]?[:：]?\s*"""
    r"""[A-Za-z0-9〔〕\[\]()（）_/-]*|第|["']\w*id(?:str)?["']\s*:\s*["']?)$""",
    re.IGNORECASE,
)
"""What stands before the number of a document, a project or a record; it stays, whatever its digits look like."""
_LABEL = 48  # characters that are looked at for it

_REGIONS = frozenset(
    f"{first}{second}"
    for first, last in (("1", "5"), ("2", "3"), ("3", "7"), ("4", "6"), ("5", "4"), ("6", "5"))
    for second in "0123456789"
    if (first == "5" and second == "0") or "1" <= second <= last
) | {"71", "81", "82", "83", "91"}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def mask(text: str) -> str:
    """Return ``text``, of the same length, with the middle digits of personal numbers as ``*``.

    ID numbers are told by region, date and checksum, bank cards by their check digit. Web addresses, longer runs of
    digits, numbers of documents, amounts and office telephones stay. Masking again changes nothing.
    """
    while _SUSPECT.search(text):
        masked = _once(text)
        if masked == text:
            break
        text = masked
    return text


def _once(text: str) -> str:
    plain = text.translate(_WIDE)
    letters = list(text)
    taken = sorted(found.span() for found in _ADDRESS.finditer(plain))
    for start, end, head, tail in _numbers(plain):
        at = bisect_left(taken, (end,))  # the first that begins behind it
        if at and taken[at - 1][1] > start:
            continue
        taken.insert(at, (start, end))
        digits = [at for at in range(start, end) if plain[at].isalnum()]
        for at in digits[head : len(digits) - tail]:
            letters[at] = "*"
    return "".join(letters)


def _numbers(plain: str) -> Iterator[tuple[int, int, int, int]]:
    """Give where each personal number begins and ends, and how many digits stay at its ends.

    Where two overlap, the first that is given counts.
    """
    for found in _IDENTITY.finditer(plain):
        if _is_identity(_digits(found[0])):
            yield found.start(), found.end(), 6, 4
    for found in _OLD_IDENTITY.finditer(plain):
        if found["region"][:2] in _REGIONS and _is_day(f"19{found['born']}") and not _is_numbered(plain, found.start()):
            yield found.start(), found.end(), 6, 3
    for found in _MOBILE.finditer(plain):
        if not _is_numbered(plain, found.start()):
            yield *found.span("number"), 3, 4
    for found in _CARD.finditer(plain):
        number = _digits(found[0])
        if _is_card(number) and not _is_numbered(plain, found.start()):
            yield found.start(), found.end(), 4, 4


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isalnum())


def _is_numbered(plain: str, at: int) -> bool:
    return _NUMBERED.search(plain[max(0, at - _LABEL) : at]) is not None


def _is_identity(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return number[:2] in _REGIONS and _is_day(number[6:14]) and _CHECKS[total % 11] == number[17].upper()


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _is_card(number: str) -> bool:
    """Say whether the check digit is right (Luhn) and the number is not one digit over and over."""
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(number))]
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0 and len(set(number)) > 1
