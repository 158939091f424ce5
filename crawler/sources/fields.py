"""Fields of a JSON answer, whatever they hold: nothing here raises where a field is missing or of another type."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.encoding import clean

EMPTY: Final[Mapping[str, object]] = {}


def text_of(fields: object, name: str) -> str:
    """Return a field as text; ids and times are sometimes numbers. "" where there is none."""
    value = fields.get(name) if isinstance(fields, Mapping) else None
    if isinstance(value, int) and not isinstance(value, bool):
        # A number beyond what Python agrees to print is no id.
        return str(value) if abs(value) < 10**40 else ""
    if isinstance(value, float):
        return str(int(value)) if abs(value) < 1e18 and value.is_integer() else ""
    return clean(value).strip() if isinstance(value, str) else ""  # "\\ud800" is allowed in JSON and is no character


def object_of(fields: object, *names: str) -> Mapping[str, object]:
    """Return the object that lies below ``names``, an empty one where it does not."""
    for name in names:
        fields = fields.get(name) if isinstance(fields, Mapping) else None
    return fields if isinstance(fields, Mapping) else EMPTY


def list_of(fields: object, name: str) -> list[object] | None:
    """Return a field that is a list, None where it is not."""
    value = fields.get(name) if isinstance(fields, Mapping) else None
    return value if isinstance(value, list) else None


def said_yes(fields: object, name: str) -> bool:
    """Say whether a flag is set: true, 1, "1" or "true"."""
    value = fields.get(name) if isinstance(fields, Mapping) else None
    return value is True or (value is not False and text_of(fields, name) in {"1", "true"})


def asked(url: str, name: str) -> str:
    """Return a parameter of the address that was asked, "" where it has none."""
    try:
        return dict(parse_qsl(urlsplit(url).query)).get(name, "")
    except ValueError:
        return ""


def asking(url: str, **wanted: str) -> str:
    """Return ``url`` with these parameters set, "" where it is no address."""
    try:
        parts = urlsplit(url)
        # Read and written anew: a parameter with "=" at its end (__biz) means the same when escaped.
        kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in wanted]
    except ValueError:
        return ""
    if not parts.netloc:
        return ""
    return urlunsplit(parts._replace(query=urlencode([*kept, *wanted.items()]), fragment=""))


def without(url: str, *names: str) -> str:
    """Return ``url`` without these parameters; one that has none of them, or is no address, as it stands."""
    if not any(asked(url, name) for name in names):
        return url
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in names]
    return urlunsplit(parts._replace(query=urlencode(kept)))
