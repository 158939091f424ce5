"""What every test may ask for."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from console.logs import OWN

# Deadlines measure the machine, not the code. On CI the examples are fewer, and the same each time, so that a red run can
# be repeated.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), max_examples=25, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long: else one process ends with them while the others have nothing left."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of saved real answers that lies beside a checkout; tests over it are skipped where it is absent."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no saved real answers beside this checkout (../shared/data)")
    return folder


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """Leave the logging of the process as it was: a command run in a test sets it up for the whole process."""
    root = logging.getLogger()
    levels = {logger: logger.level for logger in (root, *map(logging.getLogger, OWN))}
    handlers = root.handlers[:]
    yield
    for logger, level in levels.items():
        logger.setLevel(level)
    for each in [each for each in root.handlers if each not in handlers]:
        root.removeHandler(each)
        each.close()
