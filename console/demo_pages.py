"""The own pages of the sample county's posts, as a government's site and WeChat make them."""

import json
from html import escape

from console.demo_county import DemoAccount, DemoPost
from console.demo_courses import Voice
from console.demo_feeds import Body
from console.demo_links import biz_of, local
from monitor.values import Platform

IN_HEAD = ("来源：", "信息来源：", "稿件来源：")
"""Credits that a site prints above the text; others stand under it."""

MARKS = {Voice.OWN: "1", Voice.SHARED: "2"}
"""WeChat's copyright mark: 1 for an original, 2 for what was shared from another account, else none."""


def own_page(account: DemoAccount, post: DemoPost) -> Body | None:
    """Return the page of a post; None where it is not there any more and its site knows nothing of it."""
    if account.account.platform is Platform.WECHAT:
        if post.gone:
            return None if account.format == "report" else _html(DELETED)
        return _html(_wechat(account, post))
    return None if post.gone else _html(_article(account, post))


DELETED = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title></title>
<link rel="stylesheet" href="//res.wx.qq.com/mmbizappmsg/zh_CN/htmledition/js/notice.css"></head>
<body id="activity-detail">
<div class="weui-msg"><h2 class="weui-msg__title">该内容已被发布者删除</h2></div></body></html>
"""


def _article(account: DemoAccount, post: DemoPost) -> str:
    """An article as the government site standard has it: its time and source for machines and above the text."""
    at = f"{local(post):%Y-%m-%d %H:%M}"
    in_head = post.credit.startswith(IN_HEAD)
    source = post.credit.partition("：")[2] if in_head else ""
    meta = {"ArticleTitle": post.title, "PubDate": at, "ContentSource": source}
    head = "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in meta.items() if value)
    shown = f"<span>来源：{escape(source)}</span>" if source else ""
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8">\n'
        f"<title>{escape(post.title)}_{account.account.name}</title>\n{head}</head>\n"
        '<body><div class="nav"><a href="/">首页</a> &gt; 工作动态</div>\n<div class="article">\n'
        f'<h1>{escape(post.title)}</h1>\n<div class="info"><span>发布时间：{at}</span> {shown}</div>\n'
        f'<div class="content">\n{_paragraphs(post.text if in_head else post.words)}</div>\n</div>\n'
        f'<div class="footer">主办单位：{account.account.organizer}</div></body></html>\n'
    )


def _wechat(account: DemoAccount, post: DemoPost) -> str:
    """A WeChat article: what counts stands in its script."""
    said = {
        "biz": biz_of(account),
        "mid": f"{local(post):%Y%m%d}",
        "idx": str(post.index),
        "ct": str(int(post.at.timestamp())),
        "msg_title": post.title,
        "nickname": account.account.name,
        "_copyright_stat": MARKS.get(post.voice, "0"),
    }
    script = "".join(f"var {name} = {json.dumps(value, ensure_ascii=False)};\n" for name, value in said.items())
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title></title>\n'
        '<link rel="stylesheet" href="//res.wx.qq.com/mmbizappmsg/zh_CN/htmledition/js/article.css">\n'
        f'</head>\n<body id="activity-detail"><h1 id="activity-name">{escape(post.title)}</h1>\n'
        f'<a id="js_name">{account.account.name}</a><em id="publish_time"></em>\n'
        f'<div id="js_content">\n{_paragraphs(post.words)}</div>\n<script>\n{script}</script></body></html>\n'
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>\n" for line in text.splitlines())


def _html(text: str) -> Body:
    return "text/html; charset=utf-8", text.encode()
