"""What the tests of the use cases ask for: an office with an empty database of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from schedules.office import Office
from storage.database import open_database
from tests.schedules.histories import silent_county
from tests.schedules.offices import Site, an_office, serving


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with empty tables, to be copied: making the tables takes longer than most tests."""
    file = tmp_path_factory.mktemp("template") / "xunjian.db"
    open_database(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="session")
def county_file(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with four inspected months, to be copied: inspecting takes longer than most tests."""
    folder = tmp_path_factory.mktemp("county")
    file = Path(shutil.copy(empty_file, folder / "xunjian.db"))
    database = open_database(f"sqlite:///{file}")
    silent_county(an_office(database), folder / "inspections")
    database.close()
    return file


@pytest.fixture
def file(empty_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty_file, tmp_path / "xunjian.db"))


@pytest.fixture
def office(file: Path) -> Iterator[Office]:
    database = open_database(f"sqlite:///{file}")
    yield an_office(database)
    database.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder that everybody can enter and nobody but root can write into."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    yield folder
    shutil.rmtree(folder)
