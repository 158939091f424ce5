import pytest

from console.show.ink import harmless
from tests.console.conftest import Xunjian


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("标题\t二\n三", "标题\t二\n三", id="tabs and line breaks"),
        pytest.param("\033[31m红\033[0m", "\033[31m红\033[0m", id="our own colours"),
        pytest.param("a\033[2Jb", "a\ufffd[2Jb", id="clears the screen"),
        pytest.param("a\033]0;x\007b", "a\ufffd]0;x\ufffdb", id="renames the window"),
        pytest.param("不合格\r合格", "不合格\ufffd合格", id="writes over the line"),
        pytest.param("a\x9b2Jb", "a\ufffd2Jb", id="a control sequence in one character"),
        pytest.param("a\u202eb", "a\ufffdb", id="turns the writing round"),
        pytest.param("👨\u200d👩 é", "👨\u200d👩 é", id="joined signs stay"),
    ],
)
def test_harmless(text: str, expected: str) -> None:
    assert harmless(text) == expected


def test_what_is_typed_cannot_command_the_terminal(xunjian: Xunjian) -> None:
    assert "\033" not in xunjian("collect", "--config", "a\033[2Jb").err
