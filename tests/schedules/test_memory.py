"""What an inspection holds does not grow with the number of accounts."""

import gc
import shutil
import tracemalloc
from pathlib import Path

import pytest

from schedules.office import Office
from storage.accounts import save_accounts
from storage.database import open_database
from storage.visits import save_visit
from tests.schedules.offices import (
    IMPORTED,
    a_visit,
    an_account,
    an_office,
    daily,
    inspect,
    sources,
)

MIB = 2**20


def filled(file: Path, accounts: int) -> Office:
    """Accounts with a few posts, every second one silent since the 3rd."""
    office = an_office(open_database(f"sqlite:///{file}"))
    with office.database.begin() as session:
        save_accounts(session, [an_account(f"n{n}", main=n % 2 == 0) for n in range(accounts)], IMPORTED)
    found = sources(office)
    with office.database.begin() as session:
        for n in range(accounts):
            items = daily("10-01", "10-03" if n % 2 else "10-07", prefix=f"{n}-")
            save_visit(session, a_visit(found[f"n{n}"], "11-01 08:00", *items, proves="09-01"), office.zone)
    return office


def peak(empty_file: Path, folder: Path, accounts: int) -> float:
    """The most that an inspection held beyond what was there before, in MiB."""
    office = filled(Path(shutil.copy(empty_file, folder / f"{accounts}.db")), accounts)
    gc.collect()
    tracemalloc.start()
    try:
        inspect(office, "2026-10", folder / f"out{accounts}")
        return tracemalloc.get_traced_memory()[1] / MIB
    finally:
        tracemalloc.stop()
        office.database.close()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_accounts(
    empty_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schedules.observe.SLICE", 60)
    peak(empty_file, tmp_path, 10)  # what is imported and cached once
    few, many = peak(empty_file, tmp_path, 70), peak(empty_file, tmp_path, 370)
    held = (
        300 * 6144 / MIB
    )  # the accounts themselves, and their rows and findings in the bulletin: at most six KiB each
    assert many < few + held
