"""What the robots of WeCom, DingTalk and Feishu have in common: whom they name, and codes in their answers."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from notices.channels import Channel, NoticeError
from notices.posting import Answer, not_json, refused

EVERYBODY = "@all"
_SEPARATORS = re.compile(r"[,;，；、\s]+")
_MOBILE = re.compile(r"\+?[0-9][0-9-]{5,18}[0-9]")
_MOST_NAMED = 50
_TOO_OFTEN = re.compile(r"freq|too fast|too many|rate.?limit|limited|限流|频率|太快", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What a robot's codes mean: ``busy`` that it is asked too often; any that is not named is tried again.

    ``closed`` are those of a robot that takes nothing before a person mends it, its settings or our clock, ``unfit``
    those of a message that it will never take. ``wait`` is how long it does not answer those who asked too often.
    """

    busy: Collection[int]
    closed: Collection[int]
    unfit: Collection[int]
    wait: timedelta


def named(recipient: str) -> list[str]:
    """Return the mobile numbers (or @all) that a recipient names, in order, each once."""
    found = (each for each in _SEPARATORS.split(recipient) if each == EVERYBODY or _MOBILE.fullmatch(each))
    return list(dict.fromkeys(found))[:_MOST_NAMED]


def check(channel: Channel, answer: Answer, code_field: str, message_field: str, codes: Codes) -> None:
    """Raise a NoticeError unless the robot took the message: its code says so in the body, whatever the status is."""
    fields = answer.fields()
    code = None if fields is None else _number(fields.get(code_field))
    if fields is None or code is None:
        raise not_json(channel, answer)
    if code != 0:
        raise _refusal(channel, code, str(fields.get(message_field) or ""), codes)


def _refusal(channel: Channel, code: int, said: str, codes: Codes) -> NoticeError:
    if code in codes.busy or _TOO_OFTEN.search(said):
        return refused(channel, code, said, wait=codes.wait)
    return refused(channel, code, said, retryable=code not in codes.closed, unfit=code in codes.unfit)


def _number(value: object) -> int | None:
    try:
        return int(value) if isinstance(value, int | str) and not isinstance(value, bool) else None
    except ValueError:
        return None
