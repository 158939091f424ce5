"""What to know about a step that was just recorded: what looks wrong, and what comes next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from monitor.closing import closing_of, closing_sentence
from monitor.disposal import Disposition, Step
from monitor.findings import Result
from monitor.frame import Frame, month_of
from monitor.ledger import NUMBERED, Entry, is_usual, step_before
from monitor.wording import full_day
from schedules.known_accounts import Known
from schedules.office import Office
from storage.account_results import results_of_account
from storage.reminders import sent_counts

LONG_AGO = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Chinese sentences: ``warnings`` of what looks wrong, ``next`` of what is to be done."""

    warnings: tuple[str, ...] = ()
    next: tuple[str, ...] = ()


def frame_now(office: Office, now: datetime) -> Frame:
    """Return the frame of the running month up to now."""
    return office.frame(month_of(now.astimezone(office.zone).date()), now)


def advice_of(
    office: Office, session: Session, account: Known, disposition: Disposition, before: Sequence[Entry]
) -> Advice:
    """Return what to know about a step that is recorded now; ``before`` is the account's ledger without it."""
    standing = [each.disposition for each in before if each.stands]
    reminded = sent_counts(session, [account.account_id], datetime(2000, 1, 1, tzinfo=UTC), disposition.at)[
        account.account_id
    ]
    frame = frame_now(office, disposition.at)
    results = {each.month: each.result for each in results_of_account(session, account.account_id, disposition.months)}
    return Advice(
        warnings=(
            *_warnings(disposition, standing, reminded=reminded > 0, today=frame.today),
            *_unfounded(disposition, results),
        ),
        next=tuple(_next(account, disposition, frame)),
    )


def too_soon(office: Office, interview: Entry, now: datetime, *, rectified: bool) -> Advice:
    """Warn where an interview is said not to be rectified before its time is over, or was said otherwise before."""
    due = office.workdays.add(interview.disposition.on, office.policy.rectification_workdays)
    warnings: list[str] = []
    if not rectified and now.astimezone(office.zone).date() <= due:
        warnings.append(f"整改时限为{full_day(due)}，尚未届满；请确认现在就认定整改不到位。")
    before = interview.disposition.rectified
    if before is not None and before is not rectified:
        said = "到位" if before else "不到位"
        warnings.append(f"此前由{interview.rectified_by}记录为{said}，现以本次记录为准。")
    return Advice(warnings=tuple(warnings))


def _warnings(
    disposition: Disposition, standing: Sequence[Disposition], *, reminded: bool, today: date
) -> Iterator[str]:
    step, earlier = disposition.step, [each for each in standing if each.on <= disposition.on]
    needed = step_before(step)
    if needed and not any(each.step is needed for each in earlier) and not (needed is Step.REMINDER and reminded):
        yield f"此前没有该账号的{needed}记录，四步退出流程为提醒、通报、约谈、关停，请确认不是跳步；已照录。"
    closed = [each for each in earlier if each.step is Step.CLOSURE]
    if closed:
        yield f"该账号已于{full_day(closed[0].on)}作出关停决定，请确认仍须{step}；已照录。"
    if step in NUMBERED and not disposition.document:
        yield f"没有填写文号；{step}如有正式文件，请撤销后用 --document 补录文号。"
    elif disposition.document and not is_usual(disposition.document):
        yield f"文号“{disposition.document}”与通常写法（如 高府办函〔2026〕12号）不同，已照录，请核对。"
    if today - disposition.on > LONG_AGO:
        yield f"处置日期{full_day(disposition.on)}距今已超过一年，请核对年份；已照录。"
    if step is not Step.REMINDER and not disposition.months:
        yield "没有写明依据的检查月份，检查结果中也没有可供引用的处置建议；如有请撤销后用 --month 补录。"


def _unfounded(disposition: Disposition, results: Mapping[str, Result]) -> Iterator[str]:
    """Warn of months that a step beyond a reminder cannot rest on: not inspected, or not 不合格."""
    if disposition.step is Step.REMINDER:
        return
    for month in disposition.months:
        result = results.get(month)
        if result is None:
            yield f"该账号没有{month}的检查结果，请核对依据的检查月份；写错的，请撤销后重新记录。"
        elif result is not Result.FAILED:
            yield f"该账号{month}的检查结果为“{result}”，请核对依据的检查月份；写错的，请撤销后重新记录。"


def _next(account: Known, disposition: Disposition, frame: Frame) -> Iterator[str]:
    if disposition.step is Step.INTERVIEW:
        due = frame.workdays.add(disposition.on, frame.policy.rectification_workdays)
        unknown = frame.workdays.missing(disposition.on, due)
        provisional = f"（{unknown[0]}年放假安排未录入，日期为暂定）" if unknown else ""
        yield (
            f"整改时限为{full_day(due)}{provisional}，届时核实整改情况，"
            "用 xunjian disposition rectified 记录到位或不到位。"
        )
    if disposition.step is Step.CLOSURE and account.account is not None:
        closing = closing_of(account.account, frame)
        if closing is None:
            least = frame.rule("ZH-05").number("workdays")
            yield f"请督促发布停更公告，并在台账填写停更公告日期和状态；公告满{least}个工作日后方可注销。"
        else:
            yield closing_sentence(closing)
