"""The files that install the daemon, and the page that explains it, name what there is."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import typer

import console.cli  # noqa: F401 - its commands join the application
from console.commands.application import app
from console.config import load
from console.config.fields import Table, keys_of
from console.config.shape import Root
from schedules.metrics import Usage, exposition
from tests.schedules.test_serving import facts
from tests.test_docs import GROUPS

PAGE = Path("docs", "operation.zh-CN.md")
HARDENING = {
    "NoNewPrivileges": "true",
    "ProtectSystem": "strict",
    "ProtectHome": "true",
    "PrivateTmp": "true",
    "PrivateDevices": "true",
    "CapabilityBoundingSet": "",
    "RestrictNamespaces": "true",
    "RestrictSUIDSGID": "true",
    "LockPersonality": "true",
    "SystemCallArchitectures": "native",
}


def unit(repository: Path) -> dict[str, dict[str, list[str]]]:
    """The unit file by section and key; a key may stand several times."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    section = ""
    for line in (repository / "deploy" / "xunjian.service").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, equals, value = line.partition("=")
            assert equals, line
            assert re.fullmatch(r"[A-Z]\w+", key), line
            found[section][key].append(value)
    return found


def test_the_unit_starts_reloads_and_stops_the_daemon(repository: Path) -> None:
    found = unit(repository)
    assert set(found) == {"Unit", "Service", "Install"}
    service = {key: values[0] for key, values in found["Service"].items()}
    program, *arguments = shlex.split(service["ExecStart"])
    assert program.endswith("/bin/xunjian")
    assert arguments == ["daemon", "--config", "/var/lib/xunjian/xunjian.toml"]
    assert service["ExecReload"] == "/bin/kill -HUP $MAINPID"
    assert (service["KillSignal"], service["Restart"]) == ("SIGTERM", "always")
    assert int(service["TimeoutStopSec"]) > 10, "longer than the daemon takes by itself"
    assert service["User"] == "xunjian"
    assert service["ReadWritePaths"] == service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"
    assert service.items() >= HARDENING.items()
    assert found["Install"]["WantedBy"] == ["multi-user.target"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_finds_nothing_wrong_with_the_unit(repository: Path, tmp_path: Path) -> None:
    text = (repository / "deploy" / "xunjian.service").read_text(encoding="utf-8")
    file = tmp_path / "xunjian.service"
    file.write_text(re.sub(r"ExecStart=\S+", f"ExecStart={sys.executable}", text), encoding="utf-8")
    ran = subprocess.run(["systemd-analyze", "verify", str(file)], capture_output=True, text=True, timeout=100)
    assert [line for line in ran.stderr.splitlines() if file.name in line] == []


def instructions(repository: Path) -> list[tuple[str, str]]:
    text = (repository / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines if line and not line.startswith("#")]


def test_the_image_is_made_of_what_the_repository_has(repository: Path) -> None:
    found = instructions(repository)
    (first, image), *_ = found
    assert (first, image) == ("ARG", "PYTHON_IMAGE=python:3.13-slim")
    bases = [value for name, value in found if name == "FROM"]
    assert bases == ["${PYTHON_IMAGE} AS build", "${PYTHON_IMAGE}"], "no registry is named"
    copied = [value.split()[0] for name, value in found if name == "COPY" and not value.startswith("--from")]
    packages = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert set(packages["targets"]["wheel"]["packages"]) <= set(copied)
    assert [each for each in copied if not (repository / each).exists()] == []
    allowed = (repository / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    several = {each for name, value in found if name == "COPY" for each in value.split()[:-1] if "--from" not in value}
    assert several == {each[1:] for each in allowed if each.startswith("!")}


def test_the_image_installs_what_is_locked_and_runs_as_nobody(repository: Path) -> None:
    found = instructions(repository)
    run = [value for name, value in found if name == "RUN" and "pip install" in value]
    assert len(run) == 2
    assert "--require-hashes -r requirements.lock" in run[0]
    assert "--no-deps --no-build-isolation" in run[1]
    final = dict(found[max(at for at, (name, _) in enumerate(found) if name == "FROM") :])
    assert final["USER"] == "10001:10001"
    assert final["STOPSIGNAL"] == "SIGTERM"
    assert (final["ENTRYPOINT"], final["CMD"]) == ('["xunjian"]', '["daemon"]')
    assert "/healthz" in final["HEALTHCHECK"]
    assert final["VOLUME"] == final["WORKDIR"] == "/data"


def test_the_health_check_is_a_program(repository: Path) -> None:
    (check,) = (value for name, value in instructions(repository) if name == "HEALTHCHECK")
    code = re.search(r'CMD \["python", "-c", "(.*)"\]$', check)
    assert code
    compile(code[1], "HEALTHCHECK", "exec")


def test_the_compose_file(repository: Path) -> None:
    lines = (repository / "deploy" / "compose.yaml").read_text(encoding="utf-8").splitlines()
    content = [line.split("  #")[0].rstrip() for line in lines if line.strip() and not line.startswith("#")]
    assert not any("\t" in line for line in content)
    assert all((len(line) - len(line.lstrip())) % 2 == 0 for line in content)
    assert [line for line in content if not line.startswith(" ")] == ["services:", "volumes:"]
    assert all(re.fullmatch(r"\s*(- )?([\w-]+:( \S.*)?|\S.*)", line) for line in content)
    for wanted in (
        "    read_only: true",
        "    restart: unless-stopped",
        "      - /tmp",
        "      - data:/data",
        "      - no-new-privileges:true",
        "      dockerfile: deploy/Dockerfile",
        '      - "127.0.0.1:9469:9469"',
    ):
        assert wanted in content
    assert not any("image:" in line and "/" in line for line in content), "no registry is named"


# ------------------------------------------------------------------------------------------------------- the page


def code_of(page: str) -> list[str]:
    """Everything that stands as code: the lines of blocks, and what stands between backticks."""
    blocks = re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL))
    return [line for block in blocks for line in block.splitlines()] + inline


