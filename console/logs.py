"""Where the log goes: to standard error, our own faults only, or everything of our own where it is asked for."""

import logging
import sys
from typing import TextIO

OWN = ("console", "schedules", "crawler", "reports", "storage")
FORM = "time=%(asctime)s level=%(levelname)s logger=%(name)s %(message)s"


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to what is standard error at that moment: a progress bar on the terminal puts itself in between."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(logging.Formatter(FORM))

    @property
    def stream(self) -> TextIO:
        """The stream to write to."""
        return sys.stderr

    @stream.setter
    def stream(self, stream: TextIO) -> None:
        """Keep what there is: nothing is remembered."""


def set_up_logs(*, verbose: bool) -> None:
    """Send the log to standard error; with ``verbose`` also one line per visit and per step."""
    root = logging.getLogger()
    for each in [each for each in root.handlers if isinstance(each, StandardError)]:
        root.removeHandler(each)
    root.addHandler(StandardError())
    root.setLevel(logging.ERROR)  # what a server does to us is told in the sentences of the visits
    for name in OWN:
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.NOTSET)
