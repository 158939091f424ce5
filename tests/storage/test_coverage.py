import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from monitor.spans import Coverage, Span, clip, intersection, union
from monitor.values import Platform
from storage.accounts import save_accounts
from storage.coverage import coverage_of, extend, proven_before, rebuild, spans_of
from storage.database import Database, open_database
from storage.models import coverage
from storage.posts import posts_between
from storage.visits import save_visit
from tests.examples import examples
from tests.storage.values import ZONE, a_visit, an_account, an_item, hour, register

PROOFS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda pair: Span(hour(pair[0]), hour(pair[0] + pair[1]))),
    max_size=12,
)


@pytest.fixture(scope="module")
def one_database() -> Iterator[Database]:
    """One file for all examples of a law; each example rolls back what it stored."""
    with TemporaryDirectory() as folder:
        opened = open_database(f"sqlite:///{Path(folder) / 'x.db'}")
        with opened.begin() as session:
            register(session, an_account("a1"), an_account("a2"))
        yield opened
        opened.close()


@given(
    proofs=PROOFS,
    repeats=st.lists(st.integers(0, 11), max_size=4),
    window=st.tuples(st.integers(-2, 50), st.integers(1, 30)),
)
@examples(60)
def test_stored_coverage_is_the_union_of_all_proofs(
    one_database: Database, proofs: Sequence[Span], repeats: list[int], window: tuple[int, int]
) -> None:
    given_proofs = [*proofs, *(proofs[each] for each in repeats if each < len(proofs))]
    whole = Span(hour(window[0]), hour(window[0] + window[1]))
    with one_database.begin() as session:
        session.execute(coverage.delete())
        for proof in given_proofs:
            extend(session, "a1", proof)
        assert spans_of(session, "a1") == union(proofs)
        assert coverage_of(session, ["a1", "a2"], whole.start, whole.end) == {
            "a1": clip(union(proofs), whole),
            "a2": (),
        }
        session.rollback()


@given(
    visits=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12), st.integers(0, 60)), max_size=8),
    as_of=st.integers(0, 60),
)
@examples(40)
def test_coverage_as_of_is_that_of_the_visits_until_then(
    one_database: Database, visits: list[tuple[int, int, int]], as_of: int
) -> None:
    whole = Span(hour(5), hour(45))
    with one_database.begin() as session:
        source = register(session, an_account("a1"))[0]
        for start, length, at in visits:
            save_visit(session, a_visit(source, hour(at), proof=(start, start + length)), ZONE)
        known = [Span(hour(start), hour(start + length)) for start, length, at in visits if at <= as_of]
        everything = [Span(hour(start), hour(start + length)) for start, length, _ in visits]
        assert coverage_of(session, ["a1"], whole.start, whole.end, hour(as_of))["a1"] == clip(union(known), whole)
        newest = coverage_of(session, ["a1"], whole.start, whole.end, hour(60))
        assert newest == coverage_of(session, ["a1"], whole.start, whole.end)
        assert newest["a1"] == clip(union(everything), whole)
        session.rollback()


@pytest.mark.parametrize(
    ("proofs", "rows"),
    [
        pytest.param([(0, 2), (2, 4)], 1, id="touching"),
        pytest.param([(0, 2), (3, 4)], 2, id="apart"),
        pytest.param([(0, 2), (3, 4), (1, 3)], 1, id="bridged"),
        pytest.param([(0, 9), (3, 4)], 1, id="inside"),
        pytest.param([(3, 4), (0, 9)], 1, id="around"),
    ],
)
def test_spans_are_merged_as_they_come(database: Database, proofs: list[tuple[int, int]], rows: int) -> None:
    with database.begin() as session:
        (source,) = register(session)
        for start, end in proofs:
            save_visit(session, a_visit(source, hour(20), proof=(start, end)), ZONE)
        assert session.scalar(select(func.count()).select_from(coverage)) == rows
        assert spans_of(session, "a1") == union(Span(hour(start), hour(end)) for start, end in proofs)


def test_one_accounts_proof_is_not_anothers(database: Database) -> None:
    with database.begin() as session:
        one, other = register(session, an_account("a1"), an_account("a2"))
        save_visit(session, a_visit(one, hour(5), proof=(0, 5)), ZONE)
        save_visit(session, a_visit(other, hour(9), proof=(4, 9)), ZONE)
        found = coverage_of(session, ["a1", "a2", "unknown"], hour(0), hour(10))
    assert found == {"a1": (Span(hour(0), hour(5)),), "a2": (Span(hour(4), hour(9)),), "unknown": ()}


