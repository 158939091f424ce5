"""Reading and writing whole files: a sentence where the disk refuses, and never half a file."""

import os
import tempfile
from pathlib import Path

from console.errors import FileError
from monitor.errors import cause_of


def read_whole(path: Path, what: str, *, limit: int) -> bytes:
    """Read a file of at most ``limit`` bytes; ``what`` names it in the sentence of a FileError."""
    try:
        with path.open("rb") as stream:
            body = stream.read(limit + 1)
    except OSError as error:
        raise FileError(f"无法读取{what} {path}：{cause_of(error)}，请检查路径和权限。") from error
    except ValueError as error:  # a NUL in the path
        raise FileError(f"无法读取{what} {str(path)!r}：路径含有不能使用的字符。") from error
    if len(body) > limit:
        raise FileError(f"无法读取{what} {path}：文件超过 {limit // 2**20} MB，请确认选对了文件。")
    return body


def write_whole(path: Path, body: bytes, what: str) -> None:
    """Write a file that appears whole or not at all, in place of an older one of that name."""
    made: str | None = None
    try:
        descriptor, made = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        Path(made).chmod(_mode_of(path))
        Path(made).replace(path)
    except (OSError, ValueError) as error:
        if made is not None:
            Path(made).unlink(missing_ok=True)
        cause = cause_of(error) if isinstance(error, OSError) else "路径含有不能使用的字符"
        raise FileError(f"无法写入{what} {path}：{cause}，请检查文件夹、权限和磁盘空间。") from error


def write_new(path: Path, body: bytes, what: str) -> bool:
    """Write a file that must not exist yet; return False, and leave it alone, where it does."""
    if os.path.lexists(path):
        return False
    write_whole(path, body, what)
    return True


def _mode_of(path: Path) -> int:
    """Return the permissions that the file at ``path`` has, or that a new file would get."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
