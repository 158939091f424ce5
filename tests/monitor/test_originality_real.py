"""Originality and likeness on real posts that people labelled by reading them (tests/real/originality_scores.py)."""

from pathlib import Path

import pytest

from tests.real.originality_scores import Pair, Scored, pair, score, told

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scored(shared_data: Path) -> list[Scored]:
    return score(shared_data)


@pytest.fixture(scope="module")
def pairs(shared_data: Path) -> list[Pair]:
    """Those of different accounts: posts of one account are never compared."""
    return [each for each in pair(shared_data) if not each.label["same_account"]]


def test_what_is_called_original_or_repost_is_right(scored: list[Scored]) -> None:
    sure = told(scored)
    assert len(scored) >= 320
    assert len(sure) >= 0.45 * len(scored)
    assert sum(each.right for each in sure) >= 0.98 * len(sure)


def test_no_repost_is_called_original(scored: list[Scored]) -> None:
    assert [each for each in told(scored) if each.label["class"] == "转载" and not each.right] == []


def test_what_says_nothing_of_its_origin_is_left_open(scored: list[Scored]) -> None:
    open_ones = [each for each in scored if each.label["class"] == "未判定"]
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