def test_a_visit_without_a_proof_covers_nothing(database: Database) -> None:
    with database.begin() as session:
        (source,) = register(session)
        save_visit(session, a_visit(source, hour(5)), ZONE)
        assert coverage_of(session, ["a1"], hour(0), hour(10)) == {"a1": ()}
        assert coverage_of(session, ["a1"], hour(0), hour(10), hour(9)) == {"a1": ()}


def _both_ways(database: Database) -> dict[str, Coverage]:
    """The coverage of both accounts, which must be the same as it is stored and as of a later moment."""
    with database.read() as session:
        stored = coverage_of(session, ["a1", "a2"], hour(-99), hour(99))
        assert coverage_of(session, ["a1", "a2"], hour(-99), hour(99), hour(99)) == stored
        assert {each: spans_of(session, each) for each in stored} == stored
    return stored


def test_only_addresses_that_the_registry_still_names_prove(database: Database) -> None:
    with database.begin() as session:
        wrong, right, other = register(session, an_account("a1", "wrong", "right"), an_account("a2"))
        save_visit(session, a_visit(wrong, hour(9), an_item("k", hour(1)), proof=(0, 9)), ZONE)
        save_visit(session, a_visit(right, hour(10), proof=(8, 10)), ZONE)
        save_visit(session, a_visit(right, hour(20), proof=(18, 20)), ZONE)
        save_visit(session, a_visit(other, hour(20), proof=(5, 20)), ZONE)
    mended = (Span(hour(8), hour(10)), Span(hour(18), hour(20)))
    others = (Span(hour(5), hour(20)),)
    assert _both_ways(database) == {"a1": (Span(hour(0), hour(10)), mended[1]), "a2": others}
    with database.begin() as session:
        save_accounts(session, [an_account("a1", "right", "new")], hour(21))
    assert _both_ways(database) == {"a1": mended, "a2": others}
    with database.read() as session:
        assert coverage_of(session, ["a1"], hour(0), hour(99), hour(9)) == {"a1": ()}
        assert len(posts_between(session, ["a1"], hour(0), hour(99))["a1"]) == 1  # what it showed stays
    with database.begin() as session:
        save_accounts(session, [an_account("a1", "wrong", "right")], hour(22))
    assert _both_ways(database) == {"a1": (Span(hour(0), hour(10)), mended[1]), "a2": others}
    with database.begin() as session:
        save_accounts(session, [replace(an_account("a1"), addresses=())], hour(23))
    assert _both_ways(database) == {"a1": (), "a2": others}


def test_an_import_that_fails_takes_nothing_away(database: Database) -> None:
    with database.begin() as session:
        (source,) = register(session)
        save_visit(session, a_visit(source, hour(9), proof=(0, 9)), ZONE)
    with database.begin() as session:
        save_accounts(session, [an_account("a1", "new")], hour(10))
        assert spans_of(session, "a1") == ()
        session.rollback()
    assert _both_ways(database)["a1"] == (Span(hour(0), hour(9)),)


def test_a_visit_that_ends_after_its_address_was_taken_out_proves_nothing(database: Database) -> None:
    with database.begin() as session:
        old, _ = register(session, an_account("a1", "old", "new"))
        save_accounts(session, [an_account("a1", "new")], hour(1))
        save_visit(session, a_visit(old, hour(2), proof=(0, 2)), ZONE)
    assert _both_ways(database)["a1"] == ()
    with database.begin() as session:
        save_accounts(session, [an_account("a1", "old", "new")], hour(3))
    assert _both_ways(database)["a1"] == (Span(hour(0), hour(2)),)


def test_what_the_registry_gave_up_makes_no_post_back_dated(database: Database) -> None:
    with database.begin() as session:
        wrong, right = register(session, an_account("a1", "wrong", "right"))
        save_visit(session, a_visit(wrong, hour(60), proof=(0, 60)), ZONE)
        save_accounts(session, [an_account("a1", "right")], hour(61))
        save_visit(session, a_visit(right, hour(70), an_item("k", hour(10))), ZONE)
        assert [post.flags for post in posts_between(session, ["a1"], hour(0), hour(99))["a1"]] == [frozenset()]


# ------------------------------------------------------------------------------------------------ by kind of post

SENT, PUBLISHED = "群发", "发布"


