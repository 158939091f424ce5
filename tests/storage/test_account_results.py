"""What inspections said of one account over time, read back from every kind of database."""

from datetime import UTC, date, datetime, timedelta

from monitor.disposal import Disposition, Step
from monitor.findings import Figures, Finding, Judgement, Result, Severity, Verdict, Window
from storage.account_results import failed_results, findings_of_account, results_of_account
from storage.database import Database
from storage.dispositions import ledger, lock_ledger, save_disposition, say_rectified, withdraw_disposition
from storage.inspections import Inspection, begin_inspection, finish_inspection, save_judgements
from tests.storage.values import an_account

MADE = datetime(2026, 11, 2, 2, tzinfo=UTC)
FIGURES = Figures(
    published=4, original=1, reposted=3, undetermined=0, last_post=None, days_since_last=None, longest_silence=None,
    workdays_due=None, workdays_met=None, workdays_missed=(), weeks_due=4, weeks_met=3, weeks_missed=(),
    recent_originals=0, coverage_share=1.0,
)  # fmt: skip


def judged(account_id: str, result: Result, *findings: Finding) -> Judgement:
    return Judgement(
        account=an_account(account_id),
        windows=(),
        findings=findings,
        figures=FIGURES,
        result=result,
        failures=1,
        disposal="通报",
        coverage=(),
        notes=("暂定",),
        basis=("2026-10",),
    )


def finding(account_id: str) -> Finding:
    return Finding(
        account_id=account_id,
        code="GX-03",
        category="未达到周更新要求",
        severity=Severity.BULLETIN,
        verdict=Verdict.VERIFIED,
        windows=(Window(date(2026, 10, 5), date(2026, 10, 11)),),
        description="没有更新",
        clause="第五条",
        advice="更新",
        due=date(2026, 11, 13),
        disposal="通报",
    )


def inspected(
    database: Database, month: str, *judgements: Judgement, made_at: datetime = MADE, done: bool = True
) -> int:
    inspection = Inspection(month=month, time_point=made_at, as_of=None, made_at=made_at, policy="gaoxian 1")
    with database.begin() as session:
        number = begin_inspection(session, inspection)
        save_judgements(session, number, judgements, 1)
        return finish_inspection(session, number) if done else number


def test_an_account_over_its_months_the_newest_first(database: Database) -> None:
    inspected(database, "2026-09", judged("a1", Result.PASSED))
    number = inspected(database, "2026-10", judged("a1", Result.FAILED, finding("a1")), judged("a2", Result.PASSED))
    inspected(database, "2026-11", judged("a1", Result.PASSED), done=False)
    with database.read() as session:
        newest, oldest = results_of_account(session, "a1")
        assert (newest.month, newest.result, newest.inspection_id) == ("2026-10", Result.FAILED, number)
        assert (newest.published, newest.original, newest.disposal, newest.basis) == (4, 1, "通报", ("2026-10",))
        assert (newest.notes, newest.known_at, oldest.month) == (("暂定",), MADE, "2026-09")
        assert [each.month for each in results_of_account(session, "a1", ["2026-09"])] == ["2026-09"]
        assert results_of_account(session, "a9") == []
        (found,) = findings_of_account(session, "a1", [number])
        assert (found.code, found.due, found.windows) == ("GX-03", date(2026, 11, 13), "2026-10-05/2026-10-11")
        assert [each.account_id for each in failed_results(session, number)] == ["a1"]


def test_the_inspection_that_counts_is_the_newest(database: Database) -> None:
    inspected(database, "2026-10", judged("a1", Result.FAILED))
    inspected(database, "2026-10", judged("a1", Result.PASSED), made_at=MADE + timedelta(hours=1))
    with database.read() as session:
        assert [each.result for each in results_of_account(session, "a1")] == [Result.PASSED]


def test_the_ledger_keeps_what_was_taken_back_and_what_was_said_later(database: Database) -> None:
    taken = Disposition(
        account_id="a1", step=Step.INTERVIEW, on=date(2026, 11, 10), by="李四", at=MADE, months=("2026-10",)
    )
    with database.begin() as session:
        lock_ledger(session)
        first, second = save_disposition(session, taken), save_disposition(session, taken)
        assert say_rectified(session, first, "赵六", MADE, "仍无原创", rectified=False)
        assert withdraw_disposition(session, second, "李四", MADE, "重复")
        assert not withdraw_disposition(session, second, "李四", MADE, "重复")
    with database.read() as session:
        kept, back = ledger(session, ["a1"])
        assert (kept.disposition.rectified, kept.rectified_by, kept.rectified_note, kept.stands) == (
            False, "赵六", "仍无原创", True,
        )  # fmt: skip
        assert (back.stands, back.withdrawn_why) == (False, "重复")
        assert [each.disposition.number for each in ledger(session, number=first)] == [first]
        assert (ledger(session, ["a2"]), len(ledger(session))) == ([], 2)
