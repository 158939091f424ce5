"""Printing of a trial: what an address shows, how its dates were read, what a visit would prove."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from console.show.articles import article_lines, article_record, credit_record, credit_words
from console.show.ink import BOLD, FAINT, GREEN, RED, YELLOW, inked
from console.show.rows import indented, labelled
from console.show.times import how_read, minute, moment_record, stated_record, stated_words
from console.show.visits import outcome_words
from console.widths import padded, shortened
from crawler.sources import ARTICLE, Choice, Reading
from crawler.visiting import Look
from monitor.masking import mask
from monitor.values import Item
from monitor.visits import Visit
from schedules.trying import Trial

SHOWN = 10
TITLES = 3
WHEN_COLUMNS = 16
NO_PROOF = "不能证明没有更新"
KINDS = {
    "feed": "订阅源",
    "page": "列表页",
    "article": "文章页",
    "wechat_article": "微信文章",
    "wechat_album": "微信合集",
    "wechat_list": "微信列表",
    "weibo": "微博",
    "bilibili": "哔哩哔哩",
    "toutiao": "今日头条",
    "report": "自查上报",
}


def trial_lines(trial: Trial, zone: tzinfo, limit: int | None, shown: int = SHOWN) -> Iterator[str]:
    """Yield what a person reads of a trial, personal numbers masked; times in ``zone``, lines up to ``limit`` wide."""
    visit, reading = trial.look.visit, trial.look.reading
    for label, text in _head(trial, zone):
        yield from labelled(label, text, limit)
    for warning in visit.warnings:
        if warning.startswith(NO_PROOF):  # said above
            continue
        yield from (inked(line, YELLOW) for line in labelled("提示", mask(warning), limit))
    if reading is not None and reading.article is not None and trial.classified is not None:
        yield ""
        yield from article_lines(reading.article, trial.classified, zone, limit)
    if visit.items:
        yield ""
        yield from _items(visit, zone, limit, shown)
    if reading is not None and len(reading.choices) > 1:
        yield ""
        yield from _choices(reading.choices, trial.source.url, limit)


def _head(trial: Trial, zone: tzinfo) -> Iterator[tuple[str, str]]:
    visit, reading, url = trial.look.visit, trial.look.reading, trial.source.url
    yield "采集地址", inked(url, BOLD)
    if trial.account is not None:
        yield "所属账号", f"{trial.account.account_id} {trial.account.name}{_registered(trial)}"
    yield "来源类别", kind_words(trial)
    yield "实际访问", trial.asked if trial.asked != url else ""
    yield "最终地址", visit.final_url if visit.final_url not in {"", trial.asked} else ""
    yield "采集通道", trial.lane
    yield "采集结果", inked(result_words(trial), GREEN if trial.found else RED)
    yield "账号名称", mask(visit.account_name)
    yield "最早一条", stated_at(visit, visit.oldest, zone)
    yield "最近一条", stated_at(visit, visit.newest, zone)
    if visit.items or not trial.found:
        yield "证明情况", inked(*proof_words(trial.look, zone))
    if reading is not None:
        yield "下一页", reading.listing.next_page
        yield "页面转向", reading.refresh_url
    for feed in () if reading is None else reading.feed_urls:
        yield "订阅地址", f"feed:{feed}"


def _registered(trial: Trial) -> str:
    if len(trial.owners) > 1:
        return f"（台账中{'、'.join(trial.owners)}都登记了这个地址）"
    return "（台账已登记）" if trial.owners else "（台账尚未登记这个地址）"


def kind_words(trial: Trial) -> str:
    """Return in Chinese as what an address was read and who said so, "" where no answer came."""
    read_as = kind_of(trial)
    if not read_as:
        return "" if trial.look.reading is None else "没有识别出来"
    said = "按给定的类别" if trial.source.kind == read_as else "自动识别"
    return f"{read_as} {KINDS.get(read_as, '')}（{said}）"


def kind_of(trial: Trial) -> str:
    """Return as what an address was read, "" where nothing was recognised."""
    reading = trial.look.reading
    if reading is not None and reading.article is not None and not trial.look.visit.items:
        return ARTICLE
    return trial.source.kind or (reading.kind if reading is not None else "")


def result_words(trial: Trial) -> str:
    """Return what came of the visit: its outcome, and why where nothing was read."""
    visit, reading = trial.look.visit, trial.look.reading
    status = "" if visit.status is None or "状态码" in visit.reason else f"（HTTP {visit.status}）"
    if visit.items:
        return f"{visit.outcome} {outcome_words(visit)}{status} {visit.reason}".rstrip()
    if reading is not None and reading.article is not None:
        return f"这是一篇文章的页面，不是信息列表；文章已读出{status}"
    return f"{visit.outcome} {visit.reason or visit.outcome.cause}{status}"


def proof_words(look: Look, zone: tzinfo) -> tuple[str, str]:
    """Return which time the visit would prove, or why none, and its colour."""
    proof = look.visit.proof
    if proof is not None:
        start, end = (f"{each.astimezone(zone):%Y-%m-%d %H:%M}" for each in (proof.start, proof.end))
        return f"{start} 至 {end} 的信息全部在列，其间没有列出的就是没有发布", GREEN
    return f"{NO_PROOF}：{no_proof(look)}", YELLOW


def no_proof(look: Look) -> str:
    """Return why a visit proves nothing, as a clause."""
    visit, reading = look.visit, look.reading
    if not visit.outcome.proves:
        return visit.outcome.cause
    if reading is not None and reading.listing.unproving:
        return reading.listing.unproving
    if visit.item_count == visit.undated_count:
        return "没有一条信息有可用的发布时间"
    if visit.reach is None:
        return "本单位声明该来源不完整，或者列表的顺序和时间不足以确定它回溯到何时"
    return "列表刚刚开始，扣除采集延迟后没有剩下可证明的时段"


def stated_at(visit: Visit, at: datetime | None, zone: tzinfo) -> str:
    """Return a time among those of a visit's items as its item states it, "" for none."""
    stated = next((item.stated for item in visit.items if at is not None and item.stated.at == at), None)
    return minute(at, zone) if stated is None else stated_words(stated, zone)


