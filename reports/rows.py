"""The rows of an inspection: what stands in each column of summary.csv, findings.csv and posts.csv."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from monitor.decisions import Decision, Entered
from monitor.evidence import OF_REGISTRY, Evidence
from monitor.findings import Finding, Judgement, Verdict
from monitor.frame import Frame
from monitor.originality import Classified
from monitor.values import Account, Flag, Post
from monitor.wording import joined
from reports import cells
from reports.cells import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """What one row of summary.csv is made of."""

    number: int
    judgement: Judgement
    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """What one row of findings.csv is made of."""

    number: int
    account: Account
    finding: Finding
    evidence: Evidence
    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """What one row of posts.csv is made of; ``contradiction`` is how the post contradicts its report, "" else."""

    account: Account
    post: Post
    classified: Classified
    frame: Frame
    contradiction: str = ""


def time_point(frame: Frame) -> str:
    """Return 监测时间点: the last minute of a period that has ended, else the moment up to which was judged."""
    if frame.running:
        return cells.moment(frame.time_point, frame.zone)
    return cells.moment(frame.time_point - timedelta(microseconds=1), frame.zone)


def evidence_text(row: FindingRow) -> str:
    """Return 佐证: the covered stretches and the visits by number; all of them stand in inspection.json."""
    shown = [f"第{visit.visit_id}次" for visit in row.evidence.visits[:5]]
    count = len(row.evidence.visits)
    visits = "、".join(shown) + (f"等{count}次" if count > len(shown) else "")
    if row.finding.verdict is Verdict.UNVERIFIABLE:
        return f"采集记录{visits}" if visits else "无采集记录"
    if row.finding.entered is not None:
        return entered_text(row.finding.entered, row.frame.zone)
    if row.finding.code in OF_REGISTRY:
        return "备案台账"
    parts = [f"覆盖{cells.spans(row.evidence.spans, row.frame.zone)}"] if row.evidence.spans else []
    parts += [f"采集记录{visits}"] if visits else []
    parts += [f"时段内信息{len(row.finding.posts)}条"]
    parts += [decided_text(each, row.frame.zone) for each in row.finding.decisions]
    return "；".join(parts)


def entered_text(entered: Entered, zone: tzinfo) -> str:
    """Return who entered a finding, and the files that prove it."""
    files = f"；附件：{'、'.join(entered.attachments)}" if entered.attachments else ""
    return f"人工录入：{entered.by}，{cells.moment(entered.at, zone)}{files}"


def decided_text(decision: Decision, zone: tzinfo) -> str:
    """Return who decided what on a finding, and why."""
    reason = "：".join(filter(None, (decision.reason, decision.note)))
    why = f"：{reason}" if reason else ""
    return f"人工复核{decision.ruling}（{decision.by}，{cells.moment(decision.at, zone)}{why}）"


def correction_text(row: PostRow) -> str:
    """Return 人工修正: who decided what, when and why."""
    found = row.post.correction
    if found is None:
        return ""
    return f"{found.originality}（{found.by}，{cells.moment(found.at, row.frame.zone)}：{found.why}）"


def state_text(post: Post, contradiction: str = "") -> str:
    """Return 状态 of a post: 已删除, what is suspicious about it, or 正常; what it contradicts in brackets."""
    told = {Flag.CONTRADICTED: f"（{contradiction}）"} if contradiction else {}
    flags = sorted(flag.value + told.get(flag, "") for flag in post.flags)
    states = (["已删除"] if post.deleted_at else []) + flags + (["发布时间缺失"] if post.published_at is None else [])
    return "、".join(states) or "正常"


def _title(post: Post | None) -> str:
    return post.title if post else ""


SUMMARY: dict[str, Callable[[SummaryRow], Cell]] = {
    "序号": lambda row: row.number,
    "账号编号": lambda row: row.judgement.account.account_id,
    "主办单位": lambda row: row.judgement.account.organizer,
    "主管单位": lambda row: row.judgement.account.supervisor,
    "平台": lambda row: row.judgement.account.platform.value,
    "账号名称": lambda row: row.judgement.account.name,
    "主账号": lambda row: "是" if row.judgement.account.main else "否",
    "账号状态": lambda row: row.judgement.account.state.value,
    "检查时段": lambda row: f"{row.frame.period.first}/{row.frame.period.last}",
    "监测时间点": lambda row: time_point(row.frame),
    "发布条数": lambda row: row.judgement.figures.published,
    "原创条数": lambda row: row.judgement.figures.original,
    "转载条数": lambda row: row.judgement.figures.reposted,
    "未判定条数": lambda row: row.judgement.figures.undetermined,
    "原创率": lambda row: cells.rate(row.judgement.figures.share),
    "最近更新时间": lambda row: cells.published(row.judgement.figures.last_post, row.frame.zone),
    "最近更新标题": lambda row: _title(row.judgement.figures.last_post),
    "距监测时间点天数": lambda row: row.judgement.figures.days_since_last,
    "最长未更新间隔天数": lambda row: row.judgement.figures.longest_silence,
    "应更新工作日数": lambda row: row.judgement.figures.workdays_due,
    "实际更新工作日数": lambda row: row.judgement.figures.workdays_met,
    "未更新工作日": lambda row: ";".join(map(cells.day, row.judgement.figures.workdays_missed)),
    "应达标周数": lambda row: row.judgement.figures.weeks_due,
    "达标周数": lambda row: row.judgement.figures.weeks_met,
    "未达标周": lambda row: joined(row.judgement.figures.weeks_missed),
    "近2周原创条数": lambda row: row.judgement.figures.recent_originals,
    "问题数": lambda row: row.judgement.problems,
    "采集完整率": lambda row: cells.share(row.judgement.figures.coverage_share),
    "检查结果": lambda row: row.judgement.result.value,
    "累计突出问题次数": lambda row: row.judgement.failures,
    "建议处置": lambda row: row.judgement.disposal,
    "备注": lambda row: "；".join(row.judgement.notes),
}

FINDINGS: dict[str, Callable[[FindingRow], Cell]] = {
    "序号": lambda row: row.number,
    "检查月份": lambda row: f"{row.frame.period.first:%Y-%m}",
    "账号编号": lambda row: row.account.account_id,
    "主办单位": lambda row: row.account.organizer,
    "主管单位": lambda row: row.account.supervisor,
    "平台": lambda row: row.account.platform.value,
    "账号名称": lambda row: row.account.name,
    "问题编号": lambda row: row.finding.code,
    "问题类别": lambda row: row.finding.category,
    "问题性质": lambda row: row.finding.severity.value,
    "核实状态": lambda row: row.finding.verdict.value,
    "问题描述": lambda row: row.finding.description,
    "次数": lambda row: len(row.finding.windows),
    "问题时段": lambda row: joined(row.finding.windows),
    "判定依据": lambda row: row.finding.clause,
    "信息标题": lambda row: _title(row.finding.post),
    "信息链接": lambda row: row.finding.post.url if row.finding.post else "",
    "发布时间": lambda row: cells.published(row.finding.post, row.frame.zone),
    "发现时间": lambda row: cells.moment(row.evidence.found_at, row.frame.zone),
    "佐证": evidence_text,
    "整改建议": lambda row: row.finding.advice,
    "整改时限": lambda row: cells.day(row.finding.due),
    "处置建议": lambda row: row.finding.disposal,
}

POSTS: dict[str, Callable[[PostRow], Cell]] = {
    "账号编号": lambda row: row.account.account_id,
    "平台": lambda row: row.account.platform.value,
    "账号名称": lambda row: row.account.name,
    "主办单位": lambda row: row.account.organizer,
    "发布时间": lambda row: cells.published(row.post, row.frame.zone),
    "首次发现时间": lambda row: cells.moment(row.post.seen_at, row.frame.zone),
    "标题": lambda row: _title(row.post),
    "链接": lambda row: row.post.url,
    "类型": lambda row: row.post.kind.value,
    "原创判定": lambda row: row.classified.originality.value,
    "判定依据": lambda row: row.classified.reason,
    "来源": lambda row: row.classified.source,
    "人工修正": correction_text,
    "状态": lambda row: state_text(row.post, row.contradiction),
}
