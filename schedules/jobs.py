"""What the daemon's jobs do that need no loop: each is one call in a thread, stopped between two steps."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schedules.compare import compare_new_posts
from schedules.digests import queue_digest, queue_weekly
from schedules.evidence import prune
from schedules.inspecting import inspect_due
from schedules.office import Office, StoppedError
from schedules.planning import Loads, plan_all
from schedules.reminding import remind
from schedules.timetable import JobName
from storage.backup import back_up
from storage.backup_names import backup_name, prune_backups
from storage.messages import prune_messages
from storage.upkeep import optimize

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a job is given: the office, the moment, and whether it is to stop."""

    office: Office
    now: datetime
    started_at: datetime
    stopping: Callable[[], bool]
    loads: Loads

    def go_on(self, *_: object) -> None:
        """Raise StoppedError where the daemon is about to stop."""
        if self.stopping():
            raise StoppedError("守护程序正在停止，任务已中止，下次启动后重做。")


def _compare(task: Task) -> str:
    return f"比对{compare_new_posts(task.office.database, task.go_on)}条信息。"


def _plan(task: Task) -> str:
    return f"安排{plan_all(task.office, task.now, task.loads, task.go_on)}个来源。"


def _remind(task: Task) -> str:
    return f"新增{remind(task.office, task.now)}条提醒。"


def _digest(task: Task) -> str:
    queue_digest(task.office, task.now)
    return "已生成。"


def _weekly(task: Task) -> str:
    queue_weekly(task.office, task.now)
    return "已生成。"


def _inspect(task: Task) -> str:
    return inspect_due(task.office, task.now, task.started_at, task.go_on)


def _backup(task: Task) -> str:
    office, settings = task.office, task.office.daemon
    assert settings.backups is not None  # else there is no such job
    name = backup_name(task.now, server=office.database.file is None)
    made = back_up(office.database, settings.backups / name, on_progress=task.go_on)
    old = prune_backups(
        settings.backups,
        task.now,
        office.zone,
        daily=settings.keep_daily,
        weekly=settings.keep_weekly,
        monthly=settings.keep_monthly,
    )
    return f"已备份到 {made.file}（{made.bytes / 2**20:.1f} MB），清理旧备份{len(old)}份。"


def _retention(task: Task) -> str:
    office = task.office
    with office.database.begin() as session:
        messages = prune_messages(session, task.now - timedelta(days=office.evidence_days))
    if office.evidence is None or not office.evidence.exists():
        return f"清理旧消息{messages}条；没有采集原件。"
    task.go_on()
    pruned = prune(office, now=task.now)
    return f"清理旧消息{messages}条，采集原件{pruned.removed}份。"


def _optimize(task: Task) -> str:
    optimize(task.office.database)
    return "已整理。"


WORK: Final[dict[JobName, Callable[[Task], str]]] = {
    JobName.COMPARE: _compare,
    JobName.PLAN: _plan,
    JobName.REMIND: _remind,
    JobName.DIGEST: _digest,
    JobName.WEEKLY: _weekly,
    JobName.INSPECT: _inspect,
    JobName.BACKUP: _backup,
    JobName.RETENTION: _retention,
    JobName.OPTIMIZE: _optimize,
}
"""What each job does that runs in a thread; it returns what came of it, in a sentence."""
