"""Policies: what the shipped presets say, how the configuration overrides them, and each bad input's sentence."""

import pickle
import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import PolicyError
from monitor.policy import PARAMETERS, Policy, RuleParameters, read_policy

FOLDER = Path(__file__).resolve().parents[2] / "monitor" / "data" / "policies"
ENTERED = [
    "ZZ-03",
    "YZ-01",
    "YZ-02",
    "NR-01",
    "NR-02",
    "NR-03",
    "NR-04",
    "NR-05",
    "HD-01",
    "ZH-01",
    "ZH-02",
    "ZH-03",
    "ZH-04",
]
"""What people enter, under every policy."""
BARE: dict[str, object] = {
    "name": "test",
    "title": "试用方案",
    "version": "1",
    "rules": {"CJ-01": {"enabled": True, "clause": "未采集的时段不作判定"}},
}


def preset(name: str, overrides: dict[str, object] | None = None) -> Policy:
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    return read_policy(tomllib.loads(text), overrides or {}, f"{name}.toml")


def enabled(policy: Policy) -> list[str]:
    return [code for code, rule in policy.rules.items() if rule.enabled]


@pytest.mark.parametrize(
    ("name", "effective", "codes"),
    [
        pytest.param(
            "gaoxian",
            None,
            [
                "GX-01",
                "GX-02",
                "GX-03",
                "GX-04",
                "GX-05",
                "GX-06",
                "YC-01",
                "YC-02",
                "YC-03",
                *ENTERED,
                "ZH-05",
                "CJ-01",
            ],
            id="gaoxian",
        ),
        pytest.param(
            "xinbarag-right-banner",
            date(2020, 8, 29),
            ["GX-01", "GX-03", "GX-04", "GX-05", "GX-06", "YC-03", "ZZ-01", "ZZ-02", *ENTERED, "ZH-05", "CJ-01"],
            id="xinbarag",
        ),
        pytest.param(
            "national",
            date(2019, 4, 1),
            ["GX-01", "GX-04", "GX-05", "GX-06", "YC-03", *ENTERED, "CJ-01"],
            id="national",
        ),
    ],
)
def test_shipped_presets(name: str, effective: date | None, codes: list[str]) -> None:
    policy = preset(name)
    assert (policy.name, policy.version, policy.effective_from) == (name, "1.3", effective)
    assert enabled(policy) == codes
    assert (policy.counter_months, policy.counter_limit, policy.rectification_workdays) == (12, 3, 10)


@pytest.mark.parametrize("name", ["gaoxian", "xinbarag-right-banner", "national"])
def test_shipped_presets_set_the_defaults_of_the_rules(name: str) -> None:
    for code, rule in preset(name).rules.items():
        assert rule.code == code
        assert dict(rule.values) == {key: parameter.default for key, parameter in PARAMETERS[code].items()}
        assert bool(rule.clause) is rule.enabled


def test_defaults_are_those_of_the_rules() -> None:
    rules = preset("gaoxian").rules
    assert {code: dict(rule.values) for code, rule in rules.items()} == {
        "GX-01": {"days": 14},
        "GX-02": {"minimum": 1, "tolerance": 0},
        "GX-03": {"minimum": 1, "week_start": 1, "exempt_when_workdays_below": 0},
        "GX-04": {"warn_days": 3, "warn_hour": 15},
        "GX-05": {"days": 90},
        "GX-06": {},
        "YC-01": {"days": 14, "mode": "rolling", "unknown": "待复核"},
        "YC-02": {"floor": 0},
        "YC-03": {"similarity": 90},
        "ZZ-01": {},
        "ZZ-02": {},
        **{code: {} for code in ENTERED},
        "ZH-05": {"workdays": 15},
        "CJ-01": {},
    }


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        pytest.param("gaoxian", "GX-01", ["国办秘函〔2019〕19号", "监测时间点前2周内无更新"], id="N"),
        pytest.param("gaoxian", "GX-02", ["高县人民政府办公室", "二（五）", "每个工作日"], id="G: main account"),
        pytest.param("gaoxian", "GX-03", ["高县人民政府办公室", "二（五）", "每周更新不少于1次"], id="G: others"),
        pytest.param("gaoxian", "YC-01", ["高县人民政府办公室", "二（五）", "每2周"], id="G: original"),
        pytest.param("xinbarag-right-banner", "GX-03", ["新巴尔虎右旗政务新媒体管理办法", "第十五条"], id="X 15"),
        pytest.param("national", "GX-05", ["公开通报", "90日"], id="bulletins"),
        pytest.param("gaoxian", "YC-02", ["高县人民政府办公室", "二（五）", "逐步提高原创比例"], id="G: share"),
        pytest.param("gaoxian", "YC-03", ["公开通报", "照搬照抄"], id="bulletins: copies"),
        pytest.param("xinbarag-right-banner", "ZZ-01", ["新巴尔虎右旗政务新媒体管理办法", "第十七条"], id="X 17"),
        pytest.param("xinbarag-right-banner", "ZZ-02", ["新巴尔虎右旗政务新媒体管理办法", "第十七条"], id="X 17: list"),
    ],
)
def test_clause_names_its_document(name: str, code: str, words: list[str]) -> None:
    clause = preset(name).rules[code].clause
    assert [word for word in words if word not in clause] == []


