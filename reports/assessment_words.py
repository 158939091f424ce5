"""What the files of a year say of themselves: up to when, what is missing, and how each figure is meant."""

from collections.abc import Iterator

from monitor.schemes import Method
from monitor.wording import full_day
from reports.assessment_values import YearReport, month_list

FORMULA = "（检查数 − 不合格数）÷ 检查数"
_TREND = (
    "把判定月份按先后分为前后两半（单数时中间一个月不计），后一半各月得分之和高于前一半为↑，相等为→，低于为↓；"
    "单月得分按同一方案计算，单位取所属账号当月得分的平均值；判定不足2个月不列。"
)


def headline(report: YearReport) -> str:
    """Return ``2026年度（截至2026年10月31日）``, without the day where the year is over and its December inspected."""
    last = report.months[-1]
    if report.is_over and last.month == 12 and last.is_whole:  # noqa: PLR2004 - December
        return f"{report.year}年度"
    return f"{report.year}年度（截至{full_day(last.last_day)}）"


def cautions(report: YearReport) -> Iterator[str]:
    """Yield the sentences that a reader of the figures must know."""
    if not report.is_over:
        yield f"{report.year}年尚未结束，以下为截至{full_day(report.months[-1].last_day)}的情况，不是全年结果。"
    inspected = {each.month for each in report.months}
    missing = [each for each in range(1, report.due + 1) if each not in inspected]
    if missing:
        yield f"{month_list(missing)}没有已完成的检查，记为“未检查”，不计分。"
    if report.drafts:
        yield f"{month_list(report.drafts)}的检查未定稿，结果可能变化。"
    for each in report.months:
        if not each.is_whole:
            yield f"{each.month}月的检查只判定到{full_day(each.last_day)}，不满整月。"


def definitions(report: YearReport) -> Iterator[tuple[str, str]]:
    """Yield what is explained and how, in the order of the sheets."""
    scheme = report.scheme
    yield "数据来源", "各月结果、条数和问题取自当月检查（有定稿的以定稿为准），本表不重新判定。"
    yield "月份", "“未检查”为该月没有检查或检查未包括该账号，“未到期”为该月尚未结束，“不适用”为该月没有应履行的要求。"
    yield "判定月数", "检查结果为合格或不合格的月数；待复核、未能核验、未检查、不适用的月份不得分也不扣分，另列明月数。"
    yield "考核方案", f"{scheme.title}（{scheme.name} {scheme.version}）"
    for title, value, clause in scheme.rows:
        yield title, f"{value}。{clause}"
    if scheme.method is Method.MONTHS:
        yield "账号得分", "合格月数 ÷ 判定月数 × 100，保留一位小数。"
    else:
        yield "账号得分", "满分减去各判定月份已核实问题的扣分，扣完为止；有否决情形的不超过上列最高得分。"
    yield "单位得分", "所属有得分的账号得分的平均值，保留一位小数；全年没有判定月份的账号没有得分，不参加平均。"
    yield (
        "名次",
        "按得分由高到低，得分相同的名次相同，其后名次顺延（1、2、2、4）；账号先排年度合格的；没有得分的不排名。",
    )
    yield "趋势", _TREND
    yield "原创率", "原创条数 ÷ 发布条数，四舍五入保留一位小数。"
    yield "提醒次数", "当月发出的临期提醒次数。"
    yield "问题数", "当月检查中已核实的否决、通报问题的项数，与问题清单一致。"
    yield "整改天数", "从当月检查的监测时间点到回头看确认恢复之日的天数；恢复日期不明的只计项数。"
    yield "账号更名、划转", "按台账现在的名称和主办单位列出，曾用名称和曾属单位见备注。"
    yield "各月合格率", f"{FORMULA}，检查数为当月判定为合格或不合格的账号数；没有判定的账号则空着。"
    if report.quarters:
        yield "季度检查数", "本季度至少有一个月判定为合格或不合格的账号数；有一个月不合格的，本季度计为不合格。"
        yield "季度检查比例", "检查数 ÷ 应检查数；应检查数为账号数减去本季度各月均不适用的账号数。"
        yield "季度合格率", FORMULA + "。"
