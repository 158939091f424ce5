"""The sample county's accounts without a feed, as sites and platforms really list their posts."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from email.utils import format_datetime
from html import escape

from console.demo_county import DemoAccount, DemoPost
from console.demo_courses import Voice
from console.demo_feeds import Body
from console.demo_links import Hosts, biz_of, link_of, local, path_of

A_PAGE = 12
"""Posts on one page of a list."""

TITLE_ROOM = 20
"""Letters of a title that a site's list has room for."""

Bodies = dict[str, Body]
"""What is answered, by path."""


def listed(account: DemoAccount, hosts: Hosts) -> Bodies:
    """Return the pages of the account's list by the paths under which they are offered."""
    return LISTS[account.format](account, hosts)


def _list(account: DemoAccount, hosts: Hosts) -> Bodies:
    """A column of a government's site: titles cut, days alone, older posts on further pages."""
    folder = path_of(account)
    pages = list(_paged(account.listed))
    found: Bodies = {}
    for number, posts in enumerate(pages):
        rows = "".join(
            f'<li><a href="{link_of(account, post, hosts)}" title="{escape(post.title)}">{escape(_cut(post.title))}</a>'
            f"<span>{local(post):%Y-%m-%d}</span></li>\n"
            for post in posts
        )
        older = f'<a href="index_{number + 1}.html">下一页</a>' if number + 1 < len(pages) else ""
        body = (
            f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>工作动态_{account.account.organizer}</title>'
            '</head>\n<body><div class="nav"><a href="/">首页</a></div>\n'
            f'<h2>工作动态</h2>\n<ul class="list">\n{rows}</ul>\n'
            f'<div class="page">第{number + 1}页，共{len(pages)}页 {older}</div>\n'
            f'<div class="footer">主办单位：{account.account.organizer}</div></body></html>\n'
        )
        path = f"{folder}index_{number}.html" if number else folder
        found[path] = ("text/html; charset=utf-8", body.encode())
    return found


def _container(account: DemoAccount, _hosts: Hosts) -> Bodies:
    """What m.weibo.cn answers for an account: cards, the first one pinned and old, and where the older ones begin."""
    user = {"id": account.number, "screen_name": account.account.name}
    pages = list(_paged(account.listed))
    found: Bodies = {}
    for number, posts in enumerate(pages):
        cards = [_card(post, user) for post in posts]
        if number == 0:
            pinned = next(post for post in reversed(account.listed) if post.voice is Voice.OWN)
            cards.insert(0, _card(pinned, user, isTop=1, title={"text": "置顶"}))
        info: dict[str, object] = {"containerid": f"107603{account.number}", "total": len(account.listed)}
        if number + 1 < len(pages):
            info["since_id"] = _status(pages[number + 1][0])
        since = f"&since_id={_status(posts[0])}" if number else ""
        found[f"{path_of(account)}{since}"] = _json({"ok": 1, "data": {"cardlistInfo": info, "cards": cards}})
    return found


def _card(post: DemoPost, user: dict[str, object], **more: object) -> dict[str, object]:
    mblog = _mblog(_status(post), post, user, post.words) | more
    if post.voice is Voice.RELAYED:
        mblog["text"] = f"转发：{post.title}"
        author: dict[str, object] = {"id": 1_000_000_000 + len(post.origin), "screen_name": post.origin}
        mblog["retweeted_status"] = _mblog(_status(post) - 1_000_000, post, author, f"【{post.title}】{post.text}")
    return {"card_type": 9, "mblog": mblog}


def _mblog(number: int, post: DemoPost, user: dict[str, object], text: str) -> dict[str, object]:
    at = format_datetime(local(post)).replace(",", "").split()
    created = f"{at[0]} {at[2]} {at[1]} {at[4]} {at[5]} {at[3]}"
    shown = f"{post.title}<br />{escape(text)}" if post.voice is Voice.OWN else escape(text)
    return {
        "id": str(number),
        "mid": str(number),
        "created_at": created,
        "text": shown.replace("\n", "<br />"),
        "isLongText": False,
        "user": user,
    }


