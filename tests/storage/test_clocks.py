from datetime import timedelta

from storage.clocks import clocks, save_clock
from storage.database import Database
from tests.storage.values import hour


def test_the_newest_clock_of_each_lane_is_remembered(database: Database) -> None:
    with database.begin() as session:
        assert clocks(session, hour(0)) == {}
        save_clock(session, "bridge", timedelta(seconds=1), hour(1))
        save_clock(session, "behind", timedelta(hours=-30, milliseconds=-600), hour(2))
        save_clock(session, "bridge", timedelta(minutes=7), hour(3))
    with database.read() as session:
        assert clocks(session, hour(0)) == {
            "bridge": timedelta(minutes=7),
            "behind": timedelta(hours=-30, seconds=-1),
        }
        assert list(clocks(session, hour(3))) == ["bridge"]
        assert clocks(session, hour(3.1)) == {}
