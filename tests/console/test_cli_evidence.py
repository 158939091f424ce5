"""The evidence commands over an office in a folder."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.visits import Exchange
from storage.archive import Archive
from storage.database import open_database
from storage.records import keep_visit
from storage.sources import sources_of
from storage.visits import save_visit
from tests.console.conftest import HEADER, Xunjian
from tests.console.registries import written
from tests.storage.values import ZONE, a_visit


@pytest.fixture
def inspected(office: Path, xunjian: Xunjian) -> Path:
    """An office whose one account was silent in October 2025, which a kept visit proves."""
    written(office, f"{HEADER},采集地址", "A,甲,政府网站,单位,https://county.example/feed")
    assert xunjian("accounts", "import", "accounts.csv").status == 0
    database = open_database(f"sqlite:///{office / 'xunjian.db'}")
    at = datetime(2025, 11, 1, 1, tzinfo=UTC)
    with database.begin() as session:
        (source,) = sources_of(session, None)
        exchange = Exchange(url=source.url, at=at, status=200, body="<p>联系13812341234".encode())
        proof = ((datetime(2025, 8, 1, tzinfo=UTC) - datetime(2026, 10, 1, tzinfo=UTC)).total_seconds() / 3600,)
        visit = a_visit(source, at, exchanges=(exchange,), status=200, proof=(*proof, -24 * 333.0))
        saved = save_visit(session, visit, ZONE)
        keep_visit(session, Archive(office / "evidence", ZONE), visit, saved.visit_id)
    database.close()
    assert xunjian("inspect", "2025-10").status == 0
    return office


def test_a_finding_is_listed_and_exported(inspected: Path, xunjian: Xunjian) -> None:
    listed = xunjian("evidence", "list", "2025-10/A/GX-03")
    assert listed.status == 0
    name = listed.out.split("\n")[-3].split()[0] if "2025-10/" in listed.out else ""
    number = next(word for word in listed.out.split() if word.startswith("2025-10/"))
    assert name in ("", number)
    ran = xunjian("evidence", "export", number, "--out", "佐证")
    assert (ran.status, ran.err) == (0, "")
    assert f"已导出 {number} 的佐证，采集原件1份" in ran.out
    told = json.loads((inspected / "佐证" / "问题.json").read_text(encoding="utf-8"))
    assert told["finding"]["问题编号"] == "GX-03"
    assert "138****1234" in (inspected / "佐证" / "页面" / "001.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(("export", "2025-10/99", "--out", "佐证"), "没有找到问题", id="no such finding"),
        pytest.param(("export", "甲", "--out", "佐证"), "写法不正确", id="not a finding"),
        pytest.param(("export", "2025-10/1"), "--out", id="no folder"),
        pytest.param(("prune", "--keep-days", "1"), "至少为 31 天", id="too few days"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    inspected: Path, xunjian: Xunjian, arguments: tuple[str, ...], sentence: str
) -> None:
    ran = xunjian("evidence", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
    assert not (inspected / "佐证").exists()


def test_pruning_keeps_the_finding(inspected: Path, xunjian: Xunjian) -> None:
    for arguments in (("--dry-run",), ("--keep-days", "100")):
        ran = xunjian("evidence", "prune", *arguments)
        assert ran.status == 0
        assert "0个文件中的0条原件" in ran.out
    number = next(word for word in xunjian("evidence", "list", "2025-10").out.split() if word.startswith("2025-10/"))
    assert "采集原件1份" in xunjian("evidence", "export", number, "--out", "佐证").out
