"""``xunjian posts``: what is known of posts, and a person's decision on one."""

import json
from typing import Annotated

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured
from console.errors import UsageError
from console.help_pages import ChineseCommand, ChineseGroup
from console.show.ink import say
from monitor.values import Originality

posts = typer.Typer(cls=ChineseGroup, rich_markup_mode=None)
app.add_typer(posts, name="posts", help="信息：列出、查看一条的全部记录、人工判定原创或转载。")

Post = Annotated[
    str, typer.Argument(metavar="信息", help="信息的键（见 posts list 或 inspection.json 的 key），或它的链接")
]
AccountOption = Annotated[
    str | None, typer.Option("--account", metavar="账号编号", help="同一条信息见于几个账号时，指明是哪个账号的")
]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出全部内容")]


@posts.command("list", cls=ChineseCommand, help="列出一个账号一个月的信息：时间、原创判定及理由、状态、键；默认本月。")
def list_(
    context: typer.Context,
    account_id: Annotated[str, typer.Argument(metavar="账号编号", help="台账中的账号编号")],
    month: Annotated[str | None, typer.Option("--month", metavar="年-月", help="哪个月，如 2026-10")] = None,
    as_json: AsJson = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Print the posts of an account in a month."""
    from console.offices import opened_office
    from console.show.posts import month_lines, month_record
    from console.show.rows import room
    from reports.masked import masked_record
    from schedules.posts import posts_of_month

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office:
        found = posts_of_month(office, account_id, month, now=clock())
    if as_json:
        print(json.dumps(masked_record(month_record(found)), ensure_ascii=False, indent=2))
    else:
        for line in month_lines(found, settings.zone, room()):
            say(line)
    return 0


@posts.command(
    "show", cls=ChineseCommand, help="查看一条信息的全部记录：各次改动、信息页面、内容相近的信息、人工判定。"
)
def show(
    context: typer.Context,
    post: Post,
    account: AccountOption = None,
    as_json: AsJson = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Print everything that is known of one post."""
    from console.offices import opened_office
    from console.show.posts import history_lines, history_record
    from console.show.rows import room
    from reports.masked import masked_record
    from schedules.posts import history_of

    settings = configured(context, config, verbose=verbose)
    with opened_office(settings) as office:
        found = history_of(office, post, account, now=clock())
    if as_json:
        print(json.dumps(masked_record(history_record(found)), ensure_ascii=False, indent=2))
    else:
        for line in history_lines(found, settings.zone, room()):
            say(line)
    return 0


@posts.command(
    "mark",
    cls=ChineseCommand,
    help="人工判定一条信息是原创还是转载；以后的检查一律按此判定，再判一次即改为新的判定，旧的留在记录里。",
)
def mark(
    context: typer.Context,
    post: Post,
    *,
    original: Annotated[bool, typer.Option("--original", help="判定为原创")] = False,
    repost: Annotated[bool, typer.Option("--repost", help="判定为转载")] = False,
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="作出判定的人，必填")] = "",
    why: Annotated[str, typer.Option("--why", metavar="理由", help="判定的理由，必填")] = "",
    account: AccountOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Keep a person's decision on a post's originality."""
    from console.offices import opened_office
    from console.show.posts import marked_lines
    from schedules.marking import mark_post

    settings = configured(context, config, verbose=verbose)
    if original == repost:
        raise UsageError("请在 --original（原创）和 --repost（转载）中写明一个，且只写一个。")
    decided = Originality.ORIGINAL if original else Originality.REPOST
    with opened_office(settings) as office:
        marked = mark_post(office, post, decided, by=by, why=why, account_id=account, now=clock())
    for line in marked_lines(marked, settings.zone):
        say(line)
    return 0
