"""The names of backups, and which of them are kept."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from monitor.errors import cause_of
from storage.copying import sum_file
from storage.errors import StorageError

_STAMP = "%Y%m%dT%H%M%SZ"
_OURS = re.compile(r"xunjian-(\d{8}T\d{6}Z)\.(?:db|dump)")
_MOST = 3
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def stamp_of(moment: datetime) -> str:
    """Return a moment as it stands in the name of a file."""
    return moment.astimezone(UTC).strftime(_STAMP)


def backup_name(moment: datetime, *, server: bool) -> str:
    """Return the name of the backup that is made at a moment, of a ``server``'s database or of a SQLite file."""
    return f"xunjian-{stamp_of(moment)}.{'dump' if server else 'db'}"


def prune_backups(folder: Path, now: datetime, zone: tzinfo, daily: int, weekly: int, monthly: int) -> list[Path]:
    """Remove old backups from a folder, and return them, oldest first.

    Kept is the newest backup of each of the last ``daily`` days, ``weekly`` weeks and ``monthly`` months of ``zone``,
    the present ones among them, and always the newest of all and whatever claims to be of the future. Files of
    other names are left alone. Few are removed at once: a clock that is far ahead must not clear the folder.
    """
    try:
        found = sorted((moment, file) for file in folder.iterdir() if (moment := _made_at(file)) is not None)
        past = [(moment, file) for moment, file in found if moment <= now]
        keep = {file for _, file in past[-1:]}
        today = now.astimezone(zone).date()
        days = [today - _DAY * number for number in range(daily)]
        weeks = [(today - _WEEK * number).isocalendar()[:2] for number in range(weekly)]
        months = [divmod(today.year * 12 + today.month - 1 - number, 12) for number in range(monthly)]
        local = [(moment.astimezone(zone), file) for moment, file in past]
        keep |= _newest(local, lambda moment: moment.date(), days)
        keep |= _newest(local, lambda moment: moment.date().isocalendar()[:2], weeks)
        keep |= _newest(local, lambda moment: (moment.year, moment.month - 1), months)
        gone = [file for _, file in past if file not in keep][:_MOST]
        for file in gone:
            file.unlink(missing_ok=True)
            sum_file(file).unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"备份：{folder}：旧备份未能清理（{cause_of(error)}）；请检查该文件夹的权限。") from error
    return gone


def _newest(
    found: Iterable[tuple[datetime, Path]], period: Callable[[datetime], object], wanted: Iterable[object]
) -> set[Path]:
    by_period = {period(moment): file for moment, file in found}
    return {by_period[each] for each in wanted if each in by_period}


def _made_at(file: Path) -> datetime | None:
    name = _OURS.fullmatch(file.name)
    if name is None or file.is_symlink() or not file.is_file():
        return None
    try:
        return datetime.strptime(name[1], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
