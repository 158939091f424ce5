"""Kept answers as files: nothing runs, nothing personal, all else readable."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from reports.answers import Answer, page_file, page_name
from tests.monitor.builders import ZONE


def answer(text: str | None) -> Answer:
    return Answer(
        place=7,
        record_id="urn:uuid:1",
        url="https://county.example/a?b=1&c=<2>--",
        at=datetime(2026, 10, 12, 3, tzinfo=UTC),
        status=200,
        digest="sha256:A",
        of="第35次采集",
        text=text,
    )


def written(text: str | None) -> str:
    return page_file(answer(text), ZONE).decode()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("<!DOCTYPE html><p>甲", "007.html", id="html"),
        pytest.param(' \n<div class="a">甲</div>', "007.html", id="a piece of html"),
        pytest.param('<?xml version="1.0"?><rss/>', "007.xml", id="xml"),
        pytest.param("\ufeff<rss version='2.0'/>", "007.xml", id="feed without a declaration"),
        pytest.param('<?xml version="1.0"?><html xmlns="x"/>', "007.html", id="html as xml"),
        pytest.param('{"ok": 1}', "007.json", id="json"),
        pytest.param("[1, 2]", "007.json", id="a json list"),
        pytest.param("{not json", "007.txt", id="not json"),
        pytest.param("纯文字", "007.txt", id="text"),
        pytest.param("", "007.txt", id="empty"),
        pytest.param(None, "007.txt", id="bytes"),
        pytest.param("[" * 100_000, "007.txt", id="json nested too deep"),
    ],
)
def test_a_file_is_named_by_what_the_body_is_and_headed_by_where_it_is_from(text: str | None, name: str) -> None:
    assert page_name(answer(text)) == name
    assert "第35次采集：2026-10-12 11:00:00 取自 https://county.example/a" in written(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<p>甲<script>alert(1)</script>乙", id="script"),
        pytest.param("<p>甲<SCRIPT src=//x.example/a.js></SCRIPT>乙", id="script from elsewhere"),
        pytest.param('<p onclick="alert(1)">甲</p>乙', id="handler"),
        pytest.param('<a href=" java\nscript:alert(1)">甲</a>乙', id="broken scheme"),
        pytest.param('<a href="javascript:alert(1)">甲</a>乙', id="link that runs"),
        pytest.param('<iframe src="javascript:alert(1)"></iframe>甲乙', id="frame"),
        pytest.param('<iframe srcdoc="<script>alert(1)</script>"></iframe>甲乙', id="frame with its own page"),
        pytest.param('<meta http-equiv="refresh" content="0;url=javascript:alert(1)">甲乙', id="refresh"),
        pytest.param('<svg><script>alert(1)</script></svg>甲<svg onload="alert(1)"/>乙', id="svg"),
        pytest.param("<!--<script>alert(1)</script>-->甲乙", id="comment"),
        pytest.param('<object data="data:text/html,alert(1)"></object>甲乙', id="object"),
        pytest.param('<?xml version="1.0"?><html><body><script>alert(1)</script>甲乙</body></html>', id="xhtml"),
    ],
)
def test_nothing_runs(text: str) -> None:
    found = written(text if text.startswith("<?xml") else f"<html><body>{text}</body></html>")
    assert "甲" in found
    assert "乙" in found
    assert "Content-Security-Policy" in found
    inside = found.partition("</p>\n")[2]
    assert "alert" not in inside
    assert "<script" not in inside.lower()


def test_personal_numbers_in_pages() -> None:
    page = '<html><body><p title="13812341234">电话13812341234<a href="tel:13812341234">打</a><a href="/13812341234">看</a>13812341234'
    found = written(page)
    assert found.count("138****1234") == 4
    assert '<a href="/13812341234">' in found


def test_a_feed_stays_well_formed() -> None:
    text = (
        '<?xml version="1.0" encoding="gb2312"?><?xml-stylesheet href="a.xsl"?><!DOCTYPE rss [<!ENTITY a "b">]>'
        "<rss><channel><title>电话13812341234</title><script>alert(1)</script></channel></rss>"
    )
    found = written(text)
    tree = ET.fromstring(found.encode())
    assert tree.findtext("channel/title") == "电话138****1234"
    assert tree.find("channel/script") is None
    assert "xml-stylesheet" not in found


def test_json_stays_json() -> None:
    found = json.loads(
        written('{"mobile": "13812341234", "url": "http://a.example/13812341234", "n": [1, null, true]}')
    )
    assert found["内容"] == {"mobile": "138****1234", "url": "http://a.example/13812341234", "n": [1, None, True]}
    assert "取自" in found["采集说明"]


def test_a_page_without_a_body_is_still_shown() -> None:
    assert "甲" in written("<html><frameset><frame src=a></frameset>甲</html>")
    assert "（返回内容为空）" in written(" ")
    assert "（返回内容不是文字" in written(None)
