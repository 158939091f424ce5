"""Evidence (佐证): what a finding rests on as a folder that a unit can be shown, and the archive kept small."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reports.dossier_folder import write_dossier
from schedules.counting import read_month
from schedules.evidence_dossier import dossier_of
from schedules.office import Office, RequestError
from storage.archive import Archive
from storage.pruning import Pruned
from storage.pruning import prune as prune_archive
from storage.said import Said, findings_said

_POSITION = re.compile(r"([^/]+)/(\d+)")
_RULE = re.compile(r"([^/]+)/([^/]+)/([A-Za-z]{2}-\d\d)")
_SHORTEST_DAYS = 31  # a month must be inspected before its answers may go


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote: the finding's number, its files, how many answers, and what is missing."""

    number: str
    description: str
    files: tuple[Path, ...]
    answers: int
    missing: tuple[str, ...]


def find_findings(office: Office, name: str) -> list[Said]:
    """Return the findings that ``2026-10/12``, ``2026-10/ACCOUNT/GX-03`` or ``2026-10`` names.

    Raises RequestError for another way of writing, and where there is no such finding.
    """
    name = name.strip()
    position, rule = _POSITION.fullmatch(name), _RULE.fullmatch(name)
    named = position or rule
    if named is None and "/" in name:
        raise RequestError(
            f"问题“{name}”写法不正确；应为“年-月/序号”（如 2026-10/12，序号见问题清单），"
            "或“年-月/账号编号/问题编号”（如 2026-10/A001/GX-03）。"
        )
    text = f"{read_month(named[1] if named else name).first:%Y-%m}"
    with office.database.read() as session:
        if position is not None:
            found = findings_said(session, text, position=int(position[2]))
        elif rule is not None:
            found = findings_said(session, text, account_id=rule[2], code=rule[3].upper())
        else:
            found = findings_said(session, text)
        if not found and "/" in name:
            total = len(findings_said(session, text))
            known = f"该月问题清单共{total}行" if total else f"{text} 没有检查结果，请先运行 xunjian inspect {text}"
            raise RequestError(f"没有找到问题“{name}”：{known}。")
    return found


def export(office: Office, name: str, folder: Path) -> Exported:
    """Write the evidence of one finding to ``folder``.

    Raises RequestError where the finding is not known or more than one is meant, ReportError where the folder cannot be
    written or holds something else.
    """
    found = find_findings(office, name)
    if len(found) != 1:
        rows = "、".join(f"{each.month}/{each.position}（{each.code}，{each.verdict}）" for each in found[:5])
        raise RequestError(
            f"“{name}”对应{len(found)}个问题：{rows}；请用“年-月/序号”指明其中一个。" if found else _none(name)
        )
    (said,) = found
    dossier = dossier_of(office, said, None if office.evidence is None else archive_of(office))
    files = write_dossier(dossier, folder)
    return Exported(
        number=dossier.number,
        description=said.description,
        files=files,
        answers=len(dossier.answers),
        missing=dossier.missing,
    )


def prune(office: Office, *, now: datetime, keep_days: int | None = None, dry_run: bool = False) -> Pruned:
    """Remove answers that are older than the office keeps them and that no finding rests on."""
    days = office.evidence_days if keep_days is None else keep_days
    if days < _SHORTEST_DAYS:
        raise RequestError(f"保留天数 {days} 太短；至少为 {_SHORTEST_DAYS} 天，以便当月检查能够引用。")
    return prune_archive(office.database, archive_of(office), now, days, dry_run=dry_run)


def archive_of(office: Office) -> Archive:
    """Return the office's archive; RequestError where it keeps none."""
    if office.evidence is None:
        raise RequestError("没有设置采集原件的文件夹；请在 xunjian.toml 的 [evidence] folder 中写明。")
    return Archive(office.evidence, office.zone)


def _none(name: str) -> str:
    return f"没有找到问题“{name}”；请用“年-月/序号”指明，序号见问题清单 findings.csv。"
