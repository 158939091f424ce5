"""The lines of the daemon's log: readable text, or one JSON object each."""

import json
import logging
import re
from datetime import datetime, tzinfo

OWN_KEYS = frozenset({"time", "level", "logger", "message", "exception"})
_PAIR = re.compile(r"(?:^|(?<=\s))([a-z][a-z0-9_]*)=(\"(?:[^\"\\]|\\.)*\"|\S*)")
_BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class TextLines(logging.Formatter):
    """A line for people: key=value pairs, an exception on lines of its own below, set in."""

    def __init__(self, zone: tzinfo) -> None:
        """State times in ``zone``."""
        super().__init__()
        self._zone = zone

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line; what servers said cannot begin a line of its own."""
        head = f"time={_time(record, self._zone)} level={record.levelname} logger={record.name}"
        line = f"{head} {_BREAKS.sub(_escaped, record.getMessage())}"
        trace = _exception(record)
        below = "".join(f"\n    {_BREAKS.sub(_escaped, each)}" for each in trace.splitlines())
        return line + below


class JsonLines(logging.Formatter):
    """A JSON object per line: time, level, logger, message, its key=value pairs, and an exception as one text."""

    def __init__(self, zone: tzinfo) -> None:
        """State times in ``zone``."""
        super().__init__()
        self._zone = zone

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        message = record.getMessage()
        line = {
            "time": _time(record, self._zone),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
            **fields_of(message),
        }
        if trace := _exception(record):
            line["exception"] = trace
        return json.dumps(line, ensure_ascii=False)


def fields_of(message: str) -> dict[str, str]:
    """Return the key=value pairs of a message; a key that the line has itself gets ``_`` behind it."""
    found: dict[str, str] = {}
    for key, value in _PAIR.findall(message):
        found.setdefault(f"{key}_" if key in OWN_KEYS else key, _unquoted(value))
    return found


def _unquoted(value: str) -> str:
    if len(value) > 1 and value.startswith('"') and value.endswith('"'):
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value


def _time(record: logging.LogRecord, zone: tzinfo) -> str:
    return datetime.fromtimestamp(record.created, zone).isoformat(timespec="milliseconds")


def _exception(record: logging.LogRecord) -> str:
    if record.exc_info and record.exc_info[0] is not None:
        return logging.Formatter().formatException(record.exc_info)
    return record.exc_text or ""


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
