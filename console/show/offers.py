"""Printing of what a site offers: addresses for 采集地址, with what each one shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from console.show.ink import BOLD, FAINT, GREEN, RED, harmless, inked, on_terminal, say
from console.show.rows import indented, labelled
from console.show.sources import NO_PROOF, result_words, stated_at
from console.show.times import moment_record
from console.widths import shortened
from crawler.sources.kinds import unsupported
from crawler.sources.offers import Offer
from monitor.masking import mask
from schedules.discovering import Discovery, OnTried, Tried

URL_COLUMNS = 50


@contextmanager
def trying_display(*, quiet: bool) -> Iterator[OnTried]:
    """Give what to call after each address that was tried: a bar on a terminal, a line elsewhere, nothing if quiet."""
    if quiet:
        yield lambda _done, _total, _url: None
        return
    if not on_terminal():
        yield lambda done, total, url: say(f"[{done}/{total}] 试读 {url}")
        return
    address = TextColumn("{task.description}", markup=False)
    with Progress(TextColumn("试读"), BarColumn(), MofNCompleteColumn(), address, console=Console()) as progress:
        task = progress.add_task("首页", total=None)

        def show(done: int, total: int, url: str) -> None:
            described = harmless(shortened(url, URL_COLUMNS))
            progress.update(task, completed=done, total=total, description=described)

        yield show


def discovery_lines(found: Discovery, zone: tzinfo, limit: int | None) -> Iterator[str]:
    """Yield what a person reads of a site's offers; times in ``zone``, lines up to ``limit`` wide."""
    visit = found.home.look.visit
    yield from labelled("网站首页", inked(found.home.source.url, BOLD), limit)
    if visit.status is None or visit.status >= 400:  # noqa: PLR2004 - as HTTP has it
        yield from labelled("没有读到", inked(result_words(found.home), RED), limit)
        return
    if visit.final_url not in {"", found.home.source.url}:
        yield from labelled("最终地址", visit.final_url, limit)
    if not found.readable and not found.accounts:
        yield from labelled("结果", inked("首页上没有找到可以采集的订阅源、列表页或平台账号", RED), limit)
    if found.readable:
        yield ""
        yield inked(f"可以采集的地址{len(found.readable)}个，连同前面的类别一起填进台账的“采集地址”即可：", BOLD)
        for each in found.readable:
            yield from _offered(each, zone, limit)
    if found.accounts:
        yield ""
        yield inked(f"首页链接到的平台账号{len(found.accounts)}个：", BOLD)
        for offer in found.accounts:
            yield from _account(offer, limit)
    yield from _closing(found, limit)


def _offered(tried: Tried, zone: tzinfo, limit: int | None) -> Iterator[str]:
    visit = tried.visit
    yield from indented(inked(f"{tried.offer.kind}:{tried.offer.url}", GREEN), limit, first="  ")
    undated = f"，其中{visit.undated_count}条没有时间" if visit.undated_count else ""
    told = (
        mask(visit.account_name or tried.offer.label),
        f"{visit.item_count}条{undated}",
        f"最近 {stated_at(visit, visit.newest, zone)}",
        f"最早 {stated_at(visit, visit.oldest, zone)}",
        "" if visit.proof is not None else f"只能看到发布过什么，{NO_PROOF}",
    )
    yield from indented("，".join(filter(None, told)), limit, first="    ")
    for warning in visit.warnings:
        if warning.startswith(NO_PROOF):
            continue
        yield from (inked(line, FAINT) for line in indented(mask(warning), limit, first="    "))


def _account(offer: Offer, limit: int | None) -> Iterator[str]:
    barred = unsupported(offer.kind)
    address = offer.url if barred else f"{offer.kind}:{offer.url}"
    yield from indented(address if barred else inked(address, GREEN), limit, first="  ")
    told = (offer.platform, mask(offer.label), f"不能直接采集：{barred}" if barred else "")
    yield from indented("，".join(filter(None, told)), limit, first="    ")


def _closing(found: Discovery, limit: int | None) -> Iterator[str]:
    if found.others or found.left_out:
        yield ""
    if found.others:
        yield from indented(f"另外试读了{len(found.others)}个地址，不是有时间的信息列表：", limit, first="")
    for each in found.others:
        why = f"{each.visit.outcome.cause}" if not each.visit.outcome.proves else f"{each.visit.item_count}条"
        label = f"{mask(each.offer.label)} " if each.offer.label else ""
        yield from (inked(line, FAINT) for line in indented(f"{label}{each.offer.url} {why}", limit, first="  "))
    if found.left_out:
        yield f"还有{found.left_out}个链接没有试读；可用 xunjian sources try 网址 单独试读。"


def discovery_record(found: Discovery) -> dict[str, object]:
    """Return a discovery as ``--json`` prints it."""
    visit = found.home.look.visit
    return {
        "url": found.home.source.url,
        "final_url": visit.final_url or None,
        "status": visit.status,
        "outcome": visit.outcome.value,
        "reason": visit.reason or None,
        "addresses": [_tried_record(each) for each in found.readable],
        "accounts": [
            {
                "kind": each.kind,
                "platform": each.platform,
                "url": each.url,
                "label": each.label or None,
                "unsupported_because": unsupported(each.kind) or None,
            }
            for each in found.accounts
        ],
        "tried_in_vain": [_tried_record(each) for each in found.others],
        "left_out": found.left_out,
    }


def _tried_record(tried: Tried) -> dict[str, object]:
    visit = tried.visit
    return {
        "url": tried.offer.url,
        "address": f"{tried.offer.kind}:{tried.offer.url}",
        "kind": tried.offer.kind,
        "label": tried.offer.label or None,
        "account_name": visit.account_name or None,
        "outcome": visit.outcome.value,
        "reason": visit.reason or None,
        "items_count": visit.item_count,
        "undated_count": visit.undated_count,
        "newest": moment_record(visit.newest),
        "oldest": moment_record(visit.oldest),
        "reaches_back_to": moment_record(visit.reach),
        "proves_silence": visit.proof is not None,
        "warnings": list(visit.warnings),
    }
