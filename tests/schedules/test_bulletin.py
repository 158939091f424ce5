"""The bulletin among the files of an inspection: its figures, its stages, and a template that cannot be used."""

from dataclasses import replace
from pathlib import Path

import docx
import pytest

from reports.bulletin_settings import BulletinSettings
from reports.folder import ReportError
from schedules.inspect import inspect_month
from schedules.office import Office
from schedules.staging import correct, finalize
from tests.monitor.builders import moment
from tests.schedules.offices import an_account, bytes_of, daily, inspect, read_back, register, seen

NAME = "通报-2026-10.docx"
PROOF = "2026-07-01"


def no_progress(_done: int, _total: int) -> None:
    """Show nothing."""


def headers(folder: Path) -> list[str]:
    sections = docx.Document(str(folder / NAME)).sections
    return ["".join(each.text for each in section.header.paragraphs) for section in sections]


def test_it_counts_as_the_other_files_do(office: Office, tmp_path: Path) -> None:
    register(office, an_account("a1"), an_account("a2"), an_account("a3"))
    seen(office, "a1", "11-01 08:00", *daily("10-01", "10-31"), proves=PROOF)
    seen(office, "a2", "11-01 08:00", *daily("10-01", "10-03"), proves=PROOF)
    report = inspect(office, "2026-10", tmp_path)
    assert NAME in [each.name for each in report.files]
    document = docx.Document(str(report.folder / NAME))
    accounts, problems = ([[cell.text for cell in row.cells] for row in each.rows][1:] for each in document.tables[-2:])
    table = read_back(report.folder)
    assert [(row[1], row[2], row[3], row[4], row[5]) for row in accounts] == [
        (
            each["主办单位"],
            f"{each['账号名称']}（{each['平台']}）",
            each["发布条数"],
            each["原创条数"],
            each["检查结果"],
        )
        for each in table.summary
    ]
    grave = [each for each in table.findings if each["核实状态"] == "已核实" and each["问题性质"] in {"否决", "通报"}]
    assert grave
    assert [tuple(row[3:]) for row in problems] == [
        (each["问题类别"], each["问题描述"], each["整改时限"]) for each in grave
    ]


def test_it_is_a_draft_until_it_is_final_and_says_what_it_corrects(office: Office, tmp_path: Path) -> None:
    register(office, an_account("a1"))
    seen(office, "a1", "11-01 08:00", *daily("10-01", "10-31"), proves=PROOF)
    folder = inspect(office, "2026-10", tmp_path).folder
    assert headers(folder) == ["草稿，未定稿"] * 2
    now = moment("11-03 09:00")
    finalize(office, "2026-10", tmp_path, by="王某", now=now, on_progress=no_progress, leave_open=True)
    assert headers(folder) == ["", ""]
    correct(office, "2026-10", tmp_path, by="王某", why="县政府办申诉", now=now, on_progress=no_progress)
    assert headers(folder) == ["草稿，未定稿；更正版（第2版）"] * 2
    finalize(office, "2026-10", tmp_path, by="王某", now=now, on_progress=no_progress, leave_open=True)
    assert headers(folder) == ["更正版（第2版）"] * 2
    lines = [each.text for each in docx.Document(str(folder / NAME)).paragraphs]
    assert "更正版（第2版），更正原因：县政府办申诉" in lines


@pytest.mark.parametrize("name", ["没有.docx", "xunjian.toml"])
def test_a_template_that_cannot_be_used_is_told_before_anything_is_done(
    office: Office, tmp_path: Path, name: str
) -> None:
    (tmp_path / "xunjian.toml").write_text("[office]", encoding="utf-8")
    register(office, an_account("a1"))
    folder = inspect(office, "2026-10", tmp_path / "out").folder
    before = bytes_of(folder)
    wrong = replace(office, bulletin=BulletinSettings(template=tmp_path / name))
    looked: list[int] = []
    with pytest.raises(ReportError, match="^通报模板 .*不能使用"):
        inspect_month(
            wrong,
            "2026-10",
            tmp_path / "out",
            now=moment("11-03 09:00"),
            as_of=None,
            on_progress=lambda done, _: looked.append(done),
        )
    assert looked == []
    assert bytes_of(folder) == before
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["2026-10"]
