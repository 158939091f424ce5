"""Findings of a month under review: what is listed, and where decisions that hold for nothing stand."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from monitor.decisions import Decision, Ruling, Subject
from monitor.findings import Window
from monitor.values import Article, Mark, Originality, Stated
from monitor.visits import Outcome, PageVisit
from schedules.finding_in_full import finding_in_full
from schedules.finding_names import read_name, subject_name
from schedules.marking import mark_post
from schedules.office import Office, RequestError
from schedules.reviewing import State, list_findings, reviewed_month
from storage.decisions import save_decision
from storage.models import decisions
from storage.pages import save_page
from tests.monitor.builders import day, moment
from tests.schedules.offices import an_account, an_item, an_office, daily, gaoxian, inspect, read_back, register, seen
from tests.schedules.reviews import MONTH, WEEKS, county, decided, dismissed, states


@pytest.fixture
def ready(office: Office, tmp_path: Path) -> Office:
    return county(office, tmp_path)


def test_the_list_says_what_the_inspection_said(ready: Office, tmp_path: Path) -> None:
    found = list_findings(ready, None, state=None)
    rows = read_back(tmp_path / MONTH).findings
    assert [(each.account_id, each.code, each.state.value) for each in found.findings] == [
        (row["账号编号"], row["问题编号"], row["核实状态"]) for row in rows
    ]
    assert found.is_written
    assert {each.name for each in found.findings} >= {"a1:GX-03", "a1:YC-01", "a2:CJ-01"}


@pytest.mark.parametrize(
    ("given", "names"),
    [
        pytest.param({"account_id": "a2"}, {"a2:CJ-01"}, id="of an account"),
        pytest.param({"code": "GX-03"}, {"a1:GX-03"}, id="of a code"),
        pytest.param({"state": State.REVIEW}, {"a1:YC-01"}, id="of a state"),
        pytest.param({"account_id": "a3"}, set(), id="of an account in order"),
    ],
)
def test_findings_are_picked(ready: Office, given: dict[str, object], names: set[str]) -> None:
    found = list_findings(ready, MONTH, **{"state": None} | given)  # type: ignore[arg-type]
    assert {each.name for each in found.findings} == names
    assert found.is_written


def test_an_unknown_account_is_said(ready: Office) -> None:
    with pytest.raises(RequestError, match="账号编号“a9”不在备案台账中"):
        list_findings(ready, MONTH, account_id="a9", state=None)


def test_a_month_that_was_not_inspected_is_said(office: Office) -> None:
    with pytest.raises(RequestError, match="还没有检查过任何月份"):
        reviewed_month(office, None)
    with pytest.raises(RequestError, match="2026-09 还没有检查过；请先运行 xunjian inspect 2026-09。"):
        reviewed_month(office, "2026-09")


def test_a_month_that_was_only_looked_back_at_is_reviewed(office: Office, tmp_path: Path) -> None:
    register(office, an_account("a1"))
    seen(office, "a1", "10-20 10:00", proves="06-01")
    inspect(office, MONTH, tmp_path, as_of="10-21 09:00")
    assert reviewed_month(office, None).inspection.time_point == moment("10-21 09:00")
    assert states(office)["a1:GX-03"] == [State.VERIFIED]


def test_what_was_decided_since_is_shown_as_decided(ready: Office, tmp_path: Path) -> None:
    dismissed(ready, WEEKS[0])
    found = list_findings(ready, MONTH, account_id="a1", state=None)
    assert not found.is_written
    assert states(ready)["a1:GX-03"] == [State.VERIFIED, State.DISMISSED]
    inspect(ready, MONTH, tmp_path, now="11-03 11:00")
    assert list_findings(ready, MONTH, state=None).is_written


def test_a_decision_survives_the_next_run_and_falls_with_what_it_was_on(ready: Office, tmp_path: Path) -> None:
    name = subject_name(decided(ready, "a1:YC-01").decisions[0].subject)
    inspect(ready, MONTH, tmp_path, now="11-03 11:00")
    assert states(ready)["a1:YC-01"] == [State.VERIFIED]
    for key in ("p0920", "p1001", "p1014", "p1027"):  # somebody finds that there were originals
        mark_post(
            ready, key, Originality.ORIGINAL, by="张三", why="本单位采写", account_id="a1", now=moment("11-04 10:00")
        )
    assert "a1:YC-01" not in states(ready)
    assert states(ready)[name] == [State.ORPHANED]
    assert finding_in_full(ready, name, None).made


def test_a_decision_on_an_account_that_has_gone_is_kept_as_orphaned(ready: Office) -> None:
    dismissed(ready, WEEKS[0])
    with ready.database.begin() as session:
        session.execute(update(decisions).values(account_id="merged"))
    (gone,) = list_findings(ready, MONTH, account_id="merged", state=None).findings
    assert (gone.name, gone.state, gone.account) == ("merged:GX-03:2026-10-05/2026-10-11", State.ORPHANED, None)
    assert states(ready)["merged:GX-03:2026-10-05/2026-10-11"] == [State.ORPHANED]
    found = finding_in_full(ready, "merged:GX-03", MONTH)
    assert (found.account, len(found.made), found.findings) == (None, 1, ())


def test_a_decision_of_another_month_is_none_of_this_one(ready: Office) -> None:
    subject = Subject(account_id="a1", code="GX-03", window=Window(day("09-07"), day("09-13")))
    with ready.database.begin() as session:
        save_decision(session, Decision(subject=subject, ruling=Ruling.CONFIRMED, by="张三", at=moment("11-03")))
        other = replace(subject, account_id="merged")
        save_decision(session, Decision(subject=other, ruling=Ruling.CONFIRMED, by="张三", at=moment("11-03")))
    assert State.ORPHANED not in {one for some in states(ready).values() for one in some}


def test_everything_of_a_finding(ready: Office) -> None:
    decided(ready, "a1:YC-01", note="确无原创")
    found = finding_in_full(ready, "a1：yc-01", None)
    ((finding, evidence),) = found.findings
    assert finding.code == "YC-01"
    assert evidence is not None
    assert evidence.visits
    assert {key for each in found.pieces for key in each.posts} == set(found.posts)
    assert [(each.decision.by, each.decision.note) for each in found.made] == [("张三", "确无原创")]
    whole = finding_in_full(ready, "a1:GX-03", None)
    assert [subject_name(each.subject) for each in whole.pieces] == list(WEEKS)
    assert sum(whole.others.values()) == 2
    (piece,) = finding_in_full(ready, WEEKS[0], None).pieces
    assert subject_name(piece.subject) == WEEKS[0]


def test_what_is_not_found_is_said(ready: Office) -> None:
    with pytest.raises(RequestError, match="2026-10 没有 a1:GX-05 这个问题；可用 xunjian findings list 2026-10"):
        finding_in_full(ready, "a1:GX-05", None)
    with pytest.raises(RequestError, match="账号编号“a9”不在备案台账中"):
        finding_in_full(ready, "a9:GX-05", None)


def test_posts_are_decided_on_one_by_one(office: Office, tmp_path: Path) -> None:
    office = an_office(office.database, policy=gaoxian(ZZ_01={"enabled": True, "clause": "转载应当注明来源"}))
    register(office, an_account("a1"))
    reposts = (an_item("r1", "10-12 10:00", mark=Mark.REPOST), an_item("r2", "10-12 11:00", mark=Mark.REPOST))
    seen(office, "a1", "11-01 10:00", *daily("10-01", "10-31", mark=Mark.ORIGINAL), *reposts, proves="06-01")
    for key in ("r1", "r2"):
        read = PageVisit(
            account_id="a1",
            key=key,
            url=f"https://county.example/{key}",
            lane="county.example",
            started_at=moment("11-01 10:00"),
            ended_at=moment("11-01 10:00"),
            outcome=Outcome.NEW,
            status=200,
            article=Article(title=f"关于{key}的通知", stated=Stated(raw=""), text="正文"),
        )
        with office.database.begin() as session:
            save_page(session, read, office.zone)
    inspect(office, MONTH, tmp_path)
    found = finding_in_full(office, "a1:ZZ-01", None)
    names = [subject_name(each.subject) for each in found.pieces]
    assert [each.rpartition(":#")[0] for each in names] == ["a1:ZZ-01", "a1:ZZ-01"]
    (post,) = finding_in_full(office, names[0], None).posts.values()
    assert post[0].key == "r1"
    dismissed(office, names[0])
    assert states(office)["a1:ZZ-01"] == [State.VERIFIED, State.DISMISSED]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("A001:GX-03", "A001:GX-03", id="all of a rule"),
        pytest.param(" a:gx-03 : 2026-10-05 / 2026-10-11 ", "a:GX-03:2026-10-05/2026-10-11", id="a window"),
        pytest.param("a：GX-02：2026-10-05", "a:GX-02:2026-10-05", id="a day, wide colons"),
        pytest.param("a:ZZ-01:#1A2B3C4D", "a:ZZ-01:#1a2b3c4d", id="a post"),
        pytest.param("a:HD-01:人工12", "a:HD-01:人工12", id="an entered one"),
    ],
)
def test_names_are_read(text: str, meant: str) -> None:
    assert str(read_name(text)) == meant


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("a", "写法不正确；应为 账号编号:问题编号", id="no code"),
        pytest.param(":GX-03", "写法不正确", id="no account"),
        pytest.param("a:GX-3", "没有“GX-3”这个问题编号，是否为“GX-03", id="a mistyped code"),
        pytest.param("a:QQQQ", "没有“QQQQ”这个问题编号；可用的有：GX-01", id="an unknown code"),
        pytest.param("a:GX-03:上周", "时段“上周”写法不正确；应为一天或起止两天", id="no window"),
        pytest.param("a:GX-03:2026-10-05/", "写法不正确", id="half a window"),
        pytest.param("a:GX-03:2026-10-05/2026-10-06/2026-10-07", "写法不正确", id="three days"),
        pytest.param("a:GX-03:2026-10-11/2026-10-05", "起始日期晚于结束日期", id="a window backwards"),
    ],
)
def test_names_that_cannot_be_read(text: str, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        read_name(text)


def test_pieces_name_the_rules_of_what_was_not_seen(ready: Office) -> None:
    pieces = finding_in_full(ready, "a2:CJ-01", None).pieces
    assert {code for each in pieces for code in each.codes} >= {"GX-03", "YC-01"}
    assert [each.subject.window for each in pieces] == sorted(each.subject.window for each in pieces)
