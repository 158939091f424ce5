"""The values that every package shares."""

import pytest

from monitor.values import SourceAddress
from monitor.visits import NO_SELECTORS, Selectors, view_of
from tests.monitor.builders import ALWAYS, judged, posts


@pytest.mark.parametrize(
    ("address", "written"),
    [
        pytest.param(SourceAddress(url="https://county.example/feed"), "https://county.example/feed", id="no kind"),
        pytest.param(
            SourceAddress(url="https://county.example/feed", kind="feed"),
            "feed:https://county.example/feed",
            id="a kind",
        ),
    ],
)
def test_an_address_is_written_as_in_the_registry(address: SourceAddress, written: str) -> None:
    assert str(address) == written


def test_another_way_to_read_a_page_is_another_view_of_it() -> None:
    ways = [NO_SELECTORS, Selectors(item="li"), Selectors(title="li"), Selectors(choice=1), Selectors(choice=2)]
    assert view_of(Selectors()) == ""
    assert len({view_of(each) for each in ways}) == len(ways)


def test_a_judgement_says_whether_the_account_failed() -> None:
    assert judged([], ALWAYS).failed
    assert not judged(posts("2026-08-01..2026-10-31"), ALWAYS).failed
