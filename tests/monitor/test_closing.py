"""The notice of closing: for how many working days it has been up, and from when on the account may be closed."""

from datetime import date

import pytest

from monitor.closing import closing_of, closing_sentence
from monitor.rules import zh05
from monitor.values import AccountState
from tests.monitor.builders import account, frame
from tests.schedules.offices import WORKDAYS

ACTIVE, CLOSING, CLOSED = AccountState
NOVEMBER = "2026-11"


def sentence(today: str, state: AccountState, notice: str | None, closed: str | None = None) -> str | None:
    """What is said at noon of a day of November."""
    judged = frame(NOVEMBER, f"{today} 12:00", workdays=WORKDAYS)
    found = closing_of(account(state=state, closing_notice=notice, closed=closed), judged)
    return None if found is None else closing_sentence(found)


@pytest.mark.parametrize(
    ("today", "state", "notice", "closed", "said"),
    [
        ("11-20", ACTIVE, None, None, None),
        (
            "11-20",
            CLOSING,
            "11-02",
            None,
            (
                "停更公告于2026年11月2日，已公示13个工作日，满15个工作日的日期为2026年11月23日，可于2026年11月24日起注销；"
                "提前注销即为 ZH-05 停更公告期不足。"
            ),
        ),
        (
            "11-24",
            CLOSING,
            "11-02",
            None,
            "停更公告于2026年11月2日，已公示15个工作日，已于2026年11月23日满15个工作日，可于2026年11月24日起注销。",
        ),
        (
            "11-20",
            CLOSING,
            "11-30",
            None,
            "停更公告于2026年11月30日发布（尚未到该日），满15个工作日的日期为2026年12月21日，可于2026年12月22日起注销。",
        ),
        (
            "11-20",
            CLOSED,
            "11-02",
            "11-10",
            (
                "停更公告于2026年11月2日，已于2026年11月10日注销，公告期5个工作日，不足15个工作日（ZH-05 停更公告期不足），"
                "最早可于2026年11月24日注销。"
            ),
        ),
        (
            "11-20",
            CLOSING,
            "11-02",
            "11-23",
            (
                "停更公告于2026年11月2日，拟于2026年11月23日注销，公告期14个工作日，不足15个工作日（ZH-05 停更公告期不足），"
                "最早可于2026年11月24日注销。"
            ),
        ),
        (
            "11-25",
            CLOSED,
            "11-02",
            "11-24",
            "停更公告于2026年11月2日，已于2026年11月24日注销，公告期15个工作日，满15个工作日。",
        ),
        (
            "11-20",
            CLOSED,
            "11-02",
            None,
            "停更公告于2026年11月2日，台账状态为已注销，但未填写注销日期；满15个工作日的日期为2026年11月23日。",
        ),
        (
            "11-20",
            CLOSED,
            None,
            "11-10",
            "已于2026年11月10日注销，台账未填写停更公告日期，无法核对是否公告满15个工作日。",
        ),
        (
            "11-20",
            ACTIVE,
            None,
            "11-25",
            "拟于2026年11月25日注销，台账未填写停更公告日期，无法核对是否公告满15个工作日。",
        ),
        ("11-20", CLOSED, None, None, "台账状态为已注销，未填写停更公告日期和注销日期。"),
        (
            "11-20",
            CLOSING,
            None,
            None,
            "台账状态为停更公告中，未填写停更公告日期；须公告满15个工作日方可注销。",
        ),
    ],
)
def test_how_far_a_closing_has_come(
    today: str, state: AccountState, notice: str | None, closed: str | None, said: str | None
) -> None:
    assert sentence(today, state, notice, closed) == said


def test_a_year_without_its_notice_of_days_off_is_told() -> None:
    judged = frame("2026-12", "12-31 12:00", workdays=WORKDAYS)
    found = closing_of(account(state=CLOSING, closing_notice="12-25"), judged)
    assert found is not None
    assert found.unknown == (2027,)
    assert closing_sentence(found).endswith("停更公告期不足（2027年放假安排未录入，日期为暂定）。")


@pytest.mark.parametrize(("closed", "early"), [("11-23", True), ("11-24", False)])
def test_too_early_is_what_the_rule_calls_too_early(closed: str, early: bool) -> None:
    whose = account(state=CLOSED, closing_notice="11-02", closed=closed)
    judged = frame(NOVEMBER, workdays=WORKDAYS)
    found = closing_of(whose, judged)
    assert found is not None
    assert found.too_early is early
    assert not found.is_open
    assert found.may_close_on == zh05.noticed_until(whose, judged) == date(2026, 11, 24)


def test_an_account_that_is_to_be_closed_later_is_open() -> None:
    judged = frame(NOVEMBER, "11-20 12:00", workdays=WORKDAYS)
    later = closing_of(account(state=CLOSING, closing_notice="11-02", closed="11-25"), judged)
    never = closing_of(account(state=CLOSING, closing_notice="11-02"), judged)
    assert later is not None
    assert never is not None
    assert later.is_open
    assert never.is_open
