import pytest

from console.nearest import closest, hint, nearest

PLATFORMS = ("微信公众号", "微信视频号", "新浪微博", "抖音")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("微信号", "微信公众号", id="letters left out"),
        pytest.param("微博", "新浪微博", id="a part of the word"),
        pytest.param("抖音短视频", "抖音", id="more than the word"),
        pytest.param("脸书", None, id="nothing is like it"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_nearest(word: str, expected: str | None) -> None:
    assert nearest(word, PLATFORMS) == expected


def test_case_does_not_matter() -> None:
    assert nearest("OBEY_ROBOT", ("delay_seconds", "obey_robots")) == "obey_robots"


def test_closest_always_names_one() -> None:
    assert closest("zzz", ("alpha", "beta")) in {"alpha", "beta"}
    assert closest("zzz", ()) is None


def test_hint_is_empty_where_nothing_is_like_it() -> None:
    assert hint("脸书", PLATFORMS) == ""
    assert hint("微博", PLATFORMS) == "，是否为“新浪微博”"
