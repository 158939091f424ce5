"""Files appear whole or not at all, whatever goes wrong, and nobody else's are touched."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import XunjianError
from reports.folder import Folder, ReportError, changed_files
from tests.monitor.builders import ZONE

NOW = datetime(2026, 11, 2, 10, tzinfo=ZONE)
OLD = {"summary.csv": "old summary", "findings.csv": "old findings"}
NEW = {"summary.csv": "new summary", "findings.csv": "new findings"}


@pytest.fixture
def month(tmp_path: Path) -> Path:
    """A month that was written before."""
    write(tmp_path / "2026-10", OLD)
    return tmp_path / "2026-10"


def write(folder: Path, files: dict[str, str]) -> None:
    with Folder(folder, NOW) as opened:
        for name, text in files.items():
            opened.open(name).write(text)
        opened.commit()


def content(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def beside(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.parent.iterdir() if each != folder)


def test_files_appear_together_at_the_end(tmp_path: Path) -> None:
    month = tmp_path / "a" / "b" / "2026-10"
    with Folder(month, NOW) as folder:
        folder.open("summary.csv", bom=True).write("表")
        folder.open("inspection.json").write("{}")
        assert content(month) == {}
        folder.commit()
    assert (month / "summary.csv").read_bytes() == b"\xef\xbb\xbf" + "表".encode()
    assert (month / "inspection.json").read_bytes() == b"{}"
    assert list(folder.files) == [month / "summary.csv", month / "inspection.json"]
    assert beside(month) == []


def refusing(monkeypatch: pytest.MonkeyPatch, *, after: int, kind: type[BaseException], times: int = 1) -> None:
    """Let the system refuse to put a file in place, after so many that it did put."""
    put, left = Path.replace, [after, times]

    def replace(self: Path, target: Path) -> Path:
        if left[0] == 0 and left[1] > 0:
            left[1] -= 1
            raise kind("busy")
        left[0] -= left[0] > 0
        return put(self, target)

    monkeypatch.setattr(Path, "replace", replace)


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize("kind", [PermissionError, KeyboardInterrupt])
def test_what_cannot_all_be_put_in_place_leaves_the_old_files(
    month: Path, monkeypatch: pytest.MonkeyPatch, after: int, kind: type[BaseException]
) -> None:
    refusing(monkeypatch, after=after, kind=kind)
    with pytest.raises(ReportError if kind is PermissionError else kind) as raised:
        write(month, {**NEW, "posts.csv": "new posts"})
    assert content(month) == OLD
    assert beside(month) == []
    if kind is PermissionError:
        assert "原有文件未作改动" in str(raised.value)


def test_what_is_raised_once_all_are_in_place_puts_the_old_files_back(month: Path) -> None:
    """The database refuses what the files say."""
    new = {**NEW, "posts.csv": "new posts"}

    def refused() -> None:
        with Folder(month, NOW) as folder:
            for name, text in new.items():
                folder.open(name).write(text)
            folder.commit()
            assert content(month) == new
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        refused()
    assert content(month) == OLD
    assert beside(month) == []


def test_where_there_are_no_links_the_old_files_are_copied(month: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(_: Path, target: Path) -> None:
        raise OSError(f"no link to {target}")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    refusing(monkeypatch, after=1, kind=PermissionError)
    with pytest.raises(ReportError):
        write(month, NEW)
    assert content(month) == OLD


def test_old_files_that_cannot_be_put_back_are_kept_and_named(month: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing(monkeypatch, after=1, kind=PermissionError, times=2)
    with pytest.raises(ReportError, match=r"已写入的summary\.csv也未能恢复.*原来的文件在 .*\.old，请移回"):
        write(month, NEW)
    (left,) = beside(month)
    assert content(month.parent / left / ".old")["summary.csv"] == OLD["summary.csv"]


def test_line_ends_are_written_as_given(tmp_path: Path) -> None:
    write(tmp_path / "2026-10", {"a.csv": "1\r\n2\n"})
    assert (tmp_path / "2026-10" / "a.csv").read_bytes() == b"1\r\n2\n"


def test_new_files_take_the_place_of_old_ones_and_others_stay(month: Path) -> None:
    (month / "我的批注.docx").write_text("a user's own file")
    (month / "own").mkdir()
    (month.parent / "2026-10.bak").write_text("a user's own file beside it")
    write(month, NEW)
    assert content_of_files(month) == NEW | {"我的批注.docx": "a user's own file"}
    assert (month / "own").is_dir()
    assert (month.parent / "2026-10.bak").read_text() == "a user's own file beside it"


def content_of_files(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.is_file()}


def test_what_is_not_put_in_place_is_dropped(month: Path) -> None:
    with Folder(month, NOW) as folder:
        folder.open("summary.csv").write("never committed")
    assert content(month) == OLD
    assert beside(month) == []


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(ValueError("a fault"), id="fault"),
        pytest.param(KeyboardInterrupt(), id="ctrl-c"),
        pytest.param(XunjianError("一句话。"), id="sentence"),
    ],
)
def test_an_error_leaves_the_old_files_and_nothing_else(month: Path, error: BaseException) -> None:
    def half() -> None:
        with Folder(month, NOW) as folder:
            folder.open("summary.csv").write("half")
            raise error

    with pytest.raises(type(error)) as raised:
        half()
    assert raised.value is error
    assert content(month) == OLD
    assert beside(month) == []


def test_ctrl_c_while_the_folder_beside_is_made_leaves_nothing(month: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Path.mkdir

    def interrupted(path: Path, *arguments: Any, **more: Any) -> None:
        made(path, *arguments, **more)
        if path.name.startswith("."):
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "mkdir", interrupted)
    with pytest.raises(KeyboardInterrupt), Folder(month, NOW):
        pass
    assert content(month) == OLD
    assert beside(month) == []


def test_an_error_of_the_system_is_a_sentence(month: Path) -> None:
    with pytest.raises(ReportError) as raised, Folder(month, NOW):
        raise OSError(28, "No space left on device")
    assert str(month) in str(raised.value)
    assert str(raised.value).endswith("。")
    assert content(month) == OLD
    assert beside(month) == []


@pytest.mark.parametrize("blocked", list(NEW))
def test_where_one_file_cannot_be_put_in_place_none_is(month: Path, blocked: str) -> None:
    """The sentence says that the old files are as they were."""
    (month / blocked).unlink()
    (month / blocked).mkdir()
    old = content_of_files(month)
    with pytest.raises(ReportError, match="原有文件未作改动"):
        write(month, NEW)
    assert content_of_files(month) == old
    assert beside(month) == []


def test_a_file_where_the_folder_should_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "2026-10").write_text("a user's own file")
    with pytest.raises(ReportError, match="2026-10"):
        write(tmp_path / "2026-10", NEW)
    assert (tmp_path / "2026-10").read_text() == "a user's own file"


# ------------------------------------------------------------------------------------------------------ left over


def left_over(month: Path, name: str, age: timedelta) -> Path:
    left = month.parent / name
    left.mkdir()
    (left / "summary.csv").write_text("half")
    at = (NOW - age).timestamp()
    os.utime(left, (at, at))
    return left


def killed(month: Path, age: timedelta) -> Path:
    """What a run that was killed so long ago has left."""
    before = set(month.parent.iterdir())
    folder = Folder(month, NOW)
    folder.__enter__()
    folder.open("summary.csv").close()
    (left,) = set(month.parent.iterdir()) - before
    at = (NOW - age).timestamp()
    os.utime(left, (at, at))
    return left


def test_what_killed_runs_have_left_is_removed(month: Path) -> None:
    left = killed(month, timedelta(days=2))
    write(month, NEW)
    assert not left.exists()


def test_what_may_be_a_run_under_way_stays(month: Path) -> None:
    left = killed(month, timedelta(hours=1))
    write(month, NEW)
    assert left.exists()


@pytest.mark.parametrize(
    ("name", "age"),
    [
        pytest.param(".2026-09.abcd1234", timedelta(days=2), id="of-another-month"),
        pytest.param(".2026-10.backup", timedelta(days=2), id="a-user's-own"),
        pytest.param("2026-10.abcd1234", timedelta(days=2), id="not-hidden"),
    ],
)
def test_everything_else_beside_the_folder_stays(month: Path, name: str, age: timedelta) -> None:
    left = left_over(month, name, age)
    write(month, NEW)
    assert (left / "summary.csv").read_text() == "half"


def test_two_runs_at_once_do_not_disturb_one_another(month: Path) -> None:
    first, second = Folder(month, NOW), Folder(month, NOW)
    with first:
        first.open("summary.csv").write("first")
        with second:
            second.open("summary.csv").write("second")
            second.commit()
        assert content(month)["summary.csv"] == "second"
        first.commit()
    assert content(month)["summary.csv"] == "first"
    assert beside(month) == []


# ------------------------------------------------------------------------------------------- full, and read-only

CHILD = """
import os, resource, signal, sys
from datetime import datetime
from pathlib import Path
from typing import Any
from reports.folder import Folder, ReportError, changed_files
from tests.reports.test_folder import NOW
how, month, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
if how == "nobody" and os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
if how == "limit":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
try:
    with Folder(month, NOW) as folder:
        folder.open("findings.csv").write("new")
        folder.open("summary.csv").write("n" * size)
        folder.commit()
