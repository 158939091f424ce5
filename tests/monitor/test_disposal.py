"""The four steps: what is proposed and on which months it rests; nothing is escalated by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.disposal import NOTHING, Disposition, Proposal, Step, propose, proposed
from monitor.findings import Result
from monitor.stages import NEXT, Stage
from tests.monitor.builders import ALWAYS, day, frame, judged, policy

AT = datetime(2026, 9, 1, tzinfo=UTC)
INTERVIEW, CLOSURE, BULLETIN = Step.INTERVIEW, Step.CLOSURE, Step.BULLETIN


def step(kind: Step, on: str, *, rectified: bool | None = None) -> Disposition:
    return Disposition(account_id="gx-01", step=kind, on=day(on), by="李某", at=AT, rectified=rectified)


def interview_of(on: str) -> Disposition:
    return replace(step(INTERVIEW, "06-10", rectified=False), on=date.fromisoformat(on))


@pytest.mark.parametrize(
    ("earlier", "ledger", "kind", "months"),
    [
        pytest.param([], [], BULLETIN, ["10"], id="the first failure"),
        pytest.param(["08"], [], BULLETIN, ["10"], id="the second"),
        pytest.param(["09", "03"], [], INTERVIEW, ["03", "09", "10"], id="the third"),
        pytest.param(["03", "04", "09"], [], INTERVIEW, ["03", "04", "09", "10"], id="the fourth: still an interview"),
        pytest.param(["03", "04"], [step(BULLETIN, "04-20")], INTERVIEW, ["03", "04", "10"], id="a bulletin uses up nothing"),
        pytest.param(["03", "04", "05"], [step(INTERVIEW, "06-10", rectified=True)], BULLETIN, ["10"], id="an interview that helped uses up its months"),
        pytest.param(["03", "08", "09"], [step(INTERVIEW, "06-10", rectified=True)], INTERVIEW, ["08", "09", "10"], id="three more after it"),
        pytest.param(["03", "04"], [step(INTERVIEW, "06-10", rectified=False)], CLOSURE, ["10"], id="its rectification failed, and one more failure"),
        pytest.param(["03", "04", "07"], [step(INTERVIEW, "06-10")], CLOSURE, ["07", "10"], id="failures right after its time are a failed rectification"),
        pytest.param(["03", "04", "09"], [step(INTERVIEW, "06-10")], BULLETIN, ["10"], id="months without a failure first: nobody says that it failed"),
        pytest.param(["08", "09"], [step(INTERVIEW, "09-25")], BULLETIN, ["10"], id="October holds days before its time ran out"),
        pytest.param(["08", "09"], [step(INTERVIEW, "10-09")], BULLETIN, ["10"], id="October began before the interview"),
        pytest.param(["08", "09"], [step(INTERVIEW, "10-09", rectified=False)], CLOSURE, ["10"], id="recorded as failed, and October ended after it"),
        pytest.param(["08", "09"], [step(INTERVIEW, "11-02")], INTERVIEW, ["08", "09", "10"], id="an interview that came later is not known"),
        pytest.param(["03"], [step(INTERVIEW, "04-10", rectified=False), step(INTERVIEW, "06-10", rectified=True)], BULLETIN, ["10"], id="the last interview counts"),
        pytest.param([], [interview_of("2023-03-10")], BULLETIN, ["10"], id="an interview of years ago"),
        pytest.param([], [interview_of("2025-10-31")], BULLETIN, ["10"], id="an interview before the counter window"),
        pytest.param([], [interview_of("2025-11-01")], CLOSURE, ["10"], id="an interview at its beginning"),
        pytest.param(["08", "09"], [step(CLOSURE, "10-20")], None, [], id="closure was decided on"),
    ],
)  # fmt: skip
def test_what_is_proposed(earlier: list[str], ledger: list[Disposition], kind: Step | None, months: list[str]) -> None:
    found = proposed(Result.FAILED, [f"2026-{each}" for each in earlier], ledger, frame())
    assert (found.step, found.months) == (kind, tuple(f"2026-{each}" for each in months))
    assert found.text == (kind or CLOSURE).value
    assert "累计0次" not in found.why
    assert all(each in found.why for each in found.months)


@pytest.mark.parametrize("result", [each for each in Result if each is not Result.FAILED])
def test_nothing_is_proposed_without_a_failure(result: Result) -> None:
    found = proposed(result, ["2026-07", "2026-08", "2026-09"], [step(INTERVIEW, "06-10", rectified=False)], frame())
    assert found == Proposal(text=propose(result, 0, 1))
    assert found.step is None


def test_the_limit_is_that_of_the_policy() -> None:
    by = frame(by=policy(counter_limit=1))
    assert proposed(Result.FAILED, [], [], by).step is INTERVIEW
    assert Proposal() == NOTHING


def test_a_judgement_says_what_its_proposal_rests_on() -> None:
    judgement = judged([], ALWAYS, failures=2)
    assert (judgement.disposal, judgement.basis, judgement.failures) == ("约谈", ("2026-08", "2026-09", "2026-10"), 3)
    after = judged([], ALWAYS, failures=2, dispositions=[step(INTERVIEW, "10-09", rectified=False)])
    assert (after.disposal, after.basis) == ("关停", ("2026-10",))


def test_without_a_ledger_the_count_decides() -> None:
    assert [propose(Result.FAILED, count, 3) for count in (1, 2, 3)] == ["通报", "通报", "约谈"]


def test_stages_lead_forward_only() -> None:
    order = list(Stage)
    assert set(NEXT) == set(Stage)
    for stage, following in NEXT.items():
        assert all(order.index(each) > order.index(stage) for each in following)
    assert [each for each in Stage if each.is_final] == [Stage.FINAL, Stage.PUBLIC]
