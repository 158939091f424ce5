from dataclasses import fields, replace

from sqlalchemy import func, select

from monitor.spans import Span
from monitor.values import SourceAddress
from monitor.visits import Exchange, Memory, Outcome, Visit
from storage.coverage import coverage_of
from storage.database import Database
from storage.models import posts, visits
from storage.sources import control_source
from storage.visits import Saved, save_visit, say_local_outage, visits_at, visits_between
from tests.storage.values import ZONE, a_visit, an_account, an_item, hour, register


def test_every_field_comes_back_but_items_memory_account_name_and_answers(database: Database) -> None:
    with database.begin() as session:
        (source,) = register(session)
        full = Visit(
            source_id=source.source_id,
            account_id="a1",
            url="https://a.example/feed",
            lane="bridge",
            started_at=hour(5),
            ended_at=hour(6),
            outcome=Outcome.PARTIAL,
            reason="内容残缺。",
            status=200,
            final_url="https://b.example/feed",
            etag='"e"',
            last_modified="yesterday",
            body_hash="h",
            item_count=1,
            undated_count=2,
            oldest=hour(1),
            newest=hour(2),
            reach=hour(3),
            proof=Span(hour(3), hour(4)),
            warnings=("第3条没有日期", "二"),
            items=(an_item("k"),),
            memory=Memory(etag="e"),
            visit_id=None,
            account_name="县政府办",
            sees=("视频", "音频"),
            view="ul.list",
            exchanges=(Exchange(url="https://a.example/feed", at=hour(5), status=200, body=b"<rss/>"),),
        )
        bare = a_visit(source, hour(0))
        same = {each.name for each in fields(Visit) if getattr(full, each.name) == getattr(bare, each.name)}
        assert same <= {"source_id", "account_id", "visit_id", "url"}
        saved = save_visit(session, full, ZONE)
    with database.read() as session:
        found = visits_between(session, ["a1"], hour(0), hour(9))
    left = replace(full, items=(), memory=Memory(), account_name="", exchanges=(), visit_id=saved.visit_id)
    assert found == {"a1": [left]}


def test_visits_come_in_the_order_of_their_start(database: Database) -> None:
    with database.begin() as session:
        one, other = register(session, an_account("a1"), an_account("a2"))
        for at in (3, 1, 2, 5):
            save_visit(session, a_visit(one, hour(at)), ZONE)
        save_visit(session, a_visit(other, hour(2)), ZONE)
    with database.read() as session:
        found = visits_between(session, ["a1", "a2", "a3"], hour(1), hour(5))
        assert {key: [each.started_at for each in value] for key, value in found.items()} == {
            "a1": [hour(1), hour(2), hour(3)],
            "a2": [hour(2)],
            "a3": [],
        }
        assert len(visits_between(session, ["a1"], hour(1), hour(5), as_of=hour(2))["a1"]) == 2


def test_a_look_at_a_control_source_makes_no_posts_and_no_coverage(database: Database) -> None:
    with database.begin() as session:
        control = control_source(session, "bridge", SourceAddress(url="u"))
        saved = save_visit(session, a_visit(control, hour(2), an_item("k", hour(1)), proof=(1, 2)), ZONE)
        assert saved == Saved(visit_id=saved.visit_id, new_posts=0, revised_posts=0)
        assert session.scalar(select(func.count()).select_from(visits)) == 1
        assert session.scalar(select(func.count()).select_from(posts)) == 0


def test_a_failed_visit_is_kept_and_proves_nothing(database: Database) -> None:
    with database.begin() as session:
        (source,) = register(session)
        save_visit(session, a_visit(source, hour(2), outcome=Outcome.TIMEOUT, reason="超时。"), ZONE)
        (found,) = visits_between(session, ["a1"], hour(0), hour(9))["a1"]
        assert (found.outcome, found.reason, found.proof) == (Outcome.TIMEOUT, "超时。", None)
        assert coverage_of(session, ["a1"], hour(0), hour(9)) == {"a1": ()}


def test_texts_that_a_database_refuses_are_made_fit(database: Database) -> None:
    with database.begin() as session:
        (source,) = register(session)
        odd = a_visit(source, hour(2), etag="\ud800e", final_url="https://x.example/\udfff", warnings=("\0\ud800",))
        save_visit(session, odd, ZONE)
        (found,) = visits_between(session, ["a1"], hour(0), hour(9))["a1"]
    assert (found.etag, found.final_url, found.warnings) == ("?e", "https://x.example/?", ("??",))


def test_visits_that_reached_nobody_are_put_down_to_our_own_outage(database: Database) -> None:
    kinds = [Outcome.DNS, Outcome.REFUSED, Outcome.TIMEOUT, Outcome.TLS, Outcome.BLOCKED, Outcome.GONE, Outcome.NEW]
    with database.begin() as session:
        sources = register(session, *(an_account(f"a{number}") for number in range(len(kinds))))
        ids = [
            save_visit(session, a_visit(source, hour(2), outcome=kind, reason="原因。"), ZONE).visit_id
            for source, kind in zip(sources, kinds, strict=True)
        ]
        left = save_visit(session, a_visit(sources[0], hour(3), outcome=Outcome.DNS, reason="原因。"), ZONE)
        assert say_local_outage(session, ids, "本机网络中断。") == 4
        assert say_local_outage(session, ids, "本机网络中断。") == 0
    with database.read() as session:
        found = visits_between(session, [f"a{number}" for number in range(len(kinds))], hour(0), hour(9))
    assert [(of[0].outcome, of[0].reason) for of in found.values()] == [
        *[(Outcome.LOCAL_OUTAGE, "本机网络中断。")] * 4,
        *[(kind, "原因。") for kind in kinds[4:]],
    ]
    assert (found["a0"][1].visit_id, found["a0"][1].outcome) == (left.visit_id, Outcome.DNS)


def test_visits_are_found_by_source_and_start(database: Database) -> None:
    with database.begin() as session:
        one, other = register(session, an_account("a1"), an_account("a2"))
        ids = [save_visit(session, a_visit(one, hour(at)), ZONE).visit_id for at in (1, 2)]
        ids += [save_visit(session, a_visit(other, hour(at)), ZONE).visit_id for at in (2, 3)]
        given = [(other.source_id, hour(3)), (one.source_id, hour(2)), (one.source_id, hour(3)), (99, hour(1))]
        assert visits_at(session, given) == [ids[1], ids[3]]
        assert visits_at(session, []) == []
