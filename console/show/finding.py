"""Printing of one finding under review with everything that is known of it."""

from collections.abc import Iterator
from datetime import tzinfo

from console.show.findings import decision_words, heading_words, size_words
from console.show.ink import BOLD, FAINT, inked, verdict_inked
from console.show.rows import indented, labelled
from console.show.times import minute
from monitor.evidence import Evidence
from monitor.findings import Finding
from monitor.masking import mask
from monitor.originality import Classified
from monitor.values import Account, Post
from monitor.wording import full_day, named, titled
from reports.cells import published
from reports.rows import FindingRow, evidence_text, state_text
from schedules.deciding import REPLACED
from schedules.finding_in_full import FindingInFull
from schedules.finding_names import entered_name, subject_name
from storage.decisions import Made
from storage.entered import Noted

Lines = Iterator[str]


def finding_lines(found: FindingInFull, zone: tzinfo, limit: int | None) -> Lines:
    """Yield all that is known of one finding; times in ``zone``, lines up to ``limit`` wide."""
    yield inked(f"{found.name} {found.heading.category}", BOLD)
    yield heading_words(found.reviewed, zone)
    if found.account is None:
        yield f"账号 {found.name.account_id} 已不在备案台账中。"
    else:
        yield from labelled("所属账号", mask(_account(found.account)), limit)
    for finding, evidence in found.findings:
        yield ""
        yield from _finding(finding, evidence, found, limit)
    if not found.findings:
        yield "目前没有这个问题。"
    yield from _pieces(found, zone, limit)
    yield from _made(found, zone, limit)
    yield from _entered(found, zone, limit)
    yield from _again(found, zone, limit)


def _account(account: Account) -> str:
    return f"{account.account_id} {named(account)}，{account.organizer}"


def _finding(finding: Finding, evidence: Evidence | None, found: FindingInFull, limit: int | None) -> Lines:
    name = f"{entered_name(finding.entered)} " if finding.entered else ""
    head = f"{name}{finding.verdict}（{finding.severity}），{len(finding.windows)}处"
    yield verdict_inked(finding.verdict, head)
    for label, text in (
        ("问题描述", finding.description),
        ("判定依据", finding.clause),
        ("佐证", _evidence(finding, evidence, found)),
        ("整改建议", finding.advice),
        ("整改时限", finding.due.isoformat() if finding.due else ""),
        ("处置建议", finding.disposal),
        ("信息", f"{titled(finding.post)} {finding.post.url}" if finding.post else ""),
    ):
        yield from labelled(label, mask(text), limit, margin="  ")


def _evidence(finding: Finding, evidence: Evidence | None, found: FindingInFull) -> str:
    if evidence is None or found.account is None:
        return ""
    frame = found.reviewed.frame
    return evidence_text(FindingRow(number=0, account=found.account, finding=finding, evidence=evidence, frame=frame))


def _pieces(found: FindingInFull, zone: tzinfo, limit: int | None) -> Lines:
    if not found.pieces:
        return
    yield ""
    yield inked("逐处判定：", BOLD)
    for piece in found.pieces:
        changed = f"（程序判定为{piece.machine}）" if piece.machine is not piece.verdict else ""
        codes = f"，涉及{'、'.join(piece.codes)}" if piece.codes != (piece.subject.code,) else ""
        day = f"，{piece.subject.window}" if piece.subject.key else ""
        yield f"  {subject_name(piece.subject)}  {verdict_inked(piece.verdict)}{changed}{codes}{day}"
        yield from indented(mask(piece.why), limit, first="    ") if piece.why else ()
        for key in piece.posts:
            yield from _post(found, key, zone, limit)
        if piece.decision is not None:
            yield from indented(f"复核 {decision_words(piece.decision, zone)}", limit, first="    ")
    if told := "，".join(f"{verdict}{count}处" for verdict, count in found.others.items()):
        yield f"  另有{told}。"


def _post(found: FindingInFull, key: str, zone: tzinfo, limit: int | None) -> Lines:
    known = found.posts.get(key)
    if known is None:
        yield from indented(f"信息 {mask(key)}", limit, first="    ")
        return
    yield from indented(_post_words(*known, zone), limit, first="    ")
    if known[0].url:
        yield from (inked(line, FAINT) for line in indented(known[0].url, limit, first="      "))


def _post_words(post: Post, classified: Classified, zone: tzinfo) -> str:
    state = state_text(post)
    told = "；".join(filter(None, (f"{classified.originality}：{classified.reason}", "" if state == "正常" else state)))
    return mask(f"信息 {titled(post)} {published(post, zone) or '没有时间'}（{told}）")


def _made(found: FindingInFull, zone: tzinfo, limit: int | None) -> Lines:
    if not found.made:
        return
    yield ""
    yield inked("复核记录：", BOLD)
    for each in found.made:
        line = f"{subject_name(each.decision.subject)}  {decision_words(each.decision, zone)}"
        yield from indented(line, limit, first="  ")
        yield from _taken_back(each, zone, limit)


def _entered(found: FindingInFull, zone: tzinfo, limit: int | None) -> Lines:
    if not found.entered:
        return
    yield ""
    yield inked("人工录入：", BOLD)
    for each in found.entered:
        entered = each.entered
        head = f"{entered_name(entered)}  {entered.by} {minute(entered.at, zone)}（{entered.severity}）"
        yield from indented(mask(f"{head} {entered.window} {entered.description}"), limit, first="  ")
        for text in (f"信息 《{entered.title}》" if entered.title else "", entered.url):
            yield from indented(mask(text), limit, first="    ") if text else ()
        for file in each.files:
            line = f"佐证 {mask(file.name)}（{size_words(file.size)}，SHA-256 {file.digest}）"
            yield from indented(line, limit, first="    ")
        yield from _taken_back(each, zone, limit)


def _taken_back(each: Made | Noted, zone: tzinfo, limit: int | None) -> Lines:
    if each.withdrawn_at is None:
        return
    what = REPLACED if each.withdrawn_why == REPLACED else "撤回"
    why = f"：{each.withdrawn_why}" if each.withdrawn_why not in {"", REPLACED} else ""
    words = f"已不生效，{each.withdrawn_by} {minute(each.withdrawn_at, zone)} {what}{why}"
    yield from (inked(line, FAINT) for line in indented(mask(words), limit, first="    "))


def _again(found: FindingInFull, zone: tzinfo, limit: int | None) -> Lines:
    if not (found.rechecks or found.said):
        return
    yield ""
    yield inked("回头看：", BOLD)
    for month, each in found.rechecks:
        day = f"（{full_day(each.day)}）" if each.day else ""
        yield from indented(mask(f"{month} 检查：{each.outcome}{day}，{each.why}"), limit, first="  ")
    for said in found.said:
        line = f"{minute(said.at, zone)} {said.by}登记：{full_day(said.day)}复查，{said.outcome}：{said.note}"
        yield from indented(mask(line), limit, first="  ")
