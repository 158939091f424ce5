"""What the office is told once a week: which accounts missed their duties last week, and what is due in this one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from monitor.case import Case
from monitor.deadlines import deadlines_of
from monitor.deciding import judged_by
from monitor.findings import NOT_DUE, Deadline, Judged, Verdict, Window
from monitor.frame import ONE_DAY, Frame, month_of, natural_weeks
from monitor.reminding import is_broken
from monitor.rules import RULES, Heading
from monitor.spans import clip, duration
from monitor.values import Account
from monitor.wording import listed, named, short_window, weekday_day
from schedules.observe import SLICE, observe, with_people
from schedules.office import Office
from storage.accounts import account_ids, accounts_of
from storage.reminders import StoredReminder, reminders_between

CODES = ("GX-01", "GX-02", "GX-03", "YC-01")
"""The duties that a week tells of; the others are the business of months."""

_TOLD = (Verdict.VERIFIED, Verdict.REVIEW, Verdict.UNVERIFIABLE)
_MOST_NAMED = 50

_Missed = tuple[Heading, tuple[Judged, ...]]


@dataclass(slots=True)
class Week:
    """A week as it was, and what is due in the one that runs; ``shares`` are fractions of the week that were seen."""

    window: Window
    due: int = 0
    told: dict[Verdict, list[tuple[Account, list[_Missed]]]] = field(
        default_factory=lambda: {verdict: [] for verdict in _TOLD}
    )
    shares: list[float] = field(default_factory=list[float])
    without_source: list[Account] = field(default_factory=list[Account])
    deadlines: list[tuple[Account, Deadline]] = field(default_factory=list[tuple[Account, Deadline]])
    reminders: Sequence[StoredReminder] = ()


def week_before(office: Office, now: datetime) -> Window:
    """Return the last natural week that has ended."""
    yesterday = now.astimezone(office.zone).date() - ONE_DAY
    start = office.policy.rules["GX-03"].number("week_start")
    (week,) = natural_weeks(Window(yesterday - ONE_DAY * 6, yesterday), start)
    return week


def look_back(office: Office, now: datetime) -> Week:
    """Judge the week before ``now`` with what is known now, an account after the other."""
    week = Week(window=week_before(office, now))
    running = office.frame(month_of(now.astimezone(office.zone).date()), now)
    then = office.frame(week.window, running.start(week.window.last + ONE_DAY))
    with office.database.read() as session:
        ids = account_ids(session)
        week.reminders = reminders_between(session, then.start(week.window.first), then.time_point)
    for at in range(0, len(ids), SLICE):
        with office.database.read() as session:
            some = accounts_of(session, ids[at : at + SLICE])
            given = [each.account_id for each in some]
            seen = with_people(session, given, observe(session, given, running, None, _horizon(then)), None)
        for account in some:
            known = seen[account.account_id]
            _judge(week, Case(account, known, then))
            _look_ahead(week, Case(account, known, running))
    return week


def _horizon(frame: Frame) -> date:
    longest = max(frame.rule("GX-01").number("days"), frame.rule("YC-01").number("days"), 14)
    return frame.period.first - ONE_DAY * (longest + 1)


def _judge(week: Week, case: Case) -> None:
    rules = [
        each
        for each in RULES
        if each.heading.code in CODES and case.frame.rule(each.heading.code).enabled and each.binds(case.account)
    ]
    judged = [(rule.heading, judged_by(rule, case)) for rule in rules]
    verdicts = {one.verdict for _, windows in judged for one in windows}.difference(NOT_DUE)
    if not verdicts:
        return
    week.due += 1
    if not case.account.addresses:
        week.without_source.append(case.account)
    whole = case.frame.span(week.window)
    week.shares.append(duration(clip(case.seen.coverage, whole)) / (whole.end - whole.start))
    worst = next((verdict for verdict in _TOLD if verdict in verdicts), None)
    if worst is not None:
        missed = [(heading, tuple(one for one in windows if one.verdict is worst)) for heading, windows in judged]
        week.told[worst].append((case.account, [each for each in missed if each[1]]))


def _look_ahead(week: Week, case: Case) -> None:
    """Note what ends within seven days; the daily duty of a main account needs no telling."""
    end = case.frame.start(case.frame.day_of(case.frame.time_point) + ONE_DAY * 7)
    week.deadlines += [
        (case.account, each)
        for each in deadlines_of(case)
        if each.code != "GX-02" and each.ends_at <= end and not is_broken(case, each)
    ]


# ------------------------------------------------------------------------------------------------------------ words


def week_text(week: Week, year: int) -> str:
    """Return the whole text; ``year`` is the one that days need not name."""
    parts = [
        f"{short_window(week.window, year)}一周情况，供日常监管参考，以月度检查结果为准。",
        "\n".join(("一、更新情况", *_updates(week, year))),
        f"二、提醒情况\n{_reminded(week.reminders)}",
        "\n".join(("三、采集情况", *_seen(week))),
        "\n".join(("四、近7天内的期限", *_ahead(week.deadlines, year))),
    ]
    return "\n\n".join(parts)


def _updates(week: Week, year: int) -> Iterator[str]:
    verified, review, unseen = (week.told[verdict] for verdict in _TOLD)
    yield (
        f"应更新的账号{week.due}个，已核实未达到要求{len(verified)}个，待复核{len(review)}个，未能核验{len(unseen)}个。"
    )
    for title, some in (("已核实未达到要求", verified), ("待复核", review)):
        if some:
            yield f"{title}的账号："
            yield from (f"{named(account)}：{'；'.join(_missed(missed, year))}。" for account, missed in some)
    if unseen:
        yield f"未能核验的账号（不作未更新认定）：{'、'.join(named(account) for account, _ in unseen)}。"


def _missed(missed: Sequence[_Missed], year: int) -> Iterator[str]:
    for heading, judged in missed:
        if heading.code == "GX-02":
            days = "、".join(weekday_day(each.window.first, year) for each in judged)
        else:
            days = "、".join(short_window(each.window, year) for each in judged)
        yield f"{heading.category}（{heading.code}，{days}）"


def _reminded(reminders: Sequence[StoredReminder]) -> str:
    if not reminders:
        return "没有临期提醒。"
    sent = sum(each.sent_at is not None for each in reminders)
    accounts = len({each.account_id for each in reminders})
    left = f"，其余{len(reminders) - sent}条没有发出" if sent < len(reminders) else ""
    return f"临期提醒{len(reminders)}条，涉及{accounts}个账号，已发出{sent}条{left}。"


def _seen(week: Week) -> Iterator[str]:
    if not week.shares:
        yield "没有应更新的账号。"
        return
    # Rounded down: 100.0% is said only where everything was seen.
    permille = int(sum(week.shares) / len(week.shares) * 1000)
    yield f"采集覆盖率{permille / 10:.1f}%（各账号一周中已覆盖时长所占比例的平均值）。"
    if week.without_source:
        names = listed([named(each) for each in week.without_source], _MOST_NAMED, "个账号")
        yield f"未登记采集地址、不能采集的账号：{names}。"


def _ahead(deadlines: Sequence[tuple[Account, Deadline]], year: int) -> Iterator[str]:
    weekly = [(account, each) for account, each in deadlines if each.code == "GX-03"]
    by_day: dict[date, int] = {}
    for _, each in weekly:
        by_day[each.window.last] = by_day.get(each.window.last, 0) + 1
    for day, count in sorted(by_day.items()):
        yield f"须在{weekday_day(day, year)}24时前完成当周更新的账号{count}个。"
    others: dict[tuple[date, str, str], list[str]] = {}
    for account, each in deadlines:
        if each.code != "GX-03":
            others.setdefault((each.window.last, each.code, each.category), []).append(named(account))
    for (day, code, category), names in sorted(others.items()):
        what = "发布原创信息" if code == "YC-01" else "更新"
        yield f"须在{weekday_day(day, year)}24时前{what}（{code} {category}）：{'、'.join(names)}。"
    if not deadlines:
        yield "没有近7天内到期的账号。"
