from datetime import date, timedelta
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from console.config import Config, load
from console.errors import ConfigError
from crawler.settings import CrawlSettings, LaneConfig
from monitor.values import SourceAddress
from monitor.visits import Selectors
from schedules.office import SourceSetting

INTERFACE = """
[office]
name = "高县人民政府办公室"
timezone = "Asia/Shanghai"

[storage]
url = "sqlite:///xunjian.db"

[crawl]
allow_private_addresses = []
obey_robots = true
delay_seconds = 2.0
concurrency = 16
timeout_seconds = 30

[lanes.bridge]
hosts = ["rss.example.gov.cn"]
delay_seconds = 5.0
control = "https://rss.example.gov.cn/control.xml"
control_max_age_hours = 24

[policy]
preset = "gaoxian"

[workdays]
files = []
"""


def read(folder: Path, text: str) -> Config:
    path = folder / "xunjian.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def problems(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    assert str(caught.value) == "\n".join(caught.value.problems)
    assert all(problem.endswith("。") and "。。" not in problem for problem in caught.value.problems)
    return caught.value.problems


def test_the_file_of_the_interface(tmp_path: Path) -> None:
    config = read(tmp_path, INTERFACE)
    assert config.name == "高县人民政府办公室"
    assert config.zone == ZoneInfo("Asia/Shanghai")
    assert config.database_url == f"sqlite:///{tmp_path.resolve()}/xunjian.db"
    assert config.crawl == CrawlSettings(
        delay=timedelta(seconds=2), concurrency=16, timeout=timedelta(seconds=30), obey_robots=True, allow_private=()
    )
    assert config.lanes == (
        LaneConfig(
            name="bridge",
            hosts=("rss.example.gov.cn",),
            delay=timedelta(seconds=5),
            control=SourceAddress(url="https://rss.example.gov.cn/control.xml"),
            control_max_age=timedelta(hours=24),
        ),
    )
    assert config.policy.name == "gaoxian"
    assert 2026 in config.workdays.years()
    assert config.sources == {}


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    empty, full = read(tmp_path, ""), read(tmp_path, INTERFACE)
    assert (empty.zone, empty.database_url, empty.crawl) == (full.zone, full.database_url, full.crawl)
    assert (empty.policy, empty.workdays.years(), empty.lanes) == (full.policy, full.workdays.years(), ())


def test_every_value_reaches_its_place(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        """
        [office]
        timezone = "Asia/Urumqi"
        [crawl]
        allow_private_addresses = ["127.0.0.0/8", "10.1.2.3", "fd00::/8"]
        obey_robots = false
        delay_seconds = 0
        concurrency = 1
        timeout_seconds = 2.5
        pages_per_visit = 3
        details_per_lane = 0
        [lanes."a b"]
        hosts = ["A.cn:8080", "127.0.0.1", "[::1]:80"]
        control = "feed:http://a.cn:8080/control"
        control_max_age_hours = 0.5
        lag_minutes = 360
        [lanes.other]
        hosts = ["a.cn"]
        [policy]
        preset = "national"
        counter_months = 6
        rectification_workdays = 5
        [policy.GX-01]
        days = 21
        [sources."GX-001"]
        timezone = "Asia/Tokyo"
        [sources."feed:https://a.cn/1"]
        lag_minutes = 90
        complete = true
        sees = ["群发"]
        [sources."https://a.cn/2"]
        item = "ul li"
        title = "a"
        date = "./span"
        [sources."https://a.cn/3"]
        choice = 2
        [originality]
        source_lists = []
        [evidence]
        folder = "kept"
        keep_days = 30
        """,
    )
    assert (config.evidence, config.evidence_days) == (tmp_path / "kept", 30)
    assert config.approved_sources is None
    assert (config.crawl.pages_per_visit, config.crawl.details_per_lane) == (3, 0)
    assert config.zone.key == "Asia/Urumqi"
    assert config.crawl.allow_private == tuple(map(ip_network, ("127.0.0.0/8", "10.1.2.3/32", "fd00::/8")))
    assert config.crawl.obey_robots is False
    assert (config.crawl.delay, config.crawl.concurrency) == (timedelta(0), 1)
    assert config.crawl.timeout == timedelta(seconds=2.5)
    first, second = config.lanes
    assert (first.name, first.hosts) == ("a b", ("a.cn:8080", "127.0.0.1", "[::1]:80"))
    assert first.control == SourceAddress(url="http://a.cn:8080/control", kind="feed")
    assert (first.delay, first.control_max_age) == (None, timedelta(minutes=30))
    assert (second.control, second.control_max_age) == (None, timedelta(hours=24))
    assert (first.lag, second.lag) == (timedelta(hours=6), timedelta(0))
    assert config.policy.name == "national"
    assert (config.policy.counter_months, config.policy.rectification_workdays) == (6, 5)
    assert config.policy.rules["GX-01"].number("days") == 21
    assert config.sources == {
        "GX-001": SourceSetting(timezone="Asia/Tokyo"),
        "https://a.cn/1": SourceSetting(lag=timedelta(minutes=90), complete=True, sees=("群发",)),
        "https://a.cn/2": SourceSetting(selectors=Selectors(item="ul li", title="a", date="./span")),
        "https://a.cn/3": SourceSetting(selectors=Selectors(choice=2)),
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("sqlite:///a/b.db", "sqlite:///{folder}/a/b.db", id="below the file's folder"),
        pytest.param("sqlite:///../b.db", "sqlite:///{parent}/b.db", id="beside it"),
        pytest.param("sqlite:////var/b.db", "sqlite:////var/b.db", id="absolute"),
        pytest.param(
            "postgresql://u:s%40cret@db/x", "postgresql://u:s%40cret@db/x", id="PostgreSQL keeps its password"
        ),
        pytest.param("postgresql+psycopg://db/x", "postgresql+psycopg://db/x", id="with a driver"),
    ],
)
def test_storage_urls(tmp_path: Path, url: str, expected: str) -> None:
    folder = tmp_path.resolve() / "office"
    folder.mkdir()
    assert read(folder, f'storage.url = "{url}"').database_url == expected.format(folder=folder, parent=folder.parent)


