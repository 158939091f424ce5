"""Addresses tried before they are registered: everything is shown, nothing is kept."""

import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from crawler.settings import LaneConfig
from monitor.spans import Span
from monitor.values import Originality, SourceAddress
from monitor.visits import Outcome, Selectors
from schedules.discovering import Discovery, discover
from schedules.office import Office, RequestError, SourceSetting
from schedules.trying import Trial, try_address
from storage.lanes import pauses, save_pause
from storage.models import Base
from tests.monitor.builders import moment
from tests.schedules.offices import Site, an_account, an_office, register, rss, stopped

NOW = stopped("10-20 12:00")
TICK = timedelta(microseconds=1)

ROWS = "".join(
    f'<li><a href="/xw/202610/t202610{day:02}_1.html">县政府第{day}次常务会议召开</a><span>2026-10-{day:02}</span></li>'
    for day in range(19, 4, -1)
)
OTHERS = "".join(
    f'<li><a href="/tz/202610/t202610{day:02}_2.html">关于第{day}批项目的公示通知</a><span>2026-10-{day:02}</span></li>'
    for day in range(18, 6, -1)
)
ARTICLE = """<html><head><title>县政府召开常务会议</title><meta name="ArticleTitle" content="县政府召开常务会议">
<meta name="PubDate" content="2026-10-05 09:30"><meta name="ContentSource" content="新华社"></head><body>
<h1>县政府召开常务会议</h1><div>发布时间：2026-10-05 09:30 来源：新华社</div><div class="content">
<p>十月五日，县政府召开第十次常务会议，研究部署秋冬季森林防火、农村人居环境整治和重点项目建设等工作，会议由县长主持。</p>
<p>会议指出，各乡镇各部门要压实责任，细化措施，确保全年目标任务圆满完成，切实保障人民群众生命财产安全。</p>
</div></body></html>"""


def page(body: str, title: str = "县政府网") -> Callable[[], tuple[int, dict[str, str], bytes]]:
    text = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return lambda: (200, {"Content-Type": "text/html; charset=utf-8"}, text.encode())


def html(text: str) -> Callable[[], tuple[int, dict[str, str], bytes]]:
    return lambda: (200, {"Content-Type": "text/html; charset=utf-8"}, text.encode())


def tried(office: Office, url: str, kind: str = "", account_id: str | None = None) -> Trial:
    return try_address(office, SourceAddress(url=url, kind=kind), account_id, clock=NOW)


def kept(office: Office) -> dict[str, int]:
    """How many rows each table has."""
    with office.database.read() as session:
        return {
            name: session.connection().exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()
            for name in Base.metadata.tables
        }


def test_a_feed_is_read_as_a_collection_would_and_nothing_is_kept(office: Office, site: Site) -> None:
    site.bodies["/feed"] = rss(("a", "10-19 09:30"), ("b", "10-10 09:30"))
    before = kept(office)
    found = tried(office, site.url("/feed"))
    assert found.found
    assert found.look.visit.outcome is Outcome.NEW
    assert [item.title for item in found.look.visit.items] == ["关于a的通知", "关于b的通知"]
    assert found.look.visit.proof == Span(moment("10-10 09:30") + TICK, moment("10-20 12:00"))
    assert (found.account, found.owners, found.source.account_id) == (None, (), None)
    assert kept(office) == before


def test_a_list_page_shows_its_choices_and_its_settings_hold(office: Office, site: Site) -> None:
    site.bodies["/xw/"] = page(f"<h2>要闻</h2><ul class='a'>{ROWS}</ul><h2>通知</h2><ul class='b'>{OTHERS}</ul>")
    url = site.url("/xw/")
    found = tried(office, url)
    assert found.look.reading is not None
    assert len(found.look.reading.choices) == 2
    assert found.look.visit.proof is None
    chosen = an_office(office.database, source_settings={url: SourceSetting(selectors=Selectors(choice=2))})
    again = tried(chosen, url)
    assert [each.chosen for each in again.look.reading.choices] == [False, True]  # type: ignore[union-attr]
    assert {item.title[-4:] for item in again.look.visit.items} == {"公示通知"}
    assert again.look.visit.proof is not None


