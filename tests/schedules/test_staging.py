"""An inspection is brought from draft to public by people; what is final never changes by itself."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from monitor.decisions import Decision, Entered, Reason, Ruling, Subject
from monitor.findings import Result, Severity, Window
from monitor.stages import Stage
from monitor.values import Correction, Mark, Originality
from reports.folder import Folder, ReportError
from schedules.alarms import alarms_of
from schedules.inspecting import inspect_due
from schedules.inspection_run import InspectionReport
from schedules.office import Office, RequestError
from schedules.settings import DaemonSettings
from schedules.staging import Published, begin_review, correct, finalize, publish, review
from schedules.status import status_of
from storage.corrections import save_correction
from storage.decisions import save_decision
from storage.entered import save_entered
from storage.errors import StorageError
from storage.inspections import counting_inspections, results_of
from storage.jobs import JobState, begin_job, end_job, job_runs
from storage.models import inspections
from storage.versions import Version, versions
from tests.monitor.builders import moment
from tests.schedules.offices import an_account, an_item, bytes_of, daily, inspect, register, seen

MONTH = "2026-10"
LONG_AGO = moment("09-01 00:00")
FOLDER = "inspections"


@pytest.fixture
def october(office: Office, tmp_path: Path) -> Office:
    """Two accounts that were seen all October; ``a1`` posted nothing on the 20th, a working day."""
    made = replace(office, daemon=DaemonSettings(inspections=tmp_path / FOLDER))
    register(made, an_account("a1", main=True), an_account("a2"))
    for account in ("a1", "a2"):
        posts = partial(daily, mark=Mark.ORIGINAL)
        seen(made, account, "10-01 08:00", *posts("09-01", "09-30"), proves="09-01 00:00")
        seen(made, account, "11-01 08:00", *posts("10-01", "10-19"), *posts("10-21", "10-31"), proves="10-01 00:00")
    return made


def out_of(office: Office) -> Path:
    return office.daemon.inspections


def files_of(office: Office) -> dict[str, bytes]:
    return bytes_of(out_of(office) / MONTH)


def head_of(office: Office) -> tuple[str, int, str]:
    record = json.loads((out_of(office) / MONTH / "inspection.json").read_text(encoding="utf-8"))
    return record["stage"], record["version"], record["why"]


def draft(office: Office, at: str = "11-02 10:00") -> InspectionReport:
    return inspect(office, MONTH, out_of(office), now=at)


def final(
    office: Office,
    at: str = "11-05 10:00",
    *,
    by: str = "张三",
    leave_open: bool = False,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> InspectionReport:
    out = out_of(office)
    return finalize(
        office, MONTH, out, by=by, now=moment(at), on_progress=on_progress, note="会议审定", leave_open=leave_open
    )


def public(office: Office, at: str = "11-06 10:00") -> Published:
    return publish(office, MONTH, out_of(office), by="李四", now=moment(at))


def corrected(office: Office, at: str = "11-10 10:00", *, by: str = "王五", why: str = "漏采一条") -> InspectionReport:
    now = moment(at)
    return correct(office, MONTH, out_of(office), by=by, why=why, now=now, on_progress=lambda _done, _total: None)


def known(office: Office) -> list[Version]:
    with office.database.read() as session:
        return versions(session, MONTH)


def stages(office: Office) -> list[tuple[int, Stage]]:
    return [(each.version, each.stage) for each in known(office)]


def mark_repost(office: Office, key: str, at: str) -> None:
    with office.database.begin() as session:
        correction = Correction(originality=Originality.REPOST, by="张三", why="核对原文", at=moment(at))
        save_correction(session, "a1", key, correction)


def dismiss(office: Office, at: str = "11-03 08:00") -> None:
    """Decide that the silence of the 20th is no finding: ``a1`` is 合格 then."""
    day = moment("10-20 12:00").date()
    subject = Subject(account_id="a1", code="GX-02", window=Window(day, day))
    decision = Decision(subject=subject, ruling=Ruling.DISMISSED, by="张三", at=moment(at), reason=Reason.POSTED)
    with office.database.begin() as session:
        save_decision(session, decision)


def counted(office: Office) -> dict[str, Result]:
    with office.database.read() as session:
        return results_of(session, MONTH)


# ------------------------------------------------------------------------------------------------ the four stages


def test_an_inspection_goes_from_draft_to_public(october: Office) -> None:
    draft(october)
    assert head_of(october) == ("草稿", 1, "")
    assert review(october, MONTH, by=" 张 三 ", now=moment("11-03 10:00")).stage is Stage.REVIEWING
    report = final(october)
    assert (report.version, report.stage, report.is_new) == (1, Stage.FINAL, False)
    assert head_of(october) == ("已定稿", 1, "")
    before = files_of(october)
    made = public(october)
    assert (made.version.stage, made.note) == (Stage.PUBLIC, "")
    assert head_of(october) == ("已公开", 1, "")
    after = files_of(october)
    assert {name for name in before if before[name] != after[name]} == {"inspection.json"}
    (version,) = known(october)
    assert [(each.stage.value, each.by, each.note) for each in version.stages] == [
        ("复核中", "张 三", ""),
        ("已定稿", "张三", "会议审定"),
        ("已公开", "李四", ""),
    ]


def test_a_draft_is_made_final_without_review(october: Office) -> None:
    draft(october)
    final(october)
    assert stages(october) == [(1, Stage.FINAL)]


def test_the_same_data_give_the_same_bytes_in_every_stage_and_version(october: Office) -> None:
    draft(october)
    first = files_of(october)
    assert not draft(october, "11-03 10:00").is_new
    assert files_of(october) == first
    dismiss(october)
    assert draft(october, "11-04 10:00").version == 2
    second = files_of(october)
    assert head_of(october) == ("草稿", 2, "")
    assert draft(october, "11-04 11:00").version == 2
    assert files_of(october) == second


def test_the_review_goes_on_with_the_next_version(october: Office) -> None:
    draft(october)
    assert begin_review(october, MONTH, "张三", moment("11-02 11:00"))
    assert not begin_review(october, MONTH, "李四", moment("11-02 12:00"))
    dismiss(october)
    draft(october, "11-04 10:00")
    assert head_of(october) == ("复核中", 2, "")
    assert [(each.stage, each.stages[0].by) for each in known(october)] == [(Stage.REVIEWING, "张三")] * 2


def test_a_review_of_a_month_that_was_not_inspected_or_is_final_begins_nothing(october: Office) -> None:
    assert not begin_review(october, MONTH, "张三", moment("11-02 11:00"))
    draft(october)
    final(october)
    assert not begin_review(october, MONTH, "张三", moment("11-06 11:00"))
    assert stages(october) == [(1, Stage.FINAL)]


@pytest.mark.parametrize(
    ("done", "asked", "says"),
    [
        pytest.param((), final, "没有检查记录", id="final without inspection"),
        pytest.param((), public, "没有检查记录", id="public without inspection"),
        pytest.param((), corrected, "没有检查记录", id="correction without inspection"),
        pytest.param((draft,), public, "定稿后才能公开", id="public before final"),
        pytest.param((draft,), corrected, "不用更正", id="correction of a draft"),
        pytest.param((draft, final), final, "已由张三于2026-11-05 10:00定稿", id="final twice"),
        pytest.param((draft, final, public), public, "已由李四于2026-11-06 10:00公开", id="public twice"),
        pytest.param((draft, final, corrected), corrected, "王五于2026-11-10 10:00开始更正", id="corrected twice"),
        pytest.param((draft, final, corrected), public, "第2版现为“草稿”", id="public while it is corrected"),
    ],
)
def test_steps_out_of_order_are_refused_and_change_nothing(
    october: Office,
    done: tuple[Callable[[Office], object], ...],
    asked: Callable[[Office], object],
    says: str,
) -> None:
    for each in done:
        each(october)
    before = known(october)
    with pytest.raises(RequestError, match=says) as refused:
        asked(october)
    assert str(refused.value).endswith("。")
    assert known(october) == before


@pytest.mark.parametrize("by", ["", " ", "\t\n"])
def test_nobody_does_anything_without_a_name(october: Office, by: str) -> None:
    draft(october)
    for asked in (partial(final, by=by), partial(corrected, by=by), partial(corrected, why=by)):
        with pytest.raises(RequestError, match="不能为空"):
            asked(october)
    with pytest.raises(RequestError, match="--by 不能为空"):
        review(october, MONTH, by=by, now=moment("11-03 10:00"))
    assert stages(october) == [(1, Stage.DRAFT)]


def test_a_review_that_is_over_is_not_begun_again(october: Office) -> None:
    draft(october)
    final(october)
    with pytest.raises(RequestError, match="现为“已定稿”，不是草稿"):
        review(october, MONTH, by="张三", now=moment("11-06 10:00"))


def test_a_month_that_runs_or_was_inspected_only_in_part_is_not_made_final(october: Office) -> None:
    draft(october, "10-30 10:00")
    with pytest.raises(RequestError, match="尚未结束"):
        final(october, "10-30 11:00")
    with pytest.raises(RequestError, match="只有月末以前的检查"):
        final(october)
    with pytest.raises(RequestError, match="尚未开始"):
        final(october, "09-30 11:00")
    inspect(october, MONTH, out_of(october), now="11-04 10:00", as_of="11-02 10:00")
    with pytest.raises(RequestError, match="只有月末以前的检查"):
        final(october)
    draft(october)
    final(october)


# ------------------------------------------------------------------------------------------------ making it final


def test_what_differs_from_the_draft_is_shown_before_it_is_final(october: Office) -> None:
    draft(october)
    assert counted(october)["a1"] is Result.FAILED
    dismiss(october)
    with pytest.raises(RequestError) as refused:
        final(october)
    told = str(refused.value)
    assert "第1版草稿不同（合格账号1个→2个，不合格账号1个→0个，已核实问题1条→0条；涉及1个账号）" in told
    assert "第2版草稿" in told
    assert stages(october) == [(1, Stage.DRAFT), (2, Stage.DRAFT)]
    assert head_of(october) == ("草稿", 2, "")
    final(october, "11-05 11:00")
    assert stages(october) == [(1, Stage.DRAFT), (2, Stage.FINAL)]
    assert counted(october)["a1"] is Result.PASSED


def test_findings_that_wait_for_a_person_are_left_open_only_on_purpose(october: Office) -> None:
    register(october, an_account("a3"))
    seen(october, "a3", "10-01 08:00", *daily("09-01", "09-30"), proves="09-01 00:00")
    seen(october, "a3", "11-01 08:00", *daily("10-01", "10-31"), proves="10-01 00:00")
    draft(october)
    before = files_of(october)
    with pytest.raises(RequestError, match="还有1条待复核的问题.*findings list.*--leave-open"):
        final(october)
    assert files_of(october) == before
    assert stages(october) == [(1, Stage.DRAFT)]
    final(october, leave_open=True)
    assert known(october)[0].stages[-1].note == "会议审定；留有1条待复核的问题未作判定"


def test_of_two_people_who_make_it_final_at_once_one_is_told(october: Office) -> None:
    draft(october)

    def meanwhile(_done: int, _total: int) -> None:
        if not known(october)[-1].stage.is_final:
            final(october, "11-05 10:01", by="李四")

    with pytest.raises(RequestError, match="已由李四于2026-11-05 10:01定稿，不能再次定稿"):
        final(october, on_progress=meanwhile)
    (version,) = known(october)
    assert [each.by for each in version.stages] == ["李四"]
    assert head_of(october) == ("已定稿", 1, "")


def test_an_inspection_that_runs_while_it_is_made_final_changes_nothing(october: Office) -> None:
    draft(october)
    found = known(october)[-1]

    def meanwhile(_done: int, _total: int) -> None:
        if not known(october)[-1].stage.is_final:
            final(october)

    with pytest.raises(RequestError, match="刚刚已由张三"):
        inspect_with(october, meanwhile)
    assert [each.number for each in known(october)] == [found.number]
    assert head_of(october) == ("已定稿", 1, "")


def inspect_with(office: Office, on_progress: Callable[[int, int], None]) -> None:
    from schedules.inspect import inspect_month

    inspect_month(office, MONTH, out_of(office), now=moment("11-05 09:00"), as_of=None, on_progress=on_progress)


_KILLED = """
import os, signal, sys
from pathlib import Path
from tests.schedules.test_staging import final
from tests.schedules.offices import an_office
from schedules.settings import DaemonSettings
from storage.database import open_database

