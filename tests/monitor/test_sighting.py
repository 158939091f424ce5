"""Stated time and seen time: COVERAGE, sentence by sentence, for the first sighting and for later ones."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.findings import Verdict
from monitor.frame import Frame
from monitor.proof import day_start
from monitor.sighting import first_seen, has_come, seen_again
from monitor.spans import NOTHING, Coverage
from monitor.values import Credit, CreditKind, Flag, Item, Mark, Post, PostKind, Precision, Rung, Stated
from tests.monitor.builders import ALWAYS, ZONE, covered, frame, item, judged, moment, policy, span, verdicts

DAY = Precision.DAY
SEEN = "10-05 10:00"
BACKDATED, FUTURE, RESTATED = Flag.BACKDATED, Flag.FUTURE, Flag.RESTATED
BEFORE = (span("2026-09-01", SEEN),)


def first(one: Item, seen: str = SEEN, coverage: Coverage = NOTHING) -> Post:
    return first_seen(one, "gx-01", moment(seen), coverage)


def again(post: Post, one: Item, at: str = "10-20 11:00", coverage: Coverage = NOTHING) -> Post:
    """The post as it is kept after another sighting."""
    return seen_again(post, one, coverage, moment(at)) or post


# --------------------------------------------------------------------------------------------------- the first time


@pytest.mark.parametrize(
    ("one", "published", "flags"),
    [
        pytest.param(item("10-05 09:30"), "10-05 09:30", set(), id="the stated time"),
        pytest.param(item("10-05", DAY), "10-05", set(), id="a stated day"),
        pytest.param(item(None), None, set(), id="nothing stated"),
        pytest.param(item(None, raw="???"), None, set(), id="nothing that can be read"),
        pytest.param(item("10-05 10:10"), "10-05 10:10", set(), id="ten minutes ahead is still believed"),
        pytest.param(item("10-05 10:10:01"), SEEN, {FUTURE}, id="further ahead: replaced by the seen time, flagged"),
        pytest.param(item("2099-01-01"), SEEN, {FUTURE}, id="in 2099"),
        pytest.param(item("10-06", DAY), SEEN, {FUTURE}, id="tomorrow"),
    ],
)
def test_when_a_post_was_published(one: Item, published: str | None, flags: set[Flag]) -> None:
    post = first(one, coverage=BEFORE)
    assert post.published_at == (moment(published) if published else None)
    assert post.seen_at == moment(SEEN)
    assert post.flags == flags
    assert post.stated == one.stated.raw


@pytest.mark.parametrize(
    ("one", "coverage", "is_flagged"),
    [
        pytest.param(item("10-04 09:59:59"), BEFORE, True, id="over 24 hours before, within known coverage"),
        pytest.param(item("10-04 10:00"), BEFORE, False, id="just 24 hours before"),
        pytest.param(item("10-04 09:00"), NOTHING, False, id="nothing was known"),
        pytest.param(
            item("10-01 09:00"), covered("10-02..10-04"), False, id="the coverage known does not hold that time"
        ),
        pytest.param(item("10-02 09:00"), covered("10-01 00:00>10-02 09:00"), False, id="it ends just there"),
        pytest.param(item("10-02 09:00"), covered("10-02 09:00>10-03 00:00"), True, id="it begins just there"),
        pytest.param(item("10-04", DAY), BEFORE, False, id="a day counts from its end: yesterday is within 24 hours"),
        pytest.param(item("10-03", DAY), BEFORE, True, id="the day before yesterday is not"),
        pytest.param(
            item("10-02", DAY), covered("10-01 00:00>10-02 18:00"), False, id="the end of that day was not covered"
        ),
        pytest.param(item("10-02", DAY), covered("10-02 18:00>10-03 18:00"), True, id="the end of that day was"),
        pytest.param(item("10-02", DAY), covered("10-02"), True, id="that day was, and no more"),
        pytest.param(
            item("10-02", DAY), covered("10-03..10-04"), False, id="only later days were: it may have stood unseen"
        ),
    ],
)
def test_back_dating(one: Item, coverage: Coverage, is_flagged: bool) -> None:
    post = first(one, coverage=coverage)
    assert (BACKDATED in post.flags) is is_flagged
    assert post.published_at == one.stated.at  # it counts on its stated date all the same


def test_a_post_keeps_what_the_item_says() -> None:
    credit = Credit(kind=CreditKind.SOURCE, label="来源", value="新华社")
    one = replace(
        item("10-05 09:30", Precision.MINUTE, key="k1", title="题", raw="2026/10/5 9:30"),
        rung=Rung.PLATFORM,
        url="https://county.example/1",
        author="王某",
        publisher="新华社",
        credits=(credit,),
        mark=Mark.REPOST,
        kind=PostKind.VIDEO,
    )
    assert first(one) == Post(
        account_id="gx-01",
        key="k1",
        title="题",
        url="https://county.example/1",
        published_at=moment("10-05 09:30"),
        seen_at=moment(SEEN),
        precision=Precision.MINUTE,
        stated="2026/10/5 9:30",
        form="iso",
        rung=Rung.PLATFORM,
        kind=PostKind.VIDEO,
        author="王某",
        publisher="新华社",
        credits=(credit,),
        mark=Mark.REPOST,
    )


# ---------------------------------------------------------------------------------------------------- and once more


def test_the_same_again_is_no_revision() -> None:
    one = item("10-05 09:30")
    assert seen_again(first(one), one, BEFORE) is None


def test_the_same_date_far_in_the_future_again_is_no_revision() -> None:
    one = item("2099-01-01")
    assert seen_again(first(one), one, NOTHING) is None


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        pytest.param({"title": "更正"}, "title", "更正", id="a title"),
        pytest.param({"title": ""}, "title", "标题", id="an empty title is no new one"),
        pytest.param({"url": "https://county.example/2"}, "url", "https://county.example/2", id="an address"),
        pytest.param({"author": "李某"}, "author", "李某", id="an author"),
        pytest.param({"publisher": "新华社"}, "publisher", "新华社", id="a publisher"),
        pytest.param({"mark": Mark.REPOST}, "mark", Mark.REPOST, id="a mark"),
        pytest.param(
            {"credits": (Credit(kind=CreditKind.SOURCE, label="来源", value="新华社"),)},
            "credits",
            (Credit(kind=CreditKind.SOURCE, label="来源", value="新华社"),),
            id="a source line",
        ),
    ],
)
def test_a_change_is_a_revision(change: dict[str, object], field: str, value: object) -> None:
    one = item("10-05 09:30")
    changed = replace(one, **change)  # type: ignore[arg-type]
    kept = again(first(one), changed)
    assert getattr(kept, field) == value
    assert kept.published_at == moment("10-05 09:30")
    assert kept.seen_at == moment(SEEN)
    assert kept.flags == frozenset()


def test_what_is_left_out_the_second_time_is_not_forgotten() -> None:
    one = replace(
        item("10-05 09:30"), author="王某", publisher="新华社", mark=Mark.REPOST, url="https://county.example/1"
    )
    assert seen_again(first(one), item("10-05 09:30"), NOTHING) is None


def test_a_post_once_dated_stays_dated() -> None:
    assert seen_again(first(item("10-05 09:30")), item(None, raw="待定", key="10-05 09:30"), NOTHING) is None


@pytest.mark.parametrize("form", [pytest.param("3小时前", id="relative"), pytest.param("昨天 08:00", id="yesterday")])
def test_the_time_of_a_relative_statement_is_that_of_the_first_sighting(form: str) -> None:
    post = first(item("10-05 09:30", raw="刚刚"))
    for at in ("10-05 08:10", "10-05 10:05", "10-20 08:00"):
        said = Stated(at=moment(at), raw=form, form="relative", clock_bound=True)
        assert seen_again(post, replace(item(None), stated=said), NOTHING) is None


@pytest.mark.parametrize(
    ("now_said", "published", "flags", "formerly"),
    [
        pytest.param(
            item("10-03 09:00"), "10-03 09:00", {RESTATED}, ["10-05 09:30"], id="an earlier day: the old one is kept"
        ),
        pytest.param(item("10-05 10:05"), "10-05 10:05", {RESTATED}, ["10-05 09:30"], id="a little later"),
        pytest.param(
            item("10-20 10:00"), "10-05 09:30", {RESTATED}, ["10-20 10:00"], id="after it was first seen: beside it"
        ),
        pytest.param(
            item("10-20 11:10"), "10-05 09:30", {RESTATED}, ["10-20 11:10"], id="ten minutes ahead of this visit"
        ),
        pytest.param(item("10-20 11:10:01"), "10-05 09:30", set(), [], id="further ahead of this visit"),
        pytest.param(item("10-20", DAY), "10-05 09:30", {RESTATED}, ["10-20"], id="a day after it was first seen"),
        pytest.param(item("2099-01-01"), "10-05 09:30", set(), [], id="in 2099"),
        pytest.param(
            item("10-05 09:30", raw="2026年10月5日 9:30"), "10-05 09:30", set(), [], id="the same written otherwise"
        ),
    ],
)
def test_another_date(now_said: Item, published: str, flags: set[Flag], formerly: list[str]) -> None:
    kept = again(first(item("10-05 09:30")), now_said)
    assert kept.published_at == moment(published)
    assert kept.flags == flags
    assert list(kept.other_times) == [moment(each) for each in formerly]
    assert kept.seen_at == moment(SEEN)


def test_a_later_date_that_is_said_again_is_no_revision() -> None:
    kept = again(first(item("10-05 09:30")), item("10-20 10:00"))
    assert kept.stated == item("10-05 09:30").stated.raw  # it goes on telling of the time that counts
    for said in ("10-20 10:00", "10-05 09:30"):
        assert seen_again(kept, item(said), NOTHING, moment("10-21 10:00")) is None


def test_each_later_date_is_kept() -> None:
    kept = again(again(first(item("10-05 09:30")), item("10-12 10:00")), item("10-20 10:00"))
    assert kept.published_at == moment("10-05 09:30")
    assert kept.other_times == (moment("10-12 10:00"), moment("10-20 10:00"))


def test_a_later_date_is_kept_of_a_post_once_dated_in_the_future() -> None:
    kept = again(first(item("2099-01-01")), item("10-20 10:00"))
    assert kept.published_at == moment(SEEN)
    assert kept.flags == {FUTURE, RESTATED}
    assert kept.other_times == (moment("10-20 10:00"),)


def test_a_date_that_moves_into_known_coverage_is_back_dated() -> None:
    kept = again(first(item("10-05 09:30")), item("10-03 09:00"), coverage=BEFORE)
    assert kept.flags == {BACKDATED, RESTATED}


def test_a_date_that_moves_out_of_suspicion_keeps_the_day_it_left() -> None:
    post = first(item("10-02 09:00"), coverage=BEFORE)
    assert post.flags == {BACKDATED}
    kept = again(post, item("10-05 09:00"), coverage=BEFORE)
    assert kept.flags == {RESTATED}
    assert kept.other_times == (moment("10-02 09:00"),)


def test_a_date_that_moves_there_and_back_keeps_both_days() -> None:
    there = again(first(item("10-05 09:30")), item("10-03 09:00"))
    back = again(there, item("10-05 09:30"))
    assert back.published_at == moment("10-05 09:30")
    assert set(back.other_times) == {moment("10-05 09:30"), moment("10-03 09:00")}


def test_the_true_date_replaces_one_far_in_the_future() -> None:
    kept = again(first(item("2099-01-01")), item("10-04 09:00"))
    assert kept.published_at == moment("10-04 09:00")
    assert kept.flags == {RESTATED}
    assert kept.other_times == (moment(SEEN),)


@pytest.mark.parametrize(
    ("now_said", "published", "flags", "also"),
    [
        pytest.param(item("10-03 09:00"), "10-03 09:00", set(), [], id="before it was first seen"),
        pytest.param(item("10-05", DAY), "10-05", set(), [], id="the day on which it was first seen"),
        pytest.param(
            item("10-20 10:00"), SEEN, {FUTURE, RESTATED}, ["10-20 10:00"], id="after it was first seen: beside that"
        ),
        pytest.param(item("2099-01-01"), SEEN, {FUTURE}, [], id="in 2099: replaced by the seen time"),
    ],
)
def test_an_undated_post_is_dated_later(now_said: Item, published: str, flags: set[Flag], also: list[str]) -> None:
    """The visit that first saw it is the one that counts, not the one that first read a date."""
    kept = again(first(item(None)), now_said)
    assert kept.published_at == moment(published)
    assert kept.flags == flags
    assert list(kept.other_times) == [moment(each) for each in also]


@pytest.mark.parametrize(
    ("now_said", "flags", "formerly"),
    [
        pytest.param(item("10-20 10:00"), {RESTATED}, ["10-20 10:00"], id="a time after it was first seen"),
        pytest.param(item("10-20 11:10"), {RESTATED}, ["10-20 11:10"], id="just ahead of the visit that read it"),
        pytest.param(item("10-20 11:10:01"), set(), [], id="further ahead of it"),
        pytest.param(item("10-21", DAY), set(), [], id="a day that has not begun"),
    ],
)
def test_a_time_after_the_first_sighting_is_kept_beside_the_one_that_counts(
    now_said: Item, flags: set[Flag], formerly: list[str]
) -> None:
    """It may be that of the last edit, or another post may stand in this one's place."""
    kept = again(first(item("10-05 09:30")), now_said, at="10-20 11:00")
    assert kept.published_at == moment("10-05 09:30")
    assert kept.stated == "10-05 09:30"
    assert kept.flags == flags
    assert list(kept.other_times) == [moment(each) for each in formerly]
    assert seen_again(kept, now_said, NOTHING, moment("10-20 11:00")) is None


