"""The notice of closing (停更公告): for how long it has been up, and from when on the account may be closed."""

from dataclasses import dataclass
from datetime import date

from monitor.frame import ONE_DAY, Frame
from monitor.rules import zh05
from monitor.values import Account, AccountState
from monitor.wording import full_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How far the closing of an account has come on ``today``.

    ``days`` are the whole working days for which the notice has been up, until the closing where there is one;
    ``least`` as many as it must be; ``full_on`` is the day on which they are full, ``may_close_on`` the next one, both
    None without a notice. ``unknown`` are the years whose days off nobody has entered.
    """

    today: date
    state: AccountState
    notice: date | None
    closed: date | None
    days: int
    least: int
    full_on: date | None = None
    may_close_on: date | None = None
    unknown: tuple[int, ...] = ()

    @property
    def too_early(self) -> bool:
        """Whether the account was closed, or is to be, before its notice was up long enough (ZH-05)."""
        return self.notice is not None and self.closed is not None and self.days < self.least

    @property
    def is_open(self) -> bool:
        """Whether the account is not closed yet."""
        return self.state is not AccountState.CLOSED and (self.closed is None or self.closed > self.today)


def closing_of(account: Account, frame: Frame) -> Closing | None:
    """Return how far the closing of an account has come, by the registry; None where none is spoken of."""
    notice, closed = account.closing_notice, account.closed
    if notice is None and closed is None and account.state is AccountState.ACTIVE:
        return None
    least = frame.rule(zh05.HEADING.code).number("workdays")
    may_close_on = zh05.noticed_until(account, frame)
    if notice is None or may_close_on is None:
        return Closing(today=frame.today, state=account.state, notice=None, closed=closed, days=0, least=least)
    until = closed or frame.today
    return Closing(
        today=frame.today,
        state=account.state,
        notice=notice,
        closed=closed,
        days=zh05.noticed(notice, until, frame),
        least=least,
        full_on=may_close_on - ONE_DAY,
        may_close_on=may_close_on,
        unknown=frame.workdays.missing(notice, max(may_close_on, notice)),
    )


def closing_sentence(closing: Closing) -> str:
    """Say in Chinese how far a closing has come, and what is missing."""
    provisional = f"（{closing.unknown[0]}年放假安排未录入，日期为暂定）" if closing.unknown else ""
    return f"{_sentence(closing)}{provisional}。"


def _sentence(closing: Closing) -> str:
    if closing.notice is None or closing.full_on is None or closing.may_close_on is None:
        return _unnoticed(closing)
    notice, least = f"停更公告于{full_day(closing.notice)}", f"{closing.least}个工作日"
    may = f"可于{full_day(closing.may_close_on)}起注销"
    if closing.closed is not None:
        said = "已于" if closing.closed <= closing.today else "拟于"
        ended = f"{notice}，{said}{full_day(closing.closed)}注销，公告期{closing.days}个工作日"
        short = f"，不足{least}（ZH-05 停更公告期不足），最早{may.removesuffix('起注销')}注销"
        return f"{ended}{short if closing.too_early else f'，满{least}'}"
    if closing.state is AccountState.CLOSED:
        return f"{notice}，台账状态为已注销，但未填写注销日期；满{least}的日期为{full_day(closing.full_on)}"
    if closing.notice > closing.today:
        return f"{notice}发布（尚未到该日），满{least}的日期为{full_day(closing.full_on)}，{may}"
    if closing.may_close_on <= closing.today:
        return f"{notice}，已公示{closing.days}个工作日，已于{full_day(closing.full_on)}满{least}，{may}"
    up = f"{notice}，已公示{closing.days}个工作日"
    return f"{up}，满{least}的日期为{full_day(closing.full_on)}，{may}；提前注销即为 ZH-05 停更公告期不足"


def _unnoticed(closing: Closing) -> str:
    if closing.closed is not None:
        said = "已于" if closing.closed <= closing.today else "拟于"
        return (
            f"{said}{full_day(closing.closed)}注销，台账未填写停更公告日期，无法核对是否公告满{closing.least}个工作日"
        )
    if closing.state is AccountState.CLOSED:
        return "台账状态为已注销，未填写停更公告日期和注销日期"
    return f"台账状态为停更公告中，未填写停更公告日期；须公告满{closing.least}个工作日方可注销"
