"""Registries for tests: a file written from rows, and accounts of every kind."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from hypothesis import strategies as st

from console.registry.texts import clean_line, clean_text
from monitor.values import Account, AccountState, Platform, SourceAddress

TODAY = date(2026, 11, 22)
HEADER = "账号编号,账号名称,平台,主办单位"


def written(folder: Path, *lines: str, name: str = "accounts.csv", encoding: str = "utf-8", end: str = "\r\n") -> Path:
    """Write a CSV file from its lines."""
    path = folder / name
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def with_column(column: str, *values: str) -> Sequence[str]:
    """Return the lines of a registry of good accounts with one more column."""
    return [
        f"{HEADER},{column}",
        *(f"A{at},名称{at},抖音,单位{at},{value}" for at, value in enumerate(values, start=1)),
    ]


_CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t")
_RAW = st.one_of(
    st.text(_CHARACTERS, max_size=20),
    st.text(st.sampled_from("'=+-@\t\n\"，；、;, 高县a0"), max_size=8),
)
LINES = _RAW.map(clean_line)
TEXTS = _RAW.map(clean_text)
FILLED = LINES.filter(bool)
IDS = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)
DAYS = st.none() | st.dates(min_value=date(1990, 1, 1), max_value=TODAY)
ALIASES = st.lists(LINES.filter(lambda text: bool(text) and not set(text) & set("、;；")), unique=True, max_size=3)
ADDRESSES = st.lists(
    st.builds(
        SourceAddress,
        url=st.from_regex(r"https?://[a-z]{1,9}\.cn(:8080)?/[A-Za-z0-9/?=&%._,;'+@-]{0,20}", fullmatch=True).filter(
            lambda url: url[-1] not in ",;"
        ),
        kind=st.sampled_from(["", "feed"]),
    ),
    unique_by=lambda address: address.url,
    max_size=3,
)


def _ordered(account: Account) -> bool:
    ends = [day for day in (account.closing_notice, account.closed) if day is not None]
    return account.opened is None or all(account.opened <= day for day in ends)


ACCOUNTS = st.builds(
    Account,
    account_id=IDS,
    name=FILLED,
    platform=st.sampled_from(Platform),
    organizer=FILLED,
    supervisor=LINES,
    main=st.booleans(),
    addresses=ADDRESSES.map(tuple),
    state=st.sampled_from(AccountState),
    opened=DAYS,
    filed=DAYS,
    closing_notice=DAYS,
    closed=DAYS,
    aliases=ALIASES.map(tuple),
    contact=LINES,
    phone=LINES.filter(lambda text: "e" not in text.lower()),
    note=TEXTS,
).filter(_ordered)
REGISTRIES = st.lists(ACCOUNTS, unique_by=lambda account: account.account_id, max_size=4)
