"""Schemes of the annual assessment: what the shipped ones say, and each bad file's sentence."""

import tomllib
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from monitor.findings import Severity
from monitor.schemes import Method, Scheme, SchemeError, Setting, read_scheme

FOLDER = Path(__file__).resolve().parents[2] / "monitor" / "data" / "schemes"


def content(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def shipped(name: str) -> Scheme:
    return read_scheme(content(name), f"{name}.toml")


def test_the_national_scheme_counts_months() -> None:
    scheme = shipped("national")
    assert (scheme.name, scheme.version, scheme.method) == ("national", "1.0", Method.MONTHS)
    assert {key: found.value for key, found in scheme.settings.items()} == {"failed_months": 1, "veto_months": 1}
    assert (scheme.severities, scheme.codes) == ({}, {})
    assert all("国办秘函〔2019〕19号" in clause for _, _, clause in scheme.rows)


def test_the_scheme_of_a_hundred_points_takes_off_by_code_or_severity() -> None:
    scheme = shipped("hundred")
    assert scheme.method is Method.POINTS
    assert [int(scheme.value(key)) for key in ("full", "pass_mark", "veto_ceiling")] == [100, 60, 59]
    assert scheme.deduction("GX-01", Severity.VETO) == 10
    assert scheme.deduction("GX-03", Severity.BULLETIN) == 3
    assert scheme.deduction("GX-06", Severity.BULLETIN) == 5  # a code's own comes first
    assert scheme.deduction("YC-03", Severity.HINT) == 0
    assert scheme.deduction("GX-06", Severity.HINT) == 0  # a person made it a mere hint
    assert scheme.deduction("GX-04", Severity.REMINDER) == 0
    assert [(title, int(value)) for title, value, _ in scheme.rows] == [
        ("满分", 100),
        ("合格分数线", 60),
        ("有否决情形时最高得分", 59),
        ("否决：每月每项扣分", 10),
        ("通报：每月每项扣分", 3),
        ("提示：每月每项扣分", 0),
        ("GX-05：每月每项扣分", 5),
        ("GX-06：每月每项扣分", 5),
    ]


def test_a_code_whose_findings_are_hints_costs_what_the_scheme_says() -> None:
    scheme = shipped("hundred")
    codes = {**scheme.codes, "YC-03": Setting(title="扣分", value=Decimal(2), clause="本办法")}
    mine = replace(scheme, codes=codes)
    assert mine.deduction("YC-03", Severity.HINT) == mine.deduction("YC-03", Severity.BULLETIN) == 2
    assert mine.deduction("GX-05", Severity.HINT) == 0


def test_an_office_may_take_off_half_points_and_name_no_code() -> None:
    data = content("hundred")
    data["severities"]["通报"]["value"] = 2.5
    del data["severities"]["提示"], data["codes"]
    scheme = read_scheme(data, "own.toml")
    assert scheme.deduction("GX-06", Severity.BULLETIN) == Decimal("2.5")
    assert scheme.deduction("YC-03", Severity.HINT) == 0


BAD: list[Any] = [
    ("national", ["method"], "share", "own.toml method 应为 months、points 之一，现为 share"),
    ("national", ["method"], None, "own.toml method 应为 months、points 之一，现为 空"),
    ("national", ["name"], " ", "own.toml name 应为文字且不能为空，现为  "),
    ("national", ["title"], 3, "own.toml title 应为文字且不能为空，现为 3"),
    ("national", ["version"], 1.0, "own.toml version 应为文字且不能为空，现为 1.0"),
    ("national", ["failed_month"], {}, "own.toml 没有 failed_month 这一项，最接近的是 failed_months"),
    ("national", ["full"], {}, "own.toml 没有 full 这一项，最接近的是 "),
    ("national", ["failed_months"], 1, "own.toml failed_months 应为表，现为 1"),
    ("national", ["failed_months", "value"], 0, "own.toml failed_months value 应为 1 至 12 的整数，现为 0"),
    ("national", ["failed_months", "value"], 1.5, "own.toml failed_months value 应为 1 至 12 的整数，现为 1.5"),
    ("national", ["failed_months", "value"], True, "own.toml failed_months value 应为 1 至 12 的整数，现为 True"),
    ("national", ["failed_months", "points"], 1, "own.toml failed_months 没有 points 这一项，最接近的是 "),
    ("national", ["failed_months", "clause"], "", "own.toml failed_months clause 应为文字且不能为空，现为 "),
    ("hundred", ["severities"], 1, "own.toml severities 应为表，现为 1"),
    ("hundred", ["severities", "警告"], {}, "own.toml severities 没有 警告 这一项，最接近的是 "),
    ("hundred", ["codes"], [], "own.toml codes 应为表，现为 []"),
    ("hundred", ["codes", "GX-99"], {}, "own.toml codes 没有 GX-99 这一项，最接近的是 GX-0"),
    ("hundred", ["codes", "CJ-01"], {}, "own.toml codes 没有 CJ-01 这一项，最接近的是 "),
    (
        "hundred",
        ["codes", "GX-05", "value"],
        -1,
        "own.toml codes GX-05 value 应为 0 至 1000 的数，最多一位小数，现为 -1",
    ),
    (
        "hundred",
        ["codes", "GX-05", "value"],
        0.25,
        "own.toml codes GX-05 value 应为 0 至 1000 的数，最多一位小数，现为 0.25",
    ),
    ("hundred", ["codes", "GX-05", "value"], float("nan"), "own.toml codes GX-05 value 应为 0 至 1000 的数"),
    (
        "hundred",
        ["codes", "GX-05", "value"],
        "5",
        "own.toml codes GX-05 value 应为 0 至 1000 的数，最多一位小数，现为 5",
    ),
    (
        "hundred",
        ["veto_ceiling", "value"],
        60,
        "应使 veto_ceiling 小于 pass_mark、pass_mark 不大于 full，现分别为 60、60、100",
    ),
    ("hundred", ["pass_mark", "value"], 101, "现分别为 59、101、100"),
]


@pytest.mark.parametrize(("name", "place", "value", "sentence"), BAD)
def test_a_bad_file_is_told_by_file_and_key(name: str, place: list[str], value: object, sentence: str) -> None:
    data = deepcopy(content(name))
    table = data
    for key in place[:-1]:
        table = table[key]
    table[place[-1]] = value
    with pytest.raises(SchemeError) as raised:
        read_scheme(data, "own.toml")
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("name", "table", "key", "sentence"),
    [
        (
            "national",
            None,
            "failed_months",
            "own.toml 缺少 failed_months 这一项（年度不合格的不合格月数），应写明 value 和 clause",
        ),
        ("hundred", None, "full", "own.toml 缺少 full 这一项（满分），应写明 value 和 clause"),
        (
            "hundred",
            "severities",
            "通报",
            "own.toml severities 缺少 通报 这一项（每月每项扣分），应写明 value 和 clause",
        ),
        ("hundred", None, "severities", "own.toml severities 缺少 否决 这一项"),
        ("hundred", "full", "value", "own.toml full value 应为 1 至 1000 的数，最多一位小数，现为 空"),
    ],
)
def test_what_is_missing_is_named(name: str, table: str | None, key: str, sentence: str) -> None:
    data = deepcopy(content(name))
    del (data if table is None else data[table])[key]
    with pytest.raises(SchemeError) as raised:
        read_scheme(data, "own.toml")
    assert sentence in str(raised.value)
