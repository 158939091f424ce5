"""What people decide on findings: by name, all or none, and of two people one is told."""

from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func, select

from console.show.findings import decided_lines
from monitor.decisions import Reason, Ruling
from monitor.findings import Severity
from monitor.stages import Stage
from monitor.values import Mark
from monitor.visits import Outcome
from schedules.deciding import confirm, regrade
from schedules.entering import NewFinding, add_finding
from schedules.finding_in_full import finding_in_full
from schedules.finding_names import subject_name
from schedules.office import Office, RequestError
from schedules.reviewing import State, list_findings, reviewed_month
from schedules.staging import finalize
from schedules.withdrawing import withdraw
from storage.models import decisions
from tests.monitor.builders import ZONE, moment
from tests.schedules.offices import a_visit, an_account, an_item, daily, inspect, register, seen, sources, store
from tests.schedules.reviews import LATER, MONTH, WEEKS, county, decided, dismissed, states


@pytest.fixture
def ready(office: Office, tmp_path: Path) -> Office:
    return county(office, tmp_path)


def kept(office: Office) -> int:
    with office.database.read() as session:
        return session.scalar(select(func.count()).select_from(decisions)) or 0


def by_window(office: Office) -> dict[str, State]:
    """The states of the findings of October by window."""
    found = list_findings(office, MONTH, state=None).findings
    return {str(one): each.state for each in found if each.finding for one in each.finding.windows}


def stage(office: Office) -> Stage:
    return reviewed_month(office, MONTH).inspection.stage


def test_a_rule_by_name_means_what_waits_for_a_person(ready: Office, tmp_path: Path) -> None:
    done = decided(ready, "a1:YC-01")
    assert [each.ruling for each in done.decisions] == [Ruling.CONFIRMED]
    assert states(ready)["a1:YC-01"] == [State.VERIFIED]
    assert (done.unproven, done.final, done.replaced) == ((), (), ())
    inspect(ready, MONTH, tmp_path, now="11-03 12:00")
    assert stage(ready) is Stage.REVIEWING


def test_without_any_that_waits_it_means_what_is_proven(ready: Office) -> None:
    done = decided(ready, "a1:GX-03", severity=Severity.BULLETIN)
    assert [subject_name(each.subject) for each in done.decisions] == list(WEEKS)
    assert [each.severity for each in done.decisions] == [None, None]  # its rule's own
    assert stage(ready) is Stage.REVIEWING


def test_a_finding_is_regraded_with_a_reason(ready: Office) -> None:
    with pytest.raises(RequestError, match="--note 不能为空"):
        regrade(ready, ["a1:GX-03"], month=None, by="张三", severity=Severity.HINT, note=" ", now=moment(LATER))
    with pytest.raises(RequestError, match="--note 不能为空"):  # nor by way of a confirmation
        confirm(ready, [WEEKS[0]], month=None, by="张三", severity=Severity.VETO, now=moment(LATER))
    regrade(ready, [WEEKS[0]], month=None, by="张三", severity=Severity.HINT, note="首次", now=moment(LATER))
    found = list_findings(ready, MONTH, account_id="a1", code="GX-03", state=None).findings
    assert {each.finding.severity for each in found if each.finding} == {Severity.HINT, Severity.BULLETIN}


def test_another_persons_decision_stands_unless_it_is_replaced(ready: Office) -> None:
    dismissed(ready, WEEKS[0])
    before = kept(ready)
    told = r"a1:GX-03:2026-10-05/2026-10-11 已由张三于2026-11-03 10:00排除（实际已发布），本次没有保存任何判定；.*--replace"
    with pytest.raises(RequestError, match=told):
        decided(ready, WEEKS[1], WEEKS[0], by="李四")
    assert kept(ready) == before  # all or none
    done = decided(ready, WEEKS[1], WEEKS[0], by="李四", replace_others=True)
    assert [each.by for each in done.replaced] == ["张三"]
    assert states(ready)["a1:GX-03"] == [State.VERIFIED]
    history = finding_in_full(ready, WEEKS[0], None).made
    assert [(each.decision.by, each.withdrawn_by, each.withdrawn_why) for each in history] == [
        ("张三", "李四", "改判"),
        ("李四", "", ""),
    ]


