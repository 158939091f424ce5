"""The shape of [daemon]: what the program that runs all year is told."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from console.config.fields import Listen, SecretWeb, Table, Text, TimeOfDay, Web, wrong
from console.nearest import hint

WEEKDAYS = {
    **{name: day for day, name in enumerate(("monday", "tuesday", "wednesday"), 1)},
    **{name: day for day, name in enumerate(("thursday", "friday", "saturday", "sunday"), 4)},
    **{f"{word}{name}": day for word in ("周", "星期") for day, name in enumerate("一二三四五六日", 1)},
}
SHORTEST_TICK = 0.05
SHORTEST_MINUTES = 0.01
DAY_MINUTES = 24 * 60
MAX_LONGEST_HOURS = 23  # every source is read unconditionally once in 24 hours
MAX_TICK = 600
MAX_BATCH_MINUTES = 120
MAX_KEPT = 10_000
MAX_LOG_MEGABYTES = 10_000
MAX_LOG_FILES = 1000
LOG_FORMATS = ("text", "json")


def _weekday(text: str) -> str:
    name = text.strip().lower()
    if name not in WEEKDAYS:
        raise wrong(f"“{text}”不是星期几{hint(text, WEEKDAYS)}，应为 Monday 到 Sunday，或 周一 到 周日")
    return name


def _log_format(text: str) -> str:
    if text not in LOG_FORMATS:
        raise wrong(f"“{text}”不是日志的格式{hint(text, LOG_FORMATS)}，可用：{'、'.join(LOG_FORMATS)}")
    return text


Count = Annotated[int, Field(ge=0, le=MAX_KEPT)]
BriefMinutes = Annotated[float, Field(ge=SHORTEST_MINUTES, le=DAY_MINUTES, allow_inf_nan=False)]


class DaemonTable(Table):
    """[daemon]."""

    inspections: Text = "inspections"
    inspect_at: TimeOfDay = "09:00"
    digest_at: TimeOfDay = "17:30"
    weekly_day: Annotated[str, AfterValidator(_weekday)] = "monday"
    weekly_at: TimeOfDay = "08:30"
    tick_seconds: Annotated[float, Field(ge=SHORTEST_TICK, le=MAX_TICK, allow_inf_nan=False)] = 30.0
    shortest_minutes: BriefMinutes = 30.0
    longest_hours: Annotated[float, Field(gt=0, le=MAX_LONGEST_HOURS, allow_inf_nan=False)] = 12.0
    batch_minutes: Annotated[float, Field(ge=SHORTEST_MINUTES, le=MAX_BATCH_MINUTES, allow_inf_nan=False)] = 5.0
    probe: list[Web] = Field(default=[])
    heartbeat_url: SecretWeb = ""
    heartbeat_minutes: BriefMinutes = 5.0
    listen: Listen = "127.0.0.1:9469"
    backups: str = "backups"
    backup_at: TimeOfDay = "03:30"
    keep_daily: Annotated[int, Field(ge=1, le=MAX_KEPT)] = 7
    keep_weekly: Count = 5
    keep_monthly: Count = 12
    registry: str = ""
    log_file: str = "logs/xunjian.log"
    log_format: Annotated[str, AfterValidator(_log_format)] = "text"
    log_megabytes: Annotated[float, Field(ge=0.001, le=MAX_LOG_MEGABYTES, allow_inf_nan=False)] = 20.0
    log_files: Annotated[int, Field(ge=1, le=MAX_LOG_FILES)] = 10

    @model_validator(mode="after")
    def _shortest_is_the_shorter(self) -> Self:
        if self.shortest_minutes > self.longest_hours * 60:
            raise wrong("的 shortest_minutes（最短间隔）比 longest_hours（最长间隔）还长，请改小前者或改大后者")
        return self
