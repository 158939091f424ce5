"""The sentences of a bulletin (通报), as officials write them; every figure comes from the statistics."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from monitor.frame import ONE_DAY, Frame
from monitor.masking import mask
from monitor.rechecking import Outcome
from monitor.rules import HEADINGS
from monitor.statistics import Count, Statistics
from monitor.wording import full_day, short_moment
from reports import cells
from reports.bulletin_facts import GRAVE, REPEATED, Facts, Looked
from reports.bulletin_problems import ordinal
from reports.bulletin_settings import BLANK, BulletinSettings
from reports.cells import Cell
from reports.docx_blocks import Block, Grid, Line
from reports.parts import Head
from reports.platforms import PLATFORMS, platform_rows, total_row

_DOCUMENT = re.compile(r"《[^《》]+》(?:（[^（）]*〔\d{4}〕[^（）]*号）)?")
_PLATFORM_COLUMNS = ("平台", "账号数", "检查数", "检查比例", "合格", "不合格", "合格率", "发布条数", "原创条数")


def words_of(head: Head, settings: BulletinSettings) -> dict[str, str]:
    """Return what stands in the places of a bulletin that are words, by name; what a person fills in is left blank."""
    first = head.frame.period.first
    year = (head.frame.today + ONE_DAY).year  # what is said of December is issued in January
    to = settings.addressees.rstrip("：:")
    return {
        "标题": f"关于{first.year}年{first.month}月政务新媒体检查情况的通报",
        "文号": f"{settings.document}〔{year}〕{BLANK}号",
        "主送": f"{to}：" if to else "",
        "发文机关": settings.signature or head.office,
        "成文日期": f"{year}年{BLANK * 2}月{BLANK * 2}日",
        "联系人": f"（联系人：{settings.contact or BLANK * 5}；联系电话：{settings.telephone or BLANK * 7}）",
        "更正说明": _correction(head),
    }


def mark_of(head: Head, *, with_reason: bool) -> str:
    """Return what must stand on every page: that nothing is final yet, that an earlier bulletin was corrected.

    The reason of a correction belongs there only where the text has no place for it: it may be long.
    """
    correction = _correction(head) if with_reason else _corrected(head)
    return "；".join(filter(None, ("" if head.stage.is_final else "草稿，未定稿", correction)))


def _corrected(head: Head) -> str:
    return f"更正版（第{head.version}版）" if head.corrects else ""


def _correction(head: Head) -> str:
    why = f"，更正原因：{mask(head.why).rstrip('。')}" if head.corrects and head.why else ""
    return _corrected(head) + why


def basis(head: Head, settings: BulletinSettings) -> list[Block]:
    """Return the paragraph that says on what the inspection rests: the notices that the clauses of its rules name."""
    found = settings.basis.strip() or "、".join(_documents(head.frame))
    by = f"根据{found}要求" if found else "按照政务新媒体检查的有关要求"
    first = head.frame.period.first
    return [
        Line(
            text=f"{by}，{head.office}对{first.year}年{first.month}月政务新媒体运行情况进行了检查，现将有关情况通报如下。"
        )
    ]


def _documents(frame: Frame) -> Iterable[str]:
    clauses = [
        frame.rule(heading.code).clause
        for heading in HEADINGS
        if heading.severity in GRAVE and frame.rule(heading.code).enabled
    ]
    return dict.fromkeys(found for clause in clauses for found in _DOCUMENT.findall(clause))


def overall(head: Head, facts: Facts, statistics: Statistics) -> list[Block]:
    """Return 总体情况: how many accounts were inspected, with which result, what could not be judged and why."""
    total, frame = statistics.total, head.frame
    period = frame.period
    running = f"{short_moment(frame.time_point.astimezone(frame.zone), 0)}，检查时段尚未结束，以下为截至该时的情况"
    point = running if frame.running else full_day(frame.today)
    policy = f"{frame.policy.title}（{frame.policy.version}版）"
    said = f"检查时段为{full_day(period.first)}至{full_day(period.last)}，监测时间点为{point}。按{policy}判定。"
    if not total.accounts:
        return [Line(text=f"{said}备案台账中没有账号，本次没有检查对象。")]
    shown = [Line(text=said + _counted(total)), *_unjudged(total, facts)]
    posts = f"检查时段内，各账号共发布信息{total.published}条，其中原创信息{total.original}条。各平台情况如下："
    note = (
        "注：检查比例＝检查数÷应检查账号数；合格率＝（检查数－不合格数）÷检查数；检查数为判定为合格或者不合格的账号数。"
    )
    return [*shown, Line(text=posts), _platforms(statistics), Line(text=note)]


def _counted(total: Count) -> str:
    idle = f"（另有{total.not_applicable}个本期已停更、注销或者没有应判定的时段）" if total.not_applicable else ""
    said = f"备案台账共有政务新媒体账号{total.accounts}个，应检查{total.due}个{idle}，检查{total.judged}个"
    if not total.judged:
        return f"{said}。没有账号完成判定，不计算合格率。"
    return (
        f"{said}，检查比例{cells.share(total.ratio)}。其中，合格{total.passed}个，不合格{total.failed}个，"
        f"合格率{cells.rate(total.pass_rate)}。"
    )


def _unjudged(total: Count, facts: Facts) -> Iterator[Line]:
    if total.review:
        yield Line(text=f"另有{total.review}个账号待人工复核，复核前不作合格与否的结论。")
    if total.unverifiable:
        causes = "、".join(f"{cause}{count}个" for cause, count in facts.causes.most_common())
        several = "，一个账号可有几种原因" if facts.causes.total() > total.unverifiable else ""
        why = f"（{causes}{several}）" if causes else ""
        yield Line(
            text=f"另有{total.unverifiable}个账号未能核验：因未能完整采集检查时段内的信息{why}，不能证明其是否按要求更新，"
            "本期不作判定，也不作为问题通报。"
        )


def _platforms(statistics: Statistics) -> Grid:
    rows = [*platform_rows(statistics), total_row(statistics)]
    return Grid(
        header=_PLATFORM_COLUMNS,
        widths=(22, 14, 14, 17, 11, 14, 17, 18, 18),
        rows=[tuple(_shown(PLATFORMS[column](row)) for column in _PLATFORM_COLUMNS) for row in rows],
        centred=frozenset(range(len(_PLATFORM_COLUMNS))),
    )


def _shown(value: Cell) -> str:
    return "—" if value is None or value == "" else str(value)


def looked_again(facts: Facts) -> list[Block]:
    """Return 回头看: what became of the findings of earlier months, with everything named that was not mended."""
    counts = Counter(each.outcome for each in facts.looked)
    settled = (Outcome.RECTIFIED, Outcome.NOT_RECTIFIED, Outcome.UNVERIFIABLE)
    checked = sum(counts[each] for each in settled)
    rest = "，".join(
        f"{counts[each]}个问题{each}" for each in (Outcome.PENDING, Outcome.NOT_APPLICABLE) if counts[each]
    )
    if not checked:
        return [Line(text="本次没有整改期满、需要“回头看”的问题" + (f"（{rest}）。" if rest else "。"))]
    said = "，".join(f"{each}{counts[each]}个" for each in settled)
    other = f"另有{rest}。" if rest else ""
    shown: list[Block] = [Line(text=f"对以前月份检查发现、整改期已满的{checked}个问题开展“回头看”，{said}。{other}")]
    for outcome in settled[1:]:
        some = [each for each in facts.looked if each.outcome is outcome]
        shown += [Line(text=f"{outcome}：{unit}{said}。") for unit, said in _by_unit_looked(some)]
    return shown


def _by_unit_looked(some: Sequence[Looked]) -> Iterator[tuple[str, str]]:
    units: dict[str, list[str]] = {}
    for each in some:
        units.setdefault(each.organizer, []).append(each.text)
    for unit, texts in units.items():
        yield unit, "；".join(texts)


def demands(head: Head, facts: Facts, statistics: Statistics) -> list[Block]:
    """Return 下一步工作要求: until when to mend what, what repeated problems lead to, what comes next."""
    said = list(_demands(head, facts, statistics))
    return [
        Line(text=f"（{ordinal(number)}）{each}", kept=number == len(said))  # a signature never stands on a page alone
        for number, each in enumerate(said, 1)
    ]


def _demands(head: Head, facts: Facts, statistics: Statistics) -> Iterator[str]:
    frame, total = head.frame, statistics.total
    policy = frame.policy
    if facts.problems:
        missing = frame.workdays.missing(frame.today, frame.rectification_due)
        years = "、".join(f"{year}年" for year in missing)
        provisional = f"（{years}放假安排未录入，该日期为暂定）" if missing else ""
        yield (
            f"限期整改。有关单位要对照附件2逐项整改，于{full_day(frame.rectification_due)}前{provisional}整改到位，"
            f"并将整改情况书面报送{head.office}。整改期满后将按同一规则开展“回头看”，结果在以后的通报中公布。"
        )
    if any(each.outcome is Outcome.NOT_RECTIFIED for each in facts.looked):
        yield "补改到位。“回头看”未整改的问题，有关单位要立即整改，并书面说明逾期原因。"
    if facts.repeated:
        yield (
            f"说明情况。近{policy.counter_months}个月内同一账号检查不合格{REPEATED}次及以上的，主办单位"
            f"（{'、'.join(facts.repeated)}）要书面说明原因和整改措施。"
        )
    yield (
        f"执行退出机制。按照提醒、通报、约谈、关停四步退出流程，近{policy.counter_months}个月内检查不合格累计"
        f"{policy.counter_limit}次的，依规研究约谈；约谈后整改仍不到位的，依规研究关停。"
    )
    if total.review or total.unverifiable:
        yield "配合核查。待复核、未能核验的账号将补充采集或者人工核查，主办单位要核对台账登记的账号信息是否准确。"
    yield "常态管理。各单位要对照检查要求自查本单位账号，落实信息发布审核制度，按时更新，提高原创信息质量。"
