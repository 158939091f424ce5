"""The figures of a whole inspection: 检查数, 检查比例, 合格率, by platform and together."""

import pytest

from monitor.findings import Judgement
from monitor.statistics import Count, Statistics, count_of
from monitor.values import Platform
from tests.monitor.builders import ALWAYS, account, judged, posts, undated

PASSED = judged(posts("08-01..10-31"), ALWAYS)
FAILED = judged(posts("08-01..10-04"), ALWAYS, of=account(platform=Platform.WEIBO))
IN_DOUBT = judged([*posts("08-01..10-05 10-19..10-31"), undated("10-13 09:00")], ALWAYS)
UNSEEN = judged([])
NOT_BOUND = judged([], ALWAYS, of=account(opened="10-30"))


@pytest.mark.parametrize(
    ("of", "judged_", "ratio", "rate"),
    [
        pytest.param([], 0, None, None, id="nobody"),
        pytest.param([NOT_BOUND], 0, None, None, id="nobody with a duty"),
        pytest.param([UNSEEN], 0, 0.0, None, id="nobody was judged"),
        pytest.param([PASSED, FAILED], 2, 1.0, 0.5, id="one of two"),
        pytest.param([PASSED, FAILED, IN_DOUBT, UNSEEN, NOT_BOUND], 2, 0.5, 0.5, id="what waits is not judged"),
        pytest.param([FAILED], 1, 1.0, 0.0, id="none passed"),
    ],
)
def test_the_ratios(of: list[Judgement], judged_: int, ratio: float | None, rate: float | None) -> None:
    found = Statistics()
    found.add(of)
    assert (found.total.judged, found.total.ratio, found.total.pass_rate) == (judged_, ratio, rate)


def test_each_result_is_counted_once() -> None:
    found = Statistics()
    found.add([FAILED, PASSED])
    found.add([IN_DOUBT, UNSEEN, NOT_BOUND])
    assert found.total == Count(
        accounts=5,
        passed=1,
        failed=1,
        review=1,
        unverifiable=1,
        not_applicable=1,
        published=sum(each.figures.published for each in (PASSED, FAILED, IN_DOUBT)),
        original=sum(each.figures.original for each in (PASSED, FAILED, IN_DOUBT)),
    )
    assert [each for each, _ in found.platforms] == [Platform.WECHAT, Platform.WEIBO]
    assert sum((count for _, count in found.platforms), Count()) == found.total
    assert count_of(FAILED) == dict(found.platforms)[Platform.WEIBO]


def test_problems_count_accounts_with_what_makes_them_fail() -> None:
    found = Statistics()
    found.add([FAILED, FAILED, IN_DOUBT, UNSEEN])
    assert found.problems == [
        ("GX-01", "内容不更新", 2),
        ("GX-03", "未达到周更新要求", 2),
        ("YC-01", "未按要求发布原创信息", 2),
    ]
