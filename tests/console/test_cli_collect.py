"""collect, check and inspect over sources on loopback."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from reports.parts import file_names
from tests.console.conftest import HEADER, Xunjian
from tests.console.registries import written

CONFIG = """
[crawl]
allow_private_addresses = ["127.0.0.0/8"]
delay_seconds = 0
details_per_lane = 0
[policy.YC-01]
enabled = false
"""


TEN = datetime(2026, 11, 18, 2, tzinfo=UTC)  # of a Wednesday in Beijing; two weeks of the month are over
BEGUN = time.monotonic()


def now() -> datetime:
    """A clock that goes as fast as any other, and is the same whenever the tests are run."""
    return TEN + timedelta(seconds=time.monotonic() - BEGUN)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the commands that clock: what is due in a month depends on its day."""
    monkeypatch.setattr("console.commands.options.datetime", SimpleNamespace(now=lambda _zone: now()))


def feed(days: int, *, every: int = 1) -> bytes:
    """Return a feed with a post ``every`` so many days over the last ``days``."""
    times = [now() - timedelta(minutes=1, days=at) for at in range(0, days, every)]
    items = "".join(
        f"<item><title>第{at}条</title><guid>{at}</guid><pubDate>{format_datetime(moment)}</pubDate></item>"
        for at, moment in enumerate(times)
    )
    return f"<rss version='2.0'><channel><title>甲</title>{items}</channel></rss>".encode()


class Site(BaseHTTPRequestHandler):
    """Answers /daily, /silent, /moved (for good, to /daily) and /gone."""

    def do_GET(self) -> None:
        answers: dict[str, Callable[[], bytes]] = {
            "/daily": lambda: feed(120),
            "/silent": lambda: feed(200, every=40),
        }
        body = answers.get(self.path)
        self.send_response(200 if body else 301 if self.path == "/moved" else 404)
        if self.path == "/moved":
            self.send_header("Location", "/daily")
        self.end_headers()
        if body:
            self.wfile.write(body())

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(now().timestamp() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is given
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def county(office: Path, site: str, xunjian: Xunjian) -> Path:
    (office / "xunjian.toml").write_text(CONFIG)
    lines = (
        f"{HEADER},采集地址",
        f"A,甲,政府网站,单位,{site}/daily",
        f"B,乙,政府网站,单位,{site}/silent",
        f"C,丙,政府网站,单位,{site}/gone",
        "D,丁,政府网站,单位,",
    )
    written(office, *lines)
    assert xunjian("accounts", "import", "accounts.csv").status == 0
    return office


def test_collect_tells_each_visit_and_what_failed(county: Path, xunjian: Xunjian, site: str) -> None:
    ran = xunjian("collect")
    assert ran.status == 3
    lines = ran.out.splitlines()
    assert sorted(line.split()[0] for line in lines[:3]) == ["[1/3]", "[2/3]", "[3/3]"]
    assert any(f"A “甲”（政府网站） NEW 已采集，120条 {site}/daily" in line for line in lines[:3])
    assert "没有采集地址，未采集：D “丁”（政府网站）" in lines
    assert "采集3个来源，成功2个，未成功1个；新信息125条，有改动的信息0条。" in lines
    assert "未成功的采集（采集地址失效1个），不作为未更新的依据：" in lines
    assert lines[-1].startswith(f"  C “丙”（政府网站） {site}/gone GONE ")


def test_collect_tells_of_an_address_that_has_moved_for_good(county: Path, xunjian: Xunjian, site: str) -> None:
    written(county, f"{HEADER},采集地址", f"E,戊,政府网站,单位,{site}/moved", name="more.csv")
    assert xunjian("accounts", "import", "more.csv").status == 0
    ran = xunjian("collect", "E")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert "采集中需要留意的情况1处：" in lines
    assert lines[-1].startswith("  E “戊”（政府网站）：")
    assert f"{site}/daily" in lines[-1]


def test_collect_of_named_accounts(county: Path, xunjian: Xunjian) -> None:
    ran = xunjian("collect", "A", "B")
    assert ran.status == 0
    assert "采集2个来源，成功2个，未成功0个；" in ran.out
    again = xunjian("collect", "A")
    assert again.status == 0
    assert "新信息0条" in again.out


def test_collect_of_an_unknown_account(county: Path, xunjian: Xunjian) -> None:
    ran = xunjian("collect", "A", "X")
    assert (ran.status, ran.out) == (2, "")
    assert "“X”不在备案台账中" in ran.err


def test_collect_of_an_empty_registry(office: Path, xunjian: Xunjian) -> None:
    ran = xunjian("collect")
    assert (ran.status, ran.err) == (0, "")


@pytest.mark.parametrize(
    ("account_id", "status", "result"),
    [
        pytest.param("A", 0, "合格", id="passed"),
        pytest.param("B", 1, "不合格", id="failed"),
        pytest.param("C", 3, "未能核验", id="not seen"),
    ],
)
def test_check(county: Path, xunjian: Xunjian, account_id: str, status: int, result: str) -> None:
    ran = xunjian("check", account_id)
    assert (ran.status, ran.err) == (status, "")
    assert ran.out.startswith(f"检查结果：{result}  “")
    assert "下一个期限：" in ran.out
    record = json.loads(xunjian("check", account_id, "--no-collect", "--json").out)
    assert record["result"] == result
    assert record["collected"] == []
    assert record["account"]["account_id"] == account_id


def test_check_names_evidence(county: Path, xunjian: Xunjian) -> None:
    lines = xunjian("check", "B").out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("GX-03 未达到周更新要求（通报，已核实）"))
    labels = [line.split()[0] for line in lines[at + 1 : at + 7]]
    assert labels == ["问题描述", "判定依据", "佐证", "整改建议", "整改时限", "处置建议"]
    assert "已覆盖" in lines[at + 3]
    assert "采集记录" in lines[at + 3]


