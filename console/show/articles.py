"""Printing of one article as its own page states it, and what its lines would mean for originality."""

from collections.abc import Iterator
from datetime import tzinfo

from console.show.ink import BOLD, FAINT, inked
from console.show.rows import indented, labelled
from console.show.times import how_read, stated_record, stated_words
from console.widths import shortened
from monitor.masking import mask
from monitor.originality import Classified
from monitor.values import Article, Credit, CreditKind, CreditPlace

FIRST_LINES = 6
LONGEST_LINE = 160
CREDITS = {
    CreditKind.SOURCE: "来源",
    CreditKind.DATELINE: "电头",
    CreditKind.QUOTED_WIRE: "引述通讯社",
    CreditKind.AUTHOR: "作者",
    CreditKind.MATERIAL: "素材",
}
PLACES = {CreditPlace.HEADER: "页首", CreditPlace.TEXT: "正文"}


def article_lines(article: Article, classified: Classified, zone: tzinfo, limit: int | None) -> Iterator[str]:
    """Yield an article: title, time, source, authors, what that means, and its text's first lines."""
    yield inked("文章：", BOLD)
    rows = (
        ("标题", article.title or "（没有标题）"),
        ("发布时间", f"{stated_words(article.stated, zone)} {how_read(article.stated)}".rstrip()),
        ("账号", article.account),
        ("来源", article.publisher),
        ("作者", article.author),
        ("类型", article.kind.value),
        ("平台标注", article.mark.value),
        ("署名", "；".join(map(credit_words, article.credits)) or "没有来源、作者等署名"),
        ("原创判定", f"{classified.originality}（{classified.reason}）"),
        ("正文", f"{len(article.text)}字" if article.text else "没有读到正文"),
    )
    for label, text in rows:
        yield from labelled(label, mask(text), limit, margin="  ")
    lines = [line for line in article.text.splitlines() if line.strip()]
    for line in lines[:FIRST_LINES]:
        shown = shortened(mask(line), LONGEST_LINE)
        yield from (inked(each, FAINT) for each in indented(shown, limit, first="    "))
    if len(lines) > FIRST_LINES:
        yield inked("    ……", FAINT)


def credit_words(credit: Credit) -> str:
    """Return a credit line as it stands, with what it is and where it stands."""
    label = credit.label or CREDITS[credit.kind]
    named = f"{label}：{credit.value}" if credit.value else label
    kind = CREDITS[credit.kind]
    return f"{named}（{PLACES[credit.place]}{'' if kind == label else f'，{kind}'}）"


def article_record(article: Article, classified: Classified, zone: tzinfo) -> dict[str, object]:
    """Return an article as plain values, its whole text included."""
    return {
        "title": article.title,
        "time": stated_record(article.stated, zone),
        "account_name": article.account or None,
        "publisher": article.publisher or None,
        "author": article.author or None,
        "kind": article.kind.value,
        "mark": article.mark.value or None,
        "credits": [credit_record(each) for each in article.credits],
        "originality": {
            "verdict": classified.originality.value,
            "step": classified.step,
            "reason": classified.reason,
            "source": classified.source or None,
        },
        "text": article.text,
    }


def credit_record(credit: Credit) -> dict[str, str]:
    """Return a credit as plain values."""
    return {
        "kind": credit.kind.value,
        "label": credit.label,
        "value": credit.value,
        "place": credit.place.value,
    }
