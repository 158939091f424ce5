"""Plain builders that keep scenario tables readable: local times, accounts, posts, coverage, frames, policies."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.case import Case, Observations
from monitor.decisions import Decision, Entered, Reason, Ruling, Subject
from monitor.disposal import Disposition
from monitor.findings import Figures, Finding, Judgement, Severity, Verdict, Window
from monitor.frame import Frame, month_of
from monitor.judge import judge
from monitor.likeness import Near, earliest, latest
from monitor.policy import PARAMETERS, Policy, RuleParameters
from monitor.spans import Coverage, Span, union
from monitor.values import (
    NO_FLAGS,
    UNSTATED,
    Account,
    AccountState,
    Correction,
    Flag,
    Item,
    Originality,
    Platform,
    Post,
    Precision,
    Rung,
    SourceAddress,
    Stated,
)
from monitor.visits import Outcome, Visit
from monitor.workdays import NoticeDay, Workdays, YearNotice

ZONE = ZoneInfo("Asia/Shanghai")
YEAR = 2026
ONE_DAY = timedelta(days=1)
LAST_MOMENT = timedelta(microseconds=1)
LONG_AGO = date(2020, 1, 1)

ORIGINAL = Originality.ORIGINAL
REPOST = Originality.REPOST
UNKNOWN = Originality.UNDETERMINED


# ------------------------------------------------------------------------------------------------------------- times


def day(text: str | date) -> date:
    """Read ``10-05`` (of 2026) or ``2026-10-05``."""
    if isinstance(text, date):
        return text
    return date.fromisoformat(text if text.count("-") == 2 else f"{YEAR}-{text}")


def moment(text: str | datetime) -> datetime:
    """Read a local time, ``10-05``, ``10-05 09:30`` or with a year and seconds, as a moment in UTC."""
    if isinstance(text, datetime):
        return text
    days, _, clock = text.partition(" ")
    at = datetime.combine(day(days), time.fromisoformat(clock) if clock else time.min, ZONE)
    return at.astimezone(UTC)


def window(first: str | date, last: str | date | None = None) -> Window:
    return Window(day(first), day(last or first))


def windows(text: str) -> tuple[Window, ...]:
    """Read ``10-05..10-11 10-20`` as windows."""
    return tuple(window(*each.split("..")) for each in text.split())


def span(start: str | datetime, end: str | datetime) -> Span:
    return Span(moment(start), moment(end))


def covered(*days: str) -> Coverage:
    """Coverage of whole local days, ``10-05..10-11`` (both included) or ``10-05``, or of moments, ``10-05 09:00>10-06 12:00``."""
    spans: list[Span] = []
    for text in days:
        if ">" in text:
            start, end = text.split(">")
            spans.append(span(start, end))
        else:
            first, _, last = text.partition("..")
            spans.append(Span(moment(first), moment(day(last or first).isoformat()) + ONE_DAY))
    return union(spans)


# ------------------------------------------------------------------------------------------------- what is looked at


def account(
    *,
    main: bool = False,
    state: AccountState = AccountState.ACTIVE,
    opened: str | None = None,
    closing_notice: str | None = None,
    closed: str | None = None,
    addresses: tuple[str, ...] = ("https://county.example/feed.xml",),
    name: str = "高县发布",
    platform: Platform = Platform.WECHAT,
) -> Account:
    return Account(
        account_id="gx-01",
        name=name,
        platform=platform,
        organizer="高县人民政府办公室",
        main=main,
        addresses=tuple(SourceAddress(url=url) for url in addresses),
        state=state,
        opened=day(opened) if opened else None,
        closing_notice=day(closing_notice) if closing_notice else None,
        closed=day(closed) if closed else None,
    )


def post(
    at: str | datetime | None,
    key: str | None = None,
    *,
    of: Originality = ORIGINAL,
    title: str = "县政府召开常务会议",
    seen: str | datetime | None = None,
    flags: Iterable[Flag] = NO_FLAGS,
    formerly: Iterable[str | datetime] = (),
    precision: Precision = Precision.SECOND,
    **more: Any,
) -> Post:
    """A post at a local time, seen five minutes later; ``of`` is its class, by a person's correction where it is known."""
    published = None if at is None else moment(at)
    seen_at = moment(seen) if seen is not None else (published or moment("10-01")) + timedelta(minutes=5)
    decided = Correction(originality=of, by="王某", why="人工核对", at=seen_at)
    return Post(
        account_id="gx-01",
        key=key or f"{at or 'undated'}@{seen_at:%m-%d}",
        title=title,
        url="https://county.example/1",
        published_at=published,
        seen_at=seen_at,
        precision=precision,
        stated="" if at is None else str(at),
        flags=frozenset(flags),
        other_times=tuple(moment(each) for each in formerly),
        correction=None if of is UNKNOWN else decided,
        **more,
    )