file, out, left = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
put = Path.replace
def replace(self, target):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return put(self, target)
Path.replace = replace
final(an_office(open_database(f"sqlite:///{file}"), daemon=DaemonSettings(inspections=out)))
"""


@pytest.mark.parametrize("files", [0, 1, 5])
def test_killed_while_it_is_made_final_it_is_a_draft_that_can_be_made_final(
    october: Office, repository: Path, files: int
) -> None:
    draft(october)
    before = files_of(october)
    arguments = [sys.executable, "-c", _KILLED, october.database.where, str(out_of(october)), str(files)]
    killed = subprocess.run(arguments, cwd=repository, capture_output=True, text=True, timeout=120, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert stages(october) == [(1, Stage.DRAFT)]
    draft(october, "11-05 11:00")
    assert files_of(october) == before
    final(october, "11-05 12:00")
    assert head_of(october) == ("已定稿", 1, "")


# ------------------------------------------------------------------------------------------- what is final stays so


def test_a_final_month_is_written_again_as_it_was(october: Office) -> None:
    draft(october)
    final(october)
    public(october)
    before = files_of(october)
    (out_of(october) / MONTH / "summary.csv").unlink()
    (out_of(october) / MONTH / "inspection.json").write_text("{}")
    report = draft(october, "11-20 10:00")
    assert files_of(october) == before
    assert not report.is_new
    assert any("重新判定与定稿完全相同" in note for note in report.notes)
    shutil.rmtree(out_of(october) / MONTH)
    draft(october, "11-20 11:00")
    assert files_of(october) == before
    assert stages(october) == [(1, Stage.PUBLIC)]


def test_a_final_month_that_would_differ_is_left_alone(october: Office) -> None:
    draft(october)
    final(october)
    before = files_of(october)
    dismiss(october, "11-07 08:00")
    with pytest.raises(RequestError) as refused:
        draft(october, "11-08 10:00")
    told = str(refused.value)
    assert "已由张三于2026-11-05 10:00定稿" in told
    assert "不合格账号1个→0个" in told
    assert "xunjian inspections correct 2026-10" in told
    assert files_of(october) == before
    with october.database.read() as session:
        assert session.scalar(select(func.count()).select_from(inspections)) == 1


def test_a_file_that_cannot_be_written_again_as_it_was_is_named(october: Office) -> None:
    """A title of an account without findings stands in posts.csv alone, and was changed by its unit."""
    draft(october)
    final(october)
    before = files_of(october)
    changed = an_item("p1015", "10-15 09:30", "另一个标题", mark=Mark.ORIGINAL)
    seen(october, "a2", "11-07 08:00", changed, proves="10-10 00:00")
    draft(october, "11-08 10:00")
    assert files_of(october) == before
    (out_of(october) / MONTH / "posts.csv").unlink()
    with pytest.raises(RequestError, match="posts.csv缺失或与定稿不同"):
        draft(october, "11-08 11:00")


def test_looking_back_does_not_overwrite_final_files(october: Office, tmp_path: Path) -> None:
    draft(october)
    final(october)
    before = files_of(october)
    with pytest.raises(RequestError, match="--out"):
        inspect(october, MONTH, out_of(october), now="11-08 10:00", as_of="11-02 10:00")
    assert files_of(october) == before
    report = inspect(october, MONTH, tmp_path / "other", now="11-08 10:00", as_of="11-02 10:00")
    assert report.stage is Stage.DRAFT


def test_publishing_says_where_the_file_is_not_as_it_was(october: Office) -> None:
    draft(october)
    final(october)
    (out_of(october) / MONTH / "inspection.json").unlink()
    made = public(october)
    assert "inspection.json 不存在" in made.note
    assert made.version.stage is Stage.PUBLIC
    draft(october, "11-08 10:00")
    assert head_of(october) == ("已定稿", 1, "")


def test_publishing_says_which_files_are_not_as_they_were(october: Office) -> None:
    draft(october)
    final(october)
    folder = out_of(october) / MONTH
    (folder / f"公开版-{MONTH}.csv").unlink()
    with (folder / f"公开版-{MONTH}.html").open("a", encoding="utf-8") as page:
        page.write("改")
    made = public(october)
    assert f"公开版-{MONTH}.csv、公开版-{MONTH}.html缺失或与定稿时不同" in made.note
    assert made.version.stage is Stage.PUBLIC


# ---------------------------------------------------------------------------------------------- what is half done


def after(monkeypatch: pytest.MonkeyPatch, count: int, error: type[BaseException]) -> None:
    """Let something go wrong when so many files were put in place."""
    put, left = Path.replace, [count]

    def replace(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == -1:
            raise error("busy")
        return put(self, target)

    monkeypatch.setattr(Path, "replace", replace)


@pytest.mark.parametrize("error", [PermissionError, KeyboardInterrupt])
def test_what_cannot_be_made_final_whole_leaves_the_draft(
    october: Office, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    draft(october)
    before = files_of(october)
    with monkeypatch.context() as patch:
        after(patch, 5, error)
        with pytest.raises((ReportError, KeyboardInterrupt)):
            final(october)
    assert files_of(october) == before
    assert stages(october) == [(1, Stage.DRAFT)]


def test_what_the_database_refuses_at_the_end_leaves_the_draft(
    october: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft(october)
    before = files_of(october)
    commit = Folder.commit

    def refused(folder: Folder) -> None:
        commit(folder)
        raise StorageError("数据库：磁盘已满")

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "commit", refused)
        with pytest.raises(StorageError):
            final(october)
    assert files_of(october) == before
    assert stages(october) == [(1, Stage.DRAFT)]


# ------------------------------------------------------------------------------------------------------ corrections


def test_a_correction_is_a_new_version_and_counts_once_it_is_final(october: Office) -> None:
    draft(october)
    final(october)
    before = files_of(october)
    dismiss(october, "11-09 08:00")
    report = corrected(october)
    assert (report.version, report.stage) == (2, Stage.DRAFT)
    assert bytes_of(out_of(october) / "versions" / f"{MONTH}-1") == before
    assert head_of(october) == ("草稿", 2, "漏采一条")
    assert counted(october)["a1"] is Result.FAILED
    final(october, "11-11 10:00", by="赵六")
    assert head_of(october) == ("已定稿", 2, "漏采一条")
    assert counted(october)["a1"] is Result.PASSED
    assert [(each.version, each.stage, each.why) for each in known(october)] == [
        (1, Stage.FINAL, ""),
        (2, Stage.FINAL, "漏采一条"),
    ]
    assert [(each.stage, each.by, each.note) for each in known(october)[1].stages] == [
        (Stage.DRAFT, "王五", "漏采一条"),
        (Stage.FINAL, "赵六", "会议审定"),
    ]
    with october.database.read() as session:
        numbers = [each.number for each in known(october)]
        assert counting_inspections(session, [MONTH]) == numbers[1:]
        assert counting_inspections(session, [MONTH], moment("11-10 12:00")) == numbers[:1]


def test_a_correction_begins_before_anything_is_changed_and_goes_on_as_a_draft(october: Office) -> None:
    draft(october)
    final(october)
    corrected(october)
    assert stages(october) == [(1, Stage.FINAL), (2, Stage.DRAFT)]
    opened = files_of(october)
    draft(october, "11-10 11:00")
    assert files_of(october) == opened
    dismiss(october, "11-10 12:00")
    draft(october, "11-10 13:00")
    assert head_of(october) == ("草稿", 3, "漏采一条")
    assert counted(october)["a1"] is Result.FAILED
    final(october, "11-11 10:00")
    assert counted(october)["a1"] is Result.PASSED
    assert [each.by for each in known(october)[-1].stages] == ["王五", "张三"]


@pytest.mark.parametrize("writes", [partial(draft, at="11-10 11:00"), partial(final, at="11-10 11:00")])
def test_final_files_are_set_aside_wherever_others_would_replace_them(
    october: Office, tmp_path: Path, writes: Callable[[Office], object]
) -> None:
    draft(october)
    final(october)
    before = files_of(october)
    correct(
        october,
        MONTH,
        tmp_path / "other",
        by="王五",
        why="漏采",
        now=moment("11-10 10:00"),
        on_progress=lambda _done, _total: None,
    )
    assert files_of(october) == before
    stale = out_of(october) / "versions" / f"{MONTH}-1"
    stale.mkdir(parents=True)  # of a run that was killed when version 1 was a draft
    (stale / "summary.csv").write_text("draft")
    writes(october)
    assert bytes_of(stale) == before
    assert head_of(october)[1] == 2


def test_a_draft_is_not_set_aside_as_the_final_version_that_it_is_like_in_some_files(
    october: Office, tmp_path: Path
) -> None:
    draft(october)
    final(october)
    dismiss(october, "11-09 08:00")
    corrected(october)
    kept = out_of(october) / "versions"
    kept.rename(tmp_path / "archive")
    draft(october, "11-10 11:00")
    assert not (kept / f"{MONTH}-1").exists()


# ------------------------------------------------------------------------------------------------ what runs by itself


def due(office: Office, at: str) -> str:
    return inspect_due(office, moment(at), LONG_AGO, lambda *_: None)


def test_a_final_month_is_never_inspected_anew_by_itself_but_told(october: Office) -> None:
    draft(october)
    final(october)
    before = files_of(october)
    assert due(october, "11-05 11:00") == "没有到期的检查。"
    mark_repost(october, "p1015", "11-06 10:00")
    dismiss(october, "11-06 10:00")
    told = (
        "2026-10 的检查定稿后人工判定有变、问题复核有变，没有自动重新检查；运行 xunjian inspect 2026-10 可知结果是否不同，"
        "确需更正，请运行 xunjian inspections correct 2026-10。"
    )
    assert due(october, "11-06 10:10") == told
    assert files_of(october) == before
    status = status_of(october, moment("11-06 10:10"))
    assert [str(each) for each in status.stale] == [told]
    assert told in alarms_of(status, october.daemon, october.zone)
    corrected(october, "11-07 10:00")
    assert status_of(october, moment("11-07 10:10")).stale == ()
    assert due(october, "11-07 11:00") == "没有到期的检查。"


def test_what_changes_nothing_is_told_until_somebody_has_looked(october: Office) -> None:
    draft(october)
    final(october)
    mark_repost(october, "p0905", "11-06 10:00")  # September's posts reach into October's windows; this one does not
    assert "人工判定有变" in due(october, "11-06 10:10")
    draft(october, "11-06 10:20")
    assert due(october, "11-06 10:30") == "没有到期的检查。"
    assert status_of(october, moment("11-06 10:30")).stale == ()


def test_what_people_decide_and_enter_makes_the_draft_anew_once_they_are_done(october: Office) -> None:
    assert due(october, "11-01 09:00") == "2026-10 已检查。"
    dismiss(october, "11-03 10:00")
    assert due(october, "11-03 10:29") == "没有到期的检查。"
    assert due(october, "11-03 10:30") == "2026-10 已检查（问题复核有变，结果有变化，原版本已另存）。"
    entered = Entered(
        number=0,
        account_id="a2",
        code="HD-01",
        severity=Severity.VETO,
        window=Window(moment("10-31 12:00").date(), moment("10-31 12:00").date()),
        description="未提供有效互动功能。",
        by="张三",
        at=moment("11-04 10:00"),
    )
    with october.database.begin() as session:
        save_entered(session, entered)
    assert due(october, "11-04 10:29") == "没有到期的检查。"
    assert due(october, "11-04 10:30") == "2026-10 已检查（人工录入的问题有变，结果有变化，原版本已另存）。"
    assert due(october, "11-04 11:00") == "没有到期的检查。"


def test_a_job_of_before_decisions_were_known_still_counts(october: Office) -> None:
    due(october, "11-01 09:00")
    with october.database.begin() as session:
        inputs = job_runs(session)["inspect", MONTH].inputs
        begin_job(session, "inspect", MONTH, moment("11-01 09:00"))
        kept = "\n".join(inputs.split("\n")[:2])
        end_job(session, "inspect", MONTH, moment("11-01 09:00") + timedelta(0), JobState.DONE, inputs=kept)
    assert due(october, "11-02 09:00") == "没有到期的检查。"
    dismiss(october, "11-02 10:00")
    assert due(october, "11-02 11:00").startswith("2026-10 已检查（问题复核有变")
