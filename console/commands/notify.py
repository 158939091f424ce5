"""``xunjian notify``: whether messages reach anybody."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from console.commands.application import app
from console.commands.options import ConfigOption, VerboseOption, clock, configured_to_send
from console.commands.sources import office_to_try
from console.errors import UsageError
from console.help_pages import ChineseCommand, ChineseGroup
from console.nearest import hint
from console.show.ink import GREEN, RED, inked, say

if TYPE_CHECKING:
    from schedules.office import Office

NOT_ALL_SENT = 3

notify = typer.Typer(cls=ChineseGroup, rich_markup_mode=None)
app.add_typer(notify, name="notify", help="消息渠道：发送测试消息。")


@notify.command(
    "test",
    cls=ChineseCommand,
    help="经配置文件 [notify.channels] 中的渠道各发一条测试消息，逐个说明是否成功；不指明时测试全部渠道。",
)
def send_tests(
    context: typer.Context,
    channels: Annotated[list[str] | None, typer.Argument(metavar="渠道", help="只测试这些渠道")] = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Send a test message over each channel; 0 where all took it, 3 where some did not."""
    settings = configured_to_send(context, config, verbose=verbose)
    known = settings.routing.channels
    if not known:
        raise UsageError(
            f"{settings.file.name} 没有写明任何消息渠道；请先填写 [notify.channels.名称]，写法见配置文件。"
        )
    for name in channels or ():
        if name not in known:
            raise UsageError(
                f"没有“{name}”这个渠道{hint(name, known)}；{settings.file.name} 中有：{'、'.join(known)}。"
            )
    names = list(dict.fromkeys(channels or known))
    with office_to_try(settings) as office:
        causes = asyncio.run(_send_all(office, names))
    for name, cause in zip(names, causes, strict=True):
        kind = f"渠道 {name}（{known[name].kind}）"
        say(f"{kind} {inked('失败', RED)}：{cause}" if cause else f"{kind} {inked('成功', GREEN)}")
    return NOT_ALL_SENT if any(causes) else 0


async def _send_all(office: "Office", names: Sequence[str]) -> list[str]:
    """Send over the channels side by side, and return for each why it failed, "" where it did not."""
    from notices.channels import NoticeError
    from schedules.delivering import send_test

    async def send(name: str) -> str:
        try:
            await send_test(office, name, clock)
        except NoticeError as error:
            return str(error)
        return ""

    return await asyncio.gather(*map(send, names))
