"""How far people bring a month's inspection, 草稿 → 复核中 → 已定稿 → 已公开, and corrections of what is final."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from monitor.findings import Verdict
from monitor.stages import Stage, StageEntry
from reports.folder import Folder, changed_files
from reports.restaging import NAME, restage
from schedules.counting import read_month
from schedules.drafting import Draft, write_draft
from schedules.finals import changes, keep_final_files, said_by
from schedules.inputs import inputs_of
from schedules.inspect import nothing_else, run_of
from schedules.inspection_run import InspectionReport, Run, UndoneError, perform
from schedules.office import Office, RequestError
from schedules.stale import keep_inputs
from storage.inspections import finish_inspection
from storage.stages import files_of, save_stage
from storage.texts import storable
from storage.versions import Version, lock_month, newest_version, tallies_of

OnProgress = Callable[[int, int], None]


class _ChangedError(UndoneError):
    """What is known by now gives another inspection than the newest draft; ``told`` says what it counts otherwise."""

    def __init__(self, told: str) -> None:
        self.told = told
        super().__init__(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The version that was published, and a Chinese sentence where its inspection.json could not say so, else ""."""

    version: Version
    note: str = ""


def begin_review(office: Office, month: str, by: str, now: datetime) -> bool:
    """Bring a draft into review; return False, and do nothing, where it is further or the month was not inspected."""
    month = name_of(month)
    with office.database.begin() as session:
        lock_month(session, month)
        newest = newest_version(session, month)
        if newest is None or newest.stage is not Stage.DRAFT:
            return False
        save_stage(session, newest.number, StageEntry(stage=Stage.REVIEWING, by=by, at=now))
        return True


def review(office: Office, month: str, *, by: str, now: datetime) -> Version:
    """Bring a draft into review, as a person asks for it; RequestError where it is no draft."""
    month, by = name_of(month), given("--by", by, "姓名")
    began = begin_review(office, month, by, now)
    newest = the_newest(office, month)
    if not began:
        raise RequestError(f"{month} 的检查{said_by(office, newest)}，现为“{newest.stage}”，不是草稿，不能再开始复核。")
    return newest


def finalize(
    office: Office,
    month: str,
    out: Path,
    *,
    by: str,
    now: datetime,
    on_progress: OnProgress,
    note: str = "",
    leave_open: bool = False,
) -> InspectionReport:
    """Judge a month anew, and make its newest draft final where that says the very same; its files then say so.

    Where it says something else, that is stored and written as the next draft, and a RequestError asks to look at it
    first. RequestError also where findings wait for a person and are not to be left open, where the month has not
    ended, or where there is no draft.
    """
    by = given("--by", by, "姓名")
    run = run_of(office, month, out, now=now, as_of=None, on_progress=on_progress)
    draft = _draft_to_finalize(run)
    keep_final_files(run)
    entry = StageEntry(stage=Stage.FINAL, by=by, at=now, note=tidy(note))
    inputs = inputs_of(office, run.month)
    settle = partial(_finalized, run=run, draft=draft, entry=entry, inputs=inputs, leave_open=leave_open)
    try:
        return perform(run, run.head(draft.version, Stage.FINAL, draft.why), settle)
    except _ChangedError as error:
        made = write_draft(run, Draft(also=nothing_else, is_news=True))
        raise RequestError(
            f"{run.month} 按现有数据重新判定，与第{draft.version}版草稿不同（{error.told}），没有定稿；"
            f"已写出第{made.version}版草稿（{made.folder}），请查看后再运行 xunjian inspections finalize {run.month}。"
        ) from error


def publish(office: Office, month: str, out: Path, *, by: str, now: datetime, note: str = "") -> Published:
    """Note that a final inspection was made public; of its files only inspection.json says so.

    RequestError where the month's newest version is not just final.
    """
    month, by = name_of(month), given("--by", by, "姓名")
    entry = StageEntry(stage=Stage.PUBLIC, by=by, at=now, note=tidy(note))
    with office.database.begin() as session:
        lock_month(session, month)
        newest = newest_version(session, month)
        if newest is None:
            raise not_inspected(month)
        if newest.stage is Stage.PUBLIC:
            raise RequestError(f"{month} 的检查{said_by(office, newest)}，不必再公开。")
        if newest.stage is not Stage.FINAL:
            raise RequestError(
                f"{month} 的检查第{newest.version}版现为“{newest.stage}”，定稿后才能公开；"
                f"请先运行 xunjian inspections finalize {month}。"
            )
        files = files_of(session, newest.number)[1]
        told, said = _said_public(out / month, files)
        save_stage(session, newest.number, entry, files=said)
        version = newest_version(session, month)
    return Published(version=version or newest, note=told)


