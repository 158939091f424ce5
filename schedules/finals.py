"""A month's inspection that is final: it may be written again as it was, and else nothing of it changes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from monitor.findings import Result, Verdict
from monitor.stages import Stage
from reports.folder import Folder, changed_files
from reports.restaging import NAME, restage
from schedules.aside import set_final_aside
from schedules.inputs import inputs_of
from schedules.inspection_run import InspectionReport, Run, perform
from schedules.office import Office, RequestError
from schedules.stale import keep_inputs
from storage.inspections import differing_accounts, finish_inspection
from storage.stages import files_of
from storage.versions import Tally, Version, tallies_of, versions


def confirm_final(run: Run, final: Version, also: Callable[[Session], None]) -> InspectionReport:
    """Judge a final month anew: where that gives the very same, its files are put back as they were.

    Raises RequestError where it gives something else, or the files cannot be written again as they were; nothing is
    then stored and no file is changed.
    """
    with run.office.database.read() as session:
        stage, digests = files_of(session, final.number)
    inputs = inputs_of(run.office, run.month)

    def settle(session: Session, number: int, folder: Folder) -> int:
        kept = finish_inspection(session, number)
        if kept != final.number:
            raise RequestError(
                f"{run.month} 的检查{said_by(run.office, final)}，按现有数据重新判定与定稿不同"
                f"（{changes(session, final.number, kept)}），没有改动任何内容；"
                f"确需更正，请运行 xunjian inspections correct {run.month}。"
            )
        made = folder.digests()
        if stage is Stage.PUBLIC and NAME in made:  # of all files this one alone says so, and was rewritten for it
            restage(folder.place(NAME), Stage.FINAL, Stage.PUBLIC)
            made = folder.digests()
        wrong = changed_files(folder.path, digests)
        if lost := sorted(name for name in wrong if made.get(name) != digests[name]):
            raise RequestError(
                f"{run.month} 的检查{said_by(run.office, final)}，{folder.path} 中的{'、'.join(lost)}缺失或与定稿不同，"
                f"按现有数据已不能原样写出；请从备份恢复这些文件，或运行 xunjian inspections correct {run.month}。"
            )
        also(session)
        keep_inputs(session, run.month, run.now, inputs)
        folder.commit(wrong)
        return kept

    report = perform(run, run.head(final.version, Stage.FINAL, final.why), settle)
    told = f"本月检查{said_by(run.office, final)}，重新判定与定稿完全相同，文件保持定稿时的内容。"
    return replace(report, notes=(*report.notes, told), stage=final.stage)


def last_final(session: Session, month: str) -> Version | None:
    """Return the newest version of a month that is final: the one that counts; None where none is."""
    return next((each for each in reversed(versions(session, month)) if each.stage.is_final), None)


def keep_final_files(run: Run) -> None:
    """Before the month's files are written: set those of a final version aside that stand in the same folder.

    Raises RequestError where an inspection that only looks back would take their place.
    """
    with run.office.database.read() as session:
        final = last_final(session, run.month)
        digests: Mapping[str, str] = {} if final is None else files_of(session, final.number)[1]
    if final is None or not _stands(run.folder, digests):
        return
    if run.as_of is not None:
        raise RequestError(f"{run.folder} 中是已定稿的检查结果，不能用 --as-of 覆盖；请用 --out 写到其他文件夹。")
    set_final_aside(run.out, run.month, final.version, digests)


def _stands(folder: Path, digests: Mapping[str, str]) -> bool:
    """Say whether a final version's files stand in a folder, perhaps not all; a draft may be like it in some."""
    changed = changed_files(folder, digests)
    lost = [each for each in changed if not (folder / each).exists()]
    return len(changed) < len(digests) and (NAME not in changed or len(lost) == len(changed))


def changes(session: Session, one: int, other: int) -> str:
    """Return in a few words what the later of two inspections counts otherwise."""
    before, after = (tallies_of(session, [number])[number] for number in (one, other))
    accounts = differing_accounts(session, one, other)
    told = [*_results(before, after), *_findings(before, after)]
    if not accounts:
        return "各账号的结果和问题相同，所依据的办法或监测时间点不同"
    return f"{'，'.join(told) or '各项合计不变'}；涉及{accounts}个账号"


def said_by(office: Office, version: Version) -> str:
    """Return how far a version has come, with the name and the moment: ``已由张三于2026-11-05 10:00定稿``."""
    entry = version.stages[-1]
    return f"已由{entry.by}于{minute(office, entry.at)}{VERBS[entry.stage]}"


def minute(office: Office, at: datetime) -> str:
    """Return a moment as people read it."""
    return f"{at.astimezone(office.zone):%Y-%m-%d %H:%M}"


VERBS = {Stage.DRAFT: "开始更正", Stage.REVIEWING: "开始复核", Stage.FINAL: "定稿", Stage.PUBLIC: "公开"}


def _results(before: Tally, after: Tally) -> list[str]:
    counts = [(each, before.results.get(each, 0), after.results.get(each, 0)) for each in Result]
    return [f"{result}账号{was}个→{now}个" for result, was, now in counts if was != now]


def _findings(before: Tally, after: Tally) -> list[str]:
    counts = [(each, before.findings.get(each, 0), after.findings.get(each, 0)) for each in Verdict]
    return [f"{verdict}问题{was}条→{now}条" for verdict, was, now in counts if was != now]
