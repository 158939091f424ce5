"""The sample county: its accounts, and their posts with dates that follow today's."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from typing import Any

from console.demo_courses import COURSES, DAY, Term, Voice
from monitor.values import Account, AccountState, Platform

STEP = timedelta(hours=2)
"""Between two posts of a bridge's control source."""

FIRST_SINGLE = 9001
"""The number of an account's first single post, above those of its course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPost:
    """One post of the county; ``at`` is aware, ``number`` counts from 1, ``index`` is its place in one push.

    ``credit`` is the line by which it is signed, ``origin`` the account that it was taken from, where it was. ``gone``
    says that it was deleted, ``claimed_at`` when a report says that it was published.
    """

    at: datetime
    number: int
    title: str
    text: str
    credit: str = ""
    origin: str = ""
    voice: Voice = Voice.OWN
    index: int = 1
    gone: bool = False
    claimed_at: datetime | None = None

    @property
    def words(self) -> str:
        """The text with the line that signs it."""
        return f"{self.text}\n{self.credit}" if self.credit else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account, the server and the format in which it is offered, and its posts, newest first.

    ``bare`` says that its list shows titles and dates alone.
    """

    account: Account
    server: str
    format: str
    posts: tuple[DemoPost, ...]
    bare: bool = False

    @property
    def listed(self) -> tuple[DemoPost, ...]:
        """The posts that its list shows: all but the deleted ones, of which a report knows nothing."""
        return self.posts if self.format == "report" else tuple(post for post in self.posts if not post.gone)

    @property
    def home(self) -> str:
        """The server on which the pages of its posts lie."""
        return "site" if self.account.platform is Platform.WEBSITE else "platform"

    @property
    def number(self) -> int:
        """The number by which its platform knows it; higher than any that is given out."""
        return 990_000_000_000 + int(self.account.account_id.rpartition("-")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """The office, its accounts, and what the control sources of the two bridges show.

    ``clauses`` are those of the county's own rules, by the code that they add to the preset.
    """

    office: str
    clauses: Mapping[str, str]
    accounts: tuple[DemoAccount, ...]
    controls: Mapping[str, tuple[DemoPost, ...]]


def build_county(now: datetime, term: Term) -> County:
    """Return the county as it stands at ``now`` (aware, in the office's zone); no post lies after it."""
    text = resources.files("console").joinpath("county", "county.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    frozen = datetime.combine(term.frozen, time(9), now.tzinfo)
    accounts = sorted(
        (_account(row, data["reposts"], term, frozen if row["server"] == "stale" else now) for row in data["accounts"]),
        key=lambda each: each.account.account_id,
    )
    return County(
        office=data["office"]["name"],
        clauses=data["office"]["clauses"],
        accounts=tuple(accounts),
        controls={"bridge": _control(now), "stale": _control(frozen)},
    )


def source_list() -> bytes:
    """Return the county's list of sources (稿源名单), a CSV with BOM as spreadsheets write it."""
    text = resources.files("console").joinpath("county", "sources.csv").read_text(encoding="utf-8")
    return text.encode("utf-8-sig")


def _account(row: Mapping[str, Any], reposts: Sequence[Mapping[str, str]], term: Term, until: datetime) -> DemoAccount:
    return DemoAccount(
        account=_registered(row, term),
        server=row["server"],
        format=row["format"],
        posts=tuple(sorted(_posts(row, reposts, term, until), key=lambda post: (post.at, -post.index), reverse=True)),
        bare=row.get("bare", False),
    )


def _registered(row: Mapping[str, Any], term: Term) -> Account:
    course = row["course"]
    closing = course == "closing-in-the-month"
    closed = course == "closed"
    return Account(
        account_id=row["id"],
        name=row["name"],
        platform=Platform(row["platform"]),
        organizer=row["organizer"],
        supervisor="云溪县人民政府办公室",
        main=row.get("main", False),
        state=AccountState.CLOSING if closing else AccountState.CLOSED if closed else AccountState.ACTIVE,
        opened=term.opened if course == "opened-in-the-month" else None,
        filed=term.opened if course == "opened-in-the-month" else None,
        closing_notice=term.notice if closing else term.closed - timedelta(days=30) if closed else None,
        closed=term.closed if closed else None,
        aliases=tuple(row["aliases"]),
        note=row.get("note", ""),
    )


def _posts(
    row: Mapping[str, Any], reposts: Sequence[Mapping[str, str]], term: Term, until: datetime
) -> Iterator[DemoPost]:
    number = 0
    for day, voice in COURSES[row["course"]](term) if row["own"] else ():
        at = _moment(day, number, until)
        for index in range(1, 1 + _articles(row, day)):
            number += 1
            post = _post(row, reposts, number, voice, at, index)
            if post.at <= until:
                yield post
    for number, single in enumerate(row.get("singles", ()), FIRST_SINGLE):
        post = _single(single, number, term, until)
        if post.at <= until:
            yield post


def _single(single: Mapping[str, Any], number: int, term: Term, until: datetime) -> DemoPost:
    """Return a post that is written out in the county's file; ``day`` counts from the first of the month (0)."""
    at = _moment(term.first + single["day"] * DAY, number, until)
    return DemoPost(
        at=at,
        number=number,
        title=single["title"],
        text=single["text"],
        credit=single.get("credit", ""),
        voice=Voice[single["voice"].upper()],
        gone=single.get("deleted", False) and until.date() > term.earlier,
        claimed_at=at + single.get("claimed_later", 0) * DAY,
    )


def _articles(row: Mapping[str, Any], day: date) -> int:
    """On Mondays the main WeChat account pushes two articles in the same second, as WeChat does."""
    return 2 if row["format"] == "wechat" and row.get("main") and day.weekday() == 0 else 1


def _moment(day: date, number: int, until: datetime) -> datetime:
    return datetime.combine(day, time(8 + number * 7 % 10, number * 17 % 60, number * 7 % 60), until.tzinfo)


def _post(
    row: Mapping[str, Any], reposts: Sequence[Mapping[str, str]], number: int, voice: Voice, at: datetime, index: int
) -> DemoPost:
    origin = credit = ""
    if voice is Voice.RELAYED:
        relayed = reposts[(number + int(row["id"][-3:])) % len(reposts)]
        title, text, credit, origin = relayed["title"], relayed["text"], relayed["credit"], relayed["origin"]
    else:
        title, text = row["own"][number % len(row["own"])]
        credit = row["signed"][number % len(row["signed"])] if voice is Voice.OWN else ""
    told = {"{m}": str(at.month), "{d}": str(at.day), "{n}": str(number)}
    for mark, value in told.items():
        title, text = title.replace(mark, value), text.replace(mark, value)
    return DemoPost(
        at=at, number=number, title=title, text=text, credit=credit, origin=origin, voice=voice, index=index
    )


def _control(until: datetime) -> tuple[DemoPost, ...]:
    """An account that publishes day and night, as a lane's control source must; its newest post is at ``until``."""
    return tuple(
        DemoPost(
            at=(until - back * STEP).astimezone(UTC),
            number=100 - back,
            title=f"要闻快讯({100 - back})",
            text="",
            credit="来源：云溪县融媒体中心",
        )
        for back in range(36)
    )