def test_of_two_who_decide_at_once_one_is_told(ready: Office) -> None:
    told: list[str] = []

    def decide(by: str) -> None:
        try:
            decided(ready, "a1:GX-03", by=by)
        except RequestError as error:
            told.append(str(error))

    both = [Thread(target=decide, args=(by,)) for by in ("张三", "李四")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(told) == 1
    assert "已由" in told[0]
    assert kept(ready) == 2


def test_ones_own_decision_is_changed_without_more(ready: Office) -> None:
    dismissed(ready, "a1:GX-03")
    done = decided(ready, "a1:GX-03", at="11-03 11:00")
    assert len(done.replaced) == 2
    assert states(ready)["a1:GX-03"] == [State.VERIFIED]


def test_what_was_not_seen_is_dismissed_and_never_confirmed(ready: Office) -> None:
    with pytest.raises(RequestError, match=r"a2:CJ-01 是没有采集到的时段.*xunjian findings add"):
        decided(ready, "a1:YC-01", "a2:CJ-01")
    assert states(ready)["a1:YC-01"] == [State.REVIEW]
    dismissed(ready, "a2:CJ-01", reason=Reason.CHECKED)
    assert states(ready, "a2") == {"a2:CJ-01": [State.DISMISSED]}


def test_a_decision_on_a_wider_window_takes_the_place_of_those_within(ready: Office) -> None:
    pieces = finding_in_full(ready, "a2:CJ-01", None).pieces
    narrow = next(each for each in pieces if each.codes == ("GX-03",))
    dismissed(ready, subject_name(narrow.subject))
    with pytest.raises(RequestError, match="已由张三"):
        dismissed(ready, "a2:CJ-01", by="李四")
    done = dismissed(ready, "a2:CJ-01", by="李四", replace_others=True, at="11-03 11:00")
    assert [each.subject for each in done.replaced] == [narrow.subject]
    assert states(ready, "a2") == {"a2:CJ-01": [State.DISMISSED]}


def test_what_was_dismissed_unseen_still_says_why_it_was_not_seen(office: Office, tmp_path: Path) -> None:
    register(office, an_account("a1"))
    source = sources(office)["a1"]
    refused = a_visit(source, "10-20 10:00", outcome=Outcome.BLOCKED)
    known = daily("06-01", "09-30", mark=Mark.ORIGINAL)
    store(office, a_visit(source, "09-30 23:00", *known, proves="06-01"), refused)
    inspect(office, MONTH, tmp_path)
    ((_, before),) = [(one.name, one.finding) for one in list_findings(office, MONTH, state=None).findings]
    dismissed(office, "a1:CJ-01", reason=Reason.CHECKED)
    (after,) = list_findings(office, MONTH, state=None).findings
    assert before is not None
    assert after.finding is not None
    assert after.state is State.DISMISSED
    assert (after.finding.description, after.finding.causes) == (before.description, before.causes)
    assert "无采集记录" not in after.finding.description


def test_what_was_dismissed_unseen_accuses_nobody_once_it_is_seen(ready: Office, tmp_path: Path) -> None:
    """Decisions on the widest windows alone are kept, and every rule's windows in them are left to a person."""
    done = dismissed(ready, "a2:CJ-01", reason=Reason.CHECKED)
    rules = {"GX-01", "GX-03", "GX-05", "GX-06", "YC-01"}
    assert [str(day) for each in done.decisions for day in each.unseen] == ["2026-08-03/2026-10-31"]
    seen(ready, "a2", "11-04 10:00", an_item("n", "11-03 09:00"), proves="06-01")
    inspect(ready, MONTH, tmp_path, now="11-05 10:00")
    assert states(ready, "a2") == {f"a2:{code}": [State.REVIEW] for code in rules}


def test_a_window_that_was_dismissed_unseen_holds_those_within_it(ready: Office, tmp_path: Path) -> None:
    (made,) = dismissed(ready, "a2:CJ-01:2026-10-01/2026-10-31", reason=Reason.CHECKED).decisions
    assert [str(each) for each in made.unseen] == ["2026-10-01/2026-10-31"]
    seen(ready, "a2", "11-04 10:00", an_item("n", "11-03 09:00"), proves="06-01")
    inspect(ready, MONTH, tmp_path, now="11-05 10:00")
    found = by_window(ready)
    open_ = ("2026-10-01/2026-10-31", "2026-10-05/2026-10-11", "2026-10-12/2026-10-18", "2026-10-18/2026-10-31")
    beyond = ("2026-09-28/2026-10-04", "2026-08-03/2026-10-31", "2026-06-01/2026-10-31")
    assert {found[each] for each in (*open_, *beyond)} == {State.REVIEW}, "also those that hold days of it"


def test_a_gap_that_is_looked_into_again_keeps_what_was_looked_into_before(ready: Office, tmp_path: Path) -> None:
    """A part of it has been seen meanwhile: of that nobody says anything new."""
    dismissed(ready, "a2:CJ-01:2026-10-01/2026-10-31", reason=Reason.CHECKED)
    seen(ready, "a2", "11-04 10:00", an_item("n", "11-03 09:00"), proves="10-17 20:00")
    inspect(ready, MONTH, tmp_path, now="11-05 10:00")
    assert by_window(ready)["2026-10-19/2026-10-25"] is State.REVIEW
    done = dismissed(ready, "a2:CJ-01:2026-10-01/2026-10-31", at="11-05 11:00", note="又看了一遍")
    assert [str(each) for each in done.decisions[0].unseen] == ["2026-10-01/2026-10-31"]
    assert by_window(ready)["2026-10-19/2026-10-25"] is State.REVIEW


def test_who_decides_on_a_month_changes_nothing_of_the_one_before(office: Office, tmp_path: Path) -> None:
    """October was exempt; its window goes on in November, which is confirmed."""
    register(office, an_account("a1"))
    known = [*daily("09-01", "10-09", mark=Mark.ORIGINAL), *daily("10-10", "11-30", mark=Mark.REPOST)]
    seen(office, "a1", "12-01 10:00", *known, proves="06-01")
    inspect(office, MONTH, tmp_path)
    (exempt,) = dismissed(office, "a1:YC-01", reason=Reason.EXEMPT).decisions
    inspect(office, "2026-11", tmp_path, now="12-02 10:00")
    done = decided(office, "a1:YC-01", month="2026-11", at="12-02 11:00")
    assert done.decisions[0].subject.window.first == exempt.subject.window.first
    assert done.replaced == ()
    assert states(office) == {"a1:YC-01": [State.DISMISSED]}


def test_what_was_dismissed_unseen_may_have_begun_earlier(office: Office, tmp_path: Path) -> None:
    """The window of originals reaches further back once the gap in its middle has been seen."""
    register(office, an_account("a1"))
    known = [*daily("10-06", "10-18", mark=Mark.REPOST), *daily("10-19", "10-31", mark=Mark.ORIGINAL)]
    seen(office, "a1", "10-05 00:00", *daily("09-26", "10-04", mark=Mark.REPOST), proves="09-25 23:00")
    seen(office, "a1", "11-01 10:00", *known, proves="10-05 23:00")
    inspect(office, MONTH, tmp_path)
    dismissed(office, "a1:CJ-01")
    inspect(office, MONTH, tmp_path, now="11-03 12:00")
    assert states(office) == {"a1:CJ-01": [State.DISMISSED]}
    late = daily("09-10", "10-18", mark=Mark.REPOST)
    seen(office, "a1", "11-04 10:00", *late, *known[13:], proves="09-09 00:00")
    inspect(office, MONTH, tmp_path, now="11-05 10:00")
    assert states(office) == {"a1:YC-01": [State.REVIEW]}
    (found,) = by_window(office)
    assert found < "2026-09-18"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        pytest.param(
            ["a1:GX-03:2026-10-12/2026-10-18"],
            "2026-10 没有 a1:GX-03:2026-10-12/2026-10-18 这个问题；该项问题有：a1:GX-03:2026-10-05/2026-10-11、",
            id="a window that is met",
        ),
        pytest.param(["a1:GX-05"], "该账号的问题有：a1:GX-03、a1:YC-01；", id="a rule that is kept"),
        pytest.param(["a3:GX-03"], "该账号没有问题", id="an account in order"),
        pytest.param(["a9:GX-03"], "账号编号“a9”不在备案台账中", id="an unknown account"),
        pytest.param(["a1:HD-01:人工1"], "是人工录入的问题，不需要再复核", id="an entered one"),
    ],
)
def test_what_is_no_finding_is_said(ready: Office, names: list[str], sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        decided(ready, *names)
    assert kept(ready) == 0
    assert stage(ready) is Stage.DRAFT


@pytest.mark.parametrize("given", [{"by": "  "}, {"note": "　"}])
def test_who_and_why_are_stated(ready: Office, given: dict[str, str]) -> None:
    with pytest.raises(RequestError, match="不能为空"):
        dismissed(ready, "a1:GX-03", **given)


def test_the_same_window_named_twice_is_one_decision(ready: Office) -> None:
    assert len(dismissed(ready, "a1:GX-03", *WEEKS).decisions) == 2


def test_a_decision_is_taken_back_and_stays_in_the_history(ready: Office) -> None:
    dismissed(ready, "a1:GX-03")
    done = withdraw(ready, ["a1:GX-03"], month=None, by="李四", why="查无此事", now=moment("11-04"))
    assert (done.names, done.months) == (WEEKS, (MONTH,))
    assert states(ready)["a1:GX-03"] == [State.VERIFIED]
    history = finding_in_full(ready, WEEKS[0], None).made
    assert [(each.withdrawn_by, each.withdrawn_why) for each in history] == [("李四", "查无此事")]
    with pytest.raises(RequestError, match="a1:GX-03 在 2026-10 没有可撤回的复核意见"):
        withdraw(ready, ["a1:GX-03"], month=None, by="李四", why="", now=moment("11-04"))


def test_a_decision_on_a_piece_leaves_the_rest_of_a_wider_one(office: Office, tmp_path: Path) -> None:
    reposts = daily("09-17", "10-31", mark=Mark.REPOST)
    register(office, an_account("a1"))
    seen(office, "a1", "11-01 10:00", *daily("08-01", "09-16", mark=Mark.ORIGINAL), *reposts, proves="06-01")
    inspect(office, MONTH, tmp_path)
    (wide,) = dismissed(office, "a1:YC-01").decisions
    new = an_item("own", "10-15 09:00", mark=Mark.ORIGINAL)
    seen(office, "a1", "11-03 12:00", new, proves="11-01 10:00")
    before = by_window(office)
    assert len(before) > 1
    assert set(before.values()) == {State.DISMISSED}
    last = max(before)
    with pytest.raises(RequestError, match="已由张三于"):
        decided(office, f"a1:YC-01:{last}", at="11-03 13:00", by="李四")
    done = decided(office, f"a1:YC-01:{last}", at="11-03 13:00")
    assert done.replaced == ()
    assert by_window(office) == before | {last: State.VERIFIED}
    withdraw(office, [f"a1:YC-01:{last}"], month=None, by="张三", why="", now=moment("11-04"))
    assert by_window(office) == before, f"{wide.subject.window} holds for it again"


def test_what_another_decided_is_not_taken_back_without_a_reason(ready: Office) -> None:
    dismissed(ready, "a1:GX-03")
    with pytest.raises(RequestError, match="由张三作出；撤回他人的意见，请用 --why 写明理由"):
        withdraw(ready, ["a1:GX-03"], month=None, by="李四", why=" ", now=moment("11-04"))
    assert states(ready)["a1:GX-03"] == [State.DISMISSED]
    assert withdraw(ready, ["a1:GX-03"], month=None, by="张三", why="", now=moment("11-04")).names == WEEKS


def test_an_entered_finding_is_taken_back_by_its_number(ready: Office) -> None:
    new = NewFinding(account_id="a3", code="NR-02", window="2026-10-12", text="错别字", by="张三")
    added = add_finding(ready, new, now=moment(LATER))
    assert states(ready, "a3") == {f"a3:NR-02:人工{added.entered.number}": [State.VERIFIED]}
    done = withdraw(
        ready, [f"a3:NR-02:人工{added.entered.number}"], month=None, by="李四", why="误录", now=moment("11-04")
    )
    assert done.months == (MONTH,)
    assert states(ready, "a3") == {}
    (noted,) = finding_in_full(ready, "a3:NR-02", None).entered
    assert (noted.withdrawn_by, noted.withdrawn_why) == ("李四", "误录")
    with pytest.raises(RequestError, match="该账号没有可撤回的"):
        withdraw(ready, ["a3:NR-02"], month=None, by="李四", why="", now=moment("11-04"))


def test_on_a_final_month_decisions_are_kept_and_it_is_said(ready: Office, tmp_path: Path) -> None:
    decided(ready, "a1:YC-01")
    inspect(ready, MONTH, tmp_path, now="11-03 12:00")
    finalize(ready, MONTH, tmp_path, by="王五", now=moment("11-04"), on_progress=lambda _done, _total: None)
    done = dismissed(ready, WEEKS[0], at="11-05 10:00")
    assert done.final == (MONTH,)
    assert stage(ready) is Stage.FINAL
    assert states(ready)["a1:GX-03"] == [State.VERIFIED, State.DISMISSED]
    assert not list_findings(ready, MONTH, state=None).is_written


def test_a_confirmation_tells_of_posts_that_came_since_the_inspection(office: Office, tmp_path: Path) -> None:
    """Nobody can have seen them in the files: a back-dated post was collected just before the week was confirmed."""
    register(office, an_account("a1"))
    seen(office, "a1", "10-11 10:00", *daily("09-01", "10-04", mark=Mark.ORIGINAL), an_item("d", None), proves="06-01")
    seen(office, "a1", "11-01 10:00", *daily("10-12", "10-31", mark=Mark.ORIGINAL), proves="10-10")
    inspect(office, MONTH, tmp_path)
    seen(office, "a1", "11-02 12:00", an_item("late", "10-08 09:00"), proves="10-31")
    done = decided(office, "a1:GX-03")
    assert [set(each.posts) for each in done.decisions] == [{"d", "late"}]
    assert done.unshown == ((WEEKS[0], 1),)
    told = "\n".join(decided_lines(done, ZONE))
    assert f"注意：{WEEKS[0]} 的确认涉及1条没有列在最近一次检查该项问题中的信息" in told
    inspect(office, MONTH, tmp_path, now="11-03 12:00")
    again = decided(office, "a1:GX-03", at="11-03 13:00")
    assert again.unshown == ()
    assert "没有列在" not in "\n".join(decided_lines(again, ZONE))
