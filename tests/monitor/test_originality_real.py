"""Originality and likeness on real posts that people labelled by reading them (tests/real/originality_scores.py)."""

import sys
from pathlib import Path

import pytest

from tests.real.originality_scores import HELD_OUT, LABELS, Pair, Scored, pair, score, share_left_open, told

pytestmark = pytest.mark.slow


SETS = [
    pytest.param((LABELS, 320, 0.45, 0), id="the posts that the forms were made with"),
    pytest.param((HELD_OUT, 300, 0.38, 1), id="other posts"),
]
"""File, posts at least, share that must be called 原创 or 转载, reposts that may be called 原创."""


@pytest.fixture(scope="module", params=SETS)
def labelled(shared_data: Path, request: pytest.FixtureRequest) -> tuple[list[Scored], int, float, int]:
    file, posts, share, missed = request.param
    return score(shared_data, file), posts, share, missed


@pytest.fixture(scope="module")
def pairs(shared_data: Path) -> list[Pair]:
    """Those of different accounts: posts of one account are never compared."""
    return [each for each in pair(shared_data) if not each.label["same_account"]]


def test_what_is_called_original_or_repost_is_right(labelled: tuple[list[Scored], int, float, int]) -> None:
    scored, posts, share, _ = labelled
    sure = told(scored)
    sys.stdout.write(f"未判定 {share_left_open(scored):.1%} of {len(scored)} posts\n")
    assert len(scored) >= posts
    assert len(sure) >= share * len(scored)
    assert sum(each.right for each in sure) >= 0.98 * len(sure)


def test_no_repost_is_called_original(labelled: tuple[list[Scored], int, float, int]) -> None:
    """But for one: under an own source line and an own reporter, 资料来源 names the foreign papers it was made from."""
    scored, _, _, missed = labelled
    wrong = [each for each in told(scored) if each.label["class"] == "转载" and not each.right]
    assert len(wrong) <= missed


def test_what_says_nothing_of_its_origin_is_left_open(labelled: tuple[list[Scored], int, float, int]) -> None:
    open_ones = [each for each in labelled[0] if each.label["class"] == "未判定"]
    assert sum(each.right for each in open_ones) >= 0.98 * len(open_ones)


def test_what_is_called_near_identical_is_the_same_text(pairs: list[Pair]) -> None:
    called = [each for each in pairs if each.near]
    assert len(called) >= 50
    assert [each for each in called if not each.label["same"]] == []


def test_the_same_text_is_found_again(pairs: list[Pair]) -> None:
    """Of all pairs three quarters; what is missed has a long appendix on one side, and is less than 90 % alike."""
    same = [each for each in pairs if each.label["same"]]
    assert sum(each.near for each in same) >= 0.74 * len(same)
    whole = [each for each in same if each.label["overlap"]["of_longer"] >= 0.9]
    assert sum(each.near for each in whole) >= 0.98 * len(whole)


def test_sketches_bring_together_what_is_alike(pairs: list[Pair]) -> None:
    alike = [each for each in pairs if each.similarity >= 0.8]
    assert len(alike) >= 50
    assert [each for each in alike if not each.candidate] == []
