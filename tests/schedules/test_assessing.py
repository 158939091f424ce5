"""The annual assessment end to end: from kept inspections to the files of a year."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import delete

from console.reference import shipped_notices, shipped_policy, shipped_scheme
from monitor.findings import Result
from monitor.rechecking import Outcome
from monitor.values import AccountState, Platform
from monitor.workdays import Workdays
from reports.folder import ReportError
from schedules.assessing import Assessment, assess_year
from schedules.office import Office, RequestError
from storage.accounts import save_accounts
from storage.database import Database, open_database
from storage.models import accounts, sources
from tests.monitor.builders import ZONE
from tests.monitor.years import an_account
from tests.schedules.years import UNSEEN, VETO, a_recheck, at, failed, inspected, said, year_of

A, B, C = (
    an_account("a1", "县教育局"),
    an_account("b1", "县公安局"),
    an_account("c1", "县档案馆", platform=Platform.WEIBO),
)
NOW = at("2027-01-10")
IMPORTED = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    database: Database = open_database(f"sqlite:///{tmp_path / 'xunjian.db'}")
    yield Office(
        name="高县人民政府办公室",
        zone=ZONE,
        database=database,
        policy=shipped_policy("gaoxian", {}),
        workdays=Workdays(shipped_notices()),
    )
    database.close()


def register(office: Office, *found: Any) -> None:
    with office.database.begin() as session:
        save_accounts(session, found, IMPORTED)


def run(
    office: Office,
    out: Path,
    year: str = "2026",
    *,
    scheme: str = "national",
    now: datetime = NOW,
    quarters: bool = False,
) -> Assessment:
    return assess_year(office, year, out, shipped_scheme(scheme), now=now, by_quarter=quarters)


def table(done: Assessment, name: str) -> list[dict[str, str]]:
    import csv
    import io

    text = (done.folder / name).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def row(done: Assessment, account_id: str, name: str = "assessment.csv") -> dict[str, str]:
    (found,) = (each for each in table(done, name) if each["账号编号"] == account_id)
    return found


def months(found: dict[str, str]) -> list[str]:
    return [found[f"{number}月"] for number in range(1, 13)]


def test_a_whole_year(office: Office, tmp_path: Path) -> None:
    register(office, A, B, C)
    year_of(office, {A: "PPPPPPPPPPPF", B: "PPPPPPPPPPPP", C: "UUUUUUUUUUUU"})
    done = run(office, tmp_path / "out")
    assert [each.name for each in done.files] == [
        "年度考核-2026.xlsx",
        "assessment.csv",
        "organizers.csv",
        "months.csv",
    ]
    assert done.folder == tmp_path / "out" / "2026"
    found = table(done, "assessment.csv")
    assert [(each["名次"], each["账号编号"], each["得分"], each["年度结论"]) for each in found] == [
        ("1", "b1", "100.0", "合格"),
        ("2", "a1", "91.7", "不合格"),
        ("", "c1", "", "未评定"),
    ]
    assert (found[0]["发布条数"], found[0]["原创条数"], found[0]["原创率"], found[0]["未定稿月份"]) == (
        "120",
        "48",
        "40.0%",
        "",
    )
    assert (found[1]["通报问题数"], found[1]["否决问题数"], found[1]["趋势"]) == ("1", "0", "↓")
    units = table(done, "organizers.csv")
    assert [(each["主办单位"], each["名次"], each["得分"], each["12月合格率"]) for each in units] == [
        ("县公安局", "1", "100.0", "100.0%"),
        ("县教育局", "2", "91.7", "0.0%"),
        ("县档案馆", "", "", ""),
    ]
    assert len(table(done, "months.csv")) == 36


def test_a_veto_costs_all_but_59_points(office: Office, tmp_path: Path) -> None:
    register(office, A, B)
    year_of(office, {A: "PPPPPPPPPPPV", B: "PPPPPPPPPPFF"})
    done = run(office, tmp_path / "out", scheme="hundred")
    assert [(each["账号编号"], each["得分"], each["年度结论"]) for each in table(done, "assessment.csv")] == [
        ("b1", "94.0", "合格"),
        ("a1", "59.0", "不合格"),
    ]


def test_a_year_that_runs_says_up_to_when(office: Office, tmp_path: Path) -> None:
    register(office, A)
    year_of(office, {A: "PP-P--------"}, final=False)
    done = run(office, tmp_path / "out", now=at("2026-05-20"))
    assert months(row(done, "a1")) == ["合格", "合格", "未检查", "合格"] + ["未到期"] * 8
    assert row(done, "a1")["未定稿月份"] == "1月、2月、4月"
    assert [each["月份"] for each in table(done, "months.csv")] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    march = table(done, "months.csv")[2]
    assert (march["检查结果"], march["发布条数"], march["是否定稿"], march["提醒次数"]) == ("未检查", "", "", "0")
    title = openpyxl.load_workbook(done.files[0])["年度汇总-单位"]["A1"].value
    assert title == "高县人民政府办公室2026年度（截至2026年4月30日）政务新媒体考核（主办单位）"


def test_an_inspection_of_the_running_month_counts_and_is_said_to_be_part(office: Office, tmp_path: Path) -> None:
    register(office, A, B)
    inspected(office.database, "2026-05", said(A), until=date(2026, 5, 12), final=False)
    done = run(office, tmp_path / "out", now=at("2026-05-20"))
    assert months(row(done, "a1"))[3:6] == ["未检查", "合格", "未到期"]
    assert months(row(done, "b1"))[3:6] == ["未检查", "未检查", "未到期"]
    (only,) = done.report.months
    assert (only.is_whole, only.last_day) == (False, date(2026, 5, 12))


def test_renamed_moved_and_closed_accounts(office: Office, tmp_path: Path) -> None:
    register(office, A, replace(B, state=AccountState.CLOSED, closed=date(2026, 3, 15)))
    old = replace(A, name="旧名丨“原”😀", organizer="县教体局")
    inspected(office.database, "2026-01", said(old), said(B))
    inspected(office.database, "2026-02", said(A), said(B))
    inspected(office.database, "2026-04", said(A), said(B, Result.NOT_APPLICABLE, published=0, original=0))
    done = run(office, tmp_path / "out")
    found = row(done, "a1")
    assert (found["账号名称"], found["主办单位"]) == ("账号a1", "县教育局")
    assert found["备注"] == "曾用名称：旧名丨“原”😀；曾属主办单位：县教体局"
    assert months(row(done, "b1")) == ["合格", "合格", "未检查"] + ["不适用"] * 9


def test_an_account_that_left_the_registry_keeps_its_months(office: Office, tmp_path: Path) -> None:
    register(office, A, B)
    inspected(office.database, "2026-01", said(A), said(B))
    inspected(office.database, "2026-02", said(A))
    with office.database.begin() as session:
        session.execute(delete(sources).where(sources.c.account_id == "b1"))
        session.execute(delete(accounts).where(accounts.c.account_id == "b1"))
    found = row(run(office, tmp_path / "out"), "b1")
    assert months(found)[:3] == ["合格", "未检查", "未检查"]
    assert (found["主办单位"], found["备注"]) == ("县公安局", "已不在备案台账中，名称和单位为1月检查时的")


def test_days_to_rectify_count_from_the_time_point_into_the_next_year(office: Office, tmp_path: Path) -> None:
    register(office, A)
    inspected(office.database, "2026-01", failed(A, "2026-01"))
    inspected(
        office.database, "2026-02", said(A), rechecks=[a_recheck(A, "2026-01", Outcome.RECTIFIED, date(2026, 2, 10))]
    )
    inspected(office.database, "2026-11", failed(A, "2026-11"))
    inspected(office.database, "2026-12", failed(A, "2026-12", "GX-01", VETO))
    later = [
        a_recheck(A, "2026-11", Outcome.NOT_RECTIFIED),
        a_recheck(A, "2026-12", Outcome.RECTIFIED, date(2027, 1, 5), code="GX-01"),
        a_recheck(A, "2026-12", Outcome.NOT_RECTIFIED),  # of a finding that December no longer has
    ]
    inspected(office.database, "2027-01", said(A), rechecks=later)
    found = row(run(office, tmp_path / "out", now=at("2027-02-20")), "a1")
    assert (found["已整改数"], found["未整改数"], found["平均整改天数"], found["最长整改天数"]) == (
        "2",
        "1",
        "7.5",
        "10",
    )


def test_amends_whose_day_nobody_knows_have_no_days(office: Office, tmp_path: Path) -> None:
    register(office, A)
    inspected(office.database, "2026-01", failed(A, "2026-01"))
    inspected(office.database, "2026-02", said(A), rechecks=[a_recheck(A, "2026-01", Outcome.RECTIFIED)])
    found = row(run(office, tmp_path / "out"), "a1")
    assert (found["已整改数"], found["平均整改天数"], found["最长整改天数"]) == ("1", "", "")


def test_quarters_are_written_when_asked_for_and_kept_up_to_date(office: Office, tmp_path: Path) -> None:
    register(office, A, B, C)
    year_of(office, {A: "PFP---------", B: "RRR---------", C: "PPP---------"})
    done = run(office, tmp_path / "out", quarters=True)
    first = table(done, "quarters.csv")[:3]
    assert [(each["平台"], each["应检查数"], each["检查数"], each["检查比例"], each["合格率"]) for each in first] == [
        ("微信公众号", "2", "1", "50.0%", "0.0%"),
        ("新浪微博", "1", "1", "100.0%", "100.0%"),
        ("合计", "3", "2", "66.6%", "50.0%"),
    ]
    assert first[0]["备注"] == "已检查1月、2月、3月"
    assert table(done, "quarters.csv")[-1]["备注"] == "10月、11月、12月未检查"
    inspected(office.database, "2026-04", said(A), said(B), said(C))
    again = table(run(office, tmp_path / "out"), "quarters.csv")
    assert again[5]["检查数"] == "3"


def test_the_same_data_give_the_same_bytes(office: Office, tmp_path: Path) -> None:
    register(office, A, B)
    year_of(office, {A: "PPPPPPPPPPPF", B: "PPPUPPPPPPPP"})
    first, second = (run(office, tmp_path / name, quarters=True) for name in ("one", "two"))
    assert [each.read_bytes() for each in first.files] == [each.read_bytes() for each in second.files]


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        ("abc", "考核年度“abc”写法不正确；应为四位数的年份，例如 2027。"),
        ("2026-10", "考核年度“2026-10”写法不正确"),
        ("２０２６", "考核年度“２０２６”写法不正确"),
        ("2028", "考核年度 2028 年尚未开始，不能考核；请指定已经开始的年份，例如 2027。"),
        ("2025", "2025年还没有已完成的月度检查，不能考核；请先检查各月，例如运行 xunjian inspect 2025-01。"),
    ],
)
def test_years_that_cannot_be_assessed(office: Office, tmp_path: Path, year: str, sentence: str) -> None:
    inspected(office.database, "2026-01", said(A, UNSEEN))
    with pytest.raises(RequestError) as raised:
        run(office, tmp_path / "out", year)
    assert sentence in str(raised.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written(office: Office, tmp_path: Path) -> None:
    inspected(office.database, "2026-01", said(A))
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(ReportError, match="文件未能写成"):
        run(office, tmp_path / "out")


def test_many_accounts_of_one_unit_and_one_of_another(office: Office, tmp_path: Path) -> None:
    many = [an_account(f"m{number:02}", "县融媒体中心") for number in range(80)]
    register(office, *many, A)
    inspected(office.database, "2026-01", failed(many[0], "2026-01"), *map(said, many[1:]), said(A))
    found = table(run(office, tmp_path / "out"), "organizers.csv")
    assert [(each["主办单位"], each["账号数"], each["得分"]) for each in found] == [
        ("县教育局", "1", "100.0"),
        ("县融媒体中心", "80", "98.8"),
    ]


def test_an_office_without_accounts_of_its_own_yet(office: Office, tmp_path: Path) -> None:
    inspected(office.database, "2026-01")
    done = run(office, tmp_path / "out", quarters=True)
    assert table(done, "assessment.csv") == []
    assert table(done, "quarters.csv")[0]["检查比例"] == ""
