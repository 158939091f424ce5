import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from monitor.cadence import Plan, Why
from monitor.values import AccountState, SourceAddress
from monitor.visits import Outcome, Source
from storage.accounts import save_accounts
from storage.database import Database
from storage.models import sources, visits
from storage.plans import Backlog, Due, backlog, due_sources, forget_plans, knowledge_of, save_plans, unplanned
from storage.sources import control_source, report_source, sources_of, take_views
from storage.visits import save_visit
from tests.storage.values import START, ZONE, a_visit, an_account, an_item, hour, register


def a_plan(due: float, latest: float, **more: object) -> Plan:
    given = {"due_at": hour(due), "latest": hour(latest), "why": Why.ROUTINE, "failures": 0}
    return Plan(**given | more)  # type: ignore[arg-type]


def ids_of(found: list[Source]) -> list[int]:
    return [each.source_id for each in found]


def test_those_that_are_due_come_with_the_least_time_left_first(database: Database) -> None:
    with database.begin() as session:
        one, two, three, four = ids_of(register(session, *(an_account(f"a{n}") for n in range(4))))
        save_plans(
            session, {one: a_plan(1, 9), two: a_plan(2, 3), three: a_plan(2, 5), four: a_plan(2.5, 2.6)}, hour(0)
        )
        save_plans(session, {three: a_plan(2, 8, why=Why.DEADLINE, failures=2)}, hour(0))
    with database.read() as session:
        found = due_sources(session, hour(2))
        assert [each.source_id for each in found] == [two, three, one]
        assert found[1] == Due(
            source_id=three,
            account_id="a2",
            url="https://a2.example/feed",
            kind="",
            due_at=hour(2),
            latest=hour(8),
            why=Why.DEADLINE,
            failures=2,
        )
        assert [each.source_id for each in due_sources(session, hour(9), limit=2)] == [four, two]
        assert due_sources(session, hour(0.9)) == []
        assert backlog(session, hour(2)) == Backlog(due=3, oldest=hour(1), planned=4, unplanned=0)


def test_only_sources_that_are_visited_are_due_or_to_be_planned(database: Database) -> None:
    accounts = [
        an_account("a1", "https://x.example/1", "https://x.example/2"),
        an_account("closing", state=AccountState.CLOSING, closed=date(2026, 10, 2)),
        an_account("closed", state=AccountState.CLOSED),
        an_account("over", closed=date(2026, 9, 30)),
        an_account("today", closed=date(2026, 10, 1)),  # its last day was yesterday, and is still to be proven
    ]
    with database.begin() as session:
        ids = ids_of(register(session, *accounts))
        ids.append(control_source(session, "bridge", SourceAddress(url="u")).source_id)
        ids.append(report_source(session, "a1", "own.csv").source_id)
        assert unplanned(session, hour(0)) == [ids[0], ids[1], ids[2], ids[5]]
        save_accounts(session, [an_account("a1", "https://x.example/1")], hour(0))
        assert unplanned(session, hour(0)) == [ids[0], ids[2], ids[5]]
        assert backlog(session, hour(0)) == Backlog(due=0, oldest=None, planned=0, unplanned=3)
        save_plans(session, dict.fromkeys(ids, a_plan(1, 2)), hour(0))
    with database.read() as session:
        assert [each.account_id for each in due_sources(session, hour(3))] == ["a1", "closing", "today"]
        assert [each.account_id for each in due_sources(session, hour(3), today=date(2026, 10, 2))] == ["a1", "closing"]
        assert [each.account_id for each in due_sources(session, hour(3), today=date(2026, 10, 3))] == ["a1"]
        assert backlog(session, hour(3)) == Backlog(due=3, oldest=hour(1), planned=3, unplanned=0)
        assert unplanned(session, hour(3)) == []


def test_a_visit_of_any_program_makes_a_plan_out_of_date(database: Database) -> None:
    with database.begin() as session:
        one, other = register(session, an_account("a1"), an_account("a2"))
        save_plans(session, {one.source_id: a_plan(9, 9), other.source_id: a_plan(9, 9)}, hour(2))
        save_visit(session, a_visit(one, hour(1)), ZONE)  # the plan knows of it
        assert unplanned(session, hour(4)) == []
        save_visit(session, a_visit(one, hour(3), outcome=Outcome.TIMEOUT), ZONE)
        assert unplanned(session, hour(4)) == [one.source_id]
        save_plans(session, {one.source_id: a_plan(9, 9)}, hour(3))
        assert unplanned(session, hour(4)) == []


def test_after_the_clock_was_set_back_what_rests_on_later_moments_is_planned_anew_once(database: Database) -> None:
    with database.begin() as session:
        one, other = register(session, an_account("a1"), an_account("a2"))
        save_visit(session, a_visit(one, hour(24)), ZONE)
        save_plans(session, {one.source_id: a_plan(30, 36)}, hour(25))
        save_plans(session, {other.source_id: a_plan(1, 2)}, hour(0))
        assert unplanned(session, hour(1)) == [one.source_id]
        save_plans(session, {one.source_id: a_plan(2, 2)}, hour(1))
        assert unplanned(session, hour(1)) == []


def test_a_source_that_is_read_in_another_way_is_planned_anew(database: Database) -> None:
    with database.begin() as session:
        one, other = register(session, an_account("a1"), an_account("a2"))
        take_views(session, {one.source_id: "", other.source_id: ""})
        save_plans(session, {one.source_id: a_plan(9, 9), other.source_id: a_plan(9, 9)}, hour(2))
        take_views(session, {one.source_id: "", other.source_id: "ul.list"})
        assert unplanned(session, hour(3)) == [other.source_id]
        save_plans(session, {other.source_id: a_plan(9, 9)}, hour(2))
        changed = replace(an_account("a1"), addresses=(SourceAddress(url=one.url, kind="rss"),))
        save_accounts(session, [changed], hour(3))
        assert unplanned(session, hour(3)) == [one.source_id]


