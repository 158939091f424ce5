"""An office with accounts that were silent for months, inspected month after month."""

from collections.abc import Sequence
from pathlib import Path

from schedules.disposing import Given, Recorded, record_step
from schedules.office import Office
from tests.monitor.builders import moment
from tests.schedules.offices import an_account, daily, inspect, register, seen

NEXT = {"2026-07": "08-02 10:00", "2026-08": "09-02 10:00", "2026-09": "10-09 10:00", "2026-10": "11-02 10:00"}
MONTHS = tuple(NEXT)


def silent_county(office: Office, out: Path, months: Sequence[str] = MONTHS) -> None:
    """``a1`` and ``a2`` posted last in June, ``a3`` posts originals every day; every month is inspected."""
    register(office, an_account("a1"), an_account("a2"), an_account("a3"))
    for account in ("a1", "a2"):
        items = daily("06-01", "06-10", prefix=account)
        seen(office, account, "2026-11-01 09:00", *items, proves="2026-03-01 00:00")
    own = daily("03-01", "10-31", prefix="a3", publisher="县政府办")
    seen(office, "a3", "2026-11-01 09:00", *own, proves="2026-03-01 00:00")
    for month in months:
        inspect(office, month, out, now=NEXT[month])


def step(
    office: Office, account_id: str, name: str, day: str, /, *, now: str = "11-12 10:00", **more: object
) -> Recorded:
    """Record a step of 2026 at a local time."""
    given: dict[str, object] = {"step": name, "on": f"2026-{day}", "by": "李四", "document": "高府办函〔2026〕12号"}
    if name in ("约谈", "关停"):
        given["signer"] = "王县长"
    return record_step(office, account_id, Given(**given | more), now=moment(now))  # type: ignore[arg-type]
