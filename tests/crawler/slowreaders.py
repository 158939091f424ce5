"""Readers that do what a reader must not; child processes import them by name."""

import os
import sys
import time
from datetime import datetime
from pathlib import Path

from crawler.sources import ARTICLE, Answer, Reading
from monitor.values import Article, Listing
from monitor.visits import NO_SELECTORS, Outcome, Selectors


def pid(answer: Answer, kind: str, at: datetime, zone: str, selectors: Selectors = NO_SELECTORS) -> Reading:
    return Reading(outcome=Outcome.NEW, listing=Listing(title=str(os.getpid())), reason=f"{kind} {at} {zone}")


def by_body(answer: Answer, kind: str, at: datetime, zone: str, selectors: Selectors = NO_SELECTORS) -> Reading:
    """Hangs, dies, raises, prints or dies once, as the body says."""
    what, _, rest = answer.body.decode().partition(" ")
    if what == "hang":
        Path(rest).write_text(str(os.getpid())) if rest else None
        time.sleep(3600)
    elif what == "die":
        os._exit(3)
    elif what == "raise":
        raise RuntimeError("broken")
    elif what == "print":
        sys.stdout.write("noise " * 1000)
        sys.stdout.flush()
    elif what == "die-once" and not Path(rest).exists():
        Path(rest).touch()
        os._exit(3)
    elif what == "big":
        return Reading(outcome=Outcome.NEW, listing=Listing(title="x" * 5_000_000))
    return pid(answer, kind, at, zone)


def article(answer: Answer, kind: str, at: datetime, zone: str, selectors: Selectors = NO_SELECTORS) -> Reading:
    """Reads a body as an article's title, or as the outcome that its first word names."""
    text = answer.body.decode()
    if text.split()[0] in Outcome.__members__:
        return Reading(outcome=Outcome(text.split()[0]), reason="如正文所说")
    if text.startswith("raise"):
        raise RuntimeError("broken")
    assert kind == ARTICLE
    return Reading(outcome=Outcome.NEW, article=Article(title=f"{text} {zone}"))
