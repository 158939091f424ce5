"""The scheme of the annual assessment: a shipped one by its name, or the office's own file."""

import tomllib
from pathlib import Path

from console.config.problems import syntax_problem
from console.errors import FileError
from console.files import read_whole
from console.nearest import closest
from console.reference import ENDING, scheme_names, shipped_scheme
from monitor.schemes import Scheme, SchemeError, read_scheme

DEFAULT_SCHEME = "national"
MAX_BYTES = 2**20


def named_scheme(name: str, folder: Path) -> Scheme:
    """Return the shipped scheme of this name, or the one in the file of this name, relative to ``folder``.

    Raises SchemeError, with the nearest name where there is none such, or FileError; both are whole sentences.
    """
    name = name.strip()
    if name in scheme_names():
        return shipped_scheme(name)
    if not (name.endswith(ENDING) or "/" in name or "\\" in name):
        known = "、".join(scheme_names())
        raise SchemeError(
            f"没有“{name}”这个考核方案，最接近的是 {closest(name, scheme_names())}；"
            f"可用的有：{known}，也可以写方案文件（以 {ENDING} 结尾）。"
        )
    return _read(folder / name, name)


def configured_scheme(name: str, folder: Path, where: str, problems: list[str]) -> Scheme:
    """Return the scheme that ``[assess]`` names; what is wrong with it is added to ``problems``."""
    try:
        return named_scheme(name, folder)
    except (SchemeError, FileError) as error:
        problems.append(f"{where}：assess.scheme {error}")
        return shipped_scheme(DEFAULT_SCHEME)


def _read(path: Path, name: str) -> Scheme:
    body = read_whole(path, "考核方案", limit=MAX_BYTES)
    try:
        text = body.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise SchemeError(f"考核方案 {name} 不是 UTF-8 编码，请用记事本打开，另存为时编码选 UTF-8。") from error
    try:
        return read_scheme(tomllib.loads(text), name)
    except SchemeError as error:
        raise SchemeError(f"考核方案 {error}。") from error
    except RecursionError as error:
        raise SchemeError(f"考核方案 {name}：括号套得太深，请检查方括号是否成对。") from error
    except ValueError as error:
        raise SchemeError(f"考核方案 {syntax_problem(name, text, error)}") from error
