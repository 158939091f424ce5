"""[bulletin]: every value reaches its place, everything wrong is one sentence."""

from pathlib import Path

import pytest

from console.offices import opened_office
from reports.bulletin_settings import BulletinSettings
from tests.console.test_config import problems, read


def test_nothing_written_means_the_shipped_form(tmp_path: Path) -> None:
    assert read(tmp_path, "").bulletin == BulletinSettings()
    assert read(tmp_path, '[bulletin]\ntemplate = "  "').bulletin == BulletinSettings()


def test_every_value(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        """
        [bulletin]
        template = "模板/通报.docx"
        document = " 高府办函 "
        addressees = ""
        basis = "《…的通知》（高府办〔2024〕5号）"
        signature = "高县政务公开领导小组办公室"
        contact = "张某"
        telephone = "0831-1234567"
        """,
    )
    assert config.bulletin == BulletinSettings(
        template=tmp_path / "模板" / "通报.docx",
        document="高府办函",
        addressees="",
        basis="《…的通知》（高府办〔2024〕5号）",
        signature="高县政务公开领导小组办公室",
        contact="张某",
        telephone="0831-1234567",
    )
    with opened_office(config) as office:
        assert office.bulletin == config.bulletin


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        pytest.param('document = ""', "bulletin.document 不能为空", id="no-document"),
        pytest.param("template = 1", "bulletin.template 应为用引号括起来的文字，现为 1", id="number"),
        pytest.param('templet = "a.docx"', "[bulletin] 没有 templet 这一项，最接近的是 template", id="unknown"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, cause: str) -> None:
    (found,) = problems(tmp_path, f"[bulletin]\n{text}")
    assert cause in found
