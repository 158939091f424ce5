from monitor.visits import Outcome
from storage.database import Database
from storage.lanes import pauses, save_pause
from tests.storage.values import hour


def test_the_last_pause_of_each_lane_is_remembered(database: Database) -> None:
    with database.begin() as session:
        assert pauses(session) == {}
        save_pause(session, "bridge", hour(1), Outcome.RATE_LIMITED)
        save_pause(session, "other", hour(2), Outcome.SERVER_ERROR)
        save_pause(session, "bridge", hour(3), Outcome.BLOCKED)
    with database.read() as session:
        assert pauses(session) == {"bridge": (hour(3), Outcome.BLOCKED), "other": (hour(2), Outcome.SERVER_ERROR)}
