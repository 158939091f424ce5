"""How findings are named: ``ACCOUNT:CODE``, one window of it, one post of it, or one that was entered."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from monitor.decisions import Entered, Subject
from monitor.findings import Window
from monitor.rules import HEADINGS, Heading
from schedules.office import RequestError

CODES = {heading.code: heading for heading in HEADINGS}

_SHAPE = "应为 账号编号:问题编号，后面可加时段、信息或录入号，如 A001:GX-03、A001:GX-03:2026-10-05/2026-10-11"
_POST = re.compile(r"#([0-9a-f]{8})", re.IGNORECASE)
_ENTERED = re.compile(r"人工([1-9]\d{0,17})")
_WIDE = str.maketrans({"：": ":", "＃": "#", "／": "/"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingName:
    """What a person named: all of a rule and account, or of it one window, post (its mark) or entered finding."""

    account_id: str
    code: str
    window: Window | None = None
    post: str = ""
    entered: int = 0

    def __str__(self) -> str:
        end = f"#{self.post}" if self.post else f"人工{self.entered}" if self.entered else str(self.window or "")
        return f"{self.account_id}:{self.code}" + (f":{end}" if end else "")

    @property
    def is_whole(self) -> bool:
        """Whether all of a rule and account is meant."""
        return self.window is None and not self.post and not self.entered

    def means(self, subject: Subject) -> bool:
        """Say whether a window or post belongs to what is named."""
        if (subject.account_id, subject.code) != (self.account_id, self.code) or self.entered:
            return False
        if self.post:
            return bool(subject.key) and post_mark(subject.key) == self.post
        return self.window is None or (self.window == subject.window and not subject.key)


def read_name(text: str) -> FindingName:
    """Return what a name means; RequestError for one that cannot be read, and for an unknown code."""
    account_id, _, rest = text.strip().translate(_WIDE).partition(":")
    code, _, end = rest.partition(":")
    if not account_id.strip() or not code.strip():
        raise RequestError(f"问题“{text}”写法不正确；{_SHAPE}。")
    whole, end = FindingName(account_id=account_id.strip(), code=read_code(code).code), end.strip()
    if not end:
        return whole
    if found := _POST.fullmatch(end):
        return replace(whole, post=found[1].lower())
    if found := _ENTERED.fullmatch(end):
        return replace(whole, entered=int(found[1]))
    return replace(whole, window=read_window(end, f"问题“{text}”中的时段"))


def read_code(text: str) -> Heading:
    """Return the heading of a code; RequestError for an unknown one, which names the nearest."""
    code = text.strip().upper()
    if (found := CODES.get(code)) is not None:
        return found
    near = get_close_matches(code, CODES, n=1, cutoff=0.5)
    hint = f"，是否为“{near[0]} {CODES[near[0]].category}”" if near else ""
    raise RequestError(f"没有“{text.strip()}”这个问题编号{hint}；可用的有：{'、'.join(CODES)}。")


def read_window(text: str, what: str) -> Window:
    """Return the window that ``2026-10-12`` or ``2026-10-12/2026-10-18`` names; RequestError for anything else."""
    start, slash, end = text.translate(_WIDE).partition("/")
    try:
        first = date.fromisoformat(start.strip())
        last = date.fromisoformat(end.strip()) if slash else first
    except ValueError as error:
        expected = "应为一天或起止两天，如 2026-10-12 或 2026-10-12/2026-10-18"
        raise RequestError(f"{what}“{text.strip()}”写法不正确；{expected}。") from error
    if first > last:
        raise RequestError(f"{what}“{text.strip()}”的起始日期晚于结束日期；请把较早的日期写在前面。")
    return Window(first, last)


def subject_name(subject: Subject) -> str:
    """Return the name of one window or post."""
    end = f"#{post_mark(subject.key)}" if subject.key else str(subject.window)
    return f"{subject.account_id}:{subject.code}:{end}"


def entered_name(entered: Entered) -> str:
    """Return the name of an entered finding."""
    return f"{entered.account_id}:{entered.code}:人工{entered.number}"


def post_mark(key: str) -> str:
    """Return what stands for a post's key in a name."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]
