"""What people decide, enter and record is kept, found again by every re-run, and never lost when it is replaced."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

import storage.decisions as module
from monitor.decisions import Decision, Entered, Reason, Ruling, Subject
from monitor.disposal import Disposition, Step
from monitor.findings import Severity, Window
from storage.attachments import Attachment, files_of_dispositions, files_of_entered, save_attachments
from storage.database import Database
from storage.decisions import (
    DecidedError,
    decisions_made,
    save_decision,
    standing_decision,
    standing_decisions,
    withdraw_decision,
)
from storage.dispositions import dispositions_of, save_disposition, say_rectified, withdraw_disposition
from storage.entered import entered_of, save_entered, withdraw_entered
from tests.storage.values import hour

WEEK = Window(date(2026, 10, 5), date(2026, 10, 11))
ON_WEEK = Subject(account_id="a1", code="GX-03", window=WEEK)
ON_POST = Subject(account_id="a1", code="YC-03", window=Window(date(2026, 10, 5), date(2026, 10, 5)), key="k1")


def dismissed(subject: Subject = ON_WEEK, at: float = 0, by: str = "李某") -> Decision:
    return Decision(
        subject=subject,
        ruling=Ruling.DISMISSED,
        by=by,
        at=hour(at),
        note="已核",
        reason=Reason.POSTED,
        posts=("k1", "k2"),
        unseen=(Window(subject.window.first, subject.window.first), subject.window),
    )


def confirmed(subject: Subject = ON_WEEK, at: float = 0, by: str = "李某") -> Decision:
    return Decision(subject=subject, ruling=Ruling.CONFIRMED, by=by, at=hour(at), severity=Severity.HINT)


def save(database: Database, decision: Decision, *, replace_: bool = False) -> int:
    with database.begin() as session:
        return save_decision(session, decision, replace=replace_)


def standing(database: Database, as_of: datetime | None = None) -> list[Decision]:
    with database.read() as session:
        return list(standing_decisions(session, ["a1"], as_of).get("a1", ()))


@pytest.mark.parametrize("decision", [dismissed(), confirmed(), dismissed(ON_POST), confirmed(ON_POST)])
def test_a_decision_comes_back_as_it_was_made(database: Database, decision: Decision) -> None:
    number = save(database, decision)
    kept = replace(decision, number=number)
    assert standing(database) == [kept]
    with database.read() as session:
        assert standing_decision(session, decision.subject) == kept
        assert standing_decisions(session) == {"a1": (kept,)}
        assert standing_decisions(session, ["a2"]) == {}
        assert standing_decisions(session, []) == {}
        assert standing_decision(session, replace(decision.subject, account_id="a2")) is None


def test_a_decision_on_a_post_is_found_on_whichever_day_the_post_counts(database: Database) -> None:
    save(database, dismissed(ON_POST))
    moved = replace(ON_POST, window=WEEK)
    with database.read() as session:
        assert standing_decision(session, moved) is not None
        assert standing_decision(session, replace(moved, key="k2")) is None
        assert standing_decision(session, replace(ON_POST, key="")) is None


def test_what_stands_is_not_replaced_by_mistake(database: Database) -> None:
    first = save(database, dismissed())
    with pytest.raises(DecidedError, match="已由李某作出判定") as caught:
        save(database, confirmed(by="王某", at=1))
    assert caught.value.standing is not None
    assert caught.value.standing.number == first
    assert [each.number for each in standing(database)] == [first]


def test_what_was_replaced_or_taken_back_stays_on_the_record(database: Database) -> None:
    first = save(database, dismissed(at=1))
    second = save(database, confirmed(by="王某", at=2), replace_=True)
    with database.begin() as session:
        assert withdraw_decision(session, second, "张某", hour(3))
        assert not withdraw_decision(session, second, "张某", hour(4))
        assert not withdraw_decision(session, 999, "张某", hour(4))
    third = save(database, dismissed(at=5))
    with database.read() as session:
        made = decisions_made(session, "a1")
        assert [(each.decision.number, each.withdrawn_at, each.withdrawn_by) for each in made] == [
            (first, hour(2), "王某"),
            (second, hour(3), "张某"),
            (third, None, ""),
        ]
    stood = {at: [each.number for each in standing(database, hour(at))] for at in (0.5, 1, 2, 3, 5)}
    assert stood == {0.5: [], 1: [first], 2: [second], 3: [], 5: [third]}
    assert [each.number for each in standing(database)] == [third]


def test_replacing_nothing_is_keeping(database: Database) -> None:
    assert [each.number for each in standing(database)] == []
    number = save(database, dismissed(), replace_=True)
    assert [each.number for each in standing(database)] == [number]


@pytest.mark.parametrize("replacing", [False, True])
def test_of_two_who_decide_at_once_one_stands(database: Database, *, replacing: bool) -> None:
    """Whoever is told so can still ask in the same transaction whose decision stands."""
    if replacing:
        save(database, dismissed(by="张某"))
    ready, told = Barrier(2), list[Decision | None]()

    def decide(by: str) -> int | None:
        ready.wait()
        with database.begin() as session:
            try:
                return save_decision(session, confirmed(by=by, at=1), replace=replacing)
            except DecidedError as error:
                told.extend([error.standing, standing_decision(session, ON_WEEK)])
                return None

    with ThreadPoolExecutor(2) as pool:
        numbers = [each for each in pool.map(decide, ("李某", "王某")) if each is not None]
    (stands,) = standing(database)
    assert stands.number in numbers
    if not replacing:
        assert (numbers, told) == ([stands.number], [stands, stands])


def test_what_the_database_itself_refuses_leaves_the_transaction_usable(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One looked before the other's decision was kept; on PostgreSQL too the session still answers."""
    first = save(database, dismissed())
    looks = iter([None])

    def looked_too_early(session: Session, subject: Subject) -> Decision | None:
        return next(looks, standing_decision(session, subject))

    monkeypatch.setattr(module, "standing_decision", looked_too_early)
    with database.begin() as session:
        with pytest.raises(DecidedError) as caught:
            save_decision(session, confirmed(at=1))
        assert caught.value.standing is not None
        assert caught.value.standing.number == first
        assert [each.number for each in standing_decisions(session)["a1"]] == [first]


