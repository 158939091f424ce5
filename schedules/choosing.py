"""Which windows and posts of a month a person means by the names of findings."""

from collections.abc import Sequence

from monitor.findings import Verdict
from schedules.finding_names import FindingName, read_name, subject_name
from schedules.office import Office, RequestError
from schedules.reviewing import Piece, Reviewed, examined_account, pieces_of

_MOST_NAMED = 5


def chosen(office: Office, reviewed: Reviewed, names: Sequence[str], *turns: tuple[Verdict, ...]) -> list[Piece]:
    """Return what is named, each once; of a whole rule what has the verdicts of the first turn that finds anything."""
    wanted = [read_name(each) for each in names]
    known = {
        each: pieces_of(examined_account(office, reviewed, each).judgement, office.zone)
        for each in dict.fromkeys(name.account_id for name in wanted)
    }
    found: dict[str, Piece] = {}
    for name in wanted:
        if name.entered:
            raise RequestError(
                f"{name} 是人工录入的问题，不需要再复核；录入有误的请用 xunjian findings withdraw 撤回。"
            )
        pieces = [each for each in known[name.account_id] if name.means(each.subject)]
        if name.is_whole:
            pieces = next(filter(None, ([one for one in pieces if one.verdict in turn] for turn in turns)), [])
        if not pieces:
            raise RequestError(_none(name, reviewed, known[name.account_id]))
        found |= {subject_name(each.subject): each for each in pieces}
    return [each for each in found.values() if not any(_holds(one, each) for one in found.values())]


def _holds(one: Piece, other: Piece) -> bool:
    """Say whether a window holds another of the same code, so that a decision on it is one on both."""
    wide, narrow = one.subject, other.subject
    within = wide.window.first <= narrow.window.first and narrow.window.last <= wide.window.last
    same = (wide.account_id, wide.code, wide.key) == (narrow.account_id, narrow.code, "")
    return same and within and wide.window != narrow.window


def some_of(names: Sequence[str]) -> str:
    """Return the first names, and how many they are."""
    more = f"等{len(names)}个" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + more


def _none(name: FindingName, reviewed: Reviewed, pieces: Sequence[Piece]) -> str:
    same = [subject_name(each.subject) for each in pieces if each.subject.code == name.code]
    codes = dict.fromkeys(f"{each.subject.account_id}:{each.subject.code}" for each in pieces)
    hint = f"该项问题有：{some_of(same)}" if same else f"该账号的问题有：{some_of(list(codes))}" if codes else ""
    return f"{reviewed.month} 没有 {name} 这个问题；{hint or '该账号没有问题'}；别的月份的问题请加 --month 年-月。"
