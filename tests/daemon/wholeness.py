"""What must hold of a home whatever was done to its daemon: nothing lost, doubled, half stored or torn."""

import subprocess
import sys
from collections.abc import Iterable

from tests.daemon.running import Home
from tests.daemon.serving import Servers

MERGED = """
    SELECT visits.account_id, proof_start, proof_end FROM visits JOIN sources USING (source_id)
    WHERE proof_start IS NOT NULL AND visits.account_id IS NOT NULL AND active ORDER BY 1, 2
"""


def assert_whole(home: Home) -> None:
    """Assert that the database is sound: nothing doubled, no post without its visit, coverage as its visits have it."""
    assert home.rows("PRAGMA integrity_check") == [("ok",)]
    assert home.rows("PRAGMA foreign_key_check") == []
    assert home.rows("SELECT account_id, key FROM posts GROUP BY 1, 2 HAVING count(*) > 1") == []
    assert home.rows("SELECT post_id FROM posts WHERE (post_id >> 20) NOT IN (SELECT visit_id FROM visits)") == []
    assert home.rows("SELECT post_id FROM post_texts WHERE post_id NOT IN (SELECT post_id FROM posts)") == []
    seen_twice = "SELECT source_id, started_at FROM visits GROUP BY 1, 2 HAVING count(*) > 1"
    assert home.rows(seen_twice) == []
    stored = home.rows("SELECT account_id, starts_at, ends_at FROM coverage ORDER BY 1, 2")
    assert stored == merged(home.rows(MERGED))


def merged(proofs: Iterable[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Merge spans, given in order, that touch."""
    found: list[tuple[str, int, int]] = []
    for account_id, start, end in proofs:
        if found and found[-1][0] == account_id and start <= found[-1][2]:
            found[-1] = (account_id, found[-1][1], max(end, found[-1][2]))
        else:
            found.append((account_id, start, end))
    return found


def assert_nothing_lost(home: Home, servers: Servers) -> None:
    """Assert that each account has every post that its feed has shown last, and none that it never had."""
    last = {answer.path: answer.shown for answer in servers.answers if answer.shown}
    for account in servers.accounts:
        known = {
            row[0].rpartition("/")[2]
            for row in home.rows("SELECT url FROM posts WHERE account_id = ?", account.account_id)
        }
        assert known >= {post.key for post in last[account.path]}, account.account_id
        assert known <= {post.key for post in account.posts}, account.account_id


def assert_archive_clean(home: Home) -> None:
    """Assert that warcio finds nothing wrong in the archive, and that every record that a row names is there."""
    files = sorted((home.folder / "evidence").glob("*.warc.gz"))
    assert files
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *map(str, files)], capture_output=True, text=True, timeout=120
    )
    assert checked.returncode == 0, checked.stdout[-2000:] + checked.stderr[-2000:]
    sizes = {file.name: file.stat().st_size for file in files}
    named = home.rows("SELECT file, max(offset) FROM records GROUP BY 1")
    assert [row for row in named if sizes.get(row[0], 0) <= row[1]] == []
