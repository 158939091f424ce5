"""What the registry knows by which a page can be told to be an account's own."""

from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.own_page import Names
from monitor.values import Platform, Post
from storage.models import accounts, sources

_SITES = frozenset({Platform.WEBSITE, Platform.APP, Platform.MINI_PROGRAM, Platform.OTHER})
"""Platforms whose pages name a site, if anything, and not the account."""


def names_of(session: Session, post: Post) -> Names:
    """Return the names of a post's account, and whether its link leads to a site that the registry gives it alone."""
    name, aliases, platform = session.execute(
        select(accounts.c.name, accounts.c.aliases, accounts.c.platform).where(accounts.c.account_id == post.account_id)
    ).one()
    states = Platform(platform) not in _SITES
    return Names(names=(name, *(aliases or ())), states=states, is_own_site=not states and _is_own_site(session, post))


def _is_own_site(session: Session, post: Post) -> bool:
    host = _host(post.url)
    named = session.execute(
        select(sources.c.account_id, sources.c.url).where(
            sources.c.active, sources.c.account_id.is_not(None), sources.c.url.contains(host, autoescape=True)
        )
    )
    return bool(host) and {account_id for account_id, url in named if _host(url) == host} == {post.account_id}


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