def test_an_article_is_read_as_one_and_classified_by_its_own_lines(office: Office, site: Site) -> None:
    site.bodies["/a.html"] = html(ARTICLE)
    found = tried(office, site.url("/a.html"))
    assert found.found
    assert found.look.reading is not None
    assert found.look.reading.article is not None
    assert found.look.reading.article.title == "县政府召开常务会议"
    assert found.look.reading.article.stated.at == moment("10-05 09:30")
    assert found.classified is not None
    assert found.classified.originality is Originality.REPOST
    assert "新华社" in found.classified.reason
    assert len(site.asked) == 2  # robots.txt and the page: once


def test_the_account_s_own_name_in_an_article_is_the_account_s(office: Office, site: Site) -> None:
    site.bodies["/a.html"] = html(ARTICLE.replace("新华社", "县政府办"))
    register(office, an_account("a1", site.url("/feed")))
    found = tried(office, site.url("/a.html"), account_id="a1")
    assert found.classified is not None
    assert found.classified.originality is Originality.ORIGINAL


def test_settings_of_the_account_that_has_the_address_hold(office: Office, site: Site) -> None:
    site.bodies["/feed"] = rss(("a", "10-19 09:30"))
    register(office, an_account("a1", site.url("/feed")), an_account("a2", site.url("/feed"), site.url("/x")))
    settings = {"a1": SourceSetting(timezone="Asia/Urumqi", lag=timedelta(hours=1))}
    found = tried(an_office(office.database, source_settings=settings), site.url("/feed"))
    assert found.account is not None
    assert (found.account.account_id, found.owners) == ("a1", ("a1", "a2"))
    assert found.source.timezone == "Asia/Urumqi"
    assert found.look.visit.proof == Span(moment("10-19 09:30") + TICK, moment("10-20 11:00"))
    other = tried(office, site.url("/feed"), account_id="a2")
    assert other.account is not None
    assert other.account.account_id == "a2"


def test_the_registered_kind_holds_where_none_is_given(office: Office, site: Site) -> None:
    site.bodies["/feed"] = rss(("a", "10-19 09:30"))
    account = an_account("a1", addresses=(SourceAddress(url=site.url("/feed"), kind="feed"),))
    register(office, account)
    assert tried(office, site.url("/feed")).source.kind == "feed"
    assert tried(office, site.url("/feed"), "page").source.kind == "page"


def test_an_unknown_account_is_named_with_the_nearest(office: Office) -> None:
    register(office, an_account("a1"))
    with pytest.raises(RequestError, match="“a1x”不在备案台账中，是否为“a1”"):
        tried(office, "http://127.0.0.1:9/", account_id="a1x")


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        pytest.param("/none", Outcome.GONE, id="not there"),
        pytest.param("/empty", Outcome.EMPTY, id="nothing in it"),
        pytest.param("/text", Outcome.NOT_A_FEED, id="no list"),
    ],
)
def test_what_cannot_be_read_is_an_outcome(office: Office, site: Site, path: str, outcome: Outcome) -> None:
    site.bodies |= {"/empty": b"", "/text": b"hello"}
    found = tried(office, site.url(path))
    assert not found.found
    assert found.look.visit.outcome is outcome
    assert found.look.visit.reason


def test_a_lane_that_was_told_to_pause_is_left_alone(office: Office, site: Site) -> None:
    site.bodies["/feed"] = rss(("a", "10-19 09:30"))
    with office.database.begin() as session:
        save_pause(session, "127.0.0.1", moment("10-20 13:00"), Outcome.RATE_LIMITED)
    found = tried(office, site.url("/feed"))
    assert not found.found
    assert found.look.visit.outcome is Outcome.RATE_LIMITED
    assert "2026-10-20 13:00 之前不再访问" in found.look.visit.reason
    assert site.asked == []


def test_a_pause_that_a_server_asks_for_is_not_kept(office: Office, site: Site) -> None:
    site.bodies["/feed"] = lambda: (429, {"Retry-After": "3600"}, b"")
    assert tried(office, site.url("/feed")).look.visit.outcome is Outcome.RATE_LIMITED
    with office.database.read() as session:
        assert pauses(session) == {}


