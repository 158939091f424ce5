"""When two titles are those of one post."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.titles import alike, is_cut, plain, same_title

NOTICE = "关于做好国庆节期间值班工作的通知"


@pytest.mark.parametrize(
    ("one", "other", "cut", "same", "like"),
    [
        pytest.param(NOTICE, NOTICE, False, True, True, id="the-same"),
        pytest.param("关于做好国庆节…", NOTICE, True, True, True, id="cut"),
        pytest.param("关于做好国庆节......", NOTICE, True, True, True, id="cut-with-points"),
        pytest.param("关于做好中秋节…", NOTICE, False, False, True, id="cut-of-another"),
        pytest.param("关于…", NOTICE, False, False, True, id="too-short-to-tell"),
        pytest.param("关于做好国庆节", NOTICE, False, False, True, id="not-marked-as-cut"),
        pytest.param(f"{NOTICE}…", NOTICE, False, True, True, id="nothing-was-cut-off"),
        pytest.param("关于做好“国庆节”期间 值班工作的通知", NOTICE, False, True, True, id="signs-and-spaces"),
        pytest.param("ＡＢＣ工程开工", "abc工程开工", False, True, True, id="full-width-and-capitals"),
        pytest.param(f"{NOTICE}-高县人民政府网", NOTICE, False, True, True, id="a-sites-name-behind"),
        pytest.param(f"{NOTICE}_通知公告_高县", NOTICE, False, True, True, id="two-names-behind"),
        pytest.param("通知-高县人民政府网", "通知", False, False, True, id="a-title-too-short-for-that"),
        pytest.param(f"【图】{NOTICE}", NOTICE, False, False, True, id="a-word-before"),
        pytest.param("网站地图", NOTICE, False, False, False, id="another"),
        pytest.param("", NOTICE, False, False, True, id="none"),
        pytest.param("", "", False, False, True, id="none-at-all"),
        pytest.param("图", NOTICE, False, False, False, id="one-letter"),
    ],
)
def test_titles(one: str, other: str, cut: bool, same: bool, like: bool) -> None:
    assert is_cut(one, other) is cut
    assert same_title(one, other) is same_title(other, one) is same
    assert alike(one, other) is alike(other, one) is like


@given(st.text(), st.text())
def test_what_is_the_same_is_alike_and_a_cut_title_is_the_same(one: str, other: str) -> None:
    if same_title(one, other):
        assert alike(one, other)
    if is_cut(one, other):
        assert same_title(one, other)
        assert not is_cut(other, one)
    assert plain(plain(one)) == plain(one) or not plain(one).isascii()
