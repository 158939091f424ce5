"""Evidence (佐证): what a finding rests on as a folder that a unit can be shown, and the archive kept small."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from monitor.findings import Window
from monitor.spans import Coverage, Span
from monitor.visits import Visit
from monitor.wording import listed
from reports.dossier import Dossier
from reports.dossier_folder import write_dossier
from schedules.counting import read_month
from schedules.evidence_answers import read_answers, shown_answer, warc_of
from schedules.evidence_posts import heading_of, posts_of, visits_of
from schedules.office import Office, RequestError
from storage.archive import Archive
from storage.pruning import Pruned
from storage.pruning import prune as prune_archive
from storage.records import Filed, post_numbers, record, records_of
from storage.said import Said, controls_beside, findings_said, visits_said

_POSITION = re.compile(r"([^/]+)/(\d+)")
_RULE = re.compile(r"([^/]+)/([^/]+)/([A-Za-z]{2}-\d\d)")
_MOST_PAGES = 300
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
    dossier = dossier_of(office, said)
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


def windows_of(said: Said) -> tuple[Window, ...]:
    """Return the windows of a finding."""
    ends = [each.split("/") for each in said.windows.split(";") if each]
    return tuple(Window(date.fromisoformat(each[0]), date.fromisoformat(each[-1])) for each in ends)


def dossier_of(office: Office, said: Said) -> Dossier:
    """Return everything that the folder of a finding tells."""
    windows, missing = windows_of(said), list[str]()
    with office.database.read() as session:
        visits = visits_said(session, said)
        posts = posts_of(session, said, windows, office.zone)
        pages = dict(list(post_numbers(session, said.account_id, [each.key for each in posts]).items())[:_MOST_PAGES])
        controls = controls_beside(session, visits)
        filed = records_of(session, [*(each.visit_id or 0 for each in visits), *controls], pages.values())
        bodies = {each.kept.revisit_of: record(session, each.kept.revisit_of) for each in filed if each.kept.revisit_of}
    titles = {pages[each.key]: each.title for each in posts if each.key in pages}
    read = [] if office.evidence is None else list(read_answers(archive_of(office), filed, bodies, missing))
    if filed and office.evidence is None:
        missing.append("没有设置采集原件的文件夹，原件未能附上；请在 xunjian.toml 的 [evidence] folder 中写明。")
    missing = [*_missing_visits(visits, filed), *missing]
    answers = tuple(
        shown_answer(place, one, found, titles, set(controls)) for place, (one, found) in enumerate(read, start=1)
    )
    number = f"{said.month}/{said.position}"
    coverage, gaps = _spans(said.payload.get("coverage", ())), _gaps(said, office)
    return Dossier(
        number=number,
        office=office.name,
        zone=office.zone,
        heading=heading_of(said, office),
        windows=tuple(str(each) for each in windows),
        coverage=coverage,
        gaps=gaps,
        visits=visits_of(visits, said),
        posts=posts,
        answers=answers,
        missing=tuple(missing),
        warc=warc_of(number, said, read) if read else b"",
    )


def _none(name: str) -> str:
    return f"没有找到问题“{name}”；请用“年-月/序号”指明，序号见问题清单 findings.csv。"


def _spans(said: Sequence[Sequence[str]]) -> Coverage:
    return tuple(Span(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in said)


def _gaps(said: Said, office: Office) -> tuple[tuple[str, str], ...]:
    causes = said.payload.get("causes", ())
    spans = _spans(said.payload.get("gaps", ()))
    shown = [
        f"{each.start.astimezone(office.zone):%Y-%m-%d %H:%M} 至 {each.end.astimezone(office.zone):%Y-%m-%d %H:%M}"
        for each in spans
    ]
    return tuple(zip(shown, causes, strict=False))


def _missing_visits(visits: Sequence[Visit], filed: Sequence[Filed]) -> list[str]:
    """Say which visits have no kept answer that one would expect."""
    with_answers = {each.visit_id for each in filed}
    bare = [f"第{each.visit_id}次" for each in visits if each.visit_id not in with_answers and each.status is not None]
    if not bare:
        return []
    why = "采集于保存原件的版本之前，同日同一原因的失败只保存一次，或者已超过保留期限"
    shown = listed(bare, 10, "次")
    return [f"采集记录{shown}没有保存原件（{why}），其时间、结果和内容摘要值见采集记录.csv。"]