def test_typed_getters() -> None:
    rule = preset("gaoxian").rules["YC-01"]
    assert (rule.number("days"), rule.text("mode")) == (14, "rolling")
    with pytest.raises(TypeError, match="mode"):
        rule.number("mode")
    with pytest.raises(TypeError, match="days"):
        rule.text("days")
    assert RuleParameters(code="GX-06", enabled=True, clause="据").values == {}


def test_a_policy_can_be_sent_to_another_process() -> None:
    policy = preset("gaoxian")
    assert pickle.loads(pickle.dumps(policy)) == policy


def test_the_configuration_overrides_the_preset() -> None:
    overrides: dict[str, object] = {
        "preset": "national",
        "counter_months": 6,
        "rectification_workdays": 5,
        "GX-01": {"days": 21},
        "GX-05": {"enabled": False},
        "YC-01": {"enabled": True, "clause": "本县规定", "mode": "fixed", "unknown": "转载"},
    }
    policy = preset("national", overrides)
    assert (policy.counter_months, policy.counter_limit, policy.rectification_workdays) == (6, 3, 5)
    assert enabled(policy) == ["GX-01", "GX-04", "GX-06", "YC-01", "YC-03", *ENTERED, "CJ-01"]
    assert policy.rules["GX-01"].number("days") == 21
    assert policy.rules["YC-01"].clause == "本县规定"
    assert policy.rules["YC-01"].text("unknown") == "转载"


def test_a_file_sets_the_general_parameters_and_the_configuration_overrides_them() -> None:
    data = {**BARE, "counter_limit": 5, "counter_months": 24}
    policy = read_policy(data, {"counter_months": 36}, "x.toml")
    assert (policy.counter_months, policy.counter_limit, policy.rectification_workdays) == (36, 5, 10)


@pytest.mark.parametrize(
    ("code", "override", "note"),
    [
        pytest.param("GX-01", {"days": 21}, "（本单位另行设定：期限21日）", id="a number"),
        pytest.param("GX-01", {"days": 14}, "", id="the same value is no change"),
        pytest.param(
            "GX-03",
            {"week_start": "Sunday", "minimum": 2},
            "（本单位另行设定：每周最少条数2条、每周首日周日）",
            id="two",
        ),
        pytest.param("YC-01", {"mode": "fixed"}, "（本单位另行设定：计算方式固定自然周）", id="a word"),
        pytest.param("YC-01", {"unknown": "转载"}, "（本单位另行设定：未判定信息的处理转载）", id="a Chinese word"),
    ],
)
def test_a_changed_parameter_is_said_behind_the_clause(code: str, override: dict[str, object], note: str) -> None:
    plain = preset("gaoxian").rules[code].clause
    assert preset("gaoxian", {code: override}).rules[code].clause == plain + note


@pytest.mark.parametrize(
    ("given_day", "number"),
    [
        *[
            (day, n)
            for n, day in enumerate(("Monday", "tuesday", "WEDNESDAY", "Thursday", "Friday", "Saturday", "Sunday"), 1)
        ],
        (3, 3),
    ],
)
def test_first_day_of_the_week(given_day: str | int, number: int) -> None:
    assert preset("gaoxian", {"GX-03": {"week_start": given_day}}).rules["GX-03"].number("week_start") == number


def test_a_rule_that_the_file_leaves_out_is_off_and_has_its_defaults() -> None:
    rule = read_policy(BARE, {}, "x.toml").rules["GX-01"]
    assert (rule.enabled, rule.clause, rule.number("days")) == (False, "", 14)


