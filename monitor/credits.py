"""Credits: the lines of a text that say where it comes from, told from what only looks like one."""

import re
from collections.abc import Iterator

from monitor import credit_forms as forms
from monitor.values import Credit, CreditKind, CreditPlace

HEADER_LINES = 4  # how many short lines before the text can be the page's own header
SHORT = 40  # letters of a header line
LONGEST = 24  # letters of a name; what runs on is cut, or is no name at all
MOST = 200  # letters that are looked at for a value
GLUED = 30  # letters between two labels that stand in one line without a space
FIRST_PARAGRAPHS = 2  # 据…消息 of anyone but a wire speaks for the text only near its beginning (line numbers from 0)


def read_credits(text: str) -> tuple[Credit, ...]:
    """Return the credits of a plain text with line breaks, in the order in which they stand, each once.

    A value occurs in the text as it is given, except for its spaces; several names in one line are one value. An empty
    value, ``未知`` and the like are no credit, nor are picture and video credits, nor what follows a 往期精彩 footer.
    The time is linear in the length of the text.
    """
    found: dict[Credit, None] = {}
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    head = True  # nothing but short lines so far
    for number, line in enumerate(lines):
        if number and forms.FOOTER.match(line):
            break
        below = lines[number + 1] if number + 1 < len(lines) else ""
        head = head and number < HEADER_LINES
        for at, kind, label, value in _line_credits(line, below, number):
            stops = head and (at > 2 * SHORT or _stops(line[:at]))
            place = CreditPlace.HEADER if head and not stops else CreditPlace.TEXT
            found.setdefault(Credit(kind=kind, label=_squeezed(label), value=value, place=place))
        head = head and len(line) <= SHORT and not _stops(line)
    return tuple(found)


_Found = tuple[int, CreditKind, str, str]


def _line_credits(line: str, below: str, number: int) -> Iterator[_Found]:
    yield from sorted((*_labelled(line, below), *_bare(line), *_wires(line, number), *_names(line)))


def _labelled(line: str, below: str) -> Iterator[_Found]:
    marks = list(_accepted(line))
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(line)
        segment = line[mark.end() : end]
        kind = _kind_of(mark)
        if kind is None:
            continue
        label = mark.group().rstrip(forms.MARK + " \t\u3000\xa0")
        value = _value(segment, trusted=_leads(line, mark.start()))
        if not segment.strip() and end == len(line) and _leads(line, mark.start()) and _is_name(below):
            value = _value(below, trusted=False)
        if value and not _is_prose(label, value, segment):
            yield mark.start(), kind, label, value


def _is_prose(label: str, value: str, segment: str) -> bool:
    if label == "综合":
        return not forms.ORGAN.search(value)
    return label.endswith("记者") and _stops(segment)  # 记者:… in a printed interview


def _accepted(line: str) -> Iterator[re.Match[str]]:
    end = 0
    for sign in forms.SIGN.finditer(line):
        mark = forms.LABEL_END.search(line, max(end, sign.start() - forms.LONGEST_LABEL), sign.end())
        if mark:
            start = mark.start()
            glued = end and start - end <= GLUED and not _stops(line[end:start])
            if glued or _opens(line, start):
                end = mark.end()
                yield mark


def _kind_of(mark: re.Match[str]) -> CreditKind | None:
    if mark["other"]:
        return None
    if mark["author"]:
        return CreditKind.AUTHOR
    return CreditKind.MATERIAL if "素材" in mark.group() else CreditKind.SOURCE


def _bare(line: str) -> Iterator[_Found]:
    if not any(word in line for word in ("自", "源", "原载", "综合")):
        return
    for pattern in (forms.BARE_RELAY, forms.BARE_SOURCE):
        for found in pattern.finditer(line):
            if _opens_strictly(line, found.start()):
                value = _value(found["value"], trusted=True) or _value(
                    forms.COLON.split(found["value"])[0], trusted=True
                )
                if value and not _is_book(found["label"], found["value"]):
                    kind = CreditKind.MATERIAL if "素材" in found["label"] else CreditKind.SOURCE
                    yield found.start(), kind, found["label"], value
    joined = forms.JOINED.search(line)
    if joined and (value := _value(joined["value"], trusted=True)):
        yield joined.start("label"), CreditKind.SOURCE, joined["label"], value
    spaced = forms.SPACED_SOURCE.match(line)
    if spaced and (value := _value(spaced["value"], trusted=False)):
        yield spaced.start("label"), CreditKind.SOURCE, spaced["label"], value


def _wires(line: str, number: int) -> Iterator[_Found]:
    if "电" in line and forms.WIRED_SIGN.search(line):
        for found in forms.DATELINE.finditer(line):
            if _opens_strictly(line, found.start()) or _follows_title(line, found):
                yield found.start(), CreditKind.DATELINE, found.group().strip(" \t\u3000（(，,"), found["wire"]
    if "消息" in line:
        for pattern, reach in ((forms.WIRED, number), (forms.TOLD, FIRST_PARAGRAPHS)):
            for found in pattern.finditer(line):
                value = found["value"].strip("“”")
                if number <= reach and forms.ORGAN.search(value) and _leads(line, found.start()):
                    yield found.start(), CreditKind.QUOTED_WIRE, "据…消息", value


