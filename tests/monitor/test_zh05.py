"""ZH-05: between the notice of closing and the closing there must be fifteen working days."""

import pytest

from monitor.decisions import Ruling
from monitor.evidence import evidence_of
from monitor.findings import Result, Verdict
from monitor.rules.zh05 import noticed, noticed_until
from monitor.values import AccountState
from tests.monitor.builders import account, codes, day, decision, finding, frame, judged, only_verdict, windows

CLOSED = AccountState.CLOSED


@pytest.mark.parametrize(
    ("notice", "closed", "verdict", "said"),
    [
        pytest.param("09-14", "10-16", Verdict.MET, None, id="long enough"),
        pytest.param("10-08", "10-29", Verdict.MET, None, id="fifteen"),
        pytest.param("10-08", "10-28", Verdict.VERIFIED, "2026年10月8日发布停更公告，2026年10月28日注销，公告期14个工作日，不足15个工作日。", id="fourteen"),
        pytest.param("10-20", "10-20", Verdict.VERIFIED, "公告期0个工作日", id="on the same day"),
        pytest.param("10-25", "10-20", Verdict.VERIFIED, "公告期0个工作日", id="a notice after the closing"),
        pytest.param(None, "10-20", Verdict.REVIEW, "未见停更公告日期，是否公告满15个工作日需人工复核。", id="no notice"),
    ],
)  # fmt: skip
def test_the_time_of_a_notice(notice: str | None, closed: str, verdict: Verdict, said: str | None) -> None:
    judgement = judged(of=account(state=CLOSED, closing_notice=notice, closed=closed))
    assert only_verdict(judgement, "ZH-05") is verdict
    if said is not None:
        found = finding(judgement, "ZH-05", verdict)
        assert said in found.description
        assert found.windows == windows(closed)
        assert evidence_of(found, frame(), (), []).spans == ()


@pytest.mark.parametrize(
    ("closed", "at"),
    [
        pytest.param(None, None, id="not closed"),
        pytest.param("09-20", None, id="closed in another month"),
        pytest.param("10-20", "10-16 10:00", id="closed after the time point"),
    ],
)
def test_what_is_not_judged(closed: str | None, at: str | None) -> None:
    judgement = judged(of=account(closing_notice="09-10", closed=closed), within=frame(at=at))
    assert dict(judgement.windows)["ZH-05"] == ()


def test_a_hint_neither_fails_an_account_nor_lets_it_pass() -> None:
    for notice in ("08-10", "09-30"):
        judgement = judged(of=account(state=CLOSED, closing_notice=notice, closed="10-09"))
        assert judgement.result is Result.NOT_APPLICABLE


def test_a_year_without_a_notice_of_its_holidays_is_for_a_person() -> None:
    closed = account(state=CLOSED, closing_notice="2026-12-25", closed="2027-01-05")
    january = frame("2027-01")
    found = finding(judged(of=closed, within=january), "ZH-05", Verdict.REVIEW)
    assert "（2027年放假安排未录入），需人工复核。" in found.description
    confirmed = decision("ZH-05", "2027-01-05", Ruling.CONFIRMED)
    judgement = judged(of=closed, within=january, decisions=[confirmed])
    assert codes(judgement) == "ZH-05 已核实"
    assert finding(judgement, "ZH-05").description.endswith("不足15个工作日，经人工复核确认。")


def test_a_missing_notice_that_a_person_confirmed() -> None:
    confirmed = decision("ZH-05", "10-20", Ruling.CONFIRMED)
    judgement = judged(of=account(state=CLOSED, closed="10-20"), decisions=[confirmed])
    assert finding(judgement, "ZH-05").description == (
        "2026年10月20日注销，未见停更公告日期，经人工复核确认停更公告不足15个工作日。"
    )


def test_the_first_day_on_which_it_may_be_closed() -> None:
    assert noticed_until(account(), frame()) is None
    until = noticed_until(account(closing_notice="10-08"), frame())
    assert until == day("10-29")
    assert noticed(day("10-08"), until, frame()) == 15
