"""Bulletins for tests: accounts with what was seen of them, the document written, and read back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import docx
from docx.document import Document

from console.reference import shipped_policy
from monitor.decisions import Entered
from monitor.findings import Judgement, Severity
from monitor.frame import Frame
from monitor.judge import judge
from monitor.rechecking import Duty, Recheck, Said
from monitor.rechecking import Outcome as Mended
from monitor.spans import Span
from monitor.statistics import Statistics
from monitor.values import Account, AccountState, Platform, Post, SourceAddress
from reports.bulletin import Bulletin
from reports.bulletin_settings import BulletinSettings
from reports.folder import Folder
from reports.parts import AccountRows, Head, RecheckRow
from reports.rows import SummaryRow
from tests.monitor.builders import ALWAYS, REPOST, UNKNOWN, covered, day, frame, observed, posts, window

NOW = datetime(2026, 11, 2, tzinfo=UTC)
OFFICE = "高县人民政府办公室"
OCTOBER = frame(by=shipped_policy("gaoxian", {}))
GOOD = posts("10-01..10-31")
LONG = "政务" * 30


@dataclass(frozen=True)
class Written:
    """A bulletin that was written, with the figures of the same rows."""

    path: Path
    document: Document
    statistics: Statistics

    @property
    def lines(self) -> list[str]:
        return [each.text for each in self.document.paragraphs]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def headers(self) -> list[str]:
        return ["".join(each.text for each in section.header.paragraphs) for section in self.document.sections]

    def table(self, first: str) -> list[list[str]]:
        """The rows of the table whose header begins with ``first``, header included."""
        (found,) = (each for each in self.tables if each[0][: len(first.split())] == first.split())
        return found

    @property
    def tables(self) -> list[list[list[str]]]:
        return [[[cell.text for cell in row.cells] for row in table.rows] for table in self.document.tables]

    def under(self, heading: str) -> list[str]:
        """The paragraphs under a heading, up to the next of its kind."""
        lines = self.lines
        at = lines.index(heading) + 1
        end = next((n for n in range(at, len(lines)) if lines[n][:2] in {"一、", "二、", "三、", "附件"}), len(lines))
        return [each for each in lines[at:end] if each]


def an_account(
    account_id: str = "gx-01", name: str = "高县发布", organizer: str = "县政府办公室", **more: Any
) -> Account:
    given: dict[str, Any] = {
        "account_id": account_id,
        "name": name,
        "platform": Platform.WECHAT,
        "organizer": organizer,
        "addresses": (SourceAddress(url="https://county.example/feed.xml"),),
    }
    return Account(**given | more)


def rows(
    account: Account,
    known: Sequence[Post] = GOOD,
    coverage: Iterable[Span] = ALWAYS,
    *,
    within: Frame = OCTOBER,
    rechecks: Sequence[Recheck] = (),
    **more: Any,
) -> AccountRows:
    """What one account gives to every file; ``more`` is more that is known of it (``failed_months``, ``entered`` …)."""
    seen = replace(observed(known, coverage), **more)
    return rows_of(judge(account, seen, within), rechecks, within)


def rows_of(judgement: Judgement, rechecks: Sequence[Recheck] = (), within: Frame = OCTOBER) -> AccountRows:
    return AccountRows(
        judgement=judgement,
        summary=SummaryRow(number=1, judgement=judgement, frame=within),
        findings=[],
        posts=[],
        rechecks=[RecheckRow(account=judgement.account, recheck=each) for each in rechecks],
    )


def write(
    folder: Path,
    some: Iterable[AccountRows],
    *,
    settings: BulletinSettings | None = None,
    within: Frame = OCTOBER,
    head: Mapping[str, Any] | None = None,
) -> tuple[Path, Statistics]:
    """Write a bulletin as an inspection does; return where it is, and the figures of the same rows."""
    statistics = Statistics()
    month = f"{within.period.first:%Y-%m}"
    with Folder(folder, NOW) as into:
        bulletin = Bulletin(
            into,
            Head(frame=within, office=OFFICE, month=month, bulletin=settings or BulletinSettings(), **head or {}),
        )
        for each in some:
            statistics.add([each.judgement])
            bulletin.write(each)
        bulletin.close(statistics)
        into.commit()
        (path,) = into.files
    return path, statistics


def written(folder: Path, some: Iterable[AccountRows], **how: Any) -> Written:
    """Write a bulletin and read it back; ``how`` as for ``write``."""
    path, statistics = write(folder, some, **how)
    return Written(path=path, document=docx.Document(str(path)), statistics=statistics)


def a_duty(account_id: str, code: str = "GX-01", category: str = "内容不更新", said: Said | None = None) -> Duty:
    return Duty(
        account_id=account_id,
        month="2026-09",
        code=code,
        category=category,
        windows=(window("09-17", "09-30"),),
        since=day("09-30"),
        due=day("10-21"),
        said=said,
    )


def entered(code: str, description: str, account_id: str = "gx-01", **more: Any) -> Entered:
    given: dict[str, Any] = {
        "number": 1,
        "account_id": account_id,
        "code": code,
        "severity": Severity.VETO,
        "window": window("10-12"),
        "description": description,
        "by": "王某",
        "at": NOW,
    }
    return Entered(**given | more)


def county() -> list[AccountRows]:
    """Every result, four platforms, and every outcome of the re-check."""
    said = Said(
        outcome=Mended.NOT_RECTIFIED, day=date(2026, 11, 1), by="李某", at=NOW, note="电话13812345678仍未更新。"
    )
    again = Recheck(duty=a_duty("edu"), outcome=Mended.NOT_RECTIFIED, why="检查后至2026年10月31日未发布信息")
    mended = Recheck(duty=a_duty("kid"), outcome=Mended.RECTIFIED, why="检查后已发布信息", day=day("10-20"))
    unseen = Recheck(
        duty=a_duty("town"), outcome=Mended.UNVERIFIABLE, why="整改期满后2026-10-22/2026-10-31未能完整采集"
    )
    by_person = Recheck(
        duty=a_duty("town", "GX-03", "未达到周更新要求", said), outcome=Mended.NOT_RECTIFIED, why="李某于……"
    )
    pending = Recheck(duty=a_duty("town", "GX-06", "本月零发布"), outcome=Mended.PENDING, why="整改时限为2026年11月2日")
    return [
        rows(an_account("main", main=True)),
        rows(an_account("weibo", platform=Platform.WEIBO)),
        rows(
            an_account("edu", "高县教育", "县教育局"),
            posts("10-01..10-09"),
            rechecks=[again],
            failed_months=("2026-08", "2026-09"),
        ),
        rows(an_account("town", "沙河丨镇", "沙河镇人民政府"), rechecks=[unseen, by_person, pending]),
        rows(an_account("kid", "书香“高县”😀", "县教育局", platform=Platform.DOUYIN), [], rechecks=[mended]),
        rows(
            an_account("art", LONG, "县文化广播电视和旅游局", platform=Platform.TOUTIAO),
            posts("10-01..10-31", of=REPOST),
        ),
        rows(an_account("gap", "沙河镇政务", "沙河镇人民政府"), [], ()),
        rows(an_account("half", "半月谈", "县司法局"), posts("10-16..10-31"), covered("10-16..10-31")),
        rows(an_account("health", "健康高县", "县卫生健康局"), posts("10-01..10-31", of=UNKNOWN)),
        rows(an_account("gone", "高县林竹", "县林业和竹业局", state=AccountState.CLOSED, closed=day("01-05")), []),
    ]
