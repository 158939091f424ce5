"""YC-02, YC-03, ZZ-01 and ZZ-02: rules that look at posts, and what a self-report leaves in doubt."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.case import Observations
from monitor.evidence import evidence_of
from monitor.findings import Finding, Result, Verdict, Window
from monitor.frame import Frame
from monitor.judge import judge
from monitor.likeness import Near
from monitor.rules import RULES
from monitor.spans import NOTHING, Coverage
from monitor.values import Account, Credit, CreditKind, Flag, Mark, Platform, Post
from tests.monitor.builders import (
    ALWAYS,
    ORIGINAL,
    REPOST,
    UNKNOWN,
    account,
    alike,
    case,
    codes,
    covered,
    finding,
    frame,
    judged,
    moment,
    policy,
    post,
    posts,
    undated,
    visit,
    window,
    windows,
)
from tests.monitor.strategies import accounts, coverages, frames, observations

VERIFIED, REVIEW = Verdict.VERIFIED, Verdict.REVIEW
BUSY = posts("09-01..10-31")
"""An original post every day: nothing else is found."""


def line(value: str, kind: CreditKind = CreditKind.SOURCE) -> tuple[Credit, ...]:
    return (Credit(kind=kind, label="来源", value=value),)


def floor(percent: int) -> Frame:
    return frame(by=policy({"YC-02": {"floor": percent}}))


# ---------------------------------------------------------------------------------------------------------------- YC-02


def share(original: int, reposts: int, unknown: int = 0) -> list[Post]:
    kinds = [ORIGINAL] * original + [REPOST] * reposts + [UNKNOWN] * unknown
    return [post(f"10-{1 + at % 31:02} {9 + at // 31:02}:00", f"p{at}", of=of) for at, of in enumerate(kinds)]


@pytest.mark.parametrize(
    ("known", "coverage", "percent", "expected"),
    [
        pytest.param(share(1, 9), ALWAYS, 0, None, id="off"),
        pytest.param([], ALWAYS, 50, None, id="no posts"),
        pytest.param(share(1, 9), ALWAYS, 10, Verdict.MET, id="just the floor"),
        pytest.param(share(1, 9), NOTHING, 10, Verdict.MET, id="met needs no coverage"),
        pytest.param(share(1, 9), ALWAYS, 11, VERIFIED, id="below"),
        pytest.param(share(1, 9), covered("10-01..10-30"), 11, REVIEW, id="below, a day not seen"),
        pytest.param(share(1, 9, 2), ALWAYS, 40, VERIFIED, id="the undetermined could not lift it"),
        pytest.param(share(1, 9, 2), ALWAYS, 25, REVIEW, id="the undetermined could lift it"),
        pytest.param(
            [*share(1, 9), undated("10-09 09:00")], ALWAYS, 20, REVIEW, id="an undated original could lift it"
        ),
        pytest.param(
            [*share(1, 9), post("10-09", "r", flags={Flag.REPORTED})],
            ALWAYS,
            15,
            REVIEW,
            id="a reported one could lift it",
        ),
        pytest.param(
            [*share(1, 9), post("10-09", "r", flags={Flag.CONTRADICTED})],
            ALWAYS,
            15,
            VERIFIED,
            id="a contradicted one not",
        ),
    ],
)
def test_share_of_originals(known: list[Post], coverage: Coverage, percent: int, expected: Verdict | None) -> None:
    found = dict(judged(known, coverage, within=floor(percent)).windows)["YC-02"]
    assert [each.verdict for each in found] == ([] if expected is None else [expected])


def test_a_share_is_judged_of_whole_periods_only() -> None:
    running = frame(at="10-20", by=policy({"YC-02": {"floor": 50}}))
    assert dict(judged(share(1, 9), ALWAYS, within=running).windows)["YC-02"][0].verdict is Verdict.PENDING
    late = judged(share(1, 9), ALWAYS, of=account(opened="10-02"), within=floor(50))
    assert dict(late.windows)["YC-02"][0].verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("known", "coverage", "verdict", "description"),
    [
        pytest.param(
            share(1, 9),
            ALWAYS,
            VERIFIED,
            "本期发布信息10条，其中原创1条、转载9条，原创比例10.0%，低于30%。",
            id="proven",
        ),
        pytest.param(
            [*share(2, 7, 2), undated("10-09 09:00", of=REPOST)],
            covered("10-01..10-30"),
            REVIEW,
            "本期发布信息12条，其中原创2条、转载8条、未判定2条，原创比例16.7%，低于30%"
            "（2条信息原创与否未判定、1条信息发布时间存疑或仅见于自查上报，尚未核实、本期未能完整采集），需人工复核。",
            id="in doubt for every reason",
        ),
    ],
)
def test_what_the_share_says(known: list[Post], coverage: Coverage, verdict: Verdict, description: str) -> None:
    row = finding(judged(known, coverage, within=floor(30)), "YC-02", verdict)
    assert (row.description, row.windows, row.due) == (description, windows("10-01..10-31"), None)


# ---------------------------------------------------------------------------------------------------------------- YC-03


def bare(at: str, key: str = "", **more: Any) -> Post:
    """A post that says nothing of its origin."""
    return post(at, key or at, of=UNKNOWN, **more)


def test_copies_of_another_organizers_posts() -> None:
    known = [*BUSY, *(bare(f"10-{day} 10:00", title=f"第{day}期") for day in ("12", "13", "14", "15"))]
    near = {f"10-{day} 10:00": (alike(f"10-{day} 09:00", 0.976),) for day in ("12", "13", "14", "15")}
    near["10-15 10:00"] = (alike("10-15 09:00", 0.976, organizer="高县人民政府办公室", of=REPOST, step=4),)
    row = finding(judged(known, NOTHING, near=near), "YC-03", REVIEW)
    assert row.description == (
        "10月12日《第12期》与“高县融媒”（新浪微博）10月12日发布的信息相似度97%；"
        "10月13日《第13期》与“高县融媒”（新浪微博）10月13日发布的信息相似度97%；"
        "10月14日《第14期》与“高县融媒”（新浪微博）10月14日发布的信息相似度97%，未注明来源，疑似照搬照抄，需人工复核。"
    )
    assert row.windows == windows("10-12 10-13 10-14")
    assert row.posts == ("10-12 10:00", "10-13 10:00", "10-14 10:00")
    assert row.post == known[-4]


def test_more_than_three_copies_are_counted_and_a_day_is_one_window() -> None:
    known = [bare(f"10-12 {hour}:00") for hour in (10, 11, 12, 13, 14)]
    near = {each.key: (alike("10-11"),) for each in known}
    row = finding(judged([*BUSY, *known], NOTHING, near=near), "YC-03", REVIEW)
    assert "相似度95%等5条信息，未注明来源" in row.description
    assert row.description.count("与“高县融媒”") == 3
    assert row.windows == (window("10-12"),)


@pytest.mark.parametrize(
    ("one", "near", "percent"),
    [
        pytest.param(bare("10-12"), alike("10-11", 0.89), 90, id="less alike than the policy says"),
        pytest.param(bare("10-12"), alike("10-11", 0.95), 96, id="than the office says"),
        pytest.param(bare("10-12", credits=line("新华社")), alike("10-11"), 90, id="it names a source"),
        pytest.param(bare("10-12", mark=Mark.REPOST), alike("10-11"), 90, id="the platform names a source"),
        pytest.param(bare("10-12"), alike("10-13"), 90, id="the other one is later"),
        pytest.param(bare("09-12"), alike("09-11"), 90, id="before the period"),
        pytest.param(bare("10-12", flags={Flag.CONTRADICTED}), alike("10-11"), 90, id="it counts for nothing"),
    ],
)
def test_no_copy(one: Post, near: Near, percent: int) -> None:
    within = frame(by=policy({"YC-03": {"similarity": percent}}))
    assert "YC-03" not in codes(judged([*BUSY, one], NOTHING, near={one.key: (near,)}, within=within))


def test_the_likeness_that_the_office_asks_for_tells_reposts_too() -> None:
    one, near = bare("10-12"), {"10-12": (alike("10-11", 0.85),)}
    strict, lenient = frame(), frame(by=policy({"YC-03": {"similarity": 85}}))
    assert case([one], near=near, within=strict).dated[0].classified.step == 7
    assert case([one], near=near, within=lenient).dated[0].classified.step == 5


# ---------------------------------------------------------------------------------------------------------------- ZZ-01


def repost(at: str, **more: Any) -> Post:
    """A post that its platform calls a repost, and whose page was read."""
    given: dict[str, Any] = {"mark": Mark.REPOST, "page_at": moment("10-31"), "title": "转来的"}
    return bare(at, **given | more)


def test_reposts_without_a_source() -> None:
    known = [repost("10-12 10:00"), repost("10-12 11:00"), repost("10-20 11:00"), repost("10-21"), bare("10-22")]
    judgement = judged([*BUSY, *known], NOTHING)
    row = finding(judgement, "ZZ-01")
    assert row.description == (
        "10月12日《转来的》、10月12日《转来的》、10月20日《转来的》等4条信息为转载信息，均未注明来源。"
    )
    assert row.windows == windows("10-12 10-20 10-21")
    assert judgement.result is Result.FAILED
    assert row.due is not None
    assert finding(judged([*BUSY, known[0]], NOTHING), "ZZ-01").description == (
        "10月12日《转来的》为转载信息，未注明来源。"
    )


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(repost("10-12", page_at=None), id="its page was not read: the line may stand there"),
        pytest.param(repost("10-12", publisher="央视新闻"), id="the platform names the retweeted user"),
        pytest.param(repost("10-12", credits=line("新华社")), id="the text names a source"),
        pytest.param(repost("10-12", page_credits=line("新华社")), id="the page names a source"),
        pytest.param(repost("10-12", credits=line("高县发布")), id="the text names the own unit"),
        pytest.param(repost("10-12", mark=Mark.ORIGINAL), id="the platform calls it original"),
        pytest.param(repost("10-12", flags={Flag.REPORTED}), id="only reported"),
        pytest.param(repost("11-02"), id="after the period"),
        pytest.param(repost("10-12", key="weibo:5000000000000003"), id="passed on at Weibo, its source deleted"),
        pytest.param(repost("10-12", key="bilibili:7", mark=Mark.NONE, page_mark=Mark.REPOST), id="at bilibili"),
        pytest.param(
            replace(post("10-12", of=ORIGINAL), mark=Mark.REPOST, page_at=moment("10-31")), id="a person says no"
        ),
    ],
)
def test_no_repost_without_a_source(one: Post) -> None:
    assert "ZZ-01" not in codes(judged([*BUSY, one], NOTHING))


@pytest.mark.parametrize("platform", [Platform.WEIBO, Platform.BILIBILI])
def test_what_is_passed_on_inside_a_platform_has_its_source_there(platform: Platform) -> None:
    on_it = replace(account(), platform=platform)
    assert "ZZ-01" not in codes(judged([*BUSY, repost("10-12")], NOTHING, of=on_it))
    said = post("10-12 09:00", "r", of=REPOST, page_at=moment("10-31"))
    assert finding(judged([*BUSY, said], NOTHING, of=on_it), "ZZ-01").posts == ("r",), "a person says it"


def test_what_a_person_calls_a_repost_needs_a_source() -> None:
    one = post("10-12 09:00", "r", of=REPOST, page_at=moment("10-31"))
    assert finding(judged([*BUSY, one], NOTHING), "ZZ-01").posts == ("r",)


def test_a_copy_is_not_accused_twice() -> None:
    one = bare("10-12", page_at=moment("10-31"))
    found = codes(judged([*BUSY, one], NOTHING, near={"10-12": (alike("10-11"),)}))
    assert "YC-03 待复核" in found
    assert "ZZ-01" not in found


# ---------------------------------------------------------------------------------------------------------------- ZZ-02


def test_sources_that_are_not_on_the_list() -> None:
    within = frame(approved=frozenset({"新华社", "人民日报"}))
    known = [
        bare("10-12", credits=line("某自媒体、新华社")),
        bare("10-13", credits=line("甲、乙、丙、丁")),
        bare("10-14", credits=line("人民日报")),
        bare("10-15", credits=line("高县发布")),
        bare("10-16"),
        bare("10-17", mark=Mark.REPOST, publisher="热心网友"),
    ]
    judgement = judged([*BUSY, *known], NOTHING, within=within)
    row = finding(judgement, "ZZ-02", REVIEW)
    assert row.description == (
        "10月12日《县政府召开常务会议》的来源“某自媒体”、10月13日《县政府召开常务会议》的来源“甲、乙、丙等4个”、"
        "10月17日《县政府召开常务会议》的来源“热心网友”不在稿源名单中，需人工核实。"
    )
    assert row.windows == windows("10-12 10-13 10-17")
    assert judgement.result is not Result.REVIEW


def test_without_a_list_no_source_is_asked_for() -> None:
    assert "ZZ-02" not in codes(judged([*BUSY, bare("10-12", credits=line("某自媒体"))], NOTHING))


# -------------------------------------------------------------------------------------------------- what holds for all


def test_posts_of_days_without_duties_are_left_alone() -> None:
    closed = account(closed="10-13")
    assert finding(judged([repost("10-12"), repost("10-13")], NOTHING, of=closed), "ZZ-01").windows == windows("10-12")


def test_the_evidence_is_the_visit_that_first_saw_the_posts() -> None:
    one, other = repost("10-12 09:00", seen="10-12 12:00"), repost("10-14 09:00", seen="10-15 12:00")
    row = finding(judged([*BUSY, one, other], ALWAYS), "ZZ-01")
    visits = [visit("10-12 12:00", visit_id=1), visit("10-13 12:00", visit_id=2), visit("10-15 12:00", visit_id=3)]
    found = evidence_of(row, frame(), ALWAYS, visits)
    assert [each.visit_id for each in found.visits] == [1, 3]
    assert (found.found_at, found.spans) == (moment("10-15 12:00"), ())


def of_posts(account: Account, seen: Observations, frame: Frame) -> list[Finding]:
    named = {rule.heading.code for rule in RULES if rule.of_posts}
    return [each for each in judge(account, seen, frame).findings if each.code in named]


def marked(seen: Observations, chance: Mapping[str, int]) -> Observations:
    """Some of the posts are reposts whose page was read, some have a near-identical post before them."""
    known = [
        replace(each, mark=Mark.REPOST, correction=None, page_at=each.seen_at) if chance.get(each.key) == 1 else each
        for each in seen.posts
    ]
    known = [replace(each, correction=None) if chance.get(each.key) == 2 else each for each in known]
    near = {key: (alike("01-01"),) for key, kind in chance.items() if kind == 2}
    return replace(seen, posts=tuple(known), near=near)


chances = st.dictionaries(st.sampled_from([f"p{n}" for n in range(14)]), st.sampled_from([1, 2]), max_size=14)


@given(accounts(), observations(), frames(), coverages(), chances)
def test_what_rests_on_posts_needs_no_coverage(
    account: Account, seen: Observations, frame: Frame, more: Coverage, chance: Mapping[str, int]
) -> None:
    known = marked(seen, chance)
    found = of_posts(account, known, frame)
    assert of_posts(account, replace(known, coverage=more), frame) == found
    assert all(each.seen_at for each in found)
    for each in found:
        assert set(each.posts) <= chance.keys()
        days = {frame.day_of(one.published_at or one.seen_at) for one in known.posts if one.key in each.posts}
        assert {Window(day, day) for day in days} == set(each.windows)


# ---------------------------------------------------------------------------------------------------------- self-reports

WEEK = "2026-10-12/2026-10-18"


def gx03(*more: Post, coverage: Coverage = ALWAYS) -> tuple[Verdict, str]:
    judgement = judged([*posts("09-01..10-31", but="10-12..10-18"), *more], coverage)
    (week,) = (each for each in dict(judgement.windows)["GX-03"] if str(each.window) == WEEK)
    return week.verdict, week.why


DOUBT = "1条信息仅见于自查上报，尚未核实"


@pytest.mark.parametrize(
    ("one", "verdict", "why"),
    [
        pytest.param(post("10-13", flags={Flag.CONFIRMED}), Verdict.MET, "", id="confirmed: like any post"),
        pytest.param(
            post("10-13", flags={Flag.REPORTED, Flag.CONFIRMED}), Verdict.MET, "", id="reported, then confirmed"
        ),
        pytest.param(post("10-13", flags={Flag.REPORTED}), REVIEW, DOUBT, id="only reported: in doubt"),
        pytest.param(post("10-13", flags={Flag.CONTRADICTED}), VERIFIED, "", id="contradicted: nothing"),
        pytest.param(post("10-13", flags={Flag.REPORTED, Flag.CONTRADICTED}), VERIFIED, "", id="both: nothing"),
        pytest.param(post("10-20", flags={Flag.REPORTED}), VERIFIED, "", id="reported for another week"),
        pytest.param(
            post("10-20", flags={Flag.REPORTED}, formerly=["10-13"]), REVIEW, DOUBT, id="reported for two days"
        ),
        pytest.param(
            post("10-20", flags={Flag.CONTRADICTED}, formerly=["10-13"]),
            REVIEW,
            "1条信息的页面所载日期与自查上报不符",
            id="contradicted: its page states a day of this week",
        ),
        pytest.param(
            post("10-20", flags={Flag.CONTRADICTED}, formerly=["10-13", "10-14"]),
            REVIEW,
            "1条信息的页面所载日期与自查上报不符",
            id="contradicted: one post, whatever its page states",
        ),
        pytest.param(
            post("10-13", flags={Flag.CONTRADICTED}, formerly=["10-20"]),
            VERIFIED,
            "",
            id="contradicted: the day that is reported is no doubt",
        ),
        pytest.param(undated("10-13", "u"), REVIEW, "1条信息发布时间无法读取", id="undated"),
        pytest.param(
            replace(undated("10-13", "u"), flags=frozenset({Flag.REPORTED})), REVIEW, DOUBT, id="reported, undated"
        ),
        pytest.param(post("10-13", flags={Flag.REPORTED, Flag.BACKDATED}), REVIEW, DOUBT, id="reported, back-dated"),
    ],
)
def test_self_reports(one: Post, verdict: Verdict, why: str) -> None:
    assert gx03(one) == (verdict, why)


def test_a_report_alone_proves_no_silence_and_no_presence() -> None:
    assert gx03(post("10-13", flags={Flag.REPORTED}), coverage=NOTHING) == (Verdict.UNVERIFIABLE, "")


def test_reported_originals_leave_the_fortnight_in_doubt() -> None:
    known = [*posts("09-01..10-31", of=REPOST), post("10-13", "r", flags={Flag.REPORTED})]
    reviewed = finding(judged(known, ALWAYS), "YC-01", REVIEW)
    assert DOUBT in reviewed.description
    as_repost = [*known[:-1], post("10-13", "r", of=REPOST, flags={Flag.REPORTED})]
    assert "YC-01 待复核" not in codes(judged(as_repost, ALWAYS))


def test_what_counts_for_nothing_is_shown_and_not_counted() -> None:
    known = [
        post("10-12", "seen"),
        post("10-13", "reported", flags={Flag.REPORTED}),
        post("10-14", "contradicted", flags={Flag.CONTRADICTED}),
        post("11-14", "later", flags={Flag.CONTRADICTED}),
    ]
    judgement = judged(known, ALWAYS)
    assert [one.key for one, _ in judgement.posts] == ["seen", "reported", "contradicted"]
    assert judgement.figures.published == 1
    assert judgement.figures.last_post == known[0]
    assert "2条信息仅见于自查上报或与自查上报不符，未计入发布条数" in judgement.notes
