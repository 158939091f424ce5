"""The rows of an inspection, slice by slice: to its files and to the database."""

from collections.abc import Iterator, Sequence

from monitor.frame import Frame
from monitor.statistics import Statistics
from reports.parts import AccountRows, Part, RecheckRow
from reports.rows import FindingRow, PostRow, SummaryRow
from schedules.observe import Examined
from schedules.office import Office
from storage.inspections import save_judgements
from storage.rechecks import save_rechecks


class RowWriter:
    """Gives every file of an inspection the same rows, slice by slice, and numbers them."""

    def __init__(self, parts: Sequence[Part], frame: Frame) -> None:
        """Begin with nothing written."""
        self._frame = frame
        self._parts = parts
        self._statistics = Statistics()
        self.accounts = 0
        self.findings = 1
        self.rechecks = 1

    def write(self, judged: Sequence[Examined]) -> None:
        """Give every file the rows of some accounts."""
        self._statistics.add(each.judgement for each in judged)
        for one in judged:
            self.accounts += 1
            rows = AccountRows(
                judgement=one.judgement,
                summary=SummaryRow(number=self.accounts, judgement=one.judgement, frame=self._frame),
                findings=list(self._finding_rows(one)),
                posts=list(self._post_rows(one)),
                rechecks=[RecheckRow(account=one.judgement.account, recheck=each) for each in one.rechecks],
            )
            self.rechecks += len(rows.rechecks)
            for part in self._parts:
                part.write(rows)

    def close(self) -> None:
        """Let every file write what stands at its end."""
        for part in self._parts:
            part.close(self._statistics)

    def _finding_rows(self, one: Examined) -> Iterator[FindingRow]:
        for finding, evidence in zip(one.judgement.findings, one.evidence, strict=True):
            yield FindingRow(
                number=self.findings,
                account=one.judgement.account,
                finding=finding,
                evidence=evidence,
                frame=self._frame,
            )
            self.findings += 1

    def _post_rows(self, one: Examined) -> Iterator[PostRow]:
        for post, classified in one.judgement.posts:
            yield PostRow(
                account=one.judgement.account,
                post=post,
                classified=classified,
                frame=self._frame,
                contradiction=one.contradictions.get(post.key, ""),
            )


def save_slice(office: Office, number: int, examined: Sequence[Examined], position: int, rechecked: int) -> None:
    """Add a slice to the stored inspection; in a function of its own, so that nothing here holds the slice longer."""
    with office.database.begin() as session:
        save_judgements(
            session,
            number,
            [each.judgement for each in examined],
            position,
            [each.evidence for each in examined],
            _contradictions(examined),
        )
        save_rechecks(session, number, [found for each in examined for found in each.rechecks], rechecked)


def _contradictions(examined: Sequence[Examined]) -> dict[tuple[str, str], str]:
    return {(one.judgement.account.account_id, key): why for one in examined for key, why in one.contradictions.items()}