def _status(post: DemoPost) -> int:
    """Return the number of a post on Weibo; higher than any that is given out."""
    return 9_900_000_000_000_000 + int(f"{local(post):%y%m%d}") * 10_000 + post.number


def _dynamic_id(post: DemoPost) -> str:
    """Return the number of a post on Bilibili, as above."""
    return f"9900{_status(post)}"


def _dynamics(account: DemoAccount, _hosts: Hosts) -> Bodies:
    """What api.bilibili.com answers for the space of an account."""
    pages = list(_paged(account.listed))
    found: Bodies = {}
    for number, posts in enumerate(pages):
        items = [_dynamic(account, post) for post in posts]
        data = {"has_more": number + 1 < len(pages), "offset": _dynamic_id(posts[-1]), "items": items}
        before = f"&offset={_dynamic_id(pages[number - 1][-1])}" if number else ""
        found[f"{path_of(account)}{before}"] = _json({"code": 0, "message": "0", "ttl": 1, "data": data})
    return found


def _dynamic(account: DemoAccount, post: DemoPost) -> dict[str, object]:
    author = {"mid": account.number, "name": account.account.name, "pub_ts": int(post.at.timestamp())}
    archive = {"archive": {"title": post.title, "desc": post.words}}
    shown: dict[str, object] = {
        "id_str": _dynamic_id(post),
        "type": "DYNAMIC_TYPE_AV",
        "visible": True,
        "modules": {"module_author": author, "module_dynamic": {"major": archive}},
    }
    if post.voice is Voice.RELAYED:
        theirs = {"mid": 1, "name": post.origin, "pub_ts": int(post.at.timestamp()) - 3600}
        shown["type"] = "DYNAMIC_TYPE_FORWARD"
        shown["modules"] = {"module_author": author, "module_dynamic": {"desc": {"text": f"转发：{post.title}"}}}
        shown["orig"] = {"modules": {"module_author": theirs, "module_dynamic": {"major": archive}}}
    return shown


def _album(account: DemoAccount, hosts: Hosts) -> Bodies:
    """What WeChat answers for a public album: titles and times alone."""
    articles = [
        {
            "title": post.title,
            "url": link_of(account, post, hosts),
            "create_time": str(int(post.at.timestamp())),
            "msgid": f"{local(post):%Y%m%d}",
            "itemidx": str(post.index),
        }
        for post in account.listed
    ]
    info = {"title": f"{account.account.name}专辑", "nickname": account.account.name, "biz": biz_of(account)}
    album = {"base_info": info, "article_list": articles, "continue_flag": "0"}
    return {path_of(account): _json({"base_resp": {"ret": 0}, "getalbum_resp": album})}


def _report(account: DemoAccount, hosts: Hosts) -> Bodies:
    """What a unit hands in: a table of its own posts, as its spreadsheet saves it."""
    table = io.StringIO(newline="")
    rows = csv.writer(table)
    rows.writerow(("账号编号", "账号名称", "发布时间", "标题", "链接", "原创"))
    for post in account.listed:
        at = local(post) if post.claimed_at is None else post.claimed_at
        own = "是" if post.voice is Voice.OWN else "否"
        link = link_of(account, post, hosts)
        rows.writerow((account.account.account_id, account.account.name, f"{at:%Y-%m-%d %H:%M}", post.title, link, own))
    return {path_of(account): ("text/csv", table.getvalue().encode("gbk"))}


LISTS: dict[str, Callable[[DemoAccount, Hosts], Bodies]] = {
    "list": _list,
    "container": _container,
    "dynamics": _dynamics,
    "album": _album,
    "report": _report,
}


def _paged(posts: Sequence[DemoPost]) -> Iterator[Sequence[DemoPost]]:
    return (posts[at : at + A_PAGE] for at in range(0, len(posts), A_PAGE))


def _cut(title: str) -> str:
    return title if len(title) <= TITLE_ROOM else f"{title[:TITLE_ROOM]}…"


def _json(said: object) -> Body:
    return "application/json; charset=utf-8", json.dumps(said, ensure_ascii=False).encode()
