"""The archive of answers: one WARC file a local day, to which several programs may append at once.

What is appended goes out in one piece under a lock of the folder, and is on disk before ``keep`` returns: a row that
names a record is never older than the record, not even after a power cut. A program that is killed in the middle leaves
a torn last record, which the next writer cuts off; whole records are never touched.
"""

import fcntl
import os
import re
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path

from monitor.errors import cause_of
from monitor.visits import Exchange
from storage.errors import StorageError
from storage.warc import Kept, Record, Writing, read_record, whole_length

NAME = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:-(?P<number>[1-9]\d*))?\.warc\.gz")
"""How a file of the archive is called: ``2026-10-31.warc.gz``, ``2026-10-31-2.warc.gz``."""

LARGEST = 2**30
"""Bytes after which a day's next file is begun."""

_LOCK = ".lock"


def nothing_earlier(_exchange: Exchange) -> Kept | None:
    """Know of no earlier answer."""
    return None


class Archive:
    """The folder of evidence; ``zone`` is the office's, whose days the files are for."""

    def __init__(self, folder: Path, zone: tzinfo) -> None:
        """Keep answers in ``folder``, which is made with the first of them."""
        self.folder = folder
        self.zone = zone

    def keep(
        self, exchanges: Sequence[Exchange], earlier: Callable[[Exchange], Kept | None] = nothing_earlier
    ) -> tuple[Kept, ...]:
        """Append a record for each answer and return where they are.

        ``earlier`` gives the full record of the same body of the same address (of a 304: of the answer that it stands
        for), None where there is none; then only the headers are written. Raises StorageError where the system
        refuses; the archive stays as it was.
        """
        kept: list[Kept] = []
        days: dict[str, list[Exchange]] = {}
        for exchange in exchanges:
            days.setdefault(f"{exchange.at.astimezone(self.zone):%Y-%m-%d}", []).append(exchange)
        for day, some in days.items():
            known = [earlier(each) for each in some]
            try:
                with self.locked():
                    kept += self._append(day, list(zip(some, known, strict=True)))
            except OSError as error:
                raise self.failed(error) from error
        return tuple(kept)

    def read(self, file: str, offset: int) -> Record:
        """Return a record. Raises StorageError where it is gone or damaged."""
        return read_record(self.folder / file, offset)

    def files(self, day: str = "") -> list[Path]:
        """Return the archive's files (of one day), in the order in which they were begun."""
        found = [(match, path) for path in self.folder.glob("*.warc.gz") if (match := NAME.fullmatch(path.name))]
        ours = [
            (match["day"], int(match["number"] or 1), path) for match, path in found if not day or match["day"] == day
        ]
        return [path for _, _, path in sorted(ours)]

    @contextmanager
    def locked(self) -> Generator[None]:
        """Hold the folder's lock: nobody else appends, replaces or removes meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def next_name(self, day: str) -> str:
        """Return the name of the next file of a day; the lock must be held."""
        files = self.files(day)
        if not files:
            return f"{day}.warc.gz"
        last = NAME.fullmatch(files[-1].name)
        assert last is not None
        return f"{day}-{int(last['number'] or 1) + 1}.warc.gz"

    def settle(self) -> None:
        """Put the names of the folder's files on disk; a file that is on disk under no name is lost."""
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def failed(self, error: OSError) -> StorageError:
        """Return the sentence for what the system refused."""
        found = StorageError(
            f"采集原件：{error.filename or self.folder}：无法写入（{cause_of(error)}），本次采集的原件未保存，"
            "此前保存的完好；请检查文件夹权限和磁盘空间，或在 xunjian.toml 的 [evidence] folder 中改用别的文件夹。"
        )
        found.passing = True
        return found

    def _append(self, day: str, exchanges: Sequence[tuple[Exchange, Kept | None]]) -> list[Kept]:
        files = self.files(day)
        path = files[-1] if files else self.folder / self.next_name(day)
        if files and path.stat().st_size >= LARGEST:
            path = self.folder / self.next_name(day)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            size = os.fstat(descriptor).st_size
            whole = whole_length(descriptor, size)
            if whole < size:
                os.ftruncate(descriptor, whole)
            writing = Writing(path.name, begins=whole)
            if whole == 0:
                writing.add_info(exchanges[0][0].at, {"description": "巡检采集原件 answers as they came, un-gzipped"})
            kept = [writing.add(exchange, known) for exchange, known in exchanges]
            holds_body = any(known is None for _, known in exchanges)
            _write_whole(descriptor, writing.content(), whole, sync=holds_body)
            if whole == 0:
                self.settle()
        except OSError as error:
            error.filename = error.filename or str(path)
            raise
        finally:
            os.close(descriptor)
        return kept


def _write_whole(descriptor: int, content: bytes, begin: int, *, sync: bool) -> None:
    """Append all of ``content`` and, with ``sync``, see it on disk, or append nothing."""
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        if sync:
            os.fdatasync(descriptor)
    except OSError:
        os.ftruncate(descriptor, begin)
        raise
