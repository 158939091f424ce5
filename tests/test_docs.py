"""What the documents say is what the code does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import make_rules

GROUPS = {"accounts", "disposition", "evidence", "findings", "inspections", "notify", "posts", "sources"}
COMMANDS = re.compile(r"^\| `xunjian ([a-z]+(?: [a-z]+)?)", re.MULTILINE)


def listed_by(help_of: str) -> set[str]:
    """The commands that a --help page lists: the first word of each line of its command panel."""
    environment = {**os.environ, "COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"}
    shown = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from console.cli import main; sys.exit(main())",
            *help_of.split(),
            "--help",
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        timeout=100,
        check=True,
    ).stdout
    return set(re.findall(r"^ {2}([a-z]+) {2,}\S", shown, re.MULTILINE))


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readme_lists_the_commands_that_help_lists(repository: Path, readme: str) -> None:
    commands = listed_by("") - GROUPS | {f"{group} {each}" for group in GROUPS for each in listed_by(group)}
    assert "inspect" in commands
    assert set(COMMANDS.findall((repository / readme).read_text(encoding="utf-8"))) == commands


def test_rules_page_is_current() -> None:
    assert make_rules.PAGE.read_text(encoding="utf-8") == make_rules.text(), "python docs/make_rules.py"


@pytest.mark.parametrize(
    "page",
    ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md"],
)
def test_every_file_that_a_page_names_exists(repository: Path, page: str) -> None:
    text = (repository / page).read_text(encoding="utf-8")
    named = set(
        re.findall(r"`((?:console|schedules|crawler|reports|storage|monitor|tests|docs|benchmarks)/[\w./-]*)`", text)
    )
    named |= {each for each in re.findall(r"\]\(([\w./-]+)\)", text) if "://" not in each}
    assert [each for each in sorted(named) if not (repository / each).exists()] == []


def test_no_page_or_lock_names_a_machine(repository: Path) -> None:
    pages = [*repository.glob("*.md"), *repository.glob("docs/**/*.md"), *repository.glob("requirements*.lock")]
    assert len(pages) > 8
    for each in pages:
        text = each.read_text(encoding="utf-8")
        assert re.findall(r"/(?:home|root|tmp|work)/|--index-url|--find-links|file://", text) == [], each.name
