"""The readers over feeds that were saved from real bridges and sites; every number here was checked by hand."""

import html
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path

import pytest

from crawler.sources import Answer, Reading, read
from monitor.values import Item, Precision, Rung
from monitor.visits import Outcome
from tests.crawler.sources.bodies import AT, SHANGHAI, URL


@cache
def reading(path: Path) -> Reading:
    return read(Answer(body=path.read_bytes(), url=URL), "feed", AT, "Asia/Shanghai")


@pytest.fixture
def files(shared_data: Path) -> Callable[[str], list[Path]]:
    def inside(folder: str) -> list[Path]:
        return sorted(path for path in (shared_data / "dev" / folder).rglob("*") if path.is_file())

    return inside


def all_items(paths: list[Path]) -> list[Item]:
    return [item for path in paths for item in reading(path).listing.items]


@pytest.mark.parametrize(
    ("folder", "outcomes", "items", "undated", "rungs"),
    [
        pytest.param("feeds_wechat_rss", {Outcome.NEW: 172}, 2780, 0, {Rung.PLATFORM: 2780}, id="wechat"),
        pytest.param("feeds_wechat_rss2026", {Outcome.NEW: 23}, 1033, 0, {Rung.PLATFORM: 1033}, id="wechat 2026"),
        pytest.param("feeds_wechat_rss_history", {Outcome.NEW: 34}, 673, 0, {Rung.PLATFORM: 673}, id="wechat history"),
        pytest.param("feeds_dedecms", {Outcome.NEW: 32}, 453, 0, {Rung.LINK_TIME: 453}, id="dedecms"),
        pytest.param("feeds_gov_rss", {Outcome.NEW: 3}, 498, 0, {Rung.GUID: 468, Rung.LINK_TIME_TITLE: 30}, id="gov"),
        pytest.param("feeds_json", {Outcome.NEW: 7}, 1204, 0, {Rung.GUID: 1204}, id="json"),
        pytest.param(
            "feeds_misc",
            {Outcome.NEW: 63, Outcome.NOT_A_FEED: 4},
            751,
            37,
            {Rung.GUID: 666, Rung.LINK_TIME: 82, Rung.TITLE_TIME: 3},
            id="misc",
        ),
    ],
)
def test_whole_folders(
    files: Callable[[str], list[Path]],
    folder: str,
    outcomes: dict[Outcome, int],
    items: int,
    undated: int,
    rungs: dict[Rung, int],
) -> None:
    paths = files(folder)
    read_items = all_items(paths)
    assert Counter(reading(path).outcome for path in paths) == outcomes
    assert len(read_items) == items
    assert sum(item.stated.at is None for item in read_items) == undated
    assert Counter(item.rung for item in read_items) == rungs


@pytest.mark.parametrize(
    "folder", ["feeds_wechat_rss", "feeds_wechat_rss2026", "feeds_wechat_rss_history", "feeds_dedecms", "feeds_gov_rss"]
)
def test_every_item_is_listed_once_with_its_own_title_link_and_key(
    files: Callable[[str], list[Path]], folder: str
) -> None:
    for path in files(folder):
        raw = path.read_text("utf-8")
        blocks = re.findall(r"<item>(.*?)</item>", raw, re.DOTALL)
        items = reading(path).listing.items
        assert len(items) == len(blocks), path.name
        for item, block in zip(items, blocks, strict=True):
            link = re.search(r"<link>(.*?)</link>", block, re.DOTALL)
            assert link
            written = html.unescape(link[1].strip())
            assert item.url == (f"https://{written}" if written.startswith("www.") else written)
        assert len({item.key for item in items}) == len(items)


@pytest.mark.parametrize("folder", ["feeds_wechat_rss", "feeds_wechat_rss2026", "feeds_wechat_rss_history"])
def test_dates_are_those_of_another_reader(files: Callable[[str], list[Path]], folder: str) -> None:
    items = all_items(files(folder))
    assert items
    for item in items:
        assert item.stated.at == parsedate_to_datetime(item.stated.raw)
        midnight = item.stated.raw.endswith(" 00:00:00 +0800")
        assert item.stated.precision is (Precision.DAY if midnight else Precision.SECOND)


def test_dedecms_states_days(files: Callable[[str], list[Path]]) -> None:
    for item in all_items(files("feeds_dedecms")):
        assert item.stated.at == datetime.fromisoformat(item.stated.raw).replace(tzinfo=SHANGHAI)
        assert item.stated.precision is Precision.DAY


def test_a_government_feed_of_midnights_states_days_and_names_its_sources(files: Callable[[str], list[Path]]) -> None:
    listing = reading(files("feeds_gov_rss")[0]).listing
    assert listing.title == "深圳政策RSS聚合"
    assert listing.warnings == ("有1个guid被多条信息共用，改用链接或标题识别", "各条信息的发布时间均为零点，按日期处理")
    assert {item.stated.precision for item in listing.items} == {Precision.DAY}
    first = listing.items[0]
    assert first.title == "深圳市中小企业服务局关于组织开展2026年专精特新“小巨人”企业申报和复核工作的通知"
    assert first.stated.day_end == datetime(2026, 4, 15, tzinfo=SHANGHAI)
    assert first.publisher == "深圳市中小企业服务局"
    assert first.text.startswith("来源: 深圳市中小企业服务局\n各区（新区、特别合作区）")
    # Ten notices share the address of the column that lists them, and name an empty label as their source.
    column = [item for item in listing.items if item.rung is Rung.LINK_TIME_TITLE]
    assert {item.url for item in column} == {"https://www.inanshan.org.cn/ztfw/zcfw/zchj"}
    assert {item.publisher for item in column} == {""}


