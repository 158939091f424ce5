"""A real sequence of polls, replayed: facts that were read off the saved XML by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.replay_history import HISTORY, ZONE, History, read_history, replay
from monitor.proof import day_start
from monitor.spans import Span, holding

pytestmark = pytest.mark.slow

STEP = timedelta(microseconds=1)
DISTINCT = {
    "中华人民共和国应急管理部": 23,
    "中国新闻周刊": 29,
    "山东教育发布": 22,
    "新京报书评周刊": 20,
    "求是设计会": 20,
    "深圳公安发布": 20,
    "澎湃新闻": 36,
    "澎湃新闻评论": 20,
    "环球时报": 52,
    "科技日报": 35,
    "观察者网": 36,
    "长安街知事": 31,
}


def local(text: str) -> datetime:
    """A moment of June 2021 in Shanghai: ``16 17:25:22``."""
    return datetime.strptime(f"2021-06-{text}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZONE)


@pytest.fixture(scope="module")
def saved(shared_data: Path) -> list[History]:
    """The versions as they were saved, read without the product."""
    if not (shared_data / HISTORY).is_dir():
        pytest.skip("no saved history beside this checkout")
    return read_history(shared_data)


@pytest.fixture(scope="module")
def replayed(saved: list[History], tmp_path_factory: pytest.TempPathFactory) -> dict[str, History]:
    """The versions collected in order, each at the time of its poll."""
    return {each.name: each for each in replay(saved, tmp_path_factory.mktemp("replay"))}


def test_no_post_is_lost_or_doubled(replayed: dict[str, History]) -> None:
    assert {name: len(each.posts) for name, each in replayed.items()} == DISTINCT
    for each in replayed.values():
        assert {post.url for post in each.posts} == each.listed.keys()
        assert {post.url: post.published_at for post in each.posts} == each.listed


def test_a_post_is_first_seen_by_the_first_poll_that_shows_it(replayed: dict[str, History]) -> None:
    for each in replayed.values():
        first = {link: version.at for version in reversed(each.versions) for link in version.listed}
        assert {post.url: post.seen_at for post in each.posts} == first


def test_the_lists_overlap_so_that_coverage_is_one_stretch(replayed: dict[str, History]) -> None:
    for each in replayed.values():
        assert not each.apart
        (stretch,) = each.coverage
        assert stretch.end == each.versions[-1].at
        # Open at the oldest time of the first list, or later where that list is not in order.
        assert timedelta(0) < stretch.start - min(each.listed.values()) < timedelta(hours=3)
    busy = replayed["环球时报"]
    assert busy.coverage == (Span(local("15 23:53:03") + STEP, local("17 11:24:07")),)


def test_a_busy_account_replaces_sixteen_of_twenty_overnight(saved: list[History]) -> None:
    busy = named("环球时报", saved)
    assert [len(after.listed.keys() - before.listed) for before, after in pairwise(busy.versions)] == [8, 16, 8]


def test_polls_left_out_leave_a_hole(saved: list[History], tmp_path: Path) -> None:
    busy = named("环球时报", saved)
    first, *_, last = busy.versions
    (found,) = replay([replace(busy, versions=(first, last))], tmp_path)
    assert len(found.posts) == 40
    assert found.holes == (Span(local("16 17:25:22"), local("16 20:53:05") + STEP),)
    assert len(found.apart) == 1


def test_the_polls_in_the_wrong_order_say_the_same(
    saved: list[History], replayed: dict[str, History], tmp_path: Path
) -> None:
    """Every poll on a day of its own, the last version first: what is known of posts does not hang on the order."""
    start = day_start(local("18 00:00:00").date(), ZONE)
    turned = [
        replace(
            each,
            versions=tuple(
                replace(version, at=start + timedelta(days=number))
                for number, version in enumerate(reversed(each.versions))
            ),
        )
        for each in saved
    ]
    for each in replay(turned, tmp_path):
        known = {(post.key, post.url, post.title, post.published_at) for post in each.posts}
        assert known == {(post.key, post.url, post.title, post.published_at) for post in replayed[each.name].posts}


def test_how_late_the_bridge_was(replayed: dict[str, History]) -> None:
    """21 posts were stated before a poll that did not show them: what ``lag_minutes`` is for."""
    late = {(name, ahead) for name, each in replayed.items() for ahead in each.late.values()}
    assert sum(len(each.late) for each in replayed.values()) == 21
    assert {name for name, _ in late} == {"中国新闻周刊", "科技日报", "观察者网", "长安街知事"}
    assert max(late, key=lambda each: each[1]) == ("中国新闻周刊", timedelta(hours=5, minutes=11, seconds=25))
    for each in replayed.values():
        assert not any(post.flags for post in each.posts), "none by more than 24 hours: none is 疑似倒填"


@pytest.mark.parametrize(
    ("stated", "polls"),
    [
        pytest.param("16 15:22:47", ("16 17:25:22", "16 19:17:17"), id="two polls did not show it"),
        pytest.param("16 18:12:12", ("16 23:23:37",), id="five hours"),
    ],
)
def test_a_late_post_all_the_same_counts(replayed: dict[str, History], stated: str, polls: Sequence[str]) -> None:
    weekly = replayed["中国新闻周刊"]
    for version in weekly.versions:
        if version.at in [local(poll) for poll in polls]:
            assert local(stated) not in version.listed.values()
    (post, *_) = [post for post in weekly.posts if post.published_at == local(stated)]
    assert post.seen_at > local(polls[-1])
    assert holding(weekly.coverage, local(stated)) is not None


def named(name: str, histories: Sequence[History]) -> History:
    return next(each for each in histories if each.name == name)
