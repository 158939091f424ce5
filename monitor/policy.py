"""Policies: which rules an office judges by, with which parameters, and the clause that each rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import cast

from monitor.errors import PolicyError
from monitor.plain import only_known, shown, text_of

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MODES = {"rolling": "滚动", "fixed": "固定自然周"}
GAPS = "CJ-01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a rule: its Chinese name, its default, and the bounds or the choices that it has."""

    title: str
    default: int | str
    low: int = 0
    high: int = 366
    choices: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # words that stand for 1, 2, 3 …
    unit: str = ""

    def shown(self, value: int | str) -> str:
        """Return a value in an official's words: 21日, 周日, 固定."""
        if self.names and isinstance(value, int):
            return f"周{'一二三四五六日'[value - 1]}"
        return f"{MODES.get(str(value), value)}{self.unit}"


DAYS = "期限"

PARAMETERS: Mapping[str, Mapping[str, Parameter]] = MappingProxyType(
    {
        "GX-01": {"days": Parameter(title=DAYS, default=14, low=1, unit="日")},
        "GX-02": {
            "minimum": Parameter(title="每个工作日最少条数", default=1, low=1, high=100, unit="条"),
            "tolerance": Parameter(title="容许未更新工作日数", default=0, high=31, unit="日"),
        },
        "GX-03": {
            "minimum": Parameter(title="每周最少条数", default=1, low=1, high=100, unit="条"),
            "week_start": Parameter(title="每周首日", default=1, low=1, high=7, names=WEEK),
            "exempt_when_workdays_below": Parameter(title="免予判定的当周工作日数下限", default=0, high=7, unit="日"),
        },
        "GX-04": {
            "warn_days": Parameter(title="提前提醒日数", default=3, high=31, unit="日"),
            "warn_hour": Parameter(title="主账号当日提醒时刻", default=15, high=23, unit="时"),
        },
        "GX-05": {"days": Parameter(title=DAYS, default=90, low=1, unit="日")},
        "GX-06": {},
        "YC-01": {
            "days": Parameter(title=DAYS, default=14, low=1, unit="日"),
            "mode": Parameter(title="计算方式", default="rolling", choices=("rolling", "fixed")),
            "unknown": Parameter(title="未判定信息的处理", default="待复核", choices=("待复核", "原创", "转载")),
        },
        "YC-02": {"floor": Parameter(title="原创比例下限", default=0, high=100, unit="%")},
        "YC-03": {"similarity": Parameter(title="相似度下限", default=90, low=80, high=100, unit="%")},
        "ZZ-01": {},
        "ZZ-02": {},
        "ZZ-03": {},
        "YZ-01": {},
        "YZ-02": {},
        "NR-01": {},
        "NR-02": {},
        "NR-03": {},
        "NR-04": {},
        "NR-05": {},
        "HD-01": {},
        "ZH-01": {},
        "ZH-02": {},
        "ZH-03": {},
        "ZH-04": {},
        "ZH-05": {"workdays": Parameter(title="停更公告最少工作日数", default=15, low=1, high=120, unit="个工作日")},
        "CJ-01": {},
    }
)

GENERAL: Mapping[str, Parameter] = MappingProxyType(
    {
        "counter_months": Parameter(title="累计月数", default=12, low=1, high=120, unit="个月"),
        "counter_limit": Parameter(title="约谈次数", default=3, low=1, high=100, unit="次"),
        "rectification_workdays": Parameter(title="整改工作日数", default=10, low=1, unit="个工作日"),
    }
)

FILE_KEYS = ("name", "title", "version", "effective_from", *GENERAL, "rules")
OWN_RULE_KEYS = ("enabled", "clause")


