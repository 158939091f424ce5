"""inspection.json: one whole document, with a person's decisions and the evidence in it."""

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from monitor.evidence import evidence_of
from monitor.findings import Judgement
from monitor.spans import Span
from monitor.statistics import Statistics
from monitor.values import Correction, Originality
from monitor.visits import Outcome
from reports.parts import AccountRows, Head
from reports.record import Record
from reports.rows import FindingRow, PostRow, SummaryRow
from tests.monitor.builders import ALWAYS, account, frame, judged, moment, post, posts, visit

MONTH, OFFICE = frame(), "高县人民政府办公室"


def written(judgements: Sequence[Judgement], *, as_of: str | None = None) -> dict[str, Any]:
    file = io.StringIO()
    at = moment(as_of) if as_of else None
    record, statistics = Record(file, Head(frame=MONTH, office=OFFICE, month="2026-10", as_of=at)), Statistics()
    looked = [
        visit("11-01 08:00", visit_id=7, proof=Span(moment("2026-01-01"), moment("11-01 08:00"))),
        visit("10-20 08:00", Outcome.BLOCKED, visit_id=6),
    ]
    for judgement in judgements:
        found = [
            FindingRow(
                number=number,
                account=judgement.account,
                finding=each,
                evidence=evidence_of(each, MONTH, judgement.coverage, looked),
                frame=MONTH,
            )
            for number, each in enumerate(judgement.findings, start=1)
        ]
        summary = SummaryRow(number=1, judgement=judgement, frame=MONTH)
        shown = [
            PostRow(account=judgement.account, post=each, classified=how, frame=MONTH) for each, how in judgement.posts
        ]
        record.write(AccountRows(judgement=judgement, summary=summary, findings=found, posts=shown, rechecks=[]))
        statistics.add([judgement])
    record.close(statistics)
    whole: dict[str, Any] = json.loads(file.getvalue())
    return whole


def test_no_account_is_a_document_too() -> None:
    record = written([])
    assert record["accounts"] == []
    assert (record["totals"]["accounts"], record["totals"]["results"]) == (0, {})
    assert (record["totals"]["judged"], record["totals"]["pass_rate"], record["totals"]["platforms"]) == (0, None, {})
    assert (record["month"], record["period"]) == ("2026-10", ["2026-10-01", "2026-10-31"])
    assert (record["time_point"], record["time_point_shown"]) == ("2026-10-31T16:00:00+00:00", "2026-10-31 23:59")
    assert (record["as_of"], record["running"]) == (None, False)


def test_it_says_as_of_when_and_by_which_policy() -> None:
    record = written([], as_of="10-15 08:00")
    assert record["as_of"] == "2026-10-15T00:00:00+00:00"
    assert record["policy"]["rules"]["GX-01"] == {"enabled": True, "clause": "GX-01的依据", "days": 14}
    assert record["policy"]["counter_limit"] == 3


def test_totals_count_results() -> None:
    record = written([judged(posts("10-01..10-31"), ALWAYS), judged([], ALWAYS), judged([], ALWAYS)])
    totals = record["totals"]
    assert (totals["accounts"], totals["results"]) == (3, {"不合格": 2, "合格": 1})
    assert (totals["judged"], totals["ratio"], totals["pass_rate"]) == (3, 1.0, 1 / 3)
    assert record["totals"]["accounts"] == len(record["accounts"])


def test_a_verdict_carries_its_visits_and_spans() -> None:
    (one,) = written([judged([], ALWAYS)])["accounts"]
    gx01 = next(each for each in one["findings"] if each["code"] == "GX-01")
    assert gx01["windows"] == [["2026-10-18", "2026-10-31"]]
    assert gx01["evidence"]["visits"] == [7]
    assert gx01["evidence"]["coverage"] == [["2026-10-17T16:00:00+00:00", "2026-10-31T16:00:00+00:00"]]
    (seen,) = one["visits"]
    assert (seen["visit_id"], seen["outcome"]) == (7, "NEW")
    assert seen["proof"] == ["2025-12-31T16:00:00+00:00", "2026-11-01T00:00:00+00:00"]
    assert one["coverage"] == [["2026-09-30T16:00:00+00:00", "2026-10-31T16:00:00+00:00"]]


def test_what_was_not_observed_carries_its_gaps_and_their_causes() -> None:
    (one,) = written([judged([], [], visits=[visit("10-20 08:00", Outcome.BLOCKED, visit_id=6)])])["accounts"]
    (gap,) = one["findings"]
    assert gap["code"] == "CJ-01"
    assert gap["due"] is None
    assert {each["cause"] for each in gap["evidence"]["gaps"]} == {"访问受限"}
    assert gap["evidence"]["gaps"][-1]["end"] == "2026-10-31T16:00:00+00:00"
    assert gap["evidence"]["visits"] == [6]


def test_a_person_s_correction_and_a_deletion_are_in_it() -> None:
    """posts.csv has 人工修正 and 已删除; INTERFACE: the same content."""
    decided = Correction(originality=Originality.REPOST, by="王某", why="转自省网", at=moment("10-10"))
    gone = replace(post("10-09 09:00"), correction=decided, deleted_at=moment("10-11"))
    (one,) = written([judged([gone], ALWAYS)])["accounts"]
    (shown,) = one["posts"]
    text = json.dumps(shown, ensure_ascii=False)
    assert all(each in text for each in ("王某", "转自省网", "2026-10-09T16:00:00+00:00", "2026-10-10T16:00:00+00:00"))
    assert shown["originality"] == "转载"


def test_an_account_is_in_it_as_the_registry_has_it() -> None:
    closing = account(main=True, opened="2020-01-01", closing_notice="2026-12-01")
    (one,) = written([judged([], ALWAYS, of=closing)])["accounts"]
    assert (one["account"]["main"], one["account"]["opened"], one["account"]["closed"]) == (True, "2020-01-01", None)
    assert one["account"]["addresses"] == ["https://county.example/feed.xml"]


def test_numbers_keep_their_type() -> None:
    (one,) = written([judged(posts("10-01..10-31"), ALWAYS)])["accounts"]
    figures = one["figures"]
    assert (figures["published"], figures["original_share"], figures["coverage_share"]) == (31, 1.0, 1.0)
    assert figures["last_post"]["published_at"] == "2026-10-31T01:00:00+00:00"