def _names(line: str) -> Iterator[_Found]:
    if "记者" in line or "通讯员" in line:
        for found in forms.REPORTER.finditer(line):
            value = found["value"]
            if value[0] != "本" and not forms.PHOTO.search(found["who"]) and _opens_strictly(line, found.start()):
                kind = CreditKind.DATELINE if forms.PRESS.search(value) else CreditKind.AUTHOR
                yield found.start(), kind, found["label"], value
    if "稿" in line:
        for found in forms.WRITTEN.finditer(line):
            yield found.start(), CreditKind.AUTHOR, found["label"], found["value"]
    if line[-1] in forms.CLOSERS:
        writer = forms.WRITER.search(line)
        if writer and _ends_text(line, writer.start()):
            yield writer.start(), CreditKind.AUTHOR, "", writer["value"]
    if line[-1] in forms.CLOSERS + "#":
        named = forms.NAMED.search(line)
        if named and line[named.start() - 1 : named.start()] not in forms.SPEECH_ENDS:
            yield named.start(), CreditKind.SOURCE, "", named["value"]


def _ends_text(line: str, at: int) -> bool:
    return not at or line[at - 1] in forms.STOPS + forms.SPEECH_ENDS


def _value(raw: str, *, trusted: bool) -> str:
    """Return the name that ``raw`` begins with, or "". What runs on without an end is cut where ``trusted``."""
    text = raw[:MOST].lstrip(forms.EDGES + forms.OPENERS)
    text = forms.ENDS.split(text, maxsplit=1)[0]
    if text.startswith("http"):
        return text.split(maxsplit=1)[0]
    text = forms.DATE.split(text, maxsplit=1)[0]
    text = forms.PLATFORM_FIRST.sub("", text)
    further = forms.LABEL.search(text)
    text = text[: further.start()] if further else text
    head, *rest = forms.COLON.split(text, maxsplit=1)
    text = forms.TAIL_LABEL.sub("", head) if rest else head
    text = _first_names(text).strip(forms.EDGES)
    text = text[: found.end()] if (found := forms.ACCOUNT.match(text)) else text
    if text[:1] + text[1:][-1:] in forms.PAIRS and text.count(text[0]) == 1:
        text = text[1:-1]
    if max(map(len, forms.LIST.split(text))) > LONGEST:
        text = _cut(text) if trusted else ""
    return "" if forms.NOTHING.fullmatch(text) or not any(map(str.isalpha, text)) else _joined(text)


def _first_names(text: str) -> str:
    """Cut a value after its first name and the further ones that look like a name: 新华社 人民日报, 新 华 社."""
    end = 0
    last = ""
    for word in forms.WORD.finditer(text):
        if last and not _goes_on(last, word.group()):
            break
        end, last = word.end(), word.group()
    return text[:end]


def _goes_on(last: str, word: str) -> bool:
    spaced_out = len(last) == len(word) == 1
    return spaced_out or (last.isascii() and word.isascii()) or bool(forms.ORGAN.search(word))


def _cut(text: str) -> str:
    ends = [found.end() for found in forms.RUN_ON.finditer(text, 1)][:1]
    ends += [at for at in map(text.find, '“「《‘"') if at > 1]
    return text[: min(ends, default=LONGEST)][:LONGEST]


def _joined(text: str) -> str:
    words = text.split()
    return ("" if all(len(word) == 1 for word in words) else " ").join(words)


def _is_name(line: str) -> bool:
    return (
        len(line) <= LONGEST
        and bool(forms.ORGAN.search(line))
        and not forms.PROSE.search(line)
        and not forms.LABEL.match(line)
    )


def _is_book(label: str, value: str) -> bool:
    return value[0] in "《“" and label[-2:] in forms.PICKED and not forms.PAPER.search(value)


def _follows_title(line: str, found: re.Match[str]) -> bool:
    """Say whether a wire's dateline stands right behind a title, as where a list joins the two."""
    before = line[found.start() - 1]
    known = not found["quoted"] and found["open"] is not None
    return known and before not in forms.QUOTES + forms.JOINTS and bool(forms.WIRE.fullmatch(found["wire"]))


def _opens(line: str, at: int) -> bool:
    before = line[at - 1 : at]
    return not before.isalpha() and (not before or before not in forms.QUOTES + forms.JOINTS)


def _opens_strictly(line: str, at: int) -> bool:
    return _leads(line, at) or line[at - 1] in forms.STOPS + forms.CLOSERS + forms.SPEECH_ENDS


def _leads(line: str, at: int) -> bool:
    if not at or line[at - 1] in forms.OPENERS:
        return True
    return at <= forms.MOST_SIGNS and line[at - 1] not in forms.QUOTES and not any(map(str.isalnum, line[:at]))


def _stops(text: str) -> bool:
    return any(stop in text for stop in forms.STOPS)


def _squeezed(label: str) -> str:
    return "".join(label.split())
