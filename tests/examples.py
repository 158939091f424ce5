"""How many examples a law is tried on: here all of them, on CI a third."""

import os

from hypothesis import settings


def examples(count: int) -> settings:
    """Return settings for so many examples."""
    return settings(max_examples=max(20, count // 3) if os.environ.get("CI") else count)
