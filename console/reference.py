"""The data that is shipped with the rules: policy files and the yearly notices on holidays."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from monitor.policy import Policy, read_policy
from monitor.schemes import Scheme, read_scheme
from monitor.workdays import YearNotice, read_year

ENDING = ".toml"


def policy_names() -> tuple[str, ...]:
    """Return the names of the shipped policies, in order."""
    return tuple(each.name.removesuffix(ENDING) for each in _shipped("policies"))


def shipped_policy(name: str, overrides: Mapping[str, object]) -> Policy:
    """Read a shipped policy with the office's own parameters laid over it.

    ``name`` is one of ``policy_names``. Raises PolicyError for an override that does not fit.
    """
    path = files("monitor") / "data" / "policies" / f"{name}{ENDING}"
    return read_policy(_content(path), overrides, path.name)


def scheme_names() -> tuple[str, ...]:
    """Return the names of the shipped schemes of the annual assessment, in order."""
    return tuple(each.name.removesuffix(ENDING) for each in _shipped("schemes"))


def shipped_scheme(name: str) -> Scheme:
    """Read a shipped scheme; ``name`` is one of ``scheme_names``."""
    path = files("monitor") / "data" / "schemes" / f"{name}{ENDING}"
    return read_scheme(_content(path), path.name)


@cache
def shipped_notices() -> tuple[YearNotice, ...]:
    """Read every shipped year file, in order of the years."""
    return tuple(read_year(_content(path), path.name) for path in _shipped("workdays"))


def _shipped(folder: str) -> Iterator[Traversable]:
    found = (each for each in (files("monitor") / "data" / folder).iterdir() if each.name.endswith(ENDING))
    return iter(sorted(found, key=lambda each: each.name))


def _content(path: Traversable) -> dict[str, object]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