@given(st.integers())
def test_bounds_hold_for_every_number(days: int) -> None:
    try:
        found = preset("gaoxian", {"GX-01": {"days": days}}).rules["GX-01"].number("days")
    except PolicyError:
        assert not 1 <= days <= 366
    else:
        assert found == days
        assert 1 <= days <= 366


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        pytest.param({"pre_set": "x"}, "[policy] 没有 pre_set 这一项，最接近的是 preset", id="unknown key"),
        pytest.param({"GX-1": {}}, "[policy] 没有 GX-1 这一项，最接近的是 GX-01", id="unknown rule"),
        pytest.param({"gx-02": {}}, "[policy] 没有 gx-02 这一项，最接近的是 GX-02", id="a rule in small letters"),
        pytest.param({"GX-01": {"day": 3}}, "[policy.GX-01] 没有 day 这一项，最接近的是 days", id="unknown parameter"),
        pytest.param({"GX-06": {"zzz": 3}}, "[policy.GX-06] 没有 zzz 这一项，最接近的是 enabled", id="nothing is near"),
        pytest.param({"GX-01": 3}, "[policy.GX-01] 应为表，现为 3", id="not a table"),
        pytest.param({"GX-01": {"days": 0}}, "[policy.GX-01] days 应为 1 至 366 的整数，现为 0", id="too small"),
        pytest.param({"GX-01": {"days": 367}}, "[policy.GX-01] days 应为 1 至 366 的整数，现为 367", id="too large"),
        pytest.param(
            {"GX-01": {"days": "14"}}, "[policy.GX-01] days 应为 1 至 366 的整数，现为 14", id="a number as text"
        ),
        pytest.param(
            {"GX-01": {"days": True}}, "[policy.GX-01] days 应为 1 至 366 的整数，现为 True", id="a truth as number"
        ),
        pytest.param({"GX-01": {"days": 1.5}}, "[policy.GX-01] days 应为 1 至 366 的整数，现为 1.5", id="a fraction"),
        pytest.param(
            {"GX-03": {"week_start": "Freitag"}},
            "[policy.GX-03] week_start 应为 1 至 7 的整数或 Monday 至 Sunday，现为 Freitag",
            id="not a weekday",
        ),
        pytest.param(
            {"YC-01": {"mode": "roll"}}, "[policy.YC-01] mode 应为 rolling、fixed 之一，现为 roll", id="not a choice"
        ),
        pytest.param(
            {"YC-01": {"unknown": 1}},
            "[policy.YC-01] unknown 应为 待复核、原创、转载 之一，现为 1",
            id="a number for a word",
        ),
        pytest.param({"GX-01": {"enabled": 1}}, "[policy.GX-01] enabled 应为 true 或 false，现为 1", id="not a truth"),
        pytest.param({"GX-01": {"clause": ""}}, "[policy.GX-01] clause 应为文字且不能为空，现为 ", id="blank clause"),
        pytest.param(
            {"YC-01": {"enabled": True}},
            "[policy.YC-01]：x.toml 没有写明这条规则的判定依据，启用时应以 clause 写明",
            id="switched on without a clause",
        ),
        pytest.param(
            {"CJ-01": {"enabled": False}}, "[policy.CJ-01]：CJ-01 不能停用，未能核验的时段必须列出", id="gaps hidden"
        ),
        pytest.param(
            {"counter_months": 0}, "[policy]：counter_months 应为 1 至 120 的整数，现为 0", id="general parameter"
        ),
        pytest.param(
            {"GX-01": {"days": "长" * 50}},
            f"[policy.GX-01] days 应为 1 至 366 的整数，现为 {'长' * 39}…",
            id="a long wrong value is cut",
        ),
    ],
)
def test_bad_override(overrides: dict[str, object], sentence: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read_policy(BARE, overrides, "x.toml")
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"titel": "x"}, "x.toml 没有 titel 这一项，最接近的是 title", id="unknown key"),
        pytest.param({"name": 3}, "x.toml name 应为文字且不能为空，现为 3", id="name not a text"),
        pytest.param({"version": " "}, "x.toml version 应为文字且不能为空，现为  ", id="blank version"),
        pytest.param(
            {"effective_from": "2020"}, "x.toml：effective_from 应为日期，如 2020-08-29，现为 2020", id="not a date"
        ),
        pytest.param(
            {"effective_from": datetime(2020, 8, 29)},  # noqa: DTZ001
            "x.toml：effective_from 应为日期，如 2020-08-29，现为 2020-08-29 00:00:00",
            id="a moment",
        ),
        pytest.param({"rules": None}, "x.toml：rules 应为表，现为 空", id="no rules"),
        pytest.param({"rules": {"GX-11": {}}}, "x.toml：rules 没有 GX-11 这一项，最接近的是 GX-01", id="unknown rule"),
        pytest.param(
            {"rules": {"GX-01": {"dayz": 1}}},
            "x.toml：rules.GX-01 没有 dayz 这一项，最接近的是 days",
            id="unknown parameter",
        ),
        pytest.param(
            {"rules": {"GX-01": {"days": 0}}},
            "x.toml：rules.GX-01 days 应为 1 至 366 的整数，现为 0",
            id="out of bounds",
        ),
        pytest.param({"rules": {}}, "[policy.CJ-01]：CJ-01 不能停用，未能核验的时段必须列出", id="no CJ-01"),
        pytest.param(
            {"counter_limit": "3"}, "x.toml：counter_limit 应为 1 至 100 的整数，现为 3", id="general parameter"
        ),
    ],
)
def test_bad_file(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read_policy({**BARE, **change}, {}, "x.toml")
    assert str(caught.value) == sentence
