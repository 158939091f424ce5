import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.plain import plain, plain_line


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("一<br>二<br/>三", "一\n二\n三", id="br"),
        pytest.param("<p>一</p><p>二</p>三", "一\n二\n三", id="paragraphs"),
        pytest.param(
            "<p>正文。</p>来源：<b>新华社</b><div>编辑：张三</div>", "正文。\n来源：新华社\n编辑：张三", id="a credit"
        ),
        pytest.param("一\n二", "一\n二", id="plain text keeps its lines"),
        pytest.param("<p>一\n二</p>", "一 二", id="line breaks in markup are spaces"),
        pytest.param("<pre>一\n二</pre>", "一\n二", id="but not in pre"),
        pytest.param("<table><tr><td>一</td><td>二</td></tr><tr><td>三</td></tr></table>", "一 二\n三", id="a table"),
        pytest.param("<ul><li>一</li><li>二</li></ul>", "一\n二", id="a list"),
        pytest.param("一<script>var x='二'</script><style>p{}</style>三", "一三", id="scripts and styles"),
        pytest.param("一<!-- 二 -->三", "一三", id="a comment"),
        pytest.param("a&nbsp;&amp;&lt;b", "a &<b", id="entities without tags"),
        pytest.param("<p>来&nbsp;&nbsp;源：&ldquo;网&rdquo;</p>", "来 源：“网”", id="entities"),
        pytest.param("<p>  一  </p>\n\n\n<p></p><p>二\u200b</p>", "一\n二", id="space and nothing"),
        pytest.param("收入 < 支出", "收入 < 支出", id="less than"),
        pytest.param("<section><span>一</span><span>二</span></section>", "一二", id="WeChat's spans"),
        pytest.param("一\r\n二\r三", "一\n二\n三", id="other line ends"),
        pytest.param("一<?php 二 ?>三<p>四", "一三\n四", id="a processing instruction"),
        pytest.param("<svg><text>一</text></svg>二", "二", id="a drawing"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_the_text_that_a_reader_sees(markup: str, text: str) -> None:
    assert plain(markup) == text


@given(st.text(st.sampled_from("<>/&;ab中 \n\"'=!-?"), max_size=60))
def test_never_raises(markup: str) -> None:
    text = plain(markup)
    assert text == plain(text) or "<" in text or "&" in text
    assert "\n" not in plain_line(markup, is_markup=True)


@given(st.lists(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1), min_size=1, max_size=5))
def test_paragraphs_are_lines(lines: list[str]) -> None:
    assert plain("".join(f"<p>{line}</p>" for line in lines)).split("\n") == lines
