"""平台统计表: what stands in its columns, and what it says of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from monitor.statistics import Count, Statistics
from reports import cells
from reports.cells import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRow:
    """What one row is made of; ``name`` is a platform, or 合计."""

    name: str
    count: Count


PLATFORMS: dict[str, Callable[[PlatformRow], Cell]] = {
    "平台": lambda row: row.name,
    "账号数": lambda row: row.count.accounts,
    "检查数": lambda row: row.count.judged,
    "检查比例": lambda row: cells.share(row.count.ratio),
    "合格": lambda row: row.count.passed,
    "不合格": lambda row: row.count.failed,
    "合格率": lambda row: cells.rate(row.count.pass_rate),
    "发布条数": lambda row: row.count.published,
    "原创条数": lambda row: row.count.original,
    "待复核": lambda row: row.count.review,
    "未能核验": lambda row: row.count.unverifiable,
    "不适用": lambda row: row.count.not_applicable,
}

NOTES = (
    "合格率 =（检查数 − 不合格数）÷ 检查数",
    "检查比例 = 检查数 ÷（账号数 − 不适用数）",
    "检查数：已判定为合格或不合格的账号数；待复核、未能核验的账号尚无结论，不计入。",
    "不适用：检查时段内没有适用的检查要求，例如已注销或尚未开设。",
)
"""What stands under the table."""


def platform_rows(statistics: Statistics) -> Iterator[PlatformRow]:
    """Give a row for each platform that has accounts."""
    return (PlatformRow(name=platform.value, count=count) for platform, count in statistics.platforms)


def total_row(statistics: Statistics) -> PlatformRow:
    """Return 合计."""
    return PlatformRow(name="合计", count=statistics.total)
