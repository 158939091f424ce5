"""Words of a fixed list as they are typed on the command line."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from console.errors import UsageError
from console.nearest import hint

Choice = TypeVar("Choice", bound=StrEnum)


def chosen(text: str, choices: Iterable[Choice], option: str) -> Choice:
    """Return the choice that a person wrote; UsageError for anything else, with the nearest and all of them."""
    known = {each.value: each for each in choices}
    if (found := known.get(text.strip())) is not None:
        return found
    wrong = f"的“{text}”不能用{hint(text, known)}" if text.strip() else "不能为空"
    raise UsageError(f"{option} {wrong}；应为{'、'.join(known)}之一。")
