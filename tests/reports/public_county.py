"""Accounts with a given result, and the two public files written of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.findings import Figures, Finding, Judgement, Result, Severity, Verdict
from monitor.stages import Stage
from monitor.statistics import Statistics
from monitor.values import Account, Platform
from reports.folder import Folder
from reports.parts import AccountRows, Head
from reports.public import PublicCsv
from reports.public_page import PublicPage
from reports.rows import SummaryRow
from tests.monitor.builders import ZONE, account, frame, window

NOW = datetime(2026, 11, 2, 10, tzinfo=ZONE)
HEAD = Head(frame=frame(), office="高县人民政府办公室", month="2026-10", stage=Stage.FINAL)
CSV, PAGE = "公开版-2026-10.csv", "公开版-2026-10.html"


def a_finding(category: str, severity: Severity = Severity.BULLETIN, verdict: Verdict = Verdict.VERIFIED) -> Finding:
    return Finding(
        account_id="gx-01",
        code="GX-03",
        category=category,
        severity=severity,
        verdict=verdict,
        windows=(window("10-05", "10-11"),),
        description="10月5日至10月11日无更新。",
        clause="第十五条",
    )


def an_account(result: Result, *findings: Finding, published: int = 7, of: Account | None = None) -> AccountRows:
    """An account with a result, as every file is given it."""
    figures = Figures(
        published=published,
        original=0,
        reposted=0,
        undetermined=0,
        last_post=None,
        days_since_last=None,
        longest_silence=None,
        workdays_due=None,
        workdays_met=None,
        workdays_missed=(),
        weeks_due=None,
        weeks_met=None,
        weeks_missed=(),
        recent_originals=0,
        coverage_share=1.0,
    )
    judgement = Judgement(
        account=of or account(),
        windows=(),
        findings=findings,
        figures=figures,
        result=result,
        failures=2,
        disposal="约谈",
        coverage=(),
        notes=("内部备注",),
    )
    summary = SummaryRow(number=1, judgement=judgement, frame=HEAD.frame)
    return AccountRows(judgement=judgement, summary=summary, findings=[], posts=[], rechecks=[])


def failed(*categories: str, of: Account | None = None) -> AccountRows:
    return an_account(Result.FAILED, *map(a_finding, categories or ("未达到周更新要求",)), of=of)


def called(name: str, *, organizer: str = "高县教育局", platform: Platform = Platform.WECHAT) -> Account:
    return replace(account(name=name, platform=platform), organizer=organizer, contact="李四", phone="0831-5412345")


def written(month: Path, accounts: Iterable[AccountRows], **head: Any) -> dict[str, bytes]:
    """Write both files; return their bytes by name."""
    within = replace(HEAD, **head)
    statistics = Statistics()
    with Folder(month, NOW) as folder:
        parts = (PublicCsv(folder, within), PublicPage(folder, within))
        for rows in accounts:
            statistics.add([rows.judgement])
            for part in parts:
                part.write(rows)
        for part in parts:
            part.close(statistics)
        folder.commit()
    return {file.name: file.read_bytes() for file in month.iterdir()}


_LONG = "高县" + "乡村振兴生态文明建设" * 5 + "政务服务中心办公室"
UNUSUAL: Sequence[str] = (
    "=SUM(A1)发布",
    "“高县”'发布'\"",
    "<script>alert(1)</script>",
    "高县丨发布",
    "高县😀👨‍👩‍👧发布",
    _LONG[:60],
    "a" * 60,
    "高县\u202e布发\u202c\u200f",
    "高\x00县\x07发\u2028布\r\n",
    "قاۋشيەن",
    "13812345678",
)


def a_county() -> list[AccountRows]:
    """Every result, every platform, names of every kind."""
    organizers = ("高县教育局", "高县文江镇人民政府", "高县卫生健康局（高县疾病预防控制局）", _LONG[:60])
    found: list[AccountRows] = []
    for n in range(40):
        of = called(
            f"{('高县', '文江', '僰侯', '来复')[n % 4]}{'教育发布健康政务'[n % 4 * 2 : n % 4 * 2 + 2]}",
            organizer=organizers[n % 3],
            platform=list(Platform)[n * 7 % 13],
        )
        if n % 9 == 1:
            found.append(failed("内容不更新", "未达到周更新要求", "未按要求发布原创信息", of=of))
        elif n % 9 == 4:
            found.append(an_account(Result.REVIEW, a_finding("未按要求发布原创信息", verdict=Verdict.REVIEW), of=of))
        elif n % 9 == 6:
            found.append(an_account(Result.UNVERIFIABLE, of=of, published=n % 2))
        elif n % 20 == 8:
            found.append(an_account(Result.NOT_APPLICABLE, of=of, published=0))
        else:
            found.append(an_account(Result.PASSED, of=of, published=n * 3))
    found += [failed("疑似僵尸账号", of=called(name, organizer=organizers[3])) for name in UNUSUAL]
    return found
