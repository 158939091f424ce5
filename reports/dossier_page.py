"""问题.html: the finding on one page, to be read on a screen or printed; and how to read the folder."""

import html
from collections.abc import Iterator

from monitor.masking import mask
from reports.answers import page_name
from reports.dossier import Dossier, outcome_text, proof_text
from reports.dossier_posts import comparisons, edits, resting
from reports.markup import facts, link, marked_table, table, text

_STYLE = """
body{font:15px/1.7 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;max-width:1080px;margin:24px auto;
padding:0 16px;color:#111}
h1{font-size:22px;text-align:center}h2{font-size:17px;margin:26px 0 8px;border-left:4px solid #b00;padding-left:8px}
h3{font-size:15px;margin:18px 0 6px}
table{border-collapse:collapse;width:100%;font-size:13px}th,td{border:1px solid #999;padding:4px 7px;text-align:left;
vertical-align:top;overflow-wrap:anywhere}th{background:#f2f2f2;white-space:nowrap}
thead{display:table-header-group}tr{break-inside:avoid}
.mark{color:#b00;font-weight:bold}mark{background:#ffe58a}del{color:#b00}ins{color:#060}
.pair td,.beside td{width:50%}.pair td:first-child{width:auto;white-space:nowrap;background:#f2f2f2;font-weight:bold}
.beside td,.edits td:last-child{white-space:pre-wrap}.beside tr,.edits tr{break-inside:auto}
.edits td:first-child,.files td:first-child,.visits td:nth-child(-n+3){white-space:nowrap}
@media print{body{margin:0;max-width:none;font-size:12px}a{color:#000;text-decoration:none}h2{break-after:avoid}}
"""

_MOST_TOLD = 5


def page(dossier: Dossier) -> str:
    """Return the page, whole in itself: no scripts, no other files needed."""
    sections = [
        ("问题（以检查公布时为准）", [facts(dossier.heading)]),
        ("所依据的信息", resting(dossier)) if dossier.named else ("问题时段与采集覆盖", _time(dossier)),
        *([("文字对照", comparisons(dossier))] if any(each.likened for each in dossier.named) else []),
        ("采集记录", [_visits(dossier)]),
        ("信息的判定" if dossier.named else "时段内的信息", [_posts(dossier)]),
        ("信息的改动", edits(dossier)),
        ("采集原件", [_answers(dossier)]),
        ("怎样看这份材料", (f"<p>{text(line)}</p>" for line in _explained(dossier))),
    ]
    parts = [f"<h1>检查问题佐证　{text(dossier.number)}</h1>", f"<p>{text(dossier.office)}</p>"]
    for numeral, (title, lines) in zip("一二三四五六七八", sections, strict=False):
        parts += [f"<h2>{numeral}、{title}</h2>", *lines]
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>检查问题佐证 {text(dossier.number)}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def reading(dossier: Dossier) -> Iterator[str]:
    """Yield the lines of 说明.txt."""
    yield f"检查问题佐证 {dossier.number}"
    yield from (f"{label}：{mask(value)}" for label, value in dossier.heading if value)
    yield ""
    yield "本文件夹的内容："
    yield "问题.html　　　问题、依据、采集记录和信息，可直接打印"
    yield "问题.json　　　同样的内容，供程序读取"
    yield "采集记录.csv　　问题所依据的每一次采集"
    yield "信息.csv　　　　" + ("问题所依据的信息" if dossier.named else "问题时段内采集到的信息")
    if dossier.answers:
        yield "页面/　　　　　采集时网站返回的内容，可离线打开，脚本已停用"
    if dossier.warc:
        yield "记录.warc.gz　　采集时网站返回的内容（WARC 1.1 格式），可用 warcio check 校验"
    yield ""
    yield from _explained(dossier)


def _explained(dossier: Dossier) -> Iterator[str]:
    yield from _basis(dossier)
    yield "问题和信息以检查公布时掌握的情况为准；此后采集到的改动单独列出，不改变已公布的结论。"
    yield (
        "身份证号、手机号、银行卡号的中间数字已用“*”遮盖，网址未作改动；"
        "记录.warc.gz 中的内容因遮盖与原始记录不同，校验值已重新计算，原始记录由检查单位保存。"
    )
    yield from dossier.missing


def _basis(dossier: Dossier) -> Iterator[str]:
    """Yield what the finding rests on: posts that were seen, or stretches of which nothing would have been missed."""
    if dossier.named:
        yield from (
            f"本问题以采集到的信息为依据：《{each.title or '无标题'}》首次发现于{each.seen}，"
            + (f"其页面读取于{each.page_read}。" if each.page_read else "检查时未读取其页面，以列表所载为准。")
            for each in dossier.named[:_MOST_TOLD]
        )
        if len(dossier.named) > _MOST_TOLD:
            yield f"本问题依据的信息共{len(dossier.named)}条，首次发现和读取页面的时间见“所依据的信息”。"
        return
    yield (
        "每次采集只证明一段时间：采集到的列表从其中最早一条信息的时间起，到采集的时刻止，这段时间内发布的信息都应在列表中。"
        "只有问题时段全部被这样的采集覆盖，才判为“已核实”；有一段没有覆盖的，判为“未能核验”，不作为未更新的依据。"
    )


def _time(dossier: Dossier) -> Iterator[str]:
    yield f"<p>问题时段：{text('；'.join(dossier.windows)) or '无'}</p>"
    rows = [(dossier.moment(each.start), dossier.moment(each.end)) for each in dossier.coverage]
    yield table(("时段内已覆盖，自", "至"), rows) if rows else "<p>问题时段内没有采集覆盖的记录。</p>"
    if dossier.gaps:
        yield table(("未能覆盖的时间", "原因"), dossier.gaps)


def _visits(dossier: Dossier) -> str:
    rows = [
        (
            str(each.visit.visit_id or ""),
            each.role,
            dossier.moment(each.visit.started_at),
            outcome_text(each.visit),
            f"{each.visit.item_count}条",
            each.visit.url,
            *(() if dossier.named else (proof_text(each.visit, dossier.zone),)),
        )
        for each in dossier.visits
    ]
    header = ("编号", "作用", "时间", "结果", "读到", "采集地址", *(() if dossier.named else ("证明",)))
    return table(header, rows, raw=(5,), style="visits") if rows else "<p>没有采集记录。</p>"


def _posts(dossier: Dossier) -> str:
    if not dossier.posts:
        return "<p>问题时段内没有采集到信息。</p>"
    rows = [
        (
            text(each.published or "（无发布时间）"),
            link(each.title, each.url),
            text(each.originality),
            text(each.reason),
            text(each.state) + ('　<span class="mark">本问题依据</span>' if each.decides else ""),
        )
        for each in dossier.posts
    ]
    return marked_table(("发布时间", "标题", "原创判定", "判定依据", "状态"), rows)


def _answers(dossier: Dossier) -> str:
    if not dossier.answers:
        return "<p>没有保存采集原件。</p>"
    rows = [
        (
            f'<a href="页面/{page_name(each)}">{page_name(each)}</a>',
            text(each.of),
            f"{each.at.astimezone(dossier.zone):%Y-%m-%d %H:%M:%S}",
            str(each.status),
            html.escape(each.url),
        )
        for each in dossier.answers
    ]
    return marked_table(("文件", "内容", "采集时间", "状态码", "网址"), rows, "files")
