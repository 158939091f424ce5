"""The folder that a unit can be shown of one finding, written whole or not at all."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from monitor.errors import cause_of
from reports.answers import page_file, page_name
from reports.cells import Cell
from reports.dossier import Dossier, ShownPost, ShownVisit, outcome_text, proof_text
from reports.dossier_page import page, reading
from reports.dossier_record import dossier_record
from reports.folder import ReportError, name_beside
from reports.tables import Table

FILES = ("问题.html", "问题.json", "采集记录.csv", "信息.csv", "页面", "记录.warc.gz", "说明.txt")


def write_dossier(dossier: Dossier, folder: Path) -> tuple[Path, ...]:
    """Write the folder whole or not at all and return its files.

    A folder that holds this very finding is replaced; one that holds anything else is refused with a ReportError.
    """
    try:
        _refuse_others(dossier, folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = name_beside(folder)
        try:
            aside.mkdir(mode=0o700)
            _fill(dossier, aside)
            aside.chmod(0o755)
            _put(aside, folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise ReportError(
            f"佐证文件夹：{folder}：未能写成（{cause_of(error)}），原有内容未作改动；请确认该位置可写且磁盘空间充足后重试。"
        ) from error
    return tuple(folder / name for name in FILES if (folder / name).exists())


def _refuse_others(dossier: Dossier, folder: Path) -> None:
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    present = {path.name for path in folder.iterdir()}
    if not present:
        return
    strange = sorted(present - set(FILES))
    number = _number_in(folder / "问题.json") if "问题.json" in present else ""
    if strange or number != dossier.number:
        what = (
            f"已有问题 {number} 的佐证"
            if number and not strange
            else f"已有别的内容（{'、'.join(strange[:3]) or '不完整'}）"
        )
        raise ReportError(
            f"佐证文件夹：{folder}：{what}，不会覆盖；请用 --out 指明一个新的文件夹，或先移走其中的内容。"
        )


def _number_in(file: Path) -> str:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(said.get("number", "")) if isinstance(said, dict) else ""


def _put(aside: Path, folder: Path) -> None:
    """Put the new folder in the place of the old one, which comes back where that fails."""
    if not folder.exists():
        aside.rename(folder)
        return
    old = name_beside(folder)
    old.mkdir(mode=0o700)
    folder.rename(old / "old")
    try:
        aside.rename(folder)
    except OSError:
        (old / "old").rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _fill(dossier: Dossier, folder: Path) -> None:
    _text(folder / "问题.html", page(dossier))
    _text(folder / "问题.json", json.dumps(dossier_record(dossier), ensure_ascii=False, indent=1) + "\n")
    _text(folder / "说明.txt", "\r\n".join(reading(dossier)) + "\r\n")
    _table(folder / "采集记录.csv", _visit_columns(dossier), dossier.visits)
    _table(folder / "信息.csv", POSTS, dossier.posts)
    if dossier.answers:
        (folder / "页面").mkdir()
    for answer in dossier.answers:
        (folder / "页面" / page_name(answer)).write_bytes(page_file(answer, dossier.zone))
    if dossier.warc:
        (folder / "记录.warc.gz").write_bytes(dossier.warc)


def _text(file: Path, content: str) -> None:
    file.write_bytes(content.encode(errors="replace"))


def _table(file: Path, columns: dict[str, Callable[[Any], Cell]], rows: tuple[Any, ...]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="", errors="replace") as stream:
        Table(stream, columns).write(rows)


POSTS: dict[str, Callable[[ShownPost], Cell]] = {
    "发布时间": lambda row: row.published,
    "首次发现时间": lambda row: row.seen,
    "标题": lambda row: row.title,
    "链接": lambda row: row.url,
    "原创判定": lambda row: row.originality,
    "判定依据": lambda row: row.reason,
    "来源": lambda row: row.source,
    "状态": lambda row: row.state,
    "改动次数": lambda row: max(0, len(row.versions) - 1),
    "为本问题依据": lambda row: "是" if row.decides else "",
}


def _visit_columns(dossier: Dossier) -> dict[str, Callable[[ShownVisit], Cell]]:
    return {
        "采集编号": lambda row: row.visit.visit_id,
        "作用": lambda row: row.role,
        "采集时间": lambda row: dossier.moment(row.visit.started_at),
        "采集地址": lambda row: row.visit.url,
        "采集结果": lambda row: outcome_text(row.visit),
        "状态码": lambda row: row.visit.status,
        "条数": lambda row: row.visit.item_count,
        "最早一条": lambda row: dossier.moment(row.visit.oldest),
        "最新一条": lambda row: dossier.moment(row.visit.newest),
        **({} if dossier.named else {"证明": lambda row: proof_text(row.visit, dossier.zone)}),
        "内容摘要值": lambda row: row.visit.body_hash,
        "提示": lambda row: "；".join(row.visit.warnings),
    }
