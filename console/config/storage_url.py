"""The address of the database as it stands in the configuration."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from console.nearest import hint

BACKENDS = ("sqlite", "postgresql")
EXPECTED = "应为 sqlite:///文件名 或 postgresql://用户:密码@主机/数据库"


class StorageUrlError(ValueError):
    """The address cannot be used; the message is the cause in Chinese."""


def resolved_url(text: str, folder: Path) -> str:
    """Return the database's URL, a relative SQLite file resolved against ``folder``.

    Raises StorageUrlError for what is no such URL; its message never repeats a password.
    """
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise StorageUrlError(f"不是数据库地址，{EXPECTED}") from error
    if backend not in BACKENDS:
        raise StorageUrlError(f"的数据库类型“{backend}”不支持{hint(backend, BACKENDS)}，{EXPECTED}")
    return _sqlite(url, folder) if backend == "sqlite" else _postgresql(url)


def _sqlite(url: URL, folder: Path) -> str:
    if url.host:
        raise StorageUrlError(f"的斜杠少了一条，文件名前应有三条斜杠：sqlite:///{url.host}")
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise StorageUrlError(f"没有文件名，采集结果无处保存，{EXPECTED}")
    return url.set(database=str((folder / url.database).resolve())).render_as_string(hide_password=False)


def _postgresql(url: URL) -> str:
    if not url.database:
        raise StorageUrlError(f"没有数据库名，{EXPECTED}")
    return url.render_as_string(hide_password=False)
