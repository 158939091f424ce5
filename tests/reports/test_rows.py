"""What stands in the columns that the whole way of an inspection rarely fills."""

from dataclasses import replace

import pytest

from monitor.evidence import Evidence
from monitor.findings import Verdict
from monitor.originality import Classified
from monitor.spans import Span
from monitor.values import Correction, Flag, Originality, Precision
from monitor.visits import Outcome
from reports.rows import (
    FINDINGS,
    POSTS,
    SUMMARY,
    FindingRow,
    PostRow,
    SummaryRow,
    evidence_text,
    state_text,
    time_point,
)
from tests.monitor.builders import (
    ALWAYS,
    account,
    finding,
    frame,
    judged,
    moment,
    post,
    posts,
    undated,
    visit,
)

MONTH = frame()


def row_of(code: str, verdict: Verdict = Verdict.VERIFIED, *, visits: int = 1, spans: int = 1) -> FindingRow:
    judgement = judged([], ALWAYS if verdict is Verdict.VERIFIED else ())
    return FindingRow(
        number=1,
        account=judgement.account,
        finding=finding(judgement, code, verdict),
        evidence=Evidence(
            spans=tuple(Span(moment(f"10-0{2 * n + 1}"), moment(f"10-0{2 * n + 2}")) for n in range(spans)),
            visits=tuple(visit("11-01", Outcome.NEW, visit_id=n + 1) for n in range(visits)),
            found_at=moment("11-01 08:00"),
        ),
        frame=MONTH,
    )


@pytest.mark.parametrize(
    ("row", "text"),
    [
        pytest.param(
            row_of("GX-01"),
            "覆盖2026-10-01 00:00/2026-10-02 00:00；采集记录第1次；时段内信息0条",
            id="one-visit",
        ),
        pytest.param(
            row_of("GX-01", visits=7, spans=2),
            "覆盖2026-10-01 00:00/2026-10-02 00:00;2026-10-03 00:00/2026-10-04 00:00；"
            "采集记录第1次、第2次、第3次、第4次、第5次等7次；时段内信息0条",
            id="many-visits",
        ),
        pytest.param(row_of("GX-01", visits=0, spans=0), "时段内信息0条", id="nothing"),
        pytest.param(row_of("CJ-01", Verdict.UNVERIFIABLE), "采集记录第1次", id="not-observed"),
        pytest.param(row_of("CJ-01", Verdict.UNVERIFIABLE, visits=0), "无采集记录", id="never-visited"),
    ],
)
def test_the_evidence_is_named(row: FindingRow, text: str) -> None:
    assert evidence_text(row) == text


@pytest.mark.parametrize(
    ("within", "text"),
    [
        pytest.param(frame(), "2026-10-31 23:59", id="ended"),
        pytest.param(frame(at="10-15 10:30"), "2026-10-15 10:30", id="running"),
        pytest.param(frame(at="10-15"), "2026-10-15 00:00", id="midnight"),
    ],
)
def test_the_time_point_is_the_last_minute_of_a_month_or_now(within: object, text: str) -> None:
    assert time_point(within) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        pytest.param(post("10-09 09:00"), "正常", id="plain"),
        pytest.param(undated("10-09"), "发布时间缺失", id="undated"),
        pytest.param(post("10-09", flags={Flag.BACKDATED}), "疑似倒填", id="back-dated"),
        pytest.param(replace(post("10-09"), deleted_at=moment("10-10")), "已删除", id="deleted"),
        pytest.param(
            replace(post("10-09", flags={Flag.BACKDATED, Flag.RESTATED}), deleted_at=moment("10-10")),
            "已删除、发布时间被改动、疑似倒填",
            id="everything",
        ),
    ],
)
def test_the_state_of_a_post_is_told(shown: object, text: str) -> None:
    assert state_text(shown) == text  # type: ignore[arg-type]


def test_a_contradiction_is_told_in_brackets() -> None:
    contradicted = post("10-09", flags={Flag.CONTRADICTED, Flag.BACKDATED})
    assert state_text(contradicted, "页面的标题不符") == "与自查上报不符（页面的标题不符）、疑似倒填"
    assert state_text(contradicted) == "与自查上报不符、疑似倒填"
    assert state_text(post("10-09"), "页面的标题不符") == "正常"


def post_cells(shown: object, **classified: object) -> dict[str, object]:
    given: dict[str, object] = {"originality": Originality.REPOST, "step": 4, "reason": "文中来源“新华社”，非本单位"}
    row = PostRow(
        account=account(),
        post=shown,  # type: ignore[arg-type]
        classified=Classified(**given | classified),  # type: ignore[arg-type]
        frame=MONTH,
    )
    return {name: column(row) for name, column in POSTS.items()}


def test_a_correction_tells_who_when_and_why() -> None:
    decided = Correction(originality=Originality.ORIGINAL, by="王某", why="有采访记录", at=moment("10-10 08:30"))
    cells = post_cells(replace(post("10-09 09:00"), correction=decided))
    assert cells["人工修正"] == "原创（王某，2026-10-10 08:30：有采访记录）"
    assert post_cells(replace(post("10-09 09:00"), correction=None))["人工修正"] == ""


def test_a_post_is_shown_by_its_class_and_its_reason() -> None:
    cells = post_cells(post("10-09", precision=Precision.DAY), source="新华社")
    assert (cells["原创判定"], cells["来源"], cells["判定依据"]) == ("转载", "新华社", "文中来源“新华社”，非本单位")
    assert (cells["发布时间"], cells["首次发现时间"], cells["类型"]) == ("2026-10-09", "2026-10-09 00:05", "图文")
    assert post_cells(undated("10-09 08:00"))["发布时间"] == ""


def test_missed_working_days_are_dates() -> None:
    judgement = judged(posts("10-08..10-31", but="10-12 10-13"), ALWAYS, of=account(main=True))
    cells = {name: column(SummaryRow(number=3, judgement=judgement, frame=MONTH)) for name, column in SUMMARY.items()}
    assert cells["未更新工作日"] == "2026-10-12;2026-10-13"
    assert (cells["序号"], cells["主账号"], cells["应达标周数"], cells["未达标周"]) == (3, "是", None, "")


def test_a_finding_without_a_post_has_empty_cells() -> None:
    cells = {name: column(row_of("GX-01")) for name, column in FINDINGS.items()}
    assert (cells["信息标题"], cells["信息链接"], cells["发布时间"]) == ("", "", "")
    assert (cells["检查月份"], cells["发现时间"]) == ("2026-10", "2026-11-01 08:00")
