"""Which answers are kept, where they are, and which may go."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from monitor.values import SourceAddress
from monitor.visits import Exchange, Outcome, PageVisit, Visit
from storage import pruning
from storage.archive import Archive
from storage.database import Database
from storage.errors import StorageError
from storage.models import finding_visits, inspection_findings, inspections, posts, records
from storage.pruning import prune
from storage.records import is_evidence, keep_page, keep_visit, post_numbers, record, records_of
from storage.sources import control_source
from storage.visits import save_visit
from tests.storage.test_archive import check
from tests.storage.values import ZONE, a_visit, an_item, hour, register

LATER = hour(24 * 500)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "evidence", ZONE)


def looked(database: Database, archive: Archive, at: datetime, body: bytes = b"list", **more: Any) -> int:
    """Store a visit to the first source with its answer and return its number."""
    status = more.pop("status", 200)
    with database.begin() as session:
        source = register(session)[0]
        exchange = Exchange(url=source.url, at=at, status=status, body=body)
        visit: Visit = a_visit(source, at, *more.pop("items", ()), exchanges=(exchange,), status=status, **more)
        saved = save_visit(session, visit, ZONE)
        keep_visit(session, archive, visit, saved.visit_id)
    return saved.visit_id


def kept(database: Database, *visit_ids: int) -> list[tuple[int | None, bool]]:
    """Each kept answer of visits: whose it is and whether it has a body of its own."""
    with database.read() as session:
        return [(each.visit_id, each.kept.revisit_of is None) for each in records_of(session, visit_ids)]


def rests_on(database: Database, *visit_ids: int, state: str = "complete") -> None:
    with database.begin() as session:
        made = {"month": "2026-10", "time_point": hour(1), "made_at": hour(1), "policy": "p", "state": state}
        number = session.execute(insert(inspections).values(made).returning(inspections.c.id)).scalar_one()
        rows = [{"inspection_id": number, "position": 1, "visit_id": each} for each in visit_ids]
        session.execute(insert(finding_visits), rows)


@pytest.mark.parametrize(
    ("outcome", "brought", "told", "worth"),
    [
        pytest.param(Outcome.NEW, True, False, True, id="proves"),
        pytest.param(Outcome.NOT_MODIFIED, False, True, True, id="proves by an earlier answer"),
        pytest.param(Outcome.PARTIAL, True, True, True, id="brought items"),
        pytest.param(Outcome.BLOCKED, False, False, True, id="tells the cause"),
        pytest.param(Outcome.BLOCKED, False, True, False, id="tells the cause again"),
    ],
)
def test_what_is_evidence(outcome: Outcome, brought: bool, told: bool, worth: bool) -> None:
    assert is_evidence(outcome, brought=brought, told_today=lambda: told) is worth


def test_the_same_body_is_kept_once(database: Database, archive: Archive) -> None:
    ids = [looked(database, archive, hour(at)) for at in (1, 2)]
    ids.append(looked(database, archive, hour(3), b"other"))
    ids.append(looked(database, archive, hour(4), b"", status=304, outcome=Outcome.NOT_MODIFIED))
    assert kept(database, *ids) == [(ids[0], True), (ids[1], False), (ids[2], True), (ids[3], False)]
    with database.read() as session:
        first, _, third, fourth = records_of(session, ids)
        assert fourth.kept.revisit_of == third.kept.record_id
        assert record(session, first.kept.record_id) == first.kept
        assert record(session, "none") is None
    check(archive)


def test_a_304_without_an_earlier_answer_stands_alone(database: Database, archive: Archive) -> None:
    assert kept(database, looked(database, archive, hour(1), b"", status=304, outcome=Outcome.NOT_MODIFIED))[0][1]


def test_a_304_after_an_unchanged_body_points_at_the_first(database: Database, archive: Archive) -> None:
    ids = [looked(database, archive, hour(1)), looked(database, archive, hour(2), outcome=Outcome.SAME)]
    ids.append(looked(database, archive, hour(3), b"", status=304, outcome=Outcome.NOT_MODIFIED))
    with database.read() as session:
        first, _, last = records_of(session, ids)
    assert last.kept.revisit_of == first.kept.record_id


def test_a_failure_is_kept_once_a_day_for_each_cause(database: Database, archive: Archive) -> None:
    blocked = [looked(database, archive, hour(at), b"captcha", outcome=Outcome.BLOCKED) for at in (1, 2, 30)]
    gone = looked(database, archive, hour(3), b"404", outcome=Outcome.GONE)
    assert [number for number, _ in kept(database, *blocked, gone)] == [blocked[0], gone, blocked[2]]


def test_a_visit_without_an_answer_keeps_nothing(database: Database, archive: Archive) -> None:
    with database.begin() as session:
        visit = a_visit(register(session)[0], hour(1), outcome=Outcome.TIMEOUT)
        assert keep_visit(session, archive, visit, save_visit(session, visit, ZONE).visit_id) == ()
    assert archive.files() == []


def test_an_archive_that_refuses_leaves_no_visit(database: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        looked(database, Archive(tmp_path / "file", ZONE), hour(1))
    with database.read() as session:
        assert session.scalars(select(records.c.record_id)).all() == []


def test_pages_of_posts(database: Database, archive: Archive) -> None:
    looked(database, archive, hour(1), items=[an_item("p1", hour(0))])
    with database.begin() as session:
        numbers = post_numbers(session, "a1", ["p1", "none"])
        assert list(numbers) == ["p1"]
        for at, outcome in ((2, Outcome.GONE), (3, Outcome.GONE), (4, Outcome.BLOCKED)):
            exchange = Exchange(url="https://a1.example/p1", at=hour(at), status=404, body=b"gone")
            page = PageVisit(
                account_id="a1",
                key="p1",
                url="https://a1.example/p1",
                lane="lane",
                started_at=hour(at),
                ended_at=hour(at),
                outcome=outcome,
                exchanges=(exchange,),
            )
            keep_page(session, archive, page, numbers["p1"])
            empty = PageVisit(**{name: getattr(page, name) for name in PageVisit.__slots__} | {"exchanges": ()})
            assert keep_page(session, archive, empty, numbers["p1"]) == ()
        found = records_of(session, post_ids=numbers.values())
    assert [(each.post_id, each.kept.revisit_of is None) for each in found] == [
        (numbers["p1"], True),
        (numbers["p1"], False),
    ]


# -------------------------------------------------------------------------------------------------------- retention


def test_old_answers_go_and_young_ones_stay(database: Database, archive: Archive) -> None:
    old, young = looked(database, archive, hour(1)), looked(database, archive, LATER - timedelta(days=3), b"young")
    tried = prune(database, archive, LATER, 400, dry_run=True)
    assert (tried.files, tried.removed) == (("2026-10-01.warc.gz",), 1)
    assert kept(database, old, young) == [(old, True), (young, True)]
    done = prune(database, archive, LATER, 400)
    assert (done.files, done.removed, done.kept) == (("2026-10-01.warc.gz",), 1, 0)
    assert done.freed > 0
    assert kept(database, old, young) == [(young, True)]
    assert len(archive.files()) == 1
    assert prune(database, archive, LATER, 400).files == ()


def test_what_a_finding_rests_on_stays(database: Database, archive: Archive) -> None:
    ids = [looked(database, archive, hour(at), f"body {at}".encode()) for at in (1, 2, 3)]
    rests_on(database, ids[1])
    rests_on(database, ids[2], state="incomplete")
    done = prune(database, archive, LATER, 400)
    assert (done.removed, done.kept) == (2, 1)
    with database.read() as session:
        (left,) = records_of(session, ids)
    assert left.visit_id == ids[1]
    assert archive.read(left.kept.file, left.kept.offset).body == b"body 2"
    assert [each.name for each in archive.files()] == [left.kept.file] == ["2026-10-01-2.warc.gz"]
    check(archive)
    assert prune(database, archive, LATER, 400).removed == 0


def test_the_body_that_a_remaining_record_needs_stays(database: Database, archive: Archive) -> None:
    first = looked(database, archive, hour(1))
    middle, last = looked(database, archive, hour(30)), looked(database, archive, hour(60))
    rests_on(database, last)
    done = prune(database, archive, LATER, 400)
    assert (done.removed, kept(database, first, middle, last)) == (1, [(first, True), (last, False)])
    with database.read() as session:
        found = records_of(session, [first])[0].kept
    assert archive.read(found.file, found.offset).body == b"list"
    check(archive)


def test_a_chain_that_nothing_needs_goes_at_once(database: Database, archive: Archive) -> None:
    ids = [looked(database, archive, hour(at)) for at in (1, 30, 60)]
    assert prune(database, archive, LATER, 400).removed == 3
    assert (kept(database, *ids), archive.files()) == ([], [])


def test_a_kill_before_the_rows_are_turned_leaves_the_old_ones_right(
    database: Database, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [looked(database, archive, hour(at), f"body {at}".encode()) for at in (1, 2)]
    rests_on(database, ids[0])
    really = pruning._copy

    def killed(*given: Any) -> int:
        really(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(pruning, "_copy", killed)
    with pytest.raises(KeyboardInterrupt):
        prune(database, archive, LATER, 400)
    monkeypatch.undo()
    assert len(archive.files()) == 2
    with database.read() as session:
        for each in records_of(session, ids):
            assert archive.read(each.kept.file, each.kept.offset).body.startswith(b"body")
    prune(database, archive, LATER, 400)
    assert (kept(database, *ids), len(archive.files())) == ([(ids[0], True)], 1)
    check(archive)


def test_a_kill_before_the_old_file_goes_leaves_the_new_rows_right(
    database: Database, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [looked(database, archive, hour(at), f"body {at}".encode()) for at in (1, 2)]
    rests_on(database, ids[0])
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", lambda *_given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            prune(database, archive, LATER, 400)
    with database.read() as session:
        (left,) = records_of(session, ids)
    assert archive.read(left.kept.file, left.kept.offset).body == b"body 1"
    assert len(archive.files()) == 2
    prune(database, archive, LATER, 400)
    assert [each.name for each in archive.files()] == [left.kept.file]


def test_a_damaged_file_with_needed_records_is_left_alone(database: Database, archive: Archive) -> None:
    ids = [looked(database, archive, hour(at), os.urandom(500)) for at in (1, 2)]
    rests_on(database, ids[1])
    content = archive.files()[0].read_bytes()
    archive.files()[0].write_bytes(content[:-3])
    assert prune(database, archive, LATER, 400).removed == 0
    assert archive.files()[0].read_bytes() == content[:-3]


def test_the_control_visit_beside_a_proof_stays(database: Database, archive: Archive) -> None:
    proving = looked(database, archive, hour(1), b"list")
    with database.begin() as session:
        control = control_source(session, "lane", SourceAddress(url="https://control.example/feed"))
        numbers = []
        for at in (1.5, 5):
            exchange = Exchange(url=control.url, at=hour(at), status=200, body=f"control {at}".encode())
            visit = a_visit(control, hour(at), exchanges=(exchange,))
            numbers.append(save_visit(session, visit, ZONE).visit_id)
            keep_visit(session, archive, visit, numbers[-1])
    rests_on(database, proving)
    prune(database, archive, LATER, 400)
    assert kept(database, proving, *numbers) == [(proving, True), (numbers[0], True)]


def test_the_page_of_a_post_that_a_finding_names_stays(database: Database, archive: Archive) -> None:
    looked(database, archive, hour(1), b"list", items=[an_item("p1", hour(0)), an_item("p2", hour(0))])
    with database.begin() as session:
        numbers = dict(session.execute(select(posts.c.key, posts.c.post_id)).all())
        for key, number in numbers.items():
            exchange = Exchange(url=f"https://a1.example/{key}", at=hour(2), status=200, body=key.encode())
            page = PageVisit(
                account_id="a1",
                key=key,
                url=exchange.url,
                lane="lane",
                started_at=hour(2),
                ended_at=hour(2),
                outcome=Outcome.NEW,
                exchanges=(exchange,),
            )
            keep_page(session, archive, page, number)
        made = {"month": "2026-10", "time_point": hour(1), "made_at": hour(1), "policy": "p", "state": "complete"}
        inspection = session.execute(insert(inspections).values(made).returning(inspections.c.id)).scalar_one()
        said = {
            "account_id": "a1",
            "code": "ZZ-01",
            "category": "",
            "severity": "通报",
            "verdict": "已核实",
            "times": 1,
        }
        said |= {"windows": "", "description": "", "payload": {"posts": ["p1"], "post": None}}
        session.execute(insert(inspection_findings).values(inspection_id=inspection, position=1, **said))
    prune(database, archive, LATER, 400)
    with database.read() as session:
        assert [each.post_id for each in records_of(session, post_ids=numbers.values())] == [numbers["p1"]]


def test_an_old_file_stays_until_the_rows_are_on_disk(
    database: Database, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked(database, archive, hour(1), b"old")
    monkeypatch.setattr(Database, "on_disk", lambda _database: False)
    assert prune(database, archive, LATER, 400).files == ()
    assert len(archive.files()) == 1
    monkeypatch.undo()
    assert prune(database, archive, LATER, 400).files == ("2026-10-01.warc.gz",)
    assert archive.files() == []
