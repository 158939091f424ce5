"""The judgement of one account: every rule over every window, findings, figures and result."""

from collections.abc import Iterable, Iterator, Sequence

from monitor.case import Case, Observations
from monitor.deciding import judged_by, orphans
from monitor.decisions import Decision, Entered
from monitor.disposal import propose, proposed
from monitor.figures import figures_of
from monitor.findings import GRAVE, Figures, Finding, Judged, Judgement, Result, Severity, Verdict
from monitor.frame import Frame
from monitor.life import ended_undated
from monitor.rules import HEADINGS, RULES, cj01
from monitor.rules.rule import Rule
from monitor.values import Account, Post

RuleWindows = tuple[str, tuple[Judged, ...]]


def judge(account: Account, seen: Observations, frame: Frame) -> Judgement:
    """Judge one account for the frame's period.

    A pure function: the order and repetition of posts and coverage do not matter.
    """
    case = Case(account, seen, frame)
    rules = [rule for rule in RULES if frame.rule(rule.heading.code).enabled and rule.binds(account)]
    for rule in rules:
        case.judged[rule.heading.code] = judged_by(rule, case)
    windows = tuple(case.judged.items())
    entered = [each for each in seen.entered if _is_of(each, frame)]
    found = [one for rule in rules for one in _findings_of(case, rule, _STANDING)]
    found += [_entered(case, each) for each in entered]
    found += _unverified(case, windows, Verdict.UNVERIFIABLE)
    result = _result(found, windows)
    failures = len(seen.failed_months) + (result is Result.FAILED)
    figures = figures_of(case, case.judged)
    proposal = proposed(result, seen.failed_months, seen.dispositions, frame)
    dismissed: list[Finding] = []
    if seen.decisions:
        dismissed += [one for rule in rules for one in _findings_of(case, rule, (Verdict.DISMISSED,))]
        dismissed += _unverified(case, windows, Verdict.DISMISSED)
    return Judgement(
        account=account,
        windows=windows,
        findings=tuple(found),
        figures=figures,
        result=result,
        failures=failures,
        disposal=proposal.text,
        coverage=seen.coverage,
        posts=tuple((each.post, each.classified) for each in case.shown_in(frame.period)),
        notes=tuple(_notes(case, result, figures, windows)),
        basis=proposal.months,
        dismissed=tuple(dismissed),
        orphans=tuple(orphans(case, windows)),
    )


_STANDING = (Verdict.VERIFIED, Verdict.REVIEW)


def _is_of(entered: Entered, frame: Frame) -> bool:
    is_known = entered.window.last in frame.period and entered.window.last <= frame.today
    return is_known and frame.rule(entered.code).enabled


def _entered(case: Case, entered: Entered) -> Finding:
    """Return the finding that a person entered."""
    heading = next(each for each in HEADINGS if each.code == entered.code)
    due = entered.severity in GRAVE
    post = Post(
        account_id=entered.account_id,
        key=entered.url,
        title=entered.title,
        url=entered.url,
        published_at=None,
        seen_at=entered.at,
    )
    return Finding(
        account_id=entered.account_id,
        code=heading.code,
        category=heading.category,
        severity=entered.severity,
        verdict=Verdict.VERIFIED,
        windows=(entered.window,),
        description=entered.description,
        clause=case.frame.rule(heading.code).clause,
        advice=heading.advice,
        due=case.frame.rectification_due if due else None,
        disposal="通报" if due else "人工复核",
        post=post if entered.url or entered.title else None,
        entered=entered,
    )


def _findings_of(case: Case, rule: Rule, verdicts: Iterable[Verdict]) -> Iterator[Finding]:
    """Give a rule's findings: one for each verdict, and for each severity at which people confirmed some of it."""
    judged = case.judged[rule.heading.code]
    for verdict in verdicts:
        some = [each for each in judged if each.verdict is verdict and each.machine is not Verdict.UNVERIFIABLE]
        graded = {_severity(rule, each) for each in some}
        for severity in Severity if graded else ():
            if severity in graded:
                same = [each for each in some if _severity(rule, each) is severity]
                yield _finding(case, rule, verdict, severity, same)


def _severity(rule: Rule, judged: Judged) -> Severity:
    return (judged.decision and judged.decision.severity) or rule.heading.severity


def _finding(case: Case, rule: Rule, verdict: Verdict, severity: Severity, judged: Sequence[Judged]) -> Finding:
    heading = rule.heading
    due = verdict is Verdict.VERIFIED and severity in GRAVE
    named = case.posts_of(each for one in judged for each in one.posts) if rule.of_posts else []
    last = case.last_post(judged[-1].window.last) if rule.names_last else None
    inside = [] if rule.of_posts else [each.post.key for one in judged for each in case.in_window(one.window)]
    return Finding(
        account_id=case.account.account_id,
        code=heading.code,
        category=heading.category,
        severity=severity,
        verdict=verdict,
        windows=tuple(dict.fromkeys(each.window for each in judged)),
        description=_description(case, rule, verdict, judged),
        clause=case.frame.rule(heading.code).clause,
        advice=heading.advice,
        due=case.frame.rectification_due if due else None,
        disposal="" if verdict is Verdict.DISMISSED else "通报" if due else "人工复核",
        post=named[0].post if named else last.post if last else None,
        seen_at=tuple(sorted({each.post.seen_at for each in named})),
        posts=tuple(dict.fromkeys((*inside, *(key for one in judged for key in one.posts)))),
        decisions=_decisions(judged),
    )