def test_check_writes_a_deadline_as_the_end_of_its_last_day(county: Path, xunjian: Xunjian) -> None:
    lines = xunjian("check", "A").out.splitlines()
    deadlines = lines[lines.index("下一个期限：") + 1 :]
    assert deadlines
    for line in deadlines:
        found = re.fullmatch(r"  (\S+) 24:00 前须发布信息（(GX-0[13]) \S+，时段 \S+/(\S+)）", line)
        assert found is not None
        assert found[1] == found[3]


def test_check_without_collecting_makes_no_visit(county: Path, xunjian: Xunjian) -> None:
    ran = xunjian("check", "A", "--no-collect")
    assert ran.status == 3
    assert "本次采集" not in ran.out


def test_check_as_of_a_moment_before_anything_was_seen(county: Path, xunjian: Xunjian) -> None:
    xunjian("collect", "B")
    yesterday = (now() - timedelta(days=1)).isoformat()
    assert xunjian("check", "B", "--no-collect").status == 1
    assert xunjian("check", "B", "--no-collect", "--as-of", yesterday).status == 3


@pytest.mark.parametrize("command", [["check", "A"], ["inspect", "2026-01"]])
@pytest.mark.parametrize(("moment", "cause"), [("昨天", "“昨天”不是时间"), ("2999-01-01", "晚于当前时间")])
def test_moments_that_cannot_be_used(
    county: Path, xunjian: Xunjian, command: list[str], moment: str, cause: str
) -> None:
    ran = xunjian(*command, "--as-of", moment)
    assert (ran.status, ran.out) == (2, "")
    assert cause in ran.err


def test_inspect_prints_the_summary_and_its_files(county: Path, xunjian: Xunjian) -> None:
    xunjian("collect")
    month = "2026-10"
    ran = xunjian("inspect", month, "--out", "out")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].split() == ["账号编号", "账号名称", "平台", "检查结果", "发布", "原创", "采集完整率", "问题"]
    assert [line.split()[:4] for line in lines[1:5]] == [
        ["A", "甲", "政府网站", "合格"],
        ["B", "乙", "政府网站", "不合格"],
        ["C", "丙", "政府网站", "未能核验"],
        ["D", "丁", "政府网站", "未能核验"],
    ]
    assert lines[5] == "共4个账号：合格1个，不合格1个，待复核0个，未能核验2个，不适用0个。"
    names = file_names(month)
    assert lines[-len(names) - 1 :] == [f"结果已写入 out/{month}：", *(f"  out/{month}/{name}" for name in names)]
    assert all((county / "out" / month / name).exists() for name in names)


def test_inspect_of_a_running_month_says_so(county: Path, xunjian: Xunjian) -> None:
    ran = xunjian("inspect", "2026-11")
    assert ran.status == 0
    assert "注意：本月尚未结束，判定截至" in ran.out


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "202610", "十月", "2999-01", ""])
def test_months_that_cannot_be_inspected(office: Path, xunjian: Xunjian, month: str) -> None:
    ran = xunjian("inspect", month)
    assert (ran.status, ran.out) == (2, "")
    assert "检查月份" in ran.err
    assert not (office / "inspections").exists()


def test_verbose_writes_the_log_to_standard_error(county: Path, xunjian: Xunjian) -> None:
    for arguments in (["collect", "A", "--verbose"], ["--verbose", "collect", "A"]):
        ran = xunjian(*arguments)
        assert "level=INFO logger=" in ran.err
        assert "level=INFO" not in ran.out
    assert xunjian("collect", "A").err == ""
