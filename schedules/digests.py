"""Tell the office regularly: each day what went wrong with collecting, each week how the accounts did."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.lanes import lane_of
from crawler.sources.kinds import asked_url, kind_of
from monitor.findings import Window
from monitor.life import in_force, term
from monitor.rules import HEADINGS
from monitor.values import Account
from monitor.visits import PROVING, Outcome
from monitor.wording import listed, named, short_day, short_moment
from schedules.alarms import alarms_of
from schedules.office import Office
from schedules.status import Status, status_of
from schedules.weekly import look_back, week_text
from storage.accounts import all_accounts
from storage.messages import queue_message
from storage.reminders import StoredReminder, reminders_between
from storage.standing import Trouble, troubles
from storage.troubles import Outage, last_told, outcomes_since, own_outage, seen_since, was_told

_log = logging.getLogger(__name__)

_DAY = timedelta(days=1)
_LONGEST_BACK = timedelta(days=7)
_MOST_NAMED = 50
_APART = 3  # so many sources of a lane that fail alike are told one by one, more of them together
_NUMBERS = "一二三四五"
_CATEGORIES = {each.code: each.category for each in HEADINGS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What the last 24 hours were like; ``unseen`` are accounts in force of which no visit succeeded.

    ``reminders`` are those made since the digest of the day before, at ``reminders_from``.
    """

    at: datetime
    status: Status
    outcomes: dict[Outcome, int]
    failing: Sequence[Trouble]
    accounts: dict[str, Account]
    unseen: Sequence[Account]
    without_source: Sequence[Account]
    outage: Outage | None
    reminders_from: datetime
    reminders: Sequence[StoredReminder]


def queue_digest(office: Office, now: datetime) -> int:
    """Queue what the office is told of the day, once a day, and return how many messages that are.

    Where nothing went wrong it is a short line: silence would not tell a good day from a dead program.
    """
    if not office.routing.office:
        return 0
    day = _look_at(office, now)
    sections = [(title, lines) for title, lines in _sections(office, day) if lines]
    local = now.astimezone(office.zone)
    parts = [_figures(office, day, good=not sections), *_numbered(sections), *_left_out(day), *_reminded(office, day)]
    state = "采集正常" if not sections else "、".join(title for title, _ in sections)
    subject = f"采集简报（{short_day(local.date(), local.year)}）：{state}"
    return _queue(office, "digest", subject, "\n\n".join(parts), now, _midnight(office, now))


def queue_weekly(office: Office, now: datetime) -> int:
    """Queue what the office is told of the week before, once in the running week; return how many messages."""
    if not office.routing.office:
        return 0
    week = look_back(office, now)
    local = now.astimezone(office.zone)
    missed = sum(map(len, week.told.values()))
    subject = f"每周简报（{short_day(week.window.last, local.year)}止）：{week.due}个账号，{missed}个须关注"
    ended = office.frame(week.window, now).span(week.window).end
    return _queue(office, "weekly", subject, week_text(week, local.year), now, ended)


def _queue(office: Office, kind: str, subject: str, body: str, now: datetime, since: datetime) -> int:
    """Queue one message per channel of the office, but for those that have had theirs since then."""
    with office.database.begin() as session:
        channels = [each for each in dict.fromkeys(office.routing.office) if not was_told(session, kind, each, since)]
        for channel in channels:
            queue_message(
                session,
                channel=channel,
                recipient="",
                kind=kind,
                subject=subject,
                body=body,
                made_at=now,
                next_at=now,
            )
    _log.info("%s queued=%d", kind, len(channels))
    return len(channels)


def _midnight(office: Office, now: datetime) -> datetime:
    """Return when the day of ``now`` began, as it is counted at the office."""
    today = now.astimezone(office.zone).date()
    return office.frame(Window(today, today), now).start(today)


def _look_at(office: Office, now: datetime) -> Day:
    today, since = now.astimezone(office.zone).date(), now - _DAY
    status = status_of(office, now)
    with office.database.read() as session:
        accounts = {each.account_id: each for each in all_accounts(session)}
        bound = [each for each in accounts.values() if in_force(term(each), Window(today, today))]
        watched = [each for each in bound if each.addresses]
        _, failing = troubles(session, today, max(1, status.trouble_count))
        seen = seen_since(session, [each.account_id for each in watched], since)
        # From one digest to the next, so that each reminder stands in one; those of long ago are news to nobody.
        midnight = _midnight(office, now)
        told = max(last_told(session, "digest", midnight) or midnight, now - _LONGEST_BACK)
        return Day(
            at=now,
            status=status,
            outcomes=outcomes_since(session, since),
            failing=failing,
            accounts=accounts,
            unseen=[each for each in watched if each.account_id not in seen],
            without_source=[each for each in bound if not each.addresses],
            outage=own_outage(session, since),
            reminders_from=told,
            reminders=reminders_between(session, told, now),
        )


# ------------------------------------------------------------------------------------------------------------ words


