"""The error family of the console: what a person wrote that cannot be used, one Chinese sentence for each problem."""

from collections.abc import Sequence

from monitor.errors import XunjianError


class UsageError(XunjianError):
    """A command was called in a way that it cannot follow."""


class FileError(XunjianError):
    """A file or folder that the console needs cannot be read or written."""


class ProblemsError(XunjianError):
    """Several things are wrong at once; ``problems`` holds one sentence each, the message is their lines."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class ConfigError(ProblemsError):
    """The configuration cannot be used as written."""


class RegistryError(ProblemsError):
    """A registry file cannot be read or written as it is."""
