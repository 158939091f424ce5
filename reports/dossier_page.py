"""问题.html: the finding on one page, to be read on a screen or printed; and how to read the folder."""

import html
from collections.abc import Iterable, Iterator, Sequence

from monitor.masking import mask
from reports.answers import page_name
from reports.dossier import Dossier, ShownPost, outcome_text, proof_text

_STYLE = """
body{font:15px/1.7 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;max-width:1080px;margin:24px auto;
padding:0 16px;color:#111}
h1{font-size:22px;text-align:center}h2{font-size:17px;margin:26px 0 8px;border-left:4px solid #b00;padding-left:8px}
table{border-collapse:collapse;width:100%;font-size:13px}th,td{border:1px solid #999;padding:4px 7px;text-align:left;
vertical-align:top;overflow-wrap:anywhere}th{background:#f2f2f2;white-space:nowrap}
thead{display:table-header-group}tr{break-inside:avoid}
.note{background:#fffbe6;border:1px solid #e0c860;padding:6px 10px}.mark{color:#b00;font-weight:bold}
@media print{body{margin:0;max-width:none;font-size:12px}a{color:#000;text-decoration:none}h2{break-after:avoid}}
"""


def page(dossier: Dossier) -> str:
    """Return the page, whole in itself: no scripts, no other files needed."""
    parts = [
        f"<h1>检查问题佐证　{_text(dossier.number)}</h1>",
        f"<p>{_text(dossier.office)}</p>",
        "<h2>一、问题（以检查公布时为准）</h2>",
        _facts(dossier.heading),
        "<h2>二、问题时段与采集覆盖</h2>",
        *_time(dossier),
        "<h2>三、采集记录</h2>",
        _visits(dossier),
        "<h2>四、时段内的信息</h2>",
        _posts(dossier),
        *_changes(dossier),
        "<h2>六、采集原件</h2>",
        _answers(dossier),
        "<h2>七、怎样看这份材料</h2>",
        *(f"<p>{_text(line)}</p>" for line in _explained(dossier)),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>检查问题佐证 {_text(dossier.number)}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def reading(dossier: Dossier) -> Iterator[str]:
    """Yield the lines of 说明.txt."""
    yield f"检查问题佐证 {dossier.number}"
    yield from (f"{label}：{mask(value)}" for label, value in dossier.heading if value)
    yield ""
    yield "本文件夹的内容："
    yield "问题.html　　　问题、时段、采集记录和信息，可直接打印"
    yield "问题.json　　　同样的内容，供程序读取"
    yield "采集记录.csv　　问题所依据的每一次采集"
    yield "信息.csv　　　　问题时段内采集到的信息"
    if dossier.answers:
        yield "页面/　　　　　采集时网站返回的内容，可离线打开，脚本已停用"
    if dossier.warc:
        yield "记录.warc.gz　　采集时网站返回的内容（WARC 1.1 格式），可用 warcio check 校验"
    yield ""
    yield from _explained(dossier)


def _explained(dossier: Dossier) -> Iterator[str]:
    yield (
        "每次采集只证明一段时间：采集到的列表从其中最早一条信息的时间起，到采集的时刻止，这段时间内发布的信息都应在列表中。"
        "只有问题时段全部被这样的采集覆盖，才判为“已核实”；有一段没有覆盖的，判为“未能核验”，不作为未更新的依据。"
    )
    yield "问题和信息以检查公布时掌握的情况为准；此后采集到的改动单独列出，不改变已公布的结论。"
    yield (
        "身份证号、手机号、银行卡号的中间数字已用“*”遮盖，网址未作改动；"
        "记录.warc.gz 中的内容因遮盖与原始记录不同，校验值已重新计算，原始记录由检查单位保存。"
    )
    yield from dossier.missing


def _time(dossier: Dossier) -> Iterator[str]:
    yield f"<p>问题时段：{_text('；'.join(dossier.windows)) or '无'}</p>"
    rows = [(dossier.moment(each.start), dossier.moment(each.end)) for each in dossier.coverage]
    yield _table(("时段内已覆盖，自", "至"), rows) if rows else "<p>问题时段内没有采集覆盖的记录。</p>"
    if dossier.gaps:
        yield _table(("未能覆盖的时间", "原因"), dossier.gaps)


def _visits(dossier: Dossier) -> str:
    rows = [
        (
            str(each.visit.visit_id or ""),
            each.role,
            dossier.moment(each.visit.started_at),
            outcome_text(each.visit),
            f"{each.visit.item_count}条",
            proof_text(each.visit, dossier.zone),
            each.visit.url,
        )
        for each in dossier.visits
    ]
    header = ("编号", "作用", "时间", "结果", "读到", "证明", "采集地址")
    return _table(header, rows, raw=(6,)) if rows else "<p>没有采集记录。</p>"


def _posts(dossier: Dossier) -> str:
    if not dossier.posts:
        return "<p>问题时段内没有采集到信息。</p>"
    rows = [
        (
            _text(each.published or "（无发布时间）"),
            _link(each),
            _text(each.originality),
            _text(each.reason),
            _text(each.state) + ('　<span class="mark">本问题依据</span>' if each.decides else ""),
        )
        for each in dossier.posts
    ]
    return _marked_table(("发布时间", "标题", "原创判定", "判定依据", "状态"), rows)


def _link(post: ShownPost) -> str:
    title = _text(post.title or "（无标题）")
    if not post.url.lower().startswith(("http://", "https://")):
        return title
    return f'<a href="{html.escape(post.url)}" rel="noreferrer noopener">{title}</a>'


def _changes(dossier: Dossier) -> Iterator[str]:
    yield "<h2>五、信息的改动</h2>"
    rows = [
        (
            dossier.moment(version.known_from),
            version.title,
            version.published,
            "正文有改动" if version.text_changed else "",
        )
        for post in dossier.posts
        if len(post.versions) > 1
        for version in post.versions
    ]
    yield _table(("自何时起", "标题", "发布时间", "正文"), rows) if rows else "<p>没有发现改动。</p>"


def _answers(dossier: Dossier) -> str:
    if not dossier.answers:
        return "<p>没有保存采集原件。</p>"
    rows = [
        (
            f'<a href="页面/{page_name(each)}">{page_name(each)}</a>',
            _text(each.of),
            f"{each.at.astimezone(dossier.zone):%Y-%m-%d %H:%M:%S}",
            str(each.status),
            html.escape(each.url),
        )
        for each in dossier.answers
    ]
    return _marked_table(("文件", "内容", "采集时间", "状态码", "网址"), rows)


def _facts(rows: Iterable[tuple[str, str]]) -> str:
    return (
        "<table>" + "".join(f"<tr><th>{label}</th><td>{_text(value)}</td></tr>" for label, value in rows) + "</table>"
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], raw: tuple[int, ...] = ()) -> str:
    """Write a table; the columns ``raw`` hold addresses and are not masked."""
    cells = [[html.escape(cell) if at in raw else _text(cell) for at, cell in enumerate(row)] for row in rows]
    return _marked_table(header, cells)


def _marked_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{each}</th>" for each in header)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"


def _text(text: str) -> str:
    return html.escape(mask(text))
