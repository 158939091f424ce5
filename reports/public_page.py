"""公开版-YYYY-MM.html: the month's result on one page for the public, to be read on any screen or printed."""

import html
import shutil
from collections.abc import Iterator
from datetime import datetime

from monitor.findings import Result
from monitor.statistics import Count, Statistics
from monitor.wording import full_day, time_of_day
from reports.folder import Folder
from reports.parts import AccountRows, Head
from reports.platforms import NOTES, PLATFORMS, PlatformRow, platform_rows, total_row
from reports.public import PUBLIC, PublicRow, is_listed, plain, public_row
from reports.public_style import STYLE
from reports.rows import time_point

_NONE = "—"
_OF_ACCOUNT = "账号名称(平台)"
_CLASSES = {Result.FAILED: "no", Result.REVIEW: "open", Result.UNVERIFIABLE: "open"}

_SECTIONS = (("totals", "总体情况"), ("platforms", "各平台合格率"), ("terms", "名词说明"), ("results", "检查结果"))
_FIGURES = ("账号数", "检查数", "检查比例", "合格率", "合格", "不合格", "待复核", "未能核验", "不适用")
_COLUMNS = ("平台", "账号数", "检查数", "合格", "不合格", "合格率")
_FORMULAS = f"{NOTES[0]}；{NOTES[1]}。“—”表示没有已判定的账号，无法计算。"
_TERMS = (
    ("检查数", "已作出“合格”或者“不合格”判定的账号数；待复核、未能核验、不适用的账号不计入。"),
    ("合格", "检查时段内未发现应当通报的问题。"),
    ("不合格", "检查时段内有一项或者多项已核实的应当通报的问题，类别见“问题类别”一列。"),
    ("待复核", "有情况尚待人工核实。核实之前不作为问题公布，不表示该账号存在问题。"),
    (
        "未能核验",
        "因平台限制访问、采集中断等原因，未取得足以判定的完整信息，既不判为合格，也不判为不合格，不表示该账号存在问题。",
    ),
    ("不适用", "账号在检查时段内已经注销、尚未开设，或者没有已到期的要求，不作判定，不列入结果表。"),
    ("发布条数", "检查时段内采集到的信息条数；注明“采集不完整”的，可能少于实际发布的条数。"),
    ("问题类别", "只列已核实的应当通报的问题。类别中的“疑似”二字是统一名称的一部分。空白表示没有这样的问题。"),
)


class PublicPage:
    """The page, whole in itself; its table waits aside, for the figures of the whole stand above it."""

    def __init__(self, folder: Folder, head: Head) -> None:
        """Open the page."""
        self._file = folder.open(f"公开版-{head.month}.html")
        self._rows = folder.scratch()
        self._head = head
        self._number = 1

    def write(self, rows: AccountRows) -> None:
        """Add the account's row."""
        if is_listed(rows):
            self._rows.write(_row(public_row(self._number, rows)))
            self._number += 1

    def close(self, statistics: Statistics) -> None:
        """Write the page, figures first."""
        total = statistics.total
        self._file.writelines((*_opening(self._head), *_totals(statistics), *_platforms(statistics), *_terms()))
        self._file.write(f'<section><h2 id="results">四、检查结果</h2>\n{_listed(total, self._number - 1)}')
        if self._number > 1:
            self._file.write(_table_opening(self._head))
            self._rows.seek(0)
            shutil.copyfileobj(self._rows, self._file)
            self._file.write("</tbody></table>\n")
        self._file.write("</section>\n</main></body></html>\n")


def _text(value: str) -> str:
    return html.escape(plain(value))


def _opening(head: Head) -> Iterator[str]:
    """Yield everything that stands above the figures."""
    first = head.frame.period.first
    title = f"{first.year}年{first.month}月政务新媒体检查情况"
    draft = _draft(head)
    mark = f"【{draft}】" if draft else ""
    yield '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">\n'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
    yield '<meta name="referrer" content="no-referrer"><meta name="format-detection" content="telephone=no">\n'
    yield '<meta name="robots" content="noindex">\n' if draft else ""
    yield f"<title>{mark}{title} - {_text(head.office)}</title>\n<style>{STYLE}</style></head>\n<body>\n"
    if draft:
        yield f'<div class="across" aria-hidden="true">{draft}</div>\n'
        yield f'<p class="draft" role="note"><strong>{draft}</strong>　内容可能变动，不是正式公布的结果。</p>\n'
    yield f'<header><h1>{title}</h1><p class="office">{_text(head.office)}</p>\n'
    yield from _facts(head)
    yield '<nav aria-label="本页内容">'
    yield "".join(f'<a href="#{anchor}">{name}</a>' for anchor, name in _SECTIONS)
    yield "</nav></header>\n<main>\n"


