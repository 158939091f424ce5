"""The next deadlines of an account: by when it must have posted so that no rule is broken."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.case import Case
from monitor.deadlines import deadlines_of
from monitor.findings import Verdict
from monitor.policy import Policy
from monitor.values import Account, AccountState, Post
from tests.monitor.builders import (
    ALWAYS,
    REPOST,
    UNKNOWN,
    ZONE,
    account,
    backdated,
    case,
    day,
    frame,
    moment,
    policy,
    post,
    posts,
    undated,
    verdicts,
)
from tests.monitor.builders import judged as judge

NOON = "10-14 12:00"  # a Wednesday
MAIN = account(main=True)


def due(one: Case) -> dict[str, str]:
    """Each rule's deadline as the local moment that ends it."""
    return {each.code: f"{each.ends_at.astimezone(ZONE):%m-%d %H:%M}" for each in deadlines_of(one)}


def at(known: list[Post], now: str = NOON, *, of: Account | None = None, by: Policy | None = None) -> dict[str, str]:
    return due(case(known, ALWAYS, of=of, within=frame(at=now, by=by)))


@pytest.mark.parametrize(
    ("known", "now", "ends"),
    [
        pytest.param(posts("10-10"), NOON, "10-25 00:00", id="fourteen days after the last post"),
        pytest.param(posts("10-14"), NOON, "10-29 00:00", id="a post today"),
        pytest.param(posts("09-30"), NOON, "10-15 00:00", id="today is the last day"),
        pytest.param(posts("09-29"), NOON, "10-15 00:00", id="already broken: the end of today"),
        pytest.param([], NOON, "10-15 00:00", id="never a post: the end of today"),
        pytest.param([backdated("10-10 09:00"), undated("10-10 09:00")], NOON, "10-15 00:00", id="only doubted posts"),
        pytest.param(posts("09-30"), "10-14 00:00", "10-15 00:00", id="at midnight a new day runs"),
    ],
)
def test_of_gx_01(known: list[Post], now: str, ends: str) -> None:
    assert at(known, now)["GX-01"] == ends


def test_of_gx_03_where_the_policy_exempts_weeks_of_few_working_days() -> None:
    # 28 September to 4 October has three working days, 5 to 11 October three of them (one made up for).
    exempting = policy({"GX-03": {"exempt_when_workdays_below": 4}})
    assert at([], "09-30 12:00", by=exempting)["GX-03"] == "10-19 00:00"
    assert at([], "09-30 12:00")["GX-03"] == "10-05 00:00"
    assert at([], NOON, by=exempting)["GX-03"] == "10-19 00:00"
    never = policy({"GX-03": {"exempt_when_workdays_below": 7}})
    assert "GX-03" not in at([], NOON, by=never)


def test_of_gx_01_for_an_account_that_was_just_opened() -> None:
    assert at([], of=account(opened="10-10"))["GX-01"] == "10-24 00:00"
    assert at([], of=account(opened="09-01"))["GX-01"] == "10-15 00:00"


@pytest.mark.parametrize(
    ("known", "now", "ends"),
    [
        pytest.param([], NOON, "10-15 00:00", id="today is a working day without a post"),
        pytest.param(posts("10-14"), NOON, "10-16 00:00", id="today has its post: tomorrow"),
        pytest.param(posts("10-16"), "10-16 12:00", "10-20 00:00", id="a Friday with its post: Monday"),
        pytest.param([], "10-17 12:00", "10-20 00:00", id="a Saturday: Monday"),
        pytest.param([], "10-10 12:00", "10-11 00:00", id="a make-up Saturday"),
        pytest.param([], "10-03 12:00", "10-09 00:00", id="a holiday: the first working day after it"),
    ],
)
def test_of_gx_02(known: list[Post], now: str, ends: str) -> None:
    found = at(known, now, of=MAIN)
    assert found["GX-02"] == ends
    assert "GX-03" not in found


def test_of_gx_02_with_a_minimum() -> None:
    two = policy({"GX-02": {"minimum": 2}})
    assert at(posts("10-14"), of=MAIN, by=two)["GX-02"] == "10-15 00:00"
    assert at([*posts("10-14"), post("10-14 10:00")], of=MAIN, by=two)["GX-02"] == "10-16 00:00"