_Values = Mapping[str, int | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleParameters:
    """One rule as a policy sets it: ``clause`` is the 判定依据 to print, ``values`` has every parameter of the rule."""

    code: str
    enabled: bool
    clause: str
    values: _Values = field(default_factory=dict[str, int | str])

    def number(self, key: str) -> int:
        """Return a parameter that is a number; ``week_start`` is 1 (Monday) to 7 (Sunday)."""
        value = self.values[key]
        if not isinstance(value, int):
            raise TypeError(f"{self.code} {key}: not a number")
        return value

    def text(self, key: str) -> str:
        """Return a parameter that is a word."""
        value = self.values[key]
        if not isinstance(value, str):
            raise TypeError(f"{self.code} {key}: not a word")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A versioned set of rules; every known rule is in ``rules``, those that the file leaves out are off."""

    name: str
    title: str
    version: str
    effective_from: date | None
    rules: Mapping[str, RuleParameters]
    counter_months: int = 12
    counter_limit: int = 3
    rectification_workdays: int = 10


def read_policy(data: Mapping[str, object], overrides: Mapping[str, object], where: str) -> Policy:
    """Read a policy file's content, with the ``[policy]`` table of the configuration laid over it.

    ``where`` names the file in errors. Raises PolicyError naming the key and, for one that does not exist, the nearest.
    """
    only_known(data, FILE_KEYS, where, PolicyError)
    effective = data.get("effective_from")
    if effective is not None and type(effective) is not date:
        raise PolicyError(f"{where}：effective_from 应为日期，如 2020-08-29，现为 {shown(effective)}")
    rules = _table(data.get("rules"), f"{where}：rules")
    only_known(rules, tuple(PARAMETERS), f"{where}：rules", PolicyError)
    only_known(overrides, ("preset", *GENERAL, *PARAMETERS), "[policy]", PolicyError)
    general = {key: _general(key, data, overrides, where) for key in GENERAL}
    return Policy(
        name=text_of(data, "name", where, PolicyError),
        title=text_of(data, "title", where, PolicyError),
        version=text_of(data, "version", where, PolicyError),
        effective_from=effective,
        rules={code: _rule(code, rules, overrides, where) for code in PARAMETERS},
        **general,
    )


def _general(key: str, data: Mapping[str, object], overrides: Mapping[str, object], where: str) -> int:
    at, table = ("[policy]", overrides) if key in overrides else (where, data)
    value = _value(GENERAL[key], table[key], f"{at}：{key}") if key in table else GENERAL[key].default
    return cast("int", value)


def _rule(code: str, rules: Mapping[str, object], overrides: Mapping[str, object], where: str) -> RuleParameters:
    at, over_at = f"{where}：rules.{code}", f"[policy.{code}]"
    given = _table(rules.get(code, {}), at)
    over = _table(overrides.get(code, {}), over_at)
    parameters = PARAMETERS[code]
    for table, place in ((given, at), (over, over_at)):
        only_known(table, (*OWN_RULE_KEYS, *parameters), place, PolicyError)
    preset = {key: parameter.default for key, parameter in parameters.items()} | _values(given, parameters, at)
    values = preset | _values(over, parameters, over_at)
    clause = text_of(given, "clause", at, PolicyError) if "clause" in given else ""
    if "clause" in over:
        clause = text_of(over, "clause", over_at, PolicyError)
    elif clause:
        clause += _adjusted(parameters, preset, values)
    enabled = _flag(over, over_at, default=_flag(given, at, default=False))
    if enabled and not clause:
        raise PolicyError(f"{over_at}：{where} 没有写明这条规则的判定依据，启用时应以 clause 写明")
    if code == GAPS and not enabled:
        raise PolicyError(f"{over_at}：{code} 不能停用，未能核验的时段必须列出")
    return RuleParameters(code=code, enabled=enabled, clause=clause, values=values)


def _values(table: Mapping[str, object], parameters: Mapping[str, Parameter], at: str) -> dict[str, int | str]:
    return {key: _value(parameters[key], table[key], f"{at} {key}") for key in parameters if key in table}


def _adjusted(parameters: Mapping[str, Parameter], preset: _Values, values: _Values) -> str:
    """Say which parameters the office has set otherwise: the clause alone would then cite what the document lacks."""
    altered = (key for key in parameters if values[key] != preset[key])
    changed = [f"{parameters[key].title}{parameters[key].shown(values[key])}" for key in altered]
    return f"（本单位另行设定：{'、'.join(changed)}）" if changed else ""


def _value(parameter: Parameter, value: object, at: str) -> int | str:
    if parameter.choices:
        if isinstance(value, str) and value in parameter.choices:
            return value
        raise PolicyError(f"{at} 应为 {'、'.join(parameter.choices)} 之一，现为 {shown(value)}")
    if isinstance(value, str) and value.lower() in parameter.names:
        return parameter.names.index(value.lower()) + 1
    if isinstance(value, int) and not isinstance(value, bool) and parameter.low <= value <= parameter.high:
        return value
    words = f"或 {parameter.names[0].title()} 至 {parameter.names[-1].title()}" if parameter.names else ""
    raise PolicyError(f"{at} 应为 {parameter.low} 至 {parameter.high} 的整数{words}，现为 {shown(value)}")


def _flag(table: Mapping[str, object], at: str, *, default: bool) -> bool:
    value = table.get("enabled", default)
    if not isinstance(value, bool):
        raise PolicyError(f"{at} enabled 应为 true 或 false，现为 {shown(value)}")
    return value


def _table(value: object, at: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise PolicyError(f"{at} 应为表，现为 {shown(value)}")
    return cast("Mapping[str, object]", value)
