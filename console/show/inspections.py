"""Printing of the versions of inspections: a line each, or with all that people did."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from console.show.ink import BOLD, inked
from console.show.rows import labelled, room
from console.show.times import minute, moment_record
from console.widths import shortened, table
from monitor.findings import Result, Verdict
from monitor.masking import mask
from storage.versions import Tally, Version

HEADER = ("月份", "版次", "状态", "时间", "经办人", "账号", *(each.value for each in Result), "待复核问题", "另作理由")
NAME_COLUMNS = 16
WHY_COLUMNS = 40

Counted = tuple[Version, Tally]


def list_lines(found: Sequence[Counted], zone: tzinfo) -> Iterator[str]:
    """Yield a table with a row for each version."""
    if not found:
        yield "还没有检查记录；请运行 xunjian inspect 年-月。"
        return
    rows = [_cells(version, tally, _stage(version, found), zone) for version, tally in found]
    yield from table(HEADER, rows, limit=room())
    yield f"共 {len({version.month for version, _ in found})} 个月，{len(found)} 个版本。"


def show_lines(found: Sequence[Counted], zone: tzinfo) -> Iterator[str]:
    """Yield everything that is known of the versions of a month, the oldest first."""
    limit = room()
    counting = _counting(found)
    for version, tally in found:
        is_counted = "，计入累计和通报的是这一版" if version is counting and len(found) > 1 else ""
        yield inked(f"{version.month} 第{version.version}版：{_stage(version, found)}{is_counted}", BOLD)
        results = "，".join(f"{each}{tally.results.get(each, 0)}个" for each in Result)
        findings = "，".join(f"{each}{count}条" for each, count in tally.findings.items()) or "没有"
        rows = [
            ("检查时间", minute(version.made_at, zone)),
            ("监测时间点", _last_minute(version.time_point, zone)),
            ("判定办法", version.policy),
            ("另作理由", version.why),
            ("检查结果", f"共{tally.accounts}个账号：{results}"),
            ("问题", findings),
        ]
        for entry in version.stages:
            said = f"{minute(entry.at, zone)} {entry.by}"
            rows.append((str(entry.stage), f"{said}：{entry.note}" if entry.note else said))
        for label, text in rows:
            yield from labelled(label, mask(text), limit, margin="  ", columns=12)


def version_record(version: Version, tally: Tally) -> dict[str, Any]:
    """Return a version as ``--json`` prints it; moments in UTC."""
    return {
        "month": version.month,
        "version": version.version,
        "stage": version.stage.value,
        "made_at": moment_record(version.made_at),
        "time_point": moment_record(version.time_point),
        "policy": version.policy,
        "why": mask(version.why),
        "stages": [
            {"stage": each.stage.value, "by": each.by, "at": moment_record(each.at), "note": mask(each.note)}
            for each in version.stages
        ],
        "accounts": tally.accounts,
        "results": {each.value: tally.results.get(each, 0) for each in Result},
        "findings": {each.value: count for each, count in tally.findings.items()},
    }


def _cells(version: Version, tally: Tally, stage: str, zone: tzinfo) -> tuple[str, ...]:
    reached = version.stages[-1] if version.stages else None
    return (
        version.month,
        str(version.version),
        stage,
        minute(version.made_at if reached is None else reached.at, zone),
        shortened(reached.by if reached else "—", NAME_COLUMNS),
        str(tally.accounts),
        *(str(tally.results.get(each, 0)) for each in Result),
        str(tally.findings.get(Verdict.REVIEW, 0)),
        shortened(mask(version.why), WHY_COLUMNS),
    )


def _counting(found: Sequence[Counted]) -> Version:
    """Return the version of a month that counts: the newest final one, else the newest."""
    return max((version for version, _ in found), key=lambda each: (each.stage.is_final, each.version))


def _stage(version: Version, found: Sequence[Counted]) -> str:
    """Return how far a version has come, and which took its place; a final one gives way to a final one only."""
    later = [
        each.version
        for each, _ in found
        if each.month == version.month
        and each.version > version.version
        and (each.stage.is_final or not version.stage.is_final)
    ]
    return f"{version.stage}（已由第{max(later)}版取代）" if later else version.stage.value


def _last_minute(time_point: datetime, zone: tzinfo) -> str:
    """Return a time point as the files have it: of a month that has ended, its last minute."""
    local = time_point.astimezone(zone)
    ended = (local.day, local.hour, local.minute) == (1, 0, 0)
    return minute(time_point - timedelta(microseconds=1) if ended else time_point, zone)