def _draft(head: Head) -> str:
    """Return the words that keep a draft from being taken for the published page, "" for a final one."""
    return "" if head.stage.is_final else f"{head.stage}，未定稿"


def _facts(head: Head) -> Iterator[str]:
    """Yield what was inspected, up to when and by what; why there is another version is the office's to tell."""
    period, point = head.frame.period, datetime.fromisoformat(time_point(head.frame))
    facts = [
        ("检查时段", f"{full_day(period.first)}至{full_day(period.last)}"),
        ("监测时间点", f"{full_day(point.date())}{time_of_day(point)}"),
        ("检查依据", _text(head.frame.policy.title)),
        *([("版本", f"第{head.version}版")] if head.version > 1 else []),
    ]
    yield '<dl class="facts">' + "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    yield "</dl>\n"
    if head.frame.running:
        yield '<p class="running"><strong>检查时段尚未结束</strong>，以下为截至监测时间点的情况。</p>\n'


def _totals(statistics: Statistics) -> Iterator[str]:
    total = total_row(statistics)
    yield '<section><h2 id="totals">一、总体情况</h2>\n<dl class="totals">'
    yield "".join(f"<div><dt>{name}</dt><dd>{_figure(name, total)}</dd></div>" for name in _FIGURES)
    yield f"</dl>\n<p>{_FORMULAS}</p></section>\n"


def _platforms(statistics: Statistics) -> Iterator[str]:
    yield '<section><h2 id="platforms">二、各平台合格率</h2>\n'
    if not statistics.platforms:
        yield "<p>本期没有账号。</p></section>\n"
        return
    yield '<table class="platforms"><caption>各平台检查情况</caption><thead><tr>'
    yield "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS) + "</tr></thead><tbody>\n"
    for row in platform_rows(statistics):
        named, *numbers, rate = (_figure(name, row) for name in _COLUMNS)
        yield f'<tr><th scope="row">{named}</th>' + "".join(f"<td>{number}</td>" for number in numbers)
        yield f'<td class="rate"><span>{rate}</span>{_bar(row.count.pass_rate)}</td></tr>\n'
    yield "</tbody></table></section>\n"


def _figure(name: str, row: PlatformRow) -> str:
    """Return a figure as the table of platforms has it in every other file."""
    value = PLATFORMS[name](row)
    return _NONE if value in (None, "") else str(value)


def _bar(rate: float | None) -> str:
    """Return a bar beside its text, which a printer without colours shows as well; nothing where there is no rate."""
    if rate is None:
        return ""
    return (
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect width="{rate * 100:.1f}" height="10" fill="#1d4f91"/></svg>'
    )


def _terms() -> Iterator[str]:
    yield '<section><h2 id="terms">三、名词说明</h2>\n<dl class="terms">'
    yield "".join(f"<div><dt>{term}</dt><dd>{told}</dd></div>" for term, told in _TERMS)
    yield "</dl></section>\n"


def _listed(total: Count, listed: int) -> str:
    left = f"另有{total.not_applicable}个账号本期不适用，未列入。" if total.not_applicable else ""
    return f"<p>共列入{listed}个账号。{left}</p>\n" if listed else f"<p>本期没有列入公布的账号。{left}</p>\n"


def _table_opening(head: Head) -> str:
    header = "".join(f'<th scope="col">{name}</th>' for name in PUBLIC)
    draft = f"（{_draft(head)}）" if _draft(head) else ""
    return f'<table class="results"><caption>各账号检查结果{draft}</caption><thead><tr>{header}</tr></thead><tbody>\n'


def _row(row: PublicRow) -> str:
    return "<tr>" + "".join(_cell(name, row) for name in PUBLIC) + "</tr>\n"


def _cell(name: str, row: PublicRow) -> str:
    value = html.escape(str(PUBLIC[name](row)))
    if name == _OF_ACCOUNT:
        return f'<th scope="row">{value}</th>'
    if name == "检查结果" and row.result in _CLASSES:
        return f'<td class="{_CLASSES[row.result]}">{value}</td>'
    if name == "发布条数" and row.is_partial:  # or a 0 would say that nothing was published
        return f"<td>{value}<small> 采集不完整</small></td>"
    return f"<td>{value}</td>"