def correct(
    office: Office, month: str, out: Path, *, by: str, why: str, now: datetime, on_progress: OnProgress
) -> InspectionReport:
    """Begin to correct a final inspection: set its files aside, and make a draft of the next version with a reason.

    Until that one is final itself, the old one counts. RequestError where the newest version is not final.
    """
    by, why = given("--by", by, "姓名"), given("--why", why, "更正的理由")
    run = run_of(office, month, out, now=now, as_of=None, on_progress=on_progress)
    newest = the_newest(office, run.month)
    if not newest.stage.is_final:
        how = f"{said_by(office, newest)}，" if newest.stages else ""
        raise RequestError(
            f"{run.month} 的检查第{newest.version}版{how}现为“{newest.stage}”，不用更正；"
            f"修改后重新运行 xunjian inspect {run.month} 即可。"
        )
    entry = StageEntry(stage=Stage.DRAFT, by=by, at=now, note=why)
    also = partial(keep_inputs, month=run.month, now=now, inputs=inputs_of(office, run.month))
    return write_draft(run, Draft(also=also, why=why, opened=entry))


def the_newest(office: Office, month: str) -> Version:
    """Return the newest version of a month's inspection; RequestError where there is none."""
    with office.database.read() as session:
        newest = newest_version(session, month)
    if newest is None:
        raise not_inspected(month)
    return newest


def name_of(month: str) -> str:
    """Return a month as inspections are kept under it; RequestError for what is no month."""
    return f"{read_month(month).first:%Y-%m}"


def given(option: str, text: str, what: str) -> str:
    """Return what a person must state, tidied; RequestError where nothing is left of it."""
    if found := tidy(text):
        return found
    raise RequestError(f"{option} 不能为空；请填写{what}。")


def tidy(text: str) -> str:
    """Return a text of one line, fit to be stored."""
    return " ".join(storable(text).split())


def _draft_to_finalize(run: Run) -> Version:
    """Return the newest draft of a month that has ended; RequestError where there is none."""
    if run.frame.running:
        raise RequestError(f"{run.month} 尚未结束，不能定稿；请在月末以后检查并定稿。")
    newest = the_newest(run.office, run.month)
    _refuse_final(run, newest)
    if newest.time_point != run.frame.time_point:
        raise RequestError(
            f"{run.month} 只有月末以前的检查，不能定稿；请先运行 xunjian inspect {run.month}，查看后再定稿。"
        )
    return newest


def _refuse_final(run: Run, newest: Version) -> None:
    if newest.stage.is_final:
        raise RequestError(
            f"{run.month} 的检查{said_by(run.office, newest)}，不能再次定稿；"
            f"确需更正，请运行 xunjian inspections correct {run.month}。"
        )


def _finalized(
    session: Session,
    number: int,
    folder: Folder,
    *,
    run: Run,
    draft: Version,
    entry: StageEntry,
    inputs: str,
    leave_open: bool,
) -> int:
    """Complete a run that was written as final, in one transaction; of two people at once the second is told."""
    newest = newest_version(session, run.month) or draft
    _refuse_final(run, newest)
    if newest.number != draft.number:
        raise RequestError(f"{run.month} 刚刚有了第{newest.version}版草稿，没有定稿；请查看后再定稿。")
    kept = finish_inspection(session, number)
    if kept != draft.number:
        raise _ChangedError(changes(session, draft.number, kept))
    waiting = tallies_of(session, [kept])[kept].findings.get(Verdict.REVIEW, 0)
    if waiting and not leave_open:
        raise RequestError(
            f"{run.month} 还有{waiting}条待复核的问题没有作出判定，没有定稿；"
            "请用 xunjian findings list 查看并逐条判定，或加 --leave-open 照此定稿。"
        )
    left = f"留有{waiting}条待复核的问题未作判定" if waiting else ""
    told = "；".join(filter(None, (entry.note, left)))
    final = StageEntry(stage=entry.stage, by=entry.by, at=entry.at, note=told)
    save_stage(session, kept, final, folder.digests())
    keep_inputs(session, run.month, run.now, inputs)
    folder.commit()
    return kept


def _said_public(folder: Path, files: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """Let inspection.json say that it is public; return what to tell the person, and the files' digests, or none."""
    file = folder / NAME
    if changed_files(folder, {NAME: files.get(NAME, "")}):
        state = "不存在" if not file.exists() else "与定稿时不同"
        return f"{file} {state}，其中的状态没有改为“{Stage.PUBLIC}”，只登记了公开；可用 --out 指明文件所在。", {}
    others = "、".join(sorted(changed_files(folder, files)))
    told = f"{folder} 中的{others}缺失或与定稿时不同；请用 xunjian inspect 写回原样后再对外发布。" if others else ""
    digest = restage(file, Stage.FINAL, Stage.PUBLIC)
    return told, {} if digest is None else {**files, NAME: digest}


def not_inspected(month: str) -> RequestError:
    """Return the error of a month that was not inspected."""
    return RequestError(f"{month} 没有检查记录；请先运行 xunjian inspect {month}，或用 xunjian inspections list 查看。")
