"""What an inspection said is read back with the visits that it rests on."""

from sqlalchemy import func, select

from monitor.evidence import Evidence
from monitor.findings import Result
from monitor.spans import Span
from monitor.values import Post, SourceAddress
from storage.database import Database
from storage.inspections import begin_inspection, finish_inspection, save_judgements
from storage.models import finding_visits
from storage.said import controls_beside, findings_said, visits_said
from storage.sources import control_source
from storage.visits import save_visit, visits_between
from tests.storage.test_inspections import a_finding, a_judgement, an_inspection
from tests.storage.values import ZONE, a_visit, hour, register


def said(database: Database, made: float = 0, found_at: float = 5) -> list[int]:
    """Inspect one account with two findings that rest on visits; return the visits' numbers."""
    with database.begin() as session:
        source = register(session)[0]
        ids = [save_visit(session, a_visit(source, hour(at), proof=(0, at)), ZONE).visit_id for at in (1, 2, 3)]
        known = {each.visit_id: each for each in visits_between(session, ["a1"], hour(0), hour(9))["a1"]}
    proofs = [
        Evidence(spans=(Span(hour(0), hour(1)),), visits=(known[ids[0]], known[ids[2]]), found_at=hour(found_at)),
        Evidence(spans=(), visits=(known[ids[1]],), found_at=None),
    ]
    post = Post(account_id="a1", key="k1", title="标题", url="https://a", published_at=hour(0), seen_at=hour(1))
    judgement = a_judgement("a1", Result.FAILED, a_finding(post=post), a_finding(code="YC-01"))
    with database.begin() as session:
        number = begin_inspection(session, an_inspection(made=made))
        save_judgements(session, number, [judgement], 1, [proofs])
        finish_inspection(session, number)
    return ids


def test_a_finding_comes_back_with_its_account_and_visits(database: Database) -> None:
    ids = said(database)
    with database.read() as session:
        first, second = findings_said(session, "2026-09")
        assert [each.visit_id for each in visits_said(session, first)] == [ids[0], ids[2]]
        assert [each.visit_id for each in visits_said(session, second)] == [ids[1]]
        assert findings_said(session, "2026-09", account_id="a1", code="YC-01") == [second]
        assert findings_said(session, "2026-09", position=1) == [first]
        assert findings_said(session, "2026-08") == []
    assert (first.month, first.position, first.account_name, first.code) == ("2026-09", 1, "账号a1", "GX-03")
    assert first.payload["coverage"] == [[hour(0).isoformat(), hour(1).isoformat()]]
    assert (first.payload["found_at"], second.payload["found_at"]) == (hour(5).isoformat(), None)
    assert first.payload["post"]["title"] == "标题"
    assert first.known_at == hour(0)


def test_the_visits_go_with_the_inspection(database: Database) -> None:
    said(database)
    said(database, made=1)  # the very same once more, which goes
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(finding_visits)) == 3
        assert len(findings_said(session, "2026-09")) == 2


def test_the_control_visit_nearest_to_a_proof(database: Database) -> None:
    said(database)
    with database.begin() as session:
        control = control_source(session, "lane", SourceAddress(url="https://control.example/feed"))
        numbers = [save_visit(session, a_visit(control, hour(at)), ZONE).visit_id for at in (0.2, 0.9, 1.5, 5)]
        save_visit(session, a_visit(control, hour(1), lane="another"), ZONE)
        proving = visits_between(session, ["a1"], hour(0), hour(9))["a1"]
        assert controls_beside(session, proving[:1]) == [numbers[1]]
        assert controls_beside(session, proving[2:]) == []
        assert controls_beside(session, []) == []
