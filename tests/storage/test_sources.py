from dataclasses import fields, replace

from sqlalchemy import select

from monitor.values import SourceAddress
from monitor.visits import Memory, Source
from storage.accounts import save_accounts
from storage.coverage import coverage_of
from storage.database import Database
from storage.models import visits
from storage.sources import control_source, report_source, sources_of
from storage.visits import save_visit
from tests.storage.values import ZONE, a_visit, an_account, hour, register

MEMORY = Memory(
    etag='W/"1"',
    last_modified="Thu, 01 Oct 2026 00:00:00 GMT",
    full_at=hour(3),
    body_hash="abc",
    reach=hour(1),
    oldest=hour(1),
    newest=hour(2),
    item_count=20,
    clock_bound=True,
    moved_to="https://new.example/feed",
    read_as="2\npage",
)


def test_what_a_visit_remembers_comes_back_whole(database: Database) -> None:
    assert [each.name for each in fields(Memory) if getattr(MEMORY, each.name) == getattr(Memory(), each.name)] == []
    with database.begin() as session:
        (source,) = register(session)
        assert source.memory == Memory()
        save_visit(session, a_visit(source, hour(3), memory=MEMORY), ZONE)
    with database.read() as session:
        assert sources_of(session) == [replace(source, memory=MEMORY)]


def test_a_visit_stored_late_does_not_overwrite_a_later_memory(database: Database) -> None:
    with database.begin() as session:
        (source,) = register(session)
        save_visit(session, a_visit(source, hour(3), memory=MEMORY), ZONE)
        save_visit(session, a_visit(source, hour(2), memory=Memory(etag="old")), ZONE)
        assert sources_of(session)[0].memory == MEMORY
        save_visit(session, a_visit(source, hour(4), memory=Memory()), ZONE)
        assert sources_of(session)[0].memory == Memory()


def test_a_source_read_in_another_way_forgets(database: Database) -> None:
    with database.begin() as session:
        (source,) = register(session, an_account("a", "u"))
        save_visit(session, a_visit(source, hour(3), memory=MEMORY), ZONE)
        save_accounts(session, [replace(an_account("a", "u"), note="other")], hour(4))
        assert sources_of(session)[0].memory == MEMORY
        save_accounts(
            session, [replace(an_account(), account_id="a", addresses=(SourceAddress(url="u", kind="page"),))], hour(5)
        )
        assert sources_of(session) == [Source(source_id=source.source_id, url="u", kind="page", account_id="a")]


def test_only_the_accounts_asked_for(database: Database) -> None:
    with database.begin() as session:
        register(session, an_account("b", "b1", "b2"), an_account("a"), an_account("c"))
    with database.read() as session:
        assert [each.url for each in sources_of(session, ["a", "b"])] == ["b1", "b2", "https://a.example/feed"]
        assert sources_of(session, []) == []


def test_a_control_source_is_made_once_and_is_no_accounts(database: Database) -> None:
    address = SourceAddress(url="https://c.example/control.xml")
    with database.begin() as session:
        register(session)
        first = control_source(session, "bridge", address)
        assert control_source(session, "bridge", address) == first
        assert control_source(session, "other", address).source_id != first.source_id
        assert first.account_id is None
        save_visit(session, a_visit(first, hour(3), memory=MEMORY), ZONE)
        assert control_source(session, "bridge", address) == replace(first, memory=MEMORY)
        assert [each.account_id for each in sources_of(session)] == ["a1"]


def test_a_lane_with_another_control_keeps_the_old_ones_visits(database: Database) -> None:
    with database.begin() as session:
        old = control_source(session, "bridge", SourceAddress(url="u"))
        save_visit(session, a_visit(old, hour(1)), ZONE)
        new = control_source(session, "bridge", SourceAddress(url="v", kind="feed"))
        assert (new.kind, new.url) == ("feed", "v")
        assert new.source_id != old.source_id
        assert session.scalars(select(visits.c.source_id)).all() == [old.source_id]


def test_a_report_s_source_rests_and_is_made_once(database: Database) -> None:
    with database.begin() as session:
        register(session, an_account("a1"), an_account("a2"))
        made = report_source(session, "a1", "上报.csv")
        assert (made.url, made.kind, made.account_id, made.memory) == ("report:上报.csv", "report", "a1", Memory())
        assert report_source(session, "a1", "上报.csv") == made
        assert report_source(session, "a2", "上报.csv").source_id != made.source_id
        assert report_source(session, "a1", "下月.csv").source_id != made.source_id
        save_accounts(session, [an_account("a1")], hour(1))
        assert [each.kind for each in sources_of(session, ["a1"])] == [""]
        save_visit(session, a_visit(made, hour(2), proof=(1, 2)), ZONE)
    with database.read() as session:
        assert coverage_of(session, ["a1"], hour(0), hour(9))["a1"] == ()
