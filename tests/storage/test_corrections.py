import pytest

from monitor.values import Correction, Originality
from storage.corrections import decisions_of, save_correction
from storage.database import Database
from storage.errors import StorageError
from storage.posts import latest_before, posts_between
from storage.sources import sources_of
from storage.visits import save_visit
from tests.storage.values import ZONE, a_visit, an_account, an_item, hour, register

FIRST = Correction(originality=Originality.ORIGINAL, by="王五", why="本单位供稿", at=hour(10))
SECOND = Correction(originality=Originality.REPOST, by="赵六", why="核实为转载", at=hour(20))


@pytest.fixture
def ready(database: Database) -> Database:
    with database.begin() as session:
        register(session, an_account("a1"), an_account("a2"))
        for source in sources_of(session):
            items = (an_item("k", hour(1), other_keys=("alias",)), an_item("m"))
            save_visit(session, a_visit(source, hour(5), *items), ZONE)
    return database


def _corrections(database: Database, as_of: float | None = None) -> dict[str, Correction | None]:
    moment = None if as_of is None else hour(as_of)
    with database.read() as session:
        found = posts_between(session, ["a1"], hour(0), hour(9), moment)["a1"]
        (latest,) = latest_before(session, ["a1"], hour(9), moment)["a1"]
        assert all(post.correction is None for post in posts_between(session, ["a2"], hour(0), hour(9))["a2"])
    assert latest.correction == found[0].correction
    return {post.key: post.correction for post in found}


def test_the_newest_decision_counts(ready: Database) -> None:
    with ready.begin() as session:
        save_correction(session, "a1", "k", SECOND)
        save_correction(session, "a1", "k", FIRST)
        save_correction(session, "a1", "m", FIRST)
    assert _corrections(ready) == {"k": SECOND, "m": FIRST}
    assert _corrections(ready, 15) == {"k": FIRST, "m": FIRST}
    assert _corrections(ready, 9) == {"k": None, "m": None}


def test_a_decision_outlives_every_later_visit(ready: Database) -> None:
    with ready.begin() as session:
        save_correction(session, "a1", "alias", FIRST)
        source = sources_of(session, ["a1"])[0]
        save_visit(session, a_visit(source, hour(30), an_item("k", hour(1), "另一标题")), ZONE)
    assert _corrections(ready) == {"k": FIRST, "m": None}
    assert _corrections(ready, 29) == {"k": FIRST, "m": None}


def test_a_decision_made_again_at_the_same_moment_replaces_it(ready: Database) -> None:
    with ready.begin() as session:
        save_correction(session, "a1", "k", FIRST)
        save_correction(session, "a1", "k", Correction(originality=Originality.REPOST, by="x", why="y", at=hour(10)))
    found = _corrections(ready)["k"]
    assert found is not None
    assert found.originality is Originality.REPOST


def test_every_decision_is_kept_in_order(ready: Database) -> None:
    with ready.begin() as session:
        save_correction(session, "a1", "k", SECOND)
        save_correction(session, "a1", "alias", FIRST)
    with ready.read() as session:
        assert decisions_of(session, "a1", "k") == decisions_of(session, "a1", "alias") == [FIRST, SECOND]
        assert decisions_of(session, "a1", "m") == decisions_of(session, "a2", "k") == []


def test_a_decision_on_no_post_is_an_error(ready: Database) -> None:
    with pytest.raises(StorageError, match="账号 a1 没有键为 z 的信息；请先采集"), ready.begin() as session:
        save_correction(session, "a1", "z", FIRST)
