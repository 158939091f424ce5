"""A small office whose October was inspected: what it found is there to be reviewed."""

from pathlib import Path

from monitor.decisions import Reason
from monitor.values import Mark
from schedules.deciding import Decided, confirm, dismiss
from schedules.office import Office
from schedules.reviewing import State, list_findings
from tests.monitor.builders import moment
from tests.schedules.offices import an_account, daily, inspect, register, seen

MONTH = "2026-10"
LATER = "11-03 10:00"
WEEKS = ("a1:GX-03:2026-10-05/2026-10-11", "a1:GX-03:2026-10-19/2026-10-25")


def county(office: Office, folder: Path) -> Office:
    """a1 posts nothing in two weeks, and nobody knows what is original; of a2 nothing was seen; a3 is in order."""
    register(office, an_account("a1"), an_account("a2"), an_account("a3", name="名丨称“引号”🎉" + "长" * 60))
    posts = (*daily("09-10", "10-04"), *daily("10-12", "10-18"), *daily("10-26", "10-31"))
    seen(office, "a1", "11-01 10:00", *posts, proves="06-01")
    seen(office, "a3", "11-01 10:00", *daily("09-10", "10-31", mark=Mark.ORIGINAL), proves="06-01")
    inspect(office, MONTH, folder)
    return office


def decided(office: Office, *names: str, by: str = "张三", at: str = LATER, **more: object) -> Decided:
    given: dict[str, object] = {"month": None, "by": by, "now": moment(at)}
    return confirm(office, names, **given | more)  # type: ignore[arg-type]


def dismissed(office: Office, *names: str, by: str = "张三", at: str = LATER, **more: object) -> Decided:
    given: dict[str, object] = {
        "month": None,
        "by": by,
        "reason": Reason.POSTED,
        "note": "当日已发布",
        "now": moment(at),
    }
    return dismiss(office, names, **given | more)  # type: ignore[arg-type]


def states(office: Office, account_id: str | None = None) -> dict[str, list[State]]:
    """The states of the findings of October, by name."""
    found: dict[str, list[State]] = {}
    for each in list_findings(office, MONTH, account_id=account_id, state=None).findings:
        found.setdefault(each.name, []).append(each.state)
    return found
