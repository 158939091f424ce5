"""Make texts from the wild fit for both databases, and short enough to be indexed."""

from dataclasses import replace
from hashlib import blake2b

from monitor.values import Article, Credit, Item

_LONGEST_KEY = 600
"""Characters; PostgreSQL's index rows end at 2,704 bytes."""


def storable(text: str) -> str:
    """Return ``text`` with what a database refuses (lone surrogates, NUL) replaced by ``?``."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode(errors="replace").decode()
    return text.replace("\0", "?") if "\0" in text else text


def storable_key(key: str) -> str:
    """Return a key as it is stored: storable, and a very long one cut and made unique again by a digest."""
    key = storable(key)
    return key if len(key) <= _LONGEST_KEY else f"{key[: _LONGEST_KEY - 33]}#{digest(key)}"


def storable_item(item: Item) -> Item:
    """Return an item with every text of it storable; the same item where nothing has to change."""
    parts = (item.key, item.title, item.url, item.author, item.publisher, item.text, item.stated.raw, *item.other_keys)
    whole = "\n".join(parts)
    if storable(whole) == whole and all(len(key) <= _LONGEST_KEY for key in (item.key, *item.other_keys)):
        return item
    return replace(
        item,
        key=storable_key(item.key),
        title=storable(item.title),
        url=storable(item.url),
        author=storable(item.author),
        publisher=storable(item.publisher),
        text=storable(item.text),
        stated=replace(item.stated, raw=storable(item.stated.raw)),
        credits=_storable_credits(item.credits),
        other_keys=tuple(storable_key(key) for key in item.other_keys),
    )


def storable_article(article: Article) -> Article:
    """Return what a page says with every text of it storable."""
    return replace(
        article,
        title=storable(article.title),
        account=storable(article.account),
        author=storable(article.author),
        publisher=storable(article.publisher),
        text=storable(article.text),
        stated=replace(article.stated, raw=storable(article.stated.raw)),
        credits=_storable_credits(article.credits),
        key=storable_key(article.key),
    )


def _storable_credits(found: tuple[Credit, ...]) -> tuple[Credit, ...]:
    return tuple(replace(each, label=storable(each.label), value=storable(each.value)) for each in found)


def digest(text: str) -> str:
    """Return 32 hexadecimal digits that tell texts apart, "" for the empty text."""
    return blake2b(text.encode(), digest_size=16).hexdigest() if text else ""
