"""The four steps (四步退出流程) as people take them: recorded, said to be rectified, withdrawn, listed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from monitor.disposal import Disposition, Step
from monitor.ledger import SIGNED, Entry, document_number
from monitor.wording import full_day
from schedules.attaching import attach
from schedules.counting import read_month
from schedules.disposing_advice import Advice, advice_of, too_soon
from schedules.known_accounts import Known, known, known_account
from schedules.office import Office, RequestError
from schedules.proposing import proposal_by
from storage.accounts import all_accounts
from storage.attachments import save_attachments
from storage.dispositions import ledger, lock_ledger, save_disposition, say_rectified, withdraw_disposition

RESULTS: Final = {"到位": True, "不到位": False}

_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An entry of the ledger that was just made or changed; ``advice`` is what to know about it."""

    account: Known
    entry: Entry
    advice: Advice = Advice()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A step as it was typed; ``months`` empty: those of what is proposed by now."""

    step: str
    on: str
    by: str
    document: str = ""
    signer: str = ""
    note: str = ""
    months: Sequence[str] = ()
    files: Sequence[Path] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Entries of the ledger in order of day, those that were taken back too, with whom they are about."""

    entries: tuple[tuple[Known, Entry], ...]


def record_step(office: Office, account_id: str, given: Given, *, now: datetime) -> Recorded:
    """Keep that a person took a step against an account, and copy the files that go with it.

    A skipped step is warned about and kept: a person decides. Raises RequestError for an unknown account or step, a
    day that has not come, a missing name or signer, and an entry that is there already.
    """
    step = read_step(given.step)
    by = _named(given.by, "--by", "记录人的姓名")
    signer = given.signer.strip()
    if step in SIGNED and not signer:
        raise RequestError(f"{step}须有签发人；请用 --signer 写明签发人的姓名。")
    on = _read_day(given.on, now.astimezone(office.zone).date())
    months = tuple(sorted({_month(each, on) for each in given.months}))
    with office.database.read() as session:
        account = known_account(office, session, account_id)
        if not months:
            months = _proposed_months(office, session, account.account_id, on)
    disposition = Disposition(
        account_id=account.account_id,
        step=step,
        on=on,
        by=by,
        at=now,
        document=document_number(given.document),
        signer=signer,
        note=given.note.strip(),
        months=months,
    )
    with office.database.read() as session:  # before anything is copied
        _refuse_twice(ledger(session, [account.account_id]), disposition)
    files = attach(office, given.files, now)
    with office.database.begin() as session:
        lock_ledger(session)
        before = ledger(session, [account.account_id])
        _refuse_twice(before, disposition)
        advice = advice_of(office, session, account, disposition, before)
        number = save_disposition(session, disposition)
        save_attachments(session, files, now, disposition=number)
    kept = replace(disposition, number=number, attachments=tuple(each.name for each in files))
    return Recorded(account=account, entry=Entry(disposition=kept), advice=advice)


def rectify(office: Office, number: int, result: str, *, by: str, note: str, now: datetime) -> Recorded:
    """Keep whether what an interview asked for was done (``到位`` or ``不到位``); what was said last counts.

    Raises RequestError for an entry that is not there, was taken back, or is no interview.
    """
    name = _named(by, "--by", "核实人的姓名")
    if result.strip() not in RESULTS:
        raise RequestError(f"--result “{result.strip()}”写法不正确；应为 到位 或 不到位。")
    with office.database.begin() as session:
        lock_ledger(session)
        entry = _standing(session, number)
        step = entry.disposition.step
        if step is not Step.INTERVIEW:
            raise RequestError(f"编号 {number} 是{step}，只有约谈才记录整改是否到位；请写约谈的编号。")
        account = known_account(office, session, entry.disposition.account_id)
        say_rectified(session, number, name, now, note.strip(), rectified=RESULTS[result.strip()])
        said = _entry(session, number)
    advice = too_soon(office, entry, now, rectified=RESULTS[result.strip()])
    return Recorded(account=account, entry=said, advice=advice)


