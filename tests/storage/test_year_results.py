"""What the inspections that count say of a year: one a month, the final one first, and nothing of the others."""

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import insert

from monitor.findings import Result, Severity, Verdict
from monitor.rechecking import Outcome
from monitor.stages import Stage
from storage.accounts import save_accounts
from storage.database import Database
from storage.models import reminders
from storage.year_results import (
    StoredFault,
    StoredRecheck,
    faults_in,
    inspections_of,
    last_rechecks,
    reminders_by_month,
    results_in,
)
from tests.monitor.builders import ZONE
from tests.schedules.years import BULLETIN, HINT, VETO, a_fault, a_recheck, at, failed, inspected, said
from tests.storage.values import an_account, hour

A1, A2 = an_account("a1", supervisor="县政府", main=True), an_account("a2")
MONTHS = [f"2026-{number:02}" for number in range(1, 13)]


def test_of_each_month_the_inspection_that_counts_with_its_stage(database: Database) -> None:
    final = inspected(database, "2026-01", said(A1))
    inspected(database, "2026-01", failed(A1, "2026-01"), final=False, made_days_later=9)  # newer, but not final
    inspected(database, "2026-02", said(A1), final=False)
    newest = inspected(database, "2026-02", failed(A1, "2026-02"), final=False, made_days_later=3)
    inspected(database, "2025-12", said(A1))
    with database.read() as session:
        found = inspections_of(session, MONTHS)
        kept = list(results_in(session, [each.number for each in found]))
    assert [(each.number, each.month, each.stage) for each in found] == [
        (final, "2026-01", Stage.FINAL),
        (newest, "2026-02", Stage.DRAFT),
    ]
    assert [(each.month, each.result) for each in kept] == [("2026-01", Result.PASSED), ("2026-02", Result.FAILED)]


def test_results_come_with_the_names_and_figures_of_their_time(database: Database) -> None:
    old = replace(A1, name="旧名", organizer="旧单位")
    numbers = [
        inspected(database, "2026-01", said(old, published=7, original=2), said(A2, Result.UNVERIFIABLE)),
        inspected(database, "2026-02", said(A1)),
    ]
    with database.read() as session:
        found = list(results_in(session, numbers))
    first = found[0]
    assert (first.account_id, first.account_name, first.organizer, first.platform) == (
        "a1",
        "旧名",
        "旧单位",
        "微信公众号",
    )
    assert (first.supervisor, first.main, first.published, first.original) == ("县政府", True, 7, 2)
    assert [(each.account_id, each.month, each.main, each.supervisor) for each in found[1:]] == [
        ("a2", "2026-01", False, ""),
        ("a1", "2026-02", True, "县政府"),
    ]


def test_only_proven_findings(database: Database) -> None:
    findings = [
        a_fault(A1, "2026-01", "GX-01", VETO),
        a_fault(A1, "2026-01", "YC-01", BULLETIN, Verdict.REVIEW),
        a_fault(A1, "2026-01", "CJ-01", Severity.UNVERIFIED, Verdict.UNVERIFIABLE),
        a_fault(A1, "2026-01", "YC-03", HINT),
    ]
    number = inspected(database, "2026-01", said(A1, Result.FAILED, *findings))
    with database.read() as session:
        assert list(faults_in(session, [number])) == [
            StoredFault(month="2026-01", account_id="a1", code="GX-01", severity=VETO),
            StoredFault(month="2026-01", account_id="a1", code="YC-03", severity=HINT),
        ]


def test_of_rechecks_the_last_counts(database: Database) -> None:
    numbers = [
        inspected(database, "2026-02", said(A1), rechecks=[a_recheck(A1, "2026-01", Outcome.UNVERIFIABLE)]),
        inspected(
            database,
            "2026-03",
            said(A1),
            rechecks=[
                a_recheck(A1, "2026-01", Outcome.RECTIFIED, date(2026, 2, 20)),
                a_recheck(A1, "2025-12", Outcome.NOT_RECTIFIED),
            ],
        ),
    ]
    with database.read() as session:
        assert last_rechecks(session, numbers, MONTHS) == [
            StoredRecheck(
                month="2026-01", account_id="a1", code="GX-03", outcome=Outcome.RECTIFIED, day=date(2026, 2, 20)
            )
        ]


def test_reminders_count_in_the_local_month_in_which_they_were_sent(database: Database) -> None:
    sent = {
        "GX-01": datetime(2026, 1, 31, 15, tzinfo=UTC),
        "GX-02": datetime(2026, 1, 31, 20, tzinfo=UTC),  # February in the office's zone
        "GX-03": datetime(2025, 12, 31, 10, tzinfo=UTC),
        "YC-01": None,
    }
    row = {
        "account_id": "a1",
        "organizer": "县政府办",
        "account_name": "账号a1",
        "platform": "微信公众号",
        "first_day": date(2026, 1, 31),
        "last_day": date(2026, 1, 31),
        "ends_at": at("2026-02-01"),
        "text": "请更新",
        "made_at": at("2026-01-30"),
    }
    with database.begin() as session:
        save_accounts(session, [A1], hour(0))
        session.execute(insert(reminders), [row | {"rule": rule, "sent_at": moment} for rule, moment in sent.items()])
    with database.read() as session:
        found = reminders_by_month(session, at("2026-01-01"), at("2027-01-01"), ZONE)
    assert found == {("a1", "2026-01"): 1, ("a1", "2026-02"): 1}
