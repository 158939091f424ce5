"""Files that people attach, copied beside the archive: each under its digest, whole or not at all, and once."""

import hashlib
import os
import re
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from monitor.errors import cause_of
from schedules.office import Office, RequestError
from storage.attachments import Attachment

FOLDER: Final = "attachments"
LARGEST: Final = 50 * 2**20

_STEP: Final = 2**20
_PARTIAL: Final = ".partial-"
_LEFT_OVER: Final = timedelta(days=1)
_ENDING = re.compile(r"\.[a-z0-9]{1,10}")


def attach(office: Office, files: Sequence[Path], now: datetime) -> tuple[Attachment, ...]:
    """Copy files into the office's evidence folder and return them; all are looked at before the first is copied.

    What was copied is on disk when this returns. A file that is given twice is returned once. Raises RequestError for
    what is no file to be read, is empty or too large, and where the copy cannot be written.
    """
    if not files:
        return ()
    folder = attachment_folder(office)
    for file in files:
        _look(file)
    _sweep(folder, now)
    return tuple(dict.fromkeys(_copied(file, folder) for file in files))


def attachment_folder(office: Office) -> Path:
    """Return the folder of attached files; RequestError where the office keeps no evidence."""
    if office.evidence is None:
        raise RequestError("没有设置保存佐证的文件夹，不能附文件；请在 xunjian.toml 的 [evidence] folder 中写明。")
    return office.evidence / FOLDER


def attached_file(folder: Path, attachment: Attachment) -> Path | None:
    """Return where the content of an attachment lies, None where it has gone."""
    return next(iter(sorted((folder / attachment.digest[:2]).glob(f"{attachment.digest}*"))), None)


def _look(file: Path) -> None:
    try:
        known = file.stat()
    except OSError as error:
        raise _unread(file, error) from error
    if not stat.S_ISREG(known.st_mode):
        raise RequestError(f"附件 {file} 不是普通文件；请写明要附上的那个文件。")
    if known.st_size > LARGEST:
        raise _too_large(file)
    if known.st_size == 0:
        raise RequestError(f"附件 {file} 是空文件；请确认文件已完整保存后重试。")


def _copied(file: Path, folder: Path) -> Attachment:
    """Copy one file; what is read is what the digest is of, whatever happens to the file meanwhile."""
    partial: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / f"{_PARTIAL}{secrets.token_hex(8)}"
        attachment = _written(file, os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        target = attached_file(folder, attachment) or _place(folder, file, attachment.digest)
        target.parent.mkdir(exist_ok=True)
        partial.replace(target)  # over the same content, which heals one that was damaged
        for each in (target.parent, folder):
            _sync(each)
    except OSError as error:
        raise RequestError(
            f"附件 {file} 未能保存到 {folder}（{cause_of(error)}），没有录入任何内容；"
            "请确认该文件夹可写且磁盘空间充足后重试。"
        ) from error
    finally:
        if partial is not None:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
    return attachment


def _written(file: Path, descriptor: int) -> Attachment:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(descriptor, "wb") as copy:
        try:
            content = file.open("rb")
        except OSError as error:
            raise _unread(file, error) from error
        with content:
            while part := content.read(_STEP):
                size += len(part)
                if size > LARGEST:
                    raise _too_large(file)
                digest.update(part)
                copy.write(part)
        copy.flush()
        os.fsync(copy.fileno())
    return Attachment(name=file.name, digest=digest.hexdigest(), size=size)


def _place(folder: Path, file: Path, digest: str) -> Path:
    ending = file.suffix.lower()
    return folder / digest[:2] / f"{digest}{ending if _ENDING.fullmatch(ending) else ''}"


def _sweep(folder: Path, now: datetime) -> None:
    """Remove what programs that were killed while copying have left."""
    for left in folder.glob(f"{_PARTIAL}*"):
        with suppress(OSError):
            if now.timestamp() - left.stat().st_mtime > _LEFT_OVER.total_seconds():
                left.unlink()


def _sync(folder: Path) -> None:
    with suppress(OSError):  # not every system can
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unread(file: Path, error: OSError) -> RequestError:
    if isinstance(error, FileNotFoundError):
        return RequestError(f"没有附件 {file} 这个文件；请检查文件名和所在文件夹。")
    return RequestError(f"附件 {file} 无法读取（{cause_of(error)}）；请检查文件权限。")


def _too_large(file: Path) -> RequestError:
    return RequestError(f"附件 {file} 超过 {LARGEST // 2**20} MB；请压缩或截取有关部分后再附。")