def alike(
    at: str,
    similarity: float = 0.95,
    *,
    organizer: str = "高县融媒体中心",
    name: str = "高县融媒",
    title: str = "县政府召开常务会议",
    of: Originality = UNKNOWN,
    step: int = 7,
    reason: str = "",
    **more: Any,
) -> Near:
    """A near-identical post of another account at a local time; ``more`` as for ``post``."""
    other = post(at, f"{name}@{at}", of=UNKNOWN, title=title, **more)
    assert other.published_at is not None
    return Near(
        account_id=name,
        account_name=name,
        organizer=organizer,
        platform=Platform.WEIBO,
        key=other.key,
        title=title,
        url=other.url,
        published_at=other.published_at,
        day=other.published_at.astimezone(ZONE).date(),
        similarity=similarity,
        originality=of,
        step=step,
        reason=reason,
        not_before=earliest(other),
        not_after=latest(other),
    )


def undated(seen: str, key: str | None = None, *, of: Originality = ORIGINAL, since: str | None = "") -> Post:
    """A post without a date; the last look before it was an hour earlier, at ``since``, or (None) never."""
    looked = None if since is None else moment(since) if since else moment(seen) - timedelta(hours=1)
    return replace(post(None, key or f"undated@{seen}", of=of, seen=seen), not_before=looked)


def backdated(at: str, *, of: Originality = ORIGINAL) -> Post:
    return post(at, f"{at} backdated", of=of, seen=moment(at) + timedelta(days=5), flags={Flag.BACKDATED})


def days_of(text: str) -> list[date]:
    """The days of ``10-05 10-07..10-09``."""
    return [each.first + ONE_DAY * n for each in windows(text) for n in range(each.days)]


def posts(text: str, *, but: str = "", of: Originality = ORIGINAL) -> list[Post]:
    """Posts at 09:00 on each of the days that ``text`` names, ``10-05 10-07..10-09``, ``but`` for some."""
    left_out = days_of(but)
    return [post(f"{each} 09:00", of=of) for each in days_of(text) if each not in left_out]


def stated(at: str | datetime | None, precision: Precision = Precision.SECOND, raw: str | None = None) -> Stated:
    if at is None:
        return UNSTATED if raw is None else Stated(raw=raw)
    start = moment(at)
    end = start + ONE_DAY if precision is Precision.DAY else None
    return Stated(at=start, precision=precision, raw=str(at) if raw is None else raw, form="iso", day_end=end)


def item(
    at: str | datetime | None,
    precision: Precision = Precision.SECOND,
    *,
    key: str | None = None,
    pinned: bool = False,
    title: str = "标题",
    raw: str | None = None,
) -> Item:
    return Item(key=key or str(at), rung=Rung.GUID, title=title, stated=stated(at, precision, raw), pinned=pinned)


def visit(
    at: str | datetime,
    outcome: Outcome = Outcome.NEW,
    *,
    proof: Span | None = None,
    visit_id: int | None = None,
) -> Visit:
    started = moment(at)
    return Visit(
        source_id=1,
        account_id="gx-01",
        url="https://county.example/feed.xml",
        lane="county.example",
        started_at=started,
        ended_at=started + timedelta(seconds=3),
        outcome=outcome,
        proof=proof,
        visit_id=visit_id,
    )


# --------------------------------------------------------------------------------------------------- what judges it


def notice(year: int, off: str = "", work: str = "", name: str = "国庆节") -> YearNotice:
    days = [
        NoticeDay(day=each, name=name, off=is_off)
        for text, is_off in ((off, True), (work, False))
        for each in days_of(text)
    ]
    return YearNotice(year=year, days=tuple(days))


WORKDAYS = Workdays(
    [
        notice(2025, "2025-10-01..2025-10-08", "2025-09-28 2025-10-11"),
        notice(2026, "2026-10-01..2026-10-07", "2026-09-20 2026-10-10"),
    ]
)
"""The National Days of 2025 and 2026 as announced; 2027 has no notice yet."""


def policy(
    changes: Mapping[str, Mapping[str, int | str]] | None = None,
    *,
    off: Iterable[str] = (),
    counter_limit: int = 3,
    rectification_workdays: int = 10,
) -> Policy:
    """The default parameters of every rule, with ``changes`` by rule; ``off`` names the rules that are not judged."""
    given = changes or {}
    dark = set(off)
    return Policy(
        name="test",
        title="检验用",
        version="1",
        effective_from=None,
        rules={
            code: RuleParameters(
                code=code,
                enabled=code not in dark,
                clause=f"{code}的依据",
                values={key: each.default for key, each in parameters.items()} | dict(given.get(code, {})),
            )
            for code, parameters in PARAMETERS.items()
        },
        counter_limit=counter_limit,
        rectification_workdays=rectification_workdays,
    )


