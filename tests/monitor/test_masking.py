"""Personal numbers are masked, and nothing else."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.masking import mask

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(region: str, born: date, place: int) -> str:
    body = f"{region}{born:%Y%m%d}{place:03}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def card(body: str) -> str:
    """Append the check digit of Luhn."""
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(body))]
    return body + str(-sum(digit // 10 + digit % 10 for digit in doubled) % 10)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("联系人张三，13812341234。", "联系人张三，138****1234。", id="mobile"),
        pytest.param("手机 138 1234 1234", "手机 138 **** 1234", id="mobile with spaces"),
        pytest.param("手机138-1234-1234，", "手机138-****-1234，", id="mobile with hyphens"),
        pytest.param("+86 13812341234", "+86 138****1234", id="mobile with the country's code"),
        pytest.param("+8613812341234", "+86138****1234", id="country's code without a space"),
        pytest.param("(86)13812341234", "(86)138****1234", id="country's code in brackets"),
        pytest.param("Tel13812341234、微信V13812341234", "Tel138****1234、微信V138****1234", id="letters of a label"),
        pytest.param("１３８１２３４１２３４", "１３８****１２３４", id="wide digits"),
        pytest.param("13812341234@example.com", "138****1234@example.com", id="mobile as a mail address"),
        pytest.param("13812341234 13912341234", "138****1234 139****1234", id="two mobiles"),
        pytest.param("0831-5412345/13812341234", "0831-5412345/138****1234", id="office telephone and mobile"),
        pytest.param('<a href="tel:13812341234">', '<a href="tel:138****1234">', id="a link that dials"),
        pytest.param("身份证11010519491231002X", "身份证110105********002X", id="ID number ending in X"),
        pytest.param("11010519491231002x的", "110105********002x的", id="ID number ending in x"),
        pytest.param("（110105 19491231 002X）", "（110105 ******** 002X）", id="ID number with spaces"),
        pytest.param("证号310101900101123", "证号310101******123", id="old ID number"),
        pytest.param("卡号6222021234567890128", "卡号6222***********0128", id="bank card of 19"),
        pytest.param("4111 1111 1111 1111", "4111 **** **** 1111", id="bank card with spaces"),
        pytest.param("622202 1234567890128", "6222** *********0128", id="bank card in two groups"),
        pytest.param(
            "http://a.example/1.html,13812341234", "http://a.example/1.html,138****1234", id="the cell behind"
        ),
        pytest.param(
            "http://a.example/1,Li,+8613812341234,x", "http://a.example/1,Li,+86138****1234,x", id="a later cell"
        ),
        pytest.param("'//a.example/1';'138-1234-1234'", "'//a.example/1';'138-****-1234'", id="the quoted cell behind"),
        pytest.param("www.a.example|11010519491231002X.", "www.a.example|110105********002X.", id="ID number behind"),
        pytest.param("见http://a.example/x，13812341234", "见http://a.example/x，138****1234", id="behind an address"),
    ],
)
def test_personal_numbers(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert len(masked) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("办公电话0831-5412345，热线12345、400-8001-2345", id="office telephones"),
        pytest.param("https://m.weibo.example/detail/13812341234?id=4111111111111111", id="in an address"),
        pytest.param("www.a.example/13812341234", id="in an address without a scheme"),
        pytest.param("mp.weixin.example.com/s/13812341234", id="in an address without www"),
        pytest.param('<img src="/upload/13812341234.jpg">', id="in a relative link"),
        pytest.param("t20261012_13812341234.html", id="in a file name"),
        pytest.param("文件13812341234.pdf", id="the name of a file"),
        pytest.param("138123412345", id="a longer run"),
        pytest.param("1381234123", id="a shorter run"),
        pytest.param("12812341234", id="no mobile begins so"),
        pytest.param("1762338600123", id="a time in milliseconds"),
        pytest.param("20261012093015", id="a date"),
        pytest.param("项目编号：13812341234", id="a project's number"),
        pytest.param("采购编号N-4111111111111111", id="a purchase's number"),
        pytest.param("高府发〔2026〕第13812341234号", id="a document's number"),
        pytest.param('{"id": 4111111111111111, "mid": "4111111111111111"}', id="ids of a platform"),
        pytest.param("总投资13800000000元", id="an amount"),
        pytest.param("面积13812341234.5亩", id="a decimal"),
        pytest.param("110105194912310021", id="wrong checksum"),
        pytest.param("110105194913310027", id="no such date"),
        pytest.param("991105194912310020", id="no such region"),
        pytest.param("310101901301123", id="old, no such date"),
        pytest.param("工商注册号310101900101123", id="old, labelled as another number"),
        pytest.param("4111111111111112", id="wrong check digit"),
        pytest.param("4444444444444444448", id="wrong check digit, 19 digits"),
        pytest.param("44444444444444444", id="one digit over and over, although its check digit is right"),
        pytest.param("4111 1111 1111 1111 2222", id="more groups than a card has"),
        pytest.param("138****1234、110105********002X、6222***********0128", id="masked before"),
        pytest.param("https://a.example/a/13812341234.html", id="an address with a number in its path"),
        pytest.param("https://a.example/a,13812341234.html,1", id="an address with a comma before it"),
        pytest.param("https://a.example/?a=1,13812341234&b=2", id="an address with a comma in its query"),
    ],
)
def test_what_stays(text: str) -> None:
    assert mask(text) == text


PERSONAL = st.one_of(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.builds(
        identity,
        st.sampled_from(["110105", "511525", "150702", "650102"]),
        st.dates(date(1930, 1, 1), date(2020, 12, 31)),
        st.integers(0, 999),
    ),
    st.from_regex(r"62[0-9]{13,16}", fullmatch=True).map(card),
)
AROUND = st.text(st.characters(exclude_categories=("Cs", "Nd", "Nl", "No", "L")), max_size=5).filter(
    lambda text: not set(text) & set("_*-‐–—/.:@%％") and not text.startswith((" ", "\u00a0", "\u3000"))
)


@given(AROUND, PERSONAL, AROUND)
def test_a_personal_number_does_not_stay_readable(before: str, number: str, after: str) -> None:
    found = mask(f"{before}，{number}，{after}")
    assert number not in found
    assert re.fullmatch(r"\d{3,6}\*{4,}[\dX]{3,4}", found[len(before) + 1 :][: len(number)])


@given(st.text(st.sampled_from("0123456789138X*- 　号元，./:第https_aV０３６"), max_size=60))
def test_only_digits_become_stars_and_again_changes_nothing(text: str) -> None:
    found = mask(text)
    assert len(found) == len(text)
    assert all(
        was == now or (now == "*" and (was.isdigit() or was in "Xx")) for was, now in zip(text, found, strict=True)
    )
    assert mask(found) == found


@given(st.lists(PERSONAL, max_size=4), st.sampled_from([" ", "-", "，", "　", "/"]))
def test_masking_many_again_changes_nothing(numbers: list[str], gap: str) -> None:
    found = mask(gap.join(numbers))
    assert mask(found) == found


@given(st.text(max_size=80))
def test_a_text_without_ten_digits_stays(text: str) -> None:
    if sum(each.isdigit() for each in text) <= 10:
        assert mask(text) == text
