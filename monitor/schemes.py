"""Schemes of the annual assessment (考核方案): how months become a score, each parameter with its clause."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import cast

from monitor.errors import XunjianError
from monitor.findings import GRAVE, Severity
from monitor.plain import only_known, shown, text_of
from monitor.policy import PARAMETERS as RULE_PARAMETERS
from monitor.rules import HEADINGS

MONTHS = 12
MOST = 1000
_TENTH = Decimal("0.1")


class SchemeError(XunjianError):
    """A scheme cannot be used as written."""


class Method(StrEnum):
    """How a scheme scores."""

    MONTHS = "months"  # the share of months passed
    POINTS = "points"  # points taken off for proven findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a method: its Chinese name and its bounds."""

    title: str
    low: int
    high: int
    whole: bool = False


SETTINGS: Mapping[Method, Mapping[str, Parameter]] = MappingProxyType(
    {
        Method.MONTHS: {
            "failed_months": Parameter(title="年度不合格的不合格月数", low=1, high=MONTHS, whole=True),
            "veto_months": Parameter(title="年度不合格的否决月数", low=1, high=MONTHS, whole=True),
        },
        Method.POINTS: {
            "full": Parameter(title="满分", low=1, high=MOST),
            "pass_mark": Parameter(title="合格分数线", low=0, high=MOST),
            "veto_ceiling": Parameter(title="有否决情形时最高得分", low=0, high=MOST),
        },
    }
)
_DEDUCTION = Parameter(title="每月每项扣分", low=0, high=MOST)
_HEAD = ("name", "title", "version", "method")
_SEVERITIES = tuple(each.value for each in (Severity.VETO, Severity.BULLETIN, Severity.HINT))
_REQUIRED = _SEVERITIES[:2]
_OWN = {each.code: each.severity for each in HEADINGS}
_CODES = tuple(code for code in RULE_PARAMETERS if code not in {"GX-04", "CJ-01"})  # neither is ever a problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A value that a scheme sets, with the clause that it rests on."""

    title: str
    value: Decimal
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A versioned way to score a year; deductions are for one proven finding of one month."""

    name: str
    title: str
    version: str
    method: Method
    settings: Mapping[str, Setting]
    severities: Mapping[Severity, Setting] = field(default_factory=dict[Severity, Setting])
    codes: Mapping[str, Setting] = field(default_factory=dict[str, Setting])

    def value(self, key: str) -> Decimal:
        """Return what the scheme sets for a parameter of its method."""
        return self.settings[key].value

    def deduction(self, code: str, severity: Severity) -> Decimal:
        """Return the points that a finding costs: as its code says, else as its severity, else none.

        Of what a person made a mere hint, only its severity says anything.
        """
        is_less = severity not in GRAVE and _OWN.get(code) in GRAVE
        of_code = None if is_less else self.codes.get(code)
        found = of_code or self.severities.get(severity)
        return found.value if found else Decimal(0)

    @property
    def rows(self) -> list[tuple[str, Decimal, str]]:
        """Every parameter as it is shown: title, value, clause."""
        of_severities = ((f"{each}：{found.title}", found) for each, found in self.severities.items())
        of_codes = ((f"{each}：{found.title}", found) for each, found in self.codes.items())
        plain = ((found.title, found) for found in self.settings.values())
        return [(title, found.value, found.clause) for title, found in (*plain, *of_severities, *of_codes)]


def read_scheme(data: Mapping[str, object], where: str) -> Scheme:
    """Read a scheme file's content; ``where`` names it in errors.

    Raises SchemeError naming the key, for one that does not exist the nearest.
    """
    method = _method(data, where)
    by_points = method is Method.POINTS
    only_known(data, (*_HEAD, *SETTINGS[method], *(("severities", "codes") if by_points else ())), where, SchemeError)
    settings = {key: _setting(data, key, where, each) for key, each in SETTINGS[method].items()}
    scheme = Scheme(
        name=text_of(data, "name", where, SchemeError),
        title=text_of(data, "title", where, SchemeError),
        version=text_of(data, "version", where, SchemeError),
        method=method,
        settings=settings,
        severities=_severities(data, where) if by_points else {},
        codes=_codes(data, where) if by_points else {},
    )
    if by_points:
        _check_marks(scheme, where)
    return scheme


def _method(data: Mapping[str, object], where: str) -> Method:
    known = [each.value for each in Method]
    if data.get("method") not in known:
        raise SchemeError(f"{where} method 应为 {'、'.join(known)} 之一，现为 {shown(data.get('method'))}")
    return Method(cast("str", data["method"]))


def _severities(data: Mapping[str, object], where: str) -> dict[Severity, Setting]:
    at = f"{where} severities"
    table = _table(data.get("severities", {}), at)
    only_known(table, _SEVERITIES, at, SchemeError)
    wanted = [each for each in _SEVERITIES if each in table or each in _REQUIRED]
    return {Severity(each): _setting(table, each, at, _DEDUCTION) for each in wanted}


def _codes(data: Mapping[str, object], where: str) -> dict[str, Setting]:
    at = f"{where} codes"
    table = _table(data.get("codes", {}), at)
    only_known(table, _CODES, at, SchemeError)
    return {code: _setting(table, code, at, _DEDUCTION) for code in _CODES if code in table}


def _setting(data: Mapping[str, object], key: str, where: str, parameter: Parameter) -> Setting:
    at = f"{where} {key}"
    if key not in data:
        raise SchemeError(f"{where} 缺少 {key} 这一项（{parameter.title}），应写明 value 和 clause")
    table = _table(data[key], at)
    only_known(table, ("value", "clause"), at, SchemeError)
    clause = text_of(table, "clause", at, SchemeError)
    return Setting(title=parameter.title, value=_number(table.get("value"), at, parameter), clause=clause)


def _number(value: object, at: str, parameter: Parameter) -> Decimal:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and parameter.low <= value <= parameter.high:
        number = Decimal(str(value))
        if number % (1 if parameter.whole else _TENTH) == 0:
            return number
    kind = "整数" if parameter.whole else "数，最多一位小数"
    raise SchemeError(f"{at} value 应为 {parameter.low} 至 {parameter.high} 的{kind}，现为 {shown(value)}")


def _check_marks(scheme: Scheme, where: str) -> None:
    """A veto must fail, and full marks must pass."""
    full, mark, ceiling = (scheme.value(key) for key in ("full", "pass_mark", "veto_ceiling"))
    if not ceiling < mark <= full:
        raise SchemeError(
            f"{where} 应使 veto_ceiling 小于 pass_mark、pass_mark 不大于 full，现分别为 {ceiling}、{mark}、{full}"
        )


def _table(value: object, at: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise SchemeError(f"{at} 应为表，现为 {shown(value)}")
    return cast("Mapping[str, object]", value)
