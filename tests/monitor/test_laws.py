"""The laws of judging (COVERAGE), over accounts, posts, coverage, time points and policies of every kind."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.case import Case, Observations
from monitor.findings import Judged, Judgement, Result, Severity, Verdict, Window
from monitor.frame import Frame
from monitor.judge import judge
from monitor.rules import RULES
from monitor.spans import NOTHING, Coverage, clip, contains, gaps, union
from monitor.values import Account, Flag, Originality, Post
from tests.examples import examples
from tests.monitor.strategies import a_post, accounts, coverages, frames, observations

VERIFIED, REVIEW, UNVERIFIABLE = Verdict.VERIFIED, Verdict.REVIEW, Verdict.UNVERIFIABLE
MET, PENDING, NOT_APPLICABLE = Verdict.MET, Verdict.PENDING, Verdict.NOT_APPLICABLE
RANK = {VERIFIED: 0, REVIEW: 1, UNVERIFIABLE: 1, PENDING: 1, MET: 2}

Windows = dict[tuple[str, Window], Verdict]


def each_window(account: Account, seen: Observations, frame: Frame) -> Windows:
    """Every window of every rule with its verdict; those of YC-01 by the day that ends them, as they are before merging."""
    case = Case(account, seen, frame)
    found: Windows = {}
    for rule in RULES:
        if rule.of_posts or rule.heading.code == "ZH-05" or not rule.binds(account):
            continue  # what rests on posts has windows only where there are such posts; ZH-05 rests on the registry
        if rule.heading.code == "YC-01" and frame.rule("YC-01").text("mode") == "rolling":
            days = frame.rule("YC-01").number("days")
            for window in frame.rolling(days):
                found["YC-01", window] = case.verdict(window, case.originals, 1)
        else:
            found |= {(rule.heading.code, each.window): each.verdict for each in rule.judge(case)}
    return found


def listed(judgement: Judgement) -> Iterator[tuple[str, Judged]]:
    return ((code, each) for code, windows in judgement.windows for each in windows)


# ------------------------------------------------------------------------------------------------- the promised laws


@given(accounts(), observations(), frames())
def test_with_no_coverage_nothing_is_ever_proven(account: Account, seen: Observations, frame: Frame) -> None:
    blind = replace(seen, coverage=NOTHING)
    judgement = judge(account, blind, frame)
    assert all(each.verdict is not VERIFIED for code, each in listed(judgement) if code != "ZH-05")
    assert all(each.verdict is not VERIFIED for each in judgement.findings if each.code != "ZH-05")
    assert VERIFIED not in each_window(account, blind, frame).values()
    assert judgement.result is not Result.FAILED


@given(accounts(), observations(), frames(), coverages())
def test_more_coverage_never_lets_the_proven_become_anything_but_proven_or_met(
    account: Account, seen: Observations, frame: Frame, more: Coverage
) -> None:
    before = each_window(account, seen, frame)
    after = each_window(account, replace(seen, coverage=union((*seen.coverage, *more))), frame)
    assert before.keys() == after.keys()
    for key, verdict in before.items():
        if verdict is VERIFIED:
            assert after[key] in {VERIFIED, MET}
        if verdict in {PENDING, NOT_APPLICABLE}:
            assert after[key] is verdict


@examples(200)
@given(accounts(), observations(), frames(), a_post())
def test_one_more_post_never_makes_a_window_worse(
    account: Account, seen: Observations, frame: Frame, more: Post
) -> None:
    before = each_window(account, seen, frame)
    after = each_window(account, replace(seen, posts=(*seen.posts, more)), frame)
    assert before.keys() == after.keys()
    for key, verdict in before.items():
        if verdict is NOT_APPLICABLE:
            assert after[key] is NOT_APPLICABLE
        else:
            assert RANK[after[key]] >= RANK[verdict], f"{key}: {verdict} → {after[key]}"


@given(accounts(), observations(), frames(), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(account: Account, seen: Observations, frame: Frame, chance: object) -> None:
    shuffle = getattr(chance, "shuffle")  # noqa: B009
    given_posts, spans = [*seen.posts, *seen.posts[:5]], [*seen.coverage, *seen.coverage]
    shuffle(given_posts)
    shuffle(spans)
    again = replace(seen, posts=tuple(given_posts), earlier=seen.posts[2:4], coverage=union(spans))
    assert judge(account, again, frame) == judge(account, seen, frame)


@given(accounts(), observations(), frames(), st.integers(0, 4))
def test_judging_is_pure(account: Account, seen: Observations, frame: Frame, failures: int) -> None:
    fresh, failed = replace(frame), tuple(f"2026-0{month}" for month in range(5, 5 + failures))
    known = replace(seen, failed_months=failed)
    first = judge(account, known, frame)
    assert judge(account, known, frame) == first
    assert judge(account, known, fresh) == first


# ------------------------------------------------------------------------------------- what the text says of each word


@given(accounts(), observations(), frames())
def test_what_each_verdict_means(account: Account, seen: Observations, frame: Frame) -> None:
    case = Case(account, seen, frame)
    for (code, window), verdict in each_window(account, seen, frame).items():
        covered, ended = contains(seen.coverage, frame.span(window)), window.last <= frame.last_day
        if verdict is VERIFIED:
            assert covered
            assert ended
        if verdict is UNVERIFIABLE:
            assert not covered
            assert ended
        if verdict is REVIEW:
            assert ended
            is_open = code == "GX-02" and frame.rule("GX-02").number("tolerance")  # other days decide
            assert is_open or any(
                post.published_at is None
                or post.flags & {Flag.BACKDATED, Flag.RESTATED}
                or (code == "YC-01" and post.correction is None)
                for post in seen.posts
            )
        if verdict is PENDING:
            assert not ended
        is_applicable = _applies(account, window)
        assert (verdict is NOT_APPLICABLE) is not is_applicable
    assert case.account == account


def _applies(account: Account, window: Window) -> bool:
    ends = [each for each in (account.closing_notice, account.closed) if each]
    if account.state != "正常" and not ends:
        return False
    return (account.opened is None or account.opened <= window.first) and all(window.last < end for end in ends)


@given(accounts(), observations(), frames())
def test_known_posts_alone_meet_a_window(account: Account, seen: Observations, frame: Frame) -> None:
    """Counted anew, from the posts: nothing that is proven holds as many as are due."""
    rules = {code: frame.rule(code) for code in ("GX-02", "GX-03")}
    for (code, window), verdict in each_window(account, seen, frame).items():
        due = rules[code].number("minimum") if code in rules else 1
        last = max(window.last, frame.today) if code in {"GX-01", "GX-05"} else window.last
        counting = [
            post
            for post in seen.posts
            if post.published_at is not None
            and window.first <= frame.day_of(post.published_at) <= min(last, frame.today)
            and not post.flags & {Flag.BACKDATED, Flag.REPORTED, Flag.CONTRADICTED}
            and (code != "YC-01" or _is_original(post, frame))
        ]
        if verdict in {VERIFIED, REVIEW, UNVERIFIABLE, PENDING}:
            assert len(counting) < due
        elif verdict is MET and not (code == "GX-02" and frame.rule("GX-02").number("tolerance")):
            assert len(counting) >= due


def _is_original(post: Post, frame: Frame) -> bool:
    if post.correction is None:
        return frame.rule("YC-01").text("unknown") == "原创"
    return post.correction.originality is Originality.ORIGINAL


@given(accounts(), observations(), frames())
def test_where_the_answer_goes(account: Account, seen: Observations, frame: Frame) -> None:
    judgement = judge(account, seen, frame)
    rows = [(each.code, each.verdict) for each in judgement.findings]
    assert len(set(rows)) == len(rows)
    for code, windows in judgement.windows:
        for verdict in (VERIFIED, REVIEW):
            some = tuple(each.window for each in windows if each.verdict is verdict)
            found = [each.windows for each in judgement.findings if (each.code, each.verdict) == (code, verdict)]
            assert found == ([some] if some else [])
    unjudged = {each.window for _, each in listed(judgement) if each.verdict is UNVERIFIABLE}
    cj01 = [set(each.windows) for each in judgement.findings if each.code == "CJ-01"]
    assert cj01 == ([unjudged] if unjudged else [])


@given(accounts(), observations(), frames())
def test_the_result_follows_from_the_findings(account: Account, seen: Observations, frame: Frame) -> None:
    judgement = judge(account, seen, frame)
    found = {each.verdict for each in judgement.findings if each.severity is not Severity.HINT}
    duties = (each for code, each in listed(judgement) if code != "ZH-05")
    applied = any(each.verdict not in {NOT_APPLICABLE, PENDING} for each in duties)
    expected = (
        Result.FAILED
        if VERIFIED in found
        else Result.REVIEW
        if REVIEW in found
        else Result.UNVERIFIABLE
        if UNVERIFIABLE in found
        else Result.PASSED
        if applied
        else Result.NOT_APPLICABLE
    )
    assert judgement.result is expected
    assert judgement.failures == (expected is Result.FAILED)
    for each in judgement.findings:
        assert each.description.endswith("。")
        assert (each.due is not None) is (each.verdict is VERIFIED and each.severity is not Severity.HINT)
        assert (each.severity is Severity.UNVERIFIED) is (each.code == "CJ-01")


@given(accounts(), observations(), frames())
def test_a_proven_window_of_originals_is_covered_and_holds_none(
    account: Account, seen: Observations, frame: Frame
) -> None:
    """Merged windows too: from the day after the last original, never before the stretch that proves it."""
    case = Case(account, seen, frame)
    for each in dict(judge(account, seen, frame).windows)["YC-01"]:
        if each.verdict is VERIFIED:
            assert contains(seen.coverage, frame.span(each.window))
            assert case.originals.count(each.window) == 0
            before = frame.span(each.window).start
            if frame.rule("YC-01").text("mode") == "rolling":
                previous = case.originals.last_before(each.window.first)
                starts_after_one = previous is not None and (each.window.first - previous.day).days == 1
                starts_with_stretch = case.covered_since(each.window.first) == each.window.first
                after_doubt = case.originals.last_doubt(each.window.first) == each.window.first - timedelta(days=1)
                assert starts_after_one or starts_with_stretch or after_doubt or each.window.first == account.opened
            assert case.originals.count_doubtful(each.window) == 0
            assert before < frame.time_point


@given(accounts(), observations(), frames())
def test_gaps_and_coverage_of_what_was_not_judged(account: Account, seen: Observations, frame: Frame) -> None:
    for each in judge(account, seen, frame).findings:
        if each.code == "CJ-01":
            assert each.gaps
            assert len(each.causes) == len(each.gaps)
            wholes = union(frame.span(window) for window in each.windows)
            for gap in each.gaps:
                assert clip(seen.coverage, gap) == ()
                assert any(contains(wholes, gap) for _ in (0,))
            assert sum(len(gaps(seen.coverage, whole)) for whole in wholes) == len(each.gaps)


@given(accounts(), observations(), frames())
def test_the_figures_agree_with_the_windows(account: Account, seen: Observations, frame: Frame) -> None:
    judgement = judge(account, seen, frame)
    found = judgement.figures
    counted = [post for post, _ in judgement.posts if not post.flags & {Flag.REPORTED, Flag.CONTRADICTED}]
    assert found.published == found.original + found.reposted + found.undetermined == len(counted)
    assert 0 <= found.coverage_share <= 1
    days, weeks = dict(judgement.windows).get("GX-02"), dict(judgement.windows).get("GX-03")
    assert (found.workdays_due is None) is (days is None)
    assert (found.weeks_due is None) is (weeks is None)
    if days is not None:
        assert found.workdays_missed == tuple(each.window.first for each in days if each.verdict is VERIFIED)
        assert found.workdays_due is not None
        assert found.workdays_met is not None
        assert found.workdays_met + len(found.workdays_missed) <= found.workdays_due
    if weeks is not None:
        assert found.weeks_missed == tuple(each.window for each in weeks if each.verdict is VERIFIED)
        assert found.weeks_due is not None
        assert found.weeks_met is not None
        assert found.weeks_met + len(found.weeks_missed) <= found.weeks_due
    if found.longest_silence is not None:
        assert 0 <= found.longest_silence <= len(frame.days)
    if found.days_since_last is not None:
        assert found.last_post is not None
        assert found.last_post.published_at is not None
        assert found.days_since_last == (frame.today - frame.day_of(found.last_post.published_at)).days >= 0
