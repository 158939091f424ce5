"""A log file that is begun anew when it is long, and that outlives a full disk."""

import logging
import os
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from time import monotonic

RETRY_SECONDS = 5.0
"""After a line that could not be written, none is tried for so long: a full disk is full for thousands of lines."""


class RotatingLog(RotatingFileHandler):
    """Writes lines to a file, and older ones to ``FILE.1`` and so on.

    What cannot be written is counted and told in the file once it can be written again; nothing is raised, nothing
    is said on standard error.
    """

    def __init__(self, file: Path, *, largest: int, files: int) -> None:
        """Write to ``file`` up to ``largest`` bytes; ``files`` are kept, the one that is written to among them."""
        # With no older file to keep RotatingFileHandler would never begin anew.
        super().__init__(file, maxBytes=largest, backupCount=max(files - 1, 1), encoding="utf-8", delay=True)
        self._lost = 0
        self._closed_until = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, after word of those that were lost."""
        if self._lost and monotonic() < self._closed_until:
            self._lost += 1
            return
        if self.stream is None:
            with suppress(OSError):
                Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        if lost := self._lost:
            self._lost = 0
            super().emit(_word_of(lost))
            if self._lost:  # still in the way
                self._lost += lost
                return
        super().emit(record)

    def _open(self) -> TextIOWrapper:
        """Open the file, and end the line that a full disk or a kill cut off in the middle."""
        stream = super()._open()
        try:
            if not _ends_whole(Path(self.baseFilename)):
                stream.write("\n")
                stream.flush()
        except OSError:
            with suppress(OSError):
                stream.close()
            raise
        return stream

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - the name that is overridden
        """Count the line, and let go of the file: what it holds half written would come back with the next line."""
        self._lost += 1
        self._closed_until = monotonic() + RETRY_SECONDS
        stream, self.stream = self.stream, None
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.close()


def _ends_whole(file: Path) -> bool:
    with file.open("rb") as stream:
        if not stream.seek(0, os.SEEK_END):
            return True
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"


def _word_of(lost: int) -> logging.LogRecord:
    message = "log file written again lost_lines=%d"
    return logging.LogRecord(__name__, logging.WARNING, __file__, 0, message, (lost,), None)