def _description(case: Case, rule: Rule, verdict: Verdict, judged: Sequence[Judged]) -> str:
    """Return the 问题描述; what was dismissed is described as it was found."""
    if verdict is not Verdict.DISMISSED:
        return rule.describe(case, verdict, judged)
    by_machine = ((was, [each for each in judged if each.machine is was]) for was in _STANDING)
    return "".join(rule.describe(case, was, some) for was, some in by_machine if some)


def _decisions(judged: Iterable[Judged]) -> tuple[Decision, ...]:
    found = {id(each.decision): each.decision for each in judged if each.decision is not None}
    return tuple(found.values())


def _unverified(case: Case, windows: Iterable[RuleWindows], verdict: Verdict) -> list[Finding]:
    """Return the account's one CJ-01 finding of this verdict, or none."""
    unjudged = [
        each
        for _, judged in windows
        for each in judged
        if each.verdict is verdict and Verdict.UNVERIFIABLE in (verdict, each.machine)
    ]
    if not unjudged:
        return []
    heading, ordered = cj01.HEADING, sorted({each.window for each in unjudged})
    found = cj01.open_gaps(case, ordered)
    return [
        Finding(
            account_id=case.account.account_id,
            code=heading.code,
            category=heading.category,
            severity=heading.severity,
            verdict=verdict,
            windows=tuple(ordered),
            description=cj01.describe(case, ordered, found),
            clause=case.frame.rule(heading.code).clause,
            advice=heading.advice,
            disposal=propose(Result.UNVERIFIABLE, 0, 1) if verdict is Verdict.UNVERIFIABLE else "",
            gaps=found,
            causes=tuple(cj01.cause_of(case, gap) for gap in found),
            decisions=_decisions(unjudged),
        )
    ]


def _result(findings: Iterable[Finding], windows: Iterable[RuleWindows]) -> Result:
    """Return 检查结果 (RULES)."""
    grave = {each.verdict for each in findings if each.severity in (*GRAVE, Severity.UNVERIFIED)}
    for verdict, result in _RESULTS:
        if verdict in grave:
            return result
    idle = (Verdict.NOT_APPLICABLE, Verdict.PENDING)
    applied = any(each.verdict not in idle for code, judged in windows if code in _DUTIES for each in judged)
    return Result.PASSED if applied else Result.NOT_APPLICABLE


_DUTIES = frozenset(rule.heading.code for rule in RULES if rule.heading.severity in GRAVE)
"""Rules that ask an account for something all the time: where none of them applies, nothing does."""

_RESULTS = (
    (Verdict.VERIFIED, Result.FAILED),
    (Verdict.REVIEW, Result.REVIEW),
    (Verdict.UNVERIFIABLE, Result.UNVERIFIABLE),
)


def _notes(case: Case, result: Result, figures: Figures, windows: Sequence[RuleWindows]) -> Iterator[str]:
    frame = case.frame
    if frame.running:
        yield f"检查时段尚未结束，判定截至{frame.time_point.astimezone(frame.zone):%Y-%m-%d %H:%M}"
    if ended_undated(case.account):
        yield f"台账状态为“{case.account.state}”但未填写日期，本期不作判定"
    elif result is Result.NOT_APPLICABLE:
        pending = any(each.verdict is Verdict.PENDING for _, judged in windows for each in judged)
        yield "尚无已结束的判定时段" if pending else "本期不在应判定的运行期内"
    elif result is Result.PASSED and figures.coverage_share == 0:
        yield "未取得覆盖证明，按已采集到的信息判定达标"
    yield from _provisional_notes(case, result)
    undated = sum(each.post.published_at is None for each in case.in_window(frame.period))
    if undated:
        yield f"{undated}条信息没有可读的发布时间，按首次发现时间计入本期"
    void = len(case.shown_in(frame.period)) - len(case.in_window(frame.period))
    if void:
        yield f"{void}条信息仅见于自查上报或与自查上报不符，未计入发布条数"
    for code, unit in (("GX-02", "个工作日"), ("GX-03", "周")):
        unjudged = sum(each.verdict is Verdict.UNVERIFIABLE for each in dict(windows).get(code, ()))
        if unjudged:
            yield f"{unjudged}{unit}未能核验"
    dismissed = {
        each.window
        for _, judged in (windows if case.seen.decisions else ())
        for each in judged
        if each.verdict is Verdict.DISMISSED
    }
    if dismissed:
        yield f"{len(dismissed)}处经人工复核排除"


def _provisional_notes(case: Case, result: Result) -> Iterator[str]:
    """Say which dates rest on a year whose days off nobody has announced."""
    frame = case.frame
    unknown = frame.workdays.missing(frame.period.first, frame.period.last) if case.account.main else ()
    for year in unknown:
        yield f"{year}年放假安排未录入，涉及工作日的判定为暂定"
    if result is Result.FAILED:
        for year in frame.workdays.missing(frame.today, frame.rectification_due):
            if year not in unknown:
                yield f"{year}年放假安排未录入，整改时限为暂定"