def test_every_command_and_option_that_the_page_names_exists(repository: Path) -> None:
    root: Any = typer.main.get_command(app)
    named = 0
    for line in code_of((repository / PAGE).read_text(encoding="utf-8")):
        for words in (match.split() for match in re.findall(r"(?:^|[/ ])xunjian ((?:[a-z]+ ?)[^&|]*)", line)):
            command = root.commands.get(words[0])
            if command is None:
                continue  # the service of this name, or the image
            if words[0] in GROUPS:
                assert words[1] in command.commands, line
                command = command.commands[words[1]]
            options = {option for each in command.params for option in each.opts} | {"--help"}
            assert [word for word in words if word.startswith("--") and word not in options] == [], line
            named += 1
    assert named > 15


def test_the_configuration_of_the_page_is_good(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (repository / PAGE).read_text(encoding="utf-8")
    text = "\n".join(re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    for name in re.findall(r'"env:(\w+)"', text):
        monkeypatch.setenv(name, "https://robot.example/hook")
    file = tmp_path / "xunjian.toml"
    file.write_text(text, encoding="utf-8")
    config = load(file)
    assert {each.kind.value for each in config.routing.channels.values()} == {
        *("wecom", "dingtalk", "feishu", "email", "webhook", "apprise")
    }
    assert config.logs.json


def test_the_keys_and_figures_that_the_page_names_exist(repository: Path) -> None:
    page = (repository / PAGE).read_text(encoding="utf-8")
    known = set(
        re.findall(
            r"^# TYPE (\w+)", exposition(facts(), Usage(threads=1, open_files=1, resident_bytes=1)), re.MULTILINE
        )
    )
    assert set(re.findall(r"`(xunjian_\w+)`", page)) - known == set()
    keys = {key for each in Root.model_fields.values() for key in keys_below(each.annotation)}
    named = {each for each in re.findall(r"`([a-z]+_[a-z_]+)`", page) if not each.startswith("xunjian_")}
    assert named - keys == set()
    assert "heartbeat_url" in named


def keys_below(annotation: object) -> set[str]:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return set(keys_of(annotation))
    return {key for each in getattr(annotation, "__args__", ()) for key in keys_below(each)}
