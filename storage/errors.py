"""The errors of storage, and what a database's own errors mean in an official's words."""

from sqlalchemy.exc import DBAPIError

from monitor.errors import XunjianError


class StorageError(XunjianError):
    """The database cannot be opened, read or written; nothing that was stored before is lost.

    ``passing`` says that the same may succeed later: another program holds it, the disk is full, a server is away.
    """

    passing = False


class ReplacedError(StorageError):
    """The database's file was replaced, overwritten or removed while it was open; nothing was written since."""


_SQLITE = {
    5: "等待 {timeout} 秒后仍被其他程序占用，本次写入未保存；请确认没有其他程序长时间占用该文件后重试。",
    6: "等待 {timeout} 秒后仍被其他程序占用，本次写入未保存；请确认没有其他程序长时间占用该文件后重试。",
    8: "文件或所在文件夹为只读，无法写入；请检查文件权限，或在 xunjian.toml 的 [storage] url 中改用可写的位置。",
    10: "磁盘读写失败，本次写入未保存；请检查磁盘后重试。",
    11: "文件已损坏；请停止使用该文件，并从备份恢复。",
    13: "磁盘空间已满，本次写入未保存，此前的数据完好；请腾出空间后重试。",
    14: "无法打开文件；请确认所在文件夹存在并且可写。",
    26: "不是 SQLite 数据库文件；请检查 xunjian.toml 的 [storage] url 是否指向了别的文件，或从备份恢复。",
}
"""By SQLite's primary result code (https://www.sqlite.org/rescode.html)."""

_POSTGRES = {
    "25006": "数据库为只读，无法写入；请改用可写的数据库。",
    "28": "用户名或密码不被接受；请检查 xunjian.toml 的 [storage] url。",
    "3D000": "数据库不存在；请先建立该数据库，或检查 xunjian.toml 的 [storage] url。",
    "42501": "该用户没有所需的权限；请让数据库管理员授予建表和读写权限。",
    "53100": "磁盘空间已满，本次写入未保存，此前的数据完好；请腾出空间后重试。",
    "53": "数据库资源不足，本次写入未保存；请稍后重试。",
    "55P03": "等待 {timeout} 秒后仍被其他程序占用，本次写入未保存；请稍后重试。",
    "40P01": "与其他程序的写入相互等待，本次写入未保存；请重试。",
    "08": "连接中断，本次写入未保存；请检查数据库服务后重试。",
    "57P": "连接中断，本次写入未保存；请检查数据库服务后重试。",
}
"""By PostgreSQL's SQLSTATE, or the beginning of one (https://www.postgresql.org/docs/15/errcodes-appendix.html)."""


_PASSING = frozenset({5, 6, 8, 10, 13, 14})
_PASSING_STATES = ("25006", "53", "55P03", "40P01", "40001", "08", "57P")


def sqlite_code(error: BaseException | None) -> int | None:
    """Return SQLite's primary result code of an error, None where it is not one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def storage_error(error: Exception, where: str, timeout: float) -> StorageError:
    """Return the sentence for a database's error; ``where`` names the database, ``timeout`` (s) how long was waited."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    reason = _reason(cause)
    if reason is None:
        reason = f"操作失败（{' '.join(str(cause).split())}），本次写入未保存；请检查数据库后重试。"
    found = StorageError(f"数据库：{where}：{reason.replace('{timeout}', f'{timeout:g}')}")
    found.passing = _passes(cause)
    return found


def _passes(cause: BaseException | None) -> bool:
    code, state = sqlite_code(cause), getattr(cause, "sqlstate", None)
    if code is not None:
        return code in _PASSING
    if isinstance(state, str):
        return state.startswith(_PASSING_STATES)
    return type(cause).__module__.startswith("psycopg")  # no state: the server was not reached


def _reason(cause: BaseException | None) -> str | None:
    code = sqlite_code(cause)
    if code is not None:
        return _SQLITE.get(code)
    state = getattr(cause, "sqlstate", None)
    if isinstance(state, str):
        return next((_POSTGRES[state[:length]] for length in (5, 3, 2) if state[:length] in _POSTGRES), None)
    if type(cause).__module__.startswith("psycopg"):
        return "无法连接；请检查数据库服务是否运行，以及 xunjian.toml 的 [storage] url。"
    return None
