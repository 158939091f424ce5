"""Kill a writing process again and again: what is stored is whole visits."""

import multiprocessing
import os
import random
import signal
import time
from multiprocessing.synchronize import Event

import pytest
from sqlalchemy import func, select, text

from monitor.spans import contains
from storage.coverage import coverage_of
from storage.database import open_database
from storage.models import post_keys, post_texts, posts, visits
from storage.sources import sources_of
from storage.visits import save_visit, visits_between
from tests.storage.values import ZONE, a_visit, an_item, hour, register

ITEMS = 20
KILLS = 10
FORK = multiprocessing.get_context("fork")


def _write(url: str, first: int, begun: Event) -> None:
    database = open_database(url)
    for number in range(first, first + 100_000):
        with database.begin() as session:
            (source,) = sources_of(session)
            items = [an_item(f"{number}-{each}", hour(number * 2), text="正文" * 500) for each in range(ITEMS)]
            save_visit(session, a_visit(source, hour(number * 2 + 1), *items, proof=(number * 2, number * 2 + 1)), ZONE)
        begun.set()


@pytest.mark.chaos
@pytest.mark.slow
def test_no_kill_leaves_half_a_visit(url: str) -> None:
    database = open_database(url)
    with database.begin() as session:
        register(session)
    database.close()
    chance = random.Random(7)
    stored = 0
    for turn in range(KILLS):
        begun = FORK.Event()
        writer = FORK.Process(target=_write, args=(url, turn * 100_000, begun))
        writer.start()
        assert writer.pid is not None
        assert begun.wait(60)
        time.sleep(chance.random() * 0.1)
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        database = open_database(url)
        with database.read() as session:
            found = visits_between(session, ["a1"], hour(0), hour(3_000_000))["a1"]
            assert len(found) > stored
            stored = len(found)
            spans = coverage_of(session, ["a1"], hour(0), hour(3_000_000))["a1"]
            assert len(spans) == len(found)
            assert all(visit.proof is not None and contains(spans, visit.proof) for visit in found)
            for table in (posts, post_keys, post_texts):
                assert session.scalar(select(func.count()).select_from(table)) == ITEMS * len(found)
            assert session.scalar(select(func.max(visits.c.item_count))) in (None, ITEMS)
            if url.startswith("sqlite"):
                assert session.scalar(text("PRAGMA quick_check")) == "ok"
        database.close()
    assert stored >= KILLS
