"""Killed, run twice at once, on a full disk: an inspection's files are whole, old or new, and the next run works."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from monitor.values import Mark
from schedules.office import Office
from storage.models import inspections
from tests.schedules.offices import (
    an_account,
    an_item,
    as_nobody,
    bytes_of,
    daily,
    inspect,
    read_back,
    register,
    seen,
)

KILLS = 8
ACCOUNTS = 410
LATER = "11-20 10:00"


def fill(office: Office) -> None:
    """Three slices of accounts, some silent, some never seen."""
    register(office, *(an_account(f"n{n:03}", main=n % 7 == 0) for n in range(ACCOUNTS)))
    for n in range(0, ACCOUNTS, 9):
        seen(office, f"n{n:03}", "10-20 08:00", *daily("10-01", "10-19", mark=Mark.ORIGINAL), proves="08-01")


def change(office: Office) -> None:
    for n in range(0, ACCOUNTS, 9):
        seen(office, f"n{n:03}", "11-02 08:00", an_item("late", "10-30 09:00"), proves="10-19 10:00")


def inspecting(office: Office, out: Path, repository: Path, *as_of: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.schedules.child", "inspect", office.database.where, "2026-10"]
    return subprocess.Popen([*command, str(out), LATER, *as_of], cwd=repository, stderr=subprocess.PIPE)


@pytest.mark.chaos
@pytest.mark.slow
def test_no_kill_leaves_half_a_file(office: Office, tmp_path: Path, repository: Path) -> None:
    fill(office)
    out = tmp_path / "out"
    inspect(office, "2026-10", out, now=LATER)
    old = bytes_of(out / "2026-10")
    change(office)
    inspect(office, "2026-10", tmp_path / "new", now=LATER)
    new = bytes_of(tmp_path / "new" / "2026-10")
    assert {name for name in old if old[name] == new[name]} == {"rechecks.csv"}  # there is nothing to look at again
    began = time.monotonic()
    timed = inspecting(office, tmp_path / "timing", repository)
    timed.communicate(timeout=200)
    assert timed.returncode == 0
    whole = time.monotonic() - began
    chance = Random(7)
    for _ in range(KILLS):
        child = inspecting(office, out, repository)
        time.sleep(whole * (0.4 + 0.6 * chance.random()))
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=60)
        found = bytes_of(out / "2026-10")
        assert found.keys() == old.keys()
        for name, body in found.items():
            assert body in (old[name], new[name])
    inspect(office, "2026-10", out, now=LATER)
    assert bytes_of(out / "2026-10") == new
    inspect(office, "2026-11", tmp_path / "next", now=LATER)
    assert {row["累计突出问题次数"] for row in read_back(tmp_path / "next" / "2026-11").summary} <= {"0", "1", "2"}
    inspect(office, "2026-10", out, now="11-30 10:00")
    with office.database.read() as session:
        states = session.scalars(select(inspections.c.state)).all()
    assert "incomplete" not in states


@pytest.mark.chaos
@pytest.mark.slow
def test_two_inspections_of_a_month_at_once_give_what_one_gives(
    office: Office, tmp_path: Path, repository: Path
) -> None:
    fill(office)
    inspect(office, "2026-10", tmp_path / "one", now=LATER)
    children = [inspecting(office, tmp_path / "out", repository) for _ in range(3)]
    for child in children:
        _, said = child.communicate(timeout=200)
        assert child.returncode == 0, said.decode()
    assert bytes_of(tmp_path / "out" / "2026-10") == bytes_of(tmp_path / "one" / "2026-10")
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["2026-10"]
    with office.database.read() as session:
        assert session.scalars(select(inspections.c.state)).all() == ["complete"]


@pytest.mark.chaos
@pytest.mark.slow
def test_ctrl_c_keeps_the_old_files(office: Office, tmp_path: Path, repository: Path) -> None:
    fill(office)
    out = tmp_path / "out"
    inspect(office, "2026-10", out, now=LATER)
    old = bytes_of(out / "2026-10")
    child = inspecting(office, out, repository)
    while not [each for each in out.iterdir() if each.name.startswith(".")] and child.poll() is None:
        time.sleep(0.002)
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=60)
    assert bytes_of(out / "2026-10") == old
    assert [each.name for each in out.iterdir()] == ["2026-10"]


def test_a_folder_that_cannot_be_written_is_a_sentence_and_counts_nowhere(
    office: Office, tmp_path: Path, read_only_folder: Path, repository: Path
) -> None:
    register(office, an_account())
    office.database.close()
    where = Path(office.database.where)
    folder = read_only_folder / "db"
    read_only_folder.chmod(0o755)
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "x.db").write_bytes(where.read_bytes())
    (folder / "x.db").chmod(0o666)
    read_only_folder.chmod(0o555)
    child = as_nobody(repository, "inspect", str(folder / "x.db"), "2026-10", str(read_only_folder / "out"), LATER)
    assert child.returncode == 2, child.stderr
    assert child.stderr.startswith("检查结果：")
    assert "Traceback" not in child.stderr
    assert not (read_only_folder / "out").exists()
    assert [each.name for each in read_only_folder.iterdir()] == ["db"]
