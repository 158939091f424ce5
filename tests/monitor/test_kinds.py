"""Coverage by kind of post: silence is proven only where every kind of the platform would have been seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.kinds import kinds_of, of_every_kind
from monitor.spans import Coverage, Span, holding, intersection, union
from monitor.values import Platform
from tests.monitor.builders import covered, moment
from tests.monitor.strategies import HOUR, START, coverages

SENT, PUBLISHED = "群发", "发布"


@pytest.mark.parametrize(
    ("whole", "by_kind", "platform", "expected"),
    [
        pytest.param(covered("10-01>10-03"), {}, Platform.WECHAT, covered("10-01>10-03"), id="nobody-declares"),
        pytest.param((), {SENT: covered("10-01>10-05")}, Platform.WECHAT, (), id="one-kind-alone-proves-nothing"),
        pytest.param(
            (),
            {SENT: covered("10-01>10-05"), PUBLISHED: covered("10-03>10-09")},
            Platform.WECHAT,
            covered("10-03>10-05"),
            id="both-where-both-are-covered",
        ),
        pytest.param(
            covered("10-01>10-03"),
            {SENT: covered("10-02>10-05"), PUBLISHED: covered("10-03>10-06")},
            Platform.WECHAT,
            covered("10-01>10-05"),
            id="together-with-what-all-kinds-are-covered-by",
        ),
        pytest.param(
            (),
            {"图文": covered("10-01>10-05"), "视频": covered("10-01>10-05")},
            Platform.WEIBO,
            (),
            id="a-third-kind-is-missing",
        ),
        pytest.param(
            (),
            dict.fromkeys(("图文", "视频", "音频"), covered("10-01>10-05")),
            Platform.WEIBO,
            covered("10-01>10-05"),
            id="all-three",
        ),
        pytest.param(
            (),
            dict.fromkeys(("图文", "视频", "音频"), covered("10-01>10-05")),
            Platform.WECHAT,
            (),
            id="kinds-of-another-platform",
        ),
    ],
)
def test_what_is_covered_for_every_kind(
    whole: Coverage, by_kind: dict[str, Coverage], platform: Platform, expected: Coverage
) -> None:
    assert of_every_kind(whole, by_kind, platform) == expected


def test_every_platform_has_kinds() -> None:
    assert {each: kinds_of(each) for each in Platform if each is not Platform.WECHAT} == dict.fromkeys(
        set(Platform) - {Platform.WECHAT}, ("图文", "视频", "音频")
    )
    assert kinds_of(Platform.WECHAT) == (SENT, PUBLISHED)


@given(
    whole=coverages(),
    sent=coverages(),
    published=coverages(),
    platform=st.sampled_from([Platform.WECHAT, Platform.WEIBO]),
    hour=st.integers(0, 24 * 110),
)
def test_a_moment_is_covered_only_if_it_is_for_each_kind_alone(
    whole: Coverage, sent: Coverage, published: Coverage, platform: Platform, hour: int
) -> None:
    by_kind = {kind: each for kind, each in zip(kinds_of(platform), (sent, published), strict=False) if each}
    at = START + HOUR * hour
    found = of_every_kind(whole, by_kind, platform)
    assert found == union(found), "merged and in order"
    alone = [holding(union([*whole, *by_kind.get(kind, ())]), at) is not None for kind in kinds_of(platform)]
    assert (holding(found, at) is not None) is all(alone)


@given(coverages(), coverages())
def test_an_intersection_is_what_both_cover(one: Coverage, other: Coverage) -> None:
    found = intersection(one, other)
    assert found == intersection(other, one) == union(found)
    assert intersection(one, one) == one
    for each in found:
        assert holding(one, each.start) is not None
        assert holding(other, each.start) is not None


def test_spans_that_only_touch_have_nothing_in_common() -> None:
    one, other = (Span(moment(start), moment(end)) for start, end in (("10-01", "10-02"), ("10-02", "10-03")))
    assert intersection((one,), (other,)) == ()
