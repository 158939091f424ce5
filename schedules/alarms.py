"""What of the status a person has to see to, a sentence each."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from schedules.settings import DaemonSettings
from schedules.status import Status
from schedules.timetable import JobName
from storage.jobs import JobState

SILENT_AFTER = timedelta(minutes=5)
CLOCK_LIMIT = timedelta(minutes=5)
LEAST_PATIENCE = timedelta(minutes=10)
FIRST_HOUR = timedelta(hours=1)
OLD_BACKUP = timedelta(days=3)
LONG_TROUBLE = timedelta(days=1)
OFTEN = 5
LEAST_FREE = 10**9
LEAST_SHARE = 0.05
MEGABYTE = 10**6


def alarms_of(status: Status, settings: DaemonSettings, zone: tzinfo) -> tuple[str, ...]:
    """Return the sentences, the worst first; none where all is well. Times in ``zone``."""
    return (
        *_of_daemon(status, zone),
        *_of_disk(status),
        *_of_backup(status, settings, zone),
        *_of_backlog(status, settings, zone),
        *_of_sources(status, zone),
        *_of_jobs(status, zone),
        *map(str, status.stale),
        *_of_channels(status, zone),
    )


def _of_daemon(status: Status, zone: tzinfo) -> Iterator[str]:
    daemon = status.daemon
    if daemon is None or not daemon.alive:
        since = "" if daemon is None else f"（最后一次登记 {_minute(daemon.beat_at, zone)}）"
        yield f"守护程序没有在运行{since}，不会自动采集和提醒；请运行 xunjian daemon 或 systemctl start xunjian。"
        return
    if status.at - daemon.beat_at > SILENT_AFTER:
        at = _minute(daemon.beat_at, zone)
        yield f"守护程序自 {at} 起没有登记运行状态，可能卡住；请查看日志，必要时重新启动它。"
    if daemon.offline_since is not None:
        at = _minute(daemon.offline_since, zone)
        yield f"本机自 {at} 起断网，其间的采集不作为任何账号未更新的依据；请检查本机网络。"
    yield from daemon.notes
    offset = daemon.clock_offset
    if offset is not None and abs(offset) > CLOCK_LIMIT:
        way = "慢" if offset > timedelta(0) else "快"
        minutes = round(abs(offset) / timedelta(minutes=1))
        yield f"本机时间比各网站{way}约{minutes}分钟，采集暂不作证；请校准本机时间。"


def _of_disk(status: Status) -> Iterator[str]:
    disk = status.disk
    if disk.free < LEAST_FREE or disk.free < disk.total * LEAST_SHARE:
        free = f"{disk.free // MEGABYTE} MB"
        yield f"磁盘空间不足：{disk.folder} 所在磁盘只剩 {free}；请腾出空间，否则采集和备份都不能保存。"


def _of_backup(status: Status, settings: DaemonSettings, zone: tzinfo) -> Iterator[str]:
    if settings.backups is None or status.daemon is None or status.at - status.daemon.started_at < FIRST_HOUR:
        return
    at = status.disk.backup_at
    if at is None or status.at - at > OLD_BACKUP:
        last = "从未备份" if at is None else f"最近一次是 {_minute(at, zone)}"
        yield f"数据库没有新的备份（{last}）；请看“备份数据库”一项的说明，或运行 xunjian backup。"


def _of_backlog(status: Status, settings: DaemonSettings, zone: tzinfo) -> Iterator[str]:
    oldest = status.backlog.oldest
    if oldest is not None and status.at - oldest > max(settings.longest, LEAST_PATIENCE):
        at = _minute(oldest, zone)
        yield f"采集积压：{status.backlog.due}个来源到期未采集，最早的 {at} 已到期；请查看采集通道是否暂停或过慢。"


def _of_sources(status: Status, zone: tzinfo) -> Iterator[str]:
    """Tell of sources that failed for long; ``troubles`` begins with the longest."""
    long = [each for each in status.troubles if status.at - each.since >= LONG_TROUBLE or each.failures >= OFTEN]
    if not long:
        return
    more = len(long) == len(status.troubles) < status.trouble_count
    count = f"至少{len(long)}个" if more else f"{len(long)}个"
    first = long[0]
    yield (
        f"{count}来源超过一天或连续{OFTEN}次以上未能采集，最久的是 {first.account_id} {first.account_name}"
        f"（自 {_minute(first.since, zone)} 起）；其间不能判定未更新，请按下表的原因核对采集地址。"
    )


def _of_jobs(status: Status, zone: tzinfo) -> Iterator[str]:
    for run in status.jobs:
        if run.state is JobState.FAILED:
            at = f"（{_minute(run.started_at, zone)}）" if run.started_at is not None else ""
            yield f"{job_title(run.job, run.key)}没有完成{at}：{run.note.rstrip('。') or '原因见日志'}。"


def _of_channels(status: Status, zone: tzinfo) -> Iterator[str]:
    for name, state in sorted(status.channels.items()):
        if state.error:
            cause = state.error.rstrip("。")
            later = f"，{_minute(state.retry_at, zone)} 再试" if state.retry_at is not None else ""
            yield f"消息渠道“{name}”发送失败：{cause}{later}；可用 xunjian notify test {name} 检查。"


def job_title(job: str, key: str) -> str:
    """Return a job in Chinese, with the month where it has one."""
    title = JobName(job).says if job in set(JobName) else job
    return f"{title} {key}".rstrip()


def _minute(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