def test_an_undated_post_that_is_dated_too_late_keeps_that_time_beside() -> None:
    kept = again(first(item(None)), item("10-20 10:00"), at="10-20 11:00")
    assert kept.published_at == moment(SEEN)
    assert kept.flags == {FUTURE, RESTATED}
    assert kept.other_times == (moment("10-20 10:00"),)
    weeks_then = weeks(kept, frame())
    assert weeks_then["2026-10-05/2026-10-11"] is Verdict.MET
    assert weeks_then["2026-10-19/2026-10-25"] is Verdict.REVIEW


def test_an_undated_post_dated_into_known_coverage_is_back_dated() -> None:
    assert again(first(item(None)), item("10-03 09:00"), coverage=BEFORE).flags == {BACKDATED}


def test_a_title_changes_together_with_a_date_that_is_not_believed() -> None:
    kept = again(first(item("10-05 09:30")), item("10-20 09:00", title="更正"))
    assert kept.title == "更正"
    assert kept.published_at == moment("10-05 09:30")


# ------------------------------------------------------------------------------------------- what judging makes of it


def test_a_window_that_only_a_re_dated_post_met_is_for_a_person() -> None:
    post = first(item("10-07 09:00"), seen="10-07 09:30")
    moved = again(post, item("10-06 09:00"), coverage=NOTHING)
    main = frame(by=policy())
    for kept, week in ((post, Verdict.MET), (moved, Verdict.MET)):
        assert verdicts(judged([kept], ALWAYS, within=main), "GX-03")["2026-10-05/2026-10-11"] is week
    earlier = again(post, item("10-04 09:00"), coverage=NOTHING)
    weeks = verdicts(judged([earlier], ALWAYS, within=main), "GX-03")
    assert weeks["2026-09-28/2026-10-04"] is Verdict.MET
    assert weeks["2026-10-05/2026-10-11"] is Verdict.REVIEW