def _items(visit: Visit, zone: tzinfo, limit: int | None, shown: int) -> Iterator[str]:
    some = visit.items[:shown]
    count = f"前{len(some)}条，共{len(visit.items)}条" if len(some) < len(visit.items) else f"共{len(some)}条"
    yield inked(f"信息（{count}）：", BOLD)
    for number, item in enumerate(some, start=1):
        when = stated_words(item.stated, zone)
        yield from indented(
            mask(item.title) or "（没有标题）", limit, first=f"{number:>3} {padded(when, WHEN_COLUMNS)}  "
        )
        for text in _particulars(item):
            yield from (inked(line, FAINT) for line in indented(text, limit, first="      "))


def _particulars(item: Item) -> Iterator[str]:
    told = (
        how_read(item.stated),
        "置顶" if item.pinned else "",
        f"平台标注{item.mark}" if item.mark else "",
        item.kind.value if item.kind != "图文" else "",
        "仅见于自查上报" if item.reported else "",
        f"作者 {item.author}" if item.author else "",
        f"发布者 {item.publisher}" if item.publisher else "",
    )
    yield mask("；".join(filter(None, told)))
    if item.credits:
        yield mask("；".join(map(credit_words, item.credits)))
    if item.url:
        yield item.url


def _choices(choices: tuple[Choice, ...], url: str, limit: int | None) -> Iterator[str]:
    chosen = next((each.number for each in choices if each.chosen), None)
    used = f"，采用了第{chosen}个" if chosen is not None else ""
    yield inked(f"页面上有{len(choices)}个列表{used}：", BOLD)
    for each in choices:
        mark = "*" if each.chosen else " "
        first = f"{mark}{each.number:>2} "
        titles = "、".join(f"《{shortened(mask(title), 40)}》" for title in each.titles[:TITLES])
        text = f"{mask(each.heading) or '（没有栏目名）'}，{each.rows}行，{each.dated}行有日期：{titles}"
        yield from indented(text, limit, first=first)
        yield from (inked(line, FAINT) for line in indented(each.item, limit, first="    "))
    other = next((each.number for each in choices if not each.chosen), choices[0].number)
    yield "要读另一个列表，在 xunjian.toml 里写（choice 是上面的序号）："
    yield f'  [sources."{url}"]'
    yield f"  choice = {other}"


def trial_record(trial: Trial, zone: tzinfo) -> dict[str, object]:
    """Return a trial as ``--json`` prints it, all of its items, times in UTC and in ``zone``."""
    visit, reading = trial.look.visit, trial.look.reading
    return {
        "url": trial.source.url,
        "kind": kind_of(trial) or None,
        "kind_given": bool(trial.source.kind),
        "account_id": trial.source.account_id,
        "owners": list(trial.owners),
        "timezone": trial.source.timezone,
        "lane": trial.lane,
        "asked_url": trial.asked,
        "final_url": visit.final_url or None,
        "status": visit.status,
        "outcome": visit.outcome.value,
        "reason": visit.reason or None,
        "found": trial.found,
        "account_name": visit.account_name or None,
        "items_count": visit.item_count,
        "undated_count": visit.undated_count,
        "oldest": moment_record(visit.oldest),
        "newest": moment_record(visit.newest),
        "proof": None
        if visit.proof is None
        else {"start": moment_record(visit.proof.start), "end": moment_record(visit.proof.end)},
        "proves_nothing_because": None if visit.proof is not None else no_proof(trial.look),
        "sees": list(visit.sees),
        "warnings": list(visit.warnings),
        "items": [_item_record(each, zone) for each in visit.items],
        **_reading_record(reading),
        "article": _article_record(trial, zone),
    }


def _article_record(trial: Trial, zone: tzinfo) -> dict[str, object] | None:
    article = trial.look.reading.article if trial.look.reading is not None else None
    if article is None or trial.classified is None:
        return None
    return article_record(article, trial.classified, zone)


def _reading_record(reading: Reading | None) -> dict[str, object]:
    return {
        "next_page_url": (reading.listing.next_page if reading else "") or None,
        "refresh_url": (reading.refresh_url if reading else "") or None,
        "feed_urls": list(reading.feed_urls) if reading else [],
        "choices": [
            {
                "number": each.number,
                "heading": each.heading,
                "rows": each.rows,
                "dated": each.dated,
                "titles": list(each.titles),
                "selector": each.item,
                "chosen": each.chosen,
            }
            for each in (reading.choices if reading else ())
        ],
    }


def _item_record(item: Item, zone: tzinfo) -> dict[str, object]:
    return {
        "key": item.key,
        "rung": item.rung.value,
        "title": item.title,
        "url": item.url or None,
        "time": stated_record(item.stated, zone),
        "kind": item.kind.value,
        "pinned": item.pinned,
        "mark": item.mark.value or None,
        "author": item.author or None,
        "publisher": item.publisher or None,
        "credits": [credit_record(each) for each in item.credits],
        "reported": item.reported,
    }
