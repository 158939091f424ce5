import codecs

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.encoding import decode

TEXT = "<rss><channel><title>高县人民政府办公室</title></channel></rss>"


def declared(name: str) -> str:
    return f'<?xml version="1.0" encoding="{name}"?>{TEXT}'


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        pytest.param(TEXT.encode(), "", "utf-8", id="nothing declared"),
        pytest.param(TEXT.encode("gbk"), "", "gb18030", id="GBK, nothing declared"),
        pytest.param(declared("gb2312").encode("gbk"), "", "gb18030", id="gb2312 declared"),
        pytest.param(declared("x-gbk").encode("gbk"), "", "gb18030", id="a name that Python does not know"),
        pytest.param(TEXT.encode("gbk"), "text/xml; charset=gb2312", "gb18030", id="only in the header"),
        pytest.param(declared("gb2312").encode(), "", "utf-8", id="says gb2312, is UTF-8"),
        pytest.param(declared("utf-16").encode(), "", "utf-8", id="says utf-16, is UTF-8"),
        pytest.param(declared("utf-8").encode("gbk"), "", "gb18030", id="says utf-8, is GBK"),
        pytest.param(
            declared("utf-8").encode("gbk"), "text/xml; charset=utf-8", "gb18030", id="both say utf-8, is GBK"
        ),
        pytest.param(declared("iso-8859-1").encode(), "", "utf-8", id="says Latin-1, is UTF-8"),
        pytest.param(codecs.BOM_UTF8 + TEXT.encode(), "text/xml; charset=gbk", "utf-8", id="a mark beats the header"),
        pytest.param(TEXT.encode("utf-16"), "", "utf-16-le", id="UTF-16 with its mark"),
        pytest.param(TEXT.encode("utf-16-be"), "", "utf-16-be", id="UTF-16 without a mark"),
        pytest.param(TEXT.encode("utf-32"), "", "utf-32-le", id="UTF-32 with its mark"),
        pytest.param(TEXT.encode("utf-32-be"), "", "utf-32-be", id="UTF-32 without a mark"),
        pytest.param(declared("punycode").encode(), "", "utf-8", id="a codec for no document"),
        pytest.param(declared("rot13").encode("gbk"), "", "gb18030", id="a codec that gives no text"),
        pytest.param(declared("no-such").encode(), "text/xml; charset=nor-this", "utf-8", id="unknown names"),
        pytest.param(f'<meta charset="gbk">{TEXT}'.encode("gbk"), "", "gb18030", id="a page's own word"),
    ],
)
def test_finds_the_encoding(body: bytes, content_type: str, encoding: str) -> None:
    decoded = decode(body, content_type)
    assert decoded.encoding == encoding
    assert "高县人民政府办公室" in decoded.text
    assert (decoded.broken, decoded.controls) == (0, 0)


def test_big5_is_taken_at_its_word() -> None:
    body = '<?xml version="1.0" encoding="big5"?><rss>臺北市政府</rss>'.encode("big5")
    assert "臺北市政府" in decode(body).text


def test_two_characters_of_gbk_that_pass_for_utf8_are_gbk_where_that_is_declared() -> None:
    body = "全员".encode("gbk")
    assert body.decode("utf-8") == "\u022b\u0531"  # the accident
    assert decode(body, "text/plain; charset=gb2312").text == "全员"


def test_one_bad_byte_does_not_lose_utf8() -> None:
    body = (TEXT * 3).encode().replace("县".encode(), "县".encode()[:2], 1)
    decoded = decode(body)
    assert (decoded.encoding, decoded.broken) == ("utf-8", 1)
    assert decoded.text.count("高县人民政府办公室") == 2


def test_one_bad_byte_does_not_lose_gbk() -> None:
    decoded = decode(declared("gbk").encode("gbk").replace(b"<title>", b"<title>\xff"))
    assert (decoded.encoding, decoded.broken) == ("gb18030", 1)
    assert "县人民政府办公室" in decoded.text


def test_control_characters_go() -> None:
    decoded = decode("a\x00b\x08c\td\ne\x1f\ufffe".encode())
    assert decoded.text == "abc\td\ne"
    assert decoded.controls == 4


def test_a_replacement_character_that_was_written_is_not_counted() -> None:
    assert decode("已损坏\ufffd".encode()).broken == 0


@pytest.mark.parametrize(
    ("body", "content_type", "misdeclared"),
    [
        pytest.param(declared("utf-16").encode(), "", True, id="says utf-16, is UTF-8"),
        pytest.param(declared("gb2312").encode(), "", True, id="says gb2312, is UTF-8"),
        pytest.param(declared("utf-8").encode("gbk"), "", True, id="says utf-8, is GBK"),
        pytest.param(declared("gb2312").encode("gbk"), "", False, id="GBK is gb2312's superset"),
        pytest.param(declared("utf-16").encode("utf-16"), "", False, id="utf-16 in one byte order"),
        pytest.param(b'<?xml version="1.0" encoding="gb2312"?><rss/>', "", False, id="plain ASCII is GBK, too"),
        pytest.param(b'<?xml version="1.0" encoding="utf-16"?><rss/>', "", True, id="plain ASCII is not utf-16"),
        pytest.param(TEXT.encode(), "text/xml", False, id="nothing is claimed"),
    ],
)
def test_says_when_the_claim_is_wrong(body: bytes, content_type: str, misdeclared: bool) -> None:
    assert decode(body, content_type).misdeclared is misdeclared


@given(st.binary(max_size=300), st.text(max_size=30))
def test_never_raises_and_gives_only_what_xml_allows(body: bytes, content_type: str) -> None:
    text = decode(body, content_type).text
    assert all(
        each in "\t\n\r" or " " <= each <= "\ud7ff" or "\ue000" <= each <= "\ufffd" or each > "\uffff" for each in text
    )


CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=3, max_size=60)


@given(CHINESE, st.sampled_from(["utf-8", "gbk", "gb18030", "utf-16"]), st.booleans())
def test_declared_chinese_is_read_back(text: str, encoding: str, in_header: bool) -> None:
    body = f"<rss>{text}</rss>" if in_header else f'<?xml version="1.0" encoding="{encoding}"?><rss>{text}</rss>'
    sent = body.encode(encoding)
    assume(encoding not in {"gbk", "gb18030"} or not _reads_as_utf8(sent))  # such bytes are taken for UTF-8, on purpose
    assert text in decode(sent, f"text/xml; charset={encoding}" if in_header else "").text


def _reads_as_utf8(sent: bytes) -> bool:
    try:
        sent.decode()
    except UnicodeDecodeError:
        return False
    return not sent.isascii()
