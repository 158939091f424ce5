"""What the configuration says of judging: the policy with the office's parameters, and the working days."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from console.errors import FileError
from console.files import read_whole
from console.nearest import closest
from console.reference import policy_names, shipped_notices, shipped_policy
from monitor.errors import PolicyError, WorkdaysError
from monitor.policy import Policy
from monitor.workdays import Workdays, YearNotice, read_year

DEFAULT_PRESET = "gaoxian"
MAX_BYTES = 2**20


def office_policy(table: object, where: str, problems: list[str]) -> Policy | None:
    """Return the policy of a ``[policy]`` table, or None after adding to ``problems`` what is wrong with it."""
    if table is not None and not isinstance(table, dict):
        return None  # the shape has told
    overrides: dict[str, object] = dict(table or {})
    preset = overrides.pop("preset", DEFAULT_PRESET)
    if not isinstance(preset, str) or preset not in policy_names():
        like = f"，最接近的是 {closest(preset, policy_names())}" if isinstance(preset, str) else ""
        problems.append(f"{where}：policy.preset 没有“{preset}”这套规则{like}；可用的有：{'、'.join(policy_names())}。")
        preset = DEFAULT_PRESET
    try:
        return shipped_policy(preset, overrides)
    except PolicyError as error:
        found = list(dict.fromkeys(_policy_problems(preset, overrides))) or [str(error)]
        problems += [f"{where}：{problem.rstrip('。')}。" for problem in found]
        return None


def _policy_problems(preset: str, overrides: Mapping[str, object]) -> Iterator[str]:
    """Try every override by itself, so that each that does not fit is told."""
    for part in _parts(overrides):
        try:
            shipped_policy(preset, part)
        except PolicyError as error:
            yield str(error)


def _parts(overrides: Mapping[str, object]) -> Iterator[dict[str, object]]:
    for key, value in overrides.items():
        if isinstance(value, dict) and value:
            clause = {"clause": value["clause"]} if "clause" in value else {}
            for name, each in value.items():
                yield {key: clause | {name: each}}
        else:
            yield {key: value}


def office_workdays(names: Sequence[str], folder: Path, where: str, problems: list[str]) -> Workdays:
    """Return the shipped calendar with the office's own year files laid over it, each relative to ``folder``."""
    notices = list(shipped_notices())
    for name in names:
        try:
            notices.append(_read_notice(folder / name))
        except (FileError, WorkdaysError, ValueError, RecursionError) as error:
            problems.append(f"{where}：workdays.files 的“{name}”不能用：{_cause(error)}。")
    return Workdays(notices)


def _read_notice(path: Path) -> YearNotice:
    text = read_whole(path, "年份文件", limit=MAX_BYTES).decode("utf-8-sig")
    data: Any = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    if not isinstance(data, dict):
        raise WorkdaysError("内容应为一个年份的放假安排")
    return read_year(data, path.name)


def _cause(error: Exception) -> str:
    if isinstance(error, (FileError, WorkdaysError)):
        return str(error).rstrip("。")
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码，请另存为 UTF-8"
    return f"不是正确的 TOML 或 JSON（{error}）"
