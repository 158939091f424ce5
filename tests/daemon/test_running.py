"""Two daemons over one database: the second names the first and leaves."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.daemon.history import county
from tests.daemon.running import home_in, standard
from tests.daemon.serving import serving

pytestmark = [pytest.mark.slow, pytest.mark.chaos]


def test_a_second_daemon_names_the_first_and_leaves(quick: Path) -> None:
    with (
        serving(county(8, 2), lambda: datetime.now(UTC)) as servers,
        home_in(quick, standard(servers)) as home,
    ):
        home.enrol(servers.accounts, servers)
        first = home.daemon().ready()
        second = home.run("daemon")
        assert second.returncode == 2, second.stdout + second.stderr
        assert str(first.pid) in second.stderr
        assert second.stderr.count("\n") <= 2
        assert "Traceback" not in second.stderr
        assert first.child.poll() is None
        first.kill()
        third = home.daemon().ready()  # what was killed holds nothing
        assert third.stop()[0] == 0