except ReportError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""


def in_a_child(repository: Path, how: str, month: Path, size: int = 3) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CHILD, how, str(month), str(size)]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=100)


@pytest.mark.parametrize(
    "size", [pytest.param(70_000, id="at-the-last-flush"), pytest.param(5_000_000, id="while-writing")]
)
def test_a_full_disk_leaves_the_old_files(month: Path, repository: Path, size: int) -> None:
    """A limit on the size of files refuses writes as a full disk does."""
    child = in_a_child(repository, "limit", month, size)
    assert child.returncode == 2, child.stderr
    assert "原有文件未作改动" in child.stderr
    assert "Traceback" not in child.stderr
    assert content(month) == OLD
    assert beside(month) == []


@contextmanager
def tiny_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True
        ).returncode
    )
    try:
        if not mounted:
            pytest.skip("only root can mount a small disk")
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


@pytest.mark.chaos
@pytest.mark.parametrize("size", [pytest.param(100_000, id="once"), pytest.param(40_000, id="only-with-the-old-ones")])
def test_a_disk_that_is_really_full_leaves_the_old_files(repository: Path, size: int) -> None:
    with tiny_disk() as disk:
        month = disk / "2026-10"
        write(month, {"summary.csv": "o" * 30_000})
        child = in_a_child(repository, "full", month, size)
        assert child.returncode == 2, child.stderr
        assert "空间" in child.stderr
        assert {name: len(text) for name, text in content(month).items()} == {"summary.csv": 30_000}
        assert beside(month) == []


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A folder with a month in it, where only root can write."""
    folder = Path(tempfile.mkdtemp())
    write(folder / "2026-10", OLD)
    for each in (folder / "2026-10", folder):
        each.chmod(0o555)
    yield folder
    for each in (folder, folder / "2026-10"):
        each.chmod(0o755)
    for file in (folder / "2026-10").iterdir():
        file.unlink()
    (folder / "2026-10").rmdir()
    folder.rmdir()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("2026-10", id="the-month"),
        pytest.param("2026-11", id="a-new-month"),
        pytest.param("a/2026-11", id="a-new-folder"),
    ],
)
def test_a_read_only_folder_is_a_sentence(read_only: Path, repository: Path, name: str) -> None:
    child = in_a_child(repository, "nobody", read_only / name)
    assert child.returncode == 2, child.stderr
    assert "Traceback" not in child.stderr
    assert str(read_only / name) in child.stderr
    assert content(read_only / "2026-10") == OLD
    assert [each.name for each in read_only.iterdir()] == ["2026-10"]


def test_a_month_that_alone_is_read_only_keeps_all_its_files(read_only: Path, repository: Path) -> None:
    read_only.chmod(0o777)
    child = in_a_child(repository, "nobody", read_only / "2026-10")
    assert child.returncode == 2, child.stderr
    assert content(read_only / "2026-10") == OLD
    assert [each.name for each in read_only.iterdir()] == ["2026-10"]


def test_readers_never_see_half_a_file(tmp_path: Path) -> None:
    month, stop = tmp_path / "2026-10", threading.Event()
    write(month, {"summary.csv": "0" * 100_000})
    found: set[str] = set()

    def read() -> None:
        while not stop.is_set():
            text = (month / "summary.csv").read_text(encoding="utf-8")
            found.add(f"{len(text)} {''.join(sorted(set(text)))}")

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(1, 10):
        write(month, {"summary.csv": str(n) * 100_000})
    stop.set()
    reader.join()
    assert found <= {f"100000 {n}" for n in range(10)}


def test_digests_are_those_of_the_files_in_place(tmp_path: Path) -> None:
    with Folder(tmp_path / "out", NOW) as folder:
        folder.open("a.csv").write("甲")
        folder.place("b.xlsx").write_bytes(b"\x00")
        digests = folder.digests()
        folder.commit()
    assert changed_files(tmp_path / "out", digests) == frozenset()
    (tmp_path / "out" / "a.csv").write_text("乙", encoding="utf-8")
    (tmp_path / "out" / "b.xlsx").unlink()
    assert changed_files(tmp_path / "out", digests) == {"a.csv", "b.xlsx"}
    assert changed_files(tmp_path / "nowhere", digests) == {"a.csv", "b.xlsx"}


def test_only_some_files_are_put_in_place(tmp_path: Path) -> None:
    with Folder(tmp_path / "out", NOW) as folder:
        for name in ("a.csv", "b.csv"):
            folder.open(name).write("x")
        folder.commit({"b.csv"})
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["b.csv"]
