"""Evidence of a finding as a folder: whole, masked, true to what the inspection said."""

import csv
import gzip
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.errors import XunjianError
from monitor.visits import Exchange, Outcome
from reports.dossier_folder import FILES
from schedules.evidence import archive_of, export, find_findings, prune
from schedules.office import Office
from storage.records import keep_visit
from storage.visits import save_visit
from tests.monitor.builders import moment
from tests.schedules.offices import a_visit, an_account, an_item, an_office, inspect, register, seen, sources

PAGE = (
    "<html><head><title>列表</title><script>alert('x')</script></head><body onload=\"go()\">"
    '<a href="http://county.example/13812341234.html">通知</a> 联系人13812341234'
    '<a href="javascript:alert(1)">点</a></body></html>'
).encode()


@pytest.fixture
def kept(office: Office, tmp_path: Path) -> Office:
    """One account, silent in the second half of October; its visits are kept, one post was edited later."""
    office = an_office(office.database, evidence=tmp_path / "evidence")
    register(office, an_account("a1"))
    looked(office, "10-12 09:00", an_item("p1", "10-05 09:30"), proves="09-01 00:00")
    looked(office, "11-01 09:00", an_item("p1", "10-05 09:30"), proves="10-04 00:00")
    inspect(office, "2026-10", tmp_path / "out")
    return office


def looked(office: Office, at: str, *items: object, body: bytes = PAGE, **more: object) -> None:
    source = sources(office)["a1"]
    exchange = Exchange(
        url=source.url,
        at=moment(at),
        status=200,
        headers=(("Content-Type", "text/html"), ("Set-Cookie", "s=1")),
        body=body,
    )
    visit = a_visit(source, at, *items, exchanges=(exchange,), **more)  # type: ignore[arg-type]
    with office.database.begin() as session:
        saved = save_visit(session, visit, office.zone)
        keep_visit(session, archive_of(office), visit, saved.visit_id)


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


def checked(*files: Path) -> None:
    """``warcio check`` finds nothing wrong."""
    program = Path(sys.executable).with_name("warcio")
    ran = subprocess.run([program, "check", *files], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "")


def position(office: Office, code: str) -> str:
    found = find_findings(office, f"2026-10/a1/{code}")[0]
    return f"2026-10/{found.position}"


def test_a_finding_becomes_a_folder(kept: Office, tmp_path: Path) -> None:
    out = tmp_path / "佐证"
    done = export(kept, position(kept, "GX-03"), out)
    assert {path.name for path in out.iterdir()} == set(FILES)
    assert (done.answers, done.missing) == (2, ())
    page = (out / "问题.html").read_text(encoding="utf-8")
    (said,) = find_findings(kept, "2026-10/a1/GX-03")
    assert said.description in page
    assert said.payload["clause"] in page
    assert "<script" not in page
    told = json.loads((out / "问题.json").read_text(encoding="utf-8"))
    assert told["number"] == f"2026-10/{said.position}"
    assert [each["visit_id"] for each in told["visits"]] == [1, 2]
    assert rows(out / "采集记录.csv")[0]["采集结果"].startswith("采集成功")
    checked(out / "记录.warc.gz", *kept.evidence.glob("*.gz"))  # type: ignore[union-attr]


def test_personal_numbers_and_scripts_are_gone_from_every_file(kept: Office, tmp_path: Path) -> None:
    out = tmp_path / "佐证"
    export(kept, position(kept, "GX-03"), out)
    pages = sorted((out / "页面").iterdir())
    text = pages[0].read_text(encoding="utf-8")
    assert "138****1234" in text
    assert "http://county.example/13812341234.html" in text
    assert "取自" in text
    assert not any(word in text for word in ("<script", "onload", "javascript:", "联系人13812341234"))
    warc = gzip.decompress((out / "记录.warc.gz").read_bytes()).decode()
    assert "联系人138****1234" in warc
    assert "联系人13812341234" not in warc
    assert "Set-Cookie" not in warc
    assert "Personal numbers are masked" in warc


