"""What a post's own page makes of it: it completes and does not contradict; and a report is held against it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.findings import Verdict
from monitor.own_page import Checked, Names, belongs, checked, completed, decided, page_credits
from monitor.proof import day_end, day_start
from monitor.sighting import CLAIMS, UNSEEN, first_seen, seen_again
from monitor.spans import NOTHING, Coverage
from monitor.values import Article, Credit, CreditKind, CreditPlace, Flag, Item, Mark, Post, Precision, Stated
from tests.monitor.builders import ALWAYS, ZONE, covered, frame, item, judged, moment, verdicts

DAY, MINUTE = Precision.DAY, Precision.MINUTE
SEEN, READ = "10-05 10:00", "10-20 10:00"
BACKDATED, FUTURE, RESTATED = Flag.BACKDATED, Flag.FUTURE, Flag.RESTATED
REPORTED, CONFIRMED, CONTRADICTED = Flag.REPORTED, Flag.CONFIRMED, Flag.CONTRADICTED
NAMES = Names(names=("高县发布", "高县人民政府办公室"), states=True)


def first(one: Item, coverage: Coverage = NOTHING) -> Post:
    return first_seen(one, "gx-01", moment(SEEN), coverage)


def article(at: str | None = None, precision: Precision = MINUTE, **more: object) -> Article:
    stated = item(at, precision).stated
    return replace(Article(title="标题", stated=stated, account="高县发布"), **more)  # type: ignore[arg-type]


def read(post: Post, page: Article, coverage: Coverage = NOTHING) -> Post:
    return completed(post, page, coverage, moment(READ), ZONE)


@pytest.mark.parametrize(
    ("one", "page", "published", "precision", "also", "flags"),
    [
        pytest.param(item("10-05", DAY, raw="2026-10-05"), article("10-05 09:30"), "10-05 09:30", MINUTE, [], set(), id="the minute of its day"),
        pytest.param(item("10-05", DAY, raw="2026-10-05"), article("10-05", DAY), "10-05", DAY, [], set(), id="the same day"),
        pytest.param(item("10-05", DAY, raw="2026-10-05"), article(None), "10-05", DAY, [], set(), id="no time"),
        pytest.param(item("10-05", DAY, raw="2026-10-05"), article("10-05 11:00"), "10-05", DAY, [], set(), id="later that day than it was seen"),
        pytest.param(item("10-05", DAY, raw="2026-10-05"), article("10-03 09:30"), "10-05", DAY, ["10-03 09:30"], {RESTATED}, id="another day"),
        pytest.param(item("10-05", DAY, raw="2026-10-05"), article("10-09 09:30"), "10-05", DAY, ["10-09 09:30"], {RESTATED}, id="a later day"),
        pytest.param(item("10-05", DAY, raw="2026-10-05"), article("10-21 09:30"), "10-05", DAY, [], set(), id="after it was read"),
        pytest.param(item("10-05 09:00"), article("10-05 09:30"), "10-05 09:00", Precision.SECOND, [], set(), id="another minute"),
        pytest.param(item(None), article("10-03 09:30"), "10-03 09:30", MINUTE, [], set(), id="undated"),
        pytest.param(item(None), article("10-03", DAY), "10-03", DAY, [], set(), id="undated and a day"),
        pytest.param(item(None), article("10-09 09:30"), SEEN, Precision.SECOND, ["10-09 09:30"], {FUTURE, RESTATED}, id="undated, later than seen"),
        pytest.param(item(None), article("10-05 11:30"), SEEN, Precision.SECOND, [], {FUTURE}, id="undated, later on the day seen"),
        pytest.param(item("2099-01-01"), article("10-03 09:30"), "10-03 09:30", MINUTE, [SEEN], {RESTATED}, id="far in the future"),
        pytest.param(item("2099-01-01"), article("10-05 09:30"), "10-05 09:30", MINUTE, [], set(), id="in the future, seen that day"),
        pytest.param(item("10-05", DAY, raw="10-05"), article("2025-10-05 09:30"), "2025-10-05 09:30", MINUTE, ["10-05"], {RESTATED}, id="without a year"),
        pytest.param(item("10-05", DAY, raw="10月5日"), article("10-03 09:30"), "10-03 09:30", MINUTE, ["10-05"], {RESTATED}, id="without a year, in characters"),
        pytest.param(item("10-05", DAY, raw="26-10-05"), article("10-03 09:30"), "10-05", DAY, ["10-03 09:30"], {RESTATED}, id="with two digits of a year"),
        pytest.param(item("10-05", DAY, raw="1795390200"), article("10-03 09:30"), "10-05", DAY, ["10-03 09:30"], {RESTATED}, id="a number of seconds"),
        pytest.param(replace(item("10-05", DAY, raw="20261005"), url="https://x/t20261005_1.html"), article("10-03 09:30"), "10-03 09:30", MINUTE, ["10-05"], {RESTATED}, id="from the address"),
    ],
)  # fmt: skip
def test_the_time_of_a_page(
    one: Item, page: Article, published: str, precision: Precision, also: list[str], flags: set[Flag]
) -> None:
    post = first(one)
    said = read(post, page)
    assert said.published_at == moment(published)
    assert said.precision is precision
    assert said.other_times == tuple(moment(each) for each in also)
    assert said.flags == flags
    if post.published_at is not None:
        assert (said.stated, said.form) == (post.stated, post.form)
        assert seen_again(said, one, NOTHING, moment(READ)) is None
    assert read(said, page) == said


@pytest.mark.parametrize(
    ("coverage", "at", "flags"),
    [
        pytest.param(covered("10-01..10-02"), "10-02 09:00", {BACKDATED}, id="the minute was covered"),
        pytest.param(covered("10-01 00:00>10-02 12:00"), "10-02 09:00", {BACKDATED}, id="the end of its day was not"),
        pytest.param(covered("10-02 12:00>10-04 00:00"), "10-02 09:00", set(), id="the end of its day alone was"),
    ],
)
def test_a_day_that_takes_its_minute_is_back_dated_by_that(coverage: Coverage, at: str, flags: set[Flag]) -> None:
    assert read(first(item("10-02", DAY), coverage), article(at), coverage).flags == flags


def test_a_list_that_begins_to_write_the_minute_moves_nothing() -> None:
    post = first(item("10-03", DAY, raw="2026-10-03"))
    told = item("10-03 15:00", MINUTE, raw="2026-10-03 15:00")
    said = seen_again(post, told, NOTHING, moment(READ))
    assert said is not None
    assert (said.published_at, said.precision, said.stated) == (moment("10-03 15:00"), MINUTE, "2026-10-03 15:00")
    assert not said.flags
    assert said.other_times == ()
    covered_then = seen_again(post, told, ALWAYS, moment(READ))
    assert covered_then is not None
    assert covered_then.flags == {BACKDATED}
    next_day = seen_again(post, item("10-04 00:00", MINUTE), NOTHING, moment(READ))
    assert next_day is not None
    assert next_day.flags == {RESTATED}
    assert next_day.other_times == (moment("10-03"),)


def test_a_second_doubt_is_kept_beside_the_first_and_none_twice() -> None:
    post = read(read(first(item("10-05", DAY, raw="2026-10-05")), article("10-03 09:30")), article("10-02 09:30"))
    assert post.other_times == (moment("10-03 09:30"), moment("10-02 09:30"))
    assert read(post, article("10-03 15:00")) == post


def test_what_a_page_says_stands_beside_what_the_list_says() -> None:
    credit = Credit(kind=CreditKind.SOURCE, label="来源", value="新华社")
    post = replace(first(item("10-05 09:30")), credits=(credit,), mark=Mark.ORIGINAL)
    said = read(post, article(publisher="人民日报", mark=Mark.REPOST))
    assert (said.credits, said.mark) == (post.credits, post.mark)
    assert (said.page_mark, said.page_at) == (Mark.REPOST, moment(READ))
    assert [each.value for each in said.page_credits] == ["人民日报"]


@pytest.mark.parametrize(
    ("publisher", "values"),
    [
        pytest.param("", ["县融媒体"], id="none"),
        pytest.param("县融媒体", ["县融媒体"], id="a line says it"),
        pytest.param("人民日报", ["人民日报", "县融媒体"], id="in the metadata alone"),
    ],
)
def test_the_source_that_a_page_names_in_its_metadata_is_a_credit(publisher: str, values: list[str]) -> None:
    line = Credit(kind=CreditKind.SOURCE, label="信息来源", value="县融媒体", place=CreditPlace.HEADER)
    found = page_credits(article(publisher=publisher, credits=(line,)))
    assert [each.value for each in found] == values
    assert {each.place for each in found} == {CreditPlace.HEADER}


@pytest.mark.parametrize(
    ("listed", "on_page", "title"),
    [
        pytest.param("关于做好国庆…", "关于做好国庆值班的通知", "关于做好国庆值班的通知", id="cut"),
        pytest.param("", "关于做好国庆值班的通知", "关于做好国庆值班的通知", id="none"),
        pytest.param("国庆值班通知", "关于做好国庆值班的通知", "国庆值班通知", id="another wording"),
        pytest.param("国庆值班通知", "", "国庆值班通知", id="none on the page"),
    ],
)
def test_a_title_is_completed(listed: str, on_page: str, title: str) -> None:
    one = replace(item("10-05", DAY, raw="2026-10-05"), title=listed)
    post = read(first(one), article(title=on_page))
    assert post.title == title
    assert seen_again(post, one, NOTHING, moment(READ)) is None
    edited = seen_again(post, replace(one, title="另一个题目"), NOTHING, moment(READ))
    assert edited is not None
    assert edited.title == "另一个题目"


def test_a_page_with_another_title_is_not_the_posts() -> None:
    post = first(item("10-05", DAY, raw="2026-10-05"))
    assert belongs(post, article())
    assert belongs(post, article(title=""))
    assert not belongs(post, article(title="网站地图"))


def test_a_day_that_holds_the_time_known_is_nothing_new() -> None:
    post = read(first(item("10-05", DAY, raw="2026-10-05")), article("10-05 09:30"))
    written = seen_again(post, item("10-05", DAY, raw="2026年10月5日"), NOTHING, moment(READ))
    assert written is not None
    assert (written.published_at, written.precision, written.flags) == (moment("10-05 09:30"), MINUTE, frozenset())
    moved = seen_again(post, item("10-04", DAY), NOTHING, moment(READ))
    assert moved is not None
    assert (moved.published_at, moved.other_times) == (moment("10-04"), (moment("10-05 09:30"),))


# ---------------------------------------------------------------------------------------------------- self-reports


def claim(at: str | None = "10-04 09:00", precision: Precision = MINUTE, coverage: Coverage = NOTHING) -> Post:
    return first(replace(item(at, precision), reported=True), coverage)


def claim_at(at: datetime) -> Post:
    said = Stated(at=at, precision=MINUTE, raw=at.isoformat(), form="x")
    return first(replace(item(None, key="k"), stated=said, reported=True))


def check(post: Post, page: Article, names: Names = NAMES) -> Checked:
    return checked(post, page, names, moment(READ), ZONE)


@pytest.mark.parametrize(
    ("post", "page", "names", "flag", "reason"),
    [
        pytest.param(claim(), article("10-04 09:00"), NAMES, CONFIRMED, "", id="all the same"),
        pytest.param(claim(), article("10-04 09:05"), NAMES, CONFIRMED, "", id="five minutes apart"),
        pytest.param(claim("10-04", DAY), article("10-04 09:00"), NAMES, CONFIRMED, "", id="the day alone reported"),
        pytest.param(claim(), article("10-04", DAY), NAMES, CONFIRMED, "", id="the day alone on the page"),
        pytest.param(claim("10-04 00:00"), article("10-04 09:00"), NAMES, CONFIRMED, "", id="midnight is how a table writes a day"),
        pytest.param(claim(), article("10-04 09:06"), NAMES, CONFIRMED, "页面的发布时间为2026年10月4日09:06，上报的为2026年10月4日09:00，同为当日，以页面为准。", id="six minutes apart"),
        pytest.param(claim("10-04 00:00"), article("10-03 23:58"), NAMES, CONTRADICTED, "页面的发布时间为2026年10月3日23:58，与上报的2026年10月4日不符。", id="minutes apart and another day"),
        pytest.param(claim("10-04", DAY), article("10-03", DAY), NAMES, CONTRADICTED, "页面的发布时间为2026年10月3日，与上报的2026年10月4日不符。", id="another day"),
        pytest.param(claim(), article("10-04 09:00", account="邻县"), NAMES, CONTRADICTED, "页面的发布账号为“邻县”，与台账登记的“高县发布”不符。", id="another account"),
        pytest.param(claim(), article("10-04 09:00", account=""), NAMES, REPORTED, "页面未写明发布账号，尚不能核实。", id="no account"),
        pytest.param(claim(), article("10-04 09:00", account="高 县 发布"), NAMES, CONFIRMED, "", id="padded"),
        pytest.param(claim(), article("10-04 09:00", account="邻县"), replace(NAMES, states=False), REPORTED, "页面的发布账号为“邻县”，与台账登记的“高县发布”不符，尚不能核实。", id="a site that names itself"),
        pytest.param(claim(), article("10-04 09:00", account="", publisher="邻县发布"), replace(NAMES, states=False, shown_by="账号“邻县”（b1）"), REPORTED, "页面未写明发布账号，只写明来源“邻县发布”，该链接见于账号“邻县”（b1）的列表，尚不能核实。", id="a shared site that names a source, and another's list"),
        pytest.param(claim(), article("10-04 09:00", account="邻县"), replace(NAMES, states=False, shown_by="账号“邻县”（b1）"), REPORTED, "页面的发布账号为“邻县”，与台账登记的“高县发布”不符，该链接见于账号“邻县”（b1）的列表，尚不能核实。", id="a shared site that names itself, and another's list"),
        pytest.param(claim(), article("10-04 09:00", account="邻县"), replace(NAMES, states=False, is_own_site=True), CONFIRMED, "", id="its own site"),
        pytest.param(claim(), article("10-04 09:00", account=""), replace(NAMES, states=False, is_own_site=True), CONFIRMED, "", id="its own site without a name"),
        pytest.param(claim(), article("10-04 09:00", account=""), replace(NAMES, is_own_site=True), CONFIRMED, "", id="a page at its own address"),
        pytest.param(claim(), article("10-04 09:00", title="别的"), NAMES, CONTRADICTED, "页面的标题为“别的”，与上报的“标题”不符。", id="another title"),
        pytest.param(claim(), article("10-04 09:00", title=""), NAMES, REPORTED, "页面未写明标题，尚不能核实。", id="no title on the page"),
        pytest.param(replace(claim(), title=""), article("10-04 09:00"), NAMES, REPORTED, "上报中没有标题，尚不能核实。", id="no title reported"),
        pytest.param(claim(None), article("10-04 09:00"), NAMES, REPORTED, "上报中没有可读取的发布时间，尚不能核实。", id="no time reported"),
        pytest.param(claim(), article(None), NAMES, REPORTED, "页面未写明发布时间，尚不能核实。", id="no time on the page"),
        pytest.param(claim(), article("11-04 09:00"), NAMES, REPORTED, "页面未写明发布时间，尚不能核实。", id="a time to come"),
        pytest.param(claim("2099-01-01 08:00"), article("10-04 09:00"), NAMES, CONTRADICTED, "页面的发布时间为2026年10月4日09:00，上报的“2099-01-01 08:00”晚于上报之时。", id="reported in advance"),
    ],
)  # fmt: skip
def test_a_report_is_held_against_the_page(post: Post, page: Article, names: Names, flag: Flag, reason: str) -> None:
    found = check(post, page, names)
    assert (found.flag, found.reason) == (flag, reason)
    assert decided(post, page, found, ZONE).flags & CLAIMS == {flag}


def test_what_is_reported_takes_no_time_from_its_page_before_it_is_confirmed() -> None:
    post = claim("10-04", DAY)
    page = article("10-04 09:00")
    said = read(post, page)
    assert (said.published_at, said.page_at) == (post.published_at, moment(READ))
    assert decided(said, page, check(said, page), ZONE).published_at == moment("10-04 09:00")
    other = article("10-03 09:00", account="")
    assert decided(said, other, check(said, other), ZONE).published_at == post.published_at


@pytest.mark.parametrize(
    ("page", "also"),
    [
        pytest.param(article("10-03 09:00"), ["10-03 09:00"], id="it is the account's own, of another day"),
        pytest.param(article("10-03 09:00", account="邻县"), [], id="another account's"),
        pytest.param(article("10-03 09:00", account=""), ["10-03 09:00"], id="perhaps another account's"),
        pytest.param(article("10-03 09:00", title="别的"), [], id="another post's"),
    ],
)
def test_the_day_of_a_page_that_is_the_accounts_own_is_kept(page: Article, also: list[str]) -> None:
    post = claim()
    found = decided(post, page, check(post, page), ZONE)
    assert found.flags & CLAIMS == {CONTRADICTED}
    assert found.published_at == post.published_at
    assert found.other_times == tuple(moment(each) for each in also)


def test_what_is_confirmed_takes_the_time_of_its_page() -> None:
    post = claim()
    found = check(post, article("10-04 11:00"))
    said = decided(post, article("10-04 11:00"), found, ZONE)
    assert (said.published_at, said.precision) == (moment("10-04 11:00"), MINUTE)
    assert said.flags == {CONFIRMED}
    on_a_day = article("10-04", DAY)
    assert decided(post, on_a_day, check(post, on_a_day), ZONE).published_at == post.published_at


def test_the_day_of_a_page_is_kept_once_even_if_a_time_to_come_was_put_there() -> None:
    post = claim("2099-01-01 08:00")
    page = article("10-05 09:00")
    said = decided(post, page, check(post, page), ZONE)
    assert post.published_at == moment(SEEN)
    assert said.other_times == (moment("10-05 09:00"),)
    assert decided(said, page, check(said, page), ZONE) == said


def test_a_report_says_nothing_of_what_was_seen_or_confirmed() -> None:
    seen = first(item("10-04 09:00"))
    confirmed = replace(claim(), flags=frozenset({CONFIRMED}))
    again = replace(item("10-01 09:00", title="改口"), reported=True)
    assert seen_again(seen, again, NOTHING, moment(READ)) is None
    assert seen_again(confirmed, again, NOTHING, moment(READ)) is None


@pytest.mark.parametrize("flag", [REPORTED, CONTRADICTED])
def test_the_last_word_of_a_report_counts_and_is_checked_anew(flag: Flag) -> None:
    post = replace(claim(), flags=frozenset({flag, RESTATED}), other_times=(moment("10-03"),))
    said = replace(item("10-04 09:00", MINUTE), reported=True)
    for same in (said, replace(said, title="")):
        assert seen_again(post, same, NOTHING, moment(READ)) is None
    mended = seen_again(post, replace(item("10-02 09:00", MINUTE), reported=True), NOTHING, moment(READ))
    assert mended is not None
    assert (mended.published_at, mended.other_times) == (moment("10-02 09:00"), ())
    assert mended.flags == {REPORTED}
    assert mended.seen_at == post.seen_at


@pytest.mark.parametrize("flag", [REPORTED, CONTRADICTED])
@pytest.mark.parametrize("at", [pytest.param(READ, id="then"), pytest.param(None, id="at a time not given")])
def test_what_a_source_shows_counts_as_if_no_report_had_been(flag: Flag, at: str | None) -> None:
    post = replace(
        claim(), flags=frozenset({flag}), other_times=(moment("10-03"),), page_at=moment(READ), page_mark=Mark.ORIGINAL
    )
    shown = seen_again(post, item("10-01 09:00", title="另题"), NOTHING, moment(at) if at else None)
    assert shown is not None
    assert (shown.published_at, shown.other_times) == (moment("10-01 09:00"), ())
    assert shown.flags == frozenset()
    assert (shown.title, shown.seen_at, shown.page_mark) == ("另题", post.seen_at, Mark.ORIGINAL)


def test_what_was_confirmed_stays_beside_what_a_source_shows() -> None:
    post = replace(claim(), flags=frozenset({CONFIRMED}))
    shown = seen_again(post, item("10-04 09:00"), NOTHING, moment(READ))
    assert shown is not None
    assert (shown.flags, shown.published_at) == (frozenset(), moment("10-04 09:00"))
    moved = seen_again(post, item("10-01 09:00"), NOTHING, moment(READ))
    assert moved is not None
    assert moved.flags == {RESTATED}
    assert moved.other_times == (moment("10-04 09:00"),)


# ------------------------------------------------------------------------------------------------------------ laws

HOUR = timedelta(hours=1)
precisions = st.sampled_from([DAY, MINUTE])
lists = st.sampled_from([ALWAYS, covered("10-01..10-03"), NOTHING])


@st.composite
def stated(draw: st.DrawFn) -> Stated:
    if draw(st.integers(0, 4)) == 0:
        return Stated()
    at = moment(SEEN) + HOUR * draw(st.integers(-24 * 20, 24 * 3))
    if draw(precisions) is DAY:
        day = at.astimezone(ZONE).date()
        raw = draw(st.sampled_from([f"{day}", f"{day.month}-{day.day}"]))
        return Stated(at=day_start(day, ZONE), precision=DAY, raw=raw, form="x", day_end=day_end(day, ZONE))
    return Stated(at=at, precision=MINUTE, raw=at.isoformat(), form="x")


@given(stated(), st.lists(stated(), max_size=3), lists)
def test_no_day_that_a_list_or_a_page_states_is_one_of_proven_silence(
    one: Stated, pages: list[Stated], coverage: Coverage
) -> None:
    post = first(replace(item(None, key="k"), stated=one), coverage)
    kept = post
    for each in pages:
        kept = read(kept, article(stated=each), coverage)
    told = [each for each in (one, *pages) if each.at is not None and each.at <= moment(READ)]
    if one.at is not None and one.at > moment(SEEN) + HOUR / 6:  # replaced by the time of the first sighting
        told = [each for each in told if each != one]
    for month in ("2026-09", "2026-10"):
        within = frame(month)
        found = verdicts(judged([kept], ALWAYS, within=within), "GX-03")
        for each in told:
            assert each.at is not None
            day = within.day_of(each.at)
            for week, verdict in found.items():
                if week.split("/")[0] <= str(day) <= week.split("/")[-1]:
                    assert verdict is not Verdict.VERIFIED, (week, kept)


@given(stated(), st.lists(stated(), max_size=3), lists)
def test_the_next_visit_of_the_list_changes_nothing_and_the_page_again_neither(
    one: Stated, pages: list[Stated], coverage: Coverage
) -> None:
    listed = replace(item(None, key="k"), stated=one)
    kept = first(listed, coverage)
    for each in pages:
        kept = read(kept, article(stated=each), coverage)
        assert read(kept, article(stated=each), coverage) == kept
        assert seen_again(kept, listed, coverage, moment(READ)) is None
        assert kept.published_at is None or kept.published_at <= moment(SEEN) + HOUR / 6


claimed = st.integers(-24 * 20, 0).map(lambda hours: moment(SEEN) + HOUR * hours)


@given(claimed, st.lists(stated(), min_size=1, max_size=3))
def test_no_day_that_the_own_page_of_a_report_states_is_one_of_proven_silence(
    at: datetime, pages: list[Stated]
) -> None:
    """Nor does the order of the readings matter to what is a doubt."""
    post = claim_at(at)
    for each in pages:
        page = article(stated=each)
        said = read(post, page)
        post = decided(said, page, check(post, page), ZONE) if post.flags & UNSEEN else said
    told = [each.at for each in pages if each.at is not None and each.at <= moment(READ)]
    for month in ("2026-09", "2026-10"):
        within = frame(month)
        found = verdicts(judged([post], ALWAYS, within=within), "GX-03")
        for day in (str(within.day_of(each)) for each in told):
            for week, verdict in found.items():
                if week.split("/")[0] <= day <= week.split("/")[-1]:
                    assert verdict is not Verdict.VERIFIED, (week, post)