@pytest.mark.parametrize(
    ("newest", "proves"), [pytest.param("10-20 09:30", True, id="fresh"), pytest.param("10-01 09:30", False, id="old")]
)
def test_a_lane_s_control_source_is_looked_at_first_and_kept_nowhere(
    office: Office, site: Site, newest: str, proves: bool
) -> None:
    site.bodies |= {"/feed": rss(("a", "10-19 09:30")), "/control": rss(("c", newest))}
    lane = LaneConfig(name="bridge", hosts=(site.host,), control=SourceAddress(url=site.url("/control")))
    before = kept(office)
    found = tried(an_office(office.database, lanes=(lane,)), site.url("/feed"))
    assert found.lane == "bridge"
    assert site.asked.index("/control") < site.asked.index("/feed")
    assert (found.look.visit.proof is not None) == proves
    assert found.look.visit.outcome is (Outcome.NEW if proves else Outcome.STALE_LANE)
    assert kept(office) == before


# --------------------------------------------------------------------------------------------------------- discover


def discovered(office: Office, url: str) -> tuple[Discovery, list[tuple[int, int]]]:
    told: list[tuple[int, int]] = []
    found = discover(office, url, clock=NOW, on_tried=lambda done, total, _url: told.append((done, total)))
    return found, told


HOME = """<link rel="alternate" type="application/rss+xml" href="/feed">
<nav><a href="/xw/">政务要闻</a><a href="/tz/">通知公告</a><a href="/gk/">信息公开</a><a href="/none/">工作动态</a></nav>
<a href="https://weibo.com/u/1234567890">新浪微博</a><a href="http://127.0.0.1:9/xw/">别处新闻</a>"""


def test_a_site_s_offers_are_tried_and_told_apart(office: Office, site: Site) -> None:
    site.bodies |= {
        "/": page(HOME),
        "/feed": rss(("a", "10-19 09:30"), ("b", "10-10 09:30")),
        "/xw/": page(f"<ul>{ROWS}</ul>"),
        "/tz/": page(f"<ul>{OTHERS}</ul>"),
        "/gk/": page("<p>政府信息公开指南</p>"),
    }
    before = kept(office)
    found, told = discovered(office, site.url("/"))
    assert [f"{each.offer.kind}:{each.offer.url}" for each in found.readable] == [
        f"feed:{site.url('/feed')}",
        f"page:{site.url('/xw/')}",
        f"page:{site.url('/tz/')}",
    ]
    assert [each.visit.item_count for each in found.readable] == [2, 15, 12]
    assert found.readable[1].offer.label == "政务要闻"
    assert found.readable[1].visit.oldest == moment("10-05")
    assert [each.offer.url for each in found.others] == [site.url("/gk/"), site.url("/none/")]
    assert [(each.kind, each.url) for each in found.accounts] == [("weibo", "https://weibo.com/u/1234567890")]
    assert told == [(number, 5) for number in range(1, 6)]
    assert site.asked.count("/") == 1
    assert kept(office) == before


def test_a_feed_to_which_the_page_merely_links_is_found(office: Office, site: Site) -> None:
    site.bodies |= {"/": page("<a href='/rss.xml'>订阅</a>"), "/rss.xml": rss(("a", "10-19 09:30"))}
    found, _ = discovered(office, site.url("/"))
    assert [each.offer.url for each in found.readable] == [site.url("/rss.xml")]


def test_a_home_page_that_does_not_answer(office: Office) -> None:
    found, told = discovered(office, "http://127.0.0.1:9/")
    assert found.home.look.visit.outcome is Outcome.REFUSED
    assert (found.readable, found.others, found.accounts, told) == ((), (), (), [])


def test_a_lane_s_delay_lies_between_the_requests(office: Office, site: Site) -> None:
    asked: list[float] = []

    def timed(body: str) -> Callable[[], tuple[int, dict[str, str], bytes]]:
        def answer() -> tuple[int, dict[str, str], bytes]:
            asked.append(time.monotonic())
            return page(body)()

        return answer

    site.bodies |= {
        "/robots.txt": timed(""),
        "/": timed("<a href='/xw/'>要闻</a><a href='/tz/'>公告</a>"),
        "/xw/": timed(f"<ul>{ROWS}</ul>"),
        "/tz/": timed(f"<ul>{OTHERS}</ul>"),
    }
    lane = LaneConfig(name="site", hosts=(site.host,), delay=timedelta(milliseconds=200))
    found, _ = discovered(an_office(office.database, lanes=(lane,)), site.url("/"))
    assert {each.visit.lane for each in found.readable} == {"site"}
    assert len(asked) == 5  # robots.txt once for the home page and once for the others
    assert min(after - before for before, after in pairwise(asked)) >= 0.19
