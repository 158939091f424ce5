"""What leaves the store of a kept answer: texts masked, workbooks as text, nothing packed that nobody can mask."""

import gzip
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import delete, insert

from monitor.values import Article, Precision, Stated
from monitor.visits import Exchange, Outcome, PageVisit
from schedules.evidence import archive_of, export
from schedules.evidence_answers import masked_body, shown_body
from schedules.office import Office
from schedules.reporting import import_report
from storage.models import finding_visits
from storage.pages import save_page
from storage.records import keep_visit, records_of
from storage.visits import save_visit
from storage.warc import members
from tests.monitor.builders import moment
from tests.schedules.offices import a_visit, an_account, an_office, inspect, read_back, register, sources
from tests.schedules.test_evidence import checked

MOBILE = "13812341234"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICTURE = b"\x89PNG\r\n\x1a\n 13812341234 \xff"


def workbook(*rows: tuple[str | int, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("名单.txt", MOBILE)
    return stream.getvalue()


REPORT = workbook(
    ("账号编号", "发布时间", "标题", "链接", "联系电话"),
    ("a1", "2026-10-05 09:30", "通知", "https://x.example/1", int(MOBILE)),
)


@pytest.mark.parametrize(
    ("body", "content_type", "shown", "as_type"),
    [
        pytest.param(b"<p>x", "text/html", b"<p>x", "text/html", id="a page"),
        pytest.param(PICTURE, "image/png", PICTURE, "image/png", id="a picture"),
        pytest.param(
            workbook(("甲", "乙"), ("1", int(MOBILE))),
            XLSX,
            f"甲,乙\r\n1,{MOBILE}\r\n".encode(),
            "text/csv; charset=utf-8",
            id="a workbook",
        ),
        pytest.param(zipped(), "application/zip", b"", "application/zip", id="another packed file"),
        pytest.param(b"%PDF-1.7 stream", "application/pdf", b"", "application/pdf", id="a document"),
        pytest.param(b"\x1f\x8b\x08packed", "", b"", "", id="gzip"),
    ],
)
def test_what_is_shown_of_a_body(body: bytes, content_type: str, shown: bytes, as_type: str) -> None:
    assert shown_body(body, content_type) == (shown, as_type)


def test_a_text_of_another_encoding_stays_in_it() -> None:
    assert masked_body(f"电话{MOBILE}".encode("gb18030")) == "电话138****1234".encode("gb18030")


@pytest.fixture
def ready(office: Office, tmp_path: Path) -> Office:
    found = an_office(office.database, evidence=tmp_path / "evidence")
    register(found, an_account("a1", name="高县发布"), an_account("a2", name="高县融媒"))
    return found


def taken(office: Office, body: bytes, name: str, at: str = "10-20 12:00") -> None:
    import_report(office, name, body, account_id=None, by="", now=moment(at))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param("上报.xlsx", REPORT, id="workbook"),
        pytest.param(
            "上报 1.csv",
            f"账号编号,发布时间,标题,链接,联系电话\r\na1,2026-10-05 09:30,通知,https://x.example/1,{MOBILE}\r\n".encode(
                "gbk"
            ),
            id="csv",
        ),
    ],
)
def test_an_imported_report_is_kept_and_exported_masked(ready: Office, tmp_path: Path, name: str, body: bytes) -> None:
    taken(ready, body, name)
    with ready.database.read() as session:
        (filed,) = records_of(session, [1])
    found = archive_of(ready).read(filed.kept.file, filed.kept.offset)
    assert (found.url.replace("%20", " "), found.status, found.body) == (f"report:{name}", 200, body)
    checked(*archive_of(ready).files())
    rests_on_all(ready, tmp_path)
    told = json.loads((tmp_path / "佐证" / "问题.json").read_text(encoding="utf-8"))
    (answer,) = told["answers"]
    assert answer["url"].startswith("report:上报")
    page = (tmp_path / "佐证" / answer["file"]).read_text(encoding="utf-8")
    assert page.startswith("导入的自查上报，第1次采集：2026-10-20 12:00:00 取自 report:")
    assert "https://x.example/1,138****1234" in page
    checked(tmp_path / "佐证" / "记录.warc.gz")
    assert MOBILE.encode() not in whole(tmp_path / "佐证" / "记录.warc.gz")


