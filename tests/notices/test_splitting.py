import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices import dingtalk, feishu, wecom
from notices.channels import ChannelKind
from notices.posting import json_size
from notices.sending import parts_of
from notices.splitting import byte_size, parts_of_text, pieces_of
from tests.notices.servers import NEW_DAY, a_channel

WORDS = st.sampled_from(
    [
        "账号甲",
        "今日尚未更新",
        "。",
        "，",
        "\n",
        "\n\n",
        " ",
        "https://www.gaoxian.gov.cn/a?b=1&c=2",
        "👨‍👩‍👧",
        "e\u0301",
        '"',
        "\\",
        "\x01",
    ]
)
TEXTS = st.one_of(st.lists(WORDS, max_size=120).map("".join), st.text(max_size=400))
LIMITS = {
    ChannelKind.WECOM: (wecom.LIMIT, byte_size),
    ChannelKind.DINGTALK: (dingtalk.LIMIT, json_size),
    ChannelKind.FEISHU: (feishu.LIMIT, json_size),
    ChannelKind.APPRISE: (1_800, byte_size),
    ChannelKind.WEBHOOK: (256_000, json_size),
    ChannelKind.EMAIL: (1_000_000, byte_size),
}


@given(TEXTS, st.integers(4, 200), st.sampled_from([byte_size, len]))
def test_pieces_joined_are_the_text(text: str, room: int, size: object) -> None:
    measure = byte_size if size is byte_size else len
    pieces = pieces_of(text, room, measure)
    assert "".join(pieces) == text
    assert all(measure(piece) <= room for piece in pieces)
    assert all(pieces) or not text


@given(TEXTS, TEXTS, st.integers(150, 600), st.booleans())
def test_each_part_is_within_the_limit_under_its_subject(subject: str, body: str, limit: int, in_json: bool) -> None:
    size = json_size if in_json else byte_size
    parts = parts_of_text(subject, body, limit, size)
    told = "".join(part.piece for part in parts)
    assert told in {body, f"{subject}\n{body}"}
    assert subject in told or parts[0].subject.startswith(subject)
    assert all(size(part.text) <= limit for part in parts)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert {part.total for part in parts} == {len(parts)}
    if len(parts) > 1:
        assert all(part.subject.endswith(f"（{part.number}/{part.total}）") for part in parts)


@pytest.mark.parametrize("kind", ChannelKind)
def test_each_channel_keeps_to_its_own_limit(kind: ChannelKind) -> None:
    body = "".join(
        f"{number}. 县政府办“高县发布”\n本周尚未更新，最近一次更新于 10 月 8 日。\n\n" for number in range(20_000)
    )
    limit, size = LIMITS[kind]
    parts = parts_of(a_channel(kind), replace(NEW_DAY, body=body, recipient="13800001111"))
    assert "".join(part.piece for part in parts) == body
    assert max(size(part.text) for part in parts) <= limit
    assert min(size(part.text) for part in parts[:-1]) > limit // 2
    assert all(part.piece.endswith("\n\n") for part in parts)


@pytest.mark.parametrize(
    ("text", "room", "pieces"),
    [
        pytest.param("一二三。\n\n四五六。七八", 10, ["一二三。\n\n", "四五六。七八"], id="after-a-paragraph"),
        pytest.param("一二三。四五\n六七八", 9, ["一二三。四五\n", "六七八"], id="a-line-before-a-sentence"),
        pytest.param("一二三四。”五六，七八", 9, ["一二三四。”", "五六，七八"], id="after-a-sentence-and-its-quote"),
        pytest.param("一二三四，五六七八", 7, ["一二三四，", "五六七八"], id="after-a-clause"),
        pytest.param("一。二三四五六七，八九十", 10, ["一。二三四五六七，", "八九十"], id="not-where-little-is-filled"),
        pytest.param("一二三四五六七八", 5, ["一二三四五", "六七八"], id="anywhere"),
        pytest.param("v1.20 and more", 6, ["v1.20 ", "and ", "more"], id="not-at-a-point-inside-a-number"),
        pytest.param(
            "详见https://a.cn/bc完", 12, ["详见", "https://a.cn", "/bc完"], id="an-address-that-is-too-long-itself"
        ),
        pytest.param("一二详见https://a.cn", 14, ["一二详见", "https://a.cn"], id="before-an-address"),
        pytest.param("见e\u0301e\u0301e\u0301", 4, ["见e\u0301", "e\u0301e\u0301"], id="not-before-an-accent"),
        pytest.param("", 4, [""], id="nothing"),
    ],
)
def test_a_text_is_split_at_the_best_place(text: str, room: int, pieces: list[str]) -> None:
    assert pieces_of(text, room, len) == pieces


def test_a_long_subject_stands_in_full_in_the_body() -> None:
    subject = "提醒" * 400
    parts = parts_of_text(subject, "正文", 2048, byte_size)
    assert "".join(part.piece for part in parts) == f"{subject}\n正文"
    assert all("…（" in part.subject for part in parts)


def test_what_a_title_says_names_nobody_in_a_group() -> None:
    notice = replace(NEW_DAY, body='<at user_id="all"></at><@all> 1<2')
    (in_feishu,) = parts_of(a_channel(ChannelKind.FEISHU), notice)
    (in_wecom,) = parts_of(a_channel(ChannelKind.WECOM), notice)
    assert in_feishu.piece == '＜at user_id="all">＜/at><@all> 1<2'
    assert in_wecom.piece == '<at user_id="all"></at>＜@all> 1<2'


def test_the_size_in_json_is_what_a_body_has() -> None:
    text = '县"政\n府\\\x01'
    whole = json.dumps({"text": text}, ensure_ascii=False).encode()
    assert json_size(text) == len(whole) - len(b'{"text": ""}')
