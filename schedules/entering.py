"""Findings that a person enters (人工录入), and what a person found when looking whether one was rectified."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from crawler.sources.keys import is_web
from monitor.decisions import Entered
from monitor.findings import Severity, Verdict, Window
from monitor.rechecking import Outcome, Said
from monitor.rules import Heading
from monitor.rules.cj01 import HEADING as GAPS
from monitor.values import Account
from monitor.wording import windows_in
from schedules.attaching import attach
from schedules.counting import read_month
from schedules.deciding import begin, need
from schedules.finding_names import CODES, FindingName, entered_name, read_code, read_name, read_window
from schedules.office import Office, RequestError
from schedules.staging import tidy
from storage.attachments import Attachment, save_attachments
from storage.entered import entered_of, save_entered
from storage.inspected import reviewed_version
from storage.rechecks import save_rectification
from storage.said import findings_said

PROVEN_BY_FILES = (Severity.VETO, Severity.BULLETIN)
"""A finding that makes an account fail is entered with at least one file that proves it."""

LONGEST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFinding:
    """What a person wants to enter; ``severity`` None: that of the code."""

    account_id: str
    code: str
    window: str
    text: str
    by: str
    severity: Severity | None = None
    url: str = ""
    title: str = ""
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A finding that was entered, its files, and whether its month is final already."""

    account: Account
    heading: Heading
    entered: Entered
    files: tuple[Attachment, ...]
    is_final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectified:
    """What a person found when looking again at a finding of ``month`` that was to be rectified by ``due``."""

    account: Account
    heading: Heading
    month: str
    due: date
    said: Said


def add_finding(office: Office, new: NewFinding, *, now: datetime) -> Added:
    """Keep a finding that a person enters, with the files that prove it.

    Raises RequestError for an unknown account, a code that nobody enters or that the policy has switched off, a window
    that has not passed, files that are missing or cannot be kept, and where the very same was entered already.
    """
    account, heading = office.account(new.account_id.strip()), _heading(office, new.code)
    need(new.by, "--by", "录入人的姓名")
    severity = new.severity or heading.severity
    if severity in PROVEN_BY_FILES and not new.files:
        raise RequestError(
            f"{heading.code} {heading.category}（{severity}）须附佐证；请用 --evidence 写明截图等文件，可以写几次。"
        )
    entered = Entered(
        number=0,
        account_id=account.account_id,
        code=heading.code,
        severity=severity,
        window=_past(office, read_window(new.window, "--window "), now),
        description=_text(new.text),
        by=tidy(new.by),
        at=now,
        url=_link(new.url),
        title=tidy(new.title),
    )
    with office.database.read() as session:
        _refuse_twin(session, entered)
    files = attach(office, new.files, now)
    with office.database.begin() as session:
        _refuse_twin(session, entered)
        entered = replace(entered, number=save_entered(session, entered), attachments=tuple(one.name for one in files))
        save_attachments(session, files, now, entered=entered.number)
    final = begin(office, [f"{entered.window.last:%Y-%m}"], entered.by, now)
    return Added(account=account, heading=heading, entered=entered, files=files, is_final=bool(final))


def rectified(
    office: Office, name: str, *, month: str, outcome: Outcome, on: date, by: str, note: str, now: datetime
) -> Rectified:
    """Keep what a person found when looking whether a finding of ``month`` was rectified (回头看).

    Raises RequestError where that month has no such finding that was to be rectified, and for a day that cannot be.
    """
    wanted, month = read_name(name), f"{read_month(month).first:%Y-%m}"
    need(by, "--by", "复查人的姓名")
    need(note, "--note", "复查看到的情况")
    account = office.account(wanted.account_id)
    first, due = _to_rectify(office, wanted, month)
    if on > now.astimezone(office.zone).date():
        raise RequestError(f"--on {on} 还没有到；请写明已经复查的日期。")
    if on < first:
        raise RequestError(f"--on {on} 早于该问题发生的时段（{first} 起）；请检查日期。")
    said = Said(outcome=outcome, day=on, by=tidy(by), at=now, note=tidy(note))
    with office.database.begin() as session:
        save_rectification(session, wanted.account_id, month, wanted.code, said)
    return Rectified(account=account, heading=CODES[wanted.code], month=month, due=due, said=said)


def enterable(office: Office) -> list[Heading]:
    """Return the headings under which a person may enter findings: those that the policy has switched on."""
    return [each for code, each in CODES.items() if code != GAPS.code and office.policy.rules[code].enabled]


def _to_rectify(office: Office, wanted: FindingName, month: str) -> tuple[date, date]:
    """Return the first day of a finding of a month, and by when it was to be rectified."""
    with office.database.read() as session:
        if reviewed_version(session, month) is None:
            raise RequestError(f"{month} 还没有检查过；请用 --month 写明该问题所在的检查月份。")
        found = findings_said(session, month, account_id=wanted.account_id, code=wanted.code)
        others = findings_said(session, month, account_id=wanted.account_id)
    whole = f"{wanted.account_id}:{wanted.code}"
    if not found:
        codes = "、".join(dict.fromkeys(each.code for each in others)) or "无"
        raise RequestError(f"{month} 的检查没有 {whole} 这个问题，不能登记整改情况；该账号当月的问题：{codes}。")
    proven = [(each, each.due) for each in found if each.due is not None and each.verdict == Verdict.VERIFIED]
    if not proven:
        states = "、".join(dict.fromkeys(f"{each.severity}，{each.verdict}" for each in found))
        raise RequestError(f"{month} 的 {whole}（{states}）没有整改时限，不需要登记整改情况。")
    windows = [each for one, _ in proven for each in windows_in(one.windows)]
    return min(windows).first, max(due for _, due in proven)


def _heading(office: Office, code: str) -> Heading:
    heading, known = read_code(code), enterable(office)
    if heading in known:
        return heading
    listed = "、".join(f"{each.code} {each.category}" for each in known)
    why = "是没有采集到的时段，不能录入" if heading.code == GAPS.code else "在所用办法中没有启用，不能录入"
    raise RequestError(f"{heading.code} {heading.category}{why}；可以录入的有：{listed}。")


def _past(office: Office, window: Window, now: datetime) -> Window:
    today = now.astimezone(office.zone).date()
    if window.last > today:
        raise RequestError(f"--window {window} 还没有过去（今天是{today}）；请写明已经发生的日期。")
    return window


def _text(given: str) -> str:
    need(given, "--text", "看到的问题")
    text = tidy(given)
    if len(text) > LONGEST:
        raise RequestError(f"--text 有{len(text)}字，最多{LONGEST}字；请精简，详情放入佐证文件。")
    return text


def _link(given: str) -> str:
    if (url := tidy(given)) and not is_web(url):
        raise RequestError(f"--url “{url}”不是网址；应以 http:// 或 https:// 开头。")
    return url


def _refuse_twin(session: Session, new: Entered) -> None:
    for each in entered_of(session, [new.account_id]).get(new.account_id, ()):
        if (each.code, each.window, each.description, each.url) == (new.code, new.window, new.description, new.url):
            raise RequestError(
                f"同样的问题已由{each.by}录入（{entered_name(each)}）；要改动请先用 xunjian findings withdraw 撤回。"
            )
