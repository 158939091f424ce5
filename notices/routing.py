"""Who is told over which channels, and when nobody is to be disturbed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from notices.channels import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Section [notify].

    ``office`` are the channels of the office itself. ``organizers`` has, by 主办单位, the channels of units that have
    their own; the others are told through the office's. Between ``quiet_from`` and ``quiet_until`` (local) nothing is
    sent, None where there are no quiet hours.
    """

    channels: Mapping[str, Channel] = field(default_factory=dict[str, Channel])
    office: tuple[str, ...] = ()
    organizers: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    quiet_from: time | None = None
    quiet_until: time | None = None