# ------------------------------------------------------------------------------------------------- entered findings


def an_entered(account_id: str = "a1", at: float = 0) -> Entered:
    return Entered(
        number=0,
        account_id=account_id,
        code="HD-01",
        severity=Severity.VETO,
        window=WEEK,
        description="没有留言入口。",
        by="李某",
        at=hour(at),
        url="https://a.example/1",
        title="标题丨一",
    )


FILES = (Attachment(name="截图.png", digest="a" * 64, size=12), Attachment(name="说明.docx", digest="b" * 64, size=0))


def test_an_entered_finding_comes_back_with_the_names_of_its_files(database: Database) -> None:
    with database.begin() as session:
        number, other = save_entered(session, an_entered(at=1)), save_entered(session, an_entered("a2", at=2))
        save_attachments(session, FILES, hour(1), entered=number)
        save_attachments(session, (), hour(1), entered=other)
    with database.read() as session:
        one = replace(an_entered(at=1), number=number, attachments=("截图.png", "说明.docx"))
        two = replace(an_entered("a2", at=2), number=other)
        assert entered_of(session) == {"a1": (one,), "a2": (two,)}
        assert entered_of(session, ["a1"]) == {"a1": (one,)}
        assert entered_of(session, []) == {}
        assert entered_of(session, None, hour(1)) == {"a1": (one,)}
        assert files_of_entered(session, [number, other]) == {number: FILES}
        assert files_of_dispositions(session, [number]) == {}


def test_an_entered_finding_that_was_taken_back_counts_no_more(database: Database) -> None:
    with database.begin() as session:
        number = save_entered(session, an_entered(at=1))
        assert withdraw_entered(session, number, "王某", hour(3), "录入有误")
        assert not withdraw_entered(session, number, "王某", hour(4), "录入有误")
    with database.read() as session:
        assert entered_of(session) == {}
        assert [each.number for each in entered_of(session, None, hour(2))["a1"]] == [number]
        assert entered_of(session, None, hour(3)) == {}


# ----------------------------------------------------------------------------------------------------- the ledger


def a_step(on: int = 3, at: float = 0, step: Step = Step.INTERVIEW) -> Disposition:
    return Disposition(
        account_id="a1",
        step=step,
        on=date(2026, 11, on),
        by="李某",
        at=hour(at),
        document="高府办〔2026〕12号",
        signer="张某",
        note="谈话记录存档",
        months=("2026-08", "2026-09", "2026-10"),
    )


def test_the_ledger_comes_back_in_order_of_day(database: Database) -> None:
    with database.begin() as session:
        late, early = save_disposition(session, a_step(9, at=1)), save_disposition(session, a_step(3, at=2))
        save_attachments(session, FILES[:1], hour(1), disposition=late)
    with database.read() as session:
        found = dispositions_of(session)["a1"]
        assert found == (
            replace(a_step(3, at=2), number=early),
            replace(a_step(9, at=1), number=late, attachments=("截图.png",)),
        )
        assert [each.number for each in dispositions_of(session, ["a1"], hour(1))["a1"]] == [late]
        assert dispositions_of(session, ["a2"]) == {}


def test_whether_an_interview_was_followed_is_known_from_when_it_was_said(database: Database) -> None:
    with database.begin() as session:
        number = save_disposition(session, a_step(at=1))
        assert say_rectified(session, number, "王某", hour(5), "未见更新", rectified=False)
        assert not say_rectified(session, 99, "王某", hour(5), "", rectified=True)
    with database.read() as session:
        assert [dispositions_of(session, None, hour(at))["a1"][0].rectified for at in (1, 4, 5)] == [None, None, False]
        assert dispositions_of(session)["a1"][0].rectified is False


def test_a_step_that_was_taken_back_counts_no_more(database: Database) -> None:
    with database.begin() as session:
        number = save_disposition(session, a_step(at=1))
        assert withdraw_disposition(session, number, "王某", hour(3), "登记有误")
        assert not withdraw_disposition(session, number, "王某", hour(4), "登记有误")
        assert not say_rectified(session, number, "王某", hour(5), "", rectified=True)
    with database.read() as session:
        assert dispositions_of(session) == {}
        assert [each.number for each in dispositions_of(session, None, hour(2))["a1"]] == [number]
