"""Lines for people: colour on a terminal and nowhere else, and nothing that could command the terminal."""

import os
import re
import sys

from monitor.findings import Result, Verdict

RED, GREEN, YELLOW, FAINT, BOLD = "31", "32", "33", "2", "1"
_RESULTS = {
    Result.PASSED: GREEN,
    Result.FAILED: RED,
    Result.REVIEW: YELLOW,
    Result.UNVERIFIABLE: YELLOW,
    Result.NOT_APPLICABLE: FAINT,
}
_VERDICTS = {Verdict.VERIFIED: RED, Verdict.REVIEW: YELLOW, Verdict.UNVERIFIABLE: YELLOW, Verdict.MET: GREEN}


# Titles come from anywhere: whatever moves the cursor, rings or turns the writing round is shown as a mark instead.
_COMMANDS = re.compile(
    r"\033(?!\[(?:0|1|2|31|32|33)m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def harmless(text: str) -> str:
    """Return the text without control characters, except line breaks, tabs and our own colours."""
    return _COMMANDS.sub("\ufffd", text)


def say(line: str) -> None:
    """Print a line for a person, at once also into a pipe."""
    print(harmless(line), flush=True)


def on_terminal() -> bool:
    """Say whether a person looks at standard output as it is written."""
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def inked(text: str, colour: str) -> str:
    """Return the text in a colour where a terminal shows it."""
    plain = not on_terminal() or "NO_COLOR" in os.environ
    return text if plain or not colour else f"\033[{colour}m{text}\033[0m"


def result_inked(result: Result, text: str = "") -> str:
    """Return 检查结果 (or ``text``) in the result's colour."""
    return inked(text or result.value, _RESULTS.get(result, ""))


def verdict_inked(verdict: Verdict, text: str = "") -> str:
    """Return a window's verdict (or ``text``) in its colour."""
    return inked(text or verdict.value, _VERDICTS.get(verdict, ""))