def frame(
    month: str = "2026-10",
    at: str | datetime | None = None,
    *,
    by: Policy | None = None,
    workdays: Workdays = WORKDAYS,
    approved: frozenset[str] | None = None,
) -> Frame:
    """The frame of a month; ``at`` is the local time point, the end of the month by default."""
    period = month_of(date.fromisoformat(f"{month}-01"))
    return Frame(
        period=period,
        time_point=moment(at if at is not None else (period.last + ONE_DAY).isoformat()),
        zone=ZONE,
        workdays=workdays,
        policy=by or policy(),
        approved_sources=approved,
    )


def observed(
    known: Iterable[Post] = (),
    coverage: Iterable[Span] = (),
    *,
    visits: Iterable[Visit] = (),
    horizon: date = LONG_AGO,
    earlier: Iterable[Post] = (),
    near: Mapping[str, tuple[Near, ...]] | None = None,
) -> Observations:
    return Observations(
        horizon=horizon,
        posts=tuple(known),
        earlier=tuple(earlier),
        coverage=tuple(coverage),
        visits=tuple(visits),
        near=near or {},
    )


def case(
    known: Iterable[Post] = (),
    coverage: Iterable[Span] = (),
    *,
    of: Account | None = None,
    within: Frame | None = None,
    visits: Iterable[Visit] = (),
    horizon: date = LONG_AGO,
    earlier: Iterable[Post] = (),
    near: Mapping[str, tuple[Near, ...]] | None = None,
) -> Case:
    seen = observed(known, coverage, visits=visits, horizon=horizon, earlier=earlier, near=near)
    return Case(of or account(), seen, within or frame())


def judged(
    known: Iterable[Post] = (),
    coverage: Iterable[Span] = (),
    *,
    of: Account | None = None,
    within: Frame | None = None,
    visits: Iterable[Visit] = (),
    horizon: date = LONG_AGO,
    earlier: Iterable[Post] = (),
    failures: int = 0,
    near: Mapping[str, tuple[Near, ...]] | None = None,
    decisions: Iterable[Decision] = (),
    entered: Iterable[Entered] = (),
    dispositions: Iterable[Disposition] = (),
) -> Judgement:
    """Judge an account; ``failures`` are so many months in which it was 不合格, up to September 2026."""
    seen = replace(
        observed(known, coverage, visits=visits, horizon=horizon, earlier=earlier, near=near),
        decisions=tuple(decisions),
        entered=tuple(entered),
        dispositions=tuple(dispositions),
        failed_months=tuple(f"2026-{10 - n:02}" for n in range(failures, 0, -1)),
    )
    return judge(of or account(), seen, within or frame())


DECIDED_AT = datetime(2026, 11, 2, 1, tzinfo=UTC)


def decision(
    code: str,
    of: str,
    ruling: Ruling = Ruling.DISMISSED,
    *,
    key: str = "",
    posts: Iterable[str] = (),
    severity: Severity | None = None,
    hour: int = 0,
    by: str = "李某",
    unseen: str = "",
) -> Decision:
    """A decision on a window ``10-05..10-11``, or on the post ``key`` of that day, so many hours after the first.

    ``unseen`` are, of a CJ-01, the days that were not all seen.
    """
    (one,) = windows(of)
    return Decision(
        subject=Subject(account_id="gx-01", code=code, window=one, key=key),
        ruling=ruling,
        by=by,
        at=DECIDED_AT + timedelta(hours=hour),
        severity=severity,
        reason=Reason.CHECKED if ruling is Ruling.DISMISSED else None,
        posts=tuple(posts),
        number=hour + 1,
        unseen=windows(unseen),
    )


ALWAYS = covered("2020-01-01..2027-12-31")
"""Everything was seen."""


# ------------------------------------------------------------------------------------------------- what came of it


def verdicts(judgement: Judgement, code: str) -> dict[str, Verdict]:
    """Every window of a rule with its verdict, as ``2026-10-05/2026-10-11``."""
    found = dict(judgement.windows)
    return {str(each.window): each.verdict for each in found[code]}


def only_verdict(judgement: Judgement, code: str) -> Verdict:
    (one,) = verdicts(judgement, code).values()
    return one


def days_with(judgement: Judgement, code: str, verdict: Verdict) -> str:
    """The windows of a rule that have ``verdict``, as ``10-05..10-11 10-20``."""
    found = dict(judgement.windows)
    return " ".join(_short(each.window) for each in found[code] if each.verdict is verdict)


def _short(one: Window) -> str:
    first, last = f"{one.first:%m-%d}", f"{one.last:%m-%d}"
    return first if first == last else f"{first}..{last}"


def finding(judgement: Judgement, code: str, verdict: Verdict = Verdict.VERIFIED) -> Finding:
    (one,) = (each for each in judgement.findings if each.code == code and each.verdict is verdict)
    return one


def codes(judgement: Judgement) -> str:
    """The findings as ``GX-01 已核实, CJ-01 未能核验``."""
    return ", ".join(f"{each.code} {each.verdict}" for each in judgement.findings)


def figures(judgement: Judgement) -> Figures:
    return judgement.figures
