"""The folder that a demonstration writes into: it clears away what an earlier one wrote, and nothing else."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from console.errors import FileError
from console.files import read_whole, write_whole
from monitor.errors import cause_of

MARKER = ".xunjian-demo.json"
"""Lists what the demonstration writes, with the hash of what a person may edit afterwards ("" for mere output)."""

MAX_BYTES = 2**20
CURE = "请用 --out 指明一个新的文件夹"


def claim(folder: Path, names: Iterable[str]) -> None:
    """Make the folder ready for files of these ``names`` (relative, with ``/``): what an earlier run wrote goes first.

    A ``*`` in a name stands for any letters of one file's name. Raises FileError, with nothing changed, for a folder
    with other things in it, or where a sealed file was edited.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear(folder)
        for name in names:
            if other := next((each for each in _called(folder, name) if os.path.lexists(folder / each)), None):
                raise FileError(f"{folder / other} 不是演示写出的文件，演示不会覆盖它；{CURE}。")
    except OSError as error:
        raise FileError(f"无法使用文件夹 {folder}：{cause_of(error)}，{CURE}。") from error
    _mark(folder, dict.fromkeys(names, ""))


def seal(folder: Path, names: Iterable[str]) -> None:
    """Remember how these files were written, so that what somebody makes of them later is not lost."""
    listed = _listed(folder / MARKER)
    _mark(folder, listed | {name: _hash((folder / name).read_bytes()) for name in names})


def _clear(folder: Path) -> None:
    marker = folder / MARKER
    if not marker.exists():
        if any(folder.iterdir()):
            raise FileError(f"文件夹 {folder} 里已有别的文件，演示不会动它们；{CURE}。")
        return
    listed = {each: digest for name, digest in _listed(marker).items() for each in _called(folder, name)}
    present = {name: folder / name for name in listed if _is_own(folder, name)}
    for name, path in present.items():
        if listed[name] and _hash(path.read_bytes()) != listed[name]:
            raise FileError(f"{path} 在上次演示之后被改动过，演示不会覆盖它；{CURE}。")
    for path in present.values():
        path.unlink()
    for name in listed:
        _remove_empty(folder, (folder / name).parent)
    marker.unlink()


def _listed(marker: Path) -> dict[str, str]:
    try:
        files = json.loads(read_whole(marker, "演示的文件清单", limit=MAX_BYTES))["files"]
        names = {str(name): str(digest) for name, digest in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(f"{marker} 不是演示写出的文件清单，演示不会动这个文件夹；{CURE}。") from error
    if any(PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts for name in names):
        raise FileError(f"{marker} 列出了文件夹之外的文件，演示不会动它们；{CURE}。")
    return names


def _mark(folder: Path, listed: Mapping[str, str]) -> None:
    marker = json.dumps({"files": listed}, ensure_ascii=False, indent=1)
    write_whole(folder / MARKER, marker.encode(), "演示的文件清单")


def _called(folder: Path, name: str) -> list[str]:
    """Return the files that a name means: itself, or those that are there by a name with a ``*``."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob(name)) if "*" in name else [name]


def _is_own(folder: Path, name: str) -> bool:
    """Say whether a listed file is there, as a plain file, and not by way of a link that leads elsewhere."""
    path = folder / name
    return path.is_file() and not path.is_symlink() and path.parent.resolve().is_relative_to(folder.resolve())


def _remove_empty(top: Path, folder: Path) -> None:
    while folder != top and folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
