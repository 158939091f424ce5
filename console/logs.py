"""Where the log goes: to standard error for a command, to standard output and a file for the daemon."""

import logging
import sys
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TextIO

from console.log_lines import JsonLines, TextLines
from console.rotating import RotatingLog

OWN = ("console", "schedules", "crawler", "notices", "reports", "storage")
FORM = "time=%(asctime)s level=%(levelname)s logger=%(name)s %(message)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """Where the daemon's log goes: ``file`` (None: only to standard output), begun anew after ``largest`` bytes.

    ``files`` of them are kept. Lines are ``json`` objects or text; their times are in ``zone``.
    """

    file: Path | None
    json: bool
    largest: int
    files: int
    zone: tzinfo


class _Standard(logging.StreamHandler[TextIO]):
    """Writes to what is a standard stream at that moment: a progress bar on the terminal puts itself in between."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        """The stream to write to."""
        return sys.stderr

    @stream.setter
    def stream(self, stream: TextIO) -> None:
        """Keep what there is: nothing is remembered."""


class StandardError(_Standard):
    """Writes to standard error."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(FORM))


class StandardOutput(_Standard):
    """Writes to standard output; where nobody takes it (a closed pipe, a full disk), the line is left out."""

    @property
    def stream(self) -> TextIO:
        """The stream to write to."""
        return sys.stdout

    @stream.setter
    def stream(self, stream: TextIO) -> None:
        """Keep what there is: nothing is remembered."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name that is overridden
        """Say nothing: complaining would take the same way."""


def set_up_logs(*, verbose: bool) -> None:
    """Send the log to standard error; with ``verbose`` also one line per visit and per step."""
    _install(StandardError())
    _set_levels(logging.ERROR, logging.INFO if verbose else logging.NOTSET)  # what servers do is told of the visits


def set_up_daemon_logs(settings: LogSettings) -> None:
    """Send the log to standard output and to a rotating file, both opened anew: a mover of logs may have come by."""
    lines = JsonLines(settings.zone) if settings.json else TextLines(settings.zone)
    handlers: list[logging.Handler] = [StandardOutput()]
    if settings.file is not None:
        handlers.append(RotatingLog(settings.file, largest=settings.largest, files=settings.files))
    for each in handlers:
        each.setFormatter(lines)
    _install(*handlers)
    _set_levels(logging.WARNING, logging.INFO)


def _install(*handlers: logging.Handler) -> None:
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, _Standard | RotatingLog)]:
        root.removeHandler(old)
        if isinstance(old, RotatingLog):
            old.close()
    for new in handlers:
        root.addHandler(new)


def _set_levels(others: int, own: int) -> None:
    logging.getLogger().setLevel(others)
    for name in OWN:
        logging.getLogger(name).setLevel(own)
