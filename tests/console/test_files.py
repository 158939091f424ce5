import errno
import os
from pathlib import Path

import pytest

from console.errors import FileError
from console.files import read_whole, write_new, write_whole
from monitor.errors import cause_of


def test_write_then_read(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    write_whole(path, b"one", "台账")
    write_whole(path, b"two", "台账")
    assert read_whole(path, "台账", limit=3) == b"two"
    assert [each.name for each in tmp_path.iterdir()] == ["台账.csv"]


def test_a_new_file_gets_ordinary_permissions_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a"
    (tmp_path / "ordinary").touch()
    write_whole(path, b"one", "台账")
    assert path.stat().st_mode == (tmp_path / "ordinary").stat().st_mode
    path.chmod(0o640)
    write_whole(path, b"two", "台账")
    assert path.stat().st_mode & 0o777 == 0o640


def test_write_new_leaves_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert write_new(path, b"one", "台账")
    assert not write_new(path, b"two", "台账")
    assert path.read_bytes() == b"one"


def test_write_new_leaves_a_dangling_link(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.symlink_to(tmp_path / "nowhere")
    assert not write_new(path, b"one", "台账")
    assert path.is_symlink()


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        pytest.param("absent", "不存在", id="absent"),
        pytest.param("", "是一个文件夹", id="folder"),
        pytest.param("big", "超过 1 MB", id="too big"),
        pytest.param("a\0b", "不能使用的字符", id="NUL"),
        pytest.param("file/below", "所在路径不是文件夹", id="below a file"),
        pytest.param("a" * 300, "文件名过长", id="long name"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, cause: str) -> None:
    (tmp_path / "big").write_bytes(b"a" * (2**20 + 1))
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="无法读取台账") as caught:
        read_whole(tmp_path / name, "台账", limit=2**20)
    assert cause in str(caught.value)


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(FileError, match="无法写入台账"):
        write_whole(tmp_path / "taken", b"one", "台账")
    with pytest.raises(FileError, match="不存在"):
        write_whole(tmp_path / "absent" / "a", b"one", "台账")
    assert [each.name for each in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        pytest.param(errno.ENOSPC, "磁盘空间已满", id="full"),
        pytest.param(errno.EROFS, "所在磁盘为只读", id="read-only"),
        pytest.param(errno.EACCES, "没有权限", id="forbidden"),
        pytest.param(errno.EIO, "系统报告“Input/output error”", id="anything else"),
    ],
)
def test_causes(number: int, cause: str) -> None:
    assert cause_of(OSError(number, os.strerror(number))) == cause
