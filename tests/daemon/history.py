"""The true history of a virtual county: its accounts, and every post that they really published, from a seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from random import Random

from tests.daemon.bent import BEIJING

BRIDGE = "127.0.1.1"
BEGIN = date(2026, 5, 1)
END = date(2026, 11, 10)
ONE_DAY = timedelta(days=1)

RATES = ("busy", "daily", "daily", "weekly", "weekly", "weekly", "slow", "silent")
CLASSES = ("own", "own", "mixed", "mixed", "foreign")
HOLIDAYS = frozenset(date(2026, 10, day) for day in range(1, 8))
MAKE_UP = frozenset({date(2026, 10, 10)})

_SIGNS = "县镇村水路桥田林山河工农文教医保安全服务群众项目建设会议学习调研检查防汛抗旱招聘公告通知政策解读宣传活动志愿"


@dataclass(frozen=True, slots=True, kw_only=True)
class TruePost:
    """A post as it was really published; ``shown_at`` is when its feed first shows it."""

    key: str
    title: str
    words: str
    at: datetime
    shown_at: datetime
    original: bool

    @property
    def day(self) -> date:
        """The local day on which it counts."""
        return self.at.astimezone(BEIJING).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueAccount:
    """An account, the host that serves its feed of ``window`` items, and its posts from the oldest to the newest."""

    account_id: str
    organizer: str
    main: bool
    host: str
    window: int
    rate: str
    posts: tuple[TruePost, ...]

    @property
    def path(self) -> str:
        """The path of its feed."""
        return f"/{self.account_id}.xml"

    def listed(self, at: datetime) -> Sequence[TruePost]:
        """Return what its feed shows at a moment, from the oldest to the newest."""
        return [post for post in self.posts if post.shown_at <= at][-self.window :]


def is_workday(day: date) -> bool:
    """Say whether a day of autumn 2026 is a working day, after 国办发明电〔2025〕7号."""
    return day in MAKE_UP or (day.isoweekday() <= 5 and day not in HOLIDAYS)


def county(count: int, hosts: int, seed: int = 2026) -> tuple[TrueAccount, ...]:
    """Return ``count`` accounts over the bridge, which has two of five, and ``hosts`` sites."""
    chance = Random(seed)
    made = []
    sites = cycle(f"127.0.2.{number}" for number in range(1, hosts + 1))
    for number in range(count):
        host = BRIDGE if number % 5 < 2 else next(sites)
        account_id, rate = f"V{number:04}", RATES[chance.randrange(len(RATES))]
        main = number % 7 == 3
        if main and rate in {"slow", "weekly"}:
            rate = "daily"
        organizer, kind = f"第{number}局", chance.choice(CLASSES)
        lag = timedelta(minutes=20) if host == BRIDGE else timedelta(0)
        posts = tuple(_posts(account_id, organizer, _moments(rate, chance), kind, lag, chance))
        window = chance.choice((10, 15, 20, 20, 30))
        made.append(
            TrueAccount(
                account_id=account_id,
                organizer=organizer,
                main=main,
                host=host,
                window=window,
                rate=rate,
                posts=posts,
            )
        )
    return tuple(made)


def _moments(rate: str, chance: Random) -> Iterator[datetime]:
    """Give local moments at which an account of a rate posts, in order."""
    day, next_day = BEGIN, BEGIN
    ends = chance.choice((date(2026, 7, 20), date(2026, 9, 20), date(2026, 10, 12), date(2026, 10, 22)))
    while day < END:
        n = 0
        if rate == "busy":
            n = chance.randrange(2, 7)
        elif rate == "daily":
            n = int(is_workday(day) and chance.random() < 0.93) + int(chance.random() < 0.2)
        elif rate == "weekly" and day >= next_day:
            n, next_day = 1, day + ONE_DAY * chance.randrange(2, 10)
        elif rate == "slow" and day >= next_day:
            n, next_day = 1, day + ONE_DAY * chance.randrange(7, 22)
        elif rate == "silent" and day < ends:
            n = int(chance.random() < 0.4)
        minutes = sorted(chance.randrange(7 * 60, 24 * 60) if chance.random() < 0.9 else 3 for _ in range(n))
        for minute in dict.fromkeys(minutes):
            local = datetime.combine(day, time(), BEIJING) + timedelta(minutes=minute, seconds=chance.randrange(60))
            yield local.astimezone(UTC)
        day += ONE_DAY


def _posts(
    account_id: str, organizer: str, moments: Iterator[datetime], kind: str, lag: timedelta, chance: Random
) -> Iterator[TruePost]:
    for number, at in enumerate(moments):
        original = kind == "own" or (kind == "mixed" and chance.random() < 0.15)
        text = "".join(chance.choices(_SIGNS, k=60))
        source = organizer if original else "新华社"
        yield TruePost(
            key=f"{account_id}-{number}",
            title=f"关于{text[:8]}的第{number}号消息",
            words=f"{text}。<br/>来源：{source}",
            at=at,
            shown_at=at + lag * chance.random(),
            original=original,
        )