BAD = [
    pytest.param("[ofice]", "没有 ofice 这一项，最接近的是 office；可用的有：office、storage", id="unknown table"),
    pytest.param("timezone = 1", "没有 timezone 这一项，最接近的是", id="unknown key at the top"),
    pytest.param(
        "[office]\ntimezon = ''", "[office] 没有 timezon 这一项，最接近的是 timezone；可用的有", id="unknown key"
    ),
    pytest.param(
        "[crawl]\nobey_robot = 1", "[crawl] 没有 obey_robot 这一项，最接近的是 obey_robots", id="unknown key, crawl"
    ),
    pytest.param("[storage]\nuri = ''", "[storage] 没有 uri 这一项，最接近的是 url", id="unknown key, storage"),
    pytest.param("[workdays]\nfile = []", "[workdays] 没有 file 这一项，最接近的是 files", id="unknown key, workdays"),
    pytest.param(
        "[lanes.a]\nhosts = ['a']\nhost = 'a'", "[lanes.a] 没有 host 这一项，最接近的是 hosts", id="unknown, lane"
    ),
    pytest.param("[sources.A]\nlag = 1", "[sources.A] 没有 lag 这一项，最接近的是 lag_minutes", id="unknown, source"),
    pytest.param(
        "[policy]\ncounter_month = 1", "没有 counter_month 这一项，最接近的是 counter_months", id="unknown, policy"
    ),
    pytest.param("[policy.GX-1]\ndays = 1", "没有 GX-1 这一项，最接近的是 GX-0", id="unknown rule"),
    pytest.param("[policy.GX-01]\nday = 1", "没有 day 这一项，最接近的是 days", id="unknown parameter"),
    pytest.param("[policy.GX-01]\ndays = 0", "[policy.GX-01] days 应为", id="parameter out of range"),
    pytest.param(
        "[policy]\npreset = 'gaoxain'", "没有“gaoxain”这套规则，最接近的是 gaoxian；可用的有：gaoxian、", id="preset"
    ),
    pytest.param("[policy]\npreset = 3", "policy.preset 没有“3”这套规则；可用的有", id="preset that is no text"),
    pytest.param("policy = 3", "policy 应为表，现为 3", id="policy that is no table"),
    pytest.param("office = 3", "office 应为表，现为 3", id="office that is no table"),
    pytest.param("[[lanes]]\nhosts = []", "lanes 应为表，现为", id="lanes as a list"),
    pytest.param("[lanes]\ndelay_seconds = 3", '写成 [lanes."名称"] 后另起一行写各项', id="a lane without a name"),
    pytest.param("[lanes.a]\ndelay_seconds = 3", "[lanes.a] 缺少 hosts 这一项", id="a lane without hosts"),
    pytest.param("[lanes.a]\nhosts = []", "lanes.a.hosts 不能是空列表", id="a lane with no hosts"),
    pytest.param("[lanes.a]\nhosts = 'a.cn'", "lanes.a.hosts 应为列表", id="hosts as text"),
    pytest.param(
        "[lanes.a]\nhosts = ['https://a.cn']", "的第1项 “https://a.cn”不是主机名，只写主机名", id="a host with scheme"
    ),
    pytest.param(
        "[lanes.a]\nhosts = ['b', 'a.cn/x']", "的第2项 “a.cn/x”不是主机名，只写主机名", id="a host with a path"
    ),
    pytest.param("[lanes.a]\nhosts = ['a.cn:70000']", "“a.cn:70000”不是主机名", id="a host with a bad port"),
    pytest.param("[lanes.a]\nhosts = ['a cn']", "“a cn”不是主机名", id="a host with a space"),
    pytest.param(
        "[lanes.a]\nhosts = ['A.cn']\n[lanes.b]\nhosts = ['a.cn']",
        "lanes的 a 和 b 都写了主机“a.cn”",
        id="a host in two lanes",
    ),
    pytest.param("[lanes.a]\nhosts = ['a']\ncontrol = 'a.cn'", "lanes.a.control “a.cn”不是网址", id="control no URL"),
    pytest.param(
        "[lanes.a]\nhosts = ['a']\ncontrol = 'douyin:https://a.cn'",
        "douyin 不能采集",
        id="control of a kind that cannot be read",
    ),
    pytest.param(
        "[lanes.a]\nhosts = ['a']\ncontrol = 'xx:https://a.cn'", "来源类别 xx 不认识", id="control of unknown kind"
    ),
    pytest.param(
        "[lanes.a]\nhosts = ['a']\ncontrol_max_age_hours = 0", "应大于 0，现为 0", id="control age of nothing"
    ),
    pytest.param(
        "[lanes.'高 县']\nhosts = ['a']\ndelay_seconds = -1", 'lanes."高 县".delay_seconds 应不小于 0', id="quoted key"
    ),
    pytest.param("[crawl]\ndelay_seconds = -1", "crawl.delay_seconds 应不小于 0，现为 -1", id="negative delay"),
    pytest.param("[crawl]\ndelay_seconds = nan", "crawl.delay_seconds 应为一个确定的数", id="delay that is no number"),
    pytest.param("[crawl]\ndelay_seconds = inf", "crawl.delay_seconds 应为一个确定的数", id="endless delay"),
    pytest.param("[crawl]\ndelay_seconds = 1e300", "crawl.delay_seconds 应不大于 3600", id="delay without end"),
    pytest.param(
        "[crawl]\ndelay_seconds = '2'", "crawl.delay_seconds 应为数（不加引号），现为 “2”", id="delay as text"
    ),
    pytest.param("[crawl]\ntimeout_seconds = 0", "crawl.timeout_seconds 应大于 0，现为 0", id="no time"),
    pytest.param("[crawl]\nconcurrency = 0", "crawl.concurrency 应不小于 1，现为 0", id="nobody at work"),
    pytest.param("[crawl]\nconcurrency = 1.5", "crawl.concurrency 应为整数", id="half a visit"),
    pytest.param(
        "[crawl]\nconcurrency = true", "crawl.concurrency 应为整数（不加引号），现为 true", id="truth for a number"
    ),
    pytest.param(
        "[crawl]\nobey_robots = 'no'",
        "crawl.obey_robots 应为 true 或 false（不加引号），现为 “no”",
        id="text for truth",
    ),
    pytest.param("[crawl]\nobey_robots = 1", "crawl.obey_robots 应为 true 或 false", id="number for truth"),
    pytest.param(
        "[crawl]\nallow_private_addresses = ['127.0.0.1/8']",
        "“127.0.0.1/8”不是网段，是否为“127.0.0.0/8”",
        id="host bits",
    ),
    pytest.param(
        "[crawl]\nallow_private_addresses = ['localhost']", "“localhost”不是网段，应为", id="a name for a network"
    ),
    pytest.param("[crawl]\nallow_private_addresses = ['10.0.0.0/33']", "不是网段", id="mask too long"),
    pytest.param("[crawl]\nallow_private_addresses = '127.0.0.0/8'", "应为列表", id="network as text"),
    pytest.param(
        "[crawl]\nallow_private_addresses = [8]", "的第1项 应为用引号括起来的文字，现为 8", id="network as number"
    ),
    pytest.param(
        "[office]\ntimezone = 'Asia/Shanghia'", "没有“Asia/Shanghia”这个时区，是否为“Asia/Shanghai”", id="zone"
    ),
    pytest.param("[office]\ntimezone = '北京时间'", "应为 IANA 时区名，中国为 Asia/Shanghai", id="zone in Chinese"),
    pytest.param("[office]\ntimezone = '../etc/passwd'", "这个时区", id="zone as a path"),
    pytest.param("[office]\ntimezone = ''", "没有“”这个时区", id="no zone"),
    pytest.param("[office]\ntimezone = 'Asia'", "没有“Asia”这个时区", id="a continent"),
    pytest.param("[office]\nname = 3", "office.name 应为用引号括起来的文字，现为 3", id="number for a name"),
    pytest.param(
        "[storage]\nurl = 'xunjian.db'", "storage.url 不是数据库地址，应为 sqlite:///文件名", id="a file name"
    ),
    pytest.param("[storage]\nurl = ''", "storage.url 不能为空", id="no database"),
    pytest.param("[storage]\nurl = 'sqlite://'", "storage.url 没有文件名", id="no file"),
    pytest.param("[storage]\nurl = 'sqlite:///:memory:'", "storage.url 没有文件名", id="in memory"),
    pytest.param("[storage]\nurl = 'sqlite://xunjian.db'", "storage.url的斜杠少了一条", id="a slash too few"),
    pytest.param("[storage]\nurl = 'mysql://u:secret@h/d'", "的数据库类型“mysql”不支持", id="MySQL"),
    pytest.param("[storage]\nurl = 'postgres://h/d'", "“postgres”不支持，是否为“postgresql”", id="postgres"),
    pytest.param("[storage]\nurl = 'postgresql://h'", "storage.url 没有数据库名", id="no database name"),
    pytest.param("[storage]\nurl = 'postgresql://h:x/d'", "storage.url 不是数据库地址", id="a port that is no number"),
    pytest.param("[sources.A]\nlag_minutes = -1", "sources.A.lag_minutes 应不小于 0", id="negative lag"),
    pytest.param("[sources.A]\ntimezone = 'x'", "sources.A.timezone 没有“x”这个时区", id="a source's zone"),
    pytest.param(
        "[sources.'a b']\nlag_minutes = 1", "应为账号编号或采集地址", id="a source that is neither id nor URL"
    ),
    pytest.param(
        "[sources.A]\nsees = ['群发送']", "“群发送”不是信息的种类，是否为“群发”", id="a mistyped kind of post"
    ),
    pytest.param("[sources.A]\nitem = 'ul['", "sources.A.item “ul[”", id="no selector"),
    pytest.param("[sources.A]\ntitle = 'a'", "写了 title 却没有写 item", id="a part without its row"),
    pytest.param("[sources.A]\nitem = 'li'\nchoice = 1", "item 与 choice 只能写一个", id="both ways to choose"),
    pytest.param("[sources.A]\nchoice = -1", "sources.A.choice 应不小于 0", id="negative choice"),
    pytest.param("[crawl]\ndetails_per_lane = -1", "crawl.details_per_lane 应不小于 0", id="negative budget"),
    pytest.param("[crawl]\npages_per_visit = 0", "crawl.pages_per_visit 应不小于 1", id="no page at all"),
    pytest.param("[evidence]\nkeep_days = 0", "evidence.keep_days 应不小于 1", id="kept for no day"),
    pytest.param(
        "[originality]\nsource_lists = ['x.csv']", "的“x.csv”不能用：无法读取稿源名单", id="no such source list"
    ),
    pytest.param("[workdays]\nfiles = ['']", "workdays.files 的第1项 不能为空", id="an empty file name"),
    pytest.param(
        "[workdays]\nfiles = ['2027.toml']", "workdays.files 的“2027.toml”不能用：无法读取年份文件", id="no such file"
    ),
]


