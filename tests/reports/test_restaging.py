"""The stage in an inspection.json is one line, and the only one that changes."""

from hashlib import sha256
from pathlib import Path

import pytest

from monitor.stages import Stage
from reports.folder import ReportError
from reports.restaging import restage

HEAD = '{\n "format": 1,\n "policy": {\n  "stage": "已定稿"\n },\n "stage": "已定稿",\n "version": 1,\n "accounts": [\n'
ACCOUNTS = '{"title": " \\"stage\\": \\"已定稿\\","},\n "stage": "已定稿",\n ],\n "totals": {}\n}\n' + " " * (2 << 20)


def test_one_line_of_the_head_is_rewritten(tmp_path: Path) -> None:
    file = tmp_path / "inspection.json"
    file.write_text(HEAD + ACCOUNTS, encoding="utf-8", newline="")
    digest = restage(file, Stage.FINAL, Stage.PUBLIC)
    assert file.read_text(encoding="utf-8") == HEAD.replace('\n "stage": "已定稿"', '\n "stage": "已公开"') + ACCOUNTS
    assert digest == sha256(file.read_bytes()).hexdigest()
    assert [each.name for each in tmp_path.iterdir()] == ["inspection.json"]


@pytest.mark.parametrize("body", ["", "{}", HEAD.replace("已定稿", "草稿") + ACCOUNTS])
def test_a_file_that_says_something_else_stays(tmp_path: Path, body: str) -> None:
    file = tmp_path / "inspection.json"
    file.write_text(body, encoding="utf-8", newline="")
    assert restage(file, Stage.FINAL, Stage.PUBLIC) is None
    assert file.read_text(encoding="utf-8") == body
    assert [each.name for each in tmp_path.iterdir()] == ["inspection.json"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="未能写成"):
        restage(tmp_path / "inspection.json", Stage.FINAL, Stage.PUBLIC)