def test_plans_can_be_forgotten(database: Database) -> None:
    with database.begin() as session:
        one, other = ids_of(register(session, an_account("a1"), an_account("a2")))
        save_plans(session, {one: a_plan(1, 2), other: a_plan(1, 2)}, hour(0))
        forget_plans(session, [one, 99])
        assert [each.source_id for each in due_sources(session, hour(9))] == [other]
        assert unplanned(session, hour(9)) == [one]


def test_what_is_known_of_sources_comes_from_their_visits_and_their_accounts_posts(database: Database) -> None:
    with database.begin() as session:
        one, two, new = register(
            session, an_account("a1", "https://x.example/1", "https://x.example/2"), an_account("a2")
        )
        items = [an_item(f"k{at}", hour(at)) for at in (5, 1, 3)]
        save_visit(session, a_visit(one, hour(6), *items, memory=replace(one.memory, item_count=3)), ZONE)
        for at in range(7, 20):
            save_visit(session, a_visit(one, hour(at), outcome=Outcome.SAME), ZONE)
        save_visit(session, a_visit(one, hour(20), outcome=Outcome.DNS, ended_at=hour(44)), ZONE)
        save_visit(session, a_visit(two, hour(8), *items, ended_at=hour(7)), ZONE)
        save_visit(session, a_visit(two, hour(9), outcome=Outcome.REFUSED, ended_at=hour(8)), ZONE)
    with database.read() as session:
        found = knowledge_of(session, [one.source_id, two.source_id, new.source_id, 99], hour(2))
        assert list(found) == [one.source_id, two.source_id, new.source_id]
        of_one, of_two, of_new = found.values()
        assert of_one.outcomes == (Outcome.DNS, *[Outcome.SAME] * 11)
        assert (of_one.visited_at, of_one.published) == (hour(20), (hour(3), hour(5)))
        assert of_one.duration == timedelta(seconds=2)  # the clock jumped during the last
        assert (of_one.account_id, of_one.lane_url, of_one.kind) == ("a1", "https://x.example/1", "")
        assert (of_two.outcomes, of_two.window) == ((Outcome.REFUSED, Outcome.NEW), 3)
        assert (of_two.duration, of_two.published) == (timedelta(0), of_one.published)
        assert (of_new.visited_at, of_new.outcomes, of_new.window) == (None, (), 0)
        earlier = knowledge_of(session, [one.source_id], hour(0), until=hour(7))[one.source_id]
        assert (earlier.visited_at, earlier.outcomes) == (hour(7), (Outcome.SAME, Outcome.NEW))
        assert earlier.published == (hour(1), hour(3), hour(5))
        assert knowledge_of(session, [one.source_id], hour(0), until=hour(4))[one.source_id].published == (
            hour(1),
            hour(3),
        )


def test_the_window_is_that_of_the_newest_list_also_after_failures(database: Database) -> None:
    with database.begin() as session:
        (source,) = register(session)
        save_visit(session, a_visit(source, hour(1), an_item("k", hour(0)), item_count=20), ZONE)
        save_visit(session, a_visit(source, hour(2), outcome=Outcome.TIMEOUT), ZONE)
        assert knowledge_of(session, [source.source_id], hour(0))[source.source_id].window == 20


def test_a_source_of_another_kind_begins_anew(database: Database) -> None:
    with database.begin() as session:
        (source,) = register(session)
        save_visit(session, a_visit(source, hour(1), an_item("k", hour(0)), item_count=20), ZONE)
        save_accounts(session, [replace(an_account(), addresses=(SourceAddress(url=source.url, kind="rss"),))], hour(2))
        known = knowledge_of(session, [source.source_id], hour(0))[source.source_id]
        assert (known.visited_at, known.outcomes, known.window) == (None, (), 0)


@pytest.mark.slow
def test_ten_thousand_sources_with_many_visits_are_read_with_few_statements(database: Database) -> None:
    many = [an_account(f"a{number:05}", f"https://a{number}.example/feed") for number in range(10_000)]
    with database.begin() as session:
        save_accounts(session, many, START)
        ids = ids_of(sources_of(session))
        first = a_visit(Source(source_id=ids[0], url="u", account_id="a00000"), hour(0))
        row = {
            "account_id": "a00000",
            "url": "u",
            "lane": "l",
            "ended_at": first.ended_at,
            "outcome": "SAME",
            "reason": "",
            "final_url": "",
            "item_count": 20,
            "undated_count": 0,
        }
        session.execute(
            insert(visits),
            [row | {"source_id": one, "started_at": hour(at / 2)} for one in ids[:500] for at in range(100)],
        )
        session.execute(sources.update().values(visited_at=hour(49.5)))
        save_plans(session, dict.fromkeys(ids, a_plan(1, 2)), hour(50))
    with database.read() as session:
        began, worked = time.perf_counter(), time.process_time()
        assert len(due_sources(session, hour(2))) == 10_000
        assert backlog(session, hour(2)).due == 10_000
        assert unplanned(session, hour(51)) == []
        known = knowledge_of(session, ids[:500], hour(0))
        took, worked = time.perf_counter() - began, time.process_time() - worked
    assert {len(each.outcomes) for each in known.values()} == {12}
    assert worked < 5, f"{worked:.2f} s"
    assert took < 60, f"{took:.2f} s"  # a server's work, or a stalled machine's
