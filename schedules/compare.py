"""Compare the texts of new and changed posts with those of all others, a few posts at a time."""

from collections.abc import Callable

from storage.database import Database
from storage.sketches import compare, compare_due

CHUNK = 100
"""So many posts are compared in one transaction: other programs that write wait no longer than about a second."""


def _go_on() -> None:
    """Stop for nothing."""


def compare_new_posts(database: Database, on_chunk: Callable[[], None] = _go_on) -> int:
    """Compare every post whose text is new or has changed since it was compared; return how many there were.

    ``on_chunk`` is called before each chunk and may raise to stop.

    What was compared is stored after each chunk, so that a run that is broken off goes on where it stopped; a second
    run finds nothing to do.
    """
    count = after = 0
    while True:
        on_chunk()
        with database.read() as session:
            due = compare_due(session, after, CHUNK)
        if not due:
            return count
        with database.begin() as session:
            compare(session, due)
        after = due[-1].post_id
        count += len(due)
