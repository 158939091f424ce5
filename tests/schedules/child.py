"""A use case run as a program of its own, to be killed: ``python -m tests.schedules.child inspect DATABASE …``."""

import signal
import sys
from pathlib import Path

from monitor.errors import XunjianError
from monitor.visits import Visit
from schedules.collect import collect
from schedules.office import Office
from storage.database import open_database
from tests.schedules.offices import an_office, inspect, stopped


def main(what: str, file: str, *arguments: str) -> int:
    """Run one use case; 3 where it was interrupted, 2 and the sentence where it failed."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started us in the background may have it ignored
    try:
        database = open_database(f"sqlite:///{file}")
        try:
            return _run(an_office(database), what, *arguments)
        finally:
            database.close()
    except XunjianError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _run(office: Office, what: str, *arguments: str) -> int:
    if what == "inspect":
        month, out, now, *as_of = arguments
        inspect(office, month, Path(out), now=now, as_of=as_of[0] if as_of else None)
        return 0
    (now,) = arguments
    report = collect(office, [], clock=stopped(now), on_visit=_tell)
    _say(f"{'interrupted' if report.interrupted else 'done'} {len(report.visits)}")
    return 3 if report.interrupted else 0


def _tell(visit: Visit, done: int, total: int) -> None:
    _say(f"{done}/{total} {visit.account_id} {visit.outcome}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