@pytest.mark.parametrize("date", [pytest.param(None, id="undated"), pytest.param("10-05 09:30", id="dated")])
def test_a_post_that_is_dated_later_than_seen_leaves_no_window_and_clears_none(date: str | None) -> None:
    before = first(item(date))
    kept = again(before, item("10-14 10:00"))
    for post, then in ((before, Verdict.VERIFIED), (kept, Verdict.REVIEW)):
        weeks = verdicts(judged([post], ALWAYS), "GX-03")
        assert weeks["2026-10-05/2026-10-11"] in {Verdict.REVIEW, Verdict.MET}
        assert weeks["2026-10-12/2026-10-18"] is then  # an edit of it, or another post in its place
        assert weeks["2026-10-19/2026-10-25"] is Verdict.VERIFIED


@pytest.mark.parametrize("date", [pytest.param("2099-01-01", id="in 2099"), pytest.param("10-22 10:00", id="soon")])
def test_a_date_in_the_future_of_its_visit_clears_no_window(date: str) -> None:
    kept = again(first(item("10-05 09:30")), item(date))
    weeks = verdicts(judged([kept], ALWAYS), "GX-03")
    assert weeks["2026-10-19/2026-10-25"] is Verdict.VERIFIED


HOUR = timedelta(hours=1)
SEEN_AT = moment("10-20 12:00")
AGAIN = moment("10-22 12:00")
precisions = st.sampled_from(list(Precision))