@pytest.mark.parametrize(("text", "cause"), BAD)
def test_bad_values(tmp_path: Path, text: str, cause: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.startswith("xunjian.toml：")
    assert cause in problem
    assert "\n" not in problem
    assert "secret" not in problem


def test_every_problem_is_told_in_the_order_of_the_tables(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """
        [crawl]
        delay_seconds = -1
        concurency = 3
        [office]
        timezone = "x"
        [storage]
        url = "mysql://a/b"
        [policy]
        counter_month = 3
        [policy.GX-01]
        days = 0
        enabled = "no"
        [policy.GX-99]
        days = 1
        [workdays]
        files = ["a.toml", "b.json"]
        """,
    )
    expected = ["office.timezone", "delay_seconds", "concurency", "mysql", "counter_month", "GX-01", "enabled", "GX-99"]
    assert [
        word for word, problem in zip([*expected, "a.toml", "b.json"], found, strict=True) if word not in problem
    ] == []


def test_a_rule_may_be_enabled_with_its_clause(tmp_path: Path) -> None:
    text = '[policy]\npreset = "national"\n[policy.GX-03]\nenabled = true\nclause = "县里的办法第三条"'
    assert read(tmp_path, text).policy.rules["GX-03"].clause.startswith("县里的办法第三条")


@pytest.mark.parametrize(
    ("text", "place", "cause"),
    [
        pytest.param("[office]\nname = “高县”\n", "第2行第8列", "等号后面的值不对", id="Chinese quotation marks"),
        pytest.param("[office]\nname：高县\n", "第2行第5列", "应为英文等号", id="Chinese colon"),
        pytest.param("[office\nname = 1\n", "第1行第8列", "表名没有以 ] 结束", id="open table"),
        pytest.param('[office]\nname = "高县\n', "第2行第11列", "引号没有成对", id="open quotation mark"),
        pytest.param("[office]\n[office]\n", "第2行", "同一个表写了两次", id="a table twice"),
        pytest.param("[office]\nname = ''\nname = ''\n", "第3行", "同一项写了两次", id="a key twice"),
        pytest.param("[workdays]\nfiles = ['a',\n", "第2行", "", id="open list"),
        pytest.param("[crawl]\nobey_robots = yes\n", "第2行第15列", "等号后面的值不对", id="yes"),
        pytest.param("办公室 = 1\n", "第1行第1列", "不符合 TOML 的写法", id="Chinese key"),
        pytest.param('[storage]\nurl = "C:\\data"\n', "第2行", "反斜杠要写成两个", id="backslash"),
        pytest.param(f"a = {'[' * 5000}", "括号套得太深", "", id="nested without end"),
        pytest.param(f"a = {'9' * 5000}", "第1行", "", id="a number without end"),
    ],
)
def test_what_is_no_toml(tmp_path: Path, text: str, place: str, cause: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.startswith(f"xunjian.toml：{place}")
    assert cause in problem
    assert "\n" not in problem


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "xunjian.toml"
    path.write_bytes(b"\xef\xbb\xbf" + INTERFACE.replace("\n", "\r\n").encode())
    assert load(path).name == "高县人民政府办公室"


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "xunjian.toml"
    path.write_bytes('[office]\nname = "高县"\n'.encode("gbk"))
    with pytest.raises(ConfigError, match=r"^xunjian\.toml：第2行不是 UTF-8 编码，.*另存为时编码选 UTF-8。$"):
        load(path)


def test_an_absent_file_sends_to_init(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="请先运行 xunjian init"):
        load(tmp_path / "xunjian.toml")


YEAR = {
    "2030.toml": 'year = 2030\n[[notices]]\ntitle = "通知"\n[[holidays]]\nname = "元旦"\noff = ["2030-01-01"]\nwork = ["2030-01-05"]\n',
    "2030.json": '{"$schema": "x", "year": 2030, "papers": ["通知"], "days": ['
    '{"name": "元旦", "date": "2030-01-01", "isOffDay": true}, {"name": "元旦", "date": "2030-01-05", "isOffDay": false}]}',
}


@pytest.mark.parametrize("name", YEAR)
def test_year_files_lie_beside_the_configuration(tmp_path: Path, name: str) -> None:
    (tmp_path / "years").mkdir()
    (tmp_path / "years" / name).write_text(YEAR[name], encoding="utf-8")
    assert 2030 not in read(tmp_path, "").workdays.years()
    workdays = read(tmp_path, f"workdays.files = ['years/{name}']").workdays
    assert 2030 in workdays.years()
    assert not workdays.is_workday(date(2030, 1, 1))
    assert workdays.is_workday(date(2030, 1, 5))


@pytest.mark.parametrize(
    ("name", "body", "cause"),
    [
        pytest.param("a.toml", b"year = 2030\nx = 1", "没有 x 这一项", id="unknown key"),
        pytest.param("a.toml", b"year = ", "不是正确的 TOML 或 JSON", id="no TOML"),
        pytest.param("a.json", b"{", "不是正确的 TOML 或 JSON", id="no JSON"),
        pytest.param("a.json", b"[]", "内容应为一个年份的放假安排", id="a list"),
        pytest.param("a.json", b"[" * 100_000, "不是正确的 TOML 或 JSON", id="nested without end"),
        pytest.param("a.toml", "year = 2030 # 放假".encode("gbk"), "不是 UTF-8 编码", id="GBK"),
        pytest.param("a.toml", b"year = 'x'", "year 应为", id="no year"),
    ],
)
def test_bad_year_files(tmp_path: Path, name: str, body: bytes, cause: str) -> None:
    (tmp_path / name).write_bytes(body)
    (problem,) = problems(tmp_path, f"workdays.files = ['{name}']")
    assert problem.startswith(f"xunjian.toml：workdays.files 的“{name}”不能用：")
    assert cause in problem