@pytest.mark.parametrize(
    ("known", "now", "ends"),
    [
        pytest.param([], NOON, "10-19 00:00", id="the running week has none"),
        pytest.param(posts("10-12"), NOON, "10-26 00:00", id="it has one: the next week"),
        pytest.param(posts("10-11"), NOON, "10-19 00:00", id="one of the week before does not help"),
        pytest.param([], "10-18 23:00", "10-19 00:00", id="its last hour"),
        pytest.param([], "10-19 00:00", "10-26 00:00", id="the next has begun"),
    ],
)
def test_of_gx_03(known: list[Post], now: str, ends: str) -> None:
    found = at(known, now)
    assert found["GX-03"] == ends
    assert "GX-02" not in found


def test_of_gx_03_with_parameters() -> None:
    assert at(posts("10-12"), by=policy({"GX-03": {"minimum": 2}}))["GX-03"] == "10-19 00:00"
    assert at([], by=policy({"GX-03": {"week_start": 7}}))["GX-03"] == "10-18 00:00"


@pytest.mark.parametrize(
    ("known", "ends"),
    [
        pytest.param(posts("10-10"), "10-25 00:00", id="fourteen days after the last original"),
        pytest.param([*posts("10-10"), *posts("10-13", of=REPOST)], "10-25 00:00", id="a repost does not help"),
        pytest.param([*posts("10-10"), *posts("10-13", of=UNKNOWN)], "10-25 00:00", id="one of unknown class neither"),
        pytest.param([], "10-15 00:00", id="never an original: the end of today"),
    ],
)
def test_of_yc_01(known: list[Post], ends: str) -> None:
    assert at(known)["YC-01"] == ends


def test_of_yc_01_in_fixed_windows() -> None:
    fixed = policy({"YC-01": {"mode": "fixed"}})
    assert at([], by=fixed)["YC-01"] == "10-26 00:00"
    assert at(posts("10-13"), by=fixed)["YC-01"] == "11-09 00:00"
    assert at(posts("10-13", of=REPOST), by=fixed)["YC-01"] == "10-26 00:00"


def test_they_are_sorted_and_say_what_they_need() -> None:
    found = deadlines_of(case(posts("10-12"), within=frame(at=NOON)))
    assert [(each.code, each.needs_original) for each in found] == [("GX-03", False), ("GX-01", False), ("YC-01", True)]
    assert found[0].category == "未达到周更新要求"
    assert found[0].window.last == day("10-25")


def test_a_rule_that_is_off_or_does_not_bind_has_none() -> None:
    assert set(at([], by=policy(off=["GX-01", "YC-01"]))) == {"GX-03"}
    assert set(at([], of=MAIN, by=policy(off=["GX-02"]))) == {"GX-01", "YC-01"}


def test_an_account_that_ends_has_none_after_its_end() -> None:
    assert at([], of=account(state=AccountState.CLOSED)) == {}
    assert at([], of=account(closed="10-10")) == {}
    assert at(posts("10-10"), of=account(closing_notice="10-20")) == {"GX-03": "10-19 00:00"}


DAYS = st.lists(st.integers(0, 40), max_size=6, unique=True)


@given(DAYS, st.integers(0, 30), st.booleans(), st.sampled_from(["rolling", "fixed"]))
def test_posting_by_the_nearest_deadline_keeps_what_was_kept(
    offsets: list[int], now: int, main: bool, mode: str
) -> None:
    """Before a deadline its rule accuses of nothing new; when it has passed in silence the rule does."""
    start, by = moment("10-01"), policy({"YC-01": {"mode": mode}})
    time_point = start + timedelta(days=now, hours=12)
    known = [post(start - timedelta(days=20) + timedelta(days=each, hours=9)) for each in offsets]
    known = [each for each in known if each.published_at and each.published_at < time_point]
    of = account(main=main)
    for each in deadlines_of(case(known, ALWAYS, of=of, within=frame(at=time_point, by=by))):
        after = frame(f"{each.window.last:%Y-%m}", at=each.ends_at, by=by)
        found = verdicts(judge(known, ALWAYS, of=of, within=after), each.code)
        assert Verdict.VERIFIED in found.values()
        last = [verdict for key, verdict in found.items() if key.endswith(str(each.window.last))]
        assert last == [Verdict.VERIFIED]
