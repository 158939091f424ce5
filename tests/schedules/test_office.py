"""What every use case is given, and the sentence for an account that nobody knows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.settings import LaneConfig
from monitor.visits import Source
from schedules.office import Office, RequestError, SourceSetting
from tests.schedules.offices import an_account, an_office, register


def test_an_unknown_account_is_refused_with_the_nearest_one(office: Office) -> None:
    register(office, an_account("GX-001"), an_account("GX-002"), an_account("zzz"))
    with pytest.raises(RequestError) as refused:
        office.account("GX-01")
    assert "“GX-01”" in str(refused.value)
    assert "“GX-001”" in str(refused.value)
    assert "“zzz”" not in str(refused.value)
    assert str(refused.value).endswith("。")


def test_without_a_near_one_none_is_named(office: Office) -> None:
    with pytest.raises(RequestError) as refused:
        office.account("GX-01")
    assert "是否为" not in str(refused.value)
    assert "accounts list" in str(refused.value)


@pytest.mark.parametrize(
    ("settings", "zone", "lag"),
    [
        pytest.param({}, "Asia/Shanghai", 0, id="the-office's-zone"),
        pytest.param({"a1": SourceSetting(timezone="UTC")}, "UTC", 0, id="by-account"),
        pytest.param({"http://a.example/1": SourceSetting(lag=timedelta(minutes=5))}, "Asia/Shanghai", 5, id="by-url"),
        pytest.param(
            {"a1": SourceSetting(timezone="UTC"), "http://a.example/1": SourceSetting(lag=timedelta(minutes=5))},
            "Asia/Shanghai",
            5,
            id="the-address-before-the-account",
        ),
        pytest.param({"other": SourceSetting(timezone="UTC")}, "Asia/Shanghai", 0, id="of-another"),
    ],
)
def test_a_source_has_its_own_zone_and_lag(
    office: Office, settings: dict[str, SourceSetting], zone: str, lag: int
) -> None:
    configured = an_office(office.database, source_settings=settings).configured(
        Source(source_id=1, url="http://a.example/1", account_id="a1")
    )
    assert (configured.timezone, configured.lag) == (zone, timedelta(minutes=lag))


@pytest.mark.parametrize(
    ("url", "settings", "lag"),
    [
        pytest.param("http://a.example/1", {}, 360, id="its lane's"),
        pytest.param("http://b.example/1", {}, 0, id="another lane's"),
        pytest.param("http://a.example/1", {"a1": SourceSetting(timezone="UTC")}, 360, id="where only a zone is said"),
        pytest.param("http://a.example/1", {"a1": SourceSetting(lag=timedelta(0))}, 0, id="its own before its lane's"),
    ],
)
def test_a_source_has_the_lag_of_its_lane(
    office: Office, url: str, settings: dict[str, SourceSetting], lag: int
) -> None:
    lanes = (LaneConfig(name="bridge", hosts=("a.example",), lag=timedelta(minutes=360)),)
    found = replace(an_office(office.database, source_settings=settings), lanes=lanes)
    assert found.configured(Source(source_id=1, url=url, account_id="a1")).lag == timedelta(minutes=lag)


def test_a_control_source_has_no_account_and_takes_what_its_address_says(office: Office) -> None:
    settings = {"": SourceSetting(timezone="UTC"), "http://a.example/c": SourceSetting(lag=timedelta(minutes=1))}
    found = an_office(office.database, source_settings=settings)
    control = found.configured(Source(source_id=1, url="http://a.example/c"))
    assert (control.timezone, control.lag) == ("Asia/Shanghai", timedelta(minutes=1))