def _sections(office: Office, day: Day) -> Iterator[tuple[str, list[str]]]:
    """Give what went wrong, titled; sections without lines are nothing to tell of."""
    yield f"采集失败的地址{len(day.failing)}个", list(_failing(office, day))
    paused = [lane for lane in day.status.lanes if lane.paused_until is not None]
    yield (
        f"暂停的采集通道{len(paused)}个",
        [
            f"{lane.name}：因{lane.paused_for.cause}暂停至{_moment(office, lane.paused_until, day)}。"
            for lane in paused
            if lane.paused_until is not None and lane.paused_for is not None
        ],
    )
    unseen = listed([named(each) for each in day.unseen], _MOST_NAMED, "个账号")
    yield f"24小时未采集成功的账号{len(day.unseen)}个", [f"{unseen}。"] if day.unseen else []
    # Of the sources the first section tells.
    alarms = alarms_of(replace(day.status, trouble_count=0, troubles=()), office.daemon, office.zone)
    notes = day.status.daemon.notes if day.status.daemon else ()
    outage = [_outage(office, day.outage, day)] if day.outage else []
    yield "本机须处理的事项", [*outage, *alarms, *(each for each in notes if each not in alarms)]


def _failing(office: Office, day: Day) -> Iterator[str]:
    """Tell of sources that fail now: those of one lane that fail alike together where they are many."""
    groups: dict[tuple[str, Outcome], list[Trouble]] = {}
    for each in day.failing:
        lane = lane_of(asked_url(each.url, kind_of(each.url)), office.lanes)
        groups.setdefault((lane, each.outcome), []).append(each)
    for (lane, outcome), some in groups.items():
        if len(some) > _APART:
            names = list(dict.fromkeys(named(day.accounts[each.account_id]) for each in some))
            since = _moment(office, min(each.since for each in some), day)
            shown = listed(names, _MOST_NAMED, "个账号")
            yield f"采集通道{lane}：{len(some)}个地址{outcome.cause}，最早自{since}起，涉及{shown}。"
            continue
        for each in some:
            since, name = _moment(office, each.since, day), named(day.accounts[each.account_id])
            reason = f"：{each.reason.rstrip('。')}" if each.reason else ""
            yield f"{name} {each.url} {outcome.cause}，自{since}起连续{each.failures}次{reason}。"


def _figures(office: Office, day: Day, *, good: bool) -> str:
    """Say how much was visited; where all went well, that it did."""
    total = sum(day.outcomes.values())
    proven = sum(count for outcome, count in day.outcomes.items() if outcome in PROVING)
    places = sum(lane.sources for lane in day.status.lanes)
    came = "全部成功" if proven == total else f"成功{proven}次"
    visited = f"近24小时对{places}个采集地址采集{total}次" + (f"，{came}" if total else "")
    if good:
        return f"今日采集正常：截至{_moment(office, day.at, day)}，{visited}。"
    return f"截至{_moment(office, day.at, day)}，{visited}。以下情况须留意，其间不作未更新认定。"


def _left_out(day: Day) -> Iterator[str]:
    if day.without_source:
        names = listed([named(each) for each in day.without_source], _MOST_NAMED, "个账号")
        yield f"未登记采集地址、不能采集和提醒的账号：{names}。"


def _reminded(office: Office, day: Day) -> Iterator[str]:
    """List the reminders, also those that went over channels of the units' own: the office answers for all of them."""
    if not day.reminders:
        return
    year = day.at.astimezone(office.zone).year
    by_account: dict[str, list[StoredReminder]] = {}
    for each in day.reminders:
        by_account.setdefault(each.account_id, []).append(each)
    unsent = sum(each.sent_at is None for each in day.reminders)
    state = f"其中{unsent}条未发出" if unsent else "均已发出"
    since = f"（自{_moment(office, day.reminders_from, day)}计）"
    lines = [f"今日提醒{len(day.reminders)}条{since}，涉及{len(by_account)}个账号，{state}："]
    for some in list(by_account.values())[:_MOST_NAMED]:
        first, duties = some[0], "；".join(_duty(each, year) for each in some)
        lines.append(f"{first.organizer}“{first.account_name}”（{first.platform}）：{duties}。")
    if len(by_account) > _MOST_NAMED:
        lines.append(f"其余{len(by_account) - _MOST_NAMED}个账号从略。")
    yield "\n".join(lines)


def _duty(reminder: StoredReminder, year: int) -> str:
    what = f"{_CATEGORIES.get(reminder.rule, '')}（{reminder.rule}）"
    unsent = "" if reminder.sent_at else "，未发出"
    return f"{what}，期限为{short_day(reminder.window.last, year)}24时{unsent}"


def _numbered(sections: Sequence[tuple[str, list[str]]]) -> Iterator[str]:
    for number, (title, lines) in zip(_NUMBERS, sections, strict=False):
        yield "\n".join((f"{number}、{title}", *lines))


def _outage(office: Office, outage: Outage, day: Day) -> str:
    first, last = _moment(office, outage.first, day), _moment(office, outage.last, day)
    when = first if first == last else f"{first}至{last}间"
    return f"{when}本机网络中断，{outage.visits}次采集未能进行。"


def _moment(office: Office, moment: datetime, day: Day) -> str:
    return short_moment(moment.astimezone(office.zone), day.at.astimezone(office.zone).year)
