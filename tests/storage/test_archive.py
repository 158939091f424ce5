"""The archive is whole at any time: torn tails are cut off, several write at once, a full disk loses nothing."""

import errno
import gzip
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from monitor.visits import Exchange
from storage import archive as archive_module
from storage.archive import Archive
from storage.errors import StorageError
from storage.warc import digest_of, members
from tests.storage.values import ZONE

AT = datetime(2026, 10, 12, 3, tzinfo=UTC)
FORK = multiprocessing.get_context("fork")


def answer(body: bytes = "<p>通知".encode(), at: datetime = AT, **more: object) -> Exchange:
    given: dict[str, object] = {
        "url": "https://county.example/列表",
        "at": at,
        "status": 200,
        "headers": (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")),
        "body": body,
    }
    return Exchange(**given | more)  # type: ignore[arg-type]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "evidence", ZONE)


def check(archive: Archive) -> None:
    """``warcio check`` finds nothing wrong in any file."""
    program = Path(sys.executable).with_name("warcio")
    ran = subprocess.run([program, "check", *archive.files()], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_an_answer_comes_back_as_it_was(archive: Archive) -> None:
    (kept,) = archive.keep([answer()])
    found = archive.read(kept.file, kept.offset)
    assert (found.kind, found.url, found.at, found.status) == ("response", "https://county.example/列表", AT, 200)
    assert found.body == "<p>通知".encode()
    assert found.record_id == kept.record_id
    assert found.digest == kept.digest == digest_of("<p>通知".encode())
    assert dict(found.headers) == {
        "Content-Type": "text/html",
        "X-Archive-Orig-Content-Encoding": "gzip",
        "X-Archive-Orig-Transfer-Encoding": "chunked",
        "Content-Length": "9",
    }
    check(archive)


@pytest.mark.parametrize(
    "exchange",
    [
        pytest.param(answer(b""), id="empty"),
        pytest.param(answer(b"\x00\xff" * 5000), id="bytes"),
        pytest.param(answer(b"\r\n\r\nWARC/1.1\r\n"), id="looks like a record"),
        pytest.param(answer(gzip.compress(b"WARC")), id="gzip inside"),
        pytest.param(answer(b"5\r\nhello\r\n0\r\n\r\n"), id="looks chunked"),
        pytest.param(answer(headers=(("甲", "乙\r\nX: 1"), ("A", "\udc80"))), id="headers that are not ASCII"),
        pytest.param(answer(status=599), id="a status without a name"),
        pytest.param(answer(url="https://a.example/ x\n\udc80"), id="an address that is none"),
        pytest.param(answer(os.urandom(300_000)), id="large"),
    ],
)
def test_any_answer_can_be_kept(archive: Archive, exchange: Exchange) -> None:
    kept = archive.keep([answer(), exchange, answer()])
    assert archive.read(kept[1].file, kept[1].offset).body == exchange.body
    assert archive.read(kept[2].file, kept[2].offset).body == answer().body
    check(archive)


def test_one_file_a_local_day_begins_with_its_info(archive: Archive) -> None:
    archive.keep(
        [answer(at=datetime(2026, 10, 12, 15, 59, tzinfo=UTC)), answer(at=datetime(2026, 10, 12, 16, tzinfo=UTC))]
    )
    assert [each.name for each in archive.files()] == ["2026-10-12.warc.gz", "2026-10-13.warc.gz"]
    for file in archive.files():
        assert gzip.decompress(file.read_bytes()).count(b"WARC-Type: warcinfo") == 1
        assert b"WARC-Type: warcinfo" in gzip.decompress(file.read_bytes()).split(b"\r\n\r\n")[0]


@pytest.mark.parametrize(("status", "profile"), [(200, b"identical-payload-digest"), (304, b"server-not-modified")])
def test_a_body_that_is_kept_already_is_pointed_at(archive: Archive, status: int, profile: bytes) -> None:
    (first,) = archive.keep([answer()])
    (second,) = archive.keep([answer(status=status, at=AT + timedelta(hours=1))], lambda _: first)
    assert (second.revisit_of, second.digest) == (first.record_id, first.digest)
    found = archive.read(second.file, second.offset)
    assert (found.kind, found.body, found.status) == ("revisit", b"", status)
    assert profile in gzip.decompress(archive.files()[0].read_bytes())
    check(archive)


@pytest.mark.parametrize("cut", [1, 5, 9, 40, 300, "all but one"])
def test_a_torn_last_record_is_cut_off(archive: Archive, cut: int | str) -> None:
    (first,) = archive.keep([answer()])
    whole = archive.files()[0].stat().st_size
    archive.keep([answer(os.urandom(3000))])
    file = archive.files()[0]
    size = file.stat().st_size
    os.truncate(file, size - 1 if cut == "all but one" else whole + int(cut))
    (after,) = archive.keep([answer(b"after")])
    assert after.offset == whole
    assert archive.read(first.file, first.offset).body == answer().body
    assert archive.read(after.file, after.offset).body == b"after"
    check(archive)


@pytest.mark.parametrize("left", [0, 3, 100])
def test_a_torn_first_record_begins_the_file_anew(archive: Archive, left: int) -> None:
    archive.keep([answer()])
    os.truncate(archive.files()[0], left)
    (kept,) = archive.keep([answer()])
    assert archive.read(kept.file, kept.offset).body == answer().body
    assert len(list(members(archive.files()[0]))) == 2
    check(archive)


def test_zeros_of_a_power_cut_are_cut_off(archive: Archive) -> None:
    archive.keep([answer()])
    with archive.files()[0].open("ab") as file:
        file.write(bytes(200_000))
    archive.keep([answer()])
    assert len(list(members(archive.files()[0]))) == 3
    check(archive)


def test_a_file_that_has_grown_large_is_followed_by_another(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "LARGEST", 1)
    for _ in range(3):
        archive.keep([answer()])
    assert [each.name for each in archive.files()] == [
        "2026-10-12.warc.gz",
        "2026-10-12-2.warc.gz",
        "2026-10-12-3.warc.gz",
    ]
    check(archive)


def test_a_full_disk_leaves_the_archive_whole(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = archive.keep([answer()])
    size = archive.files()[0].stat().st_size
    really = os.write

    def full(descriptor: int, content: memoryview) -> int:
        if len(content) <= 100:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return really(descriptor, content[:100])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StorageError, match=r"2026-10-12.warc.gz：无法写入（磁盘空间已满）"):
        archive.keep([answer(os.urandom(1000))])
    monkeypatch.undo()
    assert archive.files()[0].stat().st_size == size
    assert archive.read(first.file, first.offset).body == answer().body
    check(archive)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"采集原件：.*无法写入"):
        Archive(tmp_path / "file" / "evidence", ZONE).keep([answer()])


def test_a_record_that_is_gone_or_damaged_is_told(archive: Archive) -> None:
    (kept,) = archive.keep([answer(b"a" * 50)])
    for file, offset in (("none.warc.gz", 0), (kept.file, kept.offset + 1), (kept.file, 10**6)):
        with pytest.raises(StorageError, match="无法读取"):
            archive.read(file, offset)


def write_many(folder: Path, number: int, count: int, begun: Event) -> None:
    archive = Archive(folder, ZONE)
    chance = random.Random(number)
    for at in range(count):
        archive.keep([answer(chance.randbytes(chance.randrange(20_000)), url=f"https://a.example/{number}/{at}")])
        begun.set()


def test_several_write_at_once(archive: Archive) -> None:
    writers = [FORK.Process(target=write_many, args=(archive.folder, each, 40, FORK.Event())) for each in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert len(list(members(archive.files()[0]))) == 4 * 40 + 1
    check(archive)


@pytest.mark.chaos
@pytest.mark.slow
def test_no_kill_loses_a_whole_record(archive: Archive) -> None:
    chance = random.Random(11)
    known: list[bytes] = []
    for turn in range(12):
        begun = FORK.Event()
        writers = [
            FORK.Process(target=write_many, args=(archive.folder, turn * 10 + each, 10**6, begun)) for each in (1, 2)
        ]
        for writer in writers:
            writer.start()
        assert begun.wait(60)
        time.sleep(chance.random() * 0.2)
        for writer in writers:
            assert writer.pid is not None
            os.kill(writer.pid, signal.SIGKILL)
            writer.join()
        archive.keep([answer(f"turn {turn}".encode())])
        check(archive)
        (file,) = archive.files()
        content = file.read_bytes()
        found = [content[begin:end] for begin, end in members(file)]
        assert found[: len(known)] == known
        assert len(found) > len(known)
        known = found


def test_a_record_is_on_disk_before_anybody_is_told_of_it(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes are those of the file when it was synced; a new file's name is synced as well."""
    synced: list[tuple[str, int]] = []
    real = {name: getattr(os, name) for name in ("fdatasync", "fsync")}

    def noted(name: str) -> None:
        def sync(descriptor: int) -> None:
            synced.append((name, os.fstat(descriptor).st_size if name == "fdatasync" else 0))
            real[name](descriptor)

        monkeypatch.setattr(os, name, sync)

    noted("fdatasync")
    noted("fsync")
    (first,) = archive.keep([answer()])
    size = archive.files()[0].stat().st_size
    assert synced == [("fdatasync", size), ("fsync", 0)]
    archive.keep([answer(b"more")])
    assert synced[2:] == [("fdatasync", archive.files()[0].stat().st_size)]
    assert archive.read(first.file, first.offset).body == "<p>通知".encode()


def test_what_cannot_be_synced_was_not_kept(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.keep([answer()])
    content = archive.files()[0].read_bytes()

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fdatasync", refuse)
    with pytest.raises(StorageError, match="无法写入"):
        archive.keep([answer(b"more")])
    assert archive.files()[0].read_bytes() == content


def test_a_file_that_was_handed_in_is_a_resource(archive: Archive) -> None:
    file = answer(b"a,b", url="report:上报 1.csv", headers=(("Content-Type", "text/csv"),))
    (kept,) = archive.keep([file])
    archive.keep([file], lambda _exchange: kept)
    found = archive.read(kept.file, kept.offset)
    assert (found.kind, found.url, found.status, found.body) == ("resource", "report:上报%201.csv", 200, b"a,b")
    assert found.headers == (("Content-Type", "text/csv"),)
    assert found.digest == digest_of(b"a,b")
    check(archive)


def test_a_file_without_a_type_is_a_resource_too(archive: Archive) -> None:
    (kept,) = archive.keep([answer(b"\xff\x00", url="report:上报", headers=())])
    assert archive.read(kept.file, kept.offset).headers == (("Content-Type", "application/octet-stream"),)
    check(archive)
