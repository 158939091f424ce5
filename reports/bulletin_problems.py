"""What a bulletin says of the problems that were found: 存在问题 in the text, and the tables behind it."""

from collections.abc import Sequence
from itertools import groupby

from monitor.statistics import Count, Statistics
from reports import cells
from reports.bulletin_facts import Facts, Problem, in_report_order
from reports.docx_blocks import Block, Grid, Line

SPELLED_OUT = 30
"""Up to so many problems of one kind stand in the text with their facts; of more the units, and the annex has all."""

NAMED = 100
"""Up to so many the text names their accounts at least."""

_DIGITS = "零一二三四五六七八九"


def ordinal(number: int) -> str:
    """Return a number below 100 as a heading has it: 一, 十二, 三十."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def found_problems(facts: Facts, statistics: Statistics) -> list[Block]:
    """Return 存在问题 by kind, in the order of every report; the units of each kind with accounts and facts."""
    if not statistics.problems:
        return [Line(text=_none_found(statistics.total))]
    shown: list[Block] = []
    for number, (code, category, count) in enumerate(in_report_order(statistics.problems), 1):
        some = facts.of_kind(code, category)
        shown.append(Line(text=f"（{ordinal(number)}）{category}（{count}个账号）", heading=True))
        units = [(unit, list(each)) for unit, each in groupby(some, key=lambda each: each.organizer)]
        if len(some) > NAMED:
            shown.append(_counted_units(units))
            continue
        if len(some) > SPELLED_OUT:
            shown.append(Line(text="涉及以下账号，具体情况见附件2。"))
        told = _spelled_out if len(some) <= SPELLED_OUT else _only_named
        shown += [Line(text=f"{at}．{unit}。{told(each)}") for at, (unit, each) in enumerate(units, 1)]
    return shown


def _none_found(total: Count) -> str:
    if not total.judged:
        return "本次没有账号完成判定，不对存在问题作出结论。"
    left = "待复核、未能核验的账号不在此列。" if total.review or total.unverifiable else ""
    return f"本次检查没有需要通报的问题。{left}"


def _spelled_out(some: Sequence[Problem]) -> str:
    return "".join(f"{each.account}：{each.text.rstrip('。')}。" for each in some)


def _only_named(some: Sequence[Problem]) -> str:
    platforms: dict[str, dict[str, None]] = {}
    for each in some:
        platforms.setdefault(each.platform, {})[f"“{each.bare}”"] = None
    return "；".join(f"{platform}{''.join(names)}" for platform, names in platforms.items()) + "。"


def _counted_units(units: Sequence[tuple[str, Sequence[Problem]]]) -> Line:
    listed = "、".join(f"{unit}{len({each.account for each in some})}个" for unit, some in units)
    return Line(text=f"涉及{len(units)}个主办单位：{listed}。具体账号和问题描述见附件2。")


def annex_of_accounts(facts: Facts) -> list[Block]:
    """Return 检查情况汇总表: every account of the registry."""
    if not facts.accounts:
        return [Line(text="备案台账中没有账号。")]
    rows = [
        (
            str(number),
            each.organizer,
            each.name,
            str(each.published),
            str(each.original),
            each.result.value,
            "、".join(each.categories),
        )
        for number, each in enumerate(facts.accounts, 1)
    ]
    header = ("序号", "主办单位", "账号名称（平台）", "发布条数", "原创条数", "检查结果", "问题类别")
    return [Grid(header=header, widths=(13, 44, 58, 18, 18, 20, 54), rows=rows, centred=frozenset({0, 3, 4, 5}))]


def annex_of_problems(facts: Facts, statistics: Statistics) -> list[Block]:
    """Return 问题清单: every problem that is proven and grave."""
    if not facts.problems:
        return [Line(text=_none_found(statistics.total))]
    rows = [
        (str(number), each.organizer, each.name, each.category, each.text, cells.day(each.due))
        for number, each in enumerate(facts.problems, 1)
    ]
    header = ("序号", "主办单位", "账号名称（平台）", "问题类别", "问题描述", "整改时限")
    return [Grid(header=header, widths=(13, 36, 42, 26, 84, 24), rows=rows, centred=frozenset({0, 5}))]