def test_a_source_that_sees_some_kinds_proves_silence_together_with_another(database: Database) -> None:
    with database.begin() as session:
        pushed, official, other = register(session, an_account("a1", "pushed", "official"), an_account("a2"))
        save_visit(session, a_visit(pushed, hour(9), proof=(0, 9), sees=(SENT,)), ZONE)
        save_visit(session, a_visit(other, hour(9), proof=(3, 9)), ZONE)
    assert _both_ways(database) == {"a1": (), "a2": (Span(hour(3), hour(9)),)}
    with database.begin() as session:
        save_visit(session, a_visit(official, hour(20), proof=(5, 20), sees=(PUBLISHED,)), ZONE)
    assert _both_ways(database)["a1"] == (Span(hour(5), hour(9)),)
    with database.begin() as session:
        save_visit(session, a_visit(official, hour(22), proof=(15, 22), sees=(PUBLISHED, SENT, SENT)), ZONE)
        save_visit(session, a_visit(pushed, hour(30), proof=(28, 30)), ZONE)
        assert proven_before(session, "a1", hour(30)) == (Span(hour(5), hour(9)), Span(hour(15), hour(22)))
    everything = (Span(hour(5), hour(9)), Span(hour(15), hour(22)), Span(hour(28), hour(30)))
    assert _both_ways(database)["a1"] == everything
    with database.read() as session:
        assert coverage_of(session, ["a1"], hour(6), hour(17))["a1"] == clip(everything, Span(hour(6), hour(17)))
        assert coverage_of(session, ["a1"], hour(0), hour(99), hour(9)) == {"a1": ()}
        assert coverage_of(session, ["a1"], hour(0), hour(99), hour(20)) == {"a1": everything[:1]}
    with database.begin() as session:
        save_accounts(session, [an_account("a1", "official")], hour(31))
    assert _both_ways(database)["a1"] == (Span(hour(15), hour(22)),)
    with database.begin() as session:
        save_accounts(session, [an_account("a1", "pushed", "official")], hour(32))
    assert _both_ways(database)["a1"] == everything
    with database.begin() as session:  # on another platform they are no kinds
        save_accounts(session, [replace(an_account("a1", "pushed", "official"), platform=Platform.WEIBO)], hour(33))
    assert _both_ways(database)["a1"] == everything[2:]


SEEN = st.sampled_from([(), (), (SENT,), (PUBLISHED,), (SENT, PUBLISHED), ("图文",)])


@given(
    told=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12), SEEN), max_size=9),
    order=st.randoms(use_true_random=False),
    as_of=st.integers(0, 60),
)
@examples(80)
def test_never_more_is_covered_than_each_kind_alone_is(
    one_database: Database, told: list[tuple[int, int, tuple[str, ...]]], order: random.Random, as_of: int
) -> None:
    whole = Span(hour(-1), hour(99))

    def stored(proofs: Sequence[tuple[int, int, tuple[str, ...]]], known_at: int | None = None) -> Coverage:
        with one_database.begin() as session:
            (source, *_) = register(session, an_account("a1"))
            for start, length, sees in proofs:
                visit = a_visit(source, hour(start + length), proof=(start, start + length), sees=sees)
                save_visit(session, visit, ZONE)
            moment = None if known_at is None else hour(known_at)
            found = coverage_of(session, ["a1"], whole.start, whole.end, moment)["a1"]
            if moment is None:
                assert found == spans_of(session, "a1") == proven_before(session, "a1", hour(99))
                rebuild(session, ["a1"])
                assert found == spans_of(session, "a1")
            session.rollback()
        return found

    def spans(*kinds: tuple[str, ...], until: int = 99) -> Coverage:
        return union(
            Span(hour(start), hour(start + length))
            for start, length, sees in told
            if start + length <= until and (not sees or sees in kinds)
        )

    found = stored(told)
    shuffled = [*told, *told[:2]]
    order.shuffle(shuffled)
    assert stored(shuffled) == found
    sent = spans((SENT,), (SENT, PUBLISHED))
    published = spans((PUBLISHED,), (SENT, PUBLISHED))
    assert found == intersection(sent, published)
    full = spans()
    assert union([*found, *full]) == found, "what is covered for all kinds stays so"
    if not any(sees for _, _, sees in told):
        assert found == full
    earlier = (spans((SENT,), (SENT, PUBLISHED), until=as_of), spans((PUBLISHED,), (SENT, PUBLISHED), until=as_of))
    assert stored(told, as_of) == intersection(*earlier)