@st.composite
def items(draw: st.DrawFn) -> Item:
    if draw(st.integers(0, 5)) == 0:
        return item(None, key="k")
    at, precision = SEEN_AT + HOUR * draw(st.integers(-24 * 30, 24 * 3)), draw(precisions)
    return item(day_start(at.astimezone(ZONE).date(), ZONE) if precision is DAY else at, precision, key="k")


coverages = st.lists(st.integers(1, 30).map(lambda n: covered(f"2026-09-{n:02}")[0]), max_size=5, unique=True).map(
    tuple
)


@given(items(), st.lists(items(), max_size=4), coverages)
def test_re_dating_never_turns_a_met_window_into_an_accusation(
    one: Item, later: list[Item], coverage: Coverage
) -> None:
    kept = first_seen(one, "gx-01", SEEN_AT, coverage)
    history = [kept]
    for each in later:
        kept = seen_again(kept, each, coverage, AGAIN) or kept
        history.append(kept)
    frames = [frame("2026-09"), frame("2026-10")]
    last = {key: verdict for within in frames for key, verdict in weeks(kept, within).items()}
    for past in history:
        for within in frames:
            for key, verdict in weeks(past, within).items():
                if verdict is Verdict.MET:
                    assert last[key] is not Verdict.VERIFIED


