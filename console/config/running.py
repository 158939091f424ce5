"""Turning [daemon] and [notify] into the values of the program that runs all year."""

from datetime import time, timedelta, tzinfo
from pathlib import Path

from console.config.fields import FROM_ENVIRONMENT, is_unset, read_time
from console.config.problems import key_path
from console.config.shape_daemon import WEEKDAYS, DaemonTable
from console.config.shape_notify import PORTS, ChannelTable, NotifyTable, quiet_hours
from console.logs import LogSettings
from notices.channels import Channel, ChannelKind, Security
from notices.routing import Routing
from schedules.settings import DaemonSettings


def daemon_settings(table: DaemonTable, folder: Path) -> DaemonSettings:
    """Return [daemon] as the daemon takes it; its paths are relative to ``folder``."""
    return DaemonSettings(
        inspections=folder / table.inspections,
        inspect_at=_time(table.inspect_at),
        digest_at=_time(table.digest_at),
        weekly_day=WEEKDAYS[table.weekly_day],
        weekly_at=_time(table.weekly_at),
        tick=timedelta(seconds=table.tick_seconds),
        shortest=timedelta(minutes=table.shortest_minutes),
        longest=timedelta(hours=table.longest_hours),
        batch_budget=timedelta(minutes=table.batch_minutes),
        probe=tuple(dict.fromkeys(table.probe)),
        heartbeat_url=table.heartbeat_url,
        heartbeat_every=timedelta(minutes=table.heartbeat_minutes),
        listen=table.listen,
        backups=_path(table.backups, folder),
        backup_at=_time(table.backup_at),
        keep_daily=table.keep_daily,
        keep_weekly=table.keep_weekly,
        keep_monthly=table.keep_monthly,
        registry=_path(table.registry, folder),
    )


def log_settings(table: DaemonTable, folder: Path, zone: tzinfo) -> LogSettings:
    """Return where the daemon's log goes, with times in ``zone``."""
    return LogSettings(
        file=_path(table.log_file, folder),
        json=table.log_format == "json",
        largest=int(table.log_megabytes * 2**20),
        files=table.log_files,
        zone=zone,
    )


def routing_of(table: NotifyTable) -> Routing:
    """Return [notify] as it is used."""
    quiet = quiet_hours(table.quiet_hours)
    return Routing(
        channels={name: _channel(name, each) for name, each in table.channels.items()},
        office=tuple(dict.fromkeys(table.office)),
        organizers={unit: tuple(dict.fromkeys(names)) for unit, names in table.organizers.items()},
        quiet_from=quiet[0] if quiet else None,
        quiet_until=quiet[1] if quiet else None,
    )


def unset_secrets(daemon: DaemonTable, notify: NotifyTable, where: str) -> tuple[str, ...]:
    """Return a sentence for every secret that the environment does not hold."""
    told = {"daemon.heartbeat_url": daemon.heartbeat_url}
    for name, channel in notify.channels.items():
        place = key_path(("notify", "channels", name))
        told |= {f"{place}.{key}": getattr(channel, key) for key in ("url", "secret", "user", "password")}
    cure = "请设置它（systemd 的 EnvironmentFile，容器的 env_file）"
    return tuple(
        f"{where}：{key} 写明取自环境变量 {text.removeprefix(FROM_ENVIRONMENT)}，而该变量没有设置；{cure}。"
        for key, text in told.items()
        if is_unset(text)
    )


def _channel(name: str, table: ChannelTable) -> Channel:
    security = Security(table.security)
    return Channel(
        name=name,
        kind=ChannelKind(table.kind),
        url=table.url,
        secret=table.secret,
        host=table.host or "",
        port=table.port or PORTS[security],
        user=table.user,
        password=table.password,
        sender=table.sender or "",
        recipients=tuple(dict.fromkeys(table.to)),
        security=security,
    )


def _time(text: str) -> time:
    found = read_time(text)
    assert found is not None, text  # the shape was checked
    return found


def _path(text: str, folder: Path) -> Path | None:
    return folder / text.strip() if text.strip() else None
