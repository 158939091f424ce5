"""``xunjian assess`` as people call it, and the scheme in the configuration."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.reference import scheme_names, shipped_scheme
from storage.accounts import save_accounts
from storage.database import open_database
from tests.console.conftest import Xunjian
from tests.monitor.years import an_account
from tests.schedules.years import failed, inspected, said

A, B = an_account("a1", "县教育局"), an_account("b1", "县公安局")


@pytest.fixture
def year(office: Path) -> Path:
    """An office that has inspected January and February 2025."""
    database = open_database(f"sqlite:///{office / 'xunjian.db'}")
    with database.begin() as session:
        save_accounts(session, [A, B], datetime(2024, 1, 1, tzinfo=UTC))
    inspected(database, "2025-01", said(A), failed(B, "2025-01"))
    inspected(database, "2025-02", said(A), said(B), final=False)
    database.close()
    return office


def scheme_file(change: Callable[[str], str] = str) -> bytes:
    text = (Path(__file__).resolve().parents[2] / "monitor/data/schemes/hundred.toml").read_text(encoding="utf-8")
    return change(text).encode()


def test_the_shipped_schemes() -> None:
    assert scheme_names() == ("hundred", "national")
    assert [shipped_scheme(each).name for each in scheme_names()] == ["hundred", "national"]


def test_a_year_is_shown_and_written(xunjian: Xunjian, year: Path) -> None:
    ran = xunjian("assess", "2025")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "2025年度（截至2025年2月28日）考核，方案：按月合格（全国检查指标）（national 1.0）"
    assert lines[2].split() == ["1", "100.0", "→", "1", "0", "2", "2", "20", "40.0%", "县教育局"]
    assert lines[3].split() == ["2", "50.0", "↑", "1", "1", "1", "2", "20", "40.0%", "县公安局"]
    assert lines[4] == "共2个账号：合格1个，不合格1个，未评定0个。"
    assert "注意：2月的检查未定稿，结果可能变化。" in lines
    assert (year / "assessments" / "2025" / "年度考核-2025.xlsx").exists()
    assert not (year / "assessments" / "2025" / "quarters.csv").exists()


def test_the_options(xunjian: Xunjian, year: Path) -> None:
    ran = xunjian("assess", " 2025 ", "--out", "kh", "--scheme", "hundred", "--quarter")
    assert ran.status == 0
    assert "方案：百分制扣分（hundred 1.0）" in ran.out
    assert (year / "kh" / "2025" / "quarters.csv").exists()


def test_many_units_are_cut_short(xunjian: Xunjian, office: Path) -> None:
    many = [an_account(f"a{number}", f"单位{number}") for number in range(60)]
    database = open_database(f"sqlite:///{office / 'xunjian.db'}")
    inspected(database, "2025-01", *map(said, many))
    database.close()
    assert "以上为前50个主办单位，全部60个见 organizers.csv。" in xunjian("assess", "2025").out


def test_the_configuration_names_the_scheme_or_a_file(xunjian: Xunjian, year: Path) -> None:
    (year / "xunjian.toml").write_text('[assess]\nscheme = "hundred"\n', encoding="utf-8")
    assert "hundred 1.0" in xunjian("assess", "2025").out
    own = scheme_file(lambda text: text.replace('name = "hundred"', 'name = "own"').replace("\n", "\r\n"))
    (year / "own.toml").write_bytes(b"\xef\xbb\xbf" + own)
    (year / "xunjian.toml").write_text('[assess]\nscheme = "own.toml"\n', encoding="utf-8")
    assert "own 1.0" in xunjian("assess", "2025").out
    assert "own 1.0" in xunjian("assess", "2025", "--scheme", str(year / "own.toml")).out


@pytest.mark.parametrize(
    ("scheme", "sentence"),
    [
        (
            "nationel",
            "没有“nationel”这个考核方案，最接近的是 national；可用的有：hundred、national，也可以写方案文件（以 .toml 结尾）。",
        ),
        ("none.toml", "无法读取考核方案"),
        ("bad.toml", "考核方案 bad.toml pass_mark 没有 valu 这一项，最接近的是 value。"),
        ("gbk.toml", "考核方案 gbk.toml 不是 UTF-8 编码"),
        ("torn.toml", "考核方案 torn.toml：第1行第"),
        ("deep.toml", "考核方案 deep.toml：括号套得太深"),
    ],
)
def test_a_scheme_that_cannot_be_used(xunjian: Xunjian, year: Path, scheme: str, sentence: str) -> None:
    (year / "bad.toml").write_bytes(scheme_file(lambda text: text.replace("value = 60", "valu = 60")))
    (year / "gbk.toml").write_bytes("title = '百分制'".encode("gbk"))
    (year / "torn.toml").write_text("name = ", encoding="utf-8")
    (year / "deep.toml").write_text(f"name = {'[' * 50_000}", encoding="utf-8")
    ran = xunjian("assess", "2025", "--scheme", scheme)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(sentence)
    (year / "xunjian.toml").write_text(f'[assess]\nscheme = "{scheme}"\n', encoding="utf-8")
    ran = xunjian("assess", "2025")
    assert ran.status == 2
    assert ran.err.startswith(f"xunjian.toml：assess.scheme {sentence}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[assess]\nschema = 'national'\n",
            "xunjian.toml：[assess] 没有 schema 这一项，最接近的是 scheme；可用的有：scheme。",
        ),
        ("[asess]\nscheme = 'national'\n", "xunjian.toml：没有 asess 这一项，最接近的是 assess"),
        ("[assess]\nscheme = 3\n", "xunjian.toml：assess.scheme 应为用引号括起来的文字，现为 3。"),
    ],
)
def test_a_configuration_that_cannot_be_used(xunjian: Xunjian, year: Path, text: str, sentence: str) -> None:
    (year / "xunjian.toml").write_text(text, encoding="utf-8")
    ran = xunjian("assess", "2025")
    assert ran.status == 2
    assert ran.err.startswith(sentence)


@pytest.mark.parametrize("argument", ["abc", "2025-10", "2999", "2023", "-1"])
def test_what_is_no_year_is_one_sentence(xunjian: Xunjian, year: Path, argument: str) -> None:
    ran = xunjian("assess", argument)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert not (year / "assessments").exists()
