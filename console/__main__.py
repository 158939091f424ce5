"""The program ``xunjian``, also ``python -m console``."""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)  # while the modules load, Ctrl-C ends the program without a traceback

from console.cli import main  # noqa: E402 - only now

if __name__ == "__main__":
    sys.exit(main())
