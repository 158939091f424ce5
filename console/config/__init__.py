"""The configuration: xunjian.toml read, checked to the last key, and turned into the values of the other packages."""

from console.config.load import Config, load, load_with_secrets

__all__ = ["Config", "load", "load_with_secrets"]