def weeks(post: Post, within: Frame) -> dict[str, Verdict]:
    return verdicts(judged([post], ALWAYS, within=within), "GX-03")


@given(items(), items(), coverages)
def test_a_post_never_counts_after_it_was_first_seen(one: Item, other: Item, coverage: Coverage) -> None:
    post = first_seen(one, "gx-01", SEEN_AT, coverage)
    for each in (post, seen_again(post, other, coverage, AGAIN) or post):
        assert each.seen_at == SEEN_AT
        assert each.published_at is None or each.published_at <= SEEN_AT + HOUR / 6


@given(items(), items(), coverages)
def test_the_same_again_and_again_is_one_revision(one: Item, other: Item, coverage: Coverage) -> None:
    post = first_seen(one, "gx-01", SEEN_AT, coverage)
    kept = seen_again(post, other, coverage, AGAIN) or post
    assert seen_again(kept, other, coverage, AGAIN) is None


@given(items(), st.lists(items(), max_size=4), coverages)
def test_what_was_once_stated_is_never_an_accusation(one: Item, later: list[Item], coverage: Coverage) -> None:
    """A day that a source has stated of a post is not one of which it is proven that nothing was published."""
    kept = first_seen(one, "gx-01", SEEN_AT, coverage)
    for each in later:
        kept = seen_again(kept, each, coverage, AGAIN) or kept
    for month in ("2026-09", "2026-10"):
        within = frame(month)
        found = [
            entry
            for code, entries in judged([kept], ALWAYS, within=within).windows
            for entry in entries
            if code == "GX-03"
        ]
        for said in later:
            if said.stated.at is not None and said.stated.at <= AGAIN:
                day = within.day_of(said.stated.at)
                assert not [each for each in found if day in each.window and each.verdict is Verdict.VERIFIED]


@pytest.mark.parametrize(
    ("looked", "below", "since"),
    [
        pytest.param(NOTHING, None, None, id="never looked before, nothing below"),
        pytest.param(NOTHING, "10-03", "10-03", id="never looked before: after the item below"),
        pytest.param(covered("09-01>10-04"), None, "10-04", id="after the last look"),
        pytest.param(covered("09-01>10-04"), "10-03", "10-04", id="the later of both"),
        pytest.param(covered("09-01>10-04"), "10-05", "10-05", id="the later of both, the other way"),
    ],
)
def test_an_undated_post_is_no_older_than_the_last_look(looked: Coverage, below: str | None, since: str | None) -> None:
    one = replace(item(None), not_before=None if below is None else moment(below), not_after=moment("10-06"))
    post = first_seen(one, "gx-01", moment("10-07 09:00"), looked)
    assert (post.not_before, post.not_after) == (None if since is None else moment(since), moment("10-06"))
    dated = first_seen(replace(one, stated=item("10-05").stated), "gx-01", moment("10-07 09:00"), looked)
    assert (dated.not_before, dated.not_after) == (None, None)


@pytest.mark.parametrize(
    ("one", "at", "come"),
    [
        pytest.param(item("10-08 09:00"), "10-09 10:00", "10-08 09:00", id="it is past by now"),
        pytest.param(item("10-08 09:00"), "10-07 10:00", None, id="still to come"),
        pytest.param(item(None), "10-09 10:00", None, id="nothing stated now"),
        pytest.param(item("10-05 09:00"), "10-09 10:00", None, id="another time, before it was seen"),
    ],
)
def test_a_stated_time_that_lay_ahead_may_be_the_true_one_once_it_is_past(one: Item, at: str, come: str | None) -> None:
    announced = first(item("10-08 09:00"))
    assert announced.flags == {FUTURE}
    assert has_come(one.stated, announced, moment(at)) == (moment(come) if come else None)
    assert has_come(one.stated, first(item("10-05 09:30")), moment(at)) is None