def withdraw(office: Office, number: int, *, by: str, why: str, now: datetime) -> Recorded:
    """Take an entry back that was recorded wrongly; it stays, with who took it back and why, and counts no more."""
    name, reason = _named(by, "--by", "撤销人的姓名"), _named(why, "--why", "撤销的理由")
    with office.database.begin() as session:
        lock_ledger(session)
        entry = _standing(session, number)
        account = known_account(office, session, entry.disposition.account_id)
        withdraw_disposition(session, number, name, now, reason)
        taken_back = _entry(session, number)
    return Recorded(account=account, entry=taken_back)


def entries(office: Office, account_id: str | None, step: str | None) -> Ledger:
    """Return the ledger, of one account or of one step where that is given."""
    wanted = None if step is None else read_step(step)
    with office.database.read() as session:
        one = None if account_id is None else known_account(office, session, account_id)
        found = ledger(session, None if one is None else [one.account_id])
        registered = {each.account_id: known(each) for each in all_accounts(session)}
        gone = {each.disposition.account_id for each in found} - registered.keys()
        whose = registered | {each: known_account(office, session, each) for each in sorted(gone)}
    return Ledger(
        entries=tuple(
            (whose[each.disposition.account_id], each)
            for each in found
            if wanted is None or each.disposition.step is wanted
        )
    )


def read_step(text: str) -> Step:
    """Return the step that is meant; RequestError for anything else."""
    if not text.strip():
        raise RequestError(f"没有写明是哪一步；请用 --step 写明 {'、'.join(Step)} 之一。")
    try:
        return Step(text.strip())
    except ValueError as error:
        raise RequestError(f"--step “{text.strip()}”不是四步之一；应为 {'、'.join(Step)}。") from error


def _refuse_twice(before: Sequence[Entry], disposition: Disposition) -> None:
    """Raise a RequestError where the very step stands in the ledger already: somebody recorded it before."""
    for each in before:
        known = each.disposition
        same = (known.step, known.on, known.document) == (disposition.step, disposition.on, disposition.document)
        if same and each.stands:
            raise RequestError(
                f"该账号{full_day(known.on)}的{known.step}已由{known.by}记录（编号 {known.number}）；"
                f"如须更正，请先运行 xunjian disposition withdraw {known.number}。"
            )


def _proposed_months(office: Office, session: Session, account_id: str, on: date) -> tuple[str, ...]:
    """Return the months of what was proposed by the day of the step; of a step recorded now, by now."""
    found = proposal_by(office, session, account_id, on)
    return () if found is None else found.proposal.months


def _standing(session: Session, number: int) -> Entry:
    found = ledger(session, number=number)
    if not found:
        raise RequestError(f"处置台账中没有编号 {number}；编号见 xunjian disposition list。")
    if not found[0].stands:
        raise RequestError(f"处置台账编号 {number} 已由{found[0].withdrawn_by}撤销，不再更改；如有需要请重新记录。")
    return found[0]


def _entry(session: Session, number: int) -> Entry:
    return ledger(session, number=number)[0]


def _named(text: str, option: str, what: str) -> str:
    if not text.strip():
        raise RequestError(f"{option} 不能为空；请写明{what}。")
    return " ".join(text.split())


def _month(text: str, on: date) -> str:
    month = f"{read_month(text).first:%Y-%m}"
    if month > f"{on:%Y-%m}":
        raise RequestError(f"--month {month} 晚于处置日期 {on}；请写处置所依据的月份。")
    return month


def _read_day(text: str, today: date) -> date:
    if not text.strip():
        raise RequestError(f"没有写明作出的日期；请用 --on 写明，如 {today:%Y-%m-%d}。")
    found = _DAY.fullmatch("".join(text.split()))
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        raise RequestError(f"--on “{text.strip()}”不是日期；应写作 {today:%Y-%m-%d}。")
    if day > today:
        raise RequestError(f"--on {day} 晚于今天（{today}）；请在处置作出之后再记录。")
    if today - day > timedelta(days=366 * 30):
        raise RequestError(f"--on {day} 早于三十年前；请核对年份。")
    return day
