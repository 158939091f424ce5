import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.inflate import Inflated, inflate
from tests.crawler.badserver import bomb

TEXT = "<rss>政务</rss>".encode() * 50
CAP = 2**20


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-zlib.MAX_WBITS)


@pytest.mark.parametrize(
    ("body", "encodings"),
    [
        pytest.param(TEXT, (), id="plain"),
        pytest.param(TEXT, ("gzip",), id="plain-called-gzip"),
        pytest.param(TEXT, ("deflate",), id="plain-called-deflate"),
        pytest.param(gzip.compress(TEXT), ("gzip",), id="gzip"),
        pytest.param(gzip.compress(TEXT), (), id="gzip-unsaid"),
        pytest.param(gzip.compress(gzip.compress(TEXT)), ("gzip",), id="gzip-twice"),
        pytest.param(gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]), ("gzip",), id="two-members"),
        pytest.param(gzip.compress(TEXT) + b"\0\0\0\0", ("gzip",), id="padded"),
        pytest.param(zlib.compress(TEXT), ("deflate",), id="deflate-zlib"),
        pytest.param(raw_deflate(TEXT), ("deflate",), id="deflate-raw"),
        pytest.param(gzip.compress(zlib.compress(TEXT)), ("deflate", "gzip"), id="deflate-then-gzip"),
    ],
)
def test_whole_body_comes_out(body: bytes, encodings: tuple[str, ...]) -> None:
    assert inflate(body, encodings, CAP) == Inflated(body=TEXT)


@pytest.mark.parametrize(
    ("body", "encodings"),
    [
        pytest.param(gzip.compress(TEXT)[:-8], ("gzip",), id="no-trailer"),
        pytest.param(gzip.compress(TEXT)[:-8] + b"12345678", ("gzip",), id="wrong-checksum"),
        pytest.param(raw_deflate(TEXT)[:-3], ("deflate",), id="deflate-cut"),
        pytest.param(gzip.compress(TEXT) + gzip.compress(TEXT)[:20], (), id="second-member-cut"),
        pytest.param(gzip.compress(b"x") * 300, (), id="endless-members"),
    ],
)
def test_damage_is_seen_and_what_came_out_is_kept(body: bytes, encodings: tuple[str, ...]) -> None:
    out = inflate(body, encodings, CAP)
    assert out.damaged
    assert out.body


@pytest.mark.parametrize("layers", [1, 2])
def test_bomb_is_too_large_and_never_inflated_whole(layers: int) -> None:
    body = bomb(64)
    for _ in range(layers - 1):
        body = gzip.compress(body)
    assert inflate(body, ("gzip",), CAP) == Inflated(body=b"", too_large=True)


def test_cap_is_a_limit_that_may_be_reached() -> None:
    assert inflate(gzip.compress(bytes(1000)), (), 1000).body == bytes(1000)
    assert inflate(gzip.compress(bytes(1001)), (), 1000).too_large
    assert inflate(gzip.compress(bytes(600)) * 2, (), 1000).too_large
    assert inflate(bytes(1001), (), 1000).too_large


@given(st.binary(max_size=3000), st.integers(min_value=1, max_value=3), st.integers(min_value=0, max_value=5000))
def test_no_input_gives_more_than_the_cap(data: bytes, layers: int, cap: int) -> None:
    body = data
    for _ in range(layers):
        body = gzip.compress(body)
    out = inflate(body, ("gzip", "deflate"), cap)
    assert len(out.body) <= cap


@given(st.binary(max_size=300), st.sampled_from([(), ("deflate",), ("gzip", "deflate", "deflate")]))
def test_garbage_never_raises(data: bytes, encodings: tuple[str, ...]) -> None:
    assert len(inflate(data, encodings, 100).body) <= 100
    assert len(inflate(b"\x1f\x8b\x08" + data, encodings, 100).body) <= 100
