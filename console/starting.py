"""What ``xunjian init`` writes: a commented configuration and an empty registry."""

from importlib.resources import files
from pathlib import Path

from console.errors import FileError
from console.files import write_new
from console.registry.export import csv_body
from monitor.errors import cause_of

REGISTRY = "accounts.csv"


def write_start(config: Path, registry: Path) -> list[tuple[Path, bool]]:
    """Write both files where they do not exist yet; return each with whether it was written.

    Raises FileError where a folder or a file cannot be made.
    """
    for folder in (config.parent, registry.parent):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            cause = cause_of(error) if isinstance(error, OSError) else "路径含有不能使用的字符"
            raise FileError(f"无法建立文件夹 {folder}：{cause}，请检查路径和权限。") from error
    template = (files("console") / "data" / "template.toml").read_bytes()
    return [
        (config, write_new(config, template, "配置文件")),
        (registry, write_new(registry, csv_body([]), "台账模板")),
    ]