def test_what_the_inspection_said_outlives_later_changes(kept: Office, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    number = position(kept, "YC-01")
    export(kept, number, before)
    looked(
        kept,
        "11-05 09:00",
        an_item("p1", "10-05 09:30", "改过的标题"),
        an_item("late", "10-20 09:30"),
        proves="10-04 00:00",
    )
    export(kept, number, after)
    old, new = (json.loads((each / "问题.json").read_text(encoding="utf-8")) for each in (before, after))
    assert old["finding"] == new["finding"]
    assert [each["title"] for each in new["posts"]] == [each["title"] for each in old["posts"]]
    edited = [each for each in new["posts"] if each["key"] == "p1"]
    assert [[one["title"] for one in each["versions"]] for each in edited] == [["关于p1的通知", "改过的标题"]] * len(
        edited
    )


def test_exporting_again_replaces_and_another_finding_is_not_overwritten(kept: Office, tmp_path: Path) -> None:
    out = tmp_path / "佐证"
    export(kept, position(kept, "GX-03"), out)
    first = (out / "问题.html").read_bytes()
    export(kept, position(kept, "GX-03"), out)
    assert (out / "问题.html").read_bytes() == first
    with pytest.raises(XunjianError, match="不会覆盖"):
        export(kept, position(kept, "YC-01"), out)
    (out / "批注.docx").write_text("own")
    with pytest.raises(XunjianError, match="别的内容（批注.docx）"):
        export(kept, position(kept, "GX-03"), out)
    assert (out / "问题.html").read_bytes() == first
    assert not [each for each in tmp_path.iterdir() if ".xunjian-" in each.name]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        pytest.param("2026-10", "请用“年-月/序号”指明", id="a whole month"),
        pytest.param("2026-10/999", "该月问题清单共", id="no such number"),
        pytest.param("2026-09/1", "没有检查结果", id="no inspection"),
        pytest.param("2026-10/a1/ZZ-99", "没有找到问题", id="no such rule"),
        pytest.param("2026-13/1", "写法不正确", id="no such month"),
        pytest.param("2026-10/a1/x/y", "写法不正确", id="another way of writing"),
        pytest.param("", "写法不正确", id="nothing"),
    ],
)
def test_a_finding_that_cannot_be_found(kept: Office, tmp_path: Path, name: str, sentence: str) -> None:
    with pytest.raises(XunjianError, match=sentence):
        export(kept, name, tmp_path / "佐证")
    assert not (tmp_path / "佐证").exists()


def test_a_rule_with_two_rows_asks_for_the_number(kept: Office, tmp_path: Path) -> None:
    assert len(find_findings(kept, "2026-10/a1/YC-01")) == 2
    with pytest.raises(XunjianError, match="对应2个问题：2026-10/"):
        export(kept, "2026-10/a1/yc-01", tmp_path / "佐证")


def test_missing_answers_are_named(kept: Office, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "evidence")
    done = export(kept, position(kept, "GX-03"), tmp_path / "佐证")
    assert done.answers == 0
    assert any("原件未能附上" in each for each in done.missing)
    assert "原件未能附上" in (tmp_path / "佐证" / "问题.html").read_text(encoding="utf-8")
    assert not (tmp_path / "佐证" / "记录.warc.gz").exists()


def test_answers_from_before_they_were_kept_are_named(office: Office, tmp_path: Path) -> None:
    register(office, an_account("a1"))
    seen(office, "a1", "11-01 09:00", proves="09-01 00:00")
    inspect(office, "2026-10", tmp_path / "out")
    done = export(office, position(office, "GX-03"), tmp_path / "佐证")
    assert any("没有保存原件" in each for each in done.missing)


def test_pruning_keeps_what_findings_rest_on(kept: Office, tmp_path: Path) -> None:
    looked(kept, "10-20 09:00", body=b"<p>other", outcome=Outcome.EMPTY)
    done = prune(kept, now=moment("11-22 10:00").replace(year=2028))
    assert done.removed >= 1
    assert done.kept >= 1
    assert export(kept, position(kept, "GX-03"), tmp_path / "佐证").answers >= 1
    with pytest.raises(XunjianError, match="太短"):
        prune(kept, now=moment("11-22 10:00"), keep_days=3)
