"""Inspections are kept whole, counted once a month, and not before they are complete."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor.findings import Figures, Finding, Judgement, Result, Severity, Verdict, Window
from monitor.likeness import Near
from monitor.originality import Classified
from monitor.values import Credit, CreditKind, Flag, Originality, Platform, Post
from storage.database import Database
from storage.inspections import (
    Inspection,
    begin_inspection,
    failed_months,
    finish_inspection,
    results_of,
    save_judgements,
)
from storage.models import inspection_findings, inspection_results, inspections
from tests.storage.values import an_account, hour

FAILED, PASSED, REVIEW = Result.FAILED, Result.PASSED, Result.REVIEW
FIGURES = Figures(
    published=3,
    original=1,
    reposted=1,
    undetermined=1,
    last_post=None,
    days_since_last=None,
    longest_silence=None,
    workdays_due=None,
    workdays_met=None,
    workdays_missed=(),
    weeks_due=4,
    weeks_met=3,
    weeks_missed=(),
    recent_originals=0,
    coverage_share=0.5,
)


def a_finding(account_id: str = "a1", code: str = "GX-03", **changes: object) -> Finding:
    given: dict[str, object] = {
        "account_id": account_id,
        "code": code,
        "category": "未达到周更新要求",
        "severity": Severity.BULLETIN,
        "verdict": Verdict.VERIFIED,
        "windows": (
            Window(date(2026, 10, 5), date(2026, 10, 11)),
            Window(date(2026, 10, 12), date(2026, 10, 12)),
        ),
        "description": "10月5日至10月11日无更新。",
        "clause": "依据",
        "advice": "建议",
        "due": date(2026, 11, 13),
        "disposal": "通报",
        "posts": ("k1", "k2"),
    }
    return Finding(**given | changes)  # type: ignore[arg-type]


def a_judgement(account_id: str = "a1", result: Result = FAILED, *findings: Finding, notes: str = "") -> Judgement:
    return Judgement(
        account=an_account(account_id),
        windows=(),
        findings=findings,
        figures=FIGURES,
        result=result,
        failures=1,
        disposal="通报",
        coverage=(),
        notes=(notes,) if notes else (),
    )


def an_inspection(month: str = "2026-09", at: float = 0, made: float = 0, as_of: datetime | None = None) -> Inspection:
    return Inspection(month=month, time_point=hour(at), as_of=as_of, made_at=hour(made), policy="gaoxian 1.0")


def run(database: Database, inspection: Inspection, *judgements: Judgement, complete: bool = True) -> int:
    with database.begin() as session:
        number = begin_inspection(session, inspection)
    with database.begin() as session:
        save_judgements(session, number, judgements, 1)
    if complete:
        with database.begin() as session:
            return finish_inspection(session, number)
    return number


def failures(database: Database, ids: Sequence[str], *months: str) -> dict[str, int]:
    with database.read() as session:
        return {each: len(found) for each, found in failed_months(session, ids, months).items()}


def results(database: Database, month: str = "2026-09") -> dict[str, Result]:
    with database.read() as session:
        return results_of(session, month)


def test_results_and_findings_are_kept_as_they_were_said(database: Database) -> None:
    findings = (a_finding(), a_finding(code="CJ-01", verdict=Verdict.UNVERIFIABLE, due=None, causes=("访问受限",)))
    number = run(database, an_inspection(), a_judgement("a1", FAILED, *findings), a_judgement("a2", PASSED))
    assert results(database) == {"a1": FAILED, "a2": PASSED}
    with database.read() as session:
        (row,) = session.execute(select(inspections)).all()
        kept = session.execute(select(inspection_findings).order_by(inspection_findings.c.position)).all()
        one = session.execute(select(inspection_results).where(inspection_results.c.account_id == "a1")).one()
    assert (row.id, row.month, row.time_point, row.as_of, row.policy) == (
        number,
        "2026-09",
        hour(0),
        None,
        "gaoxian 1.0",
    )
    assert [(each.position, each.code, each.times, each.windows, each.verdict, each.due) for each in kept] == [
        (1, "GX-03", 2, "2026-10-05/2026-10-11;2026-10-12", "已核实", date(2026, 11, 13)),
        (2, "CJ-01", 2, "2026-10-05/2026-10-11;2026-10-12", "未能核验", None),
    ]
    assert kept[0].payload["posts"] == ["k1", "k2"]
    assert kept[1].payload["causes"] == ["访问受限"]
    assert (one.organizer, one.account_name, one.platform) == ("县政府办", "账号a1", "微信公众号")
    assert one.payload["published"] == 3


def test_accounts_come_slice_by_slice(database: Database) -> None:
    with database.begin() as session:
        number = begin_inspection(session, an_inspection())
        save_judgements(session, number, [a_judgement("a1", FAILED, a_finding("a1"), a_finding("a1", "YC-01"))], 1)
        save_judgements(session, number, [], 3)
        save_judgements(session, number, [a_judgement("a2", FAILED, a_finding("a2"))], 3)
        finish_inspection(session, number)
    with database.read() as session:
        rows = session.execute(
            select(inspection_findings.c.position, inspection_findings.c.account_id).order_by("position")
        ).all()
    assert [tuple(row) for row in rows] == [(1, "a1"), (2, "a1"), (3, "a2")]
    assert results(database) == {"a1": FAILED, "a2": FAILED}


def test_failures_are_counted_by_month(database: Database) -> None:
    run(database, an_inspection("2026-07"), a_judgement("a1"), a_judgement("a2", PASSED), a_judgement("a3", REVIEW))
    run(database, an_inspection("2026-08"), a_judgement("a1"), a_judgement("a2"))
    run(database, an_inspection("2026-09"), a_judgement("a1"))
    assert failures(database, ["a1", "a2", "a3"], "2026-07", "2026-08") == {"a1": 2, "a2": 1}
    assert failures(database, ["a1"], "2026-07", "2026-08", "2026-09", "2026-10") == {"a1": 3}
    assert failures(database, ["a2"], "2026-09") == {}
    assert failures(database, ["a1"]) == {}
    assert failures(database, [], "2026-07") == {}


def test_what_is_not_complete_does_not_count(database: Database) -> None:
    run(database, an_inspection(), a_judgement("a1"), complete=False)
    assert failures(database, ["a1"], "2026-09") == {}
    assert results(database) == {}


def test_what_is_not_complete_does_not_hide_what_is(database: Database) -> None:
    run(database, an_inspection(), a_judgement("a1"))
    run(database, an_inspection(at=1), a_judgement("a1", PASSED), complete=False)
    assert results(database) == {"a1": FAILED}


@pytest.mark.parametrize(
    ("runs", "counts"),
    [
        pytest.param([(0, FAILED), (0, PASSED)], PASSED, id="the-newer-of-two"),
        pytest.param([(0, PASSED), (0, FAILED)], FAILED, id="the-newer-of-two-turned"),
        pytest.param([(5, FAILED), (3, PASSED)], FAILED, id="the-later-time-point"),
        pytest.param([(3, FAILED), (5, PASSED)], PASSED, id="the-whole-month"),
        pytest.param([(0, FAILED), (0, PASSED), (0, FAILED)], FAILED, id="to-and-fro"),
    ],
)
def test_of_several_inspections_of_a_month_one_counts(
    database: Database, runs: list[tuple[float, Result]], counts: Result
) -> None:
    for made, (at, result) in enumerate(runs):
        run(database, an_inspection(at=at, made=made), a_judgement("a1", result))
    assert results(database) == {"a1": counts}
    assert failures(database, ["a1"], "2026-09") == ({"a1": 1} if counts is FAILED else {})


def test_a_look_back_does_not_change_what_counts(database: Database) -> None:
    """--as-of judges as if it were that moment: the month was inspected since with what is known now."""
    run(database, an_inspection(made=9), a_judgement("a1", FAILED))
    run(database, an_inspection(made=10, as_of=hour(3)), a_judgement("a1", PASSED))
    assert results(database) == {"a1": FAILED}
    run(database, an_inspection(made=11), a_judgement("a1", REVIEW))
    assert results(database) == {"a1": REVIEW}
    run(database, an_inspection(made=20, as_of=hour(15)), a_judgement("a1", PASSED))
    assert results(database) == {"a1": REVIEW}, "not even to a moment since"


def test_the_same_once_more_leaves_one(database: Database) -> None:
    first = run(database, an_inspection(), a_judgement("a1", FAILED, a_finding()))
    assert run(database, an_inspection(made=1), a_judgement("a1", FAILED, a_finding())) == first
    with database.read() as session:
        assert len(session.execute(select(inspections)).all()) == 1
        assert len(session.execute(select(inspection_results)).all()) == 1
        assert len(session.execute(select(inspection_findings)).all()) == 1


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(a_judgement("a1", FAILED, a_finding(description="别的。")), id="wording"),
        pytest.param(a_judgement("a1", FAILED), id="no-finding"),
        pytest.param(a_judgement("a1", FAILED, a_finding(), notes="注"), id="note"),
        pytest.param(replace(a_judgement("a1", FAILED, a_finding()), account=an_account("a2")), id="account"),
    ],
)
def test_what_says_otherwise_is_kept_beside(database: Database, other: Judgement) -> None:
    first = run(database, an_inspection(), a_judgement("a1", FAILED, a_finding()))
    assert run(database, an_inspection(made=1), other) != first
    with database.read() as session:
        assert len(session.execute(select(inspections)).all()) == 2


def test_what_was_broken_off_long_ago_is_removed(database: Database) -> None:
    run(database, an_inspection(made=0), a_judgement("dead", FAILED, a_finding("dead")), complete=False)
    run(database, an_inspection("2026-10", made=47), a_judgement("a1", FAILED, a_finding()))
    with database.read() as session:
        assert session.scalars(select(inspections.c.month)).all() == ["2026-10"]
        assert session.scalars(select(inspection_results.c.account_id)).all() == ["a1"]
        assert session.scalars(select(inspection_findings.c.account_id)).all() == ["a1"]


def test_a_run_that_may_be_under_way_is_left_alone(database: Database) -> None:
    """It goes on and is kept; the one that was begun later counts."""
    slow = run(database, an_inspection(made=0), a_judgement("a1"), complete=False)
    run(database, an_inspection(made=1), a_judgement("a1", PASSED))
    with database.begin() as session:
        save_judgements(session, slow, [a_judgement("a2")], 1)
        assert finish_inspection(session, slow) == slow
    assert results(database) == {"a1": PASSED}


def test_an_empty_registry_is_an_inspection_too(database: Database) -> None:
    number = run(database, an_inspection())
    assert run(database, an_inspection(made=1)) == number
    assert results(database) == {}


def test_an_error_keeps_nothing_of_a_slice(database: Database) -> None:
    with database.begin() as session:
        number = begin_inspection(session, an_inspection())

    def broken_off() -> None:
        with database.begin() as session:
            save_judgements(session, number, [a_judgement("a1", FAILED, a_finding())], 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_off()
    with database.read() as session:
        assert session.execute(select(inspection_results)).all() == []
        assert session.execute(select(inspection_findings)).all() == []


def test_many_accounts_are_counted_at_once(database: Database) -> None:
    ids = [f"a{n}" for n in range(200)]
    months = [f"{year}-{month:02}" for year in range(2017, 2027) for month in range(1, 13)]
    run(database, an_inspection(), *(a_judgement(each) for each in ids))
    assert failures(database, ids, *months) == dict.fromkeys(ids, 1)


def test_times_come_back_aware(database: Database) -> None:
    as_of = hour(3) + timedelta(microseconds=1)
    run(database, an_inspection(as_of=as_of))
    with database.read() as session:
        assert session.scalar(select(inspections.c.as_of)) == as_of


def test_an_inspection_made_later_does_not_count_as_of_then(database: Database) -> None:
    run(database, an_inspection(made=10), a_judgement("a1", FAILED))
    with database.read() as session:
        assert failed_months(session, ["a1"], ["2026-09"]) == {"a1": ("2026-09",)}
        assert failed_months(session, ["a1"], ["2026-09"], hour(9)) == {}
        assert failed_months(session, ["a1"], ["2026-09"], hour(10)) == {"a1": ("2026-09",)}
    run(database, an_inspection(made=20, as_of=hour(3)), a_judgement("a1", FAILED))
    with database.read() as session:
        assert failed_months(session, ["a1"], ["2026-09"], hour(9)) == {"a1": ("2026-09",)}, "it looked back to then"


def test_a_finding_of_posts_holds_what_it_rests_on(database: Database) -> None:
    credit = Credit(kind=CreditKind.SOURCE, label="来源", value="新华社")
    post = Post(
        account_id="a1",
        key="k1",
        title="标题",
        url="https://a",
        published_at=hour(0),
        seen_at=hour(1),
        publisher="某门户",
        credits=(credit,),
        page_at=hour(2),
        flags=frozenset({Flag.CONTRADICTED}),
    )
    near = Near(
        account_id="a2",
        account_name="县融媒",
        organizer="县融媒体中心",
        platform=Platform.WEIBO,
        key="n1",
        title="原文",
        url="https://n",
        published_at=hour(-1),
        day=date(2026, 10, 1),
        similarity=0.957,
    )
    classified = Classified(originality=Originality.REPOST, step=5, reason="相似", near=near)
    findings = (a_finding(posts=("k1",), seen_at=(hour(1),)), a_finding(code="GX-01", posts=("k1",)))
    judgement = replace(
        a_judgement("a1", FAILED, *findings), posts=((post, classified), (replace(post, key="k2"), classified))
    )
    with database.begin() as session:
        number = begin_inspection(session, an_inspection())
        save_judgements(
            session, number, [judgement], 1, contradictions={("a1", "k1"): "标题不符", ("a2", "k2"): "别的"}
        )
    with database.read() as session:
        on_posts, on_silence = session.scalars(
            select(inspection_findings.c.payload).order_by(inspection_findings.c.position)
        )
        account = session.scalar(select(inspection_results.c.payload))
    (named,) = on_posts["named"]
    assert (on_posts["seen_at"], on_silence["seen_at"], on_silence["named"]) == ([hour(1).isoformat()], [], [])
    assert (named["key"], named["publisher"], named["page_at"]) == ("k1", "某门户", hour(2).isoformat())
    assert named["credits"] == [{"kind": "source", "label": "来源", "value": "新华社", "place": "text"}]
    assert (named["near"]["account_name"], named["near"]["platform"], named["near"]["percent"]) == (
        "县融媒",
        "新浪微博",
        95,
    )
    assert account is not None
    assert [each.get("contradiction") for each in account["posts"]] == ["标题不符", None]
