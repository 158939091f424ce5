"""Command lines that nobody can follow: one Chinese sentence, exit 2; and the pages that explain them."""

import pytest

from console import cli
from console.commands import collect as collecting
from monitor.errors import XunjianError
from tests.console.conftest import Xunjian

COMMANDS = (
    "init",
    "accounts",
    "accounts import",
    "accounts list",
    "accounts export",
    "sources",
    "sources try",
    "sources discover",
    "collect",
    "report",
    "posts",
    "posts list",
    "posts show",
    "posts mark",
    "check",
    "inspect",
    "daemon",
    "status",
    "notify",
    "notify test",
    "backup",
    "restore",
    "demo",
)

NAMES = (
    *("init", "accounts", "sources", "collect", "report", "posts", "check", "inspect", "findings", "inspections"),
    *("evidence", "disposition", "assess", "daemon", "status", "notify", "backup", "restore", "demo"),
)
GROUPS = ("accounts", "sources", "posts", "findings", "inspections", "evidence", "disposition", "notify")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        pytest.param(
            "",
            f"缺少命令，可用的有：{'、'.join(NAMES)}；运行 xunjian --help 查看用法。",
            id="nothing",
        ),
        pytest.param(
            "accounts",
            "缺少命令，可用的有：import、list、export、show；运行 xunjian accounts --help 查看用法。",
            id="half",
        ),
        pytest.param("colect", "没有“colect”这个命令，是否为“collect”，可用的有：", id="mistyped"),
        pytest.param("serve", "没有“serve”这个命令，可用的有：init、", id="a command like no other"),
        pytest.param("accounts imprt x", "没有“imprt”这个命令，是否为“import”", id="mistyped below a group"),
        pytest.param("check", "缺少参数 账号编号；运行 xunjian check --help 查看用法。", id="no account"),
        pytest.param(
            "inspect 2026-10 --out=",
            "“--out”的值不能用（文件夹不能为空；请写明文件夹，当前文件夹写作 .）；运行 xunjian inspect --help 查看用法。",
            id="no folder",
        ),
        pytest.param("inspect", "缺少参数 年-月；运行 xunjian inspect --help 查看用法。", id="no month"),
        pytest.param("accounts import", "缺少参数 文件；运行 xunjian accounts import --help", id="no file"),
        pytest.param("check A B", "多出了参数“B”；运行 xunjian check --help", id="one more"),
        pytest.param(
            "check A --jsno", "没有“--jsno”这个选项，是否为“--json”；运行 xunjian check --help", id="mistyped option"
        ),
        pytest.param("check A -z", "没有“-z”这个选项", id="short option"),
        pytest.param("collect --quux", "没有“--quux”这个选项；", id="an option like no other"),
        pytest.param(
            "--verison", "没有“--verison”这个选项，是否为“--version”", id="mistyped option before the command"
        ),
        pytest.param("inspect 2026-10 --out", "选项 --out 后面缺少它的值", id="no value"),
        pytest.param("check A --json=yes", "选项 --json 后面不带值", id="a value too many"),
    ],
)
def test_usage_errors(xunjian: Xunjian, line: str, sentence: str) -> None:
    ran = xunjian(*line.split())
    assert ran.status == 2
    assert ran.out == ""
    assert sentence in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_is_chinese(xunjian: Xunjian, command: str, option: str) -> None:
    ran = xunjian(*command.split(), option)
    assert ran.status == 0
    assert ran.err == ""
    assert ran.out.startswith(f"用法：xunjian {command}".rstrip())
    assert "-h、--help" in ran.out
    for word in ("Usage", "Options", "Commands", "Arguments", "default", "required", "Show this"):
        assert word not in ran.out
    assert all(line.rstrip() == line for line in ran.out.split("\n"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_explained(xunjian: Xunjian, command: str) -> None:
    page = xunjian(*command.split(), "--help").out
    assert "--config 文件" in page or command in GROUPS
    entries = [line for line in page.split("\n") if line.startswith("  ") and not line.startswith("   ")]
    assert entries
    assert all(len(entry.split("  ", 2)) == 3 and entry.split("  ", 2)[2].strip() for entry in entries)


def test_the_commands_stand_in_the_order_of_their_use(xunjian: Xunjian) -> None:
    page = xunjian("--help").out
    places = [page.index(f"\n  {name} ") for name in NAMES]
    assert places == sorted(places)


def test_help_fits_a_narrow_terminal(xunjian: Xunjian, monkeypatch: pytest.MonkeyPatch) -> None:
    from console.widths import width

    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(width, xunjian("check", "--help").out.split("\n"))) <= 60


def test_version(xunjian: Xunjian) -> None:
    ran = xunjian("--version")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("xunjian ")


@pytest.mark.parametrize("command", ["accounts list", "accounts import a.csv", "collect", "check A", "inspect 2026-10"])
def test_without_a_configuration(xunjian: Xunjian, command: str) -> None:
    ran = xunjian(*command.split())
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "找不到配置文件 xunjian.toml，请先运行 xunjian init 生成，或用 --config 指明它的位置。\n"


def test_the_configuration_may_be_named_anywhere(xunjian: Xunjian, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "找不到配置文件 one" in xunjian("accounts", "list", "--config", "one").err
    assert "找不到配置文件 two" in xunjian("--config", "two", "accounts", "list").err
    assert "找不到配置文件 one" in xunjian("--config", "two", "accounts", "list", "--config", "one").err
    monkeypatch.setenv("XUNJIAN_CONFIG", "three")
    assert "找不到配置文件 three" in xunjian("accounts", "list").err
    assert "找不到配置文件 one" in xunjian("accounts", "list", "--config", "one").err
    monkeypatch.setenv("XUNJIAN_CONFIG", "")
    assert "找不到配置文件 xunjian.toml" in xunjian("accounts", "list").err


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        pytest.param(XunjianError("一句话。"), 2, "一句话。\n", id="an error with a sentence"),
        pytest.param(
            RuntimeError("odd\nthing"), 2, "程序遇到没有料到的错误（RuntimeError odd thing）", id="anything else"
        ),
        pytest.param(OSError(28, "No space left on device"), 2, "磁盘空间已满", id="a full disk"),
        pytest.param(KeyboardInterrupt(), 130, "已中断：已经完成的采集和写入都已保存", id="Ctrl-C"),
    ],
)
def test_no_error_is_met_with_a_traceback(
    xunjian: Xunjian, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, sentence: str
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(collecting, "configured", fail)
    ran = xunjian("collect")
    assert ran.status == status
    assert ran.err.startswith(sentence)
    assert ran.err.count("\n") == 1


def test_the_program_s_own_arguments_are_the_default(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["xunjian", "--version"])
    assert cli.main() == 0
    assert capsys.readouterr().out.startswith("xunjian ")
