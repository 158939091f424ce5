"""Personal numbers in a record of plain values, masked in one place before it is written."""

from typing import Any

from monitor.masking import mask

UNMASKED = frozenset({"account", "account_id", "url", "final_url", "link", "body_hash", "digest", "record_id"})
"""Fields that stay: the registry's own account, addresses, digests."""

KEYS = frozenset({"key", "posts"})
_WITH_TITLE = ("title:", "link:")  # keys of posts that platforms do not number hold the title


def masked_record(value: Any, field: str = "") -> Any:
    """Return a record of dicts, lists and plain values with every text of it masked, except addresses and keys."""
    if isinstance(value, str):
        return value if field in KEYS and not value.startswith(_WITH_TITLE) else mask(value)
    if isinstance(value, dict):
        return {name: part if name in UNMASKED else masked_record(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [masked_record(part, field) for part in value]
    return value
