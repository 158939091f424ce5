"""The demonstration shows every verdict of last month, on whatever day it is run, and harms no folder."""

import csv
import io
import json
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from console.demo import run_demo
from console.demo_courses import term_of
from console.demo_folder import MARKER, claim, seal
from console.errors import FileError
from console.reference import shipped_notices
from monitor.workdays import Workdays
from storage.models import UNREAD

BEIJING = ZoneInfo("Asia/Shanghai")
WORKDAYS = Workdays(shipped_notices())
NOVEMBER = datetime(2026, 11, 22, 9, 30, tzinfo=BEIJING)

GOOD = [
    *("YX-001", "YX-003", "YX-004", "YX-005", "YX-006", "YX-015", "YX-016"),
    *("YX-018", "YX-019", "YX-021", "YX-022", "YX-023"),
]
BROKEN = {
    "YX-002": {"GX-02"},
    "YX-007": {"GX-01", "GX-03", "YC-01"},
    "YX-008": {"GX-03"},
    "YX-009": {"GX-01", "GX-03", "GX-05", "GX-06", "YC-01"},
    "YX-010": {"GX-01", "GX-03", "GX-06", "YC-01"},
    "YX-011": {"YC-01"},
    "YX-020": {"ZZ-01"},
}
RESULTS = (
    dict.fromkeys(GOOD, "合格")
    | dict.fromkeys(BROKEN, "不合格")
    | {"YX-012": "待复核", "YX-013": "未能核验", "YX-014": "未能核验", "YX-017": "不适用", "YX-024": "未能核验"}
)
FINDINGS = (
    {(account_id, code, "已核实") for account_id, codes in BROKEN.items() for code in codes}
    | {("YX-012", "YC-01", "待复核"), ("YX-006", "ZZ-02", "待复核"), ("YX-019", "YC-03", "待复核")}
    | {(account_id, "CJ-01", "未能核验") for account_id in ("YX-013", "YX-014", "YX-024")}
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of one demonstration in November 2026, and what it printed."""
    out = tmp_path_factory.mktemp("shown") / "demo"
    printed = io.StringIO()
    with redirect_stdout(printed):
        assert run_demo(out, NOVEMBER) == 0
    return out, printed.getvalue()


def check_inspection(folder: Path, now: datetime) -> None:
    summary, findings = rows(folder / "summary.csv"), rows(folder / "findings.csv")
    assert {row["账号编号"]: row["检查结果"] for row in summary} == RESULTS
    assert {(row["账号编号"], row["问题编号"], row["核实状态"]) for row in findings} == FINDINGS
    (gx02,) = (row for row in findings if row["问题编号"] == "GX-02")
    assert gx02["问题时段"] == ";".join(map(str, term_of(now.astimezone(BEIJING).date(), WORKDAYS).missed))
    (stale,) = (row for row in findings if row["账号编号"] == "YX-013")
    assert "采集通道停滞" in stale["问题描述"]
    (blocked,) = (row for row in findings if row["账号编号"] == "YX-014")
    assert "访问受限" in blocked["问题描述"]
    covered = {row["账号编号"]: row["采集完整率"] for row in summary}
    seen = ("YX-001", "YX-002", "YX-009", "YX-012", "YX-018", "YX-019", "YX-021", "YX-022")
    assert {covered[each] for each in seen} == {"100.0%"}
    assert {covered[each] for each in ("YX-013", "YX-014", "YX-023", "YX-024")} == {"0.0%"}
    check_posts(folder)


def check_posts(folder: Path) -> None:
    posts = rows(folder / "posts.csv")
    reported = [(row["标题"], row["状态"]) for row in posts if row["账号编号"] == "YX-024"]
    assert [(title, re.sub(r"\d+年\d+月", "", state)) for title, state in reported] == [
        ("云溪县标准厂房招租公告", "自查上报已核实"),
        ("企业服务日活动预告", "仅见于自查上报"),
        (
            "招商小分队赴外地对接项目",
            "与自查上报不符（页面的发布时间为21日12:34，与上报的24日12:34不符）、发布时间被改动",
        ),
    ]
    (deleted,) = (row for row in posts if row["标题"] == "关于调整服务大厅办公时间的通知")
    assert deleted["状态"] == "正常"  # one proof of its deletion is none
    for account_id in ("YX-004", "YX-018", "YX-019", "YX-020", "YX-023"):  # their lists show titles alone
        own = [row for row in posts if row["账号编号"] == account_id]
        assert {row["原创判定"] for row in own} == {"原创", "转载"}
        assert all(len(row["发布时间"]) == len("2026-10-05 09:15") for row in own)


def test_every_verdict_stands_in_the_files(shown: tuple[Path, str]) -> None:
    check_inspection(shown[0] / "inspections" / "2026-10", NOVEMBER)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("now", "month"),
    [
        pytest.param(datetime(2026, 11, 1, 0, 0, 1, tzinfo=BEIJING), "2026-10", id="one second into a month"),
        pytest.param(
            datetime(2026, 1, 31, 23, 59, 50, tzinfo=BEIJING), "2025-12", id="December, at the end of January"
        ),
        pytest.param(datetime(2026, 3, 1, 12, 0, tzinfo=BEIJING), "2026-02", id="Spring Festival, in four weeks"),
        pytest.param(datetime(2024, 3, 31, 7, 0, tzinfo=BEIJING), "2024-02", id="a leap February"),
    ],
)
def test_every_verdict_stands_in_the_files_on_another_day(now: datetime, month: str, tmp_path: Path) -> None:
    assert run_demo(tmp_path / "demo", now) == 0
    check_inspection(tmp_path / "demo" / "inspections" / month, now)


@pytest.mark.slow
def test_in_a_year_without_a_notice_missed_working_days_are_for_a_person_to_judge(tmp_path: Path) -> None:
    assert run_demo(tmp_path / "demo", datetime(2031, 6, 15, 10, 0, tzinfo=BEIJING)) == 0
    folder = tmp_path / "demo" / "inspections" / "2031-05"
    found = {row["账号编号"]: row["检查结果"] for row in rows(folder / "summary.csv")}
    assert found == RESULTS | {"YX-002": "待复核"}
    (gx02,) = (row for row in rows(folder / "findings.csv") if row["问题编号"] == "GX-02")
    assert gx02["核实状态"] == "待复核"
    assert "2031年放假安排未录入" in gx02["问题描述"]


def test_posts_are_first_seen_when_they_were_first_served(shown: tuple[Path, str]) -> None:
    posts = rows(shown[0] / "inspections" / "2026-10" / "posts.csv")
    early = [row for row in posts if row["发布时间"] < "2026-10-20 10:00" and row["账号编号"] == "YX-001"]
    late = [row for row in posts if row["发布时间"] > "2026-10-20 10:00" and row["账号编号"] == "YX-001"]
    assert {row["首次发现时间"][:10] for row in early} == {"2026-10-20"}
    assert {row["首次发现时间"][:10] for row in late} == {"2026-11-22"}


def test_nothing_but_loopback_is_asked(shown: tuple[Path, str]) -> None:
    with closing(sqlite3.connect(shown[0] / "xunjian.db")) as database:
        asked = [
            url for (url,) in database.execute("SELECT final_url FROM visits UNION ALL SELECT final_url FROM pages")
        ]
        due = [url for (url,) in database.execute(f"SELECT url FROM posts WHERE {UNREAD}")]
        tried = database.execute("SELECT count(*) FROM pages WHERE tried_at IS NOT NULL").fetchone()
    assert tried[0] > 100
    assert len(asked) > tried[0]
    assert {urlsplit(url).hostname for url in (*asked, *due)} == {"127.0.0.1"}


def test_what_was_answered_is_kept(shown: tuple[Path, str]) -> None:
    assert {path.name for path in (shown[0] / "evidence").glob("*.warc.gz")} == {
        "2026-10-20.warc.gz",
        "2026-11-22.warc.gz",
    }


def test_a_deleted_post_has_its_first_proof(shown: tuple[Path, str]) -> None:
    with closing(sqlite3.connect(shown[0] / "xunjian.db")) as database:
        found = database.execute(
            "SELECT posts.title, pages.reason FROM pages JOIN posts USING (post_id) WHERE gone_at IS NOT NULL"
        ).fetchall()
    assert sorted(title for title, _ in found) == ["企业服务日活动预告", "关于调整服务大厅办公时间的通知"]
    assert any("该内容已被发布者删除" in reason for _, reason in found)


def test_it_says_what_it_did_and_what_to_do_next(shown: tuple[Path, str]) -> None:
    out, said = shown
    assert "24个账号" in said
    assert said.count("采集23个来源，成功21个，未成功2个") == 2
    assert "2个页面已不存在，隔日再次证实才认定为删除" in said
    for account_id, result in RESULTS.items():
        assert any(account_id in line and result in line for line in said.splitlines()), account_id
    assert str(out / "inspections" / "2026-10") in said
    assert "init office" in said


def test_what_it_says_to_do_next_can_be_done(shown: tuple[Path, str]) -> None:
    out, said = shown
    told = [shlex.split(line) for line in said.splitlines() if line.startswith("  ") and f"--config {out}" in line]
    assert [each[1] for each in told] == ["check", "posts", "evidence"]
    for _, *arguments in told:
        done = subprocess.run(
            [sys.executable, "-m", "console", *arguments], capture_output=True, encoding="utf-8", timeout=100
        )
        assert done.returncode in {0, 1, 3}, done.stderr
        assert done.stderr == ""
    assert (out / "evidence-export").is_dir()


@pytest.mark.slow
def test_a_second_run_starts_afresh_and_leaves_what_it_did_not_write(shown: tuple[Path, str], tmp_path: Path) -> None:
    out = shutil.copytree(shown[0], tmp_path / "demo")
    own = out / "inspections" / "2026-10" / "批注.txt"
    own.write_text("我的批注", encoding="utf-8")
    now = datetime(2025, 10, 31, 16, 30, tzinfo=UTC)  # November in the office
    run_demo(out, now)
    assert own.read_text(encoding="utf-8") == "我的批注"
    assert files_in(out / "inspections" / "2026-10") == {"批注.txt"}
    check_inspection(out / "inspections" / "2025-10", now)


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "accounts.csv"
    own.write_text("账号编号", encoding="utf-8")
    with pytest.raises(FileError, match="里已有别的文件") as raised:
        run_demo(tmp_path, NOVEMBER)
    assert "--out" in str(raised.value)
    assert files_in(tmp_path) == {"accounts.csv"}
    assert own.read_text(encoding="utf-8") == "账号编号"


def test_an_edited_registry_is_not_thrown_away(tmp_path: Path) -> None:
    claim(tmp_path, ["accounts.csv", "xunjian.db"])
    (tmp_path / "accounts.csv").write_text("演示", encoding="utf-8")
    (tmp_path / "xunjian.db").write_text("演示", encoding="utf-8")
    seal(tmp_path, ["accounts.csv"])
    (tmp_path / "accounts.csv").write_text("我的账号", encoding="utf-8")
    (tmp_path / "xunjian.db").write_text("用过", encoding="utf-8")
    with pytest.raises(FileError, match="被改动过"):
        claim(tmp_path, ["accounts.csv", "xunjian.db"])
    assert files_in(tmp_path) == {"accounts.csv", "xunjian.db", MARKER}
    assert (tmp_path / "accounts.csv").read_text(encoding="utf-8") == "我的账号"


def test_files_whose_names_come_later_go_too_and_no_others(tmp_path: Path) -> None:
    claim(tmp_path, ["evidence/*.warc.gz"])
    (tmp_path / "evidence").mkdir()
    for name in ("2026-10-20.warc.gz", "2026-11-22.warc.gz", "摘录.txt"):
        (tmp_path / "evidence" / name).write_text("演示", encoding="utf-8")
    claim(tmp_path, ["evidence/*.warc.gz"])
    assert files_in(tmp_path) == {"evidence/摘录.txt", MARKER}


def test_files_of_a_name_that_comes_later_are_not_taken_for_its_own(tmp_path: Path) -> None:
    claim(tmp_path, ["accounts.csv"])
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "2026-10-20.warc.gz").write_text("我的", encoding="utf-8")
    with pytest.raises(FileError, match="不是演示写出的文件"):
        claim(tmp_path, ["evidence/*.warc.gz"])


def test_a_run_that_was_killed_can_be_repeated(tmp_path: Path) -> None:
    claim(tmp_path, ["accounts.csv", "inspections/2026-10/summary.csv"])
    (tmp_path / "accounts.csv").write_text("半途", encoding="utf-8")
    claim(tmp_path, ["accounts.csv", "inspections/2026-11/summary.csv"])
    assert files_in(tmp_path) == {MARKER}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("不是清单", id="no JSON"),
        pytest.param('["accounts.csv"]', id="another shape"),
        pytest.param(json.dumps({"files": {"../notes.txt": ""}}), id="a file beside the folder"),
        pytest.param(json.dumps({"files": {"/etc/hostname": ""}}), id="a file somewhere else"),
    ],
)
def test_a_list_that_is_not_ours_is_not_followed(content: str, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / MARKER).write_text(content, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("留下", encoding="utf-8")
    with pytest.raises(FileError):
        claim(folder, ["accounts.csv"])
    assert (tmp_path / "notes.txt").exists()
    assert (folder / MARKER).exists()


def test_a_link_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "demo"
    elsewhere.mkdir()
    (elsewhere / "summary.csv").write_text("留下", encoding="utf-8")
    claim(folder, ["inspections/summary.csv"])
    (folder / "inspections").symlink_to(elsewhere)
    with pytest.raises(FileError, match="不是演示写出的文件"):
        claim(folder, ["inspections/summary.csv"])
    assert (elsewhere / "summary.csv").read_text(encoding="utf-8") == "留下"


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("", encoding="utf-8")
    with pytest.raises(FileError, match="无法使用文件夹"):
        claim(tmp_path / "demo", ["accounts.csv"])
