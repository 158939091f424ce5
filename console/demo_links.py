"""Where the sample county's accounts and posts are found, all of it on loopback."""

import base64
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from console.demo_county import DemoAccount, DemoPost
from monitor.values import Platform, SourceAddress

BEIJING = ZoneInfo("Asia/Shanghai")

KINDS = {
    "list": "page",
    "container": "weibo",
    "dynamics": "bilibili",
    "album": "wechat_album",
    "report": "report",
}
"""The kinds of source that an address on loopback does not tell by itself, by format."""

Hosts = Mapping[str, str]
"""The ``host:port`` of each server by its name."""


def path_of(account: DemoAccount) -> str:
    """Return the path under which an account is offered, with its query."""
    folder = f"/{account.account.account_id.lower()}/"
    match account.format:
        case "container":
            return f"/api/container/getIndex?type=uid&value={account.number}&containerid=107603{account.number}"
        case "dynamics":
            return f"/x/polymer/web-dynamic/v1/feed/space?host_mid={account.number}"
        case "album":
            return f"/mp/appmsgalbum?__biz={biz_of(account)}&album_id={account.number}"
        case "report":
            return f"{folder}report.csv"
        case "page" | "list":
            return folder
        case _:
            return f"{folder}feed"


def address_of(account: DemoAccount, hosts: Hosts) -> SourceAddress:
    """Return the address under which an account is offered now."""
    url = f"http://{hosts[account.server]}{path_of(account)}"
    return SourceAddress(url=url, kind=KINDS.get(account.format, ""))


def link_of(account: DemoAccount, post: DemoPost, hosts: Hosts) -> str:
    """Return the address of a post's own page, in the form of its platform."""
    at = local(post)
    match account.account.platform:
        case Platform.WECHAT:
            push = f"mid={at:%Y%m%d}&idx={post.index}&sn={post.number:032x}"
            path = f"s?__biz={biz_of(account)}&{push}&chksm=0#rd"
        case _:
            path = f"{account.account.account_id.lower()}/{at:%Y%m}/t{at:%Y%m%d}_{post.number:05d}.html"
    return f"http://{hosts[account.home]}/{path}"


def biz_of(account: DemoAccount) -> str:
    """Return what WeChat's addresses call an account."""
    return base64.b64encode(account.account.account_id.encode()).decode()


def local(post: DemoPost) -> datetime:
    """Return the moment of a post as its county's clocks show it."""
    return post.at.astimezone(BEIJING)
