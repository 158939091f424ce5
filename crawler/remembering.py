"""What is remembered of a source's answers, and when that is not to be relied on."""

from dataclasses import replace
from typing import Final

from crawler.sources import REPORT, Reading
from monitor.visits import NO_SELECTORS, Memory, Outcome, Source, Visit

READERS: Final = "2"
"""Counted up when a reader begins to read the same bytes otherwise, so that unchanged pages are read again."""

_CHOSEN: Final = "\n@"  # between how an answer is read and which list was chosen

# Answers about the list itself that are no good: what was remembered of it before is not to be relied on any more. The
# other failures say nothing about the list, so a later 304 still equals the last full answer.
_FORGETTING: Final = frozenset(
    {Outcome.EMPTY, Outcome.PARTIAL, Outcome.NOT_A_FEED, Outcome.BLOCKED, Outcome.GONE, Outcome.TOO_LARGE}
)


def read_as(source: Source) -> str:
    """Return how a source's answers are read: what an earlier answer said holds only where it was read the same way."""
    chosen = source.selectors
    how = (source.kind, source.timezone, chosen.item, chosen.title, chosen.link, chosen.date, str(chosen.choice))
    names = source.names if source.kind == REPORT else ()
    return "\n".join((READERS, *how, str(source.complete), *source.sees, *names))


def with_memory_in_use(source: Source) -> Source:
    """Return a source that remembers nothing of answers that were read in another way than it is read now."""
    memory = source.memory
    is_plain = source.complete is None and not source.sees and source.selectors == NO_SELECTORS
    how = None if memory.read_as is None else memory.read_as.partition(_CHOSEN)[0]
    if how == read_as(source) or (how is None and is_plain):
        return source
    return replace(source, memory=Memory(moved_to=memory.moved_to))


def forgotten(source: Source, moved_to: str | None) -> Memory:
    """Return what stays remembered after an answer that is no good: which list was chosen, if one was."""
    return Memory(moved_to=moved_to, read_as=source.memory.read_as if source.selectors.choice else None)


def after_failure(source: Source, outcome: Outcome, moved_to: str | None) -> Memory:
    """Return what stays remembered after an answer without a body."""
    return forgotten(source, moved_to) if outcome in _FORGETTING else replace(source.memory, moved_to=moved_to)


def unremembered(visit: Visit) -> Memory:
    """Return what stays remembered of an answer that is not to be relied on."""
    how = visit.memory.read_as
    return Memory(moved_to=visit.memory.moved_to, read_as=how if how and _CHOSEN in how else None)


def remembered_choice(source: Source, reading: Reading) -> tuple[str, str]:
    """Return how an answer was read, to be remembered, and why another list may be in the chosen one's place.

    A list is chosen by its place on the page: one that is put before it moves it on. The first one that was read is
    remembered until the office chooses anew.
    """
    how, now = read_as(source), _chosen(reading)
    if not source.selectors.choice or not now:
        return how, ""
    before = (source.memory.read_as or "").partition(_CHOSEN)[2] or now
    changed = f"第{source.selectors.choice}个列表原为“{before}”，现为“{now}”，请核对 choice" if before != now else ""
    return f"{how}{_CHOSEN}{before}", changed


def _chosen(reading: Reading) -> str:
    """Return by what the chosen list of a page is known again: its heading, else the make of its rows."""
    chosen = next((each for each in reading.choices if each.chosen), None)
    return "" if chosen is None else chosen.heading or chosen.item
