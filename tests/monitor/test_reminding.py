"""Reminders: when a duty is about to be missed, when it is not told, and that nothing unseen is called 未更新."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.case import Case
from monitor.reminder_words import account_text, reminder_text, time_left
from monitor.reminding import Reminder, draws_near, due_reminders
from monitor.rules import HEADINGS
from monitor.spans import Coverage, clip
from monitor.values import AccountState, Precision
from tests.monitor.builders import (
    ALWAYS,
    REPOST,
    UNKNOWN,
    ZONE,
    account,
    backdated,
    case,
    covered,
    day,
    frame,
    moment,
    policy,
    post,
    posts,
    span,
    undated,
)

MAIN = account(main=True)


def seen(*stretches: str) -> Coverage:
    """All was seen up to a moment, ``10-15 08:00``; or, after a gap, in further stretches, ``10-14 08:30>10-16 08:50``."""
    first, *later = stretches
    return covered(f"2020-01-01>{first}", *later)


def at(
    now: str, known: Any = (), *, coverage: Coverage | None = None, of: Any = None, by: Any = None, **more: Any
) -> Case:
    """A case at a local moment; everything was seen until ten minutes before it."""
    watched = (
        coverage if coverage is not None else clip(ALWAYS, span("2020-01-01", moment(now) - timedelta(minutes=10)))
    )
    return case(known, watched, of=of, within=frame(at=now, by=by), **more)


def due(one: Case) -> str:
    return " ".join(f"{each.code}:{each.window}".replace("2026-", "") for each in due_reminders(one))


def words(one: Case) -> str:
    (only,) = due_reminders(one)
    return reminder_text(only, ZONE)


# ------------------------------------------------------------------------------------------------- the main account


@pytest.mark.parametrize(
    ("now", "known", "expected"),
    [
        pytest.param("10-14 15:00", "10-13", "GX-02:10-14", id="a working day without its post"),
        pytest.param("10-14 14:59", "10-13", "", id="before the hour"),
        pytest.param("10-14 23:59", "10-13", "GX-02:10-14", id="its last minute"),
        pytest.param("10-14 16:00", "10-13 10-14", "", id="it has its post"),
        pytest.param("10-17 16:00", "10-16", "", id="a Saturday"),
        pytest.param("10-10 16:00", "10-09", "GX-02:10-10", id="a make-up Saturday"),
        pytest.param("10-02 16:00", "09-30", "", id="a holiday"),
        pytest.param("10-08 16:00", "09-30", "GX-02:10-08", id="the first working day after the holiday"),
    ],
)
def test_main_account(now: str, known: str, expected: str) -> None:
    assert due(at(now, posts(known), of=MAIN)) == expected


def test_main_account_with_parameters() -> None:
    early = policy({"GX-04": {"warn_hour": 0}, "GX-02": {"minimum": 2}})
    assert due(at("10-14 00:00", posts("10-13"), of=MAIN, by=early)) == "GX-02:10-14"
    assert due(at("10-14 09:30", posts("10-13 10-14"), of=MAIN, by=early)) == "GX-02:10-14"
    assert due(at("10-14 16:00", posts("10-13"), of=MAIN, by=policy(off=["GX-02"]))) == ""
    assert due(at("10-14 16:00", posts("10-13"), of=MAIN, by=policy(off=["GX-04"]))) == ""
    assert not draws_near(at("10-14 16:00", of=MAIN, by=policy(off=["GX-04"])))


# ---------------------------------------------------------------------------------------------- weeks and two weeks


@pytest.mark.parametrize(
    ("now", "known", "expected"),
    [
        pytest.param("10-15 23:59", "10-11", "", id="three days and a minute before its end"),
        pytest.param("10-16 00:00", "10-11", "GX-03:10-12/10-18", id="three days before its end"),
        pytest.param("10-18 23:59", "10-11", "GX-03:10-12/10-18", id="its last minute"),
        pytest.param("10-19 00:00", "10-11", "", id="it has passed"),
        pytest.param("10-16 09:00", "10-14", "", id="it has its post"),
        pytest.param("10-16 09:00", "10-04", "GX-01:10-05/10-18 GX-03:10-12/10-18 YC-01:10-05/10-18", id="all at once"),
        pytest.param("10-15 23:59", "10-04", "", id="all at once, not yet"),
        pytest.param("10-16 09:00", "10-02", "GX-01:10-03/10-16 YC-01:10-03/10-16 GX-03:10-12/10-18", id="today"),
        pytest.param("10-16 09:00", "10-01", "GX-03:10-12/10-18", id="two weeks are over already"),
        pytest.param("10-16 09:00", "", "GX-03:10-12/10-18", id="never a post: nobody knows since when"),
    ],
)
def test_windows(now: str, known: str, expected: str) -> None:
    assert due(at(now, posts(known))) == expected


def test_an_original_is_missing_where_there_are_reposts() -> None:
    known = [*posts("10-03"), *posts("10-14", of=REPOST)]
    assert due(at("10-15 09:00", known)) == "YC-01:10-04/10-17"


def test_fixed_windows_of_two_weeks() -> None:
    fixed = policy({"YC-01": {"mode": "fixed"}}, off=["GX-01", "GX-03"])
    assert due(at("10-22 23:00", by=fixed)) == ""
    assert due(at("10-23 00:00", by=fixed)) == "YC-01:10-12/10-25"
    assert due(at("10-23 00:00", posts("10-12"), by=fixed)) == ""


def test_windows_with_parameters() -> None:
    assert due(at("10-18 09:00", posts("10-11"), by=policy({"GX-04": {"warn_days": 0}}))) == ""
    assert due(at("10-17 23:00", posts("10-11"), by=policy({"GX-04": {"warn_days": 1}}))) == ""
    assert due(at("10-18 00:00", posts("10-11"), by=policy({"GX-04": {"warn_days": 1}}))) == "GX-03:10-12/10-18"
    # However early the office is to be told: a window that has not begun is none.
    assert due(at("10-14 12:00", posts("10-14"), by=policy({"GX-04": {"warn_days": 31}}))) == ""
    assert due(at("10-16 12:00", posts("10-14"), by=policy({"GX-03": {"minimum": 2}}))) == "GX-03:10-12/10-18"


def test_a_week_that_the_policy_exempts_is_not_reminded() -> None:
    lenient = policy({"GX-03": {"exempt_when_workdays_below": 3}}, off=["GX-01", "YC-01"])
    strict = policy(off=["GX-01", "YC-01"])
    assert due(at("10-03 09:00", posts("09-27"), by=lenient)) == "GX-03:09-28/10-04"  # three working days
    holiday = policy({"GX-03": {"exempt_when_workdays_below": 4}}, off=["GX-01", "YC-01"])
    assert due(at("10-03 09:00", posts("09-27"), by=holiday)) == ""
    assert due(at("10-03 09:00", posts("09-27"), by=strict)) == "GX-03:09-28/10-04"


# ------------------------------------------------------------------------------------------------ accounts in force


def test_an_account_that_has_no_duties_is_not_reminded() -> None:
    for of in (
        account(state=AccountState.CLOSED),
        account(state=AccountState.CLOSING, closing_notice="10-18"),
        account(closed="10-17"),
        account(opened="10-13"),  # its week is not judged
        account(addresses=()),
    ):
        assert due(at("10-16 09:00", posts("10-04"), of=of)) == ""


def test_the_first_two_weeks_of_a_new_account() -> None:
    assert due(at("10-16 09:00", of=account(opened="10-05"))) == "GX-01:10-05/10-18 GX-03:10-12/10-18 YC-01:10-05/10-18"
    assert due(at("10-16 09:00", of=account(opened="10-01"))) == "GX-03:10-12/10-18"


# ----------------------------------------------------------------------------------------------------- what we know


def test_what_was_seen_is_said() -> None:
    assert words(at("10-16 09:00", posts("10-05 10-11"), coverage=seen("10-16 08:50"))) == (
        "“高县发布”（微信公众号）：未达到周更新要求（GX-03），期限为10月18日24时，还剩2天15小时。"
        "本周（10月12日至10月18日），截至10月16日8时50分未更新。最近一次更新为2026年10月11日9时《县政府召开常务会议》。"
    )


def test_on_a_working_day() -> None:
    known = [post("10-13", precision=Precision.DAY)]
    assert words(at("10-14 15:05", known, of=MAIN)) == (
        "“高县发布”（微信公众号）：工作日未更新（GX-02），期限为10月14日24时，还剩8小时55分钟。"
        "今日10月14日（周三），截至10月14日14时55分未更新。最近一次更新为2026年10月13日《县政府召开常务会议》。"
    )


def test_a_source_that_fails_for_a_day_lets_nobody_speak_of_silence() -> None:
    said = words(at("10-16 09:00", posts("10-11"), coverage=seen("10-15 08:00")))
    assert "截至10月16日9时未采集到更新（采集到10月15日8时为止）。" in said
    assert "未更新" not in said.replace("未达到周更新要求", "")


def test_nor_does_a_gap_in_the_window() -> None:
    broken = seen("10-13 09:00", "10-14 08:30>10-16 08:50")
    said = words(at("10-16 09:00", posts("10-11"), coverage=broken))
    assert "截至10月16日9时未采集到更新（10月13日9时至10月14日8时30分未能采集）。" in said
    stale = seen("10-13 09:00", "10-14 08:30>10-15 08:00")
    said = words(at("10-16 09:00", posts("10-11"), coverage=stale))
    assert "（采集到10月15日8时为止，10月13日9时至10月14日8时30分未能采集）" in said


def test_nor_a_day_that_was_not_seen_at_all() -> None:
    said = words(at("10-14 15:00", posts("10-13"), of=MAIN, coverage=seen("10-13 18:00")))
    assert "今日10月14日（周三），截至10月14日15时未采集到更新（采集到10月13日18时为止）。" in said


def test_of_whom_nothing_was_seen_for_days_nothing_is_said() -> None:
    assert due(at("10-14 15:00", posts("10-13"), of=MAIN, coverage=seen("10-11 15:00"))) == "GX-02:10-14"
    assert due(at("10-14 15:00", posts("10-13"), of=MAIN, coverage=seen("10-11 14:59"))) == ""
    assert due(at("10-16 15:00", posts("10-11"), coverage=seen("10-12 09:00"))) == ""
    assert due(at("10-16 15:00", posts("10-11"), coverage=())) == ""


def test_posts_whose_originality_is_not_determined_are_said() -> None:
    known = [*posts("10-03"), *posts("10-12 10-13 10-14", of=UNKNOWN)]
    assert words(at("10-16 09:00", known)) == (
        "“高县发布”（微信公众号）：未按要求发布原创信息（YC-01），期限为10月17日24时，还剩1天15小时。"
        "自10月4日起，截至10月16日8时50分未见可确认的原创信息（3条信息原创与否未判定，能否计入须人工复核）。"
        "最近一次发布原创信息为2026年10月3日9时《县政府召开常务会议》，最近一次更新为2026年10月14日9时《县政府召开常务会议》。"
    )
    stale = at("10-16 09:00", known, coverage=seen("10-15 08:00"))
    assert "未采集到原创信息（采集到10月15日8时为止；另有3条信息原创与否未判定，能否计入须人工复核）" in words(stale)


def test_originals_that_are_missing_for_sure_are_said_so() -> None:
    assert "自10月4日起，截至10月16日8时50分未发布原创信息。" in words(
        at("10-16 09:00", [*posts("10-03"), *posts("10-14", of=REPOST)])
    )
    fixed = policy({"YC-01": {"mode": "fixed"}}, off=["GX-01", "GX-03"])
    said = words(at("10-23 09:00", posts("10-13", of=REPOST), by=fixed))
    assert said.endswith(
        "本期（10月12日至10月25日），截至10月23日8时50分未发布原创信息。最近一次更新为2026年10月13日9时《县政府召开常务会议》。"
    )
    assert words(at("10-23 09:00", by=fixed)).endswith("未发布原创信息。未采集到此前的更新信息。")


def test_posts_that_a_person_must_look_at_are_said() -> None:
    known = [*posts("10-11"), backdated("10-13 09:00"), undated("10-14 10:00")]
    said = words(at("10-16 09:00", known))
    assert (
        "截至10月16日8时50分未见可确认的更新（1条信息疑似倒填、1条信息发布时间无法读取，能否计入须人工复核）。" in said
    )


def test_of_several_posts_that_are_due_some_are_there() -> None:
    two, watched = policy({"GX-03": {"minimum": 3}}, off=["YC-01"]), seen("10-15 08:00")
    known = posts("10-11 10-13")
    assert "截至10月16日8时50分仅更新1条，应不少于3条。" in words(at("10-16 09:00", known, by=two))
    stale = words(at("10-16 09:00", known, by=two, coverage=watched))
    assert "截至10月16日9时仅采集到1条，应不少于3条（采集到10月15日8时为止）。" in stale
    doubted = words(at("10-16 09:00", [*known, undated("10-14 10:00")], by=two))
    assert "可确认的仅1条，应不少于3条（1条信息发布时间无法读取，能否计入须人工复核）。" in doubted


def test_working_days_of_a_year_without_a_notice_are_an_assumption() -> None:
    one = case(
        [post("2027-02-02 09:00")],
        clip(ALWAYS, span("2026-01-01", "2027-02-03 15:00")),
        of=MAIN,
        within=frame("2027-02", at="2027-02-03 15:00"),
    )
    assert words(one).endswith("2027年放假安排未录入，工作日暂按周一至周五推定。")


def test_duties_of_one_account_stand_together() -> None:
    both = due_reminders(at("10-16 09:00", posts("10-04"), by=policy(off=["YC-01"])))
    first, second, third = account_text(both, ZONE).split("\n")
    assert first == "“高县发布”（微信公众号）："
    assert second.startswith("1．内容不更新（GX-01），期限为10月18日24时，还剩2天15小时。自10月5日起，")
    assert third.startswith("2．未达到周更新要求（GX-03），期限为10月18日24时，还剩2天15小时。本周")
    assert account_text(both[:1], ZONE) == reminder_text(both[0], ZONE)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ({"days": 3}, "3天"),
        ({"days": 2, "hours": 9, "minutes": 59}, "2天9小时"),
        ({"hours": 9}, "9小时"),
        ({"hours": 8, "minutes": 55}, "8小时55分钟"),
        ({"minutes": 1}, "1分钟"),
        ({"seconds": 59}, "不足1分钟"),
    ],
)
def test_time_left(left: dict[str, int], said: str) -> None:
    assert time_left(timedelta(**left)) == said


def test_a_reminder_is_no_finding() -> None:
    assert "GX-04" not in [heading.code for heading in HEADINGS]


# ------------------------------------------------------------------------------------------------------------- laws

KNOWN = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["原创", "转载", "未判定"])), max_size=8)


def drawn(known: list[tuple[int, str]], hours: int, main: bool, of_last: int | None = None) -> Case:
    now = moment("10-01") + timedelta(hours=hours)
    made = [post(now - timedelta(days=back, hours=1), f"p{n}", of=_class(kind)) for n, (back, kind) in enumerate(known)]
    kept = [
        each
        for each in made
        if of_last is None or (each.published_at and now - each.published_at < timedelta(days=of_last))
    ]
    watched = clip(ALWAYS, span("2020-01-01", now))
    return case(kept, watched, of=MAIN if main else None, within=frame(at=now), horizon=day("2026-01-01"))


def _class(kind: str) -> Any:
    return next(each for each in (REPOST, UNKNOWN, type(REPOST)("原创")) if each == kind)


@given(KNOWN, st.integers(0, 31 * 24), st.booleans(), st.integers(0, 6))
def test_who_is_reminded_is_told_by_the_newest_posts_alone(
    known: list[tuple[int, str]], hours: int, main: bool, newest: int
) -> None:
    if due_reminders(drawn(known, hours, main)):
        assert draws_near(drawn(known, hours, main, newest))


@settings(max_examples=40)
@given(KNOWN, st.integers(0, 20 * 24), st.booleans())
def test_each_window_is_open_and_silence_repeats_none(known: list[tuple[int, str]], hours: int, main: bool) -> None:
    """In the days after, without another post, a rolling window comes up once: it does not slide."""
    found: list[Reminder] = []
    for later in range(0, 16 * 24, 12):
        now = moment("10-01") + timedelta(hours=hours)
        made = [
            post(now - timedelta(days=back, hours=1), f"p{n}", of=_class(kind)) for n, (back, kind) in enumerate(known)
        ]
        then = now + timedelta(hours=later)
        watched = clip(ALWAYS, span("2020-01-01", then))
        one = case(made, watched, of=MAIN if main else None, within=frame(at=then))
        some = due_reminders(one)
        assert all(each.at < each.ends_at and each.window.first <= then.astimezone(ZONE).date() for each in some)
        found += some
    for code in ("GX-01", "YC-01"):
        assert len({each.window for each in found if each.code == code}) <= 1
