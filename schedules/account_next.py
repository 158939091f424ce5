"""What is to be done about an account next, and by when: rectification, proposals, interviews, closing."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from monitor.closing import Closing
from monitor.disposal import Step, still_weighs
from monitor.frame import ONE_DAY, Frame
from monitor.ledger import Entry, Proposed
from monitor.rechecking import Duty
from monitor.wording import full_day
from schedules.known_accounts import Known


def next_steps(
    whose: Known,
    frame: Frame,
    duties: Sequence[Duty],
    proposed: Proposed | None,
    entries: Sequence[Entry],
    closing: Closing | None,
    upcoming: Frame,
) -> Iterator[str]:
    """Give Chinese sentences; ``duties`` are the findings whose rectification no inspection has settled.

    ``upcoming`` is the frame of the month that is inspected next.
    """
    yield from _duties(duties, frame)
    if proposed is not None:
        yield from _proposal(proposed)
    interviews = [each for each in entries if each.stands and each.disposition.step is Step.INTERVIEW]
    closures = [each for each in entries if each.stands and each.disposition.step is Step.CLOSURE]
    if interviews and not closures:
        yield from _interview(interviews[-1], frame, upcoming)
    if closures and closing is None and whose.account is not None:
        day, least = full_day(closures[-1].disposition.on), frame.rule("ZH-05").number("workdays")
        yield (
            f"{day}已作出关停决定，台账状态仍为“{whose.account.state}”："
            f"请督促发布停更公告，并在台账填写停更公告日期；公告满{least}个工作日后方可注销。"
        )
    if closing is not None and closing.is_open and closing.may_close_on is not None:
        yield _closing(closing, closing.may_close_on)


def _duties(duties: Sequence[Duty], frame: Frame) -> Iterator[str]:
    """Say of the findings of each month by when they are to be rectified, or what a person has said of them."""
    waiting = sorted((each for each in duties if each.said is None), key=lambda each: (each.month, each.due))
    for (month, due), some in groupby(waiting, lambda each: (each.month, each.due)):
        named = "、".join(f"{each.code} {each.category}" for each in some)
        what = f"{month}检查发现的{named}，整改时限为{full_day(due)}"
        then = f"{_left(due, frame)}；期满后由月度检查回头看"
        yield f"{what}，{'已过，待下一次月度检查回头看' if due < frame.today else then}。"
    for duty in duties:
        if duty.said is not None:
            what = f"{duty.month}检查发现的{duty.code} {duty.category}"
            yield f"{what}，{duty.said.by}人工复查为{duty.said.outcome}，将写入下一次月度检查。"


def _left(day: date, frame: Frame) -> str:
    left = len(frame.workdays.between(frame.today + ONE_DAY, day)) if day > frame.today else 0
    return f"还有{left}个工作日" if left else "今天到期"


def _proposal(proposed: Proposed) -> Iterator[str]:
    step = proposed.proposal.step
    if step is None:
        if proposed.proposal.text and proposed.proposal.text != Step.CLOSURE:
            yield f"{proposed.month}检查结果为{proposed.result}，建议{proposed.proposal.text}。"
    elif not proposed.is_recorded:
        yield (
            f"{proposed.month}检查后建议{step}（{proposed.proposal.why}），是否采取由人决定；"
            f"办理后用 xunjian disposition add {proposed.account_id} --step {step} --on 日期 --by 姓名 记录。"
        )


def _interview(entry: Entry, frame: Frame, upcoming: Frame) -> Iterator[str]:
    interview = entry.disposition
    if interview.rectified is False and still_weighs(interview, upcoming):
        yield f"{full_day(interview.on)}约谈后整改不到位：此后再有一次检查不合格，即建议关停。"
    elif interview.rectified is None:
        due = frame.workdays.add(interview.on, frame.policy.rectification_workdays)
        when = f"整改时限为{full_day(due)}" + ("，已过" if due < frame.today else f"，{_left(due, frame)}")
        yield (
            f"{full_day(interview.on)}的约谈{when}；核实后用 "
            f"xunjian disposition rectified {interview.number} --result 到位|不到位 --by 姓名 记录。"
        )


def _closing(closing: Closing, may_close_on: date) -> str:
    if may_close_on <= closing.today:
        return "停更公告期已满，可以办理注销；注销后请在台账填写注销日期，状态改为已注销。"
    return f"{full_day(may_close_on)}起方可注销，在此之前请勿注销。"
