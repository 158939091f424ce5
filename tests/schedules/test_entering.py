"""Findings that people enter, their files, and what they found when looking again."""

import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.findings import Severity
from monitor.rechecking import Outcome
from schedules.attaching import LARGEST, attach, attached_file, attachment_folder
from schedules.entering import NewFinding, add_finding, rectified
from schedules.finding_in_full import finding_in_full
from schedules.office import Office, RequestError
from schedules.reviewing import reviewed_month
from storage.attachments import Attachment
from tests.monitor.builders import day, moment
from tests.schedules.offices import an_office, inspect, read_back
from tests.schedules.reviews import LATER, MONTH, county

NOW = moment(LATER)


@pytest.fixture
def ready(office: Office, tmp_path: Path) -> Office:
    return county(an_office(office.database, evidence=tmp_path / "evidence"), tmp_path)


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    file = tmp_path / "截图.PNG"
    file.write_bytes(b"picture")
    return file


def new(**changes: object) -> NewFinding:
    given: dict[str, object] = {
        "account_id": "a3",
        "code": "HD-01",
        "window": "2026-10-12",
        "text": "留言功能\n无法使用",
        "by": "张三",
    }
    return NewFinding(**given | changes)  # type: ignore[arg-type]


def test_an_entered_finding_fails_its_account_and_keeps_its_file(ready: Office, tmp_path: Path, shot: Path) -> None:
    added = add_finding(ready, new(files=(shot,)), now=NOW)
    (file,) = added.files
    assert file.digest == sha256(b"picture").hexdigest()
    kept = attached_file(attachment_folder(ready), file)
    assert kept == tmp_path / "evidence" / "attachments" / file.digest[:2] / f"{file.digest}.png"
    assert kept.read_bytes() == b"picture"
    assert reviewed_month(ready, None).inspection.stage == "复核中"
    inspect(ready, MONTH, tmp_path, now="11-03 12:00")
    written = read_back(tmp_path / MONTH)
    assert written.of("a3")["检查结果"] == "不合格"
    row = written.finding("a3", "HD-01")
    assert (row["问题描述"], row["问题性质"]) == ("留言功能 无法使用", "否决")
    assert "截图.PNG" in row["佐证"]
    (noted,) = finding_in_full(ready, f"a3:HD-01:人工{added.entered.number}", None).entered
    assert noted.files == added.files


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({}, "须附佐证；请用 --evidence", id="no file"),
        pytest.param({"code": "NR-01", "severity": Severity.BULLETIN}, "须附佐证", id="no file for a raised one"),
        pytest.param({"code": "CJ-01"}, "CJ-01 未能核验是没有采集到的时段，不能录入", id="what was not seen"),
        pytest.param({"code": "GX-04"}, "没有“GX-04”这个问题编号", id="a reminder"),
        pytest.param({"code": "HD-1"}, "是否为“HD-01 未提供有效互动功能”", id="a mistyped code"),
        pytest.param({"account_id": "a9"}, "账号编号“a9”不在备案台账中", id="an unknown account"),
        pytest.param({"code": "NR-02", "window": "2026-11-04"}, "还没有过去（今天是2026-11-03）", id="to come"),
        pytest.param({"code": "NR-02", "window": "昨天"}, "--window “昨天”写法不正确", id="no window"),
        pytest.param({"code": "NR-02", "window": ""}, "--window “”写法不正确", id="nothing"),
        pytest.param({"code": "NR-02", "by": " "}, "--by 不能为空", id="nobody"),
        pytest.param({"code": "NR-02", "text": " "}, "--text 不能为空", id="no text"),
        pytest.param({"code": "NR-02", "text": "长" * 2001}, "--text 有2001字，最多2000字", id="a long text"),
        pytest.param({"code": "NR-02", "url": "javascript:1"}, "不是网址", id="no link"),
        pytest.param({"files": (Path("没有.png"),)}, "没有附件 没有.png 这个文件", id="no such file"),
    ],
)
def test_what_cannot_be_entered_is_said(ready: Office, changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        add_finding(ready, new(**changes), now=NOW)
    with pytest.raises(RequestError, match="没有 a3:HD-01 这个问题"):
        finding_in_full(ready, "a3:HD-01", None)


def test_the_same_is_not_entered_twice(ready: Office) -> None:
    add_finding(ready, new(code="NR-02"), now=NOW)
    with pytest.raises(RequestError, match="同样的问题已由张三录入（a3:NR-02:人工1）"):
        add_finding(ready, new(code="NR-02", by="李四"), now=NOW)
    add_finding(ready, new(code="NR-02", text="另一处"), now=NOW)


def test_a_finding_of_a_month_that_was_not_inspected_waits_for_it(ready: Office) -> None:
    added = add_finding(ready, new(code="NR-02", window="2026-11-02"), now=NOW)
    assert not added.is_final


def test_the_same_content_is_kept_once_and_mends_what_was_damaged(ready: Office, tmp_path: Path, shot: Path) -> None:
    twin = tmp_path / "另一个.jpg"
    twin.write_bytes(b"picture")
    files = attach(ready, [shot, twin, shot], NOW)
    assert [each.name for each in files] == ["截图.PNG", "另一个.jpg"]
    folder = attachment_folder(ready)
    (kept,) = (each for each in folder.rglob("*") if each.is_file())
    kept.write_bytes(b"pict")
    attach(ready, [twin], NOW)
    assert [each.read_bytes() for each in folder.rglob("*") if each.is_file()] == [b"picture"]
    assert attached_file(folder, Attachment(name="x", digest="f" * 64, size=1)) is None


def test_files_that_cannot_be_attached(ready: Office, tmp_path: Path, shot: Path) -> None:
    empty, large = tmp_path / "empty.png", tmp_path / "large.png"
    empty.touch()
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    for file_, sentence in ((empty, "是空文件"), (large, "超过 50 MB"), (tmp_path, "不是普通文件")):
        with pytest.raises(RequestError, match=sentence):
            attach(ready, [shot, file_], NOW)
    assert not attachment_folder(ready).exists()  # nothing is copied before all were looked at


def test_without_a_folder_of_evidence_nothing_is_attached(office: Office, shot: Path) -> None:
    with pytest.raises(RequestError, match=r"请在 xunjian.toml 的 \[evidence\] folder 中写明"):
        attach(office, [shot], NOW)
    assert attach(office, [], NOW) == ()


def test_a_copy_that_cannot_be_written_leaves_nothing(ready: Office, tmp_path: Path, shot: Path) -> None:
    (tmp_path / "evidence").write_text("a file where the folder should be")
    with pytest.raises(RequestError, match="未能保存到.*没有录入任何内容"):
        add_finding(ready, new(files=(shot,)), now=NOW)


def test_what_a_killed_copy_left_goes_after_a_day(ready: Office, shot: Path) -> None:
    folder = attachment_folder(ready)
    folder.mkdir(parents=True)
    old, fresh = folder / ".partial-old", folder / ".partial-fresh"
    for each, age in ((old, timedelta(days=2)), (fresh, timedelta(hours=1))):
        each.write_bytes(b"half")
        os.utime(each, (NOW.timestamp() - age.total_seconds(),) * 2)
    attach(ready, [shot], NOW)
    assert (old.exists(), fresh.exists()) == (False, True)


def again(office: Office, name: str = "a1:GX-03", **changes: object) -> None:
    given: dict[str, object] = {
        "month": MONTH,
        "outcome": Outcome.RECTIFIED,
        "on": day("11-02"),
        "by": "张三",
        "note": "已恢复更新",
        "now": NOW,
    }
    rectified(office, name, **given | changes)  # type: ignore[arg-type]


def test_what_a_person_found_when_looking_again_is_kept(ready: Office) -> None:
    again(ready)
    again(ready, outcome=Outcome.NOT_RECTIFIED, note="又停更")
    said = finding_in_full(ready, "a1:GX-03", None).said
    assert [(each.outcome, each.note) for each in said] == [("已整改", "已恢复更新"), ("未整改", "又停更")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param(
            {"name": "a3:GX-03"}, "没有 a3:GX-03 这个问题，不能登记整改情况；该账号当月的问题：无。", id="none"
        ),
        pytest.param({"name": "a1:YC-01"}, "（通报，待复核）没有整改时限", id="not proven"),
        pytest.param({"month": "2026-09"}, "2026-09 还没有检查过；请用 --month", id="another month"),
        pytest.param({"on": day("11-04")}, "--on 2026-11-04 还没有到", id="to come"),
        pytest.param({"on": day("10-01")}, "早于该问题发生的时段（2026-10-05 起）", id="before it"),
        pytest.param({"by": ""}, "--by 不能为空", id="nobody"),
        pytest.param({"note": ""}, "--note 不能为空", id="no note"),
    ],
)
def test_what_cannot_have_been_rectified_is_said(ready: Office, changes: dict[str, object], sentence: str) -> None:
    given = dict(changes)
    with pytest.raises(RequestError, match=sentence):
        again(ready, str(given.pop("name", "a1:GX-03")), **given)
