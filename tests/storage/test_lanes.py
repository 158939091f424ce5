from monitor.visits import Outcome
from storage.database import Database
from storage.lanes import LanePause, clear_pause, pauses, save_pause
from tests.storage.values import hour


def test_the_last_pause_of_each_lane_is_remembered(database: Database) -> None:
    with database.begin() as session:
        assert pauses(session) == {}
        save_pause(session, "bridge", hour(1), Outcome.RATE_LIMITED)
        save_pause(session, "other", hour(2), Outcome.SERVER_ERROR)
        save_pause(session, "bridge", hour(3), Outcome.BLOCKED, 2)
    with database.read() as session:
        assert pauses(session) == {
            "bridge": LanePause(until=hour(3), outcome=Outcome.BLOCKED, level=2),
            "other": LanePause(until=hour(2), outcome=Outcome.SERVER_ERROR, level=0),
        }


def test_a_lane_that_answers_again_has_no_pause(database: Database) -> None:
    with database.begin() as session:
        save_pause(session, "bridge", hour(1), Outcome.RATE_LIMITED, 1)
        save_pause(session, "other", hour(2), Outcome.SERVER_ERROR, 1)
        clear_pause(session, "bridge")
        clear_pause(session, "never heard of")
    with database.read() as session:
        assert list(pauses(session)) == ["other"]
