"""What a run of collection is told: limits, politeness, lanes."""

import os
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from monitor.values import SourceAddress

ROBOT: Final = "xunjian"
"""The token that robots.txt files know us by."""

USER_AGENT: Final = f"Mozilla/5.0 (compatible; {ROBOT}/0.1; government new media inspection)"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSettings:
    """Section [crawl] of the configuration, and the limits that hold for every source.

    ``delay`` lies between two requests of one lane; ``concurrency`` is the number of requests under way over all
    lanes; ``timeout`` is for one address with its redirects, waiting for a turn excluded; ``max_bytes`` holds for a
    body as sent and as inflated; ``parse_timeout`` is for reading one body. ``pages_per_visit`` is how many pages of
    one list are asked for at most, ``details_per_lane`` how many own pages of posts in one run of a lane (0: none).
    """

    allow_private: tuple[IPv4Network | IPv6Network, ...] = ()
    obey_robots: bool = True
    delay: timedelta = timedelta(seconds=2)
    concurrency: int = 16
    timeout: timedelta = timedelta(seconds=30)
    user_agent: str = USER_AGENT
    max_bytes: int = 15 * 2**20
    parse_workers: int = max(1, min(4, os.cpu_count() or 1))
    parse_timeout: timedelta = timedelta(seconds=60)
    pages_per_visit: int = 10
    details_per_lane: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneConfig:
    """A section [lanes.NAME]: ``hosts`` are hosts or host:port; a bare host matches any port."""

    name: str
    hosts: tuple[str, ...]
    delay: timedelta | None = None
    control: SourceAddress | None = None
    control_max_age: timedelta = timedelta(hours=24)
    lag: timedelta = timedelta(0)  # how late its sources see a post, where they do not say themselves
