"""The spot check of one account: collected now, judged up to now, or as of a moment."""

from pathlib import Path

import pytest

from monitor.findings import Result, Verdict
from monitor.values import Mark
from monitor.visits import Outcome
from schedules.check import SpotCheck, spot_check
from schedules.office import Office, RequestError
from storage.posts import posts_between
from tests.monitor.builders import moment
from tests.schedules.offices import (
    Site,
    an_account,
    an_item,
    daily,
    inspect,
    read_back,
    register,
    rss,
    seen,
    stopped,
)


def checked(
    office: Office, account_id: str = "a1", *, now: str, as_of: str | None = None, look: bool = False
) -> SpotCheck:
    return spot_check(
        office,
        account_id,
        now=moment(now),
        as_of=moment(as_of) if as_of else None,
        collect_first=look,
        clock=stopped(now),
    )


def test_it_collects_first_and_judges_what_it_found(office: Office, site: Site) -> None:
    site.bodies["/feed"] = rss(("new", "11-19 09:00"), ("old", "08-01 09:00"))
    register(office, an_account("a1", site.url("/feed")), an_account("a2", site.url("/other")))
    found = checked(office, now="11-20 10:00", look=True)
    assert [(visit.account_id, visit.outcome) for visit in found.visits] == [("a1", Outcome.NEW)]
    assert found.judged.judgement.figures.published == 1
    assert "/other" not in site.asked
    assert found.frame.time_point == moment("11-20 10:00")


def test_without_collecting_nothing_is_asked(office: Office, site: Site) -> None:
    register(office, an_account("a1", site.url("/feed")))
    found = checked(office, now="11-20 10:00")
    assert found.visits == ()
    assert site.asked == []
    assert found.judged.judgement.result is Result.UNVERIFIABLE


def test_as_of_does_not_use_what_is_collected_now(office: Office, site: Site) -> None:
    """INTERFACE: --as-of judges as if it were that moment: nothing first seen after it is used."""
    site.bodies["/feed"] = rss(("new", "11-09 09:00"), ("old", "08-01 09:00"))
    register(office, an_account("a1", site.url("/feed")))
    before = checked(office, now="11-20 10:00", as_of="11-10 10:00")
    after = checked(office, now="11-20 10:00", as_of="11-10 10:00", look=True)
    assert len(after.visits) == 1
    assert after.judged == before.judged
    assert after.deadlines == before.deadlines
    with office.database.read() as session:
        stored = posts_between(session, ["a1"], moment("11-01"), moment("12-01"))["a1"]
    assert [post.url for post in stored] == ["https://county.example/new"]


def test_as_of_an_earlier_month_is_the_inspection_of_that_month(office: Office, tmp_path: Path) -> None:
    register(office, an_account())
    seen(office, "a1", "10-20 08:00", *daily("10-01", "10-09", mark=Mark.ORIGINAL), proves="09-01")
    seen(office, "a1", "11-02 08:00", an_item("late", "10-19 07:00"), proves="10-10")
    found = checked(office, now="11-20 10:00", as_of="10-20 12:00")
    inspect(office, "2026-10", tmp_path, as_of="10-20 12:00")
    one = read_back(tmp_path / "2026-10").account("a1")
    assert found.frame.period.first.isoformat() == "2026-10-01"
    assert [each.description for each in found.judged.judgement.findings] == [
        each["description"] for each in one["findings"]
    ]
    assert found.judged.judgement.figures.published == one["figures"]["published"] == 9


@pytest.mark.parametrize(
    ("account_id", "as_of", "sentence"),
    [
        pytest.param("a11", None, "“a1”", id="unknown-account"),
        pytest.param("a1", "11-20 10:01", "晚于当前时间", id="as-of-in-the-future"),
    ],
)
def test_what_cannot_be_checked_is_said_before_anything_is_asked(
    office: Office, site: Site, account_id: str, as_of: str | None, sentence: str
) -> None:
    register(office, an_account("a1", site.url("/feed")))
    with pytest.raises(RequestError, match=sentence):
        checked(office, account_id, now="11-20 10:00", as_of=as_of, look=True)
    assert site.asked == []


def test_a_running_window_is_a_deadline_and_no_finding(office: Office) -> None:
    """Pending: never a finding in an inspection, a deadline in a spot check."""
    register(office, an_account(main=True))
    posts = daily("09-20", "11-19", mark=Mark.ORIGINAL)
    seen(office, "a1", "11-20 10:00", *posts, proves="09-20 10:00")
    found = checked(office, now="11-20 10:00")  # a Friday without a post so far
    assert found.judged.judgement.result is Result.PASSED
    today = [
        each.verdict
        for code, some in found.judged.judgement.windows
        for each in some
        if code == "GX-02" and str(each.window) == "2026-11-20"
    ]
    assert today == [Verdict.PENDING]
    assert (found.deadlines[0].code, found.deadlines[0].ends_at) == ("GX-02", moment("11-21"))


def test_a_visit_that_fails_is_told_and_judged_as_a_gap(office: Office, site: Site) -> None:
    site.bodies["/feed"] = lambda: (503, {}, b"")
    register(office, an_account("a1", site.url("/feed")))
    found = checked(office, now="11-20 10:00", look=True)
    assert [visit.outcome for visit in found.visits] == [Outcome.SERVER_ERROR]
    (finding,) = found.judged.judgement.findings
    assert (finding.code, finding.verdict) == ("CJ-01", Verdict.UNVERIFIABLE)
