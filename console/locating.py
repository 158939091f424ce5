"""Where the configuration is."""

import os
from pathlib import Path

DEFAULT = "xunjian.toml"
VARIABLE = "XUNJIAN_CONFIG"


def config_path(named: Path | None) -> Path:
    """Return the file to read: the one that ``--config`` names, else $XUNJIAN_CONFIG, else ./xunjian.toml."""
    return named if named is not None else Path(os.environ.get(VARIABLE) or DEFAULT)
