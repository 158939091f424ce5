"""Printing of a collection: a bar or a line per visit while it runs, the sum and the failures at its end."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import tzinfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from console.show.ink import RED, harmless, inked, on_terminal, say
from console.widths import shortened
from monitor.values import Account
from monitor.visits import Outcome, Visit
from monitor.wording import named

OnVisit = Callable[[Visit, int, int], None]

WORDS = {
    Outcome.NEW: "已采集",
    Outcome.SAME: "已采集，内容未变",
    Outcome.NOT_MODIFIED: "已采集，内容未变",
}
NAME_COLUMNS = 40
MOST_WARNINGS = 30


@contextmanager
def visit_display(accounts: Mapping[str, Account], zone: tzinfo) -> Iterator[OnVisit]:
    """Give what to call after each visit with the visit, how many are done, and how many there are."""
    if not on_terminal():
        yield lambda visit, done, total: say(visit_line(visit, done, total, accounts, zone))
        return
    whom = TextColumn("{task.description}", markup=False)
    columns = (TextColumn("采集"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), whom)
    with Progress(*columns, console=Console()) as progress:
        task = progress.add_task("", total=None)

        def show(visit: Visit, done: int, total: int) -> None:
            name = harmless(shortened(who(visit, accounts), NAME_COLUMNS))
            progress.update(task, completed=done, total=total, description=name)

        yield show


def who(visit: Visit, accounts: Mapping[str, Account]) -> str:
    """Return whom a visit was for: the account in words, or the lane whose control source was read."""
    account = accounts.get(visit.account_id or "")
    if account is not None:
        return f"{account.account_id} {named(account)}"
    return visit.account_id or f"通道 {visit.lane} 的对照来源"


def visit_line(visit: Visit, done: int, total: int, accounts: Mapping[str, Account], zone: tzinfo) -> str:
    """Return the one line of a visit."""
    at = f"{visit.ended_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return f"[{done}/{total}] {at} {who(visit, accounts)} {visit.outcome} {outcome_words(visit)} {visit.url}"


def outcome_words(visit: Visit) -> str:
    """Return in Chinese what came of a visit."""
    if not visit.outcome.proves:
        return visit.outcome.cause
    return f"{WORDS[visit.outcome]}，{visit.item_count}条"


def closing_lines(visits: Sequence[Visit], new: int, revised: int, accounts: Mapping[str, Account]) -> Iterator[str]:
    """Yield the sum of a collection, then a line for each visit that did not succeed: account, address, reason."""
    failed = failures(visits)
    yield (
        f"采集{len(visits)}个来源，成功{len(visits) - len(failed)}个，未成功{len(failed)}个；"
        f"新信息{new}条，有改动的信息{revised}条。"
    )
    if failed:
        causes = Counter(visit.outcome.cause for visit in failed).most_common()
        yield f"未成功的采集（{'，'.join(f'{cause}{count}个' for cause, count in causes)}），不作为未更新的依据："
    for visit in failed:
        reason = visit.reason or visit.outcome.cause
        yield inked(f"  {who(visit, accounts)} {visit.url}", RED) + f" {visit.outcome} {reason}"
    yield from warning_lines(visits, accounts)


def warning_lines(visits: Sequence[Visit], accounts: Mapping[str, Account]) -> Iterator[str]:
    """Yield what the visits warn of, such as an address that has moved for good or dates that could not be read."""
    warned = [(visit, warning) for visit in visits for warning in visit.warnings]
    if warned:
        yield f"采集中需要留意的情况{len(warned)}处："
    for visit, warning in warned[:MOST_WARNINGS]:
        yield f"  {who(visit, accounts)}：{warning}"
    if len(warned) > MOST_WARNINGS:
        left = len(warned) - MOST_WARNINGS
        yield f"  另有{left}处未列出；单独采集一个账号（xunjian collect 账号编号）可看到它的全部提示。"


def failures(visits: Sequence[Visit]) -> list[Visit]:
    """Return the visits that did not succeed."""
    return [visit for visit in visits if not visit.outcome.proves]
