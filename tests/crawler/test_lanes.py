import asyncio
from datetime import timedelta

import pytest

from crawler.lanes import INVALID, Pace, lane_of
from crawler.settings import LaneConfig

LANES = (
    LaneConfig(name="bridge", hosts=("RSS.Example.gov.cn", "政务.中国")),
    LaneConfig(name="other", hosts=("rss.example.gov.cn:8080", "127.0.0.1", "[::1]:90", "bad host:99999999")),
)


@pytest.mark.parametrize(
    ("url", "lane"),
    [
        pytest.param("https://rss.example.gov.cn/x", "bridge", id="bare-host"),
        pytest.param("https://RSS.EXAMPLE.GOV.CN.:444/x", "bridge", id="any-port-any-case-dot"),
        pytest.param("http://rss.example.gov.cn:8080/x", "other", id="port-comes-first"),
        pytest.param("http://user:pass@rss.example.gov.cn/", "bridge", id="with-password"),
        pytest.param("http://政务.中国/", "bridge", id="idn"),
        pytest.param("http://xn--zfr164b.xn--fiqs8s/", "bridge", id="idn-encoded"),
        pytest.param("http://127.0.0.1:81/", "other", id="address"),
        pytest.param("http://[::1]:90/", "other", id="address-6"),
        pytest.param("https://www.example.gov.cn:444/x", "www.example.gov.cn", id="own-lane"),
        pytest.param("http://a.rss.example.gov.cn/", "a.rss.example.gov.cn", id="subdomain-is-another-host"),
        pytest.param("http://h:99999/", INVALID, id="impossible-port"),
        pytest.param("没有协议", INVALID, id="no-address"),
    ],
)
def test_lane_of(url: str, lane: str) -> None:
    assert lane_of(url, LANES) == lane


def test_lane_that_names_the_default_port() -> None:
    lanes = (LaneConfig(name="plain", hosts=("a.example:80",)), LaneConfig(name="tls", hosts=("a.example:443",)))
    assert lane_of("http://a.example/", lanes) == "plain"
    assert lane_of("https://a.example/", lanes) == "tls"


def test_pace_waits_from_the_end_of_a_request_to_the_start_of_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    at = 100.0

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def main() -> None:
        nonlocal at
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: at)
        pace = Pace(timedelta(seconds=5), asyncio.Semaphore(1), sleep)
        async with pace.turn():
            at += 3
        at += 1
        async with pace.turn():
            pass

    asyncio.run(main())
    assert waits == [4]


def test_pace_slows_down_to_a_minute_and_eases_to_its_own_delay() -> None:
    pace = Pace(timedelta(seconds=5), asyncio.Semaphore(1), asyncio.sleep)
    delays = []
    for _ in range(5):
        pace.slow_down()
        delays.append(pace.delay.total_seconds())
    assert delays == [10, 20, 40, 60, 60]
    for _ in range(9):
        pace.ease()
    assert pace.delay == timedelta(seconds=5)
    pace.at_least(timedelta(seconds=8))
    pace.ease()
    pace.at_least(timedelta(seconds=1))
    assert pace.delay == timedelta(seconds=8)


def test_slow_lane_is_not_made_faster_by_slowing_down() -> None:
    pace = Pace(timedelta(seconds=90), asyncio.Semaphore(1), asyncio.sleep)
    pace.slow_down()
    assert pace.delay == timedelta(seconds=90)
    instant = Pace(timedelta(0), asyncio.Semaphore(1), asyncio.sleep)
    instant.slow_down()
    assert instant.delay == timedelta(seconds=1)