def test_a_wechat_feed(shared_data: Path) -> None:
    listing = reading(
        shared_data / "dev/feeds_wechat_rss/hellodword+wechat-feeds/科技日报__MzI3NDI5MjI4OQ==.xml"
    ).listing
    first = listing.items[0]
    assert first.key == "wechat:s:oZa6v-fzvkx427usCsByZw"
    assert (
        first.title == first.text == "中国翻译界泰斗许渊冲逝世，享年100岁"
    )  # the description is empty, the content is not
    assert first.stated.at == datetime(2021, 6, 17, 13, 26, 56, tzinfo=SHANGHAI)
    assert [item.stated.at for item in listing.items[:3]] == [first.stated.at] * 3  # one push


def test_a_wechat_feed_of_long_links(shared_data: Path) -> None:
    folder = shared_data / "dev/feeds_wechat_rss2026/osnsyc+Wechat-Scholar/channels"
    items = reading(folder / "gh_038cf5c345ed.xml").listing.items
    assert [item.key for item in items[:2]] == [
        "wechat:MzA4MTg0MjA5OQ==:2655366801:1",
        "wechat:MzA4MTg0MjA5OQ==:2655366801:2",
    ]
    assert items[0].text.startswith("要说，烘干机是 5 年内，")


def test_polls_of_one_feed_share_their_keys(files: Callable[[str], list[Path]]) -> None:
    """A post that two versions list has one key in both."""
    seen: dict[tuple[str, str], str] = {}
    for item in all_items(files("feeds_wechat_rss_history")):
        same = (item.title, item.stated.raw)
        assert seen.setdefault(same, item.key) == item.key


ODD = {
    "complexNamespaceFeed.xml": (Outcome.NEW, 1),
    "nondefaultnamespace.atom": (Outcome.NEW, 1),
    "illegally-nested.xml": (Outcome.NEW, 10),  # every item holds an empty one
    "compressed.xml": (Outcome.NOT_A_FEED, 0),
    "invalid-characters-gzipped.xml": (Outcome.NOT_A_FEED, 0),
    "notafeed.html": (Outcome.NOT_A_FEED, 0),
    "unrecognized.rss": (Outcome.NOT_A_FEED, 0),
    "rss-1.rss": (Outcome.NEW, 69),
    "iconv.xml": (Outcome.NEW, 10),
    "guid-dupes.xml": (Outcome.NEW, 1),
    "saxerror.xml": (Outcome.NEW, 3),
    "itunes-missing-image.rss": (Outcome.NEW, 131),
    "uolNoticias.rss": (Outcome.NEW, 15),
}


def test_odd_feeds(files: Callable[[str], list[Path]]) -> None:
    found = {path.name: (reading(path).outcome, len(reading(path).listing.items)) for path in files("feeds_misc")}
    assert {name: found[name] for name in ODD} == ODD


# feedparser's own test files

FEWER = {
    # Two entries that are alike in all that they say are one.
    "wellformed/lang/entry_content_xml_lang_blank_3.xml": 1,
    "wellformed/node_precedence/atom10_arbitrary_element.xml": 1,
    "wellformed/node_precedence/atom10_title.xml": 1,
}


def expected_entries(head: str) -> int:
    """Return how many entries the expectation in a file's leading comment speaks of."""
    expectation = re.search(r"Expect:\s*(.*?)\n", head)
    if expectation is None:
        return 0
    counted = re.search(r"len\(entries\)\s*==\s*(\d+)", expectation[1])
    indices = [int(index) for index in re.findall(r"entries\[(\d+)\]", expectation[1])]
    return int(counted[1]) if counted else max(indices, default=-1) + 1


def test_feedparsers_files(shared_data: Path) -> None:
    root = shared_data / "dev/feedtest_feedparser/kurtmckee+feedparser/tests"
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    outcomes: Counter[Outcome] = Counter()
    fewer: dict[str, int] = {}
    for path in paths:
        body = path.read_bytes()
        head = body[:3000].decode("latin-1").replace("\0", "")
        header = re.search(r"Content-type:\s*(.*)", head, re.IGNORECASE)
        started = time.process_time()
        answer = read(
            Answer(body=body, content_type=header[1].strip() if header else "", url=URL), "feed", AT, "Asia/Shanghai"
        )
        assert time.process_time() - started < 2, path
        outcomes[answer.outcome] += 1
        if len(answer.listing.items) < expected_entries(head):
            fewer[str(path.relative_to(root))] = len(answer.listing.items)
    assert fewer == FEWER
    assert outcomes == {Outcome.NEW: 614, Outcome.EMPTY: 745, Outcome.NOT_A_FEED: 2}


def test_minifluxs_feeds(shared_data: Path) -> None:
    root = shared_data / "dev/feedtest_miniflux/miniflux+v2/internal/reader"
    outcomes: Counter[Outcome] = Counter()
    for folder in ("atom", "json", "rdf", "rss"):
        for path in sorted((root / folder).glob("*.go")):
            for body in re.findall(r"`(\s*[<{][^`]*)`", path.read_text("utf-8")):
                outcomes[read(Answer(body=body.encode(), url=URL), "feed", AT, "Asia/Shanghai").outcome] += 1
    assert outcomes[Outcome.NEW] > 170
    assert outcomes[Outcome.BLOCKED] == outcomes[Outcome.GONE] == 0
