"""Reads what WeChat shows in place of an article, in Chinese and in English."""

import re
from typing import Final

from crawler.sources.values import Reading
from monitor.visits import Outcome

_LONGEST: Final = 800  # letters of a page that says one thing

# In order: the first that a page's few words say. What only bars the way proves no deletion.
_NOTICES: Final[tuple[tuple[re.Pattern[str], Outcome, str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), outcome, reason)
    for pattern, outcome, reason in (
        (
            r"(?:内容|文章)已被(?:发布者|作者)删除|(?:been )?deleted by (?:the )?(?:author|publisher|poster)",
            Outcome.GONE,
            "微信提示“该内容已被发布者删除”。",
        ),
        (
            (
                r"(?:内容|文章)(?:因|被|已|涉嫌)[^。\n]{0,16}(?:违规|违反|侵权|投诉|违法)[^。\n]{0,20}(?:无法查看|已被屏蔽|不予显示|已被删除)?"
                r"|content[^.\n]{0,60}(?:violat|reported|infring)"
            ),
            Outcome.GONE,
            "微信提示“此内容因违规无法查看”：信息曾经发布，已被平台屏蔽，不是由发布者删除。",
        ),
        (
            (
                r"(?:公众号|账号|帐号|号)已(?:经)?迁移|迁移至新的?(?:账号|帐号)"
                r"|account (?:has been |was )?(?:migrated|transferred)"
            ),
            Outcome.NOT_A_FEED,
            "微信提示该公众号已迁移，文章须经新账号查看，未能读出文章；不能据此认定信息已删除。",
        ),
        (
            r"(?:公众号|账号|帐号|用户)(?:已|已经|已被)?(?:自主)?注销",
            Outcome.NOT_A_FEED,
            "微信提示该账号已注销，文章随账号无法查看，未能读出文章；不能据此认定信息曾被单独删除。",
        ),
        (
            (
                r"(?:公众号|账号|帐号)(?:已|已经|已被|被)?(?:\S{0,4})?(?:屏蔽|封禁|封停|冻结|停用|限制)"
                r"|account (?:has been |is |was )?(?:blocked|banned|suspended|restricted)"
            ),
            Outcome.NOT_A_FEED,
            "微信提示该账号已被平台封禁或限制，未能读出文章；不能据此认定信息已删除。",
        ),
        (
            r"链接已过期|链接已失效|link (?:has |is )?expired",
            Outcome.BLOCKED,
            "微信提示“链接已过期”：临时链接已失效，须换用文章的长期链接。",
        ),
        (
            (
                r"环境异常|去验证|完成验证|验证码|访问过于频繁|操作频繁"
                r"|unusual (?:traffic|activity)|complete (?:the )?verification"
            ),
            Outcome.BLOCKED,
            "微信要求验证（“环境异常”），未能读出文章。",
        ),
        (
            r"发送失败",
            Outcome.NOT_A_FEED,
            "微信提示“此内容发送失败无法查看”：信息未能发出，未能读出文章；不能据此认定信息已删除。",
        ),
        (
            (
                r"暂时无法查看|系统(?:出错|繁忙|错误)|稍后再试"
                r"|system (?:error|busy)|try again later|temporarily unavailable"
            ),
            Outcome.BLOCKED,
            "微信提示“该内容暂时无法查看”，未能读出文章。",
        ),
        (
            (
                r"请在微信客户端打开|微信客户端打开链接|扫码登录|请先登录"
                r"|open (?:the link|it|this) (?:in|with|on) (?:WeChat|Weixin)"
            ),
            Outcome.BLOCKED,
            "微信要求在客户端中打开，未能读出文章。",
        ),
        (
            r"参数错误|链接错误|parameter error|invalid (?:parameter|link)",
            Outcome.NOT_A_FEED,
            "微信提示“参数错误”：链接不完整或有误，请核对文章链接。",
        ),
    )
)


def read_notice(seen: str) -> Reading:
    """Read the words of a WeChat page that shows no article: GONE, BLOCKED or NOT_A_FEED, with WeChat's own reason."""
    if len(seen) <= _LONGEST:
        for pattern, outcome, reason in _NOTICES:
            if pattern.search(seen):
                return Reading(outcome=outcome, reason=reason)
    return Reading(outcome=Outcome.NOT_A_FEED, reason="微信页面中没有文章的发布时间和正文，不是文章页面。")
