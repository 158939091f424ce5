"""Own pages of posts, older pages of lists, self-reports and evidence, through a whole collection over loopback."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.values import Account, Flag, Platform, Post, Precision, SourceAddress
from monitor.visits import Outcome, Selectors, Visit
from schedules.collect import CollectReport, collect
from schedules.office import Office, RequestError, SourceSetting
from storage.coverage import coverage_of
from storage.database import open_database
from storage.models import records
from storage.pages import page_of
from storage.posts import posts_between
from storage.visits import visits_between
from tests.monitor.builders import moment
from tests.schedules.offices import (
    LOOPBACK,
    Body,
    Site,
    an_account,
    an_office,
    inspect,
    read_back,
    register,
    serving,
    stopped,
)

NOW = "11-02 10:00"


def page(body: str, status: int = 200) -> Body:
    whole = f"<!doctype html><html><head><meta charset='utf-8'>{body}</html>".encode()
    return lambda: (status, {"Content-Type": "text/html; charset=utf-8"}, whole)


def article(
    title: str, at: str, source: str, text: str = "各镇人民政府,县级各部门:现将有关事项通知如下,请认真贯彻执行。" * 4
) -> Body:
    return page(
        f"<title>{title}</title></head><body><h1>{title}</h1><p>发布时间:{at} 来源:{source}</p>"
        f"<div class='content'><p>{text}</p></div></body>"
    )


def columns(*rows: tuple[str, str, str], more: str = "") -> Body:
    listed = "".join(
        f"<li><a href='{href}' title='{title}'>{title}</a><span>{day}</span></li>" for title, href, day in rows
    )
    return page(f"<title>工作动态</title></head><body><ul class='list'>{listed}</ul>{more}</body>")


def rows(*days: str) -> list[tuple[str, str, str]]:
    return [(f"高县召开第{day}次工作会议", f"/a/{day}.html", f"2026-{day}") for day in days]


@pytest.fixture
def office(file: Path, tmp_path: Path) -> Iterator[Office]:
    database = open_database(f"sqlite:///{file}")
    yield an_office(database, crawl=replace(LOOPBACK, details_per_lane=20), evidence=tmp_path / "evidence")
    database.close()


def a_site(site: Site, path: str = "/list", **changes: Any) -> Account:
    address = SourceAddress(url=site.url(path), kind=changes.pop("kind", "page"))
    given: dict[str, Any] = {
        "name": "高县人民政府",
        "organizer": "高县人民政府办公室",
        "platform": Platform.WEBSITE,
        "addresses": (address,),
    }
    return an_account("a1", **given | changes)


def collected(office: Office, now: str = NOW) -> CollectReport:
    return collect(office, [], clock=stopped(now), on_visit=lambda *_: None)


def known(office: Office) -> dict[str, Post]:
    with office.database.read() as session:
        found = posts_between(session, ["a1"], moment("2026-01-01"), moment("2027-01-01"))
    return {post.url.rpartition("/")[2].removesuffix(".html"): post for post in found["a1"]}


def visit(office: Office) -> Visit:
    with office.database.read() as session:
        return visits_between(session, ["a1"], moment("2020-01-01"), moment("2030-01-01"))["a1"][-1]


def test_a_page_completes_what_its_list_lacks_and_is_asked_for_once(office: Office) -> None:
    with serving() as site:
        site.bodies = {
            "/list": columns(*rows("10-30", "10-29")),
            "/a/10-30.html": article("高县召开第10-30次工作会议", "2026-10-30 09:31", "本网"),
            "/a/10-29.html": article("高县召开第10-29次工作会议", "2026-10-29 15:02:11", "新华社"),
        }
        register(office, a_site(site))
        report = collected(office)
        assert (report.visits[0].outcome, report.pages) == (Outcome.NEW, {Outcome.NEW: 2})
        posts = known(office)
        assert posts["10-30"].published_at == moment("2026-10-30 09:31")
        assert posts["10-29"].precision is not Precision.DAY
        assert [each.value for each in posts["10-29"].page_credits] == ["新华社"]
        before = len(site.asked)
        again = collected(office, "11-02 12:00")
        assert again.revised_posts == 0
        assert [path for path in site.asked[before:] if path.startswith("/a/")] == []


def test_source_lines_of_pages_decide_what_is_original(office: Office, tmp_path: Path) -> None:
    with serving() as site:
        site.bodies = {
            "/list": columns(*rows("10-30", "10-29", "10-28")),
            "/a/10-30.html": article("高县召开第10-30次工作会议", "2026-10-30 09:31", "本网"),
            "/a/10-29.html": article("高县召开第10-29次工作会议", "2026-10-29 15:02", "新华社"),
            "/a/10-28.html": article("高县召开第10-28次工作会议", "2026-10-28 15:02", ""),
        }
        register(office, a_site(site))
        collected(office)
    inspect(office, "2026-10", tmp_path / "out")
    classes = {row["标题"][5:10]: row["原创判定"] for row in read_back(tmp_path / "out" / "2026-10").posts}
    assert classes == {"10-30": "原创", "10-29": "转载", "10-28": "未判定"}


def test_older_pages_of_a_list_are_read_where_nothing_is_covered_yet(office: Office) -> None:
    with serving() as site:
        site.bodies = {
            "/list": columns(*rows("10-30", "10-29", "10-28"), more="<a href='/list2'>下一页</a>"),
            "/list2": columns(*rows("10-08", "10-07", "10-06"), more="<a href='/list'>上一页</a>"),
        }
        register(office, a_site(site))
        collected(office)
        with office.database.read() as session:
            (span,) = coverage_of(session, ["a1"], moment("2026-01-01"), moment("2027-01-01"))["a1"]
        assert (span.start, span.end) == (moment("2026-10-07 00:00"), moment(NOW))
        assert {"10-06", "10-30"} <= known(office).keys()
        before = len(site.asked)
        collected(office, "11-02 12:00")  # it overlaps with what is covered: the first page is enough
        assert "/list2" not in site.asked[before:]


def test_deletion_needs_two_proofs_on_two_days(office: Office) -> None:
    with serving() as site:
        site.bodies = {"/list": columns(*rows("10-30", "10-29")), "/a/10-30.html": page("</head>", 404)}
        register(office, a_site(site))
        assert collected(office).deleted == 0
        assert known(office)["10-30"].deleted_at is None
        assert collected(office, "11-02 20:00").deleted == 0
        assert collected(office, "11-03 20:00").deleted >= 1
        assert known(office)["10-30"].deleted_at == moment("11-03 20:00")


def test_blocked_page_proves_no_deletion(office: Office) -> None:
    with serving() as site:
        site.bodies = {"/list": columns(*rows("10-30", "10-29")), "/a/10-30.html": page("</head>", 403)}
        register(office, a_site(site))
        for now in (NOW, "11-03 20:00", "11-05 20:00"):
            collected(office, now)
        assert known(office)["10-30"].deleted_at is None


REPORT = (
    "账号名称,发布时间,标题,链接,原创\n"
    "高县人民政府,2026-10-30 09:31,高县召开第10-30次工作会议,{site}/a/10-30.html,是\n"
    "高县人民政府,2026-10-29 15:02,高县召开第10-29次工作会议,{site}/a/10-29.html,是\n"
    "高县人民政府,2026-10-28 15:02,高县召开第10-28次工作会议,{site}/a/10-28.html,是\n"
    "别的账号,2026-10-27 15:02,别的账号的信息,{site}/a/10-27.html,是\n"
)


def test_self_report_counts_where_its_pages_say_the_same(office: Office, tmp_path: Path) -> None:
    with serving() as site:
        csv = REPORT.replace("{site}", site.url("")).encode()
        site.bodies = {
            "/report.csv": lambda: (200, {"Content-Type": "text/csv"}, csv),
            "/list": columns(*rows("10-15", "10-14", "09-01")),  # so that the host is known as the account's own
            "/a/10-30.html": article("高县召开第10-30次工作会议", "2026-10-30 09:31", "本网"),
            "/a/10-29.html": article("高县召开第10-29次工作会议", "2026-10-12 15:02", "本网"),
        }
        addresses = (
            SourceAddress(url=site.url("/list"), kind="page"),
            SourceAddress(url=site.url("/report.csv"), kind="report"),
        )
        register(office, a_site(site, addresses=addresses))
        report = collected(office)
        reporting = next(each for each in report.visits if each.url.endswith("report.csv"))
        assert (reporting.outcome, reporting.proof, reporting.item_count) == (Outcome.NEW, None, 3)
        assert any("1条属于其他账号" in each for each in reporting.warnings)
        posts = known(office)
        assert Flag.CONFIRMED in posts["10-30"].flags
        assert Flag.CONTRADICTED in posts["10-29"].flags
        assert Flag.REPORTED in posts["10-28"].flags
        with office.database.read() as session:
            contradicted = page_of(session, "a1", posts["10-29"].key)
        assert contradicted is not None
        assert "时间" in contradicted.reason
    inspect(office, "2026-10", tmp_path / "out")
    written = read_back(tmp_path / "out" / "2026-10")
    assert written.of("a1")["发布条数"] == "3"  # two of the list, one verified
    states = [row["状态"] for row in written.posts]
    assert "仅见于自查上报" in states
    assert any(state.startswith("与自查上报不符（页面") for state in states)


def test_source_that_sees_only_some_kinds_proves_silence_for_those_alone(office: Office) -> None:
    with serving() as site:
        site.bodies = {"/list": columns(*rows("10-30", "10-01"))}
        setting = SourceSetting(sees=("图文",))
        limited = replace(office, source_settings={"a1": setting})
        register(office, a_site(site))
        collected(limited)
        with office.database.read() as session:
            assert coverage_of(session, ["a1"], moment("2026-01-01"), moment("2027-01-01"))["a1"] == ()
        assert visit(office).sees == ("图文",)


def test_kinds_that_the_platform_does_not_have_are_refused_before_anything_is_asked(office: Office) -> None:
    with serving() as site:
        limited = replace(office, source_settings={"a1": SourceSetting(sees=("群发",))})
        register(office, a_site(site))
        with pytest.raises(RequestError, match="政府网站的信息只分图文、视频、音频"):
            collected(limited)
        assert site.asked == []


def two_columns(news: Sequence[str], notices: Sequence[str]) -> Body:
    lists = [
        "".join(f"<li><a href='/{name}/{day}.html'>{name}第{day}号信息</a><span>2026-{day}</span></li>" for day in days)
        for name, days in (("动态", news), ("公告", notices))
    ]
    return page(
        f"<title>首页</title></head><body><h2>动态</h2><ul>{lists[0]}</ul><h2>公告</h2><ul>{lists[1]}</ul></body>"
    )


def test_what_a_wrongly_chosen_list_proved_is_taken_back(office: Office, tmp_path: Path) -> None:
    with serving() as site:
        news, notices = ("10-28", "10-24", "10-20", "10-19"), ("09-15", "09-10", "09-05", "09-01")
        site.bodies = {"/list": two_columns(news, notices)}
        register(office, a_site(site))
        chosen = [replace(office, source_settings={"a1": SourceSetting(selectors=Selectors(choice=n))}) for n in (1, 2)]
        collected(chosen[1], "10-30 10:00")
        with office.database.read() as session:
            assert coverage_of(session, ["a1"], moment("10-01"), moment("11-01"))["a1"]
        collected(chosen[0])
        with office.database.read() as session:
            (span,) = coverage_of(session, ["a1"], moment("09-01"), moment("12-01"))["a1"]
        assert span.start == moment("10-20")
        assert not any(post.flags for post in known(office).values())
    inspect(office, "2026-10", tmp_path / "out")
    assert ("GX-03", "已核实") not in read_back(tmp_path / "out" / "2026-10").codes("a1")


def test_answers_are_kept_as_evidence(office: Office) -> None:
    with serving() as site:
        site.bodies = {
            "/list": columns(*rows("10-30", "10-29")),
            "/a/10-30.html": article("高县召开第10-30次工作会议", "2026-10-30 09:31", "本网"),
        }
        register(office, a_site(site))
        collected(office)
        collected(office, "11-02 12:00")
    with office.database.read() as session:
        kept = session.execute(records.select().order_by(records.c.at)).all()
    assert {each.url.rpartition("/")[2] for each in kept} >= {"list", "10-30.html"}
    listed = [each for each in kept if each.url.endswith("/list")]
    assert listed[0].revisit_of is None
    assert listed[-1].revisit_of == listed[0].record_id  # the same body is kept once
    assert office.evidence is not None
    assert [file.name for file in office.evidence.iterdir() if file.suffix == ".gz"] == ["2026-11-02.warc.gz"]


def test_a_run_that_reads_pages_waits_for_its_lane(office: Office) -> None:
    with serving() as site:
        site.bodies = {"/list": columns(*rows(*(f"10-{day:02d}" for day in range(30, 9, -1))))}
        register(office, a_site(site))
        budget = replace(office, crawl=replace(office.crawl, details_per_lane=3, delay=timedelta(milliseconds=10)))
        assert sum(collected(budget).pages.values()) == 3
