"""Posts that were first seen by a clock that was behind: nobody is accused for the day that they were given instead."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from schedules.collect import collect
from schedules.inspect import inspect_month
from schedules.office import Office
from tests.schedules.offices import Site, an_account, read_back, register, rss


def test_a_post_whose_day_was_still_to_come_by_a_wrong_clock_leaves_that_day_in_doubt(
    office: Office, site: Site, tmp_path: Path
) -> None:
    days = [datetime(2026, 10, 8, 10) + timedelta(days=n) for n in range(20)]  # noqa: DTZ001 - local, as written
    site.bodies["/f"] = rss(*((f"p{day:%d}", f"{day:%m-%d %H:%M}") for day in reversed(days)))
    register(office, an_account("a1", site.url("/f"), main=True))
    right = datetime(2026, 10, 27, 12, tzinfo=UTC)
    for clock in (right - timedelta(days=5), right, right + timedelta(days=6)):
        collect(office, [], clock=lambda at=clock: at, on_visit=lambda *_: None)  # type: ignore[misc]
    inspect_month(office, "2026-10", tmp_path, now=right + timedelta(days=6), as_of=None, on_progress=lambda *_: None)
    found = read_back(tmp_path / "2026-10")
    proven = found.finding("a1", "GX-02")["问题时段"].split(";")
    assert proven == ["2026-10-28", "2026-10-29", "2026-10-30"]
    doubted = found.finding("a1", "GX-02", "待复核")["问题时段"].split(";")
    assert doubted == ["2026-10-23", "2026-10-26", "2026-10-27"]
