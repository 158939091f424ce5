"""What a reminder says, as officials write it; it never says 未更新 of what was not seen."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from monitor.reminding import Reminder
from monitor.values import Post, Precision
from monitor.wording import (
    full_day,
    listed,
    named,
    short_day,
    short_moment,
    short_window,
    time_of_day,
    titled,
    weekday_day,
)

_MOST_GAPS = 3
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def reminder_text(reminder: Reminder, zone: tzinfo) -> str:
    """Return what is said of one duty: the account, the rule, its end, the time left, what was seen, the last post."""
    return f"{named(reminder.account)}：{_duty(reminder, zone)}"


def account_text(reminders: Sequence[Reminder], zone: tzinfo) -> str:
    """Return what is said of one account's duties, nearest first: in one line, or a line each below its name."""
    if len(reminders) == 1:
        return reminder_text(reminders[0], zone)
    lines = (f"{number}．{_duty(each, zone)}" for number, each in enumerate(reminders, 1))
    return "\n".join((f"{named(reminders[0].account)}：", *lines))


def time_left(left: timedelta) -> str:
    """Return ``2天9小时``, on the last day ``8小时55分钟``; rounded down."""
    days, hours, minutes = left // _DAY, left % _DAY // _HOUR, left % _HOUR // _MINUTE
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    return (f"{hours}小时" if hours else "") + (f"{minutes}分钟" if minutes else "") or "不足1分钟"


def _duty(reminder: Reminder, zone: tzinfo) -> str:
    year = reminder.at.astimezone(zone).year
    ending = f"{short_day(reminder.window.last, year)}24时"
    left = time_left(reminder.ends_at - reminder.at)
    return (
        f"{reminder.category}（{reminder.code}），期限为{ending}，还剩{left}。"
        f"{_window(reminder, year)}，{_state(reminder, zone, year)}。{_last(reminder, zone)}{_assumed(reminder)}"
    )


def _window(reminder: Reminder, year: int) -> str:
    window = reminder.window
    if reminder.rolling:
        return f"自{short_day(window.first, year)}起"
    if window.first == window.last:
        return f"今日{weekday_day(window.first, year)}"
    return f"{'本周' if reminder.code == 'GX-03' else '本期'}（{short_window(window, year)}）"


def _state(reminder: Reminder, zone: tzinfo, year: int) -> str:
    """Say what was seen: of 未更新 there is talk only up to where everything was seen, and nothing is in doubt."""
    what = "原创信息" if reminder.needs_original else "更新"
    due = f"应不少于{reminder.minimum}条"
    if not reminder.proven:
        seen = f"仅采集到{reminder.known}条，{due}" if reminder.known else f"未采集到{what}"
        doubt = f"；另有{reminder.doubts}，能否计入须人工复核" if reminder.doubts else ""
        return f"截至{_moment(reminder.at, zone, year)}{seen}（{_unseen(reminder, zone, year)}{doubt}）"
    until = f"截至{_moment(reminder.seen_until, zone, year)}"
    if reminder.doubts:
        sure = f"可确认的仅{reminder.known}条，{due}" if reminder.known else f"未见可确认的{what}"
        return f"{until}{sure}（{reminder.doubts}，能否计入须人工复核）"
    if reminder.known:
        return f"{until}仅更新{reminder.known}条，{due}"
    return f"{until}未发布原创信息" if reminder.needs_original else f"{until}未更新"


def _unseen(reminder: Reminder, zone: tzinfo, year: int) -> str:
    parts = [f"采集到{_moment(reminder.seen_until, zone, year)}为止"] if reminder.stale else []
    if reminder.unseen:
        spans = [f"{_moment(each.start, zone, year)}至{_moment(each.end, zone, year)}" for each in reminder.unseen]
        parts.append(f"{listed(spans, _MOST_GAPS, '段时间')}未能采集")
    return "，".join(parts)


def _last(reminder: Reminder, zone: tzinfo) -> str:
    """Name the last posts; where no original is known nothing is said of one, for only the latest posts were read."""
    post, original = reminder.last_post, reminder.last_original
    if post is None:
        return "未采集到此前的更新信息。"
    if original is None or original.key == post.key:
        return f"最近一次更新为{_when(post, zone)}{titled(post)}。"
    originals = f"最近一次发布原创信息为{_when(original, zone)}{titled(original)}"
    return f"{originals}，最近一次更新为{_when(post, zone)}{titled(post)}。"


def _when(post: Post, zone: tzinfo) -> str:
    assert post.published_at is not None  # only dated posts count
    local = post.published_at.astimezone(zone)
    day = full_day(local.date())
    return day if post.precision is Precision.DAY else f"{day}{time_of_day(local)}"


def _assumed(reminder: Reminder) -> str:
    if not reminder.no_notice:
        return ""
    return f"{reminder.no_notice[0]}年放假安排未录入，工作日暂按周一至周五推定。"


def _moment(moment: datetime, zone: tzinfo, year: int) -> str:
    return short_moment(moment.astimezone(zone), year)