def rests_on_all(office: Office, tmp_path: Path) -> None:
    """Inspect, and export the first finding, which rests on the first visit."""
    inspect(office, "2026-10", tmp_path / "out")
    with office.database.begin() as session:
        session.execute(delete(finding_visits))
        session.execute(insert(finding_visits), {"inspection_id": 1, "position": 1, "visit_id": 1})
    export(office, "2026-10/1", tmp_path / "佐证")


def whole(file: Path) -> bytes:
    assert list(members(file))
    return gzip.decompress(file.read_bytes())


def test_a_report_of_several_accounts_is_kept_once(ready: Office) -> None:
    rows = [
        "账号编号,发布时间,标题,链接",
        *(f"{each},2026-10-05,通知,https://x.example/{each}" for each in ("a1", "a2")),
    ]
    taken(ready, "\r\n".join(rows).encode(), "上报.csv")
    with ready.database.read() as session:
        first, second = records_of(session, [1, 2])
    assert (first.visit_id, first.kept.revisit_of) == (1, None)
    assert (second.visit_id, second.kept.revisit_of) == (2, first.kept.record_id)
    checked(*archive_of(ready).files())


def test_an_office_that_keeps_no_answers_takes_reports_all_the_same(office: Office) -> None:
    register(office, an_account("a1"))
    taken(office, REPORT, "上报.xlsx")
    with office.database.read() as session:
        assert records_of(session, [1]) == []


def test_a_report_that_is_fetched_is_kept_like_any_answer(ready: Office, tmp_path: Path) -> None:
    source = sources(ready)["a1"]
    exchange = Exchange(url=source.url, at=moment("10-20 12:00"), status=200, body=REPORT)
    visit = a_visit(source, "10-20 12:00", exchanges=(exchange,))
    with ready.database.begin() as session:
        saved = save_visit(session, visit, ready.zone)
        keep_visit(session, archive_of(ready), visit, saved.visit_id)
    rests_on_all(ready, tmp_path)
    assert "138****1234" in (tmp_path / "佐证" / "页面" / "001.txt").read_text(encoding="utf-8")
    assert MOBILE.encode() not in whole(tmp_path / "佐证" / "记录.warc.gz")


def test_how_a_report_is_contradicted_stands_in_every_file(ready: Office, tmp_path: Path) -> None:
    link = "https://mp.weixin.qq.com/s/abcdefgh1"
    taken(ready, f"账号编号,发布时间,标题,链接\r\na1,2026-10-05 09:30,通知,{link}".encode(), "上报.csv")
    said = Stated(at=moment("10-06 10:00"), precision=Precision.MINUTE, raw="2026-10-06 10:00", form="ymd hm")
    page = PageVisit(
        account_id="a1",
        key="wechat:s:abcdefgh1",
        url=link,
        lane="mp.weixin.qq.com",
        started_at=moment("10-21 09:00"),
        ended_at=moment("10-21 09:00"),
        outcome=Outcome.NEW,
        article=Article(title="通知", account="高县发布", stated=said),
    )
    with ready.database.begin() as session:
        save_page(session, page, ready.zone)
    source = sources(ready)["a1"]
    silent = a_visit(source, "11-01 09:00", proves="09-01 00:00")
    with ready.database.begin() as session:
        save_visit(session, silent, ready.zone)
    inspect(ready, "2026-10", tmp_path / "out")
    why = "页面的发布时间为2026年10月6日10:00，与上报的2026年10月5日09:30不符"
    written = read_back(tmp_path / "out" / "2026-10")
    assert [each["状态"] for each in written.posts] == [f"与自查上报不符（{why}）、发布时间被改动"]
    assert [each["contradiction"] for each in written.account("a1")["posts"]] == [why]
    (row,) = (each for each in written.findings if (each["账号编号"], each["问题编号"]) == ("a1", "GX-06"))
    with ready.database.begin() as session:
        save_page(session, replace(page, started_at=moment("11-10 09:00"), outcome=Outcome.TIMEOUT), ready.zone)
    export(ready, f"2026-10/{row['序号']}", tmp_path / "佐证")
    told = json.loads((tmp_path / "佐证" / "问题.json").read_text(encoding="utf-8"))
    assert [each["state"] for each in told["posts"]] == [f"与自查上报不符（{why}）、发布时间被改动"]
    assert why in (tmp_path / "佐证" / "问题.html").read_text(encoding="utf-8")
