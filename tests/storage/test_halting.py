from pathlib import Path

import pytest

from storage.database import open_database
from storage.errors import ReplacedError, StorageError
from storage.halting import halt, refuse_halted


def test_a_database_that_was_replaced_is_not_taken_up_again_until_a_person_has_looked(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'xunjian.db'}")
    refuse_halted(database)
    halt(database, ReplacedError("数据库：被替换。"))
    with pytest.raises(StorageError, match=r"xunjian.db.halted 后启动。$"):
        refuse_halted(database)
    note = tmp_path / "xunjian.db.halted"
    assert note.read_text() == "数据库：被替换。\n"
    note.unlink()
    refuse_halted(database)
    database.close()


def test_where_no_note_can_be_left_the_log_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'xunjian.db'}")
    (tmp_path / "xunjian.db.halted").mkdir()
    halt(database, ReplacedError("数据库：被替换。"))
    assert "note not written" in caplog.text
    database.close()
