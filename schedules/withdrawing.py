"""Decisions and entered findings that a person takes back: they stay in the history and count no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from monitor.decisions import Decision, Entered
from schedules.choosing import some_of
from schedules.counting import read_month
from schedules.deciding import begin, need
from schedules.finding_names import FindingName, entered_name, read_name, subject_name
from schedules.office import Office, RequestError
from schedules.staging import tidy
from storage.decisions import standing_decisions, withdraw_decision
from storage.entered import entered_of, withdraw_entered
from storage.inspected import newest_month


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """What was taken back, by name."""

    names: tuple[str, ...]
    months: tuple[str, ...]
    final: tuple[str, ...] = ()


def withdraw(office: Office, names: Sequence[str], *, month: str | None, by: str, why: str, now: datetime) -> Withdrawn:
    """Take decisions and entered findings back.

    A whole rule means all of it in the month, also what holds for nothing any more, and of accounts that have gone.
    Raises RequestError where nothing stands by a name, and where another person's is taken back without a reason.
    """
    need(by, "--by", "撤回的人的姓名")
    by, why = tidy(by), tidy(why)
    wanted = [read_name(each) for each in names]
    with office.database.begin() as session:
        month = f"{read_month(month).first:%Y-%m}" if month else newest_month(session)
        found: dict[str, Decision | Entered] = {}
        for name in wanted:
            found |= _standing(session, name, month)
        others = {name: each for name, each in found.items() if each.by != by}
        if others and not why:
            whose = "、".join(dict.fromkeys(each.by for each in others.values()))
            raise RequestError(f"{some_of(tuple(others))} 由{whose}作出；撤回他人的意见，请用 --why 写明理由。")
        for each in found.values():
            if isinstance(each, Entered):
                withdraw_entered(session, each.number, by, now, why)
            else:
                withdraw_decision(session, each.number, by, now, why)
    windows = [each.window if isinstance(each, Entered) else each.subject.window for each in found.values()]
    months = tuple(dict.fromkeys(f"{each.last:%Y-%m}" for each in windows))
    return Withdrawn(names=tuple(found), months=months, final=begin(office, months, by, now))


def _standing(session: Session, name: FindingName, month: str | None) -> dict[str, Decision | Entered]:
    """Return by name what stands of that which is named."""
    decisions = standing_decisions(session, [name.account_id]).get(name.account_id, ())
    entered = entered_of(session, [name.account_id]).get(name.account_id, ())
    found: dict[str, Decision | Entered] = {
        subject_name(each.subject): each
        for each in decisions
        if name.means(each.subject) and not (name.is_whole and f"{each.subject.window.last:%Y-%m}" != month)
    }
    for one in entered:
        of_month = name.is_whole and f"{one.window.last:%Y-%m}" == month
        if one.code == name.code and (one.number == name.entered or of_month):
            found[entered_name(one)] = one
    if not found:
        others = [subject_name(each.subject) for each in decisions] + [entered_name(each) for each in entered]
        hint = f"；该账号可撤回的有：{some_of(others)}" if others else "；该账号没有可撤回的复核意见或人工录入的问题"
        when = f"在 {month} " if name.is_whole and month else ""
        raise RequestError(f"{name} {when}没有可撤回的复核意见或人工录入的问题{hint}。")
    return found
