"""For programs under libfaketime: its clock_nanosleep returns at once when the clock of the machine alone is bent."""

import faulthandler
import select
import signal
import time
from typing import SupportsIndex


def _sleep(seconds: float | SupportsIndex, /) -> None:
    select.select([], [], [], float(seconds))


time.sleep = _sleep
faulthandler.register(signal.SIGUSR1)  # where it stands, for the test that waits for it in vain
