"""sources try and discover over a site on loopback: what a person reads, and what a program reads."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.show.ink import harmless
from console.widths import width
from tests.console.conftest import HEADER, Xunjian
from tests.console.registries import written
from tests.schedules.offices import Site, rss, serving
from tests.schedules.test_trying import ARTICLE, HOME, OTHERS, ROWS, html, page

CONFIG = '[crawl]\nallow_private_addresses = ["127.0.0.0/8"]\ndelay_seconds = 0\nobey_robots = false\n'


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        running.bodies |= {
            "/": page(HOME),
            "/feed": rss(("a", "10-19 09:30", "来源：新华社"), ("b", "10-10 09:30")),
            "/two/": page(
                f"<div><h2>要闻</h2><ul class='a'>{ROWS}</ul></div><div><h2>通知公告</h2><ul class='b'>{OTHERS}</ul></div>"
            ),
            "/xw/": page(f"<ul>{ROWS}</ul>"),
            "/tz/": page(f"<ul>{OTHERS}</ul>"),
            "/gk/": page("<p>指南</p>"),
            "/a.html": html(ARTICLE),
        }
        yield running


@pytest.fixture
def office(folder: Path) -> Path:
    (folder / "xunjian.toml").write_text(CONFIG, encoding="utf-8")
    return folder


def labels(out: str) -> dict[str, str]:
    """The rows of a label and its text, down to the first empty line."""
    rows = [re.split(r" {2,}", line, maxsplit=1) for line in out.split("\n\n", 1)[0].splitlines()]
    return {row[0]: row[1] for row in rows if len(row) == 2}


def test_a_feed_is_shown_and_no_database_is_made(office: Path, site: Site, xunjian: Xunjian) -> None:
    ran = xunjian("sources", "try", site.url("/feed"))
    assert (ran.status, ran.err) == (0, "")
    told = labels(ran.out)
    assert told["采集地址"] == site.url("/feed")
    assert told["来源类别"] == "feed 订阅源（自动识别）"
    assert told["采集结果"] == "NEW 已采集，2条（HTTP 200）"
    assert (told["最早一条"], told["最近一条"]) == ("2026-10-10 09:30", "2026-10-19 09:30")
    assert told["证明情况"].startswith("2026-10-10 09:30 至 ")
    lines = ran.out.splitlines()
    at = lines.index("信息（共2条）：")
    assert lines[at + 1].split() == ["1", "2026-10-19", "09:30", "关于a的通知"]
    assert "（rfc822，精确到秒）" in lines[at + 2]
    assert lines[at + 3].strip() == "来源：新华社（页首）"
    assert lines[at + 4].strip() == "https://county.example/a"
    assert [each.name for each in office.iterdir()] == ["xunjian.toml"]


def test_the_same_for_a_program(office: Path, site: Site, xunjian: Xunjian) -> None:
    ran = xunjian("sources", "try", f"feed:{site.url('/feed')}", "--json")
    record = json.loads(ran.out)
    assert list(record) == [
        *("url", "kind", "kind_given", "account_id", "owners", "timezone", "lane", "asked_url", "final_url", "status"),
        *("outcome", "reason", "found", "account_name", "items_count", "undated_count", "oldest", "newest", "proof"),
        *("proves_nothing_because", "sees", "warnings", "items", "next_page_url", "refresh_url", "feed_urls"),
        *("choices", "article"),
    ]
    assert (record["kind"], record["kind_given"], record["outcome"], record["found"]) == ("feed", True, "NEW", True)
    assert record["oldest"] == "2026-10-10T01:30:00+00:00"
    assert record["proof"]["start"].startswith("2026-10-10T01:30:00")
    assert record["items"][0]["time"] == {
        "at": "2026-10-19T01:30:00+00:00",
        "local": "2026-10-19 09:30",
        "raw": "Mon, 19 Oct 2026 01:30:00 GMT",
        "form": "rfc822",
        "precision": "second",
        "clock_bound": False,
    }
    assert record["items"][0]["credits"] == [{"kind": "source", "label": "来源", "value": "新华社", "place": "header"}]
    assert (record["article"], record["choices"], record["proves_nothing_because"]) == (None, [], None)


def test_the_lists_of_a_page_are_numbered_and_the_printed_setting_chooses(
    office: Path, site: Site, xunjian: Xunjian
) -> None:
    url = site.url("/two/")
    ran = xunjian("sources", "try", url)
    assert ran.status == 0
    assert labels(ran.out)["证明情况"].startswith("不能证明没有更新：")
    lines = ran.out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("页面上有2个列表，采用了第1个："))
    assert lines[at + 1].startswith("* 1 要闻，15行，15行有日期：《")
    assert lines[at + 3].startswith("  2 通知公告，12行，12行有日期：《")
    setting = lines[lines.index("要读另一个列表，在 xunjian.toml 里写（choice 是上面的序号）：") + 1 :]
    assert setting == [f'  [sources."{url}"]', "  choice = 2"]
    (office / "xunjian.toml").write_text(CONFIG + "\n".join(setting), encoding="utf-8")
    again = json.loads(xunjian("sources", "try", url, "--json").out)
    assert again["items_count"] == 12
    choices = again["choices"]
    assert [(each["number"], each["heading"], each["rows"], each["chosen"]) for each in choices] == [
        (1, "要闻", 15, False),
        (2, "通知公告", 12, True),
    ]


def test_only_the_first_items_are_shown(office: Path, site: Site, xunjian: Xunjian) -> None:
    lines = xunjian("sources", "try", site.url("/xw/")).out.splitlines()
    assert "信息（前10条，共15条）：" in lines
    assert sum(re.match(r" *\d+ 2026-10-\d\d ", line) is not None for line in lines) == 10


def test_an_article_is_shown_as_read(office: Path, site: Site, xunjian: Xunjian) -> None:
    ran = xunjian("sources", "try", site.url("/a.html"))
    assert (ran.status, ran.err) == (0, "")
    told = labels(ran.out)
    assert told["来源类别"] == "article 文章页（自动识别）"
    assert told["采集结果"] == "这是一篇文章的页面，不是信息列表；文章已读出（HTTP 200）"
    assert "证明情况" not in told
    article = ran.out.partition("文章：\n")[2]
    assert "  标题      县政府召开常务会议\n" in article
    assert "  发布时间  2026-10-05 09:30 原文“2026-10-05 09:30”（" in article
    assert "  来源      新华社\n" in article
    assert "  原创判定  转载（" in article
    assert "十月五日，县政府召开第十次常务会议" in article
    record = json.loads(xunjian("sources", "try", site.url("/a.html"), "--json").out)
    assert record["kind"] == "article"
    assert record["article"]["originality"]["verdict"] == "转载"
    assert record["article"]["title"] == "县政府召开常务会议"


def test_personal_numbers_are_masked(office: Path, site: Site, xunjian: Xunjian) -> None:
    site.bodies["/feed"] = rss(("请拨打13800138000", "10-19 09:30"))
    for more in ([], ["--json"]):
        out = xunjian("sources", "try", site.url("/feed"), *more).out
        assert "关于请拨打138****8000的通知" in out
        assert "关于请拨打13800138000" not in out


def test_what_a_server_says_cannot_command_the_terminal(office: Path, site: Site, xunjian: Xunjian) -> None:
    site.bodies["/feed"] = rss(("\u202e\u009b31m", "10-19 09:30"))
    out = xunjian("sources", "try", site.url("/feed")).out
    assert out == harmless(out)


@pytest.mark.parametrize("command", ["try", "discover"])
def test_what_cannot_be_read_ends_with_3(office: Path, xunjian: Xunjian, command: str) -> None:
    ran = xunjian("sources", command, "http://127.0.0.1:9/")
    assert (ran.status, ran.err) == (3, "")
    assert "REFUSED" in ran.out
    assert "连接失败" in ran.out
    record = json.loads(xunjian("sources", command, "http://127.0.0.1:9/", "--json").out)
    assert record["outcome"] == "REFUSED"


def test_an_address_of_the_registry_is_read_with_its_account(office: Path, site: Site, xunjian: Xunjian) -> None:
    written(office, f"{HEADER},采集地址", f"A,甲,政府网站,单位,{site.url('/feed')}", "B,乙,政府网站,单位,")
    assert xunjian("accounts", "import", "accounts.csv").status == 0
    assert labels(xunjian("sources", "try", site.url("/feed")).out)["所属账号"] == "A 甲（台账已登记）"
    other = xunjian("sources", "try", site.url("/xw/"), "--account", "B")
    assert labels(other.out)["所属账号"] == "B 乙（台账尚未登记这个地址）"
    assert xunjian("posts", "list", "A", "--month", "2026-10").out.splitlines()[0].endswith("，共0条信息")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["try", "county"], "采集地址“county”不是网址，应以 http:// 或 https:// 开头。", id="no address"),
        pytest.param(["discover", "county"], "采集地址“county”不是网址", id="no home page"),
        pytest.param(["try", "http://x.example", "--kind", "pag"], "来源类别 pag 不认识，是否为“page”", id="a kind"),
        pytest.param(
            ["try", "feed:http://x.example", "--kind", "page"],
            "网址前写的类别 feed 与 --kind page 不一致，请只写一个。",
            id="two kinds",
        ),
        pytest.param(["try", "http://x.example", "--account", "Z"], "账号编号“Z”不在备案台账中", id="an account"),
        pytest.param(["try"], "缺少参数 网址", id="nothing"),
    ],
)
def test_usage_errors(office: Path, xunjian: Xunjian, arguments: list[str], sentence: str) -> None:
    ran = xunjian("sources", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
    assert [each.name for each in office.iterdir()] == ["xunjian.toml"]


def test_a_site_s_offers(office: Path, site: Site, xunjian: Xunjian) -> None:
    ran = xunjian("sources", "discover", site.url("/"))
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert sorted(line.split()[0] for line in lines[:5]) == [f"[{number}/5]" for number in range(1, 6)]
    at = next(number for number, line in enumerate(lines) if line.startswith("可以采集的地址3个"))
    assert lines[at + 1].strip() == f"feed:{site.url('/feed')}"
    assert lines[at + 2].strip() == "2条，最近 2026-10-19 09:30，最早 2026-10-10 09:30"
    assert lines[at + 3].strip() == f"page:{site.url('/xw/')}"
    assert lines[at + 4].strip() == "政务要闻，15条，最近 2026-10-19，最早 2026-10-05"
    assert "  weibo:https://weibo.com/u/1234567890" in lines
    assert f"  工作动态 {site.url('/none/')} 采集地址失效" in lines
    assert [each.name for each in office.iterdir()] == ["xunjian.toml"]


def test_a_site_s_offers_for_a_program(office: Path, site: Site, xunjian: Xunjian) -> None:
    record = json.loads(xunjian("sources", "discover", site.url("/"), "--json").out)
    assert [each["address"] for each in record["addresses"]] == [
        f"feed:{site.url('/feed')}",
        f"page:{site.url('/xw/')}",
        f"page:{site.url('/tz/')}",
    ]
    assert record["addresses"][1]["newest"] == "2026-10-18T16:00:00+00:00"
    assert [each["kind"] for each in record["accounts"]] == ["weibo"]
    assert [each["url"] for each in record["tried_in_vain"]] == [site.url("/gk/"), site.url("/none/")]


def test_a_platform_that_cannot_be_collected_says_why(office: Path, site: Site, xunjian: Xunjian) -> None:
    site.bodies["/"] = page('<a href="https://www.toutiao.com/c/user/token/abc/">今日头条</a>')
    ran = xunjian("sources", "discover", site.url("/"))
    assert ran.status == 3
    assert "  https://www.toutiao.com/c/user/token/abc/" in ran.out.splitlines()
    assert "今日头条，今日头条，不能直接采集：今日头条的账号主页由脚本生成" in ran.out


@pytest.mark.parametrize(("columns", "path"), [(80, "/two/"), (120, "/a.html")])
def test_lines_fit_the_terminal_except_addresses(
    office: Path, site: Site, xunjian: Xunjian, monkeypatch: pytest.MonkeyPatch, columns: int, path: str
) -> None:
    monkeypatch.setattr("console.show.rows.on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = xunjian("sources", "try", site.url(path)).out.splitlines()
    assert max(width(line) for line in lines if "://" not in line) <= columns
