"""What the tests of the daemon ask for."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.bent import WHY_NOT, library

MEMORY = Path("/dev/shm")


@pytest.fixture
def quick() -> Iterator[Path]:
    """A folder in memory where there is one: nothing here depends on how long a disk takes."""
    yield from folder_in_memory()


@pytest.fixture(scope="module")
def quick_module() -> Iterator[Path]:
    """A folder in memory for all tests of a file."""
    yield from folder_in_memory()


def folder_in_memory() -> Iterator[Path]:
    inside = MEMORY if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2**30 else None
    folder = Path(tempfile.mkdtemp(prefix="xunjian-", dir=inside))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def bending() -> None:
    """Skip where no clock can be bent."""
    if library() is None:
        pytest.skip(WHY_NOT)
