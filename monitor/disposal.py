"""The four steps (四步退出流程): what is proposed for an account; a person decides and records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.findings import Result
from monitor.frame import ONE_DAY, Frame, month_of


class Step(StrEnum):
    """One of the four steps, in their order."""

    REMINDER = "提醒"
    BULLETIN = "通报"
    INTERVIEW = "约谈"
    CLOSURE = "关停"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """A step that a person took and recorded (处置台账).

    ``on`` is the day of the step, ``document`` its 文号, ``months`` those that it rests on, ``by`` who recorded it;
    ``rectified`` says of an interview whether what it asked for was done, None while nobody has said so.
    """

    account_id: str
    step: Step
    on: date
    by: str
    at: datetime
    document: str = ""
    signer: str = ""
    note: str = ""
    months: tuple[str, ...] = ()
    rectified: bool | None = None
    attachments: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """建议处置: ``step`` is what a person is to decide on, None where it is no step; ``text`` is how it is printed.

    ``months`` are the inspections on which it rests, ``why`` says so in Chinese, "" where nothing is proposed.
    """

    text: str = ""
    step: Step | None = None
    months: tuple[str, ...] = ()
    why: str = ""


NOTHING = Proposal()


def propose(result: Result, failures: int, limit: int) -> str:
    """Return 建议处置 where no ledger is known; ``failures`` counts the 不合格 inspections, this one included."""
    if result is Result.FAILED:
        return "约谈" if failures >= limit else "通报"
    return {Result.REVIEW: "人工复核", Result.UNVERIFIABLE: "补充采集或人工核查"}.get(result, "")


def proposed(result: Result, earlier: Iterable[str], ledger: Iterable[Disposition], frame: Frame) -> Proposal:
    """Return what is proposed after an inspection of the frame's month.

    ``earlier`` are the months (``2026-09``) of the counter window before it in which the account was 不合格. An
    interview uses up the months up to its own: from then on the count begins anew, unless what it asked for was not
    done. Where nobody has recorded that it was, a failure in the first month after its time for rectification counts as
    not done. One from before the counter window weighs no more.
    """
    if result is not Result.FAILED:
        return Proposal(text=propose(result, 0, 1))
    month = f"{frame.period.first:%Y-%m}"
    known = [each for each in ledger if each.on <= frame.today]
    if any(each.step is Step.CLOSURE for each in known):
        return Proposal(text=Step.CLOSURE.value, why="已作出关停决定，请办理注销并更新台账")
    of_window = (each for each in known if each.step is Step.INTERVIEW and still_weighs(each, frame))
    interviews = sorted(of_window, key=lambda each: (each.on, each.at))
    failed = [*sorted(earlier), month]
    if interviews:
        last = interviews[-1]
        if last.rectified is not True and (again := _after(last, failed, frame)):
            return Proposal(
                text=Step.CLOSURE.value,
                step=Step.CLOSURE,
                months=tuple(again),
                why=f"{last.on:%Y-%m-%d}约谈后整改不到位，{'、'.join(again)}检查不合格",
            )
        failed = [each for each in failed if each > f"{last.on:%Y-%m}"]
    if len(failed) >= frame.policy.counter_limit:
        why = f"近{frame.policy.counter_months}个月检查不合格{len(failed)}次：{'、'.join(failed)}"
        return Proposal(text=Step.INTERVIEW.value, step=Step.INTERVIEW, months=tuple(failed), why=why)
    counted = f"，累计{len(failed)}次" if failed else ""
    return Proposal(text=Step.BULLETIN.value, step=Step.BULLETIN, months=(month,), why=f"{month}检查不合格{counted}")


def still_weighs(interview: Disposition, frame: Frame) -> bool:
    """Say whether an interview lies in the counter window that ends with the frame's month."""
    return interview.on >= _months_before(frame.period.first, frame.policy.counter_months - 1)


def _after(interview: Disposition, failed: Sequence[str], frame: Frame) -> list[str]:
    """Return the failed months that lie wholly behind an interview's time for rectification.

    Where a person recorded that rectification failed, every month that ends after the interview counts. Where nobody
    recorded anything, a first month without a failure says that it helped, or that nobody knows.
    """
    if interview.rectified is None:
        due = frame.workdays.add(interview.on, frame.policy.rectification_workdays)
        first = _month(month_of(due).last + ONE_DAY)
        return [each for each in failed if each >= first] if first in failed else []
    return [each for each in failed if month_of(_first_day(each)).last > interview.on]


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _months_before(first: date, count: int) -> date:
    """Return the first day of the month so many before that of ``first``."""
    year, month = divmod(first.year * 12 + first.month - 1 - count, 12)
    return date(year, month + 1, 1)


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
