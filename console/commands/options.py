"""The options that every command takes, and what they give."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.locating import config_path
from console.logs import set_up_logs

if TYPE_CHECKING:
    from console.config import Config

ConfigOption = Annotated[
    str | None,
    typer.Option(
        "--config", metavar="文件", help="配置文件；默认是 $XUNJIAN_CONFIG，再没有就是当前文件夹的 xunjian.toml"
    ),
]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="把每次采集和每一步的日志也写到标准错误")]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="时间",
        help="按这一时刻判定，此后才看到的一概不用；ISO 8601，如 2026-10-31T18:00，不写时区即单位所在时区",
    ),
]


def folder_given(value: str) -> str:
    """Return the folder that an option names; "" would mean the current one, which nobody means by it."""
    if not value.strip():
        raise typer.BadParameter("文件夹不能为空；请写明文件夹，当前文件夹写作 .")
    return value


@dataclass(slots=True, kw_only=True)
class Given:
    """The options that stand before the command's name."""

    config: Path | None = None
    verbose: bool = False


def settle(context: typer.Context, config: str | None, *, verbose: bool) -> Path:
    """Set up the log and return the configuration file; what stands behind the command's name counts first."""
    given: Given = context.obj
    set_up_logs(verbose=verbose or given.verbose)
    return config_path(Path(config) if config is not None else given.config)


def configured(context: typer.Context, config: str | None, *, verbose: bool) -> "Config":
    """Return the configuration that the command is to work with."""
    from console.config import load  # here, so that --help waits for no database and no network library

    return load(settle(context, config, verbose=verbose))


def configured_to_send(context: typer.Context, config: str | None, *, verbose: bool) -> "Config":
    """Return the configuration for a command that sends messages: every secret must be there."""
    from console.config import load_with_secrets

    return load_with_secrets(settle(context, config, verbose=verbose))


def clock() -> datetime:
    """Return the present moment, UTC."""
    return datetime.now(UTC)
