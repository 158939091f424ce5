"""The ledger of the four steps: document numbers as officials print them, order of the steps, what counts as done."""

from datetime import date

import pytest

from monitor.disposal import Disposition, Proposal, Step
from monitor.findings import Result
from monitor.ledger import Entry, Proposed, document_number, is_usual, step_before
from tests.monitor.builders import moment


def taken(step: Step) -> Disposition:
    return Disposition(account_id="a1", step=step, on=date(2026, 11, 10), by="李四", at=moment("11-10"))


def proposed(step: Step | None, *since: Step) -> Proposed:
    return Proposed(
        account_id="a1",
        account_name="高县发布",
        platform="微信公众号",
        organizer="县政府办",
        month="2026-10",
        result=Result.FAILED,
        proposal=Proposal(text=step or "", step=step),
        since=tuple(map(taken, since)),
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("高府办函[2026]12号", "高府办函〔2026〕12号"),
        ("高府办函（2026）12号", "高府办函〔2026〕12号"),
        ("高府办函(2026) 12 号", "高府办函〔2026〕12号"),
        (" 高府办函〔2026〕12号 ", "高府办函〔2026〕12号"),
        ("高府办函【２０２６】１２号", "高府办函〔2026〕12号"),
        ("高府办函［2026］12号", "高府办函〔2026〕12号"),
        ("高府办（内部）12号", "高府办（内部）12号"),
        ("", ""),
    ],
)
def test_a_document_number_is_kept_as_officials_print_it(typed: str, kept: str) -> None:
    assert document_number(typed) == kept
    assert document_number(kept) == kept


@pytest.mark.parametrize(
    ("number", "usual"),
    [("高府办函〔2026〕12号", True), ("高府办函〔2026〕第12号", True), ("口头", False), ("〔2026〕1号", False)],
)
def test_an_unusual_number_is_seen(number: str, usual: bool) -> None:
    assert is_usual(number) is usual


def test_the_order_of_the_steps() -> None:
    assert [step_before(each) for each in Step] == [None, Step.REMINDER, Step.BULLETIN, Step.INTERVIEW]


@pytest.mark.parametrize(
    ("step", "since", "done"),
    [
        (Step.INTERVIEW, (Step.INTERVIEW,), True),
        (Step.INTERVIEW, (Step.CLOSURE,), True),
        (Step.INTERVIEW, (Step.BULLETIN,), False),
        (Step.INTERVIEW, (), False),
        (None, (Step.CLOSURE,), False),
    ],
)
def test_a_proposal_is_done_with_its_step_or_a_graver_one(
    step: Step | None, since: tuple[Step, ...], done: bool
) -> None:
    assert proposed(step, *since).is_recorded is done


def test_an_entry_that_was_taken_back_does_not_stand() -> None:
    assert Entry(disposition=taken(Step.REMINDER)).stands
    assert not Entry(disposition=taken(Step.REMINDER), withdrawn_at=moment("11-11")).stands
