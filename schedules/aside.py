"""The files of earlier versions of a month, set aside in ``versions/MONTH-N`` beside its folder."""

import filecmp
import shutil
from collections.abc import Mapping
from pathlib import Path

from reports.folder import changed_files

VERSIONS = "versions"


def set_aside(folder: Path, month: str, number: int) -> Path | None:
    """Copy the files of a month's newest version to ``versions/MONTH-N``, whole or not at all; None: there are none.

    Files of which the database knows nothing, of a person's own inspection, are set aside as version 0.

    A copy that is there was made by a run that did not come to its end. It is whole, and stays: that run may have put
    its files in place already, which the database does not know.
    """
    files = folder / month
    target = folder / VERSIONS / f"{month}-{number}"
    if target.is_dir():
        return target
    if not files.is_dir() or not any(files.iterdir()):  # empty, where a first run was killed
        return None
    _copy(files, target)
    return target


def set_final_aside(folder: Path, month: str, number: int, digests: Mapping[str, str]) -> Path | None:
    """Copy the files of a final version, known by their digests, to ``versions/MONTH-N``; None: they are not here.

    What is there already stays where it is the final version; a copy of the draft that it was gives way.
    """
    files = folder / month
    target = folder / VERSIONS / f"{month}-{number}"
    missing = changed_files(files, digests)
    if len(missing) == len(digests):
        return None
    if target.is_dir() and len(changed_files(target, digests)) <= len(missing):
        return target
    _copy(files, target)
    return target


def same_files(one: Path, other: Path) -> bool:
    """Say whether two folders hold the same files."""
    names = [sorted(file.name for file in folder.iterdir()) for folder in (one, other)]
    return names[0] == names[1] and not filecmp.cmpfiles(one, other, names[0], shallow=False)[1]


def _copy(files: Path, target: Path) -> None:
    partial_copy = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial_copy, ignore_errors=True)
    shutil.copytree(files, partial_copy)
    shutil.rmtree(target, ignore_errors=True)
    partial_copy.rename(target)
