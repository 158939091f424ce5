"""Sections of 问题.html on single posts: what a finding rests on, the post of another beside ours, and edits."""

import html
from collections.abc import Iterator, Sequence

from monitor.masking import mask
from reports.answers import page_name
from reports.changes import Change, Kind, changes
from reports.dossier import Dossier, Likened, Named, ShownPost, Version
from reports.markup import link, marked_table, text
from reports.passages import common_passages

_NONE = "无"
_UNREAD = "未读取"
_TAGS = {Kind.GONE: "del", Kind.CAME: "ins"}
_ONLY_NUMBERS: tuple[Change, ...] = ((Kind.STAYED, "（改动只在已遮盖的号码中）"),)


def resting(dossier: Dossier) -> Iterator[str]:
    """Yield how the posts were seen that a finding rests on, and whom list and page name as their source."""
    yield "<p>本问题以采集到的下列信息为依据。</p>"
    rows = [
        (
            text(each.published or "（无发布时间）"),
            link(each.title, each.url),
            text(each.seen),
            _read(dossier, each),
            "<br>".join(map(text, each.listed)) or _NONE,
            ("<br>".join(map(text, each.paged)) or _NONE) if each.page_read else _UNREAD,
        )
        for each in dossier.named
    ]
    header = ("发布时间", "标题", "首次发现", "页面读取时间及原件", "列表中的来源标注", "页面中的来源标注")
    yield marked_table(header, rows)


def comparisons(dossier: Dossier) -> Iterator[str]:
    """Yield, of each post that is like another's, both of them side by side."""
    for each in dossier.named:
        if each.likened is not None:
            yield from _comparison(dossier, each, each.likened)


def _comparison(dossier: Dossier, ours: Named, theirs: Likened) -> Iterator[str]:
    yield f"<h3>《{text(ours.title or '无标题')}》与在先信息的对照，相似度{theirs.percent}%</h3>"
    said = dict(dossier.heading)
    rows = [
        ("账号", *(text(each) for each in (said.get("账号名称", ""), theirs.account_name))),
        ("平台", *(text(each) for each in (said.get("平台", ""), theirs.platform))),
        ("主办单位", *(text(each) for each in (said.get("主办单位", ""), theirs.organizer))),
        ("标题", link(ours.title, ours.url), link(theirs.title, theirs.url)),
        ("发布时间", text(ours.published), text(theirs.published)),
        ("首次发现", text(ours.seen), text(theirs.seen)),
        ("页面读取时间及原件", _read(dossier, ours), _read(dossier, theirs)),
        ("网址", html.escape(ours.url), html.escape(theirs.url)),
    ]
    yield marked_table(("", "本账号的信息", "在先发布的信息"), rows, "pair")
    yield "<p>两文相同的文字以底色标出，标点、空格和段落次序不计；相似度以检查时的计算为准。</p>"
    shown = (_beside(ours.text, theirs.text), _beside(theirs.text, ours.text))
    yield marked_table(("本账号的信息", "在先发布的信息"), [shown], "beside")


def _beside(own: str, other: str) -> str:
    """Return a text, masked, in which what the other text has too is marked."""
    if not own.strip():
        return "（正文已不可得）"
    masked, at = mask(own), 0
    parts: list[str] = []
    for is_shared, part in common_passages(own, other):
        shown = html.escape(masked[at : at + len(part)])
        parts.append(f"<mark>{shown}</mark>" if is_shared else shown)
        at += len(part)
    return "".join(parts)


def _read(dossier: Dossier, post: Named | Likened) -> str:
    """Return when a post's own page was read, with the files in which it, or else the list that had it, is kept."""
    if post.page_read:
        own = [each for each in dossier.answers if post.post_id is not None and each.post_id == post.post_id]
    else:
        own = [each for each in dossier.answers if post.visit_id is not None and each.visit_id == post.visit_id]
    links = "".join(f'<br><a href="页面/{page_name(each)}">页面/{page_name(each)}</a>' for each in own)
    return text(post.page_read or f"{_UNREAD}，以列表所载为准") + links


def edits(dossier: Dossier) -> Iterator[str]:
    """Yield the changes of each post that was edited, in order of time."""
    changed = [each for each in dossier.posts if len(each.versions) > 1]
    if not changed:
        yield "<p>没有发现改动。</p>"
        return
    yield "<p>改动后的内容，增加的文字加下划线，删去的文字加删除线；自所列时间起采集到。</p>"
    for each in changed:
        yield f"<h3>{link(each.title, each.url)}</h3>"
        yield marked_table(("自何时起", "标题", "发布时间", "正文"), list(_rows(dossier, each)), "edits")


def _rows(dossier: Dossier, post: ShownPost) -> Iterator[tuple[str, ...]]:
    first = post.versions[0]
    yield dossier.moment(first.known_from), text(first.title), text(first.published), "（最初）"
    for old, new in zip(post.versions, post.versions[1:], strict=False):
        since = dossier.moment(new.known_from) + ("<br>（检查作出之后）" if new.known_from > dossier.known_at else "")
        yield since, _shown(old.title, new.title), _shown(old.published, new.published), _marked(text_changes(old, new))


def _shown(old: str, new: str) -> str:
    return text(new) if old == new else _marked([(Kind.GONE, mask(old)), (Kind.CAME, mask(new))])


def text_changes(old: Version, new: Version) -> Sequence[Change]:
    """Return what changed in the text of the post's own page, where both versions have one, else in that of its list.

    Masked already; () where nothing did.
    """
    for before, after in ((old.page_text, new.page_text), (old.text, new.text)):
        if before and after and before != after:
            masked = mask(before), mask(after)
            return changes(*masked) if masked[0] != masked[1] else _ONLY_NUMBERS
    return ()


def _marked(found: Sequence[Change]) -> str:
    return "".join(
        f"<{_TAGS[kind]}>{html.escape(part)}</{_TAGS[kind]}>" if kind in _TAGS else html.escape(part)
        for kind, part in found
        if part
    )
