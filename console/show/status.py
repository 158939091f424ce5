"""Printing of the status: what a person has to see to first, then everything that is known."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta, tzinfo
from typing import Any

from console.show.ink import BOLD, FAINT, GREEN, RED, inked
from console.show.times import minute, moment_record
from console.widths import shortened, table
from monitor.masking import mask
from reports.cells import share
from schedules.alarms import job_title
from schedules.status import CoverageStatus, DiskStatus, LaneStatus, Status
from schedules.timetable import JobName
from storage.jobs import JobRun, JobState
from storage.messages import ChannelState
from storage.standing import Trouble

STATES = {
    JobState.WAITING: "未运行过",
    JobState.RUNNING: "运行中",
    JobState.DONE: "已完成",
    JobState.FAILED: "失败",
    JobState.STOPPED: "中断",
}
SHOWN_LANES = 20
SHOWN_MONTHS = 3
NOTE_COLUMNS = 60
URL_COLUMNS = 70


def status_lines(status: Status, alarms: Sequence[str], zone: tzinfo, office: str) -> Iterator[str]:
    """Yield what a person reads of the status; times in ``zone``."""
    yield inked(f"{office or '本单位'}运行情况 {minute(status.at, zone)}", BOLD)
    if alarms:
        yield inked(f"需要处理的情况{len(alarms)}处：", RED)
    elif status.trouble_count:
        yield f"没有需要立即处理的情况；{status.trouble_count}个来源暂时未能采集，程序会再试，见下。"
    else:
        yield inked("一切正常。", GREEN)
    yield from (inked(f"  {each}", RED) for each in alarms)
    for title, lines in (
        ("守护程序", _daemon(status, zone)),
        ("各项工作", _jobs(status.jobs, zone)),
        ("采集通道", _lanes(status.lanes, zone)),
        (f"采集有困难的来源（共{status.trouble_count}个）", _troubles(status.troubles, zone)),
        (f"本月采集完整率（{status.coverage.month}）", _coverage(status.coverage)),
        ("采集积压", _backlog(status, zone)),
        ("提醒和消息", _messages(status, zone)),
        ("磁盘", _disk(status.disk, zone)),
    ):
        yield ""
        yield inked(f"{title}：", BOLD)
        yield from (f"  {mask(line)}" for line in lines)


def _daemon(status: Status, zone: tzinfo) -> Iterator[str]:
    daemon = status.daemon
    if daemon is None:
        yield "从未运行过"
        return
    where = f"主机 {daemon.host}，进程 {daemon.pid}，版本 {daemon.version}"
    if daemon.alive:
        yield f"在运行，{where}，{minute(daemon.started_at, zone)} 启动，{minute(daemon.beat_at, zone)} 登记"
    else:
        ended = f"{minute(daemon.stopped_at, zone)} 停止" if daemon.stopped_at else "没有正常停止"
        yield f"没有运行；上一个：{where}，{minute(daemon.started_at, zone)} 启动，{ended}"
    if daemon.clock_offset is not None:
        words = _offset(daemon.clock_offset)
        yield "本机时间：与各网站一致" if words == SAME_TIME else f"本机时间：各网站比本机{words}"


def _jobs(jobs: Sequence[JobRun], zone: tzinfo) -> Iterator[str]:
    if not jobs:
        yield "还没有运行过"
        return
    with_month = [each for each in jobs if each.key][-SHOWN_MONTHS:]
    shown = sorted((each for each in jobs if not each.key or each in with_month), key=_place)
    rows = [
        (
            job_title(each.job, each.key),
            STATES[each.state],
            minute(each.completed_at, zone) or "—",
            minute(each.next_at, zone) or "—",
            shortened(each.note, NOTE_COLUMNS),
        )
        for each in shown
    ]
    yield from table(("工作", "状态", "上次完成", "下次", "说明"), rows)


def _place(run: JobRun) -> tuple[int, str]:
    """Put jobs in the order of the timetable."""
    names = [each.value for each in JobName]
    return (names.index(run.job) if run.job in names else len(names)), run.key


def _lanes(lanes: Sequence[LaneStatus], zone: tzinfo) -> Iterator[str]:
    ordered = sorted(lanes, key=lambda each: each.paused_until is None)
    shown, left = ordered[:SHOWN_LANES], ordered[SHOWN_LANES:]
    rows = [
        (
            each.name,
            str(each.sources),
            "" if each.offset is None else _offset(each.offset),
            f"暂停到 {minute(each.paused_until, zone)}（{each.paused_for.cause}）" if each.paused_for else "正常",
        )
        for each in shown
    ]
    yield from table(("通道", "来源", "时间差", "状态"), rows) if rows else ("没有来源",)
    if left:
        paused = sum(each.paused_until is not None for each in left)
        counts = f"来源{sum(each.sources for each in left)}个，暂停的通道{paused}个"
        yield inked(f"另有{len(left)}个通道，{counts}；--json 列出全部", FAINT)


def _troubles(troubles: Sequence[Trouble], zone: tzinfo) -> Iterator[str]:
    if not troubles:
        yield "没有"
        return
    rows = [
        (
            each.account_id,
            shortened(each.account_name, 24),
            each.outcome.cause,
            minute(each.since, zone),
            str(each.failures),
            minute(each.next_at, zone) or "—",
            shortened(each.url, URL_COLUMNS),
        )
        for each in troubles
    ]
    yield from table(("账号编号", "账号名称", "原因", "自何时", "连续次数", "下次采集", "采集地址"), rows)


def _coverage(coverage: CoverageStatus) -> Iterator[str]:
    yield f"全部{coverage.accounts}个账号平均 {share(coverage.share)}"
    if coverage.worst:
        rows = [
            (each.account_id, shortened(each.name, 24), share(part), "" if each.has_source else "没有采集地址")
            for each, part in coverage.worst
        ]
        yield from table(("最低的账号", "账号名称", "完整率", "说明"), rows)


def _backlog(status: Status, zone: tzinfo) -> Iterator[str]:
    backlog = status.backlog
    oldest = f"，最早的 {minute(backlog.oldest, zone)} 到期" if backlog.oldest is not None else ""
    yield f"到期未采集{backlog.due}个{oldest}；已安排{backlog.planned}个，待安排{backlog.unplanned}个"


def _messages(status: Status, zone: tzinfo) -> Iterator[str]:
    yield f"本月提醒{status.reminders_made}条，已送达{status.reminders_sent}条"
    if status.channels:
        rows = [_channel(name, each, zone) for name, each in sorted(status.channels.items())]
        yield from table(("渠道", "待发", "失败", "过期", "最近发出", "说明"), rows)


def _channel(name: str, state: ChannelState, zone: tzinfo) -> tuple[str, ...]:
    numbers = (str(state.waiting), str(state.failed), str(state.expired))
    return (name, *numbers, minute(state.last_sent, zone) or "—", shortened(state.error, NOTE_COLUMNS))


def _disk(disk: DiskStatus, zone: tzinfo) -> Iterator[str]:
    yield f"{disk.folder} 剩余 {size_words(disk.free)}，共 {size_words(disk.total)}"
    yield f"数据库 {size_words(disk.database)}，采集原件 {size_words(disk.evidence)}"
    if disk.backup is None:
        yield "没有备份"
    else:
        yield f"最近的备份 {disk.backup.name}，{minute(disk.backup_at, zone)}，{size_words(disk.backup_bytes)}"


SAME_TIME = "一致"
EXACT = 2
"""Servers tell the time in whole seconds, and the answer takes its way."""


def size_words(size: int) -> str:
    """Return a number of bytes for a person."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} B"


def _offset(offset: timedelta) -> str:
    seconds = round(offset.total_seconds())
    return SAME_TIME if abs(seconds) <= EXACT else f"{'快' if seconds > 0 else '慢'}{abs(seconds)}秒"


def status_record(status: Status, alarms: Sequence[str]) -> dict[str, Any]:
    """Return the status as ``--json`` prints it: moments in UTC, spans of time in seconds."""
    record: dict[str, Any] = _plain(asdict(status))
    record["coverage"]["month"] = [status.coverage.month.first.isoformat(), status.coverage.month.last.isoformat()]
    record["coverage"]["worst"] = [{**_plain(asdict(each)), "share": part} for each, part in status.coverage.worst]
    return {"ok": not alarms, "alarms": list(alarms), **record}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return moment_record(value)
        case timedelta():
            return value.total_seconds()
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case None | bool() | int() | float():
            return value
    return str(value)
