"""Keep a daemon whose database was replaced from being started again by its supervisor, with the wrong file."""

import logging
from pathlib import Path

from storage.database import Database
from storage.errors import StorageError

_log = logging.getLogger(__name__)


def halt(database: Database, why: StorageError) -> None:
    """Leave a note beside the database that keeps the daemon from starting until a person has removed it."""
    note = _note(database)
    if note is None:
        return
    try:
        note.write_text(f"{why}\n", encoding="utf-8")
    except OSError as error:
        _log.error("note not written file=%s cause=%s", note, error.strerror)


def refuse_halted(database: Database) -> None:
    """Raise a StorageError where such a note lies beside the database."""
    note = _note(database)
    if note is not None and note.exists():
        raise StorageError(
            f"数据库：{database.where}：守护程序上次因数据库文件被替换而停止（见 {note}）；"
            f"请先弄清哪个文件是对的、放回原处，再删除 {note.name} 后启动。"
        )


def _note(database: Database) -> Path | None:
    """Return the file of the note, None for a server's database."""
    if database.file is None:
        return None
    file = database.file.path
    return file.with_name(f"{file.name}.halted")
