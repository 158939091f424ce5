"""The history of an account in words, as the terminal and its sheet have them."""

from datetime import datetime, time, timedelta, tzinfo

from monitor.disposal import Disposition, Step
from monitor.findings import Deadline
from monitor.ledger import Entry
from reports.account_history import AccountHistory, DecisionMade
from reports.cells import moment

RECTIFIED = {True: "到位", False: "不到位", None: "未核实"}


def step_words(disposition: Disposition) -> str:
    """Return a step in short: its day, name and document number."""
    number = f"（{disposition.document}）" if disposition.document else ""
    return f"{disposition.on} {disposition.step}{number}"


def rectified_words(entry: Entry) -> str:
    """Return 整改 of an interview, "" of other steps; of an entry that was taken back that it was."""
    if not entry.stands:
        return "已撤销"
    return RECTIFIED[entry.disposition.rectified] if entry.disposition.step is Step.INTERVIEW else ""


def entry_note(entry: Entry, zone: tzinfo) -> str:
    """Return what else is known of an entry: note, files, who recorded it, what was said of it later."""
    disposition = entry.disposition
    files = f"附件：{'、'.join(disposition.attachments)}" if disposition.attachments else ""
    said = f"：{entry.rectified_note}" if entry.rectified_note else ""
    by = f"{disposition.by} {moment(disposition.at, zone)} 记录"
    rectified = f"{entry.rectified_by}核实整改{RECTIFIED[disposition.rectified]}{said}" if entry.rectified_by else ""
    back = (
        "" if entry.stands else f"{entry.withdrawn_by} {moment(entry.withdrawn_at, zone)} 撤销：{entry.withdrawn_why}"
    )
    return _joined(disposition.note, files, by, rectified, back)


def ruling_words(made: DecisionMade) -> str:
    """Return what was decided: the ruling, with the reason of a dismissal or the severity of a regrading."""
    decision = made.decision
    more = decision.reason or decision.severity
    return f"{decision.ruling}（{more}）" if more else decision.ruling.value


def decision_note(made: DecisionMade, zone: tzinfo) -> str:
    """Return what else is known of a decision: why, by whom and when, and who took it back."""
    decision = made.decision
    why = f"：{made.withdrawn_why}" if made.withdrawn_why else ""
    back = f"{made.withdrawn_by} {moment(made.withdrawn_at, zone)} 撤回{why}" if made.withdrawn_at else ""
    return _joined(decision.note, f"{decision.by} {moment(decision.at, zone)} 作出", back)


def _joined(*parts: str) -> str:
    """Join parts into one sentence; what people wrote may end with a full stop of its own."""
    return "；".join(each.rstrip("。；") for each in parts if each)


def proposal_words(found: AccountHistory) -> str:
    """Return what is proposed by now, and why."""
    if found.proposed is None:
        return "没有可供参考的检查结果。"
    proposal, month = found.proposed.proposal, found.proposed.month
    if not proposal.text:
        return f"{month} 检查结果为{found.proposed.result}，没有处置建议。"
    why = f"（{proposal.why}）" if proposal.why else ""
    recorded = "；此后已有记录，见处置台账" if found.proposed.is_recorded else ""
    return f"{proposal.text}{why}，依据 {month} 检查{recorded}。"


def next_words(found: AccountHistory) -> list[str]:
    """Return what is to be done next, the account's own deadlines last; one sentence where there is nothing."""
    steps = [*found.next, *(_deadline(each, found.zone) for each in found.deadlines)]
    return steps or ["没有待办事项。"]


def _deadline(deadline: Deadline, zone: tzinfo) -> str:
    what = "原创信息" if deadline.needs_original else "信息"
    return f"{_ending(deadline.ends_at, zone)} 前须发布{what}（{deadline.code} {deadline.category}）。"


def _ending(at: datetime, zone: tzinfo) -> str:
    """Write a midnight as the end of the day before it: a deadline is read as a day, and it is that day."""
    local = at.astimezone(zone)
    return f"{local - timedelta(days=1):%Y-%m-%d} 24:00" if local.time() == time() else moment(at, zone)
