"""The figures of a whole inspection; each is computed here and nowhere else."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.findings import GRAVE, Judgement, Result, Verdict
from monitor.values import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many accounts came to which result, and how many posts they published in the period."""

    accounts: int = 0
    passed: int = 0
    failed: int = 0
    review: int = 0
    unverifiable: int = 0
    not_applicable: int = 0
    published: int = 0
    original: int = 0

    def __add__(self, other: "Count") -> "Count":
        """Return both together."""
        return Count(
            accounts=self.accounts + other.accounts,
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            review=self.review + other.review,
            unverifiable=self.unverifiable + other.unverifiable,
            not_applicable=self.not_applicable + other.not_applicable,
            published=self.published + other.published,
            original=self.original + other.original,
        )

    @property
    def judged(self) -> int:
        """检查数: accounts that were judged, 合格 or 不合格; what waits for a person or was not observed is not."""
        return self.passed + self.failed

    @property
    def due(self) -> int:
        """Accounts that were to be inspected: those to which some duty applied."""
        return self.accounts - self.not_applicable

    @property
    def ratio(self) -> float | None:
        """检查比例: the share of the accounts to be inspected that were judged, a fraction of 1, None without any."""
        return self.judged / self.due if self.due else None

    @property
    def pass_rate(self) -> float | None:
        """合格率: (检查数 − 不合格数) ÷ 检查数, a fraction of 1, None where none was judged."""
        return (self.judged - self.failed) / self.judged if self.judged else None


def count_of(judgement: Judgement) -> Count:
    """Return what one account adds."""
    result = judgement.result
    return Count(
        accounts=1,
        passed=int(result is Result.PASSED),
        failed=int(result is Result.FAILED),
        review=int(result is Result.REVIEW),
        unverifiable=int(result is Result.UNVERIFIABLE),
        not_applicable=int(result is Result.NOT_APPLICABLE),
        published=judgement.figures.published,
        original=judgement.figures.original,
    )


class Statistics:
    """The figures of an inspection as its accounts come by."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._platforms: dict[Platform, Count] = {}
        self._problems: Counter[tuple[str, str]] = Counter()

    def add(self, judgements: Iterable[Judgement]) -> None:
        """Count some accounts."""
        for judgement in judgements:
            platform = judgement.account.platform
            self._platforms[platform] = self._platforms.get(platform, Count()) + count_of(judgement)
            proven = {
                (each.code, each.category)
                for each in judgement.findings
                if each.verdict is Verdict.VERIFIED and each.severity in GRAVE
            }
            self._problems.update(proven)

    @property
    def total(self) -> Count:
        """All platforms together."""
        return sum(self._platforms.values(), Count())

    @property
    def platforms(self) -> list[tuple[Platform, Count]]:
        """Each platform that has accounts, in the registry's order of platforms."""
        return [(each, self._platforms[each]) for each in Platform if each in self._platforms]

    @property
    def problems(self) -> list[tuple[str, str, int]]:
        """Code and category of each kind of problem that makes an account 不合格, and how many accounts have it."""
        return [(code, category, count) for (code, category), count in sorted(self._problems.items())]
